/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/io/results/draw_distribution.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/draw_statistics.h"

/* ---- bins ---- */

/* The next number of 1, 2, 2.5, 5 times a power of ten. */
static double round_width(double width)
{
    static const double steps[] = {1, 2, 2.5, 5, 10};
    double power = pow(10, floor(log10(width)));
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        if (steps[i] * power >= width * (1 - 1e-12))
            return steps[i] * power;
    return 10 * power;
}

ltv_draw_distribution ltv_draw_distribution_bin(const double *values, size_t n)
{
    enum { MOST = LTV_DISTRIBUTION_BINS };
    static const double ALIKE = 1e-9; /* relative: what differs by less, differs by rounding */
    ltv_draw_distribution self = {0};
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < n; i++)
        if (isfinite(values[i])) {
            low = fmin(low, values[i]);
            high = fmax(high, values[i]);
        }
    double most = fmax(fabs(low), fabs(high));
    double range = high - low > ALIKE * most ? high - low : fmax(most, 1);
    if (low > high || !isfinite(range))
        return self;
    double width = round_width(range / (MOST - 2));
    double start = width * floor(low / width);
    size_t bins = (size_t)(floor((high - start) / width) + 1);
    self.n_bins = bins < MOST ? bins : MOST;
    for (size_t i = 0; i <= self.n_bins; i++)
        self.edges[i] = start + width * (double)i;
    for (size_t i = 0; i < n; i++)
        if (isfinite(values[i])) {
            size_t bin = (size_t)fmax((values[i] - start) / width, 0);
            self.shares[bin < self.n_bins ? bin : self.n_bins - 1]++;
        }
    for (size_t i = 0; i < self.n_bins; i++)
        self.shares[i] /= (double)n;
    return self;
}

/* ---- draws ---- */

/* Column of the figure in the arrays of draws; their width where they do not have it. */
static size_t column_of(const ltv_node *names, const char *figure)
{
    size_t i = 0;
    while (i < names->extent[0] && strcmp(names->string[i], figure) != 0)
        i++;
    return i;
}

static const ltv_node *array_in(const ltv_document *doc, const char *group, const char *name)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", group, name);
    const ltv_node *node = ltv_document_find(doc, path);
    return node != NULL && node->kind == LTV_NODE_ARRAY ? node : NULL;
}

static const ltv_node *matrix_in(const ltv_document *doc, const char *group, const char *name,
                                 size_t columns)
{
    const ltv_node *node = array_in(doc, group, name);
    bool usable =
        node != NULL && node->real != NULL && node->rank == 2 && node->extent[1] == columns;
    return usable ? node : NULL;
}

static bool find_draws(ltv_draw_distribution *self, const ltv_node *values, const ltv_node *noise,
                       size_t column)
{
    size_t n = values->extent[0], columns = values->extent[1];
    double *value = calloc(3 * n, sizeof *value);
    if (value == NULL)
        return false;
    double *variance = value + n, *corrected = variance + n;
    for (size_t d = 0; d < n; d++) {
        double error = noise->real[d * columns + column];
        value[d] = values->real[d * columns + column];
        variance[d] = error * error;
    }
    ltv_draw_series series = {.n = n, .value = value, .noise_variance = variance};
    ltv_draws_corrected(corrected, &series);
    *self = ltv_draw_distribution_bin(corrected, n);
    free(value);
    return true;
}

bool ltv_draw_distribution_find(ltv_draw_distribution *self, const ltv_document *doc,
                                const char *arm, const char *against, const char *figure)
{
    char group[1024];
    *self = (ltv_draw_distribution){0};
    snprintf(group, sizeof group, "/draws/%s|%s", arm, against);
    const ltv_node *names = array_in(doc, group, "metric_names");
    if (names == NULL || names->string == NULL)
        return true;
    size_t columns = names->extent[0], column = column_of(names, figure);
    const ltv_node *values = matrix_in(doc, group, "metrics", columns);
    const ltv_node *noise = matrix_in(doc, group, "metrics_noise", columns);
    if (column == columns || values == NULL || noise == NULL ||
        values->extent[0] != noise->extent[0] || values->extent[0] < 2)
        return true;
    return find_draws(self, values, noise, column);
}
