/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "exact_states.h"

#include <stdlib.h>
#include <string.h>

#include "must.h"

_Static_assert(sizeof(exact_state) == 16, "a state is hashed and compared as two words");

static size_t hash_of(const exact_state *state)
{
    uint64_t words[2];
    memcpy(words, state, sizeof words);
    uint64_t h = (words[0] ^ words[1] * 0x9e3779b97f4a7c15ull) * 0xbf58476d1ce4e5b9ull;
    return (size_t)(h ^ h >> 29);
}

/* Where the state's index stands in the table, or the free entry where it belongs. */
static uint32_t *slot_of(const exact_states *states, const exact_state *state)
{
    size_t entries = 2 * states->room, at = hash_of(state) & (entries - 1);
    while (states->slot[at] != 0 &&
           memcmp(&states->state[states->slot[at] - 1], state, sizeof *state) != 0)
        at = (at + 1) & (entries - 1);
    return &states->slot[at];
}

static void make_room(exact_states *states, size_t room)
{
    states->room = room;
    states->state = must(realloc(states->state, room * sizeof *states->state));
    states->mass = must(realloc(states->mass, room * states->width * sizeof *states->mass));
    states->slot = must(realloc(states->slot, 2 * room * sizeof *states->slot));
    memset(states->slot, 0, 2 * room * sizeof *states->slot);
    for (size_t i = 0; i < states->n; i++)
        *slot_of(states, &states->state[i]) = (uint32_t)i + 1;
}

void exact_states_init(exact_states *states, size_t width)
{
    *states = (exact_states){.width = width};
    make_room(states, 64);
}

void exact_states_add(exact_states *states, const exact_state *state, double p, const double *mass)
{
    if (states->n == states->room)
        make_room(states, 2 * states->room);
    uint32_t *slot = slot_of(states, state);
    if (*slot == 0) {
        states->state[states->n] = *state;
        memset(states->mass + states->n * states->width, 0, states->width * sizeof *states->mass);
        *slot = (uint32_t)++states->n;
    }
    double *sum = states->mass + (*slot - 1) * states->width;
    for (size_t j = 0; j < states->width; j++)
        sum[j] += p * mass[j];
}

void exact_states_clear(exact_states *states)
{
    states->n = 0;
    memset(states->slot, 0, 2 * states->room * sizeof *states->slot);
}

void exact_states_free(exact_states *states)
{
    free(states->state);
    free(states->mass);
    free(states->slot);
    *states = (exact_states){0};
}
