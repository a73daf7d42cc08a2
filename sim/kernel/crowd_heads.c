/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "sim/kernel/crowd_parts.h"
#include "sim/kernel/vector/vector.h"

/* First clocks by the heads of their words. A clock that no programme changes keeps its multiplier
 * for as long as it runs, and one that programmes change keeps to its path: so its head tells when
 * it fires (sim/ladder.h), and its budget is never worked out. */

/* Where all clocks walk on paths, each of those has its own ladders. */
static size_t n_first_paths(const ltv_program *program)
{
    return ltv_crowd_changes_others(program) ? ltv_crowd_n_paths(program) : 1;
}

bool ltv_crowd_has_ladders(const ltv_program *program)
{
    if (!ltv_crowd_knows(program) ||
        (ltv_crowd_changes_others(program) && !ltv_crowd_has_paths(program)))
        return false;
    size_t ladders = 1 + ltv_crowd_n_heads(program) * program->n_kinds * n_first_paths(program);
    return ladders <= LTV_CROWD_LADDERS && ladders * program->horizon <= LTV_CROWD_RUNGS;
}

bool ltv_crowd_reads_heads(const ltv_program *program)
{
    return ltv_crowd_has_ladders(program) && ltv_crowd_knows_all_programmes(program);
}

/* --- ladders --- */

/* One whose clock never fires. */
enum { LADDER_NEVER };

/* One more, for the course of a clock that stands in the crowd, bills 1 ... horizon; its number. */
static uint16_t add_ladder(ltv_crowd *crowd)
{
    uint32_t last = crowd->program->horizon + 1;
    ltv_ladder *ladder = &crowd->ladders[crowd->n_ladders];
    crowd->rung_hazards[last] = INFINITY;
    (void)ltv_ladder_set(ladder, crowd->rung_hazards, last); /* it can be done without */
    return (uint16_t)crowd->n_ladders++;
}

static void add_never(ltv_crowd *crowd)
{
    uint32_t last = crowd->program->horizon + 1;
    memset(crowd->rung_hazards, 0, last * sizeof *crowd->rung_hazards);
    uint16_t *guide = crowd->ladders[add_ladder(crowd)].guide;
    for (uint32_t g = 0; guide != NULL && g < LTV_LADDER_GUIDE; g++)
        guide[g] = (uint16_t)last;
}

static uint16_t ladder_on(ltv_crowd *crowd, const ltv_path *path, const ltv_first_clock *clock,
                          double times)
{
    ltv_crowd_follow_path(crowd, path, clock->cumulative, times);
    return add_ladder(crowd);
}

/* Of clock n, for each kind and each path; kinds for whom it has the same multiplier share them,
 * and so do paths that do not turn it. */
static void add_ladders(ltv_crowd *crowd, size_t n)
{
    static uint32_t from_bill_0;
    static const ltv_path plain = {.n_steps = 1, .from = &from_bill_0}; /* nothing happens on it */
    const ltv_program *program = crowd->program;
    const ltv_first_clock *clock = &crowd->first[n];
    size_t paths = crowd->n_first_paths;
    uint16_t *of_kind = crowd->ladder_of + n * program->n_kinds * paths;
    for (size_t k = 0; clock->can_fire && k < program->n_kinds; k++) {
        double times = program->kinds[k].times.on[clock->lever];
        size_t like = 0;
        while (program->kinds[like].times.on[clock->lever] != times)
            like++;
        for (size_t p = 0; p < paths; p++) {
            const ltv_path *path = p > 0 ? &crowd->paths[clock->lever][p] : &plain;
            if (like < k)
                of_kind[k * paths + p] = of_kind[like * paths + p];
            else if (p > 0 && path->n_factors == 0)
                of_kind[k * paths + p] = of_kind[k * paths];
            else
                of_kind[k * paths + p] = ladder_on(crowd, path, clock, times);
        }
    }
}

