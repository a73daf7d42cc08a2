/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/estimate.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/contrast.h"
#include "sim/draw_table.h"
#include "sim/expectation.h"
#include "sim/group.h"
#include "sim/metrics.h"
#include "sim/quantiles.h"

static ltv_status no_memory(ltv_error *err)
{
    return ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory for the estimates");
}

/* Which estimates are made. */
typedef struct {
    bool of_draw;                /* one draw of several: no distributions and the like */
    bool curves_only;            /* values and curves of whole arms and contrasts */
    const ltv_draw_table *table; /* all draws together; NULL: a single one */
    /* Of them, the outlines of LTV and net LTV of the whole arm that is being filled; NULL for its
     * parts, whose quantiles have no limits then. */
    const ltv_outline_sums *outlines;
    const ltv_estimate *whole; /* what is being made */
} scope;

/* Which value of the table of draws a value is that is made of all of them; without a table there
 * is a single draw. */
typedef struct {
    const ltv_draw_table *table;
    size_t owner;
    const char *name;
} drawn_value;

static const drawn_value of_one_draw;

static drawn_value drawn_value_of(scope of, const ltv_group_estimate *group,
                                  const ltv_contrast_estimate *contrast, const char *name)
{
    if (of.table == NULL)
        return of_one_draw;
    return (drawn_value){of.table, ltv_draw_table_owner(of.whole, group, contrast), name};
}

double ltv_value_design_effect(const ltv_value_estimate *value, double customers)
{
    double per_draw = fmax(customers / (double)value->draws, 1);
    double total = value->parameter_variance + value->customer_variance;
    double alike = value->parameter_variance / total;
    if (value->draws <= 1 || value->parameter_variance == 0)
        return 1;
    return isnan(alike) ? per_draw : 1 + (per_draw - 1) * alike;
}

