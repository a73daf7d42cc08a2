/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/io/workbook/curves.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- groups ---- */

static ltv_groups groups_of(ltv_book *book, const char *path, size_t n, char **names)
{
    ltv_groups self = {.n = n, .headings = names, .groups = calloc(n + 1, sizeof *self.groups)};
    ltv_source folder = ltv_source_join(path, "/");
    if (self.groups == NULL) {
        book->out_of_memory = true;
        ltv_names_free(names, n);
        return (ltv_groups){0};
    }
    for (size_t i = 0; i < n; i++)
        self.groups[i] = ltv_source_join(folder.text, names[i]);
    return self;
}

ltv_groups ltv_groups_below(ltv_book *book, const char *path)
{
    char **names = NULL;
    size_t n = ltv_document_children(book->doc, path, &names);
    return groups_of(book, path, n, names);
}

ltv_groups ltv_groups_of_arms(ltv_book *book)
{
    return ltv_groups_below(book, "/arms");
}

ltv_groups ltv_arrays_below(ltv_book *book, const char *path)
{
    char **names = NULL;
    size_t n = ltv_document_arrays(book->doc, path, &names);
    return groups_of(book, path, n, names);
}

void ltv_groups_free(ltv_groups *self)
{
    free(self->groups);
    ltv_names_free(self->headings, self->n);
    *self = (ltv_groups){0};
}

/* ---- blocks ---- */

static void add_curve(const ltv_book *book, const ltv_curves *curves, size_t group,
                      ltv_columns *columns, ltv_curve_block *result)
{
    enum { MOST = sizeof result->at / sizeof *result->at };
    ltv_source source = ltv_source_join(curves->groups[group].text, curves->array);
    ltv_column column = ltv_column_find(book, source.text, curves->headings[group]);
    if (column.n == 0 || result->n == MOST)
        return;
    result->at[result->n] = columns->n;
    ltv_columns_add(columns, column);
    size_t before = columns->n;
    if (curves->with_limits)
        ltv_columns_add_limits(columns, book, ltv_source_join(source.text, "_u90").text,
                               curves->headings[group]);
    result->has_limits[result->n++] = columns->n == before + 2;
}

/* How many rows it takes until all curves are where they end, to a two-hundredth of their range;
 * all of them where that would not spare a quarter. */
static size_t settled_rows(const ltv_columns *columns)
{
    size_t needed = 2, n = columns->columns[0].n;
    for (size_t c = 1; c < columns->n; c++) {
        const ltv_column *column = &columns->columns[c];
        double low = INFINITY, high = -INFINITY;
        size_t i = column->real == NULL ? 0 : column->n;
        for (size_t k = 0; k < i; k++) {
            low = fmin(low, column->real[k * column->stride]);
            high = fmax(high, column->real[k * column->stride]);
        }
        double end = i > 0 ? column->real[(i - 1) * column->stride] : NAN;
        while (i > 0 && !(fabs(column->real[(i - 1) * column->stride] - end) > (high - low) / 200))
            i--;
        needed = i + 2 > needed ? i + 2 : needed;
    }
    needed = ltv_tenure_end(needed - 1) + 1;
    return needed < n - n / 4 ? needed : n;
}

ltv_curve_block ltv_sheet_curves(ltv_sheet *sheet, const ltv_curves *curves)
{
    ltv_curve_block result = {.n = 0};
    ltv_columns *columns = calloc(1, sizeof *columns);
    if (columns == NULL) {
        sheet->book->out_of_memory = true;
        return result;
    }
    ltv_columns_find(columns, sheet->book, curves->axis, NULL);
    for (size_t i = 0; i < curves->n_groups && columns->n > 0; i++)
        add_curve(sheet->book, curves, i, columns, &result);
    if (result.n > 0) {
        result.block = ltv_sheet_columns(sheet, curves->title, columns, 1);
        result.n_drawn = settled_rows(columns);
    }
    free(columns);
    return result;
}

/* ---- charts ---- */

/* "bill, up to 180 of 599" */
static ltv_chart begin(ltv_sheet *sheet, uint8_t type, const ltv_curve_block *curves,
                       const char *title, const char *x_name, const char *y_name,
                       ltv_cell_style style)
{
    char name[160];
    size_t n = curves->block.n_rows, drawn = curves->n_drawn;
    if (drawn < n)
        snprintf(name, sizeof name, "%.80s, up to %zu of %zu", x_name, drawn - 1, n - 1);
    else
        snprintf(name, sizeof name, "%.80s", x_name);
    return ltv_chart_begin(sheet, type, title, name, y_name, style);
}

ltv_chart ltv_curves_begin(ltv_sheet *sheet, const ltv_curve_block *curves, const char *title,
                           const char *x_name, const char *y_name, ltv_cell_style style)
{
    ltv_chart chart =
        begin(sheet, LXW_CHART_SCATTER_STRAIGHT, curves, title, x_name, y_name, style);
    ltv_chart_tenure(&chart, curves->n_drawn);
    return chart;
}

void ltv_curves_stack(ltv_sheet *sheet, const ltv_curve_block *curves, const char *title,
                      const char *x_name, const char *y_name, ltv_cell_style style)
{
    ltv_block drawn = curves->block;
    ltv_chart chart = begin(sheet, LXW_CHART_AREA_STACKED, curves, title, x_name, y_name, style);
    drawn.n_rows = curves->n_drawn;
    if (style == LTV_CELL_SHARE)
        ltv_chart_whole_share(&chart);
    for (size_t i = 0; i < curves->n; i++)
        ltv_chart_add_bars(&chart, &drawn, 0, curves->at[i], ltv_chart_colour(i));
    ltv_chart_end(&chart);
}

void ltv_curves_draw(ltv_sheet *sheet, const ltv_curve_block *curves, const char *title,
                     const char *x_name, const char *y_name, ltv_cell_style style)
{
    ltv_chart chart = ltv_curves_begin(sheet, curves, title, x_name, y_name, style);
    if (style == LTV_CELL_SHARE)
        ltv_chart_whole_share(&chart);
    for (size_t i = 0; i < curves->n; i++)
        ltv_chart_add_line(&chart, &curves->block, 0, curves->at[i], i, LTV_LINE_PLAIN);
    ltv_chart_end(&chart);
}

void ltv_curves_draw_limits(ltv_sheet *sheet, const ltv_curve_block *curves,
                            const ltv_curves *named, size_t most, const char *x_name,
                            const char *y_name, ltv_cell_style style)
{
    char title[300];
    for (size_t i = 0; i < curves->n && i < most; i++) {
        if (!curves->has_limits[i])
            continue;
        snprintf(title, sizeof title, "%.80s: %.150s, and what we don't know (90 %%)",
                 named->short_title, named->headings[i]);
        ltv_chart chart = ltv_curves_begin(sheet, curves, title, x_name, y_name, style);
        if (style == LTV_CELL_SHARE)
            ltv_chart_whole_share(&chart);
        for (size_t c = 0; c < 3; c++)
            ltv_chart_add_line(&chart, &curves->block, 0, curves->at[i] + c, i,
                               c == 0 ? LTV_LINE_PLAIN : LTV_LINE_DASHED);
        ltv_chart_end(&chart);
    }
}
