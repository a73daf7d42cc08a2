/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_BASE_NEAREST_H
#define LTV_BASE_NEAREST_H

#include <stddef.h>

/* Damerau-Levenshtein distance (optimal string alignment) in bytes: insertions, deletions,
 * substitutions and swaps of neighbours. Only the first 64 bytes of each are compared. */
size_t ltv_edit_distance(const char *a, const char *b);

/* The candidate that someone who wrote `word` may have meant: one that `word` begins, or else
 * the one at the smallest distance, when that is at most a third of the longer word's length.
 * NULL when none is near. The first of equals wins. Borrowed from candidates. */
const char *ltv_nearest(const char *word, size_t n, const char *const *candidates);

#endif
