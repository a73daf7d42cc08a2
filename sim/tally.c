/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/tally_parts.h"

#include <stdlib.h>

/* --- room for a block --- */

static ltv_tally_room *new_room(const ltv_program *programs, size_t n_arms)
{
    ltv_tally_room *room = calloc(1, sizeof *room);
    if (room == NULL)
        return NULL;
    room->flows = calloc((size_t)programs[0].horizon + 2, sizeof *room->flows);
    room->arms = calloc(n_arms, sizeof *room->arms);
    bool ok = room->flows != NULL && room->arms != NULL;
    for (size_t a = 0; ok && a < n_arms; a++) {
        ltv_arm_room *own = &room->arms[room->n_arms++];
        own->n_cells = programs[a].n_channels * programs[a].n_segments;
        own->start = calloc(own->n_cells + 1, sizeof *own->start);
        ok = own->start != NULL;
        for (uint32_t i = 0; i < LTV_BLOCK; i++)
            own->customer[i] = (uint16_t)i;
    }
    return room; /* with room->n_arms < n_arms, or a NULL in it, where memory was short */
}

static bool is_complete(const ltv_tally_room *room, size_t n_arms)
{
    return room != NULL && room->flows != NULL && room->n_arms == n_arms &&
           (n_arms == 0 || room->arms[n_arms - 1].start != NULL);
}

static void free_room(ltv_tally_room *room)
{
    if (room == NULL)
        return;
    for (size_t a = 0; a < room->n_arms; a++)
        free(room->arms[a].start);
    free(room->arms);
    free(room->flows);
    free(room);
}

/* By counting: how many each cell has, where it begins, and who goes there. */
static void put_in_order(ltv_arm_room *own, const ltv_program *program, const ltv_block *block)
{
    uint32_t *start = own->start, before = 0;
    if (own->n_cells == 1) { /* in which everybody has his own place */
        start[1] = block->n;
        return;
    }
    for (size_t c = 0; c <= own->n_cells; c++)
        start[c] = 0;
    for (uint32_t i = 0; i < block->n; i++)
        start[ltv_block_cell(block, program, i)]++;
    for (size_t c = 0; c <= own->n_cells; c++) {
        uint32_t here = start[c];
        start[c] = before;
        before += here;
    }
    for (uint32_t i = 0; i < block->n; i++)
        own->customer[start[ltv_block_cell(block, program, i)]++] = (uint16_t)i;
    for (size_t c = own->n_cells; c > 0; c--) /* each has moved on to where the next begins */
        start[c] = start[c - 1];
    start[0] = 0;
}

/* --- the tally --- */

ltv_status ltv_tally_init(ltv_tally *tally, const ltv_scenario *scenario,
                          const ltv_program *programs, ltv_error *err)
{
    size_t n_arms = scenario->n_arms, n_contrasts = scenario->n_contrasts;
    *tally = (ltv_tally){.arms = calloc(n_arms, sizeof *tally->arms),
                         .contrasts = calloc(n_contrasts + 1, sizeof *tally->contrasts)};
    bool ok = tally->arms != NULL && tally->contrasts != NULL;
    for (size_t a = 0; ok && a < n_arms; a++)
        ok = ltv_arm_tally_init(&tally->arms[tally->n_arms++], &programs[a]);
    for (size_t i = 0; ok && i < n_contrasts; i++)
        ok = ltv_contrast_tally_init(&tally->contrasts[tally->n_contrasts++],
                                     scenario->contrasts[i], scenario);
    return ok ? LTV_OK
              : ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory to count the customers of %zu arms",
                         n_arms);
}

static size_t n_outlines(const ltv_tally *tally)
{
    return ltv_outline_of_contrast(tally->n_arms, tally->n_contrasts);
}

ltv_status ltv_tally_count_outlines(ltv_tally *tally, ltv_error *err)
{
    tally->outlines = calloc(n_outlines(tally), sizeof *tally->outlines);
    return tally->outlines != NULL
               ? LTV_OK
               : ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory for the distributions of draws");
}

