/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "close.h"
#include "scenario_fixture.h"
#include "sim/kernel/kernel.h"
#include "sim/program_set.h"

static void it_needs_the_luck_that_any_arm_needs(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        double involuntary;
        bool segments, spend;
        ltv_luck_needs needs;
    } cases[] = {
        {"nothing", 0, false, false, {0}},
        {"involuntary churn", 0.01, false, false, {.involuntary = true}},
        {"segments", 0, true, false, {.segment = true}},
        {"levels of spend", 0, false, true, {.levels = true}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ltv_scenario scenario;
        ltv_program_set set;
        ltv_error err = {0};
        scenario_fixture_init(&scenario, 0.03);
        ltv_arm *second = scenario_fixture_add_other_arm(&scenario, "second");
        second->involuntary_churn = cases[i].involuntary;
        if (cases[i].segments)
            scenario_fixture_set_segments(second, 2, (const double[]){0.5, 0.5},
                                          (const double[]){1, 2});
        if (cases[i].spend)
            second->spend = (ltv_spread){LTV_SPREAD_GAMMA, 0.5};
        assert_int_equal(ltv_program_set_init(&set, &scenario, &err), LTV_OK);
        assert_int_equal(set.n, 2);
        assert_that(cases[i].label, set.needs.involuntary == cases[i].needs.involuntary);
        assert_that(cases[i].label, set.needs.segment == cases[i].needs.segment);
        assert_that(cases[i].label,
                    !set.needs.channel && !set.needs.starting_plan && !set.needs.cured);
        assert_that(cases[i].label, set.needs.levels == cases[i].needs.levels);
        ltv_program_set_free(&set);
        ltv_program_set_free(&set);
        ltv_scenario_free(&scenario);
    }
}

static void an_arm_that_is_too_rich_fails_and_is_released(void **state)
{
    (void)state;
    ltv_scenario scenario;
    ltv_program_set set;
    ltv_error err = {0};
    scenario_fixture_init(&scenario, 0.03);
    scenario_fixture_add_other_arm(&scenario, "second")->price = 1e15;
    scenario_fixture_add_arm(&scenario, "third");
    assert_int_equal(ltv_program_set_init(&set, &scenario, &err), LTV_ERR_OVERFLOW);
    assert_that("those before it", set.n <= 2);
    ltv_program_set_free(&set);
    ltv_scenario_free(&scenario);
}

/* What it borrows is what it would have made itself. */
static void arms_that_differ_in_programmes_alone_share_tables(void **state)
{
    (void)state;
    ltv_scenario scenario;
    ltv_program_set set;
    ltv_program alone;
    ltv_error err = {0};
    scenario_fixture_init_eventful(&scenario);
    scenario_fixture_add_other_arm(&scenario, "dearer")->plans[0].price *= 2;
    assert_int_equal(ltv_program_set_init(&set, &scenario, &err), LTV_OK);
    static const bool borrows[] = {false, true, true, false};
    for (size_t a = 0; a < set.n; a++) {
        const ltv_program *program = &set.programs[a];
        size_t n = (size_t)program->horizon + 1;
        assert_int_equal(program->borrows, borrows[a]);
        assert_ptr_equal(program->kinds, set.programs[a < 3 ? 0 : 3].kinds);
        assert_int_equal(ltv_program_init(&alone, &scenario, &scenario.arms[a], &err), LTV_OK);
        assert_int_equal(program->n_interventions, alone.n_interventions);
        assert_int_equal(program->with_clock, alone.with_clock);
        assert_memory_equal(program->of_kind, alone.of_kind, sizeof alone.of_kind);
        assert_true(program->fixed_cost == alone.fixed_cost);
        assert_int_equal(program->n_kinds, alone.n_kinds);
        for (size_t k = 0; k < alone.n_kinds; k++)
            assert_memory_equal(program->kinds[k].discounted_margin,
                                alone.kinds[k].discounted_margin,
                                alone.n_components * n * sizeof(ltv_money));
        for (size_t s = 0; s < alone.n_segments; s++)
            assert_memory_equal(program->base_hazard[s], alone.base_hazard[s], n * sizeof(double));
        for (size_t k = 0; k < alone.n_interventions; k++)
            assert_memory_equal(program->interventions[k].per_contact,
                                alone.interventions[k].per_contact, n * sizeof(ltv_money));
        ltv_program_free(&alone);
    }
    ltv_program_set_free(&set);
    ltv_scenario_free(&scenario);
}

static void a_draw_borrows_order_values_of_its_shape(void **state)
{
    (void)state;
    ltv_scenario scenario;
    ltv_program_set mean, draw;
    ltv_error err = {0};
    scenario_fixture_init(&scenario, 0.03);
    scenario.arms[0].orders = (ltv_orders){.rate = 0.5, .value_mean = 40, .p = 2, .q = INFINITY};
    assert_int_equal(ltv_program_set_init(&mean, &scenario, &err), LTV_OK);
    const ltv_gamma_table *values = &mean.programs[0].order_values;
    for (int changes = 0; changes < 2; changes++) {
        scenario.arms[0].orders.rate = 0.7;
        scenario.arms[0].orders.p = changes ? 3 : 2;
        assert_int_equal(ltv_program_set_init_draw(&draw, &scenario, &mean, &err), LTV_OK);
        const ltv_gamma_table *own = &draw.programs[0].order_values;
        assert_true(own->shape == scenario.arms[0].orders.p);
        assert_int_equal(own->log_value != values->log_value, changes);
        assert_true(draw.programs[0].order_hazard[1] == 0.7);
        ltv_program_set_free(&draw);
    }
    assert_true(values->n > 0); /* it is still there, and only lent */
    ltv_program_set_free(&mean);
    ltv_scenario_free(&scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_needs_the_luck_that_any_arm_needs),
        cmocka_unit_test(arms_that_differ_in_programmes_alone_share_tables),
        cmocka_unit_test(a_draw_borrows_order_values_of_its_shape),
        cmocka_unit_test(an_arm_that_is_too_rich_fails_and_is_released),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
