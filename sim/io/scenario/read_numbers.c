/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/io/scenario/read_numbers.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "sim/io/scenario/read_uncertain.h"

static const char *bound_text(char text[LTV_DOUBLE_TEXT_SIZE], const ltv_field *field, double bound)
{
    if (field->marks & LTV_MARK_PERCENT) /* 99.9, and not what 100 x 0.999 is in binary */
        snprintf(text, LTV_DOUBLE_TEXT_SIZE, "%.15g%%", 100 * bound);
    else
        snprintf(text, LTV_DOUBLE_TEXT_SIZE, "%.16g", bound);
    return text;
}

const char *ltv_range_text(char text[LTV_RANGE_SIZE], const ltv_field *field)
{
    char low[LTV_DOUBLE_TEXT_SIZE], high[LTV_DOUBLE_TEXT_SIZE];
    snprintf(text, LTV_RANGE_SIZE, "%s %s, %s %s%s", field->lowest_open ? "more than" : "at least",
             bound_text(low, field, field->lowest), field->highest_open ? "less than" : "at most",
             bound_text(high, field, field->highest), field->not_zero ? ", but not 0" : "");
    return text;
}

bool ltv_number_in_range(const ltv_field *field, double value)
{
    return (field->lowest_open ? value > field->lowest : value >= field->lowest) &&
           (field->highest_open ? value < field->highest : value <= field->highest) &&
           !(field->not_zero && value == 0);
}

bool ltv_number_fits(const ltv_field *field, const char *text, double *value)
{
    ltv_decimal number;
    char why[LTV_WHY_SIZE];
    if (!ltv_decimal_parse(&number, text, field->marks, why))
        return false;
    *value = ltv_decimal_value(&number);
    return ltv_number_in_range(field, *value);
}

/* Hints are not exclusive: a survival of 50 may lack its % or be a head-count. */
static void range_hint(char *text, size_t size, const ltv_field *field, const char *shown,
                       double value, bool forgot_percent)
{
    const char *advice = value == 0               ? field->zero_hint
                         : value > field->highest ? field->high_hint
                                                  : NULL;
    size_t used = 0;
    text[0] = '\0';
    if (forgot_percent)
        used = (size_t)snprintf(text, size, "; did you mean %s%%?", shown);
    if (advice != NULL && used < size)
        snprintf(text + used, size - used, "%s%s", forgot_percent ? " If not, " : "; ", advice);
}

static ltv_status refuse_range(ltv_walk *walk, const ltv_field *field, const ltv_yaml_node *node,
                               double value)
{
    char shown[LTV_SHOWN_SIZE], range[LTV_RANGE_SIZE], hint[LTV_SHOWN_SIZE + 128];
    ltv_shown(shown, node->text);
    bool forgot_percent = (field->marks & LTV_MARK_PERCENT) && value > field->highest &&
                          strstr(node->text, "%") == NULL && strstr(node->text, "％") == NULL &&
                          ltv_number_in_range(field, value / 100);
    range_hint(hint, sizeof hint, field, shown, value, forgot_percent);
    return ltv_complain(walk->err, &node->place, walk->path, "%s is out of range: allowed is %s%s",
                        shown, ltv_range_text(range, field), hint);
}

/* An uncertain number where there can be none, or a slip. */
static ltv_status refuse_block_for_number(ltv_walk *walk, const ltv_yaml_node *node)
{
    for (size_t i = 0; i < node->n; ++i)
        if (ltv_is_distribution_word(node->entries[i].key))
            return ltv_complain(walk->err, &node->place, walk->path,
                                "this number cannot be uncertain (%s); write a single number",
                                node->entries[i].key);
    return ltv_complain(walk->err, &node->place, walk->path, "a number is due here, not %s",
                        ltv_yaml_kind_text(node));
}

