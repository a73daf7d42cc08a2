/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "exact_twin.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "exact_nodes.h"
#include "exact_states.h"

/* What a programme changes k periods after its trigger. */
typedef struct {
    ltv_multipliers times;
    double price_off;
    bool held; /* period costs run */
} profile_step;

/* Steps k = 0 ... n - 1; the last one goes on for ever, and is none at all where it ends. */
typedef struct {
    uint32_t n;
    bool ends;
    profile_step *step; /* owned */
} profile;

/* One group of customers who join alike, on their way through the periods. */
typedef struct {
    exact_twin *twin;
    const ltv_scenario *scenario;
    const ltv_arm *arm;
    size_t channel, joined;  /* joined: the joining segment */
    double class_until;      /* their ranks by spend end here, from the highest */
    const profile *profiles; /* [n_interventions] */
    const double *hazard;    /* [n_segments * horizon]: of voluntary churn */
    exact_nodes nodes;
    exact_states arriving, paying; /* at the bill; after its triggers */
    exact_states next;             /* at the bill after */
    uint32_t bill;
    double lost; /* probability of what was too rare to follow */
} march;

/* Some customers in one state: p of the mass, which is a vector over nodes with this sum. */
typedef struct {
    const double *mass;
    double total;
} flow;

/* What has happened to them in a period, on top of their state. */
typedef struct {
    exact_state state;
    double p;
    int saved[2];  /* programmes that saved them from leaving, then from a failed payment, or -1 */
    bool new_term; /* changed plan */
    bool upgraded;
    unsigned asked; /* bit i: bluffed for programme i */
} course;

static const double too_rare = 1e-14;

static void *must(void *allocated)
{
    if (allocated == NULL) {
        perror("exact_twin");
        abort();
    }
    return allocated;
}

static double *zeros(size_t n)
{
    return must(calloc(n + 1, sizeof(double)));
}

/* --- what acts when --- */

static double effect_weight(const ltv_effect *effect, uint32_t k)
{
    if (k < effect->ramp)
        return (k + 1.0) / effect->ramp;
    if (k < effect->periods)
        return 1;
    if (effect->fade_half_life == 0)
        return 0;
    double weight = pow(2, -(k - effect->periods + 1.0) / effect->fade_half_life);
    return weight < pow(2, -20) ? 0 : weight;
}

static profile_step step_at(const ltv_intervention *programme, uint32_t k)
{
    bool off = k < programme->price_off_bills;
    profile_step step = {LTV_NO_MULTIPLIERS, off ? programme->price_off : 0, off};
    for (size_t i = 0; i < programme->n_effects; i++) {
        const ltv_effect *effect = &programme->effects[i];
        double weight = effect_weight(effect, k);
        step.times.on[effect->lever] = weight == 0 ? 1 : pow(effect->times, weight);
        step.held |= k < effect->periods;
    }
    return step;
}

static bool same_step(const profile_step *a, const profile_step *b)
{
    for (int lever = 0; lever < LTV_LEVERS; lever++)
        if (a->times.on[lever] != b->times.on[lever])
            return false;
    return a->price_off == b->price_off && a->held == b->held;
}

static profile profile_of(const ltv_intervention *programme, uint32_t horizon)
{
    profile made = {.n = horizon, .step = must(calloc(horizon, sizeof *made.step))};
    for (uint32_t k = 0; k < horizon; k++)
        made.step[k] = step_at(programme, k);
    const profile_step *last = &made.step[horizon - 1];
    while (made.n > 1 && same_step(&made.step[made.n - 2], last))
        made.n--;
    const profile_step nothing = {LTV_NO_MULTIPLIERS, 0, false};
    made.ends = same_step(last, &nothing);
    return made;
}

/* What runs of a programme in this state; NULL when nothing does. */
static const profile_step *running_step(const march *m, const exact_state *state, size_t i)
{
    return state->running[i] == 0 ? NULL : &m->profiles[i].step[state->running[i] - 1];
}

/* The multiplier on a lever at the bill and in the period after it. */
static double multiplier(const march *m, const exact_state *state, ltv_lever lever)
{
    double times = m->arm->segments[state->segment].times.on[lever] *
                   m->arm->channels[m->channel].times.on[lever];
    for (size_t i = 0; i < m->arm->n_interventions; i++) {
        const profile_step *step = running_step(m, state, i);
        if (step != NULL)
            times *= step->times.on[lever];
    }
    return times;
}

static uint32_t term_of(const march *m, const exact_state *state)
{
    return m->arm->n_plans > 0 ? m->arm->plans[state->plan].term : 0;
}

