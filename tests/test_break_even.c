/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "scenario_fixture.h"
#include "sim/break_even.h"
#include "sim/mean_ltv.h"

/* Held against closed forms of a geometric churn of 3 % a month, JPY 1,000 at 80 %, 120 months.
 * The customers that are simulated for it are few enough for the simulation's noise to matter: it
 * is stated for each comparison, and 5.5 standard errors bound a false alarm by 4e-8 each. */

static const double churn = 0.03, margin = 800;
enum { HORIZON = 120 };

/* Expected LTV at a hazard ratio, and expected bills. */
static double bills_at(double times)
{
    double bills = 0;
    for (int u = 0; u < HORIZON; u++)
        bills += pow(1 - churn, times * u);
    return bills;
}

static const ltv_intervention nothing = {.name = "programme",
                                         .plans = UINT32_MAX,
                                         .top_by_spend = 1,
                                         .reach = 1,
                                         .uptake = 1,
                                         .to_segment = LTV_NOWHERE,
                                         .to_plan = LTV_NOWHERE,
                                         .capacity = INFINITY};

static void make_scenario(ltv_scenario *scenario, ltv_intervention programme)
{
    scenario_fixture_init(scenario, churn);
    ltv_arm *arm = scenario_fixture_add_arm(scenario, "with");
    free(arm->interventions); /* the copy of none */
    arm->interventions = calloc(1, sizeof *arm->interventions);
    arm->interventions[0] = programme;
    arm->n_interventions = 1;
}

static ltv_break_even find(const ltv_scenario *scenario)
{
    ltv_break_even result;
    const ltv_simulate_options options = {.threads = 2};
    assert_int_equal(
        ltv_break_even_find(&result, scenario, &scenario->arms[1], 0, 1, &options, NULL), LTV_OK);
    return result;
}

static ltv_intervention care(double times, double cost)
{
    ltv_intervention programme = nothing;
    programme.when = (ltv_trigger){.kind = LTV_WHEN_AT_TENURE};
    programme.n_effects = 1;
    programme.effects[0] =
        (ltv_effect){.lever = LTV_LEVER_CHURN, .times = times, .periods = LTV_FOR_EVER};
    programme.per_participant = cost;
    return programme;
}

static void the_multiplier_that_pays_for_a_cost(void **state)
{
    (void)state;
    ltv_scenario scenario;
    double expected = 0.85, cost = margin * (bills_at(expected) - bills_at(1));
    make_scenario(&scenario, care(0.7, cost));
    ltv_break_even found = find(&scenario);
    assert_int_equal(found.kind, LTV_BREAK_EVEN_MULTIPLIER);
    /* Paired differences: lifetimes differ by about bills_at'(m) dm, of each
     * customer by an amount about as large as its mean, so m is known to about dm / sqrt(n). */
    assert_true(fabs(found.value - expected) < 5.5 * 2 * 0.15 / sqrt(LTV_BREAK_EVEN_CUSTOMERS));
    assert_non_null(strstr(found.sentence, "pays if it cuts churn by 1"));
    assert_non_null(strstr(found.sentence, "assumed 30.0 %"));
    double slope = margin * (bills_at(0.851) - bills_at(0.849)) / 0.002;
    double fewer = sqrt((double)scenario.customers / LTV_BREAK_EVEN_CUSTOMERS);
    assert_true(fabs(found.standard_error * fabs(slope) / fewer - 1) < 0.05); /* error was 1 */
    ltv_scenario_free(&scenario);
}

static void the_share_that_must_accept(void **state)
{
    (void)state;
    ltv_scenario scenario;
    ltv_intervention offer = nothing;
    offer.when = (ltv_trigger){.kind = LTV_WHEN_CHURN_INTENT, .probability = 0.3};
    /* With a share a of churn intents averted a customer has 1 + r + r^2 ... bills, r = 1 - c (1 -
     * a), and c of those who could still leave within the horizon ask each month. */
    double accepted = 0.2, ratio = 1 - churn * (1 - accepted), bills = 0, asked = 0;
    for (int u = 0; u < HORIZON; u++) {
        bills += pow(ratio, u);
        asked += u + 1 < HORIZON ? churn * pow(ratio, u) : 0; /* the cost falls due a bill later */
    }
    offer.per_contact = margin * (bills - bills_at(1)) / asked;
    make_scenario(&scenario, offer);
    ltv_break_even found = find(&scenario);
    assert_int_equal(found.kind, LTV_BREAK_EVEN_PROBABILITY);
    assert_true(fabs(found.value - accepted) < 5.5 * 2 * accepted / sqrt(LTV_BREAK_EVEN_CUSTOMERS));
    assert_non_null(
        strstr(found.sentence, "or more of those who are asked accept; assumed 30.0 %"));
    ltv_scenario_free(&scenario);
}

static void less_than_one_percent_has_two_decimals(void **state)
{
    (void)state;
    ltv_scenario scenario;
    double cost = margin * (bills_at(0.995) - bills_at(1));
    make_scenario(&scenario, care(0.9997, cost));
    ltv_break_even found = find(&scenario);
    assert_non_null(strstr(found.sentence, "pays if it cuts churn by 0."));
    char expected[64];
    snprintf(expected, sizeof expected, "by %.2f %% or more; assumed 0.03 %%",
             100 * (1 - found.value));
    assert_non_null(strstr(found.sentence, expected));
    ltv_scenario_free(&scenario);
}

static void what_cannot_pay_says_so(void **state)
{
    (void)state;
    ltv_scenario scenario;
    make_scenario(&scenario, care(0.7, 1.01 * margin * HORIZON)); /* more than anybody brings */
    ltv_break_even found = find(&scenario);
    assert_true(isnan(found.value) && isnan(found.standard_error));
    assert_string_equal(found.sentence, "does not pay whatever its effect on churn");
    ltv_scenario_free(&scenario);
}

