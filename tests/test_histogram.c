/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/cli/report/histogram.h"

static const struct {
    const char *label;
    double values[8];
    size_t n;
    double covered; /* what the shares sum up to */
} cases[] = {
    {"spread out", {0, 1, 2, 3, 4, 5, 6, 7}, 8, 1},
    {"all alike", {3.5, 3.5, 3.5, 3.5, 3.5, 3.5, 3.5, 3.5}, 8, 1},
    {"all zero", {0, 0}, 2, 1},
    {"negative", {-1e6, -2.5e5, -1}, 3, 1},
    {"tiny", {1e-9, 2e-9, 5e-9}, 3, 1},
    {"on the edges of bins", {0, 0.5, 1, 11}, 4, 1},
    {"one does not apply", {1, 2, NAN, 4}, 4, 0.75},
    {"one is infinite", {1, INFINITY}, 2, 0.5},
};

static void bins_cover_all_values_and_count_each_once(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double edges[LTV_REPORT_BINS + 1], shares[LTV_REPORT_BINS], sum = 0;
        size_t bins = ltv_report_bin(edges, shares, cases[i].values, cases[i].n);
        assert_in_range(bins, 1, LTV_REPORT_BINS);
        for (size_t b = 0; b < bins; b++) {
            double expect = 0;
            for (size_t v = 0; v < cases[i].n; v++)
                expect += cases[i].values[v] >= edges[b] && cases[i].values[v] < edges[b + 1];
            if (fabs(shares[b] - expect / (double)cases[i].n) > 1e-12)
                fail_msg("%s: bin %zu holds %g", cases[i].label, b, shares[b]);
            assert_true(edges[b + 1] > edges[b]);
            sum += shares[b];
        }
        if (fabs(sum - cases[i].covered) > 1e-12)
            fail_msg("%s: shares sum up to %g", cases[i].label, sum);
    }
}

static void nothing_finite_has_no_bins(void **state)
{
    (void)state;
    double edges[LTV_REPORT_BINS + 1], shares[LTV_REPORT_BINS];
    assert_int_equal(ltv_report_bin(edges, shares, (double[]){NAN, INFINITY}, 2), 0);
    assert_int_equal(ltv_report_bin(edges, shares, NULL, 0), 0);
}

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
        cmocka_unit_test(bins_cover_all_values_and_count_each_once),
        cmocka_unit_test(nothing_finite_has_no_bins),
        cmocka_unit_test(a_picture_ends_with_the_share_and_before_the_wide_bin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
