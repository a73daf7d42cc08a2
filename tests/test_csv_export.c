/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <dirent.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "results_fixture.h"
#include "sim/io/results/atomic_file.h"
#include "sim/io/results/csv_export.h"

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

static void assert_file(const char *folder, const char *name, const char *text)
{
    size_t n = 0;
    char *path = fixture_path(folder, name);
    char *bytes = fixture_read_file(path, &n);
    assert_string_equal(bytes, text);
    free(bytes);
    free(path);
}

static void export_fixture(const char *folder, size_t *n_files)
{
    ltv_document doc = fixture_document();
    ltv_error err = {0};
    ltv_status status = ltv_csv_export(&doc, folder, n_files, &err);
    assert_string_equal(err.message, "");
    assert_int_equal(status, LTV_OK);
    ltv_document_free(&doc);
}

static void each_array_and_table_has_a_file_with_units(void **state)
{
    export_fixture(*state, NULL);
    assert_file(*state, "arms." FIXTURE_BASELINE ".retention.csv",
                "period [month],retention\r\n0,1\r\n1,0.97\r\n2,0.9409\r\n3,0.912673\r\n");
    assert_file(*state, "arms." FIXTURE_BASELINE ".ltv.by_period.csv",
                "bill,by_period [JPY]\r\n0,800\r\n1,1576\r\n2,2328.72\r\n");
    assert_file(*state, "arms." FIXTURE_BASELINE ".ltv.one_customer.histogram.counts.csv",
                "counts\r\n1\r\n9\r\n");
    assert_file(*state, "arms." FIXTURE_BASELINE ".bridge.csv",
                "reason,amount [JPY],running [JPY],meaning\r\n"
                "spreadsheet,26666.67,26666.67,ARPU x margin / churn.\r\n"
                "horizon,-24337.95,2328.72,Bills after the horizon do not count.\r\n");
    assert_file(*state, "compare." FIXTURE_OTHER_ARM ".metrics.csv",
                "name,value,mc_standard_error,unit,note,meaning\r\n"
                "delta_ltv_cac,0.25,,ratio,,Change of LTV over CAC.\r\n"
                "roi,1.5,0.125,ratio,,Net gain over the added programme cost.\r\n"
                "p_roi_above_0,,,probability,not applicable: no input is uncertain,"
                "Share of draws in which ROI is above 0.\r\n"
                "\"break_even_案内, now\",0.93,0.01,ratio,"
                "pays if it cuts churn by 7.0 % or more; assumed 21.0 %,"
                "Multiplier at which ROI is 0.\r\n");
}

static void plans_costs_and_contrasts_have_files(void **state)
{
    export_fixture(*state, NULL);
    assert_file(*state, "arms." FIXTURE_BASELINE ".plans." FIXTURE_PLAN ".csv",
                "bill,\"年額, \"\"pro\"\"\"\r\n0,0.25\r\n1,0.375\r\n2,0.4375\r\n");
    assert_file(*state, "arms." FIXTURE_OTHER_ARM ".add_ons.analytics.csv",
                "bill,analytics\r\n0,0\r\n1,0.125\r\n2,0.0625\r\n");
    assert_file(*state, "arms." FIXTURE_OTHER_ARM ".programme_cost.csv",
                "bill,programme_cost [JPY]\r\n0,35.5\r\n1,0\r\n2,1.25\r\n");
    assert_file(*state, "compare." FIXTURE_OTHER_ARM ".delta_retention.csv",
                "period [month],delta_retention\r\n0,0\r\n1,0.015625\r\n2,0.03125\r\n3,0\r\n");
    assert_file(*state, "compare." FIXTURE_OTHER_ARM ".cumulative_gain.csv",
                "bill,cumulative_gain [JPY]\r\n0,-42.5\r\n1,-10\r\n2,338.5\r\n");
    assert_file(*state, "compare." FIXTURE_OTHER_ARM ".who_gains.csv",
                "segment,channel,share,n,delta_ltv [JPY],delta_ltv_mc_standard_error [JPY],"
                "programme_cost [JPY],roi,roi_mc_standard_error\r\n" FIXTURE_SEGMENT
                ",all@once,0.25,4,400.5,20.25,160,2.5,0.5\r\n"
                "\"say \"\"hi\"\", twice\",all@once,0.75,6,-12.5,3,0,,\r\n");
    assert_file(*state, "compare." FIXTURE_BASELINE "_vs_" FIXTURE_OTHER_ARM ".metrics.csv",
                "name,value,mc_standard_error,unit,note,meaning\r\n"
                "delta_ltv_cac,0.25,,ratio,,Change of LTV over CAC.\r\n");
}

static void fields_are_quoted_where_needed_and_nan_is_empty(void **state)
{
    ltv_document doc = {0};
    ltv_error err = {0};
    ltv_node *table = ltv_document_table(&doc, "/odd", 3);
    ltv_node_column_string(&doc, table, "a,b", (const char *[]){"say \"hi\"", "two\nlines", "音"});
    ltv_node_column_real(&doc, table, "x", (double[]){NAN, -INFINITY, 0.1});
    ltv_node_column_int64(&doc, table, "n", (int64_t[]){INT64_MIN, 0, 1});
    ltv_document_array(&doc, "/pairs", 2, (size_t[]){2, 2}, (double[]){1, 2, 3, 4});
    assert_int_equal(ltv_csv_export(&doc, *state, NULL, &err), LTV_OK);
    assert_file(*state, "odd.csv",
                "\"a,b\",x,n\r\n\"say \"\"hi\"\"\",,-9223372036854775808\r\n"
                "\"two\nlines\",-inf,0\r\n音,0.1,1\r\n");
    assert_file(*state, "pairs.csv", "pairs,pairs\r\n1,2\r\n3,4\r\n");
    ltv_document_free(&doc);
}

static void folders_are_made_and_files_counted(void **state)
{
    size_t n = 0, found = 0;
    char *folder = fixture_path(*state, "new/deep//folder/");
    export_fixture(folder, &n);
    DIR *listing = opendir(folder);
    assert_non_null(listing);
    for (struct dirent *entry = readdir(listing); entry != NULL; entry = readdir(listing))
        found += entry->d_name[0] != '.';
    closedir(listing);
    assert_int_equal(found, n);
    assert_true(n > 50);
    free(folder);
}

static void a_folder_that_cannot_be_is_an_error(void **state)
{
    char *file = fixture_path(*state, "file"), *below = fixture_path(*state, "file/folder");
    ltv_error err = {0};
    assert_int_equal(ltv_atomic_write(file, "", 0, &err), LTV_OK);
    const char *const folders[] = {file, below, "", "/proc/none"};
    ltv_document doc = fixture_document();
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        size_t n = 1;
        err = (ltv_error){0};
        assert_int_equal(ltv_csv_export(&doc, folders[i], &n, &err), LTV_ERR_WRITE_FAILED);
        assert_int_equal(n, 0);
        assert_true(strlen(err.message) > 20);
    }
    ltv_document_free(&doc);
    free(file);
    free(below);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, make_folder, remove_folder)
    const struct CMUnitTest tests[] = {
        TEST(each_array_and_table_has_a_file_with_units),
        TEST(plans_costs_and_contrasts_have_files),
        TEST(fields_are_quoted_where_needed_and_nan_is_empty),
        TEST(folders_are_made_and_files_counted),
        TEST(a_folder_that_cannot_be_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
