/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/io/workbook/column.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/io/results/results_schema.h"

const char ltv_kind_spread[] = "Customer spread: one customer to the next";
const char ltv_kind_unknown[] = "What we don't know: over draws (limits: 90 %)";
const char ltv_kind_noise[] = "Monte Carlo error: the simulation's own noise";

ltv_source ltv_source_join(const char *first, const char *second)
{
    ltv_source source;
    snprintf(source.text, sizeof source.text, "%s%s", first, second);
    return source;
}

ltv_source ltv_source_arm(const ltv_book *book, size_t arm, const char *rest)
{
    return ltv_source_join(ltv_source_join("/arms/", book->arms[arm]).text, rest);
}

/* ---- finding ---- */

static bool contains(const char *text, const char *part)
{
    return strstr(text, part) != NULL;
}

static bool starts_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

static const char *kind_of(const char *source, const char *name)
{
    if (contains(name, "u90") || starts_with(name, "predicted90") ||
        contains(source, "/mean_over_draws/"))
        return ltv_kind_unknown;
    if (starts_with(name, "mc") || contains(name, "standard_error") || contains(name, "_noise") ||
        contains(name, "first_") || contains(name, "total_"))
        return ltv_kind_noise;
    return contains(source, "/one_customer/quantiles") && strcmp(name, "value") == 0
               ? ltv_kind_spread
               : NULL;
}

/* Names of columns without units that are shares of something, or multiples. */
static ltv_cell_style style_without_unit(const char *name)
{
    static const char *const shares[] = {
        "p",           "share",       "probability",    "p_best", "hurdle",
        "first",       "first_lower", "first_upper",    "total",  "total_lower",
        "total_upper", "retention",   "delta_retention"};
    for (size_t i = 0; i < sizeof shares / sizeof *shares; i++)
        if (strcmp(shares[i], name) == 0)
            return LTV_CELL_SHARE;
    if (starts_with(name, "retention_u90"))
        return LTV_CELL_SHARE;
    return starts_with(name, "roi") ? LTV_CELL_RATIO : LTV_CELL_NUMBER;
}

static ltv_cell_style style_of(const ltv_book *book, const ltv_column *column, const char *name,
                               const char *units)
{
    if (column->string != NULL)
        return LTV_CELL_TEXT;
    if (column->int64 != NULL)
        return LTV_CELL_COUNT;
    if (units != NULL && starts_with(units, "see "))
        return LTV_CELL_NUMBER;
    if (units == NULL || strcmp(units, "1") == 0)
        return style_without_unit(name);
    return ltv_book_style_of_unit(book, units);
}

/* Holdings of plans and add-ons are named by people: "/arms/today/plans/pro". */
static bool is_holding(const char *source)
{
    return starts_with(source, "/arms/") &&
           (contains(source, "/plans/") || contains(source, "/add_ons/"));
}

static void take_values(ltv_column *column, const ltv_values *values)
{
    column->n = values->n;
    column->stride = 1;
    column->real = values->real;
    column->int64 = values->int64;
    column->string = values->string;
}

static void take_array(ltv_column *column, const ltv_node *array, size_t which)
{
    column->stride = array->rank == 2 ? array->extent[1] : 1;
    column->n = which < column->stride ? array->extent[0] : 0;
    column->real = array->real != NULL ? array->real + which : NULL;
    column->int64 = array->int64 != NULL ? array->int64 + which : NULL;
    column->string = array->string;
}

/* "value [USD]": the unit only where the number's format does not show it. */
static void set_heading(ltv_column *column, const char *name, const char *units)
{
    bool shown = units == NULL || strcmp(units, "1") == 0 || strcmp(units, "text") == 0 ||
                 starts_with(units, "see ") || column->style == LTV_CELL_MONEY ||
                 column->style == LTV_CELL_TEXT;
    snprintf(column->heading, sizeof column->heading, "%s%s%s%s", name, shown ? "" : " [",
             shown ? "" : units, shown ? "" : "]");
    for (char *c = column->heading; *c != '\0'; c++)
        *c = *c == '_' ? ' ' : *c;
}

