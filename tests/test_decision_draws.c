/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "close.h"
#include "normals.h"
#include "sim/decision_draws.h"
#include "sim/draw_statistics.h"

enum { DRAWS = 300, ARMS = 3 };

/* Values of three arms that share much, and the covariance of their noise. */
static const double noise[ARMS * ARMS] = {9, 8, 8, 8, 10, 8.5, 8, 8.5, 16};

static void fill_values(double *value, size_t arms)
{
    for (size_t d = 0; d < DRAWS; d++) {
        double shared = 100 + 20 * normal_number(1, d);
        for (size_t a = 0; a < arms; a++)
            value[d * arms + a] = shared + (double)a + (1 + (double)a) * normal_number(2 + a, d);
    }
}

static void corrected(double *differences, const ltv_decision_draws *draws)
{
    ltv_error err = {0};
    assert_true(ltv_decision_differences(differences, draws, &err) == LTV_OK);
}

static double covariance(const double *rows, size_t a, size_t b)
{
    double mean_a = 0, mean_b = 0, sum = 0;
    for (size_t d = 0; d < DRAWS; d++) {
        mean_a += rows[d * ARMS + a] / DRAWS;
        mean_b += rows[d * ARMS + b] / DRAWS;
    }
    for (size_t d = 0; d < DRAWS; d++)
        sum += (rows[d * ARMS + a] - mean_a) * (rows[d * ARMS + b] - mean_b);
    return sum / (DRAWS - 1);
}

static void two_arms_are_corrected_like_one_figure(void **state)
{
    (void)state;
    double value[DRAWS * 2], differences[DRAWS * 2], delta[DRAWS], variance[DRAWS], one[DRAWS];
    const double own[] = {4, 3, 3, 3.5};
    fill_values(value, 2);
    for (size_t d = 0; d < DRAWS; d++) {
        delta[d] = value[2 * d + 1] - value[2 * d];
        variance[d] = 4 + 3.5 - 2 * 3;
    }
    for (uint32_t scrambles = 1; scrambles <= 10; scrambles += 9) {
        corrected(differences, &(ltv_decision_draws){DRAWS, 2, value, own, scrambles});
        ltv_draw_series series = {DRAWS, delta, variance, scrambles, false};
        ltv_draws_corrected(one, &series);
        for (size_t d = 0; d < DRAWS; d++) {
            assert_true(differences[2 * d] == 0);
            assert_within("difference", differences[2 * d + 1], one[d], 1e-12);
        }
    }
}

static void the_covariance_left_is_total_less_noise(void **state)
{
    (void)state;
    double value[DRAWS * ARMS], raw[DRAWS * ARMS], differences[DRAWS * ARMS];
    double small[ARMS * ARMS];
    for (int i = 0; i < ARMS * ARMS; i++)
        small[i] = noise[i] / 20;
    fill_values(value, ARMS);
    corrected(raw, &(ltv_decision_draws){DRAWS, ARMS, value, NULL, 1});
    corrected(differences, &(ltv_decision_draws){DRAWS, ARMS, value, small, 1});
    for (size_t a = 1; a < ARMS; a++)
        for (size_t b = 1; b < ARMS; b++) {
            double n = small[a * ARMS + b] - small[a * ARMS] - small[b] + small[0];
            assert_close("covariance", covariance(differences, a, b), covariance(raw, a, b) - n,
                         1e-9);
        }
}

/* Also where there is more noise in some direction than variance in all. */
static void it_does_not_matter_which_arm_is_first(void **state)
{
    (void)state;
    static const size_t order[ARMS] = {2, 0, 1};
    static const double sizes[] = {0.05, 0.5, 1.5, 100};
    double value[DRAWS * ARMS], other[DRAWS * ARMS], a[DRAWS * ARMS], b[DRAWS * ARMS];
    double own[ARMS * ARMS], moved[ARMS * ARMS];
    fill_values(value, ARMS);
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        for (size_t i = 0; i < ARMS; i++)
            for (size_t j = 0; j < ARMS; j++) {
                own[i * ARMS + j] = sizes[s] * noise[i * ARMS + j];
                moved[i * ARMS + j] = sizes[s] * noise[order[i] * ARMS + order[j]];
            }
        for (size_t d = 0; d < DRAWS; d++)
            for (size_t i = 0; i < ARMS; i++)
                other[d * ARMS + i] = value[d * ARMS + order[i]];
        corrected(a, &(ltv_decision_draws){DRAWS, ARMS, value, own, 1});
        corrected(b, &(ltv_decision_draws){DRAWS, ARMS, other, moved, 1});
        for (size_t d = 0; d < DRAWS; d++) /* arm 1 is b's last, arm 2 its first */
            assert_within("arm 1 less arm 2", b[d * ARMS + 2] - b[d * ARMS],
                          a[d * ARMS + 1] - a[d * ARMS + 2], 1e-9);
    }
}

