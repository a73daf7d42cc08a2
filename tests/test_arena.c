/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sim/io/scenario/arena.h"

static void pieces_are_zeroed_aligned_and_apart(void **state)
{
    (void)state;
    ltv_arena arena = {0};
    unsigned char *pieces[200];
    for (size_t i = 0; i < 200; ++i) {
        pieces[i] = ltv_arena_alloc(&arena, i * i);
        assert_non_null(pieces[i]);
        assert_true((uintptr_t)pieces[i] % alignof(max_align_t) == 0);
        for (size_t j = 0; j < i * i; ++j)
            assert_int_equal(pieces[i][j], 0);
        memset(pieces[i], (int)i, i * i);
    }
    for (size_t i = 0; i < 200; ++i)
        for (size_t j = 0; j < i * i; ++j)
            assert_int_equal(pieces[i][j], i);
    ltv_arena_free(&arena);
    ltv_arena_free(&arena);
}

static void text_is_copied_with_an_end(void **state)
{
    (void)state;
    ltv_arena arena = {0};
    assert_string_equal(ltv_arena_text(&arena, "retention", 3), "ret");
    assert_string_equal(ltv_arena_text(&arena, NULL, 0), "");
    ltv_arena_free(&arena);
}

static void an_absurd_size_is_no_memory(void **state)
{
    (void)state;
    ltv_arena arena = {0};
    assert_null(ltv_arena_alloc(&arena, SIZE_MAX - 8));
    ltv_arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_are_zeroed_aligned_and_apart),
        cmocka_unit_test(text_is_copied_with_an_end),
        cmocka_unit_test(an_absurd_size_is_no_memory),
    };
    return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
