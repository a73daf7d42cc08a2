/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_CLI_REPORT_CURVES_H
#define LTV_SIM_CLI_REPORT_CURVES_H

#include "sim/cli/report/report.h"

/* Curves over tenure, one or several series in a chart, with a band each and horizontal lines they
 * are held against. */

typedef struct {
    char name[256];
    const double *x;      /* borrowed, [n]; NULL: first, first + 1 … of the chart */
    const double *y;      /* borrowed, [n] */
    const double *limits; /* borrowed, [n][2]: lower and upper; NULL without */
    size_t n;
} ltv_report_series;

typedef struct {
    char series[256]; /* that it belongs to */
    double value;
    char label[256];
} ltv_report_rule;

typedef struct {
    const char *id;
    size_t n_series;
    const ltv_report_series *series;
    size_t n_rules;
    const ltv_report_rule *rules;
    bool is_money;    /* else shares */
    bool is_whole;    /* shares: show all from 0 to 1 */
    double y_end;     /* where the picture ends; 0: with the curves */
    size_t first;     /* x of the first point, where a series has no x of its own */
    bool has_points;  /* mark every point */
    bool x_is_number; /* not whole periods */
    ltv_word spread;  /* what the bands show */
    ltv_word series_title;
    bool undiscounted; /* and so says the footer */
    const char *footer_more;
} ltv_report_curves;

/* The chart; takes the titles of the whole and of its axes. */
void ltv_report_add_curves(ltv_report *r, json_t *blocks, const ltv_report_curves *c, json_t *title,
                           json_t *x_title, json_t *y_title);

enum { LTV_REPORT_LABEL_LIMIT = 280 }; /* pixels of a name in a legend */

/* In how many columns the names of series stand in a legend: at most 3, and no more than fit into
 * the chart, which only the chart itself knows (an expression of Vega). */
json_t *ltv_report_legend_columns(const ltv_report_series *series, size_t n);

/* The title of an axis of tenure or of bills. */
json_t *ltv_report_time_title(ltv_report *r, ltv_word word);

#endif
