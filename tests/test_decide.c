/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <gsl/gsl_cdf.h>

#include "close.h"
#include "sim/decide.h"
#include "sim/draw_table.h"

/* Draws made by hand. What an arm is truly worth is theta ~ N(2, 3^2) more than the baseline, theta
 * being linear in one input x, and the simulation adds noise of the same size, N(0, 3^2). Both go
 * through the middles of 64 equal shares of their distribution, each with each: nothing is random,
 * means and variances are exact and everything is known in closed form. */
enum { STEPS = 64, DRAWS = STEPS * STEPS, CUSTOMERS = 400, MOST_ARMS = 3 };
static const double mu = 2, tau = 3, sigma = 3;

/* Scores with mean 0 and variance 1 exactly (n divisor). */
static double score_of(size_t step)
{
    static double scores[STEPS];
    if (scores[0] == 0) {
        double squares = 0;
        for (size_t i = 0; i < STEPS; i++) {
            scores[i] = gsl_cdf_ugaussian_Pinv(((double)i + 0.5) / STEPS);
            squares += scores[i] * scores[i] / STEPS;
        }
        for (size_t i = 0; i < STEPS; i++)
            scores[i] /= sqrt(squares);
    }
    return scores[step];
}

/* What one draw is made from: scores of theta, of its noise and of half the difference of the
 * halves; all three are uncorrelated over draws. */
typedef struct {
    double theta, noise, half;
} scores;

static scores scores_of(size_t draw)
{
    size_t i = draw / STEPS, j = draw % STEPS;
    return (scores){score_of(i), score_of(j), score_of((i + j) % STEPS)};
}

/* --- a run that never was --- */

typedef struct {
    size_t arms;
    double shift[MOST_ARMS];       /* constant value that an arm has more */
    double times[MOST_ARMS];       /* an arm is worth 100 + shift + times (theta + noise) */
    double fixed[MOST_ARMS];       /* cost, of the arm's value */
    double cac[MOST_ARMS];         /* what the channel costs; differences of it are in no value */
    double half_times, said_times; /* what noise the halves show, and the contrasts say, as
                                    * multiples of the truth */
    double cash[MOST_ARMS];        /* needed in draw d: cash (d + 1) / DRAWS */
    bool has_test;
    ltv_holdout_test test;
    bool x_tells; /* theta is linear in the input x; else no input tells anything */
    bool in_one_set;
    double cohort;
} story;

static const story simple = {.arms = 2, .times = {0, 1}, .half_times = 1, .said_times = 1};

typedef struct {
    ltv_scenario scenario;
    ltv_arm arms[MOST_ARMS];
    ltv_channel channels[MOST_ARMS];
    ltv_contrast contrasts[MOST_ARMS];
    ltv_input inputs[2];
    ltv_sample_set set;
    ltv_estimate estimate;
    ltv_arm_estimate arm_estimates[MOST_ARMS];
    ltv_contrast_estimate contrast_estimates[MOST_ARMS];
    ltv_metric metrics[2 * MOST_ARMS][3];
    double curve[2];
    ltv_draw_table table;
    double *values;
} run;

static ltv_metric metric_of(const char *name, double value, double error)
{
    ltv_metric metric = {.value = value, .mc_standard_error = error, .denominator = 1};
    snprintf(metric.name, sizeof metric.name, "%s", name);
    return metric;
}

static void tell_draw(run *self, const story *of, size_t draw)
{
    scores s = scores_of(draw);
    double x = mu + tau * s.theta + sigma * s.noise, customer_sd = sigma * sqrt(CUSTOMERS);
    for (size_t a = 0; a < of->arms; a++) {
        ltv_metric *metrics = self->metrics[a];
        metrics[0] = metric_of("ltv", 0, (a == 0 ? 2 : 1) * customer_sd / sqrt(CUSTOMERS));
        metrics[1] = metric_of("net_ltv", 100 + of->shift[a] + of->times[a] * x, 1);
        metrics[2] = metric_of("programme_fixed_cost", of->fixed[a], NAN);
    }
    for (size_t a = 1; a < of->arms; a++) {
        ltv_metric *metrics = self->metrics[MOST_ARMS + a];
        metrics[0] = metric_of("delta_ltv", of->shift[a] + of->times[a] * x,
                               fabs(of->times[a]) * sigma * sqrt(of->said_times));
        metrics[1] = metric_of("roi", x / 2, sigma / 2);
        metrics[2] = metric_of("cash_needed", of->cash[a] * (double)(draw + 1) / DRAWS, NAN);
    }
}

