/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/io/workbook/histogram.h"

#include <stdio.h>
#include <stdlib.h>

enum { LOWER, CENTRE, HEIGHT, BELOW, ABOVE };

static const char lower_heading[] = "bin from (the last: to)",
                  centre_heading[] = "centre of the bin";

static double value_at(const ltv_column *column, size_t i)
{
    return column->int64 != NULL ? (double)column->int64[i] : column->real[i];
}

/* The heights again in two columns, one for each side of the mark: formulas, so that another mark
 * can be tried. */
static void part(ltv_sheet *sheet, const ltv_block *block, const ltv_columns *columns,
                 const ltv_histogram_mark *mark)
{
    const ltv_column *edges = &columns->columns[LOWER], *centres = &columns->columns[CENTRE];
    const ltv_column *heights = &columns->columns[HEIGHT];
    lxw_col_t at_mark = ABOVE + 1;
    ltv_cell_name limit = ltv_cell_name_of(block->first_row, at_mark);
    ltv_sheet_text(sheet, block->heading_row, BELOW, mark->below, LTV_CELL_HEADING_RIGHT);
    ltv_sheet_text(sheet, block->heading_row, ABOVE, mark->above, LTV_CELL_HEADING_RIGHT);
    ltv_sheet_text(sheet, block->heading_row, at_mark, "parted at", LTV_CELL_HEADING_RIGHT);
    ltv_sheet_number(sheet, block->first_row, at_mark, mark->value, centres->style);
    ltv_sheet_text(sheet, block->first_row, at_mark + 1, mark->source, LTV_CELL_QUIET);
    for (size_t i = 0; i < block->n_rows && i < centres->n && i + 1 < edges->n; i++) {
        char formula[128];
        lxw_row_t row = block->first_row + (lxw_row_t)i;
        ltv_cell_name height = ltv_cell_name_of(row, HEIGHT);
        ltv_cell_name where =
            mark->is_held ? ltv_cell_name_of(row + 1, LOWER) : ltv_cell_name_of(row, CENTRE);
        const char *sign = mark->is_held ? "<=" : "<";
        double value = value_at(heights, i);
        bool below =
            mark->is_held ? edges->real[i + 1] <= mark->value : centres->real[i] < mark->value;
        snprintf(formula, sizeof formula, "=IF(%s%s%s,%s,0)", where.text, sign, limit.text,
                 height.text);
        ltv_sheet_formula(sheet, row, BELOW, formula, below ? value : 0, heights->style);
        snprintf(formula, sizeof formula, "=IF(%s%s%s,0,%s)", where.text, sign, limit.text,
                 height.text);
        ltv_sheet_formula(sheet, row, ABOVE, formula, below ? 0 : value, heights->style);
    }
}

/* Writes the three columns, of which the first has one row more. Returns their bins. */
static ltv_block write_bins(ltv_sheet *sheet, const char *title, const ltv_columns *columns,
                            const ltv_histogram_mark *mark)
{
    ltv_block bins = ltv_sheet_columns(sheet, title, columns, 1);
    bins.n_rows = bins.n_rows == 0 ? 0 : columns->columns[HEIGHT].n;
    if (mark != NULL && bins.n_rows > 0)
        part(sheet, &bins, columns, mark);
    return bins;
}

/* Columns without gaps between them. */
static void draw(ltv_chart *chart, const ltv_block *bins, bool parted)
{
    if (parted)
        ltv_chart_add_bars(chart, bins, CENTRE, BELOW, LTV_COLOUR_DOWN);
    ltv_chart_add_bars(chart, bins, CENTRE, parted ? ABOVE : HEIGHT, ltv_chart_colour(0));
    if (chart->chart != NULL)
        chart_set_series_gap(chart->chart, 5);
    ltv_chart_end(chart);
}

/* How many bins from the first on are as wide as it, or nearly: what lies beyond the bulk of
 * customers is in one wide bin, whose column would not compare. */
static size_t equal_bins(const ltv_column *edges, size_t n)
{
    size_t i = 1;
    double usual = edges->real[1] - edges->real[0];
    while (i < n && edges->real[i + 1] - edges->real[i] < 1.5 * usual)
        i++;
    return i < n ? i : n;
}

