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
#include "models/spread.h"
#include "must.h"
#include "sim/address.h"
#include "sim/rank_correlation.h"

/* A standard normal number of its own for each place and column. */
static double normal_at(uint64_t seed, size_t place, uint32_t column)
{
    ltv_stream stream = {.seed = seed};
    return ltv_score_of_uniform(
        ltv_address_uniform(stream, (uint32_t)place, column + 1, LTV_PURPOSE_VOLUNTARY_CHURN, 0));
}

static ltv_rank_estimate spearman(const double *x, const double *y, size_t n)
{
    ltv_rank_estimate result;
    assert_int_equal(ltv_rank_correlation(&result, x, y, n, NULL), LTV_OK);
    return result;
}

/* --- Spearman's --- */

static void small_tables_have_the_published_coefficients(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        size_t n;
        double x[10], y[10], expected;
    } cases[] = {
        /* SciPy's documentation of spearmanr; from the ranks 8 / sqrt(10 * 9.5). */
        {"a tie", 5, {1, 2, 3, 4, 5}, {5, 6, 7, 8, 7}, 0.8207826816681233},
        /* Hollander & Wolfe, Nonparametric Statistical Methods (1973), p. 185: lightness of tuna
         * and panel score, without ties. */
        {"tuna",
         9,
         {44.4, 45.9, 41.9, 53.3, 44.7, 44.1, 50.7, 45.2, 60.1},
         {2.6, 3.1, 2.5, 5.0, 3.6, 4.0, 5.2, 2.8, 3.8},
         0.6},
        /* The example of Wikipedia's article: -29/165. */
        {"hours of television",
         10,
         {106, 86, 100, 101, 99, 103, 97, 113, 112, 110},
         {7, 0, 27, 50, 28, 29, 20, 12, 6, 17},
         -29.0 / 165},
        /* Middle ranks (1.5, 1.5, 3, 4.5, 4.5) and (4, 2, 2, 5, 2), by hand. */
        {"ties in both", 5, {1, 1, 2, 3, 3}, {7, 4, 4, 9, 4}, 1.5 / sqrt(9.0 * 8)},
        {"infinite ones", 3, {1, 2, INFINITY}, {-INFINITY, 8, 3}, 0.5},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ltv_rank_estimate result = spearman(cases[i].x, cases[i].y, cases[i].n);
        assert_close(cases[i].label, result.value, cases[i].expected, 1e-14);
    }
}

static void coefficients_are_exactly_one_where_the_order_is_the_same(void **state)
{
    (void)state;
    enum { N = 200 };
    double x[N], same[N], reverse[N];
    for (size_t j = 0; j < N; j++) {
        x[j] = round(4 * normal_at(1, j, 0)); /* with ties */
        same[j] = exp(x[j] / 3);
        reverse[j] = -pow(x[j], 3);
    }
    ltv_rank_estimate up = spearman(x, same, N), down = spearman(x, reverse, N);
    assert_true(up.value == 1);
    assert_true(down.value == -1);
    assert_within("error", up.standard_error, 0, 1e-12);
    assert_within("error", down.standard_error, 0, 1e-12);
}

static void two_pairs_are_enough_and_a_constant_has_no_coefficient(void **state)
{
    (void)state;
    static const double x[] = {1, 2}, y[] = {5, 4}, constant[] = {3, 3};
    assert_true(spearman(x, y, 2).value == -1);
    assert_true(isnan(spearman(x, constant, 2).value));
    assert_true(isnan(spearman(constant, x, 2).standard_error));
}

/* --- its standard error --- */

/* Joint distributions from two independent normal numbers. */
enum { INDEPENDENT, TIED_NORMALS, VALLEY, FUNNEL, COARSE, COARSE_VALLEY, SHAPES };

static const char *const shape_labels[] = {"independent", "normal, 0.8", "valley",
                                           "funnel",      "coarse",      "coarse valley"};

static void fill_pairs(double *x, double *y, size_t n, int shape, uint64_t seed)
{
    for (size_t j = 0; j < n; j++) {
        double a = normal_at(seed, j, 0), b = normal_at(seed, j, 1);
        x[j] = shape >= COARSE ? round(a) : a;
        switch (shape) {
        case INDEPENDENT:
            y[j] = b;
            break;
        case TIED_NORMALS:
            y[j] = 0.8 * a + 0.6 * b;
            break;
        case VALLEY:
            y[j] = fabs(a + 0.5) + b / 4;
            break;
        case FUNNEL:
            y[j] = a + exp(a) * b;
            break;
        case COARSE:
            y[j] = floor(a + b);
            break;
        default:
            y[j] = round(x[j] * x[j] + x[j] + b / 4);
        }
    }
}

