/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "sim/io/number.h"

enum { EITHER = LTV_MARK_PERCENT | LTV_MARK_TIMES };

static double parsed(const char *text, unsigned marks)
{
    ltv_decimal number;
    char why[LTV_WHY_SIZE] = "";
    if (!ltv_decimal_parse(&number, text, marks, why)) {
        print_error("\"%s\" %s\n", text, why);
        fail();
    }
    return ltv_decimal_value(&number);
}

static void assert_same_bits(const char *label, double actual, double expected)
{
    if (memcmp(&actual, &expected, sizeof actual) != 0) {
        print_error("%s: %.17g, expected %.17g\n", label, actual, expected);
        fail();
    }
}

static void numbers_are_read_as_people_write_them(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double value;
    } cases[] = {
        {"0", 0},
        {"-0", 0},
        {"7", 7},
        {"+7", 7},
        {"-7.25", -7.25},
        {".5", 0.5},
        {"0.5", 0.5},
        {"3%", 0.03},
        {"3 %", 0.03},
        {"0.9%", 0.009},
        {"63.1%", 0.631},
        {"100%", 1},
        {"３％", 0.03},
        {"０．９％", 0.009},
        {"１，０００", 1000},
        {"－５", -5},
        {"−5", -5},
        {"x1.9", 1.9},
        {"X1.9", 1.9},
        {"×1.9", 1.9},
        {"ｘ１．９", 1.9},
        {"1e6", 1e6},
        {"1E-3", 1e-3},
        {"1.5e+2", 150},
        {"1,000", 1000},
        {"12,345,678.9", 12345678.9},
        {"  42  ", 42},
        {"\xE3\x80\x80"
         "42",
         42},
        {"0.1", 0.1},
        {"0.1000000000000000055511151231257827021181583404541015625", 0.1},
        {"9007199254740993", 9007199254740992.0},
        {"179769313486231570000000000000000000000e270", 1.7976931348623157e308},
        {"5e-324", 5e-324},
        {"1e-400", 0},
        {"-1e-400", 0},
        {"1e400", INFINITY},
        {"0e999999999999", 0},
        {"1e-99999999999999999999", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i)
        assert_same_bits(cases[i].text, parsed(cases[i].text, EITHER), cases[i].value);
}

static void a_percentage_is_the_same_double_as_its_fraction(void **state)
{
    (void)state;
    for (int i = 0; i <= 10000; ++i) {
        char percent[32], fraction[32];
        snprintf(percent, sizeof percent, "%d.%02d%%", i / 100, i % 100);
        snprintf(fraction, sizeof fraction, "%d.%04d", i / 10000, i % 10000);
        assert_same_bits(percent, parsed(percent, EITHER), parsed(fraction, EITHER));
    }
}

static void what_is_not_a_number_is_refused_with_a_reason(void **state)
{
    (void)state;
    static const struct {
        const char *text, *why;
        unsigned marks;
    } cases[] = {
        {"", "is empty", EITHER},
        {"   ", "is empty", EITHER},
        {"nan", "not a finite number", EITHER},
        {".NaN", "not a finite number", EITHER},
        {"-inf", "not a finite number", EITHER},
        {"+.inf", "not a finite number", EITHER},
        {"Infinity", "not a finite number", EITHER},
        {"0x1F", "hexadecimal", EITHER},
        {"010", "a zero too many", EITHER},
        {"00", "a zero too many", EITHER},
        {"1_000", "an underscore", EITHER},
        {"1 000", "a blank inside", EITHER},
        {"$5", "currency sign", EITHER},
        {"5€", "currency sign", EITHER},
        {"3,5", "decimal comma; write 3.5", EITHER},
        {"3,5%", "decimal comma; write 3.5%", EITHER},
        {"0,500", "decimal comma; write 0.500", EITHER},
        {"1,00,000", "commas in places", EITHER},
        {"1000,000", "commas in places", EITHER},
        {"1.000,50", "commas in places", EITHER},
        {",5", "commas in places", EITHER},
        {"5,", "commas in places", EITHER},
        {"5.", "is not a number", EITHER},
        {".", "is not a number", EITHER},
        {"-", "is not a number", EITHER},
        {"%", "is not a number", EITHER},
        {"x", "is not a number", EITHER},
        {"x%", "is not a number", EITHER},
        {"1e", "is not a number", EITHER},
        {"1e+", "is not a number", EITHER},
        {"1e5.5", "is not a number", EITHER},
        {"e5", "is not a number", EITHER},
        {"1.2.3", "is not a number", EITHER},
        {"--1", "is not a number", EITHER},
        {"+-1", "is not a number", EITHER},
        {"xx2", "is not a number", EITHER},
        {"3%%", "is not a number", EITHER},
        {"3 apples", "is not a number", EITHER},
        {"三", "is not a number", EITHER},
        {"\xFF", "is not a number", EITHER},
        {"3%", "not a share", LTV_MARK_NONE},
        {"110%", "write x1.1 for 110% of it, or x2.1 for 110% more", LTV_MARK_TIMES},
        {"+12.5%", "write x1.125 for 12.5% more", LTV_MARK_TIMES},
        {"30%", "write x0.3 for 30% of it, x1.3 for 30% more, or x0.7 for 30% less",
         LTV_MARK_TIMES},
        {"-30%", "multiplier; write x0.7 for 30% less", LTV_MARK_TIMES},
        {"-120%", "write x1.1 for 10% more", LTV_MARK_TIMES},
        {"-%", "write x1.1 for 10% more", LTV_MARK_TIMES},
        {"x2", "write the share itself, such as 3%", LTV_MARK_PERCENT},
        {"x2", "a plain number is due", LTV_MARK_NONE},
        {"x1.1", "write the amount itself, such as 1200", LTV_MARK_MONEY},
        {"+10%", "write the amount itself, such as 1200", LTV_MARK_MONEY},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i) {
        ltv_decimal number;
        char why[LTV_WHY_SIZE] = "";
        bool ok = ltv_decimal_parse(&number, cases[i].text, cases[i].marks, why);
        if (ok || strstr(why, cases[i].why) == NULL) {
            print_error("\"%s\" %s, expected: %s\n", cases[i].text, ok ? "is taken" : why,
                        cases[i].why);
            fail();
        }
    }
}

