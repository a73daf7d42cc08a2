/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "sim/cli/progress.h"

static void the_line_tells_share_rate_and_time_left(void **state)
{
    (void)state;
    static const ltv_terminal utf8 = {.utf8 = true}, ascii = {.utf8 = false};
    static const struct {
        uint64_t done, all;
        double elapsed_s;
        const ltv_terminal *terminal;
        const char *expected;
    } cases[] = {
        {4200000, 10000000, 1, &utf8,
         " 42 % of 10,000,000 customers · 4,200,000 a second · 2 s left"},
        {999, 1000, 10, &utf8, " 99 % of 1,000 customers · 100 a second · 1 s left"},
        {1000, 200000, 1, &ascii, "  0 % of 200,000 customers - 1,000 a second - 3 min 19 s left"},
        {1000, 10000000, 1, &utf8,
         "  0 % of 10,000,000 customers · 1,000 a second · 2 h 46 min left"},
        {0, 1000, 1, &utf8, "  0 % of 1,000 customers · 0 a second · a long time left"},
        {4000000000, 4000000000, 40, &utf8,
         "100 % of 4,000,000,000 customers · 100,000,000 a second · 0 s left"},
    };
    char line[256];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ltv_progress_line(line, sizeof line, cases[i].done, cases[i].all, cases[i].elapsed_s, "",
                          cases[i].terminal);
        assert_string_equal(line, cases[i].expected);
    }
}

static void the_line_tells_what_the_run_waits_for(void **state)
{
    (void)state;
    static const struct {
        double half_width, allowed;
        bool utf8;
        const char *expected;
    } cases[] = {
        {1.234, 0.5, true,
         " 42 % of 10,000,000 customers · delta_ltv ±1.2 of 0.5 · 4,200,000 a second · 2 s left"},
        {0.0496, 0.01, false,
         " 42 % of 10,000,000 customers - delta_ltv +-0.05 of 0.01 - 4,200,000 a second - 2 s "
         "left"},
        {NAN, 1, true,
         " 42 % of 10,000,000 customers · delta_ltv unknown · 4,200,000 a second · 2 s left"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char line[256];
        ltv_progress progress = {.terminal = {.utf8 = cases[i].utf8}};
        ltv_progress_wait(&progress, "delta_ltv", cases[i].half_width, cases[i].allowed);
        ltv_progress_line(line, sizeof line, 4200000, 10000000, 1, progress.target,
                          &progress.terminal);
        assert_string_equal(line, cases[i].expected);
    }
}

static void nothing_is_written_to_a_file(void **state)
{
    (void)state;
    FILE *file = tmpfile();
    ltv_progress progress;
    assert_non_null(file);
    ltv_progress_init(&progress, file, false);
    progress.started_s -= 100; /* as if it had run for long */
    ltv_progress_update(&progress, 1, 2);
    ltv_progress_clear(&progress);
    assert_int_equal(ftell(file), 0);
    fclose(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_line_tells_share_rate_and_time_left),
        cmocka_unit_test(the_line_tells_what_the_run_waits_for),
        cmocka_unit_test(nothing_is_written_to_a_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
