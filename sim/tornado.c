/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/tornado.h"

#include <math.h>
#include <stdlib.h>

#include "sim/sensitivity.h"

size_t ltv_tornado_evaluations(size_t n_inputs)
{
    return 2 * n_inputs + 1;
}

void ltv_tornado_point(ltv_uniform *point, size_t n_inputs, size_t evaluation)
{
    for (size_t i = 0; i < n_inputs; i++)
        point[i] = (ltv_uniform){.below = 0.5, .above = 0.5};
    if (evaluation > 0)
        point[(evaluation - 1) / 2] = evaluation % 2 == 1
                                          ? (ltv_uniform){.below = 0.1, .above = 0.9}
                                          : (ltv_uniform){.below = 0.9, .above = 0.1};
}

static ltv_tornado_row tornado_row(size_t input, double base, double low, double high)
{
    return (ltv_tornado_row){.input = input,
                             .low = low,
                             .high = high,
                             .swing = high - low,
                             .width = fmax(fmax(low, high), base) - fmin(fmin(low, high), base),
                             .monotone = fmin(low, high) <= base && base <= fmax(low, high)};
}

static int compare_rows(const void *a, const void *b)
{
    const ltv_tornado_row *x = a, *y = b;
    if (x->width != y->width)
        return x->width < y->width ? 1 : -1;
    return (x->input > y->input) - (x->input < y->input);
}

ltv_status ltv_tornado_rows(ltv_tornado_row *rows, size_t n_inputs, const double *outputs,
                            size_t n_outputs, size_t output, ltv_error *err)
{
    if (n_inputs == 0)
        return ltv_fail(err, LTV_ERR_BAD_INPUT, "a tornado needs an input");
    ltv_status status = ltv_sensitivity_check_output(outputs, ltv_tornado_evaluations(n_inputs),
                                                     n_outputs, output, err);
    if (status != LTV_OK)
        return status;
    for (size_t i = 0; i < n_inputs; i++)
        rows[i] = tornado_row(i, outputs[output], outputs[(1 + 2 * i) * n_outputs + output],
                              outputs[(2 + 2 * i) * n_outputs + output]);
    qsort(rows, n_inputs, sizeof *rows, compare_rows);
    return LTV_OK;
}
