/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "random_scenario.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t next_word(test_random *random)
{
    uint64_t z = random->state += 0x9e3779b97f4a7c15ull;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ z >> 27) * 0x94d049bb133111ebull;
    return z ^ z >> 31;
}

double test_random_uniform(test_random *random, double low, double high)
{
    return low + (high - low) * (double)(next_word(random) >> 11) * 0x1p-53;
}

uint32_t test_random_below(test_random *random, uint32_t n)
{
    return (uint32_t)(next_word(random) % n);
}

static bool sometimes(test_random *random, double probability)
{
    return test_random_uniform(random, 0, 1) < probability;
}

static void random_table(ltv_curve *curve, test_random *random)
{
    curve->table_size = 3 + test_random_below(random, 30);
    curve->survival = calloc(curve->table_size, sizeof *curve->survival);
    curve->survival[0] = 1;
    for (size_t u = 1; u < curve->table_size; u++)
        curve->survival[u] = curve->survival[u - 1] * test_random_uniform(random, 0.8, 1);
    if (sometimes(random, 0.2))
        curve->survival[curve->table_size - 1] = 0;
    curve->hold = 1 + test_random_below(random, (uint32_t)curve->table_size - 1);
}

void random_retention_curve(ltv_retention *retention, ltv_curve_kind kind, test_random *random)
{
    ltv_curve *curve = &retention->curve;
    double *parameter = curve->parameter;
    curve->kind = kind;
    switch (kind) {
    case LTV_CURVE_GEOMETRIC:
        parameter[0] = sometimes(random, 0.1) ? 0 : test_random_uniform(random, 0.001, 0.3);
        break;
    case LTV_CURVE_WEIBULL:
    case LTV_CURVE_LOG_LOGISTIC:
        parameter[0] = test_random_uniform(random, 3, 60);
        parameter[1] = test_random_uniform(random, 0.4, 2.5);
        break;
    case LTV_CURVE_GOMPERTZ:
        parameter[0] = test_random_uniform(random, 0.005, 0.1);
        parameter[1] = test_random_uniform(random, -0.2, 0.1);
        break;
    case LTV_CURVE_LOG_NORMAL:
        parameter[0] = test_random_uniform(random, 0.5, 4);
        parameter[1] = test_random_uniform(random, 0.3, 2);
        break;
    case LTV_CURVE_BETA_GEOMETRIC:
    case LTV_CURVE_BETA_DISCRETE_WEIBULL:
        parameter[0] = test_random_uniform(random, 0.2, 3);
        parameter[1] = test_random_uniform(random, 0.5, 30);
        parameter[2] = test_random_uniform(random, 0.5, 1.6);
        break;
    default:
        random_table(curve, random);
    }
}

static ltv_spread random_spread(test_random *random, double probability)
{
    if (!sometimes(random, probability))
        return (ltv_spread){LTV_SPREAD_NONE, 0};
    return (ltv_spread){sometimes(random, 0.5) ? LTV_SPREAD_GAMMA : LTV_SPREAD_LOG_NORMAL,
                        test_random_uniform(random, 0.2, 1.5)};
}

static void random_spikes(ltv_retention *retention, test_random *random)
{
    retention->n_spikes = 1 + test_random_below(random, 3);
    retention->spikes = calloc(retention->n_spikes, sizeof *retention->spikes);
    uint32_t period = 0;
    for (size_t i = 0; i < retention->n_spikes; i++) {
        period += test_random_below(random, 12) + (i > 0);
        retention->spikes[i] = (ltv_tenure_spike){
            period, sometimes(random, 0.2) ? 0 : test_random_uniform(random, 0, 3)};
    }
}

static void random_retention(ltv_retention *retention, const ltv_scenario *scenario,
                             ltv_curve_kind kind, test_random *random)
{
    random_retention_curve(retention, kind, random);
    retention->heterogeneity = random_spread(random, 0.5);
    if (sometimes(random, 0.3))
        retention->cured = test_random_uniform(random, 0.01, 0.4);
    if (scenario->has_start && scenario->time_unit <= LTV_UNIT_MONTH && sometimes(random, 0.4)) {
        retention->has_season = true;
        for (int m = 0; m < 12; m++)
            retention->season[m] = test_random_uniform(random, 0.3, 2);
    }
    if (sometimes(random, 0.4))
        random_spikes(retention, random);
}

static ltv_curve_kind random_kind(test_random *random)
{
    return (ltv_curve_kind)test_random_below(random, LTV_CURVE_KINDS);
}

static ltv_multipliers random_ratios(bool declared, test_random *random)
{
    ltv_multipliers ratios = LTV_NO_MULTIPLIERS;
    if (declared && sometimes(random, 0.5))
        ratios.on[LTV_LEVER_CHURN] =
            sometimes(random, 0.1) ? 0 : test_random_uniform(random, 0.3, 2.5);
    if (declared && sometimes(random, 0.3))
        ratios.on[LTV_LEVER_INVOLUNTARY] = test_random_uniform(random, 0, 3);
    return ratios;
}

/* n shares that sum to 1; the caller frees them. */
static double *random_shares(size_t n, test_random *random)
{
    double *shares = calloc(n, sizeof *shares), sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += shares[i] = test_random_uniform(random, 0.1, 1);
    for (size_t i = 0; i < n; i++)
        shares[i] /= sum;
    return shares;
}

