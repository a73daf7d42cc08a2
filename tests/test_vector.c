/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "close.h"
#include "models/frailty.h"
#include "sim/clock.h"
#include "sim/kernel/luck.h"
#include "sim/kernel/vector/vector.h"

/* First customers at each place in a block. */
static const ltv_word_run runs[] = {
    {{1, 0}, 0, LTV_BLOCK, 0, LTV_PURPOSE_VOLUNTARY_CHURN, 0},
    {{1, 0}, 77, 1, 0, LTV_PURPOSE_SPEND, 0},
    {{1, 0}, 1022, 2, 0, LTV_PURPOSE_CURED, 0},
    {{1, 0}, 1023, 129, 0, LTV_PURPOSE_INVOLUNTARY_CHURN, 0},
    {{9007199254740992, 7}, (1u << 31) + 2, 33, 12345, LTV_PURPOSE_UPTAKE, 0},
    {{20270401, LTV_MAX_DRAWS - 1},
     UINT32_MAX - 18,
     19,
     UINT32_MAX,
     LTV_PURPOSE_RECALL,
     LTV_MAX_OCCURRENCES - 1},
    {{3, 5}, 1000, 777, 8, (ltv_purpose)(LTV_FIRST_GROUPED - 1), 3},
};
enum { RUNS = sizeof runs / sizeof *runs };

static void all_levels_read_the_words_at_their_addresses(void **state)
{
    (void)state;
    static uint64_t word[LTV_BLOCK + 1];
    static uint32_t head[LTV_BLOCK + 1];
    const ltv_vector *level;
    for (size_t v = 0; (level = ltv_vector_level(v)) != NULL; v++)
        for (size_t r = 0; r < RUNS; r++) {
            const ltv_word_run *run = &runs[r];
            memset(word, 0x77, sizeof word);
            memset(head, 0x77, sizeof head);
            level->words(run, word);
            level->heads(run, head);
            for (uint32_t i = 0; i < run->n; i++) {
                uint64_t at = ltv_address_word(run->stream, run->first_customer + i, run->name,
                                               run->purpose, run->occurrence);
                assert_that(level->level, word[i] == at);
                assert_that(level->level, head[i] == at >> 32);
            }
            assert_that(level->level, word[run->n] == 0x7777777777777777);
            assert_that(level->level, head[run->n] == 0x77777777);
        }
}

/* Wherever a run begins and however long it is. */
static void pieces_of_a_run_are_read_alike(void **state)
{
    (void)state;
    enum { MOST = 300 };
    static uint64_t whole[MOST], word[MOST];
    static uint32_t head[MOST];
    const ltv_vector *level;
    for (size_t v = 0; (level = ltv_vector_level(v)) != NULL; v++)
        for (uint32_t from = 0; from < 9; from++)
            for (uint32_t n = 0; n <= MOST - from; n++) {
                ltv_word_run run = {{2, 3}, 400, MOST, 4, LTV_PURPOSE_REACH, 1};
                level->words(&run, whole);
                run.first_customer += from;
                run.n = n;
                level->words(&run, word);
                level->heads(&run, head);
                assert_that(level->level, memcmp(word, whole + from, n * sizeof *word) == 0);
                for (uint32_t i = 0; i < n; i++)
                    assert_that(level->level, head[i] == word[i] >> 32);
            }
}

/* Words with every number of leading zeros and ones, and others; not those with a deep word. */
static size_t some_words(uint64_t words[LTV_BLOCK])
{
    size_t n = 0;
    for (int shift = 0; shift < 64; shift++) {
        for (uint64_t extra = 0; extra < 3; extra++) {
            words[n++] = ~(UINT64_MAX >> shift) - extra;
            if (shift < 32)
                words[n++] = (UINT64_MAX >> shift) - extra;
        }
    }
    while (n < LTV_BLOCK - 3) { /* an odd number */
        words[n] = ltv_address_word((ltv_stream){.seed = 5}, (uint32_t)n, 0, LTV_PURPOSE_SPEND, 0);
        n++;
    }
    for (size_t i = 0; i < n; i++)
        words[i] |= ltv_word_needs_deep(words[i]) ? (uint64_t)1 << 40 : 0;
    return n;
}

