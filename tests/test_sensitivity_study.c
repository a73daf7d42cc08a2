/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "close.h"
#include "sim/io/scenario/scenario_read.h"
#include "sim/sensitivity_study.h"

/* --- scenarios and their studies --- */

/* Churn is fixed, and all points have the same luck: a customer's discounted lifetime is the same
 * at each of them, and LTV is that lifetime times what a bill brings. So the shares are those of
 * what a bill brings, whoever the simulated customers are. */
#define PLAIN                                                                                      \
    "ltvsim: 1\ncurrency: USD\ntime: {horizon: 24}\nretention: {geometric: {churn: 3%}}\n"         \
    "experiment: {seed: 7}\n"

static ltv_scenario_file file;

static ltv_status study_of(ltv_sensitivity_study *study, const char *text, uint32_t n_base,
                           uint64_t customers, size_t n_figures, const char *const *figures,
                           ltv_error *err)
{
    ltv_error reading = {0};
    if (ltv_scenario_read_text(&file, LTV_SOURCE_DIR "/tests/good_scenarios/it", text, strlen(text),
                               0, NULL, &reading) != LTV_OK)
        fail_msg("%s", reading.message);
    ltv_study_plan plan = {.scenario = &file.scenario,
                           .n_base = n_base,
                           .customers = customers,
                           .n_figures = n_figures,
                           .figures = figures};
    return ltv_sensitivity_study_init(study, &plan, err);
}

static ltv_sensitivity_study expect_study(const char *text, uint32_t n_base, uint64_t customers,
                                          size_t n_figures, const char *const *figures)
{
    ltv_error err = {0};
    ltv_sensitivity_study study = {0};
    if (study_of(&study, text, n_base, customers, n_figures, figures, &err) != LTV_OK)
        fail_msg("%s", err.message);
    return study;
}

static void release(ltv_sensitivity_study *study)
{
    ltv_sensitivity_study_free(study);
    ltv_scenario_file_free(&file);
}

/* --- shares --- */

static void print(const ltv_sensitivity_study *s)
{
    for (size_t f = 0; f < s->n_figures; f++) {
        print_message("%s base %g\n", s->figures[f].path, s->figures[f].base);
        for (size_t g = 0; g < s->n_groups; g++) {
            const ltv_sensitivity_input *in = &s->figures[f].indices.inputs[g];
            print_message("   %-50s %.4f [%.4f %.4f] %.4f [%.4f %.4f]\n", s->groups[g],
                          in->first.value, in->first.low, in->first.high, in->total.value,
                          in->total.low, in->total.high);
        }
        for (size_t b = 0; b < s->n_bars; b++)
            print_message("   bar %zu %g %g ends %g %g\n", s->figures[f].tornado[b].input, s->figures[f].tornado[b].low,
                          s->figures[f].tornado[b].high, s->ends[s->figures[f].tornado[b].input][0], s->ends[s->figures[f].tornado[b].input][1]);
    }
}

static void explore(void **state)
{
    (void)state;
    const char *text = PLAIN "revenue: {price: {uniform: [50, 150]}}\n"
                             "gross_margin: {beta: {alpha: 2, beta: 2}}\n";
    ltv_sensitivity_study s = expect_study(text, 4096, 4, 0, NULL);
    print(&s);
    release(&s);
    for (int c = 64; c <= 4096; c *= 4) {
        const char *figures[] = {"arms.baseline.ltv", "arms.baseline.expected_ltv"};
        s = expect_study("ltvsim: 1\ncurrency: USD\ntime: {horizon: 60}\nretention: {weibull: {scale: {ci90: [22,40]}, shape: {ci90: [0.7, 0.9]}}}\n"
             "revenue: {price: {ci90: [80,110]}}\nexperiment: {seed: 7}\n", 256, (uint64_t)c, 2, figures);
        print(&s);
        release(&s);
    }
}

int main(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    const struct CMUnitTest tests[] = {cmocka_unit_test(explore)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
