/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/io/scenario/yaml_parse.h"

#include <ctype.h>
#include <string.h>

#include <libfyaml.h>

#include "sim/io/scenario/text_file.h"

typedef struct anchor {
    struct anchor *earlier;
    const char *name;
    ltv_yaml_node *node;
    bool open; /* its end has not been read: an alias to it would be a cycle */
} anchor;

/* A list or mapping whose end has not been read. */
typedef struct {
    ltv_yaml_node *node;
    anchor *anchor;  /* NULL without one */
    bool is_flow;    /* written with brackets */
    const char *key; /* of the value that comes next; NULL while a key is due */
    ltv_place key_place;
} level;

typedef struct {
    ltv_yaml_tree *tree;
    const ltv_place *source;
    ltv_error *err;
    ltv_yaml_node *root;
    anchor *anchors; /* newest first */
    size_t n_documents;
    size_t depth;
    level levels[LTV_YAML_MAX_DEPTH];
} builder;

static ltv_status no_memory(builder *b)
{
    return ltv_fail(b->err, LTV_ERR_NO_MEMORY, "no memory to read %s", b->source->file);
}

/* libfyaml counts from 0; what it made up itself (an absent value) has no mark. */
static ltv_place place_of(const builder *b, const struct fy_mark *mark, const ltv_place *otherwise)
{
    ltv_place place = *b->source;
    if (mark == NULL || mark->line < 0)
        return otherwise != NULL ? *otherwise : place;
    place.line = (uint32_t)mark->line + 1;
    place.column = (uint32_t)mark->column + 1;
    return place;
}

static level *top(builder *b)
{
    return b->depth == 0 ? NULL : &b->levels[b->depth - 1];
}

static bool key_is_due(builder *b)
{
    const level *in = top(b);
    return in != NULL && in->node->kind == LTV_YAML_MAP && in->key == NULL;
}

/* Could this be what follows the comma in a number: "000", "345.50", "5%"? */
static bool is_tail_of_number(const char *key)
{
    size_t digits = strspn(key, "0123456789");
    const char *rest = key + digits;
    return digits > 0 && (rest[strspn(rest, ".0123456789%")] == '\0' || strcmp(rest, "％") == 0);
}

/* `{price: 1,000}` reads as price: 1 and a key "000" without a value. Say so instead of calling
 * "000" an unknown key. */
static ltv_status check_split_number(builder *b, const level *in, const ltv_yaml_node *value)
{
    if (!in->is_flow || !value->is_null || in->node->n == 0 || !is_tail_of_number(in->key))
        return LTV_OK;
    const ltv_yaml_entry *before = &in->node->entries[in->node->n - 1];
    const char *text = before->value->text;
    size_t length = strlen(text);
    if (before->value->kind != LTV_YAML_SCALAR || before->value->is_quoted || length == 0 ||
        !isdigit((unsigned char)text[length - 1]))
        return LTV_OK;
    char head[LTV_SHOWN_SIZE], tail[LTV_SHOWN_SIZE], name[LTV_SHOWN_SIZE];
    ltv_shown(head, text);
    ltv_shown(tail, in->key);
    ltv_shown(name, before->key);
    if (strspn(in->key, "0123456789") == 3)
        return ltv_complain(b->err, &in->key_place, name,
                            "YAML splits %s,%s at the comma inside { }; put the number in quotes, "
                            "\"%s,%s\", or write it without the comma",
                            head, tail, head, tail);
    return ltv_complain(b->err, &in->key_place, name,
                        "YAML splits %s,%s at the comma inside { }; write it with a decimal "
                        "point, %s.%s",
                        head, tail, head, tail);
}

