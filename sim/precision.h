/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_PRECISION_H
#define LTV_SIM_PRECISION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "sim/estimate.h"
#include "sim/scenario.h"

/* Runs that go on until figures are known well enough (experiment.until).
 *
 * They are looked at after prefixes only: n0, 2 n0, 4 n0, ... customers, or draws where inputs are
 * uncertain, each of them whole. A longer run begins with the customers of a shorter one, so the
 * run that stops after n is the run of n, and where it stops depends on no thread.
 *
 * To stop where the error happens to be estimated small makes intervals too narrow: with 16
 * scrambles, 95 % ones cover 93.8 %. They are therefore made, to stop by and to report, for the
 * confidence 1 - (1 - c) (1 - 3 / degrees of freedom), which was found by simulating normal means
 * that are looked at after 1, 2, 4, ... 128 times as many and is held to 94 ... 96 % by
 * tests/test_coverage_battery.c. */

/* What the standard error of a mean is multiplied with for limits of this confidence (0 < c < 1):
 * the normal quantile for a single draw, of which there are many customers; Student's t for as many
 * draws, or scrambles of them, as are independent. `stopped`: the run was stopped by its
 * precision. NaN for less than two. */
double ltv_precision_factor(double confidence, uint32_t draws, uint32_t scrambles, bool stopped);

/* The figure at the path: "arms.<arm>.<figure>", "arms.<arm>.segments.<name>.<figure>", likewise
 * channels, "compare.<arm>.<figure>" or "compare.<arm>|<arm>.<figure>". Borrowed from the estimate.
 * Fails with BAD_INPUT, naming what may have been meant, where there is none. */
LTV_MUST_USE ltv_status ltv_precision_find(const ltv_metric **figure, const ltv_estimate *estimate,
                                           const char *path, ltv_error *err);

/* How things stand after a prefix. */
typedef struct {
    bool met;  /* every figure is known well enough */
    bool done; /* the run waits for none: each is, or has had its max_customers */
    /* The figure that it waits for longest; when it is done, one that is not known well enough, if
     * any, else the one that only just is. Borrowed from the scenario. */
    const ltv_precision *binding;
    double value, half_width; /* of it; NaN where not known */
    double allowed;           /* half-width that is asked for; NaN where the value is not known */
    /* Customers in all after which it will do, by the square-root law; INFINITY where nothing can
     * be said, since its error is 0 or not known, which never is enough. */
    double needed;
} ltv_precision_look;

/* `customers` are those of all draws, in each arm. */
ltv_precision_look ltv_precision_judge(const ltv_scenario *scenario, const ltv_estimate *estimate,
                                       uint64_t customers, uint32_t draws);

enum { LTV_STOPPING_SIZE = 400 };

/* Why a run ended, in a sentence. `limit` says what kept it from going on where it is not met. */
void ltv_precision_sentence(char sentence[LTV_STOPPING_SIZE], const ltv_precision_look *look,
                            uint64_t customers, const char *limit);

/* The most max_customers of all; 0 without any. */
uint64_t ltv_precision_most(const ltv_scenario *scenario);

#endif
