/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/cli/chart.h"
#include "sim/cli/text.h"

static const ltv_terminal utf8 = {.utf8 = true};
static const ltv_terminal ascii = {.utf8 = false};
static const ltv_money_style yen = {"JPY", 0, true};

static void bars_have_eighths_of_a_line(void **state)
{
    (void)state;
    static const double height[] = {0, 0.0001, 0.25, 0.5, 0.75, 1, 2, NAN, -1};
    ltv_chart chart;
    ltv_chart_bars(&chart, height, 9, 2, &utf8);
    assert_int_equal(chart.n_lines, 2);
    assert_string_equal(chart.line[0], "    ▄██  ");
    assert_string_equal(chart.line[1], " ▁▄████  ");
}

static void bars_are_drawn_in_ascii_where_there_is_nothing_else(void **state)
{
    (void)state;
    static const double height[] = {0, 0.01, 0.5, 0.75, 1};
    ltv_chart chart;
    ltv_chart_bars(&chart, height, 5, 1, &ascii);
    assert_string_equal(chart.line[0], " .::#");
}

static void draw(ltv_chart *chart, size_t n_bins, const double *edges, const int64_t *counts,
                 double right, double mark, int columns)
{
    ltv_chart_histogram histogram = {.n_bins = n_bins,
                                     .edges = edges,
                                     .counts = counts,
                                     .right = right,
                                     .mark = mark,
                                     .mark_name = "CAC"};
    ltv_chart_draw_histogram(chart, &histogram, &yen, columns, 2, &utf8);
}

static void a_histogram_marks_where_an_amount_lies(void **state)
{
    (void)state;
    static const double edges[] = {0, 100, 200, 300, 400};
    static const int64_t counts[] = {8, 4, 2, 0};
    ltv_chart chart;
    draw(&chart, 4, edges, counts, INFINITY, 150, 24);
    assert_int_equal(chart.n_lines, 4);
    assert_string_equal(chart.line[0], "██████                  ");
    assert_string_equal(chart.line[1], "████████████▄▄▄▄▄▄      ");
    assert_string_equal(chart.line[2], "──────▲─────────────────");
    assert_string_equal(chart.line[3], "¥0  CAC ¥150        ¥400");
}

static void the_far_tail_is_left_out_and_said_so(void **state)
{
    (void)state;
    static const double edges[] = {0, 100, 200, 300, 400};
    static const int64_t counts[] = {8, 4, 2, 1};
    ltv_chart chart;
    draw(&chart, 4, edges, counts, 150, NAN, 20);
    assert_string_equal(chart.line[1], "████████████████████");
    assert_string_equal(chart.line[3], "¥0            ¥200 →");
}

static void whole_bins_share_a_column(void **state)
{
    (void)state;
    double edges[101];
    int64_t counts[100];
    ltv_chart chart;
    for (int i = 0; i <= 100; i++)
        edges[i] = i;
    for (int i = 0; i < 100; i++)
        counts[i] = 1;
    draw(&chart, 100, edges, counts, INFINITY, NAN, 40);
    /* 3 bins a column: 33 full columns and one of a single bin; no teeth in between. */
    assert_int_equal(ltv_text_width(chart.line[0]), 34);
    for (int i = 0; i < 33; i++)
        assert_memory_equal(chart.line[0] + i * 3, "█", 3);
}

static void marks_outside_of_the_drawing_are_not_drawn(void **state)
{
    (void)state;
    static const double edges[] = {0, 100, 200};
    static const int64_t counts[] = {1, 1};
    ltv_chart chart;
    draw(&chart, 2, edges, counts, INFINITY, 1000, 20);
    assert_null(strstr(chart.line[2], "▲"));
    draw(&chart, 2, edges, counts, INFINITY, -1, 20);
    assert_null(strstr(chart.line[2], "▲"));
    draw(&chart, 2, edges, counts, INFINITY, 200, 20);
    assert_non_null(strstr(chart.line[2], "▲"));
}

static void an_empty_or_one_sided_histogram_is_drawn_flat(void **state)
{
    (void)state;
    static const double edges[] = {5, 5};
    static const int64_t counts[] = {0};
    ltv_chart chart;
    draw(&chart, 1, edges, counts, INFINITY, NAN, 20);
    assert_string_equal(chart.line[1], "                    ");
}

static void shares_are_drawn_against_their_index(void **state)
{
    (void)state;
    static const double share[] = {1, 0.5, 0.25, 0};
    ltv_chart chart;
    ltv_chart_draw_shares(&chart, share, 4, 11, 2, &utf8);
    assert_string_equal(chart.line[0], "100 % │█   ");
    assert_string_equal(chart.line[1], "      │██▄ ");
    assert_string_equal(chart.line[2], "  0 % └────");
    assert_string_equal(chart.line[3], "       0  3");
}

static void a_single_share_is_a_curve_too(void **state)
{
    (void)state;
    static const double share[] = {1};
    ltv_chart chart;
    ltv_chart_draw_shares(&chart, share, 1, 12, 1, &utf8);
    assert_string_equal(chart.line[0], "100 % │█████");
}

static void charts_stand_beside_each_other_without_blanks_at_the_end(void **state)
{
    (void)state;
    static const double height[] = {1, 0}, higher[] = {0.5, 0};
    ltv_chart left, right;
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    ltv_chart_bars(&left, height, 2, 1, &utf8);
    ltv_chart_bars(&right, higher, 2, 2, &utf8);
    ltv_chart_print(out, &left, &right, 1, 4);
    fclose(out);
    assert_string_equal(text, " █\n     █\n");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bars_have_eighths_of_a_line),
        cmocka_unit_test(bars_are_drawn_in_ascii_where_there_is_nothing_else),
        cmocka_unit_test(a_histogram_marks_where_an_amount_lies),
        cmocka_unit_test(the_far_tail_is_left_out_and_said_so),
        cmocka_unit_test(whole_bins_share_a_column),
        cmocka_unit_test(marks_outside_of_the_drawing_are_not_drawn),
        cmocka_unit_test(an_empty_or_one_sided_histogram_is_drawn_flat),
        cmocka_unit_test(shares_are_drawn_against_their_index),
        cmocka_unit_test(a_single_share_is_a_curve_too),
        cmocka_unit_test(charts_stand_beside_each_other_without_blanks_at_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