static void all_levels_make_the_same_budgets(void **state)
{
    (void)state;
    uint64_t words[LTV_BLOCK];
    double budgets[LTV_BLOCK];
    size_t n = some_words(words);
    const ltv_vector *level;
    for (size_t v = 0; (level = ltv_vector_level(v)) != NULL; v++) {
        budgets[n] = -1;
        assert_int_equal(level->budgets(words, n, budgets), 0);
        for (size_t i = 0; i < n; i++)
            assert_that(level->level,
                        budgets[i] == ltv_exponential_of_uniform(ltv_uniform_of_word(words[i], 0)));
        assert_that(level->level, budgets[n] == -1);
        words[n / 2] &= 0xffffffff;
        assert_int_equal(level->budgets(words, n, budgets), 1);
        some_words(words);
    }
}

/* Found by search: with seed 1 this is a customer whose word begins with 32 zeros. */
static const uint32_t unlucky = 559274385u;

static void budgets_beyond_32_bits_are_refined(void **state)
{
    (void)state;
    ltv_word_run run = {{1, 0}, unlucky - 603, 700, LTV_UNNAMED, LTV_PURPOSE_INVOLUNTARY_CHURN, 0};
    double budgets[700];
    ltv_vector_run_budgets(&run, budgets);
    assert_true(budgets[603] > 22);
    for (uint32_t i = 0; i < run.n; i++)
        assert_true(budgets[i] == ltv_exponential_of_uniform(ltv_address_uniform(
                                      run.stream, run.first_customer + i, LTV_UNNAMED,
                                      LTV_PURPOSE_INVOLUNTARY_CHURN, 0)));
}

static void all_levels_integrate_a_gamma_frailty_alike(void **state)
{
    (void)state;
    static const double cvs[] = {1e-6, 0.01, 0.7071, 1, 3, 40};
    uint64_t words[LTV_BLOCK];
    double budgets[LTV_BLOCK], hazards[LTV_BLOCK];
    size_t n = some_words(words);
    ltv_vector_level(0)->budgets(words, n, budgets);
    const ltv_vector *level;
    for (size_t v = 0; (level = ltv_vector_level(v)) != NULL; v++)
        for (size_t k = 0; k < sizeof cvs / sizeof *cvs; k++) {
            const ltv_frailty frailty = {.spread = {LTV_SPREAD_GAMMA, cvs[k]}};
            hazards[n] = -1;
            level->gamma_hazards(budgets, n, cvs[k], hazards);
            for (size_t i = 0; i < n; i++)
                assert_that(level->level,
                            hazards[i] ==
                                ltv_frailty_budget(&frailty, budgets[i], (ltv_uniform){0.5, 0.5}));
            assert_that(level->level, hazards[n] == -1);
        }
}

/* Names, purposes and occurrences at their ends and in between, a few customers several times. */
static void all_levels_read_any_addresses(void **state)
{
    (void)state;
    enum { MOST = 200 };
    static const ltv_purpose purposes[] = {LTV_PURPOSE_VOLUNTARY_CHURN, LTV_PURPOSE_CURED,
                                           LTV_PURPOSE_UPGRADE,         LTV_PURPOSE_DROP,
                                           LTV_PURPOSE_ORDER_KEPT,      LTV_PURPOSE_FALSE_ALARM,
                                           LTV_PURPOSE_RESAMPLED_ROW_3};
    uint32_t customer[MOST], name[MOST], purpose[MOST], occurrence[MOST];
    uint64_t word[MOST + 1];
    const ltv_stream stream = {9007199254740991, LTV_MAX_DRAWS - 1};
    const ltv_vector *level;
    for (uint32_t c = 0; c < MOST; c++) {
        customer[c] = c % 3 == 0 ? UINT32_MAX - c : c / 7;
        name[c] = c % 5 == 0 ? LTV_UNNAMED : UINT32_MAX - c * c;
        purpose[c] = purposes[c % (sizeof purposes / sizeof *purposes)];
        occurrence[c] = c % 4 == 0 ? LTV_MAX_OCCURRENCES - 1 : c % 4;
    }
    for (size_t v = 0; (level = ltv_vector_level(v)) != NULL; v++)
        for (size_t n = 0; n <= MOST; n += n < 20 ? 1 : 37) {
            memset(word, 0x77, sizeof word);
            level->words_at(&(ltv_address_list){stream, n, customer, name, purpose, occurrence},
                            word);
            for (size_t c = 0; c < n; c++)
                assert_that(level->level,
                            word[c] == ltv_address_word(stream, customer[c], name[c],
                                                        (ltv_purpose)purpose[c], occurrence[c]));
            assert_that(level->level, word[n] == 0x7777777777777777);
        }
}

