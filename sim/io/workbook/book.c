/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/io/workbook/book.h"

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "sim/io/complain.h"

enum { FIRST_COLUMN_WIDTH = 44, USUAL_COLUMNS = 60, HEAD_ROWS = 4, CHARTS_ABREAST = 2 };

static const char file_name[] = "workbook.xlsx";

/* ---- what the sheets are about ---- */

static void make_terms(ltv_book *book, int64_t horizon)
{
    enum { SIZE = sizeof book->terms[0] };
    char time[64], money[80];
    double rate = ltv_document_real(book->doc, "/@discount_rate_per_year");
    snprintf(time, sizeof time, "%lld %.16s%s", (long long)horizon, book->time_unit,
             horizon == 1 ? "" : "s");
    snprintf(money, sizeof money, "%.8s, %s", book->currency, time);
    snprintf(book->terms[LTV_TERMS_SHARES], SIZE, "%s", time);
    snprintf(book->terms[LTV_TERMS_UNDISCOUNTED], SIZE, "%s, not discounted", money);
    if (rate > 0)
        snprintf(book->terms[LTV_TERMS_DISCOUNTED], SIZE, "%s, discounted at %.3g %% a year", money,
                 100 * rate);
    else
        snprintf(book->terms[LTV_TERMS_DISCOUNTED], SIZE, "%s, not discounted", money);
}

static ltv_status read_head(ltv_book *book, ltv_error *err)
{
    const ltv_document *doc = book->doc;
    book->currency = ltv_document_string(doc, "/@currency");
    book->time_unit = ltv_document_string(doc, "/@time_unit");
    book->title = ltv_document_string(doc, "/@title");
    book->n_arms = ltv_document_children(doc, "/arms", &book->arms);
    book->n_contrasts = ltv_document_children(doc, "/compare", &book->contrasts);
    int64_t horizon = ltv_document_int64(doc, "/@horizon", 0);
    if (book->currency == NULL || book->time_unit == NULL || horizon < 1 || book->n_arms == 0)
        return ltv_fail(err, LTV_ERR_NOT_RESULTS,
                        "the results lack currency, time unit, horizon or arms");
    if (book->title == NULL)
        book->title = "";
    book->baseline = book->arms[0];
    make_terms(book, horizon);
    return LTV_OK;
}

/* ---- styles ---- */

/* [$¥-411]#,##0, [$CHF] #,##0.00. A minus stands before the sign by itself. */
static void make_money_format(ltv_book *book)
{
    static const char *const signs[][2] = {{"USD", "$-409"}, {"EUR", "€-2"},    {"GBP", "£-809"},
                                           {"JPY", "¥-411"}, {"INR", "₹-4009"}, {"KRW", "₩-412"}};
    int64_t decimals = ltv_document_int64(book->doc, "/@currency_decimals", 2);
    char *sign = book->money_sign;
    snprintf(sign, sizeof book->money_sign, "[$%.8s] ", book->currency);
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (strcmp(signs[i][0], book->currency) == 0)
            snprintf(sign, sizeof book->money_sign, "[$%s]", signs[i][1]);
    snprintf(book->money_format, sizeof book->money_format, "%s#,##0%s%.*s", sign,
             decimals > 0 ? "." : "", decimals > 0 && decimals < 5 ? (int)decimals : 0, "0000");
    snprintf(book->money_whole_format, sizeof book->money_whole_format, "%s#,##0", sign);
}

