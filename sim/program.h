/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_PROGRAM_H
#define LTV_SIM_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "models/frailty.h"
#include "models/gamma_table.h"
#include "sim/address.h"
#include "sim/clock.h"
#include "sim/ladder.h"
#include "sim/money.h"
#include "sim/scenario.h"

/* One arm compiled for simulation: flat tables, immutable, shared by all threads. Cumulative
 * hazards are tabulated at bills 0 ... horizon + 1, the last entry being infinite: a sentinel
 * that ends every search, so "fires in period horizon + 0" reads as "outlives the horizon". */

/* LTV is also reported after one, three and five years. */
enum { LTV_CHECKPOINTS = 3 };

/* Something with a recurring price: a plan, or an add-on after them. */
typedef struct {
    double price;  /* a bill, major units, at multiplier and price index 1 */
    double margin; /* gross margin */
    double churn;  /* multiplier on voluntary churn while held */
} ltv_component;

/* The customers of one segment who came through one channel, or through channels that are
 * alike: everything that is multiplied is so already. */
typedef struct {
    ltv_multipliers times;
    size_t segment;
    ltv_frailty frailty;
    bool draws_z;             /* part of the frailty is drawn for each customer */
    uint64_t cured_threshold; /* a CURED word below it: never leaves by himself */
    /* What the voluntary clock of a customer for whom nothing ever changes compares his budget
     * with, [horizon + 2]: without an explicit z the marginal hazard G(M Lambda(u)), so that one
     * look-up decides; else M Lambda(u) itself. */
    double *voluntary;   /* owned */
    double *involuntary; /* owned; M times the cumulative hazard, likewise */
    /* The same for heads of words, where customers can be counted (sim/kernel/census.h); else
     * empty. */
    ltv_ladder voluntary_ladder, involuntary_ladder;
    /* Value of the first T bills, T = 0 ... horizon: sums of amounts that were rounded one by
     * one. discounted_margin[component * (horizon + 1) + T] is at spend 1. */
    ltv_money *discounted_margin;  /* owned */
    ltv_money *discounted_service; /* owned, [horizon + 1] */
    /* Undiscounted amounts of a bill at price index and spend 1, by component. */
    ltv_money *recurring; /* owned */
    ltv_money *margin;    /* owned */
    ltv_money service;
} ltv_kind;

/* The hazard of a clock without any multiplier but its own profile: cumulative[u], 0 at 0. */
typedef struct {
    uint32_t name;      /* address, see address.h */
    double *cumulative; /* owned, [horizon + 2] */
} ltv_clock_table;

/* Whether it fires for anybody before the horizon. */
static inline bool ltv_clock_can_fire(const ltv_clock_table *clock, uint32_t horizon)
{
    return clock->cumulative[horizon] > 0;
}

typedef struct {
    uint32_t to;     /* plan */
    ltv_lever lever; /* LTV_LEVER_UPGRADE or LTV_LEVER_DOWNGRADE */
    ltv_clock_table clock;
} ltv_plan_change_program;

/* What its budgets are addressed by. */
static inline ltv_purpose ltv_purpose_of_change(const ltv_plan_change_program *change)
{
    return change->lever == LTV_LEVER_UPGRADE ? LTV_PURPOSE_UPGRADE : LTV_PURPOSE_DOWNGRADE;
}

/* The plan changes of a plan in the order in which they are tried: changes first ... first + n - 1
 * of the program. */
typedef struct {
    size_t first_change, n_changes;
    uint32_t term; /* 0: none */
} ltv_plan_program;

typedef struct {
    ltv_clock_table attach, drop;
} ltv_add_on_program;

/* In place of a chance of a contact: the capacity is large enough for all who are eligible. */
#define LTV_ENOUGH_FOR_ALL UINT64_MAX

