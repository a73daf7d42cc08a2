/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "close.h"
#include "scenario_fixture.h"
#include "sim/kernel/kernel.h"

/* A scenario, its program, and luck written by hand instead of drawn. */
typedef struct {
    ltv_scenario scenario;
    ltv_arm *arm;
    ltv_program program;
    ltv_luck luck;
    ltv_block block;
} bench;

static bench b;

static int setup(void **state)
{
    (void)state;
    b = (bench){0};
    scenario_fixture_init(&b.scenario, 0.03);
    b.arm = &b.scenario.arms[0];
    for (int i = 0; i < LTV_BLOCK; i++) {
        b.luck.voluntary[i] = b.luck.involuntary[i] = 1e9; /* nobody leaves by himself */
        b.luck.cured[i] = UINT64_MAX;
        b.luck.frailty[i] = b.luck.spend[i] = (ltv_uniform){0.5, 0.5};
    }
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    ltv_block_free(&b.block);
    ltv_program_free(&b.program);
    ltv_scenario_free(&b.scenario);
    return 0;
}

static void compile(void)
{
    ltv_error err = {0};
    ltv_block_free(&b.block);
    ltv_program_free(&b.program);
    assert_int_equal(ltv_program_init(&b.program, &b.scenario, b.arm, &err), LTV_OK);
    assert_int_equal(ltv_block_init(&b.block, &b.program, &err), LTV_OK);
}

static void run(uint32_t n)
{
    b.luck.n = n;
    b.luck.n_kept = 0; /* of what was written there before */
    ltv_kernel_run(&b.block, &b.program, &b.luck);
    assert_int_equal(b.block.n, n);
}

/* The first bill that customer i does not pay. */
static uint32_t end_of(uint32_t i)
{
    size_t n;
    const ltv_stretch *stretches = ltv_block_stretches(&b.block, i, &n);
    assert_int_equal(n, 1);
    assert_int_equal(stretches[0].from, 0);
    return stretches[0].to;
}

static uint32_t end_of_one(double voluntary, double involuntary)
{
    b.luck.voluntary[0] = voluntary;
    b.luck.involuntary[0] = involuntary;
    run(1);
    return end_of(0);
}

/* --- leaving --- */

static void the_clock_fires_in_the_period_that_reaches_the_budget(void **state)
{
    (void)state;
    static const uint32_t horizons[] = {1, 2, 3, 4, 7, 8, 120, 1023};
    for (size_t i = 0; i < sizeof horizons / sizeof *horizons; i++) {
        uint32_t h = b.scenario.horizon = horizons[i];
        compile();
        const double *hazard = b.program.kinds[0].voluntary;
        for (uint32_t u = 1; u <= h; u++) {
            assert_int_equal(end_of_one(hazard[u], 1e9), u);
            assert_int_equal(end_of_one(nextafter(hazard[u], 0), 1e9), u);
            assert_int_equal(end_of_one(nextafter(hazard[u], 1e9), 1e9), u + 1);
        }
        assert_int_equal(end_of_one(0x1p-65, 1e9), 1); /* the smallest budget there is */
        assert_int_equal(end_of_one(67.3 + h, 1e9), h + 1);
    }
}

static void a_period_without_hazard_lets_nobody_go(void **state)
{
    (void)state;
    b.scenario.horizon = 4;
    scenario_fixture_set_table(&b.arm->retention, 5, (double[]){1, 1, 0.5, 0.5, 0}, 1);
    compile();
    assert_int_equal(end_of_one(1e-9, 1e9), 2);
    assert_int_equal(end_of_one(0.7, 1e9), 4); /* ln 2 < 0.7: until the last ones leave */
    assert_int_equal(end_of_one(700, 1e9), 4);
}

static void without_churn_everyone_outlives_the_horizon(void **state)
{
    (void)state;
    b.arm->retention.curve.parameter[0] = 0;
    compile();
    assert_int_equal(end_of_one(0x1p-65, 1e9), 121);
}

static void the_earlier_of_two_clocks_counts(void **state)
{
    (void)state;
    b.arm->involuntary_churn = 0.01;
    compile();
    const double *own = b.program.kinds[0].voluntary, *failed = b.program.kinds[0].involuntary;
    assert_int_equal(end_of_one(own[5], failed[9]), 5);
    assert_int_equal(end_of_one(own[9], failed[5]), 5);
    assert_int_equal(end_of_one(own[7], failed[7]), 7);
    assert_int_equal(end_of_one(own[7], nextafter(failed[6], 1)), 7);
    assert_int_equal(end_of_one(1e9, failed[120]), 120);
    assert_int_equal(end_of_one(1e9, 1e9), 121);
    b.arm->involuntary_churn = 0; /* the clock is not there, whatever its budget */
    compile();
    assert_int_equal(end_of_one(1e9, 0x1p-65), 121);
}

