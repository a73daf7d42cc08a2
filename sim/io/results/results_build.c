/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/io/results/results_build.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/decide.h"
#include "sim/draw_table.h"
#include "sim/figure_path.h"
#include "sim/io/results/results_schema.h"

/* Longest: "/compare/<64>|<64>/delta_ltv/one_customer/histogram/centers". */
enum { PATH_SIZE = 256 };

typedef struct {
    ltv_document *doc;
    const char *currency;
    const char *time_unit;
    bool has_draws;    /* inputs are uncertain */
    ltv_status status; /* LTV_ERR_BUG once something was not in the schema */
    ltv_error *err;
} builder;

/* A path that did not fit would be empty, which the schema does not declare. */
static const char *join(char path[PATH_SIZE], const char *base, const char *below)
{
    if (snprintf(path, PATH_SIZE, "%s/%s", base, below) >= PATH_SIZE)
        path[0] = '\0';
    return path;
}

/* ---- adding what the schema declares ---- */

static void undeclared(builder *b, const char *path, const char *name)
{
    b->status =
        ltv_fail(b->err, LTV_ERR_BUG, "the results schema does not declare %s%s%s as it is written",
                 path, name == NULL ? "" : "@", name == NULL ? "" : name);
}

/* The item of the node, checked against the kind and type it is to have. */
static const ltv_results_item *declared_node(builder *b, const char *path, ltv_item_kind kind,
                                             const ltv_results_pattern **pattern)
{
    const ltv_results_item *item = ltv_results_find(path, pattern);
    if (item != NULL && item->kind == kind)
        return item;
    undeclared(b, path, NULL);
    return NULL;
}

static bool declared_part(builder *b, const ltv_node *node, ltv_item_kind kind, const char *name,
                          ltv_value_type type, bool is_list)
{
    const ltv_results_item *item = ltv_results_find(node->path, NULL);
    const ltv_results_item *part = item == NULL ? NULL : ltv_results_find_part(item, kind, name);
    if (part != NULL && part->type == type && part->is_list == is_list)
        return true;
    undeclared(b, node->path, name);
    return false;
}

/* "p: 1, value: JPY": the units of a table's columns. */
static void set_table_units(builder *b, ltv_node *node, const ltv_results_item *table)
{
    char units[512] = "", one[LTV_UNITS_SIZE];
    size_t length = 0;
    for (size_t i = 0; i < ltv_results_n_items; i++) {
        const ltv_results_item *item = &ltv_results_items[i];
        if (item->kind != LTV_ITEM_COLUMN || item->units == NULL || item->place != table->place ||
            strcmp(item->path, table->path) != 0 || length >= sizeof units)
            continue;
        length += (size_t)snprintf(units + length, sizeof units - length, "%s%s: %s",
                                   length == 0 ? "" : ", ", item->name,
                                   ltv_results_units(one, item, b->currency, b->time_unit));
    }
    ltv_node_set_string(b->doc, node, "units", units);
}

static ltv_node *describe(builder *b, ltv_node *node, const ltv_results_item *item,
                          const ltv_results_pattern *pattern)
{
    char description[LTV_DESCRIPTION_SIZE], units[LTV_UNITS_SIZE];
    ltv_node_set_string(b->doc, node, "description",
                        ltv_results_description(description, item, pattern));
    if (item->units != NULL)
        ltv_node_set_string(b->doc, node, "units",
                            ltv_results_units(units, item, b->currency, b->time_unit));
    else if (item->kind == LTV_ITEM_TABLE)
        set_table_units(b, node, item);
    return node;
}

static ltv_node *add_group(builder *b, const char *path)
{
    const ltv_results_pattern *pattern = NULL;
    const ltv_results_item *item = declared_node(b, path, LTV_ITEM_GROUP, &pattern);
    return item == NULL ? NULL : describe(b, ltv_document_group(b->doc, path), item, pattern);
}

static ltv_node *add_table(builder *b, const char *path, size_t n_rows)
{
    const ltv_results_pattern *pattern = NULL;
    const ltv_results_item *item = declared_node(b, path, LTV_ITEM_TABLE, &pattern);
    if (item == NULL)
        return NULL;
    return describe(b, ltv_document_table(b->doc, path, n_rows), item, pattern);
}

static void add_text(builder *b, const char *path, const char *text)
{
    const ltv_results_pattern *pattern = NULL;
    const ltv_results_item *item = declared_node(b, path, LTV_ITEM_TEXT, &pattern);
    if (item != NULL)
        describe(b, ltv_document_text(b->doc, path, text), item, pattern);
}

static void add_real(builder *b, const char *path, size_t n, const double *v)
{
    const ltv_results_pattern *pattern = NULL;
    const ltv_results_item *item = declared_node(b, path, LTV_ITEM_ARRAY, &pattern);
    if (item != NULL && item->type == LTV_TYPE_DOUBLE)
        describe(b, ltv_document_array(b->doc, path, 1, &n, v), item, pattern);
    else
        undeclared(b, path, NULL);
}

/* Of rank 2. */
static void add_rows(builder *b, const char *path, size_t n_rows, size_t n_columns, const double *v)
{
    const ltv_results_pattern *pattern = NULL;
    const ltv_results_item *item = declared_node(b, path, LTV_ITEM_ARRAY, &pattern);
    size_t extent[2] = {n_rows, n_columns};
    if (item != NULL && item->type == LTV_TYPE_DOUBLE)
        describe(b, ltv_document_array(b->doc, path, 2, extent, v), item, pattern);
    else
        undeclared(b, path, NULL);
}

static void add_strings(builder *b, const char *path, size_t n, const char *const *v)
{
    const ltv_results_pattern *pattern = NULL;
    const ltv_results_item *item = declared_node(b, path, LTV_ITEM_ARRAY, &pattern);
    if (item != NULL && item->type == LTV_TYPE_STRING)
        describe(b, ltv_document_array_string(b->doc, path, n, v), item, pattern);
    else
        undeclared(b, path, NULL);
}

static void add_int64(builder *b, const char *path, size_t n, const int64_t *v)
{
    const ltv_results_pattern *pattern = NULL;
    const ltv_results_item *item = declared_node(b, path, LTV_ITEM_ARRAY, &pattern);
    if (item != NULL && item->type == LTV_TYPE_INT64)
        describe(b, ltv_document_array_int64(b->doc, path, 1, &n, v), item, pattern);
    else
        undeclared(b, path, NULL);
}

static void set_real(builder *b, ltv_node *node, const char *name, double v)
{
    if (node != NULL && declared_part(b, node, LTV_ITEM_ATTRIBUTE, name, LTV_TYPE_DOUBLE, false))
        ltv_node_set_real(b->doc, node, name, v);
}

static void set_int64(builder *b, ltv_node *node, const char *name, int64_t v)
{
    if (node != NULL && declared_part(b, node, LTV_ITEM_ATTRIBUTE, name, LTV_TYPE_INT64, false))
        ltv_node_set_int64(b->doc, node, name, v);
}

static void set_string(builder *b, ltv_node *node, const char *name, const char *v)
{
    if (node != NULL && declared_part(b, node, LTV_ITEM_ATTRIBUTE, name, LTV_TYPE_STRING, false))
        ltv_node_set_string(b->doc, node, name, v);
}

