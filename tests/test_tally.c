/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "close.h"
#include "population.h"
#include "scenario_fixture.h"
#include "sim/kernel/kernel.h"

enum { CHANNELS = 3, SEGMENTS = 2, HORIZON = 24 };

/* Two arms of plain customers with everything in them that a tally tells apart. */
static void plain_scenario(ltv_scenario *scenario)
{
    scenario_fixture_init(scenario, 0.08);
    scenario->horizon = HORIZON;
    scenario->customers = 2500; /* two full blocks and a piece */
    ltv_arm *arm = &scenario->arms[0];
    scenario_fixture_set_channels(arm, CHANNELS, (double[]){0.2, 0.5, 0.3},
                                  (double[]){0, 3000, 9000});
    scenario_fixture_set_segments(arm, SEGMENTS, (double[]){0.4, 0.6}, (double[]){1, 1.7});
    arm->service_cost = 90;
    arm->segments[1].service_cost = 900; /* some of them bring losses */
    arm->spend = (ltv_spread){LTV_SPREAD_GAMMA, 0.6};
    scenario_fixture_add_other_arm(scenario, "cheaper")->price = 930;
}

/* Kinds: 0 plain, 1 with everything that may happen, 2 plain and so dear that no sum of a block
 * fits into 64 bits. */
enum { KINDS = 3 };

static void scenario_of_kind(ltv_scenario *scenario, int kind)
{
    if (kind == 1) {
        scenario_fixture_init_eventful(scenario);
        return;
    }
    plain_scenario(scenario);
    for (size_t a = 0; kind == 2 && a < scenario->n_arms; a++) {
        scenario->arms[a].price *= 4e7;
        scenario->arms[a].service_cost *= 4e7;
    }
}

/* --- cells --- */

/* Recurring revenue at a bill, at the prices of that bill, rounded to the quantum. Where prices are
 * still the same it is what it was: the dearest of kind 2 are no doubles. */
static ltv_money recurring_at(const ltv_program *program, const person *one, uint32_t bill)
{
    const ltv_stretch *stretch = person_stretch(one, bill);
    if (stretch == NULL)
        return 0;
    double index = program->price_index[bill];
    return index == 1 ? stretch->recurring : llround((double)stretch->recurring * index);
}

static ltv_money revenue_of_first_bill(const person *one)
{
    ltv_money revenue = one->stretches[0].revenue;
    for (size_t o = 0; o < one->n_orders && one->orders[o].bill == 0; o++)
        revenue += one->orders[o].value;
    return revenue;
}

/* The figures of one customer, worked out from his life. */
static void figures_of(ltv_money figure[LTV_FIGURES], const ltv_program *program, const person *one)
{
    ltv_money first = recurring_at(program, one, 0), year = recurring_at(program, one, 12);
    ltv_money capped = year < first ? year : first;
    const ltv_money figures[LTV_FIGURES] = {
        [LTV_FIGURE_LTV] = one->ltv,
        [LTV_FIGURE_NET_LTV] = one->ltv - one->cac,
        [LTV_FIGURE_LTV_BY] = one->ltv_by[0],
        [LTV_FIGURE_BILLS] = one->bills,
        [LTV_FIGURE_FIRST_REVENUE] = revenue_of_first_bill(one),
        [LTV_FIGURE_FIRST_RECURRING] = first,
        [LTV_FIGURE_YEAR_RECURRING] = year,
        [LTV_FIGURE_RECURRING_BOTH] = first + year,
        [LTV_FIGURE_YEAR_CAPPED] = capped,
        [LTV_FIGURE_CAPPED_BOTH] = first + capped,
        [LTV_FIGURE_PROGRAMME_COST] = one->programme_cost,
        [LTV_FIGURE_ORDERS] = (ltv_money)one->n_orders,
    };
    memcpy(figure, figures, sizeof figures);
}

