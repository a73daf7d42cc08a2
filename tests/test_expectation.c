/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <gsl/gsl_sf_hyperg.h>

#include "close.h"
#include "scenario_fixture.h"
#include "sim/expectation.h"

static ltv_scenario scenario;
static ltv_arm *arm;
static ltv_expectation e;

static void start(double churn)
{
    scenario_fixture_init(&scenario, churn);
    arm = &scenario.arms[0];
}

static void expect(void)
{
    ltv_error err = {0};
    assert_int_equal(ltv_expectation_init(&e, &scenario, arm, true, &err), LTV_OK);
}

static void finish(void)
{
    ltv_expectation_free(&e);
    ltv_expectation_free(&e);
    ltv_scenario_free(&scenario);
}

static double sum_of_steps(void)
{
    return e.step_horizon + e.step_discounting + e.step_tenure + e.step_heterogeneity +
           e.step_first_order + e.step_mix + e.step_spend + e.step_service_cost;
}

static void assert_steps_sum(const char *label)
{
    assert_close(label, e.spreadsheet_ltv + sum_of_steps(), e.ltv, 1e-9);
}

/* --- geometric churn, by the geometric series --- */

static void constant_churn_has_the_geometric_series(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        double churn, yearly;
        ltv_payment payment;
        double paid_after;
        uint32_t horizon;
    } cases[] = {
        {"music streaming", 0.03, 0, LTV_PAY_ADVANCE, 0, 120},
        {"600 months", 0.03, 0, LTV_PAY_ADVANCE, 0, 600},
        {"discounted", 0.03, 0.1, LTV_PAY_ADVANCE, 0, 120},
        {"mid-period", 0.03, 0.1, LTV_PAY_MID, 0.5, 120},
        {"arrears", 0.03, 0.1, LTV_PAY_ARREARS, 1, 60},
        {"one bill", 0.2, 0.1, LTV_PAY_ARREARS, 1, 1},
        {"hardly any churn", 1e-7, 0.1, LTV_PAY_ADVANCE, 0, 120},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        start(cases[i].churn);
        scenario.discount_rate_per_year = cases[i].yearly;
        scenario.payment = cases[i].payment;
        uint32_t h = scenario.horizon = cases[i].horizon;
        expect();
        const char *label = cases[i].label;
        double kept = 1 - cases[i].churn, delta = pow(1 + cases[i].yearly, -1.0 / 12);
        double q = kept * delta, first = 800 * pow(delta, cases[i].paid_after);
        for (uint32_t u = 0; u <= h; u++)
            assert_close(label, e.survival[u], pow(kept, u), 1e-12);
        assert_close(label, e.lifetime, (1 - pow(kept, h)) / (1 - kept), 1e-8);
        assert_close(label, e.ltv, first * (1 - pow(q, h)) / (1 - q), 1e-8);
        assert_within(label, e.beyond_horizon, first * pow(q, h) / (1 - q),
                      2e-6 * (e.ltv + e.beyond_horizon));
        assert_string_equal(e.beyond_note, "");
        assert_close(label, e.arpu, 1000, 1e-15);
        assert_close(label, e.cac, 5000, 1e-15);
        assert_close(label, e.churn_first_period, cases[i].churn, 1e-8);
        assert_close(label, e.spreadsheet_ltv, 800 / cases[i].churn, 1e-8);
        double cut = 800 * (1 - pow(kept, h)) / cases[i].churn;
        assert_within(label, e.step_horizon, cut - e.spreadsheet_ltv, 1e-6 * e.spreadsheet_ltv);
        assert_within(label, e.step_discounting, e.ltv - cut, 1e-6 * e.ltv);
        assert_within(label, e.step_tenure, 0, 1e-6 * e.ltv);
        assert_within(label, e.step_heterogeneity, 0, 1e-6 * e.ltv);
        assert_within(label, e.step_mix, 0, 1e-9 * e.ltv);
        assert_true(e.step_spend == 0 && e.step_service_cost == 0);
        assert_steps_sum(label);
        finish();
    }
}

