/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_MONEY_H
#define LTV_SIM_MONEY_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

/* Money inside the engine is a whole number of quanta, 2^-20 of the currency's minor unit (a
 * cent, a yen). Each dated amount is rounded once, when the program is compiled; all sums after
 * that are exact, so that their order cannot matter. */
typedef int64_t ltv_money;

enum { LTV_MONEY_FRACTION_BITS = 20 };

/* Sums that are the same but for the rounding of their parts differ by less: a thousandth of the
 * minor unit, twice a thousand bills' roundings. */
#define LTV_MONEY_TIE ((ltv_money)1 << 10)

/* Amounts at or beyond this magnitude are refused, which leaves room to add two of them. */
#define LTV_MONEY_LIMIT ((ltv_money)1 << 62)

/* Quanta in one major unit (a dollar: 100 x 2^20; a yen: 2^20). */
static inline double ltv_money_quanta_per_unit(int currency_decimals)
{
    return pow(10, currency_decimals) * (double)(1 << LTV_MONEY_FRACTION_BITS);
}

/* Of a sum of amounts that are not: one more and it could wrap. */
static inline bool ltv_money_is_too_large(ltv_money sum)
{
    return sum >= LTV_MONEY_LIMIT || sum <= -LTV_MONEY_LIMIT;
}

/* Nearest quantum, halves away from zero. False when the amount is too large or not a number. */
static inline bool ltv_money_round(double quanta, ltv_money *money)
{
    if (!(fabs(quanta) < (double)LTV_MONEY_LIMIT)) /* a number so large is whole */
        return false;
    ltv_money whole = (ltv_money)quanta;
    double rest = quanta - (double)whole;
    *money = whole + (rest >= 0.5) - (rest <= -0.5);
    return true;
}

/* A personal level (of spend) as a fixed-point weight on integer amounts. */
typedef uint64_t ltv_weight;

enum { LTV_WEIGHT_FRACTION_BITS = 24 };
#define LTV_WEIGHT_ONE ((ltv_weight)1 << LTV_WEIGHT_FRACTION_BITS)

/* The weight of a level >= 0, to 2^-24. A level above 2^32 is too large: it sets *overflow and
 * returns 0. */
static inline ltv_weight ltv_weight_of(double level, bool *overflow)
{
    bool fits = level <= 0x1p32;
    *overflow |= !fits;
    return fits ? (ltv_weight)round(level * (double)LTV_WEIGHT_ONE) : 0;
}

/* amount x weight, rounded once, halves up. When the product is too large it sets *overflow and
 * returns 0, so that what is computed from it in turn stays in range. */
static inline ltv_money ltv_money_scale(ltv_money amount, ltv_weight weight, bool *overflow)
{
    bool fits = -LTV_MONEY_LIMIT < amount && amount < LTV_MONEY_LIMIT;
    /* Most weights are 1 and change nothing. By a branch: a wide product that is not needed costs
     * more than all that is done with it. */
    if (weight != LTV_WEIGHT_ONE) {
        __int128 product = ((__int128)amount * (__int128)weight +
                            ((__int128)1 << (LTV_WEIGHT_FRACTION_BITS - 1))) >>
                           LTV_WEIGHT_FRACTION_BITS;
        fits = -LTV_MONEY_LIMIT < product && product < LTV_MONEY_LIMIT;
        amount = (ltv_money)product;
    }
    *overflow |= !fits;
    return fits ? amount : 0;
}

#endif
