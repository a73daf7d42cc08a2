/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "close.h"
#include "population.h"
#include "scenario_fixture.h"
#include "sim/group.h"

enum { CHANNELS = 3, SEGMENTS = 2, HORIZON = 24 };

static ltv_scenario scenario;
static population p;
static size_t arm_at; /* the arm that is looked at */

static int plain_customers(void **state)
{
    (void)state;
    scenario_fixture_init(&scenario, 0.08);
    scenario.horizon = HORIZON;
    scenario.customers = 3000;
    ltv_arm *arm = &scenario.arms[0];
    scenario_fixture_set_channels(arm, CHANNELS, (double[]){0.2, 0.5, 0.3},
                                  (double[]){0, 3000, 9000});
    scenario_fixture_set_segments(arm, SEGMENTS, (double[]){0.4, 0.6}, (double[]){1, 1.7});
    arm->service_cost = 90;
    arm->spend = (ltv_spread){LTV_SPREAD_GAMMA, 0.6};
    population_init(&p, &scenario);
    arm_at = 0;
    return 0;
}

static int whole_lives(void **state)
{
    (void)state;
    scenario_fixture_init_eventful(&scenario);
    population_init(&p, &scenario);
    arm_at = 2; /* the one with all programmes */
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    population_free(&p);
    ltv_scenario_free(&scenario);
    return 0;
}

/* All groups there are, with the members they should have. */
enum { GROUPS = 1 + SEGMENTS + CHANNELS };

static ltv_group group_number(int i)
{
    const ltv_program *program = &p.programs[arm_at];
    const ltv_arm_tally *tally = &p.tally.arms[arm_at];
    if (i == 0)
        return ltv_group_all(program, tally);
    if (i <= SEGMENTS)
        return ltv_group_segment(program, tally, (size_t)i - 1);
    return ltv_group_channel(program, tally, (size_t)(i - 1 - SEGMENTS));
}

static bool is_member(int i, const person *one)
{
    return i == 0 || (i <= SEGMENTS ? one->segment == (size_t)i - 1
                                    : one->channel == (size_t)(i - 1 - SEGMENTS));
}

static void assert_moments(ltv_moments actual, ltv_moments expected)
{
    assert_true(actual.n == expected.n && actual.sum == expected.sum);
    assert_true(actual.squares_low == expected.squares_low);
    assert_true(actual.squares_high == expected.squares_high);
}

static void sizes_moments_and_cac_are_those_of_the_members(void **state)
{
    (void)state;
    for (int g = 0; g < GROUPS; g++) {
        ltv_group group = group_number(g);
        ltv_moments ltv = {0}, net = {0}, bills = {0}, paid = {0};
        __int128 cac = 0;
        for (size_t i = 0; i < p.n; i++) {
            const person *one = population_at(&p, arm_at, i);
            if (!is_member(g, one))
                continue;
            ltv_moments_add(&ltv, one->ltv);
            ltv_moments_add(&net, one->ltv - one->cac);
            ltv_moments_add(&bills, one->bills);
            if (one->channel > 0)
                ltv_moments_add(&paid, one->ltv);
            cac += one->cac;
        }
        assert_true(ltv.n > 100 && ltv_group_size(&group) == ltv.n);
        assert_int_equal(ltv_group_is_all(&group), g == 0);
        assert_moments(ltv_group_moments(&group, LTV_FIGURE_LTV), ltv);
        assert_moments(ltv_group_moments(&group, LTV_FIGURE_NET_LTV), net);
        assert_moments(ltv_group_moments(&group, LTV_FIGURE_BILLS), bills);
        assert_moments(ltv_group_paid_ltv(&group), paid);
        assert_close("mean CAC", ltv_group_mean_cac(&group), (double)cac / (double)ltv.n, 1e-15);
    }
}

