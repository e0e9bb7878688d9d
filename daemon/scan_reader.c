#include "scan_reader.h"

#include <string.h>

#include "byte_file.h"
#include "post.h"

/* Large enough that handing over costs nothing, small enough that a ring of
 * them stays in the cache of a usual machine. */
#define CHUNK_BYTES ((size_t)1024 * 1024)
#define READ_LEAST ((size_t)64 * 1024)
#define STOP_CHECK_MS 200

/* One source while it is read. */
struct feed_state {
    struct scan_reader *reader;
    struct scan_source *source;
    struct scan_chunk *chunk;
    uint64_t line; /* of the chunk's first byte */
    struct byte_file *file;
    bool skipping; /* inside a line that is too large */
    bool ended;
};

/* Waits for input; false when the scan was stopped meanwhile. */
static bool
wait_for_input(struct feed_state *state)
{
    while (!byte_file_waits(state->file, STOP_CHECK_MS))
        if (scan_queue_stopped(state->reader->queue))
            return false;
    return true;
}

static size_t
whole_lines(struct span text)
{
    const char *last = text.len ? memrchr(text.at, '\n', text.len) : NULL;
    return last ? (size_t)(last - text.at) + 1 : 0;
}

/* The length of the whole lines at the start of what was read, of CSV: of the
 * whole rows. */
static size_t
whole_records(const struct feed_state *state)
{
    struct span text = buffer_span(&state->chunk->input);
    if (state->reader->input != SCAN_CSV_IN)
        return whole_lines(text);
    const char *end = text.len ? memchr(text.at, '\n', text.len) : NULL;
    if (!end)
        return 0;
    struct span line = {text.at, (size_t)(end - text.at)};
    bool header = state->source->column_count == 0;
    size_t len = csv_whole_rows(text, header ? csv_delimiter(line)
                                             : state->source->delimiter);
    /* A quote that is never closed takes one line with it, not all of them. */
    return len == 0 && text.len > POST_INPUT_MAX ? whole_lines(text) : len;
}

static uint64_t
count_lines(struct span text)
{
    uint64_t count = 0;
    while (text.len) {
        const char *end = memchr(text.at, '\n', text.len);
        if (!end)
            break;
        count++;
        text = span_from(text, (size_t)(end - text.at) + 1);
    }
    return count;
}

/* Gets an empty chunk that starts with what was carried over. */
static bool
start_chunk(struct feed_state *state)
{
    struct scan_reader *reader = state->reader;
    state->chunk = scan_queue_empty(reader->queue);
    if (!state->chunk)
        return false;
    state->chunk->source = state->source;
    state->chunk->first_line = state->line;
    buffer_append_span(&state->chunk->input, buffer_span(&reader->carry));
    buffer_clear(&reader->carry);
    return true;
}

/* Hands on the first len bytes of the chunk and carries the rest over. */
static void
finish_chunk(struct feed_state *state, size_t len)
{
    struct scan_chunk *chunk = state->chunk;
    struct span all = buffer_span(&chunk->input);
    buffer_append_span(&state->reader->carry, span_from(all, len));
    chunk->input.len = len;
    chunk->position = state->reader->position;
    state->line += count_lines(buffer_span(&chunk->input));
    state->chunk = NULL;
    scan_queue_filled(state->reader->queue, chunk);
}

/* Passes over the rest of a line that is too large. */
static void
skip_line(struct feed_state *state)
{
    struct buffer *input = &state->chunk->input;
    const char *end = memchr(input->bytes, '\n', input->len);
    if (!end) {
        buffer_clear(input);
        return;
    }
    buffer_consume(input, (size_t)(end - input->bytes) + 1);
    state->skipping = false;
    state->chunk->first_line = ++state->line;
}

/* Takes the header row of CSV off its first chunk. */
static bool
take_header(struct feed_state *state, size_t *len, struct error *err)
{
    struct buffer *input = &state->chunk->input;
    if (state->reader->input != SCAN_CSV_IN || state->source->column_count ||
        *len == 0)
        return true;
    struct csv_reader header;
    struct span rows = {input->bytes, *len};
    if (!scan_source_header(state->source, rows, &header, err))
        return false;
    buffer_consume(input, header.offset);
    *len -= header.offset;
    state->line += header.line - 1;
    state->chunk->first_line = state->line;
    return true;
}

/* What was read so far is handed on, or waits for the rest of its line. */
static bool
cut(struct feed_state *state, struct error *err)
{
    struct buffer *input = &state->chunk->input;
    if (state->skipping)
        skip_line(state);
    size_t len = whole_records(state);
    if (!take_header(state, &len, err))
        return false;
    if (len) {
        finish_chunk(state, len);
        return start_chunk(state);
    }
    if (input->len <= POST_INPUT_MAX)
        return true;
    state->chunk->oversized.line = state->line;
    buffer_clear(input);
    state->skipping = true;
    finish_chunk(state, 0);
    return start_chunk(state);
}

static bool
read_some(struct feed_state *state, struct error *err)
{
    struct buffer *input = &state->chunk->input;
    size_t room = input->len + READ_LEAST < CHUNK_BYTES
                      ? CHUNK_BYTES - input->len
                      : READ_LEAST;
    char *at = buffer_reserve(input, room);
    if (!at)
        return error_no_memory(err);
    size_t got;
    if (!byte_file_read(state->file, at, room, &got, err))
        return error_wrap(err, "%s", state->source->name);
    state->ended = got == 0;
    input->len += got;
    state->reader->position =
        state->reader->former + byte_file_position(state->file);
    return true;
}

/* A file that ends in the middle is screened up to there. */
static void
hand_on_the_rest(struct feed_state *state)
{
    if (state->skipping)
        skip_line(state);
    size_t len = whole_records(state);
    if (len && take_header(state, &len, NULL))
        finish_chunk(state, len);
}

/* false: failed, or stopped (then err is not set). */
static bool
read_lines(struct feed_state *state, struct error *err)
{
    if (!start_chunk(state))
        return false;
    while (!state->ended) {
        if (!wait_for_input(state))
            return false;
        if (!read_some(state, err)) {
            hand_on_the_rest(state);
            return false;
        }
        bool full = state->chunk->input.len >= CHUNK_BYTES;
        if ((full || !byte_file_waits(state->file, 0)) && !cut(state, err))
            return false;
    }
    if (state->skipping)
        skip_line(state);
    size_t len = state->chunk->input.len;
    if (!take_header(state, &len, err))
        return false;
    finish_chunk(state, len);
    return true;
}

static bool
read_source(struct scan_reader *reader, struct scan_source *source,
            struct error *err)
{
    struct feed_state state = {.reader = reader, .source = source, .line = 1};
    CLEANUP(byte_file_closep)
    struct byte_file *file = byte_file_open(source->path, err);
    if (!file)
        return false;
    state.file = file;
    bool done = read_lines(&state, err);
    reader->former = reader->position;
    return done;
}

void *
scan_reader_run(void *context)
{
    struct scan_reader *reader = context;
    struct error err = {0};
    for (size_t i = 0; i < reader->source_count; i++)
        if (!read_source(reader, &reader->sources[i], &err))
            break;
    scan_queue_end(reader->queue, &err);
    return NULL;
}
