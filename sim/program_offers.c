/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/program_parts.h"

#include <math.h>
#include <stdlib.h>

#include "sim/address.h"

static double spike_at(const ltv_rate *rate, uint32_t period)
{
    for (size_t i = 0; i < rate->n_spikes; i++)
        if (rate->spikes[i].period == period)
            return rate->spikes[i].times;
    return 1;
}

double *ltv_program_rate_hazard(const ltv_rate *rate, uint32_t horizon)
{
    double *cumulative = ltv_program_array((size_t)horizon + 2, sizeof *cumulative);
    double hazard = -log1p(-rate->probability);
    if (cumulative == NULL)
        return NULL;
    for (uint32_t u = 0; u < horizon; u++) {
        bool runs = rate->from <= u && u < rate->until;
        if (rate->n_spikes > 0)
            cumulative[u + 1] = cumulative[u] + (runs ? hazard * spike_at(rate, u) : 0);
        else if (u + 1 > rate->from) /* a product has one rounding, a running sum many */
            cumulative[u + 1] = hazard * (fmin(u + 1, rate->until) - rate->from);
    }
    cumulative[horizon + 1] = INFINITY;
    return cumulative;
}

static bool compile_clock(ltv_clock_table *clock, uint32_t name, const ltv_rate *rate,
                          uint32_t horizon)
{
    clock->name = name;
    clock->cumulative = ltv_program_rate_hazard(rate, horizon);
    return clock->cumulative != NULL;
}

static bool add_changes(ltv_program *program, const ltv_arm *arm, const ltv_plan *plan,
                        ltv_lever lever)
{
    bool up = lever == LTV_LEVER_UPGRADE;
    size_t n = up ? plan->n_upgrades : plan->n_downgrades;
    const ltv_plan_change *changes = up ? plan->upgrades : plan->downgrades;
    bool ok = true;
    for (size_t i = 0; ok && i < n; i++) {
        ltv_plan_change_program *change = &program->changes[program->n_changes++];
        *change = (ltv_plan_change_program){.to = changes[i].to, .lever = lever};
        ok = compile_clock(&change->clock,
                           ltv_address_pair(plan->name, arm->plans[changes[i].to].name),
                           &changes[i].rate, program->horizon);
    }
    return ok;
}

static bool add_plans(ltv_program *program, const ltv_arm *arm)
{
    size_t n_changes = 0;
    for (size_t p = 0; p < arm->n_plans; p++)
        n_changes += arm->plans[p].n_upgrades + arm->plans[p].n_downgrades;
    program->changes = ltv_program_array(n_changes, sizeof *program->changes);
    program->plans = ltv_program_array(program->n_plans, sizeof *program->plans);
    bool ok = program->changes != NULL && program->plans != NULL;
    for (size_t p = 0; ok && p < arm->n_plans; p++) {
        const ltv_plan *plan = &arm->plans[p];
        program->plans[p].first_change = program->n_changes;
        program->plans[p].term = plan->term;
        ok = add_changes(program, arm, plan, LTV_LEVER_DOWNGRADE) &&
             add_changes(program, arm, plan, LTV_LEVER_UPGRADE);
        program->plans[p].n_changes = program->n_changes - program->plans[p].first_change;
    }
    return ok;
}

static bool add_add_ons(ltv_program *program, const ltv_arm *arm)
{
    program->add_ons = ltv_program_array(arm->n_add_ons, sizeof *program->add_ons);
    bool ok = program->add_ons != NULL;
    for (size_t a = 0; ok && a < arm->n_add_ons; a++) {
        uint32_t name = ltv_address_name(arm->add_ons[a].name);
        ok =
            compile_clock(&program->add_ons[a].attach, name, &arm->add_ons[a].attach,
                          program->horizon) &&
            compile_clock(&program->add_ons[a].drop, name, &arm->add_ons[a].drop, program->horizon);
    }
    return ok;
}

static bool add_components(ltv_program *program, const ltv_arm *arm)
{
    program->components = ltv_program_array(program->n_components, sizeof *program->components);
    if (program->components == NULL)
        return false;
    program->components[0] = (ltv_component){arm->price, arm->gross_margin, 1};
    for (size_t p = 0; p < arm->n_plans; p++)
        program->components[p] =
            (ltv_component){arm->plans[p].price, arm->plans[p].margin, arm->plans[p].churn};
    for (size_t a = 0; a < arm->n_add_ons; a++)
        program->components[program->n_plans + a] =
            (ltv_component){arm->add_ons[a].price, arm->add_ons[a].margin, arm->add_ons[a].churn};
    return true;
}

