/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reference_programmes.h"

#include <math.h>

#include "reference_money.h"

static const ltv_intervention *programme(const person *p, size_t i)
{
    return &p->arm->interventions[i];
}

static uint32_t name_of(const person *p, size_t i)
{
    return ltv_address_name(programme(p, i)->name);
}

/* --- whom --- */

static bool in_phase(const ltv_intervention *it, uint32_t bill)
{
    bool in = it->n_phases == 0;
    for (size_t i = 0; i < it->n_phases; i++)
        in |= it->phases[i].from <= bill && bill < it->phases[i].until;
    return in;
}

/* `tenure`: when the trigger was, the bill itself or the period before it. */
static bool in_audience(const person *p, size_t i, uint32_t tenure)
{
    const ltv_intervention *it = programme(p, i);
    return (it->segments == NULL || it->segments[p->joined]) &&
           (it->channels == NULL || it->channels[p->channel]) && (it->plans >> p->plan & 1) &&
           (it->top_by_spend >= 1 || p->spend_rank.above < it->top_by_spend) &&
           in_phase(it, tenure);
}

/* Within reach; where the capacity is not enough for all, lucky this time. */
static bool is_reached(person *p, size_t i, uint32_t bill)
{
    const ltv_intervention *it = programme(p, i);
    uint32_t opportunity = p->with[i].opportunities++;
    const double *const *by_bill = p->tables->contact_probability;
    double probability = by_bill != NULL && by_bill[i] != NULL ? by_bill[i][bill] : 1;
    if (isinf(it->capacity) || probability == 1)
        return word_of(p, name_of(p, i), LTV_PURPOSE_REACH, 0) < ltv_word_threshold(it->reach);
    return word_of(p, name_of(p, i), LTV_PURPOSE_CONTACT, opportunity) <
           ltv_word_threshold(probability);
}

/* A contact costs whether or not it works; one dated at the horizon is cut off. */
static bool is_contacted(person *p, size_t i, uint32_t bill, uint32_t tenure)
{
    if (!in_audience(p, i, tenure) || !is_reached(p, i, bill))
        return false;
    if (bill == p->tables->scenario->horizon)
        return true;
    if (p->result->contacts[i]++ == 0)
        p->result->first_contact[i] = bill;
    pay_programme(p, bill, programme(p, i)->per_contact);
    return true;
}

static bool takes_part(const person *p, size_t i)
{
    return word_of(p, name_of(p, i), LTV_PURPOSE_UPTAKE, 0) <
           ltv_word_threshold(programme(p, i)->uptake);
}

static bool succeeds(person *p, size_t i)
{
    return word_of(p, name_of(p, i), LTV_PURPOSE_SUCCESS, p->with[i].attempts++) <
           ltv_word_threshold(programme(p, i)->when.probability);
}

static void participate(person *p, size_t i, uint32_t bill)
{
    if (bill == p->tables->scenario->horizon)
        return;
    p->result->participants[i]++;
    pay_programme(p, bill, programme(p, i)->per_participant);
}

/* --- what --- */

static void take_effect(person *p, size_t i, uint32_t bill)
{
    const ltv_intervention *it = programme(p, i);
    p->with[i].runs = true;
    p->with[i].acted = bill;
    if (it->to_segment != LTV_NOWHERE)
        move_to_segment(p, it->to_segment, bill);
    if (it->to_plan != LTV_NOWHERE)
        move_to_plan(p, it->to_plan, bill);
}

static void trigger(person *p, size_t i, uint32_t bill, uint32_t tenure)
{
    if (!is_contacted(p, i, bill, tenure) || !takes_part(p, i))
        return;
    participate(p, i, bill);
    take_effect(p, i, bill);
}

/* --- when --- */

static void serve_event(person *p, size_t i, uint32_t bill)
{
    reference_dealing *with = &p->with[i];
    if (with->succeeded)
        take_effect(p, i, bill);
    if (with->triggered)
        trigger(p, i, bill, bill - 1);
    with->succeeded = with->triggered = false;
}

/* Whether he would leave by himself in one of `lead` periods from this bill on, as things stand.
 */
static bool is_due(const person *p, uint32_t lead, uint32_t bill)
{
    if (p->cured || p->leaves_after_term)
        return false;
    reference_clock ahead = p->churn;
    for (uint32_t u = bill; u - bill < lead; u++)
        if (fires(&ahead, p->tables->churn[p->segment], churn_multiplier(p, u), u))
            return true;
    return false;
}

static void watch(person *p, size_t i, uint32_t bill)
{
    const ltv_intervention *it = programme(p, i);
    reference_dealing *with = &p->with[i];
    if (it->when.kind != LTV_WHEN_RISK_SIGNAL || with->flagged || with->was_due ||
        !is_due(p, it->when.periods, bill))
        return;
    with->was_due = true;
    with->flagged =
        word_of(p, name_of(p, i), LTV_PURPOSE_RECALL, 0) < ltv_word_threshold(it->when.probability);
    if (with->flagged)
        trigger(p, i, bill, bill);
}

