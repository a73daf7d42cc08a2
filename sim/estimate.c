/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/estimate.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/expectation.h"
#include "sim/group.h"
#include "sim/metrics.h"
#include "sim/quantiles.h"

static ltv_status no_memory(ltv_error *err)
{
    return ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory for the estimates");
}

/* An amount that no customer has: NaN throughout and an empty histogram. */
static ltv_status fill_empty_value(ltv_value_estimate *value, ltv_error *err)
{
    value->mean = value->standard_error = value->sd = value->min = value->max = NAN;
    for (int i = 0; i < LTV_QUANTILES; i++)
        value->quantiles[i] = (ltv_quantile){ltv_quantile_levels[i], NAN, NAN, NAN};
    value->histogram.n_bins = 1;
    value->histogram.edges = calloc(2, sizeof *value->histogram.edges);
    value->histogram.counts = calloc(1, sizeof *value->histogram.counts);
    if (value->histogram.edges == NULL || value->histogram.counts == NULL)
        return no_memory(err);
    value->histogram.edges[1] = 1;
    return LTV_OK;
}

static ltv_status fill_value(ltv_value_estimate *value, const ltv_moments *moments,
                             const ltv_sketch *sketch, ltv_money least, ltv_money most,
                             ltv_money spacing, double quanta, ltv_error *err)
{
    value->n = moments->n;
    value->draws = 1;
    if (moments->n == 0)
        return fill_empty_value(value, err);
    value->mean = ltv_moments_mean(moments) / quanta;
    value->sd = sqrt(ltv_moments_variance(moments)) / quanta;
    value->standard_error = value->sd / sqrt((double)moments->n);
    value->min = (double)least / quanta;
    value->max = (double)most / quanta;
    ltv_quantiles_of_sketch(value->quantiles, sketch, moments->n, quanta);
    return ltv_histogram_of_sketch(&value->histogram, sketch, moments->n, least, most, spacing,
                                   quanta, err);
}

/* Distance between neighbouring amounts where LTV can only be a number of equal bills, else 0. */
static ltv_money even_spacing(const ltv_scenario *scenario, const ltv_group *group)
{
    const ltv_program *program = group->program;
    if (scenario->discount_rate_per_year != 0 || program->spends_differ ||
        group->end_segment - group->first_segment != 1)
        return 0;
    const ltv_segment_program *segment = &program->segments[group->first_segment];
    ltv_money bill = segment->discounted_margin[1] - segment->discounted_service[1];
    return bill < 0 ? -bill : bill;
}

static ltv_status fill_values(ltv_group_estimate *estimate, const ltv_scenario *scenario,
                              const ltv_group *group, double quanta, ltv_error *err)
{
    ltv_spread_tally spread;
    ltv_status status = ltv_group_spread(group, &spread) ? LTV_OK : no_memory(err);
    ltv_moments ltv = ltv_group_ltv(group), net = ltv_group_net_ltv(group);
    ltv_money spacing = even_spacing(scenario, group);
    bool one_cac = group->end_channel - group->first_channel == 1;
    if (status == LTV_OK)
        status = fill_value(&estimate->ltv, &ltv, &spread.ltv, spread.least, spread.most, spacing,
                            quanta, err);
    if (status == LTV_OK)
        status = fill_value(&estimate->net_ltv, &net, &spread.net_ltv, spread.net_least,
                            spread.net_most, one_cac ? spacing : 0, quanta, err);
    ltv_spread_tally_free(&spread);
    return status;
}

static double **curves_of(ltv_group_estimate *e, size_t i)
{
    double **curves[] = {&e->ltv.by_period,
                         &e->net_ltv.by_period,
                         &e->recurring_revenue,
                         &e->revenue,
                         &e->contribution,
                         &e->cumulative_contribution,
                         &e->cumulative_discounted_contribution,
                         &e->retention};
    return i < sizeof curves / sizeof *curves ? curves[i] : NULL;
}

static bool allocate_curves(ltv_group_estimate *estimate, size_t horizon)
{
    for (size_t i = 0; curves_of(estimate, i) != NULL; i++) {
        double *curve = calloc(horizon + 1, sizeof *curve);
        *curves_of(estimate, i) = curve;
        if (curve == NULL)
            return false;
    }
    return true;
}

