/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/io/results/document.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- memory ---- */

static void *copy_bytes(ltv_document *doc, const void *bytes, size_t n, size_t size)
{
    void *copy = calloc(n > 0 ? n : 1, size);
    if (copy == NULL)
        doc->out_of_memory = true;
    else if (n > 0)
        memcpy(copy, bytes, n * size);
    return copy;
}

static char *copy_text(ltv_document *doc, const char *text)
{
    char *copy = strdup(text);
    if (copy == NULL)
        doc->out_of_memory = true;
    return copy;
}

static void values_free(ltv_values *values)
{
    free(values->name);
    free(values->int64);
    free(values->real);
    for (size_t i = 0; values->string != NULL && i < values->n; i++)
        free(values->string[i]);
    free(values->string);
    *values = (ltv_values){0};
}

static void node_free(ltv_node *node)
{
    free(node->path);
    for (size_t i = 0; i < node->n_attributes; i++)
        values_free(&node->attributes[i]);
    free(node->attributes);
    free(node->int64);
    free(node->real);
    ltv_names_free(node->string, node->string != NULL ? node->extent[0] : 0);
    for (size_t i = 0; i < node->n_columns; i++)
        values_free(&node->columns[i]);
    free(node->columns);
    free(node->text);
    *node = (ltv_node){0};
}

void ltv_document_free(ltv_document *doc)
{
    for (size_t i = 0; i < doc->n; i++)
        node_free(&doc->nodes[i]);
    free(doc->nodes);
    free(doc->slots);
    *doc = (ltv_document){0};
}

/* ---- finding a node by its path ---- */

static size_t path_hash(const char *path, size_t length)
{
    uint64_t hash = 14695981039346656037u; /* FNV-1a */
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)path[i]) * 1099511628211u;
    return (size_t)hash;
}

/* The slot of the path: the one that holds it, or the empty one where it would go. */
static size_t slot_of(const ltv_document *doc, const char *path, size_t length)
{
    size_t slot = path_hash(path, length) & (doc->n_slots - 1);
    while (doc->slots[slot] != 0) {
        const char *other = doc->nodes[doc->slots[slot] - 1].path;
        if (strncmp(other, path, length) == 0 && other[length] == '\0')
            break;
        slot = (slot + 1) & (doc->n_slots - 1);
    }
    return slot;
}

static ltv_node *find_node(const ltv_document *doc, const char *path, size_t length)
{
    if (doc->n_slots == 0)
        return NULL;
    size_t position = doc->slots[slot_of(doc, path, length)];
    return position == 0 ? NULL : &doc->nodes[position - 1];
}

/* Room for one more node in the list and, at most half full, in the hash table. */
static bool make_room(ltv_document *doc)
{
    if (doc->n < doc->capacity)
        return true;
    size_t capacity = doc->capacity == 0 ? 64 : 2 * doc->capacity;
    ltv_node *nodes = realloc(doc->nodes, capacity * sizeof *nodes);
    if (nodes == NULL)
        return false;
    doc->nodes = nodes;
    size_t *slots = calloc(2 * capacity, sizeof *slots);
    if (slots == NULL)
        return false;
    free(doc->slots);
    doc->slots = slots;
    doc->n_slots = 2 * capacity;
    doc->capacity = capacity;
    for (size_t i = 0; i < doc->n; i++)
        doc->slots[slot_of(doc, doc->nodes[i].path, strlen(doc->nodes[i].path))] = i + 1;
    return true;
}

/* ---- adding ---- */

static ltv_node *append_node(ltv_document *doc, const char *path, size_t length, ltv_node_kind kind)
{
    char *copy = strndup(path, length);
    if (copy == NULL || !make_room(doc)) {
        doc->out_of_memory = true;
        free(copy);
        return NULL;
    }
    doc->slots[slot_of(doc, copy, length)] = doc->n + 1;
    ltv_node *node = &doc->nodes[doc->n++];
    *node = (ltv_node){.path = copy, .kind = kind};
    return node;
}

