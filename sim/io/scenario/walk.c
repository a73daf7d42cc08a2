/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/io/scenario/walk.h"

#include <stdio.h>
#include <string.h>

static size_t append(ltv_walk *walk, const char *separator, const char *text)
{
    size_t before = strlen(walk->path), room = sizeof walk->path - 1 - before;
    char *end = walk->path + before;
    end = mempcpy(end, separator, strnlen(separator, room));
    end = mempcpy(end, text, strnlen(text, room - (size_t)(end - walk->path - before)));
    *end = '\0';
    return before;
}

size_t ltv_walk_enter(ltv_walk *walk, const char *key)
{
    char shown[LTV_SHOWN_SIZE];
    size_t length = strlen(walk->path);
    bool begins = length == 0 || walk->path[length - 1] == ' '; /* after a prefix: "arms.b: " */
    return append(walk, begins ? "" : ".", ltv_shown(shown, key));
}

size_t ltv_walk_enter_index(ltv_walk *walk, size_t index)
{
    char text[32];
    snprintf(text, sizeof text, "[%zu]", index);
    return append(walk, "", text);
}

void ltv_walk_leave(ltv_walk *walk, size_t before)
{
    walk->path[before] = '\0';
}

void *ltv_walk_address(const ltv_walk *walk, const ltv_field *field)
{
    return (char *)walk->target[field->in] + field->offset;
}

void ltv_walk_hand_over(const ltv_walk *walk, const ltv_field *field, void *array, size_t n)
{
    memcpy(ltv_walk_address(walk, field), &array, sizeof array);
    memcpy((char *)walk->target[field->in] + field->count_offset, &n, sizeof n);
}

void ltv_walk_set_flag(const ltv_walk *walk, const ltv_field *field, size_t offset)
{
    if (offset != 0)
        *(bool *)((char *)walk->target[field->in] + offset) = true;
}

ltv_status ltv_walk_no_memory(ltv_walk *walk)
{
    return ltv_fail(walk->err, LTV_ERR_NO_MEMORY, "no memory to read the scenario %s", walk->file);
}