/* Adds one segment's part of the curves, still sums over customers in quanta. */
static void add_segment_curves(ltv_group_estimate *e, const ltv_program *program, size_t segment,
                               const double *paying, const double *spend)
{
    const ltv_segment_program *of = &program->segments[segment];
    for (uint32_t u = 0; u < program->horizon; u++) {
        double revenue = of->revenue_per_bill * spend[u];
        double margin = (double)(of->discounted_margin[u + 1] - of->discounted_margin[u]);
        double service = (double)(of->discounted_service[u + 1] - of->discounted_service[u]);
        e->recurring_revenue[u] += revenue;
        e->contribution[u] += revenue * program->gross_margin - of->service_per_bill * paying[u];
        e->cumulative_discounted_contribution[u] += margin * spend[u] - service * paying[u];
        e->retention[u] += paying[u];
    }
    e->retention[program->horizon] += paying[program->horizon];
}

/* From sums to means per joined customer, and to running sums. */
static void finish_curves(ltv_group_estimate *e, uint32_t horizon, double n, double quanta,
                          double cac)
{
    double contribution = 0, discounted = 0;
    for (uint32_t u = 0; u < horizon; u++) {
        e->recurring_revenue[u] /= n * quanta;
        e->revenue[u] = e->recurring_revenue[u]; /* orders would come on top */
        e->contribution[u] /= n * quanta;
        contribution += e->contribution[u];
        discounted += e->cumulative_discounted_contribution[u];
        e->cumulative_contribution[u] = contribution;
        e->cumulative_discounted_contribution[u] = discounted / (n * quanta);
        e->ltv.by_period[u] = e->cumulative_discounted_contribution[u];
        e->net_ltv.by_period[u] = e->ltv.by_period[u] - cac;
    }
    for (uint32_t u = 0; u <= horizon; u++)
        e->retention[u] /= n;
}

static ltv_status fill_curves(ltv_group_estimate *estimate, const ltv_group *group, double quanta,
                              ltv_error *err)
{
    uint32_t horizon = group->program->horizon;
    double *paying = calloc((size_t)horizon + 1, sizeof *paying);
    double *spend = calloc((size_t)horizon + 1, sizeof *spend);
    ltv_status status = LTV_OK;
    if (paying == NULL || spend == NULL || !allocate_curves(estimate, horizon)) {
        status = no_memory(err);
    } else {
        for (size_t s = group->first_segment; s < group->end_segment; s++) {
            ltv_group_paying(group, s, paying, spend);
            add_segment_curves(estimate, group->program, s, paying, spend);
        }
        finish_curves(estimate, horizon, (double)ltv_group_size(group), quanta,
                      ltv_group_mean_cac(group) / quanta);
    }
    free(paying);
    free(spend);
    return status;
}

static ltv_status fill_group(ltv_group_estimate *estimate, const ltv_scenario *scenario,
                             const ltv_group *group, const char *name, double share,
                             const ltv_expectation *expectation, ltv_error *err)
{
    double quanta = ltv_money_quanta_per_unit(scenario->currency_decimals);
    snprintf(estimate->name, sizeof estimate->name, "%s", name);
    estimate->share = share;
    ltv_status status = fill_values(estimate, scenario, group, quanta, err);
    if (status == LTV_OK)
        status = fill_curves(estimate, group, quanta, err);
    if (status == LTV_OK)
        status = ltv_metrics_of_group(estimate, scenario, group, expectation, err);
    return status;
}

