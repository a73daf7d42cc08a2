/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "sim/kernel/crowd_parts.h"
#include "sim/kernel/rules.h"
#include "sim/kernel/vector/vector.h"

/* Programmes that come by themselves and do nothing but change hazards. */
static uint64_t come_by_themselves(const ltv_program *program)
{
    uint64_t come = 0;
    for (size_t k = 0; k < program->n_interventions; k++) {
        const ltv_intervention_program *programme = &program->interventions[k];
        const ltv_intervention *definition = programme->definition;
        bool at_bills =
            definition->when.kind == LTV_WHEN_AT_TENURE || definition->when.kind == LTV_WHEN_EVERY;
        bool moves = definition->to_segment != LTV_NOWHERE || definition->to_plan != LTV_NOWHERE;
        if (at_bills && !moves && !programme->limited && !programme->prices)
            come |= ltv_bit(k);
    }
    return come;
}

static uint64_t all_of(const ltv_program *program)
{
    return program->n_interventions < LTV_MAX_INTERVENTIONS ? ltv_bit(program->n_interventions) - 1
                                                            : UINT64_MAX;
}

/* In rounds each of their changes is a stop of everybody, while one who lives alone passes over
 * most of them in the search of his clock: measured with ramps and fades of 24 bills and more, a
 * crowd is slower. */
static const uint32_t most_changes = 16;

uint64_t ltv_crowd_programmes(const ltv_program *program)
{
    uint64_t known = come_by_themselves(program);
    if (ltv_crowd_foresees(program))
        return known;
    for (size_t k = 0; k < program->n_interventions; k++)
        if (program->interventions[k].most_changes > most_changes)
            known &= ~ltv_bit(k);
    return known;
}

bool ltv_crowd_knows_all_programmes(const ltv_program *program)
{
    return ltv_crowd_programmes(program) == all_of(program);
}

bool ltv_crowd_all_come_by_themselves(const ltv_program *program)
{
    return come_by_themselves(program) == all_of(program);
}

bool ltv_crowd_changes_others(const ltv_program *program)
{
    for (size_t k = 0; k < program->n_interventions; k++)
        for (size_t e = 0; e < program->definitions[k].n_effects; e++)
            if (program->definitions[k].effects[e].lever != LTV_LEVER_CHURN)
                return true;
    return false;
}

/* --- who --- */

/* A coin of everybody: whether his word falls below a threshold. */
static void judge_coins(const ltv_crowd *crowd, const uint64_t *words,
                        const ltv_intervention_program *programme, ltv_purpose purpose,
                        uint64_t threshold, uint8_t below[LTV_BLOCK])
{
    uint32_t n = crowd->block->n;
    if (threshold == UINT64_MAX)
        memset(below, 1, n);
    else if (words != NULL)
        ltv_vector_in_use->compare(words, n, threshold, below);
    else
        for (uint32_t i = 0; i < n; i++)
            below[i] =
                ltv_luck_falls_below(crowd->luck, NULL, i, programme->name, purpose, threshold);
}

/* The first appointment of a programme, n_appointments: it has none. */
static uint32_t first_appointment(const ltv_program *program, size_t k)
{
    uint32_t first = 0;
    while (first < program->n_appointments && program->appointments[first].intervention != k)
        first++;
    return first;
}

/* Leaves out whom it never reaches: to them it does nothing. */
static void judge_audience(ltv_crowd *crowd, size_t k, const ltv_crowd_list *list)
{
    const ltv_program *program = crowd->program;
    const ltv_block *block = crowd->block;
    double top = program->interventions[k].definition->top_by_spend;
    uint32_t n = block->n;
    uint8_t is_for_one = (uint8_t)(program->for_cell[0] >> k & 1);
    uint8_t reached[LTV_BLOCK];
    judge_coins(crowd, crowd->block->kept.reach[k], &program->interventions[k], LTV_PURPOSE_REACH,
                program->interventions[k].reach_threshold, reached);
    for (uint32_t i = 0; top < 1 && i < n; i++)
        reached[i] &= list->spend_rank[i].above < top;
    for (uint32_t i = 0; crowd->n_cells > 1 && i < n; i++)
        reached[i] &=
            (uint8_t)(program->for_cell[ltv_block_cell(crowd->block, program, i)] >> k & 1);
    for (uint32_t i = 0; crowd->n_cells == 1 && i < n; i++)
        reached[i] &= is_for_one;
    for (uint32_t i = 0; i < n; i++)
        crowd->audience[i] |= (uint64_t)reached[i] << k;
}

/* Brings the first appointment of programme k forward to those whom it reaches. */
static void find_first_appointments(ltv_crowd *crowd, size_t k)
{
    uint32_t none = (uint32_t)crowd->program->n_appointments;
    uint32_t before = none - first_appointment(crowd->program, k);
    for (uint32_t i = 0; i < crowd->block->n; i++) {
        uint32_t own = none - (before & (0 - (uint32_t)(crowd->audience[i] >> k & 1)));
        crowd->next_appointment[i] =
            own < crowd->next_appointment[i] ? own : crowd->next_appointment[i];
    }
}

/* When the first programme is due. */
static void find_first_due(ltv_crowd *crowd, uint64_t known)
{
    const ltv_program *program = crowd->program;
    uint32_t n = crowd->block->n, only = ltv_crowd_appointment(program, 0);
    for (uint32_t i = 0; i < n; i++)
        crowd->next_appointment[i] = (uint32_t)program->n_appointments;
    for (uint64_t left = known; left != 0; left &= left - 1)
        find_first_appointments(crowd, ltv_first_of(left));
    if (program->n_appointments > 1)
        for (uint32_t i = 0; i < n; i++)
            crowd->due[i] = ltv_crowd_appointment(program, crowd->next_appointment[i]);
    else
        for (uint32_t i = 0; i < n; i++) /* LTV_NEVER has all bits */
            crowd->due[i] = only | (0 - (uint32_t)(crowd->next_appointment[i] != 0));
}

void ltv_crowd_skip_appointments(ltv_crowd *crowd, uint32_t i)
{
    const ltv_program *program = crowd->program;
    uint32_t next = crowd->next_appointment[i];
    while (next < program->n_appointments &&
           !(crowd->audience[i] & ltv_bit(program->appointments[next].intervention)))
        next++;
    crowd->next_appointment[i] = next;
}

void ltv_crowd_judge_uptake(const ltv_crowd *crowd, size_t k, uint8_t takes_part[LTV_BLOCK])
{
    const ltv_intervention_program *programme = &crowd->program->interventions[k];
    judge_coins(crowd, crowd->block->kept.uptake[k], programme, LTV_PURPOSE_UPTAKE,
                programme->uptake_threshold, takes_part);
}

void ltv_crowd_judge_audiences(ltv_crowd *crowd, const ltv_crowd_list *list)
{
    const ltv_program *program = crowd->program;
    uint64_t known = ltv_crowd_programmes(program);
    crowd->known_programmes = known;
    memset(crowd->audience, 0, crowd->block->n * sizeof *crowd->audience);
    for (uint64_t left = known; left != 0; left &= left - 1)
        judge_audience(crowd, ltv_first_of(left), list);
    for (uint64_t left = known; left != 0; left &= left - 1)
        if (program->interventions[ltv_first_of(left)].period_cost > 0)
            memset(crowd->programmes[ltv_first_of(left)].paid_from, 0xff,
                   sizeof crowd->programmes->paid_from); /* LTV_NEVER */
    if (crowd->foresees)
        memset(crowd->due, 0xff, crowd->block->n * sizeof *crowd->due); /* LTV_NEVER */
    else
        find_first_due(crowd, known);
}
