/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/draw_table.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

ltv_draw_table ltv_draw_table_of(uint32_t n_draws, uint32_t scrambles, uint64_t customers)
{
    return (ltv_draw_table){.n_draws = n_draws, .scrambles = scrambles, .customers = customers};
}

static ltv_status no_memory(const ltv_draw_table *table, ltv_error *err)
{
    return ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory for the figures of %u draws",
                    table->n_draws);
}

/* --- the parts of an estimate in one order --- */

static size_t groups_of_arm(const ltv_arm_estimate *arm)
{
    return 1 + arm->n_segments + arm->n_channels;
}

static ltv_group_estimate *group_of_arm(const ltv_arm_estimate *arm, size_t i)
{
    if (i == 0)
        return (ltv_group_estimate *)&arm->all;
    return i <= arm->n_segments ? &arm->segments[i - 1] : &arm->channels[i - 1 - arm->n_segments];
}

static size_t count_groups(const ltv_estimate *estimate)
{
    size_t n = 0;
    for (size_t a = 0; a < estimate->n_arms; a++)
        n += groups_of_arm(&estimate->arms[a]);
    return n;
}

/* Group number `owner` of the estimate; NULL after the last. */
static ltv_group_estimate *group_at(const ltv_estimate *estimate, size_t owner)
{
    for (size_t a = 0; a < estimate->n_arms; a++) {
        size_t n = groups_of_arm(&estimate->arms[a]);
        if (owner < n)
            return group_of_arm(&estimate->arms[a], owner);
        owner -= n;
    }
    return NULL;
}

size_t ltv_draw_table_owner(const ltv_estimate *estimate, const ltv_group_estimate *group,
                            const ltv_contrast_estimate *contrast)
{
    size_t owner = 0;
    if (contrast != NULL)
        return count_groups(estimate) + (size_t)(contrast - estimate->contrasts);
    while (group_at(estimate, owner) != group)
        owner++;
    return owner;
}

/* The figures of group or contrast number `owner`: *n of them. */
static ltv_metric *metrics_of(const ltv_estimate *estimate, size_t n_groups, size_t owner,
                              size_t *n)
{
    if (owner >= n_groups) {
        const ltv_contrast_estimate *contrast = &estimate->contrasts[owner - n_groups];
        *n = contrast->n_metrics;
        return contrast->metrics;
    }
    const ltv_group_estimate *group = group_at(estimate, owner);
    *n = group->n_metrics;
    return group->metrics;
}

/* Its simulated customers. */
static double customers_of(const ltv_estimate *estimate, size_t n_groups, size_t owner)
{
    return owner >= n_groups ? (double)estimate->contrasts[owner - n_groups].delta_ltv.n
                             : (double)group_at(estimate, owner)->ltv.n;
}

/* A curve of a group or contrast. */
typedef struct {
    double *values;
    size_t n;
    double **band; /* where its limits go; NULL: it has none */
} curve;

enum { MOST_CURVES = 9 };

/* The curves of a group; those of a whole arm have limits. */
static size_t curves_of_group(ltv_group_estimate *group, bool whole, size_t horizon,
                              curve curves[MOST_CURVES])
{
    const curve all[MOST_CURVES] = {
        {group->retention, horizon + 1, &group->band[LTV_BAND_RETENTION]},
        {group->recurring_revenue, horizon, &group->band[LTV_BAND_RECURRING_REVENUE]},
        {group->revenue, horizon, &group->band[LTV_BAND_REVENUE]},
        {group->contribution, horizon, &group->band[LTV_BAND_CONTRIBUTION]},
        {group->cumulative_contribution, horizon, &group->band[LTV_BAND_CUMULATIVE_CONTRIBUTION]},
        {group->cumulative_discounted_contribution, horizon,
         &group->band[LTV_BAND_CUMULATIVE_DISCOUNTED_CONTRIBUTION]},
        {group->ltv.by_period, horizon, &group->band[LTV_BAND_LTV_BY_PERIOD]},
        {group->net_ltv.by_period, horizon, NULL},
        {group->programme_cost, horizon, NULL}};
    size_t n = 0;
    for (size_t i = 0; i < MOST_CURVES; i++) {
        curves[n] = all[i];
        curves[n].band = whole ? all[i].band : NULL;
        n += all[i].values != NULL;
    }
    return n;
}

