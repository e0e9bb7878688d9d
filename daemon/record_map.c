#include "record_map.h"

#include <stdlib.h>

#include "clock.h"
#include "html_text.h"

bool
predicate_holds(const struct predicate *predicate, const struct json *value)
{
    const struct json *found = json_at(value, predicate->at);
    if (found && found->kind == JSON_NULL)
        found = NULL;
    if (predicate->is_count == 0)
        return (found != NULL) == predicate->present;
    struct span text = json_text(found);
    if (found && found->kind == JSON_BOOL)
        text = span_of(found->truth ? "true" : "false");
    for (size_t i = 0; i < predicate->is_count; i++)
        if (text.at && span_equal(text, predicate->is[i]))
            return predicate->present;
    return !predicate->present;
}

struct hole_context {
    const struct record_context *record;
    const struct json *value;
};

static struct span
text_at(const struct json *value, struct span pointer)
{
    const struct json *found = json_at(value, pointer);
    if (found && found->kind == JSON_BOOL)
        return span_of(found->truth ? "true" : "false");
    return json_text(found);
}

static struct span
hole(void *context, const struct template_part *part)
{
    struct hole_context *holes = context;
    if (part->hole == HOLE_RECORD)
        return text_at(holes->value, part->text);
    return holes->record->lookup(holes->record->lookup_context, part);
}

static struct span
keep(const struct record_context *context, struct buffer *text,
     struct error *err)
{
    char *copy =
        buffer_ok(text) ? arena_copy(context->arena, buffer_span(text)) : NULL;
    if (!copy) {
        error_no_memory(err);
        return SPAN_NONE;
    }
    return (struct span){copy, text->len};
}

static struct span
way_text(const struct record_context *context, const struct field_way *way,
         const struct json *record, struct error *err)
{
    if (way->at.len)
        return text_at(record, way->at);
    CLEANUP(buffer_done) struct buffer text = {0};
    struct hole_context holes = {context, record};
    if (!template_expand(&way->template, &text, false, hole, &holes) ||
        text.len == 0)
        return SPAN_NONE;
    return keep(context, &text, err);
}

static struct span
wall_text(const struct record_context *context, int64_t wall_ms,
          struct error *err)
{
    char text[CLOCK_TEXT_SIZE];
    clock_format(wall_ms, text);
    char *copy = arena_copy(context->arena, span_of(text));
    if (!copy)
        error_no_memory(err);
    return span_of(copy);
}

/* Seconds since 1970, with or without a fraction; "0" and "false" are none. */
static bool
parse_unix(struct span text, int64_t *wall_ms)
{
    char digits[32];
    if (text.len == 0 || text.len >= sizeof(digits))
        return false;
    memcpy(digits, text.at, text.len);
    digits[text.len] = '\0';
    char *end;
    double seconds = strtod(digits, &end);
    if (*end || !(seconds >= 1 && seconds <= 1e11)) /* "nan" is neither */
        return false;
    *wall_ms = (int64_t)(seconds * 1000);
    return true;
}

static struct span
transform(const struct record_context *context, enum transform what,
          struct span text, struct error *err)
{
    int64_t wall_ms;
    CLEANUP(buffer_done) struct buffer plain = {0};
    switch (what) {
    case TRANSFORM_HTML:
        if (!html_text(&plain, text, err))
            return SPAN_NONE;
        return keep(context, &plain, err);
    case TRANSFORM_UNIX:
        return parse_unix(text, &wall_ms) ? wall_text(context, wall_ms, err)
                                          : SPAN_NONE;
    case TRANSFORM_TIME:
        if (clock_parse_iso8601(text, &wall_ms) ||
            clock_parse_rfc822(text, &wall_ms) || parse_unix(text, &wall_ms))
            return wall_text(context, wall_ms, err);
        return SPAN_NONE; /* a hint that cannot be read is none */
    }
    return text;
}

static struct span
transformed(const struct record_context *context,
            const struct field_model *field, struct span text,
            struct error *err)
{
    for (size_t i = 0; i < field->transform_count && text.at; i++)
        text = transform(context, field->transforms[i], text, err);
    return text;
}

static struct span
joined(const struct record_context *context, const struct field_model *field,
       const struct json *record, struct error *err)
{
    CLEANUP(buffer_done) struct buffer all = {0};
    bool any = false;
    for (size_t i = 0; i < field->way_count; i++) {
        struct span text = way_text(context, &field->ways[i], record, err);
        any = any || text.at;
        text = transformed(context, field, text, err);
        if (text.len == 0)
            continue;
        if (all.len)
            buffer_append_text(&all, "\n\n");
        buffer_append_span(&all, text);
    }
    return any ? keep(context, &all, err) : SPAN_NONE;
}

