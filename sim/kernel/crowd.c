/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/kernel/crowd_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/kernel/rules.h"
#include "sim/kernel/subscription.h"

static inline uint32_t earlier(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/* --- the room --- */

static size_t most_changes(const ltv_program *program)
{
    size_t most = 0;
    for (size_t p = 0; p < program->n_plans; p++)
        most = program->plans[p].n_changes > most ? program->plans[p].n_changes : most;
    return most;
}

static bool init_clocks(ltv_crowd_clocks *clocks, size_t n)
{
    *clocks = (ltv_crowd_clocks){.remaining = calloc(n, sizeof *clocks->remaining),
                                 .times = calloc(n, sizeof *clocks->times),
                                 .table = calloc(n, sizeof *clocks->table),
                                 .anchor = calloc(n, sizeof *clocks->anchor),
                                 .fires = calloc(n, sizeof *clocks->fires)};
    return clocks->remaining != NULL && clocks->times != NULL && clocks->table != NULL &&
           clocks->anchor != NULL && clocks->fires != NULL;
}

static bool init(ltv_crowd *crowd, const ltv_program *program, const ltv_counted *counted)
{
    crowd->n_budgets = program->n_changes + 2 * program->n_add_ons;
    crowd->stride = (size_t)program->horizon + 1;
    crowd->first_change_slot = LTV_SLOT_ADD_ONS + program->n_add_ons;
    crowd->n_slots = crowd->first_change_slot + most_changes(program);
    crowd->first_attach = program->n_changes;
    crowd->first_drop = program->n_changes + program->n_add_ons;
    size_t n_rows = ltv_counted_rows(counted);
    crowd->held_capacity = crowd->cost_capacity = crowd->holding_capacity = 4 * LTV_BLOCK;
    crowd->worth = calloc(n_rows * crowd->stride + 1, sizeof *crowd->worth);
    crowd->holdings = calloc(crowd->holding_capacity, sizeof *crowd->holdings);
    crowd->hazards = calloc(ltv_crowd_n_tables(program) * crowd->stride, sizeof *crowd->hazards);
    crowd->first_fires = calloc(crowd->n_slots * LTV_BLOCK, sizeof *crowd->first_fires);
    crowd->first = calloc(ltv_crowd_n_heads(program), sizeof *crowd->first);
    crowd->course = calloc(crowd->stride + 1, sizeof *crowd->course);
    crowd->budgets = calloc(crowd->n_budgets * LTV_BLOCK + 1, sizeof *crowd->budgets);
    crowd->programmes = calloc(program->n_interventions + 1, sizeof *crowd->programmes);
    crowd->held_since = calloc(program->n_add_ons * LTV_BLOCK + 1, sizeof *crowd->held_since);
    crowd->held = calloc(crowd->held_capacity, sizeof *crowd->held);
    crowd->costs = calloc(crowd->cost_capacity, sizeof *crowd->costs);
    /* A clock can be put there twice in a round: set anew, and with another multiplier. */
    crowd->queue = calloc(2 * crowd->n_slots * LTV_BLOCK, sizeof *crowd->queue);
    crowd->unread = calloc(crowd->n_slots * LTV_BLOCK, sizeof *crowd->unread);
    crowd->address = calloc(crowd->n_slots * LTV_BLOCK, sizeof *crowd->address);
    return init_clocks(&crowd->clocks, crowd->n_slots * LTV_BLOCK) && crowd->hazards != NULL &&
           crowd->first != NULL && crowd->first_fires != NULL && crowd->course != NULL &&
           crowd->budgets != NULL && crowd->programmes != NULL && crowd->held != NULL &&
           crowd->costs != NULL && crowd->queue != NULL && crowd->unread != NULL &&
           crowd->address != NULL && crowd->worth != NULL && crowd->holdings != NULL &&
           crowd->held_since != NULL;
}

ltv_crowd *ltv_crowd_new(const ltv_program *program, const ltv_counted *counted)
{
    ltv_crowd *crowd = calloc(1, sizeof *crowd);
    if (crowd == NULL || init(crowd, program, counted))
        return crowd;
    ltv_crowd_free(crowd);
    return NULL;
}

void ltv_crowd_free(ltv_crowd *crowd)
{
    if (crowd == NULL)
        return;
    free(crowd->hazards);
    free(crowd->first);
    free(crowd->first_fires);
    ltv_crowd_forget_ladders(crowd);
    free(crowd->course);
    free(crowd->clocks.remaining);
    free(crowd->clocks.times);
    free(crowd->clocks.table);
    free(crowd->clocks.anchor);
    free(crowd->clocks.fires);
    free(crowd->budgets);
    free(crowd->programmes);
    free(crowd->worth);
    free(crowd->holdings);
    free(crowd->held_since);
    free(crowd->held);
    free(crowd->costs);
    free(crowd->queue);
    free(crowd->unread);
    free(crowd->address);
    free(crowd);
}

bool ltv_crowd_knows(const ltv_program *program)
{
    return !program->plain && program->orders.rate == 0;
}

/* --- logs --- */

bool ltv_crowd_make_room(ltv_crowd *crowd, void **entries, size_t *capacity, size_t size)
{
    void *larger = realloc(*entries, 2 * *capacity * size);
    if (larger == NULL) {
        crowd->block->out_of_memory = true;
        return false;
    }
    *entries = larger;
    *capacity *= 2;
    return true;
}

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
    if (crowd->n_held == crowd->held_capacity &&
        !ltv_crowd_make_room(crowd, (void **)&crowd->held, &crowd->held_capacity,
                             sizeof *crowd->held))
        return;
    crowd->held[crowd->last_held[i]].next = (uint32_t)crowd->n_held;
    crowd->last_held[i] = (uint32_t)crowd->n_held;
    crowd->held[crowd->n_held++] = (ltv_held_entry){.from = crowd->bill[i],
                                                    .add_ons = crowd->add_ons[i],
                                                    .next = LTV_NO_ENTRY,
                                                    .plan = crowd->plan[i]};
}

