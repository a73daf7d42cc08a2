/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/sensitivity.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "sim/address.h"

static ltv_status no_memory(ltv_error *err)
{
    return ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory for a sensitivity analysis");
}

ltv_status ltv_sensitivity_check_output(const double *outputs, size_t n, size_t n_outputs,
                                        size_t output, ltv_error *err)
{
    if (output >= n_outputs)
        return ltv_fail(err, LTV_ERR_BAD_INPUT, "there is no output %zu, only %zu", output,
                        n_outputs);
    size_t bad = 0;
    for (size_t i = 0; i < n; i++)
        bad += !isfinite(outputs[i * n_outputs + output]);
    if (bad == 0)
        return LTV_OK;
    return ltv_fail(err, LTV_ERR_BAD_INPUT,
                    "the figure is not defined, or not finite, at %zu of %zu points: its "
                    "sensitivity can't be judged",
                    bad, n);
}

/* --- the design --- */

static size_t input_of(const ltv_sensitivity_design *design, size_t uniform)
{
    return design->input_of != NULL ? design->input_of[uniform] : uniform;
}

static ltv_status check_groups(const ltv_sensitivity_design *design, ltv_error *err)
{
    if (design->input_of == NULL)
        return design->n_uniforms == design->n_inputs
                   ? LTV_OK
                   : ltv_fail(err, LTV_ERR_BAD_INPUT, "%zu inputs of %zu numbers need groups",
                              design->n_inputs, design->n_uniforms);
    bool *used = calloc(design->n_inputs, sizeof *used);
    if (used == NULL)
        return no_memory(err);
    ltv_status status = LTV_OK;
    size_t inputs_used = 0;
    for (size_t c = 0; status == LTV_OK && c < design->n_uniforms; c++) {
        size_t i = design->input_of[c];
        if (i >= design->n_inputs) {
            status = ltv_fail(err, LTV_ERR_BAD_INPUT, "number %zu belongs to no input", c);
        } else {
            inputs_used += !used[i];
            used[i] = true;
        }
    }
    free(used);
    if (status == LTV_OK && inputs_used < design->n_inputs)
        status = ltv_fail(err, LTV_ERR_BAD_INPUT, "%zu of %zu inputs have no number",
                          design->n_inputs - inputs_used, design->n_inputs);
    return status;
}

ltv_status ltv_sensitivity_check(const ltv_sensitivity_design *design, ltv_error *err)
{
    if (design->n_base < 2 || design->n_base > UINT32_MAX)
        return ltv_fail(err, LTV_ERR_BAD_INPUT, "%zu base points: 2 ... 2^32 - 1 are possible",
                        design->n_base);
    if (design->n_inputs < 1 || design->n_uniforms < design->n_inputs || design->n_outputs < 1)
        return ltv_fail(err, LTV_ERR_BAD_INPUT,
                        "no sensitivity of %zu outputs to %zu inputs made of %zu numbers",
                        design->n_outputs, design->n_inputs, design->n_uniforms);
    size_t bytes;
    if (design->n_inputs > SIZE_MAX / 64 ||
        __builtin_mul_overflow(design->n_base, design->n_inputs + 2, &bytes) ||
        __builtin_mul_overflow(bytes, design->n_outputs, &bytes) ||
        __builtin_mul_overflow(bytes, sizeof(double), &bytes))
        return ltv_fail(err, LTV_ERR_BAD_INPUT, "too many evaluations to be held in memory");
    return check_groups(design, err);
}

size_t ltv_sensitivity_evaluations(const ltv_sensitivity_design *design)
{
    return design->n_base * (design->n_inputs + 2);
}

enum { MATRIX_A, MATRIX_B, MATRIX_A_I };

void ltv_sensitivity_point(ltv_uniform *point, const ltv_sensitivity_design *design,
                           const ltv_uniform *base, size_t evaluation)
{
    size_t row = evaluation / (design->n_inputs + 2), matrix = evaluation % (design->n_inputs + 2);
    const ltv_uniform *a = base + row * 2 * design->n_uniforms, *b = a + design->n_uniforms;
    for (size_t c = 0; c < design->n_uniforms; c++) {
        bool from_b = matrix == MATRIX_B || matrix == MATRIX_A_I + input_of(design, c);
        point[c] = from_b ? b[c] : a[c];
    }
}

/* --- the estimates --- */

