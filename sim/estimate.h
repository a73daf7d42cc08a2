/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_ESTIMATE_H
#define LTV_SIM_ESTIMATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "sim/scenario.h"
#include "sim/tally.h"

/* What a run says: the estimates of every arm, group and contrast, in major units of the
 * currency and periods of the scenario. Filled by ltv_estimate_init from exact integer tallies;
 * immutable afterwards. A number that does not apply is NaN, with the reason beside it. */

enum { LTV_QUANTILES = 9 };
extern const double ltv_quantile_levels[LTV_QUANTILES]; /* 0.01 ... 0.99 */

/* A quantile over customers with 95 % limits for its Monte Carlo error: order statistics,
 * rounded outward to bucket edges. NaN where there is none: for few customers, and for segments and
 * channels of several draws. */
typedef struct {
    double p, value, mc95_lower, mc95_upper;
} ltv_quantile;

typedef struct {
    size_t n_bins;
    double *edges;   /* owned, n_bins + 1; bin i holds edges[i] <= x < edges[i + 1], the last
                      * one its upper edge too */
    int64_t *counts; /* owned, n_bins; sums to the number of customers */
} ltv_histogram;

/* An amount of money per joined customer: LTV, net LTV, or a paired difference. */
typedef struct {
    int64_t n;             /* simulated customers, all draws together */
    int64_t draws;         /* joint samples of the uncertain inputs: 1 without any */
    double mean;           /* per joined customer */
    double standard_error; /* Monte Carlo, of the mean; clustered by draw */
    /* The same mean by way of a control variate (the figure ltv_controlled), of LTV alone; NaN
     * where there is none. The factor is how many times smaller the variance of its noise is. */
    double mean_controlled, standard_error_controlled, control_factor;
    double sd;       /* of one customer picked at random: spread, and what we don't know */
    double min, max; /* of the simulated customers */
    ltv_quantile quantiles[LTV_QUANTILES]; /* of one customer picked at random */
    /* The three kinds of variation. The customers' is that within a draw; the parameters' is that
     * of the true mean over draws, without the noise of the simulation, NaN for a single draw. */
    double customer_variance, parameter_variance;
    double u90_lower, u90_upper;      /* of the true mean over draws, 90 %; NaN for a single draw */
    double over_draws[LTV_QUANTILES]; /* quantiles of the true mean; likewise */
    /* 90 % of real cohorts of customers.count have their mean in here: parameter uncertainty and
     * the chance between customers together. NaN where the cohort is not known. */
    double predicted_lower, predicted_upper;
    ltv_histogram histogram;
    double *by_period; /* owned, [horizon]: mean cumulative amount after bills 0 ... u; NULL for
                        * a difference */
} ltv_value_estimate;

/* Room for the name of a figure: a word of ours and a name of the user's. */
enum { LTV_METRIC_NAME_SIZE = LTV_NAME_SIZE + 32 };

/* By how much the squared error of a mean of so many customers of all draws is larger than it would
 * be if each were in a draw of its own: 1 + (customers per draw - 1) x the intraclass correlation
 * of the value (Kish, "Survey sampling", 1965, section 5.4). At least 1, which it is for a single
 * draw; the customers per draw where the parts of variance are not known. */
double ltv_value_design_effect(const ltv_value_estimate *value, double customers);

/* A named figure. `unit` and `meaning` are static strings. */
typedef struct {
    char name[LTV_METRIC_NAME_SIZE];
    double value;
    double
        mc_standard_error; /* NaN where the figure carries no simulation noise or none is known */
    double u90_lower, u90_upper; /* parameter uncertainty, 90 % over draws; NaN for a single draw */
    const char *unit;            /* "currency", "ratio", "share", "period", "currency/period" … */
    const char *meaning;         /* one sentence: what, per whom, over which time */
    char note[160];              /* why it does not apply, or how to read it; "" otherwise */
    double denominator; /* what a ratio is over, per customer of the group; 1 for a mean of theirs.
                         * What this draw's value counts by in one of all draws */
} ltv_metric;

