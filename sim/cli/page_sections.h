/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_CLI_PAGE_SECTIONS_H
#define LTV_SIM_CLI_PAGE_SECTIONS_H

#include "sim/cli/page.h"

/* The sections of the first screen, in their order. Each prints nothing when the document does not
 * hold what it shows. */

/* Title and terms, what was changed in the scenario, and what in it misleads. */
void ltv_page_head(const ltv_page *page);

/* The question answered: which programmes to fund, or else which arm to prefer, or else what a
 * customer brings. Made of the two that follow. */
void ltv_page_answer(const ltv_page *page);

/* Whether some contrast has an ROI: whether there is a programme to fund or not. */
bool ltv_page_has_decisions(const ltv_page *page);

/* For up to three such contrasts, those with the baseline and the largest net gains first, whether
 * the programme pays, with what speaks for it and against. */
void ltv_page_decisions(const ltv_page *page);

/* A line for each contrast that neither they nor the figures of the arms tell about. */
void ltv_page_other_contrasts(const ltv_page *page);

/* LTV, customer spread, LTV/CAC, payback and the like: a column per arm, reasons for what does not
 * apply, and what the real cohort brings together when the scenario says its size. */
void ltv_page_figures(ltv_page *page);

/* LTV so far and share still paying at the ends of year 1, 3, 5 and of the horizon. */
void ltv_page_milestones(ltv_page *page);

/* What a customer picked at random brings: quantiles over customers. */
void ltv_page_quantiles(ltv_page *page);

/* For each arm the histogram of customer LTV, CAC marked, beside the retention curve. */
void ltv_page_charts(const ltv_page *page);

/* One row for each segment and for each channel. */
void ltv_page_groups(ltv_page *page);

/* Who holds which plan and add-on at joining, a year later and at the end. */
void ltv_page_offers(ltv_page *page);

/* From the spreadsheet's LTV to the simulated one, reason by reason. */
void ltv_page_bridge(ltv_page *page);

/* For contrasts of arms that differ in several drivers, as many as fit, what each adds to LTV. */
void ltv_page_drivers(ltv_page *page);

/* Which uncertain input LTV of the baseline rises or falls with most. */
void ltv_page_biggest_input(const ltv_page *page);

/* How far the simulated figures may be off by chance: of the arms, of the differences between
 * them, and of the segments and channels. */
void ltv_page_noise_note(const ltv_page *page);

#endif
