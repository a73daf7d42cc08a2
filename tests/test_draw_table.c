/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "close.h"
#include "must.h"
#include "sim/draw_table.h"
#include "sim/scenario.h"

/* Estimates made by hand: an arm with one segment over 2 bills, and its difference with itself.
 * What a whole run makes of draws is in test_simulate_draws.c. */

enum { HORIZON = 2, DRAWS = 8, CUSTOMERS = 100, FIGURES = 5, ALL = 0, SEGMENT = 1, CONTRAST = 2 };

static const char *const names[FIGURES] = {"ltv", "net_ltv", "ltv_cac", "p_ltv_cac_above_3",
                                           "payback_survival"};

static void fill_metrics(size_t *n, ltv_metric **metrics, const char *first, double value,
                         double error)
{
    *n = FIGURES;
    *metrics = must(calloc(FIGURES, sizeof **metrics));
    for (size_t i = 0; i < FIGURES; i++) {
        ltv_metric *metric = &(*metrics)[i];
        snprintf(metric->name, sizeof metric->name, "%s", i == 0 ? first : names[i]);
        metric->denominator = i == 2 ? value : 1;
        metric->value = i == 2 ? value / 10 : i == 3 ? NAN : i == 4 ? 2 : value;
        metric->mc_standard_error = i == 2 ? error / 10 : i > 2 ? NAN : error;
        if (i == 4 && value < 25) {
            metric->value = NAN;
            snprintf(metric->note, sizeof metric->note, "not within the horizon");
        }
    }
}

static double *curve(double first, double step)
{
    double *values = must(calloc(HORIZON + 1, sizeof *values));
    for (int u = 0; u <= HORIZON; u++)
        values[u] = first + step * u;
    return values;
}

static void fill_group(ltv_group_estimate *group, int64_t n, double value, double error)
{
    group->ltv.n = group->net_ltv.n = n;
    group->ltv.draws = group->net_ltv.draws = 1;
    group->retention = curve(n > 0 ? 1 : NAN, -value / 1000);
    group->recurring_revenue = curve(value, 1);
    group->revenue = curve(value, 2);
    group->contribution = curve(n > 0 ? value : NAN, 3);
    group->cumulative_contribution = curve(value, 4);
    group->cumulative_discounted_contribution = curve(value, 5);
    group->ltv.by_period = curve(value, 6);
    group->net_ltv.by_period = curve(value, 7);
    fill_metrics(&group->n_metrics, &group->metrics, "ltv", n > 0 ? value : NAN, error);
}

/* `value` of all, and ten times that of the segment's n customers. */
static void estimate_init(ltv_estimate *estimate, double value, double error, int64_t n)
{
    *estimate = (ltv_estimate){.horizon = HORIZON, .n_arms = 1, .n_contrasts = 1};
    ltv_arm_estimate *arm = estimate->arms = must(calloc(1, sizeof *arm));
    ltv_contrast_estimate *contrast = estimate->contrasts = must(calloc(1, sizeof *contrast));
    fill_group(&arm->all, CUSTOMERS, value, error);
    arm->n_segments = 1;
    arm->segments = must(calloc(1, sizeof *arm->segments));
    fill_group(&arm->segments[0], n, 10 * value, error);
    contrast->delta_ltv.n = CUSTOMERS;
    contrast->delta_ltv.draws = 1;
    contrast->delta_retention = curve(0, 0);
    contrast->cumulative_gain = curve(value, 1);
    contrast->cumulative_cash = curve(value, 2);
    fill_metrics(&contrast->n_metrics, &contrast->metrics, "delta_ltv", value, error);
}

