/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "close.h"
#include "sim/jackknife.h"

static void there_are_as_many_groups_as_scrambles_or_about_the_root(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        size_t n;
        uint32_t scrambles, expected;
    } cases[] = {
        {"scrambles", 1024, 16, 16},       {"root", 1024, 1, 32},
        {"0 is independent", 1024, 0, 32}, {"at most 50", 1000000, 1, 50},
        {"at least 10", 64, 1, 10},        {"no more than draws", 3, 1, 3},
        {"not even scrambles", 3, 8, 3},   {"none", 0, 1, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_that(cases[i].label,
                    ltv_jackknife_groups(cases[i].n, cases[i].scrambles) == cases[i].expected);
}

static void rows_left_belong_to_the_scrambles_left(void **state)
{
    (void)state;
    /* Row d is (d, scramble); 11 is no multiple of 4. */
    enum { N = 11, SCRAMBLES = 4 };
    double rows[2 * N], kept[2 * N];
    for (size_t d = 0; d < N; d++) {
        rows[2 * d] = (double)d;
        rows[2 * d + 1] = (double)(d % SCRAMBLES);
    }
    for (uint32_t g = 0; g < SCRAMBLES; g++) {
        size_t n = ltv_jackknife_without(kept, rows, N, 2, SCRAMBLES, g);
        uint32_t left = ltv_jackknife_scrambles_left(SCRAMBLES);
        assert_true(n == N - (g < 3 ? 3 : 2) && left == 3);
        for (size_t i = 0; i < n; i++) {
            assert_true(kept[2 * i + 1] != g);
            assert_true(kept[2 * i + 1] == kept[2 * (i % left) + 1]);
            assert_true(i == 0 || kept[2 * i] > kept[2 * i - 2]);
        }
    }
}

/* Leaving out one at a time gives the textbook error of a mean. */
static void the_error_of_a_mean_is_the_textbook_one(void **state)
{
    (void)state;
    const double x[] = {1, 2, 4, 9};
    double figures[4], kept[4];
    for (uint32_t g = 0; g < 4; g++) {
        size_t n = ltv_jackknife_without(kept, x, 4, 1, 4, g);
        figures[g] = 0;
        for (size_t i = 0; i < n; i++)
            figures[g] += kept[i] / (double)n;
    }
    assert_close("mean", ltv_jackknife_error(figures, 4), sqrt((9 + 4 + 0 + 25) / 3.0 / 4), 1e-15);
}

static void equal_figures_have_no_error_and_one_has_none_that_is_known(void **state)
{
    (void)state;
    const double same[] = {0.1, 0.1, 0.1}, broken[] = {1, NAN, 2};
    assert_true(ltv_jackknife_error(same, 3) == 0);
    assert_true(isnan(ltv_jackknife_error(same, 1)));
    assert_true(isnan(ltv_jackknife_error(same, 0)));
    assert_true(isnan(ltv_jackknife_error(broken, 3)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(there_are_as_many_groups_as_scrambles_or_about_the_root),
        cmocka_unit_test(rows_left_belong_to_the_scrambles_left),
        cmocka_unit_test(the_error_of_a_mean_is_the_textbook_one),
        cmocka_unit_test(equal_figures_have_no_error_and_one_has_none_that_is_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
