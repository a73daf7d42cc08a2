/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim/cli/report/histogram.h"

static void the_bulk_ends_before_the_wide_bin(void **state)
{
    (void)state;
    assert_true(ltv_report_end_of_bulk((double[]){0, 10, 20.01, 30, 500}, 4) == 30);
    assert_true(ltv_report_end_of_bulk((double[]){-5, 5}, 1) == 5);
    assert_true(ltv_report_end_of_bulk((double[]){0, 10, 20}, 2) == 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_bulk_ends_before_the_wide_bin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
