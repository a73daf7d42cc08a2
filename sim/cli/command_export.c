/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include "sim/cli/commands.h"
#include "sim/cli/format.h"
#include "sim/io/results/csv_export.h"
#include "sim/io/results/hdf5_file.h"

static const ltv_option options[] = {
    {"csv", 0, "DIR",
     "Write one CSV file per table and curve into the folder DIR, which is made "
     "when it is missing."},
    {"xlsx", 0, "FILE", NULL},
    {.name = NULL},
};

static ltv_status export_csv(const ltv_document *doc, const char *directory, ltv_error *err)
{
    size_t n_files = 0;
    ltv_status status = ltv_csv_export(doc, directory, &n_files, err);
    if (status == LTV_OK)
        printf("%s: %s written\n", directory, ltv_format_periods((double)n_files, 0, "file").text);
    return status;
}

static ltv_status run(const ltv_arguments *arguments, ltv_error *err)
{
    const char *directory = ltv_arguments_value(arguments, "csv");
    if (directory == NULL)
        return ltv_fail(err, LTV_ERR_BAD_INPUT, "export needs to know where to: --csv DIR");
    ltv_document doc;
    ltv_status status = ltv_hdf5_read(&doc, arguments->operands[0], err);
    if (status == LTV_OK)
        status = export_csv(&doc, directory, err);
    ltv_document_free(&doc);
    return status;
}

const ltv_command ltv_command_export = {
    .name = "export",
    .operands = "RESULTS",
    .least_operands = 1,
    .most_operands = 1,
    .summary = "Write the tables of a results file as CSV",
    .description = "Writes every table and curve of a results file in a format that spreadsheets "
                   "read. Headers carry the units; numbers have full precision.",
    .example = "ltvsim export music.h5 --csv music-tables",
    .options = options,
    .run = run,
};
