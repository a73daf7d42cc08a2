/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "close.h"
#include "must.h"
#include "sim/inputs.h"

/* a, then the columns x and y of a set of three rows, then b between them: a, x, b, y. */

enum { A, X, B, Y, INPUTS };

static void inputs_init(ltv_inputs *inputs)
{
    static const char *const names[INPUTS] = {"a", "x", "b", "y"};
    static const double values[6] = {1, 2, 3, 10, 20, 30};
    ltv_error err = {0};
    *inputs = (ltv_inputs){.n = INPUTS,
                           .items = must(calloc(INPUTS, sizeof *inputs->items)),
                           .n_sets = 1,
                           .sets = must(calloc(1, sizeof *inputs->sets))};
    ltv_sample_set *set = &inputs->sets[0];
    *set = (ltv_sample_set){.name = must(strdup("posterior.csv")),
                            .n_rows = 3,
                            .n_columns = 2,
                            .columns = must(calloc(2, sizeof *set->columns)),
                            .values = must(calloc(6, sizeof *set->values))};
    memcpy(set->values, values, sizeof values);
    for (size_t i = 0; i < INPUTS; i++)
        inputs->items[i] = (ltv_input){.name = must(strdup(names[i])), .set = LTV_NO_SET};
    for (size_t c = 0; c < 2; c++) {
        set->columns[c] = must(strdup("column"));
        inputs->items[c == 0 ? X : Y].set = 0;
        inputs->items[c == 0 ? X : Y].column = c;
    }
    assert_int_equal(ltv_uncertain_uniform(&inputs->items[A].number, 0, 10, &err), LTV_OK);
    assert_int_equal(ltv_uncertain_normal(&inputs->items[B].number, 5, 2, &err), LTV_OK);
}

static void correlate(ltv_inputs *inputs, size_t n, const ltv_correlation *pairs)
{
    inputs->correlations = must(calloc(n, sizeof *pairs));
    memcpy(inputs->correlations, pairs, n * sizeof *pairs);
    inputs->n_correlations = n;
}

static void a_set_needs_one_number_for_all_its_columns(void **state)
{
    (void)state;
    ltv_inputs inputs;
    size_t dimensions[INPUTS];
    inputs_init(&inputs);
    assert_int_equal(ltv_inputs_dimensions(&inputs), 3);
    ltv_inputs_dimension_of(&inputs, dimensions);
    static const size_t expected[INPUTS] = {0, 1, 2, 1};
    assert_memory_equal(dimensions, expected, sizeof expected);
    assert_int_equal(ltv_inputs_find(&inputs, "b"), B);
    assert_int_equal(ltv_inputs_find(&inputs, "c"), INPUTS);
    ltv_inputs_free(&inputs);
    ltv_inputs_free(&inputs);
    assert_int_equal(ltv_inputs_dimensions(&inputs), 0);
}

static void a_point_becomes_the_quantiles_of_the_inputs(void **state)
{
    (void)state;
    static const struct {
        double u[3], expected[INPUTS];
    } cases[] = {
        {{0.5, 0.5, 0.5}, {5, 2, 5, 20}},
        {{0.25, 0.1, 0.975}, {2.5, 1, 5 + 2 * 1.9599639845400545, 10}},
        {{0.01, 0.34, 0.025}, {0.1, 2, 5 - 2 * 1.9599639845400545, 20}},
        {{0.99, 1 - 1e-17, 0.5}, {9.9, 3, 5, 30}}, /* the last row, however near to 1 */
        {{0.99, 0.67, 0.5}, {9.9, 3, 5, 30}},
    };
    enum { CASES = sizeof cases / sizeof *cases };
    ltv_inputs inputs;
    ltv_error err = {0};
    ltv_uniform points[3 * CASES];
    double values[INPUTS * CASES];
    inputs_init(&inputs);
    for (size_t c = 0; c < CASES; c++)
        for (size_t i = 0; i < 3; i++)
            points[3 * c + i] = (ltv_uniform){cases[c].u[i], 1 - cases[c].u[i]};
    assert_int_equal(ltv_inputs_at(values, &inputs, points, CASES, &err), LTV_OK);
    for (size_t c = 0; c < CASES; c++)
        for (size_t i = 0; i < INPUTS; i++)
            assert_close(inputs.items[i].name, values[INPUTS * c + i], cases[c].expected[i], 1e-12);
    ltv_inputs_free(&inputs);
}

static double *draw(const ltv_inputs *inputs, ltv_sampling_kind sampling, uint32_t n)
{
    ltv_error err = {0};
    double *values = must(calloc(n * inputs->n, sizeof *values));
    assert_int_equal(ltv_inputs_draw(values, inputs, sampling, 7, n, &err), LTV_OK);
    return values;
}

