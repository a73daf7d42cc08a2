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
#include "sim/metrics.h"

enum { CHANNELS = 3, SEGMENTS = 2, HORIZON = 40, GROUPS = 1 + SEGMENTS + CHANNELS };

static ltv_scenario scenario;
static ltv_arm *arm;
static population p;

/* Everything in one: three channels, one of them free; two segments; spend; discounting. */
static void mixed(void)
{
    scenario_fixture_init(&scenario, 0.05);
    arm = &scenario.arms[0];
    scenario.horizon = HORIZON;
    scenario.customers = 3000;
    scenario.discount_rate_per_year = 0.08;
    scenario.currency_decimals = 2;
    scenario_fixture_set_channels(arm, CHANNELS, (double[]){0.2, 0.5, 0.3},
                                  (double[]){0, 3000, 9000});
    scenario_fixture_set_segments(arm, SEGMENTS, (double[]){0.4, 0.6}, (double[]){1, 1.7});
    arm->service_cost = 90;
    arm->segments[1].service_cost = 35;
    arm->involuntary_churn = 0.01;
    arm->spend = (ltv_spread){LTV_SPREAD_GAMMA, 0.6};
}

static void finish(void)
{
    population_free(&p);
    ltv_scenario_free(&scenario);
}

static ltv_group group_number(int i)
{
    if (i == 0)
        return ltv_group_all(&p.programs[0], &p.tally.arms[0]);
    if (i <= SEGMENTS)
        return ltv_group_segment(&p.programs[0], &p.tally.arms[0], (size_t)i - 1);
    return ltv_group_channel(&p.programs[0], &p.tally.arms[0], (size_t)(i - 1 - SEGMENTS));
}

static bool is_member(int i, const person *one)
{
    return i == 0 || (i <= SEGMENTS ? one->segment == (size_t)i - 1
                                    : one->channel == (size_t)(i - 1 - SEGMENTS));
}

/* --- figures of one customer, straight from the scenario --- */

typedef double figure(const person *one, double parameter);

static double revenue_of_first_bill(const person *one, double parameter)
{
    (void)parameter;
    return arm->price * arm->segments[one->segment].times.on[LTV_LEVER_PRICE] * person_spend(one);
}

static double bills(const person *one, double parameter)
{
    (void)parameter;
    return one->bills;
}

static double pays(const person *one, double bill)
{
    return one->leaves_before > bill;
}

static double leaves_at_once(const person *one, double parameter)
{
    (void)parameter;
    return one->leaves_before == 1;
}

static double ltv_of(const person *one, double parameter)
{
    (void)parameter;
    return (double)one->ltv / ltv_money_quanta_per_unit(scenario.currency_decimals);
}

static double ltv_of_first_bills(const person *one, double first)
{
    double value = 0, revenue = revenue_of_first_bill(one, 0) * arm->gross_margin;
    double service = arm->service_cost + arm->segments[one->segment].service_cost;
    for (uint32_t u = 0; u < first && u < one->leaves_before; u++)
        value += (revenue - service) * pow(1 + scenario.discount_rate_per_year,
                                           -(double)u / ltv_periods_per_year(scenario.time_unit));
    return value;
}

static double revenue_kept(const person *one, double ratio)
{
    double one_year = ltv_periods_per_year(scenario.time_unit);
    return revenue_of_first_bill(one, 0) * (pays(one, one_year) - ratio);
}

static ltv_mean by_hand(int group, figure *of, double parameter)
{
    long double n = 0, sum = 0, squares = 0, mean = 0;
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < p.n; i++) {
            const person *one = population_at(&p, 0, i);
            if (!is_member(group, one))
                continue;
            long double x = of(one, parameter);
            n += pass == 0;
            sum += pass == 0 ? x : 0;
            squares += pass == 1 ? (x - mean) * (x - mean) : 0;
        }
        mean = sum / n;
    }
    return (ltv_mean){(double)mean, (double)sqrtl(squares / (n - 1) / n)};
}

/* --- what the module says --- */

static ltv_group_estimate estimate;
static ltv_expectation expectation;
static double payback_curve[LTV_MAX_HORIZON];

