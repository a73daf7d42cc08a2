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

#include "close.h"
#include "foreseen_scenario.h"
#include "random_offers.h"
#include "same_blocks.h"
#include "scenario_fixture.h"
#include "sim/kernel/crowd.h"
#include "sim/kernel/kernel.h"

enum { CUSTOMERS = 700, SCENARIOS = 400 };

/* The same customers living together as far as they can, and each alone. */
typedef struct {
    ltv_program program;
    ltv_block together, alone;
    ltv_luck luck;
} pair;

static pair p;

/* With some seeds there is no room for columns of the luck: what is missing is read one by one. */
static void live_together(const ltv_scenario *scenario, uint32_t first, uint32_t n)
{
    ltv_luck_fill(&p.luck, (ltv_stream){.seed = scenario->seed}, ltv_kernel_needs(&p.program),
                  first, n);
    p.luck.n_kept = scenario->seed % 3 == 0 ? LTV_LUCK_KEPT : 0;
    ltv_kernel_run(&p.together, &p.program, &p.luck);
}

static void live(const ltv_scenario *scenario, uint32_t n)
{
    ltv_error err = {0};
    assert_int_equal(ltv_program_init(&p.program, scenario, &scenario->arms[0], &err), LTV_OK);
    assert_int_equal(ltv_block_init(&p.together, &p.program, &err), LTV_OK);
    assert_int_equal(ltv_block_init(&p.alone, &p.program, &err), LTV_OK);
    /* What the engine reads, and nothing more: the rest of the luck is rubbish. */
    memset(&p.luck, 0x7f, sizeof p.luck);
    memset(p.luck.kept, 0, sizeof p.luck.kept);
    for (size_t k = 0; k < LTV_LUCK_KEPT; k++)
        p.luck.kept[k].name = UINT32_MAX;      /* of nothing that anybody asks for */
    live_together(scenario, 77777, LTV_BLOCK); /* others before them leave nothing behind */
    live_together(scenario, 5, n);
    ltv_luck_fill(&p.luck, (ltv_stream){.seed = scenario->seed}, ltv_needs_all, 5, n);
    ltv_kernel_join(&p.alone, &p.program, &p.luck);
    for (uint32_t i = 0; i < n; i++)
        ltv_kernel_live_alone(&p.alone, &p.program, &p.luck, i);
}

static void let_go(void)
{
    ltv_block_free(&p.together);
    ltv_block_free(&p.alone);
    ltv_program_free(&p.program);
}

/* What a battery of scenarios met. */
typedef struct {
    int scenarios, knows_all, foresees, foresees_programmes, foresees_many, walks;
    size_t stretches, costs, contacts, with_terms;
} met;

static void note(met *so_far)
{
    so_far->scenarios++;
    so_far->knows_all +=
        ltv_crowd_knows(&p.program) &&
        __builtin_popcountll(ltv_crowd_programmes(&p.program)) == (int)p.program.n_interventions;
    so_far->foresees += ltv_crowd_foresees(&p.program);
    so_far->foresees_programmes += ltv_crowd_foresees(&p.program) && p.program.n_appointments > 0;
    so_far->foresees_many += ltv_crowd_foresees(&p.program) && p.program.n_interventions > 3;
    so_far->walks += ltv_crowd_foresees(&p.program) && ltv_crowd_changes_others(&p.program) &&
                     p.program.n_changes + p.program.n_add_ons > 0;
    so_far->stretches += p.together.stretches.n;
    so_far->costs += p.together.costs.n;
    for (size_t k = 0; k < p.program.n_interventions; k++)
        so_far->contacts += (size_t)p.together.contacts[k];
    for (size_t k = 0; k < p.program.n_plans; k++)
        so_far->with_terms += p.program.plans[k].term > 0;
}

