/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>

#include "close.h"
#include "models/spread.h"
#include "models/uncertain.h"
#include "sim/address.h"

static int no_abort(void **state)
{
    (void)state;
    gsl_set_error_handler_off();
    return 0;
}

/* --- one of each, and some more --- */

/* What makes a number, with up to three arguments; ci90 of a normal, log-normal or beta number. */
typedef enum {
    NORMAL,
    LOG_NORMAL,
    BETA,
    BETA_OF_MEAN,
    GAMMA,
    UNIFORM,
    TRIANGULAR,
    PERT,
    CI90_NORMAL,
    CI90_LOG_NORMAL,
    CI90_BETA,
    COUNTED
} maker;

static ltv_status make(ltv_uncertain *x, maker with, const double *a, ltv_error *err)
{
    switch (with) {
    case NORMAL:
        return ltv_uncertain_normal(x, a[0], a[1], err);
    case LOG_NORMAL:
        return ltv_uncertain_log_normal(x, a[0], a[1], err);
    case BETA:
        return ltv_uncertain_beta(x, a[0], a[1], err);
    case BETA_OF_MEAN:
        return ltv_uncertain_beta_of_mean(x, a[0], a[1], err);
    case GAMMA:
        return ltv_uncertain_gamma(x, a[0], a[1], err);
    case UNIFORM:
        return ltv_uncertain_uniform(x, a[0], a[1], err);
    case TRIANGULAR:
        return ltv_uncertain_triangular(x, a[0], a[1], a[2], err);
    case PERT:
        return ltv_uncertain_pert(x, a[0], a[1], a[2], err);
    case CI90_NORMAL:
        return ltv_uncertain_ci90(x, LTV_UNCERTAIN_NORMAL, a[0], a[1], err);
    case CI90_LOG_NORMAL:
        return ltv_uncertain_ci90(x, LTV_UNCERTAIN_LOG_NORMAL, a[0], a[1], err);
    case CI90_BETA:
        return ltv_uncertain_ci90(x, LTV_UNCERTAIN_BETA, a[0], a[1], err);
    case COUNTED:
        return ltv_uncertain_counted(x, a[0], a[1], err);
    }
    return LTV_ERR_BUG;
}

typedef struct {
    const char *label;
    maker recipe;
    double argument[3];
    double lowest, highest; /* limits, both 0: none */
} specimen;

static const specimen specimens[] = {
    {.label = "normal", .recipe = NORMAL, .argument = {100, 10}},
    {.label = "normal below 0", .recipe = NORMAL, .argument = {-3, 0.5}},
    {.label = "normal, cut below", .recipe = NORMAL, .argument = {25, 10}, .highest = 1e9},
    {.label = "normal, cut at both ends",
     .recipe = NORMAL,
     .argument = {0, 1},
     .lowest = -2.6,
     .highest = 3},
    {.label = "log-normal", .recipe = LOG_NORMAL, .argument = {900, 150}},
    {.label = "log-normal, wide", .recipe = LOG_NORMAL, .argument = {1, 20}},
    {.label = "log-normal, cut above",
     .recipe = LOG_NORMAL,
     .argument = {0.3, 0.1},
     .lowest = -1,
     .highest = 0.7},
    {.label = "log-normal, cut below",
     .recipe = LOG_NORMAL,
     .argument = {2, 4},
     .lowest = 0.04,
     .highest = 1e9},
    {.label = "beta", .recipe = BETA, .argument = {6, 14}},
    {.label = "beta, U-shaped", .recipe = BETA, .argument = {0.4, 0.6}},
    {.label = "beta of a mean", .recipe = BETA_OF_MEAN, .argument = {0.78, 0.03}},
    {.label = "beta, cut at both ends",
     .recipe = BETA,
     .argument = {6, 14},
     .lowest = 0.08,
     .highest = 0.6},
    {.label = "gamma", .recipe = GAMMA, .argument = {10, 2}},
    {.label = "gamma, wide", .recipe = GAMMA, .argument = {10, 20}},
    {.label = "gamma, narrow", .recipe = GAMMA, .argument = {10, 0.01}},
    {.label = "gamma, cut above", .recipe = GAMMA, .argument = {10, 5}, .lowest = 0, .highest = 27},
    {.label = "uniform", .recipe = UNIFORM, .argument = {10, 15}},
    {.label = "uniform, cut above",
     .recipe = UNIFORM,
     .argument = {0, 1},
     .lowest = -1,
     .highest = 0.995},
    {.label = "triangular", .recipe = TRIANGULAR, .argument = {10, 12, 15}},
    {.label = "triangular, mode at low", .recipe = TRIANGULAR, .argument = {-2, -2, 4}},
    {.label = "triangular, mode at high", .recipe = TRIANGULAR, .argument = {0, 5, 5}},
    {.label = "triangular, cut at both ends",
     .recipe = TRIANGULAR,
     .argument = {0, 0.01, 1},
     .lowest = 0.005,
     .highest = 0.95},
    {.label = "triangular, cut beyond the mode",
     .recipe = TRIANGULAR,
     .argument = {0, 0.005, 1},
     .lowest = 0.006,
     .highest = 2},
    {.label = "PERT", .recipe = PERT, .argument = {10, 12, 15}},
    {.label = "PERT, mode at low", .recipe = PERT, .argument = {10, 10, 15}},
    {.label = "PERT, cut below",
     .recipe = PERT,
     .argument = {-1, 5, 7},
     .lowest = 0.5,
     .highest = 100},
    {.label = "ci90 of a beta", .recipe = CI90_BETA, .argument = {0.005, 0.3}},
    {.label = "40 of 1,000", .recipe = COUNTED, .argument = {40, 1000}},
    {.label = "0 of 12", .recipe = COUNTED, .argument = {0, 12}},
};
enum { SPECIMENS = sizeof specimens / sizeof *specimens };

