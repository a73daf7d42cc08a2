/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_CLASSES_H
#define LTV_SIM_CLASSES_H

#include <stdbool.h>
#include <stdint.h>

/* Customers counted by class: those of a class have the same code (sim/kernel/sieve.h). */

/* Some classes side by side: a line of the cache. */
enum { LTV_CLASSES_TOGETHER = 4 };
typedef struct {
    uint64_t code[LTV_CLASSES_TOGETHER];     /* code + 1; 0: no class is here */
    uint32_t times[LTV_CLASSES_TOGETHER];    /* of how many customers it is */
    uint32_t customer[LTV_CLASSES_TOGETHER]; /* one of them */
} ltv_class_line;

typedef struct {
    uint32_t line_bits;
    void *room;            /* owned: of the lines */
    ltv_class_line *lines; /* [2^line_bits]: a hash table */
    uint32_t *occupied;    /* owned: places (line * LTV_CLASSES_TOGETHER + which), in the order in
                              which classes came */
    uint32_t n;            /* classes */
    uint32_t most;         /* of them: when there are more, there might be no room for a block's */
    uint64_t n_customers;
    uint32_t next; /* of `occupied`, to go on with taking them out */
    /* For how many lots of customers it is not worth while to count them, and next time. */
    uint32_t rests_for, next_rest;
} ltv_classes;

/* Room for three quarters of 2^place_bits classes, place_bits 11 ... 31. False when memory is
 * short; may be freed either way. */
bool ltv_classes_init(ltv_classes *classes, uint32_t place_bits);

/* Safe on a zeroed struct. */
void ltv_classes_free(ltv_classes *classes);

/* Counts n <= LTV_BLOCK customers more, j of whom has this code, below UINT64_MAX, and number. */
void ltv_classes_count(ltv_classes *classes, const uint64_t *code, const uint32_t *customer,
                       uint32_t n);

/* Takes out some, at most `room`: a customer of each, and how many are in it. Returns how many, 0
 * when all have been taken out. */
uint32_t ltv_classes_take(ltv_classes *classes, uint32_t *customers, int64_t *times, uint32_t room);

/* Begins anew when all have been taken out. Where counting was a waste of time it rests, and each
 * time twice as long. */
void ltv_classes_begin(ltv_classes *classes, bool pays);

/* A lot of customers has been looked at: where it rests, it does so for one lot less. */
void ltv_classes_end_lot(ltv_classes *classes);

#endif
