/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/ladder.h"

#include <math.h>
#include <stdlib.h>

/* One head more on either side than the rung's own: far more than exp and the budget's logarithm
 * can be wrong by. */
static ltv_rung rung_at(double cumulative)
{
    double head = floor(exp(-cumulative) * 0x1p32);
    double above = fmin(head + 1, UINT32_MAX), below = fmax(head - 1, 0);
    return (ltv_rung){.above = (uint32_t)above, .below = (uint32_t)below};
}

bool ltv_ladder_init(ltv_ladder *ladder, const double *cumulative, uint32_t last)
{
    ladder->rungs = calloc((size_t)last + 1, sizeof *ladder->rungs);
    ladder->guide = calloc(LTV_LADDER_GUIDE, sizeof *ladder->guide);
    if (ladder->rungs == NULL || ladder->guide == NULL)
        return false;
    for (uint32_t u = 1; u <= last; u++)
        ladder->rungs[u] = rung_at(cumulative[u]);
    /* Down from the heads that fire first, each by the last head that the guide takes with it. */
    uint32_t u = 1;
    for (uint32_t g = LTV_LADDER_GUIDE; g-- > 0;) {
        uint32_t most = (uint32_t)(((uint64_t)(g + 1) << (32 - LTV_LADDER_GUIDE_BITS)) - 1);
        while (most < ladder->rungs[u].below)
            u++;
        ladder->guide[g] = (uint16_t)u;
    }
    return true;
}

void ltv_ladder_free(ltv_ladder *ladder)
{
    free(ladder->rungs);
    free(ladder->guide);
    *ladder = (ltv_ladder){0};
}
