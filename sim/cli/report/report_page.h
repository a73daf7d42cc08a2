/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_CLI_REPORT_REPORT_PAGE_H
#define LTV_SIM_CLI_REPORT_REPORT_PAGE_H

#include "base/error.h"
#include "sim/cli/report/report.h"

/* The page that ltvsim report writes, of one or several results files. */

/* Fails with LTV_ERR_NOT_FOUND when this ltvsim was built without the charts' script. */
LTV_MUST_USE ltv_status ltv_report_is_built(ltv_error *err);

/* All sections of the report. */
void ltv_report_build(ltv_report *r);

/* The page, as owned text of *n bytes. Fails with LTV_ERR_NO_MEMORY. */
LTV_MUST_USE ltv_status ltv_report_page(char **page, size_t *n, ltv_report *reports,
                                        size_t n_reports, ltv_error *err);

/* Draws every chart as an SVG file ID.svg in the folder, which is made when it is missing, by way
 * of the program node. *n_files receives their number. Fails with LTV_ERR_NOT_FOUND without node,
 * LTV_ERR_WRITE_FAILED, LTV_ERR_NO_MEMORY. */
LTV_MUST_USE ltv_status ltv_report_svg(const char *folder, ltv_report *reports, size_t n_reports,
                                       size_t *n_files, ltv_error *err);

#endif
