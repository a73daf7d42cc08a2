/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/kernel/life_parts.h"
#include "sim/kernel/rules.h"

static uint64_t bit(uint32_t k)
{
    return (uint64_t)1 << k;
}

/* Bits of the programmes with this trigger whose audience he is in. */
static uint64_t his(const ltv_life *life, ltv_trigger_kind kind)
{
    return life->program->of_kind[kind] & life->in_audience;
}

static uint32_t first_of(uint64_t bits)
{
    return (uint32_t)__builtin_ctzll(bits);
}

static const ltv_intervention *definition_of(const ltv_life *life, uint32_t k)
{
    return life->program->interventions[k].definition;
}

static uint64_t word_of(const ltv_life *life, uint32_t k, ltv_purpose purpose, uint32_t occurrence)
{
    return ltv_address_word(life->luck->stream, life->luck->customer[life->i],
                            life->program->interventions[k].name, purpose, occurrence);
}

/* --- who --- */

static bool joins_audience(const ltv_life *life, uint32_t k, ltv_uniform spend_rank)
{
    const ltv_intervention *definition = definition_of(life, k);
    return (definition->segments == NULL || definition->segments[life->joining_segment]) &&
           (definition->channels == NULL || definition->channels[life->channel]) &&
           (definition->top_by_spend >= 1 || spend_rank.above < definition->top_by_spend);
}

static bool falls_below(const ltv_life *life, const uint64_t *column, uint32_t k,
                        ltv_purpose purpose, uint64_t threshold)
{
    return ltv_luck_falls_below(life->luck, column, life->i, life->program->interventions[k].name,
                                purpose, threshold);
}

static bool is_reached(const ltv_life *life, uint32_t k)
{
    return falls_below(life, life->block->kept.reach[k], k, LTV_PURPOSE_REACH,
                       life->program->interventions[k].reach_threshold);
}

static bool takes_part(const ltv_life *life, uint32_t k)
{
    return falls_below(life, life->block->kept.uptake[k], k, LTV_PURPOSE_UPTAKE,
                       life->program->interventions[k].uptake_threshold);
}

void ltv_life_judge_audiences(ltv_life *life, ltv_uniform spend_rank)
{
    for (uint32_t k = 0; k < life->program->n_interventions; k++) {
        life->programme[k] =
            (ltv_participation){.began = LTV_NEVER, .changes = LTV_NEVER, .paid_from = LTV_NEVER};
        ltv_clock_stop(&life->programme[k].clock);
        if (joins_audience(life, k, spend_rank))
            life->in_audience |= bit(k);
    }
}

/* Whether programme k may turn to him at this tenure, before reach and capacity. */
static bool is_eligible(const ltv_life *life, uint32_t k, uint32_t tenure)
{
    const ltv_intervention *definition = definition_of(life, k);
    return (life->in_audience & bit(k)) && (definition->plans >> life->plan & 1) &&
           ltv_intervention_is_in_phase(definition, tenure);
}

/* Whether one of those who are eligible at a bill has his turn: where there is not enough capacity
 * for all of them, by a fresh number each time. */
static bool has_his_turn(ltv_life *life, uint32_t k, uint32_t bill)
{
    const ltv_intervention_program *program = &life->program->interventions[k];
    if (!program->limited)
        return is_reached(life, k);
    uint32_t opportunity = life->programme[k].opportunities++;
    uint64_t threshold = program->contact_threshold[bill];
    if (life->block->eligible != NULL)
        life->block->eligible[k * ((size_t)life->program->horizon + 1) + bill]++;
    return threshold == LTV_ENOUGH_FOR_ALL
               ? is_reached(life, k)
               : word_of(life, k, LTV_PURPOSE_CONTACT, opportunity) < threshold;
}

/* Contacts him at a bill, if he is eligible and has his turn. `tenure` is when the trigger was:
 * that bill, or the period before it in which an event happened. */
static bool is_contacted(ltv_life *life, uint32_t k, uint32_t bill, uint32_t tenure)
{
    if (!is_eligible(life, k, tenure) || !has_his_turn(life, k, bill))
        return false;
    ltv_life_charge_contact(life, k, bill);
    return true;
}

/* --- what --- */

/* The bill after `bill` at which the programme's multipliers, price_off or holding change. */
static uint32_t next_change(const ltv_life *life, uint32_t k, uint32_t bill)
{
    return ltv_next_change(&life->program->interventions[k], life->programme[k].began, bill);
}

