/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "exact_march.h"

#include <math.h>

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

/* The state one bill on; a new term begins there after a change of plan. */
static exact_state advanced(const exact_march *m, const course *c)
{
    exact_state state = c->state;
    uint32_t term = exact_term_of(m, &state);
    state.term_phase = (uint8_t)(term > 0 && !c->new_term ? (state.term_phase + 1u) % term : 0);
    state.pending = state.pending > 0 ? (uint8_t)(state.pending - 1) : 0;
    for (size_t i = 0; i < m->arm->n_interventions; i++) {
        const exact_profile *p = &m->profiles[i];
        if (state.running[i] > 0 && state.running[i] < p->n)
            state.running[i]++;
        if (state.running[i] == p->n && p->ends)
            state.running[i] = 0;
    }
    return state;
}

/* Event triggers i, i + 1 ... act at the bill after the period. */
static void serve_events(exact_march *m, const course *c, exact_state state, double p, exact_flow f,
                         size_t i)
{
    if (i == m->arm->n_interventions) {
        exact_states_add(&m->next, &state, p, f.mass);
        return;
    }
    const ltv_intervention *programme = &m->arm->interventions[i];
    bool due =
        (programme->when.kind == LTV_WHEN_UPGRADE && c->upgraded) || (c->asked >> i & 1) != 0;
    if (!due || !exact_in_audience(m, &state, i, m->bill)) {
        serve_events(m, c, state, p, f, i + 1);
        return;
    }
    exact_outcome outcome[3];
    int n = exact_meet(m, &state, i, m->bill + 1, p * f.total, outcome);
    for (int o = 0; o < n; o++) {
        exact_state after = state;
        exact_remember(m, &after, i, outcome[o].coin);
        if (outcome[o].coin == COIN_TAKES_PART) {
            exact_pay_cost(m, m->bill + 1, programme->per_participant, p * outcome[o].p * f.total);
            exact_act(m, &after, i);
        }
        serve_events(m, c, after, p * outcome[o].p, f, i + 1);
    }
}

static void end_period(exact_march *m, const course *c, exact_flow f)
{
    exact_state state = advanced(m, c);
    for (int k = 0; k < 2; k++)
        if (c->saved[k] >= 0)
            exact_act(m, &state, (size_t)c->saved[k]);
    serve_events(m, c, state, c->p, f, 0);
}

static bool is_rare(exact_march *m, const course *c, exact_flow f)
{
    bool rare = c->p * f.total < too_rare;
    m->lost += rare ? c->p * f.total : 0;
    return rare;
}

