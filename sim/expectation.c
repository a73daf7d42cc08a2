/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/expectation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/frailty.h"
#include "models/unit_economics.h"
#include "sim/program.h"

static double level_given_score(const void *arm_pointer, double score)
{
    const ltv_arm *arm = arm_pointer;
    return ltv_spread_mean_given_score(arm->spend, ltv_copula_pearson(arm->spend_churn_correlation),
                                       score);
}

/* Share of joining customers who come through this channel or one like it; 0 for a channel that
 * is like an earlier one, whose turn it was. */
static double share_of_alike(const ltv_arm *arm, size_t channel)
{
    double share = 0;
    for (size_t c = channel; c < arm->n_channels; c++)
        share += ltv_arm_like_channel(arm, c) == channel ? arm->channels[c].share : 0;
    return share;
}

/* Adds the part of a segment's curves that comes through one channel and those like it, `share`
 * of it; see segment_curves. hazard is the segment's cumulative base hazard at bills first ...
 * first + n - 1; room is for 3 n numbers. */
static void add_channel_curves(const ltv_arm *arm, size_t channel, double share, size_t segment,
                               const ltv_frailty *frailty, size_t first, size_t n,
                               const double *hazard, double *room, double *survival, double *spend)
{
    ltv_multipliers times = ltv_arm_multipliers(arm, channel, segment);
    double *scaled = room, *own = room + n, *level = room + 2 * n;
    for (size_t i = 0; i < n; i++)
        scaled[i] = times.on[LTV_LEVER_CHURN] > 0 ? times.on[LTV_LEVER_CHURN] * hazard[i] : 0;
    ltv_frailty_survival(frailty, n, scaled, own);
    if (arm->spend_churn_correlation != 0)
        ltv_frailty_level_kept(frailty, level_given_score, arm, n, scaled, level);
    else
        memcpy(level, own, n * sizeof *level);
    for (size_t i = 0; i < n; i++) {
        double hazard_failed = -(double)(first + i) * log1p(-arm->involuntary_churn);
        double kept = share * exp(-times.on[LTV_LEVER_INVOLUNTARY] * hazard_failed);
        survival[i] += own[i] * kept;
        spend[i] += level[i] * kept;
    }
}

/* survival[0 ... n - 1] of one segment, over all channels: chance to pay bill first + i; spend
 * likewise: mean level of spend of those who do, times that chance. */
static ltv_status segment_curves(const ltv_scenario *scenario, const ltv_arm *arm, size_t segment,
                                 size_t first, size_t n, double *survival, double *spend,
                                 ltv_error *err)
{
    const ltv_retention *retention = ltv_arm_retention(arm, segment);
    ltv_frailty frailty =
        ltv_frailty_of(&retention->curve, retention->heterogeneity, retention->cured);
    double *hazard = calloc(first + n, sizeof *hazard), *room = calloc(3 * n, sizeof *room);
    ltv_status status = LTV_OK;
    if (hazard == NULL || room == NULL) {
        status = ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory for the survival of %zu periods",
                          first + n);
    } else {
        ltv_voluntary_hazard(scenario, retention, first + n, hazard);
        memset(survival, 0, n * sizeof *survival);
        memset(spend, 0, n * sizeof *spend);
        for (size_t c = 0; c < arm->n_channels; c++) {
            double share = share_of_alike(arm, c);
            if (share > 0)
                add_channel_curves(arm, c, share, segment, &frailty, first, n, hazard + first, room,
                                   survival, spend);
        }
    }
    free(hazard);
    free(room);
    return status;
}

/* Expected contribution per bill of a segment while active: what margin brings, what service
 * costs. */
static double margin_per_bill(const ltv_arm *arm, size_t segment)
{
    return arm->price * arm->segments[segment].times.on[LTV_LEVER_PRICE] * arm->gross_margin;
}

static double service_per_bill(const ltv_arm *arm, size_t segment)
{
    return arm->service_cost + arm->segments[segment].service_cost;
}

