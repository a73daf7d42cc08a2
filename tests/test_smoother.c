/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "close.h"
#include "normals.h"
#include "sim/smoother.h"

/* Numbers are at fixed addresses. Tolerances of statistical claims are stated as multiples of what
 * scatters; each fails a right program with a probability below 1e-8. */
enum { DRAWS = 1000, MOST_BASIS = 100 };

static ltv_smoother smoother_of(size_t n, size_t n_inputs, const double *input)
{
    ltv_smoother smoother;
    ltv_error err = {0};
    assert_true(ltv_smoother_init(&smoother, n, n_inputs, input, &err) == LTV_OK);
    assert_true(smoother.n_basis <= MOST_BASIS);
    return smoother;
}

/* Fits, and returns the effective degrees of freedom. */
static double fit(size_t n, size_t n_inputs, const double *input, const double *y, double *fitted)
{
    double weights[MOST_BASIS], edf = 0;
    ltv_smoother smoother = smoother_of(n, n_inputs, input);
    ltv_smoother_fit(&smoother, y, 1, fitted, weights);
    for (size_t j = 0; j < smoother.n_basis; j++)
        edf += weights[j];
    ltv_smoother_free(&smoother);
    return edf;
}

/* The scores of 1000 numbers in order. */
static void fill_scores(double *input)
{
    for (size_t d = 0; d < DRAWS; d++)
        input[d] = ltv_score_of_uniform(
            (ltv_uniform){((double)d + 0.5) / DRAWS, 1 - ((double)d + 0.5) / DRAWS});
}

static double mean_square(const double *a, const double *b, size_t n)
{
    double sum = 0;
    for (size_t d = 0; d < n; d++)
        sum += (a[d] - b[d]) * (a[d] - b[d]) / (double)n;
    return sum;
}

static void the_basis_is_orthonormal(void **state)
{
    (void)state;
    double input[2 * DRAWS];
    for (size_t i = 0; i < 2 * DRAWS; i++)
        input[i] = normal_number(1, i);
    ltv_smoother smoother = smoother_of(DRAWS, 2, input);
    size_t p = smoother.n_basis;
    for (size_t i = 0; i < p; i++)
        for (size_t j = 0; j < p; j++) {
            double sum = 0;
            for (size_t d = 0; d < DRAWS; d++)
                sum += smoother.basis[d * p + i] * smoother.basis[d * p + j];
            assert_within("product", sum, i == j, 1e-6);
        }
    ltv_smoother_free(&smoother);
}

static void straight_lines_and_noise_cost_two_degrees_of_freedom(void **state)
{
    (void)state;
    double input[DRAWS], y[DRAWS], fitted[DRAWS];
    fill_scores(input);
    for (size_t d = 0; d < DRAWS; d++)
        y[d] = 1e6 + 3 * input[d];
    assert_within("a line", fit(DRAWS, 1, input, y, fitted), 2, 0.01);
    assert_within("its values", mean_square(y, fitted, DRAWS), 0, 1e-12);
    double edf = 0;
    for (size_t r = 0; r < 40; r++) {
        for (size_t d = 0; d < DRAWS; d++)
            y[d] = normal_number(2, r * DRAWS + d);
        edf += fit(DRAWS, 1, input, y, fitted) / 40;
    }
    assert_that("noise", edf > 2 && edf < 3);
}

static void curves_are_found_under_noise(void **state)
{
    (void)state;
    enum { REPLICATIONS = 40 };
    double input[DRAWS], truth[DRAWS], y[DRAWS], fitted[DRAWS], off = 0, edf = 0;
    fill_scores(input);
    for (size_t d = 0; d < DRAWS; d++)
        truth[d] = sin(2 * input[d]) + fabs(input[d]);
    for (size_t r = 0; r < REPLICATIONS; r++) {
        for (size_t d = 0; d < DRAWS; d++)
            y[d] = truth[d] + 2 * normal_number(3, r * DRAWS + d);
        edf += fit(DRAWS, 1, input, y, fitted) / REPLICATIONS;
        off += mean_square(truth, fitted, DRAWS) / REPLICATIONS;
    }
    /* Noise alone makes edf / n of its variance; bias may double that. */
    assert_that("bends", edf > 5 && edf < 15);
    assert_that("close", off < 2 * 4 * edf / DRAWS);
}

