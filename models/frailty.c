/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/frailty.h"

#include <float.h>
#include <math.h>

#include <gsl/gsl_cdf.h>

#include "models/beta.h"
#include "models/exp_minus_one.h"

ltv_frailty ltv_frailty_of(const ltv_curve *curve, ltv_spread spread, double cured)
{
    ltv_frailty frailty = {.spread = spread, .cured = cured};
    if (ltv_spread_is_too_small(spread))
        frailty.spread = (ltv_spread){LTV_SPREAD_NONE, 0};
    if (ltv_curve_model_of(curve->kind)->brings_beta_frailty) {
        frailty.beta = true;
        frailty.alpha = curve->parameter[0];
        frailty.beta_shape = curve->parameter[1];
    }
    return frailty;
}

bool ltv_frailty_is_constant(const ltv_frailty *frailty)
{
    return !frailty->beta && frailty->spread.kind == LTV_SPREAD_NONE;
}

bool ltv_frailty_is_gamma(const ltv_frailty *frailty)
{
    return !frailty->beta && frailty->spread.kind == LTV_SPREAD_GAMMA;
}

bool ltv_frailty_has_explicit(const ltv_frailty *frailty)
{
    return frailty->spread.kind == LTV_SPREAD_LOG_NORMAL ||
           (frailty->spread.kind == LTV_SPREAD_GAMMA && frailty->beta);
}

double ltv_frailty_explicit(const ltv_frailty *frailty, ltv_uniform u)
{
    return ltv_frailty_has_explicit(frailty) ? ltv_spread_quantile(frailty->spread, u) : 1;
}

/* ln of (x + alpha + a) x / ((x + a) (x + alpha)): the second difference of ln at x. */
static double second_difference_of_log(double x, double alpha, double a)
{
    double r = alpha / (x + alpha) * (a / (x + a)); /* the ratio is 1 - r */
    return r < 0.5 ? log1p(-r) : log(x / (x + a)) + log1p(a / (x + alpha));
}

/* Second difference of 1/x at x, in a form that keeps its digits for small a. */
static double second_difference_of_inverse(double x, double alpha, double a)
{
    return alpha / (x + alpha) * (a / (x + a)) * ((2 * x + alpha + a) / (x + alpha + a)) / x;
}

/* Two reciprocals: powers u^k, and h[k] = (u^(k + 1) - v^(k + 1)) / (u - v), of which all terms are
 * positive. */
enum { STIRLING_POWERS = 8 };
typedef struct {
    double power[STIRLING_POWERS], h[STIRLING_POWERS];
} power_differences;

static power_differences differences_of(double u, double v)
{
    power_differences of = {{1}, {1}};
    double power_of_v = 1;
    for (int k = 1; k < STIRLING_POWERS; k++) {
        of.power[k] = of.power[k - 1] * u;
        power_of_v *= v;
        of.h[k] = u * of.h[k - 1] + power_of_v;
    }
    return of;
}

/* Stirling's series from x^-3 on, differenced twice: with s, q, r, p = 1/x, 1/(x + a),
 * 1/(x + alpha), 1/(x + alpha + a), s^n - q^n - r^n + p^n is a alpha times the sum over i = 1 ... n
 * of q^(n + 1 - i) s r h_(i - 1)(r, s) + r^i q p h_(n - i)(q, p), since s - q = a s q and so on. */
static double second_difference_of_series(double x, double alpha, double a)
{
    static const struct {
        int n;
        double coefficient;
    } series[] = {{3, -1.0 / 360}, {5, 1.0 / 1260}, {7, -1.0 / 1680}};
    double s = 1 / x, q = 1 / (x + a), r = 1 / (x + alpha), p = 1 / (x + alpha + a), sum = 0;
    power_differences of_q = differences_of(q, p), of_r = differences_of(r, s);
    for (int t = 0; t < 3; t++) {
        double term = 0;
        for (int n = series[t].n, i = 1; i <= n; i++)
            term += of_q.power[n + 1 - i] * (s * r) * of_r.h[i - 1] +
                    of_r.power[i] * (q * p) * of_q.h[n - i];
        sum += series[t].coefficient * term;
    }
    return sum * alpha * a;
}

