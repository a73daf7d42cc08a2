/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/kernel/life_parts.h"

#include <math.h>

static bool is_priced(ltv_lever lever)
{
    return lever == LTV_LEVER_PRICE || lever == LTV_LEVER_SPEND;
}

/* The weights of the present bill: level of spend x effects on price and spend, and that after
 * price_off. */
static void weigh(const ltv_life *life, ltv_weight *recurring, ltv_weight *paid)
{
    double level = life->spend, kept = 1;
    if (life->running == 0) {
        *recurring = *paid = life->block->spend[life->i];
        return;
    }
    size_t n = (size_t)life->program->horizon + 1;
    for (uint64_t running = life->running; running != 0; running &= running - 1) {
        int k = __builtin_ctzll(running);
        const ltv_intervention_program *programme = &life->program->interventions[k];
        const ltv_intervention *definition = programme->definition;
        uint32_t since = life->bill - life->programme[k].began;
        if (!programme->prices)
            continue;
        for (size_t e = 0; e < definition->n_effects; e++)
            if (is_priced(definition->effects[e].lever))
                level *= programme->multiplier[e * n + since];
        if (since < definition->price_off_bills)
            kept *= 1 - definition->price_off;
    }
    *recurring = ltv_weight_of(level, &life->block->overflow);
    *paid = kept == 1 ? *recurring : ltv_weight_of(level * kept, &life->block->overflow);
}

void ltv_life_pay(ltv_life *life)
{
    ltv_weight recurring, paid;
    weigh(life, &recurring, &paid);
    ltv_subscription now = {.kind = life->kind,
                            .from = life->bill,
                            .plan = life->plan,
                            .add_ons = life->add_ons,
                            .recurring_weight = recurring,
                            .paid_weight = paid};
    const ltv_subscription *open = &life->subscription;
    if (life->subscribed) {
        if (open->plan == now.plan && life->subscribed_segment == life->segment &&
            open->add_ons == now.add_ons && open->recurring_weight == recurring &&
            open->paid_weight == paid)
            return;
        ltv_subscription_close(open, life->block, life->program, life->i, life->bill);
    }
    life->subscribed = true;
    life->subscription = now;
    life->subscribed_segment = life->segment;
}

void ltv_life_stop_paying(ltv_life *life, uint32_t bill)
{
    if (life->subscribed)
        ltv_subscription_close(&life->subscription, life->block, life->program, life->i, bill);
    life->subscribed = false;
    uint32_t horizon = life->program->horizon;
    for (uint64_t running = life->running; running != 0; running &= running - 1)
        ltv_life_stop_period_cost(life, (uint32_t)__builtin_ctzll(running),
                                  bill < horizon ? bill : horizon);
}

/* --- programme costs --- */

static void charge(ltv_life *life, uint32_t bill, ltv_money amount, ltv_money discounted)
{
    if (amount != 0)
        ltv_block_add_cost(life->block, (ltv_cost){bill, bill + 1, amount});
    ltv_block_add_programme_costs(life->block, life->program, &life->i, 1, discounted, bill);
}

void ltv_life_charge_contact(ltv_life *life, uint32_t k, uint32_t bill)
{
    const ltv_intervention_program *programme = &life->program->interventions[k];
    if (bill >= life->program->horizon)
        return;
    uint32_t *first = &life->block->first_contact[k * LTV_BLOCK + life->i];
    *first = bill < *first ? bill : *first;
    life->block->contacts[k]++;
    charge(life, bill, programme->contact_cost, programme->per_contact[bill]);
}

void ltv_life_charge_participant(ltv_life *life, uint32_t k, uint32_t bill)
{
    const ltv_intervention_program *programme = &life->program->interventions[k];
    if (bill >= life->program->horizon)
        return;
    life->block->participants[k]++;
    charge(life, bill, programme->participant_cost, programme->per_participant[bill]);
}

void ltv_life_run_period_cost(ltv_life *life, uint32_t k)
{
    if (life->program->interventions[k].period_cost > 0 &&
        life->programme[k].paid_from == LTV_NEVER)
        life->programme[k].paid_from = life->bill;
}

void ltv_life_stop_period_cost(ltv_life *life, uint32_t k, uint32_t bill)
{
    const ltv_intervention_program *programme = &life->program->interventions[k];
    ltv_block *block = life->block;
    uint32_t from = life->programme[k].paid_from;
    if (from >= bill)
        return;
    life->programme[k].paid_from = LTV_NEVER;
    ltv_block_add_cost(block, (ltv_cost){from, bill, programme->period_cost});
    ltv_block_add_period_costs(block, life->program, programme, life->i, from, bill);
}

/* --- orders --- */

_Static_assert(LTV_PURPOSE_ORDER_GAP >= (int)LTV_FIRST_GROUPED &&
                   LTV_PURPOSE_ORDER_VALUE / LTV_LANES == LTV_PURPOSE_ORDER_GAP / LTV_LANES &&
                   LTV_PURPOSE_ORDER_KEPT / LTV_LANES == LTV_PURPOSE_ORDER_GAP / LTV_LANES,
               "the luck of an order is read at once");

static uint32_t customer_of(const ltv_life *life)
{
    return life->luck->customer[life->i];
}

static ltv_uniform uniform_of(const ltv_life *life, ltv_purpose purpose, uint32_t occurrence)
{
    return ltv_address_uniform(life->luck->stream, customer_of(life), LTV_UNNAMED, purpose,
                               occurrence);
}

