/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/io/scenario/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_SIZE = 64 * 1024 };

typedef struct block {
    struct block *older;
    size_t size;
    alignas(max_align_t) char bytes[];
} block;

static size_t aligned(size_t size)
{
    return (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
}

void *ltv_arena_alloc(ltv_arena *arena, size_t size)
{
    if (size > SIZE_MAX / 2)
        return NULL;
    size = aligned(size == 0 ? 1 : size);
    if (arena->left < size) {
        size_t bytes = size > BLOCK_SIZE ? size : BLOCK_SIZE;
        block *fresh = calloc(1, sizeof *fresh + bytes);
        if (fresh == NULL)
            return NULL;
        fresh->older = arena->blocks;
        fresh->size = bytes;
        arena->blocks = fresh;
        arena->left = bytes;
    }
    block *newest = arena->blocks;
    void *result = newest->bytes + (newest->size - arena->left);
    arena->left -= size;
    return result;
}

char *ltv_arena_text(ltv_arena *arena, const char *text, size_t length)
{
    char *copy = ltv_arena_alloc(arena, length + 1);
    if (copy != NULL && length > 0)
        memcpy(copy, text, length);
    return copy;
}

void ltv_arena_free(ltv_arena *arena)
{
    for (block *b = arena->blocks; b != NULL;) {
        block *older = b->older;
        free(b);
        b = older;
    }
    *arena = (ltv_arena){0};
}
