/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_QUANTILES_H
#define LTV_SIM_QUANTILES_H

#include "base/error.h"
#include "sim/estimate.h"
#include "sim/outline.h"
#include "sim/sketch.h"

/* Ranks l and u, counted from 1, such that the p-quantile lies between the order statistics
 * X_(l) and X_(u) with a probability of at least 95 %: each tail at most 2.5 %, from the
 * binomial distribution. 0, or n + 1, where n is too small for a limit on that side. */
typedef struct {
    int64_t lower, upper;
} ltv_rank_limits;

ltv_rank_limits ltv_quantile_rank_limits(double p, int64_t n);

/* The same where n amounts are worth n / design_effect independent ones (design_effect >= 1; NaN:
 * not known, there is no limit): the ranks among those, as ranks among all, outward. */
ltv_rank_limits ltv_clustered_rank_limits(double p, int64_t n, double design_effect);

/* The quantiles of ltv_quantile_levels of the n >= 1 amounts in the sketch. Their limits are those
 * of `independent` amounts, 1 ... n: n, or less where those of a draw are alike. One major unit of
 * the currency has `quanta_per_unit` quanta. The value is the middle of the amounts in its
 * bucket (exact where they are all the same), its limits are the outermost amounts in the
 * buckets of theirs (NaN where there is none). */
void ltv_quantiles_of_sketch(ltv_quantile quantiles[LTV_QUANTILES], const ltv_sketch *sketch,
                             int64_t n, int64_t independent, double quanta_per_unit);

/* The same of the customers of several draws, whose limits are those of as many independent ones as
 * they amount to (sim/outline.h), again rounded outward. `draws` NULL: there are no limits. */
void ltv_quantiles_of_draws(ltv_quantile quantiles[LTV_QUANTILES], const ltv_sketch *sketch,
                            int64_t n, double quanta_per_unit, const ltv_outline_sums *draws);

/* About 60 bins of equal width from the least amount to the 99.5 % quantile, and one for the
 * rest. Edges are moved to the nearest bucket edge, so the counts are exact. Where the amounts
 * come in even steps (`spacing` quanta, 0 if they don't), bins hold whole steps. Fails with
 * NO_MEMORY. */
LTV_MUST_USE ltv_status ltv_histogram_of_sketch(ltv_histogram *histogram, const ltv_sketch *sketch,
                                                int64_t n, ltv_money least, ltv_money most,
                                                ltv_money spacing, double quanta_per_unit,
                                                ltv_error *err);

void ltv_histogram_free(ltv_histogram *histogram);

#endif
