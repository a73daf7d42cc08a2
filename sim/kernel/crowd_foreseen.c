/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "sim/kernel/crowd_parts.h"
#include "sim/kernel/rules.h"
#include "sim/kernel/vector/vector.h"

/* Until he first changes his plan, or an add-on that matters, all that happens to a customer can be
 * foreseen: programmes come at their bills, and the head of his first voluntary word says when he
 * leaves, on the ladder of his course. Most leave before they change anything, and there is nothing
 * more to ask about them. The others begin to live from bill to bill (crowd_rounds.c) with their
 * first change. */

static inline uint32_t earlier(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

static uint32_t *fires_in(ltv_crowd *crowd, size_t slot)
{
    return crowd->clocks.fires + ltv_crowd_place(slot, 0);
}

static const double *hazard_of(const ltv_crowd *crowd, uint32_t i)
{
    return crowd->hazards.cumulative + crowd->block->segment[i] * crowd->stride;
}

/* --- budgets --- */

/* Budgets of the first voluntary words of some customers, no more than are read at once. */
static void read_budgets(const ltv_crowd *crowd, const uint32_t *of, uint32_t n, double *budget)
{
    enum { AT_ONCE = LTV_ADDRESSES_AT_ONCE };
    static const uint32_t first[AT_ONCE], unnamed[AT_ONCE];
    uint32_t customer[AT_ONCE], purpose[AT_ONCE];
    uint64_t word[AT_ONCE];
    const uint64_t *words = crowd->block->kept.voluntary_words;
    for (uint32_t j = 0; j < n; j++) {
        customer[j] = crowd->luck->first_customer + of[j];
        purpose[j] = LTV_PURPOSE_VOLUNTARY_CHURN;
    }
    ltv_address_list list = {crowd->luck->stream, n, customer, unnamed, purpose, first};
    for (uint32_t j = 0; words != NULL && j < n; j++)
        word[j] = words[of[j]];
    if (words != NULL)
        ltv_vector_budgets_of(&list, word, budget);
    else
        ltv_vector_budgets_at(&list, budget);
}

/* Of n customers, on the scale of the base hazard. */
static void find_budgets(const ltv_crowd *crowd, const uint32_t *of, uint32_t n, double *budget)
{
    static const ltv_uniform unread = {.above = 0.5}; /* nobody draws a part of his frailty */
    const ltv_frailty *same = &crowd->program->kinds->frailty;
    double raw[LTV_BLOCK];
    for (uint32_t from = 0; from < n; from += LTV_ADDRESSES_AT_ONCE)
        read_budgets(crowd, of + from, earlier(n - from, LTV_ADDRESSES_AT_ONCE), raw + from);
    if (crowd->program->n_kinds == 1 && ltv_frailty_is_gamma(same))
        ltv_vector_in_use->gamma_hazards(raw, n, same->spread.cv, budget);
    else
        for (uint32_t j = 0; j < n; j++)
            budget[j] = ltv_frailty_budget(&crowd->kind[of[j]]->frailty, raw[j], unread);
}

/* --- when they leave --- */

/* Those whose heads do not say it. */
static void leave_exactly(ltv_crowd *crowd, const uint32_t *of, uint32_t n, uint32_t *leaves)
{
    double budget[LTV_BLOCK];
    find_budgets(crowd, of, n, budget);
    for (uint32_t j = 0; j < n; j++)
        leaves[of[j]] =
            ltv_course_fires(&crowd->courses[crowd->course_of[of[j]]], hazard_of(crowd, of[j]),
                             budget[j], crowd->program->horizon);
}

/* The first bills that they do not pay, as their heads say it; 0: they don't. */
static void climb_ladders(const ltv_crowd *crowd, const uint64_t *words, const uint32_t *of,
                          uint32_t n, uint32_t *bill)
{
    uint32_t mixed[LTV_BLOCK], n_mixed = 0;
    for (uint32_t j = 0; j < n; j++) {
        uint32_t i = of[j];
        bill[i] =
            crowd->course_guide[crowd->course_of[i]][words[i] >> (64 - LTV_LADDER_GUIDE_BITS)];
        mixed[n_mixed] = i;
        n_mixed += bill[i] / LTV_GUIDE_MIXED;
    }
    for (uint32_t m = 0; m < n_mixed; m++) {
        uint32_t i = mixed[m];
        bill[i] = ltv_ladder_climb(crowd->courses[crowd->course_of[i]].ladder.rungs,
                                   bill[i] - LTV_GUIDE_MIXED, (uint32_t)(words[i] >> 32));
    }
}

void ltv_crowd_foresee_leaving(ltv_crowd *crowd, const uint32_t *of, uint32_t n)
{
    const uint64_t *words = crowd->block->kept.voluntary_words;
    uint32_t *leaves = fires_in(crowd, LTV_SLOT_VOLUNTARY);
    uint32_t unsure[LTV_BLOCK], n_unsure = 0, horizon = crowd->program->horizon;
    ltv_crowd_make_courses(crowd, of, n);
    if (words == NULL) {
        leave_exactly(crowd, of, n, leaves);
    } else {
        climb_ladders(crowd, words, of, n, leaves);
        for (uint32_t j = 0; j < n; j++) {
            uint32_t i = of[j], bill = leaves[i];
            unsure[n_unsure] = i;
            n_unsure += bill == 0;
            leaves[i] = bill <= horizon ? bill - 1 : LTV_NEVER;
        }
        if (n_unsure > 0)
            leave_exactly(crowd, unsure, n_unsure, leaves);
    }
    for (uint32_t j = 0; crowd->some_cured && j < n; j++)
        if (crowd->cured[of[j]])
            leaves[of[j]] = LTV_NEVER;
}

/* Where there are terms: who gives notice before anything else happens to him. */
static void foresee_notices(ltv_crowd *crowd)
{
    const uint32_t *voluntary = fires_in(crowd, LTV_SLOT_VOLUNTARY);
    const uint32_t *involuntary = fires_in(crowd, LTV_SLOT_INVOLUNTARY);
    for (uint32_t m = 0; m < crowd->n_members; m++) {
        uint32_t i = crowd->member[m], period = voluntary[i];
        if (period != LTV_NEVER && period <= earlier(involuntary[i], crowd->soonest[i]))
            crowd->leaves_after[i] =
                ltv_end_of_term(&crowd->program->plans[crowd->plan[i]], 0, period);
    }
}

/* --- who goes on to live --- */

/* Members who change something while they are customers. Everybody's present bill is the one with
 * which what is foreseen ends. */
static uint32_t find_restless(ltv_crowd *crowd, uint32_t restless[LTV_BLOCK])
{
    const uint32_t *involuntary = fires_in(crowd, LTV_SLOT_INVOLUNTARY);
    const uint32_t *voluntary =
        crowd->has_terms ? crowd->leaves_after : fires_in(crowd, LTV_SLOT_VOLUNTARY);
    uint32_t n = 0, horizon = crowd->program->horizon;
    for (uint32_t m = 0; m < crowd->n_members; m++) {
        uint32_t i = crowd->member[m], changes = crowd->soonest[i];
        uint32_t leaves = earlier(earlier(involuntary[i], voluntary[i]), horizon);
        restless[n] = i;
        n += changes < leaves;
        crowd->bill[i] = earlier(changes, leaves) + 1;
    }
    return n;
}

/* Their voluntary clocks, as they stand before their present bills. */
static void set_voluntary(ltv_crowd *crowd, const uint32_t *of, uint32_t n)
{
    double budget[LTV_BLOCK];
    ltv_crowd_clocks *clocks = &crowd->clocks;
    size_t first = ltv_crowd_place(LTV_SLOT_VOLUNTARY, 0);
    ltv_crowd_make_courses(crowd, of, n); /* another arm may have found out when they leave */
    find_budgets(crowd, of, n, budget);
    for (uint32_t j = 0; j < n; j++) {
        uint32_t i = of[j];
        ltv_stand stand = ltv_course_stand(&crowd->courses[crowd->course_of[i]],
                                           hazard_of(crowd, i), budget[j], crowd->bill[i]);
        clocks->table[first + i] = crowd->block->segment[i];
        clocks->anchor[first + i] = stand.step.from;
        clocks->times[first + i] = stand.step.times;
        clocks->remaining[first + i] = stand.remaining;
        crowd->steady_churn[i] = ltv_crowd_steady_churn(crowd, i);
    }
    for (uint32_t j = 0; crowd->some_cured && j < n; j++)
        if (crowd->cured[of[j]])
            clocks->times[first + of[j]] = crowd->steady_churn[of[j]] = 0;
    for (uint32_t j = 0; crowd->has_terms && j < n; j++)
        if (crowd->leaves_after[of[j]] != LTV_NEVER)
            ltv_crowd_stop_clock(crowd, LTV_SLOT_VOLUNTARY, of[j]);
}

uint32_t ltv_crowd_foresee(ltv_crowd *crowd, uint32_t restless[LTV_BLOCK])
{
    uint32_t turned[LTV_BLOCK], n_turned = ltv_crowd_turn_courses(crowd, turned), n;
    ltv_crowd_foresee_leaving(crowd, turned, n_turned);
    if (crowd->has_terms)
        foresee_notices(crowd);
    n = find_restless(crowd, restless);
    ltv_crowd_keep_appointments(crowd, restless, n);
    set_voluntary(crowd, restless, n);
    return n;
}