/* The error of the delete-one jackknife, which approaches the delta method's with more pairs. */
static double jackknife_error(double *x, double *y, size_t n)
{
    double sum = 0, squares = 0;
    for (size_t j = 0; j < n; j++) { /* the pair left out changes places with the last one */
        double keep_x = x[j], keep_y = y[j];
        x[j] = x[n - 1];
        y[j] = y[n - 1];
        double value = spearman(x, y, n - 1).value;
        x[j] = keep_x;
        y[j] = keep_y;
        sum += value;
        squares += value * value;
    }
    return sqrt((squares - sum * sum / (double)n) * ((double)n - 1) / (double)n);
}

static void standard_errors_are_those_of_the_jackknife(void **state)
{
    (void)state;
    enum { N = 1000 };
    double *x = must(calloc(N, sizeof *x)), *y = must(calloc(N, sizeof *y));
    for (int shape = 0; shape < SHAPES; shape++) {
        fill_pairs(x, y, N, shape, 1);
        assert_close(shape_labels[shape], spearman(x, y, N).standard_error,
                     jackknife_error(x, y, N), 0.005);
    }
    free(x);
    free(y);
}

/* The error squared, averaged, against the variance of the coefficients of 4,000 samples of 200.
 * The variance of a nearly normal coefficient is known to 1 / sqrt(2000) = 2.2 %; the limit of 13 %
 * is 5.8 of that, or a chance of 7e-9 for each of six; 1 % is left for what 200 pairs lack to
 * many. */
static void standard_errors_are_how_far_coefficients_scatter(void **state)
{
    (void)state;
    enum { SAMPLES = 4000, N = 200 };
    double x[N], y[N];
    for (int shape = 0; shape < SHAPES; shape++) {
        double sum = 0, squares = 0, variance = 0;
        for (uint64_t seed = 1; seed <= SAMPLES; seed++) {
            fill_pairs(x, y, N, shape, seed);
            ltv_rank_estimate result = spearman(x, y, N);
            sum += result.value;
            squares += result.value * result.value;
            variance += result.standard_error * result.standard_error / SAMPLES;
        }
        double scatter = (squares - sum * sum / SAMPLES) / (SAMPLES - 1);
        assert_close(shape_labels[shape], variance, scatter, 0.13 + 0.01);
    }
}

/* --- partial rank correlations --- */

/* Partial correlation of columns a and b of a matrix of correlations [n][n] given the columns from
 * `given` to n - 1, by the recursion of textbooks. */
static double partial(const double *correlations, size_t n, size_t a, size_t b, size_t given)
{
    if (given == n)
        return correlations[a * n + b];
    double ab = partial(correlations, n, a, b, given + 1);
    double ac = partial(correlations, n, a, given, given + 1);
    double bc = partial(correlations, n, b, given, given + 1);
    return (ab - ac * bc) / sqrt((1 - ac * ac) * (1 - bc * bc));
}

/* The same of y, column 0, and of input i of k, columns 1 ... k, given all other inputs. */
static double partial_of_input(const double *correlations, size_t k, size_t i)
{
    size_t n = k + 1, order[16] = {0, 1 + i};
    for (size_t l = 0, next = 2; l < k; l++)
        if (l != i)
            order[next++] = 1 + l;
    double sorted[256];
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b < n; b++)
            sorted[a * n + b] = correlations[order[a] * n + order[b]];
    return partial(sorted, n, 0, 1, 2);
}

/* Inputs tied to each other, and a figure that depends on all but the last. */
enum { INPUTS = 4 };

static const double tied_to_first[INPUTS] = {1, 0.5, 0, -0.6}, slopes[INPUTS] = {4, -3, 1, 0};

static void fill_draws(double *x, double *y, size_t n, uint64_t seed)
{
    for (size_t j = 0; j < n; j++) {
        double first = normal_at(seed, j, 0);
        y[j] = normal_at(seed, j, INPUTS);
        for (uint32_t i = 0; i < INPUTS; i++) {
            double own = i == 0 ? 0 : normal_at(seed, j, i), tie = tied_to_first[i];
            x[j * INPUTS + i] = tie * first + sqrt(1 - tie * tie) * own;
            y[j] += slopes[i] * x[j * INPUTS + i];
        }
    }
}

