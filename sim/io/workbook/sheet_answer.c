/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/io/workbook/chart.h"
#include "sim/io/workbook/contrast_name.h"
#include "sim/io/workbook/figures.h"
#include "sim/io/workbook/sheets.h"

static const ltv_figure arm_figures[] = {
    {"ltv", "LTV per customer"},
    {"cac", "CAC (blended)"},
    {"cac_paid", "CAC (paid channels)"},
    {"net_ltv", "LTV less CAC"},
    {"ltv_cac", "LTV/CAC (blended)"},
    {"ltv_cac_paid", "LTV/CAC (paid channels)"},
    {"p_ltv_cac_above_3", "P(LTV/CAC is at least 3)"},
    {"payback_simple", "Payback, simple"},
    {"payback_survival", "Payback, with churn"},
    {"share_customers_above_cac", "Customers who bring more than their CAC"},
    {"expected_lifetime", "Expected lifetime"},
    {"crr_1y", "Customers kept after a year"},
    {"nrr_1y", "Net revenue retention after a year"},
    {"grr_1y", "Gross revenue retention after a year"},
    {"arpu", "Revenue of the first bill"},
    {"programme_cost", "Programme cost per customer"},
};

static const ltv_figure contrast_figures[] = {
    {"delta_ltv", "Change of LTV per customer"},
    {"programme_cost", "Added programme cost per customer"},
    {"net_gain", "Net gain per customer"},
    {"net_gain_total", "Net gain of the cohort"},
    {"roi", "ROI"},
    {"p_roi_above_0", "P(ROI > 0)"},
    {"p_loss", "P(loss)"},
    {"payback", "Payback of the programme"},
    {"cash_needed", "Cash needed up front"},
    {"deadweight", "Deadweight: share of cost that changes nothing"},
    {"delta_retention_1y", "Change of retention after a year"},
    {"saved_1y", "Customers saved after a year"},
    {"cost_per_save", "Cost per customer saved"},
};

enum { BESIDE_THE_ANSWER = 4 /* column: its lines are up to 80 characters long */ };

/* Each line of the answer in a row of its own. */
static void write_answer(ltv_sheet *sheet, const char *answer)
{
    char line[1024];
    sheet->chart_row = sheet->row;
    sheet->chart_column = BESIDE_THE_ANSWER;
    for (const char *c = answer; *c != '\0'; sheet->row++) {
        int length = (int)strcspn(c, "\n");
        snprintf(line, sizeof line, "%.*s", length, c);
        bool verdict = line[0] != ' ' && strstr(line, "?   ") != NULL;
        ltv_sheet_text(sheet, sheet->row, 0, line, verdict ? LTV_CELL_BOLD : LTV_CELL_TEXT);
        c += length + (c[length] == '\n');
    }
    sheet->row++;
    if (sheet->row < sheet->chart_row + LTV_CHART_ROWS)
        sheet->row = sheet->chart_row + LTV_CHART_ROWS;
}

static bool has_cac(const ltv_book *book)
{
    for (size_t i = 0; i < book->n_arms; i++)
        if (ltv_document_metric(book->doc, ltv_source_arm(book, i, "/metrics").text, "cac",
                                "value") > 0)
            return true;
    return false;
}

/* LTV beside CAC, where customers cost something: a pair of columns for each arm. */
static void draw(ltv_sheet *sheet, const ltv_figure_list *list, const ltv_block *block)
{
    static const char *const names[] = {"ltv", "cac"};
    size_t n = has_cac(sheet->book) ? 2 : 1;
    ltv_chart chart = ltv_chart_begin(sheet, LXW_CHART_COLUMN, n == 2 ? "LTV and CAC" : "LTV",
                                      "arm", "per joined customer", LTV_CELL_MONEY);
    for (size_t i = 0; i < n; i++) {
        int64_t row = ltv_figure_row(sheet, list, block, names[i]);
        if (row >= 0)
            ltv_chart_add_row(&chart, block, (lxw_row_t)row, 2, list->n_groups,
                              ltv_chart_colour(i == 0 ? 0 : 5));
    }
    ltv_chart_end(&chart);
}

static void write_arms(ltv_sheet *sheet, ltv_source *groups, const char **headings)
{
    const ltv_book *book = sheet->book;
    for (size_t i = 0; i < book->n_arms; i++) {
        groups[i] = ltv_source_arm(book, i, "");
        headings[i] = book->arms[i];
    }
    ltv_figure_list list = {.title = "Headline figures",
                            .n_figures = sizeof arm_figures / sizeof *arm_figures,
                            .figures = arm_figures,
                            .n_groups = book->n_arms,
                            .groups = groups,
                            .headings = headings};
    ltv_block block = ltv_sheet_figures(sheet, &list);
    draw(sheet, &list, &block);
}

static void write_contrasts(ltv_sheet *sheet, ltv_source *groups, const char **headings,
                            ltv_contrast_name *names)
{
    const ltv_book *book = sheet->book;
    for (size_t i = 0; i < book->n_contrasts; i++) {
        groups[i] = ltv_source_join("/compare/", book->contrasts[i]);
        names[i] = ltv_contrast_name_of(book, i);
        headings[i] = names[i].text;
    }
    ltv_figure_list list = {.title = "What changes",
                            .n_figures = sizeof contrast_figures / sizeof *contrast_figures,
                            .figures = contrast_figures,
                            .n_groups = book->n_contrasts,
                            .groups = groups,
                            .headings = headings};
    ltv_sheet_figures(sheet, &list);
    if (book->n_contrasts > LTV_MOST_CONTRAST_SHEETS)
        ltv_sheet_text(
            sheet, sheet->row++, 0,
            "There are more comparisons than sheets: of the others see the results file.",
            LTV_CELL_TEXT);
}

void ltv_sheet_answer(ltv_book *book, const char *answer)
{
    ltv_sheet sheet =
        ltv_book_add_sheet(book, "Summary", book->title, "The answer, and the figures behind it.",
                           LTV_TERMS_DISCOUNTED, 0);
    size_t n = book->n_arms > book->n_contrasts ? book->n_arms : book->n_contrasts;
    ltv_source *groups = calloc(n, sizeof *groups);
    const char **headings = calloc(n, sizeof *headings);
    ltv_contrast_name *names = calloc(n, sizeof *names);
    if (groups == NULL || headings == NULL || names == NULL) {
        book->out_of_memory = true;
    } else if (sheet.worksheet != NULL) {
        write_answer(&sheet, answer);
        write_arms(&sheet, groups, headings);
        write_contrasts(&sheet, groups, headings, names);
    }
    free(groups);
    free(headings);
    free(names);
}
