/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "naive_cohort.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>

#include "must.h"
#include "random_scenario.h"

enum { MOST_PROGRAMMES = 4, MOST_ADD_ONS = 8, NEVER = -1 };

/* The logarithm of a level that differs between customers, by the normal score of its rank: from
 * -LAST to LAST, ENTRIES of them. Inverting distributions for every customer would take too long.
 */
enum { LAST = 8, ENTRIES = 1601 };

typedef struct {
    double log_level[ENTRIES];
} level_table;

typedef struct {
    level_table *beta, *further; /* owned, by segment: the two parts of z */
    level_table spend, orders;
} levels;

typedef struct {
    const ltv_scenario *scenario;
    const ltv_arm *arm;
    const levels *levels;
    test_random random;
    size_t channel, joined, segment, plan;
    double frailty_score, beta_score, spend, spend_rank_above, order_level;
    bool cured, active, add_on[MOST_ADD_ONS];
    bool reached[MOST_PROGRAMMES], takes_part[MOST_PROGRAMMES];
    /* What is left of the budgets. */
    double voluntary, involuntary, change[2][LTV_MAX_PLANS], attach[MOST_ADD_ONS],
        drop[MOST_ADD_ONS], bluff[MOST_PROGRAMMES], orders;
    int term_began, departure, left_in, left_plan; /* periods, or NEVER */
    int triggered[MOST_PROGRAMMES];                /* bill, or NEVER */
    int saved[2];                                  /* by which programme in this period */
    bool upgraded, asked[MOST_PROGRAMMES];
} customer;

static double score_of_entry(int entry)
{
    return 2.0 * LAST * entry / (ENTRIES - 1) - LAST;
}

static double level_at(const level_table *table, double score)
{
    double at = (fmin(fmax(score, -LAST), LAST) + LAST) * (ENTRIES - 1) / (2.0 * LAST);
    int entry = at < ENTRIES - 2 ? (int)at : ENTRIES - 2;
    double share = at - entry;
    return exp((1 - share) * table->log_level[entry] + share * table->log_level[entry + 1]);
}

static void fill_spread(level_table *table, ltv_spread spread)
{
    for (int i = 0; i < ENTRIES; i++)
        table->log_level[i] =
            log(ltv_spread_quantile(spread, ltv_uniform_of_score(score_of_entry(i))));
}

/* z = -ln(1 - p), p ~ Beta: by bisection for ln z, on the side where the rank keeps its digits. */
static void fill_beta(level_table *table, const double *shape)
{
    for (int i = 0; i < ENTRIES; i++) {
        double score = score_of_entry(i), low = -600, high = 7;
        for (int step = 0; step < 60; step++) {
            double middle = (low + high) / 2, z = exp(middle);
            bool below =
                score < 0
                    ? gsl_cdf_beta_P(-expm1(-z), shape[0], shape[1]) < gsl_cdf_ugaussian_P(score)
                    : gsl_cdf_beta_P(exp(-z), shape[1], shape[0]) > gsl_cdf_ugaussian_Q(score);
            *(below ? &low : &high) = middle;
        }
        table->log_level[i] = low;
    }
}

static double uniform(customer *c)
{
    return test_random_uniform(&c->random, 0, 1);
}

static double exponential(customer *c)
{
    return -log1p(-uniform(c));
}

static size_t draw_share(customer *c, size_t n, const double *share)
{
    double u = uniform(c);
    size_t i = 0;
    while (i + 1 < n && u >= share[i])
        u -= share[i++];
    return i;
}

static double z_now(const customer *c)
{
    const ltv_retention *retention = ltv_arm_retention(c->arm, c->segment);
    double z = 1;
    if (c->cured)
        return 0;
    if (retention->heterogeneity.kind != LTV_SPREAD_NONE)
        z *= level_at(&c->levels->further[c->segment], c->frailty_score);
    if (ltv_curve_model_of(retention->curve.kind)->brings_beta_frailty)
        z *= level_at(&c->levels->beta[c->segment], retention->heterogeneity.kind != LTV_SPREAD_NONE
                                                        ? c->beta_score
                                                        : c->frailty_score);
    return z;
}

