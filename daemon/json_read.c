#include "json.h"

#include <yajl/yajl_parse.h>

#include "json_string.h"
#include "utf8.h"

enum {
    JSON_SIZE_DEFAULT = 10 * 1000 * 1000,
    JSON_DEPTH_DEFAULT = 100,
    JSON_DEPTH_MOST = 120, /* what is read can be written: YAJL_MAX_DEPTH */
};

/* What the parser is inside of. */
struct json_open {
    struct json *value;
    struct json_open *outer;
};

struct json_build {
    struct arena *arena;
    struct json *root;
    struct json_open *open;
    struct span key;
    unsigned depth, depth_max;
    bool mended;
    bool no_memory, too_deep;
};

struct json *
json_new(struct arena *arena, enum json_kind kind)
{
    struct json *value = arena_alloc(arena, sizeof(*value));
    if (value)
        value->kind = kind;
    return value;
}

struct json *
json_new_string(struct arena *arena, struct span text)
{
    struct json *value = json_new(arena, JSON_STRING);
    char *copy = arena_copy(arena, text);
    if (!value || !copy)
        return NULL;
    value->text = (struct span){copy, text.len};
    return value;
}

static void
json_append(struct json *parent, struct json *child)
{
    if (parent->last)
        parent->last->next = child;
    else
        parent->first = child;
    parent->last = child;
    parent->count++;
}

bool
json_add(struct arena *arena, struct json *parent, struct span key,
         struct json *child)
{
    if (parent->kind == JSON_OBJECT) {
        char *copy = arena_copy(arena, key);
        if (!copy)
            return false;
        child->key = (struct span){copy, key.len};
    }
    json_append(parent, child);
    return true;
}

static struct json *
build_add(struct json_build *build, enum json_kind kind, struct span text)
{
    struct json *value = json_new(build->arena, kind);
    char *copy = text.at ? arena_copy(build->arena, text) : NULL;
    if (!value || (text.at && !copy)) {
        build->no_memory = true;
        return NULL;
    }
    value->text = (struct span){copy, text.len};

    struct json_open *open = build->open;
    if (!open) {
        build->root = value;
        return value;
    }
    if (open->value->kind == JSON_OBJECT)
        value->key = build->key;
    json_append(open->value, value);
    return value;
}

static int
on_null(void *context)
{
    return build_add(context, JSON_NULL, SPAN_NONE) != NULL;
}

static int
on_boolean(void *context, int truth)
{
    struct json *value = build_add(context, JSON_BOOL, SPAN_NONE);
    if (value)
        value->truth = truth;
    return value != NULL;
}

static int
on_number(void *context, const char *text, size_t len)
{
    return build_add(context, JSON_NUMBER, (struct span){text, len}) != NULL;
}

static int
on_string(void *context, const unsigned char *text, size_t len)
{
    struct json_build *build = context;
    struct span span = {len ? (const char *)text : "", len};
    struct json *value = build_add(build, JSON_STRING, span);
    if (value && build->mended)
        value->repaired = memmem(span.at, len, "\uFFFD", 3) != NULL;
    return value != NULL;
}

static int
on_key(void *context, const unsigned char *text, size_t len)
{
    struct json_build *build = context;
    struct span span = {len ? (const char *)text : "", len};
    char *copy = arena_copy(build->arena, span);
    build->key = (struct span){copy, len};
    build->no_memory = build->no_memory || !copy;
    return copy != NULL;
}

static int
build_open(struct json_build *build, enum json_kind kind)
{
    if (build->depth == build->depth_max) {
        build->too_deep = true;
        return 0;
    }
    struct json *value = build_add(build, kind, SPAN_NONE);
    struct json_open *open = arena_alloc(build->arena, sizeof(*open));
    if (!value || !open) {
        build->no_memory = true;
        return 0;
    }
    *open = (struct json_open){.value = value, .outer = build->open};
    build->open = open;
    build->depth++;
    return 1;
}

static int
on_open_object(void *context)
{
    return build_open(context, JSON_OBJECT);
}

static int
on_open_array(void *context)
{
    return build_open(context, JSON_ARRAY);
}

static int
on_close(void *context)
{
    struct json_build *build = context;
    build->open = build->open->outer;
    build->depth--;
    return 1;
}

