/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "random_offers.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "must.h"

#define BIT(feature) (1u << (feature))

static const unsigned triggers = BIT(RANDOM_AT_TENURE) | BIT(RANDOM_EVERY) |
                                 BIT(RANDOM_BEFORE_RENEWAL) | BIT(RANDOM_CHURN_INTENT) |
                                 BIT(RANDOM_PAYMENT_FAILURE) | BIT(RANDOM_WIN_BACK) |
                                 BIT(RANDOM_ON_UPGRADE) | BIT(RANDOM_RISK_SIGNAL);
static const unsigned whats = BIT(RANDOM_EFFECTS) | BIT(RANDOM_PRICE_OFF) | BIT(RANDOM_PLAN_MOVE) |
                              BIT(RANDOM_SEGMENT_MOVE) | BIT(RANDOM_COSTS);

/* In the order in which programmes are listed. */
static const struct {
    random_feature feature;
    ltv_trigger_kind kind;
} kinds[] = {
    {RANDOM_CHURN_INTENT, LTV_WHEN_CHURN_INTENT},
    {RANDOM_PAYMENT_FAILURE, LTV_WHEN_PAYMENT_FAILURE},
    {RANDOM_EVERY, LTV_WHEN_EVERY},
    {RANDOM_ON_UPGRADE, LTV_WHEN_UPGRADE},
    {RANDOM_AT_TENURE, LTV_WHEN_AT_TENURE},
    {RANDOM_WIN_BACK, LTV_WHEN_CHURN},
    {RANDOM_BEFORE_RENEWAL, LTV_WHEN_BEFORE_RENEWAL},
    {RANDOM_RISK_SIGNAL, LTV_WHEN_RISK_SIGNAL},
};
enum { KINDS = sizeof kinds / sizeof *kinds, SHORTEST_TERM = 3 };

static bool sometimes(test_random *random, double probability)
{
    return test_random_uniform(random, 0, 1) < probability;
}

const char *random_feature_name(random_feature feature)
{
    static const char *const names[RANDOM_FEATURES] = {
        "plans",   "terms",     "add_ons",   "levers",       "orders",
        "price",   "at_tenure", "every",     "renewal",      "churn_intent",
        "failure", "win_back",  "upgrade",   "risk_signal",  "audience",
        "effects", "price_off", "plan_move", "segment_move", "costs",
    };
    return names[feature];
}

static int count_bits(unsigned bits)
{
    int n = 0;
    for (; bits != 0; bits &= bits - 1)
        n++;
    return n;
}

unsigned random_features_of(unsigned number, unsigned allowed)
{
    for (unsigned f = 0; f < RANDOM_FEATURES; f++)
        if ((allowed & BIT(f)) != 0 && number-- == 0)
            return BIT(f);
    for (unsigned f = 0; f < RANDOM_FEATURES; f++)
        for (unsigned g = f + 1; g < RANDOM_FEATURES; g++)
            if ((allowed & BIT(f)) != 0 && (allowed & BIT(g)) != 0 && number-- == 0)
                return BIT(f) | BIT(g);
    test_random random = {number};
    for (;;) {
        unsigned features = 0;
        while (count_bits(features) < 3)
            features |= allowed & BIT(test_random_below(&random, RANDOM_FEATURES));
        if (count_bits(features & triggers) <= 2)
            return features;
    }
}

/* --- offers --- */

static ltv_rate random_rate(const ltv_scenario *scenario, test_random *random)
{
    ltv_rate rate = {.probability = test_random_uniform(random, 0.01, 0.15), .until = UINT32_MAX};
    if (sometimes(random, 0.4))
        rate.from = test_random_below(random, 6);
    if (sometimes(random, 0.3))
        rate.until = rate.from + 1 + test_random_below(random, scenario->horizon);
    if (sometimes(random, 0.3)) {
        rate.n_spikes = 1;
        rate.spikes = must(calloc(1, sizeof *rate.spikes));
        rate.spikes[0] = (ltv_tenure_spike){test_random_below(random, scenario->horizon),
                                            test_random_uniform(random, 0, 4)};
    }
    return rate;
}

/* Targets in [from, until), each sometimes, the first of them always if `first` says so. */
static size_t random_changes(ltv_plan_change **changes, const ltv_scenario *scenario, uint32_t from,
                             uint32_t until, bool first, test_random *random)
{
    size_t n = 0;
    *changes = must(calloc(LTV_MAX_PLANS, sizeof **changes));
    for (uint32_t to = from; to < until; to++)
        if ((first && to == from) || sometimes(random, 0.6))
            (*changes)[n++] = (ltv_plan_change){to, random_rate(scenario, random)};
    return n;
}

