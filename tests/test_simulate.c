/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "random_scenario.h"
#include "scenario_fixture.h"
#include "sim/kernel/kernel.h"
#include "sim/simulate.h"

/* --- every number of two estimates, bit by bit --- */

static void assert_same_bits(const char *what, const double *a, const double *b, size_t n)
{
    if (memcmp(a, b, n * sizeof *a) != 0)
        fail_msg("%s differs", what);
}

static void assert_same_value(const ltv_value_estimate *a, const ltv_value_estimate *b,
                              uint32_t horizon)
{
    assert_int_equal(a->n, b->n);
    const double numbers[2][5] = {{a->mean, a->standard_error, a->sd, a->min, a->max},
                                  {b->mean, b->standard_error, b->sd, b->min, b->max}};
    assert_same_bits("a moment", numbers[0], numbers[1], 5);
    assert_memory_equal(a->quantiles, b->quantiles, sizeof a->quantiles);
    assert_int_equal(a->histogram.n_bins, b->histogram.n_bins);
    assert_same_bits("a histogram edge", a->histogram.edges, b->histogram.edges,
                     a->histogram.n_bins + 1);
    assert_memory_equal(a->histogram.counts, b->histogram.counts,
                        a->histogram.n_bins * sizeof *a->histogram.counts);
    if (a->by_period != NULL)
        assert_same_bits("LTV by period", a->by_period, b->by_period, horizon);
}

static void assert_same_metrics(const ltv_metric *a, const ltv_metric *b, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        assert_string_equal(a[i].name, b[i].name);
        assert_same_bits(a[i].name, &a[i].value, &b[i].value, 1);
        assert_same_bits(a[i].name, &a[i].mc_standard_error, &b[i].mc_standard_error, 1);
    }
}

static void assert_same_group(const ltv_group_estimate *a, const ltv_group_estimate *b,
                              uint32_t horizon)
{
    assert_same_value(&a->ltv, &b->ltv, horizon);
    assert_same_value(&a->net_ltv, &b->net_ltv, horizon);
    assert_same_bits("retention", a->retention, b->retention, horizon + 1);
    assert_same_bits("recurring revenue", a->recurring_revenue, b->recurring_revenue, horizon);
    assert_same_bits("revenue", a->revenue, b->revenue, horizon);
    if (a->programme_cost != NULL && b->programme_cost != NULL)
        assert_same_bits("programme cost", a->programme_cost, b->programme_cost, horizon);
    assert_same_bits("contribution", a->contribution, b->contribution, horizon);
    assert_same_bits("payback curve", a->cumulative_discounted_contribution,
                     b->cumulative_discounted_contribution, horizon);
    assert_int_equal(a->n_metrics, b->n_metrics);
    assert_same_metrics(a->metrics, b->metrics, a->n_metrics);
}

static void assert_same_arm(const ltv_arm_estimate *a, const ltv_arm_estimate *b, uint32_t horizon)
{
    assert_same_group(&a->all, &b->all, horizon);
    assert_int_equal(a->n_segments, b->n_segments);
    assert_int_equal(a->n_channels, b->n_channels);
    for (size_t s = 0; s < a->n_segments; s++)
        assert_same_group(&a->segments[s], &b->segments[s], horizon);
    for (size_t c = 0; c < a->n_channels; c++)
        assert_same_group(&a->channels[c], &b->channels[c], horizon);
    assert_true(a->n_plans == b->n_plans && a->n_add_ons == b->n_add_ons);
    for (size_t i = 0; i < a->n_plans; i++)
        assert_same_bits("a plan", a->plans[i].share, b->plans[i].share, horizon);
    for (size_t i = 0; i < a->n_add_ons; i++)
        assert_same_bits("an add-on", a->add_ons[i].share, b->add_ons[i].share, horizon);
}

static void assert_same_contrast(const ltv_contrast_estimate *a, const ltv_contrast_estimate *b,
                                 uint32_t horizon)
{
    assert_same_value(&a->delta_ltv, &b->delta_ltv, horizon);
    assert_int_equal(a->n_metrics, b->n_metrics);
    assert_same_metrics(a->metrics, b->metrics, a->n_metrics);
    assert_same_bits("retention", a->delta_retention, b->delta_retention, horizon + 1);
    assert_same_bits("gain", a->cumulative_gain, b->cumulative_gain, horizon);
    assert_int_equal(a->n_gains, b->n_gains);
    for (size_t i = 0; i < a->n_gains; i++)
        assert_same_bits("a cell", &a->who_gains[i].delta_ltv, &b->who_gains[i].delta_ltv, 1);
    assert_string_equal(a->advice, b->advice);
}

