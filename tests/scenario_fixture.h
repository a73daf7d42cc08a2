/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_TESTS_SCENARIO_FIXTURE_H
#define LTV_TESTS_SCENARIO_FIXTURE_H

#include <stddef.h>

#include "sim/scenario.h"

/* Scenarios built by hand, as the reader would fill them. Everything in them is allocated, so
 * that ltv_scenario_free releases it; a failed allocation ends the test program. */

/* Music streaming: JPY, price 1000, margin 80 %, CAC 5000, 120 months, paid in advance, no
 * discounting, geometric retention with this churn per month; seed 1, 100,000 customers; one arm
 * "baseline" with one segment and one channel, both "all" and not declared. */
void scenario_fixture_init(ltv_scenario *scenario, double churn_per_period);

/* A little of everything: 24 months at 8 % a year, dollars, 2500 customers of 3 channels (one
 * free, one with a CAC of its own for each customer) and 2 segments (one served at a loss), levels
 * of spend, 2 plans, an add-on, orders, a price rise at bill 6; arms "baseline" without programmes,
 * "offer" with a save offer (20 % off for 3 bills, per contact and participant) and "all" with that
 * one and "touch" (less churn from bill 2 on, per period and fixed costs); contrasts of each with
 * the baseline and of "all" with "offer"; a real cohort of 400; phases "early" and "late". */
void scenario_fixture_init_eventful(ltv_scenario *scenario);

/* Appends a deep copy of the first arm under another name, and its contrast against the first.
 * The pointer is good until the next arm is added. */
ltv_arm *scenario_fixture_add_arm(ltv_scenario *scenario, const char *name);

/* The same for an arm that the caller changes in more than its programmes. */
ltv_arm *scenario_fixture_add_other_arm(ltv_scenario *scenario, const char *name);

/* Appends a contrast of two arms. */
void scenario_fixture_add_contrast(ltv_scenario *scenario, size_t arm, size_t against);

/* Appends a programme for everybody that changes nothing and costs nothing. The pointer is good
 * until the next one is added to the arm. */
ltv_intervention *scenario_fixture_add_intervention(ltv_arm *arm, const char *name,
                                                    ltv_trigger when);

/* Adds an effect without ramp and fade. */
void scenario_fixture_set_effect(ltv_intervention *intervention, ltv_lever lever, double times,
                                 uint32_t periods);

/* Gives an arm without plans n of them, "plan 0" ... at the arm's margin. */
void scenario_fixture_set_plans(ltv_arm *arm, size_t n, const double *prices, const double *starts);

/* From this plan to another, with the same probability in every period. */
void scenario_fixture_add_upgrade(ltv_plan *plan, uint32_t to, double probability);

/* Appends an add-on, "add-on 0" ... at the arm's margin; likewise. */
ltv_add_on *scenario_fixture_add_add_on(ltv_arm *arm, double price, double attach, double drop);

/* Orders that are all alike, the first one certain. */
void scenario_fixture_set_orders(ltv_arm *arm, double rate, double value);

/* Replaces the arm's segments by n declared ones, "segment 0" ... */
void scenario_fixture_set_segments(ltv_arm *arm, size_t n, const double *shares,
                                   const double *price_multipliers);

/* Replaces the arm's channels by n declared ones, "channel 0" ... */
void scenario_fixture_set_channels(ltv_arm *arm, size_t n, const double *shares,
                                   const double *cacs);

/* Replaces the curve. Up to LTV_CURVE_MAX_PARAMETERS parameters are read, as many as the kind
 * has; not for LTV_CURVE_TABLE. */
void scenario_fixture_set_curve(ltv_retention *retention, ltv_curve_kind kind,
                                const double *parameters);

/* Replaces the curve by a table of n survivals that goes on with the pooled churn of its last
 * `hold` periods; hold 0: it stops. */
void scenario_fixture_set_table(ltv_retention *retention, size_t n, const double *survival,
                                size_t hold);

/* Replaces the spikes of by_tenure. */
void scenario_fixture_set_spikes(ltv_retention *retention, size_t n,
                                 const ltv_tenure_spike *spikes);

#endif
