/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "foreseen_scenario.h"

#include <stdio.h>

#include "random_scenario.h"
#include "scenario_fixture.h"

/* Up to five programmes more that come by themselves, some of them often. */
static void add_programmes(ltv_arm *arm, uint64_t number)
{
    test_random random = {number * 7919 + 13};
    for (uint32_t j = test_random_below(&random, 6); j > 0; j--) {
        char name[20];
        snprintf(name, sizeof name, "more %u", j);
        ltv_trigger when = {.kind = LTV_WHEN_AT_TENURE, .periods = test_random_below(&random, 9)};
        if (test_random_below(&random, 2))
            when =
                (ltv_trigger){.kind = LTV_WHEN_EVERY, .periods = 1 + test_random_below(&random, 7)};
        ltv_intervention *programme = scenario_fixture_add_intervention(arm, name, when);
        if (test_random_below(&random, 4))
            programme->effects[programme->n_effects++] =
                (ltv_effect){.lever = LTV_LEVER_CHURN,
                             .times = test_random_uniform(&random, 0, 2),
                             .periods = 1 + test_random_below(&random, 15),
                             .fade_half_life = test_random_below(&random, 3)};
        if (test_random_below(&random, 2)) {
            ltv_lever lever =
                (ltv_lever)(LTV_LEVER_INVOLUNTARY + test_random_below(&random, LTV_LEVER_DROP));
            programme->effects[programme->n_effects++] =
                (ltv_effect){.lever = lever,
                             .times = test_random_uniform(&random, 0, 3),
                             .periods = 1 + test_random_below(&random, 15),
                             .fade_half_life = test_random_below(&random, 3)};
        }
        programme->reach = test_random_uniform(&random, 0.05, 1);
        programme->uptake = test_random_uniform(&random, 0, 1);
        programme->per_contact = test_random_below(&random, 3);
        programme->per_participant = test_random_below(&random, 3);
        programme->per_period = programme->n_effects > 0 ? test_random_below(&random, 3) : 0;
    }
}

void foreseen_scenario_make(ltv_arm *arm, uint64_t number)
{
    arm->spend_churn_correlation = 0;
    add_programmes(arm, number);
    for (size_t k = 0; k < arm->n_interventions; k++) {
        ltv_intervention *programme = &arm->interventions[k];
        size_t n = 0;
        for (size_t e = 0; e < programme->n_effects; e++)
            if (programme->effects[e].lever == LTV_LEVER_CHURN ||
                (number % 2 == 0 && programme->effects[e].lever < LTV_LEVER_ORDERS))
                programme->effects[n++] = programme->effects[e];
        programme->n_effects = n;
        programme->plans = n > 0 ? UINT32_MAX : programme->plans;
        programme->price_off = 0;
        programme->price_off_bills = 0;
    }
}
