/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "sim/kernel/crowd_parts.h"
#include "sim/kernel/rules.h"
#include "sim/kernel/subscription.h"
#include "sim/kernel/vector/vector.h"

static uint64_t bit(size_t k)
{
    return (uint64_t)1 << k;
}

static uint32_t first_of(uint64_t bits)
{
    return (uint32_t)__builtin_ctzll(bits);
}

/* Each visit is a round for everybody, while one who lives alone passes over most of them in the
 * search of his clock: measured, a crowd is slower from 20 or 30 on. */
static const uint32_t most_visits = 16;

uint64_t ltv_crowd_programmes(const ltv_program *program)
{
    uint64_t known = 0;
    for (size_t k = 0; k < program->n_interventions; k++) {
        const ltv_intervention_program *programme = &program->interventions[k];
        const ltv_intervention *definition = programme->definition;
        bool comes_by_itself =
            definition->when.kind == LTV_WHEN_AT_TENURE || definition->when.kind == LTV_WHEN_EVERY;
        bool moves = definition->to_segment != LTV_NOWHERE || definition->to_plan != LTV_NOWHERE;
        if (comes_by_itself && !moves && !programme->limited && !programme->prices &&
            programme->visits <= most_visits)
            known |= bit(k);
    }
    return known;
}

bool ltv_crowd_changes_others(const ltv_program *program)
{
    for (size_t k = 0; k < program->n_interventions; k++)
        for (size_t e = 0; e < program->definitions[k].n_effects; e++)
            if (program->definitions[k].effects[e].lever != LTV_LEVER_CHURN)
                return true;
    return false;
}

/* --- who --- */

/* Whom it reaches, if he is one of those that it is for. */
static void judge_reach(const ltv_crowd *crowd, size_t k, uint8_t reached[LTV_BLOCK])
{
    const ltv_intervention_program *programme = &crowd->program->interventions[k];
    const uint64_t *words = crowd->block->kept.reach[k];
    uint64_t threshold = programme->reach_threshold;
    uint32_t n = crowd->block->n;
    if (threshold == UINT64_MAX || words == NULL)
        for (uint32_t i = 0; i < n; i++)
            reached[i] = ltv_luck_falls_below(crowd->luck, NULL, i, programme->name,
                                              LTV_PURPOSE_REACH, threshold);
    else
        ltv_vector_in_use->compare(words, n, threshold, reached);
}

/* The first appointment of a programme, n_appointments: it has none. */
static uint32_t first_appointment(const ltv_program *program, size_t k)
{
    uint32_t first = 0;
    while (first < program->n_appointments && program->appointments[first].intervention != k)
        first++;
    return first;
}

/* Leaves out whom it never reaches: to them it does nothing. */
static void judge_audience(ltv_crowd *crowd, size_t k, const ltv_crowd_list *list)
{
    const ltv_program *program = crowd->program;
    const ltv_block *block = crowd->block;
    double top = program->interventions[k].definition->top_by_spend;
    uint32_t n = block->n, none = (uint32_t)program->n_appointments;
    uint32_t first = first_appointment(program, k), before = none - first;
    uint8_t is_for_one = (uint8_t)(program->for_cell[0] >> k & 1);
    uint8_t reached[LTV_BLOCK];
    judge_reach(crowd, k, reached);
    for (uint32_t i = 0; top < 1 && i < n; i++)
        reached[i] &= list->spend_rank[i].above < top;
    for (uint32_t i = 0; crowd->n_cells > 1 && i < n; i++)
        reached[i] &=
            (uint8_t)(program->for_cell[ltv_block_cell(crowd->block, program, i)] >> k & 1);
    for (uint32_t i = 0; crowd->n_cells == 1 && i < n; i++)
        reached[i] &= is_for_one;
    for (uint32_t i = 0; i < n; i++)
        crowd->audience[i] |= (uint64_t)reached[i] << k;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t own = none - (before & (0 - (uint32_t)reached[i]));
        crowd->next_appointment[i] =
            own < crowd->next_appointment[i] ? own : crowd->next_appointment[i];
    }
}

/* Passes over appointments of other people. */
static void skip_appointments(ltv_crowd *crowd, uint32_t i)
{
    const ltv_program *program = crowd->program;
    uint32_t next = crowd->next_appointment[i];
    while (next < program->n_appointments &&
           !(crowd->audience[i] & bit(program->appointments[next].intervention)))
        next++;
    crowd->next_appointment[i] = next;
}

/* The bill of an appointment, also of the one after the last. */
static uint32_t bill_of(const ltv_program *program, uint32_t appointment)
{
    return appointment < program->n_appointments ? program->appointments[appointment].bill
                                                 : LTV_NEVER;
}

void ltv_crowd_judge_audiences(ltv_crowd *crowd, const ltv_crowd_list *list)
{
    const ltv_program *program = crowd->program;
    uint64_t known = ltv_crowd_programmes(program);
    uint32_t n = crowd->block->n, only = bill_of(program, 0);
    crowd->any_programme = known != 0;
    memset(crowd->audience, 0, n * sizeof *crowd->audience);
    for (uint32_t i = 0; i < n; i++)
        crowd->next_appointment[i] = (uint32_t)program->n_appointments;
    for (uint64_t left = known; left != 0; left &= left - 1)
        judge_audience(crowd, first_of(left), list);
    for (uint64_t left = known; left != 0; left &= left - 1)
        if (program->interventions[first_of(left)].period_cost > 0)
            memset(crowd->programmes[first_of(left)].paid_from, 0xff,
                   sizeof crowd->programmes->paid_from); /* LTV_NEVER */
    if (program->n_appointments > 1)
        for (uint32_t i = 0; i < n; i++)
            crowd->due[i] = bill_of(program, crowd->next_appointment[i]);
    else
        for (uint32_t i = 0; i < n; i++) /* LTV_NEVER has all bits */
            crowd->due[i] = only | (0 - (uint32_t)(crowd->next_appointment[i] != 0));
}