/* The curves of a group that have limits. */
typedef enum {
    LTV_BAND_RETENTION,
    LTV_BAND_RECURRING_REVENUE,
    LTV_BAND_REVENUE,
    LTV_BAND_CONTRIBUTION,
    LTV_BAND_CUMULATIVE_CONTRIBUTION,
    LTV_BAND_CUMULATIVE_DISCOUNTED_CONTRIBUTION,
    LTV_BAND_LTV_BY_PERIOD,
    LTV_BANDS
} ltv_band;

/* The customers of an arm, or those of one segment or channel. */
typedef struct {
    char name[LTV_NAME_SIZE]; /* of the arm, segment or channel */
    double share;             /* of joining customers, as the scenario says */
    ltv_value_estimate ltv, net_ltv;
    double *retention;         /* owned, [horizon + 1]: share of joined customers who pay bill u */
    double *recurring_revenue; /* owned, [horizon]: per joined customer at bill u, undiscounted */
    double *revenue;           /* owned, [horizon], undiscounted */
    double *contribution;      /* owned, [horizon], undiscounted */
    double *cumulative_contribution;            /* owned, [horizon]: running sum of contribution */
    double *cumulative_discounted_contribution; /* owned, [horizon]: the payback curve */
    /* Owned, [horizon], undiscounted: what programmes cost at bill u, price_off given included,
     * fixed costs not. NULL where no arm has a programme. */
    double *programme_cost;
    /* Owned, limits of parameter uncertainty of the curves above and of ltv.by_period, 90 % over
     * draws, [bill * 2 + 0 and 1]; NULL for a single draw, for segments and for channels. */
    double *band[LTV_BANDS];
    size_t n_metrics;
    ltv_metric *metrics; /* owned */
} ltv_group_estimate;

/* One step of the way from the spreadsheet formula to the simulated mean LTV. */
typedef struct {
    const char *reason;  /* "spreadsheet", "horizon", "discounting", "heterogeneity" … */
    const char *meaning; /* one sentence */
    double amount;       /* the first row is the spreadsheet's LTV, the others are differences */
    double running;      /* the sum so far; the last row's is the simulated mean */
} ltv_bridge_step;

/* A plan or an add-on, at bill u. */
typedef struct {
    char name[LTV_NAME_SIZE];
    double *share; /* owned, [horizon]: of joined customers who hold it */
    /* Owned, likewise: of their recurring revenue that it brings, 0 where there is none. */
    double *revenue_share;
} ltv_holding;

typedef struct {
    ltv_group_estimate all;
    size_t n_segments, n_channels;           /* 0 when the scenario declares none */
    ltv_group_estimate *segments, *channels; /* owned */
    size_t n_plans, n_add_ons;               /* 0 when the scenario declares none */
    ltv_holding *plans, *add_ons;            /* owned */
    size_t n_bridge;
    ltv_bridge_step *bridge; /* owned */
} ltv_arm_estimate;

/* What a contrast is worth for the customers of one segment and channel. Money per joined
 * customer of that cell, programme costs without fixed ones. */
typedef struct {
    char segment[LTV_NAME_SIZE], channel[LTV_NAME_SIZE];
    double share; /* of all joined customers */
    int64_t n;    /* simulated customers */
    double delta_ltv, delta_ltv_standard_error;
    double programme_cost;          /* added, discounted */
    double roi, roi_standard_error; /* NaN without an added cost, or where ROI is undefined */
} ltv_gain;

/* What one driver adds to the difference of two arms (sim/driver_bridge.h). */
typedef struct {
    const char *driver, *meaning; /* static strings */
    char note[160];               /* what else is in it; "" otherwise */
    double amount;                /* per joined customer */
    double standard_error;        /* Monte Carlo; NaN where none is known */
    double running;               /* the sum so far; the last row's is the difference's mean */
} ltv_driver_step;

