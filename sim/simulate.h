/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_SIMULATE_H
#define LTV_SIM_SIMULATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "sim/estimate.h"
#include "sim/precision.h"
#include "sim/scenario.h"

/* How to run. Zero-initialise; nothing in here changes the answer. */
typedef struct {
    int threads; /* 0: one per processor */
    /* Called now and then from one thread, with customers done and to do (all arms together
     * count once). Returning false stops the run with LTV_ERR_INTERRUPTED. May be NULL. */
    bool (*progress)(void *context, uint64_t customers_done, uint64_t customers);
    /* Called after each prefix at which a run with precisions is looked at, before it goes on. May
     * be NULL. */
    void (*looked)(void *context, const ltv_precision_look *look);
    void *progress_context; /* of both */
} ltv_simulate_options;

/* Threads that a run may use when `requested` are asked for (0: one per processor): no more than
 * there is work for. How many it did use, the estimate says. */
int ltv_simulate_threads(const ltv_scenario *scenario, int requested);

/* Fails with LTV_ERR_OVERFLOW where ltv_simulate would before its first customer: when the value
 * of a customer without a personal level of spend is too large already. */
LTV_MUST_USE ltv_status ltv_simulate_check(const ltv_scenario *scenario, ltv_error *err);

/* Simulates every arm of the scenario on the same customers and sums up. `options` may be NULL.
 * Fails with LTV_ERR_NO_MEMORY, LTV_ERR_OVERFLOW (an amount too large to be held exactly),
 * LTV_ERR_INTERRUPTED, or LTV_ERR_BAD_INPUT, before it is simulated, where the scenario waits for a
 * figure that is not there; *estimate may be freed whatever is returned. */
LTV_MUST_USE ltv_status ltv_simulate(ltv_estimate *estimate, const ltv_scenario *scenario,
                                     const ltv_simulate_options *options, ltv_error *err);

#endif