/* Some clocks never fire. */
static void stop_some(ltv_arm *arm, uint64_t number)
{
    for (size_t a = 0; a < arm->n_add_ons; a++)
        if ((number + a) % 4 == 0)
            arm->add_ons[a].attach.probability = 0;
        else if ((number + a) % 4 == 1)
            arm->add_ons[a].drop.probability = 0;
    for (size_t k = 0; k < arm->n_plans; k++)
        for (size_t c = 0; c < arm->plans[k].n_upgrades; c++)
            if ((number + k + c) % 5 == 0)
                arm->plans[k].upgrades[c].rate.probability = 0;
}

/* Scenarios of these features, of which everything that is not plain is compared. */
static met compare_all(unsigned allowed, unsigned always,
                       void (*change)(ltv_arm *arm, uint64_t number))
{
    met so_far = {0};
    for (uint64_t number = 0; number < SCENARIOS; number++) {
        ltv_scenario scenario;
        test_random random = {number + 4711};
        char label[40];
        snprintf(label, sizeof label, "random scenario %d", (int)number);
        random_scenario_init(&scenario, number);
        random_offers_add(&scenario, &scenario.arms[0], &random,
                          random_features_of((unsigned)number, allowed) | always);
        stop_some(&scenario.arms[0], number);
        if (change != NULL)
            change(&scenario.arms[0], number);
        scenario.horizon = number % 50 == 7 ? 1 : scenario.horizon;
        scenario.seed = number;
        live(&scenario, number % 5 == 0 ? LTV_BLOCK : 1 + (uint32_t)number % CUSTOMERS);
        if (!p.program.plain) {
            assert_same_blocks(label, &p.together, &p.alone, &p.program);
            note(&so_far);
        }
        let_go();
        ltv_scenario_free(&scenario);
    }
    return so_far;
}

#define BIT(feature) (1u << (feature))

static void those_who_live_together_live_the_same_lives(void **state)
{
    (void)state;
    met so_far = compare_all(BIT(RANDOM_PLANS) | BIT(RANDOM_TERMS) | BIT(RANDOM_ADD_ONS) |
                                 BIT(RANDOM_LEVERS) | BIT(RANDOM_PRICE_CHANGES) |
                                 BIT(RANDOM_AT_TENURE) | BIT(RANDOM_EVERY) | BIT(RANDOM_AUDIENCE) |
                                 BIT(RANDOM_EFFECTS) | BIT(RANDOM_COSTS),
                             BIT(RANDOM_PLANS) | BIT(RANDOM_ADD_ONS), NULL);
    print_message("%d scenarios, %d in which all live together, %d foreseen, %d with programmes; "
                  "%zu stretches, %zu costs, %zu "
                  "contacts, %zu plans with terms\n",
                  so_far.scenarios, so_far.knows_all, so_far.foresees, so_far.foresees_programmes,
                  so_far.stretches, so_far.costs, so_far.contacts, so_far.with_terms);
    assert_true(so_far.knows_all > SCENARIOS / 2 && so_far.costs > 50000);
    assert_true(so_far.stretches > 200000 && so_far.contacts > 100000 && so_far.with_terms > 50);
}

static void those_who_are_foreseen_live_the_same_lives(void **state)
{
    (void)state;
    met so_far = compare_all(BIT(RANDOM_PLANS) | BIT(RANDOM_TERMS) | BIT(RANDOM_ADD_ONS) |
                                 BIT(RANDOM_EVERY) | BIT(RANDOM_AUDIENCE) | BIT(RANDOM_COSTS),
                             BIT(RANDOM_AT_TENURE) | BIT(RANDOM_EFFECTS), foreseen_scenario_make);
    print_message("%d scenarios, %d foreseen, %d with programmes, %d with many, %d in which they "
                  "change other clocks, %zu plans with terms\n",
                  so_far.scenarios, so_far.foresees, so_far.foresees_programmes,
                  so_far.foresees_many, so_far.walks, so_far.with_terms);
    assert_true(so_far.foresees_programmes > SCENARIOS / 4 && so_far.foresees_many > 20);
    assert_true(so_far.walks > 40);
    assert_true(so_far.foresees < SCENARIOS / 2 && so_far.with_terms > 50);
}