/* The halves share what both arms have; they differ in the noise. */
static void tell_half(ltv_estimate *half, ltv_arm_estimate *arms, run *self, const story *of,
                      size_t draw, int sign)
{
    *half = self->estimate;
    half->arms = arms;
    for (size_t a = 0; a < of->arms; a++) {
        double noise = sigma * sqrt(of->half_times) * scores_of(draw).half;
        arms[a] = self->arm_estimates[a];
        arms[a].all.net_ltv.n = CUSTOMERS / 2;
        arms[a].all.net_ltv.mean = 100 + 7 * sign + sign * of->times[a] * noise;
    }
}

static void tell_inputs(run *self, const story *of)
{
    self->inputs[0] = (ltv_input){.name = (char *)"x", .set = of->in_one_set ? 0 : LTV_NO_SET};
    self->inputs[1] = (ltv_input){.name = (char *)"y", .set = of->in_one_set ? 0 : LTV_NO_SET};
    self->set = (ltv_sample_set){.name = (char *)"posterior.csv"};
    self->scenario.inputs = (ltv_inputs){.n = 2, .items = self->inputs, .sets = &self->set};
    self->values = calloc(DRAWS * 2, sizeof *self->values);
    assert_non_null(self->values);
    for (size_t d = 0; d < DRAWS; d++) {
        double x = of->x_tells ? scores_of(d).theta : scores_of(d).half;
        self->values[2 * d] = 0.5 + 0.01 * x;
        self->values[2 * d + 1] = scores_of(d).half;
    }
    self->estimate.draw_values = self->values;
}

static void tell_arms(run *self, const story *of)
{
    for (size_t a = 0; a < of->arms; a++) {
        self->channels[a] = (ltv_channel){.share = 1, .cac = of->cac[a]};
        self->arms[a].channels = &self->channels[a];
        self->arms[a].n_channels = 1;
        self->arm_estimates[a].all =
            (ltv_group_estimate){.n_metrics = 3, .metrics = self->metrics[a]};
        snprintf(self->arm_estimates[a].all.name, LTV_NAME_SIZE, "arm %zu", a);
    }
    for (size_t i = 0; i + 1 < of->arms; i++) {
        self->contrasts[i] = (ltv_contrast){.arm = i + 1, .against = 0};
        self->contrast_estimates[i] =
            (ltv_contrast_estimate){.n_metrics = 3,
                                    .metrics = self->metrics[MOST_ARMS + i + 1],
                                    .delta_retention = self->curve,
                                    .cumulative_gain = self->curve,
                                    .cumulative_cash = self->curve};
    }
}

static run *tell(const story *of)
{
    static run made;
    run *self = &made;
    ltv_error err = {0};
    *self = (run){0};
    self->scenario = (ltv_scenario){.n_arms = of->arms,
                                    .arms = self->arms,
                                    .n_contrasts = of->arms - 1,
                                    .contrasts = self->contrasts,
                                    .draws = DRAWS,
                                    .customers = CUSTOMERS,
                                    .time_unit = LTV_UNIT_MONTH,
                                    .discount_rate_per_year = 0.1,
                                    .has_test = of->has_test,
                                    .test = of->test};
    self->estimate = (ltv_estimate){.horizon = 1,
                                    .n_arms = of->arms,
                                    .arms = self->arm_estimates,
                                    .n_contrasts = of->arms - 1,
                                    .contrasts = self->contrast_estimates,
                                    .draws = &self->table};
    tell_arms(self, of);
    tell_inputs(self, of);
    self->table = ltv_draw_table_of(DRAWS, 1, CUSTOMERS);
    for (size_t d = 0; d < DRAWS; d++) {
        ltv_estimate halves[2];
        ltv_arm_estimate arms[2][MOST_ARMS];
        tell_draw(self, of, d);
        tell_half(&halves[0], arms[0], self, of, d, 1);
        tell_half(&halves[1], arms[1], self, of, d, -1);
        assert_true(ltv_draw_table_add(&self->table, &self->estimate, halves, &err) == LTV_OK);
    }
    return self;
}