/* Correlations of y and the inputs, from the definition above. */
static void fill_correlations(double *correlations)
{
    enum { N = INPUTS + 1 };
    double covariances[N][N] = {{1}};
    for (size_t a = 0; a < INPUTS; a++)
        for (size_t b = 0; b < INPUTS; b++) {
            double both = a == b ? 1 : tied_to_first[a] * tied_to_first[b];
            covariances[1 + a][1 + b] = both;
            covariances[0][1 + a] += slopes[b] * both;
            covariances[1 + a][0] += slopes[b] * both;
            covariances[0][0] += slopes[a] * slopes[b] * both;
        }
    for (size_t a = 0; a < N; a++)
        for (size_t b = 0; b < N; b++)
            correlations[a * N + b] =
                covariances[a][b] / sqrt(covariances[a][a] * covariances[b][b]);
}

/* Of normals, Spearman's correlation is 6/pi asin(r/2) (Pearson 1907), and partial ones follow from
 * it. 40 samples of 10,000 draws; four means by Student's t at 1e-6 / 4 each, a limit of about 6
 * standard errors, which are asserted to be below 0.1 % of the coefficients above 0.7: an error of
 * 1 % falls out. */
static void partial_correlations_of_normals_are_the_closed_form(void **state)
{
    (void)state;
    enum { SAMPLES = 40, N = 10000 };
    double correlations[(INPUTS + 1) * (INPUTS + 1)];
    fill_correlations(correlations);
    for (size_t c = 0; c < sizeof correlations / sizeof *correlations; c++)
        correlations[c] = 6 / M_PI * asin(correlations[c] / 2);
    double *x = must(calloc(N * INPUTS, sizeof *x)), *y = must(calloc(N, sizeof *y));
    double sum[INPUTS] = {0}, squares[INPUTS] = {0};
    for (uint64_t seed = 1; seed <= SAMPLES; seed++) {
        double values[INPUTS];
        fill_draws(x, y, N, seed);
        assert_int_equal(ltv_partial_rank_correlation(values, x, INPUTS, y, N, NULL), LTV_OK);
        for (size_t i = 0; i < INPUTS; i++) {
            sum[i] += values[i];
            squares[i] += values[i] * values[i];
        }
    }
    double score = gsl_cdf_tdist_Qinv(1e-6 / INPUTS / 2, SAMPLES - 1);
    for (size_t i = 0; i < INPUTS; i++) {
        double mean = sum[i] / SAMPLES, expected = partial_of_input(correlations, INPUTS, i);
        double error = sqrt((squares[i] / SAMPLES - mean * mean) / (SAMPLES - 1));
        assert_within("mean", mean, expected, score * error);
        if (fabs(expected) > 0.7)
            assert_that("precise", error < 1e-3 * fabs(expected));
    }
    free(x);
    free(y);
}

static void partial_correlations_follow_from_pairwise_ones_with_ties_too(void **state)
{
    (void)state;
    enum { N = 150, COLUMNS = INPUTS + 1 };
    double x[N * INPUTS], y[N], columns[COLUMNS][N], values[INPUTS];
    fill_draws(x, y, N, 1);
    for (size_t j = 0; j < N; j++) {
        columns[0][j] = y[j] = round(y[j]);
        for (size_t i = 0; i < INPUTS; i++)
            columns[1 + i][j] = x[j * INPUTS + i] = exp(round(2 * x[j * INPUTS + i]));
    }
    double correlations[COLUMNS * COLUMNS];
    for (size_t a = 0; a < COLUMNS; a++)
        for (size_t b = 0; b < COLUMNS; b++)
            correlations[a * COLUMNS + b] = spearman(columns[a], columns[b], N).value;
    assert_int_equal(ltv_partial_rank_correlation(values, x, INPUTS, y, N, NULL), LTV_OK);
    for (size_t i = 0; i < INPUTS; i++)
        assert_within("input", values[i], partial_of_input(correlations, INPUTS, i), 1e-12);
}

static void a_single_input_has_spearmans_own(void **state)
{
    (void)state;
    enum { N = 50 };
    double x[N], y[N], value;
    fill_pairs(x, y, N, FUNNEL, 3);
    assert_int_equal(ltv_partial_rank_correlation(&value, x, 1, y, N, NULL), LTV_OK);
    assert_close("value", value, spearman(x, y, N).value, 1e-13);
}

/* Inputs that say nothing of their own get no value, and take nothing away from the others. */
static void inputs_that_follow_from_others_are_left_out(void **state)
{
    (void)state;
    enum { N = 100, MORE = 5 };
    double x[N * 2], more[N * MORE], y[N], expected[2], values[MORE];
    for (size_t j = 0; j < N; j++) {
        double a = normal_at(1, j, 0), b = normal_at(1, j, 1) + a / 2;
        x[2 * j] = more[MORE * j + 1] = a;
        x[2 * j + 1] = more[MORE * j + 2] = b;
        more[MORE * j] = 0.1;        /* constant */
        more[MORE * j + 3] = exp(b); /* b in another unit */
        more[MORE * j + 4] = 7;      /* constant */
        y[j] = a - b + normal_at(1, j, 2);
    }
    assert_int_equal(ltv_partial_rank_correlation(expected, x, 2, y, N, NULL), LTV_OK);
    assert_int_equal(ltv_partial_rank_correlation(values, more, MORE, y, N, NULL), LTV_OK);
    assert_true(isnan(values[0]) && isnan(values[2]) && isnan(values[3]) && isnan(values[4]));
    assert_within("a", values[1], expected[0], 1e-12);
}