/* Chance that a clock of constant probability fires in the period. */
static double chance(const march *m, const exact_state *state, const ltv_rate *rate,
                     ltv_lever lever)
{
    if (m->bill < rate->from || m->bill >= rate->until)
        return 0;
    double hazard = -log1p(-rate->probability) * multiplier(m, state, lever);
    for (size_t i = 0; i < rate->n_spikes; i++)
        if (rate->spikes[i].period == m->bill)
            hazard *= rate->spikes[i].times;
    return -expm1(-hazard);
}

static double discount_at(const ltv_scenario *scenario, uint32_t bill)
{
    double late = scenario->payment == LTV_PAY_ADVANCE ? 0
                  : scenario->payment == LTV_PAY_MID   ? 0.5
                                                       : 1;
    double years = (bill + late) / ltv_periods_per_year(scenario->time_unit);
    return pow(1 + scenario->discount_rate_per_year, -years);
}

static void pay_cost(march *m, uint32_t bill, double cost, double customers)
{
    if (bill >= m->scenario->horizon)
        return;
    double amount = cost * customers * discount_at(m->scenario, bill);
    m->twin->dated_costs += amount;
    m->twin->programme_cost += amount;
    m->twin->ltv -= amount;
}

/* --- programmes --- */

static bool in_audience(const march *m, const exact_state *state, size_t i, uint32_t acting_bill)
{
    const ltv_intervention *programme = &m->arm->interventions[i];
    if ((programme->segments != NULL && !programme->segments[m->joined]) ||
        (programme->channels != NULL && !programme->channels[m->channel]) ||
        m->class_until > programme->top_by_spend || (programme->plans >> state->plan & 1) == 0)
        return false;
    for (size_t f = 0; f < programme->n_phases; f++)
        if (programme->phases[f].from <= acting_bill && acting_bill < programme->phases[f].until)
            return true;
    return programme->n_phases == 0;
}

typedef struct {
    exact_coin coin;
    double p;
} coin_outcome;

/* How contacting these customers turns out, their contact paid for; the number of outcomes. */
static int meet(march *m, const exact_state *state, size_t i, uint32_t acting_bill,
                double customers, coin_outcome outcome[3])
{
    const ltv_intervention *programme = &m->arm->interventions[i];
    double reach = programme->reach, uptake = programme->uptake;
    int n = 0;
    if (state->coin[i] != COIN_UNKNOWN) {
        outcome[n++] = (coin_outcome){(exact_coin)state->coin[i], 1};
    } else {
        if (reach < 1)
            outcome[n++] = (coin_outcome){COIN_NO_CONTACT, 1 - reach};
        if (uptake < 1)
            outcome[n++] = (coin_outcome){COIN_CONTACT, reach * (1 - uptake)};
        if (uptake > 0)
            outcome[n++] = (coin_outcome){COIN_TAKES_PART, reach * uptake};
    }
    for (int o = 0; o < n; o++)
        if (outcome[o].coin != COIN_NO_CONTACT)
            pay_cost(m, acting_bill, programme->per_contact, customers * outcome[o].p);
    return n;
}

/* Keeps what the coin said for the next time, if there may be one. */
static void remember(const march *m, exact_state *state, size_t i, exact_coin coin)
{
    const ltv_intervention *programme = &m->arm->interventions[i];
    bool once = programme->when.kind == LTV_WHEN_AT_TENURE;
    bool known = programme->reach == 1 && (programme->uptake == 1 || programme->uptake == 0);
    state->coin[i] = once || known ? COIN_UNKNOWN : (uint8_t)coin;
}

/* A programme acts at a bill. */
static void act(const march *m, exact_state *state, size_t i)
{
    const ltv_intervention *programme = &m->arm->interventions[i];
    const profile *course_of_it = &m->profiles[i];
    state->running[i] = course_of_it->n == 1 && course_of_it->ends ? 0 : 1;
    if (programme->to_segment != LTV_NOWHERE)
        state->segment = (uint8_t)programme->to_segment;
    if (programme->to_plan != LTV_NOWHERE && programme->to_plan != state->plan) {
        state->plan = (uint8_t)programme->to_plan;
        state->term_phase = 0;
    }
}

static bool is_due(const march *m, const exact_state *state, size_t i)
{
    const ltv_trigger *when = &m->arm->interventions[i].when;
    uint32_t term = term_of(m, state);
    switch (when->kind) {
    case LTV_WHEN_AT_TENURE:
        return m->bill == when->periods;
    case LTV_WHEN_EVERY:
        return m->bill > 0 && m->bill % when->periods == 0;
    case LTV_WHEN_BEFORE_RENEWAL:
        return term > 0 && (state->term_phase + when->periods) % term == 0;
    default:
        return false;
    }
}