static void add_outlines(ltv_tally *tally, const ltv_block *blocks)
{
    for (size_t a = 0; a < tally->n_arms; a++) {
        ltv_outline *gross = &tally->outlines[ltv_outline_of_arm(a, false)];
        ltv_outline *net = &tally->outlines[ltv_outline_of_arm(a, true)];
        for (uint32_t i = 0; i < blocks[a].n; i++) {
            uint32_t times = (uint32_t)ltv_block_times(&blocks[a], i);
            gross->counts[ltv_outline_bin(blocks[a].ltv[i])] += times;
            net->counts[ltv_outline_bin(blocks[a].ltv[i] - blocks[a].cac[i])] += times;
        }
    }
    for (size_t c = 0; c < tally->n_contrasts; c++) {
        ltv_outline *outline = &tally->outlines[ltv_outline_of_contrast(tally->n_arms, c)];
        const ltv_block *arm = &blocks[tally->contrasts[c].arm];
        const ltv_block *against = &blocks[tally->contrasts[c].against];
        for (uint32_t i = 0; i < arm->n; i++)
            outline->counts[ltv_outline_bin(arm->ltv[i] - against->ltv[i])] +=
                (uint32_t)ltv_block_times(arm, i);
    }
}

void ltv_tally_add(ltv_tally *tally, const ltv_program *programs, const ltv_block *blocks)
{
    bool void_block = false;
    if (tally->room == NULL)
        tally->room = new_room(programs, tally->n_arms);
    for (size_t a = 0; a < tally->n_arms; a++) {
        tally->overflow |= blocks[a].overflow;
        tally->out_of_memory |= blocks[a].out_of_memory;
        void_block |= blocks[a].out_of_memory; /* its lists have holes */
    }
    if (!is_complete(tally->room, tally->n_arms))
        tally->out_of_memory = void_block = true;
    if (void_block)
        return;
    for (size_t a = 0; a < tally->n_arms; a++) {
        ltv_arm_room *own = &tally->room->arms[a];
        put_in_order(own, &programs[a], &blocks[a]);
        ltv_arm_tally_add(&tally->arms[a], &programs[a], &blocks[a], own, tally->room,
                          &tally->overflow);
    }
    for (size_t i = 0; i < tally->n_contrasts; i++)
        ltv_contrast_tally_add(&tally->contrasts[i], programs, blocks, tally->room,
                               &tally->overflow);
    if (tally->outlines != NULL)
        add_outlines(tally, blocks);
}

void ltv_tally_merge(ltv_tally *into, const ltv_tally *from)
{
    into->overflow |= from->overflow;
    into->out_of_memory |= from->out_of_memory;
    for (size_t a = 0; a < into->n_arms; a++)
        ltv_arm_tally_merge(&into->arms[a], &from->arms[a]);
    for (size_t i = 0; i < into->n_contrasts; i++)
        ltv_contrast_tally_merge(&into->contrasts[i], &from->contrasts[i]);
    for (size_t i = 0; into->outlines != NULL && from->outlines != NULL && i < n_outlines(into);
         i++)
        ltv_outline_merge(&into->outlines[i], &from->outlines[i]);
}

static void swap_arm_distributions(ltv_arm_tally *a, ltv_arm_tally *b)
{
    ltv_spread_tally *by_segment = a->by_segment, *by_channel = a->by_channel;
    a->by_segment = b->by_segment;
    a->by_channel = b->by_channel;
    b->by_segment = by_segment;
    b->by_channel = by_channel;
}

static void swap_contrast_distributions(ltv_contrast_tally *a, ltv_contrast_tally *b)
{
    ltv_contrast_tally old = *a;
    a->distribution = b->distribution;
    a->least = b->least;
    a->most = b->most;
    b->distribution = old.distribution;
    b->least = old.least;
    b->most = old.most;
}

void ltv_tally_swap_large(ltv_tally *a, ltv_tally *b)
{
    ltv_tally_room *room = a->room;
    a->room = b->room;
    b->room = room;
    for (size_t i = 0; i < a->n_arms; i++)
        swap_arm_distributions(&a->arms[i], &b->arms[i]);
    for (size_t i = 0; i < a->n_contrasts; i++)
        swap_contrast_distributions(&a->contrasts[i], &b->contrasts[i]);
}

bool ltv_tally_out_of_memory(const ltv_tally *tally)
{
    bool out = tally->out_of_memory;
    for (size_t a = 0; a < tally->n_arms; a++)
        out |= ltv_arm_tally_out_of_memory(&tally->arms[a]);
    for (size_t i = 0; i < tally->n_contrasts; i++)
        out |= tally->contrasts[i].distribution.out_of_memory;
    return out;
}

void ltv_tally_free(ltv_tally *tally)
{
    for (size_t a = 0; a < tally->n_arms; a++)
        ltv_arm_tally_free(&tally->arms[a]);
    for (size_t i = 0; i < tally->n_contrasts; i++)
        ltv_contrast_tally_free(&tally->contrasts[i]);
    free_room(tally->room);
    free(tally->arms);
    free(tally->outlines);
    free(tally->contrasts);
    *tally = (ltv_tally){0};
}
