/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/io/results/hdf5_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/io/results/atomic_file.h"
#include "sim/io/results/hdf5_session.h"
#include "sim/io/results/results_schema.h"
#include "sim/io/results/seal.h"

/* Small datasets live inside their object header, whose checksum covers them there. */
enum { COMPACT_BYTES = 60000 };

typedef struct {
    const ltv_document *doc;
    hid_t file;
    hid_t utf8_names; /* link creation */
    hid_t group_list;
    hid_t compact_list;    /* dataset creation, for small ones */
    hid_t contiguous_list; /* and for large ones */
} writer;

/* Objects without time stamps, so that equal documents make equal bytes, and with their attributes
 * in the order of the document. */
static bool set_object_options(hid_t list)
{
    unsigned order = H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED;
    return ltv_hdf5_valid(list) && H5Pset_obj_track_times(list, false) >= 0 &&
           H5Pset_attr_creation_order(list, order) >= 0 &&
           H5Pset_attr_phase_change(list, 64, 32) >= 0;
}

static bool set_group_options(hid_t list)
{
    unsigned order = H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED;
    return set_object_options(list) && H5Pset_link_creation_order(list, order) >= 0;
}

/* A file in memory only. The oldest superblock is asked for since H5Fget_file_image leaves newer
 * ones with a wrong checksum (HDFGroup/hdf5 issue 1915). Objects whose attributes keep their order
 * have headers of version 2 nevertheless, which carry a checksum. */
static hid_t create_image(void)
{
    hid_t access = H5Pcreate(H5P_FILE_ACCESS), creation = H5Pcreate(H5P_FILE_CREATE);
    hid_t file = H5I_INVALID_HID;
    if (ltv_hdf5_valid(access) && set_group_options(creation) &&
        H5Pset_fapl_core(access, 1 << 20, false) >= 0 &&
        H5Pset_libver_bounds(access, H5F_LIBVER_EARLIEST, H5F_LIBVER_V18) >= 0 &&
        H5Pset_fclose_degree(access, H5F_CLOSE_STRONG) >= 0)
        file = H5Fcreate("results.h5", H5F_ACC_TRUNC, creation, access);
    ltv_hdf5_close(creation);
    ltv_hdf5_close(access);
    return file;
}

static bool writer_init(writer *self, const ltv_document *doc)
{
    self->doc = doc;
    self->file = create_image();
    self->utf8_names = H5Pcreate(H5P_LINK_CREATE);
    self->group_list = H5Pcreate(H5P_GROUP_CREATE);
    self->compact_list = H5Pcreate(H5P_DATASET_CREATE);
    self->contiguous_list = H5Pcreate(H5P_DATASET_CREATE);
    return ltv_hdf5_valid(self->file) && ltv_hdf5_valid(self->utf8_names) &&
           H5Pset_char_encoding(self->utf8_names, H5T_CSET_UTF8) >= 0 &&
           set_group_options(self->group_list) && set_object_options(self->compact_list) &&
           H5Pset_layout(self->compact_list, H5D_COMPACT) >= 0 &&
           set_object_options(self->contiguous_list);
}

static void writer_free(writer *self)
{
    ltv_hdf5_close(self->contiguous_list);
    ltv_hdf5_close(self->compact_list);
    ltv_hdf5_close(self->group_list);
    ltv_hdf5_close(self->utf8_names);
    ltv_hdf5_close(self->file);
}

/* A UTF-8 string of `size` bytes without a closing NUL, or H5T_VARIABLE. */
static hid_t string_type(size_t size)
{
    hid_t type = H5Tcopy(H5T_C_S1);
    if (ltv_hdf5_valid(type) &&
        (H5Tset_size(type, size) < 0 || H5Tset_cset(type, H5T_CSET_UTF8) < 0 ||
         H5Tset_strpad(type, H5T_STR_NULLPAD) < 0)) {
        ltv_hdf5_close(type);
        return H5I_INVALID_HID;
    }
    return type;
}

/* The type of values in the file, which is the same on every machine. Owned. */
static hid_t file_type(ltv_value_type type)
{
    switch (type) {
    case LTV_TYPE_INT64:
        return H5Tcopy(H5T_STD_I64LE);
    case LTV_TYPE_DOUBLE:
        return H5Tcopy(H5T_IEEE_F64LE);
    case LTV_TYPE_STRING:
        return string_type(H5T_VARIABLE);
    }
    return H5I_INVALID_HID;
}

