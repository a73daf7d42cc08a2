/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/tally_parts.h"

#include <stdlib.h>
#include <string.h>

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

/* Customers of a cell: those to whom the arm may make a difference, and how many others there are,
 * who live in one of the two as in the other. */
typedef struct {
    int64_t all, alike;
    const int64_t *times; /* of the block; NULL: all stand for themselves alone */
    uint32_t n;
    uint16_t of[LTV_BLOCK];
} affected;

/* How many customers the one at place j of them stands for. */
static inline int64_t times_of(const affected *who, uint32_t j)
{
    return who->times != NULL ? who->times[who->of[j]] : 1;
}

static int difference_of_paying(const ltv_block *arm, const ltv_block *against, uint32_t i,
                                uint32_t bill)
{
    return ltv_block_pays(arm, i, bill) - ltv_block_pays(against, i, bill);
}

/* The bills at which one of these programmes first contacts each of those; LTV_NEVER. */
static void find_first_contacts(const ltv_block *block, const affected *who, uint64_t programmes,
                                uint32_t first[LTV_BLOCK])
{
    memset(first, 0xff, who->n * sizeof *first); /* LTV_NEVER */
    for (; programmes != 0; programmes &= programmes - 1) {
        const uint32_t *bill = block->first_contact + __builtin_ctzll(programmes) * LTV_BLOCK;
        for (uint32_t j = 0; j < who->n; j++)
            first[j] = bill[who->of[j]] < first[j] ? bill[who->of[j]] : first[j];
    }
}

/* Adds numbers of those who are affected; the others' are 0. */
static void add_numbers(ltv_moments *moments, const ltv_money *numbers, const affected *who)
{
    if (who->times == NULL)
        ltv_moments_add_all(moments, numbers, who->n);
    for (uint32_t j = 0; who->times != NULL && j < who->n; j++)
        ltv_moments_add_times(moments, numbers[j], times_of(who, j));
    moments->n += who->alike;
}

/* Whether those whom one of the arm's own programmes contacts are saved. */
static void follow_contacts(ltv_contrast_tally *contrast, const ltv_program *program,
                            ltv_tally_room *room, const ltv_block *arm, const ltv_block *against,
                            const affected *who)
{
    uint32_t last = program->horizon - program->one_year, contact[LTV_BLOCK];
    int64_t seen = 0, others = 0;
    ltv_money *saved = room->figure[0];
    find_first_contacts(arm, who, contrast->own_programmes, contact);
    for (uint32_t j = 0; j < who->n; j++) {
        bool is_seen = contact[j] <= last;
        seen += is_seen ? times_of(who, j) : 0;
        others += !is_seen && contact[j] != LTV_NEVER ? times_of(who, j) : 0;
        saved[j] =
            is_seen ? difference_of_paying(arm, against, who->of[j], contact[j] + program->one_year)
                    : 0;
    }
    contrast->followed += seen;
    contrast->not_followed += others;
    add_numbers(&contrast->saved, saved, who);
}

static void add_retention(ltv_contrast_tally *contrast, const ltv_program *program,
                          ltv_tally_room *room, const ltv_block *arm, const ltv_block *against,
                          const affected *who)
{
    if (program->one_year > program->horizon)
        return;
    ltv_money *difference = room->figure[0];
    for (uint32_t j = 0; j < who->n; j++)
        difference[j] = arm->pays_one_year_on[who->of[j]] - against->pays_one_year_on[who->of[j]];
    add_numbers(&contrast->pays_one_year_on, difference, who);
    if (contrast->own_programmes != 0)
        follow_contacts(contrast, program, room, arm, against, who);
}

/* Whether programmes of an arm avert cancellations or payment failures. */
static bool saves_anybody(const ltv_program *program)
{
    return (program->of_kind[LTV_WHEN_CHURN_INTENT] | program->of_kind[LTV_WHEN_PAYMENT_FAILURE]) !=
           0;
}