void ltv_crowd_add_cost(ltv_crowd *crowd, uint32_t i, ltv_cost cost)
{
    if (crowd->counts) {
        ltv_block *block = crowd->block;
        size_t cell = block->channel[i] * crowd->program->n_segments + block->segment[i];
        ltv_counted_add_cost(&block->counted, cell, cost.from, cost.to, cost.amount);
        return;
    }
    if (crowd->n_costs == crowd->cost_capacity &&
        !ltv_crowd_make_room(crowd, (void **)&crowd->costs, &crowd->cost_capacity,
                             sizeof *crowd->costs))
        return;
    crowd->costs[crowd->last_cost[i]].next = (uint32_t)crowd->n_costs;
    crowd->last_cost[i] = (uint32_t)crowd->n_costs;
    crowd->costs[crowd->n_costs++] = (ltv_cost_entry){cost, LTV_NO_ENTRY};
}

/* --- budgets --- */

/* Which budget of its own a clock reads next. What clocks read at joining is not counted. */
static uint32_t next_budget(ltv_crowd *crowd, size_t clock, uint32_t i, bool read_at_joining)
{
    return crowd->budgets[clock * LTV_BLOCK + i]++ + read_at_joining;
}

/* A clock that starts at the present bill; its budget is in the column if it is the first, and
 * columns are kept. */
static void start_now(ltv_crowd *crowd, size_t slot, uint32_t i, uint32_t table, double times,
                      const double *column, const ltv_clock_address *budget)
{
    if (budget->occurrence > 0 || column == NULL) {
        ltv_crowd_start_later(crowd, slot, i, table, times, budget);
        return;
    }
    ltv_crowd_start_clock(crowd, slot, i, table, times, column[i]);
    ltv_crowd_look_later(crowd, slot, i);
}

