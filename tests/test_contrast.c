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
#include "sim/contrast.h"

static ltv_scenario scenario;
static population p;
static ltv_estimate estimate;

static void run(void)
{
    ltv_error err = {0};
    population_init(&p, &scenario);
    assert_int_equal(ltv_estimate_init(&estimate, &scenario, p.programs, &p.tally, &err), LTV_OK);
}

static void finish(void)
{
    ltv_estimate_free(&estimate);
    population_free(&p);
    ltv_scenario_free(&scenario);
}

static const ltv_metric *metric(size_t contrast, const char *name)
{
    const ltv_contrast_estimate *of = &estimate.contrasts[contrast];
    for (size_t i = 0; i < of->n_metrics; i++)
        if (strcmp(of->metrics[i].name, name) == 0)
            return &of->metrics[i];
    fail_msg("there is no metric %s", name);
    return NULL;
}

static void assert_metric(size_t contrast, const char *name, double value, double standard_error)
{
    assert_close(name, metric(contrast, name)->value, value, 1e-9);
    assert_close(name, metric(contrast, name)->mc_standard_error, standard_error, 1e-7);
}

static void assert_note(size_t contrast, const char *name, const char *part)
{
    assert_that(name, isnan(metric(contrast, name)->value));
    assert_that(name, strstr(metric(contrast, name)->note, part) != NULL);
}

/* --- by hand --- */

static double quanta(void)
{
    return ltv_money_quanta_per_unit(scenario.currency_decimals);
}

typedef double difference(const person *arm, const person *against, double parameter);

static double delta_ltv(const person *arm, const person *against, double parameter)
{
    (void)parameter;
    return (double)(arm->ltv - against->ltv) / quanta();
}

static double delta_cost(const person *arm, const person *against, double parameter)
{
    (void)parameter;
    return (double)(arm->programme_cost - against->programme_cost) / quanta();
}

/* What is left of his gain when his cost has earned the ratio. */
static double excess(const person *arm, const person *against, double ratio)
{
    return delta_ltv(arm, against, 0) - ratio * delta_cost(arm, against, 0);
}

static double delta_pays(const person *arm, const person *against, double bill)
{
    return person_pays(arm, (uint32_t)bill) - person_pays(against, (uint32_t)bill);
}

static double delta_saves(const person *arm, const person *against, double parameter)
{
    (void)parameter;
    return (double)arm->saves - (double)against->saves;
}

/* Of the second programme, which only one of the arms has. */
static double saved_by_second(const person *arm, const person *against, double parameter)
{
    (void)parameter;
    uint32_t contact = arm->first_contact[LTV_BLOCK];
    return contact > scenario.horizon - 12 ? 0 : delta_pays(arm, against, contact + 12);
}

static ltv_mean by_hand(size_t contrast, difference *of, double parameter)
{
    ltv_contrast arms = scenario.contrasts[contrast];
    long double sum = 0, squares = 0, mean = 0, n = (long double)p.n;
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < p.n; i++) {
            long double x =
                of(population_at(&p, arms.arm, i), population_at(&p, arms.against, i), parameter);
            sum += pass == 0 ? x : 0;
            squares += pass == 1 ? (x - mean) * (x - mean) : 0;
        }
        mean = sum / n;
    }
    return (ltv_mean){(double)mean, (double)sqrtl(squares / (n - 1) / n)};
}

static double discount(uint32_t bill)
{
    return pow(1 + scenario.discount_rate_per_year, -(double)bill / 12);
}

/* Fixed costs of the arm "all" per customer of the real cohort, at a bill. */
static double fixed_at(uint32_t bill)
{
    return (10 + (bill == 0 ? 300.0 : 0)) / 400;
}

static double fixed_cost(void)
{
    double cost = 0;
    for (uint32_t u = 0; u < scenario.horizon; u++)
        cost += fixed_at(u) * discount(u);
    return cost;
}

/* Contribution minus programme costs of a customer at a bill, undiscounted. */
static double left_over(const person *one, uint32_t bill)
{
    double value = 0;
    const ltv_stretch *stretch = person_stretch(one, bill);
    if (stretch != NULL)
        value = (double)stretch->margin * (bill >= 6 ? 1.1 : 1) - (double)stretch->service;
    for (size_t o = 0; o < one->n_orders; o++)
        value += one->orders[o].bill == bill ? 0.8 * (double)one->orders[o].value : 0;
    for (size_t c = 0; c < one->n_costs; c++)
        if (one->costs[c].from <= bill && bill < one->costs[c].to)
            value -= (double)one->costs[c].amount;
    return value / quanta();
}

