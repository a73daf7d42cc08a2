/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/tally_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* --- distributions --- */

void ltv_spread_tally_init(ltv_spread_tally *spread)
{
    *spread = (ltv_spread_tally){
        .least = INT64_MAX, .most = INT64_MIN, .net_least = INT64_MAX, .net_most = INT64_MIN};
}

void ltv_spread_tally_merge(ltv_spread_tally *into, const ltv_spread_tally *from)
{
    ltv_sketch_merge(&into->ltv, &from->ltv);
    ltv_sketch_merge(&into->net_ltv, &from->net_ltv);
    ltv_widen(&into->least, &into->most, from->least, from->most);
    ltv_widen(&into->net_least, &into->net_most, from->net_least, from->net_most);
}

void ltv_spread_tally_free(ltv_spread_tally *spread)
{
    ltv_sketch_free(&spread->ltv);
    ltv_sketch_free(&spread->net_ltv);
}

static ltv_spread_tally *new_spreads(size_t n)
{
    ltv_spread_tally *spreads = calloc(n, sizeof *spreads);
    for (size_t i = 0; spreads != NULL && i < n; i++)
        ltv_spread_tally_init(&spreads[i]);
    return spreads;
}

/* Counts n amounts, and widens their range. */
static void add_to_sketch(ltv_sketch *sketch, ltv_money *least, ltv_money *most,
                          const ltv_money *amounts, size_t n)
{
    ltv_money low = *least, high = *most;
    ltv_sketch_add_all(sketch, amounts, n);
    for (size_t i = 0; i < n; i++)
        ltv_widen(&low, &high, amounts[i], amounts[i]);
    *least = low;
    *most = high;
}

static void add_to_spread(ltv_spread_tally *spread, const ltv_money *ltv, const ltv_money *net_ltv,
                          size_t n)
{
    add_to_sketch(&spread->ltv, &spread->least, &spread->most, ltv, n);
    if (net_ltv != NULL)
        add_to_sketch(&spread->net_ltv, &spread->net_least, &spread->net_most, net_ltv, n);
}

static void add_times_to_spread(ltv_spread_tally *spread, ltv_money ltv, const ltv_money *net_ltv,
                                int64_t times)
{
    ltv_sketch_add(&spread->ltv, ltv, times);
    ltv_widen(&spread->least, &spread->most, ltv, ltv);
    if (net_ltv == NULL)
        return;
    ltv_sketch_add(&spread->net_ltv, *net_ltv, times);
    ltv_widen(&spread->net_least, &spread->net_most, *net_ltv, *net_ltv);
}

/* --- figures of a customer --- */

/* Which figures a program has, and which of them are others by another name. */
static void name_figures(ltv_figure counted_as[LTV_FIGURES], const ltv_program *program)
{
    bool has_orders = program->orders.rate > 0;
    for (ltv_figure f = 0; f < LTV_FIGURES; f++)
        counted_as[f] = f;
    if (!ltv_program_has_cac(program))
        counted_as[LTV_FIGURE_NET_LTV] = LTV_FIGURE_LTV;
    for (unsigned k = 0; k < LTV_CHECKPOINTS; k++)
        if (program->checkpoint[k] == 0)
            counted_as[LTV_FIGURE_LTV_BY + k] = LTV_FIGURES;
        else if (program->checkpoint[k] == program->horizon)
            counted_as[LTV_FIGURE_LTV_BY + k] = LTV_FIGURE_LTV;
    if (!has_orders && !program->has_price_off)
        counted_as[LTV_FIGURE_FIRST_REVENUE] = LTV_FIGURE_FIRST_RECURRING;
    if (program->plain) { /* a bill is that of bill 0 or nothing */
        counted_as[LTV_FIGURE_YEAR_CAPPED] = LTV_FIGURE_YEAR_RECURRING;
        counted_as[LTV_FIGURE_CAPPED_BOTH] = LTV_FIGURE_RECURRING_BOTH;
    }
    if (program->one_year > program->horizon)
        for (ltv_figure f = LTV_FIGURE_YEAR_RECURRING; f <= LTV_FIGURE_CAPPED_BOTH; f++)
            counted_as[f] = LTV_FIGURES;
    if (program->n_interventions == 0)
        counted_as[LTV_FIGURE_PROGRAMME_COST] = LTV_FIGURES;
    if (!has_orders)
        counted_as[LTV_FIGURE_ORDERS] = LTV_FIGURES;
    if (!program->has_plain_ltv)
        counted_as[LTV_FIGURE_BEYOND_PLAIN] = LTV_FIGURES;
}

