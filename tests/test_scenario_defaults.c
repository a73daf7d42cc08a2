/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sim/io/scenario/scenario_defaults.h"
#include "tests/walk_fixture.h"

static const ltv_place place = {.file = "folder/x.yaml", .line = 3, .column = 5};

static const ltv_yaml_node *make_default(walk_fixture *f, const ltv_field *field)
{
    ltv_yaml_node *node = NULL;
    walk_fixture_expect(f, ltv_make_default(&f->walk, field, &place, &node), field->key, NULL);
    return node;
}

static void a_default_is_assumed_through_and_through(void **state)
{
    (void)state;
    static const ltv_field arms = {.key = "arms", .fallback = "{baseline: []}"};
    walk_fixture f;
    walk_fixture_init(&f);
    const ltv_yaml_node *node = make_default(&f, &arms);
    assert_true(node->assumed);
    assert_int_equal(node->place.line, 3);
    const ltv_yaml_entry *baseline = ltv_yaml_find(node, "baseline");
    assert_int_equal(baseline->key_place.line, 3);
    assert_true(baseline->value->assumed);
    assert_int_equal(baseline->value->kind, LTV_YAML_LIST);
    walk_fixture_free(&f);
}

static void a_field_may_have_no_default(void **state)
{
    (void)state;
    static const ltv_field currency = {.key = "currency"};
    walk_fixture f;
    walk_fixture_init(&f);
    assert_null(make_default(&f, &currency));
    walk_fixture_free(&f);
}

static void the_title_is_the_name_of_the_file(void **state)
{
    (void)state;
    static const ltv_field title = {.key = "title", .rule = LTV_DEFAULT_TITLE};
    static const struct {
        const char *file, *title;
    } cases[] = {
        {"a/b.c/music.yaml", "music"}, {"music", "music"},         {"音楽.yml", "音楽"},
        {"a.b.yaml", "a.b"},           {"dir/.hidden", ".hidden"}, {"dir/", "scenario"},
        {"a: [b].yaml", "a: [b]"}, /* a text, whatever YAML would make of it */
        {"a\nb.yaml", "a?b"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
        walk_fixture f;
        walk_fixture_init(&f);
        f.walk.file = cases[i].file;
        assert_string_equal(make_default(&f, &title)->text, cases[i].title);
        walk_fixture_free(&f);
    }
}

static void a_table_holds_its_last_periods(void **state)
{
    (void)state;
    static const ltv_field hold = {.key = "hold", .rule = LTV_DEFAULT_HOLD};
    static const struct {
        size_t periods;
        const char *text;
    } cases[] = {{1, "1"}, {5, "5"}, {6, "6"}, {7, "6"}, {60, "6"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
        walk_fixture f;
        walk_fixture_init(&f);
        f.retention.curve.table_size = cases[i].periods + 1;
        assert_string_equal(make_default(&f, &hold)->text, cases[i].text);
        walk_fixture_free(&f);
    }
}

static void the_horizon_is_ten_years_unless_the_experiment_has_one(void **state)
{
    (void)state;
    static const ltv_field horizon = {.key = "horizon", .rule = LTV_DEFAULT_HORIZON};
    walk_fixture f;
    walk_fixture_init(&f);
    assert_string_equal(make_default(&f, &horizon)->text, "120");
    f.scenario.time_unit = LTV_UNIT_WEEK;
    assert_string_equal(make_default(&f, &horizon)->text, "520");
    f.walk.root = walk_fixture_parse(&f, "{experiment: {seed: 3}}");
    assert_string_equal(make_default(&f, &horizon)->text, "520");
    f.walk.root = walk_fixture_parse(&f, "{experiment: {horizon: 7}}");
    assert_null(make_default(&f, &horizon));
    walk_fixture_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_default_is_assumed_through_and_through),
        cmocka_unit_test(a_field_may_have_no_default),
        cmocka_unit_test(the_title_is_the_name_of_the_file),
        cmocka_unit_test(a_table_holds_its_last_periods),
        cmocka_unit_test(the_horizon_is_ten_years_unless_the_experiment_has_one),
    };
    return cmocka_run_group_tests_name("scenario_defaults", tests, NULL, NULL);
}