static void a_text_of_any_length_is_read_or_refused(void **state)
{
    (void)state;
    char text[4 * LTV_NUMBER_MAX_LENGTH];
    for (size_t n = 1; n < sizeof text; ++n) {
        ltv_decimal number;
        char why[LTV_WHY_SIZE];
        memset(text, '9', n);
        text[n] = '\0';
        assert_int_equal(ltv_decimal_parse(&number, text, EITHER, why), n <= LTV_NUMBER_MAX_LENGTH);
    }
}

static void one_minus_is_subtracted_in_decimal(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double value;
    } cases[] = {
        {"97%", 0.03},    {"0.97", 0.03},
        {"99.1%", 0.009}, {"1", 0},
        {"100%", 0},      {"1.0000000000000000000000000001", 0},
        {"0.5", 0.5},     {"0.999999999999999999999999999999999999999999", 1e-42},
        {"1e-300", 1},    {"1e-5000", 1},
        {"0.1", 0.9},     {"95%", 0.05},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i) {
        ltv_decimal number;
        char why[LTV_WHY_SIZE];
        assert_true(ltv_decimal_parse(&number, cases[i].text, EITHER, why));
        ltv_decimal_one_minus(&number);
        assert_same_bits(cases[i].text, ltv_decimal_value(&number), cases[i].value);
    }
}

static void whole_numbers_are_exact_up_to_64_bits(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool whole;
        uint64_t value;
    } cases[] = {
        {"0", true, 0},
        {"1e6", true, 1000000},
        {"1,000", true, 1000},
        {"10.0", true, 10},
        {"9007199254740993", true, 9007199254740993u},
        {"18446744073709551615", true, UINT64_MAX},
        {"18446744073709551616", false, 0},
        {"1e19", true, 10000000000000000000u},
        {"1e20", false, 0},
        {"1e99999", false, 0},
        {"0.5", false, 0},
        {"-1", false, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i) {
        ltv_decimal number;
        char why[LTV_WHY_SIZE];
        uint64_t value = 0;
        assert_true(ltv_decimal_parse(&number, cases[i].text, EITHER, why));
        assert_int_equal(ltv_decimal_whole(&number, &value), cases[i].whole);
        if (cases[i].whole)
            assert_true(value == cases[i].value);
    }
}

static void text_of_a_double_reads_back_the_same(void **state)
{
    (void)state;
    static const struct {
        double value;
        const char *text;
    } cases[] = {
        {0.631, "0.631"},   {1, "1"},       {0.1, "0.1"}, {1.0 / 3, "0.3333333333333333"},
        {5e-324, "5e-324"}, {1000, "1000"}, {-40, "-40"}, {1e15, "1e+15"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i) {
        char text[LTV_DOUBLE_TEXT_SIZE];
        assert_string_equal(ltv_double_text(text, cases[i].value), cases[i].text);
        assert_same_bits(text, parsed(text, LTV_MARK_NONE), cases[i].value);
    }
}

static void the_locale_changes_nothing(void **state)
{
    (void)state;
    static const char *const locales[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "de_DE", "fr_FR"};
    bool found = false;
    for (size_t i = 0; i < sizeof locales / sizeof locales[0] && !found; ++i)
        found = setlocale(LC_NUMERIC, locales[i]) != NULL;
    if (!found)
        skip(); /* no locale with a decimal comma on this machine */
    char text[LTV_DOUBLE_TEXT_SIZE];
    assert_same_bits("3.5%", parsed("3.5%", EITHER), 0x1.1eb851eb851ecp-5);
    assert_string_equal(ltv_double_text(text, 0.631), "0.631");
    setlocale(LC_NUMERIC, "C");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_read_as_people_write_them),
        cmocka_unit_test(a_percentage_is_the_same_double_as_its_fraction),
        cmocka_unit_test(what_is_not_a_number_is_refused_with_a_reason),
        cmocka_unit_test(a_text_of_any_length_is_read_or_refused),
        cmocka_unit_test(one_minus_is_subtracted_in_decimal),
        cmocka_unit_test(whole_numbers_are_exact_up_to_64_bits),
        cmocka_unit_test(text_of_a_double_reads_back_the_same),
        cmocka_unit_test(the_locale_changes_nothing),
    };
    return cmocka_run_group_tests_name("number", tests, NULL, NULL);
}