/* Hazard of voluntary churn in the first period of a segment's customers of one channel. */
static double first_voluntary_hazard(const ltv_arm *arm, size_t channel, size_t segment,
                                     double base_hazard)
{
    const ltv_retention *retention = ltv_arm_retention(arm, segment);
    ltv_frailty frailty =
        ltv_frailty_of(&retention->curve, retention->heterogeneity, retention->cured);
    double times = ltv_arm_multipliers(arm, channel, segment).on[LTV_LEVER_CHURN], kept;
    double hazard = times > 0 ? times * base_hazard : 0;
    ltv_frailty_survival(&frailty, 1, &hazard, &kept);
    return -log(kept);
}

/* Survival of a cohort without differences between customers whose hazard has the mix's average
 * shape and the mix's own churn in the first period. The base hazard of each segment and channel
 * is scaled to their own first-period churn before averaging, so Beta curves, whose base is on a
 * scale of its own, average with others. Where some lose everyone in the first period there is
 * no average, and the churn is taken as constant. */
static ltv_status uniform_survival(const ltv_expectation *e, const ltv_scenario *scenario,
                                   const ltv_arm *arm, double *survival, ltv_error *err)
{
    size_t n = (size_t)e->horizon + 1;
    double *hazard = calloc(n, sizeof *hazard), *mean = calloc(n, sizeof *mean);
    if (hazard == NULL || mean == NULL) {
        free(hazard);
        free(mean);
        return ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory for the survival of %zu periods", n);
    }
    double failed = -log1p(-arm->involuntary_churn);
    for (size_t s = 0; s < arm->n_segments; s++) {
        ltv_voluntary_hazard(scenario, ltv_arm_retention(arm, s), n, hazard);
        for (size_t c = 0; c < arm->n_channels; c++) {
            double share = arm->segments[s].share * share_of_alike(arm, c);
            if (share == 0)
                continue;
            double first = first_voluntary_hazard(arm, c, s, hazard[1]);
            double scale = hazard[1] > 0 && first > 0 ? first / hazard[1] : 1;
            double times = ltv_arm_multipliers(arm, c, s).on[LTV_LEVER_INVOLUNTARY];
            for (size_t u = 0; u < n; u++)
                mean[u] += isfinite(first)
                               ? share * (scale * hazard[u] + times * failed * (double)u)
                               : INFINITY;
        }
    }
    double scale = -log(e->survival[1]) / mean[1];
    for (size_t u = 0; u < n; u++)
        survival[u] =
            isfinite(mean[1]) ? exp(-scale * mean[u]) : pow(1 - e->churn_first_period, (double)u);
    free(hazard);
    free(mean);
    return LTV_OK;
}

static double discounted_bills(const ltv_scenario *scenario, const double *survival)
{
    double bills = 0;
    for (uint32_t u = 0; u < scenario->horizon; u++)
        bills += ltv_discount_at_bill(scenario, u) * survival[u];
    return bills;
}

static double geometric_bills(const ltv_scenario *scenario, double churn)
{
    double bills = 0;
    for (uint32_t u = 0; u < scenario->horizon; u++)
        bills += ltv_discount_at_bill(scenario, u) * pow(1 - churn, u);
    return bills;
}

