/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reference_customer.h"

#include <math.h>
#include <stdlib.h>

#include "reference_programmes.h"

ltv_uniform uniform_of(const person *p, uint32_t name, ltv_purpose purpose, uint32_t occurrence)
{
    return ltv_address_uniform(p->tables->stream, p->customer, name, purpose, occurrence);
}

uint64_t word_of(const person *p, uint32_t name, ltv_purpose purpose, uint32_t occurrence)
{
    return ltv_address_word(p->tables->stream, p->customer, name, purpose, occurrence);
}

/* --- clocks --- */

static double exponential_budget(const person *p, reference_clock *clock, uint32_t name,
                                 ltv_purpose purpose)
{
    return ltv_exponential_of_uniform(uniform_of(p, name, purpose, clock->budgets++));
}

static void start(reference_clock *clock, double budget, uint32_t bill)
{
    clock->budget = budget;
    clock->used = 0;
    clock->since = bill;
    clock->times = 0;
}

void redraw(const person *p, reference_clock *clock, uint32_t name, ltv_purpose purpose,
            uint32_t bill)
{
    start(clock, exponential_budget(p, clock, name, purpose), bill);
}

/* h at bill `bill`. A hazard without end stays so at any multiplier but 0. */
static double used_before(const reference_clock *clock, const double *hazard, uint32_t bill)
{
    if (clock->times == 0)
        return clock->used;
    double grown = isinf(hazard[bill]) ? INFINITY : hazard[bill] - hazard[clock->since];
    return clock->used + clock->times * grown;
}

static void multiply(reference_clock *clock, const double *hazard, double times, uint32_t bill)
{
    if (times == clock->times)
        return;
    clock->used = used_before(clock, hazard, bill);
    clock->since = bill;
    clock->times = times;
}

bool fires(reference_clock *clock, const double *hazard, double times, uint32_t u)
{
    multiply(clock, hazard, times, u);
    return used_before(clock, hazard, u + 1) >= clock->budget;
}

void stop(reference_clock *clock, const double *hazard, uint32_t bill)
{
    multiply(clock, hazard, 0, bill);
}

double running_effects(const person *p, ltv_lever lever, uint32_t u)
{
    double times = 1;
    for (size_t i = 0; i < p->arm->n_interventions; i++) {
        const ltv_intervention *programme = &p->arm->interventions[i];
        for (size_t e = 0; p->with[i].runs && e < programme->n_effects; e++)
            if (programme->effects[e].lever == lever)
                times *= ltv_effect_multiplier(&programme->effects[e], u - p->with[i].acted);
    }
    return times;
}

double multiplier(const person *p, ltv_lever lever, uint32_t u)
{
    return p->arm->segments[p->segment].times.on[lever] *
           p->arm->channels[p->channel].times.on[lever] * running_effects(p, lever, u);
}

double churn_multiplier(const person *p, uint32_t u)
{
    double times = multiplier(p, LTV_LEVER_CHURN, u);
    if (p->arm->n_plans > 0)
        times *= p->arm->plans[p->plan].churn;
    for (size_t a = 0; a < p->arm->n_add_ons; a++)
        if (p->add_ons >> a & 1)
            times *= p->arm->add_ons[a].churn;
    return times;
}

/* --- frailty --- */

static ltv_frailty frailty_in(const person *p, size_t segment)
{
    const ltv_retention *retention = ltv_arm_retention(p->arm, segment);
    return ltv_frailty_of(&retention->curve, retention->heterogeneity, retention->cured);
}

static bool is_cured(const person *p, const ltv_frailty *frailty)
{
    return word_of(p, LTV_UNNAMED, LTV_PURPOSE_CURED, 0) < ltv_word_threshold(frailty->cured);
}

static double uncured_z(person *p)
{
    if (!p->knows_z) {
        ltv_frailty frailty = frailty_in(p, p->joined);
        p->z = ltv_frailty_given_budget(&frailty, p->first_budget, p->frailty_rank,
                                        uniform_of(p, LTV_UNNAMED, LTV_PURPOSE_BETA_FRAILTY, 0));
        p->knows_z = true;
    }
    return p->z;
}

