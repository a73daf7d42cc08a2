/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/simulate.h"

#include <stdatomic.h>
#include <stdlib.h>

#include <omp.h>

#include "sim/break_even.h"
#include "sim/driver_bridge.h"
#include "sim/inputs.h"
#include "sim/precision_check.h"
#include "sim/simulate_draws.h"
#include "sim/workroom.h"

/* Blocks that a thread takes at a time: long enough to make taking them cheap, short enough to
 * share out 100,000 customers evenly. */
enum { TASK_BLOCKS = 8, TASK_CUSTOMERS = TASK_BLOCKS * LTV_BLOCK };

/* Where customers are only counted, a thread has to have so many to be worth its start: it takes
 * milliseconds, in which one that runs already counts millions. */
enum { FEWEST_COUNTED = 4000000 };

static uint64_t tasks_of(uint64_t customers)
{
    return (customers + TASK_CUSTOMERS - 1) / TASK_CUSTOMERS;
}

/* The programs of all arms and what they need; shared by the threads, read only. */
typedef struct {
    const ltv_scenario *scenario;
    ltv_program_set set;
    ltv_stream stream;
    uint64_t first, end; /* customers to simulate now: first ... end - 1 */
    uint64_t expected;   /* customers in all, as far as can be said */
    const ltv_simulate_options *options;
    atomic_uint_fast64_t done;
    atomic_bool stop;
    char choice[LTV_CHOICE_SIZE]; /* how customers per draw were chosen; "" where they were said */
} run;

/* One thread's own room, and where it counts: the first one in the tally of all, the others in
 * their own. */
typedef struct {
    ltv_workroom room;
    ltv_tally *tally, own;
} worker;

static ltv_status worker_init(worker *self, const run *of, ltv_tally *all, ltv_error *err)
{
    ltv_status status = ltv_workroom_init(&self->room, &of->set, err);
    self->tally = all != NULL ? all : &self->own;
    return status == LTV_OK && all == NULL
               ? ltv_tally_init(&self->own, of->scenario, of->set.programs, err)
               : status;
}

static void worker_free(worker *self)
{
    ltv_workroom_free(&self->room);
    ltv_tally_free(&self->own);
}

static void report(run *self, uint64_t customers)
{
    uint64_t done = atomic_fetch_add(&self->done, customers) + customers;
    const ltv_simulate_options *options = self->options;
    /* Only the first thread calls back: the caller need not be safe for several. */
    if (options->progress != NULL && omp_get_thread_num() == 0 &&
        !options->progress(options->progress_context, done, self->expected))
        atomic_store(&self->stop, true);
}

static ltv_status simulate_all(run *self, worker *workers, int threads)
{
    uint64_t tasks = tasks_of(self->end - self->first);
#pragma omp parallel for schedule(dynamic) num_threads(threads)
    for (uint64_t task = 0; task < tasks; task++) {
        if (atomic_load(&self->stop))
            continue;
        uint64_t first = self->first + task * TASK_CUSTOMERS, end = first + TASK_CUSTOMERS;
        end = end < self->end ? end : self->end;
        worker *own = &workers[omp_get_thread_num()];
        ltv_workroom_simulate(&own->room, &self->set, self->stream, first, end, own->tally);
        report(self, end - first);
    }
    return atomic_load(&self->stop) ? LTV_ERR_INTERRUPTED : LTV_OK;
}

/* What each thread has only counted so far, or kept back. */
static void finish_all(const run *self, worker *workers, int threads)
{
#pragma omp parallel for schedule(static, 1) num_threads(threads)
    for (int t = 0; t < threads; t++)
        ltv_workroom_finish(&workers[t].room, &self->set, workers[t].tally);
}

/* For the customers to simulate now. */
static int threads_for(const run *self)
{
    int threads = ltv_simulate_threads(self->scenario, self->options->threads);
    uint64_t worth = (self->end - self->first) / FEWEST_COUNTED + 1;
    return self->set.counted && worth < (uint64_t)threads ? (int)worth : threads;
}

static ltv_status run_workers(run *self, ltv_tally *tally, int threads, ltv_error *err)
{
    worker *workers = calloc((size_t)threads, sizeof *workers);
    if (workers == NULL)
        return ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory for %d threads", threads);
    ltv_status status = LTV_OK;
    for (int t = 0; status == LTV_OK && t < threads; t++)
        status = worker_init(&workers[t], self, t == 0 ? tally : NULL, err);
    if (status == LTV_OK && simulate_all(self, workers, threads) != LTV_OK)
        status = ltv_fail(err, LTV_ERR_INTERRUPTED, "interrupted; nothing was written");
    if (status == LTV_OK)
        finish_all(self, workers, threads);
    for (int t = 0; t < threads; t++) {
        if (status == LTV_OK && t > 0)
            ltv_tally_merge(tally, &workers[t].own);
        worker_free(&workers[t]);
    }
    free(workers);
    return status == LTV_OK ? ltv_workroom_check(tally, err) : status;
}

