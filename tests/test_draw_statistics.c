/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <gsl/gsl_cdf.h>

#include "close.h"
#include "normals.h"
#include "sim/draw_statistics.h"
#include "sim/precision.h"

/* Statistical claims allow six standard errors: a right program fails one with probability 2e-9,
 * and there are less than a hundred. Their standard errors are stated where they are used. */
enum { SIX = 6 };

/* True figures N(2, 3^2) over draws, customers around them with standard deviation 40. */
static const double mu = 2, tau = 3, sigma = 40;
static const double customers[] = {50, 500, 5000};
enum { CUSTOMERS = sizeof customers / sizeof *customers };

static void fill_draws(double *value, size_t n, double noise_variance, uint64_t seed, size_t first)
{
    double sd = sqrt(tau * tau + noise_variance);
    for (size_t d = 0; d < n; d++)
        value[d] = mu + sd * normal_number(seed, first + d);
}

/* --- means --- */

static void a_mean_has_the_textbook_error(void **state)
{
    (void)state;
    const double value[] = {1, 2, 4, 9};
    ltv_mean mean = ltv_draws_mean(&(ltv_draw_series){.n = 4, .value = value});
    assert_close("mean", mean.mean, 4, 1e-15);
    assert_close("error", mean.standard_error, sqrt((9 + 4 + 0 + 25) / 3.0 / 4), 1e-15);
}

static void with_scrambles_the_error_is_that_of_their_means(void **state)
{
    (void)state;
    /* Scrambles {1, 2}, {5, 3}, {9, 7} have the means 1.5, 4 and 8. */
    const double value[] = {1, 5, 9, 2, 3, 7};
    ltv_draw_series series = {.n = 6, .value = value, .scrambles = 3};
    double mean = 4.5, squares = 9 + 0.25 + 12.25;
    assert_close("mean", ltv_draws_mean(&series).mean, mean, 1e-15);
    assert_close("error", ltv_draws_mean(&series).standard_error, sqrt(squares / 2 / 3), 1e-15);
    series.scrambles = 6;
    ltv_mean each = ltv_draws_mean(&series);
    series.scrambles = 1;
    assert_close("a scramble for each", each.standard_error, ltv_draws_mean(&series).standard_error,
                 1e-15);
}

/* Intervals for the mean of the figure over draws: each scramble is a Latin hypercube sample of its
 * own, which stratifies what is uncertain but not the noise. */
static double coverage(size_t n, uint32_t scrambles, uint64_t seed, double *taken_as_independent)
{
    enum { REPLICATIONS = 16000 };
    double value[64], hits = 0, wrong_hits = 0;
    size_t in_scramble = n / scrambles;
    for (size_t r = 0; r < REPLICATIONS; r++) {
        for (size_t d = 0; d < n; d++) {
            ltv_uniform u = uniform_number(seed, r * n + d);
            double rank = ((double)(d / scrambles) + u.below) / (double)in_scramble;
            double score = scrambles > 1 ? gsl_cdf_ugaussian_Pinv(rank) : ltv_score_of_uniform(u);
            value[d] = mu + tau * score + 1.5 * normal_number(seed + 1, r * n + d);
        }
        ltv_draw_series series = {.n = n, .value = value, .scrambles = scrambles};
        ltv_mean mean = ltv_draws_mean(&series);
        hits +=
            fabs(mean.mean - mu) <=
            ltv_precision_factor(0.95, (uint32_t)n, series.scrambles, false) * mean.standard_error;
        series.scrambles = 1;
        mean = ltv_draws_mean(&series);
        wrong_hits +=
            fabs(mean.mean - mu) <=
            ltv_precision_factor(0.95, (uint32_t)n, series.scrambles, false) * mean.standard_error;
    }
    *taken_as_independent = wrong_hits / REPLICATIONS;
    return hits / REPLICATIONS;
}

static void intervals_for_the_mean_hold_in_95_of_100_cases(void **state)
{
    (void)state;
    double wrong;
    /* The standard error of a coverage is 0.0017. */
    assert_within("independent", coverage(50, 1, 21, &wrong), 0.95, 0.01);
    assert_within("scrambles", coverage(64, 8, 31, &wrong), 0.95, 0.01);
    assert_that("the formula for independent draws would be too wide", wrong > 0.99);
}

