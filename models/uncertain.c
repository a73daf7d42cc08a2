/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/uncertain.h"

#include <math.h>
#include <stdbool.h>

#include "models/beta.h"
#include "models/spread.h"

/* Sizes of numbers: squares and products of what is made of them stay finite. */
static const double least_size = 1e-50, most_size = 1e50;

static const double most_sigma = 8;
static const double least_gamma_cv = 1e-5, most_gamma_cv = 30;
static const double most_cut_off = 0.01;
static const double score_of_95_percent = 1.6448536269514722;

/* --- making one --- */

static ltv_uncertain unlimited(ltv_uncertain_kind kind, double first, double second, double third)
{
    return (ltv_uncertain){.kind = kind,
                           .parameter = {first, second, third},
                           .lowest = -INFINITY,
                           .highest = INFINITY};
}

static ltv_status check_size(const char *name, double value, ltv_error *err)
{
    double size = fabs(value);
    if (value == 0 || (size >= least_size && size <= most_size))
        return LTV_OK;
    return ltv_fail(err, LTV_ERR_BAD_INPUT,
                    isfinite(value) ? "%s must be of a size between 1e-50 and 1e50, it is %.10g"
                                    : "%s must be a finite number, it is %.10g",
                    name, value);
}

static ltv_status check_positive(const char *name, double value, ltv_error *err)
{
    ltv_status status = check_size(name, value, err);
    if (status == LTV_OK && !(value > 0))
        status =
            ltv_fail(err, LTV_ERR_BAD_INPUT, "%s must be more than 0, it is %.10g", name, value);
    return status;
}

static ltv_status check_positive_pair(const char *first_name, double first, const char *second_name,
                                      double second, ltv_error *err)
{
    ltv_status status = check_positive(first_name, first, err);
    return status == LTV_OK ? check_positive(second_name, second, err) : status;
}

static ltv_status check_ends(double low, double high, ltv_error *err)
{
    ltv_status status = check_size("low", low, err);
    if (status == LTV_OK)
        status = check_size("high", high, err);
    if (status == LTV_OK && !(low < high))
        status = ltv_fail(err, LTV_ERR_BAD_INPUT,
                          "low must be below high, they are %.10g and %.10g", low, high);
    return status;
}

static ltv_status check_mode(double low, double mode, double high, ltv_error *err)
{
    ltv_status status = check_ends(low, high, err);
    if (status == LTV_OK)
        status = check_size("mode", mode, err);
    if (status == LTV_OK && !(mode >= low && mode <= high))
        status = ltv_fail(err, LTV_ERR_BAD_INPUT,
                          "mode must lie from low to high (%.10g ... %.10g), it is %.10g", low,
                          high, mode);
    return status;
}

static ltv_status check_shape(const char *name, double shape, ltv_error *err)
{
    if (shape >= LTV_BETA_LEAST_SHAPE && shape <= LTV_BETA_MOST_SHAPE)
        return LTV_OK;
    return ltv_fail(err, LTV_ERR_BAD_INPUT, "%s must lie between %g and %g, it is %.10g", name,
                    LTV_BETA_LEAST_SHAPE, LTV_BETA_MOST_SHAPE, shape);
}

ltv_status ltv_uncertain_normal(ltv_uncertain *self, double mean, double sd, ltv_error *err)
{
    ltv_status status = check_size("mean", mean, err);
    if (status == LTV_OK)
        status = check_positive("sd", sd, err);
    if (status == LTV_OK)
        *self = unlimited(LTV_UNCERTAIN_NORMAL, mean, sd, 0);
    return status;
}

ltv_status ltv_uncertain_log_normal(ltv_uncertain *self, double mean, double sd, ltv_error *err)
{
    ltv_status status = check_positive_pair("mean", mean, "sd", sd, err);
    if (status != LTV_OK)
        return status;
    double sigma = ltv_spread_log_normal_sigma(sd / mean);
    if (!(sigma > 0 && sigma <= most_sigma))
        return ltv_fail(err, LTV_ERR_BAD_INPUT, "sd must be %s beside a mean of %.10g, it is %.10g",
                        sigma > 0 ? "smaller" : "larger", mean, sd);
    *self = unlimited(LTV_UNCERTAIN_LOG_NORMAL, log(mean) - sigma * sigma / 2, sigma, 0);
    return LTV_OK;
}

