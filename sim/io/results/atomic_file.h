/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_IO_ATOMIC_FILE_H
#define LTV_SIM_IO_ATOMIC_FILE_H

#include <stddef.h>

#include "base/error.h"

/* Files that are whole or not there. The bytes go to a temporary name in the folder of the
 * target, reach the disk, and are then renamed over the target. Whatever fails, and whenever the
 * process is killed, a file that stood at `path` before stays as it was. */

/* Writes `n` bytes to `path`, replacing a regular file there (its permissions stay; a symbolic
 * link is followed). Fails with LTV_ERR_WRITE_FAILED when `path` is a folder, a device or the
 * like, its folder is missing or closed to us, the disk or the quota is full, or the size limit
 * of the process is reached (no SIGXFSZ is delivered then); the temporary file is removed. */
LTV_MUST_USE ltv_status ltv_atomic_write(const char *path, const void *bytes, size_t n,
                                         ltv_error *err);

/* Finds out before the work begins what can be found out then: that ltv_atomic_write to `path`
 * has a folder to write to and nothing unsuitable to replace. Leaves nothing behind. */
LTV_MUST_USE ltv_status ltv_atomic_check(const char *path, ltv_error *err);

#endif
