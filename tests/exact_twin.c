/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "exact_twin.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "exact_march.h"
#include "must.h"

static double *zeros(size_t n)
{
    return must(calloc(n + 1, sizeof(double)));
}

/* --- the march through the periods --- */

static void start_march(exact_march *m, double share)
{
    exact_state state = {.segment = (uint8_t)m->joined};
    size_t plans = m->arm->n_plans > 0 ? m->arm->n_plans : 1;
    for (size_t p = 0; p < plans; p++) {
        state.plan = (uint8_t)p;
        double starts = share * ltv_arm_starting_share(m->arm, m->joined, p);
        if (starts > 0)
            exact_states_add(&m->arriving, &state, starts, m->nodes.weight);
    }
}

/* Everybody who has paid before or is away arrives at the bill: who pays is counted and served. */
static void arrive(exact_march *m)
{
    size_t n = m->nodes.n;
    for (size_t i = 0; i < m->arriving.n; i++) {
        const exact_state *state = &m->arriving.state[i];
        exact_flow f = exact_flow_of(m->arriving.mass + i * n, n);
        if (state->away > 0)
            continue;
        m->twin->retention[m->bill] += f.total;
        if (m->bill < m->scenario->horizon)
            exact_serve_bill(m, *state, 1, f, 0);
    }
}

static void pass_bill(exact_march *m, double *room)
{
    size_t n = m->nodes.n;
    for (size_t i = 0; i < m->paying.n; i++) {
        exact_pay_bill(m, &m->paying.state[i], m->paying.mass + i * n);
        exact_pass_period(m, &m->paying.state[i], m->paying.mass + i * n, room);
    }
    for (size_t i = 0; i < m->arriving.n; i++)
        if (m->arriving.state[i].away > 0)
            exact_stay_away(m, &m->arriving.state[i], exact_flow_of(m->arriving.mass + i * n, n));
}

static void run_march(exact_march *m, double share)
{
    size_t n = m->nodes.n;
    double *room = zeros(2 * n);
    exact_states_init(&m->arriving, n);
    exact_states_init(&m->paying, n);
    exact_states_init(&m->next, n);
    start_march(m, share);
    for (m->bill = 0; m->bill <= m->scenario->horizon; m->bill++) {
        arrive(m);
        if (m->bill == m->scenario->horizon)
            break;
        pass_bill(m, room);
        exact_states_clear(&m->arriving);
        exact_states_clear(&m->paying);
        exact_states swapped = m->arriving;
        m->arriving = m->next;
        m->next = swapped;
    }
    if (m->lost > 1e-8) {
        fprintf(stderr, "exact_twin: lost %g of the customers\n", m->lost);
        abort();
    }
    exact_states_free(&m->arriving);
    exact_states_free(&m->paying);
    exact_states_free(&m->next);
    free(room);
}

/* --- the whole arm --- */

/* Hazard of voluntary churn in each period, season, by_tenure and price response included. */
static double base_hazard(const ltv_scenario *scenario, const ltv_arm *arm, size_t segment,
                          uint32_t u)
{
    const ltv_retention *retention = ltv_arm_retention(arm, segment);
    double from = ltv_curve_cumulative_hazard(&retention->curve, u);
    double to = ltv_curve_cumulative_hazard(&retention->curve, u + 1);
    double added = isinf(to) ? INFINITY : to - from, times = 1;
    for (size_t i = 0; i < retention->n_spikes; i++)
        times *= retention->spikes[i].period == u ? retention->spikes[i].times : 1;
    if (retention->has_season)
        times *= retention->season[ltv_scenario_calendar_month(scenario, u) - 1];
    for (size_t i = 0; i < arm->n_price_changes; i++) {
        const ltv_price_change *change = &arm->price_changes[i];
        if (u >= change->bill && u - change->bill < change->churn_for)
            times *= change->churn_times;
    }
    return times > 0 ? times * added : 0;
}

static bool moves_segments(const ltv_arm *arm)
{
    for (size_t i = 0; i < arm->n_interventions; i++)
        if (arm->interventions[i].to_segment != LTV_NOWHERE)
            return true;
    return false;
}