static ltv_decisions decided(const story *of, run **as)
{
    ltv_decisions decisions;
    ltv_error err = {0};
    *as = tell(of);
    if (ltv_decide(&decisions, &(*as)->estimate, &(*as)->scenario, &err) != LTV_OK)
        fail_msg("%s", err.message);
    return decisions;
}

static void end(run *told, ltv_decisions *decisions)
{
    ltv_decisions_free(decisions);
    ltv_draw_table_free(&told->table);
    free(told->values);
}

/* --- which arm --- */

/* The corrected draws are a sum of two of 64 steps, so a normal distribution to about 0.6 %. */
static void evpi_is_that_of_what_we_do_not_know_not_of_the_noise(void **state)
{
    (void)state;
    run *told;
    ltv_decisions decisions = decided(&simple, &told);
    double evpi = ltv_normal_opportunity_loss(mu, tau);
    assert_within("mean", decisions.arms.arms[1].expected_value.mean, 100 + mu, 1e-9);
    assert_int_equal(decisions.arms.best, 1);
    assert_close("EVPI", decisions.arms.evpi.mean, evpi, 0.008);
    assert_close("uncorrected", decisions.arms.evpi_uncorrected,
                 ltv_normal_opportunity_loss(mu, sqrt(tau * tau + sigma * sigma)), 0.008);
    assert_close("loss", decisions.arms.arms[0].expected_loss, evpi + mu, 0.008);
    assert_within("P(best)", decisions.arms.arms[1].probability_best, gsl_cdf_ugaussian_P(mu / tau),
                  0.008);
    end(told, &decisions);
}

static void the_noise_is_what_draws_know_themselves_unless_cac_differs(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        double half_times, said_times, cac, sd2;
    } cases[] = {
        {"halves far off", 1.7, 1, 0, 9},
        {"halves show none", 0, 1, 0, 9},
        {"not comparable", 1, 1.7, 5, 9},
        {"the draws' own word counts", 1, 1.5, 0, 4.5},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        story of = simple;
        of.half_times = cases[i].half_times;
        of.said_times = cases[i].said_times;
        of.cac[1] = cases[i].cac;
        run *told;
        ltv_decisions decisions = decided(&of, &told);
        assert_close(cases[i].label, decisions.arms.evpi.mean,
                     ltv_normal_opportunity_loss(mu, sqrt(cases[i].sd2)), 0.006);
        end(told, &decisions);
    }
}

static void halves_of_any_size_show_the_covariance_of_arms(void **state)
{
    (void)state;
    ltv_arm_estimate arms[3][2] = {0};
    ltv_estimate all[3] = {0};
    ltv_draw_table table = ltv_draw_table_of(2, 1, 5);
    ltv_error err = {0};
    /* Halves of 3 and 2 customers whose means differ by (2, -5), then by (4, 1). */
    static const double means[2][2][2] = {{{7, 1}, {5, 6}}, {{9, 4}, {5, 3}}};
    static const int64_t n[] = {3, 2};
    for (int e = 0; e < 3; e++)
        all[e] = (ltv_estimate){.horizon = 1, .n_arms = 2, .arms = arms[e]};
    for (int d = 0; d < 2; d++) {
        for (int half = 0; half < 2; half++)
            for (int a = 0; a < 2; a++) {
                arms[half][a].all.net_ltv.mean = means[d][half][a];
                arms[half][a].all.net_ltv.n = n[half];
            }
        assert_true(ltv_draw_table_add(&table, &all[2], all, &err) == LTV_OK);
    }
    double noise[4], weight = 3.0 * 2 / 25 / 2;
    ltv_draw_table_noise(&table, noise);
    assert_close("0, 0", noise[0], weight * (4 + 16), 1e-14);
    assert_close("0, 1", noise[1], weight * (-10 + 4), 1e-14);
    assert_close("1, 0", noise[2], noise[1], 1e-14);
    assert_close("1, 1", noise[3], weight * (25 + 1), 1e-14);
    ltv_draw_table_free(&table);
}