/* A programme; see ltv_intervention for what the parts mean. */
typedef struct {
    uint32_t name;                      /* address */
    const ltv_intervention *definition; /* the program's own copy */
    uint64_t reach_threshold, uptake_threshold, success_threshold;
    uint32_t held_for;
    /* The course of its effects, read instead of computed at each bill of each life. k: bills
     * since the trigger, 0 ... horizon. */
    double *multiplier;    /* owned, [effect * (horizon + 1) + k] */
    const double *churn;   /* that of its effect on voluntary churn; NULL: it has none */
    uint32_t *changes_at;  /* owned, [horizon + 1]: the first k' > k at which its multipliers,
                            * price_off or holding change; LTV_FOR_EVER: never again */
    uint32_t *stops_at;    /* owned, likewise: anything but the multiplier of voluntary churn */
    uint32_t most_changes; /* bills at which something of it changes after an appointment and
                            * before its next one; 0 where it is not due by itself */
    bool prices;           /* some effect, or a price_off, changes what he pays */
    ltv_money *per_contact, *per_participant; /* owned, [horizon]: discounted, dated at the bill */
    ltv_money *per_period;                    /* owned, [horizon + 1]: sums of the first T bills */
    ltv_money contact_cost, participant_cost, period_cost; /* undiscounted */
    ltv_clock_table clock; /* of bluffs or false alarms; cumulative NULL without any */
    double fixed_cost;     /* discounted, quanta, of the whole cohort */
    bool limited;          /* there is a capacity */
    /* Owned, [horizon + 1]: under a capacity, by bill, the chance of a contact where more are
     * eligible than there is room for; else LTV_ENOUGH_FOR_ALL: whom it reaches is contacted. */
    uint64_t *contact_threshold;
} ltv_intervention_program;

/* What the budgets of its clock are addressed by. */
static inline ltv_purpose ltv_purpose_of_clock(const ltv_intervention_program *programme)
{
    return programme->definition->when.kind == LTV_WHEN_CHURN_INTENT ? LTV_PURPOSE_BLUFF
                                                                     : LTV_PURPOSE_FALSE_ALARM;
}

/* A programme that is due at a bill for everybody: at_tenure, every. */
typedef struct {
    uint32_t bill;
    uint32_t intervention;
} ltv_appointment;

