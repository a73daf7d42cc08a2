/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <Random123/philox.h>

#include "sim/address.h"

typedef unsigned __int128 u128;

/* Random123's published known answers (kat_vectors, philox4x32 with 10 rounds). */
static void philox_gives_the_published_known_answers(void **state)
{
    (void)state;
    static const struct {
        philox4x32_ctr_t counter;
        philox4x32_key_t key;
        philox4x32_ctr_t expected;
    } cases[] = {
        {{{0, 0, 0, 0}}, {{0, 0}}, {{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}}},
        {{{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}},
         {{0xffffffff, 0xffffffff}},
         {{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}}},
        {{{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}},
         {{0xa4093822, 0x299f31d0}},
         {{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        philox4x32_ctr_t out = philox4x32_R(10, cases[i].counter, cases[i].key);
        assert_memory_equal(&out, &cases[i].expected, sizeof out);
    }
}

/* The documented packing, spelled out from the page at the top of address.h. */

static const ltv_stream documented = {.seed = 0x12345abcdef012ull, .draw = 77};
enum { NAME = 0x0badcafe, OCCURRENCE = 0x2abcde };

/* The block of counter[0] and page at a part: 0 the head, 1 the tail, 2 the deep words. */
static philox4x32_ctr_t documented_block(uint32_t counter_0, uint32_t page, uint32_t part)
{
    philox4x32_key_t key = {{0xbcdef012, 0x12345a | 2u << 24}};
    philox4x32_ctr_t counter = {{counter_0, 77, NAME, page << 24 | part << 22 | OCCURRENCE}};
    return philox4x32_R(10, counter, key);
}

static void assert_at(uint32_t customer, int purpose, uint32_t counter_0, uint32_t page,
                      uint32_t lane)
{
    uint32_t head = documented_block(counter_0, page, 0).v[lane],
             tail = documented_block(counter_0, page, 1).v[lane],
             deep = documented_block(counter_0, page, 2).v[lane];
    ltv_purpose of = (ltv_purpose)purpose;
    uint64_t word = (uint64_t)head << 32 | tail;
    assert_int_equal(ltv_address_word(documented, customer, NAME, of, OCCURRENCE), word);
    assert_int_equal(ltv_address_deep_word(documented, customer, NAME, of, OCCURRENCE), deep);
    ltv_uniform expected = ltv_uniform_of_word(word, deep),
                u = ltv_address_uniform(documented, customer, NAME, of, OCCURRENCE);
    assert_true(u.below == expected.below && u.above == expected.above);
}

static const uint32_t some_customers[] = {0, 1, 2, 3, 4, 4000000001u, 0xfffffffe, 0xffffffff};
enum { SOME_CUSTOMERS = sizeof some_customers / sizeof *some_customers };

static void four_customers_share_the_block_of_a_shared_purpose(void **state)
{
    (void)state;
    for (int purpose = 0; purpose < 64; purpose++)
        for (size_t i = 0; i < SOME_CUSTOMERS; i++) {
            uint32_t customer = some_customers[i];
            assert_at(customer, purpose, customer / 4, (uint32_t)purpose, customer % 4);
        }
}

static void four_purposes_of_a_customer_share_a_grouped_block(void **state)
{
    (void)state;
    for (int purpose = 64; purpose < 512; purpose++)
        for (size_t i = 0; i < SOME_CUSTOMERS; i++) {
            uint32_t customer = some_customers[i], lane = (uint32_t)purpose % 4;
            assert_at(customer, purpose, customer, 128 + (uint32_t)purpose / 4, lane);
            ltv_words words =
                ltv_address_words(documented, customer, NAME, (ltv_purpose)purpose, OCCURRENCE);
            assert_int_equal(words.lane[lane], ltv_address_word(documented, customer, NAME,
                                                                (ltv_purpose)purpose, OCCURRENCE));
        }
}

/* Those that are read column by column, and those that one customer reads together. */
static void purposes_are_of_the_kind_that_suits_them(void **state)
{
    (void)state;
    static const ltv_purpose shared[] = {LTV_PURPOSE_VOLUNTARY_CHURN, LTV_PURPOSE_INVOLUNTARY_CHURN,
                                         LTV_PURPOSE_CHANNEL,         LTV_PURPOSE_CURED,
                                         LTV_PURPOSE_FRAILTY,         LTV_PURPOSE_ORDER_LEVEL,
                                         LTV_PURPOSE_UPGRADE,         LTV_PURPOSE_DROP,
                                         LTV_PURPOSE_REACH,           LTV_PURPOSE_FALSE_ALARM,
                                         LTV_PURPOSE_RECALL};
    for (size_t i = 0; i < sizeof shared / sizeof *shared; i++)
        assert_true(ltv_purpose_is_shared(shared[i]));
    static const ltv_purpose grouped[][4] = {
        {LTV_PURPOSE_ORDER_GAP, LTV_PURPOSE_ORDER_VALUE, LTV_PURPOSE_ORDER_KEPT,
         LTV_PURPOSE_ORDER_KEPT},
        {LTV_PURPOSE_FLIPS, LTV_PURPOSE_FLIPS_64, LTV_PURPOSE_FLIPS_128, LTV_PURPOSE_FLIPS_192},
        {LTV_PURPOSE_RESAMPLED_ROW_0, LTV_PURPOSE_RESAMPLED_ROW_1, LTV_PURPOSE_RESAMPLED_ROW_2,
         LTV_PURPOSE_RESAMPLED_ROW_3}};
    for (size_t g = 0; g < sizeof grouped / sizeof *grouped; g++)
        for (int k = 0; k < 4; k++) {
            assert_false(ltv_purpose_is_shared(grouped[g][k]));
            assert_int_equal(grouped[g][k] / 4, grouped[g][0] / 4);
        }
}

/* Pins layout version 2: these numbers are in everybody's results files. */
static void layout_version_2_never_changes(void **state)
{
    (void)state;
    ltv_stream stream = {.seed = 20270401, .draw = 0};
    static const struct {
        uint32_t customer;
        ltv_purpose purpose;
        uint64_t word;
    } cases[] = {
        {0, LTV_PURPOSE_VOLUNTARY_CHURN, 0xe6944260762fc5ceull},
        {1, LTV_PURPOSE_INVOLUNTARY_CHURN, 0xa32bfa940cea7f09ull},
        {99999, LTV_PURPOSE_CHANNEL, 0xc08d36f3d604553full},
        {3999999999u, LTV_PURPOSE_SPEND, 0xef5125b3642d886cull},
        {12345, LTV_PURPOSE_ORDER_VALUE, 0x075cdef5958a2039ull},
    };
    assert_int_equal(LTV_ADDRESS_LAYOUT, 2);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(
            ltv_address_word(stream, cases[i].customer, LTV_UNNAMED, cases[i].purpose, 0),
            cases[i].word);
}

static void every_purpose_has_a_name_and_other_numbers_do_not(void **state)
{
    (void)state;
    assert_string_equal(ltv_purpose_name(LTV_PURPOSE_VOLUNTARY_CHURN), "VOLUNTARY_CHURN");
    assert_string_equal(ltv_purpose_name(LTV_PURPOSE_SPEND), "SPEND");
    assert_string_equal(ltv_purpose_name(3), "unknown");
    assert_string_equal(ltv_purpose_name(-1), "unknown");
}

/* A uniform as 96 bits: the word, and 32 bits that count only below 2^64. */
static double budget_of_96_bits(u128 bits)
{
    return ltv_exponential_of_uniform(ltv_uniform_of_word((uint64_t)(bits >> 32), (uint32_t)bits));
}

/* P(budget >= e) of the map itself: how many of the 2^96 equally likely values reach e. The
 * budget falls as the bits rise, so this is a search for the last one that does. */
static long double probability_to_reach(double e)
{
    u128 low = 0, high = (u128)1 << 96; /* [0, low) reach e, [high, 2^96) do not */
    while (low < high) {
        u128 middle = low + (high - low) / 2;
        if (budget_of_96_bits(middle) >= e)
            low = middle + 1;
        else
            high = middle;
    }
    return ldexpl((long double)low, -96);
}

static void assert_relative(long double actual, long double expected, long double tolerance)
{
    if (!(fabsl(actual - expected) <= tolerance * fabsl(expected)))
        fail_msg("%.17Lg instead of %.17Lg: off by %.3Lg", actual, expected,
                 fabsl(actual / expected - 1));
}

static void budgets_up_to_36_have_the_exact_probability(void **state)
{
    (void)state;
    for (double e = 0.5; e <= 36; e += 0.5)
        assert_relative(probability_to_reach(e), expl(-(long double)e), 1e-9L);
}

static void hazards_down_to_1e_7_have_the_exact_probability_in_every_period(void **state)
{
    (void)state;
    static const double hazards[] = {1e-7, 3e-6, 1e-4, 0.03, 0.7};
    for (size_t i = 0; i < sizeof hazards / sizeof *hazards; i++) {
        double h = hazards[i];
        for (int period = 0; period < 120 && h * (period + 1) <= 36; period += 7) {
            /* Tenure `period` reached, then the clock fires within one period. The budget is
             * compared with h u in doubles, as the engine does. */
            double from = h * period, to = h * (period + 1);
            long double stays = period == 0 ? 1 : probability_to_reach(from);
            long double fires = (stays - probability_to_reach(to)) / stays;
            /* The table's own step, to - from, rounds in the last bit of `to`. */
            assert_relative(fires, -expm1l((long double)from - (long double)to), 1e-9L);
        }
    }
}

static void budgets_reach_far_beyond_what_32_bit_words_can(void **state)
{
    (void)state;
    assert_true(budget_of_96_bits(0) > 67);
    assert_true(budget_of_96_bits(((u128)1 << 96) - 1) > 0);
    assert_true(budget_of_96_bits(((u128)1 << 96) - 1) < 1e-19);
}

static void uniforms_are_ordered_as_their_words_and_their_ends_agree(void **state)
{
    (void)state;
    static const uint64_t words[] = {0,          1,          0xffffffff, 0x100000000,
                                     1ull << 40, 1ull << 62, 3ull << 61, 1ull << 63,
                                     3ull << 62, ~1ull,      ~0ull};
    ltv_uniform before = {.below = 0, .above = 1};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        ltv_uniform u = ltv_uniform_of_word(words[i], 0x80000000);
        /* One end stops moving where the other has all the precision. */
        assert_true(u.below > before.below || u.above < before.above);
        assert_true(u.below > 0 && u.above > 0);
        assert_true(fabs(u.below + u.above - 1) < 1e-15);
        before = u;
    }
}

static void thresholds_stand_for_their_probability(void **state)
{
    (void)state;
    assert_int_equal(ltv_word_threshold(0), 0);
    assert_int_equal(ltv_word_threshold(0.5), 1ull << 63);
    assert_int_equal(ltv_word_threshold(1), UINT64_MAX);
    assert_int_equal(ltv_word_threshold(1 + 1e-15), UINT64_MAX);
    assert_relative(ldexpl((long double)ltv_word_threshold(1e-7), -64), 1e-7L, 1e-11L);
}

static int by_size(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* All purposes there can be, and the customers whose blocks could be taken for one another's: no
 * address gives another's word. */
static void addresses_do_not_share_words(void **state)
{
    (void)state;
    enum { PURPOSES = 512, CUSTOMERS = 20, N = 2 * CUSTOMERS * PURPOSES * 2 };
    static uint64_t words[N];
    size_t n = 0;
    for (uint32_t draw = 0; draw < 2; draw++)
        for (uint32_t customer = 0; customer < CUSTOMERS; customer++)
            for (int purpose = 0; purpose < PURPOSES; purpose++)
                for (uint32_t occurrence = 0; occurrence < 2; occurrence++)
                    words[n++] = ltv_address_word((ltv_stream){.seed = 9, .draw = draw}, customer,
                                                  LTV_UNNAMED, (ltv_purpose)purpose, occurrence);
    assert_int_equal(n, N);
    qsort(words, n, sizeof *words, by_size);
    for (size_t i = 1; i < n; i++)
        assert_true(words[i] != words[i - 1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(philox_gives_the_published_known_answers),
        cmocka_unit_test(four_customers_share_the_block_of_a_shared_purpose),
        cmocka_unit_test(four_purposes_of_a_customer_share_a_grouped_block),
        cmocka_unit_test(purposes_are_of_the_kind_that_suits_them),
        cmocka_unit_test(layout_version_2_never_changes),
        cmocka_unit_test(every_purpose_has_a_name_and_other_numbers_do_not),
        cmocka_unit_test(budgets_up_to_36_have_the_exact_probability),
        cmocka_unit_test(hazards_down_to_1e_7_have_the_exact_probability_in_every_period),
        cmocka_unit_test(budgets_reach_far_beyond_what_32_bit_words_can),
        cmocka_unit_test(uniforms_are_ordered_as_their_words_and_their_ends_agree),
        cmocka_unit_test(thresholds_stand_for_their_probability),
        cmocka_unit_test(addresses_do_not_share_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
