/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "exact_march.h"

#include <math.h>
#include <stdlib.h>

#include "must.h"

static double effect_weight(const ltv_effect *effect, uint32_t k)
{
    if (k < effect->ramp)
        return (k + 1.0) / effect->ramp;
    if (k < effect->periods)
        return 1;
    if (effect->fade_half_life == 0)
        return 0;
    double weight = pow(2, -(k - effect->periods + 1.0) / effect->fade_half_life);
    return weight < pow(2, -20) ? 0 : weight;
}

static exact_step step_at(const ltv_intervention *programme, uint32_t k)
{
    bool off = k < programme->price_off_bills;
    exact_step step = {LTV_NO_MULTIPLIERS, off ? programme->price_off : 0, off};
    for (size_t i = 0; i < programme->n_effects; i++) {
        const ltv_effect *effect = &programme->effects[i];
        double weight = effect_weight(effect, k);
        step.times.on[effect->lever] = weight == 0 ? 1 : pow(effect->times, weight);
        step.held |= k < effect->periods;
    }
    return step;
}

static bool same_step(const exact_step *a, const exact_step *b)
{
    for (int lever = 0; lever < LTV_LEVERS; lever++)
        if (a->times.on[lever] != b->times.on[lever])
            return false;
    return a->price_off == b->price_off && a->held == b->held;
}

exact_profile exact_profile_of(const ltv_intervention *programme, uint32_t horizon)
{
    exact_profile made = {.n = horizon, .step = must(calloc(horizon, sizeof *made.step))};
    for (uint32_t k = 0; k < horizon; k++)
        made.step[k] = step_at(programme, k);
    const exact_step *last = &made.step[horizon - 1];
    while (made.n > 1 && same_step(&made.step[made.n - 2], last))
        made.n--;
    const exact_step nothing = {LTV_NO_MULTIPLIERS, 0, false};
    made.ends = same_step(last, &nothing);
    return made;
}

const exact_step *exact_running_step(const exact_march *m, const exact_state *state, size_t i)
{
    return state->running[i] == 0 ? NULL : &m->profiles[i].step[state->running[i] - 1];
}

double exact_multiplier(const exact_march *m, const exact_state *state, ltv_lever lever)
{
    double times = m->arm->segments[state->segment].times.on[lever] *
                   m->arm->channels[m->channel].times.on[lever];
    for (size_t i = 0; i < m->arm->n_interventions; i++) {
        const exact_step *step = exact_running_step(m, state, i);
        if (step != NULL)
            times *= step->times.on[lever];
    }
    return times;
}

uint32_t exact_term_of(const exact_march *m, const exact_state *state)
{
    return m->arm->n_plans > 0 ? m->arm->plans[state->plan].term : 0;
}

double exact_chance(const exact_march *m, const exact_state *state, const ltv_rate *rate,
                    ltv_lever lever)
{
    if (m->bill < rate->from || m->bill >= rate->until)
        return 0;
    double hazard = -log1p(-rate->probability) * exact_multiplier(m, state, lever);
    for (size_t i = 0; i < rate->n_spikes; i++)
        if (rate->spikes[i].period == m->bill)
            hazard *= rate->spikes[i].times;
    return -expm1(-hazard);
}

double exact_discount_at(const ltv_scenario *scenario, uint32_t bill)
{
    double late = scenario->payment == LTV_PAY_ADVANCE ? 0
                  : scenario->payment == LTV_PAY_MID   ? 0.5
                                                       : 1;
    double years = (bill + late) / ltv_periods_per_year(scenario->time_unit);
    return pow(1 + scenario->discount_rate_per_year, -years);
}

void exact_pay_cost(exact_march *m, uint32_t bill, double cost, double customers)
{
    if (bill >= m->scenario->horizon)
        return;
    double amount = cost * customers * exact_discount_at(m->scenario, bill);
    m->twin->dated_costs += amount;
    m->twin->programme_cost += amount;
    m->twin->ltv -= amount;
}

