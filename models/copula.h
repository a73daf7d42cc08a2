/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_MODELS_COPULA_H
#define LTV_MODELS_COPULA_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "models/uniform.h"

/* Spearman correlations between n numbers through a Gaussian copula: the normal scores of their
 * ranks are jointly normal with the correlation 2 sin(pi rho / 6) where a pair is given
 * (ltv_copula_pearson in models/spread.h) and 0 where none is. */

typedef struct {
    size_t first, second; /* two different numbers, 0 ... n - 1 */
    double spearman;      /* between -1 and 1, both excluded */
} ltv_correlation;

typedef struct {
    size_t n;
    double *factor;   /* owned; lower triangular, [n * n] by rows; times its transpose it is the
                       * matrix of the scores. NULL if independent */
    bool independent; /* no pair has a correlation other than 0 */
} ltv_copula;

/* What to tell about pairs that cannot hold together. */
typedef struct {
    /* owned; of the given pairs, by position, some that cannot hold together while pairs that were
     * not given have the correlation 0. None of the numbers in them can be left out; no smaller
     * set was found. */
    size_t n_pairs;
    size_t *pairs;
    /* owned; for every given pair a correlation near the given one, all of which can hold together:
     * the nearest matrix (Higham, "Computing the nearest correlation matrix", IMA J. Numer. Anal.
     * 22, 2002) in which pairs that were not given stay at 0, drawn toward 0 until 3 decimals
     * suffice to write it. Pairs with no tie, not even over others, to a conflict are as given. */
    double *nearest;
} ltv_copula_conflict;

/* Fails with LTV_ERR_BAD_INPUT and a reason that fits after "PATH: " for a correlation out of
 * range ("correlation 2 must lie between ..."; they count from 1), a number with itself or beyond
 * n, the same pair twice (in either order); and with *conflict filled where the matrix of the
 * scores has an eigenvalue below 1e-8. `conflict` may be NULL; both structs may be freed whatever
 * is returned. */
LTV_MUST_USE ltv_status ltv_copula_init(ltv_copula *self, size_t n, size_t n_pairs,
                                        const ltv_correlation *pairs, ltv_copula_conflict *conflict,
                                        ltv_error *err);

/* Ties n independent uniform numbers; [n] each, two different arrays. A number that is in no pair,
 * and the first of those that are tied, come out bit for bit as they went in. */
void ltv_copula_apply(const ltv_copula *self, const ltv_uniform *independent,
                      ltv_uniform *correlated);

/* Safe on a zeroed struct, and twice. */
void ltv_copula_free(ltv_copula *self);
void ltv_copula_conflict_free(ltv_copula_conflict *conflict);

#endif