/* Scheduled programmes i, i + 1 ... at the bill. */
static void serve_bill(march *m, exact_state state, double p, flow f, size_t i)
{
    if (i == m->arm->n_interventions) {
        exact_states_add(&m->paying, &state, p, f.mass);
        return;
    }
    if (!is_due(m, &state, i) || !in_audience(m, &state, i, m->bill)) {
        serve_bill(m, state, p, f, i + 1);
        return;
    }
    coin_outcome outcome[3];
    int n = meet(m, &state, i, m->bill, p * f.total, outcome);
    for (int o = 0; o < n; o++) {
        exact_state after = state;
        remember(m, &after, i, outcome[o].coin);
        if (outcome[o].coin == COIN_TAKES_PART) {
            pay_cost(m, m->bill, m->arm->interventions[i].per_participant,
                     p * outcome[o].p * f.total);
            act(m, &after, i);
        }
        serve_bill(m, after, p * outcome[o].p, f, i + 1);
    }
}

/* --- a bill is paid --- */

typedef struct {
    double revenue, margin; /* recurring, at level of spend 1 and before price_off */
} bill_amount;

static bill_amount amount_of(const march *m, const exact_state *state)
{
    const ltv_arm *arm = m->arm;
    double price = arm->n_plans > 0 ? arm->plans[state->plan].price : arm->price;
    double share = arm->n_plans > 0 ? arm->plans[state->plan].margin : arm->gross_margin;
    bill_amount amount = {price, price * share};
    for (size_t a = 0; a < arm->n_add_ons; a++)
        if ((state->add_ons >> a & 1) != 0) {
            amount.revenue += arm->add_ons[a].price;
            amount.margin += arm->add_ons[a].price * arm->add_ons[a].margin;
        }
    double times = multiplier(m, state, LTV_LEVER_PRICE) * multiplier(m, state, LTV_LEVER_SPEND);
    for (size_t i = 0; i < arm->n_price_changes; i++)
        if (arm->price_changes[i].bill <= m->bill)
            times *= arm->price_changes[i].times;
    amount.revenue *= times;
    amount.margin *= times;
    return amount;
}

/* Mean of a customer's orders at the bill, and of the square: n orders given his rate are Poisson,
 * and each is worth mean x a level of its own x a level of the customer's. */
typedef struct {
    double mean, square;
} order_amount;

static order_amount orders_of(const march *m, const exact_state *state)
{
    const ltv_orders *orders = &m->arm->orders;
    if (orders->rate == 0)
        return (order_amount){0, 0};
    double number = orders->rate * multiplier(m, state, LTV_LEVER_ORDERS);
    if (orders->has_season)
        number *= orders->season[ltv_scenario_calendar_month(m->scenario, m->bill) - 1];
    double cv = orders->heterogeneity.kind != LTV_SPREAD_NONE ? orders->heterogeneity.cv : 0;
    double pairs = number * number * (1 + cv * cv); /* mean of n (n - 1) */
    if (m->bill == 0 && orders->first_order_certain) {
        pairs += 2 * number;
        number += 1;
    }
    double own = isfinite(orders->p) ? 1 + 1 / orders->p : 1;
    double personal = isfinite(orders->q) ? (orders->q - 1) / (orders->q - 2) : 1;
    double value = orders->value_mean;
    return (order_amount){number * value, value * value * personal * (number * own + pairs)};
}

static double share_paid(const march *m, const exact_state *state)
{
    double paid = 1;
    for (size_t i = 0; i < m->arm->n_interventions; i++) {
        const profile_step *step = running_step(m, state, i);
        paid *= step != NULL ? 1 - step->price_off : 1;
    }
    return paid;
}

static void count_what_they_hold(march *m, const exact_state *state, double customers)
{
    uint32_t h = m->scenario->horizon;
    for (size_t a = 0; a < m->arm->n_add_ons; a++)
        if ((state->add_ons >> a & 1) != 0)
            m->twin->add_on_shares[a * h + m->bill] += customers;
    if (m->arm->n_plans > 0)
        m->twin->plan_shares[state->plan * h + m->bill] += customers;
    for (size_t i = 0; i < m->arm->n_interventions; i++) {
        const profile_step *step = running_step(m, state, i);
        if (step != NULL && step->held)
            pay_cost(m, m->bill, m->arm->interventions[i].per_period, customers);
    }
}

