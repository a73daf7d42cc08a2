/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/cli/file_kind.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

bool ltv_file_is_hdf5(const char *path)
{
    static const char signature[8] = "\211HDF\r\n\032\n";
    char start[sizeof signature];
    struct stat about;
    if (stat(path, &about) != 0 || !S_ISREG(about.st_mode))
        return false;
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return false;
    bool same =
        fread(start, sizeof start, 1, file) == 1 && memcmp(start, signature, sizeof signature) == 0;
    fclose(file);
    return same;
}

bool ltv_name_ends_with(const char *path, const char *ending)
{
    size_t length = strlen(path), end = strlen(ending);
    return length >= end && strcasecmp(path + length - end, ending) == 0;
}

bool ltv_is_same_file(const char *one, const char *other)
{
    struct stat first, second;
    return stat(one, &first) == 0 && stat(other, &second) == 0 && first.st_dev == second.st_dev &&
           first.st_ino == second.st_ino;
}