static size_t curves_of_contrast(ltv_contrast_estimate *contrast, size_t horizon,
                                 curve curves[MOST_CURVES])
{
    curves[0] = (curve){contrast->delta_retention, horizon + 1, NULL};
    curves[1] = (curve){contrast->cumulative_gain, horizon, &contrast->cumulative_gain_band};
    curves[2] = (curve){contrast->cumulative_cash, horizon, NULL};
    return 3;
}

static bool is_whole_arm(const ltv_estimate *estimate, const ltv_group_estimate *group)
{
    for (size_t a = 0; a < estimate->n_arms; a++)
        if (group == &estimate->arms[a].all)
            return true;
    return false;
}

/* The curves of group or contrast number `owner`. */
static size_t curves_of(const ltv_estimate *estimate, size_t n_groups, size_t owner,
                        curve curves[MOST_CURVES])
{
    if (owner >= n_groups)
        return curves_of_contrast(&estimate->contrasts[owner - n_groups], estimate->horizon,
                                  curves);
    ltv_group_estimate *group = group_at(estimate, owner);
    return curves_of_group(group, is_whole_arm(estimate, group), estimate->horizon, curves);
}

static size_t count_holdings(const ltv_arm_estimate *arm)
{
    return arm->n_plans + arm->n_add_ons;
}

static const ltv_holding *holding_at(const ltv_arm_estimate *arm, size_t i)
{
    return i < arm->n_plans ? &arm->plans[i] : &arm->add_ons[i - arm->n_plans];
}

/* --- adding a draw --- */

static void count(ltv_draw_table *table, const ltv_estimate *draw)
{
    table->n_groups = count_groups(draw);
    table->n_arms = draw->n_arms;
    for (size_t owner = 0; owner < table->n_groups + draw->n_contrasts; owner++) {
        size_t n;
        curve curves[MOST_CURVES];
        metrics_of(draw, table->n_groups, owner, &n);
        table->n_figures += n;
        n = curves_of(draw, table->n_groups, owner, curves);
        for (size_t c = 0; c < n; c++) {
            table->n_curves += curves[c].n;
            table->n_banded += curves[c].band != NULL ? curves[c].n : 0;
        }
    }
    for (size_t a = 0; a < draw->n_arms; a++)
        table->n_parts += count_holdings(&draw->arms[a]) * draw->horizon;
}

static void name_figures(ltv_draw_table *table, const ltv_estimate *draw)
{
    size_t figure = 0;
    for (size_t owner = 0; owner < table->n_groups + draw->n_contrasts; owner++) {
        size_t n;
        const ltv_metric *metrics = metrics_of(draw, table->n_groups, owner, &n);
        for (size_t i = 0; i < n; i++, figure++) {
            table->figures[figure].owner = owner;
            memcpy(table->figures[figure].name, metrics[i].name, LTV_METRIC_NAME_SIZE);
        }
    }
}

/* The first draw says what there is. */
static ltv_status begin(ltv_draw_table *table, const ltv_estimate *draw, ltv_error *err)
{
    count(table, draw);
    table->figures = calloc(table->n_figures + 1, sizeof *table->figures);
    table->value = calloc(table->n_figures * table->n_draws + 1, sizeof *table->value);
    table->noise = calloc(table->n_figures * table->n_draws + 1, sizeof *table->noise);
    table->weight = calloc(table->n_figures * table->n_draws + 1, sizeof *table->weight);
    table->customers_of = calloc(table->n_groups + draw->n_contrasts, sizeof *table->customers_of);
    table->sums = calloc(table->n_curves + 1, sizeof *table->sums);
    table->parts = calloc(table->n_parts + 1, sizeof *table->parts);
    table->banded = calloc(table->n_banded * table->n_draws + 1, sizeof *table->banded);
    table->half_differences = calloc(table->n_banded + 1, sizeof *table->half_differences);
    table->half_products = calloc(table->n_arms * table->n_arms, sizeof *table->half_products);
    if (table->figures == NULL || table->value == NULL || table->noise == NULL ||
        table->weight == NULL || table->customers_of == NULL || table->sums == NULL ||
        table->parts == NULL || table->banded == NULL || table->half_differences == NULL ||
        table->half_products == NULL)
        return no_memory(table, err);
    name_figures(table, draw);
    return LTV_OK;
}

