/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/simulate.h"

#include <stdatomic.h>
#include <stdlib.h>

#include <omp.h>

#include "sim/break_even.h"
#include "sim/driver_bridge.h"
#include "sim/inputs.h"
#include "sim/simulate_draws.h"
#include "sim/workroom.h"

/* Blocks that a thread takes at a time: long enough to make taking them cheap, short enough to
 * share out 100,000 customers evenly. */
enum { TASK_BLOCKS = 8, TASK_CUSTOMERS = TASK_BLOCKS * LTV_BLOCK };

static uint64_t tasks_of(uint64_t customers)
{
    return (customers + TASK_CUSTOMERS - 1) / TASK_CUSTOMERS;
}

/* The programs of all arms and what they need; shared by the threads, read only. */
typedef struct {
    const ltv_scenario *scenario;
    ltv_program_set set;
    ltv_stream stream;
    uint64_t customers;
    const ltv_simulate_options *options;
    atomic_uint_fast64_t done;
    atomic_bool stop;
} run;

/* One thread's own room, and its counts. */
typedef struct {
    ltv_workroom room;
    ltv_tally tally;
} worker;

static ltv_status worker_init(worker *self, const run *of, ltv_error *err)
{
    ltv_status status = ltv_workroom_init(&self->room, &of->set, err);
    return status == LTV_OK ? ltv_tally_init(&self->tally, of->scenario, of->set.programs, err)
                            : status;
}

static void worker_free(worker *self)
{
    ltv_workroom_free(&self->room);
    ltv_tally_free(&self->tally);
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
        worker *own = &workers[omp_get_thread_num()];
        ltv_workroom_simulate(&own->room, &self->set, self->stream, first, end, &own->tally);
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
        status = worker_init(&workers[t], self, err);
    if (status == LTV_OK && simulate_all(self, workers, threads) != LTV_OK)
        status = ltv_fail(err, LTV_ERR_INTERRUPTED, "interrupted; nothing was written");
    for (int t = 0; t < threads; t++) {
        if (status == LTV_OK)
            ltv_tally_merge(tally, &workers[t].tally);
        worker_free(&workers[t]);
    }
    free(workers);
    return status == LTV_OK ? ltv_workroom_check(tally, err) : status;
}

int ltv_simulate_threads(const ltv_scenario *scenario, int requested)
{
    int threads = requested > 0 ? requested : omp_get_num_procs();
    /* Each thread costs memory. */
    uint64_t tasks = scenario->draws > 1 ? scenario->draws : tasks_of(scenario->customers);
    return (uint64_t)threads < tasks ? threads : (int)tasks;
}

ltv_status ltv_simulate_check(const ltv_scenario *scenario, ltv_error *err)
{
    ltv_program_set set = {0};
    ltv_status status = ltv_program_set_init(&set, scenario, err);
    ltv_program_set_free(&set);
    return status;
}

/* --- a single draw --- */

static ltv_status simulate_world(ltv_estimate *estimate, run *self, ltv_error *err)
{
    int threads = ltv_simulate_threads(self->scenario, self->options->threads);
    ltv_tally tally = {0};
    ltv_status status = ltv_program_set_limits(&self->set, self->stream, err);
    if (status == LTV_OK)
        status = ltv_tally_init(&tally, self->scenario, self->set.programs, err);
    if (status == LTV_OK)
        status = run_workers(self, &tally, threads, err);
    if (status == LTV_OK)
        status = ltv_estimate_init(estimate, self->scenario, self->set.programs, &tally, err);
    ltv_tally_free(&tally);
    return status;
}

/* --- many draws --- */

static ltv_status simulate_worlds(ltv_estimate *estimate, run *self, ltv_error *err)
{
    const ltv_scenario *scenario = self->scenario;
    ltv_draws_outcome outcome = {0};
    double *values = calloc(scenario->draws * scenario->inputs.n, sizeof *values);
    if (values == NULL)
        return ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory for %u draws", scenario->draws);
    char choice[LTV_CHOICE_SIZE] = "";
    ltv_draws_plan plan = {.scenario = scenario,
                           .values = values,
                           .draws = scenario->draws,
                           .customers = scenario->customers,
                           .options = self->options};
    ltv_status status = ltv_inputs_draw(values, &scenario->inputs, scenario->sampling,
                                        scenario->seed, scenario->draws, err);
    if (status == LTV_OK && plan.customers == LTV_CUSTOMERS_AUTO)
        status = ltv_choose_customers(&plan.customers, choice, &plan, &self->set, err);
    if (status == LTV_OK)
        status = ltv_simulate_draws(&outcome, &plan, &self->set, err);
    for (size_t a = 0; status == LTV_OK && a < self->set.n; a++)
        self->set.programs[a].fixed_cost = outcome.fixed_cost[a];
    if (status == LTV_OK)
        status = ltv_estimate_init_pooled(estimate, scenario, self->set.programs, &outcome.pooled,
                                          &outcome.table, err);
    if (status == LTV_OK)
        status = ltv_draw_table_limits(&outcome.table, estimate, scenario, err);
    if (status == LTV_OK)
        status = ltv_estimate_keep_draws(estimate, &outcome.table, &values, choice, err);
    free(values);
    ltv_draws_outcome_free(&outcome);
    return status;
}

/* What is found by simulating arms again, changed: at the means of uncertain inputs, on customers
 * of its own number. */
static ltv_status simulate_again(ltv_estimate *estimate, const run *self, ltv_error *err)
{
    ltv_scenario scenario = *self->scenario; /* borrows all it owns */
    if (scenario.draws > 1)
        scenario.customers = LTV_BREAK_EVEN_CUSTOMERS;
    ltv_status status = ltv_break_even_fill(estimate, &scenario, self->options, err);
    return status == LTV_OK ? ltv_driver_bridge_fill(estimate, &scenario, self->options, err)
                            : status;
}

ltv_status ltv_simulate(ltv_estimate *estimate, const ltv_scenario *scenario,
                        const ltv_simulate_options *options, ltv_error *err)
{
    static const ltv_simulate_options defaults;
    run self = {.scenario = scenario,
                .stream = {.seed = scenario->seed},
                .customers = scenario->customers,
                .options = options != NULL ? options : &defaults};
    *estimate = (ltv_estimate){0};
    ltv_status status = ltv_program_set_init(&self.set, scenario, err);
    if (status == LTV_OK)
        status = scenario->draws > 1 ? simulate_worlds(estimate, &self, err)
                                     : simulate_world(estimate, &self, err);
    if (status == LTV_OK)
        status = simulate_again(estimate, &self, err);
    ltv_program_set_free(&self.set);
    return status;
}
