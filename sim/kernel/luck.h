/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_LUCK_H
#define LTV_SIM_LUCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "models/frailty.h"
#include "sim/address.h"

/* The luck that nearly every customer of a block needs, read from its addresses once and for all
 * arms. First budgets and coins of named things, and what follows from a frailty, are kept when an
 * arm first asks, for the arms after it. What only some need (a second budget, a programme's
 * success) is read where it is needed. */

/* Customers in a block. Not a power of two: columns of so many bytes would all begin in the same
 * set of a processor's cache, and whoever reads one customer in many columns would wait for each.
 */
enum { LTV_BLOCK = 1008, LTV_LUCK_KEPT = 48 };

typedef enum {
    LTV_LUCK_WORDS,   /* `word` */
    LTV_LUCK_HEADS,   /* `head`: the high half of a word */
    LTV_LUCK_BUDGETS, /* `value`: Exponential(1) */
    LTV_LUCK_DERIVED  /* `value`, filled in customer by customer; NAN: nobody asked yet */
} ltv_luck_kind;

/* One number of each customer of the block. */
typedef struct {
    ltv_luck_kind kind;
    ltv_purpose purpose;
    uint32_t name;
    ltv_frailty frailty; /* what else it depends on: a frailty, or its spread alone */
    union {
        double value[LTV_BLOCK];
        uint64_t word[LTV_BLOCK];
        uint32_t head[LTV_BLOCK];
    };
} ltv_luck_column;

typedef struct {
    ltv_stream stream;
    uint64_t number; /* another one, of all lucks, each time that it is filled */
    uint32_t n;      /* customers in the block, 1 ... LTV_BLOCK */
    uint32_t customer[LTV_BLOCK];
    bool scattered; /* their numbers do not follow one another */
    /* Exponential(1) budgets of the first voluntary and involuntary clock. */
    double voluntary[LTV_BLOCK];
    double involuntary[LTV_BLOCK];
    /* Words that are compared with thresholds. */
    uint64_t channel[LTV_BLOCK];
    uint64_t segment[LTV_BLOCK];
    uint64_t starting_plan[LTV_BLOCK];
    uint64_t cured[LTV_BLOCK];
    /* Uniform numbers for inversion. */
    ltv_uniform frailty[LTV_BLOCK];
    ltv_uniform spend[LTV_BLOCK];
    ltv_uniform beta_frailty[LTV_BLOCK];
    ltv_uniform acquisition[LTV_BLOCK];
    size_t n_kept; /* to be set to 0 by who writes luck by hand */
    ltv_luck_column kept[LTV_LUCK_KEPT];
} ltv_luck;

/* Which parts of the luck a run needs; the others are left as they are. */
typedef struct {
    bool voluntary, involuntary;
    bool channel, segment, starting_plan, cured;
    bool levels; /* frailty, spend, Beta frailty, acquisition */
} ltv_luck_needs;

static const ltv_luck_needs ltv_needs_all = {true, true, true, true, true, true, true};

/* What either needs. */
static inline ltv_luck_needs ltv_needs_both(ltv_luck_needs a, ltv_luck_needs b)
{
    return (ltv_luck_needs){.voluntary = a.voluntary || b.voluntary,
                            .involuntary = a.involuntary || b.involuntary,
                            .channel = a.channel || b.channel,
                            .segment = a.segment || b.segment,
                            .starting_plan = a.starting_plan || b.starting_plan,
                            .cured = a.cured || b.cured,
                            .levels = a.levels || b.levels};
}

/* What a needs and b does not. */
static inline ltv_luck_needs ltv_needs_besides(ltv_luck_needs a, ltv_luck_needs b)
{
    return (ltv_luck_needs){.voluntary = a.voluntary && !b.voluntary,
                            .involuntary = a.involuntary && !b.involuntary,
                            .channel = a.channel && !b.channel,
                            .segment = a.segment && !b.segment,
                            .starting_plan = a.starting_plan && !b.starting_plan,
                            .cured = a.cured && !b.cured,
                            .levels = a.levels && !b.levels};
}

/* Fills the luck of customers first_customer ... first_customer + n - 1. */
void ltv_luck_fill(ltv_luck *luck, ltv_stream stream, ltv_luck_needs needs, uint32_t first_customer,
                   uint32_t n);

/* The same for any customers, which takes some four times as long. */
void ltv_luck_fill_some(ltv_luck *luck, ltv_stream stream, ltv_luck_needs needs,
                        const uint32_t *customers, uint32_t n);

/* Reads more parts of it. */
void ltv_luck_read(ltv_luck *luck, ltv_luck_needs needs);

/* Adds customers of[0 ... n - 1] of another luck of the same stream, where there is room for them,
 * with what has been read for them there: the parts that are needed, but levels, and the columns
 * that all lucks have that were added since it was emptied, but what is derived. */
void ltv_luck_empty(ltv_luck *luck);
void ltv_luck_add(ltv_luck *luck, const ltv_luck *from, ltv_luck_needs needs, const uint32_t *of,
                  uint32_t n);

/* Room for a number that follows from the luck of this purpose, the name and the frailty alone
 * (all zero where none matters; of a level its spread, or its shape as alpha): value[i] for
 * customer[i], NAN until somebody writes it there. The same room for the same
 * purpose, name and frailty until the luck is next filled. NULL when there is none left, which
 * costs time and nothing else. Owned by the luck. */
double *ltv_luck_column_of(ltv_luck *luck, ltv_purpose purpose, uint32_t name,
                           const ltv_frailty *frailty);

/* The same for the cumulative base hazard at which the first voluntary clock fires
 * (ltv_frailty_budget): filled in at once where that costs little. */
double *ltv_luck_hazards_of(ltv_luck *luck, const ltv_frailty *frailty);

/* The word of each customer at occurrence 0 of a purpose, or its head alone, at half the cost, or
 * the Exponential(1) budget that it makes: read for all of them together, which costs less than a
 * few of them one by one. Kept and owned likewise; NULL when there is no room left. */
const uint64_t *ltv_luck_words_of(ltv_luck *luck, ltv_purpose purpose, uint32_t name);
const uint32_t *ltv_luck_heads_of(ltv_luck *luck, ltv_purpose purpose, uint32_t name);
const double *ltv_luck_budgets_of(ltv_luck *luck, ltv_purpose purpose, uint32_t name);

/* Exponential(1) number of a purpose that customer i of the block reads for the `occurrence`-th
 * time; the first one from the column in which they are kept, or NULL. */
double ltv_luck_budget(const ltv_luck *luck, const double *column, uint32_t i, uint32_t name,
                       ltv_purpose purpose, uint32_t occurrence);

/* A coin of customer i: whether his word falls below a threshold. From the column in which such
 * words are kept, or NULL. A certain thing needs no luck: all ones stand for probability 1. */
bool ltv_luck_falls_below(const ltv_luck *luck, const uint64_t *column, uint32_t i, uint32_t name,
                          ltv_purpose purpose, uint64_t threshold);

#endif