/* The arm as if it had this one segment, or this one channel, only. */
static void expect_group(int group)
{
    ltv_error err = {0};
    ltv_arm part = *arm;
    ltv_segment segment;
    ltv_channel channel;
    if (group > SEGMENTS) {
        channel = arm->channels[group - 1 - SEGMENTS];
        channel.share = 1;
        part.n_channels = 1;
        part.channels = &channel;
    } else if (group > 0) {
        segment = arm->segments[group - 1];
        segment.share = 1;
        part.n_segments = 1;
        part.segments = &segment;
    }
    assert_int_equal(ltv_expectation_init(&expectation, &scenario, &part, true, &err), LTV_OK);
}

static void measure(int group)
{
    ltv_error err = {0};
    ltv_group view = group_number(group);
    estimate = (ltv_group_estimate){.cumulative_discounted_contribution = payback_curve,
                                    .ltv = {.mean = 30100, .standard_error = 400},
                                    .net_ltv = {.mean = 20200, .standard_error = 500}};
    for (uint32_t u = 0; u < scenario.horizon; u++)
        payback_curve[u] = by_hand(group, ltv_of_first_bills, u + 1).mean;
    expect_group(group);
    assert_int_equal(ltv_metrics_of_group(&estimate, &scenario, &view, &expectation, &err), LTV_OK);
}

/* Cost to acquire a customer and revenue of his first bill in mixed(), worked out by hand. */
static double true_cac(int group)
{
    static const double channels[] = {0, 3000, 9000};
    return group > SEGMENTS ? channels[group - 1 - SEGMENTS] : 0.5 * 3000 + 0.3 * 9000;
}

static double true_arpu(int group)
{
    static const double segments[] = {1000, 1700};
    return group > 0 && group <= SEGMENTS ? segments[group - 1] : 0.4 * 1000 + 0.6 * 1700;
}

static void forget(void)
{
    free(estimate.metrics);
    ltv_expectation_free(&expectation);
}

static const ltv_metric *find(const char *name)
{
    for (size_t i = 0; i < estimate.n_metrics; i++)
        if (strcmp(estimate.metrics[i].name, name) == 0)
            return &estimate.metrics[i];
    return NULL;
}

static const ltv_metric *metric(const char *name)
{
    const ltv_metric *found = find(name);
    assert_that(name, found != NULL);
    return found;
}

static void assert_metric(const char *name, double value, double standard_error)
{
    assert_close(name, metric(name)->value, value, 1e-9);
    assert_close(name, metric(name)->mc_standard_error, standard_error, 1e-7);
    assert_that(name, isnan(value) || metric(name)->note[0] == '\0' ||
                          strcmp(name, "share_customers_above_3_cac") == 0);
}

static void assert_mean(const char *name, ltv_mean expected)
{
    assert_metric(name, expected.mean, expected.standard_error);
}

static void assert_note(const char *name, const char *part)
{
    assert_that(name, isnan(metric(name)->value));
    assert_that(name, strstr(metric(name)->note, part) != NULL);
}

/* --- the claims --- */

static void means_and_their_errors_are_those_of_the_customers(void **state)
{
    (void)state;
    mixed();
    population_init(&p, &scenario);
    for (int g = 0; g < GROUPS; g++) {
        measure(g);
        assert_metric("ltv", 30100, 400); /* as the value estimates have it */
        assert_metric("net_ltv", 20200, 500);
        assert_mean("arpu", by_hand(g, revenue_of_first_bill, 0));
        assert_metric("cac", true_cac(g), NAN);
        assert_mean("expected_lifetime", by_hand(g, bills, 0));
        assert_mean("retention_at_horizon", by_hand(g, pays, HORIZON));
        assert_mean("churn_first_period", by_hand(g, leaves_at_once, 0));
        assert_mean("crr_1y", by_hand(g, pays, 12));
        assert_mean("ltv_by_month_12", by_hand(g, ltv_of_first_bills, 12));
        assert_mean("ltv_by_month_36", by_hand(g, ltv_of_first_bills, 36));
        assert_note("ltv_by_month_60", "beyond the horizon");
        assert_note("p_ltv_cac_above_3", "no input is uncertain");
        forget();
    }
    finish();
}

