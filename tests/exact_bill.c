/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "exact_march.h"

#include <math.h>

typedef struct {
    double revenue, margin; /* recurring, at level of spend 1 and before price_off */
} bill_amount;

/* What all prices of a bill are multiplied by. */
static double price_level(const exact_march *m, const exact_state *state)
{
    const ltv_arm *arm = m->arm;
    double times =
        exact_multiplier(m, state, LTV_LEVER_PRICE) * exact_multiplier(m, state, LTV_LEVER_SPEND);
    for (size_t i = 0; i < arm->n_price_changes; i++)
        if (arm->price_changes[i].bill <= m->bill)
            times *= arm->price_changes[i].times;
    return times;
}

static bill_amount amount_of(const exact_march *m, const exact_state *state)
{
    const ltv_arm *arm = m->arm;
    double price = arm->n_plans > 0 ? arm->plans[state->plan].price : arm->price;
    double share = arm->n_plans > 0 ? arm->plans[state->plan].margin : arm->gross_margin;
    bill_amount amount = {price, price * share};
    for (size_t a = 0; a < arm->n_add_ons; a++)
        if ((state->add_ons >> a & 1) != 0) {
            amount.revenue += arm->add_ons[a].price;
            amount.margin += arm->add_ons[a].price * arm->add_ons[a].margin;
        }
    double times = price_level(m, state);
    amount.revenue *= times;
    amount.margin *= times;
    return amount;
}

/* Mean of a customer's orders at the bill, and of the square: n orders given his rate are Poisson,
 * and each is worth mean x a level of its own x a level of the customer's. */
typedef struct {
    double mean, square;
} order_amount;

static order_amount orders_of(const exact_march *m, const exact_state *state)
{
    const ltv_orders *orders = &m->arm->orders;
    if (orders->rate == 0)
        return (order_amount){0, 0};
    double number = orders->rate * exact_multiplier(m, state, LTV_LEVER_ORDERS);
    if (orders->has_season)
        number *= orders->season[ltv_scenario_calendar_month(m->scenario, m->bill) - 1];
    double cv = orders->heterogeneity.kind != LTV_SPREAD_NONE ? orders->heterogeneity.cv : 0;
    double pairs = number * number * (1 + cv * cv); /* mean of n (n - 1) */
    if (m->bill == 0 && orders->first_order_certain) {
        pairs += 2 * number;
        number += 1;
    }
    double own = isfinite(orders->p) ? 1 + 1 / orders->p : 1;
    double personal = isfinite(orders->q) ? (orders->q - 1) / (orders->q - 2) : 1;
    double value = orders->value_mean;
    return (order_amount){number * value, value * value * personal * (number * own + pairs)};
}

static double share_paid(const exact_march *m, const exact_state *state)
{
    double paid = 1;
    for (size_t i = 0; i < m->arm->n_interventions; i++) {
        const exact_step *step = exact_running_step(m, state, i);
        paid *= step != NULL ? 1 - step->price_off : 1;
    }
    return paid;
}

static void count_what_they_hold(exact_march *m, const exact_state *state, double customers)
{
    uint32_t h = m->scenario->horizon;
    for (size_t a = 0; a < m->arm->n_add_ons; a++)
        if ((state->add_ons >> a & 1) != 0)
            m->twin->add_on_shares[a * h + m->bill] += customers;
    if (m->arm->n_plans > 0)
        m->twin->plan_shares[state->plan * h + m->bill] += customers;
    for (size_t i = 0; i < m->arm->n_interventions; i++) {
        const exact_step *step = exact_running_step(m, state, i);
        if (step != NULL && step->held)
            exact_pay_cost(m, m->bill, m->arm->interventions[i].per_period, customers);
    }
}

/* Sums over customers of 1, their level of spend and its square. */
typedef struct {
    double customers, levels, squares;
} level_sums;

static level_sums sums_of(const exact_march *m, const double *mass)
{
    level_sums sums = {0};
    for (size_t j = 0; j < m->nodes.n; j++) {
        sums.customers += mass[j];
        sums.levels += mass[j] * m->nodes.level[j];
        sums.squares += mass[j] * m->nodes.square[j];
    }
    return sums;
}

/* What plans and add-ons bring, each by its own price. */
static void count_what_brings_it(exact_march *m, const exact_state *state, level_sums sums)
{
    const ltv_arm *arm = m->arm;
    uint32_t h = m->scenario->horizon;
    double times = price_level(m, state);
    if (arm->n_plans > 0) {
        double price = arm->plans[state->plan].price * times;
        m->twin->plan_recurring[state->plan * h + m->bill] += sums.levels * price;
        m->twin->plan_squares[state->plan * h + m->bill] += sums.squares * price * price;
    }
    for (size_t a = 0; a < arm->n_add_ons; a++) {
        double price = (state->add_ons >> a & 1) != 0 ? arm->add_ons[a].price * times : 0;
        m->twin->add_on_recurring[a * h + m->bill] += sums.levels * price;
        m->twin->add_on_squares[a * h + m->bill] += sums.squares * price * price;
    }
}

static void count_revenue(exact_march *m, level_sums sums, double recurring, double paid,
                          order_amount orders)
{
    exact_twin *twin = m->twin;
    double price = recurring * paid;
    twin->recurring[m->bill] += sums.levels * recurring;
    twin->revenue[m->bill] += sums.levels * price + sums.customers * orders.mean;
    twin->orders[m->bill] += sums.customers * orders.mean;
    twin->recurring_squares[m->bill] += sums.squares * recurring * recurring;
    twin->revenue_squares[m->bill] += sums.squares * price * price +
                                      2 * sums.levels * price * orders.mean +
                                      sums.customers * orders.square;
}

void exact_pay_bill(exact_march *m, const exact_state *state, const double *mass)
{
    exact_twin *twin = m->twin;
    level_sums sums = sums_of(m, mass);
    bill_amount amount = amount_of(m, state);
    order_amount orders = orders_of(m, state);
    double paid = share_paid(m, state), margin = sums.levels * amount.margin;
    double service =
        sums.customers * (m->arm->service_cost + m->arm->segments[state->segment].service_cost);
    double ordered = sums.customers * orders.mean * m->arm->gross_margin;
    double discount = exact_discount_at(m->scenario, m->bill);
    twin->bills += sums.customers;
    twin->programme_cost += discount * margin * (1 - paid);
    twin->ltv += discount * (margin * paid + ordered - service);
    count_revenue(m, sums, amount.revenue, paid, orders);
    count_what_brings_it(m, state, sums);
    count_what_they_hold(m, state, sums.customers);
}
