/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "close.h"
#include "must.h"
#include "scenario_fixture.h"
#include "sim/address.h"
#include "sim/expectation.h"
#include "sim/simulate_draws.h"
#include "sim/workroom.h"

/* Where statistics are tested, it is against numbers that come without simulation: the expected LTV
 * of a plain arm, integrated over the inputs. Seeds are fixed. Limits are at 6 standard errors, 6.5
 * where there are many, so a right program fails for less than one seed in 10^6. */

/* --- worlds of a scenario made by hand --- */

typedef void make_world(ltv_scenario *world, const double *values);

typedef struct {
    ltv_worlds how;
    make_world *make;
    double highest; /* worlds whose first value is above are none */
} hand_made;

static ltv_status open_worlds(const ltv_worlds *worlds, void **reader, ltv_error *err)
{
    (void)err;
    *reader = (void *)(uintptr_t)worlds;
    return LTV_OK;
}

static ltv_status read_world(void *reader, const double *values, ltv_scenario *world,
                             ltv_error *err)
{
    const hand_made *self = reader;
    *world = (ltv_scenario){0};
    if (values[0] > self->highest)
        return ltv_fail(err, LTV_ERR_BAD_INPUT, "too high for a test");
    self->make(world, values);
    return LTV_OK;
}

static void close_worlds(void *reader)
{
    (void)reader;
}

enum { CHURN, PRICE, MARGIN, INPUTS };

/* Plain geometric music streaming at 8 % a year. */
static void make_plain(ltv_scenario *world, const double *values)
{
    scenario_fixture_init(world, values[CHURN]);
    world->discount_rate_per_year = 0.08;
    world->arms[0].price = values[PRICE];
    world->arms[0].gross_margin = values[MARGIN];
}

static void make_eventful(ltv_scenario *world, const double *values)
{
    scenario_fixture_init_eventful(world);
    for (size_t a = 0; a < world->n_arms; a++) {
        world->arms[a].involuntary_churn = values[CHURN];
        world->arms[a].plans[0].price = values[PRICE] / 10;
        world->arms[a].plans[0].margin = values[MARGIN];
        for (size_t i = 0; i < world->arms[a].n_interventions; i++)
            world->arms[a].interventions[i].per_contact = values[PRICE] / 500;
    }
}

static const double lows[INPUTS] = {0.02, 800, 0.7}, highs[INPUTS] = {0.05, 1200, 0.9};

static void add_input(ltv_scenario *scenario, const char *name, double low, double high)
{
    ltv_input *input = &scenario->inputs.items[scenario->inputs.n++];
    ltv_error err = {0};
    *input = (ltv_input){.name = must(strdup(name)), .set = LTV_NO_SET, .mean = (low + high) / 2};
    assert_int_equal(ltv_uncertain_uniform(&input->number, low, high, &err), LTV_OK);
}

/* Uniform inputs of the range around their means that is `width` times the usual one. */
static void init(ltv_scenario *scenario, hand_made *worlds, make_world *make, double width)
{
    static const char *const names[INPUTS] = {"churn", "price", "margin"};
    double means[INPUTS];
    for (int i = 0; i < INPUTS; i++)
        means[i] = (lows[i] + highs[i]) / 2;
    *worlds = (hand_made){{open_worlds, read_world, close_worlds}, make, INFINITY};
    make(scenario, means);
    scenario->worlds = &worlds->how;
    scenario->inputs.items = must(calloc(INPUTS, sizeof(ltv_input)));
    for (int i = 0; i < INPUTS; i++) {
        double reach = width * (highs[i] - lows[i]) / 2;
        add_input(scenario, names[i], means[i] - reach, means[i] + reach);
    }
}

/* --- a run --- */

typedef struct {
    double *values;
    ltv_program_set set;
    ltv_draws_outcome outcome;
    ltv_estimate estimate;
} run;

