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

/* Customers who are alike but for what they draw: those of one segment with one starting plan who
 * join by one channel or those like it. */
typedef struct {
    size_t segment;
    double share; /* of the segment's joining customers */
    ltv_multipliers times;
    double price, margin; /* per bill at level of spend 1; the second is price x gross margin */
} customer_kind;

static double share_of_segment(const ltv_arm *arm, size_t segment)
{
    double share = 0;
    for (size_t c = 0; c < arm->n_channels; c++)
        share += arm->channels[c].share * ltv_arm_segment_share(arm, c, segment);
    return share;
}

/* Share of a segment's joining customers who come through this channel or one like it; 0 for a
 * channel that is like an earlier one, whose turn it was. A segment that nobody joins is looked at
 * as if all channels brought it alike. */
static double share_of_alike(const ltv_arm *arm, size_t channel, size_t segment)
{
    double all = share_of_segment(arm, segment), share = 0;
    for (size_t c = channel; c < arm->n_channels; c++)
        if (ltv_arm_like_channel(arm, c) == channel)
            share += arm->channels[c].share *
                     (all > 0 ? ltv_arm_segment_share(arm, c, segment) / all : 1);
    return share;
}

static size_t count_plans(const ltv_arm *arm)
{
    return arm->n_plans > 0 ? arm->n_plans : 1;
}

/* Price index of bill 0: a change that comes with it is part of what everybody starts with. */
static double starting_price_index(const ltv_arm *arm)
{
    double index = 1;
    for (size_t i = 0; i < arm->n_price_changes; i++)
        index *= arm->price_changes[i].bill == 0 ? arm->price_changes[i].times : 1;
    return index;
}

/* share is 0 where there are no such customers. */
static customer_kind kind_of(const ltv_arm *arm, size_t channel, size_t segment, size_t plan)
{
    customer_kind kind = {.segment = segment,
                          .share = share_of_alike(arm, channel, segment) *
                                   ltv_arm_starting_share(arm, segment, plan),
                          .times = ltv_arm_multipliers(arm, channel, segment),
                          .price = arm->price};
    double gross_margin = arm->gross_margin;
    if (arm->n_plans > 0) {
        kind.price = arm->plans[plan].price;
        kind.times.on[LTV_LEVER_CHURN] *= arm->plans[plan].churn;
        gross_margin = arm->plans[plan].margin;
    }
    kind.price *=
        starting_price_index(arm) * kind.times.on[LTV_LEVER_PRICE] * kind.times.on[LTV_LEVER_SPEND];
    kind.margin = kind.price * gross_margin;
    return kind;
}

/* Expected revenue from orders of a customer of this kind who pays this bill. */
static double orders_at_bill(const ltv_scenario *scenario, const ltv_arm *arm,
                             const customer_kind *kind, size_t bill)
{
    const ltv_orders *orders = &arm->orders;
    double number = orders->rate * kind->times.on[LTV_LEVER_ORDERS];
    if (orders->has_season)
        number *= orders->season[ltv_scenario_calendar_month(scenario, (uint32_t)bill) - 1];
    if (bill == 0 && orders->rate > 0 && orders->first_order_certain)
        number += 1;
    return number * orders->value_mean;
}

/* What a segment's customers are expected to do at bills first ... first + n - 1, per customer who
 * joined. Arrays are owned. */
typedef struct {
    size_t first, n;
    double *survival;   /* chance to pay the bill */
    double *spend;      /* mean level of spend of those who do, times that chance */
    double *margin;     /* revenue x gross margin if every level of spend were 1 */
    double *own_margin; /* revenue x gross margin */
} segment_curves;

static void free_curves(segment_curves *curves)
{
    free(curves->survival);
    free(curves->spend);
    free(curves->margin);
    free(curves->own_margin);
}

static ltv_status no_memory(size_t periods, ltv_error *err)
{
    return ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory for the survival of %zu periods", periods);
}

