/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>

#include "sim/cli/commands.h"
#include "sim/cli/file_kind.h"
#include "sim/cli/format.h"
#include "sim/cli/output_path.h"
#include "sim/cli/report/report_page.h"
#include "sim/cli/text.h"
#include "sim/io/results/atomic_file.h"
#include "sim/io/results/hdf5_file.h"

enum { MOST_RESULTS = 16 };

static const ltv_option options[] = {
    {"output", 'o', "FILE", "Write the page to FILE, which ends in .html."},
    {"lang", 0, "LANGUAGE", "Write in English (en) or Japanese (ja). English without it."},
    {"svg", 0, "DIR",
     "Write each chart as an SVG file into the folder DIR, too, for slides; DIR is made when it is "
     "missing. Needs the program node."},
    {.name = NULL},
};

static ltv_status check_arguments(const ltv_arguments *arguments, ltv_language *language,
                                  ltv_error *err)
{
    const char *output = ltv_arguments_value(arguments, "output");
    const char *code = ltv_arguments_value(arguments, "lang");
    *language = LTV_ENGLISH;
    if (output == NULL && !ltv_arguments_has(arguments, "svg"))
        return ltv_fail(err, LTV_ERR_BAD_INPUT, "report needs to know where to: -o FILE.html");
    if (output != NULL && !ltv_name_ends_with(output, ".html") &&
        !ltv_name_ends_with(output, ".htm"))
        return ltv_fail(
            err, LTV_ERR_BAD_INPUT,
            "the page is written as HTML: -o must name a file ending in .html, not '%s'", output);
    ltv_status status = code != NULL ? ltv_language_find(language, code, err) : LTV_OK;
    for (size_t i = 0; status == LTV_OK && output != NULL && i < arguments->n_operands; i++)
        status = ltv_output_spares_results("-o", output, "page", arguments->operands[i], err);
    return status == LTV_OK && output != NULL ? ltv_atomic_check(output, err) : status;
}

static ltv_status write_page(const char *output, ltv_report *reports, size_t n, ltv_error *err)
{
    char *page;
    size_t size;
    ltv_status status = ltv_report_page(&page, &size, reports, n, err);
    if (status == LTV_OK)
        status = ltv_atomic_write(output, page, size, err);
    free(page);
    if (status != LTV_OK)
        return status;
    fputs("Report: ", stdout);
    ltv_text_print(stdout, output);
    fputc('\n', stdout);
    return LTV_OK;
}

static ltv_status write_svg(const char *folder, ltv_report *reports, size_t n, ltv_error *err)
{
    size_t n_files;
    ltv_status status = ltv_report_svg(folder, reports, n, &n_files, err);
    if (status != LTV_OK)
        return status;
    ltv_text_print(stdout, folder);
    printf(": %s written\n", ltv_format_periods((double)n_files, 0, "chart").text);
    return LTV_OK;
}

/* Reads each file and builds its report; *n counts what has to be freed. */
static ltv_status build(const ltv_arguments *arguments, ltv_language language, ltv_document *docs,
                        ltv_report *reports, size_t *n, ltv_error *err)
{
    static const char *const prefixes[MOST_RESULTS] = {
        "",    "r2-",  "r3-",  "r4-",  "r5-",  "r6-",  "r7-",  "r8-",
        "r9-", "r10-", "r11-", "r12-", "r13-", "r14-", "r15-", "r16-"};
    ltv_status status = LTV_OK;
    for (*n = 0; status == LTV_OK && *n < arguments->n_operands;) {
        size_t i = (*n)++;
        status = ltv_hdf5_read(&docs[i], arguments->operands[i], err);
        if (status == LTV_OK)
            status = ltv_report_open(&reports[i], &docs[i], language, prefixes[i], err);
        if (status == LTV_OK)
            ltv_report_build(&reports[i]);
    }
    return status;
}

static ltv_status run(const ltv_arguments *arguments, ltv_error *err)
{
    ltv_language language;
    ltv_document docs[MOST_RESULTS] = {0};
    ltv_report reports[MOST_RESULTS] = {0};
    size_t n = 0;
    const char *output = ltv_arguments_value(arguments, "output");
    const char *folder = ltv_arguments_value(arguments, "svg");
    ltv_status status = ltv_report_is_built(err);
    if (status == LTV_OK)
        status = check_arguments(arguments, &language, err);
    if (status == LTV_OK)
        status = build(arguments, language, docs, reports, &n, err);
    if (status == LTV_OK && output != NULL)
        status = write_page(output, reports, n, err);
    if (status == LTV_OK && folder != NULL)
        status = write_svg(folder, reports, n, err);
    for (size_t i = 0; i < n; i++) {
        ltv_report_close(&reports[i]);
        ltv_document_free(&docs[i]);
    }
    return status;
}

const ltv_command ltv_command_report = {
    .name = "report",
    .operands = "RESULTS...",
    .least_operands = 1,
    .most_operands = MOST_RESULTS,
    .summary = "Write a page with charts for people who decide",
    .description =
        "Writes what results files say as one HTML file that needs neither network nor ltvsim: the "
        "answers first, then headline figures, charts with a table behind each, and what every "
        "figure means. Several results files follow each other on the page.",
    .example = "ltvsim report music.h5 -o music.html",
    .options = options,
    .run = run,
};
