/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/io/results/hdf5_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/io/complain.h"
#include "sim/io/results/hdf5_session.h"
#include "sim/io/results/results_schema.h"
#include "sim/io/results/seal.h"

/* Far above what a results file needs; a damaged one must not keep us busy for ever. */
enum { MAX_DEPTH = 16, MAX_NODES = 1 << 20, MAX_BYTES = 1 << 30 };

/* ---- the bytes ---- */

static ltv_status unreadable(const char *path, int number, ltv_error *err)
{
    bool is_missing = number == ENOENT || number == ENOTDIR;
    return ltv_fail(err, is_missing ? LTV_ERR_NOT_FOUND : LTV_ERR_READ_FAILED,
                    "cannot read '%s': %s", path, strerror(number));
}

static ltv_status read_bytes(int fd, char *bytes, size_t n, const char *path, ltv_error *err)
{
    while (n > 0) {
        ssize_t got = read(fd, bytes, n);
        if (got < 0 && errno != EINTR)
            return unreadable(path, errno, err);
        if (got == 0)
            return ltv_fail(err, LTV_ERR_READ_FAILED, "cannot read '%s': it shrank meanwhile",
                            path);
        if (got > 0) {
            bytes += got;
            n -= (size_t)got;
        }
    }
    return LTV_OK;
}

static ltv_status read_open_file(int fd, const char *path, char **bytes, size_t *n, ltv_error *err)
{
    struct stat info;
    if (fstat(fd, &info) != 0)
        return unreadable(path, errno, err);
    if (S_ISDIR(info.st_mode))
        return ltv_fail(err, LTV_ERR_NOT_RESULTS, "cannot read '%s': it is a folder", path);
    if (!S_ISREG(info.st_mode))
        return ltv_fail(err, LTV_ERR_NOT_RESULTS, "cannot read '%s': it is not a regular file",
                        path);
    *n = (size_t)info.st_size;
    *bytes = malloc(*n + 1);
    if (*bytes == NULL)
        return ltv_fail(err, LTV_ERR_NO_MEMORY, "out of memory while reading '%s'", path);
    return read_bytes(fd, *bytes, *n, path, err);
}

/* Reading the whole file ourselves tells a missing or shortened file from a damaged one, and
 * needs no file locks, which HDF5 would take and some file systems do not have. */
