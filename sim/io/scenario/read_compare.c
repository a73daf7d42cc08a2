/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/io/scenario/read_compare.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/io/scenario/read_interventions.h"
#include "sim/io/scenario/read_names.h"
#include "sim/io/scenario/read_references.h"
#include "sim/io/scenario/read_words.h"

enum { ARM_LIST_SIZE = 256 };

/* The names of the arms that have the programme, "today, then". */
static void list_arms_with(const ltv_yaml_node *root, const char *programme,
                           char list[ARM_LIST_SIZE])
{
    const ltv_yaml_node *arms = ltv_yaml_find(root, "arms")->value;
    size_t used = 0;
    list[0] = '\0';
    for (size_t i = 0; i < arms->n && used < ARM_LIST_SIZE; ++i) {
        const ltv_yaml_node *programmes = ltv_programmes_of(arms->entries[i].value);
        for (size_t j = 0; j < ltv_name_count(programmes) && used < ARM_LIST_SIZE; ++j)
            if (strcmp(ltv_name_at(programmes, j)->text, programme) == 0)
                used += (size_t)snprintf(list + used, ARM_LIST_SIZE - used, "%s%s",
                                         used > 0 ? ", " : "", arms->entries[i].key);
    }
}

/* Arms are compared, not the programmes that they have. */
static ltv_status refuse_programme(ltv_walk *walk, const ltv_yaml_node *name)
{
    char list[ARM_LIST_SIZE];
    list_arms_with(walk->root, name->text, list);
    return ltv_complain(walk->err, &name->place, walk->path,
                        "%s is an intervention, and arms are compared; %s%s", name->text,
                        list[0] == '\0' ? "no arm has it" : "arms that have it: ", list);
}

static bool is_programme_alone(const ltv_walk *walk, const char *name)
{
    const ltv_yaml_entry *programmes = ltv_yaml_find(walk->root, "interventions");
    return programmes != NULL && ltv_yaml_find(programmes->value, name) != NULL &&
           ltv_yaml_find(ltv_yaml_find(walk->root, "arms")->value, name) == NULL;
}

static ltv_status find_arm(ltv_walk *walk, const ltv_yaml_node *pair, size_t i,
                           const ltv_named_things *arms, size_t *arm)
{
    const ltv_yaml_node *name = pair->entries[i].value;
    size_t before = ltv_walk_enter_index(walk, i);
    ltv_status status = ltv_require_text(walk, name, "the name of an arm");
    if (status == LTV_OK && is_programme_alone(walk, name->text))
        status = refuse_programme(walk, name);
    if (status == LTV_OK)
        status = ltv_find_name(walk, arms, name->text, &name->place, arm);
    ltv_walk_leave(walk, before);
    return status;
}

static bool is_same_pair(ltv_contrast a, ltv_contrast b)
{
    return (a.arm == b.arm && a.against == b.against) || (a.arm == b.against && a.against == b.arm);
}

/* Why the pair says nothing new after those before it; NULL if it does. */
static const char *fault_of(const ltv_contrast *pairs, size_t i)
{
    if (pairs[i].arm == pairs[i].against)
        return "an arm does not differ from itself";
    if (pairs[i].arm == 0 || pairs[i].against == 0)
        return "every arm is compared with the first one anyway; leave it out";
    for (size_t j = 0; j < i; ++j)
        if (is_same_pair(pairs[i], pairs[j]))
            return "the two are compared already; write a pair once";
    return NULL;
}

static ltv_status read_pair(ltv_walk *walk, const ltv_yaml_node *pair, const ltv_named_things *arms,
                            ltv_contrast *pairs, size_t i)
{
    if (pair->kind != LTV_YAML_LIST || pair->n != 2)
        return ltv_complain(walk->err, &pair->place, walk->path,
                            "a pair of arms is due here, such as [both, cheap]");
    ltv_status status = find_arm(walk, pair, 0, arms, &pairs[i].arm);
    if (status == LTV_OK)
        status = find_arm(walk, pair, 1, arms, &pairs[i].against);
    const char *fault = status == LTV_OK ? fault_of(pairs, i) : NULL;
    return fault == NULL ? status : ltv_complain(walk->err, &pair->place, walk->path, "%s", fault);
}

/* The arms as the tree names them, to be freed; first is NULL when memory is short. */
static ltv_named_things arms_of(const ltv_walk *walk)
{
    const ltv_yaml_node *arms = ltv_yaml_find(walk->root, "arms")->value;
    char(*names)[LTV_NAME_SIZE] = calloc(arms->n, sizeof *names);
    for (size_t i = 0; names != NULL && i < arms->n; ++i)
        snprintf(names[i], sizeof names[i], "%s", arms->entries[i].key);
    return (ltv_named_things){.kind = "arm", .first = names, .n = arms->n, .size = sizeof *names};
}

ltv_status ltv_read_compare(ltv_walk *walk, const ltv_field *field, ltv_yaml_node *node)
{
    (void)field;
    ltv_scenario *scenario = walk->scenario;
    ltv_status status = LTV_OK;
    if (node->kind != LTV_YAML_LIST || node->n == 0)
        return ltv_complain(walk->err, &node->place, walk->path,
                            "a list of pairs of arms is due here, such as [[both, cheap]]");
    ltv_named_things arms = arms_of(walk);
    scenario->contrasts = calloc(node->n, sizeof *scenario->contrasts);
    if (scenario->contrasts == NULL || arms.first == NULL)
        status = ltv_walk_no_memory(walk);
    else
        scenario->n_contrasts = node->n;
    for (size_t i = 0; i < node->n && status == LTV_OK; ++i) {
        size_t before = ltv_walk_enter_index(walk, i);
        status = read_pair(walk, node->entries[i].value, &arms, scenario->contrasts, i);
        ltv_walk_leave(walk, before);
    }
    free((void *)(uintptr_t)arms.first);
    return status;
}

bool ltv_compare_with_baseline(ltv_scenario *scenario)
{
    size_t n = scenario->n_arms - 1;
    if (n == 0)
        return true;
    ltv_contrast *all =
        realloc(scenario->contrasts, (n + scenario->n_contrasts) * sizeof *scenario->contrasts);
    if (all == NULL)
        return false;
    memmove(all + n, all, scenario->n_contrasts * sizeof *all);
    for (size_t i = 0; i < n; ++i)
        all[i] = (ltv_contrast){.arm = i + 1, .against = 0};
    scenario->contrasts = all;
    scenario->n_contrasts += n;
    return true;
}
