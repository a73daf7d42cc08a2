/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/copula.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_eigen.h>

#include "models/spread.h"

static const double least_eigenvalue = 1e-8;

/* --- matrices, by rows --- */

/* The lower triangular factor of matrix - shift x identity; false unless that is positive
 * definite. The factor's upper triangle is not touched. */
static bool cholesky(size_t n, const double *matrix, double shift, double *factor)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j <= i; j++) {
            double rest = matrix[i * n + j] - (i == j ? shift : 0);
            for (size_t k = 0; k < j; k++)
                rest -= factor[i * n + k] * factor[j * n + k];
            if (i == j && !(rest > 0))
                return false;
            factor[i * n + j] = i == j ? sqrt(rest) : rest / factor[j * n + j];
        }
    return true;
}

static void set_identity(size_t n, double *matrix)
{
    memset(matrix, 0, n * n * sizeof *matrix);
    for (size_t i = 0; i < n; i++)
        matrix[i * n + i] = 1;
}

static void set_pair(size_t n, double *matrix, size_t i, size_t j, double value)
{
    matrix[i * n + j] = matrix[j * n + i] = value;
}

/* --- checks --- */

static bool is_same_pair(const ltv_correlation *a, const ltv_correlation *b)
{
    return (a->first == b->first && a->second == b->second) ||
           (a->first == b->second && a->second == b->first);
}

static ltv_status check_pairs(size_t n, size_t n_pairs, const ltv_correlation *pairs,
                              ltv_error *err)
{
    for (size_t i = 0; i < n_pairs; i++) {
        const ltv_correlation *pair = pairs + i;
        if (!(fabs(pair->spearman) < 1))
            return ltv_fail(err, LTV_ERR_BAD_INPUT,
                            "correlation %zu must lie between -1 and 1, both excluded, it is %.10g",
                            i + 1, pair->spearman);
        if (pair->first >= n || pair->second >= n)
            return ltv_fail(err, LTV_ERR_BAD_INPUT,
                            "correlation %zu is of a number that is not there", i + 1);
        if (pair->first == pair->second)
            return ltv_fail(err, LTV_ERR_BAD_INPUT, "correlation %zu ties a number to itself",
                            i + 1);
        for (size_t j = 0; j < i; j++)
            if (is_same_pair(pair, pairs + j))
                return ltv_fail(err, LTV_ERR_BAD_INPUT,
                                "correlations %zu and %zu are of the same pair", j + 1, i + 1);
    }
    return LTV_OK;
}

/* --- what to say when they cannot hold together --- */

/* Numbers that are tied to each other, directly or over others: a block of the matrix that can be
 * mended without the rest. */
typedef struct {
    size_t n;
    const size_t *member; /* [n], numbers of the copula, increasing */
    double *matrix;       /* [n * n]: scores as given */
    double *nearest;      /* [n * n] */
    double *scratch[4];   /* [n * n] each */
} tied_block;

/* Labels that two numbers share if they are tied: the least number of each block. */
static void label_blocks(size_t n, size_t n_pairs, const ltv_correlation *pairs, size_t *label)
{
    for (size_t i = 0; i < n; i++)
        label[i] = i;
    for (bool changed = true; changed;) {
        changed = false;
        for (size_t i = 0; i < n_pairs; i++) {
            size_t *a = label + pairs[i].first, *b = label + pairs[i].second;
            changed = changed || *a != *b;
            *a = *b = *a < *b ? *a : *b;
        }
    }
}

static size_t position_in(const tied_block *self, size_t number)
{
    size_t i = 0;
    while (i < self->n && self->member[i] != number)
        i++;
    return i; /* n: not in the block */
}

/* Whether the members chosen can have their correlations. */
static bool can_hold(const tied_block *self, const bool *chosen)
{
    double *matrix = self->scratch[0], *factor = self->scratch[1];
    size_t n = 0;
    for (size_t i = 0; i < self->n; i++)
        n += chosen[i];
    for (size_t i = 0, row = 0; i < self->n; i++) {
        for (size_t j = 0, column = 0; chosen[i] && j < self->n; j++)
            if (chosen[j])
                matrix[row * n + column++] = self->matrix[i * self->n + j];
        row += chosen[i];
    }
    return cholesky(n, matrix, least_eigenvalue, factor);
}