int ltv_simulate_threads(const ltv_scenario *scenario, int requested)
{
    int threads = requested > 0 ? requested : omp_get_num_procs();
    uint64_t most = ltv_precision_most(scenario);
    most = most > scenario->customers ? most : scenario->customers;
    /* Each thread costs memory. */
    uint64_t tasks = scenario->draws > 1 ? scenario->draws : tasks_of(most);
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

static uint64_t smaller(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* Keeps what a run says about itself; true when it may stop. `limit`: what keeps it from going on;
 * NULL: nothing. */
static bool judge(ltv_estimate *estimate, const run *self, uint64_t customers, uint32_t draws,
                  const char *limit, double *needed)
{
    const ltv_scenario *scenario = self->scenario;
    bool waits = scenario->n_precisions > 0;
    uint32_t scrambles = ltv_sampling_scrambles(scenario->sampling);
    estimate->mc_t95 = ltv_precision_factor(0.95, draws, scrambles, waits);
    if (!waits)
        return true;
    ltv_precision_look look = ltv_precision_judge(scenario, estimate, customers, draws);
    if (self->options->looked != NULL)
        self->options->looked(self->options->progress_context, &look);
    *needed = look.needed;
    estimate->is_precise = look.met;
    ltv_precision_sentence(estimate->stopping, &look, customers,
                           limit != NULL ? limit : "all that max_customers allows");
    return look.done || limit != NULL;
}

/* The prefix of the schedule that `needed` customers fall into: `now` doubled, and `most` at the
 * end. */
static uint64_t expected_prefix(uint64_t now, double needed, uint64_t most)
{
    uint64_t prefix = now;
    while (prefix < most && (double)prefix < needed)
        prefix = prefix > most / 2 ? most : 2 * prefix;
    return prefix;
}

/* Customers first ... end - 1 besides those that the tally has, and what all of them say. */
static ltv_status simulate_stage(ltv_estimate *estimate, ltv_tally *tally, run *self,
                                 ltv_error *err)
{
    int threads = threads_for(self), before = estimate->threads;
    ltv_status status = run_workers(self, tally, threads, err);
    ltv_estimate_free(estimate);
    if (status == LTV_OK)
        status = ltv_estimate_init(estimate, self->scenario, self->set.programs, tally, err);
    estimate->customers = self->end;
    estimate->threads = threads > before ? threads : before;
    return status;
}

static ltv_status simulate_stages(ltv_estimate *estimate, ltv_tally *tally, run *self,
                                  ltv_error *err)
{
    uint64_t most = smaller(ltv_precision_most(self->scenario), LTV_MAX_CUSTOMERS);
    self->end = self->expected = self->scenario->customers;
    for (;;) {
        double needed = 0;
        ltv_status status = simulate_stage(estimate, tally, self, err);
        const char *limit = self->end < LTV_MAX_CUSTOMERS ? NULL : "the most there can be";
        if (status != LTV_OK || judge(estimate, self, self->end, 1, limit, &needed))
            return status;
        self->first = self->end;
        self->end = smaller(2 * self->end, most);
        self->expected = expected_prefix(self->end, needed, most);
    }
}

static ltv_status simulate_world(ltv_estimate *estimate, run *self, ltv_error *err)
{
    ltv_tally tally = {0};
    ltv_status status = ltv_program_set_limits(&self->set, self->stream, err);
    if (status == LTV_OK)
        status = ltv_tally_init(&tally, self->scenario, self->set.programs, err);
    if (status == LTV_OK)
        status = simulate_stages(estimate, &tally, self, err);
    ltv_tally_free(&tally);
    return status;
}

/* --- many draws --- */

/* Draws besides those that the outcome has, as many as the plan says, and what all of them say. */
static ltv_status simulate_more_draws(ltv_estimate *estimate, ltv_draws_outcome *outcome,
                                      ltv_draws_plan *plan, double **values, run *self,
                                      ltv_error *err)
{
    const ltv_scenario *scenario = self->scenario;
    free(*values);
    *values = calloc(plan->draws * scenario->inputs.n, sizeof **values);
    if (*values == NULL)
        return ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory for %u draws", plan->draws);
    plan->values = *values;
    ltv_status status = ltv_inputs_draw(*values, &scenario->inputs, scenario->sampling,
                                        scenario->seed, plan->draws, err);
    if (status == LTV_OK && plan->customers == LTV_CUSTOMERS_AUTO)
        status = ltv_choose_customers(&plan->customers, self->choice, plan, &self->set, err);
    if (status == LTV_OK)
        status = ltv_simulate_draws(outcome, plan, &self->set, err);
    for (size_t a = 0; status == LTV_OK && a < self->set.n; a++)
        self->set.programs[a].fixed_cost = outcome->fixed_cost[a];
    ltv_estimate_free(estimate);
    if (status == LTV_OK)
        status = ltv_estimate_init_pooled(estimate, scenario, self->set.programs, &outcome->pooled,
                                          &outcome->table, err);
    if (status == LTV_OK)
        status = ltv_draw_table_limits(&outcome->table, estimate, scenario, err);
    estimate->customers = plan->customers;
    estimate->threads = ltv_simulate_threads(scenario, plan->options->threads);
    return status;
}

/* More than this a table of draws is not grown to without being asked for so many. */
static const size_t most_table_bytes = (size_t)1 << 30;

/* The draws to have next, 0 where there can be no more; then *limit says why. */
static uint32_t next_draws(const ltv_draws_plan *plan, const ltv_draw_table *table,
                           const char **limit)
{
    const ltv_scenario *scenario = plan->scenario;
    uint64_t allowed = ltv_precision_most(scenario) / plan->customers;
    bool any = scenario->sampling == LTV_SAMPLING_RANDOM;
    uint32_t twice = 2 * plan->draws, next = twice;
    *limit = "all that max_customers allows";
    if (allowed < twice)
        next = any && allowed > plan->draws ? (uint32_t)allowed : 0;
    if (next > LTV_MOST_DRAWS) {
        *limit = "in as many draws as there can be";
        next = any && plan->draws < LTV_MOST_DRAWS ? LTV_MOST_DRAWS : 0;
    }
    if (next > 0 && ltv_draw_table_bytes_per_draw(table) > most_table_bytes / next) {
        *limit = "and more draws would take too much memory";
        next = 0;
    }
    return next;
}

static ltv_status simulate_draw_stages(ltv_estimate *estimate, ltv_draws_outcome *outcome,
                                       double **values, run *self, ltv_error *err)
{
    ltv_draws_plan plan = {.scenario = self->scenario,
                           .draws = self->scenario->draws,
                           .customers = self->scenario->customers,
                           .options = self->options};
    for (;;) {
        double needed = 0;
        const char *limit = NULL;
        ltv_status status = simulate_more_draws(estimate, outcome, &plan, values, self, err);
        if (status != LTV_OK)
            return status;
        uint32_t next = next_draws(&plan, &outcome->table, &limit);
        uint64_t customers = plan.draws * plan.customers;
        if (judge(estimate, self, customers, plan.draws, next == 0 ? limit : NULL, &needed))
            return LTV_OK;
        plan.draws = next;
        plan.expected =
            expected_prefix(next * plan.customers, needed, ltv_precision_most(self->scenario));
    }
}

static ltv_status simulate_worlds(ltv_estimate *estimate, run *self, ltv_error *err)
{
    ltv_draws_outcome outcome = {0};
    double *values = NULL;
    ltv_status status = simulate_draw_stages(estimate, &outcome, &values, self, err);
    if (status == LTV_OK)
        status = ltv_estimate_keep_draws(estimate, &outcome.table, &values, self->choice, err);
    free(values);
    ltv_draws_outcome_free(&outcome);
    return status;
}

/* What is found by simulating arms again, changed: at the means of uncertain inputs, on customers
 * of its own number. */
static ltv_status simulate_again(ltv_estimate *estimate, const run *self, ltv_error *err)
{
    ltv_scenario scenario = *self->scenario; /* borrows all it owns */
    scenario.customers = scenario.draws > 1 ? LTV_BREAK_EVEN_CUSTOMERS : estimate->customers;
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
                .options = options != NULL ? options : &defaults};
    *estimate = (ltv_estimate){0};
    size_t faulty;
    ltv_status status = ltv_precision_check(scenario, &faulty, err);
    if (status == LTV_OK)
        status = ltv_program_set_init(&self.set, scenario, err);
    if (status == LTV_OK)
        status = scenario->draws > 1 ? simulate_worlds(estimate, &self, err)
                                     : simulate_world(estimate, &self, err);
    if (status == LTV_OK)
        status = simulate_again(estimate, &self, err);
    ltv_program_set_free(&self.set);
    return status;
}
