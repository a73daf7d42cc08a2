/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_IO_CHECK_OFFERS_H
#define LTV_SIM_IO_CHECK_OFFERS_H

#include "sim/io/scenario/walk.h"

/* What is offered to customers in walk->arm: is it whole, and does it make sense together? */
LTV_MUST_USE ltv_status ltv_check_offers(ltv_walk *walk);

#endif
