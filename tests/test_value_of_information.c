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
#include "sim/value_of_information.h"

/* Statistical claims allow six standard errors, taken from replications: a right program fails one
 * with probability 2e-9, and there are less than fifty. */
enum { SIX = 6 };

/* E max(0, X) - max(0, mean) of a normal X, from its density: the closed form. */
static double normal_loss(double mean, double sd)
{
    double z = fabs(mean) / sd;
    return sd * (exp(-z * z / 2) / sqrt(2 * M_PI) - z * gsl_cdf_ugaussian_Q(z));
}

static ltv_decision decision_of(const ltv_decision_draws *draws)
{
    ltv_decision decision;
    ltv_error err = {0};
    assert_true(ltv_decision_init(&decision, draws, &err) == LTV_OK);
    return decision;
}

static ltv_mean evppi_of(const ltv_decision_draws *draws, size_t n_inputs, const double *input)
{
    ltv_mean evppi;
    ltv_error err = {0};
    assert_true(ltv_evppi(&evppi, draws, n_inputs, input, &err) == LTV_OK);
    return evppi;
}

/* A figure over replications: what it scatters around, by how much, and what error it claims. */
typedef struct {
    replications value, claimed;
} claims;

static void claim(claims *all, ltv_mean figure)
{
    replicate(&all->value, figure.mean);
    replicate(&all->claimed, figure.standard_error * figure.standard_error);
}

static double claimed_error(const claims *all)
{
    return sqrt(all->claimed.mean);
}

static double true_error(const claims *all)
{
    return sqrt(replications_variance(&all->value));
}

/* --- EVPI --- */

/* The programme's gain is N(2, 3^2), customers scatter by 40, 100 of them are simulated. */
static const double mu = 2, tau = 3, within = 4;

static void noise_is_worth_no_money(void **state)
{
    (void)state;
    enum { DRAWS = 2000, REPLICATIONS = 250 };
    static double value[2 * DRAWS];
    const double noise[] = {0, 0, 0, within * within};
    claims evpi = {0};
    replications naive = {0}, best = {0};
    for (size_t r = 0; r < REPLICATIONS; r++) {
        for (size_t d = 0; d < DRAWS; d++)
            value[2 * d + 1] = mu + hypot(tau, within) * normal_number(1, r * DRAWS + d);
        ltv_decision decision = decision_of(&(ltv_decision_draws){DRAWS, 2, value, noise, 1});
        claim(&evpi, decision.evpi);
        replicate(&naive, decision.evpi_uncorrected);
        replicate(&best, decision.arms[1].probability_best);
        ltv_decision_free(&decision);
    }
    assert_close("known", normal_loss(mu, tau), 0.4534, 1e-3);
    assert_within("corrected", evpi.value.mean, 0.4534, SIX * replications_error(&evpi.value));
    assert_that("precise", replications_error(&evpi.value) < 0.004);
    assert_close("naive", naive.mean, 1.152, 0.01);
    assert_within("best", best.mean, gsl_cdf_ugaussian_P(mu / tau),
                  SIX * replications_error(&best));
    /* A standard deviation from 250 numbers is known to 4.5 %. */
    assert_close("error", claimed_error(&evpi), true_error(&evpi), 0.25);
}

/* Gains that are uniform in strata: over scrambles the error is many times smaller. */
static void errors_with_scrambles_are_those_over_scrambles(void **state)
{
    (void)state;
    enum { SCRAMBLES = 16, EACH = 32, DRAWS = SCRAMBLES * EACH, REPLICATIONS = 300 };
    static double value[2 * DRAWS];
    claims evpi = {0}, mean = {0};
    for (size_t r = 0; r < REPLICATIONS; r++) {
        for (size_t d = 0; d < DRAWS; d++) {
            double u = uniform_number(2, r * DRAWS + d).below;
            value[2 * d + 1] = 3 * ((double)(d / SCRAMBLES) + u) / EACH - 1;
        }
        ltv_decision_draws draws = {DRAWS, 2, value, NULL, SCRAMBLES};
        ltv_decision decision = decision_of(&draws);
        claim(&evpi, decision.evpi);
        claim(&mean, decision.arms[1].expected_value);
        ltv_decision_free(&decision);
    }
    /* Uniform on (-1, 2): E max(0, -X) = 1/6. A standard deviation from 300: 4 %. */
    assert_within("EVPI", evpi.value.mean, 1.0 / 6, SIX * replications_error(&evpi.value));
    assert_that("small", true_error(&evpi) < 0.002);
    assert_close("error", claimed_error(&evpi), true_error(&evpi), 0.25);
    assert_close("error of the mean", claimed_error(&mean), true_error(&mean), 0.25);
}

