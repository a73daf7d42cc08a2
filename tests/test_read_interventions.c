/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sim/io/scenario/read_interventions.h"
#include "tests/programmes_fixture.h"

static void an_arm_takes_what_it_lists_in_its_order(void **state)
{
    (void)state;
    static const struct {
        const char *arm, *names[3];
    } cases[] = {
        {"[c, a]", {"c", "a", NULL}},
        {"{interventions: [b]}", {"b", NULL}},
        {"[]", {NULL}},
        {"{set: {}}", {NULL}},
        {"~", {NULL}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
        walk_fixture f;
        programmes_fixture_init(&f);
        walk_fixture_expect(&f,
                            programmes_fixture_read(&f,
                                                    "{a: {when: {every: 1}, who: {phases: start}},"
                                                    " b: {when: {every: 2}, who: {segments: low}},"
                                                    " c: {when: {every: 3}, who: {plans: pro}}}",
                                                    cases[i].arm),
                            cases[i].arm, NULL);
        size_t n = 0;
        for (; cases[i].names[n] != NULL; ++n)
            assert_string_equal(f.arm.interventions[n].name, cases[i].names[n]);
        assert_int_equal(f.arm.n_interventions, n);
        walk_fixture_free(&f);
    }
}

static void names_are_found_among_what_the_arm_has(void **state)
{
    (void)state;
    walk_fixture f;
    programmes_fixture_init(&f);
    walk_fixture_expect(
        &f,
        programmes_fixture_read(&f,
                                "{a: {who: {segments: [low, high], channels: paid, plans: [annual, "
                                "basic], phases: [later]}, when: on_upgrade, effect: {segment: "
                                "{to: mid}, plan: {to: annual}}}}",
                                "[a]"),
        "names", NULL);
    const ltv_intervention *a = &f.arm.interventions[0];
    assert_true(a->segments[0] && !a->segments[1] && a->segments[2]);
    assert_true(!a->channels[0] && a->channels[1]);
    assert_int_equal(a->plans, 1 << 0 | 1 << 2);
    assert_int_equal(a->n_phases, 1);
    assert_string_equal(a->phases[0].name, "later");
    assert_true(a->phases[0].from == 3 && a->phases[0].until == 12);
    assert_true(a->to_segment == 1 && a->to_plan == 2);
    assert_int_equal(a->when.kind, LTV_WHEN_UPGRADE);
    walk_fixture_free(&f);
}

static void everybody_is_meant_by_saying_nothing(void **state)
{
    (void)state;
    walk_fixture f;
    programmes_fixture_init(&f);
    walk_fixture_expect(&f, programmes_fixture_read(&f, "{a: {when: {at_tenure: 2}}}", "[a]"),
                        "least", NULL);
    const ltv_intervention *a = &f.arm.interventions[0];
    assert_null(a->segments);
    assert_null(a->channels);
    assert_int_equal(a->plans, UINT32_MAX);
    assert_true(a->n_phases == 0 && a->top_by_spend == 1 && a->reach == 1 && a->uptake == 1);
    assert_true(a->to_segment == LTV_NOWHERE && a->to_plan == LTV_NOWHERE);
    assert_true(a->n_effects == 0 && a->price_off_bills == 0 && isinf(a->capacity));
    walk_fixture_free(&f);
}

static void effects_are_packed_in_the_order_of_levers(void **state)
{
    (void)state;
    walk_fixture f;
    programmes_fixture_init(&f);
    walk_fixture_expect(
        &f,
        programmes_fixture_read(&f,
                                "{a: {when: {every: 6}, effect: {drop: {times: 3, for: ever}, "
                                "upgrade: {times: 2, for: 4, ramp: 2, fade_half_life: 1.5}}}}",
                                "[a]"),
        "effects", NULL);
    const ltv_intervention *a = &f.arm.interventions[0];
    assert_int_equal(a->n_effects, 2);
    assert_true(a->effects[0].lever == LTV_LEVER_UPGRADE && a->effects[0].times == 2);
    assert_true(a->effects[0].periods == 4 && a->effects[0].ramp == 2);
    assert_true(a->effects[0].fade_half_life == 1.5);
    assert_true(a->effects[1].lever == LTV_LEVER_DROP && a->effects[1].periods == LTV_FOR_EVER);
    for (size_t i = a->n_effects; i < LTV_LEVERS; ++i)
        assert_true(a->effects[i].periods == 0 && a->effects[i].times == 0);
    walk_fixture_free(&f);
}

static void names_that_mean_nothing_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *programmes, *arm, *message;
    } cases[] = {
        {"{a: {when: {every: 1}}}", "[b]", "arms.: there is no intervention b"},
        {"{a: {when: {every: 1}}}", "{set: {interventions.a.capacity: 2}}",
         "sets interventions.a.capacity, but the arm does not list the intervention a"},
        {"{a: {when: {every: 1}}, ab: {when: {every: 1}}}",
         "{interventions: [ab], set: {interventions.a: {}}}", "does not list the intervention a"},
        {"{a: {when: {every: 1}, who: {segments: [lou]}}}", "[a]",
         "interventions.a.who.segments: there is no segment lou; did you mean low?"},
        {"{a: {when: {every: 1}, who: {channels: organik}}}", "[a]", "did you mean organic?"},
        {"{a: {when: {every: 1}, who: {plans: [pro, gold]}}}", "[a]", "there is no plan gold"},
        {"{a: {when: {every: 1}, who: {phases: end}}}", "[a]", "there is no phase end"},
        {"{a: {when: {every: 1}, effect: {segment: {to: top}}}}", "[a]",
         "interventions.a.effect.segment.to: there is no segment top"},
        {"{a: {when: {every: 1}, effect: {plan: {to: anual}}}}", "[a]", "did you mean annual?"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
        walk_fixture f;
        programmes_fixture_init(&f);
        ltv_status status = programmes_fixture_read(&f, cases[i].programmes, cases[i].arm);
        walk_fixture_expect(&f, status, cases[i].programmes, cases[i].message);
        walk_fixture_free(&f);
    }
}

static void a_programme_is_named_in_a_path(void **state)
{
    (void)state;
    size_t length = 0;
    assert_null(ltv_programme_in_path("interventions", &length));
    assert_null(ltv_programme_in_path("revenue.price", &length));
    const char *name = ltv_programme_in_path("interventions.save offer.cost.fixed", &length);
    assert_int_equal(length, strlen("save offer"));
    assert_memory_equal(name, "save offer", length);
    assert_non_null(ltv_programme_in_path("interventions.a", &length));
    assert_int_equal(length, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_arm_takes_what_it_lists_in_its_order),
        cmocka_unit_test(names_are_found_among_what_the_arm_has),
        cmocka_unit_test(everybody_is_meant_by_saying_nothing),
        cmocka_unit_test(effects_are_packed_in_the_order_of_levers),
        cmocka_unit_test(names_that_mean_nothing_are_refused),
        cmocka_unit_test(a_programme_is_named_in_a_path),
    };
    return cmocka_run_group_tests_name("read_interventions", tests, NULL, NULL);
}