static void services_and_failed_payments_take_their_part(void **state)
{
    (void)state;
    start(0.03);
    arm->involuntary_churn = 0.01;
    arm->service_cost = 30;
    arm->segments[0].service_cost = 20;
    expect();
    double kept = 0.97 * 0.99, bills = (1 - pow(kept, 120)) / (1 - kept);
    assert_close("lifetime", e.lifetime, bills, 1e-12);
    assert_close("ltv", e.ltv, 750 * bills, 1e-12);
    assert_close("service", e.step_service_cost, -50 * bills, 1e-12);
    assert_close("churn", e.churn_first_period, 1 - kept, 1e-12);
    assert_steps_sum("service");
    finish();
}

/* Where the sum beyond the horizon diverges, no number is better than a large one. */
static void assert_no_end(void)
{
    assert_true(isnan(e.beyond_horizon));
    assert_non_null(strstr(e.beyond_note, "no end in sight"));
}

static void without_churn_there_is_no_formula(void **state)
{
    (void)state;
    start(0);
    expect();
    assert_close("ltv", e.ltv, 120 * 800, 1e-12);
    assert_true(isinf(e.spreadsheet_ltv));
    assert_true(e.churn_first_period == 0);
    assert_no_end();
    finish();
}

/* Two segments with a constant churn of their own, half each, worked out by hand: together they
 * lose 7 % at first, and a cohort all alike would go on doing so. */
static void segments_with_churn_of_their_own_are_heterogeneity_and_not_tenure(void **state)
{
    (void)state;
    start(0);
    scenario_fixture_set_segments(arm, 2, (double[]){0.5, 0.5}, (double[]){1, 1});
    for (int s = 0; s < 2; s++) {
        arm->segments[s].has_retention = true;
        scenario_fixture_set_curve(&arm->segments[s].retention, LTV_CURVE_GEOMETRIC,
                                   s == 0 ? (double[]){0.02} : (double[]){0.12});
    }
    expect();
    double mixed = 0, alike = 0;
    for (uint32_t u = 0; u < 120; u++) {
        mixed += (pow(0.98, u) + pow(0.88, u)) / 2;
        alike += pow(0.93, u);
    }
    assert_close("churn", e.churn_first_period, 0.07, 1e-12);
    assert_close("spreadsheet", e.spreadsheet_ltv, 800 / 0.07, 1e-12);
    assert_within("tenure", e.step_tenure, 0, 1e-8);
    assert_close("heterogeneity", e.step_heterogeneity, 800 * (mixed - alike), 1e-9);
    assert_steps_sum("segments");
    finish();
}

/* Channels with hazard ratios, the first and the last alike: two constant churns, 3 to 1. */
static void hazard_ratios_of_channels_are_heterogeneity(void **state)
{
    (void)state;
    start(0.03);
    arm->involuntary_churn = 0.01;
    scenario_fixture_set_channels(arm, 3, (double[]){0.5, 0.25, 0.25}, (double[]){0, 400, 80});
    arm->channels[1].times.on[LTV_LEVER_CHURN] = 3;
    arm->channels[1].times.on[LTV_LEVER_INVOLUNTARY] = 2;
    expect();
    double kept_1 = 0.97 * 0.99, kept_2 = pow(0.97, 3) * 0.99 * 0.99;
    double kept = 0.75 * kept_1 + 0.25 * kept_2, mixed = 0, alike = 0;
    for (uint32_t u = 0; u < 120; u++) {
        mixed += 0.75 * pow(kept_1, u) + 0.25 * pow(kept_2, u);
        alike += pow(kept, u);
    }
    assert_close("churn", e.churn_first_period, 1 - kept, 1e-12);
    assert_close("ltv", e.ltv, 800 * mixed, 1e-12);
    assert_within("tenure", e.step_tenure, 0, 1e-8);
    assert_close("heterogeneity", e.step_heterogeneity, 800 * (mixed - alike), 1e-9);
    assert_steps_sum("channels");
    finish();
}

