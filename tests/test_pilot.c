/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "must.h"
#include "reference_simulator.h"
#include "scenario_fixture.h"
#include "sim/kernel/kernel.h"
#include "sim/pilot.h"

static const ltv_intervention everybody = {
    .name = "call",
    .plans = UINT32_MAX,
    .top_by_spend = 1,
    .reach = 1,
    .uptake = 1,
    .when = {.kind = LTV_WHEN_EVERY, .periods = 1},
    .n_effects = 1,
    .effects = {{.lever = LTV_LEVER_CHURN, .times = 0.5, .periods = 2}},
    .to_segment = LTV_NOWHERE,
    .to_plan = LTV_NOWHERE,
    .per_contact = 1,
    .capacity = INFINITY};

/* Music streaming with one programme, compiled, its limits set. */
static void compile(ltv_scenario *scenario, ltv_program *program, ltv_intervention intervention)
{
    scenario_fixture_init(scenario, 0.1);
    scenario->horizon = 24;
    ltv_arm *arm = &scenario->arms[0];
    arm->interventions = calloc(1, sizeof *arm->interventions);
    arm->interventions[0] = intervention;
    arm->n_interventions = 1;
    assert_int_equal(ltv_program_init(program, scenario, arm, NULL), LTV_OK);
    assert_int_equal(ltv_pilot_set_limits(program, (ltv_stream){.seed = scenario->seed}, NULL),
                     LTV_OK);
}

static double probability_at(const ltv_program *program, uint32_t bill)
{
    return (double)program->interventions[0].contact_threshold[bill] * 0x1p-64;
}

static void without_a_capacity_there_is_enough_for_all(void **state)
{
    (void)state;
    ltv_scenario scenario;
    ltv_program program;
    ltv_intervention call = everybody;
    call.reach = 0.25;
    compile(&scenario, &program, call);
    for (uint32_t u = 0; u <= scenario.horizon; u++)
        assert_true(program.interventions[0].contact_threshold[u] == LTV_ENOUGH_FOR_ALL);
    ltv_program_free(&program);
    ltv_scenario_free(&scenario);
}

static void at_joining_the_share_is_exact(void **state)
{
    (void)state;
    ltv_scenario scenario;
    ltv_program program;
    ltv_intervention call = everybody;
    call.when = (ltv_trigger){.kind = LTV_WHEN_AT_TENURE, .periods = 0};
    call.capacity = 20; /* of 1,000 who all are due */
    compile(&scenario, &program, call);
    assert_true(fabs(probability_at(&program, 0) - 0.02) < 1e-15);
    assert_true(probability_at(&program, 1) == 1); /* nobody is due then: no limit */
    ltv_program_free(&program);
    ltv_scenario_free(&scenario);
}

static void reach_still_limits_where_the_capacity_does_not(void **state)
{
    (void)state;
    ltv_scenario scenario;
    ltv_program program;
    ltv_intervention call = everybody;
    call.when = (ltv_trigger){.kind = LTV_WHEN_AT_TENURE, .periods = 0};
    call.reach = 0.3;
    call.capacity = 400;
    compile(&scenario, &program, call);
    assert_true(probability_at(&program, 0) == 0.3);
    ltv_program_free(&program);
    ltv_scenario_free(&scenario);
}

/* At bill u >= 1 about 0.9^u of all are due, a little more since contacts lower churn; the
 * expectation follows from the contact probabilities alone, by the Markov chain of the periods
 * since the last contact. */
static void a_capacity_follows_those_who_are_left(void **state)
{
    (void)state;
    ltv_scenario scenario;
    ltv_program program;
    ltv_intervention call = everybody;
    call.capacity = 300;
    compile(&scenario, &program, call);
    double since[3] = {0, 0, 1}; /* contacted at this bill, at the last one, longer ago or never */
    double churned = 0.1, halved = 1 - sqrt(0.9);
    for (uint32_t u = 1; u < scenario.horizon; u++) {
        double kept[3] = {since[0] * (1 - halved), since[1] * (1 - halved),
                          since[2] * (1 - churned)};
        double due = kept[0] + kept[1] + kept[2];
        double expected = fmin(1, 0.3 / due), found = probability_at(&program, u);
        /* 2^14 customers: 6 standard errors of the share that is due, over 23 bills: false alarm
         * below 1e-6 with the rounding of a normal tail taken at 1e-8 each. */
        double error = 6 * 0.3 / (due * due) * sqrt(due * (1 - due) / LTV_PILOT_CUSTOMERS);
        assert_true(fabs(found - expected) <= error + 1e-12);
        since[0] = found * due;
        since[1] = (1 - found) * kept[0];
        since[2] = (1 - found) * (kept[1] + kept[2]);
    }
    ltv_program_free(&program);
    ltv_scenario_free(&scenario);
}

