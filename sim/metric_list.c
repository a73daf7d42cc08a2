/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/metric_list.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Room for one more, doubled when it is used up: when n is a power of two. */
static bool grow(ltv_metric_list *list)
{
    enum { FIRST = 32 };
    if (list->n > 0 && (list->n < FIRST || (list->n & (list->n - 1)) != 0))
        return true;
    size_t capacity = list->n < FIRST ? FIRST : 2 * list->n;
    ltv_metric *grown = realloc(list->metrics, capacity * sizeof *grown);
    if (grown != NULL)
        list->metrics = grown;
    return grown != NULL;
}

ltv_metric *ltv_metric_add(ltv_metric_list *list, const char *name, ltv_mean value,
                           const char *unit, const char *meaning)
{
    static _Thread_local ltv_metric nowhere;
    if (!grow(list)) {
        list->out_of_memory = true;
        return &nowhere;
    }
    ltv_metric *metric = &list->metrics[list->n++];
    metric->value = value.mean;
    metric->mc_standard_error = value.standard_error;
    metric->denominator = 1;
    metric->u90_lower = metric->u90_upper = NAN;
    metric->unit = unit;
    metric->meaning = meaning;
    metric->note[0] = '\0';
    size_t length = strnlen(name, sizeof metric->name - 1);
    memcpy(metric->name, name, length);
    metric->name[length] = '\0';
    return metric;
}

void ltv_metric_note(ltv_metric *metric, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(metric->note, sizeof metric->note, format, arguments);
    va_end(arguments);
}
