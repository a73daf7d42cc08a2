/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/io/workbook/chart.h"
#include "sim/io/workbook/histogram.h"
#include "sim/io/workbook/sheets.h"

/* Quantiles of each arm beside each other: the levels are the same in all. */
static void write_quantiles(ltv_sheet *sheet, ltv_columns *columns, const char *table,
                            const char *title)
{
    const ltv_book *book = sheet->book;
    columns->n = 0;
    ltv_columns_add(columns,
                    ltv_column_find(book,
                                    ltv_source_arm(book, 0, ltv_source_join(table, ":p").text).text,
                                    "Share of customers or draws at or below"));
    for (size_t arm = 0; arm < book->n_arms; arm++)
        ltv_columns_add(
            columns,
            ltv_column_find(book,
                            ltv_source_arm(book, arm, ltv_source_join(table, ":value").text).text,
                            book->arms[arm]));
    if (columns->n > 1)
        ltv_sheet_columns(sheet, title, columns, 1);
}

static void write_noise(ltv_sheet *sheet, ltv_columns *columns)
{
    static const char *const limits[] = {"mc95_lower", "mc95_upper"};
    const ltv_book *book = sheet->book;
    columns->n = 0;
    ltv_columns_add(columns,
                    ltv_column_find(book,
                                    ltv_source_arm(book, 0, "/ltv/one_customer/quantiles:p").text,
                                    "Share of customers at or below"));
    for (size_t arm = 0; arm < book->n_arms; arm++)
        for (size_t i = 0; i < 2; i++) {
            ltv_source rest = ltv_source_join("/ltv/one_customer/quantiles:", limits[i]);
            ltv_source heading = ltv_source_join(book->arms[arm], i == 0 ? ", lower" : ", upper");
            ltv_columns_add(
                columns,
                ltv_column_find(book, ltv_source_arm(book, arm, rest.text).text, heading.text));
        }
    if (columns->n > 1)
        ltv_sheet_columns(sheet, "How well the simulation knows these quantiles (95 % limits)",
                          columns, 1);
}

void ltv_sheet_ltv(ltv_book *book)
{
    ltv_columns *columns = malloc(sizeof *columns);
    ltv_sheet sheet = ltv_book_add_sheet(book, "LTV", "What one customer brings",
                                         "How LTV differs from one customer to the next, before "
                                         "CAC, and how well its mean is known.",
                                         (unsigned)book->n_arms);
    if (columns == NULL) {
        book->out_of_memory = true;
        return;
    }
    write_quantiles(&sheet, columns, "/ltv/one_customer/quantiles",
                    "One customer picked at random");
    write_quantiles(&sheet, columns, "/ltv/mean_over_draws/quantiles", "The mean of all customers");
    write_noise(&sheet, columns);
    for (size_t arm = 0; arm < book->n_arms; arm++) {
        double cac = ltv_document_metric(book->doc, ltv_source_arm(book, arm, "/metrics").text,
                                         "cac", "value");
        char title[300];
        ltv_source source = ltv_source_arm(book, arm, "/metrics[cac]");
        snprintf(title, sizeof title, "LTV of one customer: %.200s", book->arms[arm]);
        ltv_sheet_histogram(
            &sheet, title, ltv_source_arm(book, arm, "/ltv/one_customer/histogram").text,
            cac > 0 ? &(ltv_histogram_mark){cac, source.text, "below CAC", "CAC or more"} : NULL);
    }
    free(columns);
}
