/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "results_fixture.h"
#include "sim/io/results/make_folders.h"

static int make_folder(void **state)
{
    *state = fixture_make_folder();
    return 0;
}

static int remove_folder(void **state)
{
    fixture_remove_folder(*state);
    return 0;
}

static void those_above_are_made_too(void **state)
{
    static const char *const names[] = {"one", "one", "one/two//three/", "four/five"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        ltv_error err = {0};
        struct stat about;
        char *path = fixture_path(*state, names[i]);
        if (ltv_make_folders(path, &err) != LTV_OK)
            fail_msg("%s: %s", names[i], err.message);
        assert_int_equal(stat(path, &about), 0);
        assert_true(S_ISDIR(about.st_mode));
        free(path);
    }
}

static void a_file_in_the_way_is_told_of(void **state)
{
    static const char *const names[] = {"file", "file/below"};
    char *file = fixture_path(*state, "file");
    FILE *out = fopen(file, "w");
    assert_non_null(out);
    fclose(out);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        ltv_error err = {0};
        char *path = fixture_path(*state, names[i]);
        assert_int_equal(ltv_make_folders(path, &err), LTV_ERR_WRITE_FAILED);
        assert_non_null(strstr(err.message, "a file has that name"));
        free(path);
    }
    free(file);
}

static void a_name_is_needed(void **state)
{
    (void)state;
    ltv_error err = {0};
    assert_int_equal(ltv_make_folders("", &err), LTV_ERR_WRITE_FAILED);
    assert_non_null(strstr(err.message, "no name"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(those_above_are_made_too, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(a_file_in_the_way_is_told_of, make_folder, remove_folder),
        cmocka_unit_test(a_name_is_needed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