static double lever(const customer *c, ltv_lever which, uint32_t u)
{
    double times = ltv_arm_multipliers(c->arm, c->channel, c->segment).on[which];
    for (size_t i = 0; i < c->arm->n_interventions; i++) {
        const ltv_intervention *programme = &c->arm->interventions[i];
        for (size_t e = 0; e < programme->n_effects && c->triggered[i] != NEVER; e++)
            if (programme->effects[e].lever == which)
                times *=
                    ltv_effect_multiplier(&programme->effects[e], u - (uint32_t)c->triggered[i]);
    }
    return times;
}

/* Uses up a budget; true when the clock fires, with a new budget given. */
static bool ticks(customer *c, double *budget, double hazard)
{
    *budget -= hazard;
    if (*budget > 0)
        return false;
    *budget = exponential(c);
    return true;
}

static double rate_hazard(const ltv_rate *rate, uint32_t u)
{
    double hazard = u >= rate->from && u < rate->until ? -log1p(-rate->probability) : 0;
    for (size_t i = 0; i < rate->n_spikes; i++)
        hazard *= rate->spikes[i].period == u ? rate->spikes[i].times : 1;
    return hazard;
}

static void enter_plan(customer *c, size_t plan, uint32_t bill)
{
    c->plan = plan;
    c->term_began = (int)bill;
    for (int d = 0; d < 2; d++)
        for (size_t i = 0; i < LTV_MAX_PLANS; i++)
            c->change[d][i] = exponential(c);
}

static void fresh_budgets(customer *c, uint32_t bill)
{
    c->voluntary = exponential(c);
    c->involuntary = exponential(c);
    enter_plan(c, c->plan, bill);
    for (int a = 0; a < MOST_ADD_ONS; a++) {
        c->add_on[a] = false;
        c->attach[a] = exponential(c);
    }
    for (int i = 0; i < MOST_PROGRAMMES; i++)
        c->bluff[i] = exponential(c);
    c->active = true;
    c->departure = NEVER;
}

static void join(customer *c)
{
    const ltv_arm *arm = c->arm;
    double share[LTV_MAX_PLANS];
    for (size_t i = 0; i < arm->n_channels; i++)
        share[i] = arm->channels[i].share;
    c->channel = draw_share(c, arm->n_channels, share);
    for (size_t i = 0; i < arm->n_segments; i++)
        share[i] = ltv_arm_segment_share(arm, c->channel, i);
    c->joined = c->segment = draw_share(c, arm->n_segments, share);
    for (size_t i = 0; i < arm->n_plans; i++)
        share[i] = ltv_arm_starting_share(arm, c->joined, i);
    c->plan = draw_share(c, arm->n_plans, share);
    c->frailty_score = gsl_cdf_ugaussian_Pinv(uniform(c));
    c->beta_score = gsl_cdf_ugaussian_Pinv(uniform(c));
    double rho = 2 * sin(M_PI / 6 * arm->spend_churn_correlation);
    double spend_score =
        rho * c->frailty_score + sqrt(1 - rho * rho) * gsl_cdf_ugaussian_Pinv(uniform(c));
    c->spend = level_at(&c->levels->spend, spend_score);
    c->spend_rank_above = gsl_cdf_ugaussian_Q(spend_score);
    c->cured = uniform(c) < ltv_arm_retention(arm, c->joined)->cured;
    c->order_level = ltv_spread_quantile(arm->orders.heterogeneity,
                                         ltv_uniform_of_score(gsl_cdf_ugaussian_Pinv(uniform(c))));
    c->orders = arm->orders.first_order_certain ? 0 : exponential(c);
    for (size_t i = 0; i < arm->n_interventions; i++) {
        c->reached[i] = uniform(c) < arm->interventions[i].reach;
        c->takes_part[i] = uniform(c) < arm->interventions[i].uptake;
        c->triggered[i] = NEVER;
    }
    fresh_budgets(c, 0);
}

