/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/kernel/sieve.h"

#include <stdlib.h>
#include <string.h>

#include "sim/kernel/kernel.h"
#include "sim/kernel/vector/vector.h"

/* Bits of the number of a place for classes; those who take up an add-on are of many more. */
enum { IDLE_BITS = 13, WITH_ADD_ON_BITS = 16 };

/* --- codes --- */

/* A digit for the add-on that somebody takes up. */
enum { ADD_ON_BITS = 3 };
_Static_assert(LTV_EVENT_ADD_ONS <= 1 << ADD_ON_BITS, "it has a value for each of them");

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

/* Of what is true of idle customers. */
static uint64_t bits_of_code(const ltv_program *programs, size_t n_arms, size_t lead)
{
    uint64_t bits = bits_of_cell(&programs[lead]) + bits_for(programs[lead].n_plans);
    bits += compares_lives(&programs[lead]) ? bits_of_bill(&programs[lead]) : 0;
    for (size_t a = 0; a < n_arms; a++)
        bits += bits_of_bill(&programs[a]) + ltv_crowd_coins(&programs[a]);
    return bits;
}

bool ltv_sieve_is_possible(const ltv_program *programs, size_t n_arms)
{
    size_t lead = find_lead(programs, n_arms);
    bool possible = lead < n_arms;
    for (size_t a = 0; possible && a < n_arms; a++)
        possible = programs[a].plain || ltv_kernel_foretells(&programs[a]);
    return possible && bits_of_code(programs, n_arms, lead) < 64;
}

ltv_luck_needs ltv_sieve_needs(const ltv_program *programs, size_t n_arms)
{
    ltv_luck_needs needs = {false};
    for (size_t a = 0; a < n_arms; a++)
        if (!programs[a].plain)
            needs = ltv_needs_both(needs, ltv_kernel_needs(&programs[a]));
    return needs;
}

/* What is true in all arms. */
static void begin_codes(uint64_t code[LTV_BLOCK], const ltv_program *program,
                        const ltv_block *block, const ltv_foretold *told)
{
    uint64_t bits = bits_for(program->n_plans), bits_of_leave = bits_of_bill(program);
    bool one_cell = program->n_channels * program->n_segments == 1;
    bool compares = compares_lives(program);
    for (uint32_t i = 0; i < block->n; i++)
        code[i] = told->plan[i];
    for (uint32_t i = 0; !one_cell && i < block->n; i++)
        code[i] |= (uint64_t)ltv_block_cell(block, program, i) << bits;
    for (uint32_t i = 0; compares && i < block->n; i++)
        code[i] = code[i] << bits_of_leave | told->plain_leaves[i];
}

static void add_to_codes(uint64_t code[LTV_BLOCK], const ltv_program *program, uint32_t n,
                         const ltv_foretold *told)
{
    uint64_t bits = bits_of_bill(program), coins = ltv_crowd_coins(program);
    for (uint32_t i = 0; coins == 0 && i < n; i++)
        code[i] = code[i] << bits | told->leaves_before[i];
    for (uint32_t i = 0; coins > 0 && i < n; i++)
        code[i] = (code[i] << bits | told->leaves_before[i]) << coins | told->coins[i];
}

/* --- whether it pays --- */

/* Times stay far below 2^31 in all. */
static const uint64_t most_kept_back = (uint64_t)1 << 30;

bool ltv_sieve_is_full(const ltv_sieve *sieve)
{
    return sieve->idle.n > sieve->idle.most || sieve->with_add_on.n > sieve->with_add_on.most ||
           ltv_sieve_kept_back(sieve) > most_kept_back;
}

/* To let one of a class live costs as much as some four lives of idle customers, or two of those
 * who take up an add-on; and who passes has been looked at for nothing. */
enum { FEWEST_IDLE = 4, FEWEST_WITH_ADD_ON = 2, FEWEST_KEPT_BACK = 8, TRIAL = 16 * LTV_BLOCK };

static bool keeps_back_enough(const ltv_sieve *sieve)
{
    return FEWEST_KEPT_BACK * ltv_sieve_kept_back(sieve) >= sieve->n_looked_at;
}

bool ltv_sieve_pays(const ltv_sieve *sieve)
{
    return sieve->idle.rests_for == 0 && (sieve->n_looked_at < TRIAL || keeps_back_enough(sieve));
}

