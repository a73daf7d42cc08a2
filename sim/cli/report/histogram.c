/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/cli/report/histogram.h"

#include <math.h>
#include <stdlib.h>

#include "sim/cli/report/numbers.h"

/* ---- Bins --------------------------------------------------------------------------------- */

/* Whether a bin is as wide as the first one, or nearly. */
static bool is_usual(const double *edges, size_t i)
{
    return edges[i + 1] - edges[i] < 1.5 * (edges[1] - edges[0]);
}

/* Whether a bin is much narrower than the first one. */
static bool is_sliver(const double *edges, size_t i)
{
    return i > 0 && edges[i + 1] - edges[i] < 0.5 * (edges[1] - edges[0]);
}

static bool all_are_finite(const double *edges, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!isfinite(edges[i]))
            return false;
    return true;
}

/* Writes the bins without slivers, which join their predecessors; returns how many there are. */
static size_t join_slivers(double *shares, double *joined_edges, const double *edges,
                           const int64_t *counts, size_t n, double total)
{
    size_t bins = 0;
    joined_edges[0] = edges[0];
    for (size_t i = 0; i < n; i++) {
        bins += !is_sliver(edges, i);
        shares[bins - 1] += (double)counts[i] / total;
        joined_edges[bins] = edges[i + 1];
    }
    return bins;
}

ltv_report_customers ltv_report_customers_of(ltv_report *r, const char *group)
{
    ltv_page_path histogram = ltv_page_below(group, "/one_customer/histogram");
    const ltv_node *counts =
        ltv_document_find(r->page.doc, ltv_page_below(histogram.text, "/counts").text);
    if (counts == NULL || counts->kind != LTV_NODE_ARRAY || counts->int64 == NULL)
        return (ltv_report_customers){0};
    size_t n = counts->extent[0];
    const double *edges = ltv_page_array(&r->page, histogram.text, "/edges", n + 1);
    double *shares = calloc(2 * n + 1, sizeof *shares), total = 0;
    for (size_t i = 0; i < n; i++)
        total += (double)counts->int64[i];
    if (shares == NULL || edges == NULL || !all_are_finite(edges, n + 1) || total == 0) {
        r->page.out_of_memory |= shares == NULL;
        free(shares);
        return (ltv_report_customers){0};
    }
    size_t bins = join_slivers(shares, shares + n, edges, counts->int64, n, total);
    return (ltv_report_customers){bins, shares, shares + n};
}

double ltv_report_end_of(const ltv_report_customers *of, double share)
{
    static const double rounding = 1e-9;
    size_t i = 0;
    for (double below = 0; i < of->n_bins && is_usual(of->edges, i) && below < share - rounding;
         i++)
        below += of->shares[i];
    return of->edges[i];
}

/* ---- The chart ---------------------------------------------------------------------------- */

static ltv_formatted number_text(const ltv_report *r, const ltv_report_histogram *h, double value)
{
    return h->is_money ? ltv_report_money(r, value) : ltv_page_ratio(&r->page, value);
}

/* Bins beyond the bulk are wider, so that their bars would not compare: the table has them. */
static bool is_drawn(const ltv_report_histogram *h, size_t i)
{
    return h->edges[i] >= h->from && h->edges[i + 1] <= h->to && is_usual(h->edges, i);
}

/* What stands below the chart in the end: that not all are in it, and how far they go. */
static json_t *footer_of(ltv_report *r, const ltv_report_histogram *h)
{
    double beyond = 0;
    for (size_t i = 0; i < h->n_bins; i++)
        beyond += is_drawn(h, i) ? 0 : h->shares[i];
    if (beyond == 0)
        return ltv_report_footer(r, h->footer_more);
    json_t *more = LTV_SAY(r, BEYOND_PICTURE, {"footer", h->footer_more},
                           {"share", ltv_format_share(beyond).text},
                           {"most", number_text(r, h, h->edges[h->n_bins]).text});
    const char *text = json_string_value(more);
    json_t *footer = ltv_report_footer(r, text != NULL ? text : h->footer_more);
    json_decref(more);
    return footer;
}

static json_t *bars_of(ltv_report *r, const ltv_report_histogram *h)
{
    json_t *bars = json_array();
    for (size_t i = 0; i < h->n_bins; i++) {
        if (is_drawn(h, i))
            ltv_report_add(r, bars,
                           json_pack("{s:f, s:f, s:f}", "from", h->edges[i], "to", h->edges[i + 1],
                                     "share", h->shares[i]));
    }
    return bars;
}