static bool is_same(const ltv_moments *a, const ltv_moments *b)
{
    return a->n == b->n && a->sum == b->sum && a->squares_low == b->squares_low &&
           a->squares_high == b->squares_high;
}

static void assert_cell(const population *p, size_t arm, size_t c, size_t s)
{
    const ltv_arm_tally *tally = &p->tally.arms[arm];
    const ltv_cell_tally *cell = &tally->cells[c * SEGMENTS + s];
    ltv_moments expected[LTV_FIGURES] = {{0}};
    int64_t at_least_cac = 0, at_least_3_cac = 0;
    __int128 cac = 0;
    for (size_t i = 0; i < p->n; i++) {
        const person *one = population_at(p, arm, i);
        if (one->channel != c || one->segment != s)
            continue;
        ltv_money figure[LTV_FIGURES];
        figures_of(figure, &p->programs[arm], one);
        for (int f = 0; f < LTV_FIGURES; f++)
            ltv_moments_add(&expected[f], figure[f]);
        at_least_cac += one->ltv >= one->cac - LTV_MONEY_TIE;
        at_least_3_cac += one->ltv >= 3 * one->cac - LTV_MONEY_TIE;
        cac += one->cac;
    }
    assert_true(expected[0].n > 50);
    for (int f = 0; f < LTV_FIGURES; f++)
        if (tally->counted_as[f] != LTV_FIGURES)
            assert_true(is_same(&cell->of[tally->counted_as[f]], &expected[f]));
        else
            assert_true(expected[f].sum == 0);
    assert_true(cell->at_least_cac == at_least_cac);
    assert_true(cell->at_least_3_cac == at_least_3_cac);
    assert_true(cell->cac == cac);
}

static void assert_cells(const population *p)
{
    for (size_t a = 0; a < p->tally.n_arms; a++)
        for (size_t c = 0; c < CHANNELS; c++)
            for (size_t s = 0; s < SEGMENTS; s++)
                assert_cell(p, a, c, s);
}

static void cells_hold_the_moments_of_their_customers(void **state)
{
    (void)state;
    for (int kind = 0; kind < KINDS; kind++) {
        ltv_scenario scenario;
        population p;
        scenario_of_kind(&scenario, kind);
        population_init(&p, &scenario);
        assert_int_equal(p.tally.n_arms, kind == 1 ? 3 : 2);
        assert_cells(&p);
        /* Plain customers are not asked the same thing twice. */
        bool asked = p.tally.arms[0].counted_as[LTV_FIGURE_YEAR_CAPPED] == LTV_FIGURE_YEAR_CAPPED;
        assert_int_equal(asked, kind == 1);
        population_free(&p);
        ltv_scenario_free(&scenario);
    }
}

/* --- flows --- */

/* What flows from one customer at a bill, at price index 1. */
static void flow_at(__int128 flow[LTV_FLOWS], const person *one, uint32_t bill)
{
    const ltv_stretch *stretch = person_stretch(one, bill);
    if (stretch != NULL) {
        flow[LTV_FLOW_PAYING]++;
        flow[LTV_FLOW_RECURRING] += stretch->recurring;
        flow[LTV_FLOW_REVENUE] += stretch->revenue;
        flow[LTV_FLOW_MARGIN] += stretch->margin;
        flow[LTV_FLOW_FORGONE] += stretch->forgone;
        flow[LTV_FLOW_SERVICE] += stretch->service;
    }
    for (size_t o = 0; o < one->n_orders; o++)
        flow[LTV_FLOW_ORDERS] += one->orders[o].bill == bill ? one->orders[o].value : 0;
    for (size_t c = 0; c < one->n_costs; c++)
        if (one->costs[c].from <= bill && bill < one->costs[c].to)
            flow[LTV_FLOW_COSTS] += one->costs[c].amount;
}

