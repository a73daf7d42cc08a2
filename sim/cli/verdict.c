/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/cli/verdict.h"

#include <math.h>
#include <string.h>

bool ltv_contrast_is_decision(const ltv_page *p, size_t contrast)
{
    return !isnan(ltv_page_metric(p, ltv_page_contrast(p, contrast).text, "roi"));
}

bool ltv_contrast_is_against_baseline(const ltv_page *p, size_t contrast)
{
    return strcmp(ltv_page_contrast_against(p, contrast), p->arms[0]) == 0;
}

const char *ltv_contrast_gain_metric(const ltv_page *p)
{
    return ltv_page_cohort_size(p) > 0 ? "net_gain_total" : "net_gain";
}

double ltv_contrast_gain(const ltv_page *p, size_t contrast)
{
    return ltv_page_metric(p, ltv_page_contrast(p, contrast).text, ltv_contrast_gain_metric(p));
}

double ltv_contrast_gain_noise(const ltv_page *p, size_t contrast)
{
    return ltv_page_metric_noise(p, ltv_page_contrast(p, contrast).text,
                                 ltv_contrast_gain_metric(p));
}

double ltv_contrast_chance_to_pay(const ltv_page *p, size_t contrast)
{
    return 1 - ltv_page_metric(p, ltv_page_contrast(p, contrast).text, "p_loss");
}

static ltv_verdict by_noise(double gain, double noise)
{
    return gain > noise ? LTV_VERDICT_YES : gain < -noise ? LTV_VERDICT_NO : LTV_VERDICT_TOO_CLOSE;
}

static ltv_verdict by_chance(double chance)
{
    return chance >= 0.95  ? LTV_VERDICT_YES
           : chance >= 0.7 ? LTV_VERDICT_LIKELY_YES
           : chance > 0.3  ? LTV_VERDICT_OPEN
           : chance > 0.05 ? LTV_VERDICT_LIKELY_NO
                           : LTV_VERDICT_NO;
}

ltv_verdict ltv_contrast_verdict(const ltv_page *p, size_t contrast)
{
    double gain = ltv_contrast_gain(p, contrast), noise = ltv_contrast_gain_noise(p, contrast);
    double chance = ltv_contrast_chance_to_pay(p, contrast);
    if (gain == 0 && noise == 0)
        return LTV_VERDICT_NO_DIFFERENCE;
    return isnan(chance) ? by_noise(gain, noise) : by_chance(chance);
}

bool ltv_contrast_matters_more(const ltv_page *p, size_t a, size_t b)
{
    bool first = ltv_contrast_is_against_baseline(p, a);
    bool second = ltv_contrast_is_against_baseline(p, b);
    if (first != second)
        return first;
    double gain = ltv_contrast_gain(p, a), other = ltv_contrast_gain(p, b);
    return gain > other || (gain == other && a < b);
}
