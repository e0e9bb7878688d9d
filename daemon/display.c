#include "display.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "buffer.h"
#include "clock.h"
#include "event_view.h"
#include "log.h"
#include "source_view.h"
#include "terminal.h"
#include "utf8.h"
#include "wrap.h"

enum {
    PENDING_EVENTS_MAX = 64, /* between two draws */
    PENDING_LOG_MAX = 64 * 1024,
    LOG_LINES_MOST = 8,
    SOURCE_LINES_MOST = 16,
    STATE_LINES_MOST = 3, /* of one source, on a narrow terminal */
    LOW_SCREEN = 16,      /* rows, below which one line must do for each */
    OTHER_LINES = 6,      /* of what rolls by */
    NAME_COLUMNS = 24,
    SOURCE_MARGIN = 3, /* before it, and one column that stays free */
    HINT_COLUMNS = 72, /* from which on there is room for hints */
};

struct display {
    bool colour;
    struct buffer block;        /* drawn last, above the cursor */
    unsigned width, lines_most; /* of this draw; lines for one state */

    pthread_mutex_t lock;                     /* guards what follows */
    struct buffer log;                        /* whole lines */
    struct buffer events[PENDING_EVENTS_MAX]; /* a ring of JSON texts */
    size_t event_first, event_count, event_skipped;
};

static void
display_log(void *context, enum log_level level, const char *line)
{
    struct display *display = context;
    enum terminal_style style = level <= LOG_LEVEL_ERROR     ? STYLE_RED
                                : level <= LOG_LEVEL_WARNING ? STYLE_YELLOW
                                                             : STYLE_DIM;
    unsigned width = terminal_width(STDOUT_FILENO);
    pthread_mutex_lock(&display->lock);
    if (display->log.len < PENDING_LOG_MAX) {
        buffer_append_text(&display->log,
                           terminal_style(display->colour, style));
        wrap_text(&display->log, span_of(line), width, "", "  ", LOG_LINES_MOST,
                  NULL);
        buffer_append_text(&display->log,
                           terminal_style(display->colour, STYLE_RESET));
    }
    pthread_mutex_unlock(&display->lock);
}

struct display *
display_new(void)
{
    struct display *display = calloc(1, sizeof(*display));
    if (!display)
        return NULL;
    display->colour = terminal_colour(STDOUT_FILENO);
    pthread_mutex_init(&display->lock, NULL);
    log_set_hook(display_log, display);
    return display;
}

static bool
write_out(const struct buffer *text)
{
    const char *at = text->bytes;
    size_t left = text->len;
    while (left > 0) {
        ssize_t written = write(STDOUT_FILENO, at, left);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        at += written;
        left -= (size_t)written;
    }
    return true;
}

/* Columns of a line, whose styles take none. */
static size_t
columns_of(struct span line)
{
    CLEANUP(buffer_done) struct buffer bare = {0};
    for (size_t i = 0; i < line.len; i++) {
        if (line.at[i] == '\033')
            while (i < line.len && line.at[i] != 'm')
                i++;
        else
            buffer_append_byte(&bare, line.at[i]);
    }
    return utf8_width(buffer_span(&bare));
}

/* Rows that a text takes: a terminal that became narrower broke its lines. */
static unsigned
rows_of(struct span text, unsigned width)
{
    size_t rows = 0;
    const char *end;
    while (text.len && (end = memchr(text.at, '\n', text.len))) {
        size_t len = (size_t)(end - text.at);
        size_t columns = columns_of((struct span){text.at, len});
        rows += columns ? (columns + width - 1) / width : 1;
        text = span_from(text, len + 1);
    }
    return (unsigned)rows;
}

/* Moves to where the block begins and clears what is below. */
static void
append_block_away(struct display *display, struct buffer *out)
{
    unsigned rows =
        rows_of(buffer_span(&display->block), terminal_width(STDOUT_FILENO));
    if (rows)
        buffer_printf(out, "\033[%uA\r\033[J", rows);
    buffer_clear(&display->block);
}