static void assert_flows(const population *p, size_t arm, const ltv_flow_tally *flows,
                         size_t only_channel, size_t only_segment)
{
    __int128 sum[LTV_FLOWS] = {0};
    for (uint32_t u = 0; u <= HORIZON; u++) {
        __int128 expected[LTV_FLOWS] = {0};
        for (size_t i = 0; i < p->n; i++) {
            const person *one = population_at(p, arm, i);
            if ((only_channel == SIZE_MAX || one->channel == only_channel) &&
                (only_segment == SIZE_MAX || one->segment == only_segment))
                flow_at(expected, one, u);
        }
        for (int f = 0; f < LTV_FLOWS; f++) {
            if (flows->change[f] != NULL)
                sum[f] += flows->change[f][u];
            if (flows->change[f] != NULL)
                assert_true(sum[f] == expected[f]);
            else
                assert_true(expected[f] == (f == LTV_FLOW_REVENUE ? sum[LTV_FLOW_RECURRING] : 0));
        }
    }
}

static void flows_are_those_of_the_customers_who_pay(void **state)
{
    (void)state;
    for (int kind = 0; kind < KINDS; kind++) {
        ltv_scenario scenario;
        population p;
        scenario_of_kind(&scenario, kind);
        population_init(&p, &scenario);
        for (size_t a = 0; a < p.tally.n_arms; a++) {
            const ltv_arm_tally *arm = &p.tally.arms[a];
            for (size_t s = 0; s < SEGMENTS; s++)
                assert_flows(&p, a, &arm->segment_flows[s], SIZE_MAX, s);
            for (size_t c = 0; c < CHANNELS; c++)
                assert_flows(&p, a, &arm->channel_flows[c], c, SIZE_MAX);
            /* Nothing is kept for what cannot flow. */
            bool gives = arm->segment_flows[0].change[LTV_FLOW_FORGONE] != NULL;
            assert_int_equal(gives, kind == 1 && a > 0);
        }
        population_free(&p);
        ltv_scenario_free(&scenario);
    }
}

/* In whole quanta, so that nothing is lost by splitting bills. The customer's own part is held
 * against list prices by test_exact_battery. */
static void parts_of_revenue_sum_to_the_whole(void **state)
{
    (void)state;
    ltv_scenario scenario;
    population p;
    scenario_fixture_init_eventful(&scenario);
    population_init(&p, &scenario);
    for (size_t a = 0; a < scenario.n_arms; a++) {
        const ltv_arm_tally *arm = &p.tally.arms[a];
        for (uint32_t u = 0; u <= HORIZON + 1; u++) {
            __int128 parts = 0, whole = 0;
            for (int c = 0; c < 3; c++)
                parts += arm->recurring[c * (HORIZON + 2) + u];
            for (size_t s = 0; s < arm->n_segments; s++)
                whole += arm->segment_flows[s].change[LTV_FLOW_RECURRING][u];
            assert_true(parts == whole);
        }
        assert_true(arm->recurring[0] > 0 && arm->recurring[HORIZON + 2] > 0);
    }
    population_free(&p);
    ltv_scenario_free(&scenario);
}

static void holders_and_contacts_are_counted(void **state)
{
    (void)state;
    ltv_scenario scenario;
    population p;
    scenario_fixture_init_eventful(&scenario);
    population_init(&p, &scenario);
    const ltv_arm_tally *arm = &p.tally.arms[2];
    int64_t sum[3] = {0};
    for (uint32_t u = 0; u < HORIZON; u++) {
        int64_t expected[3] = {0};
        for (size_t i = 0; i < p.n; i++) {
            const ltv_stretch *stretch = person_stretch(population_at(&p, 2, i), u);
            if (stretch != NULL) {
                expected[stretch->plan]++;
                expected[2] += stretch->add_ons & 1;
            }
        }
        for (int c = 0; c < 3; c++) {
            sum[c] += arm->holders[c * (HORIZON + 2) + u];
            assert_true(sum[c] == expected[c]);
        }
    }
    assert_true(sum[1] > 0 && sum[2] > 0);
    int64_t touched = 0;
    for (size_t i = 0; i < p.n; i++)
        touched += population_at(&p, 2, i)->first_contact[LTV_BLOCK] != LTV_NEVER;
    assert_true(arm->contacts[1] == touched && touched > 1000); /* once a customer */
    assert_true(arm->participants[1] < touched && arm->participants[1] > touched / 2);
    assert_true(arm->contacts[0] > 0);
    population_free(&p);
    ltv_scenario_free(&scenario);
}

