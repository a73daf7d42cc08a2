/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "close.h"
#include "models/curve.h"

/* Survival by the definition of each curve, in long double and by another way than the code's:
 * from 1 - F or a product instead of the cumulative hazard. */
static long double geometric_survival(const double *p, uint32_t u)
{
    long double survival = 1;
    for (uint32_t i = 0; i < u; i++)
        survival *= 1 - (long double)p[0];
    return survival;
}

static long double weibull_survival(const double *p, uint32_t u)
{
    return u == 0 ? 1 : expl(-expl(p[1] * (logl(u) - logl(p[0]))));
}

static long double gompertz_survival(const double *p, uint32_t u)
{
    /* The integral of rate e^(growth t) over 0 ... u by Simpson's rule. */
    enum { PIECES = 20000 };
    long double h = (long double)u / PIECES, sum = 0;
    for (int i = 0; i <= PIECES; i++) {
        int weight = i == 0 || i == PIECES ? 1 : i % 2 == 1 ? 4 : 2;
        sum += weight * p[0] * expl(p[1] * i * h);
    }
    return expl(-sum * h / 3);
}

static long double log_logistic_survival(const double *p, uint32_t u)
{
    return 1 / (1 + powl(u / (long double)p[0], p[1]));
}

static long double log_normal_survival(const double *p, uint32_t u)
{
    return u == 0 ? 1 : erfcl((logl(u) - p[0]) / p[1] / sqrtl(2)) / 2;
}

/* For a customer whose own z is 1. */
static long double unit_rate_survival(const double *p, uint32_t u)
{
    (void)p;
    return expl(-(long double)u);
}

static long double weibull_rate_survival(const double *p, uint32_t u)
{
    return u == 0 ? 1 : expl(-expl(p[2] * logl(u)));
}

typedef struct {
    const char *label;
    ltv_curve_kind kind;
    double parameter[LTV_CURVE_MAX_PARAMETERS];
    long double (*survival)(const double *parameter, uint32_t tenure);
} curve_case;

static const curve_case curves[] = {
    {"3 % a month", LTV_CURVE_GEOMETRIC, {0.03}, geometric_survival},
    {"nobody leaves", LTV_CURVE_GEOMETRIC, {0}, geometric_survival},
    {"nearly all leave at once", LTV_CURVE_GEOMETRIC, {0.75}, geometric_survival},
    {"falling churn", LTV_CURVE_WEIBULL, {30, 0.8}, weibull_survival},
    {"rising churn", LTV_CURVE_WEIBULL, {200, 2.5}, weibull_survival},
    {"growing hazard", LTV_CURVE_GOMPERTZ, {0.01, 0.03}, gompertz_survival},
    {"fading hazard", LTV_CURVE_GOMPERTZ, {0.1, -0.05}, gompertz_survival},
    {"hardly any growth", LTV_CURVE_GOMPERTZ, {0.02, 1e-12}, gompertz_survival},
    {"heavy tail", LTV_CURVE_LOG_LOGISTIC, {14, 1.7}, log_logistic_survival},
    {"heavier tail", LTV_CURVE_LOG_LOGISTIC, {2, 0.4}, log_logistic_survival},
    {"log-normal around a year", LTV_CURVE_LOG_NORMAL, {2.5, 1.1}, log_normal_survival},
    {"log-normal, narrow", LTV_CURVE_LOG_NORMAL, {4, 0.2}, log_normal_survival},
    {"sBG at z = 1", LTV_CURVE_BETA_GEOMETRIC, {0.668, 3.806}, unit_rate_survival},
    {"BdW at z = 1", LTV_CURVE_BETA_DISCRETE_WEIBULL, {0.7, 1.2, 0.6}, weibull_rate_survival},
    {"BdW, rising", LTV_CURVE_BETA_DISCRETE_WEIBULL, {0.7, 1.2, 1.4}, weibull_rate_survival},
};
enum { CURVES = sizeof curves / sizeof *curves };

