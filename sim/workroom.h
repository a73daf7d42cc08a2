/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_WORKROOM_H
#define LTV_SIM_WORKROOM_H

#include "base/error.h"
#include "sim/kernel/block.h"
#include "sim/kernel/census.h"
#include "sim/kernel/luck.h"
#include "sim/kernel/sieve.h"
#include "sim/program_set.h"
#include "sim/tally.h"

/* One thread's own room to simulate in: the luck of a block of customers, and what becomes of them
 * in each arm. Zero-initialise. */
typedef struct {
    ltv_luck *luck; /* owned */
    size_t n_blocks;
    ltv_block *blocks; /* owned, one per arm */
    ltv_census census; /* owned; of a set that is counted */
    ltv_sieve sieve;   /* owned; of one that is sifted */
    ltv_stream stream; /* of those in the sieve */
} ltv_workroom;

/* For programs of this shape: those of the set, or of the same scenario with other values of its
 * uncertain inputs. Fails with NO_MEMORY; may be freed whatever is returned. */
LTV_MUST_USE ltv_status ltv_workroom_init(ltv_workroom *room, const ltv_program_set *set,
                                          ltv_error *err);

/* Simulates customers first ... end - 1 in every arm and adds them to the tally, some of them only
 * when told to finish: always with the same set and tally until then. */
void ltv_workroom_simulate(ltv_workroom *room, const ltv_program_set *set, ltv_stream stream,
                           uint64_t first, uint64_t end, ltv_tally *tally);

/* Adds what is not yet in the tally. */
void ltv_workroom_finish(ltv_workroom *room, const ltv_program_set *set, ltv_tally *tally);

void ltv_workroom_free(ltv_workroom *room);

/* Fails where the tally is void: with OVERFLOW or NO_MEMORY. */
LTV_MUST_USE ltv_status ltv_workroom_check(const ltv_tally *tally, ltv_error *err);

#endif
