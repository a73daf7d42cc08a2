/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_IO_ARENA_H
#define LTV_SIM_IO_ARENA_H

#include <stddef.h>

/* Memory that is given back all at once: for trees whose parts share each other. Zero-initialise
 * before first use. */
typedef struct {
    void *blocks; /* owned; newest first */
    size_t left;  /* bytes unused in the newest block */
} ltv_arena;

/* `size` zeroed bytes, aligned for any type; NULL when memory is short. */
void *ltv_arena_alloc(ltv_arena *arena, size_t size);

/* Copy of the `length` bytes at `text` with a NUL after them; NULL when memory is short. */
char *ltv_arena_text(ltv_arena *arena, const char *text, size_t length);

/* Releases everything. Safe on a zeroed struct, and twice. */
void ltv_arena_free(ltv_arena *arena);

#endif