static void the_cured_leave_only_against_their_will(void **state)
{
    (void)state;
    b.arm->retention.cured = 0.25;
    b.arm->involuntary_churn = 0.01;
    compile();
    const uint64_t quarter = UINT64_C(1) << 62;
    b.luck.cured[0] = quarter - 1;
    assert_int_equal(end_of_one(0x1p-65, 1e9), 121);
    assert_int_equal(end_of_one(0x1p-65, b.program.kinds[0].involuntary[30]), 30);
    b.luck.cured[0] = quarter;
    assert_int_equal(end_of_one(0x1p-65, 1e9), 1);
}

static void an_explicit_frailty_multiplies_the_hazard(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        ltv_curve_kind kind;
        double parameter[3];
        ltv_spread spread;
    } cases[] = {
        {"geometric x log-normal", LTV_CURVE_GEOMETRIC, {0.03}, {LTV_SPREAD_LOG_NORMAL, 0.8}},
        {"sBG x log-normal", LTV_CURVE_BETA_GEOMETRIC, {0.7, 1.2}, {LTV_SPREAD_LOG_NORMAL, 0.8}},
        {"sBG x gamma", LTV_CURVE_BETA_GEOMETRIC, {0.7, 1.2}, {LTV_SPREAD_GAMMA, 0.8}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        scenario_fixture_set_curve(&b.arm->retention, cases[i].kind, cases[i].parameter);
        b.arm->retention.heterogeneity = cases[i].spread;
        compile();
        ltv_frailty frailty =
            ltv_frailty_of(&b.arm->retention.curve, b.arm->retention.heterogeneity, 0);
        for (int j = 0; j < 400; j++) {
            ltv_uniform rank = ltv_uniform_of_score((j % 20) * 0.3 - 3);
            double budget = 0.001 * exp(j / 40.0), z = ltv_spread_quantile(cases[i].spread, rank);
            uint32_t expected = 1; /* first u with G(z Lambda(u)) >= budget */
            while (expected <= 120 &&
                   ltv_frailty_marginal_hazard(
                       &frailty,
                       z * ltv_curve_cumulative_hazard(&b.arm->retention.curve, expected)) < budget)
                expected++;
            b.luck.frailty[0] = rank;
            assert_that(cases[i].label, end_of_one(budget, 1e9) == expected);
        }
    }
}

static void a_frailty_of_zero_never_leaves_even_at_an_infinite_hazard(void **state)
{
    (void)state;
    scenario_fixture_set_curve(&b.arm->retention, LTV_CURVE_BETA_GEOMETRIC, (double[]){1, 1});
    b.arm->retention.heterogeneity = (ltv_spread){LTV_SPREAD_GAMMA, 100};
    compile();
    b.luck.frailty[0] = (ltv_uniform){0.5, 0.5}; /* a gamma this wide has a median of 0 */
    assert_int_equal(end_of_one(0x1p-65, 1e9), 121);
}

/* --- joining --- */

static void words_choose_channel_and_segment_by_share(void **state)
{
    (void)state;
    scenario_fixture_set_segments(b.arm, 3, (double[]){0.5, 0.25, 0.25}, (double[]){1, 2, 3});
    scenario_fixture_set_channels(b.arm, 2, (double[]){0.25, 0.75}, (double[]){0, 900});
    compile();
    const uint64_t quarter = UINT64_C(1) << 62;
    const struct {
        uint64_t word;
        uint16_t segment, channel;
    } cases[] = {
        {0, 0, 0},           {quarter - 1, 0, 0},     {quarter, 0, 1},     {2 * quarter - 1, 0, 1},
        {2 * quarter, 1, 1}, {3 * quarter - 1, 1, 1}, {3 * quarter, 2, 1}, {UINT64_MAX, 2, 1},
    };
    enum { CASES = sizeof cases / sizeof *cases };
    for (int i = 0; i < CASES; i++)
        b.luck.segment[i] = b.luck.channel[i] = cases[i].word;
    run(CASES);
    for (int i = 0; i < CASES; i++) {
        assert_int_equal(b.block.segment[i], cases[i].segment);
        assert_int_equal(b.block.channel[i], cases[i].channel);
        /* all outlive the horizon: 120 bills at the segment's price */
        assert_true(b.block.ltv[i] == 120 * (cases[i].segment + 1) * (800ll << 20));
    }
}