/* What NeXus-aware viewers plot of the group: `signal` over `axis`. */
static void set_plot(builder *b, ltv_node *node, const char *signal, const char *axis)
{
    set_string(b, node, "NX_class", "NXdata");
    set_string(b, node, "signal", signal);
    if (node != NULL && declared_part(b, node, LTV_ITEM_ATTRIBUTE, "axes", LTV_TYPE_STRING, true))
        ltv_node_set_strings(b->doc, node, "axes", 1, &axis);
}

static void column_real(builder *b, ltv_node *table, const char *name, const double *v)
{
    if (table != NULL && declared_part(b, table, LTV_ITEM_COLUMN, name, LTV_TYPE_DOUBLE, false))
        ltv_node_column_real(b->doc, table, name, v);
}

static void column_int64(builder *b, ltv_node *table, const char *name, const int64_t *v)
{
    if (table != NULL && declared_part(b, table, LTV_ITEM_COLUMN, name, LTV_TYPE_INT64, false))
        ltv_node_column_int64(b->doc, table, name, v);
}

static void column_string(builder *b, ltv_node *table, const char *name, const char *const *v)
{
    if (table != NULL && declared_part(b, table, LTV_ITEM_COLUMN, name, LTV_TYPE_STRING, false))
        ltv_node_column_string(b->doc, table, name, v);
}

/* ---- the run as a whole ---- */

/* What the scenario says of the run. Returns the root. */
static ltv_node *build_root_of_scenario(builder *b, const ltv_scenario *scenario,
                                        const char *baseline, size_t n_arms)
{
    char version[32];
    snprintf(version, sizeof version, "%d.%d", LTV_RESULTS_MAJOR, LTV_RESULTS_MINOR);
    ltv_node *root = add_group(b, "/");
    set_string(b, root, "format", LTV_RESULTS_FORMAT);
    set_string(b, root, "format_version", version);
    set_string(b, root, "title", scenario->title == NULL ? "" : scenario->title);
    set_string(b, root, "currency", scenario->currency);
    set_int64(b, root, "currency_decimals", scenario->currency_decimals);
    set_string(b, root, "time_unit", ltv_time_unit_name(scenario->time_unit));
    set_int64(b, root, "horizon", scenario->horizon);
    set_string(b, root, "payment", ltv_payment_name(scenario->payment));
    set_real(b, root, "discount_rate_per_year", scenario->discount_rate_per_year);
    set_int64(b, root, "seed", (int64_t)scenario->seed);
    set_int64(b, root, "cohort_size", (int64_t)scenario->cohort_size);
    set_string(b, root, "baseline", baseline);
    set_int64(b, root, "n_arms", (int64_t)n_arms);
    set_int64(b, root, "uncertain_inputs", (int64_t)scenario->inputs.n);
    set_int64(b, root, "complete", 1);
    set_string(b, root, "NX_class", "NXroot");
    return root;
}

static void build_root(builder *b, const ltv_estimate *estimate, const ltv_scenario *scenario)
{
    ltv_node *root =
        build_root_of_scenario(b, scenario, estimate->arms[0].all.name, estimate->n_arms);
    set_int64(
        b, root, "customers",
        (int64_t)(estimate->draws != NULL ? estimate->draws->customers : estimate->customers));
    set_real(b, root, "mc_t95", estimate->mc_t95);
    if (scenario->n_precisions > 0) {
        set_string(b, root, "stopped", estimate->stopping);
        set_int64(b, root, "is_precise", estimate->is_precise);
    }
    if (estimate->draws != NULL) {
        set_int64(b, root, "n_draws", estimate->draws->n);
        set_string(b, root, "sampling", ltv_sampling_name(scenario->sampling));
        if (estimate->choice[0] != '\0')
            set_string(b, root, "customers_chosen", estimate->choice);
    }
    set_string(b, root, "default", "arms");
}

static void build_scales(builder *b, uint32_t horizon)
{
    int64_t *count = calloc((size_t)horizon + 1, sizeof *count);
    if (count == NULL) {
        b->doc->out_of_memory = true;
        return;
    }
    for (uint32_t u = 0; u <= horizon; u++)
        count[u] = u;
    add_int64(b, "/period", (size_t)horizon + 1, count);
    add_int64(b, "/bill", horizon, count);
    free(count);
}

/* One line for each, without a newline after the last. */
static char *join_lines(size_t n, char *const *lines)
{
    size_t size = 1;
    for (size_t i = 0; i < n; i++)
        size += strlen(lines[i]) + 1;
    char *text = calloc(size, 1);
    char *end = text;
    for (size_t i = 0; text != NULL && i < n; i++) {
        if (i > 0)
            *end++ = '\n';
        end = stpcpy(end, lines[i]);
    }
    return text;
}

static void add_lines(builder *b, const char *path, size_t n, char *const *lines)
{
    char *text = join_lines(n, lines);
    if (text == NULL)
        b->doc->out_of_memory = true;
    else
        add_text(b, path, text);
    free(text);
}

static void build_scenario(builder *b, const ltv_scenario_file *file)
{
    add_group(b, "/scenario");
    add_text(b, "/scenario/source", file->source == NULL ? "" : file->source);
    add_text(b, "/scenario/effective", file->effective == NULL ? "" : file->effective);
    add_text(b, "/scenario/overrides", file->overrides == NULL ? "" : file->overrides);
    add_lines(b, "/scenario/assumed", file->n_assumed, file->assumed);
    add_lines(b, "/scenario/warnings", file->n_warnings, file->warnings);
}

static void build_provenance(builder *b, const ltv_provenance *provenance)
{
    ltv_node *node = add_group(b, "/provenance");
    set_string(b, node, "version", provenance->version);
    set_string(b, node, "revision", provenance->revision);
    set_string(b, node, "compiler", provenance->compiler);
    set_string(b, node, "flags", provenance->flags);
    set_string(b, node, "simd", provenance->simd);
    set_int64(b, node, "threads", provenance->threads);
    set_int64(b, node, "ranks", provenance->ranks);
    set_string(b, node, "gsl", provenance->gsl);
    set_string(b, node, "hdf5", provenance->hdf5);
    set_string(b, node, "started", provenance->started);
    set_real(b, node, "wall_seconds", provenance->wall_seconds);
    set_string(b, node, "command", provenance->command);
    set_string(b, node, "repro_scope", provenance->repro_scope);
}

/* ---- an amount of money per joined customer ---- */

static void build_quantiles(builder *b, const char *base, const ltv_value_estimate *value)
{
    char path[PATH_SIZE];
    double p[LTV_QUANTILES], v[LTV_QUANTILES], lower[LTV_QUANTILES], upper[LTV_QUANTILES];
    for (int i = 0; i < LTV_QUANTILES; i++) {
        p[i] = value->quantiles[i].p;
        v[i] = value->quantiles[i].value;
        lower[i] = value->quantiles[i].mc95_lower;
        upper[i] = value->quantiles[i].mc95_upper;
    }
    ltv_node *table = add_table(b, join(path, base, "one_customer/quantiles"), LTV_QUANTILES);
    column_real(b, table, "p", p);
    column_real(b, table, "value", v);
    column_real(b, table, "mc95_lower", lower);
    column_real(b, table, "mc95_upper", upper);
}