static ltv_curve curve_of(const curve_case *c)
{
    ltv_curve curve = {.kind = c->kind};
    memcpy(curve.parameter, c->parameter, sizeof curve.parameter);
    return curve;
}

static void hazards_are_minus_log_survival(void **state)
{
    (void)state;
    for (size_t i = 0; i < CURVES; i++) {
        ltv_curve curve = curve_of(&curves[i]);
        for (uint32_t u = 0; u <= 600; u += u < 24 ? 1 : 24) {
            long double survival = curves[i].survival(curves[i].parameter, u);
            if (survival < 1e-4000L)
                continue; /* beyond what even a long double holds */
            /* -ln S of a survival near 1 knows Lambda only to the last bits of S. */
            assert_within(curves[i].label, ltv_curve_cumulative_hazard(&curve, u),
                          (double)-logl(survival), 1e-12 * (double)-logl(survival) + 1e-15);
        }
    }
}

static void hazards_start_at_zero_and_never_fall(void **state)
{
    (void)state;
    enum { LAST = 20000 };
    static double all[LAST + 1];
    for (size_t i = 0; i < CURVES; i++) {
        ltv_curve curve = curve_of(&curves[i]);
        double before = 0;
        ltv_curve_cumulative_hazards(&curve, LAST + 1, all);
        assert_that(curves[i].label, ltv_curve_cumulative_hazard(&curve, 0) == 0);
        for (uint32_t u = 1; u <= LAST; u++) {
            double lambda = ltv_curve_cumulative_hazard(&curve, u);
            assert_that(curves[i].label, all[u] == lambda);
            assert_that(curves[i].label, lambda >= before);
            before = lambda;
        }
    }
}

static void tiny_hazards_keep_twelve_digits(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        ltv_curve_kind kind;
        double parameter[LTV_CURVE_MAX_PARAMETERS];
        double lambda_of_one; /* from a computation with 40 digits */
    } tiny[] = {
        {"geometric", LTV_CURVE_GEOMETRIC, {1e-7}, 1.0000000500000033e-7},
        {"weibull", LTV_CURVE_WEIBULL, {1e7, 1}, 1e-7},
        {"weibull of a low power", LTV_CURVE_WEIBULL, {1e9, 0.7777777777777778}, 1e-7},
        {"gompertz", LTV_CURVE_GOMPERTZ, {1e-7, 0.01}, 1.0050167084168058e-7},
        {"gompertz, tiny growth", LTV_CURVE_GOMPERTZ, {1e-7, 1e-9}, 1.0000000005e-7},
        {"gompertz, smallest growth", LTV_CURVE_GOMPERTZ, {1e-7, 1e-300}, 1e-7},
        {"log_logistic", LTV_CURVE_LOG_LOGISTIC, {1e7, 1}, 9.9999995000000333e-8},
        {"log_normal", LTV_CURVE_LOG_NORMAL, {5.2, 1}, 9.9644268133824734e-8},
    };
    for (size_t i = 0; i < sizeof tiny / sizeof *tiny; i++) {
        ltv_curve curve = {.kind = tiny[i].kind};
        memcpy(curve.parameter, tiny[i].parameter, sizeof curve.parameter);
        assert_close(tiny[i].label, ltv_curve_cumulative_hazard(&curve, 1), tiny[i].lambda_of_one,
                     1e-12);
    }
}

static void gompertz_does_not_overflow_on_the_way(void **state)
{
    (void)state;
    /* rate / growth alone would be infinite */
    ltv_curve curve = {.kind = LTV_CURVE_GOMPERTZ, .parameter = {1000, 1e-307}};
    assert_close("growth of 1e-307", ltv_curve_cumulative_hazard(&curve, 5), 5000, 1e-12);
}

