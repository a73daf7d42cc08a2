/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_sf_gamma.h>
#include <gsl/gsl_sf_psi.h>

#include "close.h"
#include "models/beta.h"
#include "models/frailty.h"

static int no_abort(void **state)
{
    (void)state;
    gsl_set_error_handler_off();
    return 0;
}

static ltv_frailty beta_frailty(double alpha, double beta)
{
    return (ltv_frailty){.beta = true, .alpha = alpha, .beta_shape = beta};
}

static ltv_frailty gamma_frailty(double cv)
{
    return (ltv_frailty){.spread = {LTV_SPREAD_GAMMA, cv}};
}

static void assert_relative(double actual, double expected, double tolerance)
{
    if (!(fabs(actual - expected) <= tolerance * fabs(expected)))
        fail_msg("%.17g instead of %.17g: off by %.3g", actual, expected,
                 fabs(actual / expected - 1));
}

static void a_curve_brings_its_own_beta_frailty(void **state)
{
    (void)state;
    ltv_curve sbg = {.kind = LTV_CURVE_BETA_GEOMETRIC, .parameter = {0.7, 1.2}};
    ltv_frailty frailty = ltv_frailty_of(&sbg, (ltv_spread){LTV_SPREAD_LOG_NORMAL, 0.4}, 0.1);
    assert_true(frailty.beta);
    assert_true(frailty.alpha == 0.7 && frailty.beta_shape == 1.2 && frailty.cured == 0.1);
    assert_true(ltv_frailty_has_explicit(&frailty));
    ltv_curve geometric = {.kind = LTV_CURVE_GEOMETRIC, .parameter = {0.03}};
    frailty = ltv_frailty_of(&geometric, (ltv_spread){0}, 0);
    assert_false(frailty.beta);
    assert_true(ltv_frailty_is_constant(&frailty));
    frailty = gamma_frailty(0.5);
    assert_false(ltv_frailty_is_constant(&frailty));
    assert_false(ltv_frailty_has_explicit(&frailty));
}

static void beta_hazard_follows_the_recursion_of_the_published_model(void **state)
{
    (void)state;
    static const double shapes[][2] = {{0.668, 3.806}, {0.704, 1.182}, {5, 200},
                                       {0.05, 0.05},   {0.1, 1e6},     {1e6, 0.3}};
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        double alpha = shapes[i][0], beta = shapes[i][1], hazard = 0;
        ltv_frailty frailty = beta_frailty(alpha, beta);
        /* Fader & Hardie: S(t) / S(t - 1) = (beta + t - 1) / (alpha + beta + t - 1). */
        for (int t = 1; t <= 500; t++) {
            hazard += log1p(alpha / (beta + t - 1));
            assert_relative(ltv_frailty_marginal_hazard(&frailty, t), hazard, 2e-13);
        }
    }
}

/* With whole alpha the hazard is a sum of logarithms, ln(1 + a / beta) + ln(1 + a / (beta + 1)) +
 * ..., and with alpha = 1 it is known where it reaches a budget. */
static void beta_hazards_of_whole_shapes_have_closed_forms(void **state)
{
    (void)state;
    for (double beta = 1e-6; beta < 2e6; beta *= 7)
        for (double a = 1e-12; a < 1e13; a *= 3) {
            double hazard = 0;
            for (int alpha = 1; alpha <= 4; alpha++) {
                ltv_frailty frailty = beta_frailty(alpha, beta);
                hazard += log1p(a / (beta + (alpha - 1)));
                assert_relative(ltv_frailty_marginal_hazard(&frailty, a), hazard, 1e-14);
                /* Alpha and a are alike to it. */
                ltv_frailty other = beta_frailty(a, beta);
                assert_relative(ltv_frailty_marginal_hazard(&other, alpha), hazard, 1e-14);
            }
            ltv_frailty single = beta_frailty(1, beta);
            double budget = log1p(a / beta);
            assert_relative(ltv_frailty_budget(&single, budget, (ltv_uniform){0.5, 0.5}),
                            beta * expm1(budget), 2e-14 * fmax(1, budget));
        }
}

/* Fader & Hardie (2007), "How to project customer retention": the two observed cohorts, the
 * parameters fitted to them and the log-likelihood per 1,000 customers, to two digits after the
 * point. It holds the survival of every year at once. */