static void make_styles(ltv_book *book)
{
    enum { GREY = 0x6B7280, DARK = 0x1F2937 };
    const char *const formats[LTV_CELL_STYLES] = {
        [LTV_CELL_MONEY] = book->money_format,
        [LTV_CELL_SHARE] = "0.0%",
        [LTV_CELL_RATIO] = "0.00",
        [LTV_CELL_COUNT] = "#,##0",
        [LTV_CELL_PERIODS] = "0.0",
        [LTV_CELL_NUMBER] = "#,##0.000",
    };
    for (int style = 0; style < LTV_CELL_STYLES; style++) {
        lxw_format *format = book->styles[style] = workbook_add_format(book->workbook);
        if (format == NULL) {
            book->out_of_memory = true;
            return;
        }
        if (formats[style] != NULL)
            format_set_num_format(format, formats[style]);
    }
    lxw_format **styles = book->styles;
    format_set_bold(styles[LTV_CELL_TITLE]);
    format_set_font_size(styles[LTV_CELL_TITLE], 16);
    format_set_font_color(styles[LTV_CELL_TITLE], DARK);
    format_set_bold(styles[LTV_CELL_BLOCK]);
    format_set_font_size(styles[LTV_CELL_BLOCK], 12);
    format_set_bold(styles[LTV_CELL_BOLD]);
    format_set_font_color(styles[LTV_CELL_QUIET], GREY);
    format_set_font_size(styles[LTV_CELL_QUIET], 9);
    for (int style = LTV_CELL_HEADING; style <= LTV_CELL_HEADING_RIGHT; style++) {
        format_set_bold(styles[style]);
        format_set_text_wrap(styles[style]);
        format_set_bottom(styles[style], LXW_BORDER_THIN);
        format_set_align(styles[style], LXW_ALIGN_VERTICAL_BOTTOM);
    }
    format_set_align(styles[LTV_CELL_HEADING_RIGHT], LXW_ALIGN_RIGHT);
    format_set_indent(styles[LTV_CELL_ASIDE], 1);
    format_set_indent(styles[LTV_CELL_SENTENCE], 1);
    format_set_text_wrap(styles[LTV_CELL_SENTENCE]);
    format_set_indent(styles[LTV_CELL_HEADING_ASIDE], 1);
}

ltv_cell_style ltv_book_style_of_unit(const ltv_book *book, const char *unit)
{
    if (unit == NULL)
        return LTV_CELL_NUMBER;
    if (strcmp(unit, book->currency) == 0 || strcmp(unit, "currency") == 0)
        return LTV_CELL_MONEY;
    if (strcmp(unit, book->time_unit) == 0)
        return LTV_CELL_PERIODS;
    if (strcmp(unit, "share") == 0 || strcmp(unit, "probability") == 0)
        return LTV_CELL_SHARE;
    return strcmp(unit, "ratio") == 0 ? LTV_CELL_RATIO : LTV_CELL_NUMBER;
}

/* ---- beginning and end ---- */

/* "FOLDER/workbook.xlsx", owned. */
static char *path_of(const ltv_book *book)
{
    char *path = NULL;
    return asprintf(&path, "%s/%s", book->folder, file_name) < 0 ? NULL : path;
}

static ltv_status no_memory(ltv_error *err)
{
    return ltv_fail(err, LTV_ERR_NO_MEMORY, "out of memory while making the workbook");
}

static ltv_status make_folder(ltv_book *book, ltv_error *err)
{
    const char *parent = getenv("TMPDIR");
    if (parent == NULL || parent[0] == '\0')
        parent = "/tmp";
    if (asprintf(&book->folder, "%s/ltvsim.XXXXXX", parent) < 0) {
        book->folder = NULL;
        return no_memory(err);
    }
    if (mkdtemp(book->folder) != NULL)
        return LTV_OK;
    free(book->folder);
    book->folder = NULL;
    return ltv_fail(err, LTV_ERR_WRITE_FAILED, "cannot make temporary files in '%s': %m", parent);
}

/* Equal results give equal bytes: the workbook is as old as they are. */
static void set_properties(ltv_book *book)
{
    struct tm started = {.tm_year = 80, .tm_mday = 1};
    const char *text = ltv_document_string(book->doc, "/provenance@started");
    if (text != NULL)
        strptime(text, "%Y-%m-%dT%H:%M:%S", &started);
    lxw_doc_properties properties = {.created = timegm(&started)};
    workbook_set_properties(book->workbook, &properties);
}

