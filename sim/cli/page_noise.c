/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/cli/page_sections.h"

#include <math.h>

#include "sim/cli/page.h"
#include "sim/cli/text.h"

enum { MOST_NOISES = 4 /* differences whose noise is named one by one */ };

/* Half the 95 % interval of a group's mean LTV, as a share of it; NaN when not known. */
static double noise_share(const ltv_page *p, const char *group)
{
    double mean = fabs(ltv_page_number(p, group, "/ltv@mean"));
    double share = ltv_page_noise(p, ltv_page_below(group, "/ltv").text) / mean;
    return isfinite(share) ? share : NAN;
}

static ltv_formatted plus_minus(const ltv_page *p, double share)
{
    ltv_formatted text;
    snprintf(text.text, sizeof text.text, "%s%.60s %%", ltv_glyph(p->terminal, "±", "+/-"),
             ltv_format_significant(100 * share, 2, false).text);
    return text;
}

/* The largest noise over the groups of that kind in all arms; *unknown: of a group it is not
 * known, since too few customers were simulated. */
static double noise_of_groups(const ltv_page *p, const char *kind, bool *unknown)
{
    double most = NAN;
    for (size_t arm = 0; arm < p->n_arms; arm++) {
        char **names = NULL;
        size_t n = ltv_document_children(
            p->doc, ltv_page_below(ltv_page_arm(p, arm).text, kind).text, &names);
        ltv_page_path folder = ltv_page_below(kind, "/");
        for (size_t i = 0; i < n; i++) {
            double noise = noise_share(p, ltv_page_part(p, arm, folder.text, names[i]).text);
            *unknown |= isnan(noise);
            most = fmax(most, noise);
        }
        ltv_names_free(names, n);
    }
    return most;
}

static void append_arm_noise(const ltv_page *p, char *text, size_t size)
{
    double most = NAN;
    for (size_t arm = 0; arm < p->n_arms; arm++)
        most = fmax(most, noise_share(p, ltv_page_arm(p, arm).text));
    ltv_text_append(text, size, p->n_arms > 1 ? " LTV up to " : " LTV ");
    ltv_text_append(text, size, plus_minus(p, most).text);
}

/* Differences are of money, since one of nothing has no per cent. */
static void append_difference_noise(const ltv_page *p, char *text, size_t size)
{
    for (size_t arm = 1; arm < p->n_arms && arm <= MOST_NOISES; arm++) {
        char part[320];
        ltv_page_path delta =
            ltv_page_below(ltv_page_below("/compare/", p->arms[arm]).text, "/delta_ltv");
        double noise = ltv_page_noise(p, delta.text);
        if (!(noise > 0)) /* the same customers with the same amounts: nothing is left to chance */
            continue;
        snprintf(part, sizeof part, ", %s %s %s %s", ltv_page_shown_name(p, p->arms[arm]).text,
                 ltv_glyph(p->terminal, "−", "-"), ltv_page_shown_name(p, p->arms[0]).text,
                 ltv_page_money_noise(p, noise).text);
        ltv_text_append(text, size, part);
    }
    if (p->n_arms > MOST_NOISES + 1)
        ltv_text_append(text, size, ", other differences in the results file");
}

static void append_group_noise(const ltv_page *p, char *text, size_t size)
{
    bool unknown = false;
    double segments = noise_of_groups(p, "/segments", &unknown);
    double channels = noise_of_groups(p, "/channels", &unknown);
    if (isnan(segments) && isnan(channels))
        return;
    ltv_text_append(text, size,
                    isnan(segments)   ? ", channels up to "
                    : isnan(channels) ? ", segments up to "
                                      : ", segments and channels up to ");
    ltv_text_append(text, size, plus_minus(p, fmax(segments, channels)).text);
    if (unknown)
        ltv_text_append(text, size, " (unknown where hardly a customer was simulated)");
    ltv_text_append(text, size, ". Differences of that size between such rows are no finding");
}

void ltv_page_noise_note(const ltv_page *p)
{
    char text[2048] = "Simulation noise (95 %):";
    double noise = noise_share(p, ltv_page_arm(p, 0).text);
    if (ltv_document_int64(p->doc, "/@customers", 0) == 1) {
        ltv_page_paragraph(p, "Simulation noise is not known: one simulated customer tells nothing "
                              "about it.");
        return;
    }
    if (isnan(noise))
        return;
    append_arm_noise(p, text, sizeof text);
    append_difference_noise(p, text, sizeof text);
    append_group_noise(p, text, sizeof text);
    ltv_text_append(text, sizeof text, ".");
    fputs(ltv_dim(p->terminal), p->out);
    ltv_page_paragraph(p, text);
    fputs(ltv_plain(p->terminal), p->out);
}