static void build_histogram(builder *b, const char *base, const ltv_histogram *histogram)
{
    char path[PATH_SIZE];
    size_t n = histogram->n_bins;
    double *centers = calloc(n + 1, sizeof *centers);
    if (centers == NULL) {
        b->doc->out_of_memory = true;
        return;
    }
    for (size_t i = 0; i < n; i++)
        centers[i] = 0.5 * histogram->edges[i] + 0.5 * histogram->edges[i + 1];
    set_plot(b, add_group(b, join(path, base, "one_customer/histogram")), "counts", "centers");
    add_real(b, join(path, base, "one_customer/histogram/edges"), n + 1, histogram->edges);
    add_real(b, join(path, base, "one_customer/histogram/centers"), n, centers);
    add_int64(b, join(path, base, "one_customer/histogram/counts"), n, histogram->counts);
    free(centers);
}

static void build_variance(builder *b, const char *base, const ltv_value_estimate *value)
{
    char path[PATH_SIZE];
    bool certain = value->draws == 1;
    ltv_node *table = add_table(b, join(path, base, "variance"), 1);
    column_real(b, table, "customer", &value->customer_variance);
    column_real(b, table, "parameter", &value->parameter_variance);
    column_real(b, table, "monte_carlo", (double[]){value->standard_error * value->standard_error});
    column_string(
        b, table, "note",
        (const char *[]){certain ? "parameter does not apply: no input is uncertain" : ""});
}

/* What varies over draws. */
static void build_over_draws(builder *b, ltv_node *node, const char *base,
                             const ltv_value_estimate *value)
{
    char path[PATH_SIZE];
    double p[LTV_QUANTILES];
    set_real(b, node, "u90_lower", value->u90_lower);
    set_real(b, node, "u90_upper", value->u90_upper);
    if (!isnan(value->predicted_lower)) {
        set_real(b, node, "predicted90_lower", value->predicted_lower);
        set_real(b, node, "predicted90_upper", value->predicted_upper);
    }
    for (int i = 0; i < LTV_QUANTILES; i++)
        p[i] = ltv_quantile_levels[i];
    add_group(b, join(path, base, "mean_over_draws"));
    ltv_node *table = add_table(b, join(path, base, "mean_over_draws/quantiles"), LTV_QUANTILES);
    column_real(b, table, "p", p);
    column_real(b, table, "value", value->over_draws);
}

/* `against` is the arm that a difference subtracts, NULL for an amount. */
static void build_value(builder *b, const char *base, const ltv_value_estimate *value,
                        uint32_t horizon, const char *against)
{
    char path[PATH_SIZE];
    ltv_node *node = add_group(b, base);
    set_int64(b, node, "n", value->n);
    set_int64(b, node, "draws", value->draws);
    set_real(b, node, "mean", value->mean);
    set_real(b, node, "standard_error", value->standard_error);
    if (isfinite(value->mean_controlled)) {
        set_real(b, node, "mean_controlled", value->mean_controlled);
        set_real(b, node, "standard_error_controlled", value->standard_error_controlled);
        if (isfinite(value->control_factor))
            set_real(b, node, "control_factor", value->control_factor);
    }
    if (against != NULL)
        set_string(b, node, "against", against);
    if (value->draws > 1)
        build_over_draws(b, node, base, value);
    node = add_group(b, base); /* where it is, after others were added */
    if (value->by_period != NULL) {
        set_plot(b, node, "by_period", "bill");
        add_real(b, join(path, base, "by_period"), horizon, value->by_period);
    }
    ltv_node *one = add_group(b, join(path, base, "one_customer"));
    set_real(b, one, "sd", value->sd);
    set_real(b, one, "min", value->min);
    set_real(b, one, "max", value->max);
    build_quantiles(b, base, value);
    build_histogram(b, base, &value->histogram);
    build_variance(b, base, value);
}

/* ---- metrics ---- */

/* The columns of a table of metrics, in scratch memory. */
typedef struct {
    double *value, *error, *lower, *upper;
    const char **name, **unit, **note, **meaning;
    char (*unit_text)[LTV_UNITS_SIZE];
} metric_columns;

static bool metric_columns_init(metric_columns *self, size_t n)
{
    *self = (metric_columns){0};
    self->value = calloc(n + 1, sizeof *self->value);
    self->error = calloc(n + 1, sizeof *self->error);
    self->lower = calloc(n + 1, sizeof *self->lower);
    self->upper = calloc(n + 1, sizeof *self->upper);
    self->name = calloc(n + 1, sizeof *self->name);
    self->unit = calloc(n + 1, sizeof *self->unit);
    self->note = calloc(n + 1, sizeof *self->note);
    self->meaning = calloc(n + 1, sizeof *self->meaning);
    self->unit_text = calloc(n + 1, sizeof *self->unit_text);
    return self->value != NULL && self->error != NULL && self->lower != NULL &&
           self->upper != NULL && self->name != NULL && self->unit != NULL && self->note != NULL &&
           self->meaning != NULL && self->unit_text != NULL;
}

static void metric_columns_free(metric_columns *self)
{
    free(self->value);
    free(self->error);
    free(self->lower);
    free(self->upper);
    free(self->name);
    free(self->unit);
    free(self->note);
    free(self->meaning);
    free(self->unit_text);
}

static void fill_metrics(builder *b, const char *path, size_t n, const ltv_metric *metrics,
                         metric_columns *columns)
{
    for (size_t i = 0; i < n; i++) {
        columns->name[i] = metrics[i].name;
        columns->value[i] = metrics[i].value;
        columns->error[i] = metrics[i].mc_standard_error;
        columns->lower[i] = isinf(metrics[i].u90_lower) ? NAN : metrics[i].u90_lower;
        columns->upper[i] = isinf(metrics[i].u90_upper) ? NAN : metrics[i].u90_upper;
        columns->unit[i] = ltv_results_unit_text(columns->unit_text[i], metrics[i].unit,
                                                 b->currency, b->time_unit);
        columns->note[i] = metrics[i].note;
        columns->meaning[i] = metrics[i].meaning;
    }
    ltv_node *table = add_table(b, path, n);
    column_string(b, table, "name", columns->name);
    column_real(b, table, "value", columns->value);
    column_real(b, table, "mc_standard_error", columns->error);
    if (b->has_draws) {
        column_real(b, table, "u90_lower", columns->lower);
        column_real(b, table, "u90_upper", columns->upper);
    }
    column_string(b, table, "unit", columns->unit);
    column_string(b, table, "note", columns->note);
    column_string(b, table, "meaning", columns->meaning);
}

static void build_metrics(builder *b, const char *base, size_t n, const ltv_metric *metrics)
{
    char path[PATH_SIZE];
    metric_columns columns;
    if (metric_columns_init(&columns, n))
        fill_metrics(b, join(path, base, "metrics"), n, metrics, &columns);
    else
        b->doc->out_of_memory = true;
    metric_columns_free(&columns);
}

/* ---- customers, arms ---- */

