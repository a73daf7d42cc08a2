/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_METRIC_LIST_H
#define LTV_SIM_METRIC_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/estimate.h"
#include "sim/moments.h"

/* Named figures in the making. Zero-initialise. */
typedef struct {
    size_t n;
    ltv_metric *metrics; /* owned; whoever takes them over frees them */
    bool out_of_memory;  /* sticky: the list is incomplete */
} ltv_metric_list;

/* Appends a figure; `unit` and `meaning` must be static. The result is good until the next one is
 * appended; when memory is short it is a place that nobody reads. */
ltv_metric *ltv_metric_add(ltv_metric_list *list, const char *name, ltv_mean value,
                           const char *unit, const char *meaning);

/* Says why a figure does not apply, or how to read it. */
__attribute__((format(printf, 2, 3))) void ltv_metric_note(ltv_metric *metric, const char *format,
                                                           ...);

/* A figure without simulation noise, or whose noise is not known. */
static inline ltv_mean ltv_plain(double value)
{
    return (ltv_mean){value, __builtin_nan("")};
}

static inline ltv_mean ltv_scaled(ltv_mean value, double times)
{
    return (ltv_mean){value.mean * times, value.standard_error * times};
}

#endif
