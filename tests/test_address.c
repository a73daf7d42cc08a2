/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
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
static void words_stand_at_their_documented_addresses(void **state)
{
    (void)state;
    ltv_stream stream = {.seed = 0x12345abcdef012ull, .draw = 77};
    philox4x32_key_t key = {{0xabcdef012ull & 0xffffffff, 0x12345a | 1u << 24}};
    for (uint32_t group = 0; group < 3; group++) {
        philox4x32_ctr_t head = {{4000000000u, 77, 0, group << 24 | 0u << 22 | 5}};
        philox4x32_ctr_t tail = {{4000000000u, 77, 0, group << 24 | 1u << 22 | 5}};
        philox4x32_ctr_t deep = {{4000000000u, 77, 0, group << 24 | 2u << 22 | 5}};
        head = philox4x32_R(10, head, key);
        tail = philox4x32_R(10, tail, key);
        deep = philox4x32_R(10, deep, key);
        ltv_words words = ltv_address_words(stream, 4000000000u, LTV_UNNAMED, group, 5);
        for (uint32_t lane = 0; lane < LTV_LANES; lane++) {
            ltv_purpose purpose = (ltv_purpose)(4 * group + lane);
            uint64_t expected = (uint64_t)head.v[lane] << 32 | tail.v[lane];
            assert_int_equal(words.lane[lane], expected);
            assert_int_equal(ltv_address_word(stream, 4000000000u, LTV_UNNAMED, purpose, 5),
                             expected);
            assert_int_equal(ltv_address_deep_word(stream, 4000000000u, LTV_UNNAMED, purpose, 5),
                             deep.v[lane]);
        }
    }
}

/* Pins layout version 1: these numbers are in everybody's results files. */
static void layout_version_1_never_changes(void **state)
{
    (void)state;
    ltv_stream stream = {.seed = 20270401, .draw = 0};
    static const struct {
        uint32_t customer;
        ltv_purpose purpose;
        uint64_t word;
    } cases[] = {
        {0, LTV_PURPOSE_VOLUNTARY_CHURN, 0xd94f85a7348e2354ull},
        {1, LTV_PURPOSE_INVOLUNTARY_CHURN, 0x33ebf76ae0f82c77ull},
        {99999, LTV_PURPOSE_CHANNEL, 0x59f208c2a2523d53ull},
        {3999999999u, LTV_PURPOSE_SPEND, 0x8e5e0aad9386c057ull},
    };
    assert_int_equal(LTV_ADDRESS_LAYOUT, 1);
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

/* Two purposes, two customers, two draws, two occurrences: no address gives another's word. */
static void addresses_do_not_share_words(void **state)
{
    (void)state;
    enum { N = 2 * 3 * 4 * 4 * 2 };
    uint64_t words[N];
    size_t n = 0;
    for (uint32_t draw = 0; draw < 2; draw++)
        for (uint32_t customer = 0; customer < 3; customer++)
            for (uint32_t group = 0; group < 4; group++)
                for (uint32_t occurrence = 0; occurrence < 2; occurrence++) {
                    ltv_words w = ltv_address_words((ltv_stream){.seed = 9, .draw = draw}, customer,
                                                    LTV_UNNAMED, group, occurrence);
                    for (int lane = 0; lane < LTV_LANES; lane++)
                        words[n++] = w.lane[lane];
                }
    assert_int_equal(n, N);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++)
            assert_true(words[i] != words[j]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(philox_gives_the_published_known_answers),
        cmocka_unit_test(words_stand_at_their_documented_addresses),
        cmocka_unit_test(layout_version_1_never_changes),
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