static void ratios_have_their_errors(void **state)
{
    (void)state;
    mixed();
    population_init(&p, &scenario);
    for (int g = 0; g < GROUPS; g++) {
        measure(g);
        double cac = true_cac(g), arpu = by_hand(g, revenue_of_first_bill, 0).mean;
        double kept = by_hand(g, revenue_kept, 0).mean / arpu;
        double kept_error = by_hand(g, revenue_kept, kept).standard_error / arpu;
        assert_metric("nrr_1y", kept, kept_error);
        assert_metric("grr_1y", kept, kept_error);
        if (cac > 0) {
            assert_metric("ltv_cac", 30100 / cac, 400 / cac);
        } else {
            assert_note("ltv_cac", "CAC is 0");
        }
        forget();
    }
    finish();
}

static void customers_above_their_cac_are_counted_exactly(void **state)
{
    (void)state;
    mixed();
    population_init(&p, &scenario);
    for (int g = 0; g < GROUPS; g++) {
        double n = 0, above = 0, above_3 = 0, others = 0;
        for (size_t i = 0; i < p.n; i++) {
            const person *one = population_at(&p, 0, i);
            ltv_money cac = one->cac;
            if (!is_member(g, one))
                continue;
            others += cac == 0;
            n += cac > 0;
            above += cac > 0 && one->ltv >= cac;
            above_3 += cac > 0 && one->ltv >= 3 * cac;
        }
        measure(g);
        if (n > 0) {
            assert_true(above_3 > 0 && above_3 < above && above < n);
            double share = above / n, share_3 = above_3 / n;
            assert_metric("share_customers_above_cac", share, sqrt(share * (1 - share) / n));
            assert_metric("share_customers_above_3_cac", share_3,
                          sqrt(share_3 * (1 - share_3) / n));
            assert_int_equal(others > 0, strstr(metric("share_customers_above_3_cac")->note,
                                                "left out") != NULL);
        } else {
            assert_note("share_customers_above_cac", "CAC is 0");
            assert_note("share_customers_above_3_cac", "CAC is 0");
        }
        forget();
    }
    finish();
}

static void payback_is_counted_in_bills(void **state)
{
    (void)state;
    mixed();
    population_init(&p, &scenario);
    for (int g = 0; g < GROUPS; g++) {
        measure(g);
        double cac = true_cac(g), arpu = true_arpu(g);
        assert_metric("payback_simple", ceil(cac / (arpu * 0.8)), NAN);
        uint32_t n = 0; /* the smallest with mean discounted contribution of n bills >= CAC */
        while (n < HORIZON && by_hand(g, ltv_of_first_bills, n).mean < cac)
            n++;
        assert_metric("payback_survival", n, NAN);
        assert_true(n >= ceil(cac / (arpu * 0.8)));
        forget();
    }
    finish();
}

/* Also where a bill is no whole number of the smallest unit and is rounded down: 70 % of 981. */
static void a_cac_of_exactly_n_bills_is_paid_back_by_n_bills(void **state)
{
    (void)state;
    static const struct {
        double price, margin, cac;
        uint32_t bills;
    } cases[] = {{1000, 0.8, 5600, 7}, {981, 0.7, 6867, 10}, {47.72, 0.2, 95.44, 10}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        scenario_fixture_init(&scenario, 0);
        arm = &scenario.arms[0];
        scenario.customers = 50;
        scenario.horizon = 3 * cases[i].bills;
        arm->price = cases[i].price;
        arm->gross_margin = cases[i].margin;
        arm->channels[0].cac = cases[i].cac;
        population_init(&p, &scenario);
        measure(0);
        assert_metric("payback_simple", cases[i].bills, NAN);
        assert_metric("payback_survival", cases[i].bills, NAN);
        assert_metric("share_customers_above_3_cac", 1, 0);
        forget();
        finish();
    }
}

static void payback_may_not_come_within_the_horizon(void **state)
{
    (void)state;
    scenario_fixture_init(&scenario, 0.5);
    arm = &scenario.arms[0];
    scenario.customers = 2000;
    population_init(&p, &scenario); /* mean LTV is about 1600, CAC 5000 */
    measure(0);
    assert_metric("payback_simple", 7, NAN);
    assert_note("payback_survival", "not within the horizon");
    forget();
    finish();
}

