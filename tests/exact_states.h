/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_TESTS_EXACT_STATES_H
#define LTV_TESTS_EXACT_STATES_H

#include <stddef.h>
#include <stdint.h>

/* The states that customers may be in at a bill, each with a vector of probabilities. */

enum { EXACT_PROGRAMMES = 4 };

typedef struct {
    uint8_t plan, segment; /* in force */
    uint8_t add_ons;       /* bit a: holds add-on a */
    uint8_t term_phase;    /* bills since the term began, modulo the plan's term; 0 without one */
    uint8_t pending;       /* 0, or 1 + periods until his departure */
    uint8_t away;          /* 0, or periods since the one in which he left */
    uint8_t
        running[EXACT_PROGRAMMES];  /* 0, or 1 + periods since the trigger, as far as it matters */
    uint8_t coin[EXACT_PROGRAMMES]; /* exact_coin: what reach and uptake turned out to be */
    uint8_t unused[2];
} exact_state;

typedef enum { COIN_UNKNOWN, COIN_NO_CONTACT, COIN_CONTACT, COIN_TAKES_PART } exact_coin;

typedef struct {
    size_t n, room, width;
    exact_state *state; /* owned, [n] */
    double *mass;       /* owned, [n * width] */
    uint32_t *slot;     /* owned, hash table of 2 * room entries: 1 + index of a state, or 0 */
} exact_states;

/* No states; vectors have `width` entries. Out of memory ends the program, here and below. */
void exact_states_init(exact_states *states, size_t width);

/* Adds p x mass to the vector of a state. */
void exact_states_add(exact_states *states, const exact_state *state, double p, const double *mass);

void exact_states_clear(exact_states *states);

void exact_states_free(exact_states *states);

#endif