static void budgets_at_any_addresses_are_refined(void **state)
{
    (void)state;
    const uint32_t customer[] = {7, unlucky, 8}, name[3] = {0}, occurrence[3] = {0},
                   purpose[] = {LTV_PURPOSE_VOLUNTARY_CHURN, LTV_PURPOSE_INVOLUNTARY_CHURN,
                                LTV_PURPOSE_VOLUNTARY_CHURN};
    const ltv_stream stream = {.seed = 1};
    double budgets[3];
    ltv_vector_budgets_at(&(ltv_address_list){stream, 3, customer, name, purpose, occurrence},
                          budgets);
    for (int c = 0; c < 3; c++)
        assert_true(budgets[c] ==
                    ltv_exponential_of_uniform(ltv_address_uniform(
                        stream, customer[c], name[c], (ltv_purpose)purpose[c], occurrence[c])));
    assert_true(budgets[1] > 22);
}

static void all_levels_count_what_is_below(void **state)
{
    (void)state;
    enum { MOST = 300 };
    double rising[MOST];
    const ltv_vector *level;
    for (int i = 0; i < MOST; i++)
        rising[i] = i / 3; /* with ties */
    rising[MOST - 1] = INFINITY;
    for (size_t v = 0; (level = ltv_vector_level(v)) != NULL; v++)
        for (size_t n = 0; n <= MOST; n++)
            for (double limit = -1; limit < MOST / 3 + 2; limit += 0.5) {
                size_t below = 0;
                while (below < n && rising[below] < limit)
                    below++;
                assert_that(level->level, level->count_below(rising, n, limit) == below);
            }
}

/* None, all, and each share in between; flags have whatever bits. */
static void all_levels_find_those_with_flags(void **state)
{
    (void)state;
    uint8_t flags[LTV_BLOCK];
    uint32_t found[LTV_BLOCK + 1], expected[LTV_BLOCK];
    const ltv_vector *level;
    for (uint32_t share = 0; share <= 16; share++)
        for (uint32_t n = LTV_BLOCK; n > 0; n = n * 9 / 10) {
            uint32_t n_expected = 0;
            for (uint32_t i = 0; i < n; i++) {
                uint64_t word =
                    ltv_address_word((ltv_stream){.seed = n}, i, share, LTV_PURPOSE_SPEND, 0);
                flags[i] = (uint8_t)(word % 16 < share ? 1u << (word >> 61) : 0);
                expected[n_expected] = i;
                n_expected += flags[i] != 0;
            }
            for (size_t v = 0; (level = ltv_vector_level(v)) != NULL; v++) {
                found[n] = 0x77777777;
                assert_that(level->level, level->find(flags, n, found) == n_expected);
                assert_that(level->level, memcmp(found, expected, n_expected * sizeof *found) == 0);
                assert_that(level->level, found[n] == 0x77777777);
            }
        }
}

static void the_environment_chooses_a_level_that_there_is(void **state)
{
    (void)state;
    ltv_error err = {0};
    const ltv_vector *best = ltv_vector_level(0), *level;
    for (size_t v = 0; (level = ltv_vector_level(v)) != NULL; v++) {
        setenv("LTVSIM_SIMD", level->level, 1);
        assert_int_equal(ltv_vector_check(&err), LTV_OK);
        best = level;
    }
    setenv("LTVSIM_SIMD", "pentium", 1);
    assert_int_equal(ltv_vector_check(&err), LTV_ERR_BAD_INPUT);
    assert_non_null(strstr(err.message, "pentium"));
    assert_non_null(strstr(err.message, best->level));
    unsetenv("LTVSIM_SIMD");
    assert_int_equal(ltv_vector_check(&err), LTV_OK);
}

