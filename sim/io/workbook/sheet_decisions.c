/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/io/workbook/contrast_name.h"
#include "sim/io/workbook/curves.h"
#include "sim/io/workbook/sheets.h"

/* Is there anything to be seen? */
static bool has_bars(const ltv_book *book, const char *table, const char *column)
{
    const ltv_node *node = ltv_document_find(book->doc, table);
    const ltv_values *values = ltv_node_column(node, column);
    for (size_t i = 0; values != NULL && values->real != NULL && i < values->n; i++)
        if (isfinite(values->real[i]) && values->real[i] != 0)
            return true;
    return false;
}

/* A bar for each row of a table. */
static void draw_bars(ltv_sheet *sheet, const ltv_block *block, const char *table,
                      const char *labels, const char *values, const char *title, const char *y_name,
                      ltv_cell_style style)
{
    int x = ltv_table_column(sheet, table, labels), y = ltv_table_column(sheet, table, values);
    if (block->n_rows == 0 || x < 0 || y < 0 || !has_bars(sheet->book, table, values))
        return;
    ltv_chart chart = ltv_chart_begin(sheet, LXW_CHART_BAR, title, labels, y_name, style);
    if (style == LTV_CELL_SHARE)
        ltv_chart_whole_share(&chart);
    ltv_chart_add_bars(&chart, block, (size_t)x, (size_t)y, ltv_chart_colour(0));
    ltv_chart_end(&chart);
}

static void write_information(ltv_sheet *sheet)
{
    lxw_row_t before = sheet->row++;
    ltv_sheet_attribute(sheet, "EVPI per joined customer", "/decisions@evpi", LTV_CELL_MONEY);
    ltv_sheet_attribute(sheet, "EVPI of the cohort", "/decisions@evpi_total", LTV_CELL_MONEY);
    ltv_sheet_attribute(sheet, "Monte Carlo standard error of EVPI",
                        "/decisions@evpi_mc_standard_error", LTV_CELL_MONEY);
    ltv_sheet_attribute(sheet, "EVPI, noise taken for uncertainty", "/decisions@evpi_uncorrected",
                        LTV_CELL_MONEY);
    if (sheet->row == before + 1)
        return;
    ltv_sheet_text(sheet, before, 0, "What it would be worth to know every input exactly",
                   LTV_CELL_BLOCK);
    sheet->row++;
}

/* P(ROI >= hurdle) of each contrast that has it. */
static void write_hurdles(ltv_sheet *sheet)
{
    ltv_book *book = sheet->book;
    ltv_columns *columns = calloc(1, sizeof *columns);
    if (columns == NULL) {
        book->out_of_memory = true;
        return;
    }
    for (size_t i = 0; i < book->n_contrasts; i++) {
        ltv_source table =
            ltv_source_join(ltv_source_join("/compare/", book->contrasts[i]).text, "/roi_hurdles");
        if (columns->n == 0)
            ltv_columns_find(columns, book, ltv_source_join(table.text, ":hurdle").text,
                             "ROI wanted");
        ltv_columns_find(columns, book, ltv_source_join(table.text, ":probability").text,
                         ltv_contrast_name_of(book, i).text);
    }
    if (columns->n > 1) {
        ltv_block block = ltv_sheet_columns(
            sheet, "How likely the ROI is to clear a hurdle: P(ROI ≥ h) over draws", columns, 1);
        ltv_chart chart =
            ltv_chart_begin(sheet, LXW_CHART_SCATTER_STRAIGHT, "P(ROI ≥ h)", "ROI wanted (h)",
                            "probability over draws", LTV_CELL_SHARE);
        ltv_chart_categories_in(&chart, LTV_CELL_SHARE);
        ltv_chart_whole_share(&chart);
        for (size_t c = 1; c < columns->n; c++)
            ltv_chart_add_line(&chart, &block, 0, c, c - 1, LTV_LINE_PLAIN);
        ltv_chart_end(&chart);
    }
    free(columns);
}

