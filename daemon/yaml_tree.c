#include "yaml_tree.h"

#include <stdio.h>
#include <yaml.h>

#include "file.h"
#include "map.h"
#include "utf8.h"
#include "yaml_problem.h"

enum { FILE_MAX = 64 * 1024 * 1024, DEPTH_MAX = 50 };

struct yaml_open {
    struct yaml_node *value;
    struct yaml_node *last;
    struct map *keys; /* of a map: those seen */
};

struct yaml_build {
    struct arena *arena;
    const char *file;
    struct diagnostics *diagnostics;
    struct span source;
    size_t index, offset; /* a place in it: code points and bytes */
    struct yaml_node *root;
    struct yaml_node *key; /* the next value's */
    struct yaml_open open[DEPTH_MAX];
    unsigned depth;
    unsigned documents;
    bool stop;
};

/* libyaml counts code points; marks come in rising order. */
static size_t
offset_of(struct yaml_build *build, yaml_mark_t mark)
{
    if (mark.index < build->index)
        build->index = build->offset = 0;
    while (build->index < mark.index && build->offset < build->source.len) {
        bool valid;
        utf8_next(build->source, &build->offset, &valid);
        build->index++;
    }
    return build->offset;
}

/* "term: word #x": is the value cut by a comment that looks like none? */
static bool
is_cut(struct yaml_build *build, yaml_mark_t mark)
{
    struct span rest = span_from(build->source, offset_of(build, mark));
    while (rest.len && rest.at[0] == ' ')
        rest = span_from(rest, 1);
    return rest.len > 1 && rest.at[0] == '#' &&
           !strchr(" #-=!\t\r\n", rest.at[1]);
}

static struct place
place_of(const struct yaml_build *build, yaml_mark_t mark)
{
    return (struct place){build->file, (unsigned)mark.line + 1,
                          (unsigned)mark.column + 1};
}

static void
no_memory(struct yaml_build *build)
{
    diagnostics_error(build->diagnostics, (struct place){build->file, 0, 0},
                      "out of memory");
    build->stop = true;
}

static bool
key_is_new(struct yaml_build *build, struct yaml_open *open,
           const struct yaml_node *key)
{
    const struct yaml_node *first = map_get(open->keys, key->text);
    if (first) {
        diagnostics_error(build->diagnostics, key->place,
                          "'%.*s' stands twice; the first one is in line %u",
                          SPAN_ARGS(key->text), first->place.line);
        return true; /* read on: both values are checked */
    }
    return map_set(open->keys, key->text, (void *)key);
}

/* In a map keys and values come in turn; a key is held until its value. */
static void
build_place(struct yaml_build *build, struct yaml_node *node)
{
    if (build->depth == 0) {
        build->root = node;
        return;
    }
    struct yaml_open *open = &build->open[build->depth - 1];
    if (open->value->kind == YAML_NODE_MAP) {
        if (!build->key) {
            build->key = node;
            if (node->kind != YAML_NODE_SCALAR)
                diagnostics_error(build->diagnostics, node->place,
                                  "a key is a word, not a list or a map: is "
                                  "a '{' or '[' meant as text? Then put it "
                                  "in single quotes");
            else if (span_is(node->text, "<<") && node->plain)
                diagnostics_error(build->diagnostics, node->place,
                                  "merge keys (<<) are not supported: write "
                                  "the keys out");
            else if (!key_is_new(build, open, node))
                no_memory(build);
            return;
        }
        node->key = build->key;
        build->key = NULL;
    }
    if (open->last)
        open->last->next = node;
    else
        open->value->first = node;
    open->last = node;
    open->value->count++;
}

static struct yaml_node *
build_node(struct yaml_build *build, enum yaml_node_kind kind, yaml_mark_t mark)
{
    struct yaml_node *node = arena_alloc(build->arena, sizeof(*node));
    if (!node) {
        no_memory(build);
        return NULL;
    }
    node->kind = kind;
    node->place = place_of(build, mark);
    return node;
}

