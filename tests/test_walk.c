/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/walk_fixture.h"

static void the_path_follows_the_walk(void **state)
{
    (void)state;
    static const struct {
        const char *label, *prefix, *key, *path;
    } cases[] = {
        {"top level", "", "a", "a"},
        {"inside", "a", "b", "a.b"},
        {"after a prefix", "arms.b: ", "a", "arms.b: a"},
        {"a key that looks like an index", "a", "[0]", "a.[0]"},
        {"a key that cannot be shown", "a", "b\nc", "a.b?c"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
        ltv_walk walk = {0};
        strcpy(walk.path, cases[i].prefix);
        size_t before = ltv_walk_enter(&walk, cases[i].key);
        if (strcmp(walk.path, cases[i].path) != 0)
            fail_msg("%s: %s", cases[i].label, walk.path);
        ltv_walk_leave(&walk, before);
        assert_string_equal(walk.path, cases[i].prefix);
    }
    ltv_walk walk = {.path = "a"};
    size_t before = ltv_walk_enter_index(&walk, 11);
    assert_string_equal(walk.path, "a[11]");
    ltv_walk_leave(&walk, before);
    assert_string_equal(walk.path, "a");
}

static void a_path_without_end_is_cut(void **state)
{
    (void)state;
    ltv_walk walk = {0};
    size_t before[2 * LTV_PATH_SIZE];
    for (size_t i = 0; i < 2 * LTV_PATH_SIZE; ++i)
        before[i] = ltv_walk_enter(&walk, "a");
    assert_int_equal(strlen(walk.path), LTV_PATH_SIZE - 1);
    for (size_t i = 2 * LTV_PATH_SIZE; i > 0; --i)
        ltv_walk_leave(&walk, before[i - 1]);
    assert_string_equal(walk.path, "");
}

static void a_field_knows_its_struct(void **state)
{
    (void)state;
    walk_fixture f;
    walk_fixture_init(&f);
    static const ltv_field field = {.in = LTV_IN_ARM, .offset = offsetof(ltv_arm, price)};
    assert_ptr_equal(ltv_walk_address(&f.walk, &field), &f.arm.price);
    ltv_walk_set_flag(&f.walk, &field, 0);
    ltv_walk_set_flag(&f.walk, &field, offsetof(ltv_arm, declared_segments));
    assert_true(f.arm.declared_segments);
    assert_string_equal(f.arm.name, ""); /* at offset 0 */
    walk_fixture_free(&f);
}

static void short_memory_is_told_with_the_file(void **state)
{
    (void)state;
    walk_fixture f;
    walk_fixture_init(&f);
    assert_int_equal(ltv_walk_no_memory(&f.walk), LTV_ERR_NO_MEMORY);
    assert_non_null(strstr(f.err.message, "folder/x.yaml"));
    walk_fixture_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_path_follows_the_walk),
        cmocka_unit_test(a_path_without_end_is_cut),
        cmocka_unit_test(a_field_knows_its_struct),
        cmocka_unit_test(short_memory_is_told_with_the_file),
    };
    return cmocka_run_group_tests_name("walk", tests, NULL, NULL);
}