static hid_t memory_type(ltv_value_type type)
{
    switch (type) {
    case LTV_TYPE_INT64:
        return H5Tcopy(H5T_NATIVE_INT64);
    case LTV_TYPE_DOUBLE:
        return H5Tcopy(H5T_NATIVE_DOUBLE);
    case LTV_TYPE_STRING:
        return string_type(H5T_VARIABLE);
    }
    return H5I_INVALID_HID;
}

static const void *values_data(const ltv_values *values)
{
    if (values->type == LTV_TYPE_INT64)
        return values->int64;
    if (values->type == LTV_TYPE_DOUBLE)
        return values->real;
    return values->string;
}

static bool write_attribute(hid_t object, const ltv_values *values)
{
    hsize_t n = values->n;
    hid_t space = values->is_list ? H5Screate_simple(1, &n, NULL) : H5Screate(H5S_SCALAR);
    hid_t stored = file_type(values->type), given = memory_type(values->type);
    hid_t attribute = H5I_INVALID_HID;
    if (ltv_hdf5_valid(space) && ltv_hdf5_valid(stored) && ltv_hdf5_valid(given))
        attribute = H5Acreate2(object, values->name, stored, space, H5P_DEFAULT, H5P_DEFAULT);
    bool ok = ltv_hdf5_valid(attribute) && H5Awrite(attribute, given, values_data(values)) >= 0;
    ltv_hdf5_close(attribute);
    ltv_hdf5_close(given);
    ltv_hdf5_close(stored);
    ltv_hdf5_close(space);
    return ok;
}

static bool write_attributes(hid_t object, const ltv_node *node)
{
    for (size_t i = 0; i < node->n_attributes; i++)
        if (!write_attribute(object, &node->attributes[i]))
            return false;
    return true;
}

static hid_t create_dataset(const writer *self, const char *path, hid_t type, hid_t space)
{
    size_t bytes = (size_t)H5Sget_simple_extent_npoints(space) * H5Tget_size(type);
    return H5Dcreate2(self->file, path, type, space, self->utf8_names,
                      bytes <= COMPACT_BYTES ? self->compact_list : self->contiguous_list,
                      H5P_DEFAULT);
}

static bool write_group(const writer *self, const ltv_node *node)
{
    hid_t group =
        strcmp(node->path, "/") == 0
            ? H5Gopen2(self->file, "/", H5P_DEFAULT)
            : H5Gcreate2(self->file, node->path, self->utf8_names, self->group_list, H5P_DEFAULT);
    bool ok = ltv_hdf5_valid(group) && write_attributes(group, node);
    ltv_hdf5_close(group);
    return ok;
}

static bool write_array(const writer *self, const ltv_node *node)
{
    hsize_t extent[2] = {node->extent[0], node->extent[1]};
    hid_t space = H5Screate_simple(node->rank, extent, NULL);
    hid_t stored = file_type(node->type), given = memory_type(node->type);
    hid_t dataset = H5I_INVALID_HID;
    if (ltv_hdf5_valid(space) && ltv_hdf5_valid(stored) && ltv_hdf5_valid(given))
        dataset = create_dataset(self, node->path, stored, space);
    const void *data = node->type == LTV_TYPE_INT64 ? (const void *)node->int64 : node->real;
    bool ok = ltv_hdf5_valid(dataset) &&
              H5Dwrite(dataset, given, H5S_ALL, H5S_ALL, H5P_DEFAULT, data) >= 0 &&
              write_attributes(dataset, node);
    ltv_hdf5_close(dataset);
    ltv_hdf5_close(given);
    ltv_hdf5_close(stored);
    ltv_hdf5_close(space);
    return ok;
}

