/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/program_parts.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "sim/address.h"

/* Amounts of programmes of one customer, all periods together, stay far below the limit of money
 * so that they can be subtracted without a check. */
static const double most_cost = 0x1p56;

static ltv_status compile_costs(ltv_intervention_program *program, const ltv_program *of,
                                const ltv_arm *arm, ltv_error *err)
{
    const ltv_intervention *definition = program->definition;
    double quanta = of->quanta_per_unit;
    size_t n = (size_t)of->horizon + 1;
    program->per_contact = ltv_program_array(n, sizeof *program->per_contact);
    program->per_participant = ltv_program_array(n, sizeof *program->per_participant);
    program->per_period = ltv_program_array(n, sizeof *program->per_period);
    if (program->per_contact == NULL || program->per_participant == NULL ||
        program->per_period == NULL)
        return ltv_program_no_memory(arm->name, err);
    double most = fmax(definition->per_contact, definition->per_participant);
    if (quanta * fmax(most, definition->per_period) * (double)n > most_cost)
        return ltv_fail(err, LTV_ERR_OVERFLOW,
                        "the cost of intervention '%s' is too large to be held exactly: state "
                        "amounts in thousands or shorten the horizon",
                        definition->name);
    program->contact_cost = (ltv_money)round(definition->per_contact * quanta);
    program->participant_cost = (ltv_money)round(definition->per_participant * quanta);
    program->period_cost = (ltv_money)round(definition->per_period * quanta);
    for (uint32_t u = 0; u < of->horizon; u++) {
        double worth = quanta * of->discount[u];
        program->per_contact[u] = (ltv_money)round(definition->per_contact * worth);
        program->per_participant[u] = (ltv_money)round(definition->per_participant * worth);
        program->per_period[u + 1] =
            program->per_period[u] + (ltv_money)round(definition->per_period * worth);
    }
    return LTV_OK;
}

/* The first k' > k at which the multiplier of an effect changes. */
static uint32_t next_change(const ltv_effect *effect, uint32_t k)
{
    bool ramps = k + 1 < effect->ramp;
    bool fades = k >= effect->periods && ltv_effect_weight(effect, k) > 0;
    if (ramps || fades)
        return k + 1;
    return k < effect->periods ? effect->periods : LTV_FOR_EVER;
}

static void bring_forward(uint32_t *next, uint32_t k)
{
    *next = k < *next ? k : *next;
}

/* When something changes next, k periods after the trigger. */
static void compile_changes(ltv_intervention_program *program, uint32_t k)
{
    const ltv_intervention *definition = program->definition;
    uint32_t next = LTV_FOR_EVER, stop = LTV_FOR_EVER;
    for (size_t e = 0; e < definition->n_effects; e++) {
        const ltv_effect *effect = &definition->effects[e];
        bring_forward(effect->lever == LTV_LEVER_CHURN ? &next : &stop, next_change(effect, k));
    }
    if (k < definition->price_off_bills)
        bring_forward(&stop, definition->price_off_bills);
    bring_forward(&next, stop);
    if (k < program->held_for && definition->per_period > 0)
        bring_forward(&stop, program->held_for);
    program->changes_at[k] = next;
    program->stops_at[k] = stop;
}

static ltv_status compile_course(ltv_intervention_program *program, const ltv_program *of,
                                 const ltv_arm *arm, ltv_error *err)
{
    const ltv_intervention *definition = program->definition;
    size_t n = (size_t)of->horizon + 1;
    program->multiplier = ltv_program_array(definition->n_effects * n, sizeof *program->multiplier);
    program->changes_at = ltv_program_array(n, sizeof *program->changes_at);
    program->stops_at = ltv_program_array(n, sizeof *program->stops_at);
    if (program->multiplier == NULL || program->changes_at == NULL || program->stops_at == NULL)
        return ltv_program_no_memory(arm->name, err);
    program->prices = definition->price_off_bills > 0;
    for (size_t e = 0; e < definition->n_effects; e++) {
        program->prices |= definition->effects[e].lever == LTV_LEVER_PRICE ||
                           definition->effects[e].lever == LTV_LEVER_SPEND;
        if (definition->effects[e].lever == LTV_LEVER_CHURN)
            program->churn = program->multiplier + e * n;
        for (uint32_t k = 0; k < n; k++)
            program->multiplier[e * n + k] = ltv_effect_multiplier(&definition->effects[e], k);
    }
    for (uint32_t k = 0; k < n; k++)
        compile_changes(program, k);
    return LTV_OK;
}

