/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_MODELS_UNIFORM_H
#define LTV_MODELS_UNIFORM_H

/* A uniform number in (0, 1) that keeps its relative precision at both ends: `below` is U and
 * `above` is 1 - U, each correct to double precision, never 0. Inversions read whichever end
 * they are near. */
typedef struct {
    double below;
    double above;
} ltv_uniform;

#endif
