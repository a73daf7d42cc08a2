/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/io/results/atomic_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/io/results/size_limit.h"

/* A write on its way. */
typedef struct {
    const char *path; /* as the caller says it, for messages */
    char *target;     /* owned; `path` with symbolic links followed */
    char *folder;     /* owned; of target */
    char *temporary;  /* owned; in folder */
    int fd;           /* of temporary, -1 when closed */
    bool replaces;    /* a regular file stands at target */
    mode_t mode;      /* its permissions */
} atomic_file;

static ltv_status fail_errno(const atomic_file *self, int number, ltv_error *err)
{
    return ltv_fail(err, LTV_ERR_WRITE_FAILED, "cannot write '%s': %s", self->path,
                    strerror(number));
}

static ltv_status no_memory(const atomic_file *self, ltv_error *err)
{
    return ltv_fail(err, LTV_ERR_NO_MEMORY, "out of memory while writing '%s'", self->path);
}

/* What stands at the target may be replaced: a regular file that is not write-protected. */
static ltv_status check_existing(atomic_file *self, ltv_error *err)
{
    struct stat info;
    if (stat(self->target, &info) != 0)
        return fail_errno(self, errno, err);
    if (S_ISDIR(info.st_mode))
        return ltv_fail(err, LTV_ERR_WRITE_FAILED, "cannot write '%s': it is a folder", self->path);
    if (!S_ISREG(info.st_mode))
        return ltv_fail(err, LTV_ERR_WRITE_FAILED, "cannot write '%s': it is not a regular file",
                        self->path);
    if (access(self->target, W_OK) != 0)
        return ltv_fail(err, LTV_ERR_WRITE_FAILED,
                        "cannot write '%s': the file there is write-protected", self->path);
    self->replaces = true;
    self->mode = info.st_mode & 07777;
    return LTV_OK;
}

static ltv_status find_target(atomic_file *self, ltv_error *err)
{
    if (self->path[0] == '\0')
        return ltv_fail(err, LTV_ERR_WRITE_FAILED, "cannot write a file without a name");
    self->target = realpath(self->path, NULL);
    if (self->target != NULL)
        return check_existing(self, err);
    if (errno != ENOENT)
        return fail_errno(self, errno, err);
    self->target = strdup(self->path);
    return self->target == NULL ? no_memory(self, err) : LTV_OK;
}

static ltv_status find_folder(atomic_file *self, ltv_error *err)
{
    const char *slash = strrchr(self->target, '/');
    if (slash == NULL)
        self->folder = strdup(".");
    else
        self->folder = strndup(self->target, slash == self->target ? 1 : slash - self->target);
    if (self->folder == NULL)
        return no_memory(self, err);
    if (slash != NULL && slash[1] == '\0')
        return ltv_fail(err, LTV_ERR_WRITE_FAILED, "cannot write '%s': it names a folder",
                        self->path);
    return LTV_OK;
}

/* The short name stays within the file system's limit however long the target's name is. */
static ltv_status open_temporary(atomic_file *self, ltv_error *err)
{
    for (int attempt = 0; attempt < 1000; attempt++) {
        if (asprintf(&self->temporary, "%s/.ltvsim-%ld-%d.tmp", self->folder, (long)getpid(),
                     attempt) < 0) {
            self->temporary = NULL;
            return no_memory(self, err);
        }
        self->fd = open(self->temporary, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0666);
        if (self->fd >= 0)
            return LTV_OK;
        int number = errno;
        free(self->temporary);
        self->temporary = NULL;
        if (number == ENOENT && access(self->folder, F_OK) == 0)
            return ltv_fail(err, LTV_ERR_WRITE_FAILED,
                            "cannot write '%s': no file can be made in the folder '%s'", self->path,
                            self->folder);
        if (number == ENOENT)
            return ltv_fail(err, LTV_ERR_WRITE_FAILED,
                            "cannot write '%s': the folder '%s' does not exist", self->path,
                            self->folder);
        if (number != EEXIST && number != EINTR)
            return fail_errno(self, number, err);
    }
    return fail_errno(self, EEXIST, err);
}

static ltv_status prepare(atomic_file *self, const char *path, ltv_error *err)
{
    *self = (atomic_file){.path = path, .fd = -1};
    ltv_status status = find_target(self, err);
    if (status == LTV_OK)
        status = find_folder(self, err);
    if (status == LTV_OK)
        status = open_temporary(self, err);
    return status;
}

/* Releases everything, and removes the temporary file unless it has become the target. */
static void release(atomic_file *self)
{
    if (self->fd >= 0)
        close(self->fd);
    if (self->temporary != NULL)
        unlink(self->temporary);
    free(self->temporary);
    free(self->folder);
    free(self->target);
}

static ltv_status write_bytes(const atomic_file *self, const char *bytes, size_t n, ltv_error *err)
{
    while (n > 0) {
        ssize_t written = write(self->fd, bytes, n);
        if (written < 0 && errno != EINTR)
            return fail_errno(self, errno, err);
        if (written > 0) {
            bytes += written;
            n -= (size_t)written;
        }
    }
    return LTV_OK;
}

static ltv_status write_below_limit(const atomic_file *self, const void *bytes, size_t n,
                                    ltv_error *err)
{
    ltv_size_limit limit = ltv_size_limit_hold();
    ltv_status status = write_bytes(self, bytes, n, err);
    ltv_size_limit_release(&limit);
    return status;
}

/* The rename itself must last, too. Some file systems cannot sync a folder (EINVAL), and a folder
 * may be closed to reading: then there is nothing to be done. */
static ltv_status sync_folder(const atomic_file *self, ltv_error *err)
{
    int fd = open(self->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return LTV_OK;
    int number = fsync(fd) == 0 ? 0 : errno;
    close(fd);
    return number == 0 || number == EINVAL ? LTV_OK : fail_errno(self, number, err);
}

static ltv_status commit(atomic_file *self, ltv_error *err)
{
    if (self->replaces && fchmod(self->fd, self->mode) != 0)
        return fail_errno(self, errno, err);
    if (fsync(self->fd) != 0)
        return fail_errno(self, errno, err);
    int closed = close(self->fd);
    self->fd = -1;
    if (closed != 0 && errno != EINTR)
        return fail_errno(self, errno, err);
    if (rename(self->temporary, self->target) != 0)
        return fail_errno(self, errno, err);
    free(self->temporary);
    self->temporary = NULL;
    return sync_folder(self, err);
}

ltv_status ltv_atomic_write(const char *path, const void *bytes, size_t n, ltv_error *err)
{
    atomic_file self;
    ltv_status status = prepare(&self, path, err);
    if (status == LTV_OK)
        status = write_below_limit(&self, bytes, n, err);
    if (status == LTV_OK)
        status = commit(&self, err);
    release(&self);
    return status;
}

ltv_status ltv_atomic_check(const char *path, ltv_error *err)
{
    atomic_file self;
    ltv_status status = prepare(&self, path, err);
    release(&self);
    return status;
}
