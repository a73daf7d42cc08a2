/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/kernel/life.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "sim/kernel/life_parts.h"
#include "sim/kernel/rules.h"
#include "sim/kernel/vector/vector.h"

/* --- clocks --- */

static bool has_fired(const ltv_clock *clock, uint32_t period)
{
    double hazard = clock->hazard[period + 1] - clock->hazard[clock->anchor];
    return ltv_clock_has_fired(clock->times, hazard, clock->remaining);
}

static uint32_t search(ltv_clock *clock, uint32_t end)
{
    uint32_t low = clock->looked;
    clock->looked = end;
    if (!(clock->times > 0) || !has_fired(clock, end - 1))
        return LTV_NEVER;
    /* Nearly always the period itself; rounding, or a certain end, can put it beside. */
    uint32_t period = low + (uint32_t)ltv_vector_in_use->count_below(
                                clock->hazard + low + 1, end - low - 1,
                                clock->hazard[clock->anchor] + clock->remaining / clock->times);
    while (period > low && has_fired(clock, period - 1))
        period--;
    while (!has_fired(clock, period))
        period++;
    return clock->fires = period;
}

static inline uint32_t look(ltv_clock *clock, uint32_t until)
{
    if (clock->fires != LTV_NEVER || clock->looked >= until || clock->hazard == NULL)
        return clock->fires;
    return search(clock, until);
}

uint32_t ltv_clock_look(ltv_clock *clock, uint32_t until)
{
    return look(clock, until);
}

/* Nothing is known of when it fires, but that it does not before this bill. */
static void forget(ltv_clock *clock, uint32_t bill)
{
    clock->fires = LTV_NEVER;
    clock->looked = bill;
}

void ltv_clock_start(ltv_clock *clock, const double *hazard, double budget, uint32_t bill)
{
    *clock = (ltv_clock){.hazard = hazard, .remaining = budget, .times = 1, .anchor = bill};
    forget(clock, bill);
}

void ltv_clock_stop(ltv_clock *clock)
{
    *clock = (ltv_clock){.fires = LTV_NEVER};
}

void ltv_clock_settle(ltv_clock *clock, uint32_t bill)
{
    if (clock->times > 0)
        clock->remaining -= clock->times * (clock->hazard[bill] - clock->hazard[clock->anchor]);
    clock->anchor = bill;
}

void ltv_clock_set_times(ltv_clock *clock, double times, uint32_t bill)
{
    if (clock->hazard == NULL || clock->times == times)
        return;
    ltv_clock_settle(clock, bill);
    clock->times = times;
    forget(clock, bill);
}

void ltv_clock_resume(ltv_clock *clock, uint32_t bill)
{
    clock->anchor = bill;
    forget(clock, bill);
}

void ltv_clock_go_on(ltv_clock *clock, uint32_t period)
{
    forget(clock, period);
}

/* --- multipliers --- */

ltv_multipliers ltv_life_multipliers(const ltv_life *life, uint32_t bill)
{
    const ltv_program *program = life->program;
    size_t n = (size_t)program->horizon + 1;
    ltv_multipliers times = life->kind->times;
    times.on[LTV_LEVER_CHURN] = ltv_steady_churn(program, life->kind, life->plan, life->add_ons);
    for (uint64_t running = life->running; running != 0; running &= running - 1) {
        int k = __builtin_ctzll(running);
        const ltv_intervention_program *programme = &program->interventions[k];
        const double *multiplier = programme->multiplier + (bill - life->programme[k].began);
        for (size_t e = 0; e < programme->definition->n_effects; e++)
            times.on[programme->definition->effects[e].lever] *= multiplier[e * n];
    }
    return times;
}

