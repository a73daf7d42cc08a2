/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/simulate_draws.h"

#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include <omp.h>

#include "sim/precision.h"
#include "sim/workroom.h"

/* One thread's own. */
typedef struct {
    ltv_workroom room;
    ltv_tally pooled;
    void *reader; /* of worlds */
} worker;

static ltv_status worker_init(worker *self, const ltv_draws_plan *plan, const ltv_program_set *set,
                              ltv_error *err)
{
    const ltv_worlds *worlds = plan->scenario->worlds;
    ltv_status status = ltv_workroom_init(&self->room, set, err);
    if (status == LTV_OK)
        status = ltv_tally_init(&self->pooled, plan->scenario, set->programs, err);
    return status == LTV_OK ? worlds->open(worlds, &self->reader, err) : status;
}

static void worker_free(worker *self, const ltv_draws_plan *plan)
{
    if (self->reader != NULL)
        plan->scenario->worlds->close(self->reader);
    ltv_tally_free(&self->pooled);
    ltv_workroom_free(&self->room);
}

/* What one draw comes to. The customers are counted in two halves, whose difference shows the
 * noise of the curves. */
typedef struct {
    ltv_scenario world;
    ltv_program_set set;
    ltv_tally half[2];
    ltv_estimate estimate, half_estimates[2];
} draw_result;

static ltv_status simulate_half(draw_result *result, worker *self, const ltv_draws_plan *plan,
                                ltv_stream stream, int half, ltv_error *err)
{
    uint64_t middle = (plan->customers + 1) / 2;
    ltv_tally *tally = &result->half[half];
    ltv_status status = ltv_tally_init(tally, &result->world, result->set.programs, err);
    if (status == LTV_OK)
        status = ltv_tally_count_outlines(tally, err);
    if (status != LTV_OK)
        return status;
    ltv_tally_swap_large(tally, &self->pooled);
    ltv_workroom_simulate(&self->room, &result->set, stream, half == 0 ? 0 : middle,
                          half == 0 ? middle : plan->customers, tally);
    ltv_workroom_finish(&self->room, &result->set, tally);
    ltv_tally_swap_large(tally, &self->pooled);
    status = ltv_workroom_check(tally, err);
    if (status == LTV_OK)
        status = ltv_estimate_init_curves(&result->half_estimates[half], &result->world,
                                          result->set.programs, tally, err);
    return status;
}

static uint32_t luck_of(const ltv_draws_plan *plan, uint32_t draw)
{
    if (plan->luck != NULL)
        return plan->luck[draw];
    return plan->same_luck ? 0 : draw;
}

static ltv_status simulate_draw(draw_result *result, worker *self, const ltv_draws_plan *plan,
                                const ltv_program_set *set, uint32_t draw, ltv_error *err)
{
    const ltv_scenario *scenario = plan->scenario;
    ltv_stream stream = {.seed = scenario->seed, .draw = luck_of(plan, draw)};
    ltv_status status = scenario->worlds->read(
        self->reader, plan->values + draw * scenario->inputs.n, &result->world, err);
    if (status == LTV_OK)
        status = ltv_program_set_init_draw(&result->set, &result->world, set, err);
    if (status == LTV_OK)
        status = ltv_program_set_limits(&result->set, stream, err);
    for (int half = 0; status == LTV_OK && half < 2; half++)
        status = simulate_half(result, self, plan, stream, half, err);
    if (status != LTV_OK)
        return status;
    ltv_tally_merge(&result->half[0], &result->half[1]);
    ltv_tally_merge(&self->pooled, &result->half[0]);
    return ltv_estimate_init_draw(&result->estimate, &result->world, result->set.programs,
                                  &result->half[0], err);
}

static void draw_result_free(draw_result *result)
{
    ltv_estimate_free(&result->estimate);
    for (int half = 0; half < 2; half++) {
        ltv_estimate_free(&result->half_estimates[half]);
        ltv_tally_free(&result->half[half]);
    }
    ltv_program_set_free(&result->set);
    ltv_scenario_free(&result->world);
}

static ltv_status add_draw(ltv_draws_outcome *outcome, const draw_result *result, ltv_error *err)
{
    for (size_t a = 0; a < result->set.n; a++)
        outcome->fixed_cost_sum[a] += result->set.programs[a].fixed_cost;
    ltv_status status =
        ltv_draw_table_add(&outcome->table, &result->estimate, result->half_estimates, err);
    return status == LTV_OK ? ltv_draw_table_add_outlines(&outcome->table, &result->half[0], err)
                            : status;
}

/* Tells how far it is; false to stop. Only the first thread calls back, which need not be safe for
 * several. */
