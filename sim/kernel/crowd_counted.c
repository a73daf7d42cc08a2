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
        worth->of[k] +=
            times * (uint64_t)sums[program->checkpoint[k] < bills ? program->checkpoint[k] : bills];
    worth->of[LTV_VALUED_ALL] += times * (uint64_t)sums[bills];
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
            (ltv_money)crowd->worth[row * crowd->stride + bills].of[LTV_VALUED_ALL];
    }
}

/* The first bills, so many, of a component that he held. */
static inline const ltv_worth *worth_of(const ltv_crowd *crowd, uint32_t i, size_t component,
                                        uint32_t bills)
{
    uint32_t horizon = crowd->program->horizon;
    size_t row = crowd->first_row[i] + component;
    return &crowd->worth[row * crowd->stride + (bills < horizon ? bills : horizon)];
}

/* What he pays a year on for something held between two bills, before the second. */
static inline ltv_money recurring_in_a_year(const ltv_crowd *crowd, uint32_t i, size_t component,
                                            uint32_t from, uint32_t to)
{
    uint32_t year = crowd->program->one_year;
    int64_t holds = (from <= year) & (year < to);
    return crowd->kind[i]->recurring[component] & -holds;
}

void ltv_crowd_hold(ltv_crowd *crowd, uint32_t i, size_t component, uint32_t from, uint32_t to)
{
    size_t row = crowd->first_row[i] + component, stride = crowd->block->counted.stride;
    const ltv_worth *first = worth_of(crowd, i, component, from);
    const ltv_worth *last = worth_of(crowd, i, component, to);
    if (crowd->n_holdings == crowd->holding_capacity &&
        !ltv_crowd_make_room(crowd, (void **)&crowd->holdings, &crowd->holding_capacity,
                             sizeof *crowd->holdings))
        return;
    crowd->holdings[crowd->n_holdings++] =
        (ltv_holding){i, (uint32_t)(row * stride + from), (uint32_t)(row * stride + to)};
    for (int k = 0; k < LTV_VALUED; k++)
        crowd->earned[i].of[k] += last->of[k] - first->of[k];
    crowd->year_recurring[i] += recurring_in_a_year(crowd, i, component, from, to);
}

/* Adds what the last plan brought. */
static void close_lives(const ltv_crowd *crowd, ltv_block *block)
{
    bool overflow = false;
    for (uint32_t m = 0; m < crowd->n_members; m++) {
        uint32_t i = crowd->member[m];
        const ltv_worth *first = worth_of(crowd, i, crowd->plan[i], crowd->plan_since[i]);
        const ltv_worth *last = worth_of(crowd, i, crowd->plan[i], crowd->ends_before[i]);
        const ltv_worth *earned = &crowd->earned[i];
        for (int k = 0; k < LTV_CHECKPOINTS; k++)
            block->ltv_by[k][i] += (ltv_money)(earned->of[k] + last->of[k] - first->of[k]);
        block->ltv[i] += (ltv_money)(earned->of[LTV_VALUED_ALL] + last->of[LTV_VALUED_ALL] -
                                     first->of[LTV_VALUED_ALL]);
        overflow |= ltv_money_is_too_large(block->ltv[i]);
    }
    block->overflow |= overflow;
}

/* What else is known of who lived. */
static void note_bills(const ltv_crowd *crowd, ltv_block *block)
{
    uint32_t horizon = crowd->program->horizon, year = crowd->program->one_year;
    for (uint32_t m = 0; m < crowd->n_members; m++) {
        uint32_t i = crowd->member[m], ends = crowd->ends_before[i];
        block->bills[i] = ends - (ends > horizon);
        block->pays_before[i] = ends;
        block->first_recurring[i] = block->first_revenue[i] =
            crowd->kind[i]->recurring[crowd->first_plan[i]];
        block->pays_one_year_on[i] = (year <= horizon) & (year < ends);
        block->year_recurring[i] =
            crowd->year_recurring[i] +
            recurring_in_a_year(crowd, i, crowd->plan[i], crowd->plan_since[i], ends);
    }
}

void ltv_crowd_count(ltv_crowd *crowd, ltv_block *block)
{
    int32_t *holders = block->counted.holders;
    size_t stride = block->counted.stride;
    close_lives(crowd, block);
    note_bills(crowd, block);
    block->counted.any = true;
    for (uint32_t m = 0; m < crowd->n_members; m++) {
        uint32_t i = crowd->member[m];
        int32_t *row = holders + (crowd->first_row[i] + crowd->plan[i]) * stride;
        row[crowd->plan_since[i]]++;
        row[crowd->ends_before[i]]--;
    }
    for (size_t h = 0; h < crowd->n_holdings; h++) {
        holders[crowd->holdings[h].from]++;
        holders[crowd->holdings[h].to]--;
    }
}

void ltv_crowd_count_some(const ltv_crowd *crowd, ltv_block *block, const bool of[LTV_BLOCK])
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
