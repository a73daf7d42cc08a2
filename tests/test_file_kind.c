/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "sim/cli/file_kind.h"

static void an_ending_counts_in_any_case(void **state)
{
    (void)state;
    assert_true(ltv_name_ends_with("a.csv", ".csv"));
    assert_true(ltv_name_ends_with("A.CSV", ".csv"));
    assert_false(ltv_name_ends_with("a.csv.h5", ".csv"));
    assert_false(ltv_name_ends_with("csv", ".csv"));
    assert_false(ltv_name_ends_with("", ".csv"));
}

static bool is_hdf5_with(const char *bytes, size_t n)
{
    char path[] = "/tmp/ltvsim-kind-XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0);
    assert_int_equal(write(file, bytes, n), (ssize_t)n);
    close(file);
    bool answer = ltv_file_is_hdf5(path);
    unlink(path);
    return answer;
}

static void hdf5_is_known_by_its_signature(void **state)
{
    (void)state;
    assert_true(is_hdf5_with("\211HDF\r\n\032\n and more", 17));
    assert_false(is_hdf5_with("\211HDF\r\n\032", 7));
    assert_false(is_hdf5_with("ltvsim: 1\n", 10));
    assert_false(is_hdf5_with("", 0));
    assert_false(ltv_file_is_hdf5("/tmp"));
    assert_false(ltv_file_is_hdf5("/dev/zero"));
    assert_false(ltv_file_is_hdf5("/nonexistent"));
}

static void a_file_is_the_same_by_whatever_way(void **state)
{
    (void)state;
    char path[] = "/tmp/ltvsim-kind-XXXXXX", linked[64], spelt[64];
    int file = mkstemp(path);
    assert_true(file >= 0);
    close(file);
    snprintf(linked, sizeof linked, "%s-link", path);
    snprintf(spelt, sizeof spelt, "/tmp/.%s", path + 4);
    assert_int_equal(symlink(path, linked), 0);
    assert_true(ltv_is_same_file(path, linked));
    assert_true(ltv_is_same_file(spelt, path));
    assert_false(ltv_is_same_file(path, "/tmp"));
    unlink(path);
    assert_false(ltv_is_same_file(path, path));
    unlink(linked);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_ending_counts_in_any_case),
        cmocka_unit_test(hdf5_is_known_by_its_signature),
        cmocka_unit_test(a_file_is_the_same_by_whatever_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
