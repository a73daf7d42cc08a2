/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/address.h"

#include <Random123/philox.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { PART_HEAD, PART_TAIL, PART_DEEP };

static uint32_t fnv1a(uint32_t hash, const char *text)
{
    for (; *text != '\0'; text++)
        hash = (hash ^ (uint8_t)*text) * 16777619u;
    return hash;
}

static const uint32_t fnv1a_start = 2166136261u;

uint32_t ltv_address_name(const char *name)
{
    uint32_t hash = fnv1a(fnv1a_start, name);
    return hash != LTV_UNNAMED ? hash : fnv1a_start;
}

uint32_t ltv_address_pair(const char *first, const char *second)
{
    uint32_t hash = fnv1a(fnv1a(fnv1a(fnv1a_start, first), "/"), second);
    return hash != LTV_UNNAMED ? hash : fnv1a_start;
}

static philox4x32_ctr_t counter_of(ltv_stream stream, ltv_location place, uint32_t name,
                                   uint32_t part, uint32_t occurrence)
{
    return (philox4x32_ctr_t){
        {place.customers, stream.draw, name, ltv_page_with(place.page, occurrence) | part << 22}};
}

static philox4x32_key_t key_of(ltv_stream stream)
{
    return (philox4x32_key_t){{(uint32_t)stream.seed,
                               (uint32_t)(stream.seed >> 32) | (uint32_t)LTV_ADDRESS_LAYOUT << 24}};
}

#ifdef __SSE2__

/* Philox4x32-10 of two counters at once, with half the instructions of one after the other: what
 * a round multiplies, words 0 and 2 of a block, lies where one SSE2 instruction multiplies both,
 * and words 1 and 3 lie beside them. Every x86-64 has SSE2. */
typedef struct {
    __m128i even, odd; /* words 0 and 2, words 1 and 3, in the low halves of 64 bits */
} half_words;

static inline half_words round_of(half_words x, __m128i key)
{
    const __m128i multiplier = _mm_set_epi32(0, (int)PHILOX_M4x32_1, 0, (int)PHILOX_M4x32_0);
    __m128i product = _mm_mul_epu32(x.even, multiplier);
    /* Word 0 becomes the high half of word 2's product, word 1 its low half; 2 and 3 likewise. */
    __m128i high = _mm_shuffle_epi32(product, _MM_SHUFFLE(0, 1, 2, 3));
    __m128i low = _mm_shuffle_epi32(product, _MM_SHUFFLE(1, 0, 3, 2));
    return (half_words){.even = _mm_xor_si128(_mm_xor_si128(high, x.odd), key), .odd = low};
}

static inline half_words load(philox4x32_ctr_t counter)
{
    return (half_words){.even = _mm_set_epi32(0, (int)counter.v[2], 0, (int)counter.v[0]),
                        .odd = _mm_set_epi32(0, (int)counter.v[3], 0, (int)counter.v[1])};
}

static inline ltv_words words_of(philox4x32_ctr_t head, philox4x32_ctr_t tail,
                                 philox4x32_key_t start)
{
    const __m128i weyl = _mm_set_epi32(0, (int)PHILOX_W32_1, 0, (int)PHILOX_W32_0);
    __m128i key = _mm_set_epi32(0, (int)start.v[1], 0, (int)start.v[0]);
    half_words high = load(head), low = load(tail);
    for (int i = 0; i < 10; i++) {
        high = round_of(high, key);
        low = round_of(low, key);
        key = _mm_add_epi32(key, weyl);
    }
    const __m128i low_half = _mm_set_epi32(0, -1, 0, -1);
    __m128i even = _mm_or_si128(_mm_slli_epi64(high.even, 32), _mm_and_si128(low.even, low_half));
    __m128i odd = _mm_or_si128(_mm_slli_epi64(high.odd, 32), _mm_and_si128(low.odd, low_half));
    ltv_words words;
    _mm_storeu_si128((__m128i *)(void *)&words.lane[0], _mm_unpacklo_epi64(even, odd));
    _mm_storeu_si128((__m128i *)(void *)&words.lane[2], _mm_unpackhi_epi64(even, odd));
    return words;
}

#else

static inline ltv_words words_of(philox4x32_ctr_t head, philox4x32_ctr_t tail, philox4x32_key_t key)
{
    head = philox4x32_R(10, head, key);
    tail = philox4x32_R(10, tail, key);
    ltv_words words;
    for (int i = 0; i < LTV_LANES; i++)
        words.lane[i] = (uint64_t)head.v[i] << 32 | tail.v[i];
    return words;
}

#endif

/* What the block of a place holds. */
static inline ltv_words words_at(ltv_stream stream, ltv_location place, uint32_t name,
                                 uint32_t occurrence)
{
    return words_of(counter_of(stream, place, name, PART_HEAD, occurrence),
                    counter_of(stream, place, name, PART_TAIL, occurrence), key_of(stream));
}

ltv_words ltv_address_words(ltv_stream stream, uint32_t customer, uint32_t name,
                            ltv_purpose purpose, uint32_t occurrence)
{
    return words_at(stream, ltv_locate(customer, purpose), name, occurrence);
}

uint32_t ltv_address_deep_word(ltv_stream stream, uint32_t customer, uint32_t name,
                               ltv_purpose purpose, uint32_t occurrence)
{
    ltv_location place = ltv_locate(customer, purpose);
    philox4x32_ctr_t counter = counter_of(stream, place, name, PART_DEEP, occurrence);
    return philox4x32_R(10, counter, key_of(stream)).v[place.lane];
}

uint64_t ltv_address_word(ltv_stream stream, uint32_t customer, uint32_t name, ltv_purpose purpose,
                          uint32_t occurrence)
{
    ltv_location place = ltv_locate(customer, purpose);
    return words_at(stream, place, name, occurrence).lane[place.lane];
}

ltv_uniform ltv_address_uniform(ltv_stream stream, uint32_t customer, uint32_t name,
                                ltv_purpose purpose, uint32_t occurrence)
{
    uint64_t word = ltv_address_word(stream, customer, name, purpose, occurrence);
    uint32_t deep = ltv_word_needs_deep(word)
                        ? ltv_address_deep_word(stream, customer, name, purpose, occurrence)
                        : 0;
    return ltv_uniform_of_word(word, deep);
}

double ltv_exponential_of_uniform(ltv_uniform u)
{
    return ltv_negative_log(u);
}

uint64_t ltv_word_threshold(double p)
{
    double scaled = p * 0x1p64;
    return scaled >= 0x1p64 ? UINT64_MAX : (uint64_t)scaled;
}

const char *ltv_purpose_name(int purpose)
{
    switch (purpose) { /* a number used twice is a repeated case: it does not compile */
#define X(name, number)                                                                            \
    case number:                                                                                   \
        return #name;
        LTV_PURPOSES(X)
#ifdef LTV_TEST_REPEATED_PURPOSE
        X(TEST_REPEATED, 0)
#endif
#undef X
    default:
        return "unknown";
    }
}
