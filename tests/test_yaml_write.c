/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/io/scenario/yaml_parse.h"
#include "sim/io/scenario/yaml_write.h"

static const ltv_place file = {.file = "x.yaml"};

static ltv_yaml_node *parse(ltv_yaml_tree *tree, const char *text)
{
    ltv_error err = {0};
    ltv_yaml_node *root = NULL;
    if (ltv_yaml_parse(tree, &root, &file, text, strlen(text), &err) != LTV_OK) {
        print_error("%s\nin: %s\n", err.message, text);
        fail();
    }
    return root;
}

static void assert_written(const char *text, const char *expected)
{
    ltv_yaml_tree tree = {0};
    char *written = ltv_yaml_write(parse(&tree, text));
    assert_string_equal(written, expected);
    free(written);
    ltv_yaml_tree_free(&tree);
}

static void mappings_are_blocks_and_lists_are_in_brackets(void **state)
{
    (void)state;
    assert_written("{a: {b: [1, {c: 2}], d: {}}, e: [], f: ~}",
                   "a:\n  b: [1, {c: 2}]\n  d: {}\ne: []\nf: null\n");
}

/* A scalar comes back the same, on its own and inside of a list. */
static void any_text_survives_writing_and_reading(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "plain",
        "3%",
        "-0.3",
        "x1.2",
        "1,000",
        "推奨者",
        "a b",
        " a",
        "a ",
        "",
        "~",
        "null",
        "NULL",
        "a: b",
        "a:b",
        "a #b",
        "a#b",
        "#a",
        "- a",
        "-",
        "?",
        "[a",
        "a]",
        "{a}",
        "&a",
        "*a",
        "!a",
        "|",
        ">",
        "'a'",
        "\"a\"",
        "%a",
        "@a",
        "`a",
        "a\\b",
        "a\nb",
        "a\tb",
        "\x01",
        "\xC2\x85",
        "\xE2\x80\xA8",
        "\xEF\xBB\xBF",
        "...",
        "---",
        "--- a",
        "a:",
        ":",
        ":a",
        "<<",
        "=",
        "it's",
        "😀",
        "\x7F",
        "2027-04",
        "true",
        "-x",
        ",",
        "?a",
        "? a",
        "a, b",
        "-1",
        "--1",
        "-\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; ++i) {
        ltv_yaml_tree tree = {0};
        ltv_yaml_node *root = ltv_yaml_new(&tree, LTV_YAML_MAP, &file);
        ltv_yaml_node *list = ltv_yaml_new(&tree, LTV_YAML_LIST, &file);
        ltv_yaml_node *scalar = ltv_yaml_new_scalar(&tree, texts[i], &file);
        assert_true(ltv_yaml_insert(&tree, list, 0, "", &file, scalar));
        assert_true(ltv_yaml_insert(&tree, list, 1, "", &file, scalar));
        assert_true(ltv_yaml_insert(&tree, root, 0, "list", &file, list));
        assert_true(ltv_yaml_insert(&tree, root, 1, "scalar", &file, scalar));
        bool is_key = texts[i][0] != '\0';
        if (is_key)
            assert_true(ltv_yaml_insert(&tree, root, 2, texts[i], &file, scalar));
        char *written = ltv_yaml_write(root);
        const ltv_yaml_node *again = parse(&tree, written);
        const ltv_yaml_node *list_again = ltv_yaml_find(again, "list")->value;
        assert_int_equal(list_again->n, 2);
        assert_string_equal(list_again->entries[0].value->text, texts[i]);
        assert_string_equal(list_again->entries[1].value->text, texts[i]);
        assert_string_equal(ltv_yaml_find(again, "scalar")->value->text, texts[i]);
        assert_false(ltv_yaml_find(again, "scalar")->value->is_null);
        assert_true(!is_key || ltv_yaml_find(again, texts[i]) != NULL);
        char *second = ltv_yaml_write(again);
        assert_string_equal(second, written);
        free(second);
        free(written);
        ltv_yaml_tree_free(&tree);
    }
}

static void long_lists_are_broken_into_lines(void **state)
{
    (void)state;
    ltv_yaml_tree tree = {0};
    ltv_yaml_node *root = ltv_yaml_new(&tree, LTV_YAML_MAP, &file);
    ltv_yaml_node *list = ltv_yaml_new(&tree, LTV_YAML_LIST, &file);
    assert_true(ltv_yaml_insert(&tree, root, 0, "survival", &file, list));
    for (size_t i = 0; i < 500; ++i)
        assert_true(ltv_yaml_insert(&tree, list, i, "", &file,
                                    ltv_yaml_new_scalar(&tree, "0.12345678901234567", &file)));
    char *written = ltv_yaml_write(root);
    for (const char *line = written; *line != '\0'; line = strchr(line, '\n') + 1)
        assert_true(strcspn(line, "\n") <= 120);
    assert_int_equal(ltv_yaml_find(parse(&tree, written), "survival")->value->n, 500);
    free(written);
    ltv_yaml_tree_free(&tree);
}

static void assumed_leaves_are_listed_with_their_paths(void **state)
{
    (void)state;
    ltv_yaml_tree tree = {0};
    ltv_yaml_node *root = parse(&tree, "time: {unit: month, horizon: 120}\narms: {a: []}\n");
    ltv_yaml_node *time = ltv_yaml_find(root, "time")->value;
    time->assumed = true; /* told through its leaves */
    ltv_yaml_find(time, "horizon")->value->assumed = true;
    ltv_yaml_find(ltv_yaml_find(root, "arms")->value, "a")->value->assumed = true;
    size_t n = 0;
    char **lines = NULL;
    assert_true(ltv_yaml_assumed(root, &n, &lines));
    assert_int_equal(n, 2);
    assert_string_equal(lines[0], "time.horizon: 120");
    assert_string_equal(lines[1], "arms.a: []");
    for (size_t i = 0; i < n; ++i)
        free(lines[i]);
    free(lines);
    ltv_yaml_tree_free(&tree);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mappings_are_blocks_and_lists_are_in_brackets),
        cmocka_unit_test(any_text_survives_writing_and_reading),
        cmocka_unit_test(long_lists_are_broken_into_lines),
        cmocka_unit_test(assumed_leaves_are_listed_with_their_paths),
    };
    return cmocka_run_group_tests_name("yaml_write", tests, NULL, NULL);
}