static void hazards_at_huge_tenure_are_limits_not_garbage(void **state)
{
    (void)state;
    static const uint32_t ages[] = {1000000, 4000000000u};
    for (size_t i = 0; i < CURVES; i++) {
        ltv_curve curve = curve_of(&curves[i]);
        double before = ltv_curve_cumulative_hazard(&curve, 20000);
        for (size_t j = 0; j < 2; j++) {
            double lambda = ltv_curve_cumulative_hazard(&curve, ages[j]);
            assert_that(curves[i].label, !isnan(lambda) && lambda >= before);
            before = lambda;
        }
    }
    /* A negative growth leaves some for ever: Lambda tends to rate / -growth. */
    ltv_curve fading = {.kind = LTV_CURVE_GOMPERTZ, .parameter = {0.1, -0.05}};
    assert_close("fading", ltv_curve_cumulative_hazard(&fading, 4000000000u), 2, 1e-14);
    /* ln S of a normal far in its tail: -x^2/2 - ln(x sqrt(2 pi)) to first order in 1/x^2. */
    ltv_curve narrow = {.kind = LTV_CURVE_LOG_NORMAL, .parameter = {0, 0.2}};
    double x = log(4e9) / 0.2;
    assert_close("narrow", ltv_curve_cumulative_hazard(&narrow, 4000000000u),
                 x * x / 2 + log(x * sqrt(2 * M_PI)) + 1 / (x * x), 1e-10);
}

/* --- tables --- */

/* Fader & Hardie's "Regular" cohort. */
static double regular[] = {1, 0.631, 0.468, 0.382, 0.326};

static ltv_curve table(size_t n, double *survival, size_t hold)
{
    return (ltv_curve){.kind = LTV_CURVE_TABLE,
                       .table_size = n,
                       .survival = survival,
                       .hold = hold,
                       .stop = hold == 0};
}

static void a_table_gives_back_its_survival(void **state)
{
    (void)state;
    ltv_curve curve = table(5, regular, 4);
    for (uint32_t u = 0; u < 5; u++)
        assert_close("regular", exp(-ltv_curve_cumulative_hazard(&curve, u)), regular[u], 1e-15);
}

static void a_table_goes_on_with_pooled_churn(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        size_t hold;
        double churn; /* lost / exposed, by hand */
    } cases[] = {
        {"all four periods: 0.674 of 2.481", 4, 0.2716646513502620},
        {"the last three: 0.305 of 1.481", 3, 0.2059419311276165},
        {"the last one: 0.056 of 0.382", 1, 0.1465968586387435},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ltv_curve curve = table(5, regular, cases[i].hold);
        for (uint32_t more = 1; more <= 1000; more *= 10) {
            double survival = 0.326 * pow(1 - cases[i].churn, more);
            assert_close(cases[i].label, ltv_curve_cumulative_hazard(&curve, 4 + more),
                         -log(survival), 1e-13);
        }
    }
}

static void a_table_without_loss_goes_on_without_loss(void **state)
{
    (void)state;
    double flat[] = {1, 0.9, 0.9, 0.9};
    ltv_curve curve = table(4, flat, 2);
    assert_close("flat end", ltv_curve_cumulative_hazard(&curve, 5000), -log(0.9), 1e-15);
}

static void a_table_that_reaches_zero_stays_there(void **state)
{
    (void)state;
    double dying[] = {1, 0.5, 0};
    for (size_t hold = 1; hold <= 2; hold++) {
        ltv_curve curve = table(3, dying, hold);
        assert_close("before", ltv_curve_cumulative_hazard(&curve, 1), log(2), 1e-15);
        for (uint32_t u = 2; u <= 1000; u++)
            assert_that("after", ltv_curve_cumulative_hazard(&curve, u) == (double)INFINITY);
    }
}

static void a_table_that_stops_has_no_value_after_its_end(void **state)
{
    (void)state;
    ltv_curve curve = table(5, regular, 0);
    assert_close("its end", ltv_curve_cumulative_hazard(&curve, 4), -log(0.326), 1e-15);
    assert_true(isnan(ltv_curve_cumulative_hazard(&curve, 5)));
}

