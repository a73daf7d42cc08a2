/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_MODELS_BETA_H
#define LTV_MODELS_BETA_H

#include <stdbool.h>

#include "models/uniform.h"

/* The beta distribution on 0 ... 1 with shapes from LTV_BETA_LEAST_SHAPE to LTV_BETA_MOST_SHAPE,
 * right in both tails. (GSL's own functions give up, or lose half their digits, for shapes above
 * some thousands, and for one large shape beside a small one.) */

#define LTV_BETA_LEAST_SHAPE 1e-3
#define LTV_BETA_MOST_SHAPE  1e12

/* Probabilities that a beta number lies below x and above it; either may be 0. x in 0 ... 1, and
 * 1 - x beside it, so that a number near 1 keeps its digits. Relative error of the smaller one
 * about 1e-14, or what one unit in the last place of x and 1 - x changes, if that is more.
 * Source: the continued fraction (9) of DiDonato & Morris, "Algorithm 708", ACM TOMS 18 (1992). */
ltv_uniform ltv_beta_ranks(double alpha, double beta, double x, double one_minus_x);

/* ln(x / (1 - x)) of the number x of rank u, however near to 0 or 1 that lies; infinite where more
 * than half of all numbers are 0 or 1 to a double. */
double ltv_beta_logit(double alpha, double beta, ltv_uniform u);

/* The number of rank u; 0 where it is below 1e-303, 1 where no double lies nearer. */
double ltv_beta_quantile(double alpha, double beta, ltv_uniform u);

/* Shapes of the one beta distribution with 5 % below `low` and 5 % above `high`, each within
 * 1e-9. False, and nothing written, unless 0 < low < high < 1 and the shapes are in range. That
 * there is no second one: Shih, "The determination of a beta distribution by two quantiles", 2015.
 */
bool ltv_beta_of_ci90(double low, double high, double *alpha, double *beta);

#endif
