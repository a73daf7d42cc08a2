/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sim/clock.h"
#include "sim/kernel/hazards.h"
#include "sim/scenario.h"

/* That clocks fire when they should is the product of test_vector; here is what their guide says.
 */

/* Hazards of several courses, from 0 on. */
static void fill(double *cumulative, uint32_t horizon, int course)
{
    cumulative[0] = 0;
    for (uint32_t u = 1; u <= horizon; u++) {
        static const double certain[] = {LTV_CERTAIN, INFINITY};
        double of_course[] = {0.03 * u,
                              0,
                              floor(u / 12.0) * 0.7,
                              1e-300 * u,
                              u < horizon / 2 ? 1e-6 * u : 1e3 * u,
                              2 * u <= horizon ? 0.1 * u : certain[0],
                              u == 1 ? 0.2 : certain[1],
                              1e299 * u,
                              sqrt(u)};
        cumulative[u] = of_course[course];
    }
}

enum { COURSES = 9 };

/* Bills with a hazard below a limit are at least those before its cell, and none after it. */
static void check_limit(const ltv_hazards *hazards, size_t table, double limit)
{
    const double *cumulative = hazards->cumulative + table * hazards->stride;
    uint32_t cell = ltv_hazards_cell(limit, hazards->scale[table], hazards->n_cells);
    assert_true(cell < hazards->n_cells);
    uint32_t guided = hazards->guide[table * hazards->n_cells + cell], below = 0;
    uint32_t before = guided & LTV_GUIDE_BILLS, in_it = guided >> LTV_GUIDE_SHIFT;
    for (uint32_t u = 1; u <= hazards->horizon; u++)
        below += cumulative[u] < limit;
    assert_true(before <= below && below <= before + in_it);
    assert_true(before + in_it <= hazards->horizon);
}

static void limits_are_passed_where_the_guide_says(void **state)
{
    (void)state;
    static const uint32_t horizons[] = {1, 2, 12, 60, 255, 1000, LTV_MAX_HORIZON};
    static double cumulative[LTV_MAX_HORIZON + 1];
    for (size_t h = 0; h < sizeof horizons / sizeof *horizons; h++) {
        ltv_hazards hazards;
        uint32_t horizon = horizons[h], step = horizon / 97 + 1;
        assert_true(ltv_hazards_init(&hazards, COURSES, horizon));
        for (int course = 0; course < COURSES; course++) {
            size_t table = (size_t)course;
            check_limit(&hazards, table, 0.1);                 /* still empty */
            fill(cumulative, horizon, (course + 1) % COURSES); /* leaves nothing behind */
            ltv_hazards_set(&hazards, table, cumulative);
            fill(cumulative, horizon, course);
            ltv_hazards_set(&hazards, table, cumulative);
            ltv_hazards_set(&hazards, table, cumulative);
            assert_memory_equal(hazards.cumulative + table * hazards.stride, cumulative,
                                hazards.stride * sizeof *cumulative);
            for (uint32_t u = 0; u <= horizon; u += step) {
                double at[] = {cumulative[u], nextafter(cumulative[u], 0),
                               nextafter(cumulative[u], INFINITY), 1.01 * cumulative[u],
                               cumulative[u] + 0.001};
                for (size_t k = 0; k < sizeof at / sizeof *at; k++)
                    check_limit(&hazards, table, at[k]);
            }
            check_limit(&hazards, table, -1e-20);
            check_limit(&hazards, table, INFINITY);
        }
        ltv_hazards_free(&hazards);
        ltv_hazards_free(&hazards);
    }
}

/* With what is not a number nobody finds anything, but nothing is read beyond the guide either. */
static void every_number_has_a_cell(void **state)
{
    (void)state;
    static const double odd[] = {NAN, INFINITY, -INFINITY, -0.0, 1e308, -1e308};
    for (size_t k = 0; k < sizeof odd / sizeof *odd; k++)
        for (uint32_t n = 1; n <= 1024; n *= 2)
            assert_true(ltv_hazards_cell(odd[k], 1e10, n) < n &&
                        ltv_hazards_cell(odd[k], 0, n) < n);
}

/* Most cells of an even course have one bill at most, so that one look is enough. */
static void an_even_course_is_told_apart(void **state)
{
    (void)state;
    double cumulative[61];
    ltv_hazards hazards;
    fill(cumulative, 60, 0);
    assert_true(ltv_hazards_init(&hazards, 1, 60));
    ltv_hazards_set(&hazards, 0, cumulative);
    for (uint32_t cell = 0; cell < hazards.n_cells; cell++)
        assert_true(hazards.guide[cell] >> LTV_GUIDE_SHIFT <= 1);
    ltv_hazards_free(&hazards);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(limits_are_passed_where_the_guide_says),
        cmocka_unit_test(every_number_has_a_cell),
        cmocka_unit_test(an_even_course_is_told_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