uint32_t ltv_life_next_change(const ltv_life *life, uint32_t bill)
{
    uint32_t next = LTV_NEVER;
    for (uint64_t running = life->running; running != 0; running &= running - 1) {
        uint32_t change = next_change(life, first_of(running), bill);
        next = change < next ? change : next;
    }
    return next;
}

/* Programme k takes hold of him at the present bill. */
static void take_hold(ltv_life *life, uint32_t k)
{
    const ltv_intervention *definition = definition_of(life, k);
    ltv_participation *own = &life->programme[k];
    if (definition->to_segment != LTV_NOWHERE)
        ltv_life_move_to_segment(life, (uint16_t)definition->to_segment);
    if (definition->to_plan != LTV_NOWHERE)
        ltv_life_move_to_plan(life, (uint16_t)definition->to_plan);
    if (life->program->interventions[k].held_for == 0)
        return;
    own->began = life->bill;
    own->changes = next_change(life, k, life->bill);
    life->running |= bit(k);
    ltv_life_run_period_cost(life, k);
}

static void offer(ltv_life *life, uint32_t k, uint32_t tenure)
{
    if (!is_contacted(life, k, life->bill, tenure) || !takes_part(life, k))
        return;
    ltv_life_charge_participant(life, k, life->bill);
    take_hold(life, k);
}

/* --- profiles --- */

static void go_on(ltv_life *life, uint32_t k)
{
    ltv_participation *own = &life->programme[k];
    uint32_t since = life->bill - own->began;
    uint32_t held_for = life->program->interventions[k].held_for;
    if (held_for != LTV_FOR_EVER && since >= held_for)
        ltv_life_stop_period_cost(life, k, own->began + held_for);
    own->changes = next_change(life, k, life->bill);
    if (own->changes == LTV_NEVER && since >= held_for)
        life->running &= ~bit(k); /* its last multipliers were 1 */
}

/* Running profiles move on to the present bill. */
static void go_on_all(ltv_life *life)
{
    for (uint64_t running = life->running; running != 0; running &= running - 1) {
        uint32_t k = (uint32_t)__builtin_ctzll(running);
        if (life->programme[k].changes <= life->bill)
            go_on(life, k);
        if (life->bill - life->programme[k].began < life->program->interventions[k].held_for)
            ltv_life_run_period_cost(life, k); /* again, when he comes back */
    }
}

/* --- the risk signal --- */

/* What multiplies voluntary churn in a period beyond the horizon, where there are no tables. */
static double churn_beyond(const ltv_life *life, uint32_t period)
{
    double times = ltv_steady_churn(life->program, life->kind, life->plan, life->add_ons);
    for (uint64_t running = life->running; running != 0; running &= running - 1) {
        uint32_t k = first_of(running);
        const ltv_intervention *definition = definition_of(life, k);
        for (size_t e = 0; e < definition->n_effects; e++)
            if (definition->effects[e].lever == LTV_LEVER_CHURN)
                times *= ltv_effect_multiplier(&definition->effects[e],
                                               period - life->programme[k].began);
    }
    return times;
}

/* Nothing is simulated there; but who is due at the last bills may leave after them. */
static uint32_t follow_beyond(const ltv_life *life, ltv_clock *clock, uint32_t until)
{
    const ltv_program *program = life->program;
    clock->hazard = program->signal_hazard[life->segment]; /* the same up to the horizon */
    for (uint32_t period = program->horizon; period < until; period++) {
        ltv_clock_set_times(clock, churn_beyond(life, period), period);
        double hazard = clock->hazard[period + 1] - clock->hazard[clock->anchor];
        if (clock->times > 0 && ltv_clock_has_fired(clock->times, hazard, clock->remaining))
            return period;
    }
    return LTV_NEVER;
}

/* The period in which his voluntary clock fires if nothing is done but what runs already, as far as
 * the horizon or `until`, at most so far beyond it as some signal looks. */
static uint32_t follow_voluntary(const ltv_life *life, uint32_t until)
{
    uint32_t horizon = life->program->horizon;
    ltv_clock clock = life->voluntary;
    for (uint32_t bill = life->bill, next; bill < horizon; bill = next) {
        ltv_multipliers times = ltv_life_multipliers(life, bill);
        ltv_clock_set_times(&clock, times.on[LTV_LEVER_CHURN], bill);
        next = ltv_life_next_change(life, bill);
        if (ltv_clock_look(&clock, next < horizon ? next : horizon) < next)
            return clock.fires;
    }
    return follow_beyond(life, &clock, until);
}

/* The programmes whose risk signal can still find him due. */
static uint64_t can_be_due(const ltv_life *life)
{
    return life->cured || life->leaves_after != LTV_NEVER
               ? 0
               : his(life, LTV_WHEN_RISK_SIGNAL) & ~life->signal_read & ~life->flagged;
}

