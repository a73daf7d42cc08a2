/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_TESTS_CLOSE_H
#define LTV_TESTS_CLOSE_H

#include <math.h>
#include <stdbool.h>

/* Floating-point claims for cmocka, which the including file has included. */

/* |actual - expected| <= relative x |expected|; equal infinities agree, NaN agrees with NaN. The
 * label names the case in the failure's text. */
#define assert_close(label, actual, expected, relative)                                            \
    check_close(label, actual, expected, relative, 0, __FILE__, __LINE__)

/* |actual - expected| <= absolute. */
#define assert_within(label, actual, expected, absolute)                                           \
    check_close(label, actual, expected, 0, absolute, __FILE__, __LINE__)

static inline void check_close(const char *label, double actual, double expected, double relative,
                               double absolute, const char *file, int line)
{
    double room = relative * fabs(expected) + absolute;
    bool both_nan = isnan(actual) && isnan(expected);
    if (both_nan || actual == expected || (isfinite(expected) && fabs(actual - expected) <= room))
        return;
    print_error("%s: %.17g, expected %.17g within %.3g\n", label, actual, expected, room);
    _fail(file, line);
}

/* Like assert_true, with the case's label. */
#define assert_that(label, condition)                                                              \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            print_error("%s: not so: %s\n", label, #condition);                                    \
            _fail(__FILE__, __LINE__);                                                             \
        }                                                                                          \
    } while (0)

#endif