static void nothing_but_noise_leaves_the_means(void **state)
{
    (void)state;
    double value[DRAWS * ARMS], large[ARMS * ARMS], differences[DRAWS * ARMS];
    fill_values(value, ARMS);
    for (int i = 0; i < ARMS * ARMS; i++)
        large[i] = 1000 * noise[i];
    corrected(differences, &(ltv_decision_draws){DRAWS, ARMS, value, large, 1});
    for (size_t d = 1; d < DRAWS; d++)
        for (size_t a = 0; a < ARMS; a++)
            assert_within("mean", differences[d * ARMS + a], differences[a], 1e-9);
}

static void arms_that_are_the_same_stay_the_same(void **state)
{
    (void)state;
    double value[DRAWS * ARMS], differences[DRAWS * ARMS];
    const double same[] = {9, 8, 9, 8, 8.1, 8, 9, 8, 9}; /* the third is the first */
    fill_values(value, ARMS);
    for (size_t d = 0; d < DRAWS; d++)
        value[d * ARMS + 2] = value[d * ARMS];
    corrected(differences, &(ltv_decision_draws){DRAWS, ARMS, value, same, 1});
    for (size_t d = 0; d < DRAWS; d++)
        assert_within("third less first", differences[d * ARMS + 2], 0, 1e-12);
    for (size_t d = 0; d < DRAWS; d++)
        value[d * ARMS + 1] = value[d * ARMS + 2] = value[d * ARMS];
    corrected(differences, &(ltv_decision_draws){DRAWS, ARMS, value, noise, 1});
    for (size_t i = 0; i < DRAWS * ARMS; i++)
        assert_true(differences[i] == 0);
}

static void one_draw_and_one_arm_are_safe(void **state)
{
    (void)state;
    const double value[] = {1, 5, 3};
    double differences[3];
    corrected(differences, &(ltv_decision_draws){1, ARMS, value, noise, 1});
    assert_true(differences[0] == 0 && differences[1] == 4 && differences[2] == 2);
    corrected(differences, &(ltv_decision_draws){3, 1, value, noise, 1});
    assert_true(differences[0] == 0 && differences[1] == 0 && differences[2] == 0);
    corrected(differences, &(ltv_decision_draws){3, 1, value, noise, 8});
    assert_true(differences[0] == 0 && differences[1] == 0 && differences[2] == 0);
}

static void what_is_not_a_number_is_named(void **state)
{
    (void)state;
    double value[4] = {1, 2, 3, NAN}, own[4] = {1, 0, INFINITY, 1}, differences[4];
    ltv_error err = {0};
    ltv_decision_draws draws = {2, 2, value, NULL, 1};
    assert_true(ltv_decision_differences(differences, &draws, &err) == LTV_ERR_BAD_INPUT);
    assert_non_null(strstr(err.message, "arm 1 in draw 1"));
    value[3] = 4;
    draws.noise = own;
    err = (ltv_error){0};
    assert_true(ltv_decision_differences(differences, &draws, &err) == LTV_ERR_BAD_INPUT);
    assert_non_null(strstr(err.message, "arms 1 and 0"));
    value[3] = 1e200;
    own[2] = 0;
    assert_true(ltv_decision_differences(differences, &draws, &err) == LTV_ERR_BAD_INPUT);
    draws.n_draws = 0;
    assert_true(ltv_decision_differences(differences, &draws, &err) == LTV_ERR_BAD_INPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_arms_are_corrected_like_one_figure),
        cmocka_unit_test(the_covariance_left_is_total_less_noise),
        cmocka_unit_test(it_does_not_matter_which_arm_is_first),
        cmocka_unit_test(nothing_but_noise_leaves_the_means),
        cmocka_unit_test(arms_that_are_the_same_stay_the_same),
        cmocka_unit_test(one_draw_and_one_arm_are_safe),
        cmocka_unit_test(what_is_not_a_number_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