/* Sums over customers of 1, their level of spend and its square. */
typedef struct {
    double customers, levels, squares;
} level_sums;

static level_sums sums_of(const march *m, const double *mass)
{
    level_sums sums = {0};
    for (size_t j = 0; j < m->nodes.n; j++) {
        sums.customers += mass[j];
        sums.levels += mass[j] * m->nodes.level[j];
        sums.squares += mass[j] * m->nodes.square[j];
    }
    return sums;
}

static void count_revenue(march *m, level_sums sums, double recurring, double paid,
                          order_amount orders)
{
    exact_twin *twin = m->twin;
    double price = recurring * paid;
    twin->recurring[m->bill] += sums.levels * recurring;
    twin->revenue[m->bill] += sums.levels * price + sums.customers * orders.mean;
    twin->orders[m->bill] += sums.customers * orders.mean;
    twin->recurring_squares[m->bill] += sums.squares * recurring * recurring;
    twin->revenue_squares[m->bill] += sums.squares * price * price +
                                      2 * sums.levels * price * orders.mean +
                                      sums.customers * orders.square;
}

static void pay_bill(march *m, const exact_state *state, const double *mass)
{
    exact_twin *twin = m->twin;
    level_sums sums = sums_of(m, mass);
    bill_amount amount = amount_of(m, state);
    order_amount orders = orders_of(m, state);
    double paid = share_paid(m, state), margin = sums.levels * amount.margin;
    double service =
        sums.customers * (m->arm->service_cost + m->arm->segments[state->segment].service_cost);
    double ordered = sums.customers * orders.mean * m->arm->gross_margin;
    double discount = discount_at(m->scenario, m->bill);
    twin->bills += sums.customers;
    twin->programme_cost += discount * margin * (1 - paid);
    twin->ltv += discount * (margin * paid + ordered - service);
    count_revenue(m, sums, amount.revenue, paid, orders);
    count_what_they_hold(m, state, sums.customers);
}

/* --- the period after it --- */

/* The state one bill on; a new term begins there after a change of plan. */
static exact_state advanced(const march *m, const course *c)
{
    exact_state state = c->state;
    uint32_t term = term_of(m, &state);
    state.term_phase = term > 0 && !c->new_term ? (uint8_t)((state.term_phase + 1u) % term) : 0;
    state.pending = state.pending > 0 ? (uint8_t)(state.pending - 1) : 0;
    for (size_t i = 0; i < m->arm->n_interventions; i++) {
        const profile *p = &m->profiles[i];
        if (state.running[i] > 0 && state.running[i] < p->n)
            state.running[i]++;
        if (state.running[i] == p->n && p->ends)
            state.running[i] = 0;
    }
    return state;
}

/* Event triggers i, i + 1 ... act at the bill after the period. */
static void serve_events(march *m, const course *c, exact_state state, double p, flow f, size_t i)
{
    if (i == m->arm->n_interventions) {
        exact_states_add(&m->next, &state, p, f.mass);
        return;
    }
    const ltv_intervention *programme = &m->arm->interventions[i];
    bool due =
        (programme->when.kind == LTV_WHEN_UPGRADE && c->upgraded) || (c->asked >> i & 1) != 0;
    if (!due || !in_audience(m, &state, i, m->bill + 1)) {
        serve_events(m, c, state, p, f, i + 1);
        return;
    }
    coin_outcome outcome[3];
    int n = meet(m, &state, i, m->bill + 1, p * f.total, outcome);
    for (int o = 0; o < n; o++) {
        exact_state after = state;
        remember(m, &after, i, outcome[o].coin);
        if (outcome[o].coin == COIN_TAKES_PART) {
            pay_cost(m, m->bill + 1, programme->per_participant, p * outcome[o].p * f.total);
            act(m, &after, i);
        }
        serve_events(m, c, after, p * outcome[o].p, f, i + 1);
    }
}

static void end_period(march *m, const course *c, flow f)
{
    exact_state state = advanced(m, c);
    for (int k = 0; k < 2; k++)
        if (c->saved[k] >= 0)
            act(m, &state, (size_t)c->saved[k]);
    serve_events(m, c, state, c->p, f, 0);
}

static bool is_rare(march *m, const course *c, flow f)
{
    bool rare = c->p * f.total < too_rare;
    m->lost += rare ? c->p * f.total : 0;
    return rare;
}

