/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim/io/scenario/yaml_tree.h"

static const ltv_place file = {.file = "x.yaml"};

static void entries_are_put_in_and_taken_out_in_order(void **state)
{
    (void)state;
    ltv_yaml_tree tree = {0};
    ltv_yaml_node *map = ltv_yaml_new(&tree, LTV_YAML_MAP, &file);
    static const char *const keys[] = {"c", "a", "b"};
    static const size_t at[] = {0, 0, 1};
    for (size_t i = 0; i < 3; ++i)
        assert_true(ltv_yaml_insert(&tree, map, at[i], keys[i], &file,
                                    ltv_yaml_new_scalar(&tree, keys[i], &file)));
    ltv_yaml_remove(map, "nobody");
    ltv_yaml_remove(map, "b");
    assert_int_equal(map->n, 2);
    assert_string_equal(map->entries[0].key, "a");
    assert_string_equal(map->entries[1].key, "c");
    assert_null(ltv_yaml_find(map, "b"));
    assert_null(ltv_yaml_find(map->entries[0].value, "a"));
    ltv_yaml_tree_free(&tree);
}

static void a_node_has_a_name_in_everyday_words(void **state)
{
    (void)state;
    static const struct {
        const char *words;
        ltv_yaml_node node;
    } cases[] = {
        {"a list", {.kind = LTV_YAML_LIST}},
        {"a block of keys", {.kind = LTV_YAML_MAP}},
        {"a single value", {.kind = LTV_YAML_SCALAR, .text = "5"}},
        {"nothing", {.kind = LTV_YAML_SCALAR, .text = "", .is_null = true}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i)
        assert_string_equal(ltv_yaml_kind_text(&cases[i].node), cases[i].words);
}

static void nodes_that_say_the_same_are_the_same(void **state)
{
    (void)state;
    ltv_yaml_tree tree = {0};
    const ltv_place here = {.file = "a.yaml", .line = 1}, there = {.file = "b.yaml", .line = 9};
    ltv_yaml_node *maps[3];
    for (size_t i = 0; i < 3; ++i) {
        const ltv_place *place = i == 0 ? &here : &there;
        maps[i] = ltv_yaml_new(&tree, LTV_YAML_MAP, place);
        ltv_yaml_node *value = ltv_yaml_new_scalar(&tree, i < 2 ? "5" : "6", place);
        assert_true(ltv_yaml_insert(&tree, maps[i], 0, "price", place, value));
    }
    assert_true(ltv_yaml_same(maps[0], maps[0]) && ltv_yaml_same(maps[0], maps[1]));
    assert_false(ltv_yaml_same(maps[0], maps[2]));
    assert_false(ltv_yaml_same(maps[0], maps[0]->entries[0].value));
    ltv_yaml_remove(maps[1], "price");
    assert_false(ltv_yaml_same(maps[0], maps[1]));
    ltv_yaml_tree_free(&tree);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_are_put_in_and_taken_out_in_order),
        cmocka_unit_test(a_node_has_a_name_in_everyday_words),
        cmocka_unit_test(nodes_that_say_the_same_are_the_same),
    };
    return cmocka_run_group_tests_name("yaml_tree", tests, NULL, NULL);
}
