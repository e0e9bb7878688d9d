#include "cursor_news.h"

#include <pthread.h>
#include <stdlib.h>

#include "arena.h"
#include "clock.h"
#include "json.h"
#include "log.h"
#include "map.h"

enum { NAMED_MOST = 10, TOLD_MOST = 64 };

struct cursor_news {
    pthread_mutex_t lock; /* guards config, assigned, ours, moved */
    struct config *config;
    bool assigned; /* `ours` is known */
    bool ours[CURSOR_PARTITIONS];
    struct map *moved; /* id to int64_t: when its cursor was written; or 0 */
    /* The ingest thread's: */
    struct map *told;    /* digests, and former ids, that were logged */
    struct arena *moves; /* values of `moved` */
    struct arena *parsed;
};

/* What a cursor record says of its writer. */
struct head {
    struct span digest;
    int64_t updated_ms;
};

struct cursor_news *
cursor_news_new(struct config *config, struct error *err)
{
    struct cursor_news *news = calloc(1, sizeof(*news));
    if (!news || pthread_mutex_init(&news->lock, NULL) != 0) {
        free(news);
        error_no_memory(err);
        return NULL;
    }
    news->config = config_ref(config);
    news->moved = map_new();
    news->told = map_new();
    news->moves = arena_new();
    news->parsed = arena_new();
    if (news->moved && news->told && news->moves && news->parsed)
        return news;
    cursor_news_free(news);
    error_no_memory(err);
    return NULL;
}

void
cursor_news_free(struct cursor_news *news)
{
    if (!news)
        return;
    map_free(news->moved);
    map_free(news->told);
    arena_free(news->moves);
    arena_free(news->parsed);
    config_unref(news->config);
    pthread_mutex_destroy(&news->lock);
    free(news);
}

void
cursor_news_freep(struct cursor_news **news)
{
    cursor_news_free(*news);
}

void
cursor_news_configure(struct cursor_news *news, struct config *config)
{
    pthread_mutex_lock(&news->lock);
    struct config *before = news->config;
    news->config = config_ref(config);
    pthread_mutex_unlock(&news->lock);
    config_unref(before);
}

/* A reference: a reload may replace it at any moment. */
static struct config *
get_config(struct cursor_news *news)
{
    pthread_mutex_lock(&news->lock);
    struct config *config = config_ref(news->config);
    pthread_mutex_unlock(&news->lock);
    return config;
}

/* ---- what is amiss ---- */

/* Once in the life of the process. */
static bool
is_news(struct cursor_news *news, struct span what)
{
    return !map_has(news->told, what) && map_count(news->told) < TOLD_MOST &&
           map_set(news->told, what, news);
}

/* That records of old are of another list is told apart from that somebody
 * writes such ones now. */
static bool
is_news_of_old(struct cursor_news *news, struct span digest)
{
    CLEANUP(buffer_done) struct buffer what = {0};
    buffer_printf(&what, "old %.*s", SPAN_ARGS(digest));
    return buffer_ok(&what) && is_news(news, buffer_span(&what));
}

/* false: it is no cursor, or only says where one went. */
static bool
read_head(struct arena *arena, struct span value, struct head *out)
{
    const struct json *record = json_parse(arena, value, NULL, NULL);
    out->digest = json_text(json_member(record, "sources"));
    out->updated_ms = 0;
    return record && !json_member(record, "moved_to") &&
           clock_parse_iso8601(json_text(json_member(record, "updated_at")),
                               &out->updated_ms);
}

static const char *
new_name(const struct config *config, struct span former)
{
    for (size_t i = 0; i < config->source_count; i++)
        if (config->sources[i].renamed_from &&
            span_is(former, config->sources[i].renamed_from))
            return config->sources[i].id;
    return NULL;
}

static bool
is_equal(const struct config *config, const struct head *head)
{
    return !head->digest.at || span_equal(head->digest, config->sources_digest);
}

static void
look_at_live(struct cursor_news *news, const struct config *config,
             struct span id, const struct head *head)
{
    const char *renamed = new_name(config, id);
    if (renamed && !config_source(config, id) && is_news(news, id))
        log_warning("ingest",
                    "another process still polls '%.*s', though '%s' is "
                    "renamed from it here: give all processes the same sources",
                    SPAN_ARGS(id), renamed);
    if (!is_equal(config, head) && is_news(news, head->digest))
        log_warning("ingest",
                    "another process, which polls '%.*s', has other sources in "
                    "its configuration than this one: give all the same",
                    SPAN_ARGS(id));
}

static void
note_moved(struct cursor_news *news, struct span id, int64_t updated_ms)
{
    /* Only this thread adds: what is not there will not be there. */
    int64_t *moved = map_get(news->moved, id), *fresh = NULL;
    if (!moved && !(fresh = arena_alloc(news->moves, sizeof(*fresh))))
        return;
    pthread_mutex_lock(&news->lock);
    if (fresh && map_set(news->moved, id, fresh))
        moved = fresh;
    if (moved && updated_ms > *moved)
        *moved = updated_ms;
    pthread_mutex_unlock(&news->lock);
}

