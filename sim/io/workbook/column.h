/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_IO_WORKBOOK_COLUMN_H
#define LTV_SIM_IO_WORKBOOK_COLUMN_H

#include "sim/io/workbook/book.h"

/* Blocks of columns that are taken from the results file as they are. Each column says where: in a
 * row that is folded away stands its source, written as in docs/results.md:
 * "/arms/today/retention",
 * "/arms/today/retention_u90[0]" for one of two limits, "/arms/today/metrics:value" for a column
 * of a table, "/arms/today/ltv@mean" for an attribute. */

enum { LTV_SOURCE_SIZE = 512, LTV_HEADING_SIZE = 256, LTV_MOST_COLUMNS = 1024 };

typedef struct {
    char source[LTV_SOURCE_SIZE];
    char heading[LTV_HEADING_SIZE];
    const char *kind; /* which ± it is, said above the heading; NULL: none */
    ltv_cell_style style;
    size_t n, stride;
    const double *real; /* exactly one of the three is set where n > 0; borrowed */
    const int64_t *int64;
    char *const *string;
} ltv_column;

/* Where a block stands in its sheet. */
typedef struct {
    lxw_row_t heading_row, first_row;
    lxw_col_t first_column;
    size_t n_rows, n_columns;
} ltv_block;

/* The three kinds of ±, as they are called in headings. */
extern const char ltv_kind_spread[], ltv_kind_unknown[], ltv_kind_noise[];

/* "/arms/today" and "/ltv@mean" as one path. */
typedef struct {
    char text[LTV_SOURCE_SIZE];
} ltv_source;
ltv_source ltv_source_join(const char *first, const char *second);
ltv_source ltv_source_arm(const ltv_book *book, size_t arm, const char *rest);

/* The column at `source`; with n = 0 where the results have none. Its style and kind follow from
 * its units and its name. `heading` NULL: its name, and its unit where that is not seen from the
 * numbers. */
ltv_column ltv_column_find(const ltv_book *book, const char *source, const char *heading);

/* A list of columns under construction; what has n = 0 is left out. */
typedef struct {
    size_t n;
    ltv_column columns[LTV_MOST_COLUMNS];
} ltv_columns;
void ltv_columns_add(ltv_columns *columns, ltv_column column);

/* Adds what ltv_column_find finds. */
void ltv_columns_find(ltv_columns *columns, const ltv_book *book, const char *source,
                      const char *heading);

/* Adds the two columns of lower and upper limits in an array of [n, 2]. */
void ltv_columns_add_limits(ltv_columns *columns, const ltv_book *book, const char *source,
                            const char *name);

/* Writes the columns beside each other below what the sheet has so far: a title, which ±, headings,
 * sources and rows, every `step`-th of them. Without columns it writes nothing: n_rows is 0. */
ltv_block ltv_sheet_columns(ltv_sheet *sheet, const char *title, const ltv_columns *columns,
                            size_t step);

/* The same of all columns of the table at `path`; numbers of tables of metrics are written by the
 * unit in their row. */
ltv_block ltv_sheet_table(ltv_sheet *sheet, const char *title, const char *path);

/* The column of a block that came from the table's column `name`; -1 when it has none. */
int ltv_table_column(const ltv_sheet *sheet, const char *path, const char *name);

/* A row of a label, the attribute at `source`, and that source; nothing where there is none. */
void ltv_sheet_attribute(ltv_sheet *sheet, const char *label, const char *source,
                         ltv_cell_style style);

/* The same of a figure in the group's table of metrics; its source is "/arms/today/metrics[cac]".
 */
void ltv_sheet_metric(ltv_sheet *sheet, const char *label, const char *group, const char *name,
                      ltv_cell_style style);

/* "$B$7", for formulas. */
typedef struct {
    char text[24];
} ltv_cell_name;
ltv_cell_name ltv_cell_name_of(lxw_row_t row, lxw_col_t column);

#endif