/* Adds the groups on the way to `path`, the root first. */
static void add_parents(ltv_document *doc, const char *path)
{
    if (find_node(doc, "/", 1) == NULL)
        append_node(doc, "/", 1, LTV_NODE_GROUP);
    for (const char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        size_t length = (size_t)(slash - path);
        if (find_node(doc, path, length) == NULL)
            append_node(doc, path, length, LTV_NODE_GROUP);
    }
}

static ltv_node *add_node(ltv_document *doc, const char *path, ltv_node_kind kind)
{
    add_parents(doc, path);
    return append_node(doc, path, strlen(path), kind);
}

ltv_node *ltv_document_group(ltv_document *doc, const char *path)
{
    ltv_node *node = find_node(doc, path, strlen(path));
    if (node != NULL)
        return node;
    add_parents(doc, path);
    node = find_node(doc, path, strlen(path)); /* the root has just been made */
    return node != NULL ? node : append_node(doc, path, strlen(path), LTV_NODE_GROUP);
}

static ltv_node *add_array(ltv_document *doc, const char *path, ltv_value_type type, int rank,
                           const size_t *extent)
{
    ltv_node *node = add_node(doc, path, LTV_NODE_ARRAY);
    if (node == NULL)
        return NULL;
    node->type = type;
    node->rank = rank;
    node->extent[0] = extent[0];
    node->extent[1] = rank == 2 ? extent[1] : 1;
    return node;
}

ltv_node *ltv_document_array(ltv_document *doc, const char *path, int rank, const size_t *extent,
                             const double *real)
{
    ltv_node *node = add_array(doc, path, LTV_TYPE_DOUBLE, rank, extent);
    if (node != NULL)
        node->real = copy_bytes(doc, real, node->extent[0] * node->extent[1], sizeof *real);
    return node;
}

ltv_node *ltv_document_array_int64(ltv_document *doc, const char *path, int rank,
                                   const size_t *extent, const int64_t *values)
{
    ltv_node *node = add_array(doc, path, LTV_TYPE_INT64, rank, extent);
    if (node != NULL)
        node->int64 = copy_bytes(doc, values, node->extent[0] * node->extent[1], sizeof *values);
    return node;
}

ltv_node *ltv_document_array_string(ltv_document *doc, const char *path, size_t n,
                                    const char *const *values)
{
    ltv_node *node = add_array(doc, path, LTV_TYPE_STRING, 1, &n);
    if (node == NULL)
        return NULL;
    node->string = calloc(n + 1, sizeof *node->string);
    bool ok = node->string != NULL;
    for (size_t i = 0; ok && i < n; i++)
        ok = (node->string[i] = strdup(values[i])) != NULL;
    doc->out_of_memory |= !ok;
    return node;
}

ltv_node *ltv_document_table(ltv_document *doc, const char *path, size_t n_rows)
{
    ltv_node *node = add_node(doc, path, LTV_NODE_TABLE);
    if (node != NULL)
        node->n_rows = n_rows;
    return node;
}

ltv_node *ltv_document_text(ltv_document *doc, const char *path, const char *text)
{
    ltv_node *node = add_node(doc, path, LTV_NODE_TEXT);
    if (node != NULL)
        node->text = copy_text(doc, text);
    return node;
}

/* ---- columns and attributes ---- */

/* Grows a list of values by an empty entry called `name`; NULL when memory is short. */
static ltv_values *append_values(ltv_document *doc, ltv_values **list, size_t *n, const char *name)
{
    char *copy = copy_text(doc, name);
    ltv_values *grown = realloc(*list, (*n + 1) * sizeof *grown);
    if (grown != NULL)
        *list = grown;
    if (copy == NULL || grown == NULL) {
        doc->out_of_memory = true;
        free(copy);
        return NULL;
    }
    grown[*n] = (ltv_values){.name = copy};
    return &grown[(*n)++];
}

static void fill_real(ltv_document *doc, ltv_values *values, size_t n, const double *v)
{
    values->type = LTV_TYPE_DOUBLE;
    values->real = copy_bytes(doc, v, n, sizeof *v);
    values->n = values->real == NULL ? 0 : n;
}

