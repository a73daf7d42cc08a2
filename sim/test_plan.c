/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/test_plan.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>

#include "sim/jackknife.h"

double ltv_normal_opportunity_loss(double mean, double sd)
{
    if (isnan(mean) || isnan(sd))
        return NAN;
    if (sd <= 0)
        return 0;
    double z = fabs(mean) / sd;
    return sd * fmax(gsl_ran_ugaussian_pdf(z) - z * gsl_cdf_ugaussian_Q(z), 0);
}

double ltv_evsi_normal(double mean, double sd, double test_variance)
{
    if (!(sd > 0))
        return ltv_normal_opportunity_loss(mean, sd);
    return ltv_normal_opportunity_loss(mean, sd * sd / sqrt(sd * sd + test_variance));
}

/* --- EVSI of a prior given by draws --- */

static double mean_of(const double *theta, size_t n)
{
    double sum = 0;
    for (size_t d = 0; d < n; d++)
        sum += theta[d];
    return sum / (double)n;
}

/* Has the sign of the posterior mean at result x = t v: weights exp(theta t - theta^2 / 2v),
 * relative to the largest. */
static double posterior_sign(const double *theta, size_t n, double t, double v)
{
    double largest = -INFINITY, sum = 0;
    for (size_t d = 0; d < n; d++)
        largest = fmax(largest, theta[d] * t - theta[d] * theta[d] / (2 * v));
    for (size_t d = 0; d < n; d++)
        sum += theta[d] * exp(theta[d] * t - theta[d] * theta[d] / (2 * v) - largest);
    return sum;
}

/* The t where the posterior mean is 0; infinite where doubles end before. `span`: largest less
 * least theta, of which both signs occur. */
static double indifferent_t(const double *theta, size_t n, double v, double span)
{
    double direction = posterior_sign(theta, n, 0, v) > 0 ? -1 : 1, near = 0, far = 1 / span;
    while (isfinite(far) && posterior_sign(theta, n, direction * far, v) * direction < 0) {
        near = far;
        far *= 2;
    }
    if (!isfinite(far))
        return direction * INFINITY;
    for (int i = 0; i < 100 && far - near > 1e-12 * far; i++) {
        double middle = (near + far) / 2;
        double sign = posterior_sign(theta, n, direction * middle, v) * direction;
        *(sign < 0 ? &near : &far) = middle;
    }
    return direction * (near + far) / 2;
}

/* E[max(0, theta)] - max(0, mean): what perfect information is worth. */
static double perfect_information(const double *theta, size_t n, double mean)
{
    double sum = 0;
    for (size_t d = 0; d < n; d++)
        sum += mean > 0 ? fmax(-theta[d], 0) : fmax(theta[d], 0);
    return sum / (double)n;
}

double ltv_evsi(const double *theta, size_t n, double test_variance)
{
    double mean = mean_of(theta, n), least = INFINITY, most = -INFINITY, v = test_variance;
    if (n == 0 || isnan(mean) || !(v >= 0))
        return NAN;
    for (size_t d = 0; d < n; d++) {
        least = fmin(least, theta[d]);
        most = fmax(most, theta[d]);
    }
    if (least >= 0 || most <= 0 || isinf(v))
        return 0;
    double span = most - least;
    if (v < 1e-12 * span * span) /* as good as perfect */
        return perfect_information(theta, n, mean);
    double x0 = v * indifferent_t(theta, n, v, span), sd = sqrt(v), sum = 0;
    for (size_t d = 0; d < n;
         d++) /* the losses averted, or the gains taken, by changing one's mind */
        sum += mean > 0 ? -theta[d] * gsl_cdf_ugaussian_P((x0 - theta[d]) / sd)
                        : theta[d] * gsl_cdf_ugaussian_Q((x0 - theta[d]) / sd);
    return fmax(sum / (double)n, 0);
}

/* --- with its error --- */

/* differences: [2 n], overwritten by theta, [n] */
static ltv_status evsi_of(double *evsi, double *differences, const ltv_decision_draws *draws,
                          double test_variance, ltv_error *err)
{
    ltv_status status = ltv_decision_differences(differences, draws, err);
    if (status != LTV_OK)
        return status;
    for (size_t d = 0; d < draws->n_draws; d++)
        differences[d] = differences[2 * d + 1];
    *evsi = ltv_evsi(differences, draws->n_draws, test_variance);
    return LTV_OK;
}

/* work: [4 n] */
static ltv_status evsi_with_error(ltv_mean *evsi, double *work, const ltv_decision_draws *draws,
                                  double test_variance, ltv_error *err)
{
    ltv_status status = evsi_of(&evsi->mean, work, draws, test_variance, err);
    uint32_t groups = ltv_jackknife_groups(draws->n_draws, draws->scrambles);
    double *figures = calloc(groups, sizeof *figures);
    if (figures == NULL)
        return ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory for the error of an EVSI");
    ltv_decision_draws rest = *draws;
    rest.value = work + 2 * draws->n_draws;
    rest.scrambles = ltv_jackknife_scrambles_left(draws->scrambles);
    for (uint32_t g = 0; g < groups && groups > 1 && status == LTV_OK; g++) {
        rest.n_draws = ltv_jackknife_without(work + 2 * draws->n_draws, draws->value,
                                             draws->n_draws, 2, groups, g);
        status = evsi_of(&figures[g], work, &rest, test_variance, err);
    }
    evsi->standard_error = ltv_jackknife_error(figures, groups);
    free(figures);
    return status;
}

