/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/io/workbook/chart.h"
#include "sim/io/workbook/histogram.h"
#include "sim/io/workbook/sheets.h"

/* Columns of the table of quantiles of each arm beside each other, behind the levels, which are the
 * same in all. */
static void write_quantiles(ltv_sheet *sheet, ltv_columns *columns, const char *table,
                            const char *const *names, const char *const *suffixes, size_t n,
                            const char *title)
{
    const ltv_book *book = sheet->book;
    ltv_source levels = ltv_source_join(table, ":p"), values = ltv_source_join(table, ":");
    columns->n = 0;
    ltv_columns_find(columns, book, ltv_source_arm(book, 0, levels.text).text,
                     "Share at or below it");
    for (size_t arm = 0; arm < book->n_arms; arm++)
        for (size_t i = 0; i < n; i++) {
            ltv_source column = ltv_source_join(values.text, names[i]);
            ltv_columns_find(columns, book, ltv_source_arm(book, arm, column.text).text,
                             ltv_source_join(book->arms[arm], suffixes[i]).text);
        }
    if (columns->n > 1)
        ltv_sheet_columns(sheet, title, columns, 1);
}

/* Customers, the mean over draws, and how well the first are known: three kinds of ±. */
static void write_all_quantiles(ltv_sheet *sheet, ltv_columns *columns)
{
    static const char customers[] = "/ltv/one_customer/quantiles";
    static const char *const value[] = {"value"}, *const nothing[] = {""};
    static const char *const limits[] = {"mc95_lower", "mc95_upper"};
    static const char *const sides[] = {", lower", ", upper"};
    write_quantiles(sheet, columns, customers, value, nothing, 1,
                    "LTV of one customer picked at random");
    write_quantiles(sheet, columns, "/ltv/mean_over_draws/quantiles", value, nothing, 1,
                    "Mean LTV of all customers");
    write_quantiles(sheet, columns, customers, limits, sides, 2,
                    "How well the simulation knows the LTV of one customer (95 % limits)");
}

void ltv_sheet_ltv(ltv_book *book)
{
    ltv_columns *columns = malloc(sizeof *columns);
    ltv_sheet sheet = ltv_book_add_sheet(book, "LTV", "What one customer brings",
                                         "How LTV differs from one customer to the next, before "
                                         "CAC, and how well its mean is known.",
                                         LTV_TERMS_DISCOUNTED, (unsigned)book->n_arms);
    if (columns == NULL) {
        book->out_of_memory = true;
        return;
    }
    write_all_quantiles(&sheet, columns);
    for (size_t arm = 0; arm < book->n_arms; arm++) {
        double cac = ltv_document_metric(book->doc, ltv_source_arm(book, arm, "/metrics").text,
                                         "cac", "value");
        char title[300];
        ltv_source source = ltv_source_arm(book, arm, "/metrics[cac]");
        snprintf(title, sizeof title, "LTV of one customer: %.200s", book->arms[arm]);
        ltv_sheet_histogram(
            &sheet, title, ltv_source_arm(book, arm, "/ltv/one_customer/histogram").text,
            cac > 0 ? &(ltv_histogram_mark){cac, source.text, "below CAC", "CAC or more", false}
                    : NULL);
    }
    free(columns);
}
