/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/beta.h"

#include <math.h>

#include <gsl/gsl_sf_gamma.h>
#include <gsl/gsl_sf_log.h>
#include <gsl/gsl_sf_psi.h>

#include "models/spread.h"

/* ln(1 + r) - r, where 1 + r is known better than r says. */
static double log_beyond_first_order(double one_plus_r, double r)
{
    return r < -0.5 ? log(one_plus_r) - r : gsl_sf_log_1plusx_mx(r);
}

/* x^alpha y^beta / B(alpha, beta), y = 1 - x: the density on the scale of the logit. Taken around
 * the mean, where the large terms cancel on paper and not in the last digits (Loader, "Fast and
 * accurate computation of binomial probabilities", 2000); what is left of the gamma functions is
 * their ratio to Stirling's formula. */
static double logit_density(double alpha, double beta, double x, double y)
{
    double n = alpha + beta, gap = x * beta - y * alpha;
    double exponent = alpha * log_beyond_first_order(x * (n / alpha), gap / alpha) +
                      beta * log_beyond_first_order(y * (n / beta), -gap / beta);
    double stirling = gsl_sf_gammastar(n) / gsl_sf_gammastar(alpha) / gsl_sf_gammastar(beta);
    return sqrt(alpha / n * beta / (2 * M_PI)) * stirling * exp(exponent);
}

/* What logit_density is to be divided by for the probability below x, by Lentz's method; for x not
 * above (alpha + 1) / (alpha + beta + 2). Needs about sqrt(shape) steps for two large shapes near
 * the mean, some tens elsewhere. */
static double fraction_below(double alpha, double beta, double x, double y)
{
    const double tiny = 1e-300;
    double gap = alpha * y - beta * x;
    double value = alpha / (alpha + 1) * (gap + 1), upper = value, lower = 0;
    for (int n = 1; n < 1000000; n++) {
        double odd = alpha + 2 * n - 1;
        double numerator =
            (alpha + n - 1) / odd * ((alpha + beta + n - 1) / odd) * n * (beta - n) * x * x;
        double denominator =
            n + n * (beta - n) * x / odd + (alpha + n) * (gap + 1 + n * (1 + y)) / (odd + 2);
        lower = denominator + numerator * lower;
        lower = 1 / (fabs(lower) < tiny ? tiny : lower);
        upper = denominator + numerator / upper;
        upper = fabs(upper) < tiny ? tiny : upper;
        value *= upper * lower;
        if (fabs(upper * lower - 1) < 4e-16)
            break;
    }
    return value;
}

/* A point on the scale of the logit. */
typedef struct {
    ltv_uniform rank;
    double density;
} beta_point;

static beta_point point_at(double alpha, double beta, double x, double y)
{
    if (!(x > 0))
        return (beta_point){.rank = {0, 1}};
    if (!(y > 0))
        return (beta_point){.rank = {1, 0}};
    double density = logit_density(alpha, beta, x, y);
    if (x <= (alpha + 1) / (alpha + beta + 2)) {
        double below = fmin(1, density / fraction_below(alpha, beta, x, y));
        return (beta_point){.rank = {below, 1 - below}, .density = density};
    }
    double above = fmin(1, density / fraction_below(beta, alpha, y, x));
    return (beta_point){.rank = {1 - above, above}, .density = density};
}

ltv_uniform ltv_beta_ranks(double alpha, double beta, double x, double one_minus_x)
{
    return point_at(alpha, beta, x, one_minus_x).rank;
}

/* The number with this logit; with -logit, 1 minus it. To the last digit at both ends. */
static double logistic(double logit)
{
    return logit > 0 ? 1 - 1 / (1 + exp(logit)) : exp(logit) / (1 + exp(logit));
}

/* Below this ln x, P(x) = x^alpha / (alpha B) is exact in a double for every beta in range. */
static const double power_law_below = -70;

/* Where e^-logit is nearly too small for a double. */
static const double farthest_logit = 700;

/* Logit of the number with the probability `below` (at most 1/2) below it; infinite beyond
 * farthest_logit. Newton steps on ln P as a function of the logit, which is concave, so that they
 * cannot go astray for long; a bracket around them all the same. */
