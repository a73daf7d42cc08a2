/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/cli/text.h"

#include <stdint.h>
#include <string.h>

typedef struct {
    uint32_t first, last;
} range;

/* Unicode 15, East_Asian_Width W and F, in blocks. */
static const range wide[] = {
    {0x1100, 0x115f},   {0x231a, 0x231b},   {0x2e80, 0x303e},   {0x3041, 0x33ff},
    {0x3400, 0x4dbf},   {0x4e00, 0xa4cf},   {0xa960, 0xa97c},   {0xac00, 0xd7a3},
    {0xf900, 0xfaff},   {0xfe30, 0xfe6f},   {0xff01, 0xff60},   {0xffe0, 0xffe6},
    {0x1f300, 0x1f64f}, {0x1f680, 0x1f6ff}, {0x1f900, 0x1f9ff}, {0x20000, 0x3fffd},
};

/* Combining marks and other characters that take no column of their own. */
static const range none[] = {
    {0x0300, 0x036f}, {0x0483, 0x0489}, {0x0591, 0x05bd}, {0x064b, 0x065f},
    {0x200b, 0x200f}, {0x202a, 0x202e}, {0x2060, 0x2064}, {0x20d0, 0x20f0},
    {0x3099, 0x309a}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}, {0xfeff, 0xfeff},
};

static bool within(const range *ranges, size_t n, uint32_t c)
{
    for (size_t i = 0; i < n; i++)
        if (c >= ranges[i].first && c <= ranges[i].last)
            return true;
    return false;
}

/* Bytes of the character at `text`, which must not be at its end; 1 for what is not UTF-8. */
static size_t next_character(const char *text, uint32_t *character)
{
    const unsigned char *s = (const unsigned char *)text;
    size_t length = s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : s[0] >= 0xc0 ? 2 : 1;
    uint32_t c = length == 1 ? s[0] : s[0] & (0x7fu >> length);
    for (size_t i = 1; i < length; i++) {
        if ((s[i] & 0xc0) != 0x80) {
            *character = 0xfffd;
            return 1;
        }
        c = c << 6 | (s[i] & 0x3f);
    }
    *character = c;
    return length;
}

static int character_width(uint32_t c)
{
    if (within(none, sizeof none / sizeof *none, c))
        return 0;
    return within(wide, sizeof wide / sizeof *wide, c) ? 2 : 1;
}

static bool is_control(uint32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0);
}

int ltv_text_width(const char *text)
{
    int width = 0;
    uint32_t c;
    for (const char *s = text; *s != '\0'; s += next_character(s, &c), width += character_width(c))
        continue;
    return width;
}

char *ltv_text_clip(char *buffer, size_t size, const char *text, int columns, bool utf8)
{
    const char *ellipsis = utf8 ? "…" : "...";
    bool cut = ltv_text_width(text) > columns || strlen(text) >= size;
    int room = cut ? columns - ltv_text_width(ellipsis) : columns;
    size_t capacity = cut ? size - strlen(ellipsis) - 1 : size - 1;
    size_t used = 0;
    int width = 0;
    while (*text != '\0') {
        uint32_t c;
        size_t length = next_character(text, &c);
        if (width + character_width(c) > room || used + length > capacity)
            break;
        if (is_control(c))
            memset(buffer + used, ' ', length);
        else
            memcpy(buffer + used, text, length);
        used += length;
        width += character_width(c);
        text += length;
    }
    buffer[used] = '\0';
    if (cut)
        strcat(buffer, ellipsis);
    return buffer;
}

static void print_span(FILE *out, const char *text, size_t n)
{
    for (const char *end = text + n; text < end;) {
        uint32_t c;
        size_t length = next_character(text, &c);
        if (is_control(c))
            fputc(' ', out);
        else
            fwrite(text, 1, length, out);
        text += length;
    }
}

void ltv_text_print(FILE *out, const char *text)
{
    print_span(out, text, strlen(text));
}

void ltv_text_append(char *buffer, size_t size, const char *text)
{
    size_t used = strlen(buffer), length = strlen(text);
    if (length > size - used - 1)
        length = size - used - 1;
    memcpy(buffer + used, text, length);
    buffer[used + length] = '\0';
}

void ltv_text_blanks(FILE *out, int n)
{
    if (n > 0)
        fprintf(out, "%*s", n, "");
}

/* Columns of the first `length` bytes. */
static int width_of(const char *text, size_t length)
{
    int width = 0;
    uint32_t c;
    for (size_t i = 0; i < length; i += next_character(text + i, &c), width += character_width(c))
        continue;
    return width;
}

/* A number, after signs and currency signs if there are any. */
static bool is_number(const char *word)
{
    for (; *word != '\0'; word++) {
        if (*word >= '0' && *word <= '9')
            return true;
        if ((unsigned char)*word < 0x80 && strchr("$+-<>=([", *word) == NULL)
            return false;
    }
    return false;
}

/* Up to the next blank at which a line may end: "2.6 %" and "in 24" stay together, but a
 * number does not hold on to the next one. */
static size_t word_length(const char *word)
{
    size_t length = strcspn(word, " \n");
    if (word[length] == ' ' && is_number(word + length + 1) && !is_number(word))
        length += 1 + strcspn(word + length + 1, " \n");
    if (word[length] == ' ' && word[length + 1] == '%')
        length += 1 + strcspn(word + length + 1, " \n");
    return length;
}

void ltv_text_wrap(FILE *out, const char *text, int at, int indent, int columns)
{
    bool line_has_words = false;
    for (const char *word = text + strspn(text, " \n"); *word != '\0';
         word += strspn(word, " \n")) {
        size_t length = word_length(word);
        int width = width_of(word, length);
        if (line_has_words && at + 1 + width > columns) {
            fputc('\n', out);
            ltv_text_blanks(out, indent);
            at = indent;
            line_has_words = false;
        }
        if (line_has_words) {
            fputc(' ', out);
            at++;
        }
        print_span(out, word, length);
        at += width;
        line_has_words = true;
        word += length;
    }
    fputc('\n', out);
}
