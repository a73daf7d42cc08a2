/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/kernel/counted.h"

#include <stdlib.h>
#include <string.h>

bool ltv_counted_init(ltv_counted *counted, const ltv_program *program)
{
    size_t stride = (size_t)program->horizon + 2, cells = program->n_channels * program->n_segments;
    size_t components = program->n_components;
    *counted = (ltv_counted){.n_cells = cells, .stride = stride};
    if (program->plain || cells * stride > LTV_COUNTED_PLACES / components)
        return true;
    counted->n_components = components;
    counted->holders = calloc(cells * components * stride, sizeof *counted->holders);
    counted->costs = calloc(cells * stride, sizeof *counted->costs);
    return counted->holders != NULL && counted->costs != NULL;
}

void ltv_counted_free(ltv_counted *counted)
{
    free(counted->holders);
    free(counted->costs);
    *counted = (ltv_counted){0};
}

void ltv_counted_clear(ltv_counted *counted)
{
    size_t stride = counted->stride;
    if (!counted->any)
        return;
    memset(counted->holders, 0, ltv_counted_rows(counted) * stride * sizeof *counted->holders);
    memset(counted->costs, 0, counted->n_cells * stride * sizeof *counted->costs);
    counted->any = false;
}