static double delta_left_over(const person *arm, const person *against, double bill)
{
    return left_over(arm, (uint32_t)bill) - left_over(against, (uint32_t)bill);
}

/* --- the claims: whole lives --- */

enum { OFFER, ALL, SECOND /* "all" against "offer" */ };

static void gains_and_costs_are_those_of_the_customers(void **state)
{
    (void)state;
    scenario_fixture_init_eventful(&scenario);
    run();
    assert_int_equal(estimate.n_contrasts, 3);
    assert_string_equal(estimate.contrasts[SECOND].arm, "all");
    assert_string_equal(estimate.contrasts[SECOND].against, "offer");
    for (size_t c = 0; c < 3; c++) {
        double fixed = c == OFFER ? 0 : fixed_cost();
        ltv_mean delta = by_hand(c, delta_ltv, 0), cost = by_hand(c, delta_cost, 0);
        double gain = delta.mean - fixed, added = cost.mean + fixed, roi = gain / added;
        assert_true(cost.mean > 0);
        assert_metric(c, "delta_ltv", delta.mean, delta.standard_error);
        assert_metric(c, "delta_ltv_total", 400 * delta.mean, 400 * delta.standard_error);
        assert_metric(c, "net_gain", gain, delta.standard_error);
        assert_metric(c, "net_gain_total", 400 * gain, 400 * delta.standard_error);
        assert_metric(c, "programme_cost", added, cost.standard_error);
        assert_metric(c, "fixed_cost", fixed, NAN);
        assert_metric(c, "roi", roi, by_hand(c, excess, roi).standard_error / added);
        assert_note(c, "p_roi_above_0", "no input is uncertain");
        assert_note(c, "p_loss", "not a probability of loss");
    }
    finish();
}

static void curves_cash_and_payback_are_those_of_the_customers(void **state)
{
    (void)state;
    scenario_fixture_init_eventful(&scenario);
    run();
    for (size_t c = 0; c < 3; c++) {
        const ltv_contrast_estimate *of = &estimate.contrasts[c];
        double gain = 0, cash = 0, deepest = 0, back = 0;
        for (uint32_t u = 0; u < scenario.horizon; u++) {
            double more = by_hand(c, delta_left_over, u).mean - (c == OFFER ? 0 : fixed_at(u));
            gain += more * discount(u);
            cash += more;
            deepest = cash < deepest ? cash : deepest;
            back = gain < 0 ? u + 2 : back; /* bills needed, if it is not below 0 again */
            assert_within("gain", of->cumulative_gain[u], gain, 1e-9);
        }
        assert_within("all of it", of->cumulative_gain[scenario.horizon - 1],
                      metric(c, "net_gain")->value, 1e-6);
        assert_close("cash", metric(c, "cash_needed")->value, -400 * deepest, 1e-9);
        if (gain < 0)
            assert_note(c, "payback", "not within the horizon");
        else
            assert_metric(c, "payback", back, NAN);
        for (uint32_t u = 0; u <= scenario.horizon; u++)
            assert_within("retention", of->delta_retention[u], by_hand(c, delta_pays, u).mean,
                          1e-14);
    }
    finish();
}

static void saves_and_what_is_wasted_are_counted(void **state)
{
    (void)state;
    scenario_fixture_init_eventful(&scenario);
    run();
    for (size_t c = 0; c < 3; c++) {
        ltv_mean year = by_hand(c, delta_pays, 12), saves = by_hand(c, delta_saves, 0);
        assert_metric(c, "delta_retention_1y", year.mean, year.standard_error);
        assert_metric(c, "cancellations_prevented", saves.mean, saves.standard_error);
        double share = metric(c, "deadweight")->value;
        assert_true(share > 0 && share < 1);
    }
    ltv_mean saved = by_hand(SECOND, saved_by_second, 0);
    assert_true(saved.mean > 0);
    assert_metric(SECOND, "saved_1y", saved.mean, saved.standard_error);
    assert_metric(SECOND, "cost_per_save", metric(SECOND, "programme_cost")->value / saved.mean,
                  NAN);
    assert_non_null(strstr(metric(SECOND, "saved_1y")->note, "of the cohort of 400"));
    finish();
}

