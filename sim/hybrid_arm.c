/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/hybrid_arm.h"

#include <stdlib.h>
#include <string.h>

/* --- who owns what --- */

typedef enum { OF_ARM, OF_SEGMENT, OF_CHANNEL, OF_PLAN, OF_ADD_ON, OF_PROGRAMME } place;

typedef struct field field;

/* Whether the field says the same in two structs; they need not own the same arrays. */
typedef bool same_function(const ltv_arm_pair *pair, const field *f, const void *a, const void *b);

/* Whether the field says anything in a struct. */
typedef bool said_function(const void *item);

/* A field of an arm or of something it has, `size` bytes at `offset`. */
struct field {
    place of;
    ltv_driver owner;
    size_t offset, size;
    same_function *same; /* NULL: equal bytes */
    said_function *said; /* NULL: always */
};

static same_function same_retention, same_price_changes, same_season, same_starts, same_mix,
    same_changes, same_rate, same_segments, same_channels, same_phases;
static said_function is_without_plans, has_retention, is_read, is_success;

#define FIELD(of_, type, member, owner_, same_, said_)                                             \
    {                                                                                              \
        .of = of_, .owner = LTV_DRIVER_##owner_, .offset = offsetof(type, member),                 \
        .size = sizeof(((type *)0)->member), .same = same_, .said = said_                          \
    }
#define ARM(member, owner)          FIELD(OF_ARM, ltv_arm, member, owner, NULL, NULL)
#define SEGMENT(member, owner)      FIELD(OF_SEGMENT, ltv_segment, member, owner, NULL, NULL)
#define CHANNEL(member, owner)      FIELD(OF_CHANNEL, ltv_channel, member, owner, NULL, NULL)
#define PLAN(member, owner)         FIELD(OF_PLAN, ltv_plan, member, owner, NULL, NULL)
#define PLAN_LIST(member, same)     FIELD(OF_PLAN, ltv_plan, member, EXPANSION, same, NULL)
#define ADD_ON(member, owner)       FIELD(OF_ADD_ON, ltv_add_on, member, owner, NULL, NULL)
#define ADD_ON_RATE(member)         FIELD(OF_ADD_ON, ltv_add_on, member, CROSS_SELL, same_rate, NULL)
#define PROGRAMME(member, owner)    FIELD(OF_PROGRAMME, ltv_intervention, member, owner, NULL, NULL)
#define AUDIENCE(member, same)      FIELD(OF_PROGRAMME, ltv_intervention, member, REACH, same, NULL)
#define CHANCE(member, owner, said) FIELD(OF_PROGRAMME, ltv_intervention, member, owner, NULL, said)
/* Multipliers of segments and channels, and effects of programmes. */
#define LEVERS(OF)                                                                                 \
    OF(times.on[LTV_LEVER_CHURN], CHURN), OF(times.on[LTV_LEVER_INVOLUNTARY], CHURN),              \
        OF(times.on[LTV_LEVER_UPGRADE], EXPANSION), OF(times.on[LTV_LEVER_DOWNGRADE], EXPANSION),  \
        OF(times.on[LTV_LEVER_ATTACH], CROSS_SELL), OF(times.on[LTV_LEVER_DROP], CROSS_SELL),      \
        OF(times.on[LTV_LEVER_ORDERS], ORDERS), OF(times.on[LTV_LEVER_PRICE], PRICE),              \
        OF(times.on[LTV_LEVER_SPEND], PRICE)

/* Everything that LTV depends on has one owner. Not listed, since LTV does not depend on them:
 * names, what was declared, CAC and its spread, fixed costs of programmes. The lists themselves
 * are owned as `lists` below says, effects of programmes as the multipliers of segments. */
static const field fields[] = {
    FIELD(OF_ARM, ltv_arm, price, PRICE, NULL, is_without_plans),
    ARM(spend.kind, PRICE),
    ARM(spend.cv, PRICE),
    ARM(spend_churn_correlation, PRICE),
    ARM(n_price_changes, PRICE), /* with the churn that they cause */
    FIELD(OF_ARM, ltv_arm, price_changes, PRICE, same_price_changes, NULL),
    ARM(gross_margin, MARGIN),
    FIELD(OF_ARM, ltv_arm, has_retention, CHURN, NULL, has_retention),
    FIELD(OF_ARM, ltv_arm, retention, CHURN, same_retention, has_retention),
    ARM(involuntary_churn, CHURN),
    ARM(orders.rate, ORDERS),
    ARM(orders.first_order_certain, ORDERS),
    ARM(orders.heterogeneity.kind, ORDERS),
    ARM(orders.heterogeneity.cv, ORDERS),
    ARM(orders.value_mean, ORDERS),
    ARM(orders.p, ORDERS),
    ARM(orders.q, ORDERS),
    ARM(orders.has_season, ORDERS),
    FIELD(OF_ARM, ltv_arm, orders.season, ORDERS, same_season, NULL),
    ARM(service_cost, SERVICE_COST),

    SEGMENT(share, MIX),
    LEVERS(SEGMENT),
    SEGMENT(service_cost, SERVICE_COST),
    SEGMENT(has_retention, CHURN),
    FIELD(OF_SEGMENT, ltv_segment, retention, CHURN, same_retention, NULL),
    FIELD(OF_SEGMENT, ltv_segment, starts, EXPANSION, same_starts, NULL),

    CHANNEL(share, MIX),
    FIELD(OF_CHANNEL, ltv_channel, segments, MIX, same_mix, NULL),
    LEVERS(CHANNEL),

    PLAN(price, PRICE),
    PLAN(margin, MARGIN),
    PLAN(churn, CHURN),
    PLAN(term, CHURN),
    PLAN(starts, EXPANSION),
    PLAN(n_upgrades, EXPANSION),
    PLAN_LIST(upgrades, same_changes),
    PLAN(n_downgrades, EXPANSION),
    PLAN_LIST(downgrades, same_changes),

    ADD_ON(price, PRICE),
    ADD_ON(margin, MARGIN),
    ADD_ON(churn, CHURN),
    ADD_ON_RATE(attach),
    ADD_ON_RATE(drop),

    AUDIENCE(segments, same_segments),
    AUDIENCE(channels, same_channels),
    PROGRAMME(plans, REACH),
    PROGRAMME(n_phases, REACH),
    AUDIENCE(phases, same_phases),
    PROGRAMME(top_by_spend, REACH),
    PROGRAMME(reach, REACH),
    PROGRAMME(uptake, REACH),
    PROGRAMME(when.periods, REACH),
    PROGRAMME(when.rate, REACH),
    PROGRAMME(capacity, REACH),
    CHANCE(when.probability, REACH, is_read),
    CHANCE(when.probability, CHURN, is_success),
    PROGRAMME(price_off, PROGRAMME_COST),
    PROGRAMME(price_off_bills, PROGRAMME_COST),
    PROGRAMME(per_contact, PROGRAMME_COST),
    PROGRAMME(per_participant, PROGRAMME_COST),
    PROGRAMME(per_period, PROGRAMME_COST),
    PROGRAMME(to_segment, MIX),
    PROGRAMME(to_plan, EXPANSION),
};
enum { FIELDS = sizeof fields / sizeof *fields };

