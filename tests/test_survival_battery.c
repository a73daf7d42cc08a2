/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_sf_gamma.h>

#include "sim/simulate.h"

/* Every retention curve with every heterogeneity: the share of simulated customers who pay bill
 * u against the survival that the model defines, written down here anew from the formulas and
 * integrated over heterogeneity by GSL's adaptive quadrature.
 *
 * Each period in which at least 1,000 survivors and 1,000 leavers are expected is one test of a
 * binomial count by its normal score. The seed is fixed. The limit on the score makes the
 * chance that any of the at most 8,000 tests of a run fails without a fault (two-sided, by
 * Bonferroni) less than 1e-6: P(|N| > 6.7) = 2.1e-11, times 8,000 is 1.7e-7. Power: with 10^7
 * customers a survival that is 1 % off at S = 0.1 lies 10 standard errors away.
 *
 * 10^7 customers each; 10^6 with LTV_TEST_DOSE=small. */

static const double score_limit = 6.7;

typedef struct {
    const char *label;
    ltv_curve curve;
} curve_case;

static double observed[] = {1, 0.8, 0.66, 0.6, 0.5, 0.47, 0.4, 0.4, 0.35, 0.3};

static const curve_case curves[] = {
    {"geometric 3 %", {.kind = LTV_CURVE_GEOMETRIC, .parameter = {0.03}}},
    {"weibull, falling churn", {.kind = LTV_CURVE_WEIBULL, .parameter = {26, 0.8}}},
    {"gompertz, some never leave", {.kind = LTV_CURVE_GOMPERTZ, .parameter = {0.08, -0.05}}},
    {"log-logistic", {.kind = LTV_CURVE_LOG_LOGISTIC, .parameter = {14, 1.7}}},
    {"log-normal", {.kind = LTV_CURVE_LOG_NORMAL, .parameter = {2.6, 1.1}}},
    {"sBG, High End", {.kind = LTV_CURVE_BETA_GEOMETRIC, .parameter = {0.668, 3.806}}},
    {"beta discrete Weibull",
     {.kind = LTV_CURVE_BETA_DISCRETE_WEIBULL, .parameter = {0.704, 1.182, 1.3}}},
    {"table", {.kind = LTV_CURVE_TABLE, .table_size = 10, .survival = observed, .hold = 4}},
};

typedef struct {
    const char *label;
    ltv_spread spread;
    double cured;
} frailty_case;

static const frailty_case frailties[] = {
    {"all alike", {LTV_SPREAD_NONE, 0}, 0},
    {"gamma cv 0.7", {LTV_SPREAD_GAMMA, 0.7}, 0},
    {"log-normal cv 0.6", {LTV_SPREAD_LOG_NORMAL, 0.6}, 0},
    {"15 % cured", {LTV_SPREAD_NONE, 0}, 0.15},
    {"gamma cv 1.4, 5 % cured", {LTV_SPREAD_GAMMA, 1.4}, 0.05},
    {"log-normal cv 1.2, 30 % cured", {LTV_SPREAD_LOG_NORMAL, 1.2}, 0.3},
};

/* Lambda(u), from docs/model.md. */
static double base_hazard(const ltv_curve *curve, uint32_t u)
{
    const double *p = curve->parameter;
    switch (curve->kind) {
    case LTV_CURVE_GEOMETRIC:
        return -(double)u * log(1 - p[0]);
    case LTV_CURVE_WEIBULL:
        return pow(u / p[0], p[1]);
    case LTV_CURVE_GOMPERTZ:
        return p[0] / p[1] * (exp(p[1] * u) - 1);
    case LTV_CURVE_LOG_LOGISTIC:
        return log(1 + pow(u / p[0], p[1]));
    case LTV_CURVE_LOG_NORMAL:
        return u == 0 ? 0 : -log(gsl_cdf_lognormal_Q(u, p[0], p[1]));
    case LTV_CURVE_BETA_GEOMETRIC:
        return u;
    case LTV_CURVE_BETA_DISCRETE_WEIBULL:
        return pow(u, p[2]);
    default:
        break;
    }
    /* The table, then lost over exposed of its last four periods for ever. */
    if (u < 10)
        return -log(observed[u]);
    double lost = observed[5] - observed[9];
    double exposed = observed[5] + observed[6] + observed[7] + observed[8];
    return -log(observed[9]) - (u - 9.0) * log(1 - lost / exposed);
}

typedef struct {
    const ltv_curve *curve;
    ltv_spread spread;
    double lambda;
} given;

/* Survival of a customer whose further heterogeneity is z. */
static double survival_given(const given *at, double z)
{
    const double *p = at->curve->parameter;
    double a = z * at->lambda;
    if (ltv_curve_model_of(at->curve->kind)->brings_beta_frailty)
        return exp(gsl_sf_lnbeta(p[0], p[1] + a) - gsl_sf_lnbeta(p[0], p[1]));
    return exp(-a);
}

static double weighted_survival(double log_z, void *context)
{
    const given *at = context;
    double z = exp(log_z), cv2 = at->spread.cv * at->spread.cv;
    double density = at->spread.kind == LTV_SPREAD_GAMMA
                         ? gsl_ran_gamma_pdf(z, 1 / cv2, cv2)
                         : gsl_ran_lognormal_pdf(z, -log(1 + cv2) / 2, sqrt(log(1 + cv2)));
    return z * density * survival_given(at, z);
}

