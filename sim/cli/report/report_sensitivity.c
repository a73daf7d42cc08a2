/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/cli/report/numbers.h"
#include "sim/cli/report/sections.h"
#include "sim/cli/report/tables.h"
#include "sim/cli/text.h"

enum { MOST_FIGURES = 6, MOST_BARS = 12, LABEL_COLUMNS = 20, LABEL_LIMIT = 140 };

/* The end of a path tells more than its beginning. */
static ltv_report_name input_label(const char *path)
{
    ltv_report_name label = {""};
    const char *rest = path;
    while (ltv_text_width(rest) > LABEL_COLUMNS - (rest > path))
        do
            rest++;
        while ((*rest & 0xc0) == 0x80);
    rest += rest > path && *rest == '.';
    snprintf(label.text, sizeof label.text, "%s%.200s", rest > path ? "…" : "", rest);
    return label;
}

/* "arms.today.ltv" is the "LTV of today", "compare.a|b.roi" the "ROI of a against b". */
static json_t *figure_name(ltv_report *r, const char *figure)
{
    const char *metric = strrchr(figure, '.'), *owner = strchr(figure, '.');
    if (metric == NULL || metric == owner)
        return ltv_report_text(r, figure);
    char arm[200], buffer[160];
    snprintf(arm, sizeof arm, "%.*s", (int)(metric - owner - 1), owner + 1);
    char *bar = strchr(arm, '|');
    ltv_report_name shown = ltv_report_shown(arm);
    if (bar != NULL) {
        *bar = '\0';
        char *pair =
            ltv_fill_blanks(ltv_report_word(r, LTV_WORD_AGAINST),
                            (const ltv_blank[]){{"arm", arm}, {"against", bar + 1}, {NULL, NULL}});
        shown = ltv_report_shown(pair != NULL ? pair : arm);
        free(pair);
    }
    return LTV_SAY(r, FIGURE_OF,
                   {"figure", ltv_term_text(r->language, metric + 1, buffer, sizeof buffer)},
                   {"arm", shown.text});
}

/* What the axis is of: the figure without its owner. */
static json_t *metric_name(ltv_report *r, const char *figure)
{
    const char *metric = strrchr(figure, '.');
    return ltv_report_term(r, metric != NULL ? metric + 1 : figure);
}

/* ---- Tornado ------------------------------------------------------------------------------ */

/* An input's bar from the base to the figure at one of its ends. The smaller figure is written at
 * the left, the larger at the right. */
static json_t *bar(ltv_report *r, const char *input, const char *unit, double base, double value,
                   double other, bool is_p90)
{
    bool left = value < other || (value == other && !is_p90);
    return json_pack("{s:s, s:s, s:f, s:f, s:s, s:s, s:s, s:f}", "label", input_label(input).text,
                     "input", input, "base", base, "value", value, "end",
                     ltv_report_word(r, is_p90 ? LTV_WORD_AT_P90 : LTV_WORD_AT_P10), "text",
                     ltv_report_value(r, value, unit).text, "side", left ? "left" : "right", "at",
                     left ? fmin(value, base) : fmax(value, base));
}

/* The longer bar first, so that the shorter one lies over it where both go the same way. Inputs
 * that change nothing are in the table alone. */
static void add_bars(ltv_report *r, json_t *bars, const ltv_node *table, size_t row,
                     const char *unit, double base)
{
    const char *input = ltv_report_text_at(table, "input", row);
    double low = ltv_report_real_at(table, "at_p10", row);
    double high = ltv_report_real_at(table, "at_p90", row);
    if (!isfinite(base) || !isfinite(low) || !isfinite(high) || (low == base && high == base))
        return;
    bool p90_first = fabs(high - base) > fabs(low - base);
    ltv_report_add(r, bars,
                   p90_first ? bar(r, input, unit, base, high, low, true)
                             : bar(r, input, unit, base, low, high, false));
    ltv_report_add(r, bars,
                   p90_first ? bar(r, input, unit, base, low, high, false)
                             : bar(r, input, unit, base, high, low, true));
}