static const yajl_callbacks build_callbacks = {
    .yajl_null = on_null,
    .yajl_boolean = on_boolean,
    .yajl_number = on_number, /* source text: no integer overflow */
    .yajl_string = on_string,
    .yajl_start_map = on_open_object,
    .yajl_map_key = on_key,
    .yajl_end_map = on_close,
    .yajl_start_array = on_open_array,
    .yajl_end_array = on_close,
};

static void
yajl_freep(yajl_handle *handle)
{
    if (*handle)
        yajl_free(*handle);
}

/* The reason as yajl has it, in one line without its drawing of the place. */
static bool
parse_failed(yajl_handle handle, struct span text, const char *what,
             struct error *err)
{
    size_t offset = yajl_get_bytes_consumed(handle);
    if (strcmp(what, "") != 0)
        return error_set(err, ERROR_RECORD, "not JSON: %s", what);
    unsigned char *reason =
        yajl_get_error(handle, 0, (const unsigned char *)text.at, text.len);
    struct span line = span_trim(span_of(reason ? (char *)reason : ""));
    error_set(err, ERROR_RECORD, "not JSON at byte %zu: %.*s", offset,
              SPAN_ARGS(line));
    if (reason)
        yajl_free_error(handle, reason);
    return false;
}

static bool
parse_text(struct json_build *build, struct span text, struct error *err)
{
    CLEANUP(yajl_freep)
    yajl_handle handle = yajl_alloc(&build_callbacks, NULL, build);
    if (!handle)
        return error_no_memory(err);
    yajl_config(handle, yajl_dont_validate_strings, 1);

    yajl_status status =
        yajl_parse(handle, (const unsigned char *)text.at, text.len);
    bool early = false;
    if (status == yajl_status_ok) {
        status = yajl_complete_parse(handle);
        early = status != yajl_status_ok;
    }
    if (build->too_deep)
        return error_set(err, ERROR_RECORD,
                         "nested deeper than %u levels at byte %zu",
                         build->depth_max, yajl_get_bytes_consumed(handle));
    if (build->no_memory)
        return error_no_memory(err);
    if (status != yajl_status_ok)
        return parse_failed(handle, text, early ? "it ends too early" : "",
                            err);
    if (!build->root)
        return error_set(err, ERROR_RECORD, "empty where JSON was expected");
    return true;
}

struct json *
json_parse(struct arena *arena, struct span text,
           const struct json_limits *limits, struct error *err)
{
    size_t size_max =
        limits && limits->size_bytes ? limits->size_bytes : JSON_SIZE_DEFAULT;
    unsigned depth =
        limits && limits->depth ? limits->depth : JSON_DEPTH_DEFAULT;
    if (depth > JSON_DEPTH_MOST)
        depth = JSON_DEPTH_MOST;
    if (text.len > size_max) {
        error_set(err, ERROR_RECORD, "%zu bytes, more than the limit of %zu",
                  text.len, size_max);
        return NULL;
    }

    struct json_build build = {.arena = arena, .depth_max = depth};
    CLEANUP(buffer_done) struct buffer mended = {0};
    if (!json_string_sound(text)) {
        CLEANUP(buffer_done) struct buffer controls = {0};
        json_string_escape_controls(&controls, text);
        json_string_mend(&mended, buffer_span(&controls));
        mended.failed = mended.failed || controls.failed;
        text = buffer_span(&mended);
        build.mended = true;
    }
    struct error first = {0};
    if (buffer_ok(&mended) && parse_text(&build, text, &first))
        return build.root;
    if (build.too_deep || build.no_memory || !buffer_ok(&mended)) {
        if (!buffer_ok(&mended))
            error_no_memory(&first);
        error_set(err, first.kind, "%s", first.message);
        return NULL;
    }

    /* yajl refuses a raw control character in a string; networks send them. */
    CLEANUP(buffer_done) struct buffer escaped = {0};
    json_string_escape_controls(&escaped, text);
    build =
        (struct json_build){.arena = arena, .depth_max = depth, .mended = true};
    bool changed = !span_equal(buffer_span(&escaped), text);
    if (changed && buffer_ok(&escaped) &&
        parse_text(&build, buffer_span(&escaped), NULL))
        return build.root;
    error_set(err, first.kind, "%s", first.message);
    return NULL;
}
