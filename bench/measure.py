# SPDX-License-Identifier: GPL-3.0-or-later
"""Running commands and putting what they took into words."""

import os
import pathlib
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ROOT / "build" / "release"

# Some set-ups pin these for processors on which OpenBLAS misbehaves; NumPy would be slowed down.
PEER_ENVIRONMENT = {k: v for k, v in os.environ.items() if not k.startswith("OPENBLAS_")}


def build():
    targets = ["ltvsim_command", "bench_engine", "gsl_peers", "rooflines", "draw_setup"]
    for command in (
        ["cmake", "--preset", "release"],
        ["cmake", "--build", "--preset", "release", "--target", *targets],
    ):
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def measured(command, environment=()):
    """Output, processor seconds, wall seconds and peak memory in MB of one finished command."""
    started = time.perf_counter()
    with subprocess.Popen(
        list(map(str, command)), stdout=subprocess.PIPE, text=True,
        env={**PEER_ENVIRONMENT, **dict(environment)},
    ) as process:  # fmt: skip
        output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"failed: {' '.join(map(str, command))}")
    wall = time.perf_counter() - started
    return output, usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024


def numbers(command, environment=()):
    return [float(word) for word in measured(command, environment)[0].split()]


def processor_levels():
    """What LTVSIM_SIMD may be on this processor, in words."""
    asked = subprocess.run([BUILD / "bin" / "ltvsim", "check", "-"], capture_output=True, text=True,
                           env={**os.environ, "LTVSIM_SIMD": "none"})  # fmt: skip
    return asked.stderr.split("it has ")[-1].strip()


def ours(scenario, folder, customers, seed=1, threads=1, output="--quiet"):
    """The command line; threads None is one for each processor."""
    command = [BUILD / "bin" / "ltvsim", "run", scenario, "-o", folder / "bench.h5", output]
    command += ["--customers", str(customers), "--seed", str(seed)]
    return command + (["--threads", str(threads)] if threads else [])


def seconds_for(scenario, folder, customers, seed=1, options=()):
    """Processor seconds of the command, less those of a run with two customers."""
    runs = [measured([*ours(scenario, folder, n, seed), *options])[1] for n in (customers, 2)]
    return runs[0] - runs[1]


def span(values, form=".3g"):
    return f"{statistics.median(values):{form}} [{min(values):{form}}, {max(values):{form}}]"


def yes(holds):
    return "yes" if holds else "NO"