static void assert_same_estimate(const ltv_estimate *a, const ltv_estimate *b)
{
    assert_int_equal(a->n_arms, b->n_arms);
    assert_int_equal(a->n_contrasts, b->n_contrasts);
    for (size_t i = 0; i < a->n_arms; i++)
        assert_same_arm(&a->arms[i], &b->arms[i], a->horizon);
    for (size_t i = 0; i < a->n_contrasts; i++)
        assert_same_contrast(&a->contrasts[i], &b->contrasts[i], a->horizon);
}

/* --- fixtures --- */

/* A random scenario whose arms are those of other random scenarios, on the first one's time. */
static void many_armed_scenario(ltv_scenario *scenario, uint64_t number, size_t n_arms)
{
    random_scenario_init(scenario, number);
    scenario->has_start = true; /* so that every arm's seasons have a calendar */
    scenario->time_unit = LTV_UNIT_MONTH;
    scenario->arms = realloc(scenario->arms, n_arms * sizeof *scenario->arms);
    for (size_t a = 1; a < n_arms; a++) {
        ltv_scenario other;
        random_scenario_init(&other, number + 100 * a);
        scenario->arms[a] = other.arms[0];
        scenario->arms[a].overrides = (uint32_t)a;
        snprintf(scenario->arms[a].name, sizeof scenario->arms[a].name, "arm %zu", a);
        other.n_arms = 0; /* its arm has moved */
        ltv_scenario_free(&other);
        scenario_fixture_add_contrast(scenario, a, a - 1);
    }
    scenario->n_arms = n_arms;
}

static void simulate(ltv_estimate *estimate, const ltv_scenario *scenario, int threads)
{
    ltv_error err = {0};
    ltv_simulate_options options = {.threads = threads};
    ltv_status status = ltv_simulate(estimate, scenario, &options, &err);
    if (status != LTV_OK)
        fail_msg("%s", err.message);
}

/* --- claims --- */

static void the_answer_is_the_same_for_any_number_of_threads(void **state)
{
    (void)state;
    /* Not 0 and 6, a Beta curve with a further spread: one thread works out the expectation of such
     * lives for 14 seconds, and with sanitizers for minutes, before any thread can differ. */
    static const uint64_t numbers[] = {1, 2, 3, 4, 5, 7};
    for (size_t j = 0; j < sizeof numbers / sizeof *numbers; j++) {
        ltv_scenario scenario;
        many_armed_scenario(&scenario, numbers[j], 3);
        scenario.customers = 60001; /* not a whole number of blocks or tasks */
        ltv_estimate one, several;
        simulate(&one, &scenario, 1);
        for (int threads = 2; threads <= 5; threads += 3) {
            simulate(&several, &scenario, threads);
            assert_same_estimate(&one, &several);
            ltv_estimate_free(&several);
        }
        ltv_estimate_free(&one);
        ltv_scenario_free(&scenario);
    }
}

/* Where one thread counts millions in the time that another takes to start, few customers have
 * one, however many were asked for. */
static void customers_who_are_only_counted_have_threads_if_they_are_many(void **state)
{
    (void)state;
    static const struct {
        uint64_t customers;
        int threads;
    } runs[] = {{100000, 1}, {9000001, 3}};
    ltv_scenario scenario;
    scenario_fixture_init(&scenario, 0.03);
    for (size_t r = 0; r < sizeof runs / sizeof *runs; r++) {
        ltv_estimate one, several;
        scenario.customers = runs[r].customers;
        simulate(&one, &scenario, 1);
        simulate(&several, &scenario, 5);
        assert_int_equal(one.threads, 1);
        assert_int_equal(several.threads, runs[r].threads);
        assert_same_estimate(&one, &several);
        ltv_estimate_free(&one);
        ltv_estimate_free(&several);
    }
    ltv_scenario_free(&scenario);
}

/* Simulates customers first … first + n - 1 of every arm into the tally. */
static void simulate_block(ltv_tally *tally, const ltv_program *programs, size_t n_arms,
                           uint64_t seed, uint32_t first, uint32_t n)
{
    ltv_luck *luck = calloc(1, sizeof *luck);
    ltv_block *blocks = calloc(n_arms, sizeof *blocks);
    ltv_luck_fill(luck, (ltv_stream){.seed = seed}, ltv_needs_all, first, n);
    for (size_t a = 0; a < n_arms; a++) {
        assert_int_equal(ltv_block_init(&blocks[a], &programs[a], NULL), LTV_OK);
        ltv_kernel_run(&blocks[a], &programs[a], luck);
    }
    ltv_tally_add(tally, programs, blocks);
    for (size_t a = 0; a < n_arms; a++)
        ltv_block_free(&blocks[a]);
    free(luck);
    free(blocks);
}

