/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_CLI_REPORT_HISTOGRAM_H
#define LTV_SIM_CLI_REPORT_HISTOGRAM_H

#include "sim/cli/report/report.h"

/* A value marked in a histogram: a quantile or the mean, or what it is held against (CAC, zero). */
typedef struct {
    double value;
    ltv_formatted label;
    bool is_reference;
} ltv_report_mark;

/* A histogram, and marks in it. Everything is borrowed. */
typedef struct {
    const char *id;
    size_t n_bins;
    const double *edges;  /* [n_bins + 1], increasing */
    const double *shares; /* [n_bins], of all customers or draws */
    size_t n_marks;
    const ltv_report_mark *marks;
    double highest;  /* share at the top of the picture; 0: that of the highest bar */
    double from, to; /* of the axis; bins that are not whole in it are in the table alone, and
                        the footer says which share they hold */
    ltv_word spread, of, kind,
        reference; /* which ± it shows; what shares are of; what the marks are */
    bool is_money; /* else a ratio */
    const char *footer_more;
} ltv_report_histogram;

/* How customers spread over amounts. */
typedef struct {
    size_t n_bins;       /* 0: the file does not say */
    double *shares;      /* owned; [n_bins] */
    const double *edges; /* [n_bins + 1], in the memory of shares */
} ltv_report_customers;

/* The histogram of one customer's value in the group, such as /arms/today/ltv. A bin that is much
 * narrower than others is made one with the bin before it: the last one often is, and holds all who
 * stay to the horizon, of whom nobody would see a bar that thin. To be freed by free(shares). */
ltv_report_customers ltv_report_customers_of(ltv_report *r, const char *group);

/* The chart; takes the titles of the whole and of its axis. */
void ltv_report_add_histogram(ltv_report *r, json_t *blocks, const ltv_report_histogram *h,
                              json_t *title, json_t *x_title);

/* Where a picture ends that has that share of the customers in it, 0 to 1: at the end of a bin, and
 * at the latest where bins of about equal width end, since the last one may be a wide bin of few.
 */
double ltv_report_end_of(const ltv_report_customers *of, double share);

#endif