/* Lists of named things; each begins with its name. What programmes there are is nobody's: each
 * is made up of what the fields say. Their order is REACH's. */
static const struct {
    place of;
    ltv_driver owner;
    size_t n, items; /* offsets in an arm */
    size_t size;     /* of an item */
} lists[] = {
    {OF_SEGMENT, LTV_DRIVER_MIX, offsetof(ltv_arm, n_segments), offsetof(ltv_arm, segments),
     sizeof(ltv_segment)},
    {OF_CHANNEL, LTV_DRIVER_MIX, offsetof(ltv_arm, n_channels), offsetof(ltv_arm, channels),
     sizeof(ltv_channel)},
    {OF_PLAN, LTV_DRIVER_EXPANSION, offsetof(ltv_arm, n_plans), offsetof(ltv_arm, plans),
     sizeof(ltv_plan)},
    {OF_ADD_ON, LTV_DRIVER_CROSS_SELL, offsetof(ltv_arm, n_add_ons), offsetof(ltv_arm, add_ons),
     sizeof(ltv_add_on)},
};
enum { LISTS = sizeof lists / sizeof *lists };

_Static_assert(offsetof(ltv_segment, name) == 0 && offsetof(ltv_channel, name) == 0 &&
                   offsetof(ltv_plan, name) == 0 && offsetof(ltv_add_on, name) == 0,
               "items of lists begin with their names");

static ltv_driver owner_of_lever(ltv_lever lever)
{
    size_t offset = offsetof(ltv_segment, times) + lever * sizeof(double);
    size_t i = 0;
    while (fields[i].of != OF_SEGMENT || fields[i].offset != offset)
        i++;
    return fields[i].owner;
}

const char *ltv_driver_name(ltv_driver driver)
{
    static const char *const names[LTV_DRIVERS] = {
        [LTV_DRIVER_PRICE] = "price",
        [LTV_DRIVER_MARGIN] = "margin",
        [LTV_DRIVER_CHURN] = "churn",
        [LTV_DRIVER_EXPANSION] = "expansion",
        [LTV_DRIVER_CROSS_SELL] = "cross_sell",
        [LTV_DRIVER_ORDERS] = "orders",
        [LTV_DRIVER_MIX] = "mix",
        [LTV_DRIVER_SERVICE_COST] = "service_cost",
        [LTV_DRIVER_REACH] = "reach",
        [LTV_DRIVER_PROGRAMME_COST] = "programme_cost",
    };
    return names[driver];
}

const char *ltv_driver_meaning(ltv_driver driver)
{
    static const char *const meanings[LTV_DRIVERS] = {
        [LTV_DRIVER_PRICE] = "prices, levels of spend, price changes with the churn they cause",
        [LTV_DRIVER_MARGIN] = "gross margins",
        [LTV_DRIVER_CHURN] = "how long customers stay: churn, failed payments, contract terms, "
                             "customers saved and won back",
        [LTV_DRIVER_EXPANSION] = "plans: which there are, who starts with which, upgrades, "
                                 "downgrades and moves by programmes",
        [LTV_DRIVER_CROSS_SELL] = "add-ons: which there are, how often they are taken and dropped",
        [LTV_DRIVER_ORDERS] = "single orders: how many, and their value",
        [LTV_DRIVER_MIX] = "which segments and channels customers are of, moves by programmes "
                           "included",
        [LTV_DRIVER_SERVICE_COST] = "cost to serve while active",
        [LTV_DRIVER_REACH] = "whom programmes that both arms have turn to, and when",
        [LTV_DRIVER_PROGRAMME_COST] = "contacts, participants, periods and price_off of "
                                      "programmes; not their fixed costs, which LTV leaves out",
    };
    return meanings[driver];
}

/* --- looking at fields --- */

static const void *member(const void *item, size_t offset)
{
    return (const char *)item + offset;
}