static bool is_scheduled(const person *p, size_t i, uint32_t bill)
{
    const ltv_trigger *when = &programme(p, i)->when;
    uint32_t term = p->arm->n_plans > 0 ? p->arm->plans[p->plan].term : 0;
    switch (when->kind) {
    case LTV_WHEN_AT_TENURE:
        return bill == when->periods;
    case LTV_WHEN_EVERY:
        return bill > 0 && bill % when->periods == 0;
    case LTV_WHEN_BEFORE_RENEWAL: /* a bill of the term that ends, its first one at the earliest */
        return term > 0 && when->periods <= term &&
               (bill + when->periods - p->term_start) % term == 0;
    default:
        return false;
    }
}

void meet_programmes(person *p, uint32_t bill)
{
    for (size_t i = 0; i < p->arm->n_interventions; i++)
        serve_event(p, i, bill);
    for (size_t i = 0; i < p->arm->n_interventions; i++)
        watch(p, i, bill);
    for (size_t i = 0; i < p->arm->n_interventions; i++)
        if (is_scheduled(p, i, bill))
            trigger(p, i, bill, bill);
}

bool is_saved(person *p, ltv_trigger_kind event, uint32_t u)
{
    for (size_t i = 0; i < p->arm->n_interventions; i++) {
        if (programme(p, i)->when.kind != event || !is_contacted(p, i, u + 1, u) ||
            !takes_part(p, i) || !succeeds(p, i))
            continue;
        participate(p, i, u + 1);
        p->with[i].succeeded = true;
        p->result->saves++;
        return true;
    }
    return false;
}

static bool has_bluffs(const person *p, size_t i)
{
    return programme(p, i)->when.kind == LTV_WHEN_CHURN_INTENT && programme(p, i)->when.rate > 0;
}

static bool has_false_alarms(const person *p, size_t i)
{
    return programme(p, i)->when.kind == LTV_WHEN_RISK_SIGNAL && programme(p, i)->when.rate > 0;
}

void start_bluff_clocks(person *p, uint32_t bill)
{
    for (size_t i = 0; i < p->arm->n_interventions; i++)
        if (has_bluffs(p, i))
            redraw(p, &p->with[i].request, name_of(p, i), LTV_PURPOSE_BLUFF, bill);
}

void start_false_alarm_clocks(person *p)
{
    for (size_t i = 0; i < p->arm->n_interventions; i++)
        if (has_false_alarms(p, i))
            redraw(p, &p->with[i].request, name_of(p, i), LTV_PURPOSE_FALSE_ALARM, 0);
}

void make_requests(person *p, uint32_t u)
{
    for (size_t i = 0; i < p->arm->n_interventions; i++) {
        reference_dealing *with = &p->with[i];
        const double *hazard = p->tables->request[i];
        if (has_bluffs(p, i) && fires(&with->request, hazard, 1, u)) {
            with->triggered = !p->leaves_after_term; /* else no bluff */
            redraw(p, &with->request, name_of(p, i), LTV_PURPOSE_BLUFF, u + 1);
        }
        if (has_false_alarms(p, i) && !with->flagged && fires(&with->request, hazard, 1, u))
            with->triggered = with->flagged = true;
    }
}

void notice_upgrade(person *p)
{
    for (size_t i = 0; i < p->arm->n_interventions; i++)
        if (programme(p, i)->when.kind == LTV_WHEN_UPGRADE)
            p->with[i].triggered = true;
}

/* A period in which he leaves does not count for the clock of false alarms. */
void forget_events(person *p, uint32_t u)
{
    for (size_t i = 0; i < p->arm->n_interventions; i++) {
        reference_dealing *with = &p->with[i];
        p->result->saves -= with->succeeded; /* in vain */
        with->succeeded = with->triggered = false;
        if (has_false_alarms(p, i))
            stop(&with->request, p->tables->request[i], u);
    }
}

/* --- win-back --- */

void open_win_back(person *p, uint32_t u)
{
    for (size_t i = 0; i < p->arm->n_interventions; i++)
        if (programme(p, i)->when.kind == LTV_WHEN_CHURN) {
            p->with[i].in_window = is_contacted(p, i, u + 1, u) && takes_part(p, i);
            p->with[i].window_end = u + programme(p, i)->when.periods;
        }
}

void try_win_back(person *p, uint32_t u)
{
    for (size_t i = 0; i < p->arm->n_interventions; i++) {
        if (!p->with[i].in_window || u > p->with[i].window_end || !succeeds(p, i))
            continue;
        participate(p, i, u + 1);
        come_back(p, u + 1);
        p->with[i].succeeded = true;
        return;
    }
}
