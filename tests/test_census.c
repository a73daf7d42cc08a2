/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "close.h"
#include "random_scenario.h"
#include "scenario_fixture.h"
#include "sim/estimate.h"
#include "sim/workroom.h"

enum { CUSTOMERS = 3 * LTV_BLOCK + 77 };

/* What customers come to when they are counted, or lived one by one. */
static void simulate(ltv_estimate *estimate, const ltv_scenario *scenario,
                     const ltv_program_set *set)
{
    ltv_workroom room = {0};
    ltv_tally tally = {0};
    ltv_error err = {0};
    const ltv_stream stream = {.seed = scenario->seed, .draw = 2};
    assert_int_equal(ltv_workroom_init(&room, set, &err), LTV_OK);
    assert_int_equal(ltv_tally_init(&tally, scenario, set->programs, &err), LTV_OK);
    ltv_workroom_simulate(&room, set, stream, 0, LTV_BLOCK + 1, &tally);
    ltv_workroom_simulate(&room, set, stream, LTV_BLOCK + 1, CUSTOMERS, &tally);
    ltv_workroom_finish(&room, set, &tally);
    assert_int_equal(ltv_workroom_check(&tally, &err), LTV_OK);
    assert_int_equal(ltv_estimate_init(estimate, scenario, set->programs, &tally, &err), LTV_OK);
    ltv_tally_free(&tally);
    ltv_workroom_free(&room);
}

static void assert_same_values(const char *label, const ltv_value_estimate *a,
                               const ltv_value_estimate *b, uint32_t horizon)
{
    assert_int_equal(a->n, b->n);
    assert_close(label, a->mean, b->mean, 0);
    assert_close(label, a->standard_error, b->standard_error, 0);
    assert_memory_equal(a->quantiles, b->quantiles, sizeof a->quantiles);
    for (uint32_t u = 0; u < horizon; u++)
        assert_close(label, a->by_period[u], b->by_period[u], 0);
}

static void assert_same_groups(const char *label, const ltv_group_estimate *a,
                               const ltv_group_estimate *b, uint32_t horizon)
{
    assert_same_values(label, &a->ltv, &b->ltv, horizon);
    assert_same_values(label, &a->net_ltv, &b->net_ltv, horizon);
    assert_int_equal(a->n_metrics, b->n_metrics);
    for (size_t m = 0; m < a->n_metrics; m++) {
        assert_close(a->metrics[m].name, a->metrics[m].value, b->metrics[m].value, 0);
        assert_close(a->metrics[m].name, a->metrics[m].mc_standard_error,
                     b->metrics[m].mc_standard_error, 0);
    }
    for (uint32_t u = 0; u <= horizon; u++)
        assert_close(label, a->retention[u], b->retention[u], 0);
}

/* Compares both ways; `set` is one that is counted. */
static void assert_counted_as_lived(const char *label, const ltv_scenario *scenario,
                                    ltv_program_set *set)
{
    ltv_estimate counted, lived;
    simulate(&counted, scenario, set);
    set->counted = false;
    simulate(&lived, scenario, set);
    const ltv_arm_estimate *a = &counted.arms[0], *b = &lived.arms[0];
    assert_same_groups(label, &a->all, &b->all, counted.horizon);
    for (size_t s = 0; s < a->n_segments; s++)
        assert_same_groups(label, &a->segments[s], &b->segments[s], counted.horizon);
    for (size_t c = 0; c < a->n_channels; c++)
        assert_same_groups(label, &a->channels[c], &b->channels[c], counted.horizon);
    ltv_estimate_free(&counted);
    ltv_estimate_free(&lived);
}

static void customers_come_to_the_same_as_one_by_one(void **state)
{
    (void)state;
    int counted = 0, with_cells = 0, with_cured = 0, with_failures = 0;
    for (uint64_t number = 0; number < 300; number++) {
        ltv_scenario scenario;
        ltv_program_set set = {0};
        ltv_error err = {0};
        char label[40];
        random_scenario_init(&scenario, number);
        snprintf(label, sizeof label, "random scenario %d", (int)number);
        assert_int_equal(ltv_program_set_init(&set, &scenario, &err), LTV_OK);
        if (set.counted) {
            counted++;
            with_cells += set.programs[0].n_kinds > 1;
            with_cured += set.programs[0].kinds[0].cured_threshold > 0;
            with_failures += set.programs[0].involuntary;
            assert_counted_as_lived(label, &scenario, &set);
        }
        ltv_program_set_free(&set);
        ltv_scenario_free(&scenario);
    }
    print_message("%d counted, %d with several cells, %d with cured, %d with failures\n", counted,
                  with_cells, with_cured, with_failures);
    assert_true(counted > 40 && with_cells > 10 && with_cured > 5 && with_failures > 10);
}

/* Of one cell or two, with failures or without. */
static void whose_word_must_be_read_in_full_counts_too(void **state)
{
    (void)state;
    for (int with = 0; with < 4; with++) {
        ltv_scenario scenario;
        ltv_program_set set = {0};
        ltv_error err = {0};
        scenario_fixture_init(&scenario, 0.03);
        if (with & 1)
            scenario_fixture_set_segments(&scenario.arms[0], 2, (double[]){0.4, 0.6},
                                          (double[]){1, 2});
        if (with & 2)
            scenario.arms[0].involuntary_churn = 0.01;
        assert_int_equal(ltv_program_set_init(&set, &scenario, &err), LTV_OK);
        assert_true(set.counted);
        for (size_t k = 0; k < set.programs[0].n_kinds; k++) /* ladders that never say anything */
            for (uint32_t u = 1; u <= scenario.horizon + 1; u++)
                set.programs[0].kinds[k].voluntary_ladder.rungs[u] = (ltv_rung){UINT32_MAX, 0};
        assert_counted_as_lived("rungs everywhere", &scenario, &set);
        ltv_program_set_free(&set);
        ltv_scenario_free(&scenario);
    }
}

/* With differences that a count does not see, with events, or with a second arm, there is none. */
static void only_those_are_counted_who_differ_in_nothing_else(void **state)
{
    (void)state;
    for (int with = 0; with < 6; with++) {
        ltv_scenario scenario;
        ltv_program_set set = {0};
        ltv_error err = {0};
        scenario_fixture_init(&scenario, 0.03);
        ltv_arm *arm = &scenario.arms[0];
        const ltv_spread spread = {LTV_SPREAD_LOG_NORMAL, 0.5};
        if (with == 1)
            arm->spend = spread;
        if (with == 2)
            arm->channels[0].cac_spread = spread;
        if (with == 3)
            arm->retention.heterogeneity = spread;
        if (with == 4)
            scenario_fixture_add_add_on(arm, 100, 0.1, 0.1);
        if (with == 5)
            scenario_fixture_add_other_arm(&scenario, "other");
        assert_int_equal(ltv_program_set_init(&set, &scenario, &err), LTV_OK);
        assert_int_equal(set.counted, with == 0);
        ltv_program_set_free(&set);
        ltv_scenario_free(&scenario);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(customers_come_to_the_same_as_one_by_one),
        cmocka_unit_test(whose_word_must_be_read_in_full_counts_too),
        cmocka_unit_test(only_those_are_counted_who_differ_in_nothing_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
