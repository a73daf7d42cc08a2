/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "close.h"
#include "sim/io/scenario/scenario_read.h"

/* Through whole scenarios, since what a block means depends on where it stands. */

static ltv_status read_with(ltv_scenario_file *file, const char *override, const char *more,
                            ltv_error *err)
{
    char text[4096];
    snprintf(text, sizeof text,
             "ltvsim: 1\n"
             "currency: USD\n"
             "time: {unit: month, horizon: 12}\n"
             "retention: {geometric: {churn: 3%%}}\n"
             "revenue: {price: 1000}\n"
             "acquisition: {cac: 5}\n"
             "segments: {a: {share: 40%%, churn: x1}, b: {share: 60%%}}\n%s",
             more);
    *err = (ltv_error){0};
    return ltv_scenario_read_text(file, "test.yaml", text, strlen(text), override != NULL,
                                  &override, err);
}

/* --- what a block means --- */

typedef struct {
    const char *override;
    ltv_uncertain_kind kind;
    double low, high; /* what it lies below with 5 % and 95 %; by R where there is no closed form */
    double mean;
} meaning;

/* qbeta and so on; Beta from 90 % limits: limits and mean are checked, the shapes are its own. */
static const meaning meanings[] = {
    {"revenue.price={normal: {mean: 1000, sd: 100}}", LTV_UNCERTAIN_NORMAL,
     1000 - 100 * 1.6448536269514722, 1000 + 100 * 1.6448536269514722, 1000},
    {"revenue.price={normal: {sd: 100, mean: 1000}}", LTV_UNCERTAIN_NORMAL,
     1000 - 100 * 1.6448536269514722, 1000 + 100 * 1.6448536269514722, 1000},
    {"revenue.price={uniform: [800, 1200]}", LTV_UNCERTAIN_UNIFORM, 820, 1180, 1000},
    {"revenue.price={uniform: {low: 800, high: 1200}}", LTV_UNCERTAIN_UNIFORM, 820, 1180, 1000},
    {"revenue.price={triangular: [0, 1, 1]}", LTV_UNCERTAIN_TRIANGULAR, 0.22360679774997896,
     0.97467943448089633, 2.0 / 3},
    {"revenue.price={pert: {low: 0, high: 6, mode: 3}}", LTV_UNCERTAIN_PERT, 1.1352654, 4.8647346,
     3},
    {"revenue.price={ci90: [100, 400]}", LTV_UNCERTAIN_LOG_NORMAL, 100, 400, 218.5703320162},
    {"revenue.price={ci90: {low: 100, high: 400}}", LTV_UNCERTAIN_LOG_NORMAL, 100, 400,
     218.5703320162},
    {"revenue.heterogeneity={gamma: {cv: 1}, correlation_with_churn: 0}", LTV_UNCERTAIN_KINDS, 0, 0,
     0}, /* no distribution of a number: words of customers */
    {"retention.geometric.churn={ci90: [2%, 4%]}", LTV_UNCERTAIN_BETA, 0.02, 0.04, NAN},
    {"retention.geometric.churn={lost: 40, of: 1000}", LTV_UNCERTAIN_BETA, 0.030768, 0.051193,
     40.5 / 1001},
    {"retention.geometric.churn={beta: {alpha: 1, beta: 19}}", LTV_UNCERTAIN_BETA, 0.0026960219,
     0.1458734, 0.05},
    {"retention.geometric.churn={beta: {mean: 5%, sd: 4.756%}}", LTV_UNCERTAIN_BETA, NAN, NAN,
     0.05},
    {"retention.geometric.churn={uniform: [2%, 0.04]}", LTV_UNCERTAIN_UNIFORM, 0.021, 0.039, 0.03},
    {"segments.a.churn={ci90: [x0.5, x2]}", LTV_UNCERTAIN_LOG_NORMAL, 0.5, 2, 1.092851660081},
    {"segments.a.churn={gamma: {mean: x1, sd: x0.5}}", LTV_UNCERTAIN_GAMMA, 0.34158, 1.93841, 1},
    {"acquisition.cac={log_normal: {mean: 900, sd: 150}}", LTV_UNCERTAIN_LOG_NORMAL, 676.159,
     1165.566, 900},
};