/* An amount that no customer has: NaN throughout and an empty histogram. */
static ltv_status fill_empty_value(ltv_value_estimate *value, ltv_error *err)
{
    value->mean = value->standard_error = value->sd = value->min = value->max = NAN;
    value->customer_variance = NAN;
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

/* outlines: of draws, where the scope has them. */
static ltv_status fill_value(ltv_value_estimate *value, const ltv_moments *moments,
                             const ltv_sketch *sketch, ltv_money least, ltv_money most,
                             ltv_money spacing, double quanta, drawn_value drawn,
                             const ltv_outline_sums *outlines, ltv_error *err)
{
    value->n = moments->n;
    value->draws = 1;
    value->parameter_variance = value->u90_lower = value->u90_upper = NAN;
    value->mean_controlled = value->standard_error_controlled = value->control_factor = NAN;
    value->predicted_lower = value->predicted_upper = NAN;
    for (int i = 0; i < LTV_QUANTILES; i++)
        value->over_draws[i] = NAN;
    if (moments->n == 0)
        return fill_empty_value(value, err);
    value->mean = ltv_moments_mean(moments) / quanta;
    value->sd = sqrt(ltv_moments_variance(moments)) / quanta;
    value->customer_variance = value->sd * value->sd;
    value->standard_error = value->sd / sqrt((double)moments->n);
    if (drawn.table != NULL)
        ltv_draw_table_variance(drawn.table, drawn.owner, drawn.name, value);
    if (sketch == NULL)
        return LTV_OK;
    value->min = (double)least / quanta;
    value->max = (double)most / quanta;
    double n = (double)moments->n, independent = fmax(n / ltv_value_design_effect(value, n), 1);
    if (outlines != NULL)
        ltv_quantiles_of_draws(value->quantiles, sketch, moments->n, quanta, outlines);
    else
        ltv_quantiles_of_sketch(value->quantiles, sketch, moments->n, (int64_t)independent, quanta);
    return ltv_histogram_of_sketch(&value->histogram, sketch, moments->n, least, most, spacing,
                                   quanta, err);
}

static ltv_money undiscounted_bill(const ltv_program *program, size_t channel, size_t segment)
{
    const ltv_kind *kind =
        &program->kinds[program->kind_of[channel * program->n_segments + segment]];
    return kind->discounted_margin[1] - kind->discounted_service[1];
}

/* Distance between neighbouring amounts where LTV can only be a number of equal bills, else 0. */
static ltv_money even_spacing(const ltv_scenario *scenario, const ltv_group *group)
{
    const ltv_program *program = group->program;
    size_t segment = group->first_segment;
    if (scenario->discount_rate_per_year != 0 || !program->plain || program->spends_differ ||
        group->end_segment - segment != 1)
        return 0;
    ltv_money bill = undiscounted_bill(program, group->first_channel, segment);
    for (size_t c = group->first_channel; c < group->end_channel; c++)
        if (undiscounted_bill(program, c, segment) != bill)
            return 0;
    return bill < 0 ? -bill : bill;
}

/* Means without their distributions. */
static ltv_status fill_means(ltv_group_estimate *estimate, const ltv_group *group, double quanta,
                             ltv_error *err)
{
    ltv_moments ltv = ltv_group_moments(group, LTV_FIGURE_LTV);
    ltv_moments net = ltv_group_moments(group, LTV_FIGURE_NET_LTV);
    ltv_status status =
        fill_value(&estimate->ltv, &ltv, NULL, 0, 0, 0, quanta, of_one_draw, NULL, err);
    return status == LTV_OK
               ? fill_value(&estimate->net_ltv, &net, NULL, 0, 0, 0, quanta, of_one_draw, NULL, err)
               : status;
}

static ltv_status fill_values(ltv_group_estimate *estimate, const ltv_scenario *scenario,
                              const ltv_group *group, double quanta, scope of, ltv_error *err)
{
    ltv_spread_tally spread;
    ltv_status status = ltv_group_spread(group, &spread) ? LTV_OK : no_memory(err);
    ltv_moments ltv = ltv_group_moments(group, LTV_FIGURE_LTV);
    ltv_moments net = ltv_group_moments(group, LTV_FIGURE_NET_LTV);
    ltv_money spacing = even_spacing(scenario, group);
    const ltv_outline_sums *gross = of.outlines, *after_cac = gross != NULL ? gross + 1 : NULL;
    bool one_cac = group->end_channel - group->first_channel == 1 && !group->program->cacs_differ;
    if (status == LTV_OK)
        status = fill_value(&estimate->ltv, &ltv, &spread.ltv, spread.least, spread.most, spacing,
                            quanta, drawn_value_of(of, estimate, NULL, "ltv"), gross, err);
    if (status == LTV_OK)
        status = fill_value(&estimate->net_ltv, &net, &spread.net_ltv, spread.net_least,
                            spread.net_most, one_cac ? spacing : 0, quanta,
                            drawn_value_of(of, estimate, NULL, "net_ltv"), after_cac, err);
    ltv_spread_tally_free(&spread);
    return status;
}

/* The curves of a group, one by one; NULL after the last. */
static double **curve_number(ltv_group_estimate *e, size_t i)
{
    double **curves[] = {&e->ltv.by_period,
                         &e->net_ltv.by_period,
                         &e->recurring_revenue,
                         &e->revenue,
                         &e->contribution,
                         &e->cumulative_contribution,
                         &e->cumulative_discounted_contribution,
                         &e->retention,
                         &e->programme_cost};
    return i < sizeof curves / sizeof *curves ? curves[i] : NULL;
}

static bool has_programmes(const ltv_scenario *scenario)
{
    for (size_t a = 0; a < scenario->n_arms; a++)
        if (scenario->arms[a].n_interventions > 0)
            return true;
    return false;
}

static bool allocate_curves(ltv_group_estimate *estimate, const ltv_scenario *scenario)
{
    for (size_t i = 0; curve_number(estimate, i) != NULL; i++) {
        double **curve = curve_number(estimate, i);
        if (curve == &estimate->programme_cost && !has_programmes(scenario))
            continue;
        *curve = calloc((size_t)scenario->horizon + 1, sizeof **curve);
        if (*curve == NULL)
            return false;
    }
    return true;
}

/* Means per joined customer; scale is customers x quanta per unit. */
static void fill_bills(ltv_group_estimate *e, const ltv_program *program, const ltv_flows *flows,
                       double scale, double cac)
{
    double *const *at = flows->at;
    double undiscounted = 0, discounted = 0, costs = 0;
    for (uint32_t u = 0; u < program->horizon; u++) {
        double contribution = ltv_flows_contribution(flows, program, u) / scale;
        undiscounted += contribution;
        discounted += contribution * program->discount[u];
        costs += at[LTV_FLOW_COSTS][u] / scale * program->discount[u];
        e->recurring_revenue[u] = at[LTV_FLOW_RECURRING][u] / scale;
        e->revenue[u] = (at[LTV_FLOW_REVENUE][u] + at[LTV_FLOW_ORDERS][u]) / scale;
        e->contribution[u] = contribution;
        e->cumulative_contribution[u] = undiscounted;
        e->cumulative_discounted_contribution[u] = discounted;
        e->ltv.by_period[u] = discounted - costs;
        e->net_ltv.by_period[u] = e->ltv.by_period[u] - cac;
        if (e->programme_cost != NULL)
            e->programme_cost[u] = (at[LTV_FLOW_COSTS][u] + at[LTV_FLOW_FORGONE][u]) / scale;
    }
}

static ltv_status fill_curves(ltv_group_estimate *estimate, const ltv_scenario *scenario,
                              const ltv_group *group, double quanta, ltv_error *err)
{
    ltv_flows flows;
    double n = (double)ltv_group_size(group);
    if (!ltv_group_flows(group, &flows) || !allocate_curves(estimate, scenario)) {
        ltv_flows_free(&flows);
        return no_memory(err);
    }
    fill_bills(estimate, group->program, &flows, n * quanta, ltv_group_mean_cac(group) / quanta);
    for (uint32_t u = 0; u <= group->program->horizon; u++)
        estimate->retention[u] = flows.at[LTV_FLOW_PAYING][u] / n;
    ltv_flows_free(&flows);
    return LTV_OK;
}

/* Name, values and curves of a group; its figures come after (ltv_metrics_of_group). */
static ltv_status fill_group(ltv_group_estimate *estimate, const ltv_scenario *scenario,
                             const ltv_group *group, const char *name, double share, scope of,
                             ltv_error *err)
{
    double quanta = ltv_money_quanta_per_unit(scenario->currency_decimals);
    snprintf(estimate->name, sizeof estimate->name, "%s", name);
    estimate->share = share;
    ltv_status status = of.of_draw ? fill_means(estimate, group, quanta, err)
                                   : fill_values(estimate, scenario, group, quanta, of, err);
    return status == LTV_OK ? fill_curves(estimate, scenario, group, quanta, err) : status;
}

/* Whether something happens to customers later that their expectation leaves out; orders are in. */
static bool has_later_events(const ltv_arm *arm)
{
    bool events = arm->n_add_ons > 0 || arm->n_price_changes > 0 || arm->n_interventions > 0;
    for (size_t p = 0; p < arm->n_plans; p++) {
        const ltv_plan *plan = &arm->plans[p];
        events = events || plan->term > 0 || plan->n_upgrades > 0 || plan->n_downgrades > 0;
    }
    return events;
}

/* The way from the spreadsheet's figure to the simulated mean; steps of no size are left out. */
static ltv_status fill_bridge(ltv_arm_estimate *arm, const ltv_expectation *e, bool later_events,
                              scope of, ltv_error *err)
{
    static const ltv_bridge_step noise = {"simulation_noise",
                                          "Monte Carlo error of the simulated mean", 0, 0};
    static const ltv_bridge_step rest = {
        "expansion_and_programmes",
        "plan changes, add-ons, contract terms, price changes and programmes; the Monte Carlo "
        "error of the simulated mean is in it",
        0, 0};
    static const ltv_bridge_step pooled = {
        "uncertainty_and_events",
        "inputs that differ from their means in both directions without making up for it; plan "
        "changes, add-ons, contract terms, price changes and programmes; the Monte Carlo error of "
        "the simulated mean is in it",
        0, 0};
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
        {"first_order", "comes once, not with every bill", e->step_first_order, 0},
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
    ltv_bridge_step *last = &arm->bridge[arm->n_bridge++];
    *last = of.table != NULL ? pooled : later_events ? rest : noise;
    last->amount = simulated - running;
    last->running = simulated;
    return LTV_OK;
}

static bool has_own_segments(const ltv_arm *arm)
{
    for (size_t c = 0; c < arm->n_channels; c++)
        if (arm->channels[c].segments != NULL)
            return true;
    return false;
}

/* Share of the joining customers who are of this segment. */
static double share_of_segment(const ltv_arm *arm, size_t segment)
{
    double share = 0;
    if (!has_own_segments(arm))
        return arm->segments[segment].share;
    for (size_t c = 0; c < arm->n_channels; c++)
        share += arm->channels[c].share * ltv_arm_segment_share(arm, c, segment);
    return share;
}

/* What is known of a group without simulating, all of it or no more than what one draw needs. */
static ltv_status expect(ltv_expectation *expectation, const ltv_scenario *scenario,
                         const ltv_arm *part, scope of, ltv_error *err)
{
    if (!of.of_draw)
        return ltv_expectation_init(expectation, scenario, part, false, err);
    ltv_expectation_of_joining(expectation, scenario, part);
    return LTV_OK;
}

/* The expectation of the arm as if it had this one segment only, which comes through the channels
 * in its own proportions. */
static ltv_status expect_segment(ltv_expectation *expectation, const ltv_scenario *scenario,
                                 const ltv_arm *arm, size_t index, scope of, ltv_error *err)
{
    ltv_segment only = arm->segments[index];
    ltv_arm part = *arm; /* borrows all that arm owns */
    ltv_channel *channels = calloc(arm->n_channels, sizeof *channels);
    double share = share_of_segment(arm, index);
    *expectation = (ltv_expectation){0};
    if (channels == NULL)
        return no_memory(err);
    for (size_t c = 0; c < arm->n_channels; c++) {
        channels[c] = arm->channels[c];
        channels[c].segments = NULL;
        if (has_own_segments(arm) && share > 0)
            channels[c].share *= ltv_arm_segment_share(arm, c, index) / share;
    }
    only.share = 1;
    part.n_segments = 1;
    part.segments = &only;
    part.channels = channels;
    ltv_status status = expect(expectation, scenario, &part, of, err);
    free(channels);
    return status;
}

/* CAC is simulated in no draw, so that of all of them is its mean over draws. */
static void pool_cac(ltv_expectation *expectation, scope of, const ltv_group_estimate *group)
{
    if (of.table == NULL)
        return;
    expectation->cac = ltv_draw_table_mean(of.table, of.whole, group, "cac");
    expectation->cac_paid = ltv_draw_table_mean(of.table, of.whole, group, "cac_paid");
}

static ltv_status measure_segment(ltv_group_estimate *estimate, const ltv_scenario *scenario,
                                  const ltv_arm *arm, size_t index, const ltv_group *group,
                                  scope of, ltv_error *err)
{
    ltv_expectation expectation;
    ltv_status status = expect_segment(&expectation, scenario, arm, index, of, err);
    pool_cac(&expectation, of, estimate);
    if (status == LTV_OK)
        status = ltv_metrics_of_group(estimate, scenario, group, &expectation, err);
    ltv_expectation_free(&expectation);
    return status;
}

/* The expectation of the arm as if it had this one channel only. */
static ltv_status expect_channel(ltv_expectation *expectation, const ltv_scenario *scenario,
                                 const ltv_arm *arm, size_t index, scope of, ltv_error *err)
{
    ltv_channel only = arm->channels[index];
    ltv_arm part = *arm; /* borrows all that arm owns */
    part.n_channels = 1;
    part.channels = &only;
    only.share = 1;
    return expect(expectation, scenario, &part, of, err);
}

/* The first channel that differs from this one in nothing but its cost. */
static size_t like_channel(const ltv_arm *arm, size_t channel)
{
    size_t like = ltv_arm_like_channel(arm, channel);
    bool own = arm->channels[channel].segments != NULL || arm->channels[like].segments != NULL;
    return own ? channel : like;
}

/* Channels that are alike share an expectation. */
static ltv_status measure_channels(ltv_arm_estimate *estimate, const ltv_scenario *scenario,
                                   const ltv_arm *arm, const ltv_program *program,
                                   const ltv_arm_tally *tally, scope of, ltv_error *err)
{
    ltv_expectation *expected = calloc(estimate->n_channels + 1, sizeof *expected);
    ltv_status status = expected != NULL ? LTV_OK : no_memory(err);
    for (size_t c = 0; status == LTV_OK && c < estimate->n_channels; c++) {
        const ltv_channel *channel = &arm->channels[c];
        size_t like = like_channel(arm, c);
        if (like == c)
            status = expect_channel(&expected[c], scenario, arm, c, of, err);
        if (status != LTV_OK)
            break;
        ltv_expectation own = expected[like]; /* borrows its curves */
        own.cac = channel->cac;
        own.cac_paid = channel->cac > 0 ? channel->cac : NAN;
        pool_cac(&own, of, &estimate->channels[c]);
        ltv_group group = ltv_group_channel(program, tally, c);
        status = ltv_metrics_of_group(&estimate->channels[c], scenario, &group, &own, err);
    }
    for (size_t c = 0; expected != NULL && c < estimate->n_channels; c++)
        ltv_expectation_free(&expected[c]);
    free(expected);
    return status;
}

static ltv_status fill_parts(ltv_arm_estimate *estimate, const ltv_scenario *scenario,
                             const ltv_arm *arm, const ltv_program *program,
                             const ltv_arm_tally *tally, scope of, ltv_error *err)
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
    of.outlines = NULL;
    for (size_t s = 0; status == LTV_OK && s < n_segments; s++) {
        ltv_group group = ltv_group_segment(program, tally, s);
        status = fill_group(&estimate->segments[s], scenario, &group, arm->segments[s].name,
                            share_of_segment(arm, s), of, err);
    }
    for (size_t c = 0; status == LTV_OK && c < n_channels; c++) {
        ltv_group group = ltv_group_channel(program, tally, c);
        status = fill_group(&estimate->channels[c], scenario, &group, arm->channels[c].name,
                            arm->channels[c].share, of, err);
    }
    return status;
}