/* --- clocks --- */

enum { HORIZON = 61, TABLES = 6, CLOCKS = 1200 };

/* Hazards that rise evenly, in leaps, not at all, to a certain end, by next to nothing, and so
 * little at first that a guide tells no bills apart. */
static void fill_tables(double hazards[TABLES][HORIZON + 1])
{
    for (int u = 0; u <= HORIZON; u++) {
        hazards[0][u] = u * 0.03;
        hazards[1][u] = u / 12 * 0.7;
        hazards[2][u] = 0;
        hazards[3][u] = u < 20 ? u * 0.1 : LTV_CERTAIN;
        hazards[4][u] = u * 0x1p-60;
        hazards[5][u] = u < 40 ? u * 1e-4 : u;
    }
}

typedef struct {
    uint32_t table[CLOCKS], anchor[CLOCKS], fires[CLOCKS];
    double times[CLOCKS], remaining[CLOCKS];
} some_clocks;

/* Every third budget is, to a last bit or two, what the clock has used up at some bill. */
static void fill_clocks(some_clocks *clocks, double hazards[TABLES][HORIZON + 1])
{
    const ltv_stream stream = {.seed = 11};
    for (uint32_t c = 0; c < CLOCKS; c++) {
        ltv_words w = ltv_address_words(stream, c, 0, LTV_PURPOSE_ORDER_GAP, 0);
        const double *table = hazards[c % TABLES];
        clocks->table[c] = c % TABLES;
        clocks->anchor[c] = c % 7 == 0 ? HORIZON - 1 : (uint32_t)(w.lane[0] % HORIZON);
        clocks->times[c] = c % 11 == 0 ? 0 : 0x1p-63 * (double)w.lane[1];
        double used = table[w.lane[2] % HORIZON + 1] - table[clocks->anchor[c]];
        clocks->remaining[c] = c % 3 == 0 ? clocks->times[c] * used : 0x1p-62 * (double)w.lane[3];
        if (c % 6 == 3)
            clocks->remaining[c] = nextafter(clocks->remaining[c], c % 4 == 1 ? INFINITY : 0);
        if (c % 97 == 0)
            clocks->remaining[c] = c % 2 ? INFINITY : -1e-20;
    }
}

static uint32_t fires_by_looking(const some_clocks *clocks, uint32_t c, const ltv_hazards *hazards)
{
    const double *table = hazards->cumulative + clocks->table[c] * hazards->stride;
    for (uint32_t f = clocks->anchor[c]; clocks->times[c] > 0 && f < HORIZON; f++) {
        double hazard = table[f + 1] - table[clocks->anchor[c]];
        if (clocks->times[c] * hazard >= clocks->remaining[c] || hazard >= LTV_CERTAIN)
            return f;
    }
    return LTV_NEVER;
}

static void clocks_fire_when_their_budgets_are_used_up(void **state)
{
    (void)state;
    static double rising[TABLES][HORIZON + 1];
    static some_clocks clocks;
    ltv_hazards hazards;
    const ltv_vector *level;
    fill_tables(rising);
    fill_clocks(&clocks, rising);
    assert_true(ltv_hazards_init(&hazards, TABLES, HORIZON));
    for (size_t t = 0; t < TABLES; t++)
        ltv_hazards_set(&hazards, t, rising[t]);
    for (size_t v = 0; (level = ltv_vector_level(v)) != NULL; v++)
        for (size_t n = CLOCKS; n > 0; n = n * 2 / 3) {
            uint32_t fired = 0;
            memset(clocks.fires, 0x77, sizeof clocks.fires);
            level->fire(&(ltv_clock_batch){&hazards, n, clocks.table, clocks.anchor, clocks.times,
                                           clocks.remaining, clocks.fires});
            for (uint32_t c = 0; c < n; c++) {
                uint32_t expected = fires_by_looking(&clocks, c, &hazards);
                assert_that(level->level, clocks.fires[c] == expected);
                fired += expected != LTV_NEVER;
            }
            for (size_t c = n; c < CLOCKS; c++)
                assert_that(level->level, clocks.fires[c] == 0x77777777);
            assert_true(n < CLOCKS || (fired > CLOCKS / 4 && fired < CLOCKS * 3 / 4));
        }
    ltv_hazards_free(&hazards);
}