/* --- shares above the CAC --- */

static void an_ltv_of_exactly_the_cac_is_above_it(void **state)
{
    (void)state;
    ltv_scenario scenario;
    population p;
    scenario_fixture_init(&scenario, 0.08);
    scenario.customers = 2000;
    scenario.arms[0].channels[0].cac = 2 * 800; /* two bills; three times as much is six */
    population_init(&p, &scenario);
    int64_t at_least[121] = {0}; /* customers who pay that many bills */
    for (size_t i = 0; i < p.n; i++)
        for (uint32_t bills = 0; bills <= population_at(&p, 0, i)->bills; bills++)
            at_least[bills]++;
    assert_true(at_least[2] > at_least[3] && at_least[6] > at_least[7]);
    assert_int_equal(p.tally.arms[0].cells[0].at_least_cac, at_least[2]);
    assert_int_equal(p.tally.arms[0].cells[0].at_least_3_cac, at_least[6]);
    population_free(&p);
    ltv_scenario_free(&scenario);
}

/* A sketch of some people's amounts, made anew, has the same counts. */
static void assert_same_counts(const ltv_sketch *a, const ltv_sketch *b)
{
    assert_int_equal(ltv_sketch_total(a), ltv_sketch_total(b));
    for (int64_t rank = 1; rank <= ltv_sketch_total(a); rank++)
        assert_true(ltv_sketch_at_rank(a, rank).lower == ltv_sketch_at_rank(b, rank).lower);
}

static void assert_spread(const population *p, size_t arm, const ltv_spread_tally *spread,
                          size_t only_channel, size_t only_segment)
{
    ltv_sketch ltv = {0}, net = {0};
    ltv_money least = INT64_MAX, most = INT64_MIN, net_least = INT64_MAX, net_most = INT64_MIN;
    for (size_t i = 0; i < p->n; i++) {
        const person *one = population_at(p, arm, i);
        if ((only_channel != SIZE_MAX && one->channel != only_channel) ||
            (only_segment != SIZE_MAX && one->segment != only_segment))
            continue;
        ltv_money x = one->ltv - one->cac;
        ltv_sketch_add(&ltv, one->ltv, 1);
        ltv_sketch_add(&net, x, 1);
        least = one->ltv < least ? one->ltv : least;
        most = one->ltv > most ? one->ltv : most;
        net_least = x < net_least ? x : net_least;
        net_most = x > net_most ? x : net_most;
    }
    assert_same_counts(&spread->ltv, &ltv);
    assert_same_counts(&spread->net_ltv, &net);
    assert_true(spread->least == least && spread->most == most);
    assert_true(spread->net_least == net_least && spread->net_most == net_most);
    ltv_sketch_free(&ltv);
    ltv_sketch_free(&net);
}

static void distributions_hold_their_customers(void **state)
{
    (void)state;
    for (int kind = 0; kind < 2; kind++) {
        ltv_scenario scenario;
        population p;
        scenario_of_kind(&scenario, kind);
        population_init(&p, &scenario);
        for (size_t a = 0; a < p.tally.n_arms; a++) {
            for (size_t s = 0; s < SEGMENTS; s++)
                assert_spread(&p, a, &p.tally.arms[a].by_segment[s], SIZE_MAX, s);
            for (size_t c = 0; c < CHANNELS; c++)
                assert_spread(&p, a, &p.tally.arms[a].by_channel[c], c, SIZE_MAX);
        }
        population_free(&p);
        ltv_scenario_free(&scenario);
    }
}