static void published_cohorts_have_their_published_log_likelihood(void **state)
{
    (void)state;
    enum { YEARS = 8 };
    static const struct {
        const char *label;
        double alpha, beta, survivors[YEARS], log_likelihood;
    } cohorts[] = {
        {"High End", 0.668, 3.806, {1000, 869, 743, 653, 593, 551, 517, 491}, -1611.16},
        {"Regular", 0.704, 1.182, {1000, 631, 468, 382, 326, 289, 262, 241}, -1680.27},
    };
    double years[YEARS] = {0, 1, 2, 3, 4, 5, 6, 7}, survival[YEARS];
    for (size_t i = 0; i < sizeof cohorts / sizeof *cohorts; i++) {
        ltv_frailty frailty = beta_frailty(cohorts[i].alpha, cohorts[i].beta);
        ltv_frailty_survival(&frailty, YEARS, years, survival);
        double sum = cohorts[i].survivors[YEARS - 1] * log(survival[YEARS - 1]);
        for (int t = 1; t < YEARS; t++)
            sum += (cohorts[i].survivors[t - 1] - cohorts[i].survivors[t]) *
                   log(survival[t - 1] - survival[t]);
        if (!(fabs(sum - cohorts[i].log_likelihood) < 0.0051))
            fail_msg("%s: %.4f instead of %.2f", cohorts[i].label, sum, cohorts[i].log_likelihood);
    }
}

static void a_hundred_years_still_cut_off_much_of_a_heavy_tail(void **state)
{
    (void)state;
    ltv_frailty high_end = beta_frailty(0.668, 3.806);
    double hundred = 100, survival;
    ltv_frailty_survival(&high_end, 1, &hundred, &survival);
    assert_true(fabs(survival - 0.107) < 0.0005); /* as published */
}

static void small_hazards_keep_nine_digits(void **state)
{
    (void)state;
    for (double a = 1e-12; a < 2e-4; a *= 10) {
        ltv_frailty gamma = gamma_frailty(0.8);
        double x = 0.64 * a; /* ln(1 + x) = x - x^2/2 + x^3/3 - ... */
        assert_relative(ltv_frailty_marginal_hazard(&gamma, a),
                        (x - x * x / 2 + x * x * x / 3) / 0.64, 1e-12);
        ltv_frailty beta = beta_frailty(0.668, 3.806);
        double first = gsl_sf_psi(4.474) - gsl_sf_psi(3.806);
        double second = gsl_sf_psi_1(4.474) - gsl_sf_psi_1(3.806);
        assert_relative(ltv_frailty_marginal_hazard(&beta, a), first * a + second * a * a / 2,
                        a * a + 1e-9);
    }
}

static void hazards_without_end_stay_without_end(void **state)
{
    (void)state;
    ltv_frailty all[] = {beta_frailty(0.7, 1.2), gamma_frailty(1.3), {0}};
    for (size_t i = 0; i < 3; i++) {
        assert_true(isinf(ltv_frailty_marginal_hazard(&all[i], INFINITY)));
        assert_true(ltv_frailty_marginal_hazard(&all[i], 0) == 0);
        assert_true(ltv_frailty_marginal_hazard(&all[i], 1e12) > 10);
    }
}

/* Survival by adaptive quadrature over the density of z, independent of the module's rule. */
typedef struct {
    const ltv_frailty *frailty;
    double lambda;
} mixture;

static double mixture_density(double log_z, void *context)
{
    const mixture *m = context;
    double z = exp(log_z), cv2 = m->frailty->spread.cv * m->frailty->spread.cv;
    double density = m->frailty->spread.kind == LTV_SPREAD_GAMMA
                         ? gsl_ran_gamma_pdf(z, 1 / cv2, cv2)
                         : gsl_ran_lognormal_pdf(z, -log1p(cv2) / 2, sqrt(log1p(cv2)));
    double given_z = exp(-z * m->lambda);
    if (m->frailty->beta)
        given_z = exp(gsl_sf_lnbeta(m->frailty->alpha, m->frailty->beta_shape + z * m->lambda) -
                      gsl_sf_lnbeta(m->frailty->alpha, m->frailty->beta_shape));
    return z * density * given_z;
}

