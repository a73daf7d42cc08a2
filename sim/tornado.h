/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_TORNADO_H
#define LTV_SIM_TORNADO_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "models/uniform.h"

/* What a figure becomes with each uncertain input alone at its 10th and at its 90th percentile, all
 * others at their medians. Inputs and outputs, and why all points want the same luck: see
 * sim/sensitivity.h. Where a copula ties inputs, those that it builds later move along with an
 * earlier one. An input that picks rows of joint samples has no percentiles: it does not belong
 * here. */

typedef struct {
    size_t input;
    double low, high; /* the output at P10 and at P90 of the input */
    double swing;     /* high - low: above 0 where the output grows with the input */
    double width;     /* of the bar, from the least to the greatest of low, base and high */
    bool monotone;    /* the base lies between low and high; then width == |swing| */
} ltv_tornado_row;

/* 2 k + 1. */
size_t ltv_tornado_evaluations(size_t n_inputs);

/* The point [n_inputs] of one evaluation: all medians for 0, input i at P10 for 1 + 2 i and at P90
 * for 2 + 2 i. */
void ltv_tornado_point(ltv_uniform *point, size_t n_inputs, size_t evaluation);

/* Rows [n_inputs] of one output, the widest bar first and equal ones in the order of inputs. By
 * width and not by swing: an input that raises the output at both ends matters. outputs
 * [2 n_inputs + 1][n_outputs]; the base is outputs[output]. Fails with BAD_INPUT where there is no
 * input or no such output, or where values are not finite: says how many. */
LTV_MUST_USE ltv_status ltv_tornado_rows(ltv_tornado_row *rows, size_t n_inputs,
                                         const double *outputs, size_t n_outputs, size_t output,
                                         ltv_error *err);

#endif