/* "amount per customer; more than that: 3930 customers" */
static void name_amounts(char *name, size_t size, const ltv_column *counts, size_t drawn)
{
    int64_t beyond = 0;
    for (size_t i = drawn; i < counts->n; i++)
        beyond += counts->int64[i];
    if (beyond > 0)
        snprintf(name, size, "amount per customer; more than that: %lld customers",
                 (long long)beyond);
    else
        snprintf(name, size, "amount per customer");
}

static ltv_columns *new_columns(ltv_sheet *sheet)
{
    ltv_columns *columns = calloc(1, sizeof *columns);
    if (columns == NULL)
        sheet->book->out_of_memory = true;
    return columns;
}

void ltv_sheet_histogram(ltv_sheet *sheet, const char *title, const char *path,
                         const ltv_histogram_mark *mark)
{
    const ltv_book *book = sheet->book;
    ltv_columns *columns = new_columns(sheet);
    if (columns == NULL)
        return;
    ltv_columns_find(columns, book, ltv_source_join(path, "/edges").text, lower_heading);
    ltv_columns_find(columns, book, ltv_source_join(path, "/centers").text, centre_heading);
    ltv_columns_find(columns, book, ltv_source_join(path, "/counts").text, "customers");
    if (columns->n == HEIGHT + 1 && columns->columns[HEIGHT].int64 != NULL &&
        columns->columns[CENTRE].real != NULL && columns->columns[LOWER].real != NULL &&
        columns->columns[LOWER].n == columns->columns[HEIGHT].n + 1) {
        ltv_block bins = write_bins(sheet, title, columns, mark);
        bins.n_rows = equal_bins(&columns->columns[LOWER], bins.n_rows);
        char axis[100];
        name_amounts(axis, sizeof axis, &columns->columns[HEIGHT], bins.n_rows);
        ltv_chart chart =
            ltv_chart_begin(sheet, mark != NULL ? LXW_CHART_COLUMN_STACKED : LXW_CHART_COLUMN,
                            title, axis, "simulated customers", LTV_CELL_COUNT);
        ltv_chart_categories_in(&chart, LTV_CELL_MONEY);
        draw(&chart, &bins, mark != NULL);
    }
    free(columns);
}

static ltv_column column_of(const ltv_draw_histogram *h, const char *heading, const double *values,
                            size_t n, ltv_cell_style style)
{
    ltv_column column = {
        .kind = ltv_kind_unknown, .style = style, .n = n, .stride = 1, .real = values};
    snprintf(column.source, sizeof column.source, "%s", h->source);
    snprintf(column.heading, sizeof column.heading, "%s", heading);
    return column;
}

void ltv_sheet_draw_histogram(ltv_sheet *sheet, const ltv_draw_histogram *h,
                              const ltv_draw_distribution *of)
{
    static const ltv_histogram_mark zero = {0, "no change", "below 0", "0 or more", false};
    double centres[LTV_DISTRIBUTION_BINS];
    size_t n = of->n_bins;
    ltv_columns *columns = n == 0 ? NULL : new_columns(sheet);
    if (columns == NULL)
        return;
    for (size_t i = 0; i < n; i++)
        centres[i] = (of->edges[i] + of->edges[i + 1]) / 2;
    ltv_columns_add(columns, column_of(h, lower_heading, of->edges, n + 1, h->style));
    ltv_columns_add(columns, column_of(h, centre_heading, centres, n, h->style));
    ltv_columns_add(columns, column_of(h, "share of draws", of->shares, n, LTV_CELL_SHARE));
    ltv_block bins = write_bins(sheet, h->title, columns, &zero);
    ltv_chart chart = ltv_chart_begin(sheet, LXW_CHART_COLUMN_STACKED, h->title, h->figure,
                                      "share of draws: what we don't know", LTV_CELL_SHARE);
    ltv_chart_categories_by(&chart, h->style, (of->edges[1] - of->edges[0]) / 2);
    draw(&chart, &bins, true);
    free(columns);
}
