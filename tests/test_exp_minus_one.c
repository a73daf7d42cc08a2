/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "close.h"
#include "models/exp_minus_one.h"

static double ulps_off(double x)
{
    long double right = expm1l((long double)x);
    double unit = nextafter((double)right, INFINITY) - (double)right;
    return (double)(fabsl((long double)ltv_exp_minus_one(x) - right) / (long double)unit);
}

/* All octaves up to where doubles end, 4,096 places in each, and both sides of each multiple of
 * half of ln 2, where the reduction changes. */
static void it_is_within_three_units_in_the_last_place(void **state)
{
    (void)state;
    double worst = 0;
    for (int exponent = -100; exponent < 10; exponent++)
        for (int i = 0; i < 4096; i++) {
            double x = ldexp(1 + (i + 0.37) / 4096, exponent);
            if (x < 709)
                worst = fmax(worst, ulps_off(x));
        }
    for (int k = 1; k < 2045; k++)
        for (int beside = -3; beside <= 3; beside++)
            worst = fmax(worst, ulps_off(k * M_LN2 / 2 * (1 + beside * 0x1p-50)));
    print_message("at most %.3f units in the last place\n", worst);
    assert_true(worst < 3);
}

static void the_ends_are_right(void **state)
{
    (void)state;
    assert_true(ltv_exp_minus_one(0) == 0);
    assert_true(ltv_exp_minus_one(0x1p-97) == 0x1p-97);
    assert_true(isfinite(ltv_exp_minus_one(nextafter(709, 0))));
    assert_true(isinf(ltv_exp_minus_one(709)) && isinf(ltv_exp_minus_one(1e9)) &&
                isinf(ltv_exp_minus_one(INFINITY)));
}

/* It never falls, so that searches by it end at one place. */
static void it_rises(void **state)
{
    (void)state;
    for (double start = 0x1p-60; start < 709; start *= 1.7) {
        double x = start, before = 0;
        for (int step = 0; step < 3000; step++, x = nextafter(x, INFINITY)) {
            double now = ltv_exp_minus_one(x);
            assert_true(now >= before);
            before = now;
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_within_three_units_in_the_last_place),
        cmocka_unit_test(the_ends_are_right),
        cmocka_unit_test(it_rises),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