/* Three arms, tied to each other in truth and in noise. */
static void three_arms(double *truth, double *value, uint64_t seed, size_t draw)
{
    double z[6];
    for (size_t i = 0; i < 6; i++)
        z[i] = normal_number(seed, 6 * draw + i);
    truth[0] = 10 + 5 * z[0];
    truth[1] = 11 + 5 * z[0] + 2 * z[1];
    truth[2] = 10.5 + 4 * z[0] + z[1] + 3 * z[2];
    value[0] = truth[0] + 2 * z[3];
    value[1] = truth[1] + 2 * z[3] + z[4];
    value[2] = truth[2] + z[3] + 2 * z[5];
}

static const double noise_of_three[] = {4, 4, 2, 4, 5, 2, 2, 2, 5};

typedef struct {
    double evpi, loss[3], best[3];
} brute_force;

static brute_force true_figures(size_t draws)
{
    brute_force sums = {0};
    double most = 0, value[3], n = (double)draws;
    static const double means[] = {10, 11, 10.5};
    for (size_t d = 0; d < draws; d++) {
        double truth[3];
        three_arms(truth, value, 3, d);
        size_t best = truth[1] > truth[0];
        best = truth[2] > truth[best] ? 2 : best;
        most += truth[best] / n;
        sums.best[best] += 1 / n;
    }
    for (int a = 0; a < 3; a++)
        sums.loss[a] = most - means[a];
    sums.evpi = sums.loss[1];
    return sums;
}

static void three_arms_agree_with_brute_force(void **state)
{
    (void)state;
    enum { DRAWS = 2000, REPLICATIONS = 200 };
    static double value[3 * DRAWS];
    brute_force truth = true_figures(500000);
    replications evpi = {0}, naive = {0}, loss[3] = {{0}}, best[3] = {{0}};
    for (size_t r = 0; r < REPLICATIONS; r++) {
        double hidden[3];
        for (size_t d = 0; d < DRAWS; d++)
            three_arms(hidden, value + 3 * d, 4, r * DRAWS + d);
        ltv_decision decision =
            decision_of(&(ltv_decision_draws){DRAWS, 3, value, noise_of_three, 1});
        replicate(&evpi, decision.evpi.mean);
        replicate(&naive, decision.evpi_uncorrected);
        for (int a = 0; a < 3; a++) {
            replicate(&loss[a], decision.arms[a].expected_loss);
            replicate(&best[a], decision.arms[a].probability_best);
        }
        ltv_decision_free(&decision);
    }
    /* Brute force has standard errors of 0.008 (it takes the means as known) and 0.0007. */
    assert_within("EVPI", evpi.mean, truth.evpi, SIX * hypot(replications_error(&evpi), 0.008));
    assert_that("naive", naive.mean > truth.evpi + 0.2);
    for (int a = 0; a < 3; a++) {
        assert_within("loss", loss[a].mean, truth.loss[a],
                      SIX * hypot(replications_error(&loss[a]), 0.008));
        assert_within("best", best[a].mean, truth.best[a],
                      SIX * hypot(replications_error(&best[a]), 0.0007));
    }
}