static void a_ratio_has_the_error_of_its_residual(void **state)
{
    (void)state;
    const double x[] = {1, 2, 4, 9, 5, 3}, y[] = {3, 3, 9, 20, 11, 4};
    const double ratios[] = {3, 1.5, 2.25, 20.0 / 9, 2.2, 4.0 / 3}, equal[] = {3, 3, 3, 3, 3, 3};
    double ratio = 50.0 / 24, squares = 0, by_scramble = 0;
    for (int d = 0; d < 6; d++)
        squares += pow(y[d] - ratio * x[d], 2);
    for (int k = 0; k < 3; k++)
        by_scramble += pow(y[k] + y[k + 3] - ratio * (x[k] + x[k + 3]), 2);
    ltv_draw_series series = {.n = 6, .value = ratios}, of_equal = {.n = 6, .value = equal};
    ltv_mean plain = ltv_draws_weighted_mean(&series, x);
    assert_close("ratio", plain.mean, ratio, 1e-15);
    assert_close("error", plain.standard_error, sqrt(squares / 5 / 6) / 4, 1e-14);
    series.scrambles = 3;
    /* Means of scrambles are half their sums, and x is 4 on average. */
    assert_close("scrambles", ltv_draws_weighted_mean(&series, x).standard_error,
                 sqrt(by_scramble / 4 / 2 / 3) / 4, 1e-14);
    assert_true(ltv_draws_weighted_mean(&of_equal, x).mean == 3);
    assert_true(ltv_draws_weighted_mean(&of_equal, x).standard_error == 0);
}

/* --- variances --- */

static void the_parameter_variance_is_unbiased_at_any_number_of_customers(void **state)
{
    (void)state;
    enum { DRAWS = 50, REPLICATIONS = 30000 };
    double value[DRAWS], noise[DRAWS];
    for (size_t c = 0; c < CUSTOMERS; c++) {
        replications parameter = {0}, total = {0};
        double noise_variance = sigma * sigma / customers[c];
        for (size_t r = 0; r < REPLICATIONS; r++) {
            fill_draws(value, DRAWS, noise_variance, 41 + c, r * DRAWS);
            for (size_t d = 0; d < DRAWS; d++) /* not the same in each draw */
                noise[d] = noise_variance * (d % 2 ? 0.5 : 1.5);
            ltv_draw_series series = {.n = DRAWS, .value = value, .noise_variance = noise};
            ltv_variance_parts parts = ltv_draws_variance(&series);
            replicate(&parameter, parts.parameter);
            replicate(&total, parts.total);
        }
        /* 0.048, 0.014 and 0.011: half a percent, of which the wrong divisor would be 5 % */
        double error = replications_error(&parameter);
        assert_within("parameter", parameter.mean, tau * tau, SIX * error);
        assert_within("naive", total.mean - noise_variance, tau * tau, SIX * error);
        assert_that("precise", error < 0.05);
        assert_that("the naive one sees noise", total.mean > tau * tau + noise_variance / 2);
    }
}

/* Variance within customers estimated from them too: true customers, few of them. */
static void the_estimate_of_parameter_variance_varies_as_the_header_says(void **state)
{
    (void)state;
    enum { DRAWS = 40, EACH = 4, REPLICATIONS = 20000 };
    double value[DRAWS], noise[DRAWS], own_sigma = 4;
    replications parameter = {0};
    for (size_t r = 0; r < REPLICATIONS; r++) {
        for (size_t d = 0; d < DRAWS; d++) {
            replications cohort = {0};
            double truth = tau * normal_number(51, r * DRAWS + d);
            for (size_t i = 0; i < EACH; i++)
                replicate(&cohort,
                          truth + own_sigma * normal_number(52, (r * DRAWS + d) * EACH + i));
            value[d] = cohort.mean;
            noise[d] = replications_variance(&cohort) / EACH;
        }
        ltv_draw_series series = {.n = DRAWS, .value = value, .noise_variance = noise};
        replicate(&parameter, ltv_draws_variance(&series).parameter);
    }
    double t2 = tau * tau, s2 = own_sigma * own_sigma;
    double expected =
        2 * pow(t2 + s2 / EACH, 2) / (DRAWS - 1) + 2 * s2 * s2 / (EACH * EACH * (EACH - 1)) / DRAWS;
    assert_within("unbiased", parameter.mean, t2, SIX * replications_error(&parameter));
    /* A variance of 20000 numbers that are nearly normal has a relative error of 1 %. */
    assert_close("variance", replications_variance(&parameter), expected, 0.065);
}