static bool goes_on(const ltv_draws_plan *plan, uint64_t draws_done)
{
    const ltv_simulate_options *options = plan->options;
    uint64_t all = plan->draws * plan->customers;
    return options->progress == NULL || omp_get_thread_num() != 0 ||
           options->progress(options->progress_context, draws_done * plan->customers,
                             plan->expected > all ? plan->expected : all);
}

/* A scenario that was read well and fails in a draw does so by the values that it has there, so
 * they are told. */
static ltv_status refuse_draw(const ltv_draws_plan *plan, uint32_t draw, ltv_status status,
                              const ltv_error *why, ltv_error *err)
{
    enum { MOST_NAMED = 8 };
    const ltv_inputs *inputs = &plan->scenario->inputs;
    const double *values = plan->values + draw * inputs->n;
    char text[600] = "";
    size_t used = 0, named = 0;
    if (status != LTV_ERR_BAD_INPUT && status != LTV_ERR_OVERFLOW)
        return ltv_fail(err, status, "%s", why->message);
    for (; named < inputs->n && named < MOST_NAMED && used + 100 < sizeof text; named++)
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%.70s = %.6g",
                                 named > 0 ? ", " : "", inputs->items[named].name, values[named]);
    if (named < inputs->n)
        snprintf(text + used, sizeof text - used, " and %zu more", inputs->n - named);
    return ltv_fail(err, status, "%.400s (in draw %u of %u, where %s)", why->message, draw + 1,
                    plan->draws, text);
}

/* Draws end in any order and are added in theirs. The first failure, in that order, is kept. */
static ltv_status simulate_all(ltv_draws_outcome *outcome, const ltv_draws_plan *plan,
                               const ltv_program_set *set, worker *workers, int threads,
                               ltv_error *err)
{
    ltv_status first = LTV_OK;
    atomic_bool stop = false;
    uint32_t begin = outcome->table.n;
    atomic_uint_fast64_t done = begin;
#pragma omp parallel for ordered schedule(dynamic, 1) num_threads(threads)
    for (uint32_t draw = begin; draw < plan->draws; draw++) {
        draw_result result = {0};
        ltv_error why = {0};
        ltv_status status = LTV_OK;
        bool skipped = atomic_load(&stop);
        if (!skipped)
            status = simulate_draw(&result, &workers[omp_get_thread_num()], plan, set, draw, &why);
        if (!skipped && !goes_on(plan, atomic_fetch_add(&done, 1) + 1) && status == LTV_OK)
            status = ltv_fail(&why, LTV_ERR_INTERRUPTED, "interrupted; nothing was written");
#pragma omp ordered
        {
            if (first == LTV_OK && !skipped && status == LTV_OK)
                status = add_draw(outcome, &result, &why);
            if (first == LTV_OK && status != LTV_OK) {
                first = refuse_draw(plan, draw, status, &why, err);
                atomic_store(&stop, true);
            }
        }
        draw_result_free(&result);
    }
    return first;
}

/* An outcome without draws, or with room for more. */
static ltv_status make_room(ltv_draws_outcome *outcome, const ltv_draws_plan *plan,
                            const ltv_program_set *set, ltv_error *err)
{
    const ltv_scenario *scenario = plan->scenario;
    if (outcome->table.n > 0)
        return ltv_draw_table_reserve(&outcome->table, plan->draws, err);
    *outcome = (ltv_draws_outcome){
        .table = ltv_draw_table_of(plan->draws, ltv_sampling_scrambles(scenario->sampling),
                                   plan->customers),
        .fixed_cost = calloc(scenario->n_arms, sizeof *outcome->fixed_cost),
        .fixed_cost_sum = calloc(scenario->n_arms, sizeof *outcome->fixed_cost_sum)};
    if (outcome->fixed_cost == NULL || outcome->fixed_cost_sum == NULL)
        return ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory for %u draws", plan->draws);
    return ltv_tally_init(&outcome->pooled, scenario, set->programs, err);
}

ltv_status ltv_simulate_draws(ltv_draws_outcome *outcome, const ltv_draws_plan *plan,
                              const ltv_program_set *set, ltv_error *err)
{
    const ltv_scenario *scenario = plan->scenario;
    int threads = ltv_simulate_threads(scenario, plan->options->threads);
    threads = (uint32_t)threads < plan->draws ? threads : (int)plan->draws; /* a pilot has few */
    worker *workers = calloc((size_t)threads, sizeof *workers);
    if (workers == NULL)
        return ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory for %d threads", threads);
    ltv_status status = make_room(outcome, plan, set, err);
    for (int t = 0; status == LTV_OK && t < threads; t++)
        status = worker_init(&workers[t], plan, set, err);
    if (status == LTV_OK)
        status = simulate_all(outcome, plan, set, workers, threads, err);
    for (int t = 0; t < threads; t++) {
        if (status == LTV_OK && t == 0) /* instead of a second copy of what is large */
            ltv_tally_swap_large(&outcome->pooled, &workers[0].pooled);
        if (status == LTV_OK)
            ltv_tally_merge(&outcome->pooled, &workers[t].pooled);
        worker_free(&workers[t], plan);
    }
    free(workers);
    for (size_t a = 0; status == LTV_OK && a < scenario->n_arms; a++)
        outcome->fixed_cost[a] = outcome->fixed_cost_sum[a] / plan->draws;
    return status == LTV_OK ? ltv_workroom_check(&outcome->pooled, err) : status;
}