ltv_status ltv_uncertain_beta(ltv_uncertain *self, double alpha, double beta, ltv_error *err)
{
    ltv_status status = check_shape("alpha", alpha, err);
    if (status == LTV_OK)
        status = check_shape("beta", beta, err);
    if (status == LTV_OK)
        *self = unlimited(LTV_UNCERTAIN_BETA, alpha, beta, 0);
    return status;
}

ltv_status ltv_uncertain_beta_of_mean(ltv_uncertain *self, double mean, double sd, ltv_error *err)
{
    ltv_status status = check_positive_pair("mean", mean, "sd", sd, err);
    if (status != LTV_OK)
        return status;
    if (!(mean < 1))
        return ltv_fail(err, LTV_ERR_BAD_INPUT, "mean must be below 1, it is %.10g", mean);
    double most = sqrt(mean * (1 - mean));
    if (!(sd < most))
        return ltv_fail(err, LTV_ERR_BAD_INPUT,
                        "sd must be below sqrt(mean x (1 - mean)) = %.4g, it is %.10g", most, sd);
    double size = (most / sd - 1) * (most / sd + 1); /* alpha + beta */
    double alpha = mean * size, beta = (1 - mean) * size;
    if (fmin(alpha, beta) < LTV_BETA_LEAST_SHAPE || fmax(alpha, beta) > LTV_BETA_MOST_SHAPE)
        return ltv_fail(
            err, LTV_ERR_BAD_INPUT,
            "sd must be %s beside a mean of %.10g, it is %.10g (alpha would be %.3g and "
            "beta %.3g)",
            fmax(alpha, beta) > LTV_BETA_MOST_SHAPE ? "larger" : "smaller", mean, sd, alpha, beta);
    *self = unlimited(LTV_UNCERTAIN_BETA, alpha, beta, 0);
    return LTV_OK;
}

ltv_status ltv_uncertain_gamma(ltv_uncertain *self, double mean, double sd, ltv_error *err)
{
    ltv_status status = check_positive_pair("mean", mean, "sd", sd, err);
    if (status != LTV_OK)
        return status;
    double cv = sd / mean;
    if (!(cv >= least_gamma_cv && cv <= most_gamma_cv))
        return ltv_fail(err, LTV_ERR_BAD_INPUT,
                        "sd must lie between %g and %g times the mean of %.10g, it is %.10g",
                        least_gamma_cv, most_gamma_cv, mean, sd);
    *self = unlimited(LTV_UNCERTAIN_GAMMA, 1 / (cv * cv), sd * cv, 0);
    return LTV_OK;
}

ltv_status ltv_uncertain_uniform(ltv_uncertain *self, double low, double high, ltv_error *err)
{
    ltv_status status = check_ends(low, high, err);
    if (status == LTV_OK)
        *self = unlimited(LTV_UNCERTAIN_UNIFORM, low, high, 0);
    return status;
}

ltv_status ltv_uncertain_triangular(ltv_uncertain *self, double low, double mode, double high,
                                    ltv_error *err)
{
    ltv_status status = check_mode(low, mode, high, err);
    if (status == LTV_OK)
        *self = unlimited(LTV_UNCERTAIN_TRIANGULAR, low, mode, high);
    return status;
}

ltv_status ltv_uncertain_pert(ltv_uncertain *self, double low, double mode, double high,
                              ltv_error *err)
{
    ltv_status status = check_mode(low, mode, high, err);
    if (status == LTV_OK)
        *self = unlimited(LTV_UNCERTAIN_PERT, low, mode, high);
    return status;
}

