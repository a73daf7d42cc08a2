/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/cli/output_path.h"

/* What stands at the path is tried with the whole command, in test_command.c. */

static void results_are_named_after_the_scenario(void **state)
{
    (void)state;
    static const struct {
        const char *given, *scenario, *expected;
    } cases[] = {
        {NULL, "music/plan.yaml", "plan.h5"},
        {NULL, "plan", "plan.h5"},
        {NULL, ".plan", ".plan.h5"},
        {NULL, "a.b/plan", "plan.h5"},
        {NULL, "plan.v2.yaml", "plan.v2.h5"},
        {"x/y.h5", "plan.yaml", "x/y.h5"},
        {"x.h5", "-", "x.h5"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *output;
        ltv_error err = {0};
        assert_int_equal(ltv_output_path(&output, cases[i].given, cases[i].scenario, &err), LTV_OK);
        assert_string_equal(output, cases[i].expected);
        free(output);
    }
}

static void names_of_something_else_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *given, *scenario, *message;
    } cases[] = {
        {NULL, "-", "-o FILE"},
        {"-", "plan.yaml", "standard output"},
        {"plan.csv", "plan.yaml", "export results.h5 --csv DIR"},
        {"plan.XLSX", "plan.yaml", "export results.h5 --csv DIR"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *output;
        ltv_error err = {0};
        assert_int_equal(ltv_output_path(&output, cases[i].given, cases[i].scenario, &err),
                         LTV_ERR_BAD_INPUT);
        assert_null(output);
        assert_non_null(strstr(err.message, cases[i].message));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(results_are_named_after_the_scenario),
        cmocka_unit_test(names_of_something_else_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