/* Sets the clock of an add-on that he has not, or has, going from the present bill on. */
static void start_add_on(ltv_crowd *crowd, size_t a, uint32_t i)
{
    bool held = crowd->add_ons[i] >> a & 1;
    const ltv_add_on_program *add_on = &crowd->program->add_ons[a];
    const ltv_clock_table *clock = held ? &add_on->drop : &add_on->attach;
    if (!ltv_clock_can_fire(clock, crowd->program->horizon)) {
        ltv_crowd_stop_clock(crowd, LTV_SLOT_ADD_ONS + a, i);
        return;
    }
    const ltv_kept_luck *kept = &crowd->block->kept;
    size_t number = (held ? crowd->first_drop : crowd->first_attach) + a;
    start_now(crowd, LTV_SLOT_ADD_ONS + a, i, ltv_crowd_add_on_table(crowd, a, held),
              crowd->kind[i]->times.on[held ? LTV_LEVER_DROP : LTV_LEVER_ATTACH],
              held ? kept->drop[a] : kept->attach[a],
              &(ltv_clock_address){clock->name, held ? LTV_PURPOSE_DROP : LTV_PURPOSE_ATTACH,
                                   next_budget(crowd, number, i, !held)});
}

/* Those of the changes of the plan that he has from the present bill on. */
static void start_changes(ltv_crowd *crowd, uint32_t i)
{
    const ltv_program *program = crowd->program;
    const ltv_plan_program *plan = &program->plans[crowd->plan[i]];
    bool joined_with_it = crowd->plan[i] == crowd->first_plan[i];
    for (size_t c = 0; c < plan->n_changes; c++) {
        size_t number = plan->first_change + c;
        const ltv_plan_change_program *change = &program->changes[number];
        if (!ltv_clock_can_fire(&change->clock, program->horizon)) {
            ltv_crowd_stop_clock(crowd, crowd->first_change_slot + c, i);
            continue;
        }
        start_now(crowd, crowd->first_change_slot + c, i, ltv_crowd_change_table(crowd, number),
                  crowd->kind[i]->times.on[change->lever], crowd->block->kept.change[number],
                  &(ltv_clock_address){change->clock.name, ltv_purpose_of_change(change),
                                       next_budget(crowd, number, i, joined_with_it)});
    }
    for (size_t c = plan->n_changes; c < crowd->n_slots - crowd->first_change_slot; c++)
        ltv_crowd_stop_clock(crowd, crowd->first_change_slot + c, i);
    crowd->term_began[i] = crowd->bill[i];
}

/* --- joining --- */

static void begin_logs(ltv_crowd *crowd, const ltv_crowd_list *list, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        crowd->held[i] = (ltv_held_entry){.next = LTV_NO_ENTRY, .plan = list->plan[i]};
        crowd->costs[i].next = LTV_NO_ENTRY;
        crowd->last_held[i] = crowd->last_cost[i] = i;
    }
    crowd->n_held = crowd->n_costs = n;
}

static void join(ltv_crowd *crowd, const ltv_crowd_list *list, uint32_t n)
{
    const ltv_program *program = crowd->program;
    ltv_block *block = crowd->block;
    for (uint32_t i = 0; i < n; i++) {
        crowd->kind[i] = ltv_kind_of(program, block->channel[i], block->segment[i]);
        crowd->cured[i] = crowd->luck->cured[i] < crowd->kind[i]->cured_threshold;
        crowd->plan[i] = crowd->first_plan[i] = list->plan[i];
        crowd->leaves_after[i] = LTV_NEVER;
        crowd->ends_before[i] = 1; /* unless he joins */
    }
    if (crowd->counts)
        ltv_crowd_take_first_rows(crowd, n);
    else
        begin_logs(crowd, list, n);
    memset(crowd->add_ons, 0, sizeof crowd->add_ons);
    memset(crowd->bill, 0, sizeof crowd->bill);
    memset(crowd->term_began, 0, sizeof crowd->term_began);
    memset(crowd->running, 0, sizeof crowd->running);
    memset(crowd->budgets, 0, crowd->n_budgets * LTV_BLOCK * sizeof *crowd->budgets);
    memset(block->ltv, 0, sizeof block->ltv);
    memset(block->ltv_by, 0, sizeof block->ltv_by);
    memset(block->programme_cost, 0, sizeof block->programme_cost);
    memset(block->bills, 0, sizeof block->bills);
    memset(block->saves, 0, sizeof block->saves);
}

