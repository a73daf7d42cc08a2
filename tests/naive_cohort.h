/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_TESTS_NAIVE_COHORT_H
#define LTV_TESTS_NAIVE_COHORT_H

#include <stdint.h>

#include "sim/scenario.h"

/* Customers one by one and period by period, the way docs/model.md tells it, with luck of its own
 * and amounts as plain numbers: what the exact twin is checked against. Covers what
 * exact_twin_covers says. */

/* A sum over customers, and the sum of squares. */
typedef struct {
    double sum, squares;
} naive_sum;

typedef struct {
    uint32_t n; /* customers */
    naive_sum ltv, programme_cost;
    double *retention;                       /* owned, [horizon + 1]: number who pay bill u */
    naive_sum *recurring, *revenue, *orders; /* owned, [horizon] */
    double *plan_shares;                     /* owned, [n_plans * horizon]: number */
    double *add_on_shares;                   /* owned, [n_add_ons * horizon]: number */
} naive_cohort;

/* Of the scenario's first arm. Out of memory ends the program. */
void naive_cohort_init(naive_cohort *cohort, const ltv_scenario *scenario, uint32_t n,
                       uint64_t seed);

void naive_cohort_free(naive_cohort *cohort);

#endif
