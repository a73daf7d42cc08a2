/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/io/scenario/check_interventions.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "sim/io/scenario/check_places.h"
#include "sim/io/scenario/check_use.h"

/* Complains of the value at `key` of the programme, "" for the whole. */
static ltv_status refuse(const ltv_walk *walk, const ltv_intervention *programme, const char *key,
                         const char *format, ...) __attribute__((format(printf, 4, 5)));

static ltv_status refuse(const ltv_walk *walk, const ltv_intervention *programme, const char *key,
                         const char *format, ...)
{
    char sentence[512], path[LTV_OWN_PATH_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    snprintf(path, sizeof path, "interventions.%s%s%s", programme->name, key[0] == '\0' ? "" : ".",
             key);
    return ltv_complain_at(walk, path, "%s", sentence);
}

/* ---- effects ----------------------------------------------------------------------------- */

static ltv_status check_course(const ltv_walk *walk, const ltv_intervention *programme,
                               const ltv_effect *effect)
{
    const char *lever = ltv_lever_name(effect->lever);
    char key[64];
    if (effect->ramp > effect->periods) {
        snprintf(key, sizeof key, "effect.%s.ramp", lever);
        return refuse(walk, programme, key,
                      "the ramp of %u is longer than the effect, which is there for %u",
                      effect->ramp, effect->periods);
    }
    if (effect->fade_half_life > 0 && effect->periods == LTV_FOR_EVER) {
        snprintf(key, sizeof key, "effect.%s.fade_half_life", lever);
        return refuse(walk, programme, key, "an effect that is there for ever does not fade");
    }
    return LTV_OK;
}

/* `key` is the effect's, which needs the lever. */
static ltv_status check_lever(const ltv_walk *walk, const ltv_intervention *programme,
                              const char *key, ltv_lever lever)
{
    if (ltv_arm_has_lever(walk->arm, lever))
        return LTV_OK;
    return refuse(walk, programme, key, "there %s, so there is nothing to change",
                  ltv_lever_subject(lever));
}

static ltv_status check_effects(const ltv_walk *walk, const ltv_intervention *programme)
{
    ltv_status status = LTV_OK;
    for (size_t i = 0; i < programme->n_effects && status == LTV_OK; ++i) {
        const ltv_effect *effect = &programme->effects[i];
        char key[64];
        snprintf(key, sizeof key, "effect.%s", ltv_lever_name(effect->lever));
        status = check_lever(walk, programme, key, effect->lever);
        if (status == LTV_OK)
            status = check_course(walk, programme, effect);
    }
    if (status == LTV_OK && programme->price_off_bills > 0)
        status = check_lever(walk, programme, "effect.price_off", LTV_LEVER_PRICE);
    return status;
}

static bool is_beta_with_more(const ltv_retention *retention)
{
    return ltv_curve_model_of(retention->curve.kind)->brings_beta_frailty &&
           retention->heterogeneity.kind != LTV_SPREAD_NONE;
}

/* A move re-reads a customer's frailty from the number that gave it, which a frailty of two
 * pieces does not have. */
static ltv_status check_segment_move(const ltv_walk *walk, const ltv_intervention *programme)
{
    const ltv_arm *arm = walk->arm;
    if (programme->to_segment == LTV_NOWHERE)
        return LTV_OK;
    const ltv_retention *to = ltv_arm_retention(arm, programme->to_segment);
    for (size_t i = 0; i < arm->n_segments; ++i) {
        const ltv_retention *from = ltv_arm_retention(arm, i);
        if (from != to && (is_beta_with_more(from) || is_beta_with_more(to)))
            return refuse(walk, programme, "effect.segment.to",
                          "a move between segments of different retention where one is a Beta "
                          "curve with a further heterogeneity (from %s to %s) is not in this "
                          "version of ltvsim (%s)",
                          arm->segments[i].name, arm->segments[programme->to_segment].name,
                          LTV_VERSION);
    }
    return LTV_OK;
}

/* ---- triggers ---------------------------------------------------------------------------- */

static ltv_status check_bill(const ltv_walk *walk, const ltv_intervention *programme,
                             const char *key)
{
    uint32_t bill = programme->when.periods;
    if (bill < walk->scenario->horizon)
        return LTV_OK;
    return refuse(walk, programme, key,
                  "bill %u never happens within the horizon, whose last bill is %u", bill,
                  walk->scenario->horizon - 1);
}

static bool is_in_its_phases(const ltv_intervention *programme, uint32_t bill)
{
    bool found = programme->n_phases == 0;
    for (size_t i = 0; i < programme->n_phases; ++i)
        found |= programme->phases[i].from <= bill && bill < programme->phases[i].until;
    return found;
}

/* A bill may be written as a tenure or as a date. */
static ltv_status check_single_bill(const ltv_walk *walk, const ltv_intervention *programme)
{
    char date[LTV_OWN_PATH_SIZE];
    snprintf(date, sizeof date, "interventions.%s.when.at_period", programme->name);
    const char *key = ltv_entry_at(walk, date) != NULL ? "when.at_period" : "when.at_tenure";
    ltv_status status = check_bill(walk, programme, key);
    if (status == LTV_OK && !is_in_its_phases(programme, programme->when.periods))
        status = refuse(walk, programme, key, "bill %u is in none of the phases in which it acts",
                        programme->when.periods);
    return status;
}

static ltv_status check_renewal(const ltv_walk *walk, const ltv_intervention *programme)
{
    static const char key[] = "when.before_renewal";
    const ltv_arm *arm = walk->arm;
    uint32_t before = programme->when.periods;
    bool is_term_long_enough = false;
    for (size_t i = 0; i < arm->n_plans; ++i) {
        if ((programme->plans >> i & 1) == 0 || arm->plans[i].term < before)
            continue;
        is_term_long_enough = true;
        if (arm->plans[i].term - before < walk->scenario->horizon)
            return LTV_OK;
    }
    if (is_term_long_enough)
        return refuse(walk, programme, key, "never happens within the horizon of %u",
                      walk->scenario->horizon);
    return refuse(walk, programme, key,
                  "no plan of its audience has a contract term of at least %u", before);
}

/* The event is that the lever's clock fires. */
static ltv_status check_event(const ltv_walk *walk, const ltv_intervention *programme,
                              const char *key, ltv_lever lever)
{
    if (ltv_arm_has_lever(walk->arm, lever))
        return LTV_OK;
    return refuse(walk, programme, key, "never happens: there %s", ltv_lever_subject(lever));
}

static ltv_status check_trigger(const ltv_walk *walk, const ltv_intervention *programme)
{
    switch (programme->when.kind) {
    case LTV_WHEN_AT_TENURE:
        return check_single_bill(walk, programme);
    case LTV_WHEN_EVERY:
        return check_bill(walk, programme, "when.every");
    case LTV_WHEN_BEFORE_RENEWAL:
        return check_renewal(walk, programme);
    case LTV_WHEN_PAYMENT_FAILURE:
        return check_event(walk, programme, "when.on_payment_failure", LTV_LEVER_INVOLUNTARY);
    case LTV_WHEN_UPGRADE:
        return check_event(walk, programme, "when.on_upgrade", LTV_LEVER_UPGRADE);
    case LTV_WHEN_CHURN_INTENT:
    case LTV_WHEN_CHURN:
    case LTV_WHEN_RISK_SIGNAL:
        break;
    }
    return LTV_OK;
}

/* ---- audience, costs and the point of it all --------------------------------------------- */

static ltv_status check_audience(const ltv_walk *walk, const ltv_intervention *programme)
{
    if (programme->top_by_spend == 1 || walk->arm->spend.kind != LTV_SPREAD_NONE)
        return LTV_OK;
    return refuse(walk, programme, "who.top_by_spend",
                  "all customers spend alike; give revenue a heterogeneity");
}

static ltv_status check_costs(const ltv_walk *walk, const ltv_intervention *programme)
{
    if (programme->per_period > 0 && ltv_intervention_held_for(programme) == 0)
        return refuse(walk, programme, "cost.per_period",
                      "runs while an effect is held, but the programme has no effect that lasts");
    if (walk->scenario->cohort_size > 0 ||
        (programme->fixed == 0 && programme->fixed_per_period == 0))
        return LTV_OK;
    return refuse(walk, programme, programme->fixed > 0 ? "cost.fixed" : "cost.fixed_per_period",
                  "a fixed cost is spread over the real cohort; write how many customers it has, "
                  "such as customers: {count: 3000}");
}

bool ltv_trigger_keeps_customers(ltv_trigger_kind kind)
{
    return kind == LTV_WHEN_CHURN_INTENT || kind == LTV_WHEN_PAYMENT_FAILURE ||
           kind == LTV_WHEN_CHURN;
}

static ltv_status check_point(const ltv_walk *walk, const ltv_intervention *p)
{
    bool has_effect = p->n_effects > 0 || p->price_off_bills > 0 || p->to_segment != LTV_NOWHERE ||
                      p->to_plan != LTV_NOWHERE || ltv_trigger_keeps_customers(p->when.kind);
    bool has_cost =
        p->per_contact > 0 || p->per_participant > 0 || p->fixed > 0 || p->fixed_per_period > 0;
    if (has_effect || has_cost)
        return LTV_OK;
    return refuse(walk, p, "", "has neither an effect nor a cost");
}

ltv_status ltv_check_interventions(const ltv_walk *walk)
{
    static ltv_status (*const checks[])(const ltv_walk *, const ltv_intervention *) = {
        check_audience, check_trigger, check_effects, check_segment_move, check_costs, check_point,
    };
    ltv_status status = LTV_OK;
    for (size_t i = 0; i < walk->arm->n_interventions; ++i)
        for (size_t c = 0; c < sizeof checks / sizeof *checks && status == LTV_OK; ++c)
            status = checks[c](walk, &walk->arm->interventions[i]);
    return status;
}
