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
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "results_fixture.h"
#include "sim/io/results/atomic_file.h"

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

static void write_text(const char *path, const char *text)
{
    ltv_error err = {0};
    ltv_status status = ltv_atomic_write(path, text, strlen(text), &err);
    assert_string_equal(err.message, "");
    assert_int_equal(status, LTV_OK);
}

/* ---- success ---- */

static void a_file_is_made_and_replaced(void **state)
{
    char *path = fixture_path(*state, "file");
    write_text(path, "old text");
    fixture_assert_holds(path, "old text");
    write_text(path, "new");
    fixture_assert_holds(path, "new");
    write_text(path, "");
    fixture_assert_holds(path, "");
    assert_int_equal(fixture_count_entries(*state), 1);
    free(path);
}

static mode_t mode_of(const char *path)
{
    struct stat info;
    assert_int_equal(stat(path, &info), 0);
    return info.st_mode & 0777;
}

static void permissions_are_those_of_the_umask_or_of_the_old_file(void **state)
{
    char *path = fixture_path(*state, "file");
    mode_t before = umask(027);
    write_text(path, "new");
    umask(before);
    assert_int_equal(mode_of(path), 0640);
    assert_int_equal(chmod(path, 0604), 0);
    write_text(path, "newer");
    assert_int_equal(mode_of(path), 0604);
    free(path);
}

static void a_symbolic_link_stays_and_its_file_is_replaced(void **state)
{
    char *path = fixture_path(*state, "file"), *link = fixture_path(*state, "link");
    struct stat info;
    write_text(path, "old");
    assert_int_equal(symlink("file", link), 0);
    write_text(link, "new");
    fixture_assert_holds(path, "new");
    assert_int_equal(lstat(link, &info), 0);
    assert_true(S_ISLNK(info.st_mode));
    free(path);
    free(link);
}

static void a_name_as_long_as_the_file_system_allows_works(void **state)
{
    char name[256];
    memset(name, 'n', 255);
    name[255] = '\0';
    char *path = fixture_path(*state, name);
    write_text(path, "new");
    fixture_assert_holds(path, "new");
    free(path);
}

static void a_check_leaves_nothing_behind(void **state)
{
    char *path = fixture_path(*state, "file");
    ltv_error err = {0};
    assert_int_equal(ltv_atomic_check(path, &err), LTV_OK);
    assert_int_equal(fixture_count_entries(*state), 0);
    write_text(path, "old");
    assert_int_equal(ltv_atomic_check(path, &err), LTV_OK);
    fixture_assert_holds(path, "old");
    assert_int_equal(fixture_count_entries(*state), 1);
    free(path);
}

/* ---- places that cannot be written to ---- */

static void assert_refused(const char *path, const char *fragment)
{
    ltv_error check = {0}, err = {0};
    assert_int_equal(ltv_atomic_check(path, &check), LTV_ERR_WRITE_FAILED);
    assert_int_equal(ltv_atomic_write(path, "new", 3, &err), LTV_ERR_WRITE_FAILED);
    assert_string_equal(check.message, err.message);
    if (strstr(err.message, fragment) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", err.message, fragment);
}

static void unsuitable_places_are_refused_in_one_sentence(void **state)
{
    char *file = fixture_path(*state, "file"), *below = fixture_path(*state, "file/results.h5");
    char *missing = fixture_path(*state, "missing/results.h5");
    char *slash = fixture_path(*state, "new/"), *loop = fixture_path(*state, "loop");
    write_text(file, "old");
    assert_int_equal(symlink("loop", loop), 0);
    assert_refused(below, "Not a directory");
    assert_refused(missing, "does not exist");
    assert_refused(slash, "it names a folder");
    assert_refused(loop, "symbolic links");
    assert_refused(*state, "it is a folder");
    assert_refused("/dev/null", "not a regular file");
    assert_refused("/proc/results.h5", "no file can be made in the folder");
    assert_refused("", "without a name");
    fixture_assert_holds(file, "old");
    assert_int_equal(fixture_count_entries(*state), 2);
    free(file);
    free(below);
    free(missing);
    free(slash);
    free(loop);
}

/* 0 when writing `n` bytes to FOLDER/file fails and says `fragment`. */
static int write_fails(const char *folder, size_t n, const char *fragment)
{
    ltv_error err = {0};
    char path[256], *bytes = calloc(n, 1);
    snprintf(path, sizeof path, "%s/file", folder);
    ltv_status status = ltv_atomic_write(path, bytes, n, &err);
    free(bytes);
    fprintf(stderr, "%s\n", err.message);
    return status == LTV_ERR_WRITE_FAILED && strstr(err.message, fragment) != NULL ? 0 : 1;
}

static int write_as_nobody(const char *folder)
{
    if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
        return 77;
    return write_fails(folder, 10, "Permission denied");
}

static void a_read_only_folder_keeps_its_file(void **state)
{
    char *path = fixture_path(*state, "file");
    write_text(path, "old");
    assert_int_equal(chmod(path, 0666), 0);
    assert_int_equal(chmod(*state, 0555), 0);
    fixture_assert_child_succeeds(write_as_nobody, *state);
    assert_int_equal(chmod(*state, 0700), 0);
    fixture_assert_holds(path, "old");
    assert_int_equal(fixture_count_entries(*state), 1);
    free(path);
}

static int write_protected_as_nobody(const char *folder)
{
    if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
        return 77;
    return write_fails(folder, 10, "write-protected");
}

static void a_write_protected_file_stays(void **state)
{
    char *path = fixture_path(*state, "file");
    write_text(path, "old");
    assert_int_equal(chmod(path, 0444), 0);
    assert_int_equal(chmod(*state, 0777), 0);
    fixture_assert_child_succeeds(write_protected_as_nobody, *state);
    fixture_assert_holds(path, "old");
    assert_int_equal(fixture_count_entries(*state), 1);
    free(path);
}

/* With the default action of SIGXFSZ, which is to kill. */
static int write_beyond_limit(const char *folder)
{
    struct rlimit limit = {1000, 1000};
    sigset_t pending;
    signal(SIGXFSZ, SIG_DFL);
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0)
        return 77;
    int failed = write_fails(folder, 5000, "File too large");
    sigpending(&pending);
    return failed || sigismember(&pending, SIGXFSZ) ? 1 : 0;
}