static ltv_status fill_steps(ltv_expectation *e, const ltv_scenario *scenario, const ltv_arm *arm,
                             ltv_error *err)
{
    size_t n = (size_t)e->horizon + 1;
    double *uniform = calloc(n, sizeof *uniform);
    if (uniform == NULL)
        return ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory for the survival of %zu periods", n);
    ltv_status status = uniform_survival(e, scenario, arm, uniform, err);
    if (status == LTV_OK) {
        double churn = e->churn_first_period, margin = e->arpu * arm->gross_margin;
        double all_bills = discounted_bills(scenario, e->survival);
        double uniform_bills = discounted_bills(scenario, uniform);
        double cut_bills = ltv_geometric_bills(churn, 1, e->horizon);
        double discounted = geometric_bills(scenario, churn);
        double revenue = 0, spent = 0, service = 0;
        for (size_t s = 0; s < arm->n_segments; s++) {
            double bills = discounted_bills(scenario, e->segment_survival + s * n);
            double share = arm->segments[s].share;
            revenue += share * margin_per_bill(arm, s) * bills;
            spent += share * margin_per_bill(arm, s) *
                     discounted_bills(scenario, e->segment_spend + s * n);
            service += share * service_per_bill(arm, s) * bills;
        }
        e->step_horizon = margin * cut_bills - e->spreadsheet_ltv;
        e->step_discounting = margin * (discounted - cut_bills);
        e->step_tenure = margin * (uniform_bills - discounted);
        e->step_heterogeneity = margin * (all_bills - uniform_bills);
        e->step_mix = revenue - margin * all_bills;
        e->step_spend = spent - revenue;
        e->step_service_cost = -service;
    }
    free(uniform);
    return status;
}

static ltv_status fill_survival(ltv_expectation *e, const ltv_scenario *scenario,
                                const ltv_arm *arm, ltv_error *err)
{
    size_t n = (size_t)e->horizon + 1;
    e->segment_survival = calloc(n * arm->n_segments, sizeof *e->segment_survival);
    e->segment_spend = calloc(n * arm->n_segments, sizeof *e->segment_spend);
    e->survival = calloc(n, sizeof *e->survival);
    if (e->segment_survival == NULL || e->segment_spend == NULL || e->survival == NULL)
        return ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory for the survival of %zu periods", n);
    for (size_t s = 0; s < arm->n_segments; s++) {
        double *own = e->segment_survival + s * n;
        ltv_status status =
            segment_curves(scenario, arm, s, 0, n, own, e->segment_spend + s * n, err);
        if (status != LTV_OK)
            return status;
        for (size_t u = 0; u < n; u++)
            e->survival[u] += arm->segments[s].share * own[u];
    }
    return LTV_OK;
}

static void fill_value(ltv_expectation *e, const ltv_scenario *scenario, const ltv_arm *arm)
{
    size_t n = (size_t)e->horizon + 1;
    for (size_t s = 0; s < arm->n_segments; s++) {
        double share = arm->segments[s].share;
        e->arpu += share * arm->price * arm->segments[s].times.on[LTV_LEVER_PRICE];
        e->ltv +=
            share *
            (margin_per_bill(arm, s) * discounted_bills(scenario, e->segment_spend + s * n) -
             service_per_bill(arm, s) * discounted_bills(scenario, e->segment_survival + s * n));
    }
    double paid = 0;
    for (size_t c = 0; c < arm->n_channels; c++) {
        e->cac += arm->channels[c].share * arm->channels[c].cac;
        paid += arm->channels[c].cac > 0 ? arm->channels[c].share : 0;
    }
    e->cac_paid = paid > 0 ? e->cac / paid : NAN;
    for (uint32_t u = 0; u < e->horizon; u++)
        e->lifetime += e->survival[u];
    e->discounted_lifetime = discounted_bills(scenario, e->survival);
    e->churn_first_period = 1 - e->survival[1];
    e->spreadsheet_ltv = ltv_formula_ltv(e->arpu, arm->gross_margin, e->churn_first_period);
}

/* Expected discounted contribution of bills first ... first + n - 1, and the sum of the
 * magnitudes of its terms. */
static ltv_status sum_stretch(const ltv_scenario *scenario, const ltv_arm *arm, uint32_t first,
                              uint32_t n, double *sum, double *magnitude, ltv_error *err)
{
    double *survival = calloc(n, sizeof *survival), *spend = calloc(n, sizeof *spend);
    ltv_status status = LTV_OK;
    if (survival == NULL || spend == NULL)
        status = ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory for the survival of %u periods", n);
    *sum = *magnitude = 0;
    for (size_t s = 0; status == LTV_OK && s < arm->n_segments; s++) {
        status = segment_curves(scenario, arm, s, first, n, survival, spend, err);
        for (uint32_t i = 0; status == LTV_OK && i < n; i++) {
            double value =
                arm->segments[s].share * ltv_discount_at_bill(scenario, first + i) *
                (margin_per_bill(arm, s) * spend[i] - service_per_bill(arm, s) * survival[i]);
            *sum += value;
            *magnitude += fabs(value);
        }
    }
    free(survival);
    free(spend);
    return status;
}

