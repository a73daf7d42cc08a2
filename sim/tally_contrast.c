/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/tally_parts.h"

#include <stdlib.h>

bool ltv_contrast_tally_init(ltv_contrast_tally *contrast, ltv_contrast of,
                             const ltv_scenario *scenario)
{
    const ltv_arm *arm = &scenario->arms[of.arm], *against = &scenario->arms[of.against];
    *contrast = (ltv_contrast_tally){.arm = of.arm,
                                     .against = of.against,
                                     .n_cells = arm->n_channels * arm->n_segments,
                                     .least = INT64_MAX,
                                     .most = INT64_MIN};
    for (size_t k = 0; k < arm->n_interventions; k++)
        if (!ltv_arm_has_intervention(against, arm->interventions[k].name))
            contrast->own_programmes |= (uint64_t)1 << k;
    contrast->cells = calloc(contrast->n_cells, sizeof *contrast->cells);
    return contrast->cells != NULL;
}

static int difference_of_paying(const ltv_block *arm, const ltv_block *against, uint32_t i,
                                uint32_t bill)
{
    return ltv_block_pays(arm, i, bill) - ltv_block_pays(against, i, bill);
}

/* The bill at which one of these programmes first contacts him; LTV_NEVER. */
static uint32_t first_contact(const ltv_block *block, uint32_t i, uint64_t programmes)
{
    uint32_t first = LTV_NEVER;
    for (; programmes != 0; programmes &= programmes - 1) {
        uint32_t bill = block->first_contact[__builtin_ctzll(programmes) * LTV_BLOCK + i];
        first = bill < first ? bill : first;
    }
    return first;
}

/* Whether those whom one of the arm's own programmes contacts are saved, place by place. */
static void follow_contacts(ltv_contrast_tally *contrast, const ltv_program *program,
                            ltv_tally_room *room, const ltv_block *arm, const ltv_block *against)
{
    uint32_t last = program->horizon - program->one_year;
    ltv_money *saved = room->figure[0];
    for (uint32_t i = 0; i < arm->n; i++) {
        uint32_t contact = first_contact(arm, i, contrast->own_programmes);
        bool is_seen = contact <= last;
        contrast->followed += is_seen;
        contrast->not_followed += !is_seen && contact != LTV_NEVER;
        saved[i] = is_seen ? difference_of_paying(arm, against, i, contact + program->one_year) : 0;
    }
    ltv_moments_add_all(&contrast->saved, saved, arm->n);
}

static void add_retention(ltv_contrast_tally *contrast, const ltv_program *program,
                          ltv_tally_room *room, const ltv_block *arm, const ltv_block *against)
{
    if (program->one_year > program->horizon)
        return;
    ltv_money *difference = room->figure[0];
    for (uint32_t i = 0; i < arm->n; i++)
        difference[i] = arm->pays_one_year_on[i] - against->pays_one_year_on[i];
    ltv_moments_add_all(&contrast->pays_one_year_on, difference, arm->n);
    if (contrast->own_programmes != 0)
        follow_contacts(contrast, program, room, arm, against);
}

static void add_saves(ltv_contrast_tally *contrast, ltv_tally_room *room, const ltv_block *arm,
                      const ltv_block *against)
{
    ltv_money *difference = room->figure[0];
    for (uint32_t i = 0; i < arm->n; i++)
        difference[i] = (ltv_money)arm->saves[i] - (ltv_money)against->saves[i];
    ltv_moments_add_all(&contrast->saves, difference, arm->n);
}

/* Most that rounding can make of the value of one customer in both arms, in quanta: each stretch
 * is rounded once for what is paid and twice for what is given away; of those who are counted
 * nothing is rounded. */
static ltv_money room_for_rounding(const ltv_block *arm, const ltv_block *against, uint32_t i)
{
    size_t n, m;
    ltv_block_stretches(arm, i, &n);
    ltv_block_stretches(against, i, &m);
    return n + m > 2 ? (ltv_money)(2 * (n + m)) : 0;
}