/* Halves whose curves are `apart`. */
static void add(ltv_draw_table *table, double value, double error, int64_t n, double apart)
{
    ltv_estimate draw, halves[2];
    ltv_error err = {0};
    estimate_init(&draw, value, error, n);
    for (int half = 0; half < 2; half++) {
        estimate_init(&halves[half], value + (half == 0 ? apart : -apart) / 2, error, n);
        ltv_arm_estimate *arm = &halves[half].arms[0];
        ltv_estimate whole = {.n_arms = 1, .arms = must(calloc(1, sizeof *whole.arms))};
        whole.arms[0].n_segments = arm->n_segments; /* halves have whole arms only */
        whole.arms[0].segments = arm->segments;
        arm->n_segments = 0;
        arm->segments = NULL;
        ltv_estimate_free(&whole);
    }
    assert_int_equal(ltv_draw_table_add(table, &draw, halves, &err), LTV_OK);
    ltv_estimate_free(&draw);
    ltv_estimate_free(&halves[0]);
    ltv_estimate_free(&halves[1]);
}

/* Of all, in each draw; the segment has as many customers as the draw's number, so nobody in the
 * first one. */
static const double values[DRAWS] = {20, 30, 40, 50, 60, 70, 80, 90};

static ltv_draw_table table_of(double error, double apart)
{
    ltv_draw_table table = ltv_draw_table_of(DRAWS, 1, CUSTOMERS);
    for (int d = 0; d < DRAWS; d++)
        add(&table, values[d], error, d, apart);
    return table;
}

static void fill_curves(const ltv_draw_table *table, ltv_estimate *pooled)
{
    ltv_error err = {0};
    estimate_init(pooled, 55, 1, 28);
    pooled->arms[0].all.ltv.n *= DRAWS;
    assert_int_equal(ltv_draw_table_curves(table, pooled, &err), LTV_OK);
}

static void figures_are_found_by_whose_they_are(void **state)
{
    (void)state;
    ltv_draw_table table = table_of(2, 0);
    ltv_estimate any;
    estimate_init(&any, 1, 1, 1);
    assert_int_equal(table.n, DRAWS);
    assert_int_equal(table.n_figures, 3 * FIGURES);
    for (size_t d = 0; d < DRAWS; d++) {
        assert_close("all", ltv_draw_table_series(&table, ALL, "ltv").value[d], values[d], 0);
        assert_close("segment", ltv_draw_table_series(&table, SEGMENT, "ltv").value[d],
                     d == 0 ? NAN : 10 * values[d], 0);
        assert_close("contrast", ltv_draw_table_series(&table, CONTRAST, "delta_ltv").value[d],
                     values[d], 0);
        assert_close("noise", ltv_draw_table_series(&table, ALL, "ltv").noise_variance[d], 4, 0);
        assert_close("payback", ltv_draw_table_series(&table, ALL, "payback_survival").value[d],
                     d == 0 ? INFINITY : 2, 0);
    }
    assert_null(ltv_draw_table_series(&table, ALL, "payback_survival").noise_variance);
    assert_int_equal(ltv_draw_table_series(&table, ALL, "delta_ltv").n, 0);
    assert_int_equal(ltv_draw_table_owner(&any, &any.arms[0].segments[0], NULL), SEGMENT);
    assert_int_equal(ltv_draw_table_owner(&any, NULL, &any.contrasts[0]), CONTRAST);
    assert_close("mean", ltv_draw_table_mean(&table, &any, &any.arms[0].all, "ltv"), 55, 1e-15);
    assert_close("mean where somebody is",
                 ltv_draw_table_mean(&table, &any, &any.arms[0].segments[0], "ltv"), 700, 1e-15);
    ltv_estimate_free(&any);
    ltv_draw_table_free(&table);
    ltv_draw_table_free(&table);
}

