/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/kernel/crowd_parts.h"

#include "sim/kernel/rules.h"

/* From bill to bill: everybody who lives goes on to the next one with which something happens to
 * him. Nobody can foresee to whom what happens, and a wrong guess of a processor costs as much as
 * dozens of additions. So who is concerned by a step is listed first, without a branch, and then
 * the step is taken by those on the list, one after the other. */

/* --- multipliers --- */

/* The multiplier of a clock that is not of voluntary churn; one that does not exist has none. */
static double other_times(const ltv_crowd *crowd, size_t slot, uint32_t i)
{
    const ltv_program *program = crowd->program;
    const ltv_plan_program *plan = &program->plans[crowd->plan[i]];
    size_t c = slot - crowd->first_change_slot;
    ltv_lever lever = LTV_LEVER_INVOLUNTARY;
    if (slot >= crowd->first_change_slot && c >= plan->n_changes)
        return 0;
    if (slot >= crowd->first_change_slot)
        lever = program->changes[plan->first_change + c].lever;
    else if (slot >= LTV_SLOT_ADD_ONS)
        lever =
            crowd->add_ons[i] >> (slot - LTV_SLOT_ADD_ONS) & 1 ? LTV_LEVER_DROP : LTV_LEVER_ATTACH;
    return ltv_crowd_times(crowd, i, lever, crowd->kind[i]->times.on[lever]);
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
    ltv_crowd_set_times(crowd, LTV_SLOT_VOLUNTARY, differ, n_differ, times);
    for (size_t slot = LTV_SLOT_INVOLUNTARY; crowd->others_change && slot < crowd->n_slots;
         slot++) {
        for (uint32_t j = 0; j < n; j++)
            times[of[j]] = other_times(crowd, slot, of[j]);
        ltv_crowd_set_times(crowd, slot, of, n, times);
    }
}

/* --- what comes next --- */

/* Whether a clock of an add-on or a plan change is not looked at before lives are over. */
static inline bool waits(const ltv_crowd *crowd, size_t slot)
{
    return slot < crowd->first_change_slot && ltv_crowd_is_quiet(crowd, slot - LTV_SLOT_ADD_ONS);
}

void ltv_crowd_find_soonest(ltv_crowd *crowd, const uint32_t *of, uint32_t n)
{
    const uint32_t *fires[LTV_MAX_ADD_ONS + LTV_MAX_PLANS];
    uint32_t *soonest = crowd->soonest, horizon = crowd->program->horizon;
    size_t n_slots = 0;
    for (size_t slot = LTV_SLOT_ADD_ONS; slot < crowd->n_slots; slot++)
        if (!waits(crowd, slot))
            fires[n_slots++] = crowd->clocks.fires + ltv_crowd_place(slot, 0);
    for (uint32_t j = 0; j < n; j++) {
        uint32_t i = of[j], earliest = horizon;
        for (size_t s = 0; s < n_slots; s++)
            earliest = ltv_earlier(earliest, fires[s][i]);
        soonest[i] = earliest;
    }
}

/* Column by column. */
void ltv_crowd_find_everybodys_soonest(ltv_crowd *crowd, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        crowd->soonest[i] = crowd->program->horizon;
    for (size_t slot = LTV_SLOT_ADD_ONS; slot < crowd->n_slots; slot++) {
        const uint32_t *fires = crowd->clocks.fires + ltv_crowd_place(slot, 0);
        for (uint32_t i = 0; !waits(crowd, slot) && i < n; i++)
            crowd->soonest[i] = ltv_earlier(crowd->soonest[i], fires[i]);
    }
}

/* Those whose voluntary clock fires before anything else happens will leave at the end of their
 * terms; until then they go on. */
void ltv_crowd_give_notices(ltv_crowd *crowd, const uint32_t *of, uint32_t n)
{
    const uint32_t *voluntary = crowd->clocks.fires + ltv_crowd_place(LTV_SLOT_VOLUNTARY, 0);
    const uint32_t *involuntary = crowd->clocks.fires + ltv_crowd_place(LTV_SLOT_INVOLUNTARY, 0);
    for (uint32_t j = 0; crowd->has_terms && j < n; j++) {
        uint32_t i = of[j], period = voluntary[i];
        uint32_t other =
            ltv_earlier(ltv_earlier(involuntary[i], crowd->leaves_after[i]), crowd->soonest[i]);
        if (period == LTV_NEVER || period > other || period >= crowd->due[i])
            continue;
        crowd->leaves_after[i] =
            ltv_end_of_term(&crowd->program->plans[crowd->plan[i]], crowd->term_began[i], period);
        ltv_crowd_stop_clocks(crowd, LTV_SLOT_VOLUNTARY, &i, 1);
    }
}