static ltv_status measure_parts(ltv_arm_estimate *estimate, const ltv_scenario *scenario,
                                const ltv_arm *arm, const ltv_program *program,
                                const ltv_arm_tally *tally, scope of, ltv_error *err)
{
    ltv_status status = LTV_OK;
    for (size_t s = 0; status == LTV_OK && s < estimate->n_segments; s++) {
        ltv_group group = ltv_group_segment(program, tally, s);
        status = measure_segment(&estimate->segments[s], scenario, arm, s, &group, of, err);
    }
    return status == LTV_OK ? measure_channels(estimate, scenario, arm, program, tally, of, err)
                            : status;
}

/* Recurring revenue of all components by bill, at price index 1. Owned; NULL without memory. */
static double *recurring_of_all(const ltv_arm_tally *tally)
{
    double *all = calloc((size_t)tally->horizon + 1, sizeof *all);
    __int128 sum = 0;
    for (uint32_t u = 0; all != NULL && u < tally->horizon; u++) {
        for (size_t s = 0; s < tally->n_segments; s++)
            sum += tally->segment_flows[s].change[LTV_FLOW_RECURRING][u];
        all[u] = (double)sum;
    }
    return all;
}

/* Share of the n customers who hold a component at each bill, and of revenue. */
static ltv_status fill_holding(ltv_holding *holding, const char *name, const ltv_arm_tally *tally,
                               size_t component, int64_t n, const double *all, ltv_error *err)
{
    size_t first = component * ((size_t)tally->horizon + 2);
    int64_t holders = 0;
    __int128 recurring = 0;
    snprintf(holding->name, sizeof holding->name, "%s", name);
    holding->share = calloc(tally->horizon, sizeof *holding->share);
    holding->revenue_share = calloc(tally->horizon, sizeof *holding->revenue_share);
    if (holding->share == NULL || holding->revenue_share == NULL)
        return no_memory(err);
    for (uint32_t u = 0; u < tally->horizon; u++) {
        holders += tally->holders[first + u];
        recurring += tally->recurring[first + u];
        holding->share[u] = (double)holders / (double)n;
        holding->revenue_share[u] = all[u] > 0 ? (double)recurring / all[u] : 0;
    }
    return LTV_OK;
}

