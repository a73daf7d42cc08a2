/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/io/scenario/read_offers.h"

#include <math.h>
#include <stdlib.h>

#include "sim/io/scenario/read_lists.h"
#include "sim/io/scenario/read_named.h"
#include "sim/io/scenario/scenario_walk.h"

/* Runs from joining to the end, until the scenario says otherwise. */
static const ltv_rate always = {.until = UINT32_MAX};

/* ---- plans and add-ons ------------------------------------------------------------------- */

static ltv_status check_number(ltv_walk *walk, const ltv_yaml_node *map, size_t most)
{
    ltv_status status = ltv_check_names(walk, map);
    if (status == LTV_OK && map->n > most)
        status = ltv_complain(walk->err, &map->place, walk->path,
                              "there are %zu of them; at most %zu are possible", map->n, most);
    return status;
}

/* Plans and add-ons without a margin of their own have the arm's, which an arm may set. */
static double margin_or(double own, double general)
{
    return isnan(own) ? general : own;
}

ltv_status ltv_read_plans(ltv_walk *walk, const ltv_field *field, ltv_yaml_node *node)
{
    ltv_arm *arm = walk->arm;
    ltv_status status = check_number(walk, node, LTV_MAX_PLANS);
    if (status != LTV_OK)
        return status;
    arm->plans = calloc(node->n, sizeof *arm->plans);
    if (arm->plans == NULL)
        return ltv_walk_no_memory(walk);
    arm->n_plans = node->n;
    for (size_t i = 0; i < arm->n_plans; ++i)
        arm->plans[i].margin = NAN;
    status = ltv_read_each(walk, field, node, arm->plans, sizeof *arm->plans, LTV_IN_PLAN);
    for (size_t i = 0; i < arm->n_plans; ++i)
        arm->plans[i].margin = margin_or(arm->plans[i].margin, arm->gross_margin);
    return status;
}

ltv_status ltv_read_add_ons(ltv_walk *walk, const ltv_field *field, ltv_yaml_node *node)
{
    ltv_arm *arm = walk->arm;
    ltv_status status = check_number(walk, node, LTV_MAX_ADD_ONS);
    if (status != LTV_OK)
        return status;
    arm->add_ons = calloc(node->n, sizeof *arm->add_ons);
    if (arm->add_ons == NULL)
        return ltv_walk_no_memory(walk);
    arm->n_add_ons = node->n;
    for (size_t i = 0; i < arm->n_add_ons; ++i)
        arm->add_ons[i] = (ltv_add_on){.margin = NAN, .attach = always, .drop = always};
    status = ltv_read_each(walk, field, node, arm->add_ons, sizeof *arm->add_ons, LTV_IN_ADD_ON);
    for (size_t i = 0; i < arm->n_add_ons; ++i)
        arm->add_ons[i].margin = margin_or(arm->add_ons[i].margin, arm->gross_margin);
    return status;
}

/* ---- one block or a list of them --------------------------------------------------------- */

static size_t number_of_blocks(const ltv_yaml_node *node)
{
    return node->kind == LTV_YAML_LIST ? node->n : 1;
}

/* A zeroed array for the blocks, handed over to the struct that the field is in. */
static ltv_status new_array(ltv_walk *walk, const ltv_field *field, const ltv_yaml_node *node,
                            size_t most, size_t size, void **array)
{
    size_t n = number_of_blocks(node);
    if (node->kind == LTV_YAML_LIST) {
        ltv_status status = ltv_require_list(walk, node, 1, most);
        if (status != LTV_OK)
            return status;
    }
    *array = calloc(n, size);
    if (*array == NULL)
        return ltv_walk_no_memory(walk);
    ltv_walk_hand_over(walk, field, *array, n);
    return LTV_OK;
}

/* Reads block i into the targets, which the caller has set. */
static ltv_status read_one_of(ltv_walk *walk, const ltv_field *field, ltv_yaml_node *node, size_t i)
{
    if (node->kind != LTV_YAML_LIST)
        return ltv_walk_block(walk, node, field->block);
    size_t before = ltv_walk_enter_index(walk, i);
    ltv_status status = ltv_walk_block(walk, node->entries[i].value, field->block);
    ltv_walk_leave(walk, before);
    return status;
}

ltv_status ltv_read_plan_changes(ltv_walk *walk, const ltv_field *field, ltv_yaml_node *node)
{
    void *array = NULL;
    ltv_status status =
        new_array(walk, field, node, LTV_MAX_PLANS - 1, sizeof(ltv_plan_change), &array);
    if (status != LTV_OK)
        return status;
    ltv_plan_change *changes = array;
    size_t n = number_of_blocks(node);
    for (size_t i = 0; i < n; ++i)
        changes[i] = (ltv_plan_change){.to = LTV_NOWHERE, .rate = always};
    for (size_t i = 0; i < n && status == LTV_OK; ++i) {
        walk->target[LTV_IN_PLAN_CHANGE] = &changes[i];
        walk->target[LTV_IN_RATE] = &changes[i].rate;
        status = read_one_of(walk, field, node, i);
    }
    walk->target[LTV_IN_PLAN_CHANGE] = walk->target[LTV_IN_RATE] = NULL;
    return status;
}

static int compare_price_changes(const void *a, const void *b)
{
    const ltv_price_change *x = a, *y = b;
    return x->bill != y->bill ? (x->bill > y->bill) - (x->bill < y->bill)
                              : (x->times > y->times) - (x->times < y->times);
}

ltv_status ltv_read_price_changes(ltv_walk *walk, const ltv_field *field, ltv_yaml_node *node)
{
    void *array = NULL;
    enum { MOST = 1000 };
    ltv_status status = new_array(walk, field, node, MOST, sizeof(ltv_price_change), &array);
    if (status != LTV_OK)
        return status;
    ltv_price_change *changes = array;
    size_t n = number_of_blocks(node);
    for (size_t i = 0; i < n && status == LTV_OK; ++i) {
        changes[i].churn_times = 1;
        walk->target[LTV_IN_PRICE_CHANGE] = &changes[i];
        status = read_one_of(walk, field, node, i);
    }
    walk->target[LTV_IN_PRICE_CHANGE] = NULL;
    qsort(changes, n, sizeof *changes, compare_price_changes);
    return status;
}

/* ---- orders ------------------------------------------------------------------------------ */

/* Where nothing varies a square of 0 gives the infinity that stands for "all alike". */
ltv_status ltv_read_order_value(ltv_walk *walk, const ltv_field *field, ltv_yaml_node *node)
{
    ltv_orders *orders = &walk->arm->orders;
    ltv_status status = ltv_read_block(walk, field, node);
    if (status != LTV_OK)
        return status;
    if (ltv_yaml_find(node, "mean") != NULL) {
        double cv_within = orders->p, cv_between = orders->q;
        orders->p = 1 / (cv_within * cv_within);
        orders->q = 2 + 1 / (cv_between * cv_between);
    } else {
        double gamma = orders->value_mean;
        orders->value_mean = orders->p * gamma / (orders->q - 1);
    }
    return LTV_OK;
}
