/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sim/io/workbook/sheet_name.h"

static void names_become_such_as_sheets_may_have(void **state)
{
    static const struct {
        const char *label, *wanted, *made;
    } cases[] = {
        {"as it is", "onboarding vs today", "onboarding vs today"},
        {"Japanese", "解約率 vs 今日", "解約率 vs 今日"},
        {"forbidden", "a[b]c:d*e?f/g\\h", "a b c d e f g h"},
        {"apostrophes", "'it''s'", "it  s"},
        {"blanks at the ends", "  a  ", "a"},
        {"control characters",
         "a\tb\x01"
         "c\x7F"
         "d",
         "a b c d"},
        {"31 characters", "abcdefghijklmnopqrstuvwxyz12345", "abcdefghijklmnopqrstuvwxyz12345"},
        {"32 characters", "abcdefghijklmnopqrstuvwxyz123456", "abcdefghijklmnopqrstuvwxyz1234…"},
        {"emoji take two units", "🎵🎵🎵🎵🎵🎵🎵🎵🎵🎵🎵🎵🎵🎵🎵🎵", "🎵🎵🎵🎵🎵🎵🎵🎵🎵🎵🎵🎵🎵🎵🎵…"},
        {"nothing", "", "Sheet"},
        {"nothing allowed", "[]:*?", "Sheet"},
        {"Excel's own", "HISTORY", "Sheet"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ltv_sheet_name name = ltv_sheet_name_make(cases[i].wanted, NULL, 0);
        if (strcmp(name.text, cases[i].made) != 0)
            fail_msg("%s: '%s' instead of '%s'", cases[i].label, name.text, cases[i].made);
    }
}

static void taken_names_get_a_number(void **state)
{
    static const char *const wanted[] = {"today", "Today", "TODAY", "today (2)"};
    static const char *const made[] = {"today", "Today (2)", "TODAY (3)", "today (2) (2)"};
    ltv_sheet_name names[4];
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        names[i] = ltv_sheet_name_make(wanted[i], names, i);
        assert_string_equal(names[i].text, made[i]);
    }
}

static void long_names_that_begin_alike_stay_apart(void **state)
{
    enum { N = 120 };
    static ltv_sheet_name names[N];
    (void)state;
    for (size_t i = 0; i < N; i++) {
        names[i] = ltv_sheet_name_make("an arm with a long name vs another one", names, i);
        assert_true(strlen(names[i].text) <= LTV_SHEET_NAME_UNITS + strlen("…") - 1);
        for (size_t other = 0; other < i; other++)
            assert_string_not_equal(names[i].text, names[other].text);
    }
    assert_string_equal(names[0].text, "an arm with a long name vs ano…");
    assert_string_equal(names[N - 1].text, "an arm with a long name… (120)");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_become_such_as_sheets_may_have),
        cmocka_unit_test(taken_names_get_a_number),
        cmocka_unit_test(long_names_that_begin_alike_stay_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
