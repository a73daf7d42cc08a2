/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <gsl/gsl_cdf.h>

#include "close.h"
#include "models/spread.h"

static const ltv_spread spreads[] = {
    {LTV_SPREAD_GAMMA, 0.05},     {LTV_SPREAD_GAMMA, 0.5},      {LTV_SPREAD_GAMMA, 1},
    {LTV_SPREAD_GAMMA, 2},        {LTV_SPREAD_GAMMA, 5},        {LTV_SPREAD_LOG_NORMAL, 0.05},
    {LTV_SPREAD_LOG_NORMAL, 0.5}, {LTV_SPREAD_LOG_NORMAL, 1.5},
};
enum { SPREADS = sizeof spreads / sizeof *spreads };

static const char *label_of(ltv_spread spread)
{
    return spread.kind == LTV_SPREAD_GAMMA ? "gamma" : "log-normal";
}

static double share_below(ltv_spread spread, double x)
{
    double cv2 = spread.cv * spread.cv, sigma = sqrt(log(1 + cv2));
    return spread.kind == LTV_SPREAD_GAMMA ? gsl_cdf_gamma_P(x, 1 / cv2, cv2)
                                           : gsl_cdf_lognormal_P(x, -sigma * sigma / 2, sigma);
}

static double share_above(ltv_spread spread, double x)
{
    double cv2 = spread.cv * spread.cv, sigma = sqrt(log(1 + cv2));
    return spread.kind == LTV_SPREAD_GAMMA ? gsl_cdf_gamma_Q(x, 1 / cv2, cv2)
                                           : gsl_cdf_lognormal_Q(x, -sigma * sigma / 2, sigma);
}

static void quantiles_invert_the_distribution_in_both_tails(void **state)
{
    (void)state;
    static const double tails[] = {1e-15, 1e-9, 1e-4, 0.01, 0.2, 0.4999};
    for (size_t i = 0; i < SPREADS; i++)
        for (size_t j = 0; j < sizeof tails / sizeof *tails; j++) {
            double p = tails[j];
            double low = ltv_spread_quantile(spreads[i], (ltv_uniform){p, 1 - p});
            double high = ltv_spread_quantile(spreads[i], (ltv_uniform){1 - p, p});
            if (low > 0)
                assert_close(label_of(spreads[i]), share_below(spreads[i], low), p, 1e-9);
            else /* too small for a double */
                assert_that(label_of(spreads[i]), share_below(spreads[i], 1e-300) > p);
            assert_close(label_of(spreads[i]), share_above(spreads[i], high), p, 1e-9);
        }
}

static void quantiles_of_large_shapes_are_exact_where_gsl_gives_up(void **state)
{
    (void)state;
    /* From a computation with 40 digits. */
    static const struct {
        double shape, below, above, over_mean;
    } cases[] = {
        {2501, 1e-9, 1, 0.88468972063613551697},   {2501, 0.01, 0.99, 0.95407116111152979872},
        {2501, 0.3, 0.7, 0.98941824412377222311},  {2501, 1, 1e-6, 1.097943802876362093},
        {10000, 1e-9, 1, 0.94118284114458641872},  {10000, 0.01, 0.99, 0.97688368566965911106},
        {10000, 0.3, 0.7, 0.99473192620195836373}, {10000, 1, 1e-6, 1.0482561164638855754},
        {1e6, 1e-9, 1, 0.99401384604905160873},    {1e6, 0.01, 0.99, 0.99767512285992522304},
        {1e6, 0.3, 0.7, 0.99947535791723595895},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ltv_uniform u = {cases[i].below, cases[i].above};
        assert_close("large shape", ltv_gamma_quantile(cases[i].shape, u) / cases[i].shape,
                     cases[i].over_mean, 2e-11);
    }
    /* On both sides of the shape where the method changes. */
    for (double score = -9; score <= 9; score += 0.5) {
        ltv_uniform u = ltv_uniform_of_score(score);
        assert_close("across", ltv_gamma_quantile(2500 * (1 - 1e-12), u),
                     ltv_gamma_quantile(2500 * (1 + 1e-12), u), 1e-9);
    }
}

static void quantiles_too_small_for_a_double_are_zero(void **state)
{
    (void)state;
    /* P(X < x) = x^a / Gamma(a + 1) for small x: at a = 1/100^2 the median is 2^-10000. */
    ltv_spread spread = {LTV_SPREAD_GAMMA, 100};
    assert_true(ltv_spread_quantile(spread, (ltv_uniform){0.5, 0.5}) == 0);
    double shape = 0.01, small = ltv_gamma_quantile(shape, (ltv_uniform){1e-3, 0.999});
    assert_close("small", log(small), (log(1e-3) + lgamma(1.01)) / shape, 1e-13);
}

