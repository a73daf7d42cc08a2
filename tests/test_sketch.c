/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "close.h"
#include "sim/sketch.h"

/* A plain generator for test data: the sequence of Knuth's MMIX, upper bits. */
static uint64_t next_word(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return *state >> 11;
}

/* Amounts of all sizes and both signs. */
static ltv_money next_money(uint64_t *state)
{
    ltv_money magnitude = (ltv_money)(next_word(state) << 10 >> (next_word(state) % 63));
    return next_word(state) % 2 == 0 ? magnitude : -magnitude;
}

static const ltv_money landmarks[] = {0,
                                      1,
                                      1023,
                                      1024,
                                      1025,
                                      2047,
                                      2048,
                                      2049,
                                      1ll << 20,
                                      (1ll << 20) - 1,
                                      26666ll << 20,
                                      (1ll << 53) + 1,
                                      (1ll << 62) - 1,
                                      1ll << 62,
                                      INT64_MAX - 1,
                                      INT64_MAX};
enum { LANDMARKS = sizeof landmarks / sizeof *landmarks };

static void assert_good_bucket(ltv_money x)
{
    ltv_sketch_bucket bucket = ltv_sketch_bucket_of(x);
    assert_true(bucket.lower <= x && x <= bucket.upper);
    uint64_t width = (uint64_t)bucket.upper - (uint64_t)bucket.lower;
    uint64_t nearer = x < 0 ? -(uint64_t)bucket.upper : (uint64_t)bucket.lower;
    assert_true(width <= nearer / 1000); /* 0.1 %, so small amounts are by themselves */
    ltv_sketch_bucket mirrored = ltv_sketch_bucket_of(-x);
    assert_true(mirrored.lower == -bucket.upper && mirrored.upper == -bucket.lower);
    if (bucket.upper < INT64_MAX)
        assert_true(ltv_sketch_bucket_of(bucket.upper + 1).lower == bucket.upper + 1);
    assert_true(ltv_sketch_bucket_of(bucket.lower).lower == bucket.lower);
    assert_true(ltv_sketch_bucket_of(bucket.upper).upper == bucket.upper);
}

static void buckets_are_narrow_adjoin_and_mirror(void **state)
{
    (void)state;
    for (size_t i = 0; i < LANDMARKS; i++) {
        assert_good_bucket(landmarks[i]);
        assert_good_bucket(-landmarks[i]);
    }
    uint64_t seed = 1;
    for (int i = 0; i < 100000; i++)
        assert_good_bucket(next_money(&seed));
}

static void zero_has_a_bucket_of_its_own(void **state)
{
    (void)state;
    ltv_sketch_bucket zero = ltv_sketch_bucket_of(0);
    assert_true(zero.lower == 0 && zero.upper == 0);
    ltv_sketch sketch = {0};
    for (int i = 0; i < 5; i++) {
        ltv_sketch_add(&sketch, 0, 1);
        ltv_sketch_add(&sketch, 1, 1);
        ltv_sketch_add(&sketch, -1, 1);
    }
    for (int rank = 1; rank <= 15; rank++) {
        ltv_sketch_bucket bucket = ltv_sketch_at_rank(&sketch, rank);
        ltv_money expected = rank <= 5 ? -1 : rank <= 10 ? 0 : 1;
        assert_true(bucket.lower == expected && bucket.upper == expected && bucket.in.count == 5);
    }
    ltv_sketch_free(&sketch);
}

static void the_largest_amounts_are_counted(void **state)
{
    (void)state;
    ltv_sketch sketch = {0};
    ltv_sketch_add(&sketch, INT64_MAX, 1);
    ltv_sketch_add(&sketch, -INT64_MAX, 1);
    assert_false(sketch.out_of_memory);
    assert_int_equal(ltv_sketch_total(&sketch), 2);
    assert_true(ltv_sketch_at_rank(&sketch, 1).lower == -INT64_MAX);
    assert_true(ltv_sketch_at_rank(&sketch, 2).upper == INT64_MAX);
    ltv_sketch_free(&sketch);
}

static int compare_money(const void *a, const void *b)
{
    ltv_money x = *(const ltv_money *)a, y = *(const ltv_money *)b;
    return (x > y) - (x < y);
}

