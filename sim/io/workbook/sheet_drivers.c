/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include "sim/io/workbook/contrast_name.h"
#include "sim/io/workbook/sheets.h"
#include "sim/io/workbook/waterfall.h"

static bool has_table(const ltv_book *book, const char *path)
{
    const ltv_node *node = ltv_document_find(book->doc, path);
    return node != NULL && node->kind == LTV_NODE_TABLE && node->n_rows > 0;
}

static void write_drivers(ltv_sheet *sheet, size_t contrast)
{
    char title[300];
    ltv_source table = ltv_source_join(
        ltv_source_join("/compare/", sheet->book->contrasts[contrast]).text, "/drivers");
    snprintf(title, sizeof title, "Where the change of LTV comes from: %s",
             ltv_contrast_name_of(sheet->book, contrast).text);
    if (has_table(sheet->book, table.text))
        ltv_sheet_waterfall(sheet, &(ltv_waterfall){.title = title,
                                                    .table = table.text,
                                                    .labels = "driver",
                                                    .end = "change of LTV"});
}

static void write_bridge(ltv_sheet *sheet, size_t arm)
{
    char title[300];
    ltv_source table = ltv_source_arm(sheet->book, arm, "/bridge");
    snprintf(title, sizeof title, "From the spreadsheet's LTV to the simulated: %.200s",
             sheet->book->arms[arm]);
    if (has_table(sheet->book, table.text))
        ltv_sheet_waterfall(sheet, &(ltv_waterfall){.title = title,
                                                    .table = table.text,
                                                    .labels = "reason",
                                                    .starts_at_total = true,
                                                    .end = "simulated LTV"});
}

void ltv_sheet_drivers(ltv_book *book)
{
    unsigned n_charts = 0;
    for (size_t i = 0; i < book->n_contrasts; i++) {
        ltv_source group = ltv_source_join("/compare/", book->contrasts[i]);
        n_charts += has_table(book, ltv_source_join(group.text, "/drivers").text);
    }
    for (size_t i = 0; i < book->n_arms; i++)
        n_charts += has_table(book, ltv_source_arm(book, i, "/bridge").text);
    if (n_charts == 0)
        return;
    ltv_sheet sheet = ltv_book_add_sheet(
        book, "Drivers", "Where the numbers come from",
        "What each driver adds to a difference between arms (Shapley values), and why the "
        "simulation says something else than ARPU x margin / churn.",
        LTV_TERMS_DISCOUNTED, n_charts);
    for (size_t i = 0; i < book->n_contrasts; i++)
        write_drivers(&sheet, i);
    for (size_t i = 0; i < book->n_arms; i++)
        write_bridge(&sheet, i);
}
