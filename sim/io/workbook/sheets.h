/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_IO_WORKBOOK_SHEETS_H
#define LTV_SIM_IO_WORKBOOK_SHEETS_H

#include "sim/io/workbook/book.h"

/* The sheets of the workbook in their order, one for each question that people ask. Each adds
 * nothing when the results do not hold what it shows. */

/* The answer in words, and the figures that people ask for first. */
void ltv_sheet_answer(ltv_book *book, const char *answer);

/* What one customer brings: how customers differ, and how well the mean is known. */
void ltv_sheet_ltv(ltv_book *book);

#endif
