/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_TESTS_EXACT_TWIN_H
#define LTV_TESTS_EXACT_TWIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/scenario.h"

/* What an arm with plans, add-ons, orders, price changes and programmes yields in expectation,
 * without chance: a forward recursion over everything that a customer can be in at a bill, for
 * every z by quadrature. Written from docs/model.md and not from the engine. Exact because an
 * exponential budget has no memory: a clock fires in period u with probability
 * 1 - exp(-z M(u) (Lambda(u + 1) - Lambda(u))) whatever has been.
 *
 * Money in major units, per joined customer. */
typedef struct {
    uint32_t horizon;
    double ltv, programme_cost;
    double dated_costs; /* contact, participant and period costs: part of programme_cost */
    double bills;       /* expected number of bills paid */
    double *retention;  /* owned, [horizon + 1]: chance to pay bill u */
    double *recurring;  /* owned, [horizon]: revenue at bill u before price_off, undiscounted */
    double *revenue;    /* owned, [horizon]: after price_off and with orders */
    double *recurring_squares, *revenue_squares; /* owned, [horizon]: means of the squares */
    double *orders;                              /* owned, [horizon]: the orders' part of revenue */
    double *plan_shares;   /* owned, [n_plans * horizon]: chance to pay bill u with plan p */
    double *add_on_shares; /* owned, [n_add_ons * horizon]: likewise with add-on a */
    /* What of `recurring` each plan and add-on brings, likewise, and means of the squares. */
    double *plan_recurring, *add_on_recurring, *plan_squares, *add_on_squares; /* owned */
} exact_twin;

/* Whether it can: no risk signals, no capacities, at most EXACT_PROGRAMMES programmes. */
bool exact_twin_covers(const ltv_arm *arm);

/* The arm must be covered. Out of memory ends the program. */
void exact_twin_init(exact_twin *twin, const ltv_scenario *scenario, const ltv_arm *arm);

void exact_twin_free(exact_twin *twin);

#endif