/* An amount of a stretch at the prices of a bill. */
static ltv_money priced(const ltv_program *program, ltv_money amount, uint32_t bill, bool *overflow)
{
    double index = program->price_index[bill];
    ltv_money at_bill = amount;
    if (index != 1 && !ltv_money_round((double)amount * index, &at_bill)) {
        *overflow = true;
        return 0;
    }
    return at_bill;
}

static ltv_money orders_of_first_bill(const ltv_block *block, uint32_t i)
{
    ltv_money value = 0;
    for (size_t o = i > 0 ? block->orders.end[i - 1] : 0; o < block->orders.end[i]; o++)
        if (block->orders.items[o].bill == 0)
            value += block->orders.items[o].value;
    return value;
}

/* Figures of all customers, each at the places of the room. */
typedef struct {
    const ltv_money *of[LTV_FIGURES];
} figures;

/* A column of the block at the places of the room: there, or, since those of a single cell are the
 * customers, as it stands. */
static const ltv_money *in_place(ltv_money room[LTV_BLOCK], const ltv_arm_room *own,
                                 const ltv_money column[LTV_BLOCK], uint32_t n)
{
    if (own->n_cells == 1)
        return column;
    for (uint32_t place = 0; place < n; place++)
        room[place] = column[own->customer[place]];
    return room;
}

/* The same at the prices of a bill. */
static const ltv_money *priced_in_place(ltv_money room[LTV_BLOCK], const ltv_arm_room *own,
                                        const ltv_program *program,
                                        const ltv_money column[LTV_BLOCK], uint32_t n,
                                        uint32_t bill, bool *overflow)
{
    const ltv_money *amount = in_place(room, own, column, n);
    if (program->price_index[bill] == 1)
        return amount;
    for (uint32_t place = 0; place < n; place++)
        room[place] = priced(program, amount[place], bill, overflow);
    return room;
}

static void add_first_orders(ltv_money revenue[LTV_BLOCK], const ltv_money *without,
                             const ltv_arm_room *own, const ltv_block *block)
{
    for (uint32_t place = 0; place < block->n; place++)
        revenue[place] = without[place] + orders_of_first_bill(block, own->customer[place]);
}

static void measure_revenue(figures *all, ltv_money (*room)[LTV_BLOCK], const ltv_arm_room *own,
                            const ltv_program *program, const ltv_block *block, bool *overflow)
{
    uint32_t n = block->n, year = program->one_year <= program->horizon ? program->one_year : 0;
    const ltv_money *then = priced_in_place(room[LTV_FIGURE_FIRST_RECURRING], own, program,
                                            block->first_recurring, n, 0, overflow);
    const ltv_money *now = priced_in_place(room[LTV_FIGURE_YEAR_RECURRING], own, program,
                                           block->year_recurring, n, year, overflow);
    ltv_money *revenue = room[LTV_FIGURE_FIRST_REVENUE];
    all->of[LTV_FIGURE_FIRST_RECURRING] = then;
    all->of[LTV_FIGURE_YEAR_RECURRING] = now;
    all->of[LTV_FIGURE_FIRST_REVENUE] =
        priced_in_place(revenue, own, program, block->first_revenue, n, 0, overflow);
    if (block->orders.n > 0) {
        add_first_orders(revenue, all->of[LTV_FIGURE_FIRST_REVENUE], own, block);
        all->of[LTV_FIGURE_FIRST_REVENUE] = revenue;
    }
    for (uint32_t place = 0; place < n; place++) {
        ltv_money capped = now[place] < then[place] ? now[place] : then[place];
        room[LTV_FIGURE_RECURRING_BOTH][place] = then[place] + now[place];
        room[LTV_FIGURE_YEAR_CAPPED][place] = capped;
        room[LTV_FIGURE_CAPPED_BOTH][place] = then[place] + capped;
    }
}