static ltv_status fill_holdings(ltv_arm_estimate *estimate, const ltv_arm *arm,
                                const ltv_arm_tally *tally, ltv_error *err)
{
    ltv_status status = LTV_OK;
    int64_t n = estimate->all.ltv.n;
    estimate->plans = calloc(arm->n_plans + 1, sizeof *estimate->plans);
    estimate->add_ons = calloc(arm->n_add_ons + 1, sizeof *estimate->add_ons);
    double *all = recurring_of_all(tally);
    if (estimate->plans == NULL || estimate->add_ons == NULL || all == NULL) {
        free(all);
        return no_memory(err);
    }
    for (size_t p = 0; status == LTV_OK && p < arm->n_plans; p++)
        status = fill_holding(&estimate->plans[estimate->n_plans++], arm->plans[p].name, tally, p,
                              n, all, err);
    size_t first = tally->n_components - arm->n_add_ons; /* after the plans */
    for (size_t a = 0; status == LTV_OK && a < arm->n_add_ons; a++)
        status = fill_holding(&estimate->add_ons[estimate->n_add_ons++], arm->add_ons[a].name,
                              tally, first + a, n, all, err);
    free(all);
    return status;
}

/* Values and curves of an arm and its parts. */
static ltv_status fill_arm(ltv_arm_estimate *estimate, const ltv_scenario *scenario,
                           const ltv_arm *arm, const ltv_program *program,
                           const ltv_arm_tally *tally, scope of, ltv_error *err)
{
    ltv_group all = ltv_group_all(program, tally);
    ltv_status status = fill_group(&estimate->all, scenario, &all, arm->name, 1, of, err);
    if (status == LTV_OK && !of.curves_only)
        status = fill_parts(estimate, scenario, arm, program, tally, of, err);
    if (status == LTV_OK && !of.curves_only)
        status = fill_holdings(estimate, arm, tally, err);
    return status;
}

