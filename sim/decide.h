/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_DECIDE_H
#define LTV_SIM_DECIDE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "sim/estimate.h"
#include "sim/scenario.h"
#include "sim/test_plan.h"
#include "sim/value_of_information.h"

/* What the draws of a run say about which arm to choose (docs/model.md, "Decisions"). Money is per
 * joined customer unless said otherwise.
 *
 * An arm is worth its mean net LTV less its programmes' fixed cost per joined customer. Its
 * simulation noise in a draw is known from within the draw: the covariances from the halves of the
 * customers (ltv_draw_table_noise), and of the difference from the baseline the variance itself,
 * which is known far better, wherever the two arms win customers at the same cost. */

/* Hurdle rates for an ROI. */
enum { LTV_HURDLES = 8 };
extern const double ltv_hurdles[LTV_HURDLES]; /* 0, 0.1, 0.25, 0.5, 1, 2, 3, 5 */

/* Chances with which a budget is to suffice. */
enum { LTV_BUDGET_LEVELS = 5 };
extern const double ltv_budget_levels[LTV_BUDGET_LEVELS]; /* 0.5, 0.75, 0.9, 0.95, 0.99 */

/* The level, of those, that a budget must have for an arm to count as affordable: 0.9. */
enum { LTV_AFFORDABLE = 2 };

/* What it would be worth to know an input exactly, or all the inputs of a sample set together. */
typedef struct {
    const char *name; /* borrowed from the scenario: of the input, or of the set's file */
    ltv_mean evppi;   /* NaN where the draws are too few, which the note says */
    char note[120];   /* "" otherwise */
} ltv_input_worth;

/* With at least this budget, and up to the next step's, this arm is the best of those that can be
 * afforded. */
typedef struct {
    double budget; /* of the real cohort where its size is known */
    size_t arm;
    double gain; /* expected, over the baseline */
} ltv_budget_step;

/* Would it pay to test an arm against the baseline first? */
typedef struct {
    bool asked; /* the scenario has a test, and the contrast is with the baseline */
    ltv_test_plan plan;
    double theta_mean, theta_sd;         /* of what the arm is truly worth over the baseline */
    double variance[2];                  /* of LTV from customer to customer: baseline, arm */
    double evsi_normal[LTV_TEST_POINTS]; /* were theta normal, for each point of the plan */
    ltv_mean evsi;       /* at the best size, with its Monte Carlo error; 0 where none pays */
    const char *why_not; /* static; NULL where a test pays: then plan.best is the best */
} ltv_test_first;

/* One contrast of the scenario. */
typedef struct {
    bool has_roi;                    /* in every draw */
    ltv_mean reaches[LTV_HURDLES];   /* P(ROI >= hurdle), without the simulation's noise */
    bool has_cash;                   /* the money to put up is known in every draw */
    double needs[LTV_BUDGET_LEVELS]; /* budget that suffices with each chance */
    ltv_test_first test;
} ltv_contrast_decision;

typedef struct {
    /* Expected value, loss, chance to be the best; EVPI, at least the largest EVPPI: the losses
     * rise with it. */
    ltv_decision arms;
    size_t n_inputs;
    ltv_input_worth *inputs; /* owned; the one worth most first */
    size_t n_steps;
    ltv_budget_step *steps; /* owned; budgets ascend, the first is 0 */
    size_t n_contrasts;
    ltv_contrast_decision *contrasts; /* owned; those of the scenario */
} ltv_decisions;

/* Whether a run of this scenario will have something to say about decisions; if not, BAD_INPUT with
 * the reason: a single arm, nothing uncertain, or a single customer per draw. */
LTV_MUST_USE ltv_status ltv_decide_check(const ltv_scenario *scenario, ltv_error *err);

/* Makes the decisions of an estimate with draws, of a run of this scenario. Fails like
 * ltv_decide_check and with NO_MEMORY; *decisions may be freed whatever is returned. */
LTV_MUST_USE ltv_status ltv_decide(ltv_decisions *decisions, const ltv_estimate *estimate,
                                   const ltv_scenario *scenario, ltv_error *err);

void ltv_decisions_free(ltv_decisions *decisions);

#endif