static void who_gains_is_there_with_an_advice(void **state)
{
    (void)state;
    scenario_fixture_init_eventful(&scenario);
    run();
    for (size_t c = 0; c < 3; c++) {
        const ltv_contrast_estimate *of = &estimate.contrasts[c];
        double shares = 0, gain = 0, n = 0;
        assert_int_equal(of->n_gains, 6);
        for (size_t i = 0; i < of->n_gains; i++) {
            shares += of->who_gains[i].share;
            gain += of->who_gains[i].delta_ltv * (double)of->who_gains[i].n;
            n += (double)of->who_gains[i].n;
        }
        assert_close("shares", shares, 1, 1e-14);
        assert_close("all cells", gain / n, metric(c, "delta_ltv")->value, 1e-9);
        assert_true(strlen(of->advice) > 20);
    }
    finish();
}

/* --- the claims: what can be worked out --- */

/* Nobody leaves; 10 % more revenue for ever from bill 0 on, for 200 a customer. */
static void eighty_a_bill_for_two_hundred(void)
{
    scenario_fixture_init(&scenario, 0);
    scenario.customers = 100;
    ltv_intervention *touch =
        scenario_fixture_add_intervention(scenario_fixture_add_arm(&scenario, "touch"), "touch",
                                          (ltv_trigger){.kind = LTV_WHEN_AT_TENURE});
    scenario_fixture_set_effect(touch, LTV_LEVER_SPEND, 1.1, LTV_FOR_EVER);
    touch->per_contact = 200;
}

static void a_sure_thing_pays_back_when_it_should(void **state)
{
    (void)state;
    eighty_a_bill_for_two_hundred();
    run();
    assert_close("gain", metric(0, "net_gain")->value, 120 * 80 - 200, 1e-6);
    assert_close("ROI", metric(0, "roi")->value, (120 * 80 - 200) / 200.0, 1e-6);
    assert_true(metric(0, "roi")->mc_standard_error < 1e-9);
    assert_metric(0, "payback", 3, NAN); /* -120, -40, 40 */
    assert_close("cash", metric(0, "cash_needed")->value, 120, 1e-6);
    assert_string_equal(metric(0, "cash_needed")->note, "per joined customer");
    assert_note(0, "net_gain_total", "customers.count");
    assert_note(0, "cost_per_save", "nobody is saved");
    assert_metric(0, "deadweight", 0, NAN); /* they are worth more */
    assert_int_equal(estimate.contrasts[0].n_gains, 1);
    assert_close("gain", estimate.contrasts[0].who_gains[0].delta_ltv, 120 * 80 - 200, 1e-6);
    assert_string_equal(estimate.contrasts[0].advice, "");
    finish();
}

static void a_loss_later_on_is_no_payback(void **state)
{
    (void)state;
    eighty_a_bill_for_two_hundred();
    ltv_intervention *late = scenario_fixture_add_intervention(
        &scenario.arms[1], "late", (ltv_trigger){.kind = LTV_WHEN_AT_TENURE, .periods = 100});
    late->per_contact = 101 * 80 - 200 + 159; /* 159 short at bill 100: two bills more */
    run();
    assert_metric(0, "payback", 103, NAN);
    assert_close("cash", metric(0, "cash_needed")->value, 159, 1e-4); /* weights are rounded */
    finish();
}

static void what_is_never_paid_in_advance_needs_no_cash(void **state)
{
    (void)state;
    eighty_a_bill_for_two_hundred();
    scenario.arms[1].interventions[0].per_contact = 80;
    run();
    assert_true(metric(0, "cash_needed")->value == 0 && metric(0, "payback")->value == 0);
    assert_non_null(strstr(metric(0, "payback")->note, "never below 0"));
    finish();
}

