/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/tally.h"

#include <stdlib.h>

void ltv_spread_tally_init(ltv_spread_tally *spread)
{
    *spread = (ltv_spread_tally){
        .least = INT64_MAX, .most = INT64_MIN, .net_least = INT64_MAX, .net_most = INT64_MIN};
}

static void widen(ltv_money *least, ltv_money *most, ltv_money low, ltv_money high)
{
    *least = low < *least ? low : *least;
    *most = high > *most ? high : *most;
}

void ltv_spread_tally_merge(ltv_spread_tally *into, const ltv_spread_tally *from)
{
    ltv_sketch_merge(&into->ltv, &from->ltv);
    ltv_sketch_merge(&into->net_ltv, &from->net_ltv);
    widen(&into->least, &into->most, from->least, from->most);
    widen(&into->net_least, &into->net_most, from->net_least, from->net_most);
}

void ltv_spread_tally_free(ltv_spread_tally *spread)
{
    ltv_sketch_free(&spread->ltv);
    ltv_sketch_free(&spread->net_ltv);
}

static bool init_cell(ltv_cell_tally *cell, uint32_t horizon, bool spends_differ)
{
    size_t n = (size_t)horizon + 2;
    cell->leaves_before = calloc(n, sizeof *cell->leaves_before);
    if (spends_differ) {
        cell->spend = calloc(n, sizeof *cell->spend);
        cell->spend_squared = calloc(n, sizeof *cell->spend_squared);
    }
    return cell->leaves_before != NULL &&
           (!spends_differ || (cell->spend != NULL && cell->spend_squared != NULL));
}

static ltv_spread_tally *new_spreads(size_t n)
{
    ltv_spread_tally *spreads = calloc(n, sizeof *spreads);
    for (size_t i = 0; spreads != NULL && i < n; i++)
        ltv_spread_tally_init(&spreads[i]);
    return spreads;
}

static bool init_arm(ltv_arm_tally *arm, const ltv_program *program)
{
    size_t n_cells = program->n_channels * program->n_segments;
    *arm = (ltv_arm_tally){.n_segments = program->n_segments,
                           .n_channels = program->n_channels,
                           .horizon = program->horizon};
    arm->cells = calloc(n_cells, sizeof *arm->cells);
    arm->by_segment = new_spreads(program->n_segments);
    if (program->n_channels > 1)
        arm->by_channel = new_spreads(program->n_channels);
    bool ok = arm->cells != NULL && arm->by_segment != NULL &&
              (program->n_channels == 1 || arm->by_channel != NULL);
    for (size_t i = 0; ok && i < n_cells; i++)
        ok = init_cell(&arm->cells[i], program->horizon, program->spends_differ);
    return ok;
}

ltv_status ltv_tally_init(ltv_tally *tally, size_t n_arms, const ltv_program *programs,
                          ltv_error *err)
{
    *tally = (ltv_tally){.n_arms = n_arms};
    tally->arms = calloc(n_arms, sizeof *tally->arms);
    tally->contrasts = calloc(n_arms, sizeof *tally->contrasts);
    bool ok = tally->arms != NULL && tally->contrasts != NULL;
    for (size_t a = 0; ok && a < n_arms; a++)
        ok = init_arm(&tally->arms[a], &programs[a]);
    for (size_t a = 0; ok && a + 1 < n_arms; a++) {
        tally->contrasts[a].least = INT64_MAX;
        tally->contrasts[a].most = INT64_MIN;
    }
    return ok ? LTV_OK
              : ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory to count the customers of %zu arms",
                         n_arms);
}

static void add_to_cell(ltv_cell_tally *cell, const ltv_block *block, uint32_t i, ltv_money cac)
{
    ltv_money ltv = block->ltv[i];
    uint32_t leaves_before = block->leaves_before[i];
    ltv_moments_add(&cell->ltv, ltv);
    cell->at_least_cac += ltv >= cac;
    cell->at_least_3_cac += ltv >= 3 * cac;
    cell->leaves_before[leaves_before]++;
    if (cell->spend != NULL) {
        unsigned __int128 level = block->spend[i];
        cell->spend[leaves_before] += level;
        cell->spend_squared[leaves_before] += level * level;
    }
}

static void add_to_spread(ltv_spread_tally *spread, ltv_money ltv, ltv_money cac, bool has_cac)
{
    ltv_sketch_add(&spread->ltv, ltv);
    widen(&spread->least, &spread->most, ltv, ltv);
    if (has_cac) {
        ltv_sketch_add(&spread->net_ltv, ltv - cac);
        widen(&spread->net_least, &spread->net_most, ltv - cac, ltv - cac);
    }
}

static void add_arm(ltv_arm_tally *arm, const ltv_program *program, const ltv_block *block)
{
    bool has_cac = ltv_program_has_cac(program);
    for (uint32_t i = 0; i < block->n; i++) {
        size_t channel = block->channel[i], segment = block->segment[i];
        ltv_money cac = program->cac[channel];
        add_to_cell(&arm->cells[channel * arm->n_segments + segment], block, i, cac);
        add_to_spread(&arm->by_segment[segment], block->ltv[i], cac, has_cac);
        if (arm->by_channel != NULL)
            add_to_spread(&arm->by_channel[channel], block->ltv[i], cac, has_cac);
    }
}