static void paid_channels_are_reported_by_themselves(void **state)
{
    (void)state;
    mixed();
    population_init(&p, &scenario);
    measure(0);
    double n = 0, ltv = 0, squares = 0;
    for (size_t i = 0; i < p.n; i++) {
        const person *one = population_at(&p, 0, i);
        if (one->channel == 0)
            continue;
        n++;
        ltv += ltv_of(one, 0);
        squares += ltv_of(one, 0) * ltv_of(one, 0);
    }
    double cac = 4200 / 0.8, mean = ltv / n;
    assert_metric("cac_paid", cac, NAN);
    assert_metric("ltv_cac_paid", mean / cac, sqrt((squares / n - mean * mean) / (n - 1)) / cac);
    forget();
    finish();
}

static void closed_forms_stand_beside_the_simulation(void **state)
{
    (void)state;
    mixed();
    population_init(&p, &scenario);
    measure(0);
    assert_metric("closed_form_ltv", expectation.spreadsheet_ltv, NAN);
    assert_metric("cac", 4200, NAN);
    assert_metric("closed_form_ltv_annual", 0.8 * 1420 * expectation.lifetime, NAN);
    assert_metric("expected_discounted_lifetime", expectation.discounted_lifetime, NAN);
    assert_metric("closed_form_ltv_cac", expectation.spreadsheet_ltv / 4200, NAN);
    assert_metric("expected_ltv", expectation.ltv, NAN);
    assert_metric("value_beyond_horizon", expectation.beyond_horizon, NAN);
    forget();
    finish();
}

static void what_does_not_apply_says_why(void **state)
{
    (void)state;
    static const char *const cac_figures[] = {
        "ltv_cac",      "share_customers_above_cac", "share_customers_above_3_cac", "cac_paid",
        "ltv_cac_paid", "closed_form_ltv_cac"};
    scenario_fixture_init(&scenario, 0);
    arm = &scenario.arms[0];
    scenario.customers = 100;
    scenario.horizon = 11;
    arm->channels[0].cac = 0;
    arm->price = 0;
    population_init(&p, &scenario);
    measure(0);
    for (size_t i = 0; i < sizeof cac_figures / sizeof *cac_figures; i++)
        assert_note(cac_figures[i], "CAC is 0");
    assert_metric("payback_simple", 0, NAN);
    assert_metric("payback_survival", 0, NAN);
    assert_note("crr_1y", "shorter than a year");
    assert_note("nrr_1y", "shorter than a year");
    assert_note("grr_1y", "shorter than a year");
    assert_note("ltv_by_month_12", "beyond the horizon");
    assert_note("closed_form_ltv", "nobody leaves");
    forget();
    finish();

    scenario_fixture_init(&scenario, 0.1);
    arm = &scenario.arms[0];
    scenario.customers = 100;
    scenario.horizon = 12;
    arm->price = 0;
    scenario_fixture_set_table(&arm->retention, 13,
                               (double[]){1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0.5}, 0);
    population_init(&p, &scenario);
    measure(0);
    assert_note("payback_simple", "no margin");
    assert_note("nrr_1y", "no recurring revenue");
    assert_mean("crr_1y", by_hand(0, pays, 12));
    assert_note("value_beyond_horizon", "stops");
    forget();
    finish();
}

static void a_value_without_end_says_so(void **state)
{
    (void)state;
    scenario_fixture_init(&scenario, 0.05);
    arm = &scenario.arms[0];
    scenario.customers = 100;
    arm->retention.cured = 0.2;
    population_init(&p, &scenario);
    measure(0);
    assert_true(strstr(metric("value_beyond_horizon")->note, "no end in sight") != NULL);
    forget();
    finish();
}

