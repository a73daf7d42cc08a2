/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "sim/kernel/crowd_parts.h"

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
    crowd->recurring[row] = kind->recurring[component];
    for (uint32_t bills = 0; bills < n; bills++) {
        add_bills(&worth[bills], program, kind->discounted_margin + component * n, bills, 1);
        if (component < program->n_plans)
            add_bills(&worth[bills], program, kind->discounted_service, bills, minus);
    }
    worth[n] = worth[n - 1];
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
        crowd->first_row[i] =
            (uint32_t)(ltv_block_cell(crowd->block, crowd->program, i) * components);
    memset(crowd->plan_since, 0, n * sizeof *crowd->plan_since);
    crowd->n_holdings = 0;
}

void ltv_crowd_value_plain_lives(const ltv_crowd *crowd, const uint32_t *voluntary,
                                 const uint32_t *involuntary)
{
    uint32_t last = crowd->program->horizon - 1;
    size_t stride = crowd->block->counted.stride;
    for (uint32_t m = 0; m < crowd->n_members; m++) {
        uint32_t i = crowd->member[m];
        uint32_t leaves = voluntary[i] < involuntary[i] ? voluntary[i] : involuntary[i];
        uint32_t bills = (leaves < last ? leaves : last) + 1;
        size_t row = crowd->first_row[i] + crowd->first_plan[i];
        crowd->block->plain_ltv[i] =
            (ltv_money)crowd->worth[row * stride + bills].of[LTV_VALUED_ALL];
    }
}

/* The last of what customer i held. */
static inline ltv_holding last_plan(const ltv_crowd *crowd, uint32_t i)
{
    return (ltv_holding){i, crowd->first_row[i] + crowd->plan[i], crowd->plan_since[i],
                         crowd->ends_before[i]};
}

/* What adds holdings up. */
typedef struct {
    const ltv_crowd *crowd;
    ltv_block *block;
    uint32_t horizon, year;
    size_t stride;    /* of rows of worth and of holders */
    int32_t *holders; /* where they are counted */
} addition;

static addition additions(const ltv_crowd *crowd, ltv_block *block)
{
    block->counted.any = true;
    return (addition){.crowd = crowd,
                      .block = block,
                      .horizon = crowd->program->horizon,
                      .year = crowd->program->one_year,
                      .stride = block->counted.stride,
                      .holders = block->counted.holders};
}

/* Counts so many customers who held it. */
static inline void add_holders(const addition *of, ltv_holding held, int64_t n)
{
    int32_t *row = of->holders + held.row * of->stride;
    row[held.from] += (int32_t)n;
    row[held.to] -= (int32_t)n;
}

/* What it is worth, added to what else he held is. */
static inline void add_worth(const addition *of, ltv_holding held, ltv_worth *sum)
{
    const ltv_worth *row = of->crowd->worth + held.row * of->stride;
    const ltv_worth *first = row + held.from, *last = row + held.to;
    for (int k = 0; k < LTV_VALUED; k++)
        sum->of[k] += last->of[k] - first->of[k];
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

/* What he pays for it a year on. */
static inline ltv_money recurring_in_a_year(const addition *of, ltv_holding held)
{
    int64_t holds = (held.from <= of->year) & (of->year < held.to);
    return of->crowd->recurring[held.row] & -holds;
}

void ltv_crowd_count(ltv_crowd *crowd, ltv_block *block)
{
    addition of = additions(crowd, block);
    ltv_worth sums[LTV_BLOCK]; /* side by side, since they are added in no order of customers */
    for (uint32_t m = 0; m < crowd->n_members; m++) {
        uint32_t i = crowd->member[m];
        ltv_holding last = last_plan(crowd, i);
        add_holders(&of, last, ltv_block_times(block, i));
        sums[i] = (ltv_worth){{0}};
        add_worth(&of, last, &sums[i]);
        block->year_recurring[i] = recurring_in_a_year(&of, last);
        block->bills[i] = last.to - (last.to > of.horizon);
        block->pays_before[i] = last.to;
        block->pays_one_year_on[i] = (of.year <= of.horizon) & (of.year < last.to);
        block->first_recurring[i] = block->first_revenue[i] =
            crowd->recurring[crowd->first_row[i] + crowd->first_plan[i]];
    }
    for (size_t h = 0; h < crowd->n_holdings; h++) {
        ltv_holding held = crowd->holdings[h];
        add_holders(&of, held, ltv_block_times(block, held.i));
        add_worth(&of, held, &sums[held.i]);
        block->year_recurring[held.i] += recurring_in_a_year(&of, held);
    }
    add_sums(block, crowd, sums);
}

void ltv_crowd_count_some(const ltv_crowd *crowd, ltv_block *block, const uint32_t *some,
                          uint32_t n)
{
    addition of = additions(crowd, block);
    int64_t times[LTV_BLOCK] = {0}; /* none of those who are not among them */
    for (uint32_t j = 0; j < n; j++) {
        times[some[j]] = ltv_block_times(block, some[j]);
        add_holders(&of, last_plan(crowd, some[j]), times[some[j]]);
    }
    for (size_t h = 0; h < crowd->n_holdings; h++)
        add_holders(&of, crowd->holdings[h], times[crowd->holdings[h].i]);
}
