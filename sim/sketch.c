/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/sketch.h"

#include <stdlib.h>

enum { ROW_BITS = 10 };

/* Where a magnitude is counted. */
typedef struct {
    int row, slot;
    uint64_t above_lower, below_upper; /* in its bucket */
} place;

/* Row 0 holds magnitudes below 1024 one by one, row r >= 1 those in [1024, 2048) << (r - 1). */
static inline place place_of(uint64_t magnitude)
{
    int row = 63 - __builtin_clzll(magnitude | LTV_SKETCH_ROW / 2) - (ROW_BITS - 1);
    int shift = row - (row > 0);
    uint64_t rest = ((uint64_t)1 << shift) - 1, above = magnitude & rest;
    return (place){.row = row,
                   .slot = (int)(magnitude >> shift) & (LTV_SKETCH_ROW - 1),
                   .above_lower = above,
                   .below_upper = rest - above};
}

static inline uint64_t magnitude_of(ltv_money x)
{
    return x < 0 ? -(uint64_t)x : (uint64_t)x;
}

static ltv_sketch_bucket bucket_at(int negative, int row, int slot, const ltv_sketch_counter *in)
{
    uint64_t width = row == 0 ? 1 : (uint64_t)1 << (row - 1);
    uint64_t low = row == 0 ? (uint64_t)slot : (uint64_t)(LTV_SKETCH_ROW + slot) * width;
    uint64_t high = low + width - 1;
    ltv_money least = (ltv_money)(high - in->below_upper),
              most = (ltv_money)(low + in->above_lower);
    if (negative)
        return (ltv_sketch_bucket){-(ltv_money)high, -(ltv_money)low, {in->count, -most, -least}};
    return (ltv_sketch_bucket){(ltv_money)low, (ltv_money)high, {in->count, least, most}};
}

static ltv_sketch_counter *new_row(ltv_sketch *sketch, int negative, int row)
{
    ltv_sketch_counter *counters = calloc(LTV_SKETCH_ROW, sizeof *counters);
    sketch->out_of_memory |= counters == NULL;
    sketch->rows[negative][row] = counters;
    return counters;
}

static inline ltv_sketch_counter *row_for(ltv_sketch *sketch, int negative, int row)
{
    ltv_sketch_counter *counters = sketch->rows[negative][row];
    return counters != NULL ? counters : new_row(sketch, negative, row);
}

static inline void widen(ltv_sketch_counter *counter, uint64_t above_lower, uint64_t below_upper)
{
    counter->above_lower = above_lower > counter->above_lower ? above_lower : counter->above_lower;
    counter->below_upper = below_upper > counter->below_upper ? below_upper : counter->below_upper;
}

void ltv_sketch_add(ltv_sketch *sketch, ltv_money x, int64_t times)
{
    place at = place_of(magnitude_of(x));
    ltv_sketch_counter *counters = row_for(sketch, x < 0, at.row);
    if (counters == NULL)
        return;
    counters[at.slot].count += times;
    widen(&counters[at.slot], at.above_lower, at.below_upper);
}

void ltv_sketch_add_all(ltv_sketch *sketch, const ltv_money *x, size_t n)
{
    enum { UNDER_WAY = 32 };
    ltv_sketch_counter *counters[UNDER_WAY];
    uint64_t above[UNDER_WAY], below[UNDER_WAY];
    for (size_t first = 0; first < n; first += UNDER_WAY) {
        size_t left = n - first < UNDER_WAY ? n - first : UNDER_WAY;
        for (size_t i = 0; i < left; i++) {
            place at = place_of(magnitude_of(x[first + i]));
            ltv_sketch_counter *row = row_for(sketch, x[first + i] < 0, at.row);
            if (row == NULL)
                return;
            counters[i] = row + at.slot;
            above[i] = at.above_lower;
            below[i] = at.below_upper;
            __builtin_prefetch(counters[i], 1);
        }
        for (size_t i = 0; i < left; i++) {
            counters[i]->count++;
            widen(counters[i], above[i], below[i]);
        }
    }
}

