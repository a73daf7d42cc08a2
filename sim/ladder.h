/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_LADDER_H
#define LTV_SIM_LADDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* When a clock fires, from the high half of its word, without a logarithm. A clock fires by bill u
 * where -ln U <= cumulative[u], so where U >= exp(-cumulative[u]): a rung, of which the high half
 * of U's word nearly always tells on which side it is. Where it does not, the caller has to look
 * at the whole word; so a rung may be known to one part in 2^32 only, and the answer is exact all
 * the same. Found without a search: a guide knows the first rung that heads with the same first
 * bits can stand on. */

/* Bits of a head that the guide goes by: with one more, half as many heads need a second look, and
 * guides take twice the room. */
enum { LTV_LADDER_GUIDE_BITS = 10, LTV_LADDER_GUIDE = 1 << LTV_LADDER_GUIDE_BITS };

/* In a guide: not all heads that begin so stand above that rung. */
enum { LTV_GUIDE_MIXED = 1 << 15 };

typedef struct {
    uint32_t above,
        below; /* a head above the one has fired by this bill, one below the other not */
} ltv_rung;

typedef struct {
    uint32_t last;      /* 0: nothing has been set */
    double *cumulative; /* owned; [last + 1]: what it was made of, from 1 on */
    double *survival;   /* owned; [last + 1]: exp(-cumulative[u]), 1 at bill 0 */
    ltv_rung *rungs;    /* owned; likewise, and by bill 0 none has fired */
    uint16_t *guide;    /* owned; [LTV_LADDER_GUIDE]: by the first bits of a head, its first rung */
} ltv_ladder;

/* Makes a zeroed ladder, or one that was set before, that of cumulative[1 ... last], which never
 * falls and ends with infinity; last < 2^15. Where it is that one already it costs next to nothing.
 * False when memory is short: the ladder is zeroed again. */
bool ltv_ladder_set(ltv_ladder *ladder, const double *cumulative, uint32_t last);

/* One on which no head says anything, to stand in for one that is not there. */
extern const ltv_ladder ltv_ladder_silent;

/* Safe on a zeroed struct. */
void ltv_ladder_free(ltv_ladder *ladder);

/* From rung u, on which this head stands or past which it is. The first step has no branch: nobody
 * can foresee which it is. */
static inline uint32_t ltv_ladder_climb(const ltv_rung *rungs, uint32_t u, uint32_t head)
{
    u += (head <= rungs[u].above) & (head < rungs[u].below);
    while (head <= rungs[u].above) {
        if (head >= rungs[u].below)
            return 0;
        u++;
    }
    return u;
}

/* The first bill u, 1 ... last, by which a clock with this head has fired; 0: its head does not
 * say. */
static inline uint32_t ltv_ladder_bill(const ltv_ladder *ladder, uint32_t head)
{
    uint32_t u = ladder->guide[head >> (32 - LTV_LADDER_GUIDE_BITS)];
    return u & LTV_GUIDE_MIXED ? ltv_ladder_climb(ladder->rungs, u - LTV_GUIDE_MIXED, head) : u;
}

/* What is to be asked for a clock that starts with bill `from`: where its head, cut off to a whole
 * one, stands on the ladder from there on. Only where such a clock fires at
 * cumulative[u] - cumulative[from], not where a frailty has been integrated out. */
static inline uint32_t ltv_ladder_head_from(const ltv_ladder *ladder, uint32_t head, uint32_t from)
{
    return (uint32_t)(head * ladder->survival[from]);
}

/* The same for n heads: what the guide does not settle is looked at afterwards, so that no head
 * waits for a wrong guess about the one before. */
void ltv_ladder_bills(const ltv_ladder *ladder, const uint32_t *head, size_t n, uint32_t *bill);

/* Where it is enough to know how many: counts[u] is one more for each head whose bill is u. Places
 * of those that do not say come into `unsure`, at most n; returns how many they are. */
size_t ltv_ladder_count(const ltv_ladder *ladder, const uint32_t *head, size_t n, int64_t *counts,
                        uint32_t *unsure);

#endif
