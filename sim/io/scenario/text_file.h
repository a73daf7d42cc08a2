/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_IO_TEXT_FILE_H
#define LTV_SIM_IO_TEXT_FILE_H

#include <stddef.h>

#include "sim/io/complain.h"

/* The whole of a text file that a person gave us. */

enum { LTV_TEXT_FILE_MAX = 16 * 1024 * 1024 }; /* bytes */

/* Reads the file at `path`. *text is owned by the caller and has a NUL after its *length bytes.
 * What is wrong with the file itself is said at `place` (in the scenario that names it) and
 * `key`, both as in ltv_complain. */
LTV_MUST_USE ltv_status ltv_text_file_read(char **text, size_t *length, const char *path,
                                           const ltv_place *place, const char *key, ltv_error *err);

/* What kind of well-known binary file these bytes begin, such as "an HDF5 file"; NULL if of
 * none. */
const char *ltv_binary_kind(const char *text, size_t length);

/* Fails at the first byte that is not well-formed UTF-8 or is a control character other than
 * tab, line feed and carriage return. */
LTV_MUST_USE ltv_status ltv_text_check(const char *text, size_t length, const ltv_place *file,
                                       ltv_error *err);

#endif
