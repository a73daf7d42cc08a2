/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_IO_CSV_COLUMN_H
#define LTV_SIM_IO_CSV_COLUMN_H

#include "sim/io/complain.h"

/* One column of numbers from a CSV file: the first row names the columns, cells are separated by
 * commas, or by semicolons or tabs when the first row has those and no comma, and may be in double
 * quotes (RFC 4180), lines end in LF or CRLF, a byte order mark is skipped. Numbers may be
 * percentages. */
typedef struct {
    size_t n;
    double *values;    /* owned */
    ltv_place *places; /* owned; where in the file each value stands */
} ltv_csv_column;

/* Reads the column named `name` from `text`. A fault inside the file is told at its own line of
 * `csv`; a column that is not there at `asked_at`, the place in the scenario, and `key`. *column
 * may be freed whatever is returned. */
LTV_MUST_USE ltv_status ltv_csv_column_read(ltv_csv_column *column, const char *text, size_t length,
                                            const ltv_place *csv, const char *name,
                                            const ltv_place *asked_at, const char *key,
                                            ltv_error *err);

void ltv_csv_column_free(ltv_csv_column *column);

#endif