/* Requests of bluffers, programmes i, i + 1 ... */
static void bluff(march *m, course c, flow f, size_t i)
{
    const ltv_arm *arm = m->arm;
    while (i < arm->n_interventions && (arm->interventions[i].when.kind != LTV_WHEN_CHURN_INTENT ||
                                        arm->interventions[i].when.rate == 0))
        i++;
    if (is_rare(m, &c, f))
        return;
    if (i == arm->n_interventions) {
        end_period(m, &c, f);
        return;
    }
    double rate = arm->interventions[i].when.rate, p = c.p;
    c.p = p * (1 - rate);
    bluff(m, c, f, i + 1);
    c.p = p * rate;
    c.asked |= 1u << i;
    bluff(m, c, f, i + 1);
}

/* Add-ons a, a + 1 ... are dropped and attached. `held` are those of the bill. */
static void change_add_ons(march *m, course c, flow f, uint8_t held, size_t a)
{
    if (a == m->arm->n_add_ons) {
        bluff(m, c, f, 0);
        return;
    }
    const ltv_add_on *add_on = &m->arm->add_ons[a];
    bool has = (held >> a & 1) != 0;
    double change = has ? chance(m, &c.state, &add_on->drop, LTV_LEVER_DROP)
                        : chance(m, &c.state, &add_on->attach, LTV_LEVER_ATTACH);
    double p = c.p;
    c.p = p * (1 - change);
    change_add_ons(m, c, f, held, a + 1);
    c.p = p * change;
    c.state.add_ons ^= (uint8_t)(1u << a);
    if (c.p > 0)
        change_add_ons(m, c, f, held, a + 1);
}

/* The first of the clocks that fires moves them; returns the chance that none does. */
static double try_changes(march *m, const course *c, flow f, const ltv_plan_change *changes,
                          size_t n, ltv_lever lever)
{
    double none = 1;
    for (size_t i = 0; i < n; i++) {
        double fires = chance(m, &c->state, &changes[i].rate, lever);
        course moved = *c;
        moved.p *= none * fires;
        moved.state.plan = (uint8_t)changes[i].to;
        moved.new_term = true;
        moved.upgraded = lever == LTV_LEVER_UPGRADE;
        if (moved.p > 0)
            change_add_ons(m, moved, f, c->state.add_ons, 0);
        none *= 1 - fires;
    }
    return none;
}

static void change_plan(march *m, course c, flow f)
{
    if (is_rare(m, &c, f))
        return;
    if (m->arm->n_plans > 0) {
        const ltv_plan *plan = &m->arm->plans[c.state.plan];
        c.p *= try_changes(m, &c, f, plan->downgrades, plan->n_downgrades, LTV_LEVER_DOWNGRADE);
        c.p *= try_changes(m, &c, f, plan->upgrades, plan->n_upgrades, LTV_LEVER_UPGRADE);
    }
    change_add_ons(m, c, f, c.state.add_ons, 0);
}

/* --- leaving, and coming back --- */

/* Whether a win-back programme tries in this period to get back those who left in period `left`. */
static bool tries_to_win(const march *m, const exact_state *state, size_t i, uint32_t left,
                         uint32_t period)
{
    const ltv_intervention *programme = &m->arm->interventions[i];
    bool takes_part = state->coin[i] == COIN_TAKES_PART ||
                      (state->coin[i] == COIN_UNKNOWN && programme->uptake == 1);
    return programme->when.kind == LTV_WHEN_CHURN && in_audience(m, state, i, left + 1) &&
           takes_part && period <= left + programme->when.periods;
}

static bool anybody_tries(const march *m, const exact_state *state, uint32_t left, uint32_t period)
{
    for (size_t i = 0; i < m->arm->n_interventions; i++)
        if (tries_to_win(m, state, i, left, period))
            return true;
    return false;
}

/* Win-back programmes i, i + 1 ... contact those who leave. Only those whom some
 * programme will try to get back are followed. */
static void open_windows(march *m, exact_state state, double p, flow f, size_t i)
{
    if (i == m->arm->n_interventions) {
        if (anybody_tries(m, &state, m->bill, m->bill + 1))
            exact_states_add(&m->next, &state, p, f.mass);
        return;
    }
    if (m->arm->interventions[i].when.kind != LTV_WHEN_CHURN ||
        !in_audience(m, &state, i, m->bill + 1)) {
        open_windows(m, state, p, f, i + 1);
        return;
    }
    coin_outcome outcome[3];
    int n = meet(m, &state, i, m->bill + 1, p * f.total, outcome);
    for (int o = 0; o < n; o++) {
        exact_state after = state;
        remember(m, &after, i, outcome[o].coin);
        open_windows(m, after, p * outcome[o].p, f, i + 1);
    }
}