static void what_costs_nothing_breaks_even_without_effect(void **state)
{
    (void)state;
    ltv_scenario scenario;
    make_scenario(&scenario, care(0.7, 0));
    ltv_break_even found = find(&scenario);
    assert_true(found.value == 1 && found.standard_error == 0);
    ltv_scenario_free(&scenario);
}

static void a_move_has_nothing_to_vary(void **state)
{
    (void)state;
    ltv_scenario scenario;
    ltv_intervention letter = nothing;
    letter.when = (ltv_trigger){.kind = LTV_WHEN_AT_TENURE};
    letter.per_contact = 1;
    make_scenario(&scenario, letter);
    ltv_break_even found = find(&scenario);
    assert_int_equal(found.kind, LTV_BREAK_EVEN_NOTHING);
    assert_true(isnan(found.value));
    assert_non_null(strstr(found.sentence, "not applicable"));
    ltv_scenario_free(&scenario);
}

static void fixed_costs_count(void **state)
{
    (void)state;
    ltv_scenario scenario;
    ltv_intervention programme = care(0.7, 0);
    programme.fixed = 1000 * margin * (bills_at(0.9) - bills_at(1));
    make_scenario(&scenario, programme);
    scenario.cohort_size = 1000;
    ltv_break_even found = find(&scenario);
    assert_true(fabs(found.value - 0.9) < 5.5 * 2 * 0.1 / sqrt(LTV_BREAK_EVEN_CUSTOMERS));
    ltv_scenario_free(&scenario);
}

static void the_mean_is_the_same_on_any_number_of_threads(void **state)
{
    (void)state;
    ltv_scenario scenario;
    double one, three, first_mean;
    ltv_program first;
    make_scenario(&scenario, care(0.7, 100));
    const ltv_arm *arm = &scenario.arms[1];
    assert_int_equal(ltv_program_init(&first, &scenario, arm, NULL), LTV_OK);
    for (int threads = 1; threads <= 3; threads += 2) {
        ltv_mean_study *study;
        assert_int_equal(
            ltv_mean_study_new(&study, &scenario, &first, 5000, threads, &first_mean, NULL),
            LTV_OK);
        assert_int_equal(ltv_mean_study_ltv(study, arm, threads == 1 ? &one : &three, NULL),
                         LTV_OK);
        assert_true(first_mean == (threads == 1 ? one : three));
        ltv_mean_study_free(study);
    }
    ltv_program_free(&first);
    assert_true(one == three);
    ltv_scenario_free(&scenario);
}

/* An arm is the same after another one as by itself, also for those whom its programme does not
 * reach, who are not lived again. */
static void the_first_arm_does_not_matter(void **state)
{
    (void)state;
    static const double reach[] = {1, 0.4}, cost[] = {100, 0};
    for (int c = 0; c < 4; c++) {
        ltv_scenario scenario[2];
        ltv_program program[2];
        ltv_mean_study *study[2];
        double own[2], after_other;
        for (int s = 0; s < 2; s++) {
            ltv_intervention programme = care(s == 0 ? 1 : 0.6, cost[c / 2]);
            programme.reach = reach[c % 2];
            make_scenario(&scenario[s], programme);
            scenario_fixture_add_add_on(&scenario[s].arms[1], 10, 0.05, 0.02);
            assert_int_equal(
                ltv_program_init(&program[s], &scenario[s], &scenario[s].arms[1], NULL), LTV_OK);
            assert_int_equal(
                ltv_mean_study_new(&study[s], &scenario[s], &program[s], 2500, 1, &own[s], NULL),
                LTV_OK);
        }
        assert_true(own[0] != own[1]);
        assert_int_equal(ltv_mean_study_ltv(study[0], &scenario[1].arms[1], &after_other, NULL),
                         LTV_OK);
        assert_true(after_other == own[1]);
        assert_int_equal(ltv_mean_study_ltv(study[1], &scenario[0].arms[1], &after_other, NULL),
                         LTV_OK);
        assert_true(after_other == own[0]);
        for (int s = 0; s < 2; s++) {
            ltv_mean_study_free(study[s]);
            ltv_program_free(&program[s]);
            ltv_scenario_free(&scenario[s]);
        }
    }
}

static bool stop_at_once(void *context, uint64_t done, uint64_t customers)
{
    (void)done;
    (void)customers;
    return ++*(int *)context < 3;
}

static void it_stops_when_asked(void **state)
{
    (void)state;
    ltv_scenario scenario;
    ltv_break_even result;
    int asked = 0;
    make_scenario(&scenario, care(0.7, 100));
    const ltv_simulate_options options = {.progress = stop_at_once, .progress_context = &asked};
    assert_int_equal(
        ltv_break_even_find(&result, &scenario, &scenario.arms[1], 0, 1, &options, NULL),
        LTV_ERR_INTERRUPTED);
    assert_int_equal(asked, 3);
    ltv_scenario_free(&scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_multiplier_that_pays_for_a_cost),
        cmocka_unit_test(the_share_that_must_accept),
        cmocka_unit_test(less_than_one_percent_has_two_decimals),
        cmocka_unit_test(what_cannot_pay_says_so),
        cmocka_unit_test(what_costs_nothing_breaks_even_without_effect),
        cmocka_unit_test(a_move_has_nothing_to_vary),
        cmocka_unit_test(fixed_costs_count),
        cmocka_unit_test(the_mean_is_the_same_on_any_number_of_threads),
        cmocka_unit_test(the_first_arm_does_not_matter),
        cmocka_unit_test(it_stops_when_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