/* One output of all evaluations, its mean and its unit taken away. */
typedef struct {
    size_t n, k;
    double mean, unit;
    double *a, *b; /* owned; [n]: f(A), f(B) */
    double *moved; /* owned; [n][k]: f(A_i) - f(A) */
} sobol_runs;

static void runs_free(sobol_runs *self)
{
    free(self->a);
    free(self->b);
    free(self->moved);
}

/* The mean of f over A and B. Counted from the first value, so that a constant is its own mean. */
static double mean_of_a_and_b(const double *outputs, size_t n, size_t stride, size_t step)
{
    double start = outputs[0], sum = 0;
    for (size_t j = 0; j < n; j++) {
        const double *row = outputs + j * stride;
        sum += (row[MATRIX_A] - start) + (row[MATRIX_B * step] - start);
    }
    return start + sum / (2 * (double)n);
}

/* The greatest deviation from the mean, 1 for none: with it as the unit no square overflows. */
static double unit_of(const double *outputs, double mean, size_t n, size_t stride, size_t step)
{
    double unit = 0;
    for (size_t j = 0; j < n; j++) {
        const double *row = outputs + j * stride;
        unit = fmax(unit, fmax(fabs(row[MATRIX_A] - mean), fabs(row[MATRIX_B * step] - mean)));
    }
    return unit > 0 ? unit : 1;
}

static ltv_status runs_init(sobol_runs *self, const ltv_sensitivity_design *design,
                            const double *outputs, size_t output, ltv_error *err)
{
    size_t n = design->n_base, k = design->n_inputs, step = design->n_outputs;
    size_t stride = (k + 2) * step;
    const double *first = outputs + output;
    *self = (sobol_runs){.n = n, .k = k, .mean = mean_of_a_and_b(first, n, stride, step)};
    self->unit = unit_of(first, self->mean, n, stride, step);
    self->a = malloc(n * sizeof *self->a);
    self->b = malloc(n * sizeof *self->b);
    self->moved = malloc(k * n * sizeof *self->moved);
    if (self->a == NULL || self->b == NULL || self->moved == NULL)
        return no_memory(err);
    for (size_t j = 0; j < n; j++) {
        const double *row = first + j * stride;
        self->a[j] = (row[MATRIX_A] - self->mean) / self->unit;
        self->b[j] = (row[MATRIX_B * step] - self->mean) / self->unit;
        for (size_t i = 0; i < k; i++)
            self->moved[j * k + i] = (row[(MATRIX_A_I + i) * step] - row[MATRIX_A]) / self->unit;
    }
    return LTV_OK;
}

typedef struct {
    double mean, variance;
} moments;

/* Of f over A and B, row j counting `times[j]` times. */
static moments moments_of(const sobol_runs *self, const double *times)
{
    double sum = 0, squares = 0, count = 2 * (double)self->n;
    for (size_t j = 0; j < self->n; j++) {
        double a = self->a[j], b = self->b[j];
        sum += times[j] * (a + b);
        squares += times[j] * (a * a + b * b);
    }
    double mean = sum / count, variance = squares / count - mean * mean;
    bool constant = variance <= 1e-12 * (squares / count); /* nothing but rounding */
    return (moments){.mean = mean, .variance = constant ? 0 : variance};
}

/* Adds row j, counted `times` times, to the sums of products [k] and of squares [k]. */
static void add_row(double *restrict products, double *restrict squares, const sobol_runs *self,
                    size_t j, double times, double mean)
{
    const double *restrict moved = self->moved + j * self->k;
    double of_b = times * (self->b[j] - mean);
    for (size_t i = 0; i < self->k; i++) {
        products[i] += of_b * moved[i];
        squares[i] += times * moved[i] * moved[i];
    }
}

/* shares [2 k + 1]: first orders, totals, sum of the first orders; row j counts times[j] times. */
static void estimate_shares(double *shares, const sobol_runs *self, const double *times)
{
    size_t k = self->k;
    double *first = shares, *total = shares + k, *additive = shares + 2 * k;
    moments f = moments_of(self, times);
    double scale = f.variance > 0 ? 1 / ((double)self->n * f.variance) : NAN;
    memset(shares, 0, (2 * k + 1) * sizeof *shares);
    for (size_t j = 0; j < self->n; j++)
        add_row(first, total, self, j, times[j], f.mean);
    for (size_t i = 0; i < k; i++) {
        first[i] *= scale;
        total[i] *= scale / 2;
        *additive += first[i];
    }
}

