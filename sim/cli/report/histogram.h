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
    double from, to; /* of the axis; what is outside is in the table alone */
    ltv_word spread, of, kind,
        reference; /* which ± it shows; what shares are of; what the marks are */
    bool is_money; /* else a ratio */
    const char *footer_more;
} ltv_report_histogram;

/* How customers spread over amounts, as the file has it. */
typedef struct {
    size_t n_bins;       /* 0: it does not */
    const double *edges; /* borrowed from the document; [n_bins + 1] */
    double *shares;      /* owned; [n_bins] */
} ltv_report_customers;

/* The histogram of one customer's value in the group, such as /arms/today/ltv. To be freed by
 * free(shares). */
ltv_report_customers ltv_report_customers_of(ltv_report *r, const char *group);

/* The chart; takes the titles of the whole and of its axis. */
void ltv_report_add_histogram(ltv_report *r, json_t *blocks, const ltv_report_histogram *h,
                              json_t *title, json_t *x_title);

/* Where the bins of equal width end: in histograms of customers what is beyond is a wide bin of
 * few. */
double ltv_report_end_of_bulk(const double *edges, size_t n_bins);

#endif