static void small_tables_come_out_as_by_hand(void **state)
{
    (void)state;
    const double value[] = {5, 7, 7, 5, 1, 3, 6, 6, 6, 5, 9, 1};
    ltv_decision decision = decision_of(&(ltv_decision_draws){4, 3, value, NULL, 1});
    /* Means 5.25, 5.75, 4.25; maxima 7, 5, 6, 9. */
    static const double loss[] = {1.5, 1, 2.5},
                        best[] = {1.0 / 3 + 1, 0.5 + 1.0 / 3 + 1, 0.5 + 1.0 / 3};
    assert_true(decision.best == 1 && decision.n_arms == 3);
    assert_close("EVPI", decision.evpi.mean, 1, 1e-14);
    assert_close("uncorrected", decision.evpi_uncorrected, 1, 1e-14);
    for (int a = 0; a < 3; a++) {
        assert_close("loss", decision.arms[a].expected_loss, loss[a], 1e-14);
        assert_close("best", decision.arms[a].probability_best, best[a] / 4, 1e-14);
    }
    assert_close("mean", decision.arms[1].expected_value.mean, 5.75, 1e-14);
    assert_close("error", decision.arms[1].expected_value.standard_error,
                 sqrt((pow(1.25, 2) + pow(4.75, 2) + pow(0.25, 2) + pow(3.25, 2)) / 12), 1e-14);
    /* Leaving out draw 0 ... 3: 4/3 of arm 1, 2/3 of arm 1, 4/3 of arm 1, 1/3 of arm 0. */
    double figures[] = {4.0 / 3, 0, 4.0 / 3, 2.0 / 3}, mean = 5.0 / 6, squares = 0;
    for (int d = 0; d < 4; d++)
        squares += pow(figures[d] - mean, 2);
    assert_close("jackknife", decision.evpi.standard_error, sqrt(squares * 3 / 4), 1e-13);
    ltv_decision_free(&decision);
}

static void arms_that_are_the_same_share_the_first_place(void **state)
{
    (void)state;
    enum { DRAWS = 100 };
    double value[3 * DRAWS];
    const double noise[] = {1, 1, 0, 1, 1, 0, 0, 0, 1};
    for (size_t d = 0; d < DRAWS; d++) {
        value[3 * d] = value[3 * d + 1] = normal_number(5, d);
        value[3 * d + 2] = normal_number(6, d);
    }
    ltv_decision decision = decision_of(&(ltv_decision_draws){DRAWS, 3, value, noise, 1});
    assert_close("same", decision.arms[0].probability_best, decision.arms[1].probability_best,
                 1e-12);
    ltv_decision_free(&decision);
    decision = decision_of(&(ltv_decision_draws){DRAWS, 1, value, noise, 1});
    assert_true(decision.evpi.mean == 0 && decision.evpi.standard_error == 0);
    assert_close("only one", decision.arms[0].probability_best, 1, 1e-12);
    ltv_decision_free(&decision);
}

static void one_draw_is_no_uncertainty(void **state)
{
    (void)state;
    const double value[] = {1, 4, 2}, noise[] = {1, 0, 0, 0, 1, 0, 0, 0, 1};
    ltv_decision decision = decision_of(&(ltv_decision_draws){1, 3, value, noise, 1});
    assert_true(decision.best == 1 && decision.evpi.mean == 0);
    assert_true(isnan(decision.evpi.standard_error));
    assert_true(decision.arms[0].expected_loss == 3 && decision.arms[1].probability_best == 1);
    ltv_decision_free(&decision);
}

static void what_is_no_decision_is_refused(void **state)
{
    (void)state;
    const double value[] = {1, NAN}, input[] = {1, 2};
    ltv_decision decision;
    ltv_mean evppi;
    ltv_error err = {0};
    ltv_decision_draws draws = {1, 2, value, NULL, 1};
    assert_true(ltv_decision_init(&decision, &draws, &err) == LTV_ERR_BAD_INPUT);
    ltv_decision_free(&decision);
    assert_true(ltv_evppi(&evppi, &draws, 1, input, &err) == LTV_ERR_BAD_INPUT);
    assert_true(isnan(evppi.mean));
    err = (ltv_error){0};
    draws = (ltv_decision_draws){2, 1, input, NULL, 1};
    assert_true(ltv_evppi(&evppi, &draws, 1, input, &err) == LTV_ERR_BAD_INPUT);
    assert_non_null(strstr(err.message, "too few"));
    assert_true(ltv_evppi(&evppi, &draws, 0, input, &err) == LTV_ERR_BAD_INPUT);
}

