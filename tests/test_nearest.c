/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/nearest.h"

static void distances_count_slips_of_the_finger(void **state)
{
    (void)state;
    static const struct {
        const char *label, *a, *b;
        size_t distance;
    } cases[] = {
        {"equal", "churn", "churn", 0},
        {"both empty", "", "", 0},
        {"one empty", "", "churn", 5},
        {"substitution", "churn", "chorn", 1},
        {"insertion", "chrn", "churn", 1},
        {"deletion", "churrn", "churn", 1},
        {"swap of neighbours", "chrun", "churn", 1},
        {"two swaps", "hcrun", "churn", 2},
        {"nothing in common", "abc", "xyz", 3},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        print_message("%s\n", cases[i].label);
        assert_int_equal(ltv_edit_distance(cases[i].a, cases[i].b), cases[i].distance);
        assert_int_equal(ltv_edit_distance(cases[i].b, cases[i].a), cases[i].distance);
    }
}

static void words_of_any_length_are_compared_by_their_beginning(void **state)
{
    (void)state;
    char a[1001], b[1001];
    for (size_t i = 0; i < 1000; i++)
        a[i] = b[i] = 'x';
    a[1000] = b[1000] = '\0';
    b[999] = 'y';
    assert_int_equal(ltv_edit_distance(a, b), 0);
}

static void the_nearest_candidate_is_suggested_only_when_it_is_near(void **state)
{
    (void)state;
    static const char *const names[] = {"run", "explain", "check", "show", "export", "schema"};
    static const struct {
        const char *word, *expected;
    } cases[] = {
        {"rnu", "run"},       {"explian", "explain"},
        {"chekc", "check"},   {"shwo", "show"},
        {"expl", "explain"},  {"exp", "explain"},
        {"exprot", "export"}, {"scheme", "schema"},
        {"banana", NULL},     {"", NULL},
        {"x", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *nearest = ltv_nearest(cases[i].word, 6, names);
        print_message("%s\n", cases[i].word);
        if (cases[i].expected == NULL)
            assert_null(nearest);
        else
            assert_string_equal(nearest, cases[i].expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(distances_count_slips_of_the_finger),
        cmocka_unit_test(words_of_any_length_are_compared_by_their_beginning),
        cmocka_unit_test(the_nearest_candidate_is_suggested_only_when_it_is_near),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
