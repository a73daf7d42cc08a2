/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_VALUE_OF_INFORMATION_H
#define LTV_SIM_VALUE_OF_INFORMATION_H

#include "base/error.h"
#include "sim/decision_draws.h"
#include "sim/moments.h"

/* Which arm is best as far as we know, and what would it be worth to know better? All in money per
 * joined customer. theta is the vector of what the arms are truly worth, over draws without the
 * simulation noise (ltv_decision_differences).
 *
 *   expected loss of arm a = E[max over arms of theta - theta_a]
 *   EVPI  = E[max theta] - max E[theta], the expected loss of the best arm: no research is
 *           worth more (Raiffa & Schlaifer, "Applied statistical decision theory", 1961)
 *   EVPPI = E[max E(theta | input)] - max E[theta]: the same for knowing some inputs
 *
 * With simulation noise left in, E[max theta] is too high: noise would be worth money. What stays
 * is that max E[theta] is taken where the simulated means are highest: where two arms are equal but
 * for the Monte Carlo error of their difference, EVPI and EVPPI are too low by about 0.4 of it. */

typedef struct {
    ltv_mean expected_value; /* with its Monte Carlo error over draws or scrambles */
    double expected_loss;    /* >= 0, of choosing this arm */
    double probability_best; /* of being the best; arms that are equally good share it */
} ltv_arm_decision;

typedef struct {
    size_t n_arms;
    ltv_arm_decision *arms; /* owned */
    size_t best;            /* the arm with the highest expected value, the first of equals */
    ltv_mean evpi; /* >= 0; the error by leaving out groups of draws or scrambles (sim/jackknife.h),
                    * the correction for noise done anew each time */
    double evpi_uncorrected; /* with the simulation noise left in, to show what it does */
} ltv_decision;

/* Fails with NO_MEMORY, and BAD_INPUT like ltv_decision_check. With a single draw nothing is
 * uncertain: EVPI is 0, its error NaN. *decision may be freed whatever is returned. */
LTV_MUST_USE ltv_status ltv_decision_init(ltv_decision *decision, const ltv_decision_draws *draws,
                                          ltv_error *err);

void ltv_decision_free(ltv_decision *decision);

/* EVPPI of one input, or of knowing several together, by regression of the arms' differences on
 * them over the draws (Strong, Oakley & Brennan, Medical Decision Making 34, 2014; the smoother is
 * sim/smoother.h). input: [i * n_draws + draw]. Simulation noise averages out in the regression;
 * what of it, and of the other inputs, is left in the fitted values would still make EVPPI too
 * high, and is taken out by the same correction as simulation noise, its covariance being
 * sum of squared weights / n times that of the residuals. The error is that of the mean over
 * draws or scrambles of the value of the arm that the fit chooses less the value of the best:
 * where choices change, arms are equal, so the fit's own error counts in the second order only.
 * EVPPI >= 0; it can exceed EVPI by error. Fails like ltv_decision_init, and with BAD_INPUT like
 * ltv_smoother_init: one input needs at least 8 draws. */
LTV_MUST_USE ltv_status ltv_evppi(ltv_mean *evppi, const ltv_decision_draws *draws, size_t n_inputs,
                                  const double *input, ltv_error *err);

#endif