/* Hangs a finished value where it belongs. */
static ltv_status attach(builder *b, ltv_yaml_node *node)
{
    level *in = top(b);
    if (in == NULL) {
        b->root = node;
        return LTV_OK;
    }
    bool in_map = in->node->kind == LTV_YAML_MAP;
    if (in_map && in->key[0] == '\0') /* told here, since only the value has a place */
        return ltv_complain(b->err, &node->place, NULL, "a key is missing before the colon");
    ltv_status status = in_map ? check_split_number(b, in, node) : LTV_OK;
    if (status != LTV_OK)
        return status;
    bool ok = ltv_yaml_insert(b->tree, in->node, in->node->n, in_map ? in->key : "",
                              in_map ? &in->key_place : &node->place, node);
    in->key = NULL;
    return ok ? LTV_OK : no_memory(b);
}

static ltv_status check_budget(builder *b, const ltv_place *place)
{
    if (b->tree->n_nodes < LTV_YAML_MAX_NODES)
        return LTV_OK;
    return ltv_complain(b->err, place, NULL, "too many values (more than %d, aliases written out)",
                        LTV_YAML_MAX_NODES);
}

static ltv_status refuse_tag(builder *b, struct fy_token *tag)
{
    ltv_place place = place_of(b, fy_token_start_mark(tag), NULL);
    return ltv_complain(b->err, &place, NULL,
                        "tags (words that begin with !) have no meaning in a scenario; remove it");
}

static ltv_status remember_anchor(builder *b, struct fy_token *token, ltv_yaml_node *node,
                                  bool open, anchor **added)
{
    *added = NULL;
    if (token == NULL)
        return LTV_OK;
    size_t length = 0;
    const char *name = fy_token_get_text(token, &length);
    anchor *a = ltv_arena_alloc(&b->tree->arena, sizeof *a);
    char *copy = ltv_arena_text(&b->tree->arena, name, length);
    if (a == NULL || copy == NULL)
        return no_memory(b);
    *a = (anchor){.earlier = b->anchors, .name = copy, .node = node, .open = open};
    b->anchors = a;
    *added = a;
    return LTV_OK;
}

/* ---- keys and scalars -------------------------------------------------------------------- */

static ltv_status take_key(builder *b, const char *text, const ltv_place *place, bool is_plain)
{
    level *in = top(b);
    char shown[LTV_SHOWN_SIZE];
    ltv_shown(shown, text);
    if (is_plain && strcmp(text, "<<") == 0)
        return ltv_complain(b->err, place, NULL,
                            "merge keys (<<) are not supported; use `arms` with `set`, or write "
                            "the values out");
    in->key = text;
    in->key_place = *place;
    const ltv_yaml_entry *earlier = ltv_yaml_find(in->node, text);
    if (earlier != NULL)
        return ltv_complain(b->err, place, NULL,
                            "the key %s is written twice in the same block (first in line %u)",
                            shown, earlier->key_place.line);
    if (in->node->n >= LTV_YAML_MAX_KEYS)
        return ltv_complain(b->err, place, NULL, "more than %d keys in one block",
                            LTV_YAML_MAX_KEYS);
    return LTV_OK;
}

static bool means_null(const char *text, bool is_plain)
{
    return is_plain && (text[0] == '\0' || strcmp(text, "~") == 0 || strcmp(text, "null") == 0 ||
                        strcmp(text, "Null") == 0 || strcmp(text, "NULL") == 0);
}

/* libfyaml marks the text inside of quotes, people see the quote; and the first line of text of
 * a block scalar, people look at its key. */
static ltv_place place_of_scalar(builder *b, struct fy_event *event, enum fy_scalar_style style)
{
    const level *in = top(b);
    ltv_place place = place_of(b, fy_event_start_mark(event), in ? &in->key_place : NULL);
    bool is_block = style == FYSS_LITERAL || style == FYSS_FOLDED;
    if (is_block && in != NULL && in->key != NULL)
        return in->key_place;
    if (style == FYSS_SINGLE_QUOTED || style == FYSS_DOUBLE_QUOTED)
        place.column--;
    return place;
}