static void points_that_avoid_each_other_have_an_unbiased_variance_too(void **state)
{
    (void)state;
    enum { SCRAMBLES = 4, EACH = 16, DRAWS = SCRAMBLES * EACH, REPLICATIONS = 40000 };
    double value[DRAWS];
    replications right = {0}, wrong = {0};
    for (size_t r = 0; r < REPLICATIONS; r++) {
        for (size_t d = 0; d < DRAWS; d++) {
            double u = uniform_number(61, r * DRAWS + d).below;
            value[d] = gsl_cdf_ugaussian_Pinv(((double)(d / SCRAMBLES) + u) / EACH);
        }
        ltv_draw_series series = {.n = DRAWS, .value = value, .scrambles = SCRAMBLES};
        replicate(&right, ltv_draws_variance(&series).total);
        series.scrambles = 1;
        replicate(&wrong, ltv_draws_variance(&series).total);
    }
    double error = replications_error(&right); /* 0.0003 */
    assert_within("scrambles", right.mean, 1, SIX * error);
    assert_that("n - 1 would be too few", wrong.mean > 1 + 20 * error);
}

static void corrected_values_have_the_parameter_variance(void **state)
{
    (void)state;
    enum { DRAWS = 200 };
    double value[DRAWS], noise[DRAWS], corrected[DRAWS];
    fill_draws(value, DRAWS, 16, 71, 0);
    for (size_t d = 0; d < DRAWS; d++)
        noise[d] = 16;
    for (uint32_t scrambles = 1; scrambles <= 8; scrambles += 7) {
        ltv_draw_series series = {DRAWS, value, noise, scrambles, false};
        ltv_draws_corrected(corrected, &series);
        ltv_draw_series after = {DRAWS, corrected, NULL, scrambles, false};
        assert_close("variance", ltv_draws_variance(&after).total,
                     ltv_draws_variance(&series).parameter, 1e-12);
        assert_close("mean", ltv_draws_mean(&after).mean, ltv_draws_mean(&series).mean, 1e-12);
        for (size_t d = 1; d < DRAWS; d++)
            assert_true((corrected[d] > corrected[d - 1]) == (value[d] > value[d - 1]));
    }
}

static void nothing_but_noise_is_pulled_to_the_mean(void **state)
{
    (void)state;
    const double value[] = {1, 2, 6}, noise[] = {50, 50, 50};
    double corrected[3];
    ltv_draw_series series = {.n = 3, .value = value, .noise_variance = noise};
    assert_close("not clamped", ltv_draws_variance(&series).parameter, 7 - 50, 1e-15);
    ltv_draws_corrected(corrected, &series);
    for (int d = 0; d < 3; d++)
        assert_close("mean", corrected[d], 3, 1e-15);
}

/* --- quantiles --- */

