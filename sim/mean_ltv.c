/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/mean_ltv.h"

#include <stdlib.h>
#include <string.h>

#include <omp.h>

#include "sim/kernel/kernel.h"

/* Some customers, and what is kept of their lives in the first arm. */
typedef struct {
    ltv_luck *luck;             /* owned */
    uint8_t reached[LTV_BLOCK]; /* by its programmes */
    ltv_money ltv[LTV_BLOCK];
} company;

struct ltv_mean_study {
    const ltv_scenario *scenario;
    uint64_t customers;
    const ltv_program *first;
    size_t n_companies;
    company *companies; /* owned */
    int threads;
    ltv_block *blocks; /* owned, one for each thread */
};

static ltv_status no_memory(ltv_error *err)
{
    return ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory to simulate an arm again");
}

static bool init_company(ltv_mean_study *self, size_t c)
{
    company *of = &self->companies[c];
    uint64_t first = c * LTV_BLOCK, left = self->customers - first;
    of->luck = malloc(sizeof *of->luck);
    if (of->luck == NULL)
        return false;
    /* All that any arm may ask for. */
    ltv_luck_fill(of->luck, (ltv_stream){.seed = self->scenario->seed}, ltv_needs_all,
                  (uint32_t)first, left < LTV_BLOCK ? (uint32_t)left : LTV_BLOCK);
    return true;
}

static bool init_companies(ltv_mean_study *self)
{
    size_t n = (size_t)((self->customers + LTV_BLOCK - 1) / LTV_BLOCK);
    self->companies = calloc(n, sizeof *self->companies);
    self->blocks = calloc((size_t)self->threads, sizeof *self->blocks);
    bool ok = self->companies != NULL && self->blocks != NULL;
    while (ok && self->n_companies < n)
        ok = init_company(self, self->n_companies++);
    for (int t = 0; ok && t < self->threads; t++)
        ok = ltv_block_init(&self->blocks[t], self->first, NULL) == LTV_OK;
    return ok;
}

/* What became of a company: sum of LTV. */
typedef struct {
    __int128 sum;
    bool overflow, out_of_memory;
} outcome;

/* What each customer is worth; who was left out is worth what he is in the first arm. */
static outcome add_up(const ltv_block *block, const company *of, const uint8_t lived[LTV_BLOCK])
{
    outcome result = {.overflow = block->overflow, .out_of_memory = block->out_of_memory};
    for (uint32_t i = 0; i < block->n; i++)
        result.sum += lived[i] ? block->ltv[i] : of->ltv[i];
    return result;
}

static outcome live_first(const ltv_mean_study *self, ltv_block *block, company *of)
{
    ltv_kernel_run(block, self->first, of->luck);
    memset(of->reached, 0, sizeof of->reached);
    ltv_kernel_mark_reached(of->reached, block, self->first);
    memcpy(of->ltv, block->ltv, sizeof of->ltv);
    return add_up(block, of, of->reached);
}

static outcome live(ltv_mean_study *self, const ltv_program *program, company *of)
{
    uint8_t lives[LTV_BLOCK];
    ltv_block *block = &self->blocks[omp_get_thread_num()];
    if (program == self->first)
        return live_first(self, block, of);
    memcpy(lives, of->reached, sizeof lives);
    ltv_kernel_run_reached(block, program, of->luck, lives);
    return add_up(block, of, lives);
}

static ltv_status simulate(ltv_mean_study *self, const ltv_program *program, double *mean,
                           ltv_error *err)
{
    outcome *outcomes = calloc(self->n_companies, sizeof *outcomes), all = {0};
    if (outcomes == NULL)
        return no_memory(err);
#pragma omp parallel for schedule(dynamic) num_threads(self->threads)
    for (size_t c = 0; c < self->n_companies; c++)
        outcomes[c] = live(self, program, &self->companies[c]);
    for (size_t c = 0; c < self->n_companies; c++) {
        all.sum += outcomes[c].sum;
        all.overflow |= outcomes[c].overflow;
        all.out_of_memory |= outcomes[c].out_of_memory;
    }
    free(outcomes);
    *mean = (double)all.sum / (double)self->customers / program->quanta_per_unit;
    if (all.out_of_memory)
        return no_memory(err);
    return all.overflow
               ? ltv_fail(err, LTV_ERR_OVERFLOW,
                          "the LTV of some customer is too large to be held exactly: state "
                          "amounts in thousands or shorten the horizon")
               : LTV_OK;
}

ltv_status ltv_mean_study_new(ltv_mean_study **study, const ltv_scenario *scenario,
                              const ltv_program *first, uint64_t customers, int threads,
                              double *mean, ltv_error *err)
{
    ltv_mean_study *self = *study = calloc(1, sizeof *self);
    if (self == NULL)
        return no_memory(err);
    self->scenario = scenario;
    self->customers = customers;
    self->threads = threads;
    self->first = first;
    return init_companies(self) ? simulate(self, first, mean, err) : no_memory(err);
}

void ltv_mean_study_free(ltv_mean_study *self)
{
    if (self == NULL)
        return;
    for (size_t c = 0; c < self->n_companies; c++)
        free(self->companies[c].luck);
    for (int t = 0; self->blocks != NULL && t < self->threads; t++)
        ltv_block_free(&self->blocks[t]);
    free(self->companies);
    free(self->blocks);
    free(self);
}

static void copy_limits(ltv_program *program, const ltv_program *limits)
{
    for (size_t k = 0; k < program->n_interventions; k++)
        for (size_t i = 0; i < limits->n_interventions; i++)
            if (limits->interventions[i].name == program->interventions[k].name)
                memcpy(program->interventions[k].contact_threshold,
                       limits->interventions[i].contact_threshold,
                       ((size_t)program->horizon + 1) * sizeof(uint64_t));
}

ltv_status ltv_mean_study_ltv(ltv_mean_study *self, const ltv_arm *arm, double *mean,
                              ltv_error *err)
{
    ltv_program program;
    ltv_status status = ltv_program_init_like(&program, self->scenario, arm, self->first, err);
    if (status == LTV_OK)
        copy_limits(&program, self->first);
    if (status == LTV_OK)
        status = simulate(self, &program, mean, err);
    ltv_program_free(&program);
    return status;
}
