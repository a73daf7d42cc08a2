/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/kernel/kernel.h"

#include <math.h>
#include <string.h>

#include "sim/kernel/crowd.h"
#include "sim/kernel/rules.h"
#include "sim/kernel/vector/vector.h"

/* Whether lives can ask for a frailty or a rank of spend: who is kept or won back, moves to another
 * segment, or belongs to those who spend most. */
static bool may_ask_for_levels(const ltv_program *program)
{
    uint64_t known = ltv_crowd_programmes(program);
    for (size_t k = 0; k < program->n_interventions; k++)
        if (!(known >> k & 1) || program->definitions[k].top_by_spend < 1)
            return true;
    return false;
}

ltv_luck_needs ltv_kernel_needs(const ltv_program *program)
{
    ltv_luck_needs needs = {.voluntary = !ltv_crowd_foresees(program),
                            .involuntary = program->involuntary && !ltv_crowd_reads_heads(program),
                            .channel = program->n_channels > 1,
                            .segment = program->n_segments > 1,
                            .starting_plan = program->n_plans > 1,
                            .levels = program->spends_differ || program->cacs_differ ||
                                      may_ask_for_levels(program)};
    for (size_t k = 0; k < program->n_kinds; k++) {
        needs.cured |= program->kinds[k].cured_threshold > 0;
        needs.levels |= program->kinds[k].draws_z;
    }
    return needs;
}

/* First entry whose threshold lies above the word: the member drawn by cumulative shares. Counts
 * those below it, since a search would end where nobody can foresee. */
static uint16_t member_of_word(const uint64_t *threshold, size_t n, uint64_t word)
{
    unsigned member = 0;
    for (size_t m = 0; m + 1 < n; m++)
        member += word >= threshold[m];
    return (uint16_t)member;
}

/* His own cost, rounded to a quantum and kept within what can be added and subtracted. */
static ltv_money cac_of(const ltv_program *program, size_t channel, ltv_uniform rank,
                        bool *overflow)
{
    ltv_money cac;
    double level = ltv_spread_quantile(program->cac_spread[channel], rank);
    if (ltv_money_round(program->cac[channel] * level, &cac) && cac < LTV_MONEY_LIMIT / 4)
        return cac;
    *overflow = true;
    return 0;
}

static void join(ltv_block *block, const ltv_program *program, const ltv_luck *luck)
{
    bool overflow = false;
    memset(block->channel, 0, block->n * sizeof *block->channel);
    memset(block->segment, 0, block->n * sizeof *block->segment);
    for (uint32_t i = 0; program->n_channels > 1 && i < block->n; i++)
        block->channel[i] =
            member_of_word(program->channel_threshold, program->n_channels, luck->channel[i]);
    for (uint32_t i = 0; program->n_segments > 1 && i < block->n; i++)
        block->segment[i] =
            member_of_word(program->segment_threshold + block->channel[i] * program->n_segments,
                           program->n_segments, luck->segment[i]);
    for (uint32_t i = 0; program->cacs_differ && i < block->n; i++)
        block->cac[i] = cac_of(program, block->channel[i], luck->acquisition[i], &overflow);
    ltv_money first_cac = program->same_cac[0];
    for (uint32_t i = 0; !program->cacs_differ && i < block->n; i++)
        block->cac[i] = first_cac;
    for (uint32_t i = 0; !program->cacs_differ && program->n_channels > 1 && i < block->n; i++)
        block->cac[i] = program->same_cac[block->channel[i]];
    block->overflow |= overflow;
}

/* The first u with cumulative[u] >= budget, 1 ... last, where cumulative[last] is the infinite
 * sentinel: the clock fires in period u - 1, so bill u is the first one not paid. */
static uint32_t first_bill_not_paid(const double *cumulative, uint32_t last, double budget)
{
    uint32_t low = 1, length = last;
    while (length > 1) {
        uint32_t half = length / 2;
        low += cumulative[low + half - 1] < budget ? half : 0;
        length -= half;
    }
    return low;
}

