/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/io/workbook/histogram.h"

#include <stdio.h>
#include <stdlib.h>

enum { LOWER, CENTRE, COUNTS, BELOW, ABOVE };

/* The counts again in two columns, one for each side of the mark: formulas, so that another mark
 * can be tried. */
static void part(ltv_sheet *sheet, const ltv_block *block, const ltv_column *centres,
                 const ltv_column *counts, const ltv_histogram_mark *mark)
{
    lxw_col_t at_mark = ABOVE + 1;
    ltv_cell_name limit = ltv_cell_name_of(block->first_row, at_mark);
    ltv_sheet_text(sheet, block->heading_row, BELOW, mark->below, LTV_CELL_HEADING_RIGHT);
    ltv_sheet_text(sheet, block->heading_row, ABOVE, mark->above, LTV_CELL_HEADING_RIGHT);
    ltv_sheet_text(sheet, block->heading_row, at_mark, "parted at", LTV_CELL_HEADING_RIGHT);
    ltv_sheet_number(sheet, block->first_row, at_mark, mark->value, LTV_CELL_MONEY);
    ltv_sheet_text(sheet, block->first_row, at_mark + 1, mark->source, LTV_CELL_QUIET);
    for (size_t i = 0; i < block->n_rows && i < centres->n; i++) {
        char formula[128];
        lxw_row_t row = block->first_row + (lxw_row_t)i;
        ltv_cell_name centre = ltv_cell_name_of(row, CENTRE), count = ltv_cell_name_of(row, COUNTS);
        double n = (double)counts->int64[i];
        bool below = centres->real[i] < mark->value;
        snprintf(formula, sizeof formula, "=IF(%s<%s,%s,0)", centre.text, limit.text, count.text);
        ltv_sheet_formula(sheet, row, BELOW, formula, below ? n : 0, LTV_CELL_COUNT);
        snprintf(formula, sizeof formula, "=IF(%s<%s,0,%s)", centre.text, limit.text, count.text);
        ltv_sheet_formula(sheet, row, ABOVE, formula, below ? 0 : n, LTV_CELL_COUNT);
    }
}

static void draw(ltv_sheet *sheet, const char *title, const ltv_block *block, bool parted)
{
    ltv_chart chart =
        ltv_chart_begin(sheet, parted ? LXW_CHART_COLUMN_STACKED : LXW_CHART_COLUMN, title,
                        "amount per customer", "simulated customers", LTV_CELL_COUNT);
    if (parted)
        ltv_chart_add_bars(&chart, block, CENTRE, BELOW, LTV_COLOUR_DOWN);
    ltv_chart_add_bars(&chart, block, CENTRE, parted ? ABOVE : COUNTS, ltv_chart_colour(0));
    ltv_chart_categories_in(&chart, LTV_CELL_MONEY);
    if (chart.chart != NULL)
        chart_set_series_gap(chart.chart, 5);
    ltv_chart_end(&chart);
}

void ltv_sheet_histogram(ltv_sheet *sheet, const char *title, const char *path,
                         const ltv_histogram_mark *mark)
{
    const ltv_book *book = sheet->book;
    ltv_columns *columns = calloc(1, sizeof *columns);
    if (columns == NULL) {
        sheet->book->out_of_memory = true;
        return;
    }
    ltv_columns_find(columns, book, ltv_source_join(path, "/edges").text,
                     "bin from (the last: to)");
    ltv_columns_find(columns, book, ltv_source_join(path, "/centers").text, "centre of the bin");
    ltv_columns_find(columns, book, ltv_source_join(path, "/counts").text, "customers");
    if (columns->n == COUNTS + 1 && columns->columns[COUNTS].int64 != NULL &&
        columns->columns[CENTRE].real != NULL) {
        ltv_block block = ltv_sheet_columns(sheet, title, columns, 1);
        ltv_block bins = block;
        bins.n_rows = columns->columns[COUNTS].n;
        if (mark != NULL)
            part(sheet, &bins, &columns->columns[CENTRE], &columns->columns[COUNTS], mark);
        draw(sheet, title, &bins, mark != NULL);
    }
    free(columns);
}
