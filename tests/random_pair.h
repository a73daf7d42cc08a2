/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_TESTS_RANDOM_PAIR_H
#define LTV_TESTS_RANDOM_PAIR_H

#include <stdint.h>

#include "sim/scenario.h"

/* A random scenario of two arms, "baseline" and "other", different for every number. With an even
 * number the arms have nothing to do with each other but some names; with an odd one the second is
 * the first with some things changed. The caller frees it (ltv_scenario_free). */
void random_pair_init(ltv_scenario *scenario, uint64_t number);

#endif
