/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/address.h"

#include <math.h>

#include <Random123/philox.h>

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

static philox4x32_ctr_t block_at(ltv_stream stream, uint32_t customer, uint32_t name,
                                 uint32_t group, uint32_t part, uint32_t occurrence)
{
    philox4x32_ctr_t counter = {
        {customer, stream.draw, name, group << 24 | part << 22 | (occurrence & 0x3fffff)}};
    philox4x32_key_t key = {{(uint32_t)stream.seed,
                             (uint32_t)(stream.seed >> 32) | (uint32_t)LTV_ADDRESS_LAYOUT << 24}};
    return philox4x32_R(10, counter, key);
}

ltv_words ltv_address_words(ltv_stream stream, uint32_t customer, uint32_t name, uint32_t group,
                            uint32_t occurrence)
{
    philox4x32_ctr_t head = block_at(stream, customer, name, group, PART_HEAD, occurrence);
    philox4x32_ctr_t tail = block_at(stream, customer, name, group, PART_TAIL, occurrence);
    ltv_words words;
    for (int i = 0; i < LTV_LANES; i++)
        words.lane[i] = (uint64_t)head.v[i] << 32 | tail.v[i];
    return words;
}

uint32_t ltv_address_deep_word(ltv_stream stream, uint32_t customer, uint32_t name,
                               ltv_purpose purpose, uint32_t occurrence)
{
    return block_at(stream, customer, name, purpose / LTV_LANES, PART_DEEP, occurrence)
        .v[purpose % LTV_LANES];
}

uint64_t ltv_address_word(ltv_stream stream, uint32_t customer, uint32_t name, ltv_purpose purpose,
                          uint32_t occurrence)
{
    return ltv_address_words(stream, customer, name, purpose / LTV_LANES, occurrence)
        .lane[purpose % LTV_LANES];
}

ltv_uniform ltv_uniform_of_word(uint64_t word, uint32_t deep)
{
    if (word >> 63) {
        double above = ((double)~word + 0.5) * 0x1p-64;
        return (ltv_uniform){.below = 1 - above, .above = above};
    }
    double below = ltv_word_needs_deep(word) ? ((double)(word << 32 | deep) + 0.5) * 0x1p-96
                                             : ((double)word + 0.5) * 0x1p-64;
    return (ltv_uniform){.below = below, .above = 1 - below};
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
    return u.below < 0.5 ? -log(u.below) : -log1p(-u.above);
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