static void fill_int64(ltv_document *doc, ltv_values *values, size_t n, const int64_t *v)
{
    values->type = LTV_TYPE_INT64;
    values->int64 = copy_bytes(doc, v, n, sizeof *v);
    values->n = values->int64 == NULL ? 0 : n;
}

static void fill_string(ltv_document *doc, ltv_values *values, size_t n, const char *const *v)
{
    values->type = LTV_TYPE_STRING;
    values->string = calloc(n > 0 ? n : 1, sizeof *values->string);
    if (values->string == NULL) {
        doc->out_of_memory = true;
        return;
    }
    values->n = n;
    for (size_t i = 0; i < n; i++)
        values->string[i] = copy_text(doc, v[i]);
}

void ltv_node_column_real(ltv_document *doc, ltv_node *table, const char *name, const double *v)
{
    if (table == NULL)
        return;
    ltv_values *column = append_values(doc, &table->columns, &table->n_columns, name);
    if (column != NULL)
        fill_real(doc, column, table->n_rows, v);
}

void ltv_node_column_int64(ltv_document *doc, ltv_node *table, const char *name, const int64_t *v)
{
    if (table == NULL)
        return;
    ltv_values *column = append_values(doc, &table->columns, &table->n_columns, name);
    if (column != NULL)
        fill_int64(doc, column, table->n_rows, v);
}

void ltv_node_column_string(ltv_document *doc, ltv_node *table, const char *name,
                            const char *const *v)
{
    if (table == NULL)
        return;
    ltv_values *column = append_values(doc, &table->columns, &table->n_columns, name);
    if (column != NULL)
        fill_string(doc, column, table->n_rows, v);
}

/* The attribute to fill: the emptied one of that name, or a new one. */
static ltv_values *attribute_slot(ltv_document *doc, ltv_node *node, const char *name)
{
    for (size_t i = 0; i < node->n_attributes; i++) {
        ltv_values *old = &node->attributes[i];
        if (strcmp(old->name, name) == 0) {
            char *kept = old->name;
            old->name = NULL;
            values_free(old);
            old->name = kept;
            return old;
        }
    }
    return append_values(doc, &node->attributes, &node->n_attributes, name);
}

void ltv_node_set_real(ltv_document *doc, ltv_node *node, const char *name, double value)
{
    ltv_values *attribute = node == NULL ? NULL : attribute_slot(doc, node, name);
    if (attribute != NULL)
        fill_real(doc, attribute, 1, &value);
}

void ltv_node_set_int64(ltv_document *doc, ltv_node *node, const char *name, int64_t value)
{
    ltv_values *attribute = node == NULL ? NULL : attribute_slot(doc, node, name);
    if (attribute != NULL)
        fill_int64(doc, attribute, 1, &value);
}

void ltv_node_set_string(ltv_document *doc, ltv_node *node, const char *name, const char *value)
{
    ltv_values *attribute = node == NULL ? NULL : attribute_slot(doc, node, name);
    if (attribute != NULL)
        fill_string(doc, attribute, 1, &value);
}

void ltv_node_set_strings(ltv_document *doc, ltv_node *node, const char *name, size_t n,
                          const char *const *values)
{
    ltv_values *attribute = node == NULL ? NULL : attribute_slot(doc, node, name);
    if (attribute == NULL)
        return;
    fill_string(doc, attribute, n, values);
    attribute->is_list = true;
}

/* ---- looking up ---- */

const ltv_node *ltv_document_find(const ltv_document *doc, const char *path)
{
    return find_node(doc, path, strlen(path));
}

static const ltv_values *find_values(const ltv_values *list, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(list[i].name, name) == 0)
            return &list[i];
    return NULL;
}

const ltv_values *ltv_node_attribute(const ltv_node *node, const char *name)
{
    return node == NULL ? NULL : find_values(node->attributes, node->n_attributes, name);
}

const ltv_values *ltv_node_column(const ltv_node *table, const char *name)
{
    return table == NULL ? NULL : find_values(table->columns, table->n_columns, name);
}

/* The single value at "path@name". Names of arms and segments may hold an '@', attributes do
 * not: the last one counts. */
