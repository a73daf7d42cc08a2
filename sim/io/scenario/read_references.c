/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/io/scenario/read_references.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "base/nearest.h"

static_assert(offsetof(ltv_plan, name) == 0 && offsetof(ltv_segment, name) == 0,
              "ltv_name_of reads the name at the beginning of a thing");

ltv_named_things ltv_plans_of(const ltv_arm *arm)
{
    return (ltv_named_things){
        .kind = "plan", .first = arm->plans, .n = arm->n_plans, .size = sizeof *arm->plans};
}

ltv_named_things ltv_segments_of(const ltv_arm *arm)
{
    return (ltv_named_things){.kind = "segment",
                              .first = arm->segments,
                              .n = arm->declared_segments ? arm->n_segments : 0,
                              .size = sizeof *arm->segments};
}

const char *ltv_name_of(const ltv_named_things *things, size_t index)
{
    return (const char *)things->first + index * things->size;
}

static ltv_status refuse_name(ltv_walk *walk, const ltv_named_things *things, const char *name,
                              const ltv_place *place)
{
    char shown[LTV_SHOWN_SIZE];
    ltv_shown(shown, name);
    if (things->n == 0)
        return ltv_complain(walk->err, place, walk->path, "there is no %s %s: there are no %ss",
                            things->kind, shown, things->kind);
    const char **names = ltv_arena_alloc(&walk->tree->arena, things->n * sizeof *names);
    if (names == NULL)
        return ltv_walk_no_memory(walk);
    for (size_t i = 0; i < things->n; ++i)
        names[i] = ltv_name_of(things, i);
    const char *nearest = ltv_nearest(name, things->n, names);
    return ltv_complain(walk->err, place, walk->path, "there is no %s %s%s%s%s", things->kind,
                        shown, nearest == NULL ? "" : "; did you mean ",
                        nearest == NULL ? "" : nearest, nearest == NULL ? "" : "?");
}

ltv_status ltv_find_name(ltv_walk *walk, const ltv_named_things *things, const char *name,
                         const ltv_place *place, size_t *index)
{
    for (size_t i = 0; i < things->n; ++i) {
        if (strcmp(ltv_name_of(things, i), name) == 0) {
            *index = i;
            return LTV_OK;
        }
    }
    return refuse_name(walk, things, name, place);
}
