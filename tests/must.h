/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_TESTS_MUST_H
#define LTV_TESTS_MUST_H

#include <stdio.h>
#include <stdlib.h>

/* What was allocated; without memory a test program has nothing left to test. */
static inline void *must(void *allocated)
{
    if (allocated == NULL) {
        perror("test");
        abort();
    }
    return allocated;
}

#endif
