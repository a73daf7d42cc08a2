/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prints a checksum of what the plainest level of processors reads for many customers: the same on
 * every processor (tests/test_aarch64.sh). */
#include <stdio.h>

#include "sim/kernel/luck.h"
#include "sim/kernel/vector/levels.h"

/* FNV-1a of bytes. */
static uint64_t mixed(uint64_t hash, const void *from, size_t n)
{
    const uint8_t *bytes = from;
    for (size_t i = 0; i < n; i++)
        hash = (hash ^ bytes[i]) * 1099511628211u;
    return hash;
}

/* When clocks with these budgets fire, each with another multiplier, from another bill on. */
static uint64_t mix_clocks(uint64_t hash, const ltv_vector *plain, const double *budgets,
                           uint32_t n)
{
    enum { HORIZON = 60 };
    static uint32_t table[LTV_BLOCK], anchor[LTV_BLOCK], fires[LTV_BLOCK];
    static double rising[HORIZON + 1], times[LTV_BLOCK];
    ltv_hazards hazards;
    for (int u = 0; u <= HORIZON; u++)
        rising[u] = 0.01 * u + 0.1 * (u / 12);
    for (uint32_t c = 0; c < n; c++) {
        anchor[c] = c % HORIZON;
        times[c] = 0.1 * (c % 30);
    }
    if (!ltv_hazards_init(&hazards, 1, HORIZON))
        return 0;
    ltv_hazards_set(&hazards, 0, rising);
    plain->fire(&(ltv_clock_batch){&hazards, n, table, anchor, times, budgets, fires});
    ltv_hazards_free(&hazards);
    return mixed(hash, fires, n * sizeof *fires);
}

/* The words of these customers under names, purposes and occurrences of all sorts. */
static uint64_t mix_lists(uint64_t hash, const ltv_vector *plain, const ltv_word_run *run)
{
    static uint32_t customer[LTV_BLOCK], other[3][LTV_BLOCK];
    static uint64_t word[LTV_BLOCK];
    for (uint32_t i = 0; i < run->n; i++) {
        customer[i] = run->first_customer + i;
        other[0][i] = i * 17;
        other[1][i] = i % 84;
        other[2][i] = i % 5;
    }
    plain->words_at(
        &(ltv_address_list){run->stream, run->n, customer, other[0], other[1], other[2]}, word);
    return mixed(hash, word, run->n * sizeof *word);
}

int main(void)
{
    static uint64_t words[LTV_BLOCK];
    static uint32_t heads[LTV_BLOCK];
    static double budgets[LTV_BLOCK], hazards[LTV_BLOCK];
    const ltv_vector *plain = &ltv_vector_plain;
    uint64_t hash = 14695981039346656037u;
    for (uint32_t k = 0; k < 300; k++) {
        ltv_purpose purpose = (ltv_purpose)(k % LTV_FIRST_GROUPED);
        ltv_word_run run = {{20270401 + k, k}, k * 77777, LTV_BLOCK - k % 24, k * 31, purpose, k};
        plain->words(&run, words);
        plain->heads(&run, heads);
        plain->budgets(words, run.n, budgets);
        plain->gamma_hazards(budgets, run.n, 0.01 + 0.01 * k, hazards);
        size_t below = plain->count_below(budgets, 5, 0.5);
        hash = mixed(hash, words, sizeof words);
        hash = mixed(hash, heads, sizeof heads);
        hash = mixed(hash, budgets, sizeof budgets);
        hash = mixed(hash, hazards, sizeof hazards);
        hash = mixed(hash, &below, sizeof below);
        hash = mix_clocks(hash, plain, budgets, run.n);
        hash = mix_lists(hash, plain, &run);
    }
    printf("%016llx\n", (unsigned long long)hash);
    return 0;
}
