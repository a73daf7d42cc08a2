/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_SAMPLING_PARTS_H
#define LTV_SIM_SAMPLING_PARTS_H

#include <stdbool.h>
#include <stdint.h>

#include "models/uniform.h"
#include "sim/address.h"

/* The whole-number arithmetic of points; only for sampling.c and its test. */

enum {
    LTV_SOBOL_BITS = 16, /* leading bits that tell apart all points a scramble can have */
    LTV_SOBOL_STRATA = 1 << LTV_SOBOL_BITS,
    LTV_FLIP_WORDS = LTV_SOBOL_STRATA / 64
};

/* The point (stratum + v) / n_strata with v = (word x 2^32 + deep) / 2^96, rounded down to 96 bits:
 * uniform over the stratum when word and deep are. Both ends keep their precision, as in
 * ltv_uniform_of_word, which it is for a single stratum. stratum < n_strata <= LTV_SOBOL_STRATA. */
ltv_uniform ltv_uniform_in_stratum(uint32_t stratum, uint32_t n_strata, uint64_t word,
                                   uint32_t deep);

/* A word as a whole number below n, n >= 1, every one equally likely. False for the fewer than n
 * words of the 2^64 that are too many for that: take another. */
bool ltv_index_of_word(uint32_t *index, uint64_t word, uint32_t n);

/* Owen's nested scrambling of LTV_SOBOL_BITS binary digits, first digit highest: a digit is flipped
 * or not by a bit of its own for each value of the digits before it. The bit of a prefix p of b
 * digits is number 2^b + p, counted from the lowest bit of flips[0]. */
uint32_t ltv_nested_scramble(uint32_t digits, const uint64_t flips[LTV_FLIP_WORDS]);

#endif