/* A Weibull segment and a geometric one: the average shape is that of the average hazard,
 * scaled to the churn of the mix. */
static void the_average_hazard_makes_the_step_for_tenure(void **state)
{
    (void)state;
    start(0);
    scenario_fixture_set_segments(arm, 2, (double[]){0.3, 0.7}, (double[]){1, 1});
    arm->segments[0].has_retention = arm->segments[1].has_retention = true;
    scenario_fixture_set_curve(&arm->segments[0].retention, LTV_CURVE_GEOMETRIC, (double[]){0.04});
    scenario_fixture_set_curve(&arm->segments[1].retention, LTV_CURVE_WEIBULL, (double[]){20, 0.6});
    arm->involuntary_churn = 0.01;
    expect();
    double hazard_1 = -log(0.96), hazard_2 = pow(1 / 20.0, 0.6), fails = -log(0.99);
    double kept_1 = 0.3 * exp(-hazard_1 - fails) + 0.7 * exp(-hazard_2 - fails);
    double scale = -log(kept_1) / (0.3 * hazard_1 + 0.7 * hazard_2 + fails);
    double shaped = 0, constant = 0;
    for (uint32_t u = 0; u < 120; u++) {
        double mean = 0.3 * hazard_1 * u + 0.7 * pow(u / 20.0, 0.6) + fails * u;
        shaped += exp(-scale * mean);
        constant += pow(kept_1, u);
    }
    assert_close("tenure", e.step_tenure, 800 * (shaped - constant), 1e-9);
    assert_steps_sum("shape");
    finish();
}

/* --- heterogeneity --- */

static void shifted_beta_geometric_has_its_hypergeometric_lifetime(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        double alpha, beta, lifetime; /* published, four digits after the point */
    } cases[] = {{"High End", 0.668, 3.806, 5.9226}, {"Regular", 0.704, 1.182, 3.6951}};
    for (size_t i = 0; i < 2; i++) {
        start(0);
        scenario.time_unit = LTV_UNIT_YEAR;
        scenario.discount_rate_per_year = 0.1;
        scenario.horizon = 40;
        arm->price = arm->gross_margin = 1;
        double shapes[] = {cases[i].alpha, cases[i].beta};
        scenario_fixture_set_curve(&arm->retention, LTV_CURVE_BETA_GEOMETRIC, shapes);
        expect();
        double whole = gsl_sf_hyperg_2F1(1, shapes[1], shapes[0] + shapes[1], 1 / 1.1);
        assert_close(cases[i].label, e.ltv + e.beyond_horizon, whole, 2e-6);
        assert_within(cases[i].label, e.ltv + e.beyond_horizon, cases[i].lifetime, 6e-5);
        assert_string_equal(e.beyond_note, "");
        assert_within(cases[i].label, e.sbg_lifetime, cases[i].lifetime, 6e-5);
        /* What is left after the last bill is what lies beyond, per customer who paid it. */
        assert_close(cases[i].label, e.sbg_residual_lifetime * e.survival[39] * pow(1.1, -40),
                     e.beyond_horizon, 1e-5);
        assert_that(cases[i].label, e.step_heterogeneity > 0);
        assert_within(cases[i].label, e.step_tenure, 0, 1e-9);
        assert_steps_sum(cases[i].label);
        finish();
    }
}

