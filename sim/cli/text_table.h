/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_CLI_TEXT_TABLE_H
#define LTV_SIM_CLI_TEXT_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "sim/cli/terminal.h"

/* A table of text in aligned columns, for terminals. */

enum { LTV_TEXT_TABLE_COLUMNS = 32 };

typedef struct {
    size_t n_columns;
    bool right[LTV_TEXT_TABLE_COLUMNS]; /* numbers: aligned at the right */
    int limit[LTV_TEXT_TABLE_COLUMNS];  /* cells are cut to so many columns; 0: never */
    size_t n_cells, capacity;
    char **cells;       /* owned, row by row */
    bool out_of_memory; /* sticky */
} ltv_text_table;

/* `alignment` has one letter a column, l or r; letters after LTV_TEXT_TABLE_COLUMNS of them are
 * ignored. */
void ltv_text_table_init(ltv_text_table *table, const char *alignment);

/* Adds the next cell, row by row; the text is copied. NULL adds an empty cell. */
void ltv_text_table_add(ltv_text_table *table, const char *text);

/* Adds empty cells up to the end of the row under way; nothing at its end. */
void ltv_text_table_end_row(ltv_text_table *table);

/* Prints the table, each line after `indent` blanks, columns two blanks apart. A last column at
 * the left is broken into lines at the page's edge. A table that is wider than the page is printed
 * in several parts, each with the first column again and a blank line between them. No line ends
 * with blanks. */
void ltv_text_table_print(FILE *out, const ltv_text_table *table, int indent,
                          const ltv_terminal *terminal);

void ltv_text_table_free(ltv_text_table *table);

#endif
