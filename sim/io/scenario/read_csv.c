/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/io/scenario/read_csv.h"

#include <stdlib.h>
#include <string.h>

#include "sim/io/scenario/csv_column.h"
#include "sim/io/scenario/read_words.h"
#include "sim/io/scenario/text_file.h"

char *ltv_beside_scenario(ltv_walk *walk, const char *name)
{
    const char *slash = strrchr(walk->file, '/');
    size_t folder = slash == NULL || name[0] == '/' ? 0 : (size_t)(slash - walk->file) + 1;
    char *path = ltv_arena_alloc(&walk->tree->arena, folder + strlen(name) + 1);
    if (path != NULL) {
        memcpy(path, walk->file, folder);
        memcpy(path + folder, name, strlen(name) + 1);
    }
    return path;
}

static ltv_yaml_node *list_of_column(ltv_walk *walk, const ltv_csv_column *column,
                                     const char *csv_path)
{
    ltv_place place = {.file = csv_path, .line = 1, .column = 1};
    ltv_yaml_node *list = ltv_yaml_new(walk->tree, LTV_YAML_LIST, &place);
    for (size_t i = 0; i < column->n && list != NULL; ++i) {
        char text[LTV_DOUBLE_TEXT_SIZE];
        ltv_yaml_node *item = ltv_yaml_new_scalar(
            walk->tree, ltv_double_text(text, column->values[i]), &column->places[i]);
        if (item == NULL || !ltv_yaml_insert(walk->tree, list, i, "", &place, item))
            list = NULL;
    }
    return list;
}

static ltv_status read_csv_list(ltv_walk *walk, const ltv_yaml_node *file_node,
                                const ltv_yaml_node *column_node, ltv_yaml_node **list)
{
    char *text = NULL;
    size_t length = 0;
    ltv_csv_column column = {0};
    char *path = ltv_beside_scenario(walk, file_node->text);
    if (path == NULL)
        return ltv_walk_no_memory(walk);
    ltv_place csv = {.file = path};
    size_t before = ltv_walk_enter(walk, "csv");
    ltv_status status =
        ltv_text_file_read(&text, &length, path, &file_node->place, walk->path, walk->err);
    ltv_walk_leave(walk, before);
    before = ltv_walk_enter(walk, "column");
    if (status == LTV_OK)
        status = ltv_csv_column_read(&column, text, length, &csv, column_node->text,
                                     &column_node->place, walk->path, walk->err);
    ltv_walk_leave(walk, before);
    if (status == LTV_OK) {
        *list = list_of_column(walk, &column, path);
        status = *list == NULL ? ltv_walk_no_memory(walk) : LTV_OK;
    }
    ltv_csv_column_free(&column);
    free(text);
    return status;
}

static ltv_status check_csv_text(ltv_walk *walk, const ltv_yaml_entry *entry, const char *what)
{
    size_t before = ltv_walk_enter(walk, entry->key);
    ltv_status status = ltv_require_text(walk, entry->value, what);
    ltv_walk_leave(walk, before);
    return status;
}

/* `csv`, `column` and `values`, as they are written; *holds_churn tells what the column holds. */
static ltv_status check_csv(ltv_walk *walk, const ltv_yaml_node *map, const ltv_block *block,
                            bool *holds_churn)
{
    const ltv_yaml_entry *csv = ltv_yaml_find(map, "csv");
    const ltv_yaml_entry *column = ltv_yaml_find(map, "column");
    const ltv_yaml_entry *values = ltv_yaml_find(map, "values");
    int choice = 0; /* survival */
    char shown[LTV_SHOWN_SIZE];
    ltv_status status = check_csv_text(walk, csv, "a file name");
    if (status == LTV_OK && column == NULL)
        return ltv_complain(walk->err, &csv->key_place, walk->path,
                            "say which column to read: {csv: %s, column: NAME}",
                            ltv_shown(shown, csv->value->text));
    if (status == LTV_OK)
        status = check_csv_text(walk, column, "the name of a column");
    if (status == LTV_OK && values != NULL) {
        size_t before = ltv_walk_enter(walk, "values");
        status = ltv_parse_choice(walk, ltv_block_field(block, "values"), values->value, &choice);
        ltv_walk_leave(walk, before);
    }
    *holds_churn = choice == 1;
    return status;
}

/* Replaces `csv` with its `column` and `values` by the list that they stand for. */
ltv_status ltv_expand_csv(ltv_walk *walk, ltv_yaml_node *map, const ltv_block *block)
{
    ltv_yaml_entry *csv = ltv_yaml_find(map, "csv");
    bool holds_churn = false;
    ltv_yaml_node *list = NULL;
    if (csv == NULL)
        return LTV_OK;
    ltv_status status = check_csv(walk, map, block, &holds_churn);
    if (status == LTV_OK)
        status = read_csv_list(walk, csv->value, ltv_yaml_find(map, "column")->value, &list);
    if (status != LTV_OK)
        return status;
    csv->key = holds_churn ? "churn" : "survival";
    csv->value = list;
    ltv_yaml_remove(map, "column");
    ltv_yaml_remove(map, "values");
    return LTV_OK;
}
