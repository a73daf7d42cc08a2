/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/io/scenario/yaml_parse.h"

static const ltv_place file = {.file = "x.yaml"};

static ltv_yaml_node *parse(ltv_yaml_tree *tree, const char *text)
{
    ltv_error err = {0};
    ltv_yaml_node *root = NULL;
    if (ltv_yaml_parse(tree, &root, &file, text, strlen(text), &err) != LTV_OK) {
        print_error("%s\n", err.message);
        fail();
    }
    return root;
}

static void assert_place(const ltv_place *place, uint32_t line, uint32_t column)
{
    assert_int_equal(place->line, line);
    assert_int_equal(place->column, column);
}

static void every_node_knows_its_place(void **state)
{
    (void)state;
    ltv_yaml_tree tree = {0};
    const ltv_yaml_node *root = parse(&tree, "a: 1\n"
                                             "推奨者: {b: \"two\", c: [x, 'y']}\n"
                                             "d:\n"
                                             "  e: |\n"
                                             "    text\n"
                                             "f:\n");
    const ltv_yaml_entry *map = ltv_yaml_find(root, "推奨者");
    assert_place(&ltv_yaml_find(root, "a")->value->place, 1, 4);
    assert_place(&map->key_place, 2, 1);
    assert_place(&map->value->place, 2, 6);
    assert_place(&ltv_yaml_find(map->value, "b")->value->place, 2, 10);
    const ltv_yaml_node *list = ltv_yaml_find(map->value, "c")->value;
    assert_place(&list->entries[0].value->place, 2, 21);
    assert_place(&list->entries[1].value->place, 2, 24);
    const ltv_yaml_node *block = ltv_yaml_find(root, "d")->value;
    assert_place(&ltv_yaml_find(block, "e")->value->place, 4, 3);
    assert_place(&ltv_yaml_find(root, "f")->value->place, 6, 1);
    ltv_yaml_tree_free(&tree);
}

static void quotes_tell_text_from_nothing(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool is_null, is_quoted;
    } cases[] = {
        {"", true, false},     {"~", true, false},        {"null", true, false},
        {"\"\"", false, true}, {"'null'", false, true},   {"\"~\"", false, true},
        {"nul", false, false}, {"nothing", false, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i) {
        ltv_yaml_tree tree = {0};
        char text[64] = "a: ";
        strcat(text, cases[i].text);
        const ltv_yaml_node *value = ltv_yaml_find(parse(&tree, text), "a")->value;
        assert_int_equal(value->is_null, cases[i].is_null);
        assert_int_equal(value->is_quoted, cases[i].is_quoted);
        ltv_yaml_tree_free(&tree);
    }
}

static void an_alias_is_a_copy_of_its_own(void **state)
{
    (void)state;
    ltv_yaml_tree tree = {0};
    ltv_yaml_node *root = parse(&tree, "a: &x {b: [1, 2]}\nc: *x\n");
    ltv_yaml_node *first = ltv_yaml_find(root, "a")->value;
    ltv_yaml_node *second = ltv_yaml_find(root, "c")->value;
    assert_ptr_not_equal(first, second);
    ltv_yaml_remove(first, "b");
    assert_int_equal(ltv_yaml_find(second, "b")->value->n, 2);
    ltv_yaml_tree_free(&tree);
}

static void an_anchor_may_be_used_again_and_written_anew(void **state)
{
    (void)state;
    ltv_yaml_tree tree = {0};
    ltv_yaml_node *root = parse(&tree, "a: &x 1\nb: *x\nc: &x 2\nd: *x\n");
    assert_string_equal(ltv_yaml_find(root, "b")->value->text, "1");
    assert_string_equal(ltv_yaml_find(root, "d")->value->text, "2");
    ltv_yaml_tree_free(&tree);
}

static void nothing_but_comments_is_no_tree(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "\n\n", "# a comment\n", "\xEF\xBB\xBF"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; ++i) {
        ltv_yaml_tree tree = {0};
        assert_null(parse(&tree, texts[i]));
        ltv_yaml_tree_free(&tree);
    }
}

