/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "sim/kernel/crowd_parts.h"
#include "sim/kernel/rules.h"

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

/* Whether a path turns a lever. */
static bool turns(const ltv_path *path, ltv_lever lever)
{
    for (size_t s = 0; s < path->n_steps; s++)
        for (size_t f = 0; f < path->n_factors; f++)
            if (path->steps[s].factor[lever][f] != 1)
                return true;
    return false;
}

static uint16_t ladder_on(ltv_crowd *crowd, const ltv_path *path, const ltv_first_clock *clock,
                          double times)
{
    ltv_crowd_follow_path(crowd, path, clock->lever, clock->cumulative, times);
    return add_ladder(crowd);
}

/* Of clock n, for each kind and each path; kinds for whom it has the same multiplier share them,
 * and so do paths that do not turn it. */
static void add_ladders(ltv_crowd *crowd, size_t n)
{
    static ltv_path_step nothing; /* of a path on which nothing happens */
    static const ltv_path plain = {.n_steps = 1, .steps = &nothing};
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
            const ltv_path *path = p > 0 ? &crowd->paths[p] : &plain;
            if (like < k)
                of_kind[k * paths + p] = of_kind[like * paths + p];
            else if (p > 0 && !turns(path, clock->lever))
                of_kind[k * paths + p] = of_kind[k * paths];
            else
                of_kind[k * paths + p] = ladder_on(crowd, path, clock, times);
        }
    }
}

void ltv_crowd_prepare_first(ltv_crowd *crowd)
{
    size_t n_clocks = ltv_crowd_n_heads(crowd->program);
    for (size_t n = 0; n < n_clocks; n++)
        crowd->first[n] = first_clock(crowd->program, n);
    for (size_t k = 0; k < crowd->program->n_kinds; k++)
        for (size_t p = 0; p < crowd->program->n_plans; p++)
            crowd->first_churn[k * crowd->program->n_plans + p] =
                ltv_steady_churn(crowd->program, &crowd->program->kinds[k], (uint16_t)p, 0);
    crowd->n_ladders = 0;
    crowd->n_first_paths = crowd->walks ? crowd->n_paths : 1;
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
    if (n == NO_CLOCK) {
        ltv_crowd_stop_clock(crowd, slot, i);
        return;
    }
    const ltv_first_clock *clock = &crowd->first[n];
    ltv_crowd_start_unread(crowd, slot, i, table_of(crowd, n),
                           crowd->kind[i]->times.on[clock->lever],
                           &(ltv_clock_address){clock->name, clock->purpose, 0});
}

/* What is asked when the clock of a slot fires: a head of a ladder. Of no clock, any head. */
typedef struct {
    ltv_ladder ladder;
    const uint32_t *heads; /* [i] */
} question;

static question ask(const ltv_crowd *crowd, uint16_t number, size_t kind, size_t path)
{
    static const uint32_t any[LTV_BLOCK];
    size_t ladder = LADDER_NEVER;
    const uint32_t *heads = any;
    if (number != NO_CLOCK) {
        ladder = crowd->ladder_of[(number * crowd->program->n_kinds + kind) * crowd->n_first_paths +
                                  path];
        heads = crowd->block->kept.heads[number];
    }
    if (heads == NULL || crowd->ladders[ladder].guide == NULL) /* all are looked at in full */
        return (question){ltv_ladder_silent, any};
    return (question){crowd->ladders[ladder], heads};
}

/* The bills by which the clocks of customers fire who ask different questions. */
static void find_bills_of(const question *questions, const uint32_t which[LTV_BLOCK], uint32_t n,
                          uint32_t bill[LTV_BLOCK])
{
    uint16_t mixed[LTV_BLOCK];
    uint32_t n_mixed = 0;
    for (uint32_t i = 0; i < n; i++) {
        const question *of = &questions[which[i]];
        bill[i] = of->ladder.guide[of->heads[i] >> (32 - LTV_LADDER_GUIDE_BITS)];
        mixed[n_mixed] = (uint16_t)i;
        n_mixed += bill[i] / LTV_GUIDE_MIXED;
    }
    for (uint32_t m = 0; m < n_mixed; m++) {
        uint32_t i = mixed[m];
        const question *of = &questions[which[i]];
        bill[i] = ltv_ladder_climb(of->ladder.rungs, bill[i] - LTV_GUIDE_MIXED, of->heads[i]);
    }
}

/* What everybody is asked about a slot: clock of_plan[p] of those who joined with plan p; so many
 * plans and paths are told apart. */
typedef struct {
    size_t n, n_plans, n_paths;
    question all[LTV_CROWD_LADDERS * LTV_MAX_PLANS];
    uint32_t which[LTV_BLOCK]; /* unless there is one only */
} questionnaire;

