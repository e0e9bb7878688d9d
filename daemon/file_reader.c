#include "file_reader.h"

#include <stdio.h>
#include <stdlib.h>

#include "clock.h"
#include "file_records.h"
#include "file_window.h"
#include "redact.h"
#include "utf8.h"

enum {
    RECORDS_DEFAULT = 1000,
    CHUNK = 1024 * 1024,
    /* How much of a too long line is passed over in one call. */
    SKIP_CHUNKS = 64,
};

struct file_reader {
    struct file_window window;
    struct file_records records;
    struct arena *header_arena;
    /* Where the next call is expected to go on, and in which line; when the
     * rest of a too long line is there, `skipping`. */
    uint64_t next_offset, next_line;
    bool skipping;
    char fingerprint[FILE_FINGERPRINT_SIZE];
};

struct file_reader *
file_reader_new(struct error *err)
{
    CLEANUP(file_reader_freep)
    struct file_reader *reader = calloc(1, sizeof(*reader));
    if (!reader || !(reader->header_arena = arena_new()) ||
        !(reader->records.arena = arena_new()) ||
        !(reader->records.writer = json_writer_new(&reader->records.body))) {
        error_no_memory(err);
        return NULL;
    }
    return TAKE(reader);
}

void
file_reader_free(struct file_reader *reader)
{
    if (!reader)
        return;
    file_window_done(&reader->window);
    buffer_done(&reader->records.body);
    json_writer_free(reader->records.writer);
    arena_free(reader->records.arena);
    arena_free(reader->header_arena);
    free(reader);
}

void
file_reader_freep(struct file_reader **reader)
{
    file_reader_free(*reader);
}

static void
forget_place(struct file_reader *reader)
{
    reader->next_offset = 0;
    reader->next_line = 1;
    reader->skipping = false;
    reader->records.has_header = false;
}

/* Opens the file, and finds out whether `offset` is of it. */
static bool
open_file(struct file_reader *reader, const struct request *request,
          struct response *out, struct error *err)
{
    bool same;
    bool fresh = !reader->window.file ||
                 !span_equal(buffer_span(&reader->window.path), request->url);
    if (!file_window_open(&reader->window, request->url, &same, err))
        return false;
    if (fresh || !same)
        forget_place(reader);
    bool known = !request->fingerprint.at ||
                 file_window_is(&reader->window, request->fingerprint);
    out->replaced = request->offset > 0 && (!same || !known);
    return true;
}

/* CSV: the names of the columns, which stand at the start. */
static bool
read_header(struct file_reader *reader, bool whole, struct error *err)
{
    struct file_window *window = &reader->window;
    bool reached;
    size_t taken = 0;
    arena_clear(reader->header_arena);
    if (!file_window_move(window, 0, &reached, err))
        return false;
    do {
        if (window->held.len > FILE_RECORD_MAX)
            return error_set(err, ERROR_RECORD,
                             "a header row of more than "
                             "10 MB");
        if (!file_window_fill(window, window->held.len + 1, err))
            return false;
        reader->records.complete = whole && window->at_end;
        if (!file_records_header(&reader->records, reader->header_arena,
                                 buffer_span(&window->held), &taken, err))
            return false;
    } while (taken == 0 && !window->at_end);
    reader->next_offset = taken;
    reader->next_line = 2;
    return true;
}

static size_t
take_records(struct file_reader *reader, bool csv, bool whole)
{
    struct file_window *window = &reader->window;
    reader->records.complete = whole && window->at_end;
    struct span text = buffer_span(&window->held);
    return csv ? file_records_csv(&reader->records, text)
               : file_records_ndjson(&reader->records, text);
}

/* Passes over the rest of a too long line, or a good part of it. */
static bool
skip_line(struct file_reader *reader, struct error *err)
{
    struct file_window *window = &reader->window;
    for (int i = 0; reader->skipping && i < SKIP_CHUNKS; i++) {
        bool reached;
        if (!file_window_fill(window, CHUNK, err))
            return false;
        if (window->held.len == 0 && window->damage.kind) {
            *err = window->damage;
            return false;
        }
        const char *end = window->held.len ? memchr(window->held.bytes, '\n',
                                                    window->held.len)
                                           : NULL;
        uint64_t taken =
            end ? (uint64_t)(end - window->held.bytes) + 1 : window->held.len;
        reader->skipping = !end;
        if (!file_window_move(window, window->offset + taken, &reached, err))
            return false;
        if (window->at_end)
            break;
    }
    return true;
}

