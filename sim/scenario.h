/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_SCENARIO_H
#define LTV_SIM_SCENARIO_H

#include "models/curve.h"
#include "models/spread.h"

/* Everything that the user said, validated, with defaults filled in. Filled by
 * sim/io/scenario/scenario_read.c or by a test; read by ltv_program and the reference simulator.
 * Money is in major units of the currency (dollars, yen), rates are per period of time_unit
 * unless the name says otherwise. */

enum { LTV_NAME_SIZE = 65 }; /* names hold at most 64 bytes of UTF-8 */

typedef enum {
    LTV_UNIT_DAY,
    LTV_UNIT_WEEK,
    LTV_UNIT_MONTH,
    LTV_UNIT_QUARTER,
    LTV_UNIT_YEAR
} ltv_time_unit;

typedef enum { LTV_PAY_ADVANCE, LTV_PAY_MID, LTV_PAY_ARREARS } ltv_payment;

typedef struct {
    uint32_t period; /* acts between bills `period` and `period` + 1 */
    double times;    /* multiplier on the hazard of voluntary churn, >= 0 */
} ltv_tenure_spike;

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

/* Factors on the hazards of a customer's clocks: 1 changes nothing, 2 doubles the hazard. */
typedef struct {
    double churn, involuntary; /* >= 0 */
} ltv_hazard_ratios;

typedef struct {
    char name[LTV_NAME_SIZE];
    double share;            /* of joining customers; the shares of all segments sum to 1 */
    double price_multiplier; /* >= 0 */
    ltv_hazard_ratios times;
    double service_cost; /* per active period, besides the arm's own, >= 0 */
    bool has_retention;  /* else the arm's retention holds */
    ltv_retention retention;
} ltv_segment;

typedef struct {
    char name[LTV_NAME_SIZE];
    double share; /* of joining customers; the shares of all channels sum to 1 */
    double cac;   /* cost to acquire one customer, >= 0 */
    ltv_hazard_ratios times;
} ltv_channel;

/* One arm: the scenario with the arm's overrides applied, complete in itself. */
typedef struct {
    char name[LTV_NAME_SIZE];
    bool has_retention; /* false only when every segment has a retention of its own */
    ltv_retention retention;
    double involuntary_churn;       /* probability per period, 0 <= p < 1 */
    double price;                   /* recurring, per bill, >= 0 */
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
} ltv_arm;

typedef struct {
    int year, month, day; /* month 1 ... 12, day 1 ... 31 */
} ltv_date;

typedef struct {
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
    uint64_t customers;   /* simulated per arm, 1 ... LTV_MAX_CUSTOMERS */
    size_t n_arms;        /* >= 1; the first is the baseline */
    ltv_arm *arms;        /* owned */
} ltv_scenario;

#define LTV_MAX_HORIZON   20000u
#define LTV_MAX_CUSTOMERS 4000000000ull
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

/* What the hazards of a customer of this channel and segment are multiplied with. */
ltv_hazard_ratios ltv_arm_hazard_ratios(const ltv_arm *arm, size_t channel, size_t segment);

/* The first channel whose customers have the same hazard ratios as this one's, itself at the
 * latest: what depends on nothing else of a channel need not be computed for both. */
size_t ltv_arm_like_channel(const ltv_arm *arm, size_t channel);

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