/* The way from the spreadsheet's figure to the simulated mean; steps of no size are left out. */
static ltv_status fill_bridge(ltv_arm_estimate *arm, const ltv_expectation *e, ltv_error *err)
{
    double simulated = arm->all.ltv.mean;
    const ltv_bridge_step steps[] = {
        {"spreadsheet", "ARPU x gross margin / churn of the first period", e->spreadsheet_ltv, 0},
        {"horizon", "bills after the horizon do not count, at the spreadsheet's constant churn",
         e->step_horizon, 0},
        {"discounting", "later bills are worth less today", e->step_discounting, 0},
        {"churn_by_tenure", "churn changes with tenure, season or anniversaries", e->step_tenure,
         0},
        {"heterogeneity", "customers differ in churn: those who stay are the loyal ones",
         e->step_heterogeneity, 0},
        {"mix", "segments that pay more stay longer or shorter", e->step_mix, 0},
        {"spend_and_churn", "customers who spend more stay longer or shorter", e->step_spend, 0},
        {"service_cost", "cost to serve while active", e->step_service_cost, 0},
    };
    enum { STEPS = sizeof steps / sizeof *steps };
    if (!(e->churn_first_period > 0) || isnan(simulated))
        return LTV_OK; /* the formula divides by zero: there is nothing to start from */
    arm->bridge = calloc(STEPS + 1, sizeof *arm->bridge);
    if (arm->bridge == NULL)
        return no_memory(err);
    double running = 0;
    for (size_t i = 0; i < STEPS; i++) {
        if (i > 0 && fabs(steps[i].amount) <= 1e-9 * fabs(steps[0].amount))
            continue;
        running += steps[i].amount;
        arm->bridge[arm->n_bridge] = steps[i];
        arm->bridge[arm->n_bridge++].running = running;
    }
    arm->bridge[arm->n_bridge++] =
        (ltv_bridge_step){"simulation_noise", "Monte Carlo error of the simulated mean",
                          simulated - running, simulated};
    return LTV_OK;
}

/* A segment's customers are those of the arm that has this segment only. */
static ltv_status fill_segment(ltv_group_estimate *estimate, const ltv_scenario *scenario,
                               const ltv_arm *arm, size_t index, const ltv_group *group,
                               ltv_error *err)
{
    ltv_segment only = arm->segments[index];
    ltv_arm part = *arm; /* borrows all that arm owns */
    part.n_segments = 1;
    part.segments = &only;
    only.share = 1;
    ltv_expectation expectation;
    ltv_status status = ltv_expectation_init(&expectation, scenario, &part, err);
    if (status == LTV_OK)
        status = fill_group(estimate, scenario, group, only.name, arm->segments[index].share,
                            &expectation, err);
    ltv_expectation_free(&expectation);
    return status;
}

/* The expectation of the arm as if it had this one channel only. */
static ltv_status expect_channel(ltv_expectation *expectation, const ltv_scenario *scenario,
                                 const ltv_arm *arm, size_t index, ltv_error *err)
{
    ltv_channel only = arm->channels[index];
    ltv_arm part = *arm; /* borrows all that arm owns */
    part.n_channels = 1;
    part.channels = &only;
    only.share = 1;
    return ltv_expectation_init(expectation, scenario, &part, err);
}

/* Channels that are alike differ in nothing but their cost, so they share an expectation. */
static ltv_status fill_channels(ltv_arm_estimate *estimate, const ltv_scenario *scenario,
                                const ltv_arm *arm, const ltv_program *program,
                                const ltv_arm_tally *tally, ltv_error *err)
{
    ltv_expectation *expected = calloc(estimate->n_channels + 1, sizeof *expected);
    ltv_status status = expected != NULL ? LTV_OK : no_memory(err);
    for (size_t c = 0; status == LTV_OK && c < estimate->n_channels; c++) {
        const ltv_channel *channel = &arm->channels[c];
        size_t like = ltv_arm_like_channel(arm, c);
        if (like == c)
            status = expect_channel(&expected[c], scenario, arm, c, err);
        if (status != LTV_OK)
            break;
        ltv_expectation own = expected[like]; /* borrows its curves */
        own.cac = channel->cac;
        own.cac_paid = channel->cac > 0 ? channel->cac : NAN;
        ltv_group group = ltv_group_channel(program, tally, c);
        status = fill_group(&estimate->channels[c], scenario, &group, channel->name, channel->share,
                            &own, err);
    }
    for (size_t c = 0; expected != NULL && c < estimate->n_channels; c++)
        ltv_expectation_free(&expected[c]);
    free(expected);
    return status;
}

static ltv_status fill_parts(ltv_arm_estimate *estimate, const ltv_scenario *scenario,
                             const ltv_arm *arm, const ltv_program *program,
                             const ltv_arm_tally *tally, ltv_error *err)
{
    ltv_status status = LTV_OK;
    size_t n_segments = arm->declared_segments ? arm->n_segments : 0;
    size_t n_channels = arm->declared_channels ? arm->n_channels : 0;
    estimate->segments = calloc(n_segments + 1, sizeof *estimate->segments);
    estimate->channels = calloc(n_channels + 1, sizeof *estimate->channels);
    if (estimate->segments == NULL || estimate->channels == NULL)
        return no_memory(err);
    estimate->n_segments = n_segments;
    estimate->n_channels = n_channels;
    for (size_t s = 0; status == LTV_OK && s < n_segments; s++) {
        ltv_group group = ltv_group_segment(program, tally, s);
        status = fill_segment(&estimate->segments[s], scenario, arm, s, &group, err);
    }
    if (status == LTV_OK)
        status = fill_channels(estimate, scenario, arm, program, tally, err);
    return status;
}

