/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "close.h"
#include "sim/draw_table.h"
#include "sim/io/scenario/scenario_read.h"
#include "sim/precision.h"
#include "sim/simulate.h"

/* --- scenarios --- */

/* One that pays 10 a period, and a programme for all; %s: churn, what is simulated. */
static const char pattern[] =
    "ltvsim: 1\n"
    "currency: USD\n"
    "time: {horizon: 24}\n"
    "retention: {geometric: {churn: %s}}\n"
    "revenue: {price: 10}\n"
    "segments: {high: {share: 25%%, price: x2}, low: {share: 75%%}}\n"
    "interventions:\n"
    "  care: {when: {at_tenure: 0}, effect: {churn: {times: x0.8, for: 6}}, cost: {per_contact: "
    "1}}\n"
    "arms: {today: [], care: [care], idle: []}\n"
    "compare: [[care, idle]]\n"
    "experiment: {%s}\n";

static const char certain[] = "3%", uncertain[] = "{ci90: [2%, 4%]}";

static void read_scenario(ltv_scenario_file *file, const char *churn, const char *experiment)
{
    char text[2000];
    ltv_error err = {0};
    int length = snprintf(text, sizeof text, pattern, churn, experiment);
    ltv_status status =
        ltv_scenario_read_text(file, "test.yaml", text, (size_t)length, 0, NULL, &err);
    if (status != LTV_OK)
        fail_msg("%s", err.message);
}

/* What a run calls back with. */
typedef struct {
    int looks;
    uint64_t most_done;
    ltv_precision_look last;
} record;

static bool count_progress(void *context, uint64_t done, uint64_t all)
{
    record *r = context;
    assert_true(done <= all || all == 16384); /* a break-even tells its own */
    r->most_done = done > r->most_done ? done : r->most_done;
    return true;
}

static void count_look(void *context, const ltv_precision_look *look)
{
    record *r = context;
    r->looks++;
    r->last = *look;
}

static void run(ltv_estimate *estimate, record *r, const char *churn, const char *experiment,
                int threads)
{
    ltv_error err = {0};
    ltv_scenario_file file;
    *r = (record){0};
    ltv_simulate_options options = {.threads = threads,
                                    .progress = count_progress,
                                    .looked = count_look,
                                    .progress_context = r};
    read_scenario(&file, churn, experiment);
    if (ltv_simulate(estimate, &file.scenario, &options, &err) != LTV_OK)
        fail_msg("%s", err.message);
    r->last.binding = NULL; /* it dies with the scenario */
    ltv_scenario_file_free(&file);
}

static double error_of(const ltv_estimate *estimate, const char *path)
{
    const ltv_metric *figure = NULL;
    assert_int_equal(ltv_precision_find(&figure, estimate, path, NULL), LTV_OK);
    return figure->mc_standard_error;
}

static double value_of(const ltv_estimate *estimate, const char *path)
{
    const ltv_metric *figure = NULL;
    assert_int_equal(ltv_precision_find(&figure, estimate, path, NULL), LTV_OK);
    return figure->value;
}

/* --- factors --- */

