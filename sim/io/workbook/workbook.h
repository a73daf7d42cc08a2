/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_IO_WORKBOOK_WORKBOOK_H
#define LTV_SIM_IO_WORKBOOK_WORKBOOK_H

#include "base/error.h"
#include "sim/io/results/document.h"

/* Writes the results as an .xlsx workbook: one sheet per question with native charts, numbers with
 * full precision and the currency's format, whole or not at all (sim/io/results/atomic_file.h).
 * `answer` is what the results say in words, one line a row (UTF-8). The same document and
 * answer give the same bytes. Fails with LTV_ERR_NOT_RESULTS when the document lacks what every
 * results file holds, LTV_ERR_WRITE_FAILED (also for temporary files, which are made in TMPDIR or
 * /tmp and removed), and LTV_ERR_NO_MEMORY. */
LTV_MUST_USE ltv_status ltv_workbook_write(const ltv_document *doc, const char *answer,
                                           const char *path, ltv_error *err);

#endif