/* Whether there are so many customers to a class. */
static bool are_crowded(const ltv_classes *classes, uint64_t fewest)
{
    return classes->n_customers >= fewest * classes->n;
}

static void begin_anew(ltv_sieve *sieve)
{
    bool pays = are_crowded(&sieve->idle, FEWEST_IDLE) && keeps_back_enough(sieve);
    if (sieve->n_looked_at > 0)
        ltv_classes_begin(&sieve->idle, pays);
    if (sieve->with_add_on.n > 0)
        ltv_classes_begin(&sieve->with_add_on,
                          are_crowded(&sieve->with_add_on, FEWEST_WITH_ADD_ON));
    sieve->n_looked_at = 0;
}

uint32_t ltv_sieve_take(ltv_sieve *sieve, uint32_t customers[LTV_BLOCK])
{
    uint32_t n = ltv_classes_take(&sieve->idle, customers, sieve->times, LTV_BLOCK);
    n += ltv_classes_take(&sieve->with_add_on, customers + n, sieve->times + n, LTV_BLOCK - n);
    if (n == 0)
        begin_anew(sieve);
    return n;
}

void ltv_sieve_end_lot(ltv_sieve *sieve)
{
    ltv_classes_end_lot(&sieve->idle);
    ltv_classes_end_lot(&sieve->with_add_on);
}

/* --- the sieve --- */

ltv_status ltv_sieve_init(ltv_sieve *sieve, size_t n_arms, ltv_error *err)
{
    *sieve = (ltv_sieve){.n_arms = n_arms,
                         .told = calloc(n_arms, sizeof *sieve->told),
                         .passed = calloc(1, sizeof *sieve->passed),
                         .times = calloc(LTV_BLOCK, sizeof *sieve->times)};
    bool ok = ltv_classes_init(&sieve->idle, IDLE_BITS);
    ok = ltv_classes_init(&sieve->with_add_on, WITH_ADD_ON_BITS) && ok;
    if (sieve->passed != NULL)
        ltv_luck_empty(sieve->passed);
    return ok && sieve->told != NULL && sieve->passed != NULL && sieve->times != NULL
               ? LTV_OK
               : ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory to sift customers in");
}

