/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/cli/report/numbers.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { INTERVAL_DIGITS = 3, YEN_DIGITS = 4 };

static const struct {
    const char *name, *japanese;
} units[] = {
    {"day", "日"}, {"week", "週"}, {"month", "か月"}, {"quarter", "四半期"}, {"year", "年"}};

static bool is_japanese(const ltv_report *r)
{
    return r->language == LTV_JAPANESE;
}

static bool is_yen(const ltv_report *r)
{
    return is_japanese(r) && strcmp(r->page.money.code, "JPY") == 0;
}

/* 26,017円, 123.4万円, 1.234億円 */
static ltv_formatted yen(double amount, const char *plus)
{
    static const struct {
        double one;
        const char *name;
    } steps[] = {{1e12, "兆円"}, {1e8, "億円"}, {1e4, "万円"}};
    ltv_formatted text;
    if (!isfinite(amount))
        return ltv_format_decimal(amount, 0, true);
    double size = fabs(amount), rounded = ltv_round_significant(size, YEN_DIGITS);
    const char *sign = round(size) == 0 ? "" : amount < 0 ? "−" : plus;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        if (rounded >= steps[i].one && rounded >= 1e6) {
            snprintf(text.text, sizeof text.text, "%s%.60s%s", sign,
                     ltv_format_significant(rounded / steps[i].one, YEN_DIGITS, true).text,
                     steps[i].name);
            return text;
        }
    snprintf(text.text, sizeof text.text, "%s%.60s円", sign,
             ltv_format_decimal(size, 0, true).text);
    return text;
}

ltv_formatted ltv_report_money(const ltv_report *r, double amount)
{
    return is_yen(r) ? yen(amount, "") : ltv_page_money(&r->page, amount);
}

ltv_formatted ltv_report_money_quantile(const ltv_report *r, double amount)
{
    return is_yen(r) ? yen(ltv_round_significant(amount, LTV_QUANTILE_DIGITS), "")
                     : ltv_format_money_quantile(&r->page.money, amount);
}

ltv_formatted ltv_report_money_change(const ltv_report *r, double amount)
{
    return is_yen(r) ? yen(amount, "+") : ltv_format_money_change(&r->page.money, amount);
}

ltv_formatted ltv_report_money_interval(const ltv_report *r, double low, double high)
{
    ltv_formatted text;
    if (!is_yen(r))
        return ltv_format_money_interval(&r->page.money, low, high, INTERVAL_DIGITS);
    snprintf(text.text, sizeof text.text, "[%.40s, %.40s]",
             yen(ltv_round_significant(low, INTERVAL_DIGITS), "").text,
             yen(ltv_round_significant(high, INTERVAL_DIGITS), "").text);
    return text;
}

ltv_formatted ltv_report_money_noise(const ltv_report *r, double noise)
{
    ltv_formatted text;
    if (!is_yen(r))
        return ltv_page_money_noise(&r->page, noise);
    snprintf(text.text, sizeof text.text, "±%.60s",
             yen(ceil(ltv_round_significant(noise, 2)), "").text);
    return text;
}

const char *ltv_report_unit(const ltv_report *r)
{
    for (size_t i = 0; is_japanese(r) && i < sizeof units / sizeof *units; i++)
        if (strcmp(units[i].name, r->page.unit.text) == 0)
            return units[i].japanese;
    return r->page.unit.text;
}

ltv_formatted ltv_report_periods(const ltv_report *r, double periods, int decimals)
{
    ltv_formatted text;
    if (!is_japanese(r) || !isfinite(periods))
        return ltv_format_periods(periods, decimals, r->page.unit.text);
    snprintf(text.text, sizeof text.text, "%.40s%.40s",
             ltv_format_decimal(periods, decimals, true).text, ltv_report_unit(r));
    return text;
}

ltv_formatted ltv_report_payback(const ltv_report *r, double bills)
{
    ltv_formatted text;
    if (!is_japanese(r) || !isfinite(bills))
        return ltv_format_payback(bills, r->page.unit.text);
    if (bills < 1)
        snprintf(text.text, sizeof text.text, "初回");
    else
        snprintf(text.text, sizeof text.text, "%.20s%.40s目",
                 ltv_format_decimal(bills, 0, true).text, ltv_report_unit(r));
    return text;
}

ltv_formatted ltv_report_value(const ltv_report *r, double value, const char *unit)
{
    if (strcmp(unit, r->page.money.code) == 0)
        return ltv_report_money(r, value);
    if (strcmp(unit, "share") == 0 || strcmp(unit, "probability") == 0)
        return ltv_page_share(&r->page, value);
    if (strcmp(unit, r->page.unit.text) == 0)
        return ltv_report_payback(r, value);
    return ltv_page_ratio(&r->page, value);
}

ltv_formatted ltv_report_interval(const ltv_report *r, double low, double high, const char *unit)
{
    ltv_formatted text;
    if (strcmp(unit, r->page.money.code) == 0)
        return ltv_report_money_interval(r, low, high);
    snprintf(text.text, sizeof text.text, "[%.44s, %.44s]", ltv_report_value(r, low, unit).text,
             ltv_report_value(r, high, unit).text);
    return text;
}

/* ---- axes ---- */

/* "$" of "$1": what the style puts before an amount. */
static void sign_before(const ltv_report *r, char *sign, size_t size)
{
    ltv_money_style whole = r->page.money;
    whole.decimals = 0;
    snprintf(sign, size, "%s", ltv_format_money(&whole, 1).text);
    sign[strlen(sign) - 1] = '\0';
}

char *ltv_report_money_axis(const ltv_report *r)
{
    static const char in_yen[] =
        "(datum.value < 0 ? '−' : '') + "
        "(abs(datum.value) >= 1e8 ? format(abs(datum.value) / 1e8, ',~f') + '億円' : "
        "abs(datum.value) >= 1e4 ? format(abs(datum.value) / 1e4, ',~f') + '万円' : "
        "format(abs(datum.value), ',~f') + '円')";
    char sign[24];
    char text[256];
    if (is_yen(r))
        return strdup(in_yen);
    sign_before(r, sign, sizeof sign);
    snprintf(text, sizeof text,
             "(datum.value < 0 ? '−' : '') + '%.20s' + format(abs(datum.value), ',~f')", sign);
    return strdup(text);
}

const char *ltv_report_money_format(const ltv_report *r)
{
    static const char *const formats[] = {",.0f", ",.1f", ",.2f", ",.3f", ",.4f"};
    enum { MOST = sizeof formats / sizeof *formats - 1 };
    return formats[r->page.money.decimals < MOST ? r->page.money.decimals : MOST];
}
