/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "sim/kernel/crowd_parts.h"
#include "sim/kernel/rules.h"

/* Where everybody pays the same for a component, nobody's stretches are listed: what he is worth is
 * added up from the bills between which he held each component (sim/kernel/counted.h), and at the
 * end all those are counted. */

/* --- tables --- */

static double size_of_bill(const ltv_money *sums, uint32_t bill)
{
    return fabs((double)sums[bill + 1] - (double)sums[bill]);
}

/* That whoever moves about among bundles stays far below what a number can hold, whatever he
 * holds when. */
static bool is_in_range(const ltv_program *program, const ltv_kind *kind)
{
    size_t n = (size_t)program->horizon + 1;
    double most = 0;
    for (uint32_t u = 0; u < program->horizon; u++) {
        double of_plan = 0, of_add_ons = 0;
        for (size_t c = 0; c < program->n_plans; c++)
            of_plan = fmax(of_plan, size_of_bill(kind->discounted_margin + c * n, u));
        for (size_t c = program->n_plans; c < program->n_components; c++)
            of_add_ons += size_of_bill(kind->discounted_margin + c * n, u);
        most += of_plan + of_add_ons + size_of_bill(kind->discounted_service, u);
    }
    return most < (double)(LTV_MONEY_LIMIT / 4);
}

/* Adds, or takes away, what so many first bills are worth, from sums of them: of those before each
 * checkpoint, and of all. */
static void add_bills(ltv_worth *worth, const ltv_program *program, const ltv_money *sums,
                      uint32_t bills, uint64_t times)
{
    for (int k = 0; k < LTV_CHECKPOINTS; k++)
        (*worth)[k] +=
            times * (uint64_t)sums[program->checkpoint[k] < bills ? program->checkpoint[k] : bills];
    (*worth)[LTV_VALUED_ALL] += times * (uint64_t)sums[bills];
}

/* What the first bills of one component are worth; every plan has the service, too. */
static void value_row(ltv_crowd *crowd, size_t row, const ltv_kind *kind, size_t component)
{
    const ltv_program *program = crowd->program;
    const uint64_t minus = UINT64_MAX; /* wraps around to -1 */
    uint32_t n = program->horizon + 1;
    ltv_worth *worth = crowd->worth + row * n;
    memset(worth, 0, n * sizeof *worth);
    for (uint32_t bills = 0; bills < n; bills++) {
        add_bills(&worth[bills], program, kind->discounted_margin + component * n, bills, 1);
        if (component < program->n_plans)
            add_bills(&worth[bills], program, kind->discounted_service, bills, minus);
    }
}

void ltv_crowd_prepare_counting(ltv_crowd *crowd)
{
    const ltv_program *program = crowd->program;
    const ltv_counted *counted = &crowd->block->counted;
    size_t components = counted->n_components;
    crowd->counts = components > 0 && !program->spends_differ;
    for (size_t k = 0; crowd->counts && k < program->n_kinds; k++)
        crowd->counts = is_in_range(program, &program->kinds[k]);
    for (size_t row = 0; crowd->counts && row < ltv_counted_rows(counted); row++)
        value_row(crowd, row, &program->kinds[program->kind_of[row / components]],
                  row % components);
}

/* --- lives --- */

void ltv_crowd_take_first_rows(ltv_crowd *crowd, uint32_t n)
{
    size_t components = crowd->block->counted.n_components;
    for (uint32_t i = 0; i < n; i++)
        crowd->first_row[i] = (uint32_t)(ltv_crowd_cell(crowd, i) * components);
    memset(crowd->plan_since, 0, n * sizeof *crowd->plan_since);
    memset(crowd->year_recurring, 0, n * sizeof *crowd->year_recurring);
    memset(crowd->earned, 0, n * sizeof *crowd->earned);
    crowd->n_holdings = 0;
}