static const char *units_of(const ltv_node *node)
{
    const ltv_values *units = ltv_node_attribute(node, "units");
    return units != NULL && units->string != NULL && units->n == 1 ? units->string[0] : NULL;
}

static const char *column_units(const ltv_book *book, const ltv_node *table, const char *name,
                                char buffer[LTV_UNITS_SIZE])
{
    const ltv_results_item *item = ltv_results_find(table->path, NULL);
    const ltv_results_item *part =
        item == NULL ? NULL : ltv_results_find_part(item, LTV_ITEM_COLUMN, name);
    return part == NULL || part->units == NULL
               ? NULL
               : ltv_results_units(buffer, part, book->currency, book->time_unit);
}

/* Sets the column to the array, or to column `which` of one of two dimensions. */
static const char *find_array(const ltv_book *book, ltv_column *column, const char *path,
                              size_t which)
{
    const ltv_node *node = ltv_document_find(book->doc, path);
    if (node == NULL || node->kind != LTV_NODE_ARRAY)
        return NULL;
    take_array(column, node, which);
    return units_of(node);
}

/* Sets it to the column `name` of the table. */
static const char *find_in_table(const ltv_book *book, ltv_column *column, const char *path,
                                 const char *name, char buffer[LTV_UNITS_SIZE])
{
    const ltv_node *node = ltv_document_find(book->doc, path);
    const ltv_values *values =
        node == NULL || node->kind != LTV_NODE_TABLE ? NULL : ltv_node_column(node, name);
    if (values == NULL)
        return NULL;
    take_values(column, values);
    return column_units(book, node, name, buffer);
}

/* The last `mark` in the last part of the path; NULL without one. */
static char *mark_in_name(char *path, char mark)
{
    char *found = strrchr(path, mark), *slash = strrchr(path, '/');
    return found != NULL && slash != NULL && found > slash ? found : NULL;
}

ltv_column ltv_column_find(const ltv_book *book, const char *source, const char *heading)
{
    ltv_column column = {.n = 0};
    ltv_source path = ltv_source_join(source, "");
    char buffer[LTV_UNITS_SIZE];
    char *colon = mark_in_name(path.text, ':'), *bracket = mark_in_name(path.text, '[');
    const char *name = strrchr(source, '/') + 1, *units;
    snprintf(column.source, sizeof column.source, "%s", source);
    units = find_array(book, &column, source, 0); /* names of plans may hold either mark */
    if (column.n == 0 && colon != NULL) {
        *colon = '\0';
        name = colon + 1;
        units = find_in_table(book, &column, path.text, name, buffer);
    } else if (column.n == 0 && bracket != NULL) {
        *bracket = '\0';
        units = find_array(book, &column, path.text, strtoul(bracket + 1, NULL, 10));
    }
    if (column.n == 0)
        return column;
    column.style = is_holding(source) ? LTV_CELL_SHARE : style_of(book, &column, name, units);
    column.kind = kind_of(source, name);
    if (heading != NULL)
        snprintf(column.heading, sizeof column.heading, "%s", heading);
    else
        set_heading(&column, name, units);
    return column;
}

void ltv_columns_add(ltv_columns *columns, ltv_column column)
{
    if (column.n > 0 && columns->n < LTV_MOST_COLUMNS)
        columns->columns[columns->n++] = column;
}

void ltv_columns_find(ltv_columns *columns, const ltv_book *book, const char *source,
                      const char *heading)
{
    ltv_columns_add(columns, ltv_column_find(book, source, heading));
}

void ltv_columns_add_limits(ltv_columns *columns, const ltv_book *book, const char *source,
                            const char *name)
{
    static const char *const which[] = {"[0]", "[1]"}, *const what[] = {", lower", ", upper"};
    for (int i = 0; i < 2; i++)
        ltv_columns_find(columns, book, ltv_source_join(source, which[i]).text,
                         ltv_source_join(name, what[i]).text);
}

/* ---- writing ---- */

/* Notes stand before meanings, which nothing stands behind. */
static bool is_note(const ltv_column *column)
{
    return column->string != NULL && strcmp(column->heading, "note") == 0;
}

