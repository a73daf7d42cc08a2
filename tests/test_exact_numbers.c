/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <float.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <xlsxwriter.h>
#include <zip.h>

#include "results_fixture.h"
#include "sim/io/results/atomic_file.h"
#include "sim/io/workbook/exact_numbers.h"

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

/* Numbers that 16 digits do not tell, in cells far apart and out of order. */
static const ltv_exact_number hard[] = {
    {1, 9, 0, 1.0 / 3},      {0, 0, 0, 0.1 + 0.2},  {0, 4, 701, 26017.123456789123},
    {0, 0, 26, DBL_MIN / 4}, {0, 2, 0, -DBL_MAX},   {0, 0, 1, 7},
    {1, 0, 0, -0.0},         {0, 4, 702, 1e-7 / 3},
};
enum { HARD = sizeof hard / sizeof *hard };

/* A workbook of two sheets that holds them and, between them, other cells. */
static void make_workbook(const char *path)
{
    lxw_workbook *workbook = workbook_new(path);
    lxw_worksheet *sheets[2] = {workbook_add_worksheet(workbook, NULL),
                                workbook_add_worksheet(workbook, NULL)};
    for (size_t i = 0; i < HARD; i++)
        worksheet_write_number(sheets[hard[i].sheet], hard[i].row, hard[i].column, hard[i].value,
                               NULL);
    worksheet_write_string(sheets[0], 0, 2, "<v>1</v>", NULL);
    worksheet_write_formula_num(sheets[0], 1, 0, "=A1+1", NULL, 1.3);
    assert_int_equal(workbook_close(workbook), LXW_NO_ERROR);
}

static ltv_exact_numbers remember(size_t n)
{
    ltv_exact_numbers numbers = {0};
    for (size_t i = 0; i < n; i++)
        assert_true(ltv_exact_numbers_add(&numbers, hard[i]));
    return numbers;
}

/* The text of a part of the file, owned. */
static char *read_part(const char *path, const char *name)
{
    zip_stat_t info;
    zip_t *zip = zip_open(path, ZIP_RDONLY, NULL);
    assert_non_null(zip);
    assert_int_equal(zip_stat(zip, name, 0, &info), 0);
    zip_file_t *file = zip_fopen(zip, name, 0);
    char *text = calloc(1, (size_t)info.size + 1);
    assert_non_null(text);
    assert_int_equal(zip_fread(file, text, info.size), info.size);
    zip_fclose(file);
    zip_discard(zip);
    return text;
}

static double number_in(const char *text, const char *cell)
{
    char start[64];
    snprintf(start, sizeof start, "<c r=\"%s\"><v>", cell);
    const char *found = strstr(text, start);
    assert_non_null(found);
    return strtod(found + strlen(start), NULL);
}

static void numbers_come_out_as_the_same_doubles(void **state)
{
    static const char *const cells[HARD] = {"A10", "A1", "ZZ5", "AA1", "A3", "B1", "A1", "AAA5"};
    char *path = fixture_path(*state, "book.xlsx");
    ltv_exact_numbers numbers = remember(HARD);
    ltv_error err = {0};
    make_workbook(path);
    assert_int_equal(ltv_exact_numbers_put(&numbers, path, &err), LTV_OK);
    char *sheets[] = {read_part(path, "xl/worksheets/sheet1.xml"),
                      read_part(path, "xl/worksheets/sheet2.xml")};
    for (size_t i = 0; i < HARD; i++) {
        double found = number_in(sheets[hard[i].sheet], cells[i]);
        assert_memory_equal(&found, &hard[i].value, sizeof found);
    }
    assert_non_null(strstr(sheets[0], "<f>A1+1</f><v>1.3</v>"));
    free(sheets[0]);
    free(sheets[1]);
    ltv_exact_numbers_free(&numbers);
    free(path);
}

static void a_number_that_is_not_there_means_that_the_file_was_cut_off(void **state)
{
    char *path = fixture_path(*state, "book.xlsx");
    ltv_exact_numbers numbers = remember(HARD);
    ltv_error err = {0};
    make_workbook(path);
    assert_true(ltv_exact_numbers_add(&numbers, (ltv_exact_number){0, 77, 0, 1}));
    assert_int_equal(ltv_exact_numbers_put(&numbers, path, &err), LTV_ERR_WRITE_FAILED);
    assert_non_null(strstr(err.message, "not enough room"));
    ltv_exact_numbers_free(&numbers);
    free(path);
}

static void replace_part(const char *path, const char *name, const char *text)
{
    zip_t *zip = zip_open(path, 0, NULL);
    zip_source_t *source = zip_source_buffer(zip, text, strlen(text), 0);
    assert_true(zip_file_add(zip, name, source, ZIP_FL_OVERWRITE) >= 0);
    assert_int_equal(zip_close(zip), 0);
}

static void parts_that_are_cut_off_are_found(void **state)
{
    static const struct {
        const char *label, *text;
        ltv_status status;
    } cases[] = {
        {"whole", "<?xml version=\"1.0\"?>\n<a b=\"c\"><d/></a>", LTV_OK},
        {"empty", "", LTV_ERR_WRITE_FAILED},
        {"cut after an element", "<?xml version=\"1.0\"?>\n<a><d/><d></d>", LTV_ERR_WRITE_FAILED},
        {"cut in the last word", "<?xml version=\"1.0\"?>\n<sst><si></si></ss",
         LTV_ERR_WRITE_FAILED},
        {"only its first line", "<?xml version=\"1.0\"?>\n", LTV_ERR_WRITE_FAILED},
    };
    char *path = fixture_path(*state, "book.xlsx");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ltv_exact_numbers numbers = remember(HARD);
        ltv_error err = {0};
        make_workbook(path);
        replace_part(path, "xl/sharedStrings.xml", cases[i].text);
        if (ltv_exact_numbers_put(&numbers, path, &err) != cases[i].status)
            fail_msg("%s: %s", cases[i].label, err.message);
        ltv_exact_numbers_free(&numbers);
    }
    free(path);
}

static void what_is_no_workbook_is_an_error(void **state)
{
    char *path = fixture_path(*state, "text.xlsx");
    ltv_exact_numbers numbers = {0};
    ltv_error err = {0};
    assert_int_equal(ltv_atomic_write(path, "text", 4, &err), LTV_OK);
    assert_int_equal(ltv_exact_numbers_put(&numbers, path, &err), LTV_ERR_WRITE_FAILED);
    free(path);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, make_folder, remove_folder)
    const struct CMUnitTest tests[] = {
        TEST(numbers_come_out_as_the_same_doubles),
        TEST(a_number_that_is_not_there_means_that_the_file_was_cut_off),
        TEST(parts_that_are_cut_off_are_found),
        TEST(what_is_no_workbook_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
