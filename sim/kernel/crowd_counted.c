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

/* That whoever moves about among these rows stays far below what a number can hold. */
static bool is_in_range(const ltv_crowd *crowd)
{
    const ltv_counted *counted = &crowd->block->counted;
    double most = 0;
    for (uint32_t u = 0; u < crowd->program->horizon; u++) {
        double of_bill = 0;
        for (size_t row = 0; row < ltv_counted_rows(counted); row++) {
            const ltv_worth *first = crowd->worth + row * crowd->stride + u;
            of_bill = fmax(of_bill, fabs((double)(int64_t)(first[1] - first[0])[LTV_VALUED_ALL]));
        }
        most += of_bill;
    }
    return most < (double)(LTV_MONEY_LIMIT / 4);
}

static void value_row(ltv_crowd *crowd, size_t row, const ltv_kind *kind, uint16_t plan,
                      uint32_t add_ons)
{
    crowd->churn[row] = ltv_steady_churn(crowd->program, kind, plan, add_ons);
    crowd->recurring[row] = ltv_bundle_sum(crowd->program, kind->recurring, 1, plan, add_ons);
    for (uint32_t bills = 0; bills <= crowd->program->horizon; bills++) {
        ltv_valued_bills value;
        ltv_worth *worth = &crowd->worth[row * crowd->stride + bills];
        ltv_bundle_work_out(&value, crowd->program, kind, plan, add_ons, bills);
        for (int k = 0; k < LTV_VALUED; k++)
            (*worth)[k] = (uint64_t)value.margin[k] - (uint64_t)value.service[k];
    }
}

void ltv_crowd_prepare_counting(ltv_crowd *crowd)
{
    const ltv_program *program = crowd->program;
    const ltv_counted *counted = &crowd->block->counted;
    crowd->counts = counted->n_bundles > 0 && !program->spends_differ;
    for (size_t row = 0; crowd->counts && row < ltv_counted_rows(counted); row++) {
        size_t cell = row / counted->n_bundles, bundle = row % counted->n_bundles;
        value_row(crowd, row, &program->kinds[program->kind_of[cell]],
                  (uint16_t)(bundle >> program->n_add_ons),
                  (uint32_t)(bundle & (((size_t)1 << program->n_add_ons) - 1)));
    }
    crowd->counts = crowd->counts && is_in_range(crowd);
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
