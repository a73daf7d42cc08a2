# SPDX-License-Identifier: GPL-3.0-or-later
"""What tests of the whole command share: run a scenario, get its results."""

import json
import pathlib
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent


def run_file(ltvsim, scenario, *options):
    """The results, as --json prints them, of the scenario file."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [ltvsim, "run", scenario, "--json", "-o", f"{folder}/run.h5", *map(str, options)],
            capture_output=True, text=True,
        )  # fmt: skip
    if done.returncode != 0:
        raise AssertionError(f"ltvsim failed: {done.stderr}")
    return json.loads(done.stdout)


def run_text(ltvsim, text, *options):
    """Likewise of a scenario given as text."""
    with tempfile.TemporaryDirectory() as folder:
        scenario = pathlib.Path(folder) / "scenario.yaml"
        scenario.write_text(text, encoding="utf-8")
        return run_file(ltvsim, scenario, *options)
