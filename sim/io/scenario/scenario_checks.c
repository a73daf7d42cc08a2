/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/io/scenario/scenario_checks.h"

#include <stdio.h>
#include <stdlib.h>

#include "sim/io/scenario/check_interventions.h"
#include "sim/io/scenario/check_offers.h"
#include "sim/io/scenario/check_places.h"
#include "sim/io/scenario/read_references.h"
#include "sim/io/scenario/read_uncertain.h"

/* The shares, as `share` of each block below `path`, sum to 1. */
static ltv_status share_out(ltv_walk *walk, const char *path, size_t n, ltv_share *shares)
{
    char full[LTV_FULL_PATH_SIZE];
    const ltv_yaml_entry *blocks = ltv_entry_at(walk, path);
    for (size_t i = 0; blocks != NULL && i < n; ++i) {
        const ltv_yaml_entry *share = ltv_yaml_find(blocks->value->entries[i].value, "share");
        shares[i].is_uncertain = share != NULL && ltv_is_uncertain(share->value);
    }
    return ltv_share_out(walk, n, shares, ltv_place_of(walk, path),
                         ltv_full_path(full, walk, path));
}

static ltv_status check_shares(ltv_walk *walk)
{
    ltv_arm *arm = walk->arm;
    size_t most = arm->n_segments > arm->n_channels ? arm->n_segments : arm->n_channels;
    ltv_share *shares = calloc(most, sizeof *shares);
    if (shares == NULL)
        return ltv_walk_no_memory(walk);
    for (size_t i = 0; i < arm->n_segments; ++i)
        shares[i] = (ltv_share){&arm->segments[i].share, false};
    ltv_status status = share_out(walk, "segments", arm->n_segments, shares);
    for (size_t i = 0; i < arm->n_channels; ++i)
        shares[i] = (ltv_share){&arm->channels[i].share, false};
    if (status == LTV_OK)
        status = share_out(walk, "channels", arm->n_channels, shares);
    free(shares);
    return status;
}

/* ---- one retention block ----------------------------------------------------------------- */

static ltv_status check_season(const ltv_walk *walk, bool has_season, const char *path)
{
    char season[LTV_OWN_PATH_SIZE];
    snprintf(season, sizeof season, "%s.season", path);
    if (!has_season)
        return LTV_OK;
    if (walk->scenario->time_unit > LTV_UNIT_MONTH)
        return ltv_complain_at(walk, season,
                               "a season needs the time unit month or shorter, not %s",
                               ltv_time_unit_name(walk->scenario->time_unit));
    if (!walk->scenario->has_start)
        return ltv_complain_at(walk, season,
                               "a season needs the date of the first bill; write time: {start: "
                               "2027-04}");
    return LTV_OK;
}

static ltv_status check_table(const ltv_walk *walk, const ltv_retention *retention,
                              const char *path)
{
    const ltv_curve *curve = &retention->curve;
    char after[LTV_OWN_PATH_SIZE];
    if (curve->kind != LTV_CURVE_TABLE)
        return LTV_OK;
    size_t periods = curve->table_size - 1;
    snprintf(after, sizeof after, "%s.table.after%s", path, curve->stop ? "" : ".hold");
    if (!curve->stop && curve->hold > periods)
        return ltv_complain_at(walk, after,
                               "the table has %zu periods, so it cannot hold the last %zu", periods,
                               curve->hold);
    if (curve->stop && walk->scenario->horizon > periods)
        return ltv_complain_at(walk, after,
                               "the table stops after %zu periods, but the horizon is %u; shorten "
                               "the horizon or write after: {hold: n}",
                               periods, walk->scenario->horizon);
    return LTV_OK;
}

/* A correlation between spend and churn needs a frailty that varies, and one that is of one
 * piece. */
static ltv_status check_correlation(const ltv_walk *walk, const ltv_retention *retention,
                                    const char *path)
{
    static const char key[] = "revenue.heterogeneity.correlation_with_churn";
    bool beta = ltv_curve_model_of(retention->curve.kind)->brings_beta_frailty;
    bool spread = retention->heterogeneity.kind != LTV_SPREAD_NONE;
    const ltv_yaml_entry *entry = ltv_entry_at(walk, key);
    bool is_uncertain = entry != NULL && ltv_is_uncertain(entry->value); /* 0 on average, perhaps */
    if (walk->arm->spend_churn_correlation == 0 && !is_uncertain)
        return LTV_OK;
    if (!beta && !spread)
        return ltv_complain_at(walk, key,
                               "all customers of %s churn alike, so there is nothing to correlate "
                               "with; give it a heterogeneity",
                               path);
    if (beta && spread)
        return ltv_complain_at(walk, key,
                               "with a Beta curve that has a further heterogeneity (%s), a "
                               "correlation is not in this version of ltvsim (%s)",
                               path, LTV_VERSION);
    return LTV_OK;
}