/* Strings of equal width, that of the longest. */
static bool write_strings(const writer *self, const ltv_node *node)
{
    hsize_t n = node->extent[0];
    size_t width = 1;
    for (size_t i = 0; i < n; i++)
        width = strlen(node->string[i]) > width ? strlen(node->string[i]) : width;
    char *data = calloc(n + 1, width);
    for (size_t i = 0; data != NULL && i < n; i++)
        memcpy(data + i * width, node->string[i], strlen(node->string[i]));
    hid_t space = H5Screate_simple(1, &n, NULL), type = string_type(width);
    hid_t dataset = H5I_INVALID_HID;
    if (data != NULL && ltv_hdf5_valid(space) && ltv_hdf5_valid(type))
        dataset = create_dataset(self, node->path, type, space);
    bool ok = ltv_hdf5_valid(dataset) &&
              H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data) >= 0 &&
              write_attributes(dataset, node);
    ltv_hdf5_close(dataset);
    ltv_hdf5_close(type);
    ltv_hdf5_close(space);
    free(data);
    return ok;
}

static bool write_text(const writer *self, const ltv_node *node)
{
    size_t length = strlen(node->text);
    hid_t space = H5Screate(H5S_SCALAR), type = string_type(length > 0 ? length : 1);
    hid_t dataset = H5I_INVALID_HID;
    if (ltv_hdf5_valid(space) && ltv_hdf5_valid(type))
        dataset = create_dataset(self, node->path, type, space);
    bool ok = ltv_hdf5_valid(dataset) &&
              H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, node->text) >= 0 &&
              write_attributes(dataset, node);
    ltv_hdf5_close(dataset);
    ltv_hdf5_close(type);
    ltv_hdf5_close(space);
    return ok;
}

/* ---- tables ---- */

/* Bytes of one field; strings have the width of the longest in the column. */
static size_t column_width(const ltv_values *column)
{
    size_t width = 1;
    if (column->type != LTV_TYPE_STRING)
        return sizeof(double);
    for (size_t i = 0; i < column->n; i++) {
        size_t length = strlen(column->string[i]);
        width = length > width ? length : width;
    }
    return width;
}

static size_t row_width(const ltv_node *table)
{
    size_t width = 0;
    for (size_t i = 0; i < table->n_columns; i++)
        width += column_width(&table->columns[i]);
    return width;
}

/* The compound type of a row: `as_type` gives the type of the numbers in it. */
static hid_t row_type(const ltv_node *table, hid_t (*as_type)(ltv_value_type))
{
    size_t offset = 0;
    hid_t row = H5Tcreate(H5T_COMPOUND, row_width(table));
    for (size_t i = 0; ltv_hdf5_valid(row) && i < table->n_columns; i++) {
        const ltv_values *column = &table->columns[i];
        size_t width = column_width(column);
        hid_t type = column->type == LTV_TYPE_STRING ? string_type(width) : as_type(column->type);
        bool ok = ltv_hdf5_valid(type) && H5Tinsert(row, column->name, offset, type) >= 0;
        ltv_hdf5_close(type);
        if (!ok) {
            ltv_hdf5_close(row);
            return H5I_INVALID_HID;
        }
        offset += width;
    }
    return row;
}

/* The rows as H5Dwrite takes them. Owned; NULL when memory is short. */
static char *pack_rows(const ltv_node *table)
{
    size_t row = row_width(table), offset = 0;
    char *rows = calloc(table->n_rows + 1, row);
    for (size_t c = 0; rows != NULL && c < table->n_columns; c++) {
        const ltv_values *column = &table->columns[c];
        for (size_t r = 0; r < table->n_rows; r++) {
            char *field = rows + r * row + offset;
            if (column->type == LTV_TYPE_INT64)
                memcpy(field, &column->int64[r], sizeof column->int64[r]);
            else if (column->type == LTV_TYPE_DOUBLE)
                memcpy(field, &column->real[r], sizeof column->real[r]);
            else
                memcpy(field, column->string[r], strlen(column->string[r]));
        }
        offset += column_width(column);
    }
    return rows;
}

static bool write_table(const writer *self, const ltv_node *node)
{
    hsize_t n = node->n_rows;
    char *rows = pack_rows(node);
    hid_t space = H5Screate_simple(1, &n, NULL);
    hid_t stored = row_type(node, file_type), given = row_type(node, memory_type);
    hid_t dataset = H5I_INVALID_HID;
    if (rows != NULL && ltv_hdf5_valid(space) && ltv_hdf5_valid(stored) && ltv_hdf5_valid(given))
        dataset = create_dataset(self, node->path, stored, space);
    bool ok = ltv_hdf5_valid(dataset) &&
              H5Dwrite(dataset, given, H5S_ALL, H5S_ALL, H5P_DEFAULT, rows) >= 0 &&
              write_attributes(dataset, node);
    ltv_hdf5_close(dataset);
    ltv_hdf5_close(given);
    ltv_hdf5_close(stored);
    ltv_hdf5_close(space);
    free(rows);
    return ok;
}