static void one_channel_needs_no_distribution_of_its_own(void **state)
{
    (void)state;
    ltv_scenario scenario;
    population p;
    scenario_fixture_init(&scenario, 0.08);
    scenario.customers = 100;
    population_init(&p, &scenario);
    assert_null(p.tally.arms[0].by_channel);
    assert_int_equal(ltv_sketch_total(&p.tally.arms[0].by_segment[0].ltv), 100);
    assert_int_equal(ltv_sketch_total(&p.tally.arms[0].by_segment[0].net_ltv), 100);
    population_free(&p);
    ltv_scenario_free(&scenario);
}

static void without_any_cac_net_ltv_is_not_counted_twice(void **state)
{
    (void)state;
    ltv_scenario scenario;
    population p;
    scenario_fixture_init(&scenario, 0.08);
    scenario.customers = 100;
    scenario.arms[0].channels[0].cac = 0;
    population_init(&p, &scenario);
    assert_int_equal(ltv_sketch_total(&p.tally.arms[0].by_segment[0].net_ltv), 0);
    population_free(&p);
    ltv_scenario_free(&scenario);
}

/* --- contrasts --- */

static int pays_more(const person *arm, const person *against, uint32_t bill)
{
    return person_pays(arm, bill) - person_pays(against, bill);
}

/* First contact by one of the programmes first ... first + n - 1. */
static uint32_t first_contact(const person *one, size_t first, size_t n)
{
    uint32_t bill = LTV_NEVER;
    for (size_t k = first; k < first + n; k++)
        if (one->first_contact[k * LTV_BLOCK] < bill)
            bill = one->first_contact[k * LTV_BLOCK];
    return bill;
}

/* The contrast whose arm has n_own programmes of its own, from first_own on. */
static void assert_contrast(const population *p, size_t index, size_t first_own, size_t n_own)
{
    const ltv_contrast_tally *contrast = &p->tally.contrasts[index];
    ltv_moments cells[CHANNELS * SEGMENTS][LTV_DELTAS] = {{{0}}};
    ltv_moments saved = {0}, year = {0}, saves = {0};
    ltv_sketch sketch = {0};
    int64_t followed = 0, contacted = 0;
    __int128 deadweight = 0;
    for (size_t i = 0; i < p->n; i++) {
        const person *arm = population_at(p, contrast->arm, i);
        const person *against = population_at(p, contrast->against, i);
        ltv_money delta = arm->ltv - against->ltv;
        ltv_money cost = arm->programme_cost - against->programme_cost;
        ltv_moments *cell = cells[arm->channel * SEGMENTS + arm->segment];
        ltv_moments_add(&cell[LTV_DELTA_LTV], delta);
        ltv_moments_add(&cell[LTV_DELTA_COST], cost);
        ltv_moments_add(&cell[LTV_DELTA_BOTH], delta + cost);
        ltv_sketch_add(&sketch, delta, 1);
        ltv_moments_add(&saves, (ltv_money)arm->saves - (ltv_money)against->saves);
        ltv_moments_add(&year, pays_more(arm, against, 12));
        uint32_t contact = n_own > 0 ? first_contact(arm, first_own, n_own) : LTV_NEVER;
        contacted += contact != LTV_NEVER;
        followed += contact <= HORIZON - 12;
        if (n_own > 0)
            ltv_moments_add(&saved,
                            contact <= HORIZON - 12 ? pays_more(arm, against, contact + 12) : 0);
        /* the same value, but for the rounding of a handful of quanta */
        if (cost != 0 && arm->bills == against->bills && llabs(delta + cost) < 200)
            deadweight += cost;
    }
    for (size_t i = 0; i < CHANNELS * SEGMENTS; i++)
        for (int delta = 0; delta < LTV_DELTAS; delta++)
            assert_true(is_same(&contrast->cells[i][delta], &cells[i][delta]));
    assert_same_counts(&contrast->distribution, &sketch);
    assert_true(contrast->least == ltv_sketch_at_rank(&sketch, 1).in.least);
    assert_true(contrast->most == ltv_sketch_at_rank(&sketch, (int64_t)p->n).in.most);
    assert_true(is_same(&contrast->saved, &saved));
    assert_true(contrast->followed == followed);
    assert_true(contrast->not_followed == contacted - followed);
    assert_true(is_same(&contrast->pays_one_year_on, &year));
    assert_true(is_same(&contrast->saves, &saves));
    assert_true(contrast->deadweight == deadweight);
    ltv_sketch_free(&sketch);
}