static void read_signals(ltv_life *life)
{
    for (uint64_t left = can_be_due(life); left != 0; left &= left - 1) {
        uint32_t k = first_of(left);
        const ltv_trigger *when = &definition_of(life, k)->when;
        uint32_t fires = follow_voluntary(life, life->bill + when->periods);
        if (fires == LTV_NEVER || fires - life->bill >= when->periods)
            continue;
        life->signal_read |= bit(k);
        if (!falls_below(life, NULL, k, LTV_PURPOSE_RECALL,
                         life->program->interventions[k].success_threshold))
            continue;
        life->flagged |= bit(k);
        ltv_clock_stop(&life->programme[k].clock);
        offer(life, k, life->bill);
    }
}

/* The next bill at which a risk signal finds him due. */
static uint32_t next_signal(const ltv_life *life)
{
    uint32_t horizon = life->program->horizon, next = LTV_NEVER, longest = 0;
    uint64_t signals = can_be_due(life);
    for (uint64_t left = signals; left != 0; left &= left - 1) {
        uint32_t lead = definition_of(life, first_of(left))->when.periods;
        longest = lead > longest ? lead : longest;
    }
    if (signals == 0)
        return next;
    uint32_t fires = follow_voluntary(life, horizon + longest);
    for (uint64_t left = fires != LTV_NEVER ? signals : 0; left != 0; left &= left - 1) {
        uint32_t lead = definition_of(life, first_of(left))->when.periods;
        uint32_t due = fires + 1 > lead ? fires + 1 - lead : 0;
        due = due > life->bill ? due : life->bill + 1;
        if (due <= fires && due < next && due < horizon)
            next = due;
    }
    return next;
}

/* --- when --- */

/* What events of the last period asked for: saved customers' offers and queued ones. */
static void act_on_events(ltv_life *life)
{
    uint64_t pending = life->acts | life->is_served;
    for (; pending != 0; pending &= pending - 1) {
        uint32_t k = (uint32_t)__builtin_ctzll(pending);
        if (life->acts & bit(k))
            take_hold(life, k);
        if (life->is_served & bit(k))
            offer(life, k, life->bill - 1);
    }
    life->acts = life->is_served = 0;
}

/* The bill `ahead` periods before the end of the term that a bill lies in, or of the next one;
 * after `bill`. LTV_NEVER without such a term. */
static uint32_t next_renewal(const ltv_life *life, uint32_t ahead, uint32_t bill)
{
    uint32_t term = life->program->plans[life->plan].term;
    if (term == 0 || ahead > term)
        return LTV_NEVER;
    uint32_t first = life->term_began + term - ahead;
    return first > bill ? first : first + ((bill - first) / term + 1) * term;
}

static bool renews(const ltv_life *life, uint32_t k)
{
    const ltv_trigger *when = &definition_of(life, k)->when;
    uint32_t term = life->program->plans[life->plan].term;
    return term > 0 && when->periods <= term &&
           (life->bill + when->periods - life->term_began) % term == 0;
}

static void act_on_schedule(ltv_life *life)
{
    const ltv_program *program = life->program;
    while (life->next_appointment < program->n_appointments &&
           program->appointments[life->next_appointment].bill < life->bill)
        life->next_appointment++; /* he was away */
    uint64_t due = 0;
    for (; life->next_appointment < program->n_appointments &&
           program->appointments[life->next_appointment].bill == life->bill;
         life->next_appointment++)
        due |= bit(program->appointments[life->next_appointment].intervention);
    uint64_t renewals = his(life, LTV_WHEN_BEFORE_RENEWAL);
    for (uint64_t left = due | renewals; left != 0; left &= left - 1) {
        uint32_t k = first_of(left);
        if ((due & bit(k)) || renews(life, k))
            offer(life, k, life->bill);
    }
    while (life->next_appointment < program->n_appointments &&
           !(life->in_audience & bit(program->appointments[life->next_appointment].intervention)))
        life->next_appointment++;
}

void ltv_life_act(ltv_life *life)
{
    if (life->program->n_interventions == 0)
        return;
    go_on_all(life);
    act_on_events(life);
    read_signals(life);
    act_on_schedule(life);
}