static size_t count_of(size_t list, const ltv_arm *arm)
{
    return *(const size_t *)member(arm, lists[list].n);
}

static const void *item_of(size_t list, const ltv_arm *arm, size_t index)
{
    const char *items; /* a pointer to whatever it is looks the same */
    memcpy(&items, member(arm, lists[list].items), sizeof items);
    return items + index * lists[list].size;
}

/* The item of this name; NULL where the arm has none. */
static const void *find_item(size_t list, const ltv_arm *arm, const char *name)
{
    for (size_t i = 0; i < count_of(list, arm); i++)
        if (strcmp(item_of(list, arm, i), name) == 0)
            return item_of(list, arm, i);
    return NULL;
}

/* --- whether two arms say the same --- */

static bool same_spikes(size_t n, const ltv_tenure_spike *a, size_t m, const ltv_tenure_spike *b)
{
    bool same = n == m;
    for (size_t i = 0; same && i < n; i++)
        same = a[i].period == b[i].period && a[i].times == b[i].times;
    return same;
}

static bool rates_agree(const ltv_rate *a, const ltv_rate *b)
{
    return a->probability == b->probability && a->from == b->from && a->until == b->until &&
           same_spikes(a->n_spikes, a->spikes, b->n_spikes, b->spikes);
}

static bool same_rate(const ltv_arm_pair *pair, const field *f, const void *a, const void *b)
{
    (void)pair;
    return rates_agree(member(a, f->offset), member(b, f->offset));
}

static bool same_numbers(size_t n, const double *a, const double *b)
{
    for (size_t i = 0; i < n; i++)
        if (a[i] != b[i])
            return false;
    return true;
}

/* Of arrays that may be missing. */
static bool same_optional(size_t n, const double *a, const double *b)
{
    return a == NULL || b == NULL ? a == b : same_numbers(n, a, b);
}

static bool same_season(const ltv_arm_pair *pair, const field *f, const void *a, const void *b)
{
    (void)pair;
    return same_numbers(12, member(a, f->offset), member(b, f->offset));
}

static bool same_curve(const ltv_curve *a, const ltv_curve *b)
{
    if (a->kind != b->kind)
        return false;
    if (a->kind != LTV_CURVE_TABLE)
        return same_numbers(ltv_curve_model_of(a->kind)->n_parameters, a->parameter, b->parameter);
    return a->table_size == b->table_size && a->hold == b->hold && a->stop == b->stop &&
           same_numbers(a->table_size, a->survival, b->survival);
}

static bool same_retention(const ltv_arm_pair *pair, const field *f, const void *a, const void *b)
{
    const ltv_retention *one = member(a, f->offset), *other = member(b, f->offset);
    (void)pair;
    return same_curve(&one->curve, &other->curve) &&
           one->heterogeneity.kind == other->heterogeneity.kind &&
           one->heterogeneity.cv == other->heterogeneity.cv && one->cured == other->cured &&
           one->has_season == other->has_season &&
           (!one->has_season || same_numbers(12, one->season, other->season)) &&
           same_spikes(one->n_spikes, one->spikes, other->n_spikes, other->spikes);
}

static bool same_price_changes(const ltv_arm_pair *pair, const field *f, const void *a,
                               const void *b)
{
    const ltv_arm *one = a, *other = b;
    (void)pair;
    (void)f;
    bool same = one->n_price_changes == other->n_price_changes;
    for (size_t i = 0; same && i < one->n_price_changes; i++) {
        const ltv_price_change *c = &one->price_changes[i], *d = &other->price_changes[i];
        same = c->bill == d->bill && c->times == d->times && c->churn_times == d->churn_times &&
               c->churn_for == d->churn_for;
    }
    return same;
}

/* Indices mean the same in both arms where their lists are the same; where they are not, the
 * owner of the list, who owns these too, differs already. */

static bool same_changes(const ltv_arm_pair *pair, const field *f, const void *a, const void *b)
{
    const ltv_plan *one = a, *other = b;
    (void)pair;
    bool up = f->offset == offsetof(ltv_plan, upgrades);
    size_t n = up ? one->n_upgrades : one->n_downgrades;
    const ltv_plan_change *c = up ? one->upgrades : one->downgrades;
    const ltv_plan_change *d = up ? other->upgrades : other->downgrades;
    bool same = n == (up ? other->n_upgrades : other->n_downgrades);
    for (size_t i = 0; same && i < n; i++)
        same = c[i].to == d[i].to && rates_agree(&c[i].rate, &d[i].rate);
    return same;
}

static bool same_starts(const ltv_arm_pair *pair, const field *f, const void *a, const void *b)
{
    (void)f;
    return pair->arm[0]->n_plans == pair->arm[1]->n_plans &&
           same_optional(pair->arm[0]->n_plans, ((const ltv_segment *)a)->starts,
                         ((const ltv_segment *)b)->starts);
}

static bool same_mix(const ltv_arm_pair *pair, const field *f, const void *a, const void *b)
{
    (void)f;
    return pair->arm[0]->n_segments == pair->arm[1]->n_segments &&
           same_optional(pair->arm[0]->n_segments, ((const ltv_channel *)a)->segments,
                         ((const ltv_channel *)b)->segments);
}

static bool same_segments(const ltv_arm_pair *pair, const field *f, const void *a, const void *b)
{
    (void)f;
    return memcmp(((const ltv_intervention *)a)->segments, ((const ltv_intervention *)b)->segments,
                  pair->segments.n * sizeof(bool)) == 0;
}