static void a_gamma_frailty_has_its_closed_form(void **state)
{
    (void)state;
    start(0);
    scenario_fixture_set_curve(&arm->retention, LTV_CURVE_WEIBULL, (double[]){30, 0.8});
    arm->retention.heterogeneity = (ltv_spread){LTV_SPREAD_GAMMA, 0.7};
    expect();
    double lifetime = 0;
    for (uint32_t u = 0; u <= 120; u++) {
        double survival = pow(1 + 0.49 * pow(u / 30.0, 0.8), -1 / 0.49);
        assert_close("survival", e.survival[u], survival, 1e-12);
        lifetime += u < 120 ? survival : 0;
    }
    assert_close("ltv", e.ltv, 800 * lifetime, 1e-12);
    assert_true(isnan(e.sbg_lifetime) && isnan(e.sbg_residual_lifetime));
    assert_steps_sum("gamma");
    finish();
}

static void the_cured_are_there_for_ever(void **state)
{
    (void)state;
    start(0.05);
    arm->retention.cured = 0.1;
    scenario.discount_rate_per_year = 0.1;
    expect();
    double delta = pow(1.1, -1.0 / 12), q = 0.95 * delta;
    for (uint32_t u = 0; u <= 120; u++)
        assert_close("survival", e.survival[u], 0.1 + 0.9 * pow(0.95, u), 1e-12);
    double beyond = 800 * (0.1 * pow(delta, 120) / (1 - delta) + 0.9 * pow(q, 120) / (1 - q));
    assert_close("beyond", e.beyond_horizon, beyond, 1e-5);
    assert_string_equal(e.beyond_note, "");
    ltv_expectation_free(&e);
    scenario.discount_rate_per_year = 0; /* and then their value has no end */
    expect();
    assert_no_end();
    finish();
}

static void a_tail_too_heavy_to_sum_has_no_value(void **state)
{
    (void)state;
    start(0);
    /* S(u) falls like u^-0.668, whose sum diverges. */
    scenario_fixture_set_curve(&arm->retention, LTV_CURVE_BETA_GEOMETRIC, (double[]){0.668, 3.806});
    expect();
    assert_no_end();
    finish();
}

/* Mean of level x exp(-z Lambda) over both normal scores, by the trapezoidal rule: x is the score
 * of z, and that of spend is rho x + sqrt(1 - rho^2) y. */
static double spend_by_quadrature(double rho, double sigma_z, double sigma_spend, double lambda)
{
    double sum = 0, step = 0.1, own = sqrt(1 - rho * rho);
    for (int i = -90; i <= 90; i++)
        for (int j = -90; j <= 90; j++) {
            double x = i * step, y = j * step, s = rho * x + own * y;
            double z = exp(sigma_z * x - sigma_z * sigma_z / 2);
            double level = exp(sigma_spend * s - sigma_spend * sigma_spend / 2);
            sum += level * exp(-z * lambda - (x * x + y * y) / 2) * step * step / (2 * M_PI);
        }
    return sum;
}

static void spend_tied_to_churn_shifts_what_the_loyal_pay(void **state)
{
    (void)state;
    start(0.05);
    scenario.horizon = 36;
    arm->retention.heterogeneity = (ltv_spread){LTV_SPREAD_LOG_NORMAL, 0.8};
    arm->spend = (ltv_spread){LTV_SPREAD_LOG_NORMAL, 0.5};
    arm->spend_churn_correlation = -0.4;
    expect();
    double rho = 2 * sin(-0.4 * M_PI / 6), sigma_z = sqrt(log(1.64)), sigma_spend = sqrt(log(1.25));
    double ltv = 0, unspread = 0;
    for (uint32_t u = 0; u < 36; u++) {
        double lambda = -(double)u * log(0.95);
        double spend = spend_by_quadrature(rho, sigma_z, sigma_spend, lambda);
        assert_close("spend", e.segment_spend[u], spend, 1e-7);
        ltv += 800 * spend;
        unspread += 800 * e.survival[u];
    }
    assert_close("ltv", e.ltv, ltv, 1e-7);
    assert_close("step", e.step_spend, ltv - unspread, 1e-6);
    assert_true(e.step_spend > 0); /* those who spend more stay longer */
    assert_steps_sum("spend and churn");
    ltv_expectation_free(&e);
    arm->spend_churn_correlation = 0; /* a spread of its own moves no mean */
    expect();
    assert_close("untied", e.ltv, unspread, 1e-12);
    assert_true(e.step_spend == 0);
    finish();
}

