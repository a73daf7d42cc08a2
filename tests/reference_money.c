/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reference_money.h"

#include <math.h>
#include <stdlib.h>

static ltv_money rounded(double quanta)
{
    ltv_money money;
    if (!ltv_money_round(quanta, &money))
        abort();
    return money;
}

static ltv_money scaled(ltv_money amount, ltv_weight weight)
{
    bool overflow = false;
    ltv_money product = ltv_money_scale(amount, weight, &overflow);
    if (overflow)
        abort();
    return product;
}

static double in_quanta(const person *p, double amount)
{
    return amount * p->tables->quanta_per_unit;
}

static void add_item(reference_item *items, size_t *n, size_t capacity, reference_item item)
{
    if (*n == capacity)
        abort();
    items[(*n)++] = item;
}

/* --- recurring --- */

/* Undiscounted quanta of one bill for what he holds, at price index and weight 1. */
typedef struct {
    double recurring, margin;
} component;

/* Component c of this stretch: its plan first, then its add-ons; false after the last one. */
static bool component_of(const person *p, const reference_stretch *stretch, size_t c, component *is)
{
    const ltv_arm *arm = p->arm;
    double price = arm->price, margin = arm->gross_margin;
    if (c > arm->n_add_ons)
        return false;
    if (c > 0) {
        bool holds = stretch->add_ons >> (c - 1) & 1;
        price = holds ? arm->add_ons[c - 1].price : 0;
        margin = arm->add_ons[c - 1].margin;
    } else if (arm->n_plans > 0) {
        price = arm->plans[stretch->plan].price;
        margin = arm->plans[stretch->plan].margin;
    }
    ltv_multipliers times = ltv_arm_multipliers(arm, p->channel, stretch->segment);
    double t = times.on[LTV_LEVER_PRICE] * times.on[LTV_LEVER_SPEND];
    is->recurring = in_quanta(p, price * t);
    is->margin = is->recurring * margin;
    return true;
}

static double service_of(const person *p, const reference_stretch *stretch)
{
    return in_quanta(p, p->arm->service_cost + p->arm->segments[stretch->segment].service_cost);
}

/* Share of a recurring price that programmes leave at this bill … */
static double times_price_off(const person *p, uint32_t bill, double level)
{
    for (size_t i = 0; i < p->arm->n_interventions; i++) {
        const ltv_intervention *it = &p->arm->interventions[i];
        if (p->with[i].runs && bill - p->with[i].acted < it->price_off_bills)
            level *= 1 - it->price_off;
    }
    return level;
}

/* … and his level of spend with what they add to it. */
static double spend_with_effects(const person *p, uint32_t bill)
{
    double level = p->spend;
    for (size_t i = 0; i < p->arm->n_interventions; i++) {
        const ltv_intervention *it = &p->arm->interventions[i];
        for (size_t e = 0; p->with[i].runs && e < it->n_effects; e++)
            if (it->effects[e].lever == LTV_LEVER_PRICE || it->effects[e].lever == LTV_LEVER_SPEND)
                level *= ltv_effect_multiplier(&it->effects[e], bill - p->with[i].acted);
    }
    return level;
}

static void price_stretch(const person *p, reference_stretch *stretch)
{
    ltv_money recurring = 0, margin = 0;
    component is;
    for (size_t c = 0; component_of(p, stretch, c, &is); c++) {
        recurring += rounded(is.recurring);
        margin += rounded(is.margin);
    }
    stretch->recurring = scaled(recurring, stretch->held);
    stretch->revenue = scaled(recurring, stretch->paid);
    stretch->margin = scaled(margin, stretch->paid);
    stretch->forgone = scaled(margin, stretch->held) - stretch->margin;
    stretch->service = rounded(service_of(p, stretch));
}

/* A level in units of 2^-24. */
static ltv_weight weight_of(double level)
{
    return (ltv_weight)llround(ldexp(level, 24));
}