/* Limits over draws of the curves of a whole arm. */
static void build_bands(builder *b, const char *base, const ltv_group_estimate *group,
                        uint32_t horizon)
{
    static const char *const names[LTV_BANDS] = {
        [LTV_BAND_RETENTION] = "retention_u90",
        [LTV_BAND_RECURRING_REVENUE] = "recurring_revenue_u90",
        [LTV_BAND_REVENUE] = "revenue_u90",
        [LTV_BAND_CONTRIBUTION] = "contribution_u90",
        [LTV_BAND_CUMULATIVE_CONTRIBUTION] = "cumulative_contribution_u90",
        [LTV_BAND_CUMULATIVE_DISCOUNTED_CONTRIBUTION] = "cumulative_discounted_contribution_u90",
        [LTV_BAND_LTV_BY_PERIOD] = "ltv/by_period_u90"};
    char path[PATH_SIZE];
    for (int band = 0; band < LTV_BANDS; band++)
        if (group->band[band] != NULL)
            add_rows(b, join(path, base, names[band]),
                     (size_t)horizon + (band == LTV_BAND_RETENTION), 2, group->band[band]);
}

static void build_customers(builder *b, const char *base, const ltv_group_estimate *group,
                            uint32_t horizon)
{
    char path[PATH_SIZE];
    ltv_node *node = add_group(b, base);
    set_real(b, node, "share", group->share);
    set_plot(b, node, "retention", "period");
    build_metrics(b, base, group->n_metrics, group->metrics);
    build_value(b, join(path, base, "ltv"), &group->ltv, horizon, NULL);
    build_value(b, join(path, base, "net_ltv"), &group->net_ltv, horizon, NULL);
    add_real(b, join(path, base, "retention"), (size_t)horizon + 1, group->retention);
    add_real(b, join(path, base, "recurring_revenue"), horizon, group->recurring_revenue);
    add_real(b, join(path, base, "revenue"), horizon, group->revenue);
    add_real(b, join(path, base, "contribution"), horizon, group->contribution);
    add_real(b, join(path, base, "cumulative_contribution"), horizon,
             group->cumulative_contribution);
    add_real(b, join(path, base, "cumulative_discounted_contribution"), horizon,
             group->cumulative_discounted_contribution);
    if (group->programme_cost != NULL)
        add_real(b, join(path, base, "programme_cost"), horizon, group->programme_cost);
    build_bands(b, base, group, horizon);
}

/* Below the arm: /segments/<name> or /channels/<name> for each group. */
static void build_groups(builder *b, const char *arm_path, const char *kind, size_t n,
                         const ltv_group_estimate *groups, uint32_t horizon)
{
    char folder[PATH_SIZE], path[PATH_SIZE];
    if (n == 0)
        return;
    add_group(b, join(folder, arm_path, kind));
    for (size_t i = 0; i < n; i++)
        build_customers(b, join(path, folder, groups[i].name), &groups[i], horizon);
}

/* Below the arm: /plans/<name> or /add_ons/<name> for each of them. */
static void build_holdings(builder *b, const char *arm_path, const char *kind, size_t n,
                           const ltv_holding *holdings, uint32_t horizon)
{
    char folder[PATH_SIZE], path[PATH_SIZE];
    if (n == 0)
        return;
    add_group(b, join(folder, arm_path, kind));
    for (size_t i = 0; i < n; i++)
        add_real(b, join(path, folder, holdings[i].name), horizon, holdings[i].share);
}

/* Below the arm: /plan_revenue/<name> or /add_on_revenue/<name> for each of them. */
static void build_revenue_of(builder *b, const char *arm_path, const char *kind, size_t n,
                             const ltv_holding *holdings, const double *recurring, uint32_t horizon)
{
    char folder[PATH_SIZE], path[PATH_SIZE];
    double *brings = n > 0 ? calloc(horizon, sizeof *brings) : NULL;
    if (n == 0)
        return;
    add_group(b, join(folder, arm_path, kind));
    for (size_t i = 0; brings != NULL && i < n; i++) {
        for (uint32_t u = 0; u < horizon; u++)
            brings[u] = recurring[u] * holdings[i].revenue_share[u];
        add_real(b, join(path, folder, holdings[i].name), horizon, brings);
    }
    b->doc->out_of_memory |= brings == NULL;
    free(brings);
}

/* The reason takes the column of names, amount and running sum those of value and error. */
static void fill_bridge(builder *b, const char *path, const ltv_arm_estimate *arm,
                        metric_columns *columns)
{
    for (size_t i = 0; i < arm->n_bridge; i++) {
        columns->name[i] = arm->bridge[i].reason;
        columns->value[i] = arm->bridge[i].amount;
        columns->error[i] = arm->bridge[i].running;
        columns->meaning[i] = arm->bridge[i].meaning;
    }
    ltv_node *table = add_table(b, path, arm->n_bridge);
    column_string(b, table, "reason", columns->name);
    column_real(b, table, "amount", columns->value);
    column_real(b, table, "running", columns->error);
    column_string(b, table, "meaning", columns->meaning);
}

static void build_bridge(builder *b, const char *base, const ltv_arm_estimate *arm)
{
    char path[PATH_SIZE];
    metric_columns columns;
    if (metric_columns_init(&columns, arm->n_bridge))
        fill_bridge(b, join(path, base, "bridge"), arm, &columns);
    else
        b->doc->out_of_memory = true;
    metric_columns_free(&columns);
}

static void build_arms(builder *b, const ltv_estimate *estimate)
{
    char path[PATH_SIZE];
    ltv_node *arms = add_group(b, "/arms");
    snprintf(path, sizeof path, "%s/ltv/one_customer/histogram", estimate->arms[0].all.name);
    set_string(b, arms, "NX_class", "NXentry");
    set_string(b, arms, "default", path);
    for (size_t i = 0; i < estimate->n_arms; i++) {
        const ltv_arm_estimate *arm = &estimate->arms[i];
        build_customers(b, join(path, "/arms", arm->all.name), &arm->all, estimate->horizon);
        build_bridge(b, path, arm);
        build_groups(b, path, "segments", arm->n_segments, arm->segments, estimate->horizon);
        build_groups(b, path, "channels", arm->n_channels, arm->channels, estimate->horizon);
        build_holdings(b, path, "plans", arm->n_plans, arm->plans, estimate->horizon);
        build_holdings(b, path, "add_ons", arm->n_add_ons, arm->add_ons, estimate->horizon);
        build_revenue_of(b, path, "plan_revenue", arm->n_plans, arm->plans,
                         arm->all.recurring_revenue, estimate->horizon);
        build_revenue_of(b, path, "add_on_revenue", arm->n_add_ons, arm->add_ons,
                         arm->all.recurring_revenue, estimate->horizon);
    }
}

/* ---- contrasts ---- */

/* The columns of a table of who gains, in scratch memory. */
typedef struct {
    const char **segment, **channel;
    double *share, *delta, *delta_error, *cost, *roi, *roi_error;
    int64_t *n;
} gain_columns;

static bool gain_columns_init(gain_columns *self, size_t n)
{
    *self = (gain_columns){0};
    self->segment = calloc(n, sizeof *self->segment);
    self->channel = calloc(n, sizeof *self->channel);
    self->n = calloc(n, sizeof *self->n);
    self->share = calloc(6 * n, sizeof *self->share);
    if (self->segment == NULL || self->channel == NULL || self->n == NULL || self->share == NULL)
        return false;
    self->delta = self->share + n;
    self->delta_error = self->share + 2 * n;
    self->cost = self->share + 3 * n;
    self->roi = self->share + 4 * n;
    self->roi_error = self->share + 5 * n;
    return true;
}

