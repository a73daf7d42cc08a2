/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_IO_WORKBOOK_CURVES_H
#define LTV_SIM_IO_WORKBOOK_CURVES_H

#include "sim/io/workbook/chart.h"

/* One curve over tenure of several arms, segments or channels beside each other. */

/* Along the axis of what is summed over bills, which the file counts from 0 and paybacks from 1. */
#define LTV_ACROSS_BILLS "bill (the first is 0)"

typedef struct {
    const char *title;
    const char *short_title; /* of charts of single curves, which name the group behind it */
    const char *axis;        /* "/period" or "/bill" */
    const char *array;       /* below each group: "/retention"; its limits are "/retention_u90" */
    size_t n_groups;
    const ltv_source *groups;    /* "/arms/today" */
    const char *const *headings; /* of the groups */
    bool with_limits;            /* beside each curve, where there are any */
} ltv_curves;

typedef struct {
    ltv_block block;
    size_t n_drawn;       /* rows up to where the last curve has settled: charts end there */
    size_t n;             /* curves: groups that have none are left out */
    size_t at[256];       /* column of each */
    bool has_limits[256]; /* in the two columns behind it */
} ltv_curve_block;

ltv_curve_block ltv_sheet_curves(ltv_sheet *sheet, const ltv_curves *curves);

/* Begins a chart of lines over the tenure of a block, for ltv_chart_add_line. */
ltv_chart ltv_curves_begin(ltv_sheet *sheet, const ltv_curve_block *curves, const char *title,
                           const char *x_name, const char *y_name, ltv_cell_style style);

/* Draws all curves of a block as areas on each other. */
void ltv_curves_stack(ltv_sheet *sheet, const ltv_curve_block *curves, const char *title,
                      const char *x_name, const char *y_name, ltv_cell_style style);

/* Draws all curves of a block. */
void ltv_curves_draw(ltv_sheet *sheet, const ltv_curve_block *curves, const char *title,
                     const char *x_name, const char *y_name, ltv_cell_style style);

/* Draws, for each curve that has limits, the curve between them, `most` of them at most. */
void ltv_curves_draw_limits(ltv_sheet *sheet, const ltv_curve_block *curves,
                            const ltv_curves *named, size_t most, const char *x_name,
                            const char *y_name, ltv_cell_style style);

/* The arms, or the groups of one kind ("/segments", "/channels", "/plans") of one, as groups. */
typedef struct {
    size_t n;
    ltv_source *groups; /* owned */
    char **headings;    /* owned */
} ltv_groups;
ltv_groups ltv_groups_of_arms(ltv_book *book);
ltv_groups ltv_groups_below(ltv_book *book, const char *path);
/* The same of arrays. */
ltv_groups ltv_arrays_below(ltv_book *book, const char *path);
void ltv_groups_free(ltv_groups *self);

#endif
