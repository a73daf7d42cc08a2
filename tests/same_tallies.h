/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_TESTS_SAME_TALLIES_H
#define LTV_TESTS_SAME_TALLIES_H

#include "sim/tally.h"

/* That two tallies of an arm, or of a contrast, hold the same, to the last bit. What is spent on
 * customers for nothing is not compared: of those who are listed it is told by amounts that were
 * rounded. */
void assert_same_arm_tallies(const char *label, const ltv_arm_tally *a, const ltv_arm_tally *b);
void assert_same_contrast_tallies(const char *label, const ltv_contrast_tally *a,
                                  const ltv_contrast_tally *b);

#endif
