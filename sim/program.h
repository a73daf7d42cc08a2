/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_PROGRAM_H
#define LTV_SIM_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "models/frailty.h"
#include "sim/money.h"
#include "sim/scenario.h"

/* One arm compiled for simulation: flat tables, immutable, shared by all threads.
 *
 * A customer's last number is `leaves_before`: the first bill that he does not pay, 1 ... H, or
 * H + 1 when he pays bill H too, i.e. when he outlives the horizon. */

/* The clocks of the customers of one segment, at the hazard ratios of one channel or several. */
typedef struct {
    ltv_multipliers times;
    ltv_frailty frailty;
    bool draws_z;             /* part of the frailty is drawn for each customer */
    uint64_t cured_threshold; /* a CURED word below it: never leaves by himself */
    /* Cumulative hazard that the voluntary clock compares its budget with, [horizon + 2]:
     * without an explicit z the marginal hazard G(Lambda(u)), so that one look-up decides; else
     * Lambda(u) itself, multipliers applied. Entry 0 is 0; the last one is infinite, a sentinel
     * that ends every search. */
    double *voluntary;   /* owned */
    double *involuntary; /* owned; cumulative hazard, likewise */
} ltv_clock_program;

typedef struct {
    /* Value of the first T bills, T = 0 ... horizon, in quanta: sums of amounts that were
     * rounded one by one. */
    ltv_money *discounted_margin;  /* owned; revenue x gross margin, discounted, at spend 1 */
    ltv_money *discounted_service; /* owned; service cost, discounted */
    double revenue_per_bill;       /* undiscounted, quanta, at spend 1 */
    double service_per_bill;       /* undiscounted, quanta */
} ltv_segment_program;

typedef struct {
    uint32_t horizon;
    bool involuntary; /* the clock exists */
    ltv_spread spend;
    bool spends_differ;       /* the level of spend is drawn for each customer */
    bool spend_follows_churn; /* … and depends on the frailty */
    double spend_pearson;     /* correlation of the normal scores */
    double gross_margin;
    size_t n_segments, n_channels;
    ltv_segment_program *segments; /* owned */
    size_t n_clocks;
    ltv_clock_program *clocks;   /* owned; the first n_segments are those of channel 0 */
    uint32_t *clock_of;          /* owned; [channel * n_segments + segment]: index into clocks */
    uint64_t *segment_threshold; /* owned; [n_segments]: cumulative shares, see address.h */
    uint64_t *channel_threshold; /* owned; [n_channels] */
    ltv_money *cac;              /* owned; [n_channels] */
} ltv_program;

/* Compiles one arm. Fails with NO_MEMORY or OVERFLOW; *program may be freed whatever is
 * returned. The program keeps no pointer into the scenario. */
LTV_MUST_USE ltv_status ltv_program_init(ltv_program *program, const ltv_scenario *scenario,
                                         const ltv_arm *arm, ltv_error *err);

void ltv_program_free(ltv_program *program);

/* True when some channel has a cost. */
bool ltv_program_has_cac(const ltv_program *program);

/* Cumulative base hazard of voluntary churn after each period with season and by_tenure applied,
 * cumulative[0 ... n - 1]; without either, the curve's own Lambda. */
void ltv_voluntary_hazard(const ltv_scenario *scenario, const ltv_retention *retention, size_t n,
                          double *cumulative);

/* Present value at joining of one unit paid with bill u. */
double ltv_discount_at_bill(const ltv_scenario *scenario, uint32_t bill);

#endif
