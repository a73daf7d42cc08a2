/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/subscription.h"

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

/* Discounted margin at spend 1 of its bills before `until`. */
static ltv_money discounted_margin(const ltv_subscription *subscription, const ltv_program *program,
                                   uint32_t until)
{
    const ltv_money *sums = subscription->kind->discounted_margin;
    size_t n = (size_t)program->horizon + 1;
    uint32_t from = subscription->from;
    ltv_money sum = sums[subscription->plan * n + until] - sums[subscription->plan * n + from];
    for (uint32_t held = subscription->add_ons; held != 0; held &= held - 1) {
        const ltv_money *of_add_on = sums + (program->n_plans + (size_t)__builtin_ctz(held)) * n;
        sum += of_add_on[until] - of_add_on[from];
    }
    return sum;
}

/* What its bills before `until` are worth after price_off and service. */
static ltv_money worth(const ltv_subscription *subscription, ltv_block *block,
                       const ltv_program *program, uint32_t until)
{
    const ltv_money *service = subscription->kind->discounted_service;
    return ltv_money_scale(discounted_margin(subscription, program, until),
                           subscription->paid_weight, &block->overflow) -
           (service[until] - service[subscription->from]);
}

/* Adds the bills before `to`, at most the horizon, to what the customer is worth. */
static void value(const ltv_subscription *subscription, ltv_block *block,
                  const ltv_program *program, uint32_t i, uint32_t to)
{
    ltv_money all = worth(subscription, block, program, to);
    for (int k = 0; k < LTV_CHECKPOINTS; k++) {
        uint32_t checkpoint = program->checkpoint[k];
        if (checkpoint >= to)
            block->ltv_by[k][i] += all;
        else if (checkpoint > subscription->from)
            block->ltv_by[k][i] += worth(subscription, block, program, checkpoint);
    }
    block->bills[i] += to - subscription->from;
    block->ltv[i] += all;
    block->overflow |= is_too_large(block->ltv[i]);
    if (subscription->paid_weight != subscription->recurring_weight) {
        ltv_money margin = discounted_margin(subscription, program, to);
        block->programme_cost[i] +=
            ltv_money_scale(margin, subscription->recurring_weight, &block->overflow) -
            ltv_money_scale(margin, subscription->paid_weight, &block->overflow);
    }
}

/* Of the plan and the add-ons that he holds. */
static ltv_money held_amount(const ltv_subscription *subscription, const ltv_program *program,
                             const ltv_money *of_component)
{
    ltv_money amount = of_component[subscription->plan];
    for (uint32_t held = subscription->add_ons; held != 0; held &= held - 1)
        amount += of_component[program->n_plans + (size_t)__builtin_ctz(held)];
    return amount;
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