static ltv_status check_retention(const ltv_walk *walk, const ltv_retention *retention,
                                  const char *path, bool in_use)
{
    ltv_status status = check_season(walk, retention->has_season, path);
    if (status == LTV_OK)
        status = check_table(walk, retention, path);
    if (status == LTV_OK && in_use)
        status = check_correlation(walk, retention, path);
    return status;
}

/* ---- all of an arm ----------------------------------------------------------------------- */

static size_t segments_without_retention(const ltv_arm *arm)
{
    size_t n = 0;
    for (size_t i = 0; i < arm->n_segments; ++i)
        n += !arm->segments[i].has_retention;
    return n;
}

static ltv_status complain_of_missing_retention(const ltv_walk *walk)
{
    static const char key[] = "retention";
    for (size_t i = 0; i < walk->arm->n_segments; ++i)
        if (walk->arm->declared_segments && !walk->arm->segments[i].has_retention)
            return ltv_complain_at(walk, key,
                                   "missing, and the segment %s has no retention of its own",
                                   walk->arm->segments[i].name);
    return ltv_complain_at(walk, key,
                           "missing; write how long customers stay, such as retention: {geometric: "
                           "{churn: 3%%}}");
}

static ltv_status check_retentions(const ltv_walk *walk)
{
    const ltv_arm *arm = walk->arm;
    ltv_status status = LTV_OK;
    bool general_in_use = segments_without_retention(arm) > 0;
    if (general_in_use && !arm->has_retention)
        return complain_of_missing_retention(walk);
    if (arm->has_retention)
        status = check_retention(walk, &arm->retention, "retention", general_in_use);
    for (size_t i = 0; i < arm->n_segments && status == LTV_OK; ++i) {
        char path[LTV_NAME_SIZE + 32];
        snprintf(path, sizeof path, "segments.%s.retention", arm->segments[i].name);
        if (arm->segments[i].has_retention)
            status = check_retention(walk, &arm->segments[i].retention, path, true);
    }
    return status;
}

ltv_status ltv_check_arm(ltv_walk *walk)
{
    ltv_status status = check_shares(walk);
    if (status == LTV_OK)
        status = check_retentions(walk);
    if (status == LTV_OK)
        status = ltv_check_offers(walk);
    if (status == LTV_OK)
        status = check_season(walk, walk->arm->orders.has_season, "revenue.orders");
    if (status == LTV_OK && walk->by_arm && walk->drawn == NULL) /* by any draw they do something */
        status = ltv_check_interventions(walk);
    return status;
}

/* A general retention that no segment of any arm follows says something that has no effect. */
static ltv_status check_retention_is_used(const ltv_walk *walk)
{
    const ltv_yaml_entry *arms = ltv_yaml_find(walk->root, "arms");
    bool one_arm = arms == NULL || arms->value->n == 1;
    if (!one_arm || !walk->arm->has_retention || segments_without_retention(walk->arm) > 0)
        return LTV_OK;
    return ltv_complain_at(walk, "retention",
                           "every segment has a retention of its own, so this one is never used; "
                           "remove it");
}

static ltv_status check_one_horizon(const ltv_walk *walk)
{
    static const char second[] = "experiment.horizon";
    const ltv_yaml_entry *time = ltv_yaml_find(walk->root, "time");
    const ltv_yaml_entry *experiment = ltv_yaml_find(walk->root, "experiment");
    if (ltv_yaml_find(time->value, "horizon") == NULL ||
        ltv_yaml_find(experiment->value, "horizon") == NULL)
        return LTV_OK;
    return ltv_complain_at(walk, second,
                           "the horizon is written in time.horizon already; write it once");
}

ltv_status ltv_check_scenario(const ltv_walk *walk)
{
    ltv_status status = check_one_horizon(walk);
    return status != LTV_OK ? status : check_retention_is_used(walk);
}
