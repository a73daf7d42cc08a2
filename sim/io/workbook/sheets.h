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

/* Who still pays, by arm, segment and channel. */
void ltv_sheet_retention(ltv_book *book);

/* Contribution so far against CAC, by arm and channel. */
void ltv_sheet_payback(ltv_book *book);

/* Revenue and contribution by bill, and who holds which plan and add-on. */
void ltv_sheet_revenue(ltv_book *book);

/* A sheet for each contrast: its figures, gain over time, who gains. So many have one. */
enum { LTV_MOST_CONTRAST_SHEETS = 100 };
void ltv_sheet_contrasts(ltv_book *book);

/* Waterfalls: drivers of each contrast, and from the spreadsheet's LTV to the simulated one. */
void ltv_sheet_drivers(ltv_book *book);

/* Which arm to choose, hurdles, budgets, what is worth finding out, whether to test first. */
void ltv_sheet_decisions(ltv_book *book);

/* Tornados, Sobol indices and rank correlations. */
void ltv_sheet_sensitivity(ltv_book *book);

/* The draws one by one, thinned where there are very many. */
void ltv_sheet_draws(ltv_book *book);

/* Terms, meanings of figures, and the scenario. */
void ltv_sheet_definitions(ltv_book *book);

#endif
