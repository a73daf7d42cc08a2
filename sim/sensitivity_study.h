/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_SENSITIVITY_STUDY_H
#define LTV_SIM_SENSITIVITY_STUDY_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "sim/rank_correlation.h"
#include "sim/sampling.h"
#include "sim/scenario.h"
#include "sim/sensitivity.h"
#include "sim/simulate.h"
#include "sim/tornado.h"

/* Which uncertain inputs of a scenario move its figures: tornado, Sobol indices and rank
 * correlations (sim/tornado.h, sim/sensitivity.h, sim/rank_correlation.h), for any figures of arms
 * and contrasts (sim/figure_path.h) from the same simulated customers.
 *
 * Points that are compared are lived by the same customers with the same luck, so that what differs
 * is due to the inputs alone, and an input that a figure does not use has a share of exactly 0.
 * There are LTV_STUDY_COHORTS cohorts of such customers: each lives the whole tornado, which is
 * their mean, and rows of the design take them in turn, each counting from its own figure at the
 * medians. So shares are means over cohorts, and what is peculiar to one of them widens the
 * intervals, which are over rows. What a small cohort adds to all shares alike they do not show:
 * with n customers a figure bends at a point by noise of the order of 1/sqrt(n), which counts as
 * interaction.
 *
 * Inputs that correlations tie, directly or over others, are judged together, and so are those of
 * one sample set: what each of them does "alone" has no meaning that does not depend on their
 * order. The tornado moves each by itself, the others at their medians whatever the correlations
 * say; inputs of a sample set have no percentiles: they stand at their means and have no bar. Rank
 * correlations are over the points of both samples of the design, correlated as the scenario says.
 */

enum { LTV_STUDY_LEAST_BASE = 32, LTV_STUDY_MOST_BASE = 65536 };

/* What a quick answer with honest intervals needs: see docs/model.md, "Sensitivity". */
enum { LTV_STUDY_BASE = 256, LTV_STUDY_CUSTOMERS = 256 };

/* Independent cohorts, one for each scramble of the base points. */
enum { LTV_STUDY_COHORTS = LTV_SCRAMBLES };

/* What to find out. */
typedef struct {
    const ltv_scenario *scenario; /* with worlds */
    uint32_t n_base;              /* a power of two, LTV_STUDY_LEAST_BASE ... LTV_STUDY_MOST_BASE */
    uint64_t customers;           /* at each point, 1 ... LTV_MAX_CUSTOMERS */
    /* Borrowed paths; none: LTV of the baseline, and what each contrast gains. The same one twice
     * counts once. */
    size_t n_figures;
    const char *const *figures;
    const ltv_simulate_options *options; /* NULL allowed; counts the customers of all points */
} ltv_study_plan;

typedef struct {
    char *path;                 /* owned */
    const char *unit, *meaning; /* static, as in ltv_metric */
    double base;                /* with every input at its median */
    ltv_tornado_row *tornado;   /* owned, [n_bars]; rows' inputs are those of the scenario */
    ltv_sensitivity indices;    /* of the groups */
    ltv_rank_row *ranks;        /* owned, [n_inputs] of the scenario */
} ltv_study_figure;

/* Zero-initialise. */
typedef struct {
    uint32_t n_base;
    uint64_t customers;
    size_t n_points;   /* simulated, of the tornado and of the design */
    size_t n_inputs;   /* of the scenario */
    size_t n_bars;     /* of the tornado: inputs that have percentiles */
    double (*ends)[2]; /* owned, [n_inputs]: P10 and P90; NaN without percentiles */
    size_t n_groups;
    char **groups; /* owned, [n_groups]: "revenue.price", "revenue.price & gross_margin" */
    size_t n_figures;
    ltv_study_figure *figures; /* owned */
} ltv_sensitivity_study;

/* Fails with BAD_INPUT (no uncertain input; sizes; a figure that there is not, or that is not
 * defined at some points: says at how many; inputs that make no scenario), NO_MEMORY, OVERFLOW or
 * INTERRUPTED; *study may be freed whatever is returned. */
LTV_MUST_USE ltv_status ltv_sensitivity_study_init(ltv_sensitivity_study *study,
                                                   const ltv_study_plan *plan, ltv_error *err);

void ltv_sensitivity_study_free(ltv_sensitivity_study *study);

#endif
