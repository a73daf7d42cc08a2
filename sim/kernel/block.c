/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/kernel/block.h"

#include <stdlib.h>
#include <string.h>

#include "sim/kernel/crowd.h"
#include "sim/kernel/life.h"

static bool init_kept(ltv_kept_luck *kept, const ltv_program *program)
{
    /* As many kinds as there can be: another draw's program may tell more of them apart. */
    size_t n_kinds = program->n_channels * program->n_segments, n_changes = program->n_changes;
    size_t n_add_ons = program->n_add_ons;
    size_t n_interventions = program->n_interventions;
    kept->derived = calloc(2 * n_kinds, sizeof *kept->derived);
    kept->budgets = calloc(n_changes + 2 * n_add_ons + n_interventions + 1, sizeof *kept->budgets);
    kept->coins = calloc(2 * n_interventions + 1, sizeof *kept->coins);
    kept->heads = calloc(ltv_crowd_n_heads(program), sizeof *kept->heads);
    if (kept->derived == NULL || kept->budgets == NULL || kept->coins == NULL ||
        kept->heads == NULL)
        return false;
    kept->voluntary = kept->derived;
    kept->frailty = kept->voluntary + n_kinds;
    kept->change = kept->budgets;
    kept->attach = kept->change + n_changes;
    kept->drop = kept->attach + n_add_ons;
    kept->programme = kept->drop + n_add_ons;
    kept->reach = kept->coins;
    kept->uptake = kept->reach + n_interventions;
    return true;
}

ltv_status ltv_block_init(ltv_block *block, const ltv_program *program, ltv_error *err)
{
    size_t n = program->n_interventions;
    memset(block, 0, sizeof *block);
    block->life = malloc(ltv_life_size(program));
    block->first_contact = calloc(n * LTV_BLOCK + 1, sizeof *block->first_contact);
    block->contacts = calloc(n + 1, sizeof *block->contacts);
    block->participants = calloc(n + 1, sizeof *block->participants);
    bool ok = init_kept(&block->kept, program) && ltv_bundles_init(&block->bundles, program) &&
              ltv_counted_init(&block->counted, program) && block->life != NULL &&
              block->first_contact != NULL && block->contacts != NULL &&
              block->participants != NULL;
    if (ok) {
        block->crowd = ltv_crowd_new(program, &block->counted);
        ok = block->crowd != NULL;
    }
    return ok ? LTV_OK : ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory for a block of customers");
}

void ltv_block_free(ltv_block *block)
{
    free(block->stretches.items);
    free(block->costs.items);
    free(block->orders.items);
    free(block->life);
    ltv_crowd_free(block->crowd);
    ltv_bundles_free(&block->bundles);
    ltv_counted_free(&block->counted);
    free(block->kept.derived);
    free(block->kept.budgets);
    free(block->kept.coins);
    free(block->kept.heads);
    free(block->first_contact);
    free(block->contacts);
    free(block->participants);
    memset(block, 0, sizeof *block);
}

void ltv_block_clear(ltv_block *block, const ltv_program *program, uint32_t n)
{
    block->n = n;
    ltv_bundles_keep_for(&block->bundles, program);
    ltv_counted_clear(&block->counted);
    memset(block->pays_before, 0, n * sizeof *block->pays_before);
    memset(block->is_copied, 0, n * sizeof *block->is_copied);
    block->copied_from = NULL;
    block->stretches.n = block->costs.n = block->orders.n = 0;
    block->overflow = block->out_of_memory = false;
    for (size_t k = 0; k < program->n_interventions; k++) {
        block->contacts[k] = block->participants[k] = 0;
        for (uint32_t i = 0; i < n; i++)
            block->first_contact[k * LTV_BLOCK + i] = LTV_NEVER;
    }
}

/* Coins that fall one way for certain are not tossed. */
static void keep_programme(ltv_kept_luck *kept, size_t k, const ltv_intervention_program *programme,
                           bool has_clock, ltv_luck *luck)
{
    if (has_clock)
        kept->programme[k] =
            ltv_luck_budgets_of(luck, ltv_purpose_of_clock(programme), programme->clock.name);
    if (programme->reach_threshold != UINT64_MAX)
        kept->reach[k] = ltv_luck_words_of(luck, LTV_PURPOSE_REACH, programme->name);
    if (programme->uptake_threshold != UINT64_MAX)
        kept->uptake[k] = ltv_luck_words_of(luck, LTV_PURPOSE_UPTAKE, programme->name);
}

