/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "close.h"
#include "random_offers.h"
#include "same_tallies.h"
#include "scenario_fixture.h"
#include "sim/kernel/kernel.h"
#include "sim/tally.h"

/* What a block adds to a tally does not depend on how its customers lived: together and counted,
 * copied from another arm, or one by one and listed. */

enum { ARMS = 3, SCENARIOS = 150, CUSTOMERS = 900 };

/* The arms of a scenario, each lived in the engine's way and one by one. */
typedef struct {
    ltv_program program[ARMS];
    ltv_block quick[ARMS], alone[ARMS];
    ltv_luck luck;
} lives;

static lives l;

/* --- how they live --- */

static void live_alone(size_t a)
{
    ltv_kernel_join(&l.alone[a], &l.program[a], &l.luck);
    for (uint32_t i = 0; i < l.luck.n; i++)
        ltv_kernel_live_alone(&l.alone[a], &l.program[a], &l.luck, i);
}

static void live(const ltv_scenario *scenario)
{
    ltv_error err = {0};
    for (size_t a = 0; a < ARMS; a++) {
        assert_int_equal(ltv_program_init(&l.program[a], scenario, &scenario->arms[a], &err),
                         LTV_OK);
        assert_int_equal(ltv_block_init(&l.quick[a], &l.program[a], &err), LTV_OK);
        assert_int_equal(ltv_block_init(&l.alone[a], &l.program[a], &err), LTV_OK);
    }
    ltv_luck_fill(&l.luck, (ltv_stream){.seed = scenario->seed}, ltv_needs_all, 40, CUSTOMERS);
    for (size_t a = 0; a < ARMS; a++) {
        ltv_kernel_run_again(&l.quick[a], &l.program[a], &l.luck, a > 0 ? &l.quick[0] : NULL,
                             &l.program[0]);
        live_alone(a);
    }
}

static void let_go(void)
{
    for (size_t a = 0; a < ARMS; a++) {
        ltv_block_free(&l.quick[a]);
        ltv_block_free(&l.alone[a]);
        ltv_program_free(&l.program[a]);
    }
}

/* --- scenarios --- */

/* Programmes in the last arm, the first of them, or one that the last has not, in the second; the
 * reach of most is low, so that many are copied. In half of the scenarios everybody spends the
 * same, so that many are counted. */
static void make_scenario(ltv_scenario *scenario, uint64_t number)
{
    test_random random = {number + 1234};
    unsigned features = random_features_of((unsigned)number, (1u << RANDOM_FEATURES) - 1);
    random_scenario_init(scenario, number);
    if (number % 2 == 0) {
        features &= ~(1u << RANDOM_ORDERS);
        scenario->arms[0].spend = (ltv_spread){0};
    }
    random_offers_add(scenario, &scenario->arms[0], &random, features);
    for (size_t k = 0; k < scenario->arms[0].n_interventions; k++)
        scenario->arms[0].interventions[k].reach = k % 3 == 2 ? 1 : 0.4;
    scenario_fixture_add_arm(scenario, "some");
    scenario_fixture_add_arm(scenario, "all");
    scenario_fixture_add_contrast(scenario, 2, 1);
    for (size_t a = 0; a < 2; a++)
        while (scenario->arms[a].n_interventions > a)
            ltv_intervention_free(
                &scenario->arms[a].interventions[--scenario->arms[a].n_interventions]);
    ltv_arm *all = &scenario->arms[2];
    if (number % 3 == 0 && all->n_interventions > 0) { /* all but that of the second */
        ltv_intervention_free(&all->interventions[0]);
        memmove(all->interventions, all->interventions + 1,
                --all->n_interventions * sizeof *all->interventions);
    }
}

typedef struct {
    int compared;
    size_t copied, counted;
} met;

static void note(met *so_far)
{
    so_far->compared++;
    for (size_t a = 0; a < ARMS; a++)
        for (uint32_t i = 0; i < CUSTOMERS; i++) {
            so_far->copied += l.quick[a].is_copied[i];
            so_far->counted += l.quick[a].pays_before[i] > 0;
        }
}

static void compare(const char *label, const ltv_scenario *scenario)
{
    ltv_tally quick, alone;
    ltv_error err = {0};
    assert_int_equal(ltv_tally_init(&quick, scenario, l.program, &err), LTV_OK);
    assert_int_equal(ltv_tally_init(&alone, scenario, l.program, &err), LTV_OK);
    ltv_tally_add(&quick, l.program, l.quick);
    ltv_tally_add(&alone, l.program, l.alone);
    assert_false(quick.overflow || alone.overflow);
    for (size_t a = 0; a < ARMS; a++)
        assert_same_arm_tallies(label, &quick.arms[a], &alone.arms[a]);
    for (size_t c = 0; c < quick.n_contrasts; c++)
        assert_same_contrast_tallies(label, &quick.contrasts[c], &alone.contrasts[c]);
    ltv_tally_free(&quick);
    ltv_tally_free(&alone);
}

static void it_does_not_matter_how_they_lived(void **state)
{
    (void)state;
    met so_far = {0};
    for (uint64_t number = 0; number < SCENARIOS; number++) {
        ltv_scenario scenario;
        char label[40];
        snprintf(label, sizeof label, "random scenario %d", (int)number);
        make_scenario(&scenario, number);
        live(&scenario);
        if (!l.program[0].plain) {
            compare(label, &scenario);
            note(&so_far);
        }
        let_go();
        ltv_scenario_free(&scenario);
    }
    print_message("%d scenarios, %zu customers copied, %zu counted\n", so_far.compared,
                  so_far.copied, so_far.counted);
    assert_true(so_far.compared > SCENARIOS / 2);
    assert_true(so_far.copied > 50000 && so_far.counted > 50000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_does_not_matter_how_they_lived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