static void a_byte_order_mark_takes_no_place(void **state)
{
    (void)state;
    ltv_yaml_tree tree = {0};
    ltv_yaml_node *root = parse(&tree, "\xEF\xBB\xBF"
                                       "a: 1\n");
    assert_place(&ltv_yaml_find(root, "a")->value->place, 1, 4);
    ltv_yaml_tree_free(&tree);
}

static void tenures_beside_each_other_are_no_split_number(void **state)
{
    (void)state;
    ltv_yaml_tree tree = {0};
    ltv_yaml_node *root = parse(&tree, "a: {11: 1.8, 120: 2, 240: 3}\n");
    assert_int_equal(ltv_yaml_find(root, "a")->value->n, 3);
    ltv_yaml_tree_free(&tree);
}

/* The faults that a scenario file can have stand in tests/bad_scenarios; these need bytes that a
 * file among sources should not have, or sizes. */
static void assert_refused(const char *text, size_t length, const char *message)
{
    ltv_yaml_tree tree = {0};
    ltv_error err = {0};
    ltv_yaml_node *root = NULL;
    assert_int_equal(ltv_yaml_parse(&tree, &root, &file, text, length, &err), LTV_ERR_BAD_INPUT);
    if (strstr(err.message, message) == NULL) {
        print_error("%s\nexpected: %s\n", err.message, message);
        fail();
    }
    ltv_yaml_tree_free(&tree);
}

static void bytes_that_are_no_text_are_refused(void **state)
{
    (void)state;
    assert_refused("a: 1\nb: \0", 9,
                   "x.yaml:2:4: the file has a control character here (byte 0x00)");
    assert_refused("\xFF\xFE\x61\x00", 4, "x.yaml:1:1: the file is in UTF-16");
    assert_refused("a: \xC0\xAF", 5, "x.yaml:1:4: the text is not UTF-8");
    assert_refused("a: \xED\xA0\x80", 6, "x.yaml:1:4: the text is not UTF-8");
    assert_refused("a: \xF4\x90\x80\x80", 7, "x.yaml:1:4: the text is not UTF-8");
    assert_refused("推: \xE6\x8E", 7, "x.yaml:1:4: the text is not UTF-8");
}

static void excess_is_refused(void **state)
{
    (void)state;
    size_t n = 2 * LTV_YAML_MAX_NODES;
    char *text = malloc(4 * n);
    assert_non_null(text);
    memset(text, '[', n);
    assert_refused(text, n, "x.yaml:1:65: nested more than 64 levels deep");
    text[0] = '[';
    for (size_t i = 0; i < n; ++i)
        memcpy(text + 1 + 2 * i, "1,", 2);
    assert_refused(text, 1 + 2 * n, "too many values (more than 200000");
    size_t length = 0;
    for (int i = 0; i <= LTV_YAML_MAX_KEYS; ++i)
        length += (size_t)sprintf(text + length, "k%d: 1\n", i);
    assert_refused(text, length, "x.yaml:4097:1: more than 4096 keys in one block");
    free(text);
}

static void a_chain_of_aliases_cannot_nest_deeper(void **state)
{
    (void)state;
    char text[4096];
    size_t length = (size_t)sprintf(text, "a0: &a0 [1]\n");
    for (int i = 1; i < 80; ++i)
        length += (size_t)sprintf(text + length, "a%d: &a%d [*a%d]\n", i, i, i - 1);
    assert_refused(text, length, "nested more than 64 levels deep");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_node_knows_its_place),
        cmocka_unit_test(quotes_tell_text_from_nothing),
        cmocka_unit_test(an_alias_is_a_copy_of_its_own),
        cmocka_unit_test(an_anchor_may_be_used_again_and_written_anew),
        cmocka_unit_test(nothing_but_comments_is_no_tree),
        cmocka_unit_test(a_byte_order_mark_takes_no_place),
        cmocka_unit_test(tenures_beside_each_other_are_no_split_number),
        cmocka_unit_test(bytes_that_are_no_text_are_refused),
        cmocka_unit_test(excess_is_refused),
        cmocka_unit_test(a_chain_of_aliases_cannot_nest_deeper),
    };
    return cmocka_run_group_tests_name("yaml_parse", tests, NULL, NULL);
}