void pay_bill(person *p, uint32_t bill)
{
    reference_customer *result = p->result;
    double level = spend_with_effects(p, bill);
    reference_stretch now = {.from = bill,
                             .to = bill + 1,
                             .plan = p->plan,
                             .add_ons = p->add_ons,
                             .segment = p->segment,
                             .held = weight_of(level),
                             .paid = weight_of(times_price_off(p, bill, level))};
    result->bills += bill < p->tables->scenario->horizon;
    if (result->n_stretches > 0) {
        reference_stretch *last = &result->stretches[result->n_stretches - 1];
        if (last->to == bill && last->plan == now.plan && last->add_ons == now.add_ons &&
            last->segment == now.segment && last->held == now.held && last->paid == now.paid) {
            last->to = bill + 1;
            return;
        }
    }
    price_stretch(p, &now);
    result->stretches[result->n_stretches++] = now;
}

/* --- programmes --- */

void pay_programme(person *p, uint32_t bill, double amount)
{
    if (amount == 0)
        return;
    add_item(p->result->costs, &p->result->n_costs, REFERENCE_MAX_COSTS,
             (reference_item){bill, rounded(in_quanta(p, amount)),
                              rounded(in_quanta(p, amount) * p->tables->discount[bill])});
}

static uint32_t held_for(const ltv_intervention *it)
{
    uint32_t held = it->price_off_bills;
    for (size_t e = 0; e < it->n_effects; e++)
        held = it->effects[e].periods > held ? it->effects[e].periods : held;
    return held;
}

void pay_period_costs(person *p, uint32_t bill)
{
    for (size_t i = 0; i < p->arm->n_interventions; i++) {
        const ltv_intervention *it = &p->arm->interventions[i];
        if (p->with[i].runs && bill - p->with[i].acted < held_for(it))
            pay_programme(p, bill, it->per_period);
    }
}

/* --- orders --- */

/* In quanta; the order of multiplication decides the last bit, and so the last quantum. */
static void place_order(person *p, uint32_t u, ltv_uniform rank)
{
    const ltv_orders *orders = &p->arm->orders;
    double value = orders->value_mean * p->tables->quanta_per_unit;
    if (isfinite(orders->q))
        value *= (orders->q - 1) / p->order_value;
    if (isfinite(orders->p))
        value *= ltv_gamma_table_quantile(&p->tables->order_values, rank) / orders->p;
    add_item(p->result->orders, &p->result->n_orders, REFERENCE_MAX_ORDERS,
             (reference_item){u, rounded(value),
                              rounded(value * p->arm->gross_margin * p->tables->discount[u])});
}

/* Orders of one of two kinds as they come: order i an Exponential(1) number of expected orders
 * after the one before it. */
static void await_order(const person *p, reference_orders *orders, ltv_purpose gap)
{
    orders->due_at += ltv_exponential_of_uniform(uniform_of(p, LTV_UNNAMED, gap, orders->next));
}

/* Where customers order less, each order is placed with the multiplier for its probability. */
static void place_usual_orders(person *p, uint32_t u, double times)
{
    reference_orders *orders = &p->usual_orders;
    for (; orders->expected >= orders->due_at;) {
        uint32_t number = orders->next++;
        if (word_of(p, LTV_UNNAMED, LTV_PURPOSE_ORDER_KEPT, number) < ltv_word_threshold(times))
            place_order(p, u, uniform_of(p, LTV_UNNAMED, LTV_PURPOSE_ORDER_VALUE, number));
        await_order(p, orders, LTV_PURPOSE_ORDER_GAP);
    }
}

/* Where they order more, extra orders come on top. */
static void place_extra_orders(person *p, uint32_t u)
{
    reference_orders *orders = &p->extra_orders;
    while (orders->expected >= orders->due_at) {
        place_order(p, u,
                    uniform_of(p, LTV_UNNAMED, LTV_PURPOSE_EXTRA_ORDER_VALUE, orders->next++));
        await_order(p, orders, LTV_PURPOSE_EXTRA_ORDER_GAP);
    }
}

