/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_TESTS_RESULTS_FIXTURE_H
#define LTV_TESTS_RESULTS_FIXTURE_H

#include "sim/estimate.h"
#include "sim/io/results/document.h"
#include "sim/io/results/provenance.h"
#include "sim/io/scenario/scenario_read.h"

/* Invented results: two arms of two segments, one channel, two plans and an add-on, over three
 * periods, with names that are Japanese or hold quotes, commas, an '@' and a ':'. The other arm is
 * held against the baseline, with all that a contrast can say, and the baseline against the other
 * arm, with as little as it must say. Static; not to be freed. */

enum { FIXTURE_HORIZON = 3, FIXTURE_BINS = 2 };
#define FIXTURE_BASELINE  "今日"
#define FIXTURE_OTHER_ARM "5 % \"off\", from: @now"
#define FIXTURE_SEGMENT   "推奨者"
#define FIXTURE_PLAN      "年額, \"pro\""
#define FIXTURE_CONTRAST  "/compare/" FIXTURE_OTHER_ARM
#define FIXTURE_PAIR      "/compare/" FIXTURE_BASELINE "|" FIXTURE_OTHER_ARM
#define FIXTURE_ADVICE    "Aim it at 推奨者: there it returns 2.5 times what it costs."

const ltv_estimate *fixture_estimate(void);
const ltv_scenario_file *fixture_scenario(void);
const ltv_provenance *fixture_provenance(void);

/* The document made of them; fails the running test when it cannot be made. */
ltv_document fixture_document(void);

/* The whole file, owned; *n receives its size. Fails the running test when it cannot be read. */
char *fixture_read_file(const char *path, size_t *n);

/* A folder of its own under the temporary folder, without anything in it. Owned. */
char *fixture_make_folder(void);

/* Removes it with all that is in it, and frees the name. */
void fixture_remove_folder(char *folder);

/* "FOLDER/NAME", owned. */
char *fixture_path(const char *folder, const char *name);

/* That the whole file is this text. */
void fixture_assert_holds(const char *path, const char *text);

/* How much is in a folder. */
size_t fixture_count_entries(const char *folder);

/* Runs `body` in a process of its own, where it may give up rights and set limits; what it
 * returns is its exit status, 77 meaning that the system does not let it try: a skip. */
void fixture_assert_child_succeeds(int (*body)(const char *folder), const char *folder);

#endif
