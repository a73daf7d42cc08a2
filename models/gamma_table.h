/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_MODELS_GAMMA_TABLE_H
#define LTV_MODELS_GAMMA_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "models/uniform.h"

/* Quantiles of one gamma distribution, for when many are asked for: the logarithm of the quantile
 * is a smooth function of the normal score of the rank, tabulated with its slope and interpolated
 * by cubics. Relative error below 1e-8; ranks beyond the table, a few in 10^15, are computed. */
typedef struct {
    double shape;              /* scale 1 */
    size_t n;                  /* nodes; 0: every quantile is computed */
    double first;              /* score of the first node */
    double *log_value, *slope; /* owned; slope: per step of the score */
} ltv_gamma_table;

/* False when memory is short; *table may be freed either way. */
bool ltv_gamma_table_init(ltv_gamma_table *table, double shape);

/* The number of rank u. */
double ltv_gamma_table_quantile(const ltv_gamma_table *table, ltv_uniform u);

/* Safe on a zeroed struct, and twice. */
void ltv_gamma_table_free(ltv_gamma_table *table);

#endif
