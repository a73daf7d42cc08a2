/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_TESTS_EXACT_MARCH_H
#define LTV_TESTS_EXACT_MARCH_H

#include <stdbool.h>

#include "exact_nodes.h"
#include "exact_states.h"
#include "exact_twin.h"

/* The inside of the exact twin: customers who join alike march from bill to bill, and what they
 * yield is added to the twin. */

/* What a programme changes k periods after its trigger. */
typedef struct {
    ltv_multipliers times;
    double price_off;
    bool held; /* period costs run */
} exact_step;

/* Steps k = 0 ... n - 1; the last one goes on for ever, and is none at all where it ends. */
typedef struct {
    uint32_t n;
    bool ends;
    exact_step *step; /* owned */
} exact_profile;

/* One group of customers who join alike, on their way through the periods. */
typedef struct {
    exact_twin *twin;
    const ltv_scenario *scenario;
    const ltv_arm *arm;
    size_t channel, joined;        /* joined: the joining segment */
    double class_until;            /* their ranks by spend end here, from the highest */
    const exact_profile *profiles; /* [n_interventions] */
    const double *hazard;          /* [n_segments * horizon]: of voluntary churn */
    exact_nodes nodes;
    exact_states arriving, paying; /* at the bill; after its triggers */
    exact_states next;             /* at the bill after */
    uint32_t bill;
    double lost; /* probability of what was too rare to follow */
} exact_march;

/* Some customers in one state: p of the mass, which is a vector over nodes with this sum. */
typedef struct {
    const double *mass;
    double total;
} exact_flow;

/* One way in which contacting somebody turns out. */
typedef struct {
    exact_coin coin;
    double p;
} exact_outcome;

/* --- exact_programmes.c: what acts when, and what it costs --- */

/* As far as the horizon; the caller frees its steps. */
exact_profile exact_profile_of(const ltv_intervention *programme, uint32_t horizon);

/* What runs of a programme in this state; NULL when nothing does. */
const exact_step *exact_running_step(const exact_march *m, const exact_state *state, size_t i);

/* The multiplier on a lever at the bill and in the period after it. */
double exact_multiplier(const exact_march *m, const exact_state *state, ltv_lever lever);

/* Term of the plan in force; 0: none. */
uint32_t exact_term_of(const exact_march *m, const exact_state *state);

/* Chance that a clock of constant probability fires in the period. */
double exact_chance(const exact_march *m, const exact_state *state, const ltv_rate *rate,
                    ltv_lever lever);

/* What 1 paid with this bill is worth at joining. */
double exact_discount_at(const ltv_scenario *scenario, uint32_t bill);

/* So many customers cost this much each, dated at a bill; nothing from the horizon on. */
void exact_pay_cost(exact_march *m, uint32_t bill, double cost, double customers);

/* Whether customers in this state are in programme i's audience when its trigger is at this tenure:
 * at a bill, or in the period of an event. */
bool exact_in_audience(const exact_march *m, const exact_state *state, size_t i, uint32_t tenure);

/* How contacting these customers turns out, their contact paid for; the number of outcomes. */
int exact_meet(exact_march *m, const exact_state *state, size_t i, uint32_t acting_bill,
               double customers, exact_outcome outcome[3]);

/* Keeps what the coin said for the next time, if there may be one. */
void exact_remember(const exact_march *m, exact_state *state, size_t i, exact_coin coin);

/* A programme acts at a bill. */
void exact_act(const exact_march *m, exact_state *state, size_t i);

/* Scheduled programmes i, i + 1 ... at the bill. */
void exact_serve_bill(exact_march *m, exact_state state, double p, exact_flow f, size_t i);

/* --- exact_bill.c: what a bill brings --- */

/* Adds to the twin what the customers in this state pay and cost. */
void exact_pay_bill(exact_march *m, const exact_state *state, const double *mass);

/* --- exact_period.c: what happens between two bills --- */

/* All of a mass over n nodes. */
exact_flow exact_flow_of(const double *mass, size_t n);

/* Customers in this state go through the period after the bill, to m->next. room is for 2 numbers
 * for each node. */
void exact_pass_period(exact_march *m, const exact_state *state, const double *mass, double *room);

/* Likewise a period away: the programmes try in turn to win them back. */
void exact_stay_away(exact_march *m, const exact_state *from, exact_flow f);

#endif
