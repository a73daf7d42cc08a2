/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "sim/io/results/draw_distribution.h"

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
    {"alike but for rounding", {7e14, 7e14 + 0.125}, 2, 1},
    {"tiny", {1e-9, 2e-9, 5e-9}, 3, 1},
    {"on the edges of bins", {0, 0.5, 1, 11}, 4, 1},
    {"one does not apply", {1, 2, NAN, 4}, 4, 0.75},
    {"one is infinite", {1, INFINITY}, 2, 0.5},
};

static void bins_cover_all_values_and_count_each_once(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ltv_draw_distribution of = ltv_draw_distribution_bin(cases[i].values, cases[i].n);
        double sum = 0;
        assert_in_range(of.n_bins, 1, LTV_DISTRIBUTION_BINS);
        for (size_t b = 0; b < of.n_bins; b++) {
            double expect = 0;
            for (size_t v = 0; v < cases[i].n; v++)
                expect += cases[i].values[v] >= of.edges[b] && cases[i].values[v] < of.edges[b + 1];
            if (fabs(of.shares[b] - expect / (double)cases[i].n) > 1e-12)
                fail_msg("%s: bin %zu holds %g", cases[i].label, b, of.shares[b]);
            assert_true(of.edges[b + 1] > of.edges[b]);
            sum += of.shares[b];
        }
        if (fabs(sum - cases[i].covered) > 1e-12)
            fail_msg("%s: shares sum up to %g", cases[i].label, sum);
    }
}

static void nothing_finite_has_no_bins(void **state)
{
    (void)state;
    assert_int_equal(ltv_draw_distribution_bin((double[]){NAN, INFINITY}, 2).n_bins, 0);
    assert_int_equal(ltv_draw_distribution_bin((double[]){-1e308, 1e308}, 2).n_bins, 0);
    assert_int_equal(ltv_draw_distribution_bin(NULL, 0).n_bins, 0);
}

/* Two figures in four draws: ROI and one that the file does not know in each draw. */
static ltv_document draws_document(size_t rows_of_noise)
{
    static const double values[] = {1, 9, 2, 9, 3, 9, 6, NAN};
    static const double noise[] = {1, 0, 1, 0, 1, 0, 1, 0};
    ltv_document doc = {0};
    ltv_document_array_string(&doc, "/draws/a|b/metric_names", 2,
                              (const char *const[]){"roi", "cost"});
    ltv_document_array(&doc, "/draws/a|b/metrics", 2, (size_t[]){4, 2}, values);
    ltv_document_array(&doc, "/draws/a|b/metrics_noise", 2, (size_t[]){rows_of_noise, 2}, noise);
    return doc;
}

/* The values 1, 2, 3, 6 have the mean 3 and the variance 14/3, of which 1 is noise. */
static void noise_is_taken_out_of_draws(void **state)
{
    (void)state;
    ltv_draw_distribution of;
    ltv_document doc = draws_document(4);
    assert_true(ltv_draw_distribution_find(&of, &doc, "a", "b", "roi"));
    double kept = sqrt((14.0 / 3 - 1) / (14.0 / 3));
    assert_true(of.edges[0] <= 3 - 2 * kept && of.edges[1] > 3 - 2 * kept);
    assert_true(of.edges[of.n_bins - 1] <= 3 + 3 * kept && of.edges[of.n_bins] > 3 + 3 * kept);
    assert_true(of.shares[0] == 0.25 && of.shares[of.n_bins - 1] == 0.25);
    ltv_document_free(&doc);
}

static void what_the_file_does_not_tell_has_no_distribution(void **state)
{
    (void)state;
    static const struct {
        const char *label, *arm, *figure;
        size_t rows_of_noise;
    } absent[] = {
        {"another arm", "c", "roi", 4},
        {"another figure", "a", "ltv", 4},
        {"missing in one draw", "a", "cost", 4},
        {"noise of too few draws", "a", "roi", 3},
    };
    for (size_t i = 0; i < sizeof absent / sizeof *absent; i++) {
        ltv_draw_distribution of;
        ltv_document doc = draws_document(absent[i].rows_of_noise);
        assert_true(ltv_draw_distribution_find(&of, &doc, absent[i].arm, "b", absent[i].figure));
        if (of.n_bins != 0)
            fail_msg("%s", absent[i].label);
        ltv_document_free(&doc);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bins_cover_all_values_and_count_each_once),
        cmocka_unit_test(nothing_finite_has_no_bins),
        cmocka_unit_test(noise_is_taken_out_of_draws),
        cmocka_unit_test(what_the_file_does_not_tell_has_no_distribution),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
