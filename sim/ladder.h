/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_LADDER_H
#define LTV_SIM_LADDER_H

#include <stdbool.h>
#include <stdint.h>

/* When a clock fires, from the high half of its word, without a logarithm. A clock fires by bill u
 * where -ln U <= cumulative[u], so where U >= exp(-cumulative[u]): a rung, of which the high half
 * of U's word nearly always tells on which side it is. Where it does not, the caller has to look
 * at the whole word; so a rung may be known to one part in 2^32 only, and the answer is exact all
 * the same. Found without a search: a guide knows the first rung that heads with the same first
 * bits can stand on. */

/* Bits of a head that the guide goes by: the more, the fewer heads that it sends to a rung below
 * their own, and the more room it takes. */
enum { LTV_LADDER_GUIDE_BITS_MANY = 12, LTV_LADDER_GUIDE_BITS_FEW = 9 };

typedef struct {
    uint32_t above,
        below; /* a head above the one has fired by this bill, one below the other not */
} ltv_rung;

typedef struct {
    ltv_rung *rungs; /* owned; [last + 1], from 1 on */
    uint16_t *guide; /* owned; [2^guide_bits]: by the first bits of a head */
    int guide_bits;
} ltv_ladder;

/* For cumulative[1 ... last], which never falls and ends with infinity; last < 2^16. False when
 * memory is short; may be freed either way. */
bool ltv_ladder_init(ltv_ladder *ladder, const double *cumulative, uint32_t last, int guide_bits);

/* Safe on a zeroed struct. */
void ltv_ladder_free(ltv_ladder *ladder);

/* The first bill u, 1 ... last, by which a clock with this head has fired; 0: its head does not
 * say. */
static inline uint32_t ltv_ladder_bill(const ltv_ladder *ladder, uint32_t head)
{
    uint32_t u = ladder->guide[head >> (32 - ladder->guide_bits)];
    while (head <= ladder->rungs[u].above) {
        if (head >= ladder->rungs[u].below)
            return 0;
        u++;
    }
    return u;
}

#endif