/* The rank of his uncured z, which follows him from segment to segment. */
static ltv_uniform rank_of_z(const person *p)
{
    ltv_frailty frailty = frailty_in(p, p->joined);
    if (ltv_frailty_is_constant(&frailty) || ltv_frailty_has_explicit(&frailty))
        return p->frailty_rank;
    return ltv_uniform_of_score(
        ltv_frailty_score_given_budget(&frailty, p->first_budget, p->frailty_rank));
}

void redraw_churn(person *p, uint32_t bill)
{
    double exponential = exponential_budget(p, &p->churn, LTV_UNNAMED, LTV_PURPOSE_VOLUNTARY_CHURN);
    start(&p->churn, exponential / uncured_z(p), bill);
}

/* --- joining --- */

/* Which of n members a word draws, `share` being the share of each. */
static size_t drawn_by_share(uint64_t word, size_t n, const double *share)
{
    double below = 0;
    size_t i;
    for (i = 0; i + 1 < n; i++) {
        below += share[i];
        if (word < ltv_word_threshold(below))
            break;
    }
    return i;
}

static size_t draw_channel(const person *p)
{
    double share[256];
    if (p->arm->n_channels > 256)
        abort();
    for (size_t c = 0; c < p->arm->n_channels; c++)
        share[c] = p->arm->channels[c].share;
    return drawn_by_share(word_of(p, LTV_UNNAMED, LTV_PURPOSE_CHANNEL, 0), p->arm->n_channels,
                          share);
}

static size_t draw_segment(const person *p)
{
    double share[256];
    if (p->arm->n_segments > 256)
        abort();
    for (size_t s = 0; s < p->arm->n_segments; s++)
        share[s] = ltv_arm_segment_share(p->arm, p->channel, s);
    return drawn_by_share(word_of(p, LTV_UNNAMED, LTV_PURPOSE_SEGMENT, 0), p->arm->n_segments,
                          share);
}

static size_t draw_plan(const person *p)
{
    double share[LTV_MAX_PLANS] = {1};
    for (size_t i = 0; i < p->arm->n_plans; i++)
        share[i] = ltv_arm_starting_share(p->arm, p->joined, i);
    return drawn_by_share(word_of(p, LTV_UNNAMED, LTV_PURPOSE_STARTING_PLAN, 0), p->arm->n_plans,
                          share);
}

/* The rank of his level of spend, turned by the copula towards that of his z. */
static ltv_uniform draw_spend_rank(const person *p, const ltv_frailty *frailty)
{
    ltv_uniform own = uniform_of(p, LTV_UNNAMED, LTV_PURPOSE_SPEND, 0);
    if (p->arm->spend_churn_correlation == 0)
        return own;
    double rho = 2 * sin(M_PI / 6 * p->arm->spend_churn_correlation);
    double x = ltv_frailty_score_given_budget(frailty, p->first_budget, p->frailty_rank);
    return ltv_uniform_of_score(rho * x + sqrt(1 - rho * rho) * ltv_score_of_uniform(own));
}

static void draw_levels(person *p)
{
    const ltv_orders *orders = &p->arm->orders;
    p->spend = ltv_spread_quantile(p->arm->spend, p->spend_rank);
    if (orders->rate == 0)
        return;
    p->order_rate = ltv_spread_quantile(orders->heterogeneity,
                                        uniform_of(p, LTV_UNNAMED, LTV_PURPOSE_ORDER_RATE, 0));
    if (isfinite(orders->q))
        p->order_value =
            ltv_gamma_quantile(orders->q, uniform_of(p, LTV_UNNAMED, LTV_PURPOSE_ORDER_LEVEL, 0));
}

static void enter_plan(person *p, size_t to, uint32_t bill);
static void start_attach_clocks(person *p, uint32_t bill);

static void start_clocks(person *p, uint32_t bill)
{
    redraw(p, &p->failure, LTV_UNNAMED, LTV_PURPOSE_INVOLUNTARY_CHURN, bill);
    enter_plan(p, p->plan, bill);
    start_attach_clocks(p, bill);
    start_bluff_clocks(p, bill);
}