/* Whoever leaves has no other event in the period, and no programme acts at a bill that he does
 * not pay. */
static void leave(march *m, course c, flow f)
{
    if (is_rare(m, &c, f))
        return;
    c.new_term = true;
    exact_state state = advanced(m, &c);
    state.add_ons = state.pending = 0;
    state.away = 1;
    open_windows(m, state, c.p, f, 0);
}

/* A period away: the programmes try in turn. */
static void stay_away(march *m, const exact_state *from, flow f)
{
    uint32_t left = m->bill - from->away;
    course c = {.state = *from, .p = 1, .saved = {-1, -1}, .new_term = true};
    exact_state state = advanced(m, &c);
    for (size_t i = 0; i < m->arm->n_interventions; i++) {
        if (!tries_to_win(m, from, i, left, m->bill))
            continue;
        const ltv_intervention *programme = &m->arm->interventions[i];
        exact_state back = state;
        back.away = 0;
        double returns = c.p * programme->when.probability;
        pay_cost(m, m->bill + 1, programme->per_participant, returns * f.total);
        act(m, &back, i);
        exact_states_add(&m->next, &back, returns, f.mass);
        c.p -= returns;
    }
    state.away++;
    if (anybody_tries(m, from, left, m->bill + 1))
        exact_states_add(&m->next, &state, c.p, f.mass);
}

/* Programmes i, i + 1 ... try to recover a failed payment. */
static void fail(march *m, course c, flow f, size_t i)
{
    const ltv_arm *arm = m->arm;
    while (i < arm->n_interventions &&
           (arm->interventions[i].when.kind != LTV_WHEN_PAYMENT_FAILURE ||
            !in_audience(m, &c.state, i, m->bill + 1)))
        i++;
    if (i == arm->n_interventions || is_rare(m, &c, f)) {
        leave(m, c, f);
        return;
    }
    coin_outcome outcome[3];
    const ltv_intervention *programme = &arm->interventions[i];
    int n = meet(m, &c.state, i, m->bill + 1, c.p * f.total, outcome);
    for (int o = 0; o < n; o++) {
        course met = c;
        met.p *= outcome[o].p;
        remember(m, &met.state, i, outcome[o].coin);
        if (outcome[o].coin == COIN_TAKES_PART) {
            course saved = met;
            saved.p *= programme->when.probability;
            met.p -= saved.p;
            saved.saved[1] = (int)i;
            pay_cost(m, m->bill + 1, programme->per_participant, saved.p * f.total);
            change_plan(m, saved, f);
        }
        fail(m, met, f, i + 1);
    }
}

static void involuntary(march *m, course c, flow f)
{
    if (is_rare(m, &c, f))
        return;
    double hazard =
        -log1p(-m->arm->involuntary_churn) * multiplier(m, &c.state, LTV_LEVER_INVOLUNTARY);
    course failed = c;
    failed.p *= -expm1(-hazard);
    c.p *= exp(-hazard);
    change_plan(m, c, f);
    if (failed.p > 0)
        fail(m, failed, f, 0);
}

/* The voluntary clock has fired: programmes i, i + 1 ... offer them something to stay. */
static void intend_to_leave(march *m, course c, flow f, size_t i)
{
    const ltv_arm *arm = m->arm;
    while (i < arm->n_interventions && (arm->interventions[i].when.kind != LTV_WHEN_CHURN_INTENT ||
                                        !in_audience(m, &c.state, i, m->bill + 1)))
        i++;
    if (i == arm->n_interventions) {
        uint32_t term = term_of(m, &c.state);
        uint32_t left = term > 0 ? term - 1 - c.state.term_phase : 0;
        c.state.pending = left > 0 ? (uint8_t)(1 + left) : 0;
        left > 0 ? involuntary(m, c, f) : leave(m, c, f);
        return;
    }
    coin_outcome outcome[3];
    const ltv_intervention *programme = &arm->interventions[i];
    int n = meet(m, &c.state, i, m->bill + 1, c.p * f.total, outcome);
    for (int o = 0; o < n; o++) {
        course met = c;
        met.p *= outcome[o].p;
        remember(m, &met.state, i, outcome[o].coin);
        if (outcome[o].coin == COIN_TAKES_PART) {
            course saved = met;
            saved.p *= programme->when.probability;
            met.p -= saved.p;
            saved.saved[0] = (int)i;
            pay_cost(m, m->bill + 1, programme->per_participant, saved.p * f.total);
            involuntary(m, saved, f);
        }
        intend_to_leave(m, met, f, i + 1);
    }
}

