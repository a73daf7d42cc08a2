/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/io/scenario/scenario_warnings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    size_t n;
    char **lines;
} warning_list;

static bool add_once(warning_list *list, const char *text)
{
    for (size_t i = 0; i < list->n; ++i)
        if (strcmp(list->lines[i], text) == 0)
            return true;
    char **more = realloc(list->lines, (list->n + 1) * sizeof *more);
    if (more == NULL)
        return false;
    list->lines = more;
    more[list->n] = strdup(text);
    return more[list->n] != NULL && ++list->n > 0;
}

static bool raises_churn(const ltv_intervention *programme)
{
    for (size_t i = 0; i < programme->n_effects; ++i)
        if (programme->effects[i].lever == LTV_LEVER_CHURN && programme->effects[i].times > 1)
            return true;
    return false;
}

/* Offers to those who want to leave look better than they are when nobody else asks for them and
 * when whoever stays is as loyal as if he had never wanted to leave. */
static bool warn_of_save_offer(warning_list *list, const ltv_intervention *programme)
{
    bool bluffers = programme->when.rate > 0, shaky = raises_churn(programme);
    char text[512];
    if (programme->when.kind != LTV_WHEN_CHURN_INTENT || (bluffers && shaky))
        return true;
    snprintf(
        text, sizeof text,
        "interventions.%s: %s%s%s, which flatters the offer; say so if you know better: %s%s%s",
        programme->name, bluffers ? "" : "nobody asks for it who would have stayed anyway",
        bluffers || shaky ? "" : ", and ",
        shaky ? "" : "customers who stay are not more likely to leave later than others",
        bluffers ? "" : "bluff: {…} in on_churn_intent", bluffers || shaky ? "" : ", ",
        shaky ? "" : "effect: {churn: {times: 2, for: 6}}");
    return add_once(list, text);
}

bool ltv_scenario_warnings(const ltv_scenario *scenario, size_t *n, char ***lines)
{
    warning_list list = {0};
    bool ok = true;
    for (size_t a = 0; a < scenario->n_arms; ++a)
        for (size_t i = 0; i < scenario->arms[a].n_interventions && ok; ++i)
            ok = warn_of_save_offer(&list, &scenario->arms[a].interventions[i]);
    *n = list.n;
    *lines = list.lines;
    return ok;
}
