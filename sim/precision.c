/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/precision.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <gsl/gsl_cdf.h>

#include "base/nearest.h"

double ltv_precision_factor(double confidence, uint32_t draws, uint32_t scrambles, bool stopped)
{
    if (draws <= 1)
        return gsl_cdf_ugaussian_Qinv((1 - confidence) / 2);
    uint32_t independent = scrambles > 1 && scrambles < draws ? scrambles : draws;
    double freedom = (double)independent - 1;
    double kept = stopped && freedom > 3 ? 1 - 3 / freedom : 1;
    return gsl_cdf_tdist_Qinv((1 - confidence) * kept / 2, freedom);
}

/* --- figures by their paths --- */

/* A part of a path: up to the next dot. */
typedef struct {
    const char *text;
    size_t length;
} part;

static part next_part(const char **path)
{
    part p = {*path, strcspn(*path, ".")};
    *path += p.length + ((*path)[p.length] == '.');
    return p;
}

static bool is(part p, const char *text)
{
    return strlen(text) == p.length && memcmp(p.text, text, p.length) == 0;
}

enum { MOST_NAMES = 512 };

/* Names of what is looked for, to say which may have been meant. */
typedef struct {
    const char *names[MOST_NAMES];
    size_t n;
} name_list;

static void add_name(name_list *list, const char *name)
{
    if (list->n < MOST_NAMES)
        list->names[list->n++] = name;
}

static ltv_status no_such(const char *kind, part wanted, const name_list *list, ltv_error *err)
{
    char name[LTV_METRIC_NAME_SIZE];
    snprintf(name, sizeof name, "%.*s", (int)wanted.length, wanted.text);
    const char *nearest = ltv_nearest(name, list->n, list->names);
    if (nearest != NULL)
        return ltv_fail(err, LTV_ERR_BAD_INPUT, "there is no %s %s; did you mean %s?", kind, name,
                        nearest);
    char known[400] = "";
    for (size_t i = 0, used = 0; i < list->n && used + LTV_METRIC_NAME_SIZE + 8 < sizeof known; i++)
        used += (size_t)snprintf(known + used, sizeof known - used, "%s%s", i > 0 ? ", " : "",
                                 list->names[i]);
    return ltv_fail(err, LTV_ERR_BAD_INPUT, "there is no %s %s; there %s %s", kind, name,
                    list->n == 1 ? "is" : "are", list->n == 0 ? "none" : known);
}

static ltv_status find_metric(const ltv_metric **figure, const ltv_metric *metrics, size_t n,
                              const char *rest, ltv_error *err)
{
    name_list list = {.n = 0};
    part name = {rest, strlen(rest)};
    for (size_t i = 0; i < n; i++) {
        if (is(name, metrics[i].name)) {
            *figure = &metrics[i];
            return LTV_OK;
        }
        add_name(&list, metrics[i].name);
    }
    return no_such("figure", name, &list, err);
}

static ltv_status find_in_groups(const ltv_metric **figure, const char *kind,
                                 const ltv_group_estimate *groups, size_t n, const char *rest,
                                 ltv_error *err)
{
    name_list list = {.n = 0};
    part name = next_part(&rest);
    for (size_t i = 0; i < n; i++) {
        if (is(name, groups[i].name))
            return find_metric(figure, groups[i].metrics, groups[i].n_metrics, rest, err);
        add_name(&list, groups[i].name);
    }
    return no_such(kind, name, &list, err);
}

static ltv_status find_in_arm(const ltv_metric **figure, const ltv_arm_estimate *arm,
                              const char *rest, ltv_error *err)
{
    const char *inside = rest;
    part first = next_part(&inside);
    if (is(first, "segments"))
        return find_in_groups(figure, "segment", arm->segments, arm->n_segments, inside, err);
    if (is(first, "channels"))
        return find_in_groups(figure, "channel", arm->channels, arm->n_channels, inside, err);
    return find_metric(figure, arm->all.metrics, arm->all.n_metrics, rest, err);
}

static ltv_status find_in_arms(const ltv_metric **figure, const ltv_estimate *estimate,
                               const char *rest, ltv_error *err)
{
    name_list list = {.n = 0};
    part name = next_part(&rest);
    for (size_t a = 0; a < estimate->n_arms; a++) {
        if (is(name, estimate->arms[a].all.name))
            return find_in_arm(figure, &estimate->arms[a], rest, err);
        add_name(&list, estimate->arms[a].all.name);
    }
    return no_such("arm", name, &list, err);
}

/* "arm", where it is compared with the baseline, or "arm|against". */
static bool is_contrast(part name, const ltv_estimate *estimate,
                        const ltv_contrast_estimate *contrast)
{
    char both[2 * LTV_NAME_SIZE + 1];
    snprintf(both, sizeof both, "%s|%s", contrast->arm, contrast->against);
    bool with_baseline = strcmp(contrast->against, estimate->arms[0].all.name) == 0;
    return is(name, both) || (with_baseline && is(name, contrast->arm));
}