static void draw_cac(const person *p)
{
    const ltv_channel *channel = &p->arm->channels[p->channel];
    double level = ltv_spread_quantile(channel->cac_spread,
                                       uniform_of(p, LTV_UNNAMED, LTV_PURPOSE_ACQUISITION, 0));
    p->result->cac = (ltv_money)round(channel->cac * p->tables->quanta_per_unit * level);
}

person join(const reference_arm *tables, uint32_t customer, reference_customer *result)
{
    person p = {.tables = tables,
                .arm = tables->arm,
                .customer = customer,
                .result = result,
                .active = true};
    p.channel = result->channel = draw_channel(&p);
    p.joined = p.segment = result->segment = draw_segment(&p);
    p.plan = draw_plan(&p);
    ltv_frailty frailty = frailty_in(&p, p.joined);
    p.cured = is_cured(&p, &frailty);
    p.frailty_rank = uniform_of(&p, LTV_UNNAMED, LTV_PURPOSE_FRAILTY, 0);
    p.first_budget = exponential_budget(&p, &p.churn, LTV_UNNAMED, LTV_PURPOSE_VOLUNTARY_CHURN);
    start(&p.churn, ltv_frailty_budget(&frailty, p.first_budget, p.frailty_rank), 0);
    p.spend_rank = draw_spend_rank(&p, &frailty);
    draw_levels(&p);
    draw_cac(&p);
    start_clocks(&p, 0);
    start_false_alarm_clocks(&p);
    return p;
}

/* --- leaving --- */

/* Voluntary churn: the clock, those who ask him to stay, the contract. */
bool leaves_by_himself(person *p, uint32_t u)
{
    if (p->leaves_after_term)
        return u == p->last_period;
    if (p->cured || !fires(&p->churn, p->tables->churn[p->segment], churn_multiplier(p, u), u))
        return false;
    if (is_saved(p, LTV_WHEN_CHURN_INTENT, u)) {
        redraw_churn(p, u + 1);
        return false;
    }
    uint32_t term = p->arm->n_plans > 0 ? p->arm->plans[p->plan].term : 0;
    p->leaves_after_term = true;
    p->last_period = u;
    while (term > 0 && (p->last_period + 1 - p->term_start) % term != 0)
        p->last_period++;
    return u == p->last_period;
}

/* Involuntary churn. */
bool fails_for_good(person *p, uint32_t u)
{
    if (!fires(&p->failure, p->tables->failure, multiplier(p, LTV_LEVER_INVOLUNTARY, u), u))
        return false;
    if (!is_saved(p, LTV_WHEN_PAYMENT_FAILURE, u))
        return true;
    redraw(p, &p->failure, LTV_UNNAMED, LTV_PURPOSE_INVOLUNTARY_CHURN, u + 1);
    return false;
}

void leave(person *p, uint32_t u)
{
    p->active = false;
    p->leaves_after_term = false;
    p->add_ons = 0;
    forget_events(p, u);
}

void come_back(person *p, uint32_t bill)
{
    p->active = true;
    redraw_churn(p, bill);
    start_clocks(p, bill);
}

/* --- plans --- */

/* A new term, and new budgets for all that may lead away from this plan. */
static void enter_plan(person *p, size_t to, uint32_t bill)
{
    p->plan = to;
    p->term_start = bill;
    if (p->arm->n_plans == 0)
        return;
    const ltv_plan *plans = p->arm->plans, *plan = &plans[to];
    for (size_t i = 0; i < plan->n_downgrades; i++)
        redraw(p, &p->downgrade[to][i],
               ltv_address_pair(plan->name, plans[plan->downgrades[i].to].name),
               LTV_PURPOSE_DOWNGRADE, bill);
    for (size_t i = 0; i < plan->n_upgrades; i++)
        redraw(p, &p->upgrade[to][i],
               ltv_address_pair(plan->name, plans[plan->upgrades[i].to].name), LTV_PURPOSE_UPGRADE,
               bill);
}