/* With a horizon of one bill there is nothing to halve. */
static void a_single_period_is_enough(void **state)
{
    (void)state;
    const double half[] = {0, 0.5};
    const uint32_t zero[3] = {0};
    const double times[] = {1, 1, 0}, remaining[] = {0.5, 0.6, 0.1};
    uint32_t fires[3];
    const ltv_vector *level;
    ltv_hazards hazards;
    assert_true(ltv_hazards_init(&hazards, 1, 1));
    ltv_hazards_set(&hazards, 0, half);
    for (size_t v = 0; (level = ltv_vector_level(v)) != NULL; v++) {
        level->fire(&(ltv_clock_batch){&hazards, 3, zero, zero, times, remaining, fires});
        assert_that(level->level, fires[0] == 0 && fires[1] == LTV_NEVER && fires[2] == LTV_NEVER);
    }
    ltv_hazards_free(&hazards);
}

/* --- ladders --- */

enum { QUESTIONS = 9, ASKED = 333 };

/* Ladders that reach so far and fall faster from question to question; every third head is beside
 * the rung that is asked for. */
static void check_marks(uint32_t last, size_t n_questions)
{
    static uint32_t heads[QUESTIONS][ASKED];
    uint32_t by[ASKED];
    uint16_t which[ASKED];
    uint8_t marks[ASKED + 1];
    double hazards[200];
    ltv_ladder_question questions[QUESTIONS] = {{.heads = NULL}};
    const ltv_vector *level;
    for (size_t q = 0; q < n_questions; q++) {
        for (uint32_t u = 0; u < last; u++)
            hazards[u] = u * 0.01 * (double)(q + 1);
        hazards[last] = INFINITY;
        assert_true(ltv_ladder_set(&questions[q].ladder, hazards, last));
        questions[q].heads = heads[q];
    }
    for (uint32_t i = 0; i < ASKED; i++) {
        ltv_words w = ltv_address_words((ltv_stream){.seed = 9}, i, 0, LTV_PURPOSE_SPEND, 0);
        which[i] = (uint16_t)(w.lane[0] % n_questions);
        by[i] = (uint32_t)(w.lane[1] % (last + 1));
        for (size_t q = 0; q < n_questions; q++)
            heads[q][i] = (uint32_t)w.lane[2] + (uint32_t)q;
        if (i % 3 == 0)
            heads[which[i]][i] = questions[which[i]].ladder.rungs[by[i]].below + i % 5 - 2;
    }
    for (size_t v = 0; (level = ltv_vector_level(v)) != NULL; v++)
        for (size_t n = ASKED; n > 0; n = n * 2 / 3) {
            const ltv_ladder_batch batch = {n, n_questions, questions,
                                            n_questions > 1 ? which : NULL};
            memset(marks, 3, sizeof marks);
            level->mark(&batch, by, 128 + 2, marks);
            for (size_t i = 0; i < n; i++) {
                const ltv_ladder_question *his = &questions[which[i]];
                bool may_fire = his->heads[i] >= his->ladder.rungs[by[i]].below;
                assert_that(level->level, marks[i] == (may_fire ? 128 + 3 : 3));
            }
            assert_that(level->level, marks[n] == 3);
        }
    for (size_t q = 0; q < n_questions; q++)
        ltv_ladder_free(&questions[q].ladder);
}

/* Those that registers hold, those that they don't, and as many as it pays to look through. */
static void all_levels_mark_those_whose_heads_are_not_below_a_rung(void **state)
{
    (void)state;
    static const uint32_t lasts[] = {1, 2, 31, 32, 33, 62, 63, 64, 65, 150};
    for (size_t l = 0; l < sizeof lasts / sizeof *lasts; l++)
        for (size_t n = 1; n <= QUESTIONS; n++)
            check_marks(lasts[l], n);
}