static void gain_columns_free(gain_columns *self)
{
    free(self->segment);
    free(self->channel);
    free(self->n);
    free(self->share); /* and what follows it */
}

static void fill_gains(builder *b, const char *path, size_t n, const ltv_gain *gains,
                       gain_columns *columns)
{
    for (size_t i = 0; i < n; i++) {
        columns->segment[i] = gains[i].segment;
        columns->channel[i] = gains[i].channel;
        columns->share[i] = gains[i].share;
        columns->n[i] = gains[i].n;
        columns->delta[i] = gains[i].delta_ltv;
        columns->delta_error[i] = gains[i].delta_ltv_standard_error;
        columns->cost[i] = gains[i].programme_cost;
        columns->roi[i] = gains[i].roi;
        columns->roi_error[i] = gains[i].roi_standard_error;
    }
    ltv_node *table = add_table(b, path, n);
    column_string(b, table, "segment", columns->segment);
    column_string(b, table, "channel", columns->channel);
    column_real(b, table, "share", columns->share);
    column_int64(b, table, "n", columns->n);
    column_real(b, table, "delta_ltv", columns->delta);
    column_real(b, table, "delta_ltv_mc_standard_error", columns->delta_error);
    column_real(b, table, "programme_cost", columns->cost);
    column_real(b, table, "roi", columns->roi);
    column_real(b, table, "roi_mc_standard_error", columns->roi_error);
}

static void build_gains(builder *b, const char *base, const ltv_contrast_estimate *contrast)
{
    char path[PATH_SIZE];
    gain_columns columns;
    if (contrast->n_gains == 0)
        return;
    if (gain_columns_init(&columns, contrast->n_gains))
        fill_gains(b, join(path, base, "who_gains"), contrast->n_gains, contrast->who_gains,
                   &columns);
    else
        b->doc->out_of_memory = true;
    gain_columns_free(&columns);
}

static void fill_drivers(builder *b, const char *path, const ltv_contrast_estimate *contrast,
                         metric_columns *columns, double *running)
{
    size_t n = contrast->n_drivers;
    for (size_t i = 0; i < n; i++) {
        columns->name[i] = contrast->drivers[i].driver;
        columns->value[i] = contrast->drivers[i].amount;
        columns->error[i] = contrast->drivers[i].standard_error;
        running[i] = contrast->drivers[i].running;
        columns->note[i] = contrast->drivers[i].note;
        columns->meaning[i] = contrast->drivers[i].meaning;
    }
    ltv_node *table = add_table(b, path, n);
    set_int64(b, table, "n", contrast->drivers_customers);
    column_string(b, table, "driver", columns->name);
    column_real(b, table, "amount", columns->value);
    column_real(b, table, "amount_mc_standard_error", columns->error);
    column_real(b, table, "running", running);
    column_string(b, table, "note", columns->note);
    column_string(b, table, "meaning", columns->meaning);
}

static void build_drivers(builder *b, const char *base, const ltv_contrast_estimate *contrast)
{
    char path[PATH_SIZE];
    metric_columns columns;
    if (contrast->n_drivers == 0)
        return;
    double *running = calloc(contrast->n_drivers, sizeof *running);
    if (metric_columns_init(&columns, contrast->n_drivers) && running != NULL)
        fill_drivers(b, join(path, base, "drivers"), contrast, &columns, running);
    else
        b->doc->out_of_memory = true;
    metric_columns_free(&columns);
    free(running);
}

static void build_contrast(builder *b, const char *base, const ltv_contrast_estimate *contrast,
                           uint32_t horizon)
{
    char path[PATH_SIZE];
    ltv_node *node = add_group(b, base);
    set_string(b, node, "arm", contrast->arm);
    set_string(b, node, "against", contrast->against);
    if (contrast->advice[0] != '\0')
        set_string(b, node, "advice", contrast->advice);
    if (contrast->cumulative_gain != NULL)
        set_plot(b, node, "cumulative_gain", "bill");
    build_metrics(b, base, contrast->n_metrics, contrast->metrics);
    build_value(b, join(path, base, "delta_ltv"), &contrast->delta_ltv, horizon, contrast->against);
    if (contrast->delta_retention != NULL)
        add_real(b, join(path, base, "delta_retention"), (size_t)horizon + 1,
                 contrast->delta_retention);
    if (contrast->cumulative_gain != NULL)
        add_real(b, join(path, base, "cumulative_gain"), horizon, contrast->cumulative_gain);
    if (contrast->cumulative_gain_band != NULL)
        add_rows(b, join(path, base, "cumulative_gain_u90"), horizon, 2,
                 contrast->cumulative_gain_band);
    build_gains(b, base, contrast);
    build_drivers(b, base, contrast);
}

/* <arm> against the baseline, <arm>|<other> for any other pair. */
static const char *name_contrast(char name[2 * LTV_NAME_SIZE], const ltv_estimate *estimate,
                                 const ltv_contrast_estimate *contrast)
{
    bool against_baseline = strcmp(contrast->against, estimate->arms[0].all.name) == 0;
    snprintf(name, 2 * LTV_NAME_SIZE, "%s%s%s", contrast->arm, against_baseline ? "" : "|",
             against_baseline ? "" : contrast->against);
    return name;
}

static void build_contrasts(builder *b, const ltv_estimate *estimate)
{
    char base[PATH_SIZE], pair[2 * LTV_NAME_SIZE];
    if (estimate->n_contrasts == 0)
        return;
    add_group(b, "/compare");
    for (size_t i = 0; i < estimate->n_contrasts; i++) {
        const ltv_contrast_estimate *contrast = &estimate->contrasts[i];
        build_contrast(b, join(base, "/compare", name_contrast(pair, estimate, contrast)), contrast,
                       estimate->horizon);
    }
}

/* ---- decisions ---- */

/* Columns of numbers, in scratch memory: [column * n + row]. */
static double *make_columns(builder *b, size_t n_columns, size_t n)
{
    double *columns = calloc(n_columns * n + 1, sizeof *columns);
    b->doc->out_of_memory |= columns == NULL;
    return columns;
}

static void add_columns(builder *b, ltv_node *table, const char *const *names, size_t n_names,
                        const double *columns, size_t n)
{
    for (size_t c = 0; c < n_names; c++)
        column_real(b, table, names[c], columns + c * n);
}

static void build_arm_decisions(builder *b, const ltv_decision *decision,
                                const ltv_estimate *estimate)
{
    static const char *const numbers[] = {"expected_value", "mc_standard_error", "expected_loss",
                                          "p_best"};
    size_t n = decision->n_arms;
    const char **names = calloc(n, sizeof *names);
    double *columns = make_columns(b, 4, n);
    b->doc->out_of_memory |= names == NULL;
    for (size_t a = 0; names != NULL && columns != NULL && a < n; a++) {
        const ltv_arm_decision *arm = &decision->arms[a];
        names[a] = estimate->arms[a].all.name;
        columns[a] = arm->expected_value.mean;
        columns[n + a] = arm->expected_value.standard_error;
        columns[2 * n + a] = arm->expected_loss;
        columns[3 * n + a] = arm->probability_best;
    }
    if (names != NULL && columns != NULL) {
        ltv_node *table = add_table(b, "/decisions/arms", n);
        column_string(b, table, "arm", names);
        add_columns(b, table, numbers, 4, columns, n);
    }
    free(names);
    free(columns);
}

