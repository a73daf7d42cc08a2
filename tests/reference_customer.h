/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_TESTS_REFERENCE_CUSTOMER_H
#define LTV_TESTS_REFERENCE_CUSTOMER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "models/frailty.h"
#include "reference_simulator.h"

/* Inside the slow twin: a customer as he goes through the months, and his clocks. */

/* h = used + times x (Lambda(u + 1) - Lambda(since)), compared with the budget after period u. */
typedef struct {
    uint32_t budgets; /* that it had so far */
    double budget;
    double used;    /* until bill `since`, when the multiplier became `times` */
    uint32_t since; /* bill */
    double times;
} reference_clock;

typedef struct {
    /* What he has with one intervention. */
    uint32_t opportunities, attempts; /* so far */
    bool triggered;                   /* by an event of the last period; acts at this bill */
    bool succeeded;                   /* likewise, taking part already settled */
    bool runs;                        /* its effects, from bill `acted` on */
    uint32_t acted;
    bool was_due, flagged; /* by the risk signal */
    bool in_window;        /* of a win-back, which ends with period `window_end` */
    uint32_t window_end;
    reference_clock request; /* bluff or false alarm */
} reference_dealing;

/* Orders that come one after the other. */
typedef struct {
    double expected; /* so far */
    double due_at;   /* the next one: when so many are expected */
    uint32_t next;   /* its number */
} reference_orders;

typedef struct {
    const reference_arm *tables;
    const ltv_arm *arm;
    uint32_t customer;
    reference_customer *result;
    /* Who he is. */
    size_t channel, joined; /* segment that he joined with */
    bool cured;
    double first_budget; /* B of his first voluntary clock */
    ltv_uniform frailty_rank;
    ltv_uniform spend_rank;
    double spend;       /* level */
    double order_rate;  /* level */
    double order_value; /* level */
    /* What he is now. */
    bool active;
    size_t segment, plan;
    uint32_t add_ons;
    uint32_t term_start;    /* bill */
    bool leaves_after_term; /* he has given notice … */
    uint32_t last_period;   /* … and leaves after this period */
    bool knows_z;           /* z is worked out when first needed */
    double z;               /* uncured, in the segment in force */
    reference_clock churn, failure;
    reference_clock upgrade[LTV_MAX_PLANS][LTV_MAX_PLANS], downgrade[LTV_MAX_PLANS][LTV_MAX_PLANS];
    reference_clock attach[LTV_MAX_ADD_ONS], drop[LTV_MAX_ADD_ONS];
    reference_dealing with[LTV_MAX_INTERVENTIONS];
    reference_orders usual_orders, extra_orders;
} person;

ltv_uniform uniform_of(const person *p, uint32_t name, ltv_purpose purpose, uint32_t occurrence);
uint64_t word_of(const person *p, uint32_t name, ltv_purpose purpose, uint32_t occurrence);

/* The customer with his luck, active, about to pay bill 0. */
person join(const reference_arm *tables, uint32_t customer, reference_customer *result);

/* Clocks. A new budget (not yet of the voluntary clock, see redraw_churn) from bill `bill` on. */
void redraw(const person *p, reference_clock *clock, uint32_t name, ltv_purpose purpose,
            uint32_t bill);
void redraw_churn(person *p, uint32_t bill);

/* Whether the clock fires in period u, in which its multiplier is `times`. */
bool fires(reference_clock *clock, const double *hazard, double times, uint32_t u);

/* The clock stands still from bill `bill` until it is asked again. */
void stop(reference_clock *clock, const double *hazard, uint32_t bill);

/* What running programmes multiply a lever with in period (or at bill) u. */
double running_effects(const person *p, ltv_lever lever, uint32_t u);

/* M of a clock in period u: segment x channel x running effects; that of voluntary churn with
 * plan and add-ons. */
double multiplier(const person *p, ltv_lever lever, uint32_t u);
double churn_multiplier(const person *p, uint32_t u);

/* Events of period u, in the order in which they are tried. */
bool leaves_by_himself(person *p, uint32_t u);
bool fails_for_good(person *p, uint32_t u);
void change_plan(person *p, uint32_t u);
void change_add_ons(person *p, uint32_t u);

/* Away after period u; back, active again, from bill `bill` on. */
void leave(person *p, uint32_t u);
void come_back(person *p, uint32_t bill);

/* Moves by a programme at a bill; nothing when he is there already. */
void move_to_plan(person *p, size_t plan, uint32_t bill);
void move_to_segment(person *p, size_t segment, uint32_t bill);

#endif
