/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_EXPECTATION_H
#define LTV_SIM_EXPECTATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "sim/scenario.h"

/* What an arm yields in expectation, without simulating: closed forms, or quadrature where
 * there is none. Money in major units of the currency, rates and times per period. It stands
 * beside the simulation in `explain` and in the bridge from the spreadsheet's figure.
 *
 * Of an arm that is not plain (ltv_arm_is_plain) it is the expectation without what happens later:
 * everybody keeps the plan he starts with and orders at his rate; no plan changes, contract terms,
 * add-ons, later price changes or programmes. */
typedef struct {
    bool exact; /* the arm is plain, so this is the expectation of what is simulated */
    uint32_t horizon;
    size_t n_segments;
    double *segment_survival; /* owned, [n_segments][horizon + 1]: chance to pay bill u */
    /* Owned, likewise: expected level of spend at bill u, 0 once left. Differs from
     * segment_survival only where spend and churn are correlated. */
    double *segment_spend;
    double *survival;           /* owned, [horizon + 1]: of the whole mix */
    double *discount;           /* owned, [horizon + 1]: present value of 1 paid with a bill */
    double arpu;                /* expected revenue of bill 0, before programmes */
    double gross_margin;        /* of that revenue: plans may have margins of their own */
    double cac;                 /* expected cost to acquire a customer */
    double cac_paid;            /* of a customer from a channel that has one; NaN without any */
    double churn_first_period;  /* 1 - survival[1] */
    double lifetime;            /* expected bills paid within the horizon */
    double ltv;                 /* expected LTV */
    double spreadsheet_ltv;     /* ARPU x margin / churn of the first period */
    double discounted_lifetime; /* expected discounted number of bills within the horizon */
    /* Closed forms of a plain, discounted beta_geometric arm, in discounted bills to the end of
     * time (Fader & Hardie 2007, 2010): of a new customer, and of one who has paid all bills of
     * the horizon but the last, before the next is known. NaN for other arms. */
    double sbg_lifetime, sbg_residual_lifetime;
    /* Expected discounted contribution of the bills from the horizon on. NaN when it is not
     * known, as for an arm that is not plain, with the reason in beyond_note ("" otherwise; a
     * static string). */
    double beyond_horizon;
    const char *beyond_note;
    /* Steps from spreadsheet_ltv to ltv, in the order in which they are taken; they sum to the
     * difference. Meaningless when churn_first_period is 0. */
    double step_horizon;       /* bills at or after the horizon do not count */
    double step_discounting;   /* later bills are worth less */
    double step_tenure;        /* the hazard changes with tenure */
    double step_heterogeneity; /* customers differ in churn: the ones who stay are the loyal */
    double step_first_order;   /* a certain first order comes once, not with every bill */
    double step_mix;           /* who pays more stays longer or shorter; season of orders */
    double step_spend;         /* who spends more stays longer or shorter */
    double step_service_cost;
} ltv_expectation;

/* Without `steps` those from spreadsheet_ltv are left out, which take as long as all the rest.
 * Fails with NO_MEMORY only. *expectation may be freed whatever is returned. */
LTV_MUST_USE ltv_status ltv_expectation_init(ltv_expectation *expectation,
                                             const ltv_scenario *scenario, const ltv_arm *arm,
                                             bool steps, ltv_error *err);

/* No more of it than what customers cost and what their first bill brings: cac, cac_paid, arpu and
 * gross_margin; everything else NaN, or none. Cheap. */
void ltv_expectation_of_joining(ltv_expectation *expectation, const ltv_scenario *scenario,
                                const ltv_arm *arm);

void ltv_expectation_free(ltv_expectation *expectation);

#endif
