/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_MOMENTS_H
#define LTV_SIM_MOMENTS_H

#include <stddef.h>
#include <stdint.h>

#include "sim/money.h"

/* Exact sums of whole numbers and of their squares: merging in any order gives the same bits,
 * and a variance of exactly 0 comes out as 0. Room for 2^62 numbers of 62 bits. */
typedef struct {
    int64_t n;
    __int128 sum;
    unsigned __int128 squares_low; /* sum of squares, low and high parts */
    uint64_t squares_high;
} ltv_moments;

static inline void ltv_moments_add(ltv_moments *moments, ltv_money x)
{
    unsigned __int128 square = (unsigned __int128)((__int128)x * x);
    moments->n++;
    moments->sum += x;
    moments->squares_low += square;
    moments->squares_high += moments->squares_low < square;
}

/* Adds the same number so many times. */
void ltv_moments_add_times(ltv_moments *moments, ltv_money x, int64_t times);

/* Adds n numbers, n <= LTV_MOMENTS_AT_ONCE, several times as fast as one by one. */
enum { LTV_MOMENTS_AT_ONCE = 1024 };
void ltv_moments_add_all(ltv_moments *moments, const ltv_money *x, size_t n);

void ltv_moments_merge(ltv_moments *into, const ltv_moments *from);

/* 0 for no numbers. */
double ltv_moments_mean(const ltv_moments *moments);

/* Sample variance, divisor n - 1; from integers, so there is no cancellation. NaN for n < 2. */
double ltv_moments_variance(const ltv_moments *moments);

/* A mean, or a ratio of means, with its Monte Carlo standard error. */
typedef struct {
    double mean, standard_error; /* the error is NaN where it is not known */
} ltv_mean;

/* NaN for no numbers, the error NaN for a single one. */
ltv_mean ltv_moments_estimate(const ltv_moments *moments);

/* Standard error of the ratio r = mean of y / x0 whose denominator x0 is the mean of x, or that
 * plus a constant: by the delta method from the paired numbers, both = moments of x + y. */
double ltv_ratio_error(double ratio, double denominator, const ltv_moments *y, const ltv_moments *x,
                       const ltv_moments *both);

#endif