/* What he would be worth if nothing happened to him but that he leaves, as his first clocks say. */
static void value_plain_lives(ltv_crowd *crowd, uint32_t n)
{
    ltv_block *block = crowd->block;
    const uint32_t *voluntary = crowd->clocks.fires + ltv_crowd_place(LTV_SLOT_VOLUNTARY, 0);
    const uint32_t *involuntary = crowd->clocks.fires + ltv_crowd_place(LTV_SLOT_INVOLUNTARY, 0);
    if (crowd->counts) {
        ltv_crowd_value_plain_lives(crowd, voluntary, involuntary, n);
        return;
    }
    for (uint32_t i = 0; i < n; i++)
        block->plain_ltv[i] =
            ltv_block_plain_value(block, crowd->program, crowd->kind[i], crowd->plan[i], i,
                                  earlier(voluntary[i], involuntary[i]));
}

/* --- what happens in a period --- */

/* Some customers of a round, and what they held before it. Each step of it is taken by all whom it
 * concerns, one after the other, since nobody can foresee who is concerned. */
typedef struct {
    uint32_t n, i[LTV_BLOCK];
    uint32_t add_ons[LTV_BLOCK];
    uint16_t plan[LTV_BLOCK];
} ltv_changed;

/* Those whose clock in a slot has fired before their present bill. */
static uint32_t find_fired(const ltv_crowd *crowd, const ltv_changed *changed, size_t slot,
                           uint32_t fired[LTV_BLOCK])
{
    const uint32_t *fires = crowd->clocks.fires + ltv_crowd_place(slot, 0);
    uint32_t n = 0;
    for (uint32_t j = 0; j < changed->n; j++) {
        uint32_t i = changed->i[j];
        fired[n] = i;
        n += fires[i] + 1 == crowd->bill[i];
    }
    return n;
}

/* Change c of the plan that he has; who changed it in this round is past that: the first change
 * that fired counts. */
static void change_plan(ltv_crowd *crowd, size_t c, uint32_t i)
{
    const ltv_program *program = crowd->program;
    if (crowd->term_began[i] == crowd->bill[i])
        return;
    crowd->plan[i] = (uint16_t)program->changes[program->plans[crowd->plan[i]].first_change + c].to;
    start_changes(crowd, i);
}

static inline bool is_quiet(const ltv_crowd *crowd, size_t a)
{
    return crowd->quiet >> a & 1;
}

/* What clocks that fired do to the plans and the add-ons of those who live on. */
static void change(ltv_crowd *crowd, ltv_changed *changed)
{
    uint32_t fired[LTV_BLOCK];
    for (uint32_t j = 0; j < changed->n; j++) {
        changed->plan[j] = crowd->plan[changed->i[j]];
        changed->add_ons[j] = crowd->add_ons[changed->i[j]];
    }
    for (size_t slot = crowd->first_change_slot; slot < crowd->n_slots; slot++) {
        uint32_t n = find_fired(crowd, changed, slot, fired);
        for (uint32_t f = 0; f < n; f++)
            change_plan(crowd, slot - crowd->first_change_slot, fired[f]);
    }
    for (size_t a = 0; a < crowd->program->n_add_ons; a++) {
        uint32_t n =
            is_quiet(crowd, a) ? 0 : find_fired(crowd, changed, LTV_SLOT_ADD_ONS + a, fired);
        for (uint32_t f = 0; f < n; f++) {
            crowd->add_ons[fired[f]] ^= 1u << a;
            start_add_on(crowd, a, fired[f]);
        }
    }
    for (uint32_t j = 0; j < changed->n; j++) {
        uint32_t i = changed->i[j];
        if (changed->plan[j] == crowd->plan[i] && changed->add_ons[j] == crowd->add_ons[i])
            continue;
        crowd->steady_churn[i] =
            ltv_steady_churn(crowd->program, crowd->kind[i], crowd->plan[i], crowd->add_ons[i]);
        hold(crowd, i, changed->plan[j], changed->add_ons[j]);
    }
}

