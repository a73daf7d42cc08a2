/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/io/results/size_limit.h"

#include <pthread.h>
#include <time.h>

static sigset_t only_the_limit(void)
{
    sigset_t limit;
    sigemptyset(&limit);
    sigaddset(&limit, SIGXFSZ);
    return limit;
}

ltv_size_limit ltv_size_limit_hold(void)
{
    ltv_size_limit self;
    sigset_t limit = only_the_limit(), pending;
    sigemptyset(&pending);
    sigpending(&pending);
    self.was_pending = sigismember(&pending, SIGXFSZ) == 1;
    pthread_sigmask(SIG_BLOCK, &limit, &self.before);
    return self;
}

void ltv_size_limit_release(const ltv_size_limit *self)
{
    sigset_t limit = only_the_limit();
    if (!self->was_pending)
        sigtimedwait(&limit, NULL, &(struct timespec){0});
    pthread_sigmask(SIG_SETMASK, &self->before, NULL);
}
