/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_CLI_REPORT_REPORT_H
#define LTV_SIM_CLI_REPORT_REPORT_H

#include <jansson.h>

#include "sim/cli/page.h"
#include "sim/cli/report/words.h"

/* A report as a model, which is not yet HTML: a list of sections, each of an id, a title and
 * blocks. A block is an object with a "type":
 *
 *   answers  items: [{question, verdict, tone, sentences}]
 *   figures  items: [{label, value, note}], note: what the ± in it is
 *   text     text
 *   table    caption, columns: [{title, number}], rows: [[text …]]; beside: true where the next
 *            table may stand beside it
 *   chart    id, title, spread (which ± it shows), footer, spec (Vega-Lite), tables
 *   fold     title, text: long text that is shown when asked for
 *
 * Sections whose data the results do not have are not in it. Functions that add take ownership of
 * the json_t they are given; NULL means that memory is short and is remembered. */
typedef struct {
    ltv_page page; /* the results, looked up */
    ltv_language language;
    const char *prefix; /* of ids, for pages of several results; borrowed */
    json_t *sections;   /* owned */
} ltv_report;

/* Opens a report of the document, which is borrowed; no sections yet. Fails with
 * LTV_ERR_NOT_RESULTS when the document lacks what every page needs. May be closed whatever is
 * returned. */
LTV_MUST_USE ltv_status ltv_report_open(ltv_report *r, const ltv_document *doc,
                                        ltv_language language, const char *prefix, ltv_error *err);
void ltv_report_close(ltv_report *r);

/* ---- text ---- */

/* A text as JSON: control characters become blanks, bytes that are not UTF-8 question marks. */
json_t *ltv_report_text(ltv_report *r, const char *text);

/* A word or sentence with its blanks filled in. */
json_t *ltv_report_say(ltv_report *r, ltv_word word, const ltv_blank *blanks);
#define LTV_SAY(r, word, ...)                                                                      \
    ltv_report_say(r, LTV_WORD_##word, (const ltv_blank[]){__VA_ARGS__ __VA_OPT__(, ){NULL, NULL}})

/* The word as it stands. */
const char *ltv_report_word(const ltv_report *r, ltv_word word);

/* A name in the results file as people call it: "ltv_cac" is "LTV/CAC". */
json_t *ltv_report_term(ltv_report *r, const char *name);

/* The name of an arm, channel, plan ... with at most 60 columns. */
typedef struct {
    char text[256];
} ltv_report_name;
ltv_report_name ltv_report_shown(const char *name);

/* "everything against onboarding"; against the baseline too. */
ltv_report_name ltv_report_contrast_name(const ltv_report *r, size_t contrast);

/* A number, null where it is not finite. */
json_t *ltv_report_real(double value);

/* ---- sections and blocks ---- */

/* Adds a section; returns its blocks, borrowed. NULL without memory, which the others accept. */
json_t *ltv_report_section(ltv_report *r, const char *id, json_t *title);

void ltv_report_add(ltv_report *r, json_t *blocks, json_t *block);
void ltv_report_add_text(ltv_report *r, json_t *blocks, json_t *text);

/* What stands below every chart: horizon, discounting, margin; and `more`, which may be NULL: which
 * CAC it is of. */
json_t *ltv_report_footer(ltv_report *r, const char *more);

/* The same below amounts that are not discounted. */
json_t *ltv_report_footer_undiscounted(ltv_report *r, const char *more);

/* What a footer says of the CAC where all channels are taken together. */
const char *ltv_report_foot_cac(const ltv_report *r);

/* A table without rows; columns[i] is its title, numbers the columns that are right-aligned from
 * `first_number` on. Its rows are added as arrays of texts. */
json_t *ltv_report_table(ltv_report *r, json_t *caption, size_t n_columns, json_t *const *columns,
                         size_t first_number);
void ltv_report_add_row(ltv_report *r, json_t *table, json_t *cells);

/* A chart of the template of that name (chart_template.h), filled in with `values`. Its tables are
 * what stands behind it for those who cannot see it. */
typedef struct {
    const char *id, *chart;
    json_t *title, *spread, *footer; /* spread: NULL where there is no ± in it */
    json_t *values, *tables;
} ltv_report_chart;

void ltv_report_add_chart(ltv_report *r, json_t *blocks, const ltv_report_chart *chart);

#endif