static void a_file_size_limit_is_an_error_and_not_a_death(void **state)
{
    char *path = fixture_path(*state, "file");
    write_text(path, "old");
    fixture_assert_child_succeeds(write_beyond_limit, *state);
    fixture_assert_holds(path, "old");
    assert_int_equal(fixture_count_entries(*state), 1);
    free(path);
}

/* In a mount namespace of its own, so that the tmpfs goes when the process ends. */
static int write_to_full_disk(const char *folder)
{
    char path[256];
    ltv_error err = {0};
    if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
        mount("none", folder, "tmpfs", 0, "size=64k") != 0)
        return 77;
    snprintf(path, sizeof path, "%s/file", folder);
    if (ltv_atomic_write(path, "old", 3, &err) != LTV_OK)
        return 1;
    if (write_fails(folder, 200000, "No space left") != 0)
        return 2;
    fixture_assert_holds(path, "old");
    return fixture_count_entries(folder) == 1 ? 0 : 3;
}

static void a_full_disk_keeps_the_old_file(void **state)
{
    fixture_assert_child_succeeds(write_to_full_disk, *state);
}

/* ---- death ---- */

enum { KILL_BYTES = 1 << 18 };

/* Overwrites the file with 'a's, 'b's, ... until killed. */
static void overwrite_for_ever(const char *path)
{
    static char bytes[KILL_BYTES];
    ltv_error err = {0};
    for (int i = 0;; i = (i + 1) % 26) {
        memset(bytes, 'a' + i, sizeof bytes);
        if (ltv_atomic_write(path, bytes, sizeof bytes, &err) != LTV_OK)
            _exit(1);
    }
}

static void assert_whole(const char *path)
{
    size_t n = 0;
    char *bytes = fixture_read_file(path, &n);
    assert_int_equal(n, KILL_BYTES);
    for (size_t i = 1; i < n; i++)
        if (bytes[i] != bytes[0])
            fail_msg("byte %zu is %c, the first %c", i, bytes[i], bytes[0]);
    free(bytes);
}

static void a_kill_at_any_moment_leaves_a_whole_file(void **state)
{
    char *path = fixture_path(*state, "file");
    char *old = malloc(KILL_BYTES);
    ltv_error err = {0};
    memset(old, 'z', KILL_BYTES);
    assert_int_equal(ltv_atomic_write(path, old, KILL_BYTES, &err), LTV_OK);
    for (int round = 0; round < 60; round++) {
        int status;
        fflush(NULL);
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0)
            overwrite_for_ever(path);
        usleep((useconds_t)(round * 331 % 20000));
        assert_int_equal(kill(child, SIGKILL), 0);
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFSIGNALED(status)); /* and did not fail before */
        assert_whole(path);
    }
    free(old);
    free(path);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, make_folder, remove_folder)
    const struct CMUnitTest tests[] = {
        TEST(a_file_is_made_and_replaced),
        TEST(permissions_are_those_of_the_umask_or_of_the_old_file),
        TEST(a_symbolic_link_stays_and_its_file_is_replaced),
        TEST(a_name_as_long_as_the_file_system_allows_works),
        TEST(a_check_leaves_nothing_behind),
        TEST(unsuitable_places_are_refused_in_one_sentence),
        TEST(a_read_only_folder_keeps_its_file),
        TEST(a_write_protected_file_stays),
        TEST(a_file_size_limit_is_an_error_and_not_a_death),
        TEST(a_full_disk_keeps_the_old_file),
        TEST(a_kill_at_any_moment_leaves_a_whole_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
