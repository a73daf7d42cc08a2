/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_BREAK_EVEN_H
#define LTV_SIM_BREAK_EVEN_H

#include "base/error.h"
#include "sim/estimate.h"
#include "sim/scenario.h"
#include "sim/simulate.h"

/* How well a programme must work to pay: the size of its effect at which its net gain, and so its
 * ROI, is 0, everything else as assumed. The gain is that of the arm over the same arm without
 * the programme, so that in an arm of several each is judged by what it adds. Found by simulating
 * the arm again and again on the same customers with the same luck, so that the gain is a smooth
 * function of the effect. Limits of capacity stay as they are at the assumed effect. */

/* What is varied: the probability to save or win back a customer where the programme has one, else
 * the multiplier of its first effect. */
typedef enum {
    LTV_BREAK_EVEN_NOTHING,
    LTV_BREAK_EVEN_PROBABILITY,
    LTV_BREAK_EVEN_MULTIPLIER
} ltv_break_even_kind;

typedef struct {
    ltv_break_even_kind kind;
    double value;          /* probability or multiplier; NaN where there is none */
    double standard_error; /* Monte Carlo; NaN likewise */
    char sentence[160];    /* what it means, or why there is none */
} ltv_break_even;

/* Customers of a run that are simulated for it, at most: the first ones. */
enum { LTV_BREAK_EVEN_CUSTOMERS = 1 << 14 };

/* Of intervention `index` of an arm. gain_error: Monte Carlo standard error of its mean gain over
 * all customers of the run, major units; NaN where it is not known. The options' progress is asked
 * now and then whether to go on. Fails with NO_MEMORY, OVERFLOW or INTERRUPTED. */
LTV_MUST_USE ltv_status ltv_break_even_find(ltv_break_even *result, const ltv_scenario *scenario,
                                            const ltv_arm *arm, size_t index, double gain_error,
                                            const ltv_simulate_options *options, ltv_error *err);

/* Adds metrics break_even_<intervention> to every contrast of arms that differ in programmes
 * alone: one for each programme that the other arm has not. Fails likewise. */
LTV_MUST_USE ltv_status ltv_break_even_fill(ltv_estimate *estimate, const ltv_scenario *scenario,
                                            const ltv_simulate_options *options, ltv_error *err);

#endif
