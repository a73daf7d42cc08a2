/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <jansson.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "results_fixture.h"
#include "sim/io/results/json_results.h"

static json_t *print_and_parse(const ltv_document *doc)
{
    char *text = NULL;
    ltv_error err = {0};
    json_error_t where;
    assert_int_equal(ltv_json_results(&text, doc, &err), LTV_OK);
    assert_int_equal(text[strlen(text) - 1], '\n');
    json_t *tree = json_loads(text, JSON_REJECT_DUPLICATES, &where);
    if (tree == NULL)
        fail_msg("line %d: %s", where.line, where.text);
    free(text);
    return tree;
}

/* The member at the end of the way, which must be there; the way ends with NULL. */
static json_t *member(json_t *tree, const char *const *way)
{
    for (; *way != NULL; way++) {
        tree = json_object_get(tree, *way);
        if (tree == NULL)
            fail_msg("no member \"%s\"", *way);
    }
    return tree;
}

#define MEMBER(...) member(tree, (const char *const[]){__VA_ARGS__, NULL})

static void the_tree_has_the_names_of_the_file(void **state)
{
    (void)state;
    ltv_document doc = fixture_document();
    json_t *tree = print_and_parse(&doc);
    assert_string_equal(json_string_value(MEMBER("format")), "ltvsim-results");
    assert_string_equal(json_string_value(MEMBER("title")), "音楽 \"streaming\"");
    assert_true(json_integer_value(MEMBER("seed")) == 9007199254740992);
    assert_true(json_real_value(MEMBER("discount_rate_per_year")) == 0.1);
    assert_true(json_real_value(MEMBER("arms", FIXTURE_BASELINE, "ltv", "mean")) == 26661.5);
    assert_true(json_number_value(MEMBER("compare", FIXTURE_OTHER_ARM, "delta_ltv", "mean")) ==
                338.5);
    assert_string_equal(json_string_value(MEMBER("scenario", "source")),
                        "ltvsim: 1\ncurrency: JPY\n");
    assert_null(json_object_get(tree, "NX_class"));
    assert_null(json_object_get(MEMBER("arms"), "description"));
    json_decref(tree);
    ltv_document_free(&doc);
}

static void metrics_are_an_object_by_name_and_other_tables_lists(void **state)
{
    (void)state;
    ltv_document doc = fixture_document();
    json_t *tree = print_and_parse(&doc);
    json_t *ltv_cac = MEMBER("arms", FIXTURE_BASELINE, "metrics", "ltv_cac");
    assert_true(json_real_value(json_object_get(ltv_cac, "value")) == 5.3333333333333330);
    assert_null(json_object_get(ltv_cac, "name"));
    json_t *payback = MEMBER("arms", FIXTURE_BASELINE, "metrics", "payback_survival");
    assert_true(json_is_null(json_object_get(payback, "value")));
    assert_string_equal(json_string_value(json_object_get(payback, "note")),
                        "not within the horizon");
    json_t *quantiles = MEMBER("arms", FIXTURE_BASELINE, "ltv", "one_customer", "quantiles");
    assert_int_equal(json_array_size(quantiles), 9);
    json_t *median = json_array_get(quantiles, 4);
    assert_true(json_real_value(json_object_get(median, "p")) == 0.5);
    assert_true(json_number_value(json_object_get(median, "mc95_upper")) == 501.5);
    json_t *bridge = MEMBER("arms", FIXTURE_BASELINE, "bridge");
    assert_string_equal(json_string_value(json_object_get(json_array_get(bridge, 1), "reason")),
                        "horizon");
    json_t *gains = MEMBER("compare", FIXTURE_OTHER_ARM, "who_gains");
    assert_int_equal(json_array_size(gains), 2);
    json_t *best = json_array_get(gains, 0), *worst = json_array_get(gains, 1);
    assert_string_equal(json_string_value(json_object_get(best, "segment")), FIXTURE_SEGMENT);
    assert_int_equal(json_integer_value(json_object_get(best, "n")), 4);
    assert_true(json_real_value(json_object_get(best, "roi")) == 2.5);
    assert_true(json_is_null(json_object_get(worst, "roi")));
    json_decref(tree);
    ltv_document_free(&doc);
}

