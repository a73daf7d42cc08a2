/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <fcntl.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "results_fixture.h"
#include "sim/io/results/hdf5_file.h"
#include "sim/io/results/seal.h"

/* Each test has a folder of its own. */
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

static void write_fixture(const char *path)
{
    ltv_document doc = fixture_document();
    ltv_error err = {0};
    assert_int_equal(ltv_hdf5_write(&doc, path, &err), LTV_OK);
    ltv_document_free(&doc);
}

static void write_bytes(const char *path, const void *bytes, size_t n)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, n, file), n);
    assert_int_equal(fclose(file), 0);
}

/* Reads `path`, which must fail with a sentence; returns the code. */
static ltv_status read_fails(const char *path, const char *fragment)
{
    ltv_document doc;
    ltv_error err = {0};
    ltv_status status = ltv_hdf5_read(&doc, path, &err);
    assert_int_not_equal(status, LTV_OK);
    assert_int_equal(err.code, status);
    if (strstr(err.message, fragment) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", err.message, fragment);
    ltv_document_free(&doc);
    return status;
}

/* ---- round trip ---- */

static void assert_same_reals(const double *a, const double *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!(isnan(a[i]) && isnan(b[i])))
            assert_memory_equal(&a[i], &b[i], sizeof a[i]);
}

static void assert_same_values(const ltv_values *a, const ltv_values *b)
{
    assert_string_equal(a->name, b->name);
    assert_int_equal(a->type, b->type);
    assert_int_equal(a->n, b->n);
    assert_int_equal(a->is_list, b->is_list);
    if (a->type == LTV_TYPE_INT64)
        assert_memory_equal(a->int64, b->int64, a->n * sizeof *a->int64);
    else if (a->type == LTV_TYPE_DOUBLE)
        assert_same_reals(a->real, b->real, a->n);
    else
        for (size_t i = 0; i < a->n; i++)
            assert_string_equal(a->string[i], b->string[i]);
}

static void assert_same_nodes(const ltv_node *a, const ltv_node *b)
{
    assert_string_equal(a->path, b->path);
    assert_int_equal(a->kind, b->kind);
    assert_int_equal(a->n_attributes, b->n_attributes);
    for (size_t i = 0; i < a->n_attributes; i++)
        assert_same_values(&a->attributes[i], &b->attributes[i]);
    assert_int_equal(a->n_columns, b->n_columns);
    for (size_t i = 0; i < a->n_columns; i++)
        assert_same_values(&a->columns[i], &b->columns[i]);
    assert_int_equal(a->n_rows, b->n_rows);
    if (a->kind == LTV_NODE_TEXT)
        assert_string_equal(a->text, b->text);
    if (a->kind != LTV_NODE_ARRAY)
        return;
    assert_int_equal(a->type, b->type);
    assert_int_equal(a->rank, b->rank);
    assert_memory_equal(a->extent, b->extent, sizeof a->extent);
    size_t n = a->extent[0] * a->extent[1];
    if (a->type == LTV_TYPE_INT64)
        assert_memory_equal(a->int64, b->int64, n * sizeof *a->int64);
    else
        assert_same_reals(a->real, b->real, n);
}

static void what_is_written_is_read_back_in_order(void **state)
{
    char *path = fixture_path(*state, "results.h5");
    ltv_document doc = fixture_document(), again;
    ltv_error err = {0};
    assert_int_equal(ltv_hdf5_write(&doc, path, &err), LTV_OK);
    assert_int_equal(ltv_hdf5_read(&again, path, &err), LTV_OK);
    assert_int_equal(again.n, doc.n);
    for (size_t i = 0; i < doc.n; i++)
        assert_same_nodes(ltv_document_find(&again, doc.nodes[i].path), &doc.nodes[i]);
    char **arms;
    assert_int_equal(ltv_document_children(&again, "/arms", &arms), 2);
    assert_string_equal(arms[0], FIXTURE_BASELINE);
    assert_string_equal(arms[1], FIXTURE_OTHER_ARM);
    ltv_names_free(arms, 2);
    ltv_document_free(&again);
    ltv_document_free(&doc);
    free(path);
}

