/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_GROUP_H
#define LTV_SIM_GROUP_H

#include <stddef.h>
#include <stdint.h>

#include "sim/program.h"
#include "sim/tally.h"

/* A view of some of an arm's customers: all of them, one segment, or one channel. Borrows. */
typedef struct {
    const ltv_program *program;
    const ltv_arm_tally *tally;
    size_t first_channel, end_channel; /* channels first … end - 1 */
    size_t first_segment, end_segment;
} ltv_group;

ltv_group ltv_group_all(const ltv_program *program, const ltv_arm_tally *tally);
ltv_group ltv_group_segment(const ltv_program *program, const ltv_arm_tally *tally, size_t segment);
ltv_group ltv_group_channel(const ltv_program *program, const ltv_arm_tally *tally, size_t channel);

/* Those of the group who came through one of its channels. */
ltv_group ltv_group_in_channel(const ltv_group *group, size_t channel);

/* Number of simulated customers. */
int64_t ltv_group_size(const ltv_group *group);

/* Exact moments of LTV and of LTV minus the customer's own CAC, in quanta. */
ltv_moments ltv_group_ltv(const ltv_group *group);
ltv_moments ltv_group_net_ltv(const ltv_group *group);

/* Distribution of LTV and net LTV. False when memory is short; *spread is freed by the caller
 * (ltv_spread_tally_free) either way. Without any CAC its net_ltv is filled from ltv. */
bool ltv_group_spread(const ltv_group *group, ltv_spread_tally *spread);

/* Customers whose LTV is at least their own CAC, and at least 3 times it, of the n customers from
 * channels that have one. */
typedef struct {
    int64_t n, at_least_cac, at_least_3_cac;
} ltv_above_cac;

ltv_above_cac ltv_group_above_cac(const ltv_group *group);

/* Mean CAC of the simulated customers, in quanta; 0 for an empty group. */
double ltv_group_mean_cac(const ltv_group *group);

/* What a customer of segment s whose first unpaid bill is `leaves_before` counts for:
 * per_spend x his level of spend + fixed. */
typedef struct {
    double per_spend, fixed;
} ltv_line;

typedef ltv_line ltv_line_of(const void *context, const ltv_program *program, size_t segment,
                             uint32_t leaves_before);

/* Mean over the group's customers of such a figure, and the standard error of that mean (both
 * NaN for an empty group; the error NaN for a single customer). */
typedef struct {
    double mean, standard_error;
} ltv_mean;

ltv_mean ltv_group_mean_of(const ltv_group *group, ltv_line_of *line, const void *context);

/* paying[0 ... horizon]: customers who pay bill u; spend likewise, the sum of their levels. Of
 * one segment, over the group's channels. */
void ltv_group_paying(const ltv_group *group, size_t segment, double *paying, double *spend);

#endif