static double survival_by_quadrature(const ltv_frailty *frailty, double lambda)
{
    mixture m = {frailty, lambda};
    gsl_function f = {mixture_density, &m};
    gsl_integration_workspace *room = gsl_integration_workspace_alloc(2000);
    double result, error;
    gsl_integration_qag(&f, -300, 8, 0, 1e-11, 2000, GSL_INTEG_GAUSS61, room, &result, &error);
    gsl_integration_workspace_free(room);
    return frailty->cured + (1 - frailty->cured) * result;
}

static void survival_of_every_mixture_agrees_with_adaptive_quadrature(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        ltv_frailty frailty;
    } cases[] = {
        {"gamma", {.spread = {LTV_SPREAD_GAMMA, 0.7}}},
        {"gamma with a heavy tail", {.spread = {LTV_SPREAD_GAMMA, 1.6}}},
        {"log-normal", {.spread = {LTV_SPREAD_LOG_NORMAL, 0.5}}},
        {"log-normal, wide, cured", {.spread = {LTV_SPREAD_LOG_NORMAL, 2}, .cured = 0.2}},
        {"beta and gamma", {true, 0.668, 3.806, {LTV_SPREAD_GAMMA, 0.6}, 0}},
        {"beta and log-normal", {true, 2, 30, {LTV_SPREAD_LOG_NORMAL, 0.9}, 0.05}},
    };
    double lambda[] = {1e-3, 0.03, 0.5, 3, 20, 100}, survival[6];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ltv_frailty_survival(&cases[i].frailty, 6, lambda, survival);
        for (int j = 0; j < 6; j++) {
            double expected = survival_by_quadrature(&cases[i].frailty, lambda[j]);
            if (!(fabs(survival[j] - expected) < 1e-9))
                fail_msg("%s at %g: %.12g instead of %.12g", cases[i].label, lambda[j], survival[j],
                         expected);
        }
    }
}

static void cured_customers_never_leave(void **state)
{
    (void)state;
    ltv_frailty frailty = {.cured = 0.25};
    double lambda[] = {0, 1, INFINITY}, survival[3];
    ltv_frailty_survival(&frailty, 3, lambda, survival);
    assert_true(survival[0] == 1);
    assert_relative(survival[1], 0.25 + 0.75 * exp(-1), 1e-15);
    assert_true(survival[2] == 0.25);
}

/* P(rank of z <= rank0 | budget), from the map itself by searching for the last u below it. */
static double rank_probability_given_budget(const ltv_frailty *frailty, double budget,
                                            double score0)
{
    double low = 0, high = 1;
    for (int i = 0; i < 40; i++) {
        double u = (low + high) / 2;
        double score = ltv_frailty_score_given_budget(frailty, budget, (ltv_uniform){u, 1 - u});
        *(score <= score0 ? &low : &high) = u;
    }
    return low;
}

typedef struct {
    const ltv_frailty *frailty;
    double score0, r;
} joint;

static double joint_by_map(double budget, void *context)
{
    const joint *j = context;
    return exp(-budget) * rank_probability_given_budget(j->frailty, budget, j->score0);
}

/* d/d(rank) of P(R > r, rank): a customer of that rank has R > r with probability e^(-r z). */
static double joint_by_definition(double rank, void *context)
{
    const joint *j = context;
    double z;
    if (j->frailty->beta)
        z = -log1p(-gsl_cdf_beta_Pinv(rank, j->frailty->alpha, j->frailty->beta_shape));
    else
        z = ltv_spread_quantile(j->frailty->spread, (ltv_uniform){rank, 1 - rank});
    return exp(-j->r * z);
}

/* The budget and the rank of z that the map gives have the joint law of the model: E ~ Exp(1),
 * z independent of it, R = E / z. Checked without sampling at a grid of points. */