static ltv_status take_scalar(builder *b, struct fy_event *event)
{
    struct fy_token *token = event->scalar.value;
    enum fy_scalar_style style = token == NULL ? FYSS_PLAIN : fy_token_scalar_style(token);
    ltv_place place = place_of_scalar(b, event, style);
    if (event->scalar.tag != NULL)
        return refuse_tag(b, event->scalar.tag);
    size_t length = 0;
    const char *text = token == NULL ? "" : fy_token_get_text(token, &length);
    if (text == NULL)
        return no_memory(b);
    if (memchr(text, '\0', length) != NULL)
        return ltv_complain(b->err, &place, NULL, "the text contains a NUL character");
    bool is_plain = style == FYSS_PLAIN;
    char *copy = ltv_arena_text(&b->tree->arena, text, length);
    if (copy == NULL)
        return no_memory(b);
    if (key_is_due(b))
        return take_key(b, copy, &place, is_plain);

    ltv_status status = check_budget(b, &place);
    if (status != LTV_OK)
        return status;
    ltv_yaml_node *node = ltv_yaml_new(b->tree, LTV_YAML_SCALAR, &place);
    if (node == NULL)
        return no_memory(b);
    node->text = copy;
    node->is_quoted = !is_plain;
    node->is_null = means_null(copy, is_plain);
    anchor *ignored;
    status = remember_anchor(b, event->scalar.anchor, node, false, &ignored);
    return status != LTV_OK ? status : attach(b, node);
}

/* ---- aliases ----------------------------------------------------------------------------- */

/* Deep copy, so that changing one place never changes another. The depth of what comes out is
 * bounded, so the recursion is. */
static ltv_status copy_node(builder *b, const ltv_yaml_node *node, size_t depth,
                            const ltv_place *alias, ltv_yaml_node **copy)
{
    ltv_status status = check_budget(b, alias);
    if (status != LTV_OK)
        return status;
    if (depth >= LTV_YAML_MAX_DEPTH)
        return ltv_complain(b->err, alias, NULL, "nested more than %d levels deep",
                            LTV_YAML_MAX_DEPTH);
    *copy = ltv_yaml_new(b->tree, node->kind, &node->place);
    if (*copy == NULL)
        return no_memory(b);
    (*copy)->text = node->text;
    (*copy)->is_null = node->is_null;
    (*copy)->is_quoted = node->is_quoted;
    for (size_t i = 0; i < node->n && status == LTV_OK; ++i) {
        const ltv_yaml_entry *entry = &node->entries[i];
        ltv_yaml_node *value = NULL;
        status = copy_node(b, entry->value, depth + 1, alias, &value);
        if (status == LTV_OK &&
            !ltv_yaml_insert(b->tree, *copy, i, entry->key, &entry->key_place, value))
            status = no_memory(b);
    }
    return status;
}

static ltv_status take_alias(builder *b, struct fy_event *event)
{
    ltv_place place = place_of(b, fy_event_start_mark(event), NULL);
    if (place.column > 1)
        place.column--; /* libfyaml marks the name, people see the star */
    size_t length = 0;
    const char *text = fy_token_get_text(event->alias.anchor, &length);
    char *name = ltv_arena_text(&b->tree->arena, text, length);
    if (name == NULL)
        return no_memory(b);
    char shown[LTV_SHOWN_SIZE];
    ltv_shown(shown, name);
    if (key_is_due(b))
        return ltv_complain(b->err, &place, NULL, "a key must be a plain word, not the alias *%s",
                            shown);
    const anchor *a = b->anchors;
    while (a != NULL && strcmp(a->name, name) != 0)
        a = a->earlier;
    if (a == NULL)
        return ltv_complain(b->err, &place, NULL,
                            "the alias *%s refers to nothing: no &%s before it", shown, shown);
    if (a->open)
        return ltv_complain(b->err, &place, NULL, "the alias *%s contains itself", shown);
    ltv_yaml_node *copy = NULL;
    ltv_status status = copy_node(b, a->node, b->depth, &place, &copy);
    return status != LTV_OK ? status : attach(b, copy);
}

/* ---- lists and mappings ------------------------------------------------------------------ */

