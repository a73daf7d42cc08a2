/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_TESTS_SAME_SCENARIO_H
#define LTV_TESTS_SAME_SCENARIO_H

#include "sim/scenario.h"

/* Fails the test unless two scenarios say the same, bit for bit: their arms, customers and clocks,
 * but not which inputs are uncertain and how they are drawn. */
void assert_same_scenario(const ltv_scenario *a, const ltv_scenario *b);

/* Likewise of two arms, their interventions apart. */
void assert_same_arm(const ltv_arm *a, const ltv_arm *b);

#endif
