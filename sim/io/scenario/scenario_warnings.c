/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/io/scenario/scenario_warnings.h"

#include <stdio.h>
#include <string.h>

#include "sim/io/scenario/check_interventions.h"

enum { PATH_SIZE = 2 * LTV_NAME_SIZE };

/* A factor this far from 1 is rather a probability or an amount. */
static ltv_status warn_of_multiplier(ltv_warning_list *list, const char *path, ltv_lever lever,
                                     double times, const char *advice)
{
    static const double low = 0.1, high = 10;
    const char *name = ltv_lever_name(lever);
    if (times == 0 || (times >= low && times <= high))
        return LTV_OK;
    return ltv_warn(list, "%s.%s: %.10g multiplies %s by %.10g%s", path, name, times, name, times,
                    advice);
}

static ltv_status warn_of_multipliers(ltv_warning_list *list, const char *path,
                                      const ltv_multipliers *times, const char *advice_on_churn)
{
    ltv_status status = LTV_OK;
    for (ltv_lever lever = 0; lever < LTV_LEVERS && status == LTV_OK; ++lever)
        status = warn_of_multiplier(list, path, lever, times->on[lever],
                                    lever == LTV_LEVER_CHURN ? advice_on_churn : "");
    return status;
}

/* ---- programmes -------------------------------------------------------------------------- */

static bool raises_churn(const ltv_intervention *programme)
{
    for (size_t i = 0; i < programme->n_effects; ++i)
        if (programme->effects[i].lever == LTV_LEVER_CHURN && programme->effects[i].times > 1)
            return true;
    return false;
}

/* Offers to those who want to leave look better than they are when nobody else asks for them and
 * when whoever stays is as loyal as if he had never wanted to leave. */
static ltv_status warn_of_save_offer(ltv_warning_list *list, const ltv_intervention *programme)
{
    bool bluffers = programme->when.rate > 0, shaky = raises_churn(programme);
    if (programme->when.kind != LTV_WHEN_CHURN_INTENT || (bluffers && shaky))
        return LTV_OK;
    return ltv_warn(
        list,
        "interventions.%s: %s%s%s, which flatters the offer; say so if you know better: %s%s%s",
        programme->name, bluffers ? "" : "nobody asks for it who would have stayed anyway",
        bluffers || shaky ? "" : ", and ",
        shaky ? "" : "customers who stay are not more likely to leave later than others",
        bluffers ? "" : "bluff: {…} in on_churn_intent", bluffers || shaky ? "" : ", ",
        shaky ? "" : "effect: {churn: {times: 2, for: 6}}");
}

static bool is_in_an_arm(const ltv_scenario *scenario, const char *name)
{
    for (size_t a = 0; a < scenario->n_arms; ++a)
        for (size_t i = 0; i < scenario->arms[a].n_interventions; ++i)
            if (strcmp(scenario->arms[a].interventions[i].name, name) == 0)
                return true;
    return false;
}

/* No error: people take a programme out of its arm to see what becomes of the rest. */
static ltv_status warn_of_unused(ltv_warning_list *list, const ltv_yaml_node *root,
                                 const ltv_scenario *scenario)
{
    const ltv_yaml_entry *programmes = ltv_yaml_find(root, "interventions");
    ltv_status status = LTV_OK;
    for (size_t i = 0; programmes != NULL && i < programmes->value->n && status == LTV_OK; ++i) {
        const char *name = programmes->value->entries[i].key;
        if (!is_in_an_arm(scenario, name))
            status = ltv_warn(list,
                              "interventions.%s: is in no arm, so it has no effect; list it in "
                              "one, such as arms: {today: [], then: [%s]}",
                              name, name);
    }
    return status;
}

/* Money off changes nobody's behaviour by itself, except that of those whom it keeps. */
static ltv_status warn_of_price_off_alone(ltv_warning_list *list, const ltv_intervention *programme)
{
    bool is_alone = programme->price_off_bills > 0 && programme->n_effects == 0 &&
                    programme->to_segment == LTV_NOWHERE && programme->to_plan == LTV_NOWHERE;
    if (!is_alone || ltv_trigger_keeps_customers(programme->when.kind))
        return LTV_OK;
    return ltv_warn(list,
                    "interventions.%s: price_off alone changes nobody's behaviour here; did you "
                    "leave out an effect on churn?",
                    programme->name);
}