/* --- mixes --- */

static void a_mix_is_the_sum_of_its_segments(void **state)
{
    (void)state;
    start(0.05);
    arm->gross_margin = 0.5;
    arm->service_cost = 10;
    scenario_fixture_set_segments(arm, 2, (double[]){0.25, 0.75}, (double[]){2, 0.8});
    scenario_fixture_set_channels(arm, 2, (double[]){0.4, 0.6}, (double[]){0, 9000});
    arm->segments[0].service_cost = 40;
    arm->segments[0].has_retention = true;
    scenario_fixture_set_curve(&arm->segments[0].retention, LTV_CURVE_GEOMETRIC, (double[]){0.01});
    expect();
    double loyal = (1 - pow(0.99, 120)) / 0.01, others = (1 - pow(0.95, 120)) / 0.05;
    assert_close("arpu", e.arpu, 0.25 * 2000 + 0.75 * 800, 1e-14);
    assert_close("cac", e.cac, 5400, 1e-14);
    assert_close("churn", e.churn_first_period, 0.25 * 0.01 + 0.75 * 0.05, 1e-12);
    assert_close("lifetime", e.lifetime, 0.25 * loyal + 0.75 * others, 1e-12);
    assert_close("ltv", e.ltv, 0.25 * (1000 - 50) * loyal + 0.75 * (400 - 10) * others, 1e-12);
    for (uint32_t u = 0; u <= 120; u++) {
        assert_close("loyal", e.segment_survival[u], pow(0.99, u), 1e-12);
        assert_close("others", e.segment_survival[121 + u], pow(0.95, u), 1e-12);
    }
    double margin = e.arpu * 0.5;
    assert_close("mix", e.step_mix, 0.25 * 1000 * loyal + 0.75 * 400 * others - margin * e.lifetime,
                 1e-9);
    assert_true(e.step_mix > 0 && e.step_heterogeneity > 0);
    assert_steps_sum("mix");
    finish();
}

static double *shares_of(size_t n, const double *shares)
{
    double *copy = calloc(n, sizeof *copy);
    assert_non_null(copy);
    memcpy(copy, shares, n * sizeof *copy);
    return copy;
}

/* Everything at a segment's and a channel's multipliers of price and spend, and one channel with a
 * mix of its own: four kinds of customers, worked out one by one. */
static void channels_bring_segments_and_prices_of_their_own(void **state)
{
    (void)state;
    start(0.05);
    scenario_fixture_set_segments(arm, 2, (double[]){0.25, 0.75}, (double[]){2, 0.8});
    scenario_fixture_set_channels(arm, 2, (double[]){0.4, 0.6}, (double[]){0, 0});
    arm->channels[1].segments = shares_of(2, (double[]){0.9, 0.1});
    arm->channels[1].times.on[LTV_LEVER_CHURN] = 3;
    arm->channels[1].times.on[LTV_LEVER_PRICE] = 1.5;
    arm->segments[1].times.on[LTV_LEVER_SPEND] = 1.1;
    arm->channels[0].times.on[LTV_LEVER_SPEND] = 0.7;
    expect();
    static const double share[] = {0.4 * 0.25, 0.4 * 0.75, 0.6 * 0.9, 0.6 * 0.1};
    static const double price[] = {2000 * 0.7, 880 * 0.7, 2000 * 1.5, 880 * 1.5};
    double kept[] = {0.95, 0.95, pow(0.95, 3), pow(0.95, 3)}, ltv = 0, arpu = 0;
    for (int i = 0; i < 4; i++) {
        arpu += share[i] * price[i];
        ltv += share[i] * price[i] * 0.8 * (1 - pow(kept[i], 120)) / (1 - kept[i]);
    }
    assert_close("arpu", e.arpu, arpu, 1e-12);
    assert_close("ltv", e.ltv, ltv, 1e-12);
    assert_close("first segment", e.segment_survival[1], (0.1 * 0.95 + 0.54 * kept[2]) / 0.64,
                 1e-12);
    assert_close("all", e.survival[1], 0.4 * 0.95 + 0.6 * kept[2], 1e-12);
    assert_true(e.exact && isfinite(e.beyond_horizon));
    assert_steps_sum("channels with segments");
    finish();
}

