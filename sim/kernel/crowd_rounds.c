/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/kernel/crowd_parts.h"

#include <string.h>

#include "sim/kernel/rules.h"

/* From bill to bill: everybody who lives goes on to the next one with which something happens to
 * him. Nobody can foresee to whom what happens, and a wrong guess of a processor costs as much as
 * dozens of additions. So who is concerned by a step is listed first, without a branch, and then
 * the step is taken by those on the list, one after the other. */

static inline uint32_t earlier(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/* A number or another, without a branch. */
static inline uint32_t either(uint32_t is_first, uint32_t first, uint32_t second)
{
    uint32_t mask = 0 - is_first;
    return (first & mask) | (second & ~mask);
}

/* --- multipliers --- */

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
    const double *present = crowd->clocks.times + ltv_crowd_place(LTV_SLOT_VOLUNTARY, 0);
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
        differ[n_differ] = i;
        n_differ += present[i] != times[i];
    }
    for (uint32_t j = 0; j < n_differ; j++)
        ltv_crowd_set_times(crowd, LTV_SLOT_VOLUNTARY, differ[j], times[differ[j]]);
    for (uint32_t j = 0; crowd->others_change && j < n; j++)
        set_other_times(crowd, of[j]);
}

/* --- what comes next --- */

/* Whether a clock of an add-on or a plan change is not looked at before lives are over. */
static inline bool waits(const ltv_crowd *crowd, size_t slot)
{
    return slot < crowd->first_change_slot && ltv_crowd_is_quiet(crowd, slot - LTV_SLOT_ADD_ONS);
}

static void find_soonest(ltv_crowd *crowd, const uint32_t *of, uint32_t n)
{
    for (uint32_t j = 0; j < n; j++)
        crowd->soonest[of[j]] = LTV_NEVER;
    for (size_t slot = LTV_SLOT_ADD_ONS; slot < crowd->n_slots; slot++) {
        const uint32_t *fires = crowd->clocks.fires + ltv_crowd_place(slot, 0);
        for (uint32_t j = 0; !waits(crowd, slot) && j < n; j++)
            crowd->soonest[of[j]] = earlier(crowd->soonest[of[j]], fires[of[j]]);
    }
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

/* Those whose voluntary clock fires before anything else happens will leave at the end of their
 * terms; until then they go on. */
static void give_notices(ltv_crowd *crowd)
{
    const uint32_t *voluntary = crowd->clocks.fires + ltv_crowd_place(LTV_SLOT_VOLUNTARY, 0);
    const uint32_t *involuntary = crowd->clocks.fires + ltv_crowd_place(LTV_SLOT_INVOLUNTARY, 0);
    for (uint32_t j = 0; j < crowd->n_living; j++) {
        uint32_t i = crowd->living[j], period = voluntary[i];
        uint32_t other =
            earlier(earlier(involuntary[i], crowd->leaves_after[i]), crowd->soonest[i]);
        if (period == LTV_NEVER || period > other || period >= crowd->due[i])
            continue;
        crowd->leaves_after[i] =
            ltv_end_of_term(&crowd->program->plans[crowd->plan[i]], crowd->term_began[i], period);
        ltv_crowd_stop_clock(crowd, LTV_SLOT_VOLUNTARY, i);
    }
}

/* Who goes on, and of those to whom what happens. */
typedef struct {
    uint32_t n_changed, changed[LTV_BLOCK]; /* a clock of a plan or an add-on has fired */
    uint32_t n_due, due[LTV_BLOCK];         /* a programme acts, or changes */
} ltv_round;

/* Where each goes next; who leaves, or goes on to the horizon, is not among the living any more. */
static void look_ahead(ltv_crowd *crowd, ltv_round *round)
{
    const uint32_t *involuntary = crowd->clocks.fires + ltv_crowd_place(LTV_SLOT_INVOLUNTARY, 0);
    const uint32_t *voluntary = crowd->has_terms
                                    ? crowd->leaves_after
                                    : crowd->clocks.fires + ltv_crowd_place(LTV_SLOT_VOLUNTARY, 0);
    uint32_t horizon = crowd->program->horizon, n_living = crowd->n_living;
    uint32_t living = 0, n_changed = 0, n_due = 0;
    for (uint32_t j = 0; j < n_living; j++) {
        uint32_t i = crowd->living[j], due = crowd->due[i];
        uint32_t leaves = earlier(involuntary[i], voluntary[i]);
        uint32_t event = earlier(earlier(leaves, crowd->soonest[i]), horizon);
        uint32_t bill = earlier(event + 1, due);
        uint32_t fires = event < due, left = fires & (leaves == event), below = bill < horizon;
        crowd->bill[i] = bill;
        crowd->ends_before[i] = either(left, bill, horizon + 1);
        crowd->living[living] = round->changed[n_changed] = round->due[n_due] = i;
        living += below & (left ^ 1);
        n_changed += fires & (left ^ 1) & (bill <= horizon);
        n_due += below & (left ^ 1) & (due <= bill);
    }
    crowd->n_living = living;
    round->n_changed = n_changed;
    round->n_due = n_due;
}

/* --- rounds --- */

/* Programmes that begin at once. */
static void begin(ltv_crowd *crowd)
{
    uint32_t list[LTV_BLOCK], n = 0;
    for (uint32_t j = 0; j < crowd->n_living; j++) {
        list[n] = crowd->living[j];
        n += crowd->due[crowd->living[j]] == 0;
    }
    ltv_crowd_act(crowd, list, n);
    set_times(crowd, list, n);
    ltv_crowd_look_at_queues(crowd);
}

/* One step of everybody who lives. */
static void live_on(ltv_crowd *crowd)
{
    ltv_round round; /* whose room is not cleared each time */
    if (crowd->has_terms)
        give_notices(crowd);
    look_ahead(crowd, &round);
    ltv_crowd_change(crowd, round.changed, round.n_changed);
    ltv_crowd_act(crowd, round.due, round.n_due);
    ltv_crowd_start_clocks(crowd);
    set_times(crowd, crowd->living, crowd->n_living);
    ltv_crowd_look_at_queues(crowd);
    if (crowd->others_change)
        find_soonest(crowd, crowd->living, crowd->n_living);
    else
        find_soonest(crowd, round.changed, round.n_changed);
}

void ltv_crowd_live_all_rounds(ltv_crowd *crowd)
{
    begin(crowd);
    find_everybodys_soonest(crowd, crowd->block->n);
    while (crowd->n_living > 0)
        live_on(crowd);
    if (crowd->any_programme)
        ltv_crowd_stop_programmes(crowd);
}
