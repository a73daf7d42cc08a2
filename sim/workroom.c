/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/workroom.h"

#include <stdlib.h>

#include "sim/kernel/kernel.h"

ltv_status ltv_workroom_init(ltv_workroom *room, const ltv_program_set *set, ltv_error *err)
{
    *room = (ltv_workroom){.luck = calloc(1, sizeof *room->luck),
                           .blocks = calloc(set->n, sizeof *room->blocks)};
    if (room->luck == NULL || room->blocks == NULL)
        return ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory for a thread's blocks");
    ltv_status status = LTV_OK;
    while (status == LTV_OK && room->n_blocks < set->n) {
        size_t a = room->n_blocks++;
        status = ltv_block_init(&room->blocks[a], &set->programs[a], err);
    }
    if (status == LTV_OK && set->counted)
        status = ltv_census_init(&room->census, &set->programs[0], err);
    if (status == LTV_OK && set->sifted)
        status = ltv_sieve_init(&room->sieve, set->n, err);
    return status;
}

/* Lets customers live in every arm. `times`: how many each of them stands for; NULL: 1. */
static void live(ltv_workroom *room, const ltv_program_set *set, ltv_luck *luck,
                 const int64_t *times, ltv_tally *tally)
{
    for (size_t a = 0; a < set->n; a++) {
        size_t like = set->like[a];
        room->blocks[a].times = times;
        ltv_kernel_run_again(&room->blocks[a], &set->programs[a], luck,
                             like < a ? &room->blocks[like] : NULL, &set->programs[like]);
    }
    ltv_tally_add(tally, set->programs, room->blocks);
    for (size_t a = 0; a < set->n; a++)
        room->blocks[a].times = NULL;
}

/* One of each class, for all of it. */
static void live_for_classes(ltv_workroom *room, const ltv_program_set *set, ltv_tally *tally)
{
    uint32_t customers[LTV_BLOCK], n;
    while ((n = ltv_sieve_take(&room->sieve, customers)) > 0) {
        ltv_luck_fill_some(room->luck, room->stream, set->needs, customers, n);
        live(room, set, room->luck, room->sieve.times, tally);
    }
}

static void live_for_those_who_passed(ltv_workroom *room, const ltv_program_set *set,
                                      ltv_tally *tally)
{
    ltv_luck *passed = room->sieve.passed;
    if (passed->n > 0) {
        ltv_luck_read(passed, ltv_needs_besides(set->needs, set->sift_needs));
        live(room, set, passed, NULL, tally);
    }
    ltv_luck_empty(passed);
}

/* Those of the luck at hand. */
static void sift(ltv_workroom *room, const ltv_program_set *set, ltv_tally *tally)
{
    uint32_t passes[LTV_BLOCK];
    ltv_luck *passed = room->sieve.passed;
    uint32_t n = ltv_sieve_sift(&room->sieve, set->programs, room->luck, room->blocks, passes);
    for (uint32_t from = 0; from < n;) {
        uint32_t free = LTV_BLOCK - passed->n, left = n - from, some = left < free ? left : free;
        ltv_luck_add(passed, room->luck, set->sift_needs, passes + from, some);
        from += some;
        if (passed->n == LTV_BLOCK)
            live_for_those_who_passed(room, set, tally);
    }
    if (ltv_sieve_is_full(&room->sieve))
        live_for_classes(room, set, tally);
}

void ltv_workroom_simulate(ltv_workroom *room, const ltv_program_set *set, ltv_stream stream,
                           uint64_t first, uint64_t end, ltv_tally *tally)
{
    bool counted = set->counted && room->census.counts != NULL;
    room->stream = stream;
    for (uint64_t customer = first; customer < end; customer += LTV_BLOCK) {
        uint32_t n = end - customer < LTV_BLOCK ? (uint32_t)(end - customer) : LTV_BLOCK;
        if (counted) {
            ltv_census_count(&room->census, &set->programs[0], stream, (uint32_t)customer, n,
                             room->luck, room->blocks);
            continue;
        }
        bool sifts = set->sifted && room->sieve.passed != NULL && ltv_sieve_pays(&room->sieve);
        ltv_luck_fill(room->luck, stream, sifts ? set->sift_needs : set->needs, (uint32_t)customer,
                      n);
        if (sifts)
            sift(room, set, tally);
        else
            live(room, set, room->luck, NULL, tally);
    }
}

void ltv_workroom_finish(ltv_workroom *room, const ltv_program_set *set, ltv_tally *tally)
{
    if (set->counted && room->census.counts != NULL)
        ltv_census_tell(&room->census, &set->programs[0], room->blocks, tally);
    if (set->sifted && room->sieve.passed != NULL) {
        live_for_those_who_passed(room, set, tally);
        live_for_classes(room, set, tally);
        ltv_sieve_end_lot(&room->sieve);
    }
}

void ltv_workroom_free(ltv_workroom *room)
{
    ltv_census_free(&room->census);
    ltv_sieve_free(&room->sieve);
    for (size_t a = 0; a < room->n_blocks; a++)
        ltv_block_free(&room->blocks[a]);
    free(room->luck);
    free(room->blocks);
    *room = (ltv_workroom){0};
}

ltv_status ltv_workroom_check(const ltv_tally *tally, ltv_error *err)
{
    if (tally->overflow)
        return ltv_fail(err, LTV_ERR_OVERFLOW,
                        "the LTV of some customer is too large to be held exactly: state "
                        "amounts in thousands or shorten the horizon");
    if (ltv_tally_out_of_memory(tally))
        return ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory for what becomes of the customers");
    return LTV_OK;
}