static void plans_and_contrasts_are_members_by_name(void **state)
{
    (void)state;
    ltv_document doc = fixture_document();
    json_t *tree = print_and_parse(&doc);
    json_t *plan = MEMBER("arms", FIXTURE_OTHER_ARM, "plans", FIXTURE_PLAN);
    assert_int_equal(json_array_size(plan), FIXTURE_HORIZON);
    assert_true(json_real_value(json_array_get(plan, 2)) == 0.4375);
    json_t *cost = MEMBER("arms", FIXTURE_BASELINE, "programme_cost");
    assert_true(json_real_value(json_array_get(cost, 0)) == 35.5);
    assert_string_equal(json_string_value(MEMBER("compare", FIXTURE_OTHER_ARM, "advice")),
                        FIXTURE_ADVICE);
    json_t *gain = MEMBER("compare", FIXTURE_OTHER_ARM, "cumulative_gain");
    assert_true(json_real_value(json_array_get(gain, 0)) == -42.5);
    json_t *pair = MEMBER("compare", FIXTURE_BASELINE "|" FIXTURE_OTHER_ARM);
    assert_string_equal(json_string_value(json_object_get(pair, "against")), FIXTURE_OTHER_ARM);
    assert_null(json_object_get(pair, "advice"));
    assert_string_equal(json_string_value(MEMBER("scenario", "warnings")),
                        "interventions.案内: flatters itself");
    json_decref(tree);
    ltv_document_free(&doc);
}

static void arrays_are_lists_of_numbers(void **state)
{
    (void)state;
    ltv_document doc = fixture_document();
    ltv_document_array(&doc, "/pairs", 2, (size_t[]){2, 2}, (double[]){1.5, NAN, INFINITY, -0.1});
    json_t *tree = print_and_parse(&doc);
    json_t *retention = MEMBER("arms", FIXTURE_BASELINE, "retention");
    assert_int_equal(json_array_size(retention), FIXTURE_HORIZON + 1);
    assert_true(json_real_value(json_array_get(retention, 3)) == 0.912673);
    json_t *pairs = MEMBER("pairs");
    assert_int_equal(json_array_size(pairs), 2);
    assert_true(json_is_null(json_array_get(json_array_get(pairs, 0), 1)));
    assert_true(json_is_null(json_array_get(json_array_get(pairs, 1), 0)));
    assert_true(json_real_value(json_array_get(json_array_get(pairs, 1), 1)) == -0.1);
    json_decref(tree);
    ltv_document_free(&doc);
}

static void corners_stay_valid_json(void **state)
{
    (void)state;
    ltv_document doc = {0};
    json_decref(print_and_parse(&doc)); /* nothing at all */
    ltv_node *root = ltv_document_group(&doc, "/");
    ltv_node_set_string(&doc, root, "odd", "\" \\ \b \x01 \x7f \n \t / 音");
    ltv_node_set_strings(&doc, root, "none", 0, NULL);
    ltv_node *table = ltv_document_table(&doc, "/empty", 0);
    ltv_node_column_string(&doc, table, "name", NULL);
    ltv_document_group(&doc, "/a/b/c");
    json_t *tree = print_and_parse(&doc);
    assert_string_equal(json_string_value(MEMBER("odd")), "\" \\ \b \x01 \x7f \n \t / 音");
    assert_int_equal(json_array_size(MEMBER("none")), 0);
    assert_int_equal(json_object_size(MEMBER("empty")), 0);
    assert_int_equal(json_object_size(MEMBER("a", "b", "c")), 0);
    json_decref(tree);
    ltv_document_free(&doc);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_tree_has_the_names_of_the_file),
        cmocka_unit_test(metrics_are_an_object_by_name_and_other_tables_lists),
        cmocka_unit_test(plans_and_contrasts_are_members_by_name),
        cmocka_unit_test(arrays_are_lists_of_numbers),
        cmocka_unit_test(corners_stay_valid_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
