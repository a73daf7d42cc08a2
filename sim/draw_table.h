/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_DRAW_TABLE_H
#define LTV_SIM_DRAW_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "sim/draw_statistics.h"
#include "sim/estimate.h"

/* What each draw of the uncertain inputs says by itself: every figure of every group and contrast,
 * and the curves. Made of the estimates of single draws, which come in the order of the draws;
 * from it come means and limits over draws. */

/* A figure: whose it is and its name. Groups count in the order of an estimate (arm by arm: all,
 * segments, channels), contrasts after the last group. */
typedef struct {
    size_t owner;
    char name[LTV_METRIC_NAME_SIZE];
} ltv_draw_figure;

struct ltv_draw_table {
    uint32_t n_draws;   /* as many as there is room for */
    uint32_t n;         /* draws that are in: the first ones */
    uint32_t scrambles; /* as in ltv_draw_series */
    uint64_t customers; /* per draw */
    size_t n_groups;    /* of all arms */
    size_t n_figures;
    ltv_draw_figure *figures; /* owned */
    /* Owned, [figure * n_draws + draw]. A payback that does not come within the horizon is
     * infinite. `noise` is the variance of the Monte Carlo error, NaN where it is not known. */
    double *value, *noise;
    /* Owned, likewise: what the figure of all draws counts that of this one by, its denominator (a
     * mean's is 1) for all customers of the group in the draw. */
    double *weight;
    double *customers_of; /* owned, [groups and contrasts]: their customers in all draws */
    size_t n_curves;      /* numbers in all curves together */
    /* Owned, [n_curves]: over draws, each with its customers, who in a segment or channel are not
     * as many in each draw, and in some draws perhaps nobody. */
    double *sums;
    size_t n_parts;  /* numbers of all plans and add-ons together */
    double *parts;   /* owned, [n_parts]: recurring revenue of each at each bill, likewise */
    size_t n_banded; /* numbers in the curves that have limits, those of whole arms and contrasts */
    double *banded;  /* owned, [number * n_draws + draw] */
    double *half_differences; /* owned, [n_banded]: see ltv_draw_table_add */
    size_t n_arms;
    double *half_products; /* owned, [n_arms * n_arms]: likewise, of net LTV */
    size_t n_outlines;
    ltv_outline_sums
        *outlines; /* owned: of the distributions, in the order of a tally's outlines */
};

/* An empty table for n_draws draws of so many customers each. */
ltv_draw_table ltv_draw_table_of(uint32_t n_draws, uint32_t scrambles, uint64_t customers);

/* Makes room for n_draws draws, no fewer than there are. Fails with NO_MEMORY, and the table is as
 * it was. */
LTV_MUST_USE ltv_status ltv_draw_table_reserve(ltv_draw_table *table, uint32_t n_draws,
                                               ltv_error *err);

/* Bytes that each further draw takes, once there is one. */
size_t ltv_draw_table_bytes_per_draw(const ltv_draw_table *table);

/* Adds the estimates of the next draw. halves: of each half of its customers, values and curves of
 * whole arms and contrasts; they differ by noise alone, so half their difference, squared, is the
 * noise of the curves, and the product of two arms' the covariance of their noise. Fails with
 * NO_MEMORY, or BUG where a draw has other figures than the first. */
LTV_MUST_USE ltv_status ltv_draw_table_add(ltv_draw_table *table, const ltv_estimate *draw,
                                           const ltv_estimate halves[2], ltv_error *err);

/* Adds the outlines of the distributions of the draw that was added last. Fails with NO_MEMORY. */
LTV_MUST_USE ltv_status ltv_draw_table_add_outlines(ltv_draw_table *table, const ltv_tally *draw,
                                                    ltv_error *err);

/* The figure of a group or contrast over draws; an empty series where there is none. `owner` as in
 * ltv_draw_figure. Borrows. Of a figure whose noise is not known it has none. */
ltv_draw_series ltv_draw_table_series(const ltv_draw_table *table, size_t owner, const char *name);

/* What a figure of a group, of an estimate with the same groups, is over all customers of the draws
 * in which it applies (a small segment has nobody in some); NaN where there is none. */
double ltv_draw_table_mean(const ltv_draw_table *table, const ltv_estimate *estimate,
                           const ltv_group_estimate *group, const char *name);

/* Covariances of the simulation noise of the arms' mean net LTV in a draw, averaged over draws,
 * noise[a * n_arms + b]; NaN with a single customer per draw. Unbiased, with a relative error of
 * about sqrt(2 / draws). */
void ltv_draw_table_noise(const ltv_draw_table *table, double *noise);

/* The owner number of a group or contrast of an estimate. */
size_t ltv_draw_table_owner(const ltv_estimate *estimate, const ltv_group_estimate *group,
                            const ltv_contrast_estimate *contrast);

/* Replaces the curves of a pooled estimate, which has the same groups, by their means over the
 * customers of all draws, and gives them their limits; what plans and add-ons bring likewise, at
 * the prices of each draw. Fails with NO_MEMORY. */
LTV_MUST_USE ltv_status ltv_draw_table_curves(const ltv_draw_table *table, ltv_estimate *estimate,
                                              ltv_error *err);

/* Gives a value of a pooled estimate, a figure of this name, its error over draws and its parts of
 * variance. */
void ltv_draw_table_variance(const ltv_draw_table *table, size_t owner, const char *name,
                             ltv_value_estimate *value);

/* Gives the values and figures of a pooled estimate their errors and limits over draws, and the
 * figures that are shares of draws their values. Fails with NO_MEMORY. */
LTV_MUST_USE ltv_status ltv_draw_table_limits(const ltv_draw_table *table, ltv_estimate *estimate,
                                              const ltv_scenario *scenario, ltv_error *err);

void ltv_draw_table_free(ltv_draw_table *table);

#endif
