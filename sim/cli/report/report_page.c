/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/cli/report/report_page.h"

#include <stdlib.h>
#include <string.h>

#include "sim/cli/report/html.h"
#include "sim/cli/report/numbers.h"
#include "sim/cli/report/sections.h"
#include "sim/cli/report/warnings.h"

#ifdef LTV_REPORT_BUNDLE
#include "sim/cli/report/embed.h"
LTV_EMBED(report_script, LTV_REPORT_BUNDLE "/page.js");
LTV_EMBED(report_style, LTV_REPORT_BUNDLE "/page.css");
#else
static const char report_script[1], report_style[1];
static const char *const report_script_end = report_script, *const report_style_end = report_style;
#endif

ltv_status ltv_report_is_built(ltv_error *err)
{
    if (report_script_end - report_script == 0)
        return ltv_fail(err, LTV_ERR_NOT_FOUND,
                        "this ltvsim was built without reports, since npm or its packages were not "
                        "there: install Debian's nodejs and npm (script/bootstrap does) and build "
                        "it again with a network");
    return LTV_OK;
}

void ltv_report_build(ltv_report *r)
{
    ltv_report_answers(r);
    ltv_report_figures(r);
    ltv_report_distribution(r);
    ltv_report_retention(r);
    ltv_report_payback_curves(r);
    ltv_report_revenue(r);
    ltv_report_contrasts(r);
    ltv_report_sensitivity(r);
    ltv_report_bridges(r);
    ltv_report_hurdles(r);
    ltv_report_groups(r);
    ltv_report_definitions(r);
}

/* ---- What stands above the sections ------------------------------------------------------- */

static json_t *terms_of(ltv_report *r)
{
    const ltv_page *p = &r->page;
    ltv_formatted customers = ltv_format_count(ltv_document_int64(p->doc, "/@customers", 0));
    ltv_formatted draws = ltv_format_count(ltv_page_draws(p));
    json_t *footer = ltv_report_footer(r, NULL);
    const char *common = json_string_value(footer);
    json_t *terms = ltv_page_draws(p) > 1
                        ? LTV_SAY(r, TERMS_DRAWS, {"currency", p->money.code}, {"common", common},
                                  {"draws", draws.text}, {"customers", customers.text})
                        : LTV_SAY(r, TERMS, {"currency", p->money.code}, {"common", common},
                                  {"customers", customers.text});
    json_decref(footer);
    return terms;
}

/* A warning of the results; what is not known in the page's language is marked as English. */
static json_t *note_of(ltv_report *r, const char *english)
{
    ltv_said_warning said = ltv_say_warning(r->language, english);
    json_t *note = said.text == NULL
                       ? NULL
                       : json_pack("{s:s, s:o}", "lead", ltv_report_word(r, LTV_WORD_WARNING),
                                   "text", ltv_report_text(r, said.text));
    if (note != NULL && said.language != r->language)
        json_object_set_new(note, "language", json_string(ltv_language_code(said.language)));
    free(said.text);
    return note;
}

static json_t *notes_of(ltv_report *r)
{
    json_t *notes = json_array();
    const ltv_node *node = ltv_document_find(r->page.doc, "/scenario/warnings");
    for (const char *line = node != NULL && node->kind == LTV_NODE_TEXT ? node->text : "";
         *line != '\0';) {
        size_t length = strcspn(line, "\n");
        char *text = strndup(line, length);
        if (length > 0)
            ltv_report_add(r, notes, text != NULL ? note_of(r, text) : NULL);
        free(text);
        line += length + (line[length] == '\n');
    }
    return notes;
}

/* ---- The page ----------------------------------------------------------------------------- */

typedef struct {
    json_t *title, *terms, *notes;
} heading;

static heading heading_of(ltv_report *r)
{
    const char *title = ltv_document_string(r->page.doc, "/@title");
    return (heading){ltv_report_text(r, title != NULL ? title : ""), terms_of(r), notes_of(r)};
}

static void free_heading(heading *h)
{
    json_decref(h->title);
    json_decref(h->terms);
    json_decref(h->notes);
}

static bool write_page(FILE *out, ltv_report *reports, size_t n, const heading *headings,
                       ltv_html_part *parts)
{
    const ltv_report *first = &reports[0];
    json_t *footer = LTV_SAY(&reports[0], MADE_BY, {"version", LTV_VERSION});
    ltv_html_frame frame = {
        .language = ltv_language_code(first->language),
        .title = json_string_value(headings[0].title),
        .style = report_style,
        .style_length = (size_t)(report_style_end - report_style),
        .script = report_script,
        .script_length = (size_t)(report_script_end - report_script),
        .skip = ltv_report_word(first, LTV_WORD_SKIP),
        .contents = ltv_report_word(first, LTV_WORD_CONTENTS),
        .show_table = ltv_report_word(first, LTV_WORD_SHOW_TABLE),
        .no_script = ltv_report_word(first, LTV_WORD_NO_SCRIPT),
        .actions = ltv_report_word(first, LTV_WORD_ACTIONS),
        .save_svg = ltv_report_word(first, LTV_WORD_SAVE_SVG),
        .save_png = ltv_report_word(first, LTV_WORD_SAVE_PNG),
        .save_source = ltv_report_word(first, LTV_WORD_SAVE_SOURCE),
        .footer = json_string_value(footer),
    };
    for (size_t i = 0; i < n; i++)
        parts[i] = (ltv_html_part){json_string_value(headings[i].title),
                                   json_string_value(headings[i].terms), headings[i].notes,
                                   reports[i].sections};
    bool written = footer != NULL && ltv_html_write(out, &frame, n, parts);
    json_decref(footer);
    return written;
}

static bool any_is_short_of_memory(const ltv_report *reports, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (reports[i].page.out_of_memory)
            return true;
    return false;
}

ltv_status ltv_report_page(char **page, size_t *size, ltv_report *reports, size_t n, ltv_error *err)
{
    *page = NULL;
    *size = 0;
    heading *headings = calloc(n, sizeof *headings);
    ltv_html_part *parts = calloc(n, sizeof *parts);
    for (size_t i = 0; headings != NULL && i < n; i++)
        headings[i] = heading_of(&reports[i]);
    bool ready = headings != NULL && parts != NULL && !any_is_short_of_memory(reports, n);
    FILE *out = ready ? open_memstream(page, size) : NULL;
    bool written = out != NULL && write_page(out, reports, n, headings, parts);
    if (out != NULL) {
        written &= ferror(out) == 0;
        written &= fclose(out) == 0;
    }
    for (size_t i = 0; headings != NULL && i < n; i++)
        free_heading(&headings[i]);
    free(headings);
    free(parts);
    return written ? LTV_OK : ltv_fail(err, LTV_ERR_NO_MEMORY, "out of memory");
}
