/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>

#include "close.h"
#include "models/beta.h"
#include "models/spread.h"

static int no_abort(void **state)
{
    (void)state;
    gsl_set_error_handler_off();
    return 0;
}

static const double shapes[] = {1e-3, 0.01, 0.3, 1, 2.5, 40.5, 960.5, 1e5, 1e7, 1e9, 1e12};
enum { SHAPES = sizeof shapes / sizeof *shapes };

static void ranks_agree_with_a_computation_of_40_digits(void **state)
{
    (void)state;
    static const struct {
        double alpha, beta, x, below, above;
    } cases[] = {
        {0.001, 0.001, 0.25, 0.49945150751929400011, 0.50054849248070599989},
        {0.001, 0.001, 1e-200, 0.31547919042488400499, 0.68452080957511599501},
        {0.001, 40, 0.01, 0.99929232114871381163, 0.00070767885128618837097},
        {0.001, 1e7, 1e-09, 0.99596940298475203462, 0.0040305970152479653789},
        {0.5, 0.5, 0.1, 0.20483276469913345754, 0.79516723530086654246},
        {2.5, 0.001, 0.999, 0.0056136425076991969549, 0.99438635749230080305},
        {1, 1e7, 3e-08, 0.25918178265196416631, 0.74081821734803583369},
        {40.5, 960.5, 0.02, 0.000029782924852795651008, 0.99997021707514720435},
        {40.5, 960.5, 0.0405, 0.52219612600328660308, 0.47780387399671339692},
        {40.5, 960.5, 0.06, 0.99748244831148250143, 0.002517551688517498566},
        {1e4, 3e4, 0.24, 1.5872922895640495604e-6, 0.99999841270771043595},
        {1e4, 3e4, 0.25, 0.50076776779773829143, 0.49923223220226170857},
        {1e5, 10, 0.9997, 7.0921135378394718846e-6, 0.99999290788646216053},
        {1e7, 0.001, 0.999999, 4.1692873247703397246e-9, 0.99999999583071267523},
        {1e7, 1e7, 0.4995, 3.872088978268331492e-6, 0.99999612791102173167},
        {1e7, 1e7, 0.4999, 0.18554668535934215938, 0.81445331464065784062},
        {1e7, 1e7, 0.5002, 0.963180868902126007, 0.036819131097873993002},
        {1e7, 3000, 0.9997, 0.49101838866034098774, 0.50898161133965901226},
        {1e9, 0.3, 0.9999999975, 0.011845322032321174289, 0.98815467796767882571},
        {2e9, 5e11, 0.003984, 0.23669698026470307207, 0.76330301973529692793},
        {1e12, 0.001, 0.99999999999, 4.1693040497498343739e-9, 0.99999999583069595025},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ltv_uniform rank =
            ltv_beta_ranks(cases[i].alpha, cases[i].beta, cases[i].x, 1 - cases[i].x);
        ltv_uniform mirrored =
            ltv_beta_ranks(cases[i].beta, cases[i].alpha, 1 - cases[i].x, cases[i].x);
        char label[100];
        snprintf(label, sizeof label, "alpha %g, beta %g, x %.12g", cases[i].alpha, cases[i].beta,
                 cases[i].x);
        assert_close(label, rank.below, cases[i].below, 2e-11);
        assert_close(label, rank.above, cases[i].above, 2e-11);
        assert_close(label, mirrored.above, cases[i].below, 2e-11);
        assert_close(label, mirrored.below, cases[i].above, 2e-11);
    }
}

static void ranks_agree_with_gsl_where_gsl_is_right(void **state)
{
    (void)state;
    static const double moderate[] = {0.05, 0.5, 1, 1.7, 12, 150};
    for (size_t i = 0; i < 6; i++)
        for (size_t j = 0; j < 6; j++)
            for (double x = 0.03; x < 1; x += 0.0597) {
                ltv_uniform rank = ltv_beta_ranks(moderate[i], moderate[j], x, 1 - x);
                assert_close("P", rank.below, gsl_cdf_beta_P(x, moderate[i], moderate[j]), 1e-12);
                assert_close("Q", rank.above, gsl_cdf_beta_Q(x, moderate[i], moderate[j]), 1e-12);
            }
}