static void write_test(ltv_sheet *sheet, size_t contrast)
{
    char title[300];
    ltv_source group = ltv_source_join("/compare/", sheet->book->contrasts[contrast]);
    ltv_source test = ltv_source_join(group.text, "/test_first");
    ltv_source sizes = ltv_source_join(test.text, "/sizes");
    if (ltv_document_find(sheet->book->doc, test.text) == NULL)
        return;
    snprintf(title, sizeof title, "Test first? %s",
             ltv_contrast_name_of(sheet->book, contrast).text);
    ltv_sheet_text(sheet, sheet->row++, 0, title, LTV_CELL_BLOCK);
    const char *why_not =
        ltv_document_string(sheet->book->doc, ltv_source_join(test.text, "@why_not").text);
    if (why_not != NULL && why_not[0] != '\0')
        ltv_sheet_text(sheet, sheet->row++, 0, why_not, LTV_CELL_TEXT);
    static const struct {
        const char *label, *attribute;
        ltv_cell_style style;
    } rows[] = {
        {"Customers in each of the two groups", "@per_group", LTV_CELL_COUNT},
        {"Net benefit of that test", "@net_benefit", LTV_CELL_MONEY},
        {"What it brings", "@gain", LTV_CELL_MONEY},
        {"What it costs", "@cost", LTV_CELL_MONEY},
        {"EVSI per customer decided for", "@evsi", LTV_CELL_MONEY},
        {"Monte Carlo standard error of EVSI", "@evsi_mc_standard_error", LTV_CELL_MONEY},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        ltv_sheet_attribute(sheet, rows[i].label,
                            ltv_source_join(test.text, rows[i].attribute).text, rows[i].style);
    sheet->row++;
    ltv_block block = ltv_sheet_table(sheet, "Tests of other sizes", sizes.text);
    int x = ltv_table_column(sheet, sizes.text, "per_group");
    int y = ltv_table_column(sheet, sizes.text, "net_benefit");
    if (block.n_rows == 0 || x < 0 || y < 0)
        return;
    ltv_chart chart = ltv_chart_begin(sheet, LXW_CHART_SCATTER_STRAIGHT, title,
                                      "customers in each group", "gain less cost", LTV_CELL_MONEY);
    ltv_chart_categories_in(&chart, LTV_CELL_COUNT);
    ltv_chart_add_line(&chart, &block, (size_t)x, (size_t)y, 0, LTV_LINE_PLAIN);
    ltv_chart_end(&chart);
}

static unsigned count_charts(const ltv_book *book)
{
    unsigned hurdles = 0, tests = 0;
    for (size_t i = 0; i < book->n_contrasts; i++) {
        ltv_source group = ltv_source_join("/compare/", book->contrasts[i]);
        hurdles |=
            ltv_document_find(book->doc, ltv_source_join(group.text, "/roi_hurdles").text) != NULL;
        tests += ltv_document_find(book->doc,
                                   ltv_source_join(group.text, "/test_first/sizes").text) != NULL;
    }
    return has_bars(book, "/decisions/arms", "p_best") +
           has_bars(book, "/decisions/evppi", "evppi") + hurdles + tests;
}

void ltv_sheet_decisions(ltv_book *book)
{
    if (ltv_document_find(book->doc, "/decisions") == NULL)
        return;
    ltv_sheet sheet = ltv_book_add_sheet(
        book, "Decisions", "Which arm to choose, and what is worth finding out",
        "As far as the uncertain inputs are known; the simulation's noise is taken out.",
        LTV_TERMS_DISCOUNTED, count_charts(book));
    ltv_block arms = ltv_sheet_table(&sheet, "Arms as a choice", "/decisions/arms");
    draw_bars(&sheet, &arms, "/decisions/arms", "arm", "p_best", "How likely each arm is the best",
              "probability over draws", LTV_CELL_SHARE);
    write_hurdles(&sheet);
    write_information(&sheet);
    ltv_block inputs =
        ltv_sheet_table(&sheet, "What it would be worth to know one input", "/decisions/evppi");
    draw_bars(&sheet, &inputs, "/decisions/evppi", "input", "evppi",
              "What it would be worth to know one input", "per joined customer", LTV_CELL_MONEY);
    ltv_sheet_table(&sheet, "The best arm that a budget can pay for", "/decisions/budgets");
    for (size_t i = 0; i < book->n_contrasts; i++)
        write_test(&sheet, i);
}