static ltv_status simulate(run *of, const ltv_scenario *scenario, bool same_luck,
                           const ltv_simulate_options *options, ltv_error *err)
{
    *of = (run){.values = must(calloc((size_t)scenario->draws * INPUTS, sizeof(double)))};
    ltv_draws_plan plan = {.scenario = scenario,
                           .values = of->values,
                           .draws = scenario->draws,
                           .customers = scenario->customers,
                           .same_luck = same_luck,
                           .options = options};
    ltv_status status = ltv_inputs_draw(of->values, &scenario->inputs, scenario->sampling,
                                        scenario->seed, scenario->draws, err);
    if (status == LTV_OK)
        status = ltv_program_set_init(&of->set, scenario, err);
    if (status == LTV_OK)
        status = ltv_simulate_draws(&of->outcome, &plan, &of->set, err);
    if (status == LTV_OK)
        status = ltv_estimate_init_pooled(&of->estimate, scenario, of->set.programs,
                                          &of->outcome.pooled, &of->outcome.table, err);
    if (status == LTV_OK)
        status = ltv_draw_table_limits(&of->outcome.table, &of->estimate, scenario, err);
    return status;
}

static void run_free(run *of)
{
    ltv_estimate_free(&of->estimate);
    ltv_draws_outcome_free(&of->outcome);
    ltv_program_set_free(&of->set);
    free(of->values);
}

static void must_run(run *of, const ltv_scenario *scenario, bool same_luck, int threads)
{
    ltv_error err = {0};
    const ltv_simulate_options options = {.threads = threads};
    if (simulate(of, scenario, same_luck, &options, &err) != LTV_OK)
        fail_msg("%s", err.message);
}

static const ltv_metric *metric_of(const ltv_estimate *estimate, const char *name)
{
    const ltv_group_estimate *all = &estimate->arms[0].all;
    for (size_t i = 0; i < all->n_metrics; i++)
        if (strcmp(all->metrics[i].name, name) == 0)
            return &all->metrics[i];
    fail_msg("there is no metric %s", name);
    return NULL;
}

/* --- threads --- */

static void assert_same_bits(const char *what, const void *a, const void *b, size_t size)
{
    if (memcmp(a, b, size) != 0)
        fail_msg("%s differs", what);
}

static void assert_same_values(const ltv_value_estimate *a, const ltv_value_estimate *b)
{
    assert_same_bits("moments", &a->mean, &b->mean, 4 * sizeof a->mean);
    assert_same_bits("quantiles", a->quantiles, b->quantiles, sizeof a->quantiles);
    assert_same_bits("quantiles over draws", a->over_draws, b->over_draws, sizeof a->over_draws);
    assert_same_bits("a limit", &a->predicted_lower, &b->predicted_lower,
                     sizeof a->predicted_lower);
    assert_same_bits("a count", a->histogram.counts, b->histogram.counts,
                     a->histogram.n_bins * sizeof *a->histogram.counts);
}

static void assert_same_metrics(const ltv_metric *a, const ltv_metric *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        assert_same_bits(a[i].name, &a[i].value, &b[i].value, 4 * sizeof a[i].value);
}

static void assert_same_runs(const run *a, const run *b, uint32_t horizon)
{
    const ltv_draw_table *s = &a->outcome.table, *t = &b->outcome.table;
    size_t numbers = s->n_figures * s->n_draws;
    assert_int_equal(s->n, t->n);
    assert_same_bits("a figure of a draw", s->value, t->value, numbers * sizeof *s->value);
    assert_same_bits("a noise", s->noise, t->noise, numbers * sizeof *s->noise);
    assert_same_bits("a curve", s->sums, t->sums, s->n_curves * sizeof *s->sums);
    assert_same_bits("a curve's noise", s->half_differences, t->half_differences,
                     s->n_banded * sizeof *s->half_differences);
    for (size_t i = 0; i < a->estimate.n_arms; i++) {
        const ltv_group_estimate *x = &a->estimate.arms[i].all, *y = &b->estimate.arms[i].all;
        assert_same_values(&x->ltv, &y->ltv);
        assert_same_values(&x->net_ltv, &y->net_ltv);
        assert_same_metrics(x->metrics, y->metrics, x->n_metrics);
        assert_same_bits("a band", x->band[LTV_BAND_RETENTION], y->band[LTV_BAND_RETENTION],
                         2 * ((size_t)horizon + 1) * sizeof(double));
    }
    for (size_t i = 0; i < a->estimate.n_contrasts; i++) {
        const ltv_contrast_estimate *x = &a->estimate.contrasts[i], *y = &b->estimate.contrasts[i];
        assert_same_values(&x->delta_ltv, &y->delta_ltv);
        assert_same_metrics(x->metrics, y->metrics, x->n_metrics);
        assert_same_bits("who gains", &x->who_gains[0].share, &y->who_gains[0].share,
                         6 * sizeof(double));
    }
}