static bool same_channels(const ltv_arm_pair *pair, const field *f, const void *a, const void *b)
{
    (void)f;
    return memcmp(((const ltv_intervention *)a)->channels, ((const ltv_intervention *)b)->channels,
                  pair->channels.n * sizeof(bool)) == 0;
}

static bool same_phases(const ltv_arm_pair *pair, const field *f, const void *a, const void *b)
{
    const ltv_intervention *one = a, *other = b;
    (void)pair;
    (void)f;
    bool same = one->n_phases == other->n_phases;
    for (size_t i = 0; same && i < one->n_phases; i++)
        same = one->phases[i].from == other->phases[i].from &&
               one->phases[i].until == other->phases[i].until;
    return same;
}

static bool is_without_plans(const void *arm)
{
    return ((const ltv_arm *)arm)->n_plans == 0;
}

static bool has_retention(const void *arm)
{
    return ((const ltv_arm *)arm)->has_retention;
}

/* Whether the trigger's probability is that of saving, recovering or winning back a customer. */
static bool is_success(const void *programme)
{
    ltv_trigger_kind kind = ((const ltv_intervention *)programme)->when.kind;
    return kind == LTV_WHEN_CHURN_INTENT || kind == LTV_WHEN_PAYMENT_FAILURE ||
           kind == LTV_WHEN_CHURN;
}

/* Whether it is that of a risk signal to see a customer, which says whom the programme reaches. */
static bool is_read(const void *programme)
{
    return !is_success(programme);
}

static bool is_said(const field *f, const void *item)
{
    return f->said == NULL || f->said(item);
}

/* The drivers of the fields in which two structs of a place differ. */
static ltv_driver_set differing_fields(const ltv_arm_pair *pair, place of, const void *a,
                                       const void *b)
{
    ltv_driver_set differ = 0;
    for (size_t i = 0; i < FIELDS; i++) {
        const field *f = &fields[i];
        if (f->of != of || !is_said(f, a) || !is_said(f, b))
            continue;
        bool same = f->same != NULL
                        ? f->same(pair, f, a, b)
                        : memcmp(member(a, f->offset), member(b, f->offset), f->size) == 0;
        differ |= same ? 0u : 1u << f->owner;
    }
    return differ;
}

static ltv_driver_set differing_list(const ltv_arm_pair *pair, size_t list)
{
    size_t n = count_of(list, pair->arm[0]);
    ltv_driver_set differ = 0, owner = 1u << lists[list].owner;
    if (n != count_of(list, pair->arm[1]))
        differ |= owner;
    for (size_t i = 0; i < n; i++) {
        const void *item = item_of(list, pair->arm[0], i);
        const void *other = find_item(list, pair->arm[1], item);
        if (other == NULL) {
            differ |= owner;
            continue;
        }
        differ |= differing_fields(pair, lists[list].of, item, other);
        if (other != item_of(list, pair->arm[1], i))
            differ |= owner;
    }
    return differ;
}

/* --- programmes --- */

static const ltv_effect *find_effect(const ltv_intervention *programme, ltv_lever lever)
{
    for (size_t e = 0; e < programme->n_effects; e++)
        if (programme->effects[e].lever == lever)
            return &programme->effects[e];
    return NULL;
}

static bool same_effect(const ltv_effect *a, const ltv_effect *b)
{
    if (a == NULL || b == NULL)
        return a == b;
    return a->times == b->times && a->periods == b->periods && a->ramp == b->ramp &&
           a->fade_half_life == b->fade_half_life;
}

static ltv_driver_set differing_programme(const ltv_arm_pair *pair, const ltv_programme_pair *of)
{
    ltv_driver_set differ = differing_fields(pair, OF_PROGRAMME, &of->in[0], &of->in[1]);
    for (ltv_lever lever = 0; lever < LTV_LEVERS; lever++)
        if (!same_effect(find_effect(&of->in[0], lever), find_effect(&of->in[1], lever)))
            differ |= 1u << owner_of_lever(lever);
    return differ;
}

/* Turns to the same customers, holds them as long, and does nothing. */
static void make_idle(ltv_intervention *programme)
{
    for (size_t e = 0; e < programme->n_effects; e++)
        programme->effects[e].times = 1;
    if (is_success(programme))
        programme->when.probability = 0;
    programme->price_off = 0;
    programme->per_contact = programme->per_participant = programme->per_period = 0;
    programme->to_segment = programme->to_plan = LTV_NOWHERE;
}

static bool is_idle(const ltv_intervention *programme)
{
    bool acts = (is_success(programme) && programme->when.probability > 0) ||
                (programme->price_off_bills > 0 && programme->price_off > 0) ||
                programme->per_contact > 0 || programme->per_participant > 0 ||
                programme->per_period > 0 || programme->to_segment != LTV_NOWHERE ||
                programme->to_plan != LTV_NOWHERE;
    for (size_t e = 0; e < programme->n_effects; e++)
        acts = acts || programme->effects[e].times != 1;
    return !acts;
}

/* --- names --- */

static ltv_status no_memory(ltv_error *err)
{
    return ltv_fail(err, LTV_ERR_NO_MEMORY, "no memory to mix two arms");
}

enum { NOT_THERE = -1 };

static ptrdiff_t index_of(const ltv_name_list *names, const char *name)
{
    for (size_t i = 0; i < names->n; i++)
        if (strcmp(names->name[i], name) == 0)
            return (ptrdiff_t)i;
    return NOT_THERE;
}