static bool is_limited(const specimen *s)
{
    return s->lowest != 0 || s->highest != 0;
}

static ltv_uncertain made(const specimen *s)
{
    ltv_uncertain x = {0};
    ltv_error err = {0};
    if (make(&x, s->recipe, s->argument, &err) ||
        (is_limited(s) && ltv_uncertain_limit(&x, s->lowest, s->highest, &err)))
        fail_msg("%s: %s", s->label, err.message);
    return x;
}

/* --- samples --- */

/* Kolmogorov & Smirnov's distance between samples and a distribution function, over 4,096 places
 * (which can only make it smaller), times the root of their number. The chance that it exceeds
 * 3 although the function is right is at most 2 exp(-2 x 3^2) = 3e-8; with fewer than 30
 * specimens below 1e-6 in all. */
enum { PLACES = 4096 };
static const double distance_limit = 3;

static void scaled_distances(const ltv_uncertain *sampled, size_t n_claims,
                             const ltv_uncertain *claims, uint32_t n, double *distances)
{
    enum { MOST_CLAIMS = 4 };
    static uint32_t count[MOST_CLAIMS][PLACES + 1];
    memset(count, 0, sizeof count);
    ltv_stream stream = {.seed = 20270401};
    for (uint32_t i = 0; i < n; i++) {
        ltv_uniform u = ltv_address_uniform(stream, i, LTV_UNNAMED, LTV_PURPOSE_SPEND, 0);
        double x = ltv_uncertain_quantile(sampled, u);
        for (size_t j = 0; j < n_claims; j++)
            count[j][(uint32_t)(ltv_uncertain_probability_below(claims + j, x) * PLACES)]++;
    }
    for (size_t j = 0; j < n_claims; j++) {
        double below = 0, worst = 0;
        for (uint32_t i = 0; i < PLACES; i++) {
            below += count[j][i];
            worst = fmax(worst, fabs(below / n - (i + 1.0) / PLACES));
        }
        distances[j] = worst * sqrt(n);
    }
}

static void samples_follow_the_distribution_function(void **state)
{
    (void)state;
    for (size_t i = 0; i < SPECIMENS; i++) {
        ltv_uncertain x = made(specimens + i);
        double distance;
        scaled_distances(&x, 1, &x, 1 << 15, &distance);
        assert_that(specimens[i].label, distance < distance_limit);
    }
}

/* The same test is failed by a parameter that is 1 % off. More samples where 1 % moves the
 * function little: for the width of a normal number by 0.0024 at most. */
static void samples_betray_one_percent_in_any_parameter(void **state)
{
    (void)state;
    static const struct {
        specimen specimen;
        size_t parameters;
        uint32_t n;
    } cases[] = {
        {{.label = "normal", .recipe = NORMAL, .argument = {100, 10}}, 2, 1 << 22},
        {{.label = "log-normal", .recipe = LOG_NORMAL, .argument = {900, 150}}, 2, 1 << 22},
        {{.label = "beta", .recipe = BETA, .argument = {40.5, 960.5}}, 2, 1 << 16},
        {{.label = "gamma", .recipe = GAMMA, .argument = {10, 2}}, 2, 1 << 16},
        {{.label = "uniform", .recipe = UNIFORM, .argument = {10, 15}}, 2, 1 << 16},
        {{.label = "triangular", .recipe = TRIANGULAR, .argument = {10, 12, 15}}, 3, 1 << 16},
        {{.label = "PERT", .recipe = PERT, .argument = {10, 12, 15}}, 3, 1 << 16},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ltv_uncertain x = made(&cases[i].specimen), claims[4] = {x, x, x, x};
        size_t n = cases[i].parameters;
        for (size_t j = 0; j < n; j++)
            claims[j + 1].parameter[j] *= 1.01;
        double distances[4];
        scaled_distances(&x, n + 1, claims, cases[i].n, distances);
        assert_that(cases[i].specimen.label, distances[0] < distance_limit);
        for (size_t j = 1; j <= n; j++)
            assert_that(cases[i].specimen.label, distances[j] > distance_limit);
    }
}

/* --- quantile and distribution function --- */

/* What a unit or two in the last place of a value are worth. */
static double one_digit(const ltv_uncertain *x, double at)
{
    return 2 * (ltv_uncertain_probability_below(x, nextafter(at, INFINITY)) -
                ltv_uncertain_probability_below(x, nextafter(at, -INFINITY)));
}