static void any_number_of_threads_gives_the_same_bits(void **state)
{
    (void)state;
    static const int threads[] = {2, 3, 5, 70};
    ltv_scenario scenario;
    hand_made worlds;
    run alone, other;
    init(&scenario, &worlds, make_eventful, 1);
    scenario.draws = 32;
    scenario.sampling = LTV_SAMPLING_LATIN_HYPERCUBE;
    scenario.customers = 101; /* halves that differ, and no whole block */
    must_run(&alone, &scenario, false, 1);
    assert_true(alone.estimate.n_contrasts >= 3);
    for (size_t i = 0; i < sizeof threads / sizeof *threads; i++) {
        must_run(&other, &scenario, false, threads[i]);
        assert_same_runs(&alone, &other, scenario.horizon);
        run_free(&other);
    }
    run_free(&alone);
    ltv_scenario_free(&scenario);
}

/* --- against exact numbers --- */

/* Expected discounted number of bills. */
static double lifetime(double churn)
{
    double q = (1 - churn) * pow(1.08, -1.0 / 12);
    return (1 - pow(q, 120)) / (1 - q);
}

/* P(price x margin x lifetime <= amount): over churn and margin by midpoints, over price exactly.
 */
static double probability_below(double amount)
{
    enum { STEPS = 100 };
    double sum = 0;
    for (int i = 0; i < STEPS; i++)
        for (int j = 0; j < STEPS; j++) {
            double churn = lows[CHURN] + (i + 0.5) / STEPS * (highs[CHURN] - lows[CHURN]);
            double margin = lows[MARGIN] + (j + 0.5) / STEPS * (highs[MARGIN] - lows[MARGIN]);
            double price = amount / margin / lifetime(churn);
            double p = (price - lows[PRICE]) / (highs[PRICE] - lows[PRICE]);
            sum += p < 0 ? 0 : p > 1 ? 1 : p;
        }
    return sum / STEPS / STEPS;
}

static double expected_ltv(void)
{
    enum { STEPS = 10000 };
    double sum = 0;
    for (int i = 0; i < STEPS; i++)
        sum += lifetime(lows[CHURN] + (i + 0.5) / STEPS * (highs[CHURN] - lows[CHURN]));
    return sum / STEPS * (lows[PRICE] + highs[PRICE]) / 2 * (lows[MARGIN] + highs[MARGIN]) / 2;
}

static const ltv_sampling_kind samplings[] = {LTV_SAMPLING_RANDOM, LTV_SAMPLING_LATIN_HYPERCUBE,
                                              LTV_SAMPLING_SOBOL};

static void run_plain(run *of, ltv_scenario *scenario, hand_made *worlds,
                      ltv_sampling_kind sampling, uint64_t seed)
{
    init(scenario, worlds, make_plain, 1);
    scenario->draws = 1024;
    scenario->customers = 400;
    scenario->sampling = sampling;
    scenario->seed = seed;
    scenario->cohort_size = 50;
    must_run(of, scenario, false, 1);
}

/* Σz² of 1,024 draws has the deviation sqrt(2 x 1024) = 45, so the noise is right to 6 x 45 / 1024
 * / 2 = 13 %; by the mean of z, the figures are right to 6 / sqrt(1024 x 400) of a customer's
 * deviation, 0.7 % of LTV. */
