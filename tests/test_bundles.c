/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "close.h"
#include "scenario_fixture.h"
#include "sim/kernel/bundles.h"

enum { HORIZON = 40, PLANS = 2, ADD_ONS = 3 };

/* Two plans, three add-ons, a service cost, 10 % a year. */
static void compile(ltv_program *program, double dearest)
{
    ltv_scenario scenario;
    ltv_error err = {0};
    const double prices[PLANS] = {900, dearest}, starts[PLANS] = {0.5, 0.5};
    scenario_fixture_init(&scenario, 0.03);
    scenario.horizon = HORIZON;
    scenario.discount_rate_per_year = 0.1;
    scenario.arms[0].service_cost = 50;
    scenario_fixture_set_plans(&scenario.arms[0], PLANS, prices, starts);
    for (int a = 0; a < ADD_ONS; a++)
        scenario_fixture_add_add_on(&scenario.arms[0], 100 * (a + 1), 0.1, 0.1);
    assert_int_equal(ltv_program_init(program, &scenario, &scenario.arms[0], &err), LTV_OK);
    ltv_scenario_free(&scenario);
}

/* Bills one by one. */
static void assert_value(const char *label, ltv_bundles *kept, const ltv_program *program,
                         uint16_t plan, uint32_t add_ons, uint32_t bills)
{
    const ltv_kind *kind = &program->kinds[0];
    size_t stride = HORIZON + 1;
    ltv_money margin[LTV_VALUED] = {0}, service[LTV_VALUED] = {0};
    for (uint32_t u = 0; u < bills; u++)
        for (int k = 0; k < LTV_VALUED; k++) {
            if (k < LTV_CHECKPOINTS && u >= program->checkpoint[k])
                continue;
            service[k] += kind->discounted_service[u + 1] - kind->discounted_service[u];
            for (size_t c = 0; c < PLANS + ADD_ONS; c++)
                if (c == plan || (c >= PLANS && add_ons >> (c - PLANS) & 1))
                    margin[k] += kind->discounted_margin[c * stride + u + 1] -
                                 kind->discounted_margin[c * stride + u];
        }
    const ltv_valued_bills *value = ltv_bundle_value(kept, program, kind, plan, add_ons, bills);
    for (int k = 0; k < LTV_VALUED; k++)
        assert_that(label, value->margin[k] == margin[k] && value->service[k] == service[k]);
}

static void assert_all_values(const char *label, ltv_bundles *kept, const ltv_program *program)
{
    for (int pass = 0; pass < 2; pass++)
        for (uint16_t plan = 0; plan < PLANS; plan++)
            for (uint32_t add_ons = 0; add_ons < 1u << ADD_ONS; add_ons++)
                for (uint32_t bills = 0; bills <= HORIZON; bills++)
                    assert_value(label, kept, program, plan, add_ons, bills);
}

static void bills_are_worth_what_each_is(void **state)
{
    (void)state;
    ltv_program program, dearer;
    ltv_bundles kept;
    compile(&program, 1500);
    compile(&dearer, 3000);
    assert_true(ltv_bundles_init(&kept, &program));
    ltv_bundles_keep_for(&kept, &program);
    assert_all_values("room for all", &kept, &program);
    ltv_bundles_keep_for(&kept, &dearer);
    assert_all_values("another program", &kept, &dearer);
    ltv_bundles_free(&kept);
    ltv_program_free(&program);
    ltv_program_free(&dearer);
}

/* Those of one bundle never fall on one another, which who asks for two of them relies on. */
static void with_little_room_they_are_worked_out_again(void **state)
{
    (void)state;
    ltv_program program;
    ltv_bundles kept;
    compile(&program, 1500);
    assert_true(ltv_bundles_init(&kept, &program));
    ltv_bundles_keep_for(&kept, &program);
    kept.places = 64;
    assert_all_values("little room", &kept, &program);
    const ltv_valued_bills *first = ltv_bundle_value(&kept, &program, program.kinds, 1, 5, 0);
    for (uint32_t bills = 1; bills <= HORIZON; bills++)
        assert_true(ltv_bundle_value(&kept, &program, program.kinds, 1, 5, bills) != first);
    ltv_bundles_free(&kept);
    ltv_program_free(&program);
}

static void there_is_always_more_room_than_bills(void **state)
{
    (void)state;
    ltv_program program;
    ltv_bundles kept;
    compile(&program, 1500);
    program.horizon = 20000; /* only asked for its size */
    assert_true(ltv_bundles_init(&kept, &program));
    assert_true(kept.places > 20000 && (kept.places & (kept.places - 1)) == 0);
    ltv_bundles_free(&kept);
    program.horizon = HORIZON;
    ltv_program_free(&program);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bills_are_worth_what_each_is),
        cmocka_unit_test(with_little_room_they_are_worked_out_again),
        cmocka_unit_test(there_is_always_more_room_than_bills),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