void change_plan(person *p, uint32_t u)
{
    if (p->arm->n_plans == 0)
        return;
    size_t from = p->plan;
    const ltv_plan *plan = &p->arm->plans[from];
    size_t down = plan->n_downgrades, up = plan->n_upgrades;
    for (size_t i = plan->n_downgrades; i-- > 0;)
        if (fires(&p->downgrade[from][i], p->tables->downgrade[from][i],
                  multiplier(p, LTV_LEVER_DOWNGRADE, u), u))
            down = i;
    for (size_t i = plan->n_upgrades; i-- > 0;)
        if (fires(&p->upgrade[from][i], p->tables->upgrade[from][i],
                  multiplier(p, LTV_LEVER_UPGRADE, u), u))
            up = i;
    if (down < plan->n_downgrades) {
        enter_plan(p, plan->downgrades[down].to, u + 1);
    } else if (up < plan->n_upgrades) {
        enter_plan(p, plan->upgrades[up].to, u + 1);
        notice_upgrade(p);
    }
}

void move_to_plan(person *p, size_t plan, uint32_t bill)
{
    if (plan != p->plan)
        enter_plan(p, plan, bill);
}

/* --- add-ons --- */

static void start_attach_clocks(person *p, uint32_t bill)
{
    for (size_t a = 0; a < p->arm->n_add_ons; a++)
        redraw(p, &p->attach[a], ltv_address_name(p->arm->add_ons[a].name), LTV_PURPOSE_ATTACH,
               bill);
}

/* Add-ons whose clock fires in period u, among those held or among those not held. */
static uint32_t fired_add_ons(person *p, uint32_t among, reference_clock *clocks,
                              double *const *hazard, ltv_lever lever, uint32_t u)
{
    uint32_t fired = 0;
    for (size_t a = 0; a < p->arm->n_add_ons; a++)
        if (among >> a & 1 && fires(&clocks[a], hazard[a], multiplier(p, lever, u), u))
            fired |= 1u << a;
    return fired;
}

/* Drops and attachments: each judged by what he holds at bill u. */
void change_add_ons(person *p, uint32_t u)
{
    uint32_t dropped = fired_add_ons(p, p->add_ons, p->drop, p->tables->drop, LTV_LEVER_DROP, u);
    uint32_t attached =
        fired_add_ons(p, ~p->add_ons, p->attach, p->tables->attach, LTV_LEVER_ATTACH, u);
    p->add_ons = (p->add_ons & ~dropped) | attached;
    for (size_t a = 0; a < p->arm->n_add_ons; a++) {
        uint32_t name = ltv_address_name(p->arm->add_ons[a].name);
        if (dropped >> a & 1)
            redraw(p, &p->attach[a], name, LTV_PURPOSE_ATTACH, u + 1);
        if (attached >> a & 1)
            redraw(p, &p->drop[a], name, LTV_PURPOSE_DROP, u + 1);
    }
}

/* --- segments --- */

static bool has_two_parts(const ltv_frailty *frailty)
{
    return frailty->beta && frailty->spread.kind != LTV_SPREAD_NONE;
}

/* What is left of the budget of voluntary churn is kept, as hazard that he himself has to meet;
 * on another curve his z is the one that has the same rank there, and whether he is cured
 * is read again. The clock of a cured customer stands still and keeps its budget. */
void move_to_segment(person *p, size_t segment, uint32_t bill)
{
    if (segment == p->segment)
        return;
    bool same = ltv_arm_retention(p->arm, segment) == ltv_arm_retention(p->arm, p->segment);
    stop(&p->churn, p->tables->churn[p->segment], bill);
    p->segment = segment;
    if (same)
        return;
    ltv_frailty before = frailty_in(p, p->joined), frailty = frailty_in(p, segment);
    if (has_two_parts(&before) || has_two_parts(&frailty))
        abort(); /* no one rank stands for all of z: scenarios refuse it */
    double left = uncured_z(p) * (p->churn.budget - p->churn.used);
    p->z = ltv_frailty_of_rank(&frailty, rank_of_z(p));
    p->cured = is_cured(p, &frailty);
    start(&p->churn, left / p->z, bill);
}
