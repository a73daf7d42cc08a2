/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_WORLDS_H
#define LTV_SIM_WORLDS_H

#include "base/error.h"

typedef struct ltv_scenario ltv_scenario;

/* How the simulation gets at the scenario of one draw, the world in which every uncertain input
 * has the value of that draw. The room that reads scenarios provides it, so that a number in a
 * world goes the same way from the file to its place, and through the same checks, as a fixed one.
 */
typedef struct ltv_worlds ltv_worlds;
struct ltv_worlds {
    /* A reader for one thread; several may be open at a time. Fails with NO_MEMORY. */
    ltv_status (*open)(const ltv_worlds *worlds, void **reader, ltv_error *err);
    /* Makes *world, which the caller frees whatever is returned, from the values of all inputs in
     * the order of scenario->inputs. Fails with BAD_INPUT where these values make no scenario. */
    ltv_status (*read)(void *reader, const double *values, ltv_scenario *world, ltv_error *err);
    void (*close)(void *reader);
};

#endif
