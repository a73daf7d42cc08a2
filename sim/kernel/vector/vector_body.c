/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Compiled once for each level of processors, by the definitions LTV_VECTOR_SYMBOL and
 * LTV_VECTOR_NAME.
 *
 * Philox: each 32-bit word of a block has the low half of a 64-bit lane, so that the one
 * multiplication that all processors have (32 x 32 to 64 bits, which does not look at high
 * halves) gives both halves of a product where they are needed. High halves hold rubbish until
 * the end. Several blocks are under way together, because each round waits for the one before. */
#include "sim/kernel/vector/vector.h"

#include <Random123/philox.h>

#include "models/exp_minus_one.h"
#include "sim/clock.h"
#include "sim/kernel/vector/levels.h"

#if defined(__AVX512F__)
#include <immintrin.h>
typedef uint64_t lanes __attribute__((vector_size(64)));
static inline lanes multiply_low_halves(lanes a, lanes b)
{
    return (lanes)_mm512_mul_epu32((__m512i)a, (__m512i)b);
}
#elif defined(__AVX2__)
#include <immintrin.h>
typedef uint64_t lanes __attribute__((vector_size(32)));
static inline lanes multiply_low_halves(lanes a, lanes b)
{
    return (lanes)_mm256_mul_epu32((__m256i)a, (__m256i)b);
}
#elif defined(__SSE2__)
#include <emmintrin.h>
typedef uint64_t lanes __attribute__((vector_size(16)));
static inline lanes multiply_low_halves(lanes a, lanes b)
{
    return (lanes)_mm_mul_epu32((__m128i)a, (__m128i)b);
}
#elif defined(__ARM_NEON)
#include <arm_neon.h>
typedef uint64_t lanes __attribute__((vector_size(16)));
static inline lanes multiply_low_halves(lanes a, lanes b)
{
    return (lanes)vmull_u32(vmovn_u64((uint64x2_t)a), vmovn_u64((uint64x2_t)b));
}
#else
typedef uint64_t lanes __attribute__((vector_size(16)));
static inline lanes multiply_low_halves(lanes a, lanes b)
{
    return (a & 0xffffffff) * (b & 0xffffffff);
}
#endif

/* Vectors of blocks under way together: as many as the registers hold. */
enum { WIDTH = sizeof(lanes) / sizeof(uint64_t), TOGETHER = WIDTH == 8 ? 2 : 1 };

/* A vector of blocks: word w of each of them. */
typedef struct {
    lanes word[4];
} blocks;

static inline lanes all(uint64_t x)
{
    return x - (lanes){0};
}

enum { ROUNDS = 10 };

typedef struct {
    uint64_t word[2];
} philox_key;

static inline philox_key key_of(ltv_stream stream)
{
    return (philox_key){
        {(uint32_t)stream.seed, (stream.seed >> 32) | (uint64_t)LTV_ADDRESS_LAYOUT << 24}};
}

static inline philox_key next_key(philox_key key)
{
    return (philox_key){{key.word[0] + PHILOX_W32_0, key.word[1] + PHILOX_W32_1}};
}

static inline blocks round_of(blocks x, philox_key key)
{
    lanes product_0 = multiply_low_halves(x.word[0], all(PHILOX_M4x32_0));
    lanes product_1 = multiply_low_halves(x.word[2], all(PHILOX_M4x32_1));
    return (blocks){{(product_1 >> 32) ^ x.word[1] ^ all(key.word[0]), product_1,
                     (product_0 >> 32) ^ x.word[3] ^ all(key.word[1]), product_0}};
}

/* So many rounds of n blocks. */
static inline void scramble(blocks *x, int n, philox_key key, int rounds)
{
    for (int round = 0; round < rounds; round++) {
        for (int b = 0; b < n; b++)
            x[b] = round_of(x[b], key);
        key = next_key(key);
    }
}

/* The first `parts` blocks (head, tail) of the vectors of fours of customers from four `from` on.
 * All else is the same for a run, and stays so in half of each block for two rounds: those are
 * written out, so that the compiler sees it and does them once. */
