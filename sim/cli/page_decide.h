/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_CLI_PAGE_DECIDE_H
#define LTV_SIM_CLI_PAGE_DECIDE_H

#include <stdio.h>

#include "base/error.h"
#include "sim/cli/terminal.h"
#include "sim/io/results/document.h"

/* The page of `ltvsim decide`: which arm to choose and how sure that is, hurdles and budgets, what
 * is worth finding out, and whether to test first. Made of /decisions and what stands about it
 * under /compare; like ltv_summary_print otherwise. Fails with LTV_ERR_NOT_RESULTS where the
 * document has no decisions. */
LTV_MUST_USE ltv_status ltv_page_decide(FILE *out, const ltv_document *doc,
                                        const char *results_path, const ltv_terminal *terminal,
                                        ltv_error *err);

#endif