static void set_two_plans(void)
{
    arm->price = 0;
    arm->n_plans = 2;
    arm->plans = calloc(2, sizeof *arm->plans);
    assert_non_null(arm->plans);
    arm->plans[0] = (ltv_plan){.price = 100, .starts = 0.8, .margin = 0.5, .churn = 1};
    arm->plans[1] = (ltv_plan){.price = 300, .starts = 0.2, .margin = 0.9, .churn = 2};
}

static void customers_keep_their_starting_plans(void **state)
{
    (void)state;
    start(0.05);
    set_two_plans();
    arm->plans[0].n_upgrades = 1;
    arm->plans[0].upgrades = calloc(1, sizeof *arm->plans[0].upgrades);
    assert_non_null(arm->plans[0].upgrades);
    arm->plans[0].upgrades[0] = (ltv_plan_change){1, {.probability = 0.1, .until = UINT32_MAX}};
    scenario_fixture_set_segments(arm, 2, (double[]){0.5, 0.5}, (double[]){1, 1});
    arm->segments[1].starts = shares_of(2, (double[]){0, 1});
    expect();
    double kept = pow(0.95, 2), first = (1 - pow(0.95, 120)) / 0.05,
           second = (1 - pow(kept, 120)) / (1 - kept);
    assert_false(e.exact);
    assert_close("arpu", e.arpu, 0.4 * 100 + 0.6 * 300, 1e-12);
    assert_close("ltv", e.ltv, 0.4 * 50 * first + 0.6 * 270 * second, 1e-12);
    assert_close("second segment", e.segment_survival[121 + 7], pow(kept, 7), 1e-12);
    assert_close("survival", e.survival[7], 0.4 * pow(0.95, 7) + 0.6 * pow(kept, 7), 1e-12);
    assert_true(isnan(e.beyond_horizon) && e.beyond_note[0] != '\0');
    assert_steps_sum("plans");
    finish();
}

static void orders_come_at_their_rate(void **state)
{
    (void)state;
    start(0.05);
    scenario.has_start = true;
    scenario.start = (ltv_date){2027, 12, 1};
    scenario.horizon = 3;
    arm->price = 0;
    arm->orders = (ltv_orders){.rate = 0.25,
                               .first_order_certain = true,
                               .value_mean = 40,
                               .p = INFINITY,
                               .q = INFINITY,
                               .has_season = true,
                               .season = {2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 3}};
    arm->channels[0].times.on[LTV_LEVER_ORDERS] = 1.6;
    expect();
    assert_false(e.exact);
    assert_close("arpu", e.arpu, 40 * (1 + 0.4 * 3), 1e-12);
    assert_close("ltv", e.ltv, 32 * (1 + 0.4 * 3 + 0.95 * 0.4 * 2 + 0.95 * 0.95 * 0.4), 1e-12);
    assert_steps_sum("orders");
    assert_close("first order", e.step_first_order, 32 * (1 - (1 + 0.95 + 0.95 * 0.95)), 1e-12);
    ltv_expectation_free(&e);
    arm->orders.first_order_certain = false;
    expect();
    assert_true(e.step_first_order == 0);
    assert_close("no first order", e.arpu, 40 * 0.4 * 3, 1e-12);
    finish();
}