/* Increment of the voluntary hazard at z = 1. */
static double voluntary_hazard(const march *m, const exact_state *state)
{
    double times = multiplier(m, state, LTV_LEVER_CHURN);
    if (m->arm->n_plans > 0)
        times *= m->arm->plans[state->plan].churn;
    for (size_t a = 0; a < m->arm->n_add_ons; a++)
        times *= (state->add_ons >> a & 1) != 0 ? m->arm->add_ons[a].churn : 1;
    return times > 0 ? times * m->hazard[state->segment * m->scenario->horizon + m->bill] : 0;
}

static flow flow_of(const double *mass, size_t n)
{
    flow f = {.mass = mass};
    for (size_t j = 0; j < n; j++)
        f.total += mass[j];
    return f;
}

static void pass_period(march *m, const exact_state *state, const double *mass, double *room)
{
    size_t n = m->nodes.n;
    course c = {.state = *state, .p = 1, .saved = {-1, -1}};
    if (state->pending > 0) {
        flow all = flow_of(mass, n);
        state->pending == 1 ? leave(m, c, all) : involuntary(m, c, all);
        return;
    }
    double hazard = voluntary_hazard(m, state), *stay = room, *go = room + n;
    const double *z = m->nodes.z + state->segment * n;
    for (size_t j = 0; j < n; j++) {
        double fires = z[j] > 0 && hazard > 0 ? -expm1(-z[j] * hazard) : 0;
        go[j] = mass[j] * fires;
        stay[j] = mass[j] - go[j];
    }
    involuntary(m, c, flow_of(stay, n));
    flow gone = flow_of(go, n);
    if (gone.total > 0)
        intend_to_leave(m, c, gone, 0);
}

/* --- the march through the periods --- */

static void start_march(march *m, double share)
{
    exact_state state = {.segment = (uint8_t)m->joined};
    size_t plans = m->arm->n_plans > 0 ? m->arm->n_plans : 1;
    for (size_t p = 0; p < plans; p++) {
        state.plan = (uint8_t)p;
        double starts = share * ltv_arm_starting_share(m->arm, m->joined, p);
        if (starts > 0)
            exact_states_add(&m->arriving, &state, starts, m->nodes.weight);
    }
}

/* Everybody who has paid before or is away arrives at the bill: who pays is counted and served. */
static void arrive(march *m)
{
    size_t n = m->nodes.n;
    for (size_t i = 0; i < m->arriving.n; i++) {
        const exact_state *state = &m->arriving.state[i];
        flow f = flow_of(m->arriving.mass + i * n, n);
        if (state->away > 0)
            continue;
        m->twin->retention[m->bill] += f.total;
        if (m->bill < m->scenario->horizon)
            serve_bill(m, *state, 1, f, 0);
    }
}

static void pass_bill(march *m, double *room)
{
    size_t n = m->nodes.n;
    for (size_t i = 0; i < m->paying.n; i++) {
        pay_bill(m, &m->paying.state[i], m->paying.mass + i * n);
        pass_period(m, &m->paying.state[i], m->paying.mass + i * n, room);
    }
    for (size_t i = 0; i < m->arriving.n; i++)
        if (m->arriving.state[i].away > 0)
            stay_away(m, &m->arriving.state[i], flow_of(m->arriving.mass + i * n, n));
}

static void run_march(march *m, double share)
{
    size_t n = m->nodes.n;
    double *room = zeros(2 * n);
    exact_states_init(&m->arriving, n);
    exact_states_init(&m->paying, n);
    exact_states_init(&m->next, n);
    start_march(m, share);
    for (m->bill = 0; m->bill <= m->scenario->horizon; m->bill++) {
        arrive(m);
        if (m->bill == m->scenario->horizon)
            break;
        pass_bill(m, room);
        exact_states_clear(&m->arriving);
        exact_states_clear(&m->paying);
        exact_states swapped = m->arriving;
        m->arriving = m->next;
        m->next = swapped;
    }
    if (m->lost > 1e-8) {
        fprintf(stderr, "exact_twin: lost %g of the customers\n", m->lost);
        abort();
    }
    exact_states_free(&m->arriving);
    exact_states_free(&m->paying);
    exact_states_free(&m->next);
    free(room);
}

/* --- the whole arm --- */

