/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_IO_RESULTS_SCHEMA_H
#define LTV_SIM_IO_RESULTS_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "sim/io/results/document.h"

/* What a results file may hold: one table, from which the writer, docs/results.md and the
 * conformance test are all made. */

#define LTV_RESULTS_FORMAT "ltvsim-results"
enum { LTV_RESULTS_MAJOR = 1, LTV_RESULTS_MINOR = 0 };

typedef enum {
    LTV_ITEM_GROUP,
    LTV_ITEM_ARRAY,
    LTV_ITEM_TABLE,
    LTV_ITEM_TEXT,
    LTV_ITEM_LINK,      /* another name of a dimension scale at the root, for NXdata */
    LTV_ITEM_ATTRIBUTE, /* of the group or dataset above it */
    LTV_ITEM_COLUMN     /* of the table above it, in this order */
} ltv_item_kind;

/* A kind of place, written <place> in front of a path, that occurs under several path patterns.
 * In a pattern, what is in angle brackets stands for any name. */
typedef struct {
    const char *pattern; /* "/arms/<arm>/segments/<segment>" */
    const char *subject; /* what "{}" in a description stands for there */
} ltv_results_pattern;

typedef struct {
    const char *name; /* "" for the file's root */
    const char *meaning;
    size_t n_patterns;
    const ltv_results_pattern *patterns;
} ltv_results_place;

typedef struct {
    ltv_item_kind kind;
    const ltv_results_place *place;
    const char *path;        /* below the place; "" is the place itself */
    const char *name;        /* of the attribute or column; NULL for nodes */
    ltv_value_type type;     /* of an array, attribute or column */
    bool is_list;            /* of an attribute */
    const char *shape;       /* of an array: "[horizon]", "[horizon+1]", "[n]", "[n+1]" */
    const char *scale;       /* path of the dimension scale of an array, NULL without */
    const char *units;       /* "currency", "period", "1", "text" …; NULL where none applies */
    bool required;           /* there whenever the place is; of an attribute or column,
                              * whenever its node is */
    int since_minor;         /* format version 1.<since_minor> */
    const char *description; /* one sentence; "{}" stands for the subject */
} ltv_results_item;

/* All items; a node comes before its attributes and columns. */
extern const ltv_results_item ltv_results_items[];
extern const size_t ltv_results_n_items;

/* The node declared at `path`, and which of its place's patterns matches; NULL when the schema
 * has none. `pattern` may be NULL. */
const ltv_results_item *ltv_results_find(const char *path, const ltv_results_pattern **pattern);

/* The attribute or column `name` of the declared node `item`; NULL when the schema has none. */
const ltv_results_item *ltv_results_find_part(const ltv_results_item *item, ltv_item_kind kind,
                                              const char *name);

/* Whether the array at `path` is the dimension scale of others. */
bool ltv_results_is_scale(const char *path);

enum { LTV_UNITS_SIZE = 64, LTV_DESCRIPTION_SIZE = 512 };

/* The item's units in a scenario's own terms: "currency/period" becomes "JPY/month". Returns
 * `units`. */
const char *ltv_results_units(char units[LTV_UNITS_SIZE], const ltv_results_item *item,
                              const char *currency, const char *time_unit);

/* The same for the unit of a metric. */
const char *ltv_results_unit_text(char units[LTV_UNITS_SIZE], const char *unit,
                                  const char *currency, const char *time_unit);

/* The item's description with its subject filled in. Returns `text`. */
const char *ltv_results_description(char text[LTV_DESCRIPTION_SIZE], const ltv_results_item *item,
                                    const ltv_results_pattern *pattern);

/* Prints docs/results.md. */
void ltv_results_print_page(FILE *out);

#endif
