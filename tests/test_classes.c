/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "sim/kernel/classes.h"
#include "sim/kernel/luck.h"

enum { BITS = 12, CODES = 2000, ROUNDS = 40 };

/* The codes of a test: some next to one another, some far apart, 0 and the largest among them. */
static uint64_t code_of(uint32_t c)
{
    if (c % 5 == 3)
        return INT64_MAX - c / 5;
    return c % 2 == 0 ? c / 2 : (uint64_t)c << 40 | c * 77u;
}

static uint32_t next(uint64_t *state)
{
    *state = *state * 6364136223846793005 + 1442695040888963407;
    return (uint32_t)(*state >> 33);
}

/* Takes all out, in portions of at most `room`, and subtracts how many are in each from `times`,
 * which customers' numbers tell: customer CODES * k + c has code c. */
static uint32_t take_all(ltv_classes *classes, int64_t times[CODES], uint32_t room)
{
    uint32_t customers[LTV_BLOCK], n, all = 0;
    int64_t taken[LTV_BLOCK];
    while ((n = ltv_classes_take(classes, customers, taken, room)) > 0) {
        assert_true(n <= room);
        for (uint32_t j = 0; j < n; j++) {
            assert_true(taken[j] > 0);
            times[customers[j] % CODES] -= taken[j];
        }
        all += n;
    }
    return all;
}

static void each_class_is_taken_once_with_all_its_customers(void **state)
{
    (void)state;
    ltv_classes classes;
    uint64_t random = 1;
    assert_true(ltv_classes_init(&classes, BITS));
    assert_true(classes.most + LTV_BLOCK <= 1u << BITS);
    for (int again = 0; again < 3; again++) {
        int64_t times[CODES] = {0};
        uint32_t n_classes = 0;
        uint64_t n_customers = 0;
        for (int round = 0; round < ROUNDS; round++) {
            uint64_t code[LTV_BLOCK];
            uint32_t customer[LTV_BLOCK], n = 1 + next(&random) % LTV_BLOCK;
            for (uint32_t j = 0; j < n; j++) {
                uint32_t c = next(&random) % CODES;
                c = c < 1000 ? c : c % 100; /* some are much more frequent */
                code[j] = code_of(c);
                customer[j] = CODES * (next(&random) % 1000) + c;
                n_classes += times[c]++ == 0;
            }
            ltv_classes_count(&classes, code, customer, n);
            n_customers += n;
        }
        assert_int_equal(classes.n, n_classes);
        assert_int_equal(classes.n_customers, n_customers);
        assert_int_equal(take_all(&classes, times, again == 0 ? 7 : LTV_BLOCK), n_classes);
        for (uint32_t c = 0; c < CODES; c++)
            assert_int_equal(times[c], 0);
        ltv_classes_begin(&classes, true);
        assert_int_equal(classes.n + classes.n_customers + classes.rests_for, 0);
    }
    ltv_classes_free(&classes);
    ltv_classes_free(&classes);
}

/* How many lots it rests after one in which it did not pay. */
static uint32_t rest(ltv_classes *classes)
{
    uint32_t lots = 0;
    ltv_classes_begin(classes, false);
    ltv_classes_end_lot(classes); /* this lot itself */
    for (; classes->rests_for > 0; lots++)
        ltv_classes_end_lot(classes);
    return lots;
}

static void it_rests_twice_as_long_each_time(void **state)
{
    (void)state;
    ltv_classes classes;
    assert_true(ltv_classes_init(&classes, BITS));
    ltv_classes_end_lot(&classes);
    assert_int_equal(classes.rests_for, 0);
    assert_int_equal(rest(&classes), 16);
    assert_int_equal(rest(&classes), 32);
    assert_int_equal(rest(&classes), 64);
    ltv_classes_begin(&classes, true);
    assert_int_equal(classes.rests_for, 0);
    assert_int_equal(rest(&classes), 16);
    for (int i = 0; i < 40; i++)
        ltv_classes_begin(&classes, false);
    assert_in_range(classes.rests_for, 1 << 20, (1 << 21) + 1);
    ltv_classes_free(&classes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_class_is_taken_once_with_all_its_customers),
        cmocka_unit_test(it_rests_twice_as_long_each_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
