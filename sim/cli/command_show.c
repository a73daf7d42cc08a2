/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/cli/commands.h"
#include "sim/cli/document_view.h"
#include "sim/cli/summary.h"
#include "sim/io/results/hdf5_file.h"

static const ltv_option options[] = {
    {"list", 'l', NULL, "List the tables, curves and texts of the file, each with what it holds."},
    {.name = NULL},
};

static ltv_status print_part(const ltv_document *doc, const ltv_arguments *arguments,
                             const ltv_terminal *terminal, ltv_error *err)
{
    const ltv_node *node;
    const char *path = arguments->n_operands > 1 ? arguments->operands[1] : "/";
    ltv_status status = ltv_document_view_find(&node, doc, path, arguments->operands[0], err);
    if (status != LTV_OK)
        return status;
    if (ltv_arguments_has(arguments, "list")) {
        ltv_document_view_list(stdout, doc, node->path, terminal);
        return LTV_OK;
    }
    return ltv_document_view_print(stdout, doc, node, terminal, err);
}

static ltv_status run(const ltv_arguments *arguments, ltv_error *err)
{
    ltv_document doc;
    ltv_terminal terminal = ltv_terminal_detect(stdout);
    bool whole_page = arguments->n_operands == 1 && !ltv_arguments_has(arguments, "list");
    ltv_status status = ltv_hdf5_read(&doc, arguments->operands[0], err);
    if (status == LTV_OK && whole_page)
        status = ltv_summary_print(stdout, &doc, arguments->operands[0], &terminal, err);
    else if (status == LTV_OK)
        status = print_part(&doc, arguments, &terminal, err);
    ltv_document_free(&doc);
    return status;
}

const ltv_command ltv_command_show = {
    .name = "show",
    .operands = "RESULTS [TABLE]",
    .least_operands = 1,
    .most_operands = 2,
    .summary = "Print the summary or one table of a results file",
    .description = "Prints the same page as the run that wrote the file. TABLE is the place of a "
                   "table, curve or group inside of the file; --list names them all.",
    .example = "ltvsim show music.h5 arms/baseline/metrics",
    .options = options,
    .run = run,
};
