/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>

#include "sim/cli/report/curves.h"
#include "sim/cli/report/histogram.h"
#include "sim/cli/report/numbers.h"
#include "sim/cli/report/sections.h"
#include "sim/cli/report/tables.h"
#include "sim/io/results/draw_distribution.h"

/* ---- Distributions over draws ------------------------------------------------------------- */

/* Mean, 90 % limits and nothing, each as it is in the file. */
static size_t marks_of(ltv_report *r, const char *group, const char *name, bool is_money,
                       ltv_report_mark marks[4])
{
    double values[4], limits[2];
    const char *const labels[] = {ltv_report_word(r, LTV_WORD_MEAN), "P5", "P95", ""};
    size_t n = 0;
    ltv_page_metric_limits(&r->page, group, name, limits);
    values[0] = ltv_page_metric(&r->page, group, name);
    values[1] = limits[0];
    values[2] = limits[1];
    values[3] = 0;
    for (size_t i = 0; i < 4; i++) {
        if (isnan(values[i]))
            continue;
        ltv_formatted text =
            is_money ? ltv_report_money_change(r, values[i]) : ltv_page_ratio(&r->page, values[i]);
        marks[n] = (ltv_report_mark){.value = values[i], .is_reference = i == 3};
        snprintf(marks[n].label.text, sizeof marks[n].label.text, "%.30s%s%.40s", labels[i],
                 labels[i][0] != '\0' ? " " : "", text.text);
        n++;
    }
    return n;
}

/* One of a contrast's figures over draws. */
static void add_draws(ltv_report *r, json_t *blocks, size_t contrast, const char *name,
                      bool is_money, json_t *title, json_t *x_title)
{
    char id[64];
    ltv_draw_distribution of;
    ltv_report_mark marks[4];
    ltv_page_path group = ltv_page_contrast(&r->page, contrast);
    if (!ltv_draw_distribution_find(&of, r->page.doc, ltv_page_contrast_arm(&r->page, contrast),
                                    ltv_page_contrast_against(&r->page, contrast), name))
        r->page.out_of_memory = true;
    if (of.n_bins == 0) {
        json_decref(title);
        json_decref(x_title);
        return;
    }
    snprintf(id, sizeof id, "%s-%zu", is_money ? "delta" : "roi", contrast);
    ltv_report_histogram histogram = {
        .id = id,
        .n_bins = of.n_bins,
        .edges = of.edges,
        .shares = of.shares,
        .n_marks = marks_of(r, group.text, name, is_money, marks),
        .marks = marks,
        .from = fmin(of.edges[0], 0),
        .to = fmax(of.edges[of.n_bins], 0),
        .spread = LTV_WORD_SPREAD_DRAWS,
        .of = LTV_WORD_SHARE_OF_DRAWS,
        .kind = LTV_WORD_MEAN_AND_LIMITS,
        .reference = LTV_WORD_NOTHING_GAINED,
        .is_money = is_money,
        .footer_more = ltv_report_word(r, LTV_WORD_FOOT_GAIN),
    };
    ltv_report_add_histogram(r, blocks, &histogram, title, x_title);
}

/* ---- Distributions over customers --------------------------------------------------------- */

/* Customers for whom nothing changes can be so many that the others' bars would not be seen: then
 * the height of the highest other one; else 0. *unchanged: the share of the bin that holds 0. */
static double height_of_others(const ltv_report_customers *of, double *unchanged)
{
    double highest = 0;
    *unchanged = 0;
    for (size_t i = 0; i < of->n_bins; i++) {
        if (of->edges[i] <= 0 && of->edges[i + 1] > 0)
            *unchanged = of->shares[i];
        else
            highest = fmax(highest, of->shares[i]);
    }
    return *unchanged > 3 * highest ? highest : 0;
}

/* Whether all changes together are less than the smallest coin: there is nothing to draw. */
static bool nobody_changes(const ltv_report *r, const ltv_report_customers *of)
{
    double coin = pow(10, -r->page.money.decimals);
    return fabs(of->edges[0]) < coin && fabs(of->edges[of->n_bins]) < coin;
}