/* The segment: draw d has d customers and 10 x (20 + 10 d), so 10 (20 x 28 + 10 x 140) / 28. */
static void curves_are_means_over_customers(void **state)
{
    (void)state;
    ltv_draw_table table = table_of(2, 0);
    ltv_estimate pooled;
    fill_curves(&table, &pooled);
    const ltv_group_estimate *all = &pooled.arms[0].all, *segment = &pooled.arms[0].segments[0];
    for (int u = 0; u < HORIZON; u++) {
        assert_close("all", all->revenue[u], 55 + 2 * u, 1e-15);
        assert_close("retention", all->retention[u], 1 - 0.055 * u, 1e-15);
        assert_close("segment", segment->contribution[u], 700 + 3 * u, 1e-15);
        assert_close("net", segment->net_ltv.by_period[u], 700 + 7 * u, 1e-15);
        assert_close("cash", pooled.contrasts[0].cumulative_cash[u], 55 + 2 * u, 1e-15);
    }
    assert_close("segment's end", segment->retention[HORIZON], 1 - 0.7 * HORIZON, 1e-15);
    assert_non_null(all->band[LTV_BAND_LTV_BY_PERIOD]);
    assert_null(segment->band[LTV_BAND_LTV_BY_PERIOD]);
    ltv_estimate_free(&pooled);
    ltv_draw_table_free(&table);
}

/* The 5 % quantile of 8 lies at (8 + 1/3) 0.05 + 1/3 = 0.75, so at the first; the 95 % quantile at
 * the last. Noise of variance (apart/2)^2 pulls them to the mean, by the variances 600 of the
 * values and what is left of it. */
static void bands_are_limits_over_draws_without_noise(void **state)
{
    (void)state;
    static const double aparts[] = {0, 10, 40};
    for (size_t i = 0; i < 3; i++) {
        ltv_draw_table table = table_of(2, aparts[i]);
        ltv_estimate pooled;
        double noise = aparts[i] * aparts[i] / 4, pull = sqrt((600 - noise) / 600);
        fill_curves(&table, &pooled);
        const double *band = pooled.arms[0].all.band[LTV_BAND_LTV_BY_PERIOD];
        const double *gain = pooled.contrasts[0].cumulative_gain_band;
        for (int u = 0; u < HORIZON; u++) {
            assert_close("lower", band[2 * u], 55 - 35 * pull + 6 * u, 1e-12);
            assert_close("upper", band[2 * u + 1], 55 + 35 * pull + 6 * u, 1e-12);
            assert_close("gain", gain[2 * u], 55 - 35 * pull + u, 1e-12);
        }
        ltv_estimate_free(&pooled);
        ltv_draw_table_free(&table);
    }
}

static const ltv_metric *metric_of(const ltv_group_estimate *group, const char *name)
{
    size_t i = 0;
    while (strcmp(group->metrics[i].name, name) != 0)
        i++;
    return &group->metrics[i];
}

/* Noise 20^2 of the variance 600; 100 customers in each draw. */
static void the_three_kinds_of_variation_are_kept_apart(void **state)
{
    (void)state;
    ltv_draw_table table = table_of(20, 0);
    ltv_estimate pooled;
    ltv_error err = {0};
    const ltv_scenario scenario = {.cohort_size = 1000000000};
    double pull = sqrt(200.0 / 600);
    fill_curves(&table, &pooled);
    assert_int_equal(ltv_draw_table_limits(&table, &pooled, &scenario, &err), LTV_OK);
    const ltv_group_estimate *all = &pooled.arms[0].all;
    assert_int_equal(all->ltv.draws, DRAWS);
    assert_close("Monte Carlo", all->ltv.standard_error, sqrt(600.0 / 8), 1e-14);
    assert_close("customers", all->ltv.customer_variance, 400 * 100, 1e-14);
    assert_close("parameters", all->ltv.parameter_variance, 200, 1e-13);
    assert_close("lower", all->ltv.u90_lower, 55 - 35 * pull, 1e-13);
    assert_close("upper", all->ltv.u90_upper, 55 + 35 * pull, 1e-13);
    assert_close("median", all->ltv.over_draws[4], 55, 1e-14);
    /* A billion customers have no chance left; the mixture of 8 points has its 5 % at the first. */
    assert_close("predicted", all->ltv.predicted_lower, all->ltv.u90_lower, 1e-3);
    assert_close("ratio", metric_of(all, "ltv_cac")->u90_upper, 5.5 + 3.5 * pull, 1e-13);
    /* The ratio of means is over what each draw's is over, here ten times itself. */
    double ratio = 28400.0 / 440 / 10, squares = 0;
    for (size_t d = 0; d < DRAWS; d++)
        squares += pow((values[d] / 10 - ratio) * values[d], 2);
    assert_close("error of a ratio", metric_of(all, "ltv_cac")->mc_standard_error,
                 sqrt(squares * 8 / 7) / 440, 1e-13);
    ltv_estimate_free(&pooled);
    ltv_draw_table_free(&table);
}

