/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_INTERVENTION_H
#define LTV_SIM_INTERVENTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/offer.h"

/* A programme: whom it reaches, when, what it changes and what it costs (docs/model.md, section 6).
 * Part of an ltv_arm, which holds its own copies in the order in which they act. */

enum { LTV_MAX_INTERVENTIONS = 64 };

/* An effect that never ends. */
#define LTV_FOR_EVER UINT32_MAX

typedef enum {
    LTV_WHEN_AT_TENURE,       /* at bill `periods` (at_period comes to the same: one cohort) */
    LTV_WHEN_EVERY,           /* at bills n, 2 n, ..., n = `periods` */
    LTV_WHEN_BEFORE_RENEWAL,  /* at the bill `periods` before a contract term ends */
    LTV_WHEN_CHURN_INTENT,    /* probability: accepts; rate: bluffers a period */
    LTV_WHEN_PAYMENT_FAILURE, /* probability: recovered */
    LTV_WHEN_CHURN,           /* win-back: probability in each of `periods` periods */
    LTV_WHEN_UPGRADE,         /* after the upgrade clock moved the customer */
    LTV_WHEN_RISK_SIGNAL      /* periods: lead; probability: recall; rate: false alarms a period */
} ltv_trigger_kind;

typedef struct {
    ltv_trigger_kind kind;
    uint32_t periods;
    double probability; /* 0 ... 1 */
    double rate;        /* probability per period, 0 <= p < 1 */
} ltv_trigger;

/* A multiplier with a course over time. k periods after the trigger it is times^w(k) with
 * w = (k + 1)/ramp for k < ramp, then 1 while k < periods, then 2^(-(k - periods + 1)/half-life),
 * 0 below 2^-20 or without a fade. */
typedef struct {
    ltv_lever lever;
    double times;          /* >= 0 */
    uint32_t periods;      /* `for`, >= 1; LTV_FOR_EVER */
    uint32_t ramp;         /* periods, <= `periods`; 0: none */
    double fade_half_life; /* periods, > 0; 0: no fade */
} ltv_effect;

/* A range of tenure: bills from ... until - 1. */
typedef struct {
    char name[LTV_NAME_SIZE];
    uint32_t from, until;
} ltv_phase;

typedef struct {
    char name[LTV_NAME_SIZE];
    /* Who. Segments, channels and spend are judged at joining, plans and phases at the trigger. */
    bool *segments; /* owned, [n_segments of the arm]: is in the audience; NULL: all are */
    bool *channels; /* owned, [n_channels of the arm], likewise */
    uint32_t plans; /* bit p: plan p; all bits set: all plans */
    size_t n_phases;
    ltv_phase *phases;   /* owned; 0: any tenure */
    double top_by_spend; /* share of customers with the highest level of spend; 1: all */
    double reach;        /* share of the audience that is contacted, 0 < reach <= 1 */
    double uptake;       /* share of the contacted who take part, 0 ... 1 */
    ltv_trigger when;
    /* What. */
    size_t n_effects;
    ltv_effect effects[LTV_LEVERS]; /* each lever at most once */
    double price_off;               /* share off recurring revenue, 0 <= x <= 1 */
    uint32_t price_off_bills;       /* 0: no price_off */
    uint32_t to_segment, to_plan;   /* LTV_NOWHERE: no move */
    /* Costs, in major units of the currency, >= 0. */
    double per_contact, per_participant;
    double per_period;              /* while an effect is held (k < periods), at bills paid */
    double fixed, fixed_per_period; /* of the whole cohort; per period: at every bill */
    double capacity;                /* contacts per period and 1,000 joined; INFINITY: no limit */
} ltv_intervention;

/* Weight w of an effect k periods after its trigger. */
double ltv_effect_weight(const ltv_effect *effect, uint32_t k);

/* times^w, with 0^0 = 1. */
double ltv_effect_multiplier(const ltv_effect *effect, uint32_t k);

/* Number of periods from the trigger on in which the period costs run: the longest `periods` of
 * its effects and of its price_off. */
uint32_t ltv_intervention_held_for(const ltv_intervention *intervention);

/* Whether its audience is in one of its phases at this bill. */
bool ltv_intervention_is_in_phase(const ltv_intervention *intervention, uint32_t bill);

/* A copy that owns all it points to, of an intervention of an arm with so many segments and
 * channels. False when memory is short; *copy may be freed either way. */
bool ltv_intervention_copy(ltv_intervention *copy, const ltv_intervention *source,
                           size_t n_segments, size_t n_channels);

/* Releases what it owns and clears. Safe on a zeroed struct, and twice. */
void ltv_intervention_free(ltv_intervention *intervention);

#endif
