/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_SENSITIVITY_H
#define LTV_SIM_SENSITIVITY_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "models/uniform.h"

/* Which uncertain input moves a figure most: Sobol indices, the shares of an output's variance that
 * are due to its inputs. Nothing here knows what a scenario is: an input is a uniform number in
 * (0, 1), which the caller turns into a value, and an output is a number that he computes from all
 * of them, in a design of N (k + 2) evaluations for k inputs. Cheaper answers: sim/tornado.h, from
 * 2 k + 1 evaluations, and sim/rank_correlation.h, from any draws that are there already.
 *
 * For independent inputs x_1 ... x_k and y = f(x), in shares of Var(y),
 *
 *   first order  S_i = Var(E[y | x_i])          what x_i does alone: the share of the variance that
 *                                               is expected to go once x_i is known
 *   total        T_i = E[Var(y | all but x_i)]  with all its interactions: the share that is
 *                                               expected to stay once all others are known
 *
 * S_i <= T_i; the S_i sum to 1 where y is a sum of functions of one input each.
 *
 * Two samples A and B of N points each, and A_i: A with input i taken from B. First order by
 * Saltelli et al. (2010, table 2 b): the mean of f(B) (f(A_i) - f(A)), f centred by its mean. Total
 * by Jansen (1999): half the mean of (f(A_i) - f(A))^2. The variance is that of A and B together.
 *   Saltelli, Annoni, Azzini, Campolongo, Ratto & Tarantola, Computer Physics Communications 181
 *   (2010) 259-270. Jansen, Computer Physics Communications 117 (1999) 35-43.
 *
 * Evaluate all points with the same luck (one seed, one draw number): y is then a function of the
 * inputs alone. With fresh luck at each point the simulation's noise counts as an effect of every
 * input.
 *
 * Inputs that are correlated: the uniform numbers are independent, before any copula, and it is the
 * variance due to them that is divided up. Where a copula builds x_2 from x_1's number and one of
 * its own, S_1 holds all that x_2 shares with x_1, and S_2 what is left: shares depend on the order
 * (Kucherenko, Tarantola & Annoni, Computer Physics Communications 183 (2012) 937-946). Put inputs
 * that are tied to each other into one group: its shares do not. A row of joint samples that one
 * uniform number picks is a group already. */

typedef struct {
    size_t n_base;     /* N, 2 ... 2^32 - 1; a power of two for Sobol points */
    size_t n_uniforms; /* numbers that make a point, >= 1 */
    size_t n_inputs;   /* k, 1 ... n_uniforms: inputs, or groups of them, to be judged */
    /* Borrowed; [n_uniforms], each < n_inputs and each of these at least once: to which input a
     * number belongs. NULL: each is an input of its own, n_uniforms == n_inputs. */
    const size_t *input_of;
    size_t n_outputs; /* figures computed at each point, >= 1 */
} ltv_sensitivity_design;

/* BAD_INPUT where the above does not hold, or where the outputs would not fit into memory. */
LTV_MUST_USE ltv_status ltv_sensitivity_check(const ltv_sensitivity_design *design, ltv_error *err);

/* N (k + 2). */
size_t ltv_sensitivity_evaluations(const ltv_sensitivity_design *design);

/* The point [n_uniforms] of one evaluation, counted from 0. Evaluation j (k + 2) + m is of row j:
 * A for m = 0, B for m = 1, A_i for m = 2 + i. So the rows of a run that is cut short are complete,
 * but for the last. base [N][2 n_uniforms]: random numbers, or scrambled Sobol points, of
 * 2 n_uniforms dimensions; those of A, then those of B. The design has passed the check. */
void ltv_sensitivity_point(ltv_uniform *point, const ltv_sensitivity_design *design,
                           const ltv_uniform *base, size_t evaluation);

/* A share of variance with a 95 % interval: the percentiles of LTV_SENSITIVITY_RESAMPLES bootstrap
 * resamples of the N rows. Estimates are not forced into 0 ... 1: one slightly below 0 means 0. For
 * Sobol points, which err less than random ones, the interval is wider than need be. */
typedef struct {
    double value, low, high;
} ltv_sensitivity_share;

enum { LTV_SENSITIVITY_RESAMPLES = 999 };

typedef struct {
    ltv_sensitivity_share first, total;
} ltv_sensitivity_input;

typedef struct {
    double mean, standard_deviation; /* of the output, over A and B */
    ltv_sensitivity_share additive;  /* sum of the first orders: what is not interaction */
    size_t n_inputs;
    ltv_sensitivity_input *inputs; /* owned; [n_inputs] */
} ltv_sensitivity;

/* Indices of one output. outputs [evaluations][n_outputs]. Where the output is the same at all
 * points of A and B, the standard deviation is exactly 0 and all shares are NaN; limits alone are
 * NaN where that is so in some resample. seed: 0 ... 2^53, picks the resamples. Fails with
 * BAD_INPUT (design; an output that there is not; values that are not finite: says how many) or
 * NO_MEMORY. ltv_sensitivity_free may be called whatever is returned. */
LTV_MUST_USE ltv_status ltv_sensitivity_indices(ltv_sensitivity *result,
                                                const ltv_sensitivity_design *design,
                                                const double *outputs, size_t output, uint64_t seed,
                                                ltv_error *err);

void ltv_sensitivity_free(ltv_sensitivity *result);

/* BAD_INPUT unless a table outputs [n][n_outputs] has this column, with nothing but finite numbers:
 * says how many are not. */
LTV_MUST_USE ltv_status ltv_sensitivity_check_output(const double *outputs, size_t n,
                                                     size_t n_outputs, size_t output,
                                                     ltv_error *err);

#endif
