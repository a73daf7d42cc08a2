/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/kernel/census.h"

#include <stdlib.h>

#include "sim/kernel/kernel.h"
#include "sim/kernel/vector/vector.h"

static size_t cells_of(const ltv_program *program)
{
    return program->n_channels * program->n_segments;
}

bool ltv_census_is_possible(const ltv_program *program)
{
    bool possible = program->plain && !program->spends_differ && !program->cacs_differ &&
                    cells_of(program) <= UINT32_MAX / (program->horizon + 2);
    for (size_t k = 0; k < program->n_kinds; k++)
        possible &= !program->kinds[k].draws_z;
    return possible;
}

ltv_status ltv_census_init(ltv_census *census, const ltv_program *program, ltv_error *err)
{
    *census = (ltv_census){.counts = calloc(cells_of(program) * ((size_t)program->horizon + 2),
                                            sizeof *census->counts),
                           .times = calloc(LTV_BLOCK, sizeof *census->times)};
    return census->counts != NULL && census->times != NULL
               ? LTV_OK
               : ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory to count customers in");
}

void ltv_census_free(ltv_census *census)
{
    free(census->counts);
    free(census->times);
    *census = (ltv_census){0};
}

/* --- counting --- */

/* The high halves of the words of some customers. */
typedef struct {
    uint32_t voluntary[LTV_BLOCK], involuntary[LTV_BLOCK];
    uint32_t channel[LTV_BLOCK], segment[LTV_BLOCK], cured[LTV_BLOCK];
} heads;

enum { UNSURE = -1 };

static bool has_members(const ltv_program *program)
{
    bool members = cells_of(program) > 1;
    for (size_t k = 0; k < program->n_kinds; k++)
        members |= program->kinds[k].cured_threshold > 0;
    return members;
}

static void read_heads(heads *of, const ltv_program *program, bool members, ltv_stream stream,
                       uint32_t first, uint32_t n)
{
    const struct {
        ltv_purpose purpose;
        bool needed;
        uint32_t *head;
    } columns[] = {{LTV_PURPOSE_VOLUNTARY_CHURN, true, of->voluntary},
                   {LTV_PURPOSE_INVOLUNTARY_CHURN, program->involuntary, of->involuntary},
                   {LTV_PURPOSE_CHANNEL, members, of->channel},
                   {LTV_PURPOSE_SEGMENT, members, of->segment},
                   {LTV_PURPOSE_CURED, members, of->cured}};
    for (size_t c = 0; c < sizeof columns / sizeof *columns; c++) {
        const ltv_word_run run = {stream, first, n, LTV_UNNAMED, columns[c].purpose, 0};
        if (columns[c].needed)
            ltv_vector_in_use->heads(&run, columns[c].head);
    }
}

/* Below the threshold for sure, not below it for sure, or UNSURE where the low half decides. */
static int falls_below(uint32_t head, uint64_t threshold)
{
    uint32_t high = (uint32_t)(threshold >> 32);
    if (head == high)
        return UNSURE;
    return head < high;
}

/* The member that a head falls to, or UNSURE. */
static int member_of(uint32_t head, const uint64_t *threshold, size_t n)
{
    int member = 0;
    for (size_t m = 0; m + 1 < n; m++) {
        int below = falls_below(head, threshold[m]);
        if (below == UNSURE)
            return UNSURE;
        member += !below;
    }
    return member;
}

/* The first bill that a customer of this kind does not pay; 0: unsure. */
static uint32_t leaves_before(const ltv_kind *kind, const ltv_program *program, const heads *of,
                              uint32_t i)
{
    uint32_t bill = ltv_ladder_bill(&kind->voluntary_ladder, of->voluntary[i]);
    if (!program->involuntary)
        return bill;
    uint32_t failed = ltv_ladder_bill(&kind->involuntary_ladder, of->involuntary[i]);
    return bill < failed ? bill : failed;
}

