/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_TALLY_PARTS_H
#define LTV_SIM_TALLY_PARTS_H

#include "sim/tally.h"

/* The parts of a tally; only for tally*.c. Adding sets *overflow where an amount is too large. */

/* What is worked out of one block for an arm. Its customers stand cell by cell, so that what is
 * counted for a cell is counted in one go: those of cell c are customer[start[c] ... start[c + 1]
 * - 1], in the order of the block. */
typedef struct {
    size_t n_cells;
    uint32_t *start; /* owned, [n_cells + 1] */
    uint16_t customer[LTV_BLOCK];
} ltv_arm_room;

/* What flows with a bill, all flows side by side. */
typedef struct {
    int64_t of[LTV_FLOWS];
} ltv_narrow_flows;

/* What is worked out of one block. */
struct ltv_tally_room {
    size_t n_arms;
    ltv_arm_room *arms; /* owned, [n_arms] */
    /* Figures, or differences, of the customers in the order of cells. */
    ltv_money figure[LTV_FIGURES][LTV_BLOCK];
    ltv_narrow_flows
        *flows; /* owned, [horizon + 2]: changes from bill to bill; all 0 between uses */
};

_Static_assert((int)LTV_DELTAS <= (int)LTV_FIGURES && (int)LTV_BLOCK <= (int)LTV_MOMENTS_AT_ONCE,
               "differences fit where figures are, and a block is added at once");

/* False when memory is short; the tally may be freed either way. */
bool ltv_arm_tally_init(ltv_arm_tally *arm, const ltv_program *program);
void ltv_arm_tally_add(ltv_arm_tally *arm, const ltv_program *program, const ltv_block *block,
                       ltv_arm_room *own, ltv_tally_room *room, bool *overflow);
void ltv_arm_tally_merge(ltv_arm_tally *into, const ltv_arm_tally *from);
bool ltv_arm_tally_out_of_memory(const ltv_arm_tally *arm);
void ltv_arm_tally_free(ltv_arm_tally *arm);

bool ltv_contrast_tally_init(ltv_contrast_tally *contrast, ltv_contrast of,
                             const ltv_scenario *scenario);
void ltv_contrast_tally_add(ltv_contrast_tally *contrast, const ltv_program *programs,
                            const ltv_block *blocks, ltv_tally_room *room, bool *overflow);
void ltv_contrast_tally_merge(ltv_contrast_tally *into, const ltv_contrast_tally *from);
void ltv_contrast_tally_free(ltv_contrast_tally *contrast);

/* Widens the range least ... most by low ... high. */
static inline void ltv_widen(ltv_money *least, ltv_money *most, ltv_money low, ltv_money high)
{
    *least = low < *least ? low : *least;
    *most = high > *most ? high : *most;
}

#endif
