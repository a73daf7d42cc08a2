/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_IO_PROVENANCE_H
#define LTV_SIM_IO_PROVENANCE_H

#include <stdint.h>

/* Where a result comes from. Strings are static or borrowed. Nothing in here changes a dataset
 * outside /provenance. */
typedef struct {
    /* Of the build. */
    const char *version; /* "0.1.0" */
    /* Of the source: "1a2b3c4d5e6f", "1a2b3c4d5e6f-dirty"; "unknown" outside a checkout. */
    const char *revision;
    const char *compiler; /* "GNU 12.2.0" */
    const char *flags;    /* build type and compiler flags */
    const char *simd;     /* instruction set of the kernel */
    const char *gsl;      /* version of the library in use */
    char hdf5[40];
    const char *repro_scope; /* what the promise of identical bytes covers */
    /* Of the run. */
    const char *command; /* as typed; "" when a program called the library */
    char started[32];    /* ISO 8601, UTC: "2027-04-01T09:30:00Z" */
    double wall_seconds; /* of the simulation */
    int64_t threads;     /* used */
    int64_t ranks;       /* processes: 1 */
} ltv_provenance;

/* Fills in what the build knows, the time now as `started`, command "", threads and ranks 1,
 * wall_seconds 0. */
void ltv_provenance_init(ltv_provenance *provenance);

#endif
