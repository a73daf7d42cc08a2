/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include "results_fixture.h"
#include "sim/io/results/hdf5_file.h"

/* write_results_fixture FILE: the invented results as a results file, for test_results_h5py.py. */
int main(int argc, char **argv)
{
    ltv_error err = {0};
    if (argc != 2)
        return 2;
    ltv_document doc = fixture_document();
    if (ltv_hdf5_write(&doc, argv[1], &err) != LTV_OK)
        fprintf(stderr, "%s\n", err.message);
    ltv_document_free(&doc);
    return err.code == LTV_OK ? 0 : 1;
}
