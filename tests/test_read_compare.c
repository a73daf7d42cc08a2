/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim/io/scenario/read_compare.h"
#include "tests/walk_fixture.h"

static ltv_status read_pairs(walk_fixture *f, const char *pairs)
{
    f->walk.root = walk_fixture_parse(f, "arms: {a: [], b: [], c: []}");
    f->scenario.n_arms = 0; /* arms are read afterwards */
    return ltv_read_compare(&f->walk, NULL, walk_fixture_parse(f, pairs));
}

static void a_pair_says_something_new(void **state)
{
    (void)state;
    static const struct {
        const char *pairs, *message; /* NULL: it passes */
    } cases[] = {
        {"[[c, b]]", NULL},
        {"[]", "here: a list of pairs of arms is due here"},
        {"b", "here: a list of pairs of arms is due here"},
        {"[c, b]", "here[0]: a pair of arms is due here"},
        {"[[c, b], [c]]", "here[1]: a pair of arms is due here"},
        {"[[c, {b: 1}]]", "here[0][1]: the name of an arm is due here"},
        {"[[c, d]]", "here[0][1]: there is no arm d"},
        {"[[b, b]]", "here[0]: an arm does not differ from itself"},
        {"[[b, a]]", "here[0]: every arm is compared with the first one anyway"},
        {"[[a, b]]", "here[0]: every arm is compared with the first one anyway"},
        {"[[b, c], [b, c]]", "here[1]: the two are compared already"},
        {"[[b, c], [c, b]]", "here[1]: the two are compared already"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
        walk_fixture f;
        walk_fixture_init(&f);
        walk_fixture_expect(&f, read_pairs(&f, cases[i].pairs), cases[i].pairs, cases[i].message);
        walk_fixture_free(&f);
    }
}

static void the_baseline_comes_first(void **state)
{
    (void)state;
    walk_fixture f;
    walk_fixture_init(&f);
    assert_int_equal(read_pairs(&f, "[[c, b]]"), LTV_OK);
    f.scenario.n_arms = 3;
    assert_true(ltv_compare_with_baseline(&f.scenario));
    assert_int_equal(f.scenario.n_contrasts, 3);
    const ltv_contrast *contrasts = f.scenario.contrasts;
    assert_true(contrasts[0].arm == 1 && contrasts[0].against == 0);
    assert_true(contrasts[1].arm == 2 && contrasts[1].against == 0);
    assert_true(contrasts[2].arm == 2 && contrasts[2].against == 1);
    f.scenario.n_arms = 0; /* the fixture made none */
    walk_fixture_free(&f);
}

static void one_arm_is_compared_with_nothing(void **state)
{
    (void)state;
    ltv_scenario scenario = {.n_arms = 1};
    assert_true(ltv_compare_with_baseline(&scenario));
    assert_int_equal(scenario.n_contrasts, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pair_says_something_new),
        cmocka_unit_test(the_baseline_comes_first),
        cmocka_unit_test(one_arm_is_compared_with_nothing),
    };
    return cmocka_run_group_tests_name("read_compare", tests, NULL, NULL);
}
