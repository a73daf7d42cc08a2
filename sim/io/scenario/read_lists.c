/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/io/scenario/read_lists.h"

#include <stdlib.h>
#include <string.h>

#include "sim/io/scenario/read_numbers.h"
#include "sim/io/scenario/read_uncertain.h"

/* `[1,000]` reads as the items 1 and 000. */
static bool is_split_thousands(const ltv_yaml_node *list, size_t i)
{
    const char *text = list->entries[i].value->text;
    return i > 0 && list->entries[i - 1].value->kind == LTV_YAML_SCALAR &&
           list->entries[i].value->kind == LTV_YAML_SCALAR && text[0] == '0' &&
           strspn(text, "0123456789") == 3;
}

/* Numbers of a list into values[0 ... list->n). */
static ltv_status parse_list(ltv_walk *walk, const ltv_field *field, const ltv_yaml_node *list,
                             double *values)
{
    ltv_status status = LTV_OK;
    for (size_t i = 0; i < list->n && status == LTV_OK; ++i) {
        ltv_yaml_node *item = list->entries[i].value;
        size_t before = ltv_walk_enter_index(walk, i);
        char shown[LTV_SHOWN_SIZE], shown_before[LTV_SHOWN_SIZE];
        if (is_split_thousands(list, i))
            status = ltv_complain(walk->err, &item->place, walk->path,
                                  "YAML splits %s,%s at the comma inside [ ]; put the number in "
                                  "quotes or write it without the comma",
                                  ltv_shown(shown_before, list->entries[i - 1].value->text),
                                  ltv_shown(shown, item->text));
        else
            status = ltv_parse_number(walk, field, item, &values[i]);
        ltv_walk_leave(walk, before);
    }
    return status;
}

ltv_status ltv_require_list(ltv_walk *walk, const ltv_yaml_node *node, size_t least, size_t most)
{
    if (node->kind != LTV_YAML_LIST)
        return ltv_complain(walk->err, &node->place, walk->path,
                            "a list in brackets is due here, not %s", ltv_yaml_kind_text(node));
    if (node->n < least || node->n > most)
        return ltv_complain(walk->err, &node->place, walk->path, "the list has %zu entries; %s %zu",
                            node->n,
                            least == most     ? "it needs exactly"
                            : node->n < least ? "it needs at least"
                                              : "allowed are at most",
                            node->n < least ? least : most);
    return LTV_OK;
}

ltv_status ltv_read_season(ltv_walk *walk, const ltv_field *field, ltv_yaml_node *node)
{
    double *season = ltv_walk_address(walk, field);
    ltv_status status = ltv_require_list(walk, node, 12, 12);
    if (status == LTV_OK)
        status = parse_list(walk, field, node, season);
    double sum = 0;
    for (int month = 0; month < 12; ++month)
        sum += season[month];
    if (status == LTV_OK && sum == 0)
        status = ltv_complain(walk->err, &node->place, walk->path, "with 0 in every month %s",
                              field->zero_hint);
    return status;
}

/* The curve's survival array, n entries, zeroed. */
static double *new_survival(ltv_curve *curve, size_t n)
{
    curve->survival = calloc(n, sizeof *curve->survival);
    curve->table_size = curve->survival == NULL ? 0 : n;
    return curve->survival;
}

static ltv_status check_survival(ltv_walk *walk, const ltv_yaml_node *list, const double *survival)
{
    char shown[LTV_SHOWN_SIZE], shown_before[LTV_SHOWN_SIZE];
    if (survival[0] != 1)
        return ltv_complain(walk->err, &list->entries[0].value->place, walk->path,
                            "begins with %s; a survival list begins with 100%%, everybody",
                            ltv_shown(shown, list->entries[0].value->text));
    for (size_t i = 1; i < list->n; ++i) {
        if (survival[i] <= survival[i - 1])
            continue;
        return ltv_complain(walk->err, &list->entries[i].value->place, walk->path,
                            "entry %zu rises from %s to %s; survival can never rise", i,
                            ltv_shown(shown_before, list->entries[i - 1].value->text),
                            ltv_shown(shown, list->entries[i].value->text));
    }
    return LTV_OK;
}

