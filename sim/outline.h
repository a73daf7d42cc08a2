/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_OUTLINE_H
#define LTV_SIM_OUTLINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "sim/money.h"

/* How sure the quantiles of the customers of many draws are. Customers of one draw are alike, since
 * they live in one world, and draws of one scramble avoid each other, so their order statistics
 * are not those of as many independent ones. The distribution of each draw is counted in a few
 * fixed bins; how much the share below an edge differs between draws, or scrambles, tells to how
 * many independent customers those of the run amount there: their design effect (Woodruff,
 * "Confidence intervals for medians and other position measures", JASA 47, 1952; Kish, "Survey
 * sampling", 1965). Only sums over draws are kept. */

/* 16 bins to each power of two, at most 6 % wide, of each sign, and one for 0. */
enum { LTV_OUTLINE_PARTS = 16, LTV_OUTLINE_SIDE = 63 * LTV_OUTLINE_PARTS };
enum { LTV_OUTLINE_BINS = 2 * LTV_OUTLINE_SIDE + 1 };

/* A distribution of amounts; zero-initialise. */
typedef struct {
    uint32_t counts[LTV_OUTLINE_BINS]; /* in ascending order of amounts */
} ltv_outline;

/* The bin of an amount, |x| < 2^63. */
int ltv_outline_bin(ltv_money x);

void ltv_outline_merge(ltv_outline *into, const ltv_outline *from);

/* Sums over the draws of a run. Zero-initialise. */
typedef struct {
    uint32_t scrambles; /* as in ltv_draw_series */
    uint32_t draws;
    double customers; /* of all draws; as many in each */
    /* Owned. below[edge]: customers below the lower edge of a bin, [bins + 1]. squares: of those of
     * each draw, or where there are scrambles below_of[scramble][edge]. */
    double *below, *squares, *below_of;
} ltv_outline_sums;

/* Fails with NO_MEMORY; may be freed whatever is returned. */
LTV_MUST_USE ltv_status ltv_outline_sums_init(ltv_outline_sums *sums, uint32_t scrambles,
                                              ltv_error *err);

/* Adds the next draw. */
void ltv_outline_sums_add(ltv_outline_sums *sums, const ltv_outline *draw);

/* What the number of customers is to be divided by for 95 % limits of the quantile that is x, as of
 * independent ones: the design effect at those edges of the bin of x that part the customers, the
 * larger of the two, times (Student's t / normal quantile)^2 for what is not known of it; never
 * less than 1. Where no edge does, the customers of a draw, which are as good as one. NaN for less
 * than two draws or scrambles. */
double ltv_outline_design_effect(const ltv_outline_sums *sums, ltv_money x);

void ltv_outline_sums_free(ltv_outline_sums *sums);

#endif