/* The number of a name in one arm's list; an arm without plans has one plan, which has no name. */
static ptrdiff_t index_in_arm(size_t list, const ltv_arm *arm, const char *name)
{
    if (lists[list].of == OF_PLAN && arm->n_plans == 0)
        return name[0] == '\0' ? 0 : NOT_THERE;
    for (size_t i = 0; i < count_of(list, arm); i++)
        if (strcmp(item_of(list, arm, i), name) == 0)
            return (ptrdiff_t)i;
    return NOT_THERE;
}

static bool list_names(ltv_name_list *names, const ltv_arm_pair *pair, size_t list)
{
    size_t n = count_of(list, pair->arm[0]) + count_of(list, pair->arm[1]) + 1;
    names->name = calloc(n, sizeof *names->name);
    if (names->name == NULL)
        return false;
    for (size_t a = 0; a < 2; a++)
        for (size_t i = 0; i < count_of(list, pair->arm[a]); i++) {
            const char *name = item_of(list, pair->arm[a], i);
            if (index_of(names, name) == NOT_THERE)
                names->name[names->n++] = name;
        }
    if (lists[list].of == OF_PLAN && (pair->arm[0]->n_plans == 0 || pair->arm[1]->n_plans == 0))
        names->name[names->n++] = "";
    return true;
}

enum { SEGMENTS, CHANNELS, PLANS, ADD_ONS }; /* in `lists` */

/* --- programmes of both arms --- */

/* Whether the programme turns to those of the segment, channel or plan of this number. */
static bool turns_to(const ltv_intervention *programme, size_t list, size_t index)
{
    switch (list) {
    case SEGMENTS:
        return programme->segments == NULL || programme->segments[index];
    case CHANNELS:
        return programme->channels == NULL || programme->channels[index];
    default:
        return programme->plans >> index & 1;
    }
}

static bool turns_to_all(const ltv_intervention *programme, size_t list)
{
    return list == SEGMENTS   ? programme->segments == NULL
           : list == CHANNELS ? programme->channels == NULL
                              : programme->plans == UINT32_MAX;
}

/* A programme as the arms write it: in[a] of arm a, NULL where that arm lacks it. */
typedef struct {
    const ltv_intervention *in[2];
} written_programme;

/* Whether arm a's programme turns to those of a segment, channel or plan that either arm has. Of
 * what the arm does not know the other arm's programme tells. */
static bool turns_to_name(const ltv_arm_pair *pair, const written_programme *written, size_t a,
                          size_t list, const char *name)
{
    ptrdiff_t index = index_in_arm(list, pair->arm[a], name);
    ptrdiff_t elsewhere = index_in_arm(list, pair->arm[1 - a], name);
    if (index != NOT_THERE)
        return turns_to(written->in[a], list, (size_t)index);
    return written->in[1 - a] != NULL ? turns_to(written->in[1 - a], list, (size_t)elsewhere)
                                      : turns_to_all(written->in[a], list);
}

static bool *audience(const ltv_arm_pair *pair, const written_programme *written, size_t a,
                      size_t list, const ltv_name_list *names)
{
    bool *members = calloc(names->n + 1, sizeof *members);
    for (size_t i = 0; members != NULL && i < names->n; i++)
        members[i] = turns_to_name(pair, written, a, list, names->name[i]);
    return members;
}

/* Numbers audience and moves by the pair's names. */
static bool number_programme(ltv_intervention *programme, const ltv_arm_pair *pair,
                             const written_programme *written, size_t a)
{
    const ltv_arm *arm = pair->arm[a];
    *programme = *written->in[a];
    programme->segments = audience(pair, written, a, SEGMENTS, &pair->segments);
    programme->channels = audience(pair, written, a, CHANNELS, &pair->channels);
    programme->plans = 0;
    for (size_t p = 0; p < pair->plans.n; p++)
        if (turns_to_name(pair, written, a, PLANS, pair->plans.name[p]))
            programme->plans |= 1u << p;
    if (programme->to_segment != LTV_NOWHERE)
        programme->to_segment =
            (uint32_t)index_of(&pair->segments, arm->segments[programme->to_segment].name);
    if (programme->to_plan != LTV_NOWHERE)
        programme->to_plan = (uint32_t)index_of(&pair->plans, arm->plans[programme->to_plan].name);
    return programme->segments != NULL && programme->channels != NULL;
}

/* A programme is the same in two arms when its name and its trigger are. */
static const ltv_intervention *find_programme(const ltv_arm *arm, const ltv_intervention *like)
{
    for (size_t k = 0; k < arm->n_interventions; k++)
        if (strcmp(arm->interventions[k].name, like->name) == 0 &&
            arm->interventions[k].when.kind == like->when.kind)
            return &arm->interventions[k];
    return NULL;
}

static bool add_programme(ltv_arm_pair *pair, const ltv_intervention *programme)
{
    ltv_programme_pair *of = &pair->programmes[pair->n_programmes++];
    written_programme written = {
        {find_programme(pair->arm[0], programme), find_programme(pair->arm[1], programme)}};
    for (size_t a = 0; a < 2; a++) {
        bool lacks = written.in[a] == NULL;
        if (!number_programme(&of->in[a], pair, &written, lacks ? 1 - a : a))
            return false;
        if (lacks)
            make_idle(&of->in[a]);
    }
    return true;
}