static ltv_status fill_arm(ltv_arm_estimate *estimate, const ltv_scenario *scenario,
                           const ltv_arm *arm, const ltv_program *program,
                           const ltv_arm_tally *tally, ltv_error *err)
{
    ltv_expectation expectation;
    ltv_group all = ltv_group_all(program, tally);
    ltv_status status = ltv_expectation_init(&expectation, scenario, arm, err);
    if (status == LTV_OK)
        status = fill_group(&estimate->all, scenario, &all, arm->name, 1, &expectation, err);
    if (status == LTV_OK)
        status = fill_bridge(estimate, &expectation, err);
    if (status == LTV_OK)
        status = fill_parts(estimate, scenario, arm, program, tally, err);
    ltv_expectation_free(&expectation);
    return status;
}

static ltv_status fill_contrast(ltv_contrast_estimate *estimate, const ltv_scenario *scenario,
                                size_t arm, const ltv_contrast_tally *tally, ltv_error *err)
{
    double quanta = ltv_money_quanta_per_unit(scenario->currency_decimals);
    snprintf(estimate->arm, sizeof estimate->arm, "%s", scenario->arms[arm].name);
    snprintf(estimate->against, sizeof estimate->against, "%s", scenario->arms[0].name);
    ltv_status status = fill_value(&estimate->delta_ltv, &tally->delta_ltv, &tally->distribution,
                                   tally->least, tally->most, 0, quanta, err);
    if (status == LTV_OK)
        status = ltv_metrics_of_contrast(estimate, scenario, err);
    return status;
}

ltv_status ltv_estimate_init(ltv_estimate *estimate, const ltv_scenario *scenario,
                             const ltv_program *programs, const ltv_tally *tally, ltv_error *err)
{
    size_t n_arms = scenario->n_arms;
    *estimate = (ltv_estimate){.horizon = scenario->horizon};
    estimate->arms = calloc(n_arms, sizeof *estimate->arms);
    estimate->contrasts = calloc(n_arms, sizeof *estimate->contrasts);
    if (estimate->arms == NULL || estimate->contrasts == NULL)
        return no_memory(err);
    estimate->n_arms = n_arms;
    estimate->n_contrasts = n_arms - 1;
    ltv_status status = LTV_OK;
    for (size_t a = 0; status == LTV_OK && a < n_arms; a++)
        status = fill_arm(&estimate->arms[a], scenario, &scenario->arms[a], &programs[a],
                          &tally->arms[a], err);
    for (size_t a = 1; status == LTV_OK && a < n_arms; a++)
        status =
            fill_contrast(&estimate->contrasts[a - 1], scenario, a, &tally->contrasts[a - 1], err);
    return status;
}

static void free_value(ltv_value_estimate *value)
{
    ltv_histogram_free(&value->histogram);
}

static void free_group(ltv_group_estimate *group)
{
    free_value(&group->ltv);
    free_value(&group->net_ltv);
    for (size_t i = 0; curves_of(group, i) != NULL; i++)
        free(*curves_of(group, i));
    free(group->metrics);
}

static void free_arm(ltv_arm_estimate *arm)
{
    free_group(&arm->all);
    for (size_t s = 0; s < arm->n_segments; s++)
        free_group(&arm->segments[s]);
    for (size_t c = 0; c < arm->n_channels; c++)
        free_group(&arm->channels[c]);
    free(arm->segments);
    free(arm->channels);
    free(arm->bridge);
}

void ltv_estimate_free(ltv_estimate *estimate)
{
    for (size_t a = 0; a < estimate->n_arms; a++)
        free_arm(&estimate->arms[a]);
    for (size_t i = 0; i < estimate->n_contrasts; i++) {
        free_value(&estimate->contrasts[i].delta_ltv);
        free(estimate->contrasts[i].metrics);
    }
    free(estimate->arms);
    free(estimate->contrasts);
    *estimate = (ltv_estimate){0};
}
