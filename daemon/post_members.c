#include "post_members.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <yajl/yajl_parse.h>
#include <yajl/yajl_version.h>

#include "pool.h"
#include "post_raw.h"

/* yajl's handle, lexer and stack for a usual post; larger ones use malloc. */
#define POOL_BLOCK ((size_t)64 * 1024)
/* yajl's stack of states grows by a fixed step, so that depth costs its
 * square. */
#define DEPTH_MAX 200

#define NAME(text)                                                             \
    {                                                                          \
        text, sizeof(text) - 1                                                 \
    }
static const struct span names[MEMBER_OTHER] = {
    [MEMBER_SCHEMA] = NAME("schema"),
    [MEMBER_ID] = NAME("id"),
    [MEMBER_VERSION] = NAME("version"),
    [MEMBER_NETWORK] = NAME("network"),
    [MEMBER_SOURCE] = NAME("source"),
    [MEMBER_KIND] = NAME("kind"),
    [MEMBER_URL] = NAME("url"),
    [MEMBER_AUTHOR] = NAME("author"),
    [MEMBER_CREATED_AT] = NAME("created_at"),
    [MEMBER_EDITED_AT] = NAME("edited_at"),
    [MEMBER_FETCHED_AT] = NAME("fetched_at"),
    [MEMBER_LANG] = NAME("lang"),
    [MEMBER_REPLY_TO] = NAME("reply_to"),
    [MEMBER_COUNTS] = NAME("counts"),
    [MEMBER_TITLE] = NAME("title"),
    [MEMBER_TEXT] = NAME("text"),
    [MEMBER_REPAIRED] = NAME("repaired"),
    [MEMBER_TRUNCATED] = NAME("truncated"),
    [MEMBER_RAW] = NAME("raw"),
    [MEMBER_AUTHOR_ID] = NAME("id"),
    [MEMBER_LIKES] = NAME("likes"),
    [MEMBER_REPOSTS] = NAME("reposts"),
    [MEMBER_COMMENTS] = NAME("comments"),
    [MEMBER_VIEWS] = NAME("views"),
};

struct post_members {
    struct pool *pool;
    struct post_head head;
    struct post_value values[MEMBER_OTHER];
    size_t places[MEMBER_AUTHOR_ID]; /* of the post's own in the head */
    /* while a record is read: */
    struct span record;
    struct error *err;
    yajl_handle handle;
    unsigned depth;
    bool failed, stopped;
    enum post_member_id outer;  /* at depth 1 */
    enum post_member_id member; /* whose value comes next */
    unsigned guess;             /* our own posts have the order of `names` */
    size_t key_start, key_end, value_end;
};

/* The first byte at or after `offset` that is neither blank nor `skip`. */
static size_t
skip_to(struct span text, size_t offset, char skip)
{
    /* What yajl takes for blank: also \v and \f. */
    while (offset < text.len &&
           (text.at[offset] == skip || text.at[offset] == ' ' ||
            (text.at[offset] >= '\t' && text.at[offset] <= '\r')))
        offset++;
    return offset;
}

static int
refuse(struct post_members *members, const char *reason)
{
    members->failed = true;
    return error_set(members->err, ERROR_RECORD, "%s", reason);
}

static enum post_member_id
find_name(struct post_members *members, struct span name, unsigned first,
          unsigned end)
{
    unsigned at = members->guess;
    if (at < first || at >= end)
        at = first;
    for (unsigned i = first; i < end; i++) {
        if (span_equal(names[at], name)) {
            members->guess = at + 1;
            return at;
        }
        if (++at == end)
            at = first;
    }
    return MEMBER_OTHER;
}

/* A second author has nothing of the first. */
static void
forget_inside(struct post_members *members)
{
    struct post_value *values = members->values;
    if (members->member == MEMBER_AUTHOR)
        values[MEMBER_AUTHOR_ID] = (struct post_value){0};
    if (members->member == MEMBER_COUNTS)
        memset(&values[MEMBER_LIKES], 0,
               (MEMBER_OTHER - MEMBER_LIKES) * sizeof(*values));
}

