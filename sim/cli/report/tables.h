/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_CLI_REPORT_TABLES_H
#define LTV_SIM_CLI_REPORT_TABLES_H

#include "sim/cli/report/report.h"

/* Looking up tables and arrays of results, whatever a file may hold. */

/* The table at `rest` below the group; NULL where there is none with rows. */
const ltv_node *ltv_report_find_table(const ltv_report *r, const char *group, const char *rest);

/* A cell; NaN and "" where there is none. */
double ltv_report_real_at(const ltv_node *table, const char *column, size_t row);
const char *ltv_report_text_at(const ltv_node *table, const char *column, size_t row);

/* An array of `n` rows of lower and upper limits below the group; NULL where there is none. */
const double *ltv_report_limits(const ltv_report *r, const char *group, const char *rest, size_t n);

/* Every how many of n points a curve shows: few enough to draw at once, the last one always. */
size_t ltv_report_stride(size_t n);

/* The next of n points after i, at such a stride. */
size_t ltv_report_next(size_t i, size_t n);

#endif