static void each_draw_has_the_expectation_of_its_world(void **state)
{
    (void)state;
    ltv_scenario scenario;
    hand_made worlds;
    run of;
    double sum = 0, squares = 0;
    run_plain(&of, &scenario, &worlds, LTV_SAMPLING_SOBOL, 1);
    ltv_draw_series ltv = ltv_draw_table_series(&of.outcome.table, 0, "ltv");
    assert_int_equal(ltv.n, 1024);
    for (size_t d = 0; d < ltv.n; d++) {
        const double *values = of.values + d * INPUTS;
        double expected = values[PRICE] * values[MARGIN] * lifetime(values[CHURN]);
        double z = (ltv.value[d] - expected) / sqrt(ltv.noise_variance[d]);
        assert_within("z of a draw", z, 0, 6.5);
        sum += z;
        squares += z * z;
        double exact = ltv_draw_table_series(&of.outcome.table, 0, "expected_ltv").value[d];
        assert_close("expected_ltv", exact, expected, 1e-9);
    }
    assert_within("mean of z", sum / 1024, 0, 6 / sqrt(1024));
    assert_within("sum of squares", squares, 1024, 6 * sqrt(2 * 1024));
    run_free(&of);
    ltv_scenario_free(&scenario);
}

static void the_mean_over_draws_is_the_integral_over_the_inputs(void **state)
{
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        ltv_scenario scenario;
        hand_made worlds;
        run of;
        run_plain(&of, &scenario, &worlds, samplings[i], 2);
        const ltv_value_estimate *ltv = &of.estimate.arms[0].all.ltv;
        const char *label = ltv_sampling_name(samplings[i]);
        assert_within(label, ltv->mean, expected_ltv(), 6 * ltv->standard_error);
        assert_that(label, ltv->standard_error < 0.01 * ltv->mean);
        if (samplings[i] == LTV_SAMPLING_SOBOL) /* the inputs' part is gone but for a little */
            assert_that(label, ltv->standard_error < 1.6 * ltv->sd / sqrt(1024.0 * 400));
        assert_close(label, ltv->mean, metric_of(&of.estimate, "ltv")->value, 0);
        assert_close(label, of.estimate.arms[0].all.ltv.by_period[119], ltv->mean,
                     1e-8); /* LTVs are rounded */
        run_free(&of);
        ltv_scenario_free(&scenario);
    }
}

/* With 1,024 independent draws the share of a distribution below its 5 % quantile is off by 0.0068
 * x 6 at the most, and at its middle by 0.0156 x 6; Sobol points are several times better, so 0.02
 * is asked for there. Noise, a tenth of the variance, moves quantiles by less. */
static void limits_and_probabilities_are_those_of_what_is_not_known(void **state)
{
    (void)state;
    ltv_scenario scenario;
    hand_made worlds;
    run of;
    run_plain(&of, &scenario, &worlds, LTV_SAMPLING_SOBOL, 3);
    const ltv_value_estimate *ltv = &of.estimate.arms[0].all.ltv;
    assert_within("below the lower limit", probability_below(ltv->u90_lower), 0.05, 0.012);
    assert_within("below the upper limit", probability_below(ltv->u90_upper), 0.95, 0.012);
    for (int i = 0; i < LTV_QUANTILES; i++)
        assert_within("below a quantile", probability_below(ltv->over_draws[i]),
                      ltv_quantile_levels[i], 0.02);
    const ltv_metric *p = metric_of(&of.estimate, "p_ltv_cac_above_3");
    assert_within("P(LTV/CAC >= 3)", p->value, 1 - probability_below(3 * 5000), 0.02);
    assert_that("its error", p->mc_standard_error > 0 && p->mc_standard_error < 0.02);
    const ltv_metric *ratio = metric_of(&of.estimate, "ltv_cac");
    assert_close("LTV/CAC", ratio->u90_lower, ltv->u90_lower / 5000, 1e-9);
    assert_close("LTV/CAC", ratio->u90_upper, ltv->u90_upper / 5000, 1e-9);
    run_free(&of);
    ltv_scenario_free(&scenario);
}

