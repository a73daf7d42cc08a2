/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "sim/kernel/crowd_parts.h"
#include "sim/kernel/rules.h"
#include "sim/kernel/subscription.h"
#include "sim/kernel/vector/vector.h"

/* --- costs --- */

/* A programme that turns to n customers with the same bill. */
typedef struct {
    size_t k;
    uint32_t bill, n, of[LTV_BLOCK];
} ltv_offer_round;

/* How many customers these are. */
static int64_t customers_in(const ltv_crowd *crowd, const ltv_offer_round *offer)
{
    int64_t n = 0;
    if (crowd->block->times == NULL)
        return offer->n;
    for (uint32_t j = 0; j < offer->n; j++)
        n += crowd->block->times[offer->of[j]];
    return n;
}

/* A cost that each of them brings. */
static void charge(ltv_crowd *crowd, const ltv_offer_round *offer, ltv_money amount,
                   ltv_money discounted)
{
    const ltv_cost cost = {offer->bill, offer->bill + 1, amount};
    if (amount == 0 && discounted == 0)
        return;
    bool at_once = crowd->counts && crowd->n_cells == 1;
    if (at_once)
        ltv_counted_add_cost(&crowd->block->counted, 0, cost.from, cost.to,
                             (__int128)amount * customers_in(crowd, offer));
    for (uint32_t j = 0; amount != 0 && !at_once && j < offer->n; j++)
        ltv_crowd_add_cost(crowd, offer->of[j], cost);
    ltv_block_add_programme_costs(crowd->block, crowd->program, offer->of, offer->n, discounted,
                                  offer->bill);
}

static void stop_period_cost(ltv_crowd *crowd, size_t k, uint32_t i, uint32_t bill)
{
    const ltv_intervention_program *programme = &crowd->program->interventions[k];
    uint32_t from = programme->period_cost > 0 ? crowd->programmes[k].paid_from[i] : LTV_NEVER;
    if (from >= bill)
        return;
    crowd->programmes[k].paid_from[i] = LTV_NEVER;
    ltv_crowd_add_cost(crowd, i, (ltv_cost){from, bill, programme->period_cost});
    ltv_block_add_period_costs(crowd->block, crowd->program, programme, i, from, bill);
}

/* The bill with which a programme that has won somebody is over. */
static uint32_t end_of(const ltv_crowd *crowd, size_t k, uint32_t i)
{
    uint32_t held_for = crowd->program->interventions[k].held_for;
    return held_for != LTV_FOR_EVER ? crowd->programmes[k].began[i] + held_for : LTV_NEVER;
}

void ltv_crowd_stop_programmes(ltv_crowd *crowd)
{
    const ltv_program *program = crowd->program;
    for (uint64_t left = crowd->known_programmes; left != 0; left &= left - 1) {
        size_t k = ltv_first_of(left);
        for (uint32_t i = 0; program->interventions[k].period_cost > 0 && i < crowd->block->n;
             i++) {
            uint32_t leaves = ltv_earlier(crowd->ends_before[i], program->horizon);
            stop_period_cost(crowd, k, i, ltv_earlier(leaves, end_of(crowd, k, i)));
        }
    }
}

/* --- what --- */

static uint32_t next_change(const ltv_crowd *crowd, size_t k, uint32_t i)
{
    return ltv_next_change(&crowd->program->interventions[k], crowd->programmes[k].began[i],
                           crowd->bill[i]);
}

/* From a bill on, unless it is paid for already: what is over since the last time ends first. */
static void pay_by_the_period(ltv_crowd *crowd, size_t k, uint32_t i, uint32_t bill)
{
    ltv_crowd_programme *own = &crowd->programmes[k];
    if (own->paid_from[i] != LTV_NEVER && end_of(crowd, k, i) <= bill)
        stop_period_cost(crowd, k, i, end_of(crowd, k, i));
    if (own->paid_from[i] == LTV_NEVER)
        own->paid_from[i] = bill;
    own->began[i] = bill;
}

static void take_hold(ltv_crowd *crowd, const ltv_offer_round *offer)
{
    size_t k = offer->k;
    const ltv_intervention_program *programme = &crowd->program->interventions[k];
    ltv_crowd_programme *own = &crowd->programmes[k];
    uint32_t changes = ltv_next_change(programme, offer->bill, offer->bill);
    if (programme->held_for == 0)
        return;
    for (uint32_t j = 0; programme->period_cost > 0 && j < offer->n; j++)
        pay_by_the_period(crowd, k, offer->of[j], offer->bill);
    if (crowd->foresees) /* then its path says what it does */
        return;
    for (uint32_t j = 0; j < offer->n; j++) {
        uint32_t i = offer->of[j];
        own->began[i] = offer->bill;
        own->changes[i] = changes;
        crowd->running[i] |= ltv_bit(k);
    }
}

