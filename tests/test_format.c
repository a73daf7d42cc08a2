/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim/cli/format.h"

static const ltv_money_style yen = {"JPY", 0, true};
static const ltv_money_style dollar = {"USD", 2, true};
static const ltv_money_style franc = {"CHF", 2, true};
static const ltv_money_style plain_yen = {"JPY", 0, false};
static const ltv_money_style dinar = {"KWD", 3, true};

static void counts_are_grouped_in_thousands(void **state)
{
    (void)state;
    assert_string_equal(ltv_format_count(0).text, "0");
    assert_string_equal(ltv_format_count(999).text, "999");
    assert_string_equal(ltv_format_count(1000).text, "1,000");
    assert_string_equal(ltv_format_count(100000).text, "100,000");
    assert_string_equal(ltv_format_count(-1234567).text, "-1,234,567");
    assert_string_equal(ltv_format_count(INT64_MAX).text, "9,223,372,036,854,775,807");
    assert_string_equal(ltv_format_count(INT64_MIN).text, "-9,223,372,036,854,775,808");
}

static void money_reads_as_people_write_it(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        const ltv_money_style *style;
        double amount;
        const char *expected;
    } cases[] = {
        {"yen have no decimals", &yen, 26666.67, "¥26,667"},
        {"small yen have none either", &yen, 3.4, "¥3"},
        {"cents below a thousand", &dollar, 84.5, "$84.50"},
        {"no cents from a thousand on", &dollar, 2140.4, "$2,140"},
        {"millions are not shortened", &dollar, 3e6, "$3,000,000"},
        {"negative", &dollar, -84.5, "−$84.50"},
        {"a currency without a sign", &franc, 1234, "CHF 1,234"},
        {"a negative one", &franc, -1234, "CHF −1,234"},
        {"ASCII has the code", &plain_yen, -26667, "JPY -26,667"},
        {"three decimals", &dinar, 1.5, "KWD 1.500"},
        {"what rounds to zero has no sign", &yen, -0.3, "¥0"},
        {"minus zero", &yen, -0.0, "¥0"},
        {"not a number", &yen, NAN, "n/a"},
        {"infinite", &yen, INFINITY, "infinite"},
        {"minus infinite", &yen, -INFINITY, "-infinite"},
        {"too long to read", &yen, 1.25e17, "1.25e+17"},
        {"the largest double", &yen, 1.7976931348623157e308, "1.798e+308"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        print_message("%s\n", cases[i].label);
        assert_string_equal(ltv_format_money(cases[i].style, cases[i].amount).text,
                            cases[i].expected);
    }
}

static void a_change_of_money_carries_its_sign(void **state)
{
    (void)state;
    assert_string_equal(ltv_format_money_change(&yen, 6017).text, "+¥6,017");
    assert_string_equal(ltv_format_money_change(&yen, -690).text, "−¥690");
    assert_string_equal(ltv_format_money_change(&yen, 0).text, "¥0");
    assert_string_equal(ltv_format_money_change(&plain_yen, 33).text, "JPY +33");
}

static void quantiles_show_no_more_than_the_buckets_know(void **state)
{
    (void)state;
    assert_string_equal(ltv_format_money_quantile(&yen, 26017).text, "¥26,000");
    assert_string_equal(ltv_format_money_quantile(&dollar, 223.61).text, "$224");
    assert_string_equal(ltv_format_money_quantile(&dollar, 223.5).text, "$223.50");
    assert_string_equal(ltv_format_money_quantile(&yen, 26400).text, "¥26,400");
    assert_string_equal(ltv_format_money_quantile(&yen, 1008).text, "¥1,008");
    assert_string_equal(ltv_format_money_quantile(&dollar, 0.1234).text, "$0.12");
    assert_string_equal(ltv_format_money_quantile(&dollar, 0).text, "$0");
    assert_string_equal(ltv_format_money_quantile(&dollar, NAN).text, "n/a");
    assert_string_equal(ltv_format_money_quantile(&dollar, 94.917).text, "$94.90");
    assert_string_equal(ltv_format_money_interval(&yen, 3201.3, 60824, LTV_QUANTILE_DIGITS).text,
                        "[¥3,200, ¥60,800]");
    assert_string_equal(ltv_format_money_interval(&dollar, -21000, 205000, 4).text,
                        "[−$21,000, $205,000]");
}