/* --- money of one customer --- */

typedef struct {
    double ltv, programme_cost;
} account;

static double discount_at(const ltv_scenario *scenario, uint32_t bill)
{
    static const double late[] = {
        [LTV_PAY_ADVANCE] = 0, [LTV_PAY_MID] = 0.5, [LTV_PAY_ARREARS] = 1};
    return pow(ltv_scenario_discount_per_period(scenario), bill + late[scenario->payment]);
}

static void charge(const customer *c, account *purse, uint32_t bill, double cost)
{
    if (bill >= c->scenario->horizon)
        return;
    purse->ltv -= cost * discount_at(c->scenario, bill);
    purse->programme_cost += cost * discount_at(c->scenario, bill);
}

static void add_to(naive_sum *sum, double amount)
{
    sum->sum += amount;
    sum->squares += amount * amount;
}

static double orders_in(customer *c, uint32_t u)
{
    const ltv_orders *orders = &c->arm->orders;
    if (orders->rate == 0)
        return 0;
    double expected = orders->rate * c->order_level * lever(c, LTV_LEVER_ORDERS, u), number = 0;
    if (orders->has_season)
        expected *= orders->season[ltv_scenario_calendar_month(c->scenario, u) - 1];
    for (c->orders -= expected; c->orders <= 0; c->orders += exponential(c))
        number++;
    return number * orders->value_mean;
}

static void pay(customer *c, uint32_t u, account *purse, naive_cohort *all)
{
    const ltv_arm *arm = c->arm;
    double revenue = arm->n_plans > 0 ? arm->plans[c->plan].price : arm->price;
    double margin = revenue * (arm->n_plans > 0 ? arm->plans[c->plan].margin : arm->gross_margin);
    for (size_t a = 0; a < arm->n_add_ons; a++)
        if (c->add_on[a]) {
            revenue += arm->add_ons[a].price;
            margin += arm->add_ons[a].price * arm->add_ons[a].margin;
            all->add_on_shares[a * c->scenario->horizon + u]++;
        }
    if (arm->n_plans > 0)
        all->plan_shares[c->plan * c->scenario->horizon + u]++;
    double times = c->spend * lever(c, LTV_LEVER_PRICE, u) * lever(c, LTV_LEVER_SPEND, u), off = 1;
    for (size_t i = 0; i < arm->n_price_changes; i++)
        times *= u >= arm->price_changes[i].bill ? arm->price_changes[i].times : 1;
    for (size_t i = 0; i < arm->n_interventions; i++) {
        const ltv_intervention *programme = &arm->interventions[i];
        uint32_t k = u - (uint32_t)c->triggered[i];
        if (c->triggered[i] == NEVER)
            continue;
        off *= k < programme->price_off_bills ? 1 - programme->price_off : 1;
        if (k < ltv_intervention_held_for(programme))
            charge(c, purse, u, programme->per_period);
    }
    double orders = orders_in(c, u), discount = discount_at(c->scenario, u);
    double service = arm->service_cost + arm->segments[c->segment].service_cost;
    add_to(&all->recurring[u], revenue * times);
    add_to(&all->revenue[u], revenue * times * off + orders);
    add_to(&all->orders[u], orders);
    purse->programme_cost += discount * margin * times * (1 - off);
    purse->ltv += discount * (margin * times * off + orders * arm->gross_margin - service);
}

/* --- programmes --- */

static bool in_audience(const customer *c, size_t i, size_t plan, uint32_t tenure)
{
    const ltv_intervention *programme = &c->arm->interventions[i];
    bool in = programme->n_phases == 0;
    for (size_t f = 0; f < programme->n_phases; f++)
        in |= tenure >= programme->phases[f].from && tenure < programme->phases[f].until;
    return in && (programme->segments == NULL || programme->segments[c->joined]) &&
           (programme->channels == NULL || programme->channels[c->channel]) &&
           (programme->plans & 1u << plan) != 0 &&
           (programme->top_by_spend == 1 || c->spend_rank_above < programme->top_by_spend);
}

