/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_TESTS_WALK_FIXTURE_H
#define LTV_TESTS_WALK_FIXTURE_H

#include "sim/io/scenario/walk.h"

/* A walk that stands at the value `here` of an empty scenario called "folder/x.yaml", for readers
 * of single values. */
typedef struct {
    ltv_yaml_tree tree;
    ltv_scenario scenario;
    ltv_arm arm;
    ltv_retention retention;
    ltv_error err;
    ltv_warning_list warnings;
    ltv_walk walk;
} walk_fixture;

void walk_fixture_init(walk_fixture *f);
void walk_fixture_free(walk_fixture *f);

/* Fails the running test when the text is not YAML. */
ltv_yaml_node *walk_fixture_parse(walk_fixture *f, const char *text);

/* Fails the running test, naming the case, unless the walk failed with a message that contains
 * `fragment` or, when `fragment` is NULL, has not failed. */
void walk_fixture_expect(const walk_fixture *f, ltv_status status, const char *label,
                         const char *fragment);

#endif
