/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/io/complain.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

ltv_status ltv_complain(ltv_error *err, const ltv_place *place, const char *path,
                        const char *format, ...)
{
    char sentence[768];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);

    char where[512];
    char shown[LTV_SHOWN_SIZE];
    if (place->override != NULL)
        snprintf(where, sizeof where, "%s", ltv_shown(shown, place->override));
    else if (place->line == 0)
        snprintf(where, sizeof where, "%s", place->file);
    else
        snprintf(where, sizeof where, "%s:%u:%u", place->file, place->line, place->column);
    bool has_path = path != NULL && path[0] != '\0';
    return ltv_fail(err, LTV_ERR_BAD_INPUT, "%s: %s%s%s", where, has_path ? path : "",
                    has_path ? ": " : "", sentence);
}

size_t ltv_utf8_next(const char *text, size_t left, uint32_t *code_point)
{
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    if (left == 0)
        return 0;
    const unsigned char *byte = (const unsigned char *)text;
    size_t length = byte[0] < 0x80   ? 1
                    : byte[0] < 0xC2 ? 0
                    : byte[0] < 0xE0 ? 2
                    : byte[0] < 0xF0 ? 3
                    : byte[0] < 0xF5 ? 4
                                     : 0;
    if (length == 0 || length > left)
        return 0;
    uint32_t code = length == 1 ? byte[0] : byte[0] & (0x7Fu >> length);
    for (size_t i = 1; i < length; ++i) {
        if ((byte[i] & 0xC0) != 0x80)
            return 0;
        code = code << 6 | (byte[i] & 0x3Fu);
    }
    if (code < smallest[length] || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
        return 0;
    *code_point = code;
    return length;
}

const char *ltv_shown(char shown[LTV_SHOWN_SIZE], const char *text)
{
    static const char ellipsis[] = "…";
    size_t left = strlen(text), used = 0;
    while (text[used] >= 0x20 && text[used] < 0x7F)
        used++;
    if (used == left && left + sizeof ellipsis <= LTV_SHOWN_SIZE)
        return memcpy(shown, text, left + 1); /* as nearly all is */
    used = 0;
    while (left > 0) {
        uint32_t code = 0;
        size_t length = ltv_utf8_next(text, left, &code);
        bool printable =
            length > 0 && code >= 0x20 && !(code >= 0x7F && code < 0xA0) && code != 0xFEFF;
        size_t step = length > 0 ? length : 1;
        if (used + step + sizeof ellipsis > LTV_SHOWN_SIZE) {
            memcpy(shown + used, ellipsis, sizeof ellipsis);
            return shown;
        }
        if (printable) {
            memcpy(shown + used, text, length);
            used += length;
        } else {
            shown[used++] = '?';
        }
        text += step;
        left -= step;
    }
    shown[used] = '\0';
    return shown;
}
