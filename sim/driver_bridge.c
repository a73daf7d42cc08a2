/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/driver_bridge.h"

#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <omp.h>

#include "sim/kernel/kernel.h"
#include "sim/pilot.h"

/* The rows to be found: each a driver, or several that cannot be told apart. */
typedef struct {
    size_t n;
    ltv_driver_set drivers[LTV_DRIVERS];
} row_list;

/* The hybrids of two arms on the same customers. Bit r of a hybrid's number: row r is from the
 * second arm. */
typedef struct {
    const ltv_scenario *scenario;
    ltv_arm_pair pair; /* against, arm */
    row_list rows;
    ltv_stream stream;
    uint64_t customers;
    const ltv_simulate_options *options;
    ltv_money *ltv; /* owned, [hybrid * customers + customer] */
    ltv_error *err;
} experiment;

static size_t hybrids_of(size_t rows)
{
    return (size_t)1 << rows;
}

/* --- rows --- */

/* Drivers that differ, those that cannot be told apart together. Where the arms cannot be mixed
 * at all everything is one row. */
static row_list rows_of(const ltv_arm_pair *pair)
{
    row_list rows = {0};
    ltv_driver_set left = pair->differ;
    if (left != 0 && !pair->mixable)
        return (row_list){.n = 1, .drivers = {left}};
    for (ltv_driver driver = 0; driver < LTV_DRIVERS; driver++) {
        if (!(left >> driver & 1))
            continue;
        ltv_driver_set row = ltv_arm_pair_inseparable(pair, driver) & pair->differ;
        rows.drivers[rows.n++] = row;
        left &= ~row;
    }
    return rows;
}

/* The driver that gives a row its name. */
static ltv_driver name_of(ltv_driver_set row)
{
    return (ltv_driver)__builtin_ctz(row);
}

/* --- simulating --- */

static void live_block(const experiment *self, const ltv_program *program, ltv_block *block,
                       ltv_luck *luck, uint64_t first)
{
    uint64_t left = self->customers - first;
    ltv_luck_fill(luck, self->stream, ltv_kernel_needs(program), (uint32_t)first,
                  left < LTV_BLOCK ? (uint32_t)left : LTV_BLOCK);
    ltv_kernel_run(block, program, luck);
}

/* LTV of each customer. */
static ltv_status live(const experiment *self, const ltv_program *program, ltv_money *ltv,
                       ltv_error *err)
{
    ltv_luck *luck = malloc(sizeof *luck);
    ltv_block block;
    bool ok = ltv_block_init(&block, program, NULL) == LTV_OK && luck != NULL, overflow = false;
    for (uint64_t first = 0; ok && first < self->customers; first += LTV_BLOCK) {
        live_block(self, program, &block, luck, first);
        memcpy(ltv + first, block.ltv, block.n * sizeof *ltv);
        overflow |= block.overflow;
        ok = !block.out_of_memory;
    }
    ltv_block_free(&block);
    free(luck);
    if (!ok)
        return ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory to simulate a mix of two arms");
    return overflow ? ltv_fail(err, LTV_ERR_OVERFLOW,
                               "a mix of two arms is worth more than can be held exactly")
                    : LTV_OK;
}

static ltv_status simulate_arm(const experiment *self, const ltv_arm *arm, ltv_money *ltv,
                               ltv_error *err)
{
    ltv_program program;
    ltv_status status = ltv_program_init(&program, self->scenario, arm, err);
    if (status == LTV_OK)
        status = ltv_pilot_set_limits(&program, self->stream, err);
    if (status == LTV_OK)
        status = live(self, &program, ltv, err);
    ltv_program_free(&program);
    return status;
}

