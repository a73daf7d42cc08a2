/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/simulate.h"

#include <stdatomic.h>
#include <stdlib.h>

#include <omp.h>

#include "sim/break_even.h"
#include "sim/driver_bridge.h"
#include "sim/kernel.h"
#include "sim/pilot.h"
#include "sim/tally.h"

/* Blocks that a thread takes at a time: long enough to make taking them cheap, short enough to
 * share out 100,000 customers evenly. */
enum { TASK_BLOCKS = 8, TASK_CUSTOMERS = TASK_BLOCKS * LTV_BLOCK };

static uint64_t tasks_of(uint64_t customers)
{
    return (customers + TASK_CUSTOMERS - 1) / TASK_CUSTOMERS;
}

/* One thread's own room: its luck, what becomes of a block in each arm, and its counts. */
typedef struct {
    ltv_luck *luck; /* owned */
    size_t n_blocks;
    ltv_block *blocks; /* owned, one per arm */
    ltv_tally tally;
} worker;

static ltv_status worker_init(worker *self, const ltv_scenario *scenario,
                              const ltv_program *programs, ltv_error *err)
{
    *self = (worker){.luck = calloc(1, sizeof *self->luck),
                     .blocks = calloc(scenario->n_arms, sizeof *self->blocks)};
    if (self->luck == NULL || self->blocks == NULL)
        return ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory for a thread's blocks");
    ltv_status status = LTV_OK;
    while (status == LTV_OK && self->n_blocks < scenario->n_arms) {
        size_t a = self->n_blocks++;
        status = ltv_block_init(&self->blocks[a], &programs[a], err);
    }
    return status == LTV_OK ? ltv_tally_init(&self->tally, scenario, programs, err) : status;
}

static void worker_free(worker *self)
{
    for (size_t a = 0; a < self->n_blocks; a++)
        ltv_block_free(&self->blocks[a]);
    free(self->luck);
    free(self->blocks);
    ltv_tally_free(&self->tally);
}

/* The programs of all arms and what they need; shared by the threads, read only. */
typedef struct {
    const ltv_scenario *scenario;
    size_t n_programs;
    ltv_program *programs; /* owned, one per arm */
    ltv_luck_needs needs;
    ltv_stream stream;
    uint64_t customers;
    const ltv_simulate_options *options;
    atomic_uint_fast64_t done;
    atomic_bool stop;
} run;

static void simulate_task(const run *self, worker *room, uint64_t first, uint64_t end)
{
    for (uint64_t customer = first; customer < end; customer += LTV_BLOCK) {
        uint64_t left = end - customer;
        ltv_luck_fill(room->luck, self->stream, self->needs, (uint32_t)customer,
                      left < LTV_BLOCK ? (uint32_t)left : LTV_BLOCK);
        for (size_t a = 0; a < self->n_programs; a++)
            ltv_kernel_run(&room->blocks[a], &self->programs[a], room->luck);
        ltv_tally_add(&room->tally, self->programs, room->blocks);
    }
}

static void report(run *self, uint64_t customers)
{
    uint64_t done = atomic_fetch_add(&self->done, customers) + customers;
    const ltv_simulate_options *options = self->options;
    /* Only the first thread calls back: the caller need not be safe for several. */
    if (options->progress != NULL && omp_get_thread_num() == 0 &&
        !options->progress(options->progress_context, done, self->customers))
        atomic_store(&self->stop, true);
}

static ltv_status simulate_all(run *self, worker *workers, int threads)
{
    uint64_t tasks = tasks_of(self->customers);
#pragma omp parallel for schedule(dynamic) num_threads(threads)
    for (uint64_t task = 0; task < tasks; task++) {
        if (atomic_load(&self->stop))
            continue;
        uint64_t first = task * TASK_CUSTOMERS, end = first + TASK_CUSTOMERS;
        end = end < self->customers ? end : self->customers;
        simulate_task(self, &workers[omp_get_thread_num()], first, end);
        report(self, end - first);
    }
    return atomic_load(&self->stop) ? LTV_ERR_INTERRUPTED : LTV_OK;
}

