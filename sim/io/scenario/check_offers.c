/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/io/scenario/check_offers.h"

#include <math.h>
#include <stdio.h>

#include "sim/address.h"
#include "sim/io/scenario/check_places.h"
#include "sim/io/scenario/read_references.h"
#include "sim/io/scenario/read_uncertain.h"

/* ---- prices ------------------------------------------------------------------------------ */

static bool has_price(const ltv_walk *walk)
{
    return ltv_entry_at(walk, "revenue.price") != NULL;
}

static ltv_status check_price(const ltv_walk *walk)
{
    if (walk->arm->n_plans > 0 && has_price(walk))
        return ltv_complain_at(
            walk, "revenue.price",
            "plans and revenue.price exclude each other; write only one of them");
    if (walk->arm->n_plans > 0 || has_price(walk) || walk->arm->orders.rate > 0)
        return LTV_OK;
    if (ltv_entry_at(walk, "revenue")->value->assumed)
        return ltv_complain_at(walk, "revenue",
                               "missing; write what customers pay, such as revenue: {price: 1000}, "
                               "or plans");
    return ltv_complain_at(walk, "revenue.price",
                           "missing (price of one period, in the currency); only plans or orders "
                           "can do without");
}

static ltv_status check_price_changes(const ltv_walk *walk)
{
    static const char key[] = "price_change";
    const ltv_arm *arm = walk->arm;
    if (arm->n_price_changes == 0)
        return LTV_OK;
    if (arm->n_plans == 0 && arm->n_add_ons == 0 && !has_price(walk))
        return ltv_complain_at(walk, key, "there is no recurring price that could change");
    uint32_t last = arm->price_changes[arm->n_price_changes - 1].bill;
    if (last >= walk->scenario->horizon)
        return ltv_complain_at(walk, key,
                               "the change at bill %u never happens: the horizon is %u bills, from "
                               "0 to %u",
                               last, walk->scenario->horizon, walk->scenario->horizon - 1);
    return LTV_OK;
}

/* ---- rates of clocks --------------------------------------------------------------------- */

static ltv_status check_rate(const ltv_walk *walk, const ltv_rate *rate, const char *path)
{
    char key[LTV_OWN_PATH_SIZE + 8];
    if (rate->until <= rate->from) {
        snprintf(key, sizeof key, "%s.until", path);
        return ltv_complain_at(walk, key, "ends before period %u, but begins with period %u",
                               rate->until, rate->from);
    }
    if (rate->from >= walk->scenario->horizon) {
        snprintf(key, sizeof key, "%s.from", path);
        return ltv_complain_at(walk, key, "never runs: the horizon is %u periods",
                               walk->scenario->horizon);
    }
    return LTV_OK;
}

static ltv_status check_add_on_rates(const ltv_walk *walk)
{
    ltv_status status = LTV_OK;
    for (size_t i = 0; i < walk->arm->n_add_ons && status == LTV_OK; ++i) {
        const ltv_add_on *add_on = &walk->arm->add_ons[i];
        char path[LTV_OWN_PATH_SIZE];
        snprintf(path, sizeof path, "add_ons.%s.attach", add_on->name);
        status = check_rate(walk, &add_on->attach, path);
        snprintf(path, sizeof path, "add_ons.%s.drop", add_on->name);
        if (status == LTV_OK)
            status = check_rate(walk, &add_on->drop, path);
    }
    return status;
}

/* ---- plans ------------------------------------------------------------------------------- */

/* Segments may have starts of their own, which sum to 1 each. */
static ltv_status check_starts(ltv_walk *walk)
{
    ltv_arm *arm = walk->arm;
    double sum = 0;
    bool is_needed = false, is_uncertain = false;
    ltv_share shares[LTV_MAX_PLANS];
    for (size_t i = 0; i < arm->n_plans; ++i) {
        char path[LTV_OWN_PATH_SIZE];
        snprintf(path, sizeof path, "plans.%s.starts", arm->plans[i].name);
        const ltv_yaml_entry *starts = ltv_entry_at(walk, path);
        shares[i].at = &arm->plans[i].starts;
        shares[i].is_uncertain = starts != NULL && ltv_is_uncertain(starts->value);
        is_uncertain |= shares[i].is_uncertain;
        sum += arm->plans[i].starts;
    }
    for (size_t i = 0; i < arm->n_segments; ++i)
        is_needed |= arm->segments[i].starts == NULL;
    if (is_uncertain)
        return ltv_share_out(walk, arm->n_plans, shares, ltv_place_of(walk, "plans"), "plans");
    if (arm->n_plans == 0 || fabs(sum - 1) <= 1e-9 || (sum == 0 && !is_needed))
        return LTV_OK;
    return ltv_complain_at(walk, "plans", "the plans' starts sum to %.10g%%, but must sum to 100%%",
                           100 * sum);
}

typedef enum { UPGRADES, DOWNGRADES, DIRECTIONS } direction;

static const char *const direction_keys[] = {"upgrade", "downgrade"};

static size_t changes_of(const ltv_plan *plan, direction which, const ltv_plan_change **changes)
{
    *changes = which == UPGRADES ? plan->upgrades : plan->downgrades;
    return which == UPGRADES ? plan->n_upgrades : plan->n_downgrades;
}

/* "plans.basic.upgrade", with "[1]" where the scenario has a list. */
static void change_path(char path[LTV_OWN_PATH_SIZE], const ltv_walk *walk, const ltv_plan *plan,
                        direction which, size_t i)
{
    int n = snprintf(path, LTV_OWN_PATH_SIZE, "plans.%s.%s", plan->name, direction_keys[which]);
    if (ltv_entry_at(walk, path)->value->kind == LTV_YAML_LIST)
        snprintf(path + n, LTV_OWN_PATH_SIZE - (size_t)n, "[%zu]", i);
}

