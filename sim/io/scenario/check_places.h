/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_IO_CHECK_PLACES_H
#define LTV_SIM_IO_CHECK_PLACES_H

#include "sim/io/scenario/walk.h"

/* How checks that come after the walk say where something is wrong. Paths are those that people
 * would write: "plans.basic.upgrade[1].from". */

enum {
    LTV_OWN_PATH_SIZE = 2 * LTV_NAME_SIZE + 128, /* names and the words of the table around them */
    LTV_FULL_PATH_SIZE = LTV_PATH_SIZE + LTV_OWN_PATH_SIZE
};

/* The entry at a path, NULL when there is none. */
const ltv_yaml_entry *ltv_entry_at(const ltv_walk *walk, const char *path);

/* Where the value at a path stands, or the innermost block on the way that exists. */
const ltv_place *ltv_place_of(const ltv_walk *walk, const char *path);

/* The path with what the walk puts before it ("arms.b: "). Returns `full`. */
const char *ltv_full_path(char full[LTV_FULL_PATH_SIZE], const ltv_walk *walk, const char *path);

/* ltv_complain about the value at a path. */
ltv_status ltv_complain_at(const ltv_walk *walk, const char *path, const char *format, ...)
    __attribute__((format(printf, 3, 4), cold));

#endif
