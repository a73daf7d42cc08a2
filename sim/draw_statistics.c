/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/draw_statistics.h"

#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_statistics_double.h>

#include "sim/jackknife.h"

/* Draws that are independent of each other only as a whole: a scramble, or a single draw. Those of
 * cluster k are k, k + clusters, k + 2 clusters, ... */
static size_t clusters_of(const ltv_draw_series *series)
{
    return series->scrambles > 1 && series->scrambles < series->n ? series->scrambles : series->n;
}

size_t ltv_draws_missing(const ltv_draw_series *series)
{
    size_t missing = 0;
    for (size_t d = 0; d < series->n; d++)
        missing += isnan(series->value[d]);
    return missing;
}

static size_t draws_present(const ltv_draw_series *series)
{
    return series->n - ltv_draws_missing(series);
}

static bool is_refused(const ltv_draw_series *series)
{
    return !series->given_it_applies && ltv_draws_missing(series) > 0;
}

static double weight_of(const double *weight, size_t draw)
{
    return weight == NULL ? 1 : weight[draw];
}

/* Standard error of a weighted mean from the weighted residuals, summed over each cluster. */
static double clustered_error(const ltv_draw_series *series, const double *weight, double mean,
                              double sum_of_weights)
{
    size_t clusters = clusters_of(series), present = 0;
    double squares = 0;
    for (size_t k = 0; k < clusters; k++) {
        double sum = 0;
        bool any = false;
        for (size_t d = k; d < series->n; d += clusters) {
            double residual = (series->value[d] - mean) * weight_of(weight, d);
            if (isnan(residual))
                continue;
            sum += residual;
            any = true;
        }
        squares += sum * sum;
        present += any;
    }
    double k = (double)present;
    return present < 2 ? NAN : sqrt(squares * k / (k - 1)) / fabs(sum_of_weights);
}

ltv_mean ltv_draws_weighted_mean(const ltv_draw_series *series, const double *weight)
{
    double first = NAN, sum = 0, weights = 0;
    if (is_refused(series))
        return (ltv_mean){NAN, NAN};
    for (size_t d = 0; d < series->n; d++) {
        double value = series->value[d], w = weight_of(weight, d);
        if (isnan(value) || isnan(w))
            continue;
        if (isinf(value))
            return (ltv_mean){value, NAN};
        if (isnan(first))
            first = value;
        /* From the first value on: the mean of equal values is that value exactly. */
        sum += w * (value - first);
        weights += w;
    }
    if (weights == 0)
        return (ltv_mean){NAN, NAN};
    double mean = first + sum / weights;
    return (ltv_mean){mean, clustered_error(series, weight, mean, weights)};
}

ltv_mean ltv_draws_mean(const ltv_draw_series *series)
{
    return ltv_draws_weighted_mean(series, NULL);
}

static double mean_square_of(const ltv_draw_series *series, double mean)
{
    double squares = 0;
    for (size_t d = 0; d < series->n; d++)
        if (!isnan(series->value[d]))
            squares += (series->value[d] - mean) * (series->value[d] - mean);
    return squares / (double)draws_present(series);
}

static double mean_noise_of(const ltv_draw_series *series)
{
    double noise = 0;
    for (size_t d = 0; d < series->n && series->noise_variance != NULL; d++)
        if (!isnan(series->value[d]))
            noise += series->noise_variance[d];
    return noise / (double)draws_present(series);
}

ltv_variance_parts ltv_draws_variance(const ltv_draw_series *series)
{
    ltv_mean mean = ltv_draws_mean(series);
    if (!isfinite(mean.mean))
        return (ltv_variance_parts){NAN, NAN, NAN};
    double square = mean_square_of(series, mean.mean);
    double total = square + mean.standard_error * mean.standard_error;
    double noise = mean_noise_of(series);
    return (ltv_variance_parts){total, noise, total - noise};
}

/* The part of each deviation from the mean that is kept. */
static double kept_part(const ltv_draw_series *series)
{
    ltv_variance_parts parts = ltv_draws_variance(series);
    if (isnan(parts.noise))
        return NAN;
    if (parts.noise == 0 || parts.total == 0 || draws_present(series) == 1)
        return 1;
    return isnan(parts.parameter) ? NAN : sqrt(fmax(parts.parameter, 0) / parts.total);
}

