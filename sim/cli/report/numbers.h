/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_CLI_REPORT_NUMBERS_H
#define LTV_SIM_CLI_REPORT_NUMBERS_H

#include "sim/cli/report/report.h"

/* Numbers as a report writes them. In English exactly as ltvsim show does (sim/cli/format.h); in
 * Japanese yen are 26,017円, from a million up 123.4万円 and 1.234億円, and periods か月 and so on.
 */

ltv_formatted ltv_report_money(const ltv_report *r, double amount);
ltv_formatted ltv_report_money_quantile(const ltv_report *r, double amount);
ltv_formatted ltv_report_money_change(const ltv_report *r, double amount); /* with its sign */

/* [a, b] of amounts with 3 significant digits. */
ltv_formatted ltv_report_money_interval(const ltv_report *r, double low, double high);

/* ±a of Monte Carlo error. */
ltv_formatted ltv_report_money_noise(const ltv_report *r, double noise);

ltv_formatted ltv_report_periods(const ltv_report *r, double periods, int decimals);

/* "month 7", "7か月目". */
ltv_formatted ltv_report_payback(const ltv_report *r, double bills);

/* A value in a unit of the metrics tables: the currency, the time unit, share, probability, ratio.
 * A time is a payback. */
ltv_formatted ltv_report_value(const ltv_report *r, double value, const char *unit);

/* [a, b] of values in a unit. */
ltv_formatted ltv_report_interval(const ltv_report *r, double low, double high, const char *unit);

/* The name of the period: "month", "か月". */
const char *ltv_report_unit(const ltv_report *r);

/* How an axis writes the amount datum.value: an expression of Vega, owned; NULL without memory. */
char *ltv_report_money_axis(const ltv_report *r);

/* How a tooltip writes an amount: a format of d3, ",.0f". */
const char *ltv_report_money_format(const ltv_report *r);

#endif
