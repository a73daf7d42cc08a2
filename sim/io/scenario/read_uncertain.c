/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/io/scenario/read_uncertain.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/address.h"
#include "sim/io/scenario/read_lists.h"
#include "sim/io/scenario/read_numbers.h"
#include "sim/io/scenario/read_samples.h"

enum { MOST_PARTS = 3 };

/* One way to say how uncertain a number is: a word with named parts, or a list of them. */
typedef struct {
    const char *word;
    const char *parts[MOST_PARTS]; /* NULL after the last */
    bool may_be_list;              /* [low, high] */
    bool pure;                     /* parts have no unit: neither % nor x */
    ltv_status (*make)(ltv_uncertain *number, const double *part, ltv_error *err);
} form;

static ltv_status make_normal(ltv_uncertain *number, const double *part, ltv_error *err)
{
    return ltv_uncertain_normal(number, part[0], part[1], err);
}

static ltv_status make_log_normal(ltv_uncertain *number, const double *part, ltv_error *err)
{
    return ltv_uncertain_log_normal(number, part[0], part[1], err);
}

static ltv_status make_gamma(ltv_uncertain *number, const double *part, ltv_error *err)
{
    return ltv_uncertain_gamma(number, part[0], part[1], err);
}

static ltv_status make_beta(ltv_uncertain *number, const double *part, ltv_error *err)
{
    return ltv_uncertain_beta(number, part[0], part[1], err);
}

static ltv_status make_beta_of_mean(ltv_uncertain *number, const double *part, ltv_error *err)
{
    return ltv_uncertain_beta_of_mean(number, part[0], part[1], err);
}

static ltv_status make_uniform(ltv_uncertain *number, const double *part, ltv_error *err)
{
    return ltv_uncertain_uniform(number, part[0], part[1], err);
}

static ltv_status make_triangular(ltv_uncertain *number, const double *part, ltv_error *err)
{
    return ltv_uncertain_triangular(number, part[0], part[1], part[2], err);
}

static ltv_status make_pert(ltv_uncertain *number, const double *part, ltv_error *err)
{
    return ltv_uncertain_pert(number, part[0], part[1], part[2], err);
}

static ltv_status make_normal_ci90(ltv_uncertain *number, const double *part, ltv_error *err)
{
    return ltv_uncertain_ci90(number, LTV_UNCERTAIN_NORMAL, part[0], part[1], err);
}

static ltv_status make_log_normal_ci90(ltv_uncertain *number, const double *part, ltv_error *err)
{
    return ltv_uncertain_ci90(number, LTV_UNCERTAIN_LOG_NORMAL, part[0], part[1], err);
}

static ltv_status make_beta_ci90(ltv_uncertain *number, const double *part, ltv_error *err)
{
    return ltv_uncertain_ci90(number, LTV_UNCERTAIN_BETA, part[0], part[1], err);
}

/* Where a word has two forms, the one of which a part is written is meant. */
static const form forms[] = {
    {"normal", {"mean", "sd"}, false, false, make_normal},
    {"log_normal", {"mean", "sd"}, false, false, make_log_normal},
    {"gamma", {"mean", "sd"}, false, false, make_gamma},
    {"beta", {"mean", "sd"}, false, false, make_beta_of_mean},
    {"beta", {"alpha", "beta"}, false, true, make_beta},
    {"uniform", {"low", "high"}, true, false, make_uniform},
    {"triangular", {"low", "mode", "high"}, true, false, make_triangular},
    {"pert", {"low", "mode", "high"}, true, false, make_pert},
    {"ci90", {"low", "high"}, true, false, NULL}, /* by the place where it stands */
};
enum { FORMS = sizeof forms / sizeof *forms };

bool ltv_is_uncertain(const ltv_yaml_node *node)
{
    for (size_t i = 0; node->kind == LTV_YAML_MAP && i < node->n; i++)
        if (ltv_is_distribution_word(node->entries[i].key))
            return true;
    return false;
}

/* --- the parts --- */