void ltv_crowd_value_plain_lives(const ltv_crowd *crowd, const uint32_t *voluntary,
                                 const uint32_t *involuntary, uint32_t n)
{
    uint32_t last = crowd->program->horizon - 1;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t leaves = voluntary[i] < involuntary[i] ? voluntary[i] : involuntary[i];
        uint32_t bills = (leaves < last ? leaves : last) + 1;
        size_t row = crowd->first_row[i] + crowd->first_plan[i];
        crowd->block->plain_ltv[i] =
            (ltv_money)crowd->worth[row * crowd->stride + bills][LTV_VALUED_ALL];
    }
}

/* What he held between two bills, before the second, adds to what he is worth. */
static inline void add_holding(ltv_crowd *crowd, uint32_t i, size_t component, uint32_t from,
                               uint32_t to)
{
    const ltv_program *program = crowd->program;
    const ltv_worth *worth = crowd->worth + (crowd->first_row[i] + component) * crowd->stride;
    bool in_a_year = (from <= program->one_year) & (program->one_year < to);
    crowd->earned[i] += worth[to < program->horizon ? to : program->horizon] - worth[from];
    crowd->year_recurring[i] += in_a_year ? crowd->kind[i]->recurring[component] : 0;
}

void ltv_crowd_hold(ltv_crowd *crowd, uint32_t i, size_t component, uint32_t from, uint32_t to)
{
    size_t row = crowd->first_row[i] + component, stride = crowd->block->counted.stride;
    if (crowd->n_holdings == crowd->holding_capacity &&
        !ltv_crowd_make_room(crowd, (void **)&crowd->holdings, &crowd->holding_capacity,
                             sizeof *crowd->holdings))
        return;
    crowd->holdings[crowd->n_holdings++] =
        (ltv_holding){i, (uint32_t)(row * stride + from), (uint32_t)(row * stride + to)};
    add_holding(crowd, i, component, from, to);
}

static void close_life(ltv_crowd *crowd, ltv_block *block, uint32_t i)
{
    const ltv_program *program = crowd->program;
    uint32_t horizon = program->horizon, ends = crowd->ends_before[i];
    add_holding(crowd, i, crowd->plan[i], crowd->plan_since[i], ends);
    for (int k = 0; k < LTV_CHECKPOINTS; k++)
        block->ltv_by[k][i] += (ltv_money)crowd->earned[i][k];
    block->ltv[i] += (ltv_money)crowd->earned[i][LTV_VALUED_ALL];
    block->overflow |= ltv_money_is_too_large(block->ltv[i]);
    block->bills[i] = ends < horizon ? ends : horizon;
    block->pays_before[i] = ends;
    block->first_recurring[i] = block->first_revenue[i] =
        crowd->kind[i]->recurring[crowd->first_plan[i]];
    block->pays_one_year_on[i] = program->one_year <= horizon && program->one_year < ends;
    block->year_recurring[i] = crowd->year_recurring[i];
}

void ltv_crowd_close_lives(ltv_crowd *crowd, ltv_block *block, const bool of[LTV_BLOCK])
{
    for (uint32_t i = 0; i < block->n; i++)
        if (of[i])
            close_life(crowd, block, i);
}

void ltv_crowd_count(const ltv_crowd *crowd, ltv_block *block, const bool of[LTV_BLOCK])
{
    int32_t *holders = block->counted.holders;
    size_t stride = block->counted.stride;
    block->counted.any = true;
    for (uint32_t i = 0; i < block->n; i++) {
        int32_t *row = holders + (crowd->first_row[i] + crowd->plan[i]) * stride;
        row[crowd->plan_since[i]] += of[i];
        row[crowd->ends_before[i]] -= of[i];
    }
    for (size_t h = 0; h < crowd->n_holdings; h++) {
        const ltv_holding *holding = &crowd->holdings[h];
        holders[holding->from] += of[holding->i];
        holders[holding->to] -= of[holding->i];
    }
}