static void a_year_is_a_year_in_every_time_unit(void **state)
{
    (void)state;
    static const struct {
        ltv_time_unit unit;
        uint32_t year, horizon;
    } cases[] = {{LTV_UNIT_DAY, 365, 1095},
                 {LTV_UNIT_WEEK, 52, 156},
                 {LTV_UNIT_QUARTER, 4, 12},
                 {LTV_UNIT_YEAR, 1, 3}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        scenario_fixture_init(&scenario, 0.3 / cases[i].year);
        arm = &scenario.arms[0];
        scenario.customers = 300;
        scenario.time_unit = cases[i].unit;
        scenario.horizon = cases[i].horizon; /* three years to the day */
        population_init(&p, &scenario);
        measure(0);
        assert_mean("crr_1y", by_hand(0, pays, cases[i].year));
        assert_mean("ltv_by_month_12", by_hand(0, ltv_of_first_bills, cases[i].year));
        assert_mean("ltv_by_month_36", by_hand(0, ltv_of_first_bills, 3 * cases[i].year));
        forget();
        finish();
    }
}

/* --- whole lives --- */

static size_t arm_at; /* the arm of the eventful scenario that is looked at */

static double quanta(void)
{
    return ltv_money_quanta_per_unit(scenario.currency_decimals);
}

/* Mean and error of a ratio of means over a group, by the residuals. */
typedef void pair(const person *one, double *above, double *below);

static void kept_after_a_year(const person *one, double *above, double *below)
{
    const ltv_stretch *then = person_stretch(one, 12);
    *below = (double)one->stretches[0].recurring;
    *above = then != NULL ? round((double)then->recurring * 1.1) : 0;
}

static void capped_after_a_year(const person *one, double *above, double *below)
{
    kept_after_a_year(one, above, below);
    *above = *above < *below ? *above : *below;
}

static ltv_mean ratio_by_hand(int group, pair *of)
{
    long double n = 0, above = 0, below = 0, squares = 0, ratio = 0;
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < p.n; i++) {
            const person *one = population_at(&p, arm_at, i);
            double x, y;
            if (!is_member(group, one))
                continue;
            of(one, &y, &x);
            n += pass == 0;
            above += pass == 0 ? y : 0;
            below += pass == 0 ? x : 0;
            squares += pass == 1 ? (y - ratio * x) * (y - ratio * x) : 0;
        }
        ratio = above / below;
    }
    return (ltv_mean){(double)ratio, (double)(sqrtl(squares / (n - 1) / n) / (below / n))};
}

typedef double amount(const person *one);

static double programme_cost_of(const person *one)
{
    return (double)one->programme_cost / quanta();
}

static double orders_of(const person *one)
{
    return (double)one->n_orders;
}

static double first_revenue_of(const person *one)
{
    double revenue = (double)one->stretches[0].revenue;
    for (size_t o = 0; o < one->n_orders; o++)
        revenue += one->orders[o].bill == 0 ? (double)one->orders[o].value : 0;
    return revenue / quanta();
}

static double ltv_of_first_year(const person *one)
{
    return (double)one->ltv_by[0] / quanta();
}

static ltv_mean amount_by_hand(int group, amount *of)
{
    long double n = 0, sum = 0, squares = 0;
    for (size_t i = 0; i < p.n; i++) {
        const person *one = population_at(&p, arm_at, i);
        if (!is_member(group, one))
            continue;
        n++;
        sum += of(one);
        squares += (long double)of(one) * of(one);
    }
    return (ltv_mean){(double)(sum / n),
                      (double)sqrtl((squares / n - sum / n * sum / n) / (n - 1))};
}

/* Runs the whole scenario; metric() then finds the figures of a group of the arm. */
static ltv_estimate everything;

static void look_at(int group)
{
    const ltv_arm_estimate *of = &everything.arms[arm_at];
    estimate = group == 0          ? of->all
               : group <= SEGMENTS ? of->segments[group - 1]
                                   : of->channels[group - 1 - SEGMENTS];
}