static double *random_shares(size_t n, test_random *random)
{
    double *shares = must(calloc(n, sizeof *shares)), sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += shares[i] = test_random_uniform(random, 0.1, 1);
    for (size_t i = 0; i < n; i++)
        shares[i] /= sum;
    return shares;
}

/* Plans from cheap to dear. */
static void add_plans(const ltv_scenario *scenario, ltv_arm *arm, bool terms, test_random *random)
{
    uint32_t n = 2 + sometimes(random, 0.4);
    uint32_t with_term = test_random_below(random, n);
    double *starts = random_shares(n, random), price = arm->price;
    arm->price = 0;
    arm->n_plans = n;
    arm->plans = must(calloc(n, sizeof *arm->plans));
    for (uint32_t p = 0; p < n; p++) {
        ltv_plan *plan = &arm->plans[p];
        snprintf(plan->name, sizeof plan->name, "plan %u", p);
        plan->price = price *= test_random_uniform(random, 1, 2);
        plan->starts = starts[p];
        plan->margin =
            sometimes(random, 0.5) ? test_random_uniform(random, 0.2, 1) : arm->gross_margin;
        plan->churn = sometimes(random, 0.5) ? test_random_uniform(random, 0.5, 1.8) : 1;
        if (terms && (p == with_term || sometimes(random, 0.3)))
            plan->term = SHORTEST_TERM + test_random_below(random, 6);
        plan->n_upgrades = random_changes(&plan->upgrades, scenario, p + 1, n, p == 0, random);
        plan->n_downgrades = random_changes(&plan->downgrades, scenario, 0, p, false, random);
    }
    free(starts);
    for (size_t s = 0; s < arm->n_segments; s++)
        if (arm->declared_segments && sometimes(random, 0.4))
            arm->segments[s].starts = random_shares(n, random);
}

static void add_add_ons(const ltv_scenario *scenario, ltv_arm *arm, test_random *random)
{
    arm->n_add_ons = 1 + test_random_below(random, 3);
    arm->add_ons = must(calloc(arm->n_add_ons, sizeof *arm->add_ons));
    for (size_t a = 0; a < arm->n_add_ons; a++) {
        ltv_add_on *add_on = &arm->add_ons[a];
        snprintf(add_on->name, sizeof add_on->name, "add-on %zu", a);
        add_on->price = test_random_uniform(random, 1, 200);
        add_on->margin =
            sometimes(random, 0.5) ? test_random_uniform(random, 0.2, 1) : arm->gross_margin;
        add_on->churn = sometimes(random, 0.5) ? test_random_uniform(random, 0.4, 1.5) : 1;
        add_on->attach = random_rate(scenario, random);
        add_on->drop = random_rate(scenario, random);
    }
}

static void add_orders(const ltv_scenario *scenario, ltv_arm *arm, test_random *random)
{
    ltv_orders *orders = &arm->orders;
    *orders = (ltv_orders){.rate = test_random_uniform(random, 0.05, 1.5),
                           .first_order_certain = sometimes(random, 0.5),
                           .value_mean = test_random_uniform(random, 5, 200),
                           .p = INFINITY,
                           .q = INFINITY};
    if (sometimes(random, 0.6))
        orders->heterogeneity =
            (ltv_spread){LTV_SPREAD_GAMMA, test_random_uniform(random, 0.2, 1.5)};
    if (sometimes(random, 0.6))
        orders->p = test_random_uniform(random, 0.5, 10);
    if (sometimes(random, 0.6)) /* above 4 all moments that a normal score needs are finite */
        orders->q = test_random_uniform(random, 4.5, 12);
    if (scenario->has_start && scenario->time_unit <= LTV_UNIT_MONTH && sometimes(random, 0.5)) {
        orders->has_season = true;
        for (int m = 0; m < 12; m++)
            orders->season[m] = test_random_uniform(random, 0.2, 2.5);
    }
}

