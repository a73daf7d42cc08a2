/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_IO_WORKBOOK_EXACT_NUMBERS_H
#define LTV_SIM_IO_WORKBOOK_EXACT_NUMBERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* libxlsxwriter writes numbers with 16 digits; half of all doubles need 17 to be read back as the
 * same. So what was written is remembered here, and put into the file once it is there. */

typedef struct {
    uint32_t sheet, row;
    uint16_t column;
    double value; /* finite */
} ltv_exact_number;

/* Zero-initialise. */
typedef struct {
    size_t n, capacity;
    ltv_exact_number *numbers; /* owned */
} ltv_exact_numbers;

/* Remembers a number. Returns false when memory is short. */
bool ltv_exact_numbers_add(ltv_exact_numbers *self, ltv_exact_number number);

/* Puts them into the .xlsx file at `path`, with the fewest digits that give the same double, and
 * checks on the way that each part of the file is whole and each number in it: libxlsxwriter
 * does not notice when there is no room for its temporary files. Sorts the numbers. Times in the
 * file are those libxlsxwriter gives, so that equal workbooks are equal bytes. Fails with
 * LTV_ERR_WRITE_FAILED or LTV_ERR_NO_MEMORY. */
LTV_MUST_USE ltv_status ltv_exact_numbers_put(ltv_exact_numbers *self, const char *path,
                                              ltv_error *err);

void ltv_exact_numbers_free(ltv_exact_numbers *self);

#endif
