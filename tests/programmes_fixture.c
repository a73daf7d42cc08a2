/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/programmes_fixture.h"

#include <stdio.h>
#include <stdlib.h>

#include "sim/io/scenario/read_interventions.h"

static void make_mix(ltv_arm *arm)
{
    arm->declared_segments = arm->declared_channels = true;
    arm->n_segments = 3;
    arm->segments = calloc(arm->n_segments, sizeof *arm->segments);
    arm->segments[0] = (ltv_segment){.name = "high", .share = 0.2};
    arm->segments[1] = (ltv_segment){.name = "mid", .share = 0.3};
    arm->segments[2] = (ltv_segment){.name = "low", .share = 0.5};
    arm->n_channels = 2;
    arm->channels = calloc(arm->n_channels, sizeof *arm->channels);
    arm->channels[0] = (ltv_channel){.name = "organic", .share = 0.5};
    arm->channels[1] = (ltv_channel){.name = "paid", .share = 0.5};
}

static void make_offer(ltv_arm *arm)
{
    arm->n_plans = 3;
    arm->plans = calloc(arm->n_plans, sizeof *arm->plans);
    arm->plans[0] = (ltv_plan){.name = "basic", .price = 10, .n_upgrades = 1};
    arm->plans[0].upgrades = calloc(1, sizeof *arm->plans[0].upgrades);
    arm->plans[1] = (ltv_plan){.name = "pro", .price = 20, .n_downgrades = 1};
    arm->plans[1].downgrades = calloc(1, sizeof *arm->plans[1].downgrades);
    arm->plans[2] = (ltv_plan){.name = "annual", .price = 8, .term = 12};
    arm->n_add_ons = 1;
    arm->add_ons = calloc(arm->n_add_ons, sizeof *arm->add_ons);
    arm->add_ons[0] = (ltv_add_on){.name = "analytics", .drop.probability = 0.1};
    arm->orders.rate = 0.2;
    arm->involuntary_churn = 0.01;
    arm->spend = (ltv_spread){.kind = LTV_SPREAD_GAMMA, .cv = 1};
}

void programmes_fixture_init(walk_fixture *f)
{
    walk_fixture_init(f);
    f->scenario.horizon = 24;
    f->scenario.cohort_size = 3000;
    f->scenario.n_phases = 2;
    f->scenario.phases = calloc(f->scenario.n_phases, sizeof *f->scenario.phases);
    f->scenario.phases[0] = (ltv_phase){.name = "start", .from = 0, .until = 3};
    f->scenario.phases[1] = (ltv_phase){.name = "later", .from = 3, .until = 12};
    make_mix(&f->arm);
    make_offer(&f->arm);
    f->walk.by_arm = true;
}

ltv_status programmes_fixture_read(walk_fixture *f, const char *programmes, const char *arm)
{
    char text[2048];
    snprintf(text, sizeof text, "interventions: %s", programmes);
    f->walk.root = walk_fixture_parse(f, text);
    ltv_status status =
        ltv_read_interventions(&f->walk, ltv_block_field(ltv_scenario_fields(), "interventions"),
                               ltv_yaml_find(f->walk.root, "interventions")->value);
    return status != LTV_OK ? status
                            : ltv_choose_interventions(&f->walk, walk_fixture_parse(f, arm));
}