static figures measure(ltv_money (*room)[LTV_BLOCK], const ltv_arm_room *own,
                       const ltv_program *program, const ltv_block *block, bool *overflow)
{
    uint32_t n = block->n;
    bool has_cac = ltv_program_has_cac(program);
    figures all;
    for (ltv_figure f = 0; f < LTV_FIGURES; f++)
        all.of[f] = room[f];
    const ltv_money *ltv = in_place(room[LTV_FIGURE_LTV], own, block->ltv, n);
    all.of[LTV_FIGURE_LTV] = ltv;
    for (uint32_t place = 0; has_cac && place < n; place++)
        room[LTV_FIGURE_NET_LTV][place] = ltv[place] - block->cac[own->customer[place]];
    for (int k = 0; k < LTV_CHECKPOINTS; k++)
        all.of[(int)LTV_FIGURE_LTV_BY + k] =
            in_place(room[(int)LTV_FIGURE_LTV_BY + k], own, block->ltv_by[k], n);
    for (uint32_t place = 0; place < n; place++)
        room[LTV_FIGURE_BILLS][place] = block->bills[own->customer[place]];
    measure_revenue(&all, room, own, program, block, overflow);
    all.of[LTV_FIGURE_PROGRAMME_COST] =
        in_place(room[LTV_FIGURE_PROGRAMME_COST], own, block->programme_cost, n);
    for (uint32_t place = 0; program->has_plain_ltv && place < n; place++)
        room[LTV_FIGURE_BEYOND_PLAIN][place] = ltv[place] - block->plain_ltv[own->customer[place]];
    for (uint32_t place = 0; program->orders.rate > 0 && place < n; place++) {
        uint32_t i = own->customer[place];
        room[LTV_FIGURE_ORDERS][place] =
            (ltv_money)(block->orders.end[i] - (i > 0 ? block->orders.end[i - 1] : 0));
    }
    return all;
}

/* Whether some channel has a CAC: else net LTV is LTV, and no figure of it. */
static bool knows_cac(const ltv_figure counted_as[LTV_FIGURES])
{
    return counted_as[LTV_FIGURE_NET_LTV] == LTV_FIGURE_NET_LTV;
}

/* Ten bills of 9.544 cover 95.44, though each of them was rounded. */
static inline bool covers(ltv_money ltv, ltv_money cac)
{
    return ltv >= cac - LTV_MONEY_TIE;
}

/* Customers at the places first ... first + n - 1 of the room. */
static void add_to_cell(ltv_cell_tally *cell, const ltv_figure counted_as[LTV_FIGURES],
                        const figures *all, size_t first, size_t n)
{
    for (ltv_figure f = 0; f < LTV_FIGURES; f++)
        if (counted_as[f] == f)
            ltv_moments_add_all(&cell->of[f], all->of[f] + first, n);
    if (!knows_cac(counted_as))
        return;
    int64_t at_least_cac = 0, at_least_3_cac = 0;
    __int128 all_cac = 0;
    for (size_t place = first; place < first + n; place++) {
        ltv_money ltv = all->of[LTV_FIGURE_LTV][place];
        ltv_money cac = ltv - all->of[LTV_FIGURE_NET_LTV][place];
        at_least_cac += covers(ltv, cac);
        at_least_3_cac += covers(ltv, 3 * cac);
        all_cac += cac;
    }
    cell->at_least_cac += at_least_cac;
    cell->at_least_3_cac += at_least_3_cac;
    cell->cac += all_cac;
}

/* The same where each customer stands for times[customer]. */
static void add_times_to_cell(ltv_cell_tally *cell, const ltv_figure counted_as[LTV_FIGURES],
                              const figures *all, size_t place, int64_t times)
{
    for (ltv_figure f = 0; f < LTV_FIGURES; f++)
        if (counted_as[f] == f)
            ltv_moments_add_times(&cell->of[f], all->of[f][place], times);
    if (!knows_cac(counted_as))
        return;
    ltv_money ltv = all->of[LTV_FIGURE_LTV][place];
    ltv_money cac = ltv - all->of[LTV_FIGURE_NET_LTV][place];
    cell->at_least_cac += covers(ltv, cac) ? times : 0;
    cell->at_least_3_cac += covers(ltv, 3 * cac) ? times : 0;
    cell->cac += (__int128)cac * times;
}

