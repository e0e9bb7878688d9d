#include <stdio.h>
#include <stdlib.h>

#include "broker_topics.h"
#include "clock.h"
#include "event_headers.h"
#include "log.h"
#include "output.h"
#include "replay_model.h"
#include "sha256.h"
#include "terminal.h"

/* ---- opening ---- */

/* <campaign>-replay-<hash of the output topic>: two replays into one topic
 * cannot both write. */
static bool
transactional_id(const struct replay *replay, struct buffer *out,
                 struct error *err)
{
    struct sha256 sha256;
    char hex[SHA256_HEX_SIZE];
    sha256_init(&sha256);
    sha256_add_field(&sha256, span_of(replay->options->output));
    sha256_hex(&sha256, hex);
    buffer_printf(out, "%s-replay-%.16s", replay->options->config->campaign,
                  hex);
    return buffer_ok(out) || error_no_memory(err);
}

bool
replay_output_open(struct replay *replay, struct error *err)
{
    const struct replay_options *options = replay->options;
    CLEANUP(buffer_done) struct buffer id = {0};
    if (!options->output)
        return true;
    replay->output_partitions = replay->partitions;
    if (!broker_topics_output(options->config, options->output,
                              &replay->output_partitions, err) ||
        !transactional_id(replay, &id, err))
        return false;
    replay->producer = kafka_producer_new(&replay->settings, buffer_text(&id),
                                          REPLAY_REQUEST_MS, err);
    return replay->producer != NULL;
}

/* ---- what stands there ---- */

static void
show_reading(struct replay *replay)
{
    char line[128];
    int64_t now_ms = clock_monotonic_ms();
    if (now_ms - replay->shown_ms < 200)
        return;
    replay->shown_ms = now_ms;
    snprintf(line, sizeof(line), "reading what stands there: %zu events",
             id_set_count(replay->known));
    terminal_progress(line);
}

/* Every partition from its beginning to the end that it has now. */
static bool
read_all(struct replay *replay, struct kafka_consumer *reader,
         struct kafka_offset *ends, unsigned count, struct error *err)
{
    unsigned left = count;
    for (unsigned i = 0; i < count; i++)
        left -= ends[i].offset <= 0;
    while (left > 0 && !replay_stopping(replay)) {
        struct kafka_message message;
        enum kafka_outcome outcome =
            kafka_consumer_poll(reader, 200, &message, err);
        if (outcome == KAFKA_RECREATE)
            return false;
        bool answered = outcome == KAFKA_OK && (message.handle || message.end);
        unsigned i = answered ? (unsigned)message.partition : count;
        enum id_set_answer answer = ID_SET_KNOWN;
        struct span id = kafka_message_header(&message, "ce_id");
        if (id.len >= 32)
            answer = id_set_add(replay->known, id);
        if (i < count && ends[i].offset > 0 &&
            message.offset + (message.end ? 0 : 1) >= ends[i].offset) {
            ends[i].offset = 0;
            left--;
        }
        kafka_message_done(&message);
        if (answer == ID_SET_NO_MEMORY)
            return error_no_memory(err);
        show_reading(replay);
    }
    return true;
}

bool
replay_output_known(struct replay *replay, struct error *err)
{
    unsigned count = replay->output_partitions;
    id_set_clear(replay->known);
    if (!replay->producer)
        return true;
    struct kafka_offset *offsets = calloc(2 * count, sizeof(*offsets));
    struct kafka_consumer *reader = kafka_consumer_new(
        &replay->settings, NULL, replay->options->output, NULL, err);
    bool ok = reader != NULL;
    if (ok && !offsets)
        ok = error_no_memory(err);
    for (unsigned i = 0; ok && i < count; i++) {
        offsets[i].partition = offsets[count + i].partition = (int32_t)i;
        offsets[count + i].offset = KAFKA_BEGINNING;
    }
    ok = ok && replay_plan_ends(reader, offsets, count, err) &&
         kafka_consumer_assign(reader, offsets + count, count, err) &&
         read_all(replay, reader, offsets, count, err);
    kafka_consumer_free(reader, false);
    free(offsets);
    id_set_commit(replay->known);
    return ok;
}

/* ---- events ---- */

static bool
fail(enum kafka_outcome outcome, struct error *err)
{
    if (outcome != KAFKA_OK && err->kind == ERROR_NONE)
        error_set(err, ERROR_RETRY, "Kafka does not answer");
    return outcome == KAFKA_OK;
}

static bool
begin(struct replay *replay, struct error *err)
{
    if (replay->batch_open)
        return true;
    if (replay->producer &&
        !fail(kafka_producer_begin(replay->producer, err), err))
        return false;
    replay->batch_open = true;
    return true;
}

bool
replay_output_due(const struct replay *replay)
{
    int64_t age_ms = clock_monotonic_ms() - replay->committed_ms;
    return (age_ms >= REPLAY_BATCH_MS && replay->batch_records > 0) ||
           replay->event_count == REPLAY_BATCH_EVENTS ||
           replay->batch_records >= REPLAY_BATCH_RECORDS;
}

static bool
print(struct replay *replay, struct span event, struct error *err)
{
    CLEANUP(buffer_done) struct buffer line = {0};
    buffer_append_span(&line, event);
    buffer_append_byte(&line, '\n');
    if (!buffer_ok(&line))
        return error_no_memory(err);
    if (terminal_is(1))
        terminal_progress_clear();
    replay->output_gone = !output_write(buffer_span(&line));
    return true;
}

