/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_TESTS_PROGRAMMES_FIXTURE_H
#define LTV_TESTS_PROGRAMMES_FIXTURE_H

#include "tests/walk_fixture.h"

/* Gives the walk an arm in which every kind of programme has something to act on: segments high,
 * mid and low, channels organic and paid, plans basic (upgrade to pro), pro (downgrade to basic)
 * and annual (term 12), an add-on, orders, phases start (0 ... 2) and later (3 ... 11), and a
 * cohort of 3,000 followed for 24 bills. */
void programmes_fixture_init(walk_fixture *f);

/* Reads the programmes, {name: {...}}, and leaves those that `arm` lists; `arm` as in `arms`. */
ltv_status programmes_fixture_read(walk_fixture *f, const char *programmes, const char *arm);

#endif
