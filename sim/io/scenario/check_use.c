/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/io/scenario/check_use.h"

#include <stdio.h>
#include <string.h>

#include "sim/io/scenario/check_places.h"

/* ---- who can be reached ------------------------------------------------------------------ */

static bool starts_with(const ltv_arm *arm, size_t plan)
{
    for (size_t s = 0; s < arm->n_segments; ++s)
        if (ltv_arm_starting_share(arm, s, plan) > 0)
            return true;
    for (size_t i = 0; i < arm->n_interventions; ++i)
        if (arm->interventions[i].to_plan == plan)
            return true;
    return false;
}

/* Bit p: plan p. */
static uint32_t plans_one_step_on(const ltv_arm *arm, uint32_t plans)
{
    for (size_t p = 0; p < arm->n_plans; ++p) {
        if ((plans >> p & 1) == 0)
            continue;
        for (size_t i = 0; i < arm->plans[p].n_upgrades; ++i)
            plans |= UINT32_C(1) << arm->plans[p].upgrades[i].to;
        for (size_t i = 0; i < arm->plans[p].n_downgrades; ++i)
            plans |= UINT32_C(1) << arm->plans[p].downgrades[i].to;
    }
    return plans;
}

static bool reaches_plan(const ltv_arm *arm, const char *name)
{
    uint32_t plans = 0, before;
    for (size_t p = 0; p < arm->n_plans; ++p)
        plans |= starts_with(arm, p) ? UINT32_C(1) << p : 0;
    do {
        before = plans;
        plans = plans_one_step_on(arm, plans);
    } while (plans != before);
    for (size_t p = 0; p < arm->n_plans; ++p)
        if (strcmp(arm->plans[p].name, name) == 0)
            return plans >> p & 1;
    return false;
}

static bool segment_is_reached(const ltv_arm *arm, size_t segment)
{
    for (size_t c = 0; c < arm->n_channels; ++c)
        if (ltv_arm_segment_share(arm, c, segment) > 0)
            return true;
    for (size_t i = 0; i < arm->n_interventions; ++i)
        if (arm->interventions[i].to_segment == segment)
            return true;
    return false;
}

static bool reaches_segment(const ltv_arm *arm, const char *name)
{
    for (size_t s = 0; s < arm->n_segments; ++s)
        if (strcmp(arm->segments[s].name, name) == 0)
            return segment_is_reached(arm, s);
    return false;
}

/* What one arm never uses may be what another is about. */
static ltv_status check_reached(const ltv_walk *walk, size_t n_arms, const ltv_arm *arms,
                                const char *path, const char *name,
                                bool (*reaches)(const ltv_arm *, const char *))
{
    for (size_t a = 0; a < n_arms; ++a)
        if (reaches(&arms[a], name))
            return LTV_OK;
    return ltv_complain_at(walk, path, "nobody can reach it, so leave it out");
}

static ltv_status check_reach(const ltv_walk *walk, size_t n_arms, const ltv_arm *arms,
                              const ltv_arm *arm)
{
    ltv_status status = LTV_OK;
    char path[LTV_OWN_PATH_SIZE];
    for (size_t s = 0; s < arm->n_segments && status == LTV_OK; ++s) {
        const char *name = arm->segments[s].name;
        snprintf(path, sizeof path, "segments.%s.share", name);
        status = check_reached(walk, n_arms, arms, path, name, reaches_segment);
    }
    for (size_t p = 0; p < arm->n_plans && status == LTV_OK; ++p) {
        const char *name = arm->plans[p].name;
        snprintf(path, sizeof path, "plans.%s", name);
        status = check_reached(walk, n_arms, arms, path, name, reaches_plan);
    }
    return status;
}

/* ---- multipliers of something ------------------------------------------------------------ */

static bool has_upgrades(const ltv_arm *arm)
{
    for (size_t p = 0; p < arm->n_plans; ++p)
        if (arm->plans[p].n_upgrades > 0)
            return true;
    return false;
}

static bool has_downgrades(const ltv_arm *arm)
{
    for (size_t p = 0; p < arm->n_plans; ++p)
        if (arm->plans[p].n_downgrades > 0)
            return true;
    return false;
}

