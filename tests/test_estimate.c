/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "close.h"
#include "population.h"
#include "scenario_fixture.h"
#include "sim/estimate.h"

enum { CHANNELS = 3, SEGMENTS = 2, HORIZON = 40, GROUPS = 1 + SEGMENTS + CHANNELS };

static ltv_scenario scenario;
static population p;
static ltv_estimate estimate;

static void mixed(void)
{
    scenario_fixture_init(&scenario, 0.05);
    ltv_arm *arm = &scenario.arms[0];
    scenario.horizon = HORIZON;
    scenario.customers = 3000;
    scenario.cohort_size = 500;
    scenario.discount_rate_per_year = 0.08;
    scenario.currency_decimals = 2;
    scenario_fixture_set_channels(arm, CHANNELS, (double[]){0.2, 0.5, 0.3},
                                  (double[]){0, 3000, 9000});
    scenario_fixture_set_segments(arm, SEGMENTS, (double[]){0.4, 0.6}, (double[]){1, 1.7});
    arm->service_cost = 90;
    arm->segments[1].service_cost = 35;
    arm->spend = (ltv_spread){LTV_SPREAD_GAMMA, 0.6};
    scenario_fixture_add_other_arm(&scenario, "dearer")->price = 1100;
    scenario_fixture_add_arm(&scenario, "the same again");
}

static void run(void)
{
    ltv_error err = {0};
    population_init(&p, &scenario);
    assert_int_equal(ltv_estimate_init(&estimate, &scenario, p.programs, &p.tally, &err), LTV_OK);
}

static void finish(void)
{
    ltv_estimate_free(&estimate);
    ltv_estimate_free(&estimate);
    population_free(&p);
    ltv_scenario_free(&scenario);
}

static const ltv_group_estimate *group_number(size_t arm, int i)
{
    const ltv_arm_estimate *a = &estimate.arms[arm];
    return i == 0 ? &a->all : i <= SEGMENTS ? &a->segments[i - 1] : &a->channels[i - 1 - SEGMENTS];
}

static bool is_member(int i, const person *one)
{
    return i == 0 || (i <= SEGMENTS ? one->segment == (size_t)i - 1
                                    : one->channel == (size_t)(i - 1 - SEGMENTS));
}

/* --- values --- */

