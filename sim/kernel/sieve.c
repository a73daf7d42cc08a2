/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/kernel/sieve.h"

#include <stdlib.h>
#include <string.h>

#include "sim/kernel/kernel.h"

/* Places of classes, and how many of them may be taken before a block more is sifted. */
enum { PLACE_BITS = 13, PLACES = 1 << PLACE_BITS, MOST_CLASSES = PLACES / 2 };
_Static_assert(MOST_CLASSES + LTV_BLOCK < PLACES, "there is always an empty place");

/* --- codes --- */

/* A code is made of digits, each of which says one thing about the customers of a class. */
static uint64_t bits_for(uint64_t values)
{
    uint64_t bits = 0;
    while (values > (uint64_t)1 << bits)
        bits++;
    return bits;
}

static uint64_t bits_of_bill(const ltv_program *program)
{
    return bits_for((uint64_t)program->horizon + 2);
}

static uint64_t bits_of_cell(const ltv_program *program)
{
    return bits_for((uint64_t)program->n_channels * program->n_segments);
}

/* Whether it matters, too, when somebody would leave in his plain life, with which he is compared.
 */
static bool compares_lives(const ltv_program *program)
{
    return program->has_plain_ltv && ltv_crowd_lives_differ(program);
}

/* The first arm that is not plain, of which is told what is true in all; n_arms: there is none. */
static size_t find_lead(const ltv_program *programs, size_t n_arms)
{
    size_t lead = 0;
    while (lead < n_arms && programs[lead].plain)
        lead++;
    return lead;
}

bool ltv_sieve_is_possible(const ltv_program *programs, size_t n_arms)
{
    size_t lead = find_lead(programs, n_arms);
    if (lead == n_arms)
        return false;
    uint64_t bits = bits_of_cell(&programs[lead]) + bits_for(programs[lead].n_plans);
    bits += compares_lives(&programs[lead]) ? bits_of_bill(&programs[lead]) : 0;
    for (size_t a = 0; a < n_arms; a++) {
        if (!programs[a].plain && !ltv_kernel_foretells(&programs[a]))
            return false;
        bits += bits_of_bill(&programs[a]) + ltv_crowd_coins(&programs[a]);
    }
    return bits <= 64;
}

ltv_luck_needs ltv_sieve_needs(const ltv_program *programs, size_t n_arms)
{
    ltv_luck_needs needs = {false};
    for (size_t a = 0; a < n_arms; a++)
        if (!programs[a].plain)
            needs = ltv_needs_both(needs, ltv_kernel_needs(&programs[a]));
    return needs;
}

static void add_digit(uint64_t code[LTV_BLOCK], const uint32_t digit[LTV_BLOCK], uint64_t bits,
                      uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        code[i] = code[i] << bits | digit[i];
}

/* What is true in all arms. */
static void begin_codes(uint64_t code[LTV_BLOCK], const ltv_program *program,
                        const ltv_block *block, const ltv_foretold *told)
{
    uint64_t bits = bits_for(program->n_plans);
    bool one_cell = program->n_channels * program->n_segments == 1;
    for (uint32_t i = 0; i < block->n; i++)
        code[i] = told->plan[i];
    for (uint32_t i = 0; !one_cell && i < block->n; i++)
        code[i] |= (uint64_t)ltv_block_cell(block, program, i) << bits;
    if (compares_lives(program))
        add_digit(code, told->plain_leaves, bits_of_bill(program), block->n);
}

static void add_to_codes(uint64_t code[LTV_BLOCK], const ltv_program *program, uint32_t n,
                         const ltv_foretold *told)
{
    uint64_t coins = ltv_crowd_coins(program);
    add_digit(code, told->leaves_before, bits_of_bill(program), n);
    for (uint32_t i = 0; coins > 0 && i < n; i++)
        code[i] = code[i] << coins | told->coins[i];
}

/* --- classes --- */