static int
on_key(void *context, const unsigned char *key, size_t len)
{
    struct post_members *members = context;
    struct span name = {(const char *)key, len};
    members->key_end = yajl_get_bytes_consumed(members->handle);
    members->member = MEMBER_OTHER;
    if (members->depth == 1) {
        members->key_start = skip_to(members->record, members->value_end, ',');
        members->member = find_name(members, name, 0, MEMBER_AUTHOR_ID);
        members->outer = members->member;
        members->stopped = members->member == MEMBER_RAW &&
                           members->values[MEMBER_TEXT].kind == VALUE_TEXT &&
                           post_raw_is_last(members->record, members->key_end);
        forget_inside(members);
        return !members->stopped;
    }
    if (members->depth != 2)
        return 1;
    if (members->outer == MEMBER_AUTHOR)
        members->member =
            find_name(members, name, MEMBER_AUTHOR_ID, MEMBER_LIKES);
    if (members->outer == MEMBER_COUNTS)
        members->member = find_name(members, name, MEMBER_LIKES, MEMBER_OTHER);
    return 1;
}

/* A member of the post itself ends at `end`. */
static int
end_member(struct post_members *members, size_t start, size_t end, bool again,
           enum post_value_kind kind)
{
    if (again)
        post_head_drop(&members->head, members->places[members->outer]);
    if (members->outer != MEMBER_OTHER)
        members->places[members->outer] = members->head.count;
    bool is_id = members->outer == MEMBER_ID;
    members->value_end = end;
    struct post_member place = {
        .start = (uint32_t)members->key_start,
        .value = (uint32_t)start,
        .end = (uint32_t)end,
        .drop = members->outer == MEMBER_RAW ||
                (is_id && kind != VALUE_TEXT && kind != VALUE_NUMBER),
        .quote = is_id && kind == VALUE_NUMBER,
        .is_repaired = members->outer == MEMBER_REPAIRED,
    };
    if (post_head_add(&members->head, place, members->err))
        return 1;
    members->failed = true;
    return 0;
}

/* A value ended. `text`: where yajl has a string's characters, which is in
 * the record unless it had to decode them. */
static int
take_value(struct post_members *members, enum post_value_kind kind,
           const unsigned char *text)
{
    if (members->depth == 0)
        return refuse(members, "not a JSON object");
    if (members->depth > 2)
        return 1;
    enum post_member_id member =
        members->depth == 1 ? members->outer : members->member;
    members->member = MEMBER_OTHER;
    size_t end = yajl_get_bytes_consumed(members->handle);
    size_t start = skip_to(members->record, members->key_end, ':');
    bool again = member != MEMBER_OTHER && members->values[member].kind;
    if (member != MEMBER_OTHER) {
        const char *at = (const char *)text;
        const char *first = members->record.at;
        members->values[member] = (struct post_value){
            .kind = kind,
            .escaped = at && (at < first || at >= first + members->record.len),
            .start = (uint32_t)start,
            .len = (uint32_t)(end - start),
        };
    }
    return members->depth > 1 ? 1
                              : end_member(members, start, end, again, kind);
}

static int
on_null(void *context)
{
    return take_value(context, VALUE_OTHER, NULL);
}

static int
on_bool(void *context, int truth)
{
    return take_value(context, truth ? VALUE_TRUE : VALUE_OTHER, NULL);
}

static int
on_number(void *context, const char *text, size_t len)
{
    return take_value(context, VALUE_NUMBER, NULL);
}

static int
on_string(void *context, const unsigned char *text, size_t len)
{
    return take_value(context, VALUE_TEXT, text);
}

static int
open_container(struct post_members *members)
{
    if (members->depth == DEPTH_MAX)
        return refuse(members, "nested more than 200 deep");
    members->member = MEMBER_OTHER;
    members->depth++;
    return 1;
}

