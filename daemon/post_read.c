#include "post.h"

#include <stdlib.h>

#include "json_string.h"
#include "post_members.h"
#include "post_shapes.h"

struct post_reader {
    struct post_members *members;
    struct post_shapes *shapes;
    struct post_shape shape; /* of the record */
    struct buffer mended;    /* a record whose controls had to be escaped */
    struct buffer texts;     /* decoded texts */
    /* for the head of the record that was read last: */
    struct span record;
    const struct post_shape_members *known; /* of its shape */
    struct buffer head;
    bool found;        /* `members` are of it */
    bool sound;        /* all of its members */
    bool add_repaired; /* its texts were repaired */
};

/* What a member may be; anything else is as good as absent. */
enum takes {
    TAKES_SCALAR, /* a text, or a number as its digits */
    TAKES_TEXT,   /* this one is screened */
    TAKES_NUMBER,
};

struct place_in_post {
    bool read;
    enum takes takes;
    size_t offset;
};

#define PLACE(id, takes, name) [id] = {true, takes, offsetof(struct post, name)}
static const struct place_in_post places[MEMBER_OTHER] = {
    PLACE(MEMBER_ID, TAKES_SCALAR, id),
    PLACE(MEMBER_VERSION, TAKES_SCALAR, version),
    PLACE(MEMBER_NETWORK, TAKES_SCALAR, network),
    PLACE(MEMBER_SOURCE, TAKES_SCALAR, source),
    PLACE(MEMBER_KIND, TAKES_SCALAR, kind),
    PLACE(MEMBER_URL, TAKES_SCALAR, url),
    PLACE(MEMBER_AUTHOR_ID, TAKES_SCALAR, author_id),
    PLACE(MEMBER_CREATED_AT, TAKES_SCALAR, created_at),
    PLACE(MEMBER_EDITED_AT, TAKES_SCALAR, edited_at),
    PLACE(MEMBER_FETCHED_AT, TAKES_SCALAR, fetched_at),
    PLACE(MEMBER_LANG, TAKES_SCALAR, lang),
    PLACE(MEMBER_REPLY_TO, TAKES_SCALAR, reply_to),
    PLACE(MEMBER_LIKES, TAKES_NUMBER, likes),
    PLACE(MEMBER_REPOSTS, TAKES_NUMBER, reposts),
    PLACE(MEMBER_COMMENTS, TAKES_NUMBER, comments),
    PLACE(MEMBER_VIEWS, TAKES_NUMBER, views),
    PLACE(MEMBER_TITLE, TAKES_TEXT, title),
    PLACE(MEMBER_TEXT, TAKES_TEXT, text),
};

struct post_reader *
post_reader_new(struct error *err)
{
    CLEANUP(post_reader_freep)
    struct post_reader *reader = calloc(1, sizeof(*reader));
    if (!reader) {
        error_no_memory(err);
        return NULL;
    }
    reader->members = post_members_new(err);
    reader->shapes = reader->members ? post_shapes_new(err) : NULL;
    return reader->shapes ? TAKE(reader) : NULL;
}

void
post_reader_free(struct post_reader *reader)
{
    if (!reader)
        return;
    post_members_free(reader->members);
    post_shapes_free(reader->shapes);
    buffer_done(&reader->mended);
    buffer_done(&reader->texts);
    buffer_done(&reader->head);
    free(reader);
}

void
post_reader_freep(struct post_reader **reader)
{
    post_reader_free(*reader);
    *reader = NULL;
}

static bool
has_raw_control(struct span record)
{
    for (size_t i = 0; i < record.len; i++)
        if ((unsigned char)record.at[i] < 0x20)
            return true;
    return false;
}

/* Finds the members; a record with raw control characters in its texts, which
 * JSON forbids, is mended first rather than lost to screening. */
static bool
find_members(struct post_reader *reader, bool *mended, struct error *err)
{
    struct error first = {0};
    *mended = false;
    reader->found = post_members_find(reader->members, reader->record, &first);
    if (reader->found)
        return true;
    if (first.kind != ERROR_RECORD || !has_raw_control(reader->record)) {
        if (err)
            *err = first;
        return false;
    }
    buffer_clear(&reader->mended);
    json_string_escape_controls(&reader->mended, reader->record);
    if (!buffer_ok(&reader->mended))
        return error_no_memory(err);
    *mended = true;
    reader->record = buffer_span(&reader->mended);
    reader->found = post_members_find(reader->members, reader->record, err);
    return reader->found;
}

/* ---- by yajl, whatever the record is like ---- */

/* The value's characters: in the record, or decoded into reader->texts, which
 * has room for them. */
static struct span
take_text(struct post_reader *reader, const struct post_value *value,
          enum takes takes, bool *repaired)
{
    const char *at = reader->record.at;
    if (value->kind == VALUE_NUMBER && takes != TAKES_TEXT)
        return (struct span){at + value->start, value->len};
    if (value->kind != VALUE_TEXT || takes == TAKES_NUMBER)
        return SPAN_NONE;
    struct span inside = {at + value->start + 1, value->len - 2};
    if (reader->sound && !value->escaped)
        return inside;
    size_t start = reader->texts.len;
    *repaired = json_string_decode(&reader->texts, inside);
    return (struct span){reader->texts.bytes + start,
                         reader->texts.len - start};
}