static ltv_status find_in_contrasts(const ltv_metric **figure, const ltv_estimate *estimate,
                                    const char *rest, ltv_error *err)
{
    name_list list = {.n = 0};
    part name = next_part(&rest);
    for (size_t i = 0; i < estimate->n_contrasts; i++) {
        const ltv_contrast_estimate *contrast = &estimate->contrasts[i];
        if (is_contrast(name, estimate, contrast))
            return find_metric(figure, contrast->metrics, contrast->n_metrics, rest, err);
        add_name(&list, contrast->arm);
    }
    return no_such("comparison", name, &list, err);
}

ltv_status ltv_precision_find(const ltv_metric **figure, const ltv_estimate *estimate,
                              const char *path, ltv_error *err)
{
    const char *rest = path;
    part first = next_part(&rest);
    *figure = NULL;
    if (is(first, "arms"))
        return find_in_arms(figure, estimate, rest, err);
    if (is(first, "compare"))
        return find_in_contrasts(figure, estimate, rest, err);
    return ltv_fail(err, LTV_ERR_BAD_INPUT,
                    "the path of a figure begins with arms or compare, such as arms.%s.ltv",
                    estimate->arms[0].all.name);
}

/* --- looks --- */

/* How one figure stands. */
static ltv_precision_look look_at(const ltv_precision *precision, const ltv_estimate *estimate,
                                  double factor, uint64_t customers)
{
    const ltv_metric *figure;
    ltv_precision_look look = {
        .binding = precision, .value = NAN, .half_width = NAN, .allowed = NAN, .needed = INFINITY};
    if (ltv_precision_find(&figure, estimate, precision->metric, NULL) != LTV_OK)
        return look;
    look.value = figure->value;
    look.half_width = factor * figure->mc_standard_error;
    look.allowed = fmax(precision->absolute, precision->relative * fabs(figure->value));
    bool known = isfinite(look.value) && isfinite(look.half_width) && look.half_width > 0;
    look.met = known && look.half_width <= look.allowed && customers >= precision->min_customers;
    look.done = look.met || customers >= precision->max_customers;
    if (known)
        look.needed = fmax((double)customers * pow(look.half_width / look.allowed, 2),
                           (double)precision->min_customers);
    return look;
}

/* Which of two looks is shown: see ltv_precision_look. */
static bool binds_more(const ltv_precision_look *a, const ltv_precision_look *b)
{
    if (a->done != b->done)
        return b->done;
    if (a->met != b->met)
        return b->met;
    return a->needed > b->needed;
}

ltv_precision_look ltv_precision_judge(const ltv_scenario *scenario, const ltv_estimate *estimate,
                                       uint64_t customers, uint32_t draws)
{
    uint32_t scrambles = ltv_sampling_scrambles(scenario->sampling);
    ltv_precision_look worst = {.met = true, .done = true};
    bool met = true, done = true;
    for (size_t i = 0; i < scenario->n_precisions; i++) {
        const ltv_precision *precision = &scenario->precisions[i];
        double factor = ltv_precision_factor(precision->confidence, draws, scrambles, true);
        ltv_precision_look look = look_at(precision, estimate, factor, customers);
        met = met && look.met;
        done = done && look.done;
        if (i == 0 || binds_more(&look, &worst))
            worst = look;
    }
    worst.met = met;
    worst.done = done;
    return worst;
}

void ltv_precision_sentence(char sentence[LTV_STOPPING_SIZE], const ltv_precision_look *look,
                            uint64_t customers, const char *limit)
{
    const ltv_precision *precision = look->binding;
    double percent = 100 * precision->confidence;
    if (look->met)
        snprintf(sentence, LTV_STOPPING_SIZE,
                 "%s is known to within %.3g (%.4g %%) after %" PRIu64
                 " customers, and %.3g was asked for",
                 precision->metric, look->half_width, percent, customers, look->allowed);
    else if (look->half_width <= look->allowed && look->half_width > 0)
        snprintf(sentence, LTV_STOPPING_SIZE,
                 "%s is known to within %.3g (%.4g %%), but %" PRIu64 " customers, %s, are fewer "
                 "than were asked for",
                 precision->metric, look->half_width, percent, customers, limit);
    else if (isinf(look->needed))
        snprintf(sentence, LTV_STOPPING_SIZE,
                 "after %" PRIu64
                 " customers, %s, the simulation noise of %s is %s; to within %.3g "
                 "was asked for",
                 customers, limit, precision->metric,
                 look->half_width == 0 ? "0, which is no reason to stop" : "not known",
                 precision->absolute);
    else
        snprintf(sentence, LTV_STOPPING_SIZE,
                 "after %" PRIu64 " customers, %s, %s is known to within %.3g (%.4g %%), and %.3g "
                 "was asked for, which takes about %.2g customers",
                 customers, limit, precision->metric, look->half_width, percent, look->allowed,
                 look->needed);
}

uint64_t ltv_precision_most(const ltv_scenario *scenario)
{
    uint64_t most = 0;
    for (size_t i = 0; i < scenario->n_precisions; i++)
        if (scenario->precisions[i].max_customers > most)
            most = scenario->precisions[i].max_customers;
    return most;
}
