/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_MODELS_UNCERTAIN_H
#define LTV_MODELS_UNCERTAIN_H

#include "base/error.h"
#include "models/uniform.h"

/* One number that nobody knows exactly: a distribution of what it may be (docs/model.md,
 * section 7). Never a spread over customers; that is models/spread.h. */

typedef enum {
    LTV_UNCERTAIN_NORMAL,
    LTV_UNCERTAIN_LOG_NORMAL,
    LTV_UNCERTAIN_BETA,
    LTV_UNCERTAIN_GAMMA,
    LTV_UNCERTAIN_UNIFORM,
    LTV_UNCERTAIN_TRIANGULAR,
    LTV_UNCERTAIN_PERT,
    LTV_UNCERTAIN_KINDS
} ltv_uncertain_kind;

typedef struct {
    ltv_uncertain_kind kind;
    /* NORMAL: mean, sd. LOG_NORMAL: mu, sigma of the logarithm. BETA: alpha, beta (on 0 ... 1).
     * GAMMA: shape, scale. UNIFORM: low, high. TRIANGULAR and PERT: low, mode, high. */
    double parameter[3];
    /* Limits, -INFINITY and INFINITY: none. The number is distributed as given that it lies
     * within. `below` and `above`: the probability that the limits cut off at each end. */
    double lowest, highest;
    double below, above;
} ltv_uncertain;

/* Each fills *self, without limits, or fails with LTV_ERR_BAD_INPUT, a reason that fits after
 * "PATH: " ("sd must be more than 0, it is -1") and *self as it was. Numbers must be finite and,
 * unless 0, between 1e-50 and 1e50 in size. */

LTV_MUST_USE ltv_status ltv_uncertain_normal(ltv_uncertain *self, double mean, double sd,
                                             ltv_error *err);

/* Mean and sd are those of the number itself; both > 0, sigma of the logarithm at most 8. */
LTV_MUST_USE ltv_status ltv_uncertain_log_normal(ltv_uncertain *self, double mean, double sd,
                                                 ltv_error *err);

/* Shapes from LTV_BETA_LEAST_SHAPE to LTV_BETA_MOST_SHAPE (models/beta.h). */
LTV_MUST_USE ltv_status ltv_uncertain_beta(ltv_uncertain *self, double alpha, double beta,
                                           ltv_error *err);

/* 0 < mean < 1, 0 < sd < sqrt(mean (1 - mean)). */
LTV_MUST_USE ltv_status ltv_uncertain_beta_of_mean(ltv_uncertain *self, double mean, double sd,
                                                   ltv_error *err);

/* Both > 0; sd between 1e-5 and 30 times the mean. */
LTV_MUST_USE ltv_status ltv_uncertain_gamma(ltv_uncertain *self, double mean, double sd,
                                            ltv_error *err);

/* low < high. */
LTV_MUST_USE ltv_status ltv_uncertain_uniform(ltv_uncertain *self, double low, double high,
                                              ltv_error *err);

/* low <= mode <= high, low < high. */
LTV_MUST_USE ltv_status ltv_uncertain_triangular(ltv_uncertain *self, double low, double mode,
                                                 double high, ltv_error *err);

/* Likewise. A beta distribution stretched over low ... high, with shapes
 * 1 + 4 (mode - low) / (high - low) and 1 + 4 (high - mode) / (high - low): its mean is
 * (low + 4 mode + high) / 6. Malcolm, Roseboom, Clark & Fazar, Operations Research 7 (1959). */
LTV_MUST_USE ltv_status ltv_uncertain_pert(ltv_uncertain *self, double low, double mode,
                                           double high, ltv_error *err);

/* The NORMAL, LOG_NORMAL (low > 0) or BETA (0 < low, high < 1) number that lies below `low` with
 * probability 5 % and above `high` with 5 %, each within 1e-9; low < high. */
LTV_MUST_USE ltv_status ltv_uncertain_ci90(ltv_uncertain *self, ltv_uncertain_kind kind, double low,
                                           double high, ltv_error *err);

/* A probability of which `lost` out of `of` cases are known: Jeffreys' posterior,
 * Beta(lost + 1/2, of - lost + 1/2). Whole numbers, 0 <= lost <= of, 1 <= of < 1e12. */
LTV_MUST_USE ltv_status ltv_uncertain_counted(ltv_uncertain *self, double lost, double of,
                                              ltv_error *err);

/* Sets the limits in place of any earlier ones; -INFINITY and INFINITY stand for none. Fails, with
 * the earlier ones kept, unless lowest < highest, or where they cut off more than 1 % together. */
LTV_MUST_USE ltv_status ltv_uncertain_limit(ltv_uncertain *self, double lowest, double highest,
                                            ltv_error *err);

/* The value of rank u, by inversion: finite, within the limits, in relative precision in both
 * tails; of two ranks that differ by more than rounding, the higher has no lower value. */
double ltv_uncertain_quantile(const ltv_uncertain *self, ltv_uniform u);

/* Probability that the number is at most x. */
double ltv_uncertain_probability_below(const ltv_uncertain *self, double x);

/* Exact without limits; where limits cut something off, by quadrature (relative error 1e-9). */
double ltv_uncertain_mean(const ltv_uncertain *self);
double ltv_uncertain_sd(const ltv_uncertain *self);

/* "normal", "log_normal", and so on, as in scenarios; "unknown" for anything else. */
const char *ltv_uncertain_kind_name(ltv_uncertain_kind kind);

#endif