static inline void blocks_of(const ltv_word_run *run, uint64_t from, int vectors, int parts,
                             blocks *x)
{
    philox_key key = key_of(run->stream);
    uint64_t page = ltv_page_with(run->purpose, run->occurrence);
    static const uint64_t numbers[] = {0, 1, 2, 3, 4, 5, 6, 7};
    lanes number;
    memcpy(&number, numbers, sizeof number);
    for (int t = 0; t < vectors; t++)
        for (int part = 0; part < parts; part++) {
            blocks start = {{number + all(from + (uint64_t)(t * WIDTH)), all(run->stream.draw),
                             all(run->name), all(page | (uint64_t)part << 22)}};
            x[t * parts + part] = round_of(round_of(start, key), next_key(key));
        }
    scramble(x, vectors * parts, next_key(next_key(key)), ROUNDS - 2);
}

/* The numbers of two vectors in turn: a[0], b[0], a[1], b[1], ... */
static inline void zip(lanes a, lanes b, lanes out[2])
{
#if defined(__AVX512F__)
    out[0] = __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
    out[1] = __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
#elif defined(__AVX2__)
    out[0] = __builtin_shufflevector(a, b, 0, 4, 1, 5);
    out[1] = __builtin_shufflevector(a, b, 2, 6, 3, 7);
#else
    out[0] = __builtin_shufflevector(a, b, 0, 2);
    out[1] = __builtin_shufflevector(a, b, 1, 3);
#endif
}

/* Low halves beside each other. */
static inline lanes joined(lanes high, lanes low)
{
    return high << 32 | (low & 0xffffffff);
}

/* Writes what there is of a step of customers; `step`, what it holds, is a number that is known, so
 * that the copy is a few stores. */
static inline void write(void *to, const void *from, size_t step, size_t left)
{
    if (left >= step)
        memcpy(to, from, step);
    else
        memcpy(to, from, left);
}

/* The same where a run begins in the middle of a block, `skip` into it. */
static inline void write_rest(void *to, const char *from, size_t step, size_t skip, size_t left)
{
    memcpy(to, from + skip, left < step - skip ? left : step - skip);
}

/* The words of four customers each of a vector of blocks, in the order of the customers. */
static inline void words_in_order(const blocks *head, const blocks *tail, lanes out[LTV_LANES])
{
    lanes word[LTV_LANES], even[2], odd[2];
    for (int l = 0; l < LTV_LANES; l++)
        word[l] = joined(head->word[l], tail->word[l]);
    zip(word[0], word[2], even);
    zip(word[1], word[3], odd);
    zip(even[0], odd[0], out);
    zip(even[1], odd[1], out + 2);
}

static void words(const ltv_word_run *of, uint64_t *word)
{
    enum { STEP = TOGETHER * WIDTH * LTV_LANES };
    const ltv_word_run own = *of, *run = &own; /* nothing that is written can change it */
    uint32_t skip = run->first_customer % LTV_LANES;
    for (uint32_t i = 0; i < run->n; i += STEP - skip, skip = 0) {
        size_t left = (run->n - i) * sizeof *word;
        blocks x[2 * TOGETHER];
        lanes out[TOGETHER * LTV_LANES];
        blocks_of(run, (run->first_customer + i) / LTV_LANES, TOGETHER, 2, x);
        for (int t = 0; t < TOGETHER; t++)
            words_in_order(&x[2 * t], &x[2 * t + 1], out + t * LTV_LANES);
        if (skip == 0)
            write(word + i, out, sizeof out, left);
        else
            write_rest(word, (const char *)out, sizeof out, skip * sizeof *word, left);
    }
}

/* The same for heads, of which two beside each other are one number of 64 bits. */
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the first of two heads is the low half");
static inline void heads_in_order(const blocks *head, lanes out[2])
{
    zip(joined(head->word[1], head->word[0]), joined(head->word[3], head->word[2]), out);
}

static void heads(const ltv_word_run *of, uint32_t *head)
{
    enum { VECTORS = 2 * TOGETHER, STEP = VECTORS * WIDTH * LTV_LANES };
    const ltv_word_run own = *of, *run = &own;
    uint32_t skip = run->first_customer % LTV_LANES;
    for (uint32_t i = 0; i < run->n; i += STEP - skip, skip = 0) {
        size_t left = (run->n - i) * sizeof *head;
        blocks x[VECTORS];
        lanes out[VECTORS * 2];
        blocks_of(run, (run->first_customer + i) / LTV_LANES, VECTORS, 1, x);
        for (int t = 0; t < VECTORS; t++)
            heads_in_order(&x[t], out + 2 * t);
        if (skip == 0)
            write(head + i, out, sizeof out, left);
        else
            write_rest(head, (const char *)out, sizeof out, skip * sizeof *head, left);
    }
}