/* Leaves those whose plan it is for, and contacts them. */
static void contact(ltv_crowd *crowd, ltv_offer_round *offer)
{
    size_t k = offer->k;
    const ltv_intervention_program *programme = &crowd->program->interventions[k];
    uint32_t *first = &crowd->block->first_contact[k * LTV_BLOCK], n = 0;
    uint64_t plans = programme->definition->plans;
    for (uint32_t j = 0; j < offer->n; j++) {
        uint32_t i = offer->of[j];
        offer->of[n] = i;
        n += (uint32_t)(plans >> crowd->plan[i] & 1);
    }
    offer->n = n;
    for (uint32_t j = 0; j < n; j++) {
        uint32_t i = offer->of[j];
        first[i] = offer->bill < first[i] ? offer->bill : first[i];
    }
    crowd->block->contacts[k] += customers_in(crowd, offer);
    charge(crowd, offer, programme->contact_cost, programme->per_contact[offer->bill]);
}

/* Leaves those who take part. */
static void win(ltv_crowd *crowd, ltv_offer_round *offer)
{
    size_t k = offer->k;
    const ltv_intervention_program *programme = &crowd->program->interventions[k];
    uint64_t threshold = programme->uptake_threshold;
    uint32_t n = 0;
    for (uint32_t j = 0; threshold < UINT64_MAX && j < offer->n; j++) {
        offer->of[n] = offer->of[j];
        n += ltv_luck_falls_below(crowd->luck, crowd->block->kept.uptake[k], offer->of[j],
                                  programme->name, LTV_PURPOSE_UPTAKE, threshold);
    }
    offer->n = threshold < UINT64_MAX ? n : offer->n;
    crowd->block->participants[k] += customers_in(crowd, offer);
    charge(crowd, offer, programme->participant_cost, programme->per_participant[offer->bill]);
    take_hold(crowd, offer);
}

/* What programmes offer to some customers at their present bills: to all who have the same
 * appointment together, one appointment after the other. */
static void offer_to_some(ltv_crowd *crowd, uint32_t *of, uint32_t n)
{
    const ltv_program *program = crowd->program;
    uint32_t *next = crowd->next_appointment;
    ltv_offer_round offer; /* whose room is not cleared each time */
    while (n > 0) {
        uint32_t appointment = next[of[0]], n_left = 0;
        offer.k = program->appointments[appointment].intervention;
        offer.bill = program->appointments[appointment].bill;
        offer.n = 0;
        for (uint32_t j = 0; j < n; j++) {
            uint32_t i = of[j], now = next[i] == appointment;
            offer.of[offer.n] = of[n_left] = i;
            offer.n += now;
            n_left += 1 - now;
        }
        for (uint32_t j = 0; j < offer.n; j++) {
            uint32_t i = offer.of[j];
            next[i]++;
            ltv_crowd_skip_appointments(crowd, i);
            if (ltv_crowd_appointment(program, next[i]) == offer.bill)
                of[n_left++] = i;
        }
        contact(crowd, &offer);
        win(crowd, &offer);
        n = n_left;
    }
}

/* To all, who may stand at as many different bills as they are: those come together first who can
 * have the same appointment. */
static void offer_to_all(ltv_crowd *crowd, const uint32_t *of, uint32_t n)
{
    enum { GROUPS = 256 };
    uint32_t end[GROUPS] = {0}, grouped[LTV_BLOCK], begin = 0;
    for (uint32_t j = 0; j < n; j++)
        end[crowd->next_appointment[of[j]] % GROUPS]++;
    for (uint32_t g = 0; g < GROUPS; g++) {
        begin += end[g];
        end[g] = begin - end[g];
    }
    for (uint32_t j = 0; j < n; j++)
        grouped[end[crowd->next_appointment[of[j]] % GROUPS]++] = of[j];
    begin = 0;
    for (uint32_t g = 0; g < GROUPS; begin = end[g++])
        offer_to_some(crowd, grouped + begin, end[g] - begin);
}

static void go_on(ltv_crowd *crowd, size_t k, uint32_t i)
{
    ltv_crowd_programme *own = &crowd->programmes[k];
    uint32_t held_for = crowd->program->interventions[k].held_for;
    uint32_t since = crowd->bill[i] - own->began[i];
    if (held_for != LTV_FOR_EVER && since >= held_for)
        stop_period_cost(crowd, k, i, own->began[i] + held_for);
    own->changes[i] = next_change(crowd, k, i);
    if (own->changes[i] == LTV_NEVER && since >= held_for)
        crowd->running[i] &= ~ltv_bit(k); /* its last multipliers were 1 */
}

/* Programmes that run for some of n customers. */
static uint64_t all_running(const ltv_crowd *crowd, const uint32_t *of, uint32_t n)
{
    uint64_t running = 0;
    for (uint32_t j = 0; j < n; j++)
        running |= crowd->running[of[j]];
    return running;
}

