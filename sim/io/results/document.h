/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_IO_DOCUMENT_H
#define LTV_SIM_IO_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* A results file in memory: what results_build makes of the estimates, what the HDF5 writer
 * writes and the HDF5 reader gives back, and what every page for people (terminal, JSON, CSV)
 * is made of. A flat list of nodes in the order of insertion, each with its absolute path. */

typedef enum {
    LTV_NODE_GROUP, /* carries attributes only */
    LTV_NODE_ARRAY, /* int64 or double, rank 1 or 2, or strings, rank 1 */
    LTV_NODE_TABLE, /* rows of named columns */
    LTV_NODE_TEXT   /* one UTF-8 string */
} ltv_node_kind;

typedef enum { LTV_TYPE_INT64, LTV_TYPE_DOUBLE, LTV_TYPE_STRING } ltv_value_type;

typedef struct {
    char *name;
    ltv_value_type type;
    size_t n;       /* 1 unless is_list */
    bool is_list;   /* an attribute that holds a list (NXdata: axes, auxiliary_signals) */
    int64_t *int64; /* owned; exactly one of the three is set */
    double *real;   /* owned */
    char **string;  /* owned, each string too */
} ltv_values;

typedef struct {
    char *path; /* "/arms/today/ltv/one_customer/quantiles"; the root group is "/" */
    ltv_node_kind kind;
    size_t n_attributes;
    ltv_values *attributes; /* owned */
    /* ARRAY */
    ltv_value_type type;
    int rank; /* 1 or 2 */
    size_t extent[2];
    int64_t *int64; /* owned; row-major; exactly one of the three is set */
    double *real;   /* owned; row-major */
    char **string;  /* owned, each string too */
    /* TABLE */
    size_t n_rows, n_columns;
    ltv_values *columns; /* owned; each with n == n_rows */
    /* TEXT */
    char *text; /* owned */
} ltv_node;

typedef struct {
    size_t n, capacity;
    ltv_node *nodes; /* owned */
    size_t n_slots;
    size_t *slots;      /* owned; hash table from path to position in nodes + 1, 0 is empty */
    bool out_of_memory; /* sticky: set by any add_… that could not allocate */
} ltv_document;

/* Adding. All copy what they are given. A node is added once per path; parents are added as
 * groups when missing. The returned pointer is valid until the next node is added; it is NULL
 * when memory is short, which is also remembered in out_of_memory, so that a builder can
 * check once at its end. Every function accepts a NULL node and does nothing then. */
ltv_node *ltv_document_group(ltv_document *doc, const char *path);
ltv_node *ltv_document_array(ltv_document *doc, const char *path, int rank, const size_t *extent,
                             const double *real);
ltv_node *ltv_document_array_int64(ltv_document *doc, const char *path, int rank,
                                   const size_t *extent, const int64_t *values);
ltv_node *ltv_document_array_string(ltv_document *doc, const char *path, size_t n,
                                    const char *const *values);
ltv_node *ltv_document_table(ltv_document *doc, const char *path, size_t n_rows);
ltv_node *ltv_document_text(ltv_document *doc, const char *path, const char *text);

void ltv_node_column_real(ltv_document *doc, ltv_node *table, const char *name, const double *v);
void ltv_node_column_int64(ltv_document *doc, ltv_node *table, const char *name, const int64_t *v);
void ltv_node_column_string(ltv_document *doc, ltv_node *table, const char *name,
                            const char *const *v);

/* Set an attribute, replacing one of the same name. */
void ltv_node_set_real(ltv_document *doc, ltv_node *node, const char *name, double value);
void ltv_node_set_int64(ltv_document *doc, ltv_node *node, const char *name, int64_t value);
void ltv_node_set_string(ltv_document *doc, ltv_node *node, const char *name, const char *value);
void ltv_node_set_strings(ltv_document *doc, ltv_node *node, const char *name, size_t n,
                          const char *const *values);

/* Looking up. All return borrowed pointers, NULL (or NaN, or `absent`) when there is none. */
const ltv_node *ltv_document_find(const ltv_document *doc, const char *path);
const ltv_values *ltv_node_attribute(const ltv_node *node, const char *name);
const ltv_values *ltv_node_column(const ltv_node *table, const char *name);

/* The real attribute at "path@name" (an int64 one is converted), NaN when absent. */
double ltv_document_real(const ltv_document *doc, const char *path_at_name);
int64_t ltv_document_int64(const ltv_document *doc, const char *path_at_name, int64_t absent);
const char *ltv_document_string(const ltv_document *doc, const char *path_at_name);

/* Row of the table whose string column `key_column` equals `key`; -1 when absent. */
ptrdiff_t ltv_node_row(const ltv_node *table, const char *key_column, const char *key);

/* Column `column` of the row named `name` in the metrics table at `path`; NaN when absent. */
double ltv_document_metric(const ltv_document *doc, const char *path, const char *name,
                           const char *column);
/* The `note` of that row, NULL when absent. */
const char *ltv_document_metric_note(const ltv_document *doc, const char *path, const char *name);

/* Names of the groups directly under `path`, in order. Returns their number; *names is an owned
 * array of owned strings (ltv_names_free). */
size_t ltv_document_children(const ltv_document *doc, const char *path, char ***names);
/* The same of the arrays. */
size_t ltv_document_arrays(const ltv_document *doc, const char *path, char ***names);
void ltv_names_free(char **names, size_t n);

void ltv_document_free(ltv_document *doc);

#endif
