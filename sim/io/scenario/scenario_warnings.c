/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/io/scenario/scenario_warnings.h"

#include <string.h>

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

/* ---- the whole --------------------------------------------------------------------------- */

static ltv_status warn_of_arm(ltv_warning_list *list, const ltv_arm *arm)
{
    ltv_status status = LTV_OK;
    for (size_t i = 0; i < arm->n_interventions && status == LTV_OK; ++i)
        status = warn_of_save_offer(list, &arm->interventions[i]);
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
