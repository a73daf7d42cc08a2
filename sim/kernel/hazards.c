/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/kernel/hazards.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/clock.h"

/* Cells for each bill: with so many, few of them have more than one bill. */
enum { CELLS_A_BILL = 4, MOST_CELLS = 1024 };

/* Cells reach as far as hazards do that are not certain; 0: all is one cell. */
static double scale_of(const ltv_hazards *hazards, const double *cumulative)
{
    uint32_t last = hazards->horizon;
    while (last > 0 && cumulative[last] >= LTV_CERTAIN)
        last--;
    double scale = hazards->n_cells / cumulative[last];
    return isfinite(scale) ? scale : 0;
}

static void make_guide(ltv_hazards *hazards, size_t table)
{
    const double *own = hazards->cumulative + table * hazards->stride;
    uint32_t *guide = hazards->guide + table * hazards->n_cells, n_cells = hazards->n_cells;
    double scale = scale_of(hazards, own);
    hazards->scale[table] = scale;
    memset(guide, 0, n_cells * sizeof *guide);
    for (uint32_t u = 1; u <= hazards->horizon; u++)
        guide[ltv_hazards_cell(own[u], scale, n_cells)] += (uint32_t)1 << LTV_GUIDE_SHIFT;
    for (uint32_t cell = 0, before = 0; cell < n_cells; cell++) {
        guide[cell] |= before;
        before += guide[cell] >> LTV_GUIDE_SHIFT;
    }
}

bool ltv_hazards_init(ltv_hazards *hazards, size_t n, uint32_t horizon)
{
    uint32_t n_cells = 1;
    while (n_cells < CELLS_A_BILL * horizon && n_cells < MOST_CELLS)
        n_cells *= 2;
    *hazards = (ltv_hazards){
        .horizon = horizon, .n = n, .stride = (size_t)horizon + 1, .n_cells = n_cells};
    hazards->cumulative = calloc(n * hazards->stride, sizeof *hazards->cumulative);
    hazards->scale = calloc(n, sizeof *hazards->scale);
    hazards->guide = calloc(n * n_cells, sizeof *hazards->guide);
    if (hazards->cumulative == NULL || hazards->scale == NULL || hazards->guide == NULL)
        return false;
    for (size_t table = 0; table < n; table++)
        make_guide(hazards, table);
    return true;
}

void ltv_hazards_free(ltv_hazards *hazards)
{
    free(hazards->cumulative);
    free(hazards->scale);
    free(hazards->guide);
    *hazards = (ltv_hazards){0};
}

void ltv_hazards_set(ltv_hazards *hazards, size_t table, const double *cumulative)
{
    double *own = hazards->cumulative + table * hazards->stride;
    size_t bytes = hazards->stride * sizeof *own;
    if (memcmp(own, cumulative, bytes) == 0)
        return;
    memcpy(own, cumulative, bytes);
    make_guide(hazards, table);
}
