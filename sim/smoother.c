/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/smoother.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_bspline.h>
#include <gsl/gsl_cdf.h>

#include "sim/symmetric.h"

enum { ORDER = 4, MOST_PIECES = 20, MOST_SPLINES = MOST_PIECES + ORDER - 1 };

/* --- scores --- */

typedef struct {
    double value;
    size_t draw;
} ranked;

static int by_value(const void *a, const void *b)
{
    double x = ((const ranked *)a)->value, y = ((const ranked *)b)->value;
    return (x > y) - (x < y);
}

/* Normal scores of the ranks, equal values sharing the middle of theirs. Returns how many values
 * are distinct. work: [n] */
static size_t scores_of(double *scores, ranked *work, const double *input, size_t n)
{
    for (size_t d = 0; d < n; d++)
        work[d] = (ranked){input[d], d};
    qsort(work, n, sizeof *work, by_value);
    size_t distinct = 0;
    for (size_t first = 0, next; first < n; first = next) {
        for (next = first + 1; next < n && work[next].value == work[first].value;)
            next++;
        double rank = (double)(first + next) / 2 / (double)n;
        for (size_t i = first; i < next; i++)
            scores[work[i].draw] = gsl_cdf_ugaussian_Pinv(rank);
        distinct++;
    }
    return distinct;
}

/* --- the columns before they are made orthonormal --- */

typedef struct {
    size_t n, columns, room;
    double *x;       /* [n * room], the first `columns` of each row in use */
    double *penalty; /* [room * room] */
} design;

/* Two Gauss points in each piece: exact, since f'' is linear there. */
static void add_bending(design *to, gsl_bspline_workspace *splines, gsl_matrix *derivatives)
{
    size_t count = gsl_bspline_ncoeffs(splines);
    for (size_t piece = 0; piece + 1 < gsl_bspline_nbreak(splines); piece++) {
        double left = gsl_bspline_breakpoint(piece, splines);
        double half = (gsl_bspline_breakpoint(piece + 1, splines) - left) / 2;
        for (int side = -1; side <= 1; side += 2) {
            gsl_bspline_deriv_eval(left + half * (1 + side / sqrt(3)), 2, derivatives, splines);
            for (size_t i = 0; i < count; i++)
                for (size_t j = 0; j < count; j++)
                    to->penalty[(to->columns + i) * to->room + to->columns + j] +=
                        half * gsl_matrix_get(derivatives, i, 2) *
                        gsl_matrix_get(derivatives, j, 2);
        }
    }
}

static void add_values(design *to, gsl_bspline_workspace *splines, gsl_vector *values,
                       const double *scores)
{
    for (size_t d = 0; d < to->n; d++) {
        gsl_bspline_eval(scores[d], values, splines);
        for (size_t i = 0; i < values->size; i++)
            to->x[d * to->room + to->columns + i] = gsl_vector_get(values, i);
    }
}

static ltv_status add_splines(design *to, const double *scores, size_t distinct, ltv_error *err)
{
    size_t order = distinct < ORDER ? distinct : ORDER;
    size_t pieces = distinct / 5 < 1 ? 1 : distinct / 5;
    pieces = pieces > MOST_PIECES ? MOST_PIECES : pieces;
    double least = INFINITY, most = -INFINITY;
    for (size_t d = 0; d < to->n; d++) {
        least = fmin(least, scores[d]);
        most = fmax(most, scores[d]);
    }
    size_t count = pieces + order - 1;
    gsl_bspline_workspace *splines = gsl_bspline_alloc(order, pieces + 1);
    gsl_vector *values = gsl_vector_alloc(count);
    gsl_matrix *derivatives = gsl_matrix_alloc(count, 3);
    bool there = splines != NULL && values != NULL && derivatives != NULL;
    if (there) {
        gsl_bspline_knots_uniform(least, most, splines);
        add_bending(to, splines, derivatives);
        add_values(to, splines, values, scores);
        to->columns += count;
    }
    gsl_matrix_free(derivatives);
    gsl_vector_free(values);
    gsl_bspline_free(splines);
    return there ? LTV_OK : ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory for splines");
}

static void add_product(design *to, const double *a, const double *b)
{
    for (size_t d = 0; d < to->n; d++)
        to->x[d * to->room + to->columns] = a[d] * b[d];
    to->columns++;
}