static ltv_status run_workers(run *self, ltv_tally *tally, int threads, ltv_error *err)
{
    worker *workers = calloc((size_t)threads, sizeof *workers);
    if (workers == NULL)
        return ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory for %d threads", threads);
    ltv_status status = LTV_OK;
    for (int t = 0; status == LTV_OK && t < threads; t++)
        status = worker_init(&workers[t], self->scenario, self->programs, err);
    if (status == LTV_OK && simulate_all(self, workers, threads) != LTV_OK)
        status = ltv_fail(err, LTV_ERR_INTERRUPTED, "interrupted; nothing was written");
    for (int t = 0; t < threads; t++) {
        if (status == LTV_OK)
            ltv_tally_merge(tally, &workers[t].tally);
        worker_free(&workers[t]);
    }
    free(workers);
    if (status == LTV_OK && tally->overflow)
        status = ltv_fail(err, LTV_ERR_OVERFLOW,
                          "the LTV of some customer is too large to be held exactly: state "
                          "amounts in thousands or shorten the horizon");
    if (status == LTV_OK && ltv_tally_out_of_memory(tally))
        status = ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory for what becomes of the customers");
    return status;
}

int ltv_simulate_threads(const ltv_scenario *scenario, int requested)
{
    int threads = requested > 0 ? requested : omp_get_num_procs();
    uint64_t tasks = tasks_of(scenario->customers); /* each thread costs memory */
    return (uint64_t)threads < tasks ? threads : (int)tasks;
}

static ltv_status compile(run *self, ltv_error *err)
{
    const ltv_scenario *scenario = self->scenario;
    self->programs = calloc(scenario->n_arms, sizeof *self->programs);
    if (self->programs == NULL)
        return ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory for %zu arms", scenario->n_arms);
    ltv_status status = LTV_OK;
    while (status == LTV_OK && self->n_programs < scenario->n_arms) {
        size_t a = self->n_programs++;
        status = ltv_program_init(&self->programs[a], scenario, &scenario->arms[a], err);
        if (status != LTV_OK)
            break;
        ltv_luck_needs needs = ltv_kernel_needs(&self->programs[a]);
        self->needs.involuntary |= needs.involuntary;
        self->needs.membership |= needs.membership;
        self->needs.levels |= needs.levels;
    }
    return status;
}

static ltv_status set_limits(run *self, ltv_error *err)
{
    ltv_status status = LTV_OK;
    for (size_t a = 0; status == LTV_OK && a < self->n_programs; a++)
        status = ltv_pilot_set_limits(&self->programs[a], self->stream, err);
    return status;
}

static void free_programs(run *self)
{
    for (size_t a = 0; a < self->n_programs; a++)
        ltv_program_free(&self->programs[a]);
    free(self->programs);
}

ltv_status ltv_simulate_check(const ltv_scenario *scenario, ltv_error *err)
{
    run self = {.scenario = scenario};
    ltv_status status = compile(&self, err);
    free_programs(&self);
    return status;
}

ltv_status ltv_simulate(ltv_estimate *estimate, const ltv_scenario *scenario,
                        const ltv_simulate_options *options, ltv_error *err)
{
    static const ltv_simulate_options defaults;
    run self = {.scenario = scenario,
                .stream = {.seed = scenario->seed},
                .customers = scenario->customers,
                .options = options != NULL ? options : &defaults};
    int threads = ltv_simulate_threads(scenario, self.options->threads);
    ltv_tally tally = {0};
    *estimate = (ltv_estimate){0};
    ltv_status status = compile(&self, err);
    if (status == LTV_OK)
        status = set_limits(&self, err);
    if (status == LTV_OK)
        status = ltv_tally_init(&tally, scenario, self.programs, err);
    if (status == LTV_OK)
        status = run_workers(&self, &tally, threads, err);
    if (status == LTV_OK)
        status = ltv_estimate_init(estimate, scenario, self.programs, &tally, err);
    if (status == LTV_OK)
        status = ltv_break_even_fill(estimate, scenario, self.options, err);
    if (status == LTV_OK)
        status = ltv_driver_bridge_fill(estimate, scenario, self.options, err);
    ltv_tally_free(&tally);
    free_programs(&self);
    return status;
}