/* Addresses of which so many are read together: one vector after the other. */
enum { ADDRESSES = 64 };

typedef struct {
    uint64_t customers[ADDRESSES], name[ADDRESSES], page[ADDRESSES], lane[ADDRESSES];
} addresses;

static inline lanes some(const uint64_t *from)
{
    lanes x;
    memcpy(&x, from, sizeof x);
    return x;
}

static inline lanes words_of(const addresses *at, size_t from, ltv_stream stream)
{
    blocks x[2];
    for (uint64_t part = 0; part < 2; part++)
        x[part] = (blocks){{some(at->customers + from), all(stream.draw), some(at->name + from),
                            some(at->page + from) | all(part << 22)}};
    scramble(x, 2, key_of(stream), ROUNDS);
    lanes wanted = {0};
    for (uint64_t l = 0; l < LTV_LANES; l++)
        wanted |= joined(x[0].word[l], x[1].word[l]) & (lanes)(some(at->lane + from) == all(l));
    return wanted;
}

static void words_at(const ltv_address_list *list, uint64_t *word)
{
    for (size_t from = 0; from < list->n; from += ADDRESSES) {
        addresses at = {.customers = {0}};
        uint64_t out[ADDRESSES];
        size_t n = list->n - from < ADDRESSES ? list->n - from : ADDRESSES;
        for (size_t c = 0; c < n; c++) {
            ltv_location place = ltv_locate(list->customer[from + c], list->purpose[from + c]);
            at.customers[c] = place.customers;
            at.name[c] = list->name[from + c];
            at.page[c] = ltv_page_with(place.page, list->occurrence[from + c]);
            at.lane[c] = place.lane;
        }
        for (size_t c = 0; c < n; c += WIDTH) {
            lanes wanted = words_of(&at, c, list->stream);
            memcpy(out + c, &wanted, sizeof wanted);
        }
        memcpy(word + from, out, n * sizeof *out);
    }
}

static void compare(const uint64_t *restrict words, size_t n, uint64_t threshold,
                    uint8_t *restrict below)
{
    for (size_t i = 0; i < n; i++)
        below[i] = words[i] < threshold;
}

/* In vectors, those found are moved together and written with others after them, over which the
 * next ones are written. */
static uint32_t find(const uint8_t *flags, uint32_t n, uint32_t *found)
{
    uint32_t i = 0, n_found = 0;
#if defined(__AVX512F__)
    const __m512i first = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    for (; i + 16 <= n; i += 16) {
        __m128i these = _mm_loadu_si128((const __m128i *)(flags + i));
        __mmask16 are = _mm_test_epi8_mask(these, these);
        __m512i numbers = _mm512_add_epi32(first, _mm512_set1_epi32((int)i));
        _mm512_storeu_si512(found + n_found, _mm512_maskz_compress_epi32(are, numbers));
        n_found += (uint32_t)__builtin_popcount(are);
    }
#elif defined(__AVX2__)
    for (; i + 8 <= n; i += 8) {
        uint64_t these, no = 0x8080808080808080, places = 0x0706050403020100;
        memcpy(&these, flags + i, sizeof these);
        /* The high bit of each byte that is not 0, then all of its bits. */
        these = (((these & ~no) + ~no) | these) & no;
        these = (these >> 7) * 0xff;
        __m128i numbers = _mm_cvtsi64_si128((long long)_pext_u64(places, these));
        _mm256_storeu_si256(
            (__m256i *)(found + n_found),
            _mm256_add_epi32(_mm256_cvtepu8_epi32(numbers), _mm256_set1_epi32((int)i)));
        n_found += (uint32_t)__builtin_popcountll(these) / 8;
    }
#endif
    for (; i < n; i++) {
        found[n_found] = i;
        n_found += flags[i] != 0;
    }
    return n_found;
}