static void quantiles_invert_the_distribution_function(void **state)
{
    (void)state;
    static const double ranks[] = {1e-12, 1e-9, 1e-4, 0.01, 0.2, 0.5, 0.9, 0.999, 1 - 1e-12};
    for (size_t i = 0; i < SPECIMENS; i++) {
        ltv_uncertain x = made(specimens + i);
        for (size_t j = 0; j < sizeof ranks / sizeof *ranks; j++) {
            double p = ranks[j], at = ltv_uncertain_quantile(&x, (ltv_uniform){p, 1 - p});
            double cut = x.below > 0 ? 1e-17 : 0; /* then a small rank is a difference */
            assert_within(specimens[i].label, ltv_uncertain_probability_below(&x, at), p,
                          1e-10 * p + one_digit(&x, at) + cut);
        }
    }
}

/* By what a limit there would cut off. */
static void quantiles_keep_their_digits_in_the_upper_tail(void **state)
{
    (void)state;
    static const double ranks[] = {1e-15, 1e-12, 1e-9, 1e-4, 0.0099};
    for (size_t i = 0; i < SPECIMENS; i++) {
        if (is_limited(specimens + i))
            continue;
        ltv_uncertain x = made(specimens + i), cut = x, less = x, more = x;
        for (size_t j = 0; j < sizeof ranks / sizeof *ranks; j++) {
            double p = ranks[j], at = ltv_uncertain_quantile(&x, (ltv_uniform){1 - p, p});
            assert_int_equal(ltv_uncertain_limit(&cut, -INFINITY, at, NULL), LTV_OK);
            assert_int_equal(ltv_uncertain_limit(&less, -INFINITY, nextafter(at, -INFINITY), NULL),
                             LTV_OK);
            assert_int_equal(ltv_uncertain_limit(&more, -INFINITY, nextafter(at, INFINITY), NULL),
                             LTV_OK);
            assert_within(specimens[i].label, cut.above, p,
                          1e-10 * p + 2 * (less.above - more.above));
        }
    }
}

static void quantiles_never_fall_and_stay_within(void **state)
{
    (void)state;
    for (size_t i = 0; i < SPECIMENS; i++) {
        ltv_uncertain x = made(specimens + i);
        /* Where a limit cuts, the outermost ranks differ by less than rounding. */
        double room = x.below + x.above > 0 ? 1e-15 * (fabs(ltv_uncertain_mean(&x)) + 1) : 0;
        double before = x.lowest;
        for (double score = -11; score <= 9.5; score += 0.003) {
            double at = ltv_uncertain_quantile(&x, ltv_uniform_of_score(score));
            assert_that(specimens[i].label, isfinite(at) && at >= x.lowest && at <= x.highest);
            assert_that(specimens[i].label, at >= before - room);
            before = at;
        }
    }
}

static void the_distribution_function_goes_from_0_to_1(void **state)
{
    (void)state;
    static const double far[] = {1e6, 1e100, INFINITY};
    for (size_t i = 0; i < SPECIMENS; i++) {
        ltv_uncertain x = made(specimens + i);
        for (int j = 0; j < 3; j++) {
            assert_that(specimens[i].label, ltv_uncertain_probability_below(&x, -far[j]) == 0);
            /* The log-normal with the longest tail has 1e-15 above a million. */
            assert_within(specimens[i].label, ltv_uncertain_probability_below(&x, far[j]), 1,
                          j == 0 ? 1e-7 : 0);
        }
        double low = ltv_uncertain_quantile(&x, (ltv_uniform){1e-6, 1 - 1e-6}), before = 0;
        double high = ltv_uncertain_quantile(&x, (ltv_uniform){1 - 1e-6, 1e-6});
        for (int j = -20; j <= 1020; j++) {
            double p = ltv_uncertain_probability_below(&x, low + (high - low) * j / 1000);
            assert_that(specimens[i].label, p >= before && p <= 1);
            before = p;
        }
    }
}

