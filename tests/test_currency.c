/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim/io/scenario/currency.h"

static void a_code_is_three_capital_letters(void **state)
{
    (void)state;
    static const struct {
        const char *label, *text;
        bool is_code;
    } cases[] = {
        {"in use", "USD", true},      {"not in use yet", "QQQ", true}, {"lower case", "usd", false},
        {"two letters", "US", false}, {"four letters", "USDT", false}, {"a sign", "$", false},
        {"digits", "840", false},     {"nothing", "", false},          {"full width", "Ｊ", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i)
        if (ltv_currency_is_code(cases[i].text) != cases[i].is_code)
            fail_msg("%s", cases[i].label);
}

static void currencies_have_their_own_decimals(void **state)
{
    (void)state;
    static const struct {
        const char *code;
        int decimals;
    } cases[] = {
        {"BIF", 0}, {"CLP", 0}, {"JPY", 0}, {"KRW", 0}, {"ISK", 0}, {"XPF", 0}, /* ends of lists */
        {"BHD", 3}, {"KWD", 3}, {"TND", 3}, {"CLF", 4}, {"UYW", 4}, {"HUF", 2},
        {"USD", 2}, {"EUR", 2}, {"QQQ", 2},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i)
        if (ltv_currency_decimals(cases[i].code) != cases[i].decimals)
            fail_msg("%s", cases[i].code);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_code_is_three_capital_letters),
        cmocka_unit_test(currencies_have_their_own_decimals),
    };
    return cmocka_run_group_tests_name("currency", tests, NULL, NULL);
}