static size_t number_of_parts(const form *of)
{
    size_t n = 0;
    while (n < MOST_PARTS && of->parts[n] != NULL)
        n++;
    return n;
}

/* "{mean: …, sd: …}", or "[low, high]" */
static const char *shape_text(const form *of, char text[80])
{
    size_t used = 0;
    for (size_t i = 0; i < number_of_parts(of); i++)
        used += (size_t)snprintf(text + used, 80 - used, "%s%s%s", i == 0 ? "" : ", ", of->parts[i],
                                 of->may_be_list ? "" : ": …");
    return text;
}

static ltv_status refuse_shape(ltv_walk *walk, const form *of, const ltv_yaml_node *node)
{
    char text[80];
    const char *open = of->may_be_list ? "[" : "{", *close = of->may_be_list ? "]" : "}";
    bool beta = strcmp(of->word, "beta") == 0;
    return ltv_complain(walk->err, &node->place, walk->path, "%s needs %s%s%s%s", of->word, open,
                        beta ? "mean: …, sd: …" : shape_text(of, text), close,
                        beta ? " or {alpha: …, beta: …}" : "");
}

static ltv_status read_part(ltv_walk *walk, const ltv_field *field, const form *of,
                            ltv_yaml_node *node, double *part)
{
    ltv_field plain = {
        .marks = of->pure ? LTV_MARK_NONE : field->marks, .lowest = -INFINITY, .highest = INFINITY};
    if (node->kind != LTV_YAML_SCALAR)
        return ltv_complain(walk->err, &node->place, walk->path, "a number is due here, not %s",
                            ltv_yaml_kind_text(node));
    return ltv_parse_number(walk, &plain, node, part);
}

static ltv_status read_named_parts(ltv_walk *walk, const ltv_field *field, const form *of,
                                   const ltv_yaml_node *node, double *part)
{
    ltv_status status = LTV_OK;
    size_t n = number_of_parts(of);
    if (node->n != n)
        return refuse_shape(walk, of, node);
    for (size_t i = 0; i < n && status == LTV_OK; i++) {
        const ltv_yaml_entry *entry = ltv_yaml_find(node, of->parts[i]);
        if (entry == NULL)
            return refuse_shape(walk, of, node);
        size_t before = ltv_walk_enter(walk, entry->key);
        status = read_part(walk, field, of, entry->value, &part[i]);
        ltv_walk_leave(walk, before);
    }
    return status;
}

static ltv_status read_listed_parts(ltv_walk *walk, const ltv_field *field, const form *of,
                                    const ltv_yaml_node *node, double *part)
{
    ltv_status status = LTV_OK;
    size_t n = number_of_parts(of);
    if (node->n != n)
        return refuse_shape(walk, of, node);
    for (size_t i = 0; i < n && status == LTV_OK; i++) {
        size_t before = ltv_walk_enter_index(walk, i);
        status = read_part(walk, field, of, node->entries[i].value, &part[i]);
        ltv_walk_leave(walk, before);
    }
    return status;
}

static ltv_status read_parts(ltv_walk *walk, const ltv_field *field, const form *of,
                             const ltv_yaml_node *node, double *part)
{
    if (node->kind == LTV_YAML_MAP)
        return read_named_parts(walk, field, of, node, part);
    if (node->kind == LTV_YAML_LIST && of->may_be_list)
        return read_listed_parts(walk, field, of, node, part);
    return refuse_shape(walk, of, node);
}

/* --- distributions --- */

static bool is_probability(const ltv_field *field)
{
    return (field->marks & LTV_MARK_PERCENT) && field->lowest >= 0 && field->highest <= 1;
}

/* A probability is Beta distributed, what is positive log-normal, anything else normal. */
static form form_of_ci90(const form *ci90, const ltv_field *field, const double *part)
{
    form of = *ci90;
    of.make = is_probability(field) ? make_beta_ci90
              : part[0] > 0         ? make_log_normal_ci90
                                    : make_normal_ci90;
    return of;
}

