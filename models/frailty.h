/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_MODELS_FRAILTY_H
#define LTV_MODELS_FRAILTY_H

#include <stdbool.h>
#include <stddef.h>

#include "models/curve.h"
#include "models/spread.h"
#include "models/uniform.h"

/* How the hazard of voluntary churn differs between customers (docs/model.md, section 3).
 *
 * A customer's frailty z multiplies the cumulative hazard: z = 0 for the cured share, else the
 * Beta curve's own -ln(1 - p), p ~ Beta(alpha, beta), times a gamma or log-normal multiplier
 * with mean 1, where the scenario asks for them.
 *
 * To simulate a lifetime one does not need all of z. With an exponential budget E the clock
 * fires when z * Lambda >= E. The part of z that can be integrated out is (the Beta part, or a
 * gamma alone): P(not fired | a) = exp(-G(a)) with the marginal hazard G below, so the clock
 * fires when G(a) >= B with B ~ Exponential(1), where a = Lambda times the explicit part of z.
 * The explicit part (a log-normal, or whatever multiplies a Beta) is drawn by inversion. */
typedef struct {
    bool beta; /* z has a Beta part */
    double alpha, beta_shape;
    ltv_spread spread;
    double cured; /* share with z = 0 */
} ltv_frailty;

/* The frailty of a curve with a further spread and a cured share; a spread that is too small is
 * none. */
ltv_frailty ltv_frailty_of(const ltv_curve *curve, ltv_spread spread, double cured);

/* True when all uncured customers have the same z. */
bool ltv_frailty_is_constant(const ltv_frailty *frailty);

/* True when z is a gamma number and nothing else. */
bool ltv_frailty_is_gamma(const ltv_frailty *frailty);

/* True when part of z has to be drawn for each customer. */
bool ltv_frailty_has_explicit(const ltv_frailty *frailty);

/* The explicit part of z with rank u; 1 when there is none. */
double ltv_frailty_explicit(const ltv_frailty *frailty, ltv_uniform u);

/* G(a): what is left of the hazard once the rest of z is integrated out; a >= 0, or infinite.
 * Gamma: ln(1 + cv^2 a) / cv^2. Beta: ln B(alpha, beta) - ln B(alpha, beta + a). */
double ltv_frailty_marginal_hazard(const ltv_frailty *frailty, double a);

/* Share of all customers, cured ones included, who have not left by the cumulative base
 * hazards lambda[0 ... n-1]; exact, or by quadrature over the explicit part (error below 1e-10).
 * Gamma: (1 + cv^2 lambda)^(-1/cv^2). Beta: B(alpha, beta + lambda) / B(alpha, beta). */
void ltv_frailty_survival(const ltv_frailty *frailty, size_t n, const double *lambda,
                          double *survival);

/* Mean over all customers of level(score) for those who have not left by lambda[0 ... n-1],
 * where score is the normal score of the rank of the customer's uncured z and the mean of level
 * over all scores is 1 (cured customers, whose score says nothing of them, count for 1): how
 * much of what they spend is kept. Not for a frailty with a spread on top of a Beta part. By
 * quadrature, error below 1e-8 for levels that grow no faster than e^(3 score). */
void ltv_frailty_level_kept(const ltv_frailty *frailty,
                            double (*level)(const void *context, double score), const void *context,
                            size_t n, const double *lambda, double *kept);

/* Standard normal score of the rank of a customer's uncured z, given the budget B that this
 * customer's clock was given and a further uniform u. (z and B are not independent where z was
 * integrated out; where it is explicit, u is the same as in ltv_frailty_explicit.) Only for a
 * frailty that is not constant and has no spread on top of a Beta part. Within 1e-5. */
double ltv_frailty_score_given_budget(const ltv_frailty *frailty, double budget, ltv_uniform u);

/* For customers for whom things change on the way, what the clock compares its budget with is
 * best kept on the scale of the base hazard, where multipliers act and which all frailties share.
 *
 * The cumulative base hazard at which the first clock fires, given its budget B: G^-1(B) divided
 * by the explicit part of z, whose rank is u. May be infinite. */
double ltv_frailty_budget(const ltv_frailty *frailty, double budget, ltv_uniform u);

/* All of the customer's uncured z given the budget B of his first clock: what his later clocks
 * go by. u is the rank of the explicit part where there is one, else the rank of z given B;
 * `inner` is the rank given B of a Beta part that has a further spread on top of it, else not
 * read. With the R of ltv_frailty_budget, z R ~ Exponential(1), independent of z. */
double ltv_frailty_given_budget(const ltv_frailty *frailty, double budget, ltv_uniform u,
                                ltv_uniform inner);

/* The uncured z of this rank; 1 where z is constant. Not for a frailty with a spread on top of a
 * Beta part. */
double ltv_frailty_of_rank(const ltv_frailty *frailty, ltv_uniform rank);

#endif
