/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "sim/kernel/crowd_parts.h"
#include "sim/kernel/rules.h"
#include "sim/kernel/vector/vector.h"

/* What clocks that fired do to plans and add-ons. */

/* --- what is held --- */

/* What he gave up, or took up, with his present bill. */
static void give_up(ltv_crowd *crowd, uint32_t i, uint16_t plan, uint32_t add_ons)
{
    uint32_t bill = crowd->bill[i];
    if (crowd->plan[i] != plan) {
        ltv_crowd_hold(crowd, i, plan, crowd->plan_since[i], bill);
        crowd->plan_since[i] = bill;
    }
    for (uint32_t left = crowd->add_ons[i] ^ add_ons; left != 0; left &= left - 1) {
        size_t a = (size_t)__builtin_ctz(left);
        uint32_t *since = &crowd->held_since[a * LTV_BLOCK + i];
        if (add_ons >> a & 1)
            ltv_crowd_hold(crowd, i, crowd->program->n_plans + a, *since, bill);
        else
            *since = bill;
    }
}

/* He holds from the present bill on what he has now, and held these before. */
static void hold(ltv_crowd *crowd, uint32_t i, uint16_t plan, uint32_t add_ons)
{
    if (crowd->counts) {
        give_up(crowd, i, plan, add_ons);
        return;
    }
    if (crowd->n_held == crowd->held_capacity) {
        void *more =
            ltv_crowd_more_room(crowd, crowd->held, &crowd->held_capacity, sizeof *crowd->held);
        if (more == NULL)
            return;
        crowd->held = more;
    }
    crowd->held[crowd->last_held[i]].next = (uint32_t)crowd->n_held;
    crowd->last_held[i] = (uint32_t)crowd->n_held;
    crowd->held[crowd->n_held++] = (ltv_held_entry){.from = crowd->bill[i],
                                                    .add_ons = crowd->add_ons[i],
                                                    .next = LTV_NO_ENTRY,
                                                    .plan = crowd->plan[i]};
}

/* --- clocks that start --- */

void ltv_crowd_prepare_changes(ltv_crowd *crowd)
{
    const ltv_program *program = crowd->program;
    for (size_t p = 0; p < program->n_plans; p++)
        for (size_t c = 0; c < crowd->n_change_slots; c++) {
            ltv_change_clock *clock = &crowd->change_clocks[p * crowd->n_change_slots + c];
            size_t number = program->plans[p].first_change + c;
            const ltv_plan_change_program *change = &program->changes[number];
            *clock = (ltv_change_clock){.number = 0};
            if (c < program->plans[p].n_changes &&
                ltv_clock_can_fire(&change->clock, program->horizon))
                *clock = (ltv_change_clock){.fires = 1,
                                            .to = (uint16_t)change->to,
                                            .number = (uint32_t)number,
                                            .table = ltv_crowd_change_table(crowd, number),
                                            .name = change->clock.name,
                                            .purpose = ltv_purpose_of_change(change),
                                            .lever = change->lever};
        }
}

static void start_later(ltv_crowd *crowd, size_t slot, uint32_t i)
{
    crowd->starting[slot * LTV_BLOCK + crowd->n_starting[slot]++] = i;
}

/* With running programmes. */
static inline double multiplier(const ltv_crowd *crowd, uint32_t i, ltv_lever lever)
{
    double times = crowd->kind[i]->times.on[lever];
    return crowd->others_change ? ltv_crowd_times(crowd, i, lever, times) : times;
}

/* The clock of an add-on that he has not, or has. */
static void start_add_on(ltv_crowd *crowd, size_t a, uint32_t i)
{
    bool held = crowd->add_ons[i] >> a & 1;
    const ltv_add_on_program *add_on = &crowd->program->add_ons[a];
    const ltv_clock_table *clock = held ? &add_on->drop : &add_on->attach;
    const ltv_kept_luck *kept = &crowd->block->kept;
    size_t number = crowd->program->n_plans + 2 * a + held;
    ltv_crowd_stop_clocks(crowd, LTV_SLOT_ADD_ONS + a, &i, 1);
    if (!ltv_clock_can_fire(clock, crowd->program->horizon))
        return;
    uint32_t table = ltv_crowd_add_on_table(crowd, a, held);
    double times = multiplier(crowd, i, held ? LTV_LEVER_DROP : LTV_LEVER_ATTACH);
    const double *column = held ? kept->drop[a] : kept->attach[a];
    uint32_t occurrence = crowd->times_taken[number * LTV_BLOCK + i]++ + !held;
    if (column != NULL && occurrence == 0)
        ltv_crowd_start_clock(crowd, LTV_SLOT_ADD_ONS + a, i, table, times, column[i]);
    else
        ltv_crowd_start_unread(crowd, LTV_SLOT_ADD_ONS + a, i, table, times,
                               &(ltv_clock_address){clock->name,
                                                    held ? LTV_PURPOSE_DROP : LTV_PURPOSE_ATTACH,
                                                    occurrence});
}

