/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sim/io/scenario/read_csv.h"
#include "tests/walk_fixture.h"

static const ltv_block *table_block(void)
{
    const ltv_block *retention = ltv_block_field(ltv_scenario_fields(), "retention")->block;
    return ltv_block_field(retention, "table")->block;
}

static void init_beside_good_scenarios(walk_fixture *f)
{
    walk_fixture_init(f);
    f->walk.file = LTV_SOURCE_DIR "/tests/good_scenarios/x.yaml";
}

static void a_column_becomes_the_list_that_it_holds(void **state)
{
    (void)state;
    static const struct {
        const char *label, *text, *key;
    } cases[] = {
        {"beside the scenario", "{csv: survival.csv, column: survival}", "survival"},
        {"said to be survival", "{values: survival, csv: survival.csv, column: survival}",
         "survival"},
        {"said to be churn", "{csv: survival.csv, column: churn, values: churn, after: stop}",
         "churn"},
        {"at an absolute path",
         "{csv: " LTV_SOURCE_DIR "/tests/good_scenarios/survival.csv, column: survival}",
         "survival"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
        walk_fixture f;
        init_beside_good_scenarios(&f);
        ltv_yaml_node *map = walk_fixture_parse(&f, cases[i].text);
        size_t others = ltv_yaml_find(map, "after") != NULL;
        walk_fixture_expect(&f, ltv_expand_csv(&f.walk, map, table_block()), cases[i].label, NULL);
        assert_int_equal(map->n, 1 + others);
        const ltv_yaml_entry *list = ltv_yaml_find(map, cases[i].key);
        assert_non_null(list);
        assert_int_equal(list->value->kind, LTV_YAML_LIST);
        assert_true(list->value->n >= 2);
        const ltv_yaml_node *second = list->value->entries[1].value;
        assert_int_equal(second->place.line, 3);
        assert_non_null(strstr(second->place.file, "good_scenarios/survival.csv"));
        walk_fixture_free(&f);
    }
}

static void a_map_without_csv_stays_as_it_is(void **state)
{
    (void)state;
    walk_fixture f;
    walk_fixture_init(&f);
    ltv_yaml_node *map = walk_fixture_parse(&f, "{survival: [1, 0.5]}");
    walk_fixture_expect(&f, ltv_expand_csv(&f.walk, map, table_block()), "no csv", NULL);
    assert_int_equal(map->n, 1);
    assert_non_null(ltv_yaml_find(map, "survival"));
    walk_fixture_free(&f);
}

static void a_column_that_cannot_be_read_is_told_at_its_key(void **state)
{
    (void)state;
    static const struct {
        const char *label, *text, *message;
    } cases[] = {
        {"no column", "{csv: survival.csv}",
         "here: say which column to read: {csv: survival.csv, column: NAME}"},
        {"no such column", "{csv: survival.csv, column: b}", "here.column: "},
        {"no such file", "{csv: absent.csv, column: b}", "here.csv: "},
        {"file name in a list", "{csv: [survival.csv], column: b}",
         "here.csv: a file name is due here, not a list"},
        {"column in a list", "{csv: survival.csv, column: [b]}",
         "here.column: the name of a column is due here, not a list"},
        {"neither survival nor churn", "{csv: survival.csv, column: survival, values: hazard}",
         "here.values: hazard is not one of: survival, churn"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
        walk_fixture f;
        init_beside_good_scenarios(&f);
        ltv_status status =
            ltv_expand_csv(&f.walk, walk_fixture_parse(&f, cases[i].text), table_block());
        walk_fixture_expect(&f, status, cases[i].label, cases[i].message);
        walk_fixture_free(&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_column_becomes_the_list_that_it_holds),
        cmocka_unit_test(a_map_without_csv_stays_as_it_is),
        cmocka_unit_test(a_column_that_cannot_be_read_is_told_at_its_key),
    };
    return cmocka_run_group_tests_name("read_csv", tests, NULL, NULL);
}
