/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/sampling.h"

#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_qrng.h>

#include "sim/pilot.h"
#include "sim/sampling_parts.h"
#include "sim/scenario.h"

/* The customer in the addresses of inputs, which are nobody's: before the pilot's. */
#define NOBODY (LTV_PILOT_FIRST_CUSTOMER - 1)

_Static_assert(NOBODY >= LTV_MAX_CUSTOMERS, "an input shares no address with a customer");
_Static_assert(LTV_MAX_DRAWS / LTV_SCRAMBLES <= LTV_SOBOL_STRATA,
               "the leading bits tell the points of a scramble apart");

const char *ltv_sampling_name(ltv_sampling_kind kind)
{
    switch (kind) {
    case LTV_SAMPLING_RANDOM:
        return "random";
    case LTV_SAMPLING_LATIN_HYPERCUBE:
        return "latin_hypercube";
    case LTV_SAMPLING_SOBOL:
        return "sobol";
    }
    return "unknown";
}

uint32_t ltv_sampling_draws(ltv_sampling_kind kind, uint32_t wanted)
{
    const uint32_t least = 2 * LTV_SCRAMBLES;
    uint32_t draws = wanted < LTV_MAX_DRAWS ? wanted : LTV_MAX_DRAWS;
    if (kind == LTV_SAMPLING_RANDOM)
        return draws;
    if (kind == LTV_SAMPLING_LATIN_HYPERCUBE)
        return draws <= least ? least : (draws + LTV_SCRAMBLES - 1) / LTV_SCRAMBLES * LTV_SCRAMBLES;
    uint32_t power = least;
    while (power < draws)
        power *= 2;
    return power;
}

uint32_t ltv_sampling_scrambles(ltv_sampling_kind kind)
{
    return kind == LTV_SAMPLING_RANDOM ? 1 : LTV_SCRAMBLES;
}

/* --- whole numbers --- */

ltv_uniform ltv_uniform_in_stratum(uint32_t stratum, uint32_t n_strata, uint64_t word,
                                   uint32_t deep)
{
    unsigned __int128 within = (unsigned __int128)word << 32 | deep;
    unsigned __int128 point = ((unsigned __int128)stratum << 96 | within) / n_strata;
    return ltv_uniform_of_word((uint64_t)(point >> 32), (uint32_t)point);
}

/* Lemire, "Fast random integer generation in an interval", ACM TOMACS 29 (2019). */
bool ltv_index_of_word(uint32_t *index, uint64_t word, uint32_t n)
{
    unsigned __int128 product = (unsigned __int128)word * n;
    *index = (uint32_t)(product >> 64);
    return (uint64_t)product >= -(uint64_t)n % n; /* 2^64 mod n */
}

uint32_t ltv_nested_scramble(uint32_t digits, const uint64_t flips[LTV_FLIP_WORDS])
{
    uint32_t node = 1, scrambled = 0;
    for (int bit = LTV_SOBOL_BITS - 1; bit >= 0; bit--) {
        uint32_t digit = digits >> bit & 1;
        uint32_t flip = flips[node / 64] >> node % 64 & 1;
        scrambled = scrambled << 1 | (digit ^ flip);
        node = node << 1 | digit;
    }
    return scrambled;
}

/* --- strata: in which piece of its range an input's draws lie --- */

typedef struct {
    const ltv_sampling *sampling;
    uint32_t n_scrambles, n; /* n: points of a scramble */
    size_t n_sobol;          /* inputs that have a dimension of the sequence */
    uint16_t *sobol;         /* owned, [n x n_sobol]: leading bits of the sequence */
    uint32_t *strata;        /* owned, [n]: those of the present input and scramble */
    uint32_t n_strata;
} sampler;

static ltv_stream stream_at(const sampler *self, uint32_t draw)
{
    return (ltv_stream){.seed = self->sampling->seed, .draw = draw};
}

/* A place from 0 to `last`. Occurrences leave room for 64 tries, and all of them fail for fewer
 * than one address in 2^3000. */
static uint32_t random_place(const sampler *self, size_t input, uint32_t scramble, uint32_t last)
{
    uint32_t place, occurrence = last, name = self->sampling->names[input];
    while (!ltv_index_of_word(
        &place,
        ltv_address_word(stream_at(self, scramble), NOBODY, name, LTV_PURPOSE_SHUFFLE, occurrence),
        last + 1))
        occurrence += LTV_SOBOL_STRATA;
    return place;
}

/* As many strata as points, in random order: Fisher & Yates's shuffle. */
static void shuffle_strata(sampler *self, size_t input, uint32_t scramble)
{
    self->n_strata = self->n;
    for (uint32_t i = 0; i < self->n; i++) {
        uint32_t place = random_place(self, input, scramble, i);
        self->strata[i] = self->strata[place];
        self->strata[place] = i;
    }
}

