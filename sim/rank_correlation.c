/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/rank_correlation.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include <gsl/gsl_eigen.h>

/* --- ranks --- */

typedef struct {
    double value;
    size_t place;
} placed;

static int compare_placed(const void *a, const void *b)
{
    double x = ((const placed *)a)->value, y = ((const placed *)b)->value;
    return (x > y) - (x < y);
}

/* n numbers in ascending order, with the places where they stood. */
static void sort_column(placed *sorted, const double *x, size_t stride, size_t n)
{
    for (size_t j = 0; j < n; j++)
        sorted[j] = (placed){.value = x[j * stride], .place = j};
    qsort(sorted, n, sizeof *sorted, compare_placed);
}

/* One past the last number equal to that at `from`. */
static size_t end_of_ties(const placed *sorted, size_t from, size_t n)
{
    size_t to = from + 1;
    while (to < n && sorted[to].value == sorted[from].value)
        to++;
    return to;
}

/* Middle ranks, as shares: (rank - 1/2) / n - 1/2, so that their mean is 0. */
static void fill_ranks(double *ranks, const placed *sorted, size_t n)
{
    for (size_t from = 0, to; from < n; from = to) {
        to = end_of_ties(sorted, from, n);
        for (size_t j = from; j < to; j++)
            ranks[sorted[j].place] = ((double)from + (double)to - (double)n) / (2 * (double)n);
    }
}

static double mean_product(const double *x, const double *y, size_t n)
{
    double sum = 0;
    for (size_t j = 0; j < n; j++)
        sum += x[j] * y[j];
    return sum / (double)n;
}

/* What each number adds to the mean of `of` by its place among the ranks of the others: mean of
 * `of` over the larger ones and half of the equal ones. Adds `times` times it to effect. */
static void add_effect_on_ranks(double *effect, double times, const placed *sorted,
                                const double *of, size_t n)
{
    double above = 0;
    for (size_t to = n, from; to > 0; to = from) {
        double ties = 0;
        for (from = to; from > 0 && sorted[from - 1].value == sorted[to - 1].value; from--)
            ties += of[sorted[from - 1].place];
        for (size_t j = from; j < to; j++)
            effect[sorted[j].place] += times * (above + ties / 2) / (double)n;
        above += ties;
    }
}

typedef struct {
    placed *sorted;            /* owned; [n] */
    double *ranks_x, *ranks_y; /* owned; [n] */
    double *influence;         /* owned; [n] */
} rank_room;

static bool rank_room_init(rank_room *self, size_t n)
{
    self->sorted = calloc(n, sizeof *self->sorted);
    self->ranks_x = calloc(n, sizeof *self->ranks_x);
    self->ranks_y = calloc(n, sizeof *self->ranks_y);
    self->influence = calloc(n, sizeof *self->influence);
    return self->sorted != NULL && self->ranks_x != NULL && self->ranks_y != NULL &&
           self->influence != NULL;
}

static void rank_room_free(rank_room *self)
{
    free(self->sorted);
    free(self->ranks_x);
    free(self->ranks_y);
    free(self->influence);
}

/* With F and G the ranks, rho = mean(F G) / sqrt(mean(F F) mean(G G)). Each pair acts on it through
 * its own product and through the ranks of all others; the mean square of what it does is n times
 * the variance of rho (its influence function). The part of mean(F F) is weighed by rho / 2 over
 * itself, and so on; constants drop out with the mean. */
static ltv_rank_estimate rank_estimate(rank_room *room, const double *x, const double *y, size_t n)
{
    double *f = room->ranks_x, *g = room->ranks_y, *influence = room->influence;
    sort_column(room->sorted, y, 1, n);
    fill_ranks(g, room->sorted, n);
    sort_column(room->sorted, x, 1, n);
    fill_ranks(f, room->sorted, n);
    double ff = mean_product(f, f, n), gg = mean_product(g, g, n), fg = mean_product(f, g, n);
    if (!(ff > 0 && gg > 0))
        return (ltv_rank_estimate){.value = NAN, .standard_error = NAN};
    double rho = fmax(-1, fmin(1, fg / sqrt(ff * gg))), norm = 1 / sqrt(ff * gg);
    add_effect_on_ranks(influence, norm, room->sorted, g, n);
    add_effect_on_ranks(influence, -rho / ff, room->sorted, f, n);
    sort_column(room->sorted, y, 1, n);
    add_effect_on_ranks(influence, norm, room->sorted, f, n);
    add_effect_on_ranks(influence, -rho / gg, room->sorted, g, n);
    double mean = 0, squares = 0;
    for (size_t j = 0; j < n; j++) {
        influence[j] += norm * f[j] * g[j] - rho / 2 * (f[j] * f[j] / ff + g[j] * g[j] / gg);
        mean += influence[j] / (double)n;
    }
    for (size_t j = 0; j < n; j++)
        squares += (influence[j] - mean) * (influence[j] - mean);
    double pairs = (double)n * ((double)n - 1);
    return (ltv_rank_estimate){.value = rho, .standard_error = sqrt(squares / pairs)};
}

