/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim/io/scenario/read_numbers.h"
#include "tests/walk_fixture.h"

static const ltv_field share = {
    .kind = LTV_FIELD_NUMBER, .highest = 1, .highest_open = true, .marks = LTV_MARK_PERCENT};
static const ltv_field part = {.kind = LTV_FIELD_NUMBER,
                               .highest = 1,
                               .lowest_open = true,
                               .marks = LTV_MARK_PERCENT,
                               .zero_hint = "leave it out"};
static const ltv_field continuation = {.kind = LTV_FIELD_NUMBER,
                                       .highest = 1,
                                       .lowest_open = true,
                                       .marks = LTV_MARK_PERCENT,
                                       .is_complement = true};
static const ltv_field growth = {
    .kind = LTV_FIELD_NUMBER, .lowest = -2, .highest = 2, .not_zero = true};
static const ltv_field times = {.kind = LTV_FIELD_NUMBER, .highest = 10, .marks = LTV_MARK_TIMES};

static void a_number_is_read_or_refused(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        const ltv_field *field;
        const char *text;
        double value;
        const char *message; /* NULL: it is read */
    } cases[] = {
        {"percent", &share, "3%", 0.03, NULL},
        {"closed bound", &share, "0", 0, NULL},
        {"open bound", &share, "100%", 0,
         "100% is out of range: allowed is at least 0%, less than 100%"},
        {"forgotten percent sign", &share, "3", 0, "did you mean 3%?"},
        {"not even with a percent sign", &share, "300", 0, "less than 100%"},
        {"below", &share, "-1%", 0, "-1% is out of range"},
        {"multiplier", &times, "x1.9", 1.9, NULL},
        {"multiplier where none is due", &share, "x0.5", 0, "\"x0.5\" is written as a multiplier"},
        {"complement is exact", &continuation, "97%", 0.03, NULL},
        {"complement of everything", &continuation, "1", 0, NULL},
        {"complement of nothing", &continuation, "0", 0, "more than 0%, at most 100%"},
        {"complement of nearly nothing", &continuation, "1e-30", 0, "1e-30 is too close to 0%"},
        {"negative", &growth, "-1.5", -1.5, NULL},
        {"zero has no meaning", &growth, "0", 0, "at least -2, at most 2, but not 0"},
        {"zero with a hint", &part, "0%", 0,
         "0% is out of range: allowed is more than 0%, at most 100%; leave it out"},
        {"a word", &growth, "many", 0, "\"many\" is not a number"},
        {"nothing", &growth, "~", 0, "has no value; write a number"},
        {"a list", &growth, "[1]", 0, "a number is due here, not a list"},
        {"a block", &growth, "{value: 1}", 0, "a number is due here, not a block of keys"},
        {"an uncertain number where nobody collects them", &growth, "{ci90: [1, 2]}", 0,
         "this number cannot be uncertain (ci90)"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
        walk_fixture f;
        walk_fixture_init(&f);
        double value = -99;
        ltv_status status = ltv_parse_number(&f.walk, cases[i].field,
                                             walk_fixture_parse(&f, cases[i].text), &value);
        walk_fixture_expect(&f, status, cases[i].label, cases[i].message);
        if (status == LTV_OK && value != cases[i].value)
            fail_msg("%s: %.17g", cases[i].label, value);
        walk_fixture_free(&f);
    }
}

static void a_number_goes_to_its_field(void **state)
{
    (void)state;
    static const ltv_field price = {.kind = LTV_FIELD_NUMBER,
                                    .in = LTV_IN_ARM,
                                    .offset = offsetof(ltv_arm, price),
                                    .highest = 1e12};
    walk_fixture f;
    walk_fixture_init(&f);
    walk_fixture_expect(&f, ltv_read_number(&f.walk, &price, walk_fixture_parse(&f, "9.99")),
                        "price", NULL);
    assert_true(f.arm.price == 9.99);
    walk_fixture_free(&f);
}

