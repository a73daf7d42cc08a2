/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/cli/report/html.h"

#include <stdlib.h>
#include <string.h>

/* Enough for every figure, and half of what exact doubles would take. */
enum { REAL_DIGITS = 10 };

typedef struct {
    FILE *out;
    const ltv_html_frame *frame;
    bool out_of_memory;
} writer;

/* The length of a sign that begins an amount of money, "±$5": browsers break lines before the $. */
static size_t sign_before_currency(const char *text)
{
    static const char *const signs[] = {"±", "−"};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        size_t length = strlen(signs[i]);
        if (strncmp(text, signs[i], length) == 0)
            return strchr(" .0123456789", text[length]) == NULL ? length : 0;
    }
    return 0;
}

void ltv_html_text(FILE *out, const char *text)
{
    for (; *text != '\0'; text++) {
        size_t sign = sign_before_currency(text);
        if (sign > 0) {
            fwrite(text, 1, sign, out);
            fputs("&NoBreak;", out);
            text += sign - 1;
            continue;
        }
        switch (*text) {
        case '&':
            fputs("&amp;", out);
            break;
        case '<':
            fputs("&lt;", out);
            break;
        case '>':
            fputs("&gt;", out);
            break;
        case '"':
            fputs("&quot;", out);
            break;
        case '\'':
            fputs("&#39;", out);
            break;
        case ' ': /* no line begins with a per cent sign */
            fputs(text[1] == '%' ? "&nbsp;" : " ", out);
            break;
        default:
            fputc(*text, out);
        }
    }
}

static const char *get(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? text : "";
}

/* <tag class="name">text</tag> */
static void element(const writer *w, const char *tag, const char *name, const char *text)
{
    fprintf(w->out, "<%s", tag);
    if (name != NULL)
        fprintf(w->out, " class=\"%s\"", name);
    fputc('>', w->out);
    ltv_html_text(w->out, text);
    fprintf(w->out, "</%s>\n", tag);
}

/* A script that holds JSON: "<" is written so that nothing in it can end the script. */
static void write_json(writer *w, const json_t *value)
{
    char *text = json_dumps(value, JSON_COMPACT | JSON_REAL_PRECISION(REAL_DIGITS));
    w->out_of_memory |= text == NULL;
    for (const char *c = text; c != NULL && *c != '\0'; c++)
        if (*c == '<')
            fputs("\\u003c", w->out);
        else
            fputc(*c, w->out);
    free(text);
}

/* ---- Tables ------------------------------------------------------------------------------- */

/* A cell's second line is what qualifies the first. */
static void write_cell(const writer *w, const char *text)
{
    size_t first = strcspn(text, "\n");
    char *line = strndup(text, first);
    if (line != NULL)
        ltv_html_text(w->out, line);
    free(line);
    if (text[first] != '\0') {
        fputs("<small>", w->out);
        ltv_html_text(w->out, text + first + 1);
        fputs("</small>", w->out);
    }
}

static void write_row(const writer *w, const json_t *columns, const json_t *row)
{
    size_t i;
    json_t *cell;
    fputs("<tr>", w->out);
    json_array_foreach(row, i, cell)
    {
        bool number = json_is_true(json_object_get(json_array_get(columns, i), "number"));
        const char *text = json_string_value(cell);
        fputs(i == 0 && !number ? "<th scope=\"row\">"
              : number          ? "<td class=\"n\">"
                                : "<td>",
              w->out);
        write_cell(w, text != NULL ? text : "");
        fputs(i == 0 && !number ? "</th>" : "</td>", w->out);
    }
    fputs("</tr>\n", w->out);
}

