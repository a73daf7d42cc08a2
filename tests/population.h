/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_TESTS_POPULATION_H
#define LTV_TESTS_POPULATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/kernel/block.h"
#include "sim/program.h"
#include "sim/scenario.h"
#include "sim/tally.h"

/* A small cohort simulated block by block with every customer kept, so that tests can work out by
 * brute force what the tallies and estimates say. A failed step ends the test program. */

typedef struct {
    size_t channel, segment; /* the ones he joined with */
    uint32_t leaves_before;  /* the first bill he does not pay for good; horizon + 1: later */
    uint32_t bills;          /* paid below the horizon */
    ltv_weight spend;
    ltv_money ltv, cac, programme_cost;
    ltv_money ltv_by[LTV_CHECKPOINTS];
    uint32_t saves;
    size_t n_stretches, n_costs, n_orders;
    const ltv_stretch *stretches; /* borrowed from the population, likewise the next two */
    const ltv_cost *costs;
    const ltv_order *orders;
    const uint32_t *first_contact; /* of intervention k: [k * LTV_BLOCK] */
} person;

typedef struct {
    const ltv_scenario *scenario; /* borrowed */
    size_t n, n_blocks;           /* customers, and blocks of them */
    ltv_program *programs;        /* owned, one per arm */
    ltv_tally tally;              /* of all customers */
    ltv_block *blocks;            /* owned, [block * n_arms + arm] */
    person *people;               /* owned, [arm * n + customer] */
} population;

/* Simulates scenario->customers customers of every arm. The scenario must outlive it. */
void population_init(population *self, const ltv_scenario *scenario);

void population_free(population *self);

const person *population_at(const population *self, size_t arm, size_t customer);

/* Level of spend as a number, 1 without differences. */
double person_spend(const person *p);

/* Whether he pays a bill, and the stretch it lies in (NULL: he does not). */
const ltv_stretch *person_stretch(const person *p, uint32_t bill);
bool person_pays(const person *p, uint32_t bill);

#endif