static ltv_status open_level(builder *b, struct fy_event *event, ltv_yaml_kind kind,
                             struct fy_token *tag, struct fy_token *anchor_token)
{
    ltv_place place = place_of(b, fy_event_start_mark(event), NULL);
    if (tag != NULL)
        return refuse_tag(b, tag);
    if (key_is_due(b))
        return ltv_complain(b->err, &place, NULL,
                            "a key must be a plain word, not a list or a block");
    if (b->depth == LTV_YAML_MAX_DEPTH)
        return ltv_complain(b->err, &place, NULL, "nested more than %d levels deep",
                            LTV_YAML_MAX_DEPTH);
    ltv_status status = check_budget(b, &place);
    if (status != LTV_OK)
        return status;
    ltv_yaml_node *node = ltv_yaml_new(b->tree, kind, &place);
    if (node == NULL)
        return no_memory(b);
    anchor *a = NULL;
    status = remember_anchor(b, anchor_token, node, true, &a);
    bool is_flow = fy_event_get_node_style(event) == FYNS_FLOW;
    b->levels[b->depth++] = (level){.node = node, .anchor = a, .is_flow = is_flow};
    return status;
}

static ltv_status close_level(builder *b)
{
    level done = b->levels[--b->depth];
    if (done.anchor != NULL)
        done.anchor->open = false;
    return attach(b, done.node);
}

static ltv_status take_event(builder *b, struct fy_event *event)
{
    switch (event->type) {
    case FYET_DOCUMENT_START:
        if (++b->n_documents > 1) {
            ltv_place place = place_of(b, fy_event_start_mark(event), NULL);
            return ltv_complain(b->err, &place, NULL,
                                "a second YAML document begins here (---); a scenario is one "
                                "document");
        }
        return LTV_OK;
    case FYET_MAPPING_START:
        return open_level(b, event, LTV_YAML_MAP, event->mapping_start.tag,
                          event->mapping_start.anchor);
    case FYET_SEQUENCE_START:
        return open_level(b, event, LTV_YAML_LIST, event->sequence_start.tag,
                          event->sequence_start.anchor);
    case FYET_MAPPING_END:
    case FYET_SEQUENCE_END:
        return close_level(b);
    case FYET_SCALAR:
        return take_scalar(b, event);
    case FYET_ALIAS:
        return take_alias(b, event);
    default:
        return LTV_OK;
    }
}

/* ---- what libfyaml itself complains about ------------------------------------------------ */

/* Is the indentation of this line (from 1) made with a tab? */
static bool line_begins_with_tab(const char *text, size_t length, uint32_t line)
{
    const char *at = text, *end = text + length;
    for (uint32_t i = 1; i < line && at != NULL; ++i) {
        at = memchr(at, '\n', (size_t)(end - at));
        at = at == NULL ? NULL : at + 1;
    }
    while (at != NULL && at < end && *at == ' ')
        ++at;
    return at != NULL && at < end && *at == '\t';
}

/* The innermost bracket that is still open, if any. */
static const level *open_bracket(const builder *b)
{
    for (size_t i = b->depth; i > 0; --i)
        if (b->levels[i - 1].is_flow)
            return &b->levels[i - 1];
    return NULL;
}

/* Does libfyaml's message, about `place`, come from a bracket that was left open? A comma that it
 * misses on a later line than the bracket's most often is. */
static bool tells_of_open_bracket(const char *message, const ltv_place *bracket,
                                  const ltv_place *place)
{
    return strstr(message, "without a closing") != NULL || strstr(message, "mismatched") != NULL ||
           (strstr(message, "missing comma") != NULL && place->line > bracket->line);
}

/* The tab that indents the line or the next one, where libfyaml trips over it. */
static bool find_tab(ltv_place *place, const char *text, size_t length)
{
    for (uint32_t line = place->line; line != 0 && line <= place->line + 1; ++line)
        if (line_begins_with_tab(text, length, line)) {
            place->line = line;
            place->column = 1;
            return true;
        }
    return false;
}

