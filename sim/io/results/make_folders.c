/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/io/results/make_folders.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static ltv_status make_folder(const char *path, ltv_error *err)
{
    struct stat info;
    if (mkdir(path, 0777) == 0 ||
        (errno == EEXIST && stat(path, &info) == 0 && S_ISDIR(info.st_mode)))
        return LTV_OK;
    return ltv_fail(err, LTV_ERR_WRITE_FAILED, "cannot make the folder '%s': %s", path,
                    errno == EEXIST ? "a file has that name" : strerror(errno));
}

ltv_status ltv_make_folders(const char *path, ltv_error *err)
{
    ltv_status status = LTV_OK;
    if (path[0] == '\0')
        return ltv_fail(err, LTV_ERR_WRITE_FAILED, "the folder to write to has no name");
    char *part = strdup(path);
    if (part == NULL)
        return ltv_fail(err, LTV_ERR_NO_MEMORY, "out of memory");
    for (char *slash = strchr(part + 1, '/'); status == LTV_OK && slash != NULL;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        status = make_folder(part, err);
        *slash = '/';
    }
    free(part);
    return status == LTV_OK ? make_folder(path, err) : status;
}