static void write_note(ltv_sheet *sheet, lxw_row_t row, lxw_col_t at, const char *text)
{
    ltv_sheet_text(sheet, row, at, text, LTV_CELL_SENTENCE);
    ltv_sheet_fit_row(sheet, row, at, text);
}

static void write_value(ltv_sheet *sheet, lxw_row_t row, lxw_col_t at, const ltv_column *column,
                        size_t i, ltv_cell_style style)
{
    if (is_note(column))
        write_note(sheet, row, at, column->string[i]);
    else if (column->string != NULL)
        ltv_sheet_text(sheet, row, at, column->string[i], at > 0 ? LTV_CELL_ASIDE : LTV_CELL_TEXT);
    else if (column->int64 != NULL)
        ltv_sheet_number(sheet, row, at, (double)column->int64[i * column->stride], style);
    else
        ltv_sheet_number(sheet, row, at, column->real[i * column->stride], style);
}

/* Units of the rows, where the block is a table of metrics. */
static const ltv_column *unit_column(const ltv_columns *columns)
{
    for (size_t c = 0; c < columns->n; c++)
        if (columns->columns[c].string != NULL && strcmp(columns->columns[c].heading, "unit") == 0)
            return &columns->columns[c];
    return NULL;
}

/* ---- heads ---- */

enum { SENTENCE_WIDTH = 50, MOST_LABEL_WIDTH = 80 };

/* The first column is as wide as its labels; sentences have room of their own. */
static void widen_column(ltv_sheet *sheet, size_t at, const ltv_column *column)
{
    enum { ABOUT = 2 /* for capitals and other wide letters */ };
    size_t longest = 0;
    ltv_sheet_widen(sheet, at, LTV_COLUMN_WIDTH);
    if (at > 0 && (is_note(column) || strcmp(column->heading, "meaning") == 0))
        ltv_sheet_widen(sheet, at, SENTENCE_WIDTH);
    for (size_t i = 0; at == 0 && column->string != NULL && i < column->n; i++)
        if (strlen(column->string[i]) > longest)
            longest = strlen(column->string[i]);
    if (longest > 0)
        ltv_sheet_widen(
            sheet, at,
            (float)(longest + ABOUT < MOST_LABEL_WIDTH ? longest + ABOUT : MOST_LABEL_WIDTH));
}

/* Which ± the column shows, above the first of several that show the same: in short where the next
 * column has another to tell. */
static void write_kind(ltv_sheet *sheet, lxw_row_t row, const ltv_columns *columns, size_t c)
{
    const char *kind = columns->columns[c].kind;
    const char *before = c > 0 ? columns->columns[c - 1].kind : NULL;
    const char *next = c + 1 < columns->n ? columns->columns[c + 1].kind : NULL;
    char text[128];
    if (kind == NULL || kind == before)
        return;
    int length = (int)(next != NULL && next != kind ? strcspn(kind, ":") : strlen(kind));
    snprintf(text, sizeof text, "%.*s", length, kind);
    ltv_sheet_text(sheet, row, (lxw_col_t)c, text, LTV_CELL_QUIET);
}

static void write_heads(ltv_sheet *sheet, const ltv_columns *columns, const ltv_block *block)
{
    for (size_t c = 0; c < columns->n; c++) {
        const ltv_column *column = &columns->columns[c];
        lxw_col_t at = (lxw_col_t)(block->first_column + c);
        write_kind(sheet, block->heading_row - 1, columns, c);
        widen_column(sheet, at, column);
        ltv_sheet_heading(sheet, block->heading_row, at, column->heading,
                          column->string == NULL ? LTV_CELL_HEADING_RIGHT
                          : at > 0               ? LTV_CELL_HEADING_ASIDE
                                                 : LTV_CELL_HEADING,
                          column->source);
    }
    ltv_sheet_end_headings(sheet, block->heading_row);
}

static bool has_kind(const ltv_columns *columns)
{
    for (size_t c = 0; c < columns->n; c++)
        if (columns->columns[c].kind != NULL)
            return true;
    return false;
}