static void a_segment_has_its_own_clock(void **state)
{
    (void)state;
    scenario_fixture_set_segments(b.arm, 2, (double[]){0.5, 0.5}, (double[]){1, 1});
    b.arm->segments[1].has_retention = true;
    scenario_fixture_set_table(&b.arm->segments[1].retention, 3, (double[]){1, 0.9, 0.1}, 1);
    compile();
    b.luck.segment[0] = 0;
    b.luck.segment[1] = UINT64_MAX;
    b.luck.voluntary[0] = b.luck.voluntary[1] = 0.2;
    run(2);
    assert_int_equal(end_of(0), 7); /* 0.2 / -ln 0.97 = 6.57 */
    assert_int_equal(end_of(1), 2);
}

/* --- money --- */

static void ltv_is_the_margin_less_the_service_of_the_bills_paid(void **state)
{
    (void)state;
    b.scenario.discount_rate_per_year = 0.1;
    b.arm->service_cost = 35;
    compile();
    for (uint32_t u = 1; u <= 121; u++) {
        end_of_one(u <= 120 ? b.program.kinds[0].voluntary[u] : 1e9, 1e9);
        assert_int_equal(end_of(0), u);
        assert_true(b.block.spend[0] == LTV_WEIGHT_ONE);
        /* who outlives the horizon has paid all bills within it, and no more */
        uint32_t bills = u <= 120 ? u : 120;
        ltv_money value = 0;
        for (uint32_t bill = 0; bill < bills; bill++) {
            double worth = pow(1.1, -(double)bill / 12);
            value += (ltv_money)round(800 * worth * 0x1p20) - (ltv_money)round(35 * worth * 0x1p20);
        }
        assert_within("ltv", (double)(b.block.ltv[0] - value), 0, 1);
    }
}

static void the_level_of_spend_weighs_revenue_and_not_the_cost_to_serve(void **state)
{
    (void)state;
    b.arm->service_cost = 35;
    b.arm->spend = (ltv_spread){LTV_SPREAD_GAMMA, 0.5};
    compile();
    enum { N = 33 };
    for (int i = 0; i < N; i++)
        b.luck.spend[i] = ltv_uniform_of_score((i - 16) / 4.0);
    run(N);
    for (int i = 0; i < N; i++) {
        double level = ltv_spread_quantile(b.arm->spend, b.luck.spend[i]);
        assert_true(b.block.spend[i] == (ltv_weight)llround(level * 0x1p24));
        long double margin = 120 * 800 * 0x1p20L * (long double)b.block.spend[i] / 0x1p24L;
        assert_true(b.block.ltv[i] == (ltv_money)floorl(margin + 0.5L) - 120 * (35ll << 20));
    }
}

static void spend_follows_the_rank_of_the_frailty_by_a_gaussian_copula(void **state)
{
    (void)state;
    b.arm->retention.heterogeneity = (ltv_spread){LTV_SPREAD_LOG_NORMAL, 0.7};
    b.arm->spend = (ltv_spread){LTV_SPREAD_LOG_NORMAL, 0.5};
    b.arm->spend_churn_correlation = -0.6;
    compile();
    double rho = 2 * sin(-0.6 * M_PI / 6), sigma = sqrt(log(1.25));
    for (int i = 0; i < 81; i++) {
        double churn_score = (i % 9 - 4) * 0.8, own_score = (i / 9 - 4) * 0.8;
        b.luck.frailty[i] = ltv_uniform_of_score(churn_score);
        b.luck.spend[i] = ltv_uniform_of_score(own_score);
    }
    run(81);
    for (int i = 0; i < 81; i++) {
        double churn_score = (i % 9 - 4) * 0.8, own_score = (i / 9 - 4) * 0.8;
        double score = rho * churn_score + sqrt(1 - rho * rho) * own_score;
        assert_close("level", (double)b.block.spend[i] / 0x1p24,
                     exp(sigma * score - sigma * sigma / 2), 1e-6);
    }
}

static void an_overflow_voids_the_block_and_the_amounts_stay_in_range(void **state)
{
    (void)state;
    b.arm->price = 4.5e10;
    b.arm->service_cost = 3e10;
    b.arm->spend = (ltv_spread){LTV_SPREAD_LOG_NORMAL, 2};
    compile();
    b.luck.spend[0] = ltv_uniform_of_score(-1);
    run(1);
    assert_false(b.block.overflow);
    for (int i = 0; i < 64; i++)
        b.luck.spend[i] = ltv_uniform_of_score(i / 8.0);
    run(64);
    assert_true(b.block.overflow);
    for (int i = 0; i < 64; i++)
        assert_in_range((uintmax_t)(b.block.ltv[i] + LTV_MONEY_LIMIT), 1,
                        2 * (uintmax_t)LTV_MONEY_LIMIT - 1);
    b.luck.spend[0] = ltv_uniform_of_score(-1);
    run(1);
    assert_false(b.block.overflow); /* a verdict on this block, not on those before */
}

/* --- needs --- */