/* Everybody's question: by plan, kind and path. */
static void choose_questions(questionnaire *asked, const ltv_crowd *crowd)
{
    uint32_t n_kinds = (uint32_t)crowd->program->n_kinds, n = crowd->block->n;
    uint32_t n_paths = (uint32_t)asked->n_paths;
    for (uint32_t i = 0; i < n; i++)
        asked->which[i] = n_kinds > 1 ? (uint32_t)(crowd->kind[i] - crowd->program->kinds) : 0;
    for (uint32_t i = 0; asked->n_plans > 1 && i < n; i++)
        asked->which[i] += crowd->plan[i] * n_kinds;
    for (uint32_t i = 0; n_paths > 1 && i < n; i++)
        asked->which[i] = asked->which[i] * n_paths + crowd->course_of[i] % n_paths;
}

/* `on_paths`: everybody is asked about his own path, else about the first. */
static void ask_all(questionnaire *asked, const ltv_crowd *crowd, const uint16_t *of_plan,
                    size_t n_plans, bool on_paths)
{
    size_t n_kinds = crowd->program->n_kinds, q = 0;
    asked->n_plans = n_plans;
    asked->n_paths = on_paths ? crowd->n_first_paths : 1;
    asked->n = n_plans * n_kinds * asked->n_paths;
    for (size_t p = 0; p < n_plans; p++)
        for (size_t k = 0; k < n_kinds; k++)
            for (size_t path = 0; path < asked->n_paths; path++)
                asked->all[q++] = ask(crowd, of_plan[p], k, path);
    if (asked->n > 1)
        choose_questions(asked, crowd);
}

/* The bills by which their clocks fire; 0: their heads do not say. */
static void find_bills(const questionnaire *asked, uint32_t n, uint32_t bill[LTV_BLOCK])
{
    if (asked->n == 1)
        ltv_ladder_bills(&asked->all->ladder, asked->all->heads, n, bill);
    else
        find_bills_of(asked->all, asked->which, n, bill);
}

/* The same, of some. */
static void find_some_bills(const questionnaire *asked, const uint32_t *of, uint32_t n,
                            uint32_t bill[LTV_BLOCK])
{
    for (uint32_t j = 0; j < n; j++) {
        uint32_t i = of[j];
        const question *his = &asked->all[asked->n > 1 ? asked->which[i] : 0];
        bill[i] = ltv_ladder_bill(&his->ladder, his->heads[i]);
    }
}

static void start_by_heads(ltv_crowd *crowd, size_t slot, const uint16_t *of_plan, size_t plans)
{
    questionnaire asked;
    uint32_t bill[LTV_BLOCK], n = crowd->block->n, unsaid = 0;
    uint32_t *fires = crowd->clocks.fires + ltv_crowd_place(slot, 0);
    int32_t horizon = (int32_t)crowd->program->horizon;
    ask_all(&asked, crowd, of_plan, plans, false);
    find_bills(&asked, n, bill);
    for (uint32_t i = 0; i < n; i++) {
        int32_t period = (int32_t)bill[i] - 1;                 /* signed, as vectors compare */
        fires[i] = (uint32_t)(period < horizon ? period : -1); /* LTV_NEVER */
        unsaid |= bill[i] == 0;
    }
    for (uint32_t i = 0; unsaid && i < n; i++)
        if (bill[i] == 0)
            start_exactly(crowd, slot, i, of_plan[plans > 1 ? crowd->plan[i] : 0]);
}

