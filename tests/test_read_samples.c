/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "close.h"
#include "sim/io/scenario/scenario_read.h"

/* Beside tests/good_scenarios/posterior.csv: upgrade 0.01, 0.012, 0.014, 0.009; pro_churn 0.7,
 * 0.65, 0.8, 0.75. */
static const char name[] = LTV_SOURCE_DIR "/tests/good_scenarios/test.yaml";

static ltv_status read_text(ltv_scenario_file *file, const char *churn, const char *price,
                            ltv_error *err)
{
    char text[2048];
    snprintf(text, sizeof text,
             "ltvsim: 1\n"
             "currency: USD\n"
             "retention: {geometric: {%s}}\n"
             "revenue: {price: %s}\n",
             churn, price);
    *err = (ltv_error){0};
    return ltv_scenario_read_text(file, name, text, strlen(text), 0, NULL, err);
}

static void must_read(ltv_scenario_file *file, const char *churn, const char *price)
{
    ltv_error err;
    if (read_text(file, churn, price, &err) != LTV_OK)
        fail_msg("%s", err.message);
}

static void assert_column(const ltv_inputs *inputs, size_t input, const double expected[4])
{
    const ltv_input *of = &inputs->items[input];
    const ltv_sample_set *set = &inputs->sets[of->set];
    double sum = 0;
    assert_int_equal(set->n_rows, 4);
    for (size_t row = 0; row < 4; row++) {
        assert_close(of->name, set->values[of->column * 4 + row], expected[row], 0);
        sum += expected[row];
    }
    assert_close(of->name, of->mean, sum / 4, 1e-15);
}

static const double upgrades[4] = {0.01, 0.012, 0.014, 0.009}, churns[4] = {0.7, 0.65, 0.8, 0.75};

static void columns_of_one_file_are_one_set(void **state)
{
    (void)state;
    ltv_scenario_file file;
    must_read(&file, "churn: {samples: {csv: posterior.csv, column: upgrade}}",
              "{samples: {csv: posterior.csv, column: pro_churn}}");
    const ltv_inputs *inputs = &file.scenario.inputs;
    assert_int_equal(inputs->n, 2);
    assert_int_equal(inputs->n_sets, 1);
    assert_int_equal(inputs->sets[0].n_columns, 2);
    assert_string_equal(inputs->sets[0].columns[1], "pro_churn");
    assert_column(inputs, 0, upgrades);
    assert_column(inputs, 1, churns);
    assert_int_equal(ltv_inputs_dimensions(inputs), 1);
    ltv_scenario_file_free(&file);
}

/* The effective scenario stands for itself, wherever it lies. */
static void the_effective_scenario_holds_the_samples(void **state)
{
    (void)state;
    ltv_scenario_file file, again;
    ltv_error err = {0};
    must_read(&file, "churn: {samples: {csv: posterior.csv, column: upgrade}}",
              "{samples: {csv: posterior.csv, column: pro_churn}}");
    assert_null(strstr(file.effective, "column"));
    if (ltv_scenario_read_text(&again, "/nowhere/else.yaml", file.effective, strlen(file.effective),
                               0, NULL, &err) != LTV_OK)
        fail_msg("%s", err.message);
    const ltv_inputs *inputs = &again.scenario.inputs;
    assert_int_equal(inputs->n_sets, 1);
    assert_string_equal(inputs->sets[0].name, file.scenario.inputs.sets[0].name);
    assert_column(inputs, 0, upgrades);
    assert_column(inputs, 1, churns);
    assert_string_equal(again.effective, file.effective);
    ltv_scenario_file_free(&again);
    ltv_scenario_file_free(&file);
}

/* Samples of a continuation rate are those of 1 minus churn. */
static void samples_stand_for_what_is_written(void **state)
{
    (void)state;
    ltv_scenario_file file;
    must_read(&file, "continuation: {samples: {set: s, values: [90%, 0.97, 80%, 85%]}}", "1");
    static const double stays[4] = {0.9, 0.97, 0.8, 0.85};
    assert_column(&file.scenario.inputs, 0, stays);
    assert_close("churn", file.scenario.arms[0].retention.curve.parameter[0], 0.12, 1e-15);
    ltv_scenario_file_free(&file);
}

static const struct {
    const char *churn, *expected;
} refusals[] = {
    {"churn: {samples: {csv: posterior.csv}}",
     "retention.geometric.churn.samples: say where the samples are"},
    {"churn: {samples: {csv: posterior.csv, column: nothing}}", "nothing"},
    {"churn: {samples: {csv: missing.csv, column: upgrade}}", "missing.csv"},
    {"churn: {samples: {csv: [posterior.csv], column: upgrade}}", "test.yaml:3:48: "},
    {"churn: {samples: {results: posterior.csv, input: upgrade}}", "test.yaml:3:52: "},
    {"churn: {samples: {results: missing.h5, input: upgrade}}", "missing.h5"},
    {"churn: {samples: {set: s, values: []}}", "test.yaml:3:59: "},
    {"churn: {samples: {set: s, values: [3%, 101%]}}",
     "test.yaml:3:64: retention.geometric.churn.samples[1]: 101% is out of range"},
    {"churn: {samples: {set: s, values: [3%, [4%]]}}", "a number is due here, not a list"},
    {"churn: {samples: 3}", "say where the samples are"},
    {"churn: {samples: {set: s, values: [3%]}, ci90: [1%, 2%]}", "there are 2 keys"},
};

static void a_slip_is_refused_with_its_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        ltv_scenario_file file;
        ltv_error err;
        assert_int_equal(read_text(&file, refusals[i].churn, "1", &err), LTV_ERR_BAD_INPUT);
        if (strstr(err.message, refusals[i].expected) == NULL)
            fail_msg("%s: %s", refusals[i].churn, err.message);
        ltv_scenario_file_free(&file);
    }
}

static void a_sample_out_of_range_is_found_in_its_line(void **state)
{
    (void)state;
    ltv_scenario_file file;
    ltv_error err = {0};
    static const char text[] =
        "ltvsim: 1\n"
        "currency: USD\n"
        "retention: {weibull: {scale: 3, shape: 1}}\n"
        "revenue: {price: 1}\n"
        "segments: {a: {share: 100%, churn: {samples: {csv: ../bad_scenarios/"
        "data/posterior.csv, column: negative}}}}\n";
    assert_int_equal(ltv_scenario_read_text(&file, name, text, strlen(text), 0, NULL, &err),
                     LTV_ERR_BAD_INPUT);
    assert_that(err.message,
                strstr(err.message, "data/posterior.csv:3:10: segments.a.churn.samples: "
                                    "the sample -2 is out of range"));
    ltv_scenario_file_free(&file);
}

static void columns_of_one_set_are_as_long_as_each_other(void **state)
{
    (void)state;
    ltv_scenario_file file;
    ltv_error err;
    assert_int_equal(read_text(&file, "churn: {samples: {set: s, values: [3%, 4%]}}",
                               "{samples: {set: s, values: [3, 4, 5]}}", &err),
                     LTV_ERR_BAD_INPUT);
    assert_that(err.message, strstr(err.message, "3 rows, but another one of this file has 2"));
    ltv_scenario_file_free(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_of_one_file_are_one_set),
        cmocka_unit_test(the_effective_scenario_holds_the_samples),
        cmocka_unit_test(samples_stand_for_what_is_written),
        cmocka_unit_test(a_slip_is_refused_with_its_place),
        cmocka_unit_test(a_sample_out_of_range_is_found_in_its_line),
        cmocka_unit_test(columns_of_one_set_are_as_long_as_each_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
