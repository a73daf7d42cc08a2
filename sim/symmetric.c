/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/symmetric.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_eigen.h>

ltv_status ltv_symmetric_eigen(double *values, double *vectors, const double *matrix, size_t n,
                               ltv_error *err)
{
    for (size_t i = 0; i < n * n; i++)
        if (!isfinite(matrix[i])) /* GSL would not end */
            return ltv_fail(err, LTV_ERR_BAD_INPUT, "a variance is too large for a double");
    double *copy = calloc(n * n, sizeof *copy);
    gsl_eigen_symmv_workspace *workspace = copy == NULL ? NULL : gsl_eigen_symmv_alloc(n);
    if (workspace == NULL) {
        free(copy);
        return ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory for eigenvectors");
    }
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            copy[i * n + j] = matrix[i * n + j] / 2 + matrix[j * n + i] / 2;
    gsl_matrix_view a = gsl_matrix_view_array(copy, n, n);
    gsl_vector_view eigenvalues = gsl_vector_view_array(values, n);
    gsl_matrix_view eigenvectors = gsl_matrix_view_array(vectors, n, n);
    gsl_eigen_symmv(&a.matrix, &eigenvalues.vector, &eigenvectors.matrix, workspace);
    gsl_eigen_symmv_free(workspace);
    free(copy);
    return LTV_OK;
}

static size_t keep_large(double *whiten, double *back, const double *values, const double *vectors,
                         size_t n, double tolerance)
{
    double largest = 0;
    size_t rank = 0, column = 0;
    for (size_t j = 0; j < n; j++)
        largest = fmax(largest, values[j]);
    for (size_t j = 0; j < n; j++)
        rank += values[j] > tolerance * largest;
    for (size_t j = 0; j < n; j++) {
        if (!(values[j] > tolerance * largest))
            continue;
        double root = sqrt(values[j]);
        for (size_t i = 0; i < n; i++) {
            whiten[i * rank + column] = vectors[i * n + j] / root;
            if (back != NULL)
                back[i * rank + column] = vectors[i * n + j] * root;
        }
        column++;
    }
    return rank;
}

ltv_status ltv_symmetric_whiten(double *whiten, double *back, size_t *rank, const double *matrix,
                                size_t n, double tolerance, ltv_error *err)
{
    double *values = calloc(n * (n + 1), sizeof *values);
    if (values == NULL)
        return ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory for eigenvectors");
    double *vectors = values + n;
    ltv_status status = ltv_symmetric_eigen(values, vectors, matrix, n, err);
    if (status == LTV_OK)
        *rank = keep_large(whiten, back, values, vectors, n, tolerance);
    free(values);
    return status;
}

void ltv_matrix_product(double *product, const double *a, const double *b, size_t n, size_t k,
                        size_t m)
{
    memset(product, 0, n * m * sizeof *product);
    for (size_t i = 0; i < n; i++)
        for (size_t l = 0; l < k; l++)
            for (size_t j = 0; j < m; j++)
                product[i * m + j] += a[i * k + l] * b[l * m + j];
}

void ltv_matrix_product_of_transposed(double *product, const double *a, const double *b, size_t n,
                                      size_t k, size_t m)
{
    memset(product, 0, n * m * sizeof *product);
    for (size_t l = 0; l < k; l++)
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < m; j++)
                product[i * m + j] += a[l * n + i] * b[l * m + j];
}