static ltv_status compile_intervention(ltv_intervention_program *program, const ltv_program *of,
                                       const ltv_arm *arm, size_t index, ltv_error *err)
{
    const ltv_intervention *definition = program->definition;
    program->name = ltv_address_name(definition->name);
    program->reach_threshold = ltv_word_threshold(definition->reach);
    program->uptake_threshold = ltv_word_threshold(definition->uptake);
    program->success_threshold = ltv_word_threshold(definition->when.probability);
    program->held_for = ltv_intervention_held_for(&arm->interventions[index]);
    program->limited = isfinite(definition->capacity);
    program->contact_threshold =
        ltv_program_array((size_t)of->horizon + 1, sizeof *program->contact_threshold);
    if (program->contact_threshold == NULL)
        return ltv_program_no_memory(arm->name, err);
    for (uint32_t u = 0; u <= of->horizon; u++)
        program->contact_threshold[u] = LTV_ENOUGH_FOR_ALL;
    if (definition->when.rate > 0) {
        ltv_rate rate = {.probability = definition->when.rate, .until = UINT32_MAX};
        program->clock.name = program->name;
        program->clock.cumulative = ltv_program_rate_hazard(&rate, of->horizon);
        if (program->clock.cumulative == NULL)
            return ltv_program_no_memory(arm->name, err);
    }
    ltv_status status = compile_course(program, of, arm, err);
    return status == LTV_OK ? compile_costs(program, of, arm, err) : status;
}

static bool is_due(const ltv_intervention *definition, uint32_t bill)
{
    uint32_t periods = definition->when.periods;
    switch (definition->when.kind) {
    case LTV_WHEN_AT_TENURE:
        return bill == periods;
    case LTV_WHEN_EVERY:
        return bill > 0 && bill % periods == 0;
    default:
        return false;
    }
}

static ltv_status compile_appointments(ltv_program *program, const ltv_arm *arm, ltv_error *err)
{
    for (int pass = 0; pass < 2; pass++) {
        size_t n = 0;
        for (uint32_t u = 0; u < program->horizon; u++)
            for (size_t k = 0; k < arm->n_interventions; k++)
                if (is_due(&arm->interventions[k], u) &&
                    ltv_intervention_is_in_phase(&arm->interventions[k], u)) {
                    if (pass == 1)
                        program->appointments[n] = (ltv_appointment){u, (uint32_t)k};
                    n++;
                }
        if (pass == 1)
            break;
        program->n_appointments = n;
        program->appointments = ltv_program_array(n, sizeof *program->appointments);
        if (program->appointments == NULL)
            return ltv_program_no_memory(arm->name, err);
    }
    return LTV_OK;
}

/* From the last appointment to the first, since each lasts until the next one of its programme. */
static void count_changes(ltv_program *program)
{
    uint32_t next[LTV_MAX_INTERVENTIONS];
    for (size_t k = 0; k < program->n_interventions; k++)
        next[k] = program->horizon;
    for (size_t a = program->n_appointments; a > 0; a--) {
        const ltv_appointment *due = &program->appointments[a - 1];
        ltv_intervention_program *programme = &program->interventions[due->intervention];
        uint32_t lasts = next[due->intervention] - due->bill, n = 0;
        for (uint32_t k = programme->changes_at[0]; k < lasts; k = programme->changes_at[k])
            n++;
        programme->most_changes = n > programme->most_changes ? n : programme->most_changes;
        next[due->intervention] = due->bill;
    }
}