static void corners_of_a_document_survive(void **state)
{
    char *path = fixture_path(*state, "corners.h5");
    ltv_document doc = {0}, again;
    ltv_error err = {0};
    char *title = calloc(100001, 1), *text = calloc(200001, 1);
    double *large = calloc(20000, sizeof *large);
    assert_true(title != NULL && text != NULL && large != NULL);
    memset(title, 'x', 100000);
    memset(text, 'y', 200000);
    for (int i = 0; i < 20000; i++)
        large[i] = i;
    ltv_node *root = ltv_document_group(&doc, "/");
    ltv_node_set_string(&doc, root, "format", "ltvsim-results");
    ltv_node_set_string(&doc, root, "format_version", "1.7");
    ltv_node_set_string(&doc, root, "title", title);
    ltv_node_set_real(&doc, root, "infinite", -INFINITY);
    ltv_document_text(&doc, "/empty", "");
    ltv_document_text(&doc, "/long", text);
    ltv_node *table = ltv_document_table(&doc, "/no_rows", 0);
    ltv_node_column_real(&doc, table, "value", NULL);
    table = ltv_document_table(&doc, "/mixed", 2);
    ltv_node_column_int64(&doc, table, "count", (int64_t[]){INT64_MIN, INT64_MAX});
    ltv_node_column_string(&doc, table, "name", (const char *[]){"", "長い名前"});
    ltv_document_array(&doc, "/pairs", 2, (size_t[]){10000, 2}, large);
    assert_false(doc.out_of_memory);
    assert_int_equal(ltv_hdf5_write(&doc, path, &err), LTV_OK);
    assert_int_equal(ltv_hdf5_read(&again, path, &err), LTV_OK);
    for (size_t i = 0; i < doc.n; i++) {
        const ltv_node *node = ltv_document_find(&again, doc.nodes[i].path);
        assert_non_null(node);
        assert_same_nodes(node, &doc.nodes[i]);
    }
    ltv_document_free(&again);
    ltv_document_free(&doc);
    free(large);
    free(text);
    free(title);
    free(path);
}

static void equal_documents_make_equal_bytes(void **state)
{
    char *first = fixture_path(*state, "first.h5"), *second = fixture_path(*state, "second.h5");
    size_t n = 0, m = 0;
    write_fixture(first);
    sleep(1); /* a time stamp would show */
    write_fixture(second);
    char *a = fixture_read_file(first, &n), *b = fixture_read_file(second, &m);
    assert_int_equal(n, m);
    assert_memory_equal(a, b, n);
    free(a);
    free(b);
    free(first);
    free(second);
}

/* ---- what is no results file ---- */

static void other_things_are_refused_in_one_sentence(void **state)
{
    char *text = fixture_path(*state, "text.h5"), *empty = fixture_path(*state, "empty.h5");
    char *missing = fixture_path(*state, "missing.h5"), *pipe = fixture_path(*state, "pipe.h5");
    write_bytes(text, "ltvsim: 1\n", 10);
    write_bytes(empty, "", 0);
    assert_int_equal(mkfifo(pipe, 0600), 0);
    assert_int_equal(read_fails(text, "is not a results file"), LTV_ERR_NOT_RESULTS);
    assert_int_equal(read_fails(empty, "it is empty"), LTV_ERR_NOT_RESULTS);
    assert_int_equal(read_fails(missing, "No such file"), LTV_ERR_NOT_FOUND);
    assert_int_equal(read_fails(*state, "it is a folder"), LTV_ERR_NOT_RESULTS);
    assert_int_equal(read_fails(pipe, "not a regular file"), LTV_ERR_NOT_RESULTS);
    free(text);
    free(empty);
    free(missing);
    free(pipe);
}

static void write_head(const char *path, const char *format, const char *version)
{
    ltv_document doc = {0};
    ltv_error err = {0};
    ltv_node *root = ltv_document_group(&doc, "/");
    if (format != NULL)
        ltv_node_set_string(&doc, root, "format", format);
    if (version != NULL)
        ltv_node_set_string(&doc, root, "format_version", version);
    assert_int_equal(ltv_hdf5_write(&doc, path, &err), LTV_OK);
    ltv_document_free(&doc);
}