/* psi(y + alpha) - psi(y) for y >= 20, to some ten digits. */
static double difference_of_psi(double y, double alpha)
{
    double u = 1 / y, v = 1 / (y + alpha);
    return log1p(alpha * u) + (u - v) / 2 + (u * u - v * v) / 12 -
           (u * u * u * u - v * v * v * v) / 120;
}

/* ln B(alpha, beta) - ln B(alpha, beta + a) = ln Gamma(x + alpha + a) - ln Gamma(x + a)
 * - ln Gamma(x + alpha) + ln Gamma(x) at x = beta: a second difference of ln Gamma. Taken as a
 * difference of log-gammas it would lose all digits where churn is rare (alpha a << beta). So x
 * is moved up by Gamma(x) = Gamma(x + 1) / x, which only adds positive terms, and from 20 on
 * Stirling's series is differenced term by term: relative error below 1e-14. Terms on the way are
 * -ln(1 - r); those of small r are multiplied before a logarithm is taken, as 1 - (1 - r)(1 - r')
 * = r + r' - r r', which keeps the digits of small ones. `*slope`, unless NULL: by a, to some ten
 * digits. */
static double beta_marginal_hazard(const ltv_frailty *frailty, double a, double *slope)
{
    if (isinf(a))
        return INFINITY;
    double alpha = frailty->alpha, x = frailty->beta_shape, moved = 0, lost = 0, slopes = 0;
    for (; x < 20; x++) {
        double r = alpha / (x + alpha) * (a / (x + a));
        if (r < 0.5)
            lost += r - lost * r;
        else
            moved -= second_difference_of_log(x, alpha, a);
        if (lost >= 0.5) {
            moved -= log1p(-lost);
            lost = 0;
        }
        if (slope != NULL)
            slopes += alpha / (x + a) / (x + alpha + a);
    }
    moved -= log1p(-lost);
    if (slope != NULL)
        *slope = slopes + difference_of_psi(x + a, alpha);
    double leading = (x - 0.5) * second_difference_of_log(x, alpha, a) +
                     alpha * log1p(a / (x + alpha)) + a * log1p(alpha / (x + a));
    return moved + leading + second_difference_of_inverse(x, alpha, a) / 12 +
           second_difference_of_series(x, alpha, a);
}

double ltv_frailty_marginal_hazard(const ltv_frailty *frailty, double a)
{
    if (frailty->beta)
        return beta_marginal_hazard(frailty, a, NULL);
    if (frailty->spread.kind != LTV_SPREAD_GAMMA)
        return a;
    double cv2 = frailty->spread.cv * frailty->spread.cv;
    return log1p(cv2 * a) / cv2;
}

/* Quadrature over a rank: the trapezoidal rule over its normal score, which for integrands as
 * smooth as these converges faster than any power of the step. */
enum { SCORE_STEPS = 180, SCORE_NODES = 2 * SCORE_STEPS + 1 };
static const double score_step = 0.05;

static void score_nodes(double score[SCORE_NODES], double weight[SCORE_NODES])
{
    double total = 0;
    for (int i = 0; i < SCORE_NODES; i++) {
        score[i] = (i - SCORE_STEPS) * score_step;
        weight[i] = exp(-score[i] * score[i] / 2);
        total += weight[i];
    }
    for (int i = 0; i < SCORE_NODES; i++)
        weight[i] /= total;
}

void ltv_frailty_survival(const ltv_frailty *frailty, size_t n, const double *lambda,
                          double *survival)
{
    double score[SCORE_NODES], weight[SCORE_NODES] = {1}, z[SCORE_NODES] = {1};
    int nodes = 1;
    if (ltv_frailty_has_explicit(frailty)) {
        nodes = SCORE_NODES;
        score_nodes(score, weight);
        for (int j = 0; j < nodes; j++)
            z[j] = ltv_frailty_explicit(frailty, ltv_uniform_of_score(score[j]));
    }
    for (size_t i = 0; i < n; i++) {
        double uncured = 0;
        for (int j = 0; j < nodes; j++) {
            double a = z[j] > 0 ? z[j] * lambda[i] : 0; /* not 0 x infinity */
            uncured += weight[j] * exp(-ltv_frailty_marginal_hazard(frailty, a));
        }
        survival[i] = frailty->cured + (1 - frailty->cured) * uncured;
    }
}

