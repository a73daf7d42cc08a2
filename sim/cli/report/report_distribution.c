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

/* A few customers far above the rest would press all others into one bar: a picture has 99 % of an
 * arm's customers in it, and its CAC. The pictures of all arms end alike, so that they can be
 * compared, unless one would be pressed into half of it or less: then each has an axis of its own.
 */
typedef struct {
    double from, to[LTV_REPORT_ARMS]; /* to: NaN for an arm without a picture */
    bool differ;
} axes;

static axes axes_of(ltv_report *r)
{
    enum { MOST_TIMES_LEAST = 2 };
    static const double shown = 0.99;
    axes axis = {.from = 0};
    double most = -INFINITY, least = INFINITY;
    for (size_t arm = 0; arm < LTV_REPORT_ARMS; arm++) {
        axis.to[arm] = NAN;
        ltv_report_customers of =
            arm < r->page.n_arms ? customers_of(r, arm) : (ltv_report_customers){0};
        if (of.n_bins > 0) {
            double cac = ltv_page_metric(&r->page, ltv_page_arm(&r->page, arm).text, "cac");
            axis.from = fmin(axis.from, of.edges[0]);
            axis.to[arm] = fmax(ltv_report_end_of(&of, shown), isinf(cac) ? NAN : 1.05 * cac);
            most = fmax(most, axis.to[arm]);
            least = fmin(least, axis.to[arm]);
        }
        free(of.shares);
    }
    axis.differ = most > MOST_TIMES_LEAST * least;
    for (size_t arm = 0; arm < LTV_REPORT_ARMS && !axis.differ; arm++)
        axis.to[arm] = isnan(axis.to[arm]) ? NAN : most;
    return axis;
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
            marks[n++] =
                mark_of(quantiles[i].name, value, ltv_report_money_quantile(r, value), false);
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

static void say_distribution(ltv_report *r, json_t *blocks)
{
    ltv_report_name name = ltv_report_shown(r->page.arms[0]);
    ltv_formatted median = ltv_report_money(r, quantile(r, 0, 0.5));
    ltv_formatted mean =
        ltv_report_money(r, ltv_page_number(&r->page, ltv_page_arm(&r->page, 0).text, "/ltv@mean"));
    ltv_report_add_text(
        r, blocks,
        r->page.n_arms == 1
            ? LTV_SAY(r, DISTRIBUTION_SAYS, {"median", median.text}, {"mean", mean.text})
            : LTV_SAY(r, DISTRIBUTION_SAYS_OF, {"arm", name.text}, {"median", median.text},
                      {"mean", mean.text}));
}

void ltv_report_distribution(ltv_report *r)
{
    json_t *blocks = NULL;
    axes axis = axes_of(r);
    for (size_t arm = 0; arm < r->page.n_arms && arm < LTV_REPORT_ARMS; arm++) {
        if (!(axis.to[arm] > axis.from))
            continue;
        if (blocks == NULL) {
            blocks = ltv_report_section(r, "distribution", LTV_SAY(r, SECTION_DISTRIBUTION));
            say_distribution(r, blocks);
            if (axis.differ)
                ltv_report_add_text(r, blocks, LTV_SAY(r, OWN_AXES));
        }
        add_arm(r, blocks, arm, axis.from, axis.to[arm]);
    }
    if (blocks != NULL && r->page.n_arms > LTV_REPORT_ARMS)
        ltv_report_add_text(r, blocks, LTV_SAY(r, MORE_ARMS));
}