/* The two arms themselves are simulated as they are. */
static ltv_status simulate_hybrid(const experiment *self, size_t number, ltv_error *err)
{
    ltv_money *ltv = self->ltv + number * self->customers;
    ltv_driver_set from_second = 0;
    ltv_arm hybrid;
    if (number == 0 || number + 1 == hybrids_of(self->rows.n))
        return simulate_arm(self, self->pair.arm[number > 0], ltv, err);
    for (size_t r = 0; r < self->rows.n; r++)
        from_second |= number >> r & 1 ? self->rows.drivers[r] : 0;
    ltv_status status = ltv_hybrid_arm_init(&hybrid, &self->pair, from_second, err);
    if (status == LTV_OK)
        status = simulate_arm(self, &hybrid, ltv, err);
    ltv_hybrid_arm_free(&hybrid);
    return status;
}

/* Only the first thread calls back: the caller need not be safe for several. */
static bool goes_on(const experiment *self)
{
    const ltv_simulate_options *options = self->options;
    uint64_t done = self->scenario->customers;
    return options->progress == NULL || omp_get_thread_num() != 0 ||
           options->progress(options->progress_context, done, done);
}

/* A thread takes a hybrid at a time, since the pilot of one with a capacity, which is the longest
 * part, is one thread's work. */
static ltv_status simulate_all(const experiment *self, ltv_error *failed)
{
    size_t n = hybrids_of(self->rows.n);
    int threads = self->options->threads > 0 ? self->options->threads : omp_get_num_procs();
    atomic_bool stop = false;
#pragma omp parallel for schedule(dynamic) num_threads((size_t)threads < n ? threads : (int)n)
    for (size_t number = 0; number < n; number++) {
        if (!atomic_load(&stop) && !goes_on(self))
            atomic_store(&stop, true);
        if (!atomic_load(&stop))
            failed[number].code = simulate_hybrid(self, number, &failed[number]);
    }
    return atomic_load(&stop) ? LTV_ERR_INTERRUPTED : LTV_OK;
}

/* Of several failures the first hybrid's is told, on any number of threads. */
static ltv_status simulate_hybrids(experiment *self)
{
    size_t n = hybrids_of(self->rows.n);
    ltv_error *failed = calloc(n, sizeof *failed);
    ltv_status status = LTV_OK;
    self->ltv = calloc(n * self->customers, sizeof *self->ltv);
    if (self->ltv == NULL || failed == NULL)
        status = ltv_fail(self->err, LTV_ERR_NO_MEMORY, "no memory to mix two arms");
    else if (simulate_all(self, failed) != LTV_OK)
        status = ltv_fail(self->err, LTV_ERR_INTERRUPTED, "interrupted; nothing was written");
    for (size_t number = 0; status == LTV_OK && number < n; number++)
        if (failed[number].code != LTV_OK)
            status = ltv_fail(self->err, failed[number].code, "%s", failed[number].message);
    free(failed);
    return status;
}

/* --- Shapley --- */

/* Of the k! orders the share in which so many rows are changed before this one, as a whole number
 * of LTV_DRIVER_FRACTIONs: before! (k - 1 - before)! / k!. */
static int64_t share_of_orders(size_t k, size_t before)
{
    int64_t orders = LTV_DRIVER_FRACTION;
    for (size_t i = 2; i <= k; i++)
        orders /= (int64_t)i;
    for (size_t i = 2; i <= before; i++)
        orders *= (int64_t)i;
    for (size_t i = 2; i + before < k; i++)
        orders *= (int64_t)i;
    return orders;
}

/* The part of a row in one customer's difference. */
static __int128 part_of(const experiment *self, const int64_t *share, size_t row, size_t customer)
{
    __int128 part = 0;
    for (size_t number = 0; number < hybrids_of(self->rows.n); number++) {
        if (number >> row & 1)
            continue;
        const ltv_money *without = self->ltv + number * self->customers + customer;
        const ltv_money *with = without + ((size_t)1 << row) * self->customers;
        part += (__int128)share[__builtin_popcountll(number)] * (*with - *without);
    }
    return part;
}

static ltv_money rounded(__int128 part)
{
    __int128 half = LTV_DRIVER_FRACTION / 2;
    return (ltv_money)((part + (part < 0 ? -half : half)) / LTV_DRIVER_FRACTION);
}

