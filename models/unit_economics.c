/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/unit_economics.h"

#include <math.h>

#include <gsl/gsl_sf_hyperg.h>

double ltv_formula_ltv(double arpu, double gross_margin, double churn)
{
    return arpu * gross_margin / churn;
}

double ltv_formula_payback(double cac, double arpu, double gross_margin)
{
    double per_bill = arpu * gross_margin;
    if (!(per_bill > 0))
        return cac > 0 ? NAN : 0;
    /* A CAC of exactly n bills must not become n + 1 by the last bit of the division. */
    return ceil(cac / per_bill * (1 - 1e-12));
}

double ltv_geometric_bills(double churn, double discount, double horizon)
{
    double log_q = log(discount) + log1p(-churn);
    return log_q == 0 ? horizon : expm1(horizon * log_q) / expm1(log_q);
}

double ltv_beta_geometric_discounted_lifetime(double alpha, double beta, double bills,
                                              double discount)
{
    gsl_sf_result value;
    if (gsl_sf_hyperg_2F1_e(1, beta + bills, alpha + beta + bills, discount, &value))
        return NAN;
    return value.val;
}

double ltv_beta_geometric_residual_lifetime(double alpha, double beta, double bills,
                                            double discount)
{
    return (beta + bills - 1) / (alpha + beta + bills - 1) *
           ltv_beta_geometric_discounted_lifetime(alpha, beta, bills, discount);
}