static ltv_status log_normal_of_ci90(ltv_uncertain *self, double low, double high, ltv_error *err)
{
    if (!(low > 0))
        return ltv_fail(err, LTV_ERR_BAD_INPUT,
                        "both ends of a log-normal ci90 must be more than 0, low is %.10g", low);
    double sigma = log(high / low) / (2 * score_of_95_percent);
    if (!(sigma > 0 && sigma <= most_sigma))
        return ltv_fail(err, LTV_ERR_BAD_INPUT,
                        "the ends of a log-normal ci90 must lie %s, they are %.10g and %.10g",
                        sigma > 0 ? "nearer together" : "further apart", low, high);
    *self = unlimited(LTV_UNCERTAIN_LOG_NORMAL, (log(low) + log(high)) / 2, sigma, 0);
    return LTV_OK;
}

static ltv_status beta_of_ci90(ltv_uncertain *self, double low, double high, ltv_error *err)
{
    if (!(low > 0 && high < 1))
        return ltv_fail(err, LTV_ERR_BAD_INPUT,
                        "a ci90 of a probability must lie between 0 and 1, both excluded, it is "
                        "%.10g ... %.10g",
                        low, high);
    double alpha, beta;
    if (!ltv_beta_of_ci90(low, high, &alpha, &beta))
        return ltv_fail(
            err, LTV_ERR_BAD_INPUT,
            "no beta distribution with shapes between %g and %g has 5 %% below %.10g and "
            "5 %% above %.10g",
            LTV_BETA_LEAST_SHAPE, LTV_BETA_MOST_SHAPE, low, high);
    *self = unlimited(LTV_UNCERTAIN_BETA, alpha, beta, 0);
    return LTV_OK;
}

ltv_status ltv_uncertain_ci90(ltv_uncertain *self, ltv_uncertain_kind kind, double low, double high,
                              ltv_error *err)
{
    ltv_status status = check_ends(low, high, err);
    if (status != LTV_OK)
        return status;
    switch (kind) {
    case LTV_UNCERTAIN_NORMAL:
        *self = unlimited(kind, low / 2 + high / 2, (high - low) / (2 * score_of_95_percent), 0);
        return LTV_OK;
    case LTV_UNCERTAIN_LOG_NORMAL:
        return log_normal_of_ci90(self, low, high, err);
    case LTV_UNCERTAIN_BETA:
        return beta_of_ci90(self, low, high, err);
    default:
        return ltv_fail(err, LTV_ERR_BAD_INPUT,
                        "a ci90 is for a normal, log_normal or beta number, not for %s",
                        ltv_uncertain_kind_name(kind));
    }
}

ltv_status ltv_uncertain_counted(ltv_uncertain *self, double lost, double of, ltv_error *err)
{
    if (!(of >= 1 && of < LTV_BETA_MOST_SHAPE && of == floor(of)))
        return ltv_fail(err, LTV_ERR_BAD_INPUT,
                        "of must be a whole number from 1 to below 1e12, it is %.17g", of);
    if (!(lost >= 0 && lost <= of && lost == floor(lost)))
        return ltv_fail(err, LTV_ERR_BAD_INPUT,
                        "lost must be a whole number from 0 to %.17g, it is %.17g", of, lost);
    *self = unlimited(LTV_UNCERTAIN_BETA, lost + 0.5, of - lost + 0.5, 0);
    return LTV_OK;
}

const char *ltv_uncertain_kind_name(ltv_uncertain_kind kind)
{
    static const char *const names[LTV_UNCERTAIN_KINDS] = {
        [LTV_UNCERTAIN_NORMAL] = "normal",   [LTV_UNCERTAIN_LOG_NORMAL] = "log_normal",
        [LTV_UNCERTAIN_BETA] = "beta",       [LTV_UNCERTAIN_GAMMA] = "gamma",
        [LTV_UNCERTAIN_UNIFORM] = "uniform", [LTV_UNCERTAIN_TRIANGULAR] = "triangular",
        [LTV_UNCERTAIN_PERT] = "pert",
    };
    return (int)kind >= 0 && kind < LTV_UNCERTAIN_KINDS ? names[kind] : "unknown";
}

/* --- the distributions, without limits --- */

typedef struct {
    double alpha, beta;
} beta_shapes;

static beta_shapes pert_shapes(const double *low_mode_high)
{
    double low = low_mode_high[0], mode = low_mode_high[1], high = low_mode_high[2];
    return (beta_shapes){1 + 4 * ((mode - low) / (high - low)),
                         1 + 4 * ((high - mode) / (high - low))};
}

