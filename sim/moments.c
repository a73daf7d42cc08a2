/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/moments.h"

#include <math.h>

#include "sim/kernel/vector/vector.h"

/* Whole numbers of 256 bits, two's complement, least significant limb first. */
typedef struct {
    uint64_t limb[4];
} wide;

static wide wide_add(wide a, wide b)
{
    unsigned __int128 carry = 0;
    for (int i = 0; i < 4; i++) {
        carry += (unsigned __int128)a.limb[i] + b.limb[i];
        a.limb[i] = (uint64_t)carry;
        carry >>= 64;
    }
    return a;
}

static wide wide_negated(wide a)
{
    for (int i = 0; i < 4; i++)
        a.limb[i] = ~a.limb[i];
    return wide_add(a, (wide){{1}});
}

static wide wide_product(__int128 a, __int128 b)
{
    int negative = (a < 0) != (b < 0);
    unsigned __int128 x = a < 0 ? -(unsigned __int128)a : (unsigned __int128)a;
    unsigned __int128 y = b < 0 ? -(unsigned __int128)b : (unsigned __int128)b;
    uint64_t xs[2] = {(uint64_t)x, (uint64_t)(x >> 64)}, ys[2] = {(uint64_t)y, (uint64_t)(y >> 64)};
    wide product = {{0}};
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < 2; j++) {
            unsigned __int128 part = (unsigned __int128)xs[i] * ys[j];
            wide shifted = {{0}};
            shifted.limb[i + j] = (uint64_t)part;
            shifted.limb[i + j + 1] = (uint64_t)(part >> 64);
            product = wide_add(product, shifted);
        }
    return negative ? wide_negated(product) : product;
}

static wide wide_times(wide a, uint64_t b)
{
    unsigned __int128 carry = 0;
    for (int i = 0; i < 4; i++) {
        carry += (unsigned __int128)a.limb[i] * b;
        a.limb[i] = (uint64_t)carry;
        carry >>= 64;
    }
    return a;
}

static double wide_value(wide a)
{
    int negative = a.limb[3] >> 63 != 0;
    if (negative)
        a = wide_negated(a);
    double value = 0;
    for (int i = 3; i >= 0; i--)
        value = value * 0x1p64 + (double)a.limb[i];
    return negative ? -value : value;
}

static wide squares_of(const ltv_moments *moments)
{
    return (wide){{(uint64_t)moments->squares_low, (uint64_t)(moments->squares_low >> 64),
                   moments->squares_high, 0}};
}

/* Numbers below 2^52 have a sum below 2^62 and squares with a sum below 2^114: one accumulator
 * each and no carry to look after. */
enum { NARROW_BITS = 52 };

void ltv_moments_add_all(ltv_moments *moments, const ltv_money *x, size_t n)
{
    ltv_number_sums sums;
    ltv_vector_in_use->add_up(x, n, &sums);
    if (sums.range >> NARROW_BITS != 0) {
        for (size_t i = 0; i < n; i++)
            ltv_moments_add(moments, x[i]);
        return;
    }
    unsigned __int128 squares =
        ((unsigned __int128)sums.high << 52) + ((unsigned __int128)sums.middle << 27) + sums.low;
    ltv_moments_merge(moments,
                      &(ltv_moments){.n = (int64_t)n, .sum = sums.sum, .squares_low = squares});
}

void ltv_moments_add_times(ltv_moments *moments, ltv_money x, int64_t times)
{
    unsigned __int128 square = (unsigned __int128)((__int128)x * x);
    unsigned __int128 low = (unsigned __int128)(uint64_t)square * (uint64_t)times;
    unsigned __int128 high =
        (unsigned __int128)(uint64_t)(square >> 64) * (uint64_t)times + (low >> 64);
    ltv_moments_merge(moments, &(ltv_moments){.n = times,
                                              .sum = (__int128)x * times,
                                              .squares_low = high << 64 | (uint64_t)low,
                                              .squares_high = (uint64_t)(high >> 64)});
}

void ltv_moments_merge(ltv_moments *into, const ltv_moments *from)
{
    into->n += from->n;
    into->sum += from->sum;
    into->squares_low += from->squares_low;
    into->squares_high += from->squares_high + (into->squares_low < from->squares_low ? 1u : 0u);
}

double ltv_moments_mean(const ltv_moments *moments)
{
    return moments->n > 0 ? (double)moments->sum / (double)moments->n : 0;
}

double ltv_moments_variance(const ltv_moments *moments)
{
    if (moments->n < 2)
        return NAN;
    /* (n sum x^2 - (sum x)^2) / (n (n - 1)) */
    wide numerator = wide_add(wide_times(squares_of(moments), (uint64_t)moments->n),
                              wide_negated(wide_product(moments->sum, moments->sum)));
    double n = (double)moments->n;
    return wide_value(numerator) / n / (n - 1);
}

ltv_mean ltv_moments_estimate(const ltv_moments *moments)
{
    if (moments->n == 0)
        return (ltv_mean){NAN, NAN};
    return (ltv_mean){ltv_moments_mean(moments),
                      sqrt(ltv_moments_variance(moments) / (double)moments->n)};
}

double ltv_ratio_error(double ratio, double denominator, const ltv_moments *y, const ltv_moments *x,
                       const ltv_moments *both)
{
    double variance_y = ltv_moments_variance(y), variance_x = ltv_moments_variance(x);
    double covariance = (ltv_moments_variance(both) - variance_y - variance_x) / 2;
    double variance = variance_y + ratio * ratio * variance_x - 2 * ratio * covariance;
    if (isnan(variance))
        return NAN;
    return sqrt(fmax(variance, 0) / (double)y->n) / fabs(denominator);
}
