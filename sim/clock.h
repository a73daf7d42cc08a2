/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_CLOCK_H
#define LTV_SIM_CLOCK_H

#include <stdint.h>

/* The rule by which all clocks go, one by one (sim/kernel/life.h) or many together
 * (sim/kernel/vector). */

/* No period and no bill: what never happens. */
#define LTV_NEVER UINT32_MAX

/* The hazard of a period that nobody survives, in tables from which hazards are subtracted. */
#define LTV_CERTAIN 1e300

/* Whether a clock whose budget is used up to `remaining` has fired, `hazard` later, its multiplier
 * being `times` since. Monotone in the hazard, whatever is rounded. */
static inline int ltv_clock_has_fired(double times, double hazard, double remaining)
{
    return (times * hazard >= remaining) | (hazard >= LTV_CERTAIN);
}

#endif
