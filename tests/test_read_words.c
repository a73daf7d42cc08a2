/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sim/io/scenario/read_words.h"
#include "tests/walk_fixture.h"

static void a_text_is_one_line(void **state)
{
    (void)state;
    static char longest[LTV_MAX_TEXT + 1], too_long[LTV_MAX_TEXT + 2];
    memset(longest, 'a', LTV_MAX_TEXT);
    memset(too_long, 'a', LTV_MAX_TEXT + 1);
    static const struct {
        const char *label, *text, *message; /* NULL: it passes */
    } cases[] = {
        {"a word", "title", NULL},
        {"Japanese", "音楽配信", NULL},
        {"a number is a text too", "2027", NULL},
        {"longest", longest, NULL},
        {"too long", too_long, "a word of at most 1000 bytes is due here, not one of 1001"},
        {"nothing", "~", "a word is due here, not nothing"},
        {"empty quotes", "\"\"", "a word is due here, not nothing"},
        {"a list", "[a]", "a word is due here, not a list"},
        {"two lines", "\"a\\nb\"", "a word must fit on one line, without tabs"},
        {"a tab", "\"a\\tb\"", "a word must fit on one line, without tabs"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
        walk_fixture f;
        walk_fixture_init(&f);
        const ltv_yaml_node *node = walk_fixture_parse(&f, cases[i].text);
        walk_fixture_expect(&f, ltv_require_text(&f.walk, node, "a word"), cases[i].label,
                            cases[i].message);
        walk_fixture_free(&f);
    }
}

static void a_text_is_copied(void **state)
{
    (void)state;
    static const ltv_field title = {
        .kind = LTV_FIELD_TEXT, .in = LTV_IN_SCENARIO, .offset = offsetof(ltv_scenario, title)};
    walk_fixture f;
    walk_fixture_init(&f);
    ltv_yaml_node *node = walk_fixture_parse(&f, "a b");
    walk_fixture_expect(&f, ltv_read_text(&f.walk, &title, node), "title", NULL);
    assert_string_equal(f.scenario.title, "a b");
    assert_ptr_not_equal(f.scenario.title, node->text);
    walk_fixture_free(&f);
}

static void a_choice_is_stored_by_its_place(void **state)
{
    (void)state;
    static const char *const words[] = {"advance", "mid", "arrears", NULL};
    static const ltv_field payment = {.kind = LTV_FIELD_CHOICE,
                                      .in = LTV_IN_SCENARIO,
                                      .offset = offsetof(ltv_scenario, payment),
                                      .choices = words};
    static const struct {
        const char *text, *message;
        ltv_payment payment;
    } cases[] = {
        {"advance", NULL, LTV_PAY_ADVANCE},
        {"arrears", NULL, LTV_PAY_ARREARS},
        {"Mid", "Mid is not one of: advance, mid, arrears", LTV_PAY_ADVANCE},
        {"{}", "a word is due here, not a block of keys", LTV_PAY_ADVANCE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
        walk_fixture f;
        walk_fixture_init(&f);
        ltv_status status =
            ltv_read_choice(&f.walk, &payment, walk_fixture_parse(&f, cases[i].text));
        walk_fixture_expect(&f, status, cases[i].text, cases[i].message);
        assert_int_equal(f.scenario.payment, cases[i].payment);
        walk_fixture_free(&f);
    }
}

static void a_date_is_in_the_calendar(void **state)
{
    (void)state;
    static const ltv_field start = {
        .kind = LTV_FIELD_DATE, .in = LTV_IN_SCENARIO, .offset = offsetof(ltv_scenario, start)};
    static const struct {
        const char *label, *text;
        bool is_date;
        ltv_date date;
    } cases[] = {
        {"month", "2027-04", true, {2027, 4, 1}},
        {"day", "2027-04-30", true, {2027, 4, 30}},
        {"no such day", "2027-04-31", false, {0}},
        {"leap day", "2028-02-29", true, {2028, 2, 29}},
        {"no leap day", "2027-02-29", false, {0}},
        {"century without one", "2100-02-29", false, {0}},
        {"century with one", "2000-02-29", true, {2000, 2, 29}},
        {"month 0", "2027-00", false, {0}},
        {"month 13", "2027-13", false, {0}},
        {"day 0", "2027-04-00", false, {0}},
        {"year before 1000", "0999-01", false, {0}},
        {"slashes", "2027/04", false, {0}},
        {"one digit", "2027-4", false, {0}},
        {"cut off", "2027-04-", false, {0}},
        {"a year", "2027", false, {0}},
        {"letters", "yyyy-mm", false, {0}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
        walk_fixture f;
        walk_fixture_init(&f);
        ltv_status status = ltv_read_date(&f.walk, &start, walk_fixture_parse(&f, cases[i].text));
        walk_fixture_expect(&f, status, cases[i].label,
                            cases[i].is_date ? NULL : "is not a date; write YYYY-MM or YYYY-MM-DD");
        if (status == LTV_OK)
            assert_memory_equal(&f.scenario.start, &cases[i].date, sizeof(ltv_date));
        walk_fixture_free(&f);
    }
}

static void there_is_one_version(void **state)
{
    (void)state;
    static const ltv_field version = {.kind = LTV_FIELD_VERSION};
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"1", NULL},
        {"2", "version 2 is not known; this is ltvsim " LTV_VERSION ", which reads version 1"},
        {"1.0", "version 1.0 is not known"},
        {"[1]", "the version of the scenario language is due here, not a list"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
        walk_fixture f;
        walk_fixture_init(&f);
        ltv_status status =
            ltv_read_version(&f.walk, &version, walk_fixture_parse(&f, cases[i].text));
        walk_fixture_expect(&f, status, cases[i].text, cases[i].message);
        walk_fixture_free(&f);
    }
}

static void a_currency_brings_its_decimals(void **state)
{
    (void)state;
    static const ltv_field currency = {.kind = LTV_FIELD_CURRENCY};
    walk_fixture f;
    walk_fixture_init(&f);
    f.scenario.currency_decimals = -1;
    walk_fixture_expect(&f, ltv_read_currency(&f.walk, &currency, walk_fixture_parse(&f, "KWD")),
                        "KWD", NULL);
    assert_string_equal(f.scenario.currency, "KWD");
    assert_int_equal(f.scenario.currency_decimals, 3);
    walk_fixture_expect(&f, ltv_read_currency(&f.walk, &currency, walk_fixture_parse(&f, "yen")),
                        "yen", "yen is not a currency code");
    walk_fixture_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_is_one_line),
        cmocka_unit_test(a_text_is_copied),
        cmocka_unit_test(a_choice_is_stored_by_its_place),
        cmocka_unit_test(a_date_is_in_the_calendar),
        cmocka_unit_test(there_is_one_version),
        cmocka_unit_test(a_currency_brings_its_decimals),
    };
    return cmocka_run_group_tests_name("read_words", tests, NULL, NULL);
}
