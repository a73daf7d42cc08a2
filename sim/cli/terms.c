/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/cli/terms.h"

#include <string.h>

#include "sim/cli/format.h"
#include "sim/cli/text.h"
#include "sim/scenario.h"

static void print_line(FILE *out, const ltv_terms *terms, const char *more, const char *dot)
{
    char line[512] = "", rate[160];
    bool discounts = terms->discount_rate_per_year > 0;
    snprintf(rate, sizeof rate, "discounted at %s a year%s",
             ltv_format_percent_input(terms->discount_rate_per_year).text,
             terms->discount_is_uncertain ? " on average over draws" : "");
    ltv_formatted horizon = ltv_format_periods((double)terms->horizon, 0, terms->unit);
    const char *parts[] = {
        terms->currency,
        dot,
        horizon.text,
        dot,
        discounts ? rate : "no discounting",
        strcmp(terms->payment, "advance") == 0 ? "" : dot,
        strcmp(terms->payment, "mid") == 0       ? "paid in mid-period"
        : strcmp(terms->payment, "arrears") == 0 ? "paid in arrears"
                                                 : "",
        more[0] != '\0' ? dot : "",
        more,
    };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        ltv_text_append(line, sizeof line, parts[i]);
    ltv_text_wrap(out, line, 0, 0, LTV_PAGE_COLUMNS);
}

void ltv_terms_print(FILE *out, const ltv_terms *terms, const char *more,
                     const ltv_terminal *terminal)
{
    char title[4 * LTV_PAGE_COLUMNS];
    const char *dot = ltv_glyph(terminal, " · ", " - ");
    ltv_text_clip(title, sizeof title, terms->title, LTV_PAGE_COLUMNS, terminal->utf8);
    fprintf(out, "%s%s%s\n", ltv_bold(terminal), title, ltv_plain(terminal));
    print_line(out, terms, more, dot);
}

ltv_formatted ltv_terms_simulated(int64_t draws, uint64_t customers)
{
    ltv_formatted text;
    int used = 0;
    if (draws > 1)
        used =
            snprintf(text.text, sizeof text.text, "%.20s draws of ", ltv_format_count(draws).text);
    if (customers == LTV_CUSTOMERS_AUTO)
        snprintf(text.text + used, sizeof text.text - (size_t)used,
                 "as many customers as tell them apart");
    else
        snprintf(text.text + used, sizeof text.text - (size_t)used, "%.20s customer%s",
                 ltv_format_count((int64_t)customers).text, customers == 1 ? "" : "s");
    return text;
}
