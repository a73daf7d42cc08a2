/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_MODELS_CURVE_H
#define LTV_MODELS_CURVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Retention curves: the base cumulative hazard of voluntary churn (docs/model.md, section 3).
 *
 * A customer's tenure u counts periods since joining. A curve gives the cumulative hazard
 * Lambda(u), Lambda(0) = 0, non-decreasing; with a frailty z the chance to be active still at
 * tenure u is exp(-z * Lambda(u)). Infinite Lambda means that nobody is left. */

typedef enum {
    LTV_CURVE_GEOMETRIC,
    LTV_CURVE_WEIBULL,
    LTV_CURVE_GOMPERTZ,
    LTV_CURVE_LOG_LOGISTIC,
    LTV_CURVE_LOG_NORMAL,
    LTV_CURVE_BETA_GEOMETRIC,
    LTV_CURVE_BETA_DISCRETE_WEIBULL,
    LTV_CURVE_TABLE,
    LTV_CURVE_KINDS
} ltv_curve_kind;

enum { LTV_CURVE_MAX_PARAMETERS = 3 };

typedef struct {
    ltv_curve_kind kind;
    /* In the order of ltv_curve_model()->parameter. beta_geometric and beta_discrete_weibull
     * start with alpha and beta, which describe the frailty and not Lambda. */
    double parameter[LTV_CURVE_MAX_PARAMETERS];
    /* Kind table only. survival[u] is the share still active at tenure u; survival[0] = 1,
     * not increasing, within [0, 1]. */
    size_t table_size; /* entries, >= 2 */
    double *survival;  /* owned */
    size_t hold;       /* last periods pooled to go on after the end, 1 ... table_size - 1 */
    bool stop;         /* instead of hold: the curve has no value after the end */
} ltv_curve;

typedef struct {
    const char *name;
    double lowest, highest;         /* permitted range, ends included unless open */
    bool lowest_open, highest_open; /* true: the end itself is not permitted */
    bool not_zero;                  /* 0 is not permitted although it lies inside */
    bool is_probability;            /* may be written as a percentage */
    const char *meaning;            /* with its unit */
} ltv_curve_parameter;

/* One retention curve: its name in scenarios, its parameters and its mathematics. */
typedef struct {
    ltv_curve_kind kind;
    const char *name;
    const char *description;
    const char *source;
    size_t n_parameters;
    ltv_curve_parameter parameter[LTV_CURVE_MAX_PARAMETERS];
    bool brings_beta_frailty; /* z = -ln(1-p), p ~ Beta(parameter[0], parameter[1]) */
    double (*cumulative_hazard)(const ltv_curve *curve, uint32_t tenure);
} ltv_curve_model;

/* The model of a kind; never NULL for a valid kind. */
const ltv_curve_model *ltv_curve_model_of(ltv_curve_kind kind);

/* Lambda(tenure). For a table with `stop`, NaN after its end. */
double ltv_curve_cumulative_hazard(const ltv_curve *curve, uint32_t tenure);

/* Lambda(0 ... n - 1), the same to the last bit. */
void ltv_curve_cumulative_hazards(const ltv_curve *curve, size_t n, double *cumulative);

/* Deep copy into *copy, which is overwritten. False when memory is short. */
bool ltv_curve_copy(ltv_curve *copy, const ltv_curve *curve);

/* Releases what the curve owns and clears it. Safe on a zeroed struct, and twice. */
void ltv_curve_free(ltv_curve *curve);

#endif
