/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reference_arm.h"

#include <math.h>
#include <stdlib.h>

#include "sim/money.h"

static double *new_longer_table(const ltv_scenario *scenario, uint32_t longer)
{
    double *table = calloc((size_t)scenario->horizon + longer + 2, sizeof *table);
    if (table == NULL)
        abort();
    return table;
}

static double *new_table(const ltv_scenario *scenario)
{
    return new_longer_table(scenario, 0);
}

/* Periods that a risk signal looks ahead, which may be beyond the horizon. */
static uint32_t longest_lead(const ltv_arm *arm)
{
    uint32_t lead = 0;
    for (size_t i = 0; i < arm->n_interventions; i++) {
        const ltv_trigger *when = &arm->interventions[i].when;
        if (when->kind == LTV_WHEN_RISK_SIGNAL && when->periods > lead)
            lead = when->periods;
    }
    return lead;
}

static double spike_in(uint32_t period, size_t n, const ltv_tenure_spike *spikes)
{
    double times = 1;
    for (size_t i = 0; i < n; i++)
        if (spikes[i].period == period)
            times *= spikes[i].times;
    return times;
}

/* Churn response to the price changes that are recent in this period. */
static double response_in(uint32_t period, const ltv_arm *arm)
{
    double times = 1;
    for (size_t i = 0; i < arm->n_price_changes; i++) {
        const ltv_price_change *change = &arm->price_changes[i];
        if (change->bill <= period && period - change->bill < change->churn_for)
            times *= change->churn_times;
    }
    return times;
}

static bool responds(const ltv_arm *arm)
{
    for (size_t i = 0; i < arm->n_price_changes; i++)
        if (arm->price_changes[i].churn_for > 0)
            return true;
    return false;
}

/* Voluntary churn of those who follow this retention. */
static double *churn_hazard(const ltv_scenario *scenario, const ltv_arm *arm,
                            const ltv_retention *retention)
{
    uint32_t lead = longest_lead(arm);
    double *hazard = new_longer_table(scenario, lead);
    bool as_it_stands = !retention->has_season && retention->n_spikes == 0 && !responds(arm);
    for (uint32_t u = 0; u < scenario->horizon + lead; u++) {
        double from = ltv_curve_cumulative_hazard(&retention->curve, u);
        double to = ltv_curve_cumulative_hazard(&retention->curve, u + 1);
        double times = spike_in(u, retention->n_spikes, retention->spikes);
        if (retention->has_season)
            times *= retention->season[ltv_scenario_calendar_month(scenario, u) - 1];
        times *= response_in(u, arm);
        double grown = isinf(to) ? INFINITY : to - from;
        hazard[u + 1] = as_it_stands ? to : hazard[u] + (times > 0 ? times * grown : 0);
    }
    return hazard;
}

static double *rate_hazard(const ltv_scenario *scenario, const ltv_rate *rate)
{
    double *hazard = new_table(scenario);
    for (uint32_t u = 0; u < scenario->horizon; u++) {
        bool runs = rate->from <= u && u < rate->until;
        double times = spike_in(u, rate->n_spikes, rate->spikes);
        hazard[u + 1] = hazard[u] + (runs ? times * -log1p(-rate->probability) : 0);
    }
    return hazard;
}

static double *constant_hazard(const ltv_scenario *scenario, double probability)
{
    double *hazard = new_table(scenario);
    for (uint32_t u = 0; u <= scenario->horizon; u++)
        hazard[u] = -(double)u * log1p(-probability);
    return hazard;
}

static double *expected_orders(const ltv_scenario *scenario, const ltv_orders *orders)
{
    double *expected = new_table(scenario);
    for (uint32_t u = 0; u < scenario->horizon; u++) {
        double season =
            orders->has_season ? orders->season[ltv_scenario_calendar_month(scenario, u) - 1] : 1;
        expected[u] = orders->rate * season;
    }
    return expected;
}