static const ltv_kind *kind_of(const ltv_program *program, const ltv_block *block, uint32_t i)
{
    return ltv_kind_of(program, block->channel[i], block->segment[i]);
}

/* Bill at which the voluntary clock of one customer ends his payments. */
static uint32_t voluntary_end(const ltv_kind *kind, const ltv_luck *luck, uint32_t i, uint32_t last)
{
    if (luck->cured[i] < kind->cured_threshold)
        return last;
    if (!kind->draws_z)
        return first_bill_not_paid(kind->voluntary, last, luck->voluntary[i]);
    /* The clock fires when G(z Lambda) >= budget; z is positive, so the search stays monotone.
     * Halving by the exact condition, because G(z Lambda) is not in a table. */
    double z = ltv_frailty_explicit(&kind->frailty, luck->frailty[i]);
    uint32_t low = 1, high = last;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        double reached =
            z > 0 ? ltv_frailty_marginal_hazard(&kind->frailty, z * kind->voluntary[middle]) : 0;
        if (reached >= luck->voluntary[i])
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

void ltv_kernel_leave(uint32_t *leaves_before, const ltv_block *block, const ltv_program *program,
                      const ltv_luck *luck)
{
    uint32_t last = program->horizon + 1;
    for (uint32_t i = 0; i < block->n; i++)
        leaves_before[i] = voluntary_end(kind_of(program, block, i), luck, i, last);
    if (!program->involuntary)
        return;
    for (uint32_t i = 0; i < block->n; i++) {
        uint32_t failed = first_bill_not_paid(kind_of(program, block, i)->involuntary, last,
                                              luck->involuntary[i]);
        if (failed < leaves_before[i])
            leaves_before[i] = failed;
    }
}

/* Level of spend of one customer. With a correlation its score is that of the frailty's rank,
 * turned by the copula: rho x + sqrt(1 - rho^2) y. */
static double spend_level(const ltv_program *program, const ltv_block *block, const ltv_luck *luck,
                          uint32_t i, ltv_uniform *rank)
{
    *rank = luck->spend[i];
    double *kept = block->kept.spend;
    if (program->spend_follows_churn) {
        const ltv_kind *kind = kind_of(program, block, i);
        kept = NULL; /* the kind decides too */
        double rho = program->spend_pearson;
        double churn_score =
            ltv_frailty_score_given_budget(&kind->frailty, luck->voluntary[i], luck->frailty[i]);
        *rank = ltv_uniform_of_score(rho * churn_score +
                                     sqrt(1 - rho * rho) * ltv_score_of_uniform(*rank));
    }
    if (kept == NULL)
        return ltv_spread_quantile(program->spend, *rank);
    if (isnan(kept[i]))
        kept[i] = ltv_spread_quantile(program->spend, *rank);
    return kept[i];
}

void ltv_kernel_value(ltv_block *block, const ltv_program *program, uint32_t i,
                      uint32_t leaves_before)
{
    const ltv_kind *kind = kind_of(program, block, i);
    uint32_t bills = leaves_before <= program->horizon ? leaves_before : program->horizon;
    ltv_weight spend = block->spend[i];
    ltv_stretch stretch = {.to = leaves_before,
                           .kind = (uint32_t)(kind - program->kinds),
                           .weight = spend,
                           .service = kind->service};
    stretch.recurring = ltv_money_scale(kind->recurring[0], spend, &block->overflow);
    stretch.revenue = stretch.recurring;
    stretch.margin = ltv_money_scale(kind->margin[0], spend, &block->overflow);
    ltv_block_add_stretch(block, &stretch);
    block->bills[i] = bills;
    block->ltv[i] = ltv_money_scale(kind->discounted_margin[bills], spend, &block->overflow) -
                    kind->discounted_service[bills];
    for (int k = 0; k < LTV_CHECKPOINTS; k++) {
        uint32_t by = bills < program->checkpoint[k] ? bills : program->checkpoint[k];
        block->ltv_by[k][i] =
            ltv_money_scale(kind->discounted_margin[by], spend, &block->overflow) -
            kind->discounted_service[by];
    }
    block->plain_ltv[i] = block->ltv[i];
    block->programme_cost[i] = 0;
    block->saves[i] = 0;
    ltv_block_close_customer(block, program, i);
}

static void live_plainly(ltv_block *block, const ltv_program *program, const ltv_luck *luck)
{
    uint32_t leaves_before[LTV_BLOCK];
    ltv_kernel_leave(leaves_before, block, program, luck);
    for (uint32_t i = 0; i < block->n; i++) {
        ltv_uniform rank;
        block->spend[i] =
            program->spends_differ
                ? ltv_weight_of(spend_level(program, block, luck, i, &rank), &block->overflow)
                : LTV_WEIGHT_ONE;
    }
    for (uint32_t i = 0; i < block->n; i++)
        ltv_kernel_value(block, program, i, leaves_before[i]);
}

static uint16_t first_plan(const ltv_block *block, const ltv_program *program, const ltv_luck *luck,
                           uint32_t i)
{
    return member_of_word(program->plan_threshold + block->segment[i] * program->n_plans,
                          program->n_plans, luck->starting_plan[i]);
}

/* Level of spend of customer i, whose weight is put into the block, and its rank. */
static double find_spend(ltv_block *block, const ltv_program *program, const ltv_luck *luck,
                         uint32_t i, ltv_uniform *rank)
{
    double spend = 1;
    *rank = luck->spend[i];
    if (program->spends_differ)
        spend = spend_level(program, block, luck, i, rank);
    block->spend[i] = ltv_weight_of(spend, &block->overflow);
    return spend;
}

void ltv_kernel_begin_life(ltv_life *life, ltv_block *block, const ltv_program *program,
                           const ltv_luck *luck, uint32_t i)
{
    ltv_newcomer newcomer = {.plan = first_plan(block, program, luck, i)};
    newcomer.spend = find_spend(block, program, luck, i, &newcomer.spend_rank);
    ltv_life_begin(life, block, program, luck, i, &newcomer);
}

/* Whom programme k may reach, as far as is known. Without a branch for each: nobody can foresee
 * whom a programme reaches. */
static void find_reached(uint8_t reached[LTV_BLOCK], const ltv_block *block,
                         const ltv_program *program, size_t k)
{
    const ltv_intervention_program *programme = &program->interventions[k];
    const uint64_t *words = block->kept.reach[k];
    if (programme->limited || programme->reach_threshold == UINT64_MAX || words == NULL)
        memset(reached, 1, block->n);
    else
        ltv_vector_in_use->compare(words, block->n, programme->reach_threshold, reached);
}

/* Marks those to whom one of these programmes may turn: it is for the likes of them, and may reach
 * them. */
static void mark_reached(uint8_t marked[LTV_BLOCK], const ltv_block *block,
                         const ltv_program *program, uint64_t programmes)
{
    bool one_cell = program->n_channels * program->n_segments == 1;
    uint8_t reached[LTV_BLOCK];
    uint32_t n = block->n;
    for (size_t k = 0; k < program->n_interventions; k++) {
        if (!(programmes >> k & 1) || (one_cell && !(program->for_cell[0] >> k & 1)))
            continue;
        find_reached(reached, block, program, k);
        for (uint32_t i = 0; !one_cell && i < n; i++)
            reached[i] &= (uint8_t)(program->for_cell[ltv_block_cell(block, program, i)] >> k & 1);
        for (uint32_t i = 0; i < n; i++)
            marked[i] |= reached[i];
    }
}

void ltv_kernel_live_alone(ltv_block *block, const ltv_program *program, const ltv_luck *luck,
                           uint32_t i)
{
    ltv_kernel_begin_life(block->life, block, program, luck, i);
    ltv_life_advance(block->life, LTV_NEVER);
    ltv_life_end(block->life);
}

/* Those of everybody. */
static void find_first_plans(uint16_t plan[LTV_BLOCK], const ltv_block *block,
                             const ltv_program *program, const ltv_luck *luck)
{
    uint8_t below[LTV_BLOCK];
    uint32_t n = block->n;
    memset(plan, 0, n * sizeof *plan);
    for (size_t p = 0; program->n_segments == 1 && p + 1 < program->n_plans; p++) {
        ltv_vector_in_use->compare(luck->starting_plan, block->n, program->plan_threshold[p],
                                   below);
        for (uint32_t i = 0; i < n; i++)
            plan[i] = (uint16_t)(plan[i] + 1 - below[i]);
    }
    for (uint32_t i = 0; program->n_segments > 1 && program->n_plans > 1 && i < block->n; i++)
        plan[i] = first_plan(block, program, luck, i);
}

/* What a crowd has to know about everybody. Nobody asks for ranks where nobody is chosen by them.
 */
static void list_all(ltv_crowd_list *list, ltv_block *block, const ltv_program *program,
                     const ltv_luck *luck)
{
    find_first_plans(list->plan, block, program, luck);
    if (program->spends_differ || may_ask_for_levels(program))
        for (uint32_t i = 0; i < block->n; i++)
            find_spend(block, program, luck, i, &list->spend_rank[i]);
    else
        for (uint32_t i = 0; i < block->n; i++)
            block->spend[i] = LTV_WEIGHT_ONE;
}

/* How customers live. */
typedef enum { ALONE, TOGETHER, COPIED, LEFT_OUT } way;

/* Copied are those about whom what another arm found out is true in this one too, and can be had:
 * whom that arm only copied and counted, a third one would have to count. (The engine asks first
 * arms, which copy nobody; but a caller may ask any.) */
static void find_copied(uint8_t ways[LTV_BLOCK], const ltv_block *block, const ltv_program *program,
                        const ltv_block *other, const ltv_program *others)
{
    uint8_t reached[LTV_BLOCK] = {0};
    uint32_t n = block->n;
    for (uint32_t i = 0; other->copied_from != NULL && i < n; i++)
        reached[i] = other->is_copied[i] & (other->pays_before[i] > 0);
    mark_reached(reached, block, program, UINT64_MAX);
    mark_reached(reached, other, others, UINT64_MAX);
    for (uint32_t i = 0; i < n; i++)
        ways[i] = reached[i] ? ways[i] : COPIED;
}

static void part_ways(uint8_t ways[LTV_BLOCK], const ltv_block *block, const ltv_program *program)
{
    uint8_t alone[LTV_BLOCK] = {0};
    uint32_t n = block->n;
    if (ltv_crowd_knows(program))
        mark_reached(alone, block, program, ~ltv_crowd_programmes(program));
    else
        memset(alone, 1, sizeof alone);
    for (uint32_t i = 0; i < n; i++)
        ways[i] = alone[i] ? ALONE : TOGETHER;
}

/* Those who live in one way; returns how many. */
static uint32_t find_all(way wanted, const uint8_t ways[LTV_BLOCK], uint32_t n,
                         uint32_t found[LTV_BLOCK])
{
    uint8_t is_wanted[LTV_BLOCK];
    for (uint32_t i = 0; i < n; i++)
        is_wanted[i] = ways[i] == wanted;
    return ltv_vector_in_use->find(is_wanted, n, found);
}

/* Lives, some of which have items in the lists, which are in the order of customers. */
static void list_lives(ltv_block *block, const ltv_program *program, const ltv_luck *luck,
                       const ltv_block *other, const uint8_t ways[LTV_BLOCK], bool counts)
{
    for (uint32_t i = 0; i < block->n; i++)
        if (ways[i] == COPIED)
            ltv_block_copy_customer(block, other, i);
        else if (ways[i] == ALONE)
            ltv_kernel_live_alone(block, program, luck, i);
        else if (ways[i] == LEFT_OUT || counts)
            ltv_block_skip_customer(block, i);
        else
            ltv_crowd_list_life(block->crowd, block, i);
}

static void live_eventfully(ltv_block *block, const ltv_program *program, const ltv_luck *luck,
                            const ltv_block *other, const uint8_t ways[LTV_BLOCK])
{
    ltv_crowd_list list;
    uint32_t copied[LTV_BLOCK], counted[LTV_BLOCK], n_counted = 0;
    bool counts = false;
    list.n = find_all(TOGETHER, ways, block->n, list.member);
    if (list.n > 0) {
        list_all(&list, block, program, luck);
        ltv_crowd_live(block->crowd, block, program, luck, &list,
                       other != NULL ? other->crowd : NULL);
        counts = ltv_crowd_counts(block->crowd);
    }
    uint32_t n_copied = other != NULL ? find_all(COPIED, ways, block->n, copied) : 0;
    for (uint32_t c = 0; c < n_copied; c++) {
        counted[n_counted] = copied[c];
        n_counted += other->pays_before[copied[c]] > 0;
    }
    if (n_counted + (counts ? list.n : 0) < block->n) {
        list_lives(block, program, luck, other, ways, counts);
    } else {
        ltv_block_skip_all(block);
        ltv_block_copy_counted(block, other, copied, n_copied);
    }
    if (n_counted > 0)
        ltv_crowd_count_some(other->crowd, block, counted, n_counted);
    if (counts)
        ltv_crowd_count(block->crowd, block);
}

void ltv_kernel_join(ltv_block *block, const ltv_program *program, ltv_luck *luck)
{
    ltv_block_clear(block, program, luck->n);
    join(block, program, luck);
    ltv_block_keep_luck(block, program, luck);
}

bool ltv_kernel_foretells(const ltv_program *program)
{
    return !program->plain && ltv_crowd_foresees(program) && !program->spends_differ &&
           !program->cacs_differ && !may_ask_for_levels(program);
}

bool ltv_kernel_foretell(ltv_block *block, const ltv_program *program, ltv_luck *luck,
                         const ltv_foretold *first, ltv_foretold *told)
{
    ltv_crowd_list list;
    ltv_kernel_join(block, program, luck);
    list_all(&list, block, program, luck);
    list.n = block->n;
    for (uint32_t i = 0; i < block->n; i++)
        list.member[i] = i;
    memcpy(told->plan, list.plan, block->n * sizeof *told->plan);
    return ltv_crowd_foretell(block->crowd, block, program, luck, &list, first, told);
}

void ltv_kernel_run_again(ltv_block *block, const ltv_program *program, ltv_luck *luck,
                          const ltv_block *other, const ltv_program *others)
{
    uint8_t ways[LTV_BLOCK];
    ltv_kernel_join(block, program, luck);
    if (program->plain) {
        live_plainly(block, program, luck);
        return;
    }
    part_ways(ways, block, program);
    if (other != NULL)
        find_copied(ways, block, program, other, others);
    live_eventfully(block, program, luck, other, ways);
}

void ltv_kernel_mark_reached(uint8_t reached[LTV_BLOCK], const ltv_block *block,
                             const ltv_program *program)
{
    mark_reached(reached, block, program, UINT64_MAX);
}

void ltv_kernel_run_reached(ltv_block *block, const ltv_program *program, ltv_luck *luck,
                            uint8_t reached[LTV_BLOCK])
{
    uint8_t ways[LTV_BLOCK];
    ltv_kernel_join(block, program, luck);
    if (program->plain) {
        memset(reached, 1, luck->n);
        live_plainly(block, program, luck);
        return;
    }
    mark_reached(reached, block, program, UINT64_MAX);
    part_ways(ways, block, program);
    for (uint32_t i = 0; i < luck->n; i++)
        ways[i] = reached[i] ? ways[i] : LEFT_OUT;
    live_eventfully(block, program, luck, NULL, ways);
}

void ltv_kernel_run(ltv_block *block, const ltv_program *program, ltv_luck *luck)
{
    ltv_kernel_run_again(block, program, luck, NULL, NULL);
}
