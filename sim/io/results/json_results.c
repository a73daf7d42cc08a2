/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/io/results/json_results.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/io/number.h"

/* Written by hand: libraries print doubles with 17 digits (0.03 as 0.029999999999999999) or lose
 * some, and a table row should stay on one line. */

typedef struct {
    FILE *out;
    const ltv_document *doc;
} printer;

static void print_string(const printer *self, const char *text)
{
    fputc('"', self->out);
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '"' || c == '\\')
            fprintf(self->out, "\\%c", c);
        else if (c == '\n')
            fputs("\\n", self->out);
        else if (c < 0x20 || c == 0x7f)
            fprintf(self->out, "\\u%04x", c);
        else
            fputc(c, self->out);
    }
    fputc('"', self->out);
}

static void print_real(const printer *self, double value)
{
    char text[LTV_DOUBLE_TEXT_SIZE];
    fputs(isfinite(value) ? ltv_double_text(text, value) : "null", self->out);
}

static void print_value(const printer *self, const ltv_values *values, size_t i)
{
    switch (values->type) {
    case LTV_TYPE_INT64:
        fprintf(self->out, "%" PRId64, values->int64[i]);
        break;
    case LTV_TYPE_DOUBLE:
        print_real(self, values->real[i]);
        break;
    case LTV_TYPE_STRING:
        print_string(self, values->string[i]);
        break;
    }
}

/* Begins a member of an object: the comma after the one before, a new line, the name. */
static void print_name(const printer *self, const char *name, int depth, bool *first)
{
    fprintf(self->out, "%s\n%*s", *first ? "" : ",", 2 * depth, "");
    *first = false;
    print_string(self, name);
    fputs(": ", self->out);
}

static void print_list(const printer *self, const ltv_values *values)
{
    fputc('[', self->out);
    for (size_t i = 0; i < values->n; i++) {
        fputs(i == 0 ? "" : ", ", self->out);
        print_value(self, values, i);
    }
    fputc(']', self->out);
}

/* One row of a table, without its first `skip` columns. */
static void print_row(const printer *self, const ltv_node *table, size_t row, size_t skip)
{
    fputc('{', self->out);
    for (size_t c = skip; c < table->n_columns; c++) {
        fputs(c == skip ? "" : ", ", self->out);
        print_string(self, table->columns[c].name);
        fputs(": ", self->out);
        print_value(self, &table->columns[c], row);
    }
    fputc('}', self->out);
}

static bool is_by_name(const ltv_node *table)
{
    return table->n_columns > 0 && strcmp(table->columns[0].name, "name") == 0 &&
           table->columns[0].type == LTV_TYPE_STRING;
}

static void print_table(const printer *self, const ltv_node *table, int depth)
{
    bool by_name = is_by_name(table), first = true;
    fputc(by_name ? '{' : '[', self->out);
    for (size_t row = 0; row < table->n_rows; row++) {
        if (by_name)
            print_name(self, table->columns[0].string[row], depth + 1, &first);
        else
            fprintf(self->out, "%s\n%*s", row == 0 ? "" : ",", 2 * (depth + 1), "");
        print_row(self, table, row, by_name ? 1 : 0);
    }
    fprintf(self->out, "\n%*s%c", 2 * depth, "", by_name ? '}' : ']');
}

static void print_element(const printer *self, const ltv_node *array, size_t i)
{
    if (array->type == LTV_TYPE_INT64)
        fprintf(self->out, "%" PRId64, array->int64[i]);
    else if (array->type == LTV_TYPE_STRING)
        print_string(self, array->string[i]);
    else
        print_real(self, array->real[i]);
}

/* Of rank 2: a list of rows. */
static void print_array(const printer *self, const ltv_node *array)
{
    bool nested = array->rank == 2;
    size_t n_columns = nested ? array->extent[1] : array->extent[0];
    size_t n_rows = nested ? array->extent[0] : 1;
    fputs(nested ? "[" : "", self->out);
    for (size_t r = 0; r < n_rows; r++) {
        fputs(r == 0 ? "[" : ", [", self->out);
        for (size_t c = 0; c < n_columns; c++) {
            fputs(c == 0 ? "" : ", ", self->out);
            print_element(self, array, r * n_columns + c);
        }
        fputc(']', self->out);
    }
    fputs(nested ? "]" : "", self->out);
}

/* For viewers of the HDF5 file; of no use here. */
static bool is_for_viewers(const char *attribute)
{
    static const char *const names[] = {"NX_class", "default",     "signal",
                                        "axes",     "description", "units"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(attribute, names[i]) == 0)
            return true;
    return false;
}

static const char *last_component(const char *path)
{
    return strrchr(path, '/') + 1;
}

/* Whether `node` lies directly in the group at `path`, which has `length` bytes (0 for "/"). */
static bool is_child(const ltv_node *node, const char *path, size_t length)
{
    return strncmp(node->path, path, length) == 0 && node->path[length] == '/' &&
           node->path[length + 1] != '\0' && strchr(node->path + length + 1, '/') == NULL;
}

static void print_node(const printer *self, size_t position, int depth);

/* The recursion is as deep as a path has components; the reader and the builder limit that. */
static void print_group(const printer *self, size_t position, int depth)
{
    const ltv_node *group = &self->doc->nodes[position];
    size_t length = strcmp(group->path, "/") == 0 ? 0 : strlen(group->path);
    bool first = true;
    fputc('{', self->out);
    for (size_t i = 0; i < group->n_attributes; i++) {
        const ltv_values *attribute = &group->attributes[i];
        if (is_for_viewers(attribute->name))
            continue;
        print_name(self, attribute->name, depth + 1, &first);
        if (attribute->is_list)
            print_list(self, attribute);
        else
            print_value(self, attribute, 0);
    }
    for (size_t i = position + 1; i < self->doc->n; i++) {
        const ltv_node *node = &self->doc->nodes[i];
        if (!is_child(node, group->path, length))
            continue;
        print_name(self, last_component(node->path), depth + 1, &first);
        print_node(self, i, depth + 1);
    }
    fprintf(self->out, "\n%*s}", 2 * depth, "");
}

static void print_node(const printer *self, size_t position, int depth)
{
    const ltv_node *node = &self->doc->nodes[position];
    switch (node->kind) {
    case LTV_NODE_GROUP:
        print_group(self, position, depth);
        break;
    case LTV_NODE_ARRAY:
        print_array(self, node);
        break;
    case LTV_NODE_TABLE:
        print_table(self, node, depth);
        break;
    case LTV_NODE_TEXT:
        print_string(self, node->text);
        break;
    }
}

ltv_status ltv_json_results(char **text, const ltv_document *doc, ltv_error *err)
{
    size_t size = 0;
    *text = NULL;
    FILE *out = open_memstream(text, &size);
    if (out == NULL)
        return ltv_fail(err, LTV_ERR_NO_MEMORY, "out of memory while printing the results");
    printer self = {out, doc};
    if (doc->n > 0)
        print_group(&self, 0, 0); /* the root is the first node */
    else
        fputs("{}", out);
    fputc('\n', out);
    bool failed = ferror(out) != 0;
    if (fclose(out) != 0 || failed) {
        free(*text);
        *text = NULL;
        return ltv_fail(err, LTV_ERR_NO_MEMORY, "out of memory while printing the results");
    }
    return LTV_OK;
}