static void quantiles_lie_where_type_8_puts_them(void **state)
{
    (void)state;
    const double ten[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, ends[] = {-INFINITY, 1, 2, INFINITY};
    static const double cases[][2] = {
        {0, 1},     {0.05, 1}, {0.25, 2 + 11.0 / 12}, {0.5, 5.5}, {0.9, 9 + 19.0 / 30},
        {0.95, 10}, {1, 10}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_close("of ten", ltv_draws_quantile(ten, 10, cases[i][0]), cases[i][1], 1e-14);
    assert_close("one", ltv_draws_quantile(ten, 1, 0.3), 1, 0);
    assert_close("infinite", ltv_draws_quantile(ends, 4, 0.99), INFINITY, 0);
    assert_close("between infinity and 1", ltv_draws_quantile(ends, 4, 0.2), -INFINITY, 0);
    assert_close("inside", ltv_draws_quantile(ends, 4, 0.5), 1.5, 1e-14);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double other[] = {7, 1, 10, 3, 8, 2, 9, 6, 4, 5};
        assert_close("selected", ltv_draws_select(other, 10, cases[i][0]), cases[i][1], 1e-14);
    }
    double wide[] = {INFINITY, 2, -INFINITY, 1};
    assert_close("infinite", ltv_draws_select(wide, 4, 0.99), INFINITY, 0);
    assert_true(isnan(ltv_draws_select(wide, 0, 0.5)));
    assert_true(isnan(ltv_draws_quantile(ten, 0, 0.5)));
    assert_true(isnan(ltv_draws_quantile(ten, 10, 1.1)));
    assert_true(isnan(ltv_draws_quantile(ten, 10, NAN)));
}

static double type_7(const double *sorted, size_t n, double p)
{
    double rank = (double)(n - 1) * p, part = rank - floor(rank);
    size_t below = (size_t)rank;
    return sorted[below] + part * (sorted[below + 1] - sorted[below]);
}

/* Half of the estimates should lie above the true quantile, whatever the distribution. */
static void quantiles_of_few_draws_are_nearly_right_in_the_median(void **state)
{
    (void)state;
    enum { DRAWS = 50, REPLICATIONS = 20000 };
    double value[DRAWS], any_order[DRAWS], levels[] = {0.05, 0.5, 0.95}, above[3] = {0},
                                           usual[3] = {0};
    for (size_t r = 0; r < REPLICATIONS; r++) {
        for (size_t d = 0; d < DRAWS; d++) /* exponential */
            value[d] = -log(uniform_number(81, r * DRAWS + d).below);
        memcpy(any_order, value, sizeof any_order);
        assert_true(ltv_draws_sort(value, DRAWS) == DRAWS);
        for (int i = 0; i < 3; i++) {
            double truth = -log(1 - levels[i]);
            double quantile = ltv_draws_quantile(value, DRAWS, levels[i]);
            assert_true(ltv_draws_select(any_order, DRAWS, levels[i]) == quantile);
            above[i] += quantile > truth;
            usual[i] += type_7(value, DRAWS, levels[i]) > truth;
        }
    }
    /* Standard error 0.0035; what is left of the bias is 0.015 here, type 7's is 0.15. */
    for (int i = 0; i < 3; i++)
        assert_within("half", above[i] / REPLICATIONS, 0.5, 0.04);
    assert_that("type 7 is too narrow", usual[0] > 0.6 * REPLICATIONS);
    assert_that("type 7 is too narrow", usual[2] < 0.4 * REPLICATIONS);
}

static void sorting_puts_what_is_missing_last(void **state)
{
    (void)state;
    double values[] = {3, NAN, -INFINITY, 1, NAN, INFINITY};
    assert_true(isnan(ltv_draws_select(values, 6, 0.5)));
    assert_true(ltv_draws_sort(values, 6) == 4);
    assert_true(values[0] == -INFINITY && values[1] == 1 && values[2] == 3);
    assert_true(values[3] == INFINITY && isnan(values[4]) && isnan(values[5]));
    assert_true(isnan(ltv_draws_quantile(values, 6, 0.5)));
    assert_true(ltv_draws_sort(values, 0) == 0);
}

/* --- probabilities --- */

static ltv_mean probability_of(const ltv_draw_series *series, double threshold)
{
    ltv_mean probability;
    ltv_error err = {0};
    assert_true(ltv_draws_probability(&probability, series, threshold, &err) == LTV_OK);
    return probability;
}

static void probabilities_are_right_at_any_number_of_customers(void **state)
{
    (void)state;
    enum { DRAWS = 5000, REPLICATIONS = 120 };
    static double value[DRAWS], noise[DRAWS];
    double truth = gsl_cdf_ugaussian_P(mu / tau);
    for (size_t c = 0; c < CUSTOMERS; c++) {
        double noise_variance = sigma * sigma / customers[c], naive = 0;
        replications shares = {0}, variances = {0};
        for (size_t d = 0; d < DRAWS; d++)
            noise[d] = noise_variance;
        for (size_t r = 0; r < REPLICATIONS; r++) {
            fill_draws(value, DRAWS, noise_variance, 91 + c, r * DRAWS);
            ltv_draw_series series = {.n = DRAWS, .value = value, .noise_variance = noise};
            ltv_mean probability = probability_of(&series, 0);
            replicate(&shares, probability.mean);
            replicate(&variances, pow(probability.standard_error, 2));
            series.noise_variance = NULL;
            naive += probability_of(&series, 0).mean / REPLICATIONS;
        }
        /* 0.001 at 50 customers; the correction's own bias is 0.0004. */
        double error = replications_error(&shares);
        assert_within("probability", shares.mean, truth, SIX * error);
        assert_that("precise", error < 0.0015);
        assert_within("naive", naive, gsl_cdf_ugaussian_P(mu / sqrt(tau * tau + noise_variance)),
                      SIX * error);
        /* The spread of 120 shares is known to 6.5 % of its standard deviation. */
        assert_close("error", sqrt(variances.mean), sqrt(replications_variance(&shares)), 0.35);
    }
}

static void without_noise_the_error_is_that_of_a_share(void **state)
{
    (void)state;
    const double value[] = {1, -1, 2, 3, -4, 0, 5, 6, 7, -8};
    ltv_draw_series series = {.n = 10, .value = value};
    ltv_mean probability = probability_of(&series, 0);
    assert_close("share", probability.mean, 0.7, 1e-15);
    assert_close("error", probability.standard_error, sqrt(0.7 * 0.3 / 9), 1e-14);
    series.scrambles = 2; /* shares 1 1 0 1 1 and 0 1 1 1 0 */
    assert_close("scrambles", probability_of(&series, 0).standard_error, sqrt(0.02 / 2), 1e-14);
    assert_true(probability_of(&series, -9).standard_error == 0);
    assert_true(probability_of(&series, INFINITY).mean == 0);
    assert_true(isnan(probability_of(&series, NAN).mean));
}

/* Stratified truths under noise, in scrambles; a draw in ten is missing and its noise unknown. */
static void errors_of_probabilities_go_by_scrambles_and_with_their_own_noise(void **state)
{
    (void)state;
    enum { SCRAMBLES = 16, EACH = 20, DRAWS = SCRAMBLES * EACH, REPLICATIONS = 400 };
    double value[DRAWS], noise[DRAWS];
    replications shares = {0}, variances = {0}, wrong = {0};
    for (size_t r = 0; r < REPLICATIONS; r++) {
        for (size_t d = 0; d < DRAWS; d++) {
            size_t i = r * DRAWS + d;
            double rank = ((double)(d / SCRAMBLES) + uniform_number(111, i).below) / EACH;
            value[d] = mu + tau * gsl_cdf_ugaussian_Pinv(rank) + 0.3 * normal_number(112, i);
            noise[d] = 0.09;
            if (d % 10 == 9)
                value[d] = noise[d] = NAN;
        }
        ltv_draw_series series = {DRAWS, value, noise, SCRAMBLES, true};
        ltv_mean probability = probability_of(&series, 0);
        replicate(&shares, probability.mean);
        replicate(&variances, pow(probability.standard_error, 2));
        series.scrambles = 1;
        replicate(&wrong, pow(probability_of(&series, 0).standard_error, 2));
    }
    double truth = gsl_cdf_ugaussian_P(mu / tau), scatter = sqrt(replications_variance(&shares));
    assert_within("probability", shares.mean, truth, SIX * replications_error(&shares));
    /* The scatter of 400 is known to 3.5 %. */
    assert_close("error", sqrt(variances.mean), scatter, 0.22);
    assert_that("independent draws would scatter more", sqrt(wrong.mean) > 1.15 * scatter);
}

/* --- forecasts --- */

static void forecast(double limits[2], const ltv_draw_series *series, const double *spread,
                     double cohort)
{
    ltv_error err = {0};
    assert_true(ltv_draws_predictive(limits, series, 0.05, 0.95, spread, cohort, &err) == LTV_OK);
}

static void a_forecast_agrees_with_a_simulation_of_the_cohort(void **state)
{
    (void)state;
    enum { DRAWS = 20, COHORTS = 2000000 };
    double value[DRAWS], noise[DRAWS], spread[DRAWS], corrected[DRAWS], limits[2];
    fill_draws(value, DRAWS, 4, 101, 0);
    for (size_t d = 0; d < DRAWS; d++) {
        noise[d] = 4;
        spread[d] = 100.0 * (double)(1 + d);
    }
    ltv_draw_series series = {.n = DRAWS, .value = value, .noise_variance = noise};
    forecast(limits, &series, spread, 250);
    ltv_draws_corrected(corrected, &series);
    double below[2] = {0};
    for (size_t i = 0; i < COHORTS; i++) {
        size_t d = i % DRAWS;
        double mean = corrected[d] + sqrt(spread[d] / 250) * normal_number(102, i);
        for (int side = 0; side < 2; side++)
            below[side] += mean < limits[side];
    }
    assert_within("low", below[0] / COHORTS, 0.05, SIX * 0.00016);
    assert_within("high", below[1] / COHORTS, 0.95, SIX * 0.00016);
}

static void a_forecast_has_both_variances(void **state)
{
    (void)state;
    enum { DRAWS = 4000 };
    static double value[DRAWS], spread[DRAWS];
    for (size_t d = 0; d < DRAWS; d++) {
        value[d] = mu + tau * gsl_cdf_ugaussian_Pinv(((double)d + 0.5) / DRAWS);
        spread[d] = sigma * sigma;
    }
    ltv_draw_series series = {.n = DRAWS, .value = value};
    static const double cohorts[] = {1, 100, 10000, INFINITY};
    for (int i = 0; i < 4; i++) {
        double limits[2], reach = 1.6448536269514722 * sqrt(9 + sigma * sigma / cohorts[i]);
        forecast(limits, &series, spread, cohorts[i]);
        assert_within("low", limits[0], mu - reach, 0.01);
        assert_within("high", limits[1], mu + reach, 0.01);
    }
    series.n = 1;
    double limits[2];
    forecast(limits, &series, spread, 100);
    assert_close("one draw: the customers alone", limits[1], value[0] + 1.6448536269514722 * 4,
                 1e-9);
}

static void forecasts_refuse_what_is_no_level_and_no_cohort(void **state)
{
    (void)state;
    const double value[] = {1, 2}, spread[] = {1, 1}, unknown[] = {1, NAN};
    static const struct {
        const char *label;
        double low, high, cohort;
    } cases[] = {
        {"level 0", 0, 0.5, 1},          {"level 1", 0.5, 1, 1},    {"no level", NAN, 0.5, 1},
        {"no high level", 0.5, NAN, 1},  {"nobody", 0.05, 0.95, 0}, {"negative", 0.05, 0.95, -1},
        {"not a number", 0.1, 0.9, NAN},
    };
    ltv_draw_series series = {.n = 2, .value = value};
    double limits[2];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ltv_error err = {0};
        assert_that(cases[i].label,
                    ltv_draws_predictive(limits, &series, cases[i].low, cases[i].high, spread,
                                         cases[i].cohort, &err) == LTV_ERR_BAD_INPUT);
        assert_that(cases[i].label, isnan(limits[0]) && err.message[0] != '\0');
    }
    forecast(limits, &series, unknown, 10);
    assert_true(isnan(limits[0]) && isnan(limits[1]));
}