static void the_answer_is_the_same_for_any_order_and_size_of_blocks(void **state)
{
    (void)state;
    enum { ARMS = 2, PIECES = 24, PARTS = 3 };
    ltv_scenario scenario;
    many_armed_scenario(&scenario, 11, ARMS);
    test_random random = {5};
    uint32_t first[PIECES + 1] = {0};
    for (int i = 0; i < PIECES; i++)
        first[i + 1] = first[i] + 1 + test_random_below(&random, LTV_BLOCK);
    scenario.customers = first[PIECES];
    ltv_program programs[ARMS];
    ltv_tally parts[PARTS];
    ltv_error err = {0};
    for (int a = 0; a < ARMS; a++)
        assert_int_equal(ltv_program_init(&programs[a], &scenario, &scenario.arms[a], &err), 0);
    for (int p = 0; p < PARTS; p++)
        assert_int_equal(ltv_tally_init(&parts[p], &scenario, programs, &err), 0);
    int order[PIECES];
    for (int i = 0; i < PIECES; i++) {
        int j = (int)test_random_below(&random, (uint32_t)i + 1);
        order[i] = order[j];
        order[j] = i;
    }
    for (int i = 0; i < PIECES; i++) {
        int piece = order[i];
        simulate_block(&parts[test_random_below(&random, PARTS)], programs, ARMS, scenario.seed,
                       first[piece], first[piece + 1] - first[piece]);
    }
    ltv_tally_merge(&parts[2], &parts[0]);
    ltv_tally_merge(&parts[1], &parts[2]);
    ltv_estimate shuffled, straight;
    assert_int_equal(ltv_estimate_init(&shuffled, &scenario, programs, &parts[1], &err), 0);
    simulate(&straight, &scenario, 2);
    assert_same_estimate(&straight, &shuffled);
    ltv_estimate_free(&shuffled);
    ltv_estimate_free(&straight);
    for (int p = 0; p < PARTS; p++)
        ltv_tally_free(&parts[p]);
    for (int a = 0; a < ARMS; a++)
        ltv_program_free(&programs[a]);
    ltv_scenario_free(&scenario);
}

static void an_arm_that_changes_nothing_differs_by_exactly_nothing(void **state)
{
    (void)state;
    for (uint64_t number = 0; number < 8; number++) {
        ltv_scenario scenario, twin;
        random_scenario_init(&scenario, number);
        random_scenario_init(&twin, number);
        scenario.arms = realloc(scenario.arms, 2 * sizeof *scenario.arms);
        scenario.arms[1] = twin.arms[0];
        scenario.n_arms = 2;
        twin.n_arms = 0;
        scenario_fixture_add_contrast(&scenario, 1, 0);
        ltv_estimate estimate;
        simulate(&estimate, &scenario, 2);
        const ltv_value_estimate *delta = &estimate.contrasts[0].delta_ltv;
        assert_true(delta->mean == 0 && delta->sd == 0 && delta->min == 0 && delta->max == 0);
        assert_same_arm(&estimate.arms[0], &estimate.arms[1], scenario.horizon);
        ltv_estimate_free(&estimate);
        ltv_scenario_free(&scenario);
        ltv_scenario_free(&twin);
    }
}

static void another_arm_changes_no_bit_of_the_others(void **state)
{
    (void)state;
    ltv_scenario alone, accompanied;
    random_scenario_init(&alone, 3);
    alone.has_start = true;
    alone.time_unit = LTV_UNIT_MONTH;
    many_armed_scenario(&accompanied, 3, 4);
    ltv_estimate one, four;
    simulate(&one, &alone, 1);
    simulate(&four, &accompanied, 1);
    assert_same_arm(&one.arms[0], &four.arms[0], alone.horizon);
    ltv_estimate_free(&one);
    ltv_estimate_free(&four);
    ltv_scenario_free(&alone);
    ltv_scenario_free(&accompanied);
}

static void whole_lives_are_the_same_for_any_number_of_threads(void **state)
{
    (void)state;
    ltv_scenario scenario;
    scenario_fixture_init_eventful(&scenario);
    scenario.customers = 40001;
    ltv_estimate one, three;
    simulate(&one, &scenario, 1);
    simulate(&three, &scenario, 3);
    assert_same_estimate(&one, &three);
    ltv_estimate_free(&one);
    ltv_estimate_free(&three);
    ltv_scenario_free(&scenario);
}

