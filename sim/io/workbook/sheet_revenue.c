/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>

#include "sim/io/workbook/curves.h"
#include "sim/io/workbook/sheets.h"

static const char across[] = "bill";

static void write_curve(ltv_sheet *sheet, const ltv_groups *arms, const char *array,
                        const char *title)
{
    ltv_curves curves = {.title = title,
                         .axis = "/bill",
                         .array = array,
                         .n_groups = arms->n,
                         .groups = arms->groups,
                         .headings = (const char *const *)arms->headings,
                         .with_limits = true};
    ltv_curve_block block = ltv_sheet_curves(sheet, &curves);
    ltv_curves_draw(sheet, &block, title, across, "per joined customer", LTV_CELL_MONEY);
}

/* Who holds what in one arm: plans as areas on each other, since each customer holds one at most;
 * add-ons as lines. */
static void write_holdings(ltv_sheet *sheet, size_t arm, const char *kind, const char *what)
{
    ltv_book *book = sheet->book;
    char title[200];
    ltv_groups names = ltv_arrays_below(book, ltv_source_arm(book, arm, kind).text);
    bool plans = kind[1] == 'p';
    snprintf(title, sizeof title, "%s: %.100s", what, book->arms[arm]);
    ltv_curves curves = {.title = title,
                         .axis = "/bill",
                         .array = "",
                         .n_groups = names.n,
                         .groups = names.groups,
                         .headings = (const char *const *)names.headings};
    ltv_curve_block block = ltv_sheet_curves(sheet, &curves);
    ltv_chart chart = ltv_chart_begin(sheet, plans ? LXW_CHART_AREA_STACKED : LXW_CHART_LINE, title,
                                      across, "share of joined customers", LTV_CELL_SHARE);
    for (size_t i = 0; i < block.n; i++)
        if (plans)
            ltv_chart_add_bars(&chart, &block.block, 0, block.at[i], ltv_chart_colour(i));
        else
            ltv_chart_add_line(&chart, &block.block, 0, block.at[i], i, LTV_LINE_PLAIN);
    ltv_chart_end(&chart);
    ltv_groups_free(&names);
}

/* Groups and headings of two kinds behind one another, borrowed from both. */
static size_t join_groups(const ltv_groups *a, const ltv_groups *b, ltv_source *groups,
                          const char **headings)
{
    size_t n = 0;
    for (size_t i = 0; i < a->n; i++, n++) {
        groups[n] = a->groups[i];
        headings[n] = a->headings[i];
    }
    for (size_t i = 0; i < b->n; i++, n++) {
        groups[n] = b->groups[i];
        headings[n] = b->headings[i];
    }
    return n;
}

/* What plans and add-ons bring in one arm, as areas on each other. */
static void write_sources(ltv_sheet *sheet, size_t arm)
{
    ltv_book *book = sheet->book;
    char title[200];
    ltv_groups plans = ltv_arrays_below(book, ltv_source_arm(book, arm, "/plan_revenue").text);
    ltv_groups add_ons = ltv_arrays_below(book, ltv_source_arm(book, arm, "/add_on_revenue").text);
    ltv_source *groups = calloc(plans.n + add_ons.n + 1, sizeof *groups);
    const char **headings = calloc(plans.n + add_ons.n + 1, sizeof *headings);
    snprintf(title, sizeof title, "Recurring revenue by plan and add-on: %.100s", book->arms[arm]);
    if (groups != NULL && headings != NULL) {
        ltv_curves curves = {.title = title,
                             .axis = "/bill",
                             .array = "",
                             .n_groups = join_groups(&plans, &add_ons, groups, headings),
                             .groups = groups,
                             .headings = headings};
        ltv_curve_block block = ltv_sheet_curves(sheet, &curves);
        ltv_chart chart = ltv_chart_begin(sheet, LXW_CHART_AREA_STACKED, title, across,
                                          "per joined customer", LTV_CELL_MONEY);
        for (size_t i = 0; i < block.n; i++)
            ltv_chart_add_bars(&chart, &block.block, 0, block.at[i], ltv_chart_colour(i));
        ltv_chart_end(&chart);
    }
    book->out_of_memory |= groups == NULL || headings == NULL;
    free(groups);
    free(headings);
    ltv_groups_free(&plans);
    ltv_groups_free(&add_ons);
}

static bool has(const ltv_book *book, size_t arm, const char *kind)
{
    return ltv_document_find(book->doc, ltv_source_arm(book, arm, kind).text) != NULL;
}

static bool has_sources(const ltv_book *book, size_t arm)
{
    return has(book, arm, "/plan_revenue") || has(book, arm, "/add_on_revenue");
}

void ltv_sheet_revenue(ltv_book *book)
{
    ltv_groups arms = ltv_groups_of_arms(book);
    unsigned n_charts = 3;
    for (size_t arm = 0; arm < book->n_arms; arm++)
        n_charts += has_sources(book, arm) + has(book, arm, "/plans") + has(book, arm, "/add_ons");
    ltv_sheet sheet =
        ltv_book_add_sheet(book, "Revenue and plans", "What customers pay over time, and for what",
                           "Revenue and contribution of each bill per joined customer, "
                           "undiscounted; what plans and add-ons bring, and who holds "
                           "which plan and add-on.",
                           n_charts);
    write_curve(&sheet, &arms, "/revenue", "Revenue by bill");
    write_curve(&sheet, &arms, "/recurring_revenue", "Recurring revenue by bill");
    write_curve(&sheet, &arms, "/contribution", "Contribution by bill");
    for (size_t arm = 0; arm < book->n_arms; arm++) {
        if (has_sources(book, arm))
            write_sources(&sheet, arm);
        if (has(book, arm, "/plans"))
            write_holdings(&sheet, arm, "/plans", "Who holds which plan");
        if (has(book, arm, "/add_ons"))
            write_holdings(&sheet, arm, "/add_ons", "Who holds which add-on");
    }
    ltv_groups_free(&arms);
}