static void contrasts_are_differences_customer_by_customer(void **state)
{
    (void)state;
    ltv_scenario scenario;
    population p;
    plain_scenario(&scenario);
    scenario_fixture_add_arm(&scenario, "the same again");
    population_init(&p, &scenario);
    assert_int_equal(p.tally.n_contrasts, 2);
    assert_contrast(&p, 0, 0, 0);
    assert_contrast(&p, 1, 0, 0);
    const ltv_contrast_tally *same = &p.tally.contrasts[1];
    assert_true(same->least == 0 && same->most == 0);
    population_free(&p);
    ltv_scenario_free(&scenario);
}

static void contrasts_of_programmes_know_costs_and_saves(void **state)
{
    (void)state;
    ltv_scenario scenario;
    population p;
    scenario_fixture_init_eventful(&scenario);
    scenario_fixture_add_contrast(&scenario, 0, 2); /* the other way round */
    population_init(&p, &scenario);
    assert_int_equal(p.tally.n_contrasts, 4);
    assert_contrast(&p, 0, 0, 1); /* "offer" against nothing */
    assert_contrast(&p, 1, 0, 2); /* "all" against nothing */
    assert_contrast(&p, 2, 1, 1); /* … and against "offer", which has the first one too */
    assert_contrast(&p, 3, 0, 0);
    assert_true(p.tally.contrasts[0].saves.sum > 0 && p.tally.contrasts[1].saved.sum > 0);
    assert_true(p.tally.contrasts[2].deadweight > 0);
    population_free(&p);
    ltv_scenario_free(&scenario);
}

/* --- merging --- */

static void fill_part(ltv_tally *part, const population *whole, uint32_t first, uint32_t n)
{
    const ltv_scenario *scenario = whole->scenario;
    ltv_luck *luck = calloc(1, sizeof *luck);
    ltv_block *blocks = calloc(scenario->n_arms, sizeof *blocks);
    assert_true(luck != NULL && blocks != NULL);
    assert_int_equal(ltv_tally_init(part, scenario, whole->programs, NULL), LTV_OK);
    ltv_luck_fill(luck, (ltv_stream){.seed = scenario->seed}, ltv_needs_all, first, n);
    for (size_t a = 0; a < scenario->n_arms; a++) {
        assert_int_equal(ltv_block_init(&blocks[a], &whole->programs[a], NULL), LTV_OK);
        ltv_kernel_run(&blocks[a], &whole->programs[a], luck);
    }
    ltv_tally_add(part, whole->programs, blocks);
    for (size_t a = 0; a < scenario->n_arms; a++)
        ltv_block_free(&blocks[a]);
    free(luck);
    free(blocks);
}

static void assert_all(const population *p, int kind)
{
    assert_cells(p);
    for (size_t s = 0; s < SEGMENTS; s++) {
        assert_spread(p, 1, &p->tally.arms[1].by_segment[s], SIZE_MAX, s);
        assert_flows(p, 1, &p->tally.arms[1].segment_flows[s], SIZE_MAX, s);
    }
    for (size_t c = 0; c < CHANNELS; c++) {
        assert_spread(p, 1, &p->tally.arms[1].by_channel[c], c, SIZE_MAX);
        assert_flows(p, 1, &p->tally.arms[1].channel_flows[c], c, SIZE_MAX);
    }
    for (size_t i = 0; i < p->tally.n_contrasts; i++)
        assert_contrast(p, i, i == 2 ? 1 : 0, kind == 0 ? 0 : i == 1 ? 2 : 1);
}

