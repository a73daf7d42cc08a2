/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_SCENARIO_H
#define LTV_SIM_SCENARIO_H

#include "models/curve.h"
#include "models/spread.h"
#include "sim/inputs.h"
#include "sim/intervention.h"
#include "sim/offer.h"
#include "sim/worlds.h"

/* Everything that the user said, validated, with defaults filled in. Filled by
 * sim/io/scenario/scenario_read.c or by a test; read by ltv_program and the reference simulator.
 * Money is in major units of the currency (dollars, yen), rates are per period of time_unit
 * unless the name says otherwise. */

typedef enum {
    LTV_UNIT_DAY,
    LTV_UNIT_WEEK,
    LTV_UNIT_MONTH,
    LTV_UNIT_QUARTER,
    LTV_UNIT_YEAR
} ltv_time_unit;

typedef enum { LTV_PAY_ADVANCE, LTV_PAY_MID, LTV_PAY_ARREARS } ltv_payment;

/* Voluntary churn: the block `retention` of the scenario or of one segment. */
typedef struct {
    ltv_curve curve;
    ltv_spread heterogeneity; /* multiplies a Beta curve's own frailty */
    double cured;             /* share of customers who never leave by themselves, 0 <= pi < 1 */
    bool has_season;
    double season[12]; /* multiplier by calendar month, January first */
    size_t n_spikes;
    ltv_tenure_spike *spikes; /* owned; strictly increasing periods */
} ltv_retention;

typedef struct {
    char name[LTV_NAME_SIZE];
    double share;          /* of joining customers; the shares of all segments sum to 1 */
    ltv_multipliers times; /* a customer's are those of his segment times those of his channel */
    double service_cost;   /* per active period, besides the arm's own, >= 0 */
    bool has_retention;    /* else the arm's retention holds */
    ltv_retention retention;
    double *starts; /* owned, [n_plans]: starting plans of its own, sum 1; NULL: the plans' own */
} ltv_segment;

typedef struct {
    char name[LTV_NAME_SIZE];
    double share;          /* of joining customers; the shares of all channels sum to 1 */
    double cac;            /* mean cost to acquire one customer, >= 0 */
    ltv_spread cac_spread; /* over customers: none or log-normal */
    ltv_multipliers times;
    double *segments; /* owned, [n_segments]: shares of its own, sum 1; NULL: the segments' */
} ltv_channel;

/* One arm: the scenario with the arm's overrides applied, complete in itself. */
typedef struct {
    char name[LTV_NAME_SIZE];
    bool has_retention; /* false only when every segment has a retention of its own */
    ltv_retention retention;
    double involuntary_churn;       /* probability per period, 0 <= p < 1 */
    double price;                   /* recurring, per bill, >= 0; 0 where there are plans */
    ltv_spread spend;               /* personal level of recurring revenue */
    double spend_churn_correlation; /* Spearman, with the uncured frailty, -1 < rho < 1 */
    double gross_margin;            /* 0 ... 1 */
    double service_cost;            /* per active period, >= 0 */
    /* Always at least one of each. Without `segments` / `channels` in the scenario there is
     * one with share 1 whose name is "all", and declared_… is false. */
    bool declared_segments, declared_channels;
    size_t n_segments, n_channels;
    ltv_segment *segments; /* owned */
    ltv_channel *channels; /* owned */
    size_t n_plans;        /* 0: everybody pays `price`; else at most LTV_MAX_PLANS */
    ltv_plan *plans;       /* owned */
    size_t n_add_ons;      /* at most LTV_MAX_ADD_ONS */
    ltv_add_on *add_ons;   /* owned */
    ltv_orders orders;
    size_t n_price_changes;
    ltv_price_change *price_changes; /* owned; bills do not decrease */
    size_t n_interventions;          /* at most LTV_MAX_INTERVENTIONS */
    ltv_intervention *interventions; /* owned; in the order in which they act */
    /* 0: differs from the scenario in nothing but interventions; else the same number for arms
     * that override the same things in the same way. */
    uint32_t overrides;
} ltv_arm;

typedef struct {
    size_t arm, against; /* indices of arms */
} ltv_contrast;

typedef struct {
    int year, month, day; /* month 1 ... 12, day 1 ... 31 */
} ltv_date;

/* A holdout test that could be run before the arms are decided between. */
typedef struct {
    uint64_t customers_to_come;  /* who will join while the decision holds, >= 1 */
    double customers_per_period; /* how fast, > 0 */
    double share;                /* of those who join during the test, who take part; (0, 1] */
    uint32_t delay;              /* periods from the last of its customers to the decision */
    double cost_per_customer;    /* of those in the test, >= 0, besides the programme itself */
    double fixed_cost;           /* of the test, >= 0 */
} ltv_holdout_test;
/* How well a figure must be known before a run may stop (experiment.until). */
typedef struct {
    char *metric;      /* owned: its path, "compare.onboarding.delta_ltv" */
    double absolute;   /* largest half-width of its interval, in its own unit, > 0 … */
    double relative;   /* … or, where that is more, as a share of its size; 0: not said */
    double confidence; /* of the interval, 0.5 ... 0.9999 */
    /* Simulated per arm, all draws together: looked at from min_customers on; from max_customers
     * on the run no longer waits for it. */
    uint64_t min_customers, max_customers;
} ltv_precision;

