/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_KERNEL_H
#define LTV_SIM_KERNEL_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/luck.h"
#include "sim/money.h"
#include "sim/program.h"

/* What becomes of a block of customers in one arm. */
typedef struct {
    uint32_t n;
    uint16_t channel[LTV_BLOCK];
    uint16_t segment[LTV_BLOCK];
    uint32_t leaves_before[LTV_BLOCK]; /* first bill not paid; horizon + 1: outlives it */
    ltv_weight spend[LTV_BLOCK];       /* level of spend; LTV_WEIGHT_ONE without differences */
    ltv_money ltv[LTV_BLOCK];          /* discounted contribution of bills 0 … T - 1 */
    bool overflow;                     /* an amount was too large: the block is void */
} ltv_block;

/* Simulates one block: arithmetic only, phase by phase. A pure function of program and luck. */
void ltv_kernel_run(ltv_block *block, const ltv_program *program, const ltv_luck *luck);

/* The parts of the luck that a program reads. */
ltv_luck_needs ltv_kernel_needs(const ltv_program *program);

#endif
