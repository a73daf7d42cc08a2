/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_VECTOR_LEVELS_H
#define LTV_SIM_VECTOR_LEVELS_H

#include "sim/kernel/vector/vector.h"

/* The bodies that were compiled; only for sim/kernel/vector/. */
extern const ltv_vector ltv_vector_plain;
#ifdef __x86_64__
extern const ltv_vector ltv_vector_v3, ltv_vector_v4;
#endif

#endif