static void frailty_rank_given_the_budget_has_the_right_joint_law(void **state)
{
    (void)state;
    static const ltv_frailty cases[] = {
        {.spread = {LTV_SPREAD_GAMMA, 0.7}},
        {.spread = {LTV_SPREAD_GAMMA, 1.8}},
        {.beta = true, .alpha = 0.668, .beta_shape = 3.806},
        {.beta = true, .alpha = 3, .beta_shape = 60},
        {.beta = true, .alpha = 0.3, .beta_shape = 0.4},
    };
    static const double scores[] = {-1.5, 0, 0.8}, times[] = {0, 0.5, 5, 40};
    gsl_integration_workspace *room = gsl_integration_workspace_alloc(1000);
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++)
        for (int s = 0; s < 3; s++)
            for (int t = 0; t < 4; t++) {
                joint at = {&cases[c], scores[s], times[t]};
                gsl_function map = {joint_by_map, &at}, model = {joint_by_definition, &at};
                double left, right, error;
                double from = ltv_frailty_marginal_hazard(&cases[c], times[t]);
                gsl_integration_qag(&map, from, from + 30, 1e-7, 1e-6, 1000, GSL_INTEG_GAUSS21,
                                    room, &left, &error);
                gsl_integration_qag(&model, 1e-15, gsl_cdf_ugaussian_P(scores[s]), 1e-9, 1e-8, 1000,
                                    GSL_INTEG_GAUSS61, room, &right, &error);
                if (!(fabs(left - right) < 2e-5))
                    fail_msg("case %zu, score %g, R > %g: %.8g instead of %.8g", c, scores[s],
                             times[t], left, right);
            }
    gsl_integration_workspace_free(room);
}

static void extreme_budgets_give_a_finite_score(void **state)
{
    (void)state;
    ltv_frailty all[] = {beta_frailty(0.02, 0.02),
                         beta_frailty(500, 2),
                         gamma_frailty(5),
                         {.spread = {LTV_SPREAD_LOG_NORMAL, 3}}};
    static const double budgets[] = {1e-20, 1e-6, 1, 67};
    static const ltv_uniform ends[] = {{1e-20, 1}, {0.5, 0.5}, {1, 1e-19}};
    for (size_t i = 0; i < 4; i++)
        for (size_t b = 0; b < 4; b++)
            for (size_t e = 0; e < 3; e++)
                assert_true(fabs(ltv_frailty_score_given_budget(&all[i], budgets[b], ends[e])) <=
                            10);
}

/* Every kind of frailty, for what follows. */
static const ltv_frailty families[] = {
    {.cured = 0.3},
    {.spread = {LTV_SPREAD_GAMMA, 0.7}},
    {.spread = {LTV_SPREAD_GAMMA, 1.8}},
    {.spread = {LTV_SPREAD_LOG_NORMAL, 0.9}},
    {.beta = true, .alpha = 0.668, .beta_shape = 3.806},
    {.beta = true, .alpha = 0.3, .beta_shape = 0.4, .spread = {LTV_SPREAD_GAMMA, 0.6}},
    {.beta = true, .alpha = 3, .beta_shape = 60, .spread = {LTV_SPREAD_LOG_NORMAL, 1.1}},
};
enum { FAMILIES = sizeof families / sizeof *families };

static const double ranks[] = {1e-6, 0.03, 0.5, 0.8, 1 - 1e-6};
enum { RANKS = sizeof ranks / sizeof *ranks };

static ltv_uniform rank(int i)
{
    return (ltv_uniform){ranks[i], 1 - ranks[i]};
}

static void the_first_clock_fires_where_the_marginal_hazard_reaches_its_budget(void **state)
{
    (void)state;
    static const double budgets[] = {1e-12, 1e-4, 0.3, 1, 5, 20};
    for (size_t f = 0; f < FAMILIES; f++)
        for (size_t b = 0; b < 6; b++)
            for (int i = 0; i < RANKS; i++) {
                double hazard = ltv_frailty_budget(&families[f], budgets[b], rank(i));
                double z = ltv_frailty_explicit(&families[f], rank(i));
                assert_relative(ltv_frailty_marginal_hazard(&families[f], z * hazard), budgets[b],
                                1e-10);
            }
}

static double clock_hazard_given(const ltv_frailty *frailty, double budget, double u)
{
    ltv_uniform at = {u, 1 - u}, explicit_rank = {0.3, 0.7};
    if (ltv_frailty_has_explicit(frailty) || ltv_frailty_is_constant(frailty))
        return ltv_frailty_given_budget(frailty, budget, explicit_rank, at) *
               ltv_frailty_budget(frailty, budget, explicit_rank);
    return ltv_frailty_given_budget(frailty, budget, at, explicit_rank) *
           ltv_frailty_budget(frailty, budget, at);
}

