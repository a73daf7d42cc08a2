/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_IO_WORKBOOK_HISTOGRAM_H
#define LTV_SIM_IO_WORKBOOK_HISTOGRAM_H

#include "sim/io/workbook/chart.h"

/* A value that parts the bins, and what those on either side of it are called. A bin belongs to the
 * side of its centre. */
typedef struct {
    double value;
    const char *source; /* what it is, or where it is from */
    const char *below, *above;
} ltv_histogram_mark;

/* Writes the histogram of amounts in the group at `path` and draws it, in two colours where a mark
 * is given. */
void ltv_sheet_histogram(ltv_sheet *sheet, const char *title, const char *path,
                         const ltv_histogram_mark *mark);

#endif
