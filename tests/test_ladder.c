/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "close.h"
#include "sim/address.h"
#include "sim/ladder.h"

enum { LAST = 200 };

static double cumulative[LAST + 1];

static void geometric(double hazard)
{
    for (int u = 0; u < LAST; u++)
        cumulative[u] = u * hazard;
}

static void rare(void)
{
    geometric(1e-7);
}

static void ordinary(void)
{
    geometric(0.03);
}

/* Down to survival e^-600. */
static void heavy(void)
{
    geometric(3);
}

static void never(void)
{
    geometric(0);
}

static void certain_at_last(void)
{
    geometric(0.1);
    cumulative[5] = INFINITY;
    for (int u = 6; u < LAST; u++)
        cumulative[u] = INFINITY;
}

static void in_steps(void)
{
    for (int u = 0; u < LAST; u++)
        cumulative[u] = u / 40 * 0.4;
}

typedef struct {
    const char *label;
    void (*fill)(void);
} shape;

static const shape shapes[] = {{"rare", rare},
                               {"ordinary", ordinary},
                               {"heavy", heavy},
                               {"never", never},
                               {"certain at last", certain_at_last},
                               {"in steps", in_steps}};

/* The first bill by the budget of a whole word, one bill after the other. */
static uint32_t bill_of(uint64_t word, uint32_t deep)
{
    double budget = ltv_exponential_of_uniform(ltv_uniform_of_word(word, deep));
    uint32_t u = 1;
    while (cumulative[u] < budget)
        u++;
    return u;
}

/* What the ladder says of a head must be so for all words that begin with it; returns whether it
 * says something. */
static bool check(const char *label, const ltv_ladder *ladder, uint32_t head)
{
    uint32_t bill = ltv_ladder_bill(ladder, head);
    if (bill == 0)
        return false;
    uint64_t least = (uint64_t)head << 32;
    assert_that(label, bill == bill_of(least, 0));
    assert_that(label, bill == bill_of(least | UINT32_MAX, UINT32_MAX));
    return true;
}

/* The counts of the bills of n heads, and those that have none. */
static void check_counts(const char *label, const ltv_ladder *ladder, const uint32_t *head,
                         const uint32_t *bill, size_t n)
{
    int64_t counts[LAST + 1], expected[LAST + 1];
    uint32_t unsure[1000];
    size_t silent = 0;
    for (uint32_t u = 0; u <= LAST; u++)
        counts[u] = expected[u] = u * 5;
    size_t n_unsure = ltv_ladder_count(ladder, head, n, counts, unsure);
    for (size_t c = 0; c < n; c++)
        if (bill[c] > 0)
            expected[bill[c]]++;
        else
            assert_that(label, silent < n_unsure && unsure[silent++] == c);
    assert_that(label, silent == n_unsure);
    assert_memory_equal(counts, expected, sizeof counts);
}

/* Many heads together, a third of them on or beside a rung. */
static void check_many(const char *label, const ltv_ladder *ladder)
{
    enum { MANY = 1000 };
    uint32_t head[MANY], bill[MANY + 1];
    for (uint32_t c = 0; c < MANY; c++) {
        uint64_t word = ltv_address_word((ltv_stream){4, 0}, c, 0, LTV_PURPOSE_SPEND, 0);
        head[c] = (uint32_t)(word >> 32);
        if (c % 3 == 0)
            head[c] = ladder->rungs[1 + word % LAST].below + c % 5 - 2;
    }
    for (size_t n = MANY; n > 0; n = n * 2 / 3) {
        bill[n] = 0x77777777;
        ltv_ladder_bills(ladder, head, n, bill);
        for (size_t c = 0; c < n; c++)
            assert_that(label, bill[c] == ltv_ladder_bill(ladder, head[c]));
        assert_that(label, bill[n] == 0x77777777);
        check_counts(label, ladder, head, bill, n);
    }
}

