/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "scenario_fixture.h"
#include "sim/kernel/counted.h"
#include "sim/kernel/kernel.h"

/* That those who are counted hold, cost and pay what they do who are listed is the product of
 * test_crowd, test_arms_in_turn and of whatever looks at a population; here is how it is kept. */

static ltv_scenario scenario;
static ltv_program program;

static void compile(size_t n_plans, size_t n_add_ons, uint32_t horizon)
{
    double prices[LTV_MAX_PLANS], starts[LTV_MAX_PLANS];
    for (size_t p = 0; p < n_plans; p++) {
        prices[p] = 10 + (double)p;
        starts[p] = 1.0 / (double)n_plans;
    }
    scenario_fixture_init(&scenario, 0.03);
    scenario.horizon = horizon;
    if (n_plans > 0)
        scenario_fixture_set_plans(&scenario.arms[0], n_plans, prices, starts);
    for (size_t a = 0; a < n_add_ons; a++)
        scenario_fixture_add_add_on(&scenario.arms[0], 1 + (double)a, 0.1, 0.1);
    assert_int_equal(ltv_program_init(&program, &scenario, &scenario.arms[0], NULL), LTV_OK);
}

static void let_go(ltv_counted *counted)
{
    ltv_counted_free(counted);
    ltv_counted_free(counted);
    ltv_program_free(&program);
    ltv_scenario_free(&scenario);
}

static void too_many_cells_are_not_counted(void **state)
{
    (void)state;
    static const struct {
        size_t plans, add_ons;
        uint32_t horizon;
        size_t components;
    } cases[] = {{3, 2, 60, 5},
                 {LTV_MAX_PLANS, LTV_MAX_ADD_ONS, 60, LTV_MAX_PLANS + LTV_MAX_ADD_ONS},
                 {0, 1, 4094, 2},
                 {0, 1, 4095, 0}}; /* 2 x 4,097 is above 2^13 */
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        ltv_counted counted;
        compile(cases[c].plans, cases[c].add_ons, cases[c].horizon);
        assert_true(ltv_counted_init(&counted, &program));
        assert_int_equal(counted.n_components, cases[c].components);
        assert_true(ltv_counted_rows(&counted) * counted.stride <= LTV_COUNTED_PLACES);
        ltv_counted_clear(&counted);
        let_go(&counted);
    }
}

static void what_was_counted_is_forgotten(void **state)
{
    (void)state;
    ltv_counted counted;
    compile(2, 1, 24);
    assert_true(ltv_counted_init(&counted, &program));
    size_t last = ltv_counted_rows(&counted) * counted.stride - 1;
    counted.any = true;
    counted.holders[0] = 3;
    counted.holders[last] = -3;
    ltv_counted_add_cost(&counted, 0, 2, 5, 70);
    ltv_counted_add_cost(&counted, 0, 4, 6, 1);
    static const int costs[] = {0, 0, 70, 0, 1, -70, -1};
    for (size_t u = 0; u < sizeof costs / sizeof *costs; u++)
        assert_true(counted.costs[u] == costs[u]);
    ltv_counted_clear(&counted);
    assert_true(counted.holders[0] == 0 && counted.holders[last] == 0 && !counted.any);
    for (size_t u = 0; u < counted.stride; u++)
        assert_true(counted.costs[u] == 0);
    let_go(&counted);
}

/* Amounts that could add up to more than a number holds are listed, where every sum is checked. */
static void large_amounts_are_listed(void **state)
{
    (void)state;
    static const double prices[] = {1e3, 1e9, 3e10};
    for (int c = 0; c < 3; c++) {
        static ltv_luck luck;
        ltv_block block;
        scenario_fixture_init(&scenario, 0.03);
        scenario_fixture_add_add_on(&scenario.arms[0], prices[c], 0.1, 0.1);
        assert_int_equal(ltv_program_init(&program, &scenario, &scenario.arms[0], NULL), LTV_OK);
        assert_int_equal(ltv_block_init(&block, &program, NULL), LTV_OK);
        ltv_luck_fill(&luck, (ltv_stream){.seed = 1}, ltv_kernel_needs(&program), 0, 100);
        ltv_kernel_run(&block, &program, &luck);
        assert_false(block.overflow);
        assert_int_equal(block.pays_before[0] > 0, c < 2);
        assert_int_equal(block.stretches.n == 0, c < 2);
        ltv_block_free(&block);
        ltv_program_free(&program);
        ltv_scenario_free(&scenario);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(too_many_cells_are_not_counted),
        cmocka_unit_test(what_was_counted_is_forgotten),
        cmocka_unit_test(large_amounts_are_listed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
