/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/io/scenario/csv_column.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/io/number.h"
#include "sim/io/scenario/text_file.h"

enum { CELL_SIZE = 512 }; /* more than any number; longer names of columns are not findable */

/* Walks over the cells of the file one by one. */
typedef struct {
    const char *at, *end;
    ltv_place place;      /* of `at` */
    ltv_place cell;       /* where the newest cell begins */
    char text[CELL_SIZE]; /* of the newest cell, unquoted, cut off at the size */
    size_t length;        /* of text */
    bool ends_row;        /* the newest cell is the last of its row */
    char separator;       /* of cells */
} scanner;

/* Spreadsheets set to a language with decimal commas separate columns by semicolons, and what is
 * pasted from one by tabs: the header tells, if it has no comma. */
static char separator_of(const char *line, const char *end)
{
    bool quoted = false, semicolon = false, tab = false;
    for (; line < end && *line != '\n'; ++line) {
        quoted ^= *line == '"';
        if (*line == ',' && !quoted)
            return ',';
        semicolon |= *line == ';' && !quoted;
        tab |= *line == '\t' && !quoted;
    }
    return semicolon ? ';' : tab ? '\t' : ',';
}

static void step(scanner *s)
{
    uint32_t code = 0;
    size_t length = ltv_utf8_next(s->at, (size_t)(s->end - s->at), &code);
    s->at += length == 0 ? 1 : length;
    s->place.column++;
    if (code == '\n') {
        s->place.line++;
        s->place.column = 1;
    }
}

/* Takes one character into the cell, or drops it when the cell is full. */
static void take(scanner *s)
{
    const char *from = s->at;
    step(s);
    size_t n = (size_t)(s->at - from);
    if (s->length + n < CELL_SIZE) {
        memcpy(s->text + s->length, from, n);
        s->length += n;
    }
}

static ltv_status scan_quoted(scanner *s, ltv_error *err)
{
    step(s);
    for (;;) {
        if (s->at == s->end)
            return ltv_complain(err, &s->cell, NULL, "the quote that opens here is never closed");
        if (*s->at != '"') {
            take(s);
            continue;
        }
        step(s);
        if (s->at == s->end || *s->at != '"')
            return LTV_OK;
        take(s); /* a doubled quote stands for one */
    }
}

static bool at_row_end(const scanner *s)
{
    return s->at == s->end || *s->at == '\n' ||
           (*s->at == '\r' && (s->at + 1 == s->end || s->at[1] == '\n'));
}

static ltv_status scan_cell(scanner *s, ltv_error *err)
{
    s->cell = s->place;
    s->length = 0;
    if (s->at < s->end && *s->at == '"') {
        ltv_status status = scan_quoted(s, err);
        if (status != LTV_OK)
            return status;
        if (!at_row_end(s) && *s->at != s->separator)
            return ltv_complain(err, &s->place, NULL,
                                "%s or the end of the line is due after the closing quote",
                                s->separator == ','   ? "a comma"
                                : s->separator == ';' ? "a semicolon"
                                                      : "a tab");
    }
    while (!at_row_end(s) && *s->at != s->separator)
        take(s);
    s->text[s->length] = '\0';
    s->ends_row = at_row_end(s);
    while (s->at < s->end && *s->at == '\r')
        step(s);
    if (s->at < s->end)
        step(s); /* the separator or the line feed */
    return LTV_OK;
}

/* The line, among the first ones after `s`, that has the name as a cell: people put a title above
 * the header. 0 if there is none. */
static uint32_t header_below(scanner s, const char *name)
{
    enum { MOST_ROWS = 20 };
    for (int row = 0; row < MOST_ROWS && s.at < s.end; ++row) {
        uint32_t line = s.place.line;
        s.separator = separator_of(s.at, s.end);
        do {
            if (scan_cell(&s, NULL) != LTV_OK)
                return 0;
            if (strcmp(s.text, name) == 0)
                return line;
        } while (!s.ends_row);
    }
    return 0;
}

/* Reads the first row; *index is the place of the column, *n_columns their number. */
static ltv_status find_column(scanner *s, const char *name, const ltv_place *asked_at,
                              const char *key, size_t *index, size_t *n_columns, ltv_error *err)
{
    char known[256] = "", shown[LTV_SHOWN_SIZE];
    bool found = false;
    *n_columns = 0;
    do {
        ltv_status status = scan_cell(s, err);
        if (status != LTV_OK)
            return status;
        if (strcmp(s->text, name) == 0) {
            if (found)
                return ltv_complain(err, &s->cell, NULL, "two columns are named %s",
                                    ltv_shown(shown, name));
            found = true;
            *index = *n_columns;
        }
        size_t used = strlen(known);
        if (used + LTV_SHOWN_SIZE + 2 < sizeof known)
            snprintf(known + used, sizeof known - used, "%s%s", used == 0 ? "" : ", ",
                     ltv_shown(shown, s->text));
        ++*n_columns;
    } while (!s->ends_row);
    if (found)
        return LTV_OK;
    uint32_t header = header_below(*s, name);
    if (header > 0)
        return ltv_complain(err, asked_at, key,
                            "%s has the column %s in line %u; the line with the names of the "
                            "columns must be the first, so remove what stands above it",
                            s->place.file, ltv_shown(shown, name), header);
    return ltv_complain(err, asked_at, key, "%s has no column %s; its columns are %s",
                        s->place.file, ltv_shown(shown, name), known);
}

