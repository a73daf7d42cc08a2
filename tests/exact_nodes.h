/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_TESTS_EXACT_NODES_H
#define LTV_TESTS_EXACT_NODES_H

#include <stddef.h>

#include "sim/scenario.h"

/* Customers who join in one segment, taken apart by what they draw once: a quadrature over z, with
 * a node of its own for the cured. Given its node, all of a customer's clocks are memoryless. */
typedef struct {
    size_t n, n_segments;
    double *weight; /* owned, [n]: share of the segment's customers */
    double *level;  /* owned, [n]: their mean level of spend */
    double *square; /* owned, [n]: the mean of its square */
    double *z;      /* owned, [n_segments * n]: their z while that segment is in force */
} exact_nodes;

/* Those whose rank by spend, from the highest, lies in [from, until). With `moves` the z of every
 * segment is given, by the rank of z, else only that of the joining one. */
void exact_nodes_init(exact_nodes *nodes, const ltv_arm *arm, size_t segment, bool moves,
                      double from, double until);

void exact_nodes_free(exact_nodes *nodes);

#endif
