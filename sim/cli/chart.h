/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_CLI_CHART_H
#define LTV_SIM_CLI_CHART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "sim/cli/format.h"
#include "sim/cli/terminal.h"

/* Small charts made of text: bars of block characters, or of # and . in ASCII. */

enum { LTV_CHART_LINES = 12, LTV_CHART_COLUMNS = 80 };

typedef struct {
    int n_lines;
    char line[LTV_CHART_LINES][4 * LTV_CHART_COLUMNS + 1]; /* UTF-8 */
} ltv_chart;

/* Vertical bars: height[i] in [0, 1] of `rows` lines (at most LTV_CHART_LINES), one column each,
 * at most LTV_CHART_COLUMNS of them. Any height above 0 shows; NaN and below show nothing. */
void ltv_chart_bars(ltv_chart *chart, const double *height, int n, int rows,
                    const ltv_terminal *terminal);

/* A histogram of money to be drawn: bins with edges[i] <= x < edges[i + 1], n_bins >= 1. Borrowed.
 */
typedef struct {
    size_t n_bins;
    const double *edges;
    const int64_t *counts;
    double right; /* the drawing ends with the bin that holds this, so that a few extreme customers
                   * do not squeeze the others; infinity draws all */
    double mark;  /* marked under the axis where it lies in the drawing; NaN: nothing */
    const char *mark_name; /* stands before its amount in the label */
} ltv_chart_histogram;

/* Bars, an axis with the mark and a line of labels: rows + 2 lines within `columns`. An arrow
 * after the amount at the right end says that there are more customers beyond it. */
void ltv_chart_draw_histogram(ltv_chart *chart, const ltv_chart_histogram *histogram,
                              const ltv_money_style *money, int columns, int rows,
                              const ltv_terminal *terminal);

/* A curve of shares, share[0 ... n - 1] in [0, 1], against its index, n >= 1: rows + 2 lines
 * within `columns`, a scale of 0 to 100 % at the left, the first and last index below. */
void ltv_chart_draw_shares(ltv_chart *chart, const double *share, size_t n, int columns, int rows,
                           const ltv_terminal *terminal);

/* Prints the lines of both beside each other, the right one (may be NULL) from column `at`
 * on, all after `indent` blanks; no line ends with blanks. */
void ltv_chart_print(FILE *out, const ltv_chart *left, const ltv_chart *right, int indent, int at);

#endif