static void build_evppi(builder *b, const ltv_decisions *decisions, double cohort)
{
    static const char *const numbers[] = {"evppi", "mc_standard_error", "evppi_total"};
    size_t n = decisions->n_inputs;
    const char **texts = calloc(2 * n + 1, sizeof *texts);
    double *columns = make_columns(b, 3, n);
    b->doc->out_of_memory |= texts == NULL;
    for (size_t i = 0; texts != NULL && columns != NULL && i < n; i++) {
        const ltv_input_worth *input = &decisions->inputs[i];
        texts[i] = input->name;
        texts[n + i] = input->note;
        columns[i] = input->evppi.mean;
        columns[n + i] = input->evppi.standard_error;
        columns[2 * n + i] = cohort > 0 ? input->evppi.mean * cohort : NAN;
    }
    if (texts != NULL && columns != NULL) {
        ltv_node *table = add_table(b, "/decisions/evppi", n);
        column_string(b, table, "input", texts);
        add_columns(b, table, numbers, 3, columns, n);
        column_string(b, table, "note", texts + n);
    }
    free(texts);
    free(columns);
}

static void build_budget_steps(builder *b, const ltv_decisions *decisions,
                               const ltv_estimate *estimate)
{
    size_t n = decisions->n_steps;
    const char **names = calloc(n, sizeof *names);
    double *columns = make_columns(b, 2, n);
    b->doc->out_of_memory |= names == NULL;
    for (size_t i = 0; names != NULL && columns != NULL && i < n; i++) {
        names[i] = estimate->arms[decisions->steps[i].arm].all.name;
        columns[i] = decisions->steps[i].budget;
        columns[n + i] = decisions->steps[i].gain;
    }
    if (names != NULL && columns != NULL) {
        ltv_node *table = add_table(b, "/decisions/budgets", n);
        column_real(b, table, "budget", columns);
        column_string(b, table, "arm", names);
        column_real(b, table, "expected_gain", columns + n);
    }
    free(names);
    free(columns);
}

static void build_test_sizes(builder *b, const char *path, const ltv_test_first *test)
{
    static const char *const numbers[] = {"per_group", "evsi", "evsi_normal", "customers",
                                          "gain",      "cost", "net_benefit"};
    enum { N = sizeof numbers / sizeof *numbers };
    double columns[N * LTV_TEST_POINTS];
    size_t n = test->plan.n_points;
    for (size_t i = 0; i < n; i++) {
        const ltv_test_point *point = &test->plan.points[i];
        const double row[N] = {point->per_group, point->evsi, test->evsi_normal[i],
                               point->customers, point->gain, point->cost,
                               point->net};
        for (size_t c = 0; c < N; c++)
            columns[c * n + i] = row[c];
    }
    if (n > 0)
        add_columns(b, add_table(b, path, n), numbers, N, columns, n);
}

static void build_test_first(builder *b, const char *base, const ltv_test_first *test)
{
    char path[PATH_SIZE];
    ltv_node *node = add_group(b, join(path, base, "test_first"));
    set_string(b, node, "why_not", test->why_not != NULL ? test->why_not : "");
    set_real(b, node, "per_group", test->plan.best.per_group);
    set_real(b, node, "net_benefit", test->plan.best.net);
    set_real(b, node, "gain", test->plan.best.gain);
    set_real(b, node, "cost", test->plan.best.cost);
    set_real(b, node, "evsi", test->evsi.mean);
    set_real(b, node, "evsi_mc_standard_error", test->evsi.standard_error);
    set_real(b, node, "sd_without", sqrt(test->variance[0]));
    set_real(b, node, "sd_with", sqrt(test->variance[1]));
    build_test_sizes(b, join(path, base, "test_first/sizes"), test);
}

static void build_contrast_decision(builder *b, const char *base,
                                    const ltv_contrast_decision *decision)
{
    char path[PATH_SIZE];
    if (decision->has_roi) {
        double chances[LTV_HURDLES], errors[LTV_HURDLES];
        for (int i = 0; i < LTV_HURDLES; i++) {
            chances[i] = decision->reaches[i].mean;
            errors[i] = decision->reaches[i].standard_error;
        }
        ltv_node *table = add_table(b, join(path, base, "roi_hurdles"), LTV_HURDLES);
        column_real(b, table, "hurdle", ltv_hurdles);
        column_real(b, table, "probability", chances);
        column_real(b, table, "mc_standard_error", errors);
    }
    if (decision->has_cash) {
        ltv_node *table = add_table(b, join(path, base, "budgets"), LTV_BUDGET_LEVELS);
        column_real(b, table, "probability", ltv_budget_levels);
        column_real(b, table, "budget", decision->needs);
    }
    if (decision->test.asked)
        build_test_first(b, base, &decision->test);
}

static void build_decision_group(builder *b, const ltv_decisions *decisions,
                                 const ltv_estimate *estimate, double cohort)
{
    const ltv_decision *arms = &decisions->arms;
    ltv_node *node = add_group(b, "/decisions");
    set_string(b, node, "best", estimate->arms[arms->best].all.name);
    set_real(b, node, "evpi", arms->evpi.mean);
    set_real(b, node, "evpi_mc_standard_error", arms->evpi.standard_error);
    if (cohort > 0)
        set_real(b, node, "evpi_total", arms->evpi.mean * cohort);
    set_real(b, node, "evpi_uncorrected", arms->evpi_uncorrected);
    build_arm_decisions(b, arms, estimate);
    build_evppi(b, decisions, cohort);
    build_budget_steps(b, decisions, estimate);
}

/* Where draws say something about which arm to choose. */
static ltv_status build_decisions(builder *b, const ltv_estimate *estimate,
                                  const ltv_scenario *scenario)
{
    char base[PATH_SIZE], pair[2 * LTV_NAME_SIZE];
    ltv_decisions decisions = {0};
    ltv_error why_not = {0};
    if (estimate->draws == NULL || ltv_decide_check(scenario, &why_not) != LTV_OK)
        return LTV_OK;
    ltv_status status = ltv_decide(&decisions, estimate, scenario, b->err);
    if (status == LTV_OK) {
        build_decision_group(b, &decisions, estimate, (double)scenario->cohort_size);
        for (size_t i = 0; i < decisions.n_contrasts; i++)
            build_contrast_decision(
                b, join(base, "/compare", name_contrast(pair, estimate, &estimate->contrasts[i])),
                &decisions.contrasts[i]);
    }
    ltv_decisions_free(&decisions);
    return status;
}

/* ---- draws ---- */

