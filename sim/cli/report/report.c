/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/cli/report/report.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/cli/report/chart_template.h"
#include "sim/cli/report/margin.h"
#include "sim/cli/report/numbers.h"
#include "sim/cli/text.h"

enum { NAME_COLUMNS = 60 };

static const ltv_terminal as_utf8 = {.utf8 = true};

ltv_status ltv_report_open(ltv_report *r, const ltv_document *doc, ltv_language language,
                           const char *prefix, ltv_error *err)
{
    *r = (ltv_report){.language = language, .prefix = prefix};
    ltv_status status = ltv_page_open(&r->page, NULL, doc, &as_utf8, err);
    r->sections = status == LTV_OK ? json_array() : NULL;
    if (status == LTV_OK && r->sections == NULL)
        status = ltv_fail(err, LTV_ERR_NO_MEMORY, "out of memory");
    return status;
}

void ltv_report_close(ltv_report *r)
{
    ltv_page_close(&r->page);
    json_decref(r->sections);
    r->sections = NULL;
}

/* ---- text ---- */

static json_t *remember(ltv_report *r, json_t *value)
{
    r->page.out_of_memory |= value == NULL;
    return value;
}

json_t *ltv_report_text(ltv_report *r, const char *text)
{
    json_t *value = json_string(text);
    if (value != NULL && strpbrk(text, "\001\002\003\004\005\006\007\b\t\v\f\r\016\017\020\021\022"
                                       "\023\024\025\026\027\030\031\032\033\034\035\036\037"
                                       "\177") == NULL)
        return value;
    json_decref(value);
    char *copy = strdup(text);
    if (copy == NULL)
        return remember(r, NULL);
    for (char *c = copy; *c != '\0'; c++)
        *c = (*c > 0 && *c < ' ' && *c != '\n') || *c == 127 ? ' ' : *c;
    value = json_string(copy);
    for (char *c = copy; value == NULL && *c != '\0'; c++)
        *c = *c < 0 ? '?' : *c; /* not UTF-8: nothing of it can be trusted but ASCII */
    if (value == NULL)
        value = json_string(copy);
    free(copy);
    return remember(r, value);
}

json_t *ltv_report_say(ltv_report *r, ltv_word word, const ltv_blank *blanks)
{
    char *text = ltv_fill_blanks(ltv_word_text(r->language, word), blanks);
    json_t *value = text != NULL ? ltv_report_text(r, text) : NULL;
    free(text);
    return remember(r, value);
}

const char *ltv_report_word(const ltv_report *r, ltv_word word)
{
    return ltv_word_text(r->language, word);
}

json_t *ltv_report_term(ltv_report *r, const char *name)
{
    char buffer[160];
    return ltv_report_text(r, ltv_term_text(r->language, name, buffer, sizeof buffer));
}

ltv_report_name ltv_report_shown(const char *name)
{
    ltv_report_name shown;
    ltv_text_clip(shown.text, sizeof shown.text, name, NAME_COLUMNS, true);
    return shown;
}

ltv_report_name ltv_report_contrast_name(const ltv_report *r, size_t contrast)
{
    ltv_report_name arm = ltv_report_shown(ltv_page_contrast_arm(&r->page, contrast));
    ltv_report_name against = ltv_report_shown(ltv_page_contrast_against(&r->page, contrast));
    ltv_report_name name = {""};
    char *text = ltv_fill_blanks(
        ltv_report_word(r, LTV_WORD_AGAINST),
        (const ltv_blank[]){{"arm", arm.text}, {"against", against.text}, {NULL, NULL}});
    ltv_text_append(name.text, sizeof name.text, text != NULL ? text : arm.text);
    free(text);
    return name;
}

