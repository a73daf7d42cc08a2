/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/io/scenario/scenario_paths.h"
#include "sim/io/scenario/yaml_parse.h"
#include "sim/io/scenario/yaml_write.h"

static const ltv_place file = {.file = "x", .line = 1, .column = 1};

static ltv_yaml_node *parse(ltv_yaml_tree *tree, const char *text)
{
    ltv_error err = {0};
    ltv_yaml_node *root = NULL;
    assert_int_equal(ltv_yaml_parse(tree, &root, &file, text, strlen(text), &err), LTV_OK);
    return root;
}

static void assert_set(const char *label, const char *before, const char *path, const char *value,
                       const char *after)
{
    ltv_yaml_tree tree = {0};
    ltv_error err = {0};
    ltv_yaml_node *base = parse(&tree, before), *root = base;
    char *base_before = ltv_yaml_write(base);
    assert_int_equal(ltv_path_check(path, false, &file, "", &err), LTV_OK);
    assert_int_equal(ltv_path_set(&tree, &root, path, parse(&tree, value), &file, "", &err),
                     LTV_OK);
    char *expected = ltv_yaml_write(parse(&tree, after));
    char *actual = ltv_yaml_write(root);
    char *base_after = ltv_yaml_write(base);
    if (strcmp(actual, expected) != 0) {
        print_error("%s:\n%s", label, actual);
        fail();
    }
    assert_string_equal(base_after, base_before); /* the base is as it was */
    free(expected);
    free(actual);
    free(base_before);
    free(base_after);
    ltv_yaml_tree_free(&tree);
}

static void a_path_changes_one_place(void **state)
{
    (void)state;
    assert_set("a value", "{revenue: {price: 1}}", "revenue.price", "2", "{revenue: {price: 2}}");
    assert_set("a missing block", "{title: a}", "time.horizon", "2",
               "{title: a, time: {horizon: 2}}");
    assert_set("a whole block", "{revenue: {price: 1, orders: 2}}", "revenue", "{price: 3}",
               "{revenue: {price: 3}}");
    assert_set("a block for a word", "{retention: {heterogeneity: none}}",
               "retention.heterogeneity.gamma.cv", "1",
               "{retention: {heterogeneity: {gamma: {cv: 1}}}}");
    assert_set("a named thing", "{segments: {a: {share: 1}}}", "segments.a.price", "x2",
               "{segments: {a: {share: 1, price: x2}}}");
    assert_set("a share", "{segments: {a: {starts: {b: 1, c: 0}}}}", "segments.a.starts.b", "0",
               "{segments: {a: {starts: {b: 0, c: 0}}}}");
    assert_set("one rate for another", "{plans: {a: {upgrade: {to: b, monthly: 1}}}}",
               "plans.a.upgrade.yearly", "2", "{plans: {a: {upgrade: {to: b, yearly: 2}}}}");
    assert_set("what went with the other way to say it",
               "{revenue: {orders: {value: {mean: 1, cv_within: 2}}}}", "revenue.orders.value.p",
               "3", "{revenue: {orders: {value: {p: 3}}}}");
    assert_set("a tenure", "{retention: {by_tenure: {3: 2}}}", "retention.by_tenure.11", "1.8",
               "{retention: {by_tenure: {3: 2, 11: 1.8}}}");
    assert_set("a value set by an arm", "{arms: {a: []}}", "arms.a.set.revenue.price", "2",
               "{arms: {a: {set: {revenue.price: 2}}}}");
    assert_set("the other alternative", "{acquisition: {cac: 1}}", "channels", "{a: {cac: 2}}",
               "{channels: {a: {cac: 2}}}");
    assert_set("what went with the other alternative",
               "{retention: {table: {csv: f, column: c, values: churn, after: stop}}}",
               "retention.table.survival", "[1, 0.5]",
               "{retention: {table: {after: stop, survival: [1, 0.5]}}}");
    assert_set("a part of another alternative leaves it to the reader to complain",
               "{retention: {geometric: {churn: 1%}}}", "retention.weibull.scale", "2",
               "{retention: {geometric: {churn: 1%}, weibull: {scale: 2}}}");
}

