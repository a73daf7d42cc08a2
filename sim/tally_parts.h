/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_TALLY_PARTS_H
#define LTV_SIM_TALLY_PARTS_H

#include "sim/tally.h"

/* The parts of a tally; only for tally*.c. Adding sets *overflow where an amount is too large. */

/* False when memory is short; the tally may be freed either way. */
bool ltv_arm_tally_init(ltv_arm_tally *arm, const ltv_program *program);
void ltv_arm_tally_add(ltv_arm_tally *arm, const ltv_program *program, const ltv_block *block,
                       bool *overflow);
void ltv_arm_tally_merge(ltv_arm_tally *into, const ltv_arm_tally *from);
bool ltv_arm_tally_out_of_memory(const ltv_arm_tally *arm);
void ltv_arm_tally_free(ltv_arm_tally *arm);

bool ltv_contrast_tally_init(ltv_contrast_tally *contrast, ltv_contrast of,
                             const ltv_scenario *scenario);
void ltv_contrast_tally_add(ltv_contrast_tally *contrast, const ltv_program *programs,
                            const ltv_block *blocks, bool *overflow);
void ltv_contrast_tally_merge(ltv_contrast_tally *into, const ltv_contrast_tally *from);
void ltv_contrast_tally_free(ltv_contrast_tally *contrast);

/* Widens the range least ... most by low ... high. */
static inline void ltv_widen(ltv_money *least, ltv_money *most, ltv_money low, ltv_money high)
{
    *least = low < *least ? low : *least;
    *most = high > *most ? high : *most;
}

#endif
