/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_IO_CSV_EXPORT_H
#define LTV_SIM_IO_CSV_EXPORT_H

#include <stddef.h>

#include "base/error.h"
#include "sim/io/results/document.h"

/* Writes one CSV file per table and array into `directory`, which is created (with its parents)
 * when missing: "/arms/today/ltv/by_period" becomes "arms.today.ltv.by_period.csv". UTF-8, RFC 4180
 * (CRLF, fields quoted where needed); one header line, "value [JPY]"; arrays stand beside their
 * axis; NaN is an empty field. Each file is whole or not there. *n_files, if not NULL, receives the
 * number of files written, also on failure. Fails with LTV_ERR_WRITE_FAILED or
 * LTV_ERR_NO_MEMORY. */
LTV_MUST_USE ltv_status ltv_csv_export(const ltv_document *doc, const char *directory,
                                       size_t *n_files, ltv_error *err);

#endif