static void assumed_values_beside_the_path_are_dropped(void **state)
{
    (void)state;
    ltv_yaml_tree tree = {0};
    ltv_error err = {0};
    ltv_yaml_node *root = parse(&tree, "{revenue: {price: 1, heterogeneity: none}, title: a}");
    ltv_yaml_node *revenue = ltv_yaml_find(root, "revenue")->value;
    ltv_yaml_find(revenue, "heterogeneity")->value->assumed = true;
    ltv_yaml_find(root, "title")->value->assumed = true;
    assert_int_equal(
        ltv_path_set(&tree, &root, "revenue.price", parse(&tree, "2"), &file, "", &err), LTV_OK);
    char *text = ltv_yaml_write(root);
    assert_string_equal(text, "revenue:\n  price: 2\n");
    free(text);
    ltv_yaml_tree_free(&tree);
}

static void what_is_in_a_list_has_no_path(void **state)
{
    (void)state;
    ltv_yaml_tree tree = {0};
    ltv_error err = {0};
    ltv_yaml_node *root = parse(&tree, "{plans: {a: {upgrade: [{to: b, monthly: 1}]}}}");
    assert_int_equal(
        ltv_path_set(&tree, &root, "plans.a.upgrade.monthly", parse(&tree, "2"), &file, "", &err),
        LTV_ERR_BAD_INPUT);
    assert_non_null(strstr(err.message, "upgrade is a list here; set it as a whole"));
    ltv_yaml_tree_free(&tree);
}

static void only_paths_of_the_table_are_taken(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        bool by_arm;
        const char *message; /* NULL: fine */
    } cases[] = {
        {"revenue.price", true, NULL},
        {"segments.推奨者.retention.geometric.churn", true, NULL},
        {"retention.by_tenure.11", true, NULL},
        {"time.horizon", false, NULL},
        {"arms.a.set.retention.table", false, NULL},
        {"time.horizon", true, "an arm cannot override time"},
        {"arms.a", true, "an arm cannot override arms"},
        {"", false, "not a path"},
        {".", false, "not a path"},
        {"revenue.", false, "not a path"},
        {"revenue..price", false, "not a path"},
        {"revenue.cost", false, "unknown key"},
        {"revenue.price.a", false, "there is nothing inside price"},
        {"retention.season.3", false, "there is nothing inside season"},
        {"retention.by_tenure.3.times", false, "there is nothing inside 3"},
        {"correlations", true, "an arm cannot override correlations"},
        {"segments.a.churn", true, NULL},
        {"experiment.samples", false, "not in this version"},
        {"plans.basic.upgrade.to", true, NULL},
        {"plans.basic.upgrade.by_tenure.3", true, NULL},
        {"plans.basic.upgrade[0].to", true, "unknown key; did you mean upgrade?"},
        {"plans.basic.upgrade.to.name", true, "there is nothing inside to"},
        {"segments.a.starts.basic", true, NULL},
        {"segments.a.starts.basic.share", true, "there is nothing inside basic"},
        {"channels.a.segments.b", true, NULL},
        {"channels.a.cac.across_customers.log_normal.cv", true, NULL},
        {"price_change.times", true, NULL},
        {"revenue.orders.value.mean", true, NULL},
        {"phases.a", false, NULL},
        {"phases.a", true, "an arm cannot override phases"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i) {
        ltv_error err = {0};
        ltv_status status = ltv_path_check(cases[i].path, cases[i].by_arm, &file, "set.", &err);
        bool as_expected = cases[i].message == NULL ? status == LTV_OK
                                                    : status == LTV_ERR_BAD_INPUT &&
                                                          strstr(err.message, cases[i].message);
        if (!as_expected) {
            print_error("%s: %s\n", cases[i].path, err.message);
            fail();
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_path_changes_one_place),
        cmocka_unit_test(assumed_values_beside_the_path_are_dropped),
        cmocka_unit_test(what_is_in_a_list_has_no_path),
        cmocka_unit_test(only_paths_of_the_table_are_taken),
    };
    return cmocka_run_group_tests_name("scenario_paths", tests, NULL, NULL);
}
