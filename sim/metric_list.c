/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/metric_list.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

ltv_metric *ltv_metric_add(ltv_metric_list *list, const char *name, ltv_mean value,
                           const char *unit, const char *meaning)
{
    static _Thread_local ltv_metric nowhere;
    ltv_metric *grown = realloc(list->metrics, (list->n + 1) * sizeof *grown);
    if (grown == NULL) {
        list->out_of_memory = true;
        return &nowhere;
    }
    list->metrics = grown;
    grown[list->n] = (ltv_metric){.value = value.mean,
                                  .mc_standard_error = value.standard_error,
                                  .denominator = 1,
                                  .u90_lower = NAN,
                                  .u90_upper = NAN,
                                  .unit = unit,
                                  .meaning = meaning};
    snprintf(grown[list->n].name, sizeof grown->name, "%s", name);
    return &grown[list->n++];
}

void ltv_metric_note(ltv_metric *metric, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(metric->note, sizeof metric->note, format, arguments);
    va_end(arguments);
}
