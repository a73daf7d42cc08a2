/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_SKETCH_H
#define LTV_SIM_SKETCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/money.h"

/* A distribution of amounts of money in integer counts, mergeable in any order with the same
 * result. Buckets are the floating-point way: 1024 to each power of two, so at most 2^-10
 * (0.098 %) of their value wide; amounts below 1024 quanta, zero among them, have a bucket each;
 * negative amounts mirror the positive ones. Each bucket also knows the least and the most of
 * its amounts: where LTV comes in steps wider than a bucket, as equal bills make it, these are
 * the amount itself, and quantiles are exact. Buckets come in rows of 1024, one row a power of
 * two, allocated when first touched: memory grows with the spread of the values only. */

enum { LTV_SKETCH_ROW = 1024, LTV_SKETCH_ROWS = 54 };

typedef struct {
    int64_t count;
    /* Of magnitudes: how far the largest lies above the lower end of the bucket, and the least
     * below its upper end. 0 while there is none, so that a larger one is all that has to be looked
     * for. */
    uint64_t above_lower, below_upper;
} ltv_sketch_counter;

typedef struct {
    ltv_sketch_counter *rows[2][LTV_SKETCH_ROWS]; /* owned; [0] zero and positive, [1] negative */
    bool out_of_memory;                           /* sticky: counts are incomplete */
} ltv_sketch;

/* Amounts that have been counted. */
typedef struct {
    int64_t count;
    ltv_money least, most; /* meaningless while there is none */
} ltv_sketch_amounts;

/* The bucket lower ... upper, both ends inside, and what has been counted in it. */
typedef struct {
    ltv_money lower, upper;
    ltv_sketch_amounts in;
} ltv_sketch_bucket;

/* Counts an amount so many times, at least once; |x| < LTV_MONEY_LIMIT * 2. */
void ltv_sketch_add(ltv_sketch *sketch, ltv_money x, int64_t times);

/* Counts n amounts once each, several times as fast as one by one: a distribution with its rows
 * does not fit near the processor, and so the counters are fetched while others are still on their
 * way. */
void ltv_sketch_add_all(ltv_sketch *sketch, const ltv_money *x, size_t n);

void ltv_sketch_merge(ltv_sketch *into, const ltv_sketch *from);

int64_t ltv_sketch_total(const ltv_sketch *sketch);

/* Bounds of the bucket that an amount falls into (nothing is counted in it). */
ltv_sketch_bucket ltv_sketch_bucket_of(ltv_money x);

/* Visits the buckets with a count, in ascending order; `visit` returns false to stop. */
void ltv_sketch_visit(const ltv_sketch *sketch,
                      bool (*visit)(void *context, ltv_sketch_bucket bucket), void *context);

/* The bucket that holds the amount of rank k, 1 ... total, counted from the smallest; and those of
 * several ranks in one go. */
ltv_sketch_bucket ltv_sketch_at_rank(const ltv_sketch *sketch, int64_t rank);
void ltv_sketch_at_ranks(const ltv_sketch *sketch, const int64_t *ranks, size_t n,
                         ltv_sketch_bucket *found);

/* Frees and clears. Safe on a zeroed sketch. */
void ltv_sketch_free(ltv_sketch *sketch);

#endif
