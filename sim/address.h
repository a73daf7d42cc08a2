/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_ADDRESS_H
#define LTV_SIM_ADDRESS_H

#include <stdint.h>

#include "models/negative_log.h"

/* Where every random number lives. There is no generator and no state: a number is a pure
 * function of its address (seed, draw, customer, purpose, occurrence), so it is the same on any
 * thread, in any order, in every arm. The generator is Philox4x32-10 (Salmon, Moraes, Dror &
 * Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011).
 *
 * This packing is layout version 2. Changing any of it changes every result, so it needs a new
 * version number, which is part of the key.
 *
 *   key[0]      seed, low 32 bits
 *   key[1]      seed, high 22 bits | layout version << 24
 *   counter[0]  shared purposes: customer / 4; grouped ones: customer (0 ... 2^32 - 1)
 *   counter[1]  draw (20 bits) | joining cohort (12 bits) << 20
 *   counter[2]  0 for built-in purposes; 32-bit hash of the name for named things
 *   counter[3]  page (8 bits) << 24 | part (2 bits) << 22 | occurrence (22 bits)
 *   page        shared purposes: the purpose; grouped ones: 128 + purpose / 4
 *
 * One Philox block gives four 32-bit lanes. The part says which block: a 64-bit word is a lane of
 * the `head` block (0; its high half) followed by the same lane of the `tail` block (1; its low
 * half), so a comparison that the high half decides never needs the low one. Who shares a block
 * depends on how a purpose is read:
 *
 *   shared   Purposes below 64, of which many customers each read one: four customers with
 *            consecutive numbers share a block, and the lane is customer % 4.
 *   grouped  Purposes from 64 on, of which one customer (or nobody) reads several together: those
 *            with the same purpose / 4 share a block of his own, and the lane is purpose % 4.
 *
 * Pages below 128 are those of shared purposes, so that no two addresses meet.
 *
 * Functions take the name as an argument: LTV_UNNAMED for built-in purposes. */

enum { LTV_ADDRESS_LAYOUT = 2 };

/* Built-in purposes. A repeated number does not compile (see ltv_purpose_name). */
#define LTV_PURPOSES(X)                                                                            \
    X(VOLUNTARY_CHURN, 0)   /* budget of the clock; occurrence: how many it had before */          \
    X(INVOLUNTARY_CHURN, 1) /* budget of the clock; occurrence likewise */                         \
    X(CHANNEL, 4)           /* which channel the customer comes through */                         \
    X(SEGMENT, 5)           /* which segment */                                                    \
    X(STARTING_PLAN, 6)     /* which plan he joins with */                                         \
    X(CURED, 7)             /* whether the customer never leaves by himself */                     \
    X(FRAILTY, 8)           /* the frailty, or its rank given the budget */                        \
    X(SPEND, 9)             /* level of spend */                                                   \
    X(BETA_FRAILTY, 10) /* the Beta part's rank given the budget where FRAILTY is a further one */ \
    X(ACQUISITION, 11)  /* level of his own CAC */                                                 \
    X(ORDER_RATE, 12)   /* level of his rate of orders */                                          \
    X(ORDER_LEVEL, 13)  /* level of the value of his orders */                                     \
    /* Of a plan change, named by ltv_address_pair(from, to). */                                   \
    X(UPGRADE, 20)   /* budget of the clock; occurrence: how many it had before */                 \
    X(DOWNGRADE, 21) /* likewise */                                                                \
    /* Of an add-on, by its name. */                                                               \
    X(ATTACH, 24) /* budget of the clock; occurrence: how many it had before */                    \
    X(DROP, 25)   /* likewise */                                                                   \
    /* Of an intervention, by its name. */                                                         \
    X(REACH, 28)       /* whether the customer is ever contacted */                                \
    X(UPTAKE, 29)      /* whether he takes part when contacted */                                  \
    X(BLUFF, 30)       /* budget of the clock; occurrence: how many it had before */               \
    X(FALSE_ALARM, 31) /* budget of the clock */                                                   \
    X(CONTACT, 32)     /* under a capacity, instead of REACH; occurrence: opportunity */           \
    X(SUCCESS, 33)     /* accepted, recovered, won back; occurrence: attempt */                    \
    X(RECALL, 34)      /* whether the risk signal sees him */                                      \
    /* From here on grouped. Of orders. */                                                         \
    X(ORDER_GAP, 64)   /* Exponential(1) expected orders before order i; occurrence: i */          \
    X(ORDER_VALUE, 65) /* value of order i; occurrence: i */                                       \
    X(ORDER_KEPT, 66)  /* whether order i is placed where customers order less; occurrence: i */   \
    /* Orders that a multiplier above 1 brings. */                                                 \
    X(EXTRA_ORDER_GAP, 68)   /* like ORDER_GAP */                                                  \
    X(EXTRA_ORDER_VALUE, 69) /* like ORDER_VALUE */                                                \
    /* Of an uncertain input, by its name; customer: nobody, see sim/sampling.c. */                \
    X(INPUT, 72)     /* where the input is drawn */                                                \
    X(SHUFFLE, 73)   /* order of its strata; draw: scramble, occurrence: place and try */          \
    X(FLIPS, 76)     /* 4 x 64 flips of its digits; draw: scramble, */                             \
    X(FLIPS_64, 77)  /* occurrence: prefixes / 256 */                                              \
    X(FLIPS_128, 78) /* likewise */                                                                \
    X(FLIPS_192, 79) /* likewise */                                                                \
    /* Of the bootstrap of sensitivity indices; draw: resample. */                                 \
    X(RESAMPLED_ROW_0, 80) /* the row at place 4 c of customer c */                                \
    X(RESAMPLED_ROW_1, 81) /* at 4 c + 1, and so on */                                             \
    X(RESAMPLED_ROW_2, 82)                                                                         \
    X(RESAMPLED_ROW_3, 83)

