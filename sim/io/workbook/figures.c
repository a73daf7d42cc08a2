/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/io/workbook/figures.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { FIRST_GROUP = 2 /* after the label and the name */, NAME_WIDTH = 22 };

static double value_of(const ltv_sheet *sheet, const ltv_source *group, const char *name,
                       const char *column)
{
    return ltv_document_metric(sheet->book->doc, ltv_source_join(group->text, "/metrics").text,
                               name, column);
}

/* Has any group that figure? */
static bool is_known(const ltv_sheet *sheet, const ltv_figure_list *list, size_t figure,
                     const char *column)
{
    for (size_t g = 0; g < list->n_groups; g++)
        if (!isnan(value_of(sheet, &list->groups[g], list->figures[figure].name, column)))
            return true;
    return false;
}

static size_t count_known(const ltv_sheet *sheet, const ltv_figure_list *list, const char *column)
{
    size_t n = 0;
    for (size_t i = 0; i < list->n_figures; i++)
        n += is_known(sheet, list, i, column);
    return n;
}

static const char *unit_of(const ltv_sheet *sheet, const ltv_figure_list *list, const char *name)
{
    for (size_t g = 0; g < list->n_groups; g++) {
        const ltv_node *table = ltv_document_find(
            sheet->book->doc, ltv_source_join(list->groups[g].text, "/metrics").text);
        const ltv_values *units =
            table != NULL && table->kind == LTV_NODE_TABLE ? ltv_node_column(table, "unit") : NULL;
        ptrdiff_t row = units != NULL ? ltv_node_row(table, "name", name) : -1;
        if (row >= 0 && units->string != NULL)
            return units->string[row];
    }
    return NULL;
}

static void write_heads(ltv_sheet *sheet, const ltv_figure_list *list, const char *const *columns,
                        const char *const *suffixes, size_t n_columns)
{
    lxw_row_t row = sheet->row;
    ltv_sheet_widen(sheet, 1, NAME_WIDTH);
    ltv_sheet_heading(sheet, row, 0, "Figure", LTV_CELL_HEADING, "");
    ltv_sheet_heading(sheet, row, 1, "Name in the results", LTV_CELL_HEADING, "name");
    for (size_t g = 0; g < list->n_groups; g++)
        for (size_t c = 0; c < n_columns; c++) {
            lxw_col_t at = (lxw_col_t)(FIRST_GROUP + g * n_columns + c);
            ltv_source table = ltv_source_join(list->groups[g].text, "/metrics:");
            ltv_sheet_heading(sheet, row, at, ltv_source_join(list->headings[g], suffixes[c]).text,
                              LTV_CELL_HEADING_RIGHT, ltv_source_join(table.text, columns[c]).text);
        }
    ltv_sheet_end_headings(sheet, row);
}

static void write_row(ltv_sheet *sheet, const ltv_figure_list *list, const ltv_figure *figure,
                      const char *const *columns, size_t n_columns)
{
    char label[200];
    const char *unit = unit_of(sheet, list, figure->name);
    ltv_cell_style style = ltv_book_style_of_unit(sheet->book, unit);
    bool shown = style != LTV_CELL_PERIODS || unit == NULL;
    snprintf(label, sizeof label, "%s%s%s%s", figure->label, shown ? "" : " [", shown ? "" : unit,
             shown ? "" : "]");
    ltv_sheet_text(sheet, sheet->row, 0, label, LTV_CELL_TEXT);
    ltv_sheet_text(sheet, sheet->row, 1, figure->name, LTV_CELL_QUIET);
    for (size_t g = 0; g < list->n_groups; g++)
        for (size_t c = 0; c < n_columns; c++)
            ltv_sheet_number(sheet, sheet->row, (lxw_col_t)(FIRST_GROUP + g * n_columns + c),
                             value_of(sheet, &list->groups[g], figure->name, columns[c]), style);
    sheet->row++;
}

static ltv_block write_block(ltv_sheet *sheet, const ltv_figure_list *list, const char *title,
                             const char *const *columns, const char *const *suffixes,
                             size_t n_columns)
{
    ltv_block block = {.n_rows = count_known(sheet, list, columns[0])};
    if (sheet->worksheet == NULL || block.n_rows == 0)
        return block;
    ltv_sheet_text(sheet, sheet->row++, 0, title, LTV_CELL_BLOCK);
    block.heading_row = sheet->row;
    block.first_row = sheet->row + 2;
    block.n_columns = FIRST_GROUP + list->n_groups * n_columns;
    write_heads(sheet, list, columns, suffixes, n_columns);
    sheet->row += 2;
    for (size_t i = 0; i < list->n_figures; i++)
        if (is_known(sheet, list, i, columns[0]))
            write_row(sheet, list, &list->figures[i], columns, n_columns);
    sheet->row++;
    return block;
}

ltv_block ltv_sheet_figures(ltv_sheet *sheet, const ltv_figure_list *list)
{
    static const char *const values[] = {"value"}, *const nothing[] = {""};
    static const char *const limits[] = {"u90_lower", "u90_upper"};
    static const char *const sides[] = {", lower", ", upper"};
    static const char *const errors[] = {"mc_standard_error"};
    ltv_block block = write_block(sheet, list, list->title, values, nothing, 1);
    write_block(sheet, list, "What we don't know: 90 % limits over draws", limits, sides, 2);
    write_block(sheet, list, "Monte Carlo error: standard errors of the simulation's own noise",
                errors, nothing, 1);
    return block;
}

int64_t ltv_figure_row(const ltv_sheet *sheet, const ltv_figure_list *list, const ltv_block *block,
                       const char *name)
{
    int64_t row = block->first_row;
    for (size_t i = 0; i < list->n_figures && block->n_rows > 0; i++) {
        bool known = is_known(sheet, list, i, "value");
        if (known && strcmp(list->figures[i].name, name) == 0)
            return row;
        row += known;
    }
    return -1;
}
