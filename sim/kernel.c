/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/kernel.h"

#include <math.h>

ltv_luck_needs ltv_kernel_needs(const ltv_program *program)
{
    ltv_luck_needs needs = {.involuntary = program->involuntary,
                            .membership = program->n_segments > 1 || program->n_channels > 1,
                            .levels = program->spends_differ};
    for (size_t k = 0; k < program->n_clocks; k++) {
        needs.membership |= program->clocks[k].cured_threshold > 0;
        needs.levels |= program->clocks[k].draws_z;
    }
    return needs;
}

/* First entry whose threshold lies above the word: the member drawn by cumulative shares. */
static uint16_t member_of_word(const uint64_t *threshold, size_t n, uint64_t word)
{
    uint16_t member = 0;
    while (member + 1u < n && word >= threshold[member])
        member++;
    return member;
}

static void join(ltv_block *block, const ltv_program *program, const ltv_luck *luck)
{
    for (uint32_t i = 0; i < block->n; i++)
        block->channel[i] =
            member_of_word(program->channel_threshold, program->n_channels, luck->channel[i]);
    for (uint32_t i = 0; i < block->n; i++)
        block->segment[i] =
            member_of_word(program->segment_threshold, program->n_segments, luck->segment[i]);
}

/* The first u with cumulative[u] >= budget, 1 ... last, where cumulative[last] is the infinite
 * sentinel: the clock fires in period u - 1, so bill u is the first one not paid. */
static uint32_t first_bill_not_paid(const double *cumulative, uint32_t last, double budget)
{
    uint32_t low = 1, length = last;
    while (length > 1) {
        uint32_t half = length / 2;
        low += cumulative[low + half - 1] < budget ? half : 0;
        length -= half;
    }
    return low;
}

static const ltv_clock_program *clock_of(const ltv_program *program, const ltv_block *block,
                                         uint32_t i)
{
    size_t cell = block->channel[i] * program->n_segments + block->segment[i];
    return &program->clocks[program->clock_of[cell]];
}

/* Bill at which the voluntary clock of one customer ends his payments. */
static uint32_t voluntary_end(const ltv_clock_program *clock, const ltv_luck *luck, uint32_t i,
                              uint32_t last)
{
    if (luck->cured[i] < clock->cured_threshold)
        return last;
    if (!clock->draws_z)
        return first_bill_not_paid(clock->voluntary, last, luck->voluntary[i]);
    /* The clock fires when G(z Lambda) >= budget; z is positive, so the search stays monotone.
     * Halving by the exact condition, because G(z Lambda) is not in a table. */
    double z = ltv_frailty_explicit(&clock->frailty, luck->frailty[i]);
    uint32_t low = 1, high = last;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        double reached =
            z > 0 ? ltv_frailty_marginal_hazard(&clock->frailty, z * clock->voluntary[middle]) : 0;
        if (reached >= luck->voluntary[i])
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static void leave(ltv_block *block, const ltv_program *program, const ltv_luck *luck)
{
    uint32_t last = program->horizon + 1;
    for (uint32_t i = 0; i < block->n; i++)
        block->leaves_before[i] = voluntary_end(clock_of(program, block, i), luck, i, last);
    if (!program->involuntary)
        return;
    for (uint32_t i = 0; i < block->n; i++) {
        uint32_t failed = first_bill_not_paid(clock_of(program, block, i)->involuntary, last,
                                              luck->involuntary[i]);
        if (failed < block->leaves_before[i])
            block->leaves_before[i] = failed;
    }
}

/* Level of spend of one customer. With a correlation its score is that of the frailty's rank,
 * turned by the copula: rho x + sqrt(1 - rho^2) y. */
static ltv_weight spend_level(const ltv_program *program, const ltv_clock_program *clock,
                              const ltv_luck *luck, uint32_t i)
{
    ltv_uniform u = luck->spend[i];
    if (program->spend_follows_churn) {
        double rho = program->spend_pearson;
        double churn_score =
            ltv_frailty_score_given_budget(&clock->frailty, luck->voluntary[i], luck->frailty[i]);
        u = ltv_uniform_of_score(rho * churn_score + sqrt(1 - rho * rho) * ltv_score_of_uniform(u));
    }
    return ltv_weight_of(ltv_spread_quantile(program->spend, u));
}

static void spend(ltv_block *block, const ltv_program *program, const ltv_luck *luck)
{
    for (uint32_t i = 0; i < block->n; i++)
        block->spend[i] = program->spends_differ
                              ? spend_level(program, clock_of(program, block, i), luck, i)
                              : LTV_WEIGHT_ONE;
}

static void value(ltv_block *block, const ltv_program *program)
{
    bool overflow = false;
    for (uint32_t i = 0; i < block->n; i++) {
        const ltv_segment_program *segment = &program->segments[block->segment[i]];
        uint32_t bills = block->leaves_before[i] <= program->horizon ? block->leaves_before[i]
                                                                     : program->horizon;
        block->ltv[i] =
            ltv_money_scale(segment->discounted_margin[bills], block->spend[i], &overflow) -
            segment->discounted_service[bills];
    }
    block->overflow = overflow;
}

void ltv_kernel_run(ltv_block *block, const ltv_program *program, const ltv_luck *luck)
{
    block->n = luck->n;
    join(block, program, luck);
    leave(block, program, luck);
    spend(block, program, luck);
    value(block, program);
}