static void who_has_to_live_alone_does(void **state)
{
    (void)state;
    met so_far = compare_all(BIT(RANDOM_FEATURES) - 1, 0, NULL);
    print_message("%d scenarios, %d in which all live together\n", so_far.scenarios,
                  so_far.knows_all);
    assert_true(so_far.scenarios > SCENARIOS / 2 && so_far.knows_all < so_far.scenarios / 2);
}

/* Nearly everybody changes his plan and his add-ons in every period: more clocks start in a round
 * than a queue holds. */
static void all_may_change_at_once(void **state)
{
    (void)state;
    for (uint64_t number = 0; number < 40; number++) {
        ltv_scenario scenario;
        test_random random = {number + 99};
        char label[40];
        snprintf(label, sizeof label, "busy scenario %d", (int)number);
        random_scenario_init(&scenario, number);
        ltv_arm *arm = &scenario.arms[0];
        random_offers_add(&scenario, arm, &random,
                          BIT(RANDOM_PLANS) | BIT(RANDOM_ADD_ONS) |
                              (number % 2 == 0 ? 0 : BIT(RANDOM_AT_TENURE) | BIT(RANDOM_EFFECTS)));
        for (size_t a = 0; a < arm->n_add_ons; a++)
            arm->add_ons[a].attach.probability = arm->add_ons[a].drop.probability = 0.97;
        for (size_t k = 0; k < arm->n_plans; k++)
            for (size_t c = 0; c < arm->plans[k].n_upgrades; c++)
                arm->plans[k].upgrades[c].rate.probability = 0.97;
        live(&scenario, LTV_BLOCK);
        assert_same_blocks(label, &p.together, &p.alone, &p.program);
        let_go();
        ltv_scenario_free(&scenario);
    }
}

/* A whole block goes back and forth between two plans, and nobody leaves: all clocks that start are
 * those of a plan that everybody had before. */
static void everybody_may_come_back_to_a_plan(void **state)
{
    (void)state;
    ltv_scenario scenario;
    scenario_fixture_init(&scenario, 1e-9);
    scenario.horizon = 30;
    ltv_arm *arm = &scenario.arms[0];
    scenario_fixture_set_plans(arm, 2, (const double[]){10, 20}, (const double[]){1, 0});
    scenario_fixture_add_upgrade(&arm->plans[0], 1, 0.9);
    scenario_fixture_add_upgrade(&arm->plans[1], 0, 0.9);
    live(&scenario, LTV_BLOCK);
    assert_true(ltv_crowd_foresees(&p.program));
    assert_same_blocks("back and forth", &p.together, &p.alone, &p.program);
    let_go();
    ltv_scenario_free(&scenario);
}

/* --- heads on rungs --- */

/* Survival with which a rung is laid on the head of a customer's word, or so many heads beside it.
 */
static double survival_at(uint32_t customer, uint32_t name, ltv_purpose purpose, double beside)
{
    uint64_t word = ltv_address_word((ltv_stream){.seed = 1}, customer, name, purpose, 0);
    return ((double)word * 0x1p-32 + beside) * 0x1p-32;
}

/* Makes a scenario with a rung on the head of a customer. */
typedef void rung_maker(ltv_scenario *scenario, uint32_t customer, int beside);

/* Those whose heads do not say when a clock fires have to be looked at in full. */
static void check_heads_on_rungs(rung_maker *make)
{
    for (uint32_t i = 0; i < 20; i++)
        for (int beside = -4; beside <= 4; beside++) {
            ltv_scenario scenario;
            char label[60];
            snprintf(label, sizeof label, "customer %u, %d beside his head", i, beside);
            make(&scenario, 5 + i, beside);
            live(&scenario, 20);
            assert_int_equal(scenario.seed, 1);
            assert_true(ltv_crowd_foresees(&p.program));
            assert_same_blocks(label, &p.together, &p.alone, &p.program);
            let_go();
            ltv_scenario_free(&scenario);
        }
}