ltv_status ltv_book_open(ltv_book *book, const ltv_document *doc, ltv_error *err)
{
    *book = (ltv_book){.doc = doc};
    ltv_status status = read_head(book, err);
    if (status == LTV_OK)
        status = make_folder(book, err);
    if (status != LTV_OK)
        return status;
    char *path = path_of(book);
    lxw_workbook_options options = {.tmpdir = book->folder};
    book->workbook = path == NULL ? NULL : workbook_new_opt(path, &options);
    free(path);
    if (book->workbook == NULL)
        return no_memory(err);
    make_money_format(book);
    make_styles(book);
    set_properties(book);
    return book->out_of_memory ? no_memory(err) : LTV_OK;
}

static ltv_status fail_library(lxw_error failure, ltv_error *err)
{
    if (failure == LXW_ERROR_MEMORY_MALLOC_FAILED)
        return no_memory(err);
    if (failure >= LXW_ERROR_CREATING_XLSX_FILE && failure <= LXW_ERROR_ZIP_CLOSE)
        return ltv_fail(err, LTV_ERR_WRITE_FAILED,
                        "the workbook cannot be made: no room for temporary files in TMPDIR, else "
                        "/tmp (%s)",
                        lxw_strerror(failure));
    return ltv_fail(err, LTV_ERR_WRITE_FAILED, "the workbook cannot be made: %s",
                    lxw_strerror(failure));
}

/* libxlsxwriter tells standard error about failures, in words of its own; what there is to say, we
 * say. Closes the workbook with that stream shut. */
static lxw_error close_silently(lxw_workbook *workbook)
{
    fflush(stderr);
    int kept = dup(STDERR_FILENO), nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (kept >= 0 && nowhere >= 0)
        dup2(nowhere, STDERR_FILENO);
    lxw_error failure = workbook_close(workbook);
    fflush(stderr);
    if (kept >= 0 && nowhere >= 0)
        dup2(kept, STDERR_FILENO);
    if (kept >= 0)
        close(kept);
    if (nowhere >= 0)
        close(nowhere);
    return failure;
}

static ltv_status read_bytes(const char *path, char **bytes, size_t *n, ltv_error *err)
{
    long size = -1;
    FILE *file = fopen(path, "rb");
    if (file != NULL && fseek(file, 0, SEEK_END) == 0)
        size = ftell(file);
    if (size >= 0) {
        rewind(file);
        *n = (size_t)size;
        *bytes = malloc(*n + 1);
    }
    bool ok = *bytes != NULL && fread(*bytes, 1, *n, file) == *n;
    if (file != NULL)
        fclose(file);
    return ok ? LTV_OK
              : ltv_fail(err, LTV_ERR_WRITE_FAILED, "the workbook cannot be read back from '%s'",
                         path);
}

ltv_status ltv_book_finish(ltv_book *book, char **bytes, size_t *n, ltv_error *err)
{
    *bytes = NULL;
    if (book->out_of_memory)
        return no_memory(err);
    if (book->failure != LXW_NO_ERROR)
        return fail_library(book->failure, err);
    lxw_error failure = close_silently(book->workbook);
    book->workbook = NULL;
    if (failure != LXW_NO_ERROR)
        return fail_library(failure, err);
    char *path = path_of(book);
    ltv_status status =
        path == NULL ? no_memory(err) : ltv_exact_numbers_put(&book->numbers, path, err);
    if (status == LTV_OK)
        status = read_bytes(path, bytes, n, err);
    free(path);
    return status;
}

void ltv_book_release(ltv_book *book)
{
    if (book->workbook != NULL)
        lxw_workbook_free(book->workbook);
    if (book->folder != NULL) {
        char *path = path_of(book);
        if (path != NULL)
            unlink(path);
        free(path);
        rmdir(book->folder);
    }
    free(book->folder);
    ltv_exact_numbers_free(&book->numbers);
    ltv_names_free(book->arms, book->n_arms);
    ltv_names_free(book->contrasts, book->n_contrasts);
}

/* ---- sheets ---- */