/* --- add-ons that wait --- */

/* Those whose clock in a slot fires while they live. */
static uint32_t find_who_lives_to_see(const ltv_crowd *crowd, size_t slot, const uint32_t *of,
                                      uint32_t n, uint32_t list[LTV_BLOCK])
{
    const uint32_t *fires = crowd->clocks.fires + ltv_crowd_place(slot, 0);
    uint32_t found = 0;
    for (uint32_t j = 0; j < n; j++) {
        uint32_t i = of[j];
        list[found] = i;
        found += fires[i] < crowd->ends_before[i] - 1;
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
        start_add_on(crowd, a, i);
    }
    ltv_crowd_look_at_queue(crowd);
}

/* All that happens to add-on a, which concerns nothing else, in the lives of everybody. */
static void come_and_go(ltv_crowd *crowd, size_t a)
{
    const ltv_program *program = crowd->program;
    size_t slot = LTV_SLOT_ADD_ONS + a, component = program->n_plans + a;
    const uint32_t *fires = crowd->clocks.fires + ltv_crowd_place(slot, 0);
    bool goes = ltv_clock_can_fire(&program->add_ons[a].drop, program->horizon);
    uint32_t list[LTV_BLOCK], since[LTV_BLOCK], until[LTV_BLOCK], n = crowd->block->n;
    for (uint32_t i = 0; i < n; i++)
        list[i] = i;
    n = find_who_lives_to_see(crowd, slot, list, n, list);
    for (uint32_t j = 0; !goes && j < n; j++)
        ltv_crowd_hold(crowd, list[j], component, fires[list[j]] + 1, crowd->ends_before[list[j]]);
    while (goes && n > 0) {
        uint32_t gone[LTV_BLOCK];
        restart_add_on(crowd, a, list, n, since);
        for (uint32_t j = 0; j < n; j++)
            until[list[j]] = crowd->ends_before[list[j]];
        uint32_t n_gone = find_who_lives_to_see(crowd, slot, list, n, gone);
        restart_add_on(crowd, a, gone, n_gone, until);
        for (uint32_t j = 0; j < n; j++)
            ltv_crowd_hold(crowd, list[j], component, since[list[j]], until[list[j]]);
        n = find_who_lives_to_see(crowd, slot, gone, n_gone, list);
    }
}

/* Other add-ons that somebody holds until he leaves. */
static void give_up_the_rest(ltv_crowd *crowd)
{
    for (uint32_t i = 0; i < crowd->block->n; i++)
        for (uint32_t left = crowd->add_ons[i] & ~crowd->quiet; left != 0; left &= left - 1) {
            size_t a = (size_t)__builtin_ctz(left);
            ltv_crowd_hold(crowd, i, crowd->program->n_plans + a,
                           crowd->held_since[a * LTV_BLOCK + i], crowd->ends_before[i]);
        }
}

/* --- from bill to bill --- */

