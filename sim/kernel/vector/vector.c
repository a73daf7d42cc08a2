/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/kernel/vector/vector.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/kernel/vector/levels.h"

const ltv_vector *ltv_vector_level(size_t i)
{
    const ltv_vector *levels[4] = {&ltv_vector_plain};
    size_t n = 1;
#ifdef __x86_64__
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
        __builtin_cpu_supports("bmi2"))
        levels[n++] = &ltv_vector_v3;
    if (n == 2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512vl"))
        levels[n++] = &ltv_vector_v4;
#endif
    return i < n ? levels[i] : NULL;
}

/* The level that LTVSIM_SIMD asks for, or the best; NULL where there is none of that name. */
static const ltv_vector *asked_for(const char *name)
{
    const ltv_vector *found = NULL, *level;
    for (size_t i = 0; (level = ltv_vector_level(i)) != NULL; i++)
        if (name == NULL || strcmp(name, level->level) == 0)
            found = level;
    return found;
}

ltv_status ltv_vector_check(ltv_error *err)
{
    char allowed[80] = "";
    const char *name = getenv("LTVSIM_SIMD");
    const ltv_vector *level;
    if (asked_for(name) != NULL)
        return LTV_OK;
    for (size_t i = 0, used = 0; (level = ltv_vector_level(i)) != NULL; i++)
        used += (size_t)snprintf(allowed + used, sizeof allowed - used, "%s%s", i > 0 ? ", " : "",
                                 level->level);
    return ltv_fail(err, LTV_ERR_BAD_INPUT,
                    "LTVSIM_SIMD=%.40s is no level of this processor: it has %s", name, allowed);
}

const ltv_vector *ltv_vector_in_use = &ltv_vector_plain;

/* Before main, so that nobody has to ask whether it has been chosen. */
__attribute__((constructor)) static void choose(void)
{
    const ltv_vector *level = asked_for(getenv("LTVSIM_SIMD"));
    ltv_vector_in_use = level != NULL ? level : asked_for(NULL);
}

static void refine(const ltv_word_run *run, const uint64_t *words, double *budgets)
{
    for (uint32_t i = 0; i < run->n; i++)
        if (ltv_word_needs_deep(words[i]))
            budgets[i] = ltv_exponential_of_uniform(ltv_uniform_of_word(
                words[i], ltv_address_deep_word(run->stream, run->first_customer + i, run->name,
                                                run->purpose, run->occurrence)));
}

void ltv_vector_run_budgets(const ltv_word_run *run, double *budgets)
{
    ltv_word_run here = *run;
    uint64_t words[LTV_ADDRESSES_AT_ONCE];
    for (uint32_t from = 0; from < run->n; from += LTV_ADDRESSES_AT_ONCE) {
        uint32_t left = run->n - from;
        here.first_customer = run->first_customer + from;
        here.n = left < LTV_ADDRESSES_AT_ONCE ? left : LTV_ADDRESSES_AT_ONCE;
        ltv_vector_in_use->words(&here, words);
        if (ltv_vector_in_use->budgets(words, here.n, budgets + from))
            refine(&here, words, budgets + from);
    }
}

void ltv_vector_budgets_at(const ltv_address_list *list, double *budgets)
{
    uint64_t words[LTV_ADDRESSES_AT_ONCE];
    ltv_vector_in_use->words_at(list, words);
    ltv_vector_budgets_of(list, words, budgets);
}

void ltv_vector_budgets_of(const ltv_address_list *list, const uint64_t *words, double *budgets)
{
    if (!ltv_vector_in_use->budgets(words, list->n, budgets))
        return;
    for (size_t c = 0; c < list->n; c++)
        if (ltv_word_needs_deep(words[c]))
            budgets[c] = ltv_exponential_of_uniform(ltv_uniform_of_word(
                words[c],
                ltv_address_deep_word(list->stream, list->customer[c], list->name[c],
                                      (ltv_purpose)list->purpose[c], list->occurrence[c])));
}