/* --- what is missing, what is unknown, what is degenerate --- */

static void a_figure_that_does_not_apply_somewhere_says_nothing_unless_asked(void **state)
{
    (void)state;
    const double value[] = {1, NAN, 4, 7, NAN, 4}, noise[] = {1, 9, 1, 1, NAN, 1};
    const double spread[] = {1, 1, 1, 1, 1, 1}, ones[] = {1, 1, 1, 1, 1, 1};
    double corrected[6], limits[2];
    ltv_draw_series series = {.n = 6, .value = value, .noise_variance = noise};
    assert_true(ltv_draws_missing(&series) == 2);
    assert_true(isnan(ltv_draws_mean(&series).mean));
    assert_true(isnan(ltv_draws_variance(&series).total));
    assert_true(isnan(probability_of(&series, 2).mean));
    assert_true(isnan(ltv_draws_weighted_mean(&series, ones).mean));
    forecast(limits, &series, spread, 10);
    assert_true(isnan(limits[0]));
    ltv_draws_corrected(corrected, &series);
    assert_true(isnan(corrected[0]));

    series.given_it_applies = true;
    assert_close("mean", ltv_draws_mean(&series).mean, 4, 1e-15);
    assert_close("error", ltv_draws_mean(&series).standard_error, sqrt(6.0 / 4), 1e-15);
    assert_close("weighted", ltv_draws_weighted_mean(&series, ones).standard_error, sqrt(6.0 / 4),
                 1e-15);
    const double one_less[] = {1, 1, NAN, 1, 1, 1};
    assert_close("without a weight", ltv_draws_weighted_mean(&series, one_less).mean, 4, 1e-15);
    const double none_but_one[] = {0, 0, 0, 2, 0, 0};
    assert_close("weights of 0", ltv_draws_weighted_mean(&series, none_but_one).mean, 7, 1e-15);
    assert_close("parameter", ltv_draws_variance(&series).parameter, 6 - 1, 1e-15);
    ltv_draws_corrected(corrected, &series);
    assert_true(isnan(corrected[1]) && isnan(corrected[4]));
    assert_close("corrected", corrected[0], 4 - 3 * sqrt(5.0 / 6), 1e-14);
    assert_close("share", probability_of(&series, 2).mean, 0.75, 1e-15);
    forecast(limits, &series, spread, INFINITY);
    assert_close("least", limits[0], corrected[0], 1e-14);
}

