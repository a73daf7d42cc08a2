/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_BASE_ERROR_H
#define LTV_BASE_ERROR_H

/* One list yields the codes and their texts. Numbers are explicit, so that a code that is
 * stored or scripted against never shifts. Every function that can fail returns one of these
 * (0 is success) and describes the first failure in *err as one sentence for a person. */
#define LTV_ERR_LIST(X)                                                                            \
    X(NO_MEMORY, -1, "out of memory")                                                              \
    X(BAD_INPUT, -2, "the scenario or an argument is not usable")                                  \
    X(READ_FAILED, -3, "a file could not be read")                                                 \
    X(WRITE_FAILED, -4, "a file could not be written")                                             \
    X(OVERFLOW, -5, "an amount is too large to be held exactly")                                   \
    X(INTERRUPTED, -6, "interrupted")                                                              \
    X(NOT_RESULTS, -7, "not a results file of this program")                                       \
    X(NOT_FOUND, -8, "no such file or entry")                                                      \
    X(BUG, -9, "a broken invariant: please report this")

typedef enum {
    LTV_OK = 0,
#define X(name, number, text) LTV_ERR_##name = number,
    LTV_ERR_LIST(X)
#undef X
} ltv_status;

/* What went wrong. Zero-initialise before first use; holds the first failure only. */
typedef struct {
    ltv_status code;
    char message[1024]; /* UTF-8, no newline at its end; "" while code is LTV_OK */
} ltv_error;

/* Records the failure unless one is already recorded, and returns `code`. `err` may be NULL. */
ltv_status ltv_fail(ltv_error *err, ltv_status code, const char *format, ...)
    __attribute__((format(printf, 3, 4), cold));

/* The general sentence that belongs to a code; never NULL. */
const char *ltv_status_text(ltv_status code);

/* The exit code of the command for a status: 0 done, 1 failed, 2 bad input, 130 interrupted. */
int ltv_status_exit_code(ltv_status code);

#define LTV_MUST_USE __attribute__((warn_unused_result))

#endif
