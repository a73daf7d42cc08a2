/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/io/scenario/read_names.h"

#include <string.h>

#include "sim/io/scenario/read_words.h"

ltv_status ltv_read_name(ltv_walk *walk, const ltv_field *field, ltv_yaml_node *node)
{
    (void)field;
    return ltv_require_text(walk, node, "a name");
}

static ltv_status check_item(ltv_walk *walk, const ltv_yaml_node *list, size_t i)
{
    const ltv_yaml_node *item = list->entries[i].value;
    char shown[LTV_SHOWN_SIZE];
    ltv_status status = ltv_require_text(walk, item, "a name");
    for (size_t j = 0; j < i && status == LTV_OK; ++j)
        if (strcmp(list->entries[j].value->text, item->text) == 0)
            status = ltv_complain(walk->err, &item->place, walk->path, "%s is listed twice",
                                  ltv_shown(shown, item->text));
    return status;
}

static ltv_status check_list(ltv_walk *walk, const ltv_yaml_node *list)
{
    ltv_status status = LTV_OK;
    for (size_t i = 0; i < list->n && status == LTV_OK; ++i) {
        size_t before = ltv_walk_enter_index(walk, i);
        status = check_item(walk, list, i);
        ltv_walk_leave(walk, before);
    }
    return status;
}

ltv_status ltv_read_names(ltv_walk *walk, const ltv_field *field, ltv_yaml_node *node)
{
    if (node->kind == LTV_YAML_SCALAR)
        return ltv_read_name(walk, field, node);
    if (node->kind == LTV_YAML_MAP || node->n == 0)
        return ltv_complain(walk->err, &node->place, walk->path,
                            "a name or a list of names is due here, not %s",
                            node->kind == LTV_YAML_MAP ? "a block of keys" : "an empty list");
    return check_list(walk, node);
}

ltv_status ltv_read_programmes(ltv_walk *walk, const ltv_field *field, ltv_yaml_node *node)
{
    (void)field;
    if (node->kind != LTV_YAML_LIST)
        return ltv_complain(walk->err, &node->place, walk->path,
                            "a list of interventions is due here, [] for none, not %s",
                            ltv_yaml_kind_text(node));
    if (node->n > LTV_MAX_INTERVENTIONS)
        return ltv_complain(walk->err, &node->place, walk->path,
                            "an arm can have at most %d interventions, not %zu",
                            LTV_MAX_INTERVENTIONS, node->n);
    return check_list(walk, node);
}

size_t ltv_name_count(const ltv_yaml_node *node)
{
    if (node == NULL)
        return 0;
    return node->kind == LTV_YAML_SCALAR ? 1 : node->n;
}

const ltv_yaml_node *ltv_name_at(const ltv_yaml_node *node, size_t i)
{
    return node->kind == LTV_YAML_SCALAR ? node : node->entries[i].value;
}
