#include <stdio.h>

#include "clock.h"
#include "log.h"
#include "source_model.h"

#define CURSOR_SCHEMA "karool.cursor/1"
#define MOVED_SCHEMA "karool.moved/1"
enum { PARTITIONS = 24 };

static void
copy_text(char *out, size_t size, struct span text)
{
    size_t len = text.len < size ? text.len : 0;
    if (len)
        memcpy(out, text.at, len);
    out[len] = '\0';
}

static void
write_head(const struct source *source, const struct walk *walk,
           const char *schema, int64_t now_ms, struct json_writer *writer)
{
    char stamp[CLOCK_TEXT_SIZE];
    clock_format(now_ms, stamp);
    json_open_object(writer);
    json_key(writer, "schema");
    json_cstring(writer, schema);
    json_key(writer, "partitions");
    json_integer(writer, PARTITIONS);
    json_key(writer, "fingerprint");
    json_cstring(writer, walk->fingerprint);
    json_key(writer, "sources");
    json_string(writer, source->config->sources_digest);
    json_key(writer, "updated_at");
    json_cstring(writer, stamp);
}

static bool
add_record(struct page *page, struct walk *walk, const char *suffix,
           const struct buffer *value, int64_t now_ms, struct error *err)
{
    CLEANUP(buffer_done) struct buffer key = {0};
    buffer_printf(&key, "%s%s", walk->key, suffix);
    if (!buffer_ok(&key) || !buffer_ok(value) ||
        !page_add(page, PAGE_CURSORS, buffer_span(&key), buffer_span(value),
                  now_ms))
        return error_no_memory(err);
    return true;
}

/* Those that changed; under a new name all of them. */
static bool
add_slots(struct source *source, struct walk *walk, int64_t now_ms,
          struct page *page, struct error *err)
{
    unsigned slot;
    for (size_t i = 0; walk->renamed ? ring_used(walk->ring, &i, &slot)
                                     : ring_changed(walk->ring, &i, &slot);) {
        CLEANUP(buffer_done) struct buffer value = {0};
        CLEANUP(json_writer_freep)
        struct json_writer *writer = json_writer_new(&value);
        char suffix[16];
        if (!writer)
            return error_no_memory(err);
        write_head(source, walk, CURSOR_SCHEMA, now_ms, writer);
        ring_write(walk->ring, slot, writer);
        json_close_object(writer);
        snprintf(suffix, sizeof(suffix), "#%u", slot);
        if (!add_record(page, walk, suffix, &value, now_ms, err))
            return false;
    }
    return true;
}

/* Under the former id it stands from now on where the cursor went, so that who
 * still goes by that id does not begin anew; and the identities go. */
static bool
add_moved(struct source *source, struct walk *walk, int64_t now_ms,
          struct page *page, struct error *err)
{
    const char *rest = walk->key + strlen(source->settings->id);
    CLEANUP(buffer_done) struct buffer key = {0};
    CLEANUP(buffer_done) struct buffer value = {0};
    CLEANUP(json_writer_freep)
    struct json_writer *writer = json_writer_new(&value);
    if (!writer)
        return error_no_memory(err);
    write_head(source, walk, MOVED_SCHEMA, now_ms, writer);
    json_key(writer, "moved_to");
    json_cstring(writer, source->settings->id);
    json_close_object(writer);
    buffer_printf(&key, "%s%s", source->settings->renamed_from, rest);
    if (!buffer_ok(&key) || !buffer_ok(&value) ||
        !page_add(page, PAGE_CURSORS, buffer_span(&key), buffer_span(&value),
                  now_ms))
        return error_no_memory(err);
    unsigned slot;
    size_t head_len = key.len;
    for (size_t i = 0; ring_used(walk->ring, &i, &slot);) {
        key.len = head_len;
        buffer_printf(&key, "#%u", slot);
        if (!buffer_ok(&key) ||
            !page_add(page, PAGE_CURSORS, buffer_span(&key), SPAN_NONE, now_ms))
            return error_no_memory(err);
    }
    return true;
}

static bool
state_changed(const struct walk_state *a, const struct walk_state *b)
{
    return strcmp(a->cursor, b->cursor) != 0 || a->settled != b->settled ||
           strcmp(a->etag, b->etag) != 0 ||
           strcmp(a->last_modified, b->last_modified) != 0;
}