/* Counts one customer more. */
static void count(ltv_sieve *sieve, uint64_t code, uint32_t customer)
{
    /* 2^64 over the golden ratio: codes that differ in a few digits go to places far apart. */
    uint64_t place = code * 0x9e3779b97f4a7c15 >> (64 - PLACE_BITS);
    ltv_sieve_class *at = &sieve->classes[place];
    while (at->times > 0 && at->code != code) {
        place = (place + 1) % PLACES;
        at = &sieve->classes[place];
    }
    if (__builtin_expect(at->times == 0, 0)) {
        *at = (ltv_sieve_class){.code = code, .customer = customer};
        sieve->n_classes++;
    }
    at->times++;
}

/* Times stay far below 2^31 in all. */
static const uint64_t most_kept_back = (uint64_t)1 << 30;

bool ltv_sieve_is_full(const ltv_sieve *sieve)
{
    return sieve->n_classes > MOST_CLASSES || sieve->n_kept_back > most_kept_back;
}

/* To let one of a class live costs as much as some four lives of the kind that is kept back; and
 * who passes has been looked at for nothing. */
enum { FEWEST_OF_A_CLASS = 4, FEWEST_KEPT_BACK = 8, TRIAL = 16 * LTV_BLOCK };

static bool keeps_back_enough(const ltv_sieve *sieve)
{
    return FEWEST_KEPT_BACK * sieve->n_kept_back >= sieve->n_looked_at;
}

bool ltv_sieve_pays(const ltv_sieve *sieve)
{
    return sieve->rests_for == 0 && (sieve->n_looked_at < TRIAL || keeps_back_enough(sieve));
}

/* Begins anew. Where it was a waste of time it rests, and each time twice as long. */
static void judge(ltv_sieve *sieve)
{
    enum { SHORTEST_REST = 16, LONGEST_REST = 1 << 20 };
    uint64_t enough = FEWEST_OF_A_CLASS * (uint64_t)sieve->n_classes;
    bool pays = sieve->n_kept_back >= enough && keeps_back_enough(sieve);
    if (sieve->n_looked_at == 0) /* it is resting */
        return;
    if (pays || sieve->next_rest == 0)
        sieve->next_rest = SHORTEST_REST;
    if (!pays) {
        sieve->rests_for = sieve->next_rest + 1; /* this lot has not ended */
        sieve->next_rest *= sieve->next_rest < LONGEST_REST ? 2 : 1;
    }
    sieve->n_classes = 0;
    sieve->n_looked_at = sieve->n_kept_back = 0;
}

uint32_t ltv_sieve_take(ltv_sieve *sieve, uint32_t *at, uint32_t customers[LTV_BLOCK])
{
    uint32_t n = 0;
    for (; sieve->n_classes > 0 && *at < PLACES && n < LTV_BLOCK; ++*at) {
        ltv_sieve_class *here = &sieve->classes[*at];
        customers[n] = here->customer;
        sieve->times[n] = here->times;
        n += here->times > 0;
        here->times = 0;
    }
    if (n == 0)
        judge(sieve);
    return n;
}

void ltv_sieve_end_lot(ltv_sieve *sieve)
{
    sieve->rests_for -= sieve->rests_for > 0;
}

/* --- the sieve --- */

ltv_status ltv_sieve_init(ltv_sieve *sieve, size_t n_arms, ltv_error *err)
{
    *sieve = (ltv_sieve){.n_arms = n_arms,
                         .told = calloc(n_arms, sizeof *sieve->told),
                         .passed = calloc(1, sizeof *sieve->passed),
                         .classes = calloc(PLACES, sizeof *sieve->classes),
                         .times = calloc(LTV_BLOCK, sizeof *sieve->times)};
    if (sieve->passed != NULL)
        ltv_luck_empty(sieve->passed);
    return sieve->told != NULL && sieve->passed != NULL && sieve->classes != NULL &&
                   sieve->times != NULL
               ? LTV_OK
               : ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory to sift customers in");
}