/* Leaves out one member after the other, from `start` on, as long as the rest cannot hold together.
 * What remains cannot, and each of it is needed for that: a part of what can hold can hold too.
 * Returns how many remain. */
static size_t thin_out(const tied_block *self, size_t start, bool *chosen)
{
    size_t n = self->n;
    memset(chosen, true, n * sizeof *chosen);
    for (size_t i = 0; i < self->n; i++) {
        bool *candidate = chosen + (start + i) % self->n;
        *candidate = false;
        if (can_hold(self, chosen))
            *candidate = true;
        else
            n--;
    }
    return n;
}

/* The smallest of what remains from some starts. `chosen` and `best`: [n] each. */
static void find_conflict(const tied_block *self, bool *chosen, bool *best)
{
    enum { MOST_STARTS = 32 };
    size_t fewest = self->n + 1;
    for (size_t start = 0; start < self->n && start < MOST_STARTS; start++) {
        size_t n = thin_out(self, start, chosen);
        if (n < fewest)
            memcpy(best, chosen, self->n * sizeof *best);
        fewest = n < fewest ? n : fewest;
    }
}

/* Replaces the symmetric matrix by the nearest one without negative eigenvalues. */
static bool project_on_valid(size_t n, double *matrix, double *vectors, gsl_vector *values,
                             gsl_eigen_symmv_workspace *workspace)
{
    gsl_matrix_view a = gsl_matrix_view_array(matrix, n, n);
    gsl_matrix_view v = gsl_matrix_view_array(vectors, n, n);
    if (gsl_eigen_symmv(&a.matrix, values, &v.matrix, workspace))
        return false;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j <= i; j++) {
            double sum = 0;
            for (size_t k = 0; k < n; k++)
                sum += fmax(gsl_vector_get(values, k), 0) * vectors[i * n + k] * vectors[j * n + k];
            set_pair(n, matrix, i, j, sum);
        }
    return true;
}

/* Higham's algorithm 3.3: alternating projections on the valid matrices and on those with 1 on the
 * diagonal and 0 where `is_given` has it, with Dykstra's correction for the former. */
static bool project_block(tied_block *self, const bool *is_given, gsl_vector *values,
                          gsl_eigen_symmv_workspace *workspace)
{
    enum { MOST_STEPS = 1000 };
    size_t n = self->n, size = n * n;
    double *nearest = self->nearest, *valid = self->scratch[0], *correction = self->scratch[1];
    double *before = self->scratch[2], *vectors = self->scratch[3];
    memcpy(nearest, self->matrix, size * sizeof *nearest);
    memset(correction, 0, size * sizeof *correction);
    double moved = 1;
    for (int step = 0; step < MOST_STEPS && moved > 1e-7; step++) {
        for (size_t i = 0; i < size; i++)
            before[i] = valid[i] = nearest[i] - correction[i];
        if (!project_on_valid(n, valid, vectors, values, workspace))
            return false;
        moved = 0;
        for (size_t i = 0; i < size; i++) {
            correction[i] = valid[i] - before[i];
            nearest[i] = is_given[i] ? valid[i] : i % (n + 1) == 0;
            moved = fmax(moved, fabs(nearest[i] - valid[i]));
        }
    }
    return true;
}

/* The Spearman correlation, of 3 decimals, for this correlation of the scores. */
static double spearman_of_score(double pearson)
{
    return round(6e3 / M_PI * asin(fmin(fmax(pearson, -1), 1) / 2)) / 1e3;
}

/* Draws the nearest matrix toward 0 until its rounded self is valid, at the latest at 0. */
static void round_block(tied_block *self)
{
    enum { MOST_STEPS = 1000 };
    size_t n = self->n;
    double *rounded = self->scratch[0], *factor = self->scratch[1];
    for (int step = 0; step <= MOST_STEPS; step++) {
        double kept = 1 - (double)step / MOST_STEPS;
        set_identity(n, rounded);
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < i; j++)
                set_pair(n, rounded, i, j,
                         ltv_copula_pearson(spearman_of_score(kept * self->nearest[i * n + j])));
        /* Twice, so that the order of the numbers cannot decide. */
        if (cholesky(n, rounded, 2 * least_eigenvalue, factor)) {
            for (size_t i = 0; i < n * n; i++)
                self->nearest[i] *= kept;
            return;
        }
    }
}