static bool add_starting_plans(ltv_program *program, const ltv_arm *arm)
{
    program->plan_threshold =
        ltv_program_array(program->n_segments * program->n_plans, sizeof *program->plan_threshold);
    if (program->plan_threshold == NULL)
        return false;
    for (size_t s = 0; s < program->n_segments; s++) {
        uint64_t *threshold = program->plan_threshold + s * program->n_plans;
        double share = 0;
        for (size_t p = 0; p < program->n_plans; p++) {
            share += ltv_arm_starting_share(arm, s, p);
            threshold[p] = ltv_word_threshold(share);
        }
        threshold[program->n_plans - 1] = UINT64_MAX;
    }
    return true;
}

static bool add_prices(ltv_program *program, const ltv_scenario *scenario, const ltv_arm *arm)
{
    size_t n = (size_t)program->horizon + 1;
    program->price_index = ltv_program_array(n, sizeof *program->price_index);
    program->discount = ltv_program_array(n, sizeof *program->discount);
    if (program->price_index == NULL || program->discount == NULL)
        return false;
    ltv_discount_at_bills(scenario, n, program->discount);
    for (uint32_t u = 0; u < n; u++) {
        program->price_index[u] = 1;
        for (size_t i = 0; i < arm->n_price_changes; i++)
            if (arm->price_changes[i].bill <= u)
                program->price_index[u] *= arm->price_changes[i].times;
    }
    return true;
}

/* A thousand quantiles of a gamma distribution, the same as long as its shape is. */
static bool add_order_values(ltv_program *program, const ltv_program *mean)
{
    double shape = program->orders.p;
    if (program->orders.rate == 0 || !isfinite(shape))
        return true;
    if (mean == NULL || mean->order_values.shape != shape)
        return ltv_gamma_table_init(&program->order_values, shape);
    program->order_values = mean->order_values;
    program->borrows_order_values = true;
    return true;
}

static bool add_orders(ltv_program *program, const ltv_scenario *scenario, const ltv_arm *arm,
                       const ltv_program *mean)
{
    program->orders = arm->orders;
    program->order_hazard =
        ltv_program_array((size_t)program->horizon + 2, sizeof *program->order_hazard);
    if (program->order_hazard == NULL)
        return false;
    for (uint32_t u = 0; arm->orders.rate > 0 && u < program->horizon; u++) {
        double times = arm->orders.has_season
                           ? arm->orders.season[ltv_scenario_calendar_month(scenario, u) - 1]
                           : 1;
        program->order_hazard[u + 1] = program->order_hazard[u] + arm->orders.rate * times;
    }
    program->order_hazard[program->horizon + 1] = INFINITY;
    return add_order_values(program, mean);
}

ltv_status ltv_program_add_offers(ltv_program *program, const ltv_scenario *scenario,
                                  const ltv_arm *arm, const ltv_program *mean, ltv_error *err)
{
    program->n_plans = arm->n_plans > 0 ? arm->n_plans : 1;
    program->n_add_ons = arm->n_add_ons;
    program->n_components = program->n_plans + program->n_add_ons;
    bool ok = add_components(program, arm) && add_plans(program, arm) &&
              add_add_ons(program, arm) && add_starting_plans(program, arm) &&
              add_prices(program, scenario, arm) && add_orders(program, scenario, arm, mean);
    return ok ? LTV_OK : ltv_program_no_memory(arm->name, err);
}

void ltv_program_free_offers(ltv_program *program)
{
    for (size_t i = 0; i < program->n_changes; i++)
        free(program->changes[i].clock.cumulative);
    for (size_t a = 0; program->add_ons != NULL && a < program->n_add_ons; a++) {
        free(program->add_ons[a].attach.cumulative);
        free(program->add_ons[a].drop.cumulative);
    }
    free(program->components);
    free(program->plans);
    free(program->changes);
    free(program->add_ons);
    free(program->plan_threshold);
    free(program->price_index);
    free(program->discount);
    free(program->order_hazard);
    if (!program->borrows_order_values)
        ltv_gamma_table_free(&program->order_values);
}