static void payback_beyond_the_horizon_counts_at_its_end(void **state)
{
    (void)state;
    double value[] = {12, INFINITY, 7, 9, INFINITY};
    ltv_draw_series series = {.n = 5, .value = value};
    assert_close("P", 1 - probability_of(&series, 10).mean, 0.4, 1e-15);
    assert_true(isinf(ltv_draws_mean(&series).mean));
    assert_true(isnan(ltv_draws_mean(&series).standard_error));
    assert_true(isnan(ltv_draws_variance(&series).total));
    ltv_draws_sort(value, 5);
    assert_close("median", ltv_draws_quantile(value, 5, 0.5), 12, 1e-15);
    assert_true(isinf(ltv_draws_quantile(value, 5, 0.9)));
}

static void unknown_noise_is_not_taken_for_none(void **state)
{
    (void)state;
    const double value[] = {1, 2, 3}, noise[] = {1, NAN, 1};
    double corrected[3];
    ltv_draw_series series = {.n = 3, .value = value, .noise_variance = noise};
    assert_close("mean", ltv_draws_mean(&series).mean, 2, 1e-15);
    assert_close("total", ltv_draws_variance(&series).total, 1, 1e-15);
    assert_true(isnan(ltv_draws_variance(&series).noise));
    assert_true(isnan(ltv_draws_variance(&series).parameter));
    ltv_draws_corrected(corrected, &series);
    assert_true(isnan(corrected[0]) && isnan(corrected[1]) && isnan(corrected[2]));
    assert_true(isnan(probability_of(&series, 2).mean));
}

