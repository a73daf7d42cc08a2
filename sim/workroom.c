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
    return status;
}

void ltv_workroom_simulate(ltv_workroom *room, const ltv_program_set *set, ltv_stream stream,
                           uint64_t first, uint64_t end, ltv_tally *tally)
{
    for (uint64_t customer = first; customer < end; customer += LTV_BLOCK) {
        uint32_t n = end - customer < LTV_BLOCK ? (uint32_t)(end - customer) : LTV_BLOCK;
        if (set->counted && room->census.counts != NULL) {
            ltv_census_count(&room->census, &set->programs[0], stream, (uint32_t)customer, n,
                             room->luck, room->blocks);
            continue;
        }
        ltv_luck_fill(room->luck, stream, set->needs, (uint32_t)customer, n);
        for (size_t a = 0; a < set->n; a++) {
            size_t like = set->like[a];
            ltv_kernel_run_again(&room->blocks[a], &set->programs[a], room->luck,
                                 like < a ? &room->blocks[like] : NULL, &set->programs[like]);
        }
        ltv_tally_add(tally, set->programs, room->blocks);
    }
}

void ltv_workroom_finish(ltv_workroom *room, const ltv_program_set *set, ltv_tally *tally)
{
    if (set->counted && room->census.counts != NULL)
        ltv_census_tell(&room->census, &set->programs[0], room->blocks, tally);
}

void ltv_workroom_free(ltv_workroom *room)
{
    ltv_census_free(&room->census);
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