static void add_parts(ltv_driver_bridge *bridge, const experiment *self)
{
    int64_t share[LTV_DRIVERS] = {0};
    const ltv_money *last = self->ltv + (hybrids_of(self->rows.n) - 1) * self->customers;
    for (size_t before = 0; before < self->rows.n; before++)
        share[before] = share_of_orders(self->rows.n, before);
    for (size_t i = 0; i < self->customers; i++)
        bridge->whole += last[i] - self->ltv[i];
    for (size_t r = 0; r < self->rows.n; r++) {
        ltv_driver driver = name_of(self->rows.drivers[r]);
        for (size_t i = 0; i < self->customers; i++) {
            __int128 part = part_of(self, share, r, i);
            bridge->part[driver] += part;
            ltv_moments_add(&bridge->customer[driver], rounded(part));
        }
    }
}

/* --- notes --- */

static void say_unmatched(char *note, size_t size, const ltv_arm_pair *pair, ltv_driver driver)
{
    static const char *const notes[LTV_DRIVERS] = {
        [LTV_DRIVER_EXPANSION] = "prices, margins and churn of plans that one arm alone has come "
                                 "with them",
        [LTV_DRIVER_CROSS_SELL] = "prices, margins and churn of add-ons that one arm alone has "
                                  "come with them",
        [LTV_DRIVER_MIX] = "segments and channels that one arm alone has bring all that is theirs",
    };
    if (notes[driver] != NULL && ltv_arm_pair_has_unmatched(pair, driver))
        snprintf(note, size, "%s", notes[driver]);
}

static void say_lump(char *note, size_t size, ltv_driver_set row)
{
    size_t length = (size_t)snprintf(note, size, "cannot be told apart here, and is in it:");
    row &= row - 1;
    for (; row != 0 && length < size; row &= row - 1)
        length += (size_t)snprintf(note + length, size - length, " %s%s",
                                   ltv_driver_name(name_of(row)), (row & (row - 1)) ? "," : "");
}

static void describe_rows(ltv_driver_bridge *bridge, const experiment *self)
{
    for (size_t r = 0; r < self->rows.n; r++) {
        ltv_driver_set row = self->rows.drivers[r];
        ltv_driver driver = name_of(row);
        bridge->differ |= 1u << driver;
        bridge->counted[driver] = row;
        if (row & (row - 1))
            say_lump(bridge->note[driver], sizeof bridge->note[driver], row);
        else
            say_unmatched(bridge->note[driver], sizeof bridge->note[driver], &self->pair, driver);
    }
}

/* --- putting it together --- */

static uint64_t fewest(uint64_t customers, size_t hybrids)
{
    uint64_t most = LTV_DRIVER_LIVES / hybrids;
    most = most < LTV_DRIVER_CUSTOMERS ? most : LTV_DRIVER_CUSTOMERS;
    return customers < most ? customers : most;
}

ltv_status ltv_driver_bridge_find(ltv_driver_bridge *bridge, const ltv_scenario *scenario,
                                  ltv_contrast contrast, ltv_stream stream, uint64_t customers,
                                  const ltv_simulate_options *options, ltv_error *err)
{
    experiment self = {.scenario = scenario, .stream = stream, .options = options, .err = err};
    *bridge = (ltv_driver_bridge){.quanta_per_unit =
                                      ltv_money_quanta_per_unit(scenario->currency_decimals)};
    ltv_status status = ltv_arm_pair_init(&self.pair, &scenario->arms[contrast.against],
                                          &scenario->arms[contrast.arm], err);
    if (status == LTV_OK) {
        self.rows = rows_of(&self.pair);
        self.customers =
            customers > 0 ? customers : fewest(scenario->customers, hybrids_of(self.rows.n));
        bridge->customers = self.customers;
        describe_rows(bridge, &self);
    }
    if (status == LTV_OK && self.rows.n > 0) {
        status = simulate_hybrids(&self);
        if (status == LTV_OK)
            add_parts(bridge, &self);
    }
    free(self.ltv);
    ltv_arm_pair_free(&self.pair);
    return status;
}