static void
refuse_anchor(struct yaml_build *build, const yaml_char_t *anchor,
              yaml_mark_t mark)
{
    if (anchor)
        diagnostics_error(build->diagnostics, place_of(build, mark),
                          "'&%s' is an anchor, which is not supported: if it "
                          "is text, put it in single quotes: '&%s…'",
                          (const char *)anchor, (const char *)anchor);
}

static void
on_scalar(struct yaml_build *build, const yaml_event_t *event)
{
    struct span text = {(const char *)event->data.scalar.value,
                        event->data.scalar.length};
    yaml_scalar_style_t style = event->data.scalar.style;
    struct yaml_node *node =
        build_node(build, YAML_NODE_SCALAR, event->start_mark);
    char *copy = arena_copy(build->arena, text);
    if (!node || !copy) {
        no_memory(build);
        return;
    }
    node->text = (struct span){copy, text.len};
    node->plain = style == YAML_PLAIN_SCALAR_STYLE;
    node->cut = node->plain && is_cut(build, event->end_mark);
    refuse_anchor(build, event->data.scalar.anchor, event->start_mark);
    if (event->data.scalar.tag)
        diagnostics_error(build->diagnostics, node->place,
                          "'%s' is a type tag, which is not supported: if it "
                          "is text, put the whole value in single quotes",
                          (const char *)event->data.scalar.tag);
    build_place(build, node);
}

static void
on_open(struct yaml_build *build, enum yaml_node_kind kind, bool flow,
        const yaml_char_t *anchor, yaml_mark_t mark)
{
    struct yaml_node *node = build_node(build, kind, mark);
    if (!node)
        return;
    node->flow = flow;
    refuse_anchor(build, anchor, mark);
    build_place(build, node);
    if (build->depth == DEPTH_MAX) {
        diagnostics_error(build->diagnostics, node->place,
                          "nested deeper than %d levels", DEPTH_MAX);
        build->stop = true;
        return;
    }
    struct yaml_open *open = &build->open[build->depth];
    *open = (struct yaml_open){.value = node};
    if (kind == YAML_NODE_MAP)
        open->keys = map_new();
    build->depth++;
    /* The key of this value must not be taken for the first key inside. */
    build->key = NULL;
    if (kind == YAML_NODE_MAP && !open->keys)
        no_memory(build);
}

static void
on_close(struct yaml_build *build)
{
    map_free(build->open[--build->depth].keys);
    build->key = NULL;
}

static void
on_event(struct yaml_build *build, const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        if (build->documents++ == 1) {
            diagnostics_error(build->diagnostics,
                              place_of(build, event->start_mark),
                              "a second document ('---'): a file holds one");
            build->stop = true;
        }
        break;
    case YAML_ALIAS_EVENT:
        diagnostics_error(build->diagnostics,
                          place_of(build, event->start_mark),
                          "'*%s' is an alias, which is not supported: if it "
                          "is text, put it in single quotes: '*%s…'",
                          (const char *)event->data.alias.anchor,
                          (const char *)event->data.alias.anchor);
        struct yaml_node *node =
            build_node(build, YAML_NODE_SCALAR, event->start_mark);
        if (node) {
            node->text = span_of("");
            build_place(build, node);
        }
        break;
    case YAML_SCALAR_EVENT:
        on_scalar(build, event);
        break;
    case YAML_SEQUENCE_START_EVENT:
        on_open(build, YAML_NODE_LIST,
                event->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE,
                event->data.sequence_start.anchor, event->start_mark);
        break;
    case YAML_MAPPING_START_EVENT:
        on_open(build, YAML_NODE_MAP,
                event->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE,
                event->data.mapping_start.anchor, event->start_mark);
        break;
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        on_close(build);
        break;
    case YAML_STREAM_END_EVENT:
        build->stop = true;
        break;
    default:
        break;
    }
}

/* libyaml calls a tab at the start of a line a character like any other. */
static bool
mark_is_tab(struct yaml_build *build, yaml_mark_t mark)
{
    size_t offset = offset_of(build, mark);
    return offset < build->source.len && build->source.at[offset] == '\t';
}