static void merged_tallies_are_the_tally_of_all(void **state)
{
    (void)state;
    enum { PARTS = 3 };
    static const int orders[][PARTS] = {{0, 1, 2}, {2, 0, 1}};
    for (int kind = 0; kind < 2; kind++) {
        ltv_scenario scenario;
        population whole;
        ltv_tally parts[PARTS];
        scenario_of_kind(&scenario, kind);
        population_init(&whole, &scenario);
        for (uint32_t i = 0; i < PARTS; i++) /* other blocks than the whole was made of */
            fill_part(&parts[i], &whole, i * 900, i < 2 ? 900 : 700);
        for (int o = 0; o < 2; o++) {
            population merged = whole;
            assert_int_equal(ltv_tally_init(&merged.tally, &scenario, whole.programs, NULL),
                             LTV_OK);
            for (int i = 0; i < PARTS; i++)
                ltv_tally_merge(&merged.tally, &parts[orders[o][i]]);
            assert_all(&merged, kind);
            size_t last = scenario.n_arms - 1;
            const ltv_arm_tally *arm = &merged.tally.arms[last], *of = &whole.tally.arms[last];
            assert_memory_equal(arm->contacts, of->contacts, arm->n_interventions * 8);
            assert_memory_equal(arm->participants, of->participants, arm->n_interventions * 8);
            assert_int_equal(arm->holders != NULL, kind);
            if (kind == 1) {
                assert_memory_equal(arm->holders, of->holders, 3 * (HORIZON + 2) * 8);
                assert_memory_equal(arm->recurring, of->recurring, 3 * (HORIZON + 2) * 16);
            }
            assert_false(merged.tally.overflow || ltv_tally_out_of_memory(&merged.tally));
            ltv_tally_free(&merged.tally);
        }
        for (int i = 0; i < PARTS; i++)
            ltv_tally_free(&parts[i]);
        population_free(&whole);
        ltv_scenario_free(&scenario);
    }
}

/* --- what goes wrong --- */

static void the_sum_of_two_differences_may_be_too_large(void **state)
{
    (void)state;
    ltv_scenario scenario;
    population p;
    plain_scenario(&scenario);
    scenario.customers = 10;
    population_init(&p, &scenario);
    assert_false(p.tally.overflow);
    p.blocks[1].ltv[3] = LTV_MONEY_LIMIT - 1;
    p.blocks[0].ltv[3] = 0;
    p.blocks[1].programme_cost[3] = LTV_MONEY_LIMIT - 1;
    ltv_tally_add(&p.tally, p.programs, p.blocks);
    assert_false(p.tally.overflow);
    p.blocks[0].ltv[3] = -10;
    ltv_tally_add(&p.tally, p.programs, p.blocks);
    assert_true(p.tally.overflow);
    population_free(&p);
    ltv_scenario_free(&scenario);
}

static void a_block_with_holes_is_not_counted(void **state)
{
    (void)state;
    ltv_scenario scenario;
    population p;
    plain_scenario(&scenario);
    scenario.customers = 10;
    population_init(&p, &scenario);
    p.blocks[1].out_of_memory = true;
    p.blocks[1].stretches.items = NULL; /* would be read */
    ltv_stretch *kept = (ltv_stretch *)population_at(&p, 1, 0)->stretches;
    ltv_tally_add(&p.tally, p.programs, p.blocks);
    assert_true(ltv_tally_out_of_memory(&p.tally));
    assert_int_equal(p.tally.contrasts[0].saves.n, 10);
    p.blocks[1].stretches.items = kept;
    population_free(&p);
    ltv_scenario_free(&scenario);
}

