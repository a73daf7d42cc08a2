/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_OFFER_H
#define LTV_SIM_OFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "models/spread.h"

/* What is offered to customers: plans, add-ons, single orders, and how prices change
 * (docs/model.md, sections 4 and 5). Part of an ltv_arm; money in major units of the currency,
 * rates per period of the scenario. */

enum {
    LTV_NAME_SIZE = 65, /* names hold at most 64 bytes of UTF-8 */
    LTV_MAX_PLANS = 16,
    LTV_MAX_ADD_ONS = 16
};

/* No plan, no segment: for a move that does not happen. */
#define LTV_NOWHERE UINT32_MAX

/* What can be multiplied: the hazards of the clocks, how often customers order, what they pay. */
typedef enum {
    LTV_LEVER_CHURN, /* voluntary */
    LTV_LEVER_INVOLUNTARY,
    LTV_LEVER_UPGRADE,
    LTV_LEVER_DOWNGRADE,
    LTV_LEVER_ATTACH,
    LTV_LEVER_DROP,
    LTV_LEVER_ORDERS, /* number of orders a period */
    LTV_LEVER_PRICE,  /* of plans and add-ons */
    LTV_LEVER_SPEND,  /* recurring revenue, likewise: two names for what can be said either way */
    LTV_LEVERS
} ltv_lever;

/* A factor >= 0 for each lever: 1 changes nothing, 2 doubles. */
typedef struct {
    double on[LTV_LEVERS];
} ltv_multipliers;

/* clang-format off */
#define LTV_NO_MULTIPLIERS ((ltv_multipliers){{1, 1, 1, 1, 1, 1, 1, 1, 1}})
/* clang-format on */

/* "churn", "involuntary", "upgrade" and so on. */
const char *ltv_lever_name(ltv_lever lever);

typedef struct {
    uint32_t period; /* acts between bills `period` and `period` + 1 */
    double times;    /* multiplier on the hazard, >= 0 */
} ltv_tenure_spike;

/* A clock with the same probability in every period of a tenure window. */
typedef struct {
    double probability;   /* per period at multiplier 1, 0 <= p < 1 */
    uint32_t from, until; /* runs in tenure periods from ... until - 1; UINT32_MAX: to the end */
    size_t n_spikes;
    ltv_tenure_spike *spikes; /* owned; by_tenure; strictly increasing periods */
} ltv_rate;

typedef struct {
    uint32_t to; /* index of the plan */
    ltv_rate rate;
} ltv_plan_change;

typedef struct {
    char name[LTV_NAME_SIZE];
    double price;      /* recurring, per bill, >= 0 */
    double starts;     /* share of joining customers; all plans sum to 1 */
    double margin;     /* gross margin 0 ... 1; the arm's where the scenario gives none */
    double churn;      /* multiplier on voluntary churn while held, >= 0 */
    uint32_t term;     /* contract term in periods; 0: none */
    size_t n_upgrades; /* at most LTV_MAX_PLANS - 1, different targets */
    size_t n_downgrades;
    ltv_plan_change *upgrades, *downgrades; /* owned */
} ltv_plan;

typedef struct {
    char name[LTV_NAME_SIZE];
    double price;  /* recurring, per bill, >= 0 */
    double margin; /* as a plan's */
    double churn;  /* multiplier on voluntary churn while held, >= 0 */
    ltv_rate attach, drop;
} ltv_add_on;

/* Single purchases: a Poisson number a period with a personal rate, dated at the period's bill.
 * Value of an order = value_mean x Gamma(p)/p x (q - 1)/Gamma(q), the first gamma drawn for each
 * order, the second for each customer (Fader, Hardie & Lee, "RFM and CLV", J. Marketing Research
 * 42, 2005): p = 1/cv_within^2, q = 2 + 1/cv_between^2. */
typedef struct {
    double rate; /* expected orders per period, > 0; 0: there are no orders */
    bool first_order_certain;
    ltv_spread heterogeneity; /* of the rate over customers: none or gamma */
    double value_mean;        /* expected value of an order, >= 0 */
    double p;                 /* > 0, or INFINITY: a customer's orders are all alike */
    double q;                 /* > 1, or INFINITY: customers' mean values are all alike */
    bool has_season;
    double season[12]; /* multiplier on the rate by calendar month, January first */
} ltv_orders;

/* From bill `bill` on, prices of plans and add-ons are multiplied (changes compound), and
 * voluntary churn is, in the `churn_for` periods from there on. */
typedef struct {
    uint32_t bill;
    double times; /* >= 0 */
    double churn_times;
    uint32_t churn_for; /* 0: no response */
} ltv_price_change;

/* Release what they own and clear. Safe on a zeroed struct, and twice. */
void ltv_rate_free(ltv_rate *rate);
void ltv_plan_free(ltv_plan *plan);
void ltv_add_on_free(ltv_add_on *add_on);

#endif