static void degenerate_series_are_safe(void **state)
{
    (void)state;
    const double one[] = {0.1, 0.1, 0.1}, noise[] = {1, 1, 1}, none[] = {NAN};
    double corrected[3] = {0}, limits[2];
    ltv_draw_series empty = {0};
    assert_true(isnan(ltv_draws_mean(&empty).mean) && isnan(ltv_draws_variance(&empty).total));
    assert_true(isnan(probability_of(&empty, 0).mean));
    forecast(limits, &empty, NULL, 1);
    assert_true(isnan(limits[0]));
    ltv_draws_corrected(corrected, &empty);

    ltv_draw_series single = {.n = 1, .value = one, .noise_variance = noise};
    assert_true(ltv_draws_mean(&single).mean == 0.1);
    assert_true(isnan(ltv_draws_mean(&single).standard_error));
    assert_true(isnan(ltv_draws_variance(&single).total));
    ltv_draws_corrected(corrected, &single);
    assert_true(corrected[0] == 0.1);
    assert_true(probability_of(&single, 0).mean == 1);
    assert_true(isnan(probability_of(&single, 0).standard_error));

    ltv_draw_series equal = {.n = 3, .value = one, .noise_variance = noise};
    assert_true(ltv_draws_mean(&equal).mean == 0.1);
    assert_true(ltv_draws_mean(&equal).standard_error == 0);
    assert_true(ltv_draws_variance(&equal).total == 0);
    ltv_draws_corrected(corrected, &equal);
    assert_true(corrected[2] == 0.1);

    ltv_draw_series missing = {.n = 1, .value = none, .given_it_applies = true};
    assert_true(isnan(ltv_draws_mean(&missing).mean));
    assert_true(isnan(probability_of(&missing, 0).mean));
    missing.noise_variance = noise;
    assert_true(isnan(probability_of(&missing, 0).mean));
    forecast(limits, &missing, noise, 1);
    assert_true(isnan(limits[0]));
    const double zero[] = {0, 0, 0};
    assert_true(isnan(ltv_draws_weighted_mean(&equal, zero).mean));
}

