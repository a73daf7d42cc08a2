/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "sim/kernel/crowd_parts.h"
#include "sim/kernel/rules.h"

/* Where everybody pays the same for a bundle, nobody's stretches are listed: what he is worth is
 * added up as he moves from row to row (sim/kernel/counted.h), and at the end all moves are
 * counted.
 */

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

/* A bundle with add-ons is the one without the first of them, whose row comes before, and that
 * add-on. */
static void value_row(ltv_crowd *crowd, size_t row, const ltv_kind *kind, uint16_t plan,
                      uint32_t add_ons)
{
    const ltv_program *program = crowd->program;
    const uint64_t minus = UINT64_MAX; /* wraps around to -1 */
    uint32_t n = program->horizon + 1;
    ltv_worth *worth = crowd->worth + row * n;
    crowd->churn[row] = ltv_steady_churn(program, kind, plan, add_ons);
    crowd->recurring[row] = ltv_bundle_sum(program, kind->recurring, 1, plan, add_ons);
    if (add_ons == 0) {
        memset(worth, 0, n * sizeof *worth);
        for (uint32_t bills = 0; bills < n; bills++) {
            add_bills(&worth[bills], program, kind->discounted_margin + plan * n, bills, 1);
            add_bills(&worth[bills], program, kind->discounted_service, bills, minus);
        }
        return;
    }
    size_t first = (size_t)__builtin_ctz(add_ons);
    memcpy(worth, worth - ((size_t)n << first), n * sizeof *worth);
    for (uint32_t bills = 0; bills < n; bills++)
        add_bills(&worth[bills], program, kind->discounted_margin + (program->n_plans + first) * n,
                  bills, 1);
}

void ltv_crowd_prepare_counting(ltv_crowd *crowd)
{
    const ltv_program *program = crowd->program;
    const ltv_counted *counted = &crowd->block->counted;
    crowd->counts = counted->n_bundles > 0 && !program->spends_differ;
    for (size_t k = 0; crowd->counts && k < program->n_kinds; k++)
        crowd->counts = is_in_range(program, &program->kinds[k]);
    for (size_t row = 0; crowd->counts && row < ltv_counted_rows(counted); row++) {
        size_t cell = row / counted->n_bundles, bundle = row % counted->n_bundles;
        value_row(crowd, row, &program->kinds[program->kind_of[cell]],
                  (uint16_t)(bundle >> program->n_add_ons),
                  (uint32_t)(bundle & (((size_t)1 << program->n_add_ons) - 1)));
    }
}

/* --- lives --- */

static size_t cell_of(const ltv_crowd *crowd, uint32_t i)
{
    const ltv_block *block = crowd->block;
    return block->channel[i] * crowd->program->n_segments + block->segment[i];
}

void ltv_crowd_take_first_rows(ltv_crowd *crowd, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        crowd->row[i] = crowd->first_row[i] = crowd->year_row[i] = (uint32_t)ltv_counted_row(
            &crowd->block->counted, crowd->program, cell_of(crowd, i), crowd->plan[i], 0);
    memset(crowd->earned, 0, n * sizeof *crowd->earned);
    crowd->n_moves = 0;
}

void ltv_crowd_value_plain_lives(const ltv_crowd *crowd, const uint32_t *voluntary,
                                 const uint32_t *involuntary, uint32_t n)
{
    uint32_t last = crowd->program->horizon - 1;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t leaves = voluntary[i] < involuntary[i] ? voluntary[i] : involuntary[i];
        uint32_t bills = (leaves < last ? leaves : last) + 1;
        crowd->block->plain_ltv[i] =
            (ltv_money)crowd->worth[crowd->first_row[i] * crowd->stride + bills][LTV_VALUED_ALL];
    }
}

void ltv_crowd_move(ltv_crowd *crowd, uint32_t i)
{
    const ltv_program *program = crowd->program;
    size_t stride = crowd->block->counted.stride;
    uint32_t bill = crowd->bill[i], from = crowd->row[i];
    uint32_t to = (uint32_t)ltv_counted_row(&crowd->block->counted, program, cell_of(crowd, i),
                                            crowd->plan[i], crowd->add_ons[i]);
    crowd->earned[i] +=
        crowd->worth[from * crowd->stride + bill] - crowd->worth[to * crowd->stride + bill];
    crowd->row[i] = to;
    if (bill <= program->one_year)
        crowd->year_row[i] = to;
    crowd->moves[crowd->n_moves++] =
        (ltv_move_entry){i, (uint32_t)(from * stride + bill), (uint32_t)(to * stride + bill)};
}

static void close_life(const ltv_crowd *crowd, ltv_block *block, uint32_t i)
{
    const ltv_program *program = crowd->program;
    uint32_t horizon = program->horizon, ends = crowd->ends_before[i];
    uint32_t bills = ends < horizon ? ends : horizon;
    ltv_worth worth = crowd->earned[i] + crowd->worth[crowd->row[i] * crowd->stride + bills];
    for (int k = 0; k < LTV_CHECKPOINTS; k++)
        block->ltv_by[k][i] += (ltv_money)worth[k];
    block->ltv[i] += (ltv_money)worth[LTV_VALUED_ALL];
    block->overflow |= ltv_money_is_too_large(block->ltv[i]);
    block->bills[i] = bills;
    block->pays_before[i] = ends;
    block->first_recurring[i] = block->first_revenue[i] = crowd->recurring[crowd->first_row[i]];
    block->pays_one_year_on[i] = program->one_year <= horizon && program->one_year < ends;
    block->year_recurring[i] =
        block->pays_one_year_on[i] ? crowd->recurring[crowd->year_row[i]] : 0;
}

void ltv_crowd_close_lives(const ltv_crowd *crowd, ltv_block *block, const bool of[LTV_BLOCK])
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
        holders[crowd->first_row[i] * stride] += of[i];
        holders[crowd->row[i] * stride + crowd->ends_before[i]] -= of[i];
    }
    for (size_t m = 0; m < crowd->n_moves; m++) {
        const ltv_move_entry *move = &crowd->moves[m];
        holders[move->leaves] -= of[move->i];
        holders[move->enters] += of[move->i];
    }
}