static double expected_survival(const curve_case *curve, const frailty_case *frailty, uint32_t u,
                                gsl_integration_workspace *room)
{
    given at = {&curve->curve, frailty->spread, base_hazard(&curve->curve, u)};
    double uncured = survival_given(&at, 1), error;
    if (frailty->spread.kind != LTV_SPREAD_NONE) {
        gsl_function f = {weighted_survival, &at};
        gsl_integration_qag(&f, -80, 6, 0, 1e-9, 2000, GSL_INTEG_GAUSS31, room, &uncured, &error);
    }
    return frailty->cured + (1 - frailty->cured) * uncured;
}

static uint64_t customers(void)
{
    const char *dose = getenv("LTV_TEST_DOSE");
    return dose != NULL && strcmp(dose, "small") == 0 ? 1000000 : 10000000;
}

static int periods_tested;

static void test_case(const curve_case *curve, const frailty_case *frailty,
                      gsl_integration_workspace *room)
{
    enum { HORIZON = 120 };
    ltv_segment segment = {.name = "all", .share = 1, .times = LTV_NO_MULTIPLIERS};
    ltv_channel channel = {.name = "all", .share = 1, .times = LTV_NO_MULTIPLIERS};
    ltv_arm arm = {.name = "baseline",
                   .has_retention = true,
                   .retention = {.curve = curve->curve,
                                 .heterogeneity = frailty->spread,
                                 .cured = frailty->cured},
                   .price = 1,
                   .gross_margin = 1,
                   .n_segments = 1,
                   .n_channels = 1,
                   .segments = &segment,
                   .channels = &channel};
    ltv_scenario scenario = {.currency = "USD",
                             .currency_decimals = 2,
                             .time_unit = LTV_UNIT_MONTH,
                             .horizon = HORIZON,
                             .seed = 20270401,
                             .customers = customers(),
                             .n_arms = 1,
                             .arms = &arm};
    ltv_estimate estimate;
    ltv_error err = {0};
    assert_int_equal(ltv_simulate(&estimate, &scenario, NULL, &err), LTV_OK);
    double n = (double)scenario.customers;
    for (uint32_t u = 1; u <= HORIZON; u++) {
        double s = expected_survival(curve, frailty, u, room);
        if (n * s < 1000 || n * (1 - s) < 1000)
            continue;
        double score = (estimate.arms[0].all.retention[u] - s) / sqrt(s * (1 - s) / n);
        if (!(fabs(score) < score_limit))
            fail_msg("%s, %s: %.6f pay bill %u instead of %.6f (%.1f standard errors)",
                     curve->label, frailty->label, estimate.arms[0].all.retention[u], u, s, score);
        periods_tested++;
    }
    ltv_estimate_free(&estimate);
}

static void survival_of_every_curve_with_every_heterogeneity_is_the_models(void **state)
{
    (void)state;
    gsl_set_error_handler_off();
    gsl_integration_workspace *room = gsl_integration_workspace_alloc(2000);
    for (size_t c = 0; c < sizeof curves / sizeof *curves; c++)
        for (size_t f = 0; f < sizeof frailties / sizeof *frailties; f++)
            test_case(&curves[c], &frailties[f], room);
    gsl_integration_workspace_free(room);
    assert_true(periods_tested > 3000 && periods_tested <= 8000);
    print_message("%d periods tested\n", periods_tested);
}

/* Fader & Hardie (2007): expected lifetimes of the two published cohorts, discounted at 10 % a
 * year, through the engine. */
static void published_cohorts_come_out(void **state)
{
    (void)state;
    static const struct {
        double alpha, beta, discounted_lifetime;
    } cohorts[] = {{0.668, 3.806, 5.9226}, {0.704, 1.182, 3.6951}};
    for (size_t i = 0; i < 2; i++) {
        ltv_segment segment = {.name = "all", .share = 1, .times = LTV_NO_MULTIPLIERS};
        ltv_channel channel = {.name = "all", .share = 1, .times = LTV_NO_MULTIPLIERS};
        ltv_arm arm = {.name = "baseline",
                       .has_retention = true,
                       .retention.curve = {.kind = LTV_CURVE_BETA_GEOMETRIC,
                                           .parameter = {cohorts[i].alpha, cohorts[i].beta}},
                       .price = 1,
                       .gross_margin = 1,
                       .n_segments = 1,
                       .n_channels = 1,
                       .segments = &segment,
                       .channels = &channel};
        ltv_scenario scenario = {.currency = "USD",
                                 .currency_decimals = 2,
                                 .time_unit = LTV_UNIT_YEAR,
                                 .horizon = 250, /* at 10 % the rest is worth 1e-11 */
                                 .discount_rate_per_year = 0.1,
                                 .seed = 7,
                                 .customers = customers(),
                                 .n_arms = 1,
                                 .arms = &arm};
        ltv_estimate estimate;
        ltv_error err = {0};
        assert_int_equal(ltv_simulate(&estimate, &scenario, NULL, &err), LTV_OK);
        const ltv_value_estimate *ltv = &estimate.arms[0].all.ltv;
        /* 5.5 standard errors: false alarm 4e-8; plus half a unit of the last printed digit. */
        assert_true(fabs(ltv->mean - cohorts[i].discounted_lifetime) <
                    5.5 * ltv->standard_error + 5e-5);
        assert_true(ltv->standard_error < 0.001 * ltv->mean);
        ltv_estimate_free(&estimate);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(survival_of_every_curve_with_every_heterogeneity_is_the_models),
        cmocka_unit_test(published_cohorts_come_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
