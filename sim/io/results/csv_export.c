/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/io/results/csv_export.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/io/number.h"
#include "sim/io/results/atomic_file.h"
#include "sim/io/results/make_folders.h"
#include "sim/io/results/results_schema.h"

/* ---- fields ---- */

static void print_field(FILE *out, const char *text)
{
    if (strpbrk(text, ",\"\r\n") == NULL) {
        fputs(text, out);
        return;
    }
    fputc('"', out);
    for (; *text != '\0'; text++)
        fputs(*text == '"' ? "\"\"" : (char[]){*text, '\0'}, out);
    fputc('"', out);
}

static void print_real(FILE *out, double value)
{
    char text[LTV_DOUBLE_TEXT_SIZE];
    if (!isnan(value))
        fputs(isinf(value) ? (value > 0 ? "inf" : "-inf") : ltv_double_text(text, value), out);
}

static void print_value(FILE *out, const ltv_values *values, size_t i)
{
    switch (values->type) {
    case LTV_TYPE_INT64:
        fprintf(out, "%" PRId64, values->int64[i]);
        break;
    case LTV_TYPE_DOUBLE:
        print_real(out, values->real[i]);
        break;
    case LTV_TYPE_STRING:
        print_field(out, values->string[i]);
        break;
    }
}

/* "value [JPY]"; a bare name where the number has no unit or the row says it. */
static void print_heading(FILE *out, const char *name, const char *units)
{
    char *heading = NULL;
    bool bare = units == NULL || units[0] == '\0' || strcmp(units, "1") == 0 ||
                strncmp(units, "see ", 4) == 0;
    if (bare)
        print_field(out, name);
    else if (asprintf(&heading, "%s [%s]", name, units) >= 0)
        print_field(out, heading);
    free(heading);
}

/* ---- tables ---- */

static void print_column_heading(FILE *out, const ltv_document *doc, const ltv_node *table,
                                 const char *name)
{
    char units[LTV_UNITS_SIZE];
    const char *currency = ltv_document_string(doc, "/@currency");
    const char *time_unit = ltv_document_string(doc, "/@time_unit");
    const ltv_results_item *item = ltv_results_find(table->path, NULL);
    const ltv_results_item *column =
        item == NULL ? NULL : ltv_results_find_part(item, LTV_ITEM_COLUMN, name);
    if (column == NULL || currency == NULL || time_unit == NULL)
        print_heading(out, name, NULL);
    else
        print_heading(out, name, ltv_results_units(units, column, currency, time_unit));
}

static void print_table(FILE *out, const ltv_document *doc, const ltv_node *table)
{
    for (size_t c = 0; c < table->n_columns; c++) {
        fputs(c == 0 ? "" : ",", out);
        print_column_heading(out, doc, table, table->columns[c].name);
    }
    fputs("\r\n", out);
    for (size_t r = 0; r < table->n_rows; r++) {
        for (size_t c = 0; c < table->n_columns; c++) {
            fputs(c == 0 ? "" : ",", out);
            print_value(out, &table->columns[c], r);
        }
        fputs("\r\n", out);
    }
}

/* ---- arrays ---- */

static const char *last_component(const char *path)
{
    return strrchr(path, '/') + 1;
}

static const char *units_of(const ltv_node *node)
{
    const ltv_values *units = ltv_node_attribute(node, "units");
    bool text = units != NULL && units->type == LTV_TYPE_STRING && units->n == 1;
    return text ? units->string[0] : NULL;
}

/* The array that the schema names as the axis of `array`; NULL without one. */
static const ltv_node *axis_of(const ltv_document *doc, const ltv_node *array)
{
    const ltv_results_item *item = ltv_results_find(array->path, NULL);
    const ltv_node *axis =
        item == NULL || item->scale == NULL ? NULL : ltv_document_find(doc, item->scale);
    bool fits = axis != NULL && axis->kind == LTV_NODE_ARRAY && axis->type == LTV_TYPE_INT64 &&
                axis->rank == 1 && axis->extent[0] == array->extent[0];
    return fits ? axis : NULL;
}

