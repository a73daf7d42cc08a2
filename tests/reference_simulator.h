/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_TESTS_REFERENCE_SIMULATOR_H
#define LTV_TESTS_REFERENCE_SIMULATOR_H

#include <stddef.h>
#include <stdint.h>

#include "reference_arm.h"
#include "sim/money.h"

/* The slow twin of the engine: one customer at a time, month by month, bill by bill, straight
 * from the scenario and docs/model.md. It makes its own tables (reference_arm) and shares with
 * the engine only the addresses of random numbers, the mathematics in models/, the arithmetic of
 * money and the profile of an effect. It must give the same customers, to the quantum.
 *
 * reference_customer.c is who he is and his clocks, reference_programmes.c what programmes do to
 * him, reference_money.c what he pays. */

enum {
    REFERENCE_MAX_HORIZON = 512,
    REFERENCE_MAX_COSTS = 16384,
    REFERENCE_MAX_ORDERS = 16384,
    REFERENCE_CHECKPOINTS = 3 /* LTV after one, three and five years */
};

#define REFERENCE_NEVER UINT32_MAX

/* A maximal run of consecutive paid bills from ... to - 1 with the same plan, add-ons, segment
 * and weights; to = horizon + 1 when he pays bill `horizon`. */
typedef struct {
    uint32_t from, to;
    size_t plan;
    uint32_t add_ons; /* bit a: holds add-on a */
    size_t segment;   /* in force */
    ltv_weight held;  /* level of spend with running effects */
    ltv_weight paid;  /* the same after price_off */
    /* Undiscounted, of one bill at price index 1. */
    ltv_money recurring, revenue, margin, forgone, service;
} reference_stretch;

/* Something dated at a bill below the horizon, undiscounted and discounted. */
typedef struct {
    uint32_t bill;
    ltv_money amount, worth;
} reference_item;

typedef struct {
    size_t channel, segment; /* the ones he joined with */
    ltv_money cac;
    uint32_t bills; /* paid below the horizon: the lifetime T */
    ltv_weight spend;
    ltv_money ltv, programme_cost;
    ltv_money ltv_by[REFERENCE_CHECKPOINTS]; /* 0 where the checkpoint is beyond the horizon */
    uint32_t saves; /* churn intents and payment failures that a programme averted */
    uint32_t first_contact[LTV_MAX_INTERVENTIONS]; /* bill; REFERENCE_NEVER */
    uint32_t contacts[LTV_MAX_INTERVENTIONS], participants[LTV_MAX_INTERVENTIONS];
    size_t n_stretches, n_costs, n_orders;
    reference_stretch stretches[REFERENCE_MAX_HORIZON + 1];
    reference_item costs[REFERENCE_MAX_COSTS];   /* of programmes, one for each bill */
    reference_item orders[REFERENCE_MAX_ORDERS]; /* their values */
} reference_customer;

/* Overwrites *result, entries beyond its counts excepted. Aborts where a list is too short. */
void reference_simulate(const reference_arm *tables, uint32_t customer, reference_customer *result);

#endif
