/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/curve.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_math.h>
#include <gsl/gsl_sf_erf.h>

static double geometric_hazard(const ltv_curve *curve, uint32_t tenure)
{
    return -(double)tenure * log1p(-curve->parameter[0]);
}

static double weibull_hazard(const ltv_curve *curve, uint32_t tenure)
{
    return pow(tenure / curve->parameter[0], curve->parameter[1]);
}

static double gompertz_hazard(const ltv_curve *curve, uint32_t tenure)
{
    double rate = curve->parameter[0], growth = curve->parameter[1];
    return rate * (expm1(growth * tenure) / growth);
}

static double log_logistic_hazard(const ltv_curve *curve, uint32_t tenure)
{
    return log1p(pow(tenure / curve->parameter[0], curve->parameter[1]));
}

static double log_normal_hazard(const ltv_curve *curve, uint32_t tenure)
{
    if (tenure == 0)
        return 0;
    double x = (log(tenure) - curve->parameter[0]) / curve->parameter[1];
    if (x < 0) /* few have left: the lower tail keeps the relative precision */
        return -log1p(-gsl_cdf_ugaussian_P(x));
    if (x > 1e150) /* x^2 / 2 would not be a double for much longer */
        return INFINITY;
    return M_LN2 - gsl_sf_log_erfc(x / M_SQRT2);
}

static double beta_geometric_hazard(const ltv_curve *curve, uint32_t tenure)
{
    (void)curve; /* alpha and beta describe the frailty */
    return tenure;
}

static double beta_discrete_weibull_hazard(const ltv_curve *curve, uint32_t tenure)
{
    return pow(tenure, curve->parameter[2]);
}

/* Pooled churn of the last `hold` periods: customers lost over customers exposed. */
static double table_pooled_churn(const ltv_curve *curve)
{
    size_t last = curve->table_size - 1, first = last - curve->hold;
    double exposed = 0;
    for (size_t u = first; u < last; u++)
        exposed += curve->survival[u];
    return (curve->survival[first] - curve->survival[last]) / exposed;
}

static double table_hazard(const ltv_curve *curve, uint32_t tenure)
{
    size_t last = curve->table_size - 1;
    if (tenure <= last)
        return -log(curve->survival[tenure]);
    if (curve->stop)
        return NAN;
    if (curve->survival[last] <= 0)
        return INFINITY; /* nobody is left to go on */
    return -log(curve->survival[last]) -
           (double)(tenure - last) * log1p(-table_pooled_churn(curve));
}

#define SHAPE(what)                                                                                \
    {                                                                                              \
        .name = "shape", .lowest = 0, .highest = 1000, .lowest_open = true, .meaning = what        \
    }
#define SCALE(what)                                                                                \
    {                                                                                              \
        .name = "scale", .lowest = 0, .highest = 1e9, .lowest_open = true, .meaning = what         \
    }
#define BETA_SHAPE(which, what)                                                                    \
    {                                                                                              \
        .name = which, .lowest = 0, .highest = 1e9, .lowest_open = true, .meaning = what           \
    }

