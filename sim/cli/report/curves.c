/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/cli/report/curves.h"

#include <stdlib.h>

#include "sim/cli/report/numbers.h"
#include "sim/cli/report/tables.h"
#include "sim/cli/text.h"

json_t *ltv_report_time_title(ltv_report *r, ltv_word word)
{
    return ltv_report_say(r, word, (const ltv_blank[]){{"unit", ltv_report_unit(r)}, {NULL, NULL}});
}

static double x_at(const ltv_report_curves *c, const ltv_report_series *s, size_t i)
{
    return s->x != NULL ? s->x[i] : (double)(c->first + i);
}

static bool has_band(const ltv_report_curves *c)
{
    for (size_t s = 0; s < c->n_series; s++)
        if (c->series[s].limits != NULL)
            return true;
    return false;
}

static void add_points(ltv_report *r, json_t *points, const ltv_report_curves *c,
                       const ltv_report_series *s)
{
    for (size_t i = 0; i < s->n; i = ltv_report_next(i, s->n)) {
        json_t *point = json_pack("{s:o, s:o, s:s}", "x", ltv_report_real(x_at(c, s, i)), "y",
                                  ltv_report_real(s->y[i]), "series", s->name);
        if (s->limits != NULL && point != NULL) {
            json_object_set_new(point, "low", ltv_report_real(s->limits[2 * i]));
            json_object_set_new(point, "high", ltv_report_real(s->limits[2 * i + 1]));
        }
        ltv_report_add(r, points, point);
    }
}

static json_t *rules_of(ltv_report *r, const ltv_report_curves *c)
{
    json_t *rules = json_array();
    for (size_t i = 0; i < c->n_rules; i++)
        ltv_report_add(r, rules,
                       json_pack("{s:f, s:s, s:s}", "value", c->rules[i].value, "series",
                                 c->rules[i].series, "label", c->rules[i].label));
    return rules;
}

static json_t *tooltip_of(const ltv_report *r, const ltv_report_curves *c, const char *x_title,
                          const char *y_title)
{
    const char *format = c->is_money ? ltv_report_money_format(r) : ".1%";
    json_t *tooltip =
        json_pack("[{s:s, s:s, s:s}, {s:s, s:s, s:s}, {s:s, s:s, s:s, s:s}]", "field", "series",
                  "type", "nominal", "title", ltv_report_word(r, c->series_title), "field", "x",
                  "type", "quantitative", "title", x_title, "field", "y", "type", "quantitative",
                  "title", y_title, "format", format);
    static const char *const limits[] = {"low", "high"};
    for (int i = 0; i < 2 && has_band(c); i++)
        json_array_append_new(
            tooltip,
            json_pack("{s:s, s:s, s:s, s:s}", "field", limits[i], "type", "quantitative", "title",
                      ltv_report_word(r, i == 0 ? LTV_WORD_LOWER : LTV_WORD_UPPER), "format",
                      format));
    return tooltip;
}

json_t *ltv_report_legend_columns(const ltv_report_series *series, size_t n)
{
    enum { MOST_COLUMNS = 3, SYMBOL = 36, LETTER = 7 };
    char text[96];
    int longest = 1;
    for (size_t s = 0; s < n; s++) {
        int letters = ltv_text_width(series[s].name);
        longest = letters > longest ? letters : longest;
    }
    int column =
        LETTER * longest < LTV_REPORT_LABEL_LIMIT ? LETTER * longest : LTV_REPORT_LABEL_LIMIT;
    snprintf(text, sizeof text, "clamp(floor(width / %d), 1, %d)", SYMBOL + column,
             n > MOST_COLUMNS ? 2 : (int)n);
    return json_pack("{s:s}", "expr", text);
}

/* A single series is what the title says. */
static json_t *legend_of(const ltv_report_curves *c)
{
    if (c->n_series < 2)
        return json_null();
    return json_pack("{s:s, s:s, s:i, s:i, s:f, s:o, s:i}", "orient", "top", "symbolType", "stroke",
                     "symbolSize", 300, "symbolOpacity", 1, "symbolStrokeWidth", 2.2, "columns",
                     ltv_report_legend_columns(c->series, c->n_series), "labelLimit",
                     LTV_REPORT_LABEL_LIMIT);
}

