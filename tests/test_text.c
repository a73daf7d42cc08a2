/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/cli/text.h"

static void widths_are_terminal_columns(void **state)
{
    (void)state;
    static const struct {
        const char *label, *text;
        int width;
    } cases[] = {
        {"empty", "", 0},
        {"ASCII", "music", 5},
        {"accents", "Müsli", 5},
        {"kanji take two", "推奨者", 6},
        {"mixed", "事業B", 5},
        {"full-width digits", "３％", 4},
        {"a combining accent takes none", "e\xcc\x81", 1},
        {"kana with a combining mark", "か\xe3\x82\x99", 2},
        {"hangul", "한국", 4},
        {"emoji", "🎵", 2},
        {"block characters take one", "█▁▂", 3},
        {"a stray continuation byte", "\x80", 1},
        {"a character that breaks off", "\xe6\x8e", 2},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        print_message("%s\n", cases[i].label);
        assert_int_equal(ltv_text_width(cases[i].text), cases[i].width);
    }
}

static void clipping_keeps_to_the_columns_and_whole_characters(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int columns;
        bool utf8;
        const char *expected;
    } cases[] = {
        {"short", 10, true, "short"},
        {"exactly ten", 11, true, "exactly ten"},
        {"one too long", 11, true, "one too lo…"},
        {"one too long", 11, false, "one too ..."},
        {"推奨者と中立者", 7, true, "推奨者…"},
        {"推奨者と中立者", 8, true, "推奨者…"},
        {"tab\tand\x1b[31m", 20, true, "tab and [31m"},
    };
    char buffer[64];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(
            ltv_text_clip(buffer, sizeof buffer, cases[i].text, cases[i].columns, cases[i].utf8),
            cases[i].expected);
}

static void clipping_never_leaves_the_buffer(void **state)
{
    (void)state;
    char buffer[9];
    for (size_t size = 5; size <= sizeof buffer; size++) {
        memset(buffer, 'x', sizeof buffer);
        ltv_text_clip(buffer, size, "推奨者と中立者", 80, true);
        assert_true(strlen(buffer) < size);
    }
}

static char *wrapped(const char *text, int at, int indent, int columns)
{
    static char *result; /* static: the stream keeps its address */
    static size_t size;
    FILE *out = open_memstream(&result, &size);
    assert_non_null(out);
    ltv_text_wrap(out, text, at, indent, columns);
    fclose(out);
    return result;
}

static void wrapping_breaks_at_blanks(void **state)
{
    (void)state;
    static const struct {
        const char *label, *text;
        int at, indent, columns;
        const char *expected;
    } cases[] = {
        {"one line", "a b c", 0, 0, 10, "a b c\n"},
        {"exactly full", "aaa bbb", 0, 0, 7, "aaa bbb\n"},
        {"one over", "aaa bbb", 0, 0, 6, "aaa\nbbb\n"},
        {"indent", "aaa bbb ccc", 2, 4, 9, "aaa bbb\n    ccc\n"},
        {"a long word stands alone", "a bbbbbbbbbbbb c", 0, 0, 5, "a\nbbbbbbbbbbbb\nc\n"},
        {"newlines are blanks", "a\nb", 0, 0, 10, "a b\n"},
        {"empty", "", 0, 0, 10, "\n"},
        {"wide characters", "推奨 中立", 0, 0, 8, "推奨\n中立\n"},
        {"a number keeps the word before it", "brings in 24 months", 0, 0, 10,
         "brings\nin 24\nmonths\n"},
        {"with a currency sign, too", "aaa brings −¥4,000", 0, 0, 13, "aaa\nbrings −¥4,000\n"},
        {"but not another number", "1 2 3", 0, 0, 3, "1 2\n3\n"},
        {"a per cent sign keeps its number", "loses 3 %", 0, 0, 8, "loses 3 %\n"},
        {"control characters",
         "a\x1b"
         "b",
         0, 0, 10, "a b\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *text = wrapped(cases[i].text, cases[i].at, cases[i].indent, cases[i].columns);
        print_message("%s\n", cases[i].label);
        assert_string_equal(text, cases[i].expected);
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(widths_are_terminal_columns),
        cmocka_unit_test(clipping_keeps_to_the_columns_and_whole_characters),
        cmocka_unit_test(clipping_never_leaves_the_buffer),
        cmocka_unit_test(wrapping_breaks_at_blanks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
