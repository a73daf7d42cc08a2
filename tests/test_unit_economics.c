/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "close.h"
#include "models/unit_economics.h"

/* The businesses that docs/model.md quotes, with the figures printed there. */
static const struct {
    const char *label;
    double arpu, margin, churn, cac;
    double ltv, ltv_cac, payback;
} businesses[] = {
    {"music streaming", 1000, 0.8, 0.03, 5000, 26666.67, 5.3333, 7},
    {"phone app", 300, 0.7, 0.05, 0, 4200, NAN, 0},
    {"business A", 1000, 0.7, 0.05, 8000, 14000, 1.75, 12},
    {"business B", 500, 0.8, 0.02, 3000, 20000, 6.6667, 8},
};

static void textbook_figures_come_out(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof businesses / sizeof *businesses; i++) {
        double arpu = businesses[i].arpu, margin = businesses[i].margin, cac = businesses[i].cac;
        double ltv = ltv_formula_ltv(arpu, margin, businesses[i].churn);
        assert_within(businesses[i].label, ltv, businesses[i].ltv, 0.005);
        if (cac > 0)
            assert_within(businesses[i].label, ltv / cac, businesses[i].ltv_cac, 0.00005);
        assert_that(businesses[i].label,
                    ltv_formula_payback(cac, arpu, margin) == businesses[i].payback);
    }
}

static void without_churn_the_formula_is_infinite(void **state)
{
    (void)state;
    assert_true(isinf(ltv_formula_ltv(1000, 0.8, 0)));
}

static void a_cac_of_exactly_n_bills_is_paid_back_by_n_bills(void **state)
{
    (void)state;
    static const double prices[] = {1000, 9.99, 0.1, 19.9, 123.45, 1e-3, 7e9};
    static const double margins[] = {0.8, 0.7, 0.1, 0.33, 1};
    for (size_t i = 0; i < sizeof prices / sizeof *prices; i++)
        for (size_t j = 0; j < sizeof margins / sizeof *margins; j++)
            for (int n = 1; n <= 2000; n++) {
                double cac = n * prices[i] * margins[j];
                assert_that("exactly n bills",
                            ltv_formula_payback(cac, prices[i], margins[j]) == n);
                assert_that("a little more",
                            ltv_formula_payback(cac * (1 + 1e-9), prices[i], margins[j]) == n + 1);
            }
}

static void payback_without_margin_never_comes(void **state)
{
    (void)state;
    assert_true(isnan(ltv_formula_payback(5000, 1000, 0)));
    assert_true(isnan(ltv_formula_payback(5000, 0, 0.8)));
    assert_true(ltv_formula_payback(0, 0, 0.8) == 0);
}

static void geometric_bills_are_the_geometric_series(void **state)
{
    (void)state;
    static const struct {
        double churn, discount;
        int horizon;
    } cases[] = {{0.03, 1, 120}, {0.03, 0.99, 120}, {0, 0.99, 60}, {0, 1, 60},
                 {0.5, 1, 1},    {1e-7, 1, 600},    {1, 1, 10},    {0.2, 0.5, 1000}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        long double sum = 0, term = 1;
        for (int u = 0; u < cases[i].horizon; u++) {
            sum += term;
            term *= (long double)cases[i].discount * (1 - (long double)cases[i].churn);
        }
        assert_close("series",
                     ltv_geometric_bills(cases[i].churn, cases[i].discount, cases[i].horizon),
                     (double)sum, 1e-13);
    }
    assert_close("for ever", ltv_geometric_bills(0.05, 1, (double)INFINITY), 20, 1e-14);
}

static void published_discounted_lifetimes_come_out(void **state)
{
    (void)state;
    /* Fader & Hardie (2007, 2010), 10 % a period; four digits after the point are printed. */
    double discount = 1 / 1.1;
    assert_within("High End", ltv_beta_geometric_discounted_lifetime(0.668, 3.806, 0, discount),
                  5.9226, 0.00005);
    assert_within("Regular", ltv_beta_geometric_discounted_lifetime(0.704, 1.182, 0, discount),
                  3.6951, 0.00005);
    assert_within("after 8 bills", ltv_beta_geometric_residual_lifetime(0.668, 3.806, 8, discount),
                  7.5299, 0.00005);
}

/* Sum of discount^u P(active at n + u | active at n), from the recursion
 * S(u + 1) / S(u) = (beta + u) / (alpha + beta + u). */
static double lifetime_by_recursion(double alpha, double beta, double bills, double discount)
{
    long double sum = 0, term = 1;
    for (int u = 0; term > 1e-20L; u++) {
        sum += term;
        term *= discount * (beta + bills + u) / ((long double)alpha + beta + bills + u);
    }
    return (double)sum;
}

static void discounted_lifetimes_agree_with_the_recursion(void **state)
{
    (void)state;
    static const double shapes[][2] = {{0.668, 3.806}, {0.704, 1.182}, {5, 200}, {0.05, 0.05}};
    static const double bills[] = {0, 1, 8, 60};
    static const double discounts[] = {0.5, 1 / 1.1, 0.99};
    for (size_t i = 0; i < 4; i++)
        for (size_t j = 0; j < 4; j++)
            for (size_t k = 0; k < 3; k++) {
                double a = shapes[i][0], b = shapes[i][1], n = bills[j], d = discounts[k];
                double lifetime = lifetime_by_recursion(a, b, n, d);
                assert_close("lifetime", ltv_beta_geometric_discounted_lifetime(a, b, n, d),
                             lifetime, 1e-9);
                if (n >= 1) /* one more bill has to be survived first */
                    assert_close("residual", ltv_beta_geometric_residual_lifetime(a, b, n, d),
                                 (lifetime_by_recursion(a, b, n - 1, d) - 1) / d, 1e-8);
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(textbook_figures_come_out),
        cmocka_unit_test(without_churn_the_formula_is_infinite),
        cmocka_unit_test(a_cac_of_exactly_n_bills_is_paid_back_by_n_bills),
        cmocka_unit_test(payback_without_margin_never_comes),
        cmocka_unit_test(geometric_bills_are_the_geometric_series),
        cmocka_unit_test(published_discounted_lifetimes_come_out),
        cmocka_unit_test(discounted_lifetimes_agree_with_the_recursion),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
