/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/io/scenario/read_words.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/nearest.h"
#include "sim/io/scenario/currency.h"

ltv_status ltv_require_text(ltv_walk *walk, const ltv_yaml_node *node, const char *what)
{
    if (node->kind == LTV_YAML_SCALAR && strlen(node->text) > LTV_MAX_TEXT)
        return ltv_complain(walk->err, &node->place, walk->path,
                            "%s of at most %d bytes is due "
                            "here, not one of %zu",
                            what, LTV_MAX_TEXT, strlen(node->text));
    if (node->kind != LTV_YAML_SCALAR || node->is_null || node->text[0] == '\0')
        return ltv_complain(walk->err, &node->place, walk->path, "%s is due here, not %s", what,
                            node->kind == LTV_YAML_SCALAR ? "nothing" : ltv_yaml_kind_text(node));
    for (const char *t = node->text; *t != '\0'; ++t)
        if ((unsigned char)*t < 0x20)
            return ltv_complain(walk->err, &node->place, walk->path,
                                "%s must fit on one line, without tabs", what);
    return LTV_OK;
}

ltv_status ltv_read_text(ltv_walk *walk, const ltv_field *field, ltv_yaml_node *node)
{
    ltv_status status = ltv_require_text(walk, node, "a text");
    if (status != LTV_OK)
        return status;
    char *copy = strdup(node->text);
    if (copy == NULL)
        return ltv_walk_no_memory(walk);
    *(char **)ltv_walk_address(walk, field) = copy;
    return LTV_OK;
}

ltv_status ltv_parse_choice(ltv_walk *walk, const ltv_field *field, const ltv_yaml_node *node,
                            int *choice)
{
    ltv_status status = ltv_require_text(walk, node, "a word");
    if (status != LTV_OK)
        return status;
    char list[128] = "", shown[LTV_SHOWN_SIZE];
    int n = 0;
    for (int i = 0; field->choices[i] != NULL; ++i, ++n) {
        if (strcmp(field->choices[i], node->text) == 0) {
            *choice = i;
            return LTV_OK;
        }
        size_t used = strlen(list);
        snprintf(list + used, sizeof list - used, "%s%s", i > 0 ? ", " : "", field->choices[i]);
    }
    const char *nearest = ltv_nearest(node->text, (size_t)n, field->choices);
    return ltv_complain(walk->err, &node->place, walk->path, "%s is not one of: %s%s%s%s",
                        ltv_shown(shown, node->text), list,
                        nearest == NULL ? "" : "; did you mean ", nearest == NULL ? "" : nearest,
                        nearest == NULL ? "" : "?");
}

ltv_status ltv_read_choice(ltv_walk *walk, const ltv_field *field, ltv_yaml_node *node)
{
    int choice = 0;
    ltv_status status = ltv_parse_choice(walk, field, node, &choice);
    if (status != LTV_OK)
        return status;
    if (field->width == sizeof(bool))
        *(bool *)ltv_walk_address(walk, field) = choice != 0;
    else
        memcpy(ltv_walk_address(walk, field), &choice, sizeof choice);
    return LTV_OK;
}

ltv_status ltv_read_version(ltv_walk *walk, const ltv_field *field, ltv_yaml_node *node)
{
    (void)field;
    ltv_status status = ltv_require_text(walk, node, "the version of the scenario language");
    if (status != LTV_OK)
        return status;
    char shown[LTV_SHOWN_SIZE];
    if (strcmp(node->text, LTV_SCENARIO_VERSION) != 0)
        return ltv_complain(
            walk->err, &node->place, walk->path,
            "version %s is not known; this is ltvsim %s, which reads version " LTV_SCENARIO_VERSION,
            ltv_shown(shown, node->text), LTV_VERSION);
    return LTV_OK;
}

/* The text in capitals when that makes it a currency code, else NULL. */
static const char *code_in_capitals(char code[4], const char *text)
{
    if (strlen(text) != 3)
        return NULL;
    for (size_t i = 0; i < 4; ++i)
        code[i] = (char)toupper((unsigned char)text[i]);
    return ltv_currency_is_code(code) ? code : NULL;
}

ltv_status ltv_read_currency(ltv_walk *walk, const ltv_field *field, ltv_yaml_node *node)
{
    (void)field;
    ltv_status status = ltv_require_text(walk, node, "a currency");
    if (status != LTV_OK)
        return status;
    char shown[LTV_SHOWN_SIZE];
    char code[4];
    const char *meant = code_in_capitals(code, node->text);
    if (!ltv_currency_is_code(node->text) && meant != NULL)
        return ltv_complain(walk->err, &node->place, walk->path,
                            "%s is not a currency code; did you mean %s?", node->text, meant);
    if (!ltv_currency_is_code(node->text))
        return ltv_complain(walk->err, &node->place, walk->path,
                            "%s is not a currency code; write three capital letters such as USD "
                            "or JPY",
                            ltv_shown(shown, node->text));
    memcpy(walk->scenario->currency, node->text, sizeof walk->scenario->currency);
    walk->scenario->currency_decimals = ltv_currency_decimals(node->text);
    return LTV_OK;
}

static int two_digits(const char *text)
{
    return 10 * (text[0] - '0') + (text[1] - '0');
}

static bool date_of_text(const char *text, ltv_date *date)
{
    static const char digit[] = "0123456789";
    static const char pattern[] = "dddd-dd-dd";
    size_t length = strlen(text);
    if (length != 7 && length != 10)
        return false;
    for (size_t i = 0; i < length; ++i)
        if (pattern[i] == 'd' ? strchr(digit, text[i]) == NULL : text[i] != '-')
            return false;
    *date = (ltv_date){.year = 100 * two_digits(text) + two_digits(text + 2),
                       .month = two_digits(text + 5),
                       .day = length == 10 ? two_digits(text + 8) : 1};
    if (date->year < 1000 || date->month < 1 || date->month > 12 || date->day < 1)
        return false;
    return date->day <= ltv_days_in_month(date->year, date->month);
}

ltv_status ltv_parse_date(ltv_walk *walk, const ltv_yaml_node *node, ltv_date *date)
{
    ltv_status status = ltv_require_text(walk, node, "a date");
    if (status != LTV_OK)
        return status;
    char shown[LTV_SHOWN_SIZE];
    if (!date_of_text(node->text, date))
        return ltv_complain(walk->err, &node->place, walk->path,
                            "%s is not a date; write YYYY-MM or YYYY-MM-DD, such as 2027-04",
                            ltv_shown(shown, node->text));
    return LTV_OK;
}

ltv_status ltv_read_date(ltv_walk *walk, const ltv_field *field, ltv_yaml_node *node)
{
    return ltv_parse_date(walk, node, ltv_walk_address(walk, field));
}
