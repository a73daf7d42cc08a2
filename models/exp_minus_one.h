/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_MODELS_EXP_MINUS_ONE_H
#define LTV_MODELS_EXP_MINUS_ONE_H

#include <math.h>

#include "models/negative_log.h"

/* e^x - 1 for x >= 0, in the four basic operations alone, like ltv_negative_log and for its
 * reasons. Within 3 units in the last place; infinite from 709 on, near where doubles end.
 *
 * x = k ln 2 + r with |r| <= ln 2 / 2; e^x - 1 = 2^k (e^r - 1) + (2^k - 1). The series of e^r - 1
 * ends with r^13 / 13!: the next term is too small to see. */
static inline double ltv_exp_minus_one(double x)
{
    const double ln2_high = 0x1.62e42feep-1; /* 32 bits: times k exactly */
    const double ln2_low = 0x1.a39ef35793c76p-33;
    const double nearest = 0x1.8p52; /* added to a number, leaves it whole */
    const double most = 709;
    double bounded = x < most ? x : most;
    double shifted = bounded * M_LOG2E + nearest, k = shifted - nearest;
    double scale = ltv_double_of_bits((ltv_bits_of_double(shifted) + 1023) << 52);
    double r = (bounded - k * ln2_high) - k * ln2_low, r2 = r * r, r4 = r2 * r2;
    double first = (1 / 2.0 + r * (1 / 6.0)) + (1 / 24.0 + r * (1 / 120.0)) * r2;
    double second = (1 / 720.0 + r * (1 / 5040.0)) + (1 / 40320.0 + r * (1 / 362880.0)) * r2;
    double third =
        (1 / 3628800.0 + r * (1 / 39916800.0)) + (1 / 479001600.0 + r * (1 / 6227020800.0)) * r2;
    double rest = r + r2 * (first + r4 * (second + r4 * third));
    double value = scale * rest + (scale - 1);
    return x < most ? value : INFINITY;
}

#endif
