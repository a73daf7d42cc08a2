/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_DRAW_STATISTICS_H
#define LTV_SIM_DRAW_STATISTICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "sim/moments.h"

/* What the draws of a run say about one figure. A draw is a joint sample of the uncertain inputs;
 * in draw d a cohort is simulated, whose figure is value[d]: the true one of these inputs plus
 * simulation noise of a known variance. Here the three kinds of +- are kept apart (docs/model.md,
 * section 8): standard errors are those of the simulation, quantiles and probabilities over draws
 * are parameter uncertainty with the noise taken out, and the customer spread enters a forecast
 * for a real cohort only.
 *
 * A figure need not apply in every draw (LTV/CAC without a CAC, ROI without an added cost): its
 * value there is NaN, and the draw is missing. By default nothing is said about a figure that is
 * missing somewhere: all results are NaN, since leaving such draws out answers another question,
 * "given that it applies". `given_it_applies` asks that question. A value that is only known to
 * lie beyond all others (no payback within the horizon) is better given as INFINITY, without
 * noise variances: quantiles and probabilities count it at its end, the mean is infinite. */
typedef struct {
    size_t n;                     /* draws */
    const double *value;          /* borrowed, [n]; NaN where the figure does not apply */
    const double *noise_variance; /* borrowed, [n]: squared standard error within the draw, >= 0;
                                   * NaN where it is not known. NULL: the values carry no noise. */
    uint32_t scrambles; /* 0 or 1: the draws are independent. Otherwise draw d belongs to scramble
                         * d % scrambles, and only the scrambles are independent of each other:
                         * each point of a scrambled Sobol or Latin hypercube sample has the right
                         * distribution, but the points of a sample avoid each other. */
    bool given_it_applies; /* leave out missing draws instead of saying nothing */
} ltv_draw_series;

/* How many draws are missing. */
size_t ltv_draws_missing(const ltv_draw_series *series);

/* The mean over draws with its standard error, which holds all noise of the simulation: the spread
 * of the draws, sd / sqrt(n), or with scrambles that of their means. NaN for no draws, the error
 * NaN for a single draw or scramble. Draws that are left out make it a ratio (the sum over the
 * number of those that are there); the error is that of the ratio. */
ltv_mean ltv_draws_mean(const ltv_draw_series *series);

/* The mean over draws in which each counts by its weight[n], and its error likewise: of ratios
 * weighted by their denominators this is the ratio of the means, with its error by the delta
 * method. A draw without a weight is missing. NaN where the weights sum to 0. weight NULL: 1. */
ltv_mean ltv_draws_weighted_mean(const ltv_draw_series *series, const double *weight);

/* Analysis of variance (one-way, random effects). parameter = total - noise is unbiased and
 * therefore negative sometimes, where the draws differ by no more than noise: clamp it at 0 where
 * it is shown or where its root is taken, and nowhere before (averages of it, shares of it). total
 * is the sample variance, divisor n - 1; with scrambles, mean square + (standard error of the
 * mean)^2, which is unbiased then and the same for independent draws. total and parameter are NaN
 * for less than two draws or scrambles, noise and parameter where the noise is not known. */
typedef struct {
    double total;     /* of value over draws */
    double noise;     /* mean of noise_variance */
    double parameter; /* parameter uncertainty */
} ltv_variance_parts;

ltv_variance_parts ltv_draws_variance(const ltv_draw_series *series);

/* The values pulled to their mean, by sqrt(max(parameter, 0) / total), so that their variance is
 * that of the true figures. Their distribution stands for parameter uncertainty: exactly where
 * true figures and noise are normal with one noise variance for all draws, to mean and variance
 * else. (The best guess of each single draw would be pulled by the square of the factor, but those
 * guesses vary less than the truth: Louis, JASA 79 (1984); Shen & Louis, "Triple-goal estimates in
 * two-stage hierarchical models", JRSS B 60 (1998).) The fewer the customers per draw, the more
 * the shape is that of the noise: where noise is under a third of the total, quantiles are moved
 * by little. Order is kept; missing draws stay NaN. All are NaN where the noise is not known.
 * A single draw keeps its value. Writes [n]; never fails where the arrays are there. */
void ltv_draws_corrected(double *corrected, const ltv_draw_series *series);

/* Sorts ascending, NaN last; returns how many are not NaN. */
size_t ltv_draws_sort(double *values, size_t n);

/* The p-quantile, 0 <= p <= 1, of n sorted numbers: between order statistics at (n + 1/3) p + 1/3,
 * Hyndman & Fan's type 8 (American Statistician 50, 1996), whose median is right to O(1/n) for any
 * continuous distribution; the usual type 7 gives 90 % intervals that are too narrow for few draws.
 * Its standard error is not given; for independent draws ltv_quantile_rank_limits has limits.
 * NaN where n is 0, p is outside or one of the numbers is NaN. */
double ltv_draws_quantile(const double *sorted, size_t n, double p);

/* The same of numbers in any order, which it changes; faster than sorting where few quantiles are
 * wanted. */
double ltv_draws_select(double *values, size_t n, double p);

/* P(true figure >= threshold) over the draws: the share of corrected values, with its Monte Carlo
 * standard error. Without noise that is the error of a share, over draws or scrambles: 0 where all
 * agree (then 3/n bounds the rest with 95 %). With noise the error includes that of the correction
 * (delete-a-group jackknife, groups - 1 degrees of freedom). For whether payback comes within n
 * bills, ask whether the contribution of n bills less CAC, which has a known noise, is >= 0.
 * Fails with NO_MEMORY. */
LTV_MUST_USE ltv_status ltv_draws_probability(ltv_mean *probability, const ltv_draw_series *series,
                                              double threshold, ltv_error *err);

/* Forecast for the mean figure of a real cohort of `cohort` customers (> 0, INFINITY allowed): the
 * quantiles p_low and p_high, both in (0, 1), of a mixture of normal distributions, one for each
 * draw, around its corrected value with variance customer_variance[d] / cohort; solved from the
 * mixture's distribution function. customer_variance: [n], from one customer to the next. With a
 * single draw it is the customer spread alone. NaN where the corrected values or a customer
 * variance that counts are NaN. Fails with NO_MEMORY, and with BAD_INPUT for p or cohort outside
 * their ranges. */
LTV_MUST_USE ltv_status ltv_draws_predictive(double limits[2], const ltv_draw_series *series,
                                             double p_low, double p_high,
                                             const double *customer_variance, double cohort,
                                             ltv_error *err);

/* Customers per draw that tell most about the parameter variance tau^2, and about anything else
 * over draws, for a given amount of simulation. sigma^2 = within_variance is that from customer to
 * customer in a draw. (The mean over draws alone is best served by a single customer per draw.)
 *
 * With D draws of n customers, normal throughout, the estimate total - noise has the variance
 * 2/D [(tau^2 + sigma^2/n)^2 + sigma^4 / (n^2 (n - 1))] for large D (Searle, Casella & McCulloch,
 * "Variance components", 1992, section 3.5). A draw costs as much as n + c customers, where c =
 * cost_of_draw_in_customers >= 0 is what it takes besides (tables, pilots). For c = 0 the least
 * variance at fixed D n is at n = 1 + sigma^2/tau^2; for c > 0 at the one root above 1 of a
 * quartic, which is larger. INFINITY where parameter_variance <= 0 (a pilot that saw none), 1 where
 * sigma is 0: rounding and reasonable limits are the caller's. */
double ltv_best_customers_per_draw(double within_variance, double parameter_variance,
                                   double cost_of_draw_in_customers);

#endif