static ltv_status check_no_nan(const char *what, const double *x, size_t n, ltv_error *err)
{
    size_t bad = 0;
    for (size_t j = 0; j < n; j++)
        bad += isnan(x[j]);
    if (bad == 0)
        return LTV_OK;
    return ltv_fail(err, LTV_ERR_BAD_INPUT,
                    "%zu of %zu values of the %s are undefined: they have "
                    "no rank",
                    bad, n, what);
}

ltv_status ltv_rank_correlation(ltv_rank_estimate *result, const double *x, const double *y,
                                size_t n, ltv_error *err)
{
    if (n < 2)
        return ltv_fail(err, LTV_ERR_BAD_INPUT, "a rank correlation needs two pairs, not %zu", n);
    ltv_status status = check_no_nan("input", x, n, err);
    if (status == LTV_OK)
        status = check_no_nan("figure", y, n, err);
    if (status != LTV_OK)
        return status;
    rank_room room;
    if (rank_room_init(&room, n))
        *result = rank_estimate(&room, x, y, n);
    else
        status = ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory for rank correlations");
    rank_room_free(&room);
    return status;
}

/* --- partial rank correlations --- */

/* Everything to regress ranks on ranks. */
typedef struct {
    size_t k, n;
    placed *sorted;                  /* owned; [n] */
    double *ranks;                   /* owned; [k + 1][n], scaled to unit length; y's last */
    double *with_y;                  /* owned; [k]: correlation of each input with y */
    gsl_matrix *among;               /* owned; [k][k]: correlations among inputs */
    gsl_matrix *vectors;             /* owned; [k][k]: its eigenvectors, in columns */
    gsl_vector *values;              /* owned; [k]: its eigenvalues */
    gsl_eigen_symmv_workspace *room; /* owned */
} regression;

static bool regression_init(regression *self, size_t k, size_t n)
{
    *self = (regression){.k = k, .n = n};
    self->sorted = calloc(n, sizeof *self->sorted);
    self->ranks = calloc(n, (k + 1) * sizeof *self->ranks);
    self->with_y = calloc(k, sizeof *self->with_y);
    self->among = gsl_matrix_calloc(k, k);
    self->vectors = gsl_matrix_calloc(k, k);
    self->values = gsl_vector_calloc(k);
    self->room = gsl_eigen_symmv_alloc(k);
    return self->sorted != NULL && self->ranks != NULL && self->with_y != NULL &&
           self->among != NULL && self->vectors != NULL && self->values != NULL &&
           self->room != NULL;
}

static void regression_free(regression *self)
{
    free(self->sorted);
    free(self->ranks);
    free(self->with_y);
    gsl_matrix_free(self->among);
    gsl_matrix_free(self->vectors);
    gsl_vector_free(self->values);
    gsl_eigen_symmv_free(self->room);
}

/* Ranks of one column, of unit length; all 0 where it is constant. */
static void fill_unit_ranks(regression *self, size_t column, const double *x, size_t stride)
{
    double *ranks = self->ranks + column * self->n;
    sort_column(self->sorted, x, stride, self->n);
    fill_ranks(ranks, self->sorted, self->n);
    double length = sqrt(mean_product(ranks, ranks, self->n) * (double)self->n);
    for (size_t j = 0; length > 0 && j < self->n; j++)
        ranks[j] /= length;
}

static double rank_product(const regression *self, size_t a, size_t b)
{
    return mean_product(self->ranks + a * self->n, self->ranks + b * self->n, self->n) *
           (double)self->n;
}

static void decompose(regression *self)
{
    for (size_t i = 0; i < self->k; i++) {
        self->with_y[i] = rank_product(self, i, self->k);
        for (size_t l = 0; l < self->k; l++)
            gsl_matrix_set(self->among, i, l, rank_product(self, i, l));
    }
    gsl_eigen_symmv(self->among, self->values, self->vectors, self->room);
}

/* Below this eigenvalue a combination of inputs is taken as not varying. */
static const double no_variation = 1e-10;