static void add_price_changes(const ltv_scenario *scenario, ltv_arm *arm, test_random *random)
{
    arm->n_price_changes = 1 + test_random_below(random, 2);
    arm->price_changes = must(calloc(arm->n_price_changes, sizeof *arm->price_changes));
    uint32_t bill = 1 + test_random_below(random, 8);
    for (size_t i = 0; i < arm->n_price_changes; i++) {
        ltv_price_change *change = &arm->price_changes[i];
        change->bill = bill;
        change->times = test_random_uniform(random, 0.7, 1.5);
        change->churn_times = test_random_uniform(random, 0.5, 2.5);
        change->churn_for = test_random_below(random, 5);
        bill += test_random_below(random, scenario->horizon - bill);
    }
}

static void add_levers_to(ltv_multipliers *times, test_random *random)
{
    static const ltv_lever levers[] = {LTV_LEVER_UPGRADE, LTV_LEVER_DOWNGRADE, LTV_LEVER_ATTACH,
                                       LTV_LEVER_DROP,    LTV_LEVER_ORDERS,    LTV_LEVER_PRICE};
    for (size_t i = 0; i < sizeof levers / sizeof *levers; i++)
        if (sometimes(random, 0.5))
            times->on[levers[i]] *= test_random_uniform(random, 0.2, 2.5);
}

static void add_levers(ltv_arm *arm, test_random *random)
{
    arm->declared_segments = arm->declared_channels = true;
    for (size_t s = 0; s < arm->n_segments; s++)
        add_levers_to(&arm->segments[s].times, random);
    for (size_t c = 0; c < arm->n_channels; c++)
        add_levers_to(&arm->channels[c].times, random);
}

/* --- what programmes need --- */

static void add_second_segment(ltv_arm *arm)
{
    arm->spend_churn_correlation = 0; /* the arm's own retention may not allow it */
    arm->segments = must(realloc(arm->segments, 2 * sizeof *arm->segments));
    arm->declared_segments = true;
    arm->n_segments = 2;
    arm->segments[0].share = 0.6;
    arm->segments[1] = (ltv_segment){
        .name = "second", .share = 0.4, .times = LTV_NO_MULTIPLIERS, .service_cost = 3};
    arm->segments[1].times.on[LTV_LEVER_CHURN] = 1.5;
    arm->segments[1].times.on[LTV_LEVER_PRICE] = 1.2;
}

/* The rank of a Beta frailty with a further spread is not defined, and whether somebody is cured
 * is settled at joining: where customers change segment, neither may differ. */
static void prepare_segment_moves(ltv_arm *arm)
{
    if (arm->n_segments == 1)
        add_second_segment(arm);
    for (size_t s = 0; s < arm->n_segments; s++) {
        ltv_retention *retention =
            arm->segments[s].has_retention ? &arm->segments[s].retention : &arm->retention;
        if (ltv_curve_model_of(retention->curve.kind)->brings_beta_frailty)
            retention->heterogeneity = (ltv_spread){LTV_SPREAD_NONE, 0};
        retention->cured = arm->retention.cured;
    }
}

static bool lever_exists(const ltv_arm *arm, ltv_lever lever)
{
    switch (lever) {
    case LTV_LEVER_INVOLUNTARY:
        return arm->involuntary_churn > 0;
    case LTV_LEVER_UPGRADE:
        return arm->n_plans > 0;
    case LTV_LEVER_DOWNGRADE:
        for (size_t p = 0; p < arm->n_plans; p++)
            if (arm->plans[p].n_downgrades > 0)
                return true;
        return false;
    case LTV_LEVER_ATTACH:
    case LTV_LEVER_DROP:
        return arm->n_add_ons > 0;
    case LTV_LEVER_ORDERS:
        return arm->orders.rate > 0;
    default:
        return true;
    }
}

/* --- programmes --- */

static ltv_effect random_effect(ltv_lever lever, test_random *random)
{
    ltv_effect effect = {.lever = lever, .times = test_random_uniform(random, 0.3, 2.2)};
    if (sometimes(random, 0.1))
        effect.times = 0;
    if (sometimes(random, 0.25)) {
        effect.periods = LTV_FOR_EVER;
        effect.ramp = sometimes(random, 0.5) ? 1 + test_random_below(random, 4) : 0;
        return effect;
    }
    effect.periods = 1 + test_random_below(random, 6);
    if (sometimes(random, 0.4))
        effect.ramp = 1 + test_random_below(random, effect.periods);
    if (sometimes(random, 0.4))
        effect.fade_half_life = test_random_uniform(random, 0.1, 0.7);
    return effect;
}

