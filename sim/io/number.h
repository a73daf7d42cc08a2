/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_IO_NUMBER_H
#define LTV_SIM_IO_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Numbers as people write them: 3%, ３％, x1.9, 1e6, 1,000. They are held as exact decimals, so
 * that 3% is the same double as 0.03 and 1 - 97% the same as 3%, whatever the locale. */

enum { LTV_NUMBER_MAX_LENGTH = 400, LTV_DECIMAL_DIGITS = 2 * LTV_NUMBER_MAX_LENGTH };

/* (-1)^negative x digits x 10^exponent, digits read as a whole number. */
typedef struct {
    bool negative;
    int exponent;
    size_t n;                            /* digits; 0 means the number zero */
    char digits[LTV_DECIMAL_DIGITS + 1]; /* '0' ... '9', no zero at either end, NUL-terminated */
} ltv_decimal;

/* Which marks may stand at a number. */
typedef enum {
    LTV_MARK_NONE = 0,
    LTV_MARK_PERCENT = 1, /* 3% */
    LTV_MARK_TIMES = 2,   /* x1.9 */
    LTV_MARK_MONEY = 4    /* none, and people tend to write changes: +10%, x1.1 */
} ltv_number_marks;

enum { LTV_WHY_SIZE = 256 };

/* Reads all of `text`. On failure returns false and writes what is wrong with it, the part of
 * a sentence that follows the number ("has a decimal comma; write 3.5%"), into `why`. */
bool ltv_decimal_parse(ltv_decimal *number, const char *text, unsigned marks,
                       char why[LTV_WHY_SIZE]);

/* The nearest double (an infinity when the number is too large for one); never -0. */
double ltv_decimal_value(const ltv_decimal *number);

/* True when it is a whole number 0 ... 2^64 - 1, which goes to *whole. */
bool ltv_decimal_whole(const ltv_decimal *number, uint64_t *whole);

/* Replaces a number in (0, 1] by 1 minus it, without rounding. One with more decimals than
 * LTV_DECIMAL_DIGITS becomes 1; one outside (0, 1] becomes 0. */
void ltv_decimal_one_minus(ltv_decimal *number);

enum { LTV_DOUBLE_TEXT_SIZE = 32 };

/* The shortest decimal text that reads back as the same finite double, for example "0.631". */
const char *ltv_double_text(char text[LTV_DOUBLE_TEXT_SIZE], double value);

#endif
