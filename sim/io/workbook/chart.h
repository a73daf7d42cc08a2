/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_IO_WORKBOOK_CHART_H
#define LTV_SIM_IO_WORKBOOK_CHART_H

#include "sim/io/workbook/column.h"

/* Native charts over blocks of a sheet. Each names the terms that its amounts are meant in, so that
 * it can be taken elsewhere by itself. */

typedef struct {
    ltv_sheet *sheet;
    lxw_chart *chart; /* owned by the workbook */
    size_t n_series, n_categories;
    uint8_t type;                               /* LXW_CHART_… */
    ltv_cell_style value_style, category_style; /* LTV_CELL_TEXT: as the cells are */
    double greatest_value, greatest_category;   /* of all series, without their signs */
} ltv_chart;

typedef enum {
    LTV_LINE_PLAIN,
    LTV_LINE_DASHED, /* a limit */
    LTV_LINE_MARK    /* what the others are held against: grey */
} ltv_line_look;

/* Colours of series, in their order; safe for eyes that tell few of them apart. */
lxw_color_t ltv_chart_colour(size_t series);
enum { LTV_COLOUR_UP = 0x009E73, LTV_COLOUR_DOWN = 0xD55E00, LTV_COLOUR_TOTAL = 0x6B7280 };

/* Begins a chart of a LXW_CHART_… type over categories; of LXW_CHART_BAR the first is on top. The
 * format of the axis of values is that of a cell style. */
ltv_chart ltv_chart_begin(ltv_sheet *sheet, uint8_t type, const char *title, const char *categories,
                          const char *values, ltv_cell_style style);

/* Adds a column of the block over the column `categories`, named by its heading. Returns the series
 * to be coloured further; NULL when memory is short. */
lxw_chart_series *ltv_chart_add(ltv_chart *chart, const ltv_block *block, size_t categories,
                                size_t values);

/* The same as a line, in the colour of that number. */
void ltv_chart_add_line(ltv_chart *chart, const ltv_block *block, size_t categories, size_t values,
                        size_t colour, ltv_line_look look);

/* The same as bars or areas in a colour. */
void ltv_chart_add_bars(ltv_chart *chart, const ltv_block *block, size_t categories, size_t values,
                        lxw_color_t colour);

/* Adds `n` cells of a row, over the headings of their columns; named by the row's first cell. */
void ltv_chart_add_row(ltv_chart *chart, const ltv_block *block, lxw_row_t row, size_t first,
                       size_t n, lxw_color_t colour);

/* How numbers on the axis of categories are written. */
void ltv_chart_categories_in(ltv_chart *chart, ltv_cell_style style);

/* The same of money or ratios that are multiples of `step`: with as many decimals as it has. */
void ltv_chart_categories_by(ltv_chart *chart, ltv_cell_style style, double step);

/* Categories are the first `n` of all bills or periods, from 0 on. */
void ltv_chart_tenure(ltv_chart *chart, size_t n);

/* The next label along such an axis from `last` on. */
size_t ltv_tenure_end(size_t last);

/* Values begin at 0. */
void ltv_chart_from_zero(ltv_chart *chart);

/* Values are shares or probabilities of which all between 0 and 1 is to be seen. */
void ltv_chart_whole_share(ltv_chart *chart);

/* Places it in the room above the first block of its sheet, behind the charts that are there. */
void ltv_chart_end(ltv_chart *chart);

/* The same of a chart that needs no legend, or one also for a single series. */
void ltv_chart_end_without_legend(ltv_chart *chart);
void ltv_chart_end_with_legend(ltv_chart *chart);

#endif