/* What libfyaml's messages mean to the writer of a scenario. */
static ltv_status translate(builder *b, const char *message, ltv_place place)
{
    static const char colon_in_text[] = "a second colon on the same line; put the text in quotes "
                                        "if the colon belongs to it";
    static const char no_value[] = "key: value is due here; is the blank after the colon missing?";
    static const struct {
        const char *fragment, *sentence;
        bool is_before; /* the mistake is one character before the place */
    } known[] = {
        {"without closing quote", "the quote opened here is never closed", true},
        {"nested block mapping on the same line", colon_in_text, false},
        {"invalid value after mapping", no_value, false},
        {"multiline plain key", no_value, false},
        {"could not find expected ':'", no_value, false},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; ++i)
        if (strstr(message, known[i].fragment) != NULL) {
            place.column -= known[i].is_before;
            return ltv_complain(b->err, &place, NULL, "%s", known[i].sentence);
        }
    char shown[LTV_SHOWN_SIZE];
    return ltv_complain(b->err, &place, NULL, "not valid YAML: %s", ltv_shown(shown, message));
}

static ltv_status complain_about_syntax(builder *b, struct fy_diag *diag, const char *text,
                                        size_t length)
{
    ltv_place place = *b->source;
    const char *message = "the text cannot be understood";
    void *iterator = NULL;
    const struct fy_diag_error *first = fy_diag_errors_iterate(diag, &iterator);
    if (first != NULL) {
        place.line = first->line > 0 ? (uint32_t)first->line : 0;
        place.column = first->column > 0 ? (uint32_t)first->column : 0;
        message = first->msg;
    }
    if (find_tab(&place, text, length))
        return ltv_complain(b->err, &place, NULL, "a tab indents this line; YAML wants spaces");
    const level *bracket = open_bracket(b);
    if (bracket != NULL && tells_of_open_bracket(message, &bracket->node->place, &place))
        return ltv_complain(b->err, &bracket->node->place, NULL,
                            "the bracket %s opened here is not closed, or not by its like",
                            bracket->node->kind == LTV_YAML_MAP ? "{" : "[");
    return translate(b, message, place);
}

/* libfyaml prints what it does not collect; a scenario's faults are told once, by us. */
static void discard_output(struct fy_diag *diag, void *user, const char *text, size_t length)
{
    (void)diag;
    (void)user;
    (void)text;
    (void)length;
}

static struct fy_diag *new_diag(void)
{
    struct fy_diag_cfg config;
    fy_diag_cfg_default(&config);
    config.fp = NULL;
    config.output_fn = discard_output;
    config.colorize = false;
    struct fy_diag *diag = fy_diag_create(&config);
    if (diag != NULL)
        fy_diag_set_collect_errors(diag, true);
    return diag;
}

static ltv_status parse_events(builder *b, struct fy_parser *parser, struct fy_diag *diag,
                               const char *text, size_t length)
{
    ltv_status status = LTV_OK;
    bool ended = false;
    while (status == LTV_OK && !ended) {
        struct fy_event *event = fy_parser_parse(parser);
        if (event == NULL)
            break;
        ended = event->type == FYET_STREAM_END;
        status = take_event(b, event);
        fy_parser_event_free(parser, event);
    }
    if (status == LTV_OK && (!ended || fy_parser_get_stream_error(parser)))
        status = complain_about_syntax(b, diag, text, length);
    return status;
}

ltv_status ltv_yaml_parse(ltv_yaml_tree *tree, ltv_yaml_node **root, const ltv_place *source,
                          const char *text, size_t length, ltv_error *err)
{
    *root = NULL;
    ltv_status status = ltv_text_check(text, length, source, err);
    if (status != LTV_OK)
        return status;
    builder b = {.tree = tree, .source = source, .err = err};
    struct fy_diag *diag = new_diag();
    struct fy_parse_cfg config = {.flags = FYPCF_QUIET | FYPCF_COLLECT_DIAG, .diag = diag};
    struct fy_parser *parser = diag == NULL ? NULL : fy_parser_create(&config);
    bool ready = parser != NULL && fy_parser_set_string(parser, text, length) == 0;
    status = ready ? parse_events(&b, parser, diag, text, length) : no_memory(&b);
    fy_parser_destroy(parser);
    fy_diag_destroy(diag);
    *root = b.root;
    return status;
}
