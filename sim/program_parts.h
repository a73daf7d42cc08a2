/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_PROGRAM_PARTS_H
#define LTV_SIM_PROGRAM_PARTS_H

#include "sim/program.h"

/* The parts that ltv_program_init puts together; only for program*.c. Each fills its share of a
 * program whose scalars and joining tables are there, and fails with NO_MEMORY or OVERFLOW. */

/* Plans, add-ons, orders and prices: before the kinds, which need components and price index. mean:
 * see ltv_program_init_draw; NULL: there is none. */
LTV_MUST_USE ltv_status ltv_program_add_offers(ltv_program *program, const ltv_scenario *scenario,
                                               const ltv_arm *arm, const ltv_program *mean,
                                               ltv_error *err);
void ltv_program_free_offers(ltv_program *program);

LTV_MUST_USE ltv_status ltv_program_add_interventions(ltv_program *program, const ltv_arm *arm,
                                                      ltv_error *err);
void ltv_program_free_interventions(ltv_program *program);

/* Makes it one of an arm without programmes, and gives nothing back: they are another's. */
void ltv_program_forget_interventions(ltv_program *program);

/* cumulative[0 ... horizon], and infinity after it, of a clock with a constant probability per
 * period in a window, spikes applied. Owned by the caller; NULL when memory is short. */
double *ltv_program_rate_hazard(const ltv_rate *rate, uint32_t horizon);

/* An array that survives n = 0. NULL when memory is short. */
void *ltv_program_array(size_t n, size_t size);

LTV_MUST_USE ltv_status ltv_program_no_memory(const char *arm, ltv_error *err);

#endif