static void random_segments(ltv_arm *arm, const ltv_scenario *scenario, test_random *random)
{
    arm->declared_segments = sometimes(random, 0.5);
    arm->n_segments = arm->declared_segments ? 1 + test_random_below(random, 4) : 1;
    arm->segments = calloc(arm->n_segments, sizeof *arm->segments);
    for (size_t s = 0; s < arm->n_segments; s++) {
        ltv_segment *segment = &arm->segments[s];
        snprintf(segment->name, sizeof segment->name, arm->declared_segments ? "s%zu" : "all", s);
        segment->share = 1 / (double)arm->n_segments;
        double price = arm->declared_segments ? test_random_uniform(random, 0.5, 2) : 1;
        segment->times = random_ratios(arm->declared_segments, random);
        segment->times.on[LTV_LEVER_PRICE] = price;
        segment->service_cost = sometimes(random, 0.4) ? test_random_uniform(random, 0, 30) : 0;
        segment->has_retention = arm->declared_segments && sometimes(random, 0.5);
        if (segment->has_retention)
            random_retention(&segment->retention, scenario, random_kind(random), random);
    }
}

static void random_channels(ltv_arm *arm, test_random *random)
{
    arm->declared_channels = sometimes(random, 0.5);
    arm->n_channels = arm->declared_channels ? 1 + test_random_below(random, 3) : 1;
    arm->channels = calloc(arm->n_channels, sizeof *arm->channels);
    for (size_t c = 0; c < arm->n_channels; c++) {
        snprintf(arm->channels[c].name, sizeof arm->channels[c].name,
                 arm->declared_channels ? "c%zu" : "all", c);
        arm->channels[c].share = 1 / (double)arm->n_channels;
        arm->channels[c].times = random_ratios(arm->declared_channels, random);
        arm->channels[c].cac = sometimes(random, 0.3) ? 0 : test_random_uniform(random, 10, 2000);
    }
}

/* Levels of price and spend, and segments that come through one channel more than another. */
static void random_levels(ltv_arm *arm, test_random *random)
{
    for (size_t s = 0; s < arm->n_segments; s++)
        if (arm->declared_segments && sometimes(random, 0.3))
            arm->segments[s].times.on[LTV_LEVER_SPEND] = test_random_uniform(random, 0.5, 2);
    for (size_t c = 0; c < arm->n_channels && arm->declared_channels; c++) {
        if (sometimes(random, 0.3))
            arm->channels[c].times.on[LTV_LEVER_SPEND] = test_random_uniform(random, 0.5, 2);
        if (sometimes(random, 0.3))
            arm->channels[c].times.on[LTV_LEVER_PRICE] = test_random_uniform(random, 0.5, 2);
        if (arm->n_segments > 1 && sometimes(random, 0.5))
            arm->channels[c].segments = random_shares(arm->n_segments, random);
    }
}

/* Spend may follow churn where every segment's frailty varies and comes from one source. */
static bool may_correlate(const ltv_arm *arm)
{
    for (size_t s = 0; s < arm->n_segments; s++) {
        const ltv_retention *retention = ltv_arm_retention(arm, s);
        bool beta = ltv_curve_model_of(retention->curve.kind)->brings_beta_frailty;
        if (beta == (retention->heterogeneity.kind != LTV_SPREAD_NONE))
            return false;
    }
    return true;
}

void random_scenario_init(ltv_scenario *scenario, uint64_t number)
{
    test_random random = {number * 7919 + 17};
    *scenario = (ltv_scenario){.title = strdup("random"),
                               .currency = "USD",
                               .currency_decimals = 2,
                               .time_unit = (ltv_time_unit)test_random_below(&random, 5),
                               .horizon = 1 + test_random_below(&random, 130),
                               .payment = (ltv_payment)test_random_below(&random, 3),
                               .has_start = sometimes(&random, 0.7),
                               .start = {2027, 4, 15},
                               .fiscal_year_start = 1,
                               .seed = 1000 + number,
                               .customers = 20000,
                               .n_arms = 1,
                               .arms = calloc(1, sizeof *scenario->arms)};
    if (sometimes(&random, 0.7))
        scenario->discount_rate_per_year = test_random_uniform(&random, 0, 0.5);
    ltv_arm *arm = scenario->arms;
    snprintf(arm->name, sizeof arm->name, "baseline");
    arm->has_retention = true;
    ltv_curve_kind kind = number < LTV_CURVE_KINDS ? (ltv_curve_kind)number : random_kind(&random);
    random_retention(&arm->retention, scenario, kind, &random);
    if (sometimes(&random, 0.5))
        arm->involuntary_churn = test_random_uniform(&random, 0.001, 0.05);
    arm->price = test_random_uniform(&random, 1, 500);
    arm->gross_margin = test_random_uniform(&random, 0.2, 1);
    arm->service_cost = sometimes(&random, 0.5) ? test_random_uniform(&random, 0, 50) : 0;
    arm->spend = random_spread(&random, 0.6);
    random_segments(arm, scenario, &random);
    random_channels(arm, &random);
    if (arm->spend.kind != LTV_SPREAD_NONE && may_correlate(arm))
        arm->spend_churn_correlation = test_random_uniform(&random, -0.9, 0.9);
    random_levels(arm, &random);
}
