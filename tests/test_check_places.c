/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sim/io/scenario/check_places.h"
#include "tests/walk_fixture.h"

static void a_path_leads_to_its_value_or_as_far_as_it_goes(void **state)
{
    (void)state;
    static const char text[] = "a: {b: 1, c: {d: 2}}\n"
                               "l: [{x: 3}, {x: 4}]\n"
                               "n[0]: {y: 5}\n";
    static const struct {
        const char *path;
        bool is_there;
        uint32_t line, column;
    } cases[] = {
        {"a", true, 1, 1},   /* of a block, where its key stands */
        {"a.b", true, 1, 8}, /* of anything else, where the value stands */
        {"a.c", true, 1, 11},    {"a.c.d", true, 1, 18},  {"a.z", false, 1, 4},
        {"a.c.z", false, 1, 14}, {"l", true, 2, 4},       {"l[1]", true, 2, 13},
        {"l[1].x", true, 2, 17}, {"l[2].x", false, 1, 1}, {"a[0]", false, 1, 1},
        {"n[0].y", true, 3, 11}, /* a name in brackets is a name */
    };
    walk_fixture f;
    walk_fixture_init(&f);
    f.walk.root = walk_fixture_parse(&f, text);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
        const ltv_place *place = ltv_place_of(&f.walk, cases[i].path);
        assert_int_equal(ltv_entry_at(&f.walk, cases[i].path) != NULL, cases[i].is_there);
        if (place->line != cases[i].line || place->column != cases[i].column)
            fail_msg("%s: %u:%u", cases[i].path, place->line, place->column);
    }
    walk_fixture_free(&f);
}

static void a_complaint_names_place_and_path(void **state)
{
    (void)state;
    walk_fixture f;
    walk_fixture_init(&f);
    f.walk.root = walk_fixture_parse(&f, "a: {b: 1}\n");
    strcpy(f.walk.path, "arms.x: ");
    assert_int_equal(ltv_complain_at(&f.walk, "a.b", "%d is 100%% wrong", 1), LTV_ERR_BAD_INPUT);
    assert_string_equal(f.err.message, "folder/x.yaml:1:8: arms.x: a.b: 1 is 100% wrong");
    walk_fixture_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_path_leads_to_its_value_or_as_far_as_it_goes),
        cmocka_unit_test(a_complaint_names_place_and_path),
    };
    return cmocka_run_group_tests_name("check_places", tests, NULL, NULL);
}