/* --- flows --- */

static bool has_flow(const ltv_program *program, ltv_flow flow)
{
    switch (flow) {
    case LTV_FLOW_REVENUE:
    case LTV_FLOW_FORGONE:
        return program->has_price_off;
    case LTV_FLOW_ORDERS:
        return program->orders.rate > 0;
    case LTV_FLOW_COSTS:
        return program->n_interventions > 0;
    default:
        return true;
    }
}

static void free_flows(ltv_flow_tally *flows, size_t n)
{
    for (size_t i = 0; flows != NULL && i < n; i++)
        for (int f = 0; f < LTV_FLOWS; f++)
            free(flows[i].change[f]);
    free(flows);
}

static ltv_flow_tally *new_flows(size_t n, const ltv_program *program)
{
    ltv_flow_tally *flows = calloc(n, sizeof *flows);
    bool ok = flows != NULL;
    for (size_t i = 0; ok && i < n; i++)
        for (ltv_flow f = 0; ok && f < LTV_FLOWS; f++) {
            if (!has_flow(program, f))
                continue;
            flows[i].change[f] = calloc((size_t)program->horizon + 2, sizeof(__int128));
            ok = flows[i].change[f] != NULL;
        }
    if (ok)
        return flows;
    free_flows(flows, n);
    return NULL;
}

/* Flows are added up for a cell in narrow numbers, side by side, and then passed on to the wide
 * ones of its segment and its channel. Amounts below 2^NARROW_BITS, at most MOST_ITEMS of them. */
enum { NARROW_BITS = 44, MOST_ITEMS = 1 << 17 };

/* Bits from NARROW_BITS + 1 on are set where the amount is not narrow. */
static uint64_t range_of(ltv_money amount)
{
    return (uint64_t)amount + ((uint64_t)1 << NARROW_BITS);
}

/* An amount with each of the bills from ... to - 1. Wraps where it is not narrow. */
static void add_run(ltv_narrow_flows *flows, ltv_flow flow, uint32_t from, uint32_t to,
                    ltv_money amount)
{
    int64_t *rises = &flows[from].of[flow], *falls = &flows[to].of[flow];
    *rises = (int64_t)((uint64_t)*rises + (uint64_t)amount);
    *falls = (int64_t)((uint64_t)*falls - (uint64_t)amount);
}

static uint64_t add_stretch(ltv_narrow_flows *flows, const ltv_stretch *stretch)
{
    uint32_t from = stretch->from, to = stretch->to;
    add_run(flows, LTV_FLOW_PAYING, from, to, 1);
    add_run(flows, LTV_FLOW_RECURRING, from, to, stretch->recurring);
    add_run(flows, LTV_FLOW_REVENUE, from, to, stretch->revenue);
    add_run(flows, LTV_FLOW_MARGIN, from, to, stretch->margin);
    add_run(flows, LTV_FLOW_FORGONE, from, to, stretch->forgone);
    add_run(flows, LTV_FLOW_SERVICE, from, to, stretch->service);
    return range_of(stretch->recurring) | range_of(stretch->revenue) | range_of(stretch->margin) |
           range_of(stretch->forgone) | range_of(stretch->service);
}

/* Items of a list that belong to some customers; end[-1] would be 0. */
static size_t first_of(const size_t *end, uint32_t i)
{
    return i > 0 ? end[i - 1] : 0;
}

/* What flows to and from customers first ... last of the block; returns the ranges of all amounts.
 * Their items stand one after the other: for many of them it does not matter whose is whose. */