void ltv_estimate_take_controlled(ltv_group_estimate *group)
{
    ltv_value_estimate *ltv = &group->ltv;
    ltv->mean_controlled = ltv->standard_error_controlled = ltv->control_factor = NAN;
    for (size_t i = 0; i < group->n_metrics; i++) {
        const ltv_metric *metric = &group->metrics[i];
        if (strcmp(metric->name, "ltv_controlled") != 0)
            continue;
        double gained = ltv->standard_error / metric->mc_standard_error;
        ltv->mean_controlled = metric->value;
        ltv->standard_error_controlled = metric->mc_standard_error;
        ltv->control_factor = metric->mc_standard_error > 0 ? gained * gained : NAN;
    }
}

/* The figures that are made of these. */
static ltv_status measure_arm(ltv_arm_estimate *estimate, const ltv_scenario *scenario,
                              const ltv_arm *arm, const ltv_expectation *expectation,
                              const ltv_program *program, const ltv_arm_tally *tally, scope of,
                              ltv_error *err)
{
    ltv_group all = ltv_group_all(program, tally);
    ltv_expectation own = *expectation; /* borrows its curves */
    pool_cac(&own, of, &estimate->all);
    ltv_status status = ltv_metrics_of_group(&estimate->all, scenario, &all, &own, err);
    ltv_estimate_take_controlled(&estimate->all);
    if (status == LTV_OK && !of.of_draw)
        status = fill_bridge(estimate, &own, has_later_events(arm), of, err);
    return status == LTV_OK ? measure_parts(estimate, scenario, arm, program, tally, of, err)
                            : status;
}