/* LTV of a customer who leaves when his uniform number says. */
static double one_ltv(const double *values, double uniform)
{
    double delta = pow(1.08, -1.0 / 12), bills = ceil(log(uniform) / log1p(-values[CHURN]));
    bills = bills < 1 ? 1 : bills > 120 ? 120 : bills;
    return values[PRICE] * values[MARGIN] * (1 - pow(delta, bills)) / (1 - delta);
}

/* 16,384 cohorts of 50: a share of 5 % is known to 6 x 0.0017. */
static void real_cohorts_lie_within_the_predicted_limits(void **state)
{
    (void)state;
    enum { COHORTS = 16384, SIZE = 50 };
    ltv_scenario scenario;
    hand_made worlds;
    run of;
    ltv_error err = {0};
    run_plain(&of, &scenario, &worlds, LTV_SAMPLING_SOBOL, 4);
    const ltv_value_estimate *ltv = &of.estimate.arms[0].all.ltv;
    double *values = must(calloc(COHORTS * INPUTS, sizeof *values));
    int below = 0, above = 0;
    assert_int_equal(
        ltv_inputs_draw(values, &scenario.inputs, LTV_SAMPLING_RANDOM, 99, COHORTS, &err), LTV_OK);
    for (uint32_t c = 0; c < COHORTS; c++) {
        double sum = 0;
        for (uint32_t i = 0; i < SIZE; i++) {
            ltv_stream stream = {.seed = 77, .draw = c};
            sum += one_ltv(values + c * INPUTS,
                           ltv_address_uniform(stream, i, 0, LTV_PURPOSE_VOLUNTARY_CHURN, 0).below);
        }
        below += sum / SIZE < ltv->predicted_lower;
        above += sum / SIZE > ltv->predicted_upper;
    }
    assert_within("below", (double)below / COHORTS, 0.05, 0.0125);
    assert_within("above", (double)above / COHORTS, 0.05, 0.0125);
    free(values);
    run_free(&of);
    ltv_scenario_free(&scenario);
}

/* --- inputs that make no difference --- */

/* As a scenario without uncertain inputs is simulated. */
static void simulate_fixed(ltv_estimate *estimate, const ltv_scenario *scenario)
{
    ltv_error err = {0};
    ltv_program_set set = {0};
    ltv_workroom room = {0};
    ltv_tally tally = {0};
    const ltv_stream stream = {.seed = scenario->seed};
    assert_int_equal(ltv_program_set_init(&set, scenario, &err), LTV_OK);
    assert_int_equal(ltv_program_set_limits(&set, stream, &err), LTV_OK);
    assert_int_equal(ltv_workroom_init(&room, &set, &err), LTV_OK);
    assert_int_equal(ltv_tally_init(&tally, scenario, set.programs, &err), LTV_OK);
    ltv_workroom_simulate(&room, &set, stream, 0, scenario->customers, &tally);
    ltv_workroom_finish(&room, &set, &tally);
    assert_int_equal(ltv_estimate_init(estimate, scenario, set.programs, &tally, &err), LTV_OK);
    ltv_tally_free(&tally);
    ltv_workroom_free(&room);
    ltv_program_set_free(&set);
}

