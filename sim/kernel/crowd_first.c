/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "sim/kernel/crowd_parts.h"
#include "sim/kernel/rules.h"
#include "sim/kernel/vector/vector.h"

/* First clocks, those that everybody has when he joins. Where no programme changes it, a clock that
 * is not that of voluntary churn keeps its multiplier for as long as it runs: then the head of its
 * word tells when it fires (sim/ladder.h), and its budget is never worked out. */

/* --- which clocks there are --- */

/* By number: that of involuntary churn, those that attach each add-on, all plan changes. */
enum { FIRST_INVOLUNTARY, FIRST_ATTACH };

/* No clock, or one that never fires. */
enum { NO_CLOCK = UINT16_MAX };

size_t ltv_crowd_n_heads(const ltv_program *program)
{
    return FIRST_ATTACH + program->n_add_ons + program->n_changes;
}

static size_t first_change(const ltv_program *program)
{
    return FIRST_ATTACH + program->n_add_ons;
}

static ltv_first_clock first_clock(const ltv_program *program, size_t n)
{
    if (n == FIRST_INVOLUNTARY)
        return (ltv_first_clock){.lever = LTV_LEVER_INVOLUNTARY,
                                 .purpose = LTV_PURPOSE_INVOLUNTARY_CHURN,
                                 .name = LTV_UNNAMED,
                                 .cumulative = program->involuntary_hazard,
                                 .can_fire = program->involuntary};
    bool attaches = n < first_change(program);
    const ltv_plan_change_program *change =
        attaches ? NULL : &program->changes[n - first_change(program)];
    const ltv_clock_table *clock =
        attaches ? &program->add_ons[n - FIRST_ATTACH].attach : &change->clock;
    return (ltv_first_clock){.lever = attaches ? LTV_LEVER_ATTACH : change->lever,
                             .purpose =
                                 attaches ? LTV_PURPOSE_ATTACH : ltv_purpose_of_change(change),
                             .name = clock->name,
                             .cumulative = clock->cumulative,
                             .can_fire = ltv_clock_can_fire(clock, program->horizon)};
}

static uint32_t table_of(const ltv_crowd *crowd, size_t n)
{
    if (n == FIRST_INVOLUNTARY)
        return ltv_crowd_involuntary_table(crowd);
    size_t changes = first_change(crowd->program);
    return n < changes ? ltv_crowd_add_on_table(crowd, n - FIRST_ATTACH, false)
                       : ltv_crowd_change_table(crowd, n - changes);
}

bool ltv_crowd_reads_heads(const ltv_program *program)
{
    uint64_t all = program->n_interventions < LTV_MAX_INTERVENTIONS
                       ? ((uint64_t)1 << program->n_interventions) - 1
                       : UINT64_MAX;
    size_t ladders = 1 + ltv_crowd_n_heads(program) * program->n_kinds;
    return ltv_crowd_knows(program) && ltv_crowd_programmes(program) == all &&
           !ltv_crowd_changes_others(program) && ladders <= LTV_CROWD_LADDERS &&
           ladders * program->horizon <= LTV_CROWD_RUNGS;
}

void ltv_crowd_keep_heads(const uint32_t **heads, const ltv_program *program, ltv_luck *luck)
{
    for (size_t n = 0; n < ltv_crowd_n_heads(program); n++) {
        ltv_first_clock clock = first_clock(program, n);
        heads[n] = clock.can_fire ? ltv_luck_heads_of(luck, clock.purpose, clock.name) : NULL;
    }
}

/* --- ladders --- */

/* One whose clock never fires. */
enum { LADDER_NEVER };

static ltv_rung *rungs_of(const ltv_crowd *crowd, size_t ladder)
{
    return crowd->rungs + ladder * crowd->rung_stride;
}

static uint32_t *guide_of(const ltv_crowd *crowd, size_t ladder)
{
    return crowd->guides + ladder * LTV_LADDER_GUIDE;
}

/* One more, for the course of a clock that stands in the crowd, bills 1 ... horizon; its number. */
static uint16_t add_ladder(ltv_crowd *crowd)
{
    uint32_t last = crowd->program->horizon + 1;
    ltv_ladder ladder = {0};
    uint16_t number = (uint16_t)crowd->n_ladders++;
    crowd->course[last] = INFINITY;
    if (!ltv_ladder_init(&ladder, crowd->course, last)) {
        crowd->block->out_of_memory = true;
    } else {
        memcpy(rungs_of(crowd, number), ladder.rungs, (last + 1) * sizeof *ladder.rungs);
        rungs_of(crowd, number)[0] = (ltv_rung){UINT32_MAX, UINT32_MAX};
        for (uint32_t g = 0; g < LTV_LADDER_GUIDE; g++)
            guide_of(crowd, number)[g] = ladder.guide[g] & ~(uint32_t)LTV_GUIDE_MIXED;
    }
    ltv_ladder_free(&ladder);
    return number;
}