/* Programmes are not expected, so that arms share an expectation that differ in them alone, and
 * have some or none. */
static size_t like_arm(const ltv_scenario *scenario, size_t a)
{
    const ltv_arm *arm = &scenario->arms[a];
    size_t like = 0;
    while (scenario->arms[like].overrides != arm->overrides ||
           ltv_arm_is_plain(&scenario->arms[like]) != ltv_arm_is_plain(arm))
        like++;
    return like;
}

static ltv_status measure_arms(ltv_estimate *estimate, const ltv_scenario *scenario,
                               const ltv_program *programs, const ltv_tally *tally, scope of,
                               ltv_error *err)
{
    ltv_expectation *expected = calloc(scenario->n_arms, sizeof *expected);
    ltv_status status = expected != NULL ? LTV_OK : no_memory(err);
    for (size_t a = 0; status == LTV_OK && a < scenario->n_arms; a++) {
        const ltv_arm *arm = &scenario->arms[a];
        size_t like = like_arm(scenario, a);
        if (like == a)
            status = ltv_expectation_init(&expected[a], scenario, arm, !of.of_draw, err);
        if (status == LTV_OK)
            status = measure_arm(&estimate->arms[a], scenario, arm, &expected[like], &programs[a],
                                 &tally->arms[a], of, err);
    }
    for (size_t a = 0; expected != NULL && a < scenario->n_arms; a++)
        ltv_expectation_free(&expected[a]);
    free(expected);
    return status;
}