uint32_t ltv_life_next_due(const ltv_life *life)
{
    const ltv_program *program = life->program;
    uint32_t next = LTV_NEVER;
    if (program->n_interventions == 0)
        return next;
    if (life->next_appointment < program->n_appointments)
        next = program->appointments[life->next_appointment].bill;
    for (uint64_t running = life->running; running != 0; running &= running - 1) {
        uint32_t k = first_of(running), began = life->programme[k].began;
        uint32_t at = program->interventions[k].stops_at[life->bill - began];
        if (at != LTV_FOR_EVER && began + at < next)
            next = began + at;
    }
    for (uint64_t left = his(life, LTV_WHEN_BEFORE_RENEWAL); left != 0; left &= left - 1) {
        uint32_t ahead = definition_of(life, first_of(left))->when.periods;
        uint32_t renewal = next_renewal(life, ahead, life->bill);
        next = renewal < next ? renewal : next;
    }
    uint32_t signal = next_signal(life);
    return signal < next ? signal : next;
}

/* --- events --- */

bool ltv_life_is_saved(ltv_life *life, ltv_trigger_kind kind, uint32_t period)
{
    for (uint64_t left = his(life, kind); left != 0; left &= left - 1) {
        uint32_t k = first_of(left);
        if (!is_contacted(life, k, period + 1, period) || !takes_part(life, k) ||
            word_of(life, k, LTV_PURPOSE_SUCCESS, life->programme[k].attempts++) >=
                life->program->interventions[k].success_threshold)
            continue;
        life->acts |= bit(k);
        life->block->saves[life->i]++;
        ltv_life_charge_participant(life, k, period + 1);
        return true;
    }
    return false;
}

void ltv_life_queue(ltv_life *life, ltv_trigger_kind kind)
{
    life->is_served |= his(life, kind);
}

static uint64_t clocks_of(const ltv_life *life)
{
    return life->program->with_clock & life->in_audience;
}

static void start_clock(ltv_life *life, uint32_t k, uint32_t bill)
{
    const ltv_intervention_program *program = &life->program->interventions[k];
    ltv_participation *own = &life->programme[k];
    bool bluffs = program->definition->when.kind == LTV_WHEN_CHURN_INTENT;
    if (!bluffs && own->clock_budgets > 0) {
        ltv_clock_resume(&own->clock, bill);
        return;
    }
    double budget =
        ltv_luck_budget(life->luck, life->block->kept.programme[k], life->i, program->clock.name,
                        ltv_purpose_of_clock(program), own->clock_budgets++);
    ltv_clock_start(&own->clock, program->clock.cumulative, budget, bill);
}

void ltv_life_start_programme_clocks(ltv_life *life, uint32_t bill)
{
    for (uint64_t left = clocks_of(life); left != 0; left &= left - 1)
        start_clock(life, first_of(left), bill);
}

void ltv_life_fire_programme_clocks(ltv_life *life, uint32_t period)
{
    for (uint64_t left = clocks_of(life); left != 0; left &= left - 1) {
        uint32_t k = first_of(left);
        ltv_participation *own = &life->programme[k];
        if (own->clock.fires != period)
            continue;
        if (definition_of(life, k)->when.kind == LTV_WHEN_RISK_SIGNAL) {
            life->is_served |= bit(k);
            life->flagged |= bit(k);
            ltv_clock_stop(&own->clock);
        } else { /* who has given notice is no bluffer */
            life->is_served |= life->leaves_after == LTV_NEVER ? bit(k) : 0;
            start_clock(life, k, period + 1);
        }
    }
}

/* --- win-back --- */

bool ltv_life_open_windows(ltv_life *life, uint32_t period)
{
    life->windows = 0;
    for (uint64_t left = clocks_of(life); left != 0; left &= left - 1) {
        ltv_clock *clock = &life->programme[first_of(left)].clock;
        if (clock->hazard != NULL)
            ltv_clock_settle(clock, period); /* nothing else happens in this period */
    }
    for (uint64_t left = his(life, LTV_WHEN_CHURN); left != 0; left &= left - 1) {
        uint32_t k = first_of(left);
        if (is_contacted(life, k, period + 1, period) && takes_part(life, k))
            life->windows |= bit(k);
    }
    return life->windows != 0;
}

bool ltv_life_is_won_back(ltv_life *life, uint32_t period)
{
    for (uint64_t windows = life->windows; windows != 0; windows &= windows - 1) {
        uint32_t k = (uint32_t)__builtin_ctzll(windows);
        if (period - life->away_since > definition_of(life, k)->when.periods) {
            life->windows &= ~bit(k);
        } else if (word_of(life, k, LTV_PURPOSE_SUCCESS, life->programme[k].attempts++) <
                   life->program->interventions[k].success_threshold) {
            life->acts |= bit(k);
            ltv_life_charge_participant(life, k, period + 1);
            return true;
        }
    }
    return false;
}
