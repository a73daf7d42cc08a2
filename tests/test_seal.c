/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "sim/io/results/seal.h"

enum { BODY = 64 };

/* A sealed file whose superblock (version 0) says that it ends after BODY bytes. */
static void make_file(char file[BODY + LTV_SEAL_SIZE])
{
    memset(file, 'x', BODY);
    file[8] = 0;
    memset(file + 40, 0, 8);
    file[40] = BODY;
    ltv_seal_make(file + BODY, file, BODY);
}

static void a_sealed_file_is_whole(void **state)
{
    (void)state;
    char file[BODY + LTV_SEAL_SIZE];
    size_t end = 0;
    make_file(file);
    assert_true(ltv_seal_check(file, sizeof file, &end));
    assert_int_equal(end, BODY);
    assert_memory_equal(file + BODY, "\nltvsim-sum-1: ", 15);
    assert_int_equal(file[sizeof file - 1], '\n');
}

static void any_changed_bit_breaks_it(void **state)
{
    (void)state;
    char file[BODY + LTV_SEAL_SIZE];
    size_t end = 0;
    make_file(file);
    for (size_t bit = 0; bit < 8 * sizeof file; bit++) {
        file[bit / 8] = (char)(file[bit / 8] ^ (1 << (bit % 8)));
        assert_false(ltv_seal_check(file, sizeof file, &end));
        file[bit / 8] = (char)(file[bit / 8] ^ (1 << (bit % 8)));
    }
    assert_true(ltv_seal_check(file, sizeof file, &end));
}

static void without_a_seal_the_length_must_be_what_the_superblock_says(void **state)
{
    (void)state;
    char file[BODY + LTV_SEAL_SIZE];
    size_t end = 0;
    make_file(file);
    for (size_t n = 0; n < sizeof file; n++)
        assert_int_equal(ltv_seal_check(file, n, &end), n == BODY);
    file[8] = 2; /* a later superblock is not ours to judge */
    assert_true(ltv_seal_check(file, BODY - 1, &end));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sealed_file_is_whole),
        cmocka_unit_test(any_changed_bit_breaks_it),
        cmocka_unit_test(without_a_seal_the_length_must_be_what_the_superblock_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