static bool write_node(const writer *self, const ltv_node *node)
{
    switch (node->kind) {
    case LTV_NODE_GROUP:
        return write_group(self, node);
    case LTV_NODE_ARRAY:
        return node->type == LTV_TYPE_STRING ? write_strings(self, node) : write_array(self, node);
    case LTV_NODE_TABLE:
        return write_table(self, node);
    case LTV_NODE_TEXT:
        return write_text(self, node);
    }
    return false;
}

/* ---- dimension scales ----
 *
 * What H5DSset_scale and H5DSattach_scale of the high-level library would write ("HDF5 Dimension
 * Scale Specification"), but the list of users of a scale at once: attaching one by one copies it
 * each time. */

typedef struct {
    hobj_ref_t dataset;
    int dimension;
} scale_user;

static bool write_dimension_list(const writer *self, const char *path, const char *scale)
{
    hobj_ref_t reference;
    hvl_t list = {.len = 1, .p = &reference};
    hsize_t rank = 1;
    hid_t dataset = H5Dopen2(self->file, path, H5P_DEFAULT);
    hid_t space = H5Screate_simple(1, &rank, NULL), type = H5Tvlen_create(H5T_STD_REF_OBJ);
    hid_t attribute = H5I_INVALID_HID;
    if (ltv_hdf5_valid(dataset) && ltv_hdf5_valid(space) && ltv_hdf5_valid(type) &&
        H5Rcreate(&reference, self->file, scale, H5R_OBJECT, H5I_INVALID_HID) >= 0)
        attribute = H5Acreate2(dataset, "DIMENSION_LIST", type, space, H5P_DEFAULT, H5P_DEFAULT);
    bool ok = ltv_hdf5_valid(attribute) && H5Awrite(attribute, type, &list) >= 0;
    ltv_hdf5_close(attribute);
    ltv_hdf5_close(type);
    ltv_hdf5_close(space);
    ltv_hdf5_close(dataset);
    return ok;
}

static bool write_reference_list(hid_t scale, size_t n_users, const scale_user *users)
{
    hsize_t n = n_users;
    hid_t space = H5Screate_simple(1, &n, NULL);
    hid_t type = H5Tcreate(H5T_COMPOUND, sizeof *users);
    hid_t attribute = H5I_INVALID_HID;
    if (ltv_hdf5_valid(space) && ltv_hdf5_valid(type) &&
        H5Tinsert(type, "dataset", offsetof(scale_user, dataset), H5T_STD_REF_OBJ) >= 0 &&
        H5Tinsert(type, "dimension", offsetof(scale_user, dimension), H5T_NATIVE_INT) >= 0)
        attribute = H5Acreate2(scale, "REFERENCE_LIST", type, space, H5P_DEFAULT, H5P_DEFAULT);
    bool ok = ltv_hdf5_valid(attribute) && H5Awrite(attribute, type, users) >= 0;
    ltv_hdf5_close(attribute);
    ltv_hdf5_close(type);
    ltv_hdf5_close(space);
    return ok;
}

/* Fixed-length, as the specification has it. */
static bool write_label(hid_t object, const char *name, const char *text)
{
    hid_t space = H5Screate(H5S_SCALAR), type = H5Tcopy(H5T_C_S1);
    hid_t attribute = H5I_INVALID_HID;
    if (ltv_hdf5_valid(space) && ltv_hdf5_valid(type) && H5Tset_size(type, strlen(text) + 1) >= 0)
        attribute = H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
    bool ok = ltv_hdf5_valid(attribute) && H5Awrite(attribute, type, text) >= 0;
    ltv_hdf5_close(attribute);
    ltv_hdf5_close(type);
    ltv_hdf5_close(space);
    return ok;
}

static bool uses_scale(const ltv_node *node, const char *scale)
{
    const ltv_results_item *item =
        node->kind == LTV_NODE_ARRAY ? ltv_results_find(node->path, NULL) : NULL;
    return item != NULL && item->scale != NULL && strcmp(item->scale, scale) == 0;
}