static void an_input_that_is_practically_known_changes_nothing(void **state)
{
    (void)state;
    ltv_scenario scenario;
    hand_made worlds;
    run of;
    ltv_estimate fixed;
    init(&scenario, &worlds, make_eventful, 1e-9);
    scenario.draws = 32;
    scenario.customers = 512;
    must_run(&of, &scenario, true, 2);
    ltv_inputs inputs = scenario.inputs;
    scenario.inputs = (ltv_inputs){0};
    scenario.draws = 1;
    simulate_fixed(&fixed, &scenario);
    for (size_t a = 0; a < fixed.n_arms; a++) {
        const ltv_group_estimate *x = &of.estimate.arms[a].all, *y = &fixed.arms[a].all;
        assert_close(y->name, x->ltv.mean, y->ltv.mean, 1e-6);
        assert_close(y->name, x->ltv.u90_lower, y->ltv.mean, 1e-6);
        assert_close(y->name, x->ltv.u90_upper, y->ltv.mean, 1e-6);
        assert_within(y->name, x->ltv.parameter_variance, 0, 1e-6 * x->ltv.customer_variance);
        assert_close(y->name, x->ltv.customer_variance, y->ltv.customer_variance, 1e-6);
        for (size_t i = 0; i < y->n_metrics; i++) {
            bool over_draws = strncmp(y->metrics[i].name, "p_", 2) == 0;
            if (!over_draws)
                assert_close(y->metrics[i].name, x->metrics[i].value, y->metrics[i].value, 1e-6);
        }
        for (uint32_t u = 0; u < fixed.horizon; u++)
            assert_close("contribution", x->contribution[u], y->contribution[u], 1e-6);
    }
    for (size_t i = 0; i < fixed.n_contrasts; i++) {
        const ltv_contrast_estimate *x = &of.estimate.contrasts[i], *y = &fixed.contrasts[i];
        for (size_t m = 0; m < x->n_metrics; m++)
            if (strncmp(y->metrics[m].name, "p_", 2) != 0)
                assert_close(y->metrics[m].name, x->metrics[m].value, y->metrics[m].value, 1e-5);
    }
    ltv_estimate_free(&fixed);
    run_free(&of);
    scenario.inputs = inputs;
    ltv_scenario_free(&scenario);
}

/* --- failures --- */

static void expect_failure(ltv_scenario *scenario, ltv_status status, const char *const parts[2])
{
    static const int threads[] = {1, 2, 3, 5};
    for (size_t i = 0; i < sizeof threads / sizeof *threads; i++) {
        run of;
        ltv_error err = {0};
        const ltv_simulate_options options = {.threads = threads[i]};
        assert_int_equal(simulate(&of, scenario, false, &options, &err), status);
        for (size_t p = 0; p < 2; p++)
            assert_that(err.message, strstr(err.message, parts[p]) != NULL);
        run_free(&of);
    }
}

static uint32_t first_draw_above(const ltv_scenario *scenario, int input, double limit, char *text,
                                 size_t size)
{
    double *values = must(calloc((size_t)scenario->draws * INPUTS, sizeof *values));
    ltv_error err = {0};
    uint32_t draw = 0;
    assert_int_equal(ltv_inputs_draw(values, &scenario->inputs, scenario->sampling, scenario->seed,
                                     scenario->draws, &err),
                     LTV_OK);
    while (values[draw * INPUTS + input] <= limit)
        draw++;
    snprintf(text, size, "(in draw %u of %u, where churn = %.6g, price = %.6g, ", draw + 1,
             scenario->draws, values[draw * INPUTS], values[draw * INPUTS + 1]);
    free(values);
    return draw;
}

static void the_first_draw_that_is_no_scenario_is_told_of(void **state)
{
    (void)state;
    ltv_scenario scenario;
    hand_made worlds;
    char which[128];
    init(&scenario, &worlds, make_plain, 1);
    scenario.draws = 200;
    scenario.customers = 32;
    worlds.highest = 0.048;
    assert_true(first_draw_above(&scenario, CHURN, 0.048, which, sizeof which) > 3);
    expect_failure(&scenario, LTV_ERR_BAD_INPUT, (const char *[]){"too high for a test", which});
    ltv_scenario_free(&scenario);
}

/* Above 2^62 / 2^20 quanta. */
static void make_rich(ltv_scenario *world, const double *values)
{
    make_plain(world, values);
    if (values[PRICE] > 1190)
        world->arms[0].price = 3e12;
}

static void an_overflow_in_one_draw_is_told_of(void **state)
{
    (void)state;
    ltv_scenario scenario;
    hand_made worlds;
    char which[128];
    init(&scenario, &worlds, make_rich, 1);
    scenario.draws = 200;
    scenario.customers = 32;
    assert_true(first_draw_above(&scenario, PRICE, 1190, which, sizeof which) > 3);
    expect_failure(&scenario, LTV_ERR_OVERFLOW, (const char *[]){"too large", which});
    ltv_scenario_free(&scenario);
}

