#include "source.h"

#include <stdio.h>
#include <stdlib.h>

#include "log.h"
#include "source_model.h"
#include "utf8.h"

const char *
source_state_name(enum source_state state)
{
    static const char *const names[] = {
        "unassigned", "waiting",     "fetching",
        "committing", "backing off", "stopped",
    };
    return names[state];
}

struct source *
source_new(struct config *config, const struct source_config *source_config,
           const struct pseudonym *pseudonym, struct error *err)
{
    CLEANUP(source_freep) struct source *source = calloc(1, sizeof(*source));
    if (!source) {
        error_no_memory(err);
        return NULL;
    }
    source->config = config_ref(config);
    source->settings = source_config;
    source->connector = source_config->connector;
    source->pseudonym = pseudonym;
    source->random = identity_of(span_of(source_config->id), SPAN_NONE) | 1;
    source->arena = arena_new();
    source->answer = arena_new();
    if (!source->arena || !source->answer) {
        error_no_memory(err);
        return NULL;
    }
    return source_make_walks(source, err) ? TAKE(source) : NULL;
}

void
source_free(struct source *source)
{
    if (!source)
        return;
    for (size_t i = 0; i < source->walk_count; i++)
        ring_free(source->walks[i].ring);
    free(source->walks);
    arena_free(source->arena);
    arena_free(source->answer);
    buffer_done(&source->url);
    buffer_done(&source->body);
    buffer_done(&source->text);
    config_unref(source->config);
    free(source);
}

void
source_freep(struct source **source)
{
    source_free(*source);
}

const char *
source_id(const struct source *source)
{
    return source->settings->id;
}

/* "source/stream/target#slot" to the walk and the slot; the old id is read as
 * the new one. */
static struct walk *
find_walk(struct source *source, struct span key, struct span *suffix,
          bool *renamed)
{
    const char *old = source->settings->renamed_from;
    size_t id_len = strlen(source->settings->id);
    size_t old_len = old ? strlen(old) : 0;
    for (size_t i = 0; i < source->walk_count; i++) {
        struct walk *walk = &source->walks[i];
        struct span rest = span_of(walk->key + id_len); /* "/stream/target" */
        bool own = span_starts(key, walk->key);
        bool former = old && key.len >= old_len + rest.len &&
                      memcmp(key.at, old, old_len) == 0 &&
                      memcmp(key.at + old_len, rest.at, rest.len) == 0;
        if (!own && !former)
            continue;
        *suffix = span_from(key, (own ? id_len : old_len) + rest.len);
        bool slot = suffix->len > 1 && suffix->at[0] == '#';
        for (size_t j = 1; j < suffix->len && slot; j++)
            slot = suffix->at[j] >= '0' && suffix->at[j] <= '9';
        if (suffix->len && !slot)
            continue; /* a longer target */
        if (suffix->len)
            *suffix = span_from(*suffix, 1);
        *renamed = !own;
        return walk;
    }
    return NULL;
}

bool
source_restore(struct source *source, struct span key, struct span value,
               struct error *err)
{
    struct span suffix;
    bool renamed;
    struct walk *walk = find_walk(source, key, &suffix, &renamed);
    if (!walk || value.len == 0)
        return true; /* a target that is polled no more, or a tombstone */
    if (renamed && walk->known && !walk->renamed)
        return true; /* it has one of its own */
    struct error problem = {0};
    if (source_read_cursor(source, walk, renamed, suffix, value, &problem))
        return true;
    source->state = SOURCE_STOPPED;
    source->due_ms = INT64_MAX;
    snprintf(source->reason, sizeof(source->reason), "%.255s", problem.message);
    return error_set(err, ERROR_CONFIG, "%s", problem.message);
}

static const struct walk *
moved_walk(const struct source *source)
{
    for (size_t i = 0; i < source->walk_count; i++)
        if (source->walks[i].moved_to.len && !source->walks[i].known)
            return &source->walks[i];
    return NULL;
}

bool
source_incomplete(const struct source *source)
{
    bool all = true;
    for (size_t i = 0; i < source->walk_count; i++)
        all = all && source->walks[i].known;
    return !all;
}

/* Another configuration renamed it. Who polled it as well would store its posts
 * under both names; who began anew, again. */
static void
stop_moved(struct source *source, const struct walk *walk)
{
    source->state = SOURCE_STOPPED;
    source->due_ms = INT64_MAX;
    snprintf(source->reason, sizeof(source->reason),
             "another configuration renamed it: its cursor went to '%.*s'; "
             "give all processes the same sources, or go on from there with "
             "renamed_from: %.*s",
             (int)utf8_cut(walk->moved_to, 40), walk->moved_to.at,
             (int)utf8_cut(walk->moved_to, 40), walk->moved_to.at);
}

static void
begin_beginning(const struct source *source, struct walk *walk)
{
    struct span beginning = walk->stream->cursor.beginning;
    if (walk->known || source->settings->start != START_BEGINNING ||
        beginning.len == 0 || beginning.len >= sizeof(walk->now.cursor))
        return;
    memcpy(walk->now.cursor, beginning.at, beginning.len);
    walk->now.cursor[beginning.len] = '\0';
}

