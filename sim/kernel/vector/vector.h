/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_VECTOR_VECTOR_H
#define LTV_SIM_VECTOR_VECTOR_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "sim/address.h"
#include "sim/kernel/counted.h"
#include "sim/kernel/hazards.h"
#include "sim/ladder.h"

/* What is done for many customers at once, in vectors as wide as the processor has. One body
 * (vector_body.c) is compiled for each level of processors, and the best one that this processor
 * has is chosen at start-up. All give the same bits: integers are exact, and floating-point
 * numbers go through the basic operations in the order written (models/negative_log.h). */

/* Where the words of a run of customers are: one occurrence of one purpose, which is a shared one
 * (sim/address.h). */
typedef struct {
    ltv_stream stream;
    uint32_t first_customer;
    uint32_t n; /* customers */
    uint32_t name;
    ltv_purpose purpose;
    uint32_t occurrence;
} ltv_word_run;

/* Any addresses of one stream, one word of each. */
typedef struct {
    ltv_stream stream;
    size_t n;
    const uint32_t *customer, *name, *purpose, *occurrence;
} ltv_address_list;

/* Clocks, and when they fire (sim/clock.h); each goes by one of the tables. */
typedef struct {
    const ltv_hazards *hazards;
    size_t n;                       /* clocks */
    const uint32_t *table, *anchor; /* anchor < horizon */
    const double *times, *remaining;
    uint32_t *fires; /* out: the period, 0 ... horizon - 1, or LTV_NEVER */
} ltv_clock_batch;

/* What is asked when the clock of a slot fires: a head of a ladder. Of no clock, any head. */
typedef struct {
    ltv_ladder ladder;     /* borrowed */
    const uint32_t *heads; /* [i] */
} ltv_ladder_question;

/* What all customers are asked about a slot. */
typedef struct {
    size_t n; /* customers */
    size_t n_questions;
    const ltv_ladder_question *questions;
    const uint16_t *which; /* [i]: which one he is asked; not read where there is but one */
} ltv_ladder_batch;

/* What some held, and what that is worth: [place]. */
typedef struct {
    size_t n;
    const ltv_held *held;
    const ltv_worth *worth;
    const ltv_money *in_a_year;
    const int64_t *times; /* how many each customer stands for, [i]; NULL: 1 */
} ltv_held_list;

/* Of some whole numbers; the sum of their squares in three parts: high x 2^52 + middle x 2^27 +
 * low, where all magnitudes are below 2^52. */
typedef struct {
    int64_t sum;
    uint64_t range; /* the bits of all magnitudes */
    uint64_t low, middle, high;
} ltv_number_sums;

typedef struct {
    const char *level; /* "x86-64-v4"; as LTVSIM_SIMD names it */
    /* word[i]: that of customer first_customer + i (ltv_address_word). Nothing is written beyond n.
     */
    void (*words)(const ltv_word_run *run, uint64_t *word);
    /* Their high halves, at half the cost. */
    void (*heads)(const ltv_word_run *run, uint32_t *head);
    /* word[c]: that of address c of a list. */
    void (*words_at)(const ltv_address_list *list, uint64_t *word);
    /* below[i]: 1 where the word lies below a threshold, else 0. */
    void (*compare)(const uint64_t *words, size_t n, uint64_t threshold, uint8_t *below);
    /* Lists those of 0 ... n - 1 whose flags are not 0, in their order; returns how many they are.
     * The list has room for n, all of which may be written. */
    uint32_t (*find)(const uint8_t *flags, uint32_t n, uint32_t *found);
    /* budgets[i] = -ln U of the word, read without its deep word: right unless
     * ltv_word_needs_deep. Returns whether some word does. */
    int (*budgets)(const uint64_t *words, size_t n, double *budgets);
    /* hazards[i]: where the clock of a customer whose gamma frailty was integrated out fires, as
     * ltv_frailty_budget; cv > 0. */
    void (*gamma_hazards)(const double *budgets, size_t n, double cv, double *hazards);
    /* How many of n numbers, which never fall, are below a limit. Looks at all of them, or at all
     * of the few among which the answer is once halving has found those: unlike a search that
     * ends when it is there, it has no branch to guess wrong. */
    size_t (*count_below)(const double *rising, size_t n, double limit);
    /* Adds up n numbers, at most 1,024. Sums may wrap around where a magnitude is not below 2^52.
     */
    void (*add_up)(const int64_t *x, size_t n, ltv_number_sums *sums);
    /* Counts the holders of what was held, and adds what it is worth to their customers' sums and
     * to what these pay a year on, [i]. */
    void (*add_holdings)(const ltv_held_list *list, int32_t *holders, ltv_worth *sums,
                         ltv_money *year);
    /* Adds a bit to the marks of those whose clock may have fired by these bills, 0 ... last: all
     * heads that are not below its rung. */
    void (*mark)(const ltv_ladder_batch *batch, const uint32_t *by, uint8_t bit, uint8_t *marks);
    /* When each clock of a batch fires while its multiplier stays. */
    void (*fire)(const ltv_clock_batch *batch);
} ltv_vector;

/* The one in use: that of LTVSIM_SIMD where it was set at start-up to a level that this processor
 * has, else the best. Never NULL. */
extern const ltv_vector *ltv_vector_in_use;

/* Fails with BAD_INPUT where LTVSIM_SIMD is set to something else: what it is, and what can be. */
LTV_MUST_USE ltv_status ltv_vector_check(ltv_error *err);

/* Level i of those that this processor has, the plainest first; NULL beyond the last. */
const ltv_vector *ltv_vector_level(size_t i);

enum { LTV_ADDRESSES_AT_ONCE = 512 };

/* Budgets of the customers of a run: Exponential(1) numbers of its words, deep ones included. */
void ltv_vector_run_budgets(const ltv_word_run *run, double *budgets);

/* The same for the addresses of a list, at most LTV_ADDRESSES_AT_ONCE of them; and where their
 * words are known. */
void ltv_vector_budgets_at(const ltv_address_list *list, double *budgets);
void ltv_vector_budgets_of(const ltv_address_list *list, const uint64_t *words, double *budgets);

#endif
