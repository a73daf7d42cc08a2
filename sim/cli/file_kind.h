/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_CLI_FILE_KIND_H
#define LTV_SIM_CLI_FILE_KIND_H

#include <stdbool.h>

/* What a file on the command line seems to be, for hints at what was meant and against
 * slips of the keyboard. */

/* A regular file with the signature of HDF5, as results files have it. Leaves pipes alone. */
bool ltv_file_is_hdf5(const char *path);

/* Whether the name ends with `ending` (".csv"), in large or small letters. */
bool ltv_name_ends_with(const char *path, const char *ending);

/* Whether both names lead to one file that is there: links and other spellings are followed. */
bool ltv_is_same_file(const char *one, const char *other);

#endif
