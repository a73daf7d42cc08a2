/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/ladder.h"

#include <math.h>
#include <stdlib.h>

/* One head more on either side than the rung's own: far more than exp and the budget's logarithm
 * can be wrong by. */
static ltv_rung rung_at(double cumulative)
{
    uint64_t head = (uint64_t)(exp(-cumulative) * 0x1p32);
    return (ltv_rung){.above = head < UINT32_MAX ? (uint32_t)head + 1 : UINT32_MAX,
                      .below = head > 0 ? (uint32_t)(head - 1) : 0};
}

bool ltv_ladder_init(ltv_ladder *ladder, const double *cumulative, uint32_t last, int guide_bits)
{
    uint32_t end = (uint32_t)1 << guide_bits;
    ladder->guide_bits = guide_bits;
    ladder->rungs = calloc((size_t)last + 1, sizeof *ladder->rungs);
    ladder->guide = calloc(end, sizeof *ladder->guide);
    if (ladder->rungs == NULL || ladder->guide == NULL)
        return false;
    for (uint32_t u = 1; u <= last; u++)
        ladder->rungs[u] = rung_at(cumulative[u]);
    /* Down from the heads that fire first: each rung has those that no earlier one has, as far down
     * as its own. The last, at infinity, takes what is left. */
    for (uint32_t u = 1; end > 0; u++) {
        uint32_t begin = ladder->rungs[u].below >> (32 - guide_bits);
        for (uint32_t g = begin; g < end; g++)
            ladder->guide[g] = (uint16_t)u;
        end = begin < end ? begin : end;
    }
    return true;
}

void ltv_ladder_free(ltv_ladder *ladder)
{
    free(ladder->rungs);
    free(ladder->guide);
    *ladder = (ltv_ladder){0};
}