/* Beta(n, n) nears the normal distribution with an error of the order of z^4 / n. */
static void the_largest_shapes_are_as_good_as_normal(void **state)
{
    (void)state;
    double n = LTV_BETA_MOST_SHAPE;
    for (double z = -6; z <= 6; z += 0.5) {
        double x = 0.5 + z / sqrt(8 * n + 4);
        double score = (x - 0.5) * sqrt(8 * n + 4);
        ltv_uniform rank = ltv_beta_ranks(n, n, x, 1 - x), normal = ltv_uniform_of_score(score);
        assert_close("below", rank.below, normal.below, 2e-9);
        assert_close("above", rank.above, normal.above, 2e-9);
    }
}

static void beyond_the_ends_there_is_nothing(void **state)
{
    (void)state;
    static const double beyond[] = {-1e300, -0.1, 0, 1, 1.5, 1e300};
    for (size_t i = 0; i < 6; i++) {
        ltv_uniform rank = ltv_beta_ranks(2, 3, beyond[i], 1 - beyond[i]);
        assert_true(rank.below == (beyond[i] >= 1));
        assert_true(rank.above == (beyond[i] <= 0));
    }
}

/* A right quantile has the rank asked for, or lies within one unit in the last place of a number
 * that has: that much of a rank cannot be said by a double. */
static void assert_inverts(double alpha, double beta, ltv_uniform u)
{
    double x = ltv_beta_quantile(alpha, beta, u);
    double less = nextafter(x, -1), more = x > 0 ? nextafter(x, 2) : 1e-303;
    ltv_uniform low = ltv_beta_ranks(alpha, beta, less, 1 - less);
    ltv_uniform high = ltv_beta_ranks(alpha, beta, more, 1 - more);
    char label[100];
    snprintf(label, sizeof label, "alpha %g, beta %g, rank %g/%g, x %.17g", alpha, beta, u.below,
             u.above, x);
    const double room = 1e-9;
    assert_that(label, x >= 0 && x <= 1);
    if (u.below < u.above)
        assert_that(label, low.below <= u.below * (1 + room) && high.below >= u.below * (1 - room));
    else
        assert_that(label, low.above >= u.above * (1 - room) && high.above <= u.above * (1 + room));
}

static void quantiles_invert_the_ranks_in_both_tails(void **state)
{
    (void)state;
    static const double tails[] = {1e-15, 1e-12, 1e-9, 1e-4, 0.01, 0.2, 0.4999};
    for (size_t i = 0; i < SHAPES; i++)
        for (size_t j = 0; j < SHAPES; j++)
            for (size_t k = 0; k < sizeof tails / sizeof *tails; k++) {
                assert_inverts(shapes[i], shapes[j], (ltv_uniform){tails[k], 1 - tails[k]});
                assert_inverts(shapes[i], shapes[j], (ltv_uniform){1 - tails[k], tails[k]});
            }
}

static void quantiles_with_a_closed_form_are_it(void **state)
{
    (void)state;
    static const double ranks[] = {1e-20, 1e-12, 1e-3, 0.3, 0.7, 0.999};
    static const double beta_shapes[] = {1e-3, 0.2, 1, 7, 1e6, 1e12};
    for (size_t i = 0; i < sizeof ranks / sizeof *ranks; i++)
        for (size_t j = 0; j < sizeof beta_shapes / sizeof *beta_shapes; j++) {
            double p = ranks[i], b = beta_shapes[j];
            ltv_uniform u = {p, 1 - p}, mirrored = {1 - p, p};
            /* Beta(1, b): P(x) = 1 - (1 - x)^b. Beta(b, 1): P(x) = x^b. */
            assert_close("alpha 1", ltv_beta_quantile(1, b, u), -expm1(log1p(-p) / b), 1e-12);
            assert_close("beta 1", ltv_beta_quantile(b, 1, u), exp(log(p) / b), 1e-12);
            assert_close("mirrored", ltv_beta_quantile(1, b, mirrored), -expm1(log(p) / b), 1e-12);
            /* The arcsine law. */
            double half = sin(M_PI / 2 * p);
            assert_close("arcsine", ltv_beta_quantile(0.5, 0.5, u), half * half, 1e-12);
        }
}

static void quantiles_never_fall(void **state)
{
    (void)state;
    for (size_t i = 0; i < SHAPES; i++)
        for (size_t j = 0; j < SHAPES; j++) {
            double before = 0;
            for (double score = -9; score <= 9; score += 0.06) {
                double x = ltv_beta_quantile(shapes[i], shapes[j], ltv_uniform_of_score(score));
                assert_that("never falls", x >= before && x <= 1);
                before = x;
            }
        }
}