static void add_never(ltv_crowd *crowd)
{
    uint32_t last = crowd->program->horizon + 1;
    memset(crowd->course, 0, last * sizeof *crowd->course);
    add_ladder(crowd);
    for (uint32_t g = 0; g < LTV_LADDER_GUIDE; g++)
        guide_of(crowd, LADDER_NEVER)[g] = last;
}

static uint16_t ladder_at(ltv_crowd *crowd, const ltv_first_clock *clock, double times)
{
    for (uint32_t u = 1; u <= crowd->program->horizon; u++)
        crowd->course[u] = times > 0 ? times * clock->cumulative[u] : 0;
    return add_ladder(crowd);
}

/* Of clock n, for each kind; kinds for whom it has the same multiplier share one. */
static void add_ladders(ltv_crowd *crowd, size_t n)
{
    const ltv_program *program = crowd->program;
    const ltv_first_clock *clock = &crowd->first[n];
    uint16_t *of_kind = crowd->ladder_of + n * program->n_kinds;
    for (size_t k = 0; clock->can_fire && k < program->n_kinds; k++) {
        double times = program->kinds[k].times.on[clock->lever];
        size_t like = 0;
        while (program->kinds[like].times.on[clock->lever] != times)
            like++;
        of_kind[k] = like < k ? of_kind[like] : ladder_at(crowd, clock, times);
    }
}

void ltv_crowd_prepare_first(ltv_crowd *crowd)
{
    size_t n_clocks = ltv_crowd_n_heads(crowd->program);
    for (size_t n = 0; n < n_clocks; n++)
        crowd->first[n] = first_clock(crowd->program, n);
    crowd->n_ladders = 0;
    if (!crowd->reads_heads)
        return;
    add_never(crowd);
    for (size_t n = 0; n < n_clocks; n++)
        add_ladders(crowd, n);
}

/* --- starting them --- */

/* A clock whose head does not say when it fires, or whose heads there was no room for. */
static void start_exactly(ltv_crowd *crowd, size_t slot, uint32_t i, size_t n)
{
    const ltv_first_clock *clock = &crowd->first[n];
    ltv_crowd_start_later(crowd, slot, i, table_of(crowd, n),
                          crowd->kind[i]->times.on[clock->lever],
                          &(ltv_clock_address){clock->name, clock->purpose, 0});
}

/* What is asked of customer i's clock; a clock without a head asks for the ladder that never says
 * anything of head 0. */
static void ask(const ltv_crowd *crowd, uint32_t i, uint16_t number, uint32_t *ladder,
                uint32_t *head)
{
    const ltv_program *program = crowd->program;
    *ladder = LADDER_NEVER;
    *head = 0;
    if (number == NO_CLOCK || crowd->block->kept.heads[number] == NULL)
        return;
    size_t kind = (size_t)(crowd->kind[i] - program->kinds);
    *ladder = crowd->ladder_of[number * program->n_kinds + kind];
    *head = crowd->block->kept.heads[number][i];
}

static void start_by_heads(ltv_crowd *crowd, size_t slot, const uint16_t number[LTV_BLOCK])
{
    uint32_t ladder[LTV_BLOCK], head[LTV_BLOCK], bill[LTV_BLOCK], n = crowd->block->n;
    uint32_t *fires = crowd->clocks.fires + ltv_crowd_place(slot, 0);
    for (uint32_t i = 0; i < n; i++)
        ask(crowd, i, number[i], &ladder[i], &head[i]);
    ltv_vector_in_use->climb(&(ltv_head_batch){.guide = crowd->guides,
                                               .rungs = crowd->rungs,
                                               .stride = crowd->rung_stride,
                                               .n = n,
                                               .ladder = ladder,
                                               .head = head,
                                               .bill = bill});
    for (uint32_t i = 0; i < n; i++)
        fires[i] = bill[i] - 1 < crowd->program->horizon ? bill[i] - 1 : LTV_NEVER;
    for (uint32_t i = 0; i < n; i++)
        if (bill[i] == 0 && number[i] != NO_CLOCK)
            start_exactly(crowd, slot, i, number[i]);
}

/* First budgets of clock n; NULL: they are not kept. */
static const double *budgets_of(const ltv_crowd *crowd, size_t n)
{
    if (n == FIRST_INVOLUNTARY)
        return crowd->luck->involuntary;
    const ltv_kept_luck *kept = &crowd->block->kept;
    size_t changes = first_change(crowd->program);
    return n < changes ? kept->attach[n - FIRST_ATTACH] : kept->change[n - changes];
}