/* Clocks of a slot for plan changes whose heads do not say when they fire, or that start again:
 * budget `occurrence[i]` of customer i. */
static void start_unread(ltv_crowd *crowd, size_t slot, const uint32_t *of, uint32_t n,
                         const uint32_t occurrence[LTV_BLOCK])
{
    const ltv_change_clock *clocks = crowd->change_clocks + (slot - crowd->first_change_slot);
    const ltv_clock_queue unread = ltv_crowd_unread_for(crowd, n);
    size_t queued = unread.n;
    for (uint32_t j = 0; j < n; j++) {
        uint32_t i = of[j];
        const ltv_change_clock *clock = &clocks[crowd->plan[i] * crowd->n_change_slots];
        const double *column = crowd->block->kept.change[clock->number];
        double times = multiplier(crowd, i, clock->lever);
        if (column != NULL && occurrence[i] == 0 && clock->fires) {
            ltv_crowd_start_clock(crowd, slot, i, clock->table, times, column[i]);
            continue;
        }
        if (crowd->others_change && clock->fires)
            ltv_crowd_set_clock(crowd, slot, i, clock->table, times, 1);
        ltv_crowd_put_unread(&unread, queued, slot, i, crowd, clock->table, times,
                             &(ltv_clock_address){clock->name, clock->purpose, occurrence[i]});
        queued += clock->fires; /* else there is no clock, and the next one takes its place */
    }
    crowd->unread.n = queued;
}

/* All clocks of the plans that some customers have from their present bills on. As often as
 * somebody had that plan before, each of them has read a budget of its own. */
static void start_changes(ltv_crowd *crowd, const uint32_t *of, uint32_t n)
{
    uint32_t occurrence[LTV_BLOCK], unread[LTV_BLOCK];
    for (uint32_t j = 0; j < n; j++) {
        uint32_t i = of[j], plan = crowd->plan[i];
        uint16_t *times_taken = &crowd->times_taken[plan * LTV_BLOCK + i];
        occurrence[i] = (*times_taken)++ + (plan == crowd->first_plan[i]);
    }
    for (size_t slot = crowd->first_change_slot; slot < crowd->n_slots; slot++) {
        uint32_t n_unread =
            ltv_crowd_start_changes_by_heads(crowd, slot, of, n, occurrence, unread);
        start_unread(crowd, slot, unread, n_unread, occurrence);
    }
}

void ltv_crowd_start_clocks(ltv_crowd *crowd)
{
    size_t changes = crowd->first_change_slot;
    for (size_t slot = LTV_SLOT_ADD_ONS; slot < changes; slot++)
        for (uint32_t j = 0; j < crowd->n_starting[slot]; j++)
            start_add_on(crowd, slot - LTV_SLOT_ADD_ONS, crowd->starting[slot * LTV_BLOCK + j]);
    if (crowd->n_starting[changes] > 0)
        start_changes(crowd, crowd->starting + changes * LTV_BLOCK, crowd->n_starting[changes]);
    memset(crowd->n_starting, 0, (changes + 1) * sizeof *crowd->n_starting);
}

static bool all_are_quiet(const ltv_crowd *crowd)
{
    return crowd->quiet == ((uint32_t)1 << crowd->program->n_add_ons) - 1;
}

/* --- what happens in a period --- */

/* Those whose clock in a slot has fired before their present bill. */
static uint32_t find_fired(const ltv_crowd *crowd, size_t slot, const uint32_t *of, uint32_t n,
                           uint32_t fired[LTV_BLOCK])
{
    const uint32_t *fires = crowd->clocks.fires + ltv_crowd_place(slot, 0);
    uint32_t found = 0;
    for (uint32_t j = 0; j < n; j++) {
        uint32_t i = of[j];
        fired[found] = i;
        found += fires[i] + 1 == crowd->bill[i];
    }
    return found;
}

/* Change c of the plan that he has; who changed it in this round is past that: the first change
 * that fired counts. */
static void change_plan(ltv_crowd *crowd, size_t c, uint32_t i)
{
    const ltv_program *program = crowd->program;
    if (crowd->term_began[i] == crowd->bill[i])
        return;
    crowd->plan[i] = (uint16_t)program->changes[program->plans[crowd->plan[i]].first_change + c].to;
    crowd->term_began[i] = crowd->bill[i];
    if (crowd->bill[i] < program->horizon)
        start_later(crowd, crowd->first_change_slot, i); /* and in all slots after it */
}