/* Entries that vary by themselves could rise. */
static ltv_status check_survival_is_known(ltv_walk *walk, const ltv_yaml_node *list)
{
    for (size_t i = 0; i < list->n; ++i)
        if (ltv_is_uncertain(list->entries[i].value))
            return ltv_complain(walk->err, &list->entries[i].value->place, walk->path,
                                "an entry of a survival list cannot be uncertain by itself; write "
                                "the list as churn: […], whose entries can");
    return LTV_OK;
}

ltv_status ltv_read_survival(ltv_walk *walk, const ltv_field *field, ltv_yaml_node *node)
{
    ltv_status status = ltv_require_list(walk, node, 2, LTV_MAX_HORIZON + 1);
    if (status != LTV_OK)
        return status;
    double *survival = new_survival(walk->target[field->in], node->n);
    if (survival == NULL)
        return ltv_walk_no_memory(walk);
    status = check_survival_is_known(walk, node);
    if (status == LTV_OK)
        status = parse_list(walk, field, node, survival);
    return status != LTV_OK ? status : check_survival(walk, node, survival);
}

ltv_status ltv_read_churn_list(ltv_walk *walk, const ltv_field *field, ltv_yaml_node *node)
{
    ltv_status status = ltv_require_list(walk, node, 1, LTV_MAX_HORIZON);
    if (status != LTV_OK)
        return status;
    double *survival = new_survival(walk->target[field->in], node->n + 1);
    if (survival == NULL)
        return ltv_walk_no_memory(walk);
    status = parse_list(walk, field, node, survival + 1);
    survival[0] = 1;
    for (size_t i = 0; i < node->n; ++i) /* churn becomes survival in place */
        survival[i + 1] = survival[i] * (1 - survival[i + 1]);
    return status;
}

static ltv_status read_spike(ltv_walk *walk, const ltv_field *field, const ltv_yaml_entry *entry,
                             ltv_tenure_spike *spike)
{
    ltv_decimal number;
    uint64_t period = 0;
    char why[LTV_WHY_SIZE], shown[LTV_SHOWN_SIZE];
    if (!ltv_decimal_parse(&number, entry->key, LTV_MARK_NONE, why) ||
        !ltv_decimal_whole(&number, &period) || period >= LTV_MAX_HORIZON)
        return ltv_complain(walk->err, &entry->key_place, walk->path,
                            "%s is not a tenure; write whole periods from 0 to %u",
                            ltv_shown(shown, entry->key), LTV_MAX_HORIZON - 1);
    spike->period = (uint32_t)period;
    size_t before = ltv_walk_enter(walk, entry->key);
    ltv_status status = ltv_parse_number(walk, field, entry->value, &spike->times);
    ltv_walk_leave(walk, before);
    return status;
}

static int compare_spikes(const void *a, const void *b)
{
    uint32_t x = ((const ltv_tenure_spike *)a)->period, y = ((const ltv_tenure_spike *)b)->period;
    return (x > y) - (x < y);
}

ltv_status ltv_read_spikes(ltv_walk *walk, const ltv_field *field, ltv_yaml_node *node)
{
    ltv_status status = LTV_OK;
    if (node->kind != LTV_YAML_MAP || node->n == 0)
        return ltv_complain(walk->err, &node->place, walk->path,
                            "tenures with multipliers are due here, such as {11: 1.8}");
    ltv_tenure_spike *spikes = calloc(node->n, sizeof *spikes);
    if (spikes == NULL)
        return ltv_walk_no_memory(walk);
    ltv_walk_hand_over(walk, field, spikes, node->n);
    for (size_t i = 0; i < node->n && status == LTV_OK; ++i)
        status = read_spike(walk, field, &node->entries[i], &spikes[i]);
    if (status != LTV_OK)
        return status;
    qsort(spikes, node->n, sizeof *spikes, compare_spikes);
    for (size_t i = 1; i < node->n; ++i)
        if (spikes[i].period == spikes[i - 1].period)
            return ltv_complain(walk->err, &node->place, walk->path,
                                "the tenure %u is written twice", spikes[i].period);
    return LTV_OK;
}
