/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <math.h>

#include "sim/metric_list.h"

static void figures_come_in_the_order_in_which_they_were_added(void **state)
{
    (void)state;
    ltv_metric_list list = {0};
    for (int i = 0; i < 100; i++) {
        char name[20];
        snprintf(name, sizeof name, "figure %d", i);
        ltv_metric *metric =
            ltv_metric_add(&list, name, (ltv_mean){i, 0.5}, "share", "what it means");
        if (i % 2 == 0)
            ltv_metric_note(metric, "even, like %d", i);
    }
    assert_true(list.n == 100 && !list.out_of_memory);
    assert_string_equal(list.metrics[42].name, "figure 42");
    assert_string_equal(list.metrics[42].note, "even, like 42");
    assert_string_equal(list.metrics[43].note, "");
    assert_true(list.metrics[99].value == 99 && list.metrics[99].mc_standard_error == 0.5);
    assert_string_equal(list.metrics[99].unit, "share");
    assert_string_equal(list.metrics[99].meaning, "what it means");
    free(list.metrics);
}

static void the_longest_name_fits(void **state)
{
    (void)state;
    ltv_metric_list list = {0};
    char name[LTV_METRIC_NAME_SIZE] = "participants_";
    memset(name + strlen(name), 'x', LTV_NAME_SIZE - 1);
    ltv_metric_add(&list, name, ltv_plain(1), "share", "…");
    assert_string_equal(list.metrics[0].name, name);
    free(list.metrics);
}

static void scaling_scales_the_error_too(void **state)
{
    (void)state;
    ltv_mean scaled = ltv_scaled((ltv_mean){2, 0.5}, 3);
    assert_true(scaled.mean == 6 && scaled.standard_error == 1.5);
    assert_true(ltv_plain(4).mean == 4 && isnan(ltv_plain(4).standard_error));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures_come_in_the_order_in_which_they_were_added),
        cmocka_unit_test(the_longest_name_fits),
        cmocka_unit_test(scaling_scales_the_error_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