void ltv_crowd_prepare_ladders(ltv_crowd *crowd)
{
    crowd->n_ladders = 0;
    crowd->n_first_paths = crowd->walks ? crowd->n_paths : 1;
    if (!crowd->reads_heads)
        return;
    add_never(crowd);
    for (size_t n = 0; n < ltv_crowd_n_heads(crowd->program); n++)
        add_ladders(crowd, n);
}

/* --- what they are asked --- */

static ltv_ladder_question ask(const ltv_crowd *crowd, uint16_t number, size_t kind, size_t path)
{
    static const uint32_t any[LTV_BLOCK];
    size_t ladder = LADDER_NEVER;
    const uint32_t *heads = any;
    if (number != LTV_NO_CLOCK) {
        ladder = crowd->ladder_of[(number * crowd->program->n_kinds + kind) * crowd->n_first_paths +
                                  path];
        heads = crowd->block->kept.heads[number];
    }
    if (heads == NULL || crowd->ladders[ladder].guide == NULL) /* all are looked at in full */
        return (ltv_ladder_question){ltv_ladder_silent, any};
    return (ltv_ladder_question){crowd->ladders[ladder], heads};
}

/* The bills by which the clocks of customers fire who ask different questions. */
static void find_bills_of(const ltv_ladder_question *questions, const uint16_t *which, uint32_t n,
                          uint32_t bill[LTV_BLOCK])
{
    uint16_t mixed[LTV_BLOCK];
    uint32_t n_mixed = 0;
    for (uint32_t i = 0; i < n; i++) {
        const ltv_ladder_question *of = &questions[which[i]];
        bill[i] = of->ladder.guide[of->heads[i] >> (32 - LTV_LADDER_GUIDE_BITS)];
        mixed[n_mixed] = (uint16_t)i;
        n_mixed += bill[i] / LTV_GUIDE_MIXED;
    }
    for (uint32_t m = 0; m < n_mixed; m++) {
        uint32_t i = mixed[m];
        const ltv_ladder_question *of = &questions[which[i]];
        bill[i] = ltv_ladder_climb(of->ladder.rungs, bill[i] - LTV_GUIDE_MIXED, of->heads[i]);
    }
}

/* What customers are asked about a slot: by plan, of which so many are told apart, kind and path.
 */
typedef struct {
    ltv_slot_clocks clocks;
    size_t n, n_paths;
    ltv_ladder_question all[LTV_CROWD_LADDERS * LTV_MAX_PLANS];
} questionnaire;

/* `on_paths`: everybody is asked about his own path, else about the first. */
static void ask_all(questionnaire *asked, const ltv_crowd *crowd, size_t slot, bool on_paths)
{
    size_t n_kinds = crowd->program->n_kinds, q = 0;
    asked->clocks = ltv_crowd_first_clocks(crowd, slot);
    asked->n_paths = on_paths ? crowd->n_first_paths : 1;
    asked->n = asked->clocks.n_plans * n_kinds * asked->n_paths;
    for (size_t p = 0; p < asked->clocks.n_plans; p++)
        for (size_t k = 0; k < n_kinds; k++)
            for (size_t path = 0; path < asked->n_paths; path++)
                asked->all[q++] = ask(crowd, asked->clocks.number[p], k, path);
}

/* Whether some question is answered by no head. */
static bool some_are_silent(const questionnaire *asked)
{
    for (size_t q = 0; q < asked->n; q++)
        if (asked->all[q].ladder.rungs == NULL)
            return true;
    return false;
}

/* Which is for whom. */
static inline uint16_t choose(const questionnaire *asked, const ltv_crowd *crowd, uint32_t i)
{
    size_t n_kinds = crowd->program->n_kinds, which = 0;
    if (n_kinds > 1)
        which = (size_t)(crowd->kind[i] - crowd->program->kinds);
    if (asked->clocks.n_plans > 1)
        which += crowd->plan[i] * n_kinds;
    if (asked->n_paths > 1)
        which = which * asked->n_paths + ltv_crowd_path_number(crowd, i);
    return (uint16_t)which;
}