/* The same rows with room for more draws each; NULL without memory. */
static double *longer_rows(const double *rows, size_t n_rows, uint32_t n, uint32_t before,
                           uint32_t after)
{
    double *longer = calloc(n_rows * after + 1, sizeof *longer);
    for (size_t row = 0; longer != NULL && row < n_rows; row++)
        memcpy(longer + row * after, rows + row * before, n * sizeof *rows);
    return longer;
}

static void replace(double **rows, double *longer)
{
    free(*rows);
    *rows = longer;
}

ltv_status ltv_draw_table_reserve(ltv_draw_table *table, uint32_t n_draws, ltv_error *err)
{
    uint32_t n = table->n, before = table->n_draws;
    if (n > 0) {
        double *value = longer_rows(table->value, table->n_figures, n, before, n_draws);
        double *noise = longer_rows(table->noise, table->n_figures, n, before, n_draws);
        double *weight = longer_rows(table->weight, table->n_figures, n, before, n_draws);
        double *banded = longer_rows(table->banded, table->n_banded, n, before, n_draws);
        if (value == NULL || noise == NULL || weight == NULL || banded == NULL) {
            free(value);
            free(noise);
            free(weight);
            free(banded);
            return no_memory(table, err);
        }
        replace(&table->value, value);
        replace(&table->noise, noise);
        replace(&table->weight, weight);
        replace(&table->banded, banded);
    }
    table->n_draws = n_draws;
    return LTV_OK;
}

size_t ltv_draw_table_bytes_per_draw(const ltv_draw_table *table)
{
    return (3 * table->n_figures + table->n_banded) * sizeof(double);
}

/* What a figure is worth in this draw. */
static double value_in_draw(const ltv_metric *metric)
{
    static const char beyond[] = "not within the horizon";
    bool late = isnan(metric->value) && strncmp(metric->note, beyond, strlen(beyond)) == 0;
    return late ? INFINITY : metric->value;
}

static ltv_status add_figures(ltv_draw_table *table, const ltv_estimate *draw, ltv_error *err)
{
    size_t figure = 0;
    for (size_t owner = 0; owner < table->n_groups + draw->n_contrasts; owner++) {
        size_t n;
        const ltv_metric *metrics = metrics_of(draw, table->n_groups, owner, &n);
        double customers = customers_of(draw, table->n_groups, owner);
        for (size_t i = 0; i < n; i++, figure++) {
            const ltv_draw_figure *known = &table->figures[figure];
            if (figure >= table->n_figures || known->owner != owner ||
                strcmp(known->name, metrics[i].name) != 0)
                return ltv_fail(err, LTV_ERR_BUG, "draw %u has the figure %s, the first has not",
                                table->n, metrics[i].name);
            double error = metrics[i].mc_standard_error;
            size_t at = figure * table->n_draws + table->n;
            table->value[at] = value_in_draw(&metrics[i]);
            table->noise[at] = error * error;
            table->weight[at] = metrics[i].denominator * customers;
        }
    }
    return LTV_OK;
}

static void add_curves(ltv_draw_table *table, const ltv_estimate *draw)
{
    size_t number = 0, banded = 0;
    for (size_t owner = 0; owner < table->n_groups + draw->n_contrasts; owner++) {
        curve curves[MOST_CURVES];
        size_t n = curves_of(draw, table->n_groups, owner, curves);
        double customers = customers_of(draw, table->n_groups, owner);
        table->customers_of[owner] += customers;
        for (size_t c = 0; c < n; c++) {
            for (size_t u = 0; u < curves[c].n; u++, number++)
                table->sums[number] += customers > 0 ? customers * curves[c].values[u] : 0;
            for (size_t u = 0; curves[c].band != NULL && u < curves[c].n; u++)
                table->banded[banded++ * table->n_draws + table->n] = curves[c].values[u];
        }
    }
}