bool
source_add_cursor(struct source *source, struct walk *walk, int64_t now_ms,
                  struct page *page, struct error *err)
{
    unsigned slot;
    bool remembered = ring_changed(walk->ring, &(size_t){0}, &slot);
    if (page_count(page) == 0 && walk->known && !walk->renamed && !remembered &&
        !state_changed(&walk->now, &walk->before))
        return true; /* no record when nothing changed */
    CLEANUP(buffer_done) struct buffer value = {0};
    CLEANUP(json_writer_freep)
    struct json_writer *writer = json_writer_new(&value);
    if (!writer)
        return error_no_memory(err);
    const struct walk_state *state = &walk->now;
    write_head(source, walk, CURSOR_SCHEMA, now_ms, writer);
    json_key(writer, "cursor");
    json_cstring(writer, state->cursor);
    json_key(writer, "walk");
    json_integer(writer, state->walk);
    json_key(writer, "settled");
    json_integer(writer, state->settled);
    json_key(writer, "floor");
    json_integer(writer, state->floor_ms);
    json_key(writer, "etag");
    json_cstring(writer, state->etag);
    json_key(writer, "last_modified");
    json_cstring(writer, state->last_modified);
    json_close_object(writer);
    return add_record(page, walk, "", &value, now_ms, err) &&
           add_slots(source, walk, now_ms, page, err) &&
           (!walk->renamed || add_moved(source, walk, now_ms, page, err));
}

static uint32_t
number_of(const struct json *record, const char *name)
{
    int64_t number = 0;
    if (!json_int64(json_member(record, name), &number) || number < 0 ||
        number > UINT32_MAX)
        return 0;
    return (uint32_t)number;
}

static bool
check_head(struct source *source, struct walk *walk, const struct json *record,
           bool *same, struct error *err)
{
    struct span schema = json_text(json_member(record, "schema"));
    int64_t partitions = 0;
    if (!span_is(schema, CURSOR_SCHEMA))
        return error_set(err, ERROR_CONFIG,
                         "%s: its cursor is of version '%.*s', which this "
                         "Karool does not know: install the newer one again",
                         walk->key, SPAN_ARGS(schema));
    if (!json_int64(json_member(record, "partitions"), &partitions) ||
        partitions != PARTITIONS)
        return error_set(err, ERROR_CONFIG,
                         "%s: its cursor was made with %lld partitions, not "
                         "%d: the cursor topic must keep its partitions",
                         walk->key, (long long)partitions, PARTITIONS);
    struct span made_for = json_text(json_member(record, "fingerprint"));
    *same = span_is(made_for, walk->fingerprint);
    return true;
}

static bool
is_moved(const struct json *record)
{
    return span_is(json_text(json_member(record, "schema")), MOVED_SCHEMA);
}

/* It goes on under another id; as to ours, it is not amiss. */
static bool
read_moved(struct source *source, struct walk *walk, const struct json *record,
           struct error *err)
{
    struct span made_for = json_text(json_member(record, "fingerprint"));
    struct span to = json_text(json_member(record, "moved_to"));
    if (!span_is(made_for, walk->fingerprint) ||
        span_is(to, source->settings->id))
        return true;
    const char *copy = arena_copy(source->arena, to);
    if (!copy)
        return error_no_memory(err);
    walk->moved_to = (struct span){copy, to.len};
    return true;
}

static bool
slot_of(struct span suffix, unsigned *slot)
{
    *slot = 0;
    for (size_t i = 0; i < suffix.len && *slot < RING_FILE_SLOTS; i++)
        *slot = *slot * 10 + (unsigned)(suffix.at[i] - '0');
    return suffix.len > 0;
}

bool
source_read_cursor(struct source *source, struct walk *walk, bool former,
                   struct span suffix, struct span value, struct error *err)
{
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct json *record = arena ? json_parse(arena, value, NULL, err) : NULL;
    if (!record)
        return error_wrap(err, "%s: its cursor", walk->key);
    if (is_moved(record))
        return read_moved(source, walk, record, err);
    bool same = false;
    if (!check_head(source, walk, record, &same, err))
        return false;
    walk->renamed = walk->renamed || (former && same);
    unsigned slot;
    if (slot_of(suffix, &slot))
        return !same || ring_read(walk->ring, slot, record, err);
    if (!same) {
        source_report_gap(source, walk,
                          "its cursor was made for another address or target; "
                          "it begins anew");
        return true;
    }
    struct walk_state *state = &walk->now;
    copy_text(state->cursor, sizeof(state->cursor),
              json_text(json_member(record, "cursor")));
    copy_text(state->etag, sizeof(state->etag),
              json_text(json_member(record, "etag")));
    copy_text(state->last_modified, sizeof(state->last_modified),
              json_text(json_member(record, "last_modified")));
    (void)json_int64(json_member(record, "floor"), &state->floor_ms);
    state->walk = number_of(record, "walk");
    state->settled = number_of(record, "settled");
    walk->known = true;
    return true;
}
