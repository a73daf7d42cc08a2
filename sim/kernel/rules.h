/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_RULES_H
#define LTV_SIM_RULES_H

#include <math.h>

#include "sim/kernel/block.h"
#include "sim/kernel/luck.h"
#include "sim/program.h"

/* Rules of docs/model.md that hold for whoever lives, alone (life.h) or in a crowd (crowd.h). */

/* The customers of a segment who came through a channel. */
static inline const ltv_kind *ltv_kind_of(const ltv_program *program, size_t channel,
                                          size_t segment)
{
    return &program->kinds[program->kind_of[channel * program->n_segments + segment]];
}

/* Multiplier of voluntary churn before programmes. */
static inline double ltv_steady_churn(const ltv_program *program, const ltv_kind *kind,
                                      uint16_t plan, uint32_t add_ons)
{
    double times = kind->times.on[LTV_LEVER_CHURN] * program->components[plan].churn;
    for (uint32_t held = add_ons; held != 0; held &= held - 1)
        times *= program->components[program->n_plans + (size_t)__builtin_ctz(held)].churn;
    return times;
}

/* The first budget of the voluntary clock of customer i, by the map that integrates the frailty;
 * kept for the arms after this one. */
static inline double ltv_first_voluntary_budget(const ltv_block *block, const ltv_program *program,
                                                const ltv_kind *kind, const ltv_luck *luck,
                                                uint32_t i)
{
    double *column = block->kept.voluntary[kind - program->kinds];
    double unkept = NAN, *budget = column != NULL ? &column[i] : &unkept;
    if (isnan(*budget))
        *budget = ltv_frailty_budget(&kind->frailty, luck->voluntary[i], luck->frailty[i]);
    return *budget;
}

/* The last period of the term, of a plan held since bill `began`, that a period lies in. */
static inline uint32_t ltv_end_of_term(const ltv_plan_program *plan, uint32_t began,
                                       uint32_t period)
{
    uint32_t term = plan->term;
    return term == 0 ? period : began + ((period - began) / term + 1) * term - 1;
}

/* The bill after `bill` at which a programme that began at some bill changes its multipliers,
 * price_off or holding. */
static inline uint32_t ltv_next_change(const ltv_intervention_program *programme, uint32_t began,
                                       uint32_t bill)
{
    uint32_t at = programme->changes_at[bill - began];
    return at != LTV_FOR_EVER ? began + at : LTV_NEVER;
}

#endif
