/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/io/scenario/yaml_write.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { INDENT = 2, LINE_WIDTH = 96 };

/* ---- scalars ----------------------------------------------------------------------------- */

/* Characters that YAML cannot show, or that an editor would mangle, are escaped. */
static bool needs_escape(uint32_t code)
{
    return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x2028 || code == 0x2029 ||
           code == 0xFEFF || code == '"' || code == '\\';
}

/* Is the text the same thing when written without quotes, inside brackets too? */
static bool is_plain(const char *text)
{
    size_t length = strlen(text);
    if (length == 0 || strchr(" -?:,[]{}#&*!|>'\"%@`=<~", text[0]) != NULL) {
        bool is_number_sign = text[0] == '-' && text[1] >= '0' && text[1] <= '9';
        if (!is_number_sign)
            return false;
    }
    if (strcasecmp(text, "null") == 0 || text[length - 1] == ' ' || text[length - 1] == ':' ||
        strncmp(text, "...", 3) == 0)
        return false;
    if (strpbrk(text, ",[]{}") != NULL || strstr(text, ": ") != NULL || strstr(text, " #") != NULL)
        return false;
    for (size_t left = length; left > 0;) {
        uint32_t code = 0;
        size_t step = ltv_utf8_next(text, left, &code);
        if (step == 0 || needs_escape(code))
            return false;
        text += step;
        left -= step;
    }
    return true;
}

static void write_quoted(FILE *out, const char *text)
{
    fputc('"', out);
    for (size_t left = strlen(text); left > 0;) {
        uint32_t code = 0;
        size_t step = ltv_utf8_next(text, left, &code);
        if (step == 0)
            break; /* the tree holds well-formed text only */
        if (code == '"' || code == '\\')
            fprintf(out, "\\%c", (char)code);
        else if (needs_escape(code))
            fprintf(out, "\\u%04X", code);
        else
            fwrite(text, 1, step, out);
        text += step;
        left -= step;
    }
    fputc('"', out);
}

static void write_text(FILE *out, const char *text)
{
    if (is_plain(text))
        fputs(text, out);
    else
        write_quoted(out, text);
}

static void write_scalar(FILE *out, const ltv_yaml_node *node)
{
    if (node->is_null)
        fputs("null", out);
    else
        write_text(out, node->text);
}

/* ---- lists and mappings ------------------------------------------------------------------ */

static bool is_leaf(const ltv_yaml_node *node)
{
    return node->kind != LTV_YAML_MAP || node->n == 0;
}

/* In brackets; recursion is bounded by the depth of the tree. */
static void write_flow(FILE *out, const ltv_yaml_node *node, int indent)
{
    if (node->kind == LTV_YAML_SCALAR) {
        write_scalar(out, node);
        return;
    }
    bool is_map = node->kind == LTV_YAML_MAP;
    long line_start = ftell(out);
    fputc(is_map ? '{' : '[', out);
    for (size_t i = 0; i < node->n; ++i) {
        if (i > 0 && ftell(out) - line_start > LINE_WIDTH - indent - 16) {
            fputs(",\n", out);
            line_start = ftell(out);
            fprintf(out, "%*s", indent, "");
        } else if (i > 0) {
            fputs(", ", out);
        }
        if (is_map) {
            write_text(out, node->entries[i].key);
            fputs(": ", out);
        }
        write_flow(out, node->entries[i].value, indent);
    }
    fputc(is_map ? '}' : ']', out);
}

static void write_map(FILE *out, const ltv_yaml_node *map, int indent)
{
    for (size_t i = 0; i < map->n; ++i) {
        const ltv_yaml_node *value = map->entries[i].value;
        fprintf(out, "%*s", indent, "");
        write_text(out, map->entries[i].key);
        fputs(is_leaf(value) ? ": " : ":\n", out);
        if (is_leaf(value)) {
            write_flow(out, value, indent + INDENT);
            fputc('\n', out);
        } else {
            write_map(out, value, indent + INDENT);
        }
    }
}

char *ltv_yaml_write(const ltv_yaml_node *root)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (out == NULL)
        return NULL;
    if (is_leaf(root)) {
        write_flow(out, root, INDENT);
        fputc('\n', out);
    } else {
        write_map(out, root, 0);
    }
    bool failed = ferror(out) != 0;
    failed |= fclose(out) != 0;
    if (failed) {
        free(text);
        return NULL;
    }
    return text;
}

/* ---- assumed values ---------------------------------------------------------------------- */

typedef struct {
    size_t n, capacity;
    char **lines;
} line_list;

static bool add_line(line_list *list, const char *path, const ltv_yaml_node *node)
{
    if (list->n == list->capacity) {
        size_t capacity = list->capacity == 0 ? 16 : 2 * list->capacity;
        char **larger = realloc(list->lines, capacity * sizeof *larger);
        if (larger == NULL)
            return false;
        list->lines = larger;
        list->capacity = capacity;
    }
    char *line = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&line, &size);
    if (out == NULL)
        return false;
    fprintf(out, "%s: ", path);
    write_flow(out, node, INDENT);
    if (fclose(out) != 0) {
        free(line);
        return false;
    }
    list->lines[list->n++] = line;
    return true;
}

static bool collect(line_list *list, const ltv_yaml_node *map, const char *prefix)
{
    bool ok = true;
    for (size_t i = 0; i < map->n && ok; ++i) {
        const ltv_yaml_entry *entry = &map->entries[i];
        char *path = NULL;
        if (asprintf(&path, "%s%s%s", prefix, *prefix == '\0' ? "" : ".", entry->key) < 0)
            return false;
        if (!is_leaf(entry->value))
            ok = collect(list, entry->value, path);
        else if (entry->value->assumed)
            ok = add_line(list, path, entry->value);
        free(path);
    }
    return ok;
}

bool ltv_yaml_assumed(const ltv_yaml_node *root, size_t *n, char ***lines)
{
    line_list list = {0};
    bool ok = collect(&list, root, "");
    if (!ok) {
        for (size_t i = 0; i < list.n; ++i)
            free(list.lines[i]);
        free(list.lines);
        list = (line_list){0};
    }
    *n = list.n;
    *lines = list.lines;
    return ok;
}
