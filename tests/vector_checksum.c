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
    static double hazards[HORIZON + 1], times[LTV_BLOCK];
    for (int u = 0; u <= HORIZON; u++)
        hazards[u] = 0.01 * u + 0.1 * (u / 12);
    for (uint32_t c = 0; c < n; c++) {
        anchor[c] = c % HORIZON;
        times[c] = 0.1 * (c % 30);
    }
    plain->fire(&(ltv_clock_batch){hazards, HORIZON, n, table, anchor, times, budgets, fires});
    return mixed(hash, fires, n * sizeof *fires);
}

int main(void)
{
    static uint64_t words[LTV_LANES][LTV_BLOCK];
    static uint32_t heads[LTV_LANES][LTV_BLOCK];
    static double budgets[LTV_BLOCK];
    const ltv_vector *plain = &ltv_vector_plain;
    uint64_t hash = 14695981039346656037u;
    for (uint32_t k = 0; k < 300; k++) {
        ltv_word_run run = {{20270401 + k, k}, k * 77777, LTV_BLOCK - k % 24, k * 31, k % 64, k};
        plain->words(&run, (uint64_t *[]){words[0], words[1], words[2], words[3]});
        plain->heads(&run, (uint32_t *[]){heads[0], heads[1], heads[2], heads[3]});
        plain->budgets(words[k % LTV_LANES], run.n, budgets);
        size_t below = plain->count_below(budgets, 5, 0.5);
        hash = mixed(hash, words, sizeof words);
        hash = mixed(hash, heads, sizeof heads);
        hash = mixed(hash, budgets, sizeof budgets);
        hash = mixed(hash, &below, sizeof below);
        hash = mix_clocks(hash, plain, budgets, run.n);
    }
    printf("%016llx\n", (unsigned long long)hash);
    return 0;
}