static ltv_status read_file(const char *path, char **bytes, size_t *n, ltv_error *err)
{
    /* O_NONBLOCK: opening a named pipe must not wait for somebody to write to it. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return unreadable(path, errno, err);
    ltv_status status = read_open_file(fd, path, bytes, n, err);
    close(fd);
    return status;
}

static hid_t open_image(void *bytes, size_t n)
{
    hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    hid_t file = H5I_INVALID_HID;
    if (ltv_hdf5_valid(access) && H5Pset_fapl_core(access, 1 << 20, false) >= 0 &&
        H5Pset_file_image(access, bytes, n) >= 0 &&
        H5Pset_fclose_degree(access, H5F_CLOSE_STRONG) >= 0)
        file = H5Fopen("results.h5", H5F_ACC_RDONLY, access);
    ltv_hdf5_close(access);
    return file;
}

/* ---- values ----
 *
 * Functions that read return false when the file is damaged or memory is short, and true without
 * adding anything for what a results file of this major version has no place for. */

typedef struct {
    ltv_document *doc;
    size_t n_shared, capacity;
    haddr_t *shared; /* owned; objects with several links that have been read already */
} reader;

/* How numbers and strings of an HDF5 type are read. */
typedef struct {
    bool known;
    ltv_value_type type;
    hid_t memory;  /* owned */
    size_t size;   /* of one value in memory */
    bool variable; /* strings: pointers to text, else `size` bytes each */
} value_layout;

static value_layout layout_of(hid_t stored)
{
    value_layout layout = {.memory = H5I_INVALID_HID};
    switch (H5Tget_class(stored)) {
    case H5T_INTEGER:
        layout.type = LTV_TYPE_INT64;
        layout.memory = H5Tcopy(H5T_NATIVE_INT64);
        break;
    case H5T_FLOAT:
        layout.type = LTV_TYPE_DOUBLE;
        layout.memory = H5Tcopy(H5T_NATIVE_DOUBLE);
        break;
    case H5T_STRING:
        layout.type = LTV_TYPE_STRING;
        layout.memory = H5Tcopy(stored);
        layout.variable = H5Tis_variable_str(stored) > 0;
        break;
    default:
        return layout;
    }
    layout.known = ltv_hdf5_valid(layout.memory);
    layout.size = layout.known ? H5Tget_size(layout.memory) : 0;
    return layout;
}

static bool is_utf8(const char *text)
{
    uint32_t code;
    size_t left = strlen(text);
    while (left > 0) {
        size_t n = ltv_utf8_next(text, left, &code);
        if (n == 0)
            return false;
        text += n;
        left -= n;
    }
    return true;
}

/* The i-th string of a buffer that HDF5 has filled. Owned; NULL when malformed or out of memory. */
static char *take_string(const value_layout *layout, const char *buffer, size_t i)
{
    const char *at = buffer + i * layout->size;
    char *text = NULL;
    if (layout->variable) {
        const char *pointer;
        memcpy(&pointer, at, sizeof pointer);
        text = strdup(pointer == NULL ? "" : pointer);
    } else {
        text = calloc(layout->size + 1, 1); /* no end is written where all bytes are taken */
        if (text != NULL)
            memcpy(text, at, layout->size);
    }
    if (text != NULL && !is_utf8(text)) {
        free(text);
        return NULL;
    }
    return text;
}

static char **take_strings(const value_layout *layout, const char *buffer, size_t n)
{
    char **strings = calloc(n + 1, sizeof *strings);
    for (size_t i = 0; strings != NULL && i < n; i++) {
        strings[i] = take_string(layout, buffer, i);
        if (strings[i] == NULL) {
            ltv_names_free(strings, i);
            return NULL;
        }
    }
    return strings;
}

/* Number of values in a space, 0 for none or more than can be. */
static size_t count_values(hid_t space, size_t size)
{
    hssize_t n = H5Sget_simple_extent_npoints(space);
    return n > 0 && size > 0 && (uint64_t)n <= MAX_BYTES / size ? (size_t)n : 0;
}

/* ---- attributes ---- */

/* Those that HDF5's dimension scales consist of; the writer makes them anew. */
static bool is_scale_attribute(const char *name)
{
    static const char *const names[] = {"CLASS", "NAME", "DIMENSION_LIST", "REFERENCE_LIST"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

static bool set_string_attribute(reader *self, ltv_node *node, const char *name,
                                 const value_layout *layout, const char *buffer, size_t n,
                                 bool is_list)
{
    char **strings = take_strings(layout, buffer, n);
    if (strings == NULL)
        return false;
    if (is_list)
        ltv_node_set_strings(self->doc, node, name, n, (const char *const *)strings);
    else
        ltv_node_set_string(self->doc, node, name, strings[0]);
    ltv_names_free(strings, n);
    return true;
}

static bool set_attribute(reader *self, ltv_node *node, const char *name,
                          const value_layout *layout, const char *buffer, size_t n, int rank)
{
    if (layout->type == LTV_TYPE_STRING)
        return set_string_attribute(self, node, name, layout, buffer, n, rank == 1);
    if (rank == 0 && layout->type == LTV_TYPE_INT64)
        ltv_node_set_int64(self->doc, node, name, *(const int64_t *)(const void *)buffer);
    else if (rank == 0)
        ltv_node_set_real(self->doc, node, name, *(const double *)(const void *)buffer);
    return true; /* lists of numbers have no place in a document */
}

static bool read_values(reader *self, ltv_node *node, hid_t attribute, const char *name,
                        hid_t space, const value_layout *layout)
{
    int rank = H5Sget_simple_extent_ndims(space);
    size_t n = count_values(space, layout->size);
    if (rank < 0)
        return false;
    if (rank > 1 || n == 0)
        return true;
    char *buffer = calloc(n + 1, layout->size);
    bool ok = buffer != NULL && H5Aread(attribute, layout->memory, buffer) >= 0;
    if (ok) {
        ok = set_attribute(self, node, name, layout, buffer, n, rank);
        if (layout->variable)
            H5Dvlen_reclaim(layout->memory, space, H5P_DEFAULT, buffer);
    }
    free(buffer);
    return ok;
}

typedef struct {
    reader *self;
    ltv_node *node;
} attribute_visit;

static herr_t visit_attribute(hid_t object, const char *name, const H5A_info_t *info, void *context)
{
    (void)info;
    attribute_visit *visit = context;
    if (is_scale_attribute(name))
        return 0;
    hid_t attribute = H5Aopen(object, name, H5P_DEFAULT);
    if (!ltv_hdf5_valid(attribute))
        return -1;
    hid_t stored = H5Aget_type(attribute), space = H5Aget_space(attribute);
    bool ok = ltv_hdf5_valid(stored) && ltv_hdf5_valid(space);
    value_layout layout = {.memory = H5I_INVALID_HID};
    if (ok)
        layout = layout_of(stored);
    if (ok && layout.known)
        ok = read_values(visit->self, visit->node, attribute, name, space, &layout);
    ltv_hdf5_close(layout.memory);
    ltv_hdf5_close(space);
    ltv_hdf5_close(stored);
    ltv_hdf5_close(attribute);
    return ok ? 0 : -1;
}

/* By order of creation where the object keeps it (all that we write do), else by name. */
static H5_index_t attribute_index(hid_t object, H5I_type_t type)
{
    unsigned order = 0;
    hid_t list = type == H5I_GROUP ? H5Gget_create_plist(object) : H5Dget_create_plist(object);
    if (ltv_hdf5_valid(list))
        H5Pget_attr_creation_order(list, &order);
    ltv_hdf5_close(list);
    return (order & H5P_CRT_ORDER_TRACKED) != 0 ? H5_INDEX_CRT_ORDER : H5_INDEX_NAME;
}

static bool read_attributes(reader *self, ltv_node *node, hid_t object, H5I_type_t type)
{
    hsize_t at = 0;
    attribute_visit visit = {self, node};
    return node != NULL && H5Aiterate2(object, attribute_index(object, type), H5_ITER_INC, &at,
                                       visit_attribute, &visit) >= 0;
}

/* ---- datasets ---- */

static ltv_node *read_array(reader *self, hid_t dataset, const char *path, hid_t space,
                            const value_layout *layout)
{
    hsize_t extent[2] = {1, 1};
    int rank = H5Sget_simple_extent_dims(space, extent, NULL);
    size_t n = count_values(space, layout->size);
    char *buffer = n > 0 ? calloc(n, layout->size) : NULL;
    ltv_node *node = NULL;
    if (buffer != NULL &&
        H5Dread(dataset, layout->memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, buffer) >= 0) {
        size_t sizes[2] = {(size_t)extent[0], (size_t)extent[1]};
        node = layout->type == LTV_TYPE_INT64
                   ? ltv_document_array_int64(self->doc, path, rank, sizes, (void *)buffer)
                   : ltv_document_array(self->doc, path, rank, sizes, (void *)buffer);
    }
    free(buffer);
    return node;
}

static ltv_node *read_strings(reader *self, hid_t dataset, const char *path, hid_t space,
                              const value_layout *layout)
{
    size_t n = count_values(space, layout->size);
    char *buffer = n > 0 ? calloc(n, layout->size) : NULL;
    ltv_node *node = NULL;
    if (buffer == NULL ||
        H5Dread(dataset, layout->memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, buffer) < 0) {
        free(buffer);
        return NULL;
    }
    char **strings = take_strings(layout, buffer, n);
    if (strings != NULL)
        node = ltv_document_array_string(self->doc, path, n, (const char *const *)strings);
    if (layout->variable)
        H5Dvlen_reclaim(layout->memory, space, H5P_DEFAULT, buffer);
    ltv_names_free(strings, strings != NULL ? n : 0);
    free(buffer);
    return node;
}

static ltv_node *read_text(reader *self, hid_t dataset, const char *path, hid_t space,
                           const value_layout *layout)
{
    char *buffer = layout->size <= MAX_BYTES ? calloc(1, layout->size + 1) : NULL;
    if (buffer == NULL ||
        H5Dread(dataset, layout->memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, buffer) < 0) {
        free(buffer);
        return NULL;
    }
    char *text = take_string(layout, buffer, 0);
    ltv_node *node = text == NULL ? NULL : ltv_document_text(self->doc, path, text);
    if (layout->variable)
        H5Dvlen_reclaim(layout->memory, space, H5P_DEFAULT, buffer);
    free(text);
    free(buffer);
    return node;
}

static bool add_column(reader *self, ltv_node *table, const char *name, const value_layout *layout,
                       const char *buffer)
{
    if (layout->type == LTV_TYPE_INT64) {
        ltv_node_column_int64(self->doc, table, name, (const void *)buffer);
    } else if (layout->type == LTV_TYPE_DOUBLE) {
        ltv_node_column_real(self->doc, table, name, (const void *)buffer);
    } else {
        char **strings = take_strings(layout, buffer, table->n_rows);
        if (strings == NULL)
            return false;
        ltv_node_column_string(self->doc, table, name, (const char *const *)strings);
        ltv_names_free(strings, table->n_rows);
    }
    return true;
}

/* Reads one field of all rows, by asking for rows that have no other. */
static bool read_column(reader *self, ltv_node *table, hid_t dataset, hid_t space, const char *name,
                        const value_layout *layout)
{
    if (table->n_rows > MAX_BYTES / layout->size)
        return false;
    char *buffer = calloc(table->n_rows + 1, layout->size);
    hid_t row = H5Tcreate(H5T_COMPOUND, layout->size);
    bool ok = buffer != NULL && ltv_hdf5_valid(row) &&
              H5Tinsert(row, name, 0, layout->memory) >= 0 &&
              H5Dread(dataset, row, H5S_ALL, H5S_ALL, H5P_DEFAULT, buffer) >= 0;
    if (ok) {
        ok = add_column(self, table, name, layout, buffer);
        if (layout->variable)
            H5Dvlen_reclaim(row, space, H5P_DEFAULT, buffer);
    }
    ltv_hdf5_close(row);
    free(buffer);
    return ok;
}

static bool read_columns(reader *self, ltv_node *table, hid_t dataset, hid_t space, hid_t row)
{
    int n = H5Tget_nmembers(row);
    bool ok = n >= 0;
    for (int i = 0; ok && i < n; i++) {
        char *name = H5Tget_member_name(row, (unsigned)i);
        hid_t stored = H5Tget_member_type(row, (unsigned)i);
        value_layout layout = {.memory = H5I_INVALID_HID};
        ok = name != NULL && is_utf8(name) && ltv_hdf5_valid(stored);
        if (ok)
            layout = layout_of(stored);
        if (ok && layout.known && layout.size > 0)
            ok = read_column(self, table, dataset, space, name, &layout);
        ltv_hdf5_close(layout.memory);
        ltv_hdf5_close(stored);
        H5free_memory(name);
    }
    return ok;
}

static ltv_node *read_table(reader *self, hid_t dataset, const char *path, hid_t space, hid_t row)
{
    hssize_t n = H5Sget_simple_extent_npoints(space);
    if (n < 0 || n > MAX_BYTES)
        return NULL;
    ltv_node *table = ltv_document_table(self->doc, path, (size_t)n);
    return table != NULL && read_columns(self, table, dataset, space, row) ? table : NULL;
}

static bool read_typed_dataset(reader *self, hid_t dataset, const char *path, hid_t space,
                               hid_t stored)
{
    int rank = H5Sget_simple_extent_ndims(space);
    value_layout layout = layout_of(stored);
    ltv_node *node = NULL;
    bool known = true;
    if (rank == 1 && H5Tget_class(stored) == H5T_COMPOUND)
        node = read_table(self, dataset, path, space, stored);
    else if (rank == 0 && layout.known && layout.type == LTV_TYPE_STRING)
        node = read_text(self, dataset, path, space, &layout);
    else if ((rank == 1 || rank == 2) && layout.known && layout.type != LTV_TYPE_STRING)
        node = read_array(self, dataset, path, space, &layout);
    else if (rank == 1 && layout.known)
        node = read_strings(self, dataset, path, space, &layout);
    else
        known = false;
    ltv_hdf5_close(layout.memory);
    return !known || read_attributes(self, node, dataset, H5I_DATASET);
}

static bool read_dataset(reader *self, hid_t dataset, const char *path)
{
    hid_t space = H5Dget_space(dataset), stored = H5Dget_type(dataset);
    bool ok = ltv_hdf5_valid(space) && ltv_hdf5_valid(stored) &&
              read_typed_dataset(self, dataset, path, space, stored);
    ltv_hdf5_close(stored);
    ltv_hdf5_close(space);
    return ok;
}

/* ---- groups ---- */

/* True for an object with several names that has been read under another. */
static bool seen_before(reader *self, hid_t object)
{
    H5O_info_t info;
    if (H5Oget_info2(object, &info, H5O_INFO_BASIC) < 0 || info.rc <= 1)
        return false;
    for (size_t i = 0; i < self->n_shared; i++)
        if (self->shared[i] == info.addr)
            return true;
    if (self->n_shared == self->capacity) {
        size_t capacity = 2 * self->capacity + 16;
        haddr_t *shared = realloc(self->shared, capacity * sizeof *shared);
        if (shared == NULL) {
            self->doc->out_of_memory = true;
            return true;
        }
        self->shared = shared;
        self->capacity = capacity;
    }
    self->shared[self->n_shared++] = info.addr;
    return false;
}

typedef struct {
    reader *self;
    const char *path; /* of the group; "" for the root */
    int depth;
} link_visit;

static bool read_group(reader *self, hid_t group, const char *path, int depth);

static bool read_object(reader *self, hid_t object, const char *path, int depth)
{
    H5I_type_t type = H5Iget_type(object);
    if (self->doc->n >= MAX_NODES || depth > MAX_DEPTH)
        return false;
    if (seen_before(self, object))
        return true;
    if (type == H5I_GROUP)
        return read_group(self, object, path, depth);
    return type != H5I_DATASET || read_dataset(self, object, path);
}

static herr_t visit_link(hid_t group, const char *name, const H5L_info_t *info, void *context)
{
    link_visit *visit = context;
    char *path = NULL;
    if (info->type != H5L_TYPE_HARD)
        return 0;
    if (!is_utf8(name) || asprintf(&path, "%s/%s", visit->path, name) < 0)
        return -1;
    hid_t object = H5Oopen(group, name, H5P_DEFAULT);
    bool ok = ltv_hdf5_valid(object) && read_object(visit->self, object, path, visit->depth + 1);
    ltv_hdf5_close(object);
    free(path);
    return ok ? 0 : -1;
}

static H5_index_t link_index(hid_t group)
{
    unsigned order = 0;
    hid_t list = H5Gget_create_plist(group);
    if (ltv_hdf5_valid(list))
        H5Pget_link_creation_order(list, &order);
    ltv_hdf5_close(list);
    return (order & H5P_CRT_ORDER_TRACKED) != 0 ? H5_INDEX_CRT_ORDER : H5_INDEX_NAME;
}

static bool read_group(reader *self, hid_t group, const char *path, int depth)
{
    hsize_t at = 0;
    link_visit visit = {self, path, depth};
    ltv_node *node = ltv_document_group(self->doc, path[0] == '\0' ? "/" : path);
    return read_attributes(self, node, group, H5I_GROUP) &&
           H5Literate(group, link_index(group), H5_ITER_INC, &at, visit_link, &visit) >= 0;
}

/* ---- the file ---- */

static ltv_status damaged(const char *path, ltv_error *err)
{
    return ltv_fail(err, LTV_ERR_READ_FAILED, "cannot read '%s': the file is cut off or damaged",
                    path);
}

/* Reads the attributes of the root alone, to know what the file is before trusting the rest. */
static ltv_status check_format(hid_t root, const char *path, ltv_error *err)
{
    ltv_document head = {0};
    reader self = {.doc = &head};
    bool ok = read_attributes(&self, ltv_document_group(&head, "/"), root, H5I_GROUP);
    const char *format = ltv_document_string(&head, "/@format");
    const char *version = ltv_document_string(&head, "/@format_version");
    ltv_status status = LTV_OK;
    if (format == NULL || strcmp(format, LTV_RESULTS_FORMAT) != 0 || version == NULL)
        status = ok ? ltv_fail(err, LTV_ERR_NOT_RESULTS,
                               "'%s' is an HDF5 file, but not a results file of ltvsim", path)
                    : damaged(path, err);
    else if (strtol(version, NULL, 10) != LTV_RESULTS_MAJOR)
        status = ltv_fail(err, LTV_ERR_NOT_RESULTS,
                          "'%s' has results format %.20s; this version of ltvsim reads format %d",
                          path, version, LTV_RESULTS_MAJOR);
    ltv_document_free(&head);
    return status;
}

/* doc NULL: no further than the format. */
static ltv_status read_root(ltv_document *doc, hid_t root, const char *path, ltv_error *err)
{
    ltv_status status = check_format(root, path, err);
    if (status != LTV_OK || doc == NULL)
        return status;
    reader self = {.doc = doc};
    bool ok = !seen_before(&self, root) && read_group(&self, root, "", 0);
    free(self.shared);
    if (doc->out_of_memory)
        return ltv_fail(err, LTV_ERR_NO_MEMORY, "out of memory while reading '%s'", path);
    return ok ? LTV_OK : damaged(path, err);
}

static ltv_status read_image(ltv_document *doc, char *bytes, size_t n, const char *path,
                             ltv_error *err)
{
    static const char signature[8] = "\211HDF\r\n\032\n";
    size_t end = 0;
    if (n < sizeof signature || memcmp(bytes, signature, sizeof signature) != 0)
        return ltv_fail(err, LTV_ERR_NOT_RESULTS, "'%s' is not a results file of ltvsim%s", path,
                        n == 0 ? ": it is empty" : "");
    if (!ltv_seal_check(bytes, n, &end))
        return damaged(path, err);
    ltv_hdf5_session session = ltv_hdf5_enter();
    hid_t file = open_image(bytes, end);
    hid_t root = ltv_hdf5_valid(file) ? H5Gopen2(file, "/", H5P_DEFAULT) : H5I_INVALID_HID;
    ltv_status status = ltv_hdf5_valid(root) ? read_root(doc, root, path, err) : damaged(path, err);
    ltv_hdf5_close(root);
    ltv_hdf5_close(file);
    ltv_hdf5_leave(session);
    return status;
}

static ltv_status read_or_check(ltv_document *doc, const char *path, ltv_error *err)
{
    char *bytes = NULL;
    size_t n = 0;
    ltv_status status = read_file(path, &bytes, &n, err);
    if (status == LTV_OK)
        status = read_image(doc, bytes, n, path, err);
    free(bytes);
    return status;
}

ltv_status ltv_hdf5_read(ltv_document *doc, const char *path, ltv_error *err)
{
    *doc = (ltv_document){0};
    return read_or_check(doc, path, err);
}

ltv_status ltv_hdf5_check(const char *path, ltv_error *err)
{
    return read_or_check(NULL, path, err);
}
