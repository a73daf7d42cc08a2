/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/cli/commands.h"
#include "sim/cli/file_kind.h"
#include "sim/cli/format.h"
#include "sim/cli/output_path.h"
#include "sim/cli/page_sections.h"
#include "sim/io/results/csv_export.h"
#include "sim/io/results/hdf5_file.h"
#include "sim/io/workbook/workbook.h"

static const ltv_option options[] = {
    {"csv", 0, "DIR",
     "Write one CSV file per table and curve into the folder DIR, which is made "
     "when it is missing."},
    {"xlsx", 0, "FILE",
     "Write an Excel workbook: one sheet per question, with charts that can be edited and "
     "pasted elsewhere."},
    {.name = NULL},
};

/* CSV files in a folder; 0 where it is missing. */
static size_t count_csv_files(const char *directory)
{
    size_t n = 0;
    DIR *stream = opendir(directory);
    for (struct dirent *entry; stream != NULL && (entry = readdir(stream)) != NULL;) {
        const char *end = strrchr(entry->d_name, '.');
        n += end != NULL && strcmp(end, ".csv") == 0;
    }
    if (stream != NULL)
        closedir(stream);
    return n;
}

static ltv_status export_csv(const ltv_document *doc, const char *directory, ltv_error *err)
{
    size_t n_files = 0;
    ltv_status status = ltv_csv_export(doc, directory, &n_files, err);
    if (status != LTV_OK)
        return status;
    printf("%s: %s written\n", directory, ltv_format_periods((double)n_files, 0, "file").text);
    size_t all = count_csv_files(directory);
    if (all > n_files)
        fprintf(stderr,
                "warning: %s: %s of something else in it, which may look like part of this\n",
                directory, ltv_format_periods((double)(all - n_files), 0, "CSV file").text);
    return LTV_OK;
}

/* What the first screen says in words, owned. */
static ltv_status answer_of(const ltv_document *doc, char **answer, ltv_error *err)
{
    static const ltv_terminal plain = {.utf8 = true};
    size_t size;
    ltv_page page = {0};
    FILE *out = open_memstream(answer, &size);
    if (out == NULL)
        return ltv_fail(err, LTV_ERR_NO_MEMORY, "out of memory while exporting the results");
    ltv_status status = ltv_page_open(&page, out, doc, &plain, err);
    if (status == LTV_OK)
        ltv_page_answer(&page);
    ltv_page_close(&page);
    if (fclose(out) != 0 && status == LTV_OK)
        status = ltv_fail(err, LTV_ERR_NO_MEMORY, "out of memory while exporting the results");
    return status;
}

static ltv_status export_xlsx(const ltv_document *doc, const char *path, ltv_error *err)
{
    char *answer = NULL;
    ltv_status status = answer_of(doc, &answer, err);
    if (status == LTV_OK)
        status = ltv_workbook_write(doc, answer, path, err);
    if (status == LTV_OK)
        printf("%s written\n", path);
    free(answer);
    return status;
}

/* Excel opens nothing else, and somebody's data must not be lost to a slip of the keyboard. */
static ltv_status check_name(const char *path, ltv_error *err)
{
    if (path == NULL || ltv_name_ends_with(path, ".xlsx"))
        return LTV_OK;
    return ltv_fail(err, LTV_ERR_BAD_INPUT, "--xlsx %s: the name of a workbook has to end in .xlsx",
                    path);
}

static ltv_status run(const ltv_arguments *arguments, ltv_error *err)
{
    const char *directory = ltv_arguments_value(arguments, "csv");
    const char *workbook = ltv_arguments_value(arguments, "xlsx");
    if (directory == NULL && workbook == NULL)
        return ltv_fail(err, LTV_ERR_BAD_INPUT,
                        "export needs to know where to: --xlsx FILE or --csv DIR");
    ltv_document doc = {0};
    ltv_status status = check_name(workbook, err);
    if (status == LTV_OK && workbook != NULL)
        status =
            ltv_output_spares_results("--xlsx", workbook, "workbook", arguments->operands[0], err);
    if (status == LTV_OK)
        status = ltv_hdf5_read(&doc, arguments->operands[0], err);
    if (status == LTV_OK && directory != NULL)
        status = export_csv(&doc, directory, err);
    if (status == LTV_OK && workbook != NULL)
        status = export_xlsx(&doc, workbook, err);
    ltv_document_free(&doc);
    return status;
}

const ltv_command ltv_command_export = {
    .name = "export",
    .operands = "RESULTS",
    .least_operands = 1,
    .most_operands = 1,
    .summary = "Write a results file as an Excel workbook or as CSV",
    .description = "Writes a results file in a format that spreadsheets read: a workbook with "
                   "charts, or every table and curve as CSV. Units are told; numbers have full "
                   "precision.",
    .example = "ltvsim export music.h5 --xlsx music.xlsx",
    .options = options,
    .run = run,
};