/* Those whom an offer saves do not ask to be won back, and the offer acts first, wherever it
 * stands: in either order the arm has the same limits, to the last bit. */
static void earlier_limits_of_the_same_period_are_applied(void **state)
{
    (void)state;
    ltv_scenario scenario;
    scenario_fixture_init(&scenario, 0.2);
    scenario.horizon = 12;
    ltv_arm *arm = &scenario.arms[0];
    double found[2][2][13]; /* [arm's order][save, win back][bill] */
    for (size_t order = 0; order < 2; order++) {
        ltv_intervention save = everybody, win_back = everybody;
        ltv_program program;
        save.when = (ltv_trigger){.kind = LTV_WHEN_CHURN_INTENT, .probability = 0.9};
        save.capacity = 20;
        win_back.when = (ltv_trigger){.kind = LTV_WHEN_CHURN, .periods = 1, .probability = 0.5};
        win_back.capacity = 50;
        strcpy(save.name, "save");
        strcpy(win_back.name, "win_back");
        free(arm->interventions);
        arm->interventions = must(calloc(2, sizeof *arm->interventions));
        arm->interventions[order] = save;
        arm->interventions[1 - order] = win_back;
        arm->n_interventions = 2;
        assert_int_equal(ltv_program_init(&program, &scenario, arm, NULL), LTV_OK);
        assert_int_equal(ltv_pilot_set_limits(&program, (ltv_stream){.seed = 1}, NULL), LTV_OK);
        for (size_t which = 0; which < 2; which++)
            for (uint32_t u = 0; u <= scenario.horizon; u++)
                found[order][which][u] =
                    (double)program.interventions[order == which ? 0 : 1].contact_threshold[u];
        ltv_program_free(&program);
    }
    assert_memory_equal(found[0], found[1], sizeof found[0]);
    /* 200 in 1,000 leave at first, of whom the offer saves 18: 182 are due, and 50 are called. */
    assert_true(fabs(found[0][1][1] * 0x1p-64 - 50 / 182.0) < 0.02);
    ltv_scenario_free(&scenario);
}

/* The engine and the slow twin, which is given the limits, contact the same customers. */
static void limited_lives_are_those_of_the_slow_twin(void **state)
{
    (void)state;
    static const ltv_trigger_kind kinds[] = {LTV_WHEN_EVERY, LTV_WHEN_CHURN_INTENT, LTV_WHEN_CHURN};
    static ltv_luck luck;
    static ltv_block block;
    static reference_customer expected;
    for (size_t t = 0; t < sizeof kinds / sizeof *kinds; t++) {
        ltv_scenario scenario;
        ltv_program program;
        ltv_intervention call = everybody;
        call.when = (ltv_trigger){.kind = kinds[t], .periods = 3, .probability = 0.5};
        call.capacity = 40;
        compile(&scenario, &program, call);
        double probability[25], least = 1;
        for (uint32_t u = 0; u <= scenario.horizon; u++) {
            probability[u] = probability_at(&program, u);
            least = fmin(least, probability[u]);
        }
        assert_true(least < 1); /* it binds */
        const double *by_intervention[] = {probability};
        reference_arm tables;
        reference_arm_init(&tables, &scenario, &scenario.arms[0], by_intervention);
        assert_int_equal(ltv_block_init(&block, &program, NULL), LTV_OK);
        ltv_luck_fill(&luck, (ltv_stream){.seed = scenario.seed}, ltv_needs_all, 0, LTV_BLOCK);
        ltv_kernel_run(&block, &program, &luck);
        for (uint32_t i = 0; i < LTV_BLOCK; i++) {
            reference_simulate(&tables, i, &expected);
            assert_true(block.ltv[i] == expected.ltv && block.bills[i] == expected.bills &&
                        block.first_contact[i] == expected.first_contact[0]);
        }
        reference_arm_free(&tables);
        ltv_block_free(&block);
        ltv_program_free(&program);
        ltv_scenario_free(&scenario);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_capacity_there_is_enough_for_all),
        cmocka_unit_test(at_joining_the_share_is_exact),
        cmocka_unit_test(reach_still_limits_where_the_capacity_does_not),
        cmocka_unit_test(a_capacity_follows_those_who_are_left),
        cmocka_unit_test(earlier_limits_of_the_same_period_are_applied),
        cmocka_unit_test(limited_lives_are_those_of_the_slow_twin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