void ltv_draws_corrected(double *corrected, const ltv_draw_series *series)
{
    bool refused = is_refused(series);
    double kept = refused ? NAN : series->noise_variance == NULL ? 1 : kept_part(series);
    double mean = ltv_draws_mean(series).mean;
    for (size_t d = 0; d < series->n; d++)
        corrected[d] = kept == 1 ? series->value[d] : mean + kept * (series->value[d] - mean);
}

static int in_order(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    if (isnan(x) || isnan(y))
        return isnan(x) - isnan(y);
    return (x > y) - (x < y);
}

size_t ltv_draws_sort(double *values, size_t n)
{
    if (n > 0)
        qsort(values, n, sizeof *values, in_order);
    while (n > 0 && isnan(values[n - 1]))
        n--;
    return n;
}

/* Where the p-quantile of n numbers lies between order statistics, counted from 1. */
static double rank_of(size_t n, double p)
{
    double rank = ((double)n + 1.0 / 3) * p + 1.0 / 3;
    return fmin(fmax(rank, 1), (double)n);
}

static double between(double low, double high, double part)
{
    return part == 0 || high == low ? low : (1 - part) * low + part * high;
}

double ltv_draws_quantile(const double *sorted, size_t n, double p)
{
    if (n == 0 || !(p >= 0 && p <= 1) || isnan(sorted[n - 1]))
        return NAN;
    double rank = rank_of(n, p);
    size_t below = (size_t)rank - 1, above = below + 1 < n ? below + 1 : below;
    return between(sorted[below], sorted[above], rank - floor(rank));
}

double ltv_draws_select(double *values, size_t n, double p)
{
    bool whole = true;
    for (size_t d = 0; d < n; d++)
        whole &= !isnan(values[d]);
    if (n == 0 || !(p >= 0 && p <= 1) || !whole)
        return NAN;
    double rank = rank_of(n, p), high = INFINITY;
    size_t below = (size_t)rank - 1;
    double low =
        gsl_stats_select(values, 1, n, below); /* which leaves what is above it behind it */
    for (size_t d = below + 1; d < n; d++)
        high = values[d] < high ? values[d] : high;
    return between(low, high, rank - floor(rank));
}

/* --- probabilities --- */

static double share_at_least(const double *values, size_t n, double threshold)
{
    size_t present = 0, above = 0;
    for (size_t d = 0; d < n; d++) {
        present += !isnan(values[d]);
        above += values[d] >= threshold;
    }
    return present == 0 ? NAN : (double)above / (double)present;
}

/* Error of a share of values that are known exactly. Overwrites them. */
static double plain_share_error(double *values, const ltv_draw_series *series, double threshold)
{
    for (size_t d = 0; d < series->n; d++)
        values[d] = isnan(values[d]) ? NAN : values[d] >= threshold;
    ltv_draw_series shares = *series;
    shares.value = values;
    shares.noise_variance = NULL;
    return ltv_draws_mean(&shares).standard_error;
}

/* `work` has room for three times n. */
static ltv_status corrected_share_error(double *error, double *work, const ltv_draw_series *series,
                                        double threshold, ltv_error *err)
{
    uint32_t groups = ltv_jackknife_groups(series->n, series->scrambles);
    double *figures = malloc(groups * sizeof *figures);
    if (figures == NULL)
        return ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory for the error of a probability");
    double *values = work, *noise = work + series->n, *corrected = work + 2 * series->n;
    ltv_draw_series rest = *series;
    rest.value = values;
    rest.noise_variance = noise;
    rest.scrambles = ltv_jackknife_scrambles_left(series->scrambles);
    for (uint32_t g = 0; g < groups; g++) {
        rest.n = ltv_jackknife_without(values, series->value, series->n, 1, groups, g);
        ltv_jackknife_without(noise, series->noise_variance, series->n, 1, groups, g);
        ltv_draws_corrected(corrected, &rest);
        figures[g] = share_at_least(corrected, rest.n, threshold);
    }
    *error = ltv_jackknife_error(figures, groups);
    free(figures);
    return LTV_OK;
}

