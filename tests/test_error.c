/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/error.h"

static void the_message_is_formatted_and_the_code_returned(void **state)
{
    (void)state;
    ltv_error err = {0};
    assert_int_equal(ltv_fail(&err, LTV_ERR_BAD_INPUT, "%s:%d: not a number", "a.yaml", 7),
                     LTV_ERR_BAD_INPUT);
    assert_int_equal(err.code, LTV_ERR_BAD_INPUT);
    assert_string_equal(err.message, "a.yaml:7: not a number");
}

static void only_the_first_failure_is_kept(void **state)
{
    (void)state;
    ltv_error err = {0};
    assert_int_equal(ltv_fail(&err, LTV_ERR_NO_MEMORY, "the cause"), LTV_ERR_NO_MEMORY);
    assert_int_equal(ltv_fail(&err, LTV_ERR_WRITE_FAILED, "an echo"), LTV_ERR_WRITE_FAILED);
    assert_int_equal(err.code, LTV_ERR_NO_MEMORY);
    assert_string_equal(err.message, "the cause");
}

static void nobody_has_to_listen(void **state)
{
    (void)state;
    assert_int_equal(ltv_fail(NULL, LTV_ERR_OVERFLOW, "%s", "unheard"), LTV_ERR_OVERFLOW);
}

static void a_message_that_is_too_long_is_cut_and_ends(void **state)
{
    (void)state;
    ltv_error err = {0};
    char sentence[3 * sizeof err.message];
    memset(sentence, 'x', sizeof sentence - 1);
    sentence[sizeof sentence - 1] = '\0';
    (void)ltv_fail(&err, LTV_ERR_BUG, "%s", sentence);
    assert_int_equal(strlen(err.message), sizeof err.message - 1);
}

/* Numbers that are stored or scripted against: these must never change. */
static const struct {
    ltv_status code;
    int number;
    int exit_code;
} statuses[] = {
    {LTV_OK, 0, 0},
    {LTV_ERR_NO_MEMORY, -1, 1},
    {LTV_ERR_BAD_INPUT, -2, 2},
    {LTV_ERR_READ_FAILED, -3, 1},
    {LTV_ERR_WRITE_FAILED, -4, 1},
    {LTV_ERR_OVERFLOW, -5, 2},
    {LTV_ERR_INTERRUPTED, -6, 130},
    {LTV_ERR_NOT_RESULTS, -7, 2},
    {LTV_ERR_NOT_FOUND, -8, 2},
    {LTV_ERR_BUG, -9, 1},
};
enum { STATUSES = sizeof statuses / sizeof *statuses };

static void codes_keep_their_numbers_and_exit_codes(void **state)
{
    (void)state;
    for (size_t i = 0; i < STATUSES; i++) {
        assert_int_equal((int)statuses[i].code, statuses[i].number);
        assert_int_equal(ltv_status_exit_code(statuses[i].code), statuses[i].exit_code);
    }
}

static void every_code_has_a_text_of_its_own(void **state)
{
    (void)state;
    for (size_t i = 0; i < STATUSES; i++) {
        const char *text = ltv_status_text(statuses[i].code);
        assert_non_null(text);
        assert_string_not_equal(text, "unknown status");
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(text, ltv_status_text(statuses[j].code));
    }
}

static void an_unlisted_code_is_unknown_and_fails(void **state)
{
    (void)state;
    assert_string_equal(ltv_status_text((ltv_status)-1000), "unknown status");
    assert_int_equal(ltv_status_exit_code((ltv_status)-1000), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_message_is_formatted_and_the_code_returned),
        cmocka_unit_test(only_the_first_failure_is_kept),
        cmocka_unit_test(nobody_has_to_listen),
        cmocka_unit_test(a_message_that_is_too_long_is_cut_and_ends),
        cmocka_unit_test(codes_keep_their_numbers_and_exit_codes),
        cmocka_unit_test(every_code_has_a_text_of_its_own),
        cmocka_unit_test(an_unlisted_code_is_unknown_and_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
