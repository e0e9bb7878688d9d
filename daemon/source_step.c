#include <stdio.h>

#include "source_model.h"

enum { RESTARTS_MOST = 3, FILES_NEAR = 32 };

static void
keep_text(char *out, size_t size, struct span text)
{
    size_t len = text.len < size ? text.len : 0;
    if (len)
        memcpy(out, text.at, len);
    out[len] = '\0';
}

/* Two tags of one source show the same post: it is stored by whoever sees it
 * first. */
static bool
known_elsewhere(const struct source *source, const struct walk *walk,
                uint64_t identity)
{
    for (size_t i = 0; i < source->walk_count; i++)
        if (&source->walks[i] != walk &&
            ring_walk_of(source->walks[i].ring, identity))
            return true;
    return false;
}

/* Posts that no page of this walk's memory has, oldest first in the topic: a
 * network's newest-first page is turned round. */
static bool
add_new(struct source *source, struct walk *walk, struct answer *answer,
        uint32_t seen_in, int64_t oldest_ms, int64_t now_ms, struct page *page,
        size_t *added, struct error *err)
{
    *added = 0;
    for (size_t i = answer->count; i-- > 0;) {
        struct answer_item *item = &answer->items[i];
        bool old =
            oldest_ms && item->created_ms && item->created_ms < oldest_ms;
        if ((item->readable && old) || ring_walk_of(walk->ring, item->identity))
            continue;
        bool stored = known_elsewhere(source, walk, item->identity);
        if (!stored && !source_add_item(source, item, now_ms, page, err))
            return false;
        (*added)++;
        if (!ring_add(walk->ring, item->identity, seen_in))
            return error_set(err, ERROR_RECORD,
                             "a page with more new posts than one commit can "
                             "remember");
    }
    /* Only new posts push others out of memory. */
    for (size_t i = 0; *added && i < answer->count; i++)
        ring_renew(walk->ring, answer->items[i].identity);
    return true;
}

/* --- from the top to what an earlier, completed walk has settled --- */

static bool
all_settled(const struct walk *walk, const struct answer *answer)
{
    size_t counted = 0;
    for (size_t i = 0; i < answer->count; i++) {
        const struct answer_item *item = &answer->items[i];
        if (item->pinned || !item->readable)
            continue;
        bool unwanted =
            item->created_ms && item->created_ms < walk->now.floor_ms;
        uint32_t seen_in = ring_walk_of(walk->ring, item->identity);
        if (!unwanted && (seen_in == 0 || seen_in > walk->now.settled))
            return false;
        counted++;
    }
    return counted > 0;
}

static bool
all_older(const struct answer *answer, int64_t oldest_ms)
{
    size_t counted = 0;
    for (size_t i = 0; i < answer->count; i++) {
        const struct answer_item *item = &answer->items[i];
        if (item->pinned || !item->readable)
            continue;
        if (item->created_ms == 0 || item->created_ms >= oldest_ms)
            return false;
        counted++;
    }
    return counted > 0;
}

/* Pages by offset shift while they are read. They are cut to overlap: a page
 * that shares nothing with the one before may have skipped something. */
static bool
has_drifted(const struct walk *walk, const struct answer *answer)
{
    const struct walk_state *state = &walk->now;
    if (walk->stream->paging.kind != PAGING_OFFSET ||
        state->previous_count < walk->stream->paging.step + 1 ||
        answer->count == 0)
        return false;
    for (size_t i = 0; i < answer->count; i++)
        for (size_t j = 0; j < state->previous_count; j++)
            if (answer->items[i].readable &&
                answer->items[i].identity == state->previous[j])
                return false;
    return true;
}

static void
remember_page(struct walk *walk, const struct answer *answer)
{
    struct walk_state *state = &walk->now;
    state->previous_count = 0;
    for (size_t i = 0; i < answer->count; i++)
        if (answer->items[i].readable && !answer->items[i].pinned &&
            state->previous_count < COUNT_OF(state->previous))
            state->previous[state->previous_count++] =
                answer->items[i].identity;
}

static void
begin_walk(struct walk *walk)
{
    struct walk_state *state = &walk->now;
    state->walking = true;
    state->page[0] = state->top[0] = '\0';
    state->pages = state->fresh = 0;
    state->previous_count = 0;
    state->walk++;
}