/* Adds stretches beyond the horizon, each as long as all before it, until one no longer
 * matters. */
static ltv_status fill_beyond(ltv_expectation *e, const ltv_scenario *scenario, const ltv_arm *arm,
                              ltv_error *err)
{
    enum { SHORTEST = 64, LONGEST = 8192 };
    e->beyond_note = "";
    for (size_t s = 0; s < arm->n_segments; s++)
        if (ltv_arm_retention(arm, s)->curve.stop) {
            e->beyond_horizon = NAN;
            e->beyond_note = "unknown: a retention table stops at its end";
            return LTV_OK;
        }
    bool settled = false;
    for (uint32_t done = 0, n = SHORTEST; !settled && done < LONGEST; done += n, n = done) {
        double sum, magnitude;
        ltv_status status = sum_stretch(scenario, arm, e->horizon + done, n, &sum, &magnitude, err);
        if (status != LTV_OK)
            return status;
        e->beyond_horizon += sum;
        settled = magnitude <= 1e-6 * (fabs(e->ltv) + fabs(e->beyond_horizon));
    }
    if (!settled) { /* what has been added up so far would depend on where we stopped */
        e->beyond_horizon = NAN;
        e->beyond_note = "no end in sight: still changing thousands of periods after the horizon";
    }
    return LTV_OK;
}

static bool is_plain_sbg(const ltv_scenario *scenario, const ltv_arm *arm)
{
    const ltv_retention *retention = ltv_arm_retention(arm, 0);
    for (size_t c = 0; c < arm->n_channels; c++)
        if (ltv_arm_multipliers(arm, c, 0).on[LTV_LEVER_CHURN] != 1)
            return false;
    return arm->n_segments == 1 && retention->curve.kind == LTV_CURVE_BETA_GEOMETRIC &&
           retention->heterogeneity.kind == LTV_SPREAD_NONE && retention->cured == 0 &&
           !retention->has_season && retention->n_spikes == 0 && arm->involuntary_churn == 0 &&
           scenario->discount_rate_per_year > 0;
}

static void fill_sbg(ltv_expectation *e, const ltv_scenario *scenario, const ltv_arm *arm)
{
    e->sbg_lifetime = e->sbg_residual_lifetime = NAN;
    if (!is_plain_sbg(scenario, arm))
        return;
    const double *shape = ltv_arm_retention(arm, 0)->curve.parameter;
    double discount = ltv_scenario_discount_per_period(scenario);
    double first = ltv_discount_at_bill(scenario, 0);
    e->sbg_lifetime =
        first * ltv_beta_geometric_discounted_lifetime(shape[0], shape[1], 0, discount);
    e->sbg_residual_lifetime = first * ltv_beta_geometric_residual_lifetime(
                                           shape[0], shape[1], scenario->horizon, discount);
}

ltv_status ltv_expectation_init(ltv_expectation *expectation, const ltv_scenario *scenario,
                                const ltv_arm *arm, ltv_error *err)
{
    *expectation = (ltv_expectation){.horizon = scenario->horizon, .n_segments = arm->n_segments};
    ltv_status status = fill_survival(expectation, scenario, arm, err);
    if (status != LTV_OK)
        return status;
    fill_value(expectation, scenario, arm);
    fill_sbg(expectation, scenario, arm);
    status = fill_beyond(expectation, scenario, arm, err);
    if (status == LTV_OK && expectation->churn_first_period > 0)
        status = fill_steps(expectation, scenario, arm, err);
    return status;
}

void ltv_expectation_free(ltv_expectation *expectation)
{
    free(expectation->segment_survival);
    free(expectation->segment_spend);
    free(expectation->survival);
    *expectation = (ltv_expectation){0};
}
