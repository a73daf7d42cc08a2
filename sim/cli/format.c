/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/cli/format.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *code, *utf8, *ascii;
} currency_signs[] = {
    {"USD", "$", "$"},  {"EUR", "€", NULL}, {"GBP", "£", NULL},
    {"JPY", "¥", NULL}, {"INR", "₹", NULL}, {"KRW", "₩", NULL},
};

static ltv_formatted formatted(const char *text)
{
    ltv_formatted out;
    snprintf(out.text, sizeof out.text, "%s", text);
    return out;
}

/* Copies decimal digits (and what follows a dot), a comma after each thousand. */
static void group_thousands(char *out, size_t size, const char *digits)
{
    size_t whole = strcspn(digits, ".");
    size_t used = 0;
    for (size_t i = 0; digits[i] != '\0' && used + 2 < size; i++) {
        if (i > 0 && i < whole && (whole - i) % 3 == 0)
            out[used++] = ',';
        out[used++] = digits[i];
    }
    out[used] = '\0';
}

/* The magnitude of `value` in `decimals` decimals; *is_zero tells that nothing was left of it. */
static void magnitude(char *out, size_t size, double value, int decimals, bool *is_zero)
{
    char digits[40];
    snprintf(digits, sizeof digits, "%.*f", decimals, fabs(value));
    *is_zero = strspn(digits, "0.") == strlen(digits);
    group_thousands(out, size, digits);
}

static bool is_special(double value)
{
    return !isfinite(value) || fabs(value) >= 1e15;
}

static ltv_formatted special(double value)
{
    ltv_formatted out;
    if (isnan(value))
        return formatted("n/a");
    if (isinf(value))
        return formatted(value > 0 ? "infinite" : "-infinite");
    snprintf(out.text, sizeof out.text, "%.4g", value);
    return out;
}

ltv_formatted ltv_format_count(int64_t count)
{
    ltv_formatted out;
    char digits[24], grouped[40];
    uint64_t size = count < 0 ? -(uint64_t)count : (uint64_t)count;
    snprintf(digits, sizeof digits, "%" PRIu64, size);
    group_thousands(grouped, sizeof grouped, digits);
    snprintf(out.text, sizeof out.text, "%s%s", count < 0 ? "-" : "", grouped);
    return out;
}

ltv_formatted ltv_format_decimal(double value, int decimals, bool utf8)
{
    if (is_special(value))
        return special(value);
    ltv_formatted out;
    char digits[64];
    bool is_zero;
    magnitude(digits, sizeof digits, value, decimals, &is_zero);
    const char *minus = utf8 ? "−" : "-";
    snprintf(out.text, sizeof out.text, "%s%s", value < 0 && !is_zero ? minus : "", digits);
    return out;
}

/* Decimals that the shortest text of |value| with `digits` significant digits has. */
static int decimals_needed(double value, int digits)
{
    char text[48];
    double rounded = ltv_round_significant(fabs(value), digits);
    int most = rounded > 0 ? digits - 1 - (int)floor(log10(rounded)) : 0;
    if (most <= 0)
        return 0;
    most = most < 20 ? most : 20;
    snprintf(text, sizeof text, "%.*f", most, rounded);
    size_t end = strlen(text);
    while (end > 0 && text[end - 1] == '0')
        end--;
    return (int)end - (int)strcspn(text, ".") - 1;
}

ltv_formatted ltv_format_significant(double value, int digits, bool utf8)
{
    if (is_special(value))
        return special(value);
    if (value != 0 && fabs(value) < 1e-5) {
        ltv_formatted out;
        snprintf(out.text, sizeof out.text, "%.*g", digits, value);
        return out;
    }
    return ltv_format_decimal(ltv_round_significant(value, digits), decimals_needed(value, digits),
                              utf8);
}

static const char *currency_sign(const ltv_money_style *style)
{
    for (size_t i = 0; i < sizeof currency_signs / sizeof *currency_signs; i++)
        if (strcmp(style->code, currency_signs[i].code) == 0)
            return style->utf8 ? currency_signs[i].utf8 : currency_signs[i].ascii;
    return NULL;
}

static ltv_formatted money(const ltv_money_style *style, double amount, int decimals, bool plus)
{
    if (is_special(amount))
        return special(amount);
    ltv_formatted out;
    char digits[64];
    bool is_zero;
    magnitude(digits, sizeof digits, amount, decimals, &is_zero);
    const char *minus = style->utf8 ? "−" : "-";
    const char *before = is_zero ? "" : amount < 0 ? minus : plus ? "+" : "";
    const char *sign = currency_sign(style);
    if (sign != NULL)
        snprintf(out.text, sizeof out.text, "%s%s%s", before, sign, digits);
    else
        snprintf(out.text, sizeof out.text, "%s %s%s", style->code, before, digits);
    return out;
}