static void add_effects(ltv_intervention *programme, const ltv_arm *arm, test_random *random)
{
    uint32_t wanted = 1 + test_random_below(random, 2), first = test_random_below(random, 9);
    if (sometimes(random, 0.4))
        first = LTV_LEVER_CHURN;
    for (uint32_t i = 0; i < LTV_LEVERS && programme->n_effects < wanted; i++) {
        ltv_lever lever = (ltv_lever)((first + i) % LTV_LEVERS);
        if (lever_exists(arm, lever))
            programme->effects[programme->n_effects++] = random_effect(lever, random);
    }
}

static bool *random_members(size_t n, test_random *random)
{
    bool *members = must(calloc(n, sizeof *members));
    for (size_t i = 0; i < n; i++)
        members[i] = sometimes(random, 0.6);
    members[test_random_below(random, (uint32_t)n)] = true;
    return members;
}

static void add_phases(ltv_intervention *programme, test_random *random)
{
    programme->n_phases = 1 + test_random_below(random, 2);
    programme->phases = must(calloc(programme->n_phases, sizeof *programme->phases));
    uint32_t from = test_random_below(random, 4);
    for (size_t i = 0; i < programme->n_phases; i++) {
        ltv_phase *phase = &programme->phases[i];
        snprintf(phase->name, sizeof phase->name, "phase %zu", i);
        phase->from = from;
        phase->until = from + 3 + test_random_below(random, 10);
        from = phase->until + test_random_below(random, 3);
    }
}

static void add_audience(ltv_intervention *programme, const ltv_arm *arm, test_random *random)
{
    if (sometimes(random, 0.7))
        programme->reach = test_random_uniform(random, 0.3, 0.9);
    if (sometimes(random, 0.7))
        programme->uptake = test_random_uniform(random, 0.3, 0.9);
    if (arm->n_segments > 1 && sometimes(random, 0.5))
        programme->segments = random_members(arm->n_segments, random);
    if (arm->n_channels > 1 && sometimes(random, 0.5))
        programme->channels = random_members(arm->n_channels, random);
    if (arm->n_plans > 0 && sometimes(random, 0.5))
        programme->plans = 1u + test_random_below(random, (1u << arm->n_plans) - 1);
    if (sometimes(random, 0.4))
        add_phases(programme, random);
    if (arm->spend.kind != LTV_SPREAD_NONE && sometimes(random, 0.5))
        programme->top_by_spend = test_random_uniform(random, 0.05, 0.6);
}

static void add_costs(ltv_scenario *scenario, ltv_intervention *programme, test_random *random)
{
    programme->per_contact = test_random_uniform(random, 0, 20);
    programme->per_participant = test_random_uniform(random, 0, 50);
    if (ltv_intervention_held_for(programme) > 0)
        programme->per_period = test_random_uniform(random, 0, 10);
    if (sometimes(random, 0.3)) {
        scenario->cohort_size = 5000;
        programme->fixed = test_random_uniform(random, 0, 20000);
        programme->fixed_per_period = test_random_uniform(random, 0, 1000);
    }
}

static ltv_trigger random_trigger(ltv_trigger_kind kind, const ltv_scenario *scenario,
                                  test_random *random)
{
    ltv_trigger when = {.kind = kind};
    switch (kind) {
    case LTV_WHEN_AT_TENURE:
        when.periods = test_random_below(random, scenario->horizon / 2);
        break;
    case LTV_WHEN_EVERY:
        when.periods = 1 + test_random_below(random, 9);
        break;
    case LTV_WHEN_BEFORE_RENEWAL:
        when.periods = 1 + test_random_below(random, SHORTEST_TERM - 1);
        break;
    case LTV_WHEN_CHURN_INTENT:
        when.rate = sometimes(random, 0.5) ? test_random_uniform(random, 0.005, 0.1) : 0;
        /* fall through */
    case LTV_WHEN_PAYMENT_FAILURE:
        when.probability = test_random_uniform(random, 0.2, 0.8);
        break;
    case LTV_WHEN_CHURN:
        when.periods = 1 + test_random_below(random, 5);
        when.probability = test_random_uniform(random, 0.02, 0.3);
        break;
    case LTV_WHEN_RISK_SIGNAL:
        when.periods = 1 + test_random_below(random, 5);
        when.probability = test_random_uniform(random, 0.3, 1);
        when.rate = sometimes(random, 0.6) ? test_random_uniform(random, 0.005, 0.1) : 0;
        break;
    case LTV_WHEN_UPGRADE:
        break;
    }
    return when;
}