static void assert_meaning(const meaning *of)
{
    ltv_scenario_file file;
    ltv_error err;
    if (read_with(&file, of->override, "", &err) != LTV_OK)
        fail_msg("%s", err.message);
    const ltv_inputs *inputs = &file.scenario.inputs;
    if (of->kind == LTV_UNCERTAIN_KINDS) {
        assert_int_equal(inputs->n, 0);
    } else {
        assert_int_equal(inputs->n, 1);
        const ltv_input *input = &inputs->items[0];
        assert_memory_equal(input->name, of->override, strlen(input->name));
        assert_int_equal(of->override[strlen(input->name)], '=');
        assert_int_equal(input->number.kind, of->kind);
        double below[2] = {ltv_uncertain_probability_below(&input->number, of->low),
                           ltv_uncertain_probability_below(&input->number, of->high)};
        if (!isnan(of->low)) {
            assert_within(of->override, below[0], 0.05, 2e-4);
            assert_within(of->override, below[1], 0.95, 2e-4);
        }
        if (!isnan(of->mean))
            assert_close(of->override, input->mean, of->mean, 1e-6);
        assert_close(of->override, input->mean, ltv_uncertain_mean(&input->number), 0);
    }
    ltv_scenario_file_free(&file);
}

static void a_block_means_what_the_manual_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++)
        assert_meaning(&meanings[i]);
}

/* {lost: 40, of: 1000} says that 40 left, whether churn or continuation stands there. */
static void those_who_were_lost_are_not_those_who_stay(void **state)
{
    (void)state;
    ltv_scenario_file churn, continuation;
    ltv_error err;
    assert_int_equal(read_with(&churn, "retention.geometric.churn={lost: 40, of: 1000}", "", &err),
                     LTV_OK);
    assert_int_equal(
        read_with(&continuation, "retention.geometric.continuation={lost: 40, of: 1000}", "", &err),
        LTV_OK);
    assert_close("mean churn", churn.scenario.arms[0].retention.curve.parameter[0], 40.5 / 1001,
                 1e-12);
    assert_close("mean churn", continuation.scenario.arms[0].retention.curve.parameter[0],
                 40.5 / 1001, 1e-12);
    assert_close("the input itself", continuation.scenario.inputs.items[0].mean, 960.5 / 1001,
                 1e-12);
    ltv_scenario_file_free(&churn);
    ltv_scenario_file_free(&continuation);
}

/* What lies out of the range of its place is cut off, and never drawn. */
static void a_number_keeps_within_the_range_of_its_place(void **state)
{
    (void)state;
    ltv_scenario_file file;
    ltv_error err;
    assert_int_equal(read_with(&file, "revenue.price={normal: {mean: 3, sd: 1.2}}", "", &err),
                     LTV_OK);
    const ltv_uncertain *price = &file.scenario.inputs.items[0].number;
    static const ltv_uniform least = {1e-300, 1};
    assert_within("limit", price->lowest, 0, 0);
    assert_that("least", ltv_uncertain_quantile(price, least) >= 0);
    ltv_scenario_file_free(&file);
}

/* --- what is refused, and where --- */

