/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_CENSUS_H
#define LTV_SIM_CENSUS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "sim/kernel/block.h"
#include "sim/kernel/luck.h"
#include "sim/program.h"
#include "sim/tally.h"

/* Where all that can differ between two customers of a cell is when they leave, one is as good as
 * another: it is enough to count how many leave with each bill, and to ask only then what such a
 * customer is worth. The tally gets the same counts and sums, to the last bit, as one by one. */

typedef struct {
    int64_t *counts; /* owned; [(channel * n_segments + segment) * (horizon + 2) + first bill that
                      * is not paid] */
    int64_t *times;  /* owned; [LTV_BLOCK]: how many each customer of a block stands for */
} ltv_census;

/* Whether the customers of this program can be counted so. */
bool ltv_census_is_possible(const ltv_program *program);

/* An empty census for a program of this shape. Fails with NO_MEMORY; may be freed whatever is
 * returned. */
LTV_MUST_USE ltv_status ltv_census_init(ltv_census *census, const ltv_program *program,
                                        ltv_error *err);

/* Counts customers first ... first + n - 1, n at most LTV_BLOCK. `luck` and `block` are room for
 * those few whose words have to be looked at in full. */
void ltv_census_count(ltv_census *census, const ltv_program *program, ltv_stream stream,
                      uint32_t first, uint32_t n, ltv_luck *luck, ltv_block *block);

/* Adds what was counted to the tally of this one program, and begins anew. */
void ltv_census_tell(ltv_census *census, const ltv_program *program, ltv_block *block,
                     ltv_tally *tally);

void ltv_census_free(ltv_census *census);

#endif