static void figures_that_a_program_has_not_are_empty(void **state)
{
    (void)state;
    ltv_group group = group_number(0);
    bool eventful = arm_at > 0;
    assert_int_equal(ltv_group_moments(&group, LTV_FIGURE_ORDERS).n > 0, eventful);
    assert_int_equal(ltv_group_moments(&group, LTV_FIGURE_PROGRAMME_COST).n > 0, eventful);
    assert_int_equal(ltv_group_moments(&group, LTV_FIGURE_LTV_BY + 1).n, 0); /* three years */
    assert_true(ltv_group_moments(&group, LTV_FIGURE_YEAR_CAPPED).n == (int64_t)p.n);
}

static void distributions_are_those_of_the_members(void **state)
{
    (void)state;
    for (int g = 0; g < GROUPS; g++) {
        ltv_group group = group_number(g);
        ltv_spread_tally spread;
        assert_true(ltv_group_spread(&group, &spread));
        ltv_sketch ltv = {0}, net = {0};
        ltv_money least = INT64_MAX, net_most = INT64_MIN;
        for (size_t i = 0; i < p.n; i++) {
            const person *one = population_at(&p, arm_at, i);
            if (!is_member(g, one))
                continue;
            ltv_money x = one->ltv - one->cac;
            ltv_sketch_add(&ltv, one->ltv, 1);
            ltv_sketch_add(&net, x, 1);
            least = one->ltv < least ? one->ltv : least;
            net_most = x > net_most ? x : net_most;
        }
        int64_t n = ltv_sketch_total(&ltv);
        assert_int_equal(ltv_sketch_total(&spread.ltv), n);
        assert_int_equal(ltv_sketch_total(&spread.net_ltv), n);
        for (int64_t rank = 1; rank <= n; rank += 7) {
            assert_true(ltv_sketch_at_rank(&spread.ltv, rank).lower ==
                        ltv_sketch_at_rank(&ltv, rank).lower);
            assert_true(ltv_sketch_at_rank(&spread.net_ltv, rank).lower ==
                        ltv_sketch_at_rank(&net, rank).lower);
        }
        assert_true(spread.least == least && spread.net_most == net_most);
        ltv_spread_tally_free(&spread);
        ltv_sketch_free(&ltv);
        ltv_sketch_free(&net);
    }
}

static double sum_of_orders(const person *one, uint32_t bill)
{
    double value = 0;
    for (size_t o = 0; o < one->n_orders; o++)
        value += one->orders[o].bill == bill ? (double)one->orders[o].value : 0;
    return value;
}

static double sum_of_costs(const person *one, uint32_t bill)
{
    double cost = 0;
    for (size_t c = 0; c < one->n_costs; c++)
        if (one->costs[c].from <= bill && bill < one->costs[c].to)
            cost += (double)one->costs[c].amount;
    return cost;
}

/* Sums over a group's members at a bill, at the prices of that bill. */
static void flows_by_hand(double flow[LTV_FLOWS], int g, uint32_t bill)
{
    const double prices = arm_at > 0 && bill >= 6 ? 1.1 : 1;
    for (int f = 0; f < LTV_FLOWS; f++)
        flow[f] = 0;
    for (size_t i = 0; i < p.n; i++) {
        const person *one = population_at(&p, arm_at, i);
        const ltv_stretch *stretch = person_stretch(one, bill);
        if (!is_member(g, one))
            continue;
        flow[LTV_FLOW_ORDERS] += sum_of_orders(one, bill);
        flow[LTV_FLOW_COSTS] += sum_of_costs(one, bill);
        if (stretch == NULL)
            continue;
        flow[LTV_FLOW_PAYING]++;
        flow[LTV_FLOW_RECURRING] += (double)stretch->recurring * prices;
        flow[LTV_FLOW_REVENUE] += (double)stretch->revenue * prices;
        flow[LTV_FLOW_MARGIN] += (double)stretch->margin * prices;
        flow[LTV_FLOW_FORGONE] += (double)stretch->forgone * prices;
        flow[LTV_FLOW_SERVICE] += (double)stretch->service;
    }
}

