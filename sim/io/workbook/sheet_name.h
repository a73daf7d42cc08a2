/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_IO_WORKBOOK_SHEET_NAME_H
#define LTV_SIM_IO_WORKBOOK_SHEET_NAME_H

#include <stdbool.h>
#include <stddef.h>

/* Names of sheets: at most 31 UTF-16 units, none of []:*?/\ and no apostrophe in them, no two alike
 * but for capitals. */

enum { LTV_SHEET_NAME_UNITS = 31, LTV_SHEET_NAME_SIZE = 4 * LTV_SHEET_NAME_UNITS + 1 };

typedef struct {
    char text[LTV_SHEET_NAME_SIZE];
} ltv_sheet_name;

/* `wanted` (valid UTF-8) as the name of a sheet beside the `n` names that there are: forbidden
 * characters become blanks, what is too long is cut with an ellipsis, and a name that is taken
 * gets a number: "A vs B (2)". Of an empty one, and of the one that Excel keeps for itself
 * ("History"), it makes "Sheet". */
ltv_sheet_name ltv_sheet_name_make(const char *wanted, const ltv_sheet_name *taken, size_t n);

#endif