static ltv_moments delta_of_all(const ltv_contrast_tally *tally)
{
    ltv_moments moments = {0};
    for (size_t i = 0; i < tally->n_cells; i++)
        ltv_moments_merge(&moments, &tally->cells[i][LTV_DELTA_LTV]);
    return moments;
}

static ltv_status fill_contrast(ltv_contrast_estimate *estimate, const ltv_scenario *scenario,
                                const ltv_program *programs, const ltv_tally *tally, size_t index,
                                scope of, ltv_error *err)
{
    const ltv_contrast_tally *counted = &tally->contrasts[index];
    ltv_moments delta = delta_of_all(counted);
    const ltv_outline_sums *outlines =
        of.outlines != NULL ? &of.outlines[ltv_outline_of_contrast(scenario->n_arms, index)] : NULL;
    double quanta = ltv_money_quanta_per_unit(scenario->currency_decimals);
    snprintf(estimate->arm, sizeof estimate->arm, "%s", scenario->arms[counted->arm].name);
    snprintf(estimate->against, sizeof estimate->against, "%s",
             scenario->arms[counted->against].name);
    ltv_status status = fill_value(
        &estimate->delta_ltv, &delta, of.of_draw ? NULL : &counted->distribution, counted->least,
        counted->most, 0, quanta, drawn_value_of(of, NULL, estimate, "delta_ltv"), outlines, err);
    if (status == LTV_OK)
        status = ltv_contrast_fill_curves(estimate, scenario, programs, tally, index, err);
    return status;
}

/* Makes the estimates in two steps, since figures are made of curves, and the curves of several
 * draws come from the table. */
static ltv_status fill(ltv_estimate *estimate, const ltv_scenario *scenario,
                       const ltv_program *programs, const ltv_tally *tally, scope of,
                       ltv_error *err)
{
    size_t n_arms = scenario->n_arms, n_contrasts = scenario->n_contrasts;
    *estimate = (ltv_estimate){.horizon = scenario->horizon};
    estimate->arms = calloc(n_arms, sizeof *estimate->arms);
    estimate->contrasts = calloc(n_contrasts + 1, sizeof *estimate->contrasts);
    if (estimate->arms == NULL || estimate->contrasts == NULL)
        return no_memory(err);
    estimate->n_arms = n_arms;
    estimate->n_contrasts = n_contrasts;
    of.whole = estimate;
    ltv_status status = LTV_OK;
    const ltv_outline_sums *outlines = of.table != NULL ? of.table->outlines : NULL;
    for (size_t a = 0; status == LTV_OK && a < n_arms; a++) {
        of.outlines = outlines != NULL ? &outlines[ltv_outline_of_arm(a, false)] : NULL;
        status = fill_arm(&estimate->arms[a], scenario, &scenario->arms[a], &programs[a],
                          &tally->arms[a], of, err);
    }
    of.outlines = outlines;
    for (size_t i = 0; status == LTV_OK && i < n_contrasts; i++)
        status = fill_contrast(&estimate->contrasts[i], scenario, programs, tally, i, of, err);
    if (status == LTV_OK && of.table != NULL)
        status = ltv_draw_table_curves(of.table, estimate, err);
    if (of.curves_only)
        return status;
    if (status == LTV_OK)
        status = measure_arms(estimate, scenario, programs, tally, of, err);
    for (size_t i = 0; status == LTV_OK && i < n_contrasts; i++)
        status = ltv_contrast_fill_metrics(&estimate->contrasts[i], scenario, programs, tally, i,
                                           !of.of_draw, err);
    return status;
}