static ltv_status add_columns(design *to, double *scores, ranked *work, size_t n_inputs,
                              const double *input, ltv_error *err)
{
    for (size_t d = 0; d < to->n; d++)
        to->x[d * to->room] = 1;
    to->columns = 1;
    ltv_status status = LTV_OK;
    for (size_t i = 0; i < n_inputs && status == LTV_OK; i++) {
        size_t distinct = scores_of(scores + i * to->n, work, input + i * to->n, to->n);
        if (distinct > 1)
            status = add_splines(to, scores + i * to->n, distinct, err);
    }
    for (size_t i = 0; i < n_inputs && status == LTV_OK; i++)
        for (size_t j = 0; j < i; j++)
            add_product(to, scores + i * to->n, scores + j * to->n);
    return status;
}

/* --- orthonormal columns with a diagonal penalty --- */

/* Moves the rows of both arrays together: they become `columns` long. */
static void tighten(design *of)
{
    for (size_t d = 0; d < of->n; d++)
        memmove(of->x + d * of->columns, of->x + d * of->room, of->columns * sizeof *of->x);
    for (size_t i = 0; i < of->columns; i++)
        memmove(of->penalty + i * of->columns, of->penalty + i * of->room,
                of->columns * sizeof *of->penalty);
    of->room = of->columns;
}

/* work: [5 p^2] */
static ltv_status make_diagonal(ltv_smoother *smoother, const design *from, double *work,
                                ltv_error *err)
{
    size_t p = from->columns, square = p * p, rank = 0;
    double *gram = work, *whiten = work + square, *half = work + 2 * square;
    double *bending = work + 3 * square, *vectors = work + 4 * square;
    ltv_matrix_product_of_transposed(gram, from->x, from->x, p, from->n, p);
    ltv_status status = ltv_symmetric_whiten(whiten, NULL, &rank, gram, p, 1e-10, err);
    if (status != LTV_OK)
        return status;
    ltv_matrix_product(half, from->penalty, whiten, p, p, rank);
    ltv_matrix_product_of_transposed(bending, whiten, half, rank, p, rank);
    status = ltv_symmetric_eigen(smoother->penalty, vectors, bending, rank, err);
    if (status != LTV_OK)
        return status;
    ltv_matrix_product(half, whiten, vectors, p, rank, rank);
    smoother->n_basis = rank;
    smoother->basis = calloc(from->n * rank, sizeof *smoother->basis);
    if (smoother->basis == NULL)
        return ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory for splines");
    ltv_matrix_product(smoother->basis, from->x, half, from->n, p, rank);
    return LTV_OK;
}

/* Eigenvalues that are 0 but for rounding become 0. */
static void round_to_zero(double *penalty, size_t n)
{
    double largest = 0;
    for (size_t j = 0; j < n; j++)
        largest = fmax(largest, penalty[j]);
    for (size_t j = 0; j < n; j++)
        if (penalty[j] <= 1e-13 * largest)
            penalty[j] = 0;
}

static ltv_status build(ltv_smoother *smoother, design *with, double *scores, ranked *work,
                        size_t n_inputs, const double *input, ltv_error *err)
{
    ltv_status status = add_columns(with, scores, work, n_inputs, input, err);
    if (status != LTV_OK)
        return status;
    tighten(with);
    double *room = calloc(5 * with->columns * with->columns, sizeof *room);
    smoother->penalty = calloc(with->columns, sizeof *smoother->penalty);
    if (room == NULL || smoother->penalty == NULL)
        status = ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory for splines");
    else
        status = make_diagonal(smoother, with, room, err);
    free(room);
    if (status != LTV_OK)
        return status;
    round_to_zero(smoother->penalty, smoother->n_basis);
    return LTV_OK;
}

/* The constant, the straight lines and their products are free of penalty. Each of these
 * coefficients wants four draws; a sample set of many columns, for which splines would take
 * gigabytes, has not got them. */
static ltv_status check_draws(size_t n, size_t n_inputs, const double *input, ltv_error *err)
{
    size_t varying = 0;
    for (size_t i = 0; i < n_inputs; i++) {
        bool varies = false;
        for (size_t d = 1; d < n && !varies; d++)
            varies = input[i * n + d] != input[i * n];
        varying += varies;
    }
    size_t free_coefficients = 1 + varying + varying * (varying - (varying > 0)) / 2;
    if (varying > 0 && n < 4 * free_coefficients)
        return ltv_fail(err, LTV_ERR_BAD_INPUT,
                        "%zu draws are too few to see what depends on %zu inputs: at least %zu are "
                        "needed",
                        n, n_inputs, 4 * free_coefficients);
    return LTV_OK;
}

