#include "post.h"

#include <stdlib.h>

#include "json_string.h"
#include "post_members.h"

struct post_reader {
    struct post_members *members;
    struct buffer mended; /* a record whose controls had to be escaped */
    struct buffer texts;  /* decoded texts */
};

/* What a member may be; anything else is as good as absent. */
enum takes {
    TAKES_SCALAR, /* a text, or a number as its digits */
    TAKES_TEXT,   /* this one is screened */
    TAKES_NUMBER,
};

struct place_in_post {
    enum post_member_id member;
    enum takes takes;
    size_t offset;
};

#define PLACE(id, takes, name)                                                 \
    {                                                                          \
        id, takes, offsetof(struct post, name)                                 \
    }
static const struct place_in_post places[] = {
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
    return reader->members ? TAKE(reader) : NULL;
}

void
post_reader_free(struct post_reader *reader)
{
    if (!reader)
        return;
    post_members_free(reader->members);
    buffer_done(&reader->mended);
    buffer_done(&reader->texts);
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
find_members(struct post_reader *reader, struct span *record, bool *mended,
             struct error *err)
{
    struct error first = {0};
    *mended = false;
    if (post_members_find(reader->members, *record, &first))
        return true;
    if (first.kind != ERROR_RECORD || !has_raw_control(*record)) {
        if (err)
            *err = first;
        return false;
    }
    buffer_clear(&reader->mended);
    json_string_escape_controls(&reader->mended, *record);
    if (!buffer_ok(&reader->mended))
        return error_no_memory(err);
    *mended = true;
    *record = buffer_span(&reader->mended);
    return post_members_find(reader->members, *record, err);
}

/* The value's characters: in the record, or decoded into reader->texts, which
 * has room for them. */
static struct span
take_text(struct post_reader *reader, struct span record,
          const struct post_value *value, enum takes takes, bool sound,
          bool *repaired)
{
    if (value->kind == VALUE_NUMBER && takes != TAKES_TEXT)
        return (struct span){record.at + value->start, value->len};
    if (value->kind != VALUE_TEXT || takes == TAKES_NUMBER)
        return SPAN_NONE;
    struct span inside = {record.at + value->start + 1, value->len - 2};
    if (sound && !value->escaped)
        return inside;
    size_t start = reader->texts.len;
    *repaired = json_string_decode(&reader->texts, inside);
    return (struct span){reader->texts.bytes + start,
                         reader->texts.len - start};
}

static bool
take_texts(struct post_reader *reader, struct span record, bool sound,
           struct post *out, struct error *err)
{
    /* Spans into `texts` must stay: room for all before the first. A byte
     * becomes a U+FFFD of three at worst, and the same text is taken once. */
    buffer_clear(&reader->texts);
    bool escaped = !sound;
    for (size_t i = 0; i < COUNT_OF(places); i++)
        escaped |=
            post_members_value(reader->members, places[i].member)->escaped;
    if (escaped && !buffer_reserve(&reader->texts, record.len * 3 + 1))
        return error_no_memory(err);
    for (size_t i = 0; i < COUNT_OF(places); i++) {
        const struct place_in_post *place = &places[i];
        bool repaired = false;
        struct span text = take_text(
            reader, record, post_members_value(reader->members, place->member),
            place->takes, sound, &repaired);
        memcpy((char *)out + place->offset, &text, sizeof(text));
        out->repaired |= repaired && place->takes == TAKES_TEXT;
    }
    return buffer_ok(&reader->texts) || error_no_memory(err);
}

/* The bytes from the first member to the last: what has to be sound. */
static struct span
members_range(struct post_reader *reader, struct span record)
{
    const struct post_head *head = post_members_head(reader->members);
    if (head->count == 0)
        return SPAN_NONE;
    size_t start = head->members[0].start;
    return (struct span){record.at + start,
                         head->members[head->count - 1].end - start};
}

bool
post_read(struct post_reader *reader, struct span record, struct post *out,
          struct error *err)
{
    *out = (struct post){0};
    if (record.len > POST_INPUT_MAX)
        return error_set(err, ERROR_RECORD, "larger than 10 MB");
    if (span_starts(record, "\xEF\xBB\xBF"))
        record = span_from(record, 3);

    bool mended;
    if (!find_members(reader, &record, &mended, err))
        return false;
    const struct post_value *text =
        post_members_value(reader->members, MEMBER_TEXT);
    if (text->kind == VALUE_ABSENT)
        return error_set(err, ERROR_RECORD, "no \"text\" in it");
    if (text->kind != VALUE_TEXT)
        return error_set(err, ERROR_RECORD, "\"text\" is not a string");

    bool sound = json_string_sound(members_range(reader, record));
    if (!take_texts(reader, record, sound, out, err))
        return false;
    out->repaired |= mended;
    bool add_repaired = out->repaired;
    out->repaired |=
        post_members_value(reader->members, MEMBER_REPAIRED)->kind ==
        VALUE_TRUE;
    out->truncated =
        post_members_value(reader->members, MEMBER_TRUNCATED)->kind ==
        VALUE_TRUE;
    return post_head_make(post_members_head(reader->members), record, sound,
                          add_repaired, &out->head, err);
}
