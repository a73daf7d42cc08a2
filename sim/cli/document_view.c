/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/cli/document_view.h"

#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "sim/cli/format.h"
#include "sim/cli/text.h"
#include "sim/cli/text_table.h"
#include "sim/io/results/results_schema.h"

enum { DIGITS = 6, HEADER_SIZE = 256, LIST_INDENT = 4 };

/* ---- Finding ------------------------------------------------------------------------------ */

/* People write arms/a and arms/a/; the document says /arms/a. */
static void normalise(char *buffer, size_t size, const char *path)
{
    snprintf(buffer, size, "/%s", path + strspn(path, "/"));
    size_t length = strlen(buffer);
    while (length > 1 && buffer[length - 1] == '/')
        buffer[--length] = '\0';
}

/* "a/metrics, b/metrics, ...": the first places that end in what was asked for; "" without one. */
static void places_that_end_in(char *buffer, size_t size, const ltv_document *doc, const char *end)
{
    enum { MOST = 3 };
    size_t n = 0, length = strlen(end);
    buffer[0] = '\0';
    for (size_t i = 0; i < doc->n && n <= MOST; i++) {
        const char *path = doc->nodes[i].path;
        if (strlen(path) <= length || strcmp(path + strlen(path) - length, end) != 0)
            continue;
        ltv_text_append(buffer, size, n > 0 ? ", " : "");
        ltv_text_append(buffer, size, n < MOST ? path + 1 : "...");
        n++;
    }
}

static ltv_status fail_unknown(const ltv_document *doc, const char *path, const char *results_path,
                               ltv_error *err)
{
    char places[512];
    places_that_end_in(places, sizeof places, doc, path);
    if (places[0] != '\0')
        return ltv_fail(err, LTV_ERR_BAD_INPUT, "%s has no %s (did you mean %s?)", results_path,
                        path + 1, places);
    const char **paths = calloc(doc->n + 1, sizeof *paths);
    if (paths == NULL)
        return ltv_fail(err, LTV_ERR_NO_MEMORY, "out of memory");
    for (size_t i = 0; i < doc->n; i++)
        paths[i] = doc->nodes[i].path + 1;
    const char *nearest = ltv_nearest(path + 1, doc->n, paths);
    free(paths);
    if (nearest != NULL)
        return ltv_fail(err, LTV_ERR_BAD_INPUT, "%s has no %s (did you mean %s?)", results_path,
                        path + 1, nearest);
    return ltv_fail(err, LTV_ERR_BAD_INPUT, "%s has no %s; see 'ltvsim show %s --list'",
                    results_path, path + 1, results_path);
}

ltv_status ltv_document_view_find(const ltv_node **node, const ltv_document *doc, const char *path,
                                  const char *results_path, ltv_error *err)
{
    char wanted[512];
    normalise(wanted, sizeof wanted, path);
    *node = ltv_document_find(doc, wanted);
    return *node != NULL ? LTV_OK : fail_unknown(doc, wanted, results_path, err);
}

/* ---- Values ------------------------------------------------------------------------------- */

static ltv_formatted value_text(const ltv_values *values, size_t i)
{
    ltv_formatted out = {""};
    if (values->type == LTV_TYPE_INT64)
        return ltv_format_count(values->int64[i]);
    if (values->type == LTV_TYPE_DOUBLE)
        return ltv_format_significant(values->real[i], DIGITS, false);
    return out;
}

static void add_value(ltv_text_table *table, const ltv_values *values, size_t i)
{
    if (values->type == LTV_TYPE_STRING)
        ltv_text_table_add(table, values->string[i]);
    else
        ltv_text_table_add(table, value_text(values, i).text);
}

/* "value [JPY]"; the name alone where the unit says nothing. */
static void header(char *buffer, size_t size, const char *name, const char *units)
{
    bool says_something = units != NULL && units[0] != '\0' && strcmp(units, "1") != 0 &&
                          strcmp(units, "text") != 0 && strcmp(units, "see unit") != 0;
    if (says_something)
        snprintf(buffer, size, "%s [%s]", name, units);
    else
        snprintf(buffer, size, "%s", name);
}

