#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "kafka_notes.h"
#include "log.h"
#include "message_id.h"
#include "output.h"
#include "replay_model.h"
#include "sha256.h"
#include "terminal.h"

enum {
    POLL_MS = 200,
    PAUSE_MS = 1000,
    OPEN_MS = 30 * 1000,
    SHOW_MS = 200,
    NAMED_MOST = 10,
};

/* What became of one try. */
enum try_end { TRY_DONE, TRY_STOPPED, TRY_FAILED };

bool
replay_stopping(const struct replay *replay)
{
    return replay->options->stopping(replay->options->context);
}

/* ---- clients ---- */

static void
close_clients(struct replay *replay)
{
    kafka_producer_free(replay->producer);
    kafka_consumer_free(replay->consumer, false);
    replay->producer = NULL;
    replay->consumer = NULL;
    replay->event_count = 0;
    replay->batch_open = false;
    replay->batch_records = 0;
    replay->pending = (struct replay_counts){0};
}

static void
replay_done(struct replay *replay)
{
    close_clients(replay);
    replay_plan_done(&replay->plan);
    screener_free(replay->screener);
    id_set_free(replay->known);
    free(replay->events);
    buffer_done(&replay->group);
}

/* <campaign>-replay-<hash of what was asked for> */
static bool
name_group(struct replay *replay, struct error *err)
{
    const struct replay_options *options = replay->options;
    struct sha256 sha256;
    char hex[SHA256_HEX_SIZE];
    sha256_init(&sha256);
    sha256_add_field(&sha256, span_of(options->name));
    sha256_add_field(&sha256, span_of(options->output));
    sha256_add_field(&sha256, span_of(options->config->topics.posts));
    sha256_hex(&sha256, hex);
    buffer_printf(&replay->group, "%s-replay-%.16s", options->config->campaign,
                  hex);
    return buffer_ok(&replay->group) || error_no_memory(err);
}

static bool
assign(struct replay *replay, struct error *err)
{
    const struct replay_plan *plan = &replay->plan;
    struct kafka_offset *offsets = calloc(plan->count, sizeof(*offsets));
    size_t count = 0;
    if (!offsets)
        return error_no_memory(err);
    for (unsigned i = 0; i < plan->count; i++)
        if (!plan->parts[i].finished)
            offsets[count++] =
                (struct kafka_offset){(int32_t)i, plan->parts[i].next};
    bool ok = kafka_consumer_assign(replay->consumer, offsets, count, err);
    free(offsets);
    return ok;
}

static void
say_plan(struct replay *replay)
{
    const struct replay_plan *plan = &replay->plan;
    char from[CLOCK_TEXT_SIZE], to[CLOCK_TEXT_SIZE] = "now";
    uint64_t read, all = replay_plan_records(plan, &read);
    clock_format(plan->from_ms, from);
    if (plan->to_ms != INT64_MAX)
        clock_format(plan->to_ms, to);
    /* By offsets: the marks of transactions are among them. */
    log_notice("replay", "%s up to %llu records of %s, from %s to %s, into %s",
               plan->resumed ? "goes on where it was interrupted:" : "screens",
               (unsigned long long)(all - read),
               replay->options->config->topics.posts, from, to,
               replay->producer ? replay->options->output : "standard output");
}

/* The order counts: the producer fences whoever wrote before, then the plan
 * and the output topic say what they had committed. */
static bool
open_clients(struct replay *replay, bool anew, struct error *err)
{
    const struct replay_options *options = replay->options;
    replay->consumer =
        kafka_consumer_new_apart(&replay->settings, buffer_text(&replay->group),
                                 options->config->topics.posts, err);
    if (!replay->consumer)
        return false;
    if (!kafka_consumer_partitions(replay->consumer, REPLAY_REQUEST_MS,
                                   &replay->partitions, err))
        return false;
    if (options->output && !replay_output_open(replay, err))
        return false;
    if (!replay_plan_make(replay, anew, err) ||
        !replay_output_known(replay, err))
        return false;
    /* From here on the ends are fixed. */
    if (replay->producer && !replay->plan.resumed && !replay_stopping(replay) &&
        !replay_output_commit(replay, false, err))
        return false;
    return assign(replay, err);
}

