/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/cli/text.h"
#include "sim/cli/text_table.h"

static const ltv_terminal utf8 = {.utf8 = true};

static char *printed(const ltv_text_table *table, int indent)
{
    static char *result; /* static: the stream keeps its address */
    static size_t size;
    FILE *out = open_memstream(&result, &size);
    assert_non_null(out);
    ltv_text_table_print(out, table, indent, &utf8);
    fclose(out);
    return result;
}

static void expect_table(const char *alignment, size_t n, const char *const *cells, int indent,
                         const char *expected)
{
    ltv_text_table table;
    ltv_text_table_init(&table, alignment);
    for (size_t i = 0; i < n; i++)
        ltv_text_table_add(&table, cells[i]);
    char *text = printed(&table, indent);
    assert_string_equal(text, expected);
    free(text);
    ltv_text_table_free(&table);
}

static void columns_line_up(void **state)
{
    (void)state;
    expect_table("lrl", 6, (const char *const[]){"LTV", "¥26,017", "before CAC", "CAC", "¥5", ""},
                 2, "  LTV  ¥26,017  before CAC\n  CAC       ¥5\n");
}

static void wide_names_line_up_too(void **state)
{
    (void)state;
    expect_table("lr", 4, (const char *const[]){"推奨者", "1", "low", "22"}, 0,
                 "推奨者   1\nlow     22\n");
}

static void empty_cells_leave_no_blanks_at_the_end(void **state)
{
    (void)state;
    expect_table("lll", 6, (const char *const[]){"a", "", "", "bb", "c", ""}, 0, "a\nbb  c\n");
    expect_table("lrr", 6, (const char *const[]){"", "A", "B", "x", "", "2"}, 0,
                 "   A  B\nx     2\n");
}

static void a_last_column_of_text_is_broken_into_lines(void **state)
{
    (void)state;
    char words[121] = "";
    for (int i = 0; i < 24; i++)
        strcat(words, "word ");
    ltv_text_table table;
    ltv_text_table_init(&table, "ll");
    ltv_text_table_add(&table, "label");
    ltv_text_table_add(&table, words);
    char *text = printed(&table, 2);
    char *second = strchr(text, '\n') + 1;
    assert_true(strchr(text, '\n') - text <= LTV_PAGE_COLUMNS);
    assert_int_equal(strspn(second, " "), 2 + 5 + 2);
    assert_memory_equal(second + 9, "word", 4);
    free(text);
    ltv_text_table_free(&table);
}

static void a_table_wider_than_the_page_is_printed_in_parts(void **state)
{
    (void)state;
    ltv_text_table table;
    ltv_text_table_init(&table, "lrrrr");
    for (int i = 0; i < 10; i++)
        ltv_text_table_add(&table, i % 5 == 0 ? "label" : "a number of 24 columns..");
    char *text = printed(&table, 0);
    int lines = 0;
    for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n"), lines++) {
        assert_true(ltv_text_width(line) <= LTV_PAGE_COLUMNS);
        assert_memory_equal(line, "label", 5);
    }
    assert_int_equal(lines, 4);
    free(text);
    ltv_text_table_free(&table);
}

static void a_cell_wider_than_the_page_is_cut(void **state)
{
    (void)state;
    char name[200];
    memset(name, 'n', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    ltv_text_table table;
    ltv_text_table_init(&table, "l");
    ltv_text_table_add(&table, name);
    char *text = printed(&table, 0);
    assert_int_equal(ltv_text_width(strtok(text, "\n")), LTV_PAGE_COLUMNS);
    free(text);
    ltv_text_table_free(&table);
}

static void a_row_can_be_left_unfinished(void **state)
{
    (void)state;
    ltv_text_table table;
    ltv_text_table_init(&table, "lll");
    ltv_text_table_end_row(&table);
    assert_int_equal(table.n_cells, 0);
    ltv_text_table_add(&table, "a");
    ltv_text_table_end_row(&table);
    assert_int_equal(table.n_cells, 3);
    ltv_text_table_free(&table);
    ltv_text_table_free(&table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_line_up),
        cmocka_unit_test(wide_names_line_up_too),
        cmocka_unit_test(empty_cells_leave_no_blanks_at_the_end),
        cmocka_unit_test(a_last_column_of_text_is_broken_into_lines),
        cmocka_unit_test(a_table_wider_than_the_page_is_printed_in_parts),
        cmocka_unit_test(a_cell_wider_than_the_page_is_cut),
        cmocka_unit_test(a_row_can_be_left_unfinished),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