static void set_programme(ltv_arm *arm, ltv_lever lever, double times)
{
    ltv_intervention *programme = scenario_fixture_add_intervention(
        arm, "p", (ltv_trigger){.kind = LTV_WHEN_AT_TENURE, .periods = 1});
    scenario_fixture_set_effect(programme, lever, times, 5);
}

/* Those of bill 1, of the clocks that fail payments and attach an add-on. */
static void lay_first_rungs(ltv_scenario *scenario, uint32_t customer, int beside)
{
    scenario_fixture_init(scenario, 0.03);
    ltv_arm *arm = &scenario->arms[0];
    ltv_add_on *add_on = scenario_fixture_add_add_on(arm, 100, 0.1, 0.1);
    add_on->attach.probability =
        1 - survival_at(customer, ltv_address_name(add_on->name), LTV_PURPOSE_ATTACH, beside);
    arm->involuntary_churn =
        1 - survival_at(customer, LTV_UNNAMED, LTV_PURPOSE_INVOLUNTARY_CHURN, beside / 2.0);
}

/* That of bill 2 of voluntary churn, which a programme changes at bill 1 and whose frailty is
 * integrated out: (1 + cv^2 h (1 + times))^(-1 / cv^2). */
static void lay_rung_of_a_course(ltv_scenario *scenario, uint32_t customer, int beside)
{
    const double cv2 = 0.64, times = 0.6;
    double survival = survival_at(customer, LTV_UNNAMED, LTV_PURPOSE_VOLUNTARY_CHURN, beside);
    double hazard = expm1(-cv2 * log(survival)) / cv2 / (1 + times);
    scenario_fixture_init(scenario, -expm1(-hazard));
    scenario->arms[0].retention.heterogeneity = (ltv_spread){LTV_SPREAD_GAMMA, sqrt(cv2)};
    set_programme(&scenario->arms[0], LTV_LEVER_CHURN, times);
}

/* That of bill 2 of a clock that attaches an add-on, which a programme changes at bill 1. */
static void lay_rung_of_a_path(ltv_scenario *scenario, uint32_t customer, int beside)
{
    const double times = 2;
    scenario_fixture_init(scenario, 0.03);
    ltv_arm *arm = &scenario->arms[0];
    ltv_add_on *add_on = scenario_fixture_add_add_on(arm, 100, 0.1, 0.1);
    double survival =
        survival_at(customer, ltv_address_name(add_on->name), LTV_PURPOSE_ATTACH, beside);
    add_on->attach.probability = -expm1(log(survival) / (1 + times));
    set_programme(arm, LTV_LEVER_ATTACH, times);
}

/* That of the bill after the one with which nearly everybody is upgraded, of the upgrade that
 * follows. */
static void lay_rung_after_a_change(ltv_scenario *scenario, uint32_t customer, int beside)
{
    scenario_fixture_init(scenario, 0.03);
    ltv_arm *arm = &scenario->arms[0];
    scenario_fixture_set_plans(arm, 3, (const double[]){10, 20, 30}, (const double[]){1, 0, 0});
    scenario_fixture_add_upgrade(&arm->plans[0], 1, 0.8);
    double survival =
        survival_at(customer, ltv_address_pair(arm->plans[1].name, arm->plans[2].name),
                    LTV_PURPOSE_UPGRADE, beside);
    scenario_fixture_add_upgrade(&arm->plans[1], 2, 1 - survival);
}

static void a_head_on_a_rung_is_looked_at_in_full(void **state)
{
    (void)state;
    check_heads_on_rungs(lay_first_rungs);
    check_heads_on_rungs(lay_rung_of_a_course);
    check_heads_on_rungs(lay_rung_of_a_path);
    check_heads_on_rungs(lay_rung_after_a_change);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(those_who_live_together_live_the_same_lives),
        cmocka_unit_test(those_who_are_foreseen_live_the_same_lives),
        cmocka_unit_test(who_has_to_live_alone_does),
        cmocka_unit_test(all_may_change_at_once),
        cmocka_unit_test(everybody_may_come_back_to_a_plan),
        cmocka_unit_test(a_head_on_a_rung_is_looked_at_in_full),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