static struct span
field_text(const struct record_context *context, enum post_field which,
           const struct json *record, struct error *err)
{
    const struct field_model *field = &context->stream->fields[which];
    const struct variable *columns = context->columns;
    for (size_t i = 0; columns && columns->keys && i < columns->list.count; i++)
        if (span_is(columns->keys[i], post_field_names[which]))
            for (const struct json *member = record->first; member;
                 member = member->next)
                if (span_equal(member->key, columns->list.items[i]))
                    return transformed(context, field, json_text(member), err);
    if (field->join)
        return joined(context, field, record, err);
    struct span last = SPAN_NONE;
    for (size_t i = 0; i < field->way_count; i++) {
        struct span text = way_text(context, &field->ways[i], record, err);
        if (text.len)
            return transformed(context, field, text, err);
        last = text.at ? text : last;
    }
    return last; /* empty where one was there, absent where none was */
}

/* A count goes into the post as it stands: "1.2K" or a word is none. */
static bool
is_count(struct span text)
{
    if (text.len == 0 || text.len > 18 || (text.at[0] == '0' && text.len > 1))
        return false;
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] < '0' || text.at[i] > '9')
            return false;
    return true;
}

/* Of all that may be left out an empty text says nothing; a post's own says
 * that it is a picture. */
static void
drop_nothings(struct span texts[POST_FIELD_COUNT])
{
    for (int i = 0; i < POST_FIELD_COUNT; i++) {
        bool count = i >= FIELD_LIKES && i <= FIELD_VIEWS;
        if (count ? !is_count(texts[i])
                  : texts[i].len == 0 && i != FIELD_POST_TEXT)
            texts[i] = SPAN_NONE;
    }
}

bool
record_map(const struct record_context *context, const struct json *record,
           struct post *post, struct span *author, struct error *err)
{
    if (record->kind != JSON_OBJECT)
        return error_set(err, ERROR_RECORD, "a record that is no object");
    struct span texts[POST_FIELD_COUNT];
    struct error first = {0};
    for (int i = 0; i < POST_FIELD_COUNT; i++)
        texts[i] = field_text(context, (enum post_field)i, record, &first);
    drop_nothings(texts);
    *post = (struct post){.id = texts[FIELD_ID]};
    if (first.kind)
        return error_set(err, first.kind, "%s", first.message);
    if (texts[FIELD_ID].len == 0)
        return error_set(err, ERROR_RECORD, "a record without an id");
    if (!texts[FIELD_POST_TEXT].at)
        return error_set(err, ERROR_RECORD, "a record without a text");
    *author = texts[FIELD_AUTHOR];
    *post = (struct post){
        .id = texts[FIELD_ID],
        .version = texts[FIELD_VERSION],
        .kind = texts[FIELD_KIND].len ? texts[FIELD_KIND] : span_of("post"),
        .url = texts[FIELD_URL],
        .created_at = texts[FIELD_CREATED],
        .edited_at = texts[FIELD_EDITED],
        .lang = texts[FIELD_LANG],
        .reply_to = texts[FIELD_REPLY],
        .likes = texts[FIELD_LIKES],
        .reposts = texts[FIELD_REPOSTS],
        .comments = texts[FIELD_COMMENTS],
        .views = texts[FIELD_VIEWS],
        .title = texts[FIELD_POST_TITLE],
        .text = texts[FIELD_POST_TEXT],
    };
    return true;
}

struct span
record_raw(const struct record_context *context, const struct json *record,
           enum privacy_raw privacy)
{
    if (privacy == PRIVACY_RAW_DROP ||
        (privacy == PRIVACY_RAW_LISTED && context->stream->raw_count == 0))
        return SPAN_NONE;
    CLEANUP(buffer_done) struct buffer text = {0};
    CLEANUP(json_writer_freep)
    struct json_writer *writer = json_writer_new(&text);
    if (!writer)
        return SPAN_NONE;
    if (privacy == PRIVACY_RAW_KEEP) {
        json_write(writer, record);
    } else {
        json_open_object(writer);
        for (size_t i = 0; i < context->stream->raw_count; i++) {
            struct span pointer = context->stream->raw[i];
            const struct json *value = json_at(record, pointer);
            if (!value)
                continue;
            const char *slash = memrchr(pointer.at, '/', pointer.len);
            json_key_span(writer,
                          span_from(pointer, (size_t)(slash + 1 - pointer.at)));
            json_write(writer, value);
        }
        json_close_object(writer);
    }
    return keep(context, &text, NULL);
}