static uint32_t earlier(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

static double churn_at(const ltv_life *life, double steady, uint32_t bill)
{
    double times = steady;
    for (uint64_t running = life->running; running != 0; running &= running - 1) {
        int k = __builtin_ctzll(running);
        const double *churn = life->program->interventions[k].churn;
        if (churn != NULL)
            times *= churn[bill - life->programme[k].began];
    }
    return times;
}

/* What voluntary churn follows in the course of a running programme. */
typedef struct {
    const double *churn; /* [k] */
    const uint32_t *changes_at;
    uint32_t began;
} course;

static size_t courses_of(const ltv_life *life, course *courses)
{
    size_t n = 0;
    for (uint64_t running = life->running; running != 0; running &= running - 1) {
        int k = __builtin_ctzll(running);
        const ltv_intervention_program *programme = &life->program->interventions[k];
        if (programme->churn != NULL)
            courses[n++] =
                (course){programme->churn, programme->changes_at, life->programme[k].began};
    }
    return n;
}

/* Follows voluntary churn through the bills before `until` at which a programme changes nothing
 * else: programmes that ramp or fade do so at every bill. Stops at the bill before it fires. What
 * ltv_clock_set_times and look do is done here on a clock that stays in registers. */
static void follow_churn(ltv_life *life, uint32_t until)
{
    course courses[LTV_MAX_INTERVENTIONS];
    size_t n = courses_of(life, courses);
    ltv_clock clock = life->voluntary;
    double steady = ltv_steady_churn(life->program, life->kind, life->plan, life->add_ons);
    for (uint32_t bill = life->bill;;) {
        double times = steady;
        uint32_t next = until;
        for (size_t c = 0; c < n; c++) {
            uint32_t since = bill - courses[c].began, change = courses[c].changes_at[since];
            times *= courses[c].churn[since];
            if (change != LTV_FOR_EVER)
                next = earlier(next, courses[c].began + change);
        }
        if (times != clock.times) {
            ltv_clock_settle(&clock, bill);
            clock.times = times;
            forget(&clock, bill);
        }
        if (next >= until || (times > 0 && has_fired(&clock, next - 1))) {
            life->voluntary = clock;
            life->bill = bill;
            look(&life->voluntary, next);
            return;
        }
        bill = next;
    }
}

/* Sets a clock's multiplier from the present bill on and finds out whether it fires in one of the
 * periods up to *next, which then is that period. */
static void set_clock(const ltv_life *life, ltv_clock *clock, double times, uint32_t *next)
{
    ltv_clock_set_times(clock, times, life->bill);
    uint32_t until = *next < life->program->horizon ? *next + 1 : life->program->horizon;
    *next = earlier(*next, look(clock, until));
}

/* The other clocks, likewise. */
static void set_other_clocks(ltv_life *life, uint32_t *next)
{
    const ltv_program *program = life->program;
    ltv_multipliers now;
    const double *times = life->kind->times.on; /* but for voluntary churn, of no interest here … */
    if (life->running != 0) {                   /* … what plans and add-ons do not change */
        now = ltv_life_multipliers(life, life->bill);
        times = now.on;
    }
    set_clock(life, &life->involuntary, times[LTV_LEVER_INVOLUNTARY], next);
    if (life->orders.hazard != NULL) {
        const ltv_kind *joined = ltv_kind_of(program, life->channel, life->joining_segment);
        double all = times[LTV_LEVER_ORDERS], own = fmax(1, joined->times.on[LTV_LEVER_ORDERS]);
        life->order_times = all / own;
        set_clock(life, &life->orders, life->order_rate * own, next);
        set_clock(life, &life->extra_orders, life->order_rate * fmax(0, all - own), next);
    }
    const ltv_plan_program *plan = &program->plans[life->plan];
    for (size_t c = 0; c < plan->n_changes; c++)
        set_clock(life, &ltv_life_changes(life)[c],
                  times[program->changes[plan->first_change + c].lever], next);
    for (size_t a = 0; a < program->n_add_ons; a++) {
        bool held = life->add_ons >> a & 1;
        set_clock(life, &ltv_life_add_ons(life)[a], times[held ? LTV_LEVER_DROP : LTV_LEVER_ATTACH],
                  next);
    }
    for (uint64_t left = program->with_clock & life->in_audience; left != 0; left &= left - 1)
        set_clock(life, &life->programme[__builtin_ctzll(left)].clock, 1, next);
}

/* Sets every clock to the multipliers in force from the present bill on, and looks which fires
 * next before anything else is due. The one that most often is comes first, so that the others
 * need not be looked at beyond it; unless it has to be followed as far as they let it. */
static void set_clocks(ltv_life *life)
{
    bool stays = life->cured || life->leaves_after != LTV_NEVER;
    uint32_t next = earlier(life->next_due, life->leaves_after);
    if (stays || ltv_life_next_change(life, life->bill) >= next) {
        set_clock(
            life, &life->voluntary,
            stays ? 0
                  : churn_at(life,
                             ltv_steady_churn(life->program, life->kind, life->plan, life->add_ons),
                             life->bill),
            &next);
        set_other_clocks(life, &next);
    } else {
        set_other_clocks(life, &next);
        follow_churn(life, earlier(next + (next < LTV_NEVER), life->program->horizon));
        next = earlier(next, life->voluntary.fires);
    }
    life->next_event = next;
}

/* --- fresh budgets --- */

static void start_plan_clocks(ltv_life *life, uint32_t bill)
{
    const ltv_program *program = life->program;
    const ltv_plan_program *plan = &program->plans[life->plan];
    for (size_t c = 0; c < plan->n_changes; c++) {
        size_t number = plan->first_change + c;
        const ltv_plan_change_program *change = &program->changes[number];
        if (!ltv_clock_can_fire(&change->clock, program->horizon)) {
            ltv_clock_stop(&ltv_life_changes(life)[c]);
            continue;
        }
        double budget = ltv_luck_budget(life->luck, life->block->kept.change[number], life->i,
                                        change->clock.name, ltv_purpose_of_change(change),
                                        ltv_life_change_budgets(life)[number]++);
        ltv_clock_start(&ltv_life_changes(life)[c], change->clock.cumulative, budget, bill);
    }
    life->term_began = bill;
}

static void start_add_on_clock(ltv_life *life, size_t a, uint32_t bill)
{
    bool held = life->add_ons >> a & 1;
    const ltv_add_on_program *add_on = &life->program->add_ons[a];
    const ltv_clock_table *table = held ? &add_on->drop : &add_on->attach;
    uint32_t *budgets = (held ? ltv_life_drop_budgets(life) : ltv_life_attach_budgets(life)) + a;
    if (!ltv_clock_can_fire(table, life->program->horizon)) {
        ltv_clock_stop(&ltv_life_add_ons(life)[a]);
        return;
    }
    const ltv_kept_luck *kept = &life->block->kept;
    double budget =
        ltv_luck_budget(life->luck, held ? kept->drop[a] : kept->attach[a], life->i, table->name,
                        held ? LTV_PURPOSE_DROP : LTV_PURPOSE_ATTACH, (*budgets)++);
    ltv_clock_start(&ltv_life_add_ons(life)[a], table->cumulative, budget, bill);
}

static void start_involuntary(ltv_life *life, uint32_t bill)
{
    if (!life->program->involuntary)
        return;
    uint32_t occurrence = life->involuntary_budgets++;
    double budget = ltv_luck_budget(life->luck, life->luck->involuntary, life->i, LTV_UNNAMED,
                                    LTV_PURPOSE_INVOLUNTARY_CHURN, occurrence);
    ltv_clock_start(&life->involuntary, life->program->involuntary_hazard, budget, bill);
}

/* His frailty, as if he were not cured. It was integrated out of the first budget where that can
 * be done; now that it is asked for, it is drawn given that budget. */
static double frailty(ltv_life *life)
{
    if (isnan(life->z)) {
        double *column = life->block->kept.frailty[life->kind - life->program->kinds];
        double unkept = NAN, *z = column != NULL ? &column[life->i] : &unkept;
        if (isnan(*z))
            *z = ltv_frailty_given_budget(&life->kind->frailty, life->luck->voluntary[life->i],
                                          life->luck->frailty[life->i],
                                          life->luck->beta_frailty[life->i]);
        life->z = *z;
    }
    return life->z;
}

/* The first budget integrates z, the others are E/z. */
static void start_voluntary(ltv_life *life, uint32_t bill)
{
    uint32_t occurrence = life->voluntary_budgets++;
    double budget = occurrence == 0 ? ltv_first_voluntary_budget(life->block, life->program,
                                                                 life->kind, life->luck, life->i)
                                    : ltv_luck_budget(life->luck, NULL, life->i, LTV_UNNAMED,
                                                      LTV_PURPOSE_VOLUNTARY_CHURN, occurrence) /
                                          frailty(life);
    ltv_clock_start(&life->voluntary, life->program->base_hazard[life->segment], budget, bill);
}

static void start_all(ltv_life *life, uint32_t bill)
{
    start_voluntary(life, bill);
    start_involuntary(life, bill);
    start_plan_clocks(life, bill);
    for (size_t a = 0; a < life->program->n_add_ons; a++)
        start_add_on_clock(life, a, bill);
    ltv_life_start_programme_clocks(life, bill);
}

/* --- moves --- */

void ltv_life_move_to_plan(ltv_life *life, uint16_t plan)
{
    if (plan == life->plan)
        return;
    life->plan = plan;
    start_plan_clocks(life, life->bill);
}

/* The rank of his frailty among the customers he joined with; it stays his for life. */
static ltv_uniform frailty_rank(ltv_life *life)
{
    const ltv_frailty *of = &life->kind->frailty; /* not moved yet, when first asked */
    if (life->has_rank)
        return life->frailty_rank;
    life->has_rank = true;
    life->frailty_rank = life->luck->frailty[life->i];
    if (!ltv_frailty_is_constant(of) && !ltv_frailty_has_explicit(of))
        life->frailty_rank = ltv_uniform_of_score(
            ltv_frailty_score_given_budget(of, life->luck->voluntary[life->i], life->frailty_rank));
    return life->frailty_rank;
}

void ltv_life_move_to_segment(ltv_life *life, uint16_t segment)
{
    const ltv_program *program = life->program;
    if (segment == life->segment)
        return;
    const ltv_kind *kind = ltv_kind_of(program, life->channel, segment);
    ltv_clock_look(&life->voluntary, program->horizon); /* what is due stays, to the last bit */
    ltv_clock_settle(&life->voluntary, life->bill);
    if (program->retention_of[segment] != program->retention_of[life->segment]) {
        double left = frailty(life) * life->voluntary.remaining; /* the budget itself … */
        left = isnan(left) ? INFINITY : left; /* … of one who will never leave */
        life->z = ltv_frailty_of_rank(&kind->frailty, frailty_rank(life));
        ltv_clock_start(&life->voluntary, program->base_hazard[segment], left / life->z,
                        life->bill);
        life->cured = life->luck->cured[life->i] < kind->cured_threshold;
    }
    life->segment = segment;
    life->kind = kind;
}

/* --- what happens in a period --- */

static void leave(ltv_life *life, uint32_t period)
{
    ltv_life_stop_paying(life, period + 1);
    ltv_clock_settle(&life->orders, period + 1);
    ltv_clock_settle(&life->extra_orders, period + 1);
    /* Offers that were accepted in vain prevented nothing. */
    life->block->saves[life->i] -= (uint32_t)__builtin_popcountll(life->acts);
    life->acts = life->is_served = 0;
    life->active = false;
    life->away_since = period;
    life->next_try = period + 1;
    if (!ltv_life_open_windows(life, period))
        life->next_try = LTV_NEVER;
}

/* True when he leaves in this period by himself. */
static bool leaves_voluntarily(ltv_life *life, uint32_t period)
{
    if (life->voluntary.fires == period) {
        if (ltv_life_is_saved(life, LTV_WHEN_CHURN_INTENT, period)) {
            start_voluntary(life, period + 1);
        } else {
            life->leaves_after =
                ltv_end_of_term(&life->program->plans[life->plan], life->term_began, period);
            ltv_clock_stop(&life->voluntary);
        }
    }
    return life->leaves_after == period;
}

static bool leaves_involuntarily(ltv_life *life, uint32_t period)
{
    if (life->involuntary.fires != period)
        return false;
    if (!ltv_life_is_saved(life, LTV_WHEN_PAYMENT_FAILURE, period))
        return true;
    start_involuntary(life, period + 1);
    return false;
}

/* The first change that fired, in the plan's order: downgrades stand before upgrades. */
static void change_plan(ltv_life *life, uint32_t period)
{
    const ltv_plan_program *plan = &life->program->plans[life->plan];
    for (size_t c = 0; c < plan->n_changes; c++) {
        if (ltv_life_changes(life)[c].fires != period)
            continue;
        const ltv_plan_change_program *change = &life->program->changes[plan->first_change + c];
        life->plan = (uint16_t)change->to;
        start_plan_clocks(life, period + 1);
        if (change->lever == LTV_LEVER_UPGRADE)
            ltv_life_queue(life, LTV_WHEN_UPGRADE);
        return;
    }
}

/* Drops and attaches: each add-on has one clock at a time, so their order does not matter. */
static void change_add_ons(ltv_life *life, uint32_t period)
{
    for (size_t a = 0; a < life->program->n_add_ons; a++) {
        if (ltv_life_add_ons(life)[a].fires != period)
            continue;
        life->add_ons ^= 1u << a;
        start_add_on_clock(life, a, period + 1);
    }
}

static void live_through(ltv_life *life, uint32_t period)
{
    if (life->orders.fires == period || life->extra_orders.fires == period)
        ltv_life_order(life, period);
    if (leaves_voluntarily(life, period) || leaves_involuntarily(life, period)) {
        leave(life, period);
        return;
    }
    change_plan(life, period);
    change_add_ons(life, period);
    ltv_life_fire_programme_clocks(life, period);
    life->bill = period + 1;
}

/* --- from bill to bill --- */

static void arrive(ltv_life *life)
{
    bool lives_on = life->bill < life->program->horizon;
    if (lives_on)
        ltv_life_act(life);
    ltv_life_pay(life);
    if (lives_on) {
        life->next_due = ltv_life_next_due(life);
        set_clocks(life);
    }
}

static void return_at(ltv_life *life, uint32_t bill)
{
    life->active = true;
    life->bill = bill;
    life->add_ons = 0;
    life->leaves_after = LTV_NEVER;
    start_all(life, bill);
    ltv_clock_resume(&life->orders, bill);
    ltv_clock_resume(&life->extra_orders, bill);
    arrive(life);
}

uint32_t ltv_life_next(const ltv_life *life)
{
    uint32_t horizon = life->program->horizon;
    if (!life->active)
        return life->next_try < horizon ? life->next_try + 1 : LTV_NEVER;
    if (life->bill >= horizon)
        return LTV_NEVER;
    uint32_t event = life->next_event;
    uint32_t bill = event < life->next_due ? event + 1 : life->next_due;
    return bill <= horizon ? bill : LTV_NEVER;
}

static void step_away(ltv_life *life)
{
    uint32_t period = life->next_try++;
    if (ltv_life_is_won_back(life, period))
        return_at(life, period + 1);
    else if (life->windows == 0)
        life->next_try = LTV_NEVER;
}

/* Whether nothing but orders comes in a period whose next bill asks for nothing either. */
static bool only_orders(const ltv_life *life, uint32_t period)
{
    const ltv_program *program = life->program;
    bool other = life->voluntary.fires == period || life->leaves_after == period ||
                 life->involuntary.fires == period || period + 1 >= life->next_due;
    for (size_t c = 0; c < program->plans[life->plan].n_changes; c++)
        other |= ltv_life_changes(life)[c].fires == period;
    for (size_t a = 0; a < program->n_add_ons; a++)
        other |= ltv_life_add_ons(life)[a].fires == period;
    for (uint64_t left = program->with_clock & life->in_audience; left != 0; left &= left - 1)
        other |= life->programme[__builtin_ctzll(left)].clock.fires == period;
    return !other;
}

/* He orders and stays as he is: of all that happens when he arrives at a bill, only the clocks go
 * on. Shops have many such periods. */
static void step_by_orders(ltv_life *life, uint32_t period)
{
    ltv_life_order(life, period);
    life->bill = period + 1;
    if (life->bill < life->program->horizon)
        set_clocks(life);
}

static void step(ltv_life *life, uint32_t bill)
{
    if (!life->active) {
        step_away(life);
        return;
    }
    if (bill - 1 == life->next_event && life->orders.hazard != NULL &&
        only_orders(life, bill - 1)) {
        step_by_orders(life, bill - 1);
        return;
    }
    if (bill - 1 == life->next_event)
        live_through(life, bill - 1);
    else
        life->bill = bill;
    if (life->active)
        arrive(life);
}

void ltv_life_advance(ltv_life *life, uint32_t until)
{
    for (uint32_t bill; (bill = ltv_life_next(life)) < until;)
        step(life, bill);
}

/* Out of line so that its size is not known: of so many bytes gcc would make a `rep stos`, which
 * takes longer to start than the call. */
static __attribute__((noinline)) void clear(void *bytes, size_t n)
{
    memset(bytes, 0, n);
}

size_t ltv_life_size(const ltv_program *program)
{
    size_t most_changes = 0;
    for (size_t p = 0; p < program->n_plans; p++)
        most_changes =
            program->plans[p].n_changes > most_changes ? program->plans[p].n_changes : most_changes;
    return sizeof(ltv_life) + program->n_interventions * sizeof(ltv_participation) +
           (program->n_add_ons + most_changes) * sizeof(ltv_clock) +
           ltv_life_n_budgets(program) * sizeof(uint32_t);
}

/* The value of his life if all clocks but those of churn stood still and no programme acted. The
 * clocks keep what was found: it is true for as long as nothing acts. */
static ltv_money value_of_plain_life(ltv_life *life)
{
    uint32_t horizon = life->program->horizon;
    ltv_clock_set_times(
        &life->voluntary,
        life->cured ? 0 : ltv_steady_churn(life->program, life->kind, life->plan, life->add_ons),
        0);
    ltv_clock_set_times(&life->involuntary, life->kind->times.on[LTV_LEVER_INVOLUNTARY], 0);
    uint32_t fires = look(&life->involuntary, horizon);
    fires = earlier(fires, look(&life->voluntary, fires < horizon ? fires : horizon));
    return ltv_block_plain_value(life->block, life->program, life->kind, life->plan, life->i,
                                 fires);
}

void ltv_life_begin(ltv_life *life, ltv_block *block, const ltv_program *program,
                    const ltv_luck *luck, uint32_t i, const ltv_newcomer *newcomer)
{
    clear(life, offsetof(ltv_life, voluntary));
    life->program = program;
    for (size_t b = 0; b < ltv_life_n_budgets(program); b++)
        ltv_life_change_budgets(life)[b] = 0;
    life->luck = luck;
    life->block = block;
    life->i = i;
    life->channel = block->channel[i];
    life->joining_segment = life->segment = block->segment[i];
    life->kind = ltv_kind_of(program, life->channel, life->segment);
    life->spend = newcomer->spend;
    life->z = NAN;
    life->plan = newcomer->plan;
    life->cured = luck->cured[i] < life->kind->cured_threshold;
    life->leaves_after = LTV_NEVER;
    ltv_clock_stop(&life->involuntary);
    block->ltv[i] = block->programme_cost[i] = 0;
    block->bills[i] = block->saves[i] = 0;
    for (int k = 0; k < LTV_CHECKPOINTS; k++)
        block->ltv_by[k][i] = 0;
    ltv_life_judge_audiences(life, newcomer->spend_rank);
    life->active = true;
    start_all(life, 0);
    if (program->has_plain_ltv)
        block->plain_ltv[i] = value_of_plain_life(life);
    ltv_life_begin_orders(life);
    arrive(life);
}

void ltv_life_end(ltv_life *life)
{
    if (life->active)
        ltv_life_stop_paying(life, life->program->horizon + 1);
    ltv_block_close_customer(life->block, life->program, life->i);
}
