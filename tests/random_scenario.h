/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_TESTS_RANDOM_SCENARIO_H
#define LTV_TESTS_RANDOM_SCENARIO_H

#include <stdint.h>

#include "sim/scenario.h"

/* A valid scenario with one arm that is different for every number: curves, heterogeneity,
 * seasons, spikes, failing payments, spend, segments, channels with mixes and prices of their own,
 * discounting, units. Numbers 0 … 7 start with the eight curves in turn, so that a short battery
 * meets them all. The caller frees it (ltv_scenario_free). */
void random_scenario_init(ltv_scenario *scenario, uint64_t number);

/* A generator for tests only: splitmix64. Uniform in [low, high); and 0 … n - 1. */
typedef struct {
    uint64_t state;
} test_random;

double test_random_uniform(test_random *random, double low, double high);
uint32_t test_random_below(test_random *random, uint32_t n);

/* A retention with this curve and plausible parameters, no heterogeneity. */
void random_retention_curve(ltv_retention *retention, ltv_curve_kind kind, test_random *random);

#endif
