/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/cli/page_sections.h"

#include <math.h>

#include "sim/cli/chart.h"
#include "sim/cli/page.h"
#include "sim/cli/text.h"

enum {
    CHART_WIDTH = 36,
    CHART_GAP = 6,
    CHART_ROWS = 6,
    CHART_ROWS_EACH = 3, /* with several arms */
    MOST_CHARTS = 4      /* arms that are drawn */
};

static bool draw_ltv(const ltv_page *p, const char *group, int rows, ltv_chart *chart)
{
    const ltv_node *counts =
        ltv_document_find(p->doc, ltv_page_below(group, "/ltv/one_customer/histogram/counts").text);
    if (counts == NULL || counts->int64 == NULL || counts->extent[0] == 0)
        return false;
    size_t n_bins = counts->extent[0];
    const double *edges = ltv_page_array(p, group, "/ltv/one_customer/histogram/edges", n_bins + 1);
    if (edges == NULL)
        return false;
    double right = ltv_page_quantile(p, group, 0.99);
    ltv_chart_histogram histogram = {
        .n_bins = n_bins,
        .edges = edges,
        .counts = counts->int64,
        .right = isnan(right) ? INFINITY : right,
        .mark = ltv_page_metric(p, group, "cac") > 0 ? ltv_page_metric(p, group, "cac") : NAN,
        .mark_name = "CAC",
    };
    ltv_chart_draw_histogram(chart, &histogram, &p->money, CHART_WIDTH, rows, p->terminal);
    return true;
}

static bool draw_retention(const ltv_page *p, const char *group, int rows, ltv_chart *chart)
{
    size_t n = (size_t)p->horizon + 1;
    const double *retention = ltv_page_array(p, group, "/retention", n);
    if (retention == NULL)
        return false;
    ltv_chart_draw_shares(chart, retention, n, CHART_WIDTH, rows, p->terminal);
    return true;
}

static void print_chart_titles(const ltv_page *p, size_t arm)
{
    ltv_page_path left = {""};
    if (p->n_arms > 1)
        left = ltv_page_below(ltv_page_shown_name(p, p->arms[arm]).text, ": ");
    ltv_text_append(left.text, sizeof left.text, "Customers by LTV");
    fprintf(p->out, "\n  %s", left.text);
    ltv_text_blanks(p->out, CHART_WIDTH + CHART_GAP - ltv_text_width(left.text));
    fprintf(p->out, "Share still paying, by %s\n", p->unit.text);
}

void ltv_page_charts(const ltv_page *p)
{
    int rows = p->n_arms > 1 ? CHART_ROWS_EACH : CHART_ROWS;
    for (size_t arm = 0; arm < p->n_arms && arm < MOST_CHARTS; arm++) {
        ltv_chart ltv, retention;
        ltv_page_path group = ltv_page_arm(p, arm);
        if (!draw_ltv(p, group.text, rows, &ltv) ||
            !draw_retention(p, group.text, rows, &retention))
            continue;
        print_chart_titles(p, arm);
        ltv_chart_print(p->out, &ltv, &retention, 2, CHART_WIDTH + CHART_GAP);
    }
    if (p->n_arms > MOST_CHARTS)
        fprintf(p->out, "\n  The charts of the other %zu arms are left out.\n",
                p->n_arms - MOST_CHARTS);
}
