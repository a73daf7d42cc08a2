/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/io/read_numbers.h"

#include <stdio.h>
#include <string.h>

static const char *bound_text(char text[LTV_DOUBLE_TEXT_SIZE], const ltv_field *field, double bound)
{
    bool percent = field->marks & LTV_MARK_PERCENT;
    snprintf(text, LTV_DOUBLE_TEXT_SIZE, "%.16g%s", percent ? 100 * bound : bound,
             percent ? "%" : "");
    return text;
}

/* "at least 0%, less than 100%" */
static void range_text(char *text, size_t size, const ltv_field *field)
{
    char low[LTV_DOUBLE_TEXT_SIZE], high[LTV_DOUBLE_TEXT_SIZE];
    snprintf(text, size, "%s %s, %s %s%s", field->lowest_open ? "more than" : "at least",
             bound_text(low, field, field->lowest), field->highest_open ? "less than" : "at most",
             bound_text(high, field, field->highest), field->not_zero ? ", but not 0" : "");
}

static bool in_range(const ltv_field *field, double value)
{
    return (field->lowest_open ? value > field->lowest : value >= field->lowest) &&
           (field->highest_open ? value < field->highest : value <= field->highest) &&
           !(field->not_zero && value == 0);
}

static ltv_status refuse_range(ltv_walk *walk, const ltv_field *field, const ltv_yaml_node *node,
                               double value)
{
    char shown[LTV_SHOWN_SIZE], range[128], hint[LTV_SHOWN_SIZE + 32] = "";
    ltv_shown(shown, node->text);
    range_text(range, sizeof range, field);
    bool forgot_percent = (field->marks & LTV_MARK_PERCENT) && value > field->highest &&
                          strstr(node->text, "%") == NULL && strstr(node->text, "％") == NULL &&
                          in_range(field, value / 100);
    if (forgot_percent)
        snprintf(hint, sizeof hint, "; did you mean %s%%?", shown);
    if (value == 0 && field->zero_hint != NULL)
        snprintf(hint, sizeof hint, "; %s", field->zero_hint);
    return ltv_complain(walk->err, &node->place, walk->path, "%s is out of range: allowed is %s%s",
                        shown, range, hint);
}

/* An uncertain number, or a slip. */
static ltv_status refuse_block_for_number(ltv_walk *walk, const ltv_yaml_node *node)
{
    for (size_t i = 0; i < node->n; ++i)
        if (ltv_is_distribution_word(node->entries[i].key))
            return ltv_complain(walk->err, &node->place, walk->path,
                                "uncertain numbers (%s) are not in this version of ltvsim (%s); "
                                "write a single number",
                                node->entries[i].key, LTV_VERSION);
    return ltv_complain(walk->err, &node->place, walk->path, "a number is due here, not %s",
                        ltv_yaml_kind_text(node));
}

static ltv_status parse_decimal(ltv_walk *walk, const ltv_field *field, const ltv_yaml_node *node,
                                ltv_decimal *number)
{
    char why[LTV_WHY_SIZE], shown[LTV_SHOWN_SIZE];
    if (node->kind != LTV_YAML_SCALAR)
        return refuse_block_for_number(walk, node);
    if (node->is_null)
        return ltv_complain(walk->err, &node->place, walk->path, "has no value; write a number");
    if (!ltv_decimal_parse(number, node->text, field->marks, why))
        return ltv_complain(walk->err, &node->place, walk->path, "\"%s\" %s",
                            ltv_shown(shown, node->text), why);
    return LTV_OK;
}

ltv_status ltv_parse_number(ltv_walk *walk, const ltv_field *field, const ltv_yaml_node *node,
                            double *value)
{
    ltv_decimal number;
    char shown[LTV_SHOWN_SIZE];
    ltv_status status = parse_decimal(walk, field, node, &number);
    if (status != LTV_OK)
        return status;
    *value = ltv_decimal_value(&number);
    if (!in_range(field, *value))
        return refuse_range(walk, field, node, *value);
    if (!field->is_complement)
        return LTV_OK;
    ltv_decimal_one_minus(&number);
    *value = ltv_decimal_value(&number);
    if (*value >= 1)
        return ltv_complain(walk->err, &node->place, walk->path, "%s is too close to 0%%",
                            ltv_shown(shown, node->text));
    return LTV_OK;
}

ltv_status ltv_read_number(ltv_walk *walk, const ltv_field *field, ltv_yaml_node *node)
{
    return ltv_parse_number(walk, field, node, ltv_walk_address(walk, field));
}

static ltv_status parse_count(ltv_walk *walk, const ltv_field *field, const ltv_yaml_node *node,
                              uint64_t *count)
{
    ltv_decimal number;
    char shown[LTV_SHOWN_SIZE];
    ltv_status status = parse_decimal(walk, field, node, &number);
    if (status != LTV_OK)
        return status;
    bool whole = ltv_decimal_whole(&number, count);
    double value = ltv_decimal_value(&number);
    /* Compared as integers too: rounding to double must not let 2^53 + 1 in. */
    if (!in_range(field, value) || (whole && *count > (uint64_t)field->highest))
        return refuse_range(walk, field, node, value);
    if (!whole)
        return ltv_complain(walk->err, &node->place, walk->path, "%s is not a whole number",
                            ltv_shown(shown, node->text));
    return LTV_OK;
}

ltv_status ltv_read_count(ltv_walk *walk, const ltv_field *field, ltv_yaml_node *node)
{
    uint64_t count = 0;
    ltv_status status = parse_count(walk, field, node, &count);
    if (status != LTV_OK)
        return status;
    if (field->width == sizeof(uint64_t)) {
        memcpy(ltv_walk_address(walk, field), &count, sizeof count);
    } else {
        uint32_t narrow = (uint32_t)count; /* ranges of such fields fit */
        memcpy(ltv_walk_address(walk, field), &narrow, sizeof narrow);
    }
    return LTV_OK;
}
