/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "population.h"

#include <stdlib.h>

#include "sim/kernel/kernel.h"
#include "sim/pilot.h"

static void *must(void *allocated)
{
    if (allocated == NULL)
        abort();
    return allocated;
}

static void keep(person *p, const ltv_block *block, uint32_t i)
{
    size_t cost = i > 0 ? block->costs.end[i - 1] : 0;
    size_t order = i > 0 ? block->orders.end[i - 1] : 0;
    *p = (person){.channel = block->channel[i],
                  .segment = block->segment[i],
                  .bills = block->bills[i],
                  .spend = block->spend[i],
                  .ltv = block->ltv[i],
                  .cac = block->cac[i],
                  .programme_cost = block->programme_cost[i],
                  .saves = block->saves[i],
                  .n_costs = block->costs.end[i] - cost,
                  .n_orders = block->orders.end[i] - order};
    /* Lists that nobody needed are not there. */
    if (p->n_costs > 0)
        p->costs = block->costs.items + cost;
    if (p->n_orders > 0)
        p->orders = block->orders.items + order;
    if (block->first_contact != NULL)
        p->first_contact = block->first_contact + i;
    p->stretches = ltv_block_stretches(block, i, &p->n_stretches);
    p->leaves_before = p->stretches[p->n_stretches - 1].to;
    for (int k = 0; k < LTV_CHECKPOINTS; k++)
        p->ltv_by[k] = block->ltv_by[k][i];
}

/* In an arm, each alone: so that whatever happens to him is listed. */
static void live_alone(ltv_block *block, const ltv_program *program, ltv_luck *luck)
{
    if (program->plain) {
        ltv_kernel_run(block, program, luck);
        return;
    }
    ltv_kernel_join(block, program, luck);
    for (uint32_t i = 0; i < block->n; i++)
        ltv_kernel_live_alone(block, program, luck, i);
}

static void init_block(ltv_block *block, const ltv_program *program)
{
    if (ltv_block_init(block, program, NULL) != LTV_OK)
        abort();
}

/* Tallied as in the engine, and kept as they live alone. */
static void simulate(population *self)
{
    size_t n_arms = self->scenario->n_arms;
    ltv_luck *luck = must(calloc(1, sizeof *luck));
    ltv_block *tallied = must(calloc(n_arms, sizeof *tallied));
    ltv_stream stream = {.seed = self->scenario->seed};
    for (size_t a = 0; a < n_arms; a++)
        init_block(&tallied[a], &self->programs[a]);
    for (size_t b = 0; b < self->n_blocks; b++) {
        size_t first = b * LTV_BLOCK, left = self->n - first;
        ltv_block *blocks = &self->blocks[b * n_arms];
        ltv_luck_fill(luck, stream, ltv_needs_all, (uint32_t)first,
                      left < LTV_BLOCK ? (uint32_t)left : LTV_BLOCK);
        for (size_t a = 0; a < n_arms; a++) {
            ltv_kernel_run(&tallied[a], &self->programs[a], luck);
            init_block(&blocks[a], &self->programs[a]);
            live_alone(&blocks[a], &self->programs[a], luck);
            for (uint32_t i = 0; i < blocks[a].n; i++)
                keep(&self->people[a * self->n + first + i], &blocks[a], i);
        }
        ltv_tally_add(&self->tally, self->programs, tallied);
    }
    for (size_t a = 0; a < n_arms; a++)
        ltv_block_free(&tallied[a]);
    free(tallied);
    free(luck);
}

void population_init(population *self, const ltv_scenario *scenario)
{
    size_t n_arms = scenario->n_arms, n_blocks = (scenario->customers + LTV_BLOCK - 1) / LTV_BLOCK;
    *self = (population){.scenario = scenario, .n = scenario->customers, .n_blocks = n_blocks};
    self->programs = must(calloc(n_arms, sizeof *self->programs));
    self->people = must(calloc(n_arms * self->n, sizeof *self->people));
    self->blocks = must(calloc(n_arms * n_blocks, sizeof *self->blocks));
    ltv_stream stream = {.seed = scenario->seed};
    for (size_t a = 0; a < n_arms; a++)
        if (ltv_program_init(&self->programs[a], scenario, &scenario->arms[a], NULL) != LTV_OK ||
            ltv_pilot_set_limits(&self->programs[a], stream, NULL) != LTV_OK)
            abort();
    if (ltv_tally_init(&self->tally, scenario, self->programs, NULL) != LTV_OK)
        abort();
    simulate(self);
}

void population_free(population *self)
{
    for (size_t a = 0; self->programs != NULL && a < self->scenario->n_arms; a++)
        ltv_program_free(&self->programs[a]);
    for (size_t i = 0; self->blocks != NULL && i < self->n_blocks * self->scenario->n_arms; i++)
        ltv_block_free(&self->blocks[i]);
    free(self->programs);
    free(self->blocks);
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

const ltv_stretch *person_stretch(const person *p, uint32_t bill)
{
    for (size_t s = 0; s < p->n_stretches; s++)
        if (p->stretches[s].from <= bill && bill < p->stretches[s].to)
            return &p->stretches[s];
    return NULL;
}

bool person_pays(const person *p, uint32_t bill)
{
    return person_stretch(p, bill) != NULL;
}