ltv_status ltv_draws_probability(ltv_mean *probability, const ltv_draw_series *series,
                                 double threshold, ltv_error *err)
{
    *probability = (ltv_mean){NAN, NAN};
    if (series->n == 0 || isnan(threshold))
        return LTV_OK;
    double *work = calloc(series->n, 3 * sizeof *work);
    if (work == NULL)
        return ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory for a probability over draws");
    ltv_status status = LTV_OK;
    ltv_draws_corrected(work, series);
    double share = share_at_least(work, series->n, threshold), error = NAN;
    if (!isnan(share) && series->noise_variance == NULL)
        error = plain_share_error(work, series, threshold);
    else if (!isnan(share))
        status = corrected_share_error(&error, work, series, threshold, err);
    free(work);
    if (status == LTV_OK)
        *probability = (ltv_mean){share, error};
    return status;
}

/* --- the forecast for a real cohort --- */

typedef struct {
    size_t n;
    const double *centre; /* NaN: not in the mixture */
    const double *sd;
} mixture;

static double mixture_below(const mixture *m, double x)
{
    double below = 0, present = 0;
    for (size_t d = 0; d < m->n; d++) {
        if (isnan(m->centre[d]))
            continue;
        present++;
        below +=
            m->sd[d] > 0 ? gsl_cdf_ugaussian_P((x - m->centre[d]) / m->sd[d]) : m->centre[d] <= x;
    }
    return below / present;
}

/* Between the least and the largest of the draws' own quantiles, by halving until doubles end. */
static double mixture_quantile(const mixture *m, double p)
{
    double score = gsl_cdf_ugaussian_Pinv(p), lower = INFINITY, upper = -INFINITY;
    for (size_t d = 0; d < m->n; d++) {
        if (isnan(m->centre[d]))
            continue;
        double own = m->centre[d] + score * m->sd[d];
        if (isnan(own))
            return NAN;
        lower = fmin(lower, own);
        upper = fmax(upper, own);
    }
    if (lower > upper) /* nobody there */
        return NAN;
    for (int i = 0; i < 2000 && lower < upper; i++) {
        double middle = lower / 2 + upper / 2;
        if (middle <= lower || middle >= upper)
            break;
        *(mixture_below(m, middle) < p ? &lower : &upper) = middle;
    }
    return upper;
}

ltv_status ltv_draws_predictive(double limits[2], const ltv_draw_series *series, double p_low,
                                double p_high, const double *customer_variance, double cohort,
                                ltv_error *err)
{
    limits[0] = limits[1] = NAN;
    if (!(p_low > 0 && p_low < 1 && p_high > 0 && p_high < 1))
        return ltv_fail(err, LTV_ERR_BAD_INPUT, "the levels of a forecast must be between 0 and 1");
    if (!(cohort > 0))
        return ltv_fail(err, LTV_ERR_BAD_INPUT, "a forecast needs a cohort of at least 1 customer");
    if (series->n == 0 || is_refused(series))
        return LTV_OK;
    double *centre = calloc(series->n, 2 * sizeof *centre), *sd = centre + series->n;
    if (centre == NULL)
        return ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory for a forecast");
    ltv_draws_corrected(centre, series);
    for (size_t d = 0; d < series->n; d++)
        sd[d] = sqrt(customer_variance[d] / cohort);
    mixture m = {series->n, centre, sd};
    limits[0] = mixture_quantile(&m, p_low);
    limits[1] = mixture_quantile(&m, p_high);
    free(centre);
    return LTV_OK;
}

/* --- how many customers --- */

/* Proportional to the slope of the variance at n = 1 + t, in units of tau^2: a = sigma^2/tau^2.
 * Its coefficients change sign once, so it has one root t > 0. */
static double slope_of_variance(double t, double a, double c)
{
    return (t + 1) * (t + 1) * (t * t - a * a) - c * a * (2 * t * t + a * (2 * t + 1));
}

double ltv_best_customers_per_draw(double within_variance, double parameter_variance,
                                   double cost_of_draw_in_customers)
{
    double c = cost_of_draw_in_customers;
    if (isnan(within_variance) || isnan(parameter_variance) || !(c >= 0))
        return NAN;
    if (!(within_variance > 0))
        return 1;
    if (!(parameter_variance > 0))
        return INFINITY;
    double a = within_variance / parameter_variance, lower = a, upper = a;
    while (slope_of_variance(upper, a, c) < 0 && upper < 1e60)
        upper *= 2;
    for (int i = 0; i < 200 && c > 0; i++) {
        double middle = (lower + upper) / 2;
        *(slope_of_variance(middle, a, c) < 0 ? &lower : &upper) = middle;
    }
    return 1 + upper;
}
