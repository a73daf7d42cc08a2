/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/kernel/crowd_parts.h"

#include <stdlib.h>
#include <string.h>

#include "sim/kernel/rules.h"
#include "sim/kernel/subscription.h"

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

/* More bills than rungs there are not on paths. */
static void make_room_for_paths(ltv_crowd *crowd, const ltv_program *program)
{
    size_t n = program->n_interventions;
    crowd->most_turning = n < LTV_COURSE_PROGRAMMES ? n : LTV_COURSE_PROGRAMMES;
    crowd->path_bills = ((size_t)1 << crowd->most_turning) * program->horizon;
    if (crowd->path_bills > LTV_CROWD_RUNGS)
        crowd->path_bills = LTV_CROWD_RUNGS;
    crowd->path_from = calloc(LTV_LEVERS * crowd->path_bills, sizeof *crowd->path_from);
    crowd->path_at = calloc(LTV_LEVERS * crowd->path_bills, sizeof *crowd->path_at);
    crowd->path_factors = calloc(LTV_LEVERS * crowd->path_bills * crowd->most_turning + 1,
                                 sizeof *crowd->path_factors);
}

static bool init(ltv_crowd *crowd, const ltv_program *program, const ltv_counted *counted)
{
    crowd->n_cells = program->n_channels * program->n_segments;
    crowd->n_taken = program->n_plans + 2 * program->n_add_ons;
    crowd->stride = (size_t)program->horizon + 1;
    crowd->first_change_slot = LTV_SLOT_ADD_ONS + program->n_add_ons;
    crowd->n_slots = crowd->first_change_slot + most_changes(program);
    size_t n_rows = ltv_counted_rows(counted);
    crowd->held_capacity = crowd->cost_capacity = crowd->holding_capacity = 4 * LTV_BLOCK;
    size_t n_places = n_rows * counted->stride + 1;
    crowd->worth = aligned_alloc(_Alignof(ltv_worth), n_places * sizeof *crowd->worth);
    crowd->in_a_year = calloc(n_places, sizeof *crowd->in_a_year);
    crowd->holdings = calloc(crowd->holding_capacity, sizeof *crowd->holdings);
    crowd->first_fires = calloc(crowd->n_slots * LTV_BLOCK, sizeof *crowd->first_fires);
    crowd->first = calloc(ltv_crowd_n_heads(program), sizeof *crowd->first);
    crowd->first_churn = calloc(crowd->n_cells * program->n_plans, sizeof *crowd->first_churn);
    crowd->rung_hazards = calloc(crowd->stride + 1, sizeof *crowd->rung_hazards);
    make_room_for_paths(crowd, program);
    crowd->times_taken = calloc(crowd->n_taken * LTV_BLOCK, sizeof *crowd->times_taken);
    crowd->programmes = calloc(program->n_interventions + 1, sizeof *crowd->programmes);
    crowd->held_since = calloc(program->n_add_ons * LTV_BLOCK + 1, sizeof *crowd->held_since);
    crowd->held = calloc(crowd->held_capacity, sizeof *crowd->held);
    crowd->costs = calloc(crowd->cost_capacity, sizeof *crowd->costs);
    crowd->n_change_slots = crowd->n_slots - crowd->first_change_slot;
    crowd->n_starting = calloc(crowd->n_slots + 1, sizeof *crowd->n_starting);
    crowd->starting = calloc(crowd->n_slots * LTV_BLOCK, sizeof *crowd->starting);
    crowd->change_clocks =
        calloc(program->n_plans * crowd->n_change_slots + 1, sizeof *crowd->change_clocks);
    bool ok = ltv_crowd_init_queue(&crowd->queue);
    ok = ltv_crowd_init_queue(&crowd->unread) && ok;
    return ok && init_clocks(&crowd->clocks, crowd->n_slots * LTV_BLOCK) &&
           ltv_hazards_init(&crowd->hazards, ltv_crowd_n_tables(program), program->horizon) &&
           crowd->first != NULL && crowd->first_churn != NULL && crowd->first_fires != NULL &&
           crowd->rung_hazards != NULL && crowd->path_from != NULL && crowd->path_at != NULL &&
           crowd->path_factors != NULL && crowd->times_taken != NULL && crowd->programmes != NULL &&
           crowd->held != NULL && crowd->costs != NULL && crowd->n_starting != NULL &&
           crowd->starting != NULL && crowd->change_clocks != NULL && crowd->worth != NULL &&
           crowd->holdings != NULL && crowd->in_a_year != NULL && crowd->held_since != NULL;
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
    ltv_hazards_free(&crowd->hazards);
    free(crowd->first);
    free(crowd->first_fires);
    for (size_t l = 0; l < LTV_CROWD_LADDERS; l++)
        ltv_ladder_free(&crowd->ladders[l]);
    for (size_t c = 0; c < LTV_CROWD_COURSES; c++)
        ltv_ladder_free(&crowd->courses[c]);
    free(crowd->rung_hazards);
    free(crowd->path_from);
    free(crowd->path_at);
    free(crowd->path_factors);
    free(crowd->first_churn);
    free(crowd->clocks.remaining);
    free(crowd->clocks.times);
    free(crowd->clocks.table);
    free(crowd->clocks.anchor);
    free(crowd->clocks.fires);
    free(crowd->times_taken);
    free(crowd->programmes);
    free(crowd->worth);
    free(crowd->in_a_year);
    free(crowd->holdings);
    free(crowd->held_since);
    free(crowd->held);
    free(crowd->costs);
    ltv_crowd_free_queue(&crowd->queue);
    ltv_crowd_free_queue(&crowd->unread);
    free(crowd->n_starting);
    free(crowd->starting);
    free(crowd->change_clocks);
    free(crowd);
}