/* Of some customers, NULL: everybody; `room` is for where it is not simply the plan that each has.
 * Both [i]. */
static const uint16_t *choose_all(const questionnaire *asked, const ltv_crowd *crowd,
                                  const uint32_t *of, uint32_t n, uint16_t room[LTV_BLOCK])
{
    if (asked->clocks.n_plans > 1 && crowd->program->n_kinds == 1 && asked->n_paths == 1)
        return crowd->plan;
    for (uint32_t j = 0; j < n; j++) {
        uint32_t i = of != NULL ? of[j] : j;
        room[i] = choose(asked, crowd, i);
    }
    return room;
}

/* The bills by which their clocks fire; 0: their heads do not say. */
static void find_bills(const questionnaire *asked, const ltv_crowd *crowd, uint32_t bill[LTV_BLOCK])
{
    uint16_t room[LTV_BLOCK];
    uint32_t n = crowd->block->n;
    if (asked->n == 1) {
        ltv_ladder_bills(&asked->all->ladder, asked->all->heads, n, bill);
        return;
    }
    find_bills_of(asked->all, choose_all(asked, crowd, NULL, n, room), n, bill);
}

/* The same, of some. */
static void find_some_bills(const questionnaire *asked, const ltv_crowd *crowd, const uint32_t *of,
                            uint32_t n, uint32_t bill[LTV_BLOCK])
{
    uint16_t room[LTV_BLOCK];
    const uint16_t *which = choose_all(asked, crowd, of, n, room);
    for (uint32_t j = 0; j < n; j++) {
        const ltv_ladder_question *his = &asked->all[which[of[j]]];
        bill[of[j]] = ltv_ladder_bill(&his->ladder, his->heads[of[j]]);
    }
}

/* --- when they fire --- */

void ltv_crowd_start_by_heads(ltv_crowd *crowd, size_t slot)
{
    questionnaire asked;
    uint32_t bill[LTV_BLOCK], n = crowd->block->n, unsaid = 0;
    uint32_t *fires = crowd->clocks.fires + ltv_crowd_place(slot, 0);
    uint32_t horizon = crowd->program->horizon;
    ask_all(&asked, crowd, slot, false);
    find_bills(&asked, crowd, bill);
    for (uint32_t i = 0; i < n; i++) {
        fires[i] = ltv_period_before(bill[i], horizon);
        unsaid |= bill[i] == 0;
    }
    for (uint32_t i = 0; unsaid && i < n; i++)
        if (bill[i] == 0)
            ltv_crowd_start_exactly(crowd, slot, i,
                                    ltv_crowd_first_number(crowd, &asked.clocks, i));
}

static void turn(ltv_crowd *crowd, size_t slot, const uint32_t *of, uint32_t n)
{
    questionnaire asked;
    uint32_t bill[LTV_BLOCK], horizon = crowd->program->horizon;
    uint32_t *fires = crowd->clocks.fires + ltv_crowd_place(slot, 0);
    ask_all(&asked, crowd, slot, true);
    find_some_bills(&asked, crowd, of, n, bill);
    for (uint32_t j = 0; j < n; j++) {
        uint32_t i = of[j];
        fires[i] = ltv_period_before(bill[i], horizon);
        if (bill[i] == 0)
            ltv_crowd_start_exactly(crowd, slot, i,
                                    ltv_crowd_first_number(crowd, &asked.clocks, i));
    }
}

void ltv_crowd_turn_first(ltv_crowd *crowd, const uint32_t *of, uint32_t n)
{
    for (size_t slot = LTV_SLOT_INVOLUNTARY; slot < crowd->n_slots; slot++)
        turn(crowd, slot, of, n);
    ltv_crowd_look_at_queues(crowd);
}

void ltv_crowd_find_failures(const ltv_crowd *crowd, uint32_t bill[LTV_BLOCK])
{
    questionnaire asked;
    ask_all(&asked, crowd, LTV_SLOT_INVOLUNTARY, false);
    find_bills(&asked, crowd, bill);
}