/* The triangle from its lower end, for ranks up to 1/2; its mirror image serves the others. Beyond
 * the mode in a form that keeps its digits where the mode is low. */
static double lower_triangular_value(double low, double mode, double high, double below)
{
    double area = below * (high - low), left = mode - low, right = high - mode;
    if (area < left)
        return low + sqrt(area) * sqrt(left);
    double beyond = (area - left) * right;
    return mode + beyond / (right + sqrt(right * right - beyond));
}

static double triangular_value(const double *low_mode_high, ltv_uniform u)
{
    double low = low_mode_high[0], mode = low_mode_high[1], high = low_mode_high[2];
    return u.below < 0.5 ? lower_triangular_value(low, mode, high, u.below)
                         : -lower_triangular_value(-high, -mode, -low, u.above);
}

static double value_of(const ltv_uncertain *self, ltv_uniform u)
{
    const double *p = self->parameter;
    switch (self->kind) {
    case LTV_UNCERTAIN_NORMAL:
        return p[0] + p[1] * ltv_score_of_uniform(u);
    case LTV_UNCERTAIN_LOG_NORMAL:
        return exp(p[0] + p[1] * ltv_score_of_uniform(u));
    case LTV_UNCERTAIN_BETA:
        return ltv_beta_quantile(p[0], p[1], u);
    case LTV_UNCERTAIN_GAMMA:
        return p[1] * ltv_gamma_quantile(p[0], u);
    case LTV_UNCERTAIN_UNIFORM:
        return u.below < 0.5 ? p[0] + u.below * (p[1] - p[0]) : p[1] - u.above * (p[1] - p[0]);
    case LTV_UNCERTAIN_TRIANGULAR:
        return triangular_value(p, u);
    case LTV_UNCERTAIN_PERT: {
        beta_shapes shapes = pert_shapes(p);
        return p[0] + (p[2] - p[0]) * ltv_beta_quantile(shapes.alpha, shapes.beta, u);
    }
    case LTV_UNCERTAIN_KINDS:
        break;
    }
    return NAN;
}

static const ltv_uniform all_above = {0, 1}, all_below = {1, 0};

static ltv_uniform gamma_ranks(double shape, double x)
{
    if (!(x > 0))
        return all_above;
    /* Far away, where the expansion for large shapes no longer holds, by Wilson & Hilferty's cube.
     */
    double cube = 3 * sqrt(shape) * (cbrt(x / shape) - 1 + 1 / (9 * shape));
    if (shape > 100 && fabs(cube) > 30)
        return cube < 0 ? all_above : all_below;
    return ltv_uniform_of_score(ltv_gamma_score(shape, log(x)));
}

static double triangular_below(double low, double mode, double high, double x)
{
    if (x < mode)
        return (x - low) / (high - low) * ((x - low) / (mode - low));
    double beyond =
        x < high ? (x - mode) / (high - mode) * (high - mode + (high - x)) : high - mode;
    return (mode - low + beyond) / (high - low);
}

static ltv_uniform stretched_ranks(const ltv_uncertain *self, double x)
{
    const double *p = self->parameter;
    double low = p[0], high = p[self->kind == LTV_UNCERTAIN_UNIFORM ? 1 : 2];
    if (!(x > low))
        return all_above;
    if (!(x < high))
        return all_below;
    double below = (x - low) / (high - low), above = (high - x) / (high - low);
    if (self->kind == LTV_UNCERTAIN_UNIFORM)
        return (ltv_uniform){below, above};
    if (self->kind == LTV_UNCERTAIN_TRIANGULAR)
        return (ltv_uniform){triangular_below(p[0], p[1], p[2], x),
                             triangular_below(-p[2], -p[1], -p[0], -x)};
    beta_shapes shapes = pert_shapes(p);
    return ltv_beta_ranks(shapes.alpha, shapes.beta, below, above);
}

