/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/walk_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/io/scenario/yaml_parse.h"

#define NAME "folder/x.yaml"

void walk_fixture_init(walk_fixture *f)
{
    *f = (walk_fixture){.scenario.time_unit = LTV_UNIT_MONTH};
    f->walk = (ltv_walk){.tree = &f->tree,
                         .file = NAME,
                         .scenario = &f->scenario,
                         .arm = &f->arm,
                         .err = &f->err,
                         .warnings = &f->warnings,
                         .path = "here"};
    f->walk.target[LTV_IN_SCENARIO] = &f->scenario;
    f->walk.target[LTV_IN_ARM] = &f->arm;
    f->walk.target[LTV_IN_RETENTION] = &f->retention;
    f->walk.target[LTV_IN_CURVE] = &f->retention.curve;
}

void walk_fixture_free(walk_fixture *f)
{
    ltv_warning_list_free(&f->warnings);
    ltv_retention_free(&f->retention);
    ltv_arm_free(&f->arm);
    ltv_scenario_free(&f->scenario);
    ltv_yaml_tree_free(&f->tree);
}

ltv_yaml_node *walk_fixture_parse(walk_fixture *f, const char *text)
{
    static const ltv_place place = {.file = NAME};
    ltv_yaml_node *root = NULL;
    if (ltv_yaml_parse(&f->tree, &root, &place, text, strlen(text), &f->err) != LTV_OK)
        fail_msg("%s: %s", text, f->err.message);
    return root;
}

void walk_fixture_expect(const walk_fixture *f, ltv_status status, const char *label,
                         const char *fragment)
{
    if (status != (fragment == NULL ? LTV_OK : LTV_ERR_BAD_INPUT))
        fail_msg("%s: status %d %s", label, (int)status, f->err.message);
    if (fragment != NULL && strstr(f->err.message, fragment) == NULL)
        fail_msg("%s: \"%s\" not in: %s", label, fragment, f->err.message);
    if (strcmp(f->walk.path, "here") != 0)
        fail_msg("%s: the walk stands at %s", label, f->walk.path);
}
