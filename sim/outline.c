/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/outline.h"

#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_cdf.h>

enum { EDGES = LTV_OUTLINE_BINS + 1, PART_BITS = 4 };

int ltv_outline_bin(ltv_money x)
{
    uint64_t magnitude = x < 0 ? -(uint64_t)x : (uint64_t)x;
    if (magnitude == 0)
        return LTV_OUTLINE_SIDE;
    int exponent = 63 - __builtin_clzll(magnitude);
    uint64_t leading = exponent >= PART_BITS ? magnitude >> (exponent - PART_BITS)
                                             : magnitude << (PART_BITS - exponent);
    int part = (int)(leading & (LTV_OUTLINE_PARTS - 1));
    int from_zero = 1 + exponent * LTV_OUTLINE_PARTS + part;
    return LTV_OUTLINE_SIDE + (x < 0 ? -from_zero : from_zero);
}

void ltv_outline_merge(ltv_outline *into, const ltv_outline *from)
{
    for (int bin = 0; bin < LTV_OUTLINE_BINS; bin++)
        into->counts[bin] += from->counts[bin];
}

ltv_status ltv_outline_sums_init(ltv_outline_sums *sums, uint32_t scrambles, ltv_error *err)
{
    bool scrambled = scrambles > 1;
    *sums = (ltv_outline_sums){.scrambles = scrambles, .below = calloc(EDGES, sizeof(double))};
    if (scrambled)
        sums->below_of = calloc((size_t)scrambles * EDGES, sizeof(double));
    else
        sums->squares = calloc(EDGES, sizeof(double));
    if (sums->below == NULL || (scrambled ? sums->below_of : sums->squares) == NULL)
        return ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory for the distributions of draws");
    return LTV_OK;
}

void ltv_outline_sums_add(ltv_outline_sums *sums, const ltv_outline *draw)
{
    double below = 0;
    double *of = sums->below_of;
    if (of != NULL)
        of += (size_t)(sums->draws % sums->scrambles) * EDGES;
    for (int edge = 0; edge < EDGES; edge++) {
        sums->below[edge] += below;
        if (of != NULL)
            of[edge] += below;
        else
            sums->squares[edge] += below * below;
        if (edge < LTV_OUTLINE_BINS)
            below += draw->counts[edge];
    }
    sums->customers += below;
    sums->draws++;
}

/* Sum of the squared deviations of the clusters' counts below the edge from their mean. */
static double squared_deviations(const ltv_outline_sums *sums, int edge, double clusters)
{
    double mean = sums->below[edge] / clusters, squares = 0;
    if (sums->below_of == NULL)
        return fmax(sums->squares[edge] - clusters * mean * mean, 0);
    for (uint32_t k = 0; k < sums->scrambles; k++) {
        double deviation = sums->below_of[(size_t)k * EDGES + (size_t)edge] - mean;
        squares += deviation * deviation;
    }
    return squares;
}

/* Variance of the share below the edge, times the customers, over that of independent ones; NaN
 * where all or none are below. */
static double effect_at(const ltv_outline_sums *sums, int edge, double clusters)
{
    double share = sums->below[edge] / sums->customers;
    double independent = sums->customers * share * (1 - share);
    if (!(independent > 0))
        return NAN;
    /* The count of all is the sum over clusters. */
    return squared_deviations(sums, edge, clusters) * clusters / (clusters - 1) / independent;
}

double ltv_outline_design_effect(const ltv_outline_sums *sums, ltv_money x)
{
    static const double z = 1.959963984540054;
    double clusters = sums->below_of != NULL ? sums->scrambles : sums->draws;
    if (clusters < 2 || sums->draws < clusters)
        return NAN;
    int bin = ltv_outline_bin(x);
    double effect = fmax(effect_at(sums, bin, clusters), effect_at(sums, bin + 1, clusters));
    if (isnan(effect))
        return fmax(sums->customers / sums->draws, 1);
    double t = gsl_cdf_tdist_Pinv(0.975, clusters - 1);
    return fmax(effect * (t / z) * (t / z), 1);
}

void ltv_outline_sums_free(ltv_outline_sums *sums)
{
    free(sums->below);
    free(sums->squares);
    free(sums->below_of);
    *sums = (ltv_outline_sums){0};
}
