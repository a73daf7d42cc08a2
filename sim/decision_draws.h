/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_DECISION_DRAWS_H
#define LTV_SIM_DECISION_DRAWS_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* Arms as decisions: what each arm is worth in each draw, in money per joined customer, all arms of
 * a draw on the same customers. Only differences between arms matter. */
typedef struct {
    size_t n_draws, n_arms; /* both >= 1 */
    const double *value;    /* borrowed, [draw * n_arms + arm] */
    const double *noise; /* borrowed, [n_arms * n_arms]: covariance of the simulation noise of the
                          * values of one draw, averaged over draws (of one customer's values,
                          * over customers per draw). NULL: the values carry no noise. */
    uint32_t scrambles;  /* as in ltv_draw_series */
} ltv_decision_draws;

/* BAD_INPUT for no draws or no arms, and, with a sentence that names it, for a value or a
 * covariance that is not finite. */
LTV_MUST_USE ltv_status ltv_decision_check(const ltv_decision_draws *draws, ltv_error *err);

/* Writes each arm's value minus the first arm's, [draw * n_arms + arm], with the simulation noise
 * taken out of their distribution: pulled to their means such that their covariance P is T - N,
 * total less noise, where that is possible. Along the directions that diagonalise T and N together
 * (N w = lambda T w) each deviation is multiplied by sqrt(max(1 - lambda, 0)). This is the square
 * root of the linear Bayes estimate P T^-1, as ltv_draws_corrected is for one figure; exact for
 * normal values with one noise covariance; and since the directions do not depend on units or on
 * which arm is first, neither does the result. A single draw keeps its values. T as in
 * ltv_draws_variance. Fails like ltv_decision_check, and with NO_MEMORY. */
LTV_MUST_USE ltv_status ltv_decision_differences(double *differences,
                                                 const ltv_decision_draws *draws, ltv_error *err);

/* The same for differences that are there already, in place, given the noise covariance of the
 * differences, [n_arms * n_arms]. */
LTV_MUST_USE ltv_status ltv_differences_correct(double *differences, size_t n_draws, size_t n_arms,
                                                const double *noise, uint32_t scrambles,
                                                ltv_error *err);

#endif
