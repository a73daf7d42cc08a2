/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "sim/kernel/crowd_parts.h"
#include "sim/kernel/vector/vector.h"

/* Where everybody pays the same for a component, nobody's stretches are listed: what he is worth is
 * added up from the bills between which he held each component (sim/kernel/counted.h), and at the
 * end all those are counted. */

/* --- tables --- */

static double size_of_bill(const ltv_money *sums, uint32_t bill)
{
    return fabs((double)sums[bill + 1] - (double)sums[bill]);
}

/* That what anybody holds, whatever and whenever, stays far below what a number can hold. */
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

/* What the first bills of one component are worth; every plan has the service, too. The bill at the
 * horizon adds nothing. */
static void value_row(ltv_crowd *crowd, size_t row, const ltv_kind *kind, size_t component)
{
    const ltv_program *program = crowd->program;
    const uint64_t minus = UINT64_MAX; /* wraps around to -1 */
    uint32_t n = program->horizon + 1;
    ltv_worth *worth = crowd->worth + row * crowd->block->counted.stride;
    memset(worth, 0, n * sizeof *worth);
    for (uint32_t bills = 0; bills < n; bills++) {
        add_bills(&worth[bills], program, kind->discounted_margin + component * n, bills, 1);
        if (component < program->n_plans)
            add_bills(&worth[bills], program, kind->discounted_service, bills, minus);
    }
    worth[n] = worth[n - 1];
    ltv_money *in_a_year = crowd->in_a_year + row * crowd->row_stride;
    for (uint32_t bill = 0; bill <= n; bill++)
        in_a_year[bill] = bill > program->one_year ? kind->recurring[component] : 0;
}

void ltv_crowd_prepare_counting(ltv_crowd *crowd)
{
    const ltv_program *program = crowd->program;
    const ltv_counted *counted = &crowd->block->counted;
    size_t components = counted->n_components;
    crowd->row_stride = (uint32_t)counted->stride;
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
    const ltv_counted *counted = &crowd->block->counted;
    size_t of_cell = counted->n_components * counted->stride;
    for (uint32_t i = 0; i < n; i++)
        crowd->rows_of[i] = (uint32_t)(ltv_block_cell(crowd->block, crowd->program, i) * of_cell);
    memset(crowd->plan_since, 0, n * sizeof *crowd->plan_since);
    crowd->n_holdings = 0;
}

void ltv_crowd_value_plain_lives(const ltv_crowd *crowd, const uint32_t *voluntary,
                                 const uint32_t *involuntary)
{
    uint32_t last = crowd->program->horizon - 1;
    for (uint32_t m = 0; m < crowd->n_members; m++) {
        uint32_t i = crowd->member[m];
        uint32_t leaves = voluntary[i] < involuntary[i] ? voluntary[i] : involuntary[i];
        uint32_t bills = (leaves < last ? leaves : last) + 1;
        ltv_held plain = ltv_crowd_holding(crowd, i, crowd->first_plan[i], 0, bills);
        crowd->block->plain_ltv[i] = (ltv_money)crowd->worth[plain.to].of[LTV_VALUED_ALL];
    }
}

/* The last of what customer i held. */
static inline ltv_held last_plan(const ltv_crowd *crowd, uint32_t i)
{
    return ltv_crowd_holding(crowd, i, crowd->plan[i], crowd->plan_since[i], crowd->ends_before[i]);
}

/* What all that somebody held is worth, of which his other columns know nothing yet. */
static void add_sums(ltv_block *block, const ltv_crowd *crowd, const ltv_worth sums[LTV_BLOCK])
{
    bool overflow = false;
    for (uint32_t m = 0; m < crowd->n_members; m++) {
        uint32_t i = crowd->member[m];
        for (int k = 0; k < LTV_CHECKPOINTS; k++)
            block->ltv_by[k][i] += (ltv_money)sums[i].of[k];
        block->ltv[i] += (ltv_money)sums[i].of[LTV_VALUED_ALL];
        overflow |= ltv_money_is_too_large(block->ltv[i]);
    }
    block->overflow |= overflow;
}

/* What everybody has when his life is over. */
static void note_ends(const ltv_crowd *crowd, ltv_block *block)
{
    uint32_t horizon = crowd->program->horizon, year = crowd->program->one_year;
    for (uint32_t m = 0; m < crowd->n_members; m++) {
        uint32_t i = crowd->member[m], end = crowd->ends_before[i];
        block->bills[i] = end - (end > horizon);
        block->pays_before[i] = end;
        block->pays_one_year_on[i] = (year <= horizon) & (year < end);
        block->first_recurring[i] = block->first_revenue[i] =
            crowd->kind[i]->recurring[crowd->first_plan[i]];
    }
}

static void add_holdings(const ltv_crowd *crowd, ltv_block *block, const ltv_held *held, size_t n,
                         ltv_worth sums[LTV_BLOCK])
{
    const ltv_held_list list = {n, held, crowd->worth, crowd->in_a_year, block->times};
    ltv_vector_in_use->add_holdings(&list, block->counted.holders, sums, block->year_recurring);
}

void ltv_crowd_count(ltv_crowd *crowd, ltv_block *block)
{
    ltv_worth sums[LTV_BLOCK]; /* side by side, since they are added in no order of customers */
    ltv_held last[LTV_BLOCK];
    block->counted.any = true;
    note_ends(crowd, block);
    for (uint32_t m = 0; m < crowd->n_members; m++) {
        uint32_t i = crowd->member[m];
        sums[i] = (ltv_worth){{0}};
        block->year_recurring[i] = 0;
        last[m] = last_plan(crowd, i);
    }
    add_holdings(crowd, block, last, crowd->n_members, sums);
    add_holdings(crowd, block, crowd->holdings, crowd->n_holdings, sums);
    add_sums(block, crowd, sums);
}

/* Counts so many customers who held it. */
static inline void add_holders(int32_t *holders, ltv_held held, int64_t n)
{
    holders[held.from] += (int32_t)n;
    holders[held.to] -= (int32_t)n;
}

void ltv_crowd_count_some(const ltv_crowd *crowd, ltv_block *block, const uint32_t *some,
                          uint32_t n)
{
    int64_t times[LTV_BLOCK] = {0}; /* none of those who are not among them */
    int32_t *holders = block->counted.holders;
    block->counted.any = true;
    for (uint32_t j = 0; j < n; j++) {
        times[some[j]] = ltv_block_times(block, some[j]);
        add_holders(holders, last_plan(crowd, some[j]), times[some[j]]);
    }
    for (size_t h = 0; h < crowd->n_holdings; h++)
        add_holders(holders, crowd->holdings[h], times[crowd->holdings[h].i]);
}
