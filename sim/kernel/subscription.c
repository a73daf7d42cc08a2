/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/kernel/subscription.h"

/* Amounts are below 2^62 each: one more and the sum could wrap. */
static bool is_too_large(ltv_money ltv)
{
    return ltv >= LTV_MONEY_LIMIT || ltv <= -LTV_MONEY_LIMIT;
}

void ltv_block_add_dated(ltv_block *block, const ltv_program *program, uint32_t i, ltv_money amount,
                         uint32_t bill)
{
    block->ltv[i] += amount;
    for (int k = 0; k < LTV_CHECKPOINTS; k++)
        if (bill < program->checkpoint[k])
            block->ltv_by[k][i] += amount;
    block->overflow |= is_too_large(block->ltv[i]);
}

/* Of the plan and the add-ons that he holds. Those that he does not hold are added as nothing: who
 * holds which cannot be foreseen, so a branch would cost more. */
static ltv_money held_amount(const ltv_subscription *subscription, const ltv_program *program,
                             const ltv_money *of_component)
{
    ltv_money amount = of_component[subscription->plan];
    for (size_t a = 0; a < program->n_add_ons; a++)
        amount += of_component[program->n_plans + a] & -(ltv_money)(subscription->add_ons >> a & 1);
    return amount;
}

/* Bills up to which it is valued: the checkpoints, and its end. */
enum { ENDS = LTV_CHECKPOINTS + 1 };

/* Discounted margin at spend 1 of its bills before each of the ends; likewise without branches. */
static void discounted_margins(const ltv_subscription *subscription, const ltv_program *program,
                               const uint32_t end[ENDS], ltv_money margin[ENDS])
{
    size_t stride = (size_t)program->horizon + 1;
    const ltv_money *sums = subscription->kind->discounted_margin + subscription->plan * stride;
    const ltv_money *of_add_on = subscription->kind->discounted_margin + program->n_plans * stride;
    uint32_t from = subscription->from;
    for (int e = 0; e < ENDS; e++)
        margin[e] = sums[end[e]] - sums[from];
    for (size_t a = 0; a < program->n_add_ons; a++, of_add_on += stride)
        for (int e = 0; e < ENDS; e++)
            margin[e] += (of_add_on[end[e]] - of_add_on[from]) &
                         -(ltv_money)(subscription->add_ons >> a & 1);
}

/* Adds the bills before `to`, at most the horizon, to what the customer is worth: after price_off
 * and service. */
static void value(const ltv_subscription *subscription, ltv_block *block,
                  const ltv_program *program, uint32_t i, uint32_t to)
{
    const ltv_money *service = subscription->kind->discounted_service;
    uint32_t from = subscription->from, end[ENDS];
    ltv_money margin[ENDS], worth[ENDS];
    for (int k = 0; k < LTV_CHECKPOINTS; k++) {
        end[k] = to < program->checkpoint[k] ? to : program->checkpoint[k];
        end[k] = end[k] > from ? end[k] : from;
    }
    end[LTV_CHECKPOINTS] = to;
    discounted_margins(subscription, program, end, margin);
    for (int e = 0; e < ENDS; e++) {
        worth[e] = margin[e];
        if (subscription->paid_weight != LTV_WEIGHT_ONE)
            worth[e] = ltv_money_scale(margin[e], subscription->paid_weight, &block->overflow);
        worth[e] -= service[end[e]] - service[from];
    }
    for (int k = 0; k < LTV_CHECKPOINTS; k++)
        block->ltv_by[k][i] += worth[k];
    block->bills[i] += to - from;
    block->ltv[i] += worth[LTV_CHECKPOINTS];
    block->overflow |= is_too_large(block->ltv[i]);
    if (subscription->paid_weight != subscription->recurring_weight)
        block->programme_cost[i] +=
            ltv_money_scale(margin[LTV_CHECKPOINTS], subscription->recurring_weight,
                            &block->overflow) -
            ltv_money_scale(margin[LTV_CHECKPOINTS], subscription->paid_weight, &block->overflow);
}

void ltv_subscription_close(const ltv_subscription *subscription, ltv_block *block,
                            const ltv_program *program, uint32_t i, uint32_t to)
{
    bool *overflow = &block->overflow;
    ltv_money recurring = held_amount(subscription, program, subscription->kind->recurring);
    ltv_money margin = held_amount(subscription, program, subscription->kind->margin);
    ltv_stretch stretch = {.from = subscription->from,
                           .to = to,
                           .plan = subscription->plan,
                           .add_ons = subscription->add_ons,
                           .service = subscription->kind->service};
    stretch.recurring = ltv_money_scale(recurring, subscription->recurring_weight, overflow);
    stretch.revenue = stretch.recurring;
    stretch.margin = ltv_money_scale(margin, subscription->paid_weight, overflow);
    if (subscription->paid_weight != subscription->recurring_weight) {
        stretch.revenue = ltv_money_scale(recurring, subscription->paid_weight, overflow);
        stretch.forgone =
            ltv_money_scale(margin, subscription->recurring_weight, overflow) - stretch.margin;
    }
    ltv_block_add_stretch(block, &stretch);
    uint32_t horizon = program->horizon, counted = to < horizon ? to : horizon;
    if (counted > subscription->from)
        value(subscription, block, program, i, counted);
}

void ltv_block_add_programme_cost(ltv_block *block, const ltv_program *program, uint32_t i,
                                  ltv_money discounted, uint32_t bill)
{
    block->programme_cost[i] += discounted;
    ltv_block_add_dated(block, program, i, -discounted, bill);
}

void ltv_block_add_period_costs(ltv_block *block, const ltv_program *program,
                                const ltv_intervention_program *programme, uint32_t i,
                                uint32_t from, uint32_t to)
{
    ltv_money discounted = programme->per_period[to] - programme->per_period[from];
    block->programme_cost[i] += discounted;
    block->ltv[i] -= discounted;
    for (int k = 0; k < LTV_CHECKPOINTS; k++) {
        uint32_t until = to < program->checkpoint[k] ? to : program->checkpoint[k];
        if (until > from)
            block->ltv_by[k][i] -= programme->per_period[until] - programme->per_period[from];
    }
}

ltv_money ltv_block_plain_value(ltv_block *block, const ltv_program *program, const ltv_kind *kind,
                                uint16_t plan, uint32_t i, uint32_t fires)
{
    size_t n = (size_t)program->horizon + 1;
    uint32_t bills = fires < program->horizon ? fires + 1 : program->horizon;
    return ltv_money_scale(kind->discounted_margin[plan * n + bills], block->spend[i],
                           &block->overflow) -
           kind->discounted_service[bills];
}
