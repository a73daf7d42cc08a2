/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "close.h"
#include "random_offers.h"
#include "same_blocks.h"
#include "scenario_fixture.h"
#include "sim/kernel/kernel.h"

enum { CUSTOMERS = 600, SCENARIOS = 300 };

/* Two programs that differ in programmes alone, and what becomes of the same customers. */
typedef struct {
    ltv_program program[2];
    ltv_block lived[2], again; /* each arm by itself, and the second given the first */
    ltv_luck luck;
} pair;

static pair p;

static void run_pair(const ltv_scenario *scenario)
{
    ltv_error err = {0};
    ltv_luck_needs all = ltv_needs_all;
    for (int a = 0; a < 2; a++) {
        assert_int_equal(ltv_program_init(&p.program[a], scenario, &scenario->arms[a], &err),
                         LTV_OK);
        assert_int_equal(ltv_block_init(&p.lived[a], &p.program[a], &err), LTV_OK);
    }
    assert_int_equal(ltv_block_init(&p.again, &p.program[1], &err), LTV_OK);
    ltv_luck_fill(&p.luck, (ltv_stream){.seed = scenario->seed}, all, 0, CUSTOMERS);
    ltv_kernel_run(&p.lived[0], &p.program[0], &p.luck);
    ltv_kernel_run(&p.lived[1], &p.program[1], &p.luck);
    ltv_kernel_run_again(&p.again, &p.program[1], &p.luck, &p.lived[0], &p.program[0]);
}

static void free_pair(void)
{
    for (int a = 0; a < 2; a++) {
        ltv_block_free(&p.lived[a]);
        ltv_program_free(&p.program[a]);
    }
    ltv_block_free(&p.again);
}

/* Takes programmes that `keep` has no bit for from an arm. */
static void keep_programmes(ltv_arm *arm, uint64_t keep)
{
    size_t kept = 0;
    for (size_t k = 0; k < arm->n_interventions; k++) {
        if (keep >> k & 1)
            arm->interventions[kept++] = arm->interventions[k];
        else
            ltv_intervention_free(&arm->interventions[k]);
    }
    arm->n_interventions = kept;
}

/* How many are copied: what the first arm's block says is taken over, whatever that is. */
static int count_copied(void)
{
    int copied = 0;
    for (uint32_t i = 0; i < CUSTOMERS; i++)
        p.lived[0].bills[i] = 123456;
    ltv_kernel_run_again(&p.again, &p.program[1], &p.luck, &p.lived[0], &p.program[0]);
    for (uint32_t i = 0; i < CUSTOMERS; i++)
        copied += p.again.bills[i] == 123456;
    return copied;
}

/* In half of them the first arm has no programme, in the others it has some of the second's. The
 * reach of most is low, so that many are out of it. */
static void make_pair(ltv_scenario *scenario, uint64_t number)
{
    test_random random = {number + 77};
    random_scenario_init(scenario, number);
    random_offers_add(scenario, &scenario->arms[0], &random,
                      random_features_of((unsigned)number, (1u << RANDOM_FEATURES) - 1));
    scenario_fixture_add_arm(scenario, "other");
    for (int a = 0; a < 2; a++)
        for (size_t k = 0; k < scenario->arms[a].n_interventions; k++)
            scenario->arms[a].interventions[k].reach = k % 3 == 2 ? 1 : 0.3;
    keep_programmes(&scenario->arms[0], number % 2 == 0 ? 0 : 1);
}

/* Those who are simulated because a programme of either arm may reach them, live the second arm's
 * lives; how many others there are, who live alike in both. */
static int leave_out_others(const char *label)
{
    int left_out = 0;
    uint8_t lives[LTV_BLOCK] = {0};
    ltv_kernel_mark_reached(lives, &p.lived[0], &p.program[0]);
    ltv_kernel_run_reached(&p.again, &p.program[1], &p.luck, lives);
    for (uint32_t i = 0; i < CUSTOMERS; i++) {
        const ltv_block *as = lives[i] ? &p.again : &p.lived[0];
        assert_that(label, as->ltv[i] == p.lived[1].ltv[i] && as->bills[i] == p.lived[1].bills[i]);
        for (int k = 0; k < LTV_CHECKPOINTS; k++)
            assert_that(label, as->ltv_by[k][i] == p.lived[1].ltv_by[k][i]);
        left_out += !lives[i];
    }
    return left_out;
}

static void whoever_no_programme_reaches_lives_the_same_life(void **state)
{
    (void)state;
    int eventful = 0, copied = 0, left_out = 0;
    for (uint64_t number = 0; number < SCENARIOS; number++) {
        ltv_scenario scenario;
        char label[40];
        snprintf(label, sizeof label, "random pair %d", (int)number);
        make_pair(&scenario, number);
        run_pair(&scenario);
        assert_same_blocks(label, &p.again, &p.lived[1], &p.program[1]);
        left_out += leave_out_others(label);
        eventful += !p.program[1].plain && p.program[1].n_interventions > 0;
        copied += count_copied();
        free_pair();
        ltv_scenario_free(&scenario);
    }
    print_message("%d with programmes, %d customers copied, %d left out\n", eventful, copied,
                  left_out);
    assert_true(eventful > SCENARIOS / 2 && copied > 10000 && left_out > 10000);
}

static void whom_a_coin_does_not_reach_is_copied(void **state)
{
    (void)state;
    ltv_scenario scenario;
    scenario_fixture_init(&scenario, 0.03);
    scenario_fixture_add_add_on(&scenario.arms[0], 100, 0.1, 0.1);
    scenario_fixture_add_arm(&scenario, "other");
    ltv_intervention *offer = scenario_fixture_add_intervention(
        &scenario.arms[1], "offer", (ltv_trigger){.kind = LTV_WHEN_AT_TENURE});
    offer->reach = 0.5;
    run_pair(&scenario);
    int copied = count_copied();
    /* Those whom the coin does not reach: half of 600, within 6 standard deviations. */
    assert_true(copied > 226 && copied < 374);
    free_pair();
    ltv_scenario_free(&scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whoever_no_programme_reaches_lives_the_same_life),
        cmocka_unit_test(whom_a_coin_does_not_reach_is_copied),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
