/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "sim/kernel/crowd_parts.h"
#include "sim/kernel/rules.h"

/* First clocks, those that everybody has when he joins. */

/* --- which clocks there are --- */

size_t ltv_crowd_n_heads(const ltv_program *program)
{
    return LTV_FIRST_ATTACH + program->n_add_ons + program->n_changes;
}

static size_t first_change(const ltv_program *program)
{
    return LTV_FIRST_ATTACH + program->n_add_ons;
}

static ltv_first_clock first_clock(const ltv_program *program, size_t n)
{
    if (n == LTV_FIRST_INVOLUNTARY)
        return (ltv_first_clock){.lever = LTV_LEVER_INVOLUNTARY,
                                 .purpose = LTV_PURPOSE_INVOLUNTARY_CHURN,
                                 .name = LTV_UNNAMED,
                                 .cumulative = program->involuntary_hazard,
                                 .can_fire = program->involuntary};
    bool attaches = n < first_change(program);
    const ltv_plan_change_program *change =
        attaches ? NULL : &program->changes[n - first_change(program)];
    const ltv_clock_table *clock =
        attaches ? &program->add_ons[n - LTV_FIRST_ATTACH].attach : &change->clock;
    return (ltv_first_clock){.lever = attaches ? LTV_LEVER_ATTACH : change->lever,
                             .purpose =
                                 attaches ? LTV_PURPOSE_ATTACH : ltv_purpose_of_change(change),
                             .name = clock->name,
                             .cumulative = clock->cumulative,
                             .can_fire = ltv_clock_can_fire(clock, program->horizon)};
}

static uint32_t table_of(const ltv_crowd *crowd, size_t n)
{
    if (n == LTV_FIRST_INVOLUNTARY)
        return ltv_crowd_involuntary_table(crowd);
    size_t changes = first_change(crowd->program);
    return n < changes ? ltv_crowd_add_on_table(crowd, n - LTV_FIRST_ATTACH, false)
                       : ltv_crowd_change_table(crowd, n - changes);
}

ltv_slot_clocks ltv_crowd_first_clocks(const ltv_crowd *crowd, size_t slot)
{
    const ltv_program *program = crowd->program;
    ltv_slot_clocks clocks = {.n_plans = 1};
    size_t n = slot == LTV_SLOT_INVOLUNTARY ? LTV_FIRST_INVOLUNTARY
                                            : LTV_FIRST_ATTACH + slot - LTV_SLOT_ADD_ONS;
    if (slot < crowd->first_change_slot) {
        clocks.number[0] = crowd->first[n].can_fire ? (uint16_t)n : LTV_NO_CLOCK;
        return clocks;
    }
    size_t place = slot - crowd->first_change_slot;
    clocks.n_plans = program->n_plans;
    for (size_t p = 0; p < program->n_plans; p++) {
        n = first_change(program) + program->plans[p].first_change + place;
        bool is_there = place < program->plans[p].n_changes && crowd->first[n].can_fire;
        clocks.number[p] = is_there ? (uint16_t)n : LTV_NO_CLOCK;
    }
    return clocks;
}

void ltv_crowd_prepare_first(ltv_crowd *crowd)
{
    for (size_t n = 0; n < ltv_crowd_n_heads(crowd->program); n++)
        crowd->first[n] = first_clock(crowd->program, n);
    for (size_t k = 0; k < crowd->program->n_kinds; k++)
        for (size_t p = 0; p < crowd->program->n_plans; p++)
            crowd->first_churn[k * crowd->program->n_plans + p] =
                ltv_steady_churn(crowd->program, &crowd->program->kinds[k], (uint16_t)p, 0);
    ltv_crowd_prepare_ladders(crowd);
}

void ltv_crowd_keep_heads(const uint32_t **heads, const ltv_program *program, ltv_luck *luck)
{
    for (size_t n = 0; n < ltv_crowd_n_heads(program); n++) {
        ltv_first_clock clock = first_clock(program, n);
        heads[n] = clock.can_fire ? ltv_luck_heads_of(luck, clock.purpose, clock.name) : NULL;
    }
}

/* --- starting them --- */

void ltv_crowd_start_exactly(ltv_crowd *crowd, size_t slot, uint32_t i, uint16_t number)
{
    if (number == LTV_NO_CLOCK) {
        ltv_crowd_stop_clocks(crowd, slot, &i, 1);
        return;
    }
    const ltv_first_clock *clock = &crowd->first[number];
    ltv_crowd_start_unread(crowd, slot, i, table_of(crowd, number),
                           crowd->kind[i]->times.on[clock->lever],
                           &(ltv_clock_address){clock->name, clock->purpose, 0});
}

/* First budgets of clock n; NULL: they are not kept. */
static const double *budgets_of(const ltv_crowd *crowd, size_t n)
{
    if (n == LTV_FIRST_INVOLUNTARY)
        return crowd->luck->involuntary;
    const ltv_kept_luck *kept = &crowd->block->kept;
    size_t changes = first_change(crowd->program);
    return n < changes ? kept->attach[n - LTV_FIRST_ATTACH] : kept->change[n - changes];
}