/* Stops after so many customers. */
static bool go_on(void *context, uint64_t done, uint64_t all)
{
    assert_int_equal(all, 200 * 32);
    return done < *(uint64_t *)context;
}

static void it_can_be_interrupted_between_draws(void **state)
{
    (void)state;
    ltv_scenario scenario;
    hand_made worlds;
    uint64_t most = 50 * 32;
    init(&scenario, &worlds, make_plain, 1);
    scenario.draws = 200;
    scenario.customers = 32;
    for (int threads = 1; threads <= 3; threads++) {
        run of;
        ltv_error err = {0};
        const ltv_simulate_options options = {
            .threads = threads, .progress = go_on, .progress_context = &most};
        assert_int_equal(simulate(&of, &scenario, false, &options, &err), LTV_ERR_INTERRUPTED);
        assert_string_equal(err.message, "interrupted; nothing was written");
        assert_true(of.outcome.table.n < 200);
        run_free(&of);
    }
    ltv_scenario_free(&scenario);
}

/* --- customers per draw --- */

static void choose(ltv_scenario *scenario, uint64_t *customers, char why[LTV_CHOICE_SIZE])
{
    ltv_error err = {0};
    ltv_program_set set = {0};
    const ltv_simulate_options options = {.threads = 2};
    double *values = must(calloc((size_t)scenario->draws * INPUTS, sizeof *values));
    const ltv_draws_plan plan = {.scenario = scenario,
                                 .values = values,
                                 .draws = scenario->draws,
                                 .customers = LTV_CUSTOMERS_AUTO,
                                 .options = &options};
    assert_int_equal(ltv_inputs_draw(values, &scenario->inputs, scenario->sampling, scenario->seed,
                                     scenario->draws, &err),
                     LTV_OK);
    assert_int_equal(ltv_program_set_init(&set, scenario, &err), LTV_OK);
    assert_int_equal(ltv_choose_customers(customers, why, &plan, &set, &err), LTV_OK);
    ltv_program_set_free(&set);
    free(values);
}

/* tau of a width w is w times that of the whole range, nearly, where sigma^2/tau^2 is about 6. */
static void customers_per_draw_follow_noise_and_inputs(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        double width;
        uint64_t seed, least, most;
        const char *why;
    } cases[] = {
        {"wide", 1, 1, 256, 256, "1 + sigma^2/tau^2 = "},
        {"narrow", 0.07, 1, 640, 2048, "1 + sigma^2/tau^2 = "},
        {"hidden by noise", 0.0001, 2, 2048, 2048, "the most: "}, /* as for one seed in two */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ltv_scenario scenario;
        hand_made worlds;
        uint64_t customers = 0;
        char why[LTV_CHOICE_SIZE];
        init(&scenario, &worlds, make_plain, cases[i].width);
        scenario.draws = 256;
        scenario.sampling = LTV_SAMPLING_SOBOL;
        scenario.seed = cases[i].seed;
        choose(&scenario, &customers, why);
        assert_that(cases[i].label, customers >= cases[i].least && customers <= cases[i].most);
        assert_int_equal(customers % 128, 0);
        assert_that(why, strstr(why, cases[i].why) == why);
        ltv_scenario_free(&scenario);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_number_of_threads_gives_the_same_bits),
        cmocka_unit_test(each_draw_has_the_expectation_of_its_world),
        cmocka_unit_test(the_mean_over_draws_is_the_integral_over_the_inputs),
        cmocka_unit_test(limits_and_probabilities_are_those_of_what_is_not_known),
        cmocka_unit_test(real_cohorts_lie_within_the_predicted_limits),
        cmocka_unit_test(an_input_that_is_practically_known_changes_nothing),
        cmocka_unit_test(the_first_draw_that_is_no_scenario_is_told_of),
        cmocka_unit_test(an_overflow_in_one_draw_is_told_of),
        cmocka_unit_test(it_can_be_interrupted_between_draws),
        cmocka_unit_test(customers_per_draw_follow_noise_and_inputs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
