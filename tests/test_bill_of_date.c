/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim/io/scenario/bill_of_date.h"
#include "tests/walk_fixture.h"

static void the_first_bill_from_a_date_on_is_found(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        ltv_time_unit unit;
        ltv_date start, date;
        uint32_t bill;
    } cases[] = {
        {"the start itself", LTV_UNIT_MONTH, {2027, 4, 15}, {2027, 4, 15}, 0},
        {"a day later", LTV_UNIT_MONTH, {2027, 4, 15}, {2027, 4, 16}, 1},
        {"the day of a bill", LTV_UNIT_MONTH, {2027, 4, 15}, {2027, 10, 15}, 6},
        {"before it", LTV_UNIT_MONTH, {2027, 4, 15}, {2027, 10, 1}, 6},
        {"after it", LTV_UNIT_MONTH, {2027, 4, 15}, {2027, 10, 16}, 7},
        {"a year later", LTV_UNIT_MONTH, {2027, 12, 31}, {2028, 12, 31}, 12},
        {"a bill at the end of a short month", LTV_UNIT_MONTH, {2027, 1, 31}, {2027, 2, 28}, 1},
        {"and of a leap year's", LTV_UNIT_MONTH, {2028, 1, 31}, {2028, 2, 29}, 1},
        {"the day before", LTV_UNIT_MONTH, {2028, 1, 31}, {2028, 2, 28}, 1},
        {"the month after", LTV_UNIT_MONTH, {2028, 1, 31}, {2028, 3, 1}, 2},
        {"quarters", LTV_UNIT_QUARTER, {2027, 4, 15}, {2027, 10, 15}, 2},
        {"within a quarter", LTV_UNIT_QUARTER, {2027, 4, 15}, {2027, 5, 1}, 1},
        {"after the bill of a quarter", LTV_UNIT_QUARTER, {2027, 4, 15}, {2027, 7, 16}, 2},
        {"years", LTV_UNIT_YEAR, {2027, 4, 15}, {2030, 4, 15}, 3},
        {"within a year", LTV_UNIT_YEAR, {2027, 4, 15}, {2030, 4, 16}, 4},
        {"weeks", LTV_UNIT_WEEK, {2027, 2, 22}, {2027, 3, 1}, 1},
        {"within a week", LTV_UNIT_WEEK, {2027, 2, 22}, {2027, 3, 2}, 2},
        {"days over a leap day", LTV_UNIT_DAY, {2028, 2, 28}, {2028, 3, 1}, 2},
        {"days over none", LTV_UNIT_DAY, {2100, 2, 28}, {2100, 3, 1}, 1},
        {"days over 400 years", LTV_UNIT_DAY, {2000, 1, 1}, {2400, 1, 1}, 146097},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
        ltv_scenario scenario = {
            .time_unit = cases[i].unit, .has_start = true, .start = cases[i].start};
        uint32_t bill = UINT32_MAX;
        assert_true(ltv_bill_of_date(&scenario, cases[i].date, false, &bill));
        if (bill != cases[i].bill)
            fail_msg("%s: bill %u", cases[i].label, bill);
    }
}

static void a_date_before_the_start_has_no_bill(void **state)
{
    (void)state;
    const ltv_scenario scenario = {
        .time_unit = LTV_UNIT_MONTH, .has_start = true, .start = {2027, 4, 15}};
    uint32_t bill = UINT32_MAX;
    assert_false(ltv_bill_of_date(&scenario, (ltv_date){2027, 4, 14}, false, &bill));
    assert_false(ltv_bill_of_date(&scenario, (ltv_date){2026, 12, 31}, false, &bill));
    assert_false(ltv_bill_of_date(&scenario, (ltv_date){2027, 3, 1}, true, &bill));
    assert_true(ltv_bill_of_date(&scenario, (ltv_date){2027, 4, 1}, true, &bill));
    assert_int_equal(bill, 0); /* the month of the start */
}

static void a_date_needs_a_start(void **state)
{
    (void)state;
    static const ltv_field field = {.in = LTV_IN_PRICE_CHANGE,
                                    .offset = offsetof(ltv_price_change, bill)};
    static const struct {
        const char *label, *text, *message; /* NULL: it passes */
        bool has_start;
    } cases[] = {
        {"no start", "2027-10", "a date needs that of the first bill", false},
        {"no date", "soon", "soon is not a date", true},
        {"too early", "2027-03-31", "2027-03-31 lies before the first bill, 2027-04-02", true},
        {"a day of the first month", "2027-04-01", "2027-04-01 lies before the first bill", true},
        {"the first month", "2027-04", NULL, true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
        walk_fixture f;
        ltv_price_change change = {.bill = UINT32_MAX};
        walk_fixture_init(&f);
        f.walk.target[LTV_IN_PRICE_CHANGE] = &change;
        f.scenario.has_start = cases[i].has_start;
        f.scenario.start = (ltv_date){2027, 4, 2};
        ltv_status status =
            ltv_read_bill_date(&f.walk, &field, walk_fixture_parse(&f, cases[i].text));
        walk_fixture_expect(&f, status, cases[i].label, cases[i].message);
        assert_int_equal(change.bill, cases[i].message == NULL ? 0 : UINT32_MAX);
        walk_fixture_free(&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_bill_from_a_date_on_is_found),
        cmocka_unit_test(a_date_before_the_start_has_no_bill),
        cmocka_unit_test(a_date_needs_a_start),
    };
    return cmocka_run_group_tests_name("bill_of_date", tests, NULL, NULL);
}
