/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_TESTS_RANDOM_OFFERS_H
#define LTV_TESTS_RANDOM_OFFERS_H

#include "random_scenario.h"
#include "sim/scenario.h"

/* Random plans, add-ons, orders, price changes and programmes for an arm of a random scenario. */

/* What an arm may be given: offers, triggers, and what is said of every programme. A programme's
 * features without a trigger get a programme at some tenure; a trigger without any of them gets
 * an effect where it would do nothing else. */
typedef enum {
    RANDOM_PLANS, /* plans with clocks between them */
    RANDOM_TERMS, /* contract terms; brings plans */
    RANDOM_ADD_ONS,
    RANDOM_LEVERS, /* multipliers of segments and channels on clocks and orders */
    RANDOM_ORDERS,
    RANDOM_PRICE_CHANGES,
    RANDOM_AT_TENURE,
    RANDOM_EVERY,
    RANDOM_BEFORE_RENEWAL, /* brings terms */
    RANDOM_CHURN_INTENT,
    RANDOM_PAYMENT_FAILURE, /* brings involuntary churn */
    RANDOM_WIN_BACK,
    RANDOM_ON_UPGRADE,  /* brings plans */
    RANDOM_RISK_SIGNAL, /* not covered by the exact twin */
    RANDOM_AUDIENCE,    /* segments, channels, plans, phases, top by spend, reach, uptake */
    RANDOM_EFFECTS,     /* with ramps, fades and effects for ever */
    RANDOM_PRICE_OFF,
    RANDOM_PLAN_MOVE,    /* brings plans */
    RANDOM_SEGMENT_MOVE, /* brings a second segment; removes a Beta curve's further spread */
    RANDOM_COSTS,
    RANDOM_FEATURES
} random_feature;

/* "plans", "terms" and so on, for messages. */
const char *random_feature_name(random_feature feature);

/* Bit f stands for feature f. Numbers 0, 1, 2 ... give each feature of `allowed` alone, then each
 * pair of them, then three at random, at most two of which are triggers. */
unsigned random_features_of(unsigned number, unsigned allowed);

/* Adds the features to an arm that random_scenario_init has made, and sets the horizon to 12 ...
 * 48 periods. Programmes that act on churn intent and failed payments come first in the arm's
 * list. No programme has a capacity. */
void random_offers_add(ltv_scenario *scenario, ltv_arm *arm, test_random *random,
                       unsigned features);

#endif