/* A block or a list that says nothing of uncertainty, where a number may be uncertain. */
static ltv_status refuse_unknown_form(ltv_walk *walk, const ltv_yaml_node *node)
{
    const char *meant = NULL;
    for (size_t i = 0; node->kind == LTV_YAML_MAP && i < node->n && meant == NULL; ++i)
        meant = ltv_nearest_distribution_word(node->entries[i].key);
    if (meant != NULL)
        return ltv_complain(walk->err, &node->place, walk->path,
                            "a number is due here, not %s; did you mean %s?",
                            ltv_yaml_kind_text(node), meant);
    return ltv_complain(walk->err, &node->place, walk->path,
                        "a number is due here, not %s; one that is uncertain is written, for "
                        "example, {ci90: [low, high]}",
                        ltv_yaml_kind_text(node));
}

/* Is it a number, whatever its marks? */
static bool is_number(const char *text)
{
    ltv_decimal number;
    char why[LTV_WHY_SIZE];
    return ltv_decimal_parse(&number, text, LTV_MARK_PERCENT | LTV_MARK_TIMES, why);
}

/* A range or a tolerance: 2%-4%, 3% ± 1%. */
static bool is_uncertain(const char *text)
{
    static const char *const between[] = {"±", "+-", "+/-", "..", " to ", "–",
                                          "—", "~",  "〜",  "～", "-"};
    char low[LTV_SHOWN_SIZE];
    if (text[0] == '\0' || strlen(text) >= sizeof low)
        return false;
    for (size_t i = 0; i < sizeof between / sizeof *between; ++i) {
        const char *at = strstr(text + 1, between[i]); /* not a sign in front */
        if (at == NULL)
            continue;
        snprintf(low, sizeof low, "%.*s", (int)(at - text), text);
        if (is_number(low) && is_number(at + strlen(between[i])))
            return true;
    }
    return false;
}

/* A unit of time, in the singular, the plural or cut off: "y", "year", "years". */
static bool is_time_unit(const char *word, ltv_time_unit *unit)
{
    size_t length = strlen(word);
    for (int u = LTV_UNIT_DAY; length > 0 && u <= LTV_UNIT_YEAR; ++u) {
        const char *name = ltv_time_unit_name((ltv_time_unit)u);
        size_t whole = strlen(name);
        *unit = (ltv_time_unit)u;
        if (strncmp(word, name, length) == 0 ||
            (strncmp(word, name, whole) == 0 && strcmp(word + whole, "s") == 0))
            return true;
    }
    return false;
}

/* A number and a unit of time with `between` before it: "5 years" for "", "20 per month" for
 * "per"; false when the text is not of this kind. */
static bool is_with_unit(const char *text, const char *between, double *number, ltv_time_unit *unit)
{
    ltv_decimal decimal;
    char why[LTV_WHY_SIZE], digits[32];
    size_t n = strspn(text, "0123456789.");
    const char *word = text + n + strspn(text + n, " ");
    snprintf(digits, sizeof digits, "%.*s", (int)n, text);
    if (strncmp(word, between, strlen(between)) != 0 || n >= sizeof digits ||
        !ltv_decimal_parse(&decimal, digits, LTV_MARK_NONE, why))
        return false;
    *number = ltv_decimal_value(&decimal);
    word += strlen(between);
    return is_time_unit(word + strspn(word, " "), unit);
}

static ltv_status refuse_time_span(ltv_walk *walk, const ltv_yaml_node *node, double number,
                                   ltv_time_unit unit)
{
    static const double in_a_year[] = {
        [LTV_UNIT_DAY] = 365,   [LTV_UNIT_WEEK] = 52, [LTV_UNIT_MONTH] = 12,
        [LTV_UNIT_QUARTER] = 4, [LTV_UNIT_YEAR] = 1,
    };
    char shown[LTV_SHOWN_SIZE];
    const char *own_unit = ltv_time_unit_name(walk->scenario->time_unit);
    double periods = number * in_a_year[walk->scenario->time_unit] / in_a_year[unit];
    ltv_shown(shown, node->text);
    if (periods < 1 || periods > LTV_MAX_HORIZON || periods != trunc(periods))
        return ltv_complain(walk->err, &node->place, walk->path,
                            "\"%s\" is a length of time, but a number of periods is due, each a "
                            "%s here",
                            shown, own_unit);
    return ltv_complain(walk->err, &node->place, walk->path,
                        "\"%s\" is a length of time, but a number of periods is due; write "
                        "%.0f, which is %.0f %s%s here",
                        shown, periods, periods, own_unit, periods == 1 ? "" : "s");
}