static void a_program_asks_for_the_luck_that_it_reads(void **state)
{
    (void)state;
    compile();
    ltv_luck_needs needs = ltv_kernel_needs(&b.program);
    assert_false(needs.involuntary || needs.channel || needs.segment || needs.starting_plan ||
                 needs.cured || needs.levels);

    b.arm->involuntary_churn = 0.01;
    compile();
    assert_true(ltv_kernel_needs(&b.program).involuntary);
    b.arm->involuntary_churn = 0;

    b.arm->retention.cured = 0.1;
    compile();
    assert_true(ltv_kernel_needs(&b.program).cured);
    b.arm->retention.cured = 0;

    scenario_fixture_set_channels(b.arm, 2, (double[]){0.5, 0.5}, (double[]){0, 1});
    compile();
    assert_true(ltv_kernel_needs(&b.program).channel);
    scenario_fixture_set_channels(b.arm, 1, (double[]){1}, (double[]){1});

    scenario_fixture_set_segments(b.arm, 2, (double[]){0.5, 0.5}, (double[]){1, 1});
    compile();
    assert_true(ltv_kernel_needs(&b.program).segment);
    scenario_fixture_set_segments(b.arm, 1, (double[]){1}, (double[]){1});

    b.arm->spend = (ltv_spread){LTV_SPREAD_GAMMA, 0.5};
    compile();
    assert_true(ltv_kernel_needs(&b.program).levels);
    b.arm->spend = (ltv_spread){LTV_SPREAD_NONE, 0};

    b.arm->retention.heterogeneity = (ltv_spread){LTV_SPREAD_LOG_NORMAL, 0.5};
    compile();
    assert_true(ltv_kernel_needs(&b.program).levels);
    b.arm->retention.heterogeneity = (ltv_spread){LTV_SPREAD_GAMMA, 0.5};
    compile();
    assert_false(ltv_kernel_needs(&b.program).levels); /* integrated out */
}

static void the_same_luck_gives_the_same_bits(void **state)
{
    (void)state;
    static ltv_block first;
    scenario_fixture_set_channels(b.arm, 2, (double[]){0.3, 0.7}, (double[]){0, 900});
    b.arm->retention.heterogeneity = (ltv_spread){LTV_SPREAD_LOG_NORMAL, 0.7};
    b.arm->spend = (ltv_spread){LTV_SPREAD_LOG_NORMAL, 0.5};
    compile();
    ltv_luck_needs all = ltv_needs_all;
    ltv_luck_fill(&b.luck, (ltv_stream){.seed = 9}, all, 0, LTV_BLOCK);
    run(LTV_BLOCK);
    uint32_t ends[LTV_BLOCK];
    for (uint32_t i = 0; i < LTV_BLOCK; i++)
        ends[i] = end_of(i);
    first = b.block; /* the numbers; the lists stay those of b.block */
    memset(b.block.ltv, 0x5a, sizeof b.block.ltv);
    memset(b.block.segment, 0x5a, sizeof b.block.segment);
    run(LTV_BLOCK);
    for (uint32_t i = 0; i < LTV_BLOCK; i++)
        assert_int_equal(end_of(i), ends[i]);
    assert_memory_equal(first.ltv, b.block.ltv, sizeof first.ltv);
    assert_memory_equal(first.bills, b.block.bills, sizeof first.bills);
    assert_memory_equal(first.cac, b.block.cac, sizeof first.cac);
    assert_memory_equal(first.spend, b.block.spend, sizeof first.spend);
    assert_memory_equal(first.channel, b.block.channel, sizeof first.channel);
    assert_memory_equal(first.segment, b.block.segment, sizeof first.segment);
}

#define CLAIM(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CLAIM(the_clock_fires_in_the_period_that_reaches_the_budget),
        CLAIM(a_period_without_hazard_lets_nobody_go),
        CLAIM(without_churn_everyone_outlives_the_horizon),
        CLAIM(the_earlier_of_two_clocks_counts),
        CLAIM(the_cured_leave_only_against_their_will),
        CLAIM(an_explicit_frailty_multiplies_the_hazard),
        CLAIM(a_frailty_of_zero_never_leaves_even_at_an_infinite_hazard),
        CLAIM(words_choose_channel_and_segment_by_share),
        CLAIM(a_segment_has_its_own_clock),
        CLAIM(ltv_is_the_margin_less_the_service_of_the_bills_paid),
        CLAIM(the_level_of_spend_weighs_revenue_and_not_the_cost_to_serve),
        CLAIM(spend_follows_the_rank_of_the_frailty_by_a_gaussian_copula),
        CLAIM(an_overflow_voids_the_block_and_the_amounts_stay_in_range),
        CLAIM(a_program_asks_for_the_luck_that_it_reads),
        CLAIM(the_same_luck_gives_the_same_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