static void figures_of_whole_lives_are_those_of_the_customers(void **state)
{
    (void)state;
    ltv_error err = {0};
    scenario_fixture_init_eventful(&scenario);
    population_init(&p, &scenario);
    assert_int_equal(ltv_estimate_init(&everything, &scenario, p.programs, &p.tally, &err), LTV_OK);
    for (arm_at = 0; arm_at < 3; arm_at++)
        for (int g = 0; g < GROUPS; g++) {
            look_at(g);
            assert_mean("nrr_1y", ratio_by_hand(g, kept_after_a_year));
            assert_mean("grr_1y", ratio_by_hand(g, capped_after_a_year));
            assert_true(metric("grr_1y")->value < metric("nrr_1y")->value);
            assert_mean("arpu", amount_by_hand(g, first_revenue_of));
            assert_mean("orders_per_customer", amount_by_hand(g, orders_of));
            assert_mean("ltv_by_month_12", amount_by_hand(g, ltv_of_first_year));
            assert_mean("programme_cost_in_ltv", amount_by_hand(g, programme_cost_of));
            assert_close("whole cost", metric("programme_cost")->value,
                         metric("programme_cost_in_ltv")->value +
                             metric("programme_fixed_cost")->value,
                         1e-12);
            double early = estimate.ltv.by_period[3];
            assert_metric("ltv_in_phase_early", early, NAN);
            assert_close("phases", metric("ltv_in_phase_late")->value, estimate.ltv.mean - early,
                         1e-7);
        }
    ltv_estimate_free(&everything);
    finish();
}

static void programmes_are_counted_for_the_arm(void **state)
{
    (void)state;
    ltv_error err = {0};
    scenario_fixture_init_eventful(&scenario);
    population_init(&p, &scenario);
    assert_int_equal(ltv_estimate_init(&everything, &scenario, p.programs, &p.tally, &err), LTV_OK);
    arm_at = 2;
    look_at(0);
    double touched = 0, fixed = 300;
    for (size_t i = 0; i < p.n; i++)
        touched += population_at(&p, 2, i)->first_contact[LTV_BLOCK] != LTV_NEVER;
    for (int u = 0; u < 24; u++)
        fixed += 10 * pow(1.08, -u / 12.0);
    assert_metric("contacts_touch", touched / (double)p.n, NAN);
    assert_true(metric("participants_touch")->value < metric("contacts_touch")->value);
    assert_true(metric("contacts_offer")->value > 0);
    assert_metric("programme_fixed_cost", fixed / 400, NAN);
    assert_metric("programme_cost", metric("programme_cost_in_ltv")->value + fixed / 400,
                  metric("programme_cost_in_ltv")->mc_standard_error);
    look_at(1);
    assert_null(find("contacts_touch"));
    arm_at = 0;
    look_at(0);
    assert_metric("programme_cost", 0, 0);
    assert_metric("programme_cost_in_ltv", 0, 0);
    assert_metric("programme_fixed_cost", 0, NAN);
    assert_null(find("contacts_touch"));
    ltv_estimate_free(&everything);
    scenario.cohort_size = 0;
    assert_int_equal(ltv_estimate_init(&everything, &scenario, p.programs, &p.tally, &err), LTV_OK);
    arm_at = 2;
    look_at(0);
    assert_note("programme_cost", "customers.count");
    assert_true(metric("programme_cost_in_ltv")->value > 0);
    ltv_estimate_free(&everything);
    finish();
}

static void orders_alone_have_no_recurring_revenue_to_keep(void **state)
{
    (void)state;
    scenario_fixture_init(&scenario, 0.05);
    arm = &scenario.arms[0];
    scenario.customers = 500;
    arm->price = 0;
    scenario_fixture_set_orders(arm, 0.5, 2000);
    population_init(&p, &scenario);
    measure(0);
    assert_note("nrr_1y", "no recurring revenue");
    assert_note("grr_1y", "no recurring revenue");
    /* One order is certain, others of the first month join it: 1.5 expected, and the count of the
     * others has a variance of 0.5; six standard errors: false alarm 2e-9. */
    assert_within("arpu", metric("arpu")->value, 3000, 6 * 2000 * sqrt(0.5 / 500));
    assert_null(find("programme_cost"));
    forget();
    finish();
}

static void phases_end_with_the_horizon(void **state)
{
    (void)state;
    scenario_fixture_init(&scenario, 0);
    arm = &scenario.arms[0];
    scenario.customers = 10;
    scenario.n_phases = 3;
    scenario.phases = calloc(3, sizeof *scenario.phases);
    assert_non_null(scenario.phases);
    scenario.phases[0] = (ltv_phase){.name = "to the end", .from = 100, .until = UINT32_MAX};
    scenario.phases[1] = (ltv_phase){.name = "beyond", .from = 110, .until = 130};
    scenario.phases[2] = (ltv_phase){.name = "never", .from = 120, .until = 130};
    ltv_error err = {0};
    population_init(&p, &scenario);
    assert_int_equal(ltv_estimate_init(&everything, &scenario, p.programs, &p.tally, &err), LTV_OK);
    arm_at = 0;
    look_at(0);
    assert_metric("ltv_in_phase_to the end", 20 * 800, NAN);
    assert_close("beyond", metric("ltv_in_phase_beyond")->value, 10 * 800, 1e-12);
    assert_string_equal(metric("ltv_in_phase_beyond")->note, "up to the horizon");
    assert_note("ltv_in_phase_never", "beyond the horizon");
    ltv_estimate_free(&everything);
    finish();
}

