/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "close.h"
#include "scenario_fixture.h"
#include "sim/program.h"

static void compile(ltv_program *program, const ltv_scenario *scenario)
{
    ltv_error err = {0};
    assert_int_equal(ltv_program_init(program, scenario, &scenario->arms[0], &err), LTV_OK);
}

/* --- money --- */

static void a_bill_is_discounted_from_the_day_it_is_paid(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        ltv_payment payment;
        uint32_t bill;
        double years;
    } cases[] = {
        {"advance, joining", LTV_PAY_ADVANCE, 0, 0},
        {"advance, a year", LTV_PAY_ADVANCE, 12, 1},
        {"arrears, joining", LTV_PAY_ARREARS, 0, 1 / 12.},
        {"arrears, a year", LTV_PAY_ARREARS, 11, 1},
        {"mid, joining", LTV_PAY_MID, 0, 0.5 / 12},
        {"mid, later", LTV_PAY_MID, 30, 30.5 / 12},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ltv_scenario scenario = {.time_unit = LTV_UNIT_MONTH,
                                 .discount_rate_per_year = 0.1,
                                 .payment = cases[i].payment};
        double discount[31];
        ltv_discount_at_bills(&scenario, 31, discount);
        assert_close(cases[i].label, discount[cases[i].bill], pow(1.1, -cases[i].years), 1e-13);
        scenario.discount_rate_per_year = 0;
        ltv_discount_at_bills(&scenario, 31, discount);
        assert_true(discount[cases[i].bill] == 1);
    }
}

/* Each step of the sums is the nearest whole number of quanta to the bill's exact value. */
static void assert_rounded_bills(const char *label, const ltv_money *sums, uint32_t horizon,
                                 long double quanta, long double yearly, double paid_after)
{
    assert_that(label, sums[0] == 0);
    for (uint32_t u = 0; u < horizon; u++) {
        long double exact = quanta * powl(1 + yearly, -(u + (long double)paid_after) / 12);
        assert_within(label, (double)(sums[u + 1] - sums[u]), (double)exact, 0.5 + 1e-5);
    }
}

static void value_tables_are_sums_of_bills_rounded_one_by_one(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        ltv_payment payment;
        double paid_after;
        double yearly;
    } cases[] = {
        {"undiscounted", LTV_PAY_ADVANCE, 0, 0},
        {"advance", LTV_PAY_ADVANCE, 0, 0.1},
        {"mid", LTV_PAY_MID, 0.5, 0.1},
        {"arrears", LTV_PAY_ARREARS, 1, 0.1},
        {"arrears, steep", LTV_PAY_ARREARS, 1, 3},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ltv_scenario scenario;
        scenario_fixture_init(&scenario, 0.03);
        scenario.payment = cases[i].payment;
        scenario.discount_rate_per_year = cases[i].yearly;
        scenario.currency_decimals = 2;
        ltv_arm *arm = &scenario.arms[0];
        arm->price = 9.99;
        arm->service_cost = 1.23;
        scenario_fixture_set_segments(arm, 2, (double[]){0.5, 0.5}, (double[]){1, 1.1});
        arm->segments[1].service_cost = 0.07;
        ltv_program program;
        compile(&program, &scenario);
        const long double cent = 100 * 0x1p20L;
        for (size_t s = 0; s < 2; s++) {
            long double price = 9.99L * (s == 0 ? 1 : 1.1L), service = s == 0 ? 1.23L : 1.30L;
            const ltv_kind *kind = &program.kinds[s];
            assert_within(cases[i].label, (double)kind->recurring[0], (double)(price * cent), 0.6);
            assert_within(cases[i].label, (double)kind->margin[0], (double)(price * 0.8L * cent),
                          0.6);
            assert_within(cases[i].label, (double)kind->service, (double)(service * cent), 0.6);
            assert_rounded_bills(cases[i].label, kind->discounted_margin, 120, price * 0.8L * cent,
                                 cases[i].yearly, cases[i].paid_after);
            assert_rounded_bills(cases[i].label, kind->discounted_service, 120, service * cent,
                                 cases[i].yearly, cases[i].paid_after);
        }
        ltv_program_free(&program);
        ltv_scenario_free(&scenario);
    }
}