static void start_by_budgets(ltv_crowd *crowd, size_t slot, const uint16_t number[LTV_BLOCK])
{
    for (uint32_t i = 0; i < crowd->block->n; i++) {
        if (number[i] == NO_CLOCK) {
            ltv_crowd_stop_clock(crowd, slot, i);
            continue;
        }
        const ltv_first_clock *clock = &crowd->first[number[i]];
        ltv_crowd_start_clock(crowd, slot, i, table_of(crowd, number[i]),
                              crowd->kind[i]->times.on[clock->lever],
                              ltv_luck_budget(crowd->luck, budgets_of(crowd, number[i]), i,
                                              clock->name, clock->purpose, 0));
    }
    ltv_crowd_look_at_slot(crowd, slot, crowd->block->n);
}

static void start(ltv_crowd *crowd, size_t slot, const uint16_t number[LTV_BLOCK])
{
    if (crowd->reads_heads)
        start_by_heads(crowd, slot, number);
    else
        start_by_budgets(crowd, slot, number);
}

/* Everybody has the same clock in this slot. */
static void start_same(ltv_crowd *crowd, size_t slot, size_t n)
{
    uint16_t number[LTV_BLOCK];
    for (uint32_t i = 0; i < crowd->block->n; i++)
        number[i] = crowd->first[n].can_fire ? (uint16_t)n : NO_CLOCK;
    start(crowd, slot, number);
}

/* The changes at place c of everybody's first plan. */
static void start_changes(ltv_crowd *crowd, size_t c)
{
    const ltv_program *program = crowd->program;
    uint16_t of_plan[LTV_MAX_PLANS], number[LTV_BLOCK];
    for (size_t p = 0; p < program->n_plans; p++) {
        size_t n = first_change(program) + program->plans[p].first_change + c;
        bool is_there = c < program->plans[p].n_changes && crowd->first[n].can_fire;
        of_plan[p] = is_there ? (uint16_t)n : NO_CLOCK;
    }
    for (uint32_t i = 0; i < crowd->block->n; i++)
        number[i] = of_plan[crowd->plan[i]];
    start(crowd, crowd->first_change_slot + c, number);
}

static void start_voluntary(ltv_crowd *crowd)
{
    size_t first = ltv_crowd_place(LTV_SLOT_VOLUNTARY, 0);
    ltv_crowd_clocks *clocks = &crowd->clocks;
    for (uint32_t i = 0; i < crowd->block->n; i++) {
        clocks->table[first + i] = ltv_crowd_voluntary_table(crowd, crowd->block->segment[i]);
        clocks->anchor[first + i] = 0;
        clocks->times[first + i] = crowd->cured[i]
                                       ? 0
                                       : ltv_steady_churn(crowd->program, crowd->kind[i],
                                                          crowd->plan[i], crowd->add_ons[i]);
        clocks->remaining[first + i] = ltv_first_voluntary_budget(crowd->block, crowd->program,
                                                                  crowd->kind[i], crowd->luck, i);
    }
}

/* Whether this crowd has just looked at first clocks that are the same as those of the other. */
static bool has_found_out(const ltv_crowd *crowd, const ltv_crowd *for_other)
{
    const ltv_luck *luck = for_other->luck;
    return crowd != NULL && crowd->reads_heads && crowd->n_first == luck->n &&
           crowd->tables_number == for_other->program->tables_number &&
           crowd->first_customer == luck->first_customer &&
           crowd->first_stream.seed == luck->stream.seed &&
           crowd->first_stream.draw == luck->stream.draw;
}

static void look_at_all(ltv_crowd *crowd)
{
    ltv_crowd_look_at_slot(crowd, LTV_SLOT_VOLUNTARY, crowd->block->n);
    start_same(crowd, LTV_SLOT_INVOLUNTARY, FIRST_INVOLUNTARY);
    for (size_t a = 0; a < crowd->program->n_add_ons; a++)
        start_same(crowd, LTV_SLOT_ADD_ONS + a, FIRST_ATTACH + a);
    for (size_t slot = crowd->first_change_slot; slot < crowd->n_slots; slot++)
        start_changes(crowd, slot - crowd->first_change_slot);
    ltv_crowd_look_at_queue(crowd);
}

/* Of clocks that are looked at by heads nobody wants to know more than when they fire. */
void ltv_crowd_start_first(ltv_crowd *crowd, const ltv_crowd *other)
{
    size_t bytes = crowd->n_slots * LTV_BLOCK * sizeof *crowd->first_fires;
    bool is_known = crowd->reads_heads && has_found_out(other, crowd);
    start_voluntary(crowd);
    if (is_known)
        memcpy(crowd->clocks.fires, other->first_fires, bytes);
    else
        look_at_all(crowd);
    if (crowd->reads_heads)
        memcpy(crowd->first_fires, crowd->clocks.fires, bytes);
    crowd->n_first = crowd->luck->n;
    crowd->first_customer = crowd->luck->first_customer;
    crowd->first_stream = crowd->luck->stream;
}
