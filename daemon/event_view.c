#include "event_view.h"

#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "json.h"
#include "rules.h"
#include "terminal.h"
#include "utf8.h"
#include "wrap.h"

enum {
    TEXT_LINES_MOST = 4,
    MATCHES_SHOWN = 5,
    CONTEXT_BYTES = 160, /* of text before the first match */
};

struct view {
    struct buffer *out;
    unsigned width;
    bool colour;
};

static struct span
text_of(const struct json *object, const char *name)
{
    return json_text(json_member(object, name));
}

static int64_t
number_of(const struct json *value)
{
    int64_t number = 0;
    return json_int64(value, &number) ? number : 0;
}

static void
append_list(struct buffer *out, const struct json *list, const char *separator)
{
    for (const struct json *item = list ? list->first : NULL; item;
         item = item->next) {
        buffer_append_span(out, json_text(item));
        if (item->next)
            buffer_append_text(out, separator);
    }
}

static enum terminal_style
severity_style(int64_t severity)
{
    return severity >= 4   ? STYLE_RED
           : severity == 3 ? STYLE_YELLOW
                           : STYLE_CYAN;
}

/* "2026-11-23T10:00:05Z" to "10:00:05" */
static struct span
time_of_day(struct span stamp)
{
    return stamp.len >= 19 ? (struct span){stamp.at + 11, 8} : stamp;
}

static void
view_head(const struct view *view, const struct json *event)
{
    CLEANUP(buffer_done) struct buffer line = {0};
    const struct json *post = json_member(event, "post");
    int64_t severity = number_of(json_member(event, "severity"));
    buffer_printf(&line, "severity %lld  ", (long long)severity);
    append_list(&line, json_member(event, "categories"), ", ");
    buffer_printf(&line, "  %.*s  %.*s", SPAN_ARGS(text_of(post, "source")),
                  SPAN_ARGS(time_of_day(text_of(event, "flagged_at"))));
    wrap_line(view->out, buffer_span(&line), view->width, "",
              terminal_style(view->colour, severity_style(severity)),
              terminal_style(view->colour, STYLE_RESET));
}

/* The bytes [start, end) of a match in a field, or an empty pair. */
static bool
match_bytes(const struct json *match, const char *field, size_t size,
            size_t pair[2])
{
    const struct json *bytes = json_member(match, "bytes");
    if (!span_is(text_of(match, "field"), field) || !bytes || bytes->count != 2)
        return false;
    int64_t start = number_of(bytes->first), end = number_of(bytes->last);
    if (start < 0 || end <= start || (uint64_t)end > size)
        return false;
    pair[0] = (size_t)start;
    pair[1] = (size_t)end;
    return true;
}

static size_t
first_match(const struct json *matches, const char *field, size_t size)
{
    size_t first = SIZE_MAX, pair[2];
    for (const struct json *match = matches->first; match; match = match->next)
        if (match_bytes(match, field, size, pair) && pair[0] < first)
            first = pair[0];
    return first;
}

/* Long texts begin shortly before the first match. */
static size_t
start_of_view(struct span text, size_t first)
{
    if (first <= CONTEXT_BYTES)
        return 0;
    size_t start = utf8_cut(text, first - CONTEXT_BYTES / 2);
    const char *blank = memchr(text.at + start, ' ', first - start);
    return blank ? (size_t)(blank - text.at) + 1 : start;
}

static void
mark_matches(const struct json *matches, const char *field, struct span text,
             size_t start, struct wrap_marks *marks)
{
    size_t pair[2];
    for (const struct json *match = matches->first; match; match = match->next)
        if (match_bytes(match, field, text.len, pair) && pair[0] >= start)
            wrap_mark(marks, pair[0] - start, pair[1] - start);
}

static void
view_field(const struct view *view, const struct json *event, const char *field)
{
    const struct json *post = json_member(event, "post");
    const struct json *matches = json_member(event, "matches");
    struct span text = text_of(post, field);
    size_t first = first_match(matches, field, text.len);
    if (first == SIZE_MAX)
        return;
    size_t start = start_of_view(text, first);
    struct wrap_marks marks = {
        .on = view->colour ? "\033[1;7m" : "[",
        .off = view->colour ? terminal_style(true, STYLE_RESET) : "]",
        .columns = view->colour ? 0 : 1,
    };
    mark_matches(matches, field, text, start, &marks);
    wrap_text(view->out, span_from(text, start), view->width,
              start ? "  \u2026 " : "  ", "  ", TEXT_LINES_MOST, &marks);
}

static void
append_disguises(struct buffer *line, const struct json *through)
{
    const char *separator = ": ";
    for (const struct json *item = through ? through->first : NULL; item;
         item = item->next)
        for (unsigned bit = 0; bit < DISGUISE_COUNT; bit++)
            if (span_is(json_text(item), disguise_name(bit))) {
                buffer_printf(line, "%s%s", separator, disguise_phrase(bit));
                separator = ", ";
            }
}

static void
append_form(struct buffer *line, const struct json *match)
{
    struct span form = text_of(match, "form");
    buffer_append_text(line, span_is(form, "exact") ? "as in the dictionary"
                             : span_is(form, "inflected") ? "in another form"
                                                          : "disguised");
    append_disguises(line, json_member(match, "through"));
}

