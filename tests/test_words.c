/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/cli/report/words.h"

/* How often the text has the blank that begins at `blank`, up to its closing brace. */
static int count_blank(const char *text, const char *blank)
{
    int n = 0;
    size_t length = strcspn(blank, "}") + 1;
    for (; *text != '\0'; text++)
        n += strncmp(text, blank, length) == 0;
    return n;
}

static void every_blank_of_one_is_in_the_other(const char *one, const char *other)
{
    for (const char *c = one; *c != '\0'; c++)
        if (*c == '{' && count_blank(other, c) == 0)
            fail_msg("\"%s\" lacks a blank of \"%s\"", other, one);
}

/* The break-even notes of results files are English sentences; Japanese says the number instead. */
static int says_the_note(const char *text)
{
    return strstr(text, "{note}") != NULL;
}

static void both_languages_fill_in_the_same_blanks(void **state)
{
    (void)state;
    for (int word = 0; word < LTV_N_WORDS; word++) {
        const char *english = ltv_word_text(LTV_ENGLISH, (ltv_word)word);
        const char *japanese = ltv_word_text(LTV_JAPANESE, (ltv_word)word);
        if (says_the_note(english) || strstr(english, "{advice}") != NULL)
            continue;
        every_blank_of_one_is_in_the_other(english, japanese);
        every_blank_of_one_is_in_the_other(japanese, english);
    }
}

static void nothing_is_left_untranslated(void **state)
{
    (void)state;
    for (int word = 0; word < LTV_N_WORDS; word++)
        for (int language = 0; language < LTV_LANGUAGES; language++)
            assert_true(ltv_word_text((ltv_language)language, (ltv_word)word)[0] != '\0');
}

static void check_filled(const char *text, const ltv_blank *blanks, const char *expect)
{
    char *filled = ltv_fill_blanks(text, blanks);
    assert_non_null(filled);
    assert_string_equal(filled, expect);
    free(filled);
}

static void blanks_are_filled_once_and_what_they_hold_is_left_alone(void **state)
{
    (void)state;
    const ltv_blank blanks[] = {{"arm", "{ltv}"}, {"ltv", "¥5"}, {NULL, NULL}};
    check_filled("{arm} brings {ltv}, {ltv}", blanks, "{ltv} brings ¥5, ¥5");
    check_filled("{unknown} {", blanks, "{unknown} {");
    check_filled("", blanks, "");
}

static void languages_are_found_by_their_code(void **state)
{
    (void)state;
    ltv_language language;
    ltv_error err = {0};
    assert_int_equal(ltv_language_find(&language, "ja", &err), LTV_OK);
    assert_int_equal(language, LTV_JAPANESE);
    assert_int_equal(ltv_language_find(&language, "jp", &err), LTV_ERR_BAD_INPUT);
    assert_non_null(strstr(err.message, "'jp'"));
}

static void a_name_that_is_not_in_the_list_is_called_by_itself(void **state)
{
    (void)state;
    char buffer[64];
    assert_string_equal(ltv_term_text(LTV_ENGLISH, "new_figure", buffer, sizeof buffer),
                        "new figure");
    assert_string_equal(ltv_term_text(LTV_JAPANESE, "ltv", buffer, sizeof buffer),
                        "顧客生涯価値（LTV）");
    assert_null(ltv_term_meaning(LTV_JAPANESE, "new_figure"));
    assert_null(ltv_term_meaning(LTV_ENGLISH, "ltv")); /* the file says it */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_languages_fill_in_the_same_blanks),
        cmocka_unit_test(nothing_is_left_untranslated),
        cmocka_unit_test(blanks_are_filled_once_and_what_they_hold_is_left_alone),
        cmocka_unit_test(languages_are_found_by_their_code),
        cmocka_unit_test(a_name_that_is_not_in_the_list_is_called_by_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