/* What came since the last draw, above the block. */
static void
append_pending(struct display *display, struct buffer *out)
{
    unsigned width = terminal_width(STDOUT_FILENO);
    struct buffer events[PENDING_EVENTS_MAX] = {0};
    size_t count, skipped;

    pthread_mutex_lock(&display->lock);
    buffer_append_span(out, buffer_span(&display->log));
    buffer_clear(&display->log);
    count = display->event_count;
    skipped = display->event_skipped;
    for (size_t i = 0; i < count; i++) {
        size_t from = (display->event_first + i) % PENDING_EVENTS_MAX;
        events[i] = display->events[from];
        display->events[from] = (struct buffer){0};
    }
    display->event_first = display->event_count = display->event_skipped = 0;
    pthread_mutex_unlock(&display->lock);

    for (size_t i = 0; i < count; i++) {
        if (buffer_ok(&events[i]))
            event_view(out, buffer_span(&events[i]), width, display->colour);
        buffer_done(&events[i]);
    }
    if (skipped)
        buffer_printf(out,
                      "… and %zu more events, faster than can be shown "
                      "here; all are in the topic\n",
                      skipped);
}

/* In as many lines as it takes, up to `most`; returns how many. */
static unsigned
append_lines(const struct display *display, struct buffer *out,
             enum terminal_style style, struct span text, const char *indent,
             unsigned most)
{
    CLEANUP(buffer_done) struct buffer lines = {0};
    wrap_text(&lines, text, display->width, indent, "    ", most, NULL);
    unsigned count = 0;
    for (size_t i = 0; i < lines.len; i++)
        count += lines.bytes[i] == '\n';
    buffer_append_text(out, terminal_style(display->colour, style));
    buffer_append_span(out, buffer_span(&lines));
    buffer_append_text(out, terminal_style(display->colour, STYLE_RESET));
    return count;
}

static void
append_padded(struct buffer *line, const char *text, unsigned columns)
{
    size_t width = utf8_width(span_of(text));
    buffer_append_text(line, text);
    do
        buffer_append_byte(line, ' ');
    while (++width <= columns);
}

/* Columns of the longest id. */
static unsigned
name_columns(const struct display_status *status)
{
    size_t columns = 0;
    for (size_t i = 0; i < status->source_count; i++) {
        size_t width = utf8_width(span_of(status->sources[i].id));
        columns = width > columns ? width : columns;
    }
    return columns < NAME_COLUMNS ? (unsigned)columns : NAME_COLUMNS;
}

/* One line, or more where the state does not fit beside the rest. Returns
 * whether there was room for it. */
static bool
append_source(const struct display *display, struct buffer *out,
              const struct display_status *status, size_t at, size_t *room)
{
    CLEANUP(buffer_done) struct buffer line = {0};
    CLEANUP(buffer_done) struct buffer state = {0};
    CLEANUP(buffer_done) struct buffer lines = {0};
    const struct source_report *report = &status->sources[at];
    enum terminal_style style =
        source_troubled(report) ? STYLE_YELLOW : STYLE_RESET;
    unsigned count = 0;
    append_padded(&line, report->id, name_columns(status));
    buffer_printf(&line, "%6llu posts  ", (unsigned long long)report->posts);
    source_view(report, status->now_ms, &state);
    size_t columns =
        utf8_width(buffer_span(&line)) + utf8_width(buffer_span(&state));
    if (columns + SOURCE_MARGIN > display->width) {
        count =
            append_lines(display, &lines, style, buffer_span(&line), "  ", 1);
        buffer_clear(&line);
    }
    buffer_append_span(&line, buffer_span(&state));
    count += append_lines(display, &lines, style, buffer_span(&line),
                          count ? "    " : "  ", display->lines_most);
    if (count > *room)
        return false;
    *room -= count;
    buffer_append_span(out, buffer_span(&lines));
    return true;
}

/* Sources in trouble come first when not all fit. */
static void
append_sources(const struct display *display, struct buffer *out,
               const struct display_status *status, size_t room)
{
    size_t shown = 0;
    bool in_order = status->source_count * 2 <= room;
    for (int pass = 0; pass < (in_order ? 1 : 2); pass++)
        for (size_t i = 0; i < status->source_count; i++) {
            bool troubled = source_troubled(&status->sources[i]);
            if (in_order || troubled == (pass == 0))
                shown += append_source(display, out, status, i, &room);
        }
    if (shown < status->source_count) {
        char line[64];
        snprintf(line, sizeof(line), "… and %zu more source%s",
                 status->source_count - shown,
                 status->source_count - shown == 1 ? "" : "s");
        (void)append_lines(display, out, STYLE_DIM, span_of(line), "  ", 1);
    }
}

