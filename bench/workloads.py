# SPDX-License-Identifier: GPL-3.0-or-later
"""W1, W2 and W3: our engine, through its interface and as a command, beside what people write."""

import math
import shutil
import statistics
import sys

from measure import BUILD, ROOT, measured, numbers, ours, processor_levels, seconds_for

BENCH = ROOT / "bench"

# Of each: the arm, customers of ours and of the peers in a round, and what is to be reached:
# nanoseconds with AVX-512, and how many times as fast as peers.
WORKLOADS = {
    "w1": ("baseline", 100_000_000, 1_000_000, 4, {"numpy months": 70, "numpy events": 15,
                                                   "gsl events": 10}),
    "w2": ("baseline", 100_000_000, 1_000_000, 8, {"numpy months": 40, "numpy events": 16,
                                                   "gsl events": 18}),
    "w3": ("programme", 4_000_000, 200_000, 30, {"numpy months": 100, "numpy events": 20,
                                               "gsl events": 8}),
}  # fmt: skip
PEERS = {
    "numpy months": "NumPy, month by month",
    "numpy events": "NumPy, closed form or event-driven",
    "numpy expert": "NumPy, expert",
    "gsl months": "GSL, month by month",
    "gsl events": "GSL, event-driven",
    "r months": "R, month by month",
    "r events": "R, closed form",
}
NOT_WRITTEN = {("numpy expert", "w3"), ("r events", "w3")}
PAIR_BOUND, THREADS_BOUND, AVX2_BOUND = 1.65, 1.8, 1.5
SMALL_COHORT = 500_000  # of a second arm
LONGER = 4  # times as many customers where threads are compared: starting one takes milliseconds

# Scenarios as they stand: an arm, draws, customers of each.
WHOLE = {"retention_roi": ("today", 1024, 1000), "saas_growth": ("one_plan", 1, 1_000_000)}


def engine_for(scenario, arm, customers, seed, threads=1, level=None):
    """Mean, error, processor and wall nanoseconds a customer, through the public interface."""
    return numbers([BUILD / "bench" / "bench_engine", scenario, arm, customers, seed, threads],
                   {"LTVSIM_SIMD": level} if level else {})  # fmt: skip


def engine(workload, customers, seed, threads=1, level=None):
    arm = WORKLOADS[workload.split("_")[0]][0]
    return engine_for(BENCH / f"{workload}.yaml", arm, customers, seed, threads, level)


def peer(name, workload, customers, seed):
    kind, way = name.split()
    program = {"gsl": [BUILD / "bench" / "gsl_peers"],
               "numpy": ["/usr/bin/python3", BENCH / "numpy_peers.py"],
               "r": ["Rscript", BENCH / "r_peers.R"]}[kind]  # fmt: skip
    return numbers([*program, workload, way, customers, seed])


def peers_of(workload):
    """R where it is installed."""
    return [p for p in PEERS if (p, workload) not in NOT_WRITTEN
            and (not p.startswith("r ") or shutil.which("Rscript"))]  # fmt: skip


def check_mean(workload, name, ours_, theirs):
    if abs(ours_[0] - theirs[0]) > 5 * math.hypot(ours_[1], theirs[1]):
        sys.exit(f"{name} and ltvsim do not simulate the same in {workload}: "
                 f"{theirs[0]:.2f} ± {theirs[1]:.2f} and {ours_[0]:.2f} ± {ours_[1]:.2f}")  # fmt: skip


