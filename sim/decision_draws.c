/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/decision_draws.h"

#include <math.h>
#include <stdlib.h>

#include "sim/symmetric.h"

ltv_status ltv_decision_check(const ltv_decision_draws *draws, ltv_error *err)
{
    size_t arms = draws->n_arms;
    if (draws->n_draws == 0 || arms == 0)
        return ltv_fail(err, LTV_ERR_BAD_INPUT, "a decision needs at least one draw and one arm");
    for (size_t i = 0; i < draws->n_draws * arms; i++)
        if (!isfinite(draws->value[i]))
            return ltv_fail(
                err, LTV_ERR_BAD_INPUT,
                "a decision needs the value of every arm in every draw, but that of arm "
                "%zu in draw %zu is not a finite number",
                i % arms, i / arms);
    for (size_t i = 0; draws->noise != NULL && i < arms * arms; i++)
        if (!isfinite(draws->noise[i]))
            return ltv_fail(err, LTV_ERR_BAD_INPUT,
                            "the simulation noise of arms %zu and %zu is not a finite number",
                            i / arms, i % arms);
    return LTV_OK;
}

static void mean_differences(double *mean, const double *differences, size_t n, size_t arms)
{
    for (size_t a = 0; a < arms; a++) {
        mean[a] = 0;
        for (size_t d = 0; d < n; d++)
            mean[a] += differences[d * arms + a] / (double)n;
    }
}

static void add_square(double *matrix, const double *x, double weight, size_t arms)
{
    for (size_t a = 0; a < arms; a++)
        for (size_t b = 0; b < arms; b++)
            matrix[a * arms + b] += weight * x[a] * x[b];
}

/* T = mean square + covariance of the mean, which is that of the clusters' sums. work: [2 arms] */
static void total_covariance(double *total, double *work, const double *differences,
                             const double *mean, size_t n, size_t arms, uint32_t scrambles)
{
    size_t clusters = scrambles > 1 && scrambles < n ? scrambles : n;
    double count = (double)n, k = (double)clusters;
    double *off = work, *sum = work + arms;
    for (size_t i = 0; i < arms * arms; i++)
        total[i] = 0;
    for (size_t c = 0; c < clusters; c++) {
        for (size_t a = 0; a < arms; a++)
            sum[a] = 0;
        for (size_t d = c; d < n; d += clusters) {
            for (size_t a = 0; a < arms; a++) {
                off[a] = differences[d * arms + a] - mean[a];
                sum[a] += off[a];
            }
            add_square(total, off, 1 / count, arms);
        }
        add_square(total, sum, k / (k - 1) / (count * count), arms);
    }
}

/* keep = back U sqrt(max(1 - lambda, 0)) U' whiten', where U diagonalises whiten' N whiten. work:
 * [4 arms^2 + arms] */
static ltv_status kept_part(double *keep, double *work, const double *noise, const double *whiten,
                            const double *back, size_t arms, size_t rank, ltv_error *err)
{
    size_t square = arms * arms;
    double *noisy = work, *relative = work + square, *vectors = work + 2 * square;
    double *half = work + 3 * square, *lambda = work + 4 * square;
    ltv_matrix_product(noisy, noise, whiten, arms, arms, rank);
    ltv_matrix_product_of_transposed(relative, whiten, noisy, rank, arms, rank);
    ltv_status status = ltv_symmetric_eigen(lambda, vectors, relative, rank, err);
    if (status != LTV_OK)
        return status;
    ltv_matrix_product(half, back, vectors, arms, rank, rank);
    ltv_matrix_product(noisy, whiten, vectors, arms, rank, rank);
    for (size_t a = 0; a < arms; a++)
        for (size_t b = 0; b < arms; b++) {
            keep[a * arms + b] = 0;
            for (size_t j = 0; j < rank; j++)
                keep[a * arms + b] +=
                    half[a * rank + j] * sqrt(fmax(1 - lambda[j], 0)) * noisy[b * rank + j];
        }
    return LTV_OK;
}

/* Each row becomes mean + keep (row - mean). work: [arms] */
static void pull_to_mean(double *differences, double *work, const double *keep, const double *mean,
                         size_t n, size_t arms)
{
    for (size_t d = 0; d < n; d++) {
        double *row = differences + d * arms;
        for (size_t a = 0; a < arms; a++)
            work[a] = row[a] - mean[a];
        for (size_t a = 0; a < arms; a++) {
            row[a] = mean[a];
            for (size_t b = 0; b < arms; b++)
                row[a] += keep[a * arms + b] * work[b];
        }
    }
}

ltv_status ltv_differences_correct(double *differences, size_t n_draws, size_t n_arms,
                                   const double *noise, uint32_t scrambles, ltv_error *err)
{
    if (n_draws < 2)
        return LTV_OK;
    size_t square = n_arms * n_arms, rank = 0;
    double *room = calloc(8 * square + 4 * n_arms, sizeof *room);
    if (room == NULL)
        return ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory for the noise of %zu arms", n_arms);
    double *total = room, *whiten = total + square, *back = whiten + square, *keep = back + square;
    double *work = keep + square, *mean = work + 4 * square + n_arms, *two_rows = mean + n_arms;
    mean_differences(mean, differences, n_draws, n_arms);
    total_covariance(total, two_rows, differences, mean, n_draws, n_arms, scrambles);
    ltv_status status = ltv_symmetric_whiten(whiten, back, &rank, total, n_arms, 1e-12, err);
    if (status == LTV_OK && rank > 0)
        status = kept_part(keep, work, noise, whiten, back, n_arms, rank, err);
    if (status == LTV_OK && rank > 0)
        pull_to_mean(differences, work, keep, mean, n_draws, n_arms);
    free(room);
    return status;
}

static ltv_status correct_for_noise(double *differences, const ltv_decision_draws *draws,
                                    ltv_error *err)
{
    size_t arms = draws->n_arms;
    double *noise = calloc(arms * arms, sizeof *noise);
    if (noise == NULL)
        return ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory for the noise of %zu arms", arms);
    for (size_t a = 0; a < arms; a++)
        for (size_t b = 0; b < arms; b++)
            noise[a * arms + b] = draws->noise[a * arms + b] - draws->noise[a * arms] -
                                  draws->noise[b] + draws->noise[0];
    ltv_status status =
        ltv_differences_correct(differences, draws->n_draws, arms, noise, draws->scrambles, err);
    free(noise);
    return status;
}

ltv_status ltv_decision_differences(double *differences, const ltv_decision_draws *draws,
                                    ltv_error *err)
{
    ltv_status status = ltv_decision_check(draws, err);
    if (status != LTV_OK)
        return status;
    size_t arms = draws->n_arms;
    for (size_t d = 0; d < draws->n_draws; d++)
        for (size_t a = 0; a < arms; a++)
            differences[d * arms + a] = draws->value[d * arms + a] - draws->value[d * arms];
    return draws->noise == NULL ? LTV_OK : correct_for_noise(differences, draws, err);
}