/* --- EVPPI --- */

/* gain = mean + a x1 + b x2 + noise: knowing x1 is worth the loss of N(mean, a^2), knowing both
 * that of N(mean, a^2 + b^2). */
typedef struct {
    const char *label;
    double mean, a, b, noise;
    size_t n_inputs;
} linear_case;

enum { DRAWS = 1000, REPLICATIONS = 100 };

/* Two arms, the gain shared between them. */
static void fill_linear(double *value, double *input, const linear_case *with, size_t replication)
{
    for (size_t d = 0; d < DRAWS; d++) {
        size_t i = replication * DRAWS + d;
        input[d] = normal_number(11, i);
        input[DRAWS + d] = normal_number(12, i);
        double gain = with->mean + with->a * input[d] + with->b * input[DRAWS + d];
        double common = 50 * normal_number(14, i);
        value[2 * d] = common - gain / 2;
        value[2 * d + 1] = common + gain / 2 + with->noise * normal_number(13, i);
    }
}

static claims evppi_over_replications(const linear_case *with)
{
    static double value[2 * DRAWS], input[2 * DRAWS];
    const double noise[] = {0, 0, 0, with->noise * with->noise};
    claims all = {0};
    for (size_t r = 0; r < REPLICATIONS; r++) {
        fill_linear(value, input, with, r);
        ltv_decision_draws draws = {DRAWS, 2, value, noise, 1};
        claim(&all, evppi_of(&draws, with->n_inputs, input));
    }
    return all;
}

static void inputs_of_a_linear_problem_have_their_closed_form(void **state)
{
    (void)state;
    static const linear_case cases[] = {
        {"alone", 2, 3, 0, 0, 1},
        {"with another and noise", 2, 3, 1, 4, 1},
        {"against the programme", -2, 3, 1, 4, 1},
        {"both", 2, 2, 2, 4, 2},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        claims all = evppi_over_replications(&cases[i]);
        double sd = cases[i].n_inputs == 1 ? cases[i].a : hypot(cases[i].a, cases[i].b);
        assert_within(cases[i].label, all.value.mean, normal_loss(cases[i].mean, sd),
                      SIX * replications_error(&all.value));
        assert_that(cases[i].label, replications_error(&all.value) < 0.01);
        /* Scatter of 100 numbers is known to 7 %. */
        assert_close(cases[i].label, claimed_error(&all), true_error(&all), 0.35);
    }
}

/* The regression's own variance is over a tenth of what it finds: uncorrected, and even with the
 * error of the mean left in, EVPPI is 0.027 and more too high. */
static void few_draws_are_enough_for_the_correction_to_be_seen(void **state)
{
    (void)state;
    enum { FEW = 40, MANY = 6000 };
    double value[2 * FEW], input[FEW];
    claims all = {0};
    for (size_t r = 0; r < MANY; r++) {
        for (size_t d = 0; d < FEW; d++) {
            input[d] = normal_number(21, r * FEW + d);
            value[2 * d] = 0;
            value[2 * d + 1] = 3 + 3 * input[d] + 5 * normal_number(22, r * FEW + d);
        }
        claim(&all, evppi_of(&(ltv_decision_draws){FEW, 2, value, NULL, 1}, 1, input));
    }
    assert_within("few", all.value.mean, normal_loss(3, 3), SIX * replications_error(&all.value));
}