static void fixed_costs_count(void **state)
{
    (void)state;
    story of = simple;
    of.fixed[1] = 5;
    run *told;
    ltv_decisions decisions = decided(&of, &told);
    assert_int_equal(decisions.arms.best, 0);
    assert_within("value", decisions.arms.arms[1].expected_value.mean, 97, 1e-9);
    assert_close("EVPI", decisions.arms.evpi.mean, ltv_normal_opportunity_loss(mu - 5, tau), 0.008);
    end(told, &decisions);
}

static void three_arms_are_corrected_together(void **state)
{
    (void)state;
    /* The third arm is the second with half of theta and half of its noise. Better than both
     * others it is nowhere: max(0, theta, theta / 2) = max(0, theta). */
    story of = simple;
    of.arms = 3;
    of.times[2] = 0.5;
    of.half_times = 1.7; /* what the draws say of one arm must count in its covariances too */
    run *told;
    ltv_decisions decisions = decided(&of, &told);
    assert_close("EVPI", decisions.arms.evpi.mean, ltv_normal_opportunity_loss(mu, tau), 0.008);
    assert_within("P(best)", decisions.arms.arms[2].probability_best, 0, 1e-12);
    end(told, &decisions);
}

/* --- what is worth knowing --- */

/* EVPI of the 64 steps of theta, which the input tells exactly: 0.9 % more than of the normal. */
static double evpi_of_steps(void)
{
    double sum = 0;
    for (size_t i = 0; i < STEPS; i++)
        sum += fmax(-(mu + tau * score_of(i)), 0) / STEPS;
    return sum;
}

static void an_input_that_decides_is_worth_the_evpi_and_another_nothing(void **state)
{
    (void)state;
    story of = simple;
    of.x_tells = true;
    run *told;
    ltv_decisions decisions = decided(&of, &told);
    assert_int_equal(decisions.n_inputs, 2);
    assert_string_equal(decisions.inputs[0].name, "x");
    assert_close("x", decisions.inputs[0].evppi.mean, evpi_of_steps(), 0.003);
    assert_true(decisions.inputs[0].evppi.mean <= decisions.arms.evpi.mean);
    assert_string_equal(decisions.inputs[1].name, "y");
    assert_within("y", decisions.inputs[1].evppi.mean, 0, 0.002 * evpi_of_steps());
    end(told, &decisions);
}

static void to_know_all_is_worth_no_less_than_to_know_one(void **state)
{
    (void)state;
    story of = simple;
    of.x_tells = true;
    of.said_times = 1.9; /* so much noise that next to nothing is left of theta */
    run *told;
    ltv_decisions decisions = decided(&of, &told);
    assert_close("EVPI", decisions.arms.evpi.mean, evpi_of_steps(), 0.003);
    assert_close("loss", decisions.arms.arms[1].expected_loss, decisions.arms.evpi.mean, 1e-12);
    assert_within("other loss",
                  decisions.arms.arms[0].expected_loss - decisions.arms.arms[1].expected_loss, mu,
                  1e-9);
    end(told, &decisions);
}

static void inputs_of_a_sample_set_are_known_together(void **state)
{
    (void)state;
    story of = simple;
    of.x_tells = true;
    of.in_one_set = true;
    run *told;
    ltv_decisions decisions = decided(&of, &told);
    assert_int_equal(decisions.n_inputs, 1);
    assert_string_equal(decisions.inputs[0].name, "posterior.csv");
    assert_close("both", decisions.inputs[0].evppi.mean, evpi_of_steps(), 0.003);
    end(told, &decisions);
}

