/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/io/workbook/chart.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    CHART_WIDTH = 620,
    CHART_HEIGHT = 380,
    ROWS_OF_A_CHART = LTV_CHART_ROWS,
    ABREAST = 2,
    MOST_LABELS = 12
};

/* Okabe and Ito's, without yellow. */
lxw_color_t ltv_chart_colour(size_t series)
{
    static const lxw_color_t colours[] = {0x0072B2, 0xD55E00, 0x009E73, 0xCC79A7,
                                          0x56B4E9, 0xE69F00, 0x6B7280};
    return colours[series % (sizeof colours / sizeof *colours)];
}

enum { MOST_UNITS = 255 /* of a text in a chart */, MOST_SERIES = 255 /* that Excel draws */ };

static void name_axis(const ltv_chart *chart, lxw_chart_axis *axis, const char *name)
{
    lxw_chart_font font = {.size = 9};
    char *text = ltv_book_text(chart->sheet->book, name, MOST_UNITS);
    if (text != NULL)
        chart_axis_set_name(axis, text);
    chart_axis_set_name_font(axis, &font);
    chart_axis_set_num_font(axis, &font);
    free(text);
}

static void name_chart(const ltv_chart *chart, const char *title)
{
    lxw_chart_font font = {.size = 13, .bold = LXW_TRUE};
    char *text = ltv_book_text(chart->sheet->book, title, MOST_UNITS);
    if (text != NULL)
        chart_title_set_name(chart->chart, text);
    chart_title_set_name_font(chart->chart, &font);
    free(text);
}

/* Horizontal bars have their categories along the vertical axis. */
static lxw_chart_axis *category_axis(const ltv_chart *chart)
{
    return chart->type == LXW_CHART_BAR ? chart->chart->y_axis : chart->chart->x_axis;
}

static lxw_chart_axis *value_axis(const ltv_chart *chart)
{
    return chart->type == LXW_CHART_BAR ? chart->chart->x_axis : chart->chart->y_axis;
}

/* How numbers up to `greatest` stand along an axis of about ten ticks: with no more digits than
 * tell them apart. Money is without decimals from `whole` on. */
static void set_format(const ltv_chart *chart, lxw_chart_axis *axis, ltv_cell_style style,
                       double greatest, double whole)
{
    const ltv_book *book = chart->sheet->book;
    const char *formats[LTV_CELL_STYLES] = {
        [LTV_CELL_MONEY] = greatest >= whole ? book->money_whole_format : book->money_format,
        [LTV_CELL_SHARE] = greatest >= 0.05 ? "0%" : "0.0%",
        [LTV_CELL_RATIO] = greatest >= 0.5 ? "0.0" : "0.00",
        [LTV_CELL_COUNT] = "#,##0",
    };
    if (formats[style] != NULL)
        chart_axis_set_num_format(axis, formats[style]);
}

/* The terms stand along the lower edge. */
static void lay_out_axes(const ltv_chart *chart, const char *categories, const char *values)
{
    char text[256];
    bool bars = chart->type == LXW_CHART_BAR;
    lxw_chart_line grid = {.color = 0xE5E7EB, .width = 0.75f};
    snprintf(text, sizeof text, "%s (%s)", bars ? values : categories, chart->sheet->terms);
    name_axis(chart, chart->chart->x_axis, text);
    name_axis(chart, chart->chart->y_axis, bars ? categories : values);
    chart_axis_major_gridlines_set_visible(category_axis(chart), LXW_FALSE);
    chart_axis_major_gridlines_set_visible(value_axis(chart), LXW_TRUE);
    chart_axis_major_gridlines_set_line(value_axis(chart), &grid);
    chart_axis_set_label_position(category_axis(chart), LXW_CHART_AXIS_LABEL_POSITION_LOW);
    if (!bars)
        return;
    chart_axis_set_reverse(category_axis(chart));
    chart_axis_set_crossing_max(category_axis(chart));
}

