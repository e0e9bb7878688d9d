#include "scan_worker.h"

#include <stdio.h>

#include "clock.h"
#include "json_string.h"
#include "scan_rows.h"
#include "utf8.h"

bool
scan_worker_init(struct scan_worker *worker, struct scan_queue *queue,
                 const struct matcher *matcher,
                 const struct scan_options *options, struct error *err)
{
    *worker = (struct scan_worker){
        .queue = queue, .matcher = matcher, .options = options};
    worker->screener = screener_new(err);
    if (!worker->screener)
        return false;
    worker->arena = arena_new();
    if (worker->arena &&
        scan_tally_init(&worker->tally, matcher_rules(matcher)))
        return true;
    scan_worker_done(worker);
    return error_no_memory(err);
}

void
scan_worker_done(struct scan_worker *worker)
{
    screener_free(worker->screener);
    scan_tally_done(&worker->tally);
    arena_free(worker->arena);
    buffer_done(&worker->record);
    buffer_done(&worker->id);
    *worker = (struct scan_worker){0};
}

static void
bad_line(struct scan_chunk *chunk, uint64_t line, const char *reason)
{
    if (chunk->bad < SCAN_BAD_NAMED) {
        struct scan_bad *bad = &chunk->named[chunk->bad];
        bad->line = line;
        snprintf(bad->reason, sizeof(bad->reason), "%.*s",
                 (int)sizeof(bad->reason) - 1, reason);
    }
    chunk->bad++;
}

/* The id of a post that has none: its line, after the name of its file when
 * there are several. */
static struct span
line_id(struct scan_worker *worker, const struct scan_chunk *chunk,
        uint64_t line)
{
    char digits[20];
    size_t at = sizeof(digits);
    do
        digits[--at] = (char)('0' + line % 10);
    while (line /= 10);
    buffer_clear(&worker->id);
    if (chunk->source->in_ids) {
        utf8_repair(&worker->id, span_of(chunk->source->name));
        buffer_append_byte(&worker->id, ':');
    }
    buffer_append(&worker->id, digits + at, sizeof(digits) - at);
    return buffer_span(&worker->id);
}

static struct span
record_of_text(struct scan_worker *worker, struct span line)
{
    buffer_clear(&worker->record);
    buffer_append_text(&worker->record, "{\"text\":\"");
    json_string_encode(&worker->record, line);
    buffer_append_text(&worker->record, "\"}");
    return buffer_span(&worker->record);
}

static void
emit(struct scan_worker *worker, struct scan_chunk *chunk,
     const struct screened *screened)
{
    chunk->flagged++;
    scan_tally_count(&worker->tally, &screened->matches);
    switch (worker->options->output) {
    case SCAN_NDJSON_OUT:
        buffer_append_span(&chunk->output, screened->event);
        buffer_append_byte(&chunk->output, '\n');
        break;
    case SCAN_CSV_OUT:
        scan_rows_append(&chunk->output, screened,
                         matcher_rules(worker->matcher));
        break;
    case SCAN_SUMMARY_OUT:
        break;
    }
}

/* false: the scan cannot go on; chunk->error says why. */
static bool
screen_record(struct scan_worker *worker, struct scan_chunk *chunk,
              struct span record, uint64_t line, int64_t now_ms)
{
    struct screened screened;
    struct error err = {0};
    chunk->posts++;
    if (screener_screen(worker->screener, worker->matcher, record,
                        line_id(worker, chunk, line), now_ms, false, &screened,
                        &err)) {
        chunk->repaired += screened.post.repaired;
        if (screened.matches.count)
            emit(worker, chunk, &screened);
        return true;
    }
    if (err.kind == ERROR_RECORD) {
        bad_line(chunk, line, err.message);
        return true;
    }
    chunk->error = err;
    return false;
}

static void
screen_lines(struct scan_worker *worker, struct scan_chunk *chunk)
{
    struct span rest = buffer_span(&chunk->input);
    int64_t now_ms = clock_wall_ms();
    for (uint64_t line = chunk->first_line; rest.len; line++) {
        const char *end = memchr(rest.at, '\n', rest.len);
        size_t len = end ? (size_t)(end - rest.at) : rest.len;
        struct span record = {rest.at, len};
        rest = span_from(rest, end ? len + 1 : len);
        if (record.len && record.at[record.len - 1] == '\r')
            record.len--;
        if (line == 1 && span_starts(record, "\xEF\xBB\xBF"))
            record = span_from(record, 3);
        if (span_trim(record).len == 0)
            continue;
        if (worker->options->input == SCAN_TEXT_IN)
            record = record_of_text(worker, record);
        if (!screen_record(worker, chunk, record, line, now_ms))
            return;
    }
}

static void
screen_rows(struct scan_worker *worker, struct scan_chunk *chunk)
{
    struct csv_reader csv;
    int64_t now_ms = clock_wall_ms();
    csv_start(&csv, buffer_span(&chunk->input), chunk->source->delimiter);
    csv.complete = true;
    for (;;) {
        struct csv_row row;
        arena_clear(worker->arena);
        enum csv_result result = csv_read(&csv, worker->arena, &row);
        uint64_t line = chunk->first_line + row.line - 1;
        if (result == CSV_END)
            return;
        if (result == CSV_NO_MEMORY) {
            error_no_memory(&chunk->error);
            return;
        }
        if (result == CSV_BROKEN) {
            chunk->posts++;
            bad_line(chunk, line,
                     "a quote that is not closed, or text after a closing one");
            continue;
        }
        buffer_clear(&worker->record);
        scan_source_record(chunk->source, &row, &worker->record);
        if (!screen_record(worker, chunk, buffer_span(&worker->record), line,
                           now_ms))
            return;
    }
}

static void
screen_chunk(struct scan_worker *worker, struct scan_chunk *chunk)
{
    if (chunk->oversized.line) {
        chunk->posts++;
        bad_line(chunk, chunk->oversized.line, "larger than 10 MB");
    }
    if (worker->options->input == SCAN_CSV_IN)
        screen_rows(worker, chunk);
    else
        screen_lines(worker, chunk);
    if (chunk->error.kind == ERROR_NONE && !buffer_ok(&chunk->output))
        error_no_memory(&chunk->error);
}

void *
scan_worker_run(void *context)
{
    struct scan_worker *worker = context;
    struct scan_chunk *chunk;
    while ((chunk = scan_queue_take(worker->queue))) {
        screen_chunk(worker, chunk);
        scan_queue_screened(worker->queue, chunk);
    }
    return NULL;
}