/* An opportunity: contact, its cost; whether he takes part. */
static bool meets(const customer *c, size_t i, size_t plan, uint32_t bill, uint32_t tenure,
                  account *purse)
{
    if (!in_audience(c, i, plan, tenure) || !c->reached[i])
        return false;
    charge(c, purse, bill, c->arm->interventions[i].per_contact);
    return c->takes_part[i];
}

static void act(customer *c, size_t i, uint32_t bill)
{
    const ltv_intervention *programme = &c->arm->interventions[i];
    c->triggered[i] = (int)bill;
    if (programme->to_segment != LTV_NOWHERE)
        c->segment = programme->to_segment;
    if (programme->to_plan != LTV_NOWHERE && programme->to_plan != c->plan)
        enter_plan(c, programme->to_plan, bill);
}

static void act_if_met(customer *c, size_t i, uint32_t bill, uint32_t tenure, account *purse)
{
    if (!meets(c, i, c->plan, bill, tenure, purse))
        return;
    charge(c, purse, bill, c->arm->interventions[i].per_participant);
    act(c, i, bill);
}

static bool is_scheduled(const customer *c, const ltv_trigger *when, uint32_t u)
{
    uint32_t term = c->arm->n_plans > 0 ? c->arm->plans[c->plan].term : 0;
    return (when->kind == LTV_WHEN_AT_TENURE && when->periods == u) ||
           (when->kind == LTV_WHEN_EVERY && u > 0 && u % when->periods == 0) ||
           (when->kind == LTV_WHEN_BEFORE_RENEWAL && term > 0 &&
            (u + when->periods - (uint32_t)c->term_began) % term == 0);
}

static void trigger_at_bill(customer *c, uint32_t u, account *purse)
{
    size_t n = c->arm->n_interventions;
    for (int k = 0; k < 2; k++)
        if (c->saved[k] != NEVER)
            act(c, (size_t)c->saved[k], u);
    for (size_t i = 0; i < n; i++)
        if (c->asked[i] || (c->upgraded && c->arm->interventions[i].when.kind == LTV_WHEN_UPGRADE))
            act_if_met(c, i, u, u - 1, purse);
    for (size_t i = 0; i < n; i++)
        if (is_scheduled(c, &c->arm->interventions[i].when, u))
            act_if_met(c, i, u, u, purse);
}

/* The first programme of this kind that keeps him, or NEVER. */
static int saved_by(customer *c, ltv_trigger_kind kind, uint32_t u, account *purse)
{
    for (size_t i = 0; i < c->arm->n_interventions; i++) {
        const ltv_intervention *programme = &c->arm->interventions[i];
        if (programme->when.kind != kind || !meets(c, i, c->plan, u + 1, u, purse) ||
            uniform(c) >= programme->when.probability)
            continue;
        charge(c, purse, u + 1, programme->per_participant);
        return (int)i;
    }
    return NEVER;
}

/* --- periods --- */

static double voluntary_hazard(const customer *c, uint32_t u)
{
    const ltv_retention *retention = ltv_arm_retention(c->arm, c->segment);
    double from = ltv_curve_cumulative_hazard(&retention->curve, u);
    double to = ltv_curve_cumulative_hazard(&retention->curve, u + 1);
    double times = ltv_scenario_churn_multiplier(c->scenario, retention, u) *
                   lever(c, LTV_LEVER_CHURN, u) * z_now(c);
    if (c->arm->n_plans > 0)
        times *= c->arm->plans[c->plan].churn;
    for (size_t a = 0; a < c->arm->n_add_ons; a++)
        times *= c->add_on[a] ? c->arm->add_ons[a].churn : 1;
    for (size_t i = 0; i < c->arm->n_price_changes; i++) {
        const ltv_price_change *change = &c->arm->price_changes[i];
        times *=
            u >= change->bill && u < change->bill + change->churn_for ? change->churn_times : 1;
    }
    if (times == 0)
        return 0;
    return isinf(to) ? INFINITY : times * (to - from);
}