double ltv_frailty_of_rank(const ltv_frailty *frailty, ltv_uniform rank)
{
    double alpha = frailty->alpha, beta = frailty->beta_shape;
    if (!frailty->beta)
        return ltv_spread_quantile(frailty->spread, rank);
    /* -ln(1 - p), from the logit of p: 1 - p itself can be too small for a double. */
    double logit = ltv_beta_logit(alpha, beta, rank);
    double z = logit > 0 ? logit + log1p(exp(-logit)) : log1p(exp(logit));
    return fmin(z, DBL_MAX); /* so that nothing times it is no number */
}

void ltv_frailty_level_kept(const ltv_frailty *frailty,
                            double (*level)(const void *context, double score), const void *context,
                            size_t n, const double *lambda, double *kept)
{
    double score[SCORE_NODES], weight[SCORE_NODES], z[SCORE_NODES];
    score_nodes(score, weight);
    for (int j = 0; j < SCORE_NODES; j++) {
        z[j] = ltv_frailty_of_rank(frailty, ltv_uniform_of_score(score[j]));
        weight[j] *= level(context, score[j]);
    }
    for (size_t i = 0; i < n; i++) {
        double uncured = 0;
        for (int j = 0; j < SCORE_NODES; j++)
            uncured += weight[j] * (z[j] > 0 ? exp(-z[j] * lambda[i]) : 1);
        kept[i] = frailty->cured + (1 - frailty->cured) * uncured;
    }
}

/* ln(k z) of the gamma frailty given R = E/z: gamma again, with shape k + 1 and rate k + R,
 * k = 1/cv^2, where k + R = k e^(budget / k). In logarithms, because with a large cv most z are
 * tiny. */
static double gamma_log_given_budget(double cv, double budget, ltv_uniform u)
{
    double shape = 1 / (cv * cv);
    return log(ltv_gamma_quantile(shape + 1, u)) - budget / shape;
}

/* R with G(R) = budget for the Beta part: Newton steps for ln R, kept inside a bracket. They begin
 * at budget / E[z], E[z] = psi(alpha + beta) - psi(beta), where psi(x) is about
 * ln(x + 1/2) - 1/x. After a step of 1e-7 the error is its square, at most. */
static double beta_budget_inverse(const ltv_frailty *frailty, double budget)
{
    double lower = -745, upper = 709; /* ln of the smallest and largest double */
    double alpha = frailty->alpha, beta = frailty->beta_shape;
    double mean_z = log1p(alpha / (beta + 0.5)) + alpha / beta / (alpha + beta);
    double log_r = fmin(fmax(log(budget / mean_z), lower), upper);
    for (int i = 0; i < 200; i++) {
        double r = exp(log_r), slope = 0;
        double gap = beta_marginal_hazard(frailty, r, &slope) - budget;
        double step = -gap / (r * slope), next = log_r + step;
        if (fabs(step) <= 1e-7)
            return exp(next);
        if (gap > 0)
            upper = log_r;
        else
            lower = log_r;
        log_r = next > lower && next < upper ? next : (lower + upper) / 2;
    }
    return exp(log_r);
}

/* Density of y = ln z given R = r for the Beta frailty, up to a constant:
 * z^2 (1 - e^-z)^(alpha - 1) e^(-(beta + r) z). */
typedef struct {
    double alpha, rate; /* rate = beta + r */
} log_frailty_density;

static double log_density(const log_frailty_density *d, double y)
{
    double z = exp(y);
    return 2 * y + (d->alpha - 1) * log(-expm1(-z)) - d->rate * z;
}

static double log_density_slope(const log_frailty_density *d, double y)
{
    double z = exp(y);
    double decay = z < 1e-8 ? 1 - z / 2 : z / expm1(z); /* z e^-z / (1 - e^-z) */
    return 2 + (d->alpha - 1) * decay - d->rate * z;
}

static double log_density_mode(const log_frailty_density *d)
{
    double guess = log((d->alpha + 1) / d->rate), lower = guess, upper = guess;
    while (log_density_slope(d, lower) < 0)
        lower -= 1;
    while (log_density_slope(d, upper) > 0)
        upper += 1;
    for (int i = 0; i < 30; i++) {
        double middle = (lower + upper) / 2;
        *(log_density_slope(d, middle) > 0 ? &lower : &upper) = middle;
    }
    return lower;
}