static void a_price_change_at_the_start_is_the_price_later_ones_are_not(void **state)
{
    (void)state;
    start(0.05);
    static const ltv_price_change changes_of_price[] = {{0, 1.5, 4, 2}, {1, 3, 1, 0}};
    arm->n_price_changes = 2;
    arm->price_changes = calloc(2, sizeof *arm->price_changes);
    assert_non_null(arm->price_changes);
    memcpy(arm->price_changes, changes_of_price, sizeof changes_of_price);
    expect();
    assert_false(e.exact);
    assert_close("arpu", e.arpu, 1500, 1e-12);
    assert_close("ltv", e.ltv, 1200 * (1 - pow(0.95, 120)) / 0.05, 1e-12);
    finish();
}

static void a_table_that_stops_is_worth_nobody_knows_what_beyond(void **state)
{
    (void)state;
    start(0);
    scenario.horizon = 2;
    scenario_fixture_set_table(&arm->retention, 3, (double[]){1, 0.9, 0.7}, 0);
    expect();
    assert_true(isnan(e.beyond_horizon));
    assert_close("ltv", e.ltv, 800 * 1.9, 1e-12);
    assert_steps_sum("stops");
    finish();
}

static void a_table_goes_on_beyond_the_horizon_with_pooled_churn(void **state)
{
    (void)state;
    start(0);
    scenario.horizon = 5;
    static const double regular[] = {1, 0.631, 0.468, 0.382, 0.326};
    scenario_fixture_set_table(&arm->retention, 5, regular, 4);
    expect();
    double churn = 0.674 / 2.481;
    assert_close("ltv", e.ltv, 800 * (1 + 0.631 + 0.468 + 0.382 + 0.326), 1e-12);
    assert_close("beyond", e.beyond_horizon, 800 * 0.326 * (1 - churn) / churn, 1e-6);
    finish();
}

/* --- the bridge holds whatever comes together --- */

typedef struct {
    const char *label;
    void (*change)(void);
} change;

static void set_weibull(void)
{
    scenario_fixture_set_curve(&arm->retention, LTV_CURVE_WEIBULL, (double[]){20, 1.4});
}

static void set_sbg_with_log_normal(void)
{
    scenario_fixture_set_curve(&arm->retention, LTV_CURVE_BETA_GEOMETRIC, (double[]){0.7, 1.2});
    arm->retention.heterogeneity = (ltv_spread){LTV_SPREAD_LOG_NORMAL, 0.5};
}

static void set_season_and_spikes(void)
{
    scenario.has_start = arm->retention.has_season = true;
    scenario.start = (ltv_date){2027, 4, 1};
    for (int month = 0; month < 12; month++)
        arm->retention.season[month] = 0.5 + month / 10.0;
    scenario_fixture_set_spikes(&arm->retention, 2, (ltv_tenure_spike[]){{0, 0.2}, {11, 1.8}});
}

static void set_two_unlike_segments(void)
{
    scenario_fixture_set_segments(arm, 2, (double[]){0.3, 0.7}, (double[]){3, 1});
    arm->segments[1].has_retention = true;
    arm->segments[1].service_cost = 100;
    scenario_fixture_set_table(&arm->segments[1].retention, 3, (double[]){1, 0.8, 0.7}, 2);
}

static void set_a_segment_that_never_leaves(void)
{
    scenario_fixture_set_segments(arm, 2, (double[]){0.3, 0.7}, (double[]){3, 1});
    arm->segments[1].has_retention = true;
    scenario_fixture_set_curve(&arm->segments[1].retention, LTV_CURVE_GEOMETRIC, (double[]){0});
}

static void set_all_gone_after_one_bill(void)
{
    scenario_fixture_set_table(&arm->retention, 2, (double[]){1, 0}, 1);
}

