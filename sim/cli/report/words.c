/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/cli/report/words.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const codes[LTV_LANGUAGES] = {[LTV_ENGLISH] = "en", [LTV_JAPANESE] = "ja"};

static const char *const words[LTV_N_WORDS][LTV_LANGUAGES] = {
#define X(name, english, japanese) [LTV_WORD_##name] = {english, japanese},
    LTV_WORDS(X)
#undef X
};

static const struct {
    const char *name, *text[LTV_LANGUAGES], *meaning[LTV_LANGUAGES];
} terms[] = {
#define X(name, english, japanese, meaning) {name, {english, japanese}, {NULL, meaning}},
    LTV_TERMS(X)
#undef X
};
enum { N_TERMS = sizeof terms / sizeof *terms };

const char *ltv_language_code(ltv_language language)
{
    return codes[language];
}

ltv_status ltv_language_find(ltv_language *language, const char *code, ltv_error *err)
{
    for (int i = 0; i < LTV_LANGUAGES; i++)
        if (strcmp(codes[i], code) == 0) {
            *language = (ltv_language)i;
            return LTV_OK;
        }
    return ltv_fail(err, LTV_ERR_BAD_INPUT,
                    "reports are written in en (English) or ja (Japanese), not '%s'", code);
}

const char *ltv_word_text(ltv_language language, ltv_word word)
{
    return words[word][language];
}

static size_t find_term(const char *name)
{
    size_t i = 0;
    while (i < N_TERMS && strcmp(terms[i].name, name) != 0)
        i++;
    return i;
}

const char *ltv_term_text(ltv_language language, const char *name, char *buffer, size_t size)
{
    size_t i = find_term(name);
    if (i < N_TERMS)
        return terms[i].text[language];
    snprintf(buffer, size, "%s", name);
    for (char *c = buffer; *c != '\0'; c++)
        *c = *c == '_' ? ' ' : *c;
    return buffer;
}

const char *ltv_term_meaning(ltv_language language, const char *name)
{
    size_t i = find_term(name);
    return i < N_TERMS ? terms[i].meaning[language] : NULL;
}

/* The value for the blank whose name begins at `at`, and where the text goes on; NULL: none. */
static const char *value_at(const char *at, const ltv_blank *blanks, const char **next)
{
    size_t length = strcspn(at, "}");
    for (const ltv_blank *blank = blanks; blank->name != NULL; blank++)
        if (strlen(blank->name) == length && strncmp(blank->name, at, length) == 0) {
            *next = at + length + (at[length] == '}');
            return blank->value;
        }
    return NULL;
}

char *ltv_fill_blanks(const char *text, const ltv_blank *blanks)
{
    char *filled = NULL;
    size_t size;
    FILE *out = open_memstream(&filled, &size);
    if (out == NULL)
        return NULL;
    while (*text != '\0') {
        const char *next = text, *value = *text == '{' ? value_at(text + 1, blanks, &next) : NULL;
        if (value != NULL)
            fputs(value, out);
        else
            fputc(*text, out);
        text = value != NULL ? next : text + 1;
    }
    bool failed = ferror(out) != 0;
    if (fclose(out) != 0 || failed) {
        free(filled);
        return NULL;
    }
    return filled;
}
