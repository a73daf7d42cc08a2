/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>

#include "sim/io/workbook/curves.h"
#include "sim/io/workbook/sheets.h"

static bool has_table(const ltv_book *book, const ltv_source *group, const char *table)
{
    return ltv_document_find(book->doc, ltv_source_join(group->text, table).text) != NULL;
}

static ltv_cell_style style_of(const ltv_book *book, const ltv_source *group)
{
    return ltv_book_style_of_unit(
        book, ltv_document_string(book->doc, ltv_source_join(group->text, "@unit").text));
}

/* Two more columns: how far each end is from the figure at the medians. */
static void add_distances(ltv_sheet *sheet, ltv_block *block, const char *table, lxw_row_t medians,
                          double at_medians, ltv_cell_style style)
{
    static const char *const columns[] = {"at_p10", "at_p90"};
    static const char *const headings[] = {"input at its P10", "input at its P90"};
    const ltv_node *node = ltv_document_find(sheet->book->doc, table);
    for (int i = 0; i < 2; i++) {
        const ltv_values *values = ltv_node_column(node, columns[i]);
        int at = ltv_table_column(sheet, table, columns[i]);
        lxw_col_t column = (lxw_col_t)block->n_columns++;
        ltv_sheet_text(sheet, block->heading_row, column, headings[i], LTV_CELL_HEADING_RIGHT);
        for (size_t row = 0; row < block->n_rows && values != NULL && values->real != NULL; row++) {
            char formula[64];
            lxw_row_t where = block->first_row + (lxw_row_t)row;
            snprintf(formula, sizeof formula, "=%s-%s", ltv_cell_name_of(where, (lxw_col_t)at).text,
                     ltv_cell_name_of(medians, 1).text);
            ltv_sheet_formula(sheet, where, column, formula, values->real[row] - at_medians, style);
        }
    }
}

/* The widest bar on top, both ends of an input in one line. */
static void write_tornado(ltv_sheet *sheet, const ltv_source *group, const char *figure)
{
    char title[300];
    ltv_source table = ltv_source_join(group->text, "/tornado");
    ltv_source medians = ltv_source_join(group->text, "@at_medians");
    ltv_cell_style style = style_of(sheet->book, group);
    double at_medians = ltv_document_real(sheet->book->doc, medians.text);
    lxw_row_t row = sheet->row;
    ltv_sheet_attribute(sheet, "With every input at its median", medians.text, style);
    sheet->row++;
    snprintf(title, sizeof title, "Tornado: %.200s", figure);
    ltv_block block = ltv_sheet_table(sheet, title, table.text);
    if (block.n_rows == 0 || isnan(at_medians))
        return;
    add_distances(sheet, &block, table.text, row, at_medians, style);
    ltv_chart chart = ltv_chart_begin(sheet, LXW_CHART_BAR, title, "input",
                                      "away from the figure at the medians", style);
    for (size_t i = 0; i < 2; i++)
        ltv_chart_add_bars(&chart, &block, 0, block.n_columns - 2 + i, ltv_chart_colour(i));
    if (chart.chart != NULL)
        chart_set_series_overlap(chart.chart, 100);
    ltv_chart_end(&chart);
}

/* Without a tornado, as from `ltvsim run`, the ranks are what can be drawn. */
static void write_ranks(ltv_sheet *sheet, const ltv_source *group, const char *figure, bool drawn)
{
    char title[300];
    ltv_source table = ltv_source_join(group->text, "/rank_correlations");
    snprintf(title, sizeof title, "Rises and falls with: %.200s", figure);
    ltv_block block = ltv_sheet_table(sheet, title, table.text);
    int value = ltv_table_column(sheet, table.text, "spearman");
    if (!drawn || block.n_rows == 0 || value < 0)
        return;
    ltv_chart chart = ltv_chart_begin(sheet, LXW_CHART_BAR, title, "input",
                                      "Spearman's rank correlation over draws", LTV_CELL_RATIO);
    ltv_chart_add_bars(&chart, &block, 0, (size_t)value, ltv_chart_colour(0));
    ltv_chart_end(&chart);
}

void ltv_sheet_sensitivity(ltv_book *book)
{
    ltv_groups figures = ltv_groups_below(book, "/sensitivity");
    if (figures.n > 0) {
        ltv_sheet sheet = ltv_book_add_sheet(
            book, "Sensitivity", "Which uncertain inputs matter",
            "How far a figure moves with each input; what moves it most is what to find out first.",
            LTV_TERMS_DISCOUNTED, (unsigned)figures.n);
        for (size_t i = 0; i < figures.n; i++) {
            bool tornado = has_table(book, &figures.groups[i], "/tornado");
            if (tornado)
                write_tornado(&sheet, &figures.groups[i], figures.headings[i]);
            ltv_sheet_table(&sheet, "Shares of its variance (Sobol indices, 95 % limits)",
                            ltv_source_join(figures.groups[i].text, "/indices").text);
            write_ranks(&sheet, &figures.groups[i], figures.headings[i], !tornado);
        }
    }
    ltv_groups_free(&figures);
}
