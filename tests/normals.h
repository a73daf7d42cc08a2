/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_TESTS_NORMALS_H
#define LTV_TESTS_NORMALS_H

#include <stddef.h>
#include <stdint.h>

#include "models/spread.h"
#include "sim/address.h"

/* Uniform and standard normal numbers for tests, by address like all random numbers: number i of
 * this seed. */

static inline ltv_uniform uniform_number(uint64_t seed, size_t i)
{
    ltv_stream stream = {.seed = seed, .draw = (uint32_t)(i >> 32)};
    return ltv_address_uniform(stream, (uint32_t)i, LTV_UNNAMED, LTV_PURPOSE_SPEND, 0);
}

static inline double normal_number(uint64_t seed, size_t i)
{
    return ltv_score_of_uniform(uniform_number(seed, i));
}

/* Mean and variance of numbers that come one by one, for replications: what do they scatter
 * around, and how far can their mean be off? */
typedef struct {
    double n, mean, squares;
} replications;

static inline void replicate(replications *all, double x)
{
    all->n++;
    double off = x - all->mean;
    all->mean += off / all->n;
    all->squares += off * (x - all->mean);
}

static inline double replications_variance(const replications *all)
{
    return all->squares / (all->n - 1);
}

static inline double replications_error(const replications *all)
{
    return sqrt(replications_variance(all) / all->n);
}

#endif
