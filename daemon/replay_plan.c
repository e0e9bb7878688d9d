#include <stdio.h>
#include <stdlib.h>

#include "clock.h"
#include "kafka_notes.h"
#include "log.h"
#include "replay_model.h"

enum {
    DIGEST_SHOWN = 16 + 7, /* "sha256:" and 16 digits */
    /* Times in a partition need not rise: several processes fetch, and a
     * producer that retries changes the order. Each record's own time decides;
     * so far behind `to` they are looked for. */
    DISORDER_MS = 24 * 60 * 60 * 1000,
};

void
replay_plan_done(struct replay_plan *plan)
{
    free(plan->parts);
    *plan = (struct replay_plan){0};
}

uint64_t
replay_plan_records(const struct replay_plan *plan, uint64_t *read)
{
    uint64_t all = 0;
    *read = 0;
    for (unsigned i = 0; i < plan->count; i++) {
        all += (uint64_t)(plan->parts[i].end - plan->parts[i].start);
        *read += (uint64_t)(plan->parts[i].next - plan->parts[i].start);
    }
    return all;
}

bool
replay_plan_finished(const struct replay_plan *plan)
{
    for (unsigned i = 0; i < plan->count; i++)
        if (!plan->parts[i].finished)
            return false;
    return true;
}

/* ---- the note ---- */

void
replay_plan_note(const struct replay *replay, unsigned partition, bool done,
                 struct kafka_note *note)
{
    const struct replay_plan *plan = &replay->plan;
    const struct replay_part *part = &plan->parts[partition];
    snprintf(note->text, sizeof(note->text),
             "karool.replay/1 %s %u %lld %lld %lld %lld %.*s",
             done ? "done" : "open", plan->count, (long long)part->start,
             (long long)part->end, (long long)plan->from_ms,
             (long long)plan->to_ms, DIGEST_SHOWN,
             matcher_rules(replay->matcher)->digest);
}

/* false: no replay was under way there, or with other rules. */
static bool
read_note(struct replay *replay, const struct kafka_note *note,
          struct replay_part *part, bool *other_rules)
{
    struct replay_plan *plan = &replay->plan;
    unsigned count = 0;
    long long start, end, from_ms, to_ms;
    char state[8], digest[32];
    if (sscanf(note->text, "karool.replay/1 %7s %u %lld %lld %lld %lld %31s",
               state, &count, &start, &end, &from_ms, &to_ms, digest) != 7 ||
        strcmp(state, "open") != 0 || count != plan->count)
        return false;
    *other_rules = strncmp(digest, matcher_rules(replay->matcher)->digest,
                           DIGEST_SHOWN) != 0;
    if (*other_rules)
        return false;
    part->start = start;
    part->end = end;
    plan->from_ms = from_ms;
    plan->to_ms = to_ms;
    return true;
}

static bool
resume(struct replay *replay, bool *found, struct error *err)
{
    struct replay_plan *plan = &replay->plan;
    struct kafka_offset *offsets = calloc(plan->count, sizeof(*offsets));
    struct kafka_note *notes = calloc(plan->count, sizeof(*notes));
    bool ok = offsets && notes ? true : error_no_memory(err);
    bool other_rules = false;
    for (unsigned i = 0; ok && i < plan->count; i++)
        offsets[i].partition = (int32_t)i;
    ok = ok && kafka_notes_read(replay->consumer, offsets, notes, plan->count,
                                REPLAY_REQUEST_MS, err);
    *found = ok;
    for (unsigned i = 0; *found && i < plan->count; i++) {
        *found = offsets[i].offset >= 0 &&
                 read_note(replay, &notes[i], &plan->parts[i], &other_rules);
        plan->parts[i].next = offsets[i].offset;
    }
    if (other_rules)
        log_notice("replay", "the rules have changed since it was interrupted: "
                             "it begins anew");
    free(offsets);
    free(notes);
    return ok;
}

/* ---- a new plan ---- */

bool
replay_plan_ends(struct kafka_consumer *consumer, struct kafka_offset *offsets,
                 size_t count, struct error *err)
{
    for (size_t i = 0; i < count; i++) {
        int64_t first;
        if (!kafka_consumer_bounds(consumer, offsets[i].partition,
                                   REPLAY_REQUEST_MS, &first,
                                   &offsets[i].offset, err))
            return false;
    }
    return true;
}