/* Probabilities that the number lies below x and above it. */
static ltv_uniform ranks_of(const ltv_uncertain *self, double x)
{
    const double *p = self->parameter;
    switch (self->kind) {
    case LTV_UNCERTAIN_NORMAL:
        return ltv_uniform_of_score((x - p[0]) / p[1]);
    case LTV_UNCERTAIN_LOG_NORMAL:
        return x > 0 ? ltv_uniform_of_score((log(x) - p[0]) / p[1]) : all_above;
    case LTV_UNCERTAIN_BETA:
        return ltv_beta_ranks(p[0], p[1], x, 1 - x);
    case LTV_UNCERTAIN_GAMMA:
        return gamma_ranks(p[0], x / p[1]);
    case LTV_UNCERTAIN_UNIFORM:
    case LTV_UNCERTAIN_TRIANGULAR:
    case LTV_UNCERTAIN_PERT:
        return stretched_ranks(self, x);
    case LTV_UNCERTAIN_KINDS:
        break;
    }
    return (ltv_uniform){NAN, NAN};
}

static double beta_sd(beta_shapes shapes)
{
    double size = shapes.alpha + shapes.beta;
    return sqrt(shapes.alpha / size * (shapes.beta / size) / (size + 1));
}

static double unlimited_mean(const ltv_uncertain *self)
{
    const double *p = self->parameter;
    switch (self->kind) {
    case LTV_UNCERTAIN_NORMAL:
        return p[0];
    case LTV_UNCERTAIN_LOG_NORMAL:
        return exp(p[0] + p[1] * p[1] / 2);
    case LTV_UNCERTAIN_BETA:
        return p[0] / (p[0] + p[1]);
    case LTV_UNCERTAIN_GAMMA:
        return p[0] * p[1];
    case LTV_UNCERTAIN_UNIFORM:
        return (p[0] + p[1]) / 2;
    case LTV_UNCERTAIN_TRIANGULAR:
        return (p[0] + p[1] + p[2]) / 3;
    case LTV_UNCERTAIN_PERT:
        return (p[0] + 4 * p[1] + p[2]) / 6;
    case LTV_UNCERTAIN_KINDS:
        break;
    }
    return NAN;
}

static double unlimited_sd(const ltv_uncertain *self)
{
    const double *p = self->parameter;
    switch (self->kind) {
    case LTV_UNCERTAIN_NORMAL:
        return p[1];
    case LTV_UNCERTAIN_LOG_NORMAL:
        return unlimited_mean(self) * sqrt(expm1(p[1] * p[1]));
    case LTV_UNCERTAIN_BETA:
        return beta_sd((beta_shapes){p[0], p[1]});
    case LTV_UNCERTAIN_GAMMA:
        return sqrt(p[0]) * p[1];
    case LTV_UNCERTAIN_UNIFORM:
        return (p[1] - p[0]) / sqrt(12);
    case LTV_UNCERTAIN_TRIANGULAR: {
        double left = p[1] - p[0], right = p[2] - p[1];
        return sqrt((left * left + left * right + right * right) / 18);
    }
    case LTV_UNCERTAIN_PERT:
        return (p[2] - p[0]) * beta_sd(pert_shapes(p));
    case LTV_UNCERTAIN_KINDS:
        break;
    }
    return NAN;
}

/* --- with limits --- */

ltv_status ltv_uncertain_limit(ltv_uncertain *self, double lowest, double highest, ltv_error *err)
{
    if (!(lowest < highest))
        return ltv_fail(err, LTV_ERR_BAD_INPUT,
                        "the lower limit must be below the upper one, they are %.10g and %.10g",
                        lowest, highest);
    double below = lowest > -INFINITY ? ranks_of(self, lowest).below : 0;
    double above = highest < INFINITY ? ranks_of(self, highest).above : 0;
    if (!(below + above <= most_cut_off)) {
        bool at_both_ends = fmin(below, above) > most_cut_off / 100; /* else not worth telling */
        if (at_both_ends)
            return ltv_fail(
                err, LTV_ERR_BAD_INPUT,
                "%.3g %% of this distribution lies below %.10g and %.3g %% above %.10g, "
                "which is not possible here; at most 1 %% may be cut off",
                100 * below, lowest, 100 * above, highest);
        return ltv_fail(
            err, LTV_ERR_BAD_INPUT,
            "%.3g %% of this distribution lies %s %.10g, which is not possible here; at "
            "most 1 %% may be cut off",
            100 * (below + above), below > 0 ? "below" : "above", below > 0 ? lowest : highest);
    }
    self->lowest = lowest;
    self->highest = highest;
    self->below = below;
    self->above = above;
    return LTV_OK;
}