static int budgets(const uint64_t *restrict word, size_t n, double *restrict budget)
{
    uint64_t deep = 0;
    for (size_t i = 0; i < n; i++) {
        deep |= (uint64_t)ltv_word_needs_deep(word[i]);
        budget[i] = ltv_negative_log(ltv_uniform_of_shallow_word(word[i]));
    }
    return deep != 0;
}

static void gamma_hazards(const double *restrict budget, size_t n, double cv,
                          double *restrict hazard)
{
    double cv2 = cv * cv;
    for (size_t i = 0; i < n; i++)
        hazard[i] = ltv_exp_minus_one(cv2 * budget[i]) / cv2;
}

typedef double numbers __attribute__((vector_size(sizeof(lanes))));
typedef int64_t flags __attribute__((vector_size(sizeof(lanes))));

/* -1 for each of the numbers from here on that is below the limit. */
static inline flags below(const double *from, double limit)
{
    numbers x;
    memcpy(&x, from, sizeof x);
    return x < limit - (numbers){0};
}

static inline size_t count_of(flags minus)
{
    int64_t sum = 0;
    for (int i = 0; i < WIDTH; i++)
        sum -= minus[i];
    return (size_t)sum;
}

static size_t count_below(const double *rising, size_t n, double limit)
{
    enum { FEW = 8 * WIDTH };
    const double *from = rising;
    while (n > FEW) {
        size_t half = n / 2;
        from += half & -(size_t)(from[half - 1] < limit); /* of `?:` gcc makes a branch */
        n -= half;
    }
    size_t before = (size_t)(from - rising), i = 0, few = 0;
    if (n < WIDTH) {
        for (; i < n; i++)
            few += from[i] < limit;
        return before + few;
    }
    flags minus = {0};
    for (; i + WIDTH <= n; i += WIDTH)
        minus += below(from + i, limit);
    /* The last ones together with some that were counted: they tell more if any is below. */
    size_t last = count_of(below(from + n - WIDTH, limit));
    return before + (last > 0 ? n - WIDTH + last : count_of(minus));
}

static inline uint64_t sum_of(lanes x)
{
    uint64_t sum = 0;
    for (int i = 0; i < WIDTH; i++)
        sum += x[i];
    return sum;
}

/* A square by halves of 26 bits: (2^26 h + l)^2 = 2^52 h^2 + 2^27 h l + l^2. */
static void add_up(const int64_t *x, size_t n, ltv_number_sums *sums)
{
    const lanes half = all(((uint64_t)1 << 26) - 1);
    lanes sum = {0}, range = {0}, low = {0}, middle = {0}, high = {0};
    for (size_t i = 0; i < n; i += WIDTH) {
        lanes number = {0};
        if (n - i >= WIDTH)
            memcpy(&number, x + i, sizeof number);
        else
            memcpy(&number, x + i, (n - i) * sizeof *x);
        lanes minus = (lanes)((flags)number < (flags){0});
        lanes magnitude = (number ^ minus) - minus;
        lanes l = magnitude & half, h = magnitude >> 26;
        sum += number;
        range |= magnitude;
        low += multiply_low_halves(l, l);
        middle += multiply_low_halves(h, l);
        high += multiply_low_halves(h, h);
    }
    *sums = (ltv_number_sums){.sum = (int64_t)sum_of(sum),
                              .low = sum_of(low),
                              .middle = sum_of(middle),
                              .high = sum_of(high)};
    for (int i = 0; i < WIDTH; i++)
        sums->range |= range[i];
}

/* --- holdings --- */

typedef uint64_t worth __attribute__((vector_size(sizeof(ltv_worth))));

static void add_holdings(const ltv_held_list *list, int32_t *holders, ltv_worth *sums,
                         ltv_money *year)
{
    const ltv_held_list all = *list; /* nothing that is written changes it */
    for (size_t h = 0; h < all.n; h++) {
        const ltv_held held = all.held[h];
        int32_t times = all.times != NULL ? (int32_t)all.times[held.i] : 1;
        holders[held.from] += times;
        holders[held.to] -= times;
        worth sum, from, to;
        memcpy(&sum, &sums[held.i], sizeof sum);
        memcpy(&from, &all.worth[held.from], sizeof from);
        memcpy(&to, &all.worth[held.to], sizeof to);
        sum += to - from;
        memcpy(&sums[held.i], &sum, sizeof sum);
        year[held.i] += all.in_a_year[held.to] - all.in_a_year[held.from];
    }
}