/* First budgets of a clock; NULL too where it never fires: nobody asks for those. */
static const double *budgets_of(ltv_luck *luck, ltv_purpose purpose, const ltv_clock_table *clock,
                                const ltv_program *program)
{
    return ltv_clock_can_fire(clock, program->horizon)
               ? ltv_luck_budgets_of(luck, purpose, clock->name)
               : NULL;
}

/* Of the clocks of plans and add-ons. Where first ones are looked at by their heads, few customers
 * ever ask for a budget. */
static void keep_clocks(ltv_kept_luck *kept, const ltv_program *program, ltv_luck *luck)
{
    if (ltv_crowd_reads_heads(program)) {
        ltv_crowd_keep_heads(kept->heads, program, luck);
        memset(kept->change, 0,
               (program->n_changes + 2 * program->n_add_ons) * sizeof *kept->change);
        return;
    }
    for (size_t a = 0; a < program->n_add_ons; a++) {
        const ltv_add_on_program *add_on = &program->add_ons[a];
        kept->attach[a] = budgets_of(luck, LTV_PURPOSE_ATTACH, &add_on->attach, program);
        kept->drop[a] = budgets_of(luck, LTV_PURPOSE_DROP, &add_on->drop, program);
    }
    for (size_t c = 0; c < program->n_changes; c++)
        kept->change[c] = budgets_of(luck, ltv_purpose_of_change(&program->changes[c]),
                                     &program->changes[c].clock, program);
}

/* Of first voluntary clocks. */
static void keep_voluntary(ltv_kept_luck *kept, const ltv_program *program, ltv_luck *luck)
{
    bool foresees = ltv_crowd_foresees(program);
    kept->voluntary_words =
        foresees ? ltv_luck_words_of(luck, LTV_PURPOSE_VOLUNTARY_CHURN, LTV_UNNAMED) : NULL;
    for (size_t k = 0; k < program->n_kinds; k++) {
        const ltv_frailty *frailty = &program->kinds[k].frailty;
        kept->voluntary[k] = foresees ? NULL : ltv_luck_hazards_of(luck, frailty);
        kept->frailty[k] =
            foresees ? NULL : ltv_luck_column_of(luck, LTV_PURPOSE_FRAILTY, LTV_UNNAMED, frailty);
    }
}

void ltv_block_keep_luck(ltv_block *block, const ltv_program *program, ltv_luck *luck)
{
    ltv_kept_luck *kept = &block->kept;
    const ltv_frailty spend = {.spread = program->spend},
                      rate = {.spread = program->orders.heterogeneity},
                      level = {.alpha = program->orders.q};
    kept->spend = kept->order_rate = kept->order_level = NULL;
    if (program->spends_differ)
        kept->spend = ltv_luck_column_of(luck, LTV_PURPOSE_SPEND, LTV_UNNAMED, &spend);
    if (program->plain)
        return;
    if (program->orders.rate > 0) {
        kept->order_rate = ltv_luck_column_of(luck, LTV_PURPOSE_ORDER_RATE, LTV_UNNAMED, &rate);
        kept->order_level = ltv_luck_column_of(luck, LTV_PURPOSE_ORDER_LEVEL, LTV_UNNAMED, &level);
    }
    keep_voluntary(kept, program, luck);
    keep_clocks(kept, program, luck);
    for (size_t k = 0; k < program->n_interventions; k++)
        keep_programme(kept, k, &program->interventions[k], program->with_clock >> k & 1, luck);
}

/* Room for one more item of this size, or NULL. */
static void *grown(void *items, size_t n, size_t *capacity, size_t size)
{
    if (n < *capacity)
        return items;
    size_t wanted = *capacity == 0 ? 2 * LTV_BLOCK : 2 * *capacity;
    void *more = realloc(items, wanted * size);
    if (more != NULL)
        *capacity = wanted;
    return more;
}

