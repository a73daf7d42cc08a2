/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_SAMPLING_H
#define LTV_SIM_SAMPLING_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "models/uniform.h"
#include "sim/address.h"

/* The points at which uncertain inputs are drawn (docs/model.md, "Experiments"): a draw gives each
 * input a uniform number in (0, 1), which the input's distribution then inverts.
 *
 *   RANDOM           draws are independent of each other.
 *   LATIN_HYPERCUBE  the range of each input is cut into equal strata, one draw from each (McKay,
 *                    Beckman & Conover, Technometrics 21, 1979): good where effects add up.
 *   SOBOL            Sobol's sequence with Owen's nested uniform scrambling (Owen, "Randomly
 *                    permuted (t, m, s)-nets and (t, s)-sequences", 1995): good for any smooth
 *                    effect of the first LTV_SOBOL_INPUTS inputs; further ones are Latin hypercube.
 *
 * Under each of them every single draw is uniform and the inputs of a draw are independent, so
 * means over draws are unbiased. The draws of a Latin hypercube or Sobol sample depend on each
 * other, so the error of a mean cannot be read off their differences. Therefore the sample is made
 * of LTV_SCRAMBLES independent ones of the same kind; from their differences it can.
 *
 * Points are functions of addresses (sim/address.h), in whole numbers up to the last conversion:
 * the same on any machine. An input that is added at the end leaves the points of the others as
 * they are; added elsewhere, or moved, it changes SOBOL's only, where an input's place says which
 * dimension of the sequence it gets. */

typedef enum {
    LTV_SAMPLING_RANDOM,
    LTV_SAMPLING_LATIN_HYPERCUBE,
    LTV_SAMPLING_SOBOL
} ltv_sampling_kind;

enum {
    LTV_SCRAMBLES = 16,   /* draw d belongs to scramble d % LTV_SCRAMBLES */
    LTV_SOBOL_INPUTS = 40 /* dimensions of the sequence that GSL has, Bratley & Fox's (1988) */
};

typedef struct {
    ltv_sampling_kind kind;
    uint64_t seed;         /* 0 ... 2^53 */
    uint32_t n_draws;      /* what ltv_sampling_draws gives */
    size_t n_inputs;       /* 0 or more */
    const uint32_t *names; /* borrowed, [n_inputs]: ltv_address_name(path of the input). Inputs with
                            * equal names would get equal luck: the caller sees that none are. */
} ltv_sampling;

/* "random", "latin_hypercube", "sobol". */
const char *ltv_sampling_name(ltv_sampling_kind kind);

/* The number of draws there will be where so many are wanted. RANDOM: as many. SOBOL: the next
 * power of two. LATIN_HYPERCUBE: the next multiple of LTV_SCRAMBLES. For these two at least
 * 2 x LTV_SCRAMBLES; for all at most LTV_MAX_DRAWS. */
uint32_t ltv_sampling_draws(ltv_sampling_kind kind, uint32_t wanted);

/* Independent samples that a sample of this kind is made of: LTV_SCRAMBLES; for RANDOM 1, whose
 * draws are independent themselves. */
uint32_t ltv_sampling_scrambles(ltv_sampling_kind kind);

/* Fills points[d x n_inputs + i]: input i in draw d; n_draws x n_inputs of them.
 *
 * The first n draws of a longer RANDOM or SOBOL run are those of a run of n draws. For
 * LATIN_HYPERCUBE, and for SOBOL's inputs beyond LTV_SOBOL_INPUTS, they are not: the strata
 * depend on how many draws there are.
 *
 * NO_MEMORY; BUG where n_draws is not what ltv_sampling_draws gives. */
LTV_MUST_USE ltv_status ltv_sampling_fill(ltv_uniform *points, const ltv_sampling *sampling,
                                          ltv_error *err);

#endif
