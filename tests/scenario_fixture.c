/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenario_fixture.h"

#include <math.h>
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

static ltv_rate copy_of_rate(const ltv_rate *source)
{
    ltv_rate copy = *source;
    copy.spikes = copy_of(source->spikes, source->n_spikes, sizeof *source->spikes);
    return copy;
}

static ltv_plan_change *copy_of_changes(const ltv_plan_change *source, size_t n)
{
    ltv_plan_change *copy = copy_of(source, n, sizeof *source);
    for (size_t i = 0; i < n; i++)
        copy[i].rate = copy_of_rate(&source[i].rate);
    return copy;
}

static void copy_offers(ltv_arm *copy, const ltv_arm *source)
{
    copy->plans = copy_of(source->plans, source->n_plans, sizeof *source->plans);
    for (size_t p = 0; p < source->n_plans; p++) {
        const ltv_plan *plan = &source->plans[p];
        copy->plans[p].upgrades = copy_of_changes(plan->upgrades, plan->n_upgrades);
        copy->plans[p].downgrades = copy_of_changes(plan->downgrades, plan->n_downgrades);
    }
    copy->add_ons = copy_of(source->add_ons, source->n_add_ons, sizeof *source->add_ons);
    for (size_t a = 0; a < source->n_add_ons; a++) {
        copy->add_ons[a].attach = copy_of_rate(&source->add_ons[a].attach);
        copy->add_ons[a].drop = copy_of_rate(&source->add_ons[a].drop);
    }
    copy->price_changes =
        copy_of(source->price_changes, source->n_price_changes, sizeof *source->price_changes);
    copy->interventions = must(calloc(source->n_interventions + 1, sizeof *copy->interventions));
    for (size_t k = 0; k < source->n_interventions; k++)
        if (!ltv_intervention_copy(&copy->interventions[k], &source->interventions[k],
                                   source->n_segments, source->n_channels))
            abort();
}

/* Segments and channels with all that they own. */
static void copy_groups(ltv_arm *copy, const ltv_arm *source)
{
    copy->segments = copy_of(source->segments, source->n_segments, sizeof *copy->segments);
    copy->channels = copy_of(source->channels, source->n_channels, sizeof *copy->channels);
    for (size_t s = 0; s < source->n_segments; s++) {
        const double *starts = source->segments[s].starts;
        copy_retention(&copy->segments[s].retention, &source->segments[s].retention);
        if (starts != NULL)
            copy->segments[s].starts = copy_of(starts, source->n_plans, sizeof *starts);
    }
    for (size_t c = 0; c < source->n_channels; c++) {
        const double *shares = source->channels[c].segments;
        if (shares != NULL)
            copy->channels[c].segments = copy_of(shares, source->n_segments, sizeof *shares);
    }
}

void scenario_fixture_add_contrast(ltv_scenario *scenario, size_t arm, size_t against)
{
    size_t n = scenario->n_contrasts++;
    scenario->contrasts = must(realloc(scenario->contrasts, (n + 1) * sizeof *scenario->contrasts));
    scenario->contrasts[n] = (ltv_contrast){arm, against};
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
    copy_groups(arm, baseline);
    copy_offers(arm, baseline);
    scenario->n_arms = n + 1;
    scenario_fixture_add_contrast(scenario, n, 0);
    return arm;
}

ltv_arm *scenario_fixture_add_other_arm(ltv_scenario *scenario, const char *name)
{
    ltv_arm *arm = scenario_fixture_add_arm(scenario, name);
    arm->overrides = (uint32_t)scenario->n_arms;
    return arm;
}

ltv_intervention *scenario_fixture_add_intervention(ltv_arm *arm, const char *name,
                                                    ltv_trigger when)
{
    size_t n = arm->n_interventions++;
    arm->interventions = must(realloc(arm->interventions, (n + 1) * sizeof *arm->interventions));
    arm->interventions[n] = (ltv_intervention){.plans = UINT32_MAX,
                                               .top_by_spend = 1,
                                               .reach = 1,
                                               .uptake = 1,
                                               .when = when,
                                               .to_segment = LTV_NOWHERE,
                                               .to_plan = LTV_NOWHERE,
                                               .capacity = INFINITY};
    snprintf(arm->interventions[n].name, sizeof arm->interventions[n].name, "%s", name);
    return &arm->interventions[n];
}

void scenario_fixture_set_effect(ltv_intervention *intervention, ltv_lever lever, double times,
                                 uint32_t periods)
{
    intervention->effects[intervention->n_effects++] =
        (ltv_effect){.lever = lever, .times = times, .periods = periods};
}

