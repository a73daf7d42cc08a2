/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_KERNEL_H
#define LTV_SIM_KERNEL_H

#include "sim/kernel/block.h"
#include "sim/kernel/crowd.h"
#include "sim/kernel/life.h"
#include "sim/kernel/luck.h"
#include "sim/program.h"

/* Simulates one block, which ltv_block_init made for this program: how customers join, then
 * either the short way of a plain program, where one look-up says when a customer leaves, or a
 * whole life of events (sim/kernel/life.h). A pure function of program and luck; what it works out
 * of the luck stays there for the next program. */
void ltv_kernel_run(ltv_block *block, const ltv_program *program, ltv_luck *luck);

/* The same, given what became of these customers under another program that differs in programmes
 * alone, with this luck and just now: whoever neither program's programmes can ever turn to lives
 * the same life again, which is copied. */
void ltv_kernel_run_again(ltv_block *block, const ltv_program *program, ltv_luck *luck,
                          const ltv_block *other, const ltv_program *others);

/* reached[i] = 1 for each customer of a block, which has just been joined or run, to whom one of
 * the program's programmes may ever turn; others are left as they are. */
void ltv_kernel_mark_reached(uint8_t reached[LTV_BLOCK], const ltv_block *block,
                             const ltv_program *program);

/* Simulates those who are marked, and those whom this program marks, which are all if it is plain:
 * nothing is said about others. */
void ltv_kernel_run_reached(ltv_block *block, const ltv_program *program, ltv_luck *luck,
                            uint8_t reached[LTV_BLOCK]);

/* Whether it can be told of customers of a program, without letting them live, to whom of them no
 * more happens than that programmes come and that they leave (ltv_kernel_foretell). */
bool ltv_kernel_foretells(const ltv_program *program);

/* Joins customers, and tells that of them (ltv_crowd_foretell). */
bool ltv_kernel_foretell(ltv_block *block, const ltv_program *program, ltv_luck *luck,
                         const ltv_foretold *first, ltv_foretold *told);

/* The first part of it: empties the block and says how its customers join. */
void ltv_kernel_join(ltv_block *block, const ltv_program *program, ltv_luck *luck);

/* leaves_before[i]: the first bill that customer i of a joined block does not pay, horizon + 1 if
 * he outlives it. Only for plain programs. */
void ltv_kernel_leave(uint32_t *leaves_before, const ltv_block *block, const ltv_program *program,
                      const ltv_luck *luck);

/* The one stretch of customer i, who has joined and whose level of spend is there, and what it is
 * worth. Likewise. */
void ltv_kernel_value(ltv_block *block, const ltv_program *program, uint32_t i,
                      uint32_t leaves_before);

/* Customer i of a block that has been joined, at the beginning of his life; sets his level of
 * spend in the block. Only for programs that are not plain. */
void ltv_kernel_begin_life(ltv_life *life, ltv_block *block, const ltv_program *program,
                           const ltv_luck *luck, uint32_t i);

/* The whole life of customer i by itself, event by event; he is the next one whose items the lists
 * of the block get. Likewise. */
void ltv_kernel_live_alone(ltv_block *block, const ltv_program *program, const ltv_luck *luck,
                           uint32_t i);

/* The parts of the luck that a program reads. */
ltv_luck_needs ltv_kernel_needs(const ltv_program *program);

#endif