static const ltv_curve_model models[LTV_CURVE_KINDS] = {
    [LTV_CURVE_GEOMETRIC] = {.kind = LTV_CURVE_GEOMETRIC,
                             .name = "geometric",
                             .description = "the same churn in every period",
                             .source = "Lambda(u) = -u ln(1 - churn)",
                             .n_parameters = 1,
                             .parameter = {{.name = "churn",
                                            .lowest = 0,
                                            .highest = 1,
                                            .highest_open = true,
                                            .is_probability = true,
                                            .meaning = "probability to leave per period"}},
                             .cumulative_hazard = geometric_hazard},
    [LTV_CURVE_WEIBULL] =
        {.kind = LTV_CURVE_WEIBULL,
         .name = "weibull",
         .description = "churn that falls (shape < 1) or rises (shape > 1) with tenure",
         .source = "Lambda(u) = (u / scale)^shape",
         .n_parameters = 2,
         .parameter = {SCALE("tenure in periods at which 37 % are left"),
                       SHAPE("below 1: churn falls with tenure; above 1: it rises")},
         .cumulative_hazard = weibull_hazard},
    [LTV_CURVE_GOMPERTZ] =
        {.kind = LTV_CURVE_GOMPERTZ,
         .name = "gompertz",
         .description = "hazard that changes by a constant factor each period; with a negative "
                        "growth some customers never leave",
         .source = "Lambda(u) = (rate / growth)(e^(growth u) - 1)",
         .n_parameters = 2,
         .parameter = {{.name = "rate",
                        .lowest = 0,
                        .highest = 1000,
                        .lowest_open = true,
                        .meaning = "hazard per period at joining"},
                       {.name = "growth",
                        .lowest = -100,
                        .highest = 100,
                        .not_zero = true,
                        .meaning = "growth of the log hazard per period, not 0"}},
         .cumulative_hazard = gompertz_hazard},
    [LTV_CURVE_LOG_LOGISTIC] = {.kind = LTV_CURVE_LOG_LOGISTIC,
                                .name = "log_logistic",
                                .description =
                                    "heavy tail; with shape > 1 churn rises first and falls later",
                                .source = "Lambda(u) = ln(1 + (u / scale)^shape)",
                                .n_parameters = 2,
                                .parameter = {SCALE("median lifetime in periods"),
                                              SHAPE("steepness")},
                                .cumulative_hazard = log_logistic_hazard},
    [LTV_CURVE_LOG_NORMAL] = {.kind = LTV_CURVE_LOG_NORMAL,
                              .name = "log_normal",
                              .description = "log-normal lifetimes",
                              .source = "Lambda(u) = -ln(1 - Phi((ln u - mu) / sigma))",
                              .n_parameters = 2,
                              .parameter = {{.name = "mu",
                                             .lowest = -1000,
                                             .highest = 1000,
                                             .meaning = "mean of ln(lifetime in periods)"},
                                            {.name = "sigma",
                                             .lowest = 0,
                                             .highest = 1000,
                                             .lowest_open = true,
                                             .meaning =
                                                 "standard deviation of ln(lifetime in periods)"}},
                              .cumulative_hazard = log_normal_hazard},
    [LTV_CURVE_BETA_GEOMETRIC] =
        {.kind = LTV_CURVE_BETA_GEOMETRIC,
         .name = "beta_geometric",
         .description = "each customer has a constant churn of his own, Beta distributed (sBG)",
         .source = "Fader & Hardie, J. Interactive Marketing 21 (2007): "
                   "S(u) = B(alpha, beta + u) / B(alpha, beta)",
         .n_parameters = 2,
         .parameter = {BETA_SHAPE("alpha", "first parameter of the Beta distribution of churn"),
                       BETA_SHAPE("beta", "second parameter of the Beta distribution of churn")},
         .brings_beta_frailty = true,
         .cumulative_hazard = beta_geometric_hazard},
    [LTV_CURVE_BETA_DISCRETE_WEIBULL] =
        {.kind = LTV_CURVE_BETA_DISCRETE_WEIBULL,
         .name = "beta_discrete_weibull",
         .description = "Beta distributed churn that also changes with each customer's tenure",
         .source = "Fader, Hardie, Liu, Davin & Steenburgh, J. Interactive Marketing 43 (2018): "
                   "S(u) = B(alpha, beta + u^c) / B(alpha, beta)",
         .n_parameters = 3,
         .parameter = {BETA_SHAPE("alpha", "first parameter of the Beta distribution of churn"),
                       BETA_SHAPE("beta", "second parameter of the Beta distribution of churn"),
                       {.name = "c",
                        .lowest = 0,
                        .highest = 100,
                        .lowest_open = true,
                        .meaning = "below 1: a customer's churn falls with tenure; above 1: it "
                                   "rises"}},
         .brings_beta_frailty = true,
         .cumulative_hazard = beta_discrete_weibull_hazard},
    [LTV_CURVE_TABLE] =
        {.kind = LTV_CURVE_TABLE,
         .name = "table",
         .description = "survival or churn as observed, period by period",
         .source = "Lambda(u) = -ln survival[u]; after the end the pooled churn of the last "
                   "periods goes on",
         .n_parameters = 0,
         .cumulative_hazard = table_hazard},
};

const ltv_curve_model *ltv_curve_model_of(ltv_curve_kind kind)
{
    return &models[kind];
}

double ltv_curve_cumulative_hazard(const ltv_curve *curve, uint32_t tenure)
{
    return models[curve->kind].cumulative_hazard(curve, tenure);
}

void ltv_curve_cumulative_hazards(const ltv_curve *curve, size_t n, double *cumulative)
{
    if (curve->kind == LTV_CURVE_GEOMETRIC) { /* one logarithm will do */
        double hazard = geometric_hazard(curve, 1);
        for (size_t u = 0; u < n; u++)
            cumulative[u] = (double)u * hazard;
        return;
    }
    for (size_t u = 0; u < n; u++)
        cumulative[u] = ltv_curve_cumulative_hazard(curve, (uint32_t)u);
}

bool ltv_curve_copy(ltv_curve *copy, const ltv_curve *curve)
{
    *copy = *curve;
    if (curve->survival == NULL)
        return true;
    size_t size = curve->table_size * sizeof *curve->survival;
    copy->survival = malloc(size);
    if (copy->survival == NULL) {
        copy->table_size = 0;
        return false;
    }
    memcpy(copy->survival, curve->survival, size);
    return true;
}

void ltv_curve_free(ltv_curve *curve)
{
    free(curve->survival);
    *curve = (ltv_curve){0};
}
