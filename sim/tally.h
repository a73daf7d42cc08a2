/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_TALLY_H
#define LTV_SIM_TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/kernel.h"
#include "sim/moments.h"
#include "sim/program.h"
#include "sim/sketch.h"

/* Counts and sums over simulated customers. Everything in here is a whole number, so tallies of
 * blocks merge to the same bits in any order. */

/* The customers of one channel and one segment. */
typedef struct {
    ltv_moments ltv;
    int64_t at_least_cac, at_least_3_cac; /* customers with LTV >= CAC, >= 3 CAC */
    int64_t *leaves_before;               /* owned, [horizon + 2]: customers by first unpaid bill */
    /* Where levels of spend differ: the sums of their weights by first unpaid bill, in units of
     * 2^-24, and of the squares, in units of 2^-48. Else NULL. */
    unsigned __int128 *spend;         /* owned, [horizon + 2] */
    unsigned __int128 *spend_squared; /* owned, [horizon + 2] */
} ltv_cell_tally;

/* Distributions that cannot be had from the cells. */
typedef struct {
    ltv_sketch ltv, net_ltv; /* net_ltv is unused while no channel has a CAC */
    ltv_money least, most;   /* of LTV; least > most while there is no customer */
    ltv_money net_least, net_most;
} ltv_spread_tally;

typedef struct {
    size_t n_segments, n_channels;
    uint32_t horizon;
    ltv_cell_tally *cells;        /* owned, [channel * n_segments + segment] */
    ltv_spread_tally *by_segment; /* owned, [n_segments] */
    ltv_spread_tally *by_channel; /* owned, [n_channels]; NULL with a single channel */
} ltv_arm_tally;

/* An arm minus the baseline, customer by customer. */
typedef struct {
    ltv_moments delta_ltv;
    ltv_sketch distribution;
    ltv_money least, most;
} ltv_contrast_tally;

typedef struct {
    size_t n_arms;
    ltv_arm_tally *arms;           /* owned */
    ltv_contrast_tally *contrasts; /* owned, [n_arms - 1]: arm i + 1 against arm 0 */
    bool overflow;                 /* an amount was too large: the tally is void */
} ltv_tally;

/* An empty tally for these arms. Fails with NO_MEMORY; may be freed whatever is returned. */
LTV_MUST_USE ltv_status ltv_tally_init(ltv_tally *tally, size_t n_arms, const ltv_program *programs,
                                       ltv_error *err);

/* Adds one block; blocks[a] is what became of the same customers in arm a. */
void ltv_tally_add(ltv_tally *tally, const ltv_program *programs, const ltv_block *blocks);

/* Adds `from`, which must be a tally for the same arms. */
void ltv_tally_merge(ltv_tally *into, const ltv_tally *from);

/* True when a counter could not be allocated on the way. */
bool ltv_tally_out_of_memory(const ltv_tally *tally);

void ltv_tally_free(ltv_tally *tally);

/* An empty ltv_spread_tally, and the sum of two. */
void ltv_spread_tally_init(ltv_spread_tally *spread);
void ltv_spread_tally_merge(ltv_spread_tally *into, const ltv_spread_tally *from);
void ltv_spread_tally_free(ltv_spread_tally *spread);

#endif