static const struct {
    const char *override, *expected;
} refusals[] = {
    {"revenue.price={normal: {mean: 1000}}", "revenue.price.normal: normal needs {mean: …, sd: …}"},
    {"revenue.price={normal: [1000, 100]}", "normal needs {mean: …, sd: …}"},
    {"revenue.price={normal: 1000}", "normal needs {mean: …, sd: …}"},
    {"revenue.price={normal: {mean: 1000, sd: 0}}", "sd must be more than 0"},
    {"revenue.price={normal: {mean: x, sd: 1}}", "revenue.price.normal.mean: \"x\""},
    {"revenue.price={normal: {mean: {ci90: [1, 2]}, sd: 1}}", "a number is due here, not a block"},
    {"revenue.price={uniform: [2, 1]}", "revenue.price.uniform: "},
    {"revenue.price={uniform: [1, 2, 3]}", "uniform needs [low, high]"},
    {"revenue.price={uniform: [1, x]}", "revenue.price.uniform[1]: "},
    {"revenue.price={beta: {mean: 50%, sd: 1%}}", "revenue.price"},
    {"revenue.price={lost: 4, of: 10}", "lost and of give a probability, and this is none"},
    {"revenue.price={normal: {mean: 5, sd: 1}, uniform: [1, 2]}", "and there are 2 keys"},
    {"revenue.price={normal: {mean: 0, sd: 1}}", "revenue.price: "},
    {"retention.geometric.churn={lost: 11, of: 10}", "retention.geometric.churn: "},
    {"retention.geometric.churn={lost: 4}", "say how many were lost of how many"},
    {"retention.geometric.churn={lost: 4%, of: 10}", "lost"},
    {"retention.geometric.churn={ci90: [2%, 120%]}", "retention.geometric.churn.ci90: "},
    {"retention.geometric.churn={uniform: [50%, 120%]}", "retention.geometric.churn: "},
    {"time.horizon={uniform: [10, 20]}", "time.horizon: this number cannot be uncertain (uniform)"},
    {"title={uniform: [10, 20]}", "title: "},
    {"experiment.draws={ci90: [10, 20]}", "this number cannot be uncertain (ci90)"},
    {"customers.count={ci90: [10, 20]}", "this number cannot be uncertain (ci90)"},
    {"time.unit={ci90: [10, 20]}", "time.unit: "},
};

static void a_slip_is_refused_with_its_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        ltv_scenario_file file;
        ltv_error err;
        char place[256];
        snprintf(place, sizeof place, "--set %s: ", refusals[i].override);
        assert_that(refusals[i].override,
                    read_with(&file, refusals[i].override, "", &err) == LTV_ERR_BAD_INPUT);
        if (strstr(err.message, refusals[i].expected) == NULL || strstr(err.message, place) == NULL)
            fail_msg("%s: %s", refusals[i].override, err.message);
        ltv_scenario_file_free(&file);
    }
}

/* --- correlations --- */

static const char two_numbers[] = "gross_margin: {ci90: [70%, 80%]}\n"
                                  "service_cost: {uniform: [1, 2]}\n"
                                  "correlations:\n";

static const struct {
    const char *lines, *expected; /* NULL: they are taken */
} correlations[] = {
    {"  - [gross_margin, service_cost, -0.3]\n", NULL},
    {"  - [gross_margin, service_cost, 30%]\n", "correlations[0]"},
    {"  - [gross_margin, service_cost, 1]\n", "out of range"},
    {"  - [gross_margin, revenue.price, 0.1]\n", "test.yaml:11:20: correlations[0]: revenue.price"},
    {"  - [gross_margin, gross_margin, 0.1]\n", "not correlated with itself"},
    {"  - [gross_margin, service_cost, 0.1]\n  - [service_cost, gross_margin, 0.1]\n",
     "test.yaml:12:5: correlations[1]: the two are correlated already"},
    {"  - [gross_margin, service_cost]\n", "correlations[0]"},
};

static void correlations_name_two_uncertain_numbers(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof correlations / sizeof *correlations; i++) {
        char more[512];
        ltv_scenario_file file;
        ltv_error err;
        snprintf(more, sizeof more, "%s%s", two_numbers, correlations[i].lines);
        ltv_status status = read_with(&file, NULL, more, &err);
        assert_int_equal(status, correlations[i].expected == NULL ? LTV_OK : LTV_ERR_BAD_INPUT);
        if (correlations[i].expected != NULL && !strstr(err.message, correlations[i].expected))
            fail_msg("%s: %s", correlations[i].lines, err.message);
        if (status == LTV_OK) {
            const ltv_correlation *pair = &file.scenario.inputs.correlations[0];
            assert_int_equal(file.scenario.inputs.n_correlations, 1);
            assert_string_equal(file.scenario.inputs.items[pair->first].name, "gross_margin");
            assert_string_equal(file.scenario.inputs.items[pair->second].name, "service_cost");
            assert_close("rho", pair->spearman, -0.3, 0);
        }
        ltv_scenario_file_free(&file);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_block_means_what_the_manual_says),
        cmocka_unit_test(those_who_were_lost_are_not_those_who_stay),
        cmocka_unit_test(a_number_keeps_within_the_range_of_its_place),
        cmocka_unit_test(a_slip_is_refused_with_its_place),
        cmocka_unit_test(correlations_name_two_uncertain_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
