/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_SIEVE_H
#define LTV_SIM_SIEVE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "sim/kernel/block.h"
#include "sim/kernel/classes.h"
#include "sim/kernel/crowd.h"
#include "sim/kernel/luck.h"
#include "sim/program.h"

/* Many customers never change anything: they join, programmes come, they leave. All of these *idle*
 * customers who joined with the same plan in the same cell, for whom the coins of programmes fall
 * in the same way, and who leave with the same bill, in every arm, are worth the same to the last
 * bit: they are one *class*. So are those who, besides, take up one add-on with the same bill,
 * where it stays and concerns nothing but what they pay. A sieve keeps these customers back and
 * counts them by class; one of each class then lives for all of them. Those to whom more may happen
 * pass: they are gathered until they fill a block, so that nobody in it is idle. */

typedef struct {
    size_t n_arms;
    ltv_foretold *told; /* owned, [n_arms] */
    ltv_luck *passed;   /* owned: those who passed and have not lived yet */
    ltv_classes idle, with_add_on;
    int64_t *times;       /* owned, [LTV_BLOCK] */
    uint64_t n_looked_at; /* since it last was asked whether that pays */
} ltv_sieve;

/* How many of them were kept back. */
static inline uint64_t ltv_sieve_kept_back(const ltv_sieve *sieve)
{
    return sieve->idle.n_customers + sieve->with_add_on.n_customers;
}

/* Whether customers can be sifted in these arms, which all differ in programmes alone. */
bool ltv_sieve_is_possible(const ltv_program *programs, size_t n_arms);

/* The parts of the luck that sifting reads. */
ltv_luck_needs ltv_sieve_needs(const ltv_program *programs, size_t n_arms);

/* An empty sieve. Fails with NO_MEMORY; may be freed whatever is returned. */
LTV_MUST_USE ltv_status ltv_sieve_init(ltv_sieve *sieve, size_t n_arms, ltv_error *err);
void ltv_sieve_free(ltv_sieve *sieve);

/* Whether sifting has not been found to be a waste of time. */
bool ltv_sieve_pays(const ltv_sieve *sieve);

/* Keeps back customers of a luck, at most LTV_BLOCK, and lists those who pass: returns how many.
 * blocks[a]: room for arm a. */
uint32_t ltv_sieve_sift(ltv_sieve *sieve, const ltv_program *programs, ltv_luck *luck,
                        ltv_block *blocks, uint32_t passes[LTV_BLOCK]);

/* Whether there might be no room for the classes of another luck. */
bool ltv_sieve_is_full(const ltv_sieve *sieve);

/* Takes some classes out of it, at most LTV_BLOCK: a customer of each, and in sieve->times for how
 * many he stands. Returns how many. When none is left the sieve is empty, and has judged whether it
 * pays to go on. */
uint32_t ltv_sieve_take(ltv_sieve *sieve, uint32_t customers[LTV_BLOCK]);

/* A lot of customers (half a draw, or all of a run) has been looked at: where it rests, it does so
 * for one lot less. */
void ltv_sieve_end_lot(ltv_sieve *sieve);

#endif
