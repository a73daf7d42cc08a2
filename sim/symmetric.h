/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_SYMMETRIC_H
#define LTV_SIM_SYMMETRIC_H

#include <stddef.h>

#include "base/error.h"

/* Small dense matrices, row by row: element (i, j) of an n x m matrix is [i * m + j]. */

/* Eigenvalues and orthonormal eigenvectors of a symmetric matrix, of which the mean of both halves
 * is read: matrix = sum over j of values[j] v_j v_j', v_j[i] = vectors[i * n + j]. n >= 1. Fails
 * with NO_MEMORY, and BAD_INPUT for what is not finite: variances of numbers above 1e154. */
LTV_MUST_USE ltv_status ltv_symmetric_eigen(double *values, double *vectors, const double *matrix,
                                            size_t n, ltv_error *err);

/* The n x rank matrix W (room for n x n) with W' matrix W = 1, over the eigenvalues above
 * `tolerance` times the largest one; a positive semidefinite matrix. back (may be NULL) is the n x
 * rank matrix with back W' = the projection on them, back back' = matrix. rank is 0 for a zero
 * matrix. Fails likewise. */
LTV_MUST_USE ltv_status ltv_symmetric_whiten(double *whiten, double *back, size_t *rank,
                                             const double *matrix, size_t n, double tolerance,
                                             ltv_error *err);

/* product [n x m] = a [n x k] b [k x m]. Must not overlap. */
void ltv_matrix_product(double *product, const double *a, const double *b, size_t n, size_t k,
                        size_t m);

/* product [n x m] = a' b, with a [k x n], b [k x m]. Must not overlap. */
void ltv_matrix_product_of_transposed(double *product, const double *a, const double *b, size_t n,
                                      size_t k, size_t m);

#endif
