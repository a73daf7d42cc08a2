/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_IO_DRAW_DISTRIBUTION_H
#define LTV_SIM_IO_DRAW_DISTRIBUTION_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/io/results/document.h"

/* How one figure of a contrast spreads over draws, as reports and workbooks show it. */

enum { LTV_DISTRIBUTION_BINS = 24 /* at most */ };

typedef struct {
    size_t n_bins;                           /* 0: there is none */
    double edges[LTV_DISTRIBUTION_BINS + 1]; /* [n_bins + 1], increasing, equally far apart */
    double shares[LTV_DISTRIBUTION_BINS];    /* [n_bins], of all draws */
} ltv_draw_distribution;

/* Sorts n values into bins of a round width that cover them; none where no value is finite.
 * Infinite values and NaN are left out of the bins, but count in the shares. */
ltv_draw_distribution ltv_draw_distribution_bin(const double *values, size_t n);

/* The figure in each draw of `arm` against `against`, with the simulation's noise taken out as in
 * its limits, but as of independent draws: the file does not tell their scrambles. None where the
 * file does not have it draw by draw. Returns false when memory is short. */
LTV_MUST_USE bool ltv_draw_distribution_find(ltv_draw_distribution *self, const ltv_document *doc,
                                             const char *arm, const char *against,
                                             const char *figure);

#endif
