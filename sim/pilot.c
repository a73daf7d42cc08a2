/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/pilot.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/kernel/kernel.h"

enum { PILOT_BLOCKS = (LTV_PILOT_CUSTOMERS + LTV_BLOCK - 1) / LTV_BLOCK };

_Static_assert(LTV_PILOT_FIRST_CUSTOMER >= LTV_MAX_CUSTOMERS, "the reserved are never simulated");

typedef struct {
    ltv_program *program;
    ltv_luck *luck;    /* owned, [PILOT_BLOCKS] */
    ltv_block *blocks; /* owned, [PILOT_BLOCKS] */
    size_t life_size;
    char *lives;       /* owned, LTV_PILOT_CUSTOMERS lives, one after the other */
    ltv_life *trial;   /* owned: a life lived on trial */
    int64_t *eligible; /* owned, see ltv_life */
    /* Programmes with a capacity, in the order in which they act at a bill. */
    uint32_t n_limited, limited[LTV_MAX_INTERVENTIONS];
} pilot;

/* --- their order --- */

/* When programmes act that do so at one bill (ltv_life_advance): what happened in the period before
 * it asks first, one kind of event after the other. */
static uint32_t turn_of(ltv_trigger_kind kind)
{
    enum { AT_INTENT, AT_FAILURE, AT_CHURN, AFTER_EVENTS, AT_SIGNAL, AT_BILL };
    switch (kind) {
    case LTV_WHEN_CHURN_INTENT:
        return AT_INTENT;
    case LTV_WHEN_PAYMENT_FAILURE:
        return AT_FAILURE;
    case LTV_WHEN_CHURN:
        return AT_CHURN;
    case LTV_WHEN_UPGRADE:
        return AFTER_EVENTS;
    case LTV_WHEN_RISK_SIGNAL:
        return AT_SIGNAL;
    default:
        return AT_BILL;
    }
}

/* Those that have their turn together act in the arm's order. */
static void list_limited(pilot *self)
{
    const ltv_program *program = self->program;
    for (uint32_t k = 0; k < program->n_interventions; k++) {
        uint32_t turn = turn_of(program->definitions[k].when.kind), at = self->n_limited;
        if (!program->interventions[k].limited)
            continue;
        for (; at > 0 && turn_of(program->definitions[self->limited[at - 1]].when.kind) > turn;
             at--)
            self->limited[at] = self->limited[at - 1];
        self->limited[at] = k;
        self->n_limited++;
    }
}

static ltv_life *life_at(const pilot *self, size_t customer)
{
    return (ltv_life *)(void *)(self->lives + customer * self->life_size);
}

static ltv_status pilot_init(pilot *self, ltv_error *err)
{
    const ltv_program *program = self->program;
    size_t n_limits = program->n_interventions * ((size_t)program->horizon + 1);
    self->luck = calloc(PILOT_BLOCKS, sizeof *self->luck);
    self->blocks = calloc(PILOT_BLOCKS, sizeof *self->blocks);
    self->life_size = ltv_life_size(program);
    self->eligible = calloc(n_limits, sizeof *self->eligible);
    self->lives = malloc(LTV_PILOT_CUSTOMERS * self->life_size);
    self->trial = malloc(self->life_size);
    if (self->luck == NULL || self->blocks == NULL || self->lives == NULL || self->trial == NULL ||
        self->eligible == NULL)
        return ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory to work out a programme's capacity");
    ltv_status status = LTV_OK;
    for (size_t b = 0; status == LTV_OK && b < PILOT_BLOCKS; b++)
        status = ltv_block_init(&self->blocks[b], program, err);
    return status;
}

static void pilot_free(pilot *self)
{
    for (size_t b = 0; self->blocks != NULL && b < PILOT_BLOCKS; b++)
        ltv_block_free(&self->blocks[b]);
    free(self->luck);
    free(self->blocks);
    free(self->lives);
    free(self->trial);
    free(self->eligible);
}

static void begin(pilot *self, size_t customer, ltv_life *life)
{
    size_t b = customer / LTV_BLOCK;
    ltv_kernel_begin_life(life, &self->blocks[b], self->program, &self->luck[b],
                          (uint32_t)(customer % LTV_BLOCK));
}

/* Lives on what acts at this bill; begins the life where that is the first. What is written down
 * of it is of no interest. */
static void live_bill(pilot *self, size_t customer, ltv_life *life, uint32_t bill)
{
    ltv_block *block = &self->blocks[customer / LTV_BLOCK];
    block->eligible = life == self->trial ? self->eligible : NULL;
    if (bill == 0)
        begin(self, customer, life);
    ltv_life_advance(life, bill + 1);
    block->stretches.n = block->costs.n = block->orders.n = 0;
}

/* Lives the bill on trial, without a limit for programme k, and counts who is due for it. */
static int64_t count_eligible(pilot *self, uint32_t k, uint32_t bill)
{
    size_t at = k * ((size_t)self->program->horizon + 1) + bill;
    self->eligible[at] = 0;
    for (size_t customer = 0; customer < LTV_PILOT_CUSTOMERS; customer++) {
        const ltv_life *life = life_at(self, customer);
        if (bill > 0 && ltv_life_next(life) > bill)
            continue;
        if (bill > 0)
            memcpy(self->trial, life, self->life_size);
        live_bill(self, customer, self->trial, bill);
    }
    return self->eligible[at];
}

static void limit(ltv_intervention_program *programme, uint32_t bill, int64_t eligible)
{
    double expected = 1000.0 * (double)eligible / LTV_PILOT_CUSTOMERS;
    double capacity = programme->definition->capacity, reach = programme->definition->reach;
    if (expected > capacity)
        programme->contact_threshold[bill] = ltv_word_threshold(fmin(reach, capacity / expected));
}

static void join_all(pilot *self, ltv_stream stream)
{
    for (uint32_t b = 0; b < PILOT_BLOCKS; b++) {
        uint32_t first = b * LTV_BLOCK, left = LTV_PILOT_CUSTOMERS - first;
        ltv_luck_fill(&self->luck[b], stream, ltv_needs_all, LTV_PILOT_FIRST_CUSTOMER + first,
                      left < LTV_BLOCK ? left : LTV_BLOCK);
        ltv_kernel_join(&self->blocks[b], self->program, &self->luck[b]);
    }
}

ltv_status ltv_pilot_set_limits(ltv_program *program, ltv_stream stream, ltv_error *err)
{
    pilot self = {.program = program};
    list_limited(&self);
    if (self.n_limited == 0)
        return LTV_OK;
    ltv_status status = pilot_init(&self, err);
    if (status == LTV_OK)
        join_all(&self, stream);
    for (uint32_t bill = 0; status == LTV_OK && bill <= program->horizon; bill++) {
        for (uint32_t j = 0; j < self.n_limited; j++) {
            uint32_t k = self.limited[j];
            limit(&program->interventions[k], bill, count_eligible(&self, k, bill));
        }
        for (size_t customer = 0; customer < LTV_PILOT_CUSTOMERS; customer++)
            live_bill(&self, customer, life_at(&self, customer), bill);
    }
    pilot_free(&self);
    return status;
}