/* Prices may change by another factor in each draw, so that money is summed, not what was sold. */
static void add_parts(ltv_draw_table *table, const ltv_estimate *draw)
{
    size_t number = 0;
    for (size_t a = 0; a < draw->n_arms; a++) {
        const ltv_group_estimate *all = &draw->arms[a].all;
        for (size_t i = 0; i < count_holdings(&draw->arms[a]); i++)
            for (size_t u = 0; u < draw->horizon; u++)
                table->parts[number++] += (double)all->ltv.n * all->recurring_revenue[u] *
                                          holding_at(&draw->arms[a], i)->revenue_share[u];
    }
}

/* Halves have whole arms and contrasts only, whose curves with limits come in the same order. */
static void add_half_differences(ltv_draw_table *table, const ltv_estimate halves[2])
{
    size_t banded = 0, n_groups = count_groups(&halves[0]);
    for (size_t owner = 0; owner < n_groups + halves[0].n_contrasts; owner++) {
        curve first[MOST_CURVES], second[MOST_CURVES];
        size_t n = curves_of(&halves[0], n_groups, owner, first);
        curves_of(&halves[1], n_groups, owner, second);
        for (size_t c = 0; c < n; c++)
            for (size_t u = 0; first[c].band != NULL && u < first[c].n; u++) {
                double half = (first[c].values[u] - second[c].values[u]) / 2;
                table->half_differences[banded++] += half * half;
            }
    }
}

/* The mean of n customers is that of halves of n1 and n2, whose difference has n^2 / (n1 n2) times
 * its variance. */
static void add_half_products(ltv_draw_table *table, const ltv_estimate halves[2])
{
    double n[2] = {(double)halves[0].arms[0].all.net_ltv.n,
                   (double)halves[1].arms[0].all.net_ltv.n};
    double weight = n[0] * n[1] / ((n[0] + n[1]) * (n[0] + n[1]));
    for (size_t a = 0; a < table->n_arms; a++)
        for (size_t b = 0; b < table->n_arms; b++) {
            double difference[2];
            for (int i = 0; i < 2; i++)
                difference[i] = halves[0].arms[i == 0 ? a : b].all.net_ltv.mean -
                                halves[1].arms[i == 0 ? a : b].all.net_ltv.mean;
            table->half_products[a * table->n_arms + b] += weight * difference[0] * difference[1];
        }
}

ltv_status ltv_draw_table_add(ltv_draw_table *table, const ltv_estimate *draw,
                              const ltv_estimate halves[2], ltv_error *err)
{
    ltv_status status = table->n == 0 ? begin(table, draw, err) : LTV_OK;
    if (status == LTV_OK)
        status = add_figures(table, draw, err);
    if (status != LTV_OK)
        return status;
    add_curves(table, draw);
    add_parts(table, draw);
    add_half_differences(table, halves);
    add_half_products(table, halves);
    table->n++;
    return LTV_OK;
}

ltv_status ltv_draw_table_add_outlines(ltv_draw_table *table, const ltv_tally *draw, ltv_error *err)
{
    ltv_status status = LTV_OK;
    size_t n = ltv_outline_of_contrast(draw->n_arms, draw->n_contrasts);
    if (table->outlines == NULL) {
        table->outlines = calloc(n, sizeof *table->outlines);
        if (table->outlines == NULL)
            return no_memory(table, err);
        while (status == LTV_OK && table->n_outlines < n)
            status =
                ltv_outline_sums_init(&table->outlines[table->n_outlines++], table->scrambles, err);
    }
    for (size_t i = 0; status == LTV_OK && i < n; i++)
        ltv_outline_sums_add(&table->outlines[i], &draw->outlines[i]);
    return status;
}

/* --- reading --- */