static void every_rank_lies_in_its_bucket(void **state)
{
    (void)state;
    enum { N = 3000, TOGETHER = 4 };
    static ltv_money x[N];
    uint64_t seed = 2;
    ltv_sketch sketch = {0};
    for (int i = 0; i < N; i++) {
        x[i] = i % 4 == 0 ? landmarks[next_word(&seed) % LANDMARKS] : next_money(&seed);
        ltv_sketch_add(&sketch, x[i], 1);
    }
    qsort(x, N, sizeof *x, compare_money);
    assert_int_equal(ltv_sketch_total(&sketch), N);
    for (int rank = 1; rank <= N; rank++) {
        ltv_sketch_bucket bucket = ltv_sketch_at_rank(&sketch, rank);
        assert_true(bucket.lower <= x[rank - 1] && x[rank - 1] <= bucket.upper);
        assert_true(bucket.in.least <= x[rank - 1] && x[rank - 1] <= bucket.in.most);
        assert_true(bucket.lower <= bucket.in.least && bucket.in.most <= bucket.upper);
    }
    for (int rank = 1; rank <= N; rank++) { /* in any order, some twice */
        int64_t ranks[TOGETHER] = {rank, N + 1 - rank, (7 * rank) % N + 1, rank};
        ltv_sketch_bucket found[TOGETHER];
        ltv_sketch_at_ranks(&sketch, ranks, TOGETHER, found);
        for (int r = 0; r < TOGETHER; r++) {
            ltv_sketch_bucket alone = ltv_sketch_at_rank(&sketch, ranks[r]);
            assert_memory_equal(&found[r], &alone, sizeof alone);
        }
    }
    ltv_sketch_free(&sketch);
}

static void a_bucket_knows_its_outermost_amounts(void **state)
{
    (void)state;
    ltv_sketch sketch = {0}, other = {0};
    const ltv_money x = 26666ll << 20; /* its bucket is 2^24 wide */
    ltv_sketch_add(&sketch, x + 70, 1);
    ltv_sketch_add(&sketch, x + 3, 1);
    ltv_sketch_add(&other, x + 900, 1);
    ltv_sketch_add(&other, -x - 5, 1);
    ltv_sketch_merge(&sketch, &other);
    ltv_sketch_bucket loss = ltv_sketch_at_rank(&sketch, 1), gain = ltv_sketch_at_rank(&sketch, 2);
    assert_true(loss.in.least == -x - 5 && loss.in.most == -x - 5 && loss.in.count == 1);
    assert_true(gain.in.least == x + 3 && gain.in.most == x + 900 && gain.in.count == 3);
    ltv_sketch_free(&sketch);
    ltv_sketch_free(&other);
}

typedef struct {
    ltv_sketch_bucket last;
    int64_t visited, most;
} walk;

static bool step(void *context, ltv_sketch_bucket bucket)
{
    walk *w = context;
    assert_true(bucket.in.count > 0);
    assert_true(w->visited == 0 || bucket.lower > w->last.upper);
    w->last = bucket;
    return ++w->visited < w->most;
}

static void a_visit_ascends_and_stops_when_told(void **state)
{
    (void)state;
    ltv_sketch sketch = {0};
    uint64_t seed = 3;
    for (int i = 0; i < 5000; i++)
        ltv_sketch_add(&sketch, next_money(&seed), 1);
    walk all = {.most = INT64_MAX}, some = {.most = 7};
    ltv_sketch_visit(&sketch, step, &all);
    ltv_sketch_visit(&sketch, step, &some);
    assert_true(all.visited > 1000);
    assert_int_equal(some.visited, 7);
    assert_true(some.last.lower < 0); /* it stopped before the other sign */
    ltv_sketch_free(&sketch);
}

static void assert_same_sketch(const ltv_sketch *a, const ltv_sketch *b)
{
    for (int negative = 0; negative < 2; negative++)
        for (int row = 0; row < LTV_SKETCH_ROWS; row++)
            for (int slot = 0; slot < LTV_SKETCH_ROW; slot++) {
                static const ltv_sketch_counter none[LTV_SKETCH_ROW];
                const ltv_sketch_counter *x = a->rows[negative][row], *y = b->rows[negative][row];
                assert_memory_equal(x != NULL ? &x[slot] : none, y != NULL ? &y[slot] : none,
                                    sizeof *x);
            }
}