static const ltv_values *scalar_at(const ltv_document *doc, const char *path_at_name)
{
    const char *at = strrchr(path_at_name, '@');
    if (at == NULL)
        return NULL;
    const ltv_node *node = find_node(doc, path_at_name, (size_t)(at - path_at_name));
    const ltv_values *values = ltv_node_attribute(node, at + 1);
    return values != NULL && values->n == 1 && !values->is_list ? values : NULL;
}

static double real_value(const ltv_values *values, size_t i)
{
    switch (values->type) {
    case LTV_TYPE_DOUBLE:
        return values->real[i];
    case LTV_TYPE_INT64:
        return (double)values->int64[i];
    case LTV_TYPE_STRING:
        break;
    }
    return NAN;
}

double ltv_document_real(const ltv_document *doc, const char *path_at_name)
{
    const ltv_values *values = scalar_at(doc, path_at_name);
    return values == NULL ? NAN : real_value(values, 0);
}

int64_t ltv_document_int64(const ltv_document *doc, const char *path_at_name, int64_t absent)
{
    const ltv_values *values = scalar_at(doc, path_at_name);
    return values != NULL && values->type == LTV_TYPE_INT64 ? values->int64[0] : absent;
}

const char *ltv_document_string(const ltv_document *doc, const char *path_at_name)
{
    const ltv_values *values = scalar_at(doc, path_at_name);
    return values != NULL && values->type == LTV_TYPE_STRING ? values->string[0] : NULL;
}

ptrdiff_t ltv_node_row(const ltv_node *table, const char *key_column, const char *key)
{
    const ltv_values *column = ltv_node_column(table, key_column);
    if (column == NULL || column->type != LTV_TYPE_STRING)
        return -1;
    for (size_t i = 0; i < column->n; i++)
        if (strcmp(column->string[i], key) == 0)
            return (ptrdiff_t)i;
    return -1;
}

double ltv_document_metric(const ltv_document *doc, const char *path, const char *name,
                           const char *column)
{
    const ltv_node *table = ltv_document_find(doc, path);
    ptrdiff_t row = ltv_node_row(table, "name", name);
    const ltv_values *values = ltv_node_column(table, column);
    return row < 0 || values == NULL ? NAN : real_value(values, (size_t)row);
}

const char *ltv_document_metric_note(const ltv_document *doc, const char *path, const char *name)
{
    const ltv_node *table = ltv_document_find(doc, path);
    ptrdiff_t row = ltv_node_row(table, "name", name);
    const ltv_values *notes = ltv_node_column(table, "note");
    if (row < 0 || notes == NULL || notes->type != LTV_TYPE_STRING)
        return NULL;
    return notes->string[row];
}

/* The last component of `path` when it lies directly under `parent`, else NULL. */
static const char *child_name(const char *path, const char *parent)
{
    size_t length = strcmp(parent, "/") == 0 ? 0 : strlen(parent);
    if (strncmp(path, parent, length) != 0 || path[length] != '/' || path[length + 1] == '\0')
        return NULL;
    return strchr(path + length + 1, '/') == NULL ? path + length + 1 : NULL;
}

static size_t names_below(const ltv_document *doc, const char *path, ltv_node_kind kind,
                          char ***names)
{
    size_t n = 0;
    *names = calloc(doc->n + 1, sizeof **names);
    for (size_t i = 0; *names != NULL && i < doc->n; i++) {
        const char *name = child_name(doc->nodes[i].path, path);
        if (doc->nodes[i].kind != kind || name == NULL)
            continue;
        (*names)[n] = strdup(name);
        if ((*names)[n] == NULL)
            break;
        n++;
    }
    return n;
}

size_t ltv_document_children(const ltv_document *doc, const char *path, char ***names)
{
    return names_below(doc, path, LTV_NODE_GROUP, names);
}

size_t ltv_document_arrays(const ltv_document *doc, const char *path, char ***names)
{
    return names_below(doc, path, LTV_NODE_ARRAY, names);
}

void ltv_names_free(char **names, size_t n)
{
    for (size_t i = 0; names != NULL && i < n; i++)
        free(names[i]);
    free(names);
}
