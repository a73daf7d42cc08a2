/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_IO_WORKBOOK_BOOK_H
#define LTV_SIM_IO_WORKBOOK_BOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <xlsxwriter.h>

#include "base/error.h"
#include "sim/io/results/document.h"
#include "sim/io/workbook/exact_numbers.h"
#include "sim/io/workbook/sheet_name.h"

/* A workbook in the making: its sheets, and how cells are written. Rows and columns count from
 * 0. */

typedef enum {
    LTV_CELL_TEXT,
    LTV_CELL_BOLD,
    LTV_CELL_ASIDE,         /* text that stands behind a number */
    LTV_CELL_SENTENCE,      /* the same in as many lines as it needs */
    LTV_CELL_TITLE,         /* of a sheet */
    LTV_CELL_BLOCK,         /* of a block of cells */
    LTV_CELL_QUIET,         /* what need not be read */
    LTV_CELL_HEADING,       /* of a column of text */
    LTV_CELL_HEADING_ASIDE, /* of one of text that stands behind a number */
    LTV_CELL_HEADING_RIGHT, /* of a column of numbers */
    LTV_CELL_MONEY,         /* in the currency of the results, with its decimals */
    LTV_CELL_SHARE,         /* in per cent */
    LTV_CELL_RATIO,
    LTV_CELL_COUNT,
    LTV_CELL_PERIODS,
    LTV_CELL_NUMBER, /* of any other unit */
    LTV_CELL_STYLES
} ltv_cell_style;

/* What the amounts of a sheet are meant in. */
typedef enum {
    LTV_TERMS_DISCOUNTED,   /* "USD, 60 months, discounted at 10 % a year" */
    LTV_TERMS_UNDISCOUNTED, /* "USD, 60 months, not discounted" */
    LTV_TERMS_SHARES,       /* there are none: "60 months" */
    LTV_TERMS_KINDS
} ltv_terms_kind;

enum { LTV_MOST_SHEETS = 120, LTV_SIZED_COLUMNS = 1100, LTV_COLUMN_WIDTH = 15 };

typedef struct {
    const ltv_document *doc; /* borrowed, like the four texts */
    const char *currency;    /* ISO 4217 */
    const char *time_unit;   /* "month" */
    const char *title;
    const char *baseline;
    char terms[LTV_TERMS_KINDS][160];
    char money_sign[16];         /* as Excel writes it, with the locale that it is of: [$¥-411] */
    char money_format[48];       /* the same before a number: [$¥-411]#,##0 */
    char money_whole_format[48]; /* the same without decimals */
    size_t n_arms;               /* at least 1 */
    char **arms;                 /* owned names, the baseline first */
    size_t n_contrasts;          /* groups under /compare */
    char **contrasts;            /* owned names */
    char *folder;                /* owned: holds temporary files; NULL before there is one */
    lxw_workbook *workbook;      /* owned */
    lxw_format *styles[LTV_CELL_STYLES];
    size_t n_sheets;
    ltv_sheet_name names[LTV_MOST_SHEETS];
    ltv_exact_numbers numbers;
    bool out_of_memory; /* sticky */
    lxw_error failure;  /* the first one of libxlsxwriter; sticky */
} ltv_book;

typedef struct {
    ltv_book *book; /* borrowed, like worksheet, name and terms */
    lxw_worksheet *worksheet;
    const char *name, *terms;
    uint32_t index;
    lxw_row_t row;       /* where the next block begins */
    lxw_row_t chart_row; /* where the charts begin */
    lxw_col_t chart_column;
    unsigned n_charts; /* placed so far */
    float widths[LTV_SIZED_COLUMNS];
    size_t heading_lines; /* of the highest heading since the last row of them */
} ltv_sheet;

/* Begins a workbook about the document. Fails with LTV_ERR_NOT_RESULTS when that lacks currency,
 * time unit, horizon or arms, LTV_ERR_WRITE_FAILED when no temporary file can be made, and
 * LTV_ERR_NO_MEMORY. *book may be released whatever is returned. */
LTV_MUST_USE ltv_status ltv_book_open(ltv_book *book, const ltv_document *doc, ltv_error *err);

/* Finishes it: its bytes, owned, go to *bytes. Fails with LTV_ERR_WRITE_FAILED or
 * LTV_ERR_NO_MEMORY. */
LTV_MUST_USE ltv_status ltv_book_finish(ltv_book *book, char **bytes, size_t *n, ltv_error *err);

/* Removes temporary files, too. */
void ltv_book_release(ltv_book *book);

enum { LTV_CHART_ROWS = 20 /* that a chart covers */ };

/* Adds a sheet: its title, below it what it is about, and the terms that every amount is meant in.
 * `n_charts` charts have room above the first block. */
ltv_sheet ltv_book_add_sheet(ltv_book *book, const char *name, const char *title, const char *about,
                             ltv_terms_kind terms, unsigned n_charts);

/* The text as XML can hold it, at most `most` UTF-16 units of it; owned. NULL when memory is short,
 * which the book remembers. */
char *ltv_book_text(ltv_book *book, const char *text, size_t most);

/* Cells. What is not finite is left empty, or says "infinite"; text is never taken for a formula;
 * characters that XML cannot hold are replaced, and text is cut to what a cell can hold. A formula
 * carries its value for programs that do not calculate. */
void ltv_sheet_text(ltv_sheet *sheet, lxw_row_t row, lxw_col_t column, const char *text,
                    ltv_cell_style style);
void ltv_sheet_number(ltv_sheet *sheet, lxw_row_t row, lxw_col_t column, double value,
                      ltv_cell_style style);
void ltv_sheet_formula(ltv_sheet *sheet, lxw_row_t row, lxw_col_t column, const char *formula,
                       double value, ltv_cell_style style);

/* Writes the heading of a column, and below it where it is from. */
void ltv_sheet_heading(ltv_sheet *sheet, lxw_row_t row, lxw_col_t column, const char *text,
                       ltv_cell_style style, const char *source);

/* Makes a row as high as it takes to show the text in its column, in several lines. */
void ltv_sheet_fit_row(ltv_sheet *sheet, lxw_row_t row, size_t column, const char *text);

/* Makes that row as high as its highest heading, whose columns have their widths, and folds away
 * the row of sources below it. */
void ltv_sheet_end_headings(ltv_sheet *sheet, lxw_row_t row);

/* Makes a column at least that many characters wide. */
void ltv_sheet_widen(ltv_sheet *sheet, size_t column, float width);

/* How a figure of that unit is written: the unit column of tables of metrics. */
ltv_cell_style ltv_book_style_of_unit(const ltv_book *book, const char *unit);

#endif
