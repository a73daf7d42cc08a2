/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/spread.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sf_gamma.h>

static double normal_quantile(ltv_uniform u)
{
    return u.below < 0.5 ? gsl_cdf_ugaussian_Pinv(u.below) : gsl_cdf_ugaussian_Qinv(u.above);
}

/* Cornish & Fisher's expansion of a gamma quantile around the normal one, for a shape so large
 * that the terms left out do not count: 1e-12 of the mean up to a score of 6. */
static double large_gamma_quantile(double shape, double score)
{
    double c = 1 / sqrt(shape), s = score, s2 = s * s;
    double terms[] = {1,
                      s,
                      (s2 - 1) / 3,
                      s * (s2 - 7) / 36,
                      (16 - s2 * (7 + 3 * s2)) / 810,
                      s * (s2 * (9 * s2 + 256) - 433) / 38880,
                      (1472 - s2 * (923 + s2 * (243 - 12 * s2))) / 204120};
    double sum = 0;
    for (size_t i = sizeof terms / sizeof *terms; i-- > 0;)
        sum = sum * c + terms[i];
    return shape * sum;
}

/* The score whose large_gamma_quantile is x, by secant steps: the function is nearly straight. */
static double large_gamma_score(double shape, double x)
{
    double score = (x - shape) / sqrt(shape);
    for (int i = 0; i < 50; i++) {
        double step = (x - large_gamma_quantile(shape, score)) / sqrt(shape);
        score += step;
        if (fabs(step) <= 1e-14 * (1 + fabs(score)))
            break;
    }
    return score;
}

/* Below this ln x the power law P(x) = x^shape / Gamma(shape + 1) is exact in a double. */
static const double power_law_below = -40;

/* Halley's steps for y = ln x, kept inside a bracket, on the logarithm of the nearer tail: a
 * function of y so close to straight that two or three do. (GSL's own inverses fail for shapes
 * above some thousands and where the quantile is too small for a double.) */
double ltv_gamma_quantile(double shape, ltv_uniform u)
{
    if (shape > 2500)
        return large_gamma_quantile(shape, normal_quantile(u));
    bool below = u.below < 0.5;
    double target = log(below ? u.below : u.above);
    double log_gamma = gsl_sf_lngamma(shape + 1);
    double lower = (log(u.below) + log_gamma) / shape; /* the power law's */
    if (lower < power_law_below)
        return exp(lower);
    double upper = log(shape + 1e3 * sqrt(shape) + 1e3);
    double third = 1 / (9 * shape); /* Wilson & Hilferty's cube */
    double cube = 1 - third + sqrt(third) * normal_quantile(u);
    double y = cube > 0 ? log(shape) + 3 * log(cube) : lower;
    for (int i = 0; i < 100; i++) {
        if (!(y > lower && y < upper))
            y = (lower + upper) / 2;
        double x = exp(y);
        double tail = below ? gsl_cdf_gamma_P(x, shape, 1) : gsl_cdf_gamma_Q(x, shape, 1);
        double gap = below ? log(tail) - target : target - log(tail);
        *(gap > 0 ? &upper : &lower) = y;
        double density = shape * exp(shape * y - x - log_gamma); /* of y */
        double slope = density / tail;
        double bend = slope * (shape - x - (below ? slope : -slope));
        double step = gap / (slope - gap * bend / (2 * slope));
        y -= step;
        if (fabs(step) <= 1e-6 * (1 + fabs(y))) /* so the next one is below 1e-17 */
            break;
    }
    return exp(y);
}

double ltv_gamma_score(double shape, double log_x)
{
    if (shape > 2500)
        return large_gamma_score(shape, exp(log_x));
    ltv_uniform u;
    if (log_x < power_law_below) {
        double log_rank = shape * log_x - gsl_sf_lngamma(shape + 1);
        u = (ltv_uniform){.below = exp(log_rank), .above = -expm1(log_rank)};
    } else {
        double x = exp(log_x);
        u = (ltv_uniform){.below = gsl_cdf_gamma_P(x, shape, 1),
                          .above = gsl_cdf_gamma_Q(x, shape, 1)};
    }
    return normal_quantile(u);
}

double ltv_spread_log_normal_sigma(double cv)
{
    return sqrt(log1p(cv * cv));
}

bool ltv_spread_is_too_small(ltv_spread spread)
{
    return spread.kind == LTV_SPREAD_GAMMA && spread.cv * spread.cv < 1e-200;
}

double ltv_spread_quantile(ltv_spread spread, ltv_uniform u)
{
    if (ltv_spread_is_too_small(spread))
        return 1;
    switch (spread.kind) {
    case LTV_SPREAD_NONE:
        return 1;
    case LTV_SPREAD_GAMMA:
        return ltv_gamma_quantile(1 / (spread.cv * spread.cv), u) * (spread.cv * spread.cv);
    case LTV_SPREAD_LOG_NORMAL: {
        double sigma = ltv_spread_log_normal_sigma(spread.cv);
        return exp(sigma * normal_quantile(u) - sigma * sigma / 2);
    }
    }
    return NAN;
}

double ltv_copula_pearson(double spearman)
{
    return 2 * sin(M_PI / 6 * spearman);
}

static double gamma_mean_given_score(ltv_spread spread, double pearson, double score)
{
    /* The trapezoidal rule over what the copula adds of its own. */
    double own = sqrt(1 - pearson * pearson), total = 0, mean = 0;
    for (double y = -8; y <= 8; y += 0.125) {
        double density = exp(-y * y / 2);
        total += density;
        mean +=
            density * ltv_spread_quantile(spread, ltv_uniform_of_score(pearson * score + own * y));
    }
    return mean / total;
}

double ltv_spread_mean_given_score(ltv_spread spread, double pearson, double score)
{
    if (spread.kind == LTV_SPREAD_NONE)
        return 1;
    if (spread.kind == LTV_SPREAD_GAMMA)
        return gamma_mean_given_score(spread, pearson, score);
    double tied = ltv_spread_log_normal_sigma(spread.cv) * pearson;
    return exp(tied * score - tied * tied / 2);
}

ltv_uniform ltv_uniform_of_score(double score)
{
    return (ltv_uniform){.below = gsl_cdf_ugaussian_P(score), .above = gsl_cdf_ugaussian_Q(score)};
}

double ltv_score_of_uniform(ltv_uniform u)
{
    return normal_quantile(u);
}
