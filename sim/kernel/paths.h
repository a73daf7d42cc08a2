/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_PATHS_H
#define LTV_SIM_PATHS_H

#include <stddef.h>
#include <stdint.h>

#include "sim/clock.h"
#include "sim/offer.h"

/* How hazards go on while nothing but programmes changes them. Those whom the same programmes win
 * follow the same *path*: what programmes multiply a lever by, bill by bill; each lever has paths
 * of its own, so that a clock takes no steps that do not concern it. A clock on a path uses up its
 * budget step by step, in the same arithmetic and order as a life does (ltv_crowd_set_times). All
 * that is in here is for inner loops. */

/* Of how many programmes it is told apart whom they win. */
enum { LTV_COURSE_PROGRAMMES = 6, LTV_CROWD_PATHS = 64 };
_Static_assert(1 << LTV_COURSE_PROGRAMMES == LTV_CROWD_PATHS, "they win somebody or not");

typedef struct {
    size_t n_factors; /* of each step, one a programme that acts on the lever; 0: none does */
    size_t n_steps;   /* at least 1, the first from bill 0 on */
    uint32_t *from;   /* [step]: its first bill */
    uint16_t *at;     /* [bill]: the step that holds there, bills 0 ... horizon - 1 */
    double *factor;   /* [step * n_factors + n]: what programme n of those multiplies it by */
} ltv_path;

/* A clock on a path: what was left of its budget at a bill, and its multiplier since. */
typedef struct {
    double remaining, times;
    uint32_t anchor;
} ltv_stand;

/* In the order in which ltv_crowd_times multiplies. `steady` is, here and below, the multiplier of
 * a clock without programmes. */
static inline double ltv_path_times(const ltv_path *path, size_t step, double steady)
{
    if (path->n_factors == 1) /* as mostly */
        return steady * path->factor[step];
    for (size_t n = 0; n < path->n_factors; n++)
        steady *= path->factor[step * path->n_factors + n];
    return steady;
}

/* What has been used up of a budget at a bill since; without a multiplier nothing, however large
 * the hazard. */
static inline double ltv_stand_used_up(const ltv_stand *stand, const double *hazard, uint32_t bill)
{
    double used = stand->times * (hazard[bill] - hazard[stand->anchor]);
    return stand->times > 0 ? used : 0;
}

/* It goes on with another multiplier from a bill on. */
static inline void ltv_stand_turn(ltv_stand *stand, const double *hazard, double times,
                                  uint32_t bill)
{
    if (times == stand->times)
        return;
    stand->remaining -= ltv_stand_used_up(stand, hazard, bill);
    stand->times = times;
    stand->anchor = bill;
}

/* A clock of this budget from bill 0 on. */
static inline ltv_stand ltv_path_begin(const ltv_path *path, double steady, double budget)
{
    return (ltv_stand){.remaining = budget, .times = ltv_path_times(path, 0, steady)};
}

/* Takes the steps of the path after bill `from` and before bill `until`, by which it has not fired.
 */
static inline void ltv_path_go(const ltv_path *path, const double *hazard, double steady,
                               uint32_t from, uint32_t until, ltv_stand *stand)
{
    for (size_t s = path->at[from] + 1u; s < path->n_steps && path->from[s] < until; s++)
        ltv_stand_turn(stand, hazard, ltv_path_times(path, s, steady), path->from[s]);
}

/* It goes on with another steady multiplier, from a bill on. */
static inline void ltv_path_enter(const ltv_path *path, const double *hazard, double steady,
                                  uint32_t bill, ltv_stand *stand)
{
    ltv_stand_turn(stand, hazard, ltv_path_times(path, path->at[bill], steady), bill);
}

/* Takes the steps after bill `from` with which it has not fired yet: then it fires as one whose
 * multiplier stays. */
static inline void ltv_path_go_until_it_fires(const ltv_path *path, const double *hazard,
                                              double steady, uint32_t from, ltv_stand *stand)
{
    for (size_t s = path->at[from] + 1u; s < path->n_steps; s++) {
        uint32_t bill = path->from[s];
        double times = ltv_path_times(path, s, steady);
        double reached = hazard[bill] - hazard[stand->anchor];
        if (times == stand->times)
            continue;
        if (stand->times > 0 && ltv_clock_has_fired(stand->times, reached, stand->remaining))
            return;
        ltv_stand_turn(stand, hazard, times, bill);
    }
}

#endif
