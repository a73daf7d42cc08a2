/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reference_simulator.h"

#include <math.h>

#include "models/frailty.h"
#include "sim/address.h"

typedef struct {
    const ltv_scenario *scenario;
    const ltv_arm *arm;
    ltv_stream stream;
    uint32_t customer;
} person;

static ltv_uniform uniform_of(const person *p, ltv_purpose purpose)
{
    return ltv_address_uniform(p->stream, p->customer, LTV_UNNAMED, purpose, 0);
}

static uint64_t word_of(const person *p, ltv_purpose purpose)
{
    return ltv_address_word(p->stream, p->customer, LTV_UNNAMED, purpose, 0);
}

/* Which of n members a word draws; the share of each stands `stride` bytes after the last. */
static size_t drawn_by_share(uint64_t word, size_t n, const double *share, size_t stride)
{
    double below = 0;
    size_t i;
    for (i = 0; i + 1 < n; i++) {
        below += *(const double *)((const char *)share + i * stride);
        if (word < ltv_word_threshold(below))
            break;
    }
    return i;
}

/* Increment of the customer's hazard in tenure period u, before his frailty. */
static double hazard_in_period(const person *p, const ltv_retention *retention, uint32_t u)
{
    double from = ltv_curve_cumulative_hazard(&retention->curve, u);
    double to = ltv_curve_cumulative_hazard(&retention->curve, u + 1);
    double times = 1;
    for (size_t i = 0; i < retention->n_spikes; i++)
        if (retention->spikes[i].period == u)
            times *= retention->spikes[i].times;
    if (retention->has_season)
        times *= retention->season[ltv_scenario_calendar_month(p->scenario, u) - 1];
    if (times == 0)
        return 0;
    return times * (isinf(to) ? INFINITY : to - from);
}

/* The customer's running sum after period u, given the one before it. Where no multiplier is
 * ever in force the stretch is one, from joining: Lambda itself. */
static double hazard_after(const person *p, const ltv_retention *retention, uint32_t u,
                           double before)
{
    if (!retention->has_season && retention->n_spikes == 0)
        return ltv_curve_cumulative_hazard(&retention->curve, u + 1);
    return before + hazard_in_period(p, retention, u);
}

static ltv_weight draw_spend(const person *p, const ltv_frailty *frailty, double budget)
{
    if (p->arm->spend.kind == LTV_SPREAD_NONE)
        return LTV_WEIGHT_ONE;
    ltv_uniform u = uniform_of(p, LTV_PURPOSE_SPEND);
    if (p->arm->spend_churn_correlation != 0) {
        double rho = 2 * sin(M_PI / 6 * p->arm->spend_churn_correlation);
        double x =
            ltv_frailty_score_given_budget(frailty, budget, uniform_of(p, LTV_PURPOSE_FRAILTY));
        u = ltv_uniform_of_score(rho * x + sqrt(1 - rho * rho) * ltv_score_of_uniform(u));
    }
    return ltv_weight_of(ltv_spread_quantile(p->arm->spend, u));
}

static double present_value(const ltv_scenario *scenario, uint32_t bill)
{
    double when = bill;
    if (scenario->payment == LTV_PAY_MID)
        when += 0.5;
    if (scenario->payment == LTV_PAY_ARREARS)
        when += 1;
    return pow(
        pow(1 + scenario->discount_rate_per_year, -1 / ltv_periods_per_year(scenario->time_unit)),
        when);
}

static ltv_money rounded(double quanta)
{
    return (ltv_money)round(quanta);
}

reference_customer reference_simulate(const ltv_scenario *scenario, const ltv_arm *arm,
                                      uint32_t customer)
{
    person p = {scenario, arm, {.seed = scenario->seed}, customer};
    reference_customer result = {
        .channel = drawn_by_share(word_of(&p, LTV_PURPOSE_CHANNEL), arm->n_channels,
                                  &arm->channels[0].share, sizeof arm->channels[0]),
        .segment = drawn_by_share(word_of(&p, LTV_PURPOSE_SEGMENT), arm->n_segments,
                                  &arm->segments[0].share, sizeof arm->segments[0])};
    const ltv_segment *segment = &arm->segments[result.segment];
    const ltv_retention *retention = segment->has_retention ? &segment->retention : &arm->retention;
    ltv_frailty frailty =
        ltv_frailty_of(&retention->curve, retention->heterogeneity, retention->cured);

    double voluntary_budget =
        ltv_exponential_of_uniform(uniform_of(&p, LTV_PURPOSE_VOLUNTARY_CHURN));
    double involuntary_budget =
        ltv_exponential_of_uniform(uniform_of(&p, LTV_PURPOSE_INVOLUNTARY_CHURN));
    double z = ltv_frailty_explicit(&frailty, uniform_of(&p, LTV_PURPOSE_FRAILTY));
    if (word_of(&p, LTV_PURPOSE_CURED) < ltv_word_threshold(retention->cured))
        z = 0;
    double churn_times = segment->times.on[LTV_LEVER_CHURN] *
                         arm->channels[result.channel].times.on[LTV_LEVER_CHURN];
    double failure_times = segment->times.on[LTV_LEVER_INVOLUNTARY] *
                           arm->channels[result.channel].times.on[LTV_LEVER_INVOLUNTARY];
    ltv_weight spend = draw_spend(&p, &frailty, voluntary_budget);

    double quanta = ltv_money_quanta_per_unit(scenario->currency_decimals);
    double margin = arm->price * segment->times.on[LTV_LEVER_PRICE] * quanta * arm->gross_margin;
    double service = (arm->service_cost + segment->service_cost) * quanta;
    ltv_money margin_sum = 0, service_sum = 0;
    double hazard = 0;
    bool active = true;
    uint32_t u;
    for (u = 0; u < scenario->horizon && active; u++) {
        double worth = present_value(scenario, u);
        margin_sum += rounded(margin * worth);
        service_sum += rounded(service * worth);
        hazard = hazard_after(&p, retention, u, hazard);
        if (z > 0 && churn_times > 0 &&
            ltv_frailty_marginal_hazard(&frailty, z * (churn_times * hazard)) >= voluntary_budget)
            active = false;
        double failures = -(double)(u + 1) * log1p(-arm->involuntary_churn);
        if (failure_times * failures >= involuntary_budget)
            active = false;
    }
    result.leaves_before = active ? scenario->horizon + 1 : u;
    bool overflow = false;
    result.ltv = ltv_money_scale(margin_sum, spend, &overflow) - service_sum;
    return result;
}