static bool
take_texts(struct post_reader *reader, struct post *out, struct error *err)
{
    /* Spans into `texts` must stay: room for all before the first. A byte
     * becomes a U+FFFD of three at worst, and the same text is taken once. */
    buffer_clear(&reader->texts);
    bool escaped = !reader->sound;
    for (unsigned id = 0; id < MEMBER_OTHER; id++)
        escaped |= post_members_value(reader->members, id)->escaped;
    if (escaped && !buffer_reserve(&reader->texts, reader->record.len * 3 + 1))
        return error_no_memory(err);
    for (unsigned id = 0; id < MEMBER_OTHER; id++) {
        const struct place_in_post *place = &places[id];
        if (!place->read)
            continue;
        bool repaired = false;
        struct span text =
            take_text(reader, post_members_value(reader->members, id),
                      place->takes, &repaired);
        memcpy((char *)out + place->offset, &text, sizeof(text));
        out->repaired |= repaired && place->takes == TAKES_TEXT;
    }
    return buffer_ok(&reader->texts) || error_no_memory(err);
}

/* The bytes from the first member to the last: what has to be sound. */
static struct span
members_range(struct post_reader *reader)
{
    const struct post_head *head = post_members_head(reader->members);
    if (head->count == 0)
        return SPAN_NONE;
    size_t start = head->members[0].start;
    return (struct span){reader->record.at + start,
                         head->members[head->count - 1].end - start};
}

static bool
is_true(struct post_reader *reader, enum post_member_id id)
{
    return post_members_value(reader->members, id)->kind == VALUE_TRUE;
}

static bool
read_by_members(struct post_reader *reader, struct post *out, struct error *err)
{
    bool mended;
    if (!find_members(reader, &mended, err))
        return false;
    const struct post_value *text =
        post_members_value(reader->members, MEMBER_TEXT);
    if (text->kind == VALUE_ABSENT)
        return error_set(err, ERROR_RECORD, "no \"text\" in it");
    if (text->kind != VALUE_TEXT)
        return error_set(err, ERROR_RECORD, "\"text\" is not a string");

    reader->sound = json_string_sound(members_range(reader));
    if (!take_texts(reader, out, err))
        return false;
    out->repaired |= mended;
    reader->add_repaired = out->repaired;
    out->repaired |= is_true(reader, MEMBER_REPAIRED);
    out->truncated = is_true(reader, MEMBER_TRUNCATED);
    return true;
}

/* ---- by the record's shape ---- */

static bool
read_by_shape(struct post_reader *reader,
              const struct post_shape_members *members, struct post *out,
              struct error *err)
{
    bool reserved = false;
    for (unsigned i = 0; i < members->count; i++) {
        const struct post_shape_member *member = &members->items[i];
        const struct place_in_post *place = &places[member->member];
        const struct post_shape_hole *hole = &reader->shape.holes[member->hole];
        bool number = member->kind == VALUE_NUMBER;
        if (!place->read ||
            place->takes == (number ? TAKES_TEXT : TAKES_NUMBER))
            continue;
        struct span text = {reader->record.at + hole->start, hole->len};
        if (hole->escaped) {
            struct buffer *texts = &reader->texts;
            /* Spans into it must stay, and escapes only shrink. */
            if (!reserved && !buffer_reserve(texts, reader->record.len + 1))
                return error_no_memory(err);
            reserved = true;
            size_t start = texts->len;
            json_string_decode(texts, text);
            text = span_from(buffer_span(texts), start);
        }
        memcpy((char *)out + place->offset, &text, sizeof(text));
    }
    out->repaired = members->repaired;
    out->truncated = members->truncated;
    reader->sound = true;
    return true;
}

bool
post_read(struct post_reader *reader, struct span record, struct post *out,
          struct error *err)
{
    *out = (struct post){0};
    reader->record = SPAN_NONE;
    reader->found = reader->add_repaired = false;
    reader->known = NULL;
    if (record.len > POST_INPUT_MAX)
        return error_set(err, ERROR_RECORD, "larger than 10 MB");
    if (span_starts(record, "\xEF\xBB\xBF"))
        record = span_from(record, 3);
    reader->record = record;
    buffer_clear(&reader->texts);

    reader->known = post_shapes_find(reader->shapes, record, &reader->shape);
    return reader->known ? read_by_shape(reader, reader->known, out, err)
                         : read_by_members(reader, out, err);
}

/* A record of a known shape is copied as it stands. */
static bool
copy_head(struct post_reader *reader, struct span whole, struct post *post,
          struct error *err)
{
    buffer_clear(&reader->head);
    buffer_append_byte(&reader->head, '{');
    buffer_append_span(&reader->head, whole);
    buffer_append_byte(&reader->head, '}');
    post->head = buffer_span(&reader->head);
    return buffer_ok(&reader->head) || error_no_memory(err);
}

bool
post_read_head(struct post_reader *reader, struct post *post, struct error *err)
{
    bool mended;
    struct span whole =
        reader->known
            ? post_shapes_head(reader->known, &reader->shape, reader->record)
            : SPAN_NONE;
    if (whole.at)
        return copy_head(reader, whole, post, err);
    if (!reader->found && !find_members(reader, &mended, err))
        return false;
    return post_head_make(post_members_head(reader->members), reader->record,
                          reader->sound, reader->add_repaired, &post->head,
                          err);
}