/* The difference that the arm makes to each customer, at the places of the room. */
static void measure(ltv_contrast_tally *contrast, ltv_tally_room *room, const ltv_arm_room *own,
                    const ltv_block *arm, const ltv_block *against, bool *overflow)
{
    ltv_money least = contrast->least, most = contrast->most;
    for (uint32_t place = 0; place < arm->n; place++) {
        uint32_t i = own->customer[place];
        ltv_money delta = arm->ltv[i] - against->ltv[i], both;
        ltv_money cost = arm->programme_cost[i] - against->programme_cost[i];
        if (__builtin_add_overflow(delta, cost, &both)) {
            *overflow = true;
            both = 0;
        }
        room->figure[LTV_DELTA_LTV][place] = delta;
        room->figure[LTV_DELTA_COST][place] = cost;
        room->figure[LTV_DELTA_BOTH][place] = both;
        ltv_widen(&least, &most, delta, delta);
    }
    contrast->least = least;
    contrast->most = most;
}

/* Who costs more and pays as many bills is listed first: nobody can foresee who that is. */
static void add_deadweight(ltv_contrast_tally *contrast, const ltv_tally_room *room,
                           const ltv_arm_room *own, const ltv_block *arm, const ltv_block *against)
{
    uint32_t list[LTV_BLOCK], n = 0;
    for (uint32_t place = 0; place < arm->n; place++) {
        uint32_t i = own->customer[place];
        list[n] = place;
        n += (room->figure[LTV_DELTA_COST][place] > 0) & (arm->bills[i] == against->bills[i]);
    }
    for (uint32_t l = 0; l < n; l++) {
        ltv_money limit = room_for_rounding(arm, against, own->customer[list[l]]);
        ltv_money both = room->figure[LTV_DELTA_BOTH][list[l]];
        if (-limit <= both && both <= limit)
            contrast->deadweight += room->figure[LTV_DELTA_COST][list[l]];
    }
}

void ltv_contrast_tally_add(ltv_contrast_tally *contrast, const ltv_program *programs,
                            const ltv_block *blocks, ltv_tally_room *room, bool *overflow)
{
    const ltv_block *arm = &blocks[contrast->arm], *against = &blocks[contrast->against];
    const ltv_arm_room *own = &room->arms[contrast->arm];
    measure(contrast, room, own, arm, against, overflow);
    add_deadweight(contrast, room, own, arm, against);
    ltv_sketch_add_all(&contrast->distribution, room->figure[LTV_DELTA_LTV], arm->n);
    for (size_t cell = 0; cell < own->n_cells; cell++) {
        size_t first = own->start[cell], n = own->start[cell + 1] - first;
        for (int delta = 0; n > 0 && delta < LTV_DELTAS; delta++)
            ltv_moments_add_all(&contrast->cells[cell][delta], room->figure[delta] + first, n);
    }
    add_retention(contrast, &programs[contrast->arm], room, arm, against);
    add_saves(contrast, room, arm, against);
}

void ltv_contrast_tally_merge(ltv_contrast_tally *into, const ltv_contrast_tally *from)
{
    for (size_t i = 0; i < into->n_cells; i++)
        for (int delta = 0; delta < LTV_DELTAS; delta++)
            ltv_moments_merge(&into->cells[i][delta], &from->cells[i][delta]);
    ltv_sketch_merge(&into->distribution, &from->distribution);
    ltv_widen(&into->least, &into->most, from->least, from->most);
    ltv_moments_merge(&into->saved, &from->saved);
    into->followed += from->followed;
    into->not_followed += from->not_followed;
    ltv_moments_merge(&into->pays_one_year_on, &from->pays_one_year_on);
    ltv_moments_merge(&into->saves, &from->saves);
    into->deadweight += from->deadweight;
}

void ltv_contrast_tally_free(ltv_contrast_tally *contrast)
{
    free(contrast->cells);
    ltv_sketch_free(&contrast->distribution);
    *contrast = (ltv_contrast_tally){0};
}