/* --- the models as the scenario page has them --- */

static void names_and_parameters_are_those_of_the_scenario_file(void **state)
{
    (void)state;
    static const struct {
        ltv_curve_kind kind;
        const char *name;
        size_t n_parameters;
        const char *parameter[LTV_CURVE_MAX_PARAMETERS];
        bool beta;
    } expected[] = {
        {LTV_CURVE_GEOMETRIC, "geometric", 1, {"churn"}, false},
        {LTV_CURVE_WEIBULL, "weibull", 2, {"scale", "shape"}, false},
        {LTV_CURVE_GOMPERTZ, "gompertz", 2, {"rate", "growth"}, false},
        {LTV_CURVE_LOG_LOGISTIC, "log_logistic", 2, {"scale", "shape"}, false},
        {LTV_CURVE_LOG_NORMAL, "log_normal", 2, {"mu", "sigma"}, false},
        {LTV_CURVE_BETA_GEOMETRIC, "beta_geometric", 2, {"alpha", "beta"}, true},
        {LTV_CURVE_BETA_DISCRETE_WEIBULL, "beta_discrete_weibull", 3, {"alpha", "beta", "c"}, true},
        {LTV_CURVE_TABLE, "table", 0, {NULL}, false},
    };
    assert_int_equal(sizeof expected / sizeof *expected, LTV_CURVE_KINDS);
    for (size_t i = 0; i < LTV_CURVE_KINDS; i++) {
        const ltv_curve_model *model = ltv_curve_model_of(expected[i].kind);
        assert_int_equal(model->kind, expected[i].kind);
        assert_string_equal(model->name, expected[i].name);
        assert_int_equal(model->n_parameters, expected[i].n_parameters);
        assert_int_equal(model->brings_beta_frailty, expected[i].beta);
        assert_non_null(model->description);
        assert_non_null(model->source);
        for (size_t j = 0; j < model->n_parameters; j++) {
            assert_string_equal(model->parameter[j].name, expected[i].parameter[j]);
            assert_non_null(model->parameter[j].meaning);
            assert_true(model->parameter[j].lowest < model->parameter[j].highest);
        }
    }
}

static bool permits(ltv_curve_kind kind, size_t which, double value)
{
    const ltv_curve_parameter *p = &ltv_curve_model_of(kind)->parameter[which];
    bool above = p->lowest_open ? value > p->lowest : value >= p->lowest;
    bool below = p->highest_open ? value < p->highest : value <= p->highest;
    return above && below && !(p->not_zero && value == 0);
}