/* Adds what is wrong with the distribution to the place where it stands. */
static ltv_status complain_of(ltv_walk *walk, const ltv_yaml_node *node, ltv_status status,
                              const ltv_error *why)
{
    return status == LTV_ERR_BAD_INPUT
               ? ltv_complain(walk->err, &node->place, walk->path, "%s", why->message)
               : ltv_fail(walk->err, status, "%s", why->message);
}

static ltv_status read_form(ltv_walk *walk, const ltv_field *field, const form *of,
                            const ltv_yaml_node *node, ltv_uncertain *number)
{
    double part[MOST_PARTS] = {0};
    ltv_error why = {0};
    ltv_status status = read_parts(walk, field, of, node, part);
    if (status != LTV_OK)
        return status;
    form exact = of->make == NULL ? form_of_ci90(of, field, part) : *of;
    status = exact.make(number, part, &why);
    return status == LTV_OK ? LTV_OK : complain_of(walk, node, status, &why);
}

/* The form of this word that the node is meant to have. */
static const form *find_form(const char *word, const ltv_yaml_node *node)
{
    const form *found = NULL;
    for (size_t i = 0; i < FORMS; i++)
        if (strcmp(forms[i].word, word) == 0 &&
            (found == NULL || ltv_yaml_find(node, forms[i].parts[0]) != NULL))
            found = &forms[i];
    return found;
}

/* {lost: 40, of: 1000}: what was seen says how likely it is. Where those who stay are counted in
 * the place of those who leave, so they are here. */
static ltv_status read_counted(ltv_walk *walk, const ltv_field *field, const ltv_yaml_node *node,
                               ltv_uncertain *number)
{
    static const form counts = {"lost", {"lost", "of"}, false, true, NULL};
    double part[MOST_PARTS] = {0};
    ltv_error why = {0};
    if (!is_probability(field))
        return ltv_complain(walk->err, &node->place, walk->path,
                            "lost and of give a probability, and this is none");
    if (node->n != 2 || ltv_yaml_find(node, "lost") == NULL || ltv_yaml_find(node, "of") == NULL)
        return ltv_complain(walk->err, &node->place, walk->path,
                            "say how many were lost of how many: {lost: 40, of: 1000}");
    ltv_status status = read_named_parts(walk, field, &counts, node, part);
    if (status != LTV_OK)
        return status;
    status = ltv_uncertain_counted(number, field->is_complement ? part[1] - part[0] : part[0],
                                   part[1], &why);
    return status == LTV_OK ? LTV_OK : complain_of(walk, node, status, &why);
}

static ltv_status limit(ltv_walk *walk, const ltv_field *field, const ltv_yaml_node *node,
                        ltv_uncertain *number)
{
    ltv_error why = {0};
    ltv_status status = ltv_uncertain_limit(number, field->lowest, field->highest, &why);
    return status == LTV_OK ? LTV_OK : complain_of(walk, node, status, &why);
}

static ltv_status read_distribution(ltv_walk *walk, const ltv_field *field, ltv_yaml_node *node,
                                    ltv_uncertain *number)
{
    const ltv_yaml_entry *entry = &node->entries[0];
    ltv_status status = LTV_OK;
    if (ltv_yaml_find(node, "lost") != NULL || ltv_yaml_find(node, "of") != NULL) {
        status = read_counted(walk, field, node, number);
    } else if (node->n != 1) {
        status = ltv_complain(walk->err, &node->place, walk->path,
                              "one distribution is due here, and there are %zu keys", node->n);
    } else {
        size_t before = ltv_walk_enter(walk, entry->key);
        status = read_form(walk, field, find_form(entry->key, entry->value), entry->value, number);
        ltv_walk_leave(walk, before);
    }
    return status == LTV_OK ? limit(walk, field, node, number) : status;
}

/* --- inputs --- */

/* "arms.dearer: revenue.price" is the path of what the arm sets there. */
static void name_of_input(const ltv_walk *walk, char name[LTV_PATH_SIZE + 8])
{
    const char *rest = walk->by_arm ? strstr(walk->path, ": ") : NULL;
    if (rest == NULL)
        snprintf(name, LTV_PATH_SIZE + 8, "%s", walk->path);
    else
        snprintf(name, LTV_PATH_SIZE + 8, "%.*s.set.%s", (int)(rest - walk->path), walk->path,
                 rest + 2);
}

