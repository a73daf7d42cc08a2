#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The peers in NumPy: arrays of customers, month by month or all at once, and an expert's version
in chunks of float32 that fit near the processor. The same answers as the engine's main ones: mean
and spread of LTV, its histogram, the retention curve, in W3 also recurring revenue by plan.

    numpy_peers.py w1|w2|w3 months|events|expert CUSTOMERS SEED

prints the mean LTV, its standard error, and the nanoseconds of processor time for a customer."""

import sys
import time

import numpy as np

MONTHS, MONTHS_W3, BINS, NEVER = 120, 60, 512, 1000
DISCOUNT = (1 / 1.01) ** np.arange(MONTHS)
VALUE = np.concatenate([[0], np.cumsum(DISCOUNT)])  # of the first T bills of 1
MARGIN = 0.8

# W3; see w3.yaml.
PRICE = np.array([500.0, 1000, 2000])
STARTS = np.cumsum([0.50, 0.35, 0.15])
CHURN_OF = np.array([1.3, 1.0, 0.7])
UP = np.array([0.015, 0.010, 0])
DOWN = np.array([0, 0.008, 0.012])
ADD_ON_PRICE, ATTACH = (100.0, 250.0), (0.02, 0.01)
FAILING, FRAILTY_SHAPE = 0.006, 1 / 0.7071**2
HAZARD = np.full(MONTHS_W3, 0.02)
HAZARD[:3] = 0.08, 0.06, 0.04
HAZARD[11::12] = 0.12
CUMULATIVE = np.concatenate([[0], np.cumsum(HAZARD)])


def churn_of_customers(workload, n, rng):
    return np.full(n, 0.03) if workload == "w1" else rng.beta(0.668, 3.806, n)


def summarise(ltv, most):
    np.histogram(ltv, bins=BINS, range=(0, most))
    return ltv.sum(dtype=float), np.square(ltv, dtype=float).sum()


def simple_by_months(workload, n, rng):
    churn = churn_of_customers(workload, n, rng)
    ltv, alive, paying = np.zeros(n), np.arange(n), []
    for month in range(MONTHS):
        paying.append(alive.size)
        ltv[alive] += 1000 * MARGIN * DISCOUNT[month]
        alive = alive[rng.random(alive.size) >= churn[alive]]
    return summarise(ltv, 1000 * MARGIN * VALUE[MONTHS])


def simple_by_events(workload, n, rng):
    if workload == "w1":
        bills = rng.geometric(0.03, n)
    else:
        bills = 1 + np.floor(np.log(rng.random(n)) / np.log1p(-churn_of_customers(workload, n, rng)))
    bills = np.minimum(bills, MONTHS).astype(int)
    np.bincount(bills, minlength=MONTHS + 1)
    return summarise(1000 * MARGIN * VALUE[bills], 1000 * MARGIN * VALUE[MONTHS])


def simple_by_expert(workload, n, rng):
    """Only how many leave when: everything else follows from that."""
    chunk, leaving = 1 << 15, np.zeros(MONTHS + 1, dtype=np.int64)
    scale = np.float32(-1 / np.log1p(-0.03))
    for first in range(0, n, chunk):
        size = min(chunk, n - first)
        budget = rng.standard_exponential(size, dtype=np.float32)
        if workload == "w2":
            scale = (-1 / np.log1p(-rng.beta(0.668, 3.806, size))).astype(np.float32)
        budget *= scale
        np.minimum(budget, MONTHS - 1, out=budget)
        leaving += np.bincount(budget.astype(np.int32) + 1, minlength=MONTHS + 1)
    ltv = 1000 * MARGIN * VALUE
    np.histogram(ltv, bins=BINS, range=(0, ltv[-1]), weights=leaving)
    return (leaving * ltv).sum(), (leaving * ltv**2).sum()


def happens(rng, hazard, size=None):
    return rng.random(hazard.size if size is None else size) < -np.expm1(-hazard)


def full_by_months(_, n, rng):
    z = rng.gamma(FRAILTY_SHAPE, 1 / FRAILTY_SHAPE, n)
    reached = rng.random(n) < 0.5
    plan = np.searchsorted(STARTS, rng.random(n))
    held = np.zeros((2, n), dtype=bool)
    ltv, alive, revenue = np.zeros(n), np.arange(n), np.zeros((3, MONTHS_W3))
    for month in range(MONTHS_W3):
        now = plan[alive]
        paid = PRICE[now] + ADD_ON_PRICE[0] * held[0, alive] + ADD_ON_PRICE[1] * held[1, alive]
        revenue[:, month] = np.bincount(now, weights=paid, minlength=3)
        ltv[alive] += paid * MARGIN * DISCOUNT[month]
        times = z[alive] * CHURN_OF[now]
        if month == 3:
            ltv[alive[reached[alive]]] -= 50 * DISCOUNT[month]
        if 3 <= month < 15:
            times = np.where(reached[alive], 0.7 * times, times)
        leaves = happens(rng, times * HAZARD[month])
        leaves |= happens(rng, np.float64(FAILING), alive.size)
        alive, now = alive[~leaves], now[~leaves]
        falls, rises = happens(rng, DOWN[now]), happens(rng, UP[now])
        plan[alive] += np.where(falls, -1, np.where(rises, 1, 0))
        for add_on in range(2):
            held[add_on, alive] |= happens(rng, np.float64(ATTACH[add_on]), alive.size)
    return summarise(ltv, 2500 * MARGIN * VALUE[MONTHS_W3])


def months_until(rng, hazard):
    with np.errstate(divide="ignore"):
        return np.minimum(rng.standard_exponential(hazard.size) / hazard, NEVER).astype(int)


def full_by_events(_, n, rng):
    """All customers from stop to stop: the next plan change, add-on, departure, or the beginning
    or end of the programme."""
    z = rng.gamma(FRAILTY_SHAPE, 1 / FRAILTY_SHAPE, n)
    reached = rng.random(n) < 0.5
    plan = np.searchsorted(STARTS, rng.random(n))
    fails = months_until(rng, np.full(n, FAILING))
    falls, rises = months_until(rng, DOWN[plan]), months_until(rng, UP[plan])
    attaches = [months_until(rng, np.full(n, hazard)) for hazard in ATTACH]
    add_ons, since, budget = np.zeros(n), np.zeros(n, dtype=int), rng.standard_exponential(n)
    ltv, revenue = np.zeros(n), np.zeros((3, MONTHS_W3 + 1))
    alive = np.arange(n)
    while alive.size:
        i, start = alive, since[alive]
        programme = reached[i]
        runs = programme & (start >= 3) & (start < 15)
        until = np.where(~programme | (start >= 15), MONTHS_W3, np.where(runs, 15, 3))
        event = np.minimum(np.minimum(falls[i], rises[i]), np.minimum(attaches[0][i], attaches[1][i]))
        until = np.minimum(until, event + 1)
        until = np.minimum(until, MONTHS_W3)
        times = z[i] * CHURN_OF[plan[i]] * np.where(runs, 0.7, 1)
        target = CUMULATIVE[start] + budget[i] / times
        leaves = np.searchsorted(CUMULATIVE, target) - 1
        leaves = np.minimum(np.where(target > CUMULATIVE[until], NEVER, leaves), fails[i])
        budget[i] -= times * (CUMULATIVE[until] - CUMULATIVE[start])
        stays = leaves >= until
        until = np.where(stays, until, leaves + 1)
        paid = PRICE[plan[i]] + add_ons[i]
        ltv[i] += paid * MARGIN * (VALUE[until] - VALUE[start])
        np.add.at(revenue, (plan[i], start), paid)
        np.add.at(revenue, (plan[i], until), -paid)
        since[i] = until
        stays &= until < MONTHS_W3
        alive, event, until = i[stays], event[stays], until[stays]
        ltv[alive[reached[alive] & (until == 3)]] -= 50 * DISCOUNT[3]
        moved = (until == event + 1) & ((falls[alive] == event) | (rises[alive] == event))
        who = alive[moved]
        plan[who] += np.where(falls[who] == event[moved], -1, 1)
        falls[who] = until[moved] + months_until(rng, DOWN[plan[who]])
        rises[who] = until[moved] + months_until(rng, UP[plan[who]])
        for add_on in range(2):
            who = alive[attaches[add_on][alive] == until - 1]
            add_ons[who] += ADD_ON_PRICE[add_on]
            attaches[add_on][who] = NEVER
    np.bincount(since, minlength=MONTHS_W3 + 1)
    return summarise(ltv, 2500 * MARGIN * VALUE[MONTHS_W3])


PEERS = {
    "w1": {"months": simple_by_months, "events": simple_by_events, "expert": simple_by_expert},
    "w2": {"months": simple_by_months, "events": simple_by_events, "expert": simple_by_expert},
    "w3": {"months": full_by_months, "events": full_by_events},
}


def main():
    workload, way, customers, seed = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    rng = np.random.default_rng(seed)
    chunk = customers if way == "expert" else min(customers, 1_000_000)  # what memory allows
    started, total, squares = time.process_time(), 0.0, 0.0
    for first in range(0, customers, chunk):
        added = PEERS[workload][way](workload, min(chunk, customers - first), rng)
        total, squares = total + added[0], squares + added[1]
    seconds = time.process_time() - started
    mean = total / customers
    error = ((squares / customers - mean**2) / (customers - 1)) ** 0.5
    print(f"{mean:.17g} {error:.17g} {1e9 * seconds / customers:.17g}")


if __name__ == "__main__":
    main()
