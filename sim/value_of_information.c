/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/value_of_information.h"

#include <math.h>
#include <stdlib.h>

#include "sim/draw_statistics.h"
#include "sim/jackknife.h"
#include "sim/smoother.h"

static size_t best_of(const double *row, size_t arms)
{
    size_t best = 0;
    for (size_t a = 1; a < arms; a++)
        if (row[a] > row[best])
            best = a;
    return best;
}

static double mean_column(const double *rows, size_t n, size_t arms, size_t arm)
{
    double sum = 0;
    for (size_t d = 0; d < n; d++)
        sum += rows[d * arms + arm] - rows[arm];
    return rows[arm] + sum / (double)n;
}

static size_t best_on_average(const double *rows, size_t n, size_t arms)
{
    size_t best = 0;
    double highest = -INFINITY;
    for (size_t a = 0; a < arms; a++) {
        double mean = mean_column(rows, n, arms, a);
        if (mean > highest) {
            highest = mean;
            best = a;
        }
    }
    return best;
}

static double expected_loss(const double *rows, size_t n, size_t arms, size_t arm)
{
    double sum = 0;
    for (size_t d = 0; d < n; d++) {
        const double *row = rows + d * arms;
        sum += row[best_of(row, arms)] - row[arm];
    }
    return sum / (double)n;
}

static double perfect_information(const double *rows, size_t n, size_t arms)
{
    return expected_loss(rows, n, arms, best_on_average(rows, n, arms));
}

/* Equal but for the rounding of the correction. */
static double tie_width(const double *rows, size_t n, size_t arms)
{
    double largest = 0;
    for (size_t i = 0; i < n * arms; i++)
        largest = fmax(largest, fabs(rows[i]));
    return 1e-11 * largest;
}

static void share_out_best(ltv_arm_decision *arms, const double *rows, size_t n, size_t n_arms)
{
    double width = tie_width(rows, n, n_arms);
    for (size_t d = 0; d < n; d++) {
        const double *row = rows + d * n_arms;
        double least = row[best_of(row, n_arms)] - width;
        size_t equals = 0;
        for (size_t a = 0; a < n_arms; a++)
            equals += row[a] >= least;
        for (size_t a = 0; a < n_arms; a++)
            if (row[a] >= least)
                arms[a].probability_best += 1 / (double)equals / (double)n;
    }
}

static ltv_mean mean_over_draws(const double *values, size_t n, uint32_t scrambles)
{
    ltv_draw_series series = {.n = n, .value = values, .scrambles = scrambles};
    return ltv_draws_mean(&series);
}

/* --- EVPI --- */

/* work: room for twice the values */
static ltv_status evpi_without(double *evpi, double *work, const ltv_decision_draws *draws,
                               uint32_t groups, uint32_t group, ltv_error *err)
{
    double *kept = work, *differences = work + draws->n_draws * draws->n_arms;
    ltv_decision_draws rest = *draws;
    rest.value = kept;
    rest.scrambles = ltv_jackknife_scrambles_left(draws->scrambles);
    rest.n_draws =
        ltv_jackknife_without(kept, draws->value, draws->n_draws, draws->n_arms, groups, group);
    ltv_status status = ltv_decision_differences(differences, &rest, err);
    if (status == LTV_OK)
        *evpi = perfect_information(differences, rest.n_draws, rest.n_arms);
    return status;
}

static ltv_status evpi_error(double *error, double *work, const ltv_decision_draws *draws,
                             ltv_error *err)
{
    uint32_t groups = ltv_jackknife_groups(draws->n_draws, draws->scrambles);
    if (groups < 2) {
        *error = NAN;
        return LTV_OK;
    }
    double *figures = calloc(groups, sizeof *figures);
    if (figures == NULL)
        return ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory for the error of the EVPI");
    ltv_status status = LTV_OK;
    for (uint32_t g = 0; g < groups && status == LTV_OK; g++)
        status = evpi_without(&figures[g], work, draws, groups, g, err);
    *error = ltv_jackknife_error(figures, groups);
    free(figures);
    return status;
}

static void fill_values(ltv_decision *decision, double *column, const ltv_decision_draws *draws)
{
    size_t n = draws->n_draws, arms = draws->n_arms;
    for (size_t a = 0; a < arms; a++) {
        for (size_t d = 0; d < n; d++)
            column[d] = draws->value[d * arms + a];
        decision->arms[a].expected_value = mean_over_draws(column, n, draws->scrambles);
    }
    decision->best = best_on_average(draws->value, n, arms);
    decision->evpi_uncorrected = perfect_information(draws->value, n, arms);
}

static ltv_status fill(ltv_decision *decision, double *work, const ltv_decision_draws *draws,
                       ltv_error *err)
{
    fill_values(decision, work, draws);
    ltv_status status = ltv_decision_differences(work, draws, err);
    if (status != LTV_OK)
        return status;
    for (size_t a = 0; a < draws->n_arms; a++)
        decision->arms[a].expected_loss = expected_loss(work, draws->n_draws, draws->n_arms, a);
    share_out_best(decision->arms, work, draws->n_draws, draws->n_arms);
    decision->evpi.mean = decision->arms[decision->best].expected_loss;
    return evpi_error(&decision->evpi.standard_error, work, draws, err);
}