static void an_interval_of_90_percent_has_its_beta_distribution(void **state)
{
    (void)state;
    static const struct {
        double low, high;
    } cases[] = {
        {0.01, 0.02},    {0.005, 0.3}, {0.9, 0.999},         {0.2, 0.8},       {0.0999, 0.1001},
        {0.3, 0.300003}, {1e-6, 0.01}, {1e-6, 1 - 1e-6},     {1e-8, 2e-8},     {1e-9, 0.9},
        {0.001, 0.5},    {0.01, 0.99}, {0.999998, 0.999999}, {0.5, 1 - 1e-12}, {1e-100, 0.5},
        {1e-10, 1e-9},   {0.49, 0.51}, {0.7, 1 - 1e-15},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double low = cases[i].low, high = cases[i].high, alpha = 0, beta = 0;
        char label[100];
        snprintf(label, sizeof label, "[%.9g, %.9g]", low, high);
        assert_that(label, ltv_beta_of_ci90(low, high, &alpha, &beta));
        assert_within(label, ltv_beta_ranks(alpha, beta, low, 1 - low).below, 0.05, 1e-9);
        assert_within(label, ltv_beta_ranks(alpha, beta, high, 1 - high).above, 0.05, 1e-9);
        /* The mirror image has the shapes the other way round, up to the last digit of 1 - x. */
        double mirrored_alpha = 0, mirrored_beta = 0;
        if (low > 1e-6 && high < 0.9995) {
            assert_that(label,
                        ltv_beta_of_ci90(1 - high, 1 - low, &mirrored_alpha, &mirrored_beta));
            assert_close(label, mirrored_alpha, beta, 1e-8);
            assert_close(label, mirrored_beta, alpha, 1e-8);
        }
    }
}

/* The way there and back, from shapes that say what the ends are. */
static void an_interval_gives_the_shapes_back_that_it_came_from(void **state)
{
    (void)state;
    static const double some[] = {0.05, 0.5, 1, 3, 40.5, 960.5, 1e5};
    for (size_t i = 0; i < 7; i++)
        for (size_t j = 0; j < 7; j++) {
            double low = ltv_beta_quantile(some[i], some[j], (ltv_uniform){0.05, 0.95});
            double high = ltv_beta_quantile(some[i], some[j], (ltv_uniform){0.95, 0.05});
            if (!(high < 1 - 1e-6)) /* an end that a double cannot tell well from 1 */
                continue;
            double alpha = 0, beta = 0;
            assert_true(ltv_beta_of_ci90(low, high, &alpha, &beta));
            assert_close("alpha", alpha, some[i], 1e-7);
            assert_close("beta", beta, some[j], 1e-7);
        }
}

static void intervals_without_a_beta_distribution_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        double low, high;
    } cases[] = {
        {"upside down", 0.3, 0.2},
        {"one point", 0.3, 0.3},
        {"from 0", 0, 0.2},
        {"to 1", 0.3, 1},
        {"below 0", -0.1, 0.2},
        {"above 1", 0.3, 1.1},
        {"narrower than the largest shapes", 0.5, 0.5 + 1e-9},
        {"two neighbours among doubles", 0.3, 0.30000000000000004},
        {"nearer to 0 than the largest shapes", 1e-15, 2e-15},
        {"not a number", NAN, 0.2},
        {"not a number either", 0.2, NAN},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double alpha = -1, beta = -2;
        assert_that(cases[i].label, !ltv_beta_of_ci90(cases[i].low, cases[i].high, &alpha, &beta));
        assert_that(cases[i].label, alpha == -1 && beta == -2);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranks_agree_with_a_computation_of_40_digits),
        cmocka_unit_test(ranks_agree_with_gsl_where_gsl_is_right),
        cmocka_unit_test(the_largest_shapes_are_as_good_as_normal),
        cmocka_unit_test(beyond_the_ends_there_is_nothing),
        cmocka_unit_test(quantiles_invert_the_ranks_in_both_tails),
        cmocka_unit_test(quantiles_with_a_closed_form_are_it),
        cmocka_unit_test(quantiles_never_fall),
        cmocka_unit_test(an_interval_of_90_percent_has_its_beta_distribution),
        cmocka_unit_test(an_interval_gives_the_shapes_back_that_it_came_from),
        cmocka_unit_test(intervals_without_a_beta_distribution_are_refused),
    };
    return cmocka_run_group_tests(tests, no_abort, NULL);
}