def compare(workload, rounds, folder, share=1.0):
    """Rows of (workload, program, nanoseconds of each round, ratios to ours, what is wanted, met).
    In small rounds the command is left out: its start would be most of it."""
    _, customers, of_peers, wanted_ns, wanted = WORKLOADS[workload]
    customers, of_peers = int(customers * share), int(of_peers * share)
    own = ("engine", "command") if share == 1 else ("engine",)
    times = {name: [] for name in (*own, *peers_of(workload))}
    for seed in range(1, rounds + 1):
        ours_ = engine(workload, customers, seed)
        times["engine"].append(ours_[2])
        if "command" in times:
            seconds = seconds_for(BENCH / f"{workload}.yaml", folder, customers, seed)
            times["command"].append(1e9 * seconds / customers)
        for name in peers_of(workload):
            result = peer(name, workload, of_peers, seed)
            check_mean(workload, name, ours_, result)
            times[name].append(result[2])
    rows = []
    for name, values in times.items():
        ratios = [v / o for v, o in zip(values, times["engine"])]
        goal, holds = "", None
        if name == "engine":
            goal, holds = f"<= {wanted_ns} ns", statistics.median(values) <= wanted_ns
        elif name in wanted:
            goal, holds = f">= {wanted[name]} x", statistics.median(ratios) >= wanted[name]
        rows.append((workload.upper(), name, values, ratios, goal, holds))
    return rows


def pair(rounds):
    """What a second arm costs: W3 with and without its counterpart. Where there are two arms, their
    difference is split and break-evens are found, on as many customers whatever the cohort: what
    that weighs in a small one is shown, too."""
    rows = []
    for customers in (WORKLOADS["w3"][1], SMALL_COHORT):
        one, two = [], []
        for seed in range(1, rounds + 1):
            one.append(engine("w3", customers, seed)[2])
            two.append(engine("w3_pair", customers, seed)[2])
        ratios = [b / a for a, b in zip(one, two)]
        small = customers == SMALL_COHORT
        rows.append(("W3", f"two arms paired, {customers:,} customers", two, ratios,
                     "" if small else f"<= {PAIR_BOUND} x",
                     None if small else statistics.median(ratios) <= PAIR_BOUND))  # fmt: skip
    return rows


def threads(rounds):
    """Wall time on one and on two threads."""
    rows = []
    for workload, (_, n, *_) in WORKLOADS.items():
        runs = [[engine(workload, LONGER * n, seed, t)[3] for t in (1, 2)]
                for seed in range(1, rounds + 1)]  # fmt: skip
        ratios = [a / b for a, b in runs]
        rows.append((workload.upper(), f"two threads (wall), {LONGER * n:,} customers",
                     [b for _, b in runs], ratios, f">= {THREADS_BOUND} x",
                     statistics.median(ratios) >= THREADS_BOUND))  # fmt: skip
    return rows


def avx2(rounds):
    """What is lost where there is no AVX-512; no rows on such a processor."""
    rows = []
    for workload, (_, n, *_) in WORKLOADS.items() if "x86-64-v4" in processor_levels() else ():
        runs = [[engine(workload, n, seed, level=level)[2] for level in ("x86-64-v4", "x86-64-v3")]
                for seed in range(1, rounds + 1)]  # fmt: skip
        ratios = [b / a for a, b in runs]
        rows.append((workload.upper(), "ltvsim, interface, AVX2", [b for _, b in runs], ratios,
                     f"<= {AVX2_BOUND} x", statistics.median(ratios) <= AVX2_BOUND))  # fmt: skip
    return rows


def whole(rounds, folder):
    """Scenarios with all their arms and draws, on one thread; nanoseconds for a customer of a
    draw."""
    rows = []
    for name, (arm, draws, n) in WHOLE.items():
        scenario = ROOT / "configs" / f"{name}.yaml"
        seeds = range(1, rounds + 1)
        own = [engine_for(scenario, arm, n, seed)[2] / draws for seed in seeds]
        command = [1e9 * measured(ours(scenario, folder, n, seed))[1] / draws / n for seed in seeds]
        for program, times in (("engine", own), ("command", command)):
            rows.append((name, program, times, [t / o for t, o in zip(times, own)], "", None))
    return rows


def rooflines():
    output = measured([BUILD / "bench" / "rooflines"])[0]
    return [line.split() for line in output.splitlines()]


def start_to_exit(rounds, folder):
    """Wall milliseconds of music_streaming as people run it."""
    command = ours(ROOT / "configs" / "music_streaming.yaml", folder, 100_000, threads=None)
    return [1000 * measured(command)[2] for _ in range(rounds)]
