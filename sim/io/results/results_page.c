/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/io/results/results_schema.h"

/* Prints docs/results.md. */
int main(void)
{
    ltv_results_print_page(stdout);
    return fflush(stdout) == 0 ? 0 : 1;
}