static void gamma_scores_are_the_way_back(void **state)
{
    (void)state;
    static const double shapes[] = {0.1, 1, 4, 100, 2499, 2501, 1e4, 1e8};
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
        for (double score = -7; score <= 7; score += 0.25) {
            double x = ltv_gamma_quantile(shapes[i], ltv_uniform_of_score(score));
            assert_within("score", ltv_gamma_score(shapes[i], log(x)), score, 1e-8);
        }
}

static void numbers_too_small_for_a_double_have_their_rank_still(void **state)
{
    (void)state;
    /* P(X < x) = x^a / Gamma(a + 1): at a = 1/100^2 the rank 1/2 belongs to about 2^-10000. */
    double shape = 1e-4, log_x = (log(0.5) + lgamma(1 + shape)) / shape;
    assert_within("median", ltv_gamma_score(shape, log_x), 0, 1e-9);
    log_x = (log(0.025) + lgamma(1 + shape)) / shape;
    assert_within("lower 2.5 %", ltv_gamma_score(shape, log_x), -1.959963984540054, 1e-9);
    assert_within("the same on both sides of the power law", ltv_gamma_score(0.5, -40 - 1e-9),
                  ltv_gamma_score(0.5, -40 + 1e-9), 1e-8);
}

static void the_median_joins_both_halves(void **state)
{
    (void)state;
    for (size_t i = 0; i < SPREADS; i++) {
        double below = ltv_spread_quantile(spreads[i], (ltv_uniform){0.5 - 1e-14, 0.5 + 1e-14});
        double at = ltv_spread_quantile(spreads[i], (ltv_uniform){0.5, 0.5});
        assert_close(label_of(spreads[i]), below, at, 1e-12);
    }
}

static void quantiles_never_fall(void **state)
{
    (void)state;
    for (size_t i = 0; i < SPREADS; i++) {
        double before = 0;
        for (double score = -8; score <= 8; score += 0.01) {
            double x = ltv_spread_quantile(spreads[i], ltv_uniform_of_score(score));
            assert_that(label_of(spreads[i]), x >= before);
            before = x;
        }
    }
}

/* The trapezoidal rule over the normal score: E f(X) = integral of f(quantile(Phi(s))) phi(s). */
static double expectation(ltv_spread spread, int power)
{
    double sum = 0, step = 0.01;
    for (int i = -1500; i <= 1500; i++) {
        double score = i * step;
        double x = ltv_spread_quantile(spread, ltv_uniform_of_score(score));
        sum += pow(x, power) * exp(-score * score / 2) * step / sqrt(2 * M_PI);
    }
    return sum;
}

static void multipliers_have_mean_one_and_the_cv_asked_for(void **state)
{
    (void)state;
    for (size_t i = 0; i < SPREADS; i++) {
        double mean = expectation(spreads[i], 1), square = expectation(spreads[i], 2);
        assert_close(label_of(spreads[i]), mean, 1, 1e-8);
        assert_close(label_of(spreads[i]), sqrt(square - mean * mean), spreads[i].cv, 1e-6);
    }
}

static void without_a_spread_everyone_is_one(void **state)
{
    (void)state;
    ltv_spread none = {.kind = LTV_SPREAD_NONE};
    assert_true(ltv_spread_quantile(none, (ltv_uniform){1e-20, 1}) == 1);
    assert_true(ltv_spread_quantile(none, (ltv_uniform){1, 1e-20}) == 1);
}

static void a_log_normal_has_the_sigma_of_its_cv(void **state)
{
    (void)state;
    assert_close("cv 1", ltv_spread_log_normal_sigma(1), sqrt(log(2)), 1e-15);
    assert_close("tiny cv", ltv_spread_log_normal_sigma(1e-9), 1e-9, 1e-12);
}

static void scores_and_uniforms_invert_each_other(void **state)
{
    (void)state;
    assert_close("the upper 2.5 %", ltv_uniform_of_score(1.959963984540054).above, 0.025, 1e-12);
    assert_close("the lower 2.5 %", ltv_uniform_of_score(-1.959963984540054).below, 0.025, 1e-12);
    for (double score = -9; score <= 9; score += 0.125)
        assert_within("score", ltv_score_of_uniform(ltv_uniform_of_score(score)), score, 1e-9);
}

