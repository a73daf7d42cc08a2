/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/io/scenario/read_until.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sim/io/scenario/read_lists.h"
#include "sim/io/scenario/scenario_walk.h"
#include "sim/precision_check.h"

enum { MOST_PRECISIONS = 100 };

static size_t number_of_blocks(const ltv_yaml_node *node)
{
    return node->kind == LTV_YAML_LIST ? node->n : 1;
}

static ltv_yaml_node *block_at(ltv_yaml_node *node, size_t i)
{
    return node->kind == LTV_YAML_LIST ? node->entries[i].value : node;
}

/* Extends the path to block i; the length before goes to ltv_walk_leave. */
static size_t enter_block(ltv_walk *walk, const ltv_yaml_node *node, size_t i)
{
    return node->kind == LTV_YAML_LIST ? ltv_walk_enter_index(walk, i) : strlen(walk->path);
}

static ltv_status read_blocks(ltv_walk *walk, const ltv_field *field, ltv_yaml_node *node)
{
    ltv_status status = LTV_OK;
    ltv_inputs *inputs = walk->inputs;
    walk->inputs = NULL; /* how much is enough is never uncertain */
    for (size_t i = 0; i < number_of_blocks(node) && status == LTV_OK; ++i) {
        size_t before = enter_block(walk, node, i);
        walk->target[LTV_IN_PRECISION] = &walk->scenario->precisions[i];
        status = ltv_walk_block(walk, block_at(node, i), field->block);
        ltv_walk_leave(walk, before);
    }
    walk->inputs = inputs;
    walk->target[LTV_IN_PRECISION] = NULL;
    return status;
}

ltv_status ltv_read_until(ltv_walk *walk, const ltv_field *field, ltv_yaml_node *node)
{
    if (node->kind == LTV_YAML_LIST) {
        ltv_status status = ltv_require_list(walk, node, 1, MOST_PRECISIONS);
        if (status != LTV_OK)
            return status;
    }
    size_t n = number_of_blocks(node);
    ltv_precision *precisions = calloc(n, sizeof *precisions);
    if (precisions == NULL)
        return ltv_walk_no_memory(walk);
    ltv_walk_hand_over(walk, field, precisions, n);
    return read_blocks(walk, field, node);
}

/* Whether the first draws of a longer run are those of a shorter one. */
static ltv_status check_sampling(ltv_walk *walk, const ltv_yaml_node *node)
{
    const ltv_scenario *scenario = walk->scenario;
    size_t dimensions = ltv_inputs_dimensions(&scenario->inputs);
    if (scenario->draws == 1 || scenario->sampling == LTV_SAMPLING_RANDOM)
        return LTV_OK;
    if (scenario->sampling == LTV_SAMPLING_LATIN_HYPERCUBE)
        return ltv_complain(walk->err, &node->place, walk->path,
                            "a run cannot go on with sampling: latin_hypercube, since more draws "
                            "would move those there are; write sobol or random");
    if (dimensions > LTV_SOBOL_INPUTS)
        return ltv_complain(walk->err, &node->place, walk->path,
                            "a run cannot go on with sampling: sobol and more than %d uncertain "
                            "numbers (here %zu), since more draws would move the rest of them; "
                            "write sampling: random",
                            LTV_SOBOL_INPUTS, dimensions);
    return LTV_OK;
}

/* Customers of the first prefix; the fewest, where a pilot run finds them. */
static uint64_t first_customers(const ltv_scenario *scenario)
{
    bool is_auto = scenario->customers == LTV_CUSTOMERS_AUTO;
    return (is_auto ? LTV_FEWEST_CUSTOMERS : scenario->customers) * scenario->draws;
}

static ltv_status check_customers(ltv_walk *walk, ltv_yaml_node *block,
                                  const ltv_precision *precision)
{
    const ltv_yaml_entry *most = ltv_yaml_find(block, "max_customers");
    uint64_t first = first_customers(walk->scenario);
    ltv_status status = LTV_OK;
    size_t before = ltv_walk_enter(walk, "max_customers");
    if (precision->max_customers < first)
        status =
            ltv_complain(walk->err, &most->value->place, walk->path,
                         "is less than the %" PRIu64 " customers that are simulated before the "
                         "first look (%s%s)",
                         first,
                         walk->scenario->customers == LTV_CUSTOMERS_AUTO
                             ? "the 256 that customers: auto gives at least"
                             : "experiment.customers",
                         walk->scenario->draws > 1 ? " times experiment.draws" : "");
    else if (precision->max_customers < precision->min_customers)
        status =
            ltv_complain(walk->err, &most->value->place, walk->path, "is less than min_customers");
    ltv_walk_leave(walk, before);
    return status;
}

static ltv_status check_all_customers(ltv_walk *walk, ltv_yaml_node *node)
{
    ltv_status status = LTV_OK;
    for (size_t i = 0; i < number_of_blocks(node) && status == LTV_OK; ++i) {
        size_t before = enter_block(walk, node, i);
        status = check_customers(walk, block_at(node, i), &walk->scenario->precisions[i]);
        ltv_walk_leave(walk, before);
    }
    return status;
}

static ltv_status check_metrics(ltv_walk *walk, ltv_yaml_node *node)
{
    ltv_error why = {0};
    size_t faulty = 0;
    ltv_status status = ltv_precision_check(walk->scenario, &faulty, &why);
    if (status != LTV_ERR_BAD_INPUT)
        return status == LTV_OK ? LTV_OK : ltv_fail(walk->err, status, "%s", why.message);
    const ltv_yaml_node *metric = ltv_yaml_find(block_at(node, faulty), "metric")->value;
    size_t before = enter_block(walk, node, faulty);
    ltv_walk_enter(walk, "metric");
    status = ltv_complain(walk->err, &metric->place, walk->path, "%s", why.message);
    ltv_walk_leave(walk, before);
    return status;
}

ltv_status ltv_check_until(ltv_walk *walk)
{
    const ltv_yaml_entry *experiment = ltv_yaml_find(walk->root, "experiment");
    const ltv_yaml_entry *until =
        experiment == NULL ? NULL : ltv_yaml_find(experiment->value, "until");
    if (until == NULL)
        return LTV_OK;
    size_t before = ltv_walk_enter(walk, "experiment.until");
    ltv_status status = check_sampling(walk, until->value);
    if (status == LTV_OK)
        status = check_all_customers(walk, until->value);
    if (status == LTV_OK)
        status = check_metrics(walk, until->value);
    ltv_walk_leave(walk, before);
    return status;
}