static ltv_frailty frailty_of(const ltv_arm *arm, size_t segment)
{
    const ltv_retention *retention = ltv_arm_retention(arm, segment);
    return ltv_frailty_of(&retention->curve, retention->heterogeneity, retention->cured);
}

/* Adds one kind's part of its segment's curves. hazard is the segment's cumulative base hazard at
 * the curves' bills; room is for 3 n numbers. */
static void add_kind(segment_curves *curves, const ltv_scenario *scenario, const ltv_arm *arm,
                     const customer_kind *kind, const double *hazard, double *room)
{
    ltv_frailty frailty = frailty_of(arm, kind->segment);
    double per_period = log1p(-arm->involuntary_churn);
    size_t n = curves->n;
    double *scaled = room, *own = room + n, *level = room + 2 * n;
    double churn = kind->times.on[LTV_LEVER_CHURN];
    for (size_t i = 0; i < n; i++)
        scaled[i] = churn > 0 ? churn * hazard[i] : 0;
    ltv_frailty_survival(&frailty, n, scaled, own);
    if (arm->spend_churn_correlation != 0)
        ltv_frailty_level_kept(&frailty, level_given_score, arm, n, scaled, level);
    else
        memcpy(level, own, n * sizeof *level);
    for (size_t i = 0; i < n; i++) {
        size_t bill = curves->first + i;
        double failed = -(double)bill * per_period;
        double kept = kind->share * exp(-kind->times.on[LTV_LEVER_INVOLUNTARY] * failed);
        double orders = orders_at_bill(scenario, arm, kind, bill) * arm->gross_margin;
        curves->survival[i] += own[i] * kept;
        curves->spend[i] += level[i] * kept;
        curves->margin[i] += (kind->margin + orders) * own[i] * kept;
        curves->own_margin[i] += (kind->margin * level[i] + orders * own[i]) * kept;
    }
}

static void add_kinds(segment_curves *curves, const ltv_scenario *scenario, const ltv_arm *arm,
                      size_t segment, const double *hazard, double *room)
{
    for (size_t c = 0; c < arm->n_channels; c++)
        for (size_t p = 0; p < count_plans(arm); p++) {
            customer_kind kind = kind_of(arm, c, segment, p);
            if (kind.share > 0)
                add_kind(curves, scenario, arm, &kind, hazard, room);
        }
}

static ltv_status make_curves(segment_curves *curves, const ltv_scenario *scenario,
                              const ltv_arm *arm, size_t segment, size_t first, size_t n,
                              ltv_error *err)
{
    *curves = (segment_curves){.first = first,
                               .n = n,
                               .survival = calloc(n, sizeof *curves->survival),
                               .spend = calloc(n, sizeof *curves->spend),
                               .margin = calloc(n, sizeof *curves->margin),
                               .own_margin = calloc(n, sizeof *curves->own_margin)};
    double *hazard = calloc(first + n, sizeof *hazard), *room = calloc(3 * n, sizeof *room);
    bool enough = curves->survival != NULL && curves->spend != NULL && curves->margin != NULL &&
                  curves->own_margin != NULL && hazard != NULL && room != NULL;
    if (enough) {
        ltv_voluntary_hazard(scenario, ltv_arm_retention(arm, segment), first + n, hazard);
        add_kinds(curves, scenario, arm, segment, hazard + first, room);
    }
    free(hazard);
    free(room);
    return enough ? LTV_OK : no_memory(first + n, err);
}

static double service_per_bill(const ltv_arm *arm, size_t segment)
{
    return arm->service_cost + arm->segments[segment].service_cost;
}

/* Hazard of voluntary churn in the first period of customers of one kind. */
static double first_voluntary_hazard(const ltv_arm *arm, const customer_kind *kind,
                                     double base_hazard)
{
    ltv_frailty frailty = frailty_of(arm, kind->segment);
    double times = kind->times.on[LTV_LEVER_CHURN], kept;
    double hazard = times > 0 ? times * base_hazard : 0;
    ltv_frailty_survival(&frailty, 1, &hazard, &kept);
    return -log(kept);
}

