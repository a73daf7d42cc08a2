/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include <zip.h>

#include "results_fixture.h"
#include "sim/io/results/atomic_file.h"
#include "sim/io/workbook/workbook.h"

/* The numbers in it are compared by tests/test_workbook_numbers.py; here, how it is written. */

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

static ltv_status write_fixture(const char *path, ltv_error *err)
{
    ltv_document doc = fixture_document();
    ltv_status status = ltv_workbook_write(&doc, "The answer.\n", path, err);
    ltv_document_free(&doc);
    return status;
}

static void equal_results_give_equal_bytes_and_leave_nothing_behind(void **state)
{
    ltv_error err = {0};
    size_t sizes[2];
    char *files[2], *temporary = fixture_path(*state, "tmp");
    assert_int_equal(mkdir(temporary, 0777), 0);
    setenv("TMPDIR", temporary, 1);
    for (int i = 0; i < 2; i++) {
        char *path = fixture_path(*state, i == 0 ? "one.xlsx" : "two.xlsx");
        assert_int_equal(write_fixture(path, &err), LTV_OK);
        files[i] = fixture_read_file(path, &sizes[i]);
        free(path);
    }
    assert_int_equal(sizes[0], sizes[1]);
    assert_memory_equal(files[0], files[1], sizes[0]);
    assert_int_equal(fixture_count_entries(temporary), 0);
    assert_int_equal(rmdir(temporary), 0);
    unsetenv("TMPDIR");
    free(files[0]);
    free(files[1]);
    free(temporary);
}

static void the_sheets_of_a_small_file_are_there(void **state)
{
    static const char *const names[] = {"Summary", "LTV",     "Retention",
                                        "Payback", "Drivers", "Definitions"};
    ltv_error err = {0};
    char *path = fixture_path(*state, "book.xlsx");
    assert_int_equal(write_fixture(path, &err), LTV_OK);
    zip_t *zip = zip_open(path, ZIP_RDONLY, NULL);
    assert_non_null(zip);
    zip_file_t *file = zip_fopen(zip, "xl/workbook.xml", 0);
    static char text[16384];
    assert_true(zip_fread(file, text, sizeof text - 1) > 0);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char wanted[64];
        snprintf(wanted, sizeof wanted, "<sheet name=\"%s\"", names[i]);
        assert_non_null(strstr(text, wanted));
    }
    assert_null(strstr(text, "name=\"Draws\""));
    zip_fclose(file);
    zip_discard(zip);
    free(path);
}

static void a_document_without_arms_is_refused(void **state)
{
    ltv_error err = {0};
    ltv_document doc = {0};
    char *path = fixture_path(*state, "book.xlsx");
    ltv_document_group(&doc, "/");
    assert_int_equal(ltv_workbook_write(&doc, "", path, &err), LTV_ERR_NOT_RESULTS);
    assert_int_equal(access(path, F_OK), -1);
    ltv_document_free(&doc);
    free(path);
}

/* ---- no room ---- */

/* 0 when FOLDER/book.xlsx cannot be written and stays what it was. */
static int write_fails(const char *folder)
{
    ltv_error err = {0};
    char *path = fixture_path(folder, "book.xlsx");
    if (write_fixture(path, &err) != LTV_ERR_WRITE_FAILED || strlen(err.message) < 20)
        return 1;
    fixture_assert_holds(path, "old");
    free(path);
    return 0;
}

static void write_old(const char *folder)
{
    ltv_error err = {0};
    char *path = fixture_path(folder, "book.xlsx");
    assert_int_equal(ltv_atomic_write(path, "old", 3, &err), LTV_OK);
    free(path);
}

static int write_with_temporary_files_nowhere(const char *folder)
{
    setenv("TMPDIR", "/nonexistent", 1);
    return write_fails(folder);
}

static int write_beyond_limit(const char *folder)
{
    struct rlimit limit = {2000, 2000};
    sigset_t pending;
    signal(SIGXFSZ, SIG_DFL);
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0)
        return 77;
    int failed = write_fails(folder);
    sigpending(&pending);
    return failed || sigismember(&pending, SIGXFSZ) ? 1 : 0;
}

/* 0 when FOLDER/book.xlsx is like FOLDER/whole.xlsx, 1 when it is not. */
static int differs_from_whole(const char *folder)
{
    size_t n[2];
    char *paths[] = {fixture_path(folder, "book.xlsx"), fixture_path(folder, "whole.xlsx")};
    char *files[] = {fixture_read_file(paths[0], &n[0]), fixture_read_file(paths[1], &n[1])};
    int differs = n[0] != n[1] || memcmp(files[0], files[1], n[0]) != 0;
    for (int i = 0; i < 2; i++) {
        free(files[i]);
        free(paths[i]);
    }
    return differs;
}

/* Whatever part of the workbook does not fit among the temporary files, it is noticed: disks of
 * growing size, up to one that is large enough. In a mount namespace of its own, so that they go
 * with the process. */
static int write_with_full_disks(const char *folder)
{
    int failures = 0;
    ltv_error err = {0};
    char *temporary = fixture_path(folder, "tmp"), *path = fixture_path(folder, "book.xlsx");
    if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
        return 77;
    setenv("TMPDIR", temporary, 1);
    for (int kilobytes = 4; kilobytes < 1000; kilobytes += 4) {
        char size[32];
        snprintf(size, sizeof size, "size=%dk", kilobytes);
        if (mount("none", temporary, "tmpfs", 0, size) != 0)
            return 77;
        err = (ltv_error){0};
        ltv_status status = write_fixture(path, &err);
        if (fixture_count_entries(temporary) != 0)
            return 1;
        umount(temporary);
        if (status == LTV_OK)
            break;
        fixture_assert_holds(path, "old");
        failures += strlen(err.message) > 20;
    }
    free(temporary);
    free(path);
    return failures < 10 || err.code != LTV_OK ? 2 : differs_from_whole(folder);
}

static void without_room_the_old_file_stays(void **state)
{
    write_old(*state);
    fixture_assert_child_succeeds(write_with_temporary_files_nowhere, *state);
    fixture_assert_child_succeeds(write_beyond_limit, *state);
    assert_int_equal(fixture_count_entries(*state), 1);
}

static void full_disks_are_noticed(void **state)
{
    ltv_error err = {0};
    char *temporary = fixture_path(*state, "tmp"), *whole = fixture_path(*state, "whole.xlsx");
    assert_int_equal(write_fixture(whole, &err), LTV_OK);
    write_old(*state);
    assert_int_equal(mkdir(temporary, 0777), 0);
    fixture_assert_child_succeeds(write_with_full_disks, *state);
    free(temporary);
    free(whole);
}

static void folders_that_are_missing_are_told_first(void **state)
{
    ltv_error err = {0};
    char *path = fixture_path(*state, "missing/book.xlsx");
    assert_int_equal(write_fixture(path, &err), LTV_ERR_WRITE_FAILED);
    assert_non_null(strstr(err.message, "does not exist"));
    free(path);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, make_folder, remove_folder)
    const struct CMUnitTest tests[] = {
        TEST(equal_results_give_equal_bytes_and_leave_nothing_behind),
        TEST(the_sheets_of_a_small_file_are_there),
        TEST(a_document_without_arms_is_refused),
        TEST(without_room_the_old_file_stays),
        TEST(full_disks_are_noticed),
        TEST(folders_that_are_missing_are_told_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