/* Next limit of somebody's top_by_spend after `from`; 1 at the end. */
static double next_limit(const ltv_arm *arm, double from)
{
    double limit = 1;
    for (size_t i = 0; i < arm->n_interventions; i++) {
        double top = arm->interventions[i].top_by_spend;
        if (top > from && top < limit)
            limit = top;
    }
    return limit;
}

/* One channel and joining segment, by classes of spend. */
static void march_through(exact_march *m, double share)
{
    bool moves = moves_segments(m->arm);
    for (double from = 0, until; from < 1; from = until) {
        until = next_limit(m->arm, from);
        m->class_until = until;
        exact_nodes_init(&m->nodes, m->arm, m->joined, moves, from, until);
        run_march(m, share);
        exact_nodes_free(&m->nodes);
    }
}

bool exact_twin_covers(const ltv_arm *arm)
{
    for (size_t i = 0; i < arm->n_interventions; i++)
        if (arm->interventions[i].when.kind == LTV_WHEN_RISK_SIGNAL ||
            isfinite(arm->interventions[i].capacity))
            return false;
    return arm->n_interventions <= EXACT_PROGRAMMES && arm->n_add_ons <= 8;
}

static void allocate(exact_twin *twin, const ltv_scenario *scenario, const ltv_arm *arm)
{
    size_t h = scenario->horizon;
    *twin = (exact_twin){.horizon = scenario->horizon,
                         .retention = zeros(h + 1),
                         .recurring = zeros(h),
                         .revenue = zeros(h),
                         .recurring_squares = zeros(h),
                         .revenue_squares = zeros(h),
                         .orders = zeros(h),
                         .plan_shares = zeros(arm->n_plans * h),
                         .add_on_shares = zeros(arm->n_add_ons * h),
                         .plan_recurring = zeros(arm->n_plans * h),
                         .add_on_recurring = zeros(arm->n_add_ons * h),
                         .plan_squares = zeros(arm->n_plans * h),
                         .add_on_squares = zeros(arm->n_add_ons * h)};
}

void exact_twin_init(exact_twin *twin, const ltv_scenario *scenario, const ltv_arm *arm)
{
    uint32_t h = scenario->horizon;
    if (!exact_twin_covers(arm) || h > 250) {
        fprintf(stderr, "exact_twin: a risk signal, a capacity, or too much to follow\n");
        abort();
    }
    allocate(twin, scenario, arm);
    exact_profile profiles[EXACT_PROGRAMMES];
    for (size_t i = 0; i < arm->n_interventions; i++)
        profiles[i] = exact_profile_of(&arm->interventions[i], h);
    double *hazard = zeros(arm->n_segments * h);
    for (size_t s = 0; s < arm->n_segments; s++)
        for (uint32_t u = 0; u < h; u++)
            hazard[s * h + u] = base_hazard(scenario, arm, s, u);
    for (size_t c = 0; c < arm->n_channels; c++)
        for (size_t s = 0; s < arm->n_segments; s++) {
            exact_march m = {.twin = twin,
                             .scenario = scenario,
                             .arm = arm,
                             .channel = c,
                             .joined = s,
                             .profiles = profiles,
                             .hazard = hazard};
            double share = arm->channels[c].share * ltv_arm_segment_share(arm, c, s);
            if (share > 0)
                march_through(&m, share);
        }
    for (size_t i = 0; i < arm->n_interventions; i++)
        free(profiles[i].step);
    free(hazard);
}

void exact_twin_free(exact_twin *twin)
{
    free(twin->retention);
    free(twin->recurring);
    free(twin->revenue);
    free(twin->recurring_squares);
    free(twin->revenue_squares);
    free(twin->orders);
    free(twin->plan_shares);
    free(twin->add_on_shares);
    free(twin->plan_recurring);
    free(twin->add_on_recurring);
    free(twin->plan_squares);
    free(twin->add_on_squares);
    *twin = (exact_twin){0};
}
