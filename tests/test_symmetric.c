/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "close.h"
#include "sim/symmetric.h"

enum { N = 3 };

/* 2 u u' + 5 v v' with u = (1, 2, 2) / 3, v = (2, 1, -2) / 3: rank 2. */
static const double matrix[N * N] = {22.0 / 9, 14.0 / 9,  -16.0 / 9, 14.0 / 9, 13.0 / 9,
                                     -2.0 / 9, -16.0 / 9, -2.0 / 9,  28.0 / 9};

static void eigenvectors_give_the_matrix_back(void **state)
{
    (void)state;
    double values[N], vectors[N * N], sum = 0, product = 1;
    ltv_error err = {0};
    assert_true(ltv_symmetric_eigen(values, vectors, matrix, N, &err) == LTV_OK);
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            double back = 0, unit = 0;
            for (int k = 0; k < N; k++) {
                back += values[k] * vectors[i * N + k] * vectors[j * N + k];
                unit += vectors[k * N + i] * vectors[k * N + j];
            }
            assert_within("back", back, matrix[i * N + j], 1e-14);
            assert_within("orthonormal", unit, i == j, 1e-14);
        }
    for (int k = 0; k < N; k++) {
        sum += values[k];
        product *= values[k] - 2;
    }
    assert_close("trace", sum, 7, 1e-14);
    assert_within("2 is one", product, 0, 1e-13);
}

static void whitening_leaves_out_what_has_no_variance(void **state)
{
    (void)state;
    double whiten[N * N], back[N * N], left[N * N], unit[N * N], again[N * N], transposed[N * N];
    size_t rank;
    ltv_error err = {0};
    assert_true(ltv_symmetric_whiten(whiten, back, &rank, matrix, N, 1e-12, &err) == LTV_OK);
    assert_true(rank == 2);
    ltv_matrix_product(left, matrix, whiten, N, N, rank);
    ltv_matrix_product_of_transposed(unit, whiten, left, rank, N, rank);
    for (size_t i = 0; i < rank * rank; i++)
        assert_within("W'MW", unit[i], i % (rank + 1) == 0, 1e-13);
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < rank; j++)
            transposed[j * N + i] = back[i * rank + j];
    ltv_matrix_product(again, back, transposed, N, rank, N);
    for (int i = 0; i < N * N; i++)
        assert_within("back back'", again[i], matrix[i], 1e-13);
}

static void a_zero_matrix_has_rank_zero(void **state)
{
    (void)state;
    const double zero[N * N] = {0};
    double whiten[N * N];
    size_t rank = 7;
    ltv_error err = {0};
    assert_true(ltv_symmetric_whiten(whiten, NULL, &rank, zero, N, 1e-12, &err) == LTV_OK);
    assert_true(rank == 0);
}

static void the_mean_of_both_halves_is_read(void **state)
{
    (void)state;
    const double lopsided[] = {1, 3, 1, 1};
    double values[2], vectors[4];
    ltv_error err = {0};
    assert_true(ltv_symmetric_eigen(values, vectors, lopsided, 2, &err) == LTV_OK);
    assert_within("1 + 2, 1 - 2", values[0] * values[1], -3, 1e-14);
}

static void what_is_not_finite_is_refused(void **state)
{
    (void)state;
    double broken[] = {1, 0, 0, INFINITY}, values[2], vectors[4];
    size_t rank;
    ltv_error err = {0};
    assert_true(ltv_symmetric_eigen(values, vectors, broken, 2, &err) == LTV_ERR_BAD_INPUT);
    broken[3] = NAN;
    assert_true(ltv_symmetric_whiten(vectors, NULL, &rank, broken, 2, 0, &err) ==
                LTV_ERR_BAD_INPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(eigenvectors_give_the_matrix_back),
        cmocka_unit_test(whitening_leaves_out_what_has_no_variance),
        cmocka_unit_test(a_zero_matrix_has_rank_zero),
        cmocka_unit_test(the_mean_of_both_halves_is_read),
        cmocka_unit_test(what_is_not_finite_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
