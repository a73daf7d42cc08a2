/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A program of somebody else's: the mean LTV of a scenario and its standard error. */
#include <ltvsim.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    ltvsim *sim = NULL;
    char error[1024] = "usage: consumer SCENARIO";
    int failed = argc != 2 || ltvsim_open(&sim, argv[1], 0, NULL, error, sizeof error) ||
                 ltvsim_run(sim, 0, error, sizeof error);
    if (failed)
        fprintf(stderr, "%s\n", error);
    else
        printf("%.2f %.2f\n", ltvsim_value(sim, "/arms/baseline/ltv@mean"),
               ltvsim_value(sim, "/arms/baseline/ltv@standard_error"));
    ltvsim_free(sim);
    return failed;
}
