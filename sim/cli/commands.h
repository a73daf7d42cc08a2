/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LTV_SIM_CLI_COMMANDS_H
#define LTV_SIM_CLI_COMMANDS_H

#include "sim/cli/arguments.h"

/* The subcommands; each in its own command_….c. */
extern const ltv_command ltv_command_run;
extern const ltv_command ltv_command_decide;
extern const ltv_command ltv_command_explain;
extern const ltv_command ltv_command_check;
extern const ltv_command ltv_command_show;
extern const ltv_command ltv_command_export;
extern const ltv_command ltv_command_report;
extern const ltv_command ltv_command_schema;
extern const ltv_command ltv_command_sensitivity;

enum { LTV_COMMANDS = 9 };
extern const ltv_command *const ltv_commands[LTV_COMMANDS];

#endif