static void a_figure_explained_without_rest_has_ones_and_zeros(void **state)
{
    (void)state;
    enum { N = 100 };
    double x[N * 3], y[N], values[3];
    for (size_t j = 0; j < N; j++) {
        for (uint32_t i = 0; i < 3; i++)
            x[3 * j + i] = normal_at(1, j, i) + (i > 0 ? x[3 * j] : 0);
        y[j] = -pow(x[3 * j + 1], 3);
    }
    assert_int_equal(ltv_partial_rank_correlation(values, x, 3, y, N, NULL), LTV_OK);
    assert_true(values[0] == 0 && values[1] == -1 && values[2] == 0);
    for (size_t j = 0; j < N; j++)
        y[j] = 3;
    assert_int_equal(ltv_partial_rank_correlation(values, x, 3, y, N, NULL), LTV_OK);
    assert_true(isnan(values[0]) && isnan(values[1]) && isnan(values[2]));
}

static void the_least_draws_give_values_and_fewer_are_refused(void **state)
{
    (void)state;
    static const double x[] = {1, 5, 2, 3, 3, 4, 4, 1}, y[] = {2, 1, 3, 4};
    double values[2];
    assert_int_equal(ltv_partial_rank_correlation(values, x, 2, y, 4, NULL), LTV_OK);
    for (size_t i = 0; i < 2; i++)
        assert_true(fabs(values[i]) <= 1);
    static const struct {
        const char *label;
        size_t inputs, n;
    } cases[] = {{"no input", 0, 4}, {"too few", 2, 3},     {"two", 1, 2},
                 {"none", 1, 0},     {"huge", SIZE_MAX, 4}, {"overflow", SIZE_MAX / 2, SIZE_MAX}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_that(cases[i].label,
                    ltv_partial_rank_correlation(values, x, cases[i].inputs, y, cases[i].n, NULL) ==
                        LTV_ERR_BAD_INPUT);
    ltv_rank_estimate result;
    assert_int_equal(ltv_rank_correlation(&result, x, y, 1, NULL), LTV_ERR_BAD_INPUT);
}

static void undefined_values_are_counted_and_refused(void **state)
{
    (void)state;
    static const double x[] = {1, NAN, 2, NAN, NAN, 4}, y[] = {1, 2, 3, 4, 5, 6};
    double value;
    ltv_rank_estimate result;
    ltv_error err = {0};
    assert_int_equal(ltv_rank_correlation(&result, x, y, 6, &err), LTV_ERR_BAD_INPUT);
    assert_non_null(strstr(err.message, "3 of 6 values of the input"));
    err = (ltv_error){0};
    assert_int_equal(ltv_rank_correlation(&result, y, x, 6, &err), LTV_ERR_BAD_INPUT);
    assert_non_null(strstr(err.message, "3 of 6 values of the figure"));
    err = (ltv_error){0};
    assert_int_equal(ltv_partial_rank_correlation(&value, y, 1, x, 6, &err), LTV_ERR_BAD_INPUT);
    assert_non_null(strstr(err.message, "3 of 6 values of the figure"));
    assert_int_equal(ltv_partial_rank_correlation(&value, x, 1, y, 6, NULL), LTV_ERR_BAD_INPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_tables_have_the_published_coefficients),
        cmocka_unit_test(coefficients_are_exactly_one_where_the_order_is_the_same),
        cmocka_unit_test(two_pairs_are_enough_and_a_constant_has_no_coefficient),
        cmocka_unit_test(standard_errors_are_those_of_the_jackknife),
        cmocka_unit_test(standard_errors_are_how_far_coefficients_scatter),
        cmocka_unit_test(partial_correlations_of_normals_are_the_closed_form),
        cmocka_unit_test(partial_correlations_follow_from_pairwise_ones_with_ties_too),
        cmocka_unit_test(a_single_input_has_spearmans_own),
        cmocka_unit_test(inputs_that_follow_from_others_are_left_out),
        cmocka_unit_test(a_figure_explained_without_rest_has_ones_and_zeros),
        cmocka_unit_test(the_least_draws_give_values_and_fewer_are_refused),
        cmocka_unit_test(undefined_values_are_counted_and_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
