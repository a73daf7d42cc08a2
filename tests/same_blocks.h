/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_TESTS_SAME_BLOCKS_H
#define LTV_TESTS_SAME_BLOCKS_H

#include "sim/kernel/block.h"

/* That in two blocks of a program the same became of everybody, to the last bit: also
 * where it is listed in one and counted in the other. */
void assert_same_blocks(const char *label, const ltv_block *a, const ltv_block *b,
                        const ltv_program *program);

#endif
