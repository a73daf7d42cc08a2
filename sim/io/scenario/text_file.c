/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/io/scenario/text_file.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Reads up to the limit and one byte more, so that a file (or a pipe, whose size nobody knows
 * beforehand) that is too large shows itself. */
static char *read_stream(FILE *stream, size_t *length)
{
    size_t capacity = 64 * 1024, used = 0;
    char *text = malloc(capacity + 1);
    while (text != NULL) {
        size_t got = fread(text + used, 1, capacity - used, stream);
        used += got;
        if (got == 0 || used > LTV_TEXT_FILE_MAX)
            break;
        if (used == capacity) {
            capacity *= 2;
            char *larger = realloc(text, capacity + 1);
            if (larger == NULL)
                free(text);
            text = larger;
        }
    }
    if (text != NULL)
        text[used] = '\0';
    *length = used;
    return text;
}

enum { SUBJECT_SIZE = 512 };

/* "the file", named unless the message begins with its name anyway. */
static const char *subject(char text[SUBJECT_SIZE], const char *path, const ltv_place *place)
{
    bool is_named = place->override == NULL && place->line == 0 && strcmp(place->file, path) == 0;
    snprintf(text, SUBJECT_SIZE, "the file%s%s", is_named ? "" : " ", is_named ? "" : path);
    return text;
}

ltv_status ltv_text_file_read(char **text, size_t *length, const char *path, const ltv_place *place,
                              const char *key, ltv_error *err)
{
    ltv_status status = LTV_OK;
    *text = NULL;
    *length = 0;
    struct stat about;
    char subject_text[SUBJECT_SIZE];
    const char *file = subject(subject_text, path, place);
    FILE *stream = fopen(path, "rb");
    if (stream == NULL) {
        status = ltv_complain(err, place, key, "cannot open %s: %s", file, strerror(errno));
        goto out;
    }
    if (fstat(fileno(stream), &about) == 0 && S_ISDIR(about.st_mode)) {
        status = ltv_complain(err, place, key, "cannot read %s: it is a folder", file);
        goto out;
    }
    *text = read_stream(stream, length);
    if (*text == NULL)
        status = ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory to read %s", path);
    else if (ferror(stream))
        status = ltv_complain(err, place, key, "cannot read %s: %s", file, strerror(errno));
    else if (*length > LTV_TEXT_FILE_MAX)
        status = ltv_complain(err, place, key, "%s is larger than %d MiB", file,
                              LTV_TEXT_FILE_MAX / (1024 * 1024));
out:
    if (stream != NULL)
        fclose(stream);
    if (status != LTV_OK) {
        free(*text);
        *text = NULL;
        *length = 0;
    }
    return status;
}

const char *ltv_binary_kind(const char *text, size_t length)
{
    static const struct {
        const char *signature;
        size_t length;
        const char *kind;
    } kinds[] = {
        {"\211HDF\r\n\032\n", 8, "an HDF5 file"},
        {"PK\003\004", 4, "an Excel workbook or another ZIP archive"},
        {"\320\317\021\340", 4, "an Excel workbook"},
        {"%PDF-", 5, "a PDF document"},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; ++i)
        if (length >= kinds[i].length && memcmp(text, kinds[i].signature, kinds[i].length) == 0)
            return kinds[i].kind;
    return NULL;
}

static ltv_status complain_about_byte(const char *text, size_t length, size_t offset,
                                      const ltv_place *place, ltv_error *err)
{
    unsigned char byte = (unsigned char)text[offset];
    bool utf16 =
        length >= 2 && (memcmp(text, "\xFF\xFE", 2) == 0 || memcmp(text, "\xFE\xFF", 2) == 0);
    if (utf16)
        return ltv_complain(err, place, NULL,
                            "the file is in UTF-16; save it as UTF-8 in your editor");
    if (byte < 0x20 || byte == 0x7F)
        return ltv_complain(err, place, NULL,
                            "the file has a control character here (byte 0x%02X); is it a text "
                            "file?",
                            byte);
    return ltv_complain(err, place, NULL,
                        "the text is not UTF-8 here (byte 0x%02X); save the file as UTF-8 in your "
                        "editor",
                        byte);
}

ltv_status ltv_text_check(const char *text, size_t length, const ltv_place *file, ltv_error *err)
{
    ltv_place place = *file;
    place.line = place.column = 1;
    for (size_t i = 0; i < length;) {
        uint32_t code = 0;
        size_t step = ltv_utf8_next(text + i, length - i, &code);
        bool control = code < 0x20 && code != '\t' && code != '\n' && code != '\r';
        if (step == 0 || control || code == 0x7F)
            return complain_about_byte(text, length, i, &place, err);
        if (code == '\n') {
            place.line++;
            place.column = 1;
        } else if (i > 0 || code != 0xFEFF) { /* a byte order mark takes no column */
            place.column++;
        }
        i += step;
    }
    return LTV_OK;
}