typedef struct {
    uint32_t horizon;
    bool borrows; /* all but the programmes belongs to another program (ltv_program_init_like) */
    bool plain;   /* customers do nothing but pay the same bill until they leave */
    /* What they would be worth in such a life is worked out for each of them, since its expectation
     * is known (ltv_expectation): a control variate. Not with orders or price changes, nor where
     * life is plain anyway. */
    bool has_plain_ltv;
    bool involuntary; /* the clock exists */
    ltv_spread spend;
    bool spends_differ;       /* the level of spend is drawn for each customer */
    bool spend_follows_churn; /* … and depends on the frailty */
    double spend_pearson;     /* correlation of the normal scores */
    double gross_margin;
    double quanta_per_unit;
    uint32_t one_year;                    /* periods */
    uint32_t checkpoint[LTV_CHECKPOINTS]; /* bills in 12, 36, 60 months; 0: not in the horizon */
    size_t n_segments, n_channels;
    size_t n_kinds;
    ltv_kind *kinds;             /* owned */
    uint32_t *kind_of;           /* owned; [channel * n_segments + segment]: index into kinds */
    uint64_t *segment_threshold; /* owned; [channel * n_segments + segment]: cumulative shares */
    uint64_t *channel_threshold; /* owned; [n_channels] */
    double *cac;                 /* owned; [n_channels], mean, quanta */
    ltv_money *same_cac;         /* owned; [n_channels], the mean rounded, without spreads */
    ltv_spread *cac_spread;      /* owned; [n_channels] */
    bool cacs_differ;            /* some channel has a spread */

    /* What follows is empty or trivial in a plain program, except that there is always at least
     * one plan: component 0. */
    size_t n_plans, n_add_ons, n_components; /* n_components = n_plans + n_add_ons */
    ltv_component *components;               /* owned */
    ltv_plan_program *plans;                 /* owned */
    size_t n_changes;
    ltv_plan_change_program *changes; /* owned */
    ltv_add_on_program *add_ons;      /* owned */
    uint64_t *plan_threshold;         /* owned; [segment * n_plans + plan]: starting plans */
    double *price_index;              /* owned; [horizon + 1] */
    double *discount;     /* owned; [horizon + 1]: present value of 1 paid with a bill */
    double **base_hazard; /* owned; [n_segments][horizon + 2]: voluntary churn with
                           * season, by_tenure and price response */
    /* Owned, with the programmes; [n_segments][horizon + longest lead of a risk signal + 1]: the
     * same without an end, and beyond the horizon as far as signals look; NULL without any. */
    double **signal_hazard;
    uint32_t *retention_of;       /* owned; [n_segments]: equal where segments share one */
    double *involuntary_hazard;   /* owned; [horizon + 2] */
    uint64_t tables_number;       /* of these hazards and all tables but those of programmes, which
                                   * stay as compiled; no others in this process have it; not 0 */
    ltv_orders orders;            /* rate 0: none */
    double *order_hazard;         /* owned; [horizon + 2]: cumulative expected orders */
    ltv_gamma_table order_values; /* of one customer's orders, where they differ */
    bool borrows_order_values;    /* they belong to another program (ltv_program_init_draw) */
    uint64_t programmes_number;   /* of what programmes compiled to, likewise */
    size_t n_interventions;
    ltv_intervention *definitions;           /* owned */
    ltv_intervention_program *interventions; /* owned */
    size_t n_appointments;
    ltv_appointment *appointments; /* owned; by bill, then by intervention */
    uint64_t *for_cell; /* owned; by cell of who joins: bit k: programme k is for some of them */
    bool has_price_off; /* some programme has */
    uint64_t of_kind[LTV_WHEN_RISK_SIGNAL + 1]; /* bit k: intervention k has this trigger */
    uint64_t with_clock;                        /* bit k: it has bluffs or false alarms */
    double fixed_cost; /* of the arm's programmes, discounted, quanta, of the whole cohort */
} ltv_program;

/* Compiles one arm. Fails with NO_MEMORY or OVERFLOW; *program may be freed whatever is
 * returned. The program keeps no pointer into the scenario. */
LTV_MUST_USE ltv_status ltv_program_init(ltv_program *program, const ltv_scenario *scenario,
                                         const ltv_arm *arm, ltv_error *err);

/* The same of an arm that differs in programmes alone from one that was compiled before, whose
 * program lends its tables where it can and must live longer then. */
LTV_MUST_USE ltv_status ltv_program_init_like(ltv_program *program, const ltv_scenario *scenario,
                                              const ltv_arm *arm, const ltv_program *like,
                                              ltv_error *err);

/* The same of an arm in one draw, whose world the scenario is. `mean`, the program of that arm at
 * the means of the inputs, lends what takes long to make where the draw does not change it, and
 * must live longer. */
LTV_MUST_USE ltv_status ltv_program_init_draw(ltv_program *program, const ltv_scenario *world,
                                              const ltv_arm *arm, const ltv_program *mean,
                                              ltv_error *err);

void ltv_program_free(ltv_program *program);

/* True when some channel has a cost. */
bool ltv_program_has_cac(const ltv_program *program);

/* Cumulative base hazard of voluntary churn after each period with season and by_tenure applied,
 * cumulative[0 ... n - 1]; without either, the curve's own Lambda. */
void ltv_voluntary_hazard(const ltv_scenario *scenario, const ltv_retention *retention, size_t n,
                          double *cumulative);

/* Present values at joining of one unit paid with bill u, discount[0 ... n - 1]. */
void ltv_discount_at_bills(const ltv_scenario *scenario, size_t n, double *discount);

#endif