static void print_array_value(FILE *out, const ltv_node *array, size_t i)
{
    if (array->type == LTV_TYPE_INT64)
        fprintf(out, "%" PRId64, array->int64[i]);
    else if (array->type == LTV_TYPE_STRING)
        print_field(out, array->string[i]);
    else
        print_real(out, array->real[i]);
}

/* One line for each entry of the first dimension, after its place on the axis. */
static void print_array(FILE *out, const ltv_document *doc, const ltv_node *array)
{
    const ltv_node *axis = axis_of(doc, array);
    size_t n_columns = array->rank == 2 ? array->extent[1] : 1;
    if (axis != NULL) {
        print_heading(out, last_component(axis->path), units_of(axis));
        fputc(',', out);
    }
    for (size_t c = 0; c < n_columns; c++) {
        fputs(c == 0 ? "" : ",", out);
        print_heading(out, last_component(array->path), units_of(array));
    }
    fputs("\r\n", out);
    for (size_t r = 0; r < array->extent[0]; r++) {
        if (axis != NULL)
            fprintf(out, "%" PRId64 ",", axis->int64[r]);
        for (size_t c = 0; c < n_columns; c++) {
            fputs(c == 0 ? "" : ",", out);
            print_array_value(out, array, r * n_columns + c);
        }
        fputs("\r\n", out);
    }
}

/* ---- files ---- */

/* "DIR/arms.today.retention.csv", "DIR/compare.a_vs_b.metrics.csv": shells and some file systems do
 * not take the '|' between two arms. Owned. */
static char *file_name(const char *directory, const char *path)
{
    char *name = NULL;
    size_t size;
    FILE *out = open_memstream(&name, &size);
    if (out == NULL)
        return NULL;
    fprintf(out, "%s/", directory);
    for (const char *c = path + 1; *c != '\0'; c++)
        if (*c == '|')
            fputs("_vs_", out);
        else
            fputc(*c == '/' ? '.' : *c, out);
    fputs(".csv", out);
    bool ok = ferror(out) == 0;
    if (fclose(out) == 0 && ok)
        return name;
    free(name);
    return NULL;
}

static ltv_status no_memory(ltv_error *err)
{
    return ltv_fail(err, LTV_ERR_NO_MEMORY, "out of memory while exporting the results");
}

static ltv_status export_node(const ltv_document *doc, const ltv_node *node, const char *directory,
                              ltv_error *err)
{
    char *text = NULL;
    size_t size = 0;
    char *name = file_name(directory, node->path);
    FILE *out = open_memstream(&text, &size);
    bool ok = name != NULL && out != NULL;
    if (ok && node->kind == LTV_NODE_TABLE)
        print_table(out, doc, node);
    else if (ok)
        print_array(out, doc, node);
    ok = ok && ferror(out) == 0;
    if (out != NULL && fclose(out) != 0)
        ok = false;
    ltv_status status = ok ? ltv_atomic_write(name, text, size, err) : no_memory(err);
    free(text);
    free(name);
    return status;
}

/* The scales stand in the files of the arrays they belong to. */
static bool has_file(const ltv_node *node)
{
    return node->kind == LTV_NODE_TABLE ||
           (node->kind == LTV_NODE_ARRAY && !ltv_results_is_scale(node->path));
}

ltv_status ltv_csv_export(const ltv_document *doc, const char *directory, size_t *n_files,
                          ltv_error *err)
{
    size_t written = 0;
    ltv_status status = ltv_make_folders(directory, err);
    for (size_t i = 0; status == LTV_OK && i < doc->n; i++) {
        if (!has_file(&doc->nodes[i]))
            continue;
        status = export_node(doc, &doc->nodes[i], directory, err);
        if (status == LTV_OK)
            written++;
    }
    if (n_files != NULL)
        *n_files = written;
    return status;
}
