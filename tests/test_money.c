/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "close.h"
#include "sim/money.h"

static void a_unit_has_two_to_the_twenty_quanta_per_minor_unit(void **state)
{
    (void)state;
    assert_true(ltv_money_quanta_per_unit(0) == 1048576);
    assert_true(ltv_money_quanta_per_unit(2) == 104857600);
    assert_true(ltv_money_quanta_per_unit(3) == 1048576000);
}

static const double limit = 0x1p62;

static void rounding_goes_to_the_nearest_quantum_halves_away_from_zero(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        double quanta;
        ltv_money money;
    } cases[] = {
        {"zero", 0, 0},
        {"minus zero", -0.0, 0},
        {"below a half", 0.49999999999999994, 0},
        {"a half", 0.5, 1},
        {"minus a half", -0.5, -1},
        {"one and a half", 1.5, 2},
        {"two and a half", 2.5, 3},
        {"minus two and a half", -2.5, -3},
        {"beyond 2^53", 0x1.0000000000001p60, (1ll << 60) + 256},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ltv_money money = -77;
        assert_that(cases[i].label, ltv_money_round(cases[i].quanta, &money));
        assert_that(cases[i].label, money == cases[i].money);
    }
}

static void amounts_at_the_limit_are_refused(void **state)
{
    (void)state;
    ltv_money money = -77;
    assert_true((double)LTV_MONEY_LIMIT == limit);
    const double refused[] = {limit, -limit, 1e300, -1e300, INFINITY, -INFINITY, NAN};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        assert_false(ltv_money_round(refused[i], &money));
        assert_true(money == -77);
    }
    assert_true(ltv_money_round(nextafter(limit, 0), &money));
    assert_true(money == LTV_MONEY_LIMIT - 512);
    assert_true(ltv_money_round(-nextafter(limit, 0), &money));
    assert_true(money == 512 - LTV_MONEY_LIMIT);
}

static void weights_are_levels_to_two_to_the_minus_24(void **state)
{
    (void)state;
    bool overflow = false;
    assert_true(ltv_weight_of(1, &overflow) == LTV_WEIGHT_ONE);
    assert_true(ltv_weight_of(0, &overflow) == 0);
    assert_true(ltv_weight_of(0.5, &overflow) == LTV_WEIGHT_ONE / 2);
    assert_true(ltv_weight_of(0x1p-25, &overflow) == 1);
    assert_true(ltv_weight_of(0x1p-26, &overflow) == 0);
    assert_true(ltv_weight_of(0x1p32, &overflow) == LTV_WEIGHT_ONE << 32);
    assert_false(overflow);
    assert_true(ltv_weight_of(0x1.00001p32, &overflow) == 0 && overflow);
    overflow = false;
    assert_true(ltv_weight_of((double)INFINITY, &overflow) == 0 && overflow);
}

static void scaling_by_one_changes_nothing(void **state)
{
    (void)state;
    const ltv_money amounts[] = {0, 1, -1, 123456789, LTV_MONEY_LIMIT - 1, 1 - LTV_MONEY_LIMIT};
    for (size_t i = 0; i < sizeof amounts / sizeof *amounts; i++) {
        bool overflow = false;
        assert_true(ltv_money_scale(amounts[i], LTV_WEIGHT_ONE, &overflow) == amounts[i]);
        assert_false(overflow);
    }
}

static void scaling_rounds_once(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        ltv_money amount;
        double level;
        ltv_money scaled;
    } cases[] = {
        {"a half goes up", 5, 0.5, 3},    {"minus a half goes up, too", -5, 0.5, -2},
        {"below a half", 1, 0.4999, 0},   {"a quarter", 1000, 0.25, 250},
        {"nobody spends", 1000000, 0, 0}, {"a thousandfold", 12345, 1000, 12345000},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bool overflow = false;
        assert_that(cases[i].label,
                    ltv_money_scale(cases[i].amount, ltv_weight_of(cases[i].level, &overflow),
                                    &overflow) == cases[i].scaled);
        assert_that(cases[i].label, !overflow);
    }
    /* Against long double, whose 64 bits hold these products exactly. */
    for (ltv_money amount = -1000003; amount <= 1000003; amount += 1709)
        for (ltv_weight weight = 1; weight < LTV_WEIGHT_ONE * 4; weight = 3 * weight + 7919) {
            bool overflow = false;
            long double exact = (long double)amount * (long double)weight / 0x1p24L;
            assert_true(ltv_money_scale(amount, weight, &overflow) ==
                        (ltv_money)floorl(exact + 0.5L));
            assert_false(overflow);
        }
}

static void a_product_that_is_too_large_is_flagged_and_becomes_zero(void **state)
{
    (void)state;
    const struct {
        const char *label;
        ltv_money amount;
        double level;
        bool overflow;
    } cases[] = {
        {"just below", LTV_MONEY_LIMIT / 2 - 1, 2, false},
        {"at the limit", LTV_MONEY_LIMIT / 2, 2, true},
        {"at the limit, negative", -LTV_MONEY_LIMIT / 2, 2, true},
        {"just above the negative limit", 1 - LTV_MONEY_LIMIT / 2, 2, false},
        {"2^63, which 64 bits would turn negative", (ltv_money)1 << 43, 0x1p20, true},
        {"2^64, which 64 bits would turn to 0", (ltv_money)1 << 44, 0x1p20, true},
        {"the largest of all", LTV_MONEY_LIMIT - 1, 0x1p20, true},
        {"the largest of all, negative", 1 - LTV_MONEY_LIMIT, 0x1p20, true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bool overflow = false;
        ltv_money scaled =
            ltv_money_scale(cases[i].amount, ltv_weight_of(cases[i].level, &overflow), &overflow);
        assert_that(cases[i].label, overflow == cases[i].overflow);
        assert_that(cases[i].label, overflow ? scaled == 0 : scaled == 2 * cases[i].amount);
    }
    bool sticky = true;
    (void)ltv_money_scale(1, LTV_WEIGHT_ONE, &sticky);
    assert_true(sticky);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_unit_has_two_to_the_twenty_quanta_per_minor_unit),
        cmocka_unit_test(rounding_goes_to_the_nearest_quantum_halves_away_from_zero),
        cmocka_unit_test(amounts_at_the_limit_are_refused),
        cmocka_unit_test(weights_are_levels_to_two_to_the_minus_24),
        cmocka_unit_test(scaling_by_one_changes_nothing),
        cmocka_unit_test(scaling_rounds_once),
        cmocka_unit_test(a_product_that_is_too_large_is_flagged_and_becomes_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
