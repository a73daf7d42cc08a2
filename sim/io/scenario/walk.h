/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_IO_WALK_H
#define LTV_SIM_IO_WALK_H

#include "sim/io/scenario/scenario_fields.h"
#include "sim/io/scenario/warning_list.h"
#include "sim/io/scenario/yaml_tree.h"
#include "sim/scenario.h"

/* Where one walk over a scenario tree stands: what scenario_walk.c shares with the readers that it
 * calls for each kind of value (read_….h). */

enum { LTV_PATH_SIZE = 512 };

typedef struct {
    ltv_yaml_tree *tree;
    ltv_yaml_node *root;
    const char *file;       /* borrowed: name of the scenario file */
    ltv_scenario *scenario; /* receives what is common to all arms, unless `by_arm` */
    ltv_arm *arm;           /* receives the rest; zeroed by the caller, who frees it */
    bool by_arm;            /* read only what an arm may override */
    ltv_error *err;
    ltv_warning_list *warnings; /* what the readers find that misleads */
    ltv_inputs *inputs;         /* receives the uncertain numbers that are come by first */
    /* Values of all of them, of the draw to read; NULL: their means. With draws the tree was read
     * before: its keys are known, its defaults filled in, its numbers in the nodes. */
    const double *drawn;
    void *target[LTV_TARGETS]; /* the structs that fields count in at this point */
    char path[LTV_PATH_SIZE];  /* of the value, for messages; a prefix may be preset */
} ltv_walk;

/* Extends the path by a key or by an index; the length before goes to ltv_walk_leave. A path that
 * is too long for a message is cut off. */
size_t ltv_walk_enter(ltv_walk *walk, const char *key);
size_t ltv_walk_enter_index(ltv_walk *walk, size_t index);
void ltv_walk_leave(ltv_walk *walk, size_t before);

/* Where the field's value goes. */
void *ltv_walk_address(const ltv_walk *walk, const ltv_field *field);

/* Gives an array of n entries to the struct, which owns it from now on. */
void ltv_walk_hand_over(const ltv_walk *walk, const ltv_field *field, void *array, size_t n);

/* Sets the bool at `offset` of the field's struct; offset 0 stands for none. */
void ltv_walk_set_flag(const ltv_walk *walk, const ltv_field *field, size_t offset);

LTV_MUST_USE ltv_status ltv_walk_no_memory(ltv_walk *walk);

#endif