json_t *ltv_report_real(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

/* ---- sections and blocks ---- */

json_t *ltv_report_section(ltv_report *r, const char *id, json_t *title)
{
    char whole[64];
    json_t *blocks = json_array();
    snprintf(whole, sizeof whole, "%s%s", r->prefix, id);
    json_t *section = json_pack("{s:s, s:o*, s:o}", "id", whole, "title", title, "blocks", blocks);
    bool added = section != NULL && json_array_append_new(r->sections, section) == 0;
    r->page.out_of_memory |= !added;
    return added ? blocks : NULL;
}

void ltv_report_add(ltv_report *r, json_t *blocks, json_t *block)
{
    if (blocks == NULL || block == NULL)
        json_decref(block);
    if (blocks == NULL || block == NULL || json_array_append_new(blocks, block) != 0)
        r->page.out_of_memory = true;
}

void ltv_report_add_text(ltv_report *r, json_t *blocks, json_t *text)
{
    ltv_report_add(r, blocks, json_pack("{s:s, s:o}", "type", "text", "text", text));
}

static json_t *footer_of(ltv_report *r, ltv_word discounting, const char *more)
{
    double rate = ltv_document_real(r->page.doc, "/@discount_rate_per_year");
    ltv_formatted horizon = ltv_report_periods(r, (double)r->page.horizon, 0);
    ltv_formatted percent = ltv_format_percent_input(rate), margin = ltv_report_margin(r);
    char *discounted = ltv_fill_blanks(ltv_report_word(r, discounting),
                                       (const ltv_blank[]){{"rate", percent.text}, {NULL, NULL}});
    json_t *footer =
        LTV_SAY(r, FOOTER, {"horizon", horizon.text},
                {"discounting", discounted != NULL ? discounted : ""}, {"margin", margin.text},
                {"separator", more != NULL ? " · " : ""}, {"more", more != NULL ? more : ""});
    free(discounted);
    return footer;
}

json_t *ltv_report_footer(ltv_report *r, const char *more)
{
    double rate = ltv_document_real(r->page.doc, "/@discount_rate_per_year");
    return footer_of(r, rate > 0 ? LTV_WORD_DISCOUNTED : LTV_WORD_NOT_DISCOUNTED, more);
}

json_t *ltv_report_footer_undiscounted(ltv_report *r, const char *more)
{
    return footer_of(r, LTV_WORD_UNDISCOUNTED, more);
}

const char *ltv_report_foot_cac(const ltv_report *r)
{
    return ltv_report_word(r, ltv_page_without_cac(&r->page) ? LTV_WORD_FOOT_NO_CAC
                                                             : LTV_WORD_FOOT_BLENDED);
}

json_t *ltv_report_table(ltv_report *r, json_t *caption, size_t n_columns, json_t *const *columns,
                         size_t first_number)
{
    json_t *titles = json_array();
    for (size_t i = 0; i < n_columns; i++) {
        json_t *column = json_pack("{s:o, s:b}", "title", columns[i], "number", i >= first_number);
        if (column == NULL || json_array_append_new(titles, column) != 0)
            r->page.out_of_memory = true;
    }
    return remember(r, json_pack("{s:s, s:o, s:o, s:[]}", "type", "table", "caption", caption,
                                 "columns", titles, "rows"));
}

void ltv_report_add_row(ltv_report *r, json_t *table, json_t *cells)
{
    ltv_report_add(r, json_object_get(table, "rows"), cells);
}

void ltv_report_add_chart(ltv_report *r, json_t *blocks, const ltv_report_chart *chart)
{
    char whole[160];
    snprintf(whole, sizeof whole, "%s%s", r->prefix, chart->id);
    json_t *title = chart->title;
    json_object_set(chart->values, "title", title);
    json_t *spec = ltv_chart_fill(chart->chart, chart->values);
    json_decref(chart->values);
    ltv_report_add(r, blocks,
                   json_pack("{s:s, s:s, s:o, s:o*, s:o, s:o, s:o}", "type", "chart", "id", whole,
                             "title", title, "spread", chart->spread, "footer", chart->footer,
                             "spec", spec, "tables", chart->tables));
}