static double *discounts(const ltv_scenario *scenario)
{
    double *worth = new_table(scenario);
    double per_period =
        pow(1 + scenario->discount_rate_per_year, -1 / ltv_periods_per_year(scenario->time_unit));
    for (uint32_t u = 0; u <= scenario->horizon; u++) {
        double when = u;
        if (scenario->payment == LTV_PAY_MID)
            when += 0.5;
        if (scenario->payment == LTV_PAY_ARREARS)
            when += 1;
        worth[u] = pow(per_period, when);
    }
    return worth;
}

static double *price_indices(const ltv_scenario *scenario, const ltv_arm *arm)
{
    double *index = new_table(scenario);
    for (uint32_t u = 0; u <= scenario->horizon; u++) {
        index[u] = 1;
        for (size_t i = 0; i < arm->n_price_changes; i++)
            if (arm->price_changes[i].bill <= u)
                index[u] *= arm->price_changes[i].times;
    }
    return index;
}

static void write_clocks(reference_arm *tables, const ltv_scenario *scenario, const ltv_arm *arm)
{
    for (size_t p = 0; p < arm->n_plans; p++) {
        const ltv_plan *plan = &arm->plans[p];
        for (size_t i = 0; i < plan->n_upgrades; i++)
            tables->upgrade[p][i] = rate_hazard(scenario, &plan->upgrades[i].rate);
        for (size_t i = 0; i < plan->n_downgrades; i++)
            tables->downgrade[p][i] = rate_hazard(scenario, &plan->downgrades[i].rate);
    }
    for (size_t a = 0; a < arm->n_add_ons; a++) {
        tables->attach[a] = rate_hazard(scenario, &arm->add_ons[a].attach);
        tables->drop[a] = rate_hazard(scenario, &arm->add_ons[a].drop);
    }
    for (size_t i = 0; i < arm->n_interventions; i++)
        if (arm->interventions[i].when.rate > 0)
            tables->request[i] = constant_hazard(scenario, arm->interventions[i].when.rate);
}

void reference_arm_init(reference_arm *tables, const ltv_scenario *scenario, const ltv_arm *arm,
                        const double *const *contact_probability)
{
    *tables =
        (reference_arm){.scenario = scenario,
                        .arm = arm,
                        .stream = {.seed = scenario->seed},
                        .contact_probability = contact_probability,
                        .quanta_per_unit = ltv_money_quanta_per_unit(scenario->currency_decimals),
                        .discount = discounts(scenario),
                        .price_index = price_indices(scenario, arm),
                        .churn = calloc(arm->n_segments, sizeof *tables->churn),
                        .failure = constant_hazard(scenario, arm->involuntary_churn),
                        .expected_orders = expected_orders(scenario, &arm->orders)};
    if (tables->churn == NULL)
        abort();
    if (arm->orders.rate > 0 && isfinite(arm->orders.p) &&
        !ltv_gamma_table_init(&tables->order_values, arm->orders.p))
        abort();
    for (size_t s = 0; s < arm->n_segments; s++)
        tables->churn[s] = churn_hazard(scenario, arm, ltv_arm_retention(arm, s));
    write_clocks(tables, scenario, arm);
}

void reference_arm_free(reference_arm *tables)
{
    free(tables->discount);
    free(tables->price_index);
    for (size_t s = 0; s < tables->arm->n_segments; s++)
        free(tables->churn[s]);
    free(tables->churn);
    free(tables->failure);
    free(tables->expected_orders);
    ltv_gamma_table_free(&tables->order_values);
    for (size_t p = 0; p < LTV_MAX_PLANS; p++)
        for (size_t i = 0; i < LTV_MAX_PLANS; i++) {
            free(tables->upgrade[p][i]);
            free(tables->downgrade[p][i]);
        }
    for (size_t a = 0; a < LTV_MAX_ADD_ONS; a++) {
        free(tables->attach[a]);
        free(tables->drop[a]);
    }
    for (size_t i = 0; i < LTV_MAX_INTERVENTIONS; i++)
        free(tables->request[i]);
    *tables = (reference_arm){0};
}