/* The figures of one arm or pair, those of `owner` in the table, turned to one row a draw. */
static void build_draw_metrics(builder *b, const char *base, const ltv_draw_table *table,
                               size_t owner)
{
    char path[PATH_SIZE];
    size_t first = 0, n = 0;
    while (table->figures[first].owner != owner)
        first++;
    while (first + n < table->n_figures && table->figures[first + n].owner == owner)
        n++;
    const char **names = calloc(n, sizeof *names);
    double *values = calloc(n * table->n, sizeof *values);
    double *noise = calloc(n * table->n, sizeof *noise);
    b->doc->out_of_memory |= names == NULL || values == NULL || noise == NULL;
    for (size_t i = 0; !b->doc->out_of_memory && i < n; i++) {
        names[i] = table->figures[first + i].name;
        for (size_t d = 0; d < table->n; d++) {
            values[d * n + i] = table->value[(first + i) * table->n_draws + d];
            noise[d * n + i] = sqrt(table->noise[(first + i) * table->n_draws + d]);
        }
    }
    if (!b->doc->out_of_memory) {
        add_strings(b, join(path, base, "metric_names"), n, names);
        add_rows(b, join(path, base, "metrics"), table->n, n, values);
        add_rows(b, join(path, base, "metrics_noise"), table->n, n, noise);
    }
    free(names);
    free(values);
    free(noise);
}

/* One arm, or pair of arms, draw by draw. */
static void build_draws_of(builder *b, const char *base, const ltv_draw_table *table, size_t owner,
                           const char *figure, const char *name)
{
    char path[PATH_SIZE];
    ltv_draw_series mean = ltv_draw_table_series(table, owner, figure);
    add_group(b, base);
    add_real(b, join(path, base, name), table->n, mean.value);
    build_draw_metrics(b, base, table, owner);
}

static void build_inputs(builder *b, const ltv_estimate *estimate, const ltv_inputs *inputs)
{
    const char **names = calloc(inputs->n, sizeof *names);
    b->doc->out_of_memory |= names == NULL;
    for (size_t i = 0; names != NULL && i < inputs->n; i++)
        names[i] = inputs->items[i].name;
    if (names != NULL)
        add_strings(b, "/draws/names", inputs->n, names);
    add_rows(b, "/draws/parameters", estimate->draws->n, inputs->n, estimate->draw_values);
    free(names);
}

static void build_draws(builder *b, const ltv_estimate *estimate, const ltv_scenario *scenario)
{
    char base[PATH_SIZE], pair[2 * LTV_NAME_SIZE];
    const ltv_draw_table *table = estimate->draws;
    add_group(b, "/draws");
    build_inputs(b, estimate, &scenario->inputs);
    for (size_t a = 0; a < estimate->n_arms; a++)
        build_draws_of(b, join(base, "/draws", estimate->arms[a].all.name), table,
                       ltv_draw_table_owner(estimate, &estimate->arms[a].all, NULL), "ltv",
                       "mean_ltv");
    for (size_t i = 0; i < estimate->n_contrasts; i++) {
        const ltv_contrast_estimate *contrast = &estimate->contrasts[i];
        snprintf(pair, sizeof pair, "%s|%s", contrast->arm, contrast->against);
        build_draws_of(b, join(base, "/draws", pair), table,
                       ltv_draw_table_owner(estimate, NULL, contrast), "delta_ltv",
                       "mean_delta_ltv");
    }
}

/* ---- sensitivity ---- */

/* Longest: "/sensitivity/arms.<64>.segments.<64>.<96>/rank_correlations". */
enum { SENSITIVITY_PATH_SIZE = LTV_FIGURE_PATH_SIZE + 64 };

static const char *sensitivity_path(char path[SENSITIVITY_PATH_SIZE], const char *figure,
                                    const char *table)
{
    snprintf(path, SENSITIVITY_PATH_SIZE, "/sensitivity/%s%s", figure, table);
    return path;
}

/* A table of a figure's sensitivity in the making: names of inputs and up to six columns of
 * numbers, in scratch memory. */
typedef struct {
    size_t n;
    const char **input;
    double *column[6];
} sensitivity_columns;

static bool sensitivity_columns_init(sensitivity_columns *self, size_t n)
{
    *self = (sensitivity_columns){.n = n, .input = calloc(n + 1, sizeof *self->input)};
    self->column[0] = calloc(6 * n + 1, sizeof *self->column[0]);
    for (size_t c = 1; self->column[0] != NULL && c < 6; c++)
        self->column[c] = self->column[0] + c * n;
    return self->input != NULL && self->column[0] != NULL;
}

static void sensitivity_columns_free(sensitivity_columns *self)
{
    free(self->input);
    free(self->column[0]); /* and what follows it */
}

static void add_sensitivity_table(builder *b, const char *figure, const char *name,
                                  const sensitivity_columns *columns, size_t n_columns,
                                  const char *const *column_names)
{
    char path[SENSITIVITY_PATH_SIZE];
    ltv_node *table = add_table(b, sensitivity_path(path, figure, name), columns->n);
    column_string(b, table, "input", columns->input);
    for (size_t c = 0; c < n_columns; c++)
        column_real(b, table, column_names[c], columns->column[c]);
}

static void build_rank_correlations(builder *b, const char *figure, const ltv_rank_row *rows,
                                    const ltv_inputs *inputs)
{
    static const char *const names[] = {"spearman", "standard_error", "partial"};
    sensitivity_columns columns;
    bool ok = sensitivity_columns_init(&columns, inputs->n);
    b->doc->out_of_memory |= !ok;
    for (size_t i = 0; ok && i < inputs->n; i++) {
        columns.input[i] = inputs->items[i].name;
        columns.column[0][i] = rows[i].spearman.value;
        columns.column[1][i] = rows[i].spearman.standard_error;
        columns.column[2][i] = rows[i].partial;
    }
    if (ok)
        add_sensitivity_table(b, figure, "/rank_correlations", &columns, 3, names);
    sensitivity_columns_free(&columns);
}

static ltv_node *add_figure(builder *b, const char *figure, const char *unit, const char *meaning,
                            int64_t rank_draws)
{
    char path[SENSITIVITY_PATH_SIZE], unit_text[LTV_UNITS_SIZE];
    ltv_node *node = add_group(b, sensitivity_path(path, figure, ""));
    set_string(b, node, "unit", ltv_results_unit_text(unit_text, unit, b->currency, b->time_unit));
    set_string(b, node, "meaning", meaning);
    set_int64(b, node, "rank_draws", rank_draws);
    return node;
}

/* Of the draws of a run: the figure `name` of group or contrast number `owner`. */
static void build_sensitivity_of(builder *b, const ltv_estimate *estimate, const ltv_inputs *inputs,
                                 size_t owner, const char *path, const ltv_metric *metric)
{
    ltv_error why = {0};
    ltv_draw_series series = ltv_draw_table_series(estimate->draws, owner, metric->name);
    ltv_rank_row *rows = calloc(inputs->n, sizeof *rows);
    ltv_status status = LTV_ERR_NO_MEMORY;
    if (rows != NULL)
        status =
            ltv_rank_rows(rows, estimate->draw_values, inputs->n, series.value, series.n, &why);
    b->doc->out_of_memory |= status == LTV_ERR_NO_MEMORY;
    if (status == LTV_OK) {
        add_figure(b, path, metric->unit, metric->meaning, (int64_t)series.n);
        build_rank_correlations(b, path, rows, inputs);
    }
    free(rows);
}

static const ltv_metric *find_metric(const ltv_metric *metrics, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(metrics[i].name, name) == 0)
            return &metrics[i];
    return NULL;
}