ltv_chart ltv_chart_begin(ltv_sheet *sheet, uint8_t type, const char *title, const char *categories,
                          const char *values, ltv_cell_style style)
{
    ltv_chart chart = {.sheet = sheet, .type = type, .value_style = style};
    bool is_area = type == LXW_CHART_AREA_STACKED;
    if (sheet->worksheet == NULL)
        return chart;
    chart.chart = workbook_add_chart(sheet->book->workbook, type);
    if (chart.chart == NULL) {
        sheet->book->out_of_memory = true;
        return chart;
    }
    chart.chart->y_axis->is_value |= is_area; /* which libxlsxwriter 1.1.4 forgets */
    name_chart(&chart, title);
    chart_legend_set_position(chart.chart, LXW_CHART_LEGEND_BOTTOM);
    lay_out_axes(&chart, categories, values);
    return chart;
}

/* The number in a cell without its sign; 0 where there is none. */
static double size_of(const ltv_chart *chart, lxw_row_t row_number, lxw_col_t column)
{
    lxw_row *row = lxw_worksheet_find_row(chart->sheet->worksheet, row_number);
    lxw_cell *cell = row == NULL ? NULL : lxw_worksheet_find_cell_in_row(row, column);
    if (cell == NULL)
        return 0;
    return cell->type == NUMBER_CELL    ? fabs(cell->u.number)
           : cell->type == FORMULA_CELL ? fabs(cell->formula_result)
                                        : 0;
}

lxw_chart_series *ltv_chart_add(ltv_chart *chart, const ltv_block *block, size_t categories,
                                size_t values)
{
    if (chart->chart == NULL || block->n_rows == 0 || chart->n_series == MOST_SERIES)
        return NULL;
    lxw_chart_series *series = chart_add_series(chart->chart, NULL, NULL);
    if (series == NULL) {
        chart->sheet->book->out_of_memory = true;
        return NULL;
    }
    const char *name = chart->sheet->name;
    lxw_row_t last = block->first_row + (lxw_row_t)block->n_rows - 1;
    lxw_col_t x = (lxw_col_t)(block->first_column + categories);
    lxw_col_t y = (lxw_col_t)(block->first_column + values);
    chart_series_set_categories(series, name, block->first_row, x, last, x);
    chart_series_set_values(series, name, block->first_row, y, last, y);
    chart_series_set_name_range(series, name, block->heading_row, y);
    chart->n_series++;
    chart->n_categories = block->n_rows;
    for (lxw_row_t row = block->first_row; row <= last; row++) {
        chart->greatest_value = fmax(chart->greatest_value, size_of(chart, row, y));
        chart->greatest_category = fmax(chart->greatest_category, size_of(chart, row, x));
    }
    return series;
}

void ltv_chart_add_line(ltv_chart *chart, const ltv_block *block, size_t categories, size_t values,
                        size_t colour, ltv_line_look look)
{
    lxw_chart_line line = {
        .color = look == LTV_LINE_MARK ? LTV_COLOUR_TOTAL : ltv_chart_colour(colour),
        .width = look == LTV_LINE_PLAIN ? 2.25f : 1.25f,
        .dash_type = look == LTV_LINE_DASHED ? LXW_CHART_LINE_DASH_DASH : LXW_CHART_LINE_DASH_SOLID,
    };
    lxw_chart_series *series = ltv_chart_add(chart, block, categories, values);
    if (series != NULL)
        chart_series_set_line(series, &line);
}

void ltv_chart_add_bars(ltv_chart *chart, const ltv_block *block, size_t categories, size_t values,
                        lxw_color_t colour)
{
    lxw_chart_fill fill = {.color = colour};
    lxw_chart_series *series = ltv_chart_add(chart, block, categories, values);
    if (series != NULL)
        chart_series_set_fill(series, &fill);
}

void ltv_chart_add_row(ltv_chart *chart, const ltv_block *block, lxw_row_t row, size_t first,
                       size_t n, lxw_color_t colour)
{
    lxw_chart_fill fill = {.color = colour};
    lxw_chart_series *series =
        chart->chart == NULL ? NULL : chart_add_series(chart->chart, NULL, NULL);
    if (series == NULL)
        return;
    const char *name = chart->sheet->name;
    lxw_col_t from = (lxw_col_t)(block->first_column + first), to = (lxw_col_t)(from + n - 1);
    chart_series_set_categories(series, name, block->heading_row, from, block->heading_row, to);
    chart_series_set_values(series, name, row, from, row, to);
    chart_series_set_name_range(series, name, row, block->first_column);
    chart_series_set_fill(series, &fill);
    chart->n_series++;
    chart->n_categories = n;
    for (lxw_col_t column = from; column <= to; column++)
        chart->greatest_value = fmax(chart->greatest_value, size_of(chart, row, column));
}

