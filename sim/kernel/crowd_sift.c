/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "sim/kernel/crowd_parts.h"
#include "sim/kernel/rules.h"

/* What can be told of customers without letting them live: when they leave, and whether anything
 * but that may happen to them. */

/* Programmes about which customers of one cell differ, bit k: whom they reach, and who takes part.
 */
static uint64_t coins_of(const ltv_program *program, bool of_uptake)
{
    uint64_t coins = 0;
    for (size_t k = 0; k < program->n_interventions; k++) {
        const ltv_intervention_program *programme = &program->interventions[k];
        uint64_t threshold = of_uptake ? programme->uptake_threshold : programme->reach_threshold;
        coins |= threshold != UINT64_MAX ? ltv_bit(k) : 0;
    }
    return coins;
}

uint32_t ltv_crowd_coins(const ltv_program *program)
{
    return (uint32_t)(__builtin_popcountll(coins_of(program, false)) +
                      __builtin_popcountll(coins_of(program, true)));
}

/* How the coins of everybody fall, one bit after the other: those of programmes that are not for
 * him do not matter. */
static void toss_coins(const ltv_crowd *crowd, uint64_t coins[LTV_BLOCK])
{
    uint32_t n = crowd->block->n;
    uint8_t takes_part[LTV_BLOCK];
    memset(coins, 0, n * sizeof *coins);
    for (uint64_t left = coins_of(crowd->program, false); left != 0; left &= left - 1) {
        uint32_t k = ltv_first_of(left);
        for (uint32_t i = 0; i < n; i++)
            coins[i] = coins[i] << 1 | (crowd->audience[i] >> k & 1);
    }
    for (uint64_t left = coins_of(crowd->program, true); left != 0; left &= left - 1) {
        uint32_t k = ltv_first_of(left);
        ltv_crowd_judge_uptake(crowd, k, takes_part);
        for (uint32_t i = 0; i < n; i++)
            coins[i] = coins[i] << 1 | (takes_part[i] & (crowd->audience[i] >> k & 1));
    }
}

/* Bills by which their first voluntary clocks fire, 0: not known, while they follow their courses.
 */
static void climb(ltv_crowd *crowd, const uint32_t *of, uint32_t n, uint32_t bill[LTV_BLOCK])
{
    ltv_crowd_make_courses(crowd, of, n);
    ltv_crowd_climb_ladders(crowd, crowd->block->kept.voluntary_words, of, n, bill);
    for (uint32_t j = 0; crowd->some_cured && j < n; j++)
        bill[of[j]] = crowd->cured[of[j]] ? crowd->program->horizon + 1 : bill[of[j]];
}

/* Nobody leaves by himself before the end of his term. */
static void end_terms(const ltv_crowd *crowd, uint32_t leaves[LTV_BLOCK])
{
    const ltv_program *program = crowd->program;
    uint32_t never = program->horizon + 1;
    for (uint32_t i = 0; crowd->has_terms && i < crowd->block->n; i++) {
        const ltv_plan_program *plan = &program->plans[crowd->plan[i]];
        if (leaves[i] > 0 && leaves[i] < never)
            leaves[i] = ltv_earlier(ltv_end_of_term(plan, 0, leaves[i] - 1) + 1, never);
    }
}

static void fail(uint32_t leaves[LTV_BLOCK], const uint32_t failures[LTV_BLOCK], uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        leaves[i] = ltv_earlier(leaves[i], failures[i]);
}

/* What is true in all arms: when clocks fire if no programme comes, everybody following the first
 * path of his kind and plan. */
static void foretell_plain_lives(ltv_crowd *crowd, ltv_foretold *told)
{
    uint32_t n = crowd->block->n;
    climb(crowd, crowd->member, n, told->first_bills);
    ltv_crowd_find_failures(crowd, told->failures);
    memcpy(told->plain_leaves, told->first_bills, n * sizeof *told->plain_leaves);
    fail(told->plain_leaves, told->failures, n);
}

bool ltv_crowd_foretell(ltv_crowd *crowd, ltv_block *block, const ltv_program *program,
                        const ltv_luck *luck, const ltv_crowd_list *list, const ltv_foretold *first,
                        ltv_foretold *told)
{
    uint32_t turned[LTV_BLOCK], failures[LTV_BLOCK], n = block->n, n_turned;
    ltv_crowd_prepare(crowd, block, program, luck, list);
    if (!crowd->foresees || !crowd->counts || block->kept.voluntary_words == NULL)
        return false;
    ltv_crowd_judge_audiences(crowd, list);
    ltv_crowd_choose_courses(crowd);
    if (first == NULL)
        foretell_plain_lives(crowd, told);
    const ltv_foretold *plain = first != NULL ? first : told;
    memcpy(told->leaves_before, plain->first_bills, n * sizeof *told->leaves_before);
    n_turned = ltv_crowd_turn_courses(crowd, turned);
    climb(crowd, turned, n_turned, told->leaves_before);
    end_terms(crowd, told->leaves_before);
    memcpy(failures, plain->failures, n * sizeof *failures);
    if (crowd->walks)
        ltv_crowd_turn_failures(crowd, turned, n_turned, failures);
    fail(told->leaves_before, failures, n);
    toss_coins(crowd, told->coins);
    return true;
}

bool ltv_crowd_lives_differ(const ltv_program *program)
{
    return ltv_crowd_turning(program) != 0 || ltv_crowd_has_terms(program);
}

uint32_t ltv_crowd_lasting_add_ons(const ltv_program *program)
{
    uint32_t lasting = 0, quiet = ltv_crowd_quiet_add_ons(program);
    for (size_t a = 0; a < program->n_add_ons && a < LTV_EVENT_ADD_ONS; a++)
        if ((quiet >> a & 1) && !ltv_clock_can_fire(&program->add_ons[a].drop, program->horizon))
            lasting |= (uint32_t)1 << a;
    return lasting;
}

void ltv_crowd_find_events(const ltv_crowd *crowd, const uint32_t before[LTV_BLOCK],
                           uint32_t add_ons, uint8_t events[LTV_BLOCK])
{
    uint32_t by[LTV_BLOCK];
    for (uint32_t i = 0; i < crowd->block->n; i++) {
        by[i] = before[i] > 0 ? before[i] - 1 : 0;
        events[i] |= before[i] == 0 ? LTV_EVENT_MORE : 0;
    }
    for (size_t slot = LTV_SLOT_ADD_ONS; slot < crowd->n_slots; slot++) {
        size_t a = slot - LTV_SLOT_ADD_ONS; /* of slots after those of add-ons, no bit is set */
        uint8_t bit = LTV_EVENT_MORE;
        if (a < LTV_EVENT_ADD_ONS && (add_ons >> a & 1))
            bit = (uint8_t)(1 << a);
        ltv_crowd_mark(crowd, slot, by, bit, events);
    }
}
