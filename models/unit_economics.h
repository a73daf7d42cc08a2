/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_MODELS_UNIT_ECONOMICS_H
#define LTV_MODELS_UNIT_ECONOMICS_H

/* The formulas that people put into spreadsheets, and the closed forms of constant and Beta
 * distributed churn (docs/model.md, section 10). Money in any one unit; churn per period. */

/* ARPU x gross margin / churn: infinite when nobody leaves. */
double ltv_formula_ltv(double arpu, double gross_margin, double churn);

/* Simple payback in bills: CAC / (ARPU x gross margin), rounded up; NaN when no bill pays. */
double ltv_formula_payback(double cac, double arpu, double gross_margin);

/* Bills that a customer with a constant churn pays within `horizon` bills, each worth
 * discount^u: (1 - q^H) / (1 - q) with q = discount (1 - churn). */
double ltv_geometric_bills(double churn, double discount, double horizon);

/* Expected discounted lifetime of sBG customers who have paid `bills` bills already and are
 * active still, the next bill counted in full: 2F1(1, beta + n; alpha + beta + n; discount).
 * 0 < discount < 1. Fader & Hardie (2007, 2010). */
double ltv_beta_geometric_discounted_lifetime(double alpha, double beta, double bills,
                                              double discount);

/* The same value as seen before bill n is known to be paid, of those who paid bill n - 1:
 * times the chance (beta + n - 1) / (alpha + beta + n - 1) to pay it. n >= 1. */
double ltv_beta_geometric_residual_lifetime(double alpha, double beta, double bills,
                                            double discount);

#endif
