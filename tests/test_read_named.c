/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "sim/io/scenario/read_named.h"
#include "tests/walk_fixture.h"

static const ltv_field *root_field(const char *key)
{
    return ltv_block_field(ltv_scenario_fields(), key);
}

#define NAME_16 "0123456789abcdef"

static void a_name_fits_into_paths_and_files(void **state)
{
    (void)state;
    static const struct {
        const char *label, *name, *message; /* NULL: it passes */
    } cases[] = {
        {"a word", "search", NULL},
        {"Japanese", "推奨者", NULL},
        {"blanks inside and behind", "paid search ", NULL},
        {"longest", NAME_16 NAME_16 NAME_16 NAME_16, NULL},
        {"too long", NAME_16 NAME_16 NAME_16 NAME_16 "0", "is longer than 64 bytes"},
        {"leading blank", " a", "begins with a blank"},
        {"leading ideographic blank", "　a", "begins with a blank"},
        {"slash", "a/b", "the name \"a/b\" contains one of / . |"},
        {"dot", "a.b", "contains one of / . |"},
        {"bar", "a|b", "contains one of / . |"},
        {"control character", "a\\tb", "contains a control character"},
        {"delete", "a\\x7Fb", "contains a control character"},
        {"C1 control character", "a\\u0085b", "contains a control character"},
        {"no-break space, beside those", "a\\u00A0b", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
        walk_fixture f;
        walk_fixture_init(&f);
        char text[256];
        snprintf(text, sizeof text, "{\"%s\": {share: 100%%, cac: 5}}", cases[i].name);
        ltv_status status =
            ltv_read_channels(&f.walk, root_field("channels"), walk_fixture_parse(&f, text));
        walk_fixture_expect(&f, status, cases[i].label, cases[i].message);
        walk_fixture_free(&f);
    }
}

static void named_things_are_read_in_order(void **state)
{
    (void)state;
    walk_fixture f;
    walk_fixture_init(&f);
    assert_int_equal(ltv_make_stand_ins(&f.walk), LTV_OK);
    walk_fixture_expect(
        &f,
        ltv_read_channels(
            &f.walk, root_field("channels"),
            walk_fixture_parse(&f, "{b: {share: 40%, cac: 7}, a: {cac: 5, share: 60%}}")),
        "channels", NULL);
    assert_int_equal(f.arm.n_channels, 2);
    assert_string_equal(f.arm.channels[0].name, "b");
    assert_true(f.arm.channels[0].share == 0.4 && f.arm.channels[0].cac == 7);
    assert_string_equal(f.arm.channels[1].name, "a");
    assert_true(f.arm.channels[1].share == 0.6 && f.arm.channels[1].cac == 5);
    walk_fixture_expect(
        &f,
        ltv_read_segments(
            &f.walk, root_field("segments"),
            walk_fixture_parse(
                &f, "{c: {share: 1, price: x1.5, retention: {geometric: {churn: 3%}}}}")),
        "segments", NULL);
    assert_int_equal(f.arm.n_segments, 1);
    const ltv_segment *segment = &f.arm.segments[0];
    assert_string_equal(segment->name, "c");
    assert_true(segment->times.on[LTV_LEVER_PRICE] == 1.5 && segment->has_retention);
    assert_true(segment->retention.curve.parameter[0] == 0.03);
    walk_fixture_free(&f);
}

static void without_names_there_is_one_for_everybody(void **state)
{
    (void)state;
    walk_fixture f;
    walk_fixture_init(&f);
    assert_int_equal(ltv_make_stand_ins(&f.walk), LTV_OK);
    assert_int_equal(f.arm.n_segments, 1);
    assert_int_equal(f.arm.n_channels, 1);
    assert_string_equal(f.arm.segments[0].name, "all");
    assert_string_equal(f.arm.channels[0].name, "all");
    assert_true(f.arm.segments[0].share == 1 && f.arm.segments[0].times.on[LTV_LEVER_PRICE] == 1);
    assert_true(f.arm.channels[0].share == 1 && f.arm.channels[0].cac == 0);
    assert_ptr_equal(f.walk.target[LTV_IN_CHANNEL], &f.arm.channels[0]); /* for `acquisition` */
    walk_fixture_free(&f);
}

static void names_have_blocks(void **state)
{
    (void)state;
    static const struct {
        const char *label, *text, *message;
    } cases[] = {
        {"a list", "[a]", "names with their values are due here, not a list"},
        {"a word", "all", "names with their values are due here, not a single value"},
        {"nobody", "{}", "names with their values are due here, not an empty block"},
        {"a number for a block", "{a: 5}",
         "here.a: a block of keys is due here (share, cac, churn, involuntary, upgrade, "},
        {"a missing key", "{a: {share: 1}}", "here.a.cac: missing"},
        {"an unknown key", "{a: {share: 1, cca: 5}}", "here.a.cca: unknown key; did you mean cac?"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
        walk_fixture f;
        walk_fixture_init(&f);
        ltv_status status = ltv_read_channels(&f.walk, root_field("channels"),
                                              walk_fixture_parse(&f, cases[i].text));
        walk_fixture_expect(&f, status, cases[i].label, cases[i].message);
        walk_fixture_free(&f);
    }
}

static void an_arm_changes_nothing_or_sets_paths(void **state)
{
    (void)state;
    static const struct {
        const char *label, *text, *message; /* NULL: it passes */
    } cases[] = {
        {"nothing, in three notations", "{a: [], b: , c: {}}", NULL},
        {"a path", "{a: [], b: {set: {revenue.price: 5, retention.geometric.churn: 2%}}}", NULL},
        {"interventions", "{a: [coupon, letter]}", NULL},
        {"interventions by key", "{a: {interventions: [coupon]}}", NULL},
        {"an intervention twice", "{a: [coupon, coupon]}", "here.a[1]: coupon is listed twice"},
        {"one intervention", "{a: {interventions: coupon}}",
         "here.a.interventions: a list of interventions is due here"},
        {"a single value", "{a: 5}", "here.a: a block of keys is due here (interventions, set)"},
        {"set to a list", "{a: {set: [revenue.price]}}",
         "here.a.set: paths with their values are due here"},
        {"a misspelt path", "{a: {set: {revenue.prise: 5}}}",
         "here.a.set.revenue.prise: unknown key; did you mean price?"},
        {"what all arms share", "{a: {set: {time.unit: day}}}", "an arm cannot override time"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
        walk_fixture f;
        walk_fixture_init(&f);
        ltv_status status =
            ltv_read_arms(&f.walk, root_field("arms"), walk_fixture_parse(&f, cases[i].text));
        walk_fixture_expect(&f, status, cases[i].label, cases[i].message);
        walk_fixture_free(&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_fits_into_paths_and_files),
        cmocka_unit_test(named_things_are_read_in_order),
        cmocka_unit_test(without_names_there_is_one_for_everybody),
        cmocka_unit_test(names_have_blocks),
        cmocka_unit_test(an_arm_changes_nothing_or_sets_paths),
    };
    return cmocka_run_group_tests_name("read_named", tests, NULL, NULL);
}
