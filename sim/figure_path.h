/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_FIGURE_PATH_H
#define LTV_SIM_FIGURE_PATH_H

#include <stddef.h>

#include "base/error.h"
#include "sim/estimate.h"

/* What people call a figure of a run, in the words of the scenario and of the results file:
 *
 *   arms.today.ltv, arms.today.segments.high.ltv_cac, arms.today.channels.paid.payback,
 *   compare.onboarding.roi           against the baseline
 *   compare.everything|onboarding.roi   any other pair */

typedef struct {
    char *path;   /* owned */
    size_t owner; /* group or contrast, as in ltv_draw_figure */
    const ltv_metric *metric;
} ltv_named_figure;

/* All figures of an estimate, in its order; borrows from it. Zero-initialise. */
typedef struct {
    size_t n;
    ltv_named_figure *items; /* owned */
} ltv_figure_list;

/* Fails with NO_MEMORY; may be freed whatever is returned. */
LTV_MUST_USE ltv_status ltv_figure_list_init(ltv_figure_list *list, const ltv_estimate *estimate,
                                             ltv_error *err);

/* The figure of that path. Fails with BAD_INPUT where there is none, naming the nearest one and
 * what else there is beside it. */
LTV_MUST_USE ltv_status ltv_figure_find(const ltv_named_figure **figure,
                                        const ltv_figure_list *list, const char *path,
                                        ltv_error *err);

/* The same without the talk: NULL where there is none. */
const ltv_named_figure *ltv_figure_known(const ltv_figure_list *list, const char *path);

void ltv_figure_list_free(ltv_figure_list *list);

/* Paths of what has figures, for `path` [LTV_FIGURE_PATH_SIZE]; return it. */
enum { LTV_FIGURE_PATH_SIZE = 3 * LTV_NAME_SIZE + LTV_METRIC_NAME_SIZE + 32 };
const char *ltv_figure_path_of_arm(char *path, const ltv_arm_estimate *arm, const char *metric);
const char *ltv_figure_path_of_contrast(char *path, const ltv_estimate *estimate,
                                        const ltv_contrast_estimate *contrast, const char *metric);

#endif
