/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_TESTS_REFERENCE_SIMULATOR_H
#define LTV_TESTS_REFERENCE_SIMULATOR_H

#include <stddef.h>
#include <stdint.h>

#include "sim/money.h"
#include "sim/scenario.h"

/* The slow twin of the engine: one customer at a time, month by month, straight from the
 * scenario and docs/model.md. It builds its own tables and shares with the engine only the
 * addresses of random numbers and the mathematics in models/. It must give the same customers. */

typedef struct {
    size_t channel, segment;
    uint32_t leaves_before; /* first bill not paid; horizon + 1 when he outlives it */
    ltv_money ltv;
} reference_customer;

reference_customer reference_simulate(const ltv_scenario *scenario, const ltv_arm *arm,
                                      uint32_t customer);

#endif
