/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "random_scenario.h"
#include "sim/kernel.h"

/* What happens in a life is held against the month-by-month twin in engine_against_reference;
 * here: that the long way of the kernel is the short one where both can be gone, and that lives
 * can be lived in steps. */

static void simulate(ltv_block *block, const ltv_program *program, const ltv_scenario *scenario)
{
    static ltv_luck luck;
    ltv_luck_fill(&luck, (ltv_stream){.seed = scenario->seed}, (ltv_luck_needs){true, true, true},
                  0, LTV_BLOCK);
    ltv_kernel_run(block, program, &luck);
}

static void assert_same_customer(const ltv_block *a, const ltv_block *b, uint32_t i)
{
    size_t n, m;
    const ltv_stretch *of_a = ltv_block_stretches(a, i, &n), *of_b = ltv_block_stretches(b, i, &m);
    assert_true(a->bills[i] == b->bills[i] && a->ltv[i] == b->ltv[i] && a->cac[i] == b->cac[i]);
    assert_true(n == 1 && m == 1);
    assert_memory_equal(of_a, of_b, sizeof *of_a);
    for (int k = 0; k < LTV_CHECKPOINTS; k++)
        assert_true(a->ltv_by[k][i] == b->ltv_by[k][i]);
}

static void a_plain_life_is_the_same_either_way(void **state)
{
    (void)state;
    static ltv_block by_look_up, by_events;
    for (uint64_t number = 0; number < 200; number++) {
        ltv_scenario scenario;
        ltv_program program;
        random_scenario_init(&scenario, number);
        assert_int_equal(ltv_program_init(&program, &scenario, &scenario.arms[0], NULL), LTV_OK);
        assert_true(program.plain);
        assert_int_equal(ltv_block_init(&by_look_up, &program, NULL), LTV_OK);
        assert_int_equal(ltv_block_init(&by_events, &program, NULL), LTV_OK);
        simulate(&by_look_up, &program, &scenario);
        program.plain = false;
        simulate(&by_events, &program, &scenario);
        for (uint32_t i = 0; i < LTV_BLOCK; i++)
            assert_same_customer(&by_look_up, &by_events, i);
        ltv_block_free(&by_look_up);
        ltv_block_free(&by_events);
        ltv_program_free(&program);
        ltv_scenario_free(&scenario);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plain_life_is_the_same_either_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
