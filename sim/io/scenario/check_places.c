/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/io/scenario/check_places.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The entry of a list or map that one step of a path names: "upgrade" or, in the list of that
 * name, "upgrade[1]". */
static const ltv_yaml_entry *step(const ltv_yaml_node *node, const char *key)
{
    const ltv_yaml_entry *entry = ltv_yaml_find(node, key);
    const char *bracket = strrchr(key, '[');
    if (entry != NULL || bracket == NULL)
        return entry;
    char name[LTV_PATH_SIZE];
    snprintf(name, sizeof name, "%.*s", (int)(bracket - key), key);
    entry = ltv_yaml_find(node, name);
    size_t index = strtoul(bracket + 1, NULL, 10);
    bool is_there = entry != NULL && entry->value->kind == LTV_YAML_LIST && index < entry->value->n;
    return is_there ? &entry->value->entries[index] : NULL;
}

/* The entry at the path, or NULL and in *last the innermost node on the way that exists. */
static const ltv_yaml_entry *descend(const ltv_walk *walk, const char *path,
                                     const ltv_yaml_node **last)
{
    *last = walk->root;
    for (const char *rest = path;;) {
        char key[LTV_PATH_SIZE];
        size_t length = strcspn(rest, ".");
        *(char *)mempcpy(key, rest, length < sizeof key ? length : sizeof key - 1) = '\0';
        const ltv_yaml_entry *entry = step(*last, key);
        if (entry == NULL || rest[length] == '\0')
            return entry;
        *last = entry->value;
        rest += length + 1;
    }
}

const ltv_yaml_entry *ltv_entry_at(const ltv_walk *walk, const char *path)
{
    const ltv_yaml_node *last = NULL;
    return descend(walk, path, &last);
}

const ltv_place *ltv_place_of(const ltv_walk *walk, const char *path)
{
    const ltv_yaml_node *last = NULL;
    const ltv_yaml_entry *entry = descend(walk, path, &last);
    if (entry == NULL)
        return &last->place;
    return entry->value->kind == LTV_YAML_MAP ? &entry->key_place : &entry->value->place;
}

const char *ltv_full_path(char full[LTV_FULL_PATH_SIZE], const ltv_walk *walk, const char *path)
{
    snprintf(full, LTV_FULL_PATH_SIZE, "%s%s", walk->path, path);
    return full;
}

ltv_status ltv_complain_at(const ltv_walk *walk, const char *path, const char *format, ...)
{
    char full[LTV_FULL_PATH_SIZE], sentence[sizeof walk->err->message];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    return ltv_complain(walk->err, ltv_place_of(walk, path), ltv_full_path(full, walk, path), "%s",
                        sentence);
}
