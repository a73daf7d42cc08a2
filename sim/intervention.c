/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/intervention.h"

#include <math.h>
#include <stdlib.h>

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
    return weight == 1 ? effect->times : pow(effect->times, weight);
}

uint32_t ltv_intervention_held_for(const ltv_intervention *intervention)
{
    uint32_t held = intervention->price_off_bills;
    for (size_t i = 0; i < intervention->n_effects; i++)
        if (intervention->effects[i].periods > held)
            held = intervention->effects[i].periods;
    return held;
}

void ltv_intervention_free(ltv_intervention *intervention)
{
    free(intervention->segments);
    free(intervention->channels);
    free(intervention->phases);
    *intervention = (ltv_intervention){0};
}
