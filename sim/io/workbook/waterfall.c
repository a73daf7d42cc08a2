/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/io/workbook/waterfall.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Columns of the block that the chart is drawn over. A step is a bar between the sums before and
 * after it; what lies between 0 and the bar is a bar that is not painted. A step across 0 has a
 * part above and one below. */
enum { LABEL, BEFORE, AFTER, UNSEEN, UP_ABOVE, UP_BELOW, DOWN_ABOVE, DOWN_BELOW, TOTAL, COLUMNS };

static const char *const headings[COLUMNS] = {"step",          "before",        "after",
                                              "not painted",   "up, above 0",   "up, below 0",
                                              "down, above 0", "down, below 0", "total"};

typedef struct {
    ltv_sheet *sheet;
    lxw_row_t row;
    double before, after;
    char a[24], b[24]; /* the cells that hold them */
} step;

__attribute__((format(printf, 4, 5))) static void write_part(const step *s, int column,
                                                             double value, const char *format, ...)
{
    char formula[200];
    va_list cells;
    va_start(cells, format);
    vsnprintf(formula, sizeof formula, format, cells);
    va_end(cells);
    ltv_sheet_formula(s->sheet, s->row, (lxw_col_t)column, formula, value, LTV_CELL_MONEY);
}

/* The bar from before to after. %1$s and %2$s are the two cells. */
static void write_bar(const step *s, bool is_total)
{
    double low = fmin(s->before, s->after), high = fmax(s->before, s->after);
    double above = fmax(0, high) - fmax(0, low), below = fmin(0, low) - fmin(0, high);
    bool up = s->after >= s->before;
    if (is_total) {
        write_part(s, TOTAL, s->after - s->before, "=%2$s-%1$s", s->a, s->b);
        return;
    }
    write_part(s, UNSEEN, fmax(0, low) + fmin(0, high),
               "=MAX(0,MIN(%1$s,%2$s))+MIN(0,MAX(%1$s,%2$s))", s->a, s->b);
    write_part(s, UP_ABOVE, up ? above : 0, "=IF(%2$s>=%1$s,MAX(0,%2$s)-MAX(0,%1$s),0)", s->a,
               s->b);
    write_part(s, UP_BELOW, up ? below : 0, "=IF(%2$s>=%1$s,MIN(0,%1$s)-MIN(0,%2$s),0)", s->a,
               s->b);
    write_part(s, DOWN_ABOVE, up ? 0 : above, "=IF(%2$s<%1$s,MAX(0,%1$s)-MAX(0,%2$s),0)", s->a,
               s->b);
    write_part(s, DOWN_BELOW, up ? 0 : below, "=IF(%2$s<%1$s,MIN(0,%2$s)-MIN(0,%1$s),0)", s->a,
               s->b);
}

static void write_step(ltv_sheet *sheet, lxw_row_t row, const char *label, const char *before,
                       double a, const char *after, double b, bool is_total)
{
    char text[128];
    step s = {.sheet = sheet, .row = row, .before = a, .after = b};
    snprintf(text, sizeof text, "%s", label);
    for (char *c = text; *c != '\0'; c++)
        *c = *c == '_' ? ' ' : *c;
    snprintf(s.a, sizeof s.a, "%s", ltv_cell_name_of(row, BEFORE).text);
    snprintf(s.b, sizeof s.b, "%s", ltv_cell_name_of(row, AFTER).text);
    ltv_sheet_text(sheet, row, LABEL, text, LTV_CELL_TEXT);
    ltv_sheet_formula(sheet, row, BEFORE, before, a, LTV_CELL_MONEY);
    ltv_sheet_formula(sheet, row, AFTER, after, b, LTV_CELL_MONEY);
    write_bar(&s, is_total);
}

/* Totals are columns that begin at 0, and so does the axis where nothing is below. */
static void draw(ltv_sheet *sheet, const char *title, const ltv_block *block, bool above_zero)
{
    static const struct {
        int column;
        lxw_color_t colour;
    } bars[] = {{UNSEEN, LXW_COLOR_WHITE},     {UP_ABOVE, LTV_COLOUR_UP},
                {UP_BELOW, LTV_COLOUR_UP},     {DOWN_ABOVE, LTV_COLOUR_DOWN},
                {DOWN_BELOW, LTV_COLOUR_DOWN}, {TOTAL, LTV_COLOUR_TOTAL}};
    ltv_chart chart = ltv_chart_begin(sheet, LXW_CHART_COLUMN_STACKED, title, "step",
                                      "per joined customer", LTV_CELL_MONEY);
    for (size_t i = 0; i < sizeof bars / sizeof *bars; i++) {
        lxw_chart_fill fill = {.color = bars[i].colour, .none = bars[i].column == UNSEEN};
        lxw_chart_series *series = ltv_chart_add(&chart, block, LABEL, (size_t)bars[i].column);
        if (series != NULL)
            chart_series_set_fill(series, &fill);
    }
    if (chart.chart != NULL)
        chart_set_series_gap(chart.chart, 40);
    if (above_zero)
        ltv_chart_from_zero(&chart);
    ltv_chart_end_without_legend(&chart);
}

void ltv_sheet_waterfall(ltv_sheet *sheet, const ltv_waterfall *w)
{
    ltv_block table = ltv_sheet_table(sheet, w->title, w->table);
    const ltv_node *node = ltv_document_find(sheet->book->doc, w->table);
    int at = ltv_table_column(sheet, w->table, "running");
    const ltv_values *labels = at < 0 ? NULL : ltv_node_column(node, w->labels);
    const ltv_values *running = at < 0 ? NULL : ltv_node_column(node, "running");
    if (table.n_rows == 0 || labels == NULL || labels->string == NULL || running == NULL ||
        running->real == NULL)
        return;
    ltv_sheet_text(sheet, sheet->row++, 0, "What its chart is drawn from", LTV_CELL_QUIET);
    ltv_block block = {.heading_row = sheet->row,
                       .first_row = sheet->row + 1,
                       .n_rows = table.n_rows + 1,
                       .n_columns = COLUMNS};
    for (int c = 0; c < COLUMNS; c++)
        ltv_sheet_text(sheet, block.heading_row, (lxw_col_t)c, headings[c],
                       c == LABEL ? LTV_CELL_HEADING : LTV_CELL_HEADING_RIGHT);
    char before[32] = "=0", after[32];
    bool above_zero = true;
    for (size_t i = 0; i < table.n_rows; i++) {
        snprintf(after, sizeof after, "=%s",
                 ltv_cell_name_of(table.first_row + (lxw_row_t)i, (lxw_col_t)at).text);
        write_step(sheet, block.first_row + (lxw_row_t)i, labels->string[i], before,
                   i > 0 ? running->real[i - 1] : 0, after, running->real[i],
                   i == 0 && w->starts_at_total);
        memcpy(before, after, sizeof before);
        above_zero &= running->real[i] >= 0;
    }
    write_step(sheet, block.first_row + (lxw_row_t)table.n_rows, w->end, "=0", 0, after,
               running->real[table.n_rows - 1], true);
    sheet->row = block.first_row + (lxw_row_t)block.n_rows + 1;
    draw(sheet, w->title, &block, above_zero);
}