/* Each label on a line of its own, so that none covers another. */
static json_t *marks_of(ltv_report *r, const ltv_report_histogram *h)
{
    enum { LINE = 14 };
    json_t *marks = json_array();
    for (size_t i = 0; i < h->n_marks; i++) {
        const ltv_report_mark *mark = &h->marks[i];
        bool left = mark->value > h->from + 0.5 * (h->to - h->from);
        if (!(mark->value >= h->from && mark->value <= h->to))
            continue;
        ltv_report_add(r, marks,
                       json_pack("{s:f, s:s, s:s, s:s, s:i}", "value", mark->value, "label",
                                 mark->label.text, "kind",
                                 ltv_report_word(r, mark->is_reference ? h->reference : h->kind),
                                 "side", left ? "left" : "right", "line",
                                 (int)(LINE * json_array_size(marks))));
    }
    return marks;
}

static json_t *bar_table(ltv_report *r, const ltv_report_histogram *h)
{
    json_t *columns[] = {LTV_SAY(r, FROM), LTV_SAY(r, TO),
                         ltv_report_text(r, ltv_report_word(r, h->of))};
    json_t *table = ltv_report_table(r, LTV_SAY(r, BINS), 3, columns, 0);
    for (size_t i = 0; i < h->n_bins; i++)
        ltv_report_add_row(r, table,
                           json_pack("[s, s, s]", number_text(r, h, h->edges[i]).text,
                                     number_text(r, h, h->edges[i + 1]).text,
                                     ltv_format_share(h->shares[i]).text));
    return table;
}

static json_t *mark_table(ltv_report *r, const ltv_report_histogram *h)
{
    json_t *columns[] = {LTV_SAY(r, MARK)};
    json_t *table = ltv_report_table(r, LTV_SAY(r, MARKS), 1, columns, 1);
    for (size_t i = 0; i < h->n_marks; i++)
        ltv_report_add_row(r, table, json_pack("[s]", h->marks[i].label.text));
    return table;
}

/* Room for the labels above the highest bar. */
static double y_end(const ltv_report_histogram *h)
{
    double most = h->highest;
    for (size_t i = 0; i < h->n_bins && h->highest == 0; i++)
        most = fmax(most, h->shares[i]);
    return 1.35 * most;
}

/* What marks there are, as a legend tells them. */
static json_t *kinds_of(ltv_report *r, const ltv_report_histogram *h)
{
    json_t *kinds = json_array();
    bool any_reference = false;
    for (size_t m = 0; m < h->n_marks; m++)
        any_reference |= h->marks[m].is_reference;
    ltv_report_add(r, kinds, json_string(ltv_report_word(r, h->kind)));
    if (any_reference)
        ltv_report_add(r, kinds, json_string(ltv_report_word(r, h->reference)));
    return kinds;
}

static json_t *values_of(ltv_report *r, const ltv_report_histogram *h, json_t *x_title)
{
    char *axis = ltv_report_money_axis(r);
    json_t *values = json_pack(
        "{s:o, s:o, s:o, s:s, s:[f,f], s:[f,f], s:o, s:s, s:s, s:s, s:s}", "bars", bars_of(r, h),
        "marks", marks_of(r, h), "x_title", x_title, "y_title", ltv_report_word(r, h->of),
        "x_domain", h->from, h->to, "y_domain", 0.0, y_end(h), "kinds", kinds_of(r, h),
        "from_title", ltv_report_word(r, LTV_WORD_FROM), "to_title",
        ltv_report_word(r, LTV_WORD_TO), "mark_title", ltv_report_word(r, LTV_WORD_MARK),
        "x_format", h->is_money ? ltv_report_money_format(r) : ",.2f");
    if (h->is_money)
        json_object_set_new(values, "x_label", json_string(axis != NULL ? axis : ""));
    else
        json_object_set_new(values, "x_axis_format", json_string(",~f"));
    free(axis);
    return values;
}

void ltv_report_add_histogram(ltv_report *r, json_t *blocks, const ltv_report_histogram *h,
                              json_t *title, json_t *x_title)
{
    ltv_report_chart chart = {
        .id = h->id,
        .chart = "histogram",
        .title = title,
        .spread = ltv_report_text(r, ltv_report_word(r, h->spread)),
        .footer = footer_of(r, h),
        .values = values_of(r, h, x_title),
        .tables = json_pack("[o, o]", bar_table(r, h), mark_table(r, h)),
    };
    ltv_report_add_chart(r, blocks, &chart);
}
