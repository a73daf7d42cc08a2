#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Instructions for a customer, which do not depend on what else a machine does, against those that
are written down in instructions.csv: counted by valgrind, one thread, AVX2.

    instructions.py LTVSIM [--write]

Exits with 77 where it cannot be told: without valgrind, or with another compiler."""

import csv
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

BENCH = pathlib.Path(__file__).resolve().parent
STORED = BENCH / "instructions.csv"
COMPILER, TOLERANCE = "cc (Debian 12", 0.03
CUSTOMERS = {"w1": 400_000, "w2": 400_000, "w3": 40_000}


def instructions(ltvsim, workload, customers):
    with tempfile.TemporaryDirectory() as folder:
        command = [
            "valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/out",
            ltvsim, "run", BENCH / f"{workload}.yaml", "--quiet", "--threads", "1",
            "-o", f"{folder}/results.h5", "--customers", str(customers),
        ]  # fmt: skip
        done = subprocess.run(
            command, capture_output=True, text=True, env={"LTVSIM_SIMD": "x86-64-v3"}
        )
    found = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode != 0 or not found:
        sys.exit(f"valgrind did not count: {done.stderr.strip()[-300:]}")
    return int(found[1])


def main():
    ltvsim = sys.argv[1]
    compiler = subprocess.run(["cc", "--version"], capture_output=True, text=True).stdout
    if shutil.which("valgrind") is None or "avx2" not in pathlib.Path("/proc/cpuinfo").read_text():
        print("skipped: valgrind and a processor with AVX2 are needed")
        sys.exit(77)
    if not compiler.startswith(COMPILER):
        print("skipped: instructions are those of Debian 12's gcc")
        sys.exit(77)
    counted = {
        w: (instructions(ltvsim, w, n) - instructions(ltvsim, w, 2)) / (n - 2)
        for w, n in CUSTOMERS.items()
    }
    if "--write" in sys.argv:
        rows = [{"workload": w, "instructions": f"{v:.1f}"} for w, v in counted.items()]
        with STORED.open("w", newline="") as file:
            writer = csv.DictWriter(file, ["workload", "instructions"], lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    with STORED.open() as file:
        stored = {row["workload"]: float(row["instructions"]) for row in csv.DictReader(file)}
    wrong = 0
    for workload, value in counted.items():
        change = value / stored[workload] - 1
        wrong += abs(change) > TOLERANCE
        print(f"{workload:<8} {value:10.1f} instructions a customer, "
              f"{stored[workload]:.1f} written down: {change:+.1%}")  # fmt: skip
    if wrong:
        sys.exit("more than 3 % off: if that is meant, write it down anew (--write)")


if __name__ == "__main__":
    main()
