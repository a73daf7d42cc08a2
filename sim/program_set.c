/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/program_set.h"

#include <stdlib.h>

#include "sim/kernel/census.h"
#include "sim/kernel/kernel.h"
#include "sim/kernel/sieve.h"
#include "sim/pilot.h"

static size_t like_arm(const ltv_scenario *scenario, size_t a)
{
    size_t like = 0;
    while (scenario->arms[like].overrides != scenario->arms[a].overrides)
        like++;
    return like;
}

ltv_status ltv_program_set_init(ltv_program_set *set, const ltv_scenario *scenario, ltv_error *err)
{
    return ltv_program_set_init_draw(set, scenario, NULL, err);
}

/* Whether all arms differ in interventions alone. */
static bool are_all_alike(const ltv_program_set *set)
{
    bool alike = true;
    for (size_t a = 0; a < set->n; a++)
        alike &= set->like[a] == 0;
    return alike;
}

static ltv_status compile(ltv_program_set *set, size_t a, const ltv_scenario *scenario,
                          const ltv_program_set *mean, ltv_error *err)
{
    const ltv_arm *arm = &scenario->arms[a];
    size_t like = set->like[a];
    if (like < a)
        return ltv_program_init_like(&set->programs[a], scenario, arm, &set->programs[like], err);
    return ltv_program_init_draw(&set->programs[a], scenario, arm,
                                 mean != NULL ? &mean->programs[a] : NULL, err);
}

ltv_status ltv_program_set_init_draw(ltv_program_set *set, const ltv_scenario *scenario,
                                     const ltv_program_set *mean, ltv_error *err)
{
    *set = (ltv_program_set){.programs = calloc(scenario->n_arms, sizeof *set->programs),
                             .like = calloc(scenario->n_arms, sizeof *set->like)};
    if (set->programs == NULL || set->like == NULL)
        return ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory for %zu arms", scenario->n_arms);
    ltv_status status = LTV_OK;
    while (status == LTV_OK && set->n < scenario->n_arms) {
        size_t a = set->n++;
        set->like[a] = like_arm(scenario, a);
        status = compile(set, a, scenario, mean, err);
        if (status != LTV_OK)
            break;
        set->needs = ltv_needs_both(set->needs, ltv_kernel_needs(&set->programs[a]));
    }
    set->sifted =
        status == LTV_OK && are_all_alike(set) && ltv_sieve_is_possible(set->programs, set->n);
    if (set->sifted)
        set->sift_needs = ltv_sieve_needs(set->programs, set->n);
    set->counted = status == LTV_OK && set->n == 1 && ltv_census_is_possible(&set->programs[0]);
    return status;
}

ltv_status ltv_program_set_limits(ltv_program_set *set, ltv_stream stream, ltv_error *err)
{
    ltv_status status = LTV_OK;
    for (size_t a = 0; status == LTV_OK && a < set->n; a++)
        status = ltv_pilot_set_limits(&set->programs[a], stream, err);
    return status;
}

void ltv_program_set_free(ltv_program_set *set)
{
    for (size_t a = 0; a < set->n; a++)
        ltv_program_free(&set->programs[a]);
    free(set->programs);
    free(set->like);
    *set = (ltv_program_set){0};
}