/* Element (i, l) of the pseudo-inverse of the correlations among inputs. */
static double inverse_at(const regression *self, size_t i, size_t l)
{
    double sum = 0;
    for (size_t e = 0; e < self->k; e++) {
        double value = gsl_vector_get(self->values, e);
        if (value > no_variation)
            sum +=
                gsl_matrix_get(self->vectors, i, e) * gsl_matrix_get(self->vectors, l, e) / value;
    }
    return sum;
}

/* True when the input's ranks follow from those of the others, or do not vary. */
static bool is_collinear(const regression *self, size_t i)
{
    double outside = 0;
    for (size_t e = 0; e < self->k; e++)
        if (gsl_vector_get(self->values, e) <= no_variation)
            outside += pow(gsl_matrix_get(self->vectors, i, e), 2);
    return outside > 1e-8;
}

static double coefficient(const regression *self, size_t i)
{
    double sum = 0;
    for (size_t l = 0; l < self->k; l++)
        sum += inverse_at(self, i, l) * self->with_y[l];
    return sum;
}

/* From the regression's coefficient b, the variance r that it leaves and the input's element v of
 * the inverse: b / sqrt(b b + r v), which is t / sqrt(t t + degrees of freedom) of textbooks. */
static void fill_partial(double *values, const regression *self)
{
    double rest = rank_product(self, self->k, self->k); /* 1, or 0 for a constant y */
    bool constant = !(rest > 0);
    for (size_t i = 0; i < self->k; i++) {
        values[i] = coefficient(self, i);
        rest -= values[i] * self->with_y[i];
    }
    if (rest < 1e-12) /* nothing but rounding */
        rest = 0;
    for (size_t i = 0; i < self->k; i++) {
        double b = values[i];
        if (constant || is_collinear(self, i))
            values[i] = NAN;
        else if (rest == 0)
            values[i] = fabs(b) < 1e-6 ? 0 : copysign(1, b);
        else
            values[i] = b / sqrt(b * b + rest * inverse_at(self, i, i));
    }
}

ltv_status ltv_partial_rank_correlation(double *values, const double *x, size_t n_inputs,
                                        const double *y, size_t n, ltv_error *err)
{
    size_t cells;
    if (n_inputs < 1 || n < 3 || n - 2 < n_inputs || __builtin_mul_overflow(n, n_inputs, &cells))
        return ltv_fail(err, LTV_ERR_BAD_INPUT,
                        "no partial rank correlations with %zu inputs from %zu draws: at least two "
                        "draws more than inputs are needed",
                        n_inputs, n);
    ltv_status status = check_no_nan("inputs", x, cells, err);
    if (status == LTV_OK)
        status = check_no_nan("figure", y, n, err);
    if (status != LTV_OK)
        return status;
    regression self;
    if (regression_init(&self, n_inputs, n)) {
        for (size_t i = 0; i < n_inputs; i++)
            fill_unit_ranks(&self, i, x + i, n_inputs);
        fill_unit_ranks(&self, n_inputs, y, 1);
        decompose(&self);
        fill_partial(values, &self);
    } else {
        status = ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory for rank correlations");
    }
    regression_free(&self);
    return status;
}

/* --- both --- */

static ltv_status fill_partials(ltv_rank_row *rows, const double *x, size_t n_inputs,
                                const double *y, size_t n, double *room, ltv_error *err)
{
    bool enough = n >= 3 && n - 2 >= n_inputs;
    ltv_status status =
        enough ? ltv_partial_rank_correlation(room, x, n_inputs, y, n, err) : LTV_OK;
    for (size_t i = 0; i < n_inputs; i++)
        rows[i].partial = enough ? room[i] : NAN;
    return status;
}

ltv_status ltv_rank_rows(ltv_rank_row *rows, const double *x, size_t n_inputs, const double *y,
                         size_t n, ltv_error *err)
{
    double *room = calloc((n > n_inputs ? n : n_inputs) + 1, sizeof *room);
    if (room == NULL)
        return ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory for rank correlations");
    ltv_status status = LTV_OK;
    for (size_t i = 0; status == LTV_OK && i < n_inputs; i++) {
        for (size_t j = 0; j < n; j++)
            room[j] = x[j * n_inputs + i];
        status = ltv_rank_correlation(&rows[i].spearman, room, y, n, err);
    }
    if (status == LTV_OK)
        status = fill_partials(rows, x, n_inputs, y, n, room, err);
    free(room);
    return status;
}