static void
refuse(struct replay *replay, int32_t partition, int64_t offset,
       const char *reason)
{
    size_t at = replay->refused_count;
    log_warning("replay", "the event of the post at %s/%d/%lld is left out: %s",
                replay->options->config->topics.posts, (int)partition,
                (long long)offset, reason);
    if (at == REPLAY_REFUSED_MOST)
        return;
    replay->refused[at].partition = partition;
    replay->refused[at].offset = offset;
    replay->refused_count++;
}

static bool
was_refused(const struct replay *replay, const struct kafka_message *message)
{
    for (size_t i = 0; i < replay->refused_count; i++)
        if (replay->refused[i].partition == message->partition &&
            replay->refused[i].offset == message->offset)
            return true;
    return false;
}

static bool
produce(struct replay *replay, const struct kafka_message *message,
        const struct screened *screened, struct error *err)
{
    const struct config *config = replay->options->config;
    CLEANUP(event_headers_done) struct event_headers headers = {0};
    if (!event_headers_make(&headers, config->campaign, screened,
                            matcher_rules(replay->matcher), true, err))
        return false;
    struct replay_event *event = &replay->events[replay->event_count];
    *event = (struct replay_event){.partition = message->partition,
                                   .offset = message->offset};
    const struct kafka_record record = {
        .topic = replay->options->output,
        .partition = message->partition % (int32_t)replay->output_partitions,
        .key = screened->post.id.len ? screened->post.id : message->key,
        .value = screened->event,
        .headers = headers.items,
        .header_count = headers.count,
        .delivery = &event->delivery,
    };
    enum kafka_outcome outcome;
    do
        outcome = kafka_producer_produce(replay->producer, &record, err);
    while (outcome == KAFKA_RETRY && !replay_stopping(replay));
    if (outcome == KAFKA_REFUSED) {
        refuse(replay, message->partition, message->offset, err->message);
        replay->pending.refused++;
        return true;
    }
    replay->event_count++;
    replay->pending.flagged++;
    return fail(outcome, err);
}

bool
replay_output_event(struct replay *replay, const struct kafka_message *message,
                    const struct screened *screened, struct error *err)
{
    if (was_refused(replay, message)) {
        replay->pending.refused++;
        return true;
    }
    enum id_set_answer answer =
        id_set_add(replay->known, span_of(screened->id));
    if (answer == ID_SET_NO_MEMORY)
        return error_no_memory(err);
    if (answer == ID_SET_KNOWN) {
        replay->pending.known++;
        return true;
    }
    if (replay->producer)
        return begin(replay, err) && produce(replay, message, screened, err);
    replay->pending.flagged++;
    return print(replay, screened->event, err);
}

/* ---- committing ---- */

/* What the broker refused is left out at the next try. */
static bool
check_deliveries(struct replay *replay, struct error *err)
{
    bool ok = true;
    for (size_t i = 0; i < replay->event_count; i++) {
        const struct replay_event *event = &replay->events[i];
        if (event->delivery.outcome == KAFKA_OK)
            continue;
        ok = error_set(err, ERROR_RETRY, "%s", event->delivery.reason);
        if (event->delivery.outcome == KAFKA_REFUSED)
            refuse(replay, event->partition, event->offset,
                   event->delivery.reason);
    }
    return ok;
}

static bool
send_offsets(struct replay *replay, bool done, struct error *err)
{
    unsigned count = replay->plan.count;
    struct kafka_offset *offsets = calloc(count, sizeof(*offsets));
    struct kafka_note *notes = calloc(count, sizeof(*notes));
    enum kafka_outcome outcome = KAFKA_ABORT;
    if (offsets && notes) {
        for (unsigned i = 0; i < count; i++) {
            offsets[i] =
                (struct kafka_offset){(int32_t)i, replay->plan.parts[i].next};
            replay_plan_note(replay, i, done, &notes[i]);
        }
        outcome = kafka_producer_send_notes(
            replay->producer, replay->consumer,
            replay->options->config->topics.posts, offsets, notes, count,
            REPLAY_REQUEST_MS, err);
    } else {
        error_no_memory(err);
    }
    free(offsets);
    free(notes);
    return fail(outcome, err);
}

static void
publish(struct replay *replay)
{
    replay->counts.posts += replay->pending.posts;
    replay->counts.flagged += replay->pending.flagged;
    replay->counts.known += replay->pending.known;
    replay->counts.unreadable += replay->pending.unreadable;
    replay->counts.refused += replay->pending.refused;
    replay->pending = (struct replay_counts){0};
    id_set_commit(replay->known);
    replay->event_count = 0;
    replay->batch_records = 0;
    replay->batch_open = false;
    replay->committed_ms = clock_monotonic_ms();
}

bool
replay_output_commit(struct replay *replay, bool done, struct error *err)
{
    if (replay->producer) {
        if (!begin(replay, err) ||
            !fail(
                kafka_producer_flush(replay->producer, REPLAY_REQUEST_MS, err),
                err) ||
            !check_deliveries(replay, err) ||
            !send_offsets(replay, done, err) ||
            !fail(
                kafka_producer_commit(replay->producer, REPLAY_REQUEST_MS, err),
                err))
            return false;
    }
    publish(replay);
    return true;
}