static bool add_programmes(ltv_arm_pair *pair)
{
    size_t n = pair->arm[0]->n_interventions + pair->arm[1]->n_interventions + 1;
    pair->programmes = calloc(n, sizeof *pair->programmes);
    bool ok = pair->programmes != NULL;
    for (size_t a = 0; a < 2; a++)
        for (size_t k = 0; ok && k < pair->arm[a]->n_interventions; k++) {
            const ltv_intervention *programme = &pair->arm[a]->interventions[k];
            if (a == 0 || find_programme(pair->arm[0], programme) == NULL)
                ok = add_programme(pair, programme);
        }
    return ok;
}

static size_t number_of(const ltv_arm_pair *pair, const ltv_intervention *programme)
{
    size_t i = 0;
    while (strcmp(pair->programmes[i].in[0].name, programme->name) != 0 ||
           pair->programmes[i].in[0].when.kind != programme->when.kind)
        i++;
    return i;
}

/* All programmes in the order of arm a; those of the other arm alone stand behind the one that
 * they follow there. */
static size_t *order_programmes(const ltv_arm_pair *pair, size_t a)
{
    size_t *order = calloc(pair->n_programmes + 1, sizeof *order), n = 0, behind = 0;
    const ltv_arm *arm = pair->arm[a], *other = pair->arm[1 - a];
    for (; order != NULL && n < arm->n_interventions; n++)
        order[n] = number_of(pair, &arm->interventions[n]);
    for (size_t k = 0; order != NULL && k < other->n_interventions; k++) {
        size_t number = number_of(pair, &other->interventions[k]), at = 0;
        while (at < n && order[at] != number)
            at++;
        if (at == n) {
            at = behind;
            memmove(&order[at + 1], &order[at], (n++ - at) * sizeof *order);
            order[at] = number;
        }
        behind = at + 1;
    }
    return order;
}

/* Whether programmes that both arms have act in another order. */
static bool orders_differ(const ltv_arm_pair *pair)
{
    const ltv_intervention *last = NULL;
    for (size_t k = 0; k < pair->arm[0]->n_interventions; k++) {
        const ltv_intervention *there =
            find_programme(pair->arm[1], &pair->arm[0]->interventions[k]);
        if (there != NULL && last != NULL && there < last)
            return true;
        last = there != NULL ? there : last;
    }
    return false;
}

/* --- the pair --- */

static ltv_driver_set differing(const ltv_arm_pair *pair)
{
    ltv_driver_set differ = differing_fields(pair, OF_ARM, pair->arm[0], pair->arm[1]);
    for (size_t list = 0; list < LISTS; list++)
        differ |= differing_list(pair, list);
    for (size_t i = 0; i < pair->n_programmes; i++)
        differ |= differing_programme(pair, &pair->programmes[i]);
    if (orders_differ(pair))
        differ |= 1u << LTV_DRIVER_REACH;
    return differ;
}

ltv_status ltv_arm_pair_init(ltv_arm_pair *pair, const ltv_arm *first, const ltv_arm *second,
                             ltv_error *err)
{
    *pair = (ltv_arm_pair){.arm = {first, second}};
    bool ok = list_names(&pair->segments, pair, SEGMENTS) &&
              list_names(&pair->channels, pair, CHANNELS) && list_names(&pair->plans, pair, PLANS);
    ok = ok && add_programmes(pair);
    for (size_t a = 0; ok && a < 2; a++) {
        pair->order[a] = order_programmes(pair, a);
        ok = pair->order[a] != NULL;
    }
    if (!ok)
        return no_memory(err);
    pair->mixable = pair->n_programmes <= LTV_MAX_INTERVENTIONS;
    pair->differ = differing(pair);
    return LTV_OK;
}

void ltv_arm_pair_free(ltv_arm_pair *pair)
{
    for (size_t i = 0; i < pair->n_programmes; i++)
        for (size_t a = 0; a < 2; a++) {
            free(pair->programmes[i].in[a].segments);
            free(pair->programmes[i].in[a].channels);
        }
    free(pair->programmes);
    free(pair->order[0]);
    free(pair->order[1]);
    free(pair->segments.name);
    free(pair->channels.name);
    free(pair->plans.name);
    *pair = (ltv_arm_pair){0};
}

bool ltv_arm_pair_has_unmatched(const ltv_arm_pair *pair, ltv_driver driver)
{
    for (size_t list = 0; list < LISTS; list++)
        for (size_t a = 0; lists[list].owner == driver && a < 2; a++)
            for (size_t i = 0; i < count_of(list, pair->arm[a]); i++)
                if (find_item(list, pair->arm[1 - a], item_of(list, pair->arm[a], i)) == NULL)
                    return true;
    return false;
}

static bool is_beta_with_more(const ltv_retention *retention)
{
    return ltv_curve_model_of(retention->curve.kind)->brings_beta_frailty &&
           retention->heterogeneity.kind != LTV_SPREAD_NONE;
}

/* Whether some customers of an arm have a frailty of two pieces, which has no rank. */
static bool has_unranked_frailty(const ltv_arm *arm)
{
    bool has = false;
    for (size_t s = 0; s < arm->n_segments; s++)
        has = has || is_beta_with_more(ltv_arm_retention(arm, s));
    return has || (arm->has_retention && is_beta_with_more(&arm->retention));
}

static bool has_segment_move(const ltv_arm *arm)
{
    for (size_t k = 0; k < arm->n_interventions; k++)
        if (arm->interventions[k].to_segment != LTV_NOWHERE)
            return true;
    return false;
}

