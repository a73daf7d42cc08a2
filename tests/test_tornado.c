/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "close.h"
#include "sim/tornado.h"

enum { INPUTS = 4, FIGURES = 2, STEEP = 0, BENT = 1, EVALUATIONS = 2 * INPUTS + 1 };

/* One straight in all inputs; one that turns back in the middle of some. */
static void figures_at(double *outputs, const ltv_uniform *u)
{
    outputs[STEEP] = 10 + 5 * u[0].below - 20 * u[1].below + 10 * u[2].below;
    outputs[BENT] = 3 * fabs(u[0].below - 0.5) + u[1].below - 9 * pow(u[2].below - 0.4, 2);
}

static void fill_outputs(double outputs[EVALUATIONS][FIGURES])
{
    assert_int_equal(ltv_tornado_evaluations(INPUTS), EVALUATIONS);
    for (size_t e = 0; e < EVALUATIONS; e++) {
        ltv_uniform point[INPUTS];
        ltv_tornado_point(point, INPUTS, e);
        figures_at(outputs[e], point);
    }
}

static void each_input_alone_leaves_its_median(void **state)
{
    (void)state;
    static const ltv_uniform p10 = {0.1, 0.9}, median = {0.5, 0.5}, p90 = {0.9, 0.1};
    const ltv_uniform expected[5][2] = {
        {median, median}, {p10, median}, {p90, median}, {median, p10}, {median, p90}};
    for (size_t e = 0; e < 5; e++) {
        ltv_uniform point[2];
        ltv_tornado_point(point, 2, e);
        assert_memory_equal(point, expected[e], sizeof point);
    }
}

typedef struct {
    size_t input;
    double low, high, swing, width;
    bool monotone;
} expected_row;

static void assert_rows(const double outputs[EVALUATIONS][FIGURES], size_t output,
                        const expected_row expected[INPUTS])
{
    ltv_tornado_row rows[INPUTS];
    assert_int_equal(ltv_tornado_rows(rows, INPUTS, outputs[0], FIGURES, output, NULL), LTV_OK);
    for (size_t i = 0; i < INPUTS; i++) {
        assert_int_equal(rows[i].input, expected[i].input);
        assert_within("low", rows[i].low, expected[i].low, 1e-14);
        assert_within("high", rows[i].high, expected[i].high, 1e-14);
        assert_within("swing", rows[i].swing, expected[i].swing, 1e-14);
        assert_within("width", rows[i].width, expected[i].width, 1e-14);
        assert_int_equal(rows[i].monotone, expected[i].monotone);
    }
}

static void a_straight_figure_swings_by_its_slopes_the_widest_first(void **state)
{
    (void)state;
    double outputs[EVALUATIONS][FIGURES];
    fill_outputs(outputs);
    static const expected_row expected[INPUTS] = {{1, 15.5, -0.5, -16, 16, true},
                                                  {2, 3.5, 11.5, 8, 8, true},
                                                  {0, 5.5, 9.5, 4, 4, true},
                                                  {3, 7.5, 7.5, 0, 0, true}};
    assert_rows(outputs, STEEP, expected);
}

static void a_figure_that_turns_back_has_a_bar_though_it_does_not_swing(void **state)
{
    (void)state;
    double outputs[EVALUATIONS][FIGURES];
    fill_outputs(outputs);
    /* The base is 0.41; input 2 falls from its top near the median on both sides. */
    static const expected_row expected[INPUTS] = {{2, -0.31, -1.75, -1.44, 2.16, false},
                                                  {0, 1.61, 1.61, 0, 1.2, false},
                                                  {1, 0.01, 0.81, 0.8, 0.8, true},
                                                  {3, 0.41, 0.41, 0, 0, true}};
    assert_rows(outputs, BENT, expected);
}

static void equal_bars_stay_in_the_order_of_inputs(void **state)
{
    (void)state;
    enum { MANY = 40 };
    double outputs[2 * MANY + 1] = {0};
    for (size_t i = 0; i < MANY; i++)
        outputs[2 + 2 * i] = i % 2 == 0 ? 1 : -1;
    ltv_tornado_row rows[MANY];
    assert_int_equal(ltv_tornado_rows(rows, MANY, outputs, 1, 0, NULL), LTV_OK);
    for (size_t i = 0; i < MANY; i++)
        assert_int_equal(rows[i].input, i);
}

static void one_input_is_a_row(void **state)
{
    (void)state;
    static const double outputs[] = {2, 1, 5};
    ltv_tornado_row row;
    assert_int_equal(ltv_tornado_rows(&row, 1, outputs, 1, 0, NULL), LTV_OK);
    assert_true(row.input == 0 && row.low == 1 && row.high == 5 && row.swing == 4 &&
                row.width == 4);
}

static void what_can_not_be_judged_is_refused(void **state)
{
    (void)state;
    double outputs[EVALUATIONS][FIGURES];
    fill_outputs(outputs);
    outputs[2][BENT] = NAN;
    outputs[5][BENT] = INFINITY;
    static const struct {
        const char *label, *words;
        size_t n_inputs, output;
    } cases[] = {{"two points without a value", "at 2 of 9 points", INPUTS, BENT},
                 {"no input", "needs an input", 0, STEEP},
                 {"no such figure", "no output 2, only 2", INPUTS, 2}};
    ltv_tornado_row rows[INPUTS];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ltv_error err = {0};
        assert_that(cases[i].label, ltv_tornado_rows(rows, cases[i].n_inputs, outputs[0], FIGURES,
                                                     cases[i].output, &err) == LTV_ERR_BAD_INPUT);
        assert_that(cases[i].label, strstr(err.message, cases[i].words) != NULL);
    }
    assert_int_equal(ltv_tornado_rows(rows, INPUTS, outputs[0], FIGURES, STEEP, NULL), LTV_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_input_alone_leaves_its_median),
        cmocka_unit_test(a_straight_figure_swings_by_its_slopes_the_widest_first),
        cmocka_unit_test(a_figure_that_turns_back_has_a_bar_though_it_does_not_swing),
        cmocka_unit_test(equal_bars_stay_in_the_order_of_inputs),
        cmocka_unit_test(one_input_is_a_row),
        cmocka_unit_test(what_can_not_be_judged_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
