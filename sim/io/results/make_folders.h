/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_IO_MAKE_FOLDERS_H
#define LTV_SIM_IO_MAKE_FOLDERS_H

#include "base/error.h"

/* Makes the folder and those above it that are missing. Fails with LTV_ERR_WRITE_FAILED where that
 * is not allowed, a file is in the way or the name is empty. */
LTV_MUST_USE ltv_status ltv_make_folders(const char *path, ltv_error *err);

#endif