static unsigned
append_head(const struct display *display, struct buffer *out,
            const struct display_status *status)
{
    CLEANUP(buffer_done) struct buffer line = {0};
    char running[CLOCK_TEXT_SIZE];
    clock_format_duration(status->running_ms, running);
    buffer_printf(&line, "%s · %s · Kafka at %s · rules %s", status->campaign,
                  running, status->broker, status->rules_version);
    if (display->width >= HINT_COLUMNS)
        buffer_printf(&line, " (generation %llu)",
                      (unsigned long long)status->rules_generation);
    return append_lines(display, out, STYLE_BOLD, buffer_span(&line), "── ",
                        display->lines_most);
}

static unsigned
append_foot(const struct display *display, struct buffer *out,
            const struct display_status *status)
{
    CLEANUP(buffer_done) struct buffer line = {0};
    const struct screen_counts *screen = &status->screen;
    buffer_printf(
        &line,
        "%llu posts stored, %llu screened, %llu flagged, %llu rejected%s",
        (unsigned long long)status->ingest.posts,
        (unsigned long long)screen->posts, (unsigned long long)screen->flagged,
        (unsigned long long)(status->ingest.rejected + screen->rejected),
        display->width >= HINT_COLUMNS ? " · Ctrl-C ends" : "");
    unsigned lines = append_lines(display, out, STYLE_BOLD, buffer_span(&line),
                                  "  ", display->lines_most);
    const char *const troubles[] = {status->ingest.trouble,
                                    status->screen.trouble};
    for (size_t i = 0; i < COUNT_OF(troubles); i++)
        lines += append_lines(display, out, STYLE_YELLOW, span_of(troubles[i]),
                              "", display->lines_most);
    return lines;
}

/* The sources take what head and foot leave of the screen. */
static void
append_block(struct display *display, struct buffer *out,
             const struct display_status *status)
{
    CLEANUP(buffer_done) struct buffer foot = {0};
    struct buffer *block = &display->block;
    unsigned rows = terminal_height(STDOUT_FILENO);
    display->lines_most = rows < LOW_SCREEN ? 1 : STATE_LINES_MOST;
    unsigned lines = append_head(display, block, status);
    lines += append_foot(display, &foot, status);
    size_t room = rows > lines + OTHER_LINES ? rows - lines - OTHER_LINES : 1;
    append_sources(display, block, status,
                   room < SOURCE_LINES_MOST ? room : SOURCE_LINES_MOST);
    buffer_append_span(block, buffer_span(&foot));
    buffer_append_span(out, buffer_span(block));
}

void
display_free(struct display *display)
{
    if (!display)
        return;
    log_set_hook(NULL, NULL);
    CLEANUP(buffer_done) struct buffer out = {0};
    append_block_away(display, &out);
    append_pending(display, &out);
    if (buffer_ok(&out))
        write_out(&out);
    buffer_done(&display->block);
    buffer_done(&display->log);
    for (size_t i = 0; i < PENDING_EVENTS_MAX; i++)
        buffer_done(&display->events[i]);
    pthread_mutex_destroy(&display->lock);
    free(display);
}

void
display_freep(struct display **display)
{
    display_free(*display);
}

void
display_event(struct display *display, struct span event_json)
{
    pthread_mutex_lock(&display->lock);
    if (display->event_count == PENDING_EVENTS_MAX) {
        display->event_first = (display->event_first + 1) % PENDING_EVENTS_MAX;
        display->event_count--;
        display->event_skipped++;
    }
    size_t at =
        (display->event_first + display->event_count++) % PENDING_EVENTS_MAX;
    buffer_clear(&display->events[at]);
    buffer_append_span(&display->events[at], event_json);
    pthread_mutex_unlock(&display->lock);
}

bool
display_draw(struct display *display, const struct display_status *status)
{
    CLEANUP(buffer_done) struct buffer out = {0};
    display->width = terminal_width(STDOUT_FILENO);
    append_block_away(display, &out);
    append_pending(display, &out);
    append_block(display, &out, status);
    return !buffer_ok(&out) || write_out(&out);
}
