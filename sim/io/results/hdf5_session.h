/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_IO_HDF5_SESSION_H
#define LTV_SIM_IO_HDF5_SESSION_H

#include <hdf5.h>
#include <stdbool.h>

/* The use of the HDF5 library: for sim/io/results/hdf5_write.c and hdf5_read.c only. */

typedef struct {
    H5E_auto2_t print;
    void *print_context;
} ltv_hdf5_session;

/* Until ltv_hdf5_leave, no other thread of ours is in HDF5 (which keeps global state without
 * locks), and it prints no messages of its own. */
ltv_hdf5_session ltv_hdf5_enter(void);
void ltv_hdf5_leave(ltv_hdf5_session session);

static inline bool ltv_hdf5_valid(hid_t id)
{
    return id >= 0;
}

/* Closes whatever the id stands for; one that is not valid is passed over. */
void ltv_hdf5_close(hid_t id);

#endif