/* --- holdings --- */

enum { PLACES = 150, HELD = 777, HOLDERS = 40 };

/* Numbers that wrap around, customers who hold several things, and some who hold nothing. */
static void all_levels_add_up_what_was_held(void **state)
{
    (void)state;
    static ltv_worth worth[PLACES], sums[HOLDERS], expected[HOLDERS];
    static ltv_held held[HELD];
    ltv_money in_a_year[PLACES];
    int64_t times[HOLDERS];
    const ltv_vector *level;
    for (uint32_t p = 0; p < PLACES; p++) {
        ltv_words w = ltv_address_words((ltv_stream){.seed = 3}, p, 0, LTV_PURPOSE_SPEND, 0);
        for (int k = 0; k < LTV_VALUED; k++)
            worth[p].of[k] = w.lane[k] * (uint64_t)0x9e3779b97f4a7c15;
        in_a_year[p] = (ltv_money)(w.lane[0] >> 40) - (1 << 23);
    }
    for (uint32_t h = 0; h < HELD; h++) {
        ltv_words w = ltv_address_words((ltv_stream){.seed = 4}, h, 0, LTV_PURPOSE_SPEND, 0);
        held[h] = (ltv_held){(uint32_t)(w.lane[0] % (HOLDERS - 1)), (uint32_t)(w.lane[1] % PLACES),
                             (uint32_t)(w.lane[2] % PLACES)};
    }
    for (uint32_t i = 0; i < HOLDERS; i++)
        times[i] = 1 + i * 1000;
    for (size_t v = 0; (level = ltv_vector_level(v)) != NULL; v++)
        for (int counted = 0; counted < 2; counted++) {
            int32_t holders[PLACES] = {0}, expected_holders[PLACES] = {0};
            ltv_money year[HOLDERS] = {0}, expected_year[HOLDERS] = {0};
            memset(sums, 0x77, sizeof sums);
            memset(expected, 0x77, sizeof expected);
            for (uint32_t h = 0; h < HELD; h++) {
                int32_t n = counted ? (int32_t)times[held[h].i] : 1;
                expected_holders[held[h].from] += n;
                expected_holders[held[h].to] -= n;
                for (int k = 0; k < LTV_VALUED; k++)
                    expected[held[h].i].of[k] +=
                        worth[held[h].to].of[k] - worth[held[h].from].of[k];
                expected_year[held[h].i] += in_a_year[held[h].to] - in_a_year[held[h].from];
            }
            const ltv_held_list list = {HELD, held, worth, in_a_year, counted ? times : NULL};
            level->add_holdings(&list, holders, sums, year);
            assert_that(level->level, memcmp(sums, expected, sizeof sums) == 0);
            assert_that(level->level, memcmp(holders, expected_holders, sizeof holders) == 0);
            assert_that(level->level, memcmp(year, expected_year, sizeof year) == 0);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_levels_read_the_words_at_their_addresses),
        cmocka_unit_test(pieces_of_a_run_are_read_alike),
        cmocka_unit_test(all_levels_make_the_same_budgets),
        cmocka_unit_test(budgets_beyond_32_bits_are_refined),
        cmocka_unit_test(all_levels_integrate_a_gamma_frailty_alike),
        cmocka_unit_test(all_levels_read_any_addresses),
        cmocka_unit_test(budgets_at_any_addresses_are_refined),
        cmocka_unit_test(all_levels_count_what_is_below),
        cmocka_unit_test(all_levels_find_those_with_flags),
        cmocka_unit_test(the_environment_chooses_a_level_that_there_is),
        cmocka_unit_test(clocks_fire_when_their_budgets_are_used_up),
        cmocka_unit_test(a_single_period_is_enough),
        cmocka_unit_test(all_levels_mark_those_whose_heads_are_not_below_a_rung),
        cmocka_unit_test(all_levels_add_up_what_was_held),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