/* --- the copula --- */

static void ranks_tied_by_the_copula_have_the_spearman_correlation(void **state)
{
    (void)state;
    /* Spearman's rho = 12 E[Phi(x) Phi(y)] - 3 over the bivariate normal, by the trapezoidal
     * rule. */
    static const double spearmans[] = {0, 0.3, -0.3, 0.5, -0.95};
    for (size_t i = 0; i < sizeof spearmans / sizeof *spearmans; i++) {
        double pearson = ltv_copula_pearson(spearmans[i]), own = sqrt(1 - pearson * pearson);
        double sum = 0, step = 0.05;
        for (int j = -160; j <= 160; j++)
            for (int k = -160; k <= 160; k++) {
                double x = j * step, y = k * step;
                sum += ltv_uniform_of_score(x).below *
                       ltv_uniform_of_score(pearson * x + own * y).below *
                       exp(-(x * x + y * y) / 2) * step * step / (2 * M_PI);
            }
        assert_within("spearman", 12 * sum - 3, spearmans[i], 1e-8);
    }
}

static double mean_by_quadrature(ltv_spread spread, double pearson, double score)
{
    double sum = 0, step = 0.01, own = sqrt(1 - pearson * pearson);
    for (int i = -1200; i <= 1200; i++) {
        double y = i * step;
        sum += ltv_spread_quantile(spread, ltv_uniform_of_score(pearson * score + own * y)) *
               exp(-y * y / 2) * step / sqrt(2 * M_PI);
    }
    return sum;
}

static void the_mean_at_a_score_is_the_integral_over_what_is_left(void **state)
{
    (void)state;
    static const double pearsons[] = {-0.9, -0.3, 0, 0.5, 0.99};
    for (size_t i = 0; i < SPREADS; i++)
        for (size_t j = 0; j < sizeof pearsons / sizeof *pearsons; j++)
            for (double score = -4; score <= 4; score += 2) {
                double expected = mean_by_quadrature(spreads[i], pearsons[j], score);
                double mean = ltv_spread_mean_given_score(spreads[i], pearsons[j], score);
                assert_within(label_of(spreads[i]), mean, expected,
                              1e-9 * fmax(1, spreads[i].cv * expected));
            }
    ltv_spread none = {.kind = LTV_SPREAD_NONE};
    assert_true(ltv_spread_mean_given_score(none, 0.5, 3) == 1);
}

/* However small the spread is, the multiplier stays a number near 1. */
static void a_spread_too_small_to_be_seen_is_none(void **state)
{
    (void)state;
    for (double cv = 1e-6; cv > 0; cv /= 10)
        for (double rank = 0.001; rank < 1; rank += 0.111) {
            ltv_uniform u = {rank, 1 - rank};
            assert_close("gamma", ltv_spread_quantile((ltv_spread){LTV_SPREAD_GAMMA, cv}, u), 1,
                         4 * cv + 1e-15);
        }
    assert_true(ltv_spread_is_too_small((ltv_spread){LTV_SPREAD_GAMMA, 1e-101}));
    assert_false(ltv_spread_is_too_small((ltv_spread){LTV_SPREAD_GAMMA, 1e-99}));
    assert_false(ltv_spread_is_too_small((ltv_spread){LTV_SPREAD_LOG_NORMAL, 1e-200}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quantiles_invert_the_distribution_in_both_tails),
        cmocka_unit_test(quantiles_of_large_shapes_are_exact_where_gsl_gives_up),
        cmocka_unit_test(quantiles_too_small_for_a_double_are_zero),
        cmocka_unit_test(gamma_scores_are_the_way_back),
        cmocka_unit_test(numbers_too_small_for_a_double_have_their_rank_still),
        cmocka_unit_test(the_median_joins_both_halves),
        cmocka_unit_test(a_spread_too_small_to_be_seen_is_none),
        cmocka_unit_test(quantiles_never_fall),
        cmocka_unit_test(multipliers_have_mean_one_and_the_cv_asked_for),
        cmocka_unit_test(without_a_spread_everyone_is_one),
        cmocka_unit_test(a_log_normal_has_the_sigma_of_its_cv),
        cmocka_unit_test(scores_and_uniforms_invert_each_other),
        cmocka_unit_test(ranks_tied_by_the_copula_have_the_spearman_correlation),
        cmocka_unit_test(the_mean_at_a_score_is_the_integral_over_what_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