/* Blanks that only some charts fill. */
static void add_options(ltv_report *r, const ltv_report_curves *c, json_t *values)
{
    if (has_band(c))
        json_object_set_new(values, "band", json_true());
    if (has_band(c)) /* many bands lie over each other */
        json_object_set_new(values, "band_opacity", json_real(c->n_series > 2 ? 0.1 : 0.18));
    if (c->n_rules > 0)
        json_object_set_new(values, "rules", rules_of(r, c));
    if (c->y_end > 0) { /* what is beyond is cut off, which else would halve lines at the edge */
        json_object_set_new(values, "clip", json_true());
        json_object_set_new(values, "y_domain", json_pack("[i, f]", 0, c->y_end));
    }
    if (!c->x_is_number)
        json_object_set_new(values, "x_step", json_integer(1));
    if (!c->is_money) {
        json_object_set_new(values, "y_axis_format", json_string(".0%"));
        if (c->is_whole)
            json_object_set_new(values, "y_domain", json_pack("[i, i]", 0, 1));
        return;
    }
    char *axis = ltv_report_money_axis(r);
    json_object_set_new(values, "y_label", json_string(axis != NULL ? axis : ""));
    free(axis);
}

static json_t *values_of(ltv_report *r, const ltv_report_curves *c, json_t *x_title,
                         json_t *y_title)
{
    json_t *points = json_array(), *names = json_array();
    for (size_t s = 0; s < c->n_series; s++) {
        add_points(r, points, c, &c->series[s]);
        ltv_report_add(r, names, ltv_report_text(r, c->series[s].name));
    }
    json_t *tooltip = tooltip_of(r, c, json_string_value(x_title), json_string_value(y_title));
    json_t *values =
        json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:s, s:f}", "points", points, "series", names,
                  "x_title", x_title, "y_title", y_title, "tooltip", tooltip, "legend",
                  legend_of(c), "rule_title", "CAC", "point_opacity", c->has_points ? 1.0 : 0.0);
    add_options(r, c, values);
    return values;
}

/* ---- The table ---------------------------------------------------------------------------- */

static ltv_formatted y_text(const ltv_report *r, const ltv_report_curves *c, double y)
{
    return c->is_money ? ltv_report_money(r, y) : ltv_format_share(y);
}

static json_t *cell(ltv_report *r, const ltv_report_curves *c, const ltv_report_series *s, size_t i)
{
    char text[300];
    if (i >= s->n)
        return ltv_report_text(r, "");
    if (s->limits == NULL)
        return ltv_report_text(r, y_text(r, c, s->y[i]).text);
    snprintf(text, sizeof text, "%s\n[%s, %s]", y_text(r, c, s->y[i]).text,
             y_text(r, c, s->limits[2 * i]).text, y_text(r, c, s->limits[2 * i + 1]).text);
    return ltv_report_text(r, text);
}

/* A row for each point of x, a column for each series: all have the same x. */
static json_t *table_of(ltv_report *r, const ltv_report_curves *c, json_t *x_title)
{
    json_t **columns = calloc(c->n_series + 1, sizeof *columns);
    if (columns == NULL) {
        r->page.out_of_memory = true;
        json_decref(x_title);
        return NULL;
    }
    columns[0] = x_title;
    size_t longest = 0;
    for (size_t s = 0; s < c->n_series; s++) {
        columns[s + 1] = ltv_report_text(r, c->series[s].name);
        longest = c->series[s].n > c->series[longest].n ? s : longest;
    }
    json_t *table = ltv_report_table(r, LTV_SAY(r, CURVES), c->n_series + 1, columns, 1);
    free(columns);
    const ltv_report_series *first = &c->series[longest];
    for (size_t i = 0; i < first->n; i = ltv_report_next(i, first->n)) {
        json_t *row = json_array();
        ltv_report_add(r, row,
                       ltv_report_text(r, ltv_format_significant(x_at(c, first, i), 6, true).text));
        for (size_t s = 0; s < c->n_series; s++)
            ltv_report_add(r, row, cell(r, c, &c->series[s], i));
        ltv_report_add_row(r, table, row);
    }
    return table;
}

static json_t *rule_table(ltv_report *r, const ltv_report_curves *c)
{
    json_t *columns[] = {LTV_SAY(r, MARK)};
    json_t *table = ltv_report_table(r, LTV_SAY(r, MARKS), 1, columns, 1);
    for (size_t i = 0; i < c->n_rules; i++)
        ltv_report_add_row(r, table, json_pack("[s]", c->rules[i].label));
    return table;
}

void ltv_report_add_curves(ltv_report *r, json_t *blocks, const ltv_report_curves *c, json_t *title,
                           json_t *x_title, json_t *y_title)
{
    json_t *tables = json_array();
    ltv_report_add(r, tables, table_of(r, c, json_incref(x_title)));
    if (c->n_rules > 0)
        ltv_report_add(r, tables, rule_table(r, c));
    ltv_report_chart chart = {
        .id = c->id,
        .chart = "lines",
        .title = title,
        .spread = has_band(c) ? ltv_report_text(r, ltv_report_word(r, c->spread)) : NULL,
        .footer = c->undiscounted ? ltv_report_footer_undiscounted(r, c->footer_more)
                                  : ltv_report_footer(r, c->footer_more),
        .values = values_of(r, c, x_title, y_title),
        .tables = tables,
    };
    ltv_report_add_chart(r, blocks, &chart);
}
