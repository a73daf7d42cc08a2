/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "sim/io/scenario/text_file.h"

static const ltv_place place = {.file = "s.yaml", .line = 4, .column = 2};

static void write_file(char *path, size_t size)
{
    int file = mkstemp(path);
    assert_true(file >= 0);
    FILE *stream = fdopen(file, "wb");
    assert_non_null(stream);
    for (size_t i = 0; i < size; ++i)
        putc("abc\n"[i % 4], stream);
    assert_int_equal(fclose(stream), 0);
}

static void files_up_to_the_limit_are_read_whole(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, 64 * 1024, 64 * 1024 + 1, LTV_TEXT_FILE_MAX};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; ++i) {
        char path[] = "/tmp/ltvsim-text-XXXXXX";
        char *text = NULL;
        size_t length = 0;
        ltv_error err = {0};
        write_file(path, sizes[i]);
        assert_int_equal(ltv_text_file_read(&text, &length, path, &place, "k", &err), LTV_OK);
        assert_int_equal(length, sizes[i]);
        assert_int_equal(text[length], '\0');
        assert_true(length == 0 || text[length - 1] == "abc\n"[(length - 1) % 4]);
        free(text);
        unlink(path);
    }
}

static void what_is_wrong_with_a_file_is_told_where_it_is_named(void **state)
{
    (void)state;
    char large[] = "/tmp/ltvsim-text-XXXXXX";
    write_file(large, LTV_TEXT_FILE_MAX + 1);
    const struct {
        const char *path, *end;
    } cases[] = {
        {"/no/such/file", "cannot open the file /no/such/file: No such file or directory"},
        {"/tmp", "cannot read the file /tmp: it is a folder"},
        {large, "is larger than 16 MiB"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i) {
        char *text = NULL;
        size_t length = 0;
        ltv_error err = {0};
        assert_int_equal(ltv_text_file_read(&text, &length, cases[i].path, &place, "k", &err),
                         LTV_ERR_BAD_INPUT);
        assert_null(text);
        assert_memory_equal(err.message, "s.yaml:4:2: k: ", strlen("s.yaml:4:2: k: "));
        assert_string_equal(err.message + strlen(err.message) - strlen(cases[i].end), cases[i].end);
    }
    unlink(large);
}

static void the_first_byte_that_is_no_text_is_found(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message; /* NULL: fine */
    } cases[] = {
        {"", NULL},
        {"推奨\t\r\n", NULL},
        {"\xEF\xBB\xBFx", NULL},
        {"推奨\x01", "s.yaml:1:3: the file has a control character here (byte 0x01)"},
        {"a\r\nb\xE9", "s.yaml:2:2: the text is not UTF-8 here (byte 0xE9)"},
        {"\xEF\xBB\xBF\x7F", "s.yaml:1:1: the file has a control character"},
        {"\xFE\xFF", "s.yaml:1:1: the file is in UTF-16"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i) {
        ltv_error err = {0};
        ltv_status status = ltv_text_check(cases[i].text, strlen(cases[i].text), &place, &err);
        assert_int_equal(status, cases[i].message == NULL ? LTV_OK : LTV_ERR_BAD_INPUT);
        if (cases[i].message != NULL)
            assert_memory_equal(err.message, cases[i].message, strlen(cases[i].message));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_up_to_the_limit_are_read_whole),
        cmocka_unit_test(what_is_wrong_with_a_file_is_told_where_it_is_named),
        cmocka_unit_test(the_first_byte_that_is_no_text_is_found),
    };
    return cmocka_run_group_tests_name("text_file", tests, NULL, NULL);
}
