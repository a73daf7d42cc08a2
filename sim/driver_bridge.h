/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_DRIVER_BRIDGE_H
#define LTV_SIM_DRIVER_BRIDGE_H

#include <stdint.h>

#include "base/error.h"
#include "sim/address.h"
#include "sim/estimate.h"
#include "sim/hybrid_arm.h"
#include "sim/moments.h"
#include "sim/scenario.h"
#include "sim/simulate.h"

/* Where a difference comes from: the difference of LTV between two arms, split over the drivers of
 * sim/hybrid_arm.h. Each driver's part is its Shapley value (L. S. Shapley, "A value for n-person
 * games", 1953; for taking a number apart: A. F. Shorrocks, "Decomposition procedures for
 * distributional analysis", J. Economic Inequality 11, 2013): what changing it from the one arm's
 * to the other's adds, averaged over all orders in which the drivers can be changed. For that all
 * 2^k hybrids of the k drivers in which the arms differ are simulated on the same customers with
 * the same luck. The parts sum to the whole exactly, do not depend on any order, and change
 * sign exactly when the arms change places. */

/* Parts are whole numbers of this fraction of a quantum: any k! divides it. */
enum { LTV_DRIVER_FRACTION = 3628800 /* 10! */ };

/* Sums over the customers simulated for it; those of several draws may be added. */
typedef struct {
    uint64_t customers;
    double quanta_per_unit;
    ltv_driver_set differ;               /* drivers that have a row of their own */
    __int128 whole;                      /* difference of LTV, quanta */
    __int128 part[LTV_DRIVERS];          /* quanta / LTV_DRIVER_FRACTION; sum: whole */
    ltv_moments customer[LTV_DRIVERS];   /* of the customers' own parts, rounded to quanta */
    ltv_driver_set counted[LTV_DRIVERS]; /* the drivers that a row stands for, itself included */
    char note[LTV_DRIVERS][160];
} ltv_driver_bridge;

/* Customers of a run that are simulated for it, at most: the first ones; fewer where there are many
 * hybrids, so that no more lives are lived for a contrast than that. */
enum { LTV_DRIVER_CUSTOMERS = 1 << 14, LTV_DRIVER_LIVES = 1 << 18 };

/* Of an arm against another, both of one scenario, on the first `customers` of a stream; 0: as many
 * of the scenario's as the limits above allow. Limits of capacity are found for each hybrid.
 * Drivers in which the arms agree, and those counted with another one, get 0. The same for any
 * number of threads. The options' progress is asked now and then whether to go on. Fails with
 * NO_MEMORY, INTERRUPTED, or OVERFLOW where some hybrid is worth more than can be held. */
LTV_MUST_USE ltv_status ltv_driver_bridge_find(ltv_driver_bridge *bridge,
                                               const ltv_scenario *scenario, ltv_contrast contrast,
                                               ltv_stream stream, uint64_t customers,
                                               const ltv_simulate_options *options, ltv_error *err);

/* Part of a driver in major units per joined customer, and its Monte Carlo standard error, from
 * the spread of the customers' own parts. */
ltv_mean ltv_driver_bridge_mean(const ltv_driver_bridge *bridge, ltv_driver driver);

/* Fills the drivers of every contrast, in draw 0; of one with a hybrid that OVERFLOWs there are
 * none. Fails with NO_MEMORY or INTERRUPTED. */
LTV_MUST_USE ltv_status ltv_driver_bridge_fill(ltv_estimate *estimate, const ltv_scenario *scenario,
                                               const ltv_simulate_options *options, ltv_error *err);

#endif