/* Whether he leaves in period u of his own accord. */
static bool leaves_by_himself(customer *c, uint32_t u, account *purse)
{
    if (c->departure != NEVER)
        return c->departure == (int)u;
    if (!ticks(c, &c->voluntary, voluntary_hazard(c, u)))
        return false;
    c->saved[0] = saved_by(c, LTV_WHEN_CHURN_INTENT, u, purse);
    if (c->saved[0] != NEVER)
        return false;
    int term = c->arm->n_plans > 0 ? (int)c->arm->plans[c->plan].term : 0;
    c->departure = (int)u;
    while (term > 0 && (c->departure + 1 - c->term_began) % term != 0)
        c->departure++;
    return c->departure == (int)u;
}

static bool payments_fail(customer *c, uint32_t u, account *purse)
{
    double hazard = -log1p(-c->arm->involuntary_churn) * lever(c, LTV_LEVER_INVOLUNTARY, u);
    if (!ticks(c, &c->involuntary, hazard))
        return false;
    c->saved[1] = saved_by(c, LTV_WHEN_PAYMENT_FAILURE, u, purse);
    return c->saved[1] == NEVER;
}

static void leave(customer *c, uint32_t u, account *purse)
{
    c->active = false;
    c->left_in = (int)u;
    c->left_plan = (int)c->plan;
    c->saved[0] = c->saved[1] = NEVER;
    for (size_t i = 0; i < c->arm->n_interventions; i++)
        if (c->arm->interventions[i].when.kind == LTV_WHEN_CHURN)
            meets(c, i, c->plan, u + 1, u, purse);
}

static void change_plan(customer *c, uint32_t u)
{
    const ltv_plan *plan = &c->arm->plans[c->plan];
    size_t to = LTV_MAX_PLANS;
    for (size_t i = 0; i < plan->n_downgrades; i++) {
        double times = lever(c, LTV_LEVER_DOWNGRADE, u);
        if (ticks(c, &c->change[0][i], times * rate_hazard(&plan->downgrades[i].rate, u)) &&
            to == LTV_MAX_PLANS)
            to = plan->downgrades[i].to;
    }
    for (size_t i = 0; i < plan->n_upgrades; i++) {
        double times = lever(c, LTV_LEVER_UPGRADE, u);
        if (ticks(c, &c->change[1][i], times * rate_hazard(&plan->upgrades[i].rate, u)) &&
            to == LTV_MAX_PLANS) {
            to = plan->upgrades[i].to;
            c->upgraded = true;
        }
    }
    if (to < LTV_MAX_PLANS)
        enter_plan(c, to, u + 1);
}

static void change_add_ons(customer *c, uint32_t u)
{
    for (size_t a = 0; a < c->arm->n_add_ons; a++) {
        const ltv_add_on *add_on = &c->arm->add_ons[a];
        if (c->add_on[a]) {
            c->add_on[a] =
                !ticks(c, &c->drop[a], lever(c, LTV_LEVER_DROP, u) * rate_hazard(&add_on->drop, u));
        } else if (ticks(c, &c->attach[a],
                         lever(c, LTV_LEVER_ATTACH, u) * rate_hazard(&add_on->attach, u))) {
            c->add_on[a] = true;
            c->drop[a] = exponential(c);
        }
    }
}