/* How often each of the n rows is in a resample. */
static void draw_resample(double *times, size_t n, uint64_t seed, uint32_t resample)
{
    ltv_stream stream = {.seed = seed, .draw = resample};
    memset(times, 0, n * sizeof *times);
    for (size_t j = 0; j < n; j += LTV_LANES) {
        ltv_words words = ltv_address_words(stream, (uint32_t)(j / LTV_LANES), LTV_UNNAMED,
                                            LTV_PURPOSE_RESAMPLED_ROW_0, 0);
        for (size_t lane = 0; lane < LTV_LANES && j + lane < n; lane++)
            times[(size_t)((unsigned __int128)words.lane[lane] * n >> 64)]++;
    }
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Of R resamples the (R + 1) / 40-th from either end: 2.5 % lie outside on each side. Sorts. */
static void set_limits(ltv_sensitivity_share *share, double *resampled)
{
    enum { TAIL = (LTV_SENSITIVITY_RESAMPLES + 1) / 40 };
    share->low = share->high = NAN;
    for (size_t r = 0; r < LTV_SENSITIVITY_RESAMPLES; r++)
        if (isnan(resampled[r]))
            return;
    qsort(resampled, LTV_SENSITIVITY_RESAMPLES, sizeof *resampled, compare_doubles);
    share->low = resampled[TAIL - 1];
    share->high = resampled[LTV_SENSITIVITY_RESAMPLES - TAIL];
}

/* The share that has place i in estimate_shares. */
static ltv_sensitivity_share *share_at(ltv_sensitivity *result, size_t i)
{
    size_t k = result->n_inputs;
    if (i == 2 * k)
        return &result->additive;
    return i < k ? &result->inputs[i].first : &result->inputs[i - k].total;
}

static ltv_status fill_shares(ltv_sensitivity *result, const sobol_runs *self, uint64_t seed,
                              ltv_error *err)
{
    size_t n_shares = 2 * self->k + 1;
    double *times = malloc(self->n * sizeof *times), *shares = malloc(n_shares * sizeof *shares);
    double(*resampled)[LTV_SENSITIVITY_RESAMPLES] = malloc(n_shares * sizeof *resampled);
    ltv_status status =
        times != NULL && shares != NULL && resampled != NULL ? LTV_OK : no_memory(err);
    if (status == LTV_OK) {
        for (size_t j = 0; j < self->n; j++)
            times[j] = 1;
        result->standard_deviation = self->unit * sqrt(moments_of(self, times).variance);
        estimate_shares(shares, self, times);
        for (size_t i = 0; i < n_shares; i++)
            share_at(result, i)->value = shares[i];
        for (uint32_t r = 0; r < LTV_SENSITIVITY_RESAMPLES; r++) {
            draw_resample(times, self->n, seed, r);
            estimate_shares(shares, self, times);
            for (size_t i = 0; i < n_shares; i++)
                resampled[i][r] = shares[i];
        }
        for (size_t i = 0; i < n_shares; i++)
            set_limits(share_at(result, i), resampled[i]);
    }
    free(times);
    free(shares);
    free(resampled);
    return status;
}

ltv_status ltv_sensitivity_indices(ltv_sensitivity *result, const ltv_sensitivity_design *design,
                                   const double *outputs, size_t output, uint64_t seed,
                                   ltv_error *err)
{
    *result = (ltv_sensitivity){0};
    ltv_status status = ltv_sensitivity_check(design, err);
    if (status == LTV_OK)
        status = ltv_sensitivity_check_output(outputs, ltv_sensitivity_evaluations(design),
                                              design->n_outputs, output, err);
    if (status != LTV_OK)
        return status;
    result->n_inputs = design->n_inputs;
    result->inputs = calloc(design->n_inputs, sizeof *result->inputs);
    if (result->inputs == NULL)
        return no_memory(err);
    sobol_runs runs;
    status = runs_init(&runs, design, outputs, output, err);
    result->mean = runs.mean;
    if (status == LTV_OK)
        status = fill_shares(result, &runs, seed, err);
    runs_free(&runs);
    return status;
}

void ltv_sensitivity_free(ltv_sensitivity *result)
{
    free(result->inputs);
    *result = (ltv_sensitivity){0};
}
