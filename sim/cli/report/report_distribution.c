/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>

#include "sim/cli/report/histogram.h"
#include "sim/cli/report/numbers.h"
#include "sim/cli/report/sections.h"
#include "sim/cli/report/tables.h"

static ltv_report_customers customers_of(ltv_report *r, size_t arm)
{
    return ltv_report_customers_of(r,
                                   ltv_page_below(ltv_page_arm(&r->page, arm).text, "/ltv").text);
}

static double quantile(const ltv_report *r, size_t arm, double level)
{
    return ltv_page_quantile(&r->page, ltv_page_arm(&r->page, arm).text, level);
}

/* A few customers far above the rest would press all others into one bar: the axis of all arms ends
 * with the bulk of each. */
static void axis_of_all(ltv_report *r, double *from, double *to)
{
    *from = 0;
    *to = -INFINITY;
    for (size_t arm = 0; arm < r->page.n_arms && arm < LTV_REPORT_ARMS; arm++) {
        ltv_report_customers of = customers_of(r, arm);
        free(of.shares);
        if (of.n_bins == 0)
            continue;
        *from = fmin(*from, of.edges[0]);
        *to = fmax(*to, ltv_report_end_of_bulk(of.edges, of.n_bins));
        *to = fmax(*to, 1.05 * ltv_page_metric(&r->page, ltv_page_arm(&r->page, arm).text, "cac"));
    }
}

static ltv_report_mark mark_of(const char *what, double value, ltv_formatted amount,
                               bool is_reference)
{
    ltv_report_mark mark = {.value = value, .is_reference = is_reference};
    snprintf(mark.label.text, sizeof mark.label.text, "%.40s %.50s", what, amount.text);
    return mark;
}

/* P10, median, P90, mean and CAC. */
static size_t marks_of(ltv_report *r, size_t arm, ltv_report_mark marks[5])
{
    static const struct {
        double level;
        const char *name;
    } quantiles[] = {{0.1, "P10"}, {0.5, "P50"}, {0.9, "P90"}};
    size_t n = 0;
    ltv_page_path group = ltv_page_arm(&r->page, arm);
    double cac = ltv_page_metric(&r->page, group.text, "cac");
    double mean = ltv_page_number(&r->page, group.text, "/ltv@mean");
    for (size_t i = 0; i < sizeof quantiles / sizeof *quantiles; i++) {
        double value = quantile(r, arm, quantiles[i].level);
        if (!isnan(value))
            marks[n++] = mark_of(
                quantiles[i].name, value,
                r->language == LTV_ENGLISH
                    ? ltv_format_money_quantile(&r->page.money, value)
                    : ltv_report_money(r, ltv_round_significant(value, LTV_QUANTILE_DIGITS)),
                false);
    }
    marks[n++] = mark_of(ltv_report_word(r, LTV_WORD_MEAN), mean, ltv_report_money(r, mean), false);
    if (cac > 0)
        marks[n++] = mark_of("CAC", cac, ltv_report_money(r, cac), true);
    return n;
}

static void add_arm(ltv_report *r, json_t *blocks, size_t arm, double from, double to)
{
    char id[32];
    ltv_report_mark marks[5];
    ltv_report_customers of = customers_of(r, arm);
    if (of.n_bins == 0)
        return;
    snprintf(id, sizeof id, "ltv-%zu", arm);
    ltv_report_name name = ltv_report_shown(r->page.arms[arm]);
    bool draws = ltv_page_draws(&r->page) > 1;
    ltv_report_histogram histogram = {
        .id = id,
        .n_bins = of.n_bins,
        .edges = of.edges,
        .shares = of.shares,
        .n_marks = marks_of(r, arm, marks),
        .marks = marks,
        .from = from,
        .to = to,
        .spread = draws ? LTV_WORD_SPREAD_CUSTOMERS_DRAWS : LTV_WORD_SPREAD_CUSTOMERS,
        .of = LTV_WORD_SHARE_OF_CUSTOMERS,
        .kind = LTV_WORD_QUANTILES,
        .reference = LTV_WORD_CAC_BLENDED,
        .is_money = true,
        .footer_more = ltv_report_foot_cac(r),
    };
    ltv_report_add_histogram(r, blocks, &histogram,
                             r->page.n_arms > 1 ? LTV_SAY(r, DISTRIBUTION_OF, {"arm", name.text})
                                                : LTV_SAY(r, DISTRIBUTION),
                             LTV_SAY(r, LTV_AXIS, {"currency", r->page.money.code}));
    free(of.shares);
}

void ltv_report_distribution(ltv_report *r)
{
    double from, to;
    axis_of_all(r, &from, &to);
    if (!(to > from))
        return;
    json_t *blocks = ltv_report_section(r, "distribution", LTV_SAY(r, SECTION_DISTRIBUTION));
    ltv_formatted median = ltv_report_money(r, quantile(r, 0, 0.5));
    ltv_formatted mean =
        ltv_report_money(r, ltv_page_number(&r->page, ltv_page_arm(&r->page, 0).text, "/ltv@mean"));
    ltv_report_add_text(r, blocks,
                        LTV_SAY(r, DISTRIBUTION_SAYS, {"median", median.text}, {"mean", mean.text},
                                {"end", ltv_report_money(r, to).text}));
    for (size_t arm = 0; arm < r->page.n_arms && arm < LTV_REPORT_ARMS; arm++)
        add_arm(r, blocks, arm, from, to);
    if (r->page.n_arms > LTV_REPORT_ARMS)
        ltv_report_add_text(r, blocks, LTV_SAY(r, MORE_ARMS));
}