/* The draws of an input go by its name. */
static ltv_status check_luck(ltv_walk *walk, const ltv_yaml_node *node, const char *name)
{
    uint32_t luck = ltv_address_name(name);
    for (size_t i = 0; i < walk->inputs->n; i++)
        if (ltv_address_name(walk->inputs->items[i].name) == luck)
            return ltv_complain(walk->err, &node->place, walk->path,
                                "by a rare chance it would be drawn just as %s; rename something "
                                "in one of these paths",
                                walk->inputs->items[i].name);
    return LTV_OK;
}

static ltv_status new_input(ltv_walk *walk, ltv_yaml_node *node, ltv_input **input)
{
    char name[LTV_PATH_SIZE + 8];
    ltv_inputs *inputs = walk->inputs;
    name_of_input(walk, name);
    if (inputs->n == LTV_MAX_INPUTS)
        return ltv_complain(walk->err, &node->place, walk->path,
                            "at most %d numbers may be uncertain", LTV_MAX_INPUTS);
    ltv_status status = check_luck(walk, node, name);
    if (status != LTV_OK)
        return status;
    ltv_input *items = realloc(inputs->items, (inputs->n + 1) * sizeof *items);
    if (items == NULL)
        return ltv_walk_no_memory(walk);
    inputs->items = items;
    *input = &items[inputs->n];
    **input = (ltv_input){.name = strdup(name), .set = LTV_NO_SET};
    if ((*input)->name == NULL)
        return ltv_walk_no_memory(walk);
    node->input = (uint32_t)++inputs->n;
    return LTV_OK;
}

static ltv_status add_input(ltv_walk *walk, const ltv_field *field, ltv_yaml_node *node)
{
    ltv_input *input = NULL;
    const ltv_yaml_entry *samples = ltv_yaml_find(node, "samples");
    ltv_status status = new_input(walk, node, &input);
    if (status != LTV_OK)
        return status;
    if (samples != NULL && node->n == 1)
        return ltv_read_samples(walk, field, samples->value, input);
    status = read_distribution(walk, field, node, &input->number);
    if (status == LTV_OK)
        input->mean = ltv_uncertain_mean(&input->number);
    return status;
}

ltv_status ltv_read_uncertain(ltv_walk *walk, const ltv_field *field, ltv_yaml_node *node,
                              double *value)
{
    if (node->input == 0) {
        ltv_status status = add_input(walk, field, node);
        if (status != LTV_OK)
            return status;
    }
    size_t index = node->input - 1;
    *value = walk->drawn != NULL ? walk->drawn[index] : walk->inputs->items[index].mean;
    return LTV_OK;
}

/* --- correlations --- */

static const ltv_field correlation_field = {
    .key = "correlation", .lowest = -1, .highest = 1, .lowest_open = true, .highest_open = true};

static ltv_status check_correlation(ltv_walk *walk, const ltv_yaml_node *item)
{
    if (item->kind != LTV_YAML_LIST || item->n != 3)
        return ltv_complain(walk->err, &item->place, walk->path,
                            "two paths and a correlation are due here, such as "
                            "[gross_margin, involuntary_churn.monthly, 0.3]");
    double rho;
    for (size_t i = 0; i < 2; i++)
        if (item->entries[i].value->kind != LTV_YAML_SCALAR || item->entries[i].value->is_null)
            return ltv_complain(walk->err, &item->entries[i].value->place, walk->path,
                                "the path of an uncertain number is due here, not %s",
                                ltv_yaml_kind_text(item->entries[i].value));
    size_t before = ltv_walk_enter_index(walk, 2);
    ltv_yaml_node *number = item->entries[2].value;
    ltv_status status =
        number->kind == LTV_YAML_SCALAR
            ? ltv_parse_number(walk, &correlation_field, number, &rho)
            : ltv_complain(walk->err, &number->place, walk->path, "a number is due here, not %s",
                           ltv_yaml_kind_text(number));
    ltv_walk_leave(walk, before);
    return status;
}