/* Those that change with their present bills. */
static void go_on_with_all(ltv_crowd *crowd, const uint32_t *of, uint32_t n)
{
    uint32_t list[LTV_BLOCK];
    for (uint64_t left = all_running(crowd, of, n); left != 0; left &= left - 1) {
        uint32_t k = ltv_first_of(left), n_changed = 0;
        const uint32_t *changes = crowd->programmes[k].changes;
        for (uint32_t j = 0; j < n; j++) {
            uint32_t i = of[j];
            list[n_changed] = i;
            n_changed += (uint32_t)(crowd->running[i] >> k & 1) & (changes[i] <= crowd->bill[i]);
        }
        for (uint32_t j = 0; j < n_changed; j++)
            go_on(crowd, k, list[j]);
    }
}

/* When programmes are due again. */
static void find_due(ltv_crowd *crowd, const uint32_t *of, uint32_t n)
{
    for (uint32_t j = 0; j < n; j++)
        crowd->due[of[j]] = ltv_crowd_appointment(crowd->program, crowd->next_appointment[of[j]]);
    for (uint64_t left = all_running(crowd, of, n); left != 0; left &= left - 1) {
        uint32_t k = ltv_first_of(left);
        for (uint32_t j = 0; j < n; j++) {
            uint32_t i = of[j];
            uint32_t rests = (uint32_t)(crowd->running[i] >> k & 1) - 1; /* all bits, or none */
            uint32_t changes = crowd->programmes[k].changes[i] | rests;
            crowd->due[i] = changes < crowd->due[i] ? changes : crowd->due[i];
        }
    }
}

/* An appointment of those of n customers who get as far as its bill; leaves these. */
static uint32_t keep_appointment(ltv_crowd *crowd, const ltv_appointment *appointment, uint32_t *of,
                                 uint32_t n)
{
    ltv_offer_round offer; /* whose room is not cleared each time */
    uint32_t n_left = 0;
    offer.k = appointment->intervention;
    offer.bill = appointment->bill;
    offer.n = 0;
    for (uint32_t j = 0; j < n; j++) {
        uint32_t i = of[j], gets_there = offer.bill < crowd->bill[i];
        offer.of[offer.n] = of[n_left] = i;
        n_left += gets_there;
        offer.n += gets_there & (crowd->foreseen_from[i] <= offer.bill) &
                   (uint32_t)(crowd->audience[i] >> offer.k & 1);
    }
    if (offer.n > 0) {
        contact(crowd, &offer);
        win(crowd, &offer);
    }
    return n_left;
}

void ltv_crowd_keep_appointments(ltv_crowd *crowd, const uint32_t *of, uint32_t n)
{
    const ltv_program *program = crowd->program;
    uint32_t list[LTV_BLOCK], n_left = n, first = program->horizon;
    size_t a = 0;
    for (uint32_t j = 0; j < n; j++)
        first = ltv_earlier(first, crowd->foreseen_from[of[j]]);
    while (a < program->n_appointments && program->appointments[a].bill < first)
        a++;
    if (a < program->n_appointments)
        memcpy(list, of, n * sizeof *list);
    for (; n_left > 0 && a < program->n_appointments; a++)
        n_left = keep_appointment(crowd, &program->appointments[a], list, n_left);
}

void ltv_crowd_act(ltv_crowd *crowd, const uint32_t *of, uint32_t n)
{
    uint32_t offered[LTV_BLOCK], n_offered = 0;
    go_on_with_all(crowd, of, n);
    for (uint32_t j = 0; j < n; j++) {
        uint32_t i = of[j];
        offered[n_offered] = i;
        n_offered +=
            ltv_crowd_appointment(crowd->program, crowd->next_appointment[i]) == crowd->bill[i];
    }
    if (n_offered > 0)
        offer_to_all(crowd, offered, n_offered);
    find_due(crowd, of, n);
}

const double *ltv_crowd_multiplier(const ltv_program *program, size_t k, ltv_lever lever)
{
    const ltv_intervention_program *programme = &program->interventions[k];
    if (lever == LTV_LEVER_CHURN)
        return programme->churn;
    for (size_t e = 0; e < programme->definition->n_effects; e++)
        if (programme->definition->effects[e].lever == lever)
            return programme->multiplier + e * ((size_t)program->horizon + 1);
    return NULL;
}

double ltv_crowd_times(const ltv_crowd *crowd, uint32_t i, ltv_lever lever, double times)
{
    for (uint64_t running = crowd->running[i]; running != 0; running &= running - 1) {
        uint32_t k = ltv_first_of(running), since = crowd->bill[i] - crowd->programmes[k].began[i];
        const double *multiplier = ltv_crowd_multiplier(crowd->program, k, lever);
        if (multiplier != NULL)
            times *= multiplier[since];
    }
    return times;
}
