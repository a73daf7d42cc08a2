/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_IO_WORKBOOK_FIGURES_H
#define LTV_SIM_IO_WORKBOOK_FIGURES_H

#include "sim/io/workbook/column.h"

/* Chosen figures of several tables of metrics beside each other: a row for each figure, a column
 * for each arm or contrast. The three kinds of ± stand in blocks of their own. */

typedef struct {
    const char *name, *label;
} ltv_figure;

typedef struct {
    const char *title; /* of the first block */
    size_t n_figures;
    const ltv_figure *figures;
    size_t n_groups;
    const ltv_source *groups;    /* "/arms/today" */
    const char *const *headings; /* of the groups */
} ltv_figure_list;

/* Writes the values, then what is not known about them (where inputs are uncertain) and their
 * Monte Carlo error. Figures that no group has are left out. Returns the block of values, whose
 * columns of groups begin with the third. */
ltv_block ltv_sheet_figures(ltv_sheet *sheet, const ltv_figure_list *list);

/* The row of the figure in that block; -1 where it was left out. */
int64_t ltv_figure_row(const ltv_sheet *sheet, const ltv_figure_list *list, const ltv_block *block,
                       const char *name);

#endif