void ltv_sketch_merge(ltv_sketch *into, const ltv_sketch *from)
{
    into->out_of_memory |= from->out_of_memory;
    for (int negative = 0; negative < 2; negative++)
        for (int row = 0; row < LTV_SKETCH_ROWS; row++) {
            const ltv_sketch_counter *source = from->rows[negative][row];
            ltv_sketch_counter *target = source != NULL ? row_for(into, negative, row) : NULL;
            for (int slot = 0; target != NULL && slot < LTV_SKETCH_ROW; slot++) {
                target[slot].count += source[slot].count;
                widen(&target[slot], source[slot].above_lower, source[slot].below_upper);
            }
        }
}

ltv_sketch_bucket ltv_sketch_bucket_of(ltv_money x)
{
    place at = place_of(magnitude_of(x));
    return bucket_at(x < 0, at.row, at.slot, &(ltv_sketch_counter){0});
}

/* Visits the buckets of one sign from small to large magnitude or the other way round. */
static bool visit_sign(const ltv_sketch *sketch, int negative,
                       bool (*visit)(void *context, ltv_sketch_bucket bucket), void *context)
{
    for (int i = 0; i < LTV_SKETCH_ROWS; i++) {
        int row = negative ? LTV_SKETCH_ROWS - 1 - i : i;
        const ltv_sketch_counter *counters = sketch->rows[negative][row];
        for (int j = 0; counters != NULL && j < LTV_SKETCH_ROW; j++) {
            int slot = negative ? LTV_SKETCH_ROW - 1 - j : j;
            if (counters[slot].count > 0 &&
                !visit(context, bucket_at(negative, row, slot, &counters[slot])))
                return false;
        }
    }
    return true;
}

void ltv_sketch_visit(const ltv_sketch *sketch,
                      bool (*visit)(void *context, ltv_sketch_bucket bucket), void *context)
{
    if (visit_sign(sketch, 1, visit, context))
        visit_sign(sketch, 0, visit, context);
}

static bool add_count(void *context, ltv_sketch_bucket bucket)
{
    *(int64_t *)context += bucket.in.count;
    return true;
}

int64_t ltv_sketch_total(const ltv_sketch *sketch)
{
    int64_t total = 0;
    ltv_sketch_visit(sketch, add_count, &total);
    return total;
}

typedef struct {
    int64_t passed; /* amounts in the buckets so far */
    size_t n, n_found;
    const int64_t *ranks;
    ltv_sketch_bucket *found;
} rank_search;

static bool search_ranks(void *context, ltv_sketch_bucket bucket)
{
    rank_search *search = context;
    int64_t before = search->passed;
    search->passed += bucket.in.count;
    for (size_t r = 0; r < search->n; r++)
        if (search->ranks[r] > before && search->ranks[r] <= search->passed) {
            search->found[r] = bucket;
            search->n_found++;
        }
    return search->n_found < search->n;
}

void ltv_sketch_at_ranks(const ltv_sketch *sketch, const int64_t *ranks, size_t n,
                         ltv_sketch_bucket *found)
{
    rank_search search = {.ranks = ranks, .n = n, .found = found};
    ltv_sketch_visit(sketch, search_ranks, &search);
}

ltv_sketch_bucket ltv_sketch_at_rank(const ltv_sketch *sketch, int64_t rank)
{
    ltv_sketch_bucket found = {0};
    ltv_sketch_at_ranks(sketch, &rank, 1, &found);
    return found;
}

void ltv_sketch_free(ltv_sketch *sketch)
{
    for (int negative = 0; negative < 2; negative++)
        for (int row = 0; row < LTV_SKETCH_ROWS; row++)
            free(sketch->rows[negative][row]);
    *sketch = (ltv_sketch){0};
}
