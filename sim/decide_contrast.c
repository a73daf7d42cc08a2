/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/decide_parts.h"

#include <math.h>
#include <string.h>

/* --- hurdles and budgets --- */

static ltv_status fill_hurdles(ltv_contrast_decision *decision, const ltv_decider *self,
                               size_t index, ltv_error *err)
{
    ltv_draw_series roi = ltv_decider_of_contrast(self, index, "roi");
    decision->has_roi = roi.n > 0 && ltv_draws_missing(&roi) == 0;
    ltv_status status = LTV_OK;
    for (int i = 0; decision->has_roi && status == LTV_OK && i < LTV_HURDLES; i++)
        status = ltv_draws_probability(&decision->reaches[i], &roi, ltv_hurdles[i], err);
    return status;
}

/* The depth of a curve has no noise variance that is known, so what there is of it stays in. */
static void fill_budgets(ltv_contrast_decision *decision, const ltv_decider *self, size_t index)
{
    ltv_draw_series cash = ltv_decider_of_contrast(self, index, "cash_needed");
    decision->has_cash = cash.n > 0 && ltv_draws_missing(&cash) == 0;
    if (!decision->has_cash)
        return;
    memcpy(self->room, cash.value, cash.n * sizeof *self->room);
    ltv_draws_sort(self->room, cash.n);
    for (int i = 0; i < LTV_BUDGET_LEVELS; i++)
        decision->needs[i] = ltv_draws_quantile(self->room, cash.n, ltv_budget_levels[i]);
}

/* --- test first? --- */

static double variance_of_customers(const ltv_decider *self, size_t arm)
{
    ltv_draw_series ltv = ltv_decider_of_arm(self, arm, "ltv");
    return ltv_draws_variance(&ltv).noise * (double)self->table->customers;
}

/* The baseline and one arm as a decision of their own: values, [draws * 2], and noise, [4]. */
static ltv_decision_draws pair_with_baseline(const ltv_decider *self, size_t arm, double *values,
                                             double noise[4])
{
    ltv_decision_draws draws = self->draws;
    size_t arms = draws.n_arms;
    for (size_t d = 0; d < draws.n_draws; d++) {
        values[2 * d] = draws.value[d * arms];
        values[2 * d + 1] = draws.value[d * arms + arm];
    }
    for (int i = 0; i < 4; i++)
        noise[i] = draws.noise[(i / 2 == 0 ? 0 : arm) * arms + (i % 2 == 0 ? 0 : arm)];
    draws.n_arms = 2;
    draws.value = values;
    draws.noise = noise;
    return draws;
}

/* Writes theta, [draws]; differences: [2 * draws], may begin at the same place. */
static ltv_status fill_theta(ltv_test_first *test, double *differences,
                             const ltv_decision_draws *pair, ltv_error *err)
{
    size_t n = pair->n_draws;
    ltv_status status = ltv_decision_differences(differences, pair, err);
    for (size_t d = 0; status == LTV_OK && d < n; d++)
        differences[d] = differences[2 * d + 1];
    ltv_draw_series theta = {.n = n, .value = differences, .scrambles = pair->scrambles};
    test->theta_mean = ltv_draws_mean(&theta).mean;
    test->theta_sd = sqrt(ltv_draws_variance(&theta).total);
    return status;
}

static ltv_test_terms terms_of(const ltv_scenario *scenario, const double variance[2])
{
    const ltv_holdout_test *test = &scenario->test;
    return (ltv_test_terms){.customers_to_come = (double)test->customers_to_come,
                            .customers_per_period = test->customers_per_period,
                            .share_in_test = test->share,
                            .delay = test->delay,
                            .discount = ltv_scenario_discount_per_period(scenario),
                            .cost_per_test_customer = test->cost_per_customer,
                            .fixed_cost = test->fixed_cost,
                            .variance = {variance[0], variance[1]}};
}

static const char *why_not(const ltv_test_plan *plan)
{
    double most = 0;
    for (size_t i = 0; i < plan->n_points; i++)
        most = fmax(most, plan->points[i].evsi);
    if (plan->best.per_group > 0)
        return NULL;
    if (plan->n_points == 0)
        return "the result would come when nobody is left to join";
    return most == 0 ? "no result of a test could change the decision"
                     : "no size of test brings more than it costs";
}

static ltv_status plan_test(ltv_test_first *test, const ltv_decider *self, size_t arm,
                            ltv_error *err)
{
    double noise[4], *differences = self->room + 2 * self->draws.n_draws;
    ltv_decision_draws pair = pair_with_baseline(self, arm, self->room, noise);
    test->variance[0] = variance_of_customers(self, 0);
    test->variance[1] = variance_of_customers(self, arm);
    ltv_test_terms terms = terms_of(self->scenario, test->variance);
    ltv_status status = fill_theta(test, differences, &pair, err);
    if (status == LTV_OK)
        status = ltv_test_plan_make(&test->plan, differences, pair.n_draws, &terms, err);
    if (status != LTV_OK)
        return status;
    double sum = test->variance[0] + test->variance[1];
    for (size_t i = 0; i < test->plan.n_points; i++)
        test->evsi_normal[i] =
            ltv_evsi_normal(test->theta_mean, test->theta_sd, sum / test->plan.points[i].per_group);
    test->asked = true;
    test->why_not = why_not(&test->plan);
    if (test->why_not != NULL)
        return LTV_OK;
    return ltv_evsi_of_draws(&test->evsi, &pair, sum / test->plan.best.per_group, err);
}

ltv_status ltv_decide_contrast(ltv_contrast_decision *decision, const ltv_decider *self,
                               size_t index, ltv_error *err)
{
    ltv_contrast pair = self->scenario->contrasts[index];
    ltv_status status = fill_hurdles(decision, self, index, err);
    fill_budgets(decision, self, index);
    if (status == LTV_OK && self->scenario->has_test && pair.against == 0)
        status = plan_test(&decision->test, self, pair.arm, err);
    return status;
}