static void begin_orders(person *p)
{
    if (p->arm->orders.first_order_certain)
        place_order(p, 0,
                    uniform_of(p, LTV_UNNAMED, LTV_PURPOSE_ORDER_VALUE, p->usual_orders.next++));
    await_order(p, &p->usual_orders, LTV_PURPOSE_ORDER_GAP);
    await_order(p, &p->extra_orders, LTV_PURPOSE_EXTRA_ORDER_GAP);
}

void place_orders(person *p, uint32_t u)
{
    if (p->arm->orders.rate == 0)
        return;
    if (u == 0)
        begin_orders(p);
    double times = multiplier(p, LTV_LEVER_ORDERS, u);
    double own = p->arm->segments[p->joined].times.on[LTV_LEVER_ORDERS] *
                 p->arm->channels[p->channel].times.on[LTV_LEVER_ORDERS];
    double usual = own > 1 ? own : 1, expected = p->tables->expected_orders[u] * p->order_rate;
    p->usual_orders.expected += expected * usual;
    p->extra_orders.expected += times > usual ? expected * (times - usual) : 0;
    place_usual_orders(p, u, times / usual);
    place_extra_orders(p, u);
}

/* --- value --- */

/* Discounted gross margin at weight 1 of the bills of a stretch before this one. */
static ltv_money margin_before(const person *p, const reference_stretch *stretch, uint32_t bill)
{
    ltv_money sum = 0;
    component is;
    for (size_t c = 0; component_of(p, stretch, c, &is); c++)
        for (uint32_t u = stretch->from; u < stretch->to && u < bill; u++)
            sum += rounded(is.margin * p->tables->price_index[u] * p->tables->discount[u]);
    return sum;
}

static ltv_money service_before(const person *p, const reference_stretch *stretch, uint32_t bill)
{
    ltv_money sum = 0;
    for (uint32_t u = stretch->from; u < stretch->to && u < bill; u++)
        sum += rounded(service_of(p, stretch) * p->tables->discount[u]);
    return sum;
}

static ltv_money worth_before(size_t n, const reference_item *items, uint32_t bill)
{
    ltv_money sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += items[i].bill < bill ? items[i].worth : 0;
    return sum;
}

/* LTV of all that is dated before this bill, at most the horizon. */
static ltv_money ltv_before(const person *p, uint32_t bill)
{
    const reference_customer *result = p->result;
    ltv_money ltv = worth_before(result->n_orders, result->orders, bill) -
                    worth_before(result->n_costs, result->costs, bill);
    for (size_t i = 0; i < result->n_stretches; i++) {
        const reference_stretch *stretch = &result->stretches[i];
        ltv += scaled(margin_before(p, stretch, bill), stretch->paid) -
               service_before(p, stretch, bill);
    }
    return ltv;
}

static ltv_money programme_cost(const person *p)
{
    const reference_customer *result = p->result;
    uint32_t horizon = p->tables->scenario->horizon;
    ltv_money cost = worth_before(result->n_costs, result->costs, horizon);
    for (size_t i = 0; i < result->n_stretches; i++) {
        const reference_stretch *stretch = &result->stretches[i];
        ltv_money margin = margin_before(p, stretch, horizon);
        cost += scaled(margin, stretch->held) - scaled(margin, stretch->paid);
    }
    return cost;
}

void value_customer(person *p)
{
    static const uint32_t months[REFERENCE_CHECKPOINTS] = {12, 36, 60};
    const ltv_scenario *scenario = p->tables->scenario;
    p->result->spend = weight_of(p->spend);
    p->result->ltv = ltv_before(p, scenario->horizon);
    p->result->programme_cost = programme_cost(p);
    for (int i = 0; i < REFERENCE_CHECKPOINTS; i++) {
        uint32_t bill = ltv_periods_in_months(scenario->time_unit, months[i]);
        p->result->ltv_by[i] = bill <= scenario->horizon ? ltv_before(p, bill) : 0;
    }
}
