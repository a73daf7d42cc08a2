/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_HAZARDS_H
#define LTV_SIM_HAZARDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Tables of cumulative hazards, all of one length, in which many clocks look for the period in
 * which they fire (sim/kernel/vector/vector.h). What is looked for lies where the hazard passes a
 * limit; a guide says between which bills that can be, so that few of them need to be looked at. */

typedef struct {
    uint32_t horizon;   /* 1 ... LTV_MAX_HORIZON */
    size_t n, stride;   /* tables; horizon + 1 */
    double *cumulative; /* owned, [table * stride + bill], from 0 on, never falling */
    /* The guide divides a table's hazards into equal cells: so many of a unit of hazard. */
    uint32_t n_cells;
    double *scale; /* owned, [table] */
    /* Owned, [table * n_cells + cell]: bills from 1 on whose hazards lie in cells below this one,
     * and, 16 bits up, those whose hazards lie in it. */
    uint32_t *guide;
} ltv_hazards;

enum { LTV_GUIDE_BILLS = 0xffff, LTV_GUIDE_SHIFT = 16 };

/* n tables without any hazard. False when memory is short; may be freed either way. */
bool ltv_hazards_init(ltv_hazards *hazards, size_t n, uint32_t horizon);

/* Safe on a zeroed struct. */
void ltv_hazards_free(ltv_hazards *hazards);

/* Copies cumulative[0 ... horizon] into a table; one that it has already costs next to nothing. */
void ltv_hazards_set(ltv_hazards *hazards, size_t table, const double *cumulative);

/* The cell of a hazard, where nothing is too small, too large or not a number. Of two hazards the
 * larger one is never in a lower cell. */
static inline uint32_t ltv_hazards_cell(double hazard, double scale, uint32_t n_cells)
{
    double cell = hazard * scale, last = n_cells - 1;
    cell = cell < last ? cell : last;
    cell = cell > 0 ? cell : 0;
    return (uint32_t)(int32_t)cell;
}

#endif
