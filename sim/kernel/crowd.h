/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_CROWD_H
#define LTV_SIM_CROWD_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/kernel/block.h"
#include "sim/kernel/luck.h"
#include "sim/program.h"

/* Customers of a block who live together: the same life as sim/kernel/life.h, to the last bit, but
 * all of them take each step at once.
 *
 * What a life knows about one customer, a crowd has in columns. Everybody's first clocks are set
 * and looked at together, in full vectors. Then rounds begin: each customer who still lives goes on
 * to his next bill, where something happens to him, and clocks that change there go into a queue;
 * at the end of the round the queue is looked at, in full vectors again. Fewer take part in every
 * round. What customers hold is counted when all have ended (sim/kernel/counted.h) or, where not
 * all pay the same for it, written into a log from which their stretches are made.
 *
 * A crowd knows plans with their terms, add-ons, failing payments and the programmes that come at a
 * tenure or every few bills and change hazards. Whom anything else can happen to, lives alone. */

typedef struct ltv_crowd ltv_crowd;

/* For blocks that count in this way. NULL when memory is short. Free with ltv_crowd_free, which
 * takes NULL. */
ltv_crowd *ltv_crowd_new(const ltv_program *program, const ltv_counted *counted);
void ltv_crowd_free(ltv_crowd *crowd);

/* Whether customers of a program can live in a crowd, unless a programme turns to them that is not
 * among ltv_crowd_programmes. */
bool ltv_crowd_knows(const ltv_program *program);

/* Bit k: a crowd knows what programme k does. */
uint64_t ltv_crowd_programmes(const ltv_program *program);

/* Whether it is by heads that it looks at the first clocks of a program, but that of voluntary
 * churn: nobody lives alone then, and nobody asks for their budgets. */
bool ltv_crowd_reads_heads(const ltv_program *program);

/* Whether it foresees, by the heads of their words, when customers of a program leave as long as
 * nothing but programmes changes their hazard: nobody asks for first voluntary budgets then. */
bool ltv_crowd_foresees(const ltv_program *program);

/* How many there are; finds their heads, [ltv_crowd_n_heads], NULL: clocks that never fire, or
 * there is no room. */
size_t ltv_crowd_n_heads(const ltv_program *program);
void ltv_crowd_keep_heads(const uint32_t **heads, const ltv_program *program, ltv_luck *luck);

/* What a crowd is told: who is one of it, and about customer i of the block, also of those who are
 * not. */
typedef struct {
    uint32_t n, member[LTV_BLOCK];     /* in their order */
    uint16_t plan[LTV_BLOCK];          /* his first */
    ltv_uniform spend_rank[LTV_BLOCK]; /* where a programme is for those who spend most */
} ltv_crowd_list;

/* The lives of those on the list. Their channel, segment and level of spend are in the block, and
 * what they are worth is added up there; but nothing is counted or listed yet. `other`,
 * NULL or the crowd of an arm that differs in programmes alone, whose block is still there, lends
 * what it found out about the same customers' first clocks, if it did. */
void ltv_crowd_live(ltv_crowd *crowd, ltv_block *block, const ltv_program *program,
                    const ltv_luck *luck, const ltv_crowd_list *list, const ltv_crowd *other);

/* What can be told of the customers of a block without letting them live. */
typedef struct {
    uint16_t plan[LTV_BLOCK]; /* their first */
    /* The first bills that they do not pay, 1 ... horizon + 1, if nothing but programmes happens to
     * them before; 0: not known. */
    uint32_t leaves_before[LTV_BLOCK];
    uint64_t coins[LTV_BLOCK]; /* how those of all programmes fall, ltv_crowd_coins bits */
    /* Of the first arm alone, likewise: by which bills voluntary and involuntary clocks fire if no
     * programme comes, and the earlier of both. */
    uint32_t first_bills[LTV_BLOCK], failures[LTV_BLOCK], plain_leaves[LTV_BLOCK];
} ltv_foretold;

/* Whether it may not be the same bill that somebody leaves before and before which he would leave
 * in a plain life. */
bool ltv_crowd_lives_differ(const ltv_program *program);

/* How many coins there are by which programmes of a program treat customers of one cell
 * differently. */
uint32_t ltv_crowd_coins(const ltv_program *program);

/* Tells it of all customers of a block of a program that is foreseen; `first`: what was told in an
 * arm that differs in programmes alone, NULL. False where it cannot be told: nothing is known. */
bool ltv_crowd_foretell(ltv_crowd *crowd, ltv_block *block, const ltv_program *program,
                        const ltv_luck *luck, const ltv_crowd_list *list, const ltv_foretold *first,
                        ltv_foretold *told);

/* Whether some programme changes other hazards than voluntary churn: else what may happen in one
 * arm may in all. */
bool ltv_crowd_changes_others(const ltv_program *program);

/* What may happen to a customer besides: bit a: he takes up add-on a; or something else. */
enum { LTV_EVENT_ADD_ONS = 7, LTV_EVENT_MORE = 1 << LTV_EVENT_ADD_ONS };

/* The first of those add-ons that change nothing but what is paid and are never dropped, bit a. */
uint32_t ltv_crowd_lasting_add_ons(const ltv_program *program);

/* Of the same customers, just then: adds to events[i] what may happen to customer i before this
 * bill, 0: not known, but that programmes come. `add_ons`, some of those that last, are told apart
 * from the rest. */
void ltv_crowd_find_events(const ltv_crowd *crowd, const uint32_t before[LTV_BLOCK],
                           uint32_t add_ons, uint8_t events[LTV_BLOCK]);

/* The bills with which some of them take up an add-on if they live to see it and no programme
 * changes when they do so; 0: not known. */
void ltv_crowd_find_attach_bills(const ltv_crowd *crowd, size_t add_on, const uint32_t *of,
                                 uint32_t n, uint32_t bill[LTV_BLOCK]);

/* Whether those who lived in the crowd are to be counted; else they are to be listed. */
bool ltv_crowd_counts(const ltv_crowd *crowd);

/* Appends the items of customer i, who lived in the crowd, to the lists of the block. */
void ltv_crowd_list_life(const ltv_crowd *crowd, ltv_block *block, uint32_t i);

/* Counts all who lived in the crowd, and sums up what became of them in the columns of the block;
 * once. */
void ltv_crowd_count(ltv_crowd *crowd, ltv_block *block);

/* Counts some of them in the block of another arm, in which the same became of them. */
void ltv_crowd_count_some(const ltv_crowd *crowd, ltv_block *block, const uint32_t *some,
                          uint32_t n);

#endif
