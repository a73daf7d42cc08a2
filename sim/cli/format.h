/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_CLI_FORMAT_H
#define LTV_SIM_CLI_FORMAT_H

#include <stdbool.h>
#include <stdint.h>

/* Numbers as people write them: thousands separated by commas, money with its sign or code,
 * shares in per cent, intervals as [low, high]. Never shortened to K or M. NaN reads "n/a".
 * All return by value; use .text within the expression. */

typedef struct {
    char text[96];
} ltv_formatted;

typedef struct {
    char code[4]; /* ISO 4217 */
    int decimals; /* of the currency: USD 2, JPY 0 */
    bool utf8;    /* signs such as ¥ and a true minus; else "JPY 1,000" and "-" */
} ltv_money_style;

/* 100,000 */
ltv_formatted ltv_format_count(int64_t count);

/* 1,234.50; "n/a" for NaN, "infinite" for infinity, 1.2e+20 from 1e15 up. */
ltv_formatted ltv_format_decimal(double value, int decimals, bool utf8);

/* The shortest decimal text with at most `digits` significant ones: 26,666.7, 0.05, 12. */
ltv_formatted ltv_format_significant(double value, int digits, bool utf8);

/* ¥26,667, $12.50, CHF 1,234. Decimals of the currency below 1,000, none from there on. */
ltv_formatted ltv_format_money(const ltv_money_style *style, double amount);

/* The same with a plus before a positive amount, for differences. */
ltv_formatted ltv_format_money_change(const ltv_money_style *style, double amount);

/* [¥8,000, ¥36,000], both ends rounded to `digits` significant digits, or one more where that is
 * the exact amount. No cents that the rounding invented: $224, but $94.90. */
ltv_formatted ltv_format_money_interval(const ltv_money_style *style, double low, double high,
                                        int digits);

/* Quantiles are known to 0.1 % (the sketch's buckets), which three digits can show. */
enum { LTV_QUANTILE_DIGITS = 3 };

/* A quantile of money, rounded as in an interval. */
ltv_formatted ltv_format_money_quantile(const ltv_money_style *style, double amount);

/* The same, rounded up: where it reads "at most", a smaller amount would be false. */
ltv_formatted ltv_format_money_at_most(const ltv_money_style *style, double amount);

/* 2.6 %, from a share in [0, 1]. What is neither 0 nor 1 never reads as 0 or 100:
 * "<0.1 %", ">99.9 %". */
ltv_formatted ltv_format_share(double share);

/* A rate such as a monthly churn, where one decimal is too few: 2.98 %, 0.123 %. */
ltv_formatted ltv_format_rate(double rate);

/* A percentage that a person gave: 10 %, 7.5 %, no digit more than needed. */
ltv_formatted ltv_format_percent_input(double share);

/* 5.19 below 100, 519 from there on. */
ltv_formatted ltv_format_ratio(double ratio, bool utf8);

/* "7 months", "1 month". */
ltv_formatted ltv_format_periods(double periods, int decimals, const char *unit);

/* A payback of `bills` bills, by the period in which it comes: "month 7", since the n-th bill
 * falls in the n-th month; "at once" for 0. */
ltv_formatted ltv_format_payback(double bills, const char *unit);

/* `value` rounded to `digits` significant decimal digits. */
double ltv_round_significant(double value, int digits);

#endif
