/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "close.h"
#include "models/negative_log.h"

/* -ln U in long double, from whichever end is near. */
static long double exact(ltv_uniform u)
{
    return u.below < 0.5 ? -logl((long double)u.below) : -log1pl(-(long double)u.above);
}

/* The distance in units in the last place of the exact value. */
static double ulps_off(ltv_uniform u)
{
    long double right = exact(u);
    double unit = nextafter((double)right, INFINITY) - (double)right;
    return (double)(fabsl((long double)ltv_negative_log(u) - right) / (long double)unit);
}

static ltv_uniform from_below(double below)
{
    return (ltv_uniform){.below = below, .above = 1 - below};
}

static ltv_uniform from_above(double above)
{
    return (ltv_uniform){.below = 1 - above, .above = above};
}

/* Whole octaves at both ends, 4,096 places in each; near the middle every place where a branch of
 * the reduction changes. */
static void it_is_within_three_units_in_the_last_place(void **state)
{
    (void)state;
    double worst = 0;
    for (int exponent = -97; exponent < -1; exponent++)
        for (int i = 0; i < 4096; i++) {
            double x = ldexp(1 + (i + 0.37) / 4096, exponent);
            worst = fmax(worst, ulps_off(from_below(x)));
            if (exponent >= -65)
                worst = fmax(worst, ulps_off(from_above(x)));
        }
    print_message("at most %.3f units in the last place\n", worst);
    assert_true(worst < 3);
}

/* 2^k U has the logarithm of U less k ln 2, whichever way it was reduced. */
static void special_places_are_right(void **state)
{
    (void)state;
    assert_close("a half", ltv_negative_log(from_below(0.5)), M_LN2, 1e-16);
    assert_close("the smallest", ltv_negative_log(from_below(0x1p-97)), 97 * M_LN2, 2e-16);
    assert_close("the largest", ltv_negative_log(from_above(0x1p-65)), 0x1p-65, 1e-16);
    for (int side = -1; side <= 1; side++) {
        double root = M_SQRT1_2 + side * 0x1p-53;
        assert_close("the root of a half", ltv_negative_log(from_below(root)), (double)-logl(root),
                     3e-16);
    }
}

/* It never rises with U, so that searches by it end at one place. */
static void it_falls_with_u(void **state)
{
    (void)state;
    static const double around[] = {0x1p-97, 0x1p-65,   0x1p-33, 0x1p-32, 0.25, 0.35355339059327373,
                                    0.5,     M_SQRT1_2, 0.75,    0.999};
    for (size_t i = 0; i < sizeof around / sizeof *around; i++) {
        double x = around[i], before = INFINITY;
        for (int step = 0; step < 20000; step++, x = nextafter(x, 1)) {
            double now = ltv_negative_log(from_below(x));
            assert_true(now <= before);
            before = now;
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_within_three_units_in_the_last_place),
        cmocka_unit_test(special_places_are_right),
        cmocka_unit_test(it_falls_with_u),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
