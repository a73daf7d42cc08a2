/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sim/cli/report/histogram.h"

static void a_picture_ends_with_the_share_and_before_the_wide_bin(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        size_t n_bins;
        double edges[5], shares[4], share, end;
    } pictures[] = {
        {"all but the wide bin", 4, {0, 10, 20.01, 30, 500}, {0.5, 0.3, 0.1, 0.1}, 1, 30},
        {"one bin", 1, {-5, 5}, {1}, 1, 5},
        {"all alike", 2, {0, 10, 20}, {0.5, 0.5}, 1, 20},
        {"most", 4, {0, 10, 20, 30, 40}, {0.9, 0.0625, 0.03, 0.0075}, 0.99, 30},
        {"exactly", 4, {0, 10, 20, 30, 40}, {0.5, 0.25, 0.125, 0.125}, 0.75, 20},
        {"not reached before the wide bin", 3, {0, 10, 20, 90}, {0.5, 0.25, 0.25}, 0.99, 20},
    };
    for (size_t i = 0; i < sizeof pictures / sizeof *pictures; i++) {
        double shares[4];
        memcpy(shares, pictures[i].shares, sizeof shares);
        ltv_report_customers of = {pictures[i].n_bins, shares, pictures[i].edges};
        if (ltv_report_end_of(&of, pictures[i].share) != pictures[i].end)
            fail_msg("%s: ends at %g", pictures[i].label,
                     ltv_report_end_of(&of, pictures[i].share));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_picture_ends_with_the_share_and_before_the_wide_bin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