static void
report_problem(struct yaml_build *build, const yaml_parser_t *parser)
{
    const char *problem = parser->problem ? parser->problem : "cannot read it";
    if (mark_is_tab(build, parser->problem_mark))
        problem = "found a tab character";
    const char *advice = yaml_problem_advice(problem, parser->context);
    /* What is left open is mended where it opens, not where the reader gave
     * up on a later line. */
    bool at_context = parser->context &&
                      (strstr(parser->context, "quoted scalar") ||
                       (strstr(parser->context, "flow ") &&
                        parser->context_mark.line < parser->problem_mark.line));
    struct place place = place_of(build, at_context ? parser->context_mark
                                                    : parser->problem_mark);
    if (advice)
        diagnostics_error(build->diagnostics, place, "%s", advice);
    else
        diagnostics_error(build->diagnostics, place, "not YAML: %s", problem);
    build->root = NULL;
    build->stop = true;
}

/* A spreadsheet or an old editor saves in another encoding; say which line. */
static bool
encoding_is_utf8(struct yaml_build *build, struct span text)
{
    unsigned line = 1, column = 1;
    bool wide = text.len >= 2 && (memcmp(text.at, "\xFF\xFE", 2) == 0 ||
                                  memcmp(text.at, "\xFE\xFF", 2) == 0);
    for (size_t offset = 0; offset < text.len;) {
        bool valid;
        uint32_t code_point = utf8_next(text, &offset, &valid);
        if (wide || !valid || code_point == 0) {
            diagnostics_error(
                build->diagnostics, (struct place){build->file, line, column},
                "not UTF-8%s: save the file again with the encoding UTF-8",
                wide ? " but UTF-16" : " (windows-1251?)");
            return false;
        }
        column = code_point == '\n' ? 1 : column + 1;
        line += code_point == '\n';
    }
    return true;
}

struct yaml_node *
yaml_parse(struct arena *arena, const char *file, struct span text,
           struct diagnostics *diagnostics)
{
    struct yaml_build build = {.arena = arena, .diagnostics = diagnostics};
    build.file = arena_copy(arena, span_of(file));
    if (!build.file) {
        build.file = "";
        no_memory(&build);
        return NULL;
    }
    if (text.len >= 3 && memcmp(text.at, "\xEF\xBB\xBF", 3) == 0)
        text = span_from(text, 3);
    build.source = text;
    yaml_parser_t parser;
    if (!encoding_is_utf8(&build, text))
        return NULL;
    if (!yaml_parser_initialize(&parser)) {
        no_memory(&build);
        return NULL;
    }
    size_t errors = diagnostics_errors(diagnostics);
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, (const unsigned char *)text.at,
                                 text.len);
    while (!build.stop) {
        yaml_event_t event;
        if (!yaml_parser_parse(&parser, &event)) {
            report_problem(&build, &parser);
            break;
        }
        on_event(&build, &event);
        yaml_event_delete(&event);
    }
    while (build.depth > 0)
        on_close(&build);
    yaml_parser_delete(&parser);
    if (!build.root && diagnostics_errors(diagnostics) == errors)
        diagnostics_error(diagnostics, (struct place){build.file, 1, 1},
                          "the file is empty or holds no keys");
    return build.root;
}

struct yaml_node *
yaml_load(struct arena *arena, const char *path,
          struct diagnostics *diagnostics)
{
    CLEANUP(buffer_done) struct buffer text = {0};
    struct error err = {0};
    if (!file_load(&text, path, FILE_MAX, &err)) {
        diagnostics_error(diagnostics, (struct place){path, 0, 0}, "%s",
                          err.message);
        return NULL;
    }
    return yaml_parse(arena, path, buffer_span(&text), diagnostics);
}

const struct yaml_node *
yaml_get(const struct yaml_node *map, const char *key)
{
    if (!map || map->kind != YAML_NODE_MAP)
        return NULL;
    for (const struct yaml_node *value = map->first; value; value = value->next)
        if (value->key && span_is(value->key->text, key))
            return value;
    return NULL;
}

const char *
yaml_library_version(void)
{
    static char text[32];
    snprintf(text, sizeof(text), "libyaml %s", yaml_get_version_string());
    return text;
}