static const char *or_empty(const char *text)
{
    return text != NULL ? text : "";
}

static void add_column_header(ltv_text_table *table, const ltv_document *doc, const ltv_node *node,
                              const ltv_values *column)
{
    char text[HEADER_SIZE], units[LTV_UNITS_SIZE];
    const ltv_results_item *item = ltv_results_find(node->path, NULL);
    const ltv_results_item *part =
        item != NULL ? ltv_results_find_part(item, LTV_ITEM_COLUMN, column->name) : NULL;
    bool has_units = part != NULL && part->units != NULL;
    header(text, sizeof text, column->name,
           has_units
               ? ltv_results_units(units, part, or_empty(ltv_document_string(doc, "/@currency")),
                                   or_empty(ltv_document_string(doc, "/@time_unit")))
               : NULL);
    ltv_text_table_add(table, text);
}

/* ---- Tables ------------------------------------------------------------------------------- */

static bool is_all_empty(const ltv_values *column)
{
    for (size_t i = 0; i < column->n; i++)
        if (column->type != LTV_TYPE_STRING || column->string[i][0] != '\0')
            return false;
    return column->n > 0;
}

/* The columns worth showing: notes often are all empty. */
static size_t choose_columns(const ltv_node *node, const ltv_values *chosen[LTV_TEXT_TABLE_COLUMNS])
{
    size_t n = 0;
    for (size_t c = 0; c < node->n_columns && n < LTV_TEXT_TABLE_COLUMNS; c++)
        if (!is_all_empty(&node->columns[c]))
            chosen[n++] = &node->columns[c];
    return n;
}

static void fill_table(ltv_text_table *table, const ltv_document *doc, const ltv_node *node)
{
    const ltv_values *columns[LTV_TEXT_TABLE_COLUMNS];
    char alignment[LTV_TEXT_TABLE_COLUMNS + 1] = "";
    size_t n = choose_columns(node, columns);
    for (size_t c = 0; c < n; c++)
        alignment[c] = columns[c]->type == LTV_TYPE_STRING ? 'l' : 'r';
    ltv_text_table_init(table, alignment);
    for (size_t c = 0; c < n; c++)
        add_column_header(table, doc, node, columns[c]);
    for (size_t row = 0; row < node->n_rows; row++)
        for (size_t c = 0; c < n; c++)
            add_value(table, columns[c], row);
}

/* ---- Arrays ------------------------------------------------------------------------------- */

static const char *attribute_text(const ltv_node *node, const char *name)
{
    const ltv_values *values = ltv_node_attribute(node, name);
    return values != NULL && values->type == LTV_TYPE_STRING && values->n > 0 ? values->string[0]
                                                                              : "";
}

static void add_element(ltv_text_table *table, const ltv_node *node, size_t i)
{
    if (node->type == LTV_TYPE_INT64)
        ltv_text_table_add(table, ltv_format_count(node->int64[i]).text);
    else if (node->type == LTV_TYPE_STRING)
        ltv_text_table_add(table, node->string[i]);
    else
        ltv_text_table_add(table, ltv_format_significant(node->real[i], DIGITS, false).text);
}

static void fill_array(ltv_text_table *table, const ltv_node *node)
{
    char alignment[LTV_TEXT_TABLE_COLUMNS + 1], text[HEADER_SIZE];
    size_t across = node->rank == 2 ? node->extent[1] : 1;
    size_t shown = across < LTV_TEXT_TABLE_COLUMNS - 1 ? across : LTV_TEXT_TABLE_COLUMNS - 1;
    const ltv_results_item *item = ltv_results_find(node->path, NULL);
    const char *name = strrchr(node->path, '/') + 1;
    memset(alignment, 'r', sizeof alignment);
    alignment[shown + 1] = '\0';
    ltv_text_table_init(table, alignment);
    ltv_text_table_add(table, item != NULL && item->scale != NULL ? item->scale + 1 : "index");
    header(text, sizeof text, name, attribute_text(node, "units"));
    for (size_t c = 0; c < shown; c++)
        ltv_text_table_add(table, c == 0 ? text : "");
    for (size_t row = 0; row < node->extent[0]; row++) {
        ltv_text_table_add(table, ltv_format_count((int64_t)row).text);
        for (size_t c = 0; c < shown; c++)
            add_element(table, node, row * across + c);
    }
}