typedef enum {
#define X(name, number) LTV_PURPOSE_##name = number,
    LTV_PURPOSES(X)
#undef X
} ltv_purpose;

enum { LTV_LANES = 4, LTV_MAX_DRAWS = 1 << 20, LTV_MAX_OCCURRENCES = 1 << 22 };

enum { LTV_FIRST_GROUPED = 64, LTV_GROUPED_PAGES = 128, LTV_PAGES = 256 };

_Static_assert((int)LTV_FIRST_GROUPED <= (int)LTV_GROUPED_PAGES, "no page is of both kinds");
#define X(name, number)                                                                            \
    _Static_assert((number) < (LTV_PAGES - LTV_GROUPED_PAGES) * 4, #name " has a page of 8 bits");
LTV_PURPOSES(X)
#undef X

static inline int ltv_purpose_is_shared(uint32_t purpose)
{
    return purpose < LTV_FIRST_GROUPED;
}

/* Where the block of a customer's purpose is, and the lane in it. */
typedef struct {
    uint32_t customers; /* counter[0] */
    uint32_t page;
    uint32_t lane;
} ltv_location;

static inline ltv_location ltv_locate(uint32_t customer, uint32_t purpose)
{
    if (ltv_purpose_is_shared(purpose))
        return (ltv_location){customer / LTV_LANES, purpose, customer % LTV_LANES};
    return (ltv_location){customer, LTV_GROUPED_PAGES + purpose / LTV_LANES, purpose % LTV_LANES};
}

/* counter[3] without the part. */
static inline uint32_t ltv_page_with(uint32_t page, uint32_t occurrence)
{
    return page << 24 | (occurrence & (LTV_MAX_OCCURRENCES - 1));
}

/* The part of an address that is fixed for a whole run of customers. */
typedef struct {
    uint64_t seed; /* 0 ... 2^53 */
    uint32_t draw; /* 0 ... LTV_MAX_DRAWS - 1 */
} ltv_stream;

/* The name of built-in purposes. */
#define LTV_UNNAMED 0u

/* 32-bit name of a named thing: FNV-1a of its bytes, and never LTV_UNNAMED. Two things of a kind
 * whose names agree would share their luck: scenarios refuse it. */
uint32_t ltv_address_name(const char *name);

/* Name of an ordered pair of things: that of "first/second" (names hold no slash). */
uint32_t ltv_address_pair(const char *first, const char *second);

/* The 64-bit words of four purposes that share a block, by lane: of `purpose`, which is grouped,
 * and of those with the same purpose / 4. */
typedef struct {
    uint64_t lane[LTV_LANES];
} ltv_words;

ltv_words ltv_address_words(ltv_stream stream, uint32_t customer, uint32_t name,
                            ltv_purpose purpose, uint32_t occurrence);

/* 32 bits more of each lane: read only for a word whose high half is zero. */
uint32_t ltv_address_deep_word(ltv_stream stream, uint32_t customer, uint32_t name,
                               ltv_purpose purpose, uint32_t occurrence);

/* The word at one address. */
uint64_t ltv_address_word(ltv_stream stream, uint32_t customer, uint32_t name, ltv_purpose purpose,
                          uint32_t occurrence);

/* True when ltv_uniform_of_word reads its `deep`. */
static inline int ltv_word_needs_deep(uint64_t word)
{
    return word >> 32 == 0;
}

/* A word as a uniform number: U is the middle of [word, word + 1) / 2^64. Without a branch, for
 * vectors, and without the deep word. */
static inline ltv_uniform ltv_uniform_of_shallow_word(uint64_t word)
{
    uint64_t upper = -(word >> 63), magnitude = word ^ upper;
    double whole =
        ltv_double_of_u32(magnitude >> 32) * 0x1p32 + ltv_double_of_u32(magnitude & 0xffffffff);
    double near = (whole + 0.5) * 0x1p-64, far = 1 - near;
    return (ltv_uniform){.below = ltv_select(upper, far, near),
                         .above = ltv_select(upper, near, far)};
}

/* When the high half is zero the deep word refines it to 96 bits, so that both ends keep their
 * precision: U >= 2^-97, 1 - U >= 2^-65. Monotone in (word, deep). */
static inline ltv_uniform ltv_uniform_of_word(uint64_t word, uint32_t deep)
{
    if (__builtin_expect(!ltv_word_needs_deep(word), 1))
        return ltv_uniform_of_shallow_word(word);
    double below = ((double)(word << 32 | deep) + 0.5) * 0x1p-96;
    return (ltv_uniform){.below = below, .above = 1 - below};
}

/* The uniform number at one address. */
ltv_uniform ltv_address_uniform(ltv_stream stream, uint32_t customer, uint32_t name,
                                ltv_purpose purpose, uint32_t occurrence);

/* -ln U: an Exponential(1) budget between 2^-65 and 67.3, the same bits everywhere
 * (models/negative_log.h). */
double ltv_exponential_of_uniform(ltv_uniform u);

/* Largest word that counts as "below p": word < threshold happens with probability p, exact to
 * 2^-64. Saturates for p = 1 (use it for cumulative shares, whose last entry is certain). */
uint64_t ltv_word_threshold(double p);

/* "VOLUNTARY_CHURN" and so on; "unknown" for a number that no purpose has. */
const char *ltv_purpose_name(int purpose);

#endif