/* The place, among those of their plans, of the first change that has fired of each; some plan has
 * one. */
static void find_places(const ltv_crowd *crowd, const uint32_t *of, uint32_t n,
                        uint32_t place[LTV_BLOCK])
{
    uint32_t last = (uint32_t)crowd->n_change_slots - 1;
    for (uint32_t j = 0; j < n; j++)
        place[j] = last;
    for (uint32_t c = last; c-- > 0;) {
        const uint32_t *fires =
            crowd->clocks.fires + ltv_crowd_place(crowd->first_change_slot + c, 0);
        for (uint32_t j = 0; j < n; j++)
            place[j] = fires[of[j]] + 1 == crowd->bill[of[j]] ? c : place[j];
    }
}

/* Where customers are counted and no add-on matters, one of the plan changes of each has fired, and
 * all that follows is done in one go. */
static void change_plans(ltv_crowd *crowd, const uint32_t *of, uint32_t n)
{
    const ltv_change_clock *clocks = crowd->change_clocks;
    const double *churn = crowd->first_churn; /* no add-on changes it */
    size_t n_plans = crowd->program->n_plans, n_slots = crowd->n_change_slots;
    size_t n_kinds = crowd->program->n_kinds;
    uint32_t place[LTV_BLOCK], horizon = crowd->program->horizon, n_starting = 0;
    uint32_t *starting = crowd->starting + crowd->first_change_slot * LTV_BLOCK;
    ltv_crowd_make_room_to_hold(crowd, n);
    ltv_held *held = crowd->holdings + crowd->n_holdings;
    find_places(crowd, of, n, place);
    for (uint32_t j = 0; j < n; j++) {
        uint32_t i = of[j], bill = crowd->bill[i], before = crowd->plan[i];
        uint16_t after = clocks[before * n_slots + place[j]].to;
        size_t kind = n_kinds > 1 ? (size_t)(crowd->kind[i] - crowd->program->kinds) : 0;
        held[j] = ltv_crowd_holding(crowd, i, before, crowd->plan_since[i], bill);
        crowd->plan[i] = after;
        crowd->plan_since[i] = crowd->term_began[i] = bill;
        crowd->steady_churn[i] = crowd->cured[i] ? 0 : churn[kind * n_plans + after];
        starting[n_starting] = i;
        n_starting += bill < horizon;
    }
    crowd->n_holdings += n;
    crowd->n_starting[crowd->first_change_slot] = n_starting;
}

/* What clocks that fired do to the plans and the add-ons of some who live on. Each step is taken by
 * all whom it concerns, one after the other, since nobody can foresee who is concerned. */
void ltv_crowd_change(ltv_crowd *crowd, const uint32_t *of, uint32_t n)
{
    uint32_t fired[LTV_BLOCK], add_ons[LTV_BLOCK], n_fired;
    uint16_t plan[LTV_BLOCK];
    if (n > 0 && crowd->counts && all_are_quiet(crowd)) {
        change_plans(crowd, of, n);
        return;
    }
    for (uint32_t j = 0; j < n; j++) {
        plan[j] = crowd->plan[of[j]];
        add_ons[j] = crowd->add_ons[of[j]];
    }
    for (size_t slot = crowd->first_change_slot; slot < crowd->n_slots; slot++) {
        n_fired = find_fired(crowd, slot, of, n, fired);
        for (uint32_t f = 0; f < n_fired; f++)
            change_plan(crowd, slot - crowd->first_change_slot, fired[f]);
    }
    for (size_t a = 0; a < crowd->program->n_add_ons; a++) {
        n_fired = ltv_crowd_is_quiet(crowd, a)
                      ? 0
                      : find_fired(crowd, LTV_SLOT_ADD_ONS + a, of, n, fired);
        for (uint32_t f = 0; f < n_fired; f++) {
            crowd->add_ons[fired[f]] ^= 1u << a;
            if (crowd->bill[fired[f]] < crowd->program->horizon)
                start_later(crowd, LTV_SLOT_ADD_ONS + a, fired[f]);
        }
    }
    for (uint32_t j = 0; j < n; j++) {
        uint32_t i = of[j];
        if (plan[j] == crowd->plan[i] && add_ons[j] == crowd->add_ons[i])
            continue;
        if (!crowd->cured[i])
            crowd->steady_churn[i] =
                ltv_steady_churn(crowd->program, crowd->kind[i], crowd->plan[i], crowd->add_ons[i]);
        hold(crowd, i, plan[j], add_ons[j]);
    }
}