/* The generalised cross-validation of the fit with this lambda, from its residuals. */
static double cross_validation(const ltv_smoother *smoother, const double *y, double lambda)
{
    size_t p = smoother->n_basis;
    double kept[MOST_BASIS] = {0}, edf = 0, squares = 0;
    for (size_t j = 0; j < p; j++) {
        double h = 1 / (1 + lambda * smoother->penalty[j]);
        for (size_t d = 0; d < DRAWS; d++)
            kept[j] += h * smoother->basis[d * p + j] * y[d];
        edf += h;
    }
    for (size_t d = 0; d < DRAWS; d++) {
        double residual = y[d];
        for (size_t j = 0; j < p; j++)
            residual -= kept[j] * smoother->basis[d * p + j];
        squares += residual * residual;
    }
    return squares / pow(DRAWS - 1.4 * edf, 2);
}

static void the_penalty_has_the_least_cross_validation(void **state)
{
    (void)state;
    double input[DRAWS], y[DRAWS], fitted[DRAWS], weights[MOST_BASIS];
    fill_scores(input);
    for (size_t d = 0; d < DRAWS; d++)
        y[d] = sin(2 * input[d]) + fabs(input[d]) + normal_number(9, d);
    ltv_smoother smoother = smoother_of(DRAWS, 1, input);
    ltv_smoother_fit(&smoother, y, 1, fitted, weights);
    size_t bent = 0; /* a basis function whose weight tells lambda well */
    for (size_t j = 0; j < smoother.n_basis; j++)
        if (fabs(weights[j] - 0.5) < fabs(weights[bent] - 0.5))
            bent = j;
    double lambda = (1 / weights[bent] - 1) / smoother.penalty[bent];
    double least = cross_validation(&smoother, y, lambda);
    for (double step = 1.34; step < 1e4; step *= 1.34) {
        assert_that("stiffer", cross_validation(&smoother, y, lambda * step) >= least);
        assert_that("softer", cross_validation(&smoother, y, lambda / step) >= least);
    }
    ltv_smoother_free(&smoother);
}

static void only_the_order_of_an_input_matters(void **state)
{
    (void)state;
    double input[DRAWS], bent[DRAWS], y[DRAWS], a[DRAWS], b[DRAWS];
    for (size_t d = 0; d < DRAWS; d++) {
        input[d] = normal_number(4, d);
        bent[d] = exp(10 * input[d]);
        y[d] = input[d] * input[d] + normal_number(5, d);
    }
    fit(DRAWS, 1, input, y, a);
    fit(DRAWS, 1, bent, y, b);
    assert_true(memcmp(a, b, sizeof a) == 0);
}

static void the_fit_has_the_mean_and_may_take_the_place_of_its_figure(void **state)
{
    (void)state;
    double input[DRAWS], y[2 * DRAWS], fitted[2 * DRAWS], weights[MOST_BASIS], mean = 0, after = 0;
    fill_scores(input);
    for (size_t i = 0; i < 2 * DRAWS; i++)
        y[i] = 100 + exp(input[i / 2]) + normal_number(6, i);
    for (size_t d = 0; d < DRAWS; d++)
        mean += y[2 * d + 1] / DRAWS;
    ltv_smoother smoother = smoother_of(DRAWS, 1, input);
    ltv_smoother_fit(&smoother, y + 1, 2, fitted + 1, weights);
    ltv_smoother_fit(&smoother, y + 1, 2, y + 1, weights);
    for (size_t d = 0; d < DRAWS; d++) {
        assert_true(y[2 * d + 1] == fitted[2 * d + 1]);
        after += fitted[2 * d + 1] / DRAWS;
    }
    assert_close("mean", after, mean, 1e-12);
    ltv_smoother_free(&smoother);
}