#define APPEND(block, list, item)                                                                  \
    do {                                                                                           \
        void *items = grown((list)->items, (list)->n, &(list)->capacity, sizeof *(list)->items);   \
        if (items == NULL) {                                                                       \
            (block)->out_of_memory = true;                                                         \
        } else {                                                                                   \
            (list)->items = items;                                                                 \
            (list)->items[(list)->n++] = (item);                                                   \
        }                                                                                          \
    } while (0)

void ltv_block_add_stretch(ltv_block *block, const ltv_stretch *stretch)
{
    APPEND(block, &block->stretches, *stretch);
}

void ltv_block_add_cost(ltv_block *block, ltv_cost cost)
{
    APPEND(block, &block->costs, cost);
}

void ltv_block_add_order(ltv_block *block, ltv_order order)
{
    APPEND(block, &block->orders, order);
}

void ltv_block_skip_customer(ltv_block *block, uint32_t i)
{
    block->stretches.end[i] = block->stretches.n;
    block->costs.end[i] = block->costs.n;
    block->orders.end[i] = block->orders.n;
}

void ltv_block_skip_all(ltv_block *block)
{
    memset(block->stretches.end, 0, block->n * sizeof *block->stretches.end);
    memset(block->costs.end, 0, block->n * sizeof *block->costs.end);
    memset(block->orders.end, 0, block->n * sizeof *block->orders.end);
}

void ltv_block_close_customer(ltv_block *block, const ltv_program *program, uint32_t i)
{
    size_t n;
    ltv_block_skip_customer(block, i);
    const ltv_stretch *first = ltv_block_stretches(block, i, &n); /* everybody pays bill 0 */
    uint32_t year = program->one_year <= program->horizon ? program->one_year : LTV_NEVER;
    bool pays = false;
    ltv_money then = 0;
    for (size_t s = 0; s < n; s++) {
        bool is_then = first[s].from <= year && year < first[s].to;
        pays |= is_then;
        then = is_then ? first[s].recurring : then;
    }
    block->first_recurring[i] = n > 0 ? first->recurring : 0;
    block->first_revenue[i] = n > 0 ? first->revenue : 0;
    block->year_recurring[i] = then;
    block->pays_one_year_on[i] = pays;
}

static size_t first_item(const size_t *end, uint32_t i)
{
    return i > 0 ? end[i - 1] : 0;
}

void ltv_block_copy_counted(ltv_block *block, const ltv_block *from, const uint32_t *of, uint32_t n)
{
    block->copied_from = n > 0 ? from : block->copied_from;
    for (uint32_t c = 0; c < n; c++) {
        uint32_t i = of[c];
        block->bills[i] = from->bills[i];
        block->spend[i] = from->spend[i];
        block->ltv[i] = from->ltv[i];
        block->plain_ltv[i] = from->plain_ltv[i];
        block->programme_cost[i] = 0;
        block->saves[i] = 0;
        for (int k = 0; k < LTV_CHECKPOINTS; k++)
            block->ltv_by[k][i] = from->ltv_by[k][i];
        block->first_recurring[i] = from->first_recurring[i];
        block->first_revenue[i] = from->first_revenue[i];
        block->year_recurring[i] = from->year_recurring[i];
        block->pays_one_year_on[i] = from->pays_one_year_on[i];
        block->pays_before[i] = from->pays_before[i];
        block->is_copied[i] = true;
    }
}

void ltv_block_copy_customer(ltv_block *block, const ltv_block *from, uint32_t i)
{
    for (size_t s = first_item(from->stretches.end, i); s < from->stretches.end[i]; s++)
        ltv_block_add_stretch(block, &from->stretches.items[s]);
    for (size_t o = first_item(from->orders.end, i); o < from->orders.end[i]; o++)
        ltv_block_add_order(block, from->orders.items[o]);
    ltv_block_copy_counted(block, from, &i, 1);
    ltv_block_skip_customer(block, i);
}

bool ltv_block_pays(const ltv_block *block, uint32_t i, uint32_t bill)
{
    size_t n;
    if (block->pays_before[i] > 0)
        return bill < block->pays_before[i];
    const ltv_stretch *stretches = ltv_block_stretches(block, i, &n);
    for (size_t s = 0; s < n; s++)
        if (stretches[s].from <= bill && bill < stretches[s].to)
            return true;
    return false;
}