/* How far from the mode, in the direction of `step`, the density has fallen by e^-36. */
static double log_density_reach(const log_frailty_density *d, double mode, double step)
{
    double peak = log_density(d, mode), distance = step;
    while (peak - log_density(d, mode + distance) < 36)
        distance *= 1.5;
    return mode + distance;
}

/* y whose rank under the density is u: cumulative sums of cubic pieces on a fixed grid. */
static double log_density_quantile(const log_frailty_density *d, double u)
{
    enum { PIECES = 160 };
    double mode = log_density_mode(d), peak = log_density(d, mode);
    double width = 1 / sqrt(d->alpha + 1);
    double first = log_density_reach(d, mode, -width), last = log_density_reach(d, mode, width);
    double h = (last - first) / PIECES;
    double density[PIECES + 1], cumulative[PIECES + 1], slope[PIECES + 1];
    for (int i = 0; i <= PIECES; i++) {
        double y = first + i * h;
        density[i] = exp(log_density(d, y) - peak);
        slope[i] = density[i] * log_density_slope(d, y);
        cumulative[i] = i == 0 ? 0
                               : cumulative[i - 1] + h * (density[i - 1] + density[i]) / 2 +
                                     h * h * (slope[i - 1] - slope[i]) / 12;
    }
    double target = u * cumulative[PIECES];
    int i = 0;
    while (i < PIECES - 1 && cumulative[i + 1] < target)
        i++;
    double share = cumulative[i + 1] > cumulative[i]
                       ? (target - cumulative[i]) / (cumulative[i + 1] - cumulative[i])
                       : 0.5;
    /* Inside the piece the density is taken as linear. */
    double a = density[i], b = density[i + 1];
    if (fabs(b - a) > 1e-12 * (a + b))
        share = (sqrt(a * a + share * (b * b - a * a)) - a) / (b - a);
    return first + (i + share) * h;
}

static double beta_given_budget(const ltv_frailty *frailty, double budget, ltv_uniform u)
{
    double r = beta_budget_inverse(frailty, budget);
    log_frailty_density d = {.alpha = frailty->alpha, .rate = frailty->beta_shape + r};
    return exp(log_density_quantile(&d, u.below));
}

static double beta_score_given_budget(const ltv_frailty *frailty, double budget, ltv_uniform u)
{
    double z = beta_given_budget(frailty, budget, u);
    double p = -expm1(-z);
    return ltv_score_of_uniform(
        (ltv_uniform){.below = gsl_cdf_beta_P(p, frailty->alpha, frailty->beta_shape),
                      .above = gsl_cdf_beta_P(exp(-z), frailty->beta_shape, frailty->alpha)});
}

double ltv_frailty_score_given_budget(const ltv_frailty *frailty, double budget, ltv_uniform u)
{
    double score;
    if (frailty->beta)
        score = beta_score_given_budget(frailty, budget, u);
    else if (frailty->spread.kind == LTV_SPREAD_GAMMA)
        score = ltv_gamma_score(1 / (frailty->spread.cv * frailty->spread.cv),
                                gamma_log_given_budget(frailty->spread.cv, budget, u));
    else
        score = ltv_score_of_uniform(u);
    return fmin(fmax(score, -10), 10); /* a rank of 0 or 1 is as far as doubles can tell */
}

double ltv_frailty_budget(const ltv_frailty *frailty, double budget, ltv_uniform u)
{
    double cv2 = frailty->spread.cv * frailty->spread.cv;
    double hazard = budget;
    if (frailty->beta)
        hazard = beta_budget_inverse(frailty, budget);
    else if (frailty->spread.kind == LTV_SPREAD_GAMMA)
        hazard = ltv_exp_minus_one(cv2 * budget) / cv2;
    return hazard / ltv_frailty_explicit(frailty, u);
}

double ltv_frailty_given_budget(const ltv_frailty *frailty, double budget, ltv_uniform u,
                                ltv_uniform inner)
{
    double cv = frailty->spread.cv;
    if (frailty->beta && ltv_frailty_has_explicit(frailty))
        return ltv_frailty_explicit(frailty, u) * beta_given_budget(frailty, budget, inner);
    if (frailty->beta)
        return beta_given_budget(frailty, budget, u);
    if (frailty->spread.kind == LTV_SPREAD_GAMMA)
        return exp(gamma_log_given_budget(cv, budget, u)) * (cv * cv);
    return ltv_frailty_explicit(frailty, u);
}