void scenario_fixture_set_plans(ltv_arm *arm, size_t n, const double *prices, const double *starts)
{
    arm->plans = must(calloc(n, sizeof *arm->plans));
    arm->n_plans = n;
    arm->price = 0;
    for (size_t p = 0; p < n; p++) {
        snprintf(arm->plans[p].name, sizeof arm->plans[p].name, "plan %zu", p);
        arm->plans[p].price = prices[p];
        arm->plans[p].starts = starts[p];
        arm->plans[p].margin = arm->gross_margin;
        arm->plans[p].churn = 1;
    }
}

void scenario_fixture_add_upgrade(ltv_plan *plan, uint32_t to, double probability)
{
    size_t n = plan->n_upgrades++;
    plan->upgrades = must(realloc(plan->upgrades, (n + 1) * sizeof *plan->upgrades));
    plan->upgrades[n] =
        (ltv_plan_change){.to = to, .rate = {.probability = probability, .until = UINT32_MAX}};
}

ltv_add_on *scenario_fixture_add_add_on(ltv_arm *arm, double price, double attach, double drop)
{
    size_t n = arm->n_add_ons++;
    arm->add_ons = must(realloc(arm->add_ons, (n + 1) * sizeof *arm->add_ons));
    arm->add_ons[n] = (ltv_add_on){.price = price,
                                   .margin = arm->gross_margin,
                                   .churn = 1,
                                   .attach = {.probability = attach, .until = UINT32_MAX},
                                   .drop = {.probability = drop, .until = UINT32_MAX}};
    snprintf(arm->add_ons[n].name, sizeof arm->add_ons[n].name, "add-on %zu", n);
    return &arm->add_ons[n];
}

void scenario_fixture_set_orders(ltv_arm *arm, double rate, double value)
{
    arm->orders = (ltv_orders){.rate = rate,
                               .first_order_certain = true,
                               .value_mean = value,
                               .p = INFINITY,
                               .q = INFINITY};
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

static void fill_eventful_baseline(ltv_arm *arm)
{
    scenario_fixture_set_channels(arm, 3, (double[]){0.2, 0.5, 0.3}, (double[]){0, 30, 90});
    arm->channels[2].cac_spread = (ltv_spread){LTV_SPREAD_LOG_NORMAL, 0.5};
    scenario_fixture_set_segments(arm, 2, (double[]){0.4, 0.6}, (double[]){1, 1.7});
    arm->service_cost = 0.9;
    arm->segments[1].service_cost = 19;
    arm->spend = (ltv_spread){LTV_SPREAD_GAMMA, 0.6};
    arm->involuntary_churn = 0.01;
    scenario_fixture_set_plans(arm, 2, (double[]){10, 25}, (double[]){0.7, 0.3});
    scenario_fixture_add_upgrade(&arm->plans[0], 1, 0.04);
    scenario_fixture_add_add_on(arm, 4, 0.1, 0.1);
    scenario_fixture_set_orders(arm, 0.3, 12);
    arm->price_changes = must(calloc(1, sizeof *arm->price_changes));
    arm->price_changes[0] = (ltv_price_change){.bill = 6, .times = 1.1, .churn_times = 1};
    arm->n_price_changes = 1;
}

static void add_save_offer(ltv_arm *arm)
{
    ltv_intervention *offer = scenario_fixture_add_intervention(
        arm, "offer", (ltv_trigger){.kind = LTV_WHEN_CHURN_INTENT, .probability = 0.4});
    offer->price_off = 0.2;
    offer->price_off_bills = 3;
    offer->per_contact = 0.5;
    offer->per_participant = 2;
}

void scenario_fixture_init_eventful(ltv_scenario *scenario)
{
    scenario_fixture_init(scenario, 0.08);
    memcpy(scenario->currency, "USD", 4);
    scenario->currency_decimals = 2;
    scenario->horizon = 24;
    scenario->customers = 2500; /* two full blocks and a piece */
    scenario->cohort_size = 400;
    scenario->discount_rate_per_year = 0.08;
    fill_eventful_baseline(&scenario->arms[0]);
    add_save_offer(scenario_fixture_add_arm(scenario, "offer"));
    ltv_arm *all = scenario_fixture_add_arm(scenario, "all");
    add_save_offer(all);
    ltv_intervention *touch = scenario_fixture_add_intervention(
        all, "touch", (ltv_trigger){.kind = LTV_WHEN_AT_TENURE, .periods = 2});
    scenario_fixture_set_effect(touch, LTV_LEVER_CHURN, 0.6, 8);
    touch->uptake = 0.7;
    touch->per_period = 0.25;
    touch->fixed = 300;
    touch->fixed_per_period = 10;
    scenario_fixture_add_contrast(scenario, 2, 1);
    scenario->n_phases = 2;
    scenario->phases = must(calloc(2, sizeof *scenario->phases));
    scenario->phases[0] = (ltv_phase){.name = "early", .until = 4};
    scenario->phases[1] = (ltv_phase){.name = "late", .from = 4, .until = UINT32_MAX};
}