bool exact_in_audience(const exact_march *m, const exact_state *state, size_t i, uint32_t tenure)
{
    const ltv_intervention *programme = &m->arm->interventions[i];
    if ((programme->segments != NULL && !programme->segments[m->joined]) ||
        (programme->channels != NULL && !programme->channels[m->channel]) ||
        m->class_until > programme->top_by_spend || (programme->plans >> state->plan & 1) == 0)
        return false;
    for (size_t f = 0; f < programme->n_phases; f++)
        if (programme->phases[f].from <= tenure && tenure < programme->phases[f].until)
            return true;
    return programme->n_phases == 0;
}

int exact_meet(exact_march *m, const exact_state *state, size_t i, uint32_t acting_bill,
               double customers, exact_outcome outcome[3])
{
    const ltv_intervention *programme = &m->arm->interventions[i];
    double reach = programme->reach, uptake = programme->uptake;
    int n = 0;
    if (state->coin[i] != COIN_UNKNOWN) {
        outcome[n++] = (exact_outcome){(exact_coin)state->coin[i], 1};
    } else {
        if (reach < 1)
            outcome[n++] = (exact_outcome){COIN_NO_CONTACT, 1 - reach};
        if (uptake < 1)
            outcome[n++] = (exact_outcome){COIN_CONTACT, reach * (1 - uptake)};
        if (uptake > 0)
            outcome[n++] = (exact_outcome){COIN_TAKES_PART, reach * uptake};
    }
    for (int o = 0; o < n; o++)
        if (outcome[o].coin != COIN_NO_CONTACT)
            exact_pay_cost(m, acting_bill, programme->per_contact, customers * outcome[o].p);
    return n;
}

void exact_remember(const exact_march *m, exact_state *state, size_t i, exact_coin coin)
{
    const ltv_intervention *programme = &m->arm->interventions[i];
    bool once = programme->when.kind == LTV_WHEN_AT_TENURE;
    bool known = programme->reach == 1 && (programme->uptake == 1 || programme->uptake == 0);
    state->coin[i] = once || known ? COIN_UNKNOWN : (uint8_t)coin;
}

void exact_act(const exact_march *m, exact_state *state, size_t i)
{
    const ltv_intervention *programme = &m->arm->interventions[i];
    const exact_profile *course_of_it = &m->profiles[i];
    state->running[i] = course_of_it->n == 1 && course_of_it->ends ? 0 : 1;
    if (programme->to_segment != LTV_NOWHERE)
        state->segment = (uint8_t)programme->to_segment;
    if (programme->to_plan != LTV_NOWHERE && programme->to_plan != state->plan) {
        state->plan = (uint8_t)programme->to_plan;
        state->term_phase = 0;
    }
}

static bool is_due(const exact_march *m, const exact_state *state, size_t i)
{
    const ltv_trigger *when = &m->arm->interventions[i].when;
    uint32_t term = exact_term_of(m, state);
    switch (when->kind) {
    case LTV_WHEN_AT_TENURE:
        return m->bill == when->periods;
    case LTV_WHEN_EVERY:
        return m->bill > 0 && m->bill % when->periods == 0;
    case LTV_WHEN_BEFORE_RENEWAL:
        return term > 0 && (state->term_phase + when->periods) % term == 0;
    default:
        return false;
    }
}

void exact_serve_bill(exact_march *m, exact_state state, double p, exact_flow f, size_t i)
{
    if (i == m->arm->n_interventions) {
        exact_states_add(&m->paying, &state, p, f.mass);
        return;
    }
    if (!is_due(m, &state, i) || !exact_in_audience(m, &state, i, m->bill)) {
        exact_serve_bill(m, state, p, f, i + 1);
        return;
    }
    exact_outcome outcome[3];
    int n = exact_meet(m, &state, i, m->bill, p * f.total, outcome);
    for (int o = 0; o < n; o++) {
        exact_state after = state;
        exact_remember(m, &after, i, outcome[o].coin);
        if (outcome[o].coin == COIN_TAKES_PART) {
            exact_pay_cost(m, m->bill, m->arm->interventions[i].per_participant,
                           p * outcome[o].p * f.total);
            exact_act(m, &after, i);
        }
        exact_serve_bill(m, after, p * outcome[o].p, f, i + 1);
    }
}