void
source_begin(struct source *source, int64_t now_ms)
{
    if (source->state == SOURCE_STOPPED)
        return;
    const struct walk *moved = moved_walk(source);
    if (moved) {
        stop_moved(source, moved);
        return;
    }
    for (size_t i = 0; i < source->walk_count; i++) {
        struct walk *walk = &source->walks[i];
        /* Walks whose pages were committed, but not their end. */
        uint32_t most = walk->now.settled > walk->now.walk ? walk->now.settled
                                                           : walk->now.walk;
        walk->now.walk = most;
        begin_beginning(source, walk);
        walk->before = walk->now;
    }
    source->current = 0;
    source->state = SOURCE_WAITING;
    source->due_ms = now_ms;
    source->round_ms = now_ms;
}

void
source_reset(struct source *source)
{
    for (size_t i = 0; i < source->walk_count; i++) {
        struct walk *walk = &source->walks[i];
        ring_clear(walk->ring);
        memset(&walk->now, 0, sizeof(walk->now));
        memset(&walk->before, 0, sizeof(walk->before));
        walk->known = walk->renamed = walk->more = false;
        walk->moved_to = SPAN_NONE;
    }
    source->current = 0;
    source->state = SOURCE_UNASSIGNED;
    source->looking_up = false;
    source->failures_in_row = 0;
    source->reason[0] = '\0';
}

int64_t
source_due_ms(const struct source *source)
{
    switch (source->state) {
    case SOURCE_WAITING:
    case SOURCE_BACKING_OFF:
    case SOURCE_STOPPED:
        return source->due_ms;
    default:
        return INT64_MAX;
    }
}

void
source_clock_set(struct source *source, int64_t by_ms)
{
    if (source->due_ms != INT64_MAX)
        source->due_ms += by_ms;
    source->round_ms += by_ms;
}

bool
source_ask(struct source *source, int64_t now_ms, struct request *out,
           struct error *err)
{
    struct walk *walk = &source->walks[source->current];
    source->looking_up = walk->stream->has_lookup && !walk->lookup[0];
    if (!source->looking_up)
        source_walk_begin(walk);
    source->asked_ms = now_ms;
    source->requests++;
    source->state = SOURCE_FETCHING;
    return source_build_request(source, out, err);
}

/* A page is refused whole: nothing of it happened. */
static void
undo(struct source *source, struct walk *walk)
{
    ring_abort(walk->ring);
    walk->now = walk->before;
    source->looking_up = false;
}

bool
source_answer(struct source *source, const struct response *response,
              int64_t now_ms, struct page **page, struct error *err)
{
    struct walk *walk = &source->walks[source->current];
    struct answer answer;
    *page = NULL;
    if (!source_judge(source, response, now_ms, &answer))
        return true;

    CLEANUP(page_freep) struct page *made = page_new(source->settings->id);
    struct error problem = {0};
    bool ok = made != NULL;
    if (!ok)
        error_no_memory(&problem);
    ok = ok && source_step(source, walk, &answer, now_ms, made, &problem) &&
         source_add_cursor(source, walk, now_ms, made, &problem);
    if (!ok) {
        undo(source, walk);
        source_fail(source, now_ms, 0, "%s", problem.message);
        return true;
    }
    source->failures_in_row = 0;
    source->last_success_ms = now_ms;
    source->reason[0] = '\0';
    int64_t wait_ms = source_asked_wait(source, response, now_ms);
    source->round_ms = source->round_ms > now_ms + wait_ms
                           ? source->round_ms
                           : (wait_ms ? now_ms + wait_ms : source->round_ms);
    source->state = SOURCE_COMMITTING;
    if (page_count(made) > 0) {
        *page = TAKE(made);
        return true;
    }
    source_settled(source, true, now_ms);
    return true;
}

void
source_walk_done(struct source *source, int64_t now_ms)
{
    struct walk *walk = &source->walks[source->current];
    walk->polls++;
    walk->now.walking = false;
    walk->before = walk->now;
    source->failures_in_row = 0;
    source->last_success_ms = now_ms;
    source->reason[0] = '\0';
    source->state = SOURCE_WAITING;
    source->current++;
    if (source->current < source->walk_count) {
        source->due_ms = now_ms + source->connector->spacing_ms;
        return;
    }
    source->current = 0;
    int64_t next_ms =
        now_ms + source_jitter(source, source->settings->every_ms);
    source->due_ms = next_ms > source->round_ms ? next_ms : source->round_ms;
}

void
source_settled(struct source *source, bool committed, int64_t now_ms)
{
    struct walk *walk = &source->walks[source->current];
    if (source->state != SOURCE_COMMITTING)
        return;
    if (!committed) {
        undo(source, walk);
        source->state = SOURCE_WAITING;
        source->due_ms = now_ms;
        return;
    }
    ring_commit(walk->ring);
    walk->before = walk->now;
    walk->known = true;
    walk->renamed = false;
    if (!walk->more) {
        source_walk_done(source, now_ms);
        return;
    }
    source->state = SOURCE_WAITING;
    source->due_ms = now_ms + source->connector->spacing_ms;
}

void
source_abandon(struct source *source)
{
    source_reset(source);
}

void
source_report(const struct source *source, struct source_report *out)
{
    *out = (struct source_report){
        .id = source->settings->id,
        .connector = source->connector->name,
        .state = source->state,
        .last_success_ms = source->last_success_ms,
        .requests = source->requests,
        .posts = source->posts,
        .updates = source->updates,
        .rejected = source->rejected,
        .gaps = source->gaps,
        .failures = source->failures,
    };
    int64_t due_ms = source_due_ms(source);
    out->next_ms = due_ms == INT64_MAX ? 0 : due_ms;
    memcpy(out->reason, source->reason, sizeof(out->reason));
}