/* A level of spend that follows churn, and a move between segments, need the rank of a frailty. */
ltv_driver_set ltv_arm_pair_inseparable(const ltv_arm_pair *pair, ltv_driver driver)
{
    const ltv_arm *a = pair->arm[0], *b = pair->arm[1];
    ltv_driver_set together = 0;
    if (has_unranked_frailty(a) || has_unranked_frailty(b)) {
        if (a->spend_churn_correlation != 0 || b->spend_churn_correlation != 0)
            together = 1u << LTV_DRIVER_PRICE | 1u << LTV_DRIVER_CHURN | 1u << LTV_DRIVER_MIX;
        if (has_segment_move(a) || has_segment_move(b))
            together |= 1u << LTV_DRIVER_CHURN | 1u << LTV_DRIVER_MIX;
    }
    return together >> driver & 1 ? together : 1u << driver;
}

/* --- hybrids --- */

/* The arm, 0 or 1, that the things of a driver are from. */
static size_t source(ltv_driver_set from_second, ltv_driver driver)
{
    return from_second >> driver & 1;
}

/* Of programmes one of which only one arm has, some order that does not depend on which arm is
 * called the first. */
static size_t source_of_order(const ltv_arm_pair *pair, ltv_driver_set from_second)
{
    if (pair->differ >> LTV_DRIVER_REACH & 1)
        return source(from_second, LTV_DRIVER_REACH);
    return strcmp(pair->arm[0]->name, pair->arm[1]->name) <= 0 ? 0 : 1;
}

static void copy_field(const field *f, void *to, const void *from)
{
    if (is_said(f, from))
        memcpy((char *)to + f->offset, member(from, f->offset), f->size);
}

/* Takes each field of an item from the arm whose turn it is, where that arm has such an item. */
static void mix_item(void *item, const ltv_arm_pair *pair, size_t list, ltv_driver_set from_second)
{
    const void *in[2] = {find_item(list, pair->arm[0], item), find_item(list, pair->arm[1], item)};
    for (size_t i = 0; i < FIELDS; i++) {
        const void *from = in[source(from_second, fields[i].owner)];
        if (fields[i].of == lists[list].of && from != NULL)
            copy_field(&fields[i], item, from);
    }
}

static bool mix_list(ltv_arm *hybrid, const ltv_arm_pair *pair, size_t list,
                     ltv_driver_set from_second)
{
    const ltv_arm *arm = pair->arm[source(from_second, lists[list].owner)];
    size_t n = count_of(list, arm);
    char *items = calloc(n + 1, lists[list].size);
    *(size_t *)((char *)hybrid + lists[list].n) = n;
    memcpy((char *)hybrid + lists[list].items, &items, sizeof items);
    for (size_t i = 0; items != NULL && i < n; i++) {
        char *item = items + i * lists[list].size;
        memcpy(item, item_of(list, arm, i), lists[list].size);
        mix_item(item, pair, list, from_second);
    }
    return items != NULL;
}

/* Retention of an arm whose segments have their own may be missing. */
static void mix_arm(ltv_arm *hybrid, const ltv_arm_pair *pair, ltv_driver_set from_second)
{
    *hybrid = *pair->arm[source(from_second, LTV_DRIVER_EXPANSION)];
    for (size_t a = 0; a < 2; a++)
        if (pair->arm[a]->has_retention) {
            hybrid->has_retention = true;
            hybrid->retention = pair->arm[a]->retention;
        }
    for (size_t i = 0; i < FIELDS; i++)
        if (fields[i].of == OF_ARM)
            copy_field(&fields[i], hybrid, pair->arm[source(from_second, fields[i].owner)]);
    hybrid->segments = NULL;
    hybrid->channels = NULL;
    hybrid->plans = NULL;
    hybrid->add_ons = NULL;
    hybrid->interventions = NULL;
    hybrid->n_segments = hybrid->n_channels = hybrid->n_plans = hybrid->n_add_ons = 0;
    hybrid->n_interventions = 0;
}

/* A segment's own starting plans, numbered by another arm's plans; NULL where it starts some
 * customers with a plan that the hybrid does not have. */
static bool renumber_starts(ltv_segment *segment, const ltv_arm *hybrid, const ltv_arm *from)
{
    const double *starts = segment->starts;
    double left = 1;
    segment->starts = NULL;
    if (starts == NULL || hybrid->n_plans == 0)
        return true;
    segment->starts = calloc(hybrid->n_plans, sizeof *segment->starts);
    if (segment->starts == NULL)
        return false;
    for (size_t p = 0; p < hybrid->n_plans; p++) {
        ptrdiff_t index = index_in_arm(PLANS, from, hybrid->plans[p].name);
        if (index != NOT_THERE)
            left -= segment->starts[p] = starts[index];
    }
    if (left > 1e-6) {
        free(segment->starts);
        segment->starts = NULL;
    }
    return true;
}

/* Gives each segment starting plans of its own copy. */
static bool mix_starts(ltv_arm *hybrid, const ltv_arm_pair *pair, ltv_driver_set from_second)
{
    const ltv_arm *of_plans = pair->arm[source(from_second, LTV_DRIVER_EXPANSION)];
    const ltv_arm *of_segments = pair->arm[source(from_second, LTV_DRIVER_MIX)];
    bool ok = true;
    for (size_t s = 0; s < hybrid->n_segments; s++) {
        ltv_segment *segment = &hybrid->segments[s];
        bool known = find_item(SEGMENTS, of_plans, segment->name) != NULL;
        ok = renumber_starts(segment, hybrid, known ? of_plans : of_segments) && ok;
    }
    return ok;
}

/* An effect on a driver whose turn it is not is held without doing anything where the costs of
 * holding it are to be paid. */
