/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sim/io/scenario/scenario_keys.h"

static void a_refused_key_is_answered_with_help(void **state)
{
    (void)state;
    static const struct {
        const char *label, *key, *message;
    } cases[] = {
        {"comes later", "correlations", "x:1:1: correlations: not in this version of ltvsim"},
        {"misspelt", "revenu", "x:1:1: revenu: unknown key; did you mean revenue?"},
        {"belongs elsewhere", "price",
         "x:1:1: price: unknown key here; it belongs at revenue.price or plans.NAME.price"},
        {"in a named block", "share", "it belongs at segments.NAME.share or channels.NAME.share"},
        {"one letter off", "segment", "unknown key; did you mean segments?"},
        {"another word", "margin", "x:1:1: margin: unknown key; did you mean gross_margin?"},
        {"another word for a path", "arpu", "unknown key; did you mean revenue.price?"},
        {"another word for orders", "frequency", "unknown key; did you mean revenue.orders?"},
        {"another word for programmes", "programmes", "unknown key; did you mean interventions?"},
        {"far from all", "zzz", "unknown key; allowed here: ltvsim, title, currency"},
        {"of what is uncertain", "correlation", "unknown key; did you mean correlations?"},
    };
    const ltv_place place = {.file = "x", .line = 1, .column = 1};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i) {
        ltv_error err = {0};
        assert_int_equal(
            ltv_refuse_key(ltv_scenario_fields(), cases[i].key, &place, cases[i].key, &err),
            LTV_ERR_BAD_INPUT);
        if (strstr(err.message, cases[i].message) == NULL) {
            print_error("%s: %s\n", cases[i].label, err.message);
            fail();
        }
    }
}

static void keys_of_later_versions_are_not_listed(void **state)
{
    (void)state;
    char list[LTV_KEY_LIST_SIZE];
    ltv_list_keys(ltv_block_field(ltv_scenario_fields(), "customers")->block, list);
    assert_string_equal(list, "count");
}

static void alternatives_are_listed_alone(void **state)
{
    (void)state;
    char list[LTV_KEY_LIST_SIZE];
    ltv_list_alternatives(ltv_scenario_fields(), list);
    assert_string_equal(list, "acquisition, channels");
}

static void a_list_of_keys_is_never_cut_in_this_version(void **state)
{
    (void)state;
    char list[LTV_KEY_LIST_SIZE];
    ltv_list_keys(ltv_scenario_fields(), list);
    assert_non_null(strstr(list, ", arms"));
    ltv_list_alternatives(ltv_block_field(ltv_scenario_fields(), "retention")->block, list);
    assert_non_null(strstr(list, ", table"));
}

static void a_plain_value_for_a_block_is_answered_with_what_it_means(void **state)
{
    (void)state;
    static const struct {
        const char *key, *value, *example; /* NULL: no good guess */
        ltv_time_unit unit;
    } cases[] = {
        {"retention", "3%", "retention: {geometric: {churn: 3%}}", LTV_UNIT_MONTH},
        {"retention", "3", "retention: {geometric: {churn: 3%}}", LTV_UNIT_MONTH},
        {"retention", "97%", "retention: {geometric: {continuation: 97%}}", LTV_UNIT_MONTH},
        {"retention", "-3%", NULL, LTV_UNIT_MONTH},
        {"retention", "weibull", NULL, LTV_UNIT_MONTH},
        {"revenue", "1000", "revenue: {price: 1000}", LTV_UNIT_MONTH},
        {"revenue", "1,000", "revenue: {price: \"1,000\"}", LTV_UNIT_MONTH},
        {"revenue", "10%", NULL, LTV_UNIT_MONTH},
        {"acquisition", "5000", "acquisition: {cac: 5000}", LTV_UNIT_MONTH},
        {"customers", "3000", "customers: {count: 3000}", LTV_UNIT_MONTH},
        {"involuntary_churn", "1%", "involuntary_churn: {monthly: 1%}", LTV_UNIT_MONTH},
        {"involuntary_churn", "1%", "involuntary_churn: {yearly: 1%}", LTV_UNIT_YEAR},
        {"time", "12", NULL, LTV_UNIT_MONTH},
        {"acquisition", "0000000000000000000000000000000000000000001", NULL, LTV_UNIT_MONTH},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i) {
        char example[LTV_EXAMPLE_SIZE];
        const ltv_block *block = ltv_block_field(ltv_scenario_fields(), cases[i].key)->block;
        bool found = ltv_write_example(block, cases[i].key, cases[i].value, cases[i].unit, example);
        assert_int_equal(found, cases[i].example != NULL);
        if (found)
            assert_string_equal(example, cases[i].example);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_refused_key_is_answered_with_help),
        cmocka_unit_test(keys_of_later_versions_are_not_listed),
        cmocka_unit_test(a_plain_value_for_a_block_is_answered_with_what_it_means),
        cmocka_unit_test(alternatives_are_listed_alone),
        cmocka_unit_test(a_list_of_keys_is_never_cut_in_this_version),
    };
    return cmocka_run_group_tests_name("scenario_keys", tests, NULL, NULL);
}