void ltv_crowd_turn_failures(const ltv_crowd *crowd, const uint32_t *of, uint32_t n,
                             uint32_t bill[LTV_BLOCK])
{
    questionnaire asked;
    ask_all(&asked, crowd, LTV_SLOT_INVOLUNTARY, true);
    find_some_bills(&asked, crowd, of, n, bill);
}

uint32_t ltv_crowd_start_changes_by_heads(ltv_crowd *crowd, size_t slot, const uint32_t *of,
                                          uint32_t n, const uint32_t occurrence[LTV_BLOCK],
                                          uint32_t left[LTV_BLOCK])
{
    questionnaire asked;
    uint16_t room[LTV_BLOCK];
    uint32_t mixed[LTV_BLOCK], head[LTV_BLOCK], bill[LTV_BLOCK], n_left = 0, n_mixed = 0;
    uint32_t *fires = crowd->clocks.fires + ltv_crowd_place(slot, 0);
    uint32_t horizon = crowd->program->horizon;
    /* Where there are heads programmes change such clocks on paths, if at all. */
    bool speaks = crowd->reads_heads && !crowd->walks;
    if (speaks)
        ask_all(&asked, crowd, slot, false);
    if (!speaks || some_are_silent(&asked)) {
        ltv_crowd_stop_clocks(crowd, slot, of, n);
        memcpy(left, of, n * sizeof *left);
        return n;
    }
    const uint16_t *which = choose_all(&asked, crowd, of, n, room);
    for (uint32_t j = 0; j < n; j++) {
        uint32_t i = of[j];
        const ltv_ladder_question *his = &asked.all[which[i]];
        head[j] = ltv_ladder_head_from(&his->ladder, his->heads[i], crowd->bill[i]);
        bill[j] = his->ladder.guide[head[j] >> (32 - LTV_LADDER_GUIDE_BITS)];
    }
    for (uint32_t j = 0; j < n; j++) {
        uint32_t i = of[j];
        fires[i] = ltv_period_before(bill[j], horizon);
        uint32_t again =
            occurrence[i] > 0; /* then there is another budget, whatever the head says */
        left[n_left] = i;
        mixed[n_mixed] = j;
        n_left += again;
        n_mixed += bill[j] / LTV_GUIDE_MIXED & (1 - again);
    }
    for (uint32_t m = 0; m < n_mixed; m++) {
        uint32_t j = mixed[m], i = of[j];
        const ltv_rung *rungs = asked.all[which[i]].ladder.rungs;
        bill[j] = ltv_ladder_climb(rungs, bill[j] - LTV_GUIDE_MIXED, head[j]);
        fires[i] = ltv_period_before(bill[j], horizon);
        left[n_left] = i;
        n_left += bill[j] == 0;
    }
    return n_left;
}

void ltv_crowd_find_attach_bills(const ltv_crowd *crowd, size_t add_on, const uint32_t *of,
                                 uint32_t n, uint32_t bill[LTV_BLOCK])
{
    questionnaire asked;
    ask_all(&asked, crowd, LTV_SLOT_ADD_ONS + add_on, false);
    find_some_bills(&asked, crowd, of, n, bill);
}

/* Whose clock may fire by a bill: all heads that are not below its rung. */
void ltv_crowd_mark(const ltv_crowd *crowd, size_t slot, const uint32_t by[LTV_BLOCK], uint8_t bit,
                    uint8_t marks[LTV_BLOCK])
{
    questionnaire asked;
    uint16_t room[LTV_BLOCK];
    ask_all(&asked, crowd, slot, true);
    if (some_are_silent(&asked)) {
        memset(marks, LTV_EVENT_MORE, crowd->block->n);
        return;
    }
    uint32_t n = crowd->block->n;
    ltv_ladder_batch batch = {n, asked.n, asked.all,
                              asked.n > 1 ? choose_all(&asked, crowd, NULL, n, room) : NULL};
    ltv_vector_in_use->mark(&batch, by, bit, marks);
}
