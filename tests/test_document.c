/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "sim/io/results/document.h"

/* Two arms, the second added first in name order but last in time. */
static int make_document(void **state)
{
    static ltv_document doc;
    doc = (ltv_document){0};
    ltv_node *table = ltv_document_table(&doc, "/arms/today/metrics", 2);
    ltv_node_column_string(&doc, table, "name", (const char *[]){"ltv_cac", "payback"});
    ltv_node_column_real(&doc, table, "value", (double[]){5.25, NAN});
    ltv_node_column_int64(&doc, table, "count", (int64_t[]){7, 8});
    ltv_node_column_string(&doc, table, "note", (const char *[]){"", "not within the horizon"});
    ltv_node *ltv = ltv_document_group(&doc, "/arms/today/ltv");
    ltv_node_set_real(&doc, ltv, "mean", 2.5);
    ltv_node_set_int64(&doc, ltv, "n", 10);
    ltv_node_set_string(&doc, ltv, "units", "JPY");
    ltv_node_set_strings(&doc, ltv, "axes", 2, (const char *[]){"bill", "arm"});
    ltv_document_group(&doc, "/arms/a@b");
    ltv_node_set_real(&doc, ltv_document_group(&doc, "/arms/a@b"), "share", 0.5);
    ltv_document_array(&doc, "/arms/today/retention", 1, (size_t[]){2}, (double[]){1.0, 0.5});
    ltv_document_text(&doc, "/scenario/source", "ltvsim: 1\n");
    assert_false(doc.out_of_memory);
    *state = &doc;
    return 0;
}

static int free_document(void **state)
{
    ltv_document_free(*state);
    ltv_document_free(*state); /* twice is fine */
    return 0;
}

static void parents_are_added_as_groups_before_their_children(void **state)
{
    static const char *const order[] = {"/", "/arms", "/arms/today", "/arms/today/metrics"};
    const ltv_document *doc = *state;
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++)
        assert_string_equal(doc->nodes[i].path, order[i]);
    assert_int_equal(ltv_document_find(doc, "/arms/today")->kind, LTV_NODE_GROUP);
    assert_int_equal(ltv_document_find(doc, "/arms/today/metrics")->kind, LTV_NODE_TABLE);
}

static void values_are_found_by_path_and_name(void **state)
{
    static const struct {
        const char *place;
        double value; /* NaN: there is no such number */
    } cases[] = {
        {"/arms/today/ltv@mean", 2.5},
        {"/arms/today/ltv@n", 10.0},
        {"/arms/a@b@share", 0.5},
        {"/arms/today/ltv@units", NAN},
        {"/arms/today/ltv@axes", NAN},
        {"/arms/today/ltv@median", NAN},
        {"/arms/tomorrow@share", NAN},
        {"/arms/today/ltv", NAN},
        {"", NAN},
        {"@", NAN},
        {"/@mean", NAN},
        {"/arms/today/lt@mean", NAN},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        double value = ltv_document_real(*state, cases[i].place);
        if (isnan(cases[i].value) ? !isnan(value) : value != cases[i].value)
            fail_msg("%s is %g", cases[i].place, value);
    }
    assert_int_equal(ltv_document_int64(*state, "/arms/today/ltv@n", -1), 10);
    assert_int_equal(ltv_document_int64(*state, "/arms/today/ltv@mean", -1), -1);
    assert_string_equal(ltv_document_string(*state, "/arms/today/ltv@units"), "JPY");
    assert_null(ltv_document_string(*state, "/arms/today/ltv@mean"));
}