/* ---- Groups ------------------------------------------------------------------------------- */

static void print_attribute(FILE *out, const ltv_values *attribute)
{
    fprintf(out, "%s: ", attribute->name);
    for (size_t i = 0; i < attribute->n; i++) {
        fputs(i > 0 ? ", " : "", out);
        if (attribute->type == LTV_TYPE_STRING)
            ltv_text_print(out, attribute->string[i]);
        else
            fputs(value_text(attribute, i).text, out);
    }
    fputc('\n', out);
}

static void print_group(FILE *out, const ltv_document *doc, const ltv_node *node,
                        const ltv_terminal *terminal)
{
    for (size_t i = 0; i < node->n_attributes; i++)
        print_attribute(out, &node->attributes[i]);
    ltv_document_view_list(out, doc, node->path, terminal);
}

static bool is_below(const char *path, const char *group)
{
    size_t length = strcmp(group, "/") == 0 ? 0 : strlen(group);
    return strncmp(path, group, length) == 0 && (path[length] == '/' || path[length] == '\0');
}

static void print_indented(FILE *out, const char *text)
{
    if (text[0] == '\0')
        return;
    ltv_text_blanks(out, LIST_INDENT);
    ltv_text_wrap(out, text, LIST_INDENT, LIST_INDENT, LTV_PAGE_COLUMNS);
}

void ltv_document_view_list(FILE *out, const ltv_document *doc, const char *path,
                            const ltv_terminal *terminal)
{
    for (size_t i = 0; i < doc->n; i++) {
        const ltv_node *node = &doc->nodes[i];
        if (node->kind == LTV_NODE_GROUP || !is_below(node->path, path))
            continue;
        fputs(ltv_bold(terminal), out);
        ltv_text_print(out, node->path + 1);
        fprintf(out, "%s\n", ltv_plain(terminal));
        print_indented(out, attribute_text(node, "description"));
    }
}

/* ---- One node ----------------------------------------------------------------------------- */

static void print_description(FILE *out, const ltv_node *node, const ltv_terminal *terminal)
{
    const char *description = attribute_text(node, "description");
    if (description[0] == '\0')
        return;
    fputs(ltv_dim(terminal), out);
    ltv_text_wrap(out, description, 0, 0, LTV_PAGE_COLUMNS);
    fprintf(out, "%s\n", ltv_plain(terminal));
}

ltv_status ltv_document_view_print(FILE *out, const ltv_document *doc, const ltv_node *node,
                                   const ltv_terminal *terminal, ltv_error *err)
{
    ltv_text_table table;
    if (node->kind == LTV_NODE_GROUP) {
        print_group(out, doc, node, terminal);
        return LTV_OK;
    }
    if (node->kind == LTV_NODE_TEXT) {
        fputs(node->text, out);
        size_t length = strlen(node->text);
        if (length > 0 && node->text[length - 1] != '\n')
            fputc('\n', out);
        return LTV_OK;
    }
    if (node->kind == LTV_NODE_TABLE)
        fill_table(&table, doc, node);
    else
        fill_array(&table, node);
    ltv_status status =
        table.out_of_memory ? ltv_fail(err, LTV_ERR_NO_MEMORY, "out of memory") : LTV_OK;
    print_description(out, node, terminal);
    ltv_text_table_print(out, &table, 0, terminal);
    ltv_text_table_free(&table);
    return status;
}
