/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_CLI_REPORT_HTML_H
#define LTV_SIM_CLI_REPORT_HTML_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

/* A report's model (report.h) as HTML. All text is there without a script; charts are
 * specifications which the script of the page draws. */

/* What surrounds the parts. Texts are borrowed; script and style are written as they are. */
typedef struct {
    const char *language, *title, *style, *script;
    size_t style_length, script_length;
    const char *skip, *contents, *show_table, *no_script;    /* words of the frame */
    const char *actions, *save_svg, *save_png, *save_source; /* of the menu of a chart */
    const char *footer;
} ltv_html_frame;

/* One results file's part of the page. */
typedef struct {
    const char *title, *terms;
    const json_t *notes; /* that come first: [{lead, text, language}]; language: of the text, only
                            where it is not that of the page */
    const json_t *sections; /* of the report */
} ltv_html_part;

/* Writes the page. Failures of `out` are left to its error flag; false without memory. */
bool ltv_html_write(FILE *out, const ltv_html_frame *frame, size_t n_parts,
                    const ltv_html_part *parts);

/* Writes text with & < > " ' as entities, and so that no line breaks before a per cent sign or
 * between a sign and its amount. */
void ltv_html_text(FILE *out, const char *text);

#endif