/* The lines of CSV that a quote which is never closed would take with it. */
static size_t
take_lines(struct file_reader *reader)
{
    struct buffer *held = &reader->window.held;
    const char *last = memrchr(held->bytes, '\n', held->len);
    if (!last)
        return 0;
    reader->records.complete = true;
    struct span lines = {held->bytes, (size_t)(last - held->bytes) + 1};
    return file_records_csv(&reader->records, lines);
}

/* The records at the window's place; *taken: the bytes they take. */
static bool
read_records(struct file_reader *reader, const struct request *request,
             size_t *taken, struct error *err)
{
    struct file_window *window = &reader->window;
    bool csv = span_is(request->format, "csv");
    for (size_t want = CHUNK;; want = window->held.len + CHUNK) {
        if (!file_window_fill(window, want, err))
            return false;
        *taken = take_records(reader, csv, request->whole);
        if (*taken > 0)
            return true;
        if (window->damage.kind) { /* once all before it was taken */
            *err = window->damage;
            return false;
        }
        if (window->at_end)
            return true;
        if (window->held.len <= FILE_RECORD_MAX)
            continue;
        if (csv && (*taken = take_lines(reader)) > 0)
            return true;
        file_records_error(&reader->records, "a record of more than 10 MB");
        if (reader->records.line)
            reader->records.line++;
        *taken = window->held.len;
        reader->skipping = true;
        return true;
    }
}

/* To the request's offset, or to the start when it is of another file. */
static bool
go_to_offset(struct file_reader *reader, const struct request *request,
             struct response *out, struct error *err)
{
    struct file_window *window = &reader->window;
    uint64_t offset = out->replaced ? 0 : request->offset;
    if (span_is(request->format, "csv") && !reader->records.has_header) {
        if (!read_header(reader, request->whole, err))
            return false;
        offset = offset ? offset : reader->next_offset;
    } else if (offset == 0 && reader->records.has_header) {
        reader->records.has_header = false; /* the file may have changed */
        return go_to_offset(reader, request, out, err);
    }
    if (offset != reader->next_offset) {
        reader->skipping = false;
        reader->next_line = offset == 0;
    }
    bool reached;
    if (!file_window_move(window, offset, &reached, err))
        return false;
    if (reached)
        return true;
    out->replaced = true;
    forget_place(reader);
    return go_to_offset(reader, request, out, err);
}

static bool
read_file(struct file_reader *reader, const struct request *request,
          struct response *out, struct error *err)
{
    struct file_records *records = &reader->records;
    struct file_window *window = &reader->window;
    if (!open_file(reader, request, out, err) ||
        !go_to_offset(reader, request, out, err))
        return false;
    file_records_start(records, request->max_records ? request->max_records
                                                     : RECORDS_DEFAULT);
    records->line = reader->next_line;
    records->stopped = false;
    size_t taken = 0;
    if (!skip_line(reader, err) ||
        (!reader->skipping && !read_records(reader, request, &taken, err)) ||
        !file_records_end(records, err))
        return false;
    reader->next_offset = window->offset + taken;
    reader->next_line = records->line;
    file_window_fingerprint(window, reader->fingerprint);
    out->body = buffer_span(&records->body);
    out->next_offset = reader->next_offset;
    out->at_end = window->at_end && !window->damage.kind &&
                  (taken == window->held.len || !records->stopped);
    out->fingerprint = span_of(reader->fingerprint);
    return true;
}

void
file_reader_read(struct file_reader *reader, const struct request *request,
                 struct response *out)
{
    struct error err = {0};
    *out = (struct response){.status = 200};
    if (!read_file(reader, request, out, &err)) {
        CLEANUP(buffer_done) struct buffer reason = {0};
        buffer_printf(&reason, "%.*s: %s", SPAN_ARGS(request->url),
                      err.message);
        redact_text(&reason);
        *out = (struct response){.failure = RESPONSE_UNREACHABLE};
        snprintf(out->reason, sizeof(out->reason), "%.*s",
                 (int)utf8_cut(buffer_span(&reason), sizeof(out->reason) - 1),
                 buffer_text(&reason));
        file_window_done(&reader->window);
        forget_place(reader);
    }
    out->received_at_ms = clock_wall_ms();
}