static void what_it_says_is_so_for_all_words(void **state)
{
    (void)state;
    ltv_ladder ladder = {0}; /* one for all: what it was before leaves nothing behind */
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        const shape *of = &shapes[i];
        int said = 0;
        of->fill();
        cumulative[LAST] = INFINITY;
        assert_true(ltv_ladder_set(&ladder, cumulative + LAST - 7, 7));
        assert_true(ltv_ladder_set(&ladder, cumulative, LAST));
        assert_true(ltv_ladder_set(&ladder, cumulative, LAST));
        for (uint32_t c = 0; c < 20000; c++)
            said += check(of->label, &ladder,
                          (uint32_t)ltv_address_word((ltv_stream){3, 0}, c, 0,
                                                     LTV_PURPOSE_VOLUNTARY_CHURN, 0));
        assert_int_equal(said, 20000); /* rungs take 4 x 200 of 2^32 heads */
        for (uint32_t edge = 0; edge < 5; edge++) {
            check(of->label, &ladder, edge);
            check(of->label, &ladder, UINT32_MAX - edge);
        }
        for (uint32_t u = 1; u <= LAST; u++)
            for (int64_t beside = -3; beside <= 3; beside++) {
                int64_t head = (int64_t)ladder.rungs[u].below + beside;
                if (head >= 0 && head <= UINT32_MAX)
                    check(of->label, &ladder, (uint32_t)head);
            }
        check_many(of->label, &ladder);
    }
    ltv_ladder_free(&ladder);
}

/* The first bill after `from` by the budget of a whole word, of a clock that starts with it. */
static uint32_t bill_after(uint32_t from, uint64_t word, uint32_t deep)
{
    double budget = ltv_exponential_of_uniform(ltv_uniform_of_word(word, deep));
    uint32_t u = from + 1;
    while (cumulative[u] - cumulative[from] < budget)
        u++;
    return u;
}

/* What the ladder says of a head that starts to climb on the way is so for all words with that
 * head; returns whether it says something. */
static bool check_from(const char *label, const ltv_ladder *ladder, int64_t head, uint32_t from)
{
    if (head < 0 || head > UINT32_MAX)
        return false;
    uint32_t bill = ltv_ladder_bill(ladder, ltv_ladder_head_from(ladder, (uint32_t)head, from));
    uint64_t least = (uint64_t)head << 32;
    if (bill == 0)
        return false;
    assert_that(label, bill == bill_after(from, least, 0));
    assert_that(label, bill == bill_after(from, least | UINT32_MAX, UINT32_MAX));
    return true;
}

static void of_clocks_that_start_later_it_is_so_too(void **state)
{
    (void)state;
    enum { HEADS = 4000 };
    ltv_ladder ladder = {0};
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        const shape *of = &shapes[i];
        of->fill();
        cumulative[LAST] = INFINITY;
        assert_true(ltv_ladder_set(&ladder, cumulative, LAST));
        for (uint32_t from = 0; from < LAST && cumulative[from] < INFINITY; from = 2 * from + 1) {
            int said = 0;
            for (uint32_t c = 0; c < HEADS; c++)
                said +=
                    check_from(of->label, &ladder,
                               (uint32_t)ltv_address_word((ltv_stream){3, 0}, c, from, 0, 0), from);
            /* Most, as long as there are some heads below that of the rung. */
            assert_true(said > HEADS * 99 / 100 || ladder.survival[from] < 1e-6);
            for (uint32_t u = from + 1; u < LAST; u++)
                for (int64_t beside = -6; beside <= 6; beside++) {
                    double survival = exp(cumulative[from] - cumulative[u]);
                    check_from(of->label, &ladder, (int64_t)(survival * 0x1p32) + beside, from);
                }
        }
    }
    ltv_ladder_free(&ladder);
}

/* Nothing is said of the heads that a rung cuts through. */
static void on_a_rung_it_says_nothing(void **state)
{
    (void)state;
    ltv_ladder ladder = {0};
    ordinary();
    cumulative[LAST] = INFINITY;
    assert_true(ltv_ladder_set(&ladder, cumulative, LAST));
    for (uint32_t u = 1; u < LAST; u++) {
        uint32_t head = (uint32_t)floor(exp(-cumulative[u]) * 0x1p32);
        assert_int_equal(ltv_ladder_bill(&ladder, head), 0);
    }
    assert_int_equal(ltv_ladder_bill(&ladder, 0), 0);
    ltv_ladder_free(&ladder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_it_says_is_so_for_all_words),
        cmocka_unit_test(of_clocks_that_start_later_it_is_so_too),
        cmocka_unit_test(on_a_rung_it_says_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