bool ltv_crowd_knows(const ltv_program *program)
{
    return !program->plain && program->orders.rate == 0;
}

/* --- logs --- */

void *ltv_crowd_more_room(ltv_crowd *crowd, void *entries, size_t *capacity, size_t size)
{
    void *larger = realloc(entries, 2 * *capacity * size);
    *capacity *= larger != NULL ? 2 : 1;
    crowd->block->out_of_memory |= larger == NULL;
    return larger;
}

/* Twice the room is enough: at first it is for more than a block. */
void ltv_crowd_make_more_room_to_hold(ltv_crowd *crowd)
{
    void *more = ltv_crowd_more_room(crowd, crowd->holdings, &crowd->holding_capacity,
                                     sizeof *crowd->holdings);
    if (more != NULL)
        crowd->holdings = more;
    else
        crowd->n_holdings = 0;
}

void ltv_crowd_add_cost(ltv_crowd *crowd, uint32_t i, ltv_cost cost)
{
    if (crowd->counts) {
        ltv_counted_add_cost(&crowd->block->counted,
                             ltv_block_cell(crowd->block, crowd->program, i), cost.from, cost.to,
                             (__int128)cost.amount * ltv_block_times(crowd->block, i));
        return;
    }
    if (crowd->n_costs == crowd->cost_capacity) {
        void *more =
            ltv_crowd_more_room(crowd, crowd->costs, &crowd->cost_capacity, sizeof *crowd->costs);
        if (more == NULL)
            return;
        crowd->costs = more;
    }
    crowd->costs[crowd->last_cost[i]].next = (uint32_t)crowd->n_costs;
    crowd->last_cost[i] = (uint32_t)crowd->n_costs;
    crowd->costs[crowd->n_costs++] = (ltv_cost_entry){cost, LTV_NO_ENTRY};
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

static void find_kinds(ltv_crowd *crowd, uint32_t n)
{
    const ltv_program *program = crowd->program;
    const ltv_block *block = crowd->block;
    const ltv_kind *same = &program->kinds[program->kind_of[0]];
    for (uint32_t i = 0; i < n; i++)
        crowd->kind[i] = same;
    for (uint32_t i = 0; program->n_kinds > 1 && i < n; i++)
        crowd->kind[i] = ltv_kind_of(program, block->channel[i], block->segment[i]);
    memset(crowd->cured, 0, n * sizeof *crowd->cured);
    for (uint32_t i = 0; crowd->some_cured && i < n; i++)
        crowd->cured[i] = crowd->luck->cured[i] < crowd->kind[i]->cured_threshold;
}

static void join(ltv_crowd *crowd, const ltv_crowd_list *list, uint32_t n)
{
    ltv_block *block = crowd->block;
    for (uint32_t i = 0; i < n; i++) {
        crowd->first_plan[i] = list->plan[i];
        crowd->leaves_after[i] = LTV_NEVER;
        crowd->ends_before[i] = 1; /* unless he joins */
    }
    if (crowd->counts)
        ltv_crowd_take_first_rows(crowd, n);
    else
        begin_logs(crowd, list, n);
    memset(crowd->add_ons, 0, n * sizeof *crowd->add_ons);
    memset(crowd->bill, 0, n * sizeof *crowd->bill);
    memset(crowd->term_began, 0, n * sizeof *crowd->term_began);
    memset(crowd->running, 0, n * sizeof *crowd->running);
    for (size_t t = 0; t < crowd->n_taken; t++)
        memset(crowd->times_taken + t * LTV_BLOCK, 0, n * sizeof *crowd->times_taken);
    memset(block->ltv, 0, n * sizeof *block->ltv);
    for (int k = 0; k < LTV_CHECKPOINTS; k++)
        memset(block->ltv_by[k], 0, n * sizeof *block->ltv_by[k]);
    memset(block->programme_cost, 0, n * sizeof *block->programme_cost);
    memset(block->bills, 0, n * sizeof *block->bills);
    memset(block->saves, 0, n * sizeof *block->saves);
}

/* What he would be worth if nothing happened to him but that he leaves, as his first clocks say. */
static void value_plain_lives(ltv_crowd *crowd, uint32_t n)
{
    ltv_block *block = crowd->block;
    const uint32_t *voluntary = crowd->clocks.fires + ltv_crowd_place(LTV_SLOT_VOLUNTARY, 0);
    const uint32_t *involuntary = crowd->clocks.fires + ltv_crowd_place(LTV_SLOT_INVOLUNTARY, 0);
    if (crowd->counts) {
        ltv_crowd_value_plain_lives(crowd, voluntary, involuntary);
        return;
    }
    for (uint32_t i = 0; i < n; i++)
        block->plain_ltv[i] =
            ltv_block_plain_value(block, crowd->program, crowd->kind[i], crowd->plan[i], i,
                                  voluntary[i] < involuntary[i] ? voluntary[i] : involuntary[i]);
}

static bool some_are_cured(const ltv_program *program)
{
    for (size_t k = 0; k < program->n_kinds; k++)
        if (program->kinds[k].cured_threshold > 0)
            return true;
    return false;
}

bool ltv_crowd_has_terms(const ltv_program *program)
{
    for (size_t p = 0; p < program->n_plans; p++)
        if (program->plans[p].term > 0)
            return true;
    return false;
}

/* What is the same for many blocks. */
static void prepare_for(ltv_crowd *crowd, const ltv_program *program)
{
    bool foresaw = crowd->foresees, walked = crowd->walks, reads = ltv_crowd_reads_heads(program);
    bool others_change = ltv_crowd_changes_others(program);
    bool tables = crowd->tables_number != program->tables_number || crowd->reads_heads != reads;
    bool programmes = crowd->programmes_number != program->programmes_number;
    crowd->foresees = ltv_crowd_foresees(program);
    crowd->walks = crowd->foresees && others_change;
    crowd->others_change = others_change && !crowd->foresees;
    crowd->reads_heads = reads;
    if (crowd->foresees && (programmes || !foresaw))
        ltv_crowd_prepare_paths(crowd);
    if (tables) {
        ltv_crowd_copy_hazards(crowd);
        ltv_crowd_prepare_changes(crowd);
        ltv_crowd_prepare_counting(crowd);
    }
    if (tables || (programmes && (walked || crowd->walks)))
        ltv_crowd_prepare_first(crowd);
    if (tables || programmes)
        ltv_crowd_forget_courses(crowd);
    crowd->tables_number = program->tables_number;
    crowd->programmes_number = program->programmes_number;
}

void ltv_crowd_prepare(ltv_crowd *crowd, ltv_block *block, const ltv_program *program,
                       const ltv_luck *luck, const ltv_crowd_list *list)
{
    crowd->program = program;
    crowd->luck = luck;
    crowd->block = block;
    crowd->has_terms = ltv_crowd_has_terms(program);
    crowd->some_cured = some_are_cured(program);
    crowd->queue.n = crowd->unread.n = 0;
    prepare_for(crowd, program);
    crowd->quiet = crowd->counts && !crowd->others_change ? ltv_crowd_quiet_add_ons(program) : 0;
    crowd->n_living = crowd->n_members = list->n;
    memcpy(crowd->living, list->member, list->n * sizeof *crowd->living);
    memcpy(crowd->member, list->member, list->n * sizeof *crowd->member);
    find_kinds(crowd, block->n);
    memcpy(crowd->plan, list->plan, block->n * sizeof *crowd->plan);
}

void ltv_crowd_live(ltv_crowd *crowd, ltv_block *block, const ltv_program *program,
                    const ltv_luck *luck, const ltv_crowd_list *list, const ltv_crowd *other)
{
    ltv_crowd_prepare(crowd, block, program, luck, list);
    join(crowd, list, block->n);
    bool borrows = ltv_crowd_start_first(crowd, other);
    if (program->has_plain_ltv && borrows && other->n_members == block->n)
        memcpy(block->plain_ltv, other->block->plain_ltv, block->n * sizeof *block->plain_ltv);
    else if (program->has_plain_ltv)
        value_plain_lives(crowd, block->n);
    ltv_crowd_judge_audiences(crowd, list);
    ltv_crowd_live_all_rounds(crowd);
    if (crowd->counts)
        ltv_crowd_end_holdings(crowd);
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
