/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_JACKKNIFE_H
#define LTV_SIM_JACKKNIFE_H

#include <stddef.h>
#include <stdint.h>

/* The standard error of a figure that is computed from all draws at once, by leaving out one group
 * of draws after the other (the delete-a-group jackknife: Kott, J. Official Statistics 17, 2001;
 * Shao & Wu, Annals of Statistics 17, 1989). Draw d belongs to group d % groups. Rather than a
 * bootstrap, since it needs no random numbers, a few dozen computations do, and leaving out a
 * whole scramble respects how the points of scrambled Sobol and Latin hypercube samples hang
 * together. Groups and not single draws, since shares of draws above a limit are no smooth
 * functions of them: groups must be larger than sqrt(n) for those. */

/* How many groups n draws have: the scrambles, or for independent draws (scrambles <= 1) about
 * sqrt(n), between 10 and 50; never more than n. The relative error of the standard error is about
 * 1/sqrt(2 (groups - 1)); Student's t for a limit has groups - 1 degrees of freedom. */
uint32_t ltv_jackknife_groups(size_t n, uint32_t scrambles);

/* What `scrambles` is once one is left out. The rows that ltv_jackknife_without keeps are in the
 * order that makes row i belong to scramble i % that number. */
uint32_t ltv_jackknife_scrambles_left(uint32_t scrambles);

/* Copies the rows, of `width` numbers each, that are not in the group; returns how many. kept has
 * room for all n. */
size_t ltv_jackknife_without(double *kept, const double *rows, size_t n, size_t width,
                             uint32_t groups, uint32_t group);

/* The standard error from the figure computed without each of the groups. NaN for less than two
 * groups or where one of the figures is NaN. */
double ltv_jackknife_error(const double *figures, uint32_t groups);

#endif