ltv_status ltv_decision_init(ltv_decision *decision, const ltv_decision_draws *draws,
                             ltv_error *err)
{
    *decision = (ltv_decision){0};
    ltv_status status = ltv_decision_check(draws, err);
    if (status != LTV_OK)
        return status;
    double *work = calloc(draws->n_draws * draws->n_arms, 2 * sizeof *work);
    decision->n_arms = draws->n_arms;
    decision->arms = calloc(draws->n_arms, sizeof *decision->arms);
    if (work == NULL || decision->arms == NULL)
        status = ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory for a decision between %zu arms",
                          draws->n_arms);
    else
        status = fill(decision, work, draws, err);
    free(work);
    return status;
}

void ltv_decision_free(ltv_decision *decision)
{
    free(decision->arms);
    *decision = (ltv_decision){0};
}

/* --- EVPPI --- */

typedef struct {
    const ltv_decision_draws *draws;
    double *differences; /* [draw * arms + arm], of the values */
    double *fitted;      /* likewise, of their expectations given the inputs */
    double *weights;     /* [arm * basis] */
    double *noise;       /* [arms * arms], of the fitted values */
    double *freedom;     /* [arms], of the residuals */
    double *gain;        /* [draw] */
} regression;

static double sum_of_products(const double *a, const double *b, size_t n)
{
    double sum = 0;
    for (size_t j = 0; j < n; j++)
        sum += a[j] * b[j];
    return sum;
}

static void fit_arms(regression *with, const ltv_smoother *smoother)
{
    size_t n = with->draws->n_draws, arms = with->draws->n_arms, p = smoother->n_basis;
    for (size_t a = 0; a < arms; a++) {
        double *weights = with->weights + a * p, edf = 0;
        ltv_smoother_fit(smoother, with->differences + a, arms, with->fitted + a, weights);
        for (size_t j = 0; j < p; j++)
            edf += weights[j];
        with->freedom[a] = fmax((double)n - 2 * edf + sum_of_products(weights, weights, p), 1);
    }
}

/* What the fitted values have of the residuals: their mean has a share of it too, and moves all
 * draws together past the point where the choice changes. */
static void fill_noise(regression *with, size_t p)
{
    size_t n = with->draws->n_draws, arms = with->draws->n_arms;
    for (size_t a = 0; a < arms; a++)
        for (size_t b = 0; b < arms; b++) {
            double residuals = 0;
            for (size_t d = 0; d < n; d++)
                residuals += (with->differences[d * arms + a] - with->fitted[d * arms + a]) *
                             (with->differences[d * arms + b] - with->fitted[d * arms + b]);
            residuals /= sqrt(with->freedom[a] * with->freedom[b]);
            double shared = sum_of_products(with->weights + a * p, with->weights + b * p, p);
            with->noise[a * arms + b] = residuals * shared / (double)n;
        }
}

static ltv_status evppi_from(ltv_mean *evppi, regression *with, size_t p, ltv_error *err)
{
    size_t n = with->draws->n_draws, arms = with->draws->n_arms;
    uint32_t scrambles = with->draws->scrambles;
    fill_noise(with, p);
    size_t best = best_on_average(with->draws->value, n, arms);
    ltv_status status = ltv_differences_correct(with->fitted, n, arms, with->noise, scrambles, err);
    if (status != LTV_OK)
        return status;
    for (size_t d = 0; d < n; d++) {
        size_t chosen = best_of(with->fitted + d * arms, arms);
        with->gain[d] = with->differences[d * arms + chosen] - with->differences[d * arms + best];
    }
    evppi->mean = fmax(perfect_information(with->fitted, n, arms), 0);
    evppi->standard_error = mean_over_draws(with->gain, n, scrambles).standard_error;
    return LTV_OK;
}

static ltv_status evppi_with(ltv_mean *evppi, const ltv_decision_draws *draws,
                             const ltv_smoother *smoother, ltv_error *err)
{
    size_t n = draws->n_draws, arms = draws->n_arms, p = smoother->n_basis;
    double *room = calloc(2 * n * arms + n + arms * (p + arms + 1), sizeof *room);
    if (room == NULL)
        return ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory for a regression of %zu arms", arms);
    regression with = {.draws = draws, .differences = room, .fitted = room + n * arms};
    with.weights = with.fitted + n * arms;
    with.noise = with.weights + arms * p;
    with.freedom = with.noise + arms * arms;
    with.gain = with.freedom + arms;
    for (size_t i = 0; i < n * arms; i++)
        with.differences[i] = draws->value[i] - draws->value[i / arms * arms];
    fit_arms(&with, smoother);
    ltv_status status = evppi_from(evppi, &with, p, err);
    free(room);
    return status;
}

ltv_status ltv_evppi(ltv_mean *evppi, const ltv_decision_draws *draws, size_t n_inputs,
                     const double *input, ltv_error *err)
{
    *evppi = (ltv_mean){NAN, NAN};
    ltv_status status = ltv_decision_check(draws, err);
    if (status != LTV_OK)
        return status;
    ltv_smoother smoother;
    status = ltv_smoother_init(&smoother, draws->n_draws, n_inputs, input, err);
    if (status == LTV_OK)
        status = evppi_with(evppi, draws, &smoother, err);
    ltv_smoother_free(&smoother);
    return status;
}
