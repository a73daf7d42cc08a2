/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_SUBSCRIPTION_H
#define LTV_SIM_SUBSCRIPTION_H

#include "sim/kernel/block.h"
#include "sim/program.h"

/* What a customer holds and pays from a bill on, until it changes; and what that comes to. Nothing
 * is summed bill by bill: what bills are worth is a difference of two prefix sums. */
typedef struct {
    const ltv_kind *kind;
    uint32_t from;    /* its first bill */
    uint32_t add_ons; /* bit a: holds add-on a */
    uint16_t plan;
    ltv_weight recurring_weight, paid_weight; /* of recurring amounts; after price_off */
} ltv_subscription;

/* Customer i held this before bill `to`, horizon + 1 where he still does at the horizon: appends
 * the stretch to the block and adds what it is worth to what he is worth. */
void ltv_subscription_close(const ltv_subscription *subscription, ltv_block *block,
                            const ltv_program *program, uint32_t i, uint32_t to);

/* Adds an amount that is dated at a bill to what customer i is worth. */
void ltv_block_add_dated(ltv_block *block, const ltv_program *program, uint32_t i, ltv_money amount,
                         uint32_t bill);

/* Adds what a programme costs for each of n customers at a bill, discounted. */
void ltv_block_add_programme_costs(ltv_block *block, const ltv_program *program, const uint32_t *of,
                                   uint32_t n, ltv_money discounted, uint32_t bill);

/* Adds the period costs of a programme with bills from ... to - 1, below the horizon. */
void ltv_block_add_period_costs(ltv_block *block, const ltv_program *program,
                                const ltv_intervention_program *programme, uint32_t i,
                                uint32_t from, uint32_t to);

/* What customer i would be worth if he kept the plan that he joined with, and nothing else, until
 * the period in which a clock of churn fires; LTV_NEVER: none does. */
ltv_money ltv_block_plain_value(ltv_block *block, const ltv_program *program, const ltv_kind *kind,
                                uint16_t plan, uint32_t i, uint32_t fires);

#endif