static void add_saves(ltv_contrast_tally *contrast, const ltv_program *programs,
                      ltv_tally_room *room, const ltv_block *arm, const ltv_block *against,
                      const affected *who)
{
    ltv_money *difference = room->figure[0];
    if (!saves_anybody(&programs[contrast->arm]) && !saves_anybody(&programs[contrast->against])) {
        contrast->saves.n += who->all;
        return;
    }
    for (uint32_t j = 0; j < who->n; j++)
        difference[j] = (ltv_money)arm->saves[who->of[j]] - (ltv_money)against->saves[who->of[j]];
    add_numbers(&contrast->saves, difference, who);
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

/* The difference that the arm makes to each of those who are affected. */
static void measure(ltv_contrast_tally *contrast, ltv_tally_room *room, const ltv_block *arm,
                    const ltv_block *against, const affected *who, bool *overflow)
{
    ltv_money least = contrast->least, most = contrast->most;
    if (who->alike > 0)
        ltv_widen(&least, &most, 0, 0);
    for (uint32_t j = 0; j < who->n; j++) {
        uint32_t i = who->of[j];
        ltv_money delta = arm->ltv[i] - against->ltv[i], both;
        ltv_money cost = arm->programme_cost[i] - against->programme_cost[i];
        if (__builtin_add_overflow(delta, cost, &both)) {
            *overflow = true;
            both = 0;
        }
        room->figure[LTV_DELTA_LTV][j] = delta;
        room->figure[LTV_DELTA_COST][j] = cost;
        room->figure[LTV_DELTA_BOTH][j] = both;
        ltv_widen(&least, &most, delta, delta);
    }
    contrast->least = least;
    contrast->most = most;
}

/* Who costs more, or less, and pays as many bills is listed first: nobody can foresee who that is.
 * Costs that both arms have cancel out. */
static void add_deadweight(ltv_contrast_tally *contrast, const ltv_tally_room *room,
                           const ltv_block *arm, const ltv_block *against, const affected *who)
{
    uint32_t list[LTV_BLOCK], n = 0;
    for (uint32_t j = 0; j < who->n; j++) {
        uint32_t i = who->of[j];
        list[n] = j;
        n += (room->figure[LTV_DELTA_COST][j] != 0) & (arm->bills[i] == against->bills[i]);
    }
    for (uint32_t l = 0; l < n; l++) {
        ltv_money limit = room_for_rounding(arm, against, who->of[list[l]]);
        ltv_money both = room->figure[LTV_DELTA_BOTH][list[l]];
        if (-limit <= both && both <= limit)
            contrast->deadweight +=
                (__int128)room->figure[LTV_DELTA_COST][list[l]] * times_of(who, list[l]);
    }
}

static void add_to_distribution(ltv_sketch *sketch, const ltv_money *differences,
                                const affected *who)
{
    if (who->times == NULL)
        ltv_sketch_add_all(sketch, differences, who->n);
    for (uint32_t j = 0; who->times != NULL && j < who->n; j++)
        ltv_sketch_add(sketch, differences[j], times_of(who, j));
    if (who->alike > 0)
        ltv_sketch_add(sketch, 0, who->alike);
}

/* Parts the customers of a cell: whoever was copied from one of the two blocks into the other one,
 * or from a third one into both, lives alike. */
static void find_affected(affected *who, const uint16_t *customers, uint32_t n,
                          const ltv_block *arm, const ltv_block *against)
{
    bool from_it = arm->copied_from == against, from_arm = against->copied_from == arm;
    bool from_third = arm->copied_from != NULL && arm->copied_from == against->copied_from;
    const bool *one = from_arm ? against->is_copied : arm->is_copied;
    const bool *other = from_third ? against->is_copied : one;
    uint32_t found = 0, any = from_it | from_arm | from_third;
    for (uint32_t j = 0; j < n; j++) {
        uint16_t i = customers[j];
        uint32_t alike = any & one[i] & other[i];
        who->of[found] = i;
        found += alike ^ 1;
    }
    who->n = found;
    who->times = arm->times;
    who->all = n;
    who->alike = n - found;
    if (arm->times == NULL)
        return;
    who->all = who->alike = 0;
    for (uint32_t j = 0; j < n; j++)
        who->all += arm->times[customers[j]];
    for (uint32_t j = 0; j < found; j++)
        who->alike -= times_of(who, j);
    who->alike += who->all;
}

void ltv_contrast_tally_add(ltv_contrast_tally *contrast, const ltv_program *programs,
                            const ltv_block *blocks, ltv_tally_room *room, bool *overflow)
{
    const ltv_block *arm = &blocks[contrast->arm], *against = &blocks[contrast->against];
    const ltv_arm_room *own = &room->arms[contrast->arm];
    affected who;
    for (size_t cell = 0; cell < own->n_cells; cell++) {
        uint32_t first = own->start[cell], n = own->start[cell + 1] - first;
        if (n == 0)
            continue;
        find_affected(&who, own->customer + first, n, arm, against);
        measure(contrast, room, arm, against, &who, overflow);
        add_deadweight(contrast, room, arm, against, &who);
        add_to_distribution(&contrast->distribution, room->figure[LTV_DELTA_LTV], &who);
        for (int delta = 0; delta < LTV_DELTAS; delta++)
            add_numbers(&contrast->cells[cell][delta], room->figure[delta], &who);
        add_retention(contrast, &programs[contrast->arm], room, arm, against, &who);
        add_saves(contrast, programs, room, arm, against, &who);
    }
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
