/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_PROGRAM_SET_H
#define LTV_SIM_PROGRAM_SET_H

#include <stdbool.h>

#include "base/error.h"
#include "sim/kernel/luck.h"
#include "sim/program.h"

/* The programs of all arms of a scenario, ready to run. Zero-initialise. */
typedef struct {
    size_t n;
    ltv_program *programs; /* owned, one per arm */
    size_t *like;         /* owned: an earlier arm that differs in interventions alone, or itself */
    ltv_luck_needs needs; /* of any of them */
    bool counted;         /* a single arm whose customers can be counted (sim/kernel/census.h) */
    bool sifted;          /* those to whom little happens can be kept back (sim/kernel/sieve.h) */
    ltv_luck_needs sift_needs;
} ltv_program_set;

/* Compiles every arm. Fails with NO_MEMORY or OVERFLOW; may be freed whatever is returned. */
LTV_MUST_USE ltv_status ltv_program_set_init(ltv_program_set *set, const ltv_scenario *scenario,
                                             ltv_error *err);

/* The same for the world of one draw; `mean`: the set of the scenario itself, which must live
 * longer (ltv_program_init_draw). */
LTV_MUST_USE ltv_status ltv_program_set_init_draw(ltv_program_set *set, const ltv_scenario *world,
                                                  const ltv_program_set *mean, ltv_error *err);

/* Sets the limits of programmes with a capacity (ltv_pilot_set_limits). Fails with NO_MEMORY. */
LTV_MUST_USE ltv_status ltv_program_set_limits(ltv_program_set *set, ltv_stream stream,
                                               ltv_error *err);

void ltv_program_set_free(ltv_program_set *set);

#endif
