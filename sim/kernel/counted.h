/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_COUNTED_H
#define LTV_SIM_COUNTED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/kernel/bundles.h"
#include "sim/money.h"
#include "sim/program.h"

/* What is counted of the customers of a block instead of being listed: how many of each cell (those
 * of one channel and one segment) hold which component, a plan or an add-on, with which bill, and
 * what programmes cost. Where all who hold it pay the same for it, what flows with each bill
 * follows from how many they are; and to count one who takes it up, and drops it again, is two
 * additions. */

/* More numbers than this are not kept: they would not stay near the processor. */
enum { LTV_COUNTED_PLACES = 1 << 13 };

typedef struct {
    size_t n_components; /* 0: nothing is counted */
    size_t n_cells, stride;
    bool any; /* something has been counted */
    /* Owned, [(cell * n_components + component) * stride + u], u = 0 ... horizon + 1: customers who
     * hold a component with bill u minus those with bill u - 1. */
    int32_t *holders;
    __int128 *costs; /* owned, [cell * stride + u]: of programmes, likewise; undiscounted */
} ltv_counted;

/* What the first bills of a component are worth, discounted, at spend 1: those before each
 * checkpoint, and all. Whole numbers that may wrap around on the way, and are right at the end. */
typedef struct {
    _Alignas(32) uint64_t of[LTV_VALUED]; /* one vector */
} ltv_worth;

/* Customer i held a component from one bill on, at most the horizon, and before another; horizon +
 * 1: he still does. Both are places, as of `holders`. */
typedef struct {
    uint32_t i, from, to;
} ltv_held;

/* Room for customers of programs like this one; none where a program has too many cells. False
 * when memory is short; may be freed either way. */
bool ltv_counted_init(ltv_counted *counted, const ltv_program *program);

/* Safe on a zeroed struct. */
void ltv_counted_free(ltv_counted *counted);

void ltv_counted_clear(ltv_counted *counted);

/* A row of holders is a component of a cell. */
static inline size_t ltv_counted_rows(const ltv_counted *counted)
{
    return counted->n_cells * counted->n_components;
}

/* A cost at each of the bills from ... to - 1. */
static inline void ltv_counted_add_cost(ltv_counted *counted, size_t cell, uint32_t from,
                                        uint32_t to, __int128 amount)
{
    counted->costs[cell * counted->stride + from] += amount;
    counted->costs[cell * counted->stride + to] -= amount;
}

#endif