/* Memory for one block of n numbers of a copula. */
typedef struct {
    tied_block block;
    size_t *member;
    bool *is_given; /* [n * n] */
    bool *chosen, *best;
    gsl_vector *values;
    gsl_eigen_symmv_workspace *workspace;
} block_search;

static void free_search(block_search *self)
{
    free(self->member);
    free(self->block.matrix);
    free(self->block.nearest);
    for (size_t i = 0; i < 4; i++)
        free(self->block.scratch[i]);
    free(self->is_given);
    free(self->chosen);
    free(self->best);
    if (self->values != NULL)
        gsl_vector_free(self->values);
    if (self->workspace != NULL)
        gsl_eigen_symmv_free(self->workspace);
}

/* The members are those with this label. */
static bool init_search(block_search *self, size_t n, const size_t *label, size_t of)
{
    *self = (block_search){.member = calloc(n, sizeof *self->member)};
    if (self->member == NULL)
        return false;
    tied_block *block = &self->block;
    for (size_t i = 0; i < n; i++)
        if (label[i] == of)
            self->member[block->n++] = i;
    block->member = self->member;
    bool there = true;
    double **matrices[] = {&block->matrix,     &block->nearest,    &block->scratch[0],
                           &block->scratch[1], &block->scratch[2], &block->scratch[3]};
    for (size_t i = 0; i < sizeof matrices / sizeof *matrices; i++) {
        *matrices[i] = calloc(block->n * block->n, sizeof **matrices[i]);
        there = there && *matrices[i] != NULL;
    }
    self->is_given = calloc(block->n * block->n, sizeof *self->is_given);
    self->chosen = calloc(block->n, sizeof *self->chosen);
    self->best = calloc(block->n, sizeof *self->best);
    self->values = gsl_vector_alloc(block->n);
    self->workspace = gsl_eigen_symmv_alloc(block->n);
    return there && self->is_given != NULL && self->chosen != NULL && self->best != NULL &&
           self->values != NULL && self->workspace != NULL;
}

static void fill_block(block_search *self, size_t n_pairs, const ltv_correlation *pairs)
{
    tied_block *block = &self->block;
    set_identity(block->n, block->matrix);
    for (size_t i = 0; i < n_pairs; i++) {
        size_t a = position_in(block, pairs[i].first), b = position_in(block, pairs[i].second);
        if (a == block->n)
            continue;
        set_pair(block->n, block->matrix, a, b, ltv_copula_pearson(pairs[i].spearman));
        self->is_given[a * block->n + b] = self->is_given[b * block->n + a] = true;
    }
}

/* Adds what is to be said of a block that cannot hold together. */
static void tell_of_block(const block_search *self, size_t n_pairs, const ltv_correlation *pairs,
                          ltv_copula_conflict *conflict)
{
    const tied_block *block = &self->block;
    bool is_first = conflict->n_pairs == 0;
    for (size_t i = 0; i < n_pairs; i++) {
        size_t a = position_in(block, pairs[i].first), b = position_in(block, pairs[i].second);
        if (a == block->n)
            continue;
        conflict->nearest[i] = spearman_of_score(block->nearest[a * block->n + b]);
        if (is_first && self->best[a] && self->best[b])
            conflict->pairs[conflict->n_pairs++] = i;
    }
}

/* Mends one block, if it needs that. False when memory is short. */
static bool search_block(size_t n, const size_t *label, size_t of, size_t n_pairs,
                         const ltv_correlation *pairs, ltv_copula_conflict *conflict)
{
    block_search self;
    bool done = init_search(&self, n, label, of);
    if (done) {
        fill_block(&self, n_pairs, pairs);
        memset(self.chosen, true, self.block.n * sizeof *self.chosen);
    }
    if (done && !can_hold(&self.block, self.chosen)) {
        find_conflict(&self.block, self.chosen, self.best);
        done = project_block(&self.block, self.is_given, self.values, self.workspace);
        if (done) {
            round_block(&self.block);
            tell_of_block(&self, n_pairs, pairs, conflict);
        }
    }
    free_search(&self);
    return done;
}

