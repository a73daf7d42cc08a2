/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/io/number.h"

#include <ctype.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/io/complain.h"

/* The text in plain ASCII, from which parsing takes pieces off both ends. */
typedef struct {
    char text[LTV_NUMBER_MAX_LENGTH + 1];
    char *begin, *end;
} ascii;

/* What other scripts and typesetters write for the characters of a number. */
static char plain_character(uint32_t code)
{
    if (code >= 0xFF01 && code <= 0xFF5E) /* full-width ASCII */
        code -= 0xFEE0;
    switch (code) {
    case 0x3000: /* ideographic space */
    case 0x00A0: /* no-break space */
    case 0x202F: /* narrow no-break space */
    case '\t':
        return ' ';
    case 0x2212: /* minus sign */
        return '-';
    case 0x00D7: /* multiplication sign */
        return 'x';
    case 0x00A5: /* yen */
    case 0xFFE5: /* full-width yen */
    case 0x20AC: /* euro */
    case 0x00A3: /* pound */
    case 0x20A9: /* won */
        return '$';
    default:
        return code < 0x80 ? (char)code : '?';
    }
}

static bool to_ascii(ascii *a, const char *text, char why[LTV_WHY_SIZE])
{
    size_t left = strlen(text), n = 0;
    while (left > 0) {
        uint32_t code = '?';
        size_t length = ltv_utf8_next(text, left, &code);
        if (n == LTV_NUMBER_MAX_LENGTH) {
            snprintf(why, LTV_WHY_SIZE, "is too long for a number (at most %d characters)",
                     LTV_NUMBER_MAX_LENGTH);
            return false;
        }
        a->text[n++] = plain_character(code);
        length = length == 0 ? 1 : length;
        text += length;
        left -= length;
    }
    a->text[n] = '\0';
    a->begin = a->text;
    a->end = a->text + n;
    return true;
}

static void trim(ascii *a)
{
    while (a->begin < a->end && *a->begin == ' ')
        a->begin++;
    while (a->begin < a->end && a->end[-1] == ' ')
        a->end--;
    *a->end = '\0';
}

static bool take_first(ascii *a, char lower)
{
    if (a->begin == a->end || tolower((unsigned char)*a->begin) != lower)
        return false;
    a->begin++;
    return true;
}

static bool take_last(ascii *a, char last)
{
    if (a->begin == a->end || a->end[-1] != last)
        return false;
    *--a->end = '\0';
    trim(a);
    return true;
}

static size_t digits_at(const char *text)
{
    return strspn(text, "0123456789");
}

static bool refuse(char why[LTV_WHY_SIZE], const char *reason)
{
    snprintf(why, LTV_WHY_SIZE, "%s", reason);
    return false;
}

/* Words and signs that deserve a better answer than "is not a number". */
static bool refuse_known_slips(const ascii *a, char why[LTV_WHY_SIZE])
{
    const char *t = a->begin;
    const char *word = t + (*t == '-' || *t == '+');
    word += *word == '.';
    if (*t == '\0')
        return refuse(why, "is empty; write a number");
    if (strcasecmp(word, "nan") == 0 || strcasecmp(word, "inf") == 0 ||
        strcasecmp(word, "infinity") == 0)
        return refuse(why, "is not a finite number");
    if (strchr(t, '$') != NULL)
        return refuse(why, "has a currency sign; write the amount alone, the currency stands in "
                           "`currency`");
    if (t[0] == '0' && (t[1] == 'x' || t[1] == 'X'))
        return refuse(why, "is hexadecimal; write it in decimal");
    if (strchr(t, '_') != NULL && isdigit((unsigned char)*t))
        return refuse(why, "has an underscore; write it without, or with commas in quotes");
    if (strspn(t, "0123456789., ") == strlen(t) && strchr(t, ' ') != NULL)
        return refuse(why, "has a blank inside; write it without");
    return true;
}

/* Is text[0 ... n) a whole number grouped in threes: 1,000 or 12,345,678? */
static bool is_grouped(const char *text, size_t n)
{
    size_t first = digits_at(text);
    if (first < 1 || first > 3 || text[0] == '0')
        return false;
    for (size_t i = first; i < n; i += 4)
        if (text[i] != ',' || digits_at(text + i + 1) != 3)
            return false;
    return true;
}

static bool refuse_comma(const char *mantissa, const char *mark, char why[LTV_WHY_SIZE])
{
    const char *comma = strchr(mantissa, ',');
    size_t before = digits_at(mantissa), after = digits_at(comma + 1);
    bool decimal_comma = mantissa + before == comma && before > 0 && after > 0 &&
                         comma[1 + after] == '\0' && (after != 3 || mantissa[0] == '0') &&
                         strlen(mantissa) < 40;
    if (decimal_comma)
        snprintf(why, LTV_WHY_SIZE, "has a decimal comma; write %.*s.%s%s", (int)before, mantissa,
                 comma + 1, mark);
    else
        refuse(why, "has commas in places where thousands do not end; write it without commas");
    return false;
}