/* --- hurdles, budgets --- */

static void the_chance_to_clear_a_hurdle_is_without_noise(void **state)
{
    (void)state;
    run *told;
    ltv_decisions decisions = decided(&simple, &told);
    const ltv_contrast_decision *contrast = &decisions.contrasts[0];
    assert_true(contrast->has_roi);
    for (int i = 0; i < LTV_HURDLES; i++) /* ROI is N(1, 1.5^2) */
        assert_within("P", contrast->reaches[i].mean,
                      gsl_cdf_ugaussian_Q((ltv_hurdles[i] - mu / 2) / (tau / 2)),
                      0.0085); /* 1/128 of draws tie at 1 */
    end(told, &decisions);
}

static void budgets_are_quantiles_of_the_cash_needed_and_arms_follow_from_them(void **state)
{
    (void)state;
    story of = simple;
    of.arms = 3;
    of.times[2] = 1;
    of.shift[2] = 1; /* better than the second */
    of.cash[1] = 100;
    of.cash[2] = 300;
    run *told;
    ltv_decisions decisions = decided(&of, &told);
    for (int i = 0; i < LTV_BUDGET_LEVELS; i++)
        assert_close("needs", decisions.contrasts[1].needs[i], 300 * ltv_budget_levels[i], 1e-3);
    assert_int_equal(decisions.n_steps, 3);
    assert_true(decisions.steps[0].budget == 0 && decisions.steps[0].arm == 0);
    assert_close("second", decisions.steps[1].budget, 90, 1e-3);
    assert_close("third", decisions.steps[2].budget, 270, 1e-3);
    assert_within("gain", decisions.steps[2].gain, mu + 1, 1e-9);
    end(told, &decisions);
    of.shift[2] = -1; /* dearer and worse: never */
    of.cash[1] = 0;   /* for nothing */
    decisions = decided(&of, &told);
    assert_int_equal(decisions.n_steps, 1);
    assert_int_equal(decisions.steps[0].arm, 1);
    end(told, &decisions);
}

/* --- test first? --- */

static story with_test(void)
{
    story of = simple;
    of.has_test = true;
    of.test = (ltv_holdout_test){.customers_to_come = 360000,
                                 .customers_per_period = 10000,
                                 .share = 0.5,
                                 .delay = 6,
                                 .cost_per_customer = 0.5};
    return of;
}

/* Customers who join between two months, discounted at 10 % a year. */
static double joining(double from, double to)
{
    double force = log(1.1) / 12;
    return 10000 * (exp(-force * from) - exp(-force * to)) / force;
}

static void a_test_costs_and_serves_what_the_scenario_says(void **state)
{
    (void)state;
    story of = with_test();
    of.test.fixed_cost = 1234;
    run *told;
    ltv_decisions decisions = decided(&of, &told);
    const ltv_test_plan *plan = &decisions.contrasts[0].test.plan;
    assert_true(plan->n_points > 20);
    for (size_t i = 0; i < plan->n_points; i++) {
        const ltv_test_point *point = &plan->points[i];
        double all_in = 2 * point->per_group / (10000 * 0.5);
        assert_close("customers", point->customers, joining(all_in + 6, 36), 1e-9);
        assert_close("cost", point->cost, 1234 + joining(0, all_in) * 0.5 * (0.5 + mu / 2), 1e-9);
        assert_close("net", point->net, point->customers * point->evsi - point->cost, 1e-9);
    }
    end(told, &decisions);
}