/* The next page's parameter; false: there is none. */
static bool
turn_page(struct walk *walk, const struct answer *answer)
{
    const struct paging *paging = &walk->stream->paging;
    struct walk_state *state = &walk->now;
    struct span next = SPAN_NONE;
    switch (paging->kind) {
    case PAGING_NONE:
        return false;
    case PAGING_OFFSET: {
        unsigned long offset = (unsigned long)paging->step * state->pages;
        snprintf(state->page, sizeof(state->page), "%lu", offset);
        return true;
    }
    case PAGING_LAST:
        next = answer->count
                   ? json_text(json_at(answer->items[answer->count - 1].record,
                                       paging->at))
                   : SPAN_NONE;
        break;
    case PAGING_TOKEN:
        next = json_text(json_at(answer->root, paging->at));
        break;
    }
    if (next.len == 0 || span_is(next, state->page))
        return false;
    keep_text(state->page, sizeof(state->page), next);
    return state->page[0] != '\0';
}

/* A source that does not start from the beginning never asks for what was
 * older then, though later walks come upon it. */
static void
set_floor(const struct source *source, struct walk *walk,
          const struct answer *answer, int64_t now_ms)
{
    struct walk_state *state = &walk->now;
    if (state->settled || state->pages || state->floor_ms)
        return;
    if (source->settings->start == START_AGE)
        state->floor_ms = now_ms - source->settings->start_age_ms;
    for (size_t i = 0;
         i < answer->count && source->settings->start == START_LATEST; i++) {
        const struct answer_item *item = &answer->items[i];
        if (item->created_ms && !item->pinned &&
            (!state->floor_ms || item->created_ms < state->floor_ms))
            state->floor_ms = item->created_ms;
    }
}

static bool
reached_end(const struct source *source, const struct walk *walk,
            const struct answer *answer)
{
    bool first = walk->now.settled == 0;
    if (answer->count == 0)
        return true;
    if (first && source->settings->start == START_LATEST)
        return true;
    if (walk->now.floor_ms && all_older(answer, walk->now.floor_ms))
        return true;
    return !first && all_settled(walk, answer);
}

/* `whole`: down to what is settled, not only as far as a walk may go. */
static void
end_walk(struct walk *walk, bool whole)
{
    struct walk_state *state = &walk->now;
    state->walking = false;
    walk->more = false;
    /* A walk that found nothing new leaves no trace to write. */
    bool first = state->settled == 0;
    if (first || state->fresh || state->restarts)
        state->settled = state->walk;
    else
        state->walk = walk->before.settled;
    state->restarts = 0;
    /* From a cursor that stands below a walk's end, all is still asked for. */
    if (walk->stream->cursor.kind == CURSOR_FORWARD && state->top[0] &&
        (whole || !state->cursor[0]))
        memcpy(state->cursor, state->top, sizeof(state->cursor));
    state->page[0] = '\0';
}

static bool
step_walk(struct source *source, struct walk *walk, struct answer *answer,
          int64_t now_ms, struct page *page, struct error *err)
{
    struct walk_state *state = &walk->now;
    set_floor(source, walk, answer, now_ms);
    if (has_drifted(walk, answer) && state->restarts < RESTARTS_MOST) {
        unsigned restarts = state->restarts + 1;
        begin_walk(walk);
        state->restarts = restarts;
        walk->more = true;
        return true; /* from the top again: nothing of this page is taken */
    }
    if (state->pages == 0 && answer->count)
        keep_text(state->top, sizeof(state->top), answer->items[0].key);
    bool end = reached_end(source, walk, answer);
    size_t added;
    if (!add_new(source, walk, answer, state->walk, state->floor_ms, now_ms,
                 page, &added, err))
        return false;
    state->fresh += (unsigned)added;
    state->pages++;
    remember_page(walk, answer);
    size_t unsettled = ring_count_after(walk->ring, state->settled);
    bool too_long = !end && (state->pages >= walk->stream->paging.pages_max ||
                             unsettled + answer->count > RING_WALK_MOST);
    if (too_long && !state->cursor[0])
        source_report_gap(source, walk,
                          "more posts than one walk may take: what is older "
                          "is left out");
    walk->more = !end && !too_long && turn_page(walk, answer);
    if (!walk->more)
        end_walk(walk, !too_long);
    return true;
}

/* --- on from the cursor --- */