void ltv_sieve_free(ltv_sieve *sieve)
{
    free(sieve->told);
    free(sieve->passed);
    free(sieve->classes);
    free(sieve->times);
    *sieve = (ltv_sieve){0};
}

/* Whether all that is asked could be told. Lives in a plain arm are plain. */
static bool foretell(ltv_sieve *sieve, const ltv_program *programs, size_t lead, ltv_luck *luck,
                     ltv_block *blocks)
{
    ltv_foretold *of_lead = &sieve->told[lead];
    bool told = ltv_kernel_foretell(&blocks[lead], &programs[lead], luck, NULL, of_lead);
    for (size_t a = 0; told && a < sieve->n_arms; a++)
        if (programs[a].plain)
            memcpy(sieve->told[a].leaves_before, of_lead->plain_leaves,
                   luck->n * sizeof *of_lead->plain_leaves);
        else if (a != lead)
            told = ltv_kernel_foretell(&blocks[a], &programs[a], luck, of_lead, &sieve->told[a]);
    return told;
}

/* The first bills that customers pay neither in an arm nor in their plain lives; 0: it is not
 * known. */
static void find_last_leaves(const ltv_sieve *sieve, size_t lead, uint32_t n,
                             uint32_t last[LTV_BLOCK])
{
    memcpy(last, sieve->told[lead].plain_leaves, n * sizeof *last);
    for (size_t a = 0; a < sieve->n_arms; a++) {
        const uint32_t *leaves = sieve->told[a].leaves_before;
        for (uint32_t i = 0; i < n; i++) {
            uint32_t later = leaves[i] > last[i] ? leaves[i] : last[i];
            last[i] = leaves[i] > 0 && last[i] > 0 ? later : 0;
        }
    }
}

/* Those to whom more may happen in some arm. All arms whose programmes do not change other clocks
 * are asked in one. */
static void mark_eventful(const ltv_sieve *sieve, const ltv_program *programs, ltv_block *blocks,
                          const uint32_t last[LTV_BLOCK], uint8_t eventful[LTV_BLOCK])
{
    bool asked = false;
    for (size_t a = 0; a < sieve->n_arms; a++) {
        bool differs = ltv_crowd_changes_others(&programs[a]);
        if (programs[a].plain || (asked && !differs))
            continue;
        ltv_crowd_mark_eventful(blocks[a].crowd, last, eventful);
        asked |= !differs;
    }
}

uint32_t ltv_sieve_sift(ltv_sieve *sieve, const ltv_program *programs, ltv_luck *luck,
                        ltv_block *blocks, uint32_t passes[LTV_BLOCK])
{
    uint64_t code[LTV_BLOCK];
    uint32_t last[LTV_BLOCK], stays[LTV_BLOCK], n = luck->n, n_pass = 0, n_stay = 0;
    uint8_t eventful[LTV_BLOCK] = {0};
    size_t lead = find_lead(programs, sieve->n_arms);
    if (foretell(sieve, programs, lead, luck, blocks)) {
        find_last_leaves(sieve, lead, n, last);
        mark_eventful(sieve, programs, blocks, last, eventful);
    } else {
        memset(eventful, 1, sizeof eventful);
    }
    for (uint32_t i = 0; i < n; i++) {
        passes[n_pass] = stays[n_stay] = i;
        n_pass += eventful[i];
        n_stay += eventful[i] ^ 1;
    }
    sieve->n_looked_at += n;
    sieve->n_kept_back += n_stay;
    if (n_stay == 0)
        return n_pass;
    begin_codes(code, &programs[lead], &blocks[lead], &sieve->told[lead]);
    for (size_t a = 0; a < sieve->n_arms; a++)
        add_to_codes(code, &programs[a], n, &sieve->told[a]);
    for (uint32_t s = 0; s < n_stay; s++)
        count(sieve, code[stays[s]], luck->customer[stays[s]]);
    return n_pass;
}