/* One arm minus another, customer by customer on the same luck. */
typedef struct {
    char arm[LTV_NAME_SIZE];
    char against[LTV_NAME_SIZE];
    ltv_value_estimate delta_ltv;
    size_t n_metrics;
    ltv_metric *metrics;     /* owned */
    double *delta_retention; /* owned, [horizon + 1]: difference of the shares who pay bill u */
    /* Owned, [horizon]: mean cumulative discounted gain after bills 0 ... u per joined customer,
     * fixed costs included: where it crosses 0 for good the programme has paid back. */
    double *cumulative_gain;
    double *cumulative_cash;      /* owned, [horizon]: the same, undiscounted */
    double *cumulative_gain_band; /* owned, [horizon * 2]: its limits, 90 % over draws, or NULL */
    size_t n_gains;               /* segments x channels; one of all where neither is declared */
    ltv_gain *who_gains; /* owned; best first: by roi where it is defined, else by delta_ltv */
    size_t n_drivers;
    ltv_driver_step *drivers;  /* owned; those in which the arms differ */
    int64_t drivers_customers; /* simulated for them */
    char advice[500]; /* whom to aim the programme at, in a sentence; "" where there is no choice */
} ltv_contrast_estimate;

typedef struct {
    uint32_t horizon;
    size_t n_arms;
    ltv_arm_estimate *arms; /* owned; the first is the baseline */
    size_t n_contrasts;
    ltv_contrast_estimate *contrasts; /* owned; those of the scenario */
    /* Of several draws of uncertain inputs: what each of them says, and the inputs' values, owned,
     * [draw * inputs + input]; NULL for a single one. */
    struct ltv_draw_table *draws;
    double *draw_values;
    char choice[240];   /* how the number of customers per draw was chosen; "" where it was said */
    uint64_t customers; /* simulated in each arm and draw */
    int threads;        /* that did so */
    double mc_t95; /* standard errors times this are half 95 % intervals (ltv_precision_factor) */
    /* Where the scenario waits for precision: why the run ended, and whether that was it. */
    char stopping[400];
    bool is_precise;
} ltv_estimate;

/* Makes the estimates of a finished tally; programs[a] and the tally's arms are those of
 * scenario->arms[a]. Fails with NO_MEMORY; *estimate may be freed whatever is returned. */
LTV_MUST_USE ltv_status ltv_estimate_init(ltv_estimate *estimate, const ltv_scenario *scenario,
                                          const ltv_program *programs, const ltv_tally *tally,
                                          ltv_error *err);

/* The same of one draw of several, whose world the scenario is: means, curves and figures, but no
 * distributions, bridges or who gains. What needs no simulation is exact for the arm as a whole
 * and, but for CAC, left out for its segments and channels. */
LTV_MUST_USE ltv_status ltv_estimate_init_draw(ltv_estimate *estimate, const ltv_scenario *world,
                                               const ltv_program *programs, const ltv_tally *tally,
                                               ltv_error *err);

/* No more than the values and curves of whole arms and contrasts. */
LTV_MUST_USE ltv_status ltv_estimate_init_curves(ltv_estimate *estimate, const ltv_scenario *world,
                                                 const ltv_program *programs,
                                                 const ltv_tally *tally, ltv_error *err);

typedef struct ltv_draw_table ltv_draw_table;

/* The same of all draws together: the tally holds all their customers, the table what each draw
 * says by itself; scenario and programs are those of the inputs' means, but for the programs'
 * fixed costs, which are means over draws. Curves and CAC are means over draws, ratios are ratios
 * of means. Limits over draws are filled by ltv_draw_table_limits. */
LTV_MUST_USE ltv_status ltv_estimate_init_pooled(ltv_estimate *estimate,
                                                 const ltv_scenario *scenario,
                                                 const ltv_program *programs,
                                                 const ltv_tally *tally,
                                                 const ltv_draw_table *table, ltv_error *err);

/* Takes the controlled mean of LTV, and what it gains, from the group's figures. */
void ltv_estimate_take_controlled(ltv_group_estimate *group);

/* Hands the table of draws and the inputs' values over to the estimate; *table is empty and *values
 * NULL afterwards. Fails with NO_MEMORY. */
LTV_MUST_USE ltv_status ltv_estimate_keep_draws(ltv_estimate *estimate, ltv_draw_table *table,
                                                double **values, const char *choice,
                                                ltv_error *err);

void ltv_estimate_free(ltv_estimate *estimate);

#endif