ltv_status ltv_read_correlations(ltv_walk *walk, const ltv_field *field, ltv_yaml_node *node)
{
    (void)field;
    ltv_status status = ltv_require_list(walk, node, 0, LTV_MAX_INPUTS);
    for (size_t i = 0; status == LTV_OK && i < node->n; i++) {
        size_t before = ltv_walk_enter_index(walk, i);
        status = check_correlation(walk, node->entries[i].value);
        ltv_walk_leave(walk, before);
    }
    return status;
}

/* The uncertain input of that path, or the ones there are. */
static ltv_status find_input(ltv_walk *walk, const ltv_yaml_node *name, size_t *index)
{
    char list[400] = "", shown[LTV_SHOWN_SIZE];
    size_t used = 0;
    const ltv_inputs *inputs = walk->inputs;
    *index = ltv_inputs_find(inputs, name->text);
    if (*index < inputs->n && inputs->items[*index].set == LTV_NO_SET)
        return LTV_OK;
    if (*index < inputs->n)
        return ltv_complain(walk->err, &name->place, walk->path,
                            "%s comes from samples, whose rows hold their correlation already",
                            ltv_shown(shown, name->text));
    for (size_t i = 0; i < inputs->n && used + 100 < sizeof list; i++)
        used += (size_t)snprintf(list + used, sizeof list - used, "%s%.90s", i > 0 ? ", " : "",
                                 inputs->items[i].name);
    return ltv_complain(
        walk->err, &name->place, walk->path, "%s is not an uncertain number of this scenario; %s%s",
        ltv_shown(shown, name->text), inputs->n == 0 ? "there is none" : "there are ", list);
}

static ltv_status resolve_correlation(ltv_walk *walk, const ltv_yaml_node *item,
                                      ltv_correlation *pairs, size_t n)
{
    ltv_correlation *pair = &pairs[n];
    ltv_status status = find_input(walk, item->entries[0].value, &pair->first);
    if (status == LTV_OK)
        status = find_input(walk, item->entries[1].value, &pair->second);
    if (status == LTV_OK)
        status =
            ltv_parse_number(walk, &correlation_field, item->entries[2].value, &pair->spearman);
    if (status == LTV_OK && pair->first == pair->second)
        status = ltv_complain(walk->err, &item->place, walk->path,
                              "a number is not correlated with itself");
    for (size_t i = 0; status == LTV_OK && i < n; i++)
        if ((pairs[i].first == pair->first && pairs[i].second == pair->second) ||
            (pairs[i].first == pair->second && pairs[i].second == pair->first))
            status = ltv_complain(walk->err, &item->place, walk->path,
                                  "the two are correlated already; write a pair once");
    return status;
}

ltv_status ltv_resolve_correlations(ltv_walk *walk)
{
    const ltv_yaml_entry *entry = ltv_yaml_find(walk->root, "correlations");
    ltv_inputs *inputs = walk->inputs;
    ltv_error why = {0};
    ltv_status status = LTV_OK;
    if (entry == NULL || entry->value->n == 0) /* [] takes those of a file away */
        return LTV_OK;
    inputs->correlations = calloc(entry->value->n, sizeof *inputs->correlations);
    if (inputs->correlations == NULL)
        return ltv_walk_no_memory(walk);
    snprintf(walk->path, sizeof walk->path, "correlations");
    for (size_t i = 0; status == LTV_OK && i < entry->value->n; i++) {
        size_t before = ltv_walk_enter_index(walk, i);
        status = resolve_correlation(walk, entry->value->entries[i].value, inputs->correlations, i);
        ltv_walk_leave(walk, before);
    }
    if (status != LTV_OK)
        return status;
    inputs->n_correlations = entry->value->n;
    status = ltv_inputs_at(NULL, inputs, NULL, 0, &why); /* whether they can hold together */
    return status == LTV_OK ? LTV_OK : complain_of(walk, entry->value, status, &why);
}