static int compare_double(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Everything a value estimate says, from the customers' amounts themselves. */
static void assert_value(const char *label, const ltv_value_estimate *value, double *x, int n)
{
    long double sum = 0, squares = 0;
    qsort(x, (size_t)n, sizeof *x, compare_double);
    for (int i = 0; i < n; i++)
        sum += x[i];
    for (int i = 0; i < n; i++)
        squares += (x[i] - sum / n) * (x[i] - sum / n);
    double sd = sqrt((double)squares / (n - 1));
    assert_that(label, value->n == n && value->draws == 1);
    assert_close(label, value->mean, (double)(sum / n), 1e-12);
    assert_close(label, value->sd, sd, 1e-10);
    assert_close(label, value->standard_error, sd / sqrt(n), 1e-10);
    assert_that(label, value->min == x[0] && value->max == x[n - 1]);
    for (int i = 0; i < LTV_QUANTILES; i++) {
        const ltv_quantile *q = &value->quantiles[i];
        int rank = (int)ceil(ltv_quantile_levels[i] * n * (1 - 1e-14));
        assert_that(label, q->p == ltv_quantile_levels[i]);
        assert_close(label, q->value, x[rank - 1], 0.0005);
        assert_that(label, q->mc95_lower <= x[rank - 1] && x[rank - 1] <= q->mc95_upper);
    }
    const ltv_histogram *h = &value->histogram;
    int64_t total = 0;
    for (size_t bin = 0; bin < h->n_bins; bin++) {
        bool last = bin + 1 == h->n_bins;
        int64_t count = 0;
        for (int i = 0; i < n; i++)
            count += x[i] >= h->edges[bin] && (x[i] < h->edges[bin + 1] || last);
        assert_that(label, h->counts[bin] == count);
        total += count;
    }
    assert_that(label, total == n && x[n - 1] <= h->edges[h->n_bins]);
}

static void ltv_and_net_ltv_are_those_of_the_customers(void **state)
{
    (void)state;
    mixed();
    run();
    double *ltv = calloc(p.n, sizeof *ltv), *net = calloc(p.n, sizeof *net);
    assert_true(ltv != NULL && net != NULL);
    for (size_t a = 0; a < scenario.n_arms; a++)
        for (int g = 0; g < GROUPS; g++) {
            int n = 0;
            for (size_t i = 0; i < p.n; i++) {
                const person *one = population_at(&p, a, i);
                if (!is_member(g, one))
                    continue;
                ltv[n] = (double)one->ltv / (100 * 0x1p20);
                net[n++] = (double)(one->ltv - one->cac) / (100 * 0x1p20);
            }
            const ltv_group_estimate *group = group_number(a, g);
            assert_value(group->name, &group->ltv, ltv, n);
            assert_value(group->name, &group->net_ltv, net, n);
        }
    free(ltv);
    free(net);
    finish();
}

static void contrasts_are_differences_on_the_same_luck(void **state)
{
    (void)state;
    mixed();
    run();
    double *delta = calloc(p.n, sizeof *delta);
    assert_non_null(delta);
    assert_int_equal(estimate.n_contrasts, 2);
    const ltv_contrast_estimate *dearer = &estimate.contrasts[0], *same = &estimate.contrasts[1];
    for (size_t i = 0; i < p.n; i++)
        delta[i] =
            (double)(population_at(&p, 1, i)->ltv - population_at(&p, 0, i)->ltv) / (100 * 0x1p20);
    assert_string_equal(dearer->arm, "dearer");
    assert_string_equal(dearer->against, "baseline");
    assert_value("dearer", &dearer->delta_ltv, delta, (int)p.n);
    assert_null(dearer->delta_ltv.by_period);
    assert_close("difference of means", dearer->delta_ltv.mean,
                 estimate.arms[1].all.ltv.mean - estimate.arms[0].all.ltv.mean, 1e-9);
    assert_true(dearer->n_metrics > 0);
    /* An arm that changes nothing differs by exactly nothing. */
    const ltv_value_estimate *none = &same->delta_ltv;
    assert_true(none->mean == 0 && none->sd == 0 && none->standard_error == 0);
    assert_true(none->min == 0 && none->max == 0 && none->histogram.n_bins == 1);
    for (int i = 0; i < LTV_QUANTILES; i++)
        assert_true(none->quantiles[i].value == 0 && none->quantiles[i].mc95_upper == 0);
    free(delta);
    finish();
}

/* --- curves --- */

/* Mean over a group's customers of revenue, contribution and discounted contribution of a bill,
 * and the share that pays it. */
typedef struct {
    double paying, revenue, contribution, discounted, cac;
} bill_means;

static bill_means means_of_bill(size_t a, int group, uint32_t u)
{
    const ltv_arm *arm = &scenario.arms[a];
    double delta = pow(1.08, -1.0 / 12), n = 0;
    bill_means m = {0};
    for (size_t i = 0; i < p.n; i++) {
        const person *one = population_at(&p, a, i);
        if (!is_member(group, one))
            continue;
        n++;
        m.cac += arm->channels[one->channel].cac;
        if (one->leaves_before <= u)
            continue;
        double revenue =
            arm->price * arm->segments[one->segment].times.on[LTV_LEVER_PRICE] * person_spend(one);
        double contribution = revenue * arm->gross_margin - arm->service_cost -
                              arm->segments[one->segment].service_cost;
        m.paying++;
        m.revenue += revenue;
        m.contribution += contribution;
        m.discounted += contribution * pow(delta, u);
    }
    return (bill_means){m.paying / n, m.revenue / n, m.contribution / n, m.discounted / n,
                        m.cac / n};
}

static void curves_are_means_per_joined_customer(void **state)
{
    (void)state;
    mixed();
    run();
    assert_int_equal(estimate.horizon, HORIZON);
    for (size_t a = 0; a < 2; a++)
        for (int g = 0; g < GROUPS; g++) {
            const ltv_group_estimate *group = group_number(a, g);
            double contribution = 0, discounted = 0;
            for (uint32_t u = 0; u < HORIZON; u++) {
                bill_means m = means_of_bill(a, g, u);
                contribution += m.contribution;
                discounted += m.discounted;
                const char *label = group->name;
                assert_close(label, group->retention[u], m.paying, 1e-14);
                assert_close(label, group->recurring_revenue[u], m.revenue, 1e-11);
                assert_close(label, group->revenue[u], m.revenue, 1e-11);
                assert_close(label, group->contribution[u], m.contribution, 1e-10);
                assert_close(label, group->cumulative_contribution[u], contribution, 1e-10);
                assert_within(label, group->cumulative_discounted_contribution[u], discounted,
                              1e-6);
                assert_within(label, group->ltv.by_period[u], discounted, 1e-6);
                assert_within(label, group->net_ltv.by_period[u], discounted - m.cac, 1e-6);
            }
            assert_close(group->name, group->retention[HORIZON],
                         means_of_bill(a, g, HORIZON).paying, 1e-14);
            /* all bills within the horizon are the LTV, but for the rounding of each product */
            assert_within(group->name, group->ltv.by_period[HORIZON - 1], group->ltv.mean, 1e-7);
            assert_within(group->name, group->net_ltv.by_period[HORIZON - 1], group->net_ltv.mean,
                          1e-7);
        }
    finish();
}

/* Undiscounted amounts of one customer at a bill in the eventful scenario: prices rise at bill 6.
 */
typedef struct {
    double pays, recurring, revenue, contribution, costs, forgone;
} bill_amounts;

static void add_amounts(bill_amounts *sum, const person *one, uint32_t u)
{
    const ltv_stretch *stretch = person_stretch(one, u);
    double prices = u >= 6 ? 1.1 : 1;
    for (size_t o = 0; o < one->n_orders; o++)
        if (one->orders[o].bill == u) {
            sum->revenue += (double)one->orders[o].value;
            sum->contribution += 0.8 * (double)one->orders[o].value;
        }
    for (size_t c = 0; c < one->n_costs; c++)
        if (one->costs[c].from <= u && u < one->costs[c].to)
            sum->costs += (double)one->costs[c].amount;
    if (stretch == NULL)
        return;
    sum->pays++;
    sum->recurring += prices * (double)stretch->recurring;
    sum->revenue += prices * (double)stretch->revenue;
    sum->contribution += prices * (double)stretch->margin - (double)stretch->service;
    sum->forgone += prices * (double)stretch->forgone;
}

static void curves_of_whole_lives_are_means_too(void **state)
{
    (void)state;
    scenario_fixture_init_eventful(&scenario);
    run();
    for (size_t a = 0; a < 3; a++)
        for (int g = 0; g < GROUPS; g++) {
            const ltv_group_estimate *group = group_number(a, g);
            double contribution = 0, costs = 0, scale = (double)group->ltv.n * 100 * 0x1p20;
            for (uint32_t u = 0; u < scenario.horizon; u++) {
                bill_amounts sum = {0};
                for (size_t i = 0; i < p.n; i++)
                    if (is_member(g, population_at(&p, a, i)))
                        add_amounts(&sum, population_at(&p, a, i), u);
                double worth = pow(1.08, -(double)u / 12) / scale;
                contribution += sum.contribution * worth;
                costs += sum.costs * worth;
                const char *label = group->name;
                assert_close(label, group->retention[u], sum.pays / (double)group->ltv.n, 1e-14);
                assert_close(label, group->recurring_revenue[u], sum.recurring / scale, 1e-11);
                assert_close(label, group->revenue[u], sum.revenue / scale, 1e-11);
                assert_within(label, group->contribution[u], sum.contribution / scale, 1e-9);
                assert_within(label, group->programme_cost[u], (sum.costs + sum.forgone) / scale,
                              1e-9);
                assert_within(label, group->cumulative_discounted_contribution[u], contribution,
                              1e-9);
                assert_within(label, group->ltv.by_period[u], contribution - costs, 1e-9);
            }
            /* Amounts are rounded to 1e-8 dollars, a few for each bill. */
            assert_within(group->name, group->ltv.by_period[scenario.horizon - 1], group->ltv.mean,
                          1e-6);
        }
    finish();
}

static void without_programmes_there_is_no_curve_of_their_cost(void **state)
{
    (void)state;
    mixed();
    run();
    assert_null(estimate.arms[0].all.programme_cost);
    assert_int_equal(estimate.arms[0].n_plans, 0);
    assert_int_equal(estimate.arms[0].n_add_ons, 0);
    finish();
}

static void holdings_are_shares_of_joined_customers(void **state)
{
    (void)state;
    scenario_fixture_init_eventful(&scenario);
    run();
    const ltv_arm_estimate *arm = &estimate.arms[1];
    assert_true(arm->n_plans == 2 && arm->n_add_ons == 1);
    assert_string_equal(arm->plans[1].name, "plan 1");
    assert_string_equal(arm->add_ons[0].name, "add-on 0");
    for (uint32_t u = 0; u < scenario.horizon; u++) {
        double dear = 0, held = 0;
        for (size_t i = 0; i < p.n; i++) {
            const ltv_stretch *stretch = person_stretch(population_at(&p, 1, i), u);
            dear += stretch != NULL && stretch->plan == 1;
            held += stretch != NULL && stretch->add_ons == 1;
        }
        assert_close("plan", arm->plans[1].share[u], dear / (double)p.n, 1e-14);
        assert_close("add-on", arm->add_ons[0].share[u], held / (double)p.n, 1e-14);
        assert_close("plans", arm->plans[0].share[u] + arm->plans[1].share[u],
                     arm->all.retention[u], 1e-14);
    }
    finish();
}

/* --- names, groups, bridge --- */

static void groups_are_named_and_shared_as_declared(void **state)
{
    (void)state;
    mixed();
    run();
    assert_int_equal(estimate.n_arms, 3);
    const ltv_arm_estimate *arm = &estimate.arms[1];
    assert_string_equal(arm->all.name, "dearer");
    assert_true(arm->all.share == 1);
    assert_int_equal(arm->n_segments, SEGMENTS);
    assert_int_equal(arm->n_channels, CHANNELS);
    assert_string_equal(arm->segments[1].name, "segment 1");
    assert_true(arm->segments[1].share == 0.6);
    assert_string_equal(arm->channels[2].name, "channel 2");
    assert_true(arm->channels[2].share == 0.3);
    assert_true(arm->segments[0].n_metrics > 0 && arm->channels[0].n_metrics > 0);
    finish();
}

static void undeclared_groups_are_not_reported(void **state)
{
    (void)state;
    scenario_fixture_init(&scenario, 0.03);
    scenario.customers = 200;
    run();
    assert_int_equal(estimate.arms[0].n_segments, 0);
    assert_int_equal(estimate.arms[0].n_channels, 0);
    assert_int_equal(estimate.n_contrasts, 0);
    finish();
}

static void the_bridge_goes_from_the_spreadsheet_to_the_simulated_mean(void **state)
{
    (void)state;
    mixed();
    scenario.arms[0].retention.heterogeneity = (ltv_spread){LTV_SPREAD_GAMMA, 0.8};
    run();
    const ltv_arm_estimate *arm = &estimate.arms[0];
    static const char *const reasons[] = {"spreadsheet",     "horizon", "discounting",
                                          "heterogeneity",   "mix",     "service_cost",
                                          "simulation_noise"};
    assert_true(arm->n_bridge >= 6);
    double running = 0;
    size_t next = 0;
    for (size_t i = 0; i < arm->n_bridge; i++) {
        running += arm->bridge[i].amount;
        assert_close(arm->bridge[i].reason, arm->bridge[i].running, running, 1e-9);
        assert_true(strlen(arm->bridge[i].meaning) > 10);
        while (next < 7 && strcmp(reasons[next], arm->bridge[i].reason) != 0)
            next++; /* in this order, some of them missing */
        assert_that(arm->bridge[i].reason, next < 7);
    }
    assert_close("its end", running, arm->all.ltv.mean, 1e-9);
    const ltv_bridge_step *last = &arm->bridge[arm->n_bridge - 1];
    assert_string_equal(last->reason, "simulation_noise");
    /* Six standard errors: false alarm 2e-9, and the seed is fixed. */
    assert_within("noise", last->amount, 0, 6 * arm->all.ltv.standard_error);
    finish();
}

static void the_bridge_of_whole_lives_ends_with_what_happens_in_them(void **state)
{
    (void)state;
    scenario_fixture_init_eventful(&scenario);
    run();
    const ltv_arm_estimate *arm = &estimate.arms[2];
    const ltv_bridge_step *last = &arm->bridge[arm->n_bridge - 1];
    assert_string_equal(last->reason, "expansion_and_programmes");
    assert_close("its end", last->running, arm->all.ltv.mean, 1e-12);
    assert_close("the step", last->amount, last->running - last[-1].running, 1e-9);
    finish();
}

static void the_bridge_of_orders_ends_with_the_simulation_s_error(void **state)
{
    (void)state;
    scenario_fixture_init(&scenario, 0.03);
    scenario.customers = 1000;
    scenario_fixture_set_orders(&scenario.arms[0], 0.5, 2000);
    run();
    const ltv_arm_estimate *arm = &estimate.arms[0];
    assert_string_equal(arm->bridge[arm->n_bridge - 1].reason, "simulation_noise");
    assert_string_equal(arm->bridge[arm->n_bridge - 2].reason, "first_order");
    finish();
}

static void steps_of_no_size_are_left_out(void **state)
{
    (void)state;
    scenario_fixture_init(&scenario, 0.03);
    scenario.customers = 1000;
    run();
    const ltv_arm_estimate *arm = &estimate.arms[0];
    assert_int_equal(arm->n_bridge, 3);
    assert_string_equal(arm->bridge[0].reason, "spreadsheet");
    assert_close("spreadsheet", arm->bridge[0].amount, 800 / 0.03, 1e-12);
    assert_string_equal(arm->bridge[1].reason, "horizon");
    assert_string_equal(arm->bridge[2].reason, "simulation_noise");
    finish();
}

static void without_churn_there_is_no_bridge(void **state)
{
    (void)state;
    scenario_fixture_init(&scenario, 0);
    scenario.customers = 100;
    run();
    assert_int_equal(estimate.arms[0].n_bridge, 0);
    assert_true(estimate.arms[0].all.ltv.mean == 96000 && estimate.arms[0].all.ltv.sd == 0);
    finish();
}

static void every_amount_is_a_number_when_all_leave_after_one_bill(void **state)
{
    (void)state;
    scenario_fixture_init(&scenario, 0);
    scenario.customers = 100;
    scenario_fixture_set_table(&scenario.arms[0].retention, 2, (double[]){1, 0}, 1);
    run();
    const ltv_arm_estimate *arm = &estimate.arms[0];
    assert_true(arm->all.ltv.mean == 800);
    assert_true(arm->n_bridge >= 2);
    for (size_t i = 0; i < arm->n_bridge; i++)
        assert_that(arm->bridge[i].reason, isfinite(arm->bridge[i].running));
    finish();
}

/* --- exact figures of parts --- */

static double metric_of(const ltv_group_estimate *group, const char *name)
{
    for (size_t i = 0; i < group->n_metrics; i++)
        if (strcmp(group->metrics[i].name, name) == 0)
            return group->metrics[i].value;
    fail_msg("there is no metric %s", name);
    return 0;
}

/* Channels 0 and 2 are alike but for their cost, channel 1 loses customers twice as fast. */
static void channels_have_exact_figures_of_their_own(void **state)
{
    (void)state;
    scenario_fixture_init(&scenario, 0.03);
    scenario.customers = 3000;
    ltv_arm *arm = &scenario.arms[0];
    scenario_fixture_set_channels(arm, 3, (double[]){0.5, 0.3, 0.2}, (double[]){0, 700, 4000});
    arm->channels[1].times.on[LTV_LEVER_CHURN] = 2;
    run();
    static const double kept[] = {0.97, 0.97 * 0.97, 0.97}, cac[] = {0, 700, 4000};
    for (int c = 0; c < 3; c++) {
        const ltv_group_estimate *channel = &estimate.arms[0].channels[c];
        double ltv = 800 * (1 - pow(kept[c], 120)) / (1 - kept[c]);
        assert_close("ltv", metric_of(channel, "expected_ltv"), ltv, 1e-10);
        assert_within("cac", metric_of(channel, "cac"), cac[c], 1e-12);
        /* Six standard errors: false alarm 2e-9, and the seed is fixed. */
        assert_within("simulated", channel->ltv.mean, ltv, 6 * channel->ltv.standard_error);
    }
    assert_true(isnan(metric_of(&estimate.arms[0].channels[0], "cac_paid")));
    assert_close("paid", metric_of(&estimate.arms[0].channels[2], "cac_paid"), 4000, 1e-12);
    finish();
}

/* Channel 1 brings mostly segment 1, which loses customers twice as fast. */
static void channels_may_bring_segments_of_their_own(void **state)
{
    (void)state;
    scenario_fixture_init(&scenario, 0.03);
    scenario.customers = 20000;
    ltv_arm *arm = &scenario.arms[0];
    scenario_fixture_set_segments(arm, 2, (double[]){0.7, 0.3}, (double[]){1, 1});
    scenario_fixture_set_channels(arm, 2, (double[]){0.6, 0.4}, (double[]){0, 700});
    arm->segments[1].times.on[LTV_LEVER_CHURN] = 2;
    arm->channels[1].segments = calloc(2, sizeof(double));
    assert_non_null(arm->channels[1].segments);
    arm->channels[1].segments[0] = 0.2;
    arm->channels[1].segments[1] = 0.8;
    run();
    static const double kept[] = {0.97, 0.97 * 0.97}, share[][2] = {{0.7, 0.3}, {0.2, 0.8}};
    double ltv[2];
    for (int s = 0; s < 2; s++)
        ltv[s] = 800 * (1 - pow(kept[s], 120)) / (1 - kept[s]);
    for (int s = 0; s < 2; s++) {
        const ltv_group_estimate *segment = &estimate.arms[0].segments[s];
        double joined = 0.6 * share[0][s] + 0.4 * share[1][s];
        assert_close("share", segment->share, joined, 1e-14);
        assert_close("ltv", metric_of(segment, "expected_ltv"), ltv[s], 1e-10);
        assert_close("cac", metric_of(segment, "cac"), 700 * 0.4 * share[1][s] / joined, 1e-12);
        /* Six standard errors: false alarm 2e-9, and the seed is fixed. */
        assert_within("simulated", segment->ltv.mean, ltv[s], 6 * segment->ltv.standard_error);
    }
    for (int c = 0; c < 2; c++) {
        const ltv_group_estimate *channel = &estimate.arms[0].channels[c];
        double expected = share[c][0] * ltv[0] + share[c][1] * ltv[1];
        assert_close("ltv", metric_of(channel, "expected_ltv"), expected, 1e-10);
        assert_within("simulated", channel->ltv.mean, expected, 6 * channel->ltv.standard_error);
    }
    finish();
}

/* --- edges --- */

static void equal_bills_fill_histogram_bins_evenly(void **state)
{
    (void)state;
    scenario_fixture_init(&scenario, 0);
    scenario.customers = 20000;
    scenario.horizon = 120;
    double survival[121]; /* the same number leaves in every period */
    for (int u = 0; u <= 120; u++)
        survival[u] = 1 - u / 120.0;
    scenario_fixture_set_table(&scenario.arms[0].retention, 121, survival, 1);
    run();
    const ltv_histogram *h = &estimate.arms[0].all.ltv.histogram;
    /* Two bills a bin, 333 customers expected: none may have half or twice as many, which for a
     * binomial count has a chance below 1e-16. */
    for (size_t i = 0; i + 2 < h->n_bins; i++)
        assert_in_range(h->counts[i], 167, 666);
    finish();
}

static void one_customer_has_a_mean_and_no_spread(void **state)
{
    (void)state;
    mixed();
    scenario.customers = 1;
    run();
    const ltv_value_estimate *ltv = &estimate.arms[0].all.ltv;
    assert_true(ltv->n == 1 && ltv->mean == ltv->min && ltv->mean == ltv->max);
    assert_true(isnan(ltv->sd) && isnan(ltv->standard_error));
    for (int i = 0; i < LTV_QUANTILES; i++)
        assert_true(ltv->quantiles[i].value == ltv->mean);
    assert_true(isnan(ltv->quantiles[4].mc95_lower) && isnan(ltv->quantiles[4].mc95_upper));
    int empty = 0;
    for (int g = 1; g < GROUPS; g++) {
        const ltv_group_estimate *group = group_number(0, g);
        if (group->ltv.n > 0)
            continue;
        empty++;
        assert_true(isnan(group->ltv.mean) && isnan(group->net_ltv.max));
        assert_true(isnan(group->retention[0]) && isnan(group->cumulative_contribution[3]));
        assert_true(group->ltv.histogram.n_bins == 1 && group->ltv.histogram.counts[0] == 0);
        assert_true(group->ltv.histogram.edges[0] < group->ltv.histogram.edges[1]);
        assert_true(isnan(group->ltv.quantiles[4].value) && group->ltv.quantiles[4].p == 0.5);
    }
    assert_int_equal(empty, GROUPS - 3);
    finish();
}

static void the_longest_names_fit(void **state)
{
    (void)state;
    mixed();
    scenario.customers = 10;
    memset(scenario.arms[0].name, 'a', LTV_NAME_SIZE - 1);
    memset(scenario.arms[0].segments[0].name, 's', LTV_NAME_SIZE - 1);
    run();
    assert_string_equal(estimate.arms[0].all.name, scenario.arms[0].name);
    assert_string_equal(estimate.contrasts[0].against, scenario.arms[0].name);
    assert_string_equal(estimate.arms[0].segments[0].name, scenario.arms[0].segments[0].name);
    assert_int_equal(strlen(estimate.arms[0].all.name), LTV_NAME_SIZE - 1);
    finish();
}

static void an_estimate_may_be_freed_untouched(void **state)
{
    (void)state;
    ltv_estimate nothing = {0};
    ltv_estimate_free(&nothing);
    assert_null(nothing.arms);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ltv_and_net_ltv_are_those_of_the_customers),
        cmocka_unit_test(contrasts_are_differences_on_the_same_luck),
        cmocka_unit_test(curves_are_means_per_joined_customer),
        cmocka_unit_test(curves_of_whole_lives_are_means_too),
        cmocka_unit_test(without_programmes_there_is_no_curve_of_their_cost),
        cmocka_unit_test(holdings_are_shares_of_joined_customers),
        cmocka_unit_test(groups_are_named_and_shared_as_declared),
        cmocka_unit_test(undeclared_groups_are_not_reported),
        cmocka_unit_test(the_bridge_goes_from_the_spreadsheet_to_the_simulated_mean),
        cmocka_unit_test(the_bridge_of_whole_lives_ends_with_what_happens_in_them),
        cmocka_unit_test(the_bridge_of_orders_ends_with_the_simulation_s_error),
        cmocka_unit_test(steps_of_no_size_are_left_out),
        cmocka_unit_test(without_churn_there_is_no_bridge),
        cmocka_unit_test(every_amount_is_a_number_when_all_leave_after_one_bill),
        cmocka_unit_test(channels_have_exact_figures_of_their_own),
        cmocka_unit_test(channels_may_bring_segments_of_their_own),
        cmocka_unit_test(equal_bills_fill_histogram_bins_evenly),
        cmocka_unit_test(one_customer_has_a_mean_and_no_spread),
        cmocka_unit_test(the_longest_names_fit),
        cmocka_unit_test(an_estimate_may_be_freed_untouched),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