static void pass_period(customer *c, uint32_t u, account *purse)
{
    c->saved[0] = c->saved[1] = NEVER;
    c->upgraded = false;
    memset(c->asked, 0, sizeof c->asked);
    if (leaves_by_himself(c, u, purse) || payments_fail(c, u, purse)) {
        leave(c, u, purse);
        return;
    }
    if (c->arm->n_plans > 0)
        change_plan(c, u);
    change_add_ons(c, u);
    for (size_t i = 0; i < c->arm->n_interventions; i++)
        if (c->arm->interventions[i].when.kind == LTV_WHEN_CHURN_INTENT)
            c->asked[i] = ticks(c, &c->bluff[i], -log1p(-c->arm->interventions[i].when.rate)) &&
                          c->departure == NEVER; /* with notice given it is no bluff */
}

static void stay_away(customer *c, uint32_t w, account *purse)
{
    for (size_t i = 0; i < c->arm->n_interventions && !c->active; i++) {
        const ltv_intervention *programme = &c->arm->interventions[i];
        if (programme->when.kind != LTV_WHEN_CHURN || !c->reached[i] || !c->takes_part[i] ||
            !in_audience(c, i, (size_t)c->left_plan, (uint32_t)c->left_in) ||
            w > (uint32_t)c->left_in + programme->when.periods ||
            uniform(c) >= programme->when.probability)
            continue;
        fresh_budgets(c, w + 1);
        charge(c, purse, w + 1, programme->per_participant);
        act(c, i, w + 1);
    }
}

static void live(customer *c, naive_cohort *all)
{
    account own = {0};
    join(c);
    c->saved[0] = c->saved[1] = NEVER;
    for (uint32_t u = 0; u < c->scenario->horizon; u++) {
        if (!c->active) {
            stay_away(c, u, &own);
            continue;
        }
        all->retention[u]++;
        trigger_at_bill(c, u, &own);
        pay(c, u, &own, all);
        pass_period(c, u, &own);
    }
    all->retention[c->scenario->horizon] += c->active;
    add_to(&all->ltv, own.ltv);
    add_to(&all->programme_cost, own.programme_cost);
}

static void *zeros(size_t n, size_t size)
{
    return must(calloc(n + 1, size));
}

static void fill_levels(levels *all, const ltv_arm *arm)
{
    all->beta = zeros(arm->n_segments, sizeof *all->beta);
    all->further = zeros(arm->n_segments, sizeof *all->further);
    for (size_t s = 0; s < arm->n_segments; s++) {
        const ltv_retention *retention = ltv_arm_retention(arm, s);
        fill_spread(&all->further[s], retention->heterogeneity);
        if (ltv_curve_model_of(retention->curve.kind)->brings_beta_frailty)
            fill_beta(&all->beta[s], retention->curve.parameter);
    }
    fill_spread(&all->spend, arm->spend);
    fill_spread(&all->orders, arm->orders.heterogeneity);
}

void naive_cohort_init(naive_cohort *cohort, const ltv_scenario *scenario, uint32_t n,
                       uint64_t seed)
{
    const ltv_arm *arm = &scenario->arms[0];
    size_t h = scenario->horizon;
    *cohort = (naive_cohort){.n = n,
                             .retention = zeros(h + 1, sizeof(double)),
                             .recurring = zeros(h, sizeof(naive_sum)),
                             .revenue = zeros(h, sizeof(naive_sum)),
                             .orders = zeros(h, sizeof(naive_sum)),
                             .plan_shares = zeros(h * arm->n_plans, sizeof(double)),
                             .add_on_shares = zeros(h * arm->n_add_ons, sizeof(double))};
    levels every;
    fill_levels(&every, arm);
    test_random random = {seed};
    for (uint32_t i = 0; i < n; i++) {
        customer c = {.scenario = scenario, .arm = arm, .levels = &every, .random = random};
        live(&c, cohort);
        random = c.random;
    }
    free(every.beta);
    free(every.further);
}

void naive_cohort_free(naive_cohort *cohort)
{
    free(cohort->retention);
    free(cohort->recurring);
    free(cohort->revenue);
    free(cohort->orders);
    free(cohort->plan_shares);
    free(cohort->add_on_shares);
    *cohort = (naive_cohort){0};
}