static void add_programme(ltv_scenario *scenario, ltv_arm *arm, ltv_trigger_kind kind,
                          unsigned features, test_random *random)
{
    ltv_intervention *programme = &arm->interventions[arm->n_interventions];
    *programme = (ltv_intervention){.plans = UINT32_MAX,
                                    .top_by_spend = 1,
                                    .reach = 1,
                                    .uptake = 1,
                                    .when = random_trigger(kind, scenario, random),
                                    .to_segment = LTV_NOWHERE,
                                    .to_plan = LTV_NOWHERE,
                                    .capacity = INFINITY};
    snprintf(programme->name, sizeof programme->name, "programme %zu", arm->n_interventions++);
    bool acts_by_itself =
        kind == LTV_WHEN_CHURN_INTENT || kind == LTV_WHEN_PAYMENT_FAILURE || kind == LTV_WHEN_CHURN;
    if ((features & BIT(RANDOM_EFFECTS)) != 0 || ((features & whats) == 0 && !acts_by_itself))
        add_effects(programme, arm, random);
    if ((features & BIT(RANDOM_PRICE_OFF)) != 0) {
        programme->price_off = test_random_uniform(random, 0.05, 0.6);
        programme->price_off_bills = 1 + test_random_below(random, 5);
    }
    if ((features & BIT(RANDOM_PLAN_MOVE)) != 0)
        programme->to_plan = test_random_below(random, (uint32_t)arm->n_plans);
    if ((features & BIT(RANDOM_SEGMENT_MOVE)) != 0)
        programme->to_segment = test_random_below(random, (uint32_t)arm->n_segments);
    if ((features & BIT(RANDOM_AUDIENCE)) != 0)
        add_audience(programme, arm, random);
    if ((features & BIT(RANDOM_COSTS)) != 0)
        add_costs(scenario, programme, random);
}

static void add_programmes(ltv_scenario *scenario, ltv_arm *arm, unsigned features,
                           test_random *random)
{
    bool again = count_bits(features & triggers) == 1 && sometimes(random, 0.4);
    arm->interventions = must(calloc(LTV_MAX_INTERVENTIONS, sizeof *arm->interventions));
    for (int k = 0; k < KINDS; k++)
        for (int i = 0; (features & BIT(kinds[k].feature)) != 0 && i < 1 + again; i++)
            add_programme(scenario, arm, kinds[k].kind, features, random);
}

/* The features with those that they bring. */
static unsigned with_needs(unsigned features)
{
    if ((features & (whats | BIT(RANDOM_AUDIENCE))) != 0 && (features & triggers) == 0)
        features |= BIT(RANDOM_AT_TENURE);
    if ((features & BIT(RANDOM_BEFORE_RENEWAL)) != 0)
        features |= BIT(RANDOM_TERMS);
    if ((features & (BIT(RANDOM_TERMS) | BIT(RANDOM_ON_UPGRADE) | BIT(RANDOM_PLAN_MOVE))) != 0)
        features |= BIT(RANDOM_PLANS);
    return features;
}

void random_offers_add(ltv_scenario *scenario, ltv_arm *arm, test_random *random, unsigned features)
{
    features = with_needs(features);
    scenario->horizon = 12 + test_random_below(random, 37);
    if ((features & BIT(RANDOM_PAYMENT_FAILURE)) != 0 && arm->involuntary_churn == 0)
        arm->involuntary_churn = test_random_uniform(random, 0.01, 0.05);
    if ((features & BIT(RANDOM_SEGMENT_MOVE)) != 0)
        prepare_segment_moves(arm);
    if ((features & BIT(RANDOM_PLANS)) != 0)
        add_plans(scenario, arm, (features & BIT(RANDOM_TERMS)) != 0, random);
    if ((features & BIT(RANDOM_ADD_ONS)) != 0)
        add_add_ons(scenario, arm, random);
    if ((features & BIT(RANDOM_ORDERS)) != 0)
        add_orders(scenario, arm, random);
    if ((features & BIT(RANDOM_PRICE_CHANGES)) != 0)
        add_price_changes(scenario, arm, random);
    if ((features & BIT(RANDOM_LEVERS)) != 0)
        add_levers(arm, random);
    if ((features & triggers) != 0)
        add_programmes(scenario, arm, features, random);
}
