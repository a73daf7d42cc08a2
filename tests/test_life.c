/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "random_scenario.h"
#include "sim/kernel/kernel.h"
#include "sim/kernel/life_parts.h"

/* What happens in a life is held against the month-by-month twin in engine_against_reference;
 * here: that the long way of the kernel is the short one where both can be gone, and that lives
 * can be lived in steps. */

static void simulate(ltv_block *block, const ltv_program *program, const ltv_scenario *scenario)
{
    static ltv_luck luck;
    ltv_luck_fill(&luck, (ltv_stream){.seed = scenario->seed}, ltv_needs_all, 0, LTV_BLOCK);
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

/* --- clocks --- */

enum { PERIODS = 100 };

/* Tables of hazards that never fall, with an end that no search may reach. */
static void fill_hazard(double hazard[PERIODS + 2], int shape)
{
    hazard[0] = 0;
    for (int u = 0; u < PERIODS; u++)
        switch (shape) {
        case 0: /* even */
            hazard[u + 1] = (u + 1) * 0.0123456789;
            break;
        case 1: /* slowing down */
            hazard[u + 1] = pow((u + 1) / 7.3, 0.6);
            break;
        case 2: /* with pauses */
            hazard[u + 1] = hazard[u] + (u % 5 < 2 ? 0.31 : 0);
            break;
        case 3: /* so flat that budgets and hazards round alike */
            hazard[u + 1] = 1 + u * 0x1p-52;
            break;
        default: /* nobody survives period 40 */
            hazard[u + 1] = hazard[u] + (u == 40 ? LTV_CERTAIN : 0.02);
        }
    hazard[PERIODS + 1] = INFINITY;
}

/* As its definition says (sim/kernel/life.h), period by period. */
static uint32_t fires_by_definition(const ltv_clock *clock, uint32_t until)
{
    for (uint32_t f = clock->anchor; f < until; f++) {
        double hazard = clock->hazard[f + 1] - clock->hazard[clock->anchor];
        if (clock->times > 0 &&
            (clock->times * hazard >= clock->remaining || hazard >= LTV_CERTAIN))
            return f;
    }
    return LTV_NEVER;
}

/* Looks at once, and in steps of different length: a period found must stay. */
static void assert_fires(const double *hazard, double budget, double times, uint32_t bill)
{
    static const uint32_t steps[] = {PERIODS, 1, 7, 13};
    for (int s = 0; s < 4; s++) {
        ltv_clock clock;
        ltv_clock_start(&clock, hazard, budget, bill);
        ltv_clock_set_times(&clock, times, bill);
        for (uint32_t until = 0; until < PERIODS;) {
            until = until + steps[s] < PERIODS ? until + steps[s] : PERIODS;
            assert_int_equal(ltv_clock_look(&clock, until), fires_by_definition(&clock, until));
        }
    }
}

/* Budgets that a period uses up to the last bit are where a search by a target, which rounds
 * otherwise, would be one period off. */
static void a_clock_fires_in_the_first_period_that_uses_up_its_budget(void **state)
{
    (void)state;
    static const double multipliers[] = {1, 0.85, 1.2 * 0.7, 1 / 3.0, 1e-9, 3e8, 0};
    for (int shape = 0; shape < 5; shape++) {
        double hazard[PERIODS + 2];
        fill_hazard(hazard, shape);
        for (size_t m = 0; m < sizeof multipliers / sizeof *multipliers; m++)
            for (uint32_t bill = 0; bill < PERIODS; bill += 9)
                for (uint32_t f = bill; f < PERIODS; f++) {
                    double budget = multipliers[m] * (hazard[f + 1] - hazard[bill]);
                    assert_fires(hazard, budget, multipliers[m], bill);
                    assert_fires(hazard, nextafter(budget, INFINITY), multipliers[m], bill);
                    assert_fires(hazard, nextafter(budget, 0), multipliers[m], bill);
                    assert_fires(hazard, INFINITY, multipliers[m], bill);
                }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plain_life_is_the_same_either_way),
        cmocka_unit_test(a_clock_fires_in_the_first_period_that_uses_up_its_budget),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
