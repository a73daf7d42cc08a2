/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "close.h"
#include "scenario_fixture.h"
#include "sim/who_gains.h"

/* What a cell gains and costs for each of its customers, in yen; half of them get `spread` more,
 * half as much less. */
typedef struct {
    int n;
    double gain, cost, spread;
} cell;

static ltv_scenario scenario;
static ltv_contrast_estimate estimate;
static ltv_moments moments[16][LTV_DELTAS];

/* Segments low, mid … and channels paid, organic …, as many as there are. */
static void start(size_t n_segments, size_t n_channels)
{
    static const double shares[] = {0.25, 0.75, 0, 0}, ones[] = {1, 1, 1, 1};
    static const double same[] = {0.25, 0.25, 0.25, 0.25};
    scenario_fixture_init(&scenario, 0.05);
    scenario_fixture_set_segments(&scenario.arms[0], n_segments, n_segments == 2 ? shares : same,
                                  ones);
    scenario_fixture_set_channels(&scenario.arms[0], n_channels, n_channels == 2 ? shares : same,
                                  ones);
}

/* cells: channel by channel, its segments one after the other. */
static void fill_with(const cell *cells, bool of_programmes, double net_gain)
{
    ltv_arm *arm = &scenario.arms[0];
    size_t n = arm->n_segments * arm->n_channels;
    memset(moments, 0, sizeof moments);
    for (size_t c = 0; c < n; c++)
        for (int i = 0; i < cells[c].n; i++) {
            double off = i % 2 == 0 ? cells[c].spread : -cells[c].spread;
            ltv_money gain = llround((cells[c].gain + off) * 0x1p20);
            ltv_money cost = llround(cells[c].cost * 0x1p20);
            ltv_moments_add(&moments[c][LTV_DELTA_LTV], gain);
            ltv_moments_add(&moments[c][LTV_DELTA_COST], cost);
            ltv_moments_add(&moments[c][LTV_DELTA_BOTH], gain + cost);
        }
    ltv_contrast_tally tally = {.n_cells = n, .cells = moments};
    ltv_error err = {0};
    estimate = (ltv_contrast_estimate){0};
    assert_int_equal(
        ltv_who_gains_fill(&estimate, &scenario, &tally, of_programmes, net_gain, &err), LTV_OK);
}

static void fill(const cell *cells, bool of_programmes)
{
    fill_with(cells, of_programmes, 1);
}

static void finish(void)
{
    free(estimate.who_gains);
    ltv_scenario_free(&scenario);
}

static void cells_are_means_with_errors(void **state)
{
    (void)state;
    start(2, 2);
    fill((cell[]){{100, 50, 20, 5}, {100, 0, 0, 0}, {100, -4, 8, 0}, {100, 7, 0, 0}}, true);
    assert_int_equal(estimate.n_gains, 4);
    const ltv_gain *gain = &estimate.who_gains[1]; /* after the gain for nothing */
    assert_string_equal(gain->segment, "segment 0");
    assert_string_equal(gain->channel, "channel 0");
    assert_close("share", gain->share, 0.0625, 1e-15);
    assert_true(gain->n == 100 && gain->delta_ltv == 50 && gain->programme_cost == 20);
    assert_close("error", gain->delta_ltv_standard_error, 5 / sqrt(99), 1e-12);
    assert_true(gain->roi == 2.5);
    assert_close("error of ROI", gain->roi_standard_error, 5 / sqrt(99) / 20, 1e-9);
    finish();
}

static void the_best_come_first(void **state)
{
    (void)state;
    static const cell cells[] = {{10, 50, 100, 0}, {10, 30, 10, 0},  {10, 0, 0, 0},
                                 {10, 5, 0, 0},    {10, -1, 0, 0},   {0, 0, 0, 0},
                                 {10, -9, 10, 0},  {10, 60, 100, 0}, {10, -2, 10, 0}};
    /* segment numbers in order: by ROI; nothing for nothing is an ROI of 0 */
    static const double by_roi[] = {5, 30, 60, 50, 0, -2, -9, -1, 0};
    static const double by_gain[] = {60, 50, 30, 5, 0, -1, -2, -9, 0};
    for (int of_programmes = 0; of_programmes < 2; of_programmes++) {
        double shares[9], ones[9];
        for (int i = 0; i < 9; i++) {
            shares[i] = 1 / 9.0;
            ones[i] = 1;
        }
        start(1, 1);
        scenario_fixture_set_segments(&scenario.arms[0], 9, shares, ones);
        fill(cells, of_programmes);
        for (int i = 0; i < 8; i++)
            assert_true(estimate.who_gains[i].delta_ltv == (of_programmes ? by_roi : by_gain)[i]);
        assert_int_equal(estimate.who_gains[8].n, 0);
        assert_true(isnan(estimate.who_gains[8].delta_ltv));
        if (!of_programmes)
            assert_true(isnan(estimate.who_gains[0].roi));
        finish();
    }
}

