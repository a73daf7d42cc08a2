/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_MODELS_NEGATIVE_LOG_H
#define LTV_MODELS_NEGATIVE_LOG_H

#include <stdint.h>
#include <string.h>

#include "models/uniform.h"

/* -ln U in the four basic operations alone, in an order that is written down, so that it gives
 * the same bits from every compiler, on every processor and in vectors of any width; the
 * logarithm of the C library does not. Within 3 units in the last place for U from 2^-97 to
 * 1 - 2^-65.
 *
 * U = m 2^-k with m from sqrt(1/2) to sqrt(2), f = m - 1, s = f / (2 + f):
 * ln m = 2 artanh s = f - s (f - R), R = 2 s^2 (1/3 + s^2 / 5 + ...), where |s| < 0.172 makes the
 * tenth term too small to see. Near 1, where U itself has lost what matters, f is -(1 - U). */

static inline uint64_t ltv_bits_of_double(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static inline double ltv_double_of_bits(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* a where all bits of the mask are set, b where none is: what compilers make vectors of, which a
 * branch would keep them from. */
static inline double ltv_select(uint64_t mask, double a, double b)
{
    return ltv_double_of_bits((ltv_bits_of_double(a) & mask) | (ltv_bits_of_double(b) & ~mask));
}

/* A whole number below 2^32, by bits: what vectors of 64-bit words have no instruction for. */
static inline double ltv_double_of_u32(uint64_t x)
{
    return ltv_double_of_bits(x | 0x4330000000000000) - 0x1p52;
}

static inline double ltv_negative_log(ltv_uniform u)
{
    const double ln2_high = 0x1.62e42feep-1; /* 32 bits: times k exactly */
    const double ln2_low = 0x1.a39ef35793c76p-33;
    const uint64_t one = 0x3ff0000000000000, root_of_half = 0x3fe6a09e667f3bcd;
    uint64_t shifted = ltv_bits_of_double(u.below) + (one - root_of_half);
    uint64_t k = 0x3ff - (shifted >> 52);
    double m = ltv_double_of_bits((shifted & 0x000fffffffffffff) + root_of_half);
    double f = ltv_select(-(uint64_t)(k == 0), -u.above, m - 1);
    double s = f / (2 + f), z = s * s, z2 = z * z, z4 = z2 * z2;
    double first = (2 / 3.0 + 2 / 5.0 * z) + (2 / 7.0 + 2 / 9.0 * z) * z2;
    double last = (2 / 11.0 + 2 / 13.0 * z) + (2 / 15.0 + 2 / 17.0 * z + 2 / 19.0 * z2) * z2;
    double ln_m = f - s * (f - z * (first + last * z4));
    double times = ltv_double_of_u32(k);
    return times * ln2_high + (times * ln2_low - ln_m);
}

#endif