static void names_are_unique_and_everything_is_described(void **state)
{
    (void)state;
    static const char *const promised[] = {"ltv_cac",
                                           "p_ltv_cac_above_3",
                                           "share_customers_above_cac",
                                           "share_customers_above_3_cac",
                                           "payback_simple",
                                           "payback_survival",
                                           "arpu",
                                           "expected_lifetime",
                                           "crr_1y",
                                           "nrr_1y",
                                           "grr_1y",
                                           "retention_at_horizon",
                                           "closed_form_ltv"};
    mixed();
    population_init(&p, &scenario);
    measure(0);
    for (size_t i = 0; i < sizeof promised / sizeof *promised; i++)
        (void)metric(promised[i]);
    for (size_t i = 0; i < estimate.n_metrics; i++) {
        const ltv_metric *one = &estimate.metrics[i];
        assert_ptr_equal(find(one->name), one);
        assert_true(strlen(one->unit) > 0 && strlen(one->meaning) > 10);
        assert_that(one->name, !isnan(one->value) || one->note[0] != '\0');
    }
    forget();
    finish();
}

static void a_group_that_nobody_joined_has_no_figures(void **state)
{
    (void)state;
    scenario_fixture_init(&scenario, 0.05);
    arm = &scenario.arms[0];
    scenario.customers = 100;
    scenario_fixture_set_channels(arm, 2, (double[]){1 - 1e-15, 1e-15}, (double[]){100, 200});
    population_init(&p, &scenario);
    ltv_group nobody = ltv_group_channel(&p.programs[0], &p.tally.arms[0], 1);
    double nothing[120];
    for (int u = 0; u < 120; u++)
        nothing[u] = NAN;
    estimate = (ltv_group_estimate){.cumulative_discounted_contribution = nothing};
    ltv_error err = {0};
    assert_int_equal(ltv_expectation_init(&expectation, &scenario, arm, true, &err), LTV_OK);
    assert_int_equal(ltv_metrics_of_group(&estimate, &scenario, &nobody, &expectation, &err),
                     LTV_OK);
    ltv_expectation_free(&expectation);
    assert_true(estimate.n_metrics > 10);
    for (size_t i = 0; i < estimate.n_metrics; i++)
        assert_note(estimate.metrics[i].name, "no simulated customer");
    free(estimate.metrics);
    finish();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(means_and_their_errors_are_those_of_the_customers),
        cmocka_unit_test(ratios_have_their_errors),
        cmocka_unit_test(customers_above_their_cac_are_counted_exactly),
        cmocka_unit_test(payback_is_counted_in_bills),
        cmocka_unit_test(a_cac_of_exactly_n_bills_is_paid_back_by_n_bills),
        cmocka_unit_test(payback_may_not_come_within_the_horizon),
        cmocka_unit_test(paid_channels_are_reported_by_themselves),
        cmocka_unit_test(closed_forms_stand_beside_the_simulation),
        cmocka_unit_test(what_does_not_apply_says_why),
        cmocka_unit_test(a_value_without_end_says_so),
        cmocka_unit_test(a_year_is_a_year_in_every_time_unit),
        cmocka_unit_test(figures_of_whole_lives_are_those_of_the_customers),
        cmocka_unit_test(programmes_are_counted_for_the_arm),
        cmocka_unit_test(orders_alone_have_no_recurring_revenue_to_keep),
        cmocka_unit_test(phases_end_with_the_horizon),
        cmocka_unit_test(names_are_unique_and_everything_is_described),
        cmocka_unit_test(a_group_that_nobody_joined_has_no_figures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
