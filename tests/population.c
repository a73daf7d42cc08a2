/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "population.h"

#include <stdlib.h>

#include "sim/kernel.h"

static void *must(void *allocated)
{
    if (allocated == NULL)
        abort();
    return allocated;
}

static void keep(population *self, size_t arm, size_t first, const ltv_block *block)
{
    for (uint32_t i = 0; i < block->n; i++)
        self->people[arm * self->n + first + i] = (person){.channel = block->channel[i],
                                                           .segment = block->segment[i],
                                                           .leaves_before = block->leaves_before[i],
                                                           .spend = block->spend[i],
                                                           .ltv = block->ltv[i]};
}

static void simulate(population *self)
{
    size_t n_arms = self->scenario->n_arms;
    ltv_luck *luck = must(calloc(1, sizeof *luck));
    ltv_block *blocks = must(calloc(n_arms, sizeof *blocks));
    ltv_stream stream = {.seed = self->scenario->seed};
    for (size_t first = 0; first < self->n; first += LTV_BLOCK) {
        size_t left = self->n - first;
        ltv_luck_fill(luck, stream, (ltv_luck_needs){true, true, true}, (uint32_t)first,
                      left < LTV_BLOCK ? (uint32_t)left : LTV_BLOCK);
        for (size_t a = 0; a < n_arms; a++) {
            ltv_kernel_run(&blocks[a], &self->programs[a], luck);
            keep(self, a, first, &blocks[a]);
        }
        ltv_tally_add(&self->tally, self->programs, blocks);
    }
    free(blocks);
    free(luck);
}

void population_init(population *self, const ltv_scenario *scenario)
{
    size_t n_arms = scenario->n_arms;
    *self = (population){.scenario = scenario, .n = scenario->customers};
    self->programs = must(calloc(n_arms, sizeof *self->programs));
    self->people = must(calloc(n_arms * self->n, sizeof *self->people));
    for (size_t a = 0; a < n_arms; a++)
        if (ltv_program_init(&self->programs[a], scenario, &scenario->arms[a], NULL) != LTV_OK)
            abort();
    if (ltv_tally_init(&self->tally, n_arms, self->programs, NULL) != LTV_OK)
        abort();
    simulate(self);
}

void population_free(population *self)
{
    for (size_t a = 0; self->programs != NULL && a < self->scenario->n_arms; a++)
        ltv_program_free(&self->programs[a]);
    free(self->programs);
    free(self->people);
    ltv_tally_free(&self->tally);
    *self = (population){0};
}

const person *population_at(const population *self, size_t arm, size_t customer)
{
    return &self->people[arm * self->n + customer];
}

double person_spend(const person *p)
{
    return (double)p->spend * 0x1p-24;
}

uint32_t person_bills(const person *p, uint32_t horizon)
{
    return p->leaves_before <= horizon ? p->leaves_before : horizon;
}