static void a_share_of_draws_is_counted(void **state)
{
    (void)state;
    ltv_draw_table table = table_of(0, 0);
    ltv_estimate pooled;
    ltv_error err = {0};
    const ltv_scenario scenario = {0};
    fill_curves(&table, &pooled);
    assert_int_equal(ltv_draw_table_limits(&table, &pooled, &scenario, &err), LTV_OK);
    const ltv_group_estimate *all = &pooled.arms[0].all;
    assert_close("7 of 8 are 3 or more", metric_of(all, "p_ltv_cac_above_3")->value, 7.0 / 8, 0);
    assert_close("no cohort", all->ltv.predicted_lower, 0, 0); /* left alone */
    const ltv_metric *payback = metric_of(all, "payback_survival");
    assert_close("payback at best", payback->u90_lower, 2, 0);
    assert_close("payback at worst", payback->u90_upper, INFINITY, 0);
    ltv_estimate_free(&pooled);
    ltv_draw_table_free(&table);
}

/* The segment has nobody in the first draw. */
static void what_is_not_seen_in_every_draw_has_no_limits(void **state)
{
    (void)state;
    ltv_draw_table table = table_of(2, 0);
    ltv_estimate pooled;
    ltv_error err = {0};
    const ltv_scenario scenario = {0};
    fill_curves(&table, &pooled);
    assert_int_equal(ltv_draw_table_limits(&table, &pooled, &scenario, &err), LTV_OK);
    const ltv_value_estimate *ltv = &pooled.arms[0].segments[0].ltv;
    assert_true(isnan(ltv->u90_lower) && isnan(ltv->u90_upper));
    assert_true(isnan(ltv->parameter_variance));
    assert_true(isnan(ltv->over_draws[0]) && isnan(ltv->over_draws[LTV_QUANTILES - 1]));
    assert_that("its error is known", ltv->standard_error > 0);
    ltv_estimate_free(&pooled);
    ltv_draw_table_free(&table);
}

static void a_draw_with_other_figures_is_a_bug(void **state)
{
    (void)state;
    ltv_draw_table table = table_of(2, 0);
    ltv_estimate draw;
    ltv_error err = {0};
    table.n = 1;
    estimate_init(&draw, 1, 1, 1);
    draw.arms[0].all.metrics[1].name[0] = 'x';
    const ltv_estimate halves[2] = {draw, draw};
    assert_int_equal(ltv_draw_table_add(&table, &draw, halves, &err), LTV_ERR_BUG);
    ltv_estimate_free(&draw);
    ltv_draw_table_free(&table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures_are_found_by_whose_they_are),
        cmocka_unit_test(curves_are_means_over_customers),
        cmocka_unit_test(bands_are_limits_over_draws_without_noise),
        cmocka_unit_test(the_three_kinds_of_variation_are_kept_apart),
        cmocka_unit_test(a_share_of_draws_is_counted),
        cmocka_unit_test(what_is_not_seen_in_every_draw_has_no_limits),
        cmocka_unit_test(a_draw_with_other_figures_is_a_bug),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
