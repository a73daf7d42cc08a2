/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_IO_SIZE_LIMIT_H
#define LTV_SIM_IO_SIZE_LIMIT_H

#include <signal.h>
#include <stdbool.h>

/* A process that reaches its file size limit is sent SIGXFSZ, which would kill it. Between these
 * two calls the signal is held back for the thread, so that write() answers EFBIG instead; the
 * second takes it off again. */

typedef struct {
    sigset_t before;
    bool was_pending;
} ltv_size_limit;

ltv_size_limit ltv_size_limit_hold(void);
void ltv_size_limit_release(const ltv_size_limit *self);

#endif