static void set_one_segment_gone_after_one_bill(void)
{
    scenario_fixture_set_segments(arm, 2, (double[]){0.3, 0.7}, (double[]){3, 1});
    arm->segments[1].has_retention = true;
    scenario_fixture_set_table(&arm->segments[1].retention, 3, (double[]){1, 0, 0}, 1);
}

static void set_all_gone_after_two_bills(void)
{
    scenario_fixture_set_table(&arm->retention, 3, (double[]){1, 0.9, 0}, 1);
}

static void set_hazard_that_underflows_survival(void)
{
    scenario_fixture_set_curve(&arm->retention, LTV_CURVE_GOMPERTZ, (double[]){900, 0.1});
}

static void set_no_hazard_at_first_but_failed_payments(void)
{
    scenario_fixture_set_spikes(&arm->retention, 1, &(ltv_tenure_spike){0, 0});
    arm->involuntary_churn = 0.02;
}

static const change changes[] = {
    {"weibull", set_weibull},
    {"sBG with log-normal", set_sbg_with_log_normal},
    {"season and spikes", set_season_and_spikes},
    {"two unlike segments", set_two_unlike_segments},
    {"a segment that never leaves", set_a_segment_that_never_leaves},
    {"all gone after one bill", set_all_gone_after_one_bill},
    {"one segment gone after one bill", set_one_segment_gone_after_one_bill},
    {"all gone after two bills", set_all_gone_after_two_bills},
    {"survival that underflows", set_hazard_that_underflows_survival},
    {"failed payments only at first", set_no_hazard_at_first_but_failed_payments},
};

static void steps_sum_to_the_difference_whatever_comes_together(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++)
        for (int more = 0; more < 8; more++) {
            start(0.04);
            changes[i].change();
            if (more & 1)
                scenario.discount_rate_per_year = 0.12;
            if (more & 2)
                arm->service_cost = 70;
            if (more & 4)
                arm->retention.cured = 0.05;
            expect();
            assert_that(changes[i].label, isfinite(e.ltv));
            assert_steps_sum(changes[i].label);
            finish();
        }
}

static void an_expectation_may_be_freed_untouched(void **state)
{
    (void)state;
    ltv_expectation nothing = {0};
    ltv_expectation_free(&nothing);
    assert_null(nothing.survival);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(constant_churn_has_the_geometric_series),
        cmocka_unit_test(services_and_failed_payments_take_their_part),
        cmocka_unit_test(without_churn_there_is_no_formula),
        cmocka_unit_test(segments_with_churn_of_their_own_are_heterogeneity_and_not_tenure),
        cmocka_unit_test(the_average_hazard_makes_the_step_for_tenure),
        cmocka_unit_test(hazard_ratios_of_channels_are_heterogeneity),
        cmocka_unit_test(shifted_beta_geometric_has_its_hypergeometric_lifetime),
        cmocka_unit_test(a_gamma_frailty_has_its_closed_form),
        cmocka_unit_test(the_cured_are_there_for_ever),
        cmocka_unit_test(a_tail_too_heavy_to_sum_has_no_value),
        cmocka_unit_test(spend_tied_to_churn_shifts_what_the_loyal_pay),
        cmocka_unit_test(a_mix_is_the_sum_of_its_segments),
        cmocka_unit_test(channels_bring_segments_and_prices_of_their_own),
        cmocka_unit_test(customers_keep_their_starting_plans),
        cmocka_unit_test(orders_come_at_their_rate),
        cmocka_unit_test(a_price_change_at_the_start_is_the_price_later_ones_are_not),
        cmocka_unit_test(a_table_that_stops_is_worth_nobody_knows_what_beyond),
        cmocka_unit_test(a_table_goes_on_beyond_the_horizon_with_pooled_churn),
        cmocka_unit_test(steps_sum_to_the_difference_whatever_comes_together),
        cmocka_unit_test(an_expectation_may_be_freed_untouched),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