/* In a region that can be scrolled by keyboard where it is wider than the page. */
static void write_table(const writer *w, const json_t *table)
{
    size_t i;
    json_t *item, *columns = json_object_get(table, "columns");
    fputs("<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"", w->out);
    ltv_html_text(w->out, get(table, "caption"));
    fputs("\"><table>\n", w->out);
    fputs("<caption><span>", w->out);
    ltv_html_text(w->out, get(table, "caption"));
    fputs("</span></caption>\n", w->out);
    fputs("<thead><tr>", w->out);
    json_array_foreach(columns, i, item)
    {
        bool number = json_is_true(json_object_get(item, "number"));
        fprintf(w->out, "<th scope=\"col\"%s>", number ? " class=\"n\"" : "");
        ltv_html_text(w->out, get(item, "title"));
        fputs("</th>", w->out);
    }
    fputs("</tr></thead>\n<tbody>\n", w->out);
    json_array_foreach(json_object_get(table, "rows"), i, item) write_row(w, columns, item);
    fputs("</tbody></table></div>\n", w->out);
}

/* ---- Blocks ------------------------------------------------------------------------------- */

static void write_sentences(const writer *w, const json_t *sentences)
{
    size_t i;
    json_t *sentence;
    bool is_japanese = strcmp(w->frame->language, "ja") == 0; /* which has no blanks between them */
    fputs("<dd>", w->out);
    json_array_foreach(sentences, i, sentence)
    {
        fputs(i > 0 && !is_japanese ? " " : "", w->out);
        ltv_html_text(w->out, json_string_value(sentence));
    }
    fputs("</dd>\n", w->out);
}

static void write_answers(const writer *w, const json_t *block)
{
    size_t i;
    json_t *item;
    fputs("<dl class=\"answers\">\n", w->out);
    json_array_foreach(json_object_get(block, "items"), i, item)
    {
        fprintf(w->out, "<div class=\"answer %s\">", get(item, "tone"));
        element(w, "dt", NULL, get(item, "question"));
        element(w, "dd", "verdict", get(item, "verdict"));
        if (json_array_size(json_object_get(item, "sentences")) > 0)
            write_sentences(w, json_object_get(item, "sentences"));
        fputs("</div>\n", w->out);
    }
    fputs("</dl>\n", w->out);
}

static void write_figures(const writer *w, const json_t *block)
{
    size_t i;
    json_t *item;
    fputs("<dl class=\"figures\">\n", w->out);
    json_array_foreach(json_object_get(block, "items"), i, item)
    {
        fputs("<div class=\"card\">", w->out);
        element(w, "dt", NULL, get(item, "label"));
        element(w, "dd", "value", get(item, "value"));
        if (get(item, "interval")[0] != '\0')
            element(w, "dd", "interval", get(item, "interval"));
        fputs("</div>\n", w->out);
    }
    fputs("</dl>\n", w->out);
    element(w, "p", "note", get(block, "note"));
}

static void write_chart(writer *w, const json_t *block)
{
    size_t i;
    json_t *table;
    const char *id = get(block, "id");
    fprintf(w->out, "<figure id=\"%s\" aria-labelledby=\"%s-title\">\n", id, id);
    fprintf(w->out, "<h3 id=\"%s-title\">", id);
    ltv_html_text(w->out, get(block, "title"));
    fputs("</h3>\n", w->out);
    if (get(block, "spread")[0] != '\0')
        element(w, "p", "spread", get(block, "spread"));
    fprintf(w->out, "<div class=\"chart\" data-spec=\"%s-spec\"></div>\n", id);
    fprintf(w->out, "<script type=\"application/json\" id=\"%s-spec\">", id);
    write_json(w, json_object_get(block, "spec"));
    fputs("</script>\n", w->out);
    element(w, "figcaption", NULL, get(block, "footer"));
    fputs("<details><summary>", w->out);
    ltv_html_text(w->out, w->frame->show_table);
    fputs("<span class=\"unseen\">: ", w->out);
    ltv_html_text(w->out, get(block, "title"));
    fputs("</span></summary>\n", w->out);
    json_array_foreach(json_object_get(block, "tables"), i, table) write_table(w, table);
    fputs("</details>\n</figure>\n", w->out);
}

static void write_fold(const writer *w, const json_t *block)
{
    fputs("<details class=\"fold\"><summary>", w->out);
    ltv_html_text(w->out, get(block, "title"));
    fputs("</summary><pre tabindex=\"0\">", w->out);
    ltv_html_text(w->out, get(block, "text"));
    fputs("</pre></details>\n", w->out);
}

/* Whether the block may have its like beside it: "charts", "tables"; NULL: it may not. */
static const char *row_of(const json_t *blocks, size_t i)
{
    const json_t *block = json_array_get(blocks, i);
    if (strcmp(get(block, "type"), "chart") == 0)
        return "charts";
    return json_is_true(json_object_get(block, "beside")) ? "tables" : NULL;
}

static void write_block(writer *w, const json_t *block)
{
    const char *type = get(block, "type");
    if (strcmp(type, "answers") == 0)
        write_answers(w, block);
    else if (strcmp(type, "figures") == 0)
        write_figures(w, block);
    else if (strcmp(type, "table") == 0)
        write_table(w, block);
    else if (strcmp(type, "chart") == 0)
        write_chart(w, block);
    else if (strcmp(type, "fold") == 0)
        write_fold(w, block);
    else
        element(w, "p", NULL, get(block, "text"));
}

/* Charts that follow each other stand side by side where there is room, and some tables. */
static void write_blocks(writer *w, const json_t *blocks)
{
    const char *open = NULL;
    for (size_t i = 0; i < json_array_size(blocks); i++) {
        const char *row = row_of(blocks, i);
        if (open != NULL && row != open)
            fputs("</div>\n", w->out);
        if (row != NULL && row != open)
            fprintf(w->out, "<div class=\"%s\">\n", row);
        open = row;
        write_block(w, json_array_get(blocks, i));
    }
    if (open != NULL)
        fputs("</div>\n", w->out);
}

static void write_section(writer *w, const json_t *section)
{
    const char *id = get(section, "id");
    fprintf(w->out, "<section id=\"%s\" aria-labelledby=\"%s-title\">\n<h2 id=\"%s-title\">", id,
            id, id);
    ltv_html_text(w->out, get(section, "title"));
    fputs("</h2>\n", w->out);
    write_blocks(w, json_object_get(section, "blocks"));
    fputs("</section>\n", w->out);
}

/* ---- The page ----------------------------------------------------------------------------- */

static void write_contents(const writer *w, const json_t *sections)
{
    size_t i;
    json_t *section;
    fputs("<nav aria-label=\"", w->out);
    ltv_html_text(w->out, w->frame->contents);
    fputs("\"><ul>\n", w->out);
    json_array_foreach(sections, i, section)
    {
        fprintf(w->out, "<li><a href=\"#%s\">", get(section, "id"));
        ltv_html_text(w->out, get(section, "title"));
        fputs("</a></li>\n", w->out);
    }
    fputs("</ul></nav>\n", w->out);
}

static void write_note(const writer *w, const json_t *note)
{
    const char *language = get(note, "language");
    fputs("<p class=\"warning\">", w->out);
    ltv_html_text(w->out, get(note, "lead"));
    fprintf(w->out, language[0] != '\0' ? " <span lang=\"%s\">" : " <span>", language);
    ltv_html_text(w->out, get(note, "text"));
    fputs("</span></p>\n", w->out);
}

static void write_part(writer *w, const ltv_html_part *part)
{
    size_t i;
    json_t *item;
    fputs("<article>\n<header>\n", w->out);
    element(w, "h1", NULL, part->title);
    element(w, "p", "terms", part->terms);
    json_array_foreach(part->notes, i, item) write_note(w, item);
    fputs("</header>\n", w->out);
    write_contents(w, part->sections);
    json_array_foreach(part->sections, i, item) write_section(w, item);
    fputs("</article>\n", w->out);
}

/* A word for the script: an attribute data-name. */
static void write_data(const writer *w, const char *name, const char *word)
{
    fprintf(w->out, " data-%s=\"", name);
    ltv_html_text(w->out, word);
    fputc('"', w->out);
}

/* The page may run its own script and style, and fetch nothing. */
static void write_head(const writer *w)
{
    fprintf(w->out,
            "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
            "script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; "
            "img-src data: blob:\">\n"
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
            "<meta name=\"color-scheme\" content=\"light dark\">\n<title>",
            w->frame->language);
    ltv_html_text(w->out, w->frame->title);
    fputs("</title>\n<style>\n", w->out);
    fwrite(w->frame->style, 1, w->frame->style_length, w->out);
    fputs("</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#main\">", w->out);
    ltv_html_text(w->out, w->frame->skip);
    fputs("</a>\n<main id=\"main\"", w->out);
    write_data(w, "actions", w->frame->actions);
    write_data(w, "svg", w->frame->save_svg);
    write_data(w, "png", w->frame->save_png);
    write_data(w, "source", w->frame->save_source);
    fputs(">\n<noscript><p class=\"warning\">", w->out);
    ltv_html_text(w->out, w->frame->no_script);
    fputs("</p></noscript>\n", w->out);
}

bool ltv_html_write(FILE *out, const ltv_html_frame *frame, size_t n_parts,
                    const ltv_html_part *parts)
{
    writer w = {.out = out, .frame = frame};
    write_head(&w);
    for (size_t i = 0; i < n_parts; i++)
        write_part(&w, &parts[i]);
    fputs("</main>\n", out);
    element(&w, "footer", NULL, frame->footer);
    fputs("<script>\n", out);
    fwrite(frame->script, 1, frame->script_length, out);
    fputs("</script>\n</body>\n</html>\n", out);
    return !w.out_of_memory;
}