static ltv_status append(ltv_csv_column *column, size_t *capacity, double value,
                         const ltv_place *place, ltv_error *err)
{
    if (column->n == *capacity) {
        size_t larger = *capacity == 0 ? 64 : 2 * *capacity;
        double *values = realloc(column->values, larger * sizeof *values);
        if (values != NULL)
            column->values = values;
        ltv_place *places = realloc(column->places, larger * sizeof *places);
        if (places != NULL)
            column->places = places;
        if (values == NULL || places == NULL)
            return ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory for a CSV column");
        *capacity = larger;
    }
    column->values[column->n] = value;
    column->places[column->n++] = *place;
    return LTV_OK;
}

static ltv_status read_cell(const scanner *s, const char *name, double *value, ltv_error *err)
{
    ltv_decimal number;
    char why[LTV_WHY_SIZE], shown[LTV_SHOWN_SIZE], shown_name[LTV_SHOWN_SIZE];
    ltv_shown(shown_name, name);
    if (s->length == 0)
        return ltv_complain(err, &s->cell, NULL, "the cell of column %s is empty", shown_name);
    bool is_number = ltv_decimal_parse(&number, s->text, LTV_MARK_PERCENT, why);
    if (is_number && s->separator == ';' && strchr(s->text, ',') != NULL)
        return ltv_complain(err, &s->cell, NULL,
                            "\"%s\" in column %s has a comma, which may mean thousands or "
                            "decimals; write it with a decimal point or without the comma",
                            ltv_shown(shown, s->text), shown_name);
    if (!is_number)
        return ltv_complain(err, &s->cell, NULL, "\"%s\" in column %s %s",
                            ltv_shown(shown, s->text), shown_name, why);
    *value = ltv_decimal_value(&number);
    if (!isfinite(*value))
        return ltv_complain(err, &s->cell, NULL, "%s in column %s is too large",
                            ltv_shown(shown, s->text), shown_name);
    return LTV_OK;
}

/* One row below the first; an empty line holds no row. */
static ltv_status read_row(ltv_csv_column *column, size_t *capacity, scanner *s, const char *name,
                           size_t index, size_t n_columns, ltv_error *err)
{
    ltv_place row = s->place, place = row;
    double value = 0;
    size_t n = 0;
    do {
        ltv_status status = scan_cell(s, err);
        if (status == LTV_OK && n == 0 && s->ends_row && s->length == 0 && n_columns > 1)
            return LTV_OK;
        if (status == LTV_OK && n == index) {
            status = read_cell(s, name, &value, err);
            place = s->cell;
        }
        if (status != LTV_OK)
            return status;
        ++n;
    } while (!s->ends_row);
    if (n != n_columns)
        return ltv_complain(err, &row, NULL, "this row has %zu cells, the first row has %zu", n,
                            n_columns);
    return append(column, capacity, value, &place, err);
}

ltv_status ltv_csv_column_read(ltv_csv_column *column, const char *text, size_t length,
                               const ltv_place *csv, const char *name, const ltv_place *asked_at,
                               const char *key, ltv_error *err)
{
    *column = (ltv_csv_column){0};
    const char *binary = ltv_binary_kind(text, length);
    if (binary != NULL)
        return ltv_complain(err, csv, NULL, "this is %s, not a CSV file; save it as CSV", binary);
    ltv_status status = ltv_text_check(text, length, csv, err);
    if (status != LTV_OK)
        return status;
    scanner s = {.at = text, .end = text + length, .place = *csv};
    s.place.line = s.place.column = 1;
    if (length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
        s.at += 3;
    if (s.at == s.end)
        return ltv_complain(err, csv, NULL, "there is nothing in this file");
    s.separator = separator_of(s.at, s.end);
    size_t index = 0, n_columns = 0, capacity = 0;
    status = find_column(&s, name, asked_at, key, &index, &n_columns, err);
    while (status == LTV_OK && s.at < s.end)
        status = read_row(column, &capacity, &s, name, index, n_columns, err);
    if (status == LTV_OK && column->n == 0)
        status = ltv_complain(err, csv, NULL, "there is nothing below the first row");
    return status;
}

void ltv_csv_column_free(ltv_csv_column *column)
{
    free(column->values);
    free(column->places);
    *column = (ltv_csv_column){0};
}
