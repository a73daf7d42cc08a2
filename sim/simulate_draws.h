/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_SIMULATE_DRAWS_H
#define LTV_SIM_SIMULATE_DRAWS_H

#include "base/error.h"
#include "sim/draw_table.h"
#include "sim/program_set.h"
#include "sim/simulate.h"
#include "sim/tally.h"

/* Many worlds: a cohort in each draw of the uncertain inputs, every arm of it on the same customers
 * with the same luck. Threads take draws; what depends on their order is done in it. */

/* What to simulate. */
typedef struct {
    const ltv_scenario *scenario; /* with worlds */
    const double *values;         /* [draws * scenario->inputs.n] */
    uint32_t draws;
    uint64_t customers; /* in each draw */
    /* Draws have luck of their own, that of their number; or all the same, that of draw 0, where
     * only the inputs are to make a difference. */
    bool same_luck;
    const uint32_t *luck; /* borrowed, [draws], or NULL: the draws whose luck they have instead */
    /* Customers that the run is expected to take in all, to tell how far it is; 0: those of the
     * draws. */
    uint64_t expected;
    const ltv_simulate_options *options; /* not NULL; progress counts the customers of all draws */
} ltv_draws_plan;

/* What came of it. Zero-initialise. */
typedef struct {
    ltv_draw_table table;
    ltv_tally pooled;       /* of all customers */
    double *fixed_cost;     /* owned, [arms]: mean over draws of the programs' fixed_cost */
    double *fixed_cost_sum; /* owned, [arms]: over draws */
} ltv_draws_outcome;

/* Simulates all draws. An outcome that has draws already, the first ones of the same plan with
 * fewer, gets those that it lacks, and is what all at once would have made. `set` is that of the
 * scenario itself, for the shape of things. Fails with NO_MEMORY, OVERFLOW, INTERRUPTED, or
 * BAD_INPUT where a draw makes no scenario; *outcome may be freed whatever is returned. */
LTV_MUST_USE ltv_status ltv_simulate_draws(ltv_draws_outcome *outcome, const ltv_draws_plan *plan,
                                           const ltv_program_set *set, ltv_error *err);

void ltv_draws_outcome_free(ltv_draws_outcome *outcome);

/* How many customers a draw should have, found by simulating the first draws with a few: as many as
 * make the noise of LTV and of its differences no larger than what the inputs make of it
 * (ltv_best_customers_per_draw), within 256 ... 2,048, and no more than the largest max_customers
 * allows; the most where noise hides all that they make of it. `why` says how it was found. Fails
 * as ltv_simulate_draws. */
enum { LTV_CHOICE_SIZE = 240 };
LTV_MUST_USE ltv_status ltv_choose_customers(uint64_t *customers, char why[LTV_CHOICE_SIZE],
                                             const ltv_draws_plan *plan, const ltv_program_set *set,
                                             ltv_error *err);

#endif