/* Mean of e^-(z R) over the rank given the budget, and then over the budget. */
static double laplace_given_u(double u, void *context)
{
    const joint *at = context;
    return exp(-clock_hazard_given(at->frailty, at->r, u));
}

static double laplace_given_budget(double budget, void *context)
{
    joint at = {((const joint *)context)->frailty, 0, budget};
    gsl_function f = {laplace_given_u, &at};
    gsl_integration_workspace *room = gsl_integration_workspace_alloc(1000);
    double mean, error;
    gsl_integration_qag(&f, 1e-12, 1 - 1e-12, 1e-5, 0, 1000, GSL_INTEG_GAUSS15, room, &mean,
                        &error);
    gsl_integration_workspace_free(room);
    return exp(-budget) * mean;
}

/* z R is the exponential budget of a customer whose z is known: its Laplace transform at 1 is
 * 1/2, whatever family z comes from. */
static void frailty_times_base_hazard_is_an_exponential_budget(void **state)
{
    (void)state;
    gsl_integration_workspace *room = gsl_integration_workspace_alloc(1000);
    for (size_t f = 0; f < FAMILIES; f++) {
        joint at = {&families[f], 0, 0};
        gsl_function over = {laplace_given_budget, &at};
        double mean, error;
        gsl_integration_qag(&over, 1e-12, 20, 2e-5, 0, 1000, GSL_INTEG_GAUSS15, room, &mean,
                            &error);
        if (!(fabs(mean - 0.5) < 1e-4))
            fail_msg("family %zu: %.8g", f, mean);
    }
    gsl_integration_workspace_free(room);
}

static void frailty_given_the_budget_has_the_rank_that_its_score_says(void **state)
{
    (void)state;
    for (size_t f = 0; f < FAMILIES; f++) {
        const ltv_frailty *frailty = &families[f];
        if (ltv_frailty_is_constant(frailty) ||
            (frailty->beta && frailty->spread.kind != LTV_SPREAD_NONE))
            continue;
        for (int i = 0; i < RANKS; i++) {
            double score = ltv_frailty_score_given_budget(frailty, 0.7, rank(i));
            assert_relative(ltv_frailty_of_rank(frailty, ltv_uniform_of_score(score)),
                            ltv_frailty_given_budget(frailty, 0.7, rank(i), rank(0)), 1e-6);
        }
    }
}

static void explicit_parts_are_what_they_are_whatever_the_budget(void **state)
{
    (void)state;
    ltv_frailty none = {.cured = 0.1}, log_normal = families[3];
    for (int i = 0; i < RANKS; i++) {
        double z = ltv_frailty_explicit(&log_normal, rank(i));
        assert_true(ltv_frailty_given_budget(&log_normal, 0.2, rank(i), rank(1)) == z);
        assert_true(ltv_frailty_of_rank(&log_normal, rank(i)) == z);
        assert_true(ltv_frailty_given_budget(&none, 3, rank(i), rank(1)) == 1);
        assert_true(ltv_frailty_of_rank(&none, rank(i)) == 1);
        assert_true(ltv_frailty_budget(&none, 3, rank(i)) == 3);
    }
}

/* Down to the smallest that a scenario can hold. */
static void a_gamma_frailty_that_is_hardly_there_is_as_none(void **state)
{
    (void)state;
    static const double cvs[] = {1e-90, 1e-110, 1e-155, 1e-170, 1e-307};
    const ltv_curve geometric = {.kind = LTV_CURVE_GEOMETRIC, .parameter = {0.1}};
    const ltv_curve beta = {.kind = LTV_CURVE_BETA_GEOMETRIC, .parameter = {1, 9}};
    const ltv_frailty pure = ltv_frailty_of(&beta, (ltv_spread){LTV_SPREAD_NONE, 0}, 0);
    const ltv_uniform half = {0.5, 0.5};
    for (size_t i = 0; i < sizeof cvs / sizeof *cvs; i++) {
        const ltv_spread spread = {LTV_SPREAD_GAMMA, cvs[i]};
        ltv_frailty alone = ltv_frailty_of(&geometric, spread, 0),
                    with_beta = ltv_frailty_of(&beta, spread, 0);
        for (double budget = 1e-8; budget < 50; budget *= 3) {
            assert_close("budget", ltv_frailty_budget(&alone, budget, half), budget, 1e-14);
            assert_close("hazard", ltv_frailty_marginal_hazard(&alone, budget), budget, 1e-14);
            assert_close("beta", ltv_frailty_budget(&with_beta, budget, half),
                         ltv_frailty_budget(&pure, budget, half), 1e-14);
        }
    }
}