static double lower_logit(double alpha, double beta, double below)
{
    double target = log(below);
    double lower = (target + log(alpha) + gsl_sf_lnbeta(alpha, beta)) / alpha; /* the power law's */
    if (lower < power_law_below)
        return lower;
    /* Below 1/2 the law's ln x is too high by less than 1, and only if beta < 1: there (1 - x)^-1,
     * which it leaves out, is at most 1 + 2 x. */
    lower = fmin(lower, 0) - 1;
    double upper = farthest_logit;
    if (point_at(alpha, beta, logistic(upper), logistic(-upper)).rank.below <= below)
        return INFINITY;
    double score = ltv_score_of_uniform((ltv_uniform){below, 1 - below});
    double logit = gsl_sf_psi(alpha) - gsl_sf_psi(beta) +
                   score * sqrt(gsl_sf_psi_1(alpha) + gsl_sf_psi_1(beta));
    logit = fmax(logit, lower + 0.5);
    for (int i = 0; i < 200; i++) {
        if (!(logit > lower && logit < upper))
            logit = (lower + upper) / 2;
        beta_point at = point_at(alpha, beta, logistic(logit), logistic(-logit));
        double gap = log(at.rank.below) - target;
        *(gap > 0 ? &upper : &lower) = logit;
        double step = gap * at.rank.below / at.density;
        if (fabs(step) <= 1e-15 * (1 + fabs(logit)) || fabs(gap) <= 1e-15 * (1 - target))
            return logit - step;
        logit -= step; /* out of the bracket, or not a number, where the density is too small */
    }
    return logit;
}

double ltv_beta_logit(double alpha, double beta, ltv_uniform u)
{
    return u.below < u.above ? lower_logit(alpha, beta, u.below)
                             : -lower_logit(beta, alpha, u.above);
}

double ltv_beta_quantile(double alpha, double beta, ltv_uniform u)
{
    return logistic(ltv_beta_logit(alpha, beta, u));
}

/* Where a function that falls from its lowest argument to its highest crosses zero; the end that is
 * nearer if it does not. Bisection and false position in turn. */
static double crossing(double (*function)(double at, const void *context), const void *context,
                       double lowest, double highest)
{
    double at_lowest = function(lowest, context), at_highest = function(highest, context);
    if (!(at_lowest > 0))
        return lowest;
    if (!(at_highest < 0))
        return highest;
    for (int i = 0; i < 200; i++) {
        double share = i % 2 == 0 ? at_lowest / (at_lowest - at_highest) : 0.5;
        double at = lowest + share * (highest - lowest);
        if (!(at > lowest && at < highest))
            at = (lowest + highest) / 2;
        double value = function(at, context);
        if (value == 0 || at == lowest || at == highest)
            return at;
        *(value > 0 ? &lowest : &highest) = at;
        *(value > 0 ? &at_lowest : &at_highest) = value;
    }
    return (lowest + highest) / 2;
}

/* The normal score of 5 %, and how far another rank's lies above it. */
static const double score_of_5_percent = -1.6448536269514722;

static double score_gap(double below, double above)
{
    /* Far away the score does not count, and may be infinite. */
    double score = ltv_score_of_uniform((ltv_uniform){below, above});
    return fmin(fmax(score, -40), 40) - score_of_5_percent;
}

typedef struct {
    double x, y; /* a number and 1 - it */
} complements;

typedef struct {
    complements low, high; /* the ends of the interval */
    double size;           /* alpha + beta */
} ci90_search;

static double gap_below_low(double logit_of_mean, const void *context)
{
    const ci90_search *search = context;
    ltv_uniform rank =
        ltv_beta_ranks(search->size * logistic(logit_of_mean),
                       search->size * logistic(-logit_of_mean), search->low.x, search->low.y);
    return score_gap(rank.below, rank.above);
}

/* The logit of the mean that puts 5 % below the lower end, for shapes of this sum. */
static double logit_of_mean_for(const ci90_search *search)
{
    const double farthest = 40; /* two shapes in range have a mean within that */
    return crossing(gap_below_low, search, -farthest, farthest);
}

static double gap_above_high(double log_size, const void *context)
{
    ci90_search search = *(const ci90_search *)context;
    search.size = exp(log_size);
    double logit_of_mean = logit_of_mean_for(&search);
    ltv_uniform rank =
        ltv_beta_ranks(search.size * logistic(logit_of_mean),
                       search.size * logistic(-logit_of_mean), search.high.x, search.high.y);
    return score_gap(rank.above, rank.below);
}

static bool is_shape(double shape)
{
    return shape >= LTV_BETA_LEAST_SHAPE && shape <= LTV_BETA_MOST_SHAPE;
}

bool ltv_beta_of_ci90(double low, double high, double *alpha, double *beta)
{
    if (!(low > 0 && low < high && high < 1))
        return false;
    ci90_search search = {.low = {low, 1 - low}, .high = {high, 1 - high}};
    search.size = exp(
        crossing(gap_above_high, &search, log(LTV_BETA_LEAST_SHAPE), log(2 * LTV_BETA_MOST_SHAPE)));
    double logit_of_mean = logit_of_mean_for(&search);
    double a = search.size * logistic(logit_of_mean), b = search.size * logistic(-logit_of_mean);
    if (!is_shape(a) || !is_shape(b) ||
        !(fabs(ltv_beta_ranks(a, b, search.low.x, search.low.y).below - 0.05) < 1e-9) ||
        !(fabs(ltv_beta_ranks(a, b, search.high.x, search.high.y).above - 0.05) < 1e-9))
        return false;
    *alpha = a;
    *beta = b;
    return true;
}