/* Multipliers of the other clocks, where programmes change them. */
static void set_other_times(ltv_crowd *crowd, uint32_t i)
{
    const ltv_program *program = crowd->program;
    const ltv_plan_program *plan = &program->plans[crowd->plan[i]];
    const double *times = crowd->kind[i]->times.on;
    ltv_lever levers[LTV_SLOT_ADD_ONS + LTV_MAX_ADD_ONS + 2 * LTV_MAX_PLANS];
    levers[LTV_SLOT_INVOLUNTARY] = LTV_LEVER_INVOLUNTARY;
    for (size_t a = 0; a < program->n_add_ons; a++)
        levers[LTV_SLOT_ADD_ONS + a] =
            crowd->add_ons[i] >> a & 1 ? LTV_LEVER_DROP : LTV_LEVER_ATTACH;
    for (size_t c = 0; c < plan->n_changes; c++)
        levers[crowd->first_change_slot + c] = program->changes[plan->first_change + c].lever;
    size_t end = crowd->first_change_slot + plan->n_changes;
    for (size_t slot = LTV_SLOT_INVOLUNTARY; slot < end; slot++)
        ltv_crowd_set_times(crowd, slot, i,
                            ltv_crowd_times(crowd, i, levers[slot], times[levers[slot]]));
}

/* Multipliers of some customers at their present bills, and what follows for their clocks. */
static void set_times(ltv_crowd *crowd, const uint32_t *of, uint32_t n)
{
    double times[LTV_BLOCK];
    uint32_t running[LTV_BLOCK], differ[LTV_BLOCK], n_running = 0, n_differ = 0;
    for (uint32_t j = 0; j < n; j++) {
        uint32_t i = of[j];
        times[i] = crowd->steady_churn[i];
        running[n_running] = i;
        n_running += crowd->running[i] != 0;
    }
    for (uint32_t j = 0; j < n_running; j++)
        times[running[j]] = ltv_crowd_times(crowd, running[j], LTV_LEVER_CHURN, times[running[j]]);
    for (uint32_t j = 0; j < n; j++) {
        uint32_t i = of[j];
        bool may_leave = !crowd->cured[i] & (crowd->leaves_after[i] == LTV_NEVER);
        differ[n_differ] = i;
        n_differ +=
            may_leave & (crowd->clocks.times[ltv_crowd_place(LTV_SLOT_VOLUNTARY, i)] != times[i]);
    }
    for (uint32_t j = 0; j < n_differ; j++)
        ltv_crowd_set_times(crowd, LTV_SLOT_VOLUNTARY, differ[j], times[differ[j]]);
    for (uint32_t j = 0; crowd->others_change && j < n; j++)
        set_other_times(crowd, of[j]);
}

/* Whether a clock of an add-on or a plan change is not looked at before lives are over. */
static inline bool waits(const ltv_crowd *crowd, size_t slot)
{
    return slot < crowd->first_change_slot && is_quiet(crowd, slot - LTV_SLOT_ADD_ONS);
}

static void find_soonest(ltv_crowd *crowd, uint32_t i)
{
    uint32_t soonest = LTV_NEVER;
    for (size_t slot = LTV_SLOT_ADD_ONS; slot < crowd->n_slots; slot++)
        if (!waits(crowd, slot))
            soonest = earlier(soonest, crowd->clocks.fires[ltv_crowd_place(slot, i)]);
    crowd->soonest[i] = soonest;
}

/* That of everybody, column by column. */
static void find_everybodys_soonest(ltv_crowd *crowd, uint32_t n)
{
    memset(crowd->soonest, 0xff, n * sizeof *crowd->soonest);
    for (size_t slot = LTV_SLOT_ADD_ONS; slot < crowd->n_slots; slot++) {
        const uint32_t *fires = crowd->clocks.fires + ltv_crowd_place(slot, 0);
        for (uint32_t i = 0; !waits(crowd, slot) && i < n; i++)
            crowd->soonest[i] = earlier(crowd->soonest[i], fires[i]);
    }
}

static void let_programmes_act(ltv_crowd *crowd, uint32_t i)
{
    ltv_crowd_act(crowd, i);
    crowd->due[i] = ltv_crowd_next_due(crowd, i);
}