/* Appends the digits to the number, commas skipped. */
static void append_digits(ltv_decimal *number, const char *text, size_t n)
{
    for (size_t i = 0; i < n; ++i)
        if (text[i] != ',')
            number->digits[number->n++] = text[i];
}

static void normalise(ltv_decimal *number)
{
    size_t zeros = strspn(number->digits, "0");
    number->n -= zeros;
    memmove(number->digits, number->digits + zeros, number->n);
    while (number->n > 0 && number->digits[number->n - 1] == '0') {
        number->n--;
        number->exponent++;
    }
    number->digits[number->n] = '\0';
    if (number->n == 0) {
        number->exponent = 0;
        number->negative = false;
    }
}

/* "e-7" and the like, to the end of the text. */
static bool parse_exponent(ltv_decimal *number, const char *text)
{
    if (*text == '\0')
        return true;
    if (*text != 'e' && *text != 'E')
        return false;
    ++text;
    bool negative = *text == '-';
    if (*text == '-' || *text == '+')
        ++text;
    size_t n = digits_at(text);
    if (n == 0 || text[n] != '\0')
        return false;
    int exponent = 0;
    for (size_t i = 0; i < n; ++i)
        if (exponent < 100000) /* beyond any double; the sign alone still matters */
            exponent = 10 * exponent + (text[i] - '0');
    number->exponent += negative ? -exponent : exponent;
    return true;
}

static bool parse_mantissa(ltv_decimal *number, const char *text, const char *mark,
                           char why[LTV_WHY_SIZE])
{
    size_t whole = strspn(text, "0123456789,");
    bool comma_later = strchr(text + whole, ',') != NULL;
    if (comma_later || (memchr(text, ',', whole) != NULL && !is_grouped(text, whole)))
        return refuse_comma(text, mark, why);
    if (whole > 1 && text[0] == '0')
        return refuse(why, "begins with a zero too many; write it without");
    append_digits(number, text, whole);
    const char *rest = text + whole;
    size_t decimals = 0;
    if (*rest == '.') {
        decimals = digits_at(++rest);
        append_digits(number, rest, decimals);
        number->exponent = -(int)decimals;
        rest += decimals;
    }
    number->digits[number->n] = '\0';
    if (number->n == 0 || (rest[-1] == '.') || !parse_exponent(number, rest))
        return refuse(why, "is not a number");
    normalise(number);
    return true;
}

/* Just "write it without the mark" would turn +10% of a price into a price of 10. */
static bool refuse_times(unsigned marks, char why[LTV_WHY_SIZE])
{
    if (marks & LTV_MARK_MONEY)
        return refuse(why, "is written as a multiplier, but an amount is due; write the amount "
                           "itself, such as 1200");
    if (marks & LTV_MARK_PERCENT)
        return refuse(why, "is written as a multiplier, but a share is due; write the share "
                           "itself, such as 3%");
    return refuse(why, "is written as a multiplier, but a plain number is due");
}

/* "-30%" of a multiplier is 30% less, "+30%" is 30% more, and "30%" may be meant as either, or as
 * 30% of what it was. */
static bool refuse_percent_of_multiplier(const char *signed_number, char why[LTV_WHY_SIZE])
{
    ltv_decimal decimal = {0};
    char unused[LTV_WHY_SIZE], of_it[64] = "", less[64] = "", more[64] = "";
    bool minus = signed_number[0] == '-', plus = signed_number[0] == '+';
    bool known = parse_mantissa(&decimal, signed_number + (minus || plus), "%", unused);
    double percent = known ? ltv_decimal_value(&decimal) : 10;
    if (!minus && !plus && known)
        snprintf(of_it, sizeof of_it, "x%.10g for %.10g%% of it, %s", percent / 100, percent,
                 percent < 100 ? "" : "or ");
    if (!minus && percent < 1e6)
        snprintf(more, sizeof more, "x%.10g for %.10g%% more", 1 + percent / 100, percent);
    if (!plus && known && percent < 100)
        snprintf(less, sizeof less, "x%.10g for %.10g%% less", 1 - percent / 100, percent);
    snprintf(why, LTV_WHY_SIZE,
             "is written as a percentage, but this is a multiplier; write %s%s%s%s", of_it,
             more[0] == '\0' && less[0] == '\0' ? "x1.1 for 10% more" : more,
             more[0] != '\0' && less[0] != '\0' ? ", or " : "", less);
    return false;
}