static int money_decimals(const ltv_money_style *style, double amount)
{
    return fabs(amount) < 1000 ? style->decimals : 0;
}

ltv_formatted ltv_format_money(const ltv_money_style *style, double amount)
{
    return money(style, amount, money_decimals(style, amount), false);
}

ltv_formatted ltv_format_money_change(const ltv_money_style *style, double amount)
{
    return money(style, amount, money_decimals(style, amount), true);
}

/* The amount as it is when digits + 1 significant digits and the currency's decimals say all of
 * it, else as `rounded`. Decimals stand only where a rounded amount has some. */
static ltv_formatted money_rounded(const ltv_money_style *style, double amount, int digits,
                                   double rounded)
{
    double exact = ltv_round_significant(amount, digits + 1);
    if (fabs(exact - amount) <= 1e-9 * fabs(amount) &&
        decimals_needed(exact, digits + 1) <= style->decimals)
        rounded = exact;
    bool whole = is_special(rounded) || decimals_needed(rounded, digits + 1) == 0;
    return money(style, rounded, whole ? 0 : money_decimals(style, rounded), false);
}

ltv_formatted ltv_format_money_quantile(const ltv_money_style *style, double amount)
{
    return money_rounded(style, amount, LTV_QUANTILE_DIGITS,
                         ltv_round_significant(amount, LTV_QUANTILE_DIGITS));
}

ltv_formatted ltv_format_money_at_most(const ltv_money_style *style, double amount)
{
    double nearest = ltv_round_significant(amount, LTV_QUANTILE_DIGITS);
    int exponent = nearest != 0 && isfinite(nearest) ? (int)floor(log10(fabs(nearest))) : 0;
    double step = pow(10, fmax(exponent + 1 - LTV_QUANTILE_DIGITS, -style->decimals));
    /* What is a hair above a step because of binary fractions is that step. */
    double above = ceil(amount / step - 1e-9) * step;
    return money_rounded(style, amount, LTV_QUANTILE_DIGITS, above);
}

ltv_formatted ltv_format_money_interval(const ltv_money_style *style, double low, double high,
                                        int digits)
{
    ltv_formatted out;
    snprintf(out.text, sizeof out.text, "[%.44s, %.44s]",
             money_rounded(style, low, digits, ltv_round_significant(low, digits)).text,
             money_rounded(style, high, digits, ltv_round_significant(high, digits)).text);
    return out;
}

ltv_formatted ltv_format_share(double share)
{
    ltv_formatted out;
    if (is_special(share))
        return special(share);
    if (share > 0 && share < 0.0005)
        return formatted("<0.1 %");
    if (share < 1 && share >= 0.9995)
        return formatted(">99.9 %");
    snprintf(out.text, sizeof out.text, "%.80s %%", ltv_format_decimal(100 * share, 1, false).text);
    return out;
}

static ltv_formatted percent(double share, int digits)
{
    ltv_formatted out;
    if (is_special(share))
        return special(share);
    snprintf(out.text, sizeof out.text, "%.80s %%",
             ltv_format_significant(100 * share, digits, false).text);
    return out;
}

ltv_formatted ltv_format_rate(double rate)
{
    return percent(rate, 3);
}

ltv_formatted ltv_format_percent_input(double share)
{
    return percent(share, 12);
}

ltv_formatted ltv_format_ratio(double ratio, bool utf8)
{
    return ltv_format_decimal(ratio, fabs(ratio) < 100 ? 2 : 0, utf8);
}

ltv_formatted ltv_format_periods(double periods, int decimals, const char *unit)
{
    ltv_formatted number = ltv_format_decimal(periods, decimals, false);
    if (isnan(periods))
        return number;
    ltv_formatted out;
    snprintf(out.text, sizeof out.text, "%.60s %s%s", number.text, unit,
             strcmp(number.text, "1") == 0 ? "" : "s");
    return out;
}

ltv_formatted ltv_format_payback(double bills, const char *unit)
{
    ltv_formatted number = ltv_format_decimal(bills, 0, false);
    if (is_special(bills))
        return number;
    if (bills < 1)
        return formatted("at once");
    ltv_formatted out;
    snprintf(out.text, sizeof out.text, "%.20s %.60s", unit, number.text);
    return out;
}

double ltv_round_significant(double value, int digits)
{
    char text[64];
    if (!isfinite(value))
        return value;
    /* The decimal detour rounds as a person would; scaling by powers of ten would not. */
    snprintf(text, sizeof text, "%.*e", digits - 1, value);
    return strtod(text, NULL);
}
