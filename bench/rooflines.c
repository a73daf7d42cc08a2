/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What no engine of this kind can be faster than: the parts that every customer needs, in
 * nanoseconds of processor time. Words are 64 bits, two Philox blocks for those of four customers;
 * heads are their high halves, one block for four.
 *
 *     rooflines        for the level of processors in use (LTVSIM_SIMD) */
#include <stdio.h>
#include <time.h>

#include "sim/kernel/luck.h"
#include "sim/kernel/vector/vector.h"

enum { BLOCKS = 20000, BINS = 600 };

static double seconds(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

static void print(const char *what, double started)
{
    printf("%s %.4f\n", what, 1e9 * (seconds() - started) / ((double)BLOCKS * LTV_BLOCK));
}

int main(void)
{
    static uint64_t word[LTV_BLOCK];
    static uint32_t head[LTV_BLOCK];
    static double budget[LTV_BLOCK];
    static int64_t histogram[BINS];
    const ltv_vector *vector = ltv_vector_in_use;
    ltv_word_run run = {.stream = {.seed = 1}, .n = LTV_BLOCK};
    double started = seconds();
    for (uint32_t b = 0; b < BLOCKS; b++, run.first_customer += LTV_BLOCK)
        vector->heads(&run, head);
    print("head", started);
    started = seconds();
    for (uint32_t b = 0; b < BLOCKS; b++, run.first_customer += LTV_BLOCK)
        vector->words(&run, word);
    print("word", started);
    started = seconds();
    for (uint32_t b = 0; b < BLOCKS; b++, run.first_customer += LTV_BLOCK) {
        vector->words(&run, word);
        vector->budgets(word, LTV_BLOCK, budget);
    }
    print("word_and_logarithm", started);
    started = seconds();
    for (uint32_t b = 0; b < BLOCKS; b++)
        for (int i = 0; i < LTV_BLOCK; i++)
            histogram[(word[i] >> 32) * BINS >> 32]++;
    print("histogram", started);
    return histogram[0] < 0;
}