/* The identities of a page come with their cursor: that tells enough. */
static bool
is_slot(struct span key)
{
    return key.len && memchr(key.at, '#', key.len);
}

void
cursor_news_take(struct cursor_news *news, const struct cursor_record *record,
                 bool live)
{
    struct span id = cursor_source(record->key);
    struct head head;
    if (!record->value.at || is_slot(record->key))
        return;
    CLEANUP(config_unrefp) struct config *config = get_config(news);
    arena_clear(news->parsed);
    if (!read_head(news->parsed, record->value, &head))
        return;
    if (config_source(config, id))
        note_moved(news, id, head.updated_ms);
    if (live)
        look_at_live(news, config, id, &head);
}

bool
cursor_news_lives(const struct cursor_news *news, struct span former_id)
{
    return map_has(news->told, former_id);
}

void
cursor_news_take_over(struct cursor_news *news,
                      const struct cursor_record *records, size_t count)
{
    CLEANUP(config_unrefp) struct config *config = get_config(news);
    size_t others = 0, heads = 0;
    int64_t latest_ms = 0;
    bool tell = false;
    for (size_t i = 0; i < count; i++) {
        struct head head;
        arena_clear(news->parsed);
        if (!records[i].value.at || is_slot(records[i].key) ||
            !read_head(news->parsed, records[i].value, &head))
            continue;
        heads++;
        if (is_equal(config, &head))
            continue;
        others++;
        latest_ms = head.updated_ms > latest_ms ? head.updated_ms : latest_ms;
        tell = is_news_of_old(news, head.digest) || tell;
    }
    char stamp[CLOCK_TEXT_SIZE];
    clock_format(latest_ms, stamp);
    if (tell)
        log_notice("ingest",
                   "%zu of %zu cursors were written under another list of "
                   "sources, the last one at %s: no wonder after it was "
                   "changed; of several processes all need the same",
                   others, heads, stamp);
}

/* ---- who has what ---- */

/* What was known is of another time. */
static void
set_ours(struct cursor_news *news, const bool *ours)
{
    int64_t *moved;
    pthread_mutex_lock(&news->lock);
    news->assigned = ours != NULL;
    if (ours)
        memcpy(news->ours, ours, sizeof(news->ours));
    for (size_t i = 0; map_next(news->moved, &i, NULL, (void **)&moved);)
        *moved = 0;
    pthread_mutex_unlock(&news->lock);
}

void
cursor_news_assigned(struct cursor_news *news,
                     const bool ours[CURSOR_PARTITIONS])
{
    set_ours(news, ours);
}

void
cursor_news_parted(struct cursor_news *news)
{
    set_ours(news, NULL);
}

/* 0: it is not known; the lock is held, as in the next one. */
static int64_t
when_moved(const struct cursor_news *news, struct span id)
{
    const int64_t *moved = map_get(news->moved, id);
    return moved ? *moved : 0;
}

static bool
is_elsewhere(const struct cursor_news *news, struct span id)
{
    return news->assigned && !news->ours[cursor_partition(id)];
}

static void
append_one(struct buffer *out, struct span id, int64_t moved_ms, int64_t now_ms)
{
    char age[CLOCK_TEXT_SIZE];
    clock_format_duration(now_ms > moved_ms ? now_ms - moved_ms : 1, age);
    buffer_printf(out, "%s%.*s", out->len ? ", " : "", SPAN_ARGS(id));
    if (moved_ms)
        buffer_printf(out, " (its cursor is %s old)", age);
    else
        buffer_append_text(out, " (without a cursor yet)");
}

void
cursor_news_tell(struct cursor_news *news, int64_t now_wall_ms)
{
    CLEANUP(config_unrefp) struct config *config = get_config(news);
    CLEANUP(buffer_done) struct buffer names = {0};
    size_t count = 0;
    for (size_t i = 0; i < config->source_count; i++) {
        struct span id = span_of(config->sources[i].id);
        pthread_mutex_lock(&news->lock);
        bool elsewhere = is_elsewhere(news, id);
        int64_t moved_ms = when_moved(news, id);
        pthread_mutex_unlock(&news->lock);
        if (elsewhere && count++ < NAMED_MOST)
            append_one(&names, id, moved_ms, now_wall_ms);
    }
    if (count > NAMED_MOST)
        buffer_printf(&names, " and %zu more", count - NAMED_MOST);
    if (count && buffer_ok(&names))
        log_info("ingest", "other processes have: %s", buffer_text(&names));
}

void
cursor_news_fill(struct cursor_news *news, struct source_report *reports,
                 size_t count)
{
    pthread_mutex_lock(&news->lock);
    for (size_t i = 0; i < count; i++) {
        struct span id = span_of(reports[i].id);
        reports[i].parted = !news->assigned;
        reports[i].elsewhere = is_elsewhere(news, id);
        reports[i].cursor_ms = reports[i].elsewhere ? when_moved(news, id) : 0;
    }
    pthread_mutex_unlock(&news->lock);
}
