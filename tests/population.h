/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_TESTS_POPULATION_H
#define LTV_TESTS_POPULATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/program.h"
#include "sim/scenario.h"
#include "sim/tally.h"

/* A small cohort simulated block by block with every customer kept, so that tests can work out by
 * brute force what the tallies and estimates say. A failed step ends the test program. */

typedef struct {
    size_t channel, segment;
    uint32_t leaves_before;
    ltv_weight spend;
    ltv_money ltv;
} person;

typedef struct {
    const ltv_scenario *scenario; /* borrowed */
    size_t n;                     /* customers */
    ltv_program *programs;        /* owned, one per arm */
    ltv_tally tally;              /* of all customers */
    person *people;               /* owned, [arm * n + customer] */
} population;

/* Simulates scenario->customers customers of every arm. The scenario must outlive it. */
void population_init(population *self, const ltv_scenario *scenario);

void population_free(population *self);

const person *population_at(const population *self, size_t arm, size_t customer);

/* Level of spend as a number, 1 without differences. */
double person_spend(const person *p);

/* Bills paid within the horizon. */
uint32_t person_bills(const person *p, uint32_t horizon);

#endif