static bool
find_ends(struct replay *replay, struct kafka_offset *offsets,
          struct error *err)
{
    struct replay_plan *plan = &replay->plan;
    if (!replay_plan_ends(replay->consumer, offsets, plan->count, err))
        return false;
    for (unsigned i = 0; i < plan->count; i++) {
        struct replay_part *part = &plan->parts[i];
        /* A broker that lost its disk may end before the plan does. */
        if (!plan->resumed || part->end > offsets[i].offset)
            part->end = offsets[i].offset;
    }
    return true;
}

static bool
find_stretch(struct replay *replay, struct kafka_offset *offsets,
             struct error *err)
{
    struct replay_plan *plan = &replay->plan;
    unsigned count = plan->count;
    if (!kafka_consumer_offsets_at(replay->consumer, offsets, count,
                                   plan->from_ms, REPLAY_REQUEST_MS, err))
        return false;
    for (unsigned i = 0; i < count; i++)
        plan->parts[i].start = offsets[i].offset;
    if (!find_ends(replay, offsets, err))
        return false;
    if (plan->to_ms < INT64_MAX - DISORDER_MS) {
        if (!kafka_consumer_offsets_at(replay->consumer, offsets, count,
                                       plan->to_ms + DISORDER_MS,
                                       REPLAY_REQUEST_MS, err))
            return false;
        for (unsigned i = 0; i < count; i++)
            if (offsets[i].offset >= 0 &&
                offsets[i].offset < plan->parts[i].end)
                plan->parts[i].end = offsets[i].offset;
    }
    for (unsigned i = 0; i < count; i++) {
        struct replay_part *part = &plan->parts[i];
        if (part->start < 0 || part->start > part->end)
            part->start = part->end;
        part->next = part->start;
    }
    return true;
}

/* What a running screen has not come to yet is its own to flag: two programs
 * that flag one post at the same moment could not know of each other. */
static bool
leave_to_screen(struct replay *replay, struct kafka_offset *offsets,
                struct error *err)
{
    struct replay_plan *plan = &replay->plan;
    const struct config *config = replay->options->config;
    CLEANUP(buffer_done) struct buffer group = {0};
    uint64_t left = 0;
    bool runs = false;
    buffer_printf(&group, "%s-screen", config->campaign);
    if (!buffer_ok(&group))
        return error_no_memory(err);
    struct kafka_consumer *screen = kafka_consumer_new_apart(
        &replay->settings, buffer_text(&group), config->topics.posts, err);
    bool ok = screen && kafka_notes_group_runs(screen, buffer_text(&group),
                                               &runs, REPLAY_REQUEST_MS, err);
    if (ok && runs)
        ok = kafka_consumer_committed(screen, offsets, plan->count,
                                      REPLAY_REQUEST_MS, err);
    kafka_consumer_free(screen, false);
    for (unsigned i = 0; ok && runs && i < plan->count; i++) {
        struct replay_part *part = &plan->parts[i];
        int64_t screened =
            offsets[i].offset > part->start ? offsets[i].offset : part->start;
        if (screened >= part->end)
            continue;
        left += (uint64_t)(part->end - screened);
        part->end = screened;
    }
    if (left)
        log_notice("replay",
                   "up to %llu records are left to the running screen, which "
                   "has not committed them yet",
                   (unsigned long long)left);
    return ok;
}

bool
replay_plan_make(struct replay *replay, bool anew, struct error *err)
{
    const struct replay_options *options = replay->options;
    struct replay_plan *plan = &replay->plan;
    unsigned count = replay->partitions;
    replay_plan_done(plan);
    plan->from_ms = options->from_ms;
    plan->to_ms = options->to_ms;
    plan->parts = calloc(count, sizeof(*plan->parts));
    struct kafka_offset *offsets = calloc(count, sizeof(*offsets));
    plan->count = count;
    bool ok = plan->parts && offsets ? true : error_no_memory(err);
    for (unsigned i = 0; ok && i < count; i++)
        offsets[i].partition = (int32_t)i;
    if (ok && options->output && !anew)
        ok = resume(replay, &plan->resumed, err);
    if (ok && plan->resumed) {
        ok = find_ends(replay, offsets, err);
    } else if (ok) {
        plan->from_ms = options->from_ms;
        plan->to_ms = options->to_ms;
        ok = find_stretch(replay, offsets, err);
        if (ok && options->output &&
            strcmp(options->output, options->config->topics.flagged) == 0)
            ok = leave_to_screen(replay, offsets, err);
    }
    for (unsigned i = 0; ok && i < count; i++)
        plan->parts[i].finished = plan->parts[i].next >= plan->parts[i].end;
    free(offsets);
    return ok;
}