/* So that a dozen labels or fewer stand along the axis after the first: every 6th, 12th ... */
static uint16_t label_step(size_t n)
{
    static const uint16_t steps[] = {1, 2, 3, 6, 12, 24, 30, 60, 120, 240, 365, 730};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        if (n <= (size_t)MOST_LABELS * steps[i])
            return steps[i];
    return (uint16_t)(n / MOST_LABELS < UINT16_MAX ? n / MOST_LABELS : UINT16_MAX);
}

size_t ltv_tenure_end(size_t last)
{
    size_t step = label_step(last);
    return (last + step - 1) / step * step;
}

void ltv_chart_tenure(ltv_chart *chart, size_t n)
{
    if (chart->chart == NULL || n < 2)
        return;
    chart_axis_set_min(chart->chart->x_axis, 0);
    chart_axis_set_max(chart->chart->x_axis, (double)(n - 1));
    chart_axis_set_major_unit(chart->chart->x_axis, label_step(n - 1));
}

void ltv_chart_categories_in(ltv_chart *chart, ltv_cell_style style)
{
    chart->category_style = style;
}

static int decimals_of(double step)
{
    enum { MOST = 6 };
    int decimals = 0;
    for (; decimals < MOST && fabs(step - round(step)) > 1e-6 * step; decimals++)
        step *= 10;
    return decimals;
}

void ltv_chart_categories_by(ltv_chart *chart, ltv_cell_style style, double step)
{
    char format[48];
    int decimals = decimals_of(step);
    if (chart->chart == NULL)
        return;
    snprintf(format, sizeof format, "%s#,##0%s%.*s",
             style == LTV_CELL_MONEY ? chart->sheet->book->money_sign : "", decimals > 0 ? "." : "",
             decimals, "000000");
    chart->category_style = LTV_CELL_TEXT;
    chart_axis_set_num_format(category_axis(chart), format);
}

void ltv_chart_from_zero(ltv_chart *chart)
{
    if (chart->chart != NULL)
        chart_axis_set_min(value_axis(chart), 0);
}

void ltv_chart_whole_share(ltv_chart *chart)
{
    ltv_chart_from_zero(chart);
    if (chart->chart != NULL)
        chart_axis_set_max(value_axis(chart), 1);
}

static void set_label_step(lxw_chart_axis *axis, uint16_t step)
{
    chart_axis_set_interval_unit(axis, step);
    chart_axis_set_interval_tick(axis, step);
}

static void place(ltv_chart *chart, bool legend)
{
    enum { TICKS = 10, BINS = 100 /* of at least 1 each */ };
    ltv_sheet *sheet = chart->sheet;
    if (chart->chart == NULL || chart->n_series == 0)
        return;
    set_format(chart, value_axis(chart), chart->value_style, chart->greatest_value, TICKS);
    set_format(chart, category_axis(chart), chart->category_style, chart->greatest_category, BINS);
    lxw_chart_options options = {
        .x_offset = (int32_t)(sheet->n_charts % ABREAST * (CHART_WIDTH + 20)),
        .x_scale = CHART_WIDTH / 480.0,
        .y_scale = CHART_HEIGHT / 288.0,
    };
    if (chart->n_categories > MOST_LABELS && chart->type != LXW_CHART_BAR &&
        chart->type != LXW_CHART_SCATTER_STRAIGHT)
        set_label_step(chart->chart->x_axis, label_step(chart->n_categories - 1));
    if (!legend)
        chart_legend_set_position(chart->chart, LXW_CHART_LEGEND_NONE);
    lxw_row_t row = sheet->chart_row + ROWS_OF_A_CHART * (sheet->n_charts / ABREAST);
    worksheet_insert_chart_opt(sheet->worksheet, row, sheet->chart_column, chart->chart, &options);
    sheet->n_charts++;
}

void ltv_chart_end(ltv_chart *chart)
{
    place(chart, chart->n_series > 1);
}

void ltv_chart_end_without_legend(ltv_chart *chart)
{
    place(chart, false);
}

void ltv_chart_end_with_legend(ltv_chart *chart)
{
    place(chart, true);
}
