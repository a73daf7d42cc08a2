/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenario_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *must(void *allocated)
{
    if (allocated == NULL)
        abort();
    return allocated;
}

static void *copy_of(const void *source, size_t n, size_t size)
{
    return n == 0 ? NULL : memcpy(must(calloc(n, size)), source, n * size);
}

static void fill_baseline(ltv_arm *arm, double churn)
{
    *arm = (ltv_arm){.name = "baseline",
                     .has_retention = true,
                     .retention = {.curve = {.kind = LTV_CURVE_GEOMETRIC, .parameter = {churn}}},
                     .price = 1000,
                     .gross_margin = 0.8,
                     .n_segments = 1,
                     .n_channels = 1};
    const ltv_segment everybody = {.name = "all", .share = 1, .times = LTV_NO_MULTIPLIERS};
    const ltv_channel everywhere = {
        .name = "all", .share = 1, .cac = 5000, .times = LTV_NO_MULTIPLIERS};
    arm->segments = copy_of(&everybody, 1, sizeof everybody);
    arm->channels = copy_of(&everywhere, 1, sizeof everywhere);
}

void scenario_fixture_init(ltv_scenario *scenario, double churn_per_period)
{
    *scenario = (ltv_scenario){.title = must(strdup("Music streaming")),
                               .currency = "JPY",
                               .currency_decimals = 0,
                               .time_unit = LTV_UNIT_MONTH,
                               .horizon = 120,
                               .payment = LTV_PAY_ADVANCE,
                               .fiscal_year_start = 1,
                               .seed = 1,
                               .customers = 100000,
                               .n_arms = 1};
    scenario->arms = must(calloc(1, sizeof *scenario->arms));
    fill_baseline(&scenario->arms[0], churn_per_period);
}

static void copy_retention(ltv_retention *copy, const ltv_retention *source)
{
    *copy = *source;
    if (!ltv_curve_copy(&copy->curve, &source->curve))
        abort();
    copy->spikes = copy_of(source->spikes, source->n_spikes, sizeof *source->spikes);
}

ltv_arm *scenario_fixture_add_arm(ltv_scenario *scenario, const char *name)
{
    size_t n = scenario->n_arms;
    scenario->arms = must(realloc(scenario->arms, (n + 1) * sizeof *scenario->arms));
    ltv_arm *arm = &scenario->arms[n];
    const ltv_arm *baseline = &scenario->arms[0];
    *arm = *baseline;
    snprintf(arm->name, sizeof arm->name, "%s", name);
    copy_retention(&arm->retention, &baseline->retention);
    arm->segments = copy_of(baseline->segments, baseline->n_segments, sizeof *arm->segments);
    arm->channels = copy_of(baseline->channels, baseline->n_channels, sizeof *arm->channels);
    for (size_t s = 0; s < arm->n_segments; s++)
        copy_retention(&arm->segments[s].retention, &baseline->segments[s].retention);
    scenario->n_arms = n + 1;
    return arm;
}

void scenario_fixture_set_segments(ltv_arm *arm, size_t n, const double *shares,
                                   const double *price_multipliers)
{
    for (size_t s = 0; s < arm->n_segments; s++)
        ltv_retention_free(&arm->segments[s].retention);
    free(arm->segments);
    arm->segments = must(calloc(n, sizeof *arm->segments));
    arm->n_segments = n;
    arm->declared_segments = true;
    for (size_t s = 0; s < n; s++) {
        snprintf(arm->segments[s].name, sizeof arm->segments[s].name, "segment %zu", s);
        arm->segments[s].share = shares[s];
        arm->segments[s].times = LTV_NO_MULTIPLIERS;
        arm->segments[s].times.on[LTV_LEVER_PRICE] = price_multipliers[s];
    }
}

void scenario_fixture_set_channels(ltv_arm *arm, size_t n, const double *shares, const double *cacs)
{
    free(arm->channels);
    arm->channels = must(calloc(n, sizeof *arm->channels));
    arm->n_channels = n;
    arm->declared_channels = true;
    for (size_t c = 0; c < n; c++) {
        snprintf(arm->channels[c].name, sizeof arm->channels[c].name, "channel %zu", c);
        arm->channels[c].share = shares[c];
        arm->channels[c].cac = cacs[c];
        arm->channels[c].times = LTV_NO_MULTIPLIERS;
    }
}

void scenario_fixture_set_curve(ltv_retention *retention, ltv_curve_kind kind,
                                const double *parameters)
{
    ltv_curve_free(&retention->curve);
    retention->curve.kind = kind;
    for (size_t i = 0; i < ltv_curve_model_of(kind)->n_parameters; i++)
        retention->curve.parameter[i] = parameters[i];
}

void scenario_fixture_set_table(ltv_retention *retention, size_t n, const double *survival,
                                size_t hold)
{
    ltv_curve_free(&retention->curve);
    retention->curve = (ltv_curve){.kind = LTV_CURVE_TABLE,
                                   .table_size = n,
                                   .survival = copy_of(survival, n, sizeof *survival),
                                   .hold = hold,
                                   .stop = hold == 0};
}

void scenario_fixture_set_spikes(ltv_retention *retention, size_t n, const ltv_tenure_spike *spikes)
{
    free(retention->spikes);
    retention->spikes = copy_of(spikes, n, sizeof *spikes);
    retention->n_spikes = n;
}