/* Number of changes of the plan to this target among upgrades, and among downgrades too. */
static size_t ways_to(const ltv_plan *plan, uint32_t to)
{
    size_t n = 0;
    for (size_t i = 0; i < plan->n_upgrades; ++i)
        n += plan->upgrades[i].to == to;
    for (size_t i = 0; i < plan->n_downgrades; ++i)
        n += plan->downgrades[i].to == to;
    return n;
}

static ltv_status check_change(const ltv_walk *walk, const ltv_plan *plan,
                               const ltv_plan_change *change, const char *path)
{
    char key[LTV_OWN_PATH_SIZE + 8];
    const ltv_plan *target = &walk->arm->plans[change->to];
    snprintf(key, sizeof key, "%s.to", path);
    if (target == plan)
        return ltv_complain_at(walk, key, "%s leads to itself", plan->name);
    if (ways_to(plan, change->to) > 1)
        return ltv_complain_at(walk, key, "%s leads to %s twice; write it once", plan->name,
                               target->name);
    return check_rate(walk, &change->rate, path);
}

static ltv_status check_changes(const ltv_walk *walk, const ltv_plan *plan, direction which)
{
    const ltv_plan_change *changes;
    size_t n = changes_of(plan, which, &changes);
    ltv_status status = LTV_OK;
    for (size_t i = 0; i < n && status == LTV_OK; ++i) {
        char path[LTV_OWN_PATH_SIZE];
        change_path(path, walk, plan, which, i);
        status = check_change(walk, plan, &changes[i], path);
    }
    return status;
}

static ltv_status check_plans(const ltv_walk *walk)
{
    ltv_status status = LTV_OK;
    for (size_t i = 0; i < walk->arm->n_plans && status == LTV_OK; ++i) {
        status = check_changes(walk, &walk->arm->plans[i], UPGRADES);
        if (status == LTV_OK)
            status = check_changes(walk, &walk->arm->plans[i], DOWNGRADES);
    }
    return status;
}

/* ---- names that would share their luck --------------------------------------------------- */

/* A clock of a plan change: where it stands and what its random numbers go by. */
typedef struct {
    const ltv_plan *from, *to;
    size_t index; /* among the changes of `from` */
    uint32_t name;
} change_clock;

enum { MOST_CLOCKS = LTV_MAX_PLANS * (LTV_MAX_PLANS - 1) };

static size_t list_clocks(const ltv_arm *arm, direction which, change_clock clocks[MOST_CLOCKS])
{
    size_t n = 0;
    for (size_t p = 0; p < arm->n_plans; ++p) {
        const ltv_plan_change *changes;
        size_t n_changes = changes_of(&arm->plans[p], which, &changes);
        for (size_t i = 0; i < n_changes; ++i) {
            const ltv_plan *to = &arm->plans[changes[i].to];
            clocks[n++] = (change_clock){.from = &arm->plans[p],
                                         .to = to,
                                         .index = i,
                                         .name = ltv_address_pair(arm->plans[p].name, to->name)};
        }
    }
    return n;
}

static ltv_status check_change_names(const ltv_walk *walk, direction which)
{
    change_clock clocks[MOST_CLOCKS];
    size_t n = list_clocks(walk->arm, which, clocks);
    for (size_t i = 0; i < n; ++i)
        for (size_t j = 0; j < i; ++j) {
            const change_clock *a = &clocks[j], *b = &clocks[i];
            char path[LTV_OWN_PATH_SIZE];
            if (a->name != b->name)
                continue;
            change_path(path, walk, b->from, which, b->index);
            return ltv_complain_at(walk, path,
                                   "by chance, from %s to %s and from %s to %s have the same "
                                   "random numbers; rename one of these plans",
                                   a->from->name, a->to->name, b->from->name, b->to->name);
        }
    return LTV_OK;
}

static ltv_status refuse_names(const ltv_walk *walk, const char *block, const char *first,
                               const char *second)
{
    char path[LTV_OWN_PATH_SIZE];
    snprintf(path, sizeof path, "%s.%s", block, second);
    return ltv_complain_at(walk, path,
                           "by chance, the names %s and %s have the same random numbers; rename "
                           "one of them",
                           first, second);
}

static ltv_status check_names(const ltv_walk *walk)
{
    const ltv_arm *arm = walk->arm;
    for (size_t i = 0; i < arm->n_plans; ++i)
        for (size_t j = 0; j < i; ++j)
            if (ltv_address_name(arm->plans[i].name) == ltv_address_name(arm->plans[j].name))
                return refuse_names(walk, "plans", arm->plans[j].name, arm->plans[i].name);
    for (size_t i = 0; i < arm->n_add_ons; ++i)
        for (size_t j = 0; j < i; ++j)
            if (ltv_address_name(arm->add_ons[i].name) == ltv_address_name(arm->add_ons[j].name))
                return refuse_names(walk, "add_ons", arm->add_ons[j].name, arm->add_ons[i].name);
    ltv_status status = check_change_names(walk, UPGRADES);
    return status != LTV_OK ? status : check_change_names(walk, DOWNGRADES);
}

ltv_status ltv_check_offers(ltv_walk *walk)
{
    static ltv_status (*const checks[])(const ltv_walk *) = {check_plans, check_add_on_rates,
                                                             check_price_changes, check_names};
    ltv_status status = check_price(walk);
    if (status == LTV_OK)
        status = check_starts(walk);
    for (size_t i = 0; i < sizeof checks / sizeof *checks && status == LTV_OK; ++i)
        status = checks[i](walk);
    return status;
}
