/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "include/ltvsim.h"
#include "results_fixture.h"

/* Against the shared library, as others use it: nothing but include/ltvsim.h is visible there. */

static const char scenario[] = "ltvsim: 1\n"
                               "currency: JPY\n"
                               "time: {horizon: 12}\n"
                               "retention: {geometric: {churn: 3%}}\n"
                               "revenue: {price: 1000}\n"
                               "gross_margin: 80%\n"
                               "acquisition: {cac: 5000}\n"
                               "experiment: {customers: 1000}\n";

typedef struct {
    char *folder, *scenario, *results;
    char error[1024];
} files;

static int make_files(void **state)
{
    files *self = calloc(1, sizeof *self);
    assert_non_null(self);
    self->folder = fixture_make_folder();
    self->scenario = fixture_path(self->folder, "music.yaml");
    self->results = fixture_path(self->folder, "music.h5");
    FILE *file = fopen(self->scenario, "w");
    assert_non_null(file);
    fputs(scenario, file);
    assert_int_equal(fclose(file), 0);
    *state = self;
    return 0;
}

static int remove_files(void **state)
{
    files *self = *state;
    fixture_remove_folder(self->folder);
    free(self->scenario);
    free(self->results);
    free(self);
    return 0;
}

static ltvsim *open_and_run(files *self, size_t n_overrides, const char *const *overrides)
{
    ltvsim *sim = NULL;
    int status =
        ltvsim_open(&sim, self->scenario, n_overrides, overrides, self->error, sizeof self->error);
    assert_string_equal(self->error, "");
    assert_int_equal(status, 0);
    assert_int_equal(ltvsim_run(sim, 2, self->error, sizeof self->error), 0);
    return sim;
}

static void a_scenario_is_run_read_and_written(void **state)
{
    files *self = *state;
    size_t n = 0;
    ltvsim *sim = open_and_run(self, 0, NULL);
    double mean = ltvsim_value(sim, "/arms/baseline/ltv@mean");
    assert_true(mean > 7000.0 && mean < 9600.0);
    assert_true(ltvsim_value(sim, "/@horizon") == 12.0);
    double ltv_cac = ltvsim_value(sim, "/arms/baseline/metrics:ltv_cac:value");
    assert_true(fabs(5000.0 * ltv_cac - mean) < 1e-9 * mean);
    const double *retention = ltvsim_array(sim, "/arms/baseline/retention", &n);
    assert_int_equal(n, 13);
    assert_true(retention[0] == 1.0 && retention[12] < 1.0);
    const double *counts =
        ltvsim_array(sim, "/arms/baseline/ltv/one_customer/histogram/counts", &n);
    double sum = 0.0;
    for (size_t i = 0; i < n; i++)
        sum += counts[i];
    assert_true(sum == 1000.0);
    assert_int_equal(ltvsim_write(sim, self->results, self->error, sizeof self->error), 0);
    free(fixture_read_file(self->results, &n));
    assert_true(n > 1000);
    ltvsim_free(sim);
}

static void places_without_a_number_are_nan(void **state)
{
    static const char *const places[] = {"",
                                         "/",
                                         ":",
                                         "::",
                                         "@",
                                         "/@title",
                                         "/@nothing",
                                         "/arms/baseline/metrics:ltv_cac:unit",
                                         "/arms/baseline/metrics:nothing:value",
                                         "/arms/baseline/metrics:ltv_cac:nothing",
                                         "/arms/baseline/nothing:ltv_cac:value",
                                         "/arms/baseline/retention:a:b",
                                         "/arms/baseline/ltv/one_customer/quantiles:0.5:value"};
    size_t n = 1;
    ltvsim *sim = open_and_run(*state, 0, NULL);
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
        if (!isnan(ltvsim_value(sim, places[i])))
            fail_msg("%s is %g", places[i], ltvsim_value(sim, places[i]));
    assert_null(ltvsim_array(sim, "/arms/baseline/metrics", &n));
    assert_int_equal(n, 0);
    assert_null(ltvsim_array(sim, "/nothing", &n));
    ltvsim_free(sim);
}

static void overrides_change_the_answer_and_threads_do_not(void **state)
{
    files *self = *state;
    const char *const price[] = {"revenue.price=2000"};
    ltvsim *one = open_and_run(self, 0, NULL), *two = open_and_run(self, 1, price);
    double mean = ltvsim_value(one, "/arms/baseline/ltv@mean");
    assert_true(ltvsim_value(two, "/arms/baseline/ltv@mean") == 2.0 * mean);
    assert_int_equal(ltvsim_run(one, 5, self->error, sizeof self->error), 0);
    assert_true(ltvsim_value(one, "/arms/baseline/ltv@mean") == mean);
    ltvsim_free(one);
    ltvsim_free(two);
}

static void mistakes_are_answered_with_a_code_and_a_sentence(void **state)
{
    files *self = *state;
    ltvsim *sim = (ltvsim *)self; /* must be overwritten */
    const char *const bad[] = {"revenue.price=-1"};
    assert_int_equal(ltvsim_open(&sim, "/missing.yaml", 0, NULL, self->error, sizeof self->error),
                     -2);
    assert_null(sim);
    assert_non_null(strstr(self->error, "/missing.yaml"));
    assert_int_equal(ltvsim_open(&sim, self->scenario, 1, bad, self->error, 10), -2);
    assert_int_equal(strlen(self->error), 9);
    assert_int_equal(ltvsim_open(&sim, self->scenario, 1, bad, NULL, 0), -2);
    assert_int_equal(ltvsim_open(&sim, self->scenario, 0, NULL, NULL, 0), 0);
    assert_true(isnan(ltvsim_value(sim, "/arms/baseline/ltv@mean"))); /* not run yet */
    assert_int_equal(ltvsim_write(sim, self->results, self->error, sizeof self->error), -2);
    assert_int_equal(ltvsim_run(sim, -1, self->error, sizeof self->error), -2);
    assert_int_equal(ltvsim_run(sim, 1, self->error, sizeof self->error), 0);
    assert_int_equal(ltvsim_write(sim, self->folder, self->error, sizeof self->error), -4);
    assert_non_null(strstr(self->error, "it is a folder"));
    ltvsim_free(sim);
    ltvsim_free(NULL);
}

static void the_version_is_that_of_the_build(void **state)
{
    (void)state;
    assert_string_equal(ltvsim_version(), LTV_VERSION);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, make_files, remove_files)
    const struct CMUnitTest tests[] = {
        TEST(a_scenario_is_run_read_and_written),
        TEST(places_without_a_number_are_nan),
        TEST(overrides_change_the_answer_and_threads_do_not),
        TEST(mistakes_are_answered_with_a_code_and_a_sentence),
        cmocka_unit_test(the_version_is_that_of_the_build),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
