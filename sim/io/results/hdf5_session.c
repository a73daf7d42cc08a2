/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/io/results/hdf5_session.h"

#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

ltv_hdf5_session ltv_hdf5_enter(void)
{
    ltv_hdf5_session session = {0};
    pthread_mutex_lock(&lock);
    H5Eget_auto2(H5E_DEFAULT, &session.print, &session.print_context);
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    return session;
}

void ltv_hdf5_leave(ltv_hdf5_session session)
{
    H5Eset_auto2(H5E_DEFAULT, session.print, session.print_context);
    pthread_mutex_unlock(&lock);
}

void ltv_hdf5_close(hid_t id)
{
    if (ltv_hdf5_valid(id))
        H5Idec_ref(id);
}
