/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_CLI_PAGE_SENSITIVITY_H
#define LTV_SIM_CLI_PAGE_SENSITIVITY_H

#include <stdio.h>

#include "base/error.h"
#include "sim/cli/terminal.h"
#include "sim/io/results/document.h"

/* The page of `ltvsim sensitivity`, at most 80 columns wide, from the /sensitivity of a document:
 * for each figure that has Sobol indices first what it depends on most, then a tornado, the
 * indices and the rank correlations. results_path: where the document is kept, NULL: nowhere.
 * Fails with LTV_ERR_NO_MEMORY, or LTV_ERR_NOT_RESULTS when the document lacks what it needs.
 * Failures of `out` are left to its error flag. */
LTV_MUST_USE ltv_status ltv_page_sensitivity(FILE *out, const ltv_document *doc,
                                             const char *results_path, const ltv_terminal *terminal,
                                             ltv_error *err);

#endif
