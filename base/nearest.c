/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/nearest.h"

#include <string.h>

enum { LONGEST = 64 };

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

size_t ltv_edit_distance(const char *a, const char *b)
{
    size_t n = strnlen(a, LONGEST), m = strnlen(b, LONGEST);
    size_t row[3][LONGEST + 1]; /* rows i - 2, i - 1 and i of the table, in turn */
    for (size_t j = 0; j <= m; j++)
        row[0][j] = j;
    for (size_t i = 1; i <= n; i++) {
        size_t *now = row[i % 3];
        const size_t *last = row[(i + 2) % 3], *before = row[(i + 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= m; j++) {
            size_t replace = last[j - 1] + (a[i - 1] != b[j - 1]);
            now[j] = smaller(replace, 1 + smaller(last[j], now[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                now[j] = smaller(now[j], before[j - 2] + 1);
        }
    }
    return row[n % 3][m];
}

const char *ltv_nearest(const char *word, size_t n, const char *const *candidates)
{
    const char *best = NULL;
    size_t best_distance = 0;
    size_t length = strlen(word);
    for (size_t i = 0; i < n && length >= 2; i++)
        if (strncmp(candidates[i], word, length) == 0)
            return candidates[i];
    for (size_t i = 0; i < n; i++) {
        size_t distance = ltv_edit_distance(word, candidates[i]);
        size_t longer = strlen(candidates[i]) > length ? strlen(candidates[i]) : length;
        if (3 * distance <= longer && (best == NULL || distance < best_distance)) {
            best = candidates[i];
            best_distance = distance;
        }
    }
    return best;
}