/* --- clocks --- */

/* So many are searched for together: a step of all searches is one loop without branches. */
enum { CLOCKS = 64 };

typedef struct {
    const uint32_t *restrict table, *restrict anchor;
    const double *restrict times, *restrict remaining;
    uint32_t first[CLOCKS]; /* where its table begins */
    double from[CLOCKS];    /* its hazard at the anchor */
    uint32_t differ;        /* 0: all go by the same table */
} clocks;

/* picked[c] = all[at[c]], one by one. Compilers would make vectors of places, take them apart, read
 * each number and put vectors together again, which takes twice the time; so they are kept from
 * knowing that the places are numbers of one array. */
#define PICK(picked, all, at)                                                                      \
    for (int c = 0; c < CLOCKS; c += 8)                                                            \
        for (int d = c; d < c + 8; d++) {                                                          \
            size_t place = (at)[d];                                                                \
            __asm__("" : "+r"(place));                                                             \
            (picked)[d] = (all)[place];                                                            \
        }

/* Of the bills among which the guide says that a limit is passed: those before them, and returns
 * how many they are, at most. */
static inline uint32_t follow_guide(const clocks *of, const ltv_hazards *hazards,
                                    const double limit[CLOCKS], uint32_t before[CLOCKS])
{
    uint32_t n_cells = hazards->n_cells, most = 0, at[CLOCKS], guided[CLOCKS];
    double scale[CLOCKS];
    if (of->differ == 0)
        for (int c = 0; c < CLOCKS; c++)
            scale[c] = hazards->scale[of->table[0]];
    else
        PICK(scale, hazards->scale, of->table);
    for (int c = 0; c < CLOCKS; c++)
        at[c] = of->table[c] * n_cells + ltv_hazards_cell(limit[c], scale[c], n_cells);
    PICK(guided, hazards->guide, at);
    for (int c = 0; c < CLOCKS; c++) {
        uint32_t in_it = guided[c] >> LTV_GUIDE_SHIFT;
        before[c] = guided[c] & LTV_GUIDE_BILLS;
        most = most > in_it ? most : in_it;
    }
    return most;
}

/* Goes so many bills on if the limit is not reached by then. */
static inline void step(const double *cumulative, const double limit[CLOCKS], uint32_t bills,
                        uint32_t guessed[CLOCKS])
{
    uint32_t at[CLOCKS];
    double then[CLOCKS];
    for (int c = 0; c < CLOCKS; c++)
        at[c] = guessed[c] + bills;
    PICK(then, cumulative, at);
    for (int c = 0; c < CLOCKS; c++)
        guessed[c] += then[c] < limit[c] ? bills : 0;
}

/* Guesses the period in which each fires, or the horizon: as if a quotient were exact. */
static inline void guess(const clocks *of, const ltv_hazards *hazards, uint32_t guessed[CLOCKS])
{
    double limit[CLOCKS];
    for (int c = 0; c < CLOCKS; c++)
        limit[c] = of->from[c] + of->remaining[c] / of->times[c];
    uint32_t n = follow_guide(of, hazards, limit, guessed), last = hazards->horizon - n;
    for (int c = 0; c < CLOCKS; c++)
        guessed[c] = (guessed[c] < last ? guessed[c] : last) + of->first[c];
    for (uint32_t half; n > 1; n -= half) {
        half = n / 2;
        step(hazards->cumulative, limit, half, guessed);
    }
    if (n == 1)
        step(hazards->cumulative, limit, 1, guessed);
    for (int c = 0; c < CLOCKS; c++) {
        guessed[c] -= of->first[c];
        guessed[c] = guessed[c] > of->anchor[c] ? guessed[c] : of->anchor[c];
    }
}