ltv_block ltv_sheet_columns(ltv_sheet *sheet, const char *title, const ltv_columns *columns,
                            size_t step)
{
    ltv_block block = {.n_columns = columns->n};
    const ltv_column *units = unit_column(columns);
    if (sheet->worksheet == NULL || columns->n == 0)
        return (ltv_block){0};
    for (size_t c = 0; c < columns->n; c++)
        if (columns->columns[c].n > block.n_rows)
            block.n_rows = columns->columns[c].n;
    size_t n = block.n_rows;
    block.n_rows = (n + step - 1) / step;
    ltv_sheet_text(sheet, sheet->row, 0, title, LTV_CELL_BLOCK);
    block.heading_row = sheet->row + 1 + has_kind(columns);
    block.first_row = block.heading_row + 2;
    write_heads(sheet, columns, &block);
    for (size_t i = 0; i < n; i += step)
        for (size_t c = 0; c < columns->n; c++) {
            const ltv_column *column = &columns->columns[c];
            bool by_unit = units != NULL && column->real != NULL;
            if (i < column->n)
                write_value(sheet, block.first_row + (lxw_row_t)(i / step), (lxw_col_t)c, column, i,
                            by_unit ? ltv_book_style_of_unit(sheet->book, units->string[i])
                                    : column->style);
        }
    sheet->row = block.first_row + (lxw_row_t)block.n_rows + 2;
    return block;
}

static const ltv_node *table_at(const ltv_sheet *sheet, const char *path)
{
    const ltv_node *table = ltv_document_find(sheet->book->doc, path);
    return table != NULL && table->kind == LTV_NODE_TABLE ? table : NULL;
}

ltv_block ltv_sheet_table(ltv_sheet *sheet, const char *title, const char *path)
{
    const ltv_node *table = table_at(sheet, path);
    ltv_columns *columns = calloc(1, sizeof *columns);
    ltv_block block = {0};
    if (columns == NULL)
        sheet->book->out_of_memory = true;
    for (size_t c = 0; columns != NULL && table != NULL && c < table->n_columns; c++) {
        ltv_source below = ltv_source_join(path, ":");
        ltv_columns_find(columns, sheet->book,
                         ltv_source_join(below.text, table->columns[c].name).text, NULL);
    }
    if (columns != NULL)
        block = ltv_sheet_columns(sheet, title, columns, 1);
    free(columns);
    return block;
}

int ltv_table_column(const ltv_sheet *sheet, const char *path, const char *name)
{
    const ltv_node *table = table_at(sheet, path);
    for (size_t c = 0; table != NULL && c < table->n_columns; c++)
        if (strcmp(table->columns[c].name, name) == 0)
            return (int)c;
    return -1;
}

/* A row of a label, a number and where it is from. */
static void write_single(ltv_sheet *sheet, const char *label, double value, const char *source,
                         ltv_cell_style style)
{
    if (isnan(value))
        return;
    ltv_sheet_text(sheet, sheet->row, 0, label, LTV_CELL_TEXT);
    ltv_sheet_number(sheet, sheet->row, 1, value, style);
    ltv_sheet_text(sheet, sheet->row, 2, source, LTV_CELL_QUIET);
    sheet->row++;
}

void ltv_sheet_metric(ltv_sheet *sheet, const char *label, const char *group, const char *name,
                      ltv_cell_style style)
{
    ltv_source table = ltv_source_join(group, "/metrics");
    ltv_source source =
        ltv_source_join(ltv_source_join(table.text, "[").text, ltv_source_join(name, "]").text);
    write_single(sheet, label, ltv_document_metric(sheet->book->doc, table.text, name, "value"),
                 source.text, style);
}

void ltv_sheet_attribute(ltv_sheet *sheet, const char *label, const char *source,
                         ltv_cell_style style)
{
    write_single(sheet, label, ltv_document_real(sheet->book->doc, source), source, style);
}

ltv_cell_name ltv_cell_name_of(lxw_row_t row, lxw_col_t column)
{
    ltv_cell_name name;
    lxw_rowcol_to_cell_abs(name.text, row, column, true, true);
    return name;
}