/* Where nothing is uncertain: how the change differs from customer to customer. */
static void add_customers(ltv_report *r, json_t *blocks, size_t contrast, json_t *title,
                          json_t *x_title)
{
    char id[32];
    ltv_page_path group = ltv_page_below(ltv_page_contrast(&r->page, contrast).text, "/delta_ltv");
    ltv_report_customers of = ltv_report_customers_of(r, group.text);
    if (of.n_bins == 0 || nobody_changes(r, &of)) {
        free(of.shares);
        json_decref(title);
        json_decref(x_title);
        return;
    }
    double unchanged, highest = height_of_others(&of, &unchanged);
    double mean = ltv_page_number(&r->page, group.text, "@mean");
    ltv_report_mark marks[2] = {{.value = mean}, {.value = 0, .is_reference = true}};
    snprintf(marks[0].label.text, sizeof marks[0].label.text, "%.30s %.40s",
             ltv_report_word(r, LTV_WORD_MEAN), ltv_report_money_change(r, mean).text);
    snprintf(marks[1].label.text, sizeof marks[1].label.text, "%.40s%s%.30s",
             ltv_report_money(r, 0).text, highest > 0 ? ": " : "",
             highest > 0 ? ltv_format_share(unchanged).text : "");
    snprintf(id, sizeof id, "delta-%zu", contrast);
    ltv_report_histogram chart = {
        .id = id,
        .n_bins = of.n_bins,
        .edges = of.edges,
        .shares = of.shares,
        .n_marks = 2,
        .marks = marks,
        .highest = highest,
        .from = fmin(of.edges[0], 0),
        .to = fmax(fmax(ltv_report_end_of(&of, 1), 0), /* few may gain all of the mean */
                   isinf(mean) ? NAN : 1.05 * mean),
        .spread = LTV_WORD_SPREAD_CUSTOMERS,
        .of = LTV_WORD_SHARE_OF_CUSTOMERS,
        .kind = LTV_WORD_MEAN,
        .reference = LTV_WORD_NOTHING_GAINED,
        .is_money = true,
        .footer_more = ltv_report_word(r, LTV_WORD_FOOT_GAIN),
    };
    ltv_report_add_histogram(r, blocks, &chart, title, x_title);
    free(of.shares);
}

static void add_distributions(ltv_report *r, json_t *blocks, size_t contrast)
{
    ltv_report_name name = ltv_report_contrast_name(r, contrast);
    json_t *title = LTV_SAY(r, DELTA_OF, {"contrast", name.text});
    json_t *axis = LTV_SAY(r, DELTA_AXIS, {"currency", r->page.money.code});
    if (ltv_page_draws(&r->page) > 1)
        add_draws(r, blocks, contrast, "delta_ltv", true, title, axis);
    else
        add_customers(r, blocks, contrast, title, axis);
    add_draws(r, blocks, contrast, "roi", false, LTV_SAY(r, ROI_OF, {"contrast", name.text}),
              LTV_SAY(r, ROI_AXIS));
}

/* ---- When it pays back -------------------------------------------------------------------- */

static size_t shown_contrasts(const ltv_report *r)
{
    return r->page.n_contrasts < LTV_REPORT_CONTRASTS ? r->page.n_contrasts : LTV_REPORT_CONTRASTS;
}

static void add_gain_curves(ltv_report *r, json_t *blocks)
{
    ltv_report_series series[LTV_REPORT_CONTRASTS];
    size_t n = 0, horizon = (size_t)r->page.horizon;
    for (size_t i = 0; i < shown_contrasts(r); i++) {
        ltv_page_path group = ltv_page_contrast(&r->page, i);
        const double *y = ltv_page_array(&r->page, group.text, "/cumulative_gain", horizon);
        if (y == NULL)
            continue;
        series[n] = (ltv_report_series){.y = y, .n = horizon};
        series[n].limits = ltv_report_limits(r, group.text, "/cumulative_gain_u90", horizon);
        snprintf(series[n].name, sizeof series[n].name, "%s", ltv_report_contrast_name(r, i).text);
        n++;
    }
    if (n == 0)
        return;
    ltv_report_curves curves = {
        .id = "gain-curve",
        .first = 1,
        .n_series = n,
        .series = series,
        .is_money = true,
        .spread = LTV_WORD_SPREAD_PARAMETERS,
        .series_title = LTV_WORD_COMPARISON,
        .footer_more = ltv_report_word(r, LTV_WORD_FOOT_GAIN),
    };
    ltv_report_add_text(r, blocks, LTV_SAY(r, GAIN_CURVE_SAYS));
    ltv_report_add_curves(r, blocks, &curves, LTV_SAY(r, GAIN_CURVE),
                          ltv_report_time_title(r, LTV_WORD_BILL_AXIS),
                          LTV_SAY(r, GAIN_CURVE_AXIS, {"currency", r->page.money.code}));
}

/* ---- Who gains ---------------------------------------------------------------------------- */

static json_t *with_noise(ltv_report *r, ltv_formatted value, ltv_formatted noise, bool is_known)
{
    char text[256];
    snprintf(text, sizeof text, "%s%s%s", value.text, is_known ? "\n" : "",
             is_known ? noise.text : "");
    return ltv_report_text(r, text);
}