/* Of some, on their paths. */
static void turn_by_heads(ltv_crowd *crowd, size_t slot, const uint16_t *of_plan, size_t plans,
                          const uint32_t *of, uint32_t n)
{
    questionnaire asked;
    uint32_t bill[LTV_BLOCK], horizon = crowd->program->horizon;
    uint32_t *fires = crowd->clocks.fires + ltv_crowd_place(slot, 0);
    ask_all(&asked, crowd, of_plan, plans, true);
    find_some_bills(&asked, of, n, bill);
    for (uint32_t j = 0; j < n; j++) {
        uint32_t i = of[j];
        fires[i] = bill[i] <= horizon ? bill[i] - 1 : LTV_NEVER;
        if (bill[i] == 0)
            start_exactly(crowd, slot, i, of_plan[plans > 1 ? crowd->plan[i] : 0]);
    }
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

static void start_by_budgets(ltv_crowd *crowd, size_t slot, const uint16_t *of_plan, size_t plans)
{
    for (uint32_t i = 0; i < crowd->block->n; i++) {
        uint16_t number = of_plan[plans > 1 ? crowd->plan[i] : 0];
        if (number == NO_CLOCK) {
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

static void start(ltv_crowd *crowd, size_t slot, const uint16_t *of_plan, size_t plans)
{
    if (crowd->reads_heads)
        start_by_heads(crowd, slot, of_plan, plans);
    else
        start_by_budgets(crowd, slot, of_plan, plans);
}

static uint16_t clock_number(const ltv_crowd *crowd, size_t n)
{
    return crowd->first[n].can_fire ? (uint16_t)n : NO_CLOCK;
}

/* Everybody has the same clock in this slot. */
static void start_same(ltv_crowd *crowd, size_t slot, size_t n)
{
    uint16_t number = clock_number(crowd, n);
    start(crowd, slot, &number, 1);
}

/* The changes at place c of each plan. */
static void find_changes(const ltv_crowd *crowd, size_t c, uint16_t of_plan[LTV_MAX_PLANS])
{
    const ltv_program *program = crowd->program;
    for (size_t p = 0; p < program->n_plans; p++) {
        size_t n = first_change(program) + program->plans[p].first_change + c;
        bool is_there = c < program->plans[p].n_changes && crowd->first[n].can_fire;
        of_plan[p] = is_there ? (uint16_t)n : NO_CLOCK;
    }
}

static void start_changes(ltv_crowd *crowd, size_t c)
{
    uint16_t of_plan[LTV_MAX_PLANS];
    find_changes(crowd, c, of_plan);
    start(crowd, crowd->first_change_slot + c, of_plan, crowd->program->n_plans);
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
    return crowd != NULL && crowd->reads_heads && crowd->first_luck == luck &&
           crowd->first_luck_number == luck->number &&
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
    start_same(crowd, LTV_SLOT_INVOLUNTARY, FIRST_INVOLUNTARY);
    for (size_t a = 0; a < crowd->program->n_add_ons; a++)
        start_same(crowd, LTV_SLOT_ADD_ONS + a, FIRST_ATTACH + a);
    for (size_t slot = crowd->first_change_slot; slot < crowd->n_slots; slot++)
        start_changes(crowd, slot - crowd->first_change_slot);
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
    crowd->first_luck = borrows ? NULL : crowd->luck;
    crowd->first_luck_number = crowd->luck->number;
    return borrows;
}

void ltv_crowd_turn_first(ltv_crowd *crowd, const uint32_t *of, uint32_t n)
{
    uint16_t of_plan[LTV_MAX_PLANS];
    of_plan[0] = clock_number(crowd, FIRST_INVOLUNTARY);
    turn_by_heads(crowd, LTV_SLOT_INVOLUNTARY, of_plan, 1, of, n);
    for (size_t a = 0; a < crowd->program->n_add_ons; a++) {
        of_plan[0] = clock_number(crowd, FIRST_ATTACH + a);
        turn_by_heads(crowd, LTV_SLOT_ADD_ONS + a, of_plan, 1, of, n);
    }
    for (size_t c = 0; c < crowd->n_change_slots; c++) {
        find_changes(crowd, c, of_plan);
        turn_by_heads(crowd, crowd->first_change_slot + c, of_plan, crowd->program->n_plans, of, n);
    }
    ltv_crowd_look_at_queues(crowd);
}

/* --- before anybody lives --- */

void ltv_crowd_find_failures(const ltv_crowd *crowd, uint32_t bill[LTV_BLOCK])
{
    questionnaire asked;
    uint16_t number = clock_number(crowd, FIRST_INVOLUNTARY);
    ask_all(&asked, crowd, &number, 1, false);
    find_bills(&asked, crowd->block->n, bill);
}

void ltv_crowd_turn_failures(const ltv_crowd *crowd, const uint32_t *of, uint32_t n,
                             uint32_t bill[LTV_BLOCK])
{
    questionnaire asked;
    uint16_t number = clock_number(crowd, FIRST_INVOLUNTARY);
    ask_all(&asked, crowd, &number, 1, true);
    find_some_bills(&asked, of, n, bill);
}

/* Whose clock may fire by a bill: all heads that are not below its rung. */
static void mark(const questionnaire *asked, uint32_t n, const uint32_t by[LTV_BLOCK],
                 uint8_t marked[LTV_BLOCK])
{
    for (size_t q = 0; q < asked->n; q++)
        if (asked->all[q].ladder.rungs == NULL) {
            memset(marked, 1, n);
            return;
        }
    const uint32_t *heads = asked->all->heads;
    const ltv_rung *rungs = asked->all->ladder.rungs;
    for (uint32_t i = 0; asked->n == 1 && i < n; i++)
        marked[i] |= heads[i] >= rungs[by[i]].below;
    for (uint32_t i = 0; asked->n > 1 && i < n; i++) {
        const question *of = &asked->all[asked->which[i]];
        marked[i] |= of->heads[i] >= of->ladder.rungs[by[i]].below;
    }
}

void ltv_crowd_mark_changes(const ltv_crowd *crowd, const uint32_t before[LTV_BLOCK],
                            uint8_t marked[LTV_BLOCK])
{
    questionnaire asked;
    uint16_t of_plan[LTV_MAX_PLANS];
    uint32_t by[LTV_BLOCK];
    for (uint32_t i = 0; i < crowd->block->n; i++)
        by[i] = before[i] > 0 ? before[i] - 1 : 0;
    for (size_t a = 0; a < crowd->program->n_add_ons; a++) {
        of_plan[0] = clock_number(crowd, FIRST_ATTACH + a);
        ask_all(&asked, crowd, of_plan, 1, true);
        mark(&asked, crowd->block->n, by, marked);
    }
    for (size_t c = 0; c < crowd->n_change_slots; c++) {
        find_changes(crowd, c, of_plan);
        ask_all(&asked, crowd, of_plan, crowd->program->n_plans, true);
        mark(&asked, crowd->block->n, by, marked);
    }
}