static ltv_status warn_of_effects(ltv_warning_list *list, const ltv_intervention *programme)
{
    ltv_status status = LTV_OK;
    for (size_t i = 0; i < programme->n_effects && status == LTV_OK; ++i) {
        char path[PATH_SIZE];
        const ltv_effect *effect = &programme->effects[i];
        snprintf(path, sizeof path, "interventions.%s.effect", programme->name);
        status = warn_of_multiplier(list, path, effect->lever, effect->times, "");
    }
    return status;
}

/* ---- plans ------------------------------------------------------------------------------- */

/* The highest price of a plan that one can leave at any time; 0 where there is none. */
static double highest_price_without_term(const ltv_arm *arm)
{
    double highest = 0;
    for (size_t p = 0; p < arm->n_plans; ++p)
        if (arm->plans[p].term == 0 && arm->plans[p].price > highest)
            highest = arm->plans[p].price;
    return highest;
}

/* A year's price where that of a month is due. */
static ltv_status warn_of_term_prices(ltv_warning_list *list, const ltv_arm *arm)
{
    static const double suspicious = 5;
    double highest = highest_price_without_term(arm);
    ltv_status status = LTV_OK;
    for (size_t p = 0; p < arm->n_plans && status == LTV_OK; ++p) {
        const ltv_plan *plan = &arm->plans[p];
        if (plan->term > 0 && highest > 0 && plan->price > suspicious * highest)
            status = ltv_warn(list,
                              "plans.%s.price: %.10g is more than %.0f times the price of every "
                              "plan without a term; a term's price is per bill, not per term",
                              plan->name, plan->price, suspicious);
    }
    return status;
}

/* ---- the whole --------------------------------------------------------------------------- */

static ltv_status warn_of_customers(ltv_warning_list *list, const ltv_arm *arm)
{
    ltv_status status = LTV_OK;
    char path[PATH_SIZE];
    for (size_t s = 0; s < arm->n_segments && status == LTV_OK; ++s) {
        snprintf(path, sizeof path, "segments.%s", arm->segments[s].name);
        status = warn_of_multipliers(list, path, &arm->segments[s].times,
                                     "; for a churn of its own write a retention block");
    }
    for (size_t c = 0; c < arm->n_channels && status == LTV_OK; ++c) {
        snprintf(path, sizeof path, "channels.%s", arm->channels[c].name);
        status = warn_of_multipliers(list, path, &arm->channels[c].times, "");
    }
    return status;
}

static ltv_status warn_of_offers(ltv_warning_list *list, const ltv_arm *arm)
{
    ltv_status status = warn_of_term_prices(list, arm);
    char path[PATH_SIZE];
    for (size_t p = 0; p < arm->n_plans && status == LTV_OK; ++p) {
        snprintf(path, sizeof path, "plans.%s", arm->plans[p].name);
        status = warn_of_multiplier(list, path, LTV_LEVER_CHURN, arm->plans[p].churn, "");
    }
    for (size_t i = 0; i < arm->n_add_ons && status == LTV_OK; ++i) {
        snprintf(path, sizeof path, "add_ons.%s", arm->add_ons[i].name);
        status = warn_of_multiplier(list, path, LTV_LEVER_CHURN, arm->add_ons[i].churn, "");
    }
    return status;
}

static ltv_status warn_of_programme(ltv_warning_list *list, const ltv_intervention *programme)
{
    static ltv_status (*const warners[])(ltv_warning_list *, const ltv_intervention *) = {
        warn_of_save_offer, warn_of_price_off_alone, warn_of_effects};
    ltv_status status = LTV_OK;
    for (size_t i = 0; i < sizeof warners / sizeof *warners && status == LTV_OK; ++i)
        status = warners[i](list, programme);
    return status;
}

static ltv_status warn_of_arm(ltv_warning_list *list, const ltv_arm *arm)
{
    ltv_status status = warn_of_customers(list, arm);
    if (status == LTV_OK)
        status = warn_of_offers(list, arm);
    for (size_t i = 0; i < arm->n_interventions && status == LTV_OK; ++i)
        status = warn_of_programme(list, &arm->interventions[i]);
    return status;
}

ltv_status ltv_scenario_warnings(ltv_warning_list *list, const ltv_yaml_node *root,
                                 const ltv_scenario *scenario)
{
    ltv_status status = warn_of_unused(list, root, scenario);
    for (size_t a = 0; a < scenario->n_arms && status == LTV_OK; ++a)
        status = warn_of_arm(list, &scenario->arms[a]);
    return status;
}
