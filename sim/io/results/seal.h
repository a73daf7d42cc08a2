/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_IO_SEAL_H
#define LTV_SIM_IO_SEAL_H

#include <stdbool.h>
#include <stddef.h>

/* A line of text after the end of an HDF5 file, which HDF5 passes over: a checksum of all bytes
 * before it. HDF5 itself does not notice every damage, and can crash or hang on what it does not
 * notice. A program that changes the file through HDF5 cuts the line off with it. */

enum { LTV_SEAL_SIZE = 32 };

/* Fills in the seal of bytes[0 ... n); it has no closing NUL. */
void ltv_seal_make(char seal[LTV_SEAL_SIZE], const char *bytes, size_t n);

/* Whether bytes[0 ... n) are a whole file: either sealed and unchanged since, or without a seal and
 * as long as HDF5's superblock says. *end receives where the HDF5 file in it ends. */
bool ltv_seal_check(const char *bytes, size_t n, size_t *end);

#endif
