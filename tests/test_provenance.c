/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <regex.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "sim/io/results/provenance.h"

static void assert_matches(const char *text, const char *pattern)
{
    regex_t compiled;
    assert_int_equal(regcomp(&compiled, pattern, REG_EXTENDED | REG_NOSUB), 0);
    if (regexec(&compiled, text, 0, NULL, 0) != 0)
        fail_msg("\"%s\" does not match %s", text, pattern);
    regfree(&compiled);
}

static void the_build_says_what_it_is(void **state)
{
    (void)state;
    ltv_provenance provenance;
    ltv_provenance_init(&provenance);
    assert_string_equal(provenance.version, LTV_VERSION);
    assert_matches(provenance.revision, "^(unknown|[0-9a-f]{7,40}(-dirty)?)$");
    assert_matches(provenance.compiler, "^[A-Za-z]+ [0-9]+\\.[0-9]+");
    assert_matches(provenance.flags, "-ffp-contract=off");
    assert_matches(provenance.gsl, "^[0-9]+\\.[0-9]+");
    assert_matches(provenance.hdf5, "^[0-9]+\\.[0-9]+\\.[0-9]+$");
    assert_matches(provenance.started,
                   "^20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]Z$");
    assert_true(strlen(provenance.repro_scope) > 0);
    assert_true(strlen(provenance.simd) > 0);
}

static void the_run_is_left_to_the_caller(void **state)
{
    (void)state;
    ltv_provenance provenance;
    ltv_provenance_init(&provenance);
    assert_string_equal(provenance.command, "");
    assert_int_equal(provenance.threads, 1);
    assert_int_equal(provenance.ranks, 1);
    assert_true(provenance.wall_seconds == 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_build_says_what_it_is),
        cmocka_unit_test(the_run_is_left_to_the_caller),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