static void amounts_counted_at_once_are_those_counted_one_by_one(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, 31, 32, 33, 64, 1000, 3000};
    static ltv_money x[3000];
    uint64_t seed = 5;
    for (size_t i = 0; i < 3000; i++)
        x[i] = i % 4 == 0 ? landmarks[next_word(&seed) % LANDMARKS] : next_money(&seed);
    for (size_t i = 0; i < 3000; i += 5) /* a bucket that is met again and again */
        x[i] = (26666ll << 20) + (ltv_money)(next_word(&seed) % 1000);
    ltv_sketch at_once = {0}, one_by_one = {0};
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        ltv_sketch_add_all(&at_once, x, sizes[s]);
        for (size_t i = 0; i < sizes[s]; i++)
            ltv_sketch_add(&one_by_one, x[i], 1);
        assert_same_sketch(&at_once, &one_by_one);
    }
    ltv_sketch_free(&at_once);
    ltv_sketch_free(&one_by_one);
}

static void merging_in_any_order_is_adding_in_any_order(void **state)
{
    (void)state;
    enum { PARTS = 3, EACH = 500 };
    ltv_sketch parts[PARTS] = {0}, all = {0};
    uint64_t seed = 4;
    for (int i = 0; i < PARTS * EACH; i++) {
        ltv_money x = next_money(&seed);
        ltv_sketch_add(&parts[i % PARTS], x, 1);
        ltv_sketch_add(&all, x, 1);
    }
    static const int orders[][PARTS] = {{0, 1, 2}, {2, 1, 0}, {1, 2, 0}};
    for (size_t i = 0; i < 3; i++) {
        ltv_sketch merged = {0};
        for (int p = 0; p < PARTS; p++)
            ltv_sketch_merge(&merged, &parts[orders[i][p]]);
        assert_same_sketch(&merged, &all);
        ltv_sketch_free(&merged);
    }
    for (int p = 0; p < PARTS; p++)
        ltv_sketch_free(&parts[p]);
    ltv_sketch_free(&all);
}

static void a_missing_counter_spreads_when_merged(void **state)
{
    (void)state;
    ltv_sketch into = {0}, from = {.out_of_memory = true};
    ltv_sketch_merge(&into, &from);
    assert_true(into.out_of_memory);
    ltv_sketch_free(&into);
    assert_false(into.out_of_memory);
}

static void memory_grows_with_the_spread_of_values_only(void **state)
{
    (void)state;
    ltv_sketch sketch = {0};
    for (ltv_money x = 1ll << 30; x < 1ll << 31; x += 1ll << 16) /* one power of two */
        ltv_sketch_add(&sketch, x, 1);
    int rows = 0;
    for (int row = 0; row < LTV_SKETCH_ROWS; row++)
        rows += (sketch.rows[0][row] != NULL) + (sketch.rows[1][row] != NULL);
    assert_int_equal(rows, 1);
    assert_int_equal(ltv_sketch_total(&sketch), 1 << 14);
    ltv_sketch_free(&sketch);
    ltv_sketch_free(&sketch);
}

static void an_empty_sketch_has_nobody(void **state)
{
    (void)state;
    ltv_sketch sketch = {0};
    assert_int_equal(ltv_sketch_total(&sketch), 0);
    ltv_sketch_free(&sketch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(buckets_are_narrow_adjoin_and_mirror),
        cmocka_unit_test(zero_has_a_bucket_of_its_own),
        cmocka_unit_test(the_largest_amounts_are_counted),
        cmocka_unit_test(every_rank_lies_in_its_bucket),
        cmocka_unit_test(a_bucket_knows_its_outermost_amounts),
        cmocka_unit_test(a_visit_ascends_and_stops_when_told),
        cmocka_unit_test(amounts_counted_at_once_are_those_counted_one_by_one),
        cmocka_unit_test(merging_in_any_order_is_adding_in_any_order),
        cmocka_unit_test(a_missing_counter_spreads_when_merged),
        cmocka_unit_test(memory_grows_with_the_spread_of_values_only),
        cmocka_unit_test(an_empty_sketch_has_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
