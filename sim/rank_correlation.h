/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_RANK_CORRELATION_H
#define LTV_SIM_RANK_CORRELATION_H

#include <stddef.h>

#include "base/error.h"

/* How strongly a figure rises and falls with uncertain inputs, over draws that are there already.
 * By ranks, so that neither the inputs' nor the figure's distribution matters, nor a few huge
 * values. It sees what rises or falls throughout: a figure that is highest in the middle of an
 * input can have a correlation of 0 with it (sim/sensitivity.h sees that too). */

typedef struct {
    double value;          /* NaN where x or y is constant */
    double standard_error; /* by the delta method, for any joint distribution; NaN likewise */
} ltv_rank_estimate;

/* Spearman's: Pearson's correlation of the ranks, equal numbers having the middle of their ranks.
 * Infinite numbers have ranks too. x and y [n], n >= 2. The error takes the n pairs as independent
 * and n as large (some tens). Fails with BAD_INPUT (n; NaNs: says how many) or NO_MEMORY. */
LTV_MUST_USE ltv_status ltv_rank_correlation(ltv_rank_estimate *result, const double *x,
                                             const double *y, size_t n, ltv_error *err);

/* Partial rank correlation of each input with y: what is left of its correlation when the ranks of
 * all other inputs are regressed out of both (PRCC; Marino, Hogue, Ray & Kirschner, Journal of
 * Theoretical Biology 254 (2008) 178-196). values [n_inputs]; x [n][n_inputs]; y [n];
 * n >= n_inputs + 2. NaN for an input whose ranks follow from those of the others (a constant one;
 * one twice), for all where y is constant. Where the ranks explain y without rest, an input that is
 * not needed has 0. For an input without effect the standard error is about
 * 1 / sqrt(n - n_inputs - 1). Fails with BAD_INPUT (sizes; NaNs: says how many) or NO_MEMORY. */
LTV_MUST_USE ltv_status ltv_partial_rank_correlation(double *values, const double *x,
                                                     size_t n_inputs, const double *y, size_t n,
                                                     ltv_error *err);

/* Both for each of n_inputs inputs: what a table of them shows. */
typedef struct {
    ltv_rank_estimate spearman;
    double partial; /* NaN also where there are fewer draws than n_inputs + 2 */
} ltv_rank_row;

/* rows [n_inputs]; x and y as above, n >= 2. Fails likewise. */
LTV_MUST_USE ltv_status ltv_rank_rows(ltv_rank_row *rows, const double *x, size_t n_inputs,
                                      const double *y, size_t n, ltv_error *err);

#endif