static bool refuse_percent(unsigned marks, const char *signed_number, char why[LTV_WHY_SIZE])
{
    if (marks & LTV_MARK_MONEY)
        return refuse(why, "is written as a percentage, but an amount is due; write the amount "
                           "itself, such as 1200");
    if (marks & LTV_MARK_TIMES)
        return refuse_percent_of_multiplier(signed_number, why);
    return refuse(why, "is written as a percentage, but this is not a share; a plain number is "
                       "due");
}

bool ltv_decimal_parse(ltv_decimal *number, const char *text, unsigned marks,
                       char why[LTV_WHY_SIZE])
{
    *number = (ltv_decimal){0};
    ascii a;
    if (!to_ascii(&a, text, why))
        return false;
    trim(&a);
    if (!refuse_known_slips(&a, why))
        return false;
    bool times = take_first(&a, 'x');
    bool percent = take_last(&a, '%');
    if (a.begin == a.end)
        return refuse(why, "is not a number");
    if (times && !(marks & LTV_MARK_TIMES))
        return refuse_times(marks, why);
    if (percent && !(marks & LTV_MARK_PERCENT))
        return refuse_percent(marks, a.begin, why);
    bool negative = take_first(&a, '-');
    if (!negative)
        take_first(&a, '+');
    if (!parse_mantissa(number, a.begin, percent ? "%" : "", why))
        return false;
    number->negative = negative && number->n > 0;
    if (percent && number->n > 0)
        number->exponent -= 2;
    return true;
}

double ltv_decimal_value(const ltv_decimal *number)
{
    if (number->n == 0)
        return 0.0;
    /* Without a decimal point the text means the same in every locale. */
    char text[LTV_DECIMAL_DIGITS + 24];
    snprintf(text, sizeof text, "%s%se%d", number->negative ? "-" : "", number->digits,
             number->exponent);
    double value = strtod(text, NULL);
    return value == 0.0 ? 0.0 : value; /* a tiny negative number is not -0 */
}

bool ltv_decimal_whole(const ltv_decimal *number, uint64_t *whole)
{
    enum { UINT64_MAX_DIGITS = 20 };
    *whole = 0;
    if (number->n == 0)
        return true;
    if (number->negative || number->exponent < 0 ||
        number->exponent > UINT64_MAX_DIGITS - (int)number->n || number->n > UINT64_MAX_DIGITS)
        return false;
    uint64_t value = 0;
    for (size_t i = 0; i < number->n + (size_t)number->exponent; ++i) {
        uint64_t digit = i < number->n ? (uint64_t)(number->digits[i] - '0') : 0;
        if (__builtin_mul_overflow(value, 10u, &value) ||
            __builtin_add_overflow(value, digit, &value))
            return false;
    }
    *whole = value;
    return true;
}

void ltv_decimal_one_minus(ltv_decimal *number)
{
    size_t decimals = number->exponent < 0 ? (size_t)-number->exponent : 0;
    bool below_one = !number->negative && number->n > 0 && number->n <= decimals;
    if (!below_one) {
        *number = (ltv_decimal){0};
        return;
    }
    ltv_decimal rest = {.n = 1, .digits = "1"};
    if (decimals <= LTV_DECIMAL_DIGITS) {
        /* 10^k - D: every digit's complement to nine, the last one's (never 0) to ten. */
        size_t zeros = decimals - number->n;
        memset(rest.digits, '9', zeros);
        for (size_t i = 0; i < number->n; ++i)
            rest.digits[zeros + i] = (char)('9' - number->digits[i] + '0');
        rest.digits[decimals - 1]++;
        rest.digits[decimals] = '\0';
        rest.n = decimals;
        rest.exponent = -(int)decimals;
        normalise(&rest);
    }
    *number = rest;
}

const char *ltv_double_text(char text[LTV_DOUBLE_TEXT_SIZE], double value)
{
    if (fabs(value) < 1e15 && value == trunc(value)) { /* 1000, not 1e+03 */
        snprintf(text, LTV_DOUBLE_TEXT_SIZE, "%.0f", value);
        return text;
    }
    for (int digits = 1; digits <= 17; ++digits) {
        snprintf(text, LTV_DOUBLE_TEXT_SIZE, "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            break;
    }
    /* printf and strtod agree on the locale's decimal point; the text must not have it. */
    const char *point = localeconv()->decimal_point;
    char *found = strcmp(point, ".") == 0 ? NULL : strstr(text, point);
    if (found != NULL) {
        size_t length = strlen(point);
        *found = '.';
        memmove(found + 1, found + length, strlen(found + length) + 1);
    }
    return text;
}