static void gamma_ranks_agree_with_a_computation_of_40_digits(void **state)
{
    (void)state;
    static const struct {
        double shape, x, below;
    } cases[] = {
        {0.01, 0.5, 0.99437324380603281585},
        {4, 1.5, 0.065642454378450091342},
        {100, 140, 0.99983894282528744414},
        {2499, 2400, 0.022724284628070903446},
        {2501, 2400, 0.020637674973164058345},
        {2501, 2700, 0.99994882034603339686},
        {1e4, 9.5e3, 1.8624546517951550857e-7},
        {1e4, 1e4, 0.50132980833995520038},
        {1e6, 1.002e6, 0.97719590410123013723},
        {9.9999e9, 9.9999e9, 0.50000132981419},
        {1e-2, 0, 0},
        {1e4, 0, 0},
        {1e4, 1e-3, 0},
        {1e4, 5e3, 0},
        {1e4, 2e4, 1},
        {1e4, 1e9, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        /* Scale 1: the mean is the shape. */
        double shape = cases[i].shape;
        ltv_uncertain x = {0};
        assert_int_equal(ltv_uncertain_gamma(&x, shape, sqrt(shape), NULL), LTV_OK);
        char label[60];
        snprintf(label, sizeof label, "shape %g at %g", shape, cases[i].x);
        assert_close(label, ltv_uncertain_probability_below(&x, cases[i].x), cases[i].below, 1e-9);
    }
}

/* --- what the parameters mean --- */

static void parameters_are_those_of_the_textbook(void **state)
{
    (void)state;
    static const struct {
        specimen specimen;
        double parameter[3], mean, sd;
    } cases[] = {
        {{.label = "normal", .recipe = NORMAL, .argument = {100, 10}}, {100, 10}, 100, 10},
        {{.label = "log-normal", .recipe = LOG_NORMAL, .argument = {1, 1}},
         {-0.34657359027997264, 0.83255461115769769},
         1,
         1},
        {{.label = "log-normal, narrow", .recipe = LOG_NORMAL, .argument = {1e6, 1e-2}},
         {13.815510557964274, 1e-8},
         1e6,
         1e-2},
        {{.label = "beta", .recipe = BETA, .argument = {6, 14}}, {6, 14}, 0.3, 0.1},
        {{.label = "beta of a mean", .recipe = BETA_OF_MEAN, .argument = {0.3, 0.1}},
         {6, 14},
         0.3,
         0.1},
        {{.label = "gamma", .recipe = GAMMA, .argument = {10, 2}}, {25, 0.4}, 10, 2},
        {{.label = "uniform", .recipe = UNIFORM, .argument = {1, 7}},
         {1, 7},
         4,
         1.7320508075688772},
        {{.label = "triangular", .recipe = TRIANGULAR, .argument = {0, 0, 6}},
         {0, 0, 6},
         2,
         1.4142135623730951},
        {{.label = "PERT: Beta(2, 4) over 10", .recipe = PERT, .argument = {0, 2.5, 10}},
         {0, 2.5, 10},
         10 / 3.0,
         1.7817416127494959},
        {{.label = "ci90, normal",
          .recipe = CI90_NORMAL,
          .argument = {10 - 1.6448536269514722, 10 + 1.6448536269514722}},
         {10, 1},
         10,
         1},
        {{.label = "40 of 1,000", .recipe = COUNTED, .argument = {40, 1000}},
         {40.5, 960.5},
         40.5 / 1001,
         0.006224554272681391},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ltv_uncertain x = made(&cases[i].specimen);
        for (int j = 0; j < 3; j++)
            assert_close(cases[i].specimen.label, x.parameter[j], cases[i].parameter[j], 1e-13);
        assert_close(cases[i].specimen.label, ltv_uncertain_mean(&x), cases[i].mean, 1e-13);
        assert_close(cases[i].specimen.label, ltv_uncertain_sd(&x), cases[i].sd, 1e-11);
        assert_true(x.lowest == -INFINITY && x.highest == INFINITY && x.below == 0 && x.above == 0);
    }
}

static void an_interval_of_90_percent_leaves_5_at_each_end(void **state)
{
    (void)state;
    static const specimen cases[] = {
        {.label = "normal", .recipe = CI90_NORMAL, .argument = {-3, 17}},
        {.label = "normal, narrow", .recipe = CI90_NORMAL, .argument = {1, 1 + 1e-6}},
        {.label = "log-normal", .recipe = CI90_LOG_NORMAL, .argument = {22, 40}},
        {.label = "log-normal, narrow", .recipe = CI90_LOG_NORMAL, .argument = {1, 1 + 1e-6}},
        {.label = "log-normal, wide", .recipe = CI90_LOG_NORMAL, .argument = {1e-6, 1e5}},
        {.label = "beta", .recipe = CI90_BETA, .argument = {0.01, 0.02}},
        {.label = "beta, wide", .recipe = CI90_BETA, .argument = {0.005, 0.3}},
        {.label = "beta near 1", .recipe = CI90_BETA, .argument = {0.9, 0.999}},
        {.label = "beta, narrow", .recipe = CI90_BETA, .argument = {0.0999, 0.1001}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ltv_uncertain x = made(cases + i);
        double low = cases[i].argument[0], high = cases[i].argument[1];
        assert_within(cases[i].label, ltv_uncertain_probability_below(&x, low), 0.05, 1e-9);
        assert_within(cases[i].label, ltv_uncertain_probability_below(&x, high), 0.95, 1e-9);
    }
}

/* --- mean and sd --- */

/* E[X^power; X < x] of the distributions without limits, for power 0, 1 or 2. */
static double partial_moment(const ltv_uncertain *number, double x, int power)
{
    const double *p = number->parameter;
    switch (number->kind) {
    case LTV_UNCERTAIN_NORMAL: {
        double z = (x - p[0]) / p[1], phi = exp(-z * z / 2) / sqrt(2 * M_PI);
        double zphi = isfinite(z) ? z * phi : 0, below = gsl_cdf_ugaussian_P(z);
        double standard[] = {below, -phi, below - zphi}; /* of z */
        return power == 0   ? standard[0]
               : power == 1 ? p[0] * below + p[1] * standard[1]
                            : p[0] * p[0] * below + 2 * p[0] * p[1] * standard[1] +
                                  p[1] * p[1] * standard[2];
    }
    case LTV_UNCERTAIN_LOG_NORMAL:
        return exp(power * p[0] + power * power * p[1] * p[1] / 2) *
               (x > 0 ? gsl_cdf_ugaussian_P((log(x) - p[0]) / p[1] - power * p[1]) : 0);
    case LTV_UNCERTAIN_BETA: {
        double n = p[0] + p[1], factor = 1;
        for (int k = 0; k < power; k++)
            factor *= (p[0] + k) / (n + k);
        return factor * gsl_cdf_beta_P(fmin(fmax(x, 0), 1), p[0] + power, p[1]);
    }
    case LTV_UNCERTAIN_GAMMA: {
        double factor = 1;
        for (int k = 0; k < power; k++)
            factor *= (p[0] + k) * p[1];
        return factor * (x == INFINITY ? 1 : gsl_cdf_gamma_P(fmax(x, 0), p[0] + power, p[1]));
    }
    case LTV_UNCERTAIN_UNIFORM:
        x = fmin(fmax(x, p[0]), p[1]);
        return (pow(x, power + 1) - pow(p[0], power + 1)) / (power + 1) / (p[1] - p[0]);
    case LTV_UNCERTAIN_TRIANGULAR: { /* by the midpoint rule over the density */
        double to = fmin(fmax(x, p[0]), p[2]), step = (p[2] - p[0]) / 1e6, sum = 0;
        for (double at = p[0] + step / 2; at < to; at += step)
            sum += pow(at, power) *
                   (at < p[1] ? (at - p[0]) / (p[1] - p[0]) : (p[2] - at) / (p[2] - p[1]));
        return sum * step * 2 / (p[2] - p[0]);
    }
    default: { /* PERT, from the beta distribution that it stretches */
        double width = p[2] - p[0];
        ltv_uncertain beta = {
            .kind = LTV_UNCERTAIN_BETA,
            .parameter = {1 + 4 * (p[1] - p[0]) / width, 1 + 4 * (p[2] - p[1]) / width}};
        double share = (x - p[0]) / width, m[3];
        for (int k = 0; k < 3; k++)
            m[k] = partial_moment(&beta, share, k);
        return power == 0   ? m[0]
               : power == 1 ? p[0] * m[0] + width * m[1]
                            : p[0] * p[0] * m[0] + 2 * p[0] * width * m[1] + width * width * m[2];
    }
    }
}

static void means_and_sds_are_those_of_what_lies_within(void **state)
{
    (void)state;
    for (size_t i = 0; i < SPECIMENS; i++) {
        ltv_uncertain x = made(specimens + i);
        double m[3];
        for (int k = 0; k < 3; k++)
            m[k] = partial_moment(&x, x.highest, k) - partial_moment(&x, x.lowest, k);
        double mean = m[1] / m[0], sd = sqrt(m[2] / m[0] - mean * mean);
        /* The triangle's ends fall into one of a million steps of the midpoint rule. */
        double room = x.kind == LTV_UNCERTAIN_TRIANGULAR && is_limited(specimens + i) ? 3e-6 : 2e-9;
        double lost = 1e-15 * mean * mean / (sd * sd); /* by the difference in the variance */
        assert_within(specimens[i].label, ltv_uncertain_mean(&x), mean, room * (fabs(mean) + sd));
        assert_close(specimens[i].label, ltv_uncertain_sd(&x), sd, room + lost);
    }
}

/* By the trapezoidal rule over the normal score of the rank. */
static void quantiles_have_that_mean_and_sd(void **state)
{
    (void)state;
    for (size_t i = 0; i < SPECIMENS; i++) {
        ltv_uncertain x = made(specimens + i);
        double mean = ltv_uncertain_mean(&x), step = 0.008, total = 0, first = 0, second = 0;
        for (int j = -1200; j <= 3000; j++) {
            double score = j * step, weight = exp(-score * score / 2);
            double off = ltv_uncertain_quantile(&x, ltv_uniform_of_score(score)) - mean;
            total += weight;
            first += weight * off;
            second += weight * off * off;
        }
        double sd = ltv_uncertain_sd(&x);
        assert_within(specimens[i].label, first / total, 0, 1e-7 * sd);
        assert_close(specimens[i].label, sqrt(second / total), sd, 1e-7);
    }
}

/* --- limits --- */

static void a_cut_normal_number_is_the_truncated_one(void **state)
{
    (void)state;
    ltv_uncertain x = {0};
    assert_int_equal(ltv_uncertain_normal(&x, 5, 2, NULL), LTV_OK);
    assert_int_equal(ltv_uncertain_limit(&x, 0, 11, NULL), LTV_OK);
    double below = gsl_cdf_ugaussian_P(-2.5), above = gsl_cdf_ugaussian_Q(3);
    assert_close("below", x.below, below, 1e-13);
    assert_close("above", x.above, above, 1e-13);
    double kept = 1 - below - above;
    double phi_low = exp(-2.5 * 2.5 / 2) / sqrt(2 * M_PI), phi_high = exp(-4.5) / sqrt(2 * M_PI);
    double shift = (phi_low - phi_high) / kept;
    assert_close("mean", ltv_uncertain_mean(&x), 5 + 2 * shift, 1e-11);
    assert_close("sd", ltv_uncertain_sd(&x),
                 2 * sqrt(1 + (-2.5 * phi_low - 3 * phi_high) / kept - shift * shift), 1e-10);
    static const double ranks[] = {1e-12, 0.001, 0.3, 0.5, 0.99};
    for (size_t i = 0; i < 5; i++)
        assert_close("quantile", ltv_uncertain_quantile(&x, (ltv_uniform){ranks[i], 1 - ranks[i]}),
                     5 + 2 * gsl_cdf_ugaussian_Pinv(below + ranks[i] * kept), 1e-12 / ranks[i]);
    for (double at = 0; at < 11; at += 0.7)
        assert_within("function", ltv_uncertain_probability_below(&x, at),
                      (gsl_cdf_ugaussian_P((at - 5) / 2) - below) / kept, 1e-15);
    assert_true(ltv_uncertain_probability_below(&x, -1e-9) == 0);
    assert_true(ltv_uncertain_probability_below(&x, 11) == 1);
}

static void limits_that_cut_nothing_off_change_nothing(void **state)
{
    (void)state;
    ltv_uncertain free = {0}, limited = {0};
    assert_int_equal(ltv_uncertain_gamma(&free, 3, 2, NULL), LTV_OK);
    limited = free;
    assert_int_equal(ltv_uncertain_limit(&limited, 0, INFINITY, NULL), LTV_OK);
    assert_true(limited.below == 0 && limited.above == 0);
    assert_true(ltv_uncertain_mean(&limited) == ltv_uncertain_mean(&free));
    assert_true(ltv_uncertain_sd(&limited) == ltv_uncertain_sd(&free));
    for (double score = -9; score <= 9; score += 0.25) {
        ltv_uniform u = ltv_uniform_of_score(score);
        assert_true(ltv_uncertain_quantile(&limited, u) == ltv_uncertain_quantile(&free, u));
    }
}

static void later_limits_replace_earlier_ones(void **state)
{
    (void)state;
    ltv_uncertain x = {0};
    assert_int_equal(ltv_uncertain_normal(&x, 0, 1, NULL), LTV_OK);
    ltv_uncertain fresh = x;
    assert_int_equal(ltv_uncertain_limit(&x, -2.5, 4, NULL), LTV_OK);
    ltv_uncertain before = x;
    assert_int_equal(ltv_uncertain_limit(&x, -1, 4, NULL), LTV_ERR_BAD_INPUT);
    assert_memory_equal(&x, &before, sizeof x);
    assert_int_equal(ltv_uncertain_limit(&x, -INFINITY, INFINITY, NULL), LTV_OK);
    assert_memory_equal(&x, &fresh, sizeof x);
}

static void limits_that_cut_too_much_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        double lowest, highest;
        const char *reason; /* NULL: taken */
    } cases[] = {
        {"just below 1 %", -2.33, INFINITY, NULL},
        {"just above 1 %", -2.32, INFINITY, "1.02 % of this distribution lies below -2.32"},
        {"1 % above", -INFINITY, 2.33, NULL},
        {"more above", -INFINITY, 1, "15.9 % of this distribution lies above 1"},
        {"together", -2.4, 2.4, "0.82 % of this distribution lies below -2.4 and 0.82 % above 2.4"},
        {"all of it", 50, 60, "100 % of this distribution lies below 50"},
        {"upside down", 2, -2, "the lower limit must be below the upper one, they are 2 and -2"},
        {"no width", 2, 2, "the lower limit must be below"},
        {"not a number", NAN, 2, "the lower limit must be below"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ltv_uncertain x = {0};
        ltv_error err = {0};
        assert_int_equal(ltv_uncertain_normal(&x, 0, 1, NULL), LTV_OK);
        ltv_status status = ltv_uncertain_limit(&x, cases[i].lowest, cases[i].highest, &err);
        assert_that(cases[i].label, status == (cases[i].reason ? LTV_ERR_BAD_INPUT : LTV_OK));
        if (cases[i].reason && strstr(err.message, cases[i].reason) != err.message)
            fail_msg("%s: %s", cases[i].label, err.message);
    }
}

/* --- refusals --- */

static void numbers_that_make_no_distribution_are_refused_with_the_reason(void **state)
{
    (void)state;
    static const struct {
        specimen specimen;
        const char *reason;
    } cases[] = {
#define CASE(words, how, ...) {{.label = words, .recipe = how, .argument = {__VA_ARGS__}}, words}
        CASE("sd must be more than 0, it is -1", NORMAL, 3, -1),
        CASE("sd must be more than 0, it is 0", NORMAL, 3, 0),
        CASE("mean must be a finite number, it is inf", NORMAL, INFINITY, 1),
        CASE("sd must be a finite number, it is nan", NORMAL, 1, NAN),
        CASE("mean must be of a size between 1e-50 and 1e50, it is 1e+60", NORMAL, 1e60, 1),
        CASE("sd must be of a size between 1e-50 and 1e50, it is 1e-60", NORMAL, 1, 1e-60),
        CASE("mean must be more than 0, it is 0", LOG_NORMAL, 0, 1),
        CASE("mean must be more than 0, it is -2", LOG_NORMAL, -2, 1),
        CASE("sd must be more than 0, it is 0", LOG_NORMAL, 2, 0),
        CASE("sd must be smaller beside a mean of 1, it is 1e+20", LOG_NORMAL, 1, 1e20),
        CASE("alpha must lie between 0.001 and 1e+12, it is 0", BETA, 0, 1),
        CASE("beta must lie between 0.001 and 1e+12, it is -3", BETA, 1, -3),
        CASE("beta must lie between 0.001 and 1e+12, it is 1e+13", BETA, 1, 1e13),
        CASE("alpha must lie between 0.001 and 1e+12, it is nan", BETA, NAN, 1),
        CASE("mean must be below 1, it is 1", BETA_OF_MEAN, 1, 0.1),
        CASE("mean must be more than 0, it is 0", BETA_OF_MEAN, 0, 0.1),
        CASE("sd must be below sqrt(mean x (1 - mean)) = 0.5, it is 0.5", BETA_OF_MEAN, 0.5, 0.5),
        CASE("sd must be below sqrt(mean x (1 - mean)) = 0.2179, it is 3", BETA_OF_MEAN, 0.05, 3),
        CASE("sd must be larger beside a mean of 0.5, it is 1e-09", BETA_OF_MEAN, 0.5, 1e-9),
        CASE("sd must be smaller beside a mean of 0.5, it is 0.4999999", BETA_OF_MEAN, 0.5,
             0.4999999),
        CASE("mean must be more than 0, it is -1", GAMMA, -1, 1),
        CASE("sd must lie between 1e-05 and 30 times the mean of 1, it is 31", GAMMA, 1, 31),
        CASE("sd must lie between 1e-05 and 30 times the mean of 1, it is 1e-06", GAMMA, 1, 1e-6),
        CASE("low must be below high, they are 3 and 2", UNIFORM, 3, 2),
        CASE("low must be below high, they are 3 and 3", UNIFORM, 3, 3),
        CASE("high must be a finite number, it is inf", UNIFORM, 3, INFINITY),
        CASE("mode must lie from low to high (1 ... 4), it is 5", TRIANGULAR, 1, 5, 4),
        CASE("mode must lie from low to high (1 ... 4), it is 0.5", PERT, 1, 0.5, 4),
        CASE("mode must be a finite number, it is nan", PERT, 1, NAN, 4),
        CASE("low must be below high, they are 2 and 2", PERT, 2, 2, 2),
        CASE("low must be a finite number, it is nan", TRIANGULAR, NAN, 2, 3),
        CASE("low must be below high, they are 2 and 1", CI90_NORMAL, 2, 1),
        CASE("low must be below high, they are 2 and 2", CI90_LOG_NORMAL, 2, 2),
        CASE("both ends of a log-normal ci90 must be more than 0, low is 0", CI90_LOG_NORMAL, 0, 2),
        CASE("the ends of a log-normal ci90 must lie nearer together, they are 1e-10 and 1e+10",
             CI90_LOG_NORMAL, 1e-10, 1e10),
        CASE("a ci90 of a probability must lie between 0 and 1, both excluded, it is 0 ... 0.5",
             CI90_BETA, 0, 0.5),
        CASE("a ci90 of a probability must lie between 0 and 1, both excluded, it is 0.5 ... 1",
             CI90_BETA, 0.5, 1),
        CASE("no beta distribution with shapes between 0.001 and 1e+12 has 5 % below 0.5 and 5 % "
             "above 0.500000001",
             CI90_BETA, 0.5, 0.500000001),
        CASE("of must be a whole number from 1 to below 1e12, it is 0", COUNTED, 0, 0),
        CASE("of must be a whole number from 1 to below 1e12, it is 10.5", COUNTED, 1, 10.5),
        CASE("of must be a whole number from 1 to below 1e12, it is inf", COUNTED, 1, INFINITY),
        CASE("lost must be a whole number from 0 to 1000, it is 1001", COUNTED, 1001, 1000),
        CASE("lost must be a whole number from 0 to 1000, it is -1", COUNTED, -1, 1000),
        CASE("lost must be a whole number from 0 to 1000, it is 0.5", COUNTED, 0.5, 1000),
        CASE("lost must be a whole number from 0 to 1000, it is nan", COUNTED, NAN, 1000),
#undef CASE
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ltv_uncertain x = {.kind = LTV_UNCERTAIN_KINDS}, before = x;
        ltv_error err = {0};
        const specimen *s = &cases[i].specimen;
        assert_that(s->label, make(&x, s->recipe, s->argument, &err) == LTV_ERR_BAD_INPUT);
        if (strstr(err.message, cases[i].reason) != err.message)
            fail_msg("%s: %s", s->label, err.message);
        assert_memory_equal(&x, &before, sizeof x);
    }
}

static void only_three_kinds_have_a_ci90(void **state)
{
    (void)state;
    for (int kind = 0; kind < LTV_UNCERTAIN_KINDS; kind++) {
        ltv_uncertain x = {0};
        ltv_error err = {0};
        ltv_status status = ltv_uncertain_ci90(&x, (ltv_uncertain_kind)kind, 0.1, 0.2, &err);
        bool is_one = kind == LTV_UNCERTAIN_NORMAL || kind == LTV_UNCERTAIN_LOG_NORMAL ||
                      kind == LTV_UNCERTAIN_BETA;
        assert_int_equal(status, is_one ? LTV_OK : LTV_ERR_BAD_INPUT);
        if (is_one)
            assert_int_equal(x.kind, kind);
    }
}

static void kinds_have_the_names_of_scenarios(void **state)
{
    (void)state;
    static const char *const names[] = {"normal",  "log_normal", "beta", "gamma",
                                        "uniform", "triangular", "pert", "unknown"};
    for (int kind = 0; kind <= LTV_UNCERTAIN_KINDS; kind++)
        assert_string_equal(ltv_uncertain_kind_name((ltv_uncertain_kind)kind), names[kind]);
    assert_string_equal(ltv_uncertain_kind_name((ltv_uncertain_kind)-1), "unknown");
}

/* Numbers at the edge of what is accepted. */
static void the_extremes_accepted_have_finite_quantiles(void **state)
{
    (void)state;
    static const specimen cases[] = {
        {.label = "huge normal", .recipe = NORMAL, .argument = {1e50, 1e50}},
        {.label = "tiny normal", .recipe = NORMAL, .argument = {0, 1e-50}},
        {.label = "widest log-normal", .recipe = CI90_LOG_NORMAL, .argument = {1e39, 1e50}},
        {.label = "narrowest log-normal", .recipe = LOG_NORMAL, .argument = {1, 1e-50}},
        {.label = "widest beta", .recipe = BETA, .argument = {1e-3, 1e-3}},
        {.label = "narrowest beta", .recipe = BETA, .argument = {1e12, 1e12}},
        {.label = "most lopsided beta", .recipe = BETA, .argument = {1e12, 1e-3}},
        {.label = "widest gamma", .recipe = GAMMA, .argument = {1e50, 3e50 / 10}},
        {.label = "widest gamma, in the middle", .recipe = GAMMA, .argument = {1, 30}},
        {.label = "narrowest gamma", .recipe = GAMMA, .argument = {1, 1e-5}},
        {.label = "huge uniform", .recipe = UNIFORM, .argument = {-1e50, 1e50}},
        {.label = "narrowest triangle",
         .recipe = TRIANGULAR,
         .argument = {1, 1, 1.0000000000000002}},
        {.label = "lopsided PERT", .recipe = PERT, .argument = {0, 1e-50, 1e50}},
        {.label = "most counted", .recipe = COUNTED, .argument = {1, 999999999999}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ltv_uncertain x = made(cases + i);
        assert_that(cases[i].label, isfinite(ltv_uncertain_mean(&x)));
        assert_that(cases[i].label, isfinite(ltv_uncertain_sd(&x)));
        double before = -INFINITY;
        for (double score = -11; score <= 9.5; score += 0.01) {
            double at = ltv_uncertain_quantile(&x, ltv_uniform_of_score(score));
            assert_that(cases[i].label, isfinite(at) && at >= before);
            before = at;
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(samples_follow_the_distribution_function),
        cmocka_unit_test(samples_betray_one_percent_in_any_parameter),
        cmocka_unit_test(quantiles_invert_the_distribution_function),
        cmocka_unit_test(quantiles_keep_their_digits_in_the_upper_tail),
        cmocka_unit_test(quantiles_never_fall_and_stay_within),
        cmocka_unit_test(the_distribution_function_goes_from_0_to_1),
        cmocka_unit_test(gamma_ranks_agree_with_a_computation_of_40_digits),
        cmocka_unit_test(parameters_are_those_of_the_textbook),
        cmocka_unit_test(an_interval_of_90_percent_leaves_5_at_each_end),
        cmocka_unit_test(means_and_sds_are_those_of_what_lies_within),
        cmocka_unit_test(quantiles_have_that_mean_and_sd),
        cmocka_unit_test(a_cut_normal_number_is_the_truncated_one),
        cmocka_unit_test(limits_that_cut_nothing_off_change_nothing),
        cmocka_unit_test(later_limits_replace_earlier_ones),
        cmocka_unit_test(limits_that_cut_too_much_are_refused),
        cmocka_unit_test(numbers_that_make_no_distribution_are_refused_with_the_reason),
        cmocka_unit_test(only_three_kinds_have_a_ci90),
        cmocka_unit_test(kinds_have_the_names_of_scenarios),
        cmocka_unit_test(the_extremes_accepted_have_finite_quantiles),
    };
    return cmocka_run_group_tests(tests, no_abort, NULL);
}
