/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_MODELS_SPREAD_H
#define LTV_MODELS_SPREAD_H

#include <stdbool.h>

#include "models/uniform.h"

/* Positive multipliers with mean 1 that differ from customer to customer (heterogeneity of
 * the hazard, level of spend). Gamma: shape 1/cv^2, rate 1/cv^2. Log-normal: sigma^2 =
 * ln(1 + cv^2), mu = -sigma^2/2. */

typedef enum { LTV_SPREAD_NONE, LTV_SPREAD_GAMMA, LTV_SPREAD_LOG_NORMAL } ltv_spread_kind;

typedef struct {
    ltv_spread_kind kind;
    double cv; /* coefficient of variation, > 0 unless kind is NONE */
} ltv_spread;

/* Whether nobody could tell it from none: a gamma spread with a cv below 1e-100, by whose square
 * one could soon not divide any more. */
bool ltv_spread_is_too_small(ltv_spread spread);

/* The multiplier whose rank is u, by inversion. 1 for kind NONE, and where it is too small. */
double ltv_spread_quantile(ltv_spread spread, ltv_uniform u);

/* The number of rank u under the gamma distribution with this shape (> 0) and scale 1. 0 where it
 * is smaller than any double. */
double ltv_gamma_quantile(double shape, ltv_uniform u);

/* The way back: the standard normal score of the rank of e^log_x under that distribution. Takes
 * the logarithm, since x itself may be smaller than any double while its rank is not. */
double ltv_gamma_score(double shape, double log_x);

/* Standard deviation of the logarithm of a log-normal number with this cv. */
double ltv_spread_log_normal_sigma(double cv);

/* Pearson correlation of the normal scores of a Gaussian copula whose ranks have this Spearman
 * correlation: 2 sin(pi rho / 6). */
double ltv_copula_pearson(double spearman);

/* Mean of the multiplier among customers for whom another quantity has this normal score, the
 * two tied by a Gaussian copula with this Pearson correlation of the scores. Exact for
 * log-normal, by quadrature (error below 1e-9) for gamma. */
double ltv_spread_mean_given_score(ltv_spread spread, double pearson, double score);

/* Standard normal scores: Phi(score), and back. The way in and out of a Gaussian copula. */
ltv_uniform ltv_uniform_of_score(double score);
double ltv_score_of_uniform(ltv_uniform u);

#endif