static void ranges_are_those_of_the_model(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        ltv_curve_kind kind;
        size_t parameter;
        double value;
        bool permitted;
    } cases[] = {
        {"churn 0", LTV_CURVE_GEOMETRIC, 0, 0, true},
        {"churn 99.9 %", LTV_CURVE_GEOMETRIC, 0, 0.999, true},
        {"churn 100 %", LTV_CURVE_GEOMETRIC, 0, 1, false},
        {"churn below 0", LTV_CURVE_GEOMETRIC, 0, -1e-9, false},
        {"weibull scale 0", LTV_CURVE_WEIBULL, 0, 0, false},
        {"weibull scale 0.01", LTV_CURVE_WEIBULL, 0, 0.01, true},
        {"weibull shape 0", LTV_CURVE_WEIBULL, 1, 0, false},
        {"gompertz rate 0", LTV_CURVE_GOMPERTZ, 0, 0, false},
        {"gompertz growth 0", LTV_CURVE_GOMPERTZ, 1, 0, false},
        {"gompertz growth below 0", LTV_CURVE_GOMPERTZ, 1, -0.1, true},
        {"log-logistic shape 0", LTV_CURVE_LOG_LOGISTIC, 1, 0, false},
        {"log-normal mu below 0", LTV_CURVE_LOG_NORMAL, 0, -1, true},
        {"log-normal sigma 0", LTV_CURVE_LOG_NORMAL, 1, 0, false},
        {"alpha 0", LTV_CURVE_BETA_GEOMETRIC, 0, 0, false},
        {"beta 1e6", LTV_CURVE_BETA_GEOMETRIC, 1, 1e6, true},
        {"c 0", LTV_CURVE_BETA_DISCRETE_WEIBULL, 2, 0, false},
        {"c 1", LTV_CURVE_BETA_DISCRETE_WEIBULL, 2, 1, true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_that(cases[i].label, permits(cases[i].kind, cases[i].parameter, cases[i].value) ==
                                        cases[i].permitted);
}

static void no_permitted_parameter_gives_nonsense(void **state)
{
    (void)state;
    static const double trials[] = {-1000, -100, -1, -1e-9, 1e-300, 1e-9, 0.5, 1, 100, 1000, 1e9};
    enum { TRIALS = sizeof trials / sizeof *trials };
    for (int kind = 0; kind < LTV_CURVE_TABLE; kind++) {
        const ltv_curve_model *model = ltv_curve_model_of((ltv_curve_kind)kind);
        size_t combinations = TRIALS;
        for (size_t j = 1; j < model->n_parameters; j++)
            combinations *= TRIALS;
        for (size_t i = 0; i < combinations; i++) {
            ltv_curve curve = {.kind = (ltv_curve_kind)kind};
            bool permitted = true;
            for (size_t j = 0, rest = i; j < model->n_parameters; j++, rest /= TRIALS) {
                curve.parameter[j] = trials[rest % TRIALS];
                permitted &= permits((ltv_curve_kind)kind, j, curve.parameter[j]);
            }
            double before = 0;
            for (uint32_t u = 0; permitted && u <= 20001; u = 3 * u + 1) {
                double lambda = ltv_curve_cumulative_hazard(&curve, u);
                assert_that(model->name, lambda >= before); /* so it is not NaN either */
                before = lambda;
            }
        }
    }
}

static void a_copy_stands_by_itself(void **state)
{
    (void)state;
    ltv_curve source = table(5, regular, 3), copy;
    assert_true(ltv_curve_copy(&copy, &source));
    assert_ptr_not_equal(copy.survival, source.survival);
    assert_memory_equal(copy.survival, regular, sizeof regular);
    assert_int_equal(copy.hold, 3);
    ltv_curve_free(&copy);
    ltv_curve_free(&copy);
    assert_null(copy.survival);
    ltv_curve geometric = {.kind = LTV_CURVE_GEOMETRIC, .parameter = {0.03}};
    assert_true(ltv_curve_copy(&copy, &geometric));
    assert_true(copy.parameter[0] == 0.03);
    ltv_curve_free(&copy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hazards_are_minus_log_survival),
        cmocka_unit_test(hazards_start_at_zero_and_never_fall),
        cmocka_unit_test(tiny_hazards_keep_twelve_digits),
        cmocka_unit_test(gompertz_does_not_overflow_on_the_way),
        cmocka_unit_test(hazards_at_huge_tenure_are_limits_not_garbage),
        cmocka_unit_test(a_table_gives_back_its_survival),
        cmocka_unit_test(a_table_goes_on_with_pooled_churn),
        cmocka_unit_test(a_table_without_loss_goes_on_without_loss),
        cmocka_unit_test(a_table_that_reaches_zero_stays_there),
        cmocka_unit_test(a_table_that_stops_has_no_value_after_its_end),
        cmocka_unit_test(names_and_parameters_are_those_of_the_scenario_file),
        cmocka_unit_test(ranges_are_those_of_the_model),
        cmocka_unit_test(no_permitted_parameter_gives_nonsense),
        cmocka_unit_test(a_copy_stands_by_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
