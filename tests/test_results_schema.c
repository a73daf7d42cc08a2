/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "results_fixture.h"
#include "sim/io/results/results_schema.h"

static void paths_are_matched_component_by_component(void **state)
{
    static const struct {
        const char *path;
        const char *place; /* NULL: not declared */
        const char *below;
    } cases[] = {
        {"/", "", "/"},
        {"/arms", "", "/arms"},
        {"/arms/今日", "customers", ""},
        {"/arms/a/segments", "arm", "segments"},
        {"/arms/a/segments/b", "customers", ""},
        {"/arms/a/segments/ltv", "customers", ""},
        {"/arms/a/ltv", "value", ""},
        {"/arms/ltv/ltv/one_customer", "value", "one_customer"},
        {"/arms/a/segments/b/net_ltv/by_period", "value", "by_period"},
        {"/arms/a/channels/b/retention", "customers", "retention"},
        {"/arms/a/period", "customers", "period"},
        {"/compare/a/delta_ltv/variance", "value", "variance"},
        {"/compare/a/metrics", "contrast", "metrics"},
        {"/compare/a|b", "contrast", ""},
        {"/compare/a|b/who_gains", "contrast", "who_gains"},
        {"/compare/a/drivers", "contrast", "drivers"},
        {"/compare/a|b/delta_ltv/one_customer", "value", "one_customer"},
        {"/arms/a/plans", "arm", "plans"},
        {"/arms/a/plans/b", "holding", ""},
        {"/arms/a/add_ons/ltv", "holding", ""},
        {"/arms/a/plan_revenue", "arm", "plan_revenue"},
        {"/arms/a/plan_revenue/b", "revenue", ""},
        {"/arms/a/add_on_revenue/ltv", "revenue", ""},
        {"/arms/a/segments/b/programme_cost", "customers", "programme_cost"},
        {"", NULL, NULL},
        {"/arms/", NULL, NULL},
        {"/arms//ltv", NULL, NULL},
        {"/arms/a/", NULL, NULL},
        {"/arms/a/ltvx", NULL, NULL},
        {"/arms/a/ltv/", NULL, NULL},
        {"/arms/a/retention/b", NULL, NULL},
        {"/arms/a/segments/b/bridge", NULL, NULL},
        {"/periods", NULL, NULL},
        {"period", NULL, NULL},
        {"/compare/a/ltv", NULL, NULL},
        {"/compare/a|b|c", NULL, NULL},
        {"/compare/|b", NULL, NULL},
        {"/compare/a|", NULL, NULL},
        {"/arms/a|b", NULL, NULL},
        {"/arms/a/plans/b/c", NULL, NULL},
        {"/arms/a/segments/b/plans", NULL, NULL},
        {"/arms/a/segments/b/plan_revenue", NULL, NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const ltv_results_item *item = ltv_results_find(cases[i].path, NULL);
        if ((item == NULL) != (cases[i].place == NULL))
            fail_msg("%s is %s", cases[i].path, item == NULL ? "not declared" : "declared");
        if (item == NULL)
            continue;
        assert_string_equal(item->place->name, cases[i].place);
        assert_string_equal(item->path, cases[i].below);
        assert_null(item->name);
    }
}

static void units_speak_of_the_scenario(void **state)
{
    static const struct {
        const char *unit, *text;
    } cases[] = {
        {"currency", "JPY"},
        {"period", "month"},
        {"currency/period", "JPY/month"},
        {"currency^2", "JPY^2"},
        {"ratio", "ratio"},
        {"1", "1"},
        {"periods", "periods"},
        {"", ""},
        {"bill/currency", "bill/JPY"},
    };
    char text[LTV_UNITS_SIZE];
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_string_equal(ltv_results_unit_text(text, cases[i].unit, "JPY", "month"),
                            cases[i].text);
}

static bool is_node(const ltv_results_item *item)
{
    return item->kind != LTV_ITEM_ATTRIBUTE && item->kind != LTV_ITEM_COLUMN;
}

static bool same_item(const ltv_results_item *a, const ltv_results_item *b)
{
    bool same_name =
        a->name == NULL ? b->name == NULL : b->name != NULL && strcmp(a->name, b->name) == 0;
    return a->place == b->place && strcmp(a->path, b->path) == 0 && same_name;
}

static void each_item_is_complete_and_declared_once(void **state)
{
    char text[LTV_DESCRIPTION_SIZE], again[LTV_DESCRIPTION_SIZE];
    (void)state;
    for (size_t i = 0; i < ltv_results_n_items; i++) {
        const ltv_results_item *item = &ltv_results_items[i];
        assert_int_equal(is_node(item), item->name == NULL);
        assert_true(item->since_minor <= LTV_RESULTS_MINOR);
        assert_int_equal(item->kind == LTV_ITEM_ARRAY, item->shape != NULL);
        if (item->kind == LTV_ITEM_ARRAY || item->kind == LTV_ITEM_TEXT)
            assert_non_null(item->units);
        if (item->type != LTV_TYPE_STRING && !is_node(item))
            assert_non_null(item->units);
        for (size_t p = 0; p < item->place->n_patterns; p++) {
            ltv_results_description(text, item, &item->place->patterns[p]);
            snprintf(again, sizeof again, "%s", text);
            assert_int_equal(again[strlen(again) - 1], '.');
            assert_null(strstr(again, "{}"));
            assert_true(strlen(again) + 1 < LTV_DESCRIPTION_SIZE);
        }
        for (size_t j = 0; j < i; j++)
            assert_false(same_item(item, &ltv_results_items[j]));
    }
}

static void parts_follow_the_node_they_belong_to(void **state)
{
    const ltv_results_item *node = &ltv_results_items[0];
    (void)state;
    for (size_t i = 0; i < ltv_results_n_items; i++) {
        const ltv_results_item *item = &ltv_results_items[i];
        if (is_node(item))
            node = item;
        else if (item->place->n_patterns > 0)
            assert_true(item->place == node->place && strcmp(item->path, node->path) == 0);
        if (item->kind == LTV_ITEM_COLUMN)
            assert_int_equal(node->kind, LTV_ITEM_TABLE);
    }
}

static void the_page_in_docs_is_up_to_date(void **state)
{
    char *page = NULL;
    size_t size = 0, n = 0;
    FILE *out = open_memstream(&page, &size);
    (void)state;
    assert_non_null(out);
    ltv_results_print_page(out);
    assert_int_equal(fclose(out), 0);
    char *stored = fixture_read_file(LTV_SOURCE_DIR "/docs/results.md", &n);
    if (n != size || memcmp(page, stored, n) != 0)
        fail_msg("docs/results.md is out of date: build the target results_page");
    free(stored);
    free(page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_are_matched_component_by_component),
        cmocka_unit_test(units_speak_of_the_scenario),
        cmocka_unit_test(each_item_is_complete_and_declared_once),
        cmocka_unit_test(parts_follow_the_node_they_belong_to),
        cmocka_unit_test(the_page_in_docs_is_up_to_date),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
