/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "random_scenario.h"
#include "reference_simulator.h"
#include "sim/kernel.h"

/* Engine and month-by-month reference give the same customers: the same channel, segment, last
 * bill and LTV to the quantum. No tolerance. 100,000 customers of 40 scenarios, or 4,000 of each
 * with LTV_TEST_DOSE=small in the environment. */

static uint32_t customers_per_scenario(void)
{
    const char *dose = getenv("LTV_TEST_DOSE");
    return dose != NULL && strcmp(dose, "small") == 0 ? 4000 : 100000;
}

/* What a battery has met, so that it cannot quietly test less than it says. */
static struct {
    int curves[LTV_CURVE_KINDS], seasons, spikes, cured, correlated, involuntary, spend,
        own_retention, ratios;
} met;

static void remember(const ltv_arm *arm)
{
    for (size_t s = 0; s < arm->n_segments; s++) {
        const ltv_retention *retention = ltv_arm_retention(arm, s);
        met.curves[retention->curve.kind]++;
        met.seasons += retention->has_season;
        met.spikes += retention->n_spikes > 0;
        met.cured += retention->cured > 0;
        met.own_retention += arm->segments[s].has_retention;
        for (size_t c = 0; c < arm->n_channels; c++)
            met.ratios += ltv_arm_multipliers(arm, c, s).on[LTV_LEVER_CHURN] != 1;
    }
    met.correlated += arm->spend_churn_correlation != 0;
    met.involuntary += arm->involuntary_churn > 0;
    met.spend += arm->spend.kind != LTV_SPREAD_NONE;
}

static void compare_block(const reference_arm *tables, const ltv_block *block, uint32_t first,
                          uint64_t number)
{
    static reference_customer expected;
    for (uint32_t i = 0; i < block->n; i++) {
        reference_simulate(tables, first + i, &expected);
        uint32_t leaves_before = expected.stretches[0].to;
        if (block->channel[i] != expected.channel || block->segment[i] != expected.segment ||
            block->leaves_before[i] != leaves_before || block->spend[i] != expected.spend ||
            block->ltv[i] != expected.ltv)
            fail_msg("scenario %llu, customer %u: bill %u, LTV %lld instead of bill %u, LTV %lld",
                     (unsigned long long)number, first + i, block->leaves_before[i],
                     (long long)block->ltv[i], leaves_before, (long long)expected.ltv);
    }
}

static void compare_scenario(uint64_t number)
{
    ltv_scenario scenario;
    ltv_program program;
    ltv_error err = {0};
    random_scenario_init(&scenario, number);
    remember(scenario.arms);
    assert_int_equal(ltv_program_init(&program, &scenario, scenario.arms, &err), LTV_OK);
    reference_arm tables;
    reference_arm_init(&tables, &scenario, scenario.arms, NULL);
    ltv_luck *luck = calloc(1, sizeof *luck);
    ltv_block *block = calloc(1, sizeof *block);
    ltv_stream stream = {.seed = scenario.seed};
    uint32_t customers = customers_per_scenario();
    for (uint32_t first = 0; first < customers; first += LTV_BLOCK) {
        uint32_t n = customers - first < LTV_BLOCK ? customers - first : LTV_BLOCK;
        ltv_luck_fill(luck, stream, ltv_kernel_needs(&program), first, n);
        ltv_kernel_run(block, &program, luck);
        assert_false(block->overflow);
        compare_block(&tables, block, first, number);
    }
    reference_arm_free(&tables);
    free(luck);
    free(block);
    ltv_program_free(&program);
    ltv_scenario_free(&scenario);
}

static void engine_and_reference_give_identical_customers(void **state)
{
    (void)state;
    for (uint64_t number = 0; number < 40; number++)
        compare_scenario(number);
}

static void the_battery_met_every_feature(void **state)
{
    (void)state;
    for (int kind = 0; kind < LTV_CURVE_KINDS; kind++)
        assert_true(met.curves[kind] >= 2);
    assert_true(met.seasons >= 2 && met.spikes >= 2 && met.cured >= 2 && met.correlated >= 2 &&
                met.involuntary >= 2 && met.spend >= 2 && met.own_retention >= 2 &&
                met.ratios >= 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(engine_and_reference_give_identical_customers),
        cmocka_unit_test(the_battery_met_every_feature),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
