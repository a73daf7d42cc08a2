/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/io/workbook/exact_numbers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zip.h>

#include "sim/io/number.h"

bool ltv_exact_numbers_add(ltv_exact_numbers *self, ltv_exact_number number)
{
    if (self->n == self->capacity) {
        size_t capacity = self->capacity > 0 ? 2 * self->capacity : 1024;
        ltv_exact_number *more = realloc(self->numbers, capacity * sizeof *more);
        if (more == NULL)
            return false;
        self->numbers = more;
        self->capacity = capacity;
    }
    self->numbers[self->n++] = number;
    return true;
}

void ltv_exact_numbers_free(ltv_exact_numbers *self)
{
    free(self->numbers);
    *self = (ltv_exact_numbers){0};
}

/* In the order in which they stand in the file. */
static int compare(const void *a, const void *b)
{
    const ltv_exact_number *x = a, *y = b;
    if (x->sheet != y->sheet)
        return x->sheet < y->sheet ? -1 : 1;
    if (x->row != y->row)
        return x->row < y->row ? -1 : 1;
    return (x->column > y->column) - (x->column < y->column);
}

/* ---- parts of the file ---- */

static ltv_status not_whole(ltv_error *err)
{
    return ltv_fail(err, LTV_ERR_WRITE_FAILED,
                    "the workbook came out cut off: there is not enough room for temporary files "
                    "(their folder is TMPDIR, else /tmp)");
}

static ltv_status fail_zip(zip_t *zip, ltv_error *err)
{
    return ltv_fail(err, LTV_ERR_WRITE_FAILED, "the workbook cannot be finished: %s",
                    zip_strerror(zip));
}

/* The part as text, owned; NULL when it cannot be read. */
static char *read_part(zip_t *zip, zip_uint64_t index)
{
    zip_stat_t info;
    zip_file_t *file = zip_fopen_index(zip, index, 0);
    char *text = NULL;
    if (file != NULL && zip_stat_index(zip, index, 0, &info) == 0 &&
        (text = malloc((size_t)info.size + 1)) != NULL) {
        zip_int64_t n = zip_fread(file, text, info.size);
        text[n > 0 ? n : 0] = '\0';
    }
    if (file != NULL)
        zip_fclose(file);
    return text;
}

/* The element that an XML file consists of, behind its "<?xml ...?>"; NULL without one. */
static const char *root_of(const char *text)
{
    for (const char *c = strchr(text, '<'); c != NULL; c = strchr(c + 1, '<'))
        if (c[1] != '?')
            return c + 1;
    return NULL;
}

/* Does the XML end with the element that it begins with? */
static bool is_whole(const char *text)
{
    char end[64];
    const char *root = root_of(text);
    size_t n = strlen(text);
    if (root == NULL)
        return false;
    size_t used = (size_t)snprintf(end, sizeof end, "</%.*s>", (int)strcspn(root, " />"), root);
    while (n > 0 && text[n - 1] == '\n')
        n--;
    return n >= used && strncmp(text + n - used, end, used) == 0;
}

static ltv_status check_parts(zip_t *zip, ltv_error *err)
{
    zip_int64_t n = zip_get_num_entries(zip, 0);
    for (zip_int64_t i = 0; i < n; i++) {
        char *text = read_part(zip, (zip_uint64_t)i);
        bool whole = text != NULL && is_whole(text);
        free(text);
        if (!whole)
            return not_whole(err);
    }
    return LTV_OK;
}

/* ---- numbers ---- */

/* "<c r="B5"": how the cell of a number begins. */
static int cell_start(char start[32], const ltv_exact_number *number)
{
    char letters[4] = "";
    unsigned column = number->column + 1u;
    size_t n = 0;
    for (unsigned c = column; c > 0; c = (c - 1) / 26)
        n++;
    for (unsigned c = column; c > 0; c = (c - 1) / 26)
        letters[--n] = (char)('A' + (c - 1) % 26);
    return snprintf(start, 32, "<c r=\"%s%u\"", letters, number->row + 1u);
}

/* Copies a sheet's text with the numbers replaced. Returns whether all were found. */
static bool print_sheet(FILE *out, const char *text, const ltv_exact_number *numbers, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char start[32], exact[LTV_DOUBLE_TEXT_SIZE];
        int length = cell_start(start, &numbers[i]);
        const char *cell = strstr(text, start);
        const char *value = cell == NULL ? NULL : strstr(cell + length, "<v>");
        const char *end = value == NULL ? NULL : strstr(value, "</v>");
        if (end == NULL)
            return false;
        fprintf(out, "%.*s%s", (int)(value + 3 - text), text,
                ltv_double_text(exact, numbers[i].value));
        text = end;
    }
    fputs(text, out);
    return true;
}

static ltv_status replace(zip_t *zip, zip_uint64_t index, char *text, size_t size, ltv_error *err)
{
    enum { FIRST_OF_1980 = 0x21 };
    zip_source_t *source = zip_source_buffer(zip, text, size, 1);
    if (source == NULL) {
        free(text);
        return ltv_fail(err, LTV_ERR_NO_MEMORY, "out of memory while writing the workbook");
    }
    if (zip_file_replace(zip, index, source, 0) != 0) {
        zip_source_free(source);
        return fail_zip(zip, err);
    }
    return zip_file_set_dostime(zip, index, 0, FIRST_OF_1980, 0) == 0 ? LTV_OK : fail_zip(zip, err);
}

static ltv_status put_into_sheet(zip_t *zip, const ltv_exact_number *numbers, size_t n,
                                 ltv_error *err)
{
    char name[64], *exact = NULL;
    size_t size = 0;
    snprintf(name, sizeof name, "xl/worksheets/sheet%u.xml", numbers->sheet + 1u);
    zip_int64_t index = zip_name_locate(zip, name, 0);
    char *text = index < 0 ? NULL : read_part(zip, (zip_uint64_t)index);
    FILE *out = text == NULL ? NULL : open_memstream(&exact, &size);
    bool found = out != NULL && print_sheet(out, text, numbers, n);
    if (out != NULL && fclose(out) != 0)
        found = false;
    free(text);
    if (found)
        return replace(zip, (zip_uint64_t)index, exact, size, err);
    free(exact);
    return not_whole(err);
}

ltv_status ltv_exact_numbers_put(ltv_exact_numbers *self, const char *path, ltv_error *err)
{
    zip_t *zip = zip_open(path, 0, NULL);
    if (zip == NULL)
        return not_whole(err);
    if (self->n > 0)
        qsort(self->numbers, self->n, sizeof *self->numbers, compare);
    ltv_status status = check_parts(zip, err);
    for (size_t i = 0, n; status == LTV_OK && i < self->n; i += n) {
        for (n = 1; i + n < self->n && self->numbers[i + n].sheet == self->numbers[i].sheet;)
            n++;
        status = put_into_sheet(zip, self->numbers + i, n, err);
    }
    if (status == LTV_OK && zip_close(zip) == 0)
        return LTV_OK;
    if (status == LTV_OK)
        status = fail_zip(zip, err);
    zip_discard(zip);
    return status;
}