static uint64_t add_customers(ltv_narrow_flows *flows, const ltv_block *block, uint32_t first,
                              uint32_t last)
{
    uint64_t range = 0;
    for (size_t s = first_of(block->stretches.end, first); s < block->stretches.end[last]; s++)
        range |= add_stretch(flows, &block->stretches.items[s]);
    for (size_t c = first_of(block->costs.end, first); c < block->costs.end[last]; c++) {
        const ltv_cost *cost = &block->costs.items[c];
        add_run(flows, LTV_FLOW_COSTS, cost->from, cost->to, cost->amount);
        range |= range_of(cost->amount);
    }
    for (size_t o = first_of(block->orders.end, first); o < block->orders.end[last]; o++) {
        const ltv_order *order = &block->orders.items[o];
        add_run(flows, LTV_FLOW_ORDERS, order->bill, order->bill + 1, order->value);
        range |= range_of(order->value);
    }
    return range;
}

static void pass_on(ltv_flow_tally *to, const ltv_narrow_flows *flows, uint32_t horizon)
{
    for (int f = 0; f < LTV_FLOWS; f++)
        for (uint32_t u = 0; to->change[f] != NULL && u <= horizon + 1; u++)
            to->change[f][u] += flows[u].of[f];
}

static void add_wide_run(ltv_flow_tally *flows, ltv_flow flow, uint32_t from, uint32_t to,
                         __int128 amount)
{
    if (flows->change[flow] == NULL)
        return;
    flows->change[flow][from] += amount;
    flows->change[flow][to] -= amount;
}

/* The same without the detour: for amounts that are not narrow, cells with few customers, and
 * customers who stand for several. */
static void add_wide(ltv_flow_tally *flows, const ltv_block *block, uint32_t i)
{
    size_t n;
    __int128 times = ltv_block_times(block, i);
    const ltv_stretch *stretch = ltv_block_stretches(block, i, &n);
    for (size_t s = 0; s < n; s++, stretch++) {
        uint32_t from = stretch->from, to = stretch->to;
        add_wide_run(flows, LTV_FLOW_PAYING, from, to, times);
        add_wide_run(flows, LTV_FLOW_RECURRING, from, to, times * stretch->recurring);
        add_wide_run(flows, LTV_FLOW_REVENUE, from, to, times * stretch->revenue);
        add_wide_run(flows, LTV_FLOW_MARGIN, from, to, times * stretch->margin);
        add_wide_run(flows, LTV_FLOW_FORGONE, from, to, times * stretch->forgone);
        add_wide_run(flows, LTV_FLOW_SERVICE, from, to, times * stretch->service);
    }
    for (size_t c = first_of(block->costs.end, i); c < block->costs.end[i]; c++) {
        const ltv_cost *cost = &block->costs.items[c];
        add_wide_run(flows, LTV_FLOW_COSTS, cost->from, cost->to, times * cost->amount);
    }
    for (size_t o = first_of(block->orders.end, i); o < block->orders.end[i]; o++) {
        const ltv_order *order = &block->orders.items[o];
        add_wide_run(flows, LTV_FLOW_ORDERS, order->bill, order->bill + 1, times * order->value);
    }
}

/* Customers of one cell; `channel` is NULL where there is one only. */
static void add_to_flows(ltv_flow_tally *segment, ltv_flow_tally *channel, const ltv_block *block,
                         const uint16_t *customer, size_t n, ltv_narrow_flows *flows,
                         uint32_t horizon)
{
    size_t items = block->stretches.n + block->costs.n + block->orders.n, entries = horizon + 2u;
    if (items == 0)
        return;
    bool narrow = items < MOST_ITEMS && n >= entries / 8 && block->times == NULL;
    if (narrow) {
        uint64_t range = 0;
        if (n == block->n)
            range = add_customers(flows, block, 0, block->n - 1);
        for (size_t j = 0; n < block->n && j < n; j++)
            range |= add_customers(flows, block, customer[j], customer[j]);
        narrow = range >> (NARROW_BITS + 1) == 0;
        if (narrow)
            pass_on(segment, flows, horizon);
        if (narrow && channel != NULL)
            pass_on(channel, flows, horizon);
        memset(flows, 0, entries * sizeof *flows);
    }
    for (size_t j = 0; !narrow && j < n; j++) {
        add_wide(segment, block, customer[j]);
        if (channel != NULL)
            add_wide(channel, block, customer[j]);
    }
}

