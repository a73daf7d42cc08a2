/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTVSIM_H
#define LTVSIM_H

/* ltvsim: Monte Carlo cohort simulation of customer lifetime value.
 *
 *     ltvsim *sim = NULL;
 *     char error[1024];
 *     if (ltvsim_open(&sim, "music.yaml", 0, NULL, error, sizeof error) ||
 *         ltvsim_run(sim, 0, error, sizeof error) ||
 *         ltvsim_write(sim, "music.h5", error, sizeof error))
 *         fprintf(stderr, "%s\n", error);
 *     printf("%g\n", ltvsim_value(sim, "/arms/baseline/ltv@mean"));
 *     ltvsim_free(sim);
 *
 * Functions return 0 on success, otherwise a negative code (stable numbers: -1 out of memory,
 * -2 bad input, -3 cannot read, -4 cannot write, -5 overflow, -6 interrupted, -9 a bug) and
 * write one sentence, NUL-terminated, into `error` (at most error_size bytes; NULL and 0 are
 * allowed). A handle may be used by one thread at a time; several handles are independent. */

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define LTVSIM_API __attribute__((visibility("default")))

typedef struct ltvsim ltvsim;

/* "0.1.0". */
LTVSIM_API const char *ltvsim_version(void);

/* Reads and validates the scenario file at `path` after applying `overrides`, n_overrides
 * strings "path.in.the.scenario=value" in order. Turns off, for the whole process, the handler
 * with which GSL would abort on an error (gsl_set_error_handler_off). On success *sim is owned
 * by the caller (ltvsim_free); on failure it is NULL. */
LTVSIM_API int ltvsim_open(ltvsim **sim, const char *path, size_t n_overrides,
                           const char *const *overrides, char *error, size_t error_size);

/* Simulates. `threads` 0 means one per processor; the answer does not depend on it. */
LTVSIM_API int ltvsim_run(ltvsim *sim, int threads, char *error, size_t error_size);

/* One number of the finished run by its place in the results file: "/group@attribute", or
 * "/table/path:row name:column", e.g. "/arms/baseline/metrics:ltv_cac:value". NaN when the run
 * has not been made or there is no such number. */
LTVSIM_API double ltvsim_value(const ltvsim *sim, const char *place);

/* An array of the finished run, e.g. "/arms/baseline/retention"; borrowed until the next call
 * of ltvsim_run or ltvsim_free. NULL and *n = 0 when there is none. */
LTVSIM_API const double *ltvsim_array(const ltvsim *sim, const char *path, size_t *n);

/* Writes the results file, whole or not at all; an existing file is replaced. */
LTVSIM_API int ltvsim_write(const ltvsim *sim, const char *path, char *error, size_t error_size);

/* Releases everything; NULL is allowed. */
LTVSIM_API void ltvsim_free(ltvsim *sim);

#ifdef __cplusplus
}
#endif

#endif
