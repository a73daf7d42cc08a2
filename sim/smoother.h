/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_SMOOTHER_H
#define LTV_SIM_SMOOTHER_H

#include <stddef.h>

#include "base/error.h"

/* Smooth regression of a figure on inputs over draws: what is the figure on average, given these
 * inputs? Penalised cubic B-splines (O'Sullivan, Statistical Science 1, 1986; Wand & Ormerod,
 * Australian & New Zealand J. Statistics 50, 2008) of the normal scores of each input's ranks, so
 * that neither units nor long tails matter; with several inputs also the products of each pair of
 * scores. The penalty is the integral of the squared second derivative, and its weight is the
 * one with the least generalised cross-validation, residual degrees of freedom n - 1.4 edf (Kim
 * & Gu, JRSS B 66, 2004, against fits that follow noise). What is not bent costs nothing: without
 * evidence of a curve the fit is linear in the scores. An input of a few distinct values gets
 * polynomials through them. */
typedef struct {
    size_t n, n_basis;
    double *basis;   /* owned, [n * n_basis]: orthonormal columns, in which the penalty is diagonal
                      * (Demmler & Reinsch) */
    double *penalty; /* owned, [n_basis], >= 0 */
} ltv_smoother;

/* input: [i * n + draw], n_inputs >= 1 of them, finite. Fails with NO_MEMORY; with BAD_INPUT for an
 * input that is not finite, and where there are less than 4 draws for each coefficient that is not
 * penalised. *smoother may be freed whatever is returned. */
LTV_MUST_USE ltv_status ltv_smoother_init(ltv_smoother *smoother, size_t n, size_t n_inputs,
                                          const double *input, ltv_error *err);

/* Fits the n values y[0], y[stride], ... and writes the fitted ones in the same layout (may be y
 * itself). weights: [n_basis], written: the part of each basis function's coefficient that is kept,
 * 1 for those without a penalty. The fitted values are a linear function of y for given weights,
 * with the same mean as y; their sum is the effective degrees of freedom (edf). */
void ltv_smoother_fit(const ltv_smoother *smoother, const double *y, size_t stride, double *fitted,
                      double *weights);

void ltv_smoother_free(ltv_smoother *smoother);

#endif