static void add_cell_row(ltv_report *r, json_t *table, const ltv_node *gains, size_t row)
{
    double t = ltv_page_t_95(&r->page);
    double delta_noise = t * ltv_report_real_at(gains, "delta_ltv_mc_standard_error", row);
    double roi = ltv_report_real_at(gains, "roi", row);
    double roi_noise = t * ltv_report_real_at(gains, "roi_mc_standard_error", row);
    ltv_formatted plus_minus = {""};
    snprintf(plus_minus.text, sizeof plus_minus.text, "±%.60s",
             ltv_format_significant(roi_noise, 2, true).text);
    json_t *cells = json_array();
    ltv_report_add(r, cells, ltv_report_text(r, ltv_report_text_at(gains, "segment", row)));
    ltv_report_add(r, cells, ltv_report_text(r, ltv_report_text_at(gains, "channel", row)));
    ltv_report_add(
        r, cells,
        ltv_report_text(r, ltv_format_share(ltv_report_real_at(gains, "share", row)).text));
    ltv_report_add(
        r, cells,
        with_noise(r, ltv_report_money_change(r, ltv_report_real_at(gains, "delta_ltv", row)),
                   ltv_report_money_noise(r, delta_noise), delta_noise > 0));
    ltv_report_add(
        r, cells,
        ltv_report_text(
            r, ltv_report_money(r, ltv_report_real_at(gains, "programme_cost", row)).text));
    ltv_report_add(r, cells,
                   isnan(roi)
                       ? ltv_report_text(r, "–")
                       : with_noise(r, ltv_page_ratio(&r->page, roi), plus_minus, roi_noise > 0));
    ltv_report_add_row(r, table, cells);
}

static void add_who_gains(ltv_report *r, json_t *blocks, size_t contrast)
{
    ltv_page_path group = ltv_page_contrast(&r->page, contrast);
    const ltv_node *gains = ltv_report_find_table(r, group.text, "/who_gains");
    const char *advice =
        ltv_document_string(r->page.doc, ltv_page_below(group.text, "@advice").text);
    ltv_report_name name = ltv_report_contrast_name(r, contrast);
    if (gains == NULL || gains->n_rows < 2)
        return;
    json_t *columns[] = {LTV_SAY(r, SEGMENT),     LTV_SAY(r, CHANNEL_TITLE),
                         LTV_SAY(r, SHARE_TITLE), LTV_SAY(r, DELTA_TITLE),
                         LTV_SAY(r, COST_TITLE),  LTV_SAY(r, ROI_TITLE)};
    json_t *table = ltv_report_table(
        r,
        LTV_SAY(r, WHO_GAINS_OF, {"contrast", name.text}, {"advice", advice != NULL ? advice : ""}),
        6, columns, 2);
    for (size_t row = 0; row < gains->n_rows; row++)
        add_cell_row(r, table, gains, row);
    json_object_set_new(table, "beside", json_true());
    ltv_report_add(r, blocks, table);
}

void ltv_report_contrasts(ltv_report *r)
{
    if (r->page.n_contrasts == 0)
        return;
    json_t *blocks = ltv_report_section(r, "contrasts", LTV_SAY(r, SECTION_CONTRASTS));
    for (size_t i = 0; i < shown_contrasts(r); i++)
        add_distributions(r, blocks, i);
    add_gain_curves(r, blocks);
    for (size_t i = 0; i < shown_contrasts(r); i++)
        add_who_gains(r, blocks, i);
    if (r->page.n_contrasts > LTV_REPORT_CONTRASTS)
        ltv_report_add_text(r, blocks, LTV_SAY(r, MORE_CONTRASTS));
}

/* ---- Hurdles ------------------------------------------------------------------------------ */

void ltv_report_hurdles(ltv_report *r)
{
    ltv_report_series series[LTV_REPORT_CONTRASTS];
    size_t n = 0;
    for (size_t i = 0; i < shown_contrasts(r); i++) {
        const ltv_node *table =
            ltv_report_find_table(r, ltv_page_contrast(&r->page, i).text, "/roi_hurdles");
        const ltv_values *x = table != NULL ? ltv_node_column(table, "hurdle") : NULL;
        const ltv_values *y = table != NULL ? ltv_node_column(table, "probability") : NULL;
        if (x == NULL || y == NULL || x->real == NULL || y->real == NULL)
            continue;
        series[n] = (ltv_report_series){.x = x->real, .y = y->real, .n = table->n_rows};
        snprintf(series[n].name, sizeof series[n].name, "%s", ltv_report_contrast_name(r, i).text);
        n++;
    }
    if (n == 0)
        return;
    json_t *blocks = ltv_report_section(r, "hurdles", LTV_SAY(r, SECTION_HURDLES));
    ltv_report_curves curves = {
        .id = "hurdle-curve",
        .is_whole = true,
        .n_series = n,
        .series = series,
        .has_points = true,
        .x_is_number = true,
        .series_title = LTV_WORD_COMPARISON,
        .footer_more = ltv_report_word(r, LTV_WORD_FOOT_GAIN),
    };
    ltv_report_add_curves(r, blocks, &curves, LTV_SAY(r, HURDLES), LTV_SAY(r, HURDLE_AXIS),
                          LTV_SAY(r, PROBABILITY_AXIS));
}
