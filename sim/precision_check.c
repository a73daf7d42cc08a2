/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/precision_check.h"

#include <math.h>

#include "sim/precision.h"
#include "sim/workroom.h"

enum { SMALL = 1000 };

static ltv_status simulate_small(ltv_estimate *small, const ltv_scenario *scenario,
                                 const ltv_program_set *set, ltv_error *err)
{
    ltv_workroom room = {0};
    ltv_tally tally = {0};
    ltv_stream stream = {.seed = scenario->seed};
    ltv_status status = ltv_workroom_init(&room, set, err);
    if (status == LTV_OK)
        status = ltv_tally_init(&tally, scenario, set->programs, err);
    if (status == LTV_OK) {
        ltv_workroom_simulate(&room, set, stream, 0, SMALL, &tally);
        ltv_workroom_finish(&room, set, &tally);
    }
    if (status == LTV_OK)
        status = ltv_workroom_check(&tally, err);
    if (status == LTV_OK)
        status = ltv_estimate_init_draw(small, scenario, set->programs, &tally, err);
    ltv_tally_free(&tally);
    ltv_workroom_free(&room);
    return status;
}

static ltv_status check(const ltv_estimate *small, const char *path, ltv_error *err)
{
    const ltv_metric *figure;
    ltv_status status = ltv_precision_find(&figure, small, path, err);
    if (status == LTV_OK && !isnan(figure->value) && isnan(figure->mc_standard_error))
        status = ltv_fail(err, LTV_ERR_BAD_INPUT,
                          "%s has no simulation noise, or none that is known, to wait for",
                          figure->name);
    return status;
}

ltv_status ltv_precision_check(const ltv_scenario *scenario, size_t *index, ltv_error *err)
{
    ltv_program_set set = {0};
    ltv_estimate small = {0};
    *index = 0;
    if (scenario->n_precisions == 0)
        return LTV_OK;
    ltv_status status = ltv_program_set_init(&set, scenario, err);
    if (status == LTV_OK)
        status = simulate_small(&small, scenario, &set, err);
    for (size_t i = 0; status == LTV_OK && i < scenario->n_precisions; i++) {
        *index = i;
        status = check(&small, scenario->precisions[i].metric, err);
    }
    ltv_estimate_free(&small);
    ltv_program_set_free(&set);
    return status;
}