static void products_of_two_inputs_are_seen(void **state)
{
    (void)state;
    double input[2 * DRAWS], y[DRAWS], fitted[DRAWS], variance = 0;
    for (size_t i = 0; i < 2 * DRAWS; i++)
        input[i] = normal_number(7, i);
    for (size_t d = 0; d < DRAWS; d++) {
        y[d] = input[d] * input[DRAWS + d];
        variance += y[d] * y[d] / DRAWS;
    }
    fit(DRAWS, 2, input, y, fitted);
    assert_that("explained", mean_square(y, fitted, DRAWS) < 0.01 * variance);
}

static void few_distinct_values_get_their_means(void **state)
{
    (void)state;
    double input[DRAWS], y[DRAWS], fitted[DRAWS], means[2] = {0}, counts[2] = {0};
    for (size_t d = 0; d < DRAWS; d++) {
        input[d] = d % 5 == 0;
        y[d] = 2 * input[d] + normal_number(8, d);
        means[d % 5 == 0] += y[d];
        counts[d % 5 == 0]++;
    }
    assert_within("two values", fit(DRAWS, 1, input, y, fitted), 2, 1e-9);
    for (size_t d = 0; d < DRAWS; d++)
        assert_close("mean", fitted[d], means[d % 5 == 0] / counts[d % 5 == 0], 1e-9);
    for (size_t d = 0; d < DRAWS; d++) {
        input[d] = (double)(d % 3);
        y[d] = d % 3 == 1 ? 7 : -2;
    }
    fit(DRAWS, 1, input, y, fitted);
    assert_that("three values", mean_square(y, fitted, DRAWS) < 1e-6);
}

static void an_input_that_never_varies_explains_nothing(void **state)
{
    (void)state;
    const double input[] = {4, 4, 4}, y[] = {1, 2, 6};
    double fitted[3];
    assert_close("edf", fit(3, 1, input, y, fitted), 1, 1e-12);
    for (int d = 0; d < 3; d++)
        assert_close("mean", fitted[d], 3, 1e-14);
}

static void what_cannot_be_fitted_is_refused(void **state)
{
    (void)state;
    const double few[] = {1, 2, 3, 4, 5, 6, 7, NAN};
    ltv_smoother smoother;
    ltv_error err = {0};
    assert_true(ltv_smoother_init(&smoother, 7, 1, few, &err) == LTV_ERR_BAD_INPUT);
    assert_non_null(strstr(err.message, "7 draws are too few"));
    ltv_smoother_free(&smoother);
    err = (ltv_error){0};
    assert_true(ltv_smoother_init(&smoother, 8, 1, few, &err) == LTV_ERR_BAD_INPUT);
    assert_non_null(strstr(err.message, "not a finite number in draw 7"));
    ltv_smoother_free(&smoother);
    assert_true(ltv_smoother_init(&smoother, 0, 1, few, &err) == LTV_ERR_BAD_INPUT);
    assert_true(ltv_smoother_init(&smoother, 8, 0, few, &err) == LTV_ERR_BAD_INPUT);
    ltv_smoother_free(&smoother);
    double least[8], fitted[8], y[] = {1, 5, 2, 8, 2, 3, 4, 4};
    for (size_t d = 0; d < 8; d++)
        least[d] = (double)d;
    double edf = fit(8, 1, least, y, fitted);
    assert_true(edf >= 2 && edf < 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_basis_is_orthonormal),
        cmocka_unit_test(straight_lines_and_noise_cost_two_degrees_of_freedom),
        cmocka_unit_test(curves_are_found_under_noise),
        cmocka_unit_test(the_penalty_has_the_least_cross_validation),
        cmocka_unit_test(only_the_order_of_an_input_matters),
        cmocka_unit_test(the_fit_has_the_mean_and_may_take_the_place_of_its_figure),
        cmocka_unit_test(products_of_two_inputs_are_seen),
        cmocka_unit_test(few_distinct_values_get_their_means),
        cmocka_unit_test(an_input_that_never_varies_explains_nothing),
        cmocka_unit_test(what_cannot_be_fitted_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