static bool is_for(const ltv_intervention *definition, size_t channel, size_t segment)
{
    return (definition->segments == NULL || definition->segments[segment]) &&
           (definition->channels == NULL || definition->channels[channel]);
}

static ltv_status compile_audiences(ltv_program *program, const ltv_arm *arm, ltv_error *err)
{
    size_t cells = program->n_channels * program->n_segments;
    program->for_cell = ltv_program_array(cells, sizeof *program->for_cell);
    if (program->for_cell == NULL)
        return ltv_program_no_memory(arm->name, err);
    for (size_t cell = 0; cell < cells; cell++)
        for (size_t k = 0; k < program->n_interventions; k++)
            if (is_for(&program->definitions[k], cell / program->n_segments,
                       cell % program->n_segments))
                program->for_cell[cell] |= (uint64_t)1 << k;
    return LTV_OK;
}

/* Of the whole cohort, discounted, in quanta. */
static double fixed_cost_of(const ltv_program *program, const ltv_intervention *definition)
{
    double cost = definition->fixed * program->discount[0];
    for (uint32_t u = 0; u < program->horizon; u++)
        cost += definition->fixed_per_period * program->discount[u];
    return cost * program->quanta_per_unit;
}

ltv_status ltv_program_add_interventions(ltv_program *program, const ltv_arm *arm, ltv_error *err)
{
    static atomic_uint_fast64_t programmes_compiled;
    size_t n = arm->n_interventions;
    program->programmes_number = atomic_fetch_add(&programmes_compiled, 1) + 1;
    program->interventions = ltv_program_array(n, sizeof *program->interventions);
    program->definitions = ltv_program_array(n, sizeof *program->definitions);
    if (program->interventions == NULL || program->definitions == NULL)
        return ltv_program_no_memory(arm->name, err);
    program->n_interventions = n;
    ltv_status status = LTV_OK;
    for (size_t k = 0; status == LTV_OK && k < n; k++) {
        if (!ltv_intervention_copy(&program->definitions[k], &arm->interventions[k],
                                   arm->n_segments, arm->n_channels))
            return ltv_program_no_memory(arm->name, err);
        program->interventions[k].definition = &program->definitions[k];
        program->has_price_off |= arm->interventions[k].price_off_bills > 0;
        program->of_kind[arm->interventions[k].when.kind] |= (uint64_t)1 << k;
        program->with_clock |= (uint64_t)(arm->interventions[k].when.rate > 0) << k;
        program->interventions[k].fixed_cost = fixed_cost_of(program, &arm->interventions[k]);
        program->fixed_cost += program->interventions[k].fixed_cost;
        status = compile_intervention(&program->interventions[k], program, arm, k, err);
    }
    if (status == LTV_OK)
        status = compile_appointments(program, arm, err);
    if (status == LTV_OK)
        count_changes(program);
    return status == LTV_OK ? compile_audiences(program, arm, err) : status;
}

void ltv_program_forget_interventions(ltv_program *program)
{
    program->n_interventions = program->n_appointments = 0;
    program->definitions = NULL;
    program->interventions = NULL;
    program->appointments = NULL;
    program->for_cell = NULL;
    program->has_price_off = false;
    memset(program->of_kind, 0, sizeof program->of_kind);
    program->with_clock = 0;
    program->fixed_cost = 0;
    program->signal_hazard = NULL;
}

void ltv_program_free_interventions(ltv_program *program)
{
    for (size_t k = 0; k < program->n_interventions; k++) {
        ltv_intervention_program *intervention = &program->interventions[k];
        free(intervention->multiplier);
        free(intervention->changes_at);
        free(intervention->stops_at);
        free(intervention->per_contact);
        free(intervention->per_participant);
        free(intervention->per_period);
        free(intervention->clock.cumulative);
        free(intervention->contact_threshold);
        ltv_intervention_free(&program->definitions[k]);
    }
    for (size_t s = 0; program->signal_hazard != NULL && s < program->n_segments; s++)
        free(program->signal_hazard[s]);
    free(program->signal_hazard);
    free(program->interventions);
    free(program->definitions);
    free(program->appointments);
    free(program->for_cell);
}
