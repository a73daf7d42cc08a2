/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/cli/report/margin.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char key[] = "gross_margin:";

/* The value of the key at the margin of the page, up to the end of its line: "80%"; "" for a block
 * of more lines. NULL where the scenario does not have it. The effective scenario is written by
 * ltvsim, a key a line. */
static const char *value_of(const char *scenario, int *length)
{
    for (const char *line = scenario; *line != '\0'; line += line[0] == '\n') {
        if (strncmp(line, key, strlen(key)) == 0) {
            line += strlen(key);
            line += strspn(line, " ");
            *length = (int)strcspn(line, "\n");
            return line;
        }
        line += strcspn(line, "\n");
    }
    return NULL;
}

/* What other margins the scenario has: of offers, in whatever block; of arms, which stand at the
 * top of their sets. What is called like the key stands farther to the left. */
static void find_own(const char *scenario, bool *offers, bool *arms)
{
    enum { OF_OFFER = 4, OF_ARM = 6 };
    bool in_arms = false;
    *offers = *arms = false;
    for (const char *line = scenario; *line != '\0'; line += line[0] == '\n') {
        size_t indent = strspn(line, " "), length = strcspn(line, "\n");
        const char *found = memmem(line, length, key, strlen(key));
        if (indent == 0)
            in_arms = strncmp(line, "arms:", 5) == 0;
        else if (found == line + indent && in_arms && indent == OF_ARM)
            *arms = true;
        else if (indent >= OF_OFFER && found != NULL &&
                 (found == line + indent || found[-1] == '.'))
            *offers = true;
        line += length;
    }
}

/* Mean of that uncertain input over draws; NaN where it is none. */
static double mean_over_draws(const ltv_document *doc, const char *path)
{
    const ltv_node *names = ltv_document_find(doc, "/draws/names");
    const ltv_node *draws = ltv_document_find(doc, "/draws/parameters");
    if (names == NULL || draws == NULL || names->string == NULL || draws->real == NULL ||
        draws->rank != 2 || draws->extent[1] != names->extent[0])
        return NAN;
    for (size_t i = 0; i < names->extent[0]; i++) {
        if (strcmp(names->string[i], path) != 0)
            continue;
        double sum = 0;
        for (size_t d = 0; d < draws->extent[0]; d++)
            sum += draws->real[d * draws->extent[1] + i];
        return sum / (double)draws->extent[0];
    }
    return NAN;
}

ltv_formatted ltv_report_margin(const ltv_report *r)
{
    ltv_formatted text = {""};
    char value[32];
    int length = 0;
    const ltv_node *scenario = ltv_document_find(r->page.doc, "/scenario/effective");
    bool usable = scenario != NULL && scenario->kind == LTV_NODE_TEXT;
    const char *given = usable ? value_of(scenario->text, &length) : NULL;
    double mean = mean_over_draws(r->page.doc, "gross_margin");
    if (isnan(mean) && (given == NULL || length == 0))
        return text;
    if (isnan(mean))
        snprintf(value, sizeof value, "%s",
                 ltv_format_percent_input(strtod(given, NULL) / 100).text);
    else
        snprintf(value, sizeof value, "%.30s", ltv_format_rate(mean).text);
    bool offers, arms;
    find_own(usable ? scenario->text : "", &offers, &arms);
    ltv_word word = isnan(mean) ? LTV_WORD_MARGIN : LTV_WORD_MARGIN_ON_AVERAGE;
    char *said = ltv_fill_blanks(
        ltv_report_word(r, word),
        (const ltv_blank[]){{"margin", value},
                            {"offers", offers ? ltv_report_word(r, LTV_WORD_OWN_MARGINS) : ""},
                            {"arms", arms ? ltv_report_word(r, LTV_WORD_ARMS_OWN_MARGINS) : ""},
                            {NULL, NULL}});
    snprintf(text.text, sizeof text.text, "%s", said != NULL ? said : "");
    free(said);
    return text;
}