/* --- costs --- */

/* A programme that turns to n customers with the same bill. */
typedef struct {
    size_t k;
    uint32_t bill, n, of[LTV_BLOCK];
} ltv_offer_round;

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
                             (__int128)amount * offer->n);
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

void ltv_crowd_stop_programmes(ltv_crowd *crowd)
{
    const ltv_program *program = crowd->program;
    for (size_t k = 0; k < program->n_interventions; k++)
        for (uint32_t i = 0; program->interventions[k].period_cost > 0 && i < crowd->block->n; i++)
            if (crowd->running[i] & bit(k))
                stop_period_cost(crowd, k, i,
                                 crowd->ends_before[i] < program->horizon ? crowd->ends_before[i]
                                                                          : program->horizon);
}

/* --- what --- */

static uint32_t next_change(const ltv_crowd *crowd, size_t k, uint32_t i)
{
    return ltv_next_change(&crowd->program->interventions[k], crowd->programmes[k].began[i],
                           crowd->bill[i]);
}

static void take_hold(ltv_crowd *crowd, const ltv_offer_round *offer)
{
    size_t k = offer->k;
    const ltv_intervention_program *programme = &crowd->program->interventions[k];
    ltv_crowd_programme *own = &crowd->programmes[k];
    uint32_t changes = ltv_next_change(programme, offer->bill, offer->bill);
    if (programme->held_for == 0)
        return;
    for (uint32_t j = 0; j < offer->n; j++) {
        uint32_t i = offer->of[j];
        own->began[i] = offer->bill;
        own->changes[i] = changes;
        crowd->running[i] |= bit(k);
    }
    for (uint32_t j = 0; programme->period_cost > 0 && j < offer->n; j++)
        if (own->paid_from[offer->of[j]] == LTV_NEVER)
            own->paid_from[offer->of[j]] = offer->bill;
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
    crowd->block->contacts[k] += n;
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
    crowd->block->participants[k] += offer->n;
    charge(crowd, offer, programme->participant_cost, programme->per_participant[offer->bill]);
    take_hold(crowd, offer);
}

/* What programmes offer to customers at their present bills: to all who have the same appointment
 * together. */
static void offer_all(ltv_crowd *crowd, uint32_t *of, uint32_t n)
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
            skip_appointments(crowd, i);
            if (bill_of(program, next[i]) == offer.bill)
                of[n_left++] = i;
        }
        contact(crowd, &offer);
        win(crowd, &offer);
        n = n_left;
    }
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
        crowd->running[i] &= ~bit(k); /* its last multipliers were 1 */
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
        uint32_t k = first_of(left), n_changed = 0;
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
        crowd->due[of[j]] = bill_of(crowd->program, crowd->next_appointment[of[j]]);
    for (uint64_t left = all_running(crowd, of, n); left != 0; left &= left - 1) {
        uint32_t k = first_of(left);
        for (uint32_t j = 0; j < n; j++) {
            uint32_t i = of[j];
            uint32_t rests = (uint32_t)(crowd->running[i] >> k & 1) - 1; /* all bits, or none */
            uint32_t changes = crowd->programmes[k].changes[i] | rests;
            crowd->due[i] = changes < crowd->due[i] ? changes : crowd->due[i];
        }
    }
}

void ltv_crowd_act(ltv_crowd *crowd, const uint32_t *of, uint32_t n)
{
    uint32_t offered[LTV_BLOCK], n_offered = 0;
    go_on_with_all(crowd, of, n);
    for (uint32_t j = 0; j < n; j++) {
        uint32_t i = of[j];
        offered[n_offered] = i;
        n_offered += bill_of(crowd->program, crowd->next_appointment[i]) == crowd->bill[i];
    }
    offer_all(crowd, offered, n_offered);
    find_due(crowd, of, n);
}

/* Of a lever that is not voluntary churn: [bills since the trigger]; NULL: none. */
static const double *other_multiplier(const ltv_intervention_program *programme, ltv_lever lever,
                                      size_t n)
{
    for (size_t e = 0; e < programme->definition->n_effects; e++)
        if (programme->definition->effects[e].lever == lever)
            return programme->multiplier + e * n;
    return NULL;
}

double ltv_crowd_times(const ltv_crowd *crowd, uint32_t i, ltv_lever lever, double times)
{
    size_t n = (size_t)crowd->program->horizon + 1;
    for (uint64_t running = crowd->running[i]; running != 0; running &= running - 1) {
        uint32_t k = first_of(running), since = crowd->bill[i] - crowd->programmes[k].began[i];
        const ltv_intervention_program *programme = &crowd->program->interventions[k];
        const double *multiplier =
            lever == LTV_LEVER_CHURN ? programme->churn : other_multiplier(programme, lever, n);
        if (multiplier != NULL)
            times *= multiplier[since];
    }
    return times;
}
