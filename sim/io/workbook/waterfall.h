/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_IO_WORKBOOK_WATERFALL_H
#define LTV_SIM_IO_WORKBOOK_WATERFALL_H

#include "sim/io/workbook/chart.h"

typedef struct {
    const char *title;
    const char *table;    /* with columns `labels`, amount and running */
    const char *labels;   /* "reason", "driver" */
    bool starts_at_total; /* the first row is where it starts from, not a step */
    const char *end;      /* what the last row of the chart is called */
} ltv_waterfall;

/* Writes the table and draws its amounts as steps from one to the next: stacked columns over
 * formulas, right also where the sum crosses 0. */
void ltv_sheet_waterfall(ltv_sheet *sheet, const ltv_waterfall *waterfall);

#endif