/* From the smallest figure to the largest, and room for their texts. */
static json_t *domain_of(const json_t *bars, double base)
{
    size_t i;
    json_t *item;
    double least = base, most = base;
    json_array_foreach(bars, i, item)
    {
        least = fmin(least, json_real_value(json_object_get(item, "value")));
        most = fmax(most, json_real_value(json_object_get(item, "value")));
    }
    double room = 0.4 * (most > least ? most - least : 1);
    return json_pack("[f, f]", least - room, most + room);
}

static json_t *tornado_table(ltv_report *r, const ltv_node *table, const char *unit,
                             json_t *caption)
{
    json_t *columns[] = {LTV_SAY(r, INPUT), LTV_SAY(r, P10_OF_INPUT), LTV_SAY(r, P90_OF_INPUT),
                         LTV_SAY(r, FIGURE_AT_P10), LTV_SAY(r, FIGURE_AT_P90)};
    json_t *behind = ltv_report_table(r, caption, 5, columns, 1);
    for (size_t row = 0; row < table->n_rows; row++)
        ltv_report_add_row(
            r, behind,
            json_pack(
                "[s, s, s, s, s]", ltv_report_text_at(table, "input", row),
                ltv_format_significant(ltv_report_real_at(table, "input_p10", row), 4, true).text,
                ltv_format_significant(ltv_report_real_at(table, "input_p90", row), 4, true).text,
                ltv_report_value(r, ltv_report_real_at(table, "at_p10", row), unit).text,
                ltv_report_value(r, ltv_report_real_at(table, "at_p90", row), unit).text));
    return behind;
}

/* Axes of money, of shares, or of plain numbers. */
static void set_axis(const ltv_report *r, json_t *values, const char *unit)
{
    char *axis = ltv_report_money_axis(r);
    if (strcmp(unit, r->page.money.code) == 0)
        json_object_set_new(values, "x_label", json_string(axis != NULL ? axis : ""));
    else if (strcmp(unit, "share") == 0 || strcmp(unit, "probability") == 0)
        json_object_set_new(values, "x_axis_format", json_string(".0%"));
    free(axis);
}

static void add_tornado(ltv_report *r, json_t *blocks, const char *figure, size_t number)
{
    char id[32];
    ltv_page_path group = ltv_page_below("/sensitivity/", figure);
    const ltv_node *table = ltv_report_find_table(r, group.text, "/tornado");
    const char *unit = ltv_document_string(r->page.doc, ltv_page_below(group.text, "@unit").text);
    double base = ltv_page_number(&r->page, group.text, "@at_medians");
    json_t *bars = json_array(), *name = figure_name(r, figure);
    unit = unit != NULL ? unit : "";
    for (size_t row = 0; row < table->n_rows && row < MOST_BARS; row++)
        add_bars(r, bars, table, row, unit, base);
    json_t *title = LTV_SAY(r, TORNADO_OF, {"figure", json_string_value(name)});
    json_decref(name);
    json_t *values = json_pack("{s:o, s:o, s:[s,s], s:s, s:s, s:i}", "bars", bars, "x_title",
                               metric_name(r, figure), "ends", ltv_report_word(r, LTV_WORD_AT_P10),
                               ltv_report_word(r, LTV_WORD_AT_P90), "input_title",
                               ltv_report_word(r, LTV_WORD_INPUT), "end_title",
                               ltv_report_word(r, LTV_WORD_MARK), "label_limit", LABEL_LIMIT);
    json_object_set_new(values, "x_domain", domain_of(bars, base));
    json_object_set_new(values, "height",
                        json_integer((json_int_t)(15 * json_array_size(bars)) + 20));
    set_axis(r, values, unit);
    snprintf(id, sizeof id, "tornado-%zu", number);
    ltv_report_chart chart = {
        .id = id,
        .chart = "tornado",
        .title = title,
        .spread = LTV_SAY(r, SPREAD_TORNADO),
        .footer = ltv_report_footer(r, ltv_report_foot_cac(r)),
        .values = values,
        .tables = json_pack("[o]",
                            tornado_table(r, table, unit,
                                          LTV_SAY(r, TORNADO_SAYS,
                                                  {"base", ltv_report_value(r, base, unit).text}))),
    };
    ltv_report_add_chart(r, blocks, &chart);
}