static void fill_flips(uint64_t flips[LTV_FLIP_WORDS], const sampler *self, size_t input,
                       uint32_t scramble)
{
    for (uint32_t i = 0; i < LTV_FLIP_WORDS / LTV_LANES; i++) {
        ltv_words words = ltv_address_words(stream_at(self, scramble), NOBODY,
                                            self->sampling->names[input], LTV_PURPOSE_FLIPS, i);
        memcpy(flips + i * LTV_LANES, words.lane, sizeof words.lane);
    }
}

/* The scrambled leading bits. No two points of a dimension agree in all of them, so every further
 * digit would be flipped by a bit that no other point reads: what nested scrambling makes of the
 * digits below is fresh random bits, exactly. */
static void scramble_strata(sampler *self, size_t input, uint32_t scramble)
{
    uint64_t flips[LTV_FLIP_WORDS];
    fill_flips(flips, self, input, scramble);
    self->n_strata = LTV_SOBOL_STRATA;
    for (uint32_t i = 0; i < self->n; i++)
        self->strata[i] = ltv_nested_scramble(self->sobol[i * self->n_sobol + input], flips);
}

static void set_strata(sampler *self, size_t input, uint32_t scramble)
{
    if (self->sampling->kind == LTV_SAMPLING_RANDOM)
        self->n_strata = 1; /* and strata stay 0 */
    else if (input < self->n_sobol)
        scramble_strata(self, input, scramble);
    else
        shuffle_strata(self, input, scramble);
}

/* --- points --- */

/* Where a draw lies within this stratum is random, at the draw's own address. */
static ltv_uniform point_at(const sampler *self, size_t input, uint32_t draw, uint32_t stratum)
{
    ltv_stream stream = stream_at(self, draw);
    uint32_t name = self->sampling->names[input];
    uint64_t word = ltv_address_word(stream, NOBODY, name, LTV_PURPOSE_INPUT, 0);
    uint32_t deep = ltv_address_deep_word(stream, NOBODY, name, LTV_PURPOSE_INPUT, 0);
    return ltv_uniform_in_stratum(stratum, self->n_strata, word, deep);
}

static void fill_input(sampler *self, ltv_uniform *points, size_t input)
{
    for (uint32_t scramble = 0; scramble < self->n_scrambles; scramble++) {
        set_strata(self, input, scramble);
        for (uint32_t i = 0; i < self->n; i++) {
            uint32_t draw = i * self->n_scrambles + scramble;
            points[draw * self->sampling->n_inputs + input] =
                point_at(self, input, draw, self->strata[i]);
        }
    }
}

/* The leading bits of the sequence's first n points, with the origin, which GSL leaves out. */
static ltv_status fill_sobol(sampler *self, ltv_error *err)
{
    double point[LTV_SOBOL_INPUTS] = {0};
    gsl_qrng *sequence = gsl_qrng_alloc(gsl_qrng_sobol, (unsigned)self->n_sobol);
    if (sequence == NULL)
        return ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory for Sobol's sequence");
    for (uint32_t i = 0; i < self->n; i++) {
        for (size_t input = 0; input < self->n_sobol; input++)
            self->sobol[i * self->n_sobol + input] = (uint16_t)(point[input] * LTV_SOBOL_STRATA);
        gsl_qrng_get(sequence, point);
    }
    gsl_qrng_free(sequence);
    return LTV_OK;
}

static ltv_status sampler_init(sampler *self, const ltv_sampling *sampling, ltv_error *err)
{
    *self = (sampler){.sampling = sampling, .n_scrambles = ltv_sampling_scrambles(sampling->kind)};
    self->n = sampling->n_draws / self->n_scrambles;
    if (sampling->kind == LTV_SAMPLING_SOBOL)
        self->n_sobol =
            sampling->n_inputs < LTV_SOBOL_INPUTS ? sampling->n_inputs : LTV_SOBOL_INPUTS;
    self->strata = calloc(self->n, sizeof *self->strata);
    self->sobol = calloc(self->n * self->n_sobol + 1, sizeof *self->sobol);
    if (self->strata == NULL || self->sobol == NULL)
        return ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory for %u draws of uncertain inputs",
                        sampling->n_draws);
    return self->n_sobol > 0 ? fill_sobol(self, err) : LTV_OK;
}

static void sampler_free(sampler *self)
{
    free(self->strata);
    free(self->sobol);
}

ltv_status ltv_sampling_fill(ltv_uniform *points, const ltv_sampling *sampling, ltv_error *err)
{
    if (sampling->n_draws != ltv_sampling_draws(sampling->kind, sampling->n_draws))
        return ltv_fail(err, LTV_ERR_BUG, "%s sampling does not come in %u draws",
                        ltv_sampling_name(sampling->kind), sampling->n_draws);
    if (sampling->n_draws == 0 || sampling->n_inputs == 0)
        return LTV_OK;
    sampler self;
    ltv_status status = sampler_init(&self, sampling, err);
    for (size_t input = 0; status == LTV_OK && input < sampling->n_inputs; input++)
        fill_input(&self, points, input);
    sampler_free(&self);
    return status;
}
