/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/cli/text_table.h"

#include <stdlib.h>
#include <string.h>

#include "sim/cli/text.h"

enum { GAP = 2, LEAST_BROKEN = 24, CELL_BYTES = 2048 };

void ltv_text_table_init(ltv_text_table *table, const char *alignment)
{
    *table = (ltv_text_table){.n_columns = strnlen(alignment, LTV_TEXT_TABLE_COLUMNS)};
    for (size_t i = 0; i < table->n_columns; i++)
        table->right[i] = alignment[i] == 'r';
}

void ltv_text_table_add(ltv_text_table *table, const char *text)
{
    if (table->n_cells == table->capacity) {
        size_t capacity = table->capacity > 0 ? 2 * table->capacity : 64;
        char **cells = realloc(table->cells, capacity * sizeof *cells);
        if (cells == NULL) {
            table->out_of_memory = true;
            return;
        }
        table->cells = cells;
        table->capacity = capacity;
    }
    char *copy = strdup(text != NULL ? text : "");
    if (copy == NULL) {
        table->out_of_memory = true;
        return;
    }
    table->cells[table->n_cells++] = copy;
}

void ltv_text_table_end_row(ltv_text_table *table)
{
    while (table->n_cells % table->n_columns != 0 && !table->out_of_memory)
        ltv_text_table_add(table, NULL);
}

static int column_width(const ltv_text_table *table, size_t column)
{
    int width = 0;
    for (size_t i = column; i < table->n_cells; i += table->n_columns) {
        int cell = ltv_text_width(table->cells[i]);
        width = cell > width ? cell : width;
    }
    int limit = table->limit[column];
    return limit > 0 && width > limit ? limit : width;
}

/* The columns that are printed together: the first one and first ... last. */
typedef struct {
    size_t first, last;
    int width[LTV_TEXT_TABLE_COLUMNS];
} part;

static const char *cell_at(const ltv_text_table *table, size_t row, size_t column)
{
    size_t i = row * table->n_columns + column;
    return i < table->n_cells ? table->cells[i] : "";
}

static void print_row(FILE *out, const ltv_text_table *table, size_t row, const part *columns,
                      int indent, bool utf8)
{
    char cell[CELL_BYTES];
    int pending = indent; /* blanks owed before the next text, so that no line ends with them */
    int at = indent;      /* where the column starts */
    for (size_t c = 0;; c = c == 0 ? columns->first : c + 1) {
        int width = columns->width[c];
        const char *text = cell_at(table, row, c);
        bool last = c == columns->last;
        if (last && c > 0 && !table->right[c] && ltv_text_width(text) > width) {
            ltv_text_blanks(out, pending);
            ltv_text_wrap(out, text, at, at, at + width);
            return;
        }
        ltv_text_clip(cell, sizeof cell, text, width, utf8);
        int fill = width - ltv_text_width(cell);
        if (cell[0] != '\0') {
            ltv_text_blanks(out, pending + (table->right[c] ? fill : 0));
            fputs(cell, out);
            pending = 0;
        } else {
            fill = width;
        }
        pending += (table->right[c] && cell[0] != '\0' ? 0 : fill) + GAP;
        at += width + GAP;
        if (last)
            break;
    }
    fputc('\n', out);
}

/* Takes as many columns as fit beside the first, at least one, from columns->first on. */
static void take_columns(const ltv_text_table *table, part *columns, int indent)
{
    int left = LTV_PAGE_COLUMNS - indent - columns->width[0];
    size_t c = columns->first;
    for (; c < table->n_columns; c++) {
        bool may_break =
            c + 1 == table->n_columns && !table->right[c] && left >= GAP + LEAST_BROKEN;
        if (may_break && columns->width[c] > left - GAP)
            columns->width[c] = left - GAP;
        left -= columns->width[c] + GAP;
        if (left < 0 && c > columns->first)
            break;
    }
    columns->last = c - 1;
}

void ltv_text_table_print(FILE *out, const ltv_text_table *table, int indent,
                          const ltv_terminal *terminal)
{
    part columns = {.first = 1};
    size_t rows = (table->n_cells + table->n_columns - 1) / table->n_columns;
    for (size_t c = 0; c < table->n_columns; c++)
        columns.width[c] = column_width(table, c);
    if (columns.width[0] > LTV_PAGE_COLUMNS - indent)
        columns.width[0] = LTV_PAGE_COLUMNS - indent;
    do {
        if (columns.first > 1)
            fputc('\n', out);
        if (table->n_columns > 1)
            take_columns(table, &columns, indent);
        for (size_t row = 0; row < rows; row++)
            print_row(out, table, row, &columns, indent, terminal->utf8);
        columns.first = columns.last + 1;
    } while (columns.first < table->n_columns);
}

void ltv_text_table_free(ltv_text_table *table)
{
    for (size_t i = 0; i < table->n_cells; i++)
        free(table->cells[i]);
    free(table->cells);
    *table = (ltv_text_table){0};
}