/* Simulated customers are as many as the draws need. */
#define LTV_CUSTOMERS_AUTO UINT64_MAX
/* … which gives at least so many. */
enum { LTV_FEWEST_CUSTOMERS = 256 };

struct ltv_scenario {
    char *title;             /* owned */
    char currency[4];        /* ISO 4217 code */
    int currency_decimals;   /* digits after the decimal point people write: 2, JPY 0 */
    ltv_time_unit time_unit; /* the period */
    uint32_t horizon;        /* bills 0 ... horizon - 1 count; 1 ... LTV_MAX_HORIZON */
    ltv_payment payment;
    bool has_start;
    ltv_date start;        /* calendar date of bill 0 of the cohort */
    int fiscal_year_start; /* month 1 ... 12 */
    double discount_rate_per_year;
    uint64_t cohort_size; /* customers.count: the real cohort; 0 when not said */
    uint64_t seed;        /* 0 ... 2^53 */
    uint64_t customers;   /* simulated per arm and draw, 1 ... LTV_MAX_CUSTOMERS */
    /* Figures that the run goes on for: with one draw by more customers than the above, else by
     * more draws (sim/precision.h). None: it does not. */
    size_t n_precisions;
    ltv_precision *precisions; /* owned */
    size_t n_arms;             /* >= 1; the first is the baseline */
    ltv_arm *arms;             /* owned */
    size_t n_phases;           /* named ranges of tenure, to report value by */
    ltv_phase *phases;         /* owned */
    /* Differences to report: each arm after the first against the first, then those that
     * `compare` names. */
    size_t n_contrasts;
    ltv_contrast *contrasts; /* owned */
    bool has_test;
    ltv_holdout_test test;
    /* What nobody knows exactly. The arms above hold the means of these. */
    ltv_inputs inputs;
    ltv_sampling_kind sampling; /* how their draws are chosen */
    uint32_t draws;             /* joint samples of them; 1 without any */
    /* Borrowed from the file that the scenario was read from: where the scenario of a draw comes
     * from. NULL without uncertain inputs. */
    const ltv_worlds *worlds;
};

#define LTV_MAX_HORIZON   20000u
#define LTV_MAX_CUSTOMERS 4000000000ull
#define LTV_MOST_DRAWS    65536 /* joint samples of uncertain inputs */
#define LTV_MAX_SEED      9007199254740992ull

/* By the Gregorian calendar; month 1 ... 12. */
int ltv_days_in_month(int year, int month);

double ltv_periods_per_year(ltv_time_unit unit);

/* "day", "week", "month", "quarter", "year". */
const char *ltv_time_unit_name(ltv_time_unit unit);

/* "advance", "mid", "arrears". */
const char *ltv_payment_name(ltv_payment payment);

/* Number of periods in `months` calendar months, or 0 when it is not a whole number of them. */
uint32_t ltv_periods_in_months(ltv_time_unit unit, uint32_t months);

/* Discount factor of one period: (1 + annual rate)^(-1 / periods per year). */
double ltv_scenario_discount_per_period(const ltv_scenario *scenario);

/* The retention that a segment of the arm follows: its own or the arm's. Borrowed. */
const ltv_retention *ltv_arm_retention(const ltv_arm *arm, size_t segment);

/* What everything about a customer of this channel and segment is multiplied with. */
ltv_multipliers ltv_arm_multipliers(const ltv_arm *arm, size_t channel, size_t segment);

/* The first channel whose customers have the same multipliers as this one's, itself at the
 * latest: what depends on nothing else of a channel need not be computed for both. */
size_t ltv_arm_like_channel(const ltv_arm *arm, size_t channel);

/* Share of this segment among the customers of this channel. */
double ltv_arm_segment_share(const ltv_arm *arm, size_t channel, size_t segment);

/* Share of the customers of this segment who start with this plan; 1 without plans. */
double ltv_arm_starting_share(const ltv_arm *arm, size_t segment, size_t plan);

/* True when the arm has an intervention of this name. */
bool ltv_arm_has_intervention(const ltv_arm *arm, const char *name);

/* What falls on one joined customer of a cost of the whole cohort: 0 of none, NaN of any where
 * nobody said how many they are. */
double ltv_scenario_per_customer(const ltv_scenario *scenario, double cost);

/* True when customers do nothing but pay the same bill until they leave: no plans, add-ons,
 * orders, price changes or interventions. */
bool ltv_arm_is_plain(const ltv_arm *arm);

/* Calendar month (1 ... 12) of the first day of tenure period u of the cohort that joins at
 * scenario->start. Only with has_start. */
int ltv_scenario_calendar_month(const ltv_scenario *scenario, uint32_t period);

/* Multiplier on the hazard of voluntary churn in tenure period u: season x by_tenure. */
double ltv_scenario_churn_multiplier(const ltv_scenario *scenario, const ltv_retention *retention,
                                     uint32_t period);

/* Release what they own and clear. Safe on a zeroed struct, and twice. */
void ltv_retention_free(ltv_retention *retention);
void ltv_arm_free(ltv_arm *arm);
void ltv_scenario_free(ltv_scenario *scenario);

#endif