static void merge_flows(ltv_flow_tally *into, const ltv_flow_tally *from, uint32_t horizon)
{
    for (int f = 0; f < LTV_FLOWS; f++)
        for (uint32_t u = 0; into->change[f] != NULL && u <= horizon + 1; u++)
            into->change[f][u] += from->change[f][u];
}

/* --- who holds what --- */

/* So many customers begin, or end, to hold a component with a bill, and bring so much with it. */
static void add_holding(ltv_arm_tally *arm, size_t component, uint32_t bill, int64_t holders,
                        __int128 recurring)
{
    size_t at = component * ((size_t)arm->horizon + 2) + bill;
    arm->holders[at] += holders;
    arm->recurring[at] += recurring;
}

/* The parts of a bill. */
typedef struct {
    size_t n;
    size_t component[1 + LTV_MAX_ADD_ONS];
    ltv_money part[1 + LTV_MAX_ADD_ONS];
} parts;

/* An add-on brings its own amount, rounded, as it does where customers are counted; the plan brings
 * the rest. */
static parts parts_of(const ltv_program *program, const ltv_stretch *stretch, bool *overflow)
{
    const ltv_money *of_add_on = program->kinds[stretch->kind].recurring + program->n_plans;
    parts all = {.n = 1, .component = {stretch->plan}, .part = {stretch->recurring}};
    for (uint32_t held = stretch->add_ons; held != 0; held &= held - 1) {
        int a = __builtin_ctz(held);
        ltv_money part = ltv_money_scale(of_add_on[a], stretch->weight, overflow);
        all.component[all.n] = program->n_plans + (size_t)a;
        all.part[all.n++] = part;
        all.part[0] -= part;
    }
    return all;
}

static void add_holdings(ltv_arm_tally *arm, const ltv_program *program, const ltv_block *block,
                         bool *overflow)
{
    for (uint32_t i = 0; block->stretches.n > 0 && i < block->n; i++) {
        int64_t times = ltv_block_times(block, i);
        for (size_t s = first_of(block->stretches.end, i); s < block->stretches.end[i]; s++) {
            const ltv_stretch *stretch = &block->stretches.items[s];
            parts all = parts_of(program, stretch, overflow);
            for (size_t c = 0; c < all.n; c++) {
                __int128 part = (__int128)all.part[c] * times;
                add_holding(arm, all.component[c], stretch->from, times, part);
                add_holding(arm, all.component[c], stretch->to, -times, -part);
            }
        }
    }
}

/* --- those who are counted --- */

static void add_flow(ltv_flow_tally *flows, ltv_flow flow, uint32_t bill, __int128 amount)
{
    if (flows->change[flow] != NULL)
        flows->change[flow][bill] += amount;
}

/* What flows to and from those of a kind who hold a component: all who pay hold one plan. */
static void add_row(ltv_arm_tally *arm, ltv_flow_tally *flows, const ltv_program *program,
                    const ltv_kind *kind, size_t component, bool holdings, const int32_t *holders)
{
    ltv_money recurring = kind->recurring[component], margin = kind->margin[component];
    bool is_plan = component < program->n_plans;
    for (uint32_t u = 0; u <= arm->horizon + 1; u++) {
        __int128 n = holders[u];
        if (n == 0)
            continue;
        add_flow(flows, LTV_FLOW_PAYING, u, is_plan ? n : 0);
        add_flow(flows, LTV_FLOW_RECURRING, u, n * recurring);
        add_flow(flows, LTV_FLOW_REVENUE, u, n * recurring);
        add_flow(flows, LTV_FLOW_MARGIN, u, n * margin);
        add_flow(flows, LTV_FLOW_SERVICE, u, is_plan ? n * kind->service : 0);
        if (holdings)
            add_holding(arm, component, u, (int64_t)n, n * recurring);
    }
}

