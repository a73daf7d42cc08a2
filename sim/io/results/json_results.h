/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_IO_JSON_RESULTS_H
#define LTV_SIM_IO_JSON_RESULTS_H

#include "base/error.h"
#include "sim/io/results/document.h"

/* The results tree as JSON (RFC 8259, UTF-8, indented): groups are objects, their attributes and
 * children members of the same names. A table is a list of objects, one a row; one whose first
 * column is `name` (metrics) is an object by name. All arrays are there in full: none is longer
 * than the horizon or the histogram. NaN and infinities are null. Numbers carry the shortest digits
 * that read back as the same double. Left out is what only serves HDF5 viewers: attributes of
 * datasets (units, description) and NXdata attributes.
 *
 * *text is owned by the caller (free()), ends with a newline, and is NULL on failure
 * (LTV_ERR_NO_MEMORY). */
LTV_MUST_USE ltv_status ltv_json_results(char **text, const ltv_document *doc, ltv_error *err);

#endif