/* ---- records ---- */

static void
show(struct replay *replay)
{
    int64_t now_ms = clock_monotonic_ms();
    if (now_ms - replay->shown_ms < SHOW_MS)
        return;
    replay->shown_ms = now_ms;
    uint64_t read, all = replay_plan_records(&replay->plan, &read);
    double seconds = (double)(now_ms - replay->started_ms + 1) / 1000;
    uint64_t posts = replay->counts.posts + replay->pending.posts;
    char left[CLOCK_TEXT_SIZE] = "";
    double done = all ? (double)read / (double)all : 1;
    if (posts && done > 0)
        clock_format_duration(
            (int64_t)((double)(all - read) / (double)posts * seconds * 1000),
            left);
    CLEANUP(buffer_done) struct buffer line = {0};
    buffer_printf(
        &line, "%.0f %%, %llu posts, %.0f/s, %llu flagged", done * 100,
        (unsigned long long)posts, (double)posts / seconds,
        (unsigned long long)(replay->counts.flagged + replay->pending.flagged));
    if (left[0])
        buffer_printf(&line, ", %s left", left);
    terminal_progress(buffer_text(&line));
}

static bool
screen(struct replay *replay, const struct kafka_message *message,
       struct error *err)
{
    struct screened screened;
    char place[MESSAGE_ID_SIZE];
    struct span id =
        message_id(message, replay->options->config->topics.posts, place);
    if (message->timestamp_ms >= 0 &&
        (message->timestamp_ms < replay->plan.from_ms ||
         message->timestamp_ms >= replay->plan.to_ms))
        return true;
    replay->pending.posts++;
    if (screener_screen(replay->screener, replay->matcher, message->value, id,
                        clock_wall_ms(), true, &screened, err))
        return !screened.event.at ||
               replay_output_event(replay, message, &screened, err);
    if (err->kind != ERROR_RECORD)
        return false;
    if (replay->counts.unreadable + replay->pending.unreadable++ < NAMED_MOST)
        log_warning("replay", "%s/%d/%lld cannot be read: %s",
                    replay->options->config->topics.posts,
                    (int)message->partition, (long long)message->offset,
                    err->message);
    return true;
}

static bool
take(struct replay *replay, const struct kafka_message *message,
     struct error *err)
{
    struct replay_part *part = &replay->plan.parts[message->partition];
    if (part->finished || (!message->handle && !message->end))
        return true;
    if (message->handle && message->offset < part->end) {
        if (message->value.at && !screen(replay, message, err))
            return false;
        replay->batch_records++;
        part->next = message->offset + 1;
    } else if (message->offset >= part->end) {
        part->next = part->end;
    }
    part->finished = part->next >= part->end;
    if (part->finished)
        kafka_notes_leave(replay->consumer, message->partition);
    return true;
}

/* One message, or a wait for one. */
static bool
turn(struct replay *replay, struct error *err)
{
    struct kafka_message message;
    enum kafka_outcome outcome =
        kafka_consumer_poll(replay->consumer, POLL_MS, &message, err);
    /* It tries again by itself. */
    if (outcome == KAFKA_RETRY) {
        log_debug("replay", "%s", err->message);
        return true;
    }
    bool ok = outcome == KAFKA_OK && take(replay, &message, err);
    kafka_message_done(&message);
    return ok;
}

static enum try_end
read_stretch(struct replay *replay, struct error *err)
{
    replay->committed_ms = clock_monotonic_ms();
    while (!replay_plan_finished(&replay->plan)) {
        if (replay_stopping(replay) || replay->output_gone)
            return TRY_STOPPED;
        if (!turn(replay, err))
            return TRY_FAILED;
        if (replay_output_due(replay) &&
            !replay_output_commit(replay, false, err))
            return TRY_FAILED;
        show(replay);
    }
    return replay_output_commit(replay, true, err) ? TRY_DONE : TRY_FAILED;
}

