/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "sim/offer.h"

static void every_lever_has_a_name_of_its_own(void **state)
{
    (void)state;
    for (int i = 0; i < LTV_LEVERS; i++) {
        assert_non_null(ltv_lever_name((ltv_lever)i));
        for (int j = 0; j < i; j++)
            assert_string_not_equal(ltv_lever_name((ltv_lever)i), ltv_lever_name((ltv_lever)j));
    }
}

static void no_multipliers_are_ones(void **state)
{
    (void)state;
    ltv_multipliers times = LTV_NO_MULTIPLIERS;
    for (int i = 0; i < LTV_LEVERS; i++)
        assert_true(times.on[i] == 1);
}

static void freeing_twice_is_safe(void **state)
{
    (void)state;
    ltv_plan plan = {.n_upgrades = 1, .upgrades = calloc(1, sizeof *plan.upgrades)};
    plan.upgrades[0].rate.spikes = calloc(1, sizeof(ltv_tenure_spike));
    ltv_plan_free(&plan);
    ltv_plan_free(&plan);
    ltv_add_on add_on = {.drop = {.spikes = calloc(1, sizeof(ltv_tenure_spike))}};
    ltv_add_on_free(&add_on);
    ltv_add_on_free(&add_on);
    assert_null(plan.upgrades);
    assert_null(add_on.drop.spikes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_lever_has_a_name_of_its_own),
        cmocka_unit_test(no_multipliers_are_ones),
        cmocka_unit_test(freeing_twice_is_safe),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