static int
on_open_object(void *context)
{
    struct post_members *members = context;
    if (members->depth == 0)
        members->value_end = yajl_get_bytes_consumed(members->handle);
    return open_container(members);
}

static int
on_open_array(void *context)
{
    struct post_members *members = context;
    if (members->depth == 0)
        return refuse(members, "not a JSON object");
    return open_container(members);
}

static int
on_close(void *context)
{
    struct post_members *members = context;
    members->depth--;
    if (members->depth != 1)
        return 1;
    /* The last key is one of the inside: there is no scalar to point at. */
    members->key_end = yajl_get_bytes_consumed(members->handle);
    return take_value(members, VALUE_OTHER, NULL);
}

static const yajl_callbacks callbacks = {
    .yajl_null = on_null,
    .yajl_boolean = on_bool,
    .yajl_number = on_number,
    .yajl_string = on_string,
    .yajl_start_map = on_open_object,
    .yajl_map_key = on_key,
    .yajl_end_map = on_close,
    .yajl_start_array = on_open_array,
    .yajl_end_array = on_close,
};

static void *
on_alloc(void *pool, size_t size_bytes)
{
    return pool_alloc(pool, size_bytes);
}

static void *
on_resize(void *pool, void *piece, size_t size_bytes)
{
    return pool_resize(pool, piece, size_bytes);
}

static void
on_free(void *pool, void *piece)
{
    /* pool_clear() frees all of a record's at once. */
}

static bool
parse(struct post_members *members)
{
    yajl_alloc_funcs functions = {on_alloc, on_resize, on_free, members->pool};
    const unsigned char *text = (const unsigned char *)members->record.at;

    members->handle = yajl_alloc(&callbacks, &functions, members);
    yajl_config(members->handle, yajl_dont_validate_strings, 1);
    yajl_status status = yajl_parse(members->handle, text, members->record.len);
    if (status == yajl_status_ok)
        status = yajl_complete_parse(members->handle);
    if (members->failed)
        return false;
    if (status == yajl_status_ok || members->stopped)
        return true;
    unsigned char *reason = yajl_get_error(members->handle, 0, NULL, 0);
    struct span words = span_trim(span_of((const char *)reason));
    return error_set(members->err, ERROR_RECORD, "not JSON: %.*s",
                     SPAN_ARGS(words));
}

bool
post_members_find(struct post_members *members, struct span record,
                  struct error *err)
{
    members->record = record;
    members->err = err;
    members->depth = 0;
    members->failed = members->stopped = false;
    members->guess = 0;
    memset(members->values, 0, sizeof(members->values));
    post_head_clear(&members->head);
    pool_clear(members->pool);
    if (setjmp(*pool_exit(members->pool)))
        return error_no_memory(err);
    return parse(members);
}

const struct post_value *
post_members_value(const struct post_members *members, enum post_member_id id)
{
    return &members->values[id];
}

struct post_head *
post_members_head(struct post_members *members)
{
    return &members->head;
}

struct post_members *
post_members_new(struct error *err)
{
    CLEANUP(post_members_freep)
    struct post_members *members = calloc(1, sizeof(*members));
    if (members)
        members->pool = pool_new(POOL_BLOCK);
    if (!members || !members->pool) {
        error_no_memory(err);
        return NULL;
    }
    return TAKE(members);
}

void
post_members_free(struct post_members *members)
{
    if (!members)
        return;
    pool_free(members->pool);
    post_head_done(&members->head);
    free(members);
}

void
post_members_freep(struct post_members **members)
{
    post_members_free(*members);
    *members = NULL;
}

const char *
post_members_library_version(void)
{
    static char text[32];
    int version = yajl_version();
    snprintf(text, sizeof(text), "yajl %d.%d.%d", version / 10000,
             version / 100 % 100, version % 100);
    return text;
}