ltv_mean ltv_driver_bridge_mean(const ltv_driver_bridge *bridge, ltv_driver driver)
{
    double scale = 1 / (bridge->quanta_per_unit * (double)bridge->customers);
    ltv_mean mean = ltv_moments_estimate(&bridge->customer[driver]);
    if (!(bridge->differ >> driver & 1))
        return (ltv_mean){0, 0};
    return (ltv_mean){(double)bridge->part[driver] / LTV_DRIVER_FRACTION * scale,
                      mean.standard_error / bridge->quanta_per_unit};
}

/* --- as part of an estimate --- */

static void add_step(ltv_contrast_estimate *contrast, const char *driver, const char *meaning,
                     const char *note, ltv_mean amount)
{
    size_t n = contrast->n_drivers++;
    double before = n > 0 ? contrast->drivers[n - 1].running : 0;
    ltv_driver_step *step = &contrast->drivers[n];
    *step = (ltv_driver_step){.driver = driver,
                              .meaning = meaning,
                              .amount = amount.mean,
                              .standard_error = amount.standard_error,
                              .running = before + amount.mean};
    snprintf(step->note, sizeof step->note, "%s", note);
}

/* What the customers who were simulated for the split are off by from all of them, and their world,
 * that of the inputs' means, from the mean over draws. */
static void add_noise(ltv_contrast_estimate *contrast, const ltv_driver_bridge *bridge,
                      const ltv_scenario *scenario)
{
    bool draws = scenario->draws > 1;
    double running =
        contrast->n_drivers > 0 ? contrast->drivers[contrast->n_drivers - 1].running : 0;
    double noise = contrast->delta_ltv.mean - running;
    if (contrast->n_drivers == 0 || (!draws && bridge->customers == scenario->customers))
        return;
    add_step(contrast, draws ? "uncertainty_and_noise" : "simulation_noise",
             draws ? "mean change of LTV over all draws, minus that of n customers at the means of "
                     "the uncertain inputs, whose change the drivers sum up to"
                   : "change of LTV of all simulated customers, minus that of the first n, whose "
                     "change the drivers sum up to",
             "", (ltv_mean){noise, NAN});
}

static ltv_status fill_contrast(ltv_contrast_estimate *contrast, const ltv_scenario *scenario,
                                ltv_contrast of, const ltv_simulate_options *options,
                                ltv_error *err)
{
    ltv_driver_bridge bridge;
    ltv_error failed = {0};
    ltv_stream stream = {.seed = scenario->seed};
    ltv_status status = ltv_driver_bridge_find(&bridge, scenario, of, stream, 0, options, &failed);
    if (status == LTV_ERR_OVERFLOW)
        return LTV_OK; /* of the arms themselves nothing is wrong */
    if (status != LTV_OK)
        return ltv_fail(err, status, "%s", failed.message);
    contrast->drivers = calloc(LTV_DRIVERS + 1, sizeof *contrast->drivers);
    if (contrast->drivers == NULL)
        return ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory for the drivers of a difference");
    contrast->drivers_customers = (int64_t)bridge.customers;
    for (ltv_driver driver = 0; driver < LTV_DRIVERS; driver++)
        if (bridge.differ >> driver & 1)
            add_step(contrast, ltv_driver_name(driver), ltv_driver_meaning(driver),
                     bridge.note[driver], ltv_driver_bridge_mean(&bridge, driver));
    add_noise(contrast, &bridge, scenario);
    return LTV_OK;
}

ltv_status ltv_driver_bridge_fill(ltv_estimate *estimate, const ltv_scenario *scenario,
                                  const ltv_simulate_options *options, ltv_error *err)
{
    ltv_status status = LTV_OK;
    for (size_t i = 0; status == LTV_OK && i < scenario->n_contrasts; i++)
        status =
            fill_contrast(&estimate->contrasts[i], scenario, scenario->contrasts[i], options, err);
    return status;
}
