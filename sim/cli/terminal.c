/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/cli/terminal.h"

#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool wants_colour(FILE *stream)
{
    const char *no_colour = getenv("NO_COLOR");
    const char *kind = getenv("TERM");
    if (no_colour != NULL && *no_colour != '\0')
        return false;
    return isatty(fileno(stream)) && kind != NULL && strcmp(kind, "dumb") != 0;
}

ltv_terminal ltv_terminal_detect(FILE *stream)
{
    return (ltv_terminal){
        .utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0,
        .colour = wants_colour(stream),
    };
}

const char *ltv_glyph(const ltv_terminal *terminal, const char *utf8, const char *ascii)
{
    return terminal->utf8 ? utf8 : ascii;
}

const char *ltv_bold(const ltv_terminal *terminal)
{
    return terminal->colour ? "\033[1m" : "";
}

const char *ltv_dim(const ltv_terminal *terminal)
{
    return terminal->colour ? "\033[2m" : "";
}

const char *ltv_plain(const ltv_terminal *terminal)
{
    return terminal->colour ? "\033[0m" : "";
}
