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

/* True for the customers of an arm, all together. */
bool ltv_group_is_all(const ltv_group *group);

/* Number of simulated customers. */
int64_t ltv_group_size(const ltv_group *group);

/* Exact moments of a figure, in quanta; empty where the program has no such figure. */
ltv_moments ltv_group_moments(const ltv_group *group, ltv_figure figure);

/* Exact moments of LTV of those from channels that have a CAC. */
ltv_moments ltv_group_paid_ltv(const ltv_group *group);

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

/* Customers who pay a bill 0 ... horizon. */
int64_t ltv_group_paying(const ltv_group *group, uint32_t bill);

/* at[flow][u]: what flows with bill u = 0 ... horizon - 1 (PAYING: … horizon) from all customers
 * of the group together, undiscounted, in quanta, at the prices of that bill. */
typedef struct {
    double *at[LTV_FLOWS]; /* owned by flows; each [horizon + 1] */
} ltv_flows;

/* False when memory is short; *flows may be freed either way. */
bool ltv_group_flows(const ltv_group *group, ltv_flows *flows);

/* Contribution of bill u: gross margin of plans, add-ons and orders minus service cost. */
double ltv_flows_contribution(const ltv_flows *flows, const ltv_program *program, uint32_t bill);

void ltv_flows_free(ltv_flows *flows);

#endif
