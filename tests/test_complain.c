/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sim/io/complain.h"

static void a_complaint_names_its_place(void **state)
{
    (void)state;
    static const struct {
        ltv_place place;
        const char *path, *message;
    } cases[] = {
        {{.file = "a.yaml", .line = 3, .column = 7}, "time.unit", "a.yaml:3:7: time.unit: no 5"},
        {{.file = "a.yaml", .line = 3, .column = 7}, NULL, "a.yaml:3:7: no 5"},
        {{.file = "a.yaml", .line = 3, .column = 7}, "", "a.yaml:3:7: no 5"},
        {{.file = "a.yaml"}, NULL, "a.yaml: no 5"},
        {{.file = "a.yaml", .override = "--set x=5", .line = 1, .column = 1},
         "x",
         "--set x=5: x: no 5"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i) {
        ltv_error err = {0};
        assert_int_equal(ltv_complain(&err, &cases[i].place, cases[i].path, "no %d", 5),
                         LTV_ERR_BAD_INPUT);
        assert_int_equal(err.code, LTV_ERR_BAD_INPUT);
        assert_string_equal(err.message, cases[i].message);
    }
}

static void what_is_shown_is_short_and_printable(void **state)
{
    (void)state;
    static const struct {
        const char *text, *shown;
    } cases[] = {
        {"", ""},
        {"churn", "churn"},
        {"推奨者", "推奨者"},
        {"a\nb\x1B[31m", "a?b?[31m"},
        {"a\xFF\xFE", "a??"},
        {"\xC2\x85\x7F", "??"},
        {"\xEF\xBB\xBFx", "?x"},
    };
    char shown[LTV_SHOWN_SIZE];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i)
        assert_string_equal(ltv_shown(shown, cases[i].text), cases[i].shown);
}

static void a_long_text_is_cut_between_characters(void **state)
{
    (void)state;
    char text[600], shown[LTV_SHOWN_SIZE];
    for (size_t before = 0; before < 5; ++before) {
        memset(text, 'a', before);
        for (size_t i = 0; i < 100; ++i)
            memcpy(text + before + 3 * i, "推", 4);
        ltv_shown(shown, text);
        size_t length = strlen(shown);
        assert_true(length < LTV_SHOWN_SIZE);
        assert_string_equal(shown + length - strlen("推…"), "推…");
    }
}

static void only_well_formed_utf_8_is_a_character(void **state)
{
    (void)state;
    static const struct {
        const char *label, *text;
        size_t length;
        uint32_t code_point;
    } cases[] = {
        {"ASCII", "a", 1, 'a'},
        {"two bytes", "é", 2, 0xE9},
        {"three bytes", "推", 3, 0x63A8},
        {"four bytes", "😀", 4, 0x1F600},
        {"last code point", "\xF4\x8F\xBF\xBF", 4, 0x10FFFF},
        {"beyond the last", "\xF4\x90\x80\x80", 0, 0},
        {"overlong in two", "\xC0\xAF", 0, 0},
        {"overlong in three", "\xE0\x9F\xBF", 0, 0},
        {"overlong in four", "\xF0\x8F\xBF\xBF", 0, 0},
        {"surrogate", "\xED\xA0\x80", 0, 0},
        {"cut off", "\xE6\x8E", 0, 0},
        {"continuation alone", "\x80", 0, 0},
        {"broken continuation", "\xE6(\x80", 0, 0},
        {"nothing", "", 0, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i) {
        uint32_t code_point = 0;
        size_t length = ltv_utf8_next(cases[i].text, strlen(cases[i].text), &code_point);
        if (length != cases[i].length || code_point != cases[i].code_point) {
            print_error("%s: %zu bytes, U+%04X\n", cases[i].label, length, code_point);
            fail();
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_complaint_names_its_place),
        cmocka_unit_test(what_is_shown_is_short_and_printable),
        cmocka_unit_test(a_long_text_is_cut_between_characters),
        cmocka_unit_test(only_well_formed_utf_8_is_a_character),
    };
    return cmocka_run_group_tests_name("complain", tests, NULL, NULL);
}