/* Hazard of voluntary churn in each period, season, by_tenure and price response included. */
static double base_hazard(const ltv_scenario *scenario, const ltv_arm *arm, size_t segment,
                          uint32_t u)
{
    const ltv_retention *retention = ltv_arm_retention(arm, segment);
    double from = ltv_curve_cumulative_hazard(&retention->curve, u);
    double to = ltv_curve_cumulative_hazard(&retention->curve, u + 1);
    double added = isinf(to) ? INFINITY : to - from, times = 1;
    for (size_t i = 0; i < retention->n_spikes; i++)
        times *= retention->spikes[i].period == u ? retention->spikes[i].times : 1;
    if (retention->has_season)
        times *= retention->season[ltv_scenario_calendar_month(scenario, u) - 1];
    for (size_t i = 0; i < arm->n_price_changes; i++) {
        const ltv_price_change *change = &arm->price_changes[i];
        if (u >= change->bill && u - change->bill < change->churn_for)
            times *= change->churn_times;
    }
    return times > 0 ? times * added : 0;
}

static bool moves_segments(const ltv_arm *arm)
{
    for (size_t i = 0; i < arm->n_interventions; i++)
        if (arm->interventions[i].to_segment != LTV_NOWHERE)
            return true;
    return false;
}

/* Next limit of somebody's top_by_spend after `from`; 1 at the end. */
static double next_limit(const ltv_arm *arm, double from)
{
    double limit = 1;
    for (size_t i = 0; i < arm->n_interventions; i++) {
        double top = arm->interventions[i].top_by_spend;
        if (top > from && top < limit)
            limit = top;
    }
    return limit;
}

/* One channel and joining segment, by classes of spend. */
static void march_through(march *m, double share)
{
    bool moves = moves_segments(m->arm);
    for (double from = 0, until; from < 1; from = until) {
        until = next_limit(m->arm, from);
        m->class_until = until;
        exact_nodes_init(&m->nodes, m->arm, m->joined, moves, from, until);
        run_march(m, share);
        exact_nodes_free(&m->nodes);
    }
}

bool exact_twin_covers(const ltv_arm *arm)
{
    for (size_t i = 0; i < arm->n_interventions; i++)
        if (arm->interventions[i].when.kind == LTV_WHEN_RISK_SIGNAL ||
            isfinite(arm->interventions[i].capacity))
            return false;
    return arm->n_interventions <= EXACT_PROGRAMMES && arm->n_add_ons <= 8;
}

static void allocate(exact_twin *twin, const ltv_scenario *scenario, const ltv_arm *arm)
{
    size_t h = scenario->horizon;
    *twin = (exact_twin){.horizon = scenario->horizon,
                         .retention = zeros(h + 1),
                         .recurring = zeros(h),
                         .revenue = zeros(h),
                         .recurring_squares = zeros(h),
                         .revenue_squares = zeros(h),
                         .orders = zeros(h),
                         .plan_shares = zeros(arm->n_plans * h),
                         .add_on_shares = zeros(arm->n_add_ons * h)};
}

void exact_twin_init(exact_twin *twin, const ltv_scenario *scenario, const ltv_arm *arm)
{
    uint32_t h = scenario->horizon;
    if (!exact_twin_covers(arm) || h > 250) {
        fprintf(stderr, "exact_twin: a risk signal, a capacity, or too much to follow\n");
        abort();
    }
    allocate(twin, scenario, arm);
    profile profiles[EXACT_PROGRAMMES];
    for (size_t i = 0; i < arm->n_interventions; i++)
        profiles[i] = profile_of(&arm->interventions[i], h);
    double *hazard = zeros(arm->n_segments * h);
    for (size_t s = 0; s < arm->n_segments; s++)
        for (uint32_t u = 0; u < h; u++)
            hazard[s * h + u] = base_hazard(scenario, arm, s, u);
    for (size_t c = 0; c < arm->n_channels; c++)
        for (size_t s = 0; s < arm->n_segments; s++) {
            march m = {.twin = twin,
                       .scenario = scenario,
                       .arm = arm,
                       .channel = c,
                       .joined = s,
                       .profiles = profiles,
                       .hazard = hazard};
            double share = arm->channels[c].share * ltv_arm_segment_share(arm, c, s);
            if (share > 0)
                march_through(&m, share);
        }
    for (size_t i = 0; i < arm->n_interventions; i++)
        free(profiles[i].step);
    free(hazard);
}

void exact_twin_free(exact_twin *twin)
{
    free(twin->retention);
    free(twin->recurring);
    free(twin->revenue);
    free(twin->recurring_squares);
    free(twin->revenue_squares);
    free(twin->orders);
    free(twin->plan_shares);
    free(twin->add_on_shares);
    *twin = (exact_twin){0};
}
