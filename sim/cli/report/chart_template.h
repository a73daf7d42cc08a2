/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_CLI_REPORT_CHART_TEMPLATE_H
#define LTV_SIM_CLI_REPORT_CHART_TEMPLATE_H

#include <jansson.h>

/* The charts of reports are Vega-Lite specifications with blanks: the files in charts/, which any
 * tool for Vega-Lite can read. */

/* The specification of that name ("histogram"), in which a text "$x" is replaced by the value "x"
 * and left out with its key where there is no such value; an object with "$if": "x" is only there
 * where there is one. `values` is borrowed. NULL without memory or for an unknown name. */
json_t *ltv_chart_fill(const char *name, const json_t *values);

#endif
