/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_CLI_SUMMARY_H
#define LTV_SIM_CLI_SUMMARY_H

#include <stdio.h>

#include "base/error.h"
#include "sim/cli/terminal.h"
#include "sim/io/results/document.h"

/* The first screen: the answer to the question that a scenario asks, on one page of at most 80
 * columns. It is made from a results document alone, so that `run` and `show` print the same.
 *
 * `results_path` is where the document is kept; it is named on the page. Fails with
 * LTV_ERR_NO_MEMORY, or LTV_ERR_NOT_RESULTS when the document lacks what every results file
 * holds. Failures of `out` are left to its error flag. */
LTV_MUST_USE ltv_status ltv_summary_print(FILE *out, const ltv_document *doc,
                                          const char *results_path, const ltv_terminal *terminal,
                                          ltv_error *err);

#endif
