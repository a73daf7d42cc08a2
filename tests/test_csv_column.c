/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sim/io/scenario/csv_column.h"

static const ltv_place csv = {.file = "f.csv"};
static const ltv_place asked_at = {.file = "s.yaml", .line = 7, .column = 9};

static ltv_status read_column(ltv_csv_column *column, const char *text, ltv_error *err)
{
    return ltv_csv_column_read(column, text, strlen(text), &csv, "b", &asked_at, "table.column",
                               err);
}

static void the_column_is_found_and_read(void **state)
{
    (void)state;
    static const struct {
        const char *label, *text;
        uint32_t second_line; /* in which the value 0.5 begins */
    } cases[] = {
        {"plain", "a,b,c\n1,100%,x\n2,0.5,y\n", 3},
        {"CRLF", "a,b,c\r\n1,1,x\r\n2,.5,y\r\n", 3},
        {"byte order mark",
         "\xEF\xBB\xBF"
         "b,a\n1,x\n50%,y\n",
         3},
        {"only column", "b\n1\n0.5\n", 3},
        {"last column, no line feed at the end", "a,b\n,1\n,0.5", 3},
        {"quotes", "\"a\",\"b\"\n\"x,y\",\"1\"\n\"say \"\"so\"\"\",\"0.5\"\n", 3},
        {"line feed in quotes", "a,b\n\"x\ny\",1\nz,0.5\n", 4},
        {"empty lines", "a,b\n\nx,1\n\ny,0.5\n\n", 5},
        {"semicolons", "a;b\nx,y;1\n2;0.5\n", 3},
        {"tabs", "a\tb\nx;y,z\t100%\n2\t50%\n", 3},
        {"semicolons in quotes are no separators", "\"a;c\",b\nx,1\ny,0.5\n", 3},
        {"Japanese", "月,b\n一,1\n二,５０％\n", 3},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i) {
        ltv_csv_column column;
        ltv_error err = {0};
        if (read_column(&column, cases[i].text, &err) != LTV_OK) {
            print_error("%s: %s\n", cases[i].label, err.message);
            fail();
        }
        assert_int_equal(column.n, 2);
        assert_true(column.values[0] == 1 && column.values[1] == 0.5);
        assert_int_equal(column.places[1].line, cases[i].second_line);
        assert_true(column.places[1].column > 0);
        ltv_csv_column_free(&column);
        ltv_csv_column_free(&column);
    }
}

static void faults_are_told_where_they_are(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"a,c\n1,2\n", "s.yaml:7:9: table.column: f.csv has no column b; its columns are a, c"},
        {"", "f.csv: there is nothing in this file"},
        {"My table\n\na;b\n1;2\n",
         "s.yaml:7:9: table.column: f.csv has the column b in line 3; the "
         "line with the names of the columns must be the first"},
        {"a,c\n\"b\n1\n", "s.yaml:7:9: table.column: f.csv has no column b"},
        {"a;b\n1;0,85\n", "f.csv:2:3: \"0,85\" in column b has a decimal comma; write 0.85"},
        {"a;b\n1;1,000\n", "f.csv:2:3: \"1,000\" in column b has a comma, which may mean"},
        {"a;b\n1;\"2\"x\n", "f.csv:2:6: a semicolon or the end of the line is due"},
        {"a\tb\n1\t\"2\"x\n", "f.csv:2:6: a tab or the end of the line is due"},
        {"PK\003\004", "f.csv: this is an Excel workbook or another ZIP archive, not a CSV file"},
        {"\211HDF\r\n\032\n", "f.csv: this is an HDF5 file, not a CSV file"},
        {"b,b\n1,2\n", "f.csv:1:3: two columns are named b"},
        {"a,b\n", "f.csv: there is nothing below the first row"},
        {"a,b\n1,2\n3,four\n", "f.csv:3:3: \"four\" in column b is not a number"},
        {"a,b\n推,x\n", "f.csv:2:3: \"x\" in column b is not a number"},
        {"a,b\n1,\n", "f.csv:2:3: the cell of column b is empty"},
        {"a,b\n1,1e999\n", "f.csv:2:3: 1e999 in column b is too large"},
        {"a,b\n1,nan\n", "f.csv:2:3: \"nan\" in column b is not a finite number"},
        {"a,b\n1,2\n3\n", "f.csv:3:1: this row has 1 cells, the first row has 2"},
        {"a,b\n1,2,3\n", "f.csv:2:1: this row has 3 cells, the first row has 2"},
        {"a,b\n1,\"2\n", "f.csv:2:3: the quote that opens here is never closed"},
        {"a,b\n1,\"2\"x\n", "f.csv:2:6: a comma or the end of the line is due"},
        {"a,b\n1,\xFF\n", "f.csv:2:3: the text is not UTF-8"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i) {
        ltv_csv_column column;
        ltv_error err = {0};
        assert_int_equal(read_column(&column, cases[i].text, &err), LTV_ERR_BAD_INPUT);
        if (strncmp(err.message, cases[i].message, strlen(cases[i].message)) != 0) {
            print_error("%s\nexpected: %s\n", err.message, cases[i].message);
            fail();
        }
        ltv_csv_column_free(&column);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_column_is_found_and_read),
        cmocka_unit_test(faults_are_told_where_they_are),
    };
    return cmocka_run_group_tests_name("csv_column", tests, NULL, NULL);
}
