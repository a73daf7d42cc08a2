/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_KERNEL_H
#define LTV_SIM_KERNEL_H

#include "sim/block.h"
#include "sim/luck.h"
#include "sim/program.h"

/* Simulates one block, which ltv_block_init made for this program: how customers join, then
 * either the short way of a plain program, where one look-up says when a customer leaves, or a
 * whole life of events (sim/life.h). A pure function of program and luck. */
void ltv_kernel_run(ltv_block *block, const ltv_program *program, const ltv_luck *luck);

/* The parts of the luck that a program reads. */
ltv_luck_needs ltv_kernel_needs(const ltv_program *program);

#endif