static void the_advice_names_what_is_beyond_noise(void **state)
{
    (void)state;
    static const struct {
        const char *advice;
        bool of_programmes;
        double net_gain;
        cell cells[4];
    } cases[] = {
        {"Aim it at segment 1 × channel 0, segment 0 × channel 0; it loses with "
         "segment 1 × channel 1.",
         true,
         1,
         {{100, 50, 20, 5}, {100, 90, 20, 5}, {100, 0.5, 20, 5}, {100, -4, 8, 1}}},
        {"Aim it at segment 0 × channel 0.",
         true,
         1,
         {{100, 50, 20, 5}, {100, 0, 0, 0}, {100, 0.5, 20, 5}, {0, 0, 0, 0}}},
        {"", true, 1, {{100, 50, 20, 5}, {100, 0, 0, 0}, {100, 0, 0, 0}, {0, 0, 0, 0}}},
        {"It gains in every group that it reaches, most of all segment 1 × channel 0.",
         true,
         1,
         {{100, 1, 2, 0.1}, {100, 9, 2, 0.1}, {100, 0, 0, 0}, {100, 0.1, 0, 5}}},
        {"It gains in every group that it reaches, most of all segment 0 × channel 0.",
         true,
         1,
         {{100, 1, 0, 0.1}, {100, 9, 2, 0.1}, {100, 0, 0, 0}, {100, 0, 0, 0}}},
        {"Every group that it reaches gains, but not enough for the fixed costs.",
         true,
         -1,
         {{100, 1, 2, 0.1}, {100, 9, 2, 0.1}, {100, 0, 0, 0}, {100, 0, 0, 0}}},
        {"Every group that it reaches gains, but not enough for the fixed costs.",
         true,
         0,
         {{100, 1, 2, 0.1}, {100, 0, 0, 0}, {100, 0, 0, 0}, {100, 0, 0, 0}}},
        {"No group gains beyond the simulation's noise.",
         true,
         1,
         {{100, 0.9, 20, 5}, {100, -0.9, 20, 5}, {100, 0, 20, 5}, {100, 0, 8, 0}}},
        {"No group gains beyond the simulation's noise.",
         true,
         1,
         {{100, 0, 0, 0}, {100, 0, 0, 0}, {100, 0, 0, 0}, {100, 0, 0, 0}}},
        {"No group gains beyond the simulation's noise; it loses with segment 1 × channel 0, "
         "segment 0 × channel 0.",
         true,
         -1,
         {{100, -2, 20, 5}, {100, -9, 20, 5}, {100, 0, 20, 5}, {100, 0, 8, 0}}},
        {"It loses with every group that it reaches.",
         true,
         -1,
         {{100, -2, 20, 5}, {100, -9, 20, 5}, {100, 0, 0, 0}, {100, 0, 0, 0}}},
        {"It gains with segment 0 × channel 0; it loses with segment 1 × channel 1.",
         false,
         1,
         {{100, 50, 20, 5}, {100, 0.5, 20, 5}, {100, 0.5, 20, 5}, {100, -4, 8, 1}}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        start(2, 2);
        fill_with(cases[i].cells, cases[i].of_programmes, cases[i].net_gain);
        assert_string_equal(estimate.advice, cases[i].advice);
        finish();
    }
}

static void only_what_is_declared_is_named(void **state)
{
    (void)state;
    static const cell cells[] = {{100, 50, 20, 5}, {100, -3, 20, 5}};
    start(2, 1);
    scenario.arms[0].declared_channels = false;
    fill(cells, true);
    assert_string_equal(estimate.advice, "Aim it at segment 0; it loses with segment 1.");
    finish();
    start(1, 2);
    scenario.arms[0].declared_segments = false;
    fill(cells, true);
    assert_string_equal(estimate.advice, "Aim it at channel 0; it loses with channel 1.");
    finish();
    start(1, 1);
    scenario.arms[0].declared_segments = scenario.arms[0].declared_channels = false;
    fill(cells, true);
    assert_true(estimate.n_gains == 1 && estimate.who_gains[0].delta_ltv == 50);
    assert_string_equal(estimate.advice, "");
    finish();
}

static void shares_are_those_of_segments_within_their_channel(void **state)
{
    (void)state;
    start(2, 2);
    double *own = calloc(2, sizeof *own);
    assert_non_null(own);
    own[0] = 0.9;
    own[1] = 0.1;
    scenario.arms[0].channels[1].segments = own;
    fill((cell[]){{9, 4, 1, 0}, {9, 3, 1, 0}, {9, 2, 1, 0}, {9, 1, 1, 0}}, true);
    static const double shares[] = {0.25 * 0.25, 0.25 * 0.75, 0.75 * 0.9, 0.75 * 0.1};
    for (int i = 0; i < 4; i++)
        assert_close("share", estimate.who_gains[i].share, shares[i], 1e-15);
    finish();
}

static void four_are_named_and_the_others_counted(void **state)
{
    (void)state;
    static const cell cells[12] = {{100, 1, 2, 0.1},  {100, 2, 2, 0.1},  {100, 3, 2, 0.1},
                                   {100, 4, 2, 0.1},  {100, 5, 2, 0.1},  {100, 6, 2, 0.1},
                                   {100, -1, 2, 0.1}, {100, -2, 2, 0.1}, {100, -3, 2, 0.1},
                                   {100, -4, 2, 0.1}, {100, -5, 2, 0.1}, {100, 0, 2, 5}};
    double shares[12], ones[12];
    for (int i = 0; i < 12; i++) {
        shares[i] = 1 / 12.0;
        ones[i] = 1;
    }
    start(1, 1);
    scenario_fixture_set_segments(&scenario.arms[0], 12, shares, ones);
    scenario.arms[0].declared_channels = false;
    fill(cells, true);
    assert_string_equal(estimate.advice,
                        "Aim it at segment 5, segment 4, segment 3, segment 2 and 2 others; it "
                        "loses with segment 10, segment 9, segment 8, segment 7 and 1 other.");
    finish();
}

static void long_names_leave_the_sentence_whole(void **state)
{
    (void)state;
    static const cell cells[16] = {
        {100, 1, 2, 0.1},  {100, 2, 2, 0.1},  {100, 3, 2, 0.1},  {100, 4, 2, 0.1},
        {100, 5, 2, 0.1},  {100, 6, 2, 0.1},  {100, 7, 2, 0.1},  {100, 8, 2, 0.1},
        {100, -1, 2, 0.1}, {100, -2, 2, 0.1}, {100, -3, 2, 0.1}, {100, -4, 2, 0.1},
        {100, -5, 2, 0.1}, {100, -6, 2, 0.1}, {100, -7, 2, 0.1}, {100, -8, 2, 0.1}};
    start(4, 4);
    for (int i = 0; i < 4; i++) {
        memset(scenario.arms[0].segments[i].name, 'a' + i, LTV_NAME_SIZE - 1);
        memset(scenario.arms[0].channels[i].name, 'w' + i, LTV_NAME_SIZE - 1);
    }
    fill(cells, true);
    size_t length = strlen(estimate.advice);
    assert_true(length < sizeof estimate.advice - 1 && estimate.advice[length - 1] == '.');
    assert_non_null(strstr(estimate.advice, "others; it loses with "));
    assert_non_null(strstr(estimate.advice, "others."));
    finish();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_are_means_with_errors),
        cmocka_unit_test(the_best_come_first),
        cmocka_unit_test(the_advice_names_what_is_beyond_noise),
        cmocka_unit_test(only_what_is_declared_is_named),
        cmocka_unit_test(shares_are_those_of_segments_within_their_channel),
        cmocka_unit_test(four_are_named_and_the_others_counted),
        cmocka_unit_test(long_names_leave_the_sentence_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