static void add_counted_cell(ltv_arm_tally *arm, ltv_flow_tally *flows, bool holdings,
                             const ltv_program *program, const ltv_counted *counted, size_t cell)
{
    const ltv_kind *kind = &program->kinds[program->kind_of[cell]];
    for (size_t component = 0; component < counted->n_components; component++)
        add_row(arm, flows, program, kind, component, holdings,
                counted->holders + (cell * counted->n_components + component) * counted->stride);
    for (uint32_t u = 0; u <= arm->horizon; u++)
        add_flow(flows, LTV_FLOW_COSTS, u, counted->costs[cell * counted->stride + u]);
}

static void add_counted(ltv_arm_tally *arm, const ltv_program *program, const ltv_counted *counted)
{
    for (size_t cell = 0; cell < counted->n_cells; cell++) {
        size_t channel = cell / arm->n_segments, segment = cell % arm->n_segments;
        add_counted_cell(arm, &arm->segment_flows[segment], true, program, counted, cell);
        if (arm->channel_flows != NULL)
            add_counted_cell(arm, &arm->channel_flows[channel], false, program, counted, cell);
    }
}

/* --- the arm --- */

bool ltv_arm_tally_init(ltv_arm_tally *arm, const ltv_program *program)
{
    size_t n_segments = program->n_segments, n_channels = program->n_channels;
    *arm = (ltv_arm_tally){.n_segments = n_segments,
                           .n_channels = n_channels,
                           .n_components = program->n_components,
                           .n_interventions = program->n_interventions,
                           .horizon = program->horizon};
    name_figures(arm->counted_as, program);
    arm->cells = calloc(n_channels * n_segments, sizeof *arm->cells);
    arm->by_segment = new_spreads(n_segments);
    arm->segment_flows = new_flows(n_segments, program);
    arm->contacts = calloc(program->n_interventions + 1, sizeof *arm->contacts);
    arm->participants = calloc(program->n_interventions + 1, sizeof *arm->participants);
    bool ok = arm->cells != NULL && arm->by_segment != NULL && arm->segment_flows != NULL &&
              arm->contacts != NULL && arm->participants != NULL;
    if (ok && n_channels > 1) {
        arm->by_channel = new_spreads(n_channels);
        arm->channel_flows = new_flows(n_channels, program);
        ok = arm->by_channel != NULL && arm->channel_flows != NULL;
    }
    if (ok && !program->plain) {
        size_t n = program->n_components * ((size_t)program->horizon + 2);
        arm->holders = calloc(n, sizeof *arm->holders);
        arm->recurring = calloc(n, sizeof *arm->recurring);
        ok = arm->holders != NULL && arm->recurring != NULL;
    }
    return ok;
}

static void add_spreads(ltv_arm_tally *arm, size_t cell, const ltv_money *ltv,
                        const ltv_money *net_ltv, size_t n)
{
    add_to_spread(&arm->by_segment[cell % arm->n_segments], ltv, net_ltv, n);
    if (arm->by_channel != NULL)
        add_to_spread(&arm->by_channel[cell / arm->n_segments], ltv, net_ltv, n);
}

static void add_spreads_times(ltv_arm_tally *arm, size_t cell, ltv_money ltv,
                              const ltv_money *net_ltv, int64_t times)
{
    add_times_to_spread(&arm->by_segment[cell % arm->n_segments], ltv, net_ltv, times);
    if (arm->by_channel != NULL)
        add_times_to_spread(&arm->by_channel[cell / arm->n_segments], ltv, net_ltv, times);
}

static void add_cell(ltv_arm_tally *arm, const ltv_block *block, size_t cell,
                     const ltv_arm_room *own, const figures *all, ltv_narrow_flows *flows,
                     bool has_cac)
{
    size_t channel = cell / arm->n_segments, segment = cell % arm->n_segments;
    size_t first = own->start[cell], n = own->start[cell + 1] - first;
    const ltv_money *ltv = all->of[LTV_FIGURE_LTV];
    const ltv_money *net_ltv = has_cac ? all->of[LTV_FIGURE_NET_LTV] : NULL;
    if (block->times == NULL) {
        add_to_cell(&arm->cells[cell], arm->counted_as, all, first, n);
        add_spreads(arm, cell, ltv + first, has_cac ? net_ltv + first : NULL, n);
    }
    for (size_t place = first; block->times != NULL && place < first + n; place++) {
        int64_t times = block->times[own->customer[place]];
        add_times_to_cell(&arm->cells[cell], arm->counted_as, all, place, times);
        add_spreads_times(arm, cell, ltv[place], has_cac ? net_ltv + place : NULL, times);
    }
    add_to_flows(&arm->segment_flows[segment],
                 arm->channel_flows != NULL ? &arm->channel_flows[channel] : NULL, block,
                 own->customer + first, n, flows, arm->horizon);
}