/* 3 strata of 16 in each of 16 Latin hypercubes of 48. */
static void every_row_of_a_set_comes_equally_often_and_whole(void **state)
{
    (void)state;
    enum { DRAWS = 768 };
    ltv_inputs inputs;
    int times[3] = {0};
    inputs_init(&inputs);
    double *values = draw(&inputs, LTV_SAMPLING_LATIN_HYPERCUBE, DRAWS);
    for (size_t d = 0; d < DRAWS; d++) {
        assert_close("row", values[INPUTS * d + Y], 10 * values[INPUTS * d + X], 0);
        times[(int)values[INPUTS * d + X] - 1]++;
    }
    for (int row = 0; row < 3; row++)
        assert_int_equal(times[row], DRAWS / 3);
    free(values);
    ltv_inputs_free(&inputs);
}

/* What a draw of an input is follows from its name. */
static void an_input_more_leaves_the_draws_of_the_others(void **state)
{
    (void)state;
    enum { DRAWS = 64 };
    static const ltv_sampling_kind samplings[] = {LTV_SAMPLING_RANDOM,
                                                  LTV_SAMPLING_LATIN_HYPERCUBE};
    for (size_t s = 0; s < 2; s++) {
        ltv_inputs more, less;
        inputs_init(&more);
        inputs_init(&less);
        free(less.items[A].name);
        memmove(less.items, less.items + 1, --less.n * sizeof *less.items); /* x, b, y */
        double *all = draw(&more, samplings[s], DRAWS), *some = draw(&less, samplings[s], DRAWS);
        for (size_t d = 0; d < DRAWS; d++)
            for (size_t i = 0; i < less.n; i++)
                assert_close(less.items[i].name, some[less.n * d + i], all[more.n * d + i + 1], 0);
        free(all);
        free(some);
        ltv_inputs_free(&more);
        ltv_inputs_free(&less);
    }
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Spearman's rho of inputs i and j: Pearson's of the ranks. */
static double spearman(const double *values, size_t n, size_t i, size_t j)
{
    double *sorted[2], sum = 0;
    const size_t of[2] = {i, j};
    for (int k = 0; k < 2; k++) {
        sorted[k] = must(calloc(n, sizeof(double)));
        for (size_t d = 0; d < n; d++)
            sorted[k][d] = values[INPUTS * d + of[k]];
        qsort(sorted[k], n, sizeof(double), compare);
    }
    for (size_t d = 0; d < n; d++) {
        double ranks[2];
        for (int k = 0; k < 2; k++) {
            const double *at =
                bsearch(&values[INPUTS * d + of[k]], sorted[k], n, sizeof(double), compare);
            ranks[k] = (double)(at - sorted[k]) - (double)(n - 1) / 2;
        }
        sum += ranks[0] * ranks[1];
    }
    free(sorted[0]);
    free(sorted[1]);
    return 12 * sum / ((double)n * ((double)n * (double)n - 1));
}

/* Of 16,384 draws rho is known to 6/128 (less where it is large). */
static void correlated_inputs_have_their_rank_correlation(void **state)
{
    (void)state;
    enum { DRAWS = 16384 };
    static const double rhos[] = {0.8, -0.5};
    for (size_t r = 0; r < 2; r++) {
        ltv_inputs inputs;
        inputs_init(&inputs);
        correlate(&inputs, 1, &(ltv_correlation){.first = B, .second = A, .spearman = rhos[r]});
        double *values = draw(&inputs, LTV_SAMPLING_RANDOM, DRAWS), mean = 0;
        assert_within("rho", spearman(values, DRAWS, A, B), rhos[r], 6.0 / 128 * 0.8);
        for (size_t d = 0; d < DRAWS; d++)
            mean += values[INPUTS * d + A] / DRAWS;
        assert_within("the distribution stays", mean, 5, 6 * 10 / sqrt(12.0 * DRAWS));
        free(values);
        ltv_inputs_free(&inputs);
    }
}

static void correlations_that_contradict_each_other_are_named(void **state)
{
    (void)state;
    ltv_inputs inputs;
    ltv_error err = {0};
    inputs_init(&inputs);
    inputs.items[X].set = inputs.items[Y].set = LTV_NO_SET; /* never inverted */
    correlate(&inputs, 3, (const ltv_correlation[]){{A, B, 0.9}, {B, X, 0.9}, {A, X, -0.9}});
    assert_int_equal(ltv_inputs_at(NULL, &inputs, NULL, 0, &err), LTV_ERR_BAD_INPUT);
    assert_that(err.message, strstr(err.message, "these cannot hold together: ") == err.message);
    static const char *const named[] = {"[a, b, 0.9]", "[b, x, 0.9]", "[a, x, -0.9]"};
    for (size_t i = 0; i < 3; i++)
        assert_that(err.message, strstr(err.message, named[i]) != NULL);
    ltv_inputs_free(&inputs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_set_needs_one_number_for_all_its_columns),
        cmocka_unit_test(a_point_becomes_the_quantiles_of_the_inputs),
        cmocka_unit_test(every_row_of_a_set_comes_equally_often_and_whole),
        cmocka_unit_test(an_input_more_leaves_the_draws_of_the_others),
        cmocka_unit_test(correlated_inputs_have_their_rank_correlation),
        cmocka_unit_test(correlations_that_contradict_each_other_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