static void a_count_is_a_whole_number_in_its_range(void **state)
{
    (void)state;
    static const ltv_field seed = {.kind = LTV_FIELD_COUNT,
                                   .in = LTV_IN_SCENARIO,
                                   .offset = offsetof(ltv_scenario, seed),
                                   .width = sizeof(uint64_t),
                                   .highest = 9007199254740992};
    static const struct {
        const char *label, *text;
        uint64_t count;
        const char *message; /* NULL: it is read */
    } cases[] = {
        {"plain", "42", 42, NULL},
        {"in powers of ten", "1e6", 1000000, NULL},
        {"grouped", "\"1,000\"", 1000, NULL},
        {"largest", "9007199254740992", 9007199254740992, NULL},
        {"one more, the same as a double", "9007199254740993", 0, "is out of range"},
        {"far more", "1e30", 0, "1e30 is out of range"},
        {"half", "1.5", 0, "1.5 is not a whole number"},
        {"negative", "-1", 0, "-1 is out of range"},
        {"percent", "3%", 0, "\"3%\" is written as a percentage"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
        walk_fixture f;
        walk_fixture_init(&f);
        ltv_status status = ltv_read_count(&f.walk, &seed, walk_fixture_parse(&f, cases[i].text));
        walk_fixture_expect(&f, status, cases[i].label, cases[i].message);
        if (f.scenario.seed != cases[i].count)
            fail_msg("%s: %ju", cases[i].label, (uintmax_t)f.scenario.seed);
        walk_fixture_free(&f);
    }
}

static void a_narrow_count_leaves_its_neighbours_alone(void **state)
{
    (void)state;
    static const ltv_field horizon = {.kind = LTV_FIELD_COUNT,
                                      .in = LTV_IN_SCENARIO,
                                      .offset = offsetof(ltv_scenario, horizon),
                                      .width = sizeof(uint32_t),
                                      .lowest = 1,
                                      .highest = LTV_MAX_HORIZON};
    walk_fixture f;
    walk_fixture_init(&f);
    f.scenario.time_unit = LTV_UNIT_YEAR;
    f.scenario.payment = LTV_PAY_ARREARS;
    walk_fixture_expect(&f, ltv_read_count(&f.walk, &horizon, walk_fixture_parse(&f, "20000")),
                        "horizon", NULL);
    assert_int_equal(f.scenario.horizon, 20000);
    assert_int_equal(f.scenario.time_unit, LTV_UNIT_YEAR);
    assert_int_equal(f.scenario.payment, LTV_PAY_ARREARS);
    walk_fixture_free(&f);
}

static void a_word_may_stand_for_the_largest_count(void **state)
{
    (void)state;
    static const ltv_field duration = {.kind = LTV_FIELD_COUNT,
                                       .in = LTV_IN_SCENARIO,
                                       .offset = offsetof(ltv_scenario, horizon),
                                       .width = sizeof(uint32_t),
                                       .lowest = 1,
                                       .highest = LTV_MAX_HORIZON,
                                       .word = "ever"};
    static const struct {
        const char *text;
        uint32_t count;
        const char *message; /* NULL: it passes */
    } cases[] = {
        {"ever", UINT32_MAX, NULL},
        {"6", 6, NULL},
        {"4294967295", 0, "4294967295 is out of range"},
        {"never", 0, "\"never\" is not a number; the word ever is allowed too"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
        walk_fixture f;
        walk_fixture_init(&f);
        ltv_status status =
            ltv_read_count(&f.walk, &duration, walk_fixture_parse(&f, cases[i].text));
        walk_fixture_expect(&f, status, cases[i].text, cases[i].message);
        assert_int_equal(f.scenario.horizon, cases[i].count);
        walk_fixture_free(&f);
    }
}

static void texts_that_are_nearly_numbers_are_understood(void **state)
{
    (void)state;
    static const ltv_field churn = {
        .kind = LTV_FIELD_NUMBER, .marks = LTV_MARK_PERCENT, .highest = 1};
    static const ltv_field periods = {
        .kind = LTV_FIELD_COUNT, .highest = LTV_MAX_HORIZON, .is_periods = true};
    static const struct {
        const char *text, *message;
        const ltv_field *field;
        ltv_time_unit unit;
    } cases[] = {
        {"2%-4%", "\"2%-4%\" is no single number; if it is uncertain, say how, such as {ci90: ",
         &churn, LTV_UNIT_MONTH},
        {"2% - 4%", "is no single number; if it is uncertain", &churn, LTV_UNIT_MONTH},
        {"2% – 4%", "is no single number; if it is uncertain", &churn, LTV_UNIT_MONTH},
        {"２％〜４％", "is no single number; if it is uncertain", &churn, LTV_UNIT_MONTH},
        {"2% to 4%", "is no single number; if it is uncertain", &churn, LTV_UNIT_MONTH},
        {"3% ± 1%", "is no single number; if it is uncertain", &churn, LTV_UNIT_MONTH},
        {"3% +- 1%", "is no single number; if it is uncertain", &churn, LTV_UNIT_MONTH},
        {"3% +/- 1%", "is no single number; if it is uncertain", &churn, LTV_UNIT_MONTH},
        {"3%-", "\"3%-\" is not a number", &churn, LTV_UNIT_MONTH},
        {"high-low", "\"high-low\" is not a number", &churn, LTV_UNIT_MONTH},
        {"5 years", "write 60, which is 60 months here", &periods, LTV_UNIT_MONTH},
        {"5years", "write 60,", &periods, LTV_UNIT_MONTH},
        {"1 year", "write 1, which is 1 year here", &periods, LTV_UNIT_YEAR},
        {"2.5 y", "write 10, which is 10 quarters here", &periods, LTV_UNIT_QUARTER},
        {"18 months", "a number of periods is due, each a year here", &periods, LTV_UNIT_YEAR},
        {"9999 years", "a number of periods is due, each a day here", &periods, LTV_UNIT_DAY},
        {"0 years", "a number of periods is due, each a month here", &periods, LTV_UNIT_MONTH},
        {"5 yearss", "\"5 yearss\" is not a number", &periods, LTV_UNIT_MONTH},
        {"5 years", "\"5 years\" is not a number", &churn, LTV_UNIT_MONTH},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
        walk_fixture f;
        walk_fixture_init(&f);
        f.scenario.time_unit = cases[i].unit;
        double value = 0;
        ltv_status status = ltv_parse_number(&f.walk, cases[i].field,
                                             walk_fixture_parse(&f, cases[i].text), &value);
        walk_fixture_expect(&f, status, cases[i].text, cases[i].message);
        walk_fixture_free(&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_number_is_read_or_refused),
        cmocka_unit_test(a_number_goes_to_its_field),
        cmocka_unit_test(a_count_is_a_whole_number_in_its_range),
        cmocka_unit_test(texts_that_are_nearly_numbers_are_understood),
        cmocka_unit_test(a_word_may_stand_for_the_largest_count),
        cmocka_unit_test(a_narrow_count_leaves_its_neighbours_alone),
    };
    return cmocka_run_group_tests_name("read_numbers", tests, NULL, NULL);
}