ltv_status ltv_evsi_of_draws(ltv_mean *evsi, const ltv_decision_draws *draws, double test_variance,
                             ltv_error *err)
{
    *evsi = (ltv_mean){NAN, NAN};
    ltv_status status = ltv_decision_check(draws, err);
    if (status != LTV_OK)
        return status;
    if (draws->n_arms != 2)
        return ltv_fail(err, LTV_ERR_BAD_INPUT, "a test is between 2 arms, not %zu", draws->n_arms);
    if (!(test_variance >= 0))
        return ltv_fail(err, LTV_ERR_BAD_INPUT, "the variance of a test's result must be >= 0");
    double *work = calloc(draws->n_draws, 4 * sizeof *work);
    if (work == NULL)
        return ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory for an EVSI");
    status = evsi_with_error(evsi, work, draws, test_variance, err);
    free(work);
    return status;
}

/* --- the plan --- */

typedef struct {
    const double *theta;
    size_t n;
    double mean;
    const ltv_test_terms *terms;
} question;

/* Customers who join between two periods, each weighted by discount^(when). */
static double joining(const ltv_test_terms *terms, double from, double to)
{
    if (to <= from)
        return 0;
    double force = -log(terms->discount), length = to - from;
    double weight = force > 0 ? -expm1(-force * length) / force : length;
    return terms->customers_per_period * exp(-force * from) * weight;
}

static ltv_test_point point_at(const question *of, double per_group)
{
    const ltv_test_terms *terms = of->terms;
    double end = terms->customers_to_come / terms->customers_per_period;
    double all_in = 2 * per_group / (terms->customers_per_period * terms->share_in_test);
    double variance = (terms->variance[0] + terms->variance[1]) / per_group;
    ltv_test_point point = {.per_group = per_group};
    point.evsi = ltv_evsi(of->theta, of->n, variance);
    point.customers = joining(terms, all_in + terms->delay, end);
    point.gain = point.customers * point.evsi;
    point.cost = terms->fixed_cost + joining(terms, 0, all_in) * terms->share_in_test *
                                         (terms->cost_per_test_customer + fabs(of->mean) / 2);
    point.net = point.gain - point.cost;
    return point;
}

/* The largest test whose result comes while somebody is still to join. */
static double largest_test(const ltv_test_terms *terms)
{
    double time = terms->customers_to_come / terms->customers_per_period - terms->delay;
    return ceil(time * terms->customers_per_period * terms->share_in_test / 2) - 1;
}

static void fill_points(ltv_test_plan *plan, const question *of, double largest)
{
    double before = 0;
    for (int i = 0; i < LTV_TEST_POINTS; i++) {
        double per_group = round(pow(largest, (double)i / (LTV_TEST_POINTS - 1)));
        if (per_group <= before)
            continue;
        plan->points[plan->n_points++] = point_at(of, per_group);
        before = per_group;
    }
}

/* Whole sizes between the neighbours of the best point, by thirds: net has one top there. */
static ltv_test_point refined(const question *of, ltv_test_point best, double low, double high)
{
    while (high - low > 2) {
        double third = floor((high - low) / 3);
        ltv_test_point left = point_at(of, low + third), right = point_at(of, high - third);
        best = left.net > best.net ? left : best;
        best = right.net > best.net ? right : best;
        if (third == 0)
            break;
        *(left.net < right.net ? &low : &high) =
            left.net < right.net ? left.per_group : right.per_group;
    }
    ltv_test_point middle = point_at(of, floor((low + high) / 2));
    return middle.net > best.net ? middle : best;
}

static void find_best(ltv_test_plan *plan, const question *of)
{
    size_t best = 0, last = plan->n_points - 1;
    for (size_t i = 1; i <= last; i++)
        if (plan->points[i].net > plan->points[best].net)
            best = i;
    double low = plan->points[best > 0 ? best - 1 : 0].per_group;
    double high = plan->points[best < last ? best + 1 : last].per_group;
    ltv_test_point top = refined(of, plan->points[best], low, high);
    if (top.net > 0)
        plan->best = top;
}

static ltv_status check_terms(const ltv_test_terms *terms, ltv_error *err)
{
    const struct {
        const char *what;
        double value;
        bool good;
    } checks[] = {
        {"the number of customers to come", terms->customers_to_come, terms->customers_to_come > 0},
        {"customers per period", terms->customers_per_period, terms->customers_per_period > 0},
        {"the share of customers in a test", terms->share_in_test,
         terms->share_in_test > 0 && terms->share_in_test <= 1},
        {"the delay of a test's result", terms->delay, terms->delay >= 0},
        {"the discount of a period", terms->discount, terms->discount > 0 && terms->discount <= 1},
        {"the cost of a test customer", terms->cost_per_test_customer,
         terms->cost_per_test_customer >= 0},
        {"the fixed cost of a test", terms->fixed_cost, terms->fixed_cost >= 0},
        {"the variance without the programme", terms->variance[0], terms->variance[0] >= 0},
        {"the variance with the programme", terms->variance[1], terms->variance[1] >= 0},
    };
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++)
        if (!checks[i].good || !isfinite(checks[i].value))
            return ltv_fail(err, LTV_ERR_BAD_INPUT, "%s cannot be %g", checks[i].what,
                            checks[i].value);
    return LTV_OK;
}

ltv_status ltv_test_plan_make(ltv_test_plan *plan, const double *theta, size_t n,
                              const ltv_test_terms *terms, ltv_error *err)
{
    *plan = (ltv_test_plan){0};
    ltv_status status = check_terms(terms, err);
    if (status != LTV_OK)
        return status;
    question of = {theta, n, mean_of(theta, n), terms};
    if (!isfinite(of.mean))
        return ltv_fail(err, LTV_ERR_BAD_INPUT, "a test needs the net gain in every draw");
    double largest = largest_test(terms);
    if (largest < 1)
        return LTV_OK;
    fill_points(plan, &of, largest);
    find_best(plan, &of);
    return LTV_OK;
}