/* Checks the guesses by the rule itself: 0 where one is wrong, which rounding can bring about. */
static inline void check(const clocks *of, const ltv_hazards *hazards, uint32_t fires[CLOCKS],
                         uint32_t right[CLOCKS])
{
    uint32_t horizon = hazards->horizon, now[CLOCKS], next[CLOCKS];
    double then[CLOCKS], after[CLOCKS];
    for (int c = 0; c < CLOCKS; c++) {
        now[c] = of->first[c] + fires[c];
        next[c] = of->first[c] + (fires[c] < horizon ? fires[c] + 1 : horizon);
    }
    PICK(then, hazards->cumulative, now);
    PICK(after, hazards->cumulative, next);
    for (int c = 0; c < CLOCKS; c++) {
        uint32_t period = fires[c];
        uint32_t too_early =
            ltv_clock_has_fired(of->times[c], then[c] - of->from[c], of->remaining[c]);
        uint32_t by_then =
            ltv_clock_has_fired(of->times[c], after[c] - of->from[c], of->remaining[c]);
        uint32_t runs = of->times[c] > 0, never = period == horizon;
        uint32_t wrong = (!(by_then | never)) | (too_early & (period > of->anchor[c]));
        right[c] = !(runs & wrong);
        fires[c] = runs & (period < horizon) ? period : LTV_NEVER;
    }
}

/* Looks at one period after the other. */
static uint32_t search(const clocks *of, int c, const ltv_hazards *hazards)
{
    const double *table = hazards->cumulative + of->first[c];
    for (uint32_t period = of->anchor[c]; period < hazards->horizon; period++)
        if (ltv_clock_has_fired(of->times[c], table[period + 1] - of->from[c], of->remaining[c]))
            return period;
    return LTV_NEVER;
}

static void fire_together(const ltv_hazards *hazards, clocks *of, uint32_t fires[CLOCKS])
{
    uint32_t right[CLOCKS], at[CLOCKS], all_right = 1, differ = 0, started = 0;
    for (int c = 0; c < CLOCKS; c++) {
        differ |= of->table[c] ^ of->table[0];
        started |= of->anchor[c];
        of->first[c] = of->table[c] * (uint32_t)hazards->stride;
        at[c] = of->first[c] + of->anchor[c];
    }
    of->differ = differ;
    if (started == 0)
        memset(of->from, 0, sizeof of->from); /* where all tables begin */
    else
        PICK(of->from, hazards->cumulative, at);
    guess(of, hazards, fires);
    check(of, hazards, fires, right);
    for (int c = 0; c < CLOCKS; c++)
        all_right &= right[c];
    for (int c = 0; !all_right && c < CLOCKS; c++)
        fires[c] = right[c] ? fires[c] : search(of, c, hazards);
}

/* Fewer of them, with others that never fire. */
static void fire_some(const ltv_hazards *hazards, const clocks *some, size_t n, uint32_t *fires)
{
    uint32_t table[CLOCKS] = {0}, anchor[CLOCKS] = {0}, all_fires[CLOCKS];
    double times[CLOCKS] = {0}, remaining[CLOCKS] = {0};
    memcpy(table, some->table, n * sizeof *table);
    memcpy(anchor, some->anchor, n * sizeof *anchor);
    memcpy(times, some->times, n * sizeof *times);
    memcpy(remaining, some->remaining, n * sizeof *remaining);
    clocks of = {.table = table, .anchor = anchor, .times = times, .remaining = remaining};
    fire_together(hazards, &of, all_fires);
    memcpy(fires, all_fires, n * sizeof *fires);
}

static void fire(const ltv_clock_batch *batch)
{
    const ltv_hazards hazards = *batch->hazards; /* nothing that is written changes it */
    clocks of;
    for (size_t from = 0; from < batch->n; from += CLOCKS) {
        of.table = batch->table + from;
        of.anchor = batch->anchor + from;
        of.times = batch->times + from;
        of.remaining = batch->remaining + from;
        if (batch->n - from >= CLOCKS)
            fire_together(&hazards, &of, batch->fires + from);
        else
            fire_some(&hazards, &of, batch->n - from, batch->fires + from);
    }
}

/* --- ladders --- */