void ltv_draws_outcome_free(ltv_draws_outcome *outcome)
{
    ltv_draw_table_free(&outcome->table);
    ltv_tally_free(&outcome->pooled);
    free(outcome->fixed_cost);
    free(outcome->fixed_cost_sum);
    *outcome = (ltv_draws_outcome){0};
}

/* --- customers per draw --- */

enum {
    PILOT_DRAWS = 64,
    PILOT_CUSTOMERS = 256,
    FEWEST = LTV_FEWEST_CUSTOMERS,
    MOST = 2048,
    STEP = 128
};

/* The most that any LTV or difference of LTV of the pilot asks for, and the deviations that do;
 * whether in some of them what the inputs do cannot be told from the noise of customers. */
typedef struct {
    double customers, sigma, tau;
    bool hidden;
} demand;

static void ask_for(demand *most, const ltv_draw_table *table, size_t owner, const char *name)
{
    ltv_draw_series series = ltv_draw_table_series(table, owner, name);
    ltv_variance_parts parts = ltv_draws_variance(&series);
    double within = parts.noise * (double)table->customers;
    double n = ltv_best_customers_per_draw(within, parts.parameter, 0);
    if (!(within > 0)) /* it has no noise that more customers could make smaller */
        return;
    if (isfinite(n) && n > most->customers)
        *most = (demand){n, sqrt(within), sqrt(parts.parameter), most->hidden};
    most->hidden |= isinf(n);
}

static demand demand_of(const ltv_draw_table *table)
{
    demand most = {0};
    for (size_t i = 0; i < table->n_figures; i++) {
        const ltv_draw_figure *figure = &table->figures[i];
        if (figure->owner >= table->n_groups)
            ask_for(&most, table, figure->owner, "delta_ltv");
        else if (i == 0 || figure->owner != table->figures[i - 1].owner)
            ask_for(&most, table, figure->owner, "ltv");
    }
    return most;
}

ltv_status ltv_choose_customers(uint64_t *customers, char why[LTV_CHOICE_SIZE],
                                const ltv_draws_plan *plan, const ltv_program_set *set,
                                ltv_error *err)
{
    static const ltv_simulate_options quietly;
    ltv_draws_outcome pilot = {0};
    ltv_simulate_options options = quietly;
    options.threads = plan->options->threads;
    ltv_draws_plan small = *plan;
    small.draws = plan->draws < PILOT_DRAWS ? plan->draws : PILOT_DRAWS;
    small.customers = PILOT_CUSTOMERS;
    small.options = &options;
    ltv_status status = ltv_simulate_draws(&pilot, &small, set, err);
    demand most = {0};
    if (status == LTV_OK)
        most = demand_of(&pilot.table);
    ltv_draws_outcome_free(&pilot);
    if (status != LTV_OK)
        return status;
    /* An arm that no input concerns asks for nothing; but where that seems to be so of all of them,
     * it is noise that hides it, and few customers would go on hiding it. */
    bool hidden = most.hidden && most.customers == 0;
    double rounded = hidden ? MOST : STEP * ceil(most.customers / STEP);
    *customers = rounded < FEWEST ? FEWEST : rounded > MOST ? MOST : (uint64_t)rounded;
    uint64_t allowed = ltv_precision_most(plan->scenario) / plan->draws;
    if (allowed >= FEWEST && *customers > allowed)
        *customers = allowed;
    if (most.customers > 0)
        snprintf(why, LTV_CHOICE_SIZE,
                 "1 + sigma^2/tau^2 = %.0f customers, of sigma %.4g from customer to customer and "
                 "tau %.4g over draws in a pilot of %u draws of %d; kept within %d and %d",
                 most.customers, most.sigma, most.tau, small.draws, PILOT_CUSTOMERS, FEWEST, MOST);
    else if (hidden)
        snprintf(why, LTV_CHOICE_SIZE,
                 "the most%s: in a pilot of %u draws of %d customers what the inputs do could not "
                 "be told from the noise of customers",
                 *customers < MOST ? " that max_customers allows" : "", small.draws,
                 PILOT_CUSTOMERS);
    else
        snprintf(why, LTV_CHOICE_SIZE,
                 "the fewest: in a pilot of %u draws of %d customers no LTV differed from customer "
                 "to customer",
                 small.draws, PILOT_CUSTOMERS);
    return LTV_OK;
}
