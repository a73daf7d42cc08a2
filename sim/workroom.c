/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/workroom.h"

#include <stdlib.h>

#include "sim/kernel.h"

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
    return status;
}

void ltv_workroom_simulate(ltv_workroom *room, const ltv_program_set *set, ltv_stream stream,
                           uint64_t first, uint64_t end, ltv_tally *tally)
{
    for (uint64_t customer = first; customer < end; customer += LTV_BLOCK) {
        uint64_t left = end - customer;
        ltv_luck_fill(room->luck, stream, set->needs, (uint32_t)customer,
                      left < LTV_BLOCK ? (uint32_t)left : LTV_BLOCK);
        for (size_t a = 0; a < set->n; a++)
            ltv_kernel_run(&room->blocks[a], &set->programs[a], room->luck);
        ltv_tally_add(tally, set->programs, room->blocks);
    }
}

void ltv_workroom_free(ltv_workroom *room)
{
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