static void add_contrast(ltv_contrast_tally *contrast, const ltv_block *arm,
                         const ltv_block *baseline)
{
    for (uint32_t i = 0; i < arm->n; i++) {
        ltv_money delta = arm->ltv[i] - baseline->ltv[i];
        ltv_moments_add(&contrast->delta_ltv, delta);
        ltv_sketch_add(&contrast->distribution, delta);
        widen(&contrast->least, &contrast->most, delta, delta);
    }
}

void ltv_tally_add(ltv_tally *tally, const ltv_program *programs, const ltv_block *blocks)
{
    for (size_t a = 0; a < tally->n_arms; a++) {
        tally->overflow |= blocks[a].overflow;
        add_arm(&tally->arms[a], &programs[a], &blocks[a]);
    }
    for (size_t a = 1; a < tally->n_arms; a++)
        add_contrast(&tally->contrasts[a - 1], &blocks[a], &blocks[0]);
}

static void merge_cell(ltv_cell_tally *into, const ltv_cell_tally *from, uint32_t horizon)
{
    ltv_moments_merge(&into->ltv, &from->ltv);
    into->at_least_cac += from->at_least_cac;
    into->at_least_3_cac += from->at_least_3_cac;
    for (uint32_t u = 0; u <= horizon + 1; u++)
        into->leaves_before[u] += from->leaves_before[u];
    for (uint32_t u = 0; into->spend != NULL && u <= horizon + 1; u++) {
        into->spend[u] += from->spend[u];
        into->spend_squared[u] += from->spend_squared[u];
    }
}

void ltv_tally_merge(ltv_tally *into, const ltv_tally *from)
{
    into->overflow |= from->overflow;
    for (size_t a = 0; a < into->n_arms; a++) {
        ltv_arm_tally *arm = &into->arms[a];
        const ltv_arm_tally *other = &from->arms[a];
        for (size_t i = 0; i < arm->n_channels * arm->n_segments; i++)
            merge_cell(&arm->cells[i], &other->cells[i], arm->horizon);
        for (size_t s = 0; s < arm->n_segments; s++)
            ltv_spread_tally_merge(&arm->by_segment[s], &other->by_segment[s]);
        for (size_t c = 0; arm->by_channel != NULL && c < arm->n_channels; c++)
            ltv_spread_tally_merge(&arm->by_channel[c], &other->by_channel[c]);
    }
    for (size_t a = 0; a + 1 < into->n_arms; a++) {
        ltv_contrast_tally *contrast = &into->contrasts[a];
        const ltv_contrast_tally *other = &from->contrasts[a];
        ltv_moments_merge(&contrast->delta_ltv, &other->delta_ltv);
        ltv_sketch_merge(&contrast->distribution, &other->distribution);
        widen(&contrast->least, &contrast->most, other->least, other->most);
    }
}

bool ltv_tally_out_of_memory(const ltv_tally *tally)
{
    bool out = false;
    for (size_t a = 0; a < tally->n_arms; a++) {
        const ltv_arm_tally *arm = &tally->arms[a];
        for (size_t s = 0; s < arm->n_segments; s++)
            out |= arm->by_segment[s].ltv.out_of_memory || arm->by_segment[s].net_ltv.out_of_memory;
        for (size_t c = 0; arm->by_channel != NULL && c < arm->n_channels; c++)
            out |= arm->by_channel[c].ltv.out_of_memory || arm->by_channel[c].net_ltv.out_of_memory;
        if (a > 0)
            out |= tally->contrasts[a - 1].distribution.out_of_memory;
    }
    return out;
}

static void free_arm(ltv_arm_tally *arm)
{
    for (size_t i = 0; arm->cells != NULL && i < arm->n_channels * arm->n_segments; i++) {
        free(arm->cells[i].leaves_before);
        free(arm->cells[i].spend);
        free(arm->cells[i].spend_squared);
    }
    for (size_t s = 0; arm->by_segment != NULL && s < arm->n_segments; s++)
        ltv_spread_tally_free(&arm->by_segment[s]);
    for (size_t c = 0; arm->by_channel != NULL && c < arm->n_channels; c++)
        ltv_spread_tally_free(&arm->by_channel[c]);
    free(arm->cells);
    free(arm->by_segment);
    free(arm->by_channel);
}

void ltv_tally_free(ltv_tally *tally)
{
    for (size_t a = 0; a < tally->n_arms; a++) {
        if (tally->arms != NULL)
            free_arm(&tally->arms[a]);
        if (tally->contrasts != NULL)
            ltv_sketch_free(&tally->contrasts[a].distribution);
    }
    free(tally->arms);
    free(tally->contrasts);
    *tally = (ltv_tally){0};
}