/* A text that is no number as the field wants it, for the reason `why`. */
static ltv_status refuse_text(ltv_walk *walk, const ltv_field *field, const ltv_yaml_node *node,
                              const char *why)
{
    char shown[LTV_SHOWN_SIZE];
    double number = 0;
    ltv_time_unit unit = LTV_UNIT_DAY;
    ltv_shown(shown, node->text);
    if (is_uncertain(node->text))
        return ltv_complain(walk->err, &node->place, walk->path,
                            "\"%s\" is no single number; if it is uncertain, say how, such as "
                            "{ci90: [low, high]}, where it lies in between with 90 %% probability",
                            shown);
    if (field->is_periods && is_with_unit(node->text, "", &number, &unit))
        return refuse_time_span(walk, node, number, unit);
    if ((is_with_unit(node->text, "per ", &number, &unit) ||
         is_with_unit(node->text, "/", &number, &unit)) &&
        unit == walk->scenario->time_unit)
        return ltv_complain(walk->err, &node->place, walk->path,
                            "\"%s\" has a unit; write %.10g (%s)", shown, number, field->meaning);
    if (field->word != NULL)
        return ltv_complain(walk->err, &node->place, walk->path,
                            "\"%s\" %s; the word %s is allowed too", shown, why, field->word);
    /* Whoever writes a mark that is not due in an arm means a change. The base was read before,
     * so what fails here stands in the arm's set. */
    bool means_change = walk->by_arm && is_number(node->text);
    return ltv_complain(walk->err, &node->place, walk->path, "\"%s\" %s%s%s%s", shown, why,
                        means_change ? " (an arm's set needs the new " : "",
                        !means_change                   ? ""
                        : field->marks & LTV_MARK_MONEY ? "amount"
                                                        : "value",
                        means_change ? " itself)" : "");
}

static ltv_status parse_decimal(ltv_walk *walk, const ltv_field *field, const ltv_yaml_node *node,
                                ltv_decimal *number)
{
    char why[LTV_WHY_SIZE];
    if (node->kind != LTV_YAML_SCALAR)
        return refuse_block_for_number(walk, node);
    if (node->is_null)
        return ltv_complain(walk->err, &node->place, walk->path, "has no value; write a number");
    if (!ltv_decimal_parse(number, node->text, field->marks, why))
        return refuse_text(walk, field, node, why);
    return LTV_OK;
}

/* 15.000: the point of much of Europe between thousands, where the currency has no such fraction.
 */
static bool looks_like_thousands(const ltv_walk *walk, const char *text)
{
    static const char digits[] = "0123456789";
    size_t whole = strspn(text, digits);
    return walk->scenario->currency_decimals < 3 && whole >= 1 && whole <= 3 && text[0] != '0' &&
           text[whole] == '.' && strspn(text + whole + 1, digits) == 3 && text[whole + 4] == '\0';
}

static ltv_status warn_of_thousands(ltv_walk *walk, const ltv_field *field,
                                    const ltv_yaml_node *node, double value)
{
    if (!(field->marks & LTV_MARK_MONEY) || !looks_like_thousands(walk, node->text))
        return LTV_OK;
    /* The same sentence for the base and for an arm that does not set the amount. */
    size_t of_arm = walk->by_arm ? strlen("arms.: ") + strlen(walk->arm->name) : 0;
    int whole = (int)strcspn(node->text, ".");
    const char *rest = node->text + whole + 1;
    ltv_status status = ltv_warn(
        walk->warnings,
        "%s: %s is %.10g; if the point is to part thousands, write %.*s%s or %.*s,%s",
        walk->path + of_arm, node->text, value, whole, node->text, rest, whole, node->text, rest);
    return status == LTV_OK ? LTV_OK : ltv_walk_no_memory(walk);
}