static void an_overflow_sticks_through_adding_and_merging(void **state)
{
    (void)state;
    ltv_scenario scenario;
    population p;
    scenario_fixture_init(&scenario, 0.03);
    scenario.customers = 2000;
    scenario.arms[0].price = 4e10;
    scenario.arms[0].service_cost = 3.6e10;
    scenario.arms[0].channels[0].cac = 1e12;
    scenario.arms[0].spend = (ltv_spread){LTV_SPREAD_LOG_NORMAL, 3};
    ltv_arm *other = scenario_fixture_add_other_arm(&scenario, "all at the other end");
    other->price = 0;
    population_init(&p, &scenario);
    assert_true(p.tally.overflow);
    ltv_tally sum;
    assert_int_equal(ltv_tally_init(&sum, &scenario, p.programs, NULL), LTV_OK);
    assert_false(sum.overflow);
    ltv_tally_merge(&sum, &p.tally);
    assert_true(sum.overflow);
    ltv_tally_free(&sum);
    population_free(&p);
    ltv_scenario_free(&scenario);
}

static void a_missing_counter_is_noticed_wherever_it_is(void **state)
{
    (void)state;
    ltv_scenario scenario;
    population p;
    plain_scenario(&scenario);
    scenario.customers = 10;
    population_init(&p, &scenario);
    bool *flags[] = {&p.tally.arms[0].by_segment[1].ltv.out_of_memory,
                     &p.tally.arms[1].by_segment[0].net_ltv.out_of_memory,
                     &p.tally.arms[1].by_channel[2].ltv.out_of_memory,
                     &p.tally.arms[0].by_channel[0].net_ltv.out_of_memory,
                     &p.tally.contrasts[0].distribution.out_of_memory,
                     &p.tally.out_of_memory};
    assert_false(ltv_tally_out_of_memory(&p.tally));
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        *flags[i] = true;
        assert_true(ltv_tally_out_of_memory(&p.tally));
        *flags[i] = false;
    }
    population_free(&p);
    ltv_scenario_free(&scenario);
}

static void a_new_tally_is_empty_and_may_be_freed_twice(void **state)
{
    (void)state;
    ltv_tally tally = {0};
    ltv_tally_free(&tally);
    ltv_scenario scenario;
    ltv_program program;
    scenario_fixture_init(&scenario, 0.03);
    assert_int_equal(ltv_program_init(&program, &scenario, &scenario.arms[0], NULL), LTV_OK);
    assert_int_equal(ltv_tally_init(&tally, &scenario, &program, NULL), LTV_OK);
    const ltv_spread_tally *spread = &tally.arms[0].by_segment[0];
    assert_true(spread->least > spread->most && spread->net_least > spread->net_most);
    assert_int_equal(tally.arms[0].cells[0].of[LTV_FIGURE_LTV].n, 0);
    ltv_tally_free(&tally);
    ltv_tally_free(&tally);
    ltv_program_free(&program);
    ltv_scenario_free(&scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_hold_the_moments_of_their_customers),
        cmocka_unit_test(flows_are_those_of_the_customers_who_pay),
        cmocka_unit_test(parts_of_revenue_sum_to_the_whole),
        cmocka_unit_test(holders_and_contacts_are_counted),
        cmocka_unit_test(an_ltv_of_exactly_the_cac_is_above_it),
        cmocka_unit_test(distributions_hold_their_customers),
        cmocka_unit_test(one_channel_needs_no_distribution_of_its_own),
        cmocka_unit_test(without_any_cac_net_ltv_is_not_counted_twice),
        cmocka_unit_test(contrasts_are_differences_customer_by_customer),
        cmocka_unit_test(contrasts_of_programmes_know_costs_and_saves),
        cmocka_unit_test(merged_tallies_are_the_tally_of_all),
        cmocka_unit_test(the_sum_of_two_differences_may_be_too_large),
        cmocka_unit_test(a_block_with_holes_is_not_counted),
        cmocka_unit_test(an_overflow_sticks_through_adding_and_merging),
        cmocka_unit_test(a_missing_counter_is_noticed_wherever_it_is),
        cmocka_unit_test(a_new_tally_is_empty_and_may_be_freed_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