static void metrics_are_found_by_row_and_column(void **state)
{
    static const char path[] = "/arms/today/metrics";
    assert_true(ltv_document_metric(*state, path, "ltv_cac", "value") == 5.25);
    assert_true(ltv_document_metric(*state, path, "payback", "count") == 8.0);
    assert_true(isnan(ltv_document_metric(*state, path, "payback", "value")));
    assert_true(isnan(ltv_document_metric(*state, path, "payback", "note")));
    assert_true(isnan(ltv_document_metric(*state, path, "arpu", "value")));
    assert_true(isnan(ltv_document_metric(*state, "/arms/metrics", "ltv_cac", "value")));
    assert_string_equal(ltv_document_metric_note(*state, path, "payback"),
                        "not within the horizon");
    assert_null(ltv_document_metric_note(*state, path, "arpu"));
    assert_int_equal(ltv_node_row(ltv_document_find(*state, path), "value", "ltv_cac"), -1);
    assert_int_equal(ltv_node_row(NULL, "name", "ltv_cac"), -1);
}

static void children_are_the_groups_directly_below_in_order(void **state)
{
    char **names;
    size_t n = ltv_document_children(*state, "/arms", &names);
    assert_int_equal(n, 2);
    assert_string_equal(names[0], "today");
    assert_string_equal(names[1], "a@b");
    ltv_names_free(names, n);
    n = ltv_document_children(*state, "/", &names);
    assert_int_equal(n, 2);
    assert_string_equal(names[1], "scenario");
    ltv_names_free(names, n);
    n = ltv_document_children(*state, "/arms/tod", &names);
    assert_int_equal(n, 0);
    ltv_names_free(names, n);
}

static void arrays_of_a_group_are_found_apart_from_its_groups(void **state)
{
    char **names;
    size_t n = ltv_document_arrays(*state, "/arms/today", &names);
    assert_int_equal(n, 1);
    assert_string_equal(names[0], "retention");
    ltv_names_free(names, n);
    n = ltv_document_arrays(*state, "/arms", &names);
    assert_int_equal(n, 0);
    ltv_names_free(names, n);
}

static void setting_an_attribute_again_replaces_it(void **state)
{
    ltv_document *doc = *state;
    ltv_node *node = ltv_document_group(doc, "/arms/today/ltv");
    size_t n = node->n_attributes;
    ltv_node_set_string(doc, node, "mean", "unknown");
    ltv_node_set_real(doc, node, "axes", 1.5);
    assert_int_equal(node->n_attributes, n);
    assert_string_equal(ltv_document_string(doc, "/arms/today/ltv@mean"), "unknown");
    assert_true(ltv_document_real(doc, "/arms/today/ltv@axes") == 1.5);
}

static void thousands_of_nodes_are_all_found(void **state)
{
    ltv_document *doc = *state;
    char path[64];
    for (int i = 0; i < 5000; i++) {
        snprintf(path, sizeof path, "/many/%d", i);
        ltv_node_set_int64(doc, ltv_document_group(doc, path), "i", i);
    }
    for (int i = 0; i < 5000; i++) {
        snprintf(path, sizeof path, "/many/%d@i", i);
        assert_int_equal(ltv_document_int64(doc, path, -1), i);
    }
    assert_string_equal(ltv_document_find(doc, "/scenario/source")->text, "ltvsim: 1\n");
}

static void functions_that_add_to_a_node_accept_none(void **state)
{
    ltv_document *doc = *state;
    size_t n = doc->n;
    ltv_node_set_real(doc, NULL, "mean", 1.0);
    ltv_node_set_int64(doc, NULL, "n", 1);
    ltv_node_set_string(doc, NULL, "units", "JPY");
    ltv_node_set_strings(doc, NULL, "axes", 0, NULL);
    ltv_node_column_real(doc, NULL, "value", NULL);
    ltv_node_column_int64(doc, NULL, "value", NULL);
    ltv_node_column_string(doc, NULL, "value", NULL);
    assert_int_equal(doc->n, n);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, make_document, free_document)
    const struct CMUnitTest tests[] = {
        TEST(parents_are_added_as_groups_before_their_children),
        TEST(values_are_found_by_path_and_name),
        TEST(metrics_are_found_by_row_and_column),
        TEST(arrays_of_a_group_are_found_apart_from_its_groups),
        TEST(children_are_the_groups_directly_below_in_order),
        TEST(setting_an_attribute_again_replaces_it),
        TEST(thousands_of_nodes_are_all_found),
        TEST(functions_that_add_to_a_node_accept_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
