/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_DECIDE_PARTS_H
#define LTV_SIM_DECIDE_PARTS_H

#include "sim/decide.h"
#include "sim/draw_table.h"

/* The parts that decide.c is made of; for it and decide_contrast.c. */

/* What decisions are made from. */
typedef struct {
    const ltv_estimate *estimate;
    const ltv_scenario *scenario;
    const ltv_draw_table *table;
    ltv_decision_draws draws; /* of all arms */
    double *room;             /* [4 * draws], overwritten by who uses it */
} ltv_decider;

/* The draws of a figure of a whole arm, or of a contrast. */
ltv_draw_series ltv_decider_of_arm(const ltv_decider *self, size_t arm, const char *figure);
ltv_draw_series ltv_decider_of_contrast(const ltv_decider *self, size_t contrast,
                                        const char *figure);

/* Fills all that is said about contrast number `index`. Fails with NO_MEMORY, or BAD_INPUT for a
 * test that cannot be. */
LTV_MUST_USE ltv_status ltv_decide_contrast(ltv_contrast_decision *decision,
                                            const ltv_decider *self, size_t index, ltv_error *err);

#endif