/* Place of a customer in the counts; 0: unsure. */
static uint32_t place_of(const ltv_program *program, const heads *of, uint32_t i)
{
    int channel = member_of(of->channel[i], program->channel_threshold, program->n_channels);
    if (channel == UNSURE)
        return 0;
    size_t row = (size_t)channel * program->n_segments;
    int segment = member_of(of->segment[i], program->segment_threshold + row, program->n_segments);
    if (segment == UNSURE)
        return 0;
    size_t cell = row + (size_t)segment;
    uint32_t last = program->horizon + 1;
    const ltv_kind *kind = &program->kinds[program->kind_of[cell]];
    int cured = kind->cured_threshold > 0 ? falls_below(of->cured[i], kind->cured_threshold) : 0;
    uint32_t bill = last;
    if (cured == UNSURE)
        return 0;
    if (!cured)
        bill = leaves_before(kind, program, of, i);
    else if (program->involuntary)
        bill = ltv_ladder_bill(&kind->involuntary_ladder, of->involuntary[i]);
    return bill == 0 ? 0 : (uint32_t)(cell * ((size_t)last + 1) + bill);
}

/* Places of all, where there is nothing to know but which clock fires first: bill 0 is paid by all,
 * so that place 0 is free to say unsure. */
static void find_leaving(uint32_t place[LTV_BLOCK], const ltv_program *program, const heads *of,
                         uint32_t n)
{
    uint32_t failed[LTV_BLOCK];
    ltv_ladder_bills(&program->kinds[0].voluntary_ladder, of->voluntary, n, place);
    ltv_ladder_bills(&program->kinds[0].involuntary_ladder, of->involuntary, n, failed);
    for (uint32_t i = 0; i < n; i++)
        place[i] = failed[i] < place[i] ? failed[i] : place[i];
}

/* One customer by his words in full. */
static void count_exactly(ltv_census *census, const ltv_program *program, ltv_stream stream,
                          uint32_t customer, ltv_luck *luck, ltv_block *block)
{
    uint32_t bill;
    ltv_luck_fill(luck, stream, ltv_kernel_needs(program), customer, 1);
    ltv_kernel_join(block, program, luck);
    ltv_kernel_leave(&bill, block, program, luck);
    size_t cell = block->channel[0] * program->n_segments + block->segment[0];
    census->counts[cell * ((size_t)program->horizon + 2) + bill]++;
}

void ltv_census_count(ltv_census *census, const ltv_program *program, ltv_stream stream,
                      uint32_t first, uint32_t n, ltv_luck *luck, ltv_block *block)
{
    heads of;
    uint32_t place[LTV_BLOCK];
    bool members = has_members(program);
    read_heads(&of, program, members, stream, first, n);
    if (!members && !program->involuntary) { /* a bill is a place */
        size_t unsure = ltv_ladder_count(&program->kinds[0].voluntary_ladder, of.voluntary, n,
                                         census->counts, place);
        for (size_t m = 0; m < unsure; m++)
            count_exactly(census, program, stream, first + place[m], luck, block);
        return;
    }
    if (members)
        for (uint32_t i = 0; i < n; i++)
            place[i] = place_of(program, &of, i);
    else
        find_leaving(place, program, &of, n);
    for (uint32_t i = 0; i < n; i++)
        if (__builtin_expect(place[i] > 0, 1))
            census->counts[place[i]]++;
        else
            count_exactly(census, program, stream, first + i, luck, block);
}

/* --- telling --- */

/* The block so far, and an empty one again. */
static void tell_block(ltv_census *census, const ltv_program *program, ltv_block *block,
                       ltv_tally *tally)
{
    block->times = census->times;
    ltv_tally_add(tally, program, block);
    block->times = NULL;
    ltv_block_clear(block, program, 0);
}

void ltv_census_tell(ltv_census *census, const ltv_program *program, ltv_block *block,
                     ltv_tally *tally)
{
    uint32_t last = program->horizon + 1;
    int64_t *count = census->counts;
    ltv_block_clear(block, program, 0);
    for (size_t cell = 0; cell < cells_of(program); cell++, count += last + 1)
        for (uint32_t bill = 1; bill <= last; bill++) {
            if (count[bill] == 0)
                continue;
            uint32_t i = block->n++;
            block->channel[i] = (uint16_t)(cell / program->n_segments);
            block->segment[i] = (uint16_t)(cell % program->n_segments);
            block->cac[i] = program->same_cac[block->channel[i]];
            block->spend[i] = LTV_WEIGHT_ONE;
            ltv_kernel_value(block, program, i, bill);
            census->times[i] = count[bill];
            count[bill] = 0;
            if (block->n == LTV_BLOCK)
                tell_block(census, program, block, tally);
        }
    if (block->n > 0)
        tell_block(census, program, block, tally);
}
