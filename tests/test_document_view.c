/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/cli/document_view.h"

static int set_up(void **state)
{
    static ltv_document doc;
    doc = (ltv_document){0};
    ltv_node *root = ltv_document_group(&doc, "/");
    ltv_node_set_string(&doc, root, "currency", "JPY");
    ltv_node_set_string(&doc, root, "time_unit", "month");
    ltv_node_set_int64(&doc, root, "horizon", 1200);
    ltv_node *table = ltv_document_table(&doc, "/arms/a/ltv/one_customer/quantiles", 2);
    ltv_node_set_string(&doc, table, "description", "Quantiles over customers.");
    ltv_node_column_real(&doc, table, "p", (double[]){0.5, 0.99});
    ltv_node_column_real(&doc, table, "value", (double[]){26666.6667, NAN});
    ltv_node *notes = ltv_document_table(&doc, "/arms/a/metrics", 1);
    ltv_node_column_string(&doc, notes, "name", (const char *[]){"arpu"});
    ltv_node_column_string(&doc, notes, "note", (const char *[]){""});
    ltv_node *curve = ltv_document_array(&doc, "/arms/a/retention", 1, (size_t[]){3},
                                         (double[]){1, 0.97, 0.9409});
    ltv_node_set_string(&doc, curve, "description", "Share who pay bill u.");
    ltv_node_set_string(&doc, curve, "units", "1");
    ltv_document_array_int64(&doc, "/counts", 2, (size_t[]){1, 2}, (int64_t[]){1000, -2});
    ltv_document_text(&doc, "/scenario/source", "ltvsim: 1");
    *state = &doc;
    return doc.out_of_memory;
}

static int tear_down(void **state)
{
    ltv_document_free(*state);
    return 0;
}

static char *view(const ltv_document *doc, const char *path)
{
    const ltv_node *node;
    ltv_error err = {0};
    ltv_terminal terminal = {.utf8 = true};
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    assert_int_equal(ltv_document_view_find(&node, doc, path, "x.h5", &err), LTV_OK);
    assert_int_equal(ltv_document_view_print(out, doc, node, &terminal, &err), LTV_OK);
    fclose(out);
    return text;
}

static void nodes_read_as_tables(void **state)
{
    static const struct {
        const char *label, *path, *expected;
    } cases[] = {
        {"a table has units in its header and says what does not apply",
         "arms/a/ltv/one_customer/quantiles",
         "Quantiles over customers.\n\n   p  value [JPY]\n 0.5     26,666.7\n0.99          n/a\n"},
        {"a slash before and after does not matter", "/arms/a/ltv/one_customer/quantiles/",
         "Quantiles over customers.\n\n   p  value [JPY]\n 0.5     26,666.7\n0.99          n/a\n"},
        {"an array stands beside its index", "arms/a/retention",
         "Share who pay bill u.\n\nperiod  retention\n     0          1\n     1       0.97\n"
         "     2     0.9409\n"},
        {"whole numbers of rank two", "counts", "index  counts\n    0   1,000  -2\n"},
        {"a column of empty notes is left out", "arms/a/metrics", "name\narpu\n"},
        {"a text is printed as it is, with an end", "scenario/source", "ltvsim: 1\n"},
        {"a group is its attributes and what is below it", "arms",
         "arms/a/ltv/one_customer/quantiles\n    Quantiles over customers.\n"
         "arms/a/metrics\narms/a/retention\n    Share who pay bill u.\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *text = view(*state, cases[i].path);
        print_message("%s\n", cases[i].label);
        assert_string_equal(text, cases[i].expected);
        free(text);
    }
}

static void the_whole_file_can_be_viewed_as_a_group(void **state)
{
    char *text = view(*state, "/");
    assert_non_null(strstr(text, "currency: JPY\n"));
    assert_non_null(strstr(text, "horizon: 1,200\n"));
    assert_non_null(strstr(text, "\nscenario/source\n"));
    free(text);
}

static void an_unknown_place_suggests_the_nearest(void **state)
{
    const ltv_node *node;
    ltv_error err = {0};
    assert_int_equal(ltv_document_view_find(&node, *state, "arms/a/retentoin", "x.h5", &err),
                     LTV_ERR_BAD_INPUT);
    assert_string_equal(err.message,
                        "x.h5 has no arms/a/retentoin (did you mean arms/a/retention?)");
    err = (ltv_error){0};
    assert_int_equal(ltv_document_view_find(&node, *state, "metrics", "x.h5", &err),
                     LTV_ERR_BAD_INPUT);
    assert_string_equal(err.message, "x.h5 has no metrics (did you mean arms/a/metrics?)");
    err = (ltv_error){0};
    assert_int_equal(ltv_document_view_find(&node, *state, "zzz", "x.h5", &err), LTV_ERR_BAD_INPUT);
    assert_string_equal(err.message, "x.h5 has no zzz; see 'ltvsim show x.h5 --list'");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(nodes_read_as_tables, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_whole_file_can_be_viewed_as_a_group, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_unknown_place_suggests_the_nearest, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