ltv_draw_series ltv_draw_table_series(const ltv_draw_table *table, size_t owner, const char *name)
{
    ltv_draw_series series = {.scrambles = table->scrambles};
    for (size_t i = 0; i < table->n_figures; i++) {
        if (table->figures[i].owner != owner || strcmp(table->figures[i].name, name) != 0)
            continue;
        series.n = table->n;
        series.value = table->value + i * table->n_draws;
        series.noise_variance = table->noise + i * table->n_draws;
        bool known = false;
        for (uint32_t d = 0; d < table->n; d++)
            known |= !isnan(series.noise_variance[d]);
        if (!known)
            series.noise_variance = NULL;
        break;
    }
    return series;
}

/* The figure of all draws with its error; over those where it applies, if it does not in all (a
 * small segment has nobody in some). */
static ltv_mean pooled_figure(const ltv_draw_table *table, size_t owner, const char *name)
{
    ltv_draw_series series = ltv_draw_table_series(table, owner, name);
    series.given_it_applies = true;
    if (series.n == 0)
        return (ltv_mean){NAN, NAN};
    return ltv_draws_weighted_mean(&series, table->weight + (series.value - table->value));
}

double ltv_draw_table_mean(const ltv_draw_table *table, const ltv_estimate *estimate,
                           const ltv_group_estimate *group, const char *name)
{
    size_t owner = ltv_draw_table_owner(estimate, group, NULL);
    return pooled_figure(table, owner, name).mean;
}

/* The 5 % and 95 % quantiles of the noise-corrected values, in `room` for [n]. */
static void limits_over_draws(const ltv_draw_series *series, double *room, double limits[2])
{
    ltv_draws_corrected(room, series);
    limits[0] = ltv_draws_select(room, series->n, 0.05);
    limits[1] = ltv_draws_select(room, series->n, 0.95);
}

/* One curve's limits from the banded numbers that begin at `banded`. noise: room for [n]. */
static void fill_band(const ltv_draw_table *table, double *band, size_t n, size_t banded,
                      double *room, double *noise)
{
    for (size_t u = 0; u < n; u++) {
        double variance = table->half_differences[banded + u] / table->n;
        for (uint32_t d = 0; d < table->n; d++)
            noise[d] = variance;
        ltv_draw_series series = {.n = table->n,
                                  .value = table->banded + (banded + u) * table->n_draws,
                                  .noise_variance = noise,
                                  .scrambles = table->scrambles};
        limits_over_draws(&series, room, band + 2 * u);
    }
}

/* After the curves: shares of the recurring revenue over all draws. */
static void fill_parts(const ltv_draw_table *table, ltv_estimate *estimate)
{
    size_t number = 0;
    for (size_t a = 0; a < estimate->n_arms; a++) {
        const ltv_group_estimate *all = &estimate->arms[a].all;
        for (size_t i = 0; i < count_holdings(&estimate->arms[a]); i++) {
            double *share = holding_at(&estimate->arms[a], i)->revenue_share;
            for (size_t u = 0; u < estimate->horizon; u++, number++) {
                double whole = (double)all->ltv.n * all->recurring_revenue[u];
                share[u] = whole > 0 ? table->parts[number] / whole : 0;
            }
        }
    }
}

ltv_status ltv_draw_table_curves(const ltv_draw_table *table, ltv_estimate *estimate,
                                 ltv_error *err)
{
    size_t number = 0, banded = 0;
    double *room = calloc(2 * (size_t)table->n + 1, sizeof *room);
    bool ok = room != NULL;
    for (size_t owner = 0; ok && owner < table->n_groups + estimate->n_contrasts; owner++) {
        curve curves[MOST_CURVES];
        size_t n = curves_of(estimate, table->n_groups, owner, curves);
        for (size_t c = 0; ok && c < n; c++) {
            for (size_t u = 0; u < curves[c].n; u++)
                curves[c].values[u] = table->sums[number++] / table->customers_of[owner];
            if (curves[c].band == NULL)
                continue;
            *curves[c].band = calloc(2 * curves[c].n, sizeof **curves[c].band);
            ok = *curves[c].band != NULL;
            if (ok)
                fill_band(table, *curves[c].band, curves[c].n, banded, room, room + table->n);
            banded += curves[c].n;
        }
    }
    free(room);
    if (ok)
        fill_parts(table, estimate);
    return ok ? LTV_OK : no_memory(table, err);
}

