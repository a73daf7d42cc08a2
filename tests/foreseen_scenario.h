/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_TESTS_FORESEEN_SCENARIO_H
#define LTV_TESTS_FORESEEN_SCENARIO_H

#include <stdint.h>

#include "sim/scenario.h"

/* Makes of an arm with random offers one in which it is mostly foreseen what happens between two
 * changes: adds up to five programmes more, and leaves to all of them no effect but on hazards,
 * or, with odd numbers, on voluntary churn alone. */
void foreseen_scenario_make(ltv_arm *arm, uint64_t number);

#endif
