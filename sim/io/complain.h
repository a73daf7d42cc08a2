/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_IO_COMPLAIN_H
#define LTV_SIM_IO_COMPLAIN_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* Where in the input something stands, and the one way of saying what is wrong there. */

typedef struct {
    const char *file;      /* borrowed; the name the user knows it by */
    const char *override;  /* borrowed; "--set PATH=VALUE" if it comes from one, else NULL */
    uint32_t line, column; /* from 1, columns in characters; 0 when the file as a whole is meant */
} ltv_place;

/* Records "PLACE: PATH: sentence" as LTV_ERR_BAD_INPUT and returns that. `path` may be NULL or
 * empty. */
ltv_status ltv_complain(ltv_error *err, const ltv_place *place, const char *path,
                        const char *format, ...) __attribute__((format(printf, 4, 5), cold));

enum { LTV_SHOWN_SIZE = 96 };

/* `text` fit for a message: shortened at a character boundary, control characters and malformed
 * bytes replaced by '?'. Returns `shown`. */
const char *ltv_shown(char shown[LTV_SHOWN_SIZE], const char *text);

/* Length in bytes of the well-formed UTF-8 character at text[0 ... left), 0 if it is malformed
 * or left is 0. The code point goes to *code_point. */
size_t ltv_utf8_next(const char *text, size_t left, uint32_t *code_point);

#endif
