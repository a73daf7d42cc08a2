/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reference_simulator.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "reference_customer.h"
#include "reference_money.h"
#include "reference_programmes.h"

/* What happens between bill u, which he paid, and bill u + 1. */
static void live_through(person *p, uint32_t u)
{
    if (leaves_by_himself(p, u) || fails_for_good(p, u)) {
        leave(p, u);
        open_win_back(p, u);
        return;
    }
    change_plan(p, u);
    change_add_ons(p, u);
    make_requests(p, u);
}

static void clear(reference_customer *result)
{
    memset(result, 0, offsetof(reference_customer, stretches));
    for (size_t i = 0; i < LTV_MAX_INTERVENTIONS; i++)
        result->first_contact[i] = REFERENCE_NEVER;
}

void reference_simulate(const reference_arm *tables, uint32_t customer, reference_customer *result)
{
    uint32_t horizon = tables->scenario->horizon;
    if (horizon > REFERENCE_MAX_HORIZON)
        abort();
    clear(result);
    person p = join(tables, customer, result);
    for (uint32_t u = 0; u < horizon; u++) {
        if (p.active) {
            meet_programmes(&p, u);
            pay_bill(&p, u);
            pay_period_costs(&p, u);
            place_orders(&p, u);
            live_through(&p, u);
        } else {
            try_win_back(&p, u);
        }
    }
    if (p.active)
        pay_bill(&p, horizon);
    value_customer(&p);
}
