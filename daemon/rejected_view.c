#include "rejected_view.h"

#include "arena.h"
#include "json.h"
#include "terminal.h"
#include "wrap.h"

enum { REASON_LINES_MOST = 4, HASH_DIGITS = 16 };

static struct span
text_of(const struct json *record, const char *name)
{
    return json_text(json_member(record, name));
}

static void
append_part(struct buffer *line, const char *before, struct span text)
{
    if (text.len)
        buffer_printf(line, "%s%.*s", before, SPAN_ARGS(text));
}

/* "rejected by screen  2026-11-23T10:00:05Z  kg.karool.posts/3/128" */
static void
view_head(struct buffer *out, const struct json *record, unsigned width,
          bool colour)
{
    CLEANUP(buffer_done) struct buffer line = {0};
    append_part(&line, "rejected by ", text_of(record, "stage"));
    append_part(&line, "  ", text_of(record, "rejected_at"));
    append_part(&line, "  ", text_of(record, "source"));
    append_part(&line, "  ", text_of(record, "topic"));
    append_part(&line, "/", text_of(record, "partition"));
    append_part(&line, "/", text_of(record, "offset"));
    wrap_line(out, buffer_span(&line), width, "",
              terminal_style(colour, STYLE_YELLOW),
              terminal_style(colour, STYLE_RESET));
}

static void
view_tail(struct buffer *out, const struct json *record, unsigned width,
          bool colour)
{
    CLEANUP(buffer_done) struct buffer line = {0};
    struct span hash = text_of(record, "sha256");
    hash.len = hash.len < HASH_DIGITS ? hash.len : HASH_DIGITS;
    append_part(&line, "", text_of(record, "size"));
    append_part(&line, " bytes, sha256 ", hash);
    buffer_append_text(&line, text_of(record, "bytes").at ? "…, kept" : "…");
    append_part(&line, "  ", text_of(record, "post_id"));
    wrap_line(out, buffer_span(&line), width, "  ",
              terminal_style(colour, STYLE_DIM),
              terminal_style(colour, STYLE_RESET));
}

void
rejected_view(struct buffer *out, struct span record_json, unsigned width,
              bool colour)
{
    struct error err = {0};
    CLEANUP(arena_freep) struct arena *arena = arena_new();
    const struct json *record =
        arena ? json_parse(arena, record_json, NULL, &err) : NULL;
    struct span reason = text_of(record, "reason");
    if (!reason.len) {
        wrap_line(out, span_of("a record that is no rejected one"), width, "",
                  terminal_style(colour, STYLE_RED),
                  terminal_style(colour, STYLE_RESET));
        return;
    }
    view_head(out, record, width, colour);
    wrap_text(out, reason, width, "  ", "  ", REASON_LINES_MOST, NULL);
    view_tail(out, record, width, colour);
}
