/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/ladder.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static uint16_t nothing[LTV_LADDER_GUIDE];
const ltv_ladder ltv_ladder_silent = {.guide = nothing};

/* One head more on either side than the rung's own: far more than exp and the budget's logarithm
 * can be wrong by. And one more below, since a head that was multiplied (ltv_ladder_head_from) may
 * stand for numbers up to two above it. */
static ltv_rung rung_at(double survival)
{
    uint64_t head = (uint64_t)(survival * 0x1p32);
    return (ltv_rung){.above = head < UINT32_MAX ? (uint32_t)head + 1 : UINT32_MAX,
                      .below = head > 1 ? (uint32_t)(head - 2) : 0};
}

static bool make_room(ltv_ladder *ladder, uint32_t last)
{
    if (ladder->last == last)
        return true;
    ltv_ladder_free(ladder);
    ladder->cumulative = calloc((size_t)last + 1, sizeof *ladder->cumulative);
    ladder->survival = calloc((size_t)last + 1, sizeof *ladder->survival);
    ladder->rungs = calloc((size_t)last + 1, sizeof *ladder->rungs);
    ladder->guide = calloc(LTV_LADDER_GUIDE, sizeof *ladder->guide);
    ladder->last = last;
    return ladder->cumulative != NULL && ladder->survival != NULL && ladder->rungs != NULL &&
           ladder->guide != NULL;
}

/* The guide, down from the heads that fire first: each rung has those that no earlier one has, as
 * far down as its own. The last, at infinity, takes what is left. */
static void make_guide(ltv_ladder *ladder)
{
    const int shift = 32 - LTV_LADDER_GUIDE_BITS;
    uint32_t end = LTV_LADDER_GUIDE;
    for (uint32_t u = 1; end > 0; u++) {
        uint32_t begin = ladder->rungs[u].below >> shift, g = begin;
        uint32_t mixed = (ladder->rungs[u].above >> shift) + 1;
        for (; g < end && g < mixed; g++)
            ladder->guide[g] = (uint16_t)(u | LTV_GUIDE_MIXED);
        for (; g < end; g++)
            ladder->guide[g] = (uint16_t)u;
        end = begin < end ? begin : end;
    }
}

bool ltv_ladder_set(ltv_ladder *ladder, const double *cumulative, uint32_t last)
{
    size_t bytes = last * sizeof *cumulative;
    if (ladder->last == last && memcmp(ladder->cumulative + 1, cumulative + 1, bytes) == 0)
        return true;
    if (!make_room(ladder, last)) {
        ltv_ladder_free(ladder);
        return false;
    }
    memcpy(ladder->cumulative + 1, cumulative + 1, bytes);
    ladder->rungs[0] = (ltv_rung){UINT32_MAX, UINT32_MAX};
    ladder->survival[0] = 1;
    for (uint32_t u = 1; u <= last; u++) {
        ladder->survival[u] = exp(-cumulative[u]);
        ladder->rungs[u] = rung_at(ladder->survival[u]);
    }
    make_guide(ladder);
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
    free(ladder->cumulative);
    free(ladder->survival);
    free(ladder->rungs);
    free(ladder->guide);
    *ladder = (ltv_ladder){0};
}