/* The inverse of a beta distribution function that GSL has gives up for some of these. */
static void a_beta_frailty_has_its_rank_for_small_shapes_too(void **state)
{
    (void)state;
    static const double shapes[] = {0.05, 0.2, 1, 30, 3000};
    enum { SHAPES = sizeof shapes / sizeof *shapes };
    for (int a = 0; a < SHAPES; a++)
        for (int b = 0; b < SHAPES; b++)
            for (double u = 0.0625; u < 1; u += 0.0625) {
                ltv_frailty frailty = beta_frailty(shapes[a], shapes[b]);
                double z = ltv_frailty_of_rank(&frailty, (ltv_uniform){u, 1 - u});
                ltv_uniform rank = ltv_beta_ranks(shapes[a], shapes[b], -expm1(-z), exp(-z));
                char label[60];
                snprintf(label, sizeof label, "alpha %g, beta %g, rank %g", shapes[a], shapes[b],
                         u);
                assert_close(label, rank.below, u, 1e-9);
            }
}

static double one(const void *context, double score)
{
    (void)context;
    (void)score;
    return 1;
}

/* Of a Beta with a small second shape some 1 - p are too small for a double; near 0 its
 * distribution is a power law. */
static void a_beta_frailty_may_lie_beyond_any_chance(void **state)
{
    (void)state;
    static const double small[] = {0.01, 0.03, 0.05};
    for (int b = 0; b < 3; b++) {
        ltv_frailty frailty = beta_frailty(0.5, small[b]);
        for (double above = 1e-6; above > 1e-19; above /= 1000) {
            double z = ltv_frailty_of_rank(&frailty, (ltv_uniform){1 - above, above});
            double power_law =
                -(log(above) + log(small[b]) + gsl_sf_lnbeta(0.5, small[b])) / small[b];
            char label[60];
            snprintf(label, sizeof label, "beta %g, rank 1 - %g", small[b], above);
            assert_close(label, z, power_law, 1e-12 * power_law);
        }
        double lambda[] = {0, 1e-3, 1, 50}, kept[4];
        ltv_frailty_level_kept(&frailty, one, NULL, 4, lambda, kept);
        assert_close("nobody has left", kept[0], 1, 1e-9);
        assert_true(kept[1] < kept[0] && kept[2] < kept[1] && kept[3] < kept[2] && kept[3] >= 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_curve_brings_its_own_beta_frailty),
        cmocka_unit_test(beta_hazard_follows_the_recursion_of_the_published_model),
        cmocka_unit_test(beta_hazards_of_whole_shapes_have_closed_forms),
        cmocka_unit_test(published_cohorts_have_their_published_log_likelihood),
        cmocka_unit_test(a_hundred_years_still_cut_off_much_of_a_heavy_tail),
        cmocka_unit_test(small_hazards_keep_nine_digits),
        cmocka_unit_test(hazards_without_end_stay_without_end),
        cmocka_unit_test(survival_of_every_mixture_agrees_with_adaptive_quadrature),
        cmocka_unit_test(cured_customers_never_leave),
        cmocka_unit_test(a_gamma_frailty_that_is_hardly_there_is_as_none),
        cmocka_unit_test(frailty_rank_given_the_budget_has_the_right_joint_law),
        cmocka_unit_test(extreme_budgets_give_a_finite_score),
        cmocka_unit_test(the_first_clock_fires_where_the_marginal_hazard_reaches_its_budget),
        cmocka_unit_test(frailty_times_base_hazard_is_an_exponential_budget),
        cmocka_unit_test(frailty_given_the_budget_has_the_rank_that_its_score_says),
        cmocka_unit_test(a_beta_frailty_has_its_rank_for_small_shapes_too),
        cmocka_unit_test(a_beta_frailty_may_lie_beyond_any_chance),
        cmocka_unit_test(explicit_parts_are_what_they_are_whatever_the_budget),
    };
    return cmocka_run_group_tests(tests, no_abort, NULL);
}
