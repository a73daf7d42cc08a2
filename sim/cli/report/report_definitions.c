/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "sim/cli/report/numbers.h"
#include "sim/cli/report/sections.h"
#include "sim/cli/report/tables.h"

/* ---- The kinds of ± ----------------------------------------------------------------------- */

static void add_kind(ltv_report *r, json_t *table, ltv_word kind, ltv_word varies, ltv_word shrinks)
{
    ltv_report_add_row(r, table,
                       json_pack("[s, s, s]", ltv_report_word(r, kind), ltv_report_word(r, varies),
                                 ltv_report_word(r, shrinks)));
}

static void add_kinds(ltv_report *r, json_t *blocks)
{
    json_t *columns[] = {LTV_SAY(r, KIND), LTV_SAY(r, WHAT_VARIES), LTV_SAY(r, SHRINKS_WITH)};
    json_t *table = ltv_report_table(r, LTV_SAY(r, KINDS_TITLE), 3, columns, 3);
    add_kind(r, table, LTV_WORD_KIND_CUSTOMERS, LTV_WORD_KIND_CUSTOMERS_VARIES,
             LTV_WORD_KIND_CUSTOMERS_SHRINKS);
    add_kind(r, table, LTV_WORD_KIND_PARAMETERS, LTV_WORD_KIND_PARAMETERS_VARIES,
             LTV_WORD_KIND_PARAMETERS_SHRINKS);
    add_kind(r, table, LTV_WORD_KIND_NOISE, LTV_WORD_KIND_NOISE_VARIES,
             LTV_WORD_KIND_NOISE_SHRINKS);
    ltv_report_add(r, blocks, table);
}

/* ---- The figures -------------------------------------------------------------------------- */

/* Units of time are those of the scenario. */
static json_t *unit_name(ltv_report *r, const char *unit)
{
    return strcmp(unit, r->page.unit.text) == 0 ? ltv_report_text(r, ltv_report_unit(r))
                                                : ltv_report_term(r, unit);
}

/* What the report tells, as far as the file defines it: of the baseline, and of the first contrast.
 */
static void add_definitions_of(ltv_report *r, json_t *table, const char *group)
{
    const ltv_node *metrics = ltv_report_find_table(r, group, "/metrics");
    for (size_t row = 0; metrics != NULL && row < metrics->n_rows; row++) {
        const char *name = ltv_report_text_at(metrics, "name", row);
        const char *meaning = ltv_term_meaning(r->language, name);
        if (ltv_term_meaning(LTV_JAPANESE, name) == NULL)
            continue; /* no figure of a report */
        json_t *label = ltv_report_term(r, name);
        ltv_report_add_row(
            r, table,
            json_pack("[o, s, o, s]", label,
                      meaning != NULL ? meaning : ltv_report_text_at(metrics, "meaning", row),
                      unit_name(r, ltv_report_text_at(metrics, "unit", row)), name));
    }
}

static void add_definitions(ltv_report *r, json_t *blocks)
{
    json_t *columns[] = {LTV_SAY(r, FIGURE), LTV_SAY(r, DEFINITION), LTV_SAY(r, UNIT),
                         LTV_SAY(r, NAME_IN_FILE)};
    json_t *table = ltv_report_table(r, LTV_SAY(r, DEFINITIONS_TITLE), 4, columns, 4);
    add_definitions_of(r, table, ltv_page_arm(&r->page, 0).text);
    if (r->page.n_contrasts > 0)
        add_definitions_of(r, table, ltv_page_contrast(&r->page, 0).text);
    ltv_report_add(r, blocks, table);
}

/* ---- How it was made ---------------------------------------------------------------------- */

static void add_item(ltv_report *r, json_t *table, ltv_word item, const char *value)
{
    json_t *row = json_array();
    ltv_report_add(r, row, ltv_report_text(r, ltv_report_word(r, item)));
    ltv_report_add(r, row, ltv_report_text(r, value != NULL ? value : ""));
    ltv_report_add_row(r, table, row);
}

static void add_count(ltv_report *r, json_t *table, ltv_word item, const char *path)
{
    int64_t n = ltv_document_int64(r->page.doc, path, 0);
    if (n > 0)
        add_item(r, table, item, ltv_format_count(n).text);
}

static const char *payment_of(const ltv_report *r)
{
    const char *payment = ltv_document_string(r->page.doc, "/@payment");
    payment = payment != NULL ? payment : "";
    return ltv_report_word(r, strcmp(payment, "mid") == 0       ? LTV_WORD_PAID_MID
                              : strcmp(payment, "arrears") == 0 ? LTV_WORD_PAID_ARREARS
                                                                : LTV_WORD_PAID_ADVANCE);
}

static void add_method(ltv_report *r, json_t *blocks)
{
    const ltv_document *doc = r->page.doc;
    char seed[32], version[128];
    const char *made = ltv_document_string(doc, "/provenance@version");
    const char *revision = ltv_document_string(doc, "/provenance@revision");
    json_t *columns[] = {LTV_SAY(r, ITEM), LTV_SAY(r, VALUE)};
    json_t *table = ltv_report_table(r, LTV_SAY(r, METHOD_TITLE), 2, columns, 2);
    json_t *terms = ltv_report_footer(r, NULL);
    snprintf(seed, sizeof seed, "%" PRId64, ltv_document_int64(doc, "/@seed", 0));
    snprintf(version, sizeof version, "%.40s (%.70s)", made != NULL ? made : "",
             revision != NULL ? revision : "");
    add_item(r, table, LTV_WORD_ITEM_HORIZON, json_string_value(terms));
    json_decref(terms);
    add_item(r, table, LTV_WORD_ITEM_PAYMENT, payment_of(r));
    add_count(r, table, LTV_WORD_ITEM_CUSTOMERS, "/@customers");
    add_count(r, table, LTV_WORD_ITEM_DRAWS, "/@n_draws");
    add_count(r, table, LTV_WORD_ITEM_COHORT, "/@cohort_size");
    add_item(r, table, LTV_WORD_ITEM_SEED, seed);
    add_item(r, table, LTV_WORD_ITEM_VERSION, version);
    add_item(r, table, LTV_WORD_ITEM_STARTED, ltv_document_string(doc, "/provenance@started"));
    add_item(r, table, LTV_WORD_ITEM_FORMAT, ltv_document_string(doc, "/@format_version"));
    ltv_report_add(r, blocks, table);
}

static void add_fold(ltv_report *r, json_t *blocks, ltv_word title, const char *path)
{
    const ltv_node *node = ltv_document_find(r->page.doc, path);
    if (node == NULL || node->kind != LTV_NODE_TEXT || node->text[0] == '\0')
        return;
    ltv_report_add(r, blocks,
                   json_pack("{s:s, s:s, s:o}", "type", "fold", "title", ltv_report_word(r, title),
                             "text", ltv_report_text(r, node->text)));
}

void ltv_report_definitions(ltv_report *r)
{
    json_t *blocks = ltv_report_section(r, "definitions", LTV_SAY(r, SECTION_DEFINITIONS));
    add_kinds(r, blocks);
    add_definitions(r, blocks);
    add_method(r, blocks);
    add_fold(r, blocks, LTV_WORD_ASSUMED_TITLE, "/scenario/assumed");
    add_fold(r, blocks, LTV_WORD_SCENARIO_TITLE, "/scenario/effective");
}