static void at_most_is_never_less(void **state)
{
    (void)state;
    static const struct {
        const ltv_money_style *style;
        double amount;
        const char *expected;
    } cases[] = {
        {&yen, 26017, "¥26,100"},
        {&yen, 26400, "¥26,400"},
        {&yen, 1008, "¥1,008"},
        {&dollar, 223.01, "$224"},
        {&dollar, 0.1234, "$0.13"},
        {&dollar, 8.7912, "$8.80"},
        {&dollar, 999.6, "$999.60"},
        {&dollar, 999.61, "$1,000"},
        {&yen, -26017, "−¥26,000"},
        {&yen, 0, "¥0"},
        {&yen, 0.2, "¥1"},
        {&yen, NAN, "n/a"},
        {&dollar, 0.1 + 0.2, "$0.30"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(ltv_format_money_at_most(cases[i].style, cases[i].amount).text,
                            cases[i].expected);
}

static void shares_have_one_decimal_and_never_lie_about_0_and_100(void **state)
{
    (void)state;
    static const struct {
        double share;
        const char *expected;
    } cases[] = {
        {0, "0.0 %"},        {1, "100.0 %"},     {0.026, "2.6 %"},    {0.81, "81.0 %"},
        {1e-9, "<0.1 %"},    {0.0004, "<0.1 %"}, {0.0006, "0.1 %"},   {0.99949, "99.9 %"},
        {0.9997, ">99.9 %"}, {NAN, "n/a"},       {12.5, "1,250.0 %"}, {-0.125, "-12.5 %"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(ltv_format_share(cases[i].share).text, cases[i].expected);
}

static void a_given_percentage_is_shown_as_given(void **state)
{
    (void)state;
    assert_string_equal(ltv_format_percent_input(0.1).text, "10 %");
    assert_string_equal(ltv_format_percent_input(0.075).text, "7.5 %");
    assert_string_equal(ltv_format_percent_input(0.03).text, "3 %");
    assert_string_equal(ltv_format_percent_input(0.0009).text, "0.09 %");
}

static void significant_digits_are_the_shortest_that_say_it(void **state)
{
    (void)state;
    static const struct {
        double value;
        int digits;
        const char *expected;
    } cases[] = {
        {26666.666667, 6, "26,666.7"},
        {0.05, 6, "0.05"},
        {12, 6, "12"},
        {0, 6, "0"},
        {1234567.8, 6, "1,234,570"},
        {-2.5, 6, "-2.5"},
        {0.1 + 0.2, 6, "0.3"},
        {1e-7, 6, "1e-07"},
        {NAN, 6, "n/a"},
        {999999.6, 6, "1,000,000"},
        {0.000123456, 3, "0.000123"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(ltv_format_significant(cases[i].value, cases[i].digits, false).text,
                            cases[i].expected);
}

static void rounding_to_digits_is_decimal(void **state)
{
    (void)state;
    assert_true(ltv_round_significant(26017, 3) == 26000);
    assert_true(ltv_round_significant(0.0012345, 2) == 0.0012);
    assert_true(ltv_round_significant(-999.6, 3) == -1000);
    assert_true(ltv_round_significant(0, 3) == 0);
    assert_true(isnan(ltv_round_significant(NAN, 3)));
    assert_true(isinf(ltv_round_significant(INFINITY, 3)));
}

static void ratios_and_periods_read_well(void **state)
{
    (void)state;
    assert_string_equal(ltv_format_ratio(5.2034, true).text, "5.20");
    assert_string_equal(ltv_format_ratio(-0.5, true).text, "−0.50");
    assert_string_equal(ltv_format_ratio(519.4, true).text, "519");
    assert_string_equal(ltv_format_periods(7, 0, "month").text, "7 months");
    assert_string_equal(ltv_format_periods(1, 0, "month").text, "1 month");
    assert_string_equal(ltv_format_periods(32.52, 1, "week").text, "32.5 weeks");
    assert_string_equal(ltv_format_periods(NAN, 0, "month").text, "n/a");
    assert_string_equal(ltv_format_payback(7, "month").text, "month 7");
    assert_string_equal(ltv_format_payback(0, "month").text, "at once");
    assert_string_equal(ltv_format_payback(NAN, "month").text, "n/a");
    assert_string_equal(ltv_format_payback(INFINITY, "month").text, "infinite");
    assert_string_equal(ltv_format_rate(0.02977).text, "2.98 %");
    assert_string_equal(ltv_format_rate(0.03).text, "3 %");
    assert_string_equal(ltv_format_rate(1e-7).text, "1e-05 %");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_are_grouped_in_thousands),
        cmocka_unit_test(money_reads_as_people_write_it),
        cmocka_unit_test(a_change_of_money_carries_its_sign),
        cmocka_unit_test(quantiles_show_no_more_than_the_buckets_know),
        cmocka_unit_test(at_most_is_never_less),
        cmocka_unit_test(shares_have_one_decimal_and_never_lie_about_0_and_100),
        cmocka_unit_test(a_given_percentage_is_shown_as_given),
        cmocka_unit_test(significant_digits_are_the_shortest_that_say_it),
        cmocka_unit_test(rounding_to_digits_is_decimal),
        cmocka_unit_test(ratios_and_periods_read_well),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