/* A purpose of the next order, whose words are there. */
static ltv_uniform next_order_uniform(const ltv_life *life, ltv_purpose purpose)
{
    uint64_t word = life->order_words.lane[purpose % LTV_LANES];
    uint32_t deep = 0;
    if (__builtin_expect(ltv_word_needs_deep(word), 0))
        deep = ltv_address_deep_word(life->luck->stream, customer_of(life), LTV_UNNAMED, purpose,
                                     life->order_number);
    return ltv_uniform_of_word(word, deep);
}

/* An order at a bill; `rank` is that of its value among the customer's. */
static void add_order(ltv_life *life, ltv_uniform rank, uint32_t bill)
{
    const ltv_program *program = life->program;
    double value = life->order_value;
    if (isfinite(program->orders.p))
        value *= ltv_gamma_table_quantile(&program->order_values, rank) / program->orders.p;
    ltv_order order = {.bill = bill};
    ltv_money margin;
    /* Addresses end, and so do the orders that can be told apart. */
    life->block->overflow |= life->order_number >= LTV_MAX_OCCURRENCES - 1 ||
                             life->extra_number >= LTV_MAX_OCCURRENCES - 1;
    if (!ltv_money_round(value, &order.value) ||
        !ltv_money_round(value * program->gross_margin * program->discount[bill], &margin)) {
        life->block->overflow = true;
        return;
    }
    ltv_block_add_order(life->block, order);
    ltv_block_add_dated(life->block, program, life->i, margin, bill);
}

static void read_next_order(ltv_life *life)
{
    life->order_words = ltv_address_words(life->luck->stream, customer_of(life), LTV_UNNAMED,
                                          LTV_PURPOSE_ORDER_GAP, life->order_number);
}

/* The next order comes after so many expected ones more. */
static void await_order(ltv_life *life)
{
    read_next_order(life);
    life->orders.remaining +=
        ltv_exponential_of_uniform(next_order_uniform(life, LTV_PURPOSE_ORDER_GAP));
}

static void await_extra_order(ltv_life *life)
{
    life->extra_orders.remaining += ltv_luck_budget(
        life->luck, NULL, life->i, LTV_UNNAMED, LTV_PURPOSE_EXTRA_ORDER_GAP, life->extra_number);
}

/* His place in a column of the luck, or what is there instead. */
static double *kept_or(const ltv_life *life, double *column, double *unkept)
{
    return column != NULL ? &column[life->i] : unkept;
}

static void draw_levels(ltv_life *life)
{
    const ltv_orders *orders = &life->program->orders;
    life->order_rate = 1;
    if (orders->heterogeneity.kind != LTV_SPREAD_NONE) {
        double unkept = NAN, *rate = kept_or(life, life->block->kept.order_rate, &unkept);
        if (isnan(*rate))
            *rate = ltv_spread_quantile(orders->heterogeneity,
                                        uniform_of(life, LTV_PURPOSE_ORDER_RATE, 0));
        life->order_rate = *rate;
    }
    life->order_value = orders->value_mean * life->program->quanta_per_unit;
    if (isfinite(orders->q)) {
        double unkept = NAN, *level = kept_or(life, life->block->kept.order_level, &unkept);
        if (isnan(*level))
            *level = ltv_gamma_quantile(orders->q, uniform_of(life, LTV_PURPOSE_ORDER_LEVEL, 0));
        life->order_value *= (orders->q - 1) / *level;
    }
}

void ltv_life_begin_orders(ltv_life *life)
{
    const ltv_program *program = life->program;
    ltv_clock_stop(&life->orders);
    ltv_clock_stop(&life->extra_orders);
    if (program->orders.rate == 0)
        return;
    draw_levels(life);
    if (program->orders.first_order_certain) {
        read_next_order(life);
        add_order(life, next_order_uniform(life, LTV_PURPOSE_ORDER_VALUE), 0);
        life->order_number++;
    }
    await_order(life);
    await_extra_order(life);
    ltv_clock_start(&life->orders, program->order_hazard, life->orders.remaining, 0);
    ltv_clock_set_times(&life->orders, life->order_rate, 0);
    ltv_clock_start(&life->extra_orders, program->order_hazard, life->extra_orders.remaining, 0);
}

/* Where customers order less, each order is placed with the multiplier for its probability. */
static bool is_placed(const ltv_life *life)
{
    uint64_t word = life->order_words.lane[LTV_PURPOSE_ORDER_KEPT % LTV_LANES];
    return life->order_times >= 1 || word < ltv_word_threshold(life->order_times);
}

void ltv_life_order(ltv_life *life, uint32_t period)
{
    while (ltv_clock_look(&life->orders, period + 1) == period && !life->block->overflow) {
        if (is_placed(life))
            add_order(life, next_order_uniform(life, LTV_PURPOSE_ORDER_VALUE), period);
        life->order_number++;
        await_order(life);
        ltv_clock_go_on(&life->orders, period);
    }
    while (ltv_clock_look(&life->extra_orders, period + 1) == period && !life->block->overflow) {
        add_order(life, uniform_of(life, LTV_PURPOSE_EXTRA_ORDER_VALUE, life->extra_number),
                  period);
        life->extra_number++;
        await_extra_order(life);
        ltv_clock_go_on(&life->extra_orders, period);
    }
}