static void a_programme_that_only_costs_is_minus_its_cost_to_the_last_digit(void **state)
{
    (void)state;
    scenario_fixture_init(&scenario, 0.05);
    scenario.customers = 2000;
    scenario.discount_rate_per_year = 0.1;
    scenario.arms[0].spend = (ltv_spread){LTV_SPREAD_GAMMA, 0.5};
    ltv_intervention *touch =
        scenario_fixture_add_intervention(scenario_fixture_add_arm(&scenario, "touch"), "touch",
                                          (ltv_trigger){.kind = LTV_WHEN_EVERY, .periods = 3});
    scenario_fixture_set_effect(touch, LTV_LEVER_CHURN, 1, 3);
    touch->per_contact = 7;
    touch->per_participant = 1.25;
    touch->per_period = 0.3;
    run();
    for (size_t i = 0; i < p.n; i++) {
        const person *with = population_at(&p, 1, i), *without = population_at(&p, 0, i);
        double cost = 0;
        assert_true(with->ltv == without->ltv - with->programme_cost);
        assert_int_equal(with->bills, without->bills);
        for (uint32_t u = 3; u < with->bills; u++)
            cost += discount(u) * (0.3 + (u % 3 == 0 ? 8.25 : 0));
        assert_within("cost", (double)with->programme_cost / 0x1p20, cost, 1e-4);
    }
    assert_true(metric(0, "roi")->value == -1 && metric(0, "roi")->mc_standard_error < 1e-7);
    assert_metric(0, "deadweight", 1, NAN);
    assert_true(metric(0, "saved_1y")->value == 0 && metric(0, "delta_retention_1y")->value == 0);
    assert_note(0, "payback", "not within the horizon");
    finish();
}

static void a_programme_that_changes_nothing_differs_by_exactly_nothing(void **state)
{
    (void)state;
    scenario_fixture_init_eventful(&scenario);
    ltv_arm *idle = scenario_fixture_add_arm(&scenario, "idle");
    static const ltv_trigger triggers[] = {
        {.kind = LTV_WHEN_AT_TENURE, .periods = 2},
        {.kind = LTV_WHEN_EVERY, .periods = 4},
        {.kind = LTV_WHEN_UPGRADE},
        {.kind = LTV_WHEN_RISK_SIGNAL, .periods = 2, .probability = 0.5, .rate = 0.05}};
    for (size_t k = 0; k < sizeof triggers / sizeof *triggers; k++) {
        const char name[] = {(char)('a' + k), '\0'};
        ltv_intervention *nothing = scenario_fixture_add_intervention(idle, name, triggers[k]);
        for (ltv_lever lever = 0; lever < LTV_LEVERS; lever++)
            scenario_fixture_set_effect(nothing, lever, 1, 5);
    }
    run();
    const ltv_contrast_estimate *of = &estimate.contrasts[3];
    assert_string_equal(of->arm, "idle");
    for (size_t i = 0; i < p.n; i++)
        assert_true(population_at(&p, 3, i)->ltv == population_at(&p, 0, i)->ltv);
    assert_true(of->delta_ltv.sd == 0 && metric(3, "delta_ltv")->value == 0);
    for (uint32_t u = 0; u < scenario.horizon; u++)
        assert_true(fabs(of->cumulative_gain[u]) < 1e-9 && of->delta_retention[u] == 0);
    assert_true(metric(3, "saved_1y")->value == 0 && metric(3, "cash_needed")->value == 0);
    assert_note(3, "roi", "no programme cost");
    assert_note(3, "payback", "no programme cost");
    assert_note(3, "deadweight", "no programme cost");
    assert_string_equal(of->advice, "No group gains beyond the simulation's noise.");
    finish();
}

static void arms_that_differ_in_more_have_no_roi(void **state)
{
    (void)state;
    eighty_a_bill_for_two_hundred();
    scenario.arms[1].overrides = 2;
    run();
    assert_note(0, "roi", "more than interventions");
    assert_close("programme cost", metric(0, "programme_cost")->value, 200, 1e-9);
    finish();
    eighty_a_bill_for_two_hundred();
    scenario.arms[0].overrides = 1;
    run();
    assert_note(0, "roi", "more than interventions");
    finish();
    eighty_a_bill_for_two_hundred();
    scenario.arms[0].overrides = scenario.arms[1].overrides = 1; /* the same in both */
    run();
    assert_true(isfinite(metric(0, "roi")->value));
    finish();
}