/* What drives LTV of each arm and the difference of each contrast, by the draws of the run. */
static void build_sensitivity(builder *b, const ltv_estimate *estimate, const ltv_inputs *inputs)
{
    char path[LTV_FIGURE_PATH_SIZE];
    add_group(b, "/sensitivity");
    for (size_t a = 0; a < estimate->n_arms; a++) {
        const ltv_group_estimate *all = &estimate->arms[a].all;
        const ltv_metric *ltv = find_metric(all->metrics, all->n_metrics, "ltv");
        if (ltv != NULL)
            build_sensitivity_of(b, estimate, inputs, ltv_draw_table_owner(estimate, all, NULL),
                                 ltv_figure_path_of_arm(path, &estimate->arms[a], "ltv"), ltv);
    }
    for (size_t c = 0; c < estimate->n_contrasts; c++) {
        const ltv_contrast_estimate *contrast = &estimate->contrasts[c];
        const ltv_metric *delta = find_metric(contrast->metrics, contrast->n_metrics, "delta_ltv");
        if (delta != NULL)
            build_sensitivity_of(
                b, estimate, inputs, ltv_draw_table_owner(estimate, NULL, contrast),
                ltv_figure_path_of_contrast(path, estimate, contrast, "delta_ltv"), delta);
    }
}

static void build_tornado(builder *b, const ltv_study_figure *figure,
                          const ltv_sensitivity_study *study, const ltv_inputs *inputs)
{
    static const char *const names[] = {"input_p10", "input_p90", "at_p10", "at_p90", "swing"};
    sensitivity_columns columns;
    bool ok = sensitivity_columns_init(&columns, study->n_bars);
    b->doc->out_of_memory |= !ok;
    for (size_t i = 0; ok && i < study->n_bars; i++) {
        const ltv_tornado_row *row = &figure->tornado[i];
        columns.input[i] = inputs->items[row->input].name;
        columns.column[0][i] = study->ends[row->input][0];
        columns.column[1][i] = study->ends[row->input][1];
        columns.column[2][i] = row->low;
        columns.column[3][i] = row->high;
        columns.column[4][i] = row->swing;
    }
    if (ok)
        add_sensitivity_table(b, figure->path, "/tornado", &columns, 5, names);
    sensitivity_columns_free(&columns);
}

static void build_indices(builder *b, const ltv_study_figure *figure,
                          const ltv_sensitivity_study *study)
{
    static const char *const names[] = {"first", "first_lower", "first_upper",
                                        "total", "total_lower", "total_upper"};
    sensitivity_columns columns;
    bool ok = sensitivity_columns_init(&columns, study->n_groups);
    b->doc->out_of_memory |= !ok;
    for (size_t g = 0; ok && g < study->n_groups; g++) {
        const ltv_sensitivity_input *group = &figure->indices.inputs[g];
        const ltv_sensitivity_share *shares[] = {&group->first, &group->total};
        columns.input[g] = study->groups[g];
        for (size_t s = 0; s < 2; s++) {
            columns.column[3 * s][g] = shares[s]->value;
            columns.column[3 * s + 1][g] = shares[s]->low;
            columns.column[3 * s + 2][g] = shares[s]->high;
        }
    }
    if (ok)
        add_sensitivity_table(b, figure->path, "/indices", &columns, 6, names);
    sensitivity_columns_free(&columns);
}

/* Where the run's draws have told the figure's rank correlations already, those stay. */
static void build_study_figure(builder *b, const ltv_study_figure *figure,
                               const ltv_sensitivity_study *study, const ltv_inputs *inputs)
{
    char path[SENSITIVITY_PATH_SIZE];
    const ltv_node *node = ltv_document_find(b->doc, sensitivity_path(path, figure->path, ""));
    bool known = node != NULL;
    ltv_node *group =
        known ? add_group(b, path)
              : add_figure(b, figure->path, figure->unit, figure->meaning, 2 * study->n_base);
    set_real(b, group, "at_medians", figure->base);
    set_real(b, group, "mean", figure->indices.mean);
    set_real(b, group, "standard_deviation", figure->indices.standard_deviation);
    set_real(b, group, "additive", figure->indices.additive.value);
    build_tornado(b, figure, study, inputs);
    build_indices(b, figure, study);
    if (!known)
        build_rank_correlations(b, figure->path, figure->ranks, inputs);
}

static void build_study(builder *b, const ltv_sensitivity_study *study, const ltv_inputs *inputs)
{
    ltv_node *node = add_group(b, "/sensitivity");
    set_int64(b, node, "base_points", study->n_base);
    set_int64(b, node, "points", (int64_t)study->n_points);
    set_int64(b, node, "customers", (int64_t)study->customers);
    for (size_t f = 0; f < study->n_figures; f++)
        build_study_figure(b, &study->figures[f], study, inputs);
}

static builder builder_of(ltv_document *doc, const ltv_scenario *scenario, bool has_draws,
                          ltv_error *err)
{
    return (builder){.doc = doc,
                     .currency = scenario->currency,
                     .time_unit = ltv_time_unit_name(scenario->time_unit),
                     .has_draws = has_draws,
                     .err = err};
}

static ltv_status finish(const builder *b)
{
    if (b->doc->out_of_memory)
        return ltv_fail(b->err, LTV_ERR_NO_MEMORY, "out of memory while collecting the results");
    return b->status;
}

ltv_status ltv_results_build_study(ltv_document *doc, const ltv_sensitivity_study *study,
                                   const ltv_scenario_file *file, const ltv_provenance *provenance,
                                   ltv_error *err)
{
    *doc = (ltv_document){0};
    builder b = builder_of(doc, &file->scenario, true, err);
    build_root_of_scenario(&b, &file->scenario, file->scenario.arms[0].name, file->scenario.n_arms);
    build_scenario(&b, file);
    build_provenance(&b, provenance);
    build_study(&b, study, &file->scenario.inputs);
    return finish(&b);
}

ltv_status ltv_results_add_study(ltv_document *doc, const ltv_sensitivity_study *study,
                                 const ltv_scenario_file *file, ltv_error *err)
{
    builder b = builder_of(doc, &file->scenario, true, err);
    build_study(&b, study, &file->scenario.inputs);
    return finish(&b);
}

ltv_status ltv_results_build(ltv_document *doc, const ltv_estimate *estimate,
                             const ltv_scenario_file *file, const ltv_provenance *provenance,
                             ltv_error *err)
{
    *doc = (ltv_document){0};
    builder b = builder_of(doc, &file->scenario, estimate->draws != NULL, err);
    if (estimate->n_arms == 0)
        return ltv_fail(err, LTV_ERR_BUG, "estimates without an arm");
    build_root(&b, estimate, &file->scenario);
    build_scales(&b, estimate->horizon);
    build_scenario(&b, file);
    build_provenance(&b, provenance);
    build_arms(&b, estimate);
    build_contrasts(&b, estimate);
    ltv_status status = build_decisions(&b, estimate, &file->scenario);
    if (estimate->draws != NULL)
        build_draws(&b, estimate, &file->scenario);
    if (estimate->draws != NULL)
        build_sensitivity(&b, estimate, &file->scenario.inputs);
    return status != LTV_OK ? status : finish(&b);
}