static void mark_by_rungs(const ltv_ladder_batch *of, const uint32_t *restrict by, uint8_t bit,
                          uint8_t *restrict marks)
{
    const uint32_t *heads = of->questions->heads;
    const ltv_rung *rungs = of->questions->ladder.rungs;
    for (size_t i = 0; of->n_questions == 1 && i < of->n; i++)
        marks[i] |= (uint8_t)((heads[i] >= rungs[by[i]].below) * bit);
    for (size_t i = 0; of->n_questions > 1 && i < of->n; i++) {
        const ltv_ladder_question *his = &of->questions[of->which[i]];
        marks[i] |= (uint8_t)((his->heads[i] >= his->ladder.rungs[by[i]].below) * bit);
    }
}

#if defined(__AVX512F__)
/* A short ladder has its rungs in registers, where 16 heads find theirs together: question by
 * question, of which there are few, or one after the other would be faster. */
enum { HEADS = 16, RUNGS = 4 * HEADS, FEW_QUESTIONS = 8 };

typedef struct {
    __m512i below[RUNGS / HEADS];
} short_ladder;

static inline short_ladder shortened(const ltv_ladder *ladder)
{
    uint32_t below[RUNGS] = {0};
    short_ladder to;
    for (uint32_t u = 0; u <= ladder->last; u++)
        below[u] = ladder->rungs[u].below;
    memcpy(&to, below, sizeof to);
    return to;
}

static inline __m512i rungs_at(const short_ladder *ladder, __m512i bill)
{
    __m512i low = _mm512_permutex2var_epi32(ladder->below[0], bill, ladder->below[1]);
    __m512i high = _mm512_permutex2var_epi32(ladder->below[2], bill, ladder->below[3]);
    __mmask16 is_high = _mm512_test_epi32_mask(bill, _mm512_set1_epi32(RUNGS / 2));
    return _mm512_mask_mov_epi32(low, is_high, high);
}

static void mark_in_short(const ltv_ladder_batch *all, size_t q, const uint32_t *by, uint8_t bit,
                          uint8_t *marks)
{
    const ltv_ladder_batch of = *all; /* nothing that is written changes it */
    const short_ladder ladder = shortened(&of.questions[q].ladder);
    const uint32_t *heads = of.questions[q].heads;
    for (size_t i = 0; i < of.n; i += HEADS) {
        size_t left = of.n - i;
        __mmask16 his = (__mmask16)(left >= HEADS ? 0xffff : (1u << left) - 1);
        if (of.n_questions > 1)
            his = _mm256_mask_cmpeq_epi16_mask(his, _mm256_maskz_loadu_epi16(his, of.which + i),
                                               _mm256_set1_epi16((short)q));
        __m512i rung = rungs_at(&ladder, _mm512_maskz_loadu_epi32(his, by + i));
        __mmask16 may_fire =
            _mm512_mask_cmpge_epu32_mask(his, _mm512_maskz_loadu_epi32(his, heads + i), rung);
        __m128i marked = _mm_maskz_loadu_epi8(his, marks + i);
        marked = _mm_or_si128(marked, _mm_maskz_set1_epi8(may_fire, (char)bit));
        _mm_mask_storeu_epi8(marks + i, his, marked);
    }
}

static int are_short(const ltv_ladder_batch *of)
{
    int are = of->n_questions <= FEW_QUESTIONS;
    for (size_t q = 0; are && q < of->n_questions; q++)
        are = of->questions[q].ladder.last < RUNGS;
    return are;
}

static void mark(const ltv_ladder_batch *of, const uint32_t *by, uint8_t bit, uint8_t *marks)
{
    int each = are_short(of);
    for (size_t q = 0; each && q < of->n_questions; q++)
        mark_in_short(of, q, by, bit, marks);
    if (!each)
        mark_by_rungs(of, by, bit, marks);
}
#else
static void mark(const ltv_ladder_batch *of, const uint32_t *by, uint8_t bit, uint8_t *marks)
{
    mark_by_rungs(of, by, bit, marks);
}
#endif

const ltv_vector LTV_VECTOR_SYMBOL = {.level = LTV_VECTOR_NAME,
                                      .words = words,
                                      .heads = heads,
                                      .words_at = words_at,
                                      .compare = compare,
                                      .find = find,
                                      .budgets = budgets,
                                      .gamma_hazards = gamma_hazards,
                                      .count_below = count_below,
                                      .add_up = add_up,
                                      .add_holdings = add_holdings,
                                      .mark = mark,
                                      .fire = fire};
