/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/life.h"

#include <math.h>
#include <string.h>

#include "sim/life_parts.h"

/* --- clocks --- */

static bool has_fired(const ltv_clock *clock, uint32_t period)
{
    double hazard = clock->hazard[period + 1] - clock->hazard[clock->anchor];
    return clock->times * hazard >= clock->remaining || hazard >= LTV_CERTAIN;
}

/* When it fires, if nothing changes: by halving, since the hazard never falls. */
static void predict(ltv_clock *clock, uint32_t horizon)
{
    clock->fires = LTV_NEVER;
    if (!(clock->times > 0) || clock->anchor >= horizon || !has_fired(clock, horizon - 1))
        return;
    uint32_t low = clock->anchor, high = horizon - 1;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (has_fired(clock, middle))
            high = middle;
        else
            low = middle + 1;
    }
    clock->fires = low;
}

void ltv_clock_start(ltv_clock *clock, const double *hazard, double budget, uint32_t bill,
                     uint32_t horizon)
{
    *clock = (ltv_clock){.hazard = hazard, .remaining = budget, .times = 1, .anchor = bill};
    predict(clock, horizon);
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

void ltv_clock_set_times(ltv_clock *clock, double times, uint32_t bill, uint32_t horizon)
{
    if (clock->hazard == NULL || clock->times == times)
        return;
    ltv_clock_settle(clock, bill);
    clock->times = times;
    predict(clock, horizon);
}

void ltv_clock_resume(ltv_clock *clock, uint32_t bill, uint32_t horizon)
{
    if (clock->hazard == NULL)
        return;
    clock->anchor = bill;
    predict(clock, horizon);
}

double ltv_life_budget(const ltv_life *life, uint32_t name, ltv_purpose purpose,
                       uint32_t occurrence)
{
    return ltv_exponential_of_uniform(ltv_address_uniform(
        life->luck->stream, life->luck->first_customer + life->i, name, purpose, occurrence));
}

/* --- multipliers --- */

ltv_multipliers ltv_life_multipliers(const ltv_life *life, uint32_t bill)
{
    const ltv_program *program = life->program;
    ltv_multipliers times = life->kind->times;
    times.on[LTV_LEVER_CHURN] *= program->components[life->plan].churn;
    for (uint32_t a = 0, held = life->add_ons; held != 0; a++, held >>= 1)
        if (held & 1)
            times.on[LTV_LEVER_CHURN] *= program->components[program->n_plans + a].churn;
    for (uint64_t running = life->running; running != 0; running &= running - 1) {
        int k = __builtin_ctzll(running);
        const ltv_intervention *definition = program->interventions[k].definition;
        for (size_t e = 0; e < definition->n_effects; e++)
            times.on[definition->effects[e].lever] *=
                ltv_effect_multiplier(&definition->effects[e], bill - life->programme[k].began);
    }
    return times;
}

/* Sets every clock to the multipliers in force from the present bill on. */
static void set_clocks(ltv_life *life)
{
    const ltv_program *program = life->program;
    uint32_t bill = life->bill, horizon = program->horizon;
    ltv_multipliers times = ltv_life_multipliers(life, bill);
    bool stays = life->cured || life->leaves_after != LTV_NEVER;
    ltv_clock_set_times(&life->voluntary, stays ? 0 : times.on[LTV_LEVER_CHURN], bill, horizon);
    ltv_clock_set_times(&life->involuntary, times.on[LTV_LEVER_INVOLUNTARY], bill, horizon);
    life->order_times = times.on[LTV_LEVER_ORDERS];
    ltv_clock_set_times(&life->extra_orders, life->order_rate * fmax(0, life->order_times - 1),
                        bill, horizon);
    const ltv_plan_program *plan = &program->plans[life->plan];
    for (size_t c = 0; c < plan->n_changes; c++)
        ltv_clock_set_times(&life->change[c],
                            times.on[program->changes[plan->first_change + c].lever], bill,
                            horizon);
    for (size_t a = 0; a < program->n_add_ons; a++) {
        bool held = life->add_ons >> a & 1;
        ltv_clock_set_times(&life->add_on[a], times.on[held ? LTV_LEVER_DROP : LTV_LEVER_ATTACH],
                            bill, horizon);
    }
}

/* --- fresh budgets --- */

static void start_plan_clocks(ltv_life *life, uint32_t bill)
{
    const ltv_program *program = life->program;
    const ltv_plan_program *plan = &program->plans[life->plan];
    for (size_t c = 0; c < plan->n_changes; c++) {
        const ltv_plan_change_program *change = &program->changes[plan->first_change + c];
        ltv_purpose purpose =
            change->lever == LTV_LEVER_UPGRADE ? LTV_PURPOSE_UPGRADE : LTV_PURPOSE_DOWNGRADE;
        double budget = ltv_life_budget(life, change->clock.name, purpose,
                                        life->change_budgets[plan->first_change + c]++);
        ltv_clock_start(&life->change[c], change->clock.cumulative, budget, bill, program->horizon);
    }
    life->term_began = bill;
}

static void start_add_on_clock(ltv_life *life, size_t a, uint32_t bill)
{
    bool held = life->add_ons >> a & 1;
    const ltv_add_on_program *add_on = &life->program->add_ons[a];
    const ltv_clock_table *table = held ? &add_on->drop : &add_on->attach;
    uint32_t *budgets = held ? &life->drop_budgets[a] : &life->attach_budgets[a];
    double budget = ltv_life_budget(life, table->name, held ? LTV_PURPOSE_DROP : LTV_PURPOSE_ATTACH,
                                    (*budgets)++);
    ltv_clock_start(&life->add_on[a], table->cumulative, budget, bill, life->program->horizon);
}

static void start_involuntary(ltv_life *life, uint32_t bill)
{
    if (!life->program->involuntary)
        return;
    uint32_t occurrence = life->involuntary_budgets++;
    double budget = occurrence == 0 ? life->luck->involuntary[life->i]
                                    : ltv_life_budget(life, LTV_UNNAMED,
                                                      LTV_PURPOSE_INVOLUNTARY_CHURN, occurrence);
    ltv_clock_start(&life->involuntary, life->program->involuntary_hazard, budget, bill,
                    life->program->horizon);
}

/* His frailty, as if he were not cured. It was integrated out of the first budget where that can
 * be done; now that it is asked for, it is drawn given that budget. */
static double frailty(ltv_life *life)
{
    if (isnan(life->z))
        life->z = ltv_frailty_given_budget(&life->kind->frailty, life->luck->voluntary[life->i],
                                           life->luck->frailty[life->i],
                                           life->luck->beta_frailty[life->i]);
    return life->z;
}

/* The first budget by the map that integrates z, the others as E/z. */
static void start_voluntary(ltv_life *life, uint32_t bill)
{
    uint32_t i = life->i, occurrence = life->voluntary_budgets++;
    double budget =
        occurrence == 0
            ? ltv_frailty_budget(&life->kind->frailty, life->luck->voluntary[i],
                                 life->luck->frailty[i])
            : ltv_life_budget(life, LTV_UNNAMED, LTV_PURPOSE_VOLUNTARY_CHURN, occurrence) /
                  frailty(life);
    ltv_clock_start(&life->voluntary, life->program->base_hazard[life->segment], budget, bill,
                    life->program->horizon);
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
    const ltv_kind *kind =
        &program->kinds[program->kind_of[life->channel * program->n_segments + segment]];
    ltv_clock_settle(&life->voluntary, life->bill);
    if (program->retention_of[segment] != program->retention_of[life->segment]) {
        double left = frailty(life) * life->voluntary.remaining; /* the budget itself … */
        left = isnan(left) ? INFINITY : left; /* … of one who will never leave */
        life->z = ltv_frailty_of_rank(&kind->frailty, frailty_rank(life));
        ltv_clock_start(&life->voluntary, program->base_hazard[segment], left / life->z, life->bill,
                        program->horizon);
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

/* The last period of the term that a period lies in. */
static uint32_t end_of_term(const ltv_life *life, uint32_t period)
{
    uint32_t term = life->program->plans[life->plan].term;
    if (term == 0)
        return period;
    return life->term_began + ((period - life->term_began) / term + 1) * term - 1;
}

/* True when he leaves in this period by himself. */
static bool leaves_voluntarily(ltv_life *life, uint32_t period)
{
    if (life->voluntary.fires == period) {
        if (ltv_life_is_saved(life, LTV_WHEN_CHURN_INTENT, period)) {
            start_voluntary(life, period + 1);
        } else {
            life->leaves_after = end_of_term(life, period);
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
        if (life->change[c].fires != period)
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
        if (life->add_on[a].fires != period)
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
    if (life->bill < life->program->horizon) {
        ltv_life_act(life);
        set_clocks(life);
        life->next_due = ltv_life_next_due(life);
    }
    ltv_life_pay(life);
}

static uint32_t earlier(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/* The next period in which a clock fires or a departure is due. */
static uint32_t next_event(const ltv_life *life)
{
    const ltv_program *program = life->program;
    uint32_t period = earlier(life->voluntary.fires, life->leaves_after);
    period = earlier(period, life->involuntary.fires);
    period = earlier(period, earlier(life->orders.fires, life->extra_orders.fires));
    for (size_t c = 0; c < program->plans[life->plan].n_changes; c++)
        period = earlier(period, life->change[c].fires);
    for (size_t a = 0; a < program->n_add_ons; a++)
        period = earlier(period, life->add_on[a].fires);
    for (uint64_t left = program->with_clock & life->in_audience; left != 0; left &= left - 1)
        period = earlier(period, life->programme[__builtin_ctzll(left)].clock.fires);
    return period;
}

static void return_at(ltv_life *life, uint32_t bill)
{
    life->active = true;
    life->bill = bill;
    life->add_ons = 0;
    life->leaves_after = LTV_NEVER;
    start_all(life, bill);
    ltv_clock_resume(&life->orders, bill, life->program->horizon);
    ltv_clock_resume(&life->extra_orders, bill, life->program->horizon);
    arrive(life);
}

uint32_t ltv_life_next(const ltv_life *life)
{
    uint32_t horizon = life->program->horizon;
    if (!life->active)
        return life->next_try < horizon ? life->next_try + 1 : LTV_NEVER;
    if (life->bill >= horizon)
        return LTV_NEVER;
    uint32_t period = next_event(life);
    uint32_t bill = period < life->next_due ? period + 1 : life->next_due;
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

static void step(ltv_life *life, uint32_t bill)
{
    if (!life->active) {
        step_away(life);
        return;
    }
    if (bill - 1 == next_event(life))
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

size_t ltv_life_size(const ltv_program *program)
{
    return sizeof(ltv_life) + program->n_interventions * sizeof(ltv_participation);
}

void ltv_life_begin(ltv_life *life, ltv_block *block, const ltv_program *program,
                    const ltv_luck *luck, uint32_t i, const ltv_newcomer *newcomer)
{
    memset(life, 0, sizeof *life);
    life->program = program;
    life->luck = luck;
    life->block = block;
    life->i = i;
    life->channel = block->channel[i];
    life->joining_segment = life->segment = block->segment[i];
    life->kind =
        &program->kinds[program->kind_of[life->channel * program->n_segments + life->segment]];
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
    ltv_life_begin_orders(life);
    arrive(life);
}

void ltv_life_end(ltv_life *life)
{
    if (life->active)
        ltv_life_stop_paying(life, life->program->horizon + 1);
    ltv_block_close_customer(life->block, life->i);
}