double ltv_uncertain_quantile(const ltv_uncertain *self, ltv_uniform u)
{
    double kept = 1 - self->below - self->above;
    ltv_uniform rank = {self->below + u.below * kept, self->above + u.above * kept};
    return fmin(fmax(value_of(self, rank), self->lowest), self->highest);
}

double ltv_uncertain_probability_below(const ltv_uncertain *self, double x)
{
    if (x < self->lowest)
        return 0;
    if (x >= self->highest)
        return 1;
    double kept = 1 - self->below - self->above;
    return fmin(fmax((ranks_of(self, x).below - self->below) / kept, 0), 1);
}

static bool is_cut(const ltv_uncertain *self)
{
    return self->below > 0 || self->above > 0;
}

/* Mean of (value - centre)^power. Over the normal score of the rank, by the trapezoidal rule, which
 * for functions as smooth as these converges faster than any power of the step. A log-normal
 * number's own tail reaches further. */
static double smooth_moment(const ltv_uncertain *self, double centre, int power)
{
    const double step = 0.05;
    double reach = self->kind == LTV_UNCERTAIN_LOG_NORMAL ? 9 + power * self->parameter[1] : 9;
    int last = (int)(reach / step);
    double total = 0, sum = 0;
    for (int i = -180; i <= last; i++) {
        double score = i * step, weight = exp(-score * score / 2);
        double x = ltv_uncertain_quantile(self, ltv_uniform_of_score(score));
        total += weight;
        sum += weight * pow(x - centre, power);
    }
    return sum / total;
}

/* Integral over from ... to of (x - centre)^power times a density that is a straight line with the
 * value 0 at `foot`: by Simpson's rule, exact for a cubic. */
static double straight_moment(double from, double to, double foot, double slope, double centre,
                              int power)
{
    const double node[] = {from, (from + to) / 2, to}, weight[] = {1, 4, 1};
    double sum = 0;
    for (int i = 0; i < 3; i++)
        sum += weight[i] / 6 * pow(node[i] - centre, power) * slope * fabs(node[i] - foot);
    return sum * (to - from);
}

/* Likewise for the triangle, which is not smooth at its mode. */
static double triangular_moment(const ltv_uncertain *self, double centre, int power)
{
    double low = self->parameter[0], mode = self->parameter[1], high = self->parameter[2];
    double from = fmax(low, self->lowest), to = fmin(high, self->highest), sum = 0;
    double middle = fmin(fmax(mode, from), to);
    if (middle > from)
        sum += straight_moment(from, middle, low, 2 / (high - low) / (mode - low), centre, power);
    if (to > middle)
        sum += straight_moment(middle, to, high, 2 / (high - low) / (high - mode), centre, power);
    return sum / (1 - self->below - self->above);
}

static double moment(const ltv_uncertain *self, double centre, int power)
{
    return self->kind == LTV_UNCERTAIN_TRIANGULAR ? triangular_moment(self, centre, power)
                                                  : smooth_moment(self, centre, power);
}

double ltv_uncertain_mean(const ltv_uncertain *self)
{
    if (!is_cut(self))
        return unlimited_mean(self);
    if (self->kind == LTV_UNCERTAIN_UNIFORM)
        return (ltv_uncertain_quantile(self, all_above) + ltv_uncertain_quantile(self, all_below)) /
               2;
    return moment(self, 0, 1);
}

double ltv_uncertain_sd(const ltv_uncertain *self)
{
    if (!is_cut(self))
        return unlimited_sd(self);
    if (self->kind == LTV_UNCERTAIN_UNIFORM)
        return (1 - self->below - self->above) * unlimited_sd(self);
    return sqrt(moment(self, ltv_uncertain_mean(self), 2));
}