/* Requests of bluffers, programmes i, i + 1 ... */
static void bluff(exact_march *m, course c, exact_flow f, size_t i)
{
    const ltv_arm *arm = m->arm;
    while (i < arm->n_interventions && (arm->interventions[i].when.kind != LTV_WHEN_CHURN_INTENT ||
                                        arm->interventions[i].when.rate == 0))
        i++;
    if (is_rare(m, &c, f))
        return;
    if (i == arm->n_interventions || c.state.pending > 0) { /* with notice given it is no bluff */
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
static void change_add_ons(exact_march *m, course c, exact_flow f, uint8_t held, size_t a)
{
    if (a == m->arm->n_add_ons) {
        bluff(m, c, f, 0);
        return;
    }
    const ltv_add_on *add_on = &m->arm->add_ons[a];
    bool has = (held >> a & 1) != 0;
    double change = has ? exact_chance(m, &c.state, &add_on->drop, LTV_LEVER_DROP)
                        : exact_chance(m, &c.state, &add_on->attach, LTV_LEVER_ATTACH);
    double p = c.p;
    c.p = p * (1 - change);
    change_add_ons(m, c, f, held, a + 1);
    c.p = p * change;
    c.state.add_ons ^= (uint8_t)(1u << a);
    if (c.p > 0)
        change_add_ons(m, c, f, held, a + 1);
}

/* The first of the clocks that fires moves them; returns the chance that none does. */
static double try_changes(exact_march *m, const course *c, exact_flow f,
                          const ltv_plan_change *changes, size_t n, ltv_lever lever)
{
    double none = 1;
    for (size_t i = 0; i < n; i++) {
        double fires = exact_chance(m, &c->state, &changes[i].rate, lever);
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

static void change_plan(exact_march *m, course c, exact_flow f)
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
static bool tries_to_win(const exact_march *m, const exact_state *state, size_t i, uint32_t left,
                         uint32_t period)
{
    const ltv_intervention *programme = &m->arm->interventions[i];
    bool takes_part = state->coin[i] == COIN_TAKES_PART ||
                      (state->coin[i] == COIN_UNKNOWN && programme->uptake == 1);
    return programme->when.kind == LTV_WHEN_CHURN && exact_in_audience(m, state, i, left) &&
           takes_part && period <= left + programme->when.periods;
}

static bool anybody_tries(const exact_march *m, const exact_state *state, uint32_t left,
                          uint32_t period)
{
    for (size_t i = 0; i < m->arm->n_interventions; i++)
        if (tries_to_win(m, state, i, left, period))
            return true;
    return false;
}

/* Win-back programmes i, i + 1 ... contact those who leave. Only those whom some
 * programme will try to get back are followed. */
static void open_windows(exact_march *m, exact_state state, double p, exact_flow f, size_t i)
{
    if (i == m->arm->n_interventions) {
        if (anybody_tries(m, &state, m->bill, m->bill + 1))
            exact_states_add(&m->next, &state, p, f.mass);
        return;
    }
    if (m->arm->interventions[i].when.kind != LTV_WHEN_CHURN ||
        !exact_in_audience(m, &state, i, m->bill)) {
        open_windows(m, state, p, f, i + 1);
        return;
    }
    exact_outcome outcome[3];
    int n = exact_meet(m, &state, i, m->bill + 1, p * f.total, outcome);
    for (int o = 0; o < n; o++) {
        exact_state after = state;
        exact_remember(m, &after, i, outcome[o].coin);
        open_windows(m, after, p * outcome[o].p, f, i + 1);
    }
}

/* Whoever leaves has no other event in the period, and no programme acts at a bill that he does
 * not pay. */
static void leave(exact_march *m, course c, exact_flow f)
{
    if (is_rare(m, &c, f))
        return;
    c.new_term = true;
    exact_state state = advanced(m, &c);
    state.add_ons = state.pending = 0;
    state.away = 1;
    open_windows(m, state, c.p, f, 0);
}

void exact_stay_away(exact_march *m, const exact_state *from, exact_flow f)
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
        exact_pay_cost(m, m->bill + 1, programme->per_participant, returns * f.total);
        exact_act(m, &back, i);
        exact_states_add(&m->next, &back, returns, f.mass);
        c.p -= returns;
    }
    state.away++;
    if (anybody_tries(m, from, left, m->bill + 1))
        exact_states_add(&m->next, &state, c.p, f.mass);
}

/* Programmes i, i + 1 ... try to recover a failed payment. */
static void fail(exact_march *m, course c, exact_flow f, size_t i)
{
    const ltv_arm *arm = m->arm;
    while (i < arm->n_interventions &&
           (arm->interventions[i].when.kind != LTV_WHEN_PAYMENT_FAILURE ||
            !exact_in_audience(m, &c.state, i, m->bill)))
        i++;
    if (i == arm->n_interventions || is_rare(m, &c, f)) {
        leave(m, c, f);
        return;
    }
    exact_outcome outcome[3];
    const ltv_intervention *programme = &arm->interventions[i];
    int n = exact_meet(m, &c.state, i, m->bill + 1, c.p * f.total, outcome);
    for (int o = 0; o < n; o++) {
        course met = c;
        met.p *= outcome[o].p;
        exact_remember(m, &met.state, i, outcome[o].coin);
        if (outcome[o].coin == COIN_TAKES_PART) {
            course saved = met;
            saved.p *= programme->when.probability;
            met.p -= saved.p;
            saved.saved[1] = (int)i;
            exact_pay_cost(m, m->bill + 1, programme->per_participant, saved.p * f.total);
            change_plan(m, saved, f);
        }
        fail(m, met, f, i + 1);
    }
}

static void involuntary(exact_march *m, course c, exact_flow f)
{
    if (is_rare(m, &c, f))
        return;
    double hazard =
        -log1p(-m->arm->involuntary_churn) * exact_multiplier(m, &c.state, LTV_LEVER_INVOLUNTARY);
    course failed = c;
    failed.p *= -expm1(-hazard);
    c.p *= exp(-hazard);
    change_plan(m, c, f);
    if (failed.p > 0)
        fail(m, failed, f, 0);
}

/* The voluntary clock has fired: programmes i, i + 1 ... offer them something to stay. */
static void intend_to_leave(exact_march *m, course c, exact_flow f, size_t i)
{
    const ltv_arm *arm = m->arm;
    while (i < arm->n_interventions && (arm->interventions[i].when.kind != LTV_WHEN_CHURN_INTENT ||
                                        !exact_in_audience(m, &c.state, i, m->bill)))
        i++;
    if (i == arm->n_interventions) {
        uint32_t term = exact_term_of(m, &c.state);
        uint32_t left = term > 0 ? term - 1 - c.state.term_phase : 0;
        c.state.pending = left > 0 ? (uint8_t)(1 + left) : 0;
        left > 0 ? involuntary(m, c, f) : leave(m, c, f);
        return;
    }
    exact_outcome outcome[3];
    const ltv_intervention *programme = &arm->interventions[i];
    int n = exact_meet(m, &c.state, i, m->bill + 1, c.p * f.total, outcome);
    for (int o = 0; o < n; o++) {
        course met = c;
        met.p *= outcome[o].p;
        exact_remember(m, &met.state, i, outcome[o].coin);
        if (outcome[o].coin == COIN_TAKES_PART) {
            course saved = met;
            saved.p *= programme->when.probability;
            met.p -= saved.p;
            saved.saved[0] = (int)i;
            exact_pay_cost(m, m->bill + 1, programme->per_participant, saved.p * f.total);
            involuntary(m, saved, f);
        }
        intend_to_leave(m, met, f, i + 1);
    }
}

/* Increment of the voluntary hazard at z = 1. */
static double voluntary_hazard(const exact_march *m, const exact_state *state)
{
    double times = exact_multiplier(m, state, LTV_LEVER_CHURN);
    if (m->arm->n_plans > 0)
        times *= m->arm->plans[state->plan].churn;
    for (size_t a = 0; a < m->arm->n_add_ons; a++)
        times *= (state->add_ons >> a & 1) != 0 ? m->arm->add_ons[a].churn : 1;
    return times > 0 ? times * m->hazard[state->segment * m->scenario->horizon + m->bill] : 0;
}

exact_flow exact_flow_of(const double *mass, size_t n)
{
    exact_flow f = {.mass = mass};
    for (size_t j = 0; j < n; j++)
        f.total += mass[j];
    return f;
}

void exact_pass_period(exact_march *m, const exact_state *state, const double *mass, double *room)
{
    size_t n = m->nodes.n;
    course c = {.state = *state, .p = 1, .saved = {-1, -1}};
    if (state->pending > 0) {
        exact_flow all = exact_flow_of(mass, n);
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
    involuntary(m, c, exact_flow_of(stay, n));
    exact_flow gone = exact_flow_of(go, n);
    if (gone.total > 0)
        intend_to_leave(m, c, gone, 0);
}