static void end(ltv_crowd *crowd, uint32_t i, uint32_t bill)
{
    uint32_t horizon = crowd->program->horizon;
    crowd->ends_before[i] = bill;
    ltv_crowd_stop_programmes(crowd, i, bill < horizon ? bill : horizon);
}

/* A round: who goes on to which bill, and why. By place among the living. */
typedef struct {
    uint32_t event[LTV_BLOCK]; /* period in which a clock fires next */
    uint32_t bill[LTV_BLOCK]; /* where he goes on to: bill after it, or at which a programme acts */
} ltv_round;

/* Whose voluntary clock fires leaves at the end of his term. */
static void give_notice(ltv_crowd *crowd, uint32_t i, uint32_t period)
{
    crowd->leaves_after[i] =
        ltv_end_of_term(&crowd->program->plans[crowd->plan[i]], crowd->term_began[i], period);
    ltv_crowd_stop_clock(crowd, LTV_SLOT_VOLUNTARY, i);
}

/* Where each goes next; and parts those who leave, or outlive the horizon, from the others, without
 * a branch: who leaves cannot be foreseen. Returns how many end; they stand in `ended`. */
static uint32_t look_ahead(ltv_crowd *crowd, ltv_round *round, uint32_t ended[LTV_BLOCK])
{
    const uint32_t *fires = crowd->clocks.fires;
    uint32_t horizon = crowd->program->horizon, n_living = crowd->n_living, n_ended = 0, living = 0;
    for (uint32_t j = 0; j < n_living; j++) {
        uint32_t i = crowd->living[j], due = crowd->due[i];
        uint32_t voluntary = fires[ltv_crowd_place(LTV_SLOT_VOLUNTARY, i)];
        uint32_t leaves =
            earlier(fires[ltv_crowd_place(LTV_SLOT_INVOLUNTARY, i)], crowd->leaves_after[i]);
        uint32_t event = earlier(earlier(leaves, voluntary), crowd->soonest[i]);
        uint32_t bill = event < due ? event + 1 : due;
        if (!crowd->has_terms) {
            leaves = earlier(leaves, voluntary);
        } else if (voluntary == event && event < due) {
            give_notice(crowd, i, event);
            leaves = earlier(leaves, crowd->leaves_after[i]);
        }
        uint32_t outlives = bill > horizon, ends = outlives | ((leaves == event) & (event < due));
        ended[n_ended] = i;
        n_ended += ends;
        crowd->ends_before[i] = outlives ? horizon + 1 : bill;
        crowd->living[living] = i;
        round->event[living] = event;
        round->bill[living] = bill;
        living += 1 - ends;
    }
    crowd->n_living = living;
    return n_ended;
}

/* Those who live on arrive at their bills. */
static void arrive(ltv_crowd *crowd, const ltv_round *round)
{
    uint32_t horizon = crowd->program->horizon, n_due = 0, living = 0;
    uint32_t due[LTV_BLOCK];
    ltv_changed changed; /* whose room is not cleared in each round */
    changed.n = 0;
    for (uint32_t j = 0; j < crowd->n_living; j++) {
        uint32_t i = crowd->living[j], bill = round->bill[j];
        crowd->bill[i] = bill;
        due[n_due] = changed.i[changed.n] = i;
        n_due += (crowd->due[i] <= bill) & (bill < horizon);
        changed.n += round->event[j] + 1 == bill;
    }
    change(crowd, &changed);
    for (uint32_t j = 0; j < n_due; j++)
        let_programmes_act(crowd, due[j]);
    for (uint32_t j = 0; j < crowd->n_living; j++) {
        uint32_t i = crowd->living[j];
        if (crowd->bill[i] == horizon) {
            end(crowd, i, horizon + 1);
            continue;
        }
        crowd->living[living++] = i;
    }
    crowd->n_living = living;
    set_times(crowd, crowd->living, living);
    ltv_crowd_look_at_queue(crowd);
    for (uint32_t j = 0; !crowd->others_change && j < changed.n; j++)
        find_soonest(crowd, changed.i[j]);
    for (uint32_t j = 0; crowd->others_change && j < living; j++)
        find_soonest(crowd, crowd->living[j]);
}

