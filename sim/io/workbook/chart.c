/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/io/workbook/chart.h"

#include <stdio.h>

enum { CHART_WIDTH = 620, CHART_HEIGHT = 380, ROWS_OF_A_CHART = 20, ABREAST = 2, MOST_LABELS = 12 };

/* Okabe and Ito's, without yellow. */
lxw_color_t ltv_chart_colour(size_t series)
{
    static const lxw_color_t colours[] = {0x0072B2, 0xD55E00, 0x009E73, 0xCC79A7,
                                          0x56B4E9, 0xE69F00, 0x6B7280};
    return colours[series % (sizeof colours / sizeof *colours)];
}

static void name_axes(const ltv_chart *chart, const char *x_name, const char *y_name,
                      ltv_cell_style values)
{
    static const char *const formats[LTV_CELL_STYLES] = {
        [LTV_CELL_SHARE] = "0%", [LTV_CELL_RATIO] = "0.0", [LTV_CELL_COUNT] = "#,##0"};
    char text[256];
    lxw_chart_font font = {.size = 9};
    lxw_chart_line grid = {.color = 0xE5E7EB, .width = 0.75};
    const ltv_book *book = chart->sheet->book;
    snprintf(text, sizeof text, "%s (%s)", x_name, book->terms);
    chart_axis_set_name(chart->chart->x_axis, text);
    chart_axis_set_name_font(chart->chart->x_axis, &font);
    chart_axis_set_name(chart->chart->y_axis, y_name);
    chart_axis_set_name_font(chart->chart->y_axis, &font);
    chart_axis_set_num_font(chart->chart->x_axis, &font);
    chart_axis_set_num_font(chart->chart->y_axis, &font);
    chart_axis_major_gridlines_set_line(chart->chart->y_axis, &grid);
    const char *format = values == LTV_CELL_MONEY ? book->money_format : formats[values];
    if (format != NULL)
        chart_axis_set_num_format(chart->chart->y_axis, format);
}

ltv_chart ltv_chart_begin(ltv_sheet *sheet, uint8_t type, const char *title, const char *x_name,
                          const char *y_name, ltv_cell_style values)
{
    ltv_chart chart = {.sheet = sheet};
    lxw_chart_font font = {.size = 13, .bold = LXW_TRUE};
    if (sheet->worksheet == NULL)
        return chart;
    chart.chart = workbook_add_chart(sheet->book->workbook, type);
    if (chart.chart == NULL) {
        sheet->book->out_of_memory = true;
        return chart;
    }
    chart_title_set_name(chart.chart, title);
    chart_title_set_name_font(chart.chart, &font);
    chart_legend_set_position(chart.chart, LXW_CHART_LEGEND_BOTTOM);
    name_axes(&chart, x_name, y_name, values);
    return chart;
}

lxw_chart_series *ltv_chart_add(ltv_chart *chart, const ltv_block *block, size_t categories,
                                size_t values)
{
    if (chart->chart == NULL || block->n_rows == 0)
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
}

/* So that a dozen labels or fewer stand along the axis: every 2nd, 5th, 6th, 10th, 12th ... */
static uint16_t label_step(size_t n)
{
    static const uint16_t steps[] = {2, 3, 4, 5, 6, 10, 12, 20, 24, 30, 60, 120, 240, 365, 730};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        if (n <= (size_t)MOST_LABELS * steps[i])
            return steps[i];
    return (uint16_t)(n / MOST_LABELS < UINT16_MAX ? n / MOST_LABELS : UINT16_MAX);
}

void ltv_chart_end(ltv_chart *chart)
{
    ltv_sheet *sheet = chart->sheet;
    if (chart->chart == NULL || chart->n_series == 0)
        return;
    lxw_chart_options place = {
        .x_offset = (int32_t)(sheet->n_charts % ABREAST * (CHART_WIDTH + 20)),
        .x_scale = CHART_WIDTH / 480.0,
        .y_scale = CHART_HEIGHT / 288.0,
    };
    if (chart->n_categories > MOST_LABELS)
        chart_axis_set_interval_unit(chart->chart->x_axis, label_step(chart->n_categories));
    if (chart->n_series < 2)
        chart_legend_set_position(chart->chart, LXW_CHART_LEGEND_NONE);
    lxw_row_t row = sheet->chart_row + ROWS_OF_A_CHART * (sheet->n_charts / ABREAST);
    worksheet_insert_chart_opt(sheet->worksheet, row, 0, chart->chart, &place);
    sheet->n_charts++;
}