static void foreign_hdf5_files_and_other_majors_are_refused(void **state)
{
    static const struct {
        const char *label, *format, *version, *fragment;
    } cases[] = {
        {"no attributes", NULL, NULL, "not a results file"},
        {"another program's", "tskit.trees", "12.0", "not a results file"},
        {"no version", "ltvsim-results", NULL, "not a results file"},
        {"newer major", "ltvsim-results", "2.0", "has results format 2.0"},
        {"much newer major", "ltvsim-results", "10.0", "has results format 10.0"},
        {"version that is no number", "ltvsim-results", "new", "has results format new"},
    };
    char *path = fixture_path(*state, "head.h5");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        print_message("%s\n", cases[i].label);
        write_head(path, cases[i].format, cases[i].version);
        assert_int_equal(read_fails(path, cases[i].fragment), LTV_ERR_NOT_RESULTS);
    }
    free(path);
}

static void newer_minor_versions_are_read(void **state)
{
    char *path = fixture_path(*state, "minor.h5");
    ltv_document doc;
    ltv_error err = {0};
    write_head(path, "ltvsim-results", "1.99");
    assert_int_equal(ltv_hdf5_read(&doc, path, &err), LTV_OK);
    assert_string_equal(ltv_document_string(&doc, "/@format_version"), "1.99");
    ltv_document_free(&doc);
    free(path);
}

static void what_a_file_leaves_out_does_not_stop_the_reader(void **state)
{
    char *path = fixture_path(*state, "older.h5");
    ltv_document doc;
    ltv_error err = {0};
    write_head(path, "ltvsim-results", "1.0");
    assert_int_equal(ltv_hdf5_read(&doc, path, &err), LTV_OK);
    assert_null(ltv_document_find(&doc, "/scenario/overrides"));
    ltv_document_free(&doc);
    free(path);
}

/* ---- damage ---- */

static void files_cut_off_anywhere_are_refused(void **state)
{
    char *path = fixture_path(*state, "cut.h5");
    size_t n = 0;
    write_fixture(path);
    char *bytes = fixture_read_file(path, &n);
    for (size_t kept = n - 1; kept > 0; kept -= kept > 997 ? 997 : 1) {
        if (kept == n - LTV_SEAL_SIZE)
            continue; /* whole but for the checksum */
        assert_int_equal(truncate(path, (off_t)kept), 0);
        read_fails(path, path);
    }
    free(bytes);
    free(path);
}

/* HDF5 alone would crash at some of them, hang at others, and read most without a word. */
static void a_changed_byte_anywhere_is_noticed(void **state)
{
    char *path = fixture_path(*state, "flipped.h5");
    size_t n = 0;
    write_head(path, "ltvsim-results", "1.0");
    char *bytes = fixture_read_file(path, &n);
    int fd = open(path, O_WRONLY);
    assert_true(fd >= 0);
    for (size_t i = 0; i < n; i++) {
        char changed = (char)(bytes[i] ^ (1 << (i % 8)));
        assert_int_equal(pwrite(fd, &changed, 1, (off_t)i), 1);
        read_fails(path, "is ");
        assert_int_equal(pwrite(fd, &bytes[i], 1, (off_t)i), 1);
    }
    close(fd);
    free(bytes);
    free(path);
}

/* As after a change through HDF5, which drops the checksum. */
static void a_file_without_its_checksum_line_is_read(void **state)
{
    char *path = fixture_path(*state, "unsealed.h5");
    size_t n = 0;
    ltv_document doc;
    ltv_error err = {0};
    write_fixture(path);
    free(fixture_read_file(path, &n));
    assert_int_equal(truncate(path, (off_t)(n - LTV_SEAL_SIZE)), 0);
    assert_int_equal(ltv_hdf5_read(&doc, path, &err), LTV_OK);
    ltv_document_free(&doc);
    free(path);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, make_folder, remove_folder)
    const struct CMUnitTest tests[] = {
        TEST(what_is_written_is_read_back_in_order),
        TEST(corners_of_a_document_survive),
        TEST(equal_documents_make_equal_bytes),
        TEST(other_things_are_refused_in_one_sentence),
        TEST(foreign_hdf5_files_and_other_majors_are_refused),
        TEST(newer_minor_versions_are_read),
        TEST(what_a_file_leaves_out_does_not_stop_the_reader),
        TEST(files_cut_off_anywhere_are_refused),
        TEST(a_changed_byte_anywhere_is_noticed),
        TEST(a_file_without_its_checksum_line_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
