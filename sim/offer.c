/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/offer.h"

#include <stdlib.h>

const char *ltv_lever_name(ltv_lever lever)
{
    static const char *const names[LTV_LEVERS] = {
        [LTV_LEVER_CHURN] = "churn",     [LTV_LEVER_INVOLUNTARY] = "involuntary",
        [LTV_LEVER_UPGRADE] = "upgrade", [LTV_LEVER_DOWNGRADE] = "downgrade",
        [LTV_LEVER_ATTACH] = "attach",   [LTV_LEVER_DROP] = "drop",
        [LTV_LEVER_ORDERS] = "orders",   [LTV_LEVER_PRICE] = "price",
        [LTV_LEVER_SPEND] = "spend",
    };
    return names[lever];
}

void ltv_rate_free(ltv_rate *rate)
{
    free(rate->spikes);
    *rate = (ltv_rate){0};
}

void ltv_plan_free(ltv_plan *plan)
{
    for (size_t i = 0; i < plan->n_upgrades; i++)
        ltv_rate_free(&plan->upgrades[i].rate);
    for (size_t i = 0; i < plan->n_downgrades; i++)
        ltv_rate_free(&plan->downgrades[i].rate);
    free(plan->upgrades);
    free(plan->downgrades);
    *plan = (ltv_plan){0};
}

void ltv_add_on_free(ltv_add_on *add_on)
{
    ltv_rate_free(&add_on->attach);
    ltv_rate_free(&add_on->drop);
    *add_on = (ltv_add_on){0};
}
