/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/io/workbook/workbook.h"

#include <stdlib.h>

#include "sim/io/results/atomic_file.h"
#include "sim/io/results/size_limit.h"
#include "sim/io/workbook/book.h"
#include "sim/io/workbook/sheets.h"

static void add_sheets(ltv_book *book, const char *answer)
{
    ltv_sheet_answer(book, answer);
    ltv_sheet_ltv(book);
    ltv_sheet_retention(book);
    ltv_sheet_payback(book);
    ltv_sheet_revenue(book);
    ltv_sheet_contrasts(book);
    ltv_sheet_drivers(book);
    ltv_sheet_decisions(book);
    ltv_sheet_sensitivity(book);
    ltv_sheet_draws(book);
    ltv_sheet_definitions(book);
}

static ltv_status make(const ltv_document *doc, const char *answer, char **bytes, size_t *n,
                       ltv_error *err)
{
    ltv_book *book = calloc(1, sizeof *book);
    ltv_size_limit limit = ltv_size_limit_hold();
    if (book == NULL)
        return ltv_fail(err, LTV_ERR_NO_MEMORY, "out of memory while making the workbook");
    ltv_status status = ltv_book_open(book, doc, err);
    if (status == LTV_OK) {
        add_sheets(book, answer);
        status = ltv_book_finish(book, bytes, n, err);
    }
    ltv_book_release(book);
    ltv_size_limit_release(&limit);
    free(book);
    return status;
}

ltv_status ltv_workbook_write(const ltv_document *doc, const char *answer, const char *path,
                              ltv_error *err)
{
    char *bytes = NULL;
    size_t n = 0;
    ltv_status status = ltv_atomic_check(path, err);
    if (status == LTV_OK)
        status = make(doc, answer, &bytes, &n, err);
    if (status == LTV_OK)
        status = ltv_atomic_write(path, bytes, n, err);
    free(bytes);
    return status;
}
