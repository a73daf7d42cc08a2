/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <gsl/gsl_cdf.h>

#include "close.h"
#include "normals.h"
#include "sim/test_plan.h"
#include "sim/value_of_information.h"

/* Statistical claims allow six standard errors: a right program fails one with probability 2e-9. */
enum { SIX = 6 };

static const double mu = 2, tau = 3, sigma = 40;

/* The values of N(2, 3^2) in the middle of n equal shares: a prior whose sums are integrals. */
static void fill_prior(double *theta, size_t n)
{
    for (size_t d = 0; d < n; d++)
        theta[d] = mu + tau * gsl_cdf_ugaussian_Pinv(((double)d + 0.5) / (double)n);
}

/* --- EVSI --- */

/* E max(0, X) - max(0, mean) by the trapezoidal rule over the score. */
static double loss_by_quadrature(double mean, double sd)
{
    double sum = 0, step = 1e-4;
    for (double z = -12; z < 12; z += step)
        sum += fmax(mean + sd * z, 0) * exp(-z * z / 2) / sqrt(2 * M_PI) * step;
    return sum - fmax(mean, 0);
}

static void the_closed_form_is_the_integral(void **state)
{
    (void)state;
    static const double cases[][2] = {{2, 3}, {-2, 3}, {0, 1}, {5, 2}, {-1, 100}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_within("loss", ltv_normal_opportunity_loss(cases[i][0], cases[i][1]),
                      loss_by_quadrature(cases[i][0], cases[i][1]), 1e-6);
    assert_close("EVPI", ltv_normal_opportunity_loss(mu, tau), 0.4534, 1e-3);
    /* 100 customers a group: variance 32, so the sd of what the mean will be is 9 / sqrt(41). */
    assert_within("EVSI", ltv_evsi_normal(mu, tau, 2 * sigma * sigma / 100),
                  loss_by_quadrature(mu, 9 / sqrt(41)), 1e-6);
    assert_true(ltv_normal_opportunity_loss(1, 0) == 0 && ltv_evsi_normal(1, 0, 1) == 0);
    assert_true(ltv_evsi_normal(2, 3, INFINITY) == 0);
    assert_close("perfect", ltv_evsi_normal(2, 3, 0), ltv_normal_opportunity_loss(2, 3), 1e-15);
    assert_true(isnan(ltv_normal_opportunity_loss(NAN, 1)) && isnan(ltv_evsi_normal(1, NAN, 1)));
    assert_true(ltv_normal_opportunity_loss(50, 1) >= 0);
}

static void draws_of_a_normal_have_the_closed_form(void **state)
{
    (void)state;
    enum { N = 4000 };
    static double theta[N], mirrored[N];
    fill_prior(theta, N);
    for (size_t d = 0; d < N; d++)
        mirrored[d] = -theta[d];
    static const double variances[] = {0, 0.01, 1, 9, 32, 320, 3200};
    for (size_t i = 0; i < sizeof variances / sizeof *variances; i++) {
        double expected = ltv_evsi_normal(mu, tau, variances[i]);
        double room = 2e-3 * expected + 1e-6; /* the tails of the prior end */
        assert_within("EVSI", ltv_evsi(theta, N, variances[i]), expected, room);
        assert_within("against", ltv_evsi(mirrored, N, variances[i]), expected, room);
    }
}

/* Tests that are run: the result of each, the posterior mean over all draws, the decision. */
static void draws_of_any_shape_agree_with_tests_that_are_run(void **state)
{
    (void)state;
    enum { N = 12, TESTS = 240000 };
    const double theta[N] = {-6, -5, -5, -1, -0.5, 0, 0.2, 1, 1, 2, 3, 14};
    double variance = 16, mean = 0.3083333333333333;
    replications gain = {0};
    for (size_t i = 0; i < TESTS; i++) {
        double result = theta[i % N] + 4 * normal_number(1, i), weights = 0, sum = 0;
        for (size_t d = 0; d < N; d++) {
            double weight = exp(-pow(result - theta[d], 2) / (2 * variance));
            weights += weight;
            sum += weight * theta[d];
        }
        replicate(&gain, fmax(sum / weights, 0));
    }
    assert_within("EVSI", ltv_evsi(theta, N, variance), gain.mean - mean,
                  SIX * replications_error(&gain));
    assert_that("precise", replications_error(&gain) < 0.01 * ltv_evsi(theta, N, variance));
}

static void two_draws_are_decided_by_the_likelihood_ratio(void **state)
{
    (void)state;
    /* Loss 1 or gain 3: indifferent where the likelihoods are as 3 to 1. v = 4: exp(x - 1) = 1/3.
     */
    const double theta[] = {-1, 3};
    double at = 1 - log(3);
    double expected =
        (3 * gsl_cdf_ugaussian_Q((at - 3) / 2) - gsl_cdf_ugaussian_Q((at + 1) / 2)) / 2 - 1;
    assert_close("EVSI", ltv_evsi(theta, 2, 4), expected, 1e-11);
}

static void more_customers_tell_more_and_never_more_than_all(void **state)
{
    (void)state;
    enum { N = 500 };
    double theta[N], before = 0, perfect = 0;
    for (size_t d = 0; d < N; d++) {
        theta[d] = 1 + 3 * normal_number(2, d) + exp(normal_number(3, d));
        perfect += fmax(-theta[d], 0) / N;
    }
    for (double variance = 1e9; variance > 1e-14; variance /= 2) {
        double evsi = ltv_evsi(theta, N, variance);
        assert_that("rises", evsi >= before * (1 - 1e-9));
        assert_that("at most EVPI", evsi <= perfect * (1 + 1e-12));
        before = evsi;
    }
    assert_close("EVPI in the end", before, perfect, 1e-12);
    assert_close("perfect", ltv_evsi(theta, N, 0), perfect, 1e-12);
}

static void priors_without_a_doubt_are_worth_no_test(void **state)
{
    (void)state;
    const double good[] = {1, 2, 0}, bad[] = {-1, -2, 0}, same[] = {3, 3, 3}, nan[] = {1, NAN, -1};
    const double hardly[] = {1e-300, -1e300, 1e-300}, balanced[] = {-1, 1};
    assert_true(ltv_evsi(good, 3, 1) == 0 && ltv_evsi(bad, 3, 1) == 0);
    assert_true(ltv_evsi(same, 3, 1) == 0 && ltv_evsi(balanced, 2, INFINITY) == 0);
    assert_true(isnan(ltv_evsi(nan, 3, 1)) && isnan(ltv_evsi(good, 0, 1)));
    assert_true(isnan(ltv_evsi(balanced, 2, NAN)) && isnan(ltv_evsi(balanced, 2, -1)));
    assert_that("extremes", ltv_evsi(hardly, 3, 1) >= 0);
    assert_close("balanced", ltv_evsi(balanced, 2, 1), gsl_cdf_ugaussian_P(1) - 0.5, 1e-12);
}

static void draws_with_noise_have_the_evsi_of_the_truth(void **state)
{
    (void)state;
    enum { DRAWS = 1000, REPLICATIONS = 80 };
    static double value[2 * DRAWS];
    const double noise[] = {0, 0, 0, 16};
    replications evsi = {0}, claimed = {0};
    ltv_error err = {0};
    for (size_t r = 0; r < REPLICATIONS; r++) {
        for (size_t d = 0; d < DRAWS; d++)
            value[2 * d + 1] = mu + 5 * normal_number(4, r * DRAWS + d);
        ltv_decision_draws draws = {DRAWS, 2, value, noise, 1};
        ltv_mean one;
        assert_true(ltv_evsi_of_draws(&one, &draws, 32, &err) == LTV_OK);
        replicate(&evsi, one.mean);
        replicate(&claimed, pow(one.standard_error, 2));
    }
    double error = replications_error(&evsi);
    assert_within("EVSI", evsi.mean, ltv_evsi_normal(mu, tau, 32), SIX * error);
    assert_that("precise", error < 0.006);
    /* Scatter of 80 numbers is known to 8 %. */
    assert_close("error", sqrt(claimed.mean), sqrt(replications_variance(&evsi)), 0.45);
}

/* EVSI of a test of the programme <= EVPI, one set of draws for both. */
static void a_test_is_worth_less_than_perfect_information(void **state)
{
    (void)state;
    enum { DRAWS = 500 };
    static double value[2 * DRAWS];
    const double noise[] = {0, 0, 0, 16};
    ltv_error err = {0};
    ltv_decision decision;
    ltv_mean evsi, none;
    for (size_t d = 0; d < DRAWS; d++)
        value[2 * d + 1] = mu + 5 * normal_number(5, d);
    ltv_decision_draws draws = {DRAWS, 2, value, noise, 1};
    assert_true(ltv_decision_init(&decision, &draws, &err) == LTV_OK);
    assert_true(ltv_evsi_of_draws(&evsi, &draws, 1, &err) == LTV_OK);
    assert_true(ltv_evsi_of_draws(&none, &draws, INFINITY, &err) == LTV_OK);
    assert_that("less", evsi.mean < decision.evpi.mean && evsi.mean > 0.8 * decision.evpi.mean);
    assert_true(none.mean == 0 && none.standard_error == 0);
    ltv_decision_free(&decision);
    draws.n_draws = 1;
    assert_true(ltv_evsi_of_draws(&evsi, &draws, 1, &err) == LTV_OK);
    assert_true(evsi.mean == 0 && isnan(evsi.standard_error));
    assert_true(ltv_evsi_of_draws(&evsi, &draws, NAN, &err) == LTV_ERR_BAD_INPUT);
    draws = (ltv_decision_draws){2, 3, value, NULL, 1};
    err = (ltv_error){0};
    assert_true(ltv_evsi_of_draws(&evsi, &draws, 1, &err) == LTV_ERR_BAD_INPUT);
    assert_non_null(strstr(err.message, "between 2 arms, not 3"));
}

/* --- the plan --- */

static const ltv_test_terms usual = {.customers_to_come = 24000,
                                     .customers_per_period = 1000,
                                     .share_in_test = 0.5,
                                     .delay = 3,
                                     .discount = 0.99,
                                     .cost_per_test_customer = 0.1,
                                     .fixed_cost = 300,
                                     .variance = {1600, 1600}};

static ltv_test_plan plan_of(const double *theta, size_t n, const ltv_test_terms *terms)
{
    ltv_test_plan plan;
    ltv_error err = {0};
    assert_true(ltv_test_plan_make(&plan, theta, n, terms, &err) == LTV_OK);
    return plan;
}

/* Customers one by one: who joins, when, in the test or not, and what for. */
static double net_by_customers(const double *theta, size_t n, const ltv_test_terms *terms,
                               double per_group)
{
    double evsi = ltv_evsi(theta, n, (terms->variance[0] + terms->variance[1]) / per_group);
    double mean = 0, net = -terms->fixed_cost;
    for (size_t d = 0; d < n; d++)
        mean += theta[d] / (double)n;
    double in_test_until = 2 * per_group / terms->share_in_test; /* customers, not periods */
    for (double c = 0.5; c < terms->customers_to_come; c++) {
        double when = c / terms->customers_per_period, worth = pow(terms->discount, when);
        if (c < in_test_until) /* this share of him */
            net -= worth * terms->share_in_test * (terms->cost_per_test_customer + fabs(mean) / 2);
        else if (when >= in_test_until / terms->customers_per_period + terms->delay)
            net += worth * evsi;
    }
    return net;
}

static void the_curve_counts_customers_one_by_one(void **state)
{
    (void)state;
    enum { N = 200 };
    double theta[N];
    fill_prior(theta, N);
    ltv_test_terms patient = usual;
    patient.discount = 1;
    const ltv_test_terms *all[] = {&usual, &patient};
    for (int t = 0; t < 2; t++) {
        ltv_test_plan plan = plan_of(theta, N, all[t]);
        assert_true(plan.n_points > 30 && plan.points[0].per_group == 1);
        /* 21 periods of 1000 customers, half of them in one of two groups. */
        assert_true(plan.points[plan.n_points - 1].per_group == 5249);
        for (size_t i = 0; i < plan.n_points; i++) {
            const ltv_test_point *p = &plan.points[i];
            assert_within("net", p->net, net_by_customers(theta, N, all[t], p->per_group), 0.01);
            assert_close("parts", p->net, p->customers * p->evsi - p->cost, 1e-9);
            assert_true(i == 0 || p->per_group > plan.points[i - 1].per_group);
        }
    }
}

/* Against each size near it, and every hundredth of the others. */
static void the_best_size_is_the_best_of_all(void **state)
{
    (void)state;
    enum { N = 50 };
    double theta[N];
    fill_prior(theta, N);
    ltv_test_plan plan = plan_of(theta, N, &usual);
    double size = plan.best.per_group, net = plan.best.net;
    assert_that("there is one", net > 1000 && size > 100 && size < 2000);
    assert_within("net", net, net_by_customers(theta, N, &usual, size), 0.01);
    for (double n = 1; n <= 5249; n += 100)
        assert_that("far", net_by_customers(theta, N, &usual, n) <= net);
    for (double off = 1; off <= 15; off++) {
        assert_that("fewer", net_by_customers(theta, N, &usual, size - off) <= net + 1e-3);
        assert_that("more", net_by_customers(theta, N, &usual, size + off) <= net + 1e-3);
    }
}

static void tests_that_do_not_pay_are_not_made(void **state)
{
    (void)state;
    enum { N = 50 };
    double theta[N], sure[N];
    fill_prior(theta, N);
    for (size_t d = 0; d < N; d++)
        sure[d] = theta[d] + 100;
    assert_true(plan_of(sure, N, &usual).best.per_group == 0);
    assert_true(plan_of(sure, N, &usual).n_points > 0);
    ltv_test_terms dear = usual, late = usual, few = usual;
    dear.fixed_cost = 1e6;
    late.delay = 30;
    few.customers_to_come = 1;
    assert_true(plan_of(theta, N, &dear).best.per_group == 0);
    assert_true(plan_of(theta, N, &late).n_points == 0);
    assert_true(plan_of(theta, N, &few).n_points == 0);
    /* Where nothing stands in its way, the test is the larger the less it costs. */
    ltv_test_terms cheap = usual;
    cheap.cost_per_test_customer = cheap.fixed_cost = 0;
    assert_true(plan_of(theta, N, &cheap).best.per_group >
                plan_of(theta, N, &usual).best.per_group);
}

static void customers_without_a_spread_need_one_each(void **state)
{
    (void)state;
    const double theta[] = {-1, 2};
    ltv_test_terms certain = usual;
    certain.variance[0] = certain.variance[1] = 0;
    ltv_test_plan plan = plan_of(theta, 2, &certain);
    assert_true(plan.best.per_group == 1);
    assert_close("perfect", plan.best.evsi, 0.5, 1e-14);
}

static void terms_out_of_range_are_named(void **state)
{
    (void)state;
    const double theta[] = {-1, 2}, unknown[] = {1, NAN};
    ltv_test_plan plan;
    struct {
        const char *expected;
        ltv_test_terms terms;
    } cases[9];
    for (int i = 0; i < 9; i++)
        cases[i].terms = usual;
    cases[0].expected = "customers to come", cases[0].terms.customers_to_come = 0;
    cases[1].expected = "customers per period", cases[1].terms.customers_per_period = NAN;
    cases[2].expected = "share of customers", cases[2].terms.share_in_test = 1.5;
    cases[3].expected = "delay", cases[3].terms.delay = -1;
    cases[4].expected = "discount", cases[4].terms.discount = 0;
    cases[5].expected = "cost of a test customer", cases[5].terms.cost_per_test_customer = -1;
    cases[6].expected = "fixed cost", cases[6].terms.fixed_cost = INFINITY;
    cases[7].expected = "without the programme", cases[7].terms.variance[0] = -1;
    cases[8].expected = "with the programme", cases[8].terms.variance[1] = NAN;
    for (int i = 0; i < 9; i++) {
        ltv_error err = {0};
        assert_that(cases[i].expected, ltv_test_plan_make(&plan, theta, 2, &cases[i].terms, &err) ==
                                           LTV_ERR_BAD_INPUT);
        assert_that(cases[i].expected, strstr(err.message, cases[i].expected) != NULL);
    }
    ltv_error err = {0};
    assert_true(ltv_test_plan_make(&plan, unknown, 2, &usual, &err) == LTV_ERR_BAD_INPUT);
    assert_true(ltv_test_plan_make(&plan, theta, 0, &usual, &err) == LTV_ERR_BAD_INPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_closed_form_is_the_integral),
        cmocka_unit_test(draws_of_a_normal_have_the_closed_form),
        cmocka_unit_test(draws_of_any_shape_agree_with_tests_that_are_run),
        cmocka_unit_test(two_draws_are_decided_by_the_likelihood_ratio),
        cmocka_unit_test(more_customers_tell_more_and_never_more_than_all),
        cmocka_unit_test(priors_without_a_doubt_are_worth_no_test),
        cmocka_unit_test(draws_with_noise_have_the_evsi_of_the_truth),
        cmocka_unit_test(a_test_is_worth_less_than_perfect_information),
        cmocka_unit_test(the_curve_counts_customers_one_by_one),
        cmocka_unit_test(the_best_size_is_the_best_of_all),
        cmocka_unit_test(tests_that_do_not_pay_are_not_made),
        cmocka_unit_test(customers_without_a_spread_need_one_each),
        cmocka_unit_test(terms_out_of_range_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
