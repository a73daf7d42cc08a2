/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_CLI_REPORT_MARGIN_H
#define LTV_SIM_CLI_REPORT_MARGIN_H

#include "sim/cli/report/report.h"

/* The gross margin of a report's scenario, as its footers say it: "gross margin 80 %", "gross
 * margin 78 % on average over draws"; "" where the file does not tell. That plans and
 * add-ons, or arms, have margins of their own is mentioned. */
ltv_formatted ltv_report_margin(const ltv_report *r);

#endif
