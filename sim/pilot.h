/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_PILOT_H
#define LTV_SIM_PILOT_H

#include "base/error.h"
#include "sim/address.h"
#include "sim/program.h"

/* How often a programme with a capacity can turn to those who are due (docs/model.md, "Capacity").
 *
 * A capacity is a number of contacts per period and 1,000 joined customers. In a period with
 * more eligible customers than that each is contacted with probability min(reach, capacity /
 * expected number of eligible customers). The number is counted on customers reserved for it,
 * who are simulated in no run, period by period with the limits of earlier periods applied, and
 * with those of programmes that act earlier in the same one. */

enum { LTV_PILOT_CUSTOMERS = 1 << 14 };

/* The reserved customers: the last ones that an address can name. */
#define LTV_PILOT_FIRST_CUSTOMER (UINT32_MAX - LTV_PILOT_CUSTOMERS + 1)

/* Sets contact_threshold of every programme with a capacity; does nothing when there is none.
 * The stream is that of the run. Fails with NO_MEMORY. */
LTV_MUST_USE ltv_status ltv_pilot_set_limits(ltv_program *program, ltv_stream stream,
                                             ltv_error *err);

#endif