/* ---- tries ---- */

static bool
interrupted(struct replay *replay, struct error *err)
{
    uint64_t read, all = replay_plan_records(&replay->plan, &read);
    if (replay->output_gone)
        return true;
    if (replay->producer && replay->batch_open &&
        !replay_output_commit(replay, false, err))
        log_debug("replay", "the open transaction was abandoned: %s",
                  err->message);
    return error_set(err, ERROR_RETRY,
                     replay->producer
                         ? "interrupted at %.0f %%: the same command goes on"
                         : "interrupted at %.0f %%",
                     all ? 100.0 * (double)read / (double)all : 0.0);
}

static bool
is_hopeless(const struct replay *replay, bool opened, const struct error *err)
{
    int64_t age_ms = clock_monotonic_ms() - replay->started_ms;
    if (err->kind == ERROR_CONFIG)
        return true;
    /* A topic that was made a moment ago has no leader yet. */
    if (!opened)
        return replay->partitions == 0 || age_ms > OPEN_MS;
    /* Standard output cannot be taken back. */
    return !replay->options->output;
}

/* Everything anew after a failure: what was committed decides. */
static bool
run_tries(struct replay *replay, struct error *err)
{
    bool opened = false, anew = replay->options->anew;
    unsigned fenced = 0;
    while (!replay_stopping(replay)) {
        enum try_end end = TRY_FAILED;
        if (open_clients(replay, anew, err)) {
            say_plan(replay);
            anew = false;
            opened = true;
            end = read_stretch(replay, err);
        }
        if (end == TRY_DONE)
            return true;
        if (end == TRY_STOPPED)
            break;
        fenced += replay->producer && kafka_producer_fenced(replay->producer);
        if (fenced > 1)
            return error_set(err, ERROR_FATAL,
                             "another replay into %s has taken over",
                             replay->options->output);
        if (is_hopeless(replay, opened, err))
            return false;
        terminal_progress_clear();
        if (opened)
            log_warning("replay", "%s; it tries again", err->message);
        close_clients(replay);
        id_set_abort(replay->known);
        usleep((fenced ? 5 : 1) * PAUSE_MS * 1000);
    }
    return interrupted(replay, err);
}

static void
say_end(struct replay *replay)
{
    const struct replay_counts *counts = &replay->counts;
    double seconds =
        (double)(clock_monotonic_ms() - replay->started_ms + 1) / 1000;
    terminal_progress_clear();
    log_notice("replay",
               "%llu posts in %.1f s (%.0f/s): %llu flagged, %llu stood there "
               "already, %llu could not be read, %llu refused by Kafka",
               (unsigned long long)counts->posts, seconds,
               (double)counts->posts / seconds,
               (unsigned long long)counts->flagged,
               (unsigned long long)counts->known,
               (unsigned long long)counts->unreadable,
               (unsigned long long)counts->refused);
}

bool
replay_run(const struct replay_options *options, struct matcher *matcher,
           struct replay_counts *counts, struct error *err)
{
    CLEANUP(replay_done)
    struct replay replay = {
        .options = options,
        .matcher = matcher,
        .settings = {options->config, options->config->brokers, false},
        .started_ms = clock_monotonic_ms(),
    };
    replay.known = id_set_new();
    replay.events = calloc(REPLAY_BATCH_EVENTS, sizeof(*replay.events));
    if (!replay.known || !replay.events)
        return error_no_memory(err);
    replay.screener = screener_new(err);
    if (!replay.screener || !name_group(&replay, err))
        return false;
    bool ok = run_tries(&replay, err);
    if (ok || replay.counts.posts)
        say_end(&replay);
    *counts = replay.counts;
    return ok;
}