static void limits_are_normal_for_customers_and_students_for_draws(void **state)
{
    (void)state;
    /* From tables of the normal and of Student's t; those of stopped runs with the tail cut by
     * 3 / degrees of freedom: t_15(0.98) and t_31(1 - 0.025 x 28/31). */
    static const struct {
        const char *label;
        double confidence;
        uint32_t draws, scrambles;
        bool stopped;
        double expected, tolerance;
    } cases[] = {
        {"one draw", 0.95, 1, 16, false, 1.959963984540054, 1e-12},
        {"one draw, stopped", 0.95, 1, 16, true, 1.959963984540054, 1e-12},
        {"one draw, 99 %", 0.99, 1, 1, false, 2.5758293035489004, 1e-12},
        {"two draws", 0.95, 2, 1, false, 12.706204736432095, 1e-9},
        {"5 draws", 0.95, 5, 0, false, 2.7764451051977987, 1e-9},
        {"50 draws", 0.95, 50, 1, false, 2.0095752371292397, 1e-9},
        {"2 scrambles", 0.95, 64, 2, false, 12.706204736174698, 1e-9},
        {"8 scrambles", 0.95, 64, 8, false, 2.3646242515927844, 1e-9},
        {"32 draws", 0.95, 32, 1, false, 2.0395134463964077, 1e-9},
        {"32 draws, stopped", 0.95, 32, 1, true, 2.0874308803382746, 1e-9},
        {"16 scrambles", 0.95, 1024, 16, false, 2.131449545559323, 1e-9},
        {"16 scrambles, stopped", 0.95, 1024, 16, true, 2.248540291610084, 1e-9},
        {"16 scrambles, 99 %", 0.99, 1024, 16, false, 2.946712883475229, 1e-9},
        {"many draws", 0.95, 65536, 1, true, 1.96, 1e-3},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_within(cases[i].label,
                      ltv_precision_factor(cases[i].confidence, cases[i].draws, cases[i].scrambles,
                                           cases[i].stopped),
                      cases[i].expected, cases[i].tolerance);
}

/* --- where runs stop --- */

static const char delta[] = "compare.care.delta_ltv";

/* The first prefix of n0, 2 n0, ... whose half-width, of an independent run of that size without
 * precisions, is enough. */
static uint64_t first_that_is_enough(const char *path, uint64_t n0, double relative,
                                     double absolute)
{
    for (uint64_t n = n0;; n *= 2) {
        ltv_estimate estimate;
        record r;
        char experiment[200];
        snprintf(experiment, sizeof experiment, "customers: %llu", (unsigned long long)n);
        run(&estimate, &r, certain, experiment, 2);
        double half = 1.959963984540054 * error_of(&estimate, path);
        double allowed = fmax(absolute, relative * fabs(value_of(&estimate, path)));
        ltv_estimate_free(&estimate);
        if (half <= allowed)
            return n;
    }
}

static void a_run_stops_at_the_first_prefix_that_is_enough(void **state)
{
    (void)state;
    static const struct {
        const char *label, *metric;
        double relative, absolute;
    } cases[] = {
        {"at once", "compare.care.delta_ltv", 0, 100},
        {"absolute", "compare.care.delta_ltv", 0, 0.15},
        {"relative", "compare.care.delta_ltv", 0.02, 0.001},
        {"a segment", "arms.today.segments.high.ltv", 0.005, 0.1},
        {"a pair", "compare.care|idle.delta_ltv", 0, 0.2},
        {"a share", "compare.care.delta_retention_1y", 0, 0.004},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ltv_estimate estimate;
        record r;
        char experiment[300], relative[40] = "";
        if (cases[i].relative > 0)
            snprintf(relative, sizeof relative, ", relative: %g", cases[i].relative);
        snprintf(experiment, sizeof experiment,
                 "customers: 3000, until: {metric: \"%s\", half_width: {absolute: %g%s}}",
                 cases[i].metric, cases[i].absolute, relative);
        run(&estimate, &r, certain, experiment, 2);
        uint64_t expected =
            first_that_is_enough(cases[i].metric, 3000, cases[i].relative, cases[i].absolute);
        assert_that(cases[i].label, estimate.customers == expected);
        assert_that(cases[i].label, (uint64_t)estimate.arms[0].all.ltv.n == expected);
        assert_that(cases[i].label, estimate.is_precise && r.last.met && r.last.done);
        assert_that(cases[i].label, (uint64_t)3000 << (r.looks - 1) == expected);
        assert_that(cases[i].label, i == 0 ? expected == 3000 : expected > 3000);
        ltv_estimate_free(&estimate);
    }
}

static void draws_are_doubled_where_inputs_are_uncertain(void **state)
{
    (void)state;
    static const struct {
        const char *label, *sampling;
        uint32_t scrambles;
    } cases[] = {{"sobol", "sobol", 16}, {"random", "random", 1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ltv_estimate estimate, plain;
        record r, ignored;
        char experiment[300];
        snprintf(experiment, sizeof experiment,
                 "sampling: %s, draws: 64, customers: 50, until: {metric: %s, half_width: "
                 "{absolute: 0.12}}",
                 cases[i].sampling, delta);
        run(&estimate, &r, uncertain, experiment, 2);
        uint32_t draws = estimate.draws->n;
        assert_that(cases[i].label, draws == 64u << (r.looks - 1) && r.looks >= 3);
        for (uint32_t n = 64; n <= draws; n *= 2) {
            snprintf(experiment, sizeof experiment, "sampling: %s, draws: %u, customers: 50",
                     cases[i].sampling, n);
            run(&plain, &ignored, uncertain, experiment, 2);
            double half =
                ltv_precision_factor(0.95, n, cases[i].scrambles, true) * error_of(&plain, delta);
            assert_that(cases[i].label, (half <= 0.12) == (n == draws));
            if (n == draws) { /* and the run is the same as one of that size from the beginning */
                assert_true(value_of(&plain, delta) == value_of(&estimate, delta));
                assert_true(error_of(&plain, delta) == error_of(&estimate, delta));
                assert_true(plain.arms[1].all.ltv.u90_lower == estimate.arms[1].all.ltv.u90_lower);
                assert_memory_equal(plain.arms[1].all.ltv.quantiles,
                                    estimate.arms[1].all.ltv.quantiles,
                                    sizeof plain.arms[1].all.ltv.quantiles);
                assert_memory_equal(plain.draw_values, estimate.draw_values,
                                    draws * sizeof *plain.draw_values);
                for (uint32_t u = 0; u < 2 * estimate.horizon; u++)
                    assert_true(plain.contrasts[0].cumulative_gain_band[u] ==
                                estimate.contrasts[0].cumulative_gain_band[u]);
            }
            ltv_estimate_free(&plain);
        }
        ltv_estimate_free(&estimate);
    }
}

/* With seed 2 a half-width of 0.3 needs more than 3,000 customers. */

static void a_stopped_run_is_the_run_of_that_size_for_any_number_of_threads(void **state)
{
    (void)state;
    ltv_estimate estimates[4];
    record r;
    static const char until[] = "seed: 2, customers: 3000, until: "
                                "{metric: compare.care.delta_ltv, half_width: {absolute: 0.3}}";
    for (int threads = 1; threads <= 3; threads++)
        run(&estimates[threads - 1], &r, certain, until, threads);
    char experiment[100];
    assert_true(estimates[0].customers > 3000);
    snprintf(experiment, sizeof experiment, "seed: 2, customers: %llu",
             (unsigned long long)estimates[0].customers);
    run(&estimates[3], &r, certain, experiment, 2);
    for (int i = 1; i < 4; i++) {
        const ltv_contrast_estimate *a = &estimates[0].contrasts[0],
                                    *b = &estimates[i].contrasts[0];
        assert_true(estimates[i].customers == estimates[0].customers);
        assert_int_equal(a->n_metrics, b->n_metrics);
        for (size_t m = 0; m < a->n_metrics; m++) {
            assert_string_equal(a->metrics[m].name, b->metrics[m].name);
            assert_memory_equal(&a->metrics[m].value, &b->metrics[m].value, sizeof(double));
            assert_memory_equal(&a->metrics[m].mc_standard_error, &b->metrics[m].mc_standard_error,
                                sizeof(double));
        }
        assert_memory_equal(a->delta_ltv.quantiles, b->delta_ltv.quantiles,
                            sizeof a->delta_ltv.quantiles);
    }
    for (int i = 0; i < 4; i++)
        ltv_estimate_free(&estimates[i]);
}

static void all_of_several_must_hold(void **state)
{
    (void)state;
    ltv_estimate both, hard;
    record r;
    static const char easy_one[] = "{metric: arms.today.ltv, half_width: {absolute: 100}}";
    static const char hard_one[] = "{metric: compare.care.delta_ltv, half_width: {absolute: 0.3}}";
    char experiment[400];
    snprintf(experiment, sizeof experiment, "seed: 2, customers: 3000, until: %s", hard_one);
    run(&hard, &r, certain, experiment, 2);
    snprintf(experiment, sizeof experiment, "seed: 2, customers: 3000, until: [%s, %s]", easy_one,
             hard_one);
    run(&both, &r, certain, experiment, 2);
    assert_true(hard.customers > 3000 && both.customers == hard.customers);
    assert_non_null(strstr(both.stopping, "compare.care.delta_ltv"));
    ltv_estimate_free(&both);
    ltv_estimate_free(&hard);
}

static void a_run_ends_with_its_maximum_and_says_that_it_is_not_enough(void **state)
{
    (void)state;
    static const struct {
        const char *label, *churn, *experiment;
        uint64_t customers;
        uint32_t draws;
    } cases[] = {
        {"not a doubling", certain,
         "customers: 3000, until: {metric: compare.care.delta_ltv, half_width: {absolute: 0.001}, "
         "max_customers: 20000}",
         20000, 1},
        {"sobol", uncertain,
         "draws: 32, customers: 20, until: {metric: compare.care.delta_ltv, half_width: "
         "{absolute: 0.001}, max_customers: 3000}",
         20, 128},
        {"random", uncertain,
         "sampling: random, draws: 32, customers: 20, until: {metric: compare.care.delta_ltv, "
         "half_width: {absolute: 0.001}, max_customers: 3010}",
         20, 150},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ltv_estimate estimate;
        record r;
        run(&estimate, &r, cases[i].churn, cases[i].experiment, 2);
        assert_that(cases[i].label, estimate.customers == cases[i].customers);
        if (cases[i].draws > 1)
            assert_that(cases[i].label, estimate.draws->n == cases[i].draws);
        assert_that(cases[i].label, !estimate.is_precise && !r.last.met);
        assert_non_null(strstr(estimate.stopping, "all that max_customers allows"));
        ltv_estimate_free(&estimate);
    }
}

static void no_variance_and_no_value_never_are_enough(void **state)
{
    (void)state;
    static const struct {
        const char *label, *experiment, *says;
    } cases[] = {
        {"no variance",
         "customers: 3000, until: {metric: compare.idle.delta_ltv, half_width: {absolute: 100}, "
         "max_customers: 12000}",
         "is 0, which is no reason to stop"},
        {"no value",
         "customers: 3000, until: {metric: compare.idle.roi, half_width: {absolute: 100}, "
         "max_customers: 12000}",
         "is not known"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ltv_estimate estimate;
        record r;
        run(&estimate, &r, certain, cases[i].experiment, 2);
        assert_that(cases[i].label, estimate.customers == 12000 && !estimate.is_precise);
        assert_that(cases[i].label, isinf(r.last.needed));
        assert_non_null(strstr(estimate.stopping, cases[i].says));
        ltv_estimate_free(&estimate);
    }
}

static void a_minimum_is_waited_for(void **state)
{
    (void)state;
    ltv_estimate estimate;
    record r;
    run(&estimate, &r, certain,
        "customers: 3000, until: {metric: arms.today.ltv, half_width: {absolute: 1000}, "
        "min_customers: 7000}",
        2);
    assert_true(estimate.customers == 12000 && estimate.is_precise);
    ltv_estimate_free(&estimate);
}

/* --- judging --- */

static void the_square_root_law_tells_what_is_needed(void **state)
{
    (void)state;
    ltv_scenario_file file;
    ltv_estimate estimate;
    record r;
    read_scenario(&file, certain,
                  "customers: 3000, until: [{metric: arms.today.ltv, half_width: {absolute: 0.1}}, "
                  "{metric: arms.care.ltv, half_width: {absolute: 1000}}]");
    run(&estimate, &r, certain, "customers: 3000", 2);
    ltv_precision_look look = ltv_precision_judge(&file.scenario, &estimate, 3000, 1);
    double half = 1.959963984540054 * error_of(&estimate, "arms.today.ltv");
    assert_string_equal(look.binding->metric, "arms.today.ltv");
    assert_close("half-width", look.half_width, half, 1e-12);
    assert_close("needed", look.needed, 3000 * half * half / 0.01, 1e-12);
    assert_false(look.met || look.done);
    ltv_estimate_free(&estimate);
    ltv_scenario_file_free(&file);
}

static void a_figure_that_is_not_there_is_refused_before_a_run(void **state)
{
    (void)state;
    char path[] = "arms.today.ltb";
    ltv_precision precision = {.metric = path, .absolute = 1, .confidence = 0.95};
    ltv_scenario_file file;
    ltv_estimate estimate;
    ltv_error err = {0};
    read_scenario(&file, certain, "customers: 3000");
    file.scenario.n_precisions = 1;
    file.scenario.precisions = &precision;
    assert_int_equal(ltv_simulate(&estimate, &file.scenario, NULL, &err), LTV_ERR_BAD_INPUT);
    assert_string_equal(err.message, "there is no figure ltb; did you mean ltv?");
    ltv_estimate_free(&estimate);
    file.scenario.n_precisions = 0;
    file.scenario.precisions = NULL;
    ltv_scenario_file_free(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(limits_are_normal_for_customers_and_students_for_draws),
        cmocka_unit_test(a_run_stops_at_the_first_prefix_that_is_enough),
        cmocka_unit_test(draws_are_doubled_where_inputs_are_uncertain),
        cmocka_unit_test(a_stopped_run_is_the_run_of_that_size_for_any_number_of_threads),
        cmocka_unit_test(all_of_several_must_hold),
        cmocka_unit_test(a_run_ends_with_its_maximum_and_says_that_it_is_not_enough),
        cmocka_unit_test(no_variance_and_no_value_never_are_enough),
        cmocka_unit_test(a_minimum_is_waited_for),
        cmocka_unit_test(the_square_root_law_tells_what_is_needed),
        cmocka_unit_test(a_figure_that_is_not_there_is_refused_before_a_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