static bool write_scale(const writer *self, const char *path)
{
    const ltv_document *doc = self->doc;
    size_t n = 0;
    scale_user *users = calloc(doc->n + 1, sizeof *users); /* padding is written, too: clear it */
    hid_t scale = H5Dopen2(self->file, path, H5P_DEFAULT);
    bool ok = users != NULL && ltv_hdf5_valid(scale) &&
              write_label(scale, "CLASS", "DIMENSION_SCALE") &&
              write_label(scale, "NAME", path + 1);
    for (size_t i = 0; ok && i < doc->n; i++) {
        if (!uses_scale(&doc->nodes[i], path))
            continue;
        const char *user = doc->nodes[i].path;
        ok = write_dimension_list(self, user, path) &&
             H5Rcreate(&users[n++].dataset, self->file, user, H5R_OBJECT, H5I_INVALID_HID) >= 0;
    }
    ok = ok && (n == 0 || write_reference_list(scale, n, users));
    ltv_hdf5_close(scale);
    free(users);
    return ok;
}

static bool write_scales(const writer *self)
{
    for (size_t i = 0; i < self->doc->n; i++) {
        const ltv_node *node = &self->doc->nodes[i];
        if (node->kind == LTV_NODE_ARRAY && ltv_results_is_scale(node->path) &&
            !write_scale(self, node->path))
            return false;
    }
    return true;
}

/* ---- links ---- */

/* NeXus wants the axes of a plot inside its group: the scale of the root gets a second name there.
 */
static bool link_axis(const writer *self, const ltv_node *group, const char *axis)
{
    char *link = NULL, *scale = NULL;
    bool ok = asprintf(&link, "%s/%s", group->path, axis) >= 0;
    ok = ok && asprintf(&scale, "/%s", axis) >= 0;
    if (ok && ltv_document_find(self->doc, link) == NULL &&
        ltv_document_find(self->doc, scale) != NULL)
        ok =
            H5Lcreate_hard(self->file, scale, self->file, link, self->utf8_names, H5P_DEFAULT) >= 0;
    free(link);
    free(scale);
    return ok;
}

static bool write_links(const writer *self)
{
    for (size_t i = 0; i < self->doc->n; i++) {
        const ltv_node *node = &self->doc->nodes[i];
        const ltv_values *axes = ltv_node_attribute(node, "axes");
        if (node->kind != LTV_NODE_GROUP || axes == NULL || axes->type != LTV_TYPE_STRING)
            continue;
        for (size_t a = 0; a < axes->n; a++)
            if (!link_axis(self, node, axes->string[a]))
                return false;
    }
    return true;
}

static bool write_all(const writer *self)
{
    for (size_t i = 0; i < self->doc->n; i++)
        if (!write_node(self, &self->doc->nodes[i]))
            return false;
    return write_scales(self) && write_links(self) && H5Fflush(self->file, H5F_SCOPE_GLOBAL) >= 0;
}

/* The bytes of the finished file, sealed. Owned; NULL on failure. */
static char *take_image(const writer *self, size_t *n)
{
    ssize_t size = H5Fget_file_image(self->file, NULL, 0);
    char *image = size > 0 ? malloc((size_t)size + LTV_SEAL_SIZE) : NULL;
    if (image == NULL)
        return NULL;
    if (H5Fget_file_image(self->file, image, (size_t)size) != size) {
        free(image);
        return NULL;
    }
    ltv_seal_make(image + size, image, (size_t)size);
    *n = (size_t)size + LTV_SEAL_SIZE;
    return image;
}

ltv_status ltv_hdf5_write(const ltv_document *doc, const char *path, ltv_error *err)
{
    writer self;
    size_t n = 0;
    ltv_hdf5_session session = ltv_hdf5_enter();
    char *image = writer_init(&self, doc) && write_all(&self) ? take_image(&self, &n) : NULL;
    writer_free(&self);
    ltv_hdf5_leave(session);
    /* With sound input the library has no other reason to fail in memory. */
    ltv_status status =
        image == NULL ? ltv_fail(err, LTV_ERR_NO_MEMORY, "out of memory while writing '%s'", path)
                      : ltv_atomic_write(path, image, n, err);
    free(image);
    return status;
}