/* --- how many customers --- */

static double cost_of_variance(double n, double a, double c)
{
    return (pow(1 + a / n, 2) + a * a / (n * n * (n - 1))) * (n + c);
}

static void the_best_number_of_customers_has_the_least_variance(void **state)
{
    (void)state;
    assert_close("the rule", ltv_best_customers_per_draw(1600, 9, 0), 1 + 1600.0 / 9, 1e-12);
    static const double ratios[] = {0.01, 1, 178, 1e5}, costs[] = {0, 1, 100, 1e6};
    for (int i = 0; i < 4; i++)
        for (int j = 0; j < 4; j++) {
            double a = ratios[i], c = costs[j], n = ltv_best_customers_per_draw(a, 1, c);
            double best = cost_of_variance(n, a, c);
            for (double step = 1.001; step < 50; step *= 1.3) {
                assert_that("more", cost_of_variance(1 + (n - 1) * step, a, c) > best);
                assert_that("fewer", cost_of_variance(1 + (n - 1) / step, a, c) > best);
            }
        }
}

static void extreme_pilots_are_answered(void **state)
{
    (void)state;
    assert_true(isinf(ltv_best_customers_per_draw(10, 0, 5)));
    assert_true(isinf(ltv_best_customers_per_draw(10, -3, 5)));
    assert_true(ltv_best_customers_per_draw(0, 0, 5) == 1);
    assert_true(ltv_best_customers_per_draw(0, 4, 5) == 1);
    assert_true(isnan(ltv_best_customers_per_draw(NAN, 4, 5)));
    assert_true(isnan(ltv_best_customers_per_draw(1, NAN, 5)));
    assert_true(isnan(ltv_best_customers_per_draw(1, 1, -1)));
    assert_true(isfinite(ltv_best_customers_per_draw(1e100, 1e-100, 1e9)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_mean_has_the_textbook_error),
        cmocka_unit_test(with_scrambles_the_error_is_that_of_their_means),
        cmocka_unit_test(intervals_for_the_mean_hold_in_95_of_100_cases),
        cmocka_unit_test(a_ratio_has_the_error_of_its_residual),
        cmocka_unit_test(the_parameter_variance_is_unbiased_at_any_number_of_customers),
        cmocka_unit_test(the_estimate_of_parameter_variance_varies_as_the_header_says),
        cmocka_unit_test(points_that_avoid_each_other_have_an_unbiased_variance_too),
        cmocka_unit_test(corrected_values_have_the_parameter_variance),
        cmocka_unit_test(nothing_but_noise_is_pulled_to_the_mean),
        cmocka_unit_test(quantiles_lie_where_type_8_puts_them),
        cmocka_unit_test(quantiles_of_few_draws_are_nearly_right_in_the_median),
        cmocka_unit_test(sorting_puts_what_is_missing_last),
        cmocka_unit_test(probabilities_are_right_at_any_number_of_customers),
        cmocka_unit_test(without_noise_the_error_is_that_of_a_share),
        cmocka_unit_test(errors_of_probabilities_go_by_scrambles_and_with_their_own_noise),
        cmocka_unit_test(a_forecast_agrees_with_a_simulation_of_the_cohort),
        cmocka_unit_test(a_forecast_has_both_variances),
        cmocka_unit_test(forecasts_refuse_what_is_no_level_and_no_cohort),
        cmocka_unit_test(a_figure_that_does_not_apply_somewhere_says_nothing_unless_asked),
        cmocka_unit_test(payback_beyond_the_horizon_counts_at_its_end),
        cmocka_unit_test(unknown_noise_is_not_taken_for_none),
        cmocka_unit_test(degenerate_series_are_safe),
        cmocka_unit_test(the_best_number_of_customers_has_the_least_variance),
        cmocka_unit_test(extreme_pilots_are_answered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
