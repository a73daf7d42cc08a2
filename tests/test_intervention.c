/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "sim/intervention.h"

static void a_plain_effect_is_all_or_nothing(void **state)
{
    (void)state;
    ltv_effect effect = {.times = 0.7, .periods = 3};
    for (uint32_t k = 0; k < 3; k++)
        assert_true(ltv_effect_multiplier(&effect, k) == 0.7);
    assert_true(ltv_effect_multiplier(&effect, 3) == 1);
    effect.periods = LTV_FOR_EVER;
    assert_true(ltv_effect_multiplier(&effect, 20000) == 0.7);
}

static void a_ramp_is_linear_in_the_logarithm(void **state)
{
    (void)state;
    ltv_effect effect = {.times = 0.5, .periods = 6, .ramp = 4};
    const double expected[] = {0.25, 0.5, 0.75, 1, 1, 1, 0};
    for (uint32_t k = 0; k < 7; k++) {
        assert_true(fabs(ltv_effect_weight(&effect, k) - expected[k]) < 1e-15);
        assert_true(fabs(ltv_effect_multiplier(&effect, k) - pow(0.5, expected[k])) < 1e-15);
    }
}

static void a_fade_halves_in_its_half_life_and_ends(void **state)
{
    (void)state;
    ltv_effect effect = {.times = 2, .periods = 6, .fade_half_life = 3};
    assert_true(ltv_effect_weight(&effect, 5) == 1);
    assert_true(fabs(ltv_effect_weight(&effect, 6) - exp2(-1.0 / 3)) < 1e-15);
    assert_true(ltv_effect_weight(&effect, 8) == 0.5);
    assert_true(ltv_effect_weight(&effect, 6 + 59) == 0x1p-20);
    assert_true(ltv_effect_weight(&effect, 6 + 60) == 0);
    assert_true(ltv_effect_multiplier(&effect, 6 + 60) == 1);
}

static void a_multiplier_of_zero_works(void **state)
{
    (void)state;
    ltv_effect effect = {.times = 0, .periods = 2, .ramp = 2, .fade_half_life = 1};
    assert_true(ltv_effect_multiplier(&effect, 0) == 0);
    assert_true(ltv_effect_multiplier(&effect, 100) == 1);
}

static void it_is_held_as_long_as_its_longest_part(void **state)
{
    (void)state;
    ltv_intervention intervention = {
        .n_effects = 2, .effects = {{.periods = 4}, {.periods = 9}}, .price_off_bills = 5};
    assert_int_equal(ltv_intervention_held_for(&intervention), 9);
    intervention.price_off_bills = 12;
    assert_int_equal(ltv_intervention_held_for(&intervention), 12);
}

static void freeing_twice_is_safe(void **state)
{
    (void)state;
    ltv_intervention intervention = {.segments = calloc(2, sizeof(bool)),
                                     .phases = calloc(1, sizeof(ltv_phase))};
    ltv_intervention_free(&intervention);
    ltv_intervention_free(&intervention);
    assert_null(intervention.segments);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plain_effect_is_all_or_nothing),
        cmocka_unit_test(a_ramp_is_linear_in_the_logarithm),
        cmocka_unit_test(a_fade_halves_in_its_half_life_and_ends),
        cmocka_unit_test(a_multiplier_of_zero_works),
        cmocka_unit_test(it_is_held_as_long_as_its_longest_part),
        cmocka_unit_test(freeing_twice_is_safe),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