/* --- noise of arms --- */

void ltv_draw_table_noise(const ltv_draw_table *table, double *noise)
{
    for (size_t i = 0; i < table->n_arms * table->n_arms; i++)
        noise[i] = table->half_products[i] / (double)table->n;
}

/* --- errors and limits of figures --- */

/* All that is needed on the way. */
typedef struct {
    const ltv_draw_table *table;
    const ltv_scenario *scenario;
    double *room; /* owned, [draws] */
    ltv_error *err;
} limiter;

/* Figures that are shares of draws, and of which figure. */
static const struct {
    const char *name, *of;
    double threshold;
    bool below;
} shares[] = {
    {"p_ltv_cac_above_3", "ltv_cac", 3, false},
    {"p_roi_above_0", "roi", 0, false},
    {"p_loss", "net_gain", 0, true},
};

/* Figures that are exact in each draw, or made of what is: their mean over draws is what is
 * expected of all, known as well as the draws tell. */
static const char *const exact_figures[] = {"cac",
                                            "cac_paid",
                                            "expected_ltv",
                                            "ltv_controlled",
                                            "expected_discounted_lifetime",
                                            "closed_form_discounted_lifetime",
                                            "closed_form_residual_lifetime",
                                            "value_beyond_horizon"};

static bool is_exact(const char *name)
{
    for (size_t i = 0; i < sizeof exact_figures / sizeof *exact_figures; i++)
        if (strcmp(exact_figures[i], name) == 0)
            return true;
    return false;
}

static ltv_status fill_share(const limiter *self, size_t owner, ltv_metric *metric)
{
    for (size_t i = 0; i < sizeof shares / sizeof *shares; i++) {
        if (strcmp(shares[i].name, metric->name) != 0)
            continue;
        ltv_mean share = {NAN, NAN};
        ltv_draw_series of = ltv_draw_table_series(self->table, owner, shares[i].of);
        ltv_status status = ltv_draws_probability(&share, &of, shares[i].threshold, self->err);
        metric->value = shares[i].below ? 1 - share.mean : share.mean;
        metric->mc_standard_error = share.standard_error;
        if (!isnan(metric->value))
            metric->note[0] = '\0';
        else
            snprintf(metric->note, sizeof metric->note, "not applicable in every draw");
        return status;
    }
    return LTV_OK;
}

static ltv_status fill_metric(const limiter *self, size_t owner, ltv_metric *metric)
{
    ltv_draw_series series = ltv_draw_table_series(self->table, owner, metric->name);
    double limits[2];
    if (series.n == 0)
        return LTV_OK; /* not a figure of draws */
    ltv_mean mean = pooled_figure(self->table, owner, metric->name);
    limits_over_draws(&series, self->room, limits);
    metric->u90_lower = limits[0];
    metric->u90_upper = limits[1];
    if (is_exact(metric->name))
        metric->value = mean.mean;
    if (!isnan(metric->mc_standard_error) || (is_exact(metric->name) && mean.standard_error > 0))
        metric->mc_standard_error = mean.standard_error;
    return fill_share(self, owner, metric);
}

/* What 90 % of cohorts of the real size have as their mean. */
static ltv_status fill_prediction(const limiter *self, size_t owner, const char *name,
                                  ltv_value_estimate *value)
{
    double limits[2], cohort = (double)self->scenario->cohort_size;
    ltv_draw_series series = ltv_draw_table_series(self->table, owner, name);
    if (!(cohort > 0) || series.noise_variance == NULL)
        return LTV_OK;
    for (size_t d = 0; d < series.n; d++)
        self->room[d] = series.noise_variance[d] * (double)self->table->customers;
    ltv_status status =
        ltv_draws_predictive(limits, &series, 0.05, 0.95, self->room, cohort, self->err);
    value->predicted_lower = limits[0];
    value->predicted_upper = limits[1];
    return status;
}