static bool find_conflicts(size_t n, size_t n_pairs, const ltv_correlation *pairs,
                           ltv_copula_conflict *conflict)
{
    size_t *label = calloc(n, sizeof *label);
    conflict->pairs = calloc(n_pairs, sizeof *conflict->pairs);
    conflict->nearest = calloc(n_pairs, sizeof *conflict->nearest);
    bool done = label != NULL && conflict->pairs != NULL && conflict->nearest != NULL;
    if (done) {
        for (size_t i = 0; i < n_pairs; i++)
            conflict->nearest[i] = pairs[i].spearman;
        label_blocks(n, n_pairs, pairs, label);
    }
    for (size_t i = 0; done && i < n; i++)
        if (label[i] == i)
            done = search_block(n, label, i, n_pairs, pairs, conflict);
    free(label);
    return done;
}

/* --- the copula --- */

static ltv_status fill_factor(ltv_copula *self, size_t n_pairs, const ltv_correlation *pairs,
                              ltv_copula_conflict *conflict, double *matrix, ltv_error *err)
{
    size_t n = self->n;
    set_identity(n, matrix);
    for (size_t i = 0; i < n_pairs; i++)
        set_pair(n, matrix, pairs[i].first, pairs[i].second, ltv_copula_pearson(pairs[i].spearman));
    if (cholesky(n, matrix, least_eigenvalue, self->factor) && cholesky(n, matrix, 0, self->factor))
        return LTV_OK;
    if (conflict != NULL && !find_conflicts(n, n_pairs, pairs, conflict))
        return ltv_fail(err, LTV_ERR_NO_MEMORY, "out of memory for %zu correlations", n_pairs);
    return ltv_fail(err, LTV_ERR_BAD_INPUT, "these correlations cannot hold together");
}

ltv_status ltv_copula_init(ltv_copula *self, size_t n, size_t n_pairs, const ltv_correlation *pairs,
                           ltv_copula_conflict *conflict, ltv_error *err)
{
    *self = (ltv_copula){.n = n, .independent = true};
    if (conflict != NULL)
        *conflict = (ltv_copula_conflict){0};
    ltv_status status = check_pairs(n, n_pairs, pairs, err);
    if (status != LTV_OK)
        return status;
    for (size_t i = 0; i < n_pairs; i++)
        self->independent = self->independent && pairs[i].spearman == 0;
    if (self->independent)
        return LTV_OK;
    double *matrix = calloc(n * n, sizeof *matrix);
    self->factor = calloc(n * n, sizeof *self->factor);
    if (matrix == NULL || self->factor == NULL)
        status = ltv_fail(err, LTV_ERR_NO_MEMORY, "out of memory for %zu correlated numbers", n);
    else
        status = fill_factor(self, n_pairs, pairs, conflict, matrix, err);
    free(matrix);
    return status;
}

/* True when a row of the factor has nothing left of its diagonal. */
static bool stands_alone(const double *row, size_t i)
{
    for (size_t j = 0; j < i; j++)
        if (row[j] != 0)
            return false;
    return true;
}

void ltv_copula_apply(const ltv_copula *self, const ltv_uniform *independent,
                      ltv_uniform *correlated)
{
    if (self->independent) {
        memcpy(correlated, independent, self->n * sizeof *correlated);
        return;
    }
    /* Scores wait where the results will be; from the last one, whose row needs all of them. */
    for (size_t i = 0; i < self->n; i++)
        correlated[i].below = ltv_score_of_uniform(independent[i]);
    for (size_t i = self->n; i-- > 0;) {
        const double *row = self->factor + i * self->n;
        double score = 0;
        for (size_t j = 0; j <= i; j++)
            score += row[j] * correlated[j].below;
        correlated[i] = stands_alone(row, i) ? independent[i] : ltv_uniform_of_score(score);
    }
}

void ltv_copula_free(ltv_copula *self)
{
    free(self->factor);
    *self = (ltv_copula){.n = self->n, .independent = true};
}

void ltv_copula_conflict_free(ltv_copula_conflict *conflict)
{
    free(conflict->pairs);
    free(conflict->nearest);
    *conflict = (ltv_copula_conflict){0};
}
