/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "close.h"
#include "scenario_fixture.h"
#include "sim/estimate.h"
#include "sim/workroom.h"

enum { ALL = 2 * LTV_BLOCK + 101 };

/* Simulates the customers in pieces that end at these numbers, in two rooms by turns. */
static void simulate(ltv_estimate *estimate, const ltv_scenario *scenario, size_t n,
                     const uint64_t *ends, bool merged)
{
    ltv_program_set set = {0};
    ltv_workroom rooms[2] = {{0}};
    ltv_tally tallies[2] = {{0}};
    ltv_error err = {0};
    const ltv_stream stream = {.seed = scenario->seed, .draw = 3};
    assert_int_equal(ltv_program_set_init(&set, scenario, &err), LTV_OK);
    assert_int_equal(ltv_program_set_limits(&set, stream, &err), LTV_OK);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(ltv_workroom_init(&rooms[i], &set, &err), LTV_OK);
        assert_int_equal(ltv_tally_init(&tallies[i], scenario, set.programs, &err), LTV_OK);
    }
    uint64_t first = 0;
    for (size_t i = 0; i < n; first = ends[i++])
        ltv_workroom_simulate(&rooms[i % 2], &set, stream, first, ends[i],
                              &tallies[merged ? i % 2 : 0]);
    if (merged)
        ltv_tally_merge(&tallies[0], &tallies[1]);
    assert_int_equal(ltv_workroom_check(&tallies[0], &err), LTV_OK);
    assert_int_equal(ltv_estimate_init(estimate, scenario, set.programs, &tallies[0], &err),
                     LTV_OK);
    for (int i = 0; i < 2; i++) {
        ltv_workroom_free(&rooms[i]);
        ltv_tally_free(&tallies[i]);
    }
    ltv_program_set_free(&set);
}

static void assert_same_estimates(const char *label, const ltv_estimate *a, const ltv_estimate *b)
{
    for (size_t i = 0; i < a->n_arms; i++) {
        const ltv_group_estimate *x = &a->arms[i].all, *y = &b->arms[i].all;
        for (size_t m = 0; m < x->n_metrics; m++)
            assert_close(label, x->metrics[m].value, y->metrics[m].value, 0);
        for (uint32_t u = 0; u < a->horizon; u++)
            assert_close(label, x->ltv.by_period[u], y->ltv.by_period[u], 0);
        assert_memory_equal(x->ltv.quantiles, y->ltv.quantiles, sizeof x->ltv.quantiles);
    }
    for (size_t i = 0; i < a->n_contrasts; i++)
        assert_close(label, a->contrasts[i].delta_ltv.standard_error,
                     b->contrasts[i].delta_ltv.standard_error, 0);
}

static void pieces_make_the_whole(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        size_t n;
        uint64_t ends[4];
    } cases[] = {
        {"halves", 2, {1001, ALL}},
        {"block by block", 3, {LTV_BLOCK, 2 * LTV_BLOCK, ALL}},
        {"odd pieces, one of them empty", 4, {1, 700, 700, ALL}},
    };
    ltv_scenario scenario;
    ltv_estimate whole, pieces;
    scenario_fixture_init_eventful(&scenario);
    simulate(&whole, &scenario, 1, (const uint64_t[]){ALL}, false);
    assert_int_equal(whole.arms[0].all.ltv.n, ALL);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (int merged = 0; merged < 2; merged++) {
            simulate(&pieces, &scenario, cases[i].n, cases[i].ends, merged);
            assert_same_estimates(cases[i].label, &whole, &pieces);
            ltv_estimate_free(&pieces);
        }
    ltv_estimate_free(&whole);
    ltv_scenario_free(&scenario);
}

static void a_void_tally_is_told_of(void **state)
{
    (void)state;
    ltv_tally tally = {.overflow = true};
    ltv_error err = {0};
    assert_int_equal(ltv_workroom_check(&tally, &err), LTV_ERR_OVERFLOW);
    tally = (ltv_tally){.out_of_memory = true};
    err = (ltv_error){0};
    assert_int_equal(ltv_workroom_check(&tally, &err), LTV_ERR_NO_MEMORY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_make_the_whole),
        cmocka_unit_test(a_void_tally_is_told_of),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