static bool
step_forward(struct source *source, struct walk *walk, struct answer *answer,
             int64_t now_ms, struct page *page, struct error *err)
{
    struct walk_state *state = &walk->now;
    walk->more = answer->count > 0;
    if (answer->count == 0)
        return true;
    size_t at =
        walk->stream->cursor.order == ORDER_PAGE_FIRST ? 0 : answer->count - 1;
    struct span key = answer->items[at].key;
    if (key.len == 0)
        return error_set(err, ERROR_RECORD,
                         "a record without the key its cursor is made of");
    /* Known at once: a forward page is settled when it is committed. */
    uint32_t seen_in = state->settled ? state->settled : 1;
    size_t added;
    if (!add_new(source, walk, answer, seen_in, 0, now_ms, page, &added, err))
        return false;
    if (added == 0 && span_is(key, state->cursor))
        return error_set(err, ERROR_RECORD,
                         "the network gives the same page again and again");
    keep_text(state->cursor, sizeof(state->cursor), key);
    return true;
}

/* --- a list without an order to trust --- */

static bool
step_snapshot(struct source *source, struct walk *walk, struct answer *answer,
              int64_t now_ms, struct page *page, struct error *err)
{
    struct walk_state *state = &walk->now;
    bool first = ring_empty(walk->ring);
    size_t added;
    if (!add_new(source, walk, answer, 1, 0, now_ms, page, &added, err))
        return false;
    if (!first && added == answer->count && added > 0)
        source_report_gap(source, walk,
                          "nothing of the last poll is left in it: poll it "
                          "more often");
    /* Validators are kept with the posts they stand for, never before. */
    keep_text(state->etag, sizeof(state->etag), answer->etag);
    keep_text(state->last_modified, sizeof(state->last_modified),
              answer->last_modified);
    state->settled = 1;
    walk->more = false;
    return true;
}

/* A line that stands in the file again. Another text under the same id may be
 * an edit of a post whose collector keeps no versions: that is no copy. */
static bool
is_copy(struct walk *walk, const struct answer_item *item, uint64_t *identity)
{
    *identity = item->identity ^ identity_of(item->post.text, item->post.title);
    return ring_walk_of(walk->ring, *identity) != 0;
}

/* Exports that overlap. */
static bool
is_of_another_file(const struct source *source, const struct walk *walk,
                   uint64_t identity)
{
    size_t at = (size_t)(walk - source->walks);
    size_t first = at > FILES_NEAR ? at - FILES_NEAR : 0;
    for (size_t i = first; i < source->walk_count && i <= at + FILES_NEAR; i++)
        if (i != at && ring_walk_of(source->walks[i].ring, identity))
            return true;
    return false;
}

static bool
step_file(struct source *source, struct walk *walk, struct answer *answer,
          int64_t now_ms, struct page *page, struct error *err)
{
    if (answer->replaced) {
        source_report_gap(source, walk,
                          "the file is another one now; it is read from its "
                          "beginning");
        walk->now.cursor[0] = '\0';
        walk->more = true;
        return true;
    }
    for (size_t i = 0; i < answer->count; i++) {
        struct answer_item *item = &answer->items[i];
        uint64_t identity = 0;
        if (item->readable && is_copy(walk, item, &identity))
            continue;
        bool stored =
            item->readable && is_of_another_file(source, walk, identity);
        if (!stored && !source_add_item(source, item, now_ms, page, err))
            return false;
        if (item->readable && !ring_add(walk->ring, identity, 1))
            return error_set(err, ERROR_RECORD,
                             "more lines than one commit can remember");
    }
    snprintf(walk->now.cursor, sizeof(walk->now.cursor), "%llu",
             (unsigned long long)answer->next_offset);
    walk->more = !answer->at_end;
    return true;
}

bool
source_step(struct source *source, struct walk *walk, struct answer *answer,
            int64_t now_ms, struct page *page, struct error *err)
{
    switch (walk->stream->cursor.kind) {
    case CURSOR_SNAPSHOT:
        return step_snapshot(source, walk, answer, now_ms, page, err);
    case CURSOR_FILE:
        return step_file(source, walk, answer, now_ms, page, err);
    case CURSOR_FORWARD:
        if (!walk->now.walking)
            return step_forward(source, walk, answer, now_ms, page, err);
        return step_walk(source, walk, answer, now_ms, page, err);
    case CURSOR_BACKWARD:
        break;
    }
    return step_walk(source, walk, answer, now_ms, page, err);
}

void
source_walk_begin(struct walk *walk)
{
    const struct cursor_model *cursor = &walk->stream->cursor;
    /* Never the first poll: what came since the cursor comes first. */
    bool refresh =
        cursor->refresh && walk->polls % cursor->refresh == cursor->refresh - 1;
    bool from_top = cursor->kind == CURSOR_BACKWARD ||
                    (cursor->kind == CURSOR_FORWARD &&
                     (walk->now.cursor[0] == '\0' || refresh));
    if (from_top && !walk->now.walking)
        begin_walk(walk);
}
