/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/cli/report/chart_template.h"

#include <stdbool.h>
#include <string.h>

#include "sim/cli/report/embed.h"

LTV_EMBED(chart_area, LTV_CHARTS_DIR "/area.json");
LTV_EMBED(chart_bars, LTV_CHARTS_DIR "/bars.json");
LTV_EMBED(chart_heat, LTV_CHARTS_DIR "/heat.json");
LTV_EMBED(chart_histogram, LTV_CHARTS_DIR "/histogram.json");
LTV_EMBED(chart_lines, LTV_CHARTS_DIR "/lines.json");
LTV_EMBED(chart_tornado, LTV_CHARTS_DIR "/tornado.json");
LTV_EMBED(chart_waterfall, LTV_CHARTS_DIR "/waterfall.json");

static const struct {
    const char *name, *begin, *end;
} charts[] = {
    {"area", chart_area, chart_area_end},
    {"bars", chart_bars, chart_bars_end},
    {"heat", chart_heat, chart_heat_end},
    {"histogram", chart_histogram, chart_histogram_end},
    {"lines", chart_lines, chart_lines_end},
    {"tornado", chart_tornado, chart_tornado_end},
    {"waterfall", chart_waterfall, chart_waterfall_end},
};

static json_t *fill(const json_t *node, const json_t *values);

/* A copy of the value that "$x" stands for; NULL where there is none. */
static json_t *value_of(const char *blank, const json_t *values)
{
    return json_deep_copy(json_object_get(values, blank + 1));
}

static bool is_wanted(const json_t *node, const json_t *values)
{
    const char *condition = json_string_value(json_object_get(node, "$if"));
    return condition == NULL || json_object_get(values, condition) != NULL;
}

static json_t *fill_object(const json_t *node, const json_t *values)
{
    json_t *filled = json_object(), *value;
    const char *key;
    json_object_foreach((json_t *)node, key, value)
    {
        if (strcmp(key, "$if") == 0)
            continue;
        json_t *part = is_wanted(value, values) ? fill(value, values) : NULL;
        if (part != NULL && json_object_set_new(filled, key, part) != 0) {
            json_decref(filled);
            return NULL;
        }
    }
    return filled;
}

static json_t *fill_array(const json_t *node, const json_t *values)
{
    json_t *filled = json_array(), *value;
    size_t i;
    json_array_foreach(node, i, value)
    {
        json_t *part = is_wanted(value, values) ? fill(value, values) : NULL;
        if (part != NULL && json_array_append_new(filled, part) != 0) {
            json_decref(filled);
            return NULL;
        }
    }
    return filled;
}

static json_t *fill(const json_t *node, const json_t *values)
{
    const char *text = json_string_value(node);
    if (text != NULL && text[0] == '$')
        return value_of(text, values);
    if (json_is_object(node))
        return fill_object(node, values);
    return json_is_array(node) ? fill_array(node, values) : json_deep_copy(node);
}

json_t *ltv_chart_fill(const char *name, const json_t *values)
{
    for (size_t i = 0; i < sizeof charts / sizeof *charts; i++) {
        if (strcmp(charts[i].name, name) != 0)
            continue;
        json_t *spec =
            json_loadb(charts[i].begin, (size_t)(charts[i].end - charts[i].begin), 0, NULL);
        json_t *filled = spec != NULL ? fill(spec, values) : NULL;
        json_decref(spec);
        return filled;
    }
    return NULL;
}
