/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/io/scenario/read_references.h"

#include <assert.h>
#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "sim/io/scenario/read_named.h"
#include "sim/io/scenario/read_numbers.h"
#include "sim/io/scenario/read_uncertain.h"
#include "sim/io/scenario/read_words.h"

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

ltv_status ltv_read_plan_name(ltv_walk *walk, const ltv_field *field, ltv_yaml_node *node)
{
    ltv_named_things plans = ltv_plans_of(walk->arm);
    size_t index = 0;
    ltv_status status = ltv_require_text(walk, node, "the name of a plan");
    if (status == LTV_OK)
        status = ltv_find_name(walk, &plans, node->text, &node->place, &index);
    if (status == LTV_OK)
        *(uint32_t *)ltv_walk_address(walk, field) = (uint32_t)index;
    return status;
}

static double sum_of(size_t n, const ltv_share *shares, bool uncertain)
{
    double sum = 0;
    for (size_t i = 0; i < n; ++i)
        sum += shares[i].is_uncertain == uncertain ? *shares[i].at : 0;
    return sum;
}

/* At their means, uncertain shares need not sum to 100% as exactly as people can write fixed ones.
 */
static ltv_status check_share_sum(ltv_walk *walk, double fixed, double uncertain,
                                  const ltv_place *place, const char *path)
{
    double sum = fixed + uncertain;
    if (walk->drawn != NULL || fabs(sum - 1) <= (uncertain > 0 ? 0.05 : 1e-9))
        return LTV_OK;
    return ltv_complain(walk->err, place, path,
                        "the shares sum to %.10g%%%s, but must sum to 100%%", 100 * sum,
                        uncertain > 0 ? " at the means of uncertain ones" : "");
}

ltv_status ltv_share_out(ltv_walk *walk, size_t n, const ltv_share *shares, const ltv_place *place,
                         const char *path)
{
    double fixed = sum_of(n, shares, false), uncertain = sum_of(n, shares, true);
    ltv_status status = check_share_sum(walk, fixed, uncertain, place, path);
    bool is_any_uncertain = false;
    for (size_t i = 0; i < n; ++i)
        is_any_uncertain |= shares[i].is_uncertain;
    if (status != LTV_OK || !is_any_uncertain)
        return status;
    if (fixed + uncertain == 0)
        return ltv_complain(walk->err, place, path, "the shares are all 0");
    double most = fixed > 0 ? 1 : 0; /* of the uncertain ones together */
    double scale = uncertain > most ? 1 / uncertain : 1;
    double rest = fixed > 0 ? (1 - uncertain * scale) / fixed : 0;
    for (size_t i = 0; i < n; ++i)
        *shares[i].at *= shares[i].is_uncertain ? scale : rest;
    return LTV_OK;
}

static size_t index_of(const ltv_named_things *things, const char *name)
{
    size_t i = 0;
    while (strcmp(ltv_name_of(things, i), name) != 0)
        ++i;
    return i;
}

static ltv_status read_share(ltv_walk *walk, const ltv_field *field, const ltv_yaml_entry *entry,
                             const ltv_named_things *things, double *shares)
{
    size_t index = 0;
    size_t before = ltv_walk_enter(walk, entry->key);
    ltv_status status = ltv_find_name(walk, things, entry->key, &entry->key_place, &index);
    if (status == LTV_OK)
        status = ltv_parse_number(walk, field, entry->value, &shares[index]);
    ltv_walk_leave(walk, before);
    return status;
}

static ltv_status read_shares(ltv_walk *walk, const ltv_field *field, const ltv_yaml_node *map,
                              ltv_named_things things)
{
    ltv_status status = ltv_check_names(walk, map);
    if (status != LTV_OK)
        return status;
    /* One more than there are things, since calloc may answer 0 with NULL. */
    double *shares = calloc(things.n + 1, sizeof *shares);
    if (shares == NULL)
        return ltv_walk_no_memory(walk);
    memcpy(ltv_walk_address(walk, field), &shares, sizeof shares);
    for (size_t i = 0; i < map->n && status == LTV_OK; ++i)
        status = read_share(walk, field, &map->entries[i], &things, shares);
    if (status != LTV_OK)
        return status;
    ltv_share *parts = calloc(map->n, sizeof *parts); /* not in the arena: worlds come here, too */
    if (parts == NULL)
        return ltv_walk_no_memory(walk);
    for (size_t i = 0; i < map->n; ++i)
        parts[i] = (ltv_share){&shares[index_of(&things, map->entries[i].key)],
                               ltv_is_uncertain(map->entries[i].value)};
    status = ltv_share_out(walk, map->n, parts, &map->place, walk->path);
    free(parts);
    return status;
}

ltv_status ltv_read_starts(ltv_walk *walk, const ltv_field *field, ltv_yaml_node *node)
{
    return read_shares(walk, field, node, ltv_plans_of(walk->arm));
}

ltv_status ltv_read_segment_shares(ltv_walk *walk, const ltv_field *field, ltv_yaml_node *node)
{
    return read_shares(walk, field, node, ltv_segments_of(walk->arm));
}