/* --- add-ons that wait --- */

uint32_t ltv_crowd_quiet_add_ons(const ltv_program *program)
{
    uint32_t quiet = 0;
    for (size_t a = 0; a < program->n_add_ons; a++)
        quiet |= (uint32_t)(program->components[program->n_plans + a].churn == 1) << a;
    return quiet;
}

/* Whether the clock of a slot fires while he lives. */
static inline uint32_t lives_to_see(const ltv_crowd *crowd, const uint32_t *fires, uint32_t i)
{
    return fires[i] < crowd->ends_before[i] - 1;
}

/* Those of some customers who live to see it. */
static uint32_t find_who_lives_to_see(const ltv_crowd *crowd, const uint32_t *fires,
                                      const uint32_t *of, uint32_t n, uint32_t list[LTV_BLOCK])
{
    uint32_t found = 0;
    for (uint32_t j = 0; j < n; j++) {
        list[found] = of[j];
        found += lives_to_see(crowd, fires, of[j]);
    }
    return found;
}

/* Add-on a comes or goes with the bills after its clocks have fired. */
static void restart_add_on(ltv_crowd *crowd, size_t a, const uint32_t *of, uint32_t n,
                           uint32_t at[LTV_BLOCK])
{
    uint32_t *fires = crowd->clocks.fires + ltv_crowd_place(LTV_SLOT_ADD_ONS + a, 0);
    for (uint32_t j = 0; j < n; j++) {
        uint32_t i = of[j];
        at[i] = crowd->bill[i] = fires[i] + 1;
        crowd->add_ons[i] ^= 1u << a;
        fires[i] = LTV_NEVER; /* and stays so at the horizon */
        if (at[i] < crowd->program->horizon)
            start_add_on(crowd, a, i);
    }
    ltv_crowd_look_at_queues(crowd);
}

/* All that happens to add-on a, which concerns nothing else, in the lives of everybody. */
static void come_and_go(ltv_crowd *crowd, size_t a)
{
    const ltv_program *program = crowd->program;
    size_t slot = LTV_SLOT_ADD_ONS + a;
    uint32_t component = (uint32_t)(program->n_plans + a);
    const uint32_t *fires = crowd->clocks.fires + ltv_crowd_place(slot, 0);
    bool goes = ltv_clock_can_fire(&program->add_ons[a].drop, program->horizon);
    uint32_t list[LTV_BLOCK], since[LTV_BLOCK], until[LTV_BLOCK];
    uint8_t sees[LTV_BLOCK];
    for (uint32_t i = 0; i < crowd->block->n; i++)
        sees[i] = (uint8_t)lives_to_see(crowd, fires, i);
    uint32_t n = ltv_vector_in_use->find(sees, crowd->block->n, list);
    ltv_crowd_make_room_to_hold(crowd, n);
    for (uint32_t j = 0; !goes && j < n; j++)
        crowd->holdings[crowd->n_holdings++] = ltv_crowd_holding(
            crowd, list[j], component, fires[list[j]] + 1, crowd->ends_before[list[j]]);
    while (goes && n > 0) {
        uint32_t gone[LTV_BLOCK];
        restart_add_on(crowd, a, list, n, since);
        for (uint32_t j = 0; j < n; j++)
            until[list[j]] = crowd->ends_before[list[j]];
        uint32_t n_gone = find_who_lives_to_see(crowd, fires, list, n, gone);
        restart_add_on(crowd, a, gone, n_gone, until);
        for (uint32_t j = 0; j < n; j++)
            ltv_crowd_hold(crowd, list[j], component, since[list[j]], until[list[j]]);
        n = find_who_lives_to_see(crowd, fires, gone, n_gone, list);
    }
}

/* Other add-ons that somebody holds until he leaves. */
static void give_up_the_rest(ltv_crowd *crowd)
{
    if (all_are_quiet(crowd))
        return;
    for (uint32_t i = 0; i < crowd->block->n; i++)
        for (uint32_t left = crowd->add_ons[i] & ~crowd->quiet; left != 0; left &= left - 1) {
            size_t a = (size_t)__builtin_ctz(left);
            ltv_crowd_hold(crowd, i, crowd->program->n_plans + a,
                           crowd->held_since[a * LTV_BLOCK + i], crowd->ends_before[i]);
        }
}

void ltv_crowd_end_holdings(ltv_crowd *crowd)
{
    for (size_t a = 0; a < crowd->program->n_add_ons; a++)
        if (ltv_crowd_is_quiet(crowd, a))
            come_and_go(crowd, a);
    give_up_the_rest(crowd);
}