/* Adds the kind's cumulative hazard at bills 0 ... n - 1, its voluntary part scaled to what the
 * kind really loses in the first period; see uniform_survival. */
static void add_mean_hazard(const ltv_arm *arm, const customer_kind *kind, double share, size_t n,
                            const double *hazard, double *mean)
{
    double first = first_voluntary_hazard(arm, kind, hazard[1]);
    double scale = hazard[1] > 0 && first > 0 ? first / hazard[1] : 1;
    double failed = kind->times.on[LTV_LEVER_INVOLUNTARY] * -log1p(-arm->involuntary_churn);
    for (size_t u = 0; u < n; u++)
        mean[u] += isfinite(first) ? share * (scale * hazard[u] + failed * (double)u) : INFINITY;
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
        return no_memory(n, err);
    }
    for (size_t s = 0; s < arm->n_segments; s++) {
        ltv_voluntary_hazard(scenario, ltv_arm_retention(arm, s), n, hazard);
        for (size_t c = 0; c < arm->n_channels; c++)
            for (size_t p = 0; p < count_plans(arm); p++) {
                customer_kind kind = kind_of(arm, c, s, p);
                double share = share_of_segment(arm, s) * kind.share;
                if (share > 0)
                    add_mean_hazard(arm, &kind, share, n, hazard, mean);
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

/* Sum over the horizon of a number per bill, discounted. */
static double discounted_bills(const ltv_expectation *e, const double *at_bill)
{
    double sum = 0;
    for (uint32_t u = 0; u < e->horizon; u++)
        sum += e->discount[u] * at_bill[u];
    return sum;
}

static double geometric_bills(const ltv_expectation *e, double churn)
{
    double bills = 0;
    for (uint32_t u = 0; u < e->horizon; u++)
        bills += e->discount[u] * pow(1 - churn, u);
    return bills;
}

/* Expected discounted sums over the horizon, per joined customer: see segment_curves. */
typedef struct {
    double margin, own_margin, service;
} value_parts;

/* What the certain first order brings, less what it would if it came with every bill. */
static double once_instead_of_ever(const ltv_expectation *e, const ltv_arm *arm, double bills)
{
    bool certain = arm->orders.rate > 0 && arm->orders.first_order_certain;
    double margin = certain ? arm->orders.value_mean * arm->gross_margin : 0;
    return margin * (e->discount[0] - bills);
}

static ltv_status fill_steps(ltv_expectation *e, const ltv_scenario *scenario, const ltv_arm *arm,
                             const value_parts *parts, ltv_error *err)
{
    size_t n = (size_t)e->horizon + 1;
    double *uniform = calloc(n, sizeof *uniform);
    if (uniform == NULL)
        return no_memory(n, err);
    ltv_status status = uniform_survival(e, scenario, arm, uniform, err);
    if (status == LTV_OK) {
        double churn = e->churn_first_period, margin = e->arpu * e->gross_margin;
        double all_bills = discounted_bills(e, e->survival);
        double uniform_bills = discounted_bills(e, uniform);
        double cut_bills = ltv_geometric_bills(churn, 1, e->horizon);
        double discounted = geometric_bills(e, churn);
        e->step_horizon = margin * cut_bills - e->spreadsheet_ltv;
        e->step_discounting = margin * (discounted - cut_bills);
        e->step_tenure = margin * (uniform_bills - discounted);
        e->step_heterogeneity = margin * (all_bills - uniform_bills);
        e->step_first_order = once_instead_of_ever(e, arm, all_bills);
        e->step_mix = parts->margin - margin * all_bills - e->step_first_order;
        e->step_spend = parts->own_margin - parts->margin;
        e->step_service_cost = -parts->service;
    }
    free(uniform);
    return status;
}

/* Adds one segment to everything that is a sum over customers. */
static ltv_status fill_segment(ltv_expectation *e, const ltv_scenario *scenario, const ltv_arm *arm,
                               size_t segment, value_parts *parts, ltv_error *err)
{
    size_t n = (size_t)e->horizon + 1;
    double share = share_of_segment(arm, segment);
    segment_curves curves;
    ltv_status status = make_curves(&curves, scenario, arm, segment, 0, n, err);
    if (status == LTV_OK) {
        memcpy(e->segment_survival + segment * n, curves.survival, n * sizeof *curves.survival);
        memcpy(e->segment_spend + segment * n, curves.spend, n * sizeof *curves.spend);
        for (size_t u = 0; u < n; u++)
            e->survival[u] += share * curves.survival[u];
        parts->margin += share * discounted_bills(e, curves.margin);
        parts->own_margin += share * discounted_bills(e, curves.own_margin);
        parts->service +=
            share * service_per_bill(arm, segment) * discounted_bills(e, curves.survival);
    }
    free_curves(&curves);
    return status;
}

static ltv_status fill_segments(ltv_expectation *e, const ltv_scenario *scenario,
                                const ltv_arm *arm, value_parts *parts, ltv_error *err)
{
    size_t n = (size_t)e->horizon + 1;
    e->segment_survival = calloc(n * arm->n_segments, sizeof *e->segment_survival);
    e->segment_spend = calloc(n * arm->n_segments, sizeof *e->segment_spend);
    e->survival = calloc(n, sizeof *e->survival);
    e->discount = calloc(n, sizeof *e->discount);
    if (e->segment_survival == NULL || e->segment_spend == NULL || e->survival == NULL ||
        e->discount == NULL)
        return no_memory(n, err);
    ltv_discount_at_bills(scenario, n, e->discount);
    ltv_status status = LTV_OK;
    for (size_t s = 0; status == LTV_OK && s < arm->n_segments; s++)
        status = fill_segment(e, scenario, arm, s, parts, err);
    return status;
}

static void fill_first_bill(ltv_expectation *e, const ltv_scenario *scenario, const ltv_arm *arm)
{
    double revenue = 0, margin = 0;
    for (size_t s = 0; s < arm->n_segments; s++)
        for (size_t c = 0; c < arm->n_channels; c++)
            for (size_t p = 0; p < count_plans(arm); p++) {
                customer_kind kind = kind_of(arm, c, s, p);
                double share = share_of_segment(arm, s) * kind.share;
                double orders = orders_at_bill(scenario, arm, &kind, 0);
                revenue += share * (kind.price + orders);
                margin += share * (kind.margin + orders * arm->gross_margin);
            }
    e->arpu = revenue;
    /* Where all margins are alike, that margin, to the last bit. */
    bool alike = revenue == 0 || fabs(margin - revenue * arm->gross_margin) <= 1e-14 * revenue;
    e->gross_margin = alike ? arm->gross_margin : margin / revenue;
}

static void fill_joining(ltv_expectation *e, const ltv_scenario *scenario, const ltv_arm *arm)
{
    fill_first_bill(e, scenario, arm);
    double paid = 0;
    for (size_t c = 0; c < arm->n_channels; c++) {
        e->cac += arm->channels[c].share * arm->channels[c].cac;
        paid += arm->channels[c].cac > 0 ? arm->channels[c].share : 0;
    }
    e->cac_paid = paid > 0 ? e->cac / paid : NAN;
}

static void fill_value(ltv_expectation *e, const ltv_scenario *scenario, const ltv_arm *arm,
                       const value_parts *parts)
{
    fill_joining(e, scenario, arm);
    e->ltv = parts->own_margin - parts->service;
    for (uint32_t u = 0; u < e->horizon; u++)
        e->lifetime += e->survival[u];
    e->discounted_lifetime = discounted_bills(e, e->survival);
    e->churn_first_period = 1 - e->survival[1];
    e->spreadsheet_ltv = ltv_formula_ltv(e->arpu, e->gross_margin, e->churn_first_period);
}

/* Expected discounted contribution of bills first ... first + n - 1, and the sum of the
 * magnitudes of its terms. */
static ltv_status sum_stretch(const ltv_scenario *scenario, const ltv_arm *arm, uint32_t first,
                              uint32_t n, double *sum, double *magnitude, ltv_error *err)
{
    *sum = *magnitude = 0;
    double *discount = calloc((size_t)first + n, sizeof *discount);
    if (discount == NULL)
        return no_memory((size_t)first + n, err);
    ltv_discount_at_bills(scenario, (size_t)first + n, discount);
    ltv_status status = LTV_OK;
    for (size_t s = 0; status == LTV_OK && s < arm->n_segments; s++) {
        segment_curves curves;
        status = make_curves(&curves, scenario, arm, s, first, n, err);
        for (uint32_t i = 0; status == LTV_OK && i < n; i++) {
            double value = share_of_segment(arm, s) * discount[first + i] *
                           (curves.own_margin[i] - service_per_bill(arm, s) * curves.survival[i]);
            *sum += value;
            *magnitude += fabs(value);
        }
        free_curves(&curves);
    }
    free(discount);
    return status;
}

/* Adds stretches beyond the horizon, each as long as all before it, until one no longer
 * matters. */
static ltv_status fill_beyond(ltv_expectation *e, const ltv_scenario *scenario, const ltv_arm *arm,
                              ltv_error *err)
{
    enum { SHORTEST = 64, LONGEST = 8192 };
    e->beyond_note = "";
    if (!e->exact) {
        e->beyond_horizon = NAN;
        e->beyond_note = "unknown: what customers do later and programmes are only simulated";
        return LTV_OK;
    }
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
    return ltv_arm_is_plain(arm) && arm->n_segments == 1 &&
           retention->curve.kind == LTV_CURVE_BETA_GEOMETRIC &&
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
    double first = e->discount[0];
    e->sbg_lifetime =
        first * ltv_beta_geometric_discounted_lifetime(shape[0], shape[1], 0, discount);
    e->sbg_residual_lifetime = first * ltv_beta_geometric_residual_lifetime(
                                           shape[0], shape[1], scenario->horizon, discount);
}

ltv_status ltv_expectation_init(ltv_expectation *expectation, const ltv_scenario *scenario,
                                const ltv_arm *arm, bool steps, ltv_error *err)
{
    *expectation = (ltv_expectation){.horizon = scenario->horizon,
                                     .n_segments = arm->n_segments,
                                     .exact = ltv_arm_is_plain(arm)};
    value_parts parts = {0};
    ltv_status status = fill_segments(expectation, scenario, arm, &parts, err);
    if (status != LTV_OK)
        return status;
    fill_value(expectation, scenario, arm, &parts);
    fill_sbg(expectation, scenario, arm);
    status = fill_beyond(expectation, scenario, arm, err);
    if (status == LTV_OK && steps && expectation->churn_first_period > 0)
        status = fill_steps(expectation, scenario, arm, &parts, err);
    return status;
}

void ltv_expectation_of_joining(ltv_expectation *expectation, const ltv_scenario *scenario,
                                const ltv_arm *arm)
{
    *expectation = (ltv_expectation){.horizon = scenario->horizon,
                                     .n_segments = arm->n_segments,
                                     .churn_first_period = NAN,
                                     .lifetime = NAN,
                                     .ltv = NAN,
                                     .spreadsheet_ltv = NAN,
                                     .discounted_lifetime = NAN,
                                     .sbg_lifetime = NAN,
                                     .sbg_residual_lifetime = NAN,
                                     .beyond_horizon = NAN,
                                     .beyond_note = ""};
    fill_joining(expectation, scenario, arm);
}

void ltv_expectation_free(ltv_expectation *expectation)
{
    free(expectation->segment_survival);
    free(expectation->segment_spend);
    free(expectation->survival);
    free(expectation->discount);
    *expectation = (ltv_expectation){0};
}
