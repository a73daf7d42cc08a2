/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/io/results/seal.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static const char mark[] = "\nltvsim-sum-1: ";

/* FNV-1a: each step is one to one, so a single changed byte always shows. */
static uint64_t checksum(const char *bytes, size_t n)
{
    uint64_t sum = 14695981039346656037u;
    for (size_t i = 0; i < n; i++)
        sum = (sum ^ (unsigned char)bytes[i]) * 1099511628211u;
    return sum;
}

void ltv_seal_make(char seal[LTV_SEAL_SIZE], const char *bytes, size_t n)
{
    char text[LTV_SEAL_SIZE + 1];
    snprintf(text, sizeof text, "%s%016" PRIx64 "\n", mark, checksum(bytes, n));
    memcpy(seal, text, LTV_SEAL_SIZE);
}

/* Where a superblock of version 0 says that the file ends: nowhere in reach if it is not all there;
 * `n` for a later version, which is not of our writing. */
static uint64_t superblock_end(const char *bytes, size_t n)
{
    enum { VERSION = 8, END = 40 };
    uint64_t end = 0;
    if (n < END + sizeof end)
        return UINT64_MAX;
    if (bytes[VERSION] != 0)
        return n;
    for (int i = 7; i >= 0; i--)
        end = end << 8 | (unsigned char)bytes[END + i];
    return end;
}

bool ltv_seal_check(const char *bytes, size_t n, size_t *end)
{
    char seal[LTV_SEAL_SIZE];
    *end = n;
    if (n < LTV_SEAL_SIZE || memcmp(bytes + n - LTV_SEAL_SIZE, mark, sizeof mark - 1) != 0)
        return superblock_end(bytes, n) == n;
    *end = n - LTV_SEAL_SIZE;
    ltv_seal_make(seal, bytes, *end);
    return memcmp(bytes + *end, seal, LTV_SEAL_SIZE) == 0;
}
