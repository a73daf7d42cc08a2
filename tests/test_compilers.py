#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Another compiler's command makes the same results: every dataset, to the last bit.

    test_compilers.py LTVSIM SOURCE_DIR

Exits with 77 where there is no clang."""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from test_draws import datasets

SCENARIOS = {
    "configs/music_streaming.yaml": ["--customers", "20000"],
    "configs/saas_growth.yaml": ["--customers", "3000"],
    "configs/retention_roi.yaml": ["--customers", "300", "--draws", "64"],
    "configs/online_shop.yaml": ["--customers", "2000"],
    "bench/w3_pair.yaml": ["--customers", "20000"],
}


def build(source, folder):
    log = folder / "build.log"
    with log.open("w") as out:
        for command in (
            ["cmake", "-S", source, "-B", folder / "build", "-G", "Ninja",
             "-DCMAKE_BUILD_TYPE=Release", "-DCMAKE_C_COMPILER=clang"],
            ["cmake", "--build", folder / "build", "--", "bin/ltvsim"],
        ):  # fmt: skip
            if subprocess.run(command, stdout=out, stderr=subprocess.STDOUT).returncode != 0:
                sys.exit(f"clang cannot build it:\n{log.read_text()[-3000:]}")
    return folder / "build/bin/ltvsim"


def results(ltvsim, scenario, options, path, level):
    command = [ltvsim, "run", scenario, "--quiet", "-o", path, *options]
    subprocess.run(command, check=True, env=os.environ | level, stderr=subprocess.DEVNULL)
    return datasets(path)


def main():
    ltvsim, source = sys.argv[1], pathlib.Path(sys.argv[2])
    if shutil.which("clang") is None:
        print("skipped: clang is needed (Debian: clang)")
        sys.exit(77)
    wrong = []
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        other = build(source, folder)
        for scenario, options in SCENARIOS.items():
            for level in ({}, {"LTVSIM_SIMD": "x86-64-v2"}):
                here = results(ltvsim, source / scenario, options, folder / "here.h5", {})
                there = results(other, source / scenario, options, folder / "there.h5", level)
                differ = sorted(
                    k for k in here.keys() | there.keys() if here.get(k) != there.get(k)
                )
                print(f"{scenario} {level.get('LTVSIM_SIMD', 'best level')}: {len(here)} datasets,"
                      f" {len(differ)} differ {differ[:3]}")  # fmt: skip
                wrong += differ
    sys.exit(1 if wrong else 0)


main()