ltv_status ltv_smoother_init(ltv_smoother *smoother, size_t n, size_t n_inputs, const double *input,
                             ltv_error *err)
{
    *smoother = (ltv_smoother){.n = n};
    if (n == 0 || n_inputs == 0)
        return ltv_fail(err, LTV_ERR_BAD_INPUT, "a regression needs a draw and an input");
    for (size_t i = 0; i < n * n_inputs; i++)
        if (!isfinite(input[i]))
            return ltv_fail(err, LTV_ERR_BAD_INPUT, "input %zu is not a finite number in draw %zu",
                            i / n, i % n);
    ltv_status status = check_draws(n, n_inputs, input, err);
    if (status != LTV_OK)
        return status;
    size_t room = 1 + n_inputs * MOST_SPLINES + n_inputs * (n_inputs - 1) / 2;
    design with = {.n = n, .room = room};
    with.x = calloc(n, room * sizeof *with.x);
    with.penalty = calloc(room, room * sizeof *with.penalty);
    double *scores = calloc(n, n_inputs * sizeof *scores);
    ranked *work = calloc(n, sizeof *work);
    if (with.x == NULL || with.penalty == NULL || scores == NULL || work == NULL)
        status =
            ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory for a regression on %zu inputs", n_inputs);
    else
        status = build(smoother, &with, scores, work, n_inputs, input, err);
    free(work);
    free(scores);
    free(with.penalty);
    free(with.x);
    return status;
}

void ltv_smoother_free(ltv_smoother *smoother)
{
    free(smoother->basis);
    free(smoother->penalty);
    *smoother = (ltv_smoother){0};
}

/* --- fitting --- */

static double kept(double lambda, double penalty)
{
    return penalty == 0 ? 1 : 1 / (1 + lambda * penalty);
}

/* rest: sum of squares of y that no basis function explains. */
static double cross_validation(const ltv_smoother *smoother, const double *coefficients,
                               double rest, double lambda)
{
    double edf = 0, squares = rest, n = (double)smoother->n;
    for (size_t j = 0; j < smoother->n_basis; j++) {
        double h = kept(lambda, smoother->penalty[j]);
        edf += h;
        squares += coefficients[j] * coefficients[j] * (1 - h) * (1 - h);
    }
    double freedom = n - 1.4 * edf;
    return freedom > 0 ? squares / (freedom * freedom) : INFINITY;
}

static double best_lambda(const ltv_smoother *smoother, const double *coefficients, double rest)
{
    double least = INFINITY, most = 0;
    for (size_t j = 0; j < smoother->n_basis; j++)
        if (smoother->penalty[j] > 0) {
            least = fmin(least, smoother->penalty[j]);
            most = fmax(most, smoother->penalty[j]);
        }
    if (most == 0)
        return 0;
    /* From where all is straight to where nothing is held back, 8 steps for each factor of 10. */
    double lambda = 1e4 / least, best = lambda, least_score = INFINITY;
    for (; lambda > 1e-4 / most; lambda /= 1.3335214321633240) {
        double score = cross_validation(smoother, coefficients, rest, lambda);
        if (score < least_score) {
            least_score = score;
            best = lambda;
        }
    }
    return best;
}

static double mean_of(const double *y, size_t n, size_t stride)
{
    double sum = 0;
    for (size_t d = 0; d < n; d++)
        sum += y[d * stride] - y[0];
    return y[0] + sum / (double)n;
}

/* Coefficients of y - mean; returns the sum of squares that no basis function explains. */
static double coefficients_of(double *coefficients, const ltv_smoother *smoother, const double *y,
                              size_t stride, double mean)
{
    size_t p = smoother->n_basis;
    double squares = 0;
    memset(coefficients, 0, p * sizeof *coefficients);
    for (size_t d = 0; d < smoother->n; d++) {
        double off = y[d * stride] - mean;
        squares += off * off;
        for (size_t j = 0; j < p; j++)
            coefficients[j] += smoother->basis[d * p + j] * off;
    }
    /* Not below what rounding leaves, or rounding would be fitted where there is no noise. */
    double rest = squares;
    for (size_t j = 0; j < p; j++)
        rest -= coefficients[j] * coefficients[j];
    return fmax(rest, 1e-14 * squares);
}

void ltv_smoother_fit(const ltv_smoother *smoother, const double *y, size_t stride, double *fitted,
                      double *weights)
{
    size_t p = smoother->n_basis;
    double mean = mean_of(y, smoother->n, stride);
    double rest = coefficients_of(weights, smoother, y, stride, mean);
    double lambda = best_lambda(smoother, weights, rest);
    for (size_t j = 0; j < p; j++)
        weights[j] *= kept(lambda, smoother->penalty[j]);
    for (size_t d = 0; d < smoother->n; d++) {
        fitted[d * stride] = mean;
        for (size_t j = 0; j < p; j++)
            fitted[d * stride] += smoother->basis[d * p + j] * weights[j];
    }
    for (size_t j = 0; j < p; j++)
        weights[j] = kept(lambda, smoother->penalty[j]);
}