ltv_status ltv_estimate_init(ltv_estimate *estimate, const ltv_scenario *scenario,
                             const ltv_program *programs, const ltv_tally *tally, ltv_error *err)
{
    return fill(estimate, scenario, programs, tally, (scope){0}, err);
}

ltv_status ltv_estimate_init_draw(ltv_estimate *estimate, const ltv_scenario *world,
                                  const ltv_program *programs, const ltv_tally *tally,
                                  ltv_error *err)
{
    return fill(estimate, world, programs, tally, (scope){.of_draw = true}, err);
}

ltv_status ltv_estimate_init_curves(ltv_estimate *estimate, const ltv_scenario *world,
                                    const ltv_program *programs, const ltv_tally *tally,
                                    ltv_error *err)
{
    return fill(estimate, world, programs, tally, (scope){.of_draw = true, .curves_only = true},
                err);
}

ltv_status ltv_estimate_init_pooled(ltv_estimate *estimate, const ltv_scenario *scenario,
                                    const ltv_program *programs, const ltv_tally *tally,
                                    const ltv_draw_table *table, ltv_error *err)
{
    return fill(estimate, scenario, programs, tally, (scope){.table = table}, err);
}

ltv_status ltv_estimate_keep_draws(ltv_estimate *estimate, ltv_draw_table *table, double **values,
                                   const char *choice, ltv_error *err)
{
    estimate->draws = malloc(sizeof *estimate->draws);
    if (estimate->draws == NULL)
        return no_memory(err);
    *estimate->draws = *table;
    *table = (ltv_draw_table){0};
    estimate->draw_values = *values;
    *values = NULL;
    snprintf(estimate->choice, sizeof estimate->choice, "%s", choice);
    return LTV_OK;
}

static void free_value(ltv_value_estimate *value)
{
    ltv_histogram_free(&value->histogram);
}

static void free_group(ltv_group_estimate *group)
{
    free_value(&group->ltv);
    free_value(&group->net_ltv);
    for (size_t i = 0; curve_number(group, i) != NULL; i++)
        free(*curve_number(group, i));
    for (int band = 0; band < LTV_BANDS; band++)
        free(group->band[band]);
    free(group->metrics);
}

static void free_holdings(ltv_holding *holdings, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        free(holdings[i].share);
        free(holdings[i].revenue_share);
    }
    free(holdings);
}

static void free_arm(ltv_arm_estimate *arm)
{
    free_group(&arm->all);
    for (size_t s = 0; s < arm->n_segments; s++)
        free_group(&arm->segments[s]);
    for (size_t c = 0; c < arm->n_channels; c++)
        free_group(&arm->channels[c]);
    free_holdings(arm->plans, arm->n_plans);
    free_holdings(arm->add_ons, arm->n_add_ons);
    free(arm->segments);
    free(arm->channels);
    free(arm->bridge);
}

void ltv_estimate_free(ltv_estimate *estimate)
{
    for (size_t a = 0; a < estimate->n_arms; a++)
        free_arm(&estimate->arms[a]);
    for (size_t i = 0; i < estimate->n_contrasts; i++) {
        ltv_contrast_estimate *contrast = &estimate->contrasts[i];
        free_value(&contrast->delta_ltv);
        free(contrast->metrics);
        free(contrast->delta_retention);
        free(contrast->cumulative_gain);
        free(contrast->cumulative_cash);
        free(contrast->cumulative_gain_band);
        free(contrast->who_gains);
        free(contrast->drivers);
    }
    if (estimate->draws != NULL)
        ltv_draw_table_free(estimate->draws);
    free(estimate->draws);
    free(estimate->draw_values);
    free(estimate->arms);
    free(estimate->contrasts);
    *estimate = (ltv_estimate){0};
}
