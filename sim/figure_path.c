/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/figure_path.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"

const char *ltv_figure_path_of_arm(char *path, const ltv_arm_estimate *arm, const char *metric)
{
    snprintf(path, LTV_FIGURE_PATH_SIZE, "arms.%s.%s", arm->all.name, metric);
    return path;
}

const char *ltv_figure_path_of_contrast(char *path, const ltv_estimate *estimate,
                                        const ltv_contrast_estimate *contrast, const char *metric)
{
    bool against_baseline = strcmp(contrast->against, estimate->arms[0].all.name) == 0;
    snprintf(path, LTV_FIGURE_PATH_SIZE, "compare.%s%s%s.%s", contrast->arm,
             against_baseline ? "" : "|", against_baseline ? "" : contrast->against, metric);
    return path;
}

/* --- the list --- */

static size_t count_figures(const ltv_estimate *estimate)
{
    size_t n = 0;
    for (size_t a = 0; a < estimate->n_arms; a++) {
        const ltv_arm_estimate *arm = &estimate->arms[a];
        n += arm->all.n_metrics;
        for (size_t s = 0; s < arm->n_segments; s++)
            n += arm->segments[s].n_metrics;
        for (size_t c = 0; c < arm->n_channels; c++)
            n += arm->channels[c].n_metrics;
    }
    for (size_t c = 0; c < estimate->n_contrasts; c++)
        n += estimate->contrasts[c].n_metrics;
    return n;
}

/* A list in the making; owners count in the order in which their figures are added. */
typedef struct {
    ltv_figure_list *list;
    size_t owner;
    bool out_of_memory;
} lister;

static void add_figure(lister *self, const char *path, const ltv_metric *metric)
{
    ltv_named_figure *figure = &self->list->items[self->list->n++];
    *figure = (ltv_named_figure){.path = strdup(path), .owner = self->owner, .metric = metric};
    self->out_of_memory |= figure->path == NULL;
}

static void add_group(lister *self, const ltv_arm_estimate *arm, const char *kind,
                      const ltv_group_estimate *group)
{
    char path[LTV_FIGURE_PATH_SIZE], below[LTV_FIGURE_PATH_SIZE - LTV_NAME_SIZE];
    for (size_t i = 0; i < group->n_metrics; i++) {
        const char *name = group->metrics[i].name;
        if (kind != NULL)
            snprintf(below, sizeof below, "%s.%s.%s", kind, group->name, name);
        add_figure(self, ltv_figure_path_of_arm(path, arm, kind != NULL ? below : name),
                   &group->metrics[i]);
    }
    self->owner++;
}

static void add_arm(lister *self, const ltv_arm_estimate *arm)
{
    add_group(self, arm, NULL, &arm->all);
    for (size_t s = 0; s < arm->n_segments; s++)
        add_group(self, arm, "segments", &arm->segments[s]);
    for (size_t c = 0; c < arm->n_channels; c++)
        add_group(self, arm, "channels", &arm->channels[c]);
}

static void add_contrast(lister *self, const ltv_estimate *estimate,
                         const ltv_contrast_estimate *contrast)
{
    char path[LTV_FIGURE_PATH_SIZE];
    for (size_t i = 0; i < contrast->n_metrics; i++)
        add_figure(self,
                   ltv_figure_path_of_contrast(path, estimate, contrast, contrast->metrics[i].name),
                   &contrast->metrics[i]);
    self->owner++;
}

ltv_status ltv_figure_list_init(ltv_figure_list *list, const ltv_estimate *estimate, ltv_error *err)
{
    lister self = {.list = list};
    *list = (ltv_figure_list){.items = calloc(count_figures(estimate) + 1, sizeof *list->items)};
    if (list->items == NULL)
        return ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory for the names of figures");
    for (size_t a = 0; a < estimate->n_arms; a++)
        add_arm(&self, &estimate->arms[a]);
    for (size_t c = 0; c < estimate->n_contrasts; c++)
        add_contrast(&self, estimate, &estimate->contrasts[c]);
    if (self.out_of_memory)
        return ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory for the names of figures");
    return LTV_OK;
}

void ltv_figure_list_free(ltv_figure_list *list)
{
    for (size_t i = 0; i < list->n; i++)
        free(list->items[i].path);
    free(list->items);
    *list = (ltv_figure_list){0};
}

/* --- finding --- */

const ltv_named_figure *ltv_figure_known(const ltv_figure_list *list, const char *path)
{
    for (size_t i = 0; i < list->n; i++)
        if (strcmp(list->items[i].path, path) == 0)
            return &list->items[i];
    return NULL;
}

/* The figure that someone who wrote `path` may have meant; NULL when none is near. */
static const ltv_named_figure *nearest_to(const ltv_figure_list *list, const char *path)
{
    const char **names = calloc(list->n + 1, sizeof *names);
    for (size_t i = 0; names != NULL && i < list->n; i++)
        names[i] = list->items[i].path;
    const char *near = names != NULL ? ltv_nearest(path, list->n, names) : NULL;
    free(names);
    return near != NULL ? ltv_figure_known(list, near) : NULL;
}

/* Bytes of the path of what has the figure: "arms.today" of "arms.today.ltv". */
static int owner_length(const ltv_named_figure *figure)
{
    return (int)(strlen(figure->path) - strlen(figure->metric->name)) - 1;
}

/* Appends a word to a list of them, as long as there is room for it and for "...". */
static void append_word(char *text, size_t size, const char *word, int length)
{
    static const char more[] = ", ...";
    size_t used = strlen(text);
    bool full = used >= sizeof more && strcmp(text + used + 1 - sizeof more, more) == 0;
    if (full)
        return;
    if (used + (size_t)length + 2 + sizeof more > size)
        snprintf(text + used, size - used, "%s", more);
    else
        snprintf(text + used, size - used, "%s%.*s", used > 0 ? ", " : "", length, word);
}

/* "arms.today.ltv, arms.today.ltv_cac" is long: the figures of one owner, then the owners. */
static void list_choices(char *figures, char *owners, size_t size, const ltv_figure_list *list,
                         size_t owner)
{
    figures[0] = owners[0] = '\0';
    for (size_t i = 0; i < list->n; i++) {
        const ltv_named_figure *figure = &list->items[i];
        if (figure->owner == owner)
            append_word(figures, size, figure->metric->name, (int)strlen(figure->metric->name));
        if (i == 0 || figure->owner != list->items[i - 1].owner)
            append_word(owners, size, figure->path, owner_length(figure));
    }
}

ltv_status ltv_figure_find(const ltv_named_figure **figure, const ltv_figure_list *list,
                           const char *path, ltv_error *err)
{
    enum { LIST_SIZE = 400 };
    char figures[LIST_SIZE], owners[LIST_SIZE];
    *figure = ltv_figure_known(list, path);
    if (*figure != NULL)
        return LTV_OK;
    const ltv_named_figure *near = nearest_to(list, path),
                           *beside = near != NULL ? near : list->items;
    if (list->n == 0)
        return ltv_fail(err, LTV_ERR_BAD_INPUT, "there are no figures");
    list_choices(figures, owners, LIST_SIZE, list, beside->owner);
    return ltv_fail(err, LTV_ERR_BAD_INPUT,
                    "there is no figure '%.60s'%s%.60s%s; %.*s has %s; there are those of %s", path,
                    near != NULL ? " (did you mean '" : "", near != NULL ? near->path : "",
                    near != NULL ? "'?)" : "", owner_length(beside), beside->path, figures, owners);
}