static void lay_out(ltv_sheet *sheet)
{
    lxw_worksheet *worksheet = sheet->worksheet;
    ltv_sheet_widen(sheet, 0, FIRST_COLUMN_WIDTH);
    for (size_t column = 1; column < USUAL_COLUMNS; column++)
        ltv_sheet_widen(sheet, column, LTV_COLUMN_WIDTH);
    worksheet_set_landscape(worksheet);
    worksheet_set_paper(worksheet, 9 /* A4 */);
    worksheet_fit_to_pages(worksheet, 1, 0);
    worksheet_gridlines(worksheet, LXW_HIDE_ALL_GRIDLINES);
    worksheet_outline_settings(worksheet, LXW_TRUE, LXW_FALSE, LXW_FALSE, LXW_FALSE);
}

ltv_sheet ltv_book_add_sheet(ltv_book *book, const char *name, const char *title, const char *about,
                             ltv_terms_kind terms, unsigned n_charts)
{
    ltv_sheet sheet = {
        .book = book, .index = (uint32_t)book->n_sheets, .terms = book->terms[terms]};
    if (book->n_sheets == LTV_MOST_SHEETS)
        return sheet;
    ltv_sheet_name *made = &book->names[book->n_sheets];
    *made = ltv_sheet_name_make(name, book->names, book->n_sheets);
    sheet.name = made->text;
    sheet.worksheet = workbook_add_worksheet(book->workbook, made->text);
    if (sheet.worksheet == NULL) {
        book->out_of_memory = true;
        return sheet;
    }
    book->n_sheets++;
    lay_out(&sheet);
    ltv_sheet_text(&sheet, 0, 0, title, LTV_CELL_TITLE);
    ltv_sheet_text(&sheet, 1, 0, about, LTV_CELL_TEXT);
    ltv_sheet_text(&sheet, 2, 0, sheet.terms, LTV_CELL_QUIET);
    sheet.chart_row = HEAD_ROWS;
    sheet.row = HEAD_ROWS + LTV_CHART_ROWS * ((n_charts + CHARTS_ABREAST - 1) / CHARTS_ABREAST);
    return sheet;
}

/* ---- cells ---- */

static void remember(ltv_sheet *sheet, lxw_error result)
{
    if (sheet->book->failure == LXW_NO_ERROR)
        sheet->book->failure = result;
}

/* Where a name was cut to fit, only the beginning of a character may be left of it. */
static bool is_cut(const char *text, size_t left)
{
    unsigned char lead = (unsigned char)text[0];
    size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
    for (size_t i = 1; i < left; i++)
        if (((unsigned char)text[i] & 0xC0) != 0x80)
            return false;
    return left < length;
}

/* What XML cannot hold becomes U+FFFD. Control characters libxlsxwriter escapes. */
char *ltv_book_text(ltv_book *book, const char *text, size_t most)
{
    static const char replacement[] = "\xEF\xBF\xBD";
    size_t left = strlen(text), used = 0, units = 0;
    char *copy = malloc(3 * left + 1);
    while (copy != NULL && left > 0) {
        uint32_t code = 0;
        size_t length = ltv_utf8_next(text, left, &code);
        bool good = length > 0 && code != 0xFFFE && code != 0xFFFF;
        units += code > 0xFFFF ? 2 : 1;
        if (units > most || (length == 0 && is_cut(text, left)))
            break;
        memcpy(copy + used, good ? text : replacement, good ? length : 3);
        used += good ? length : 3;
        text += length > 0 ? length : 1;
        left -= length > 0 ? length : 1;
    }
    if (copy != NULL)
        copy[used] = '\0';
    book->out_of_memory |= copy == NULL;
    return copy;
}

void ltv_sheet_text(ltv_sheet *sheet, lxw_row_t row, lxw_col_t column, const char *text,
                    ltv_cell_style style)
{
    enum { MOST_UNITS = 32000 /* of 32,767, since an escaped character takes seven */ };
    if (sheet->worksheet == NULL || text[0] == '\0')
        return;
    char *copy = ltv_book_text(sheet->book, text, MOST_UNITS);
    if (copy != NULL)
        remember(sheet, worksheet_write_string(sheet->worksheet, row, column, copy,
                                               sheet->book->styles[style]));
    free(copy);
}