static void a_test_is_worth_what_theory_says_of_normal_draws(void **state)
{
    (void)state;
    story of = with_test();
    run *told;
    ltv_decisions decisions = decided(&of, &told);
    const ltv_test_first *test = &decisions.contrasts[0].test;
    double v = sigma * sigma * CUSTOMERS;
    assert_true(test->asked && test->why_not == NULL);
    assert_close("variance without", test->variance[0], 4 * v, 1e-9);
    assert_close("variance with", test->variance[1], v, 1e-9);
    assert_within("mean", test->theta_mean, mu, 1e-9);
    assert_close("sd", test->theta_sd, tau, 1e-3);
    for (size_t i = 0; i < test->plan.n_points; i++) {
        const ltv_test_point *point = &test->plan.points[i];
        double theory = ltv_evsi_normal(mu, tau, 5 * v / point->per_group);
        if (theory > 0.05) { /* below, the tails of 64 steps end */
            assert_close("normal", test->evsi_normal[i], theory, 0.005);
            assert_close("simulated", point->evsi, theory, 0.012);
        }
        assert_true(point->evsi <= decisions.arms.evpi.mean);
        assert_true(point->net <= test->plan.best.net);
    }
    assert_close("EVSI at the best", test->evsi.mean, test->plan.best.evsi, 1e-9);
    assert_true(test->evsi.standard_error > 0);
    end(told, &decisions);
}

static void a_test_that_does_not_pay_says_why(void **state)
{
    (void)state;
    story of = with_test();
    run *told;
    of.test.delay = 36;
    ltv_decisions decisions = decided(&of, &told);
    assert_string_equal(decisions.contrasts[0].test.why_not,
                        "the result would come when nobody is left to join");
    end(told, &decisions);
    of = with_test();
    of.test.fixed_cost = 1e6;
    decisions = decided(&of, &told);
    assert_string_equal(decisions.contrasts[0].test.why_not,
                        "no size of test brings more than it costs");
    end(told, &decisions);
    of = with_test();
    of.shift[1] = 1000;
    decisions = decided(&of, &told);
    assert_string_equal(decisions.contrasts[0].test.why_not,
                        "no result of a test could change the decision");
    end(told, &decisions);
}

static void nobody_asks_about_a_test_without_one(void **state)
{
    (void)state;
    run *told;
    ltv_decisions decisions = decided(&simple, &told);
    assert_false(decisions.contrasts[0].test.asked);
    end(told, &decisions);
}

/* --- refusals --- */

static void what_cannot_be_decided_is_refused_with_the_reason(void **state)
{
    (void)state;
    static const struct {
        size_t arms;
        uint32_t draws;
        uint64_t customers;
        const char *reason;
    } cases[] = {{1, 64, 64, "single arm"},
                 {2, 1, 64, "no input is uncertain"},
                 {2, 64, 1, "single customer"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ltv_scenario scenario = {
            .n_arms = cases[i].arms, .draws = cases[i].draws, .customers = cases[i].customers};
        ltv_error err = {0};
        assert_int_equal(ltv_decide_check(&scenario, &err), LTV_ERR_BAD_INPUT);
        assert_that(cases[i].reason, strstr(err.message, cases[i].reason) != NULL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(evpi_is_that_of_what_we_do_not_know_not_of_the_noise),
        cmocka_unit_test(the_noise_is_what_draws_know_themselves_unless_cac_differs),
        cmocka_unit_test(halves_of_any_size_show_the_covariance_of_arms),
        cmocka_unit_test(fixed_costs_count),
        cmocka_unit_test(three_arms_are_corrected_together),
        cmocka_unit_test(an_input_that_decides_is_worth_the_evpi_and_another_nothing),
        cmocka_unit_test(to_know_all_is_worth_no_less_than_to_know_one),
        cmocka_unit_test(inputs_of_a_sample_set_are_known_together),
        cmocka_unit_test(the_chance_to_clear_a_hurdle_is_without_noise),
        cmocka_unit_test(budgets_are_quantiles_of_the_cash_needed_and_arms_follow_from_them),
        cmocka_unit_test(a_test_costs_and_serves_what_the_scenario_says),
        cmocka_unit_test(a_test_is_worth_what_theory_says_of_normal_draws),
        cmocka_unit_test(a_test_that_does_not_pay_says_why),
        cmocka_unit_test(nobody_asks_about_a_test_without_one),
        cmocka_unit_test(what_cannot_be_decided_is_refused_with_the_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
