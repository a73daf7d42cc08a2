/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_CLI_REPORT_SECTIONS_H
#define LTV_SIM_CLI_REPORT_SECTIONS_H

#include "sim/cli/report/report.h"

/* The sections of a report in their order. Each adds nothing where the results do not hold what it
 * shows. */

enum {
    LTV_REPORT_ARMS = 6,     /* with a chart of their own; more are told of in a sentence */
    LTV_REPORT_CONTRASTS = 6 /* likewise */
};

/* One sentence for each question that the scenario asks, with what speaks for it and against. */
void ltv_report_answers(ltv_report *r);

/* LTV, LTV/CAC blended and by channel, payback, retention, NRR, and what comparisons come to, each
 * with its interval. */
void ltv_report_figures(ltv_report *r);

/* How LTV differs from customer to customer, with quantiles and CAC. */
void ltv_report_distribution(ltv_report *r);

/* Who still pays; of all, and of segments and channels. */
void ltv_report_retention(ltv_report *r);
void ltv_report_groups(ltv_report *r);

/* When contribution covers CAC. */
void ltv_report_payback_curves(ltv_report *r);

/* Revenue per customer over tenure, and who holds which plan and add-on. */
void ltv_report_revenue(ltv_report *r);

/* What a contrast brings: distributions, when it pays back, who gains. */
void ltv_report_contrasts(ltv_report *r);

/* Which uncertain inputs matter. */
void ltv_report_sensitivity(ltv_report *r);

/* Where differences come from: between arms, and between spreadsheet and simulation. */
void ltv_report_bridges(ltv_report *r);

/* How likely the ROI is to clear a hurdle. */
void ltv_report_hurdles(ltv_report *r);

/* What the figures mean and how they were made. */
void ltv_report_definitions(ltv_report *r);

#endif