static void mix_effects(ltv_intervention *programme, const ltv_programme_pair *of,
                        ltv_driver_set from_second)
{
    size_t first = source(from_second, LTV_DRIVER_PRICE);
    const ltv_intervention *costly = &of->in[source(from_second, LTV_DRIVER_PROGRAMME_COST)];
    programme->n_effects = 0;
    /* In the order of the one that price and spend, whose order matters to rounding, are from. */
    for (size_t k = 0; k < 2; k++)
        for (size_t e = 0; e < of->in[k == 0 ? first : 1 - first].n_effects; e++) {
            ltv_lever lever = of->in[k == 0 ? first : 1 - first].effects[e].lever;
            const ltv_effect *effect =
                find_effect(&of->in[source(from_second, owner_of_lever(lever))], lever);
            const ltv_effect *held = find_effect(costly, lever);
            if (find_effect(programme, lever) != NULL || (effect == NULL && held == NULL))
                continue;
            ltv_effect *mixed = &programme->effects[programme->n_effects++];
            *mixed = effect != NULL ? *effect : *held;
            if (effect == NULL)
                mixed->times = 1;
        }
}

/* Numbers audience and moves by the hybrid's own lists. */
static bool renumber_programme(ltv_intervention *programme, const ltv_arm *hybrid,
                               const ltv_arm_pair *pair)
{
    const bool *segments = programme->segments, *channels = programme->channels;
    uint32_t plans = programme->plans;
    programme->segments = calloc(hybrid->n_segments, sizeof *programme->segments);
    programme->channels = calloc(hybrid->n_channels, sizeof *programme->channels);
    if (programme->segments == NULL || programme->channels == NULL)
        return false;
    for (size_t s = 0; s < hybrid->n_segments; s++)
        programme->segments[s] = segments[index_of(&pair->segments, hybrid->segments[s].name)];
    for (size_t c = 0; c < hybrid->n_channels; c++)
        programme->channels[c] = channels[index_of(&pair->channels, hybrid->channels[c].name)];
    programme->plans = 0;
    for (size_t p = 0; p < pair->plans.n; p++) {
        ptrdiff_t index = index_in_arm(PLANS, hybrid, pair->plans.name[p]);
        if (index != NOT_THERE && (plans >> p & 1))
            programme->plans |= 1u << index;
    }
    if (programme->to_segment != LTV_NOWHERE)
        programme->to_segment =
            (uint32_t)index_in_arm(SEGMENTS, hybrid, pair->segments.name[programme->to_segment]);
    if (programme->to_plan != LTV_NOWHERE)
        programme->to_plan =
            (uint32_t)index_in_arm(PLANS, hybrid, pair->plans.name[programme->to_plan]);
    return true;
}

static void mix_programme(ltv_intervention *programme, const ltv_programme_pair *of,
                          ltv_driver_set from_second)
{
    *programme = of->in[source(from_second, LTV_DRIVER_REACH)];
    for (size_t i = 0; i < FIELDS; i++)
        if (fields[i].of == OF_PROGRAMME)
            copy_field(&fields[i], programme, &of->in[source(from_second, fields[i].owner)]);
    mix_effects(programme, of, from_second);
}

static bool mix_programmes(ltv_arm *hybrid, const ltv_arm_pair *pair, ltv_driver_set from_second)
{
    const size_t *order = pair->order[source_of_order(pair, from_second)];
    hybrid->interventions = calloc(pair->n_programmes + 1, sizeof *hybrid->interventions);
    bool ok = hybrid->interventions != NULL;
    for (size_t i = 0; ok && i < pair->n_programmes; i++) {
        ltv_intervention programme;
        mix_programme(&programme, &pair->programmes[order[i]], from_second);
        if (is_idle(&programme))
            continue;
        ok = renumber_programme(&programme, hybrid, pair);
        hybrid->interventions[hybrid->n_interventions++] = programme;
    }
    return ok;
}

ltv_status ltv_hybrid_arm_init(ltv_arm *hybrid, const ltv_arm_pair *pair,
                               ltv_driver_set from_second, ltv_error *err)
{
    bool ok = true;
    mix_arm(hybrid, pair, from_second);
    for (size_t list = 0; list < LISTS; list++)
        ok = mix_list(hybrid, pair, list, from_second) && ok;
    for (size_t c = 0; ok && c < hybrid->n_channels; c++) {
        hybrid->channels[c].cac = 0;
        hybrid->channels[c].cac_spread = (ltv_spread){LTV_SPREAD_NONE, 0};
    }
    /* Starting plans are borrowed until they are copied, and must not be freed before. */
    bool copied = ok && mix_starts(hybrid, pair, from_second);
    for (size_t s = 0; !ok && hybrid->segments != NULL && s < hybrid->n_segments; s++)
        hybrid->segments[s].starts = NULL;
    ok = copied && mix_programmes(hybrid, pair, from_second);
    return ok ? LTV_OK : no_memory(err);
}

void ltv_hybrid_arm_free(ltv_arm *hybrid)
{
    for (size_t s = 0; hybrid->segments != NULL && s < hybrid->n_segments; s++)
        free(hybrid->segments[s].starts);
    for (size_t k = 0; k < hybrid->n_interventions; k++) {
        free(hybrid->interventions[k].segments);
        free(hybrid->interventions[k].channels);
    }
    free(hybrid->segments);
    free(hybrid->channels);
    free(hybrid->plans);
    free(hybrid->add_ons);
    free(hybrid->interventions);
    *hybrid = (ltv_arm){0};
}
