/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/intervention.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

double ltv_effect_weight(const ltv_effect *effect, uint32_t k)
{
    if (k < effect->ramp)
        return (double)(k + 1) / effect->ramp;
    if (k < effect->periods)
        return 1;
    if (effect->fade_half_life == 0)
        return 0;
    double weight = exp2(-(double)(k - effect->periods + 1) / effect->fade_half_life);
    return weight < 0x1p-20 ? 0 : weight;
}

double ltv_effect_multiplier(const ltv_effect *effect, uint32_t k)
{
    double weight = ltv_effect_weight(effect, k);
    return weight == 1 ? effect->times : weight == 0 ? 1 : pow(effect->times, weight);
}

uint32_t ltv_intervention_held_for(const ltv_intervention *intervention)
{
    uint32_t held = intervention->price_off_bills;
    for (size_t i = 0; i < intervention->n_effects; i++)
        if (intervention->effects[i].periods > held)
            held = intervention->effects[i].periods;
    return held;
}

/* NULL stands for NULL; sets *ok to false when memory is short. */
static void *copy_of(const void *items, size_t n, size_t size, bool *ok)
{
    if (items == NULL)
        return NULL;
    void *copy = calloc(n + 1, size);
    if (copy == NULL)
        *ok = false;
    else
        memcpy(copy, items, n * size);
    return copy;
}

bool ltv_intervention_is_in_phase(const ltv_intervention *intervention, uint32_t bill)
{
    for (size_t i = 0; i < intervention->n_phases; i++)
        if (intervention->phases[i].from <= bill && bill < intervention->phases[i].until)
            return true;
    return intervention->n_phases == 0;
}

bool ltv_intervention_copy(ltv_intervention *copy, const ltv_intervention *source,
                           size_t n_segments, size_t n_channels)
{
    bool ok = true;
    *copy = *source;
    copy->segments = copy_of(source->segments, n_segments, sizeof *copy->segments, &ok);
    copy->channels = copy_of(source->channels, n_channels, sizeof *copy->channels, &ok);
    copy->phases = copy_of(source->phases, source->n_phases, sizeof *copy->phases, &ok);
    return ok;
}

void ltv_intervention_free(ltv_intervention *intervention)
{
    free(intervention->segments);
    free(intervention->channels);
    free(intervention->phases);
    *intervention = (ltv_intervention){0};
}
