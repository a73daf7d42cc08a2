/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/io/results/provenance.h"

#include <gsl/gsl_version.h>
#include <hdf5.h>
#include <stdio.h>
#include <time.h>

#include "sim/io/build_flags.h"
#include "sim/io/build_revision.h"

#if defined(__AVX512F__)
#define SIMD "AVX-512"
#elif defined(__AVX2__)
#define SIMD "AVX2"
#elif defined(__SSE2__)
#define SIMD "SSE2"
#else
#define SIMD "portable"
#endif

static const char repro_scope[] =
    "Every dataset outside /provenance has the same bytes for the same effective scenario and "
    "version of ltvsim, whatever the number of threads and the order of work, on machines with "
    "the same processor family, C library and GSL. Elsewhere, tables made with exp, log and pow "
    "can differ in their last bits.";

void ltv_provenance_init(ltv_provenance *provenance)
{
    *provenance = (ltv_provenance){.version = LTV_VERSION,
                                   .revision = LTV_BUILD_REVISION,
                                   .compiler = LTV_BUILD_COMPILER,
                                   .flags = LTV_BUILD_FLAGS,
                                   .simd = SIMD,
                                   .gsl = gsl_version,
                                   .repro_scope = repro_scope,
                                   .command = "",
                                   .threads = 1,
                                   .ranks = 1};
    unsigned major = 0, minor = 0, release = 0;
    H5get_libversion(&major, &minor, &release);
    snprintf(provenance->hdf5, sizeof provenance->hdf5, "%u.%u.%u", major, minor, release);
    time_t now = time(NULL);
    struct tm utc;
    if (gmtime_r(&now, &utc) != NULL)
        strftime(provenance->started, sizeof provenance->started, "%Y-%m-%dT%H:%M:%SZ", &utc);
}
