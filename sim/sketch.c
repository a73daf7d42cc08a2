/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/sketch.h"

#include <stdlib.h>

enum { ROW_BITS = 10 };

typedef struct {
    int row, slot;
} place;

/* Row 0 holds magnitudes below 1024 one by one, row r >= 1 those in [1024, 2048) << (r - 1). */
static place place_of(uint64_t magnitude)
{
    if (magnitude < LTV_SKETCH_ROW)
        return (place){.row = 0, .slot = (int)magnitude};
    int exponent = 63 - __builtin_clzll(magnitude);
    return (place){.row = exponent - ROW_BITS + 1,
                   .slot = (int)(magnitude >> (exponent - ROW_BITS)) - LTV_SKETCH_ROW};
}

static uint64_t magnitude_of(ltv_money x)
{
    return x < 0 ? -(uint64_t)x : (uint64_t)x;
}

static ltv_sketch_bucket bucket_at(int negative, place at, ltv_sketch_counter in)
{
    uint64_t width = at.row == 0 ? 1 : (uint64_t)1 << (at.row - 1);
    uint64_t low = at.row == 0 ? (uint64_t)at.slot : (uint64_t)(LTV_SKETCH_ROW + at.slot) * width;
    uint64_t high = low + width - 1;
    if (negative)
        return (ltv_sketch_bucket){-(ltv_money)high, -(ltv_money)low, in};
    return (ltv_sketch_bucket){(ltv_money)low, (ltv_money)high, in};
}

static ltv_sketch_counter *row_for(ltv_sketch *sketch, int negative, int row)
{
    ltv_sketch_counter **counters = &sketch->rows[negative][row];
    if (*counters == NULL) {
        *counters = calloc(LTV_SKETCH_ROW, sizeof **counters);
        sketch->out_of_memory |= *counters == NULL;
    }
    return *counters;
}

static void add_counter(ltv_sketch_counter *into, ltv_sketch_counter from)
{
    if (from.count == 0)
        return;
    if (into->count == 0 || from.least < into->least)
        into->least = from.least;
    if (into->count == 0 || from.most > into->most)
        into->most = from.most;
    into->count += from.count;
}

/* The counter of an amount; NULL when memory is short. */
static ltv_sketch_counter *counter_for(ltv_sketch *sketch, ltv_money x)
{
    place at = place_of(magnitude_of(x));
    ltv_sketch_counter *counters = row_for(sketch, x < 0, at.row);
    return counters != NULL ? &counters[at.slot] : NULL;
}

/* Without a branch: what it holds cannot be foreseen, and a wrong guess would wait for memory. */
static void count_one(ltv_sketch_counter *counter, ltv_money x)
{
    ltv_money first = counter->count++ == 0;
    ltv_money least = counter->least, most = counter->most;
    counter->least = least ^ ((least ^ x) & -(first | (x < least)));
    counter->most = most ^ ((most ^ x) & -(first | (x > most)));
}

void ltv_sketch_add(ltv_sketch *sketch, ltv_money x, int64_t times)
{
    ltv_sketch_counter *counter = counter_for(sketch, x);
    if (counter != NULL)
        add_counter(counter, (ltv_sketch_counter){times, x, x});
}

void ltv_sketch_add_all(ltv_sketch *sketch, const ltv_money *x, size_t n)
{
    enum { UNDER_WAY = 32 };
    ltv_sketch_counter *counters[UNDER_WAY];
    for (size_t first = 0; first < n; first += UNDER_WAY) {
        size_t end = n - first < UNDER_WAY ? n : first + UNDER_WAY;
        for (size_t i = first; i < end; i++) {
            counters[i - first] = counter_for(sketch, x[i]);
            __builtin_prefetch(counters[i - first], 1);
        }
        for (size_t i = first; i < end; i++)
            if (counters[i - first] != NULL)
                count_one(counters[i - first], x[i]);
    }
}

void ltv_sketch_merge(ltv_sketch *into, const ltv_sketch *from)
{
    into->out_of_memory |= from->out_of_memory;
    for (int negative = 0; negative < 2; negative++)
        for (int row = 0; row < LTV_SKETCH_ROWS; row++) {
            const ltv_sketch_counter *source = from->rows[negative][row];
            ltv_sketch_counter *target = source != NULL ? row_for(into, negative, row) : NULL;
            for (int slot = 0; target != NULL && slot < LTV_SKETCH_ROW; slot++)
                add_counter(&target[slot], source[slot]);
        }
}

ltv_sketch_bucket ltv_sketch_bucket_of(ltv_money x)
{
    return bucket_at(x < 0, place_of(magnitude_of(x)), (ltv_sketch_counter){0});
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
                !visit(context, bucket_at(negative, (place){row, slot}, counters[slot])))
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
    int64_t remaining;
    ltv_sketch_bucket found;
} rank_search;

static bool search_rank(void *context, ltv_sketch_bucket bucket)
{
    rank_search *search = context;
    search->found = bucket;
    search->remaining -= bucket.in.count;
    return search->remaining > 0;
}

ltv_sketch_bucket ltv_sketch_at_rank(const ltv_sketch *sketch, int64_t rank)
{
    rank_search search = {.remaining = rank};
    ltv_sketch_visit(sketch, search_rank, &search);
    return search.found;
}

void ltv_sketch_free(ltv_sketch *sketch)
{
    for (int negative = 0; negative < 2; negative++)
        for (int row = 0; row < LTV_SKETCH_ROWS; row++)
            free(sketch->rows[negative][row]);
    *sketch = (ltv_sketch){0};
}