void ltv_draw_table_variance(const ltv_draw_table *table, size_t owner, const char *name,
                             ltv_value_estimate *value)
{
    ltv_draw_series series = ltv_draw_table_series(table, owner, name);
    value->draws = table->n;
    if (series.n == 0)
        return;
    ltv_variance_parts parts = ltv_draws_variance(&series);
    value->standard_error = pooled_figure(table, owner, name).standard_error;
    value->customer_variance = parts.noise * (double)value->n / (double)table->n;
    value->parameter_variance = parts.parameter < 0 ? 0 : parts.parameter;
}

static void fill_value(const limiter *self, size_t owner, const char *name,
                       ltv_value_estimate *value)
{
    ltv_draw_series series = ltv_draw_table_series(self->table, owner, name);
    ltv_draw_table_variance(self->table, owner, name, value);
    if (series.n == 0)
        return;
    ltv_draws_corrected(self->room, &series);
    ltv_draws_sort(self->room, series.n);
    value->u90_lower = ltv_draws_quantile(self->room, series.n, 0.05);
    value->u90_upper = ltv_draws_quantile(self->room, series.n, 0.95);
    for (int i = 0; i < LTV_QUANTILES; i++)
        value->over_draws[i] = ltv_draws_quantile(self->room, series.n, ltv_quantile_levels[i]);
}

/* How many times less noise the controlled mean has within a draw. */
static double control_factor(const limiter *self, size_t owner)
{
    ltv_draw_series plain = ltv_draw_table_series(self->table, owner, "ltv");
    ltv_draw_series controlled = ltv_draw_table_series(self->table, owner, "ltv_controlled");
    if (plain.noise_variance == NULL || controlled.noise_variance == NULL)
        return NAN;
    return ltv_draws_variance(&plain).noise / ltv_draws_variance(&controlled).noise;
}

static ltv_status fill_owner(const limiter *self, ltv_estimate *estimate, size_t owner)
{
    size_t n;
    ltv_metric *metrics = metrics_of(estimate, self->table->n_groups, owner, &n);
    ltv_group_estimate *group = group_at(estimate, owner);
    ltv_status status = LTV_OK;
    for (size_t i = 0; status == LTV_OK && i < n; i++)
        status = fill_metric(self, owner, &metrics[i]);
    if (status != LTV_OK)
        return status;
    if (group != NULL) {
        bool whole = is_whole_arm(estimate, group);
        fill_value(self, owner, "ltv", &group->ltv);
        ltv_estimate_take_controlled(group);
        group->ltv.control_factor = control_factor(self, owner);
        fill_value(self, owner, "net_ltv", &group->net_ltv);
        status = whole ? fill_prediction(self, owner, "ltv", &group->ltv) : LTV_OK;
        if (status == LTV_OK && whole)
            status = fill_prediction(self, owner, "net_ltv", &group->net_ltv);
    } else {
        ltv_value_estimate *delta = &estimate->contrasts[owner - self->table->n_groups].delta_ltv;
        fill_value(self, owner, "delta_ltv", delta);
        status = fill_prediction(self, owner, "delta_ltv", delta);
    }
    return status;
}

ltv_status ltv_draw_table_limits(const ltv_draw_table *table, ltv_estimate *estimate,
                                 const ltv_scenario *scenario, ltv_error *err)
{
    limiter self = {.table = table,
                    .scenario = scenario,
                    .room = calloc((size_t)table->n + 1, sizeof *self.room),
                    .err = err};
    ltv_status status = self.room != NULL ? LTV_OK : no_memory(table, err);
    for (size_t o = 0; status == LTV_OK && o < table->n_groups + estimate->n_contrasts; o++)
        status = fill_owner(&self, estimate, o);
    free(self.room);
    return status;
}

void ltv_draw_table_free(ltv_draw_table *table)
{
    free(table->figures);
    free(table->value);
    free(table->noise);
    free(table->weight);
    free(table->customers_of);
    free(table->sums);
    free(table->parts);
    free(table->banded);
    free(table->half_differences);
    free(table->half_products);
    for (size_t i = 0; i < table->n_outlines; i++)
        ltv_outline_sums_free(&table->outlines[i]);
    free(table->outlines);
    *table = (ltv_draw_table){0};
}