static void an_unrelated_programme_or_arm_changes_no_bit_of_the_others(void **state)
{
    (void)state;
    ltv_scenario scenario, more;
    scenario_fixture_init_eventful(&scenario);
    scenario_fixture_init_eventful(&more);
    ltv_arm *extra = scenario_fixture_add_arm(&more, "extra");
    for (size_t a = 2; a < 4; a++) {
        ltv_intervention *other =
            scenario_fixture_add_intervention(a == 2 ? &more.arms[2] : extra, "unrelated",
                                              (ltv_trigger){.kind = LTV_WHEN_EVERY, .periods = 3});
        scenario_fixture_set_effect(other, LTV_LEVER_CHURN, 0.5, 3);
        other->reach = 0.5;
        other->per_contact = 1;
        other->capacity = 100;
    }
    ltv_estimate before, after;
    simulate(&before, &scenario, 2);
    simulate(&after, &more, 2);
    assert_same_arm(&before.arms[0], &after.arms[0], scenario.horizon);
    assert_same_arm(&before.arms[1], &after.arms[1], scenario.horizon);
    assert_same_contrast(&before.contrasts[0], &after.contrasts[0], scenario.horizon);
    assert_true(before.arms[2].all.ltv.mean != after.arms[2].all.ltv.mean);
    ltv_estimate_free(&before);
    ltv_estimate_free(&after);
    ltv_scenario_free(&scenario);
    ltv_scenario_free(&more);
}

static void the_first_customers_of_a_longer_run_are_those_of_the_shorter(void **state)
{
    (void)state;
    ltv_scenario scenario;
    random_scenario_init(&scenario, 5);
    ltv_program program;
    ltv_error err = {0};
    assert_int_equal(ltv_program_init(&program, &scenario, scenario.arms, &err), 0);
    ltv_luck *luck = calloc(1, sizeof *luck);
    ltv_block *early = calloc(1, sizeof *early), *late = calloc(1, sizeof *late);
    ltv_luck_needs all = ltv_needs_all;
    ltv_luck_fill(luck, (ltv_stream){.seed = 9}, all, 0, 700);
    assert_int_equal(ltv_block_init(early, &program, &err), LTV_OK);
    assert_int_equal(ltv_block_init(late, &program, &err), LTV_OK);
    ltv_kernel_run(early, &program, luck);
    ltv_luck_fill(luck, (ltv_stream){.seed = 9}, all, 300, 900);
    ltv_kernel_run(late, &program, luck);
    for (int i = 0; i < 400; i++)
        assert_int_equal(early->ltv[300 + i], late->ltv[i]);
    ltv_block_free(early);
    ltv_block_free(late);
    free(luck);
    free(early);
    free(late);
    ltv_program_free(&program);
    ltv_scenario_free(&scenario);
}

static bool stop_at_once(void *context, uint64_t done, uint64_t customers)
{
    (void)context;
    assert_true(done <= customers);
    return false;
}

static void a_run_can_be_stopped(void **state)
{
    (void)state;
    ltv_scenario scenario;
    random_scenario_init(&scenario, 2);
    scenario.customers = 1000000000;
    ltv_estimate estimate;
    ltv_error err = {0};
    ltv_simulate_options options = {.threads = 2, .progress = stop_at_once};
    assert_int_equal(ltv_simulate(&estimate, &scenario, &options, &err), LTV_ERR_INTERRUPTED);
    ltv_estimate_free(&estimate);
    ltv_scenario_free(&scenario);
}

static void an_amount_too_large_is_an_error_and_not_a_wrap(void **state)
{
    (void)state;
    ltv_scenario scenario;
    random_scenario_init(&scenario, 0);
    scenario.horizon = 120;
    scenario.arms[0].price = 1e11;
    ltv_estimate estimate;
    ltv_error err = {0};
    assert_int_equal(ltv_simulate(&estimate, &scenario, NULL, &err), LTV_ERR_OVERFLOW);
    assert_non_null(strstr(err.message, "too large"));
    ltv_estimate_free(&estimate);
    ltv_scenario_free(&scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_answer_is_the_same_for_any_number_of_threads),
        cmocka_unit_test(customers_who_are_only_counted_have_threads_if_they_are_many),
        cmocka_unit_test(the_answer_is_the_same_for_any_order_and_size_of_blocks),
        cmocka_unit_test(an_arm_that_changes_nothing_differs_by_exactly_nothing),
        cmocka_unit_test(another_arm_changes_no_bit_of_the_others),
        cmocka_unit_test(whole_lives_are_the_same_for_any_number_of_threads),
        cmocka_unit_test(an_unrelated_programme_or_arm_changes_no_bit_of_the_others),
        cmocka_unit_test(the_first_customers_of_a_longer_run_are_those_of_the_shorter),
        cmocka_unit_test(a_run_can_be_stopped),
        cmocka_unit_test(an_amount_too_large_is_an_error_and_not_a_wrap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
