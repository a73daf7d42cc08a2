/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/cli/commands.h"

const ltv_command *const ltv_commands[LTV_COMMANDS] = {
    &ltv_command_run,    &ltv_command_decide,  &ltv_command_sensitivity,
    &ltv_command_report, &ltv_command_explain, &ltv_command_check,
    &ltv_command_show,   &ltv_command_export,  &ltv_command_schema,
};
