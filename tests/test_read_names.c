/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "sim/io/scenario/read_names.h"
#include "tests/walk_fixture.h"

typedef ltv_status reader(ltv_walk *walk, const ltv_field *field, ltv_yaml_node *node);

static void names_have_a_shape(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        reader *read;
        const char *text, *message; /* NULL: it passes */
    } cases[] = {
        {"a name", ltv_read_name, "high", NULL},
        {"a number for a name", ltv_read_name, "2027", NULL},
        {"a list for a name", ltv_read_name, "[high]", "here: a name is due here, not a list"},
        {"no name", ltv_read_name, "''", "a name is due here, not nothing"},
        {"one of names", ltv_read_names, "high", NULL},
        {"some names", ltv_read_names, "[high, low]", NULL},
        {"the same twice", ltv_read_names, "[a, b, a]", "here[2]: a is listed twice"},
        {"none of names", ltv_read_names, "[]", "here: a name or a list of names is due here"},
        {"names in a block", ltv_read_names, "{a: 1}", "not a block of keys"},
        {"a list in a list", ltv_read_names, "[[a]]", "here[0]: a name is due here, not a list"},
        {"a name that is null", ltv_read_names, "[a, ~]", "here[1]: a name is due here"},
        {"no programmes", ltv_read_programmes, "[]", NULL},
        {"programmes", ltv_read_programmes, "[b, a]", NULL},
        {"one programme", ltv_read_programmes, "a", "here: a list of interventions is due here"},
        {"a programme twice", ltv_read_programmes, "[a, a]", "here[1]: a is listed twice"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
        walk_fixture f;
        walk_fixture_init(&f);
        ltv_yaml_node *node = walk_fixture_parse(&f, cases[i].text);
        walk_fixture_expect(&f, cases[i].read(&f.walk, NULL, node), cases[i].label,
                            cases[i].message);
        walk_fixture_free(&f);
    }
}

static void an_arm_has_room_for_64_programmes(void **state)
{
    (void)state;
    for (int n = LTV_MAX_INTERVENTIONS; n <= LTV_MAX_INTERVENTIONS + 1; ++n) {
        walk_fixture f;
        char text[1024] = "[";
        walk_fixture_init(&f);
        for (int i = 0; i < n; ++i)
            snprintf(text + strlen(text), sizeof text - strlen(text), "p%d%s", i,
                     i + 1 < n ? ", " : "]");
        walk_fixture_expect(
            &f, ltv_read_programmes(&f.walk, NULL, walk_fixture_parse(&f, text)), "many",
            n == LTV_MAX_INTERVENTIONS ? NULL : "an arm can have at most 64 interventions, not 65");
        walk_fixture_free(&f);
    }
}

static void one_name_counts_as_a_list_of_one(void **state)
{
    (void)state;
    walk_fixture f;
    walk_fixture_init(&f);
    const ltv_yaml_node *one = walk_fixture_parse(&f, "a");
    const ltv_yaml_node *two = walk_fixture_parse(&f, "[a, b]");
    assert_int_equal(ltv_name_count(NULL), 0);
    assert_int_equal(ltv_name_count(one), 1);
    assert_int_equal(ltv_name_count(two), 2);
    assert_string_equal(ltv_name_at(one, 0)->text, "a");
    assert_string_equal(ltv_name_at(two, 1)->text, "b");
    walk_fixture_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_have_a_shape),
        cmocka_unit_test(an_arm_has_room_for_64_programmes),
        cmocka_unit_test(one_name_counts_as_a_list_of_one),
    };
    return cmocka_run_group_tests_name("read_names", tests, NULL, NULL);
}
