/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/gamma_table.h"

#include <math.h>
#include <stdlib.h>

#include "models/spread.h"

static const double steps_per_unit = 64;
static const double last_score = 8;

/* Below this the quantile of a very small shape nears the smallest double, and its logarithm
 * loses digits. */
static const double least_log = -600;

/* d ln Q / d score = phi(score) / (Q f(Q)). */
static double slope_at(double shape, double log_value, double score)
{
    double value = exp(log_value);
    double log_density = (shape - 1) * log_value - value - lgamma(shape);
    return exp(-score * score / 2 - log_density - log_value) / sqrt(2 * M_PI);
}

bool ltv_gamma_table_init(ltv_gamma_table *table, double shape)
{
    size_t most = (size_t)(2 * last_score * steps_per_unit) + 1;
    *table = (ltv_gamma_table){.shape = shape};
    table->log_value = calloc(most, sizeof *table->log_value);
    table->slope = calloc(most, sizeof *table->slope);
    if (table->log_value == NULL || table->slope == NULL)
        return false;
    for (size_t i = 0; i < most; i++) {
        double score = -last_score + (double)i / steps_per_unit;
        double value = ltv_gamma_quantile(shape, ltv_uniform_of_score(score));
        if (!(log(value) > least_log))
            continue;
        if (table->n == 0)
            table->first = score;
        table->log_value[table->n] = log(value);
        table->slope[table->n++] = slope_at(shape, log(value), score) / steps_per_unit;
    }
    return true;
}

double ltv_gamma_table_quantile(const ltv_gamma_table *table, ltv_uniform u)
{
    double at = (ltv_score_of_uniform(u) - table->first) * steps_per_unit;
    if (!(at >= 0 && at < (double)table->n - 1))
        return ltv_gamma_quantile(table->shape, u);
    size_t i = (size_t)at;
    double t = at - (double)i, s = 1 - t;
    const double *y = table->log_value + i, *d = table->slope + i;
    /* Hermite's cubic. */
    double log_value =
        s * s * ((1 + 2 * t) * y[0] + t * d[0]) + t * t * ((1 + 2 * s) * y[1] - s * d[1]);
    return exp(log_value);
}

void ltv_gamma_table_free(ltv_gamma_table *table)
{
    free(table->log_value);
    free(table->slope);
    *table = (ltv_gamma_table){0};
}
