/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "models/gamma_table.h"
#include "models/spread.h"

static const double shapes[] = {0.02, 0.1, 0.5, 1, 2.7, 6.25, 40, 1e4};
enum { SHAPES = sizeof shapes / sizeof *shapes };

/* Between the nodes and beyond the table, both ends. */
static void it_is_the_quantile_to_eight_digits(void **state)
{
    (void)state;
    for (size_t s = 0; s < SHAPES; s++) {
        ltv_gamma_table table;
        double worst = 0;
        assert_true(ltv_gamma_table_init(&table, shapes[s]));
        for (double score = -8.5; score < 8.5; score += 0.00377) {
            ltv_uniform u = ltv_uniform_of_score(score);
            double exact = ltv_gamma_quantile(shapes[s], u);
            double found = ltv_gamma_table_quantile(&table, u);
            if (exact > 0)
                worst = fmax(worst, fabs(found / exact - 1));
            else
                assert_true(found == 0);
        }
        assert_true(worst < 1e-8);
        ltv_gamma_table_free(&table);
    }
}

static void it_never_falls_with_the_rank(void **state)
{
    (void)state;
    for (size_t s = 0; s < SHAPES; s++) {
        ltv_gamma_table table;
        double before = 0;
        assert_true(ltv_gamma_table_init(&table, shapes[s]));
        for (double score = -8.1; score < 8.1; score += 0.0031) {
            double value = ltv_gamma_table_quantile(&table, ltv_uniform_of_score(score));
            assert_true(value >= before * (1 - 1e-12));
            before = value;
        }
        ltv_gamma_table_free(&table);
    }
}

static void freeing_twice_is_safe(void **state)
{
    (void)state;
    ltv_gamma_table table;
    assert_true(ltv_gamma_table_init(&table, 3));
    ltv_gamma_table_free(&table);
    ltv_gamma_table_free(&table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_the_quantile_to_eight_digits),
        cmocka_unit_test(it_never_falls_with_the_rank),
        cmocka_unit_test(freeing_twice_is_safe),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