static void flows_are_those_of_the_members(void **state)
{
    (void)state;
    for (int g = 0; g < GROUPS; g++) {
        ltv_group group = group_number(g);
        ltv_flows flows;
        assert_true(ltv_group_flows(&group, &flows));
        for (uint32_t u = 0; u < HORIZON; u++) {
            double expected[LTV_FLOWS];
            flows_by_hand(expected, g, u);
            for (int f = 0; f < LTV_FLOWS; f++)
                assert_close("flow", flows.at[f][u], expected[f], 1e-11);
            assert_true(flows.at[LTV_FLOW_PAYING][u] == (double)ltv_group_paying(&group, u));
            assert_close("contribution", ltv_flows_contribution(&flows, &p.programs[arm_at], u),
                         expected[LTV_FLOW_MARGIN] + 0.8 * expected[LTV_FLOW_ORDERS] -
                             expected[LTV_FLOW_SERVICE],
                         1e-10);
        }
        double last[LTV_FLOWS];
        flows_by_hand(last, g, HORIZON);
        assert_true(flows.at[LTV_FLOW_PAYING][HORIZON] == last[LTV_FLOW_PAYING]);
        ltv_flows_free(&flows);
        ltv_flows_free(&flows);
    }
}

static void customers_above_their_cac_are_those_of_paid_channels(void **state)
{
    (void)state;
    for (int g = 0; g < GROUPS; g++) {
        ltv_group group = group_number(g);
        ltv_above_cac expected = {0}, actual = ltv_group_above_cac(&group);
        for (size_t i = 0; i < p.n; i++) {
            const person *one = population_at(&p, arm_at, i);
            if (!is_member(g, one) || one->channel == 0)
                continue;
            expected.n++;
            expected.at_least_cac += one->ltv >= one->cac - LTV_MONEY_TIE;
            expected.at_least_3_cac += one->ltv >= 3 * one->cac - LTV_MONEY_TIE;
        }
        assert_true(actual.n == expected.n && actual.at_least_cac == expected.at_least_cac);
        assert_true(actual.at_least_3_cac == expected.at_least_3_cac);
    }
}

static void an_empty_group_is_empty(void **state)
{
    (void)state;
    ltv_tally empty;
    assert_int_equal(ltv_tally_init(&empty, &scenario, p.programs, NULL), LTV_OK);
    ltv_group group = ltv_group_channel(&p.programs[0], &empty.arms[0], 1);
    assert_true(ltv_group_size(&group) == 0 && ltv_group_moments(&group, LTV_FIGURE_LTV).n == 0);
    assert_true(ltv_group_mean_cac(&group) == 0 && ltv_group_paying(&group, 0) == 0);
    ltv_spread_tally spread;
    assert_true(ltv_group_spread(&group, &spread));
    assert_true(spread.least > spread.most);
    ltv_spread_tally_free(&spread);
    ltv_tally_free(&empty);
}

static void without_a_cac_net_ltv_is_ltv(void **state)
{
    (void)state;
    scenario_fixture_init(&scenario, 0.08);
    scenario.customers = 500;
    scenario.arms[0].channels[0].cac = 0;
    population_init(&p, &scenario);
    arm_at = 0;
    ltv_group group = group_number(0);
    ltv_spread_tally spread;
    assert_true(ltv_group_spread(&group, &spread));
    assert_int_equal(ltv_sketch_total(&spread.net_ltv), 500);
    assert_true(spread.net_least == spread.least && spread.net_most == spread.most);
    ltv_spread_tally_free(&spread);
    teardown(NULL);
}

#define FOR_BOTH(name)                                                                             \
    cmocka_unit_test_setup_teardown(name, plain_customers, teardown),                              \
        cmocka_unit_test_setup_teardown(name, whole_lives, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FOR_BOTH(sizes_moments_and_cac_are_those_of_the_members),
        FOR_BOTH(figures_that_a_program_has_not_are_empty),
        FOR_BOTH(distributions_are_those_of_the_members),
        FOR_BOTH(flows_are_those_of_the_members),
        FOR_BOTH(customers_above_their_cac_are_those_of_paid_channels),
        cmocka_unit_test_setup_teardown(an_empty_group_is_empty, plain_customers, teardown),
        cmocka_unit_test(without_a_cac_net_ltv_is_ltv),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