static void start_by_budgets(ltv_crowd *crowd, size_t slot)
{
    ltv_slot_clocks clocks = ltv_crowd_first_clocks(crowd, slot);
    for (uint32_t i = 0; i < crowd->block->n; i++) {
        uint16_t number = ltv_crowd_first_number(crowd, &clocks, i);
        if (number == LTV_NO_CLOCK) {
            ltv_crowd_set_clock(crowd, slot, i, ltv_crowd_empty_table(crowd), 0, 1);
            continue;
        }
        const ltv_first_clock *clock = &crowd->first[number];
        ltv_crowd_set_clock(crowd, slot, i, table_of(crowd, number),
                            crowd->kind[i]->times.on[clock->lever],
                            ltv_luck_budget(crowd->luck, budgets_of(crowd, number), i, clock->name,
                                            clock->purpose, 0));
    }
    ltv_crowd_look_at_slot(crowd, slot, crowd->block->n);
}

/* First voluntary budgets of some customers; kept columns are mostly complete. */
static void find_voluntary_budgets(const ltv_crowd *crowd, const uint32_t *of, uint32_t n,
                                   double *budget)
{
    const ltv_program *program = crowd->program;
    const double *column = program->n_kinds == 1 ? crowd->block->kept.voluntary[0] : NULL;
    bool is_complete = column != NULL;
    for (uint32_t j = 0; column != NULL && j < n; j++) {
        budget[of[j]] = column[of[j]];
        is_complete &= !isnan(column[of[j]]);
    }
    for (uint32_t j = 0; !is_complete && j < n; j++)
        budget[of[j]] = ltv_first_voluntary_budget(crowd->block, program, crowd->kind[of[j]],
                                                   crowd->luck, of[j]);
}

/* Voluntary clocks of some customers. */
static void start_voluntary(ltv_crowd *crowd, const uint32_t *of, uint32_t n)
{
    size_t first = ltv_crowd_place(LTV_SLOT_VOLUNTARY, 0), n_plans = crowd->program->n_plans;
    size_t n_kinds = crowd->program->n_kinds;
    ltv_crowd_clocks *clocks = &crowd->clocks;
    for (uint32_t j = 0; j < n; j++) {
        uint32_t i = of[j];
        size_t kind = n_kinds > 1 ? (size_t)(crowd->kind[i] - crowd->program->kinds) : 0;
        double times = crowd->cured[i] ? 0 : crowd->first_churn[kind * n_plans + crowd->plan[i]];
        clocks->table[first + i] = crowd->block->segment[i];
        clocks->anchor[first + i] = 0;
        clocks->times[first + i] = crowd->steady_churn[i] = times;
    }
    find_voluntary_budgets(crowd, of, n, clocks->remaining + first);
}

/* Whether this crowd has just looked at first clocks that are the same as those of the other. */
static bool has_found_out(const ltv_crowd *crowd, const ltv_crowd *for_other)
{
    const ltv_luck *luck = for_other->luck;
    return crowd != NULL && crowd->reads_heads && crowd->first_luck > 0 &&
           crowd->first_luck == luck->number &&
           crowd->tables_number == for_other->program->tables_number;
}

static void look_at_all(ltv_crowd *crowd)
{
    uint32_t all[LTV_BLOCK];
    for (uint32_t i = 0; i < crowd->block->n; i++)
        all[i] = i;
    if (crowd->foresees) {
        ltv_crowd_foresee_leaving(crowd, all, crowd->block->n);
    } else {
        start_voluntary(crowd, all, crowd->block->n);
        ltv_crowd_look_at_slot(crowd, LTV_SLOT_VOLUNTARY, crowd->block->n);
    }
    for (size_t slot = LTV_SLOT_INVOLUNTARY; slot < crowd->n_slots; slot++)
        if (crowd->reads_heads)
            ltv_crowd_start_by_heads(crowd, slot);
        else
            start_by_budgets(crowd, slot);
    ltv_crowd_look_at_queues(crowd);
}

/* Of clocks that are looked at by heads nobody wants to know more than when they fire. */
bool ltv_crowd_start_first(ltv_crowd *crowd, const ltv_crowd *other)
{
    size_t bytes = crowd->n_slots * LTV_BLOCK * sizeof *crowd->first_fires;
    bool borrows = crowd->reads_heads && has_found_out(other, crowd);
    if (crowd->foresees)
        ltv_crowd_choose_courses(crowd);
    if (borrows) {
        if (!crowd->foresees)
            start_voluntary(crowd, crowd->member, crowd->n_members);
        memcpy(crowd->clocks.fires, other->first_fires, bytes);
    } else {
        look_at_all(crowd);
    }
    /* Who has borrowed does not lend: arms ask the one that found out. */
    if (crowd->reads_heads && !borrows)
        memcpy(crowd->first_fires, crowd->clocks.fires, bytes);
    crowd->first_luck = borrows ? 0 : crowd->luck->number;
    return borrows;
}
