/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_IO_WORKBOOK_HISTOGRAM_H
#define LTV_SIM_IO_WORKBOOK_HISTOGRAM_H

#include "sim/io/results/draw_distribution.h"
#include "sim/io/workbook/chart.h"

/* A value that parts the bins, and what those on either side of it are called. */
typedef struct {
    double value;
    const char *source; /* what it is, or where it is from */
    const char *below, *above;
    bool is_held; /* by many, as no change is: its bin belongs above, else to its centre's side */
} ltv_histogram_mark;

/* Writes the histogram of amounts in the group at `path` and draws it, in two colours where a mark
 * is given. */
void ltv_sheet_histogram(ltv_sheet *sheet, const char *title, const char *path,
                         const ltv_histogram_mark *mark);

/* The same of a figure over draws, parted at 0; nothing where it has no bins. */
typedef struct {
    const char *title;
    const char *figure;   /* along the axis */
    ltv_cell_style style; /* money or a ratio */
    const char *source;   /* "bins of /draws/onboarding|today: roi" */
} ltv_draw_histogram;
void ltv_sheet_draw_histogram(ltv_sheet *sheet, const ltv_draw_histogram *histogram,
                              const ltv_draw_distribution *of);

#endif
