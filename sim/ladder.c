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

bool ltv_ladder_init(ltv_ladder *ladder, const double *cumulative, uint32_t last)
{
    uint32_t end = LTV_LADDER_GUIDE;
    ladder->rungs = calloc((size_t)last + 1, sizeof *ladder->rungs);
    ladder->guide = calloc(end, sizeof *ladder->guide);
    if (ladder->rungs == NULL || ladder->guide == NULL)
        return false;
    for (uint32_t u = 1; u <= last; u++)
        ladder->rungs[u] = rung_at(cumulative[u]);
    /* Down from the heads that fire first: each rung has those that no earlier one has, as far down
     * as its own. The last, at infinity, takes what is left. */
    for (uint32_t u = 1; end > 0; u++) {
        uint32_t begin = ladder->rungs[u].below >> (32 - LTV_LADDER_GUIDE_BITS);
        for (uint32_t g = begin; g < end; g++) {
            bool mixed = g << (32 - LTV_LADDER_GUIDE_BITS) <= ladder->rungs[u].above;
            ladder->guide[g] = (uint16_t)(mixed ? u | LTV_GUIDE_MIXED : u);
        }
        end = begin < end ? begin : end;
    }
    return true;
}

void ltv_ladder_bills(const ltv_ladder *ladder, const uint32_t *head, size_t n, uint32_t *bill)
{
    enum { AT_ONCE = 256 };
    const int shift = 32 - LTV_LADDER_GUIDE_BITS;
    const uint16_t *guide = ladder->guide;
    uint16_t mixed[AT_ONCE];
    for (size_t from = 0; from < n; from += AT_ONCE, head += AT_ONCE, bill += AT_ONCE) {
        size_t here = n - from < AT_ONCE ? n - from : AT_ONCE, n_mixed = 0;
        for (size_t c = 0; c < here; c++) {
            bill[c] = guide[head[c] >> shift];
            mixed[n_mixed] = (uint16_t)c;
            n_mixed += bill[c] / LTV_GUIDE_MIXED;
        }
        for (size_t m = 0; m < n_mixed; m++) {
            uint16_t c = mixed[m];
            bill[c] = ltv_ladder_climb(ladder->rungs, bill[c] - LTV_GUIDE_MIXED, head[c]);
        }
    }
}

size_t ltv_ladder_count(const ltv_ladder *ladder, const uint32_t *head, size_t n, int64_t *counts,
                        uint32_t *unsure)
{
    const int shift = 32 - LTV_LADDER_GUIDE_BITS;
    const uint16_t *guide = ladder->guide;
    size_t n_mixed = 0, n_unsure = 0;
    /* Each at the rung that the guide knows; the mixed ones move on from there. */
    for (size_t c = 0; c < n; c++) {
        uint32_t u = guide[head[c] >> shift];
        counts[u & (LTV_GUIDE_MIXED - 1)]++;
        unsure[n_mixed] = (uint32_t)c;
        n_mixed += u / LTV_GUIDE_MIXED;
    }
    for (size_t m = 0; m < n_mixed; m++) {
        uint32_t c = unsure[m], u = guide[head[c] >> shift] - LTV_GUIDE_MIXED;
        uint32_t bill = ltv_ladder_climb(ladder->rungs, u, head[c]);
        counts[u]--;
        counts[bill] += bill > 0;
        unsure[n_unsure] = c;
        n_unsure += bill == 0;
    }
    return n_unsure;
}

void ltv_ladder_free(ltv_ladder *ladder)
{
    free(ladder->rungs);
    free(ladder->guide);
    *ladder = (ltv_ladder){0};
}