void ltv_arm_tally_add(ltv_arm_tally *arm, const ltv_program *program, const ltv_block *block,
                       ltv_arm_room *own, ltv_tally_room *room, bool *overflow)
{
    const figures all = measure(room->figure, own, program, block, overflow);
    for (size_t cell = 0; cell < own->n_cells; cell++)
        if (own->start[cell] < own->start[cell + 1])
            add_cell(arm, block, cell, own, &all, room->flows, ltv_program_has_cac(program));
    if (arm->holders != NULL)
        add_holdings(arm, program, block, overflow);
    if (block->counted.any)
        add_counted(arm, program, &block->counted);
    for (size_t k = 0; k < arm->n_interventions; k++) {
        arm->contacts[k] += block->contacts[k];
        arm->participants[k] += block->participants[k];
    }
}

static void merge_cell(ltv_cell_tally *into, const ltv_cell_tally *from)
{
    for (int f = 0; f < LTV_FIGURES; f++)
        ltv_moments_merge(&into->of[f], &from->of[f]);
    into->at_least_cac += from->at_least_cac;
    into->at_least_3_cac += from->at_least_3_cac;
    into->cac += from->cac;
}

void ltv_arm_tally_merge(ltv_arm_tally *into, const ltv_arm_tally *from)
{
    for (size_t i = 0; i < into->n_channels * into->n_segments; i++)
        merge_cell(&into->cells[i], &from->cells[i]);
    for (size_t s = 0; s < into->n_segments; s++) {
        ltv_spread_tally_merge(&into->by_segment[s], &from->by_segment[s]);
        merge_flows(&into->segment_flows[s], &from->segment_flows[s], into->horizon);
    }
    for (size_t c = 0; into->by_channel != NULL && c < into->n_channels; c++) {
        ltv_spread_tally_merge(&into->by_channel[c], &from->by_channel[c]);
        merge_flows(&into->channel_flows[c], &from->channel_flows[c], into->horizon);
    }
    size_t n_holders = into->n_components * ((size_t)into->horizon + 2);
    for (size_t i = 0; into->holders != NULL && i < n_holders; i++) {
        into->holders[i] += from->holders[i];
        into->recurring[i] += from->recurring[i];
    }
    for (size_t k = 0; k < into->n_interventions; k++) {
        into->contacts[k] += from->contacts[k];
        into->participants[k] += from->participants[k];
    }
}

bool ltv_arm_tally_out_of_memory(const ltv_arm_tally *arm)
{
    bool out = false;
    for (size_t s = 0; s < arm->n_segments; s++)
        out |= arm->by_segment[s].ltv.out_of_memory || arm->by_segment[s].net_ltv.out_of_memory;
    for (size_t c = 0; arm->by_channel != NULL && c < arm->n_channels; c++)
        out |= arm->by_channel[c].ltv.out_of_memory || arm->by_channel[c].net_ltv.out_of_memory;
    return out;
}

void ltv_arm_tally_free(ltv_arm_tally *arm)
{
    for (size_t s = 0; arm->by_segment != NULL && s < arm->n_segments; s++)
        ltv_spread_tally_free(&arm->by_segment[s]);
    for (size_t c = 0; arm->by_channel != NULL && c < arm->n_channels; c++)
        ltv_spread_tally_free(&arm->by_channel[c]);
    free_flows(arm->segment_flows, arm->n_segments);
    free_flows(arm->channel_flows, arm->n_channels);
    free(arm->by_segment);
    free(arm->by_channel);
    free(arm->cells);
    free(arm->holders);
    free(arm->recurring);
    free(arm->contacts);
    free(arm->participants);
    *arm = (ltv_arm_tally){0};
}
