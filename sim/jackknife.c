/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/jackknife.h"

#include <math.h>
#include <string.h>

uint32_t ltv_jackknife_groups(size_t n, uint32_t scrambles)
{
    double groups = scrambles > 1 ? scrambles : fmin(fmax(floor(sqrt((double)n)), 10), 50);
    return (uint32_t)fmin(groups, (double)n);
}

uint32_t ltv_jackknife_scrambles_left(uint32_t scrambles)
{
    return scrambles > 1 ? scrambles - 1 : 1;
}

size_t ltv_jackknife_without(double *kept, const double *rows, size_t n, size_t width,
                             uint32_t groups, uint32_t group)
{
    size_t count = 0;
    for (size_t d = 0; d < n; d++)
        if (d % groups != group)
            memcpy(kept + width * count++, rows + width * d, width * sizeof *rows);
    return count;
}

double ltv_jackknife_error(const double *figures, uint32_t groups)
{
    if (groups < 2)
        return NAN;
    double mean = 0, squares = 0; /* from the first one on: equal figures have an error of 0 */
    for (uint32_t g = 0; g < groups; g++)
        mean += (figures[g] - figures[0]) / groups;
    for (uint32_t g = 0; g < groups; g++)
        squares += pow(figures[g] - figures[0] - mean, 2);
    return sqrt(squares * (groups - 1) / groups);
}