static void fixed_costs_need_a_cohort_to_be_spread_over(void **state)
{
    (void)state;
    eighty_a_bill_for_two_hundred();
    scenario.arms[1].interventions[0].fixed = 1000;
    run();
    static const char *const names[] = {
        "net_gain", "net_gain_total", "programme_cost", "fixed_cost",
        "roi",      "cash_needed",    "payback"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_note(0, names[i], "customers.count");
    finish();
}

static void a_year_beyond_the_horizon_saves_nobody(void **state)
{
    (void)state;
    eighty_a_bill_for_two_hundred();
    scenario.horizon = 11;
    run();
    assert_note(0, "saved_1y", "shorter than a year");
    assert_note(0, "delta_retention_1y", "shorter than a year");
    finish();
}

static void whom_the_horizon_cuts_off_is_not_called_unsaved(void **state)
{
    (void)state;
    static const struct {
        uint32_t at;
        bool is_seen;
    } cases[] = {{12, true}, {13, false}};
    for (size_t i = 0; i < 2; i++) {
        eighty_a_bill_for_two_hundred();
        scenario.horizon = 24;
        scenario.arms[1].interventions[0].when.periods = cases[i].at;
        run();
        assert_true(metric(0, "delta_retention_1y")->value == 0);
        if (cases[i].is_seen)
            assert_true(metric(0, "saved_1y")->value == 0);
        else
            assert_note(0, "saved_1y", "a year after the first contact lies beyond the horizon");
        assert_note(0, "cost_per_save",
                    cases[i].is_seen ? "nobody is saved" : "lies beyond the horizon");
        finish();
    }
}

static void a_year_of_contracts_is_read_after_the_renewal(void **state)
{
    (void)state;
    static const struct {
        uint32_t term;
        bool is_noted;
    } cases[] = {{0, false}, {1, false}, {5, false}, {6, true}, {12, true}, {24, false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        eighty_a_bill_for_two_hundred();
        for (size_t a = 0; a < 2; a++) {
            scenario_fixture_set_plans(&scenario.arms[a], 1, (double[]){800}, (double[]){1});
            scenario.arms[a].plans[0].term = cases[i].term;
        }
        run();
        const char *note = metric(0, "delta_retention_1y")->note;
        assert_int_equal(strstr(note, "who does not renew has left") != NULL, cases[i].is_noted);
        finish();
    }
}

static void everything_is_described_and_named_once(void **state)
{
    (void)state;
    scenario_fixture_init_eventful(&scenario);
    run();
    const ltv_contrast_estimate *of = &estimate.contrasts[0];
    assert_int_equal(of->n_metrics, 16);
    for (size_t i = 0; i < of->n_metrics; i++) {
        assert_ptr_equal(metric(0, of->metrics[i].name), &of->metrics[i]);
        assert_true(strlen(of->metrics[i].unit) > 0 && strlen(of->metrics[i].meaning) > 10);
        assert_that(of->metrics[i].name,
                    !isnan(of->metrics[i].value) || of->metrics[i].note[0] != '\0');
    }
    finish();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gains_and_costs_are_those_of_the_customers),
        cmocka_unit_test(curves_cash_and_payback_are_those_of_the_customers),
        cmocka_unit_test(saves_and_what_is_wasted_are_counted),
        cmocka_unit_test(who_gains_is_there_with_an_advice),
        cmocka_unit_test(a_sure_thing_pays_back_when_it_should),
        cmocka_unit_test(a_loss_later_on_is_no_payback),
        cmocka_unit_test(what_is_never_paid_in_advance_needs_no_cash),
        cmocka_unit_test(a_programme_that_only_costs_is_minus_its_cost_to_the_last_digit),
        cmocka_unit_test(a_programme_that_changes_nothing_differs_by_exactly_nothing),
        cmocka_unit_test(arms_that_differ_in_more_have_no_roi),
        cmocka_unit_test(fixed_costs_need_a_cohort_to_be_spread_over),
        cmocka_unit_test(a_year_beyond_the_horizon_saves_nobody),
        cmocka_unit_test(whom_the_horizon_cuts_off_is_not_called_unsaved),
        cmocka_unit_test(a_year_of_contracts_is_read_after_the_renewal),
        cmocka_unit_test(everything_is_described_and_named_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