/* One step of everybody who lives. */
static void live_on(ltv_crowd *crowd)
{
    ltv_round round;
    uint32_t ended[LTV_BLOCK];
    uint32_t n_ended = look_ahead(crowd, &round, ended), n_running = 0;
    for (uint32_t j = 0; crowd->any_programme && j < n_ended; j++) {
        ended[n_running] = ended[j];
        n_running += crowd->running[ended[j]] != 0;
    }
    for (uint32_t j = 0; j < n_running; j++)
        end(crowd, ended[j], crowd->ends_before[ended[j]]);
    arrive(crowd, &round);
}

static bool has_terms(const ltv_program *program)
{
    for (size_t p = 0; p < program->n_plans; p++)
        if (program->plans[p].term > 0)
            return true;
    return false;
}

void ltv_crowd_live(ltv_crowd *crowd, ltv_block *block, const ltv_program *program,
                    const ltv_luck *luck, const ltv_crowd_list *list, const ltv_crowd *other)
{
    crowd->program = program;
    crowd->luck = luck;
    crowd->block = block;
    crowd->has_terms = has_terms(program);
    crowd->n_queued = crowd->n_unread = 0;
    bool reads_heads = ltv_crowd_reads_heads(program);
    if (crowd->tables_number != program->tables_number || crowd->reads_heads != reads_heads) {
        crowd->reads_heads = reads_heads;
        ltv_crowd_copy_hazards(crowd);
        ltv_crowd_prepare_first(crowd);
        ltv_crowd_prepare_counting(crowd);
    }
    crowd->tables_number = program->tables_number;
    join(crowd, list, block->n);
    ltv_crowd_start_first(crowd, other);
    if (program->has_plain_ltv)
        value_plain_lives(crowd, block->n);
    ltv_crowd_judge_audiences(crowd, list);
    crowd->n_living = 0;
    for (uint32_t i = 0; i < block->n; i++) {
        crowd->living[crowd->n_living] = i;
        crowd->n_living += list->joins[i];
    }
    for (uint32_t j = 0; j < crowd->n_living; j++) {
        uint32_t i = crowd->living[j];
        if (crowd->due[i] > 0)
            continue;
        let_programmes_act(crowd, i);
        set_times(crowd, &i, 1);
    }
    ltv_crowd_look_at_queue(crowd);
    find_everybodys_soonest(crowd, block->n);
    while (crowd->n_living > 0)
        live_on(crowd);
    for (size_t a = 0; a < program->n_add_ons; a++)
        if (is_quiet(crowd, a))
            come_and_go(crowd, a);
    if (crowd->counts)
        give_up_the_rest(crowd);
}

bool ltv_crowd_counts(const ltv_crowd *crowd)
{
    return crowd->counts;
}

void ltv_crowd_list_life(const ltv_crowd *crowd, ltv_block *block, uint32_t i)
{
    for (uint32_t e = i; e != LTV_NO_ENTRY; e = crowd->held[e].next) {
        const ltv_held_entry *held = &crowd->held[e];
        ltv_subscription subscription = {.kind = crowd->kind[i],
                                         .from = held->from,
                                         .add_ons = held->add_ons,
                                         .plan = held->plan,
                                         .recurring_weight = block->spend[i],
                                         .paid_weight = block->spend[i]};
        ltv_subscription_close(&subscription, block, crowd->program, i,
                               held->next != LTV_NO_ENTRY ? crowd->held[held->next].from
                                                          : crowd->ends_before[i]);
    }
    for (uint32_t e = crowd->costs[i].next; e != LTV_NO_ENTRY; e = crowd->costs[e].next)
        ltv_block_add_cost(block, crowd->costs[e].cost);
    ltv_block_close_customer(block, crowd->program, i);
}
