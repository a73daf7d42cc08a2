/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_IO_HDF5_FILE_H
#define LTV_SIM_IO_HDF5_FILE_H

#include "base/error.h"
#include "sim/io/results/document.h"

/* A document as an HDF5 file and back. The same document gives the same bytes. HDF5's own
 * messages are kept off standard error. HDF5 as packaged is not made for several threads: calls
 * are serialised here, but a program that uses HDF5 itself must not do so at the same time. */

/* Writes the file whole or not at all (sim/io/results/atomic_file.h). Besides the nodes it makes
 * the dimension scales that the schema names, links the axes of each NXdata group into it, and
 * seals the file (sim/io/results/seal.h). Fails with LTV_ERR_WRITE_FAILED or LTV_ERR_NO_MEMORY. */
LTV_MUST_USE ltv_status ltv_hdf5_write(const ltv_document *doc, const char *path, ltv_error *err);

/* Reads a results file of our format major version; parts of a newer minor version are read too.
 * Fails with LTV_ERR_NOT_FOUND (missing), LTV_ERR_NOT_RESULTS (a folder, another kind of file or
 * a newer major version), LTV_ERR_READ_FAILED (not permitted, cut off, damaged) or
 * LTV_ERR_NO_MEMORY. *doc is overwritten and may be
 * freed whatever is returned. */
LTV_MUST_USE ltv_status ltv_hdf5_read(ltv_document *doc, const char *path, ltv_error *err);

/* Whether it is one, without reading what is in it: fails likewise, for what the seal and the root
 * alone tell. */
LTV_MUST_USE ltv_status ltv_hdf5_check(const char *path, ltv_error *err);

#endif
