/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/mean_ltv.h"

#include <stdlib.h>
#include <string.h>

#include <omp.h>

#include "sim/kernel/kernel.h"

/* One thread's room. */
typedef struct {
    ltv_luck *luck; /* owned */
    ltv_block block;
    __int128 sum;
    bool failed_memory, overflow;
} worker;

static bool worker_init(worker *self, const ltv_program *program)
{
    self->luck = malloc(sizeof *self->luck);
    return ltv_block_init(&self->block, program, NULL) == LTV_OK && self->luck != NULL;
}

static void add_block(worker *self, const ltv_program *program, ltv_stream stream, uint64_t first,
                      uint64_t customers)
{
    uint64_t left = customers - first;
    ltv_luck_fill(self->luck, stream, ltv_kernel_needs(program), (uint32_t)first,
                  left < LTV_BLOCK ? (uint32_t)left : LTV_BLOCK);
    ltv_kernel_run(&self->block, program, self->luck);
    for (uint32_t i = 0; i < self->block.n; i++)
        self->sum += self->block.ltv[i];
    self->overflow |= self->block.overflow;
    self->failed_memory |= self->block.out_of_memory;
}

static ltv_status simulate(double *mean, const ltv_program *program, ltv_stream stream,
                           uint64_t customers, int threads, ltv_error *err)
{
    worker *workers = calloc((size_t)threads, sizeof *workers);
    bool ready = workers != NULL, overflow = false, failed_memory = false;
    for (int t = 0; ready && t < threads; t++)
        ready = worker_init(&workers[t], program);
    if (ready) {
#pragma omp parallel for schedule(dynamic) num_threads(threads)
        for (uint64_t first = 0; first < customers; first += LTV_BLOCK)
            add_block(&workers[omp_get_thread_num()], program, stream, first, customers);
    }
    __int128 sum = 0;
    for (int t = 0; workers != NULL && t < threads; t++) {
        sum += workers[t].sum;
        overflow |= workers[t].overflow;
        failed_memory |= workers[t].failed_memory;
        ltv_block_free(&workers[t].block);
        free(workers[t].luck);
    }
    free(workers);
    *mean = (double)sum / (double)customers / program->quanta_per_unit;
    if (!ready || failed_memory)
        return ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory to simulate an arm again");
    return overflow ? ltv_fail(err, LTV_ERR_OVERFLOW,
                               "the LTV of some customer is too large to be held exactly: state "
                               "amounts in thousands or shorten the horizon")
                    : LTV_OK;
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

ltv_status ltv_mean_ltv(double *mean, const ltv_scenario *scenario, const ltv_arm *arm,
                        const ltv_program *limits, uint64_t customers, int threads, ltv_error *err)
{
    ltv_program program;
    ltv_stream stream = {.seed = scenario->seed};
    ltv_status status = ltv_program_init(&program, scenario, arm, err);
    if (status == LTV_OK)
        copy_limits(&program, limits);
    if (status == LTV_OK)
        status = simulate(mean, &program, stream, customers, threads, err);
    ltv_program_free(&program);
    return status;
}
