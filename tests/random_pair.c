/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "random_pair.h"

#include <stdio.h>
#include <stdlib.h>

#include "must.h"
#include "random_offers.h"
#include "random_scenario.h"
#include "scenario_fixture.h"

/* --- an arm that has nothing to do with the first --- */

static void add_stranger(ltv_scenario *scenario, uint64_t number, test_random *random)
{
    ltv_scenario of_other;
    unsigned features =
        random_features_of(40 + test_random_below(random, 400), (1u << RANDOM_FEATURES) - 1);
    random_scenario_init(&of_other, number);
    of_other.time_unit = scenario->time_unit;
    of_other.has_start = true;
    of_other.start = scenario->start;
    random_offers_add(&of_other, of_other.arms, random, features);
    if (of_other.cohort_size > 0)
        scenario->cohort_size = of_other.cohort_size;
    scenario->arms = must(realloc(scenario->arms, 2 * sizeof *scenario->arms));
    scenario->arms[1] = of_other.arms[0];
    scenario->n_arms = 2;
    snprintf(scenario->arms[1].name, sizeof scenario->arms[1].name, "other");
    scenario_fixture_add_contrast(scenario, 1, 0);
    of_other.n_arms = 0; /* its arm has moved */
    ltv_scenario_free(&of_other);
}

/* --- an arm that is the first with some things changed --- */

static void change_price(ltv_arm *arm, test_random *random)
{
    arm->price *= 1.2;
    for (size_t p = 0; p < arm->n_plans; p++)
        arm->plans[p].price *= test_random_uniform(random, 0.7, 1.5);
}

static void change_margin(ltv_arm *arm, test_random *random)
{
    arm->gross_margin *= test_random_uniform(random, 0.5, 1);
}

static void change_churn(ltv_arm *arm, test_random *random)
{
    for (size_t s = 0; s < arm->n_segments; s++)
        arm->segments[s].times.on[LTV_LEVER_CHURN] *= test_random_uniform(random, 0.5, 2);
}

static void change_service(ltv_arm *arm, test_random *random)
{
    arm->service_cost += test_random_uniform(random, 0, 5);
}

static void drop_last_plan(ltv_arm *arm, test_random *random)
{
    (void)random;
    if (arm->n_plans < 2)
        return;
    size_t last = --arm->n_plans;
    ltv_plan_free(&arm->plans[last]);
    for (size_t p = 0; p < last; p++) {
        ltv_plan *plan = &arm->plans[p];
        arm->plans[p].starts = 1.0 / (double)last;
        while (plan->n_upgrades > 0 && plan->upgrades[plan->n_upgrades - 1].to >= last)
            ltv_rate_free(&plan->upgrades[--plan->n_upgrades].rate);
    }
    for (size_t s = 0; s < arm->n_segments; s++) {
        free(arm->segments[s].starts);
        arm->segments[s].starts = NULL;
    }
    for (size_t k = 0; k < arm->n_interventions; k++)
        if (arm->interventions[k].to_plan == last)
            arm->interventions[k].to_plan = 0;
}

static void change_add_ons(ltv_arm *arm, test_random *random)
{
    if (arm->n_add_ons == 0)
        scenario_fixture_add_add_on(arm, 30, 0.1, test_random_uniform(random, 0, 0.2));
    else
        arm->add_ons[0].attach.probability = test_random_uniform(random, 0, 0.4);
}

static void change_orders(ltv_arm *arm, test_random *random)
{
    if (arm->orders.rate == 0)
        scenario_fixture_set_orders(arm, 0.3, 20);
    arm->orders.rate *= test_random_uniform(random, 0.5, 2);
}

static void change_programmes(ltv_arm *arm, test_random *random)
{
    for (size_t k = 0; k < arm->n_interventions; k++) {
        ltv_intervention *programme = &arm->interventions[k];
        programme->reach *= test_random_uniform(random, 0.4, 1);
        programme->per_contact += test_random_uniform(random, 0, 5);
        programme->when.probability *= test_random_uniform(random, 0.3, 1);
        for (size_t e = 0; e < programme->n_effects; e++)
            programme->effects[e].times *= test_random_uniform(random, 0.6, 1.3);
    }
}

static void drop_last_programme(ltv_arm *arm, test_random *random)
{
    (void)random;
    if (arm->n_interventions > 0)
        ltv_intervention_free(&arm->interventions[--arm->n_interventions]);
}

static void add_limited_programme(ltv_arm *arm, test_random *random)
{
    ltv_intervention *programme = scenario_fixture_add_intervention(
        arm, "limited", (ltv_trigger){.kind = LTV_WHEN_EVERY, .periods = 3});
    scenario_fixture_set_effect(programme, LTV_LEVER_CHURN, 0.6, 2);
    programme->per_contact = 1;
    programme->capacity = test_random_uniform(random, 20, 400);
}

static void swap_segments(ltv_arm *arm, test_random *random)
{
    (void)random;
    if (arm->n_segments < 2)
        return;
    double share = arm->segments[0].share;
    arm->segments[0].share = arm->segments[1].share;
    arm->segments[1].share = share;
}

static void add_relative(ltv_scenario *scenario, test_random *random)
{
    static void (*const changes[])(ltv_arm *, test_random *) = {
        change_price,   change_margin,       change_churn,         change_service,
        drop_last_plan, change_add_ons,      change_orders,        change_programmes,
        swap_segments,  drop_last_programme, add_limited_programme};
    enum { CHANGES = sizeof changes / sizeof *changes };
    ltv_arm *arm = scenario_fixture_add_other_arm(scenario, "other");
    uint32_t first = test_random_below(random, CHANGES);
    changes[first](arm, random);
    for (uint32_t i = 0; i < CHANGES; i++)
        if (i != first && test_random_below(random, 3) == 0)
            changes[i](arm, random);
}

void random_pair_init(ltv_scenario *scenario, uint64_t number)
{
    test_random random = {number + 77};
    unsigned features =
        random_features_of(40 + test_random_below(&random, 400), (1u << RANDOM_FEATURES) - 1);
    random_scenario_init(scenario, number);
    if (!scenario->has_start)
        scenario->start = (ltv_date){2027, 4, 1};
    scenario->has_start = true;
    random_offers_add(scenario, scenario->arms, &random, features);
    if (number % 2 == 0)
        add_stranger(scenario, number + 1001, &random);
    else
        add_relative(scenario, &random);
}