/* "а***": enough to find it again, not enough to spread it. */
static void
append_masked(struct buffer *out, struct span text)
{
    size_t first = 0, letters = utf8_count(text);
    bool valid;
    if (text.len)
        utf8_next(text, &first, &valid);
    buffer_append(out, text.at, first);
    for (size_t i = 1; i < letters && i < 12; i++)
        buffer_append_byte(out, '*');
}

static void
append_quoted(struct buffer *line, struct span text, bool masked)
{
    buffer_append_text(line, "\u201C");
    if (masked)
        append_masked(line, text);
    else
        buffer_append_span(line, text);
    buffer_append_text(line, "\u201D");
}

static void
append_parts(struct buffer *line, const struct json *parts, bool masked)
{
    for (const struct json *part = parts->first; part; part = part->next) {
        buffer_append_text(line, part == parts->first ? "" : " + ");
        append_quoted(line, text_of(part, "text"), masked);
        buffer_printf(line, " is %.*s",
                      SPAN_ARGS(text_of(part, "role").at
                                    ? text_of(part, "role")
                                    : text_of(part, "entry")));
        if (span_is(text_of(part, "form"), "disguised")) {
            buffer_append_text(line, " (disguised");
            append_disguises(line, json_member(part, "through"));
            buffer_append_byte(line, ')');
        }
    }
}

/* Masked: without the gloss, which may quote the word, too. */
static void
append_why(struct buffer *line, const struct json *match, bool masked)
{
    const struct json *parts = json_member(match, "parts");
    struct span gloss = text_of(match, "gloss");
    struct span softened = text_of(match, "softened_by");
    struct span raised = text_of(match, "raised_by");
    if (parts && parts->count) {
        append_parts(line, parts, masked);
    } else {
        append_quoted(line, text_of(match, "text"), masked);
        buffer_append_byte(line, ' ');
        append_form(line, match);
    }
    buffer_printf(line, "; %.*s %.*s", SPAN_ARGS(text_of(match, "kind")),
                  SPAN_ARGS(text_of(match, "entry")));
    if (gloss.len && !masked)
        buffer_printf(line, ", %.*s", SPAN_ARGS(gloss));
    if (softened.len)
        buffer_printf(line, "; lowered because of %.*s", SPAN_ARGS(softened));
    if (raised.len)
        buffer_printf(line, "; raised by %.*s", SPAN_ARGS(raised));
    if (span_is(text_of(match, "review"), "draft") && !masked)
        buffer_append_text(line, " (draft)");
}

static void
view_match(const struct view *view, const struct json *match)
{
    CLEANUP(buffer_done) struct buffer line = {0};
    buffer_append_text(&line, "why: ");
    append_why(&line, match, false);
    wrap_text(view->out, buffer_span(&line), view->width, "  ", "       ",
              TEXT_LINES_MOST, NULL);
}

static void
view_matches(const struct view *view, const struct json *event)
{
    const struct json *matches = json_member(event, "matches");
    int64_t total = number_of(json_member(event, "matches_total")), shown = 0;
    for (const struct json *match = matches->first;
         match && shown < MATCHES_SHOWN; match = match->next, shown++)
        view_match(view, match);
    if (total > shown)
        buffer_printf(view->out, "  and %lld more\n",
                      (long long)(total - shown));
}

void
event_view(struct buffer *out, struct span event_json, unsigned width,
           bool colour)
{
    struct error err = {0};
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    const struct json *event =
        arena ? json_parse(arena, event_json, NULL, &err) : NULL;
    if (!event || !json_member(event, "matches")) {
        buffer_printf(out, "an event that cannot be read: %s\n", err.message);
        return;
    }
    const struct view view = {out, width, colour};
    view_head(&view, event);
    view_field(&view, event, "title");
    view_field(&view, event, "text");
    view_matches(&view, event);
    struct span url = text_of(json_member(event, "post"), "url");
    if (url.len)
        wrap_text(out, url, width, "  ", "  ", TEXT_LINES_MOST, NULL);
    buffer_append_byte(out, '\n');
}

/* "; and 3 more" after the gravest ones. */
static void
line_matches(struct buffer *line, const struct json *event)
{
    const struct json *matches = json_member(event, "matches");
    int64_t total = number_of(json_member(event, "matches_total")), shown = 0;
    for (const struct json *match = matches->first;
         match && shown < MATCHES_SHOWN; match = match->next, shown++) {
        buffer_append_text(line, shown ? "; and " : ": ");
        append_why(line, match, true);
    }
    if (total > shown)
        buffer_printf(line, "; and %lld more", (long long)(total - shown));
}

void
event_line(struct buffer *out, struct span event_json)
{
    struct error err = {0};
    CLEANUP(buffer_done) struct buffer line = {0};
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    const struct json *event =
        arena ? json_parse(arena, event_json, NULL, &err) : NULL;
    if (!event || !json_member(event, "matches")) {
        buffer_printf(out, "an event that cannot be read: %s", err.message);
        return;
    }
    const struct json *post = json_member(event, "post");
    buffer_printf(&line, "severity %lld ",
                  (long long)number_of(json_member(event, "severity")));
    append_list(&line, json_member(event, "categories"), ",");
    line_matches(&line, event);
    buffer_printf(&line, "; post %.*s; event %.*s",
                  SPAN_ARGS(text_of(post, "id")),
                  SPAN_ARGS(text_of(event, "id")));
    terminal_append_safe(out, buffer_span(&line));
}