static bool has_drops(const ltv_arm *arm)
{
    for (size_t i = 0; i < arm->n_add_ons; ++i)
        if (arm->add_ons[i].drop.probability > 0)
            return true;
    return false;
}

static bool has_recurring_price(const ltv_arm *arm)
{
    bool found = arm->price > 0;
    for (size_t p = 0; p < arm->n_plans; ++p)
        found |= arm->plans[p].price > 0;
    for (size_t i = 0; i < arm->n_add_ons; ++i)
        found |= arm->add_ons[i].price > 0;
    return found;
}

bool ltv_arm_has_lever(const ltv_arm *arm, ltv_lever lever)
{
    switch (lever) {
    case LTV_LEVER_INVOLUNTARY:
        return arm->involuntary_churn > 0;
    case LTV_LEVER_UPGRADE:
        return has_upgrades(arm);
    case LTV_LEVER_DOWNGRADE:
        return has_downgrades(arm);
    case LTV_LEVER_ATTACH:
        return arm->n_add_ons > 0;
    case LTV_LEVER_DROP:
        return has_drops(arm);
    case LTV_LEVER_ORDERS:
        return arm->orders.rate > 0;
    case LTV_LEVER_PRICE:
    case LTV_LEVER_SPEND:
        return has_recurring_price(arm);
    case LTV_LEVER_CHURN:
    case LTV_LEVERS:
        break;
    }
    return true;
}

const char *ltv_lever_subject(ltv_lever lever)
{
    static const char *const names[LTV_LEVERS] = {
        [LTV_LEVER_CHURN] = "is no voluntary churn",
        [LTV_LEVER_INVOLUNTARY] = "is no involuntary churn",
        [LTV_LEVER_UPGRADE] = "are no upgrades",
        [LTV_LEVER_DOWNGRADE] = "are no downgrades",
        [LTV_LEVER_ATTACH] = "are no add-ons to attach",
        [LTV_LEVER_DROP] = "are no add-ons to drop",
        [LTV_LEVER_ORDERS] = "are no orders",
        [LTV_LEVER_PRICE] = "is no recurring price",
        [LTV_LEVER_SPEND] = "is no recurring revenue",
    };
    return names[lever];
}

static ltv_status check_multipliers(const ltv_walk *walk, size_t n_arms, const ltv_arm *arms,
                                    const ltv_multipliers *times, const char *path)
{
    for (ltv_lever lever = 0; lever < LTV_LEVERS; ++lever) {
        bool is_used = times->on[lever] == 1;
        for (size_t a = 0; a < n_arms; ++a)
            is_used |= ltv_arm_has_lever(&arms[a], lever);
        if (is_used)
            continue;
        char key[LTV_OWN_PATH_SIZE + 16];
        snprintf(key, sizeof key, "%s.%s", path, ltv_lever_name(lever));
        return ltv_complain_at(walk, key, "there %s, so there is nothing to multiply",
                               ltv_lever_subject(lever));
    }
    return LTV_OK;
}

static ltv_status check_all_multipliers(const ltv_walk *walk, size_t n_arms, const ltv_arm *arms,
                                        const ltv_arm *arm)
{
    ltv_status status = LTV_OK;
    char path[LTV_OWN_PATH_SIZE];
    for (size_t s = 0; s < arm->n_segments && status == LTV_OK; ++s) {
        snprintf(path, sizeof path, "segments.%s", arm->segments[s].name);
        status = check_multipliers(walk, n_arms, arms, &arm->segments[s].times, path);
    }
    for (size_t c = 0; c < arm->n_channels && status == LTV_OK; ++c) {
        snprintf(path, sizeof path, "channels.%s", arm->channels[c].name);
        status = check_multipliers(walk, n_arms, arms, &arm->channels[c].times, path);
    }
    return status;
}

ltv_status ltv_check_use(const ltv_walk *walk, size_t n_arms, const ltv_arm *arms)
{
    ltv_status status = LTV_OK;
    for (size_t a = 0; a < n_arms && status == LTV_OK; ++a) {
        status = check_reach(walk, n_arms, arms, &arms[a]);
        if (status == LTV_OK)
            status = check_all_multipliers(walk, n_arms, arms, &arms[a]);
    }
    return status;
}
