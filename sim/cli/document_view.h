/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_CLI_DOCUMENT_VIEW_H
#define LTV_SIM_CLI_DOCUMENT_VIEW_H

#include <stdio.h>

#include "base/error.h"
#include "sim/cli/terminal.h"
#include "sim/io/results/document.h"

/* Parts of a results document as text for people. Failures of `out` are left to its error flag. */

/* The node of that path, with or without its leading slash. Fails with LTV_ERR_BAD_INPUT when there
 * is none, suggesting the nearest; `results_path` is named in the sentence. */
LTV_MUST_USE ltv_status ltv_document_view_find(const ltv_node **node, const ltv_document *doc,
                                               const char *path, const char *results_path,
                                               ltv_error *err);

/* Prints one node: a table or array with units in its header, a text as it is, a group as its
 * attributes and the list of what is below it. Fails with LTV_ERR_NO_MEMORY. */
LTV_MUST_USE ltv_status ltv_document_view_print(FILE *out, const ltv_document *doc,
                                                const ltv_node *node, const ltv_terminal *terminal,
                                                ltv_error *err);

/* Prints the path and description of each table, array and text at or below `path`. */
void ltv_document_view_list(FILE *out, const ltv_document *doc, const char *path,
                            const ltv_terminal *terminal);

#endif