void ltv_sheet_number(ltv_sheet *sheet, lxw_row_t row, lxw_col_t column, double value,
                      ltv_cell_style style)
{
    if (sheet->worksheet == NULL || isnan(value))
        return;
    if (isinf(value)) {
        ltv_sheet_text(sheet, row, column, value > 0 ? "infinite" : "-infinite", LTV_CELL_TEXT);
        return;
    }
    ltv_exact_number number = {sheet->index, row, column, value};
    if (!ltv_exact_numbers_add(&sheet->book->numbers, number))
        sheet->book->out_of_memory = true;
    remember(sheet, worksheet_write_number(sheet->worksheet, row, column, value,
                                           sheet->book->styles[style]));
}

void ltv_sheet_formula(ltv_sheet *sheet, lxw_row_t row, lxw_col_t column, const char *formula,
                       double value, ltv_cell_style style)
{
    if (sheet->worksheet == NULL || !isfinite(value))
        return;
    remember(sheet, worksheet_write_formula_num(sheet->worksheet, row, column, formula,
                                                sheet->book->styles[style], value));
}

/* How many lines the text takes in a column: words that do not fit stand in the next one. */
static size_t lines_of(const char *text, size_t width)
{
    size_t lines = 1, used = 0;
    while (*text != '\0') {
        size_t word = strcspn(text, " "), room = word + (used > 0);
        if (used > 0 && used + room > width) {
            lines++;
            used = 0;
        }
        used += used > 0 ? room : word;
        lines += used > width ? (used - 1) / width : 0;
        used = used > width ? (used - 1) % width + 1 : used;
        text += word + (text[word] == ' ');
    }
    return lines;
}

enum { LINE_HEIGHT = 15, MOST_HEIGHT = 400 };

void ltv_sheet_fit_row(ltv_sheet *sheet, lxw_row_t row, size_t column, const char *text)
{
    size_t lines = lines_of(text, (size_t)fmaxf(sheet->widths[column], 8));
    if (lines > 1)
        worksheet_set_row(sheet->worksheet, row,
                          fmin((double)LINE_HEIGHT * (double)lines, MOST_HEIGHT), NULL);
}

void ltv_sheet_heading(ltv_sheet *sheet, lxw_row_t row, lxw_col_t column, const char *text,
                       ltv_cell_style style, const char *source)
{
    float width = column < LTV_SIZED_COLUMNS ? sheet->widths[column] : 0;
    size_t lines = lines_of(text, (size_t)fmaxf(0.9f * width, 8)); /* they are bold */
    sheet->heading_lines = lines > sheet->heading_lines ? lines : sheet->heading_lines;
    ltv_sheet_text(sheet, row, column, text, style);
    ltv_sheet_text(sheet, row + 1, column, source, LTV_CELL_QUIET);
}

void ltv_sheet_end_headings(ltv_sheet *sheet, lxw_row_t row)
{
    lxw_row_col_options folded = {.hidden = 1, .level = 1};
    double height = (double)LINE_HEIGHT * (double)sheet->heading_lines + 1;
    if (sheet->heading_lines > 1)
        worksheet_set_row(sheet->worksheet, row, fmin(height, MOST_HEIGHT), NULL);
    worksheet_set_row_opt(sheet->worksheet, row + 1, LXW_DEF_ROW_HEIGHT, NULL, &folded);
    sheet->heading_lines = 0;
}

void ltv_sheet_widen(ltv_sheet *sheet, size_t column, float width)
{
    if (column >= LTV_SIZED_COLUMNS || width <= sheet->widths[column])
        return;
    sheet->widths[column] = width;
    worksheet_set_column(sheet->worksheet, (lxw_col_t)column, (lxw_col_t)column, (double)width,
                         NULL);
}