/* ---- Rank correlations -------------------------------------------------------------------- */

static void add_ranks(ltv_report *r, json_t *blocks, const char *figure, size_t number)
{
    char id[32];
    ltv_page_path group = ltv_page_below("/sensitivity/", figure);
    const ltv_node *table = ltv_report_find_table(r, group.text, "/rank_correlations");
    json_t *columns[] = {LTV_SAY(r, INPUT), LTV_SAY(r, RANKS_AXIS)};
    json_t *name = figure_name(r, figure), *bars = json_array();
    json_t *title = LTV_SAY(r, RANKS_OF, {"figure", json_string_value(name)});
    json_t *behind = ltv_report_table(r, json_incref(title), 2, columns, 1);
    json_decref(name);
    for (size_t row = 0; row < table->n_rows && row < MOST_BARS; row++) {
        const char *input = ltv_report_text_at(table, "input", row);
        double value = ltv_report_real_at(table, "spearman", row);
        double half = ltv_page_z_95 * ltv_report_real_at(table, "standard_error", row);
        ltv_formatted text = ltv_format_decimal(value, 2, true);
        ltv_report_add_row(r, behind, json_pack("[s, s]", input, text.text));
        if (isfinite(value) && isfinite(half))
            ltv_report_add(r, bars,
                           json_pack("{s:s, s:s, s:f, s:f, s:f, s:s}", "label",
                                     input_label(input).text, "input", input, "value", value, "low",
                                     fmax(value - half, -1), "high", fmin(value + half, 1), "text",
                                     text.text));
    }
    snprintf(id, sizeof id, "ranks-%zu", number);
    ltv_report_chart chart = {
        .id = id,
        .chart = "bars",
        .title = title,
        .spread = LTV_SAY(r, SPREAD_RANKS),
        .footer = ltv_report_footer(r, ltv_report_foot_cac(r)),
        .values =
            json_pack("{s:o, s:o, s:o, s:i, s:[i,i], s:i}", "bars", bars, "x_title",
                      LTV_SAY(r, RANKS_AXIS), "input_title", LTV_SAY(r, INPUT), "label_limit",
                      LABEL_LIMIT, "x_domain", -1, 1, "height", (int)(30 * json_array_size(bars))),
        .tables = json_pack("[o]", behind),
    };
    ltv_report_add_chart(r, blocks, &chart);
}

/* ---- The section -------------------------------------------------------------------------- */

static bool has_table(const ltv_report *r, const char *figure, const char *rest)
{
    return ltv_report_find_table(r, ltv_page_below("/sensitivity/", figure).text, rest) != NULL;
}

/* The figures that have the table, as many as are shown; `add` draws one. */
static size_t add_all(ltv_report *r, json_t *blocks, char **figures, size_t n, const char *rest,
                      void (*add)(ltv_report *, json_t *, const char *, size_t))
{
    size_t shown = 0;
    for (size_t i = 0; i < n && shown < MOST_FIGURES; i++)
        if (has_table(r, figures[i], rest))
            add(r, blocks, figures[i], shown++);
    return shown;
}

void ltv_report_sensitivity(ltv_report *r)
{
    char **figures = NULL;
    bool any = false;
    size_t n = ltv_document_children(r->page.doc, "/sensitivity", &figures);
    for (size_t i = 0; i < n; i++)
        any |=
            has_table(r, figures[i], "/tornado") || has_table(r, figures[i], "/rank_correlations");
    json_t *blocks =
        any ? ltv_report_section(r, "sensitivity", LTV_SAY(r, SECTION_SENSITIVITY)) : NULL;
    if (any && add_all(r, blocks, figures, n, "/tornado", add_tornado) == 0) {
        ltv_report_add_text(r, blocks, LTV_SAY(r, RANKS_HINT));
        add_all(r, blocks, figures, n, "/rank_correlations", add_ranks);
    }
    ltv_names_free(figures, n);
}