void ltv_sieve_free(ltv_sieve *sieve)
{
    free(sieve->told);
    free(sieve->passed);
    free(sieve->times);
    ltv_classes_free(&sieve->idle);
    ltv_classes_free(&sieve->with_add_on);
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

/* What may happen to them besides, in some arm. All arms whose programmes do not change other
 * clocks are asked in one. */
static void find_events(const ltv_sieve *sieve, const ltv_program *programs, ltv_block *blocks,
                        const uint32_t last[LTV_BLOCK], uint32_t add_ons, uint8_t events[LTV_BLOCK])
{
    bool asked = false;
    for (size_t a = 0; a < sieve->n_arms; a++) {
        bool differs = ltv_crowd_changes_others(&programs[a]);
        if (programs[a].plain || (asked && !differs))
            continue;
        ltv_crowd_find_events(blocks[a].crowd, last, add_ons, events);
        asked |= !differs;
    }
}

/* The add-ons by whose first bill, the same in all arms, classes can be told apart. */
static uint32_t telling_add_ons(const ltv_sieve *sieve, const ltv_program *programs, size_t lead)
{
    uint64_t bits = bits_of_code(programs, sieve->n_arms, lead);
    uint32_t add_ons = ltv_crowd_lasting_add_ons(&programs[lead]);
    bool alike = true;
    for (size_t a = 0; a < sieve->n_arms; a++)
        alike &= !ltv_crowd_changes_others(&programs[a]);
    bits += bits_of_bill(&programs[lead]) + ADD_ON_BITS;
    return alike && sieve->with_add_on.rests_for == 0 && bits < 64 ? add_ons : 0;
}

/* Who is kept back, as far as events tell, and who passes. */
typedef struct {
    uint32_t n_idle, idle[LTV_BLOCK];
    uint32_t n_with_add_on, with_add_on[LTV_BLOCK]; /* with one, and no more than that */
    uint32_t n_pass, *passes;
} sorted;

static void sort(sorted *into, const uint8_t events[LTV_BLOCK], uint32_t n)
{
    uint8_t is_idle[LTV_BLOCK], takes_up[LTV_BLOCK], passes[LTV_BLOCK];
    for (uint32_t i = 0; i < n; i++) {
        uint8_t of_him = events[i];
        is_idle[i] = of_him == 0;
        /* For idle ones, too, there is one at most; but 0 - 1 wraps around. */
        takes_up[i] = ((of_him & (of_him - 1)) == 0) & ((uint8_t)(of_him - 1) < LTV_EVENT_MORE - 1);
        passes[i] = !(is_idle[i] | takes_up[i]);
    }
    into->n_idle = ltv_vector_in_use->find(is_idle, n, into->idle);
    into->n_with_add_on = ltv_vector_in_use->find(takes_up, n, into->with_add_on);
    into->n_pass = ltv_vector_in_use->find(passes, n, into->passes);
}

static void count_idle(ltv_sieve *sieve, const ltv_luck *luck, const uint64_t code[LTV_BLOCK],
                       const sorted *all)
{
    uint64_t his_code[LTV_BLOCK];
    uint32_t customer[LTV_BLOCK];
    for (uint32_t j = 0; j < all->n_idle; j++) {
        his_code[j] = code[all->idle[j]];
        customer[j] = luck->customer[all->idle[j]];
    }
    ltv_classes_count(&sieve->idle, his_code, customer, all->n_idle);
}

/* Counts those who take up an add-on; of whom it is not known when they do so, they pass. */
static void count_with_add_on(ltv_sieve *sieve, const ltv_crowd *crowd, const ltv_luck *luck,
                              const uint64_t code[LTV_BLOCK], uint64_t bits, size_t add_on,
                              const uint8_t events[LTV_BLOCK], sorted *all)
{
    uint64_t his_code[LTV_BLOCK];
    uint32_t bill[LTV_BLOCK], customer[LTV_BLOCK], of[LTV_BLOCK], n = 0, n_told = 0;
    for (uint32_t j = 0; j < all->n_with_add_on; j++) {
        of[n] = all->with_add_on[j];
        n += events[of[n]] >> add_on & 1;
    }
    ltv_crowd_find_attach_bills(crowd, add_on, of, n, bill);
    for (uint32_t j = 0; j < n; j++) {
        uint32_t i = of[j], told = bill[i] > 0;
        his_code[n_told] = (code[i] << ADD_ON_BITS | add_on) << bits | bill[i];
        customer[n_told] = luck->customer[i];
        n_told += told;
        all->passes[all->n_pass] = i;
        all->n_pass += 1 - told;
    }
    ltv_classes_count(&sieve->with_add_on, his_code, customer, n_told);
}

uint32_t ltv_sieve_sift(ltv_sieve *sieve, const ltv_program *programs, ltv_luck *luck,
                        ltv_block *blocks, uint32_t passes[LTV_BLOCK])
{
    uint64_t code[LTV_BLOCK];
    uint32_t last[LTV_BLOCK], n = luck->n;
    uint8_t events[LTV_BLOCK] = {0};
    sorted all; /* whose room is not cleared each time */
    size_t lead = find_lead(programs, sieve->n_arms);
    uint32_t add_ons = telling_add_ons(sieve, programs, lead);
    all.passes = passes;
    sieve->n_looked_at += n;
    if (foretell(sieve, programs, lead, luck, blocks)) {
        find_last_leaves(sieve, lead, n, last);
        find_events(sieve, programs, blocks, last, add_ons, events);
    } else {
        memset(events, LTV_EVENT_MORE, sizeof events);
    }
    sort(&all, events, n);
    if (all.n_pass == n)
        return n;
    begin_codes(code, &programs[lead], &blocks[lead], &sieve->told[lead]);
    for (size_t a = 0; a < sieve->n_arms; a++)
        add_to_codes(code, &programs[a], n, &sieve->told[a]);
    count_idle(sieve, luck, code, &all);
    for (uint32_t left = add_ons; left != 0; left &= left - 1)
        count_with_add_on(sieve, blocks[lead].crowd, luck, code, bits_of_bill(&programs[lead]),
                          (size_t)__builtin_ctz(left), events, &all);
    return all.n_pass;
}