static void amounts_too_large_are_an_error_with_a_sentence(void **state)
{
    (void)state;
    /* In yen, the limit of 2^62 quanta is 2^42 = 4,398,046,511,104. */
    static const struct {
        const char *label;
        double price, service_cost, cac;
        const char *told; /* NULL: fits */
    } cases[] = {
        {"120 bills that fit", 4.5e10, 0, 5000, NULL},
        {"the sum of 120 bills", 4.6e10, 0, 5000, "contribution of 120 bills"},
        {"the first bill", 5.6e12, 0, 5000, "a price"},
        {"the service cost", 1000, 1e11, 5000, "service cost of 44 bills"},
        {"a CAC that fits", 1000, 0, 1e12, NULL},
        {"the CAC", 1000, 0, 1.2e12, "CAC of channel 'all'"},
        {"beyond all doubles", 1e308, 0, 5000, "a price"},
        {"an infinite CAC", 1000, 0, INFINITY, "CAC of channel 'all'"},
        {"a price that is not a number", NAN, 0, 5000, "a price"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ltv_scenario scenario;
        scenario_fixture_init(&scenario, 0.03);
        scenario.arms[0].price = cases[i].price;
        scenario.arms[0].service_cost = cases[i].service_cost;
        scenario.arms[0].channels[0].cac = cases[i].cac;
        ltv_program program;
        ltv_error err = {0};
        ltv_status status = ltv_program_init(&program, &scenario, &scenario.arms[0], &err);
        assert_that(cases[i].label, status == (cases[i].told ? LTV_ERR_OVERFLOW : LTV_OK));
        assert_that(cases[i].label, err.code == status);
        if (cases[i].told != NULL)
            assert_that(cases[i].label, strstr(err.message, cases[i].told) != NULL);
        ltv_program_free(&program);
        ltv_program_free(&program);
        ltv_scenario_free(&scenario);
    }
}

/* --- clocks --- */

static void the_voluntary_clock_is_the_marginal_hazard_with_a_sentinel(void **state)
{
    (void)state;
    ltv_scenario scenario;
    scenario_fixture_init(&scenario, 0.03);
    ltv_retention *retention = &scenario.arms[0].retention;
    static const struct {
        const char *label;
        ltv_spread spread;
        bool draws_z;
    } cases[] = {
        {"no differences", {LTV_SPREAD_NONE, 0}, false},
        {"gamma", {LTV_SPREAD_GAMMA, 0.7}, false},
        {"log-normal", {LTV_SPREAD_LOG_NORMAL, 0.7}, true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        retention->heterogeneity = cases[i].spread;
        ltv_program program;
        compile(&program, &scenario);
        const ltv_kind *kind = &program.kinds[0];
        assert_int_equal(kind->draws_z, cases[i].draws_z);
        assert_true(kind->voluntary[0] == 0);
        assert_true(isinf(kind->voluntary[121]));
        for (uint32_t u = 0; u <= 120; u++) {
            double hazard = -(double)u * log(0.97);
            if (cases[i].spread.kind == LTV_SPREAD_GAMMA)
                hazard = log(1 + 0.49 * hazard) / 0.49;
            assert_close(cases[i].label, kind->voluntary[u], hazard, 1e-13);
        }
        ltv_program_free(&program);
    }
    ltv_scenario_free(&scenario);
}

static void a_beta_curve_compiles_to_its_survival(void **state)
{
    (void)state;
    ltv_scenario scenario;
    scenario_fixture_init(&scenario, 0.03);
    scenario_fixture_set_curve(&scenario.arms[0].retention, LTV_CURVE_BETA_GEOMETRIC,
                               (double[]){0.668, 3.806});
    ltv_program program;
    compile(&program, &scenario);
    double survival = 1;
    for (uint32_t u = 0; u <= 120; u++) {
        assert_close("sBG", exp(-program.kinds[0].voluntary[u]), survival, 1e-12);
        survival *= (3.806 + u) / (0.668 + 3.806 + u);
    }
    ltv_program_free(&program);
    ltv_scenario_free(&scenario);
}

static void multipliers_weigh_the_hazard_period_by_period(void **state)
{
    (void)state;
    ltv_scenario scenario;
    scenario_fixture_init(&scenario, 0.03);
    ltv_retention *retention = &scenario.arms[0].retention;
    scenario_fixture_set_curve(retention, LTV_CURVE_WEIBULL, (double[]){30, 0.8});
    static const ltv_tenure_spike spikes[] = {{11, 1.8}, {12, 0}};
    scenario_fixture_set_spikes(retention, 2, spikes);
    scenario.has_start = retention->has_season = true;
    scenario.start = (ltv_date){2027, 3, 1};
    for (int month = 0; month < 12; month++)
        retention->season[month] = month == 4 ? 2 : 1; /* May */
    double hazard[40], expected = 0;
    ltv_voluntary_hazard(&scenario, retention, 40, hazard);
    assert_true(hazard[0] == 0);
    for (int u = 0; u < 39; u++) {
        double times = u == 11 ? 1.8 : u == 12 ? 0 : u % 12 == 2 ? 2 : 1;
        expected += times * (pow((u + 1) / 30.0, 0.8) - pow(u / 30.0, 0.8));
        assert_close("season and spikes", hazard[u + 1], expected, 1e-13);
    }
    ltv_scenario_free(&scenario);
}

static void without_multipliers_the_hazard_is_the_curve_to_the_bit(void **state)
{
    (void)state;
    ltv_scenario scenario;
    scenario_fixture_init(&scenario, 0.03);
    ltv_retention *retention = &scenario.arms[0].retention;
    scenario_fixture_set_curve(retention, LTV_CURVE_LOG_LOGISTIC, (double[]){14, 1.7});
    double hazard[600];
    ltv_voluntary_hazard(&scenario, retention, 600, hazard);
    for (uint32_t u = 0; u < 600; u++)
        assert_true(hazard[u] == ltv_curve_cumulative_hazard(&retention->curve, u));
    ltv_scenario_free(&scenario);
}

static void a_multiplier_of_zero_saves_even_from_certain_churn(void **state)
{
    (void)state;
    ltv_scenario scenario;
    scenario_fixture_init(&scenario, 0.03);
    ltv_retention *retention = &scenario.arms[0].retention;
    scenario_fixture_set_table(retention, 3, (double[]){1, 0.5, 0}, 1);
    scenario_fixture_set_spikes(retention, 1, &(ltv_tenure_spike){1, 0});
    double hazard[4];
    ltv_voluntary_hazard(&scenario, retention, 4, hazard);
    assert_close("period 0", hazard[1], log(2), 1e-15);
    assert_close("period 1, switched off", hazard[2], log(2), 1e-15);
    assert_true(isinf(hazard[3])); /* and not NaN from infinity minus infinity */
    ltv_scenario_free(&scenario);
}

static void hazard_ratios_multiply_and_channels_that_are_alike_share_a_clock(void **state)
{
    (void)state;
    ltv_scenario scenario;
    scenario_fixture_init(&scenario, 0.03);
    ltv_arm *arm = &scenario.arms[0];
    arm->involuntary_churn = 0.01;
    scenario_fixture_set_channels(arm, 3, (double[]){0.3, 0.3, 0.4}, (double[]){0, 10, 20});
    scenario_fixture_set_segments(arm, 2, (double[]){0.5, 0.5}, (double[]){1, 1});
    arm->channels[1].times.on[LTV_LEVER_CHURN] = 1.5;
    arm->channels[1].times.on[LTV_LEVER_INVOLUNTARY] = 2;
    arm->segments[1].times.on[LTV_LEVER_CHURN] = 0.4;
    arm->segments[1].times.on[LTV_LEVER_INVOLUNTARY] = 0;
    ltv_program program;
    compile(&program, &scenario);
    assert_int_equal(program.n_kinds, 4); /* channels 0 and 2 are alike */
    static const double churn[3][2] = {{1, 0.4}, {1.5, 0.6}, {1, 0.4}};
    static const double failed[3][2] = {{1, 0}, {2, 0}, {1, 0}};
    for (size_t c = 0; c < 3; c++)
        for (size_t s = 0; s < 2; s++) {
            const ltv_kind *kind = &program.kinds[program.kind_of[c * 2 + s]];
            /* A ratio m turns a probability p into 1 - (1 - p)^m. */
            assert_close("churn", exp(-kind->voluntary[10]), pow(0.97, 10 * churn[c][s]), 1e-13);
            assert_close("failed", exp(-kind->involuntary[10]), pow(0.99, 10 * failed[c][s]),
                         1e-13);
        }
    assert_int_equal(program.kind_of[0], program.kind_of[4]);
    ltv_program_free(&program);
    ltv_scenario_free(&scenario);
}

static void a_ratio_of_zero_keeps_everybody_even_where_all_would_leave(void **state)
{
    (void)state;
    ltv_scenario scenario;
    scenario_fixture_init(&scenario, 0);
    static const double all_leave[] = {1, 0.5, 0};
    scenario_fixture_set_table(&scenario.arms[0].retention, 3, all_leave, 2);
    scenario.arms[0].segments[0].times.on[LTV_LEVER_CHURN] = 0;
    ltv_program program;
    compile(&program, &scenario);
    for (uint32_t u = 0; u <= 120; u++)
        assert_true(program.kinds[0].voluntary[u] == 0);
    ltv_program_free(&program);
    ltv_scenario_free(&scenario);
}

static void the_involuntary_clock_is_geometric_or_absent(void **state)
{
    (void)state;
    ltv_scenario scenario;
    scenario_fixture_init(&scenario, 0.03);
    ltv_program program;
    compile(&program, &scenario);
    assert_false(program.involuntary);
    ltv_program_free(&program);
    scenario.arms[0].involuntary_churn = 0.009;
    compile(&program, &scenario);
    assert_true(program.involuntary);
    for (uint32_t u = 0; u <= 120; u++)
        assert_close("involuntary", exp(-program.kinds[0].involuntary[u]), pow(0.991, u), 1e-13);
    assert_true(isinf(program.kinds[0].involuntary[121]));
    ltv_program_free(&program);
    ltv_scenario_free(&scenario);
}

/* --- who a customer is --- */

static void shares_become_cumulative_thresholds(void **state)
{
    (void)state;
    ltv_scenario scenario;
    scenario_fixture_init(&scenario, 0.03);
    ltv_arm *arm = &scenario.arms[0];
    scenario_fixture_set_segments(arm, 4, (double[]){0.5, 0.25, 0.125, 0.125},
                                  (double[]){1, 1, 1, 1});
    /* Ten times 0.1 is not quite 1: the last one takes the rest. */
    double tenths[10], cacs[10];
    for (int c = 0; c < 10; c++) {
        tenths[c] = 0.1;
        cacs[c] = 100 * c;
    }
    scenario_fixture_set_channels(arm, 10, tenths, cacs);
    arm->retention.cured = 0.25;
    ltv_program program;
    compile(&program, &scenario);
    assert_int_equal(program.n_segments, 4);
    assert_true(program.segment_threshold[0] == UINT64_C(1) << 63);
    assert_true(program.segment_threshold[1] == UINT64_C(3) << 62);
    assert_true(program.segment_threshold[2] == UINT64_C(7) << 61);
    assert_true(program.segment_threshold[3] == UINT64_MAX);
    assert_int_equal(program.n_channels, 10);
    for (int c = 0; c < 9; c++)
        assert_close("tenths", (double)program.channel_threshold[c], (c + 1) * 0.1 * 0x1p64, 1e-15);
    assert_true(program.channel_threshold[9] == UINT64_MAX);
    for (int c = 0; c < 10; c++)
        assert_true(program.cac[c] == 100.0 * c * 0x1p20);
    for (int s = 0; s < 4; s++)
        assert_true(program.kinds[s].cured_threshold == UINT64_C(1) << 62);
    ltv_program_free(&program);
    ltv_scenario_free(&scenario);
}

static void a_segment_is_compiled_from_its_own_retention(void **state)
{
    (void)state;
    ltv_scenario scenario;
    scenario_fixture_init(&scenario, 0.03);
    ltv_arm *arm = &scenario.arms[0];
    arm->retention.cured = 0.5;
    scenario_fixture_set_segments(arm, 2, (double[]){0.5, 0.5}, (double[]){1, 1});
    arm->segments[1].has_retention = true;
    scenario_fixture_set_table(&arm->segments[1].retention, 2, (double[]){1, 0.5}, 1);
    ltv_program program;
    compile(&program, &scenario);
    assert_close("the arm's", program.kinds[0].voluntary[1], -log(0.97), 1e-14);
    assert_true(program.kinds[0].cured_threshold == UINT64_C(1) << 63);
    assert_close("its own", program.kinds[1].voluntary[3], 3 * log(2), 1e-14);
    assert_true(program.kinds[1].cured_threshold == 0);
    ltv_program_free(&program);
    ltv_scenario_free(&scenario);
}

static void spearman_becomes_the_pearson_of_the_scores(void **state)
{
    (void)state;
    static const double pairs[][2] = {
        {0, 0}, {1.0 / 3, 0.3472963553338607}, {-0.5, -0.5176380902050415}, {0.999, 0.9990929}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        ltv_scenario scenario;
        scenario_fixture_init(&scenario, 0.03);
        ltv_arm *arm = &scenario.arms[0];
        arm->retention.heterogeneity = (ltv_spread){LTV_SPREAD_GAMMA, 0.5};
        arm->spend = (ltv_spread){LTV_SPREAD_LOG_NORMAL, 0.5};
        arm->spend_churn_correlation = pairs[i][0];
        ltv_program program;
        compile(&program, &scenario);
        assert_true(program.spends_differ);
        assert_int_equal(program.spend_follows_churn, pairs[i][0] != 0);
        assert_within("pearson", program.spend_pearson, pairs[i][1], 1e-7);
        ltv_program_free(&program);
        ltv_scenario_free(&scenario);
    }
}

/* --- programmes --- */

static const struct {
    const char *label;
    ltv_intervention programme;
} courses[] = {
    {"a multiplier for some bills", {.n_effects = 1, .effects = {{LTV_LEVER_CHURN, 0.8, 6, 0, 0}}}},
    {"for ever", {.n_effects = 1, .effects = {{LTV_LEVER_CHURN, 0.8, LTV_FOR_EVER, 0, 0}}}},
    {"for ever after a ramp",
     {.n_effects = 1, .effects = {{LTV_LEVER_CHURN, 0.8, LTV_FOR_EVER, 4, 0}}}},
    {"a ramp and a fade", {.n_effects = 1, .effects = {{LTV_LEVER_CHURN, 0.8, 6, 3, 0.5}}}},
    {"a fade beyond the horizon", {.n_effects = 1, .effects = {{LTV_LEVER_CHURN, 2, 1, 0, 30}}}},
    {"another lever fades", {.n_effects = 1, .effects = {{LTV_LEVER_ORDERS, 2, 5, 0, 1}}}},
    {"two levers",
     {.n_effects = 2,
      .effects = {{LTV_LEVER_PRICE, 1.1, 9, 2, 0}, {LTV_LEVER_CHURN, 0.5, 4, 0, 1}}}},
    {"a price_off that ends later",
     {.n_effects = 1,
      .effects = {{LTV_LEVER_CHURN, 0.8, 2, 0, 0.3}},
      .price_off = 0.2,
      .price_off_bills = 7}},
    {"a cost while it is held",
     {.n_effects = 1, .effects = {{LTV_LEVER_CHURN, 0.8, 6, 0, 0.3}}, .per_period = 3}},
    {"nothing but a cost", {.price_off_bills = 4, .per_period = 3}},
};

/* Whether something but the multiplier of voluntary churn differs k and j bills after the trigger;
 * and then that, too. */
static bool differs(const ltv_intervention *programme, uint32_t k, uint32_t j, bool churn_counts)
{
    bool other = (k < programme->price_off_bills) != (j < programme->price_off_bills);
    uint32_t held_for = ltv_intervention_held_for(programme);
    other |= programme->per_period > 0 && (k < held_for) != (j < held_for);
    for (size_t e = 0; e < programme->n_effects; e++)
        if (churn_counts || programme->effects[e].lever != LTV_LEVER_CHURN)
            other |= ltv_effect_multiplier(&programme->effects[e], k) !=
                     ltv_effect_multiplier(&programme->effects[e], j);
    return other;
}

/* The first j > k at which it differs from k; LTV_FOR_EVER: not within the horizon. */
static uint32_t next_difference(const ltv_intervention *programme, uint32_t k, uint32_t horizon,
                                bool churn_counts)
{
    for (uint32_t j = k + 1; j <= horizon; j++)
        if (differs(programme, k, j, churn_counts))
            return j;
    return LTV_FOR_EVER;
}

/* Changes are stated where they are; beyond the horizon it does not matter where. */
static void assert_stated(const char *label, uint32_t stated, uint32_t found, uint32_t horizon)
{
    assert_that(label, stated == found || (found == LTV_FOR_EVER && stated > horizon));
}

static void the_course_of_a_programme_is_that_of_its_effects(void **state)
{
    (void)state;
    for (size_t c = 0; c < sizeof courses / sizeof *courses; c++) {
        ltv_scenario scenario;
        ltv_program program;
        scenario_fixture_init(&scenario, 0.03);
        ltv_intervention *programme = scenario_fixture_add_intervention(
            &scenario.arms[0], "p", (ltv_trigger){.kind = LTV_WHEN_AT_TENURE, .periods = 3});
        const ltv_intervention *as = &courses[c].programme;
        programme->n_effects = as->n_effects;
        memcpy(programme->effects, as->effects, sizeof as->effects);
        programme->price_off = as->price_off;
        programme->price_off_bills = as->price_off_bills;
        programme->per_period = as->per_period;
        compile(&program, &scenario);
        const ltv_intervention_program *compiled = &program.interventions[0];
        uint32_t horizon = program.horizon, last = 0;
        for (uint32_t k = 0; k <= horizon; k++) {
            for (size_t e = 0; e < as->n_effects; e++) {
                double times = ltv_effect_multiplier(&as->effects[e], k);
                assert_true(compiled->multiplier[e * (horizon + 1u) + k] == times);
                if (as->effects[e].lever == LTV_LEVER_CHURN)
                    assert_true(compiled->churn[k] == times);
            }
            assert_stated(courses[c].label, compiled->changes_at[k],
                          next_difference(programme, k, horizon, true), horizon);
            assert_stated(courses[c].label, compiled->stops_at[k],
                          next_difference(programme, k, horizon, false), horizon);
            last = compiled->changes_at[k] <= horizon ? compiled->changes_at[k] : last;
        }
        assert_that(courses[c].label, last > 0 || as->effects[0].periods == LTV_FOR_EVER);
        ltv_program_free(&program);
        ltv_scenario_free(&scenario);
    }
}

/* Bills at which it differs from what it was at the bill before, between two at which it is due. */
static uint32_t changes_one_by_one(const ltv_intervention *programme, uint32_t first,
                                   uint32_t every, uint32_t horizon)
{
    uint32_t changes = 0, most = 0, began = LTV_NEVER;
    for (uint32_t u = first; u < horizon; u++) {
        bool due = u == first || (every > 0 && (u - first) % every == 0);
        began = due ? u : began;
        changes = due ? 0 : changes + differs(programme, u - began - 1, u - began, true);
        most = changes > most ? changes : most;
    }
    return most;
}

static void changes_are_bills_at_which_something_changes(void **state)
{
    (void)state;
    for (size_t c = 0; c < 2 * (sizeof courses / sizeof *courses); c++) {
        ltv_scenario scenario;
        ltv_program program;
        uint32_t every = c % 2 ? 5 : 0;
        ltv_trigger when = {.kind = every > 0 ? LTV_WHEN_EVERY : LTV_WHEN_AT_TENURE,
                            .periods = every > 0 ? every : 3};
        scenario_fixture_init(&scenario, 0.03);
        ltv_intervention *programme =
            scenario_fixture_add_intervention(&scenario.arms[0], "p", when);
        const ltv_intervention *as = &courses[c / 2].programme;
        programme->n_effects = as->n_effects;
        memcpy(programme->effects, as->effects, sizeof as->effects);
        programme->price_off = as->price_off;
        programme->price_off_bills = as->price_off_bills;
        compile(&program, &scenario);
        assert_true(program.n_appointments > 0);
        uint32_t first = program.appointments[0].bill;
        assert_that(courses[c / 2].label,
                    program.interventions[0].most_changes ==
                        changes_one_by_one(programme, first, every, program.horizon));
        ltv_program_free(&program);
        ltv_scenario_free(&scenario);
    }
}

static void horizons_from_one_to_the_longest_compile(void **state)
{
    (void)state;
    static const uint32_t horizons[] = {1, 2, LTV_MAX_HORIZON};
    for (size_t i = 0; i < 3; i++) {
        ltv_scenario scenario;
        scenario_fixture_init(&scenario, 0.03);
        uint32_t h = scenario.horizon = horizons[i];
        ltv_program program;
        compile(&program, &scenario);
        assert_true(isinf(program.kinds[0].voluntary[h + 1]));
        assert_true(program.kinds[0].discounted_margin[h] == h * (800ll << 20));
        ltv_program_free(&program);
        ltv_scenario_free(&scenario);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bill_is_discounted_from_the_day_it_is_paid),
        cmocka_unit_test(value_tables_are_sums_of_bills_rounded_one_by_one),
        cmocka_unit_test(amounts_too_large_are_an_error_with_a_sentence),
        cmocka_unit_test(the_voluntary_clock_is_the_marginal_hazard_with_a_sentinel),
        cmocka_unit_test(a_beta_curve_compiles_to_its_survival),
        cmocka_unit_test(multipliers_weigh_the_hazard_period_by_period),
        cmocka_unit_test(without_multipliers_the_hazard_is_the_curve_to_the_bit),
        cmocka_unit_test(a_multiplier_of_zero_saves_even_from_certain_churn),
        cmocka_unit_test(hazard_ratios_multiply_and_channels_that_are_alike_share_a_clock),
        cmocka_unit_test(a_ratio_of_zero_keeps_everybody_even_where_all_would_leave),
        cmocka_unit_test(the_involuntary_clock_is_geometric_or_absent),
        cmocka_unit_test(shares_become_cumulative_thresholds),
        cmocka_unit_test(a_segment_is_compiled_from_its_own_retention),
        cmocka_unit_test(spearman_becomes_the_pearson_of_the_scores),
        cmocka_unit_test(the_course_of_a_programme_is_that_of_its_effects),
        cmocka_unit_test(changes_are_bills_at_which_something_changes),
        cmocka_unit_test(horizons_from_one_to_the_longest_compile),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
