#include "display.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "buffer.h"
#include "clock.h"
#include "event_view.h"
#include "log.h"
#include "source_view.h"
#include "terminal.h"
#include "utf8.h"

enum {
    PENDING_EVENTS_MAX = 64, /* between two draws */
    PENDING_LOG_MAX = 64 * 1024,
    SOURCES_SHOWN = 12,
    NAME_COLUMNS = 24,
    KIND_COLUMNS = 10,
};

struct display {
    bool colour;
    unsigned block_lines; /* drawn last, above the cursor */

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
    pthread_mutex_lock(&display->lock);
    if (display->log.len < PENDING_LOG_MAX)
        buffer_printf(&display->log, "%s%s%s\n",
                      terminal_style(display->colour, style), line,
                      terminal_style(display->colour, STYLE_RESET));
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

/* Moves to where the block begins and clears what is below. */
static void
append_block_away(struct display *display, struct buffer *out)
{
    if (display->block_lines)
        buffer_printf(out, "\033[%uA\r\033[J", display->block_lines);
    display->block_lines = 0;
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

/* Cuts a line to the width and ends it; styles do not count. */
static void
append_line(struct display *display, struct buffer *out,
            enum terminal_style style, struct span line, unsigned width)
{
    bool cut = utf8_width(line) > width;
    while (utf8_width(line) + cut > width)
        line.len = utf8_cut(line, line.len - 1);
    buffer_append_text(out, terminal_style(display->colour, style));
    terminal_append_safe(out, line);
    if (cut)
        buffer_append_text(out, "…");
    buffer_append_text(out, terminal_style(display->colour, STYLE_RESET));
    buffer_append_byte(out, '\n');
    display->block_lines++;
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

static void
append_source(struct display *display, struct buffer *out,
              const struct source_report *report, int64_t now_ms,
              unsigned width)
{
    CLEANUP(buffer_done) struct buffer line = {0};
    buffer_append_text(&line, "  ");
    append_padded(&line, report->id, NAME_COLUMNS);
    append_padded(&line, report->connector, KIND_COLUMNS);
    buffer_printf(&line, "%6llu posts  ", (unsigned long long)report->posts);
    source_view(report, now_ms, &line);
    append_line(display, out,
                source_troubled(report) ? STYLE_YELLOW : STYLE_RESET,
                buffer_span(&line), width);
}

/* Sources in trouble come first when not all fit. */
static void
append_sources(struct display *display, struct buffer *out,
               const struct display_status *status, unsigned width)
{
    bool all_fit = status->source_count <= SOURCES_SHOWN;
    size_t shown = 0;
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < status->source_count; i++) {
            const struct source_report *report = &status->sources[i];
            bool wanted =
                all_fit ? pass == 0 : source_troubled(report) == (pass == 0);
            if (!wanted || shown == SOURCES_SHOWN)
                continue;
            append_source(display, out, report, status->now_ms, width);
            shown++;
        }
    }
    if (shown < status->source_count) {
        char line[64];
        snprintf(line, sizeof(line), "  … and %zu more sources",
                 status->source_count - shown);
        append_line(display, out, STYLE_DIM, span_of(line), width);
    }
}

static void
append_block(struct display *display, struct buffer *out,
             const struct display_status *status, unsigned width)
{
    CLEANUP(buffer_done) struct buffer line = {0};
    char running[CLOCK_TEXT_SIZE];
    clock_format_duration(status->running_ms, running);
    buffer_printf(&line,
                  "── %s · %s · rules %s (generation %llu) · Kafka at %s",
                  status->campaign, running, status->rules_version,
                  (unsigned long long)status->rules_generation, status->broker);
    append_line(display, out, STYLE_BOLD, buffer_span(&line), width);
    append_sources(display, out, status, width);

    buffer_clear(&line);
    const struct screen_counts *screen = &status->screen;
    buffer_printf(
        &line,
        "  %llu posts stored, %llu screened, %llu flagged, "
        "%llu rejected · Ctrl-C ends",
        (unsigned long long)status->ingest.posts,
        (unsigned long long)screen->posts, (unsigned long long)screen->flagged,
        (unsigned long long)(status->ingest.rejected + screen->rejected));
    append_line(display, out, STYLE_BOLD, buffer_span(&line), width);
    const char *const troubles[] = {status->ingest.trouble, screen->trouble};
    for (size_t i = 0; i < COUNT_OF(troubles); i++)
        if (troubles[i][0])
            append_line(display, out, STYLE_YELLOW, span_of(troubles[i]),
                        width);
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
    unsigned width = terminal_width(STDOUT_FILENO);
    CLEANUP(buffer_done) struct buffer out = {0};
    append_block_away(display, &out);
    append_pending(display, &out);
    append_block(display, &out, status, width > 1 ? width - 1 : 1);
    return !buffer_ok(&out) || write_out(&out);
}