/* The periods in which everybody leaves, as far as is known: the earlier of two columns. */
const uint32_t *ltv_crowd_leaving(const ltv_crowd *crowd, bool involuntarily)
{
    const uint32_t *fires = crowd->clocks.fires;
    if (involuntarily)
        return fires + ltv_crowd_place(LTV_SLOT_INVOLUNTARY, 0);
    return crowd->has_terms ? crowd->leaves_after : fires + ltv_crowd_place(LTV_SLOT_VOLUNTARY, 0);
}

/* Of those who go on: to whom what happens. */
typedef struct {
    uint32_t n_changed, changed[LTV_BLOCK]; /* a clock of a plan or an add-on has fired */
    uint32_t n_due, due[LTV_BLOCK];         /* a programme acts, or changes */
} ltv_round;

/* Where each goes next. Who leaves before, or goes on to the horizon, is not among the living any
 * more. */
static void look_ahead(ltv_crowd *crowd, ltv_round *round)
{
    const uint32_t *involuntary = ltv_crowd_leaving(crowd, true),
                   *voluntary = ltv_crowd_leaving(crowd, false);
    uint32_t *list = crowd->living, *bill = crowd->bill;
    const uint32_t *soonest = crowd->soonest, *dues = crowd->due;
    uint32_t horizon = crowd->program->horizon;
    size_t n_living = crowd->n_living, living = 0, n_changed = 0, n_due = 0;
    for (size_t j = 0; j < n_living; j++) {
        uint32_t i = list[j], due = dues[i], changes = soonest[i] + 1,
                 next = ltv_earlier(changes, due);
        uint32_t lives = next <= ltv_earlier(involuntary[i], voluntary[i]);
        uint32_t goes_on = lives & (next < horizon);
        bill[i] = next;
        list[living] = round->changed[n_changed] = round->due[n_due] = i;
        living += goes_on;
        n_changed += lives & (changes == next) & (next <= horizon);
        n_due += goes_on & (due == next);
    }
    crowd->n_living = (uint32_t)living;
    round->n_changed = (uint32_t)n_changed;
    round->n_due = (uint32_t)n_due;
}

/* When everybody's life has ended. */
static void note_ends(ltv_crowd *crowd)
{
    const uint32_t *involuntary = ltv_crowd_leaving(crowd, true),
                   *voluntary = ltv_crowd_leaving(crowd, false);
    uint32_t horizon = crowd->program->horizon;
    for (uint32_t m = 0; m < crowd->n_members; m++) {
        uint32_t i = crowd->member[m];
        crowd->ends_before[i] = ltv_earlier(ltv_earlier(involuntary[i], voluntary[i]), horizon) + 1;
    }
}

/* --- rounds --- */

/* Programmes that begin at once. */
static void begin(ltv_crowd *crowd)
{
    const ltv_program *program = crowd->program;
    uint32_t list[LTV_BLOCK], n = 0;
    if (program->n_appointments == 0 || program->appointments[0].bill > 0)
        return;
    for (uint32_t j = 0; j < crowd->n_living; j++) {
        list[n] = crowd->living[j];
        n += crowd->due[crowd->living[j]] == 0;
    }
    ltv_crowd_act(crowd, list, n);
    set_times(crowd, list, n);
}

/* One step of everybody who lives. */
static void live_on(ltv_crowd *crowd)
{
    ltv_round round; /* whose room is not cleared each time */
    ltv_crowd_give_notices(crowd, crowd->living, crowd->n_living);
    look_ahead(crowd, &round);
    ltv_crowd_change(crowd, round.changed, round.n_changed);
    ltv_crowd_act(crowd, round.due, round.n_due);
    ltv_crowd_start_clocks(crowd);
    set_times(crowd, crowd->living, crowd->n_living);
    ltv_crowd_look_at_queues(crowd);
    if (crowd->others_change)
        ltv_crowd_find_soonest(crowd, crowd->living, crowd->n_living);
    else
        ltv_crowd_find_soonest(crowd, round.changed, round.n_changed);
}

static void live_in_rounds(ltv_crowd *crowd)
{
    begin(crowd);
    ltv_crowd_look_at_queues(crowd);
    ltv_crowd_find_everybodys_soonest(crowd, crowd->block->n);
    while (crowd->n_living > 0)
        live_on(crowd);
}

void ltv_crowd_live_all_rounds(ltv_crowd *crowd)
{
    if (crowd->foresees)
        ltv_crowd_live_foreseen(crowd);
    else
        live_in_rounds(crowd);
    note_ends(crowd);
    if (crowd->known_programmes != 0)
        ltv_crowd_stop_programmes(crowd);
}