static void inputs_that_do_not_matter_are_worth_next_to_nothing(void **state)
{
    (void)state;
    /* Per customer, beside an EVPI of 1.2 and a noise of 4. */
    static const linear_case cases[] = {
        {"a tie, the worst case", 0, 0, 3, 4, 1},
        {"no tie", 1, 0, 3, 4, 1},
        {"nothing varies", 1, 0, 0, 0, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        claims all = evppi_over_replications(&cases[i]);
        assert_that(cases[i].label, all.value.mean >= 0 && all.value.mean < 0.025);
    }
}

/* gain = x^2 - 1/2 for a standard normal x, under noise. E max(0, .) by quadrature. */
static void an_input_with_a_bend_has_the_value_of_its_curve(void **state)
{
    (void)state;
    static double value[2 * DRAWS], input[DRAWS];
    claims all = {0};
    for (size_t r = 0; r < REPLICATIONS; r++) {
        for (size_t d = 0; d < DRAWS; d++) {
            double x = normal_number(15, r * DRAWS + d);
            input[d] = exp(x);
            value[2 * d + 1] = x * x - 0.5 + normal_number(16, r * DRAWS + d);
        }
        claim(&all, evppi_of(&(ltv_decision_draws){DRAWS, 2, value, NULL, 1}, 1, input));
    }
    double truth = 0, step = 1e-4;
    for (double x = -sqrt(0.5) + step / 2; x < sqrt(0.5); x += step)
        truth += (0.5 - x * x) * exp(-x * x / 2) / sqrt(2 * M_PI) * step;
    assert_within("bend", all.value.mean, truth, SIX * replications_error(&all.value) + 0.002);
    assert_that("precise", replications_error(&all.value) < 0.015 * truth);
}

/* Arms whose common part is large. */
static void three_arms_have_an_evppi_too(void **state)
{
    (void)state;
    static double value[3 * DRAWS], input[DRAWS];
    claims all = {0};
    for (size_t r = 0; r < REPLICATIONS; r++) {
        for (size_t d = 0; d < DRAWS; d++) {
            size_t i = r * DRAWS + d;
            input[d] = normal_number(17, i);
            value[3 * d] = 10 * normal_number(18, i);
            value[3 * d + 1] = value[3 * d] + 1.5 + 2 * input[d] + normal_number(19, i);
            value[3 * d + 2] = value[3 * d] + 1 - input[d] + normal_number(20, i);
        }
        claim(&all, evppi_of(&(ltv_decision_draws){DRAWS, 3, value, NULL, 1}, 1, input));
    }
    /* max(0, 1.5 + 2x, 1 - x) = 1 - x + max(0, 0.5 + 3x) throughout. */
    assert_within("EVPPI", all.value.mean, normal_loss(0.5, 3),
                  SIX * replications_error(&all.value));
    assert_that("precise", replications_error(&all.value) < 0.01 * all.value.mean);
}

static void no_input_is_worth_more_than_knowing_all(void **state)
{
    (void)state;
    static double value[2 * DRAWS], input[2 * DRAWS];
    const linear_case with = {"", 1, 2, 2, 3, 2};
    const double noise[] = {0, 0, 0, 9};
    for (size_t r = 0; r < 10; r++) {
        fill_linear(value, input, &with, 1000 + r);
        ltv_decision_draws draws = {DRAWS, 2, value, noise, 1};
        ltv_decision decision = decision_of(&draws);
        ltv_mean one = evppi_of(&draws, 1, input), both = evppi_of(&draws, 2, input);
        double room = 3 * decision.evpi.standard_error;
        assert_that("one below both", one.mean < both.mean + room);
        assert_that("both below EVPI", both.mean < decision.evpi.mean + room);
        ltv_decision_free(&decision);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(noise_is_worth_no_money),
        cmocka_unit_test(errors_with_scrambles_are_those_over_scrambles),
        cmocka_unit_test(three_arms_agree_with_brute_force),
        cmocka_unit_test(small_tables_come_out_as_by_hand),
        cmocka_unit_test(arms_that_are_the_same_share_the_first_place),
        cmocka_unit_test(one_draw_is_no_uncertainty),
        cmocka_unit_test(what_is_no_decision_is_refused),
        cmocka_unit_test(inputs_of_a_linear_problem_have_their_closed_form),
        cmocka_unit_test(few_draws_are_enough_for_the_correction_to_be_seen),
        cmocka_unit_test(inputs_that_do_not_matter_are_worth_next_to_nothing),
        cmocka_unit_test(an_input_with_a_bend_has_the_value_of_its_curve),
        cmocka_unit_test(three_arms_have_an_evppi_too),
        cmocka_unit_test(no_input_is_worth_more_than_knowing_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
