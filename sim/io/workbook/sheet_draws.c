/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/io/workbook/curves.h"
#include "sim/io/workbook/sheets.h"

enum { MOST_ROWS = 4096, LONG_NAME_WIDTH = 30 };

static void add_inputs(const ltv_book *book, ltv_columns *columns)
{
    const ltv_node *names = ltv_document_find(book->doc, "/draws/names");
    if (names == NULL || names->kind != LTV_NODE_ARRAY || names->string == NULL)
        return;
    for (size_t i = 0; i < names->extent[0]; i++) {
        char source[64];
        snprintf(source, sizeof source, "/draws/parameters[%zu]", i);
        ltv_columns_find(columns, book, source, names->string[i]);
    }
}

static void add_outcomes(const ltv_book *book, const ltv_groups *groups, ltv_columns *columns)
{
    for (size_t i = 0; i < groups->n; i++) {
        const char *group = groups->groups[i].text;
        ltv_columns_find(columns, book, ltv_source_join(group, "/mean_ltv").text,
                         ltv_source_join("mean LTV, ", groups->headings[i]).text);
        ltv_columns_find(columns, book, ltv_source_join(group, "/mean_delta_ltv").text,
                         ltv_source_join("mean change of LTV, ", groups->headings[i]).text);
    }
}

void ltv_sheet_draws(ltv_book *book)
{
    ltv_groups groups = ltv_groups_below(book, "/draws");
    ltv_columns *columns = calloc(1, sizeof *columns);
    if (columns == NULL)
        book->out_of_memory = true;
    if (columns != NULL)
        add_inputs(book, columns);
    if (columns != NULL && columns->n > 0) {
        char title[100] = "All draws";
        add_outcomes(book, &groups, columns);
        size_t step = (columns->columns[0].n + MOST_ROWS - 1) / MOST_ROWS;
        if (step > 1)
            snprintf(title, sizeof title, "Every %zu%s draw, beginning with the first", step,
                     step == 2   ? "nd"
                     : step == 3 ? "rd"
                                 : "th");
        ltv_sheet sheet = ltv_book_add_sheet(
            book, "Draws", "Draw by draw",
            "The uncertain inputs of each draw and the mean LTV of its customers; the simulation's "
            "noise is in it.",
            LTV_TERMS_DISCOUNTED, 0);
        for (size_t c = 0; c < columns->n; c++) /* "interventions.onboarding.effect.times" */
            if (strlen(columns->columns[c].heading) > 2 * LTV_COLUMN_WIDTH)
                ltv_sheet_widen(&sheet, c, LONG_NAME_WIDTH);
        ltv_sheet_columns(&sheet, title, columns, step);
    }
    free(columns);
    ltv_groups_free(&groups);
}
