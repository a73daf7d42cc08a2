/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/kernel/subscription.h"

void ltv_block_add_dated(ltv_block *block, const ltv_program *program, uint32_t i, ltv_money amount,
                         uint32_t bill)
{
    block->ltv[i] += amount;
    for (int k = 0; k < LTV_CHECKPOINTS; k++)
        if (bill < program->checkpoint[k])
            block->ltv_by[k][i] += amount;
    block->overflow |= ltv_money_is_too_large(block->ltv[i]);
}

/* Adds the bills before `to`, at most the horizon, to what the customer is worth: after price_off
 * and service. */
static void value(const ltv_subscription *subscription, ltv_block *block,
                  const ltv_program *program, uint32_t i, uint32_t to)
{
    const ltv_kind *kind = subscription->kind;
    uint16_t plan = subscription->plan;
    uint32_t add_ons = subscription->add_ons, from = subscription->from;
    ltv_weight paid = subscription->paid_weight, recurring = subscription->recurring_weight;
    bool *overflow = &block->overflow;
    const ltv_valued_bills *first =
        ltv_bundle_value(&block->bundles, program, kind, plan, add_ons, from);
    const ltv_valued_bills *last =
        ltv_bundle_value(&block->bundles, program, kind, plan, add_ons, to);
    ltv_money margin[LTV_VALUED], worth[LTV_VALUED];
    for (int k = 0; k < LTV_VALUED; k++)
        worth[k] = margin[k] = last->margin[k] - first->margin[k];
    for (int k = 0; paid != LTV_WEIGHT_ONE && k < LTV_VALUED; k++)
        worth[k] = ltv_money_scale(margin[k], paid, overflow);
    for (int k = 0; k < LTV_VALUED; k++)
        worth[k] -= last->service[k] - first->service[k];
    for (int k = 0; k < LTV_CHECKPOINTS; k++)
        block->ltv_by[k][i] += worth[k];
    block->bills[i] += to - from;
    block->ltv[i] += worth[LTV_VALUED_ALL];
    block->overflow |= ltv_money_is_too_large(block->ltv[i]);
    if (paid != recurring)
        block->programme_cost[i] += ltv_money_scale(margin[LTV_VALUED_ALL], recurring, overflow) -
                                    ltv_money_scale(margin[LTV_VALUED_ALL], paid, overflow);
}

void ltv_subscription_close(const ltv_subscription *subscription, ltv_block *block,
                            const ltv_program *program, uint32_t i, uint32_t to)
{
    bool *overflow = &block->overflow;
    const ltv_kind *kind = subscription->kind;
    uint16_t plan = subscription->plan;
    uint32_t add_ons = subscription->add_ons;
    ltv_money recurring = ltv_bundle_sum(program, kind->recurring, 1, plan, add_ons);
    ltv_money margin = ltv_bundle_sum(program, kind->margin, 1, plan, add_ons);
    ltv_stretch stretch = {.from = subscription->from,
                           .to = to,
                           .plan = plan,
                           .add_ons = add_ons,
                           .kind = (uint32_t)(kind - program->kinds),
                           .weight = subscription->recurring_weight,
                           .service = kind->service};
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

void ltv_block_add_programme_costs(ltv_block *block, const ltv_program *program, const uint32_t *of,
                                   uint32_t n, ltv_money discounted, uint32_t bill)
{
    bool overflow = false;
    ltv_money by[LTV_CHECKPOINTS]; /* what falls before each of them */
    for (int k = 0; k < LTV_CHECKPOINTS; k++)
        by[k] = bill < program->checkpoint[k] ? discounted : 0;
    for (uint32_t j = 0; j < n; j++) {
        uint32_t i = of[j];
        block->programme_cost[i] += discounted;
        block->ltv[i] -= discounted;
        for (int k = 0; k < LTV_CHECKPOINTS; k++)
            block->ltv_by[k][i] -= by[k];
        overflow |= ltv_money_is_too_large(block->ltv[i]);
    }
    block->overflow |= overflow;
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