static ltv_status parse_uncertain(ltv_walk *walk, const ltv_field *field, ltv_yaml_node *node,
                                  double *value)
{
    ltv_status status = ltv_read_uncertain(walk, field, node, value);
    if (status == LTV_OK && field->is_complement)
        *value = 1 - *value;
    return status;
}

/* A single number, which is not uncertain. */
static ltv_status parse_certain(ltv_walk *walk, const ltv_field *field, const ltv_yaml_node *node,
                                double *value)
{
    ltv_decimal number;
    char shown[LTV_SHOWN_SIZE];
    ltv_status status = parse_decimal(walk, field, node, &number);
    if (status != LTV_OK)
        return status;
    *value = ltv_decimal_value(&number);
    if (!ltv_number_in_range(field, *value))
        return refuse_range(walk, field, node, *value);
    if (!field->is_complement)
        return warn_of_thousands(walk, field, node, *value);
    ltv_decimal_one_minus(&number);
    *value = ltv_decimal_value(&number);
    if (*value >= 1)
        return ltv_complain(walk->err, &node->place, walk->path, "%s is too close to 0%%",
                            ltv_shown(shown, node->text));
    return LTV_OK;
}

ltv_status ltv_parse_number(ltv_walk *walk, const ltv_field *field, ltv_yaml_node *node,
                            double *value)
{
    if (walk->inputs != NULL && ltv_is_uncertain(node))
        return parse_uncertain(walk, field, node, value);
    if (walk->inputs != NULL && node->kind != LTV_YAML_SCALAR)
        return refuse_unknown_form(walk, node);
    if (walk->drawn != NULL && node->is_number) {
        *value = node->number;
        return LTV_OK;
    }
    ltv_status status = parse_certain(walk, field, node, value);
    node->is_number = status == LTV_OK;
    if (status == LTV_OK)
        node->number = *value;
    return status;
}

ltv_status ltv_read_number(ltv_walk *walk, const ltv_field *field, ltv_yaml_node *node)
{
    double *value = ltv_walk_address(walk, field);
    ltv_status status = ltv_parse_number(walk, field, node, value);
    if (status == LTV_OK && field->per_unit != 0)
        *value *= ltv_periods_per_year((ltv_time_unit)(field->per_unit - 1)) /
                  ltv_periods_per_year(walk->scenario->time_unit);
    return status;
}

ltv_status ltv_parse_count(ltv_walk *walk, const ltv_field *field, const ltv_yaml_node *node,
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
    if (!ltv_number_in_range(field, value) || (whole && *count > (uint64_t)field->highest))
        return refuse_range(walk, field, node, value);
    if (!whole)
        return ltv_complain(walk->err, &node->place, walk->path, "%s is not a whole number",
                            ltv_shown(shown, node->text));
    return LTV_OK;
}

/* The field's word stands for the largest number. */
static bool is_largest(const ltv_field *field, const ltv_yaml_node *node)
{
    return field->word != NULL && node->kind == LTV_YAML_SCALAR &&
           strcmp(node->text, field->word) == 0;
}

ltv_status ltv_read_count(ltv_walk *walk, const ltv_field *field, ltv_yaml_node *node)
{
    uint64_t count = UINT64_MAX;
    ltv_status status =
        is_largest(field, node) ? LTV_OK : ltv_parse_count(walk, field, node, &count);
    if (status != LTV_OK)
        return status;
    if (field->width == sizeof(uint64_t)) {
        memcpy(ltv_walk_address(walk, field), &count, sizeof count);
    } else {
        uint32_t narrow =
            (uint32_t)count; /* ranges of such fields fit; the largest is UINT32_MAX */
        memcpy(ltv_walk_address(walk, field), &narrow, sizeof narrow);
    }
    return LTV_OK;
}
